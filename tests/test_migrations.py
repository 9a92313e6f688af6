"""The database has the shape of the models, keeps its data through migrations, and guards what is append-only."""

import pytest
import sqlalchemy as sa
from alembic.autogenerate import compare_metadata
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory

from tests.support import factories
from tests.support.prepared import everything
from workspace.accounts.domain import models as _accounts
from workspace.amendments.domain import models as _amendments
from workspace.comments import models as _comments
from workspace.consultation import models as _consultation
from workspace.core.jobs import JobRun
from workspace.core.outbox import Letter
from workspace.core.settings import Settings
from workspace.core.storage import append_only, schema
from workspace.core.storage.db import Model, Store
from workspace.core.storage.request_records import IdempotencyRecord, RateCounter
from workspace.core.storage.schema import downgrade, is_current, migrate
from workspace.editions.domain import models as _editions
from workspace.notices import models as _notices

KNOWN = (
    _accounts,
    _amendments,
    _comments,
    _consultation,
    _editions,
    _notices,
    Letter,
    JobRun,
    IdempotencyRecord,
    RateCounter,
)

_SEARCH_ON_POSTGRESQL = "SELECT indexdef FROM pg_indexes WHERE indexname = 'ix_search_document_words'"


def _differences(connection: sa.Connection) -> list[object]:
    """Between the database and the models; what the search derives from them has no model."""
    models = MigrationContext.configure(
        connection, opts={"include_name": lambda name, kind, _: kind != "table" or not name.startswith("search_")}
    )
    return compare_metadata(models, Model.metadata)


def _shape(store: Store) -> dict[str, object]:
    """Everything in a database but the order of columns, each thing by its name."""
    inspector = sa.inspect(store.engine)
    shape: dict[str, object] = {}
    for name in inspector.get_table_names():
        columns = inspector.get_columns(name)
        shape[name] = (
            {each["name"]: {**each, "type": str(each["type"]), "primary_key": None} for each in columns},
            inspector.get_pk_constraint(name),
            sorted(map(str, inspector.get_foreign_keys(name))),
            sorted(map(str, inspector.get_unique_constraints(name))),
            sorted(map(str, inspector.get_check_constraints(name))),
            sorted(str(sorted(index.items())) for index in inspector.get_indexes(name)),
        )
    with store.engine.connect() as connection:
        shape["triggers"] = append_only.triggers(connection)
        is_sqlite = connection.dialect.name == "sqlite"
        search = "SELECT sql FROM sqlite_master WHERE name = 'search_words'" if is_sqlite else _SEARCH_ON_POSTGRESQL
        shape["search"] = connection.exec_driver_sql(search).scalar_one()
    return shape


def test_a_new_database_is_current_and_has_the_shape_of_the_models(any_store: Store):
    with any_store.engine.connect() as connection:
        assert _differences(connection) == []
        assert append_only.missing(connection) == frozenset()
    assert is_current(any_store)


@pytest.mark.usefixtures("postgresql_store")
def test_one_made_after_one_on_postgresql_has_every_foreign_key(tmp_path):
    """Where tables point at each other, SQLAlchemy takes a key out of the models for good once it was made by ALTER."""
    store = Store(Settings.for_file(tmp_path / "after.sqlite3"))
    migrate(store)
    inspector = sa.inspect(store.engine)
    keys = {name: len(inspector.get_foreign_keys(name)) for name in Model.metadata.tables}
    assert keys == {name: len(table.foreign_key_constraints) for name, table in Model.metadata.tables.items()}
    store.close()


def test_a_new_database_has_the_shape_that_the_migrations_give(any_store: Store):
    new = _shape(any_store)

    downgrade(any_store, "base")
    migrate(any_store)

    migrated = _shape(any_store)
    assert migrated.keys() == new.keys()
    assert {name: table for name, table in migrated.items() if table != new[name]} == {}


def test_the_program_knows_its_migrations_as_alembic_does():
    scripts = ScriptDirectory.from_config(schema.configuration())
    assert schema.revisions() == {one.revision: one.down_revision for one in scripts.walk_revisions()}
    assert schema.head() == scripts.get_current_head()


def test_down_to_nothing_and_up_again_the_database_has_the_shape_of_the_models(any_store: Store):
    everything(any_store)

    downgrade(any_store, "base")
    assert sa.inspect(any_store.engine).get_table_names() == [schema.VERSION_TABLE]
    assert not is_current(any_store)

    migrate(any_store)
    with any_store.engine.connect() as connection:
        assert _differences(connection) == []
        assert append_only.missing(connection) == frozenset()
    assert is_current(any_store)


def test_migrating_a_current_database_keeps_its_rows_and_triggers(any_store: Store):
    with any_store.writing() as db:
        factories.declaration(db)
    before = _counts(any_store)

    migrate(any_store)

    assert _counts(any_store) == before
    with any_store.engine.connect() as connection:
        assert append_only.missing(connection) == frozenset()


def test_append_only_tables_refuse_to_be_changed(any_store: Store):
    everything(any_store)
    statements = ["UPDATE {0} SET {1} = {1}", "DELETE FROM {0}"]
    if any_store.engine.dialect.name == "postgresql":
        statements.append("TRUNCATE {0} CASCADE")
    for table in append_only.TABLES:
        column = next(iter(Model.metadata.tables[table].columns)).name
        for statement in statements:
            with (
                pytest.raises(sa.exc.DBAPIError, match=r"\w+ is append-only") as refusal,
                any_store.engine.begin() as connection,
            ):
                connection.exec_driver_sql(statement.format(table, column))
            assert "CASCADE" in statement or f"{table} is append-only" in str(refusal.value)


def _counts(store: Store) -> dict[str, int]:
    with store.engine.connect() as connection:
        return {
            name: connection.scalar(sa.select(sa.func.count()).select_from(table)) or 0
            for name, table in Model.metadata.tables.items()
        }
