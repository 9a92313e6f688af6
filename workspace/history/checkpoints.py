"""The log as a Merkle tree, its signed checkpoints, and proofs with them."""

import logging
from collections.abc import Sequence
from datetime import timedelta

import sqlalchemy as sa

from drafts.base import transparency_log
from drafts.base.transparency_log import Checkpoint
from workspace.accounts.domain.models import Account
from workspace.core import clock, outbox
from workspace.core.errors import HistoryAltered, Invalid, NoKey, NotFound, existing
from workspace.core.jobs import Job, JobContext
from workspace.core.storage.db import Db, Service
from workspace.core.storage.log import LogEntry
from workspace.history.models import LogNode, SignedCheckpoint
from workspace.history.signing_keys import NAME, KeyService, key_service
from workspace.people.models import Mandate, Person

logger = logging.getLogger("workspace.history")
_BITS = 8  # levels of the tree between two that are kept
_WIDE = 1 << _BITS
_MOST_KEPT = 256  # tiles of 256 hashes held in memory at once


class LogMerkleTree:
    """The tree over the entries that are visible in one unit of work."""

    def __init__(self, db: Db) -> None:
        self.db = db
        self.size: int = db.scalar(sa.select(sa.func.max(LogEntry.sequence))) or 0
        self._tiles: dict[tuple[int, int], list[bytes]] = {}

    def root(self, size: int | None = None) -> bytes:
        return transparency_log.root(self.size if size is None else size, self.subtree)

    def inclusion(self, sequence: int, size: int) -> list[bytes]:
        """That the entry with this number is in the tree of `size` entries; raises `ValueError` if it is not."""
        return transparency_log.inclusion_proof(sequence - 1, size, self.subtree)

    def consistency(self, before: int, size: int) -> list[bytes]:
        """That the tree of `size` entries begins with that of `before`; raises `ValueError` where it is not larger."""
        return transparency_log.consistency_proof(before, size, self.subtree)

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
        return transparency_log.inclusion_root(hashes)(0, wide)

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
        return transparency_log.inclusion_root(self._tile(level - 1, place))(0, _WIDE)


EVERY = timedelta(days=1)
_AT_ONCE = ("edition.published",)  # kinds of entries that a checkpoint follows without waiting for the day


class CheckpointService(Service):
    """Signed checkpoints of the log, and the proofs between them."""

    def make(self, keys: KeyService) -> SignedCheckpoint:
        """Sign what the log is now, unless its last checkpoint says so already, and send it to the stewards.

        Raises `NoKey`, `NotFound` for an empty log, and `HistoryAltered` when the log no longer begins
        as the last checkpoint says: nothing is signed then.
        """
        key = keys.in_force()
        private = keys.folder.open(key.hint)
        tree, last = LogMerkleTree(self.db), self.latest()
        if not tree.size:
            raise NotFound(what="checkpoint", id="latest")
        if last is not None and (tree.size < last.size or tree.root(last.size).hex() != last.root):
            raise HistoryAltered(size=last.size)
        if last is not None and last.size == tree.size:
            return last
        tree.keep_nodes()
        note = transparency_log.sign(Checkpoint(origin(self.db), tree.size, tree.root()), private, name=NAME)
        made = SignedCheckpoint(
            size=tree.size, root=note.checkpoint.root.hex(), note=note.text, key=key.hint, made_at=clock.now()
        )
        self.db.add(made)
        self.db.flush()
        self._send(made)
        return made

    def is_due(self) -> bool:
        """Whether something has happened since the last one, and a day has passed or an edition has come out."""
        last = self.latest()
        news = sa.select(LogEntry.sequence).where(LogEntry.sequence > (last.size if last else 0))
        if last is None or clock.now() >= last.made_at + EVERY:
            return self.db.scalar(news.limit(1)) is not None
        return self.db.scalar(news.where(LogEntry.kind.in_(_AT_ONCE)).limit(1)) is not None

    def latest(self) -> SignedCheckpoint | None:
        """The newest one, or None."""
        return self.db.scalar(sa.select(SignedCheckpoint).order_by(SignedCheckpoint.size.desc()).limit(1))

    def at(self, size: int) -> SignedCheckpoint:
        """The checkpoint of this many entries; raises `NotFound`."""
        return existing(self.db.get(SignedCheckpoint, size), "checkpoint", size)

    def every(self, *, before: int | None = None, limit: int | None = None) -> list[SignedCheckpoint]:
        """Checkpoints, the newest first; with `before`, those of fewer entries."""
        statement = sa.select(SignedCheckpoint).order_by(SignedCheckpoint.size.desc()).limit(limit)
        return list(self.db.scalars(statement if before is None else statement.where(SignedCheckpoint.size < before)))

    def consistency(self, before: int, size: int) -> list[bytes]:
        """The proof that the log of `size` entries begins with that of `before`; raises `Invalid`."""
        tree = LogMerkleTree(self.db)
        if not 0 < before <= size <= tree.size:
            raise Invalid(field="since", reason="no_such_size", given=str(before))
        return tree.consistency(before, size)

    def inclusion(self, sequence: int, size: int) -> tuple[bytes, list[bytes]]:
        """The leaf of an entry, and the proof that it is in the log of `size` entries; raises `Invalid`."""
        tree = LogMerkleTree(self.db)
        if not 0 < sequence <= size <= tree.size:
            raise Invalid(field="sequence", reason="no_such_size", given=str(sequence))
        return tree.leaf(sequence), tree.inclusion(sequence, size)

    def _send(self, made: SignedCheckpoint) -> None:
        receivers = _stewards(self.db)
        outbox.queue_letters(self.db, "checkpoint", receivers, tree_size=made.size, root=made.root, note=made.note)


def origin(db: Db) -> str:
    """Which log this is: named after its first entry, so that it keeps its name wherever it is restored."""
    first = db.scalar(sa.select(LogEntry.leaf_hash).where(LogEntry.sequence == 1)) or ""
    return f"{NAME}/{first[:16]}"


def _stewards(db: Db) -> Sequence[outbox.Receiver]:
    """The members' stewards whose mandate counts today and who have an address, in a settled order."""
    held = db.scalars(sa.select(Mandate).where(Mandate.is_steward))
    ids = {mandate.person_id for mandate in held if mandate.as_held().covers(clock.now())}
    statement = (
        sa.select(Account.email, Person.language, Person.id)
        .join(Person, Person.id == Account.person_id)
        .where(Account.closed_at.is_(None), Person.id.in_(ids))
        .order_by(Person.id)
    )
    return [outbox.Receiver(*row) for row in db.execute(statement)]


def make_daily_checkpoint(shift: JobContext) -> None:
    """Make a checkpoint when one is due. Without a key, or with an altered log, say so and sign nothing."""
    with shift.store.reading() as db:
        if not CheckpointService(db).is_due():
            return
    try:
        with shift.store.writing() as db:
            CheckpointService(db).make(key_service(db, shift.settings))
    except NoKey as refusal:
        logger.warning("No checkpoint: there is no signing key in %s (workspace keys create).", refusal.facts["folder"])
    except HistoryAltered as refusal:
        logger.critical(
            "No checkpoint: the log does not begin as its checkpoint of %s entries says (workspace audit verify).",
            refusal.facts["size"],
        )


MAKE_CHECKPOINT = Job("make_checkpoint", every=timedelta(minutes=1), run=make_daily_checkpoint, is_alone=True)
