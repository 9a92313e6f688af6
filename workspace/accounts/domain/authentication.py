"""The door: verbs that check or set a password, or must write something even when they refuse.

They take the store, not a unit of work: hashing a password takes a tenth of a second, in which
nobody else could write; and a wrong code has to be counted although the request is refused.
"""

import time
from collections.abc import Iterator
from contextlib import contextmanager, nullcontext, suppress
from uuid import UUID

from workspace.accounts.domain import models, passwords, policy, sign_ins
from workspace.accounts.domain.models import Account, Device, IssuedSignIn, Ticket, TicketKind
from workspace.accounts.domain.service import AccountService, SecondFactorService
from workspace.accounts.domain.sign_ins import SignInService, identify, notify_account
from workspace.accounts.domain.tickets import JOINING, TicketService
from workspace.core import clock, events
from workspace.core.actor import NOBODY, OPERATOR, Actor, SignedInPerson
from workspace.core.errors import CodeRefused, Invalid, LinkSpent, NotAllowed, NotFound, SignInRefused, UnderMaintenance
from workspace.core.storage import log
from workspace.core.storage.db import Db, Store, lock_for_writing
from workspace.people.mandates import MandateService
from workspace.people.models import Forum, Person, Registration
from workspace.people.service import PeopleService
from workspace.people.validation import known_language, person_name

STEADY = 0.25  # seconds that asking for a link takes, whether the address is known or not


def authenticate(store: Store, token: str, *, begun: Db | None = None) -> SignedInPerson | None:
    """Who this token of a sign-in or of a program belongs to; None when it is not, or no longer, good.

    One query, in the reading unit that has `begun` if there is one; something is written only every few minutes, and
    when a token that has expired is shown.
    """
    with nullcontext(begun) if begun else store.reading() as db:
        found = SignInService(db).find(token)
        if found is None or not found.is_worth_a_note:
            return identify(found)
        db.close()  # gives its connection back to whoever writes; it can be read from again
    with suppress(UnderMaintenance), store.writing() as db:
        sign_ins.expire_credentials(db)
        found = SignInService(db).find(token)
        if found is not None and found.is_open and found.is_unseen:
            SignInService(db).note(found)
        return identify(found)
    with store.reading() as db:
        return identify(SignInService(db).find(token))


def sign_in(store: Store, *, email: str, password: str, device: Device) -> IssuedSignIn:
    """Sign in with a password. Raises `SignInRefused` after the same time whatever was wrong, and `TooBusy`."""
    with store.reading() as db:
        account = AccountService(db).by_email(email)
        known = account if account and policy.is_open(account, account.person) else None
    encoded = known.password_hash if known else None
    if not passwords.verify_password(encoded, password) or known is None or encoded is None:
        sign_ins.refused.warning("A sign-in was refused, from %s", device.kept_address)
        raise SignInRefused
    renewed = passwords.hash_password(password) if passwords.is_outdated_hash(encoded) else encoded
    with store.writing() as db:
        account = _locked(db, known.person_id)
        if account.password_hash != encoded:
            raise SignInRefused
        account.password_hash = renewed
        return SignInService(db).issue(account, device)


def is_known_device(store: Store, device: Device, *, email: str = "", person_id: UUID | None = None) -> bool:
    """Whether the account with this address, or of this person, was used whole on the device."""
    account = Account.person_id == person_id if person_id else Account.email == models.fold_email(email)
    with store.reading() as db:
        return SignInService(db).is_known(device, account)


def complete_second_step(store: Store, *, token: str, code: str, device: Device) -> IssuedSignIn:
    """Make a half sign-in whole with a code. Raises `CodeRefused`, and `SignInRefused` when it has to begin again."""
    with store.writing() as db:
        outcome = SignInService(db).complete(token, code, device)
    if isinstance(outcome, CodeRefused):
        raise outcome
    return outcome


def sign_out(store: Store, *, token: str) -> None:
    """End the sign-in of this token. Says nothing when there is none."""
    with store.writing() as db:
        SignInService(db).sign_out(token)


def send_sign_in_link(store: Store, *, email: str, language: str) -> None:
    """Send a link to sign in with, if the address has an account; the answer does not tell."""
    _send_if_known(store, TicketKind.SIGN_IN_LINK, email, language)


def send_password_reset(store: Store, *, email: str, language: str) -> None:
    """Send a link to set a new password with, if the address has an account; the answer does not tell."""
    _send_if_known(store, TicketKind.PASSWORD_RESET, email, language)


def sign_in_by_link(store: Store, *, token: str, device: Device) -> IssuedSignIn:
    """Sign in with the link of a letter. Raises `LinkSpent`."""
    with _consume_link(store) as db:
        ticket, account = _of_account(db, token, TicketKind.SIGN_IN_LINK)
        if ticket.email != account.email:
            raise LinkSpent
        return SignInService(db).issue(account, device)


def reset_password(store: Store, *, token: str, password: str, device: Device) -> IssuedSignIn:
    """Set a new password with the link of a letter. What was lent to the person before ends.

    Raises `LinkSpent`, and `Invalid` for a password that is no good (the link still works then).
    """
    sign_ins.expire_if_due(store)
    with store.reading() as db:
        looked = TicketService(db).look(token, TicketKind.PASSWORD_RESET)
    passwords.ensure_good_password(password, about=(looked.name, looked.email))
    encoded = passwords.hash_password(password)
    with store.writing() as db:
        _, account = _of_account(db, token, TicketKind.PASSWORD_RESET)
        _set_password(db, account, encoded, actor=account.person.as_actor())
        return SignInService(db).issue(account, device)


def change_password(store: Store, *, actor: Actor, current: str, password: str, device: Device) -> IssuedSignIn:
    """Set a new password for oneself. Everything else that was lent ends; a new sign-in comes back.

    `current` is empty for somebody who had none. Raises `Invalid`.
    """
    about = _confirm(store, actor, current, field="current")
    passwords.ensure_good_password(password, about=(about.person.name, about.email))
    encoded = passwords.hash_password(password)
    with store.writing() as db:
        account = _unchanged(db, about)
        _set_password(db, account, encoded, actor=actor)
        return SignInService(db).issue(account, device, is_proved=True)


def accept_invitation(
    store: Store,
    *,
    token: str,
    device: Device,
    name: str = "",
    password: str = "",
    language: str = "",
    timezone: str = "",
) -> IssuedSignIn | None:
    """Take an invitation, or finish a registration: the person has an account and the role they were invited to.

    None when the address had an account already: it gets the role, and the person signs in as they are used to.
    Raises `LinkSpent`, also when whoever invited may no longer give the role; and `Invalid`.
    """
    sign_ins.expire_if_due(store)
    with store.reading() as db:
        looked = TicketService(db).look(token, *JOINING)
    if looked.has_account:
        _join_with_account(store, token)
        return None
    called, spoken = person_name(name or looked.name), known_language(language or looked.language)
    passwords.ensure_good_password(password, about=(called, looked.email))
    encoded = passwords.hash_password(password)
    with store.writing() as db:
        ticket = TicketService(db).use(token, *JOINING)
        person = _joining(db, ticket, called, spoken)
        ticket.person_id = person.id
        account = AccountService(db).make(person, email=ticket.email, password_hash=encoded, actor=person.as_actor())
        _give_role(db, ticket, person)
        if timezone:
            AccountService(db).change_profile(actor=person.as_actor(), timezone=timezone)
        return SignInService(db).issue(account, device)


def register(store: Store, *, forum: str, email: str, name: str, language: str) -> None:
    """Ask for an account where the forum lets everybody have one: a letter with a link goes to the address.

    The answer does not tell whether the address has an account. Raises `NotFound` where the forum is
    not open, and `Invalid`.
    """
    with _constant_time():
        address, called, spoken = models.check_email(email), person_name(name), known_language(language)
        with store.writing() as db:
            where = PeopleService(db).forum(forum)
            if where.registration is not Registration.OPEN:
                raise NotFound(what="forum", id=forum)
            account = AccountService(db).by_email(address)
            if account is None:
                TicketService(db).send_registration(where, email=address, name=called, language=spoken, actor=NOBODY)
            elif policy.is_open(account, account.person):
                TicketService(db).send_link(TicketKind.SIGN_IN_LINK, account, language=spoken, actor=NOBODY)


def request_email_change(store: Store, *, actor: Actor, email: str, password: str) -> None:
    """Ask for another address: a letter with a link goes there. The answer does not tell whether it is taken.

    Raises `Invalid` for a wrong password, and for what is no address.
    """
    with _constant_time():
        address = models.check_email(email)
        known = _confirm(store, actor, password, field="password")
        with store.writing() as db:
            account = _unchanged(db, known)
            if AccountService(db).by_email(address) is None:
                language = account.person.language
                TicketService(db).send_link(
                    TicketKind.EMAIL_CHANGE, account, to=address, language=language, actor=actor
                )


def confirm_email_change(store: Store, *, token: str, device: Device) -> IssuedSignIn:
    """Take the new address with the link that was sent there. What was lent before ends; the old address is told.

    Raises `LinkSpent`.
    """
    with _consume_link(store) as db:
        ticket, account = _of_account(db, token, TicketKind.EMAIL_CHANGE)
        if AccountService(db).by_email(ticket.email) is not None:
            raise LinkSpent
        before, actor = account.email, account.person.as_actor()
        events.publish(db, events.RightsChanged(person_id=account.person_id, actor=actor))
        account.email = ticket.email
        log.record(db, "account.email_changed", actor=actor, person=str(account.person_id))
        for address in (before, account.email):
            notify_account(db, account, "email_changed", to=address)
        return SignInService(db).issue(account, device)


def enrol_factor(
    store: Store, *, actor: Actor, secret: str, code: str, password: str, device: Device
) -> tuple[IssuedSignIn, tuple[str, ...]]:
    """Have a code asked for from now on. A new sign-in comes back, and the recovery codes, told only here.

    `password` is empty for somebody who has none. Raises `Invalid`.
    """
    known = _confirm(store, actor, password, field="password")
    with store.writing() as db:
        account = _unchanged(db, known)
        codes = SecondFactorService(db).enrol(account, secret=secret, code=code, actor=actor)
        return SignInService(db).issue(account, device, is_proved=True), codes


def remove_factor(store: Store, *, actor: Actor, password: str, code: str, device: Device) -> IssuedSignIn:
    """No longer have a code asked for. Raises `NotEnrolled` for whoever must have a factor, and `Invalid`."""
    known = _confirm(store, actor, password, field="password")
    with store.writing() as db:
        account = _unchanged(db, known)
        SecondFactorService(db).remove(account, code=code, actor=actor)
        return SignInService(db).issue(account, device, is_proved=True)


def new_recovery_codes(store: Store, *, actor: Actor, code: str) -> tuple[str, ...]:
    """Recovery codes in place of the old ones. Raises `Invalid` for a wrong code."""
    with store.writing() as db:
        account = _locked(db, policy.own_account(actor))
        return SecondFactorService(db).renew_codes(account, code=code, actor=actor)


@contextmanager
def _constant_time() -> Iterator[None]:
    """Take the same time whatever is inside, so that it does not tell what is known here."""
    begun = time.monotonic()
    try:
        yield
    finally:
        time.sleep(max(0.0, begun + STEADY - time.monotonic()))


@contextmanager
def _consume_link(store: Store) -> Iterator[Db]:
    """A unit of work in which a link is used."""
    sign_ins.expire_if_due(store)
    with store.writing() as db:
        yield db


def _send_if_known(store: Store, kind: TicketKind, email: str, language: str) -> None:
    with _constant_time(), store.writing() as db:
        account = AccountService(db).by_email(email)
        if account is not None and policy.is_open(account, account.person):
            TicketService(db).send_link(kind, account, language=known_language(language), actor=NOBODY)


def _of_account(db: Db, token: str, kind: TicketKind) -> tuple[Ticket, Account]:
    """Use a link of somebody who has an account, and lock the account."""
    ticket = TicketService(db).use(token, kind)
    if ticket.person_id is None:
        raise LinkSpent
    try:
        return ticket, _locked(db, ticket.person_id)
    except SignInRefused as error:
        raise LinkSpent from error


def _locked(db: Db, person_id: UUID) -> Account:
    """The account, open, and locked until the unit ends; raises `SignInRefused`."""
    account = lock_for_writing(db, Account, person_id)
    if account is None or not policy.is_open(account, account.person):
        raise SignInRefused
    found: Account = account
    return found


def _confirm(store: Store, actor: Actor, password: str, *, field: str) -> Account:
    """One's own account, once its password was given again; raises `Invalid` when it is wrong."""
    with store.reading() as db:
        account = AccountService(db).profile(actor=actor).account
    if account.password_hash is not None and not passwords.verify_password(account.password_hash, password):
        raise Invalid(field=field, reason="wrong_password")
    return account


def _unchanged(db: Db, known: Account) -> Account:
    """The same account, locked; raises `Invalid` when its password was changed since it was confirmed."""
    account = _locked(db, known.person_id)
    if account.password_hash != known.password_hash:
        raise Invalid(field="password", reason="wrong_password")
    return account


def _set_password(db: Db, account: Account, encoded: str, *, actor: Actor) -> None:
    account.password_hash, account.password_since = encoded, clock.now()
    log.record(db, "account.password_changed", actor=actor, person=str(account.person_id))
    events.publish(db, events.RightsChanged(person_id=account.person_id, actor=actor))
    notify_account(db, account, "password_changed")


def _join_with_account(store: Store, token: str) -> None:
    with store.writing() as db:
        ticket = TicketService(db).use(token, *JOINING)
        account = AccountService(db).by_email(ticket.email)
        if account is None or not policy.is_open(account, account.person):
            raise LinkSpent
        _give_role(db, ticket, account.person)


def _joining(db: Db, ticket: Ticket, name: str, language: str) -> Person:
    """The person listed whom the ticket names, or a new one."""
    person = db.get(Person, ticket.person_id) if ticket.person_id else None
    if person is None:
        person = Person(name=name, language=language, mandates=[])
        db.add(person)
    person.name, person.language = name, language
    db.flush()
    return person


def _give_role(db: Db, ticket: Ticket, person: Person) -> None:
    forum = db.get(Forum, ticket.forum_id) if ticket.forum_id else None
    log.record(
        db,
        "invitation.accepted",
        actor=person.as_actor(),
        forum_id=ticket.forum_id,
        person=str(person.id),
        ticket=str(ticket.id),
    )
    if ticket.role is None or forum is None or _holds(person, ticket):
        return
    try:
        MandateService(db).give(
            forum, person, role=ticket.role, organisation=ticket.organisation, actor=_inviter(db, ticket), by_two=True
        )
    except NotAllowed as error:
        raise LinkSpent from error


def _holds(person: Person, ticket: Ticket) -> bool:
    """Whether they have the role already, for good."""
    wanted = (ticket.forum_id, ticket.role, ticket.organisation_id)
    return any(
        (mandate.forum_id, mandate.role, mandate.organisation_id) == wanted and mandate.ends_on is None
        for mandate in person.mandates
    )


def _inviter(db: Db, ticket: Ticket) -> Actor:
    """Who invited, with the mandates that count today; the operator where it was nobody in particular."""
    if ticket.made_by is None:
        return OPERATOR
    account, person = db.get(Account, ticket.made_by), db.get(Person, ticket.made_by)
    if person is None or (account is not None and not policy.is_open(account, person)):
        raise LinkSpent
    return policy.with_counting_rights(person.as_actor(), has_factor=account is not None and account.has_factor)
