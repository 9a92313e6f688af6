"""Bring a database to the shape this program knows."""

import sqlalchemy as sa
from alembic import command
from alembic.config import Config
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory

from workspace.core.db import Store
from workspace.paths import MIGRATIONS


def configuration(connection: sa.Connection | None = None) -> Config:
    """Alembic's configuration; migrations run over `connection`."""
    config = Config()
    config.set_main_option("script_location", str(MIGRATIONS))
    config.attributes["connection"] = connection
    return config


def migrate(store: Store, revision: str = "head") -> None:
    """Run every migration up to `revision`. Does nothing on a database that is there already."""
    with store.engine.connect() as connection:
        command.upgrade(configuration(connection), revision)


def downgrade(store: Store, revision: str) -> None:
    """Go back to an earlier shape; for tests and for operators who know what they do."""
    with store.engine.connect() as connection:
        command.downgrade(configuration(connection), revision)


def is_current(store: Store) -> bool:
    """Whether the database has the shape of this program."""
    head = ScriptDirectory.from_config(configuration()).get_current_head()
    with store.engine.connect() as connection:
        return MigrationContext.configure(connection).get_current_revision() == head
