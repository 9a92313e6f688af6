"""Reading a Word file in the bounded child process: bytes that may be hostile in, plain values out."""

import msgspec
from lxml import etree

from drafts.formats import odt
from drafts.formats.docx.document_model import WordText
from drafts.formats.docx.reader import read as read_word
from workspace.core.errors import BadFile
from workspace.core.security.sandbox import ensure_bounded, run_bounded
from workspace.interchange.readers.detection import DOCX, ODT, media_type

LARGEST = 10_000_000  # bytes
MEMORY = 1_000_000_000  # of address space: the engine and the XML of a long text with all its changes


def word_text(data: bytes, *, source: str) -> WordText:
    """Everything that a Word file holds, or an OpenDocument text.

    Raises `BadFile`: `too_large`, `not_word`, those of `readers.kinds` and `core.zip_bounds`, `too_costly`,
    `damaged_file`.
    """
    if len(data) > LARGEST:
        raise BadFile(source=source, reason="too_large", bytes=len(data), most=LARGEST)
    if media_type(data, source=source) not in {DOCX, ODT}:
        raise BadFile(source=source, reason="not_word")
    return msgspec.json.decode(run_bounded(read_word_in_child, data, source=source, memory=MEMORY), type=WordText)


def read_word_in_child(data: bytes, source: str) -> bytes:
    """What the child does: `WordText` as JSON."""
    ensure_bounded(data, source=source)
    try:
        is_word = media_type(data, source=source) == DOCX
        return msgspec.json.encode(read_word(data) if is_word else odt.read(data))
    except (etree.XMLSyntaxError, ValueError, KeyError) as error:
        raise BadFile(source=source, reason="damaged_file") from error
