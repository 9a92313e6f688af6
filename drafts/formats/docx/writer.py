"""The Word files of a text: clean, with tracked changes and comments, or in columns of several languages."""

from collections.abc import Collection, Iterator, Mapping, Sequence
from datetime import UTC, datetime, time
from itertools import pairwise, takewhile
from types import MappingProxyType

from msgspec import Struct, field
from msgspec.structs import replace

from drafts.formats import apparatus_rows, text_formats, text_parts
from drafts.formats.assembly import EditionRow, EditionText, EditionWording, RowPart
from drafts.formats.docx.body import BodyWriter, KeepTogether, in_language, note_label
from drafts.formats.docx.entries import BodyEntry, CommentEntry
from drafts.formats.docx.origin import FileOrigin
from drafts.formats.docx.package import PageSetup, pack_docx
from drafts.formats.docx.tracked_changes import unchanged
from drafts.formats.labels import WORDS, closing, imprint_line, literal
from drafts.formats.xml_elements import Xml, text, w
from drafts.text.blocks import Block, BlockKind, Document, Language
from drafts.text.numbering import label

_NO_REMARKS: Mapping[str, Sequence[CommentEntry]] = MappingProxyType({})
_NO_TONGUES: Mapping[str, Language] = MappingProxyType({})
_NO_STATES: Mapping[str, str] = {}
_ALL_MAY_PART = KeepTogether()


class LanguageColumn(Struct, frozen=True):
    """One language of a file in columns; `marks` is the beginning of its bookmarks' names."""

    document: Document
    heading: str
    marks: str
    tongues: Mapping[str, Language] = field(default_factory=lambda: _NO_TONGUES)


def text_file(
    entries: Sequence[BodyEntry],
    sheet: PageSetup,
    *,
    numbers: Mapping[str, str],
    origin: FileOrigin | None = None,
    remarks: Mapping[str, Sequence[CommentEntry]] = _NO_REMARKS,
    tongues: Mapping[str, Language] = _NO_TONGUES,
    kept: KeepTogether = _ALL_MAY_PART,
) -> bytes:
    """A text as a Word file: one paragraph for each block, real numbers, footnotes, bookmarks, tracked changes.

    `tongues` are the languages of blocks that are not in that of the text.
    """
    notes = {note_label(entry): entry for entry in reversed(entries) if note_label(entry)}
    writer = BodyWriter(sheet.language, numbers=numbers, notes=notes, remarks=remarks, tongues=tongues, kept=kept)
    body = list(writer.elements(entries))
    return pack_docx([*body, writer.end()], writer, sheet, origin)


def columns_file(
    columns: Sequence[LanguageColumn],
    sheet: PageSetup,
    *,
    numbers: Mapping[str, str],
    origin: FileOrigin | None = None,
    kept: KeepTogether = _ALL_MAY_PART,
    states: Mapping[str, str] = _NO_STATES,
) -> bytes:
    """A table with a row for each block and a column for each language; numbers stand in the first column.

    The columns hold the same blocks in the same order; a block without words has an empty cell. What `states` says of
    a block stands under its number.
    """
    main = BodyWriter(sheet.language, numbers=numbers, kept=kept)
    return pack_docx([_Columns(columns, main, states).table(), main.end()], main, sheet, origin)


class _Columns(Struct, frozen=True):
    """Writes a table in several languages: footnotes are written out where they stand among the blocks."""

    columns: Sequence[LanguageColumn]
    main: BodyWriter
    states: Mapping[str, str]

    def table(self) -> Xml:
        narrow = 1700 if self.states else 700
        wide = (14600 - narrow) // len(self.columns)
        properties = w(
            "tblPr", w("tblStyle", val="Columns"), w("tblW", w=5000, type="pct"), w("tblLayout", type="fixed")
        )
        grid = w("tblGrid", w("gridCol", w=narrow), *(w("gridCol", w=wide) for _ in self.columns))
        rows = zip(*(column.document.blocks for column in self.columns), strict=True)
        return w("tbl", properties, grid, self._head(), *map(self._row, rows))

    def _head(self) -> Xml:
        cells = [_cell([_label("")]), *(_cell([_label(column.heading)]) for column in self.columns)]
        return w("tr", w("trPr", w("cantSplit"), w("tblHeader")), *cells)

    def _row(self, blocks: Sequence[Block]) -> Xml:
        first = blocks[0]
        labels = [self._mark(first), *filter(None, [self.states.get(first.id)])]
        is_kept = first.kind in text_parts.HEADINGS or first.id in self.main.kept.with_next
        cells = [_cell([_label(words, is_kept=is_kept) for words in labels])]
        for column, block in zip(self.columns, blocks, strict=True):
            cells.append(_cell(self._words(column, block)))
        return w("tr", w("trPr", w("cantSplit")), *cells)

    def _mark(self, block: Block) -> str:
        """What stands beside a block: its number, the sign of a list item, the label of a footnote."""
        if block.kind is BlockKind.NOTE:
            return text_parts.note(block.text)[0]
        number = self.main.numbers.get(block.id, "")
        return text_parts.BULLET if block.kind is BlockKind.BULLET else label(block, number, self.main.language)

    def _words(self, column: LanguageColumn, block: Block) -> list[Xml]:
        self.main.language, self.main.prefix = column.document.language, column.marks
        [entry] = unchanged(Document((block,), column.document.language))
        look = "" if block.kind in _KEPT_LOOKS else "Cell"
        made = list(self.main.element(entry, look=look))
        return in_language(made, column.tongues.get(block.id, column.document.language))


_KEPT_LOOKS = frozenset({BlockKind.TITLE, BlockKind.HEADING, BlockKind.ANNEX, BlockKind.CODE, BlockKind.RULE})


def _cell(inside: Sequence[Xml]) -> Xml:
    return w("tc", w("tcPr", w("tcW", w=0, type="auto")), *inside)


def _label(words: str, *, is_kept: bool = False) -> Xml:
    """Words of the first column; `is_kept` with the next row, as the heading beside them is."""
    return w("p", w("pPr", w("pStyle", val="Label"), w("keepNext") if is_kept else None), w("r", text(words)))


def edition_docx(text: EditionText, language: Language) -> bytes:
    """The text of one language as it is printed. A paragraph absent by decision keeps its place and says why."""
    document = Document(tuple(_blocks(text, language, (language,))), language)
    tongues = _tongues(text, language)
    sheet, entries = _sheet(text, language), unchanged(document)
    return text_file(entries, sheet, numbers=text.numbers, tongues=tongues, kept=_kept(text))


def parallel_docx(text: EditionText) -> bytes:
    """The three languages side by side, paragraph by paragraph."""
    text = replace(text, leading=Language.ES)
    columns = [
        LanguageColumn(
            Document(tuple(_blocks(text, language, frozenset(Language))), language),
            WORDS[language].name,
            language,
            _tongues(text, language),
        )
        for language in Language
    ]
    names = " · ".join(dict.fromkeys(text.imprint.declaration.values()))
    sheet = replace(_sheet(text, Language.EN, is_landscape=True), header=names)
    return columns_file(columns, sheet, numbers=text.numbers, kept=_kept(text))


def _kept(text: EditionText) -> KeepTogether:
    """The head of a reservation stays with its words, a signatory's name with office and date."""
    rows = list(apparatus_rows.every_added_row(text))
    heads = (row for row, after in pairwise(rows) if after.id == f"{row.id}-text")
    signed = (row.id for row in rows if row.part is RowPart.SIGNATORY)
    annexes = [row.id for row in text_parts.annexes(text)]
    return KeepTogether(frozenset(row.id for row in heads), frozenset(signed), apart=next(iter(annexes), ""))


def _tongues(text: EditionText, language: Language) -> Mapping[str, Language]:
    """The blocks whose words are left in the language in which they were said."""
    cells = ((row.id, row.cells[language]) for row in apparatus_rows.every_added_row(text))
    return {
        name: Language(cell.spoken)
        for name, cell in cells
        if isinstance(cell, EditionWording) and cell.spoken in set(Language)
    }


def _sheet(text: EditionText, language: Language, *, is_landscape: bool = False) -> PageSetup:
    name = text.imprint.declaration[language]
    day = datetime.combine(text.imprint.date, time(), tzinfo=UTC)
    return PageSetup(name, language, header=name, is_landscape=is_landscape, made_at=day)


def _blocks(text: EditionText, language: Language, beside: Collection[Language]) -> Iterator[Block]:
    """The blocks of one language: the same number of them in all that stand `beside` each other."""
    head, under = text_parts.title(text, language)
    body = text_parts.body(text)
    yield Block("", BlockKind.TITLE, head)
    if any(text_parts.title(text, other)[1] for other in beside):
        yield Block("", BlockKind.PLACE_DATE, under)
    if imprint := imprint_line(text, language):
        yield Block("", BlockKind.PLACE_DATE, literal(imprint))
    depths = text_parts.depths(text, beside)
    dated = [_block(row, language, depths) for row in takewhile(_is_place_date, body)]
    yield from dated
    if len(beside) == 1:
        yield from _contents(text, language)
    yield from (_block(row, language, depths) for row in body[len(dated) :])
    if clause := closing(text, language):
        yield Block("", BlockKind.CLOSING, literal(clause))
    yield from (_block(row, language, depths) for row in text_parts.back(text))


def _is_place_date(row: EditionRow) -> bool:
    return row.kind is BlockKind.PLACE_DATE


def _contents(text: EditionText, language: Language) -> Iterator[Block]:
    """The table of contents, each line a link to its heading, with a line below that parts it from the text."""
    entries = text_parts.contents(text, language)
    if entries:
        yield Block("", BlockKind.PARAGRAPH, f"**{literal(WORDS[language].contents)}**")
    for entry in entries:
        link = f"[{literal(entry.words)}](#b-{entry.id})"
        yield Block("", BlockKind.PARAGRAPH, link, max(0, entry.depth - 1))
    if entries:
        yield Block("", BlockKind.RULE, "")


def _block(row: EditionRow, language: Language, depths: Mapping[str, int]) -> Block:
    cell = row.cells[language]
    level = depths.get(row.id, row.level) if row.kind is BlockKind.HEADING else row.level
    if isinstance(cell, EditionWording):
        return Block(row.id, row.kind, cell.text, level)
    return replace(text_formats.block_of(row, language), level=level)
