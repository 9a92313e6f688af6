"""Which blocks of two documents with common ids belong together: one to one, one split into several, several joined."""

from collections.abc import Sequence
from collections.abc import Set as AbstractSet
from itertools import accumulate, takewhile

from msgspec import Struct

from drafts.blocks import Block, Document
from drafts.constants import BORDER_FROM
from drafts.kinds import may_divide
from drafts.order import heaviest_increasing, is_increasing
from drafts.similarity import encoded_words, ensure_comparable, kept
from drafts.spans import Span


class Intent(Struct, frozen=True):
    """What the proposer said they did, where the two texts alone would leave a choice.

    `moved` are blocks taken elsewhere, `split_off` the ids that splits gave, `joined`
    the ids that joins took away. Empty: everything is read from the texts.
    """

    moved: frozenset[str] = frozenset()
    split_off: frozenset[str] = frozenset()
    joined: frozenset[str] = frozenset()


class Group(Struct, frozen=True):
    """Old blocks and the new blocks they became; the first of each has the same id."""

    old: tuple[int, ...]
    new: tuple[int, ...]
    has_moved: bool


class Grouping(Struct, frozen=True):
    """How two documents with common ids hang together.

    `changed` are the groups that were reworded, retyped, split, joined or moved, in
    the order of the new document; `came` and `went` the blocks in no group. `stayed` are
    all groups that did not move, as (first old, end of old, first new, end of new).
    """

    changed: Sequence[Group]
    came: Sequence[int]
    went: Sequence[int]
    stayed: Sequence[Span]


def only_reworded(old: Document, new: Document) -> list[int] | None:
    """Where blocks differ, if both documents have the same blocks in the same order; None if they do not."""
    if len(old) != len(new):
        return None
    differing = [
        index
        for index, (before, after) in enumerate(zip(old.blocks, new.blocks, strict=True))
        if before is not after
        and (
            before.text != after.text
            or before.id != after.id
            or before.kind is not after.kind
            or before.level != after.level
        )
    ]
    has_same_ids = all(old.blocks[index].id == new.blocks[index].id for index in differing)
    return differing if has_same_ids else None


def grouped(old: Document, new: Document, intent: Intent) -> Grouping:
    """Find every block that lives on, and what became of it."""
    old_at = {block.id: index for index, block in enumerate(old.blocks)}
    new_ids = {block.id for block in new.blocks}
    pairs = [(old_at[block.id], j) for j, block in enumerate(new.blocks) if block.id in old_at]
    order = [i for i, _ in pairs]
    stable = frozenset(order)
    if not is_increasing(order):
        stable = heaviest_increasing(order, _weights([old.blocks[i] for i in order], intent))
    changed, stayed, split_off, joined_on = [], [], set[int](), set[int]()
    for i, j in pairs:
        before, after = old.blocks[i], new.blocks[j]
        has_moved, split, joined = i not in stable, 0, 0
        if before.text != after.text and may_divide(before) and may_divide(after):
            added = _followers(new.blocks, j, known=old_at.keys())
            lost = _followers(old.blocks, i, known=new_ids)
            split, joined = _borders(before, after, added=added, lost=lost, intent=intent)
        if has_moved or before != after:
            changed.append(Group(tuple(range(i, i + 1 + joined)), tuple(range(j, j + 1 + split)), has_moved))
            split_off.update(range(j + 1, j + 1 + split))
            joined_on.update(range(i + 1, i + 1 + joined))
        if not has_moved:
            stayed.append(Span(i, i + 1 + joined, j, j + 1 + split))
    came = [j for j, block in enumerate(new.blocks) if block.id not in old_at and j not in split_off]
    went = [i for i, block in enumerate(old.blocks) if block.id not in new_ids and i not in joined_on]
    return Grouping(changed, came, went, stayed)


def _weights(blocks: Sequence[Block], intent: Intent) -> list[int]:
    """The longer a paragraph the more it stays; what was said to move stays only where nothing else has to move."""
    unit = len(blocks) + 1
    return [1 if block.id in intent.moved else unit * (1 + len(block.text.split())) for block in blocks]


def _followers(blocks: Sequence[Block], index: int, *, known: AbstractSet[str]) -> list[Block]:
    """The blocks right after `index` that the other side does not have."""
    following = (blocks[place] for place in range(index + 1, len(blocks)))
    return list(takewhile(lambda block: block.id not in known and may_divide(block), following))


def _borders(
    before: Block, after: Block, *, added: Sequence[Block], lost: Sequence[Block], intent: Intent
) -> tuple[int, int]:
    """How many of the `added` blocks were split off, and how many of the `lost` ones joined: one of them is 0."""
    said_split = sum(1 for _ in takewhile(lambda block: block.id in intent.split_off, added))
    said_joined = sum(1 for _ in takewhile(lambda block: block.id in intent.joined, lost))
    if said_split or said_joined:
        return (said_split, 0) if said_split else (0, said_joined)
    split, split_share = _divided(before.text, [block.text for block in (after, *added)])
    joined, joined_share = _divided(after.text, [block.text for block in (before, *lost)])
    return (split, 0) if split_share >= joined_share else (0, joined)


def _divided(whole: str, parts: Sequence[str]) -> tuple[int, float]:
    """How many parts after the first also come from `whole`, and how much it then shares with all of them.

    A part counts when at least half of its words are words of `whole` that the
    parts before it lack; (0, 0) when together they share too little.
    """
    if len(parts) == 1:
        return 0, 0.0
    whole_words, first, *rest = encoded_words([whole, *parts])
    ensure_comparable([whole_words], list(accumulate((first, *rest))))
    together, shared = first, kept(whole_words, first)
    count, best = 0, 2 * shared / (len(whole_words) + len(together) or 1)
    for number, part in enumerate(rest, start=1):
        together += part
        before, shared = shared, kept(whole_words, together)
        if not part or 2 * (shared - before) < len(part):
            break
        share = 2 * shared / (len(whole_words) + len(together))
        if share > best:
            count, best = number, share
    return (count, best) if count and best >= BORDER_FROM else (0, 0.0)
