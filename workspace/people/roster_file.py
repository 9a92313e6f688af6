"""From a spreadsheet of people to rows of plain strings: CSV, XLSX or ODS, bounded before it is parsed.

A workbook of any size that matters is read in the bounded child process; a small one takes less than starting that.
"""

import csv
import io
import zipfile
from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import date, datetime
from itertools import islice
from typing import Any

import msgspec
from msgspec import Struct

from workspace.core import ods
from workspace.core.errors import BadFile
from workspace.core.sandbox import run_bounded
from workspace.core.zip_bounds import ensure_bounded
from workspace.people.roster_words import columns_of

MOST_ROWS = 5_000
MOST_BYTES = 10_000_000
_HEADING_WITHIN = 20  # rows: a title or a note may stand above the headings
_EMPTY_ROWS = 20_000  # a sheet that goes on empty for longer is not read to its end
_MOST_COLUMNS = 60
_LONGEST_CELL = 1_000
_MOST_LINES = MOST_ROWS + _EMPTY_ROWS  # of any sheet
_ARCHIVE = b"PK\x03\x04"
_SMALL = 50_000  # bytes of a workbook, which can hold a hundred times as many
_MEMORY = 700_000_000  # of address space
_IN_CHILD = "workspace.people.roster_file:in_child"


class Sheet(Struct, frozen=True):
    """The rows of a spreadsheet: the number of each in the file, and what stands under each known heading."""

    rows: Sequence[tuple[int, Mapping[str, str]]]
    columns: Sequence[str]  # the known ones, in their order
    unknown: Sequence[str]  # headings that nobody knows


def read_sheet(data: bytes, *, source: str) -> Sheet:
    """Read a spreadsheet; raises `BadFile` for what is none, is too large, or names no column of people."""
    return _sheet(table_of(data, source=source), source)


def table_of(data: bytes, *, source: str) -> Iterable[Sequence[str]]:
    """The rows of the first sheet, whatever they are about; raises `BadFile` for what is none or is too large.

    What is wrong inside the file shows only while the rows are read.
    """
    if len(data) > MOST_BYTES:
        raise BadFile(source=source, reason="too_large", bytes=len(data), most=MOST_BYTES)
    if not data.strip():
        raise BadFile(source=source, reason="empty")
    if not data.startswith(_ARCHIVE) or len(data) <= _SMALL:
        return read_table(data, source=source)
    return msgspec.json.decode(run_bounded(_IN_CHILD, data, source=source, memory=_MEMORY), type=list[list[str]])


def in_child(data: bytes, source: str) -> bytes:
    """What the child does: the rows of a workbook as JSON."""
    rows = list(islice(read_table(data, source=source), _MOST_LINES + 1))
    if len(rows) > _MOST_LINES:
        raise BadFile(source=source, reason="too_many_rows", most=MOST_ROWS)
    return msgspec.json.encode(rows)


def read_table(data: bytes, *, source: str) -> Iterable[Sequence[str]]:
    """The same, read in this very process whatever its size."""
    if not data.startswith(_ARCHIVE):
        return _csv(data, source)
    ensure_bounded(data, source=source)
    return ods.rows(data, source=source) if ods.is_ods(data) else _xlsx(data, source)


def _sheet(lines: Iterable[Sequence[str]], source: str) -> Sheet:
    numbered = enumerate(lines, start=1)
    columns, unknown = _headings(numbered, source)
    rows: list[tuple[int, Mapping[str, str]]] = []
    for number, cells in numbered:
        row = {meaning: cells[place].strip() for place, meaning in columns.items() if place < len(cells)}
        if any(row.values()):
            rows.append((number, {meaning: value[:_LONGEST_CELL] for meaning, value in row.items()}))
        if len(rows) > MOST_ROWS or number - len(rows) > _EMPTY_ROWS:
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
        if number >= _HEADING_WITHIN:
            break
    raise BadFile(source=source, reason="no_headings")


def _csv(data: bytes, source: str) -> Iterator[Sequence[str]]:
    text = _decoded(data)
    if "\x00" in text:
        raise BadFile(source=source, reason="not_a_spreadsheet")
    try:
        yield from csv.reader(io.StringIO(text, newline=""), delimiter=_delimiter(text))
    except csv.Error as error:
        raise BadFile(source=source, reason="not_a_spreadsheet") from error


def _delimiter(text: str) -> str:
    """The sign that parts the headings: names and titles have commas of their own."""
    begin = list(islice((line for line in text.splitlines() if line.strip()), _HEADING_WITHIN))

    def parted(sign: str) -> tuple[int, int]:
        headings = (columns_of(cells[:_MOST_COLUMNS]) for cells in csv.reader(begin, delimiter=sign))
        return max(map(len, headings), default=0), begin[0].count(sign) if begin else 0

    return max(";,\t", key=parted)


def _decoded(data: bytes) -> str:
    """Text of a CSV file: UTF-8 or UTF-16 with its mark, UTF-8, or what older programs write in Western Europe."""
    if data.startswith((b"\xff\xfe", b"\xfe\xff")):
        return data.decode("utf-16", errors="replace")
    try:
        return data.decode("utf-8-sig")
    except UnicodeDecodeError:
        return data.decode("cp1252", errors="replace")


def _xlsx(data: bytes, source: str) -> Iterator[Sequence[str]]:
    import openpyxl  # noqa: PLC0415  (it brings numpy along, which no other page of the server needs)
    from openpyxl.utils.exceptions import InvalidFileException  # noqa: PLC0415  (the same)

    try:
        book = openpyxl.load_workbook(io.BytesIO(data), read_only=True, data_only=True)
        try:
            sheet = book.worksheets[0]
            for row in sheet.iter_rows(max_col=_MOST_COLUMNS, values_only=True):
                yield [_written(value) for value in row]
        finally:
            book.close()
    except (
        InvalidFileException,
        zipfile.BadZipFile,
        KeyError,
        ValueError,
        IndexError,
        TypeError,
        AttributeError,
        SyntaxError,
    ) as error:  # what openpyxl raises for parts that are missing or make no sense
        raise BadFile(source=source, reason="not_a_spreadsheet") from error


def _written(value: Any) -> str:
    """A cell as somebody would type it; days as 2027-06-10."""
    if isinstance(value, datetime):
        return value.date().isoformat()
    if isinstance(value, date):
        return value.isoformat()
    return "" if value is None else str(value)
