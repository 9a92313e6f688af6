"""The first account of a workspace: made in the browser by whoever can read the server's console, or by command."""

from datetime import date

import sqlalchemy as sa
from msgspec import Struct

from workspace.accounts import passwords
from workspace.accounts.models import Account, TicketKind
from workspace.accounts.service import AccountService
from workspace.accounts.sign_ins import SignInService
from workspace.accounts.tickets import TicketService
from workspace.accounts.values import Device, Issued
from workspace.core import log
from workspace.core.actor import OPERATOR, Role
from workspace.core.db import Db, Store, Trilingual
from workspace.core.errors import LinkSpent
from workspace.people.mandates import MandateService
from workspace.people.models import Forum
from workspace.people.service import PeopleService


class NewForum(Struct, frozen=True, kw_only=True):
    """The forum to begin with."""

    network: Trilingual
    slug: str
    name: Trilingual
    place: Trilingual = Trilingual()
    timezone: str = "UTC"
    starts_on: date | None = None
    ends_on: date | None = None


def first_run_open(db: Db) -> bool:
    """Whether there is no account at all, so that somebody has to make the first one."""
    return db.scalar(sa.select(sa.func.count()).select_from(Account)) == 0


def first_run_code(store: Store) -> str | None:
    """A new code that opens the set-up page, for the console only; None when there is an account. Older codes end."""
    with store.writing() as db:
        return TicketService(db).first_run() if first_run_open(db) else None


def set_up(
    store: Store,
    *,
    code: str,
    forum: NewForum,
    name: str,
    email: str,
    password: str,
    language: str,
    device: Device,
) -> Issued:
    """Found the first forum and make the first account, which is its administrator and chair.

    Raises `LinkSpent` for a code that is not the console's, or when somebody was faster; and `Invalid`.
    """
    with store.reading() as db:
        TicketService(db).look(code, TicketKind.FIRST_RUN)
    passwords.ensure_good(password, about=(name, email))
    encoded = passwords.hash_of(password)
    with store.writing() as db:
        TicketService(db).use(code, TicketKind.FIRST_RUN)
        if not first_run_open(db):
            raise LinkSpent
        account = _first_account(db, _found(db, forum), name, email=email, language=language, password_hash=encoded)
        log.record(db, "first_run.done", actor=account.person.as_actor(), person=str(account.person_id))
        return SignInService(db).issue(account, device)


def begin(db: Db, forum: NewForum, *, name: str, email: str, language: str) -> str:
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
