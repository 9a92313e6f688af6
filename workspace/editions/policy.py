"""Who may preview, ask for and confirm a publication, and who may read an edition."""

from workspace.core.actor import Actor
from workspace.core.conditions import Case, Condition
from workspace.core.errors import Invalid
from workspace.declarations.models import Declaration
from workspace.declarations.policy import ensure_may, ensure_may_ask, may_do
from workspace.editions.models import PublicationRequest


def ensure_may_preview(actor: Actor, declaration: Declaration) -> None:
    ensure_may(actor, "edition.preview", declaration)


def may_preview(actor: Actor, declaration: Declaration) -> bool:
    return may_do(actor, "edition.preview", declaration)


def may_publish(actor: Actor, declaration: Declaration) -> bool:
    """Whether they may be one of the two people who publish it now."""
    can_be_one = may_do(actor, "edition.publish", declaration, given={Condition.SECOND_PERSON})
    return actor.person_id is not None and can_be_one


def ensure_may_request(actor: Actor, declaration: Declaration) -> None:
    ensure_may_ask(actor, "edition.publish", declaration)


def ensure_may_confirm(actor: Actor, declaration: Declaration, request: PublicationRequest) -> None:
    """Publication needs two people (`conventions.md`, 3); an operator, who is none, counts for nobody."""
    people = frozenset(one for one in (actor.person_id, request.requested_by_id) if one)
    if actor.person_id is None or len(people) == 1:
        ensure_may_ask(actor, "edition.publish", declaration)
        raise Invalid(field="actor", reason="second_person")
    ensure_may(actor, "edition.publish", declaration, Case(people=people))


def may_read_editions(actor: Actor, declaration: Declaration) -> bool:
    return may_do(actor, "edition.read_verify", declaration)
