"""A store with something of everything, a key and a checkpoint that somebody keeps outside."""

from collections.abc import Callable
from pathlib import Path

import sqlalchemy as sa

from drafts.base.transparency_log import SignedNote
from tests.support.prepared import everything
from workspace.core.actor import OPERATOR
from workspace.core.storage import append_only
from workspace.core.storage.db import Store
from workspace.history.audit import AuditReport, audit
from workspace.history.checkpoints import CheckpointService
from workspace.history.signing_keys import KeyFolder, KeyService


def filled(store: Store, keys: Path, *, log: str = "one") -> SignedNote:
    """Fill the store and sign it; the note is the copy that leaves the machine. Another `log` is another history."""
    everything(store, log=log)
    with store.writing() as db:
        KeyService(db, KeyFolder(keys)).create(actor=OPERATOR)
    return checkpoint(store, keys)


def checkpoint(store: Store, keys: Path) -> SignedNote:
    with store.writing() as db:
        return SignedNote.read(CheckpointService(db).make(KeyService(db, KeyFolder(keys))).note)


def audited(store: Store, *outside: SignedNote) -> AuditReport:
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
