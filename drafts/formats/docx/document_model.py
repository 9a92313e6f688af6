"""What was read of a Word file, before anything is made of it."""

from collections.abc import Iterable, Iterator
from enum import StrEnum

from msgspec import Struct, field
from msgspec.structs import replace

from drafts.formats.docx.entries import TAKES_AWAY, ChangeAuthor, ChangeKind, TrackedChange
from drafts.formats.docx.glyphs import PLAIN, GlyphKind, Style
from drafts.formats.docx.origin import FileOrigin
from drafts.formats.docx.style_meanings import RunLook
from drafts.text.blocks import BlockKind


def stands(changes: Iterable[TrackedChange], accepted: frozenset[ChangeAuthor]) -> bool:
    """Whether what is under these changes is there once those of some hands are accepted and all others rejected."""
    return all((change.hand in accepted) is (change.kind not in TAKES_AWAY) for change in changes)


class ReadRun(Struct, frozen=True):
    """A stretch of one look under the same changes; `restyled_by` changed only its look."""

    kind: GlyphKind
    text: str
    style: Style = PLAIN
    changes: tuple[TrackedChange, ...] = ()
    restyled_by: ChangeAuthor | None = None

    def stands(self, accepted: frozenset[ChangeAuthor]) -> bool:
        """Whether it is there once the changes of these hands are accepted and all others rejected."""
        return stands(self.changes, accepted)


CELL_JOINT = ReadRun(GlyphKind.TEXT, " ")
"""This very run parts the paragraphs of a cell."""


def with_signs(runs: Iterable[ReadRun], look: RunLook) -> list[ReadRun]:
    """What was read under one look, raised and lowered words with the signs that there are for them."""
    return [replace(run, text=look.shown(run.text)) if run.kind is GlyphKind.TEXT else run for run in runs]


class ReadCell(Struct, frozen=True):
    """A cell: all its words, paragraphs parted by spaces, and what happened to it as a whole."""

    words: tuple[ReadRun, ...] = ()
    changes: tuple[TrackedChange, ...] = ()


class ReadRow(Struct, frozen=True):
    """A row of a table."""

    cells: tuple[ReadCell, ...]
    changes: tuple[TrackedChange, ...] = ()


class ReadParagraph(Struct, frozen=True):
    """A paragraph or a table as it stands in the file.

    `marks` are bookmarks that begin in it, `mark` what happened to its end, `kind` what its style says (None where
    it says nothing), `label` a number or bullet that its list prints, `remarks` the comments that begin in it.
    """

    place: int
    words: tuple[ReadRun, ...] = ()
    marks: tuple[str, ...] = ()
    mark: tuple[TrackedChange, ...] = ()
    kind: BlockKind | None = None
    level: int = 0
    rows: tuple[ReadRow, ...] = ()
    remarks: tuple[str, ...] = ()
    retyped_by: ChangeAuthor | None = None


class ReadComment(Struct, frozen=True):
    """A comment as it stands in the file: where it begins (None: nowhere), the words it is about, what it answers."""

    id: str
    hand: ChangeAuthor
    text: str
    place: int | None = None
    about: str = ""
    parent: str = ""
    is_resolved: bool = False


class Oddity(StrEnum):
    """What a file holds that no block can: told, never dropped in silence."""

    TEXT_BOX = "text_box"
    PICTURE = "picture"
    NESTED_TABLE = "nested_table"
    EMBEDDED = "embedded"  # another file, a chart, an equation
    HEADER = "header"  # words that were changed in a header or footer
    CONTENTS = "contents"  # a table of contents
    HIDDEN = "hidden"  # words that nobody sees
    STRUCK = "struck"  # words struck through by hand: read as taken out


class FoundOddity(Struct, frozen=True):
    """One oddity: where it stood, and the words it has."""

    what: Oddity
    place: int
    text: str = ""


class WordText(Struct, frozen=True):
    """A Word file as it was read. `notes` are the footnotes by their number in the file."""

    paragraphs: tuple[ReadParagraph, ...] = ()
    notes: dict[str, ReadParagraph] = field(default_factory=dict)
    comments: tuple[ReadComment, ...] = ()
    oddities: tuple[FoundOddity, ...] = ()
    origin: FileOrigin | None = None


class ViewLine(Struct, frozen=True):
    """One paragraph or table of a view. `places` are the paragraphs of the file that it was made of."""

    places: tuple[int, ...]
    words: tuple[ReadRun, ...]
    marks: tuple[str, ...]
    kind: BlockKind | None
    level: int
    rows: tuple[tuple[tuple[ReadRun, ...], ...], ...] = ()
    move: str = ""  # the name of the move that brought it here
    is_retyped: bool = False

    @property
    def text(self) -> str:
        """Its words as a reader sees them."""
        return "".join(words.text for words in self.words if words.kind is GlyphKind.TEXT)


class AcceptedView(Struct, frozen=True):
    """The lines of the text, and of the footnotes by their number in the file."""

    lines: tuple[ViewLine, ...]
    notes: dict[str, ViewLine]


def accepted_view(text: WordText, accepted: frozenset[ChangeAuthor]) -> AcceptedView:
    """The file with the changes of these hands accepted and all others rejected; empty paragraphs are left out."""
    called = {
        words.text
        for paragraph in text.paragraphs
        for words in (
            *paragraph.words,
            *(read_run for row in paragraph.rows for cell in row.cells for read_run in cell.words),
        )
        if words.kind is GlyphKind.NOTE and words.stands(accepted)
    }
    notes = {number: _line([paragraph], accepted) for number, paragraph in text.notes.items() if number in called}
    return AcceptedView(tuple(_lines(text.paragraphs, accepted)), notes)


def hands(text: WordText) -> tuple[ChangeAuthor, ...]:
    """Everybody who changed words, in the order of the text."""
    found: dict[ChangeAuthor, None] = {}
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


def _lines(paragraphs: tuple[ReadParagraph, ...], accepted: frozenset[ChangeAuthor]) -> Iterator[ViewLine]:
    pending: list[ReadParagraph] = []
    for paragraph in paragraphs:
        if paragraph.rows:
            yield from _shown(pending, accepted)
            pending = []
            if table := _table(paragraph, accepted):
                yield table
            continue
        pending.append(paragraph)
        if stands(paragraph.mark, accepted):
            yield from _shown(pending, accepted)
            pending = []
    yield from _shown(pending, accepted)


def _shown(paragraphs: list[ReadParagraph], accepted: frozenset[ChangeAuthor]) -> Iterator[ViewLine]:
    """Several paragraphs whose ends went, as one; nothing where nothing is left."""
    if not paragraphs:
        return
    line = _line(paragraphs, accepted)
    if line.words or line.kind is BlockKind.RULE:
        yield line


def _line(paragraphs: list[ReadParagraph], accepted: frozenset[ChangeAuthor]) -> ViewLine:
    with_words = [
        (paragraph, words)
        for paragraph in paragraphs
        if (words := tuple(read_run for read_run in paragraph.words if read_run.stands(accepted)))
    ]
    kept = [paragraph for paragraph, _ in with_words] or paragraphs[-1:]
    first = kept[0]
    return ViewLine(
        places=tuple(paragraph.place for paragraph in kept),
        words=tuple(word for _, words in with_words for word in words),
        marks=tuple(mark for paragraph in kept for mark in paragraph.marks),
        kind=first.kind,
        level=first.level,
        move=_move(first),
        is_retyped=first.retyped_by is not None,
    )


def _move(paragraph: ReadParagraph) -> str:
    changes = [*paragraph.mark, *(change for words in paragraph.words for change in words.changes)]
    return next((change.move for change in changes if change.kind is ChangeKind.MOVED_TO), "")


def _table(paragraph: ReadParagraph, accepted: frozenset[ChangeAuthor]) -> ViewLine | None:
    rows = tuple(
        tuple(
            tuple(read_run for read_run in cell.words if read_run.stands(accepted))
            for cell in row.cells
            if stands(cell.changes, accepted)
        )
        for row in paragraph.rows
        if stands(row.changes, accepted)
    )
    if not rows or not stands(paragraph.mark, accepted):
        return None
    return ViewLine((paragraph.place,), (), paragraph.marks, BlockKind.TABLE, 0, rows=rows)
