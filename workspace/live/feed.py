"""What has happened to a declaration since a moment, read from the log with the reader's own rights."""

import json
from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

import sqlalchemy as sa
from msgspec import Struct

from workspace.core.actor import Actor
from workspace.core.storage.db import Db
from workspace.core.storage.log import LogEntry
from workspace.declarations.domain.models import Declaration
from workspace.declarations.domain.policy import may_do

PUBLIC_FACTS = (  # facts that go to listeners: names of things, never what somebody wrote
    *("amendment", "number", "revision", "block", "language", "thread", "comment"),
    *("question", "decision", "before", "phase", "stage", "outcome", "cast", "eligible"),
)


_TEXT, _AMENDMENTS = ("head.read", "consultation_text.read"), ("amendment.read_others",)


class EventKind(Struct, frozen=True):
    """`event` is its name in the stream; `rights` are those of which a listener needs any one."""

    event: str
    rights: tuple[str, ...] = ("head.read",)


BY_BEGINNING: Mapping[str, EventKind] = {
    "revision.": EventKind("text", _TEXT),
    "phase.": EventKind("phase", ("declaration.exists",)),
    "deadline.": EventKind("calendar", ("declaration.exists",)),
    "stage.": EventKind("calendar", ("declaration.exists",)),
    "translation.": EventKind("translation"),
    "amendment.": EventKind("amendment", _AMENDMENTS),
    "amendments.": EventKind("amendment", _AMENDMENTS),
    "decision.": EventKind("decision", _AMENDMENTS),
    "bracket.": EventKind("paragraph"),
    "paragraph.": EventKind("paragraph"),
    "question.": EventKind("question"),
    "proxy.": EventKind("question"),
    "ballot.": EventKind("question"),
    "floor.": EventKind("floor"),
    "sitting.": EventKind("sitting"),
    "attendance.": EventKind("sitting"),
    "speakers.": EventKind("sitting"),
    "speaker.": EventKind("sitting"),
    "comment.": EventKind("comment", _TEXT),
}
EDITION = EventKind("edition", ("edition.read_verify",))
SHOWN = "shown"


def event_kind(kind: str, facts: Mapping[str, Any]) -> EventKind | None:
    """How an entry of the log is told; None for one that is nobody's news."""
    if kind == "edition.published":
        return EDITION
    known = BY_BEGINNING.get(f"{kind.partition('.')[0]}.")
    if known is None or known.event != "comment":
        return known
    if facts.get("is_internal", True):
        return EventKind("comment", ("comment.internal",))
    if facts.get("state", SHOWN) != SHOWN:
        return EventKind("comment", ("comment.moderate",))
    return EventKind("comment", _AMENDMENTS) if facts.get("about") == "amendment" else known


def may_know(actor: Actor, kind: EventKind, declaration: Declaration) -> bool:
    return any(may_do(actor, right, declaration) for right in kind.rights)


def event_data(facts: Mapping[str, Any]) -> dict[str, str | int]:
    return {name: facts[name] for name in PUBLIC_FACTS if isinstance(facts.get(name), str | int)}


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
    return Feed([event for event in found if event], entries[-1].sequence if entries else sequence)


def _event(entry: LogEntry, declaration: Declaration, actor: Actor) -> Event | None:
    facts = json.loads(entry.entry)["facts"]
    kind = event_kind(entry.kind, facts)
    if kind is None or not may_know(actor, kind, declaration):
        return None
    return Event(entry.sequence, entry.at, kind.event, entry.kind, entry.actor_id, event_data(facts))
