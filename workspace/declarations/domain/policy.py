"""Who may read a declaration, change its text and move it on."""

from collections.abc import Callable, Collection

from msgspec.structs import replace

from workspace.core import clock
from workspace.core.actor import Actor
from workspace.core.errors import Invalid, NotAllowed, NotFound, Sealed
from workspace.core.security.conditions import Case, Condition
from workspace.core.security.permissions import NOTHING_KNOWN, WITH_GROUNDS, Phase, allowed, ensure, may
from workspace.declarations.domain.models import Declaration
from workspace.declarations.domain.windows import window
from workspace.people.models import Forum

ORDER = tuple(Phase)
MAY_GO_BACK_FROM = (Phase.REVIEW, Phase.CONSULTATION, Phase.ADOPTION)


def case_of(declaration: Declaration, case: Case = NOTHING_KNOWN) -> Case:
    """`case` with what every question about this declaration depends on."""
    filing = window(declaration, clock.now())
    return replace(
        case,
        is_embargoed=declaration.is_embargoed,
        is_history_open=declaration.is_history_open,
        is_window_open=filing.is_open,
        is_marked_late=filing.has_opened and filing.has_closed,
        is_opened=filing.has_opened,
    )


def may_do(
    actor: Actor,
    action: str,
    declaration: Declaration,
    case: Case = NOTHING_KNOWN,
    *,
    given: Collection[Condition] = (),
) -> bool:
    """Whether the table lets `actor` do `action` to this declaration today.

    `case` says what is known of the thing in question; conditions that are `given` are taken as fulfilled.
    """
    return may(
        actor,
        action,
        forum_id=declaration.forum_id,
        phase=declaration.phase,
        day=clock.now(),
        case=case_of(declaration, case),
        given=given,
    )


def may_know(actor: Actor, declaration: Declaration) -> bool:
    """Whether a declaration exists for them at all; its phases and dates are no secret then."""
    return may_do(actor, "declaration.exists", declaration)


def may_read_history(actor: Actor, declaration: Declaration) -> bool:
    return may_do(actor, "history.read", declaration)


def ensure_may(actor: Actor, action: str, declaration: Declaration, case: Case = NOTHING_KNOWN) -> None:
    """Raise `NotAllowed`, or `Invalid` where a reason or a second person is all that is missing."""
    ensure(
        actor,
        action,
        forum_id=declaration.forum_id,
        phase=declaration.phase,
        day=clock.now(),
        case=case_of(declaration, case),
    )


def allowed_to(actor: Actor, declaration: Declaration) -> frozenset[str]:
    """Every action on this declaration that is open to `actor` today, a reason and a second person given."""
    return allowed(
        actor,
        forum_id=declaration.forum_id,
        phase=declaration.phase,
        day=clock.now(),
        case=case_of(declaration),
        given=WITH_GROUNDS,
    )


def may_read(actor: Actor, declaration: Declaration) -> bool:
    """Whether they may read the text in force: as a participant, or because it is open for consultation."""
    return any(may_do(actor, action, declaration) for action in ("head.read", "consultation_text.read", "history.read"))


def ensure_may_read(actor: Actor, declaration: Declaration) -> None:
    if not may_read(actor, declaration):
        raise NotFound(what="declaration", id=declaration.slug)


def ensure_may_create(actor: Actor, forum: Forum) -> None:
    """Every declaration begins in setup, however far the others of its forum are."""
    ensure(actor, "document.import", forum_id=forum.id, phase=Phase.SETUP, day=clock.now())


def takes_two(declaration: Declaration, phase: Phase) -> bool:
    """Whether this step waits for a second person."""
    return phase is Phase.ADOPTION and declaration.phase is Phase.CONSULTATION


def ensure_may_move(actor: Actor, declaration: Declaration, phase: Phase, case: Case) -> None:
    """Forward one step at a time is the chair's; back needs a reason and is possible only while the text is open.

    Nobody moves a declaration to `PUBLISHED`: publishing an edition does.
    """
    here, there = ORDER.index(declaration.phase), ORDER.index(phase)
    if phase is Phase.PUBLISHED:
        raise Invalid(field="phase", reason="publish_instead")
    if there == here + 1:
        action = "phase.to_adoption_or_published" if phase is Phase.ADOPTION else "phase.forward"
        ensure_may(actor, action, declaration, case)
    elif there < here and declaration.phase in MAY_GO_BACK_FROM:
        ensure_may(actor, "phase.back", declaration, case)
    else:
        raise Invalid(field="phase", reason="not_next", given=phase.name.lower(), now=declaration.phase.name.lower())


def ensure_may_ask(actor: Actor, action: str, declaration: Declaration) -> None:
    """Whether they may ask a second person to confirm this with them."""
    if not may_ask(actor, action, declaration):
        raise NotAllowed(action=action)


def may_ask(actor: Actor, action: str, declaration: Declaration) -> bool:
    """Whether they may ask a second person for this now, once they have a reason where it needs one."""
    return actor.person_id is not None and may_do(actor, action, declaration, given=WITH_GROUNDS)


def may_be_among_two(actor: Actor, declaration: Declaration) -> bool:
    """Whether they may ask for, or confirm, anything about this declaration that takes two people."""
    return may_do(actor, "request.confirm", declaration, given={Condition.NOT_AUTHOR})


ANY_REASON = Case(reason="-")  # going back needs a reason; whether it is a good one is not what is asked here


def may_create(actor: Actor, forum: Forum) -> bool:
    return _is_allowed(lambda: ensure_may_create(actor, forum))


def next_phase(actor: Actor, declaration: Declaration) -> Phase | None:
    """The phase that `actor` may open next. Publication is none of them: it is asked for, and confirmed by a second."""
    following = ORDER[ORDER.index(declaration.phase) + 1 :]
    if not following or following[0] is Phase.PUBLISHED:
        return None
    if takes_two(declaration, following[0]):
        return following[0] if may_ask(actor, "phase.to_adoption_or_published", declaration) else None
    return following[0] if _may_move(actor, declaration, following[0]) else None


def earlier_phases(actor: Actor, declaration: Declaration) -> tuple[Phase, ...]:
    """The phases that `actor` may go back to, with a reason; the nearest first."""
    before = ORDER[: ORDER.index(declaration.phase)]
    return tuple(phase for phase in reversed(before) if _may_move(actor, declaration, phase))


def may_change_embargo(actor: Actor, declaration: Declaration) -> bool:
    """Whether they may ask a second person for an embargo, or for its end."""
    return may_ask(actor, "embargo.change", declaration)


def may_move(actor: Actor, declaration: Declaration) -> bool:
    return next_phase(actor, declaration) is not None or bool(earlier_phases(actor, declaration))


def _may_move(actor: Actor, declaration: Declaration, phase: Phase) -> bool:
    return _is_allowed(lambda: ensure_may_move(actor, declaration, phase, ANY_REASON))


def _is_allowed(ask: Callable[[], None]) -> bool:
    try:
        ask()
    except (NotAllowed, Invalid):
        return False
    return True


def ensure_not_sealed(declaration: Declaration) -> None:
    """Raise `Sealed` while an edition is, with its time at the place: what comes out is what two people confirmed."""
    if declaration.releases_at is not None:
        forum = declaration.forum
        raise Sealed(until=f"{forum.local(declaration.releases_at):%Y-%m-%d %H:%M} ({forum.timezone})")
