"""A name that deceives stops publication until somebody has mended it, or two people let it be with a reason."""

import pytest

from tests.support.page import Page
from tests.workspace.editions.test_overrides import AT, TREES, WATER, obstacles, override
from workspace.core.actor import OPERATOR, Role
from workspace.core.errors import NotReady
from workspace.core.storage.db import Trilingual
from workspace.editions.domain.queries import Obstacle
from workspace.people.models import Person
from workspace.people.service import PeopleService
from workspace.sessions.extraction import SessionDetails, SessionFound
from workspace.sessions.service import SessionService

NAME = "\u0410na of Port-Said"  # its first letter is Cyrillic


def of_person(db, hall):
    db.get_one(Person, hall.secretary.person_id).name = NAME


def of_organisation(db, hall):
    service, forum = PeopleService(db), hall.declaration(db).forum
    organisation = service.add_organisation(forum, name="Alta", actor=OPERATOR)
    service.add_person(forum, name="Eva", role=Role.MEMBER, organisation=organisation, actor=OPERATOR)
    organisation.name = NAME


def of_forum(db, hall):
    hall.declaration(db).forum.place = Trilingual(en=NAME)


def of_session(db, hall):
    found = SessionDetails(found=SessionFound(title=NAME))
    SessionService(db).add(hall.declaration(db).forum, found, language="en", document=None, actor=OPERATOR)


def of_file(db, hall):
    SessionService(db).keep_document(
        hall.declaration(db).forum, name=f"{NAME}.txt", language="en", text="Notes.", actor=OPERATOR
    )


@pytest.fixture(params=[of_person, of_organisation, of_forum, of_session, of_file], ids=lambda act: act.__name__)
def named(request, hall):
    hall = hall(WATER, TREES)
    hall.sign()
    with hall.store.writing() as db:
        request.param(db, hall)
    return hall


def test_a_name_that_deceives_stops_publication_until_two_people_let_it_be(named, visit):
    with pytest.raises(NotReady):
        named.request()
    chair = visit(named.chair)
    for language in ("en", "es", "fr"):
        page = Page(chair.get(f"/{language}/{AT}/readiness"))
        [stop] = page.rows("stop", "name")
        assert "na of Port-Said" in stop.text
        assert stop.root.xpath(".//*[@data-sign]")
    assert [one.obstacle for one in obstacles(named)] == [Obstacle.NAME]
    override(named)
    named.request()


def test_another_name_needs_another_look(hall):
    hall = hall(WATER)
    hall.sign()
    with hall.store.writing() as db:
        of_person(db, hall)
    override(hall)
    assert obstacles(hall) == []
    with hall.store.writing() as db:
        db.get_one(Person, hall.secretary.person_id).name = f"{NAME} \u202eand others"
    assert [one.obstacle for one in obstacles(hall)] == [Obstacle.NAME]
    with hall.store.writing() as db:
        db.get_one(Person, hall.secretary.person_id).name = "Ana"
    assert obstacles(hall) == []
