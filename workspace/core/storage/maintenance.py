"""Maintenance: everything can be read, and nothing is written, by servers, workers and commands alike.

A switch in the database, which every writing unit looks at when it opens (`Store.writing`). A database
that was moved keeps a second one, so that ending the maintenance does not open it again. Where several processes
write at once (PostgreSQL), each unit of work holds a shared lock and the switch takes the whole one: when the command
comes back, nothing is being written any more.
"""

from datetime import datetime

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column

from workspace.core import clock
from workspace.core.storage.db import MOVED, ONLY, SWITCH_LOCK, Db, Model, Store


class Maintenance(Model):
    """The switch: on while its row is there. A database that was moved has a row for that too."""

    __tablename__ = "maintenance"

    id: Mapped[int] = mapped_column(primary_key=True)
    since: Mapped[datetime]
    until: Mapped[datetime | None]


def begin(store: Store, until: datetime | None = None) -> None:
    """Let nothing be written from now on; `until` is what readers are told. Waits for what is being written."""
    _switch(store, Maintenance(id=ONLY, since=clock.now(), until=until))


def retire(store: Store) -> None:
    """Let nothing be written any more, because everything is in another database now."""
    _switch(store, Maintenance(id=MOVED, since=clock.now(), until=None))


def end(store: Store, *, although_moved: bool = False) -> None:
    """Let everybody write again. Raises `DatabaseMoved`, unless whoever ends it knows that."""
    switches = (MOVED, ONLY) if although_moved else (ONLY,)
    with store.writing(despite=switches) as db:
        db.execute(sa.delete(Maintenance).where(Maintenance.id.in_(switches)))


def _switch(store: Store, switch: Maintenance) -> None:
    with store.writing(despite=(ONLY,)) as db:
        if not store.is_sqlite:
            db.execute(sa.select(sa.func.pg_advisory_xact_lock(SWITCH_LOCK)))
        db.merge(switch)


def current(db: Db) -> Maintenance | None:
    """The switch, where it is on; that of a moved database before the other."""
    return db.get(Maintenance, MOVED) or db.get(Maintenance, ONLY)
