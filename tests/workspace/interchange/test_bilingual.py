"""Bilingual Word files: out with the source beside the translation, and back as translations or suggestions."""

import pytest

from tests.support import factories
from tests.support.page import Page
from tests.support.site import token_of
from tests.support.texts import reword
from tests.support.word import InWord, w
from tests.workspace.amendments.browsing import DRAFT, browsing
from tests.workspace.amendments.room import opened
from workspace.core.actor import Role
from workspace.core.storage.db import Store
from workspace.declarations.domain import queries
from workspace.declarations.domain.models import Declaration

TAKE = f"{DRAFT}/translation/word"


@pytest.fixture
def room(store: Store):
    return opened(store)


@pytest.fixture
def desk(room):
    """The browser of a translator."""
    with room.store.writing() as db:
        translator = factories.person(db, Role.TRANSLATOR)
    with browsing(room.store, translator) as browser:
        browser.see(f"{DRAFT}/word")
        yield browser


def taken(desk) -> bytes:
    answer = desk.client.get(f"{DRAFT}/word/file", params={"form": "columns", "text": "en,fr"})
    assert answer.status_code == 200
    return answer.content


def brought(desk, data: bytes):
    files = {"file": ("bilingual.docx", data, "application/octet-stream")}
    return desk.client.post(TAKE, data={"csrf": token_of(desk.client)}, files=files)


def french(room) -> list[str]:
    with room.store.reading() as db:
        declaration = db.get_one(Declaration, room.declaration.id)
        return [row.content("fr") for row in queries.head_rows(db, declaration)]


def in_second_column(data: bytes, row: int, words: str) -> bytes:
    """Somebody writes a translation into the last cell of a row; the heading is row 0."""
    file = InWord(data, author="")

    def change(document) -> None:
        namespace = document.nsmap["w"]
        cell = document.findall(f".//{{{namespace}}}tr")[row].findall(f"{{{namespace}}}tc")[-1]
        texts = list(cell.iter(f"{{{namespace}}}t"))
        texts[0].text = words
        for other in texts[1:]:
            other.text = ""

    return file.edit(change).save()


def test_a_translation_written_in_word_comes_back_to_its_paragraph(room, desk):
    before = french(room)
    page = brought(desk, in_second_column(taken(desk), 2, "Les villes éclairent chaque sentier."))
    assert page.status_code == 200
    assert Page(page).refusals == []
    assert french(room) == [before[0], "Les villes éclairent chaque sentier.", *before[2:]]


def test_what_moved_on_meanwhile_is_not_overwritten_but_waits(room, desk):
    data = taken(desk)
    brought(desk, in_second_column(data, 2, "Une version."))
    page = brought(desk, in_second_column(data, 2, "Une autre version."))
    assert "suggested" in Page(page).data("fate")
    assert french(room)[1] == "Une version."


def test_a_file_without_its_marks_and_part_is_refused_and_says_why(room, desk):
    page = brought(desk, InWord(taken(desk), author="").without_marks().save())
    assert page.status_code == 422
    assert Page(page).refusal == "workspace.bad_file:not_bilingual"
    assert room.revisions() == 1


def test_a_bilingual_file_brought_to_the_wrong_place_is_told_where_to_go(room, desk):
    data = taken(desk)
    with browsing(room.store, room.member) as member:
        member.see(f"{DRAFT}/word")
        files = {"file": ("bilingual.docx", data, "application/octet-stream")}
        page = member.client.post(f"{DRAFT}/word", data={"csrf": token_of(member.client)}, files=files)
    assert page.status_code == 422
    assert Page(page).refusal == "workspace.bad_file:is_bilingual"


def test_each_row_says_what_waits_in_it(room, desk):
    room.edit(reword(room.block(1), "Towns light every path."))
    rows = InWord(taken(desk)).document.iter(w("tr"))
    numbers = ["".join(rows_cell.itertext()) for rows_cell in (row.find(w("tc")) for row in rows)]
    assert ["out of date" in number for number in numbers] == [False, False, True, *[False] * (len(numbers) - 3)]
