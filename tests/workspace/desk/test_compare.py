"""Two revisions of a text beside each other, in one language."""

import re

import pytest

from drafts.amendments import Change, ChangeOp, Part
from drafts.blocks import BlockKind, Language
from tests.support import factories
from tests.workspace.desk.visiting import DRAFT, queries_for, seen
from workspace.amendments.service import AmendmentService
from workspace.core.actor import OPERATOR, Actor, Role
from workspace.core.db import Store
from workspace.core.permissions import Phase
from workspace.declarations import queries
from workspace.declarations.service import DeclarationService
from workspace.translations.service import TranslationService

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
            return Change(op, block, text=first, parts=(Part("rest", rest),))
        case ChangeOp.REWORD:
            return Change(op, block, text=text)
        case _:
            return Change(op, block)


@pytest.mark.parametrize("language", ["es", "en", "fr"])
def test_changed_words_are_marked_and_announced(store: Store, member: Actor, language: str) -> None:
    edit(store, (ChangeOp.REWORD, 0, "Towns shall share the clean water of their wells."))

    page = seen(store, f"/{language}/third-forum/declaration/compare?from=1&to=2&text=en", member)

    assert page.status_code == 200
    assert '<span class="vh">inserted: </span>' in page.text
    assert '<span class="vh"> end of insertion</span>' in page.text


def test_the_heading_counts_the_changes(store: Store, member: Actor) -> None:
    edit(
        store,
        (ChangeOp.REWORD, 0, "Towns shall share the clean water of their wells."),
        (ChangeOp.INSERT, 0, "Fountains shall be free for everyone."),
        (ChangeOp.DELETE, 1, ""),
    )

    page = seen(store, f"{DRAFT}/compare?from=1&to=2&text=en", member).text

    assert "3 changes in the English text" in " ".join(page.split())
    assert "One reworded, one inserted and one deleted." in " ".join(page.split())
    assert "7 words inserted, 8 words deleted." in " ".join(page.split())


def test_a_move_and_a_split_are_called_so(store: Store, member: Actor) -> None:
    first, second = TEXTS[2].split(". ")
    edit(store, (ChangeOp.SPLIT, 2, f"{first}. / {second}"), (ChangeOp.MOVE, 1, ""))

    page = seen(store, f"{DRAFT}/compare?from=1&to=2&text=en", member).text

    assert "Paragraph 1: Moved here" in page
    assert "(before: Paragraph 2)" in page
    assert "Paragraph 3: Split" in page


def test_without_a_choice_it_is_what_the_last_revision_changed(store: Store, member: Actor) -> None:
    edit(store, (ChangeOp.REWORD, 0, "Towns shall share the clean water of their wells."))
    edit(store, (ChangeOp.DELETE, 1, ""))

    page = seen(store, f"{DRAFT}/compare?text=en", member).text

    assert '<option value="2" selected' in page
    assert '<option value="3" selected' in page
    assert "One change in the English text" in " ".join(page.split())


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
    assert "Nothing changed in the French text" in seen(store, f"{DRAFT}/compare?from=1&to=1&text=fr", member).text


def test_what_did_not_change_can_be_unfolded(store: Store, member: Actor) -> None:
    edit(store, (ChangeOp.REWORD, 0, "Towns shall share the clean water of their wells."))

    page = seen(store, f"{DRAFT}/compare?from=1&to=2&text=en", member).text

    assert "<summary>2 passages without changes</summary>" in page
    assert TEXTS[1] in page


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

    page = seen(store, f"{DRAFT}/compare?from=1&to=2&text=en", member).text
    left = page[page.index('data-kind="moved_from"') :]

    assert "Paragraph 3: Moved away from here" in left
    assert '">3</a>' in left


def test_a_new_paragraph_without_words_in_this_language_says_so(store: Store, member: Actor) -> None:
    edit(store, (ChangeOp.INSERT, 0, "Fountains shall be free for everyone."))

    page = seen(store, f"{DRAFT}/compare?from=1&to=2&text=fr", member).text

    assert "Paragraph 2: Inserted" in page
    assert "It has no words in this language yet." in page


def words_of(html: str) -> str:
    """What is read, with the words for screen readers."""
    return " ".join(re.sub(r"<[^>]+>", " ", html).split())


def test_two_texts_stand_side_by_side_each_with_its_own_words(store: Store, member: Actor) -> None:
    edit(store, (ChangeOp.REWORD, 0, "Towns shall share the clean water of their wells."), (ChangeOp.DELETE, 1, ""))

    page = seen(store, f"{DRAFT}/compare?from=1&to=2&text=en&view=side", member).text
    left, right = re.findall(r'<div class="side">(.*?)</div></div>', page, re.DOTALL)[:2]
    ids = re.findall(r'\bid="([^"]+)"', page)

    assert words_of(left) == "1 Towns shall share the water of their wells."
    assert words_of(right) == "1 Towns shall share the inserted: clean end of insertion water of their wells."
    assert "It is not there any more." in page
    assert sorted(ids) == sorted(set(ids))


def test_a_base_stands_beside_what_two_texts_made_of_it(store: Store, member: Actor) -> None:
    edit(store, (ChangeOp.REWORD, 0, "Towns shall share the clean water of their wells."))
    edit(
        store,
        (ChangeOp.REWORD, 1, "Schools shall teach everybody how to swim."),
        (ChangeOp.INSERT, 1, "Pools stay open."),
    )

    page = seen(store, f"{DRAFT}/compare?from=2&to=3&base=1&text=en&view=three", member).text
    water, swim, pools = (
        words_of(one) for one in re.findall(r'<article class="changed" id="place.*?</article>', page, re.DOTALL)[:3]
    )

    assert water.count("inserted: clean end of insertion") == 2
    assert "As in the base" in swim
    assert "inserted: everybody end of insertion" in swim
    assert "Nothing here" in pools
    assert "Pools stay open." in pools


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
