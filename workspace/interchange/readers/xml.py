"""XML members of an archive, parsed without entities, network or a document type."""

import io
import zipfile

from lxml import etree

from workspace.core.errors import BadFile
from workspace.core.zip_bounds import ensure_bounded

MOST_CHARACTERS = 8_000_000


def archive(data: bytes, source: str) -> zipfile.ZipFile:
    """The archive, once it is within bounds. Raises `BadFile`."""
    ensure_bounded(data, source=source)
    return zipfile.ZipFile(io.BytesIO(data))


def member(files: zipfile.ZipFile, name: str, source: str) -> etree._Element | None:
    """The root of a member, None where there is none. Raises `BadFile` for what is not XML."""
    if name not in files.namelist():
        return None
    parser = etree.XMLParser(resolve_entities=False, no_network=True, load_dtd=False, huge_tree=False)
    try:
        return etree.fromstring(files.read(name), parser)
    except (etree.XMLSyntaxError, ValueError) as error:
        raise BadFile(source=source, reason="not_xml") from error


def joined(lines: list[str], source: str) -> bytes:
    """The lines as one text, refused where there is more than anybody writes."""
    text = "\n".join(lines)
    if len(text) > MOST_CHARACTERS:
        raise BadFile(source=source, reason="too_large_inflated", limit=MOST_CHARACTERS)
    return text.encode("utf-8", "replace")
