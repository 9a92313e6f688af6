"""The first account of a workspace: from the browser with the console's code, or by command."""

import threading

import pytest
import sqlalchemy as sa

from tests.support.factories import trilingual
from tests.workspace.accounts.conftest import DEVICE, PASSWORD, MovedClock, Town
from workspace.accounts.domain import authentication, joining
from workspace.accounts.domain.joining import NewForum, first_run_code, first_run_open
from workspace.accounts.domain.models import Account
from workspace.core.actor import Role
from workspace.core.errors import Invalid, LinkSpent
from workspace.core.storage.db import Store
from workspace.people.models import Forum

FORUM = NewForum(network=trilingual("Towns"), slug="third-forum", name=trilingual("Third Forum"), timezone="UTC")


def set_up(store: Store, code: str | None, **given: str):
    kept = {"name": "Ana Ruiz", "email": "ana@example.org", "password": PASSWORD, "language": "es", **given}
    return joining.set_up_first_forum(store, code=code or "", forum=FORUM, device=DEVICE, **kept)


def counted(store: Store, model: type) -> int:
    with store.reading() as db:
        return db.scalar(sa.select(sa.func.count()).select_from(model)) or 0


def test_the_consoles_code_founds_the_forum_and_its_administrator_and_chair(town: Town):
    issued = set_up(town.store, first_run_code(town.store))

    assert issued.must_enrol
    with town.store.reading() as db:
        account = db.scalars(sa.select(Account)).one()
        assert {mandate.role for mandate in account.person.mandates} == {Role.ADMIN, Role.CHAIR}
        assert account.person.language == "es"
        assert not first_run_open(db)
    assert town.is_good(issued)
    assert town.sign_in().is_full


def test_it_is_done_once(town: Town):
    code = first_run_code(town.store)
    set_up(town.store, code)

    assert first_run_code(town.store) is None
    with pytest.raises(LinkSpent):
        set_up(town.store, code, email="thief@example.org")


def test_an_account_made_meanwhile_by_command_makes_the_code_worthless(town: Town):
    code = first_run_code(town.store)
    town.person()

    with pytest.raises(LinkSpent):
        set_up(town.store, code, email="thief@example.org")


@pytest.mark.parametrize("code", [None, "", "guess", "\ud800"])
def test_without_the_code_nothing_is_set_up(store: Store, code: str | None):
    first_run_code(store)

    with pytest.raises(LinkSpent):
        set_up(store, code)
    assert counted(store, Forum) == 0


def test_a_new_start_of_the_server_makes_the_older_code_worthless(store: Store):
    older, newer = first_run_code(store), first_run_code(store)

    with pytest.raises(LinkSpent):
        set_up(store, older)
    assert set_up(store, newer).must_enrol


def test_the_code_is_good_for_a_day(store: Store, moved_clock: MovedClock):
    code = first_run_code(store)
    moved_clock.forward(hours=25)

    with pytest.raises(LinkSpent):
        set_up(store, code)


def test_what_is_refused_leaves_nothing_behind_and_the_code_works_on(store: Store):
    code = first_run_code(store)
    with pytest.raises(Invalid):
        set_up(store, code, email="no address")
    with pytest.raises(Invalid):
        set_up(store, code, password="short")
    assert counted(store, Forum) == 0

    assert set_up(store, code).must_enrol


@pytest.mark.usefixtures("promised_costs")
def test_of_two_at_once_one_sets_up(any_town: Town):
    code = first_run_code(any_town.store)
    outcomes: list[str] = []
    ready = threading.Barrier(2)

    def begin() -> None:
        ready.wait(10)
        try:
            set_up(any_town.store, code)
            outcomes.append("done")
        except LinkSpent:
            outcomes.append("spent")

    threads = [threading.Thread(target=begin) for _ in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert sorted(outcomes) == ["done", "spent"]
    assert counted(any_town.store, Account) == counted(any_town.store, Forum) == 1


def test_whoever_founds_by_command_gets_a_link_to_set_a_password(town: Town):
    with town.store.writing() as db:
        path = joining.found_forum(db, FORUM, name="Ana Ruiz", email="ana@example.org", language="es")

    assert path.startswith("/es/password/")
    issued = authentication.reset_password(town.store, token=path.rpartition("/")[2], password=PASSWORD, device=DEVICE)
    assert issued.must_enrol
