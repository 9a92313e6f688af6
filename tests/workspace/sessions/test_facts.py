"""Every field of a session, typed on its page in three languages, and who sees one that is for members only."""

import pytest

from tests.support import factories
from tests.support.page import Page
from tests.support.site import token_of
from workspace.core.actor import NOBODY, OPERATOR, Role
from workspace.sessions.extraction import SessionDetails, SessionFound
from workspace.sessions.service import SessionService

TYPED = {
    "title": "Water",
    "starts": "2027-03-04T10:00",
    "ends": "2027-03-05T18:00",
    "zone": "UTC",
    "place": "Alta",
    "room": "Hall 2",
    "kind": "Workshop",
    "theme": "Axis 1",
    "subtheme": "Wells",
    "format": "hybrid",
    "platform": "Meet",
    "capacity": "40",
    "members_only": "yes",
    "organisers": "City of Alta",
    "co_organisers": "City of Baja",
    "supporters": "Water League",
    "funders": "The Bank",
    "agenda": "2027-03-04\n10:00–10:30; Welcome; Ana Ruiz, Luc\n10:30–10:45; Coffee\n2027-03-05\n15 min; Round table",
    "objectives": "To count.\nTo agree.",
    "key_messages": "Water is short.",
    "questions": "Who pays?",
    "links": "https://alta.example/note.pdf",
    "participants": "Ana Ruiz; Luc\nAfrica: Dakar; Kisumu\nLocal governments: 45",
}
SPEAKERS = {
    "en": "Ana Ruiz; mayor; Alta; attendance confirmed\nLuc; to be confirmed\nMei; ; Baja",
    "es": "Ana Ruiz; mayor; Alta; asistencia confirmada\nLuc; por confirmar\nMei; ; Baja",
    "fr": "Ana Ruiz; mayor; Alta; présence confirmée\nLuc; à confirmer\nMei; ; Baja",
}
LANGUAGES = {"en": "Spanish, English", "es": "español, inglés", "fr": "espagnol, anglais"}


def sent(client, path, **fields):
    return client.post(path, data={"csrf": token_of(client), **fields}, follow_redirects=False)


@pytest.mark.parametrize("language", ["en", "es", "fr"])
def test_every_field_is_typed_shown_and_typed_again(house, visit, language):
    office = visit(house.people[Role.SECRETARIAT])
    typed = {**TYPED, "speakers": SPEAKERS[language], "languages": LANGUAGES[language]}
    made = sent(office, f"/{language}/third-forum/sessions/new", **typed)
    assert made.status_code == 303, Page(made).text
    here = made.headers["location"].partition("?")[0]
    details = house.chair.get(f"/sessions/{here.rpartition('/')[2]}").json()["details"]
    found = details["found"]
    assert [person["confirmed"] for person in found["speakers"]] == ["yes", "no", "unknown"]
    assert [person["organisation"] for person in found["speakers"]] == ["Alta", None, "Baja"]
    assert (found["working_languages"], found["capacity"], found["members_only"]) == (["es", "en"], 40, True)
    assert [(item["day"], item["start"], item["minutes"], item["is_break"]) for item in found["agenda"]] == [
        ("2027-03-04", "10:00", None, False),
        ("2027-03-04", "10:30", None, True),
        ("2027-03-05", None, 15, False),
    ]
    assert found["agenda"][0]["speakers"] == ["Ana Ruiz", "Luc"]
    shown = Page(office.get(here)).text
    assert all(words in shown for words in ("The Bank", "Water League", "Luc", "Round table", "Dakar; Kisumu"))
    assert [region["name"] for region in found["regions"]] == ["Africa", "Local governments"]
    assert details["participants"] == ["Ana Ruiz", "Luc"]
    again = Page(office.get(f"{here}/edit"))
    assert {name: again.field(name).value for name in typed if name != "members_only"} == {
        name: said for name, said in typed.items() if name != "members_only"
    }
    emptied = sent(office, f"{here}/edit", title="Water")
    assert emptied.status_code == 303
    found = house.chair.get(f"/sessions/{here.rpartition('/')[2]}").json()["details"]["found"]
    assert (found["format"], found["capacity"], found["members_only"], found["agenda"]) == (None, None, False, [])


@pytest.mark.parametrize(("language", "day"), [("en", "8 September"), ("es", "8 de septiembre"), ("fr", "8 septembre")])
def test_days_of_an_agenda_stand_apart_where_nothing_tells_the_year(house, visit, language, day):
    office = visit(house.people[Role.SECRETARIAT])
    typed = "--09-07\n09:30–17:30; Wells\n--09-08\n09:30–13:00; Pumps"
    made = sent(office, f"/{language}/third-forum/sessions/new", title="Water", agenda=typed)
    here = made.headers["location"].partition("?")[0]
    assert day in Page(office.get(here)).text
    assert Page(office.get(f"{here}/edit")).field("agenda").value == typed


def test_a_line_added_to_an_agenda_leaves_the_other_items_as_they_are(house, visit):
    items = [
        {"title": "Welcome; songs, bread", "start": "10:00", "end": "10:30", "minutes": 25},
        {"start": "10:30", "end": "11:00"},
        {"speakers": ["Ana Ruiz"], "minutes": 10},
        {"title": "Pumps"},
    ]
    facts = {"title": "Water", "agenda": items}
    here = house.chair.post("/forums/third-forum/sessions", {"facts": facts, "language": "en"}).json()["id"]

    before, _ = _agenda_and_speakers(house, here)
    office = visit(house.people[Role.SECRETARIAT])
    shown = Page(office.get(f"/en/third-forum/sessions/{here}/edit")).field("agenda").value
    typed = {"title": "Water", "agenda": f"{shown}\n;\n ; ;\nClose", "speakers": ";\nLuc"}
    assert sent(office, f"/en/third-forum/sessions/{here}/edit", **typed).status_code == 303
    [*others, last], [speaker] = _agenda_and_speakers(house, here)
    assert (others, last["title"], speaker["name"]) == (before, "Close", "Luc")


def _agenda_and_speakers(house, session):
    found = house.chair.get(f"/sessions/{session}").json()["details"]["found"]
    return found["agenda"], found["speakers"]


@pytest.mark.parametrize(
    ("field", "typed", "reason"),
    [
        ("agenda", "25:10-26:00; Welcome", "not_a_time"),
        ("agenda", "2027-02-30\n10:00; Welcome", "not_a_day"),
        ("agenda", "11:00-10:00; Welcome", "ends_before_it_starts"),
        ("starts", "31/6/2027 10:00", "not_a_day"),
    ],
)
def test_a_time_that_cannot_be_is_refused_at_its_field(house, visit, field, typed, reason):
    office = visit(house.people[Role.SECRETARIAT])
    refused = sent(office, "/en/third-forum/sessions/new", title="Water", **{field: typed})
    assert (refused.status_code, Page(refused).field(field).is_wrong) == (422, True)
    assert (Page(refused).field(field).value, Page(refused).refusal) == (typed, f"workspace.invalid:{reason}")


def test_a_session_for_members_only_is_hidden_from_the_public_everywhere(house, visit):
    facts = {"title": "Wells behind doors", "starts": "2027-03-04T10:00+00:00", "members_only": True}
    made = house.chair.post("/forums/third-forum/sessions", {"facts": facts, "language": "en"}).json()["id"]
    visitor, member = visit(NOBODY), visit(house.people[Role.MEMBER])
    pages = ("", "/sessions", "/search?words=wells", "/recommendations/contributors")
    for page in pages:
        assert made not in visitor.get(f"/en/third-forum{page}").text
    assert visitor.get(f"/en/third-forum/sessions/{made}").status_code == 404
    assert visitor.get(f"/api/sessions/{made}").status_code == 404
    assert b"Wells" not in visitor.get("/api/forums/third-forum/calendar").content
    assert visitor.get("/api/forums/third-forum/sessions").json()["items"] == []
    assert all(made in member.get(f"/en/third-forum{page}").text for page in pages[:3])
    assert member.get(f"/en/third-forum/sessions/{made}").status_code == 200


def test_the_programme_is_in_the_order_of_time(house):
    for title, starts in [("Late", "2027-03-04T12:00"), ("Never", ""), ("Early", "2027-03-04T11:30+05:00")]:
        facts = {"title": title, "starts": starts}
        house.chair.post("/forums/third-forum/sessions", {"facts": facts, "language": "en"})
    listed = house.chair.get("/forums/third-forum/sessions").json()["items"]
    assert [line["title"] for line in listed] == ["Early", "Late", "Never"]


def month(house):
    """A session of which a note gives the month alone."""
    with house.store.writing() as db:
        details = SessionDetails(found=SessionFound(title="In March", start="2013-03"))
        SessionService(db).add(factories.forum(db), details, language="en", document=None, actor=OPERATOR)


@pytest.mark.parametrize(
    ("zone", "order"),
    [
        ("America/Mexico_City", ["2027-03-31T10:00", "2027-03-31T18:30", "2027-03", "2027-04-01T08:00"]),
        ("Asia/Tokyo", ["2027-03-31T18:30", "2027-03", "2027-04-01T08:00", "2027-04-01T10:00"]),
        ("UTC", ["2027-12-31T23:30", "2027-12", "2028-01-01T00:00", "2028-02", "2028", "9999-12"]),
    ],
)
def test_a_month_ends_by_the_clocks_of_the_forum(store, zone: str, order: list[str]):
    with store.writing() as db:
        forum, add = factories.forum(db), SessionService(db).add
        forum.timezone = zone
        for start in sorted(order, reverse=True):
            details = SessionDetails(found=SessionFound(title="Water", start=start))
            add(forum, details, language="en", document=None, actor=OPERATOR)
        assert [held.starts for held in SessionService(db).programme(forum, actor=OPERATOR)] == order


def test_the_programme_shows_days_and_what_is_parallel(house, visit):
    hours = [("Opening", "04T09:00", "04T10:00"), ("Wells", "04T10:00", "04T12:00"), ("Shade", "04T10:30", "04T11:00")]
    for title, starts, ends in [*hours, ("Closing", "05T09:00", "")]:
        facts = {"title": title, "room": f"Room of {title}", "starts": f"2027-03-{starts}+00:00"}
        facts["ends"] = f"2027-03-{ends}+00:00" if ends else ""
        house.chair.post("/forums/third-forum/sessions", {"facts": facts, "language": "en"})
    house.chair.post("/forums/third-forum/sessions", {"facts": {"title": "Someday"}, "language": "en"})
    month(house)
    first = house.chair.get("/forums/third-forum/sessions").json()["items"][0]
    alone = visit(NOBODY).get(f"/en/third-forum/sessions/{first['id']}")
    assert "March 2013" in Page(alone).text
    shown = Page(visit(NOBODY).get("/en/third-forum/sessions"))
    assert shown.root.xpath("//h2/time/@datetime") == ["2027-03-04", "2027-03-05"]
    assert shown.data("parallel") == ["2"]
    slots = shown.root.xpath("//main//ul[contains(@class,'slot')]")
    titles = [slot.xpath(".//a[@class='session-title']/text()") for slot in slots]
    assert titles == [["In March"], ["Opening"], ["Wells", "Shade"], ["Closing"], ["Someday"]]
    assert shown.root.xpath("//main//section/h2/text()")[0].strip() == "March 2013"
    assert "Room of Shade" in shown.text
