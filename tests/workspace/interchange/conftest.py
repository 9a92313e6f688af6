"""The room in which files come in: a declaration with a member who can be written to, and the secretariat."""

from contextlib import ExitStack

import pytest

from tests.support import factories
from tests.workspace.amendments.browsing import browsing
from tests.workspace.amendments.room import opened
from tests.workspace.interchange.side_door_cases import ADDRESS
from workspace.accounts.domain.service import AccountService
from workspace.core import clock
from workspace.core.actor import OPERATOR, Role
from workspace.people.models import Person


@pytest.fixture
def room(store):
    """A declaration whose member has an account, so that mails are known to be theirs and receipts reach them."""
    room = opened(store)
    with store.writing() as db:
        member = db.get_one(Person, room.member.person_id)
        AccountService(db).make(member, email=ADDRESS, password_hash=None, actor=OPERATOR)
    return room


@pytest.fixture
def office(room):
    """The browser of somebody in the secretariat."""
    with room.store.writing() as db:
        secretary = factories.person(db, Role.SECRETARIAT)
    with browsing(room.store, secretary) as browser:
        yield browser


@pytest.fixture
def office_of():
    """Browsers of somebody in the secretariat, for rooms of a test's own."""
    with ExitStack() as open_browsers:

        def opened_office(room):
            with room.store.writing() as db:
                secretary = factories.person(db, Role.SECRETARIAT)
            return open_browsers.enter_context(browsing(room.store, secretary))

        yield opened_office


@pytest.fixture
def clock_stands(monkeypatch):
    """All that is done is done in one second."""
    moment = clock.now()
    monkeypatch.setattr(clock, "now", lambda: moment)
