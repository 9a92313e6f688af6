"""What is heard is what was read and kept (`tests.heard`); and a page that is heard otherwise is noticed."""

import pytest

from tests.heard import FOLDER, differences, measure


def test_a_button_that_lost_its_name_is_noticed():
    kept = {path.name: path.read_text(encoding="utf-8") for path in FOLDER.glob("*.txt")}
    assert kept
    name, words = next((name, words) for name, words in kept.items() if 'button "' in words)
    first = words.index('button "')
    broken = words[:first] + "button" + words[words.index('"', first + 8) + 1 :]

    assert differences(kept) == []
    assert [line[:2] for line in differences({**kept, name: broken})] == ["--", "++", "@@", "- ", "+ "]


@pytest.mark.long
@pytest.mark.browser
def test_the_main_pages_and_journeys_are_heard_as_they_were_read():
    assert differences(measure()) == []
