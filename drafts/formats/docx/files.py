"""The Word files of a text: clean, with tracked changes and comments, or in columns of several languages."""

from collections.abc import Mapping, Sequence
from types import MappingProxyType

from msgspec import Struct, field

from drafts.blocks import Block, BlockKind, Document, Language
from drafts.formats import pieces
from drafts.formats.docx.body import Kept, Writer, in_language, note_label
from drafts.formats.docx.entries import Entry, Remark
from drafts.formats.docx.origin import Origin
from drafts.formats.docx.package import Sheet, packed
from drafts.formats.docx.tracked import unchanged
from drafts.formats.docx.xml import text, w
from drafts.formats.elements import Element
from drafts.numbering import label

_NO_REMARKS: Mapping[str, Sequence[Remark]] = MappingProxyType({})
_NO_TONGUES: Mapping[str, Language] = MappingProxyType({})
_ALL_MAY_PART = Kept()


class Column(Struct, frozen=True):
    """One language of a file in columns; `marks` is the beginning of its bookmarks' names."""

    document: Document
    heading: str
    marks: str
    tongues: Mapping[str, Language] = field(default_factory=lambda: _NO_TONGUES)


def text_file(
    entries: Sequence[Entry],
    sheet: Sheet,
    *,
    numbers: Mapping[str, str],
    origin: Origin | None = None,
    remarks: Mapping[str, Sequence[Remark]] = _NO_REMARKS,
    tongues: Mapping[str, Language] = _NO_TONGUES,
    kept: Kept = _ALL_MAY_PART,
) -> bytes:
    """A text as a Word file: one paragraph for each block, real numbers, footnotes, bookmarks, tracked changes."""
    notes = {note_label(entry): entry for entry in reversed(entries) if note_label(entry)}
    writer = Writer(sheet.language, numbers=numbers, notes=notes, remarks=remarks, tongues=tongues, kept=kept)
    body = list(writer.elements(entries))
    return packed([*body, writer.end()], writer, sheet, origin)


def clean_file(
    document: Document,
    sheet: Sheet,
    *,
    numbers: Mapping[str, str],
    origin: Origin | None = None,
    remarks: Mapping[str, Sequence[Remark]] = _NO_REMARKS,
    tongues: Mapping[str, Language] = _NO_TONGUES,
    kept: Kept = _ALL_MAY_PART,
) -> bytes:
    """A text without any change; `tongues` are the languages of blocks that are not in that of the text."""
    entries = unchanged(document)
    return text_file(entries, sheet, numbers=numbers, origin=origin, remarks=remarks, tongues=tongues, kept=kept)


def columns_file(
    columns: Sequence[Column],
    sheet: Sheet,
    *,
    numbers: Mapping[str, str],
    origin: Origin | None = None,
    kept: Kept = _ALL_MAY_PART,
) -> bytes:
    """A table with a row for each block and a column for each language; numbers stand in the first column.

    The columns hold the same blocks in the same order; a block without words has an empty cell.
    """
    writers = _Columns(columns, sheet, numbers, kept)
    main = writers.main
    return packed([writers.table(), main.end()], main, sheet, origin)


class _Columns:
    """Writes a table in several languages: footnotes are written out where they stand among the blocks."""

    def __init__(self, columns: Sequence[Column], sheet: Sheet, numbers: Mapping[str, str], kept: Kept) -> None:
        self.columns, self.numbers = columns, numbers
        self.main = Writer(sheet.language, numbers=numbers, kept=kept)

    def table(self) -> Element:
        narrow, wide = 700, (14600 - 700) // len(self.columns)
        properties = w(
            "tblPr", w("tblStyle", val="Columns"), w("tblW", w=5000, type="pct"), w("tblLayout", type="fixed")
        )
        grid = w("tblGrid", w("gridCol", w=narrow), *(w("gridCol", w=wide) for _ in self.columns))
        made = w("tbl", properties, grid, self._head())
        for blocks in zip(*(column.document.blocks for column in self.columns), strict=True):
            made.append(self._row(blocks))
        return made

    def _head(self) -> Element:
        cells = [_cell([_label("")]), *(_cell([_label(column.heading)]) for column in self.columns)]
        return w("tr", w("trPr", w("cantSplit"), w("tblHeader")), *cells)

    def _row(self, blocks: Sequence[Block]) -> Element:
        first = blocks[0]
        cells = [_cell([_label(self._mark(first), is_kept=first.kind in pieces.HEADINGS)])]
        for column, block in zip(self.columns, blocks, strict=True):
            cells.append(_cell(self._words(column, block)))
        return w("tr", w("trPr", w("cantSplit")), *cells)

    def _mark(self, block: Block) -> str:
        """What stands beside a block: its number, the sign of a list item, the label of a footnote."""
        if block.kind is BlockKind.NOTE:
            return pieces.note(block.text)[0]
        number = self.numbers.get(block.id, "")
        return pieces.BULLET if block.kind is BlockKind.BULLET else label(block, number, self.main.language)

    def _words(self, column: Column, block: Block) -> list[Element]:
        self.main.language, self.main.prefix = column.document.language, column.marks
        [entry] = unchanged(Document((block,), column.document.language))
        look = "" if block.kind in _KEPT_LOOKS else "Cell"
        made = list(self.main.element(entry, look=look))
        return in_language(made, column.tongues.get(block.id, column.document.language))


_KEPT_LOOKS = frozenset({BlockKind.TITLE, BlockKind.HEADING, BlockKind.ANNEX, BlockKind.CODE, BlockKind.RULE})


def _cell(inside: Sequence[Element]) -> Element:
    return w("tc", w("tcPr", w("tcW", w=0, type="auto")), *inside)


def _label(words: str, *, is_kept: bool = False) -> Element:
    """Words of the first column; `is_kept` with the next row, as the heading beside them is."""
    return w("p", w("pPr", w("pStyle", val="Label"), w("keepNext") if is_kept else None), w("r", text(words)))
