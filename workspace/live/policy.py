"""Who may follow the work on a declaration as it happens, and who may say that they are at work on a paragraph."""

from workspace.core.actor import Actor
from workspace.core.errors import NotAllowed, NotFound
from workspace.core.security.conditions import Condition
from workspace.declarations.domain.models import Declaration
from workspace.declarations.domain.policy import may_do

AT_WORK = ("amendment.propose", "amendment.record_oral", "block.edit", "translation.write")
WATCHED_BY = ("head.read", "consultation_text.read", "history.read", "edition.read_verify")
_GIVEN = frozenset({Condition.WINDOW_OR_LATE, Condition.REASON, Condition.TASK})


def may_follow(actor: Actor, declaration: Declaration) -> bool:
    """Whoever takes part and may read the text in force now. They see one another's names."""
    return may_do(actor, "head.read", declaration)


def may_watch(actor: Actor, declaration: Declaration) -> bool:
    """Whether they may be told what happens: who may follow, and the public that may read the text or an edition.

    Of each thing that happens they are told only with the right to know of it, and never who else is here.
    """
    return any(may_do(actor, action, declaration) for action in WATCHED_BY)


def ensure_may_watch(actor: Actor, declaration: Declaration) -> None:
    if not may_watch(actor, declaration):
        raise NotFound(what="declaration", id=declaration.slug)


def may_claim(actor: Actor, declaration: Declaration) -> bool:
    """Whoever may follow, and could change the text, propose to it or record what others do, or translate it."""
    is_at_work = any(may_do(actor, action, declaration, given=_GIVEN) for action in AT_WORK)
    return actor.person_id is not None and is_at_work and may_follow(actor, declaration)


def ensure_may_claim(actor: Actor, declaration: Declaration) -> None:
    if not may_claim(actor, declaration):
        raise NotAllowed(action="block.edit")
