"""What the log says of the rows that matter: their digests, so that none can be changed, added or lost unseen.

A row that never changes is named once (`rows`); one that does is named again after every
change (`states`), and the last word counts. A digest is SHA-256 over the row as
canonical JSON. Empty values are left out of it: a column that a later version
adds, null or empty in old rows, leaves their digests as they are.

What is named is what decides or proves something: texts, proposals, decisions, who may do what and until when.
Left out are what a person keeps for themselves (accounts, choices, drafts), and the running count of a secret
vote, whose steps would tell who voted how; its end is named. Of a person the name counts, with a random `salt`
that is erased with it: nobody can try names on the digests that stay.

Rows are noticed when objects are flushed, or changed by a statement, and named by the next entry of the log in
the same unit of work; what is inserted past the objects is told with `note_rows`.
"""

import hashlib
from collections.abc import Iterable, Iterator, Mapping, Sequence
from collections.abc import Set as AbstractSet
from datetime import UTC, date, datetime
from functools import lru_cache
from itertools import islice
from typing import Any, Final
from uuid import UUID

import msgspec
import sqlalchemy as sa
from sqlalchemy.orm import InstanceState, ORMExecuteState, Session, SessionTransaction

from workspace.core.storage.append_only import NAMED, TABLES
from workspace.core.storage.db import id_text
from workspace.core.storage.held_writes import held_by

UNLISTED: Final = frozenset({"log_entry", "checkpoint"})  # the log itself, and what is signed about it
APPEND_ONLY_DIGESTED: Final = tuple(table for table in TABLES if table not in UNLISTED)
GROUPED: Final[Mapping[str, str]] = {  # many small rows made together have one digest, under what they belong to
    "imported_log_entry": "forum_id",
    "revision_block": "revision_id",
    "amendment_change": "version_id",
    "amendment_shown_text": "version_id",
    "edition_file": "edition_id",
}
MUTABLE_DIGESTED: Final[tuple[str, ...]] = tuple(NAMED["mutable_digested"])  # tables whose rows change
LEFT_OUT: Final = {  # columns that no digest is made of: a count, what a person chose, and a file whose hash is there
    "declaration": {"sequence"},
    "person": {"language", "timezone"},
    "source_document": {"original"},
}
IN_OLD_ROWS: Final = {  # of a later column: counts as empty, as it was
    ("concordance", "languages"): "es,en,fr",
    ("forum", "labels"): "{}",
    ("procedure_rules", "roll_call_requests"): 1,
    ("project", "state"): "planned",
    ("procedure_rules", "secret_requests"): 3,
}
SINCE_0_3: Final[Mapping[str, AbstractSet[str]]] = {  # columns left out until 0.2; none: their table was
    "declaration": {"name", "releases_at"},
    "forum": {"name", "description", "place", "timezone", "starts_on", "ends_on"},
    "organisation": {"aliases"},
    "source_document": {"media_type", "original_sha256"},
    "comment_thread": {"is_internal", "resolved_at", "resolved_by_id"},
    "comment": {"moderated_at", "moderated_by_id", "reason"},
    **dict.fromkeys(("network", "person", "comment_version", "comment_mention", "working_group", "term"), frozenset()),
    **dict.fromkeys(("taxonomy", "theme", "recommendation_theme", "seen_finding", "passage", "project"), frozenset()),
    **dict.fromkeys(("project_interest", "document_in", "document_in_amendment", "mail_in"), frozenset()),
    **dict.fromkeys(("mail_in_amendment", "mail_in_document"), frozenset()),
}

Row = Mapping[str, Any]
Key = tuple[Any, ...]
Digests = dict[str, dict[str, str]]  # by table, by key
States = dict[str, dict[str, str | None]]  # the same; None for a row that is gone
_ROWS, _STATES = "rows the log does not know yet", "rows that have changed since the log was told"
_MARKS = "what was noticed before a savepoint"
_AT_ONCE = 200
_AS_IT_IS = (str, int, UUID)  # what JSON writes as `plain` would


def canonical_json(value: object) -> bytes:
    """Encode `value` with sorted keys and no spaces, so that equal values have equal bytes."""
    return msgspec.json.encode(value, order="sorted")


def plain(value: Any) -> Any:
    """A stored value as JSON has it; the bytes of a file as their hash."""
    if isinstance(value, _AS_IT_IS):
        return id_text(value) if isinstance(value, UUID) else value
    if isinstance(value, datetime):
        return value.astimezone(UTC).isoformat()
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, bytes):
        return f"sha256:{hashlib.sha256(value).hexdigest()}"
    return value.to_dict() if hasattr(value, "to_dict") else value


@lru_cache(maxsize=512)
def digested_columns(table: sa.Table) -> Sequence[sa.Column[Any]]:
    """The columns of a table that its digests are made of."""
    return tuple(column for column in table.columns if column.name not in LEFT_OUT.get(table.name, ()))


def key_of(table: sa.Table, row: Row) -> str:
    """Under which key the log knows a row: its primary key, or what it belongs to."""
    if group := GROUPED.get(table.name):
        return str(plain(row[group]))
    return "/".join(str(plain(row[column.name])) for column in table.primary_key)


def row_bytes(table: sa.Table, row: Row, *, without: AbstractSet[str] = frozenset()) -> bytes:
    """What is hashed of a row."""
    return canonical_json(
        {
            name: value if isinstance(value, _AS_IT_IS) else plain(value)
            for name, old in _digested(table)
            if (value := row.get(name)) and (old is None or value != old) and name not in without
        }
    )


@lru_cache(maxsize=512)
def _digested(table: sa.Table) -> Sequence[tuple[str, Any]]:
    """The names of those columns, each with what counts as empty there."""
    return tuple((column.name, IN_OLD_ROWS.get((table.name, column.name))) for column in digested_columns(table))


def digest(of: Iterable[bytes]) -> str:
    """The digest of one row, or of a group of rows that belong together, in any order."""
    return hashlib.sha256(b"\n".join(sorted(of))).hexdigest()


def is_as_before(table: sa.Table, row: Row, expected: str | None) -> bool:
    """Whether `told` is the digest that a row of this table had until 0.2, which may be none."""
    new = SINCE_0_3.get(table.name)
    return new is not None and expected == (digest([row_bytes(table, row, without=new)]) if new else None)


def note_rows(db: Session, table: sa.Table, rows: Iterable[Row]) -> None:
    """Rows that were inserted past the objects: the next entry of the log names them too."""
    if table.name in APPEND_ONLY_DIGESTED:
        db.info.setdefault(_ROWS, []).extend((table, row) for row in rows)
    elif table.name in MUTABLE_DIGESTED:
        changed = db.info.setdefault(_STATES, {}).setdefault(table, {})
        changed.update(dict.fromkeys(_key(table, row) for row in rows))


def has_pending(db: Session) -> bool:
    """Whether this unit has changed something that no entry of the log names yet."""
    return bool(db.info.get(_ROWS) or db.info.get(_STATES))


def take_row_digests(db: Session) -> Digests:
    """The digests of the lasting rows made since the last entry; they count as named from now on."""
    groups: dict[str, dict[str, list[bytes]]] = {}
    for table, row in db.info.pop(_ROWS, ()):
        groups.setdefault(table.name, {}).setdefault(key_of(table, row), []).append(row_bytes(table, row))
    return {name: {key: digest(rows) for key, rows in of_table.items()} for name, of_table in groups.items()}


def take_state_digests(db: Session) -> States:
    """The digests of the moving rows that have changed since the last entry, as they are now."""
    changed: Mapping[sa.Table, Mapping[Key, Row | None]] = db.info.pop(_STATES, {})
    return {table.name: dict(_states(db, table, rows)) for table, rows in changed.items()}


def _states(db: Session, table: sa.Table, rows: Mapping[Key, Row | None]) -> Iterator[tuple[str, str | None]]:
    """A row that this unit made is known; any other is read, for it may have changed in other columns meanwhile."""
    columns, primary = digested_columns(table), list(table.primary_key)
    rest = iter([key for key, row in rows.items() if row is None])
    here = {key_of(table, row): digest([row_bytes(table, row)]) for row in rows.values() if row is not None}
    while some := list(islice(rest, _AT_ONCE)):
        found = map(dict, db.execute(sa.select(*columns).where(sa.tuple_(*primary).in_(some))).mappings())
        here.update({key_of(table, row): digest([row_bytes(table, row)]) for row in found})
    for key in rows:
        name = "/".join(str(plain(part)) for part in key)
        yield name, here.get(name)


def _key(table: sa.Table, row: Row) -> Key:
    return tuple(row[column.name] for column in table.primary_key)


def _note_flushed(db: Session, _context: object) -> None:
    new, dirty = db.new, db.dirty  # each is put together anew whenever it is asked for
    for row in (*new, *dirty, *db.deleted):
        state = sa.inspect(row)
        table = state.mapper.local_table
        if not isinstance(table, sa.Table):
            continue
        moves = table.name in MUTABLE_DIGESTED
        if row in new or (moves and (row not in dirty or _has_changed(state, table))):
            attributes = _attributes(state, table)
            values = {name: state.dict.get(key) for name, key in attributes.items()}
            note_rows(db, table, [values])
            is_whole = row in dirty and held_by(db) and state.dict.keys() >= set(attributes.values())
            if moves and (row in new or is_whole):  # nobody else changes what is held back until it is written
                db.info[_STATES][table][_key(table, values)] = values


def _note_statement(called: ORMExecuteState) -> None:
    """A statement that changes or removes rows of its own choice: those that it is about to meet are named anew."""
    statement = called.statement
    if not isinstance(statement, sa.Update | sa.Delete):
        return
    table = statement.table
    if not isinstance(table, sa.Table) or table.name not in MUTABLE_DIGESTED:
        return
    met = sa.select(*table.primary_key)
    if statement.whereclause is not None:
        met = met.where(statement.whereclause)
    note_rows(called.session, table, [dict(row) for row in called.session.execute(met).mappings()])


def _has_changed(state: InstanceState[Any], table: sa.Table) -> bool:
    names = {column.name for column in digested_columns(table)}
    attributes = _attributes(state, table)
    return any(state.attrs[attributes[name]].history.has_changes() for name in names)


def _attributes(state: InstanceState[Any], table: sa.Table) -> dict[str, str]:
    """The name of each column's attribute."""
    return {column.name: state.mapper.get_property_by_column(column).key for column in table.columns}


def _mark(db: Session, transaction: SessionTransaction) -> None:
    """A savepoint remembers what was noticed before it."""
    if transaction.nested:
        changed = {table: dict(keys) for table, keys in db.info.get(_STATES, {}).items()}
        db.info.setdefault(_MARKS, {})[transaction] = list(db.info.get(_ROWS, ())), changed


def _forget(db: Session, transaction: SessionTransaction) -> None:
    """What is rolled back was never there."""
    rows, states = db.info.get(_MARKS, {}).pop(transaction, ([], {}))
    db.info[_ROWS], db.info[_STATES] = rows, states


sa.event.listen(Session, "after_flush", _note_flushed)
sa.event.listen(Session, "do_orm_execute", _note_statement)
sa.event.listen(Session, "after_transaction_create", _mark)
sa.event.listen(Session, "after_soft_rollback", _forget)
