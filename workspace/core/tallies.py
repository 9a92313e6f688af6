"""How often something was tried, counted in the database so that several processes agree.

Kept by the hash of what is counted: no address of anybody stands in the table. A row counts as long as its window.
"""

import hashlib
from datetime import datetime, timedelta

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column

from workspace.core import clock
from workspace.core.db import Db, Model


class Tally(Model):
    """One thing that is counted, from its first try until `until`."""

    __tablename__ = "tally"

    key: Mapped[str] = mapped_column(primary_key=True)
    count: Mapped[int]
    until: Mapped[datetime] = mapped_column(index=True)


def count(db: Db, kind: str, *of: str, most: int, within: timedelta) -> int:
    """Count one try; the seconds to wait when there were `most` of them already, else 0.

    What is refused is not counted again, so that waiting helps.
    """
    now, key = clock.now(), _key(kind, of)
    row = db.get(Tally, key, with_for_update=True)
    if row is None:
        row = Tally(key=key, count=0, until=now + within)
        db.add(row)
    if row.until <= now:
        row.count, row.until = 0, now + within
    if row.count >= most:
        return max(1, round((row.until - now).total_seconds()))
    row.count += 1
    return 0


def forget(db: Db, kind: str, *of: str) -> None:
    """Begin counting anew, because a try was the right one."""
    db.execute(sa.delete(Tally).where(Tally.key == _key(kind, of)))


def purge(db: Db) -> None:
    """Take out what is over."""
    db.execute(sa.delete(Tally).where(Tally.until <= clock.now()))


def _key(kind: str, of: tuple[str, ...]) -> str:
    return hashlib.sha256("\x1f".join((kind, *of)).encode()).hexdigest()
