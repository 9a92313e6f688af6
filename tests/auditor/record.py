"""What the database holds of one declaration, row by row, read with none of the program's own code.

Ids are 32 hexadecimal digits; `Row` is a row by the names of its columns.
"""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import cached_property
from typing import Any, TypeAlias
from uuid import UUID

import sqlalchemy as sa

Row: TypeAlias = Mapping[str, Any]
BY_DECLARATION = (
    "amendment",
    "decision",
    "decision_round",
    "revision",
    "text_version",
    "edge",
    "lineage",
    "absence",
    "concordance",
    "bracket",
    "block",
    "question",
    "sign_off",
    "corrigendum",
    "edition",
    "waiver",
    "vote_proxy",
    "ballot_request",
)


@dataclass(frozen=True)
class Entry:
    """A line of the log: who did what, and the facts that it states."""

    sequence: int
    kind: str
    actor: str
    facts: Row


class Record:
    """The rows of one declaration at one moment. Everything is read when it is first asked for."""

    def __init__(self, engine: sa.Engine, declaration: UUID) -> None:
        self.engine = engine
        self.id = plain(declaration)
        self._is_native = engine.dialect.name != "sqlite"
        self._tables: dict[str, list[Row]] = {}

    @cached_property
    def log(self) -> Sequence[Entry]:
        entries = []
        for row in self._select("log_entry", "declaration_id", [self.id], order="sequence"):
            said = json.loads(row["entry"])
            actor = said["actor"]
            entries.append(Entry(row["sequence"], row["kind"], plain(actor), _plain_facts(said["facts"])))
        return entries

    @property
    def length(self) -> int:
        """How many lines the log has by now."""
        with self.engine.connect() as connection:
            return connection.execute(sa.text("SELECT max(sequence) FROM log_entry")).scalar_one()

    @cached_property
    def declaration(self) -> Row:
        [row] = self._select("declaration", "id", [self.id])
        return row

    def rows(self, table: str) -> list[Row]:
        """All rows of a table that names the declaration itself."""
        if table not in self._tables:
            assert table in BY_DECLARATION, table
            self._tables[table] = self._select(table, "declaration_id", [self.id])
        return self._tables[table]

    def of(self, table: str, column: str, values: Sequence[str]) -> list[Row]:
        """The rows of a table whose `column` is one of these ids."""
        return self._select(table, column, values) if values else []

    def since(self, table: str, first: UUID) -> list[Row]:
        """The rows of a table that were made later than this id."""
        with self.engine.connect() as connection:
            after = sa.literal_column("id") > sa.bindparam("first", first if self._is_native else first.hex)
            found = connection.execute(sa.select(sa.text("*")).select_from(sa.table(table)).where(after))
            return [{key: plain(value) for key, value in row.items()} for row in found.mappings()]

    def _select(self, table: str, column: str, values: Sequence[str], order: str = "") -> list[Row]:
        given = [UUID(value) for value in values] if self._is_native else list(values)
        rows = sa.select(sa.text("*")).select_from(sa.table(table)).where(sa.column(column).in_(given))
        with self.engine.connect() as connection:
            found = connection.execute(rows.order_by(sa.text(order)) if order else rows)
            return [{key: plain(value) for key, value in row.items()} for row in found.mappings()]


def moment(value: Any) -> datetime | None:
    """A time of either database, or of the log, in UTC."""
    if isinstance(value, str):
        value = datetime.fromisoformat(value)
    return value and (value if value.tzinfo else value.replace(tzinfo=UTC))


def plain(value: Any) -> Any:
    """A value of either database in one form: ids as hexadecimal digits."""
    if isinstance(value, UUID):
        return value.hex
    if isinstance(value, str) and len(value) == 36 and value.count("-") == 4:
        return value.replace("-", "")
    return value


def _plain_facts(value: Any) -> Any:
    if isinstance(value, dict):
        return {key: _plain_facts(inner) for key, inner in value.items()}
    if isinstance(value, list):
        return [_plain_facts(inner) for inner in value]
    return plain(value)
