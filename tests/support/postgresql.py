"""Databases on a PostgreSQL server, each copied from another, which takes a tenth of what making one takes."""

from functools import cache

import sqlalchemy as sa

from workspace.core.storage.db import new_id

_KEPT: list[sa.URL] = []


def created(server: sa.URL, name: str, *, template: str | None = None) -> sa.URL:
    """A new database; a copy of `template`, to which nobody may be connected."""
    made = server.set(database=f"workspace_{name}_{new_id().hex}")
    copy(server, template or "template1", str(made.database))
    return made


def kept(server: sa.URL) -> sa.URL:
    """A copy of a database that stays to be copied from, until `drop_kept`."""
    made = created(server, "prepared", template=server.database)
    _KEPT.append(made)
    return made


def drop_kept() -> None:
    """Drop what this process has kept."""
    while _KEPT:
        drop(_KEPT.pop())


def copy(server: sa.URL, template: str, name: str) -> None:
    run(server, f'CREATE DATABASE "{name}" TEMPLATE "{template}" STRATEGY FILE_COPY')


def drop(url: sa.URL) -> None:
    run(url, f'DROP DATABASE "{url.database}"')


def run(server: sa.URL, statement: str) -> None:
    """Run a statement outside of any transaction, as the making of databases asks."""
    with _administration(server.set(database="postgres")).connect() as connection:
        connection.exec_driver_sql(statement)


@cache
def _administration(url: sa.URL) -> sa.Engine:
    return sa.create_engine(url, isolation_level="AUTOCOMMIT", pool_size=1)


def leave(server: sa.URL) -> None:
    """Close what `run` keeps open."""
    _administration(server.set(database="postgres")).dispose()
