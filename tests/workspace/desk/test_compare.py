"""Two revisions of a text beside each other, in one language."""

import re

import pytest

from drafts.diff.amendments import Change, ChangeOp, SplitPart
from drafts.text.blocks import BlockKind, Language
from tests.support import factories
from tests.support.page import Page
from tests.workspace.desk.visiting import DRAFT, queries_for, read, seen
from workspace.amendments.service import AmendmentService
from workspace.core.actor import OPERATOR, Actor, Role
from workspace.core.security.permissions import Phase
from workspace.core.storage.db import Store
from workspace.declarations.domain import queries
from workspace.declarations.domain.service import DeclarationService
from workspace.translations.domain.service import TranslationService

EN, FR = Language.EN, Language.FR
TEXTS = (
    "Towns shall share the water of their wells.",
    "Schools shall teach every child how to swim.",
    "Markets shall stay open until nine in the evening. Nobody shall be fined for closing earlier.",
)


@pytest.fixture
def member(store: Store) -> Actor:
    with store.writing() as db:
        factories.declaration(db, *TEXTS)
        return factories.person(db, Role.MEMBER)


def edit(store: Store, *ops: tuple[ChangeOp, int, str]) -> None:
    """Change the paragraphs at these places, in one revision."""
    with store.writing() as db:
        declaration = DeclarationService(db).at(factories.forum(db), "declaration")
        ids = [str(row.block_id) for row in queries.head_rows(db, declaration)]
        AmendmentService(db).edit(
            declaration.id,
            [_change(op, ids[place], text) for op, place, text in ops],
            language=EN,
            reason="so decided",
            expected_head=declaration.head.id,
            actor=OPERATOR,
        )


def _change(op: ChangeOp, block: str, text: str) -> Change:
    match op:
        case ChangeOp.INSERT:
            return Change(op, "new", text=text, kind=BlockKind.OPERATIVE, after=block)
        case ChangeOp.MOVE:
            return Change(op, block, after=None)
        case ChangeOp.SPLIT:
            first, rest = text.split(" / ")
            return Change(op, block, text=first, parts=(SplitPart("rest", rest),))
        case ChangeOp.REWORD:
            return Change(op, block, text=text)
        case _:
            return Change(op, block)


def kinds(page: Page) -> list[str]:
    """What happened to each passage that changed, in the order of the page."""
    found = page.root.xpath("//article/@data-kind")
    return [kind for kind in found if kind != "same"]


def inserted(page: Page) -> list[str]:
    """The words marked as inserted, without those for screen readers."""
    marks = page.root.xpath(".//ins")
    return [" ".join(mark.xpath(".//text()[not(ancestor::*[@class='vh'])]")).strip() for mark in marks]


@pytest.mark.parametrize("language", ["es", "en", "fr"])
def test_changed_words_are_marked_and_announced(store: Store, member: Actor, language: str) -> None:
    edit(store, (ChangeOp.REWORD, 0, "Towns shall share the clean water of their wells."))

    page = read(store, f"/{language}/third-forum/declaration/compare?from=1&to=2&text=en", member)

    assert (page.status, page.language) == (200, language)
    [mark] = page.root.xpath("//article//ins")
    announced = mark.xpath(".//*[@class='vh']")
    assert [bool(words.text_content().strip()) for words in announced] == [True, True]


def test_the_heading_counts_the_changes(store: Store, member: Actor) -> None:
    edit(
        store,
        (ChangeOp.REWORD, 0, "Towns shall share the clean water of their wells."),
        (ChangeOp.INSERT, 0, "Fountains shall be free for everyone."),
        (ChangeOp.DELETE, 1, ""),
    )

    page = read(store, f"{DRAFT}/compare?from=1&to=2&text=en", member)

    assert page.count == 3
    assert sorted(kinds(page)) == ["delete", "insert", "reword"]
    assert page.data("words") == ["+7 −8"]


def test_a_move_and_a_split_are_called_so(store: Store, member: Actor) -> None:
    first, second = TEXTS[2].split(". ")
    edit(store, (ChangeOp.SPLIT, 2, f"{first}. / {second}"), (ChangeOp.MOVE, 1, ""))

    page = read(store, f"{DRAFT}/compare?from=1&to=2&text=en", member)

    assert kinds(page)[:1] == ["moved"]
    [moved] = page.rows("kind", "moved")
    assert "2" in moved.text_of("before")
    assert len(page.rows("kind", "split")) == 1


def test_without_a_choice_it_is_what_the_last_revision_changed(store: Store, member: Actor) -> None:
    edit(store, (ChangeOp.REWORD, 0, "Towns shall share the clean water of their wells."))
    edit(store, (ChangeOp.DELETE, 1, ""))

    page = read(store, f"{DRAFT}/compare?text=en", member)

    assert (page.field("from").value, page.field("to").value) == ("2", "3")
    assert page.count == 1


def test_the_text_in_force_can_be_ahead_of_its_last_revision(store: Store, member: Actor) -> None:
    with store.writing() as db:
        declaration = DeclarationService(db).at(factories.forum(db), "declaration")
        row = queries.head_rows(db, declaration)[0]
        TranslationService(db).save(
            declaration.id,
            row.block_id,
            FR,
            "Les villes partagent l’eau de leurs puits.",
            sources=[EN],
            expected=row.texts[FR].id,
            actor=OPERATOR,
        )

    assert "partagent" in seen(store, f"{DRAFT}/compare?from=1&to=now&text=fr", member).text
    assert read(store, f"{DRAFT}/compare?from=1&to=1&text=fr", member).count == 0


def test_what_did_not_change_can_be_unfolded(store: Store, member: Actor) -> None:
    edit(store, (ChangeOp.REWORD, 0, "Towns shall share the clean water of their wells."))

    page = read(store, f"{DRAFT}/compare?from=1&to=2&text=en", member)

    [folded] = page.root.xpath("//details[@class='unchanged']")
    assert len(folded.xpath(".//article")) == 2
    assert TEXTS[1] in folded.text_content()


@pytest.mark.parametrize(("view", "jumps"), [("inline", 45), ("side", 0), ("three", 0)])
def test_many_changes_come_in_pages_and_every_change_can_be_gone_to(store: Store, view: str, jumps: int) -> None:
    with store.writing() as db:
        factories.declaration(db, *(f"Town {n} shares water." for n in range(50)))
        member = factories.person(db, Role.MEMBER)
    edit(store, (ChangeOp.MOVE, 49, ""), *((ChangeOp.REWORD, n, f"Town {n} sells water.") for n in range(43)))
    address, found = f"{DRAFT}/compare?from=1&to=2&base=1&text=en&view={view}", []

    while address:
        page = read(store, address, member)
        ids = page.root.xpath("//article/@id")
        inside = page.root.xpath("//article//small/a/@href")
        assert {link[1:] for link in inside} <= set(page.root.xpath("//@id"))
        assert len(page.root.xpath("//nav[contains(@class, 'jumps')]//li")) == jumps
        found += ids
        address = next(iter(page.root.xpath("//a[@rel='next']/@href")), "")

    assert len(found) == len(set(found)) >= 50


@pytest.mark.parametrize("query", ["from=1&to=9", "from=nine", "from=0&to=1", "to=²"])
def test_a_revision_that_does_not_exist_is_not_there(store: Store, member: Actor, query: str) -> None:
    assert seen(store, f"{DRAFT}/compare?{query}", member).status_code == 404


def test_comparing_is_closed_to_visitors(store: Store) -> None:
    with store.writing() as db:
        factories.declaration(db, phase=Phase.CONSULTATION)

    assert seen(store, f"{DRAFT}/compare").status_code == 404


def test_the_queries_do_not_grow_with_the_changes(store: Store, member: Actor) -> None:
    edit(store, (ChangeOp.REWORD, 0, "Towns shall share the clean water of their wells."))
    one = queries_for(store, f"{DRAFT}/compare", member)
    for n in range(3):
        edit(store, (ChangeOp.INSERT, n, f"Fountain {n} shall be free."), (ChangeOp.REWORD, n, f"Town {n} shares."))

    assert queries_for(store, f"{DRAFT}/compare", member) == one


def test_what_moved_away_keeps_its_old_number_in_the_margin(store: Store, member: Actor) -> None:
    edit(store, (ChangeOp.MOVE, 2, ""))

    [left] = read(store, f"{DRAFT}/compare?from=1&to=2&text=en", member).rows("kind", "moved_from")

    assert left.root.xpath(".//a/text()")[0] == "3"


def test_a_new_paragraph_without_words_in_this_language_says_so(store: Store, member: Actor) -> None:
    edit(store, (ChangeOp.INSERT, 0, "Fountains shall be free for everyone."))

    [inserted] = read(store, f"{DRAFT}/compare?from=1&to=2&text=fr", member).rows("kind", "insert")

    assert len(inserted.rows("wordless")) == 1


def words_of(html: str) -> str:
    """What is seen, without the words for screen readers."""
    shown = re.sub(r'<span class="vh">[^<]*</span>', "", html)
    return " ".join(re.sub(r"<[^>]+>", " ", shown).split())


def test_two_texts_stand_side_by_side_each_with_its_own_words(store: Store, member: Actor) -> None:
    edit(store, (ChangeOp.REWORD, 0, "Towns shall share the clean water of their wells."), (ChangeOp.DELETE, 1, ""))

    page = seen(store, f"{DRAFT}/compare?from=1&to=2&text=en&view=side", member).text
    left, right = re.findall(r'<div class="side">(.*?)</div></div>', page, re.DOTALL)[:2]
    ids = re.findall(r'\bid="([^"]+)"', page)

    assert words_of(left) == "1 Towns shall share the water of their wells."
    assert words_of(right) == "1 Towns shall share the clean water of their wells."
    [deleted] = Page(page).rows("kind", "delete")
    assert len(deleted.rows("wordless")) == 1
    assert sorted(ids) == sorted(set(ids))


def test_a_base_stands_beside_what_two_texts_made_of_it(store: Store, member: Actor) -> None:
    edit(store, (ChangeOp.REWORD, 0, "Towns shall share the clean water of their wells."))
    edit(
        store,
        (ChangeOp.REWORD, 1, "Schools shall teach everybody how to swim."),
        (ChangeOp.INSERT, 1, "Pools stay open."),
    )

    page = read(store, f"{DRAFT}/compare?from=2&to=3&base=1&text=en&view=three", member)
    water, swim, pools = [Page(place) for place in page.root.xpath("//article[starts-with(@id, 'place')]")][:3]

    assert inserted(water) == ["clean", "clean"]
    assert len(swim.rows("as-base")) == 1
    assert inserted(swim) == ["everybody"]
    assert pools.rows("wordless")
    assert inserted(pools) == ["Pools stay open."]


def test_each_language_says_how_much_of_it_changed(store: Store, member: Actor) -> None:
    edit(store, (ChangeOp.REWORD, 0, "Towns shall share the clean water of their wells."))

    page = seen(store, f"{DRAFT}/compare?from=1&to=2&text=fr", member).text

    assert re.findall(r"<small>(\d+)<span", page) == ["0", "1", "0"]


@pytest.mark.parametrize("view", ["side", "three", "inline"])
def test_every_view_asks_the_database_the_same_for_any_number_of_changes(
    store: Store, member: Actor, view: str
) -> None:
    edit(store, (ChangeOp.REWORD, 0, "Towns share water."))
    one = queries_for(store, f"{DRAFT}/compare?from=1&to=2&view={view}", member)
    edit(store, (ChangeOp.REWORD, 0, "Towns share."), (ChangeOp.REWORD, 1, "Schools teach."), (ChangeOp.MOVE, 2, ""))

    assert queries_for(store, f"{DRAFT}/compare?from=1&to=3&view={view}", member) == one
