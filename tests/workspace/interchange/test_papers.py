"""Compilation, circular and table: made from a table that was taken, in each language, as page, Word and PDF."""

import io
import re

import docx
import msgspec
import pypdfium2
import pytest

from drafts.text.blocks import BlockKind
from tests.support import factories
from tests.support.texts import delete, insert, reword
from tests.workspace.amendments.browsing import DRAFT, browsing
from tests.workspace.amendments.room import WATER, opened
from workspace.amendments.snapshots import SnapshotService
from workspace.core.actor import Role

TABLE = f"{DRAFT}/amendments/tables/1"
NEAR, FAR = WATER.replace("clean", "free"), "Water belongs to everybody."


@pytest.fixture
def room(store):
    """Four proposals to one paragraph and one after the last, and a table taken of them."""
    room = opened(store)
    room.propose(reword(room.block(0), NEAR))
    room.propose(reword(room.block(0), FAR), by=room.other)
    room.propose(delete(room.block(0)))
    room.propose(insert("x", "Parks *shall* be open.", after=room.block(2)))
    with store.writing() as db:
        SnapshotService(db).take(room.declaration.id, actor=room.chair)
    return room


@pytest.fixture
def office(room):
    with room.store.writing() as db:
        secretary = factories.person(db, Role.SECRETARIAT)
    with browsing(room.store, secretary) as browser:
        yield browser


def read(browser, path: str, **query: str) -> bytes:
    answer = browser.client.get(f"{TABLE}/{path}", params=query)
    assert answer.status_code == 200, answer.text
    return answer.content


def paragraphs(content: bytes) -> list[str]:
    return [one.text for one in docx.Document(io.BytesIO(content)).paragraphs]


def test_a_compilation_brackets_every_proposal_under_its_paragraph_the_furthest_first(office):
    found = paragraphs(read(office, "compilation/docx", text="en"))
    start = found.index(WATER)
    assert [one.split("]")[0] for one in found[start + 1 : start + 4]] == [
        "[The paragraph is deleted.",
        f"[{FAR}",
        f"[{NEAR}",
    ]
    assert re.search(r"Amendment 1, .+", found[start + 3])
    assert [one for one in found if one][-1].startswith("[New paragraph: Parks shall be open.]")


def test_what_is_new_in_a_proposal_stands_in_bold(office):
    document = docx.Document(io.BytesIO(read(office, "compilation/docx", text="en")))
    [line] = [one for one in document.paragraphs if NEAR in one.text]
    assert "".join(run.text for run in line.runs if run.bold) == "free"


@pytest.mark.parametrize("paper", ["compilation", "circular", "table"])
@pytest.mark.parametrize("language", ["es", "en", "fr"])
def test_every_paper_is_a_page_a_word_file_and_a_pdf_in_each_language(office, paper, language):
    assert f'lang="{language}"' in read(office, paper, text=language).decode()
    assert len(paragraphs(read(office, f"{paper}/docx", text=language))) > 1
    pages = pypdfium2.PdfDocument(read(office, f"{paper}/pdf", text=language))
    assert "1 / " in pages[0].get_textpage().get_text_range()


def test_a_paper_stays_what_it_was_while_the_text_goes_on(room, office):
    before = read(office, "compilation/pdf", text="en")
    room.propose(reword(room.block(1), "Towns shall light every path."))
    assert read(office, "compilation/pdf", text="en") == before


def test_a_circular_says_what_is_open_how_to_amend_and_what_there_is(office):
    words = "\n".join(paragraphs(read(office, "circular/docx", text="en")))
    assert re.findall(r"\b[124]\b", words)[:1] == ["1"], "the number of the circular"
    assert {"2", "4"} <= set(re.findall(r"\d+", words)), "an amendment, and how many are open"


def test_a_circular_says_the_place_of_what_has_no_number(store):
    room = opened(store)
    room.edit(msgspec.structs.replace(insert("p", "Recalling the sea,", after=None), kind=BlockKind.PREAMBLE))
    room.propose(reword(room.block(0), "Recalling the seas,"))
    with store.writing() as db:
        SnapshotService(db).take(room.declaration.id, actor=room.chair)
    with browsing(store, room.chair) as browser:
        [listed] = [line for line in paragraphs(read(browser, "circular/docx", text="en")) if "Amendment 1" in line]
    assert "Preambular paragraph 1" in listed


@pytest.mark.parametrize(
    ("language", "count", "said"),
    [
        ("en", 0, "0 open amendments"),
        ("en", 1, "One open amendment"),
        ("es", 0, "0 enmiendas abiertas"),
        ("fr", 0, "0 amendement ouvert"),
        ("fr", 1, "1 amendement ouvert"),
        ("fr", 2, "2 amendements ouverts"),
    ],
)
def test_what_is_counted_stands_in_the_form_of_its_language(store, language, count, said):
    room = opened(store)
    for words in (NEAR, FAR)[:count]:
        room.propose(reword(room.block(0), words))
    with store.writing() as db:
        SnapshotService(db).take(room.declaration.id, actor=room.chair)
        secretary = factories.person(db, Role.SECRETARIAT)
    with browsing(store, secretary) as browser:
        assert said in paragraphs(read(browser, "circular/docx", text=language))


def test_papers_are_not_there_for_those_who_may_not_read_the_amendments_of_others(room):
    with browsing(room.store) as visitor:
        assert visitor.see(f"{TABLE}/compilation").status_code == 404
        assert visitor.see(f"{TABLE}/compilation/pdf").status_code == 404


def test_an_unknown_paper_or_form_is_not_there(office):
    for path in ("poem", "compilation/exe", "table/odt"):
        assert office.see(f"{TABLE}/{path}").status_code == 404


def test_nobody_writes_marks_into_a_paper_by_their_name_or_words(room, office):
    room.propose(reword(room.block(2), "**Bold** | a table [x](javascript:alert(1)) <b>no</b>"))
    with room.store.writing() as db:
        SnapshotService(db).take(room.declaration.id, actor=room.chair)
    page = office.see(f"{DRAFT}/amendments/tables/2/compilation").text
    assert 'href="javascript' not in page
    assert "<b>no</b>" not in page
