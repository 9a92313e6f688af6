"""Who may read a declaration, change its text and move it on."""

from workspace.core import clock
from workspace.core.actor import Actor
from workspace.core.errors import Invalid, NotAllowed, NotFound
from workspace.core.permissions import Phase, ensure, may
from workspace.declarations.models import Declaration
from workspace.people.models import Forum

ORDER = tuple(Phase)
MAY_GO_BACK_FROM = (Phase.REVIEW, Phase.CONSULTATION, Phase.ADOPTION)


def may_do(actor: Actor, action: str, declaration: Declaration) -> bool:
    """Whether the table lets `actor` do `action` to this declaration today."""
    return may(actor, action, forum_id=declaration.forum_id, phase=declaration.phase, day=clock.now().date())


def ensure_may(actor: Actor, action: str, declaration: Declaration) -> None:
    if not may_do(actor, action, declaration):
        raise NotAllowed(action=action)


def may_read(actor: Actor, declaration: Declaration) -> bool:
    """Whether they may read the text in force: as a participant, or because it is open for consultation."""
    return any(may_do(actor, action, declaration) for action in ("head.read", "consultation_text.read", "history.read"))


def ensure_may_read(actor: Actor, declaration: Declaration) -> None:
    if not may_read(actor, declaration):
        raise NotFound(what="declaration", id=declaration.slug)


def ensure_may_create(actor: Actor, forum: Forum) -> None:
    """Every declaration begins in setup, however far the others of its forum are."""
    ensure(actor, "document.import", forum_id=forum.id, phase=Phase.SETUP, day=clock.now().date())


def ensure_may_move(actor: Actor, declaration: Declaration, phase: Phase, reason: str) -> None:
    """Forward one step at a time is the chair's; back needs a reason and is possible only while the text is open.

    Nobody moves a declaration to `PUBLISHED`: publishing an edition does.
    """
    here, there = ORDER.index(declaration.phase), ORDER.index(phase)
    if phase is Phase.PUBLISHED:
        raise Invalid(field="phase", reason="publish_instead")
    if there == here + 1:
        action = "phase.to_adoption_or_published" if phase is Phase.ADOPTION else "phase.forward"
        ensure_may(actor, action, declaration)
    elif there < here and declaration.phase in MAY_GO_BACK_FROM:
        ensure_may(actor, "phase.back", declaration)
        if not reason.strip():
            raise Invalid(field="reason", reason="empty")
    else:
        raise Invalid(field="phase", reason="not_next", given=phase.name.lower(), now=declaration.phase.name.lower())
