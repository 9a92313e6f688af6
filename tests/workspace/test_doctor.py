"""The operator's look at everything a workspace needs."""

import json
import shutil
import socket
from pathlib import Path

import pytest
from aiosmtpd.controller import Controller
from aiosmtpd.handlers import Sink

from tests.workspace.history.rooms import tamper
from tests.workspace.letters.post_office import PostOffice, opened
from workspace.accounts.domain.service import AccountService
from workspace.accounts.domain.sign_ins import secret_context
from workspace.cli import run
from workspace.core.actor import OPERATOR
from workspace.core.security.encryption import FILE
from workspace.core.settings import Settings
from workspace.core.storage import append_only
from workspace.core.storage.db import Store, sealer
from workspace.people.models import Person


@pytest.fixture(autouse=True)
def here(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("WORKSPACE_DATABASE_URL", f"sqlite:///{tmp_path / 'db.sqlite3'}")
    monkeypatch.setenv("WORKSPACE_URL", "https://declaration.example.org")
    return tmp_path


def told(capsys: pytest.CaptureFixture[str]) -> tuple[int, dict[str, list[tuple[str, str]]]]:
    capsys.readouterr()
    code = run(["doctor", "--json"])
    found: dict[str, list[tuple[str, str]]] = {}
    for one in json.loads(capsys.readouterr().out):
        found.setdefault(one["part"], []).append((one["health"], one["said"]))
    return code, found


@pytest.fixture
def founded(here: Path, empty_database: Path) -> Path:
    shutil.copy(empty_database, here / "db.sqlite3")
    assert run(["init", "forum", "--network", "Towns", "--name", "First Forum", "--timezone", "UTC"]) == 0
    assert run(["keys", "create"]) == 0
    return here


@pytest.fixture
def server(monkeypatch: pytest.MonkeyPatch):
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    controller = Controller(Sink(), hostname="127.0.0.1", port=port)
    controller.start()
    monkeypatch.setenv("WORKSPACE_SMTP", f"smtp://127.0.0.1:{port}")
    yield controller
    controller.stop()


@pytest.mark.usefixtures("founded", "server")
def test_a_workspace_that_runs_has_nothing_bad(here: Path, monkeypatch: pytest.MonkeyPatch, capsys):
    monkeypatch.setenv("WORKSPACE_BACKUPS", str(here / "backups"))
    assert run(["worker", "--once"]) == 0
    code, found = told(capsys)
    assert {part: [health for health, _ in said] for part, said in found.items() if part != "disk"} == {
        part: ["good"] for part in ("database", "address", "mail", "clock", "keys", "jobs", "backups")
    }
    assert code == int(any(health != "good" for health, _ in found["disk"]))


@pytest.mark.usefixtures("founded")
def test_a_server_that_would_take_no_letter_is_named(monkeypatch: pytest.MonkeyPatch, capsys):
    monkeypatch.setenv("WORKSPACE_MAIL_FROM", "declaration@town.example")
    with opened(PostOffice(refused={"declaration@town.example": "554 5.7.1 Relay access denied"})) as office:
        monkeypatch.setenv("WORKSPACE_SMTP", office.url())
        _, found = told(capsys)
        assert [health for health, _ in found["mail"]] == ["bad"]
        assert "WORKSPACE_SMTP" in found["mail"][0][1]
        office.refused["declaration@town.example"] = "550 5.1.1 this mailbox only sends"
        _, found = told(capsys)
    assert [health for health, _ in found["mail"]] == ["good"]
    assert office.letters == []


def test_a_database_that_is_not_there_is_not_made(here: Path, capsys):
    code, found = told(capsys)
    assert code == 1
    assert found["database"][0][0] == "bad"
    assert not (here / "db.sqlite3").exists()


def test_each_trouble_is_named(founded: Path, monkeypatch: pytest.MonkeyPatch, capsys):
    monkeypatch.setenv("WORKSPACE_URL", "http://declaration.example.org")
    monkeypatch.setenv("WORKSPACE_SMTP", "smtp://127.0.0.1:1")
    (founded / "keys").chmod(0o755)
    for key in (founded / "keys").glob("*.pem"):
        key.unlink()
    store = Store(Settings.for_file(founded / "db.sqlite3"))
    tamper(store, lambda _: None, puts_back=False)
    store.close()
    code, found = told(capsys)
    assert code == 1
    bad = {part for part, said in found.items() if any(health == "bad" for health, _ in said)}
    assert bad >= {"address", "mail", "keys", "database"}
    assert f"({len(append_only.TABLES) * 2})" in found["database"][0][1]


@pytest.mark.usefixtures("founded")
def test_it_answers_in_the_language_of_the_operator(monkeypatch: pytest.MonkeyPatch, capsys):
    monkeypatch.setenv("WORKSPACE_LANGUAGE", "fr")
    _, found = told(capsys)
    assert found["clock"] == [("good", "L’horloge concorde avec le journal.")]


def test_a_lost_key_of_second_steps_is_named(founded: Path, capsys):
    store = Store(Settings.for_file(founded / "db.sqlite3"))
    with store.writing() as db:
        person = Person(name="Ana", mandates=[])
        db.add(person)
        db.flush()
        account = AccountService(db).make(person, email="ana@town.example", password_hash=None, actor=OPERATOR)
        account.totp_secret = sealer(db).seal("A" * 32, about=secret_context(account))
    store.close()
    assert {health for health, _ in told(capsys)[1]["keys"]} == {"good"}

    (founded / "keys" / FILE).unlink()
    code, found = told(capsys)
    assert code == 1
    assert [health for health, _ in found["keys"]].count("bad") == 1


def test_backups_are_looked_at(founded: Path, monkeypatch: pytest.MonkeyPatch, capsys):
    assert told(capsys)[1]["backups"][0][0] == "weak"
    monkeypatch.setenv("WORKSPACE_BACKUPS", str(founded / "backups"))
    assert told(capsys)[1]["backups"][0][0] == "weak"

    (founded / "backups").mkdir()
    assert run(["backup", str(founded / "backups" / "workspace-20260102T030405Z.zip")]) == 0
    [(health, said)] = told(capsys)[1]["backups"]
    assert (health, "20260102T030405Z" in said) == ("weak", True), said

    with (founded / "backups" / "workspace-20260102T030405Z.zip").open("r+b") as file:
        file.truncate(2_000)
    assert told(capsys)[1]["backups"][0][0] == "bad"


@pytest.mark.parametrize(
    ("given", "health"), [("127.0.0.1:9100", "good"), ("0.0.0.0:9100", "weak"), ("here", "bad"), ("127.0.0.1:0", "bad")]
)
@pytest.mark.usefixtures("founded")
def test_the_address_of_the_figures_is_looked_at(monkeypatch: pytest.MonkeyPatch, capsys, given: str, health: str):
    monkeypatch.setenv("WORKSPACE_METRICS", given)
    assert told(capsys)[1]["metrics"][0][0] == health


@pytest.mark.usefixtures("founded")
def test_a_switch_that_was_left_on_is_named(capsys):
    assert run(["maintenance", "on"]) == 0
    assert [health for health, _ in told(capsys)[1]["maintenance"]] == ["weak"]
    assert run(["maintenance", "off"]) == 0
    assert "maintenance" not in told(capsys)[1]
