"""Tables whose rows are never changed or removed, and the triggers that refuse it."""

import json
from pathlib import Path

import sqlalchemy as sa

NAMED = json.loads(Path(__file__).with_name("tables.json").read_text(encoding="utf-8"))  # lists of tables
TABLES: tuple[str, ...] = tuple(NAMED["append_only"])

_POSTGRESQL_FUNCTION = """
CREATE OR REPLACE FUNCTION refuse_change() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN RAISE EXCEPTION '% is append-only', TG_TABLE_NAME; END $$
"""


def create_triggers(connection: sa.Connection) -> None:
    """Put every trigger in place that is not there; safe to run again."""
    present = triggers(connection)
    if connection.dialect.name == "sqlite":
        for table in _existing_triggers(connection):
            for action in ("update", "delete"):
                if _name(table, action) not in present:
                    connection.exec_driver_sql(
                        f"CREATE TRIGGER {_name(table, action)} BEFORE {action.upper()} ON {table} "
                        f"BEGIN SELECT RAISE(ABORT, '{table} is append-only'); END"
                    )
        return
    connection.exec_driver_sql(_POSTGRESQL_FUNCTION.replace("%", "%%"))
    for table in _existing_triggers(connection):
        for action, each in (("update", "ROW"), ("delete", "ROW"), ("truncate", "STATEMENT")):
            if _name(table, action) not in present:
                connection.exec_driver_sql(
                    f"CREATE TRIGGER {_name(table, action)} BEFORE {action.upper()} ON {table} "
                    f"FOR EACH {each} EXECUTE FUNCTION refuse_change()"
                )


def triggers(connection: sa.Connection) -> frozenset[str]:
    """Names of the append-only triggers that the database has."""
    if connection.dialect.name == "sqlite":
        statement = "SELECT name FROM sqlite_master WHERE type = 'trigger'"
    else:
        statement = "SELECT tgname FROM pg_trigger WHERE NOT tgisinternal"
    return frozenset(name for name in connection.execute(sa.text(statement)).scalars() if name.startswith("refuse_"))


def missing(connection: sa.Connection) -> frozenset[str]:
    """Names of the triggers that ought to be there and are not."""
    actions = ("update", "delete") if connection.dialect.name == "sqlite" else ("update", "delete", "truncate")
    return frozenset(_name(table, action) for table in _existing_triggers(connection) for action in actions) - triggers(
        connection
    )


def _existing_triggers(connection: sa.Connection) -> list[str]:
    """Those of the tables that the database has: one of an earlier version lacks the later ones."""
    present = set(sa.inspect(connection).get_table_names())
    return [table for table in TABLES if table in present]


def _name(table: str, action: str) -> str:
    return f"refuse_{action}_of_{table}"
