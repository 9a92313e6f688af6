"""Who else looks after the people of a forum."""

import pytest

from tests.support import factories
from workspace.core.actor import OPERATOR, Role
from workspace.people.service import PeopleService


@pytest.fixture
def admin(house):
    """An administrator's API."""
    with house.store.writing() as db:
        house.people[Role.ADMIN] = factories.person(db, Role.ADMIN)
    return _caller(house, Role.ADMIN)


@pytest.fixture
def steward(house):
    """The steward of the town of Alta, through the API; `steward.town` is its id."""
    with house.store.writing() as db:
        people, forum = PeopleService(db), factories.forum(db)
        town = people.add_organisation(forum, name="Alta", actor=OPERATOR)
        made = people.add_person(
            forum, name="S. Teward", role=Role.MEMBER, organisation=town, is_steward=True, actor=OPERATOR
        )
        house.people[Role.OTHER_ORG] = made.as_actor()
        town_id = str(town.id)
    caller = _caller(house, Role.OTHER_ORG)
    caller.town = town_id
    return caller


def _caller(house, role):
    from tests.support import site  # noqa: PLC0415  (as in the fixture of the house)

    site.site(house.store, house.people[role])
    return house[role]
