"""Files that are archives of XML (Word, spreadsheets), bounded before anything parses them.

A small archive can inflate to gigabytes, and XML that is small can nest without end or
call for entities and files from elsewhere. What passes here is what its size says it is.
"""

import io
import zipfile
import zlib
from xml.parsers import expat

from msgspec import Struct

from workspace.core.errors import BadFile

_STEP = 65_536
_ENCRYPTED = 0x1
_SYMLINK = 0o120000
_FOLDERS_OF_XML = (".xml", ".rels")


class Bounds(Struct, frozen=True):
    """How much an archive may hold."""

    members: int = 200
    inflated: int = 50_000_000  # bytes of all members together
    ratio: int = 100  # inflated to packed, for a member of any size that matters
    depth: int = 200  # elements within elements
    elements: int = 3_000_000


def ensure_bounded(data: bytes, *, source: str, bounds: Bounds = Bounds()) -> None:
    """Raise `BadFile` unless `data` is an archive within `bounds`, whose XML has no document type.

    What a member claims of its own size is not believed: it is inflated, piece by piece, and counted.
    """
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            _ensure_plain(archive, source, bounds)
            left = bounds.inflated
            for member in archive.infolist():
                left -= _counted(archive, member, left, source, bounds)
    except (zipfile.BadZipFile, NotImplementedError, EOFError, RuntimeError, ValueError, OverflowError) as error:
        raise BadFile(source=source, reason="not_an_archive") from error
    except zlib.error as error:
        raise BadFile(source=source, reason="not_an_archive") from error


def _ensure_plain(archive: zipfile.ZipFile, source: str, bounds: Bounds) -> None:
    members = archive.infolist()
    names = [member.filename for member in members]
    if len(members) > bounds.members:
        raise BadFile(source=source, reason="too_many_members", limit=bounds.members)
    if len({name.casefold() for name in names}) < len(names):
        raise BadFile(source=source, reason="unsafe_archive", member="")
    for member in members:
        parts = member.filename.replace("\\", "/").split("/")
        is_link = (member.external_attr >> 16) & 0o170000 == _SYMLINK
        if ".." in parts or not parts[0] or ":" in parts[0] or is_link or member.flag_bits & _ENCRYPTED:
            raise BadFile(source=source, reason="unsafe_archive", member=member.filename[:200])


def _counted(archive: zipfile.ZipFile, member: zipfile.ZipInfo, left: int, source: str, bounds: Bounds) -> int:
    """The bytes of one member, inflated; its XML is read on the way."""
    watch = _Watch(source, bounds) if member.filename.lower().endswith(_FOLDERS_OF_XML) else None
    allowed = min(left, max(bounds.ratio * member.compress_size, _STEP))
    size = 0
    with archive.open(member) as stream:
        while piece := stream.read(_STEP):
            size += len(piece)
            if size > allowed:
                raise BadFile(source=source, reason="too_large_inflated", limit=bounds.inflated)
            if watch:
                watch.feed(piece)
    if watch:
        watch.feed(b"", is_last=True)
    return size


class _Watch:
    """Reads XML without keeping it, and refuses what a harmless file never has."""

    def __init__(self, source: str, bounds: Bounds) -> None:
        self.source, self.bounds = source, bounds
        self.depth = self.elements = 0
        self.parser = expat.ParserCreate()
        self.parser.StartElementHandler = self._begin
        self.parser.EndElementHandler = self._end
        self.parser.StartDoctypeDeclHandler = self._doctype

    def feed(self, piece: bytes, *, is_last: bool = False) -> None:
        try:
            self.parser.Parse(piece, is_last)
        except expat.ExpatError as error:
            raise BadFile(source=self.source, reason="not_xml") from error

    def _begin(self, _name: str, _attributes: object) -> None:
        self.depth += 1
        self.elements += 1
        if self.depth > self.bounds.depth or self.elements > self.bounds.elements:
            raise BadFile(source=self.source, reason="too_deep", limit=self.bounds.depth)

    def _end(self, _name: str) -> None:
        self.depth -= 1

    def _doctype(self, *_: object) -> None:
        raise BadFile(source=self.source, reason="doctype")
