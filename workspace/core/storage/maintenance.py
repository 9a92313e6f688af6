"""Maintenance: every server and worker can be read from, and nothing is written by anybody but operators.

A switch in the database, so that one command reaches every process. Where several processes write at once
(PostgreSQL), each unit of work holds a shared lock and the switch takes the whole one: when the command comes back,
nothing is being written any more.
"""

from datetime import datetime

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column

from workspace.core import clock
from workspace.core.errors import UnderMaintenance
from workspace.core.storage.db import Db, Model, Store

ONLY = 1
LOCK = 0x57534D41  # any number that nothing else here locks
SECONDS = 120  # when to come again, where nobody said how long it takes


class Maintenance(Model):
    """The switch: on while its one row is there."""

    __tablename__ = "maintenance"

    id: Mapped[int] = mapped_column(primary_key=True)
    since: Mapped[datetime]
    until: Mapped[datetime | None]


def ensure_open(db: Db) -> None:
    """The gate of a server's writing units. Raises `UnderMaintenance` with the seconds to wait."""
    if db.get_bind().dialect.name == "postgresql":
        db.execute(sa.select(sa.func.pg_advisory_xact_lock_shared(LOCK)))
    if switch := db.get(Maintenance, ONLY):
        left = (switch.until - clock.now()).total_seconds() if switch.until else SECONDS
        raise UnderMaintenance(seconds=max(SECONDS // 2, round(left)))


def begin(store: Store, until: datetime | None = None) -> None:
    """Let nothing be written from now on; `until` is what readers are told. Waits for what is being written."""
    with store.writing() as db:
        if not store.is_sqlite:
            db.execute(sa.select(sa.func.pg_advisory_xact_lock(LOCK)))
        db.merge(Maintenance(id=ONLY, since=clock.now(), until=until))


def end(store: Store) -> None:
    """Let everybody write again."""
    with store.writing() as db:
        db.execute(sa.delete(Maintenance))


def current(db: Db) -> Maintenance | None:
    """The switch, where it is on."""
    return db.get(Maintenance, ONLY)
