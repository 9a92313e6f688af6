"""What does not add up is said in the reader's language: no sentence of the notes is left in English."""

from pathlib import Path

import pytest

from drafts.text.blocks import Language
from workspace.interchange.notes import extract
from workspace.sessions.pages.programme import FINDINGS, PLACE, finding_sentence, is_known_finding
from workspace.web.i18n.messages import messages

READINGS = sorted(path.with_suffix("") for path in (Path(__file__).parents[1] / "readings").glob("*.json"))

INCONSISTENT = READINGS[0].parents[1].joinpath("inconsistent_notes.txt").read_text(encoding="utf-8").split("%%% ")[1:]


@pytest.mark.parametrize("note", INCONSISTENT, ids=[note.partition("\n")[0] for note in INCONSISTENT])
def test_what_contradicts_itself_in_a_note_is_found_and_can_be_said(note):
    types, _, text = note.partition("\n")
    found = {finding.type: finding.description for finding in extract(text.encode(), source="n").inconsistencies}

    assert [each for each in types.split() if not is_known_finding(found.get(each, ""))] == []


def test_every_finding_of_the_readings_is_one_that_pages_can_say():
    told = {one.description for note in READINGS for one in extract(note.read_bytes(), source="n").inconsistencies}

    assert [one for one in sorted(told) if not is_known_finding(one)] == []
    assert len({PLACE.sub("", one) for one in told}) > len(FINDINGS) / 2


@pytest.mark.parametrize(
    ("told", "english"),
    [
        ("2. Aims: 257 words for a limit of 250.", "2. Aims: 257 words, limit 250."),
        (
            "Different durations: 70 minutes stated, 90 minutes by the clock.",
            "Different durations: 70 minutes stated, 90 minutes by the clock.",
        ),
        ("The agenda adds up to 60 minutes, not 70 or 90.", "Agenda: 60 minutes, not 70 / 90."),
        (
            "One title in two wordings: “50 % or more” and “Half”.",
            "One title in two wordings: “50 % or more” and “Half”.",
        ),
        ("A sentence of a reader to come.", "A sentence of a reader to come."),
    ],
)
def test_a_finding_keeps_its_facts(told, english):
    assert finding_sentence(told, messages(Language.EN)) == english


@pytest.mark.parametrize("language", [Language.ES, Language.FR])
@pytest.mark.parametrize(
    "told",
    ["2 of 5 speakers are still to be confirmed.", "Slips of the pen.", "Local time without an offset from UTC."],
)
def test_a_finding_of_an_earlier_wording_is_said_in_the_readers_language(told, language):
    assert is_known_finding(told)
    assert finding_sentence(told, messages(language)) != finding_sentence(told, messages(Language.EN))


@pytest.mark.parametrize(("language", "title"), [(Language.ES, "Acuerdo de París"), (Language.FR, "Accord de Paris")])
def test_the_title_of_an_adopted_text_is_said_in_the_readers_language(language, title):
    said = finding_sentence("“Paris Agreement” was adopted in 2015.", messages(language))

    assert title in said
    assert "Paris Agreement" not in said
