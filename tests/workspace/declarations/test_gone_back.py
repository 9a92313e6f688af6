"""What members see once the chair has gone back to the drafting: nothing open to them, and no way that ends nowhere."""

import json

import pytest
import sqlalchemy as sa

from tests.support import site
from tests.support.page import Page
from workspace.accounts.domain.service import AccountService
from workspace.core.actor import OPERATOR, Role
from workspace.core.outbox import Letter
from workspace.core.security.permissions import Phase
from workspace.people.models import Person


@pytest.fixture
def table(house):
    """Under review, with a window for amendments, and an amendment by the member; then back in drafting."""
    table = house.declaration("Towns share water.", phase=Phase.REVIEW)
    dates = {"closes": "2031-01-10T18:00", "zone": "UTC"}
    made = house.chair.post(f"{table.path}/calendar/amendments", dates)
    assert made.status_code == 200, made.text
    with house.store.writing() as db:
        person = db.get_one(Person, house.people[Role.MEMBER].person_id)
        AccountService(db).make(person, email="ana@example.org", password_hash=None, actor=OPERATOR)
    table.propose("Towns share clean water.")
    return table


def go(house, table, phase):
    body = {"phase": phase, "reason": "Two paragraphs are drafted anew."}
    assert house.chair.post(f"{table.path}/phase", body, if_match=table.head).status_code == 200


def page(house, path):
    with site.browser(house.store, house.people[Role.MEMBER]) as browser:
        return Page(browser.get(path))


def test_the_window_for_amendments_is_not_open_while_nobody_can_file(house, table):
    calendar = "/en/third-forum/declaration/calendar"
    until = "2031-01-10T18:00:00+00:00"
    assert page(house, calendar).part("stage", "amendments").root.get("data-open-until") == until
    assert page(house, "/en/third-forum").data("open-until")
    go(house, table, "drafting")
    assert not page(house, calendar).data("open-until")
    assert not page(house, "/en/third-forum").data("open-until")
    go(house, table, "review")
    assert page(house, calendar).part("stage", "amendments").root.get("data-open-until") == until


def test_ones_own_work_names_no_amendments_that_cannot_be_opened(house, table):
    assert page(house, "/en/third-forum/work").links_to("/amendments")
    go(house, table, "drafting")
    assert not page(house, "/en/third-forum/work").links_to("/amendments")


def test_the_letter_leads_to_what_its_reader_can_open(house, table):
    for phase in ("drafting", "review"):
        go(house, table, phase)
    with house.store.reading() as db:
        letters = db.scalars(sa.select(Letter).where(Letter.kind.startswith("phase_")).order_by(Letter.id)).all()
    paths = [json.loads(one.facts)["path"] if isinstance(one.facts, str) else one.facts["path"] for one in letters]
    assert paths == ["/{language}/third-forum", "/{language}/third-forum/declaration"]


@pytest.mark.usefixtures("table")
def test_the_dates_can_be_kept_in_a_calendar_program_from_where_they_stand(house):
    with site.browser(house.store, house.people[Role.MEMBER]) as browser:
        calendar = Page(browser.get("/en/third-forum/declaration/calendar"))
        for name in ("file", "address"):
            assert browser.get(calendar.part("keep", name).root.get("href")).status_code == 200, name
