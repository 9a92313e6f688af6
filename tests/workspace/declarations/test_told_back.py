"""What goes back to people: a phase that was gone back from, and what they asked a second person for in vain."""

from datetime import timedelta

import pytest

from tests.support import site
from tests.support.factories import EN
from tests.support.page import Page
from tests.support.site import token_of
from workspace.core import clock
from workspace.core.actor import Role
from workspace.core.security.permissions import Phase
from workspace.declarations.due_dates import move_due_phases
from workspace.notices.jobs import tell_of_closing


@pytest.fixture
def table(house):
    return house.declaration("Towns share water.", phase=Phase.CONSULTATION)


def page(house, role, path):
    with site.browser(house.store, house.people[role]) as browser:
        return Page(browser.get(path))


def test_the_notice_of_a_step_back_says_so_and_why_and_that_of_a_step_forward_does_not(house, table):
    body = {"phase": "review", "reason": "Three cities were not heard."}
    assert house.chair.post(f"{table.path}/phase", body, if_match=table.head).status_code == 200
    back = page(house, Role.MEMBER, "/en/notices").part("notice", "phase:R")
    assert back.data("reason") == ["Three cities were not heard."]

    assert house.chair.post(f"{table.path}/phase", {"phase": "consultation"}, if_match=table.head).status_code == 200
    both = page(house, Role.MEMBER, "/en/notices")
    assert both.notices[:2] == ["phase:C", "phase:R"]
    assert len(both.data("reason")) == 1


@pytest.mark.parametrize("matter", ["adoption", "embargo"])
def test_who_asked_in_vain_is_told_who_declined_and_why_and_so_is_the_log(house, table, matter):
    asked = house.chair.post(f"{table.path}/requests", {"matter": matter}, if_match=table.head)
    assert asked.status_code == 201
    with site.browser(house.store, house.people[Role.SECRETARIAT]) as browser:
        phase = Page(browser.get("/en/third-forum/declaration/phase"))
        assert "reason" in phase.form("/phase/withdrawal", matter=matter).values
    answer = house[Role.SECRETARIAT].post(
        f"{table.path}/requests/{matter}/refusal", {"reason": "Alta has\nnot read it."}
    )
    assert answer.status_code == 200, answer.text

    declined = f"asked:{matter}_declined"
    told = page(house, Role.CHAIR, "/en/notices").part("notice", declined)
    assert "A secretariat" in told.text
    assert "Alta has not read it." in told.text
    assert declined not in page(house, Role.SECRETARIAT, "/en/notices").notices
    log = page(house, Role.CHAIR, "/en/third-forum/log")
    assert log.part("log", f"{matter}.declined").quotes == ["Alta has not read it."]


@pytest.mark.parametrize("matter", ["adoption", "embargo"])
def test_a_request_that_was_taken_back_is_told_as_settled(house, table, matter):
    def told():
        return page(house, Role.SECRETARIAT, "/en/notices").text_of("notice", f"asked:{matter}")

    assert house.chair.post(f"{table.path}/requests", {"matter": matter}, if_match=table.head).status_code == 201
    asked = told()
    assert house.chair.post(f"{table.path}/requests/{matter}/withdrawal").status_code == 200
    assert told() != asked


def test_a_deadline_that_was_extended_is_told_with_its_new_date(house, table, monkeypatch):
    def dates(closes, reason=""):
        body = {"closes": f"{closes:%Y-%m-%dT%H:%M}", "zone": "UTC", "reason": reason}
        assert house.chair.post(f"{table.path}/calendar/consultation", body).status_code == 200

    now = clock.now()
    dates(now + timedelta(hours=2))
    tell_of_closing(house.store)
    monkeypatch.setattr(clock, "now", lambda: now + timedelta(hours=3))
    move_due_phases(house.store)
    later = now + timedelta(days=40)
    dates(later, "Three cities ask for more time.")
    notices = page(house, Role.MEMBER, "/en/notices")
    told = [notice.text for notice in notices.rows("notice") if notice.root.get("data-notice").startswith("clos")]
    assert len(told) == 2
    assert all(str(later.year) in words and f"{later.day}" in words for words in told), told


@pytest.mark.usefixtures("table")
def test_the_address_to_which_a_form_goes_leads_whoever_opens_it_to_the_page_of_the_form(house):
    with site.browser(house.store, house.people[Role.CHAIR]) as browser:
        answer = browser.get("/fr/third-forum/declaration/phase/withdrawal")
        assert [answer.status_code, answer.url.path] == [200, "/fr/third-forum/declaration/phase"]


@pytest.mark.usefixtures("table")
def test_who_asks_a_second_person_stays_where_what_waits_is_shown(house):
    with site.browser(house.store, house.people[Role.CHAIR]) as browser:
        form = {"csrf": token_of(browser), "phase": Phase.ADOPTION.value}
        answer = browser.post("/en/third-forum/declaration/phase", data=form)
        assert answer.url.path == "/en/third-forum/declaration/phase"
        assert Page(answer).data("waits") == ["adoption"]


def test_new_dates_are_told_with_their_reason_and_the_log_says_which_they_are(house, table):
    dates = {"opens": "", "closes": "2031-01-10T18:00", "zone": "UTC", "reason": ""}
    assert house.chair.post(f"{table.path}/calendar/consultation", dates).status_code == 200
    later = {**dates, "closes": "2031-01-12T18:00", "reason": "The post was late."}
    assert house.chair.post(f"{table.path}/calendar/consultation", later).status_code == 200
    assert page(house, Role.MEMBER, "/en/notices").data("reason") == ["The post was late."]
    log = page(house, Role.CHAIR, "/en/third-forum/log").text
    assert "“Consultation”: no date to 12 January 2031, 18:00 (UTC)" in log


@pytest.mark.parametrize("phase", [Phase.SETUP, Phase.DRAFTING, Phase.REVIEW, Phase.CONSULTATION, Phase.PUBLISHED])
def test_before_a_phase_is_opened_its_page_says_whether_that_can_be_taken_back(house, phase):
    house.declaration("Towns share water.", phase=phase)
    shown = page(house, Role.CHAIR, "/en/third-forum/declaration/phase")
    assert (len(shown.data("next")), len(shown.data("final"))) == (1, 1)


def test_a_phase_that_finds_something_open_is_opened_by_whoever_has_seen_it(house):
    house.declaration({EN: "Only in English."}, phase=Phase.DRAFTING)
    with site.browser(house.store, house.people[Role.CHAIR]) as browser:
        path = "/en/third-forum/declaration/phase"
        assert Page(browser.get(path)).data("finds")
        form = {"csrf": token_of(browser), "phase": "R"}
        refused = browser.post(path, data=form)
        assert (refused.status_code, Page(refused).field("sure").error) == (422, "workspace.invalid:not_sure")
        assert Page(browser.post(path, data={**form, "sure": "yes"})).result == "phase.moved"


def test_what_opening_a_phase_finds_leads_to_where_it_is_settled(house, table):
    table.propose("Towns share clean water.")
    entries = [{"block": table.block(), "wording": "Not sent yet."}]
    draft = {"language": "en", "base_revision": table.number, "entries": entries}
    assert house.member.post(f"{table.path}/amendment-drafts", draft).status_code == 201
    found = house.chair.get(f"{table.path}/phase?phase=adoption").json()
    assert (found["open_matters"]["amendments"], found["unsent_drafts"]) == (1, 1)
    with site.browser(house.store, house.people[Role.CHAIR]) as browser:
        shown = Page(browser.get("/en/third-forum/declaration/phase"))
        lines = {line.root.get("data-open"): line.links for line in shown.rows("open")}
        assert {"amendments", "drafts"} <= lines.keys()
        assert lines["drafts"] == []  # somebody else's
        for name in lines.keys() - {"drafts"}:
            [link] = lines[name]
            assert browser.get(link).status_code == 200
        assert "Not sent yet." not in shown.text
