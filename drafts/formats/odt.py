"""An OpenDocument text read like a Word file: headings, lists, tables, footnotes, tracked changes, comments, bookmarks.

Nothing is decided here. The archive and its XML must have been bounded before.
"""

import io
import re
import zipfile
from collections.abc import Iterator

from lxml import etree
from msgspec import Struct, field
from msgspec.structs import replace

from drafts.formats.docx import origin as origins
from drafts.formats.docx.document_model import (
    CELL_JOINT,
    FoundOddity,
    Oddity,
    OpenParagraph,
    ReadCell,
    ReadComment,
    ReadParagraph,
    ReadRow,
    ReadRun,
    WordText,
    with_signs,
)
from drafts.formats.docx.entries import TAKES_AWAY, ChangeAuthor, ChangeKind, TrackedChange
from drafts.formats.docx.glyphs import PLAIN, GlyphKind, Style
from drafts.formats.docx.origin import moment
from drafts.formats.docx.style_meanings import RunLook
from drafts.formats.inline_runs import REFERENCE, SAFE_TARGET
from drafts.formats.xml_elements import Element
from drafts.text.blocks import BlockKind

_SPACES = "urn:oasis:names:tc:opendocument:xmlns"
TEXT, TABLE, OFFICE, STYLE, _FO = (
    f"{{{_SPACES}:{name}:1.0}}" for name in ("text", "table", "office", "style", "xsl-fo-compatible")
)
DC = "{http://purl.org/dc/elements/1.1/}"
_POSITION = f"{STYLE}text-position"
_DEEPEST_HEADING = 5

Listed = tuple[BlockKind, int]  # what a list makes of its items, and how deep


class OdtStyles:
    """The styles and lists of one file."""

    def __init__(self, content: Element, styles: Element | None) -> None:
        parts = [part for part in (content, styles) if part is not None]
        named = [element for part in parts for element in part.iter(f"{STYLE}style")]
        self._runs = {element.get(f"{STYLE}name", ""): _look(element) for element in named}
        self._parents = {
            element.get(f"{STYLE}name", ""): element.get(f"{STYLE}parent-style-name", "") for element in named
        }
        lists = (element for part in parts for element in part.iter(f"{TEXT}list-style"))
        self._ordered = {
            element.get(f"{STYLE}name", "")
            for element in lists
            if element.find(f"{TEXT}list-level-style-number") is not None
        }

    def listed(self, element: Element, listed: Listed | None) -> Listed | None:
        """What a paragraph or heading is; `listed` is what the list around it makes of it."""
        if element.tag == f"{TEXT}h":
            level = element.get(f"{TEXT}outline-level", "1")
            return BlockKind.HEADING, min(int(level) if level.isdecimal() else 1, _DEEPEST_HEADING)
        style = element.get(f"{TEXT}style-name", "")
        return (BlockKind.TITLE, 0) if "Title" in {style, self._parents.get(style, "")} else listed

    def listing(self, element: Element, outer: Listed | None) -> Listed:
        """What a list makes of its items: numbers at the margin count paragraphs, deeper ones items."""
        level, name = 0 if outer is None else outer[1] + 1, element.get(f"{TEXT}style-name", "")
        is_ordered = name in self._ordered if name else outer is not None and outer[0] is not BlockKind.BULLET
        kind = (BlockKind.ITEM if level else BlockKind.OPERATIVE) if is_ordered else BlockKind.BULLET
        return kind, level

    def list_around(self, element: Element) -> Listed | None:
        """What the lists around a deleted paragraph make of it."""
        found: Listed | None = None
        for ancestor in reversed(list(element.iterancestors(f"{TEXT}list"))):
            found = self.listing(ancestor, found)
        return found

    def run(self, element: Element) -> RunLook:
        return self._runs.get(element.get(f"{TEXT}style-name", ""), RunLook())


def _look(style: Element) -> RunLook:
    properties = style.find(f"{STYLE}text-properties")
    if properties is None:
        return RunLook()
    return RunLook(
        Style(
            is_bold=properties.get(f"{_FO}font-weight") == "bold",
            is_italic=properties.get(f"{_FO}font-style") == "italic",
        ),
        is_struck=properties.get(f"{STYLE}text-line-through-style", "none") != "none",
        is_hidden=properties.get(f"{TEXT}display") == "none",
        is_raised=not position.startswith(("sub", "-")) if (position := properties.get(_POSITION, "")) else None,
    )


_LINK = "{http://www.w3.org/1999/xlink}href"
_DRAW = "{urn:oasis:names:tc:opendocument:xmlns:drawing:1.0}"
_META = "{urn:oasis:names:tc:opendocument:xmlns:meta:1.0}"
_LEFT_OUT = frozenset({f"{TEXT}tracked-changes", f"{OFFICE}forms", f"{TEXT}sequence-decls", f"{TEXT}variable-decls"})
_INDEXES = frozenset(f"{TEXT}{name}" for name in ("table-of-content", "user-index", "alphabetical-index"))
_MOST_SPACES = 100
_COPY = re.compile(r" Copy \d+$")  # what LibreOffice adds to a bookmark inside deleted words


def read(data: bytes, *, keeps_struck: bool = False) -> WordText:
    """Everything that the text holds. Words struck through by hand are told apart, or kept."""
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        content, styles, meta = (_part(archive, name) for name in ("content.xml", "styles.xml", "meta.xml"))
    if content is None:
        raise ValueError("no text")
    body = content.find(f"{OFFICE}body/{OFFICE}text")
    if body is None:
        raise ValueError("no text")
    reader = _OdtReader(OdtStyles(content, styles), dict(_regions(body)), keeps_struck=keeps_struck)
    reader.blocks(body, None)
    readings = (
        {}
        if meta is None
        else {element.get(f"{_META}name", ""): element.text or "" for element in meta.iter(f"{_META}user-defined")}
    )
    comments = tuple(reader.comments[number] for number in reader.comments)
    return WordText(tuple(reader.done), reader.notes, comments, tuple(reader.oddities), origins.of_properties(readings))


def _part(archive: zipfile.ZipFile, name: str) -> Element | None:
    """The root of a part; None where there is none, or nothing in it."""
    data = archive.read(name) if name in archive.namelist() else b""
    parser = etree.XMLParser(resolve_entities=False, no_network=True, load_dtd=False, huge_tree=False)
    return etree.fromstring(data, parser) if data.strip() else None


class _Region(Struct, frozen=True):
    """A tracked change, or one upon another, the earlier first; what was deleted stands in it by paragraphs."""

    changes: tuple[TrackedChange, ...]
    deleted: tuple[Element, ...] = ()


def _regions(body: Element) -> Iterator[tuple[str, _Region]]:
    for region in body.iterfind(f"{TEXT}tracked-changes/{TEXT}changed-region"):
        changes: list[TrackedChange] = []
        deleted: tuple[Element, ...] = ()
        for element in region:
            hand = _hand(element.find(f"{OFFICE}change-info"))
            if element.tag == f"{TEXT}insertion":
                changes.insert(0, TrackedChange(ChangeKind.INSERTED, hand))
            elif element.tag == f"{TEXT}deletion":
                changes.append(TrackedChange(ChangeKind.DELETED, hand))
                deleted = tuple(element.iter(f"{TEXT}p", f"{TEXT}h"))
        yield region.get(f"{TEXT}id", ""), _Region(tuple(changes), deleted)


def _hand(info: Element | None) -> ChangeAuthor:
    if info is None:
        return ChangeAuthor("")
    author = " ".join(info.findtext(f"{DC}creator", "").split())
    return ChangeAuthor(author, moment(info.findtext(f"{DC}date", "")[:19]))


class _OdtReader(Struct):
    """Walks the body of one file."""

    looks: OdtStyles
    regions: dict[str, _Region]
    keeps_struck: bool = False
    done: list[ReadParagraph] = field(default_factory=list)
    notes: dict[str, ReadParagraph] = field(default_factory=dict)
    comments: dict[str, ReadComment] = field(default_factory=dict)
    oddities: list[FoundOddity] = field(default_factory=list)
    places: int = 0
    changes: tuple[TrackedChange, ...] = ()  # that we are inside of
    open_comments: list[str] = field(default_factory=list)

    def blocks(self, parent: Element, listed: Listed | None) -> None:
        for element in parent:
            if not isinstance(element.tag, str) or element.tag in _LEFT_OUT:
                continue
            if element.tag in {f"{TEXT}h", f"{TEXT}p"}:
                self._paragraph(element, listed)
            elif element.tag == f"{TEXT}list":
                listing = self.looks.listing(element, listed)
                for item in element.iterchildren(f"{TEXT}list-item", f"{TEXT}list-header"):
                    self.blocks(item, listing)
            elif element.tag == f"{TABLE}table":
                self._table(element)
            elif element.tag in _INDEXES:
                self.oddities.append(FoundOddity(Oddity.CONTENTS, self.places, _said(element)))
            elif element.tag.startswith(_DRAW):
                self._odd(element, self.places)
            elif element.tag in {f"{TEXT}change-start", f"{TEXT}change-end"}:
                self._bound(element)
            else:
                self.blocks(element, listed)

    def _paragraph(self, element: Element, listed: Listed | None) -> None:
        here = self._begun()
        self._inline(element, PLAIN, here)
        self._end(here, self.looks.listed(element, listed), self.changes)

    def _begun(self) -> OpenParagraph:
        self.places += 1
        return OpenParagraph(self.places - 1)

    def _end(self, here: OpenParagraph, listed: Listed | None, mark: tuple[TrackedChange, ...]) -> None:
        kind, level = listed or (None, 0)
        self.done.append(
            ReadParagraph(
                here.place, tuple(here.words), tuple(here.marks), mark, kind, level, remarks=tuple(here.remarks)
            )
        )

    def _table(self, table: Element) -> None:
        here = self._begun()
        rows = []
        for row in table.iter(f"{TABLE}table-row"):
            cells = []
            for cell in row.iterchildren(f"{TABLE}table-cell"):
                inside = replace(here, words=[])
                for at, part in enumerate(cell.iter(f"{TEXT}p", f"{TEXT}h")):
                    if at and inside.words:
                        inside.words.append(CELL_JOINT)
                    self._inline(part, PLAIN, inside)
                cells.append(ReadCell(tuple(inside.words)))
            rows.append(ReadRow(tuple(cells)))
        self.done.append(
            ReadParagraph(
                here.place, marks=tuple(here.marks), rows=tuple(rows), remarks=tuple(here.remarks), mark=self.changes
            )
        )

    # Words

    def _inline(self, element: Element, style: Style, here: OpenParagraph) -> None:
        self._say(element.text, style, here)
        for child in element:
            if isinstance(child.tag, str) and child.tag not in _LEFT_OUT:
                self._inside(child, style, here)
            self._say(child.tail, style, here)

    def _say(self, words: str | None, style: Style, here: OpenParagraph, kind: GlyphKind = GlyphKind.TEXT) -> None:
        if not words:
            return
        here.words.append(ReadRun(kind, words, style, self.changes))
        if kind is GlyphKind.TEXT and not any(change.kind in TAKES_AWAY for change in self.changes):
            for number in self.open_comments:
                comment = self.comments[number]
                self.comments[number] = replace(comment, about=comment.about + words)

    def _inside(self, element: Element, style: Style, here: OpenParagraph) -> None:
        match element.tag.removeprefix(TEXT):
            case "s":
                count = element.get(f"{TEXT}c", "1")
                self._say(" " * min(int(count) if count.isdecimal() else 1, _MOST_SPACES), style, here)
            case "tab":
                self._say(" ", style, here)
            case "line-break":
                self._say("\n", PLAIN, here, GlyphKind.BREAK)
            case "note":
                self._say(self._note(element), PLAIN, here, GlyphKind.NOTE)
            case "a" | "bookmark-ref" | "reference-ref":
                self._inline(element, replace(style, link=_target(element) or style.link), here)
            case "span":
                self._span(element, style, here)
            case "bookmark" | "bookmark-start":
                here.marks.append(_COPY.sub("", element.get(f"{TEXT}name", "")))
            case "change-start" | "change-end":
                self._bound(element)
            case "change":
                self._deleted(self.regions.pop(element.get(f"{TEXT}change-id", ""), None), here)  # it stands once
            case _:
                self._other(element, style, here)

    def _other(self, element: Element, style: Style, here: OpenParagraph) -> None:
        if element.tag == f"{OFFICE}annotation":
            self._comment(element, here)
        elif element.tag == f"{OFFICE}annotation-end":
            self.open_comments = [
                comment for comment in self.open_comments if comment != element.get(f"{OFFICE}name", "")
            ]
        elif element.tag.startswith(_DRAW):
            self._odd(element, here.place)
        else:
            self._inline(element, style, here)

    def _span(self, element: Element, style: Style, here: OpenParagraph) -> None:
        look = self.looks.run(element)
        if look.is_struck and not self.changes and not self.keeps_struck:
            self.oddities.append(FoundOddity(Oddity.STRUCK, here.place, _said(element)))
        elif look.is_hidden:
            self.oddities.append(FoundOddity(Oddity.HIDDEN, here.place, _said(element)))
        else:
            own = look.style
            bold, italic = own.is_bold or style.is_bold, own.is_italic or style.is_italic
            at = len(here.words)
            self._inline(element, replace(style, is_bold=bold, is_italic=italic), here)
            here.words[at:] = with_signs(here.words[at:], look)

    # Changes

    def _bound(self, element: Element) -> None:
        """The beginning or the end of what was inserted."""
        region = self.regions.get(element.get(f"{TEXT}change-id", ""))
        if region is not None and element.tag.endswith("start"):
            self.changes = (*self.changes, *region.changes)
        elif region is not None:
            self.changes = tuple(change for change in self.changes if not any(change is own for own in region.changes))

    def _deleted(self, region: _Region | None, here: OpenParagraph) -> None:
        """Words that were deleted here; with them may have gone the ends of paragraphs."""
        around = self.changes
        for at, part in enumerate(region.deleted if region is not None else ()):
            self.changes = (*around, *region.changes) if region is not None else around
            if at:
                before = region.deleted[at - 1] if region is not None else part
                self._end(here, self.looks.listed(before, self.looks.list_around(before)), self.changes)
                fresh = self._begun()
                here.place, here.words, here.marks, here.remarks = fresh.place, [], [], []
            self._inline(part, PLAIN, here)
        self.changes = around

    # What stands beside the words

    def _note(self, note: Element) -> str:
        number = str(len(self.notes) + 1)
        here = self._begun()
        self.notes[number] = ReadParagraph(here.place)  # its number, taken before notes inside of it
        body = note.find(f"{TEXT}note-body")
        for at, part in enumerate(body.iter(f"{TEXT}p") if body is not None else ()):
            if at:
                self._say(" ", PLAIN, here)
            self._inline(part, PLAIN, here)
        self.notes[number] = ReadParagraph(here.place, tuple(here.words), tuple(here.marks))
        return number

    def _comment(self, element: Element, here: OpenParagraph) -> None:
        number = element.get(f"{OFFICE}name", "") or f"unnamed {len(self.comments)}"
        lines = ["".join(str(part) for part in element.itertext()) for element in element.iter(f"{TEXT}p")]
        attributes = {str(name).rpartition("}")[2]: value for name, value in element.attrib.items()}
        self.comments[number] = ReadComment(
            id=number,
            hand=_hand(element),
            text="\n".join(lines).strip(),
            place=here.place,
            parent=str(attributes.get("parent-name", "")),
            is_resolved=attributes.get("resolved") == "true",
        )
        here.remarks.append(number)
        if element.get(f"{OFFICE}name"):
            self.open_comments.append(number)

    def _odd(self, element: Element, place: int) -> None:
        words = _said(element)
        has_object = next(element.iter(f"{_DRAW}object"), None) is not None
        what = Oddity.EMBEDDED if has_object else Oddity.TEXT_BOX if words else Oddity.PICTURE
        self.oddities.append(FoundOddity(what, place, words))


def _target(element: Element) -> str:
    """Where a link leads: to a bookmark of the text, or elsewhere."""
    target = element.get(_LINK, "") or f"#{element.get(f'{TEXT}ref-name', '')}"
    if target.startswith("#"):
        return REFERENCE + target[1:]
    return target if SAFE_TARGET.match(target) else ""


def _said(element: Element) -> str:
    return " ".join(" ".join(str(part) for part in element.itertext()).split())
