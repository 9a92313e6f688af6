"""Two documents compared: the hunks between them, and a document made again from its hunks.

Blocks are aligned by id. Where the documents share no id at all they are files,
and are aligned by their texts first (`pairing.identified`).
"""

import re
import unicodedata
from bisect import bisect_left
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from functools import lru_cache

from drafts.blocks import Block, Document, canonical
from drafts.composing import compose
from drafts.constants import ENGINE_VERSION
from drafts.edits import Edit, Insert, Move, edits
from drafts.grouping import Group, Intent, groups
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
    is_related = not {block.id for block in old}.isdisjoint(block.id for block in new)
    return old, new if is_related else identified(old, new)


def diff_by_id(old: Document, new: Document, intent: Intent = Intent()) -> tuple[Hunk, ...]:  # noqa: B008  frozen value
    """The same for documents whose ids are known to mean something; `intent` settles what the texts leave open."""
    return _diff(canonical_document(old), canonical_document(new), intent)


def _diff(old: Document, new: Document, intent: Intent) -> tuple[Hunk, ...]:
    found = groups(old, new, intent)
    hunks = [*_lived_on(old, new, found), *_came(new, found), *_went(old, found)]
    return tuple(sorted(hunks, key=_position))


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
    blocks = tuple(block if _is_canonical(block.text) else _canonical_block(block) for block in document)
    return document if blocks == document.blocks else Document(blocks=blocks, language=document.language)


def _canonical_block(block: Block) -> Block:
    return replace(block, text=canonical(block.text, kind=block.kind))


_REMEMBERED_UP_TO = 10_000
_CHANGED_BY_CANON = re.compile("[\t\n\v\f\r\u00ad\u200b\ufeff]")


def _is_canonical(text: str) -> bool:
    """A quick look that most paragraphs pass: nothing in `text` that its canonical form would lack."""
    return _was_canonical(text) if len(text) <= _REMEMBERED_UP_TO else _looks_canonical(text)


def _looks_canonical(text: str) -> bool:
    if "  " in text or text.startswith(" ") or text.endswith(" "):
        return False
    has_strange = not text.isprintable() and _CHANGED_BY_CANON.search(text)
    return not has_strange and unicodedata.is_normalized("NFC", text)


_was_canonical = lru_cache(maxsize=8192)(_looks_canonical)


def _ordinal(edit: Edit) -> int:
    return edit.ordinal if isinstance(edit, Insert | Move) else 0


def _position(hunk: Hunk) -> tuple[int, int, int]:
    if hunk.kind is HunkKind.INSERT:
        return hunk.old_gap or 0, 0, hunk.new_blocks[0]
    return hunk.old_blocks[0], 1, 0


def _lived_on(old: Document, new: Document, found: Sequence[Group]) -> Iterator[Hunk]:
    old_gaps, new_gaps = _Gaps.of(found, of_old=True), _Gaps.of(found, of_old=False)
    for group in found:
        before, after = _blocks(old, group.old), _blocks(new, group.new)
        if before == after and not group.has_moved:
            continue
        texts = [block.text for block in before], [block.text for block in after]
        yield Hunk(
            kind=_kind(group),
            old_blocks=group.old,
            new_blocks=group.new,
            old=before,
            new=after,
            words=group_diff(*texts, first_old=group.old[0], first_new=group.new[0]),
            old_gap=old_gaps.at(group.new[0]) if group.has_moved else None,
            new_gap=new_gaps.at(group.old[0]) if group.has_moved else None,
        )


def _kind(group: Group) -> HunkKind:
    if group.has_moved:
        return HunkKind.MOVE
    if len(group.new) > 1:
        return HunkKind.SPLIT
    return HunkKind.JOIN if len(group.old) > 1 else HunkKind.REWORD


def _came(new: Document, found: Sequence[Group]) -> Iterator[Hunk]:
    gaps, known = _Gaps.of(found, of_old=True), {index for group in found for index in group.new}
    for index, block in enumerate(new.blocks):
        if index not in known:
            yield Hunk(HunkKind.INSERT, (), (index,), (), (block,), old_gap=gaps.at(index))


def _went(old: Document, found: Sequence[Group]) -> Iterator[Hunk]:
    gaps, known = _Gaps.of(found, of_old=False), {index for group in found for index in group.old}
    for index, block in enumerate(old.blocks):
        if index not in known:
            yield Hunk(HunkKind.DELETE, (index,), (), (block,), (), new_gap=gaps.at(index))


def _blocks(document: Document, indexes: Sequence[int]) -> tuple[Block, ...]:
    return document.blocks[indexes[0] : indexes[-1] + 1]


@dataclass(frozen=True, slots=True)
class _Gaps:
    """The gaps of one document, told from a place in the other: right after what stayed and stands before it there."""

    places: tuple[int, ...]
    gaps: tuple[int, ...]

    @classmethod
    def of(cls, found: Sequence[Group], *, of_old: bool) -> "_Gaps":
        """Gaps of the old document by places in the new one, or the other way round."""
        stable = [group for group in found if not group.has_moved]
        sides = [(group.new, group.old) if of_old else (group.old, group.new) for group in stable]
        return cls(tuple(place[0] for place, _ in sides), tuple(gap[-1] + 1 for _, gap in sides))

    def at(self, place: int) -> int:
        index = bisect_left(self.places, place)
        return self.gaps[index - 1] if index else 0
