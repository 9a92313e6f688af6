"""Text out of the files people send: plain text in any encoding, Word, OpenDocument and PDF.

What may be hostile is parsed in a bounded child process (`core.sandbox`). Pages are parted by form feeds,
headings get the marks of Markdown, list items their bullets, table rows stand line by line between strokes.
"""

import re

from msgspec import Struct

from workspace.core import detection
from workspace.core.detection import DOCX, ODT, PDF, TEXT, media_type
from workspace.core.errors import BadFile
from workspace.core.security.sandbox import run_bounded

LARGEST = 10_000_000
INSERTION = ("\x02", "\x03")  # around tracked insertions on their way from the child; no XML holds them


class FileRead(Struct, frozen=True):
    """The text of a file, and the file itself where it was more than text.

    `inserted` are words with their line that somebody put in with tracked changes, and nobody has accepted.
    """

    text: str
    media_type: str = TEXT
    original: bytes | None = None
    inserted: tuple[tuple[int, str], ...] = ()


def read_file(data: bytes, *, source: str) -> FileRead:
    """The text of a file by what it is, whatever its name says.

    Raises `BadFile` with a reason: `too_large`, `encrypted`, `no_text` (a scan), `damaged_file`, `too_costly`,
    `unknown_kind`, those of `ensure_bounded`, and for text `empty` or `binary`.
    """
    if len(data) > LARGEST:
        raise BadFile(source=source, reason="too_large", bytes=len(data), most=LARGEST)
    kind = media_type(data, source=source)
    if kind == TEXT:
        return FileRead(detection.decode_text(data, source=source))
    text = run_bounded(_READERS[kind], data, source=source).decode()
    if not any(character.isalnum() for character in text):
        raise BadFile(source=source, reason="no_text")
    marked = text.replace(INSERTION[1] + INSERTION[0], "")
    plain, inserted = "", []
    for place, part in enumerate(re.split("[\x02\x03]", marked)):
        if place % 2 and part.strip():
            inserted.append((plain.count("\n") + 1, part.strip()))
        plain += part
    return FileRead(detection.clean_text(plain), kind, data, tuple(inserted))


def read_pdf(data: bytes, source: str) -> bytes:
    """What the child does with a PDF; its parser is loaded there only."""
    from workspace.interchange.readers import documents  # noqa: PLC0415  (as it says)

    return documents.pdf_text(data, source)


def read_docx(data: bytes, source: str) -> bytes:
    """The same with a Word file."""
    from workspace.interchange.readers import documents  # noqa: PLC0415  (as above)

    return documents.docx_text(data, source)


def read_odt(data: bytes, source: str) -> bytes:
    """The same with an OpenDocument text."""
    from workspace.interchange.readers import documents  # noqa: PLC0415  (as above)

    return documents.odt_text(data, source)


_READERS = {PDF: read_pdf, DOCX: read_docx, ODT: read_odt}
