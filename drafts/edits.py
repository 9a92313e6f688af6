"""Edits: the smallest things a hunk does to the base, each of which can be taken or left on its own."""

from collections.abc import Iterator
from itertools import islice

from msgspec import Struct

from drafts.blocks import Block, BlockKind
from drafts.hunks import Hunk, HunkKind
from drafts.tokens import PARAGRAPH_START
from drafts.words import Place, WordHunk


class Rewrite(Struct, frozen=True):
    """Replace the text from `start` to `end` by `pieces`; between two pieces a paragraph starts.

    Several pieces split a block: `starts` are the blocks that begin (their text is
    not used). A range that ends in a later block joins the blocks it crosses.
    """

    start: Place
    end: Place
    pieces: tuple[str, ...]
    old: str
    starts: tuple[Block, ...] = ()

    @property
    def is_split(self) -> bool:
        return len(self.pieces) > 1

    @property
    def is_join(self) -> bool:
        return self.start.block != self.end.block

    @property
    def is_insertion(self) -> bool:
        return self.start == self.end


class Retype(Struct, frozen=True):
    """Give a block another kind or level."""

    block: int
    kind: BlockKind
    level: int


class Delete(Struct, frozen=True):
    """Take a whole block out."""

    block: int


class Insert(Struct, frozen=True):
    """Put a new block into a gap; `ordinal` orders what one amendment puts there."""

    gap: int
    ordinal: int
    new: Block


class Move(Struct, frozen=True):
    """Take a block, with all its parts, to a gap."""

    block: int
    gap: int
    ordinal: int


Edit = Rewrite | Retype | Delete | Insert | Move


def edits(hunk: Hunk) -> tuple[Edit, ...]:
    """What `hunk` does, in its smallest parts: always the same parts in the same order."""
    return tuple(_edits(hunk))


def _edits(hunk: Hunk) -> Iterator[Edit]:
    if hunk.kind is HunkKind.INSERT:
        yield Insert(_gap(hunk), hunk.new_blocks[0], hunk.new[0])
        return
    if hunk.kind is HunkKind.DELETE:
        yield Delete(hunk.old_blocks[0])
        return
    if hunk.kind is HunkKind.MOVE:
        yield Move(hunk.old_blocks[0], _gap(hunk), hunk.new_blocks[0])
    before, after = hunk.old[0], hunk.new[0]
    if (before.kind, before.level) != (after.kind, after.level):
        yield Retype(hunk.old_blocks[0], after.kind, after.level)
    yield from _rewrites(hunk)


def _gap(hunk: Hunk) -> int:
    if hunk.old_gap is None:
        raise ValueError(f"a hunk of kind {hunk.kind} needs a gap")
    return hunk.old_gap


def _rewrites(hunk: Hunk) -> Iterator[Rewrite]:
    starts = iter(hunk.new[1:])
    for words in hunk.words:
        pieces = _pieces(words, hunk)
        begun = tuple(islice(starts, len(pieces) - 1))
        yield Rewrite(start=words.start, end=words.end, pieces=pieces, old=words.old, starts=begun)


def _pieces(words: WordHunk, hunk: Hunk) -> tuple[str, ...]:
    """Where a hunk makes several blocks, an empty line in the new words starts one; in code it is an empty line."""
    return tuple(words.new.split(PARAGRAPH_START)) if len(hunk.new) > 1 else (words.new,)
