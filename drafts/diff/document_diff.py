"""Two documents compared: the hunks between them, and a document made again from its hunks.

Blocks are aligned by id. Where the documents share no id at all they are files,
and are aligned by their texts first (`match_blocks`).
"""

from bisect import bisect_left
from collections.abc import Iterable, Iterator, Sequence
from collections.abc import Set as AbstractSet
from itertools import accumulate, compress, count, takewhile
from operator import attrgetter, ne

from msgspec import Struct
from msgspec.structs import replace

from drafts.base.constants import BORDER_FROM
from drafts.diff.block_matching import (
    encoded_words,
    ensure_comparable,
    heaviest_increasing,
    is_increasing,
    kept,
    match_blocks,
)
from drafts.diff.edits import Edit, Insert, Move, compose, edits
from drafts.diff.hunks import Hunk, HunkKind, ensure_made_for
from drafts.diff.word_diff import ChangedSpan, group_diff
from drafts.text.blocks import Block, BlockKind, Document, canonical, may_divide


class Intent(Struct, frozen=True):
    """What the proposer said they did, where the two texts alone would leave a choice.

    `moved` are blocks taken elsewhere, `split_off` the ids that splits gave, `joined`
    the ids that joins took away. Empty: everything is read from the texts.
    """

    moved: frozenset[str] = frozenset()
    split_off: frozenset[str] = frozenset()
    joined: frozenset[str] = frozenset()


class BlockGroup(Struct, frozen=True):
    """Old blocks and the new blocks they became; the first of each has the same id."""

    old: tuple[int, ...]
    new: tuple[int, ...]
    has_moved: bool


class BlockGrouping(Struct, frozen=True):
    """How two documents with common ids hang together.

    `changed` are the groups that were reworded, retyped, split, joined or moved, in
    the order of the new document; `came` and `went` the blocks in no group. `stayed` are
    all groups that did not move, as (first old, end of old, first new, end of new).
    """

    changed: Sequence[BlockGroup]
    came: Sequence[int]
    went: Sequence[int]
    stayed: Sequence[ChangedSpan]


def only_reworded(old: Document, new: Document) -> list[int] | None:
    """Where blocks differ, if both documents have the same blocks in the same order; None if they do not."""
    differing = list(compress(count(), map(ne, old.blocks, new.blocks)))
    has_same_ids = all(old.blocks[index].id == new.blocks[index].id for index in differing)
    return differing if has_same_ids and len(old) == len(new) else None


def group_blocks(old: Document, new: Document, intent: Intent) -> BlockGrouping:
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
            changed.append(BlockGroup(tuple(range(i, i + 1 + joined)), tuple(range(j, j + 1 + split)), has_moved))
            split_off.update(range(j + 1, j + 1 + split))
            joined_on.update(range(i + 1, i + 1 + joined))
        if not has_moved:
            stayed.append(ChangedSpan(i, i + 1 + joined, j, j + 1 + split))
    came = [j for j, block in enumerate(new.blocks) if block.id not in old_at and j not in split_off]
    went = [i for i, block in enumerate(old.blocks) if block.id not in new_ids and i not in joined_on]
    return BlockGrouping(changed, came, went, stayed)


def _weights(blocks: Sequence[Block], intent: Intent) -> list[int]:
    """The longer a paragraph the more it stays; what was said to move stays only where nothing else has to move."""
    sizes = [1 + len(block.text.split()) for block in blocks]
    unit = sum(sizes) + 1
    return [size if block.id in intent.moved else unit * size for block, size in zip(blocks, sizes, strict=True)]


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


def diff(old: Document, new: Document) -> tuple[Hunk, ...]:
    """What changed between `old` and `new`, in the order of the old text; empty when they are canonically equal.

    Applying the hunks to `old` gives the canonical `new`; where the documents
    share no id, it gives `identified(old, new)`: the same texts under the ids of `old`.
    """
    return diff_canonical(*comparable(old, new))


def comparable(old: Document, new: Document) -> tuple[Document, Document]:
    """Both in canonical form, and `new` under the ids of `old` where they shared none."""
    old, new = canonical_document(old), canonical_document(new)
    return old, new if _share_ids(old, new) else match_blocks(old, new)


def _share_ids(old: Document, new: Document) -> bool:
    if any(before.id == after.id for before, after in zip(old.blocks, new.blocks, strict=False)):
        return True  # what two revisions of one text nearly always show at the first block
    return not {block.id for block in old.blocks}.isdisjoint(block.id for block in new.blocks)


def diff_by_id(old: Document, new: Document, intent: Intent | None = None) -> tuple[Hunk, ...]:
    """The same for documents whose ids are known to mean something; `intent` settles what the texts leave open."""
    return diff_canonical(canonical_document(old), canonical_document(new), intent)


def diff_canonical(old: Document, new: Document, intent: Intent | None = None) -> tuple[Hunk, ...]:
    """The same for documents known to be in canonical form."""
    if (places := only_reworded(old, new)) is not None:
        return tuple(_reworded(old, new, place) for place in places)
    found = group_blocks(old, new, intent or Intent())
    hunks = list(_changed(old, new, found))
    hunks += [Hunk(HunkKind.INSERT, (), (j,), (), (new.blocks[j],), old_gap=_gap_in_old(found, j)) for j in found.came]
    hunks += [Hunk(HunkKind.DELETE, (i,), (), (old.blocks[i],), (), new_gap=_gap_in_new(found, i)) for i in found.went]
    return tuple(sorted(hunks, key=_position))


def _reworded(old: Document, new: Document, place: int) -> Hunk:
    before, after = old.blocks[place], new.blocks[place]
    words = group_diff((before.text,), (after.text,), first_old=place, first_new=place)
    return Hunk(HunkKind.REWORD, (place,), (place,), (before,), (after,), words)


def apply(base: Document, hunks: Iterable[Hunk]) -> Document:
    """The document that `hunks`, made by one diff against `base`, lead to.

    The hunks of several amendments are merged, not applied: they may dispute each other.
    Raises `ImpossibleChange` (`other_base`) for hunks made against another text.
    """
    base, hunks = canonical_document(base), tuple(hunks)
    ensure_made_for(base, hunks)
    chosen = sorted((edit for hunk in hunks for edit in edits(hunk)), key=_ordinal)
    return Document(blocks=tuple(compose(base, chosen).blocks()), language=base.language)


def canonical_document(document: Document) -> Document:
    """`document` with every text in canonical form: itself where it is so already."""
    known = _known_canonical
    blocks = tuple([block if block.text in known else _canonical_block(block) for block in document.blocks])
    return document if blocks == document.blocks else Document(blocks=blocks, language=document.language)


_known_canonical: set[str] = set()
"""Texts found canonical of late; dropped all at once, because a text is compared many times in a row."""

_KNOWN_TEXTS, _KNOWN_LENGTH = 8192, 10_000


def _canonical_block(block: Block) -> Block:
    text = canonical(block.text, kind=block.kind)
    if text != block.text:
        return replace(block, text=text)
    if block.kind is not BlockKind.CODE and len(block.text) <= _KNOWN_LENGTH:
        if len(_known_canonical) >= _KNOWN_TEXTS:
            _known_canonical.clear()
        _known_canonical.add(block.text)  # code is canonical whatever it contains
    return block


def _ordinal(edit: Edit) -> int:
    return edit.ordinal if isinstance(edit, Insert | Move) else 0


def _position(hunk: Hunk) -> tuple[int, int, int]:
    if hunk.kind is HunkKind.INSERT:
        return hunk.old_gap or 0, 0, hunk.new_blocks[0]
    return hunk.old_blocks[0], 1, 0


def _changed(old: Document, new: Document, found: BlockGrouping) -> Iterator[Hunk]:
    for group in found.changed:
        before = old.blocks[group.old[0] : group.old[-1] + 1]
        after = new.blocks[group.new[0] : group.new[-1] + 1]
        texts = [block.text for block in before], [block.text for block in after]
        yield Hunk(
            kind=_kind(group),
            old_blocks=group.old,
            new_blocks=group.new,
            old=before,
            new=after,
            words=group_diff(*texts, first_old=group.old[0], first_new=group.new[0]),
            old_gap=_gap_in_old(found, group.new[0]) if group.has_moved else None,
            new_gap=_gap_in_new(found, group.old[0]) if group.has_moved else None,
        )


def _kind(group: BlockGroup) -> HunkKind:
    if group.has_moved:
        return HunkKind.MOVE
    if len(group.new) > 1:
        return HunkKind.SPLIT
    return HunkKind.JOIN if len(group.old) > 1 else HunkKind.REWORD


def _gap_in_old(found: BlockGrouping, place: int) -> int:
    """Where a place of the new document lies in the old one: right after what stayed and stands before it."""
    return found.stayed[before - 1].end if (before := bisect_left(found.stayed, place, key=_new_start)) else 0


def _gap_in_new(found: BlockGrouping, place: int) -> int:
    return found.stayed[before - 1].new_end if (before := bisect_left(found.stayed, place, key=_start)) else 0


_start, _new_start = attrgetter("start"), attrgetter("new_start")
