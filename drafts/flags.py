"""Flags: what a merge did without asking, and a careful reader should look at."""

from collections.abc import Iterable, Iterator, Sequence
from enum import StrEnum
from itertools import combinations, islice

from msgspec import Struct
from msgspec.structs import replace

from drafts.blocks import Document
from drafts.claims import Claim, by_gap, touched_blocks
from drafts.constants import NEAR_DUPLICATE_FROM
from drafts.disputes import Disputes
from drafts.edits import Delete, Insert, Move
from drafts.similarity import encoded_words, ratio


class FlagKind(StrEnum):
    """Why a place is worth a look."""

    SAME_POINT = "same_point"  # several amendments put paragraphs into one gap: filing order
    IDENTICAL = "identical"  # several amendments ask for the same: support, counted once
    NEAR_DUPLICATE = "near_duplicate"  # new paragraphs in one gap say nearly the same
    NEIGHBOUR_DELETED = "neighbour_deleted"  # what a new paragraph stood beside is gone
    NEIGHBOUR_MOVED = "neighbour_moved"  # the same, moved away


class Flag(Struct, frozen=True):
    """A remark on a place: base blocks, or a gap where there are none, and filing numbers."""

    kind: FlagKind
    base_blocks: tuple[int, ...]
    amendments: tuple[int, ...]
    gap: int | None = None


def flags_of(base: Document, claims: Sequence[Claim], *, numbers: Sequence[int]) -> tuple[Flag, ...]:
    """The flags of the `claims` that landed, in the order of the text; `numbers` are the filing numbers by rank."""
    found = {*_gap_flags(base, claims), *_neighbour_flags(claims), *_identical(claims)}
    named = (replace(flag, amendments=tuple(numbers[rank] for rank in flag.amendments)) for flag in found)
    return tuple(sorted(named, key=_reading_order))


def _reading_order(flag: Flag) -> tuple[int, str, tuple[int, ...], tuple[int, ...]]:
    place = flag.base_blocks[0] if flag.base_blocks else flag.gap or 0
    return place, flag.kind.value, flag.amendments, flag.base_blocks


def _ranks(claims: Iterable[Claim]) -> tuple[int, ...]:
    return tuple(sorted({rank for claim in claims for rank in claim.owners}))


def _gap_flags(base: Document, claims: Sequence[Claim]) -> Iterator[Flag]:
    for gap, members in by_gap(claims).items():
        placed = [claims[member] for member in members]
        if any(first.may_dispute(second) for first, second in combinations(placed, 2)):
            yield Flag(FlagKind.SAME_POINT, (), _ranks(placed), gap)
            for family in _near_duplicates(base, placed):
                yield Flag(FlagKind.NEAR_DUPLICATE, (), _ranks(placed[index] for index in family), gap)


def _near_duplicates(base: Document, placed: Sequence[Claim]) -> Sequence[Sequence[int]]:
    """Indexes of what says nearly the same, each family once and never as a list of pairs.

    Shorter texts first, so that each is compared only with those long enough to be near it and not too long.
    """
    families = Disputes(placed)
    encoded = encoded_words([_text(base, claim) for claim in placed])
    by_length = sorted(range(len(placed)), key=lambda index: (len(encoded[index]), placed[index].first))
    for position, number in enumerate(by_length):
        for other in islice(by_length, position + 1, None):
            if 2 * len(encoded[number]) < NEAR_DUPLICATE_FROM * (len(encoded[number]) + len(encoded[other])):
                break
            is_new = families.root(number) != families.root(other) and placed[number].may_dispute(placed[other])
            if is_new and ratio(encoded[number], encoded[other]) >= NEAR_DUPLICATE_FROM:
                families.unite([number, other])
    return families.clusters()


def _text(base: Document, claim: Claim) -> str:
    if isinstance(claim.edit, Insert):
        return claim.edit.new.text
    return base.blocks[touched_blocks(claim)[0]].text


def _neighbour_flags(claims: Sequence[Claim]) -> Iterator[Flag]:
    gaps = by_gap(claims)
    for claim in claims:
        if not isinstance(claim.edit, Delete | Move):
            continue
        kind = FlagKind.NEIGHBOUR_DELETED if isinstance(claim.edit, Delete) else FlagKind.NEIGHBOUR_MOVED
        block = claim.edit.block
        for member in (*gaps.get(block, ()), *gaps.get(block + 1, ())):
            if claim.may_dispute(claims[member]):
                yield Flag(kind, (block,), _ranks((claim, claims[member])))


def _identical(claims: Sequence[Claim]) -> Iterator[Flag]:
    for claim in claims:
        if len(claim.owners) > 1:
            blocks = tuple(touched_blocks(claim))
            gap = claim.edit.gap if isinstance(claim.edit, Insert) else None
            yield Flag(FlagKind.IDENTICAL, blocks, _ranks([claim]), gap)
