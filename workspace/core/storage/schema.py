"""Bring a database to the shape this program knows, and say whether it has it.

Asking is done at every start and by whoever watches a server, so it asks the database and the migrations' files
themselves; Alembic, with all it needs, is loaded when there is something to migrate.
"""

import re
from collections.abc import Mapping
from functools import cache
from typing import TYPE_CHECKING

import sqlalchemy as sa

from workspace.core.environment import BadSetting
from workspace.core.provided import METADATA
from workspace.core.storage import append_only, log, search_index
from workspace.core.storage.db import MOVED, ONLY, Store
from workspace.paths import MIGRATIONS

if TYPE_CHECKING:
    from alembic.config import Config

VERSION_TABLE = "alembic_version"
_VERSION = sa.Table(
    VERSION_TABLE,
    sa.MetaData(naming_convention={"pk": "%(table_name)s_pkc"}),
    sa.Column("version_num", sa.String(32), primary_key=True),
)
ONE_MIGRATES = sa.text("SELECT pg_advisory_xact_lock(7238247)")
_HAS_EVERY_RIGHT = """
SELECT has_schema_privilege(current_schema(), 'CREATE') AND coalesce(bool_and(
    has_table_privilege(oid, 'SELECT') AND has_table_privilege(oid, 'INSERT')
    AND has_table_privilege(oid, 'UPDATE') AND has_table_privilege(oid, 'DELETE')), true)
FROM pg_class WHERE relkind = 'r' AND relnamespace = current_schema()::regnamespace
"""
_NAMED = re.compile(r'^revision = "(?P<name>\w+)"\ndown_revision = (?:None|"(?P<before>\w+)")$', re.MULTILINE)


def configuration(connection: sa.Connection | None = None) -> "Config":
    """Alembic's configuration; migrations run over `connection`."""
    from alembic.config import Config  # noqa: PLC0415  (a hundred files that a server starts without)

    config = Config()
    config.set_main_option("script_location", str(MIGRATIONS))
    config.attributes["connection"] = connection
    return config


def migrate(store: Store, revision: str = "head") -> None:
    """Run every migration up to `revision`; a new database gets the tables of the models. Nothing where it is there.

    Raises `BadSetting` for a database that a later program has brought to its shape, or that another one made.
    """
    with store.engine.connect() as connection:
        is_new, version = not sa.inspect(connection).has_table(VERSION_TABLE), revision_of(connection)
    if is_later(version):
        raise BadSetting("Database of a later version (%(version)s): start that program.", version=str(version))
    if is_new and revision in {"head", head()}:
        _create(store)
        return
    from alembic import command  # noqa: PLC0415  (as above)

    with store.engine.connect() as connection:
        command.upgrade(configuration(connection), revision)
    if version is not None and revision == "head":
        with store.writing(despite=(MOVED, ONLY)) as db:
            log.name_again(db)
            search_index.build(db)


def ensure_ours(*, is_ours: bool) -> None:
    """Raise `BadSetting` for a database that another program made."""
    if not is_ours:
        raise BadSetting("The database belongs to another program: set WORKSPACE_DATABASE_URL to an empty one.")


def _create(store: Store) -> None:
    """Make all tables at once, at the last migration; none where another process made them meanwhile."""
    with store.engine.execution_options(writes=True).begin() as connection:
        if connection.dialect.name == "postgresql":
            connection.execute(ONE_MIGRATES)
        if VERSION_TABLE in (there := sa.inspect(connection).get_table_names()):
            return
        ensure_ours(is_ours=not there)
        _tables_for(connection).create_all(connection, checkfirst=False)
        search_index.create(connection)
        append_only.create_triggers(connection)
        _VERSION.create(connection)
        connection.execute(sa.insert(_VERSION).values(version_num=head()))


def _tables_for(connection: sa.Connection) -> sa.MetaData:
    """The tables of the models; copies where some keys are made by ALTER, since those are then left out for good."""
    tables = METADATA.get()
    if not connection.dialect.supports_alter:
        return tables
    copies = sa.MetaData(naming_convention=tables.naming_convention)
    for table in tables.tables.values():
        table.to_metadata(copies)
    return copies


def downgrade(store: Store, revision: str) -> None:
    """Go back to an earlier shape; for tests and for operators who know what they do."""
    from alembic import command  # noqa: PLC0415  (as above)

    with store.engine.connect() as connection:
        command.downgrade(configuration(connection), revision)


def is_current(store: Store) -> bool:
    """Whether the database has the shape of this program."""
    with store.engine.connect() as connection:
        return revision_of(connection) == head()


def can_serve(store: Store) -> bool:
    """Whether this program can work with the database: while servers are upgraded in turn, a later shape is no harm."""
    with store.engine.connect() as connection:
        version = revision_of(connection)
    return version == head() or is_later(version)


def has_every_right(connection: sa.Connection) -> bool:
    """Whether the user of the database may write every table there, and make new ones, as the next migration may do."""
    if connection.dialect.name != "postgresql":
        return True
    return connection.exec_driver_sql(_HAS_EVERY_RIGHT).scalar_one() is True


def is_later(version: str | None) -> bool:
    """Whether this is a migration that only a later program knows."""
    return version is not None and version not in revisions() and version > head()


def revision_of(connection: sa.Connection) -> str | None:
    """The migration that a database is at; None where none has run."""
    if not sa.inspect(connection).has_table(VERSION_TABLE):
        return None
    found: str | None = connection.scalar(sa.select(_VERSION.c.version_num))
    return found


@cache
def revisions() -> Mapping[str, str | None]:
    """Every migration of this program, and the one before it."""
    files = (path.read_text(encoding="utf-8") for path in MIGRATIONS.glob("versions/*.py"))
    return {found["name"]: found["before"] for file in files for found in _NAMED.finditer(file)}


def head() -> str:
    """The migration that comes last."""
    (last,) = set(revisions()) - set(revisions().values())
    return last
