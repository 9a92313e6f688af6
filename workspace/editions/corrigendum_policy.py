"""Who may correct a published edition, and who may object."""

from workspace.core.actor import Actor
from workspace.core.conditions import Case, Condition
from workspace.declarations.models import Declaration
from workspace.declarations.policy import ensure_may_ask, may_ask, may_do
from workspace.editions.corrigendum_models import Corrigendum, CorrigendumState

CORRECT, OBJECT = "edition.corrigendum", "corrigendum.object"
KNOW = (CORRECT, OBJECT)


def may_correct(actor: Actor, declaration: Declaration) -> bool:
    """Whether they may be one of the two people who correct it."""
    return may_ask(actor, CORRECT, declaration)


def ensure_may_correct(actor: Actor, declaration: Declaration) -> None:
    ensure_may_ask(actor, CORRECT, declaration)


def may_know(actor: Actor, declaration: Declaration) -> bool:
    """Whether they may know of corrections that have not come out: who makes them, and who may object."""
    return may_correct(actor, declaration) or may_do(actor, OBJECT, declaration, given={Condition.MANDATE})


def may_see(actor: Actor, corrigendum: Corrigendum) -> bool:
    """One that is being prepared is seen only by those who make it."""
    if may_correct(actor, corrigendum.declaration):
        return True
    was_put = corrigendum.closes_at is not None
    return was_put and may_know(actor, corrigendum.declaration)


def may_object(actor: Actor, corrigendum: Corrigendum) -> bool:
    """Whether they speak for a member, and did so on the day on which the silence began."""
    if corrigendum.state is not CorrigendumState.SILENT or corrigendum.asked_at is None:
        return False
    case = Case(record_date=corrigendum.asked_at)
    return actor.person_id is not None and may_do(actor, OBJECT, corrigendum.declaration, case)
