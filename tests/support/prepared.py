"""What many tests begin with, made through the services once in a process, and from then on copied."""

import shutil
import sqlite3
import tempfile
from collections.abc import Callable, Hashable
from contextlib import closing
from datetime import UTC, datetime, timedelta
from functools import cache
from pathlib import Path
from typing import Any, TypeVar

import sqlalchemy as sa

from workspace.core import clock
from workspace.core.db import Db, Store
from workspace.core.log import LogEntry

Made = TypeVar("Made")
_MADE: dict[Hashable, tuple[Path, Any]] = {}
_LITTLE = timedelta(seconds=5)


def prepared(store: Store, key: Hashable, make: Callable[[Db], Made]) -> Made:
    """What `make` answers with: plain values, which a copy of the database knows too.

    It is made anew on PostgreSQL, in a store that holds something already, and where a test has moved the clock.
    """
    if not store.is_sqlite or _is_late() or _holds_something(store):
        with store.writing() as db:
            return make(db)
    if key not in _MADE:
        with store.writing() as db:
            made = make(db)
        _MADE[key] = _copied(store), made
        return made
    path, made = _MADE[key]
    store.close()
    shutil.copyfile(path, str(store.engine.url.database))
    return made


def _is_late() -> bool:
    return abs(clock.now() - datetime.now(UTC)) > _LITTLE


def _holds_something(store: Store) -> bool:
    with store.reading() as db:
        return db.scalar(sa.select(LogEntry.sequence).limit(1)) is not None


def _copied(store: Store) -> Path:
    path = Path(_folder().name) / f"{len(_MADE)}.sqlite3"
    with closing(sqlite3.connect(str(store.engine.url.database))) as one, closing(sqlite3.connect(path)) as other:
        one.backup(other)
    return path


@cache
def _folder() -> "tempfile.TemporaryDirectory[str]":
    """Removed when the process ends."""
    return tempfile.TemporaryDirectory(prefix="prepared-")
