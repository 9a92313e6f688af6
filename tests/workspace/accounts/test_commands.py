"""The operator's commands for accounts: what they do, and how they end."""

import re
from pathlib import Path

import pytest

from tests.workspace.accounts.conftest import DEVICE, PASSWORD
from workspace.accounts.domain import authentication
from workspace.accounts.domain.models import IssuedSignIn
from workspace.cli import run
from workspace.core.errors import SignInRefused
from workspace.core.settings import DEFAULT_PORT, Settings
from workspace.core.storage.db import Store

INIT = ["init", "forum", "--network", "Towns", "--name", "First Forum", "--timezone", "UTC"]
ANA = ["--admin", "Ana Ruiz", "--email", "ana@example.org", "--language", "es"]


@pytest.fixture(autouse=True)
def database(tmp_path: Path, empty_database: Path, monkeypatch: pytest.MonkeyPatch) -> Store:
    """The database that the commands work on; the folder they are called in is an empty one."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("WORKSPACE_DATABASE_URL", f"sqlite:///{tmp_path / 'db.sqlite3'}")
    monkeypatch.setenv("WORKSPACE_URL", "https://drafts.example.org")
    (tmp_path / "db.sqlite3").write_bytes(empty_database.read_bytes())
    return Store(Settings.read())


@pytest.fixture
def said(capsys: pytest.CaptureFixture[str]):
    """What the command before has said."""
    return lambda: capsys.readouterr().out


def set_password(store: Store, said: str) -> IssuedSignIn:
    """Follow the link that a command printed."""
    link = next(word for word in said.split() if word.startswith("https://drafts.example.org/"))
    return authentication.reset_password(store, token=link.rpartition("/")[2], password=PASSWORD, device=DEVICE)


def sign_in(store: Store) -> IssuedSignIn:
    return authentication.sign_in(store, email="ana@example.org", password=PASSWORD, device=DEVICE)


def test_init_founds_a_forum_with_an_administrator_who_gets_a_link(database: Store, said):
    assert run([*INIT, *ANA]) == 0

    issued = set_password(database, said())

    assert issued.must_enrol
    assert run(["user", "list", "--forum", "forum"]) == 0
    lines = said().splitlines()
    assert [line.split()[0] for line in lines] == ["chair", "admin"]
    assert all(line.endswith("Ana Ruiz <ana@example.org>") for line in lines)


@pytest.mark.parametrize("given", ["https://drafts.example.org/", ""])
def test_the_link_that_init_prints_leads_where_the_workspace_answers(said, monkeypatch, given):
    monkeypatch.setenv("WORKSPACE_URL", given)
    assert run([*INIT, *ANA]) == 0
    assert f"  {given or f'http://127.0.0.1:{DEFAULT_PORT}/'}es/" in said()


def test_init_without_an_administrator_says_what_comes_next(said):
    assert run(INIT) == 0

    assert re.search(r"\buser add\b", said())


@pytest.mark.parametrize("missing", [["init"], ["init", "forum"], INIT[:-4], INIT[:-2], [*INIT, "--admin", "Ana"]])
def test_init_outside_a_terminal_names_what_is_missing(capsys, missing: list[str]):
    assert run(missing) == 2
    assert capsys.readouterr().err.strip()


def test_init_of_a_second_forum_makes_the_same_person_its_administrator(said):
    assert run([*INIT, *ANA]) == 0
    assert run(["init", "second", "--network", "Towns", "--name", "Second Forum", "--timezone", "UTC", *ANA]) == 0
    said()

    assert run(["user", "list", "--forum", "second"]) == 0
    assert said().count("<ana@example.org>") == 2


def test_a_user_is_added_with_an_account(database: Store, said):
    run(INIT)
    assert run(["user", "add", "Ana", "--forum", "forum", "--role", "member", "--email", "ana@example.org"]) == 0

    assert set_password(database, said()).is_full


def test_a_user_is_invited_by_letter(said):
    run(INIT)

    assert run(["user", "invite", "luc@example.org", "--forum", "forum", "--role", "member"]) == 0
    assert "luc@example.org" in said()
    assert run(["user", "invite", "luc", "--forum", "forum", "--role", "member"]) == 2


def test_a_link_printed_by_reset_sets_a_new_password(database: Store, said):
    run([*INIT, *ANA])
    before = set_password(database, said())

    assert run(["user", "reset", "ANA@example.org"]) == 0
    after = set_password(database, said())

    assert authentication.authenticate(database, before.token) is None
    assert authentication.authenticate(database, after.token) is not None


def test_sessions_are_ended_and_accounts_closed_and_opened_again(database: Store, said):
    run([*INIT, *ANA])
    issued = set_password(database, said())

    assert run(["user", "end-sessions", "ana@example.org"]) == 0
    assert authentication.authenticate(database, issued.token) is None
    assert sign_in(database).must_enrol
    assert run(["user", "close", "ana@example.org"]) == 0
    with pytest.raises(SignInRefused):
        sign_in(database)
    assert run(["user", "reset", "ana@example.org"]) == 2
    assert run(["user", "reopen", "ana@example.org"]) == 0
    assert sign_in(database).must_enrol


@pytest.mark.parametrize("command", ["reset", "end-sessions", "close", "reopen"])
def test_an_unknown_address_is_a_sentence_and_2(capsys, command: str):
    run(INIT)

    assert run(["user", command, "nobody@example.org"]) == 2
    assert "Traceback" not in capsys.readouterr().err
