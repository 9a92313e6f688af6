"""Edits: the smallest things a hunk does to the base, each of which can be taken or left on its own."""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from itertools import islice

from msgspec import Struct, field
from msgspec.structs import replace

from drafts.diff.hunks import Hunk, HunkKind
from drafts.diff.word_diff import TextPosition
from drafts.text.blocks import Block, BlockKind, Document, canonical
from drafts.text.tokens import PARAGRAPH_START


class Rewrite(Struct, frozen=True):
    """Replace the text from `start` to `end` by `pieces`; between two pieces a paragraph starts.

    Several pieces split a block: `starts` are the blocks that begin (their text is
    not used). A range that ends in a later block joins the blocks it crosses.
    """

    start: TextPosition
    end: TextPosition
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
    if hunk.kind is HunkKind.INSERT:
        return (Insert(_gap(hunk), hunk.new_blocks[0], hunk.new[0]),)
    if hunk.kind is HunkKind.DELETE:
        return (Delete(hunk.old_blocks[0]),)
    found: list[Edit] = []
    if hunk.kind is HunkKind.MOVE:
        found.append(Move(hunk.old_blocks[0], _gap(hunk), hunk.new_blocks[0]))
    before, after = hunk.old[0], hunk.new[0]
    if before.kind is not after.kind or before.level != after.level:
        found.append(Retype(hunk.old_blocks[0], after.kind, after.level))
    return (*found, *_rewrites(hunk))


def _gap(hunk: Hunk) -> int:
    if hunk.old_gap is None:
        raise ValueError(f"a hunk of kind {hunk.kind} needs a gap")
    return hunk.old_gap


def _rewrites(hunk: Hunk) -> Iterable[Rewrite]:
    """The same for its words: where it makes several blocks, an empty line in the new words starts one."""
    if len(hunk.new) == 1:
        return [Rewrite(words.start, words.end, (words.new,), words.old) for words in hunk.words]
    return _splitting(hunk)


def _splitting(hunk: Hunk) -> Iterator[Rewrite]:
    starts = iter(hunk.new[1:])
    for words in hunk.words:
        pieces = tuple(words.new.split(PARAGRAPH_START))
        begun = tuple(islice(starts, len(pieces) - 1))
        yield Rewrite(start=words.start, end=words.end, pieces=pieces, old=words.old, starts=begun)


class Composition(Struct, frozen=True):
    """The base's blocks rewritten, and what stands in each gap, ready to be read in order."""

    base: Document
    rewrites: Mapping[int, Sequence[Rewrite]] = field(default_factory=dict)
    retypes: Mapping[int, Retype] = field(default_factory=dict)
    gaps: Mapping[int, Sequence[Insert | Move]] = field(default_factory=dict)
    gone: frozenset[int] = frozenset()
    """Blocks that no longer stand in their own place: deleted, moved, or joined to the one before."""

    def blocks(self) -> Iterator[Block]:
        after = 0
        for index in sorted({*self.rewrites, *self.retypes, *self.gaps, *self.gone} - {len(self.base)}):
            yield from self.base.blocks[after:index]
            yield from self.in_gap(index)
            if index not in self.gone:
                yield from self.parts(index)
            after = index + 1
        yield from self.base.blocks[after:]
        yield from self.in_gap(len(self.base))

    def in_gap(self, gap: int) -> Iterator[Block]:
        for item in self.gaps.get(gap, ()):
            if isinstance(item, Insert):
                yield item.new
            else:
                yield from self.parts(item.block)

    def parts(self, index: int) -> tuple[Block, ...]:
        """What became of base block `index` and of the blocks joined to it: itself, then the parts split off."""
        first = self._retyped(index)
        if index not in self.rewrites:
            return (first,)
        blocks, texts = [first], [""]
        text, block, offset = self.base.blocks[index].text, index, 0
        pending = iter(self.rewrites[index])
        while rewrite := next(pending, None):
            texts[-1] += text[offset : rewrite.start.offset] + rewrite.pieces[0]
            offset = rewrite.end.offset
            if rewrite.starts:
                blocks += rewrite.starts
                texts += rewrite.pieces[1:]
            if rewrite.end.block != block:
                block = rewrite.end.block
                text, pending = self.base.blocks[block].text, iter(self.rewrites.get(block, ()))
        texts[-1] += text[offset:]
        if len(texts) == 1 and texts[0] == first.text:
            return (first,)
        return tuple(
            replace(part, text=canonical(text, kind=part.kind)) for part, text in zip(blocks, texts, strict=True)
        )

    def _retyped(self, index: int) -> Block:
        block, retype = self.base.blocks[index], self.retypes.get(index)
        return replace(block, kind=retype.kind, level=retype.level) if retype else block


def compose(base: Document, edits: Iterable[Edit]) -> Composition:
    """Take `edits`, none of which disputes another; in a gap they stand in the order given."""
    rewrites: dict[int, list[Rewrite]] = defaultdict(list)
    gaps: dict[int, list[Insert | Move]] = defaultdict(list)
    retypes: dict[int, Retype] = {}
    gone: set[int] = set()
    for edit in edits:
        match edit:
            case Rewrite():
                rewrites[edit.start.block].append(edit)
                gone.update(range(edit.start.block + 1, edit.end.block + 1))
            case Retype():
                retypes[edit.block] = edit
            case Delete():
                gone.add(edit.block)
            case Move():
                gone.add(edit.block)
                gaps[edit.gap].append(edit)
            case Insert():
                gaps[edit.gap].append(edit)
    for chosen in rewrites.values():
        if len(chosen) > 1:
            chosen.sort(key=lambda rewrite: (rewrite.start.key, rewrite.end.key))
    return Composition(base=base, rewrites=rewrites, retypes=retypes, gaps=gaps, gone=frozenset(gone))
