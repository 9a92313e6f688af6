"""Spreadsheets to test with."""

import io
import zipfile
from collections.abc import Sequence
from datetime import date
from xml.sax.saxutils import escape

import openpyxl

_SPACES = " ".join(
    f'xmlns:{name}="urn:oasis:names:tc:opendocument:xmlns:{name}:1.0"' for name in ("office", "table", "text")
)


def xlsx(*rows: Sequence[object]) -> bytes:
    """A spreadsheet with these rows."""
    book = openpyxl.Workbook()
    for row in rows:
        book.active.append(list(row))
    buffer = io.BytesIO()
    book.save(buffer)
    return buffer.getvalue()


def ods(*rows: Sequence[object]) -> bytes:
    """The same as LibreOffice saves it: with empty rows to the end of the sheet."""
    lines = "".join(f"<table:table-row>{''.join(map(_cell, row))}</table:table-row>" for row in rows)
    return ods_of(f'{lines}<table:table-row table:number-rows-repeated="1048000"><table:table-cell/></table:table-row>')


def ods_of(table: str) -> bytes:
    """An OpenDocument spreadsheet with this XML as its table."""
    body = f'<office:spreadsheet><table:table table:name="One">{table}</table:table></office:spreadsheet>'
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as archive:
        kind = "application/vnd.oasis.opendocument.spreadsheet"
        archive.writestr("mimetype", kind, zipfile.ZIP_STORED)
        content = f"<office:document-content {_SPACES}><office:body>{body}</office:body></office:document-content>"
        archive.writestr("content.xml", content)
        manifest = "urn:oasis:names:tc:opendocument:xmlns:manifest:1.0"
        archive.writestr("META-INF/manifest.xml", f'<m:manifest xmlns:m="{manifest}"/>')
    return buffer.getvalue()


def _cell(value: object) -> str:
    match value:
        case None | "":
            return "<table:table-cell/>"
        case date():
            return f'<table:table-cell office:value-type="date" office:date-value="{value.isoformat()}"/>'
        case int() | float():
            return f'<table:table-cell office:value-type="float" office:value="{value}"/>'
        case _:
            words = "".join(f"<text:p>{escape(line)}</text:p>" for line in str(value).split("\n"))
            return f'<table:table-cell office:value-type="string">{words}</table:table-cell>'
