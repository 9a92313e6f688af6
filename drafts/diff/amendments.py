"""Amendments: the changes a member asks for, the text they give, and the hunks by which they are tracked."""

from collections.abc import Callable, Iterable, Iterator, Sequence
from enum import StrEnum
from functools import cached_property

from msgspec import Struct
from msgspec.structs import replace

from drafts.base.errors import ImpossibleChange, UnknownBlock
from drafts.diff.document_diff import Intent, apply, canonical_document, comparable, diff_by_id, diff_canonical
from drafts.diff.hunks import Hunk, HunkKind
from drafts.text.blocks import WHOLE, Block, BlockKind, Document, canonical, may_divide


class ChangeOp(StrEnum):
    REWORD = "reword"
    INSERT = "insert"
    DELETE = "delete"
    MOVE = "move"
    SPLIT = "split"
    JOIN = "join"


class SplitPart(Struct, frozen=True):
    """A paragraph that a split makes: its new id and its text."""

    id: str
    text: str


class Change(Struct, frozen=True):
    """One change to one block. New ids are the caller's to give.

    * reword: `block` gets `text` (None keeps the words), `kind` and `level` where given.
    * insert: a new block with id `block`, `text`, `kind` (a paragraph) and `level`
      (0), right after block `after`; None is the beginning of the text.
    * delete: `block` goes.
    * move: `block` comes to stand right after `after`.
    * split: `block` keeps `text`, and `parts` follow it, of its kind and level
      unless `kind` and `level` say otherwise.
    * join: the blocks `joined`, which follow `block`, become part of it; its text
      is `text`, or all texts with a space between.
    """

    op: ChangeOp
    block: str
    text: str | None = None
    kind: BlockKind | None = None
    level: int | None = None
    after: str | None = None
    parts: tuple[SplitPart, ...] = ()
    joined: tuple[str, ...] = ()


class Amendment(Struct, frozen=True, dict=True):
    """What one member proposes: filing number, the base it was filed against, and the hunks that lead from it.

    Merging reads only `number`, `hunks` and `is_indivisible`. An indivisible
    amendment is taken whole or not at all.
    """

    number: int
    base: Document
    hunks: tuple[Hunk, ...]
    is_indivisible: bool = False

    @cached_property
    def proposed(self) -> Document:
        """The full text as it is proposed."""
        return apply(self.base, self.hunks)


def amend(number: int, base: Document, changes: Sequence[Change], *, is_indivisible: bool = False) -> Amendment:
    """The amendment that asks for `changes`; its hunks name exactly the operations asked for.

    Raises `UnknownBlock` and `ImpossibleChange`, as `propose` does.
    """
    base = canonical_document(base)
    return Amendment(number, base, diff_by_id(base, propose(base, changes), intent(changes)), is_indivisible)


def amendment_of(
    number: int, base: Document, proposed: Document, *, intent: Intent | None = None, is_indivisible: bool = False
) -> Amendment:
    """The amendment of a member who hands in the whole text as they would have it, with or without the base's ids."""
    base, proposed = comparable(base, proposed)
    return Amendment(number, base, diff_canonical(base, proposed, intent), is_indivisible)


def intent(changes: Sequence[Change]) -> Intent:
    """What `changes` say where two texts alone leave a choice (which of two neighbours moved)."""
    return Intent(
        moved=frozenset(change.block for change in changes if change.op is ChangeOp.MOVE),
        split_off=frozenset(part.id for change in changes for part in change.parts),
        joined=frozenset(block for change in changes for block in change.joined),
    )


def intent_of(hunks: Iterable[Hunk]) -> Intent:
    """The same as hunks tell it: what an amendment moved, split and joined is not guessed anew from its texts."""
    hunks = tuple(hunks)
    return Intent(
        moved=frozenset(hunk.old[0].id for hunk in hunks if hunk.kind is HunkKind.MOVE),
        split_off=frozenset(block.id for hunk in hunks if hunk.old for block in hunk.new[1:]),
        joined=frozenset(block.id for hunk in hunks if hunk.new for block in hunk.old[1:]),
    )


def stated_changes(proposed: Document, hunks: Iterable[Hunk]) -> tuple[Change, ...]:
    """Hunks that lead to `proposed`, as the changes a member would have asked for.

    Made one after the other by `propose` on the hunks' base, they give `proposed`
    again. Joins and deletions come first, then what comes into its place in the
    order of the new text.
    """
    hunks = sorted(hunks, key=lambda hunk: hunk.new_blocks)
    joins = [change for hunk in hunks if hunk.new and len(hunk.old) > 1 for change in _joining(hunk)]
    deletions = [Change(ChangeOp.DELETE, hunk.old[0].id) for hunk in hunks if not hunk.new]
    return (*joins, *deletions, *(change for hunk in hunks if hunk.new for change in _placing(hunk, proposed)))


def _joining(hunk: Hunk) -> Iterator[Change]:
    first, *others = hunk.old
    text = " ".join(block.text for block in hunk.new)
    yield Change(ChangeOp.JOIN, first.id, text=text, joined=tuple(block.id for block in others))


def _placing(hunk: Hunk, proposed: Document) -> Iterator[Change]:
    """What makes a hunk's new blocks out of its first old one, or out of nothing, in their place."""
    first, *others = hunk.new
    place = hunk.new_blocks[0]
    after = proposed.blocks[place - 1].id if place else None
    if not hunk.old:
        yield Change(ChangeOp.INSERT, first.id, text=first.text, kind=first.kind, level=first.level, after=after)
        return
    before = hunk.old[0]
    if hunk.kind is HunkKind.MOVE:
        yield Change(ChangeOp.MOVE, first.id, after=after)
    if others:
        kind, level = others[0].kind, others[0].level
        parts = tuple(SplitPart(block.id, block.text) for block in others)
        yield Change(ChangeOp.SPLIT, first.id, text=first.text, kind=kind, level=level, parts=parts)
    has_other_words = before.text != first.text and not others and len(hunk.old) == 1
    text = first.text if has_other_words else None
    other_kind = first.kind if first.kind is not before.kind else None
    other_level = first.level if first.level != before.level else None
    if any(given is not None for given in (text, other_kind, other_level)):
        yield Change(ChangeOp.REWORD, first.id, text=text, kind=other_kind, level=other_level)


def propose(base: Document, changes: Sequence[Change]) -> Document:
    """`base` as it reads with `changes`, made one after the other; later ones may name blocks that earlier ones made.

    Raises `UnknownBlock` where a change names a block that is not there, and
    `ImpossibleChange` (fact `reason`) where the text cannot take it: `id_taken`,
    `no_text`, `no_parts`, `not_neighbours`, `cannot_divide`, `other_kind`, `after_itself`.
    """
    blocks = list(canonical_document(base).blocks)
    _ensure_new(base, changes)
    for change in changes:
        _OPERATIONS[change.op](blocks, change)
    return Document(blocks=tuple(blocks), language=base.language)


def _reword(blocks: list[Block], change: Change) -> None:
    block = blocks[index := _find(blocks, change.block)]
    if change.kind not in (None, block.kind) and not WHOLE.isdisjoint((change.kind, block.kind)):
        raise ImpossibleChange(f"a {block.kind} and a {change.kind} differ", block=block.id, reason="other_kind")
    text = block.text if change.text is None else change.text
    blocks[index] = _written(change, block.id, text, kind=block.kind, level=block.level)


def _insert(blocks: list[Block], change: Change) -> None:
    new = _written(change, change.block, change.text or "", kind=BlockKind.PARAGRAPH, level=0)
    blocks.insert(_place(blocks, change), new)


def _delete(blocks: list[Block], change: Change) -> None:
    del blocks[_find(blocks, change.block)]


def _move(blocks: list[Block], change: Change) -> None:
    if change.after == change.block:
        raise ImpossibleChange("a block cannot stand after itself", block=change.block, reason="after_itself")
    block = blocks.pop(_find(blocks, change.block))
    blocks.insert(_place(blocks, change), block)


def _split(blocks: list[Block], change: Change) -> None:
    block = blocks[index := _find(blocks, change.block)]
    _ensure_divides(block)
    if change.text is None or not change.parts:
        raise ImpossibleChange("a split needs two texts at least", block=block.id, reason="no_parts")
    blocks[index] = replace(block, text=_text(change.text, block.kind, block.id))
    for offset, part in enumerate(change.parts, start=1):
        new = _written(change, part.id, part.text, kind=block.kind, level=block.level)
        blocks.insert(index + offset, new)


def _join(blocks: list[Block], change: Change) -> None:
    index = _find(blocks, change.block)
    end = index + 1 + len(change.joined)
    for block_id in change.joined:
        _find(blocks, block_id)
    if not change.joined or tuple(block.id for block in blocks[index + 1 : end]) != change.joined:
        raise ImpossibleChange("only neighbours can be joined", block=change.block, reason="not_neighbours")
    joined = blocks[index:end]
    for block in joined:
        _ensure_divides(block)
    text = " ".join(block.text for block in joined) if change.text is None else change.text
    blocks[index:end] = [replace(joined[0], text=_text(text, joined[0].kind, change.block))]


_OPERATIONS: dict[ChangeOp, Callable[[list[Block], Change], None]] = {
    ChangeOp.REWORD: _reword,
    ChangeOp.INSERT: _insert,
    ChangeOp.DELETE: _delete,
    ChangeOp.MOVE: _move,
    ChangeOp.SPLIT: _split,
    ChangeOp.JOIN: _join,
}


def _find(blocks: Sequence[Block], block_id: str) -> int:
    for index, block in enumerate(blocks):
        if block.id == block_id:
            return index
    raise UnknownBlock(f"no block {block_id}", block=block_id)


def _place(blocks: Sequence[Block], change: Change) -> int:
    return 0 if change.after is None else _find(blocks, change.after) + 1


def _written(change: Change, block_id: str, text: str, *, kind: BlockKind, level: int) -> Block:
    """The block that `change` writes; kind and level are the given ones unless it names others."""
    kind = change.kind or kind
    return Block(block_id, kind, _text(text, kind, block_id), level if change.level is None else change.level)


def _text(text: str, kind: BlockKind, block_id: str) -> str:
    text = canonical(text, kind=kind)
    if not text:
        raise ImpossibleChange("an empty paragraph is a deletion", block=block_id, reason="no_text")
    return text


def _ensure_new(base: Document, changes: Sequence[Change]) -> None:
    """An id of the base stays that block's, even once it is deleted."""
    taken = {block.id for block in base}
    given = [change.block for change in changes if change.op is ChangeOp.INSERT]
    given += [part.id for change in changes for part in change.parts]
    for block_id in given:
        if block_id in taken:
            raise ImpossibleChange(f"the id {block_id!r} is taken", block=block_id, reason="id_taken")
        taken.add(block_id)


def _ensure_divides(block: Block) -> None:
    if not may_divide(block):
        raise ImpossibleChange(f"a {block.kind} is kept whole", block=block.id, reason="cannot_divide")
