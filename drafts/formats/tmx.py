"""TMX 1.4: a translation memory on its way to other tools, and in from them, in three languages a unit."""

import io
from collections.abc import Iterable, Iterator, Mapping
from datetime import UTC, datetime
from typing import cast

from lxml import etree
from msgspec import Struct, field

from drafts.base.errors import BadExchange, TooLarge
from drafts.formats.xliff import CodeEdge, coded_pieces
from drafts.formats.xml_elements import Element
from drafts.text.blocks import Language, canonical

TMX = "application/x-tmx+xml"
TOOL = "declaration-workspace"
LARGEST = 120_000_000
MOST_UNITS = 200_000
LONGEST = 20_000  # characters of a segment
_LANG = "{http://www.w3.org/XML/1998/namespace}lang"
_BEFORE = "x-before"
_TAGS = {CodeEdge.OPENS: "bpt", CodeEdge.CLOSES: "ept", CodeEdge.ALONE: "ph"}
_CODES = frozenset({"bpt", "ept", "ph", "it", "ut"})


class TranslationUnit(Struct, frozen=True):
    """One unit: its texts, what it came from, when, and per language the hash of the text that stood before it."""

    texts: Mapping[Language, str]
    origin: str = ""
    made_at: datetime | None = None
    before: Mapping[Language, str] = field(default_factory=dict)


def write(units: Iterable[TranslationUnit], *, source: Language) -> bytes:
    """The whole memory, `source` first in each unit; what Markdown marks is kept as inline codes."""
    root = etree.Element("tmx", version="1.4")
    header = {
        "creationtool": TOOL,
        "creationtoolversion": "1",
        "segtype": "paragraph",
        "o-tmf": TOOL,
        "adminlang": "en",
        "srclang": "*all*",
        "datatype": "plaintext",
    }
    etree.SubElement(root, "header", attrib=header)
    body = etree.SubElement(root, "body")
    for unit in units:
        _unit(body, unit, source)
    return etree.tostring(root, encoding="UTF-8", xml_declaration=True, doctype='<!DOCTYPE tmx SYSTEM "tmx14.dtd">')


def _unit(body: Element, unit: TranslationUnit, first: Language) -> None:
    made = etree.SubElement(body, "tu")
    if unit.made_at:
        made.set("creationdate", unit.made_at.astimezone(UTC).strftime("%Y%m%dT%H%M%SZ"))
    if unit.origin:
        etree.SubElement(made, "prop", type="x-origin").text = unit.origin
    for language in sorted(Language, key=lambda language: language is not first):
        if language in unit.texts:
            side = etree.SubElement(made, "tuv")
            side.set(_LANG, language.value)
            if language in unit.before:
                etree.SubElement(side, "prop", type=_BEFORE).text = unit.before[language]
            _fill(etree.SubElement(side, "seg"), unit.texts[language])


def _fill(segment: Element, text: str) -> None:
    last: Element | None = None
    for place, piece in enumerate(coded_pieces(text)):
        if isinstance(piece, str):
            if last is None:
                segment.text = (segment.text or "") + piece
            else:
                last.tail = (last.tail or "") + piece
            continue
        last = etree.SubElement(segment, _TAGS[piece.edge])
        last.set("x" if piece.edge is CodeEdge.ALONE else "i", piece.number if piece.number.isdigit() else str(place))
        last.text = piece.mark


def read(data: bytes) -> Iterator[TranslationUnit]:
    """The units that have texts in two of our languages at least, one by one; the others are passed over.

    Regional variants count as their language. Inline codes of other tools go, their words stay.
    Raises `BadExchange` (with its line) where the file ends before it is read.
    """
    if len(data) > LARGEST:
        raise TooLarge("too large", what="file", size=len(data), limit=LARGEST)
    if b"<!ENTITY" in data[:10_000]:
        raise BadExchange("entities of its own", reason="not_tmx", line=1)
    try:
        yield from _units(data)
    except etree.XMLSyntaxError as error:
        raise BadExchange("not XML", reason="not_xml", line=error.lineno or 1) from error


def _units(data: bytes) -> Iterator[TranslationUnit]:
    is_own, count, is_tmx = False, 0, False
    events = etree.iterparse(
        io.BytesIO(data), events=("start", "end"), resolve_entities=False, no_network=True, load_dtd=False
    )
    for event, element in events:
        if event == "start":
            if not is_tmx and element.tag != "tmx":
                raise BadExchange("not TMX", reason="not_tmx", line=1)
            is_tmx = True
            continue
        if element.tag == "header":
            is_own = element.get("creationtool") == TOOL
        if element.tag != "tu":
            continue
        count += 1
        if count > MOST_UNITS:
            raise TooLarge("too many units", what="memory", size=count, limit=MOST_UNITS)
        if len((found := _read(cast("Element", element), is_own=is_own)).texts) > 1:
            yield found
        element.clear()
        while (earlier := element.getprevious()) is not None:
            cast("Element", element.getparent()).remove(earlier)


def _read(unit: Element, *, is_own: bool) -> TranslationUnit:
    texts: dict[Language, str] = {}
    before: dict[Language, str] = {}
    for side in unit.iterchildren("tuv"):
        tag = (side.get(_LANG) or side.get("lang") or "").split("-")[0].lower()
        segment = side.find("seg")
        if tag not in set(Language) or segment is None:
            continue
        text = canonical("".join(_words(segment, is_own=is_own)))
        if text and len(text) <= LONGEST:
            texts[Language(tag)] = text
        before |= {
            Language(tag): node.text for node in side.iterchildren("prop") if node.get("type") == _BEFORE and node.text
        }
    origin = next((node.text or "" for node in unit.iterchildren("prop") if node.get("type") == "x-origin"), "")
    return TranslationUnit(texts, origin, before=before)


def _words(element: Element, *, is_own: bool) -> Iterator[str]:
    if element.text and (is_own or element.tag not in _CODES):
        yield element.text
    for child in element:
        if isinstance(child.tag, str):
            yield from _words(child, is_own=is_own)
        if child.tail:
            yield child.tail
