"""The operator's commands: keys, checkpoints, audits, backups, and how they end."""

import json
import re
from pathlib import Path

import pytest
import sqlalchemy as sa

from tests.support import factories
from tests.workspace.history import rooms
from workspace.approvals.models import ApprovalRequest
from workspace.cli import run
from workspace.core.actor import Role
from workspace.core.settings import Settings
from workspace.core.storage.db import Model, Store
from workspace.core.storage.log import LogEntry


@pytest.fixture(autouse=True)
def here(tmp_path: Path, empty_database: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A folder to work in, with a forum."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("WORKSPACE_DATABASE_URL", f"sqlite:///{tmp_path / 'db.sqlite3'}")
    (tmp_path / "db.sqlite3").write_bytes(empty_database.read_bytes())
    assert run(["init", "forum", "--network", "Towns", "--name", "First Forum", "--timezone", "UTC"]) == 0
    return tmp_path


@pytest.fixture
def outside(here: Path) -> Path:
    """A checkpoint that was kept outside."""
    assert run(["keys", "create"]) == 0
    assert run(["audit", "checkpoint", "--output", "note.txt"]) == 0
    return here / "note.txt"


def tamper(here: Path, statement: sa.Executable) -> None:
    store = Store(Settings.for_file(here / "db.sqlite3"))
    rooms.tamper(store, lambda connection: connection.execute(statement))
    store.close()


def verdict(capsys: pytest.CaptureFixture[str], *options: str) -> tuple[int, str]:
    """How `audit verify` ends, and the verdict of its report."""
    capsys.readouterr()
    code = run(["audit", "verify", "--json", *options])
    return code, json.loads(capsys.readouterr().out)["verdict"]


def test_a_good_history_is_proved(outside: Path, capsys: pytest.CaptureFixture[str]):
    assert run(["audit", "verify", "--checkpoint", str(outside)]) == 0
    assert verdict(capsys, "--checkpoint", str(outside)) == (0, "good")


@pytest.mark.usefixtures("outside")
def test_without_a_checkpoint_from_outside_nothing_is_proved(capsys: pytest.CaptureFixture[str]):
    assert run(["audit", "verify"]) == 3
    assert verdict(capsys) == (3, "not_provable")


def test_what_was_altered_is_named(here: Path, outside: Path, capsys: pytest.CaptureFixture[str]):
    entries = Model.metadata.tables["log_entry"]
    tamper(here, sa.update(entries).where(entries.c.sequence == 1).values(entry="{}"))
    capsys.readouterr()

    assert run(["audit", "verify", "--checkpoint", str(outside)]) == 1
    assert re.findall(r"\b1\b", capsys.readouterr().err)

    assert run(["audit", "verify", "--json"]) == 1
    report = json.loads(capsys.readouterr().out)
    assert report["verdict"] == "altered"
    assert {"what": "entry_altered", "table": "log_entry", "row": "1", "sequence": 1} in report["findings"]


def test_it_is_said_in_the_language_of_the_command_line(
    outside: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.setenv("WORKSPACE_LANGUAGE", "fr")
    assert run(["audit", "verify", "--checkpoint", str(outside)]) == 0
    assert capsys.readouterr().out


def test_a_key_from_outside_decides_who_is_believed(here: Path, outside: Path, capsys: pytest.CaptureFixture[str]):
    assert run(["keys", "list"]) == 0
    listed = capsys.readouterr().out
    line = next(one for one in listed.splitlines() if "+" in one)
    (here / "good.txt").write_text(f"{line}\n")
    (here / "listed.txt").write_text(listed)  # as the command lists them
    (here / "revoked.txt").write_text(f"revoked {line}\n")
    (here / "none.txt").write_text("")

    for name, code in (("good.txt", 0), ("listed.txt", 0), ("revoked.txt", 2), ("none.txt", 2)):
        assert run(["audit", "verify", "--checkpoint", str(outside), "--keys", name]) == code, name


@pytest.mark.parametrize(
    "arguments",
    [
        ["--checkpoint", "nowhere.txt"],
        ["--checkpoint", "db.sqlite3"],
        ["--keys", "text.txt"],
        ["--checkpoint", "text.txt"],
        ["--unknown"],
    ],
)
def test_a_wrong_call_or_an_unreadable_file_ends_with_4(
    here: Path, arguments: list[str], capsys: pytest.CaptureFixture[str]
):
    (here / "text.txt").write_text("This is no checkpoint.\n")

    assert run(["audit", "verify", *arguments]) == 4
    assert "Traceback" not in capsys.readouterr().err


def test_a_database_without_a_workspace_ends_with_4_and_says_so(
    here: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
):
    monkeypatch.setenv("WORKSPACE_DATABASE_URL", f"sqlite:///{here / 'empty.sqlite3'}")

    assert run(["audit", "verify"]) == 4
    told = capsys.readouterr().err
    assert told
    assert "Traceback" not in told


def test_keys_are_made_replaced_and_revoked(capsys: pytest.CaptureFixture[str]):
    assert run(["audit", "checkpoint"]) == 4  # no key yet
    assert "create" in capsys.readouterr().err
    assert run(["keys", "create"]) == 0
    assert run(["keys", "create"]) == 2
    assert run(["keys", "rotate"]) == 0
    capsys.readouterr()
    assert run(["keys", "list"]) == 0
    listed = capsys.readouterr().out
    hints = [line.split("+")[1] for line in listed.splitlines() if "+" in line]
    assert len(hints) == 2
    capsys.readouterr()
    assert run(["keys", "revoke", hints[1], "--reason", "Stolen."]) == 0
    assert capsys.readouterr().err, "that nobody had to confirm it"
    assert run(["keys", "revoke", "00000000", "--reason", "Stolen."]) == 2
    assert run(["keys", "list"]) == 0
    told = [line for line in capsys.readouterr().out.splitlines() if not line.startswith("#")]
    assert [line.startswith("revoked declaration-workspace+") for line in told] == [False, True]
    assert run(["audit", "checkpoint"]) == 4


def test_two_administrators_answer_for_another_key(here: Path, capsys: pytest.CaptureFixture[str]):
    store = Store(Settings.for_file(here / "db.sqlite3"))
    with store.writing() as db:
        people = [factories.person(db, Role.ADMIN, name).person_id for name in ("Ana Ruiz", "Luc Petit")]
        factories.person(db, Role.SECRETARIAT, "Eve Long")
    assert run(["keys", "create"]) == 0  # the first one needs nobody
    for names in (
        [],
        ["--as", "Ana Ruiz"],
        ["--as", "Ana Ruiz", "--second", "Ana Ruiz"],
        ["--as", "Ana Ruiz", "--second", "Eve Long"],
    ):
        assert run(["keys", "rotate", *names]) == 2, names
    assert "--second" in capsys.readouterr().err
    two = ["--as", "Ana Ruiz", "--second", "Luc Petit"]
    assert run(["keys", "rotate", *two]) == 0
    assert run(["keys", "list"]) == 0
    hint = [line.split("+")[1] for line in capsys.readouterr().out.splitlines() if "+" in line][-1]
    assert run(["keys", "revoke", hint, "--reason", "Stolen."]) == 2
    assert run(["keys", "revoke", hint, "--reason", "Stolen.", *two]) == 0
    assert run(["keys", "create"]) == 2
    assert run(["keys", "create", *two]) == 0
    with store.reading() as db:
        entries = [json.loads(one.entry) for one in db.scalars(sa.select(LogEntry).order_by(LogEntry.sequence))]
        approved = db.execute(sa.select(ApprovalRequest.requested_by_id, ApprovalRequest.confirmed_by_id)).all()
    assert approved == [tuple(people)] * 3, "what was refused leaves nothing"
    changes = [one["facts"].get("by") for one in entries if one["kind"].startswith("key.")]
    assert changes == [None, *[[str(one) for one in people]] * 4]
    store.close()


def test_a_backup_is_written_and_restored(
    here: Path, outside: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
):
    assert run(["backup", "all.zip"]) == 0
    assert "all.zip" in capsys.readouterr().out
    assert run(["backup", "all.zip"]) == 2
    assert run(["restore", "all.zip"]) == 2

    monkeypatch.setenv("WORKSPACE_DATABASE_URL", f"sqlite:///{here / 'new.sqlite3'}")
    assert run(["restore", "all.zip"]) == 0
    assert run(["audit", "verify", "--checkpoint", str(outside)]) == 0


def test_a_backup_of_an_altered_history_is_kept_and_says_so(here: Path, capsys: pytest.CaptureFixture[str]):
    declarations = Model.metadata.tables["mandate"]
    assert run(["user", "add", "Ana", "--forum", "forum", "--role", "chair"]) == 0
    tamper(here, sa.update(declarations).values(role="admin"))

    assert run(["backup", "all.zip"]) == 1
    assert "mandate" in capsys.readouterr().err
    assert (here / "all.zip").is_file()
