"""The text with what is not agreed in it: brackets and pending amendments in place, by rights, in few queries."""

from uuid import UUID

import pytest

from drafts.text.blocks import Language
from tests.support.page import Page
from tests.support.texts import delete, insert, reword
from tests.workspace.amendments.room import Room, opened
from tests.workspace.desk.visiting import DRAFT, browser, queries_for, read
from workspace.amendments.decisions.brackets import WantedAlternative
from workspace.amendments.service import AmendmentService
from workspace.core.actor import Role
from workspace.core.security.permissions import Phase
from workspace.core.storage.db import Store, Trilingual
from workspace.desk.pages.reading import SHEETS
from workspace.translations.domain.suggestions import SuggestionService

ES, EN, FR = Language
WATER = {ES: "Las villas comparten el agua.", EN: "Towns share water.", FR: "Les villes partagent l’eau."}
TOOLS, TREES = "Towns lend tools.", "Towns plant trees."
AMENDMENTS, BRACKETS = f"{DRAFT}?view=amendments", f"{DRAFT}?view=brackets"


@pytest.fixture(autouse=True)
def _nothing_kept() -> None:
    SHEETS.clear()  # the rooms of these tests are copies of one another


@pytest.fixture
def room(store: Store) -> Room:
    return opened(store, WATER, TOOLS, TREES)


def column(page: Page, language: Language, place: int = 0) -> Page:
    return page.rows("col", language)[place]


def marked(cell: Page, tag: str) -> list[str]:
    """The inserted or deleted words of a paragraph and below it, without what is only heard."""
    marks = cell.root.xpath(f".//{tag}[not(ancestor::*[@class='elsewhere'])]")
    return ["".join(mark.xpath(".//text()[not(ancestor::*[@class='vh'])]")) for mark in marks]


def signed(cell: Page) -> list[str]:
    return list(cell.root.xpath(".//a[@class='am-no']/text()"))


def prepared(room: Room, number: int, text: str, language: Language = EN) -> None:
    with room.store.writing() as db:
        amendment = room.amendment(number)
        translator = room.person(db, Role.TRANSLATOR)
        SuggestionService(db).prepare(amendment.id, UUID(room.block(0)), language, text, actor=translator)


def test_pending_amendments_stand_as_word_diffs_in_their_paragraph(room):
    number = room.propose(reword(room.block(0), "Towns share clean water."))

    clean, shown = read(room.store, DRAFT, room.member), read(room.store, AMENDMENTS, room.member)

    assert marked(column(clean, EN), "ins") == []
    assert (marked(column(shown, EN), "ins"), marked(column(shown, EN), "del")) == (["clean"], [])
    assert signed(column(shown, EN)) == [str(number)]
    assert all(link.endswith(f"/amendments/{number}") for link in column(shown, EN).links)
    assert column(shown, EN).part("amendment", number).text.endswith(room.amendment(number).proposer.name)
    assert marked(column(shown, ES), "ins") == []  # its words are no Spanish ones


def test_several_at_one_place_stand_one_after_the_other_each_with_its_number(store):
    room = opened(store, "Towns shall share water with all.")
    for words in ("should share water with all", "must share water with all", "must share water with everyone"):
        room.propose(reword(room.block(0), f"Towns {words}."))

    cell = column(read(store, AMENDMENTS, room.member), EN)

    assert (marked(cell, "del"), marked(cell, "ins")) == (["shall", "all"], ["should", "must", "everyone"])
    assert signed(cell) == ["1", "2", "3", "3"]


def test_deletions_and_new_paragraphs_stand_where_they_belong(room):
    room.propose(delete(room.block(1)))
    room.propose(insert("new", "Towns share shade.", after=room.block(0)))

    page = read(room.store, AMENDMENTS, room.member)

    assert (marked(column(page, EN, 1), "del"), signed(column(page, EN, 1))) == ([TOOLS], ["1"])
    assert marked(column(page, EN).part("amendment", 2), "ins") == ["Towns share shade."]


def test_a_sub_amendment_stands_inside_the_amendment_it_amends(room):
    parent = room.propose(reword(room.block(0), "Towns share clean water."))
    child = room.amend(parent, reword(room.block(0), "Towns share safe water."))

    inside = column(read(room.store, AMENDMENTS, room.member), EN).part("amendment", parent).part("amendment", child)

    assert (marked(inside, "del"), marked(inside, "ins")) == (["clean"], ["safe"])


def test_one_in_a_language_that_is_not_shown_stands_at_its_paragraph(room):
    number = room.propose(reword(room.block(0), "Les villes partagent toute l’eau."), language=FR)

    line = column(read(room.store, f"{AMENDMENTS}&text=en", room.member), EN).part("amendment", number)

    assert marked(line, "ins") == ["toute"]
    assert [part.get("lang") for part in line.root.xpath(".//ins/ancestor::*[@lang][1]")] == ["fr"]


def test_a_prepared_translation_stands_in_the_text_of_its_language(room):
    number = room.propose(reword(room.block(0), "Les villes partagent toute l’eau."), language=FR)
    prepared(room, number, "Towns share all water.")

    page = read(room.store, AMENDMENTS, room.member)

    assert (marked(column(page, EN), "ins"), signed(column(page, EN))) == (["all"], ["1"])
    assert marked(column(page, FR), "ins") == ["toute"]
    assert [bool(row.data("prepared")) for row in page.rows("amendment", number)] == [False, True, False]
    assert page.rows("amendment", number)[0].root.get("class") == "elsewhere"  # in Spanish: for a narrow screen


@pytest.mark.parametrize("where", ["amendments/1", "amendments/", "paragraphs/{}/beside", "paragraphs/{}"])
def test_what_is_said_in_another_language_stands_beside_it_in_the_readers(room, where):
    number = room.propose(reword(room.block(0), "Les villes partagent toute l’eau."), language=FR)
    path = f"{DRAFT}/{where.format(room.block(0))}"
    is_alone = "paragraphs" not in where or "beside" in where  # where the text does not stand in three languages

    before = read(room.store, path, room.member)
    prepared(room, number, "Towns share all water.")
    after, french = (read(room.store, address, room.member) for address in (path, path.replace("/en/", "/fr/")))

    assert before.data("own") == (["amended"] if is_alone and where != "amendments/" else [])
    assert all(WATER[EN] in own.text for own in before.rows("own"))
    assert [marked(own, "ins") for own in after.rows("own", "prepared")] == [["all"]]
    assert french.data("own") == []


def test_who_may_not_read_an_amendment_sees_none(store):
    room = opened(store, WATER, phase=Phase.CONSULTATION)
    room.propose(reword(room.block(0), "Towns share clean water."), by=room.chair)

    page = read(store, AMENDMENTS)

    assert (page.status, marked(column(page, EN), "ins"), page.data("amendment")) == (200, [], [])


def test_bracketed_wordings_stand_in_their_paragraph(room):
    with room.store.writing() as db:
        wanted = WantedAlternative(Trilingual(en="Towns give water."))
        AmendmentService(db).bracket(
            room.declaration.id,
            UUID(room.block(0)),
            [wanted],
            language=EN,
            reason="",
            expected_head=room.declaration.head_id,
            actor=room.chair,
        )
    number = room.propose(reword(room.block(0), "Towns share clean water."))

    clean, shown = read(room.store, DRAFT, room.member), read(room.store, BRACKETS, room.member)
    both = read(room.store, AMENDMENTS, room.member)

    assert clean.data("alternative") == []
    assert column(shown, EN).data("alternative") == column(both, EN).data("alternative") == ["A", "B"]
    assert marked(shown, "ins") == []
    assert marked(column(both, EN).part("amendment", number), "ins") == ["clean"]


@pytest.mark.parametrize("view", ["clean", "amendments"])
def test_the_view_is_remembered_and_can_be_left(room, view):
    room.propose(reword(room.block(0), "Towns share clean water."))

    with browser(room.store, room.member) as client:
        client.get(f"{DRAFT}?view={view}")
        again, back = Page(client.get(DRAFT)), Page(client.get(f"{DRAFT}?view=clean"))

    assert bool(marked(again, "ins")) == (view == "amendments")
    assert marked(back, "ins") == []


def test_what_is_pending_costs_no_query_for_a_paragraph(room):
    room.amend(room.propose(reword(room.block(0), "Towns share clean water.")), reword(room.block(0), "Share."))
    few = queries_for(room.store, AMENDMENTS, room.member)
    for place, words in enumerate(("Towns share safe water.", "Towns lend good tools.", "Towns plant old trees.")):
        room.amend(room.propose(reword(room.block(place), words)), reword(room.block(place), f"Now: {words}"))

    SHEETS.clear()
    assert queries_for(room.store, AMENDMENTS, room.member) <= few
