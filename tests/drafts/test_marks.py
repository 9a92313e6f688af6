"""Pairs of marks: made and unmade together, or by people."""

import pytest

from drafts.merge.merge import merge
from drafts.text.mark_pairs import pairs_of_marks
from tests.support.laws import law
from tests.support.texts import filed, is_balanced, marked_disputes, reword, split, text, texts

BASE = "Cities share water with towns (and villages) every single year."


def outcome(base: str, *wordings: str) -> tuple[list[str], list[tuple[int, ...]]]:
    """What stands in the text, and who disputes."""
    document = text(base)
    merged = merge(document, filed(document, *(reword("b0", wording) for wording in wordings)))
    return texts(merged.document), [cluster.amendments for cluster in merged.clusters]


@pytest.mark.parametrize(
    ("paragraph", "enclosed", "single"),
    [
        ("**must** act", ["**must**"], 0),
        ("[the charter](a.md)[^1] and [](#b-x)", ["[the charter]"], 0),
        ("« l’eau (douce) »", ["(douce)", "« l’eau (douce) »"], 0),
        ("“water” and *land*", ["“water”", "*land*"], 0),
        ("a) water; b) land", [], 2),
        ("(water «land) sea»", ["(water «land)"], 2),
        ("5 * 3", [], 1),
    ],
)
def test_marks_that_open_and_close_are_pairs(paragraph, enclosed, single):
    found, left = pairs_of_marks(paragraph)
    assert ([paragraph[pair.start : pair.end + len(pair.sign)] for pair in found], left) == (enclosed, single)


def test_a_pair_that_one_makes_waits_whole_where_half_of_it_is_disputed():
    wrapped = "Cities share «water with towns (and villages)» every single year."
    dashed = "Cities share water with towns (and villages), every single year."
    assert outcome(BASE, wrapped, dashed) == ([BASE], [(0, 1)])


def test_other_words_of_the_same_amendment_land_all_the_same():
    wrapped = "All cities share «water with towns (and villages)» every single year."
    dashed = "Cities share water with towns (and villages), every single year."
    merged, disputes = outcome(BASE, wrapped, dashed)
    assert (merged, disputes) == (["All cities share water with towns (and villages) every single year."], [(0, 1)])


@pytest.mark.parametrize(
    ("one", "other"),
    [
        (
            "Cities «share water with» towns (and villages) every single year.",
            "Cities share “water with towns” (and villages) every single year.",
        ),
        (
            "Cities **share water with towns** (and villages) every single year.",
            "Cities share **water** with towns (and villages) every single year.",
        ),
        (
            "Cities share water with towns and villages every single year.",
            "Cities share water with towns (and villages every single) year.",
        ),
        (
            "Cities share water with (towns and villages) every single year.",
            "Cities share water with towns (and villages every single) year.",
        ),
        (
            "Cities [share water](a.md) with towns (and villages) every single year.",
            "Cities share [water with](b.md) towns (and villages) every single year.",
        ),
    ],
)
def test_pairs_of_two_amendments_that_cross_or_share_a_mark_collide(one, other):
    assert outcome(BASE, one, other) == ([BASE], [(0, 1)])
    assert outcome(BASE, other, one) == ([BASE], [(0, 1)])


@pytest.mark.parametrize(
    ("one", "other", "expected"),
    [
        (
            "Cities «share water with towns» (and villages) every single year.",
            "Cities share “water with” towns (and villages) every single year.",
            "Cities «share “water with” towns» (and villages) every single year.",
        ),
        (
            "Cities **share** water with towns (and villages) every single year.",
            "Cities share water with **towns** (and villages) every single year.",
            "Cities **share** water with **towns** (and villages) every single year.",
        ),
        (
            "Cities share water with towns and villages every single year.",
            "Cities share «water with towns (and villages) every» year.",
            "Cities share «water with towns and villages every» year.",
        ),
        (
            "Cities *share water with towns* (and villages) every single year.",
            "Cities share clean water with towns (and villages) every single year.",
            "Cities *share clean water with towns* (and villages) every single year.",
        ),
    ],
)
def test_pairs_beside_or_inside_each_other_both_land(one, other, expected):
    assert outcome(BASE, one, other) == ([expected], [])
    assert outcome(BASE, other, one) == ([expected], [])


def test_the_same_pair_made_by_two_members_is_support():
    wrapped = "Cities share «water with towns» (and villages) every single year."
    assert outcome(BASE, wrapped, wrapped) == ([wrapped], [])


def test_a_paragraph_that_would_start_inside_a_new_pair_waits():
    base = text("Cities act now. Regions help them. Towns learn.")
    wrapped = reword("b0", "“Cities act now. Regions help them.” Towns learn.")
    inside = split("b0", "Cities act now.", ("s", "Regions help them. Towns learn."))
    outside = split("b0", "Cities act now. Regions help them.", ("s", "Towns learn."))
    assert [cluster.amendments for cluster in merge(base, filed(base, wrapped, inside)).clusters] == [(0, 1)]
    assert texts(merge(base, filed(base, wrapped, outside)).document) == [
        "“Cities act now. Regions help them.”",
        "Towns learn.",
    ]


def test_a_paragraph_of_nothing_but_marks_takes_no_longer_than_its_length():
    assert pairs_of_marks("(" * 40_000 + "»" * 40_000)[1] == 80_000


@law(marked_disputes(), examples=150)
def test_marks_stay_balanced_where_every_member_balanced_them(case):
    base, amendments = case
    merged = merge(base, amendments)
    shown = [
        *merged.document,
        *(block for c in merged.clusters for reading in c.alternatives for block in reading.blocks),
    ]
    assert [block.text for block in shown if not is_balanced(block.text)] == []
