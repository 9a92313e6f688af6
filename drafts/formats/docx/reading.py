"""A Word file read with everything in it: tracked changes, comments, footnotes, tables, bookmarks, our own part.

Nothing is decided here. Words under a change keep the change; what no block can hold is listed as odd.
The archive and its XML must have been bounded before.
"""

import io
import re
import zipfile
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace

from lxml import etree

from drafts.formats.docx import origin as origins
from drafts.formats.docx.entries import TAKES_AWAY, Change, ChangeKind, Hand
from drafts.formats.docx.glyphs import PLAIN, GlyphKind
from drafts.formats.docx.looks import Looks
from drafts.formats.docx.origin import Origin, moment
from drafts.formats.docx.read_comments import comments_of
from drafts.formats.docx.read_values import Odd, Oddity, Paragraph, Row, Words, WordText
from drafts.formats.docx.xml import MC, child, children, q, value
from drafts.formats.elements import Element
from drafts.formats.runs import REFERENCE, SAFE_TARGET

_CHANGES = {q(kind.value): kind for kind in ChangeKind}
_INSIDE = frozenset(map(q, ("smartTag", "sdtContent", "customXml", "fldSimple", "bdo", "dir", "ruby", "rubyBase")))
_BLOCKS_INSIDE = frozenset(map(q, ("sdt", "sdtContent", "customXml", "smartTag", "ins", "del", "moveFrom", "moveTo")))
_WORDS = {q("tab"): " ", q("noBreakHyphen"): "\u2011", q("softHyphen"): "", q("ptab"): " "}
_PICTURES = frozenset(map(q, ("drawing", "pict")))
_NOTES = {q("footnoteReference"): "", q("endnoteReference"): "e"}
_HYPERLINK = re.compile(r'HYPERLINK\s+(?:(?P<local>\\l)\s+)?"(?P<target>[^"]*)"')
_CROSS = re.compile(r"(?:REF|PAGEREF|NOTEREF)\s+(?P<mark>\w+)")
_EQUATION = "{http://schemas.openxmlformats.org/officeDocument/2006/math}"
_TEXT_BOX = "txbxContent"


def read(data: bytes) -> WordText:
    """Everything that the text of a Word file holds."""
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        names = set(archive.namelist())
        parts = {name: _parsed(archive.read(name)) for name in sorted(names) if name.endswith((".xml", ".rels"))}
    return _File(parts).text()


def _parsed(data: bytes) -> Element:
    parser = etree.XMLParser(resolve_entities=False, no_network=True, load_dtd=False, huge_tree=False)
    return etree.fromstring(data, parser)


@dataclass(slots=True)
class _Open:
    """Where the reader stands inside a paragraph."""

    place: int
    words: list[Words] = field(default_factory=list)
    marks: list[str] = field(default_factory=list)
    remarks: list[str] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class _Around:
    """What surrounds some words: the changes, the link, and whether bold is the look of all of them."""

    changes: tuple[Change, ...] = ()
    link: str = ""


class _File:
    """Walks the parts of one file."""

    def __init__(self, parts: Mapping[str, Element]) -> None:
        self.parts = parts
        self.main = self._main()
        self.looks = Looks(parts.get(self._beside("styles.xml")), parts.get(self._beside("numbering.xml")))
        self.links = self._links(self.main)
        self.places = 0
        self.oddities: list[Odd] = []
        self.anchors: dict[str, tuple[int, list[str]]] = {}  # comment id: where it begins, the words it is about
        self.open_comments: set[str] = set()
        self.loose_marks: list[str] = []
        self.moves: dict[str, str] = {}  # the number of an open range of a move to its name
        self.field: list[str] = []  # codes of the fields we are inside of
        self.in_code = False

    def text(self) -> WordText:
        body = self.parts[self.main].find(q("body")) if self.main in self.parts else None
        paragraphs = tuple(self._blocks(body, _Around())) if body is not None else ()
        notes: dict[str, Paragraph] = {}
        for part, prefix in (("footnotes.xml", ""), ("endnotes.xml", "e")):
            notes |= self._notes(part, prefix)
        comments = comments_of(
            self.parts.get(self._beside("comments.xml")),
            self.parts.get(self._beside("commentsExtended.xml")),
            {number: (place, "".join(words)) for number, (place, words) in self.anchors.items()},
        )
        self._changed_headers()
        return WordText(paragraphs, notes, comments, tuple(self.oddities), self._origin())

    # Parts

    def _main(self) -> str:
        """The part that holds the text, whatever its name."""
        for relation in self.parts.get("_rels/.rels", ()):
            if relation.get("Type", "").endswith("/officeDocument"):
                return relation.get("Target", "").lstrip("/")
        return "word/document.xml"

    def _beside(self, name: str) -> str:
        folder, _, _ = self.main.rpartition("/")
        return f"{folder}/{name}" if folder else name

    def _links(self, part: str) -> Mapping[str, str]:
        folder, _, name = part.rpartition("/")
        relations = self.parts.get(f"{folder}/_rels/{name}.rels", ())
        return {one.get("Id", ""): one.get("Target", "") for one in relations if one.get("TargetMode") == "External"}

    def _origin(self) -> Origin | None:
        for name, part in self.parts.items():
            if name.startswith("customXml/item") and (found := origins.read(part)):
                return found
        return None

    def _notes(self, part: str, prefix: str) -> dict[str, Paragraph]:
        found: dict[str, Paragraph] = {}
        root = self.parts.get(self._beside(part))
        self.links = self._links(self._beside(part))
        for note in root if root is not None else ():
            if not isinstance(note.tag, str) or value(note, "type") in {
                "separator",
                "continuationSeparator",
                "continuationNotice",
            }:
                continue
            paragraphs = list(self._blocks(note, _Around()))
            words = [one for paragraph in paragraphs for one in (*paragraph.words, Words(GlyphKind.TEXT, " "))][:-1]
            marks = tuple(mark for paragraph in paragraphs for mark in paragraph.marks)
            found[prefix + value(note, "id")] = Paragraph(paragraphs[0].place if paragraphs else 0, tuple(words), marks)
        return found

    def _changed_headers(self) -> None:
        """Words that somebody changed where the text is not."""
        for name, part in self.parts.items():
            if name.startswith((self._beside("header"), self._beside("footer"))):
                words = [
                    one.text or ""
                    for tag in ("ins", "del")
                    for change in part.iter(q(tag))
                    for one in change.iter(q("t"), q("delText"))
                ]
                if any(words):
                    self.oddities.append(Odd(Oddity.HEADER, 0, "".join(words)))

    # Blocks

    def _blocks(self, parent: Element, around: _Around) -> Iterator[Paragraph]:
        for element in children(parent):
            if element.tag == q("p"):
                yield self._paragraph(element, around)
            elif element.tag == q("tbl"):
                yield self._table(element, around)
            elif element.tag == q("bookmarkStart"):
                self.loose_marks.append(value(element, "name"))
            elif element.tag in _BLOCKS_INSIDE:
                yield from self._blocks(element, self._under(element, around))
            elif element.tag == f"{{{MC}}}AlternateContent":
                chosen = next((one for one in children(element)), None)
                if chosen is not None:
                    yield from self._blocks(chosen, around)
            elif element.tag == q("altChunk"):
                self.oddities.append(Odd(Oddity.EMBEDDED, self.places))
            else:
                self._range(element)

    def _paragraph(self, element: Element, around: _Around) -> Paragraph:
        here = _Open(self.places)
        self.places += 1
        here.marks, self.loose_marks = self.loose_marks, []
        properties = element.find(q("pPr"))
        self._inline(element, around, here)
        look = self.looks.of(properties)
        return Paragraph(
            place=here.place,
            words=tuple(here.words),
            marks=tuple(here.marks),
            mark=tuple(self._marks_of_end(properties, around, here)),
            kind=look.kind,
            level=look.level,
            remarks=tuple(here.remarks),
            retyped_by=_hand(child(properties, "pPrChange")) if properties is not None else None,
        )

    def _marks_of_end(self, properties: Element | None, around: _Around, here: _Open) -> Iterator[Change]:
        """What happened to the end of a paragraph; it belongs to the move that the words before it belong to."""
        yield from around.changes
        moves = {change.kind: change.move for words in here.words for change in words.changes if change.move}
        looks = properties.find(q("rPr")) if properties is not None else None
        for element in looks if looks is not None else ():
            if element.tag in _CHANGES:
                change = self._change(element)
                yield replace(change, move=change.move or moves.get(change.kind, ""))

    def _table(self, table: Element, around: _Around) -> Paragraph:
        """A table as one paragraph; what stands in its cells counts with it."""
        here = _Open(self.places)
        self.places += 1
        here.marks, self.loose_marks = self.loose_marks, []
        rows = tuple(self._row(row, around, here, is_first=at == 0) for at, row in enumerate(_rows(table)))
        return Paragraph(
            here.place, marks=tuple(here.marks), rows=rows, remarks=tuple(here.remarks), mark=around.changes
        )

    def _row(self, row: Element, around: _Around, here: _Open, *, is_first: bool) -> Row:
        properties = row.find(q("trPr"))
        changes = [self._change(one) for one in properties if one.tag in _CHANGES] if properties is not None else []
        cells: list[tuple[Words, ...]] = []
        is_head = properties is not None and properties.find(q("tblHeader")) is not None
        for cell in _cells(row):
            words = self._cell(cell, around, here)
            if is_head or is_first:
                words = [replace(one, style=replace(one.style, is_bold=False)) for one in words]
            cells.append(tuple(words))
            span = value(child(cell, "tcPr/gridSpan"))
            cells += [()] * (min(int(span), 50) - 1 if span.isdecimal() else 0)
        return Row(tuple(cells), tuple(changes))

    def _cell(self, cell: Element, around: _Around, here: _Open) -> list[Words]:
        inside = _Open(here.place)
        for at, paragraph in enumerate(cell.iter(q("p"))):
            if at and inside.words:
                inside.words.append(Words(GlyphKind.TEXT, " "))
            self._inline(paragraph, around, inside)
        if cell.find(f".//{q('tbl')}") is not None:
            self.oddities.append(Odd(Oddity.NESTED_TABLE, here.place, "".join(one.text for one in inside.words)))
        here.marks += inside.marks
        here.remarks += inside.remarks
        return inside.words

    # Words

    def _inline(self, parent: Element, around: _Around, here: _Open) -> None:
        for element in children(parent):
            tag = element.tag
            if tag == q("r"):
                self._run(element, around, here)
            elif tag in _CHANGES or tag in _INSIDE:
                self._inline(element, self._under(element, around), here)
            elif tag == q("sdt"):
                content = element.find(q("sdtContent"))
                if content is not None:
                    self._inline(content, around, here)
            elif tag == q("hyperlink"):
                self._inline(element, replace(around, link=self._target(element) or around.link), here)
            elif tag == q("bookmarkStart"):
                here.marks.append(value(element, "name"))
            elif tag.startswith(_EQUATION):
                words = "".join(str(one) for one in element.itertext())
                self.oddities.append(Odd(Oddity.EMBEDDED, here.place, words))
            else:
                self._range(element, here)

    def _under(self, element: Element, around: _Around) -> _Around:
        if element.tag == q("fldSimple"):
            return replace(around, link=_field_target(value(element, "instr")) or around.link)
        return replace(around, changes=(*around.changes, self._change(element))) if element.tag in _CHANGES else around

    def _change(self, element: Element) -> Change:
        kind = _CHANGES[element.tag]
        open_moves = [name for key, name in self.moves.items() if key.startswith(kind.value)]
        return Change(kind, _hand(element) or Hand(""), open_moves[-1] if open_moves else "")

    def _range(self, element: Element, here: _Open | None = None) -> None:
        """Beginnings and ends of moves and comments."""
        name = element.tag.rpartition("}")[2]
        number = value(element, "id")
        if name in {"moveFromRangeStart", "moveToRangeStart"}:
            self.moves[f"{name.removesuffix('RangeStart')} {number}"] = value(element, "name")
        elif name in {"moveFromRangeEnd", "moveToRangeEnd"}:
            self.moves.pop(f"{name.removesuffix('RangeEnd')} {number}", None)
        elif name == "commentRangeStart":
            self.open_comments.add(number)
            self.anchors.setdefault(number, (here.place if here else self.places, []))
            if here:
                here.remarks.append(number)
        elif name == "commentRangeEnd":
            self.open_comments.discard(number)

    def _target(self, link: Element) -> str:
        if anchor := value(link, "anchor"):
            return REFERENCE + anchor
        return self.links.get(link.get(q("r:id"), ""), "")

    def _run(self, run: Element, around: _Around, here: _Open) -> None:
        properties = run.find(q("rPr"))
        style, restyled = (
            self.looks.style(properties),
            _hand(child(properties, "rPrChange")) if properties is not None else None,
        )
        for element in children(run):
            if element.tag == q("fldChar"):
                self._field_sign(value(element, "fldCharType"))
            elif element.tag in {q("instrText"), q("delInstrText")}:
                if self.field:
                    self.field[-1] += element.text or ""
            elif not self.in_code:
                link = around.link or next(
                    (found for code in reversed(self.field) if (found := _field_target(code))), ""
                )
                self._sign(
                    element, here, Words(GlyphKind.TEXT, "", replace(style, link=_kept(link)), around.changes, restyled)
                )

    def _field_sign(self, kind: str) -> None:
        if kind == "begin":
            self.field.append("")
            self.in_code = True
        elif kind == "separate":
            self.in_code = False
        elif kind == "end" and self.field:
            self.field.pop()
            self.in_code = False

    def _sign(self, element: Element, here: _Open, like: Words) -> None:
        """One thing inside a run."""
        tag = element.tag
        if tag in {q("t"), q("delText")}:
            self._say(here, replace(like, text=element.text or ""))
        elif tag in _WORDS:
            self._say(here, replace(like, text=_WORDS[tag]))
        elif tag in {q("br"), q("cr")}:
            if value(element, "type") not in {"page", "column"}:
                here.words.append(replace(like, kind=GlyphKind.BREAK, text="\n", style=PLAIN))
        elif tag == q("sym"):
            self._say(here, replace(like, text=_symbol(value(element, "char"))))
        elif tag in _NOTES:
            here.words.append(replace(like, kind=GlyphKind.NOTE, text=_NOTES[tag] + value(element, "id"), style=PLAIN))
        elif tag == q("commentReference"):
            number = value(element, "id")
            if number not in self.anchors:
                self.anchors[number] = here.place, []
                here.remarks.append(number)
        elif tag in _PICTURES or tag == q("object") or tag == f"{{{MC}}}AlternateContent":
            self._odd(element, here)

    def _say(self, here: _Open, words: Words) -> None:
        if words.text:
            here.words.append(words)
            for number in self.open_comments if not any(one.kind in TAKES_AWAY for one in words.changes) else ():
                self.anchors[number][1].append(words.text)

    def _odd(self, element: Element, here: _Open) -> None:
        boxes = [one for one in element.iter() if isinstance(one.tag, str) and one.tag.endswith(f"}}{_TEXT_BOX}")]
        if boxes:
            words = "".join(one.text or "" for one in boxes[0].iter(q("t")))
            self.oddities.append(Odd(Oddity.TEXT_BOX, here.place, words))
        else:
            self.oddities.append(Odd(Oddity.EMBEDDED if element.tag == q("object") else Oddity.PICTURE, here.place))


def _rows(table: Element) -> Iterator[Element]:
    """The rows of a table itself, those inside content controls included."""
    for element in children(table):
        if element.tag == q("tr"):
            yield element
        elif element.tag in _BLOCKS_INSIDE:
            yield from _rows(element)


def _cells(row: Element) -> Iterator[Element]:
    for element in children(row):
        if element.tag == q("tc"):
            yield element
        elif element.tag in _BLOCKS_INSIDE:
            yield from _cells(element)


def _hand(element: Element | None) -> Hand | None:
    if element is None:
        return None
    return Hand(" ".join(value(element, "author").split()), moment(value(element, "date")))


def _field_target(code: str) -> str:
    if found := _HYPERLINK.search(code):
        return (REFERENCE if found["local"] else "") + found["target"]
    if found := _CROSS.search(code):
        return REFERENCE + found["mark"]
    return ""


def _kept(link: str) -> str:
    return link if link.startswith(REFERENCE) or SAFE_TARGET.match(link) else ""


def _symbol(code: str) -> str:
    """A sign by its number; those of symbol fonts stand for bullets and the like."""
    try:
        number = int(code, 16)
    except ValueError:
        return ""
    return chr(number) if 31 < number < 0xD800 else "\N{BULLET}"  # noqa: PLR2004 - neither controls nor surrogates
