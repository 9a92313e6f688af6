"""A button pressed twice, a request that the network sent again: at the door nothing is done twice, or half."""

from collections.abc import Callable

import pyotp
import pytest
import sqlalchemy as sa

from tests.support import factories
from tests.workspace.accounts.conftest import DEVICE, PASSWORD, Town
from tests.workspace.accounts.test_invitations import invite
from tests.workspace.core.test_store import at_once
from workspace.accounts.domain import authentication
from workspace.accounts.domain.models import Account, RecoveryCode, SignIn, Ticket
from workspace.accounts.domain.tickets import MOST_OPEN
from workspace.core.actor import Role
from workspace.core.errors import Invalid, LinkSpent
from workspace.people.models import Forum, Mandate, Person, Registration

ANOTHER = "eleven grey geese at noon"
NEW = "ana@harbour.example"


def count(town: Town, *which: object) -> int:
    with town.store.reading() as db:
        return db.scalar(sa.select(sa.func.count()).select_from(*which)) or 0


def sign_in_by_link(town: Town) -> Callable[[], object]:
    authentication.send_sign_in_link(town.store, email="ana@example.org", language="en")
    token = town.link("sign_in_link")
    return lambda: authentication.sign_in_by_link(town.store, token=token, device=DEVICE)


def reset_password(town: Town) -> Callable[[], object]:
    authentication.send_password_reset(town.store, email="ana@example.org", language="en")
    token = town.link("password_reset")
    return lambda: authentication.reset_password(town.store, token=token, password=ANOTHER, device=DEVICE)


def confirm_email_change(town: Town) -> Callable[[], object]:
    authentication.request_email_change(town.store, actor=town.people["ana@example.org"], email=NEW, password=PASSWORD)
    token = town.link("email_change")
    return lambda: authentication.confirm_email_change(town.store, token=token, device=DEVICE)


def accept_invitation(town: Town) -> Callable[[], object]:
    secretary = town.person("sec@example.org", Role.SECRETARIAT, "Sofia")
    invite(town.store, secretary)
    token = town.link("invitation")
    given = {"name": "Luc Petit", "password": ANOTHER}
    return lambda: authentication.accept_invitation(town.store, token=token, device=DEVICE, **given)


def enrol_factor(town: Town) -> Callable[[], object]:
    secret, ana = pyotp.random_base32(32), town.people["ana@example.org"]
    code = pyotp.TOTP(secret).now()
    return lambda: authentication.enrol_factor(
        town.store, actor=ana, secret=secret, code=code, password=PASSWORD, device=DEVICE
    )


def change_password(town: Town) -> Callable[[], object]:
    ana = town.people["ana@example.org"]
    return lambda: authentication.change_password(
        town.store, actor=ana, current=PASSWORD, password=ANOTHER, device=DEVICE
    )


ONCE = [sign_in_by_link, reset_password, confirm_email_change, accept_invitation, enrol_factor, change_password]


@pytest.mark.usefixtures("promised_costs")
@pytest.mark.parametrize("prepare", ONCE, ids=lambda one: one.__name__)
def test_of_three_at_once_one_is_done_and_the_others_are_told(any_town: Town, prepare):
    any_town.person()
    act = prepare(any_town)
    before = count(any_town, SignIn)

    refused = at_once(3, lambda _: act())

    assert len(refused) == 2
    assert {type(one) for one in refused} <= {LinkSpent, Invalid}
    assert count(any_town, SignIn) == before + 1
    for again in range(2):
        with pytest.raises((LinkSpent, Invalid)):
            act()
        assert count(any_town, SignIn) == before + 1, again
    assert count(any_town, RecoveryCode) == (10 if prepare is enrol_factor else 0)


def test_an_invitation_taken_twice_makes_one_person_with_one_role(town: Town):
    act = accept_invitation(town)
    act()
    with pytest.raises(LinkSpent):
        act()
    with town.store.reading() as db:
        [luc] = db.scalars(sa.select(Account).where(Account.email == "luc@example.org"))
        assert count(town, Mandate.__table__.join(Person.__table__)) == 2  # and the secretary's
        assert [one.role for one in luc.person.mandates] == [Role.MEMBER]


@pytest.mark.parametrize("verb", ["send_sign_in_link", "send_password_reset"])
def test_a_letter_asked_for_again_and_again_is_sent_a_few_times_and_each_link_works_once(town: Town, verb, monkeypatch):
    monkeypatch.setattr(authentication, "STEADY", 0.0)
    town.person()
    for _ in range(MOST_OPEN + 3):
        getattr(authentication, verb)(town.store, email="ana@example.org", language="en")
    assert count(town, Ticket) == MOST_OPEN


def test_asking_to_register_twice_is_no_harm(town: Town, monkeypatch):
    monkeypatch.setattr(authentication, "STEADY", 0.0)
    with town.store.writing() as db:
        slug = factories.forum(db).slug
        db.execute(sa.update(Forum).values(registration=Registration.OPEN))
    for _ in range(2):
        authentication.register(town.store, forum=slug, email="new@example.org", name="Noa", language="es")
    tokens = [one["path"].rpartition("/")[2] for one in town.letters("registration")]
    assert len(set(tokens)) == 2
    given = {"name": "Noa", "password": ANOTHER, "device": DEVICE}
    assert authentication.accept_invitation(town.store, token=tokens[0], **given)
    assert (
        authentication.accept_invitation(town.store, token=tokens[1], **given) is None
    )  # has an account: nothing is made
    assert count(town, Account) == 1


def test_signing_out_twice_ends_what_was_ended_and_nothing_else(town: Town):
    town.person()
    here, there = town.sign_in(), town.sign_in()
    for _ in range(2):
        authentication.sign_out(town.store, token=here.token)
    assert [town.is_good(one) for one in (here, there)] == [False, True]
    assert sum('"sign_in.ended"' in line for line in town.logged()) == 1


def test_codes_renewed_twice_leave_the_last_ten(town: Town):
    ana = town.person()
    secret = pyotp.random_base32(32)
    code = pyotp.TOTP(secret).now()
    authentication.enrol_factor(town.store, actor=ana, secret=secret, code=code, password=PASSWORD, device=DEVICE)
    with pytest.raises(Invalid):  # a code counts once
        authentication.new_recovery_codes(town.store, actor=ana, code=code)
    assert count(town, RecoveryCode) == 10
