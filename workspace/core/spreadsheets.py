"""Spreadsheets in: the rows of the first sheet as texts, out of CSV, XLSX or ODS, bounded before it is parsed.

Workbooks are read in the bounded child process: one cell at the far end of a small file asks for gigabytes.
"""

import csv
import io
import zipfile
from collections.abc import Callable, Container, Iterable, Iterator, Sequence, Sized
from datetime import date, datetime, time
from itertools import islice

import msgspec

from workspace.core.detection import decode_text
from workspace.core.errors import BadFile
from workspace.core.security.sandbox import ensure_bounded, run_bounded
from workspace.core.sheets import XLSX

ODS = "application/vnd.oasis.opendocument.spreadsheet"
MOST_BYTES = 10_000_000
MOST_ROWS = 5_000  # that say something
MOST_EMPTY = 20_000  # a sheet that goes on empty for longer is not read to its end
HEADING_WITHIN = 20  # rows: a title or a note may stand above the headings
_MOST_LINES = MOST_ROWS + MOST_EMPTY
_MOST_COLUMNS = 200
_MEMORY = 700_000_000  # bytes of address space
ARCHIVE = b"PK\x03\x04"
_EXACT = 2**53  # up to here a float is one integer and no other


def workbook_type(data: bytes) -> str | None:
    """The media type of a workbook, `XLSX` or `ODS`; None for anything else, CSV included."""
    if not data.startswith(ARCHIVE):
        return None
    if ODS.encode() in data[:120]:
        return ODS
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            return XLSX if "xl/workbook.xml" in archive.namelist() else None
    except (zipfile.BadZipFile, NotImplementedError, ValueError, OSError):
        return None


def read_rows(
    data: bytes, *, source: str, headings: Callable[[Sequence[str]], Sized] = lambda _: ()
) -> Iterable[Sequence[str]]:
    """The rows of the first sheet in plain words, with empty ones; raises `BadFile` for what is none or is too large.

    `headings` picks what the caller knows of a row of cells: it decides which sign parts the cells of a CSV file.
    What is wrong inside a CSV file shows only while the rows are read.
    """
    from drafts.checks.characters import plain_words  # noqa: PLC0415  (the child needs none of it)

    if len(data) > MOST_BYTES:
        raise BadFile(source=source, reason="too_large", bytes=len(data), most=MOST_BYTES)
    if not data.strip():
        raise BadFile(source=source, reason="empty")
    if data.startswith(ARCHIVE):
        book = run_bounded(in_child, data, source=source, memory=_MEMORY)
        return (list(map(plain_words, row)) for row in msgspec.json.decode(book, type=list[list[str]]))
    return (list(map(plain_words, row)) for row in _csv(data, source, headings))


def ensure_within(cells: Sequence[str], headings: int, *, row: int, source: str) -> None:
    """Raise `BadFile` for what stands right of the last heading: a comma too many has moved the cells of the row."""
    if any(cell.strip() for cell in cells[headings:]):
        raise BadFile(source=source, reason="extra_cells", row=row)


def unread(headings: Sequence[str], columns: Container[int]) -> list[str]:
    """The headings over columns that are none of `columns`: unknown, or there twice."""
    return [cell.strip()[:80] for place, cell in enumerate(headings) if cell.strip() and place not in columns]


def in_child(data: bytes, source: str) -> bytes:
    """What the child does: the rows of a workbook as JSON."""
    ensure_bounded(data, source=source)
    rows = list(islice(_workbook(data, source), _MOST_LINES + 1))
    if len(rows) > _MOST_LINES:
        raise BadFile(source=source, reason="too_many_rows", most=MOST_ROWS)
    return msgspec.json.encode(rows)


def _workbook(data: bytes, source: str) -> Iterator[Sequence[str]]:
    import python_calamine  # noqa: PLC0415  (only the child needs it)

    try:
        book = python_calamine.load_workbook(io.BytesIO(data))
        kinds = [sheet.typ for sheet in book.sheets_metadata]
        sheet = book.get_sheet_by_index(kinds.index(python_calamine.SheetTypeEnum.WorkSheet))
    except (python_calamine.CalamineError, ValueError) as error:
        raise BadFile(source=source, reason="not_a_spreadsheet") from error
    for row in sheet.iter_rows():
        yield [_written(value) for value in row[:_MOST_COLUMNS]]


def _written(value: object) -> str:
    """A cell as somebody would type it: days as 2027-06-10, moments with their hour, whole numbers bare."""
    match value:
        case datetime() if value.time() != time():
            return value.isoformat(" ", "minutes")
        case datetime():
            return value.date().isoformat()
        case date():
            return value.isoformat()
        case float() if value.is_integer() and abs(value) < _EXACT:
            return str(int(value))
        case _:
            return str(value)


def _csv(data: bytes, source: str, headings: Callable[[Sequence[str]], Sized]) -> Iterator[Sequence[str]]:
    text = _decoded(data, source)
    rows = csv.reader(io.StringIO(text, newline=""), delimiter=_delimiter(text, headings), strict=True)
    read = 0
    try:
        for cells in rows:
            read += 1
            yield cells
    except csv.Error as error:
        raise BadFile(source=source, reason="open_quotation", row=read + 1) from error


def _delimiter(text: str, headings: Callable[[Sequence[str]], Sized]) -> str:
    """The sign that parts the headings: names and titles have commas of their own."""
    begin = list(islice((line for line in text.splitlines() if line.strip()), HEADING_WITHIN))

    def parted(sign: str) -> tuple[int, int]:
        known = (len(headings(cells[:_MOST_COLUMNS])) for cells in csv.reader(begin, delimiter=sign))
        return max(known, default=0), begin[0].count(sign) if begin else 0

    return max(";,\t", key=parted)


def _decoded(data: bytes, source: str) -> str:
    """Text of a CSV file in whatever encoding it came."""
    try:
        return decode_text(data, source=source)
    except BadFile as refusal:
        if refusal.facts["reason"] == "binary":
            raise BadFile(source=source, reason="not_a_spreadsheet") from refusal
        raise
