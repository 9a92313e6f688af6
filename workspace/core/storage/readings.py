"""What a unit of work has read once and hands on, until it writes to a table that this was read from.

It goes when the unit flushes or executes a change to one of its tables, takes a lock (what was read before may have
moved while it waited), is committed or rolled back.
"""

from collections.abc import Callable, Hashable, Iterable
from typing import Any, TypeVar, cast

import sqlalchemy as sa
from sqlalchemy.orm import DeclarativeBase, ORMExecuteState, Session

_READINGS = "readings"
Value = TypeVar("Value")


def read_once(db: Session, key: Hashable, tables: Iterable[type[DeclarativeBase]], read: Callable[[], Value]) -> Value:
    """What `read` returned the first time, as long as nothing is written to `tables`; it must read no others."""
    if db.autoflush:
        db.flush()  # as a query would
    known = db.info.get(_READINGS, {})
    return cast("Value", known[key][1]) if key in known else keep(db, key, tables, read())


def keep(db: Session, key: Hashable, tables: Iterable[type[DeclarativeBase]], value: Value) -> Value:
    """Make `value` what the unit has read, because it has just written it."""
    db.info.setdefault(_READINGS, {})[key] = frozenset(model.__table__ for model in tables), value
    return value


def kept(db: Session, key: Hashable) -> Any | None:
    """What the unit has read under this key, if it has and it still holds."""
    if db.autoflush:
        db.flush()
    return db.info.get(_READINGS, {}).get(key, (None, None))[1]


def forget(db: Session) -> None:
    """Read everything anew."""
    db.info.pop(_READINGS, None)


def _forget_of(db: Session, tables: Iterable[object]) -> None:
    if readings := db.info.get(_READINGS):
        changed = set(tables)
        for key in [key for key, (read, _) in readings.items() if not changed.isdisjoint(read)]:
            del readings[key]


def _flushed(db: Session, _context: object) -> None:
    if db.info.get(_READINGS):
        _forget_of(db, (table for row in (*db.new, *db.dirty, *db.deleted) for table in sa.inspect(row).mapper.tables))


def _executed(called: ORMExecuteState) -> None:
    if isinstance(called.statement, sa.Insert | sa.Update | sa.Delete):
        _forget_of(called.session, (called.statement.table,))


def _rolled_back(db: Session, _transaction: Any) -> None:
    forget(db)


sa.event.listen(Session, "after_flush", _flushed)
sa.event.listen(Session, "do_orm_execute", _executed)
sa.event.listen(Session, "after_commit", forget)
sa.event.listen(Session, "after_soft_rollback", _rolled_back)
