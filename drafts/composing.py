"""A document from a base and edits that do not dispute each other: the one place where text is put together."""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence

from msgspec import Struct, field
from msgspec.structs import replace

from drafts.blocks import Block, Document, canonical
from drafts.edits import Delete, Edit, Insert, Move, Retype, Rewrite


class Composition(Struct, frozen=True):
    """The base's blocks rewritten, and what stands in each gap, ready to be read in order."""

    base: Document
    rewrites: Mapping[int, Sequence[Rewrite]] = field(default_factory=dict)
    retypes: Mapping[int, Retype] = field(default_factory=dict)
    gaps: Mapping[int, Sequence[Insert | Move]] = field(default_factory=dict)
    gone: frozenset[int] = frozenset()
    """Blocks that no longer stand in their own place: deleted, moved, or joined to the one before."""

    def blocks(self) -> Iterator[Block]:
        touched = self.rewrites.keys() | self.retypes.keys()
        for index, block in enumerate(self.base.blocks):
            if index in self.gaps:
                yield from self.in_gap(index)
            if index in touched and index not in self.gone:
                yield from self.parts(index)
            elif index not in self.gone:
                yield block
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
        block, offset = index, 0
        pending = list(self.rewrites.get(block, ()))
        while pending:
            rewrite = pending.pop(0)
            texts[-1] += self.base.blocks[block].text[offset : rewrite.start.offset] + rewrite.pieces[0]
            blocks += rewrite.starts
            texts += rewrite.pieces[1:]
            if rewrite.end.block != block:
                pending = list(self.rewrites.get(rewrite.end.block, ()))
            block, offset = rewrite.end.block, rewrite.end.offset
        texts[-1] += self.base.blocks[block].text[offset:]
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
        chosen.sort(key=lambda rewrite: (rewrite.start.key, rewrite.end.key))
    return Composition(base=base, rewrites=rewrites, retypes=retypes, gaps=gaps, gone=frozenset(gone))
