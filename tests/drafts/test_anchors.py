"""Where comments point after a revision."""

from time import process_time

import pytest
from hypothesis import strategies as st

from drafts.diff.amendments import propose
from drafts.diff.document_diff import comparable, diff
from drafts.merge.anchors import Anchor, AnchorState, carry_anchor
from tests.support.laws import law
from tests.support.texts import anchor_at, bases, changes, delete, insert, join, move, named, reword, split, text

BASE = text("Cities act now. Regions help them.", "Towns learn from both.", "Networks meet.")


def anchored(document, block: str, quote: str) -> Anchor:
    start = document.block(block).text.index(quote)
    return anchor_at(document, block, start, start + len(quote))


def carried(base, asked, *anchors: Anchor):
    new = propose(base, asked)
    return carry_anchor(anchors, base, new, diff(base, new))


@pytest.mark.parametrize(
    ("asked", "state", "block", "quote"),
    [
        (reword("b0", "All cities act now. Regions help them."), "kept", "b0", "Regions help"),
        (reword("b0", "Cities act now. Most Regions help them."), "kept", "b0", "Regions help"),
        (reword("b0", "Cities act now. Regions help all of them."), "kept", "b0", "Regions help"),
        (reword("b2", "Networks assemble."), "kept", "b0", "Regions help"),
        (move("b0", after="b2"), "moved", "b0", "Regions help"),
        (split("b0", "Cities act now.", ("s", "Regions help them.")), "moved", "s", "Regions help"),
        (reword("b0", "Cities act now. Regions must help them."), "edited", "b0", "Regions must help"),
        (reword("b0", "Cities act now. Provinces help them."), "edited", "b0", "Provinces help"),
        (reword("b0", "Cities act now. Regions support them."), "edited", "b0", "Regions support"),
        (reword("b0", "Cities act now. Regions them."), "edited", "b0", "Regions"),
        (split("b0", "Cities act now. Regions", ("s", "help them.")), "edited", "b0", "Regions"),
        (reword("b0", "Cities act now. They thank them."), "edited", "b0", "They thank"),
        (reword("b0", "Cities act now."), "orphaned", "b0", "Regions help"),
        (delete("b0"), "orphaned", "b0", "Regions help"),
    ],
)
def test_an_anchor_follows_its_words(asked, state, block, quote):
    (found,) = carried(BASE, [asked], anchored(BASE, "b0", "Regions help"))
    assert (found.state.value, found.anchor.block, found.anchor.quote) == (state, block, quote)


def test_an_anchor_in_a_joined_paragraph_goes_with_its_words():
    (found,) = carried(BASE, [join("b0", "b1")], anchored(BASE, "b1", "learn"))
    assert (found.state, found.anchor.block, found.anchor.start) == (AnchorState.MOVED, "b0", 41)


def test_of_two_equal_quotes_the_one_that_was_meant_is_kept():
    base = text("la water la water la.")
    second = anchor_at(base, "b0", 12, 17)
    (found,) = carried(base, [reword("b0", "new la water la water la.")], second)
    assert (found.anchor.start, found.anchor.before) == (16, "new la water la ")


def test_an_orphan_keeps_its_quote_beside_what_stood_before_it():
    anchor = anchored(BASE, "b1", "learn from")
    (found,) = carried(BASE, [delete("b1")], anchor)
    assert (found.state, found.anchor, found.beside) == (AnchorState.ORPHANED, anchor, "b0")


def test_words_cut_here_and_pasted_there_are_found_again():
    base = text("Cities act now. Regions help them with money.", "Towns learn.")
    asked = [reword("b0", "Cities act now."), reword("b1", "Towns learn. Regions help them with money.")]
    (found,) = carried(base, asked, anchored(base, "b0", "help them with"))
    assert (found.state, found.anchor.block, found.anchor.quote) == (AnchorState.MOVED, "b1", "help them with")


def test_words_that_could_have_gone_to_two_places_are_nobodys():
    base = text("Cities act. Help them with money.", "Towns learn.", "Regions meet.")
    asked = [
        reword("b0", "Cities act."),
        reword("b1", "Towns learn. Help them with money."),
        reword("b2", "Regions meet. Help them with money."),
    ]
    (found,) = carried(base, asked, anchored(base, "b0", "them with money"))
    assert found.state is AnchorState.ORPHANED


def test_a_remark_on_a_whole_paragraph_stays_with_it():
    point = Anchor("b0", 0, 0, "")
    (found,) = carried(BASE, [reword("b0", "Cities act now.")], point)
    assert (found.state, found.beside) == (AnchorState.KEPT, "b0")
    (gone,) = carried(BASE, [delete("b0")], point)
    assert (gone.state, gone.beside) == (AnchorState.ORPHANED, "b1")


def test_an_anchor_that_is_not_where_it_says_is_looked_for_in_what_is_new():
    stray = Anchor("nowhere", 3, 9, "seas rise fast")
    new = [insert("n", "The seas rise fast today.", after="b0")]
    assert [found.state for found in carried(BASE, new, stray)] == [AnchorState.MOVED]
    assert [(found.state, found.beside) for found in carried(BASE, [], stray)] == [(AnchorState.ORPHANED, "b0")]


@st.composite
def anchored_versions(draw):
    base = draw(bases())
    proposed = base
    for step in range(draw(st.integers(0, 4))):
        change = draw(changes(proposed, f"n{step}"))
        proposed = propose(proposed, [change]) if change else proposed
    anchors = []
    for block in base:
        start = draw(st.integers(0, len(block.text)))
        anchors.append(anchor_at(base, block.id, start, draw(st.integers(start, len(block.text)))))
    return base, proposed, anchors


@law(anchored_versions())
def test_a_quote_stands_where_its_anchor_says(case):
    base, new, anchors = case
    result = carry_anchor(anchors, base, new, diff(base, new))
    _, new = comparable(base, new)
    assert len(result) == len(anchors)
    for before, after in zip(anchors, result, strict=True):
        if after.state is AnchorState.ORPHANED:
            assert after.anchor == before
            assert (new.block(after.beside or "") is None) == (not new.blocks)
            continue
        assert new.block(after.anchor.block).text[after.anchor.start : after.anchor.end] == after.anchor.quote
        assert after.beside == after.anchor.block
        if after.state is not AnchorState.EDITED:
            assert after.anchor.quote == before.quote


@law(anchored_versions())
def test_what_leaves_a_paragraph_alone_leaves_its_anchors_alone(case):
    base, new, anchors = case
    hunks = diff(base, new)
    touched = {block.id for hunk in hunks for block in hunk.old}
    for before, after in zip(anchors, carry_anchor(anchors, base, new, hunks), strict=True):
        if before.block not in touched:
            assert (after.state, after.anchor) == (AnchorState.KEPT, before)


@law(bases(), st.data())
def test_a_move_loses_no_anchor(base, data):
    order = data.draw(st.permutations(base.blocks))
    new = named(*((block.id, block.text) for block in order))
    anchors = [anchor_at(base, block.id, 0, len(block.text)) for block in base]
    for before, after in zip(anchors, carry_anchor(anchors, base, new, diff(base, new)), strict=True):
        assert after.anchor == before
        assert after.state in (AnchorState.KEPT, AnchorState.MOVED)


def test_five_thousand_anchors_are_carried_in_a_moment():
    base = text(*(" ".join(f"w{index * 31 + k}" for k in range(30)) for index in range(400)))
    asked = [reword(f"b{index}", base.blocks[index].text.replace("w", "v", 2)) for index in range(0, 400, 4)]
    new = propose(base, asked)
    hunks = diff(base, new)
    anchors = [anchor_at(base, f"b{number % 400}", 40, 60) for number in range(5000)]
    started = process_time()
    assert len(carry_anchor(anchors, base, new, hunks)) == 5000
    assert process_time() - started < 1
