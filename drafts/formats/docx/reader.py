"""A Word file read with everything in it: tracked changes, comments, footnotes, tables, bookmarks, our own part.

Nothing is decided here. Words under a change keep the change; what no block can hold is listed as odd.
The archive and its XML must have been bounded before.
"""

import re
from collections.abc import Iterator

from msgspec import Struct
from msgspec.structs import replace

from drafts.formats.docx.comments import comments_of
from drafts.formats.docx.document_model import (
    CELL_JOINT,
    FoundOddity,
    Oddity,
    OpenParagraph,
    ReadCell,
    ReadParagraph,
    ReadRow,
    ReadRun,
    WordText,
    accepted_view,
    hands,
    with_signs,
)
from drafts.formats.docx.entries import TAKES_AWAY, ChangeAuthor, ChangeKind, TrackedChange
from drafts.formats.docx.glyphs import PLAIN, GlyphKind
from drafts.formats.docx.origin import moment
from drafts.formats.docx.package import OpenedPackage, open_package
from drafts.formats.docx.returned_paragraphs import ViewPlacer
from drafts.formats.docx.style_meanings import DocxStyles
from drafts.formats.inline_runs import REFERENCE, SAFE_TARGET
from drafts.formats.xml_elements import MC, Element, child, children, q, value
from drafts.text.blocks import BlockKind, Document, Language
from drafts.text.markup import write_markdown

_HYPERLINK = re.compile(r'HYPERLINK\s+(?:(?P<local>\\l)\s+)?"(?P<target>[^"]*)"')
_CROSS = re.compile(r"(?:REF|PAGEREF|NOTEREF)\s+(?P<mark>\w+)")


class OpenFields:
    """The fields that surround the place where a reader stands; they may go over several paragraphs."""

    def __init__(self) -> None:
        self.codes: list[str] = []
        self.is_in_code = False

    def sign(self, kind: str) -> None:
        """One of the three signs that bound a field and part its code from what it shows."""
        if kind == "begin":
            self.codes.append("")
            self.is_in_code = True
        elif kind == "separate":
            self.is_in_code = False
        elif kind == "end" and self.codes:
            self.codes.pop()
            self.is_in_code = False

    def say(self, code: str) -> None:
        if self.codes:
            self.codes[-1] += code

    @property
    def target(self) -> str:
        """Where the innermost field that is a link leads."""
        return next((found for code in reversed(self.codes) if (found := target_of(code))), "")


def target_of(code: str) -> str:
    """Where a field leads, "" if it is no link."""
    if found := _HYPERLINK.search(code):
        return (REFERENCE if found["local"] else "") + found["target"]
    if found := _CROSS.search(code):
        return REFERENCE + found["mark"]
    return ""


def kept_result(link: str) -> str:
    """A link that may stay in a text, "" for any other."""
    return link if link.startswith(REFERENCE) or SAFE_TARGET.match(link) else ""


_CHANGES = {q(kind.value): kind for kind in ChangeKind}
_INSIDE = frozenset(map(q, ("smartTag", "sdtContent", "customXml", "fldSimple", "bdo", "dir", "ruby", "rubyBase")))
_BLOCKS_INSIDE = frozenset(map(q, ("sdt", "sdtContent", "customXml", "smartTag", "ins", "del", "moveFrom", "moveTo")))
_WORDS = {q("tab"): " ", q("noBreakHyphen"): "\u2011", q("softHyphen"): "", q("ptab"): " "}
_NOTES = {q("footnoteReference"): "", q("endnoteReference"): "e"}
_ALTERNATIVES = f"{{{MC}}}AlternateContent"
_THINGS = frozenset({*map(q, ("drawing", "pict", "object")), _ALTERNATIVES})
_CONTENTS = "Table of Contents"
_CELLS = {q("cellIns"): ChangeKind.INSERTED, q("cellDel"): ChangeKind.DELETED}
_EQUATION = "{http://schemas.openxmlformats.org/officeDocument/2006/math}"
_TEXT_BOX = "txbxContent"


def read(data: bytes, *, keeps_struck: bool = False) -> WordText:
    """Everything that the text of a Word file holds. Words struck through by hand are told apart, or kept."""
    return _File(open_package(data), keeps_struck=keeps_struck).text()


class _Around(Struct, frozen=True):
    """What surrounds some words: the changes, the link, and whether bold is the look of all of them."""

    changes: tuple[TrackedChange, ...] = ()
    link: str = ""


class _File:
    """Walks the parts of one file."""

    def __init__(self, file: OpenedPackage, *, keeps_struck: bool) -> None:
        self.file, self.keeps_struck = file, keeps_struck
        self.looks = DocxStyles(file.part("styles"), file.part("numbering"))
        self.links = file.links(file.main)
        self.places = 0
        self.oddities: list[FoundOddity] = []
        self.anchors: dict[str, tuple[int, list[str]]] = {}  # comment id: where it begins, the words it is about
        self.open_comments: set[str] = set()
        self.loose_marks: list[str] = []
        self.moves: dict[str, str] = {}  # the number of an open range of a move to its name
        self.fields = OpenFields()

    def text(self) -> WordText:
        body = self.file.text.find(q("body")) if self.file.text is not None else None
        if body is None:
            raise ValueError("no text")
        paragraphs = tuple(self._blocks(body, _Around()))
        notes = self._notes("footnotes", "") | self._notes("endnotes", "e")
        comments = comments_of(
            self.file.part("comments"),
            self.file.part("commentsExtended"),
            {number: (place, "".join(words)) for number, (place, words) in self.anchors.items()},
        )
        self._changed_headers()
        return WordText(paragraphs, notes, comments, tuple(self.oddities), self.file.origin())

    def _notes(self, part: str, prefix: str) -> dict[str, ReadParagraph]:
        found: dict[str, ReadParagraph] = {}
        root = self.file.part(part)
        self.links = self.file.links(self.file.name(part))
        for note in root if root is not None else ():
            if not isinstance(note.tag, str) or value(note, "type") in {
                "separator",
                "continuationSeparator",
                "continuationNotice",
            }:
                continue
            paragraphs = list(self._blocks(note, _Around()))
            words = [
                read_run for paragraph in paragraphs for read_run in (*paragraph.words, ReadRun(GlyphKind.TEXT, " "))
            ][:-1]
            marks = tuple(mark for paragraph in paragraphs for mark in paragraph.marks)
            found[prefix + value(note, "id")] = ReadParagraph(
                paragraphs[0].place if paragraphs else 0, tuple(words), marks
            )
        return found

    def _changed_headers(self) -> None:
        """Words that somebody changed where the text is not."""
        for part in (*self.file.beside("header"), *self.file.beside("footer")):
            words = [
                element.text or ""
                for tag in ("ins", "del")
                for change in part.iter(q(tag))
                for element in change.iter(q("t"), q("delText"))
            ]
            if any(words):
                self.oddities.append(FoundOddity(Oddity.HEADER, 0, "".join(words)))

    # Blocks

    def _blocks(self, parent: Element, around: _Around) -> Iterator[ReadParagraph]:
        for element in children(parent):
            if self._is_contents(element):
                self._tell(Oddity.CONTENTS, self.places, _said(element))
            elif element.tag == q("p"):
                yield self._paragraph(element, around)
            elif element.tag == q("tbl"):
                yield from self._table_or_frame(element, around)
            elif element.tag == q("bookmarkStart"):
                self.loose_marks.append(value(element, "name"))
            elif element.tag in _BLOCKS_INSIDE:
                yield from self._blocks(element, self._under(element, around))
            elif element.tag == _ALTERNATIVES:
                yield from self._blocks(_chosen(element), around)
            elif element.tag == q("altChunk"):
                self.oddities.append(FoundOddity(Oddity.EMBEDDED, self.places))
            else:
                self._range(element)

    def _table_or_frame(self, table: Element, around: _Around) -> Iterator[ReadParagraph]:
        if not _is_frame(table):
            yield self._table(table, around)
            return
        for row in _rows(table):
            for cell in _cells(row):
                yield from self._blocks(cell, around)

    def _is_contents(self, element: Element) -> bool:
        """Whether this is a table of contents, which the program makes by itself."""
        if element.tag == q("sdt"):
            return value(child(element, "sdtPr/docPartObj/docPartGallery")) == _CONTENTS
        return element.tag == q("p") and self.looks.is_contents(element.find(q("pPr")))

    def _paragraph(self, element: Element, around: _Around) -> ReadParagraph:
        here = OpenParagraph(self.places, value(child(element, "pPr/pStyle")))
        self.places += 1
        here.marks, self.loose_marks = self.loose_marks, []
        properties = element.find(q("pPr"))
        self._inline(element, around, here)
        look = self.looks.of(properties)
        return ReadParagraph(
            place=here.place,
            words=tuple(here.words),
            marks=tuple(here.marks),
            mark=tuple(self._marks_of_end(properties, around, here)),
            kind=look.kind,
            level=look.level,
            remarks=tuple(here.remarks),
            retyped_by=_hand(child(properties, "pPrChange")) if properties is not None else None,
        )

    def _marks_of_end(
        self, properties: Element | None, around: _Around, here: OpenParagraph
    ) -> Iterator[TrackedChange]:
        """What happened to the end of a paragraph; it belongs to the move that the words before it belong to."""
        yield from around.changes
        moves = {change.kind: change.move for words in here.words for change in words.changes if change.move}
        looks = properties.find(q("rPr")) if properties is not None else None
        for element in looks if looks is not None else ():
            if element.tag in _CHANGES:
                change = self._change(element)
                yield replace(change, move=change.move or moves.get(change.kind, ""))

    def _table(self, table: Element, around: _Around) -> ReadParagraph:
        """A table as one paragraph; what stands in its cells counts with it."""
        here = OpenParagraph(self.places)
        self.places += 1
        here.marks, self.loose_marks = self.loose_marks, []
        rows = tuple(self._row(row, around, here, is_first=at == 0) for at, row in enumerate(_rows(table)))
        return ReadParagraph(
            here.place, marks=tuple(here.marks), rows=rows, remarks=tuple(here.remarks), mark=around.changes
        )

    def _row(self, row: Element, around: _Around, here: OpenParagraph, *, is_first: bool) -> ReadRow:
        properties = row.find(q("trPr"))
        changes = [self._change(mark) for mark in properties if mark.tag in _CHANGES] if properties is not None else []
        ends = [child(paragraph, "pPr/rPr/ins") for paragraph in row.iter(q("p"))]
        if ends and not changes and (end := ends[0]) is not None and None not in ends:
            changes = [self._change(end)]  # as some programs track a table that is new
        cells: list[ReadCell] = []
        is_head = properties is not None and properties.find(q("tblHeader")) is not None
        for cell in _cells(row):
            words = self._cell(cell, around, here)
            if is_head or is_first:
                words = [replace(read_run, style=replace(read_run.style, is_bold=False)) for read_run in words]
            own = cell.find(q("tcPr"))
            came = (
                [
                    TrackedChange(_CELLS[element.tag], _hand(element) or ChangeAuthor(""))
                    for element in own
                    if element.tag in _CELLS
                ]
                if own is not None
                else []
            )
            cells.append(ReadCell(tuple(words), tuple(came)))
            span = value(child(cell, "tcPr/gridSpan"))
            cells += [ReadCell()] * (min(int(span), 50) - 1 if span.isdecimal() else 0)
        return ReadRow(tuple(cells), tuple(changes))

    def _cell(self, cell: Element, around: _Around, here: OpenParagraph) -> list[ReadRun]:
        inside = OpenParagraph(here.place)
        for at, paragraph in enumerate(cell.iter(q("p"))):
            if at and inside.words:
                inside.words.append(CELL_JOINT)
            inside.style = value(child(paragraph, "pPr/pStyle"))
            self._inline(paragraph, around, inside)
        if cell.find(f".//{q('tbl')}") is not None:
            self.oddities.append(
                FoundOddity(Oddity.NESTED_TABLE, here.place, "".join(read_run.text for read_run in inside.words))
            )
        here.marks += inside.marks
        here.remarks += inside.remarks
        return inside.words

    # Words

    def _inline(self, parent: Element, around: _Around, here: OpenParagraph) -> None:
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
            elif tag == _ALTERNATIVES:
                self._inline(_chosen(element), around, here)
            elif tag.startswith(_EQUATION):
                words = "".join(str(fragment) for fragment in element.itertext())
                self.oddities.append(FoundOddity(Oddity.EMBEDDED, here.place, words))
            else:
                self._range(element, here)

    def _under(self, element: Element, around: _Around) -> _Around:
        if element.tag == q("fldSimple"):
            return replace(around, link=target_of(value(element, "instr")) or around.link)
        return replace(around, changes=(*around.changes, self._change(element))) if element.tag in _CHANGES else around

    def _change(self, element: Element) -> TrackedChange:
        kind = _CHANGES[element.tag]
        open_moves = [name for key, name in self.moves.items() if key.startswith(kind.value)]
        return TrackedChange(kind, _hand(element) or ChangeAuthor(""), open_moves[-1] if open_moves else "")

    def _range(self, element: Element, here: OpenParagraph | None = None) -> None:
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

    def _run(self, run: Element, around: _Around, here: OpenParagraph) -> None:
        properties = run.find(q("rPr"))
        restyled = _hand(child(properties, "rPrChange")) if properties is not None else None
        look = self.looks.run(properties, here.style)
        changes = around.changes
        if look.is_struck and restyled is not None and not self.looks.run(child(run, "rPr/rPrChange/rPr")).is_struck:
            changes = (*changes, TrackedChange(ChangeKind.DELETED, restyled))
        elif look.is_struck and not changes and not self.keeps_struck:
            self._tell(Oddity.STRUCK, here.place, _said(run))
            return
        if look.is_hidden:
            self._tell(Oddity.HIDDEN, here.place, _said(run))
            return
        at = len(here.words)
        for element in children(run):
            if element.tag == q("fldChar"):
                self.fields.sign(value(element, "fldCharType"))
            elif element.tag in {q("instrText"), q("delInstrText")}:
                self.fields.say(element.text or "")
            elif not self.fields.is_in_code:
                style = replace(look.style, link=kept_result(around.link or self.fields.target))
                self._sign(element, here, ReadRun(GlyphKind.TEXT, "", style, changes, restyled))
        here.words[at:] = with_signs(here.words[at:], look)

    def _sign(self, element: Element, here: OpenParagraph, like: ReadRun) -> None:
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
        else:
            self._thing(element, here, like)

    def _thing(self, element: Element, here: OpenParagraph, like: ReadRun) -> None:
        """What no program writes as words: pictures, embedded files, and signs in several forms, as faces are."""
        if element.tag == _ALTERNATIVES and _chosen(element).find(q("t")) is not None:
            for child in children(_chosen(element)):
                self._sign(child, here, like)
        elif element.tag in _THINGS:
            self._odd(element, here)

    def _say(self, here: OpenParagraph, words: ReadRun) -> None:
        if words.text:
            here.words.append(words)
            for number in self.open_comments if not any(change.kind in TAKES_AWAY for change in words.changes) else ():
                self.anchors[number][1].append(words.text)

    def _tell(self, what: Oddity, place: int, words: str) -> None:
        """Tell what is no part of the text; what stands together is told together."""
        last = self.oddities[-1] if self.oddities else None
        if last and last.what is what and (last.place == place or what is Oddity.CONTENTS):
            self.oddities[-1] = replace(last, text=f"{last.text} {words}".strip())
        elif words.strip() or what is Oddity.CONTENTS:
            self.oddities.append(FoundOddity(what, place, words.strip()))

    def _odd(self, element: Element, here: OpenParagraph) -> None:
        boxes = [
            element
            for element in element.iter()
            if isinstance(element.tag, str) and element.tag.endswith(f"}}{_TEXT_BOX}")
        ]
        if boxes:
            words = "".join(element.text or "" for element in boxes[0].iter(q("t")))
            self.oddities.append(FoundOddity(Oddity.TEXT_BOX, here.place, words))
        else:
            self.oddities.append(
                FoundOddity(Oddity.EMBEDDED if element.tag == q("object") else Oddity.PICTURE, here.place)
            )


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


def _hand(element: Element | None) -> ChangeAuthor | None:
    if element is None:
        return None
    return ChangeAuthor(" ".join(value(element, "author").split()), moment(value(element, "date")))


def _said(element: Element) -> str:
    """The words inside an element, paragraphs and tabs apart."""
    signs = (element.text or "" if element.tag == q("t") else " " for element in element.iter(q("t"), q("p"), q("tab")))
    return " ".join("".join(signs).split())


def _chosen(alternatives: Element) -> Element:
    """Of several forms of one thing, the first that has words, or the first."""
    forms = list(children(alternatives))
    return next(
        (form for form in forms if next(form.iter(q("t")), None) is not None), forms[0] if forms else alternatives
    )


def _is_frame(table: Element) -> bool:
    """Whether a table only frames paragraphs, as letterheads and templates do: one column, several in a cell."""
    rows = [list(_cells(row)) for row in _rows(table)]
    is_column = all(len(row) <= 1 for row in rows)
    return is_column and any(
        sum(1 for element in cell.iterchildren(q("p")) if _said(element)) > 1 for [cell] in filter(None, rows)
    )


def _symbol(code: str) -> str:
    """A sign by its number; those of symbol fonts stand for bullets and the like."""
    try:
        number = int(code, 16)
    except ValueError:
        return ""
    return chr(number) if 31 < number < 0xD800 else "\N{BULLET}"  # noqa: PLR2004 - neither controls nor surrogates


def first_text(text: WordText) -> str:
    """The text with every tracked change accepted: headings, numbered paragraphs, items, tables and footnotes.

    A text without a title has its first heading as one. Comments are left out.
    """
    nothing = Document((), Language.EN)  # Markdown is the same in every language
    blocks = list(ViewPlacer(text, nothing, {}).placed(accepted_view(text, frozenset(hands(text)))).document.blocks)
    has_title = any(block.kind is BlockKind.TITLE for block in blocks)
    if blocks and not has_title and blocks[0].kind is BlockKind.HEADING:
        blocks[0] = replace(blocks[0], kind=BlockKind.TITLE, level=0)
    return write_markdown(Document(tuple(blocks), Language.EN))
