"""A bilingual file that came back: for each row, which paragraph it is and how it reads in the second language."""

from collections.abc import Iterable, Mapping, Sequence

from msgspec import Struct

from drafts.blocks import BlockKind, Document
from drafts.formats.docx.entries import Hand
from drafts.formats.docx.glyphs import GlyphKind, Piece, pieces
from drafts.formats.docx.origin import by_bookmark
from drafts.formats.docx.read_values import Row, WordText
from drafts.formats.docx.views import hands
from drafts.formats.docx.writing_back import markdown_of, written_back
from drafts.formats.pieces import note

_COLUMNS = 3  # the mark, the source, the translation
_WHOLE = frozenset({BlockKind.TABLE, BlockKind.CODE, BlockKind.RULE})


class Translated(Struct, frozen=True):
    """One row: its number in the table, its block ("" where none was recognised), and its translation as Markdown.

    `text` is None where the cell is empty, and for what a cell cannot hold: a table, code.
    """

    row: int
    block: str
    text: str | None


def translated(text: WordText, source: Document, target: Document) -> tuple[Translated, ...]:
    """The rows of a file with changes accepted. `source` and `target` are the two columns as they went out."""
    found = next((one for one in text.paragraphs if one.rows), None)
    if found is None:
        return ()
    accepted = frozenset(hands(text))
    rows = [[_pieces(row, cell, accepted) for cell in range(_COLUMNS)] for row in found.rows[1:]]
    ids = _ids(found.marks, rows, source)
    return tuple(
        Translated(number, block_id, _text(target, block_id, cells[2]))
        for number, (block_id, cells) in enumerate(zip(ids, rows, strict=True), start=1)
    )


def _ids(marks: Sequence[str], rows: Sequence[Sequence[Sequence[Piece]]], source: Document) -> list[str]:
    """Which block each row is: by the bookmarks, which keep the order of the rows; else by the source's words."""
    known = by_bookmark([block.id for block in source], source.language.value)
    marked = [known[mark] for mark in marks if mark in known]
    if len(marked) == len(rows):
        return marked
    by_words: Mapping[str, str] = {_shown(pieces(note(block.text)[1])): block.id for block in source}
    return [by_words.get(_shown(cells[1]), "") for cells in rows]


def _text(target: Document, block_id: str, found: Sequence[Piece]) -> str | None:
    """The translation, in the Markdown of the one that went out wherever its words were kept."""
    block = target.block(block_id)
    if not "".join(piece.text for piece in found).strip() or block is None or block.kind in _WHOLE:
        return None
    label, _ = note(block.text) if block.kind is BlockKind.NOTE else ("", "")
    if label:
        return f"[^{label}]: {markdown_of(found)}"
    return written_back(block, found, folds=False).text if block.text else markdown_of(found)


def _pieces(row: Row, cell: int, accepted: frozenset[Hand]) -> list[Piece]:
    words = row.cells[cell].words if cell < len(row.cells) else ()
    return [Piece(one.kind, one.text, one.style) for one in words if one.stands(accepted)]


def _shown(found: Iterable[Piece]) -> str:
    return " ".join("".join(piece.text for piece in found if piece.kind is GlyphKind.TEXT).split())
