"""What a member may propose, and what a text refuses."""

import pytest

from drafts.base.errors import ImpossibleChange, UnknownBlock
from drafts.diff.amendments import Change, ChangeOp, amend, amendment_of, propose
from drafts.diff.document_diff import apply
from drafts.text.blocks import Block, BlockKind, Document, Language
from tests.support.texts import delete, ids, insert, join, move, named, reword, split, text, texts

BASE = text("Cities act now. Regions help them.", "Towns learn.", "Networks meet.")


@pytest.mark.parametrize(
    ("change", "expected"),
    [
        (reword("b1", "Towns teach."), [("b0", BASE.blocks[0].text), ("b1", "Towns teach."), ("b2", "Networks meet.")]),
        (
            insert("n", "New.", after=None),
            [("n", "New."), ("b0", BASE.blocks[0].text), ("b1", "Towns learn."), ("b2", "Networks meet.")],
        ),
        (delete("b0"), [("b1", "Towns learn."), ("b2", "Networks meet.")]),
        (move("b0", after="b2"), [("b1", "Towns learn."), ("b2", "Networks meet."), ("b0", BASE.blocks[0].text)]),
        (
            split("b0", "Cities act now.", ("n", "Regions help them.")),
            [("b0", "Cities act now."), ("n", "Regions help them."), ("b1", "Towns learn."), ("b2", "Networks meet.")],
        ),
        (join("b1", "b2"), [("b0", BASE.blocks[0].text), ("b1", "Towns learn. Networks meet.")]),
    ],
)
def test_each_operation_gives_the_text_it_names(change, expected):
    assert list(zip(ids(propose(BASE, [change])), texts(propose(BASE, [change])), strict=True)) == expected


@pytest.mark.parametrize(
    ("change", "kind"),
    [
        (reword("b1", "Towns teach."), "reword"),
        (insert("n", "New.", after="b1"), "insert"),
        (delete("b1"), "delete"),
        (move("b0", after="b1"), "move"),
        (move("b1", after=None), "move"),
        (split("b0", "Cities act now.", ("n", "Regions help them.")), "split"),
        (join("b1", "b2"), "join"),
    ],
)
def test_an_amendment_is_tracked_as_the_operation_asked_for(change, kind):
    amendment = amend(1, BASE, [change])
    assert [hunk.kind for hunk in amendment.hunks] == [kind]
    assert apply(BASE, amendment.hunks) == amendment.proposed


def test_of_two_neighbours_the_one_said_to_move_has_moved():
    down = amend(1, BASE, [move("b1", after="b2")])
    up = amend(2, BASE, [move("b2", after="b0")])
    assert down.proposed == up.proposed
    assert ([hunk.old_blocks for hunk in down.hunks], [hunk.old_blocks for hunk in up.hunks]) == ([(1,)], [(2,)])


def test_a_split_stays_a_split_when_its_parts_are_rewritten():
    asked = [
        split("b0", "Cities act now.", ("n", "Regions help them.")),
        reword("n", "Provinces and their assemblies provide money, staff and long advice."),
    ]
    assert [hunk.kind for hunk in amend(1, BASE, asked).hunks] == ["split"]


def test_several_changes_build_on_each_other():
    asked = [
        split("b0", "Cities act now.", ("n", "Regions help them.")),
        move("n", after="b2"),
        insert("m", "Seas rise.", after="n"),
        delete("b1"),
    ]
    amendment = amend(1, BASE, asked)
    assert ids(amendment.proposed) == ["b0", "b2", "n", "m"]
    assert apply(BASE, amendment.hunks) == amendment.proposed


def test_a_paragraph_can_become_a_heading():
    amendment = amend(1, BASE, [Change(ChangeOp.REWORD, "b1", kind=BlockKind.HEADING, level=2)])
    assert amendment.proposed.blocks[1] == Block("b1", BlockKind.HEADING, "Towns learn.", 2)
    assert [hunk.kind for hunk in amendment.hunks] == ["reword"]
    assert apply(BASE, amendment.hunks) == amendment.proposed


def test_the_parts_of_a_numbered_paragraph_are_numbered_paragraphs():
    base = text("Cities act now. Regions help them.", kind=BlockKind.OPERATIVE)
    proposed = propose(base, [split("b0", "Cities act now.", ("n", "Regions help them."))])
    assert [block.kind for block in proposed] == [BlockKind.OPERATIVE, BlockKind.OPERATIVE]


def test_a_whole_text_handed_in_is_an_amendment_too():
    handed_in = named(
        ("x", "Cities act now. Regions help them."), ("y", "Towns teach and learn."), ("z", "Networks meet.")
    )
    amendment = amendment_of(3, BASE, handed_in)
    assert ids(amendment.proposed) == ["b0", "b1", "b2"]
    assert [hunk.old_blocks for hunk in amendment.hunks] == [(1,)]


@pytest.mark.parametrize("change", [reword("x", "A."), delete("x"), move("x", after="b0"), move("b0", after="x")])
def test_a_change_to_a_block_that_is_not_there_is_refused(change):
    with pytest.raises(UnknownBlock) as refusal:
        propose(BASE, [change])
    assert refusal.value.facts == {"block": "x"}


@pytest.mark.parametrize(
    ("change", "reason"),
    [
        (reword("b0", " \u200b"), "no_text"),
        (insert("n", "", after="b0"), "no_text"),
        (insert("b2", "New.", after="b0"), "id_taken"),
        (split("b0", "Cities act now.", ("b2", "Regions help them.")), "id_taken"),
        (split("b0", "Cities act now."), "no_parts"),
        (split("b0", "Cities act now.", ("n", "")), "no_text"),
        (join("b0", "b2"), "not_neighbours"),
        (join("b0"), "not_neighbours"),
        (move("b0", after="b0"), "after_itself"),
    ],
)
def test_what_a_text_cannot_take_is_refused_with_a_reason(change, reason):
    with pytest.raises(ImpossibleChange) as refusal:
        propose(BASE, [change])
    assert refusal.value.facts["reason"] == reason


def test_the_id_of_a_deleted_block_is_not_given_again():
    with pytest.raises(ImpossibleChange):
        propose(BASE, [delete("b1"), insert("b1", "New.", after="b0")])


@pytest.mark.parametrize(("kind", "other"), [("table", "paragraph"), ("operative", "note"), ("code", "table")])
def test_what_is_kept_whole_never_becomes_a_paragraph_nor_a_paragraph_that(kind, other):
    base = Document((Block("t", BlockKind(kind), "| a |\n| --- |\n| b |"),), Language.EN)
    for words in (None, "Other words."):
        with pytest.raises(ImpossibleChange) as refusal:
            propose(base, [Change(ChangeOp.REWORD, "t", text=words, kind=BlockKind(other))])
        assert refusal.value.facts["reason"] == "other_kind"
    assert propose(base, [Change(ChangeOp.REWORD, "t", kind=BlockKind(kind))]).blocks[0].kind == kind


def test_a_table_is_kept_whole():
    table = Block("t", BlockKind.TABLE, "| a |\n| --- |\n| b |")
    base = Document((table, *BASE.blocks), Language.EN)
    for change in (split("t", "| a |", ("n", "| b |")), join("t", "b0")):
        with pytest.raises(ImpossibleChange) as refusal:
            propose(base, [change])
        assert refusal.value.facts["reason"] == "cannot_divide"
