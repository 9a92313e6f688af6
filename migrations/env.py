"""Runs migrations safely on data.

On SQLite a changed table is rebuilt, which drops it: with foreign keys on, rows
that point at it would go or refuse, and its triggers vanish. So foreign keys are
off before the transaction begins, everything is checked before it ends, and the
append-only triggers come back from their one list.
"""

import sqlalchemy as sa
from alembic import context

from workspace.all_models import METADATA
from workspace.core.settings import Settings
from workspace.core.storage import append_only
from workspace.core.storage.db import Store
from workspace.core.storage.schema import ONE_MIGRATES


def run(connection: sa.Connection) -> None:
    is_sqlite = connection.dialect.name == "sqlite"
    if is_sqlite:
        _pragma(connection, "OFF")
    connection = connection.execution_options(writes=True)
    context.configure(
        connection=connection,
        target_metadata=METADATA,
        render_as_batch=True,
        render_item=_render,
        transactional_ddl=True,
    )
    try:
        with connection.begin(), context.begin_transaction():
            if not is_sqlite:
                connection.execute(ONE_MIGRATES)
            context.run_migrations()
            _check(connection)
    finally:
        if is_sqlite:
            _pragma(connection, "ON")


def _render(kind: str, item: object, _context: object) -> str | bool:
    """Write plain column types into migrations, so that a later change of our types does not change the past."""
    if kind == "type" and isinstance(item, sa.types.TypeDecorator):
        return f"sa.{item.impl_instance!r}"
    if kind == "type" and isinstance(item, sa.Enum):
        return f"sa.String(length={item.length})"
    return False


def _pragma(connection: sa.Connection, state: str) -> None:
    """Set foreign keys outside any transaction; inside one it would do nothing."""
    driver = connection.connection.dbapi_connection
    if driver is None:
        raise RuntimeError("the connection is closed")
    driver.cursor().execute(f"PRAGMA foreign_keys={state}")


def _check(connection: sa.Connection) -> None:
    if not sa.inspect(connection).has_table("log_entry"):
        return  # back at nothing
    append_only.create_triggers(connection)
    if missing := append_only.missing(connection):
        raise RuntimeError(f"append-only triggers are missing: {', '.join(sorted(missing))}")
    if connection.dialect.name == "sqlite":
        broken = connection.exec_driver_sql("PRAGMA foreign_key_check").all()
        if broken:
            raise RuntimeError(f"{len(broken)} rows point at nothing; the first is in {broken[0][0]}")


given = context.config.attributes.get("connection")
if given is not None:
    run(given)
else:
    with Store(Settings.read()).engine.connect() as own:
        run(own)
