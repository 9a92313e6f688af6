"""What the operator does about people from the command line: roles, sessions, invitations, and erasing somebody."""

import re
from datetime import timedelta
from pathlib import Path
from typing import NamedTuple

import pytest

from tests.workspace.accounts.conftest import DEVICE, PASSWORD
from workspace.accounts.domain import authentication
from workspace.cli import run
from workspace.core import clock
from workspace.core.errors import SignInRefused
from workspace.core.settings import Settings
from workspace.core.storage.db import Store
from workspace.history.audit import audit

FORUM = ["--forum", "forum"]
LUC = ["luc@example.org", *FORUM]


@pytest.fixture(autouse=True)
def database(tmp_path: Path, empty_database: Path, monkeypatch: pytest.MonkeyPatch) -> Store:
    """A forum with two administrators and a member, whom a link has let set a password."""
    monkeypatch.chdir(tmp_path)
    (tmp_path / "db.sqlite3").write_bytes(empty_database.read_bytes())
    monkeypatch.setenv("WORKSPACE_DATABASE_URL", f"sqlite:///{tmp_path / 'db.sqlite3'}")
    run(
        [
            "init",
            "forum",
            "--network",
            "Towns",
            "--name",
            "First Forum",
            "--timezone",
            "UTC",
            "--admin",
            "Ana",
            "--email",
            "ana@example.org",
        ]
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


def sign_in(database: Store, said) -> authentication.IssuedSignIn:
    """Luc, after the operator has handed over a link."""
    run(["user", "reset", "luc@example.org"])
    link = next(word for word in said().split() if word.startswith("http"))
    return authentication.reset_password(database, token=link.rpartition("/")[2], password=PASSWORD, device=DEVICE)


class Listed(NamedTuple):
    """A line of `user roles`: the role, who has it (with the organisation), and its first and last day."""

    role: str
    who: str
    first: str
    last: str


def roles(said) -> list[Listed]:
    said()
    run(["user", "roles", *LUC])
    return [listed(line) for line in said().splitlines()]


def listed(line: str) -> Listed:
    role, rest = line.split(maxsplit=1)
    who, _, days = rest.rpartition(", ")
    first, last = re.findall(r"\d{4}-\d\d-\d\d|…", days)
    return Listed(role, who, first, last)


def accounts(said) -> str:
    """What `user accounts` lists."""
    said()
    assert run(["user", "accounts"]) == 0
    return said()


def days_from_now(number: int) -> str:
    return (clock.now().date() + timedelta(days=number)).isoformat()


def test_a_role_is_given_and_ended_and_each_time_they_are_signed_out(database: Store, said):
    issued = sign_in(database, said)
    assert (
        run(["user", "give-role", *LUC, "--role", "committee", "--from", "2026-01-01", "--to", days_from_now(9)]) == 0
    )
    assert authentication.authenticate(database, issued.token) is None
    assert roles(said)[1] == ("committee", "Luc", "2026-01-01", days_from_now(9))

    issued = sign_in(database, said)
    assert run(["user", "end-role", *LUC, "--role", "committee"]) == 0
    assert authentication.authenticate(database, issued.token) is None
    assert roles(said)[1].last == days_from_now(-1)


def test_a_role_is_changed_for_another_and_the_one_before_stays_on_record(said):
    assert run(["user", "change-role", *LUC, "--role", "member", "--to-role", "observer"]) == 0
    today, yesterday = days_from_now(0), days_from_now(-1)
    assert sorted(roles(said)) == [
        ("member", "Luc, Port", "…", yesterday),
        ("observer", "Luc, Port", today, "…"),
    ]
    assert (
        run(["user", "change-role", *LUC, "--role", "observer", "--to-organisation", "Alta", "--to", "2999-12-31"]) == 0
    )
    assert ("observer", "Luc, Alta", today, "2999-12-31") in roles(said)


def test_a_role_that_is_still_to_come_never_counts_once_it_is_ended(said):
    run(["user", "give-role", *LUC, "--role", "committee", "--from", days_from_now(5)])
    assert run(["user", "end-role", *LUC, "--role", "committee"]) == 0
    assert roles(said)[1][2:] == (days_from_now(5), days_from_now(4))


def test_a_role_that_waits_has_the_days_that_are_asked_for_and_is_listed_as_waiting(said):
    said()
    run(["user", "add", "Zoe", *FORUM, "--role", "admin"])
    given, today = said().splitlines()[0], clock.today("UTC")
    assert re.findall(r"\d{4}-\d\d-\d\d", given) in ([], [str(today)])
    run(["user", "roles", "Zoe", *FORUM])
    assert said().splitlines() == [given]
    run(["user", "list", *FORUM])
    waiting = {line.split(" [")[0] for line in said().splitlines() if "[" in line}
    assert [name.split()[1] for name in waiting] == ["Zoe"]


def test_of_two_roles_of_a_kind_the_organisation_says_which_one(said, refused):
    run(["user", "give-role", *LUC, "--role", "member", "--organisation", "Alta"])
    assert run(["user", "end-role", *LUC, "--role", "member"]) == 2
    assert "--organisation" in refused()
    assert run(["user", "end-role", *LUC, "--role", "member", "--organisation", "ALTA"]) == 0
    assert [one.last for one in roles(said)] == ["…", days_from_now(-1)]


def test_a_deputy_is_appointed_and_somebody_is_renamed(said):
    deputy = ["user", "appoint-deputy", "Ana", "Luc", *FORUM, "--from", days_from_now(1), "--to", days_from_now(3)]
    assert run(deputy) == 0
    appointed = listed(said().strip())
    assert (appointed.role, appointed.who.partition(", ")[0]) == ("chair", "Luc")
    assert run(["user", "rename", "Luc", "Luc Morel", *FORUM]) == 0
    assert {one.who.partition(", ")[0] for one in roles(said)} == {"Luc Morel"}


def test_one_session_is_ended_and_the_others_go_on(database: Store, said, refused):
    first = sign_in(database, said)
    second = authentication.sign_in(database, email="luc@example.org", password=PASSWORD, device=DEVICE)
    assert run(["user", "sessions", "luc@example.org"]) == 0
    newest, oldest = [line.split()[0] for line in said().splitlines()]
    assert run(["user", "end-session", "luc@example.org", newest]) == 0
    assert [authentication.authenticate(database, one.token) is None for one in (first, second)] == [False, True]
    assert run(["user", "end-session", "luc@example.org", newest]) == 2
    assert "sessions" in refused()
    assert run(["user", "end-session", "ana@example.org", oldest]) == 2, "it is not hers"


@pytest.mark.parametrize("words", [["accounts"], ["invitations", *FORUM], ["sessions", "ana@example.org"]])
def test_a_list_of_nothing_says_so(words, tmp_path: Path, empty_database: Path, said):
    if words == ["accounts"]:
        (tmp_path / "db.sqlite3").write_bytes(empty_database.read_bytes())
    assert run(["user", *words]) == 0
    assert said().strip()


def test_every_account_is_listed_with_its_state(said):
    run(["user", "close", "luc@example.org"])
    said()
    assert run(["user", "accounts"]) == 0
    ana, luc = [line.split("  ") for line in said().splitlines()]
    assert (ana[:2], luc[:2]) == (["ana@example.org", "Ana"], ["luc@example.org", "Luc"])
    assert luc[2].endswith(f", {ana[2]}"), "closed, and without a password as well"


def test_invitations_are_listed_and_withdrawn(said):
    run(["user", "invite", "Mar@example.org", *FORUM, "--role", "observer"])
    said()
    assert run(["user", "invitations", *FORUM]) == 0
    assert re.match(r"observer +mar@example\.org\b", said())
    assert run(["user", "withdraw-invitation", "mar@example.org", *FORUM]) == 0
    assert run(["user", "withdraw-invitation", "mar@example.org", *FORUM]) == 2
    said()
    assert run(["user", "invitations", *FORUM]) == 0
    assert "@" not in said()


def test_two_administrators_erase_somebody_and_the_proofs_stay_whole(database: Store, said):
    assert run(["user", "erase", *LUC, "--as", "Ana"]) == 0
    assert "luc@example.org" in accounts(said)
    assert run(["user", "erase", *LUC, "--second", "Ana"]) == 2, "the one who asked"
    assert "luc@example.org" in accounts(said)
    assert run(["user", "erase", *LUC, "--second", "Eva"]) == 0
    assert "luc@example.org" not in accounts(said)
    with pytest.raises(SignInRefused):
        authentication.sign_in(database, email="luc@example.org", password=PASSWORD, device=DEVICE)
    assert run(["user", "erase", *LUC, "--as", "Ana", "--second", "Eva"]) == 2, "nobody has that address"
    with database.reading() as db:
        assert audit(db).findings == ()


def test_whoever_wishes_it_themselves_needs_nobody_else_and_a_request_can_be_taken_back(said, refused):
    assert run(["user", "erase", *LUC, "--as", "Ana"]) == 0
    assert run(["user", "erase", *LUC, "--as", "Ana", "--cancel"]) == 0
    assert run(["user", "erase", *LUC, "--second", "Eva"]) == 2, "nobody asks for it any more"
    assert run(["user", "erase", *LUC, "--as", "Ana"]) == 0
    assert run(["user", "erase", *LUC, "--second", "Eva", "--cancel"]) == 2, "a reason is needed"
    assert run(["user", "erase", *LUC, "--second", "Eva", "--cancel", "--reason", "They come in May."]) == 0
    assert "luc@example.org" in accounts(said)
    assert run(["user", "erase", *LUC]) == 2
    assert "--as" in refused()
    assert run(["user", "erase", "Luc", *FORUM, "--as", "Luc"]) == 0
    assert "luc@example.org" not in accounts(said)


def test_a_member_has_nobody_else_erased(said):
    assert run(["user", "erase", "Ana", *FORUM, "--as", "Luc"]) == 2
    assert "ana@example.org" in accounts(said)
