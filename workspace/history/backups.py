"""Backups written and tried out, by hand or on time, restored, or moved into another database."""

import logging
import os
import zipfile
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from importlib.metadata import version
from itertools import islice
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import msgspec
import sqlalchemy as sa
from msgspec import Struct

from workspace.core import clock
from workspace.core.errors import BadFile, Invalid
from workspace.core.jobs import Job, JobContext
from workspace.core.provided import METADATA
from workspace.core.settings import Settings
from workspace.core.storage import maintenance, schema, search_index
from workspace.core.storage.db import Db, Store
from workspace.history.audit import AuditFinding, Progress, audit
from workspace.history.backup_archive import (
    FORMAT,
    MANIFEST,
    BackupManifest,
    ensure_whole,
    open_archive,
    read_manifest,
    read_table,
    write_table,
)
from workspace.history.checkpoints import LogMerkleTree

logger = logging.getLogger("workspace.history")
_RESTORED_AT_ONCE = 500


class RestoredBackup(Struct, frozen=True):
    """What came back. `findings` are of the audit: of what the database held when the backup was made."""

    rows: int
    log_size: int
    findings: Sequence[AuditFinding]


def restore_backup(store: Store, path: Path, *, progress: Progress = lambda *_: None) -> RestoredBackup:
    """Bring everything back from `path`; raises `BadFile`, or `Invalid` for a database that is not empty.

    The file is read to its end and compared with its manifest before the database is touched, and
    everything is put in within one unit, in which the log must give the manifest's root.
    """
    with open_archive(path) as archive:
        manifest = read_manifest(archive, str(path))
        ensure_whole(archive, manifest, str(path))
        if manifest.schema not in schema.revisions():
            raise BadFile(source=str(path), reason="newer_program")
        _ensure_empty(store)
        schema.downgrade(store, "base")
        schema.migrate(store, manifest.schema)
        try:
            with store.writing() as db, _pointing_anywhere(db):
                search_index.postpone(db)
                _fill(db, archive, manifest, progress)
                _ensure_same_log(db, manifest, path)
        except sa.exc.DBAPIError as error:
            raise BadFile(source=str(path), reason="not_restored") from error
    schema.migrate(store)
    with store.reading() as db:
        report = audit(db, progress=progress)
    return RestoredBackup(manifest.rows, manifest.log_size, report.findings)


def _fill(db: Db, archive: zipfile.ZipFile, manifest: BackupManifest, progress: Progress) -> None:
    for place, facts in enumerate(manifest.tables, start=1):
        table, rows = read_table(archive, facts.name)
        while some := list(islice(rows, _RESTORED_AT_ONCE)):
            db.execute(sa.insert(table), some)
        progress("restore", place, len(manifest.tables))


def _ensure_same_log(db: Db, manifest: BackupManifest, path: Path) -> None:
    tree = LogMerkleTree(db)
    if (tree.size, tree.root().hex()) != (manifest.log_size, manifest.log_root):
        raise BadFile(source=str(path), reason="damaged", table="log_entry")


def _ensure_empty(store: Store) -> None:
    with store.engine.connect() as connection:
        for name in sa.inspect(connection).get_table_names():
            if (
                name != schema.VERSION_TABLE
                and not name.startswith("search_")
                and connection.scalar(sa.select(sa.literal(1)).select_from(sa.table(name)).limit(1))
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


_COPIED_AT_ONCE = 1_000
_FOR_ME = 0o600


class WrittenBackup(Struct, frozen=True):
    """A backup that was tried out. `findings` are of its audit: they tell of the database, not of the copy."""

    rows: int
    log_size: int
    findings: Sequence[AuditFinding]


def write_backup(store: Store, path: Path, *, progress: Progress = lambda *_: None) -> WrittenBackup:
    """Write everything to `path`, read it back, restore it into an empty database and audit that.

    Raises `BadFile` where there is a file already, or it cannot be written; no half file is left then.
    """
    if path.exists():
        raise BadFile(source=str(path), reason="there_already")
    partial = path.with_name(f".{path.name}.partial")
    try:
        write_unchecked_backup(store, partial, progress=progress)
        written = _tried_out(partial, progress)
        partial.rename(path)
    except OSError as error:
        raise BadFile(source=str(path), reason="not_written") from error
    finally:
        partial.unlink(missing_ok=True)
    return written


def all_tables() -> list[sa.Table]:
    """The tables of every slice, each after those that it points at."""
    return list(METADATA.get().sorted_tables)


def write_unchecked_backup(store: Store, path: Path, *, progress: Progress = lambda *_: None) -> None:
    """Write everything to `path`, which nobody but its owner may read; what was written is not tried out."""
    descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, _FOR_ME)
    with os.fdopen(descriptor, "wb") as file:
        with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED, compresslevel=3) as archive, store.reading() as db:
            archive.writestr(MANIFEST, msgspec.json.encode(_filled(db, archive, progress)))
        file.flush()
        os.fsync(file.fileno())


def _filled(db: Db, archive: zipfile.ZipFile, progress: Progress) -> BackupManifest:
    tables = all_tables()
    tree = LogMerkleTree(db)
    facts = []
    for place, table in enumerate(tables, start=1):
        statement = sa.select(table).order_by(*_key(table, db))
        facts.append(
            write_table(archive, table, db.execute(statement, execution_options={"yield_per": _COPIED_AT_ONCE}))
        )
        progress("backup", place, len(tables))
    return BackupManifest(
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


def _tried_out(path: Path, progress: Progress) -> WrittenBackup:
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
    return WrittenBackup(restored.rows, restored.log_size, restored.findings)


class MovedDatabase(Struct, frozen=True):
    """What is in the new database. `root` is of its log, in hexadecimal, as it was in the old one."""

    rows: int
    tables: int
    root: str


def move_database(
    source: Store, target: Store, *, folder: Path | None = None, progress: Progress = lambda *_: None
) -> MovedDatabase:
    """Copy everything from `source` into `target`, which has to be empty. `folder` needs room for the whole, twice.

    The source can only be read from the beginning on, and stays so: two databases in which people go on
    writing could not be made one again. When it fails the source is opened again. Raises as `restore_backup` does.
    """
    maintenance.begin(source)
    try:
        with TemporaryDirectory(dir=folder, prefix="move-") as place:
            before, after = Path(place) / "before.zip", Path(place) / "after.zip"
            write_backup(source, before, progress=progress)
            restore_backup(target, before, progress=progress)
            write_unchecked_backup(target, after, progress=progress)
            moved = _compared(before, after)
    except BaseException:
        maintenance.end(source)
        raise
    maintenance.retire(source)
    maintenance.end(target)
    return moved


def _compared(before: Path, after: Path) -> MovedDatabase:
    old, new = _manifest(before), _manifest(after)
    came = {table.name: table for table in new.tables}
    for table in old.tables:
        if came.get(table.name) != table:
            raise BadFile(source=str(after), reason="damaged", table=table.name)
    if (old.log_size, old.log_root) != (new.log_size, new.log_root):
        raise BadFile(source=str(after), reason="damaged", table="log_entry")
    return MovedDatabase(new.rows, len(new.tables), new.log_root)


def _manifest(path: Path) -> BackupManifest:
    with open_archive(path) as archive:
        return read_manifest(archive, str(path))


NAME = "workspace-{:%Y%m%dT%H%M%SZ}.zip"
PATTERN = "workspace-????????T??????Z.zip"
LOOKS_EVERY = timedelta(minutes=5)


def write_scheduled_backup(shift: JobContext) -> None:
    """Write a backup when the last one is old enough, then take away the oldest. Nothing without a folder for them.

    A backup that was not whole takes nothing away: the ones before it stay.
    """
    if not shift.settings.backups:
        return
    folder = Path(shift.settings.backups)
    now = clock.now()
    if (last := newest_backup(folder)) and last > NAME.format(now - timedelta(hours=shift.settings.backup_hours)):
        return
    try:
        folder.mkdir(parents=True, exist_ok=True)
        written = write_backup(shift.store, folder / NAME.format(now))
    except (BadFile, OSError):
        logger.exception("No backup could be written to %s; the earlier ones are kept.", folder)
        return
    if written.findings:
        logger.error("The backup of today is whole, but what it holds was altered (workspace audit verify).")
        return
    for old in sorted(folder.glob(PATTERN))[: -shift.settings.backups_kept]:
        old.unlink(missing_ok=True)


def newest_backup(folder: Path) -> str:
    """The name of the last backup that made itself; "" where there is none. Names sort by their time."""
    return max((path.name for path in folder.glob(PATTERN)), default="")


def backup_time(name: str) -> datetime:
    """When the backup of this name was begun."""
    return datetime.strptime(name.removeprefix("workspace-").removesuffix("Z.zip"), "%Y%m%dT%H%M%S").replace(tzinfo=UTC)


KEEP_BACKUPS = Job("keep_backups", every=LOOKS_EVERY, run=write_scheduled_backup, is_alone=True)
