"""Signed checkpoints of the log, the nodes of its tree that are kept, and requests to erase a person."""

from datetime import datetime
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column

from workspace.core.db import Model, primary_key


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


class ErasureRequest(Model):
    """Somebody's wish that a person be erased: their own, or an administrator's, which a second one confirms."""

    __tablename__ = "erasure_request"

    id: Mapped[UUID] = primary_key()
    person_id: Mapped[UUID] = mapped_column(sa.ForeignKey("person.id"), index=True)
    withdraws_comments: Mapped[bool]
    requested_by_id: Mapped[UUID | None] = mapped_column(sa.ForeignKey("person.id"))
    requested_at: Mapped[datetime]
    ended_by_id: Mapped[UUID | None] = mapped_column(sa.ForeignKey("person.id"))
    ended_at: Mapped[datetime | None]
    is_done: Mapped[bool] = mapped_column(default=False)
