"""A whole forum as one JSON file and back, with identical ids and hashes, so that nobody is trapped here.

The file is `{"format", "version", "tables", "log"}`. `tables` has one list of rows
for each table, a row being an object of the column names documented in the slices'
`models.py`: ids as UUIDs, moments as ISO 8601 in UTC, names in three languages as
objects, the bytes of edition files in base64. `log` holds the forum's log lines word
for word, with their RFC 6962 leaf hashes. The same forum always gives the same bytes.
"""

import base64
import hashlib
from collections.abc import Callable, Mapping
from datetime import UTC, date, datetime
from typing import Any, Final, Literal
from uuid import UUID

import msgspec
import sqlalchemy as sa

from drafts.text.blocks import content_hash, folded_hash
from workspace.core.actor import Actor
from workspace.core.errors import BadFile, Invalid, NotAllowed
from workspace.core.storage import log, row_digests
from workspace.core.storage.db import Db, Trilingual, TrilingualText, UtcDateTime
from workspace.core.storage.log import ImportedLogEntry, LogEntry
from workspace.interchange.forum_scopes import MODELS, SHARED, rows_of, table_of
from workspace.people.models import Forum
from workspace.people.policy import ensure_may_in

FORMAT: Final = "declaration-workspace.forum"
_TABLES = {model.__tablename__: table_of(model) for model in MODELS}


class ForumLogLine(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """One line of the log, as it was hashed."""

    sequence: int
    entry: str
    leaf_hash: str


class ForumFile(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """The whole file."""

    format: Literal["declaration-workspace.forum"]
    version: Literal[1]
    tables: dict[str, list[dict[str, Any]]]
    log: list[ForumLogLine]


def export_forum(db: Db, forum: Forum, *, actor: Actor) -> bytes:
    """The forum as canonical JSON, with everything that hangs on it."""
    ensure_may_in(actor, "forum.export_all", forum)
    tables = {
        model.__tablename__: _read_out(db, table_of(model), which, order)
        for model, which, order in rows_of(forum, actor=actor)
    }
    content = ForumFile(format=FORMAT, version=1, tables=tables, log=_log_lines(db, forum))
    return msgspec.json.format(msgspec.json.encode(content, order="sorted"), indent=1) + b"\n"


def import_forum(db: Db, data: bytes, *, source: str, actor: Actor) -> Forum:
    """Bring a forum back exactly as it was exported; the operator's to do.

    Raises `BadFile` for what is not such a file or does not hold together (naming
    table and row), and `Invalid` when the forum is here already.
    """
    if not actor.is_operator:
        raise NotAllowed(action="forum.import")
    content = _decoded(data, source)
    rows = {name: _rows(name, content, source) for name in _TABLES}
    _verify(rows, content.log, source)
    forum_id: UUID = rows["forum"][0]["id"]
    _ensure_new(db, rows["forum"][0])
    _insert(db, rows, source)
    db.add_all(
        ImportedLogEntry(
            forum_id=forum_id,
            position=position,
            sequence=line.sequence,
            entry=line.entry,
            leaf_hash=line.leaf_hash,
        )
        for position, line in enumerate(content.log, start=1)
    )
    log.record(db, "forum.imported", actor=actor, forum_id=forum_id, sha256=hashlib.sha256(data).hexdigest())
    return db.get_one(Forum, forum_id)


def is_forum_file(data: bytes) -> bool:
    """Whether the bytes say of themselves that they are a forum."""
    return data.lstrip()[:1] == b"{" and FORMAT.encode() in data[:400]


def _log_lines(db: Db, forum: Forum) -> list[ForumLogLine]:
    """What came with the forum from elsewhere first, then what happened here."""
    statements = (
        sa.select(ImportedLogEntry).where(ImportedLogEntry.forum_id == forum.id).order_by(ImportedLogEntry.position),
        sa.select(LogEntry).where(LogEntry.forum_id == forum.id).order_by(LogEntry.sequence),
    )
    lines = [line for statement in statements for line in db.scalars(statement)]
    return [ForumLogLine(line.sequence, line.entry, line.leaf_hash) for line in lines]


def _read_out(db: Db, table: sa.Table, scope: sa.ColumnElement[bool], order: tuple[Any, ...]) -> list[dict[str, Any]]:
    return [_encoded(table, row) for row in db.execute(sa.select(table).where(scope).order_by(*order))]


def _encoded(table: sa.Table, row: sa.Row[Any]) -> dict[str, Any]:
    return {column.name: _plain(value) for column, value in zip(table.columns, row, strict=True)}


def _plain(value: Any) -> Any:
    if isinstance(value, datetime):
        return value.astimezone(UTC).isoformat()
    if isinstance(value, bytes):
        return base64.b64encode(value).decode()
    return value.to_dict() if isinstance(value, Trilingual) else value


_READERS: Mapping[type[sa.types.TypeEngine[Any]], Callable[[Any], Any]] = {
    sa.Uuid: UUID,
    UtcDateTime: datetime.fromisoformat,
    sa.Date: date.fromisoformat,
    sa.LargeBinary: lambda value: base64.b64decode(value, validate=True),
    TrilingualText: Trilingual.of,
}


def _decoded(data: bytes, source: str) -> ForumFile:
    try:
        content = msgspec.json.decode(data, type=ForumFile)
    except (msgspec.MsgspecError, UnicodeDecodeError, RecursionError) as error:
        raise BadFile(source=source, reason="not_a_forum_file", detail=str(error)) from error
    if unknown := sorted(content.tables.keys() ^ _TABLES.keys()):
        raise BadFile(source=source, reason="not_a_forum_file", detail=unknown[0])
    if len(content.tables["forum"]) != 1:
        raise BadFile(source=source, reason="not_a_forum_file", detail="forum")
    return content


def _rows(name: str, content: ForumFile, source: str) -> list[dict[str, Any]]:
    table = _TABLES[name]
    found = []
    for place, row in enumerate(content.tables[name], start=1):
        if row.keys() != {column.name for column in table.columns}:
            raise BadFile(source=source, reason="bad_row", table=name, row=place)
        try:
            found.append({column.name: _read(column, row[column.name]) for column in table.columns})
        except (ValueError, TypeError, AttributeError) as error:
            raise BadFile(source=source, reason="bad_row", table=name, row=place) from error
    return found


def _read(column: sa.Column[Any], value: Any) -> Any:
    if value is None:
        return None
    kind = column.type
    if isinstance(kind, sa.Enum):
        return kind.enum_class(value) if kind.enum_class else value
    reader = next((read for known, read in _READERS.items() if isinstance(kind, known)), None)
    return reader(value) if reader else value


def _verify(rows: Mapping[str, list[dict[str, Any]]], lines: list[ForumLogLine], source: str) -> None:
    """Every hash in the file must be that of what it stands for."""
    for place, row in enumerate(rows["text_version"], start=1):
        if (row["content_hash"], row["folded_hash"]) != (content_hash(row["content"]), folded_hash(row["content"])):
            raise BadFile(source=source, reason="altered", table="text_version", row=place)
    for place, row in enumerate(rows["edition_file"], start=1):
        if row["sha256"] != hashlib.sha256(row["content"]).hexdigest():
            raise BadFile(source=source, reason="altered", table="edition_file", row=place)
    for place, row in enumerate(rows["source_document"], start=1):
        original = row["original"]
        is_whole = original is None or row["original_sha256"] == hashlib.sha256(original).hexdigest()
        if not is_whole or row["sha256"] != hashlib.sha256(row["text"].encode()).hexdigest():
            raise BadFile(source=source, reason="altered", table="source_document", row=place)
    for place, line in enumerate(lines, start=1):
        if line.leaf_hash != log.leaf_hash(line.entry.encode()):
            raise BadFile(source=source, reason="altered", table="log", row=place)


def _ensure_new(db: Db, row: Mapping[str, Any]) -> None:
    if db.scalar(sa.select(Forum.id).where(sa.or_(Forum.id == row["id"], Forum.slug == row["slug"]))):
        raise Invalid(field="forum", reason="taken", given=row["slug"])


def _insert(db: Db, rows: Mapping[str, list[dict[str, Any]]], source: str) -> None:
    heads = [{"at": row["id"], "to": row["head_id"]} for row in rows["declaration"]]
    declaration = _TABLES["declaration"]
    try:
        for name, table in _TABLES.items():
            given = [{**row, "head_id": None} for row in rows[name]] if table is declaration else rows[name]
            new = _not_here(db, table, given) if name in SHARED else given
            if new:
                db.execute(sa.insert(table), new)
                row_digests.note_rows(db, table, new)
        if heads:
            statement = sa.update(declaration).where(declaration.c.id == sa.bindparam("at"))
            db.connection().execute(statement.values(head_id=sa.bindparam("to")), heads)
    except sa.exc.IntegrityError as error:
        raise BadFile(source=source, reason="dangling") from error


def _not_here(db: Db, table: sa.Table, rows: list[dict[str, Any]]) -> list[dict[str, Any]]:
    here = set(db.scalars(sa.select(table.c.id)))
    return [row for row in rows if row["id"] not in here]
