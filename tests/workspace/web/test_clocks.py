"""By whose clock a page tells a moment: that of the reader's account, of their browser, or of the forum's place."""

from datetime import UTC, datetime, timedelta

import pytest
import sqlalchemy as sa

from tests.support import factories, site
from tests.support.page import Page
from workspace.core.actor import OPERATOR, Role
from workspace.core.security.permissions import Phase
from workspace.declarations.domain.calendar import CalendarService
from workspace.declarations.domain.models import Declaration, Stage
from workspace.people.models import Person

HOME = "/en/third-forum"
CLOSES = (datetime.now(tz=UTC) + timedelta(days=9)).replace(hour=23, minute=0, second=0, microsecond=0)


@pytest.fixture
def member(store):
    """Of a forum in Bogotá whose amendments close at 18:00 there."""
    with store.writing() as db:
        factories.forum(db).timezone = "America/Bogota"
        made = factories.declaration(db, phase=Phase.REVIEW)
        CalendarService(db).set_dates(
            made, Stage.AMENDMENTS, opens="", closes=CLOSES.isoformat(), zone="", reason="", actor=OPERATOR
        )
        return factories.person(db, Role.MEMBER)


def closing(answer):
    """How the page tells the closing, to people and to machines."""
    told = Page(answer).rows("open-until")[0].root.xpath(".//time")[0]
    return told.text, told.get("datetime")


@pytest.mark.parametrize(
    ("account", "cookie", "ending"),
    [
        ("", "", "18:00"),
        ("", "Asia/Tokyo", "08:00 (Tokyo)"),
        ("Europe/Madrid", "Asia/Tokyo", "00:00 (Madrid)"),
        ("", "America/Lima", "18:00"),  # the same hour: nothing to add
        ("", "Europe/Atlantis", "18:00"),
        ("", "../../etc/passwd", "18:00"),
        ("", "UTC", "23:00 UTC"),
    ],
)
def test_a_moment_is_told_by_the_account_else_by_the_browser_else_by_the_place(store, member, account, cookie, ending):
    with store.writing() as db:
        db.get(Person, member.person_id).timezone = account
    with site.browser(store, member) as browser:
        if cookie:
            browser.cookies.set("zone", cookie)
        said, machine = closing(browser.get(HOME))
    assert said.endswith(ending)
    assert datetime.fromisoformat(machine) == CLOSES


@pytest.mark.usefixtures("member")
def test_what_happens_by_itself_is_told_by_the_clocks_of_the_place(store):
    with store.writing() as db:
        declaration, opens = db.scalars(sa.select(Declaration)).one(), (CLOSES + timedelta(days=1)).isoformat()
        CalendarService(db).set_dates(
            declaration, Stage.CONSULTATION, opens=opens, closes="", zone="", reason="", actor=OPERATOR
        )
        chair = factories.chair(db)
    with site.browser(store, chair) as browser:
        browser.cookies.set("zone", "UTC")
        assert "18:00 (UTC−5)" in Page(browser.get(f"{HOME}/declaration/phase")).text_of("planned")


def test_who_named_a_zone_is_left_alone_and_others_may_keep_that_of_their_browser(store, member):
    with site.browser(store, member) as browser:
        assert Page(browser.get(HOME)).root.get("data-zone") == "America/Bogota"
        assert Page(browser.get(HOME)).root.get("data-keeps-zone") is not None
        with store.writing() as db:
            db.get(Person, member.person_id).timezone = "Europe/Madrid"
        assert Page(browser.get(HOME)).root.get("data-zone") is None


def test_a_page_for_everybody_keeps_no_zone(store):
    with store.writing() as db:
        factories.forum(db).timezone = "America/Bogota"
        factories.declaration(db, phase=Phase.PUBLISHED)
    with site.browser(store) as browser:
        page = browser.get(f"{HOME}/declaration/editions")
    assert page.status_code == 200
    assert page.headers["cache-control"] == "public, max-age=60"
    assert Page(page).root.get("data-zone") == "America/Bogota"
    assert Page(page).root.get("data-keeps-zone") is None
    assert "set-cookie" not in page.headers
