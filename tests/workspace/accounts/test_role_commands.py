"""What the operator does about people from the command line: roles, sessions, invitations, and erasing somebody."""

from datetime import timedelta
from pathlib import Path

import pytest

from tests.workspace.accounts.conftest import DEVICE, PASSWORD
from workspace.accounts import entrance
from workspace.cli import run
from workspace.core import clock
from workspace.core.db import Store
from workspace.core.errors import SignInRefused
from workspace.core.settings import Settings
from workspace.history.auditing import audit

FORUM = ["--forum", "forum"]
LUC = ["luc@example.org", *FORUM]


@pytest.fixture(autouse=True)
def database(tmp_path: Path, empty_database: Path, monkeypatch: pytest.MonkeyPatch) -> Store:
    """A forum with two administrators and a member, whom a link has let set a password."""
    monkeypatch.chdir(tmp_path)
    (tmp_path / "db.sqlite3").write_bytes(empty_database.read_bytes())
    monkeypatch.setenv("WORKSPACE_DATABASE_URL", f"sqlite:///{tmp_path / 'db.sqlite3'}")
    run(
        ["init", "forum", "--network", "Towns", "--name", "First Forum", "--admin", "Ana", "--email", "ana@example.org"]
    )
    run(["user", "add", "Eva", *FORUM, "--role", "admin"])
    run(["user", "add", "Luc", *FORUM, "--role", "member", "--organisation", "Port", "--email", "luc@example.org"])
    return Store(Settings.read())


@pytest.fixture
def said(capsys: pytest.CaptureFixture[str]):
    capsys.readouterr()
    return lambda: capsys.readouterr().out


@pytest.fixture
def refused(capsys: pytest.CaptureFixture[str]):
    return lambda: capsys.readouterr().err


def sign_in(database: Store, said) -> entrance.Issued:
    """Luc, after the operator has handed over a link."""
    run(["user", "reset", "luc@example.org"])
    link = next(word for word in said().split() if word.startswith("http"))
    return entrance.reset_password(database, token=link.rpartition("/")[2], password=PASSWORD, device=DEVICE)


def roles(said) -> list[str]:
    said()
    run(["user", "roles", *LUC])
    return said().splitlines()


def days_from_now(number: int) -> str:
    return (clock.now().date() + timedelta(days=number)).isoformat()


def test_a_role_is_given_and_ended_and_each_time_they_are_signed_out(database: Store, said):
    issued = sign_in(database, said)
    assert (
        run(["user", "give-role", *LUC, "--role", "committee", "--from", "2026-01-01", "--to", days_from_now(9)]) == 0
    )
    assert entrance.authenticate(database, issued.token) is None
    assert roles(said)[1] == f"committee    Luc, from 2026-01-01 to {days_from_now(9)}"

    issued = sign_in(database, said)
    assert run(["user", "end-role", *LUC, "--role", "committee"]) == 0
    assert entrance.authenticate(database, issued.token) is None
    assert roles(said)[1].endswith(f"to {days_from_now(-1)}")


def test_a_role_is_changed_for_another_and_the_one_before_stays_on_record(said):
    assert run(["user", "change-role", *LUC, "--role", "member", "--to-role", "observer"]) == 0
    today, yesterday = days_from_now(0), days_from_now(-1)
    assert sorted(roles(said)) == [
        f"member       Luc, Port, from … to {yesterday}",
        f"observer     Luc, Port, from {today} to …",
    ]
    assert (
        run(["user", "change-role", *LUC, "--role", "observer", "--to-organisation", "Alta", "--to", "2999-12-31"]) == 0
    )
    assert f"observer     Luc, Alta, from {today} to 2999-12-31" in roles(said)


def test_a_role_that_is_still_to_come_never_counts_once_it_is_ended(said):
    run(["user", "give-role", *LUC, "--role", "chair", "--from", days_from_now(5)])
    assert run(["user", "end-role", *LUC, "--role", "chair"]) == 0
    assert roles(said)[1].endswith(f"from {days_from_now(5)} to {days_from_now(4)}")


def test_of_two_roles_of_a_kind_the_organisation_says_which_one(said, refused):
    run(["user", "give-role", *LUC, "--role", "member", "--organisation", "Alta"])
    assert run(["user", "end-role", *LUC, "--role", "member"]) == 2
    assert "--organisation says which one is meant" in refused()
    assert run(["user", "end-role", *LUC, "--role", "member", "--organisation", "ALTA"]) == 0
    assert [line.partition(" to ")[2] for line in roles(said)] == ["…", days_from_now(-1)]


def test_a_deputy_is_appointed_and_somebody_is_renamed(said):
    deputy = ["user", "appoint-deputy", "Ana", "Luc", *FORUM, "--from", days_from_now(1), "--to", days_from_now(3)]
    assert run(deputy) == 0
    assert "chair        Luc, as a deputy, from" in said()
    assert run(["user", "rename", "Luc", "Luc Morel", *FORUM]) == 0
    assert said() == "Their name is Luc Morel now.\n"


def test_one_session_is_ended_and_the_others_go_on(database: Store, said, refused):
    first = sign_in(database, said)
    second = entrance.sign_in(database, email="luc@example.org", password=PASSWORD, device=DEVICE)
    assert run(["user", "sessions", "luc@example.org"]) == 0
    newest, oldest = [line.split()[0] for line in said().splitlines()]
    assert run(["user", "end-session", "luc@example.org", newest]) == 0
    assert [entrance.authenticate(database, one.token) is None for one in (first, second)] == [False, True]
    assert run(["user", "end-session", "luc@example.org", newest]) == 2
    assert "“workspace user sessions” lists what does." in refused()
    assert run(["user", "end-session", "ana@example.org", oldest]) == 2, "it is not hers"


def test_every_account_is_listed_with_its_state(said):
    run(["user", "close", "luc@example.org"])
    said()
    assert run(["user", "accounts"]) == 0
    assert said().splitlines() == [
        "ana@example.org  Ana  has no password yet",
        "luc@example.org  Luc  closed, has no password yet",
    ]


def test_invitations_are_listed_and_withdrawn(said):
    run(["user", "invite", "Mar@example.org", *FORUM, "--role", "observer"])
    said()
    assert run(["user", "invitations", *FORUM]) == 0
    assert said().startswith("observer     mar@example.org, until ")
    assert run(["user", "withdraw-invitation", "mar@example.org", *FORUM]) == 0
    assert run(["user", "withdraw-invitation", "mar@example.org", *FORUM]) == 2
    assert run(["user", "invitations", *FORUM]) == 0
    assert said().splitlines()[-1] == "No invitation waits."


def test_two_administrators_erase_somebody_and_the_proofs_stay_whole(database: Store, said, refused):
    assert run(["user", "erase", *LUC, "--as", "Ana"]) == 0
    assert "waits for a second administrator" in said()
    assert run(["user", "erase", *LUC, "--second", "Ana"]) == 2, "the one who asked"
    assert "second person" in refused().lower()
    assert run(["user", "erase", *LUC, "--second", "Eva"]) == 0
    assert "has been erased" in said()
    with pytest.raises(SignInRefused):
        entrance.sign_in(database, email="luc@example.org", password=PASSWORD, device=DEVICE)
    assert run(["user", "erase", *LUC, "--as", "Ana", "--second", "Eva"]) == 2, "nobody has that address"
    with database.reading() as db:
        assert audit(db).findings == ()


def test_whoever_wishes_it_themselves_needs_nobody_else_and_a_request_can_be_taken_back(said, refused):
    assert run(["user", "erase", *LUC, "--as", "Ana"]) == 0
    assert run(["user", "erase", *LUC, "--as", "Ana", "--cancel"]) == 0
    assert "taken back" in said()
    assert run(["user", "erase", *LUC, "--as", "Ana"]) == 0
    assert run(["user", "erase", *LUC, "--second", "Eva", "--cancel"]) == 2, "a reason is needed"
    assert run(["user", "erase", *LUC, "--second", "Eva", "--cancel", "--reason", "They come in May."]) == 0
    assert "whoever asked is told" in said()
    assert run(["user", "erase", *LUC]) == 2
    assert "--as" in refused()
    assert run(["user", "erase", "Luc", *FORUM, "--as", "Luc"]) == 0
    assert "has been erased" in said()


def test_a_member_has_nobody_else_erased(refused):
    assert run(["user", "erase", "Ana", *FORUM, "--as", "Luc"]) == 2
    assert "may not do this" in refused()
