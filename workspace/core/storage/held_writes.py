"""Writing that is held back, so that the database is locked for the writing alone.

A unit that holds back reads one state of the database and keeps nobody waiting. What it writes is noted in its order
until it asks for a table that it has written to, or commits. Then the lock is taken. Where the log has told of nothing
but other forums meanwhile, what was noted is written as it is; otherwise it was computed from what may no longer hold.
"""

import re
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

import sqlalchemy as sa
from msgspec import Struct, field
from sqlalchemy.orm import Session

HELD = "held"  # the execution option, and what the session knows it under
_WORD = re.compile(r"\w+")
Step = Callable[[sa.Connection], object]


class Overtaken(Exception):
    """Somebody has written what this unit may have read."""


class HeldWrites(Struct):
    """What one unit of work has not written yet; `steps` come before it, as soon as the lock is taken."""

    steps: list[Step]
    tables: set[str] = field(default_factory=lambda: {"pg_notify"})  # which a transaction that is given up would undo
    statements: list[tuple[str, Any, bool]] = field(default_factory=list)
    is_compared: bool = False
    """Whether one of the steps asks the log what came meanwhile; the log adds it with the unit's first entry."""
    is_settled: bool = False
    as_before: frozenset[str] = frozenset()

    def write(self, connection: sa.Connection) -> None:
        """Take the lock and write everything. Raises `Overtaken`."""
        self.is_settled = True
        if not self.is_compared:
            raise Overtaken  # nothing says whether what was read still holds
        try:
            self._write(connection)
        except BaseException:
            connection.connection.rollback()  # SQLAlchemy takes a transaction for ended that fails as it is committed
            raise

    def _write(self, connection: sa.Connection) -> None:
        for step in self.steps:
            step(connection)
        cursor = connection.connection.cursor()
        try:
            for statement, parameters, are_many in self.statements:
                (cursor.executemany if are_many else cursor.execute)(statement, parameters)
        except connection.dialect.loaded_dbapi.IntegrityError as error:  # what is the same was made meanwhile
            raise Overtaken from error
        cursor.close()


def held_by(db: Session) -> HeldWrites | None:
    """What the unit holds back; None where it writes at once."""
    held: HeldWrites | None = db.info.get(HELD)
    return None if held is None or held.is_settled else held


@contextmanager
def as_before(db: Session, *models: type[Any]) -> Iterator[None]:
    """Rows of these are read here as they were before the unit began; the caller leaves out what it has changed."""
    held = held_by(db)
    if held:
        held.as_before = frozenset(model.__tablename__ for model in models)
    yield
    if held:
        held.as_before = frozenset()


def _execute(_cursor: object, statement: str, parameters: Any, context: Any) -> bool:
    return _is_held(statement, parameters, context, are_many=False)


def _execute_many(_cursor: object, statement: str, parameters: Any, context: Any) -> bool:
    return _is_held(statement, parameters, context, are_many=True)


def _is_held(statement: str, parameters: Any, context: Any, *, are_many: bool) -> bool:
    """Whether this is written later. What would find something that is not written yet has it written first."""
    held: HeldWrites | None = context.execution_options.get(HELD)
    if held is None or held.is_settled or context.compiled is None:
        return False
    if context.is_crud and "RETURNING" not in statement:
        held.tables.add(context.compiled.statement.table.name)
        held.statements.append((statement, parameters, are_many))
        vars(context)["_rowcount"] = len(context.parameters)  # who changes a row asks whether it was there
        return True
    if context.is_crud or not (held.tables - held.as_before).isdisjoint(_WORD.findall(statement)):
        held.write(context.root_connection)
    return False


def _write_rest(connection: sa.Connection) -> None:
    held: HeldWrites | None = connection.get_execution_options().get(HELD)
    if held and not held.is_settled:
        held.write(connection)


for _event, _listener in (("do_execute", _execute), ("do_executemany", _execute_many), ("commit", _write_rest)):
    sa.event.listen(sa.Engine, _event, _listener)
