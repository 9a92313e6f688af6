"""An OpenDocument text read like a Word file: headings, lists, tables, footnotes, bold and italics.

Tracked deletions are kept apart in such a file and are not read: the text is the one with every change accepted.
The archive and its XML must have been bounded before.
"""

import io
import zipfile
from collections.abc import Iterator
from dataclasses import dataclass, field, replace

from lxml import etree

from drafts.blocks import BlockKind
from drafts.formats.docx.glyphs import PLAIN, GlyphKind, Style
from drafts.formats.docx.read_values import Paragraph, Row, Words, WordText
from drafts.formats.elements import Element
from drafts.formats.runs import SAFE_TARGET

_SPACES = "urn:oasis:names:tc:opendocument:xmlns"
_TEXT, _TABLE, _OFFICE, _STYLE, _FO = (
    f"{{{_SPACES}:{name}:1.0}}" for name in ("text", "table", "office", "style", "xsl-fo-compatible")
)
_LINK = "{http://www.w3.org/1999/xlink}href"
_LEFT_OUT = frozenset({f"{_TEXT}tracked-changes", f"{_OFFICE}annotation", f"{_OFFICE}forms", f"{_TEXT}sequence-decls"})
_MOST_SPACES = 100
_DEEPEST_HEADING = 5


def read(data: bytes) -> WordText:
    """Everything that the text holds."""
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        parser = etree.XMLParser(resolve_entities=False, no_network=True, load_dtd=False, huge_tree=False)
        content = etree.fromstring(archive.read("content.xml"), parser)
        is_styled = "styles.xml" in archive.namelist()
        styles = etree.fromstring(archive.read("styles.xml"), parser) if is_styled else None
    body = content.find(f"{_OFFICE}body/{_OFFICE}text")
    reader = _Reader(content, styles)
    paragraphs = tuple(reader.blocks(body, None)) if body is not None else ()
    return WordText(paragraphs=paragraphs, notes=reader.notes)


@dataclass(slots=True)
class _Reader:
    """Walks the body of one file."""

    content: Element
    styles: Element | None
    notes: dict[str, Paragraph] = field(default_factory=dict)
    places: int = 0
    looks: dict[str, Style] = field(init=False)
    parents: dict[str, str] = field(init=False)
    ordered: set[str] = field(init=False)

    def __post_init__(self) -> None:
        parts = [part for part in (self.content, self.styles) if part is not None]
        named = [one for part in parts for one in part.iter(f"{_STYLE}style")]
        self.looks = {one.get(f"{_STYLE}name", ""): _look(one) for one in named}
        self.parents = {one.get(f"{_STYLE}name", ""): one.get(f"{_STYLE}parent-style-name", "") for one in named}
        lists = (one for part in parts for one in part.iter(f"{_TEXT}list-style"))
        self.ordered = {
            one.get(f"{_STYLE}name", "") for one in lists if one.find(f"{_TEXT}list-level-style-number") is not None
        }

    def blocks(self, parent: Element, listed: tuple[BlockKind, int] | None) -> Iterator[Paragraph]:
        for element in parent:
            if not isinstance(element.tag, str) or element.tag in _LEFT_OUT:
                continue
            if element.tag == f"{_TEXT}h":
                level = element.get(f"{_TEXT}outline-level", "1")
                depth = min(int(level) if level.isdecimal() else 1, _DEEPEST_HEADING)
                yield self._paragraph(element, (BlockKind.HEADING, depth))
            elif element.tag == f"{_TEXT}p":
                is_title = "Title" in {element.get(f"{_TEXT}style-name", ""), self._parent(element)}
                yield self._paragraph(element, (BlockKind.TITLE, 0) if is_title else listed)
            elif element.tag == f"{_TEXT}list":
                yield from self._list(element, listed)
            elif element.tag == f"{_TABLE}table":
                yield self._table(element)
            else:
                yield from self.blocks(element, listed)

    def _parent(self, element: Element) -> str:
        return self.parents.get(element.get(f"{_TEXT}style-name", ""), "")

    def _list(self, element: Element, outer: tuple[BlockKind, int] | None) -> Iterator[Paragraph]:
        """The items of a list: numbers at the margin count paragraphs, deeper ones items."""
        level = 0 if outer is None else outer[1] + 1
        name = element.get(f"{_TEXT}style-name", "")
        is_ordered = name in self.ordered if name else outer is not None and outer[0] is not BlockKind.BULLET
        kind = (BlockKind.ITEM if level else BlockKind.OPERATIVE) if is_ordered else BlockKind.BULLET
        for item in element:
            if isinstance(item.tag, str):
                yield from self.blocks(item, (kind, level))

    def _paragraph(self, element: Element, kind: tuple[BlockKind, int] | None) -> Paragraph:
        self.places += 1
        found, level = kind or (None, 0)
        return Paragraph(self.places, tuple(self._words(element, PLAIN)), kind=found, level=level)

    def _table(self, table: Element) -> Paragraph:
        self.places += 1
        rows = []
        for row in table.iter(f"{_TABLE}table-row"):
            cells = []
            for cell in row.iterchildren(f"{_TABLE}table-cell"):
                words = [one for part in cell.iter(f"{_TEXT}p", f"{_TEXT}h") for one in self._words(part, PLAIN)]
                cells.append(tuple(words))
            rows.append(Row(tuple(cells)))
        return Paragraph(self.places, rows=tuple(rows))

    def _words(self, element: Element, style: Style) -> Iterator[Words]:
        if element.text:
            yield Words(GlyphKind.TEXT, element.text, style)
        for child in element:
            if isinstance(child.tag, str) and child.tag not in _LEFT_OUT:
                yield from self._inside(child, style)
            if child.tail:
                yield Words(GlyphKind.TEXT, child.tail, style)

    def _inside(self, element: Element, style: Style) -> Iterator[Words]:
        match element.tag.removeprefix(_TEXT):
            case "s":
                count = element.get(f"{_TEXT}c", "1")
                yield Words(GlyphKind.TEXT, " " * min(int(count) if count.isdecimal() else 1, _MOST_SPACES), style)
            case "tab":
                yield Words(GlyphKind.TEXT, " ", style)
            case "line-break":
                yield Words(GlyphKind.BREAK, "\n")
            case "note":
                yield self._note(element)
            case "a":
                target = element.get(_LINK, "")
                yield from self._words(element, replace(style, link=target) if SAFE_TARGET.match(target) else style)
            case "span":
                look = self.looks.get(element.get(f"{_TEXT}style-name", ""), PLAIN)
                bold, italic = look.is_bold or style.is_bold, look.is_italic or style.is_italic
                yield from self._words(element, replace(style, is_bold=bold, is_italic=italic))
            case _:
                yield from self._words(element, style)

    def _note(self, note: Element) -> Words:
        number = str(len(self.notes) + 1)
        body = note.find(f"{_TEXT}note-body")
        parts = body.iter(f"{_TEXT}p") if body is not None else ()
        self.notes[number] = Paragraph(0, tuple(one for part in parts for one in self._words(part, PLAIN)))
        return Words(GlyphKind.NOTE, number)


def _look(style: Element) -> Style:
    properties = style.find(f"{_STYLE}text-properties")
    if properties is None:
        return PLAIN
    return Style(
        is_bold=properties.get(f"{_FO}font-weight") == "bold",
        is_italic=properties.get(f"{_FO}font-style") == "italic",
    )
