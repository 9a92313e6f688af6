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

from tests.support import copies, postgresql
from tests.support.everything import one_of_everything
from workspace.core import clock
from workspace.core.storage.db import Db, Store
from workspace.core.storage.log import LogEntry

Made = TypeVar("Made")
_MADE: dict[Hashable, tuple[Path | sa.URL, Any]] = {}
_LITTLE = timedelta(seconds=5)


def prepared(store: Store, key: Hashable, make: Callable[[Db], Made]) -> Made:
    """What `make` answers with: plain values, which a copy of the database knows too.

    It is made anew where a test has moved the clock, and in a store that holds anything but what was prepared before.
    """
    before = copies.contents(store.engine.url)
    is_late = abs(clock.now() - datetime.now(UTC)) > _LITTLE
    is_anew = is_late or (before is None and _holds_something(store))
    store.close()
    if is_anew or copies.is_open(store.engine.url):
        with store.writing() as db:
            return make(db)
    known = store.engine.dialect.name, before, key
    if known in _MADE:
        kept, made = _MADE[known]
        _put(kept, store.engine.url)
    else:
        with store.writing() as db:
            made = make(db)
        store.close()
        _MADE[known] = _kept(store.engine.url), made
    if store.is_sqlite:
        copies.remember(Path(str(store.engine.url.database)), known)
    return made


def everything(store: Store, *, log: str = "one") -> None:
    """Something in every table, ready to be copied; another `log` is another history."""
    prepared(store, ("everything", log), one_of_everything)


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
