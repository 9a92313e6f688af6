"""The first account of a workspace, and people who registered by themselves."""

from collections.abc import Sequence
from datetime import date, datetime
from uuid import UUID

import sqlalchemy as sa
from msgspec import Struct

from workspace.accounts.domain import passwords
from workspace.accounts.domain.models import Account, Device, IssuedSignIn, Ticket, TicketKind
from workspace.accounts.domain.service import AccountService
from workspace.accounts.domain.sign_ins import SignInService
from workspace.accounts.domain.tickets import TicketService
from workspace.approvals.roles import RoleService
from workspace.core.actor import OPERATOR, Actor, Role
from workspace.core.errors import LinkSpent, NotFound
from workspace.core.events import TaskGiven, publish
from workspace.core.storage import log
from workspace.core.storage.db import Db, Service, Store, Trilingual
from workspace.people import policy
from workspace.people.mandates import MandateService
from workspace.people.models import Forum, Mandate, Organisation, Person
from workspace.people.service import PeopleService


class NewForum(Struct, frozen=True, kw_only=True):
    """The forum to begin with; without a time zone it has that of its place."""

    network: Trilingual
    slug: str
    name: Trilingual
    place: Trilingual = Trilingual()
    timezone: str = ""
    starts_on: date | None = None
    ends_on: date | None = None


def first_run_open(db: Db) -> bool:
    """Whether there is no account at all, so that somebody has to make the first one."""
    return db.scalar(sa.select(sa.func.count()).select_from(Account)) == 0


def first_run_code(store: Store) -> str | None:
    """A new code that opens the set-up page, for the console only; None when there is an account. Older codes end."""
    with store.reading() as db:
        if not first_run_open(db):
            return None
    with store.writing() as db:
        return TicketService(db).first_run()


def set_up_first_forum(
    store: Store, *, code: str, forum: NewForum, name: str, email: str, password: str, language: str, device: Device
) -> IssuedSignIn:
    """Found the first forum and make the first account, which is its administrator and chair.

    Raises `LinkSpent` for a code that is not the console's, or when somebody was faster; and `Invalid`.
    """
    with store.reading() as db:
        TicketService(db).look(code, TicketKind.FIRST_RUN)
    passwords.ensure_good_password(password, about=(name, email))
    encoded = passwords.hash_password(password)
    with store.writing() as db:
        TicketService(db).use(code, TicketKind.FIRST_RUN)
        if not first_run_open(db):
            raise LinkSpent
        account = _first_account(db, _found(db, forum), name, email=email, language=language, password_hash=encoded)
        log.record(db, "first_run.done", actor=account.person.as_actor(), person=str(account.person_id))
        return SignInService(db).issue(account, device)


def found_forum(db: Db, forum: NewForum, *, name: str, email: str, language: str) -> str:
    """Found a forum at the machine itself; where an `email` is given, with an administrator and chair.

    Returns the address, on this site, of a link to set their password; empty when there is none to set,
    because nobody was named or the address has an account already.
    """
    here = _found(db, forum)
    known = AccountService(db).by_email(email) if email else None
    if known is not None:
        for role in (Role.ADMIN, Role.CHAIR):
            MandateService(db).give(here, known.person, role=role, actor=OPERATOR)
        return ""
    if not email:
        return ""
    account = _first_account(db, here, name, email=email, language=language, password_hash=None)
    return TicketService(db).operator_link(account.person, actor=OPERATOR)


def _found(db: Db, forum: NewForum) -> Forum:
    return PeopleService(db).found(
        network=forum.network,
        slug=forum.slug,
        name=forum.name,
        place=forum.place,
        timezone=forum.timezone,
        starts_on=forum.starts_on,
        ends_on=forum.ends_on,
        actor=OPERATOR,
    )


def _first_account(db: Db, forum: Forum, name: str, *, email: str, language: str, password_hash: str | None) -> Account:
    """Somebody who is administrator and chair of the forum, with an account."""
    person = PeopleService(db).add_person(forum, name=name, role=Role.ADMIN, language=language, actor=OPERATOR)
    MandateService(db).give(forum, person, role=Role.CHAIR, actor=OPERATOR)
    return AccountService(db).make(person, email=email, password_hash=password_hash, actor=OPERATOR)


class SelfRegistration(Struct, frozen=True):
    """Somebody who registered, and has no role in the forum yet."""

    person_id: UUID
    name: str
    since: datetime


class SelfRegistrationService(Service):
    """Those who came in by themselves."""

    def pending(self, forum: Forum, *, actor: Actor) -> Sequence[SelfRegistration]:
        """Who waits, the longest first; nobody, for who could give them no role."""
        if not policy.roles_to_give(actor, forum):
            return []
        since = sa.func.min(Ticket.used_at)
        is_endless = Mandate.starts_on.is_(None) | Mandate.ends_on.is_(None)
        counts = is_endless | (Mandate.ends_on >= Mandate.starts_on)
        statement = (
            sa.select(Person.id, Person.name, since)
            .join(Account, Account.person_id == Person.id)
            .join(Ticket, sa.or_(Ticket.person_id == Person.id, Ticket.email == Account.email))
            .where(
                Ticket.kind == TicketKind.REGISTRATION,
                Ticket.forum_id == forum.id,
                Ticket.used_at.is_not(None),
                Account.closed_at.is_(None),
                Person.erased_at.is_(None),
                ~sa.exists().where(Mandate.person_id == Person.id, Mandate.forum_id == forum.id, counts),
                Person.id.not_in([request.person_id for request in RoleService(self.db).pending(forum).values()]),
            )
            .group_by(Person.id, Person.name)
            .order_by(since, Person.id)
        )
        return [SelfRegistration(person_id, name, at) for person_id, name, at in self.db.execute(statement) if at]

    def give_role(
        self, forum: Forum, person_id: UUID, *, role: Role, actor: Actor, organisation: Organisation | None = None
    ) -> Mandate:
        """Give one of them their first role here, and tell them.

        Raises `NotFound` for anybody else, and what giving a role does.
        """
        if all(self_registration.person_id != person_id for self_registration in self.pending(forum, actor=actor)):
            raise NotFound(what="person", id=str(person_id))
        person = self.db.get_one(Person, person_id)
        given = MandateService(self.db).give(forum, person, role=role, organisation=organisation, actor=actor)
        if not given.is_void:
            publish(self.db, TaskGiven(person.id, "role_given", forum.id, actor))
        return given
