"""Bringing a backup back into an empty database: all of it, or nothing."""

import zipfile
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from itertools import islice
from pathlib import Path
from typing import Any

import sqlalchemy as sa
from msgspec import Struct

from workspace.core import schema
from workspace.core.db import Db, Store
from workspace.core.errors import BadFile, Invalid
from workspace.history.archive import Manifest, ensure_whole, open_archive, read_manifest, read_table
from workspace.history.auditing import audit
from workspace.history.findings import Finding
from workspace.history.telling import Progress
from workspace.history.tree import LogTree

_AT_ONCE = 500


class Restored(Struct, frozen=True):
    """What came back. `findings` are of the audit: of what the database held when the backup was made."""

    rows: int
    log_size: int
    findings: Sequence[Finding]


def restore_backup(store: Store, path: Path, *, progress: Progress = lambda *_: None) -> Restored:
    """Bring everything back from `path`; raises `BadFile`, or `Invalid` for a database that is not empty.

    The file is read to its end and compared with its manifest before the database is touched, and
    everything is put in within one unit, in which the log must give the manifest's root.
    """
    with open_archive(path) as archive:
        manifest = read_manifest(archive, str(path))
        ensure_whole(archive, manifest, str(path))
        _ensure_known(manifest, path)
        _ensure_empty(store)
        schema.downgrade(store, "base")
        schema.migrate(store, manifest.schema)
        try:
            with store.writing() as db, _pointing_anywhere(db):
                _fill(db, archive, manifest, progress)
                _ensure_same_log(db, manifest, path)
        except sa.exc.DBAPIError as error:
            raise BadFile(source=str(path), reason="not_restored") from error
    schema.migrate(store)
    with store.reading() as db:
        report = audit(db, progress=progress)
    return Restored(manifest.rows, manifest.log_size, report.findings)


def _fill(db: Db, archive: zipfile.ZipFile, manifest: Manifest, progress: Progress) -> None:
    for place, facts in enumerate(manifest.tables, start=1):
        table, rows = read_table(archive, facts.name)
        while some := list(islice(rows, _AT_ONCE)):
            db.execute(sa.insert(table), some)
        progress("restore", place, len(manifest.tables))


def _ensure_same_log(db: Db, manifest: Manifest, path: Path) -> None:
    tree = LogTree(db)
    if (tree.size, tree.root().hex()) != (manifest.log_size, manifest.log_root):
        raise BadFile(source=str(path), reason="damaged", table="log_entry")


def _ensure_known(manifest: Manifest, path: Path) -> None:
    if manifest.schema not in schema.revisions():
        raise BadFile(source=str(path), reason="newer_program")


def _ensure_empty(store: Store) -> None:
    with store.engine.connect() as connection:
        for name in sa.inspect(connection).get_table_names():
            if name != schema.VERSION_TABLE and connection.scalar(
                sa.select(sa.literal(1)).select_from(sa.table(name)).limit(1)
            ):
                raise Invalid(field="database", reason="not_empty", given=name)


@contextmanager
def _pointing_anywhere(db: Db) -> Iterator[None]:
    """Let rows point at rows that come after them, until the unit ends."""
    connection = db.connection()
    if connection.dialect.name == "sqlite":
        connection.exec_driver_sql("PRAGMA defer_foreign_keys=ON")
        yield
        return
    keys = _foreign_keys(connection)
    _alter(connection, keys, "DEFERRABLE INITIALLY DEFERRED")
    yield
    connection.exec_driver_sql("SET CONSTRAINTS ALL IMMEDIATE")
    _alter(connection, keys, "NOT DEFERRABLE")


def _foreign_keys(connection: sa.Connection) -> list[tuple[str, str]]:
    inspector = sa.inspect(connection)
    return [
        (table, str(key["name"])) for table in inspector.get_table_names() for key in inspector.get_foreign_keys(table)
    ]


def _alter(connection: sa.Connection, keys: Sequence[tuple[str, Any]], how: str) -> None:
    quote = connection.dialect.identifier_preparer.quote
    for table, name in keys:
        connection.exec_driver_sql(f"ALTER TABLE {quote(table)} ALTER CONSTRAINT {quote(name)} {how}")
