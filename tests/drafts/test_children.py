"""Amendments to amendments: the parent as its children change it."""

from hypothesis import strategies as st

from drafts.diff.amendments import amend, propose, stated_changes
from drafts.diff.document_diff import apply
from drafts.merge.merge import merge, modified_parent
from tests.support.laws import law
from tests.support.texts import amendments, bases, delete, filed, insert, reword, text, texts

BASE = text("Cities act now. Regions help them.", "Towns learn.", "Networks meet.")
MUST = reword("b0", "Cities must act now. Regions help them.")


@st.composite
def families(draw: st.DrawFn):
    """A parent, and children filed on the text it proposes."""
    base = draw(bases())
    parent = draw(amendments(base, 7))
    return parent, [draw(amendments(parent.proposed, number)) for number in range(8, 8 + draw(st.integers(0, 3)))]


def test_a_child_changes_what_its_parent_asks_for():
    (parent,) = filed(BASE, MUST)
    child = amend(1, parent.proposed, [reword("b0", "Cities must act now and together. Regions help them.")])

    asked = modified_parent(parent, [child]).amendment

    assert texts(asked.proposed)[0] == "Cities must act now and together. Regions help them."
    assert [(words.old, words.new) for hunk in asked.hunks for words in hunk.words] == [
        ("", "must "),
        ("", " and together"),
    ]
    assert (asked.number, asked.base) == (parent.number, BASE)


def test_a_child_can_change_a_paragraph_that_only_its_parent_has():
    (parent,) = filed(BASE, insert("new", "Villages sing.", after="b1"))
    child = amend(1, parent.proposed, [reword("new", "Villages sing and dance.")])

    assert texts(modified_parent(parent, [child]).amendment.proposed) == [
        *texts(BASE)[:2],
        "Villages sing and dance.",
        texts(BASE)[2],
    ]


def test_a_child_that_undoes_its_parent_leaves_nothing_to_ask_for():
    for change, undoing in ((MUST, reword("b0", texts(BASE)[0])), (insert("new", "Sing.", after=None), delete("new"))):
        (parent,) = filed(BASE, change)
        assert modified_parent(parent, [amend(1, parent.proposed, [undoing])]).amendment.hunks == ()


def test_children_that_dispute_each_other_leave_the_parents_words():
    (parent,) = filed(BASE, MUST)
    children = [
        amend(number, parent.proposed, [reword("b0", f"Cities {word} act now. Regions help them.")])
        for number, word in ((1, "shall"), (2, "may"))
    ]

    found = modified_parent(parent, children)

    assert found.amendment == parent
    assert [cluster.amendments for cluster in found.merged.clusters] == [(1, 2)]
    assert [reading.text for reading in found.merged.clusters[0].alternatives] == [
        "Cities shall act now. Regions help them.",
        "Cities may act now. Regions help them.",
    ]


@law(families())
def test_without_children_it_is_the_parent_itself(family):
    parent, _ = family
    assert modified_parent(parent, []).amendment == parent


@law(families())
def test_what_it_asks_for_is_what_the_children_made_of_the_parents_text(family):
    parent, children = family
    found = modified_parent(parent, children)
    assert found.amendment.proposed == merge(parent.proposed, children).document
    assert apply(parent.base, found.amendment.hunks) == found.amendment.proposed
    assert merge(parent.base, [found.amendment]).document == found.amendment.proposed


@law(families())
def test_hunks_told_as_changes_give_the_same_text(family):
    parent, children = family
    for one in (parent, modified_parent(parent, children).amendment):
        assert propose(one.base, stated_changes(one.proposed, one.hunks)) == one.proposed
