"""The programme, a session with its note, and bringing notes in, in a browser."""

import re

import pytest
import sqlalchemy as sa

from drafts.text.blocks import Language
from tests.support import factories
from tests.support.page import Page
from tests.support.site import token_of
from workspace.core.actor import NOBODY, OPERATOR, Role
from workspace.core.security.permissions import Phase
from workspace.interchange.import_service import NoteImportService
from workspace.interchange.notes import extract
from workspace.people.models import Forum
from workspace.recommendations.models import RecommendationStatus
from workspace.recommendations.service import RecommendationService
from workspace.sessions.corrections import SessionCorrectionIn
from workspace.sessions.models import Session
from workspace.sessions.service import SessionService

NOTE = """# Water for every district

Date: 4 March 2027, 10:00-11:30 (UTC+1)
Place: Town hall, Villa Clara

## Summary (max. 5 words)

Six towns compare what <b>thirst</b> costs them.

## Objectives

- To agree on one way of counting leaks.

## Agenda

- 10 min. Welcome
- 60 min. Round table

## Speakers

- Ana Ruiz, mayor, Villa Clara
- Representative of the water board (to be confirmed)

## Questions for debate

- Who pays for the pumps?

## Recommendations

- Towns must publish the state of their fountains every year.
- Regions should lend pumps to the towns that ask for them.
"""
FOLDED = ("not(ancestor::details)", "ancestor::details[not(@open)]")
OTHER = NOTE.replace("Water for every district", "Shade for every street").replace("fountains", "trees")


@pytest.fixture
def taken_in(store):
    """One note in the forum; its first recommendation is confirmed."""
    with store.writing() as db:
        forum = factories.forum(db)
        taken = NoteImportService(db).take_in(forum, extract(NOTE.encode(), source="water.en.md"), NOTE, actor=OPERATOR)
        RecommendationService(db).settle(forum, [1], RecommendationStatus.CONFIRMED, actor=OPERATOR)
        return taken.sessions[0].id


@pytest.fixture
def rapporteur(store):
    with store.writing() as db:
        return factories.person(db, Role.RAPPORTEUR)


def upload(client, *files, address="/en/third-forum/sessions"):
    return client.post(
        address,
        data={"csrf": token_of(client)},
        files=[("files", (name, content.encode() if isinstance(content, str) else content)) for name, content in files],
    )


def counted(store):
    with store.reading() as db:
        return db.scalar(sa.select(sa.func.count()).select_from(Session))


@pytest.mark.parametrize("language", Language)
def test_the_programme_and_a_session_speak_three_languages(taken_in, rapporteur, visit, language):
    client = visit(rapporteur)
    for address in (f"/{language}/third-forum/sessions", f"/{language}/third-forum/sessions/{taken_in}"):
        answer = client.get(address)
        assert answer.status_code == 200
        assert Page(answer).language == language


def test_the_programme_tells_when_where_and_how_many_recommendations(taken_in, rapporteur, visit):
    page = Page(visit(rapporteur).get("/en/third-forum/sessions"))
    assert page.count == 1
    [session] = page.root.xpath("//a[@lang='en'][@class='session-title']")
    assert (session.get("href"), session.text) == (
        f"/en/third-forum/sessions/{taken_in}",
        "Water for every district",
    )
    assert page.root.xpath("//h2/time/@datetime") == ["2027-03-04"]
    assert page.root.xpath("//*[@data-session]//time/@datetime") == ["2027-03-04T09:00:00", "2027-03-04T10:30:00"]
    assert "Town hall, Villa Clara" in page.text
    assert (page.data("confirmed"), page.data("proposed")) == (["1"], ["1"])


def test_the_programme_says_whose_note_still_waits(store, taken_in, visit):
    with store.writing() as db:
        office = factories.person(db, Role.SECRETARIAT)

    def way():
        return Page(visit(office).get("/en/third-forum/sessions")).data("note-is")

    assert way() == ["waiting"]
    with store.writing() as db:
        session = db.get_one(Session, taken_in)
        RecommendationService(db).settle(session.forum, [2], RecommendationStatus.CONFIRMED, actor=OPERATOR)
    assert way() == ["waiting"]  # for its facts
    with store.writing() as db:
        SessionService(db).correct(db.get_one(Session, taken_in), SessionCorrectionIn(place="Alta"), actor=OPERATOR)
    assert way() == ["settled"]


def test_an_empty_programme_says_what_to_do_next(rapporteur, visit):
    [task] = [link for link in Page(visit(rapporteur).get("/en/third-forum")).links if link.endswith("#import")]
    page, _, place = task.partition("#")
    assert Page(visit(rapporteur).get(page)).by_id(place).has_field("files")
    page = Page(visit(NOBODY).get("/en/third-forum/sessions"))
    assert (page.count, page.is_empty) == (0, True)
    assert not page.has_field("files")


def test_a_session_shows_what_its_note_tells_of_it(taken_in, rapporteur, visit):
    page = Page(visit(rapporteur).get(f"/en/third-forum/sessions/{taken_in}")).text
    told = "Ana Ruiz", "Welcome", "10", "To agree on one way of counting leaks.", "Who pays for the pumps?"
    assert [words for words in told if words not in page] == []


@pytest.mark.usefixtures("taken_in")
def test_a_session_begins_with_its_facts_and_folds_what_is_long(rapporteur, visit):
    said = [f"- Towns must mend fountain {number} before the summer." for number in range(3, 13)]
    imported = Page(upload(visit(rapporteur), ("long.md", "\n".join([OTHER.rstrip(), *said]))))
    page = Page(visit(rapporteur).get(imported.root.xpath("//a[.='Shade for every street']/@href")[0]))
    assert page.result is None
    parts = page.root.xpath("//main//section/@aria-labelledby")
    assert parts.index("when-h") < parts.index("who-h") < parts.index("rec-h") < parts.index("find-h")
    shown, folded = (page.root.xpath(f"//li[{where}][starts-with(@id, 'r-')]/@id") for where in FOLDED)
    assert (shown, folded) == ([f"r-{n}" for n in range(3, 8)], [f"r-{n}" for n in range(8, 15)])
    assert page.root.xpath("//*[@aria-labelledby='find-h']/details[not(@open)]/summary/h2")


def test_a_recommendation_leads_to_its_line_in_the_note(taken_in, rapporteur, visit):
    page = visit(rapporteur).get(f"/en/third-forum/sessions/{taken_in}").text
    said = "Towns must publish the state of their fountains every year."
    item = page.partition('id="r-1"')[2].partition("</li>")[0]
    line = re.search(r'href="#line-(\d+)"', item)[1]
    assert said in item
    assert 'href="/en/third-forum/recommendations/1"' in item
    assert NOTE.split("\n")[int(line) - 1] == f"- {said}"
    assert re.search(rf'id="line-{line}">(.*?)</span>', page)[1] == said


def test_the_note_stands_under_its_session_as_a_page_with_every_line(taken_in, rapporteur, visit):
    [note] = Page(visit(rapporteur).get(f"/en/third-forum/sessions/{taken_in}")).root.xpath("//*[@id='note']/div")
    lines = [number for number, line in enumerate(NOTE.split("\n"), start=1) if line]
    assert [int(line.get("id").removeprefix("line-")) for line in note.xpath(".//*[@id]")] == lines
    assert [heading.text_content() for heading in note.xpath(".//h3")] == ["Water for every district"]
    assert len(note.xpath(".//ul/li")) == NOTE.count("\n- ")
    assert "##" not in note.text_content()
    assert not note.xpath(".//b")  # tags are said as words, and stay out


def test_what_a_note_says_again_and_again_in_one_line_is_told_once(store, visit):
    said = NOTE + "\n" + "The debate was about networks, leaks and what water costs. " * 9
    with store.writing() as db:
        forum, office = factories.forum(db), factories.person(db, Role.SECRETARIAT)
        read = extract(said.encode(), source="water.en.md")
        taken = NoteImportService(db).take_in(forum, read, said, actor=OPERATOR)
        session, document = taken.sessions[0].id, taken.sessions[0].document_id
    for path in (f"{session}", f"documents/{document}"):
        page = Page(visit(office).get(f"/en/third-forum/sessions/{path}"))
        quotes = page.root.xpath("//*[contains(@class, 'checks')]//li//p[q]")
        told = [quote.text_content() for quote in quotes if "The debate" in quote.text_content()]
        assert (len(told), len(set(told))) == (1, 1)


def test_a_visitor_reads_the_programme_and_neither_the_note_nor_its_recommendations(store, taken_in, visit):
    with store.writing() as db:
        db.get_one(Forum, factories.forum(db).id).phase = Phase.DRAFTING
    client = visit(NOBODY)
    programme = Page(client.get("/en/third-forum/sessions"))
    page = client.get(f"/en/third-forum/sessions/{taken_in}").text
    assert programme.root.xpath("//a[@class='session-title']/text()") == ["Water for every district"]
    assert (programme.count, programme.data("confirmed")) == (1, [])
    assert "Who pays for the pumps?" in page
    assert "Towns must publish" not in page
    assert "line-1" not in page


def test_a_session_is_not_found_under_another_forum(store, taken_in, visit):
    with store.writing() as db:
        factories.forum(db, "other-forum")
    assert visit(NOBODY).get(f"/en/other-forum/sessions/{taken_in}").status_code == 404


def test_several_files_come_in_each_whole_or_not_at_all(store, rapporteur, visit):
    answer = upload(visit(rapporteur), ("water.md", NOTE), ("photo.jpg", b"\xff\xd8\x00\x01"), ("shade.md", OTHER))
    assert answer.status_code == 200
    page = Page(answer)
    assert page.count == 2
    assert page.data("file") == ["water.md", "photo.jpg", "shade.md"]
    assert page.data("state") == ["taken-in", "refused", "taken-in"]
    assert "Shade for every street" in page.text_of("file", "shade.md")
    assert page.part("file", "water.md").root.get("data-statements") == "2"
    assert counted(store) == 2


@pytest.mark.usefixtures("taken_in")
def test_the_same_text_is_not_taken_in_twice(store, rapporteur, visit):
    answer = upload(visit(rapporteur), ("again.md", NOTE))
    assert answer.status_code == 200
    assert Page(answer).data("state") == ["known"]
    assert counted(store) == 1


def test_when_every_file_is_refused_the_page_says_so(store, rapporteur, visit):
    answer = upload(visit(rapporteur), ("empty.md", ""))
    assert answer.status_code == 422
    assert Page(answer).data("state") == ["refused"]
    assert counted(store) == 0


HOSTILE = {
    "locked.pdf": (
        b"%PDF-1.4\n1 0 obj\n<< /Type /Catalog >>\nendobj\ntrailer\n<< /Root 1 0 R /Encrypt 2 0 R >>\n%%EOF\n"
    ),
    "cut.docx": b"PK\x03\x04 and nothing more",
    "photo.txt": b"\xff\xd8\xff\xe0\x00\x10JFIF",
    "bomb.txt": b"a\n" * 120_000,
}


@pytest.mark.parametrize("language", Language)
def test_broken_locked_and_endless_files_get_an_answer_in_the_readers_language_and_leave_nothing(
    store, rapporteur, visit, language
):
    client = visit(rapporteur)

    client.get("/en/third-forum/sessions")
    answer = client.post(
        f"/{language}/third-forum/sessions",
        data={"csrf": token_of(client)},
        files=[("files", (name, data)) for name, data in HOSTILE.items()],
    )

    assert answer.status_code == 422
    page = Page(answer)
    assert page.language == language
    assert page.data("file") == list(HOSTILE)
    assert page.data("state") == ["refused"] * len(HOSTILE)
    assert counted(store) == 0


@pytest.mark.parametrize("role", [Role.MEMBER, Role.TRANSLATOR, Role.COMMITTEE])
def test_others_are_not_offered_to_bring_notes_in(store, visit, role):
    with store.writing() as db:
        client = visit(factories.person(db, role))
    assert 'type="file"' not in client.get("/en/third-forum/sessions").text
    assert upload(client, ("water.md", NOTE)).status_code == 404
    assert counted(store) == 0


def test_a_name_with_a_folder_in_it_is_only_a_name(rapporteur, visit):
    answer = upload(visit(rapporteur), ("../../etc/<passwd>.md", NOTE))
    assert "&lt;passwd&gt;.md" in answer.text
    assert "etc/" not in answer.text


def test_the_programme_asks_the_same_number_of_questions_for_one_session_and_for_five(store, rapporteur, visit):
    client = visit(rapporteur)

    def cost():
        asked = []

        def note(*given):
            asked.append(given[2])

        sa.event.listen(store.engine, "before_cursor_execute", note)
        assert client.get("/en/third-forum/sessions").status_code == 200
        sa.event.remove(store.engine, "before_cursor_execute", note)
        return len(asked)

    upload(client, ("water.md", NOTE))
    one = cost()
    upload(client, *((f"{number}.md", NOTE.replace("Water", f"Water {number}")) for number in range(4)))
    assert counted(store) == 5
    assert cost() == one


def test_hours_without_an_offset_and_participants_by_region_stand_on_the_page(store, visit):
    note = NOTE.replace(" (UTC+1)", "") + "\n## Participants\n\n*Northern towns*\n\n1. Alta\n2. Baja\n"
    with store.writing() as db:
        office = factories.person(db, Role.SECRETARIAT)
        read = extract(note.encode(), source="note.md")
        taken = NoteImportService(db).take_in(factories.forum(db), read, note, actor=OPERATOR)
    page = Page(visit(office).get(f"/es/third-forum/sessions/{taken.sessions[0].id}"))
    moments = page.root.xpath("//dl[@class='facts']//time/@datetime")
    assert moments == ["2027-03-04T10:00:00", "2027-03-04T11:30:00"]
    assert page.root.xpath("//*[@data-region]/@data-region") == ["Northern towns"]
