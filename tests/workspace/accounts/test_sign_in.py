"""Signing in with a password or a link, and what ends a sign-in."""

import hashlib
import time

import pytest
import sqlalchemy as sa

from tests.workspace.accounts.conftest import DEVICE, PASSWORD, MovedClock, Town
from workspace.accounts.domain import authentication, passwords
from workspace.accounts.domain.models import Account, SignIn
from workspace.accounts.domain.service import AccountService
from workspace.accounts.domain.sign_ins import SignInService, expire_credentials_job
from workspace.core import events
from workspace.core.actor import OPERATOR, Role
from workspace.core.errors import LinkSpent, NotFound, SignInRefused
from workspace.core.storage import maintenance
from workspace.people.mandates import MandateService
from workspace.people.models import Forum, Person


def test_the_right_password_opens_and_says_who_it_is(town: Town):
    ana = town.person()

    issued = town.sign_in("  Ana@Example.ORG ")

    found = authentication.authenticate(town.store, issued.token)
    assert issued.is_full
    assert found is not None
    assert found.actor.person_id == ana.person_id
    assert [held.role for held in found.actor.mandates] == [Role.MEMBER]


def test_only_the_hash_of_the_token_is_in_the_database(town: Town):
    town.person()

    issued = town.sign_in()

    with town.store.reading() as db:
        assert db.scalars(sa.select(SignIn.token_hash)).all() == [hashlib.sha256(issued.token.encode()).hexdigest()]
    assert len(issued.token) == 43


@pytest.mark.parametrize(
    ("email", "password"), [("ana@example.org", "something else altogether"), ("nobody@example.org", PASSWORD)]
)
def test_a_wrong_password_and_an_unknown_address_are_refused_alike(town: Town, email: str, password: str):
    town.person()

    with pytest.raises(SignInRefused) as refused:
        town.sign_in(email, password)

    assert refused.value.facts == {}


@pytest.mark.usefixtures("promised_costs")
def test_an_unknown_address_takes_as_long_as_a_known_one(town: Town):
    town.person()
    took = []
    for email in ("ana@example.org", "nobody@example.org") * 3:
        begun = time.process_time()  # of the processor: not what else the machine does
        with pytest.raises(SignInRefused):
            town.sign_in(email, "something else altogether")
        took.append(time.process_time() - begun)

    known, unknown = min(took[::2]), min(took[1::2])
    assert unknown > known / 2


@pytest.mark.usefixtures("promised_costs")
def test_a_password_hashed_with_older_costs_is_hashed_again(town: Town):
    ana = town.person()
    old = passwords.PasswordHasher(time_cost=1, memory_cost=8192, parallelism=1).hash(PASSWORD)
    with town.store.writing() as db:
        db.get_one(Account, ana.person_id).password_hash = old

    town.sign_in()

    with town.store.reading() as db:
        now = db.get_one(Account, ana.person_id).password_hash
    assert now is not None
    assert now.startswith("$argon2id$v=19$m=65536,t=3,p=1$")
    assert town.sign_in().is_full


def test_a_closed_account_neither_signs_in_nor_stays_signed_in(town: Town):
    ana = town.person()
    issued = town.sign_in()

    with town.store.writing() as db:
        AccountService(db).close(ana.person_id, actor=OPERATOR)

    assert not town.is_good(issued)
    with pytest.raises(SignInRefused):
        town.sign_in()


def test_signing_out_ends_this_sign_in_and_no_other(town: Town):
    town.person()
    here, there = town.sign_in(), town.sign_in()

    authentication.sign_out(town.store, token=here.token)

    assert (town.is_good(here), town.is_good(there)) == (False, True)


def test_a_person_sees_their_sign_ins_and_ends_one_of_them(town: Town):
    ana, luc = town.person(), town.person("luc@example.org", name="Luc")
    here, there, other = town.sign_in(), town.sign_in(), town.sign_in("luc@example.org")
    with town.store.writing() as db:
        listed = SignInService(db).open_ones(actor=ana)
        assert {one.id for one in listed} == {here.sign_in_id, there.sign_in_id}
        assert {(one.agent, one.address) for one in listed} == {(DEVICE.agent, DEVICE.address)}
        SignInService(db).end(there.sign_in_id, actor=ana)

    assert [town.is_good(one) for one in (here, there, other)] == [True, False, True]
    with town.store.writing() as db, pytest.raises(NotFound):
        SignInService(db).end(here.sign_in_id, actor=luc)


def test_a_sign_in_ends_when_it_is_idle_for_a_fortnight_or_a_month_old(town: Town, moved_clock: MovedClock):
    town.person()
    used, idle = town.sign_in(), town.sign_in()

    moved_clock.forward(days=13)
    assert town.is_good(used)
    moved_clock.forward(days=2)
    assert town.is_good(used)
    assert not town.is_good(idle)
    moved_clock.forward(days=13)
    assert town.is_good(used)
    moved_clock.forward(days=3)
    assert not town.is_good(used)


def test_it_ends_to_the_second_although_the_job_runs_every_minute(town: Town, moved_clock: MovedClock):
    town.person()
    idle, used = town.sign_in(), town.sign_in()
    moved_clock.forward(days=14, seconds=-30)
    assert town.is_good(used)

    moved_clock.forward(seconds=31)

    assert not town.is_good(idle)


def test_being_seen_is_written_down_every_five_minutes_only(town: Town, moved_clock: MovedClock):
    town.person()
    issued = town.sign_in()
    town.is_good(issued)

    def seen():
        with town.store.reading() as db:
            return db.get_one(SignIn, issued.sign_in_id).seen_at

    first = seen()
    moved_clock.forward(minutes=4)
    town.is_good(issued)
    assert seen() == first
    moved_clock.forward(minutes=2)
    town.is_good(issued)
    assert seen() > first


def test_looking_up_a_token_is_one_query(town: Town):
    town.person()
    issued = town.sign_in()
    town.is_good(issued)
    sent: list[str] = []
    sa.event.listen(town.store.engine, "before_cursor_execute", lambda *given: sent.append(given[2]))

    assert town.is_good(issued)

    assert [statement[:6] for statement in sent] == ["BEGIN ", "SELECT"], sent


def test_a_clock_put_back_brings_no_shown_token_to_life(town: Town, moved_clock: MovedClock):
    town.person()
    issued = town.sign_in()
    moved_clock.forward(days=31)
    assert not town.is_good(issued)

    moved_clock.back(days=31)

    assert not town.is_good(issued)


@pytest.mark.parametrize("days", [15, 31])
def test_a_clock_put_back_brings_no_token_to_life_that_nobody_showed(town: Town, moved_clock: MovedClock, days: int):
    town.person()
    issued = town.sign_in()
    moved_clock.forward(days=days)
    expire_credentials_job(town.store)  # the job of every minute

    moved_clock.back(days=days)

    assert not town.is_good(issued)


def test_what_ended_a_month_ago_is_forgotten(town: Town, moved_clock: MovedClock):
    town.person()
    town.sign_in()
    kept = town.sign_in()
    moved_clock.forward(days=13)
    town.is_good(kept)
    moved_clock.forward(days=2)
    expire_credentials_job(town.store)
    moved_clock.forward(days=31)

    expire_credentials_job(town.store)

    with town.store.reading() as db:
        assert db.scalars(sa.select(SignIn.id)).all() == [kept.sign_in_id]


def test_after_a_clock_was_put_back_people_sign_in_again(town: Town, moved_clock: MovedClock):
    town.person()
    moved_clock.forward(days=400)
    assert town.is_good(town.sign_in())

    moved_clock.back(days=400)

    assert town.is_good(town.sign_in())


def test_a_change_of_role_ends_everything_at_once(town: Town):
    ana = town.person()
    issued = town.sign_in()
    authentication.send_password_reset(town.store, email="ana@example.org", language="en")

    with town.store.writing() as db:
        person, forum = db.get_one(Person, ana.person_id), db.scalars(sa.select(Forum)).one()
        MandateService(db).give(forum, person, role=Role.COMMITTEE, actor=OPERATOR)

    assert not town.is_good(issued)
    with pytest.raises(LinkSpent):
        authentication.reset_password(
            town.store, token=town.link("password_reset"), password="seven grey cranes at dawn", device=DEVICE
        )
    assert town.sign_in().is_full


def test_the_end_of_everything_is_part_of_the_unit_that_changed_the_rights(town: Town):
    ana = town.person()
    issued = town.sign_in()

    with town.store.writing() as db:
        events.publish(db, events.RightsChanged(person_id=ana.person_id, actor=OPERATOR))
        db.rollback()

    assert town.is_good(issued)


def test_a_link_signs_in_once(town: Town):
    town.person()
    authentication.send_sign_in_link(town.store, email="ana@example.org", language="fr")
    letter = town.letters("sign_in_link")[0]
    assert (letter["to"], letter["language"]) == ("ana@example.org", "fr")
    assert letter["path"].startswith("/fr/sign-in/link/")

    issued = authentication.sign_in_by_link(town.store, token=town.link("sign_in_link"), device=DEVICE)

    assert town.is_good(issued)
    with pytest.raises(LinkSpent):
        authentication.sign_in_by_link(town.store, token=town.link("sign_in_link"), device=DEVICE)


def test_a_link_is_good_for_a_quarter_of_an_hour(town: Town, moved_clock: MovedClock):
    town.person()
    authentication.send_sign_in_link(town.store, email="ana@example.org", language="en")
    moved_clock.forward(minutes=16)

    with pytest.raises(LinkSpent):
        authentication.sign_in_by_link(town.store, token=town.link("sign_in_link"), device=DEVICE)
    moved_clock.back(minutes=10)
    with pytest.raises(LinkSpent):
        authentication.sign_in_by_link(town.store, token=town.link("sign_in_link"), device=DEVICE)


def test_a_link_ends_to_the_second(town: Town, moved_clock: MovedClock):
    town.person()
    authentication.send_sign_in_link(town.store, email="ana@example.org", language="en")
    moved_clock.forward(minutes=14, seconds=30)
    assert town.is_good(town.sign_in())
    moved_clock.forward(seconds=31)

    with pytest.raises(LinkSpent):
        authentication.sign_in_by_link(town.store, token=town.link("sign_in_link"), device=DEVICE)


def test_asking_for_a_link_tells_nothing_about_the_address(town: Town):
    town.person()
    took = []
    for email in ("ana@example.org", "nobody@example.org") * 3:
        begun = time.perf_counter()
        assert authentication.send_sign_in_link(town.store, email=email, language="en") is None
        took.append(time.perf_counter() - begun)

    assert len(town.letters("sign_in_link")) == 3
    assert abs(min(took[::2]) - min(took[1::2])) < 0.1


def test_a_mailbox_is_not_filled_with_links(town: Town):
    town.person()

    for _ in range(8):
        authentication.send_sign_in_link(town.store, email="ana@example.org", language="en")

    assert len(town.letters("sign_in_link")) == 5


def test_a_link_for_one_purpose_is_no_good_for_another(town: Town):
    town.person()
    authentication.send_sign_in_link(town.store, email="ana@example.org", language="en")

    with pytest.raises(LinkSpent):
        authentication.reset_password(
            town.store, token=town.link("sign_in_link"), password="seven grey cranes at dawn", device=DEVICE
        )


@pytest.mark.parametrize("token", ["", "x", "dw_", "dw_" + "a" * 58, "\ud800", "ñ" * 5000, "dw_ñandú" * 9])
def test_what_is_no_token_belongs_to_nobody(town: Town, token: str):
    assert authentication.authenticate(town.store, token) is None


def test_the_log_tells_of_it_without_names_or_addresses(town: Town):
    town.person()
    town.sign_in()
    authentication.send_sign_in_link(town.store, email="ana@example.org", language="en")

    entries = "\n".join(town.logged())

    assert '"kind":"sign_in.made"' in entries
    assert '"kind":"sign_in_link.sent"' in entries
    assert "example.org" not in entries
    assert "Ruiz" not in entries
    assert town.link("sign_in_link") not in entries


def test_it_lasts_while_nothing_can_be_written(town: Town, moved_clock: MovedClock):
    town.person()
    issued = town.sign_in()
    moved_clock.forward(hours=1)
    maintenance.begin(town.store)

    assert town.is_good(issued)
