"""Sessions made, corrected in every fact, and removed by people, without any file."""

import pytest

from tests.support.page import Page
from tests.support.site import token_of
from workspace.core.actor import Role

SESSIONS = "/forums/third-forum/sessions"
ANA = {"name": "Ana Ruiz", "role": "mayor", "organisation": "Alta", "confirmed": "yes"}
FACTS = {
    "speaking": [ANA],
    "moderating": [{"name": "Luc"}],
    "organisers": ["City of Alta"],
    "objectives": ["Agree on a count."],
    "key_messages": ["Water is short."],
    "questions": ["Who pays?"],
    "agenda": [{"title": "Welcome", "minutes": 10}],
    "format": "hybrid",
    "capacity": 40,
}


def test_a_session_is_made_corrected_and_removed_by_the_api(house):
    office = house[Role.SECRETARIAT]
    facts = {"title": "Water", "starts": "4/3/2027 10:00 +01:00"}
    assert house.member.post(SESSIONS, {"facts": facts, "language": "en"}).status_code == 404
    assert office.post(SESSIONS, {"facts": {"title": " "}, "language": "en"}).status_code == 422
    made = office.post(SESSIONS, {"facts": facts, "language": "en"})
    assert (made.status_code, made.json()["starts"]) == (201, "2027-03-04T10:00+01:00")
    path = f"/sessions/{made.json()['id']}"
    said = office.post(f"{path}/facts", FACTS).json()["details"]
    assert {name: said["found"][name] for name in ("organisers", "format", "capacity")} == {
        name: FACTS[name] for name in ("organisers", "format", "capacity")
    }
    assert said["found"]["speakers"] == [ANA]
    assert [person["name"] for person in said["found"]["moderators"]] == ["Luc"]
    assert [item["title"] for item in said["found"]["agenda"]] == ["Welcome"]
    texts = [[each["text"] for each in said[name]] for name in ("objectives", "key_messages", "discussion_questions")]
    assert texts == [FACTS["objectives"], FACTS["key_messages"], FACTS["questions"]]
    assert office.post(f"{path}/removal", {"reason": " "}).status_code == 422
    assert house.member.post(f"{path}/removal", {"reason": "It never was."}).status_code == 404
    assert office.post(f"{path}/removal", {"reason": "It never was."}).status_code == 200
    assert office.get(path).status_code == 404
    assert office.get(SESSIONS).json()["items"] == []


def test_a_session_that_said_something_is_not_removed(house):
    session = house.session("Water for every district", "Towns must repair their fountains.")
    refused = house.chair.post(f"/sessions/{session}/removal", {"reason": "A slip."})
    assert (refused.status_code, refused.json()["facts"]["reason"]) == (422, "in_use")
    assert house.chair.get(f"/sessions/{session}").status_code == 200


@pytest.mark.parametrize("language", ["en", "es", "fr"])
def test_a_session_is_made_corrected_and_removed_in_a_browser(house, visit, language):
    office = visit(house.people[Role.SECRETARIAT])

    def sent(path, **fields):
        return office.post(path, data={"csrf": token_of(office), **fields}, follow_redirects=False)

    home = f"/{language}/third-forum/sessions"
    assert Page(office.get(home)).links_to(f"{home}/new")
    refused = sent(f"{home}/new", title="", starts="tomorrow")
    assert (refused.status_code, Page(refused).field("starts").is_wrong) == (422, True)
    made = sent(f"{home}/new", title="Water", starts="4/3/2027 10:00")
    assert made.status_code == 303
    here = made.headers["location"].partition("?")[0]
    changed = sent(f"{here}/edit", title="Water", speakers="Ana Ruiz; mayor; Alta\nLuc", objectives="To agree.")
    assert changed.status_code == 303
    shown = Page(office.get(here))
    assert all(words in shown.text for words in ("Ana Ruiz", "Alta", "Luc", "To agree."))
    answer = office.get(f"{here}/edit")
    assert answer.status_code == 200, answer.text
    edited = Page(answer)
    assert edited.field("speakers").value == "Ana Ruiz; mayor; Alta\nLuc"
    assert sent(f"{here}/removal", reason="").status_code == 422
    assert sent(f"{here}/removal", reason="A phantom.").status_code == 303
    assert office.get(here).status_code == 404


def test_the_moments_of_a_session_are_picked_in_the_zone_of_the_place(house, visit):
    office, home = visit(house.people[Role.SECRETARIAT]), "/en/third-forum/sessions"

    def sent(path, **fields):
        return office.post(path, data={"csrf": token_of(office), **fields}, follow_redirects=False)

    assert Page(office.get(f"{home}/new")).field("zone").value == "UTC"
    wrong = sent(f"{home}/new", title="Water", starts="2027-03-04T10:00", zone="Europe/Nowhere")
    assert (wrong.status_code, Page(wrong).field("zone").is_wrong) == (422, True)
    made = sent(f"{home}/new", title="Water", starts="2027-03-04T10:00", zone="UTC")
    here = made.headers["location"].partition("?")[0]
    assert _moments(house, here)["starts"] == "2027-03-04T10:00+00:00"
    form = Page(office.get(f"{here}/edit"))
    assert [form.field(name).value for name in ("starts", "ends", "zone")] == ["2027-03-04T10:00", "", "UTC"]
    sent(f"{here}/edit", title="Water", starts="2027-03-04T10:00", ends="2027-03-04T12:00", zone="America/Lima")
    assert _moments(house, here)["ends"] == "2027-03-04T12:00-05:00"
    kept = Page(office.get(f"{here}/edit"))
    assert [kept.field(name).value for name in ("starts", "zone")] == ["2027-03-04T10:00-05:00", ""]


def _moments(house, page):
    answer = house.chair.get(f"/sessions/{page.rpartition('/')[2]}")
    return answer.json()["session"]
