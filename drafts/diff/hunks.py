"""Hunks: what an amendment does to its base, explicit enough to merge without looking at whole texts again."""

from collections.abc import Iterable
from enum import StrEnum

from msgspec import Struct
from msgspec.structs import replace

from drafts.base.errors import ImpossibleChange
from drafts.diff.word_diff import WordHunk, WordOp
from drafts.text.blocks import Block, Document


class HunkKind(StrEnum):
    """What a hunk does to a group of blocks. A moved block may also be reworded, split or joined."""

    REWORD = "reword"  # of words, of kind or of level
    INSERT = "insert"
    DELETE = "delete"
    MOVE = "move"
    SPLIT = "split"
    JOIN = "join"


class Hunk(Struct, frozen=True):
    """One group of changed blocks, as it was and as it became.

    `old_blocks` and `new_blocks` are indexes on either side, `old` and `new` the
    blocks themselves. `old_gap` says where something inserted or moved comes to
    stand: before old block `old_gap` (the number of blocks: at the end);
    several in one gap stand in the order of `new_blocks`. `new_gap` is the same
    place seen from the other side: where in the new document something deleted
    or moved used to stand. Both are None where they mean nothing.
    """

    kind: HunkKind
    old_blocks: tuple[int, ...]
    new_blocks: tuple[int, ...]
    old: tuple[Block, ...]
    new: tuple[Block, ...]
    words: tuple[WordHunk, ...] = ()
    old_gap: int | None = None
    new_gap: int | None = None


def ensure_made_for(base: Document, hunks: Iterable[Hunk]) -> None:
    """Refuse hunks that were made against another text: `ImpossibleChange` with the reason `other_base`.

    They would land on the wrong words without anybody noticing.
    """
    for hunk in hunks:
        for index, block in zip(hunk.old_blocks, hunk.old, strict=True):
            if index >= len(base) or not (base.blocks[index] is block or base.blocks[index] == block):
                raise ImpossibleChange("made against another text", block=block.id, reason="other_base")
        if (hunk.old_gap or 0) > len(base):
            raise ImpossibleChange("made against another text", block=hunk.new[0].id, reason="other_base")


_INVERSE_KIND = {
    HunkKind.INSERT: HunkKind.DELETE,
    HunkKind.DELETE: HunkKind.INSERT,
    HunkKind.SPLIT: HunkKind.JOIN,
    HunkKind.JOIN: HunkKind.SPLIT,
}
_INVERSE_OP = {WordOp.INSERT: WordOp.DELETE, WordOp.DELETE: WordOp.INSERT}


def invert(hunks: tuple[Hunk, ...]) -> tuple[Hunk, ...]:
    """The hunks that lead back: `apply(new, invert(hunks))` is the old document."""
    return tuple(_inverted(hunk) for hunk in hunks)


def _inverted(hunk: Hunk) -> Hunk:
    return replace(
        hunk,
        kind=_INVERSE_KIND.get(hunk.kind, hunk.kind),
        old_blocks=hunk.new_blocks,
        new_blocks=hunk.old_blocks,
        old=hunk.new,
        new=hunk.old,
        words=tuple(_inverted_words(words) for words in hunk.words),
        old_gap=hunk.new_gap,
        new_gap=hunk.old_gap,
    )


def _inverted_words(words: WordHunk) -> WordHunk:
    return WordHunk(
        op=_INVERSE_OP.get(words.op, words.op),
        old=words.new,
        new=words.old,
        start=words.new_start,
        end=words.new_end,
        new_start=words.start,
        new_end=words.end,
    )
