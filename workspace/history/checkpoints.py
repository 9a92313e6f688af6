"""Making checkpoints, and proving with them what the log was.

A checkpoint is worth what it is worth outside this machine: it is published at an
address that anyone may read, mailed to the members' stewards, and goes with every edition.
"""

from collections.abc import Sequence
from datetime import timedelta

import sqlalchemy as sa

from drafts import proofs
from drafts.proofs import Checkpoint
from workspace.accounts.models import Account
from workspace.core import clock, mail
from workspace.core.db import Db
from workspace.core.errors import HistoryAltered, Invalid, NotFound
from workspace.core.log import LogEntry
from workspace.history.keys import NAME
from workspace.history.models import SignedCheckpoint
from workspace.history.signing import KeyService
from workspace.history.tree import LogTree
from workspace.people.models import Mandate, Person

EVERY = timedelta(days=1)
_AT_ONCE = ("edition.published",)  # kinds of entries that a checkpoint follows without waiting for the day


class CheckpointService:
    """Signed checkpoints of the log, and the proofs between them."""

    def __init__(self, db: Db) -> None:
        self.db = db

    def make(self, keys: KeyService) -> SignedCheckpoint:
        """Sign what the log is now, unless its last checkpoint says so already, and send it to the stewards.

        Raises `NoKey`, `NotFound` for an empty log, and `HistoryAltered` when the log no longer begins
        as the last checkpoint says: nothing is signed then.
        """
        key = keys.in_force()
        private = keys.folder.open(key.hint)
        tree, last = LogTree(self.db), self.latest()
        if not tree.size:
            raise NotFound(what="checkpoint", id="latest")
        _ensure_continued(tree, last)
        if last is not None and last.size == tree.size:
            return last
        tree.keep_nodes()
        note = proofs.sign(Checkpoint(origin(self.db), tree.size, tree.root()), private, name=NAME)
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
        found = self.db.get(SignedCheckpoint, size)
        if found is None:
            raise NotFound(what="checkpoint", id=str(size))
        return found

    def every(self, *, before: int | None = None, limit: int | None = None) -> list[SignedCheckpoint]:
        """Checkpoints, the newest first; with `before`, those of fewer entries."""
        statement = sa.select(SignedCheckpoint).order_by(SignedCheckpoint.size.desc()).limit(limit)
        return list(self.db.scalars(statement if before is None else statement.where(SignedCheckpoint.size < before)))

    def consistency(self, before: int, size: int) -> list[bytes]:
        """The proof that the log of `size` entries begins with that of `before`; raises `Invalid`."""
        tree = LogTree(self.db)
        if not 0 < before <= size <= tree.size:
            raise Invalid(field="since", reason="no_such_size", given=str(before))
        return tree.consistency(before, size)

    def inclusion(self, sequence: int, size: int) -> tuple[bytes, list[bytes]]:
        """The leaf of an entry, and the proof that it is in the log of `size` entries; raises `Invalid`."""
        tree = LogTree(self.db)
        if not 0 < sequence <= size <= tree.size:
            raise Invalid(field="sequence", reason="no_such_size", given=str(sequence))
        return tree.leaf(sequence), tree.inclusion(sequence, size)

    def _send(self, made: SignedCheckpoint) -> None:
        receivers = _stewards(self.db)
        mail.post_to_all(self.db, "checkpoint", receivers, tree_size=made.size, root=made.root, note=made.note)


def origin(db: Db) -> str:
    """Which log this is: named after its first entry, so that it keeps its name wherever it is restored."""
    first = db.scalar(sa.select(LogEntry.leaf_hash).where(LogEntry.sequence == 1)) or ""
    return f"{NAME}/{first[:16]}"


def _ensure_continued(tree: LogTree, last: SignedCheckpoint | None) -> None:
    if last is not None and (tree.size < last.size or tree.root(last.size).hex() != last.root):
        raise HistoryAltered(size=last.size)


def _stewards(db: Db) -> Sequence[mail.Receiver]:
    """The members' stewards whose mandate counts today and who have an address, in a settled order."""
    held = db.scalars(sa.select(Mandate).where(Mandate.is_steward))
    ids = {one.person_id for one in held if one.as_held().covers(clock.now())}
    statement = (
        sa.select(Account.email, Person.language, Person.id)
        .join(Person, Person.id == Account.person_id)
        .where(Account.closed_at.is_(None), Person.id.in_(ids))
        .order_by(Person.id)
    )
    return [mail.Receiver(*row) for row in db.execute(statement)]
