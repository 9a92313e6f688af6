"""The outbox: letters that wait to be sent, put there in the same unit of work as what they tell of.

A letter holds its kind and the facts it tells (ids, addresses of pages, names
that its receiver may know); `workspace.letters` finds the words when it is sent,
in the receiver's language. So no text of a declaration is ever in the outbox,
and a unit of work that is rolled back sends nothing.
"""

from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import Any
from uuid import UUID

import sqlalchemy as sa
from msgspec import Struct
from sqlalchemy.orm import Mapped, mapped_column

from workspace.core import clock
from workspace.core.storage.db import Db, Model, Store, primary_key, sealer
from workspace.core.storage.log import Fact


class Letter(Model):
    """One letter to one address. `next_try_at` is None once there is nothing left to try: it was sent, or failed."""

    __tablename__ = "letter"

    id: Mapped[UUID] = primary_key()
    kind: Mapped[str]
    to: Mapped[str]
    language: Mapped[str] = mapped_column(sa.String(2))
    person_id: Mapped[UUID | None] = mapped_column(index=True)
    forum_id: Mapped[UUID | None] = mapped_column(index=True)
    facts: Mapped[dict[str, Any]] = mapped_column(sa.JSON)  # of `Fact`s
    due_at: Mapped[datetime]
    attempts: Mapped[int] = mapped_column(default=0)
    next_try_at: Mapped[datetime | None] = mapped_column(index=True)
    sent_at: Mapped[datetime | None] = mapped_column(index=True)
    failed_at: Mapped[datetime | None] = mapped_column(index=True)
    last_error: Mapped[str] = mapped_column(default="")  # a stable word, and the code the server gave: no addresses
    message_id: Mapped[str] = mapped_column(default="")


LINK = "path"
UNREADABLE_LINK = "!"  # no path of ours: the letter cannot be written
_ABOUT = "letter"


def seal_link(db: Db, path: str) -> str:
    """The fact `path` of a letter whose link opens something: nobody who reads the outbox can use it."""
    return sealer(db).seal(path, about=_ABOUT)


def facts_with_link(store: Store, facts: Mapping[str, Any]) -> dict[str, Any]:
    """The facts of a letter with its link as it is to be sent; without one that cannot be opened any more."""
    path = facts.get(LINK)
    if not isinstance(path, str):
        return dict(facts)
    return {**facts, LINK: store.sealer.open(path, about=_ABOUT) or UNREADABLE_LINK}


class Receiver(Struct, frozen=True):
    """An address, the language to write to it in, and whose it is, where it is somebody's."""

    address: str
    language: str
    person_id: UUID | None = None


def queue_letter(
    db: Db,
    kind: str,
    *,
    to: str,
    language: str,
    person_id: UUID | None = None,
    forum_id: UUID | None = None,
    **facts: Fact,
) -> None:
    """Put one letter in the outbox; it leaves after the caller's unit of work has been committed.

    The fact `path` is the page that the letter leads to, `/{language}/…` where it is not in one language;
    moments are ISO 8601 with their offset; a name may be a mapping from languages to wordings.
    """
    queue_letters(db, kind, [Receiver(to, language, person_id)], forum_id=forum_id, **facts)


def queue_letters(
    db: Db, kind: str, receivers: Iterable[Receiver], *, forum_id: UUID | None = None, **facts: Fact
) -> int:
    """Put one letter for each receiver in the outbox, with the same facts; returns how many."""
    return queue_each_letter(db, kind, [(receiver, facts) for receiver in receivers], forum_id=forum_id)


def queue_each_letter(
    db: Db, kind: str, letters: Iterable[tuple[Receiver, Mapping[str, Fact]]], *, forum_id: UUID | None = None
) -> int:
    """Put several letters of one kind in the outbox, each with facts of its own; returns how many."""
    now = clock.now()
    rows = [
        {
            "kind": kind,
            "to": receiver.address,
            "language": receiver.language,
            "person_id": receiver.person_id,
            "forum_id": forum_id,
            "facts": facts,
            "due_at": now,
            "next_try_at": now,
        }
        for receiver, facts in letters
    ]
    if rows:
        db.execute(sa.insert(Letter), rows)
    return len(rows)
