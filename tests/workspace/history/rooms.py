"""A store with something of everything, a key and a checkpoint that somebody keeps outside."""

from collections.abc import Callable
from pathlib import Path

import sqlalchemy as sa

from drafts.proofs import Note
from tests.support.prepared import everything
from workspace.core import append_only
from workspace.core.actor import OPERATOR
from workspace.core.db import Store
from workspace.history.auditing import audit
from workspace.history.checkpoints import CheckpointService
from workspace.history.findings import Report
from workspace.history.keys import KeyFolder
from workspace.history.signing import KeyService


def filled(store: Store, keys: Path, *, log: str = "one") -> Note:
    """Fill the store and sign it; the note is the copy that leaves the machine. Another `log` is another history."""
    everything(store, log=log)
    with store.writing() as db:
        KeyService(db, KeyFolder(keys)).create(actor=OPERATOR)
    return checkpoint(store, keys)


def checkpoint(store: Store, keys: Path) -> Note:
    with store.writing() as db:
        return Note.read(CheckpointService(db).make(KeyService(db, KeyFolder(keys))).note)


def audited(store: Store, *outside: Note) -> Report:
    with store.reading() as db:
        return audit(db, outside=outside)


def tamper(store: Store, act: Callable[[sa.Connection], object], *, puts_back: bool = True) -> None:
    """Do what somebody with the database's password can do: drop the guards, change, and put them back."""
    engine = store.engine.execution_options(writes=True)
    with engine.begin() as connection:
        is_sqlite = connection.dialect.name == "sqlite"
        if is_sqlite:
            connection.exec_driver_sql("PRAGMA defer_foreign_keys=ON")
        for name in append_only.triggers(connection):
            on = "" if is_sqlite else f" ON {name.split('_of_', 1)[1]}"
            connection.exec_driver_sql(f"DROP TRIGGER {name}{on}")
        act(connection)
        if puts_back:
            append_only.create_triggers(connection)
