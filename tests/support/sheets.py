"""Spreadsheets to test with."""

import io
from collections.abc import Sequence

import openpyxl


def xlsx(*rows: Sequence[object]) -> bytes:
    """A spreadsheet with these rows."""
    book = openpyxl.Workbook()
    for row in rows:
        book.active.append(list(row))
    buffer = io.BytesIO()
    book.save(buffer)
    return buffer.getvalue()
