"""Taking an amendment in part: a pair of marks is one change, and what is taken reads as somebody wrote it."""

import pytest

from drafts.diff.amendments import Amendment, amend
from drafts.text.blocks import Block, BlockKind, Document, Language
from tests.support.texts import reword
from workspace.amendments.decisions.partial import adopt_partly, single_changes
from workspace.core.errors import Invalid

OLD = "Towns share clean water with old neighbours today."


def proposal(old: str, new: str) -> Amendment:
    base = Document((Block("a", BlockKind.PARAGRAPH, old),), Language.EN)
    return amend(1, base, [reword("a", new)])


def readings(old: str, new: str) -> list[str]:
    """What each single change would make of the paragraph."""
    asked = proposal(old, new)
    return [adopt_partly(asked, [one.number]).proposed.blocks[0].text for one in single_changes(asked.hunks)]


@pytest.mark.parametrize(
    ("old", "new", "alone"),
    [
        (
            OLD,
            "Towns **share** clean water with young neighbours today.",
            [OLD.replace("share", "**share**"), OLD.replace("old", "young")],
        ),
        (
            OLD.replace("share", "**share**"),
            "Towns **share clean water** with young neighbours today.",
            [
                OLD.replace("share clean water", "**share clean water**"),
                "Towns **share** clean water with young neighbours today.",
            ],
        ),
        (
            OLD.replace("old", "[old](https://old.example)"),
            OLD.replace("clean", "«clean»"),
            ["Towns share «clean» water with [old](https://old.example) neighbours today.", OLD],
        ),
        (
            OLD,
            "All towns share clean water with (very) old neighbours today.",
            ["All t" + OLD[1:], OLD.replace("old", "(very) old")],
        ),
    ],
)
def test_both_marks_of_a_pair_are_taken_or_neither(old, new, alone):
    assert readings(old, new) == alone


def test_the_pieces_together_are_all_that_is_asked_for():
    asked = proposal(OLD, "All towns **share** clean (and cold) water with young neighbours.")
    count = len(single_changes(asked.hunks))
    assert count > 2
    for left_out in range(count):
        text = adopt_partly(asked, set(range(count)) - {left_out}).proposed.blocks[0].text
        assert text.count("**") in {0, 2}
        assert text.count("(") == text.count(")")
    with pytest.raises(Invalid):
        adopt_partly(asked, range(count))
