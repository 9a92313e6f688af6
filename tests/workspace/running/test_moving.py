"""To another database and back: every table gives the hash it had, and the old one can only be read."""

from datetime import timedelta

import pytest

from tests.workspace.history import rooms
from workspace.cli import run
from workspace.core import clock
from workspace.core.environment import BadSetting
from workspace.core.errors import Invalid
from workspace.core.jobs import JobContext
from workspace.core.settings import Settings
from workspace.core.storage import maintenance
from workspace.core.storage.db import Store
from workspace.history.backup_archive import open_archive, read_manifest
from workspace.history.backups import move_database, newest_backup, write_scheduled_backup


def address(store: Store) -> str:
    return store.engine.url.render_as_string(hide_password=False)


def test_everything_moves_to_postgresql_and_the_outside_checkpoint_still_holds(
    store: Store, postgresql_store: Store, tmp_path, monkeypatch
):
    note = rooms.filled(store, tmp_path / "keys")
    monkeypatch.setenv("WORKSPACE_DATABASE_URL", address(store))

    assert run(["move", "--to", address(postgresql_store)]) == 0

    assert rooms.audited(postgresql_store, note).exit_code == 0
    with store.reading() as old, postgresql_store.reading() as new:
        assert maintenance.current(old) is not None
        assert maintenance.current(new) is None


def test_a_database_that_is_not_empty_is_left_alone_and_the_old_one_opened_again(store, any_store_elsewhere, tmp_path):
    rooms.filled(store, tmp_path / "keys")
    rooms.filled(any_store_elsewhere, tmp_path / "others")

    with pytest.raises(Invalid):
        move_database(store, any_store_elsewhere)

    with store.reading() as db:
        assert maintenance.current(db) is None


def test_backups_make_themselves_when_one_is_due_and_no_more_are_kept_than_wanted(store, tmp_path, monkeypatch):
    rooms.filled(store, tmp_path / "keys")
    folder = tmp_path / "backups"
    shift = JobContext(store, Settings(backups=str(folder), backup_hours=24, backups_kept=2))
    began, names = clock.now(), []
    for hours in (0, 1, 24, 48, 72):
        monkeypatch.setattr(clock, "now", lambda hours=hours: began + timedelta(hours=hours))
        write_scheduled_backup(shift)
        names.append(newest_backup(folder))

    assert names[0] == names[1]
    assert len(set(names)) == 4
    assert sorted(path.name for path in folder.iterdir()) == names[-2:]
    with open_archive(folder / names[-1]) as archive:
        assert read_manifest(archive, "it").log_size > 0


def test_without_a_folder_there_are_none(store, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    write_scheduled_backup(JobContext(store, Settings()))
    assert list(tmp_path.glob("**/*.zip")) == []


@pytest.mark.parametrize(
    "setting", [{"BACKUP_HOURS": "often"}, {"BACKUPS_KEPT": "0"}, {"LOG": "xml"}, {"LANGUAGE": "de"}]
)
def test_a_setting_that_makes_no_sense_is_named(setting):
    [(name, value)] = setting.items()
    with pytest.raises(BadSetting, match="WORKSPACE_"):
        Settings.read({f"WORKSPACE_{name}": value})
