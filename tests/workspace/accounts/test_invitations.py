"""Coming to have an account: by invitation, by registration where it is open, and another address."""

import threading

import pytest
import sqlalchemy as sa

from tests.support import factories
from tests.workspace.accounts.conftest import DEVICE, PASSWORD, MovedClock, Town
from workspace.accounts.domain import authentication
from workspace.accounts.domain.models import Account, Ticket, TicketKind
from workspace.accounts.domain.service import AccountService
from workspace.accounts.domain.tickets import JOINING, Invitee, TicketService
from workspace.core.actor import OPERATOR, Actor, Role
from workspace.core.errors import Invalid, LinkSpent, NotAllowed, NotFound, SignInRefused
from workspace.core.storage.db import Store
from workspace.people.models import Forum, Mandate, Person, Registration
from workspace.people.service import PeopleService


def invite(store: Store, actor: Actor, email: str = "luc@example.org", role: Role = Role.MEMBER, **more: object) -> str:
    """Invite somebody, and say which ticket it is."""
    with store.writing() as db:
        return str(TicketService(db).invite(factories.forum(db), email=email, role=role, actor=actor, **more).id)


def accept(town: Town, **given: str):
    kept = {"name": "Luc Petit", "password": PASSWORD, **given}
    return authentication.accept_invitation(town.store, token=town.link("invitation"), device=DEVICE, **kept)


@pytest.fixture
def secretary(town: Town) -> Actor:
    return town.person("sec@example.org", Role.SECRETARIAT, "Sofia")


def test_an_invitation_makes_the_person_the_account_and_the_role(town: Town, secretary: Actor):
    with town.store.writing() as db:
        forum = factories.forum(db)
        organisation = PeopleService(db).organisation_named(forum, "Port Town", actor=OPERATOR)
    invite(town.store, secretary, organisation=organisation, name="L. Petit", language="fr")
    letter = town.letters("invitation")[0]
    assert (letter["to"], letter["language"], letter["role"]) == ("luc@example.org", "fr", "member")
    assert (letter["inviter"], letter["forum"]) == ("Sofia", "Third Forum")
    assert letter["path"].startswith("/fr/invitations/")

    issued = accept(town, timezone="Europe/Paris")

    found = authentication.authenticate(town.store, issued.token)
    assert found is not None
    assert (found.name, found.language) == ("Luc Petit", "fr")
    with town.store.reading() as db:
        assert db.get_one(Person, found.person_id).timezone == "Europe/Paris"
    assert [(held.role, held.organisation_id) for held in found.actor.mandates] == [(Role.MEMBER, organisation.id)]
    assert town.sign_in("luc@example.org").is_full


def test_looking_at_an_invitation_shows_what_it_is_for_and_does_not_use_it(town: Town, secretary: Actor):
    invite(town.store, secretary, name="Luc")
    for _ in range(3):
        with town.store.reading() as db:
            looked = TicketService(db).look(town.link("invitation"), *JOINING)
    assert (looked.email, looked.name, looked.role) == ("luc@example.org", "Luc", Role.MEMBER)
    assert (looked.inviter, looked.has_account) == ("Sofia", False)

    assert accept(town).is_full


def test_an_invitation_works_once(town: Town, secretary: Actor):
    invite(town.store, secretary)
    accept(town)

    with pytest.raises(LinkSpent):
        accept(town)


def test_an_invitation_is_good_for_a_fortnight(town: Town, secretary: Actor, moved_clock: MovedClock):
    invite(town.store, secretary)
    moved_clock.forward(days=13, hours=23)
    with town.store.reading() as db:
        TicketService(db).look(town.link("invitation"), TicketKind.INVITATION)
    moved_clock.forward(hours=2)

    with pytest.raises(LinkSpent):
        accept(town)
    moved_clock.back(days=10)
    with pytest.raises(LinkSpent):
        accept(town)


def test_a_withdrawn_invitation_does_not_work(town: Town, secretary: Actor):
    invite(town.store, secretary)
    with town.store.writing() as db:
        tickets, forum = TicketService(db), factories.forum(db)
        [ticket] = tickets.invitations(forum, actor=secretary)
        tickets.revoke(forum, ticket.id, actor=secretary)
        assert tickets.invitations(forum, actor=secretary) == []
        with pytest.raises(NotFound):
            tickets.revoke(forum, ticket.id, actor=secretary)

    with pytest.raises(LinkSpent):
        accept(town)


def test_a_second_invitation_takes_the_place_of_the_first(town: Town, secretary: Actor):
    invite(town.store, secretary)
    first = town.link("invitation")
    invite(town.store, secretary, role=Role.OBSERVER)

    with pytest.raises(LinkSpent):
        authentication.accept_invitation(town.store, token=first, name="Luc", password=PASSWORD, device=DEVICE)
    with town.store.reading() as db:
        [open_one] = TicketService(db).invitations(db.scalars(sa.select(Forum)).one(), actor=secretary)
    assert open_one.role is Role.OBSERVER


@pytest.mark.parametrize("role", [Role.OBSERVER, Role.MEMBER, Role.RAPPORTEUR, Role.TRANSLATOR, Role.COMMITTEE])
def test_who_may_not_give_a_role_may_not_invite_to_it(town: Town, role: Role):
    member = town.person(role=role)

    with pytest.raises(NotAllowed):
        invite(town.store, member)
    with town.store.reading() as db, pytest.raises(NotAllowed):
        TicketService(db).invitations(db.scalars(sa.select(Forum)).one(), actor=member)
    assert town.letters("invitation") == []


def test_a_secretariat_does_not_make_administrators(town: Town, secretary: Actor):
    with pytest.raises(NotAllowed):
        invite(town.store, secretary, role=Role.ADMIN)


@pytest.mark.parametrize("how", ["role", "account"])
def test_an_invitation_dies_with_the_right_of_whoever_made_it(town: Town, secretary: Actor, how: str):
    invite(town.store, secretary)
    with town.store.writing() as db:
        if how == "role":
            db.execute(sa.delete(Mandate).where(Mandate.person_id == secretary.person_id))
        else:
            AccountService(db).close(secretary.person_id, actor=OPERATOR)

    with pytest.raises(LinkSpent):
        accept(town)
    with town.store.reading() as db:
        assert AccountService(db).by_email("luc@example.org") is None


def test_somebody_with_an_account_gets_the_role_and_keeps_the_password(town: Town, secretary: Actor):
    town.person("luc@example.org", Role.OBSERVER, "Luc")
    before = town.sign_in("luc@example.org")
    invite(town.store, secretary)

    assert accept(town, password="another one, ignored") is None

    assert not town.is_good(before)
    found = authentication.authenticate(town.store, town.sign_in("luc@example.org").token)
    assert found is not None
    assert {held.role for held in found.actor.mandates} == {Role.OBSERVER, Role.MEMBER}
    assert found.name == "Luc"


def test_an_invitation_to_an_account_ends_with_its_password(town: Town, secretary: Actor):
    ana = town.person()
    invite(town.store, secretary, "ana@example.org", Role.OBSERVER)

    authentication.change_password(
        town.store, actor=ana, current=PASSWORD, password="seven grey cranes at dawn", device=DEVICE
    )

    with pytest.raises(LinkSpent):
        accept(town)


def test_whether_the_address_has_an_account_is_not_told_to_whoever_invites(town: Town, secretary: Actor):
    town.person("known@example.org", name="Known")
    for email in ("known@example.org", "unknown@example.org"):
        invite(town.store, secretary, email)

    with town.store.reading() as db:
        listed = TicketService(db).invitations(db.scalars(sa.select(Forum)).one(), actor=secretary)
    assert [(one.name, one.person_id, one.role) for one in listed] == [("", None, Role.MEMBER)] * 2


def test_people_who_are_listed_are_invited_together(town: Town, secretary: Actor):
    with town.store.writing() as db:
        forum = factories.forum(db)
        people = [db.get_one(Person, factories.person(db, Role.MEMBER, f"P{n}").person_id) for n in range(3)]
        invited = [Invitee(person, f"{person.name}@example.org", "es") for person in people]
        assert TicketService(db).invite_many(forum, invited, actor=secretary) == 3

    letters = {one["to"]: one["path"] for one in town.letters("invitation")}
    assert sorted(letters) == [f"p{n}@example.org" for n in range(3)]
    token = letters["p2@example.org"].rpartition("/")[2]
    issued = authentication.accept_invitation(town.store, token=token, name="", password=PASSWORD, device=DEVICE)
    assert issued.person_id == people[2].id
    with town.store.reading() as db:
        assert db.scalar(sa.select(sa.func.count()).where(Mandate.person_id == people[2].id)) == 1


def test_nobody_names_the_address_of_somebody_above_them(town: Town, secretary: Actor):
    with town.store.writing() as db:
        admin = db.get_one(Person, factories.person(db, Role.ADMIN, "Alba").person_id)
        with pytest.raises(NotAllowed):
            TicketService(db).invite(
                factories.forum(db), email="thief@example.org", role=None, person=admin, actor=secretary
            )


def test_nobody_is_given_a_second_account(town: Town, secretary: Actor):
    luc = town.person("luc@example.org", name="Luc")
    with town.store.writing() as db:
        forum, tickets = factories.forum(db), TicketService(db)
        listed = db.get_one(Person, factories.person(db, Role.MEMBER, "Eva").person_id)
        for person, email in ((db.get_one(Person, luc.person_id), "else@example.org"), (listed, "luc@example.org")):
            with pytest.raises(Invalid):
                tickets.invite(forum, email=email, role=None, person=person, actor=secretary)


NO_ADDRESSES = ["", "luc", "@", "a@", "@b", "a b@example.org", "a@b@c.org", "a@exa\nmple.org", "a@example..org"]
NO_ADDRESSES += ["x" * 250 + "@b.org", "a\r\nBcc: b@c.org", "a,b@c.org", "<a@c.org>", "a@c.org.", "\u202ea@c.org"]


@pytest.mark.parametrize("email", NO_ADDRESSES)
def test_what_is_no_address_is_not_invited(town: Town, secretary: Actor, email: str):
    with pytest.raises(Invalid) as refused:
        invite(town.store, secretary, email)
    assert refused.value.facts == {"field": "email", "reason": "bad_email"}


@pytest.mark.usefixtures("promised_costs")
def test_of_two_who_accept_at_once_one_has_the_account(any_town: Town):
    invite(any_town.store, OPERATOR)
    outcomes: list[str] = []
    ready = threading.Barrier(3)

    def use() -> None:
        ready.wait(10)
        try:
            accept(any_town)
            outcomes.append("in")
        except LinkSpent:
            outcomes.append("spent")

    threads = [threading.Thread(target=use) for _ in range(3)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert sorted(outcomes) == ["in", "spent", "spent"]
    with any_town.store.reading() as db:
        assert db.scalar(sa.select(sa.func.count()).select_from(Account)) == 1
        assert db.scalar(sa.select(sa.func.count()).select_from(Mandate)) == 1


def open_registration(store: Store) -> None:
    with store.writing() as db:
        factories.forum(db).registration = Registration.OPEN


def test_where_registration_is_open_anybody_comes_to_an_account_without_a_role(town: Town):
    open_registration(town.store)
    authentication.register(town.store, forum="third-forum", email="Eva@example.org", name="Eva", language="es")
    assert town.letters("registration")[0]["to"] == "eva@example.org"

    issued = authentication.accept_invitation(
        town.store, token=town.link("registration"), password=PASSWORD, device=DEVICE
    )

    found = authentication.authenticate(town.store, issued.token)
    assert found is not None
    assert (found.name, found.language, found.actor.mandates) == ("Eva", "es", ())


def test_registering_a_known_address_sends_a_link_and_tells_nothing(town: Town):
    open_registration(town.store)
    town.person()

    authentication.register(town.store, forum="third-forum", email="ana@example.org", name="Somebody", language="en")

    assert town.letters("registration") == []
    assert len(town.letters("sign_in_link")) == 1


def test_where_registration_is_not_open_there_is_no_such_door(town: Town):
    with town.store.writing() as db:
        factories.forum(db)

    with pytest.raises(NotFound):
        authentication.register(town.store, forum="third-forum", email="eva@example.org", name="Eva", language="es")
    assert town.letters("registration") == []


def test_another_address_is_taken_when_a_letter_there_was_answered(town: Town):
    ana = town.person()
    before = town.sign_in()
    authentication.request_email_change(town.store, actor=ana, email="New@example.org", password=PASSWORD)
    assert town.letters("email_change")[0]["to"] == "new@example.org"
    assert town.is_good(before)

    after = authentication.confirm_email_change(town.store, token=town.link("email_change"), device=DEVICE)

    assert (town.is_good(before), town.is_good(after)) == (False, True)
    notices = [letter for letter in town.letters("security_notice") if letter["what"] == "email_changed"]
    assert {letter["to"] for letter in notices} == {"ana@example.org", "new@example.org"}
    with pytest.raises(SignInRefused):
        town.sign_in()
    assert town.sign_in("new@example.org").is_full


def test_a_taken_address_gets_no_letter_and_the_same_answer(town: Town):
    ana, _ = town.person(), town.person("luc@example.org", name="Luc")

    assert (
        authentication.request_email_change(town.store, actor=ana, email="luc@example.org", password=PASSWORD) is None
    )

    assert town.letters("email_change") == []


def test_an_address_that_was_taken_meanwhile_is_not_taken_again(town: Town):
    ana = town.person()
    authentication.request_email_change(town.store, actor=ana, email="new@example.org", password=PASSWORD)
    town.person("new@example.org", name="Luc")

    with pytest.raises(LinkSpent):
        authentication.confirm_email_change(town.store, token=town.link("email_change"), device=DEVICE)


def test_another_address_takes_the_password(town: Town):
    ana = town.person()

    with pytest.raises(Invalid) as refused:
        authentication.request_email_change(town.store, actor=ana, email="new@example.org", password="not this one")
    assert refused.value.facts == {"field": "password", "reason": "wrong_password"}


def test_no_token_of_a_link_is_in_the_database_or_the_log(town: Town, secretary: Actor):
    invite(town.store, secretary)
    token = town.link("invitation")

    with town.store.reading() as db:
        assert token not in {ticket.token_hash for ticket in db.scalars(sa.select(Ticket))}
    assert token not in "".join(town.logged())
    assert "luc@example.org" not in "".join(town.logged())
