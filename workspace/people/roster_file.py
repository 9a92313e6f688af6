"""From a spreadsheet of people to rows of plain strings."""

from collections.abc import Iterable, Iterator, Mapping, Sequence

from msgspec import Struct

from workspace.core.errors import BadFile
from workspace.core.spreadsheets import HEADING_WITHIN, MOST_EMPTY, MOST_ROWS, read_rows
from workspace.people.roster_words import columns_of

_MOST_COLUMNS = 60
_LONGEST_CELL = 1_000


class Sheet(Struct, frozen=True):
    """The rows of a spreadsheet: the number of each in the file, and what stands under each known heading."""

    rows: Sequence[tuple[int, Mapping[str, str]]]
    columns: Sequence[str]  # the known ones, in their order
    unknown: Sequence[str]  # headings that nobody knows


def read_sheet(data: bytes, *, source: str) -> Sheet:
    """Read a spreadsheet; raises `BadFile` for what is none, is too large, or names no column of people."""
    return _sheet(read_rows(data, source=source, headings=columns_of), source)


def _sheet(lines: Iterable[Sequence[str]], source: str) -> Sheet:
    numbered = enumerate(lines, start=1)
    columns, unknown = _headings(numbered, source)
    rows: list[tuple[int, Mapping[str, str]]] = []
    for number, cells in numbered:
        row = {meaning: cells[place].strip() for place, meaning in columns.items() if place < len(cells)}
        if any(row.values()):
            rows.append((number, {meaning: value[:_LONGEST_CELL] for meaning, value in row.items()}))
        if len(rows) > MOST_ROWS or number - len(rows) > MOST_EMPTY:
            raise BadFile(source=source, reason="too_many_rows", most=MOST_ROWS)
    if not rows:
        raise BadFile(source=source, reason="no_rows")
    return Sheet(rows, list(columns.values()), unknown)


def _headings(lines: Iterator[tuple[int, Sequence[str]]], source: str) -> tuple[Mapping[int, str], Sequence[str]]:
    """The first row that names two columns, or a name, within the first rows."""
    for number, cells in lines:
        columns = columns_of(cells[:_MOST_COLUMNS])
        if {"name", "family_name"} & set(columns.values()):
            unknown = [cell[:80] for place, cell in enumerate(cells[:_MOST_COLUMNS]) if cell and place not in columns]
            return columns, unknown
        if number >= HEADING_WITHIN:
            break
    raise BadFile(source=source, reason="no_headings")
