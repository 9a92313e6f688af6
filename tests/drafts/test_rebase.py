"""A pending amendment carried to a text that has changed meanwhile."""

from collections import Counter

import pytest
from hypothesis import assume
from msgspec.structs import replace

from drafts.diff.amendments import amend, amendment_of
from drafts.diff.document_diff import apply
from drafts.merge.merge import FlagKind, merge
from drafts.merge.rebase import RebaseStatus, rebase
from tests.support.laws import law
from tests.support.texts import delete, disputes, filed, ids, insert, move, reword, split, text, texts

BASE = text("Cities act now. Regions help them.", "Towns learn.", "Networks meet.")
MUST = reword("b0", "Cities must act now. Regions help them.")


@pytest.mark.parametrize(
    ("adopted", "pending", "status"),
    [
        (MUST, [], RebaseStatus.EMPTY),
        (MUST, [MUST], RebaseStatus.ALREADY_INCLUDED),
        (MUST, [reword("b0", "Cities may act now. Regions help them.")], RebaseStatus.COLLIDES),
        (delete("b0"), [MUST], RebaseStatus.COLLIDES),
        (MUST, [MUST, delete("b1")], RebaseStatus.PARTLY_INCLUDED),
        (MUST, [reword("b0", "Cities act now. Regions help them all.")], RebaseStatus.STILL_APPLIES),
        (move("b0", after="b2"), [MUST], RebaseStatus.STILL_APPLIES),
    ],
)
def test_a_pending_amendment_has_one_of_five_statuses(adopted, pending, status):
    earlier, later = filed(BASE, adopted, pending)
    assert rebase(BASE, [earlier], later).status is status
    assert rebase(BASE, earlier.proposed, later).status is status


def test_the_next_version_says_the_same_about_the_new_text():
    earlier, later = filed(BASE, [MUST, delete("b1")], reword("b0", "Cities act now. Regions help them all."))
    rebased = rebase(BASE, [earlier], later)
    assert texts(rebased.document) == ["Cities must act now. Regions help them all.", "Networks meet."]
    assert rebased.amendment.base == earlier.proposed
    assert [(words.old, words.new) for hunk in rebased.amendment.hunks for words in hunk.words] == [("", " all")]
    assert (rebased.amendment.number, rebased.amendment.proposed) == (later.number, rebased.document)


@pytest.mark.parametrize("pending", [MUST, reword("b0", "Cities may act now. Regions help them.")])
def test_no_version_is_made_where_a_person_must_decide_or_nothing_is_left(pending):
    earlier, later = filed(BASE, MUST, pending)
    assert rebase(BASE, [earlier], later).amendment is None


def test_a_collision_shows_the_adopted_words_beside_the_pending_ones():
    earlier, later = filed(BASE, MUST, reword("b0", "Cities may act now. Regions help them."))
    (cluster,) = rebase(BASE, [earlier], later).clusters
    assert [reading.text for reading in cluster.alternatives] == [
        "Cities must act now. Regions help them.",
        "Cities may act now. Regions help them.",
    ]


def test_what_was_adopted_counts_as_filed_first_whatever_its_number():
    later, earlier = filed(BASE, insert("x", "Seas rise.", after="b0"), insert("y", "Forests burn.", after="b0"))
    assert ids(rebase(BASE, [earlier], later).document) == ["b0", "y", "x", "b1", "b2"]


def test_words_follow_a_paragraph_that_was_split_and_moved():
    adopted = [move("b0", after="b2"), split("b0", "Cities act now.", ("n", "Regions help them."))]
    earlier, later = filed(BASE, adopted, reword("b0", "Cities act now. Regions must help them."))
    rebased = rebase(BASE, earlier.proposed, later)
    assert rebased.status is RebaseStatus.STILL_APPLIES
    assert texts(rebased.document) == ["Towns learn.", "Networks meet.", "Cities act now.", "Regions must help them."]


@law(disputes(most=2), examples=200)
def test_adopting_one_then_the_other_is_the_clean_merge_of_both(case):
    base, amendments = case
    assume(len(amendments) == 2)
    assume(all(set(ids(base)) & set(ids(amendment.proposed)) for amendment in amendments))
    one, other = (amendment_of(amendment.number, base, amendment.proposed) for amendment in amendments)
    merged = merge(base, [one, other])
    assume(merged.is_clean)
    first, second = rebase(base, one.proposed, other), rebase(base, other.proposed, one)
    assert first.document == merged.document
    assert Counter(texts(second.document)) == Counter(texts(merged.document))
    if all(flag.kind is not FlagKind.SAME_POINT for flag in merged.flags):
        assert texts(second.document) == texts(merged.document)
    if first.amendment is not None:
        assert apply(one.proposed, first.amendment.hunks) == first.document


@law(disputes(most=2))
def test_what_is_adopted_is_included_ever_after(case):
    base, amendments = case
    pending = amendments[-1]
    again = rebase(base, [replace(pending, number=9)], pending)
    assert again.status is (RebaseStatus.ALREADY_INCLUDED if pending.hunks else RebaseStatus.EMPTY)
    assert again.document == pending.proposed


def test_an_amendment_that_asks_for_nothing_has_no_hunks():
    assert amend(0, BASE, [reword("b0", BASE.blocks[0].text)]).hunks == ()


@law(disputes())
def test_what_needs_no_merge_comes_to_what_a_merge_would_make_of_it(case):
    base, amendments = case
    assume(len(amendments) > 1)
    nothing = amendment_of(9, base, base)
    quick, merged = (rebase(base, adopted, amendments[1]) for adopted in ([amendments[0]], [amendments[0], nothing]))
    assert (quick.status, quick.document) == (merged.status, merged.document)
    assert [one.base_blocks for one in quick.clusters] == [one.base_blocks for one in merged.clusters]
    assert [edit.outcome for edit in quick.fate.edits] == [edit.outcome for edit in merged.fate.edits]
