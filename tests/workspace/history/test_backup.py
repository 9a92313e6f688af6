"""Backups: whole, tried out, restored on either database, safe while people write and when the disk is full."""

import json
import os
import resource
import shutil
import subprocess
import sys
import threading
import time
import zipfile
from pathlib import Path

import pytest
import sqlalchemy as sa

from tests.support import factories
from tests.support.prepared import everything
from tests.workspace.history import rooms
from workspace.core import clock
from workspace.core.actor import Role
from workspace.core.errors import BadFile, Invalid
from workspace.core.settings import Settings
from workspace.core.storage import append_only
from workspace.core.storage.db import Model, Store
from workspace.core.storage.schema import is_current
from workspace.history.backups import restore_backup, write_backup
from workspace.people.models import Person
from workspace.sessions.models import SourceDocument


def everything_in(store: Store) -> dict[str, list[dict]]:
    with store.reading() as db:
        return {
            table.name: [dict(row) for row in db.execute(sa.select(table).order_by(*table.primary_key)).mappings()]
            for table in Model.metadata.sorted_tables
        }


@pytest.mark.usefixtures("empty_database")  # that it needs databases is known to the sample
@pytest.mark.parametrize(
    ("here", "there"), [("sqlite",) * 2, ("sqlite", "postgresql"), ("postgresql", "sqlite"), ("postgresql",) * 2]
)
def test_everything_comes_back_on_either_database(request, tmp_path: Path, here: str, there: str):
    source = request.getfixturevalue("store" if here == "sqlite" else "postgresql_store")
    note = rooms.filled(source, tmp_path / "keys")
    written = write_backup(source, tmp_path / "all.zip")
    before = everything_in(source)
    if (here, there) == ("postgresql", "postgresql"):  # there is one such database in a test: empty it
        with source.engine.begin() as connection:
            connection.exec_driver_sql("DROP SCHEMA public CASCADE")
            connection.exec_driver_sql("CREATE SCHEMA public")
        target = source
    else:
        target = (
            Store(Settings.for_file(tmp_path / "new.sqlite3"))
            if there == "sqlite"
            else request.getfixturevalue("postgresql_store")
        )

    restored = restore_backup(target, tmp_path / "all.zip")

    assert everything_in(target) == before
    assert restored.findings == written.findings == ()
    assert is_current(target)
    assert rooms.audited(target, note).exit_code == 0
    with target.engine.connect() as connection:
        assert append_only.missing(connection) == frozenset()
    with target.writing() as db:
        factories.person(db, Role.MEMBER)
    target.close()


def test_the_file_says_what_is_in_it_and_holds_no_key(store: Store, tmp_path: Path):
    note = rooms.filled(store, tmp_path / "keys")
    write_backup(store, tmp_path / "all.zip")

    with zipfile.ZipFile(tmp_path / "all.zip") as archive:
        manifest = json.loads(archive.read("manifest.json"))
        content = b"".join(archive.read(name) for name in archive.namelist())
    assert manifest["log_root"] == note.checkpoint.root.hex()
    assert manifest["log_size"] == note.checkpoint.size
    assert {table["name"] for table in manifest["tables"]} == set(Model.metadata.tables)
    assert b"PRIVATE" not in content
    assert (tmp_path / "all.zip").stat().st_mode & 0o777 == 0o600
    assert [path.name for path in tmp_path.iterdir() if path.name.startswith(".")] == []


def test_the_tables_of_a_backup_are_those_of_the_database(any_store: Store):
    with any_store.engine.connect() as connection:
        there = {name for name in sa.inspect(connection).get_table_names() if not name.startswith("search_")}
    assert there - {"alembic_version"} == set(Model.metadata.tables)


def test_nothing_that_was_acknowledged_before_it_began_is_missing(any_store: Store, tmp_path: Path):
    with any_store.writing() as db:
        factories.forum(db)
    acknowledged: list[str] = []
    stop = threading.Event()

    def write(worker: int) -> None:
        number = 0
        while not stop.is_set():
            name = f"P {worker} {number}"
            with any_store.writing() as db:
                factories.person(db, Role.OBSERVER, name)
            acknowledged.append(name)
            number += 1

    threads = [threading.Thread(target=write, args=(worker,)) for worker in range(3)]
    for thread in threads:
        thread.start()
    while len(acknowledged) < 20:
        time.sleep(0.01)
    before = list(acknowledged)
    written = write_backup(any_store, tmp_path / "all.zip")
    stop.set()
    for thread in threads:
        thread.join()

    target = Store(Settings.for_file(tmp_path / "new.sqlite3"))
    restored = restore_backup(target, tmp_path / "all.zip")
    with target.reading() as db:
        names = set(db.scalars(sa.select(Person.name)))
    target.close()
    assert set(before) <= names
    assert written.findings == restored.findings == ()
    assert len(acknowledged) > len(before)  # they went on meanwhile


def test_a_database_that_is_not_empty_is_left_alone(store: Store, any_store_elsewhere: Store, tmp_path: Path):
    with store.writing() as db:
        factories.forum(db)
    write_backup(store, tmp_path / "all.zip")
    everything(any_store_elsewhere)
    before = everything_in(any_store_elsewhere)

    with pytest.raises(Invalid) as refused:
        restore_backup(any_store_elsewhere, tmp_path / "all.zip")

    assert refused.value.facts["reason"] == "not_empty"
    assert everything_in(any_store_elsewhere) == before


def test_a_file_that_is_there_is_not_written_over(store: Store, tmp_path: Path):
    (tmp_path / "all.zip").write_text("mine")

    with pytest.raises(BadFile) as refused:
        write_backup(store, tmp_path / "all.zip")

    assert refused.value.facts["reason"] == "there_already"
    assert (tmp_path / "all.zip").read_text() == "mine"


@pytest.fixture(scope="module")
def whole(empty_database: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A backup with something of everything, to spoil copies of."""
    folder = tmp_path_factory.mktemp("whole")
    shutil.copyfile(empty_database, folder / "one.sqlite3")
    store = Store(Settings.for_file(folder / "one.sqlite3"))
    everything(store)
    write_backup(store, folder / "all.zip")
    store.close()
    return folder / "all.zip"


@pytest.mark.parametrize(
    ("spoil", "reason"),
    [
        (lambda path: path.write_bytes(b"PK"), "not_a_backup"),
        (lambda path: path.write_bytes(path.read_bytes()[:-40]), "not_a_backup"),
        (lambda path: path.unlink(), "not_there"),
        (
            lambda path: _replace(path, "tables/text_version.jsonl", lambda data: data.replace(b"Towns", b"Kings")),
            "damaged",
        ),
        (lambda path: _replace(path, "tables/edge.jsonl", lambda data: data.splitlines(keepends=True)[0]), "damaged"),
        (lambda path: _replace(path, "tables/edge.jsonl", None), "damaged"),
        (
            lambda path: _replace(path, "manifest.json", lambda data: data.replace(b'"schema":"', b'"schema":"9')),
            "newer_program",
        ),
        (
            lambda path: _replace(path, "manifest.json", lambda data: data.replace(b'"log_size":', b'"log_size":9')),
            "damaged",
        ),
    ],
    ids=["no archive", "cut off", "not there", "other words", "rows gone", "table gone", "newer", "other log"],
)
def test_a_file_that_is_not_whole_leaves_the_database_empty(whole: Path, tmp_path: Path, spoil, reason: str):
    shutil.copyfile(whole, tmp_path / "all.zip")
    spoil(tmp_path / "all.zip")
    target = Store(Settings.for_file(tmp_path / "new.sqlite3"))

    with pytest.raises(BadFile) as refused:
        restore_backup(target, tmp_path / "all.zip")

    assert refused.value.facts["reason"] == reason
    with target.engine.connect() as connection:
        for name in sa.inspect(connection).get_table_names():
            if name.startswith("search_words"):
                continue  # of the index itself, which holds something of its own when it is empty
            count = connection.scalar(sa.select(sa.func.count()).select_from(sa.table(name)))
            assert name == "alembic_version" or count == 0
    target.close()


def _replace(path: Path, name: str, change) -> None:
    with zipfile.ZipFile(path) as archive:
        members = {one: archive.read(one) for one in archive.namelist()}
    if change is None:
        del members[name]
    else:
        members[name] = change(members[name])
    with zipfile.ZipFile(path, "w") as archive:
        for one, data in members.items():
            archive.writestr(one, data)


def test_a_full_disk_leaves_no_half_file_and_says_so(store: Store, tmp_path: Path):
    with store.writing() as db:
        forum = factories.forum(db)
        text = os.urandom(500_000).hex()  # nothing makes that small
        document = {"forum_id": forum.id, "name": "n", "language": "en", "sha256": "0", "imported_at": clock.now()}
        db.add(SourceDocument(**document, text=text))
    room = 400_000  # bytes in any one file: enough for the database's own small ones
    (tmp_path / "out").mkdir()

    ended = subprocess.run(
        [sys.executable, "-m", "workspace", "backup", str(tmp_path / "out" / "all.zip")],
        check=False,
        env={**os.environ, "WORKSPACE_DATABASE_URL": str(store.engine.url)},
        capture_output=True,
        text=True,
        preexec_fn=lambda: resource.setrlimit(resource.RLIMIT_FSIZE, (room, room)),
    )

    assert ended.returncode == 2
    assert ended.stderr.strip()
    assert "Traceback" not in ended.stderr
    assert list((tmp_path / "out").iterdir()) == []
