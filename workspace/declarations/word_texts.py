"""The text of a first draft out of a file: Markdown as it is, Word and OpenDocument read in the bounded child."""

import io
import zipfile

from lxml import etree

from drafts.formats import odt
from drafts.formats.docx.first_text import first_text
from drafts.formats.docx.reading import read as read_word
from drafts.markup import decode
from workspace.core.errors import BadFile
from workspace.core.sandbox import run_bounded
from workspace.core.zip_bounds import ensure_bounded

LARGEST = 10_000_000  # bytes
MEMORY = 1_000_000_000
_ARCHIVE = b"PK\x03\x04"
_WORD, _OPEN = "[Content_Types].xml", "content.xml"


def text_of(data: bytes, name: str) -> str:
    """The Markdown of a file. Raises `BadFile`, and `NotText` or `TooLarge` for what is neither archive nor text."""
    if not data.startswith(_ARCHIVE):
        return decode(data, name)
    if len(data) > LARGEST:
        raise BadFile(source=name, reason="too_large", bytes=len(data), most=LARGEST)
    return run_bounded("workspace.declarations.word_texts:read", data, source=name, memory=MEMORY).decode()


def read(data: bytes, source: str) -> bytes:
    """What the child does."""
    ensure_bounded(data, source=source)
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        names = set(archive.namelist())
    if not names & {_WORD, _OPEN}:
        raise BadFile(source=source, reason="unknown_kind")
    try:
        text = read_word(data) if _WORD in names else odt.read(data)
        return first_text(text).encode("utf-8", "replace")
    except (etree.XMLSyntaxError, ValueError, KeyError) as error:
        raise BadFile(source=source, reason="damaged_file") from error
