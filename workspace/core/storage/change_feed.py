"""Which declarations a unit of work changed, told once it is committed: to this process, and to its neighbours.

What is told is that something happened there, never what: whoever listens reads the log with
the reader's own rights. On PostgreSQL the word goes to every process with the commit itself.
"""

import json
from collections.abc import Callable, Iterable, Iterator
from threading import Lock
from uuid import UUID

import sqlalchemy as sa
from msgspec import Struct, field
from sqlalchemy.orm import Session

CHANNEL = "workspace"
MOST_IN_A_WORD = 150  # ids; a notification holds 8,000 bytes
_CHANGED = "declarations that this unit has changed"

Follower = Callable[[frozenset[UUID]], None]


class ChangeBoard(Struct):
    """Where one process reads that declarations have changed. A follower is called in the thread that committed."""

    _followers: list[Follower] = field(default_factory=list)
    _lock: Lock = field(default_factory=Lock)

    def follow(self, follower: Follower) -> None:
        """Call `follower` after every commit that changed something, for as long as the process runs."""
        with self._lock:
            self._followers.append(follower)

    def tell(self, declarations: frozenset[UUID]) -> None:
        with self._lock:
            followers = tuple(self._followers)
        for follower in followers if declarations else ():
            follower(declarations)


def note_change(db: Session, declaration_id: UUID | None) -> None:
    """This unit has changed something about a declaration; nothing is told if it is rolled back."""
    if declaration_id is not None:
        db.info.setdefault(_CHANGED, set()).add(declaration_id)


def notify_changes(db: Session) -> frozenset[UUID]:
    """What was noted, once; on PostgreSQL it is sent to the other processes when this transaction commits."""
    changed = frozenset[UUID](db.info.pop(_CHANGED, ()))
    if changed and db.get_bind().dialect.name == "postgresql":
        for payload in payloads("changed", changed):
            db.execute(sa.select(sa.func.pg_notify(CHANNEL, payload)))
    return changed


def payloads(what: str, ids: Iterable[UUID]) -> Iterator[str]:
    """Words for other processes, none longer than a notification can be."""
    names = sorted(map(str, ids))
    for start in range(0, len(names), MOST_IN_A_WORD):
        yield json.dumps({what: names[start : start + MOST_IN_A_WORD]}, separators=(",", ":"))
