"""Backups: everything in one consistent view of the database, in one file, tried out as soon as it is written.

One reading unit sees one state, whatever is written meanwhile: nothing that was acknowledged before it began is
missing. The file is written beside its place and takes its name only when it is whole.
"""

import os
import zipfile
from collections.abc import Sequence
from importlib.metadata import version
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import msgspec
import sqlalchemy as sa
from msgspec import Struct

from workspace.core import clock, schema
from workspace.core.db import Db, Store
from workspace.core.errors import BadFile
from workspace.core.provided import METADATA
from workspace.core.settings import Settings
from workspace.history.archive import FORMAT, MANIFEST, Manifest, write_table
from workspace.history.findings import Finding
from workspace.history.restoring import restore_backup
from workspace.history.telling import Progress
from workspace.history.tree import LogTree

_AT_ONCE = 1_000
_FOR_ME = 0o600


class Written(Struct, frozen=True):
    """A backup that was tried out. `findings` are of its audit: they tell of the database, not of the copy."""

    rows: int
    log_size: int
    findings: Sequence[Finding]


def write_backup(store: Store, path: Path, *, progress: Progress = lambda *_: None) -> Written:
    """Write everything to `path`, read it back, restore it into an empty database and audit that.

    Raises `BadFile` where there is a file already, or it cannot be written; no half file is left then.
    """
    if path.exists():
        raise BadFile(source=str(path), reason="there_already")
    partial = path.with_name(f".{path.name}.partial")
    try:
        write_copy(store, partial, progress=progress)
        written = _tried_out(partial, progress)
        partial.rename(path)
    except OSError as error:
        raise BadFile(source=str(path), reason="not_written") from error
    finally:
        partial.unlink(missing_ok=True)
    return written


def every_table() -> list[sa.Table]:
    """The tables of every slice, each after those that it points at."""
    return list(METADATA.get().sorted_tables)


def write_copy(store: Store, path: Path, *, progress: Progress = lambda *_: None) -> None:
    """Write everything to `path`, which nobody but its owner may read; what was written is not tried out."""
    descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, _FOR_ME)
    with os.fdopen(descriptor, "wb") as file:
        with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED, compresslevel=3) as archive, store.reading() as db:
            archive.writestr(MANIFEST, msgspec.json.encode(_filled(db, archive, progress)))
        file.flush()
        os.fsync(file.fileno())


def _filled(db: Db, archive: zipfile.ZipFile, progress: Progress) -> Manifest:
    tables = every_table()
    tree = LogTree(db)
    facts = []
    for place, table in enumerate(tables, start=1):
        statement = sa.select(table).order_by(*_key(table, db))
        facts.append(write_table(archive, table, db.execute(statement, execution_options={"yield_per": _AT_ONCE})))
        progress("backup", place, len(tables))
    return Manifest(
        format=FORMAT,
        version=1,
        made_at=clock.now(),
        program=version("declaration-workspace"),
        schema=str(schema.revision_of(db.connection())),
        log_size=tree.size,
        log_root=tree.root().hex(),
        tables=facts,
    )


def _key(table: sa.Table, db: Db) -> list[sa.ColumnElement[Any]]:
    """What the rows are put in order by: the same order on every database, whatever language its server sorts in."""
    is_sqlite = db.get_bind().dialect.name == "sqlite"
    return [
        column if is_sqlite or not isinstance(column.type, sa.String) else column.collate("C")
        for column in table.primary_key
    ]


def _tried_out(path: Path, progress: Progress) -> Written:
    """Restore the file into an empty database beside it."""
    with TemporaryDirectory(dir=path.parent, prefix=".trial-") as folder:
        store = Store(Settings.for_file(Path(folder) / "trial.sqlite3"))
        try:
            restored = restore_backup(store, path, progress=progress)
            with store.engine.connect() as connection:
                sound = connection.exec_driver_sql("PRAGMA integrity_check").scalar()
        finally:
            store.close()
    if sound != "ok":
        raise BadFile(source=str(path), reason="damaged", table=str(sound))
    return Written(restored.rows, restored.log_size, restored.findings)
