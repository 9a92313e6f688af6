"""Hostile inputs end soon, or are refused with what is too large about them."""

from time import process_time

import pytest

from drafts.base.errors import TooLarge
from drafts.diff.document_diff import diff
from drafts.diff.word_diff import word_diff
from drafts.merge.merge import merge
from tests.support.texts import filed, named, reword, text


def refused(action) -> dict:
    started = process_time()
    with pytest.raises(TooLarge) as refusal:
        action()
    assert process_time() - started < 30
    return refusal.value.facts


def test_a_line_of_ten_megabytes_is_refused():
    line = "water and land " * 700_000
    assert refused(lambda: word_diff(line, line + "for all"))["what"] == "text"


def test_two_long_paragraphs_without_a_common_word_are_refused():
    old, new = (" ".join(f"{letter}{number}" for number in range(30_000)) for letter in "ab")
    assert refused(lambda: word_diff(old, new))["what"] == "comparison"


def test_a_long_paragraph_with_one_word_changed_is_compared():
    old = " ".join(f"w{number}" for number in range(30_000))
    (hunk,) = word_diff(old, old.replace("w15000", "changed"))
    assert (hunk.old, hunk.new) == ("w15000", "changed")


def test_fifty_thousand_paragraphs_all_reworded_without_ids_are_refused():
    old, new = (
        named(*((f"{side}{number}", f"Paragraph {number} says {side}.") for number in range(50_000))) for side in "ab"
    )
    assert refused(lambda: diff(old, new))["what"] == "comparison"


def test_a_thousand_paragraphs_on_either_side_without_a_match_take_the_place_of_each_other():
    old, new = (
        named(*((f"{side}{number}", f"{side}{number} stands alone.") for number in range(1000))) for side in "ab"
    )
    started = process_time()
    assert len(diff(old, new)) == 1000
    assert process_time() - started < 30


def test_fifty_thousand_paragraphs_with_ids_are_compared():
    old = named(*((f"b{number}", f"Paragraph {number} stands.") for number in range(50_000)))
    new = named(*((block.id, block.text.replace("7 stands", "7 moves")) for block in old))
    started = process_time()
    assert len(diff(old, new)) == 5000
    assert process_time() - started < 60


def test_a_merge_of_too_much_is_refused_too():
    base = text("water " * 10)
    assert refused(lambda: filed(base, reword("b0", "land " * 500_000)))["what"] == "text"
    assert merge(base, []).is_clean
