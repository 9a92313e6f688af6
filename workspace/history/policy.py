"""Who may have whom erased, and see what is held about them."""

from collections.abc import Iterable
from uuid import UUID

from workspace.core import clock
from workspace.core.actor import Actor
from workspace.core.errors import NotAllowed
from workspace.core.security.conditions import Case
from workspace.core.security.permissions import Phase, may
from workspace.people.models import Forum, Person

ERASE = "personal_data.erase_request"
NOWHERE = UUID(int=0)  # one's own data belongs to no forum


def is_own_data(actor: Actor, person_id: UUID) -> bool:
    """Whether it is about themselves."""
    return actor.person_id == person_id and actor.person_id is not None


def may_ask_for(actor: Actor, person: Person) -> bool:
    """Oneself may; so may an administrator of every forum that the person takes part in."""
    if is_own_data(actor, person.id):
        return _may(actor, NOWHERE, person.id, people=[])
    forums = {mandate.forum_id for mandate in person.mandates}
    asker = [actor.person_id] if actor.person_id else []
    return actor.is_operator or (
        bool(forums) and all(_may(actor, forum, person.id, people=[*asker, NOWHERE]) for forum in forums)
    )


def ensure_may_ask_for(actor: Actor, person: Person) -> None:
    if not may_ask_for(actor, person):
        raise NotAllowed(action=ERASE)


def may_confirm(actor: Actor, person: Person, requested_by: UUID | None) -> bool:
    """One's own wish is confirmed by oneself, an administrator's by a second one; an operator may confirm either."""
    if is_own_data(actor, person.id):
        return may_ask_for(actor, person)
    is_second = requested_by is None or requested_by not in {actor.person_id, person.id} or actor.is_operator
    people = [id_ for id_ in (actor.person_id, requested_by or NOWHERE) if id_]
    forums = {mandate.forum_id for mandate in person.mandates}
    return (
        is_second
        and may_ask_for(actor, person)
        and all(_may(actor, forum, person.id, people=people) for forum in forums)
    )


def may_end(actor: Actor, person: Person, requested_by: UUID | None) -> bool:
    """Whoever may ask for it may take it back or decline it; one's own wish is for nobody else to end."""
    is_theirs = requested_by != person.id or is_own_data(actor, person.id) or actor.is_operator
    return is_theirs and may_ask_for(actor, person)


def may_see_requests(actor: Actor, forum: Forum) -> bool:
    """Whether they could be the second person for a request in this forum."""
    return _may(actor, forum.id, NOWHERE, people=[NOWHERE, UUID(int=1)])


def _may(actor: Actor, forum_id: UUID, person_id: UUID, *, people: Iterable[UUID]) -> bool:
    case = Case(authors=frozenset({person_id}), people=frozenset(people))
    return may(actor, ERASE, forum_id=forum_id, phase=Phase.SETUP, day=clock.now(), case=case)
