"""What every command needs: the store in its current shape."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from workspace.core.environment import BadSetting
from workspace.core.settings import Settings
from workspace.core.storage.db import ONLY, Store
from workspace.core.storage.schema import ensure_ours, head, is_later, migrate, revision_of, revisions


@contextmanager
def open_store(settings: Settings, *, creates: bool = False, migrates: bool = False) -> Iterator[Store]:
    """The store of these settings, brought up to date, and closed afterwards. With `creates`, a new file is made.

    Raises `BadSetting` for a file that is not there, was emptied or is another program’s, and `UnderMaintenance` or
    `DatabaseMoved` where it would have to be brought up to date meanwhile; only what `migrates` does that despite that.
    """
    store = Store(settings)
    try:
        ensure_database(store, creates=creates)
        with store.engine.connect() as connection:
            version = revision_of(connection)
        ensure_ours(is_ours=version is None or version in revisions() or is_later(version))
        if migrates or version != head():
            if version is not None:
                with store.writing(despite=(ONLY,) if migrates else ()):
                    pass
            migrate(store)
        yield store
    finally:
        store.close()


def ensure_database(store: Store, *, creates: bool = False) -> None:
    """Raise `BadSetting` where the file of the database is not there, unless it may be made now, or was emptied."""
    if not store.is_sqlite or not store.engine.url.database:
        return
    file = Path(store.engine.url.database).absolute()
    if not file.exists():
        if not creates:
            raise BadSetting("No database “%(file)s” yet: run workspace init.", file=str(file))
    elif not file.stat().st_size:
        raise BadSetting("The database “%(file)s” is empty: restore a backup, or remove the file.", file=str(file))
