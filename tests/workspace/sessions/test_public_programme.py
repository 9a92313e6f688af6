"""The programme is the public's, or the forum's own: a switch of the forum, and the pages keep to it."""

import pytest

from tests.support import factories
from tests.support.page import Page
from workspace.core.actor import NOBODY, OPERATOR, Role
from workspace.people.models import Registration
from workspace.people.service import ForumSettings, PeopleService
from workspace.sessions.extraction import SessionDetails, SessionFound
from workspace.sessions.service import SessionService

FORUM = "/en/third-forum"


@pytest.fixture
def session(store):
    with store.writing() as db:
        details = SessionDetails(found=SessionFound(title="Water for every district"))
        made = SessionService(db).add(factories.forum(db), details, language="en", document=None, actor=OPERATOR)
        return f"{FORUM}/sessions/{made.id}"


def close(store, *, is_public):
    with store.writing() as db:
        wanted = ForumSettings(
            registration=Registration.INVITATION,
            guest_comments=False,
            one_voice=False,
            is_public_programme=is_public,
        )
        PeopleService(db).change_settings(factories.forum(db), wanted, actor=OPERATOR)


def test_where_it_is_the_public_s_everybody_reads_it(visit, store, session):
    close(store, is_public=True)
    visitor = visit(NOBODY)
    assert session in Page(visitor.get(f"{FORUM}/sessions")).links
    assert visitor.get(session).status_code == 200
    assert f'href="{FORUM}/sessions"' in visitor.get(FORUM).text


def test_where_it_is_the_forums_own_a_visitor_finds_no_page_and_no_link(visit, store, session):
    close(store, is_public=False)
    visitor = visit(NOBODY)
    for address in (f"{FORUM}/sessions", session, f"/api/sessions/{session.rpartition('/')[2]}"):
        assert visitor.get(address).status_code == 404
    home = Page(visitor.get(FORUM))
    assert not [link for link in home.links if link.startswith(f"{FORUM}/sessions")]


@pytest.mark.parametrize("role", [Role.OBSERVER, Role.MEMBER, Role.TRANSLATOR])
def test_whoever_takes_part_reads_it_all_the_same(visit, store, session, role):
    close(store, is_public=False)
    with store.writing() as db:
        somebody = factories.person(db, role)
    assert visit(somebody).get(session).status_code == 200
