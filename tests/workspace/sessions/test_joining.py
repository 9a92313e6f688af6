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
