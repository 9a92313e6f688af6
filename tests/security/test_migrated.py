"""A database with everything in it goes down and up again, with a stop after every step: no word is another."""

import hashlib

import sqlalchemy as sa
from alembic.script import ScriptDirectory

from tests.support.prepared import everything
from workspace.core import append_only
from workspace.core.db import Model, Store
from workspace.core.schema import configuration, downgrade, is_current, migrate

BEFORE = "20261121_0940"
KEPT = {  # what is never changed, and the columns that it has had from the beginning
    "text_version": ("id", "block_id", "language", "content", "sequence"),
    "edge": (),
    "revision_block": (),
    "revision": ("id", "number", "parent_id", "declaration_id"),
    "amendment_version": ("id", "amendment_id"),
    "edition_file": ("edition_id", "name", "sha256", "content"),
}


def digests(store: Store) -> dict[str, str]:
    """Of every row that is kept, table by table."""
    found = {}
    with store.engine.connect() as connection:
        for name, columns in KEPT.items():
            table = Model.metadata.tables[name]
            rows = sorted(
                repr(tuple(row))
                for row in connection.execute(sa.select(*(table.c[one] for one in columns or table.c.keys())))
            )
            assert rows, name
            found[name] = hashlib.sha256("\n".join(rows).encode()).hexdigest()
    return found


def lines(store: Store) -> list[tuple[object, ...]]:
    """The log, which a migration may lengthen, and never change."""
    table = Model.metadata.tables["log_entry"]
    with store.engine.connect() as connection:
        read = sa.select(table.c.sequence, table.c.entry, table.c.leaf_hash).order_by(table.c.sequence)
        return [tuple(row) for row in connection.execute(read)]


def test_down_and_up_again_step_by_step_every_word_is_the_same(any_store: Store):
    everything(any_store)
    before, log = digests(any_store), lines(any_store)

    downgrade(any_store, BEFORE)
    assert digests(any_store) == before
    script = ScriptDirectory.from_config(configuration())
    for one in reversed(list(script.walk_revisions(BEFORE, "head"))):
        migrate(any_store, one.revision)
        any_store.close()  # whatever ran it has stopped here
        assert digests(any_store) == before, one.revision
        assert lines(any_store)[: len(log)] == log, one.revision

    assert is_current(any_store)
    with any_store.engine.connect() as connection:
        assert append_only.missing(connection) == frozenset()
