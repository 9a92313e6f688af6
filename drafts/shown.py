"""What a page needs to show a diff: rows in reading order, and inside them runs of words kept, inserted and deleted."""

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from enum import StrEnum

from msgspec import Struct

from drafts.blocks import Block, Document
from drafts.diff import Hunk, HunkKind, WordHunk, comparable, diff
from drafts.letters import Detail, details
from drafts.tokens import PARAGRAPH_START

__all__ = ["Detail", "Row", "RowKind", "Run", "RunOp", "shown"]


class RowKind(StrEnum):
    """What happened to the paragraph or paragraphs of a row."""

    SAME = "same"
    REWORD = "reword"  # its words, its kind or its level changed
    INSERT = "insert"
    DELETE = "delete"
    MOVED_FROM = "moved_from"  # stood here; `MOVED` shows it where it is now
    MOVED = "moved"  # came here, perhaps reworded, split or joined on the way
    SPLIT = "split"
    JOIN = "join"


class RunOp(StrEnum):
    """What happened to a stretch of text."""

    EQUAL = "equal"
    INSERT = "insert"
    DELETE = "delete"
    START_INSERTED = "start_inserted"  # a paragraph starts here now (split); the run has no text
    START_DELETED = "start_deleted"  # a paragraph started here (join); the run has no text


class Run(Struct, frozen=True):
    """A stretch of inline Markdown that was kept, inserted or deleted as one.

    `details` is empty, or spells `text` again in pieces (whole grapheme clusters)
    so that a page can stress the letters that differ: decisi[ón→on].
    """

    op: RunOp
    text: str
    details: tuple[Detail, ...] = ()


class Row(Struct, frozen=True):
    """One line of a comparison, in reading order.

    `old` and `new` are the blocks on either side, `old_blocks` and `new_blocks`
    their places; a row that came has no old ones, a row that went (`DELETE`,
    `MOVED_FROM`) no new ones. `runs` tell the text of the row in order, deleted
    ones before the inserted ones that replace them; a text without words has none.
    Joining the equal and deleted runs gives the old texts, the equal and inserted
    ones the new (starts of paragraphs aside).
    """

    kind: RowKind
    old: tuple[Block, ...]
    new: tuple[Block, ...]
    old_blocks: tuple[int, ...]
    new_blocks: tuple[int, ...]
    runs: tuple[Run, ...] = ()


def shown(old: Document, new: Document) -> tuple[Row, ...]:
    """Compare `old` and `new` row by row, in the reading order of `new`; what went stands where it used to."""
    old, new = comparable(old, new)
    hunks = diff(old, new)
    old_at = {block.id: index for index, block in enumerate(old.blocks)}
    came = {index: hunk for hunk in hunks for index in hunk.new_blocks}
    went = _went(hunks)
    rows: list[Row] = []
    for index, block in enumerate(new.blocks):
        rows += went[index]
        hunk = came.get(index)
        if hunk is None:
            runs = _whole(block, RunOp.EQUAL)
            rows.append(Row(RowKind.SAME, (block,), (block,), (old_at[block.id],), (index,), runs))
        elif hunk.new_blocks[0] == index:
            rows.append(_row(hunk))
    return (*rows, *went[len(new)])


_ROW_KINDS = {
    HunkKind.REWORD: RowKind.REWORD,
    HunkKind.INSERT: RowKind.INSERT,
    HunkKind.DELETE: RowKind.DELETE,
    HunkKind.MOVE: RowKind.MOVED,
    HunkKind.SPLIT: RowKind.SPLIT,
    HunkKind.JOIN: RowKind.JOIN,
}


def _went(hunks: Sequence[Hunk]) -> Mapping[int, Sequence[Row]]:
    """Rows for what no longer stands in its place, by the new block they stand before."""
    rows: dict[int, list[Row]] = defaultdict(list)
    for hunk in hunks:
        if hunk.new_gap is not None:
            kind = RowKind.DELETE if hunk.kind is HunkKind.DELETE else RowKind.MOVED_FROM
            runs = tuple(_joined([_whole(block, RunOp.DELETE) for block in hunk.old], RunOp.START_DELETED))
            rows[hunk.new_gap].append(Row(kind, hunk.old, (), hunk.old_blocks, (), runs))
    return rows


def _row(hunk: Hunk) -> Row:
    runs = _whole(hunk.new[0], RunOp.INSERT) if hunk.kind is HunkKind.INSERT else tuple(_runs(hunk))
    return Row(_ROW_KINDS[hunk.kind], hunk.old, hunk.new, hunk.old_blocks, hunk.new_blocks, runs)


def _whole(block: Block, op: RunOp) -> tuple[Run, ...]:
    return (Run(op, block.text),) if block.text else ()


def _runs(hunk: Hunk) -> Iterator[Run]:
    block, offset = 0, 0
    first = hunk.old_blocks[0]
    for words in hunk.words:
        if kept := hunk.old[block].text[offset : words.start.offset]:
            yield Run(RunOp.EQUAL, kept)
        yield from _changed(words, hunk)
        block, offset = words.end.block - first, words.end.offset
    if kept := hunk.old[block].text[offset:]:
        yield Run(RunOp.EQUAL, kept)


def _changed(words: WordHunk, hunk: Hunk) -> Iterator[Run]:
    old = words.old.split(PARAGRAPH_START) if len(hunk.old) > 1 else [words.old]
    new = words.new.split(PARAGRAPH_START) if len(hunk.new) > 1 else [words.new]
    old_details, new_details = details(words.old, words.new) if len(old) == len(new) == 1 else ((), ())
    yield from _joined([_run(RunOp.DELETE, text, old_details) for text in old], RunOp.START_DELETED)
    yield from _joined([_run(RunOp.INSERT, text, new_details) for text in new], RunOp.START_INSERTED)


def _run(op: RunOp, text: str, pieces: tuple[Detail, ...]) -> tuple[Run, ...]:
    return (Run(op, text, pieces),) if text else ()


def _joined(pieces: Sequence[tuple[Run, ...]], start: RunOp) -> Iterator[Run]:
    """The runs of several pieces with a start of a paragraph between them."""
    for index, piece in enumerate(pieces):
        if index:
            yield Run(start, "")
        yield from piece
