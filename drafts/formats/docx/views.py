"""A Word file as it reads once some people's changes are accepted and all others rejected."""

from collections.abc import Iterator

from msgspec import Struct

from drafts.blocks import BlockKind
from drafts.formats.docx.entries import ChangeKind, Hand
from drafts.formats.docx.glyphs import GlyphKind
from drafts.formats.docx.read_values import Paragraph, Words, WordText, stands


class Line(Struct, frozen=True):
    """One paragraph or table of a view. `places` are the paragraphs of the file that it was made of."""

    places: tuple[int, ...]
    words: tuple[Words, ...]
    marks: tuple[str, ...]
    kind: BlockKind | None
    level: int
    rows: tuple[tuple[tuple[Words, ...], ...], ...] = ()
    move: str = ""  # the name of the move that brought it here
    is_retyped: bool = False

    @property
    def text(self) -> str:
        """Its words as a reader sees them."""
        return "".join(words.text for words in self.words if words.kind is GlyphKind.TEXT)


class View(Struct, frozen=True):
    """The lines of the text, and of the footnotes by their number in the file."""

    lines: tuple[Line, ...]
    notes: dict[str, Line]


def view(text: WordText, accepted: frozenset[Hand]) -> View:
    """The file with the changes of these hands accepted and all others rejected; empty paragraphs are left out."""
    called = {
        words.text
        for paragraph in text.paragraphs
        for words in (*paragraph.words, *(one for row in paragraph.rows for cell in row.cells for one in cell.words))
        if words.kind is GlyphKind.NOTE and words.stands(accepted)
    }
    notes = {number: _line([paragraph], accepted) for number, paragraph in text.notes.items() if number in called}
    return View(tuple(_lines(text.paragraphs, accepted)), notes)


def hands(text: WordText) -> tuple[Hand, ...]:
    """Everybody who changed words, in the order of the text."""
    found: dict[Hand, None] = {}
    for paragraph in (*text.paragraphs, *text.notes.values()):
        for words in paragraph.words:
            found |= dict.fromkeys(change.hand for change in words.changes)
        found |= dict.fromkeys(change.hand for change in paragraph.mark)
        for row in paragraph.rows:
            found |= dict.fromkeys(change.hand for change in row.changes)
            for cell in row.cells:
                found |= dict.fromkeys(change.hand for change in cell.changes)
                found |= dict.fromkeys(change.hand for words in cell.words for change in words.changes)
    return tuple(found)


def _lines(paragraphs: tuple[Paragraph, ...], accepted: frozenset[Hand]) -> Iterator[Line]:
    waiting: list[Paragraph] = []
    for paragraph in paragraphs:
        if paragraph.rows:
            yield from _shown(waiting, accepted)
            waiting = []
            if table := _table(paragraph, accepted):
                yield table
            continue
        waiting.append(paragraph)
        if stands(paragraph.mark, accepted):
            yield from _shown(waiting, accepted)
            waiting = []
    yield from _shown(waiting, accepted)


def _shown(paragraphs: list[Paragraph], accepted: frozenset[Hand]) -> Iterator[Line]:
    """Several paragraphs whose ends went, as one; nothing where nothing is left."""
    if not paragraphs:
        return
    line = _line(paragraphs, accepted)
    if line.words or line.kind is BlockKind.RULE:
        yield line


def _line(paragraphs: list[Paragraph], accepted: frozenset[Hand]) -> Line:
    with_words = [
        (paragraph, words)
        for paragraph in paragraphs
        if (words := tuple(one for one in paragraph.words if one.stands(accepted)))
    ]
    kept = [paragraph for paragraph, _ in with_words] or paragraphs[-1:]
    first = kept[0]
    return Line(
        places=tuple(paragraph.place for paragraph in kept),
        words=tuple(word for _, words in with_words for word in words),
        marks=tuple(mark for paragraph in kept for mark in paragraph.marks),
        kind=first.kind,
        level=first.level,
        move=_move(first),
        is_retyped=first.retyped_by is not None,
    )


def _move(paragraph: Paragraph) -> str:
    changes = [*paragraph.mark, *(change for words in paragraph.words for change in words.changes)]
    return next((change.move for change in changes if change.kind is ChangeKind.MOVED_TO), "")


def _table(paragraph: Paragraph, accepted: frozenset[Hand]) -> Line | None:
    rows = tuple(
        tuple(
            tuple(one for one in cell.words if one.stands(accepted))
            for cell in row.cells
            if stands(cell.changes, accepted)
        )
        for row in paragraph.rows
        if stands(row.changes, accepted)
    )
    if not rows or not stands(paragraph.mark, accepted):
        return None
    return Line((paragraph.place,), (), paragraph.marks, BlockKind.TABLE, 0, rows=rows)
