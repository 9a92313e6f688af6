"""A whole forum as one JSON file and back, with identical ids and hashes, so that nobody is trapped here.

The file is `{"format", "version", "tables", "log"}`. `tables` has one list of rows
for each table, a row being an object of the column names documented in the slices'
`models.py`: ids as UUIDs, moments as ISO 8601 in UTC, names in three languages as
objects, the bytes of edition files in base64. `log` holds the forum's log lines word
for word, with their RFC 6962 leaf hashes, and those of no forum that name one of its rows.
`uncovered` has the keys of rows that these lines cannot prove: what forums share and the
log of another one names, and votes that are kept back. The same forum always gives the same bytes.

An import compares every row with the last word of the log. What differs is refused, with a list. An operator may
take it in nevertheless, with a reason, because the file may be all that is left of a forum; the log then holds
the reason and the list for ever, and every audit goes on naming it.
"""

import base64
import hashlib
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from datetime import date, datetime
from graphlib import CycleError, TopologicalSorter
from typing import Any, Final, Literal, TypeAlias
from uuid import UUID

import msgspec
import sqlalchemy as sa

from workspace.amendments.domain import committee_models as amendments
from workspace.approvals import models as approvals
from workspace.comments import models as comments
from workspace.consultation import models as consultation
from workspace.core.actor import Actor
from workspace.core.errors import AlteredForum, BadFile, Invalid, NotAllowed
from workspace.core.storage import log, row_digests
from workspace.core.storage.db import Db, Model, Trilingual, TrilingualText, UtcDateTime, portable
from workspace.core.storage.forum_scope import ForumScope
from workspace.core.storage.log import ImportedLogEntry, LogEntry
from workspace.declarations.domain import models as declarations
from workspace.editions.domain import models as editions
from workspace.forms import models as forms
from workspace.history.audit import AuditFinding, FindingKind, compared_heads, compared_rows, read_entry, scan_lines
from workspace.interchange import models as interchange
from workspace.notices import models as notices
from workspace.people import models as people
from workspace.people.models import Forum, Network, Person
from workspace.people.policy import ensure_may_in
from workspace.procedure import models as procedure
from workspace.recommendations import models as recommendations
from workspace.sessions import models as sessions
from workspace.sittings import models as sittings
from workspace.terms import models as terms
from workspace.translations.domain import models as translations

Rows: TypeAlias = tuple[type[Model], sa.ColumnElement[bool], tuple[Any, ...]]

SCOPES: Sequence[ForumScope] = (  # what a table points at stands before it
    *people.SCOPES,
    *approvals.SCOPES,
    *sessions.SCOPES,
    *recommendations.SCOPES,
    *consultation.SCOPES,
    *forms.SCOPES,
    *declarations.SCOPES,
    *terms.SCOPES,
    *amendments.SCOPES,
    *comments.SCOPES,
    *procedure.SCOPES,
    *sittings.SCOPES,
    *notices.SCOPES,
    *translations.SCOPES,
    *editions.SCOPES,
    *interchange.SCOPES,
)
MODELS: Sequence[type[Model]] = (Network, Forum, Person, *(scope.model for scope in SCOPES))
SHARED = {"network", "organisation", "person"}  # may be here already, with another forum of the network

BEGINNING = 400  # bytes in which a file says what it is
FORMAT: Final = "declaration-workspace.forum"
_Line: TypeAlias = ImportedLogEntry | LogEntry
DIGESTED = {*row_digests.APPEND_ONLY_DIGESTED, *row_digests.MUTABLE_DIGESTED}
_TABLES = {model.__tablename__: Model.metadata.tables[model.__tablename__] for model in MODELS}
_KEPT_APART = {"corrigendum", "session"}  # until 0.2 lines that were not in the file named how these ended
_MAY_BE_UNCOVERED = {*SHARED, "question_cast"}  # named in the log of another forum; kept back from who may not see it


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
    uncovered: dict[str, list[str]] = {}


class ForumProof(msgspec.Struct, frozen=True):
    """What the log in a file proves: the rows that differ from it, and how many of each table it says nothing of.

    `unnamed` are those among them that a log names where all is known: of what forums share, and of older programs.
    """

    findings: Sequence[AuditFinding]
    unproved: Mapping[str, int]
    unnamed: Sequence[AuditFinding] = ()


def export_forum(db: Db, forum: Forum, *, actor: Actor) -> bytes:
    """The forum as canonical JSON, with everything that hangs on it."""
    ensure_may_in(actor, "forum.export_all", forum)
    tables, digests = dict[str, list[dict[str, Any]]](), dict[str, dict[str, str]]()
    for model, which, order in rows_of(forum, actor=actor):
        table = _TABLES[model.__tablename__]
        rows = list(map(dict, db.execute(sa.select(table).where(which).order_by(*order)).mappings()))
        tables[table.name] = [{name: portable(value) for name, value in row.items()} for row in rows]
        if table.name in DIGESTED:
            digests[table.name] = {
                key: row_digests.digest(row_digests.row_bytes(table, row) for row in group)
                for key, group in _grouped(table, rows).items()
            }
    lines, uncovered = _log_lines(db, forum, digests)
    content = ForumFile(format=FORMAT, version=1, tables=tables, log=lines, uncovered=uncovered)
    return msgspec.json.format(msgspec.json.encode(content, order="sorted"), indent=1) + b"\n"


def import_forum(
    db: Db, data: bytes, *, source: str, actor: Actor, accept_altered: str = ""
) -> tuple[Forum, ForumProof]:
    """Bring a forum back exactly as it was exported; the operator's to do.

    Raises `BadFile` for what is not such a file or does not hold together (naming
    table and row), `AlteredForum` where rows are not as its log says, unless there is a reason
    to `accept_altered` ones, and `Invalid` when the forum is here already.
    """
    if not actor.is_operator:
        raise NotAllowed(action="forum.import")
    content = _decoded(data, source)
    rows = {name: _rows(name, content, source) for name in _TABLES}
    proof = examine(content, rows)
    if proof.findings and not accept_altered.strip():
        raise AlteredForum(proof.findings, source=source)
    forum_id, slug = rows["forum"][0]["id"], rows["forum"][0]["slug"]
    if db.scalar(sa.select(Forum.id).where(sa.or_(Forum.id == forum_id, Forum.slug == slug))):
        raise Invalid(field="forum", reason="taken", given=slug)
    _insert(db, rows, source)
    db.add_all(
        ImportedLogEntry(
            forum_id=forum_id, position=position, sequence=line.sequence, entry=line.entry, leaf_hash=line.leaf_hash
        )
        for position, line in enumerate(content.log, start=1)
    )
    facts: dict[str, log.Fact] = {"sha256": hashlib.sha256(data).hexdigest(), "unproved": proof.unproved}
    if proof.findings:
        facts |= {"reason": accept_altered.strip(), "altered": msgspec.to_builtins(proof.findings)}
    log.record_all(db, [log.LogEvent("forum.imported", facts)], actor=actor, forum_id=forum_id)
    return db.get_one(Forum, forum_id), proof


def examine(content: ForumFile, rows: Mapping[str, Sequence[Mapping[str, Any]]]) -> ForumProof:
    """Compare every row with the last word of the log in the file, and every line of that log with its hash."""
    lines = [line.entry for line in content.log]
    scan, of_forum = scan_lines(lines), scan_lines(line for line in lines if (read_entry(line) or {}).get("forum"))
    is_old = "person" not in scan.rows  # the program before this one named rows by fewer columns
    findings, unproved, unnamed = list(_bad_lines(content.log)), dict[str, int](), list[AuditFinding]()
    for name, table in _TABLES.items():
        groups = _grouped(table, rows[name])
        beyond_proof = content.uncovered.get(name, ()) if name in _MAY_BE_UNCOVERED else ()  # as the file says
        skipped = {key for key in beyond_proof if name in SHARED or key not in groups}
        groups = {key: group for key, group in groups.items() if key not in skipped}
        known = (groups.keys() | of_forum.rows.get(name, {}).keys()) - skipped  # other lines name rows of others too
        said = {key: word for key, word in scan.rows.get(name, {}).items() if key in known}
        found, _ = compared_rows(table, groups.items(), dict(said))
        if name == "head":
            found = compared_heads(rows[name], scan)
        for finding in found:
            is_unnamed = finding.what is FindingKind.ROW_UNKNOWN and (is_old or name not in DIGESTED)
            row, logged = groups.get(finding.row, [None])[0], said.get(finding.row, (None, 0))[0]
            is_before = is_old and (name in _KEPT_APART or (row and row_digests.is_as_before(table, row, logged)))
            if is_unnamed or (is_before and row and logged):
                skipped.add(finding.row)
            else:
                findings.append(finding)
        if skipped:
            unproved[name] = len(skipped)
        if name in DIGESTED:
            unnamed += [AuditFinding(FindingKind.ROW_UNPROVED, name, key) for key in sorted(skipped)]
    return ForumProof(tuple(findings), unproved, tuple(unnamed))


def _bad_lines(lines: Sequence[ForumLogLine]) -> Iterator[AuditFinding]:
    """Lines that are not what was hashed, or stand in another order than that of the logs they come from."""
    last, logs_left = -1, 1 + sum('"kind":"forum.imported"' in line.entry for line in lines)
    for line in lines:
        place = str(line.sequence)
        said = read_entry(line.entry) or {}
        if line.leaf_hash != log.leaf_hash(line.entry.encode()):
            yield AuditFinding(FindingKind.ENTRY_ALTERED, "log_entry", place, line.sequence)
        logs_left -= line.sequence <= last
        if not logs_left or said.get("sequence", line.sequence) != line.sequence:
            yield AuditFinding(FindingKind.ENTRY_DIFFERS, "log_entry", "sequence", line.sequence)
        last = line.sequence


def _grouped(table: sa.Table, rows: Iterable[Mapping[str, Any]]) -> dict[str, list[Any]]:
    """Rows under the keys that the log knows them by."""
    groups = dict[str, list[Any]]()
    for row in rows:
        groups.setdefault(row_digests.key_of(table, row), []).append(row)
    return groups


def is_forum_file(data: bytes) -> bool:
    """Whether the bytes say of themselves that they are a forum."""
    return data.lstrip()[:1] == b"{" and FORMAT.encode() in data[:BEGINNING]


def _log_lines(
    db: Db, forum: Forum, digests: Mapping[str, Mapping[str, str]]
) -> tuple[list[ForumLogLine], dict[str, list[str]]]:
    """What came with the forum from elsewhere first, then what happened here; and what these lines do not cover."""
    came = sa.select(ImportedLogEntry).where(ImportedLogEntry.forum_id == forum.id).order_by(ImportedLogEntry.position)
    here = sa.select(LogEntry).where(LogEntry.forum_id == forum.id).order_by(LogEntry.sequence)
    brought, own = list[_Line](db.scalars(came)), list[_Line](db.scalars(here))
    uncovered = _uncovered(digests, [*brought, *own])
    if uncovered:
        for line in db.scalars(sa.select(LogEntry).where(LogEntry.forum_id.is_(None)).order_by(LogEntry.sequence)):
            named = scan_lines([line.entry]).rows
            if any(keys & named.get(name, {}).keys() for name, keys in uncovered.items()):
                own.append(line)
        own.sort(key=lambda line: line.sequence)
        uncovered = _uncovered(digests, [*brought, *own])
    lines = [ForumLogLine(line.sequence, line.entry, line.leaf_hash) for line in (*brought, *own)]
    every = scan_lines(db.scalars(sa.select(LogEntry.entry).order_by(LogEntry.sequence)) if uncovered else ()).rows
    listed = dict[str, list[str]]()
    for name in uncovered.keys() & _MAY_BE_UNCOVERED:  # named elsewhere as they are, or kept back
        words = {key: word for key, (word, _) in every.get(name, {}).items()}
        listed[name] = sorted(key for key in uncovered[name] if digests[name].get(key) in {None, words.get(key)})
    return lines, {name: keys for name, keys in sorted(listed.items()) if keys}


def _uncovered(digests: Mapping[str, Mapping[str, str]], lines: Sequence[_Line]) -> dict[str, set[str]]:
    """The keys of rows that lines name otherwise than they are, or not at all, or that are not there."""
    uncovered, of_forum = (
        scan_lines(line.entry for line in some).rows for some in (lines, [line for line in lines if line.forum_id])
    )
    found = dict[str, set[str]]()
    for name, here in digests.items():
        said = {key: uncovered[name][key][0] for key in here.keys() & uncovered.get(name, {}).keys()}
        gone = {key for key, (word, _) in of_forum.get(name, {}).items() if word is not None and key not in here}
        if keys := gone | {key for key, word in here.items() if said.get(key) != word}:
            found[name] = keys
    return found


def rows_of(forum: Forum, *, actor: Actor) -> list[Rows]:
    """What belongs to a forum: each table, which of its rows, and their order; those that this actor may take out."""
    here: dict[str, sa.ColumnElement[bool]] = {"network": Network.id == forum.network_id, "forum": Forum.id == forum.id}
    for scope in SCOPES:
        here[scope.model.__tablename__] = sa.or_(*(_points_into(here, column) for column in scope.through))
    persons = sa.union(
        *(sa.select(scope.persons).where(here[scope.model.__tablename__]) for scope in SCOPES if scope.persons)
    )
    return [
        (Network, here["network"], (Network.id,)),
        (Forum, here["forum"], (Forum.id,)),
        (Person, Person.id.in_(persons), (Person.id,)),
        *(
            (
                scope.model,
                sa.and_(here[scope.model.__tablename__], scope.only(actor) if scope.only else sa.true()),
                scope.order or tuple(sa.inspect(scope.model).primary_key),
            )
            for scope in SCOPES
        ),
    ]


def _points_into(here: dict[str, sa.ColumnElement[bool]], column: Any) -> sa.ColumnElement[bool]:
    """Whether a column holds the key of a row that belongs to the forum; that row's table has been looked at."""
    (key,) = column.property.columns[0].foreign_keys
    is_in: sa.ColumnElement[bool] = column.in_(sa.select(key.column).where(here[key.column.table.name]))
    return is_in


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
    if unknown := sorted(content.tables.keys() - _TABLES.keys()):
        raise BadFile(source=source, reason="not_a_forum_file", detail=unknown[0])
    if len(content.tables.get("forum", ())) != 1:
        raise BadFile(source=source, reason="not_a_forum_file", detail="forum")
    return content


def _rows(name: str, content: ForumFile, source: str) -> list[dict[str, Any]]:
    table = _TABLES[name]
    found = []
    for place, row in enumerate(content.tables.get(name, ()), start=1):
        if row.keys() - table.columns.keys():
            raise BadFile(source=source, reason="bad_row", table=name, row=place)
        try:
            found.append(
                {column.name: _read(column, row[column.name]) for column in table.columns if _holds(row, column)}
            )
        except (ValueError, TypeError, AttributeError) as error:
            raise BadFile(source=source, reason="bad_row", table=name, row=place) from error
    return found


def _holds(row: Mapping[str, Any], column: sa.Column[Any]) -> bool:
    """Whether a row holds a column; that of an earlier program need not, where there is something to put instead."""
    return column.name in row or not (column.nullable or column.server_default)


def _read(column: sa.Column[Any], value: Any) -> Any:
    if value is None:
        return None
    kind = column.type
    if isinstance(kind, sa.Enum):
        return kind.enum_class(value) if kind.enum_class else value
    reader = next((read for known, read in _READERS.items() if isinstance(kind, known)), None)
    return reader(value) if reader else value


def _insert(db: Db, rows: Mapping[str, list[dict[str, Any]]], source: str) -> None:
    heads = [{"at": row["id"], "to": row["head_id"]} for row in rows["declaration"]]
    declaration = _TABLES["declaration"]
    try:
        for table in (table for table in Model.metadata.sorted_tables if table.name in rows):
            name = table.name
            given = [{**row, "head_id": None} for row in rows[name]] if table is declaration else rows[name]
            new = _not_here(db, table, given) if name in SHARED else given
            if new:
                db.execute(sa.insert(table), _in_order(table, new))
                row_digests.note_rows(db, table, new)
        if heads:
            statement = sa.update(declaration).where(declaration.c.id == sa.bindparam("at"))
            db.connection().execute(statement.values(head_id=sa.bindparam("to")), heads)
    except (sa.exc.IntegrityError, CycleError) as error:
        raise BadFile(source=source, reason="dangling") from error


def _in_order(table: sa.Table, rows: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """The rows of a table, each after those of it that it refers to; raises `CycleError`."""
    own = [key.parent.name for key in table.foreign_keys if key.column.table is table]
    if not own:
        return rows
    here = {row["id"]: row for row in rows}
    named = {id_: [row[name] for name in own if row[name] in here] for id_, row in here.items()}
    return [here[id_] for id_ in TopologicalSorter(named).static_order()]


def _not_here(db: Db, table: sa.Table, rows: list[dict[str, Any]]) -> list[dict[str, Any]]:
    here = set(db.scalars(sa.select(table.c.id)))
    return [row for row in rows if row["id"] not in here]
