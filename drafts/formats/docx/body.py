"""Entries as the paragraphs and tables of a Word file, with their runs, tracked changes, footnotes and bookmarks."""

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from dataclasses import field as dataclasses_field
from itertools import groupby
from types import MappingProxyType

from msgspec import Struct, field
from msgspec.structs import replace

from drafts.formats import text_parts
from drafts.formats.docx.comments import CommentsPart
from drafts.formats.docx.entries import (
    TAKES_AWAY,
    BodyEntry,
    ChangeAuthor,
    ChangeKind,
    CommentEntry,
    TableRow,
    TextSpan,
    TrackedChange,
)
from drafts.formats.docx.glyphs import GlyphKind, Style
from drafts.formats.docx.origin import bookmark, stamp
from drafts.formats.docx.styles import LOCALES, MONO, RUBRIC, STEP, style_of
from drafts.formats.inline_runs import REFERENCE
from drafts.formats.text_parts import BULLET
from drafts.formats.xml_elements import Xml, safe, text, w, xml_part
from drafts.text.blocks import Block, BlockKind, Language, counts
from drafts.text.numbering import printed

OPERATIVE, _ITEMS, BULLETS = 1, 2, 3  # numbers of the abstract lists, and of the first list made from each
_LEVELS = 9
_FIRST_OF_ITEMS = 10


class Numbered(Struct, frozen=True):
    """The list a paragraph belongs to, and its level there."""

    list: int
    level: int


class Lists(Struct):
    """The lists of one file. A count that starts again is a list of its own."""

    language: Language
    _starts: list[int] = field(default_factory=list)  # for each list of items, the level at which it starts

    def numbered(self, blocks: Sequence[Block]) -> list[Numbered | None]:
        """For each of some blocks in order, where it is counted."""
        current: dict[int, int] = {}
        found: list[Numbered | None] = []
        for block, count in zip(blocks, counts(blocks), strict=True):
            match block.kind:
                case BlockKind.OPERATIVE:
                    found.append(Numbered(OPERATIVE, 0))
                case BlockKind.ITEM:
                    level = min(max(block.level, 1), _LEVELS) - 1
                    if count == 1 or level not in current:
                        current[level] = self._new(level)
                    found.append(Numbered(current[level], level))
                case BlockKind.BULLET:
                    found.append(Numbered(BULLETS, min(block.level, _LEVELS - 1)))
                case _:
                    found.append(None)
        return found

    def _new(self, level: int) -> int:
        self._starts.append(level)
        return _FIRST_OF_ITEMS + len(self._starts) - 1

    def part(self) -> bytes:
        """The part `numbering.xml`."""
        made = [self._operative(), self._items(), _bullets()]
        made += [w("num", w("abstractNumId", val=number), numId=number) for number in (OPERATIVE, _ITEMS, BULLETS)]
        for place, level in enumerate(self._starts):
            again = w("lvlOverride", w("startOverride", val=1), ilvl=level)
            made.append(w("num", w("abstractNumId", val=_ITEMS), again, numId=_FIRST_OF_ITEMS + place))
        return xml_part("w:numbering", *made)

    def _operative(self) -> Xml:
        level = _level(0, "decimal", "%1.", left=STEP, style="Operative", colour=RUBRIC)
        return w("abstractNum", w("multiLevelType", val="singleLevel"), level, abstractNumId=OPERATIVE)

    def _items(self) -> Xml:
        """Letters, small Roman numbers, and again; in English in two brackets."""
        opening = "(" if self.language is Language.EN else ""
        levels = (
            _level(at, "lowerRoman" if at % 2 else "lowerLetter", f"{opening}%{at + 1})", left=STEP * (at + 2))
            for at in range(_LEVELS)
        )
        return w("abstractNum", w("multiLevelType", val="multilevel"), *levels, abstractNumId=_ITEMS)


def _bullets() -> Xml:
    levels = (_level(at, "bullet", BULLET, left=STEP * (at + 1)) for at in range(_LEVELS))
    return w("abstractNum", w("multiLevelType", val="hybridMultilevel"), *levels, abstractNumId=BULLETS)


def _level(at: int, form: str, pattern: str, *, left: int, style: str = "", colour: str = "") -> Xml:
    return w(
        "lvl",
        w("start", val=1),
        w("numFmt", val=form),
        w("pStyle", val=style) if style else None,
        w("lvlText", val=pattern),
        w("lvlJc", val="left"),
        w("pPr", w("ind", left=left, hanging=STEP)),
        w("rPr", w("color", val=colour)) if colour else None,
        ilvl=at,
    )


_INDENTED = frozenset({BlockKind.PARAGRAPH, BlockKind.QUOTATION, BlockKind.CODE, BlockKind.TABLE})
_MOVES = frozenset({ChangeKind.MOVED_FROM, ChangeKind.MOVED_TO})
_NOTHING: Mapping[str, str] = MappingProxyType({})


class KeepTogether(Struct, frozen=True):
    """Blocks that no page may part: from what follows them, or within themselves; and one that starts a page."""

    with_next: frozenset[str] = frozenset()
    within: frozenset[str] = frozenset()
    apart: str = ""


@dataclass(slots=True)
class BodyWriter:
    """Writes entries; what a file needs besides its body (lists, links, footnotes, comments) gathers in here."""

    language: Language
    numbers: Mapping[str, str] = dataclasses_field(default_factory=lambda: _NOTHING)
    notes: Mapping[str, BodyEntry] = dataclasses_field(default_factory=dict)
    remarks: Mapping[str, Sequence[CommentEntry]] = dataclasses_field(default_factory=dict)
    lists: Lists = dataclasses_field(init=False)
    comments: CommentsPart = dataclasses_field(init=False)
    links: dict[str, str] = dataclasses_field(default_factory=dict)  # address to the id of its relationship
    footnotes: list[Xml] = dataclasses_field(default_factory=list)
    prefix: str = "b"
    tongues: Mapping[str, Language] = dataclasses_field(default_factory=dict)  # of blocks left in another language
    kept: KeepTogether = dataclasses_field(default_factory=KeepTogether)
    _last_id: int = 0
    _noted: set[str] = dataclasses_field(default_factory=set)  # labels of the footnotes that have been called

    def __post_init__(self) -> None:
        self.lists = Lists(self.language)
        self.comments = CommentsPart()

    def elements(self, entries: Sequence[BodyEntry]) -> Iterator[Xml]:
        """The elements of all entries in order; footnotes stand where they are called, not here."""
        called = {span.text for entry in entries for span in spans_of(entry) if span.kind is GlyphKind.NOTE}
        shown = [entry for entry in entries if not self._is_called(entry, called)]
        for entry, numbered in zip(shown, self.lists.numbered([body_entry.block for body_entry in shown]), strict=True):
            made = self.element(entry, numbered)
            tongue = self.tongues.get(entry.block.id)
            yield from in_language(made, tongue) if tongue else made

    def element(self, entry: BodyEntry, numbered: Numbered | None = None, *, look: str = "") -> Iterator[Xml]:
        """One entry; `look` is a style other than its own."""
        if entry.rows:
            yield self._table(entry)
            yield w("p", w("pPr", w("pStyle", val="End")))  # two tables that touch would become one
            return
        before, after = self._frame(entry)
        yield w("p", self._properties(entry, numbered, look), *before, *self.runs(_words(entry)), *after)

    def end(self) -> Xml:
        """The last paragraph: so that one inserted before it has an end that can be taken away again."""
        before, after = self._anchored(self._left_over())
        return w("p", w("pPr", w("pStyle", val="End")), *before, *after)

    def changed(self, tag: str, hand: ChangeAuthor, *inside: Xml) -> Xml:
        """An element of a tracked change with its number, author and date."""
        return w(tag, *inside, id=self.next_id(), **_by(hand))

    def next_id(self) -> int:
        self._last_id += 1
        return self._last_id

    # Paragraphs

    def _frame(self, entry: BodyEntry) -> tuple[list[Xml], list[Xml]]:
        """What stands around the words: the bookmark of the block, its comments, the places of a move."""
        before: list[Xml] = []
        after: list[Xml] = []
        if entry.is_head and entry.block.id:
            number = self.next_id()
            before.append(w("bookmarkStart", id=number, name=bookmark(entry.block.id, self.prefix)))
            after.append(w("bookmarkEnd", id=number))
            opening, closing = self._anchored(self._remarks_on(entry))
            before, after = [*before, *opening], [*closing, *after]
        if entry.mark and entry.mark.kind in _MOVES:
            number, tag = self.next_id(), entry.mark.kind.value
            facts = {"name": entry.mark.move, **_by(entry.mark.hand)}
            before = [w(f"{tag}RangeStart", id=number, **facts), *before]
            after = [*after, w(f"{tag}RangeEnd", id=number)]
        return before, after

    def _remarks_on(self, entry: BodyEntry) -> list[CommentEntry]:
        """The remarks on the block and, since a footnote can hold none, on the footnotes it calls."""
        called = [
            self.notes[span.text] for span in entry.spans if span.kind is GlyphKind.NOTE and span.text in self.notes
        ]
        about = [entry.block.id, *(note.block.id for note in called if note.block.id != entry.block.id)]
        return [remark for block_id in about for remark in self.remarks.get(block_id, ())]

    def _left_over(self) -> list[CommentEntry]:
        """Remarks on what the file does not hold."""
        return [remark for remarks in self.remarks.values() for remark in remarks if not self.comments.has(remark)]

    def _anchored(self, remarks: Iterable[CommentEntry]) -> tuple[list[Xml], list[Xml]]:
        numbers = [
            number for remark in remarks if not self.comments.has(remark) for number in self.comments.add(remark)
        ]
        starts = [w("commentRangeStart", id=number) for number in numbers]
        ends = [
            element
            for number in numbers
            for element in (
                w("commentRangeEnd", id=number),
                w("r", w("rPr", w("rStyle", val="CommentReference")), w("commentReference", id=number)),
            )
        ]
        return starts, ends

    def _properties(self, entry: BodyEntry, numbered: Numbered | None, look: str = "") -> Xml:
        style, *shape = _shape(entry, numbered, look)
        made = [style, *self._together(entry), *shape]
        if entry.mark:
            made.append(w("rPr", self.changed(entry.mark.kind.value, entry.mark.hand)))
        if entry.was and entry.retyped_by:
            old = w("pPr", *_shape(replace(entry, block=entry.was), None, look))
            made.append(self.changed("pPrChange", entry.retyped_by, old))
        return w("pPr", *made)

    def _together(self, entry: BodyEntry) -> Iterator[Xml]:
        kept, block_id = self.kept, entry.block.id
        is_apart = bool(block_id) and block_id == kept.apart
        asked = {"keepNext": block_id in kept.with_next, "keepLines": block_id in kept.within}
        return (w(tag) for tag, is_so in {**asked, "pageBreakBefore": is_apart}.items() if is_so)

    # Words

    def runs(self, spans: Sequence[TextSpan]) -> Iterator[Xml]:
        """The runs of some spans, inside their links and tracked changes."""
        for link, group in groupby(map(self._pointing, spans), key=lambda span: span.style.link):
            changed = [element for span in group for element in self._changed_run(span)]
            yield from [self._hyperlink(link, changed)] if link else changed

    def _pointing(self, span: TextSpan) -> TextSpan:
        """References as links to their paragraph, later marks of a footnote as links to what the first one carries."""
        if span.kind is GlyphKind.REFERENCE:
            return replace(span, style=replace(span.style, link=REFERENCE + span.text))
        if span.kind is not GlyphKind.NOTE or span.text not in self._noted:
            return span
        return replace(span, style=Style(link=REFERENCE + self.notes[span.text].block.id))

    def _changed_run(self, span: TextSpan) -> Iterator[Xml]:
        run = self._run(span)
        yield self.changed(span.change.kind.value, span.change.hand, run) if span.change else run

    def _hyperlink(self, target: str, inside: Sequence[Xml]) -> Xml:
        if target.startswith(REFERENCE):
            return w("hyperlink", *inside, anchor=bookmark(target.removeprefix(REFERENCE), self.prefix))
        return w("hyperlink", *inside, **{"r:id": self.links.setdefault(target, f"link{len(self.links) + 1}")})

    def _run(self, span: TextSpan) -> Xml:
        match span.kind:
            case GlyphKind.NOTE:
                return self._note(span)
            case GlyphKind.BREAK:
                return w("r", w("br"))
            case GlyphKind.REFERENCE:
                number = self.numbers.get(span.text, "")
                return w("r", self._looks(span), text(printed(number, self.language) or "¶", _tag(span.change)))
            case _:
                return w("r", self._looks(span), text(span.text, _tag(span.change)))

    def _looks(self, span: TextSpan) -> Xml:
        made = _look(span.style)
        if span.restyled_by is not None and span.old_style is not None:
            made.append(self.changed("rPrChange", span.restyled_by, w("rPr", *_look(span.old_style))))
        return w("rPr", *made)

    # Footnotes

    def _is_called(self, entry: BodyEntry, called: Iterable[str]) -> bool:
        label = note_label(entry)
        return bool(label) and label in called and self.notes.get(label) is entry

    def _note(self, span: TextSpan) -> Xml:
        """The first mark of a footnote, which carries what the note says; the bare label where it says nothing."""
        note = self.notes.get(span.text)
        if note is None or span.style.link:
            return w("r", w("rPr", w("rStyle", val="FootnoteReference")), text(span.text, _tag(span.change)))
        number = len(self.footnotes) + 1
        self._noted.add(span.text)
        mark = w("bookmarkStart", id=(place := self.next_id()), name=bookmark(note.block.id, self.prefix))
        end = w("bookmarkEnd", id=place)
        sign = w("r", w("rPr", w("rStyle", val="FootnoteReference")), w("footnoteRef"))
        said = [sign, w("r", text(" ")), *self.runs(_words(note))]
        paragraph = w("p", w("pPr", w("pStyle", val="FootnoteText")), mark, *said, end)
        self.footnotes.append(w("footnote", paragraph, id=number))
        return w("r", w("rPr", w("rStyle", val="FootnoteReference")), w("footnoteReference", id=number))

    # Tables

    def _table(self, entry: BodyEntry) -> Xml:
        before, after = self._frame(entry)
        properties = w("tblPr", w("tblStyle", val="TableGrid"), w("tblW", w=5000, type="pct"), w("tblLook", firstRow=1))
        shares = text_parts.column_widths(
            [["".join(span.text for span in cell) for cell in row.cells] for row in entry.rows]
        )
        grid = w("tblGrid", *(w("gridCol", w=round(9000 * share)) for share in shares))
        rows = (
            self._row(row, shares, is_head=place == 0, frame=(before, after) if place == 0 else ([], []))
            for place, row in enumerate(entry.rows)
        )
        return w("tbl", properties, grid, *rows)

    def _row(
        self, row: TableRow, shares: Sequence[float], *, is_head: bool, frame: tuple[Sequence[Xml], Sequence[Xml]]
    ) -> Xml:
        properties = [w("cantSplit"), *([w("tblHeader")] if is_head else []), *self._mark(row)]
        made: list[Xml] = []
        cells = [*row.cells, *[()] * (len(shares) - len(row.cells))]
        for place, (cell, share) in enumerate(zip(cells, shares, strict=True)):
            before, after = frame if place == 0 else ((), ())
            bold = [replace(span, style=replace(span.style, is_bold=True)) if is_head else span for span in cell]
            marks = self._mark(row)
            shape = w("pPr", w("pStyle", val="Cell"), w("rPr", *marks) if marks else None)
            paragraph = w("p", shape, *before, *self.runs(bold), *after)
            made.append(w("tc", w("tcPr", w("tcW", w=round(5000 * share), type="pct")), paragraph))
        return w("tr", w("trPr", *properties), *made)

    def _mark(self, row: TableRow) -> list[Xml]:
        """What says that a row came or went, to stand in its properties and those of each of its paragraphs."""
        if row.change is None:
            return []
        return [self.changed("del" if row.change.kind in TAKES_AWAY else "ins", row.change.hand)]


def spans_of(entry: BodyEntry) -> Iterator[TextSpan]:
    """Every span of an entry, those of its cells included."""
    yield from entry.spans
    for row in entry.rows:
        for cell in row.cells:
            yield from cell


def note_label(entry: BodyEntry) -> str:
    """The label of a footnote's definition; empty for any other entry."""
    is_note = entry.block.kind is BlockKind.NOTE and entry.spans and entry.spans[0].kind is GlyphKind.NOTE
    return entry.spans[0].text if is_note else ""


def _words(entry: BodyEntry) -> Sequence[TextSpan]:
    """The spans of an entry as they are printed: a footnote without its mark, a rule without its dashes."""
    if entry.block.kind is BlockKind.RULE:
        return ()
    if not note_label(entry):
        return entry.spans
    return [span for span in _after_mark(entry.spans[1:]) if span.text]


def _after_mark(spans: Sequence[TextSpan]) -> Sequence[TextSpan]:
    """What follows the mark of a footnote, without ": "."""
    if not spans or spans[0].kind is not GlyphKind.TEXT:
        return spans
    return [replace(spans[0], text=spans[0].text.removeprefix(":").lstrip(" ")), *spans[1:]]


def _shape(entry: BodyEntry, numbered: Numbered | None, look: str) -> list[Xml]:
    """Style, list and indentation, in the order that the format wants."""
    block = entry.block
    made = [w("pStyle", val=look or style_of(block.kind, block.level))]
    if numbered and not look and (block.kind is BlockKind.ITEM or numbered.list == BULLETS):
        made.append(w("numPr", w("ilvl", val=numbered.level), w("numId", val=numbered.list)))
    if block.kind in _INDENTED and block.level and not look:
        own = STEP if block.kind in {BlockKind.QUOTATION, BlockKind.CODE} else 0
        made.append(w("ind", left=own + STEP * block.level))
    return made


def _look(style: Style) -> list[Xml]:
    made: list[Xml] = []
    if style.is_code:
        made.extend([w("rStyle", val="CodeWords"), w("rFonts", ascii=MONO, hAnsi=MONO, cs=MONO)])
    elif style.link:
        made.append(w("rStyle", val="Reference" if style.link.startswith(REFERENCE) else "Hyperlink"))
    if style.is_bold:
        made.append(w("b"))
    if style.is_italic:
        made.append(w("i"))
    return made


def _tag(change: TrackedChange | None) -> str:
    return "delText" if change and change.kind is ChangeKind.DELETED else "t"


def _by(hand: ChangeAuthor) -> dict[str, str]:
    """Whose change it is, and of when."""
    return {"author": safe(hand.author)} | ({"date": stamp(hand.date)} if hand.date else {})


_RUN = re.compile("<w:r>(?:<w:rPr/>|(<w:rPr>.*?)(?=<w:rPrChange |</w:rPr>))?")  # up to where its language belongs


def in_language(elements: Iterable[Xml], language: Language) -> list[Xml]:
    """The same elements with every run in a language other than that of the file."""
    tag = w("lang", val=LOCALES[language])
    bare = f"<w:r><w:rPr>{tag}</w:rPr>"
    return [Xml(_RUN.sub(lambda run: f"{run[0]}{tag}" if run[1] else bare, element)) for element in elements]
