"""One change is one change, whatever program the file went through and whatever its author is used to."""

import pytest

from drafts.formats.docx.returned import UNTRACKED, UnplacedReason
from tests.drafts.formats.word_habits import ANA, HABITS, SELL, nested_table, word
from tests.drafts.formats.word_texts import back, told


@pytest.mark.parametrize("habit", HABITS, ids=range(len(HABITS)))
def test_one_change_is_one_change_whatever_the_file_went_through(habit):
    found = back(habit(word()).save())
    assert told(found)[ANA] == SELL
    assert set(told(found)) <= {ANA, "Luc Petit"}
    assert {one.reason for one in found.unplaced} <= {UnplacedReason.ANOTHER}
    assert found.census.gone == 0


@pytest.mark.parametrize("habit", HABITS[:4], ids=range(4))
def test_the_same_change_made_without_tracking_is_found_by_comparing(habit):
    assert told(back(habit(word(author="")).save())) == {UNTRACKED: SELL}


@pytest.mark.parametrize("accept", [True, False])
def test_changes_accepted_or_rejected_before_sending(accept):
    file = (
        word()
        .replace("sell it", "give it away")
        .delete_paragraph("Every fountain")
        .add_paragraph("the wells", "the rivers;")
    )
    found = back(file.settled(accept=accept).save())
    if not accept:
        assert told(found) == {}
        return
    assert told(found) == {UNTRACKED: [("delete", "o4", None), ("insert", "new-5", "the rivers;"), *SELL]}


def test_a_table_inside_a_cell_is_told_and_its_words_are_those_of_the_cell():
    found = back(nested_table(word()).save())
    assert told(found)[ANA] == SELL
    assert "inner" in told(found)[UNTRACKED][0][2]
    assert UnplacedReason.NESTED_TABLE in {one.reason for one in found.unplaced}
