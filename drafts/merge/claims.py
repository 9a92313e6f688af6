"""Claims: one edit of the base with all the amendments that ask for it."""

from collections import defaultdict
from collections.abc import Hashable, Iterable, Mapping, Sequence
from heapq import heapify, heappop, heappush
from itertools import pairwise
from typing import NamedTuple

from msgspec import Struct
from msgspec.structs import replace

from drafts.diff.amendments import Amendment
from drafts.diff.edits import Delete, Edit, Insert, Move, Retype, Rewrite, edits
from drafts.text.blocks import Block, Document


class EditSource(NamedTuple):
    """Which hunk of which amendment an edit comes from: filing rank, hunk and edit inside it.

    `ordinal` orders what this amendment puts into one gap.
    """

    rank: int
    hunk: int
    edit: int
    ordinal: int = 0


class Claim(Struct, frozen=True):
    """An edit, and where it was asked for; the first to file it gives new blocks their ids."""

    edit: Edit
    sources: tuple[EditSource, ...]
    owners: frozenset[int]
    """Filing ranks."""

    @property
    def first(self) -> int:
        return self.sources[0].rank

    def ordinal_of(self, rank: int) -> int:
        """Where the amendment of this filing rank puts it among its own in one gap."""
        return next(source.ordinal for source in self.sources if source.rank == rank)

    def may_dispute(self, other: "Claim") -> bool:
        """Each has an owner that the other lacks: otherwise somebody wants both."""
        return not (self.owners <= other.owners or other.owners <= self.owners)


def fold_claims(base: Document, amendments: Sequence[Amendment]) -> tuple[Claim, ...]:
    """The edits of `amendments`, given in filing order, identical ones once with all their owners."""
    claimed: dict[Hashable, tuple[Edit, list[EditSource]]] = {}
    taken = {block.id for block in base.blocks}
    for rank, amendment in enumerate(amendments):
        for hunk_index, hunk in enumerate(amendment.hunks):
            for edit_index, edit in enumerate(edits(hunk)):
                key = _identity(edit)
                while (known := claimed.get(key)) and known[1][-1].rank == rank:
                    key = "again", key  # one author may insert the same text twice
                ordinal = edit.ordinal if isinstance(edit, Insert | Move) else 0
                source = EditSource(rank, hunk_index, edit_index, ordinal)
                if known is None:
                    claimed[key] = _with_free_ids(edit, taken), [source]
                else:
                    known[1].append(source)
    return tuple(
        Claim(edit, tuple(sources), frozenset([source.rank for source in sources]))
        for edit, sources in claimed.values()
    )


def _identity(edit: Edit) -> Hashable:
    """What makes two edits the same: place and words, never the ids of new blocks or an order in a gap."""
    match edit:
        case Rewrite():
            kinds = tuple([(start.kind, start.level) for start in edit.starts]) if edit.starts else ()
            return edit.start, edit.end, edit.pieces, kinds
        case Insert():
            return "insert", edit.gap, edit.new.kind, edit.new.level, edit.new.text
        case Move():
            return "move", edit.block, edit.gap
        case Retype() | Delete():
            return edit


def _with_free_ids(edit: Edit, taken: set[str]) -> Edit:
    """The same edit, its new blocks under ids that nothing else in the merge has."""
    if isinstance(edit, Insert):
        return replace(edit, new=_free(edit.new, taken))
    if isinstance(edit, Rewrite) and edit.starts:
        return replace(edit, starts=tuple(_free(start, taken) for start in edit.starts))
    return edit


def _free(block: Block, taken: set[str]) -> Block:
    block_id = block.id
    while block_id in taken:
        block_id += "+"
    taken.add(block_id)
    return block if block_id == block.id else replace(block, id=block_id)


def by_gap(claims: Sequence[Claim]) -> Mapping[int, Sequence[int]]:
    """Indexes of the claims that put something into each gap."""
    gaps: dict[int, list[int]] = defaultdict(list)
    for index, claim in enumerate(claims):
        if isinstance(claim.edit, Insert | Move):
            gaps[claim.edit.gap].append(index)
    return gaps


def touched_blocks(claim: Claim) -> Sequence[int]:
    """The base blocks an edit changes; none for a new paragraph."""
    edit = claim.edit
    match edit:
        case Rewrite():
            return range(edit.start.block, edit.end.block + 1)
        case Delete() | Move() | Retype():
            return (edit.block,)
        case _:
            return ()


def in_order(claims: Sequence[Claim], members: Iterable[int]) -> list[int]:
    """The claims of one gap in filing order, each amendment's own sequence kept.

    Members whose sequences contradict each other are left out (see `contradicting`).
    """
    members = list(members)
    after, indegrees = _graph(_sequences(claims, members), members)
    ready = [(_filed(claims[member]), member) for member in members if not indegrees[member]]
    heapify(ready)
    ordered = []
    while ready:
        _, member = heappop(ready)
        ordered.append(member)
        for follower in after[member]:
            indegrees[follower] -= 1
            if not indegrees[follower]:
                heappush(ready, (_filed(claims[follower]), follower))
    return ordered


def contradicting(claims: Sequence[Claim], members: Sequence[int]) -> list[int]:
    """The claims of one gap that no order can satisfy, because amendments order them differently."""
    left = list(members)
    for is_reversed in (False, True):
        sequences = _sequences(claims, left)
        if is_reversed:
            sequences = {rank: sequence[::-1] for rank, sequence in sequences.items()}
        left = sorted(_unordered(sequences, left))
    return left


def _unordered(sequences: Mapping[int, Sequence[int]], members: Sequence[int]) -> set[int]:
    after, indegrees = _graph(sequences, members)
    ready = [member for member in members if not indegrees[member]]
    left = set(members)
    while ready:
        member = ready.pop()
        left.discard(member)
        for follower in after[member]:
            indegrees[follower] -= 1
            if not indegrees[follower]:
                ready.append(follower)
    return left


def _filed(claim: Claim) -> tuple[int, int]:
    return claim.first, claim.sources[0].ordinal


def _sequences(claims: Sequence[Claim], members: Sequence[int]) -> dict[int, list[int]]:
    """For each amendment, by filing rank, its own claims in its own order."""
    placed: dict[int, list[tuple[int, int]]] = defaultdict(list)
    for member in members:
        for source in claims[member].sources:
            placed[source.rank].append((source.ordinal, member))
    return {rank: [member for _, member in sorted(pairs)] for rank, pairs in placed.items()}


def _graph(
    sequences: Mapping[int, Sequence[int]], members: Sequence[int]
) -> tuple[dict[int, list[int]], dict[int, int]]:
    """Who stands right after whom, and how many each must wait for."""
    after: dict[int, list[int]] = defaultdict(list)
    indegrees = dict.fromkeys(members, 0)
    for sequence in sequences.values():
        for before, follower in pairwise(sequence):
            after[before].append(follower)
            indegrees[follower] += 1
    return after, indegrees
