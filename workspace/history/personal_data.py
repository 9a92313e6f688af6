"""“What do you hold about me?”: every row that belongs to a person, found by what points at them.

The tables are asked what they are: whatever a later version stores with a person's id is in the
answer without anybody having to think of it. Secrets are left out: a hash of a password tells nobody anything.
"""

from collections.abc import Iterator
from typing import Any
from uuid import UUID

import msgspec
import sqlalchemy as sa

from workspace.core.commitments import plain
from workspace.core.db import Db
from workspace.core.errors import NotFound
from workspace.core.log import LogEntry
from workspace.core.mail import Letter
from workspace.core.provided import METADATA

_SECRET = ("_hash", "secret", "_counter")


def held_about(db: Db, person_id: UUID) -> bytes:
    """Everything, as JSON: the rows of each table, by the way in which they concern the person."""
    person = METADATA.get().tables["person"]
    rows = {"person": _rows(db, person, person.c.id == person_id)}
    for name, table, column in _pointing(person):
        if found := _rows(db, table, column == person_id):
            rows[name] = found
    rows["letter"] = _rows(db, sa.inspect(Letter).local_table, Letter.person_id == person_id)
    if not rows["person"]:
        raise NotFound(what="person", id=str(person_id))
    entries = db.execute(
        sa.select(LogEntry.sequence, LogEntry.at, LogEntry.kind)
        .where(LogEntry.actor_id == person_id)
        .order_by(LogEntry.sequence)
    )
    rows["log_entry"] = [{"sequence": one.sequence, "at": plain(one.at), "kind": one.kind} for one in entries]
    return msgspec.json.format(msgspec.json.encode(rows, order="sorted"), indent=1) + b"\n"


def _pointing(person: sa.Table) -> Iterator[tuple[str, sa.Table, sa.Column[Any]]]:
    for table in METADATA.get().sorted_tables:
        for key in table.foreign_keys:
            if key.column.table is person:
                yield f"{table.name}.{key.parent.name}", table, key.parent


def _rows(db: Db, table: sa.FromClause, which: sa.ColumnElement[bool]) -> list[dict[str, Any]]:
    columns = [column for column in table.columns if not any(word in column.name for word in _SECRET)]
    return [
        {name: plain(value) for name, value in row.items() if value is not None}
        for row in db.execute(sa.select(*columns).where(which)).mappings()
    ]
