"""A Word file as an archive of its parts, the same bytes for the same text."""

import io
import posixpath
import zipfile
from collections.abc import Iterable, Mapping, Sequence
from datetime import UTC, datetime

from lxml import etree
from msgspec import Struct, field

from drafts.formats.bundle import pack
from drafts.formats.docx import origin, styles
from drafts.formats.docx import origin as origins
from drafts.formats.docx.body import BodyWriter
from drafts.formats.docx.origin import FileOrigin
from drafts.formats.docx.styles import LOCALES, MARGIN, PAGE_HEIGHT, PAGE_WIDTH
from drafts.formats.xml_elements import Element, R, W, Xml, safe, text, w, written, xml_part
from drafts.text.blocks import Language

MEDIA_TYPE = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"
_OFFICE = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
_PACKAGE = "http://schemas.openxmlformats.org/package/2006"
_WORD = "application/vnd.openxmlformats-officedocument.wordprocessingml"
_EXTENDED = "http://schemas.microsoft.com/office/2011/relationships/commentsExtended"
_PARTS = (
    ("document", f"{_OFFICE}/officeDocument", "word/document.xml"),
    ("core", f"{_PACKAGE}/relationships/metadata/core-properties", "docProps/core.xml"),
    ("custom", f"{_OFFICE}/custom-properties", "docProps/custom.xml"),
)
_ITEM_ID = "{5B1D6C0E-6B0A-4E55-9C0B-2F6D3A7E1C41}"
_FORMAT_ID = "{D5CDD505-2E9C-101B-9397-08002B2CF9AE}"  # ECMA-376: that of properties that users define
_NO_DATE = datetime(2000, 1, 1, tzinfo=UTC)  # a file must not depend on the moment it was made


class PageSetup(Struct, frozen=True):
    """How the pages of a file are set and what they are called."""

    title: str
    language: Language
    header: str = ""
    is_landscape: bool = False
    tracks_changes: bool = False
    made_at: datetime = field(default=_NO_DATE)


def pack_docx(body: Iterable[Xml], writer: BodyWriter, sheet: PageSetup, source: FileOrigin | None = None) -> bytes:
    """The file with this body; `writer` is the one that wrote it."""
    document = w("body", *body, _section(sheet))
    main: dict[str, bytes] = {
        "document.xml": xml_part("w:document", document),
        "styles.xml": styles.styles(sheet.language),
        "numbering.xml": writer.lists.part(),
        "settings.xml": _settings(sheet),
        "fontTable.xml": styles.fonts(),
        "footnotes.xml": _footnotes(writer.footnotes),
        "header1.xml": xml_part("w:hdr", _line("Header", w("r", text(sheet.header)))),
        "footer1.xml": xml_part("w:ftr", _page_number()),
    }
    if len(writer.comments):
        main["comments.xml"] = writer.comments.part()
        main["commentsExtended.xml"] = writer.comments.extended()
    parts = {f"word/{name}": data for name, data in main.items()}
    parts["docProps/core.xml"] = _core(sheet)
    own = [(f"part-{name}", _kind(name), name) for name in main if name != "document.xml"]
    if source is not None:
        parts |= _custom(source)
        parts |= {"docProps/custom.xml": _properties(source)} if source.target is None else {}
        own.append(("origin", f"{_OFFICE}/customXml", "../customXml/item1.xml"))
    parts["word/_rels/document.xml.rels"] = _relations(own, writer.links)
    notes = "".join(writer.footnotes)
    if noted := {target: number for target, number in writer.links.items() if f' r:id="{number}"' in notes}:
        parts["word/_rels/footnotes.xml.rels"] = _relations([], noted)
    parts["_rels/.rels"] = _relations([part for part in _PARTS if part[2] in parts])
    parts["[Content_Types].xml"] = _content_types(parts)
    return pack(parts)


def _kind(name: str) -> str:
    stem = _stem(name)
    return _EXTENDED if stem == "commentsExtended" else f"{_OFFICE}/{stem}"


def _stem(name: str) -> str:
    """What a part is, by its name without number and ending."""
    return name.partition(".")[0].rstrip("0123456789")


def _relations(own: Sequence[tuple[str, str, str]], links: Mapping[str, str] | None = None) -> bytes:
    made = etree.Element(f"{{{_PACKAGE}/relationships}}Relationships", nsmap=_default(f"{_PACKAGE}/relationships"))
    for number, (name, kind, target) in enumerate(own, 1):
        identifier = "".join(sign for sign in name if sign.isalnum())
        _relation(made, f"{identifier}{number}", kind, target)
    for target, identifier in (links or {}).items():
        _relation(made, identifier, f"{_OFFICE}/hyperlink", safe(target), mode="External")
    return written(made)


def _relation(parent: Element, identifier: str, kind: str, target: str, mode: str = "") -> None:
    attributes = {"Id": identifier, "Type": kind, "Target": target} | ({"TargetMode": mode} if mode else {})
    etree.SubElement(parent, f"{{{_PACKAGE}/relationships}}Relationship", attributes)


def _default(namespace: str, **others: str) -> dict[str, str]:
    return {None: namespace, **others}  # type: ignore[dict-item]  # the stubs of lxml know no default namespace


def _content_types(parts: Mapping[str, bytes]) -> bytes:
    namespace = f"{_PACKAGE}/content-types"
    made = etree.Element(f"{{{namespace}}}Types", nsmap=_default(f"{_PACKAGE}/content-types"))
    for extension, kind in (
        ("rels", "application/vnd.openxmlformats-package.relationships+xml"),
        ("xml", "application/xml"),
    ):
        etree.SubElement(made, f"{{{namespace}}}Default", {"Extension": extension, "ContentType": kind})
    for name in sorted(parts):
        if kind := _content_type(name):
            etree.SubElement(made, f"{{{namespace}}}Override", {"PartName": f"/{name}", "ContentType": kind})
    return written(made)


def _content_type(name: str) -> str:
    if name == "word/document.xml":
        return f"{MEDIA_TYPE}.main+xml"
    if name == "docProps/core.xml":
        return "application/vnd.openxmlformats-package.core-properties+xml"
    if name == "docProps/custom.xml":
        return "application/vnd.openxmlformats-officedocument.custom-properties+xml"
    if name == "customXml/itemProps1.xml":
        return "application/vnd.openxmlformats-officedocument.customXmlProperties+xml"
    if name.startswith("word/") and name.endswith(".xml"):
        return f"{_WORD}.{_stem(name.removeprefix('word/'))}+xml"
    return ""


def _custom(source: FileOrigin) -> dict[str, bytes]:
    """The part that says where the file came from."""
    namespace = "http://schemas.openxmlformats.org/officeDocument/2006/customXml"
    item = etree.Element(f"{{{namespace}}}datastoreItem", {f"{{{namespace}}}itemID": _ITEM_ID}, nsmap={"ds": namespace})
    references = etree.SubElement(item, f"{{{namespace}}}schemaRefs")
    etree.SubElement(references, f"{{{namespace}}}schemaRef", {f"{{{namespace}}}uri": origin.NAMESPACE})
    return {
        "customXml/item1.xml": origin.part(source),
        "customXml/itemProps1.xml": written(item),
        "customXml/_rels/item1.xml.rels": _relations([("properties", f"{_OFFICE}/customXmlProps", "itemProps1.xml")]),
    }


def _properties(source: FileOrigin) -> bytes:
    """The properties of the document that say the same in short."""
    namespace = "http://schemas.openxmlformats.org/officeDocument/2006/custom-properties"
    values = "http://schemas.openxmlformats.org/officeDocument/2006/docPropsVTypes"
    made = etree.Element(f"{{{namespace}}}Properties", nsmap=_default(namespace, vt=values))
    for number, (name, value) in enumerate(origin.properties(source).items(), 2):  # numbers begin at 2
        attributes = {"fmtid": _FORMAT_ID, "pid": str(number), "name": name}
        element = etree.SubElement(made, f"{{{namespace}}}property", attributes)
        etree.SubElement(element, f"{{{values}}}lpwstr").text = safe(value)
    return written(made)


def _settings(sheet: PageSetup) -> bytes:
    compatible = w(
        "compat", w("compatSetting", name="compatibilityMode", uri="http://schemas.microsoft.com/office/word", val=15)
    )
    special = w("footnotePr", w("footnote", id=-1), w("footnote", id=0))
    return xml_part(
        "w:settings",
        w("zoom", percent=100),
        *([w("trackRevisions")] if sheet.tracks_changes else []),
        w("defaultTabStop", val=567),
        special,
        compatible,
        w("themeFontLang", val=LOCALES[sheet.language]),
        w("decimalSymbol", val="."),
        w("listSeparator", val=";"),
    )


def _footnotes(notes: Sequence[Xml]) -> bytes:
    """The part `footnotes.xml`, with the two lines above footnotes that every file has."""
    lines = [
        w("footnote", w("p", w("r", w(tag))), type=tag, id=number)
        for number, tag in ((-1, "separator"), (0, "continuationSeparator"))
    ]
    return xml_part("w:footnotes", *lines, *notes)


def _section(sheet: PageSetup) -> Xml:
    width, height = (PAGE_HEIGHT, PAGE_WIDTH) if sheet.is_landscape else (PAGE_WIDTH, PAGE_HEIGHT)
    margin = MARGIN * 2 // 3 if sheet.is_landscape else MARGIN
    references = [
        w(tag, type=which, **{"r:id": _part_id(f"{number}.xml")})
        for tag, number, which in (
            ("headerReference", "header1", "default"),
            ("footerReference", "footer1", "default"),
            ("footerReference", "footer1", "first"),
        )
    ]
    size = w("pgSz", w=width, h=height, **({"orient": "landscape"} if sheet.is_landscape else {}))
    edge = min(700, margin // 2)  # of the running lines, which keep clear of the text
    margins = w("pgMar", top=margin, right=margin, bottom=margin, left=margin, header=edge, footer=edge, gutter=0)
    return w("sectPr", *references, size, margins, w("titlePg"))


_NAMED = ("styles.xml", "numbering.xml", "settings.xml", "fontTable.xml", "footnotes.xml", "header1.xml", "footer1.xml")


def _part_id(name: str) -> str:
    return "part" + "".join(sign for sign in name if sign.isalnum()) + str(_NAMED.index(name) + 1)


def _line(style: str, *inside: Xml) -> Xml:
    return w("p", w("pPr", w("pStyle", val=style)), *inside)


def _page_number() -> Xml:
    def field_of(code: str) -> list[Xml]:
        return [w("fldSimple", w("r", text("1")), instr=f" {code} ")]

    return _line("Footer", *field_of("PAGE"), w("r", text(" / ")), *field_of("NUMPAGES"))


def _core(sheet: PageSetup) -> bytes:
    spaces = {
        "cp": f"{_PACKAGE}/metadata/core-properties",
        "dc": "http://purl.org/dc/elements/1.1/",
        "dcterms": "http://purl.org/dc/terms/",
        "xsi": "http://www.w3.org/2001/XMLSchema-instance",
    }
    made = etree.Element(f"{{{spaces['cp']}}}coreProperties", nsmap=spaces)
    etree.SubElement(made, f"{{{spaces['dc']}}}title").text = safe(sheet.title)
    etree.SubElement(made, f"{{{spaces['dc']}}}language").text = LOCALES[sheet.language]
    for tag in ("created", "modified"):
        stamp = etree.SubElement(made, f"{{{spaces['dcterms']}}}{tag}")
        stamp.set(f"{{{spaces['xsi']}}}type", "dcterms:W3CDTF")
        stamp.text = origin.stamp(sheet.made_at)
    return written(made)


_STRICT = b"http://purl.oclc.org/ooxml/"
_TRANSITIONAL = {  # ISO/IEC 29500: the strict form has other namespaces for the same elements
    _STRICT + b"wordprocessingml/main": W.encode(),
    _STRICT + b"officeDocument/relationships": R.encode(),
    _STRICT + b"officeDocument/math": b"http://schemas.openxmlformats.org/officeDocument/2006/math",
}


class OpenedPackage(Struct, frozen=True):
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
            relation.get("Id", ""): relation.get("Target", "")
            for relation in self._relations(part)
            if relation.get("TargetMode") == "External"
        }

    def origin(self) -> FileOrigin | None:
        """What our own part says."""
        for name, part in self.parts.items():
            if name.startswith("customXml/") and (found := origins.read(part)):
                return found
        custom = self.parts.get("docProps/custom.xml")
        values = (
            {element.get("name", ""): "".join(map(str, element.itertext())) for element in custom}
            if custom is not None
            else {}
        )
        return origins.of_properties(values)

    def _relations(self, part: str) -> list[Element]:
        folder, name = posixpath.split(part)
        return list(self.parts.get(posixpath.join(folder, "_rels", f"{name}.rels"), ()))


def open_package(data: bytes) -> OpenedPackage:
    """Read the XML of a file, whose archive must have been bounded before."""
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        names = sorted(name for name in archive.namelist() if name.endswith((".xml", ".rels")))
        parts = {name: _parsed(data) for name in names if (data := archive.read(name)).strip()}
    main = "word/document.xml"
    for relation in parts.get("_rels/.rels", ()):
        if relation.get("Type", "").endswith("/officeDocument"):
            main = relation.get("Target", "").lstrip("/")
    return OpenedPackage(parts, main)


def _parsed(data: bytes) -> Element:
    if _STRICT in data:
        for strict, usual in _TRANSITIONAL.items():
            data = data.replace(strict, usual)
    parser = etree.XMLParser(resolve_entities=False, no_network=True, load_dtd=False, huge_tree=False)
    return etree.fromstring(data, parser)
