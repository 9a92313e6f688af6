"""Spreadsheets out: a table of plain values as XLSX or CSV that no program takes for anything but values."""

import csv
import io
import re
import shutil
from collections.abc import Iterable, Sequence
from datetime import UTC, date, datetime, timedelta
from tempfile import TemporaryFile
from zipfile import ZIP_DEFLATED, ZipFile

from msgspec import Struct

from drafts.base.words import without_formulas

XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
CSV = "text/csv"
Value = str | int | float | bool | date | datetime | None
_LONGEST = 32_767  # characters that a cell of a spreadsheet can hold
_FIRST_DAY = datetime(1899, 12, 30)  # noqa: DTZ001  (cells know no zone)
_LOOKS = ("num_format", "yyyy-mm-dd hh:mm"), ("num_format", "yyyy-mm-dd"), ("text_wrap", True), ("text_wrap", False)
_EXAMPLES = re.compile(rb'<row r="(?!1")\d+".*?</row>')
_SPECIAL = re.compile("[&<>\x00-\x08\x0b-\x1f\ufffe\uffff]|_x[0-9A-Fa-f]{4}_")  # the last is how a sign is written
_WRITTEN = {chr(code): f"_x{code:04X}_" for code in (*range(9), *range(11, 32), 0xFFFE, 0xFFFF)}
_WRITTEN |= {"&": "&amp;", "<": "&lt;", ">": "&gt;"}


class Column(Struct, frozen=True):
    """What stands above a column, and how many characters wide it is."""

    heading: str
    width: int = 14


def xlsx(name: str, columns: Sequence[Column], rows: Iterable[Sequence[Value]]) -> bytes:
    """A spreadsheet of one sheet: values of their own types, a heading that stays in sight, filters.

    Nothing in it is ever a formula or a link, whatever it begins with. Moments are in UTC. Never are all of its rows in
    memory. XlsxWriter, which takes four times as long for a row, makes everything around them.
    """
    from xlsxwriter.utility import xl_col_to_name  # noqa: PLC0415  (as in `_frame`)

    buffer, count = io.BytesIO(), 0
    letters = [xl_col_to_name(place) for place in range(len(columns))]
    with TemporaryFile() as body:
        for count, row in enumerate(rows, start=1):
            filled = ((letter, value) for letter, value in zip(letters, row, strict=True) if value not in {None, ""})
            cells = [f'<c r="{letter}{count + 1}" {_cell(value)}</c>' for letter, value in filled]
            body.write(f'<row r="{count + 1}">{"".join(cells)}</row>'.encode())
        body.seek(0)
        with ZipFile(_frame(name, columns, count)) as made, ZipFile(buffer, "w", ZIP_DEFLATED) as archive:
            for member in made.infolist():
                head, *tail = _EXAMPLES.split(made.read(member))
                with archive.open(member, "w", force_zip64=bool(tail)) as part:
                    part.write(head)
                    for rest in tail:  # of the sheet alone
                        shutil.copyfileobj(body, part)
                        part.write(rest)
    return buffer.getvalue()


def _frame(name: str, columns: Sequence[Column], count: int) -> io.BytesIO:
    """The spreadsheet with its headings; of the `count` rows that it will have, the last stands for all."""
    import xlsxwriter  # noqa: PLC0415  (forty files that a server needs for its first spreadsheet, not to start)

    buffer = io.BytesIO()
    with xlsxwriter.Workbook(buffer, {"in_memory": True, "strings_to_formulas": False}) as book:
        sheet = book.add_worksheet(name_of_sheet(name))
        heading = book.add_format({"bold": True, "bottom": 1, "valign": "top", "text_wrap": True})
        for place, column in enumerate(columns):
            sheet.write_string(0, place, column.heading, heading)
            sheet.set_column(place, place, column.width)
        for place, (aspect, look) in enumerate(_LOOKS):
            sheet.write_blank(max(count, 1), place, None, book.add_format({"valign": "top", aspect: look}))
        sheet.freeze_panes(1, 0)
        sheet.autofilter(0, 0, max(count, 1), max(len(columns) - 1, 0))
    return buffer


def _cell(value: Value) -> str:
    """What the sheet says of a cell as XML, after its place; the looks are 2 to 5, as the heading's is 1."""
    match value:
        case bool():
            return f's="5" t="b"><v>{value:d}</v>'
        case datetime():
            days = (value.astimezone(UTC).replace(tzinfo=None) - _FIRST_DAY) / timedelta(days=1)
            return f's="2"><v>{days:.16G}</v>'
        case date():
            return f's="3"><v>{(value - _FIRST_DAY.date()).days}</v>'
        case int() | float():
            return f's="5"><v>{value:.16G}</v>'
    words = _SPECIAL.sub(lambda sign: _WRITTEN.get(sign[0], f"_x005F{sign[0]}"), str(value)[:_LONGEST])
    return f's="4" t="inlineStr"><is><t xml:space="preserve">{words}</t></is>'


def comma_separated(columns: Sequence[Column], rows: Iterable[Sequence[Value]]) -> bytes:
    """The same as CSV in UTF-8 with its mark, which spreadsheet programs look for.

    Whatever such a program would take for a formula, in any of its languages, begins with an apostrophe.
    """
    buffer = io.StringIO(newline="")
    writer = csv.writer(buffer)
    writer.writerow([_plain(column.heading) for column in columns])
    writer.writerows([_plain(value) for value in row] for row in rows)
    return b"\xef\xbb\xbf" + buffer.getvalue().encode()


def _plain(value: Value) -> str:
    match value:
        case None:
            return ""
        case datetime():
            return value.astimezone(UTC).isoformat()
        case date():
            return value.isoformat()
        case str():
            return without_formulas(value)
        case _:
            return str(value)


def name_of_sheet(name: str) -> str:
    """A name that every program takes: 31 characters, none of those that mean something in one."""
    return "".join(sign for sign in name if sign not in "[]:*?/\\'")[:31].strip() or "1"
