"""Numbers come from order, the same in every language, and each language prints them its own way."""

import itertools

import pytest

from drafts.text.blocks import Block, BlockKind, Document, Language
from drafts.text.markup import read_blocks
from drafts.text.numbering import label, numbers, printed, reference, references, resolve

K = BlockKind


def numbered(source):
    ids = itertools.count()
    document = read_blocks(source, language=Language.EN, new_id=lambda: str(next(ids)))
    found = numbers(document)
    return [(block.text, found.get(block.id)) for block in document]


def operative(*ids):
    return Document(tuple(Block(name, K.OPERATIVE, name) for name in ids), Language.EN)


def test_paragraphs_count_through_the_text_and_items_restart_under_each():
    source = "# T\n\n## I\n\n1. One\n   a) x\n   b) y\n      i) deep\n      ii) deeper\n\n## II\n\n1. Two\n   a) z"

    assert numbered(source) == [
        ("T", None),
        ("I", None),
        ("One", "1"),
        ("x", "1(a)"),
        ("y", "1(b)"),
        ("deep", "1(b)(i)"),
        ("deeper", "1(b)(ii)"),
        ("II", None),
        ("Two", "2"),
        ("z", "2(a)"),
    ]


def test_items_under_a_paragraph_without_number_have_a_letter_only():
    assert numbered("1. One\n\nRecalling:\n\na) x\n\nb) y")[2:] == [("x", "(a)"), ("y", "(b)")]


def test_bullets_and_further_paragraphs_have_no_number():
    assert numbered("1. One\n\n   more\n\n   - bullet\n\n2. Two") == [
        ("One", "1"),
        ("more", None),
        ("bullet", None),
        ("Two", "2"),
    ]


@pytest.mark.parametrize(
    ("number", "english", "others"),
    [
        ("12", "12", "12"),
        ("12(a)", "12(a)", "12 a)"),
        ("12(a)(ii)", "12(a)(ii)", "12 a) ii)"),
        ("(a)", "(a)", "a)"),
        ("12 bis", "12 bis", "12 bis"),
        ("12 bis(a)", "12 bis (a)", "12 bis a)"),
    ],
)
def test_each_language_prints_a_number_its_own_way(number, english, others):
    assert printed(number, Language.EN) == english
    assert printed(number, Language.ES) == printed(number, Language.FR) == others


def test_the_margin_shows_the_paragraph_or_the_letter_alone():
    item, paragraph = Block("a", K.ITEM, "x", 1), Block("b", K.OPERATIVE, "x")

    assert label(paragraph, "12 bis", Language.FR) == "12 bis"
    assert [label(item, "12(a)", language) for language in Language] == ["a)", "(a)", "a)"]
    assert label(Block("c", K.BULLET, "x"), "", Language.EN) == ""


def test_what_is_inserted_after_frozen_numbers_is_bis_and_ter():
    frozen = {"p1": "1", "p2": "2"}

    assert numbers(operative("p1", "x", "y", "p2", "z"), frozen) == {
        "p1": "1",
        "x": "1 bis",
        "y": "1 ter",
        "p2": "2",
        "z": "2 bis",
    }


def test_what_is_inserted_before_the_first_frozen_number_is_ante():
    assert numbers(operative("x", "y", "p1"), {"p1": "1"}) == {"x": "1 ante", "y": "1 ante bis", "p1": "1"}


def test_a_frozen_number_stays_when_its_paragraph_moves_or_another_goes():
    assert numbers(operative("p3", "p1"), {"p1": "1", "p2": "2", "p3": "3"}) == {"p3": "3", "p1": "1"}


def test_after_a_frozen_bis_comes_ter_and_no_number_is_given_twice():
    frozen = {"p1": "1", "b": "1 bis", "p2": "2"}

    assert numbers(operative("p1", "b", "x", "p2"), frozen)["x"] == "1 ter"
    assert numbers(operative("p1", "x", "b", "p2"), frozen)["x"] == "1 bis ante"


def test_items_are_inserted_among_frozen_ones_and_counted_under_new_paragraphs():
    blocks = (
        Block("p1", K.OPERATIVE, "x"),
        Block("a", K.ITEM, "x", 1),
        Block("new", K.ITEM, "x", 1),
        Block("b", K.ITEM, "x", 1),
        Block("p", K.OPERATIVE, "x"),
        Block("c", K.ITEM, "x", 1),
    )
    frozen = {"p1": "1", "a": "1(a)", "b": "1(b)"}

    assert list(numbers(Document(blocks, Language.ES), frozen).values()) == [
        *("1", "1(a)", "1(a bis)", "1(b)", "1 bis", "1 bis(a)"),
    ]


def test_many_insertions_all_have_numbers_of_their_own():
    found = numbers(operative("p1", *(f"x{n}" for n in range(60))), {"p1": "1"})

    assert len(set(found.values())) == 61


def test_references_are_found_once_each_in_order():
    text = f"See {reference('b-2')}, [the first](#b-a1) and {reference('b-2')}; not [this](https://a.example/#b-x)."

    assert references(text) == ("b-2", "a1")


def test_a_reference_is_printed_as_a_number_of_the_language():
    found = {"x": "12(a)"}

    assert resolve("see paragraph [](#b-x)", found, Language.EN) == "see paragraph 12(a)"
    assert resolve("véase el párrafo [](#b-x)", found, Language.ES) == "véase el párrafo 12 a)"


def test_a_reference_to_nothing_and_a_labelled_one_stay_as_they_are():
    text = "see [](#b-gone) and [the springs](#b-x)"

    assert resolve(text, {"x": "1"}, Language.EN) == text
