"""Two sessions that are one: what hangs on one of them hangs on the other, and nothing that it said is lost."""

import pytest
import sqlalchemy as sa

from tests.support import factories
from tests.support.page import Page
from tests.support.site import token_of
from workspace.core.actor import Role
from workspace.core.storage.log import LogEntry
from workspace.recommendations.service import RecommendationService, VerbatimStatement
from workspace.sessions.extraction import (
    Evidence,
    Inconsistency,
    Person,
    SessionDetails,
    SessionFound,
    Statement,
)
from workspace.sessions.service import SessionService

REASON = "The report of the session in the programme."
OBJECTIVE = Statement(text="To count.", line=2)
DOUBT = Inconsistency(
    type="date", severity="info", description="Typing errors.", evidence=(Evidence(quote="x", line=2),)
)


@pytest.fixture
def noted(house):
    """Makes a session with a note of its own and one recommendation in its second line; its id."""

    def make(title, said, **found):
        with house.store.writing() as db:
            forum, rapporteur = factories.forum(db), house.people[Role.RAPPORTEUR]
            sessions = SessionService(db)
            text = f"{title}\n{said}\n"
            document = sessions.keep_document(forum, name=f"{title}.txt", language="en", text=text, actor=rapporteur)
            details = SessionDetails(
                found=SessionFound(title=title, **found), objectives=(OBJECTIVE,), inconsistencies=(DOUBT,)
            )
            session = sessions.add(forum, details, language="en", document=document, actor=rapporteur)
            RecommendationService(db).propose(session, [VerbatimStatement(said, "en", line=2)], actor=rapporteur)
            return session.id

    return make


def test_what_hangs_on_a_session_hangs_on_the_one_it_is_joined_with(house, noted):
    office = house[Role.SECRETARIAT]
    kept = noted("Water", "Towns must repair their fountains.", place="Alta")
    other = noted("Water (report)", "Towns must count what they lose.", speakers=(Person(name="Ana"),))
    (doubt,) = office.get(f"/documents/{document_of(office, other)}/review").json()["findings"]
    assert office.post(f"/sessions/{other}/findings-seen", {"digest": doubt["digest"]}).status_code == 200
    for session in (kept, other):
        assert office.post(f"/sessions/{session}/groups", {"name": "Group one", "language": "en"}).status_code == 201
    assert house.member.post("/following", {"kind": "session", "id": str(other)}).status_code == 201

    for body in ({"into": str(kept), "reason": " "}, {"into": str(other), "reason": REASON}):
        assert office.post(f"/sessions/{other}/joining", body).status_code == 422
    assert house.member.post(f"/sessions/{other}/joining", {"into": str(kept), "reason": REASON}).status_code == 404
    joined = office.post(f"/sessions/{other}/joining", {"into": str(kept), "reason": REASON})
    assert (joined.status_code, joined.json()["id"]) == (200, str(kept))

    assert office.get(f"/sessions/{other}").status_code == 404
    assert [line["title"] for line in office.get("/forums/third-forum/sessions").json()["items"]] == ["Water"]
    details = office.get(f"/sessions/{kept}").json()["details"]
    assert (details["found"]["place"], details["found"]["speakers"][0]["name"]) == ("Alta", "Ana")
    review = office.get(f"/documents/{document_of(office, kept)}/review").json()
    assert [(item["line"], item["text"]) for item in review["items"]] == [
        (2, "Towns must repair their fountains."),
        (4, "Towns must count what they lose."),
    ]
    assert [finding["is_seen"] for finding in review["findings"]] == [False, True]
    assert [group["name"] for group in office.get(f"/sessions/{kept}/groups").json()["items"]] == ["Group one"]
    follows = house.member.get("/following").json()["items"]
    assert [follow["id"] for follow in follows if follow["kind"] == "session"] == [str(kept)]
    with house.store.reading() as db:
        (entry,) = db.scalars(sa.select(LogEntry.entry).where(LogEntry.kind == "session.joined"))
        assert all(said in entry for said in (str(other), str(kept), REASON))


def test_sessions_of_one_document_keep_their_lines(house, noted):
    kept = noted("Water", "Towns must repair their fountains.")
    with house.store.writing() as db:
        sessions, rapporteur = SessionService(db), house.people[Role.RAPPORTEUR]
        first = sessions.get(kept, actor=rapporteur)
        details = SessionDetails(found=SessionFound(title="water.txt"), objectives=(OBJECTIVE,))
        phantom = sessions.add(first.forum, details, language="en", document=first.document, actor=rapporteur).id
        document = first.document_id
    office = house[Role.SECRETARIAT]
    assert office.post(f"/sessions/{phantom}/joining", {"into": str(kept), "reason": REASON}).status_code == 200
    assert document_of(office, kept) == str(document)
    assert office.get(f"/sessions/{kept}").json()["details"]["objectives"] == [
        {"text": "To count.", "line": 2, "page": None, "section": None, "marker": None, "session": None}
    ]


@pytest.mark.parametrize("language", ["en", "es", "fr"])
def test_sessions_are_joined_in_a_browser(house, visit, noted, language):
    kept = noted("Water", "Towns must repair their fountains.")
    other = noted("Water (report)", "Towns must count what they lose.")
    office = visit(house.people[Role.SECRETARIAT])
    edit = f"/{language}/third-forum/sessions/{other}/edit"
    shown = Page(office.get(edit))
    (form,) = [form for form in shown.forms if form.action.endswith("/joining")]
    assert str(kept) in office.get(edit).text

    def sent(**fields):
        return office.post(form.action, data={"csrf": token_of(office), **fields}, follow_redirects=False)

    refused = sent(into=str(kept), reason="")
    assert refused.status_code == 422
    done = sent(into=str(kept), reason=REASON)
    assert (done.status_code, str(kept) in done.headers["location"]) == (303, True)
    assert "Towns must count what they lose." in Page(office.get(done.headers["location"])).text


def document_of(caller, session):
    return caller.get(f"/sessions/{session}").json()["document"]["id"]


AGENDA = [
    {"title": "Opening", "start": "09:00", "end": "09:30", "day": "2027-03-04", "speakers": ["Ana"]},
    {"title": "Coffee", "start": "09:30", "end": "10:00", "day": "2027-03-04", "is_break": True},
    {"title": "Wells", "start": "10:00", "end": "11:00", "day": "2027-03-05"},
]


@pytest.mark.parametrize("language", ["en", "es", "fr"])
def test_the_items_of_an_agenda_become_sessions_in_one_act(house, visit, language):
    facts = {"title": "The forum", "starts": "2027-03-04T09:00+01:00", "place": "Alta", "agenda": AGENDA}
    facts["speaking"] = [{"name": "Ana", "role": "mayor"}]
    made = house.chair.post("/forums/third-forum/sessions", {"facts": facts, "language": "en"}).json()["id"]
    office = visit(house.people[Role.SECRETARIAT])
    form = Page(office.get(f"/{language}/third-forum/sessions/{made}/edit")).form("/division", act="each")
    assert form.values["item"] == ["1", "3"] or form.values["item"] in {"1", "3"}
    sent = {"csrf": token_of(office), "act": "each", "item": ["1", "3"]}
    assert office.post(form.action, data=sent, follow_redirects=False).status_code == 303
    listed = house.chair.get("/forums/third-forum/sessions").json()["items"]
    assert [(line["title"], line["starts"]) for line in listed] == [
        ("The forum", "2027-03-04T09:00+01:00"),
        ("Opening", "2027-03-04T09:00+01:00"),
        ("Wells", "2027-03-05T10:00+01:00"),
    ]
    opening = house.chair.get(f"/sessions/{listed[1]['id']}").json()["details"]["found"]
    assert (opening["place"], opening["speakers"][0]["role"], opening["end"]) == (
        "Alta",
        "mayor",
        "2027-03-04T09:30+01:00",
    )
    left = house.chair.get(f"/sessions/{made}").json()["details"]["found"]["agenda"]
    assert [item["title"] for item in left] == ["Coffee"]


def test_an_item_whose_day_nobody_knows_keeps_its_hours(house):
    facts = {"title": "The forum", "agenda": [{"title": "Opening", "start": "09:00", "end": "09:30"}]}
    whole = house.chair.post("/forums/third-forum/sessions", {"facts": facts, "language": "en"}).json()["id"]
    [made] = house.chair.post(f"/sessions/{whole}/division", {"parts": [{"items": [1]}]}).json()["made"]
    found = house.chair.get(f"/sessions/{made['id']}").json()["details"]["found"]
    assert (found["start"], found["time_verbatim"]) == (None, "09:00–09:30")


def test_a_session_is_divided_with_what_was_said_in_it(house, visit, noted):
    kept = noted("Water", "Towns must repair their fountains.")
    path, office = f"/sessions/{kept}/division", house[Role.SECRETARIAT]
    part = {"title": "Fountains", "recommendations": [1]}
    assert house.member.post(path, {"parts": [part]}).status_code == 404
    assert office.post(path, {"parts": [{"title": " "}]}).status_code == 422
    assert office.post(path, {"parts": [{"title": "X", "items": [1]}]}).json()["facts"]["reason"] == "no_such_item"
    assert office.post(path, {"parts": [{"title": "X", "recommendations": [9]}]}).status_code == 404
    browser = visit(house.people[Role.SECRETARIAT])
    page = Page(browser.get(f"/en/third-forum/sessions/{kept}/edit"))
    form = page.form("/division", act="one")
    assert page.root.xpath("//input[@name='said']/@value") == ["1"]
    sent = {"csrf": token_of(browser), "act": "one", "title": "Fountains", "said": "1", "reason": "They met apart."}
    answer = browser.post(form.action, data=sent, follow_redirects=False)
    assert answer.status_code == 303, Page(answer).text
    made = answer.headers["location"].rpartition("/")[2].partition("?")[0]
    (said,) = house.chair.get("/forums/third-forum/recommendations").json()["items"]
    assert (said["session_id"], said["line"]) == (made, 2)
    assert document_of(office, made) == document_of(office, kept)
    assert office.post(f"/sessions/{made}/joining", {"into": str(kept), "reason": "Undone."}).status_code == 200
    (said,) = house.chair.get("/forums/third-forum/recommendations").json()["items"]
    assert (said["session_id"], said["line"]) == (str(kept), 2)


@pytest.mark.parametrize(
    "title", ["Comité de pilotaje (solo para miembros)", "Bureau (réservé aux membres)", "Steering (Members only)"]
)
def test_an_item_that_says_it_is_for_members_makes_no_public_session(house, title: str):
    facts = {"title": "Forum", "agenda": [{"title": "Opening"}, {"title": title}, {"start": "12:00"}]}
    whole = house.chair.post("/forums/third-forum/sessions", {"facts": facts, "language": "en"}).json()["id"]
    parts = [{"title": "", "items": [1]}, {"title": "Steering", "items": [2]}, {"title": "Lunch", "items": [3]}]
    answer = house[Role.SECRETARIAT].post(f"/sessions/{whole}/division", {"parts": parts})
    assert answer.status_code == 200, answer.text
    seen = [line["title"] for line in house.nobody.get("/forums/third-forum/sessions").json()["items"]]
    assert sorted(seen) == ["Forum", "Lunch", "Opening"]


def test_a_removed_session_is_nowhere_and_comes_back_as_it_was(house, visit):
    facts = {"title": "Phantom", "starts": "2027-03-04T09:00+01:00", "key_messages": ["Water is short."]}
    made = house.chair.post("/forums/third-forum/sessions", {"facts": facts, "language": "en"}).json()["id"]
    office = visit(house.people[Role.SECRETARIAT])
    before = house.chair.get(f"/sessions/{made}").json()
    here = f"/en/third-forum/sessions/{made}"
    gone = office.post(f"{here}/removal", data={"csrf": token_of(office), "reason": "It never was."})
    assert gone.status_code == 200
    undo = [form.action for form in Page(gone).forms if form.action.endswith("/undoing")]
    assert set(undo) == {f"{here}/removal/undoing"}
    for address in ("", "/sessions", "/search?words=phantom"):
        assert here not in visit(house.people[Role.MEMBER]).get(f"/en/third-forum{address}").text
    assert b"Phantom" not in office.get("/api/forums/third-forum/calendar").content
    assert house.member.post(f"/sessions/{made}/removal/undoing").status_code == 404
    assert office.post(undo[0], data={"csrf": token_of(office)}, follow_redirects=False).status_code == 303
    assert house.chair.get(f"/sessions/{made}").json() == before


def test_a_joined_session_is_restored_with_what_it_had(house, noted, visit):
    office = house[Role.SECRETARIAT]
    kept = noted("Water", "Towns must repair their fountains.")
    other = noted("Water (report)", "Towns must count what they lose.", place="Baja")
    for session in (kept, other):
        office.post(f"/sessions/{session}/groups", {"name": "Group one", "language": "en"})
    pdf = {"file": ("report.pdf", b"%PDF-1.7")}
    assert office.post(f"/sessions/{other}/files", files=pdf).status_code == 201
    browser, home = visit(house.people[Role.SECRETARIAT]), "/en/third-forum/sessions"
    form = {"csrf": token_of(browser), "into": str(kept), "reason": REASON}
    alone = office.get(f"/sessions/{kept}").json()
    assert browser.post(f"{home}/{other}/joining", data=form, follow_redirects=False).status_code == 303
    assert office.get(f"/sessions/{kept}/files").json()["items"]
    undo = f"{home}/{other}/removal/undoing"
    assert undo in browser.get(f"{home}/{kept}").text
    led = browser.get(f"{home}/{other}", follow_redirects=False)
    assert led.headers["location"].endswith(str(kept)), "an address that went out by mail still leads to it"
    with house.store.writing() as db:
        found = [VerbatimStatement("Towns must count twice.", "en", line=4)]
        rapporteur = house.people[Role.RAPPORTEUR]
        joined = SessionService(db).get(kept, actor=rapporteur)
        RecommendationService(db).propose(joined, found, actor=rapporteur)
    assert browser.post(undo, data={"csrf": token_of(browser)}, follow_redirects=False).status_code == 303

    back = office.get(f"/sessions/{other}").json()
    assert (back["session"]["title"], back["session"]["place"]) == ("Water (report)", "Baja")
    review = office.get(f"/documents/{document_of(office, other)}/review").json()
    assert [(item["line"], item["text"]) for item in review["items"]] == [
        (2, "Towns must count what they lose."),
        (2, "Towns must count twice."),
    ]
    assert office.get(f"/sessions/{kept}").json() == alone, "undoing leaves nothing of the one in the other"
    assert [group["name"] for group in office.get(f"/sessions/{other}/groups").json()["items"]] == ["Group one"]
    assert [file["name"] for file in office.get(f"/sessions/{other}/files").json()["items"]] == ["report.pdf"]
    assert office.get(f"/sessions/{kept}/files").json()["items"] == []
