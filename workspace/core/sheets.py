"""Spreadsheets out: a table of plain values as XLSX or CSV that no program takes for anything but values."""

import csv
import io
from collections.abc import Iterable, Sequence
from datetime import UTC, date, datetime

from msgspec import Struct

from drafts.base.words import without_formulas

XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
CSV = "text/csv"
Value = str | int | float | bool | date | datetime | None
_LONGEST = 32_767  # characters that a cell of a spreadsheet can hold


class Column(Struct, frozen=True):
    """What stands above a column, and how many characters wide it is."""

    heading: str
    width: int = 14


def xlsx(name: str, columns: Sequence[Column], rows: Iterable[Sequence[Value]]) -> bytes:
    """A spreadsheet of one sheet: values of their own types, a heading that stays in sight, filters.

    Nothing in it is ever a formula or a link, whatever it begins with. Moments are in UTC. Never are all of its rows in
    memory.
    """
    import xlsxwriter  # noqa: PLC0415  (forty files that a server needs for its first spreadsheet, not to start)

    buffer = io.BytesIO()
    book = xlsxwriter.Workbook(buffer, {"constant_memory": True, "strings_to_formulas": False})
    heading = book.add_format({"bold": True, "bottom": 1, "valign": "top", "text_wrap": True})
    formats = {
        datetime: book.add_format({"num_format": "yyyy-mm-dd hh:mm", "valign": "top"}),
        date: book.add_format({"num_format": "yyyy-mm-dd", "valign": "top"}),
        str: book.add_format({"text_wrap": True, "valign": "top"}),
        int: book.add_format({"valign": "top"}),
    }
    sheet = book.add_worksheet(name_of_sheet(name))
    for place, column in enumerate(columns):
        sheet.write_string(0, place, column.heading, heading)
        sheet.set_column(place, place, column.width)
    count = 0
    for count, row in enumerate(rows, start=1):
        for place, value in enumerate(row):
            match value:
                case None | "":
                    continue
                case bool():
                    sheet.write_boolean(count, place, value, formats[int])
                case datetime():
                    sheet.write_datetime(count, place, value.astimezone(UTC).replace(tzinfo=None), formats[datetime])
                case date():
                    sheet.write_datetime(count, place, value, formats[date])
                case int() | float():
                    sheet.write_number(count, place, value, formats[int])
                case _:
                    sheet.write_string(count, place, value[:_LONGEST], formats[str])
    sheet.freeze_panes(1, 0)
    sheet.autofilter(0, 0, max(count, 1), max(len(columns) - 1, 0))
    book.close()
    return buffer.getvalue()


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
