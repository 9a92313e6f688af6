"""From one database to another, SQLite to PostgreSQL or back: everything, with the same hash for every table.

It goes by way of a backup, so that what is proved of backups is true of it: one consistent view, read back,
audited. Then the new database is read once more, and each of its tables has to give the hash of the old one.
"""

from pathlib import Path
from tempfile import TemporaryDirectory

from msgspec import Struct

from workspace.core import maintenance
from workspace.core.db import Store
from workspace.core.errors import BadFile
from workspace.history.archive import Manifest, open_archive, read_manifest
from workspace.history.backups import write_backup, write_copy
from workspace.history.restoring import restore_backup
from workspace.history.telling import Progress


class Moved(Struct, frozen=True):
    """What is in the new database. `root` is of its log, in hexadecimal, as it was in the old one."""

    rows: int
    tables: int
    log_size: int
    root: str


def move(source: Store, target: Store, *, folder: Path | None = None, progress: Progress = lambda *_: None) -> Moved:
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
            write_copy(target, after, progress=progress)
            moved = _compared(before, after)
    except BaseException:
        maintenance.end(source)
        raise
    maintenance.end(target)
    return moved


def _compared(before: Path, after: Path) -> Moved:
    old, new = _manifest(before), _manifest(after)
    came = {table.name: table for table in new.tables}
    for table in old.tables:
        if came.get(table.name) != table:
            raise BadFile(source=str(after), reason="damaged", table=table.name)
    if (old.log_size, old.log_root) != (new.log_size, new.log_root):
        raise BadFile(source=str(after), reason="damaged", table="log_entry")
    return Moved(new.rows, len(new.tables), new.log_size, new.log_root)


def _manifest(path: Path) -> Manifest:
    with open_archive(path) as archive:
        return read_manifest(archive, str(path))
