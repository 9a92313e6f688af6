"""What has happened to a declaration since a moment, read from the log with the reader's own rights."""

import json
from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

import sqlalchemy as sa
from msgspec import Struct

from workspace.core.actor import Actor
from workspace.core.db import Db
from workspace.core.log import LogEntry
from workspace.declarations.models import Declaration
from workspace.live.kinds import kind_of, may_know, told

MOST_AT_ONCE = 500  # whoever is further behind reads the page again


class Event(Struct, frozen=True):
    """Something that happened, by the names of things. `sequence` is its place in the log."""

    sequence: int
    at: datetime
    event: str
    kind: str
    actor_id: UUID | None
    facts: dict[str, str | int]


class Feed(Struct, frozen=True):
    """What is new. `last` is where to go on; `is_behind` says that so much happened that it is not told one by one."""

    events: Sequence[Event]
    last: int
    is_behind: bool = False


def place_at(db: Db, declaration: Declaration, moment: datetime) -> int:
    """The last entry about this declaration that was written before `moment`."""
    statement = (
        sa.select(LogEntry.sequence)
        .where(LogEntry.declaration_id == declaration.id, LogEntry.at <= moment)
        .order_by(LogEntry.sequence.desc())
        .limit(1)
    )
    return db.scalar(statement) or 0


def newest(db: Db, declaration: Declaration) -> int:
    """The last entry about this declaration."""
    return db.scalar(sa.select(sa.func.max(LogEntry.sequence)).where(LogEntry.declaration_id == declaration.id)) or 0


def after(db: Db, declaration: Declaration, sequence: int, *, actor: Actor) -> Feed:
    """What came after an entry, as far as `actor` may know of it now."""
    entries = db.scalars(
        sa.select(LogEntry)
        .where(LogEntry.declaration_id == declaration.id, LogEntry.sequence > sequence)
        .order_by(LogEntry.sequence)
        .limit(MOST_AT_ONCE + 1)
    ).all()
    if len(entries) > MOST_AT_ONCE:
        return Feed((), newest(db, declaration), is_behind=True)
    found = (_event(entry, declaration, actor) for entry in entries)
    return Feed([one for one in found if one], entries[-1].sequence if entries else sequence)


def _event(entry: LogEntry, declaration: Declaration, actor: Actor) -> Event | None:
    facts = json.loads(entry.entry)["facts"]
    kind = kind_of(entry.kind, facts)
    if kind is None or not may_know(actor, kind, declaration):
        return None
    return Event(entry.sequence, entry.at, kind.event, entry.kind, entry.actor_id, told(facts))
