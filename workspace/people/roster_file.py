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
    headings = _headings(numbered, source)
    columns = dict(columns_of(headings[:_MOST_COLUMNS]))
    width = max(place for place, cell in enumerate(headings, 1) if cell.strip())
    found: list[tuple[int, Mapping[int, str]]] = []
    for number, cells in numbered:
        ensure_within(cells, width, row=number, source=source)
        row = {place: cells[place].strip()[:_LONGEST_CELL] for place in columns if place < len(cells)}
        if any(row.values()):
            found.append((number, row))
        if len(found) > MOST_ROWS or number - len(found) > MOST_EMPTY:
            raise BadFile(source=source, reason="too_many_rows", most=MOST_ROWS)
    if not found:
        raise BadFile(source=source, reason="no_rows")
    for place in [place for place, meaning in columns.items() if meaning == "role"]:
        said = [row[place] for _, row in found if row.get(place)]
        if sum(folded(role) in ROLES for role in said) * 2 < len(said):
            del columns[place]  # what they are at home: mayor, councillor
    rows = [(number, {columns[at]: cell for at, cell in row.items() if at in columns}) for number, row in found]
    return RosterSheet(rows, list(columns.values()), unread(headings, columns))


def _headings(lines: Iterator[tuple[int, Sequence[str]]], source: str) -> Sequence[str]:
    """The first row that names people, within the first rows."""
    for number, cells in lines:
        if {"name", "family_name"} & set(columns_of(cells[:_MOST_COLUMNS]).values()):
            return cells
        if number >= HEADING_WITHIN:
            break
    raise BadFile(source=source, reason="no_headings")
