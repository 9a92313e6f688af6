"""The calendar as people see it: what is open until when, at the place, in UTC and where they are."""

from datetime import UTC, datetime, timedelta

import pytest

from tests.support import factories, site
from tests.support.page import Page
from tests.support.site import token_of
from workspace.core.actor import OPERATOR, Role
from workspace.core.security.permissions import Phase
from workspace.declarations.domain.calendar import CalendarService
from workspace.declarations.domain.models import Stage
from workspace.people.models import Forum, Person

PAGE = "/en/third-forum/declaration/calendar"
SOON = (datetime.now(tz=UTC) + timedelta(days=9)).strftime("%Y-%m-%dT18:00")


@pytest.fixture
def chair(store):
    with store.writing() as db:
        factories.forum(db).timezone = "America/Bogota"
        made = factories.declaration(db, phase=Phase.REVIEW)
        CalendarService(db).set_dates(made, Stage.AMENDMENTS, opens="", closes=SOON, zone="", reason="", actor=OPERATOR)
        return factories.chair(db)


def sent(browser, **fields):
    form = {
        "csrf": token_of(browser),
        "zone": "America/Bogota",
        "opens": "",
        "closes": "",
        "reason": "",
        **fields,
    }
    return browser.post(PAGE, data=form, follow_redirects=False)


@pytest.mark.usefixtures("chair")
@pytest.mark.parametrize("language", ["es", "en", "fr"])
def test_everybody_who_knows_of_the_declaration_sees_what_is_open_until_when(store, language):
    with store.writing() as db:
        member = factories.person(db, Role.MEMBER)
        db.get(Person, member.person_id).timezone = "Asia/Tokyo"
    with site.browser(store, member) as browser:
        page = browser.get(f"/{language}/third-forum/declaration/calendar").text
        home = browser.get(f"/{language}/third-forum").text
    assert "18:00 (UTC−5)" in page
    assert "23:00 (UTC)" in page
    assert "08:00 (UTC+9)" in page
    assert "<form" not in page.partition("<main")[2]
    assert "08:00 (UTC+9)" in home


@pytest.mark.usefixtures("chair")
def test_who_may_not_know_of_the_declaration_finds_no_calendar(store):
    with site.browser(store) as browser:
        assert browser.get(PAGE).status_code == 404


def test_the_chair_sets_dates_and_a_refusal_keeps_what_was_written_beside_its_field(store, chair):
    with site.browser(store, chair) as browser:
        assert browser.get(PAGE).status_code == 200
        kept = sent(browser, stage="consultation", opens=SOON)
        assert kept.status_code == 303
        refused = sent(browser, stage="adoption", opens="2020-01-01T10:00")
        assert refused.status_code == 422
        assert 'value="2020-01-01T10:00"' in refused.text
        assert 'id="adoption-opens-error"' in refused.text
        assert 'href="#adoption-opens"' in refused.text
        without_reason = sent(browser, stage="consultation", opens=SOON)
        assert 'id="consultation-reason-error"' in without_reason.text
        assert sent(browser, stage="tomorrow").status_code == 404


@pytest.mark.usefixtures("chair")
@pytest.mark.parametrize("role", [Role.MEMBER, Role.SECRETARIAT])
def test_nobody_else_sets_them(store, role):
    with store.writing() as db:
        somebody = factories.person(db, role)
    with site.browser(store, somebody) as browser:
        assert sent(browser, stage="consultation", opens=SOON).status_code == 404


def test_a_forum_without_a_zone_of_its_own_shows_utc_once(store, chair):
    with store.writing() as db:
        db.query(Forum).one().timezone = "UTC"
    with site.browser(store, chair) as browser:
        assert browser.get(PAGE).text.count("23:00 (UTC)") == 2  # in the heading, and in the table


@pytest.fixture
def opened_early(house):
    """A consultation planned for a day to come, which the chair has opened today."""
    table = house.declaration("Towns share water.", phase=Phase.REVIEW)
    for stage, opens in (("consultation", "2031-12-20T09:00"), ("adoption", "2032-02-01T09:00")):
        assert house.chair.post(f"{table.path}/calendar/{stage}", {"opens": opens, "zone": "UTC"}).status_code == 200
    assert house.chair.post(f"{table.path}/phase", {"phase": "consultation"}, if_match=table.head).status_code == 200
    return table


@pytest.mark.usefixtures("opened_early")
def test_a_phase_opened_early_shows_when_it_did_open_and_the_next_can_be_dated_after_that(house):
    today = datetime.now(tz=UTC).date().isoformat()
    with site.browser(house.store, house.people[Role.CHAIR]) as browser:
        row = Page(browser.get(PAGE)).part("stage", "consultation")
        assert [moment[:10] for moment in row.root.xpath(".//time/@datetime")] == [today]
        feed = browser.get("/en/third-forum/sessions/calendar.ics")
        answer = sent(browser, stage="adoption", opens=SOON, reason="The text is ready.")
        assert answer.status_code == 303, Page(answer).refusals
        answer = sent(browser, stage="consultation", closes=SOON, reason="The text is ready.")
        assert answer.status_code == 303, Page(answer).refusals
    assert feed.status_code == 200
    assert "DTSTART" in feed.text
    assert "20311220" not in feed.text


def test_a_phase_that_was_left_backwards_has_no_opening_until_it_is_dated_anew(house, opened_early):
    back = {"phase": "review", "reason": "Two paragraphs are drafted anew."}
    assert house.chair.post(f"{opened_early.path}/phase", back, if_match=opened_early.head).status_code == 200
    with site.browser(house.store, house.people[Role.CHAIR]) as browser:
        assert not Page(browser.get(PAGE)).part("stage", "consultation").root.xpath(".//time")
        assert sent(browser, stage="consultation", opens="2031-12-20T09:00", reason="Once more.").status_code == 303
        row = Page(browser.get(PAGE)).part("stage", "consultation")
        assert [moment[:4] for moment in row.root.xpath(".//time/@datetime")] == ["2031"]
    known = {stage["stage"]: stage for stage in house.chair.get(f"{opened_early.path}/calendar").json()["items"]}
    assert known["consultation"]["opened_at"] is None
