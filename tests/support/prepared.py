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

from tests.support import postgresql
from tests.support.everything import one_of_everything
from workspace.core import clock
from workspace.core.storage.db import Db, Store
from workspace.core.storage.log import LogEntry

Made = TypeVar("Made")
_MADE: dict[Hashable, tuple[Path | sa.URL, Any]] = {}
_HELD: dict[str, tuple[tuple[int, bytes], Hashable]] = {}
"""By the path of a file: how it was left, and what it holds."""
_COUNTER = slice(24, 28)  # of a file of SQLite: how often it was changed
_LITTLE = timedelta(seconds=5)


def prepared(store: Store, key: Hashable, make: Callable[[Db], Made]) -> Made:
    """What `make` answers with: plain values, which a copy of the database knows too.

    It is made anew where a test has moved the clock, and in a store that holds anything but what was prepared before.
    """
    before = _held(store)
    if _is_late() or (before is None and _holds_something(store)):
        with store.writing() as db:
            return make(db)
    known = store.engine.dialect.name, before, key
    if known not in _MADE:
        with store.writing() as db:
            made = make(db)
        store.close()
        _MADE[known] = _kept(store.engine.url), made
    else:
        kept, made = _MADE[known]
        store.close()
        _put(kept, store.engine.url)
    if state := _state(store.engine.url):
        _HELD[str(store.engine.url.database)] = state, known
    return made


def everything(store: Store, *, log: str = "one") -> None:
    """Something in every table, ready to be copied; another `log` is another history."""
    prepared(store, ("everything", log), one_of_everything)


def _is_late() -> bool:
    return abs(clock.now() - datetime.now(UTC)) > _LITTLE


def _held(store: Store) -> Hashable:
    """What was prepared in a file to which nothing has been written since; None for anything else."""
    state, known = _HELD.get(str(store.engine.url.database), (None, None))
    return known if state and state == _state(store.engine.url) else None


def _state(url: sa.URL) -> tuple[int, bytes] | None:
    """Changed by whatever is written; None for no file of its own, and where something waits beside it."""
    path = Path(str(url.database))
    written = path.with_name(f"{path.name}-wal")
    if url.get_backend_name() != "sqlite" or (written.exists() and written.stat().st_size):
        return None
    with path.open("rb") as file:
        return path.stat().st_size, file.read(_COUNTER.stop)[_COUNTER]


def _holds_something(store: Store) -> bool:
    with store.reading() as db:
        return db.scalar(sa.select(LogEntry.sequence).limit(1)) is not None


def _kept(url: sa.URL) -> Path | sa.URL:
    if url.get_backend_name() != "sqlite":
        return postgresql.kept(url)
    path = Path(_folder().name) / f"{len(_MADE)}.sqlite3"
    with closing(sqlite3.connect(str(url.database))) as one, closing(sqlite3.connect(path)) as other:
        one.backup(other)
    return path


def _put(kept: Path | sa.URL, url: sa.URL) -> None:
    if isinstance(kept, Path):
        shutil.copyfile(kept, str(url.database))
        return
    postgresql.drop(url)
    postgresql.copy(kept, str(kept.database), str(url.database))


@cache
def _folder() -> "tempfile.TemporaryDirectory[str]":
    """Removed when the process ends."""
    return tempfile.TemporaryDirectory(prefix="prepared-")
