"""Two documents compared: the hunks between them, and a document made again from its hunks.

Blocks are aligned by id. Where the documents share no id at all they are files,
and are aligned by their texts first (`pairing.identified`).
"""

from bisect import bisect_left
from collections.abc import Iterable, Iterator, Sequence
from operator import attrgetter

from msgspec.structs import replace

from drafts.blocks import Block, BlockKind, Document, canonical
from drafts.composing import compose
from drafts.constants import ENGINE_VERSION
from drafts.edits import Edit, Insert, Move, edits
from drafts.grouping import Group, Grouping, Intent, grouped, only_reworded
from drafts.hunks import Hunk, HunkKind, ensure_made_for, invert
from drafts.pairing import identified
from drafts.words import Place, WordHunk, WordOp, group_diff, word_diff

__all__ = [
    "ENGINE_VERSION",
    "Hunk",
    "HunkKind",
    "Intent",
    "Place",
    "WordHunk",
    "WordOp",
    "apply",
    "canonical_document",
    "comparable",
    "diff",
    "diff_by_id",
    "identified",
    "invert",
    "word_diff",
]


def diff(old: Document, new: Document) -> tuple[Hunk, ...]:
    """What changed between `old` and `new`, in the order of the old text; empty when they are canonically equal.

    Applying the hunks to `old` gives the canonical `new`; where the documents
    share no id, it gives `identified(old, new)`: the same texts under the ids of `old`.
    """
    return _diff(*comparable(old, new), Intent())


def comparable(old: Document, new: Document) -> tuple[Document, Document]:
    """Both in canonical form, and `new` under the ids of `old` where they shared none."""
    old, new = canonical_document(old), canonical_document(new)
    return old, new if _share_ids(old, new) else identified(old, new)


def _share_ids(old: Document, new: Document) -> bool:
    if any(before.id == after.id for before, after in zip(old.blocks, new.blocks, strict=False)):
        return True  # what two revisions of one text nearly always show at the first block
    return not {block.id for block in old.blocks}.isdisjoint(block.id for block in new.blocks)


def diff_by_id(old: Document, new: Document, intent: Intent = Intent()) -> tuple[Hunk, ...]:  # noqa: B008  frozen value
    """The same for documents whose ids are known to mean something; `intent` settles what the texts leave open."""
    return _diff(canonical_document(old), canonical_document(new), intent)


def _diff(old: Document, new: Document, intent: Intent) -> tuple[Hunk, ...]:
    if (places := only_reworded(old, new)) is not None:
        return tuple(_reworded(old, new, place) for place in places)
    found = grouped(old, new, intent)
    hunks = [*_changed(old, new, found), *_came(new, found), *_went(old, found)]
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
    if _known_canonical.issuperset(map(_text, document.blocks)):
        return document
    blocks = tuple(map(_canonical_block, document.blocks))
    return document if blocks == document.blocks else Document(blocks=blocks, language=document.language)


_text = attrgetter("text")

_known_canonical: set[str] = set()
"""Texts found canonical of late; dropped all at once, because a text is compared many times in a row."""

_KNOWN_TEXTS, _KNOWN_LENGTH = 8192, 10_000


def _canonical_block(block: Block) -> Block:
    if block.text in _known_canonical:
        return block
    text = canonical(block.text, kind=block.kind)
    if text != block.text:
        return replace(block, text=text)
    _remember(block)
    return block


def _remember(block: Block) -> None:
    """Keep in mind that this text is canonical, unless it is code, which is so whatever it contains."""
    if block.kind is not BlockKind.CODE and len(block.text) <= _KNOWN_LENGTH:
        if len(_known_canonical) >= _KNOWN_TEXTS:
            _known_canonical.clear()
        _known_canonical.add(block.text)


def _ordinal(edit: Edit) -> int:
    return edit.ordinal if isinstance(edit, Insert | Move) else 0


def _position(hunk: Hunk) -> tuple[int, int, int]:
    if hunk.kind is HunkKind.INSERT:
        return hunk.old_gap or 0, 0, hunk.new_blocks[0]
    return hunk.old_blocks[0], 1, 0


def _changed(old: Document, new: Document, found: Grouping) -> Iterator[Hunk]:
    for group in found.changed:
        before, after = _blocks(old, group.old), _blocks(new, group.new)
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


def _kind(group: Group) -> HunkKind:
    if group.has_moved:
        return HunkKind.MOVE
    if len(group.new) > 1:
        return HunkKind.SPLIT
    return HunkKind.JOIN if len(group.old) > 1 else HunkKind.REWORD


def _came(new: Document, found: Grouping) -> Iterator[Hunk]:
    for index in found.came:
        yield Hunk(HunkKind.INSERT, (), (index,), (), (new.blocks[index],), old_gap=_gap_in_old(found, index))


def _went(old: Document, found: Grouping) -> Iterator[Hunk]:
    for index in found.went:
        yield Hunk(HunkKind.DELETE, (index,), (), (old.blocks[index],), (), new_gap=_gap_in_new(found, index))


def _blocks(document: Document, indexes: Sequence[int]) -> tuple[Block, ...]:
    return document.blocks[indexes[0] : indexes[-1] + 1]


def _gap_in_old(found: Grouping, place: int) -> int:
    """Where a place of the new document lies in the old one: right after what stayed and stands before it."""
    before = bisect_left(found.stayed, place, key=attrgetter("new_start"))
    return found.stayed[before - 1].end if before else 0


def _gap_in_new(found: Grouping, place: int) -> int:
    before = bisect_left(found.stayed, place, key=attrgetter("start"))
    return found.stayed[before - 1].new_end if before else 0
