"""The text of a first draft out of a file: Markdown as it is, all else read in the bounded child."""

import io
import zipfile

from lxml import etree

from drafts.base.errors import TooLarge
from drafts.formats import akoma_ntoso_reader, odt
from drafts.formats.akoma_ntoso_reader import is_akoma_ntoso
from drafts.formats.docx.reader import first_text
from drafts.formats.docx.reader import read as read_word
from workspace.core.detection import PDF, TEXT, decode_text, media_type
from workspace.core.errors import BadFile
from workspace.core.security.sandbox import ensure_bounded, run_bounded

LARGEST = 10_000_000  # bytes
MEMORY = 1_000_000_000
_WORD, _OPEN = "[Content_Types].xml", "content.xml"


def first_draft_text(data: bytes, name: str) -> str:
    """The Markdown of a file; raises `BadFile`."""
    kind = media_type(data, source=name)
    if kind == PDF:
        raise BadFile(source=name, reason="pdf")
    if kind == TEXT and not is_akoma_ntoso(data):
        return decode_text(data, source=name)
    if len(data) > LARGEST:
        raise BadFile(source=name, reason="too_large", bytes=len(data), most=LARGEST)
    return run_bounded(read_akoma_ntoso if kind == TEXT else read, data, source=name, memory=MEMORY).decode()


def read(data: bytes, source: str) -> bytes:
    """What the child does."""
    ensure_bounded(data, source=source)
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        names = set(archive.namelist())
    if not names & {_WORD, _OPEN}:
        raise BadFile(source=source, reason="unknown_kind")
    try:
        text = (read_word if _WORD in names else odt.read)(data, keeps_struck=True)
        return first_text(text).encode("utf-8", "replace")
    except (etree.XMLSyntaxError, ValueError, KeyError) as error:
        raise BadFile(source=source, reason="damaged_file") from error


def read_akoma_ntoso(data: bytes, source: str) -> bytes:
    """What the child does with Akoma Ntoso. A document type is refused: nothing that it could declare is needed."""
    parser = etree.XMLParser(resolve_entities=False, no_network=True, load_dtd=False, huge_tree=False)
    try:
        root = etree.fromstring(data, parser)
    except (etree.XMLSyntaxError, ValueError) as error:
        raise BadFile(source=source, reason="damaged_file") from error
    if root.getroottree().docinfo.internalDTD is not None:
        raise BadFile(source=source, reason="doctype")
    try:
        return akoma_ntoso_reader.first_text(root).encode("utf-8", "replace")
    except TooLarge as error:
        raise BadFile(source=source, reason="too_costly") from error
