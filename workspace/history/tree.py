"""The log of this database as a Merkle tree: any root and any proof, reading a few hundred hashes rather than all.

Leaf i is the entry with sequence number i + 1. The roots of complete subtrees of 256
leaves, of 256² and so on are kept in `log_node` whenever a checkpoint is made; where
they are not, they are computed from what lies below.
"""

from collections.abc import Sequence

import sqlalchemy as sa

from drafts import proofs
from workspace.core.db import Db
from workspace.core.log import LogEntry
from workspace.history.models import LogNode

_BITS = 8  # levels of the tree between two that are kept
_WIDE = 1 << _BITS
_MOST_KEPT = 256  # tiles of 256 hashes held in memory at once


class LogTree:
    """The tree over the entries that are visible in one unit of work."""

    def __init__(self, db: Db) -> None:
        self.db = db
        self.size: int = db.scalar(sa.select(sa.func.max(LogEntry.sequence))) or 0
        self._tiles: dict[tuple[int, int], list[bytes]] = {}

    def root(self, size: int | None = None) -> bytes:
        return proofs.root(self.size if size is None else size, self.subtree)

    def inclusion(self, sequence: int, size: int) -> list[bytes]:
        """That the entry with this number is in the tree of `size` entries; raises `ValueError` if it is not."""
        return proofs.inclusion_proof(sequence - 1, size, self.subtree)

    def consistency(self, before: int, size: int) -> list[bytes]:
        """That the tree of `size` entries begins with that of `before`; raises `ValueError` where it is not larger."""
        return proofs.consistency_proof(before, size, self.subtree)

    def leaf(self, sequence: int) -> bytes:
        return self.subtree(sequence - 1, 1)

    def subtree(self, first: int, count: int) -> bytes:
        """The root over `count` leaves, a power of two, from `first` on, a multiple of it."""
        level, height = divmod(count.bit_length() - 1, _BITS)
        place, wide = first >> level * _BITS, 1 << height
        tile, within = divmod(place, _WIDE)
        hashes = self._tile(level, tile)[within : within + wide]
        if len(hashes) < wide:
            raise ValueError("the log has no such entries")
        return proofs.over(hashes)(0, wide)

    def keep_nodes(self) -> None:
        """Keep the complete subtrees that are not kept yet, so that what comes later need not compute them again."""
        level, complete = 1, self.size >> _BITS
        while complete:
            kept = self.db.scalar(sa.select(sa.func.count()).select_from(LogNode).where(LogNode.level == level)) or 0
            rows = [
                {"level": level, "position": place, "hash": self._node(level, place).hex()}
                for place in range(kept, complete)
            ]
            if rows:
                self.db.execute(sa.insert(LogNode), rows)
            level, complete = level + 1, complete >> _BITS

    def _tile(self, level: int, number: int) -> Sequence[bytes]:
        """Up to 256 neighbouring hashes of one level: leaves (level 0), or roots of complete subtrees."""
        if (level, number) not in self._tiles:
            if len(self._tiles) >= _MOST_KEPT:
                self._tiles.clear()
            self._tiles[level, number] = self._leaves(number) if level == 0 else self._nodes(level, number)
        return self._tiles[level, number]

    def _leaves(self, number: int) -> list[bytes]:
        first = number * _WIDE
        statement = (
            sa.select(LogEntry.leaf_hash)
            .where(LogEntry.sequence > first, LogEntry.sequence <= first + _WIDE)
            .order_by(LogEntry.sequence)
        )
        return [bytes.fromhex(hexadecimal) for hexadecimal in self.db.scalars(statement)]

    def _nodes(self, level: int, number: int) -> list[bytes]:
        first, complete = number * _WIDE, self.size >> level * _BITS
        statement = sa.select(LogNode.position, LogNode.hash).where(
            LogNode.level == level, LogNode.position >= first, LogNode.position < first + _WIDE
        )
        kept = {place: bytes.fromhex(hexadecimal) for place, hexadecimal in self.db.execute(statement)}
        return [kept.get(place) or self._node(level, place) for place in range(first, min(first + _WIDE, complete))]

    def _node(self, level: int, place: int) -> bytes:
        return proofs.over(self._tile(level - 1, place))(0, _WIDE)
