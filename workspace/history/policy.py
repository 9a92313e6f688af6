"""Who may have whom erased, and see what is held about them."""

from collections.abc import Iterable
from uuid import UUID

from workspace.core import clock
from workspace.core.actor import Actor
from workspace.core.conditions import Case
from workspace.core.errors import Invalid, NotAllowed
from workspace.core.permissions import Phase, ensure, may
from workspace.people.models import Forum, Person

_ERASE = "personal_data.erase_request"
NOWHERE = UUID(int=0)  # one's own data belongs to no forum


def is_own(actor: Actor, person_id: UUID) -> bool:
    """Whether it is about themselves."""
    return actor.person_id == person_id and actor.person_id is not None


def may_ask_for(actor: Actor, person: Person) -> bool:
    """Oneself may; so may an administrator of every forum that the person takes part in."""
    if is_own(actor, person.id):
        return _may(actor, NOWHERE, person.id, people=[])
    forums = {mandate.forum_id for mandate in person.mandates}
    asker = [actor.person_id] if actor.person_id else []
    return actor.is_operator or (
        bool(forums) and all(_may(actor, forum, person.id, people=[*asker, NOWHERE]) for forum in forums)
    )


def ensure_may_ask_for(actor: Actor, person: Person) -> None:
    if not may_ask_for(actor, person):
        raise NotAllowed(action=_ERASE)


def ensure_may_confirm(actor: Actor, person: Person, requested_by: UUID | None) -> None:
    """One's own wish is confirmed by oneself, another's by a second administrator, or `Invalid` is raised."""
    ensure_may_ask_for(actor, person)
    if is_own(actor, person.id):
        return
    if requested_by == person.id and not actor.is_operator:
        raise NotAllowed(action=_ERASE)
    if requested_by is not None and requested_by == actor.person_id:
        raise Invalid(field="actor", reason="second_person")
    for forum in {mandate.forum_id for mandate in person.mandates}:
        people = frozenset(one for one in (actor.person_id, requested_by or NOWHERE) if one)
        case = Case(authors=frozenset({person.id}), people=people)
        ensure(actor, _ERASE, forum_id=forum, phase=Phase.SETUP, day=clock.now(), case=case)


def ensure_may_end(actor: Actor, person: Person, requested_by: UUID | None) -> None:
    """Whoever may ask for it may take it back or decline it; one's own wish is for nobody else to end."""
    ensure_may_ask_for(actor, person)
    if requested_by == person.id and not (is_own(actor, person.id) or actor.is_operator):
        raise NotAllowed(action=_ERASE)


def may_see_requests(actor: Actor, forum: Forum) -> bool:
    """Whether they could be the second person for a request in this forum."""
    return _may(actor, forum.id, NOWHERE, people=[NOWHERE, UUID(int=1)])


def _may(actor: Actor, forum_id: UUID, person_id: UUID, *, people: Iterable[UUID]) -> bool:
    case = Case(authors=frozenset({person_id}), people=frozenset(people))
    return may(actor, _ERASE, forum_id=forum_id, phase=Phase.SETUP, day=clock.now(), case=case)
