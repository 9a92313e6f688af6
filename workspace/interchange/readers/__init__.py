"""Text out of the files people send: plain text in any encoding, Word, OpenDocument and PDF.

What may be hostile is parsed in a bounded child process (`core.sandbox`). Pages are parted by form feeds,
headings get the marks of Markdown, list items their bullets, table rows stand line by line between strokes.
"""

from msgspec import Struct

from workspace.core.errors import BadFile
from workspace.core.sandbox import run_bounded
from workspace.interchange.readers import plain
from workspace.interchange.readers.kinds import DOCX, ODT, PDF, TEXT, media_type

LARGEST = 10_000_000


class FileRead(Struct, frozen=True):
    """The text of a file, and the file itself where it was more than text."""

    text: str
    media_type: str = TEXT
    original: bytes | None = None


def read_file(data: bytes, *, source: str) -> FileRead:
    """The text of a file by what it is, whatever its name says.

    Raises `BadFile` with a reason: `too_large`, `encrypted`, `no_text` (a scan), `damaged_file`, `too_costly`,
    `unknown_kind`, those of `core.zip_bounds`, and for text `empty` or `binary`.
    """
    if len(data) > LARGEST:
        raise BadFile(source=source, reason="too_large", bytes=len(data), most=LARGEST)
    kind = media_type(data, source=source)
    if kind == TEXT:
        return FileRead(plain.decoded(data, source=source))
    text = run_bounded(_READERS[kind], data, source=source).decode()
    if not any(character.isalnum() for character in text):
        raise BadFile(source=source, reason="no_text")
    return FileRead(plain.clean(text), kind, data)


def read_pdf(data: bytes, source: str) -> bytes:
    """What the child does with a PDF; its parser is loaded there only."""
    from workspace.interchange.readers import pdf  # noqa: PLC0415

    return pdf.read(data, source)


def read_docx(data: bytes, source: str) -> bytes:
    """The same with a Word file."""
    from workspace.interchange.readers import docx  # noqa: PLC0415

    return docx.read(data, source)


def read_odt(data: bytes, source: str) -> bytes:
    """The same with an OpenDocument text."""
    from workspace.interchange.readers import odt  # noqa: PLC0415

    return odt.read(data, source)


_READERS = {PDF: read_pdf, DOCX: read_docx, ODT: read_odt}
