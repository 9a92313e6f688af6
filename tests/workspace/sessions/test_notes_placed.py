"""A note is brought onto a session that exists, and one whose session nobody knows awaits it: no phantoms."""

from uuid import UUID

import pytest

from tests.support.page import Page
from tests.support.site import token_of
from workspace.core.actor import Role
from workspace.sessions.models import SourceDocument

BARE = "- Towns must repair their fountains.\n- Regions should lend pumps.\n"
REPORT = """# Water for every district

Date: 4 March 2027, 10:00-11:30 (UTC+1)
Place: Town hall, Villa Clara

## Speakers

- Ana Ruiz, mayor, Villa Clara

## Recommendations

- Towns must publish the state of their fountains every year.
"""
SESSIONS = "/forums/third-forum/sessions"
HOME = "/en/third-forum/sessions"


@pytest.fixture
def made(house):
    """A session made by hand, with a place and a moderator; its id."""
    facts = {"title": "Water for all", "place": "Alta", "moderating": [{"name": "Luc"}]}
    return house.chair.post(SESSIONS, {"facts": facts, "language": "en"}).json()["id"]


def upload(client, name, text, **fields):
    data = {"csrf": token_of(client), **fields}
    return client.post(HOME, data=data, files=[("files", (name, text.encode()))])


def titles(house):
    return [line["title"] for line in house.chair.get(SESSIONS).json()["items"]]


def said(house, session):
    found = house.chair.get("/forums/third-forum/recommendations").json()["items"]
    return [(each["text"], each["line"]) for each in found if each["session_id"] == session]


def test_a_note_is_brought_onto_a_session_that_exists(house, visit, made):
    office = visit(house.people[Role.SECRETARIAT])
    assert made in Page(office.get(HOME)).form("/sessions").options("session")
    assert upload(office, "report.txt", REPORT, session=made).status_code == 200
    assert titles(house) == ["Water for all"]
    session = house.chair.get(f"/sessions/{made}").json()
    found = session["details"]["found"]
    assert (found["place"], found["start"]) == ("Alta", "2027-03-04T10:00:00+01:00")
    assert [person["name"] for person in (*found["moderators"], *found["speakers"])] == ["Luc", "Ana Ruiz"]
    assert said(house, made) == [("Towns must publish the state of their fountains every year.", 12)]
    more = REPORT.replace("fountains every", "pumps every")
    assert upload(office, "second.txt", more, session=made).status_code == 200
    assert [line for _, line in said(house, made)] == [12, 24]
    assert "report.txt + second.txt" in house.chair.get(f"/sessions/{made}").text


def test_a_note_that_tells_of_no_session_makes_none_and_awaits_one(house, visit, made):
    office = visit(house.people[Role.SECRETARIAT])
    answer = upload(office, "notes-final2.txt", BARE)
    assert (answer.status_code, titles(house)) == (200, ["Water for all"])
    (form,) = Page(answer).forms_to("/session")
    assert Page(office.get(HOME)).data("awaiting") == ["notes-final2.txt"]
    assert Page(office.get(HOME)).text_of("awaiting").startswith("notes-final2.txt 2 recommendations without a session")
    placed = office.post(form.action, data={"csrf": token_of(office), "session": made}, follow_redirects=False)
    assert (placed.status_code, made in placed.headers["location"]) == (303, True)
    assert [words for words, _ in said(house, made)] == [
        "Towns must repair their fountains.",
        "Regions should lend pumps.",
    ]
    assert Page(office.get(HOME)).data("awaiting") == []
    assert office.post(form.action, data={"csrf": token_of(office), "session": made}).status_code == 422


def test_the_same_by_api_for_whoever_brought_it_in(house, made):
    office, rapporteur = house[Role.SECRETARIAT], house[Role.RAPPORTEUR]
    taken = rapporteur.post("/forums/third-forum/notes", files=[("files", ("bare.txt", BARE.encode()))])
    (note,) = taken.json()["items"]
    assert (note["sessions"], note["awaits_session"]) == ([], True)
    listed = office.get("/forums/third-forum/notes").json()["items"]
    assert [each["id"] for each in listed] == [note["document"]]
    path, body = f"/forums/third-forum/notes/{note['document']}/session", {"session": made}
    assert house.member.post(path, body).status_code == 404
    assert rapporteur.post(path, body).status_code == 404  # a session of somebody else's
    assert office.post(path, body).json()["recommendations"] == [1, 2]
    assert office.post(path, body).json()["facts"]["reason"] == "has_session"
    taken = rapporteur.post("/forums/third-forum/notes", files=[("files", ("b.txt", b"- Towns must count.\n"))])
    (again,) = taken.json()["items"]
    path = path.replace(note["document"], again["document"])
    assert rapporteur.post(path, {"session": None}).status_code == 200
    assert office.get("/forums/third-forum/notes").json()["items"] == []


def test_what_is_said_in_none_of_several_sessions_awaits_one(house, visit):
    office = visit(house.people[Role.SECRETARIAT])
    text = """# Forum of towns

## Session 1: Water

Date: 4 March 2027, 10:00-11:30

## Session 2: Shade

Date: 4 March 2027, 12:00-13:30

## Conclusions of the forum

- All towns must repair their fountains.
"""
    upload(office, "forum.txt", text)
    assert all("Forum of towns" not in title and ".txt" not in title for title in titles(house))


def test_the_session_of_what_a_report_recommends_is_chosen_where_it_is_reviewed(house, visit):
    office = visit(house.people[Role.SECRETARIAT])
    text = """Annual report 2026

The harbour meeting took place in Cork on 4 May 2026.

The river congress took place in Bristol on 9 May 2026.

## Recommendations

- All towns must repair their fountains.
"""
    taken = Page(upload(office, "year.md", text))
    assert taken.data("statements") == ["1"]
    review = next(link for link in taken.links if "/documents/" in link)
    shown = Page(office.get(review))
    (form,) = shown.forms_to("/session")
    assert shown.data("state") == ["awaits-session"]
    chosen = next(value for value in form.options("session") if value not in {"", "none"})
    placed = office.post(form.action, data={"csrf": token_of(office), "session": chosen}, follow_redirects=False)
    assert placed.headers["location"] == review
    shown = Page(office.get(review))
    assert shown.data("standing")
    assert not shown.forms_to("/session")
    first = shown.forms_to("/facts")[0]
    assert is_open(shown) == [True, False]
    confirmed = office.post(first.action, data=first.values, follow_redirects=False)
    assert confirmed.headers["location"].endswith("#session-2")
    assert is_open(Page(office.get(review))) == [False, True]


def test_what_awaits_a_session_is_put_to_several(house, visit, made):
    office = visit(house.people[Role.SECRETARIAT])
    other = house.chair.post(SESSIONS, {"facts": {"title": "Shade"}, "language": "en"}).json()["id"]
    upload(office, "notes.txt", BARE + "- States must count trees.\n- Cities should plant elms.\n")
    (form,) = Page(office.get(HOME)).forms_to("/session")
    assert form.options("statement") == ["1", "2", "3", "4"]
    assert not form.values.get("statement")
    placed = {"csrf": token_of(office), "session": made, "statement": ["1", "3"]}
    assert office.post(form.action, data=placed, follow_redirects=False).headers["location"] == HOME
    assert said(house, made) == [("Towns must repair their fountains.", 1), ("States must count trees.", 3)]
    [note] = house.chair.get("/forums/third-forum/notes").json()["items"]
    assert [each["number"] for each in note["statements"]] == [2, 4]
    path = f"/forums/third-forum/notes/{note['id']}/session"
    assert house.chair.post(path, {"session": other, "statements": [1]}).status_code == 404
    assert house.chair.post(path, {"session": None, "statements": [2]}).json()["recommendations"] == []
    assert house.chair.post(path, {"session": other}).json()["recommendations"] == [3]
    assert said(house, other) == [("Cities should plant elms.", 4)]
    assert house.chair.get("/forums/third-forum/notes").json()["items"] == []


def test_what_else_a_note_tells_is_brought_though_a_statement_was_left_out(house, made):
    text = f"## Objectives\n\n- Share what fountains cost.\n\n## Recommendations\n\n{BARE}"
    taken = house.chair.post("/forums/third-forum/notes", files=[("files", ("bare.md", text.encode()))])
    (note,) = taken.json()["items"]
    path = f"/forums/third-forum/notes/{note['document']}/session"
    assert house.chair.post(path, {"session": None, "statements": [1]}).status_code == 200
    assert house.chair.post(path, {"session": made}).json()["recommendations"] == [1]
    objectives = house.chair.get(f"/sessions/{made}").json()["details"]["objectives"]
    assert [each["text"] for each in objectives] == ["Share what fountains cost."]


def test_a_note_that_awaited_its_session_in_an_earlier_version_brings_all_of_it(house, made):
    text = f"## Objectives\n\n- Share what fountains cost.\n\n## Recommendations\n\n{BARE}"
    taken = house.chair.post("/forums/third-forum/notes", files=[("files", ("bare.md", text.encode()))])
    (note,) = taken.json()["items"]
    with house.store.writing() as db:
        db.get(SourceDocument, UUID(note["document"])).awaiting = None
    path = f"/forums/third-forum/notes/{note['document']}/session"
    assert house.chair.post(path, {"session": made}).json()["recommendations"] == [1, 2]
    assert house.chair.get(f"/sessions/{made}").json()["details"]["objectives"]
    assert house.chair.get("/forums/third-forum/notes").json()["items"] == []


def test_of_two_sentences_on_one_line_each_is_put_to_its_own_session(house, visit, made):
    office = visit(house.people[Role.SECRETARIAT])
    upload(office, "notes.txt", "Towns must repair their fountains. Regions should lend pumps.\n")
    (form,) = Page(office.get(HOME)).forms_to("/session")
    first, second = form.options("statement")
    placed = {"csrf": token_of(office), "session": made, "statement": first}
    office.post(form.action, data=placed)
    assert said(house, made) == [("Towns must repair their fountains.", 1)]
    [note] = house.chair.get("/forums/third-forum/notes").json()["items"]
    assert [(str(each["number"]), each["text"]) for each in note["statements"]] == [
        (second, "Regions should lend pumps.")
    ]


def test_a_statement_without_a_line_is_placed_alone(house, made):
    taken = house.chair.post("/forums/third-forum/notes", files=[("files", ("bare.txt", BARE.encode()))])
    (note,) = taken.json()["items"]
    with house.store.writing() as db:
        document = db.get(SourceDocument, UUID(note["document"]))
        document.awaiting = [{**each, "line": None} for each in document.awaiting]
    path = f"/forums/third-forum/notes/{note['document']}/session"
    assert house.chair.post(path, {"session": made, "statements": [2]}).json()["recommendations"] == [1]
    assert said(house, made) == [("Regions should lend pumps.", None)]


def is_open(shown):
    return [details.get("open") is not None for details in shown.root.xpath("//details[starts-with(@id, 'session-')]")]


def test_words_that_a_note_sets_off_are_read_without_its_marks(house, visit):
    office = visit(house.people[Role.SECRETARIAT])
    said = "**Towns must publish** the state of their `fountains` every year."
    upload(office, "report.md", REPORT.replace("Towns must publish the state of their fountains every year.", said))
    [session] = house.chair.get(SESSIONS).json()["items"]
    [read] = house.chair.get("/forums/third-forum/recommendations").json()["items"]
    assert read["text"] == "Towns must publish the state of their fountains every year."
    shown = Page(office.get(f"{HOME}/{session['id']}")).by_id("r-1")
    assert read["text"] in shown.text


def test_each_session_has_what_is_said_in_its_part_of_the_note_without_marks_of_form(house, visit):
    office = visit(house.people[Role.SECRETARIAT])
    text = """# Forum of towns

## Session 1: Water

Date: 4 March 2027, 10:00-11:30

### Objectives

- **Share** what fountains cost.

## Session 2: Shade

Date: 4 March 2027, 12:00-13:30

### Objectives

- **Compare** how trees are planted.
"""
    upload(office, "forum.md", text)
    listed = house.chair.get(SESSIONS).json()["items"]
    details = [house.chair.get(f"/sessions/{session['id']}").json()["details"] for session in listed]
    assert [[said["text"] for said in each["objectives"]] for each in details] == [
        ["Share what fountains cost."],
        ["Compare how trees are planted."],
    ]
