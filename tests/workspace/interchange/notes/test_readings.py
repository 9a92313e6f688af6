"""Thirty-six notes in three languages and many layouts, against what a careful reader finds in each of them.

The notes are in `readings/`, each with its reading as JSON beside it. A statement counts as found when it has the
reader's words and hardly more; whatever else is proposed counts against precision.
"""

from collections import Counter
from collections.abc import Iterable, Sequence
from pathlib import Path

import msgspec
import pytest
from msgspec import Struct
from rapidfuzz import fuzz

from workspace.interchange.notes import extract
from workspace.sessions.extraction import Extraction, SessionFound, Statement

READINGS = Path(__file__).parents[1] / "readings"
NOTES = sorted(path.with_suffix("") for path in READINGS.glob("*.json"))
CLOSE = 80
FEW_MORE = 1.6
FIELDS = (
    *("title", "type", "thematic_line", "subtheme", "start", "end", "utc_offset", "place", "room", "platform"),
    *("format", "capacity", "registration", "stated_duration_minutes"),
)


class SessionRead(Struct, forbid_unknown_fields=True):
    """A session as a careful reader has it; what is left out is not compared."""

    title: str
    type: str | None = None
    thematic_line: str | None = None
    subtheme: str | None = None
    start: str | None = None
    end: str | None = None
    utc_offset: str | None = None
    place: str | None = None
    room: str | None = None
    platform: str | None = None
    format: str | None = None
    capacity: int | None = None
    registration: str | None = None
    stated_duration_minutes: int | None = None
    working_languages: list[str] = []
    organisers: list[str] = []
    co_organisers: list[str] = []
    funders: list[str] = []
    moderators: list[str] = []
    speakers: list[tuple[str | None, str]] = []
    agenda: list[tuple[int | None, str]] = []
    inferred: dict[str, str] = {}


class Reading(Struct, forbid_unknown_fields=True):
    """What a careful reader finds in one note."""

    document_kind: str
    language: str
    sessions: list[SessionRead]
    template_sections: list[tuple[str, int, int]] = []
    objectives: list[str] = []
    key_messages: list[str] = []
    discussion_questions: list[str] = []
    recommendations: list[str] = []
    participants: list[str] = []
    collaboration_projects: list[tuple[str, str | None, list[str], int]] = []
    links: list[str] = []
    inconsistencies: list[str] = []


def read(note: Path) -> tuple[Extraction, Reading]:
    expected = msgspec.json.decode((note.parent / f"{note.name}.json").read_bytes(), type=Reading)
    return extract(note.read_bytes(), source=note.name), expected


def is_same(wanted: str, found: str) -> bool:
    """Whether `found` has the wanted words and hardly more."""
    close = fuzz.ratio(wanted.lower(), found.lower()) >= CLOSE
    return close or (wanted in found and len(found) <= FEW_MORE * len(wanted))


def missed(wanted: Iterable[str], found: Sequence[str]) -> list[str]:
    return [one for one in wanted if not any(is_same(one, other) for other in found)]


def texts(statements: Iterable[Statement]) -> list[str]:
    return [one.text for one in statements]


@pytest.mark.parametrize("note", NOTES, ids=lambda note: note.name)
def test_kind_language_links_and_participants_are_those_a_reader_finds(note):
    found, expected = read(note)

    assert (found.document_kind, found.language) == (expected.document_kind, expected.language)
    assert list(found.links) == expected.links
    assert list(found.participants) == expected.participants
    assert [(one.name, one.limit_words) for one in found.template_sections if one.limit_words] == [
        (name, limit) for name, limit, _ in expected.template_sections
    ]


@pytest.mark.parametrize("note", NOTES, ids=lambda note: note.name)
def test_sessions_have_the_fields_a_reader_finds(note):
    found, expected = read(note)

    assert len(found.sessions) == len(expected.sessions)
    for session, wanted in zip(found.sessions, expected.sessions, strict=True):
        for name in FIELDS:
            if getattr(wanted, name) is not None:
                assert getattr(session, name) == getattr(wanted, name), name
        _same_people_and_agenda(session, wanted)


def _same_people_and_agenda(session: SessionFound, wanted: SessionRead) -> None:
    assert list(session.working_languages) == wanted.working_languages
    assert list(session.organisers) == wanted.organisers
    assert list(session.co_organisers) == wanted.co_organisers
    assert list(session.funders) == wanted.funders
    assert [person.name or person.organisation for person in session.moderators] == wanted.moderators
    assert [person.name for person in session.speakers] == [name for name, _ in wanted.speakers]
    for person, (_, confirmed) in zip(session.speakers, wanted.speakers, strict=True):
        assert person.confirmed in ({"unknown", "yes"} if "_" in confirmed else {confirmed})
    assert [(item.minutes, item.title) for item in session.agenda] == wanted.agenda
    if wanted.inferred:
        assert {name: guess.value for name, guess in session.inferred.items()} == wanted.inferred


@pytest.mark.parametrize("note", NOTES, ids=lambda note: note.name)
def test_objectives_messages_questions_and_projects_are_those_a_reader_finds(note):
    found, expected = read(note)

    for name in ("objectives", "key_messages", "discussion_questions"):
        proposed = texts(getattr(found, name))
        assert missed(getattr(expected, name), proposed) == []
        assert len(proposed) == len(getattr(expected, name)), proposed
    assert [
        (project.title, project.promoter, list(project.interested), len(project.actions))
        for project in found.collaboration_projects
    ] == expected.collaboration_projects


def test_of_all_recommendations_nearly_every_one_is_found_and_nearly_nothing_else():
    wanted = proposed = lost = invented = 0
    for note in NOTES:
        found, expected = read(note)
        mine = texts(found.recommendations)
        wanted, proposed = wanted + len(expected.recommendations), proposed + len(mine)
        lost += len(missed(expected.recommendations, mine))
        invented += sum(not any(is_same(one, other) for one in expected.recommendations) for other in mine)

    assert (wanted - lost) / wanted >= 0.95
    assert (proposed - invented) / proposed >= 0.95


def test_what_does_not_add_up_is_reported_with_its_lines_and_little_else():
    lost: Counter[str] = Counter()
    extra: Counter[str] = Counter()
    total = 0
    for note in NOTES:
        found, expected = read(note)
        lines = len(note.read_text().splitlines())
        kinds = {one.type for one in found.inconsistencies}
        lost.update(set(expected.inconsistencies) - kinds)
        extra.update(kinds - set(expected.inconsistencies))
        total += len(expected.inconsistencies)
        for one in found.inconsistencies:
            assert one.evidence
            assert all(evidence.quote and 0 < (evidence.line or 1) <= lines for evidence in one.evidence)

    assert lost.total() <= 0.05 * total, lost
    assert extra.total() <= 0.15 * total, extra


@pytest.mark.parametrize("note", NOTES, ids=lambda note: note.name)
def test_every_statement_stands_word_for_word_in_the_note(note):
    source = " ".join(note.read_text().replace("-\n", "").split())
    found, _ = read(note)
    running = (
        *("III CUMBRE DE BARRIOS MONTEVIDEO ", "- 2 - ISLANDS FORUM 2026 ", "- 3 - ISLANDS FORUM 2026 "),
        *("World Assembly of Food Cities Concept Note Session 2.4 ", "Page 2 of 3 ", "Page 3 of 3 "),
        " CARTA DE LOS MERCADOS 2025 Nota de la sesión 7 ",
    )
    for header in running:
        source = source.replace(header, "")

    for said in (*found.objectives, *found.key_messages, *found.discussion_questions, *found.recommendations):
        assert " ".join(said.text.split()) in source
