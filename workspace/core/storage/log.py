"""The log: one append-only line for everything that changed, and the hashes it started from.

Each entry is canonical JSON (UTF-8, sorted keys, no spaces) whose RFC 6962 leaf
hash is stored beside it, so that one Merkle tree can be built over all of them.
Texts are named by their hashes; the words themselves are in the text versions.
An entry also names, with its digest, every row that matters and was made or changed since
the entry before it (`workspace.core.storage.row_digests`); what no entry of a unit of work
has named is named by one of its own, `rows.kept`.
"""

import hashlib
import json
from collections.abc import Callable, Hashable, Iterable, Mapping, Sequence
from contextlib import suppress
from datetime import datetime
from secrets import token_hex
from threading import Lock
from typing import Any, Protocol, TypeAlias, TypeVar, cast
from uuid import UUID

import msgspec
import sqlalchemy as sa
from cachetools import LRUCache
from msgspec import Struct
from sqlalchemy.orm import Mapped, Session, mapped_column

from workspace.core import clock
from workspace.core.actor import NOBODY, Actor
from workspace.core.provided import METADATA
from workspace.core.storage import change_feed, row_digests
from workspace.core.storage.db import ONLY_READS, Db, Model
from workspace.core.storage.held_writes import Overtaken, held_by
from workspace.core.storage.readings import read_once
from workspace.core.storage.row_digests import canonical_json
from workspace.core.validation import refuse_nul_in

KEPT = "rows.kept"
RECORDED = "recorded"  # under which a unit of work knows the kinds of the entries that it has made
_HELD = "lines that are held back"
Readings: TypeAlias = LRUCache[Hashable, tuple[Any, Any]]  # with the state of things as of which each was read
READINGS: Readings = LRUCache(32)
"""Of forums; of 50,000 amendments 6 MB each at most."""
_READ_LOCK = Lock()
_LOCK = 0x6C6F67  # PostgreSQL advisory lock held while a sequence number is taken

Value = TypeVar("Value")
Fact: TypeAlias = "str | int | bool | Sequence[Fact] | Mapping[str, Fact] | None"


class LogEntry(Model):
    """One line of the log. Never changed, never removed."""

    __tablename__ = "log_entry"
    __table_args__ = (
        sa.Index("ix_log_entry_forum_id_sequence", "forum_id", "sequence"),
        sa.Index("ix_log_entry_forum_id_actor_id_sequence", "forum_id", "actor_id", "sequence"),
    )

    sequence: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    at: Mapped[datetime]
    actor_id: Mapped[UUID | None]
    kind: Mapped[str] = mapped_column(index=True)
    forum_id: Mapped[UUID | None]
    declaration_id: Mapped[UUID | None] = mapped_column(index=True)
    entry: Mapped[str]  # the canonical JSON that was hashed
    leaf_hash: Mapped[str]


class ImportedLogEntry(Model):
    """A line of another database's log, kept word for word when a forum moves here. Not a leaf of this one's tree.

    `position` orders the lines of a forum; `sequence` is the number each had in the database it came from.
    """

    __tablename__ = "imported_log_entry"

    forum_id: Mapped[UUID] = mapped_column(primary_key=True)
    position: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    sequence: Mapped[int]
    entry: Mapped[str]
    leaf_hash: Mapped[str]


class LogEvent(Struct, frozen=True):
    """One thing to be recorded: its kind, and what is said of it."""

    kind: str
    facts: Mapping[str, Fact]


def leaf_hash(entry: bytes) -> str:
    """RFC 6962, 2.1: the hash of a leaf is SHA-256 over a zero byte and the entry."""
    return hashlib.sha256(b"\x00" + entry).hexdigest()


class Declared(Protocol):
    """A declaration, of which the log needs to know no more."""

    id: Any
    forum_id: Any


def record(
    db: Db, kind: str, *, actor: Actor, forum_id: UUID | None = None, declaration_id: UUID | None = None, **facts: Fact
) -> LogEntry:
    """Append one entry in the caller's transaction; numbers are gapless because the log is locked meanwhile."""
    [line] = record_all(db, [LogEvent(kind, facts)], actor=actor, forum_id=forum_id, declaration_id=declaration_id)
    return line


def record_in(db: Db, kind: str, declaration: Declared, *, actor: Actor, **facts: Fact) -> LogEntry:
    """Append one entry about a declaration, likewise."""
    return record_all(
        db, [LogEvent(kind, facts)], actor=actor, forum_id=declaration.forum_id, declaration_id=declaration.id
    )[0]


def record_all(
    db: Db,
    events: Iterable[LogEvent],
    *,
    actor: Actor,
    forum_id: UUID | None = None,
    declaration_id: UUID | None = None,
) -> list[LogEntry]:
    """Append several entries at once, in as many queries as one takes; the first names the rows made since the last."""
    every = list(events)
    for new_event in every:
        if b"\\u0000" in canonical_json(new_event.facts):  # it could be kept so, but be the same text nowhere else
            refuse_nul_in(new_event.facts)
    if not every:
        return []
    db.flush()
    named = row_digests.take_row_digests(db), row_digests.take_state_digests(db)
    count = _count(db)
    at, where = clock.now(), (forum_id, declaration_id)
    lines = [
        _line(log_event, count[0] + number, at=at, actor=actor, where=where, named=named if number == 1 else ({}, {}))
        for number, log_event in enumerate(every, start=1)
    ]
    count[0] += len(lines)
    _append(db, lines, count)
    change_feed.note_change(db, declaration_id)
    db.info.setdefault(RECORDED, []).extend(event.kind for event in every if event.kind != KEPT)
    return lines


def last(db: Db) -> int:
    """The number of the last entry; what was read beside it is as it was as long as there is no other."""
    return db.scalar(sa.select(sa.func.max(LogEntry.sequence))) or 0


def stands_at(db: Db, number: int) -> bool:
    """Whether this is still the last entry. Nobody else adds one until this unit ends."""
    return _count(db)[0] == number


def _append(db: Db, lines: Sequence[LogEntry], count: list[int]) -> None:
    held = held_by(db)
    if held is None:
        db.add_all(lines)
        db.flush()
    elif LogEntry.__tablename__ in held.tables:
        db.info[_HELD].extend(lines)
    else:
        held.tables.add(LogEntry.__tablename__)
        held.is_compared = True
        db.info[_HELD] = list(lines)
        held.steps.append(lambda connection: _append_held(connection, db.info[_HELD], count))


def _append_held(connection: sa.Connection, lines: Sequence[LogEntry], count: list[int]) -> None:
    """Put lines behind those that others have appended since they were made, all of them of other forums."""
    _lock_log(connection)
    own, known = {None, *(line.forum_id for line in lines)}, lines[0].sequence - 1
    later = connection.scalars(sa.select(LogEntry.forum_id).where(LogEntry.sequence > known)).all()
    if not own.isdisjoint(later) or (later and any(line.forum_id is None for line in lines)):
        raise Overtaken
    count[0] += len(later)
    for line in lines if later else ():
        line.sequence += len(later)
        entry = canonical_json(msgspec.json.decode(line.entry) | {"sequence": line.sequence})
        line.entry, line.leaf_hash = entry.decode(), leaf_hash(entry)
    columns = [column.name for column in LogEntry.__table__.columns]
    connection.execute(sa.insert(LogEntry), [{name: getattr(line, name) for name in columns} for line in lines])


def _count(db: Db) -> list[int]:
    """The number of the last entry, which this unit alone counts on from here."""
    lock_log(db)
    return read_once(db, LogEntry, (), lambda: [last(db)])


def _line(
    event: LogEvent,
    sequence: int,
    *,
    at: datetime,
    actor: Actor,
    where: tuple[UUID | None, UUID | None],
    named: tuple[row_digests.Digests, row_digests.States],
) -> LogEntry:
    (forum_id, declaration_id), (rows, states) = where, named
    entry = canonical_json(
        {
            "sequence": sequence,
            "at": at.isoformat(),
            "actor": "operator" if actor.is_operator else str(actor.person_id) if actor.person_id else None,
            "kind": event.kind,
            "forum": str(forum_id) if forum_id else None,
            "declaration": str(declaration_id) if declaration_id else None,
            "facts": event.facts,
            **({"rows": rows} if rows else {}),
            **({"states": states} if states else {}),
        }
    )
    return LogEntry(
        sequence=sequence,
        at=at,
        actor_id=actor.person_id,
        kind=event.kind,
        forum_id=forum_id,
        declaration_id=declaration_id,
        entry=entry.decode(),
        leaf_hash=leaf_hash(entry),
    )


def until_recorded(
    db: Db, forum_id: UUID | None, key: Hashable, read: Callable[[], Value], *, readings: Readings = READINGS
) -> Value:
    """The plain values that `read` returned to who asked first, until something is recorded of the forum; one query.

    Without a forum: until anything is recorded, which what names people needs, who are the same in every forum.
    """
    if ONLY_READS not in db.info:  # what is half done is shown to nobody else
        return read()
    newest = sa.select(LogEntry.leaf_hash).order_by(LogEntry.sequence.desc()).limit(1)
    newest = newest.where(LogEntry.forum_id == forum_id) if forum_id else newest
    last = read_once(db, (until_recorded, forum_id), (LogEntry,), lambda: db.scalar(newest))
    return as_of(readings, key, last, read)


def as_of(readings: Readings, key: Hashable, state: Hashable, read: Callable[[], Value]) -> Value:
    """What `read` returned for this key and state, read now if it is not kept; it replaces that of another state."""
    with _READ_LOCK:
        known = readings.get(key)
    if known is None or known[0] != state:
        known = state, read()
        with _READ_LOCK, suppress(ValueError):  # too long to be kept
            readings[key] = known
    return cast("Value", known[1])


def lock_log(db: Db) -> None:
    """Let nobody else append anything until this unit ends: what it reads of the log from now on stays true."""
    if held_by(db) is None:
        _lock_log(db.connection())


def _lock_log(connection: sa.Connection) -> None:
    if connection.dialect.name == "postgresql":
        connection.execute(sa.select(sa.func.pg_advisory_xact_lock(_LOCK)))


def name_again(db: Db) -> None:
    """Name the rows whose digests were made of fewer columns until 0.2, or not at all; nothing where it is done.

    A row that is no longer what the log said of it is left out, so that the audit goes on naming it.
    """
    tables, named = METADATA.get().tables, dict[str, dict[str, str | None]]()
    person = tables["person"].c
    unsalted = db.scalars(sa.select(person.id).where(person.salt == "", person.erased_at.is_(None))).all()
    if not unsalted:
        return
    for key in unsalted:
        db.execute(sa.update(person.id.table).where(person.id == key).values(salt=token_hex(16)))
    for words in db.scalars(sa.select(LogEntry.entry).order_by(LogEntry.sequence)):
        for name, digests in json.loads(words).get("states", {}).items():
            named.setdefault(name, {}).update(digests)
    for table in map(tables.__getitem__, row_digests.SINCE_0_3):
        rows, known = list(map(dict, db.execute(sa.select(table)).mappings())), named.get(table.name, {})
        same = [row for row in rows if row_digests.is_as_before(table, row, known.get(row_digests.key_of(table, row)))]
        row_digests.note_rows(db, table, same)


def _record_pending_digests(db: Session) -> None:
    """Before a commit: nothing that lasts is kept without the log knowing of it."""
    if db.new or db.dirty or db.deleted:
        db.flush()
    if row_digests.has_pending(db):
        record(db, KEPT, actor=NOBODY)


sa.event.listen(Session, "before_commit", _record_pending_digests)
