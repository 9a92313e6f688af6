"""Lineage: which blocks of a merged text came from which, for those who keep histories and translations."""

from collections import defaultdict
from collections.abc import Mapping, Sequence

from msgspec import Struct

from drafts.blocks import Block, Document
from drafts.edits import Edit, Insert, Move, Rewrite


class Branch(Struct, frozen=True):
    """A block, and the others that were split off it or joined into it, by id."""

    block: str
    others: tuple[str, ...]


class Lineage(Struct, frozen=True):
    """What happened to whole blocks, by id.

    `reworded` are blocks of the base that live on with another text; `retyped`
    those with another kind or level. Blocks split off are not among `inserted`,
    blocks joined not among `deleted`. A block both joined to one and split again
    stands in both lists.
    """

    reworded: tuple[str, ...] = ()
    retyped: tuple[str, ...] = ()
    inserted: tuple[str, ...] = ()
    deleted: tuple[str, ...] = ()
    moved: tuple[str, ...] = ()
    splits: tuple[Branch, ...] = ()
    joins: tuple[Branch, ...] = ()


def lineage_of(base: Document, blocks: Sequence[Block], edits: Sequence[Edit]) -> Lineage:
    """Read the lineage off the merged `blocks` and the `edits` that made them."""
    before = {block.id: block for block in base.blocks}
    lives_on = {block.id for block in blocks}
    changed = [(old, block) for block in blocks if (old := before.get(block.id)) is not None and old is not block]
    splits, joins = _branches(base, edits)
    joined = {block_id for branch in joins for block_id in branch.others}
    placed = {edit.new.id for edit in edits if isinstance(edit, Insert)}
    carried = {base.blocks[edit.block].id for edit in edits if isinstance(edit, Move)}
    return Lineage(
        reworded=tuple(block.id for old, block in changed if block.text != old.text),
        retyped=tuple(block.id for old, block in changed if (block.kind, block.level) != (old.kind, old.level)),
        inserted=tuple(block.id for block in blocks if block.id in placed),
        deleted=tuple(block.id for block in base if block.id not in lives_on and block.id not in joined),
        moved=tuple(block.id for block in blocks if block.id in carried),
        splits=splits,
        joins=joins,
    )


def _branches(base: Document, edits: Sequence[Edit]) -> tuple[tuple[Branch, ...], tuple[Branch, ...]]:
    """Splits and joins, each under the block that heads the paragraph; a chain of joins has one head."""
    heads: dict[int, int] = {}
    splits: dict[int, list[str]] = defaultdict(list)
    joins: dict[int, list[str]] = defaultdict(list)
    borders = [edit for edit in edits if isinstance(edit, Rewrite) and (edit.is_split or edit.is_join)]
    for edit in sorted(borders, key=lambda edit: (edit.start, edit.end)):
        head = heads.get(edit.start.block, edit.start.block)
        splits[head] += (start.id for start in edit.starts)
        for block in range(edit.start.block + 1, edit.end.block + 1):
            heads[block] = head
            joins[head].append(base.blocks[block].id)
    return _named(base, splits), _named(base, joins)


def _named(base: Document, branches: Mapping[int, Sequence[str]]) -> tuple[Branch, ...]:
    return tuple(Branch(base.blocks[head].id, tuple(others)) for head, others in branches.items() if others)
