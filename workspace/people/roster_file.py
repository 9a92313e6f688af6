"""From a spreadsheet of people to rows of plain strings."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import TypeVar

from msgspec import Struct, json

from drafts.text.blocks import Language
from workspace.core.actor import Role
from workspace.core.errors import BadFile
from workspace.core.spreadsheets import HEADING_WITHIN, MOST_EMPTY, MOST_ROWS, ensure_within, read_rows, unread
from workspace.people.models import OrganisationKind
from workspace.people.validation import folded

Meaning = TypeVar("Meaning")

COLUMNS = ("name", "email", "organisation", "kind", "country", "role", "starts_on", "ends_on", "language")


class _Words(Struct, frozen=True):
    headings: Mapping[str, Sequence[str]]
    kinds: Mapping[OrganisationKind, Sequence[str]]
    roles: Mapping[Role, Sequence[str]]
    languages: Mapping[Language, Sequence[str]]


def _by_word(meanings: Mapping[Meaning, Sequence[str]]) -> Mapping[str, Meaning]:
    return {folded(word): meaning for meaning, words in meanings.items() for word in words}


_WORDS = json.decode(Path(__file__).with_name("roster_words.json").read_bytes(), type=_Words)
HEADINGS, KINDS = _by_word(_WORDS.headings), _by_word(_WORDS.kinds)
ROLES, LANGUAGES = _by_word(_WORDS.roles), _by_word(_WORDS.languages)


def columns_of(headings: Iterable[str]) -> Mapping[int, str]:
    """Which column holds what, by its place; a column that nobody knows is left out, a second one of a kind too."""
    found: dict[int, str] = {}
    for place, heading in enumerate(headings):
        meaning = HEADINGS.get(folded(heading))
        if meaning and meaning not in found.values():
            found[place] = meaning
    return found


_MOST_COLUMNS = 60
_LONGEST_CELL = 1_000


class RosterSheet(Struct, frozen=True):
    """The rows of a spreadsheet: the number of each in the file, and what stands under each known heading."""

    rows: Sequence[tuple[int, Mapping[str, str]]]
    columns: Sequence[str]  # the known ones, in their order
    unknown: Sequence[str]  # headings that nobody knows


def read_sheet(data: bytes, *, source: str) -> RosterSheet:
    """Read a spreadsheet; raises `BadFile` for what is none, is too large, or names no column of people."""
    return _sheet(read_rows(data, source=source, headings=columns_of), source)


def _sheet(lines: Iterable[Sequence[str]], source: str) -> RosterSheet:
    numbered = enumerate(lines, start=1)
    columns, unknown, width = _headings(numbered, source)
    rows: list[tuple[int, Mapping[str, str]]] = []
    for number, cells in numbered:
        ensure_within(cells, width, row=number, source=source)
        row = {meaning: cells[place].strip() for place, meaning in columns.items() if place < len(cells)}
        if any(row.values()):
            rows.append((number, {meaning: value[:_LONGEST_CELL] for meaning, value in row.items()}))
        if len(rows) > MOST_ROWS or number - len(rows) > MOST_EMPTY:
            raise BadFile(source=source, reason="too_many_rows", most=MOST_ROWS)
    if not rows:
        raise BadFile(source=source, reason="no_rows")
    return RosterSheet(rows, list(columns.values()), unknown)


def _headings(lines: Iterator[tuple[int, Sequence[str]]], source: str) -> tuple[Mapping[int, str], Sequence[str], int]:
    """The first row that names two columns, or a name, within the first rows, and how far its headings go."""
    for number, cells in lines:
        columns = columns_of(cells[:_MOST_COLUMNS])
        if {"name", "family_name"} & set(columns.values()):
            width = max(place for place, cell in enumerate(cells, 1) if cell.strip())
            return columns, unread(cells, columns), width
        if number >= HEADING_WITHIN:
            break
    raise BadFile(source=source, reason="no_headings")
