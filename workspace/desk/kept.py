"""What pages keep in memory between requests: bounded by size, and dropped by being asked for no more.

Nothing kept here is ever told that it is out of date. What can change is kept under the place of the log at which
it was read: every change is in the log, so the next reader after one asks for another key.
"""

from collections import OrderedDict
from collections.abc import Callable, Hashable
from threading import Lock
from typing import Generic, TypeVar
from uuid import UUID

import sqlalchemy as sa

from workspace.core.db import Db
from workspace.core.log import LogEntry

T = TypeVar("T")


class Shelf(Generic[T]):
    """The values asked for last, up to a sum of sizes."""

    def __init__(self, room: int, *, size: Callable[[T], int]) -> None:
        self._room = room
        self._size = size
        self._values: OrderedDict[Hashable, T] = OrderedDict()
        self._taken = 0
        self._lock = Lock()

    def __len__(self) -> int:
        return len(self._values)

    def get(self, key: Hashable, make: Callable[[], T]) -> T:
        """The value under `key`, made now if it is not there; two who ask at once may both make it."""
        with self._lock:
            if key in self._values:
                self._values.move_to_end(key)
                return self._values[key]
        made = make()
        with self._lock:
            self._put(key, made)
        return made

    def clear(self) -> None:
        with self._lock:
            self._values.clear()
            self._taken = 0

    def _put(self, key: Hashable, value: T) -> None:
        if (before := self._values.pop(key, None)) is not None:
            self._taken -= self._size(before)
        self._values[key] = value
        self._taken += self._size(value)
        while self._taken > self._room:
            _, gone = self._values.popitem(last=False)
            self._taken -= self._size(gone)


def place_in_log(db: Db, forum_id: UUID) -> tuple[int, int]:
    """The last entry about this forum, and the last about none: what was read at one place is the same at it later."""
    about, none = LogEntry.forum_id == forum_id, LogEntry.forum_id.is_(None)
    last = (sa.select(sa.func.max(LogEntry.sequence)).where(one).scalar_subquery() for one in (about, none))
    row = db.execute(sa.select(*last)).one()
    return row[0] or 0, row[1] or 0
