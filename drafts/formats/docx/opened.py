"""The parts of a Word file, found by what they are for: programs agree neither on names nor on namespaces."""

import io
import posixpath
import zipfile
from collections.abc import Mapping

from lxml import etree
from msgspec import Struct

from drafts.formats.docx import origin as origins
from drafts.formats.docx.origin import Origin
from drafts.formats.docx.xml import R, W
from drafts.formats.elements import Element

_STRICT = b"http://purl.oclc.org/ooxml/"
_TRANSITIONAL = {  # ISO/IEC 29500: the strict form has other namespaces for the same elements
    _STRICT + b"wordprocessingml/main": W.encode(),
    _STRICT + b"officeDocument/relationships": R.encode(),
    _STRICT + b"officeDocument/math": b"http://schemas.openxmlformats.org/officeDocument/2006/math",
}


class Opened(Struct, frozen=True):
    """The XML of a file, part by part; `main` is the name of the one that holds the text."""

    parts: Mapping[str, Element]
    main: str

    @property
    def text(self) -> Element | None:
        """The part that holds the text."""
        return self.parts.get(self.main)

    def name(self, kind: str) -> str:
        """The name of the part that is to the text what `kind` says: "styles", "comments"."""
        folder = posixpath.dirname(self.main)
        for relation in self._relations(self.main):
            if relation.get("Type", "").endswith(f"/{kind}") and relation.get("TargetMode") != "External":
                target = relation.get("Target", "")
                return target.lstrip("/") if target.startswith("/") else posixpath.join(folder, target)
        return posixpath.join(folder, f"{kind}.xml")

    def part(self, kind: str) -> Element | None:
        """The part itself, if the file has one."""
        return self.parts.get(self.name(kind))

    def beside(self, kind: str) -> tuple[Element, ...]:
        """All parts next to the text whose names begin so: "header"."""
        start = posixpath.join(posixpath.dirname(self.main), kind)
        return tuple(part for name, part in self.parts.items() if name.startswith(start))

    def links(self, part: str) -> Mapping[str, str]:
        """Where the links of a part lead, by their ids."""
        return {
            one.get("Id", ""): one.get("Target", "")
            for one in self._relations(part)
            if one.get("TargetMode") == "External"
        }

    def origin(self) -> Origin | None:
        """What our own part says."""
        for name, part in self.parts.items():
            if name.startswith("customXml/") and (found := origins.read(part)):
                return found
        told = self.parts.get("docProps/custom.xml")
        values = {one.get("name", ""): "".join(map(str, one.itertext())) for one in told} if told is not None else {}
        return origins.of_properties(values)

    def _relations(self, part: str) -> list[Element]:
        folder, name = posixpath.split(part)
        return list(self.parts.get(posixpath.join(folder, "_rels", f"{name}.rels"), ()))


def opened(data: bytes) -> Opened:
    """Read the XML of a file, whose archive must have been bounded before."""
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        names = sorted(name for name in archive.namelist() if name.endswith((".xml", ".rels")))
        parts = {name: _parsed(archive.read(name)) for name in names}
    main = "word/document.xml"
    for relation in parts.get("_rels/.rels", ()):
        if relation.get("Type", "").endswith("/officeDocument"):
            main = relation.get("Target", "").lstrip("/")
    return Opened(parts, main)


def _parsed(data: bytes) -> Element:
    if _STRICT in data:
        for strict, usual in _TRANSITIONAL.items():
            data = data.replace(strict, usual)
    parser = etree.XMLParser(resolve_entities=False, no_network=True, load_dtd=False, huge_tree=False)
    return etree.fromstring(data, parser)
