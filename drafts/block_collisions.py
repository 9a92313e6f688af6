"""Collisions of whole blocks: deletions, moves, joins, kinds, and what is put into gaps (rules 3.3 and 3.4)."""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence

from drafts.claims import Claim, by_gap, touched_blocks
from drafts.disputes import Disputes
from drafts.edits import Delete, Move, Retype, Rewrite
from drafts.gaps import contradicting


class BlockCollisions:
    """Claims on whole blocks, against each other and against claims on their words."""

    def __init__(self, claims: Sequence[Claim]) -> None:
        self.claims = claims
        self.touching: dict[int, list[int]] = defaultdict(list)  # by base block
        self.borders: dict[int, list[int]] = defaultdict(list)  # joins, by the block whose start they delete
        self.gaps = by_gap(claims)
        for index, claim in enumerate(claims):
            for block in touched_blocks(claim):
                self.touching[block].append(index)
            if isinstance(claim.edit, Rewrite):
                for block in range(claim.edit.start.block + 1, claim.edit.end.block + 1):
                    self.borders[block].append(index)

    def find(self, found: Disputes) -> None:
        """Unite what collides: the table of rule 3.3, and the orders of rule 3.4."""
        self._whole_blocks(found)
        self._joins(found)
        for members in self.gaps.values():
            found.unite(contradicting(self.claims, members))

    def _whole_blocks(self, found: Disputes) -> None:
        """A deletion disputes every other claim on its block; so do moves to two gaps, and two kinds or levels."""
        for members in self.touching.values():
            by_type = self._by_type(members)
            for deletion in by_type[Delete]:
                for other in members:
                    found.dispute(deletion, other)
            found.dispute_all(by_type[Move])
            found.dispute_all(by_type[Retype])

    def _joins(self, found: Disputes) -> None:
        """A join disputes what comes between its blocks, what moves one of them, what retypes the one that vanishes."""
        for block, joins in self.borders.items():
            before, vanishing = self._by_type(self.touching[block - 1]), self._by_type(self.touching[block])
            others = (*self.gaps.get(block, ()), *before[Move], *vanishing[Move], *vanishing[Retype])
            for join in joins:
                for other in others:
                    found.dispute(join, other)

    def _by_type(self, members: Iterable[int]) -> Mapping[type, list[int]]:
        found: dict[type, list[int]] = defaultdict(list)
        for member in members:
            found[type(self.claims[member].edit)].append(member)
        return found
