"""Signed checkpoints of the log, and the nodes of its tree that are kept."""

from datetime import datetime

from sqlalchemy.orm import Mapped, mapped_column

from workspace.core.storage.db import Model


class SignedCheckpoint(Model):
    """What the log was when it had `size` entries, signed; `note` is what leaves the machine, word for word."""

    __tablename__ = "checkpoint"

    size: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    root: Mapped[str]
    note: Mapped[str]
    key: Mapped[str]  # the hint of the key that signed it
    made_at: Mapped[datetime]


class LogNode(Model):
    """The root of a complete subtree of 256 leaves (`level` 1), of 256² (`level` 2) and so on.

    Kept so that a root or a proof reads a few hundred hashes rather than all; each can be computed again.
    """

    __tablename__ = "log_node"

    level: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    position: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    hash: Mapped[str]
