"""Accounts and their credentials: tables, the values that services return, e-mail addresses as they are compared."""

import re
import unicodedata
from collections.abc import Mapping
from datetime import datetime
from enum import StrEnum
from typing import Any
from uuid import UUID

import sqlalchemy as sa
from msgspec import Struct
from sqlalchemy.orm import Mapped, mapped_column, relationship

from workspace.core.actor import Role
from workspace.core.errors import Invalid
from workspace.core.storage.db import Model, primary_key
from workspace.people.models import Forum, Organisation, Person


class TicketKind(StrEnum):
    """What a link in a letter, or a code on the server's console, is good for; and for nothing else."""

    INVITATION = "invitation"
    REGISTRATION = "registration"
    SIGN_IN_LINK = "sign_in_link"
    PASSWORD_RESET = "password_reset"  # noqa: S105  (a word)
    EMAIL_CHANGE = "email_change"
    FIRST_RUN = "first_run"


class Account(Model):
    """How a person signs in. `email` is casefolded; `notices` holds the choices that differ from the usual."""

    __tablename__ = "account"

    person_id: Mapped[UUID] = mapped_column(sa.ForeignKey("person.id"), primary_key=True)
    email: Mapped[str] = mapped_column(unique=True)
    password_hash: Mapped[str | None]
    password_since: Mapped[datetime | None]
    totp_secret: Mapped[str | None]
    totp_since: Mapped[datetime | None]
    totp_counter: Mapped[int | None] = mapped_column(sa.BigInteger)  # of the last code used; none is used twice
    notices: Mapped[dict[str, Any]] = mapped_column(sa.JSON, default=dict)
    made_at: Mapped[datetime]
    closed_at: Mapped[datetime | None]

    person: Mapped[Person] = relationship()

    @property
    def has_factor(self) -> bool:
        return self.totp_since is not None


class SignIn(Model):
    """One browser that is signed in. Not `is_full`: the password was right, the code is still to come."""

    __tablename__ = "sign_in"

    id: Mapped[UUID] = primary_key()
    person_id: Mapped[UUID] = mapped_column(sa.ForeignKey("person.id"), index=True)
    token_hash: Mapped[str] = mapped_column(unique=True)
    made_at: Mapped[datetime]
    seen_at: Mapped[datetime]
    expires_at: Mapped[datetime]
    agent: Mapped[str]
    address: Mapped[str]
    is_full: Mapped[bool]
    failures: Mapped[int] = mapped_column(default=0)  # wrong codes
    ended_at: Mapped[datetime | None]


class RecoveryCode(Model):
    """A code on paper, for the day the telephone is lost. Works once."""

    __tablename__ = "recovery_code"

    id: Mapped[UUID] = primary_key()
    person_id: Mapped[UUID] = mapped_column(sa.ForeignKey("person.id"), index=True)
    code_hash: Mapped[str]
    used_at: Mapped[datetime | None]


class Ticket(Model):
    """A link sent to one address for one purpose, which works once and not for long.

    An invitation without `person_id` makes the person; `role` is given when it is accepted,
    in the name of `made_by`, if they may still give it then.
    """

    __tablename__ = "ticket"

    id: Mapped[UUID] = primary_key()
    kind: Mapped[TicketKind]
    token_hash: Mapped[str] = mapped_column(unique=True)
    email: Mapped[str] = mapped_column(index=True)
    name: Mapped[str] = mapped_column(default="")
    language: Mapped[str] = mapped_column(sa.String(2), default="en")
    person_id: Mapped[UUID | None] = mapped_column(sa.ForeignKey("person.id"), index=True)
    forum_id: Mapped[UUID | None] = mapped_column(sa.ForeignKey("forum.id"), index=True)
    role: Mapped[Role | None]
    organisation_id: Mapped[UUID | None] = mapped_column(sa.ForeignKey("organisation.id"))
    made_by: Mapped[UUID | None] = mapped_column(sa.ForeignKey("person.id"))  # None: the operator, or nobody
    made_at: Mapped[datetime]
    expires_at: Mapped[datetime]
    used_at: Mapped[datetime | None]
    ended_at: Mapped[datetime | None]

    forum: Mapped[Forum | None] = relationship()
    organisation: Mapped[Organisation | None] = relationship()


class ApiToken(Model):
    """What a program of this person shows instead of a sign-in. `prefix` lets the person tell tokens apart."""

    __tablename__ = "api_token"

    id: Mapped[UUID] = primary_key()
    person_id: Mapped[UUID] = mapped_column(sa.ForeignKey("person.id"), index=True)
    name: Mapped[str]
    prefix: Mapped[str]
    token_hash: Mapped[str] = mapped_column(unique=True)
    is_read_only: Mapped[bool]
    forum_id: Mapped[UUID | None] = mapped_column(sa.ForeignKey("forum.id"))
    made_at: Mapped[datetime]
    expires_at: Mapped[datetime]
    seen_at: Mapped[datetime | None]
    ended_at: Mapped[datetime | None]

    forum: Mapped[Forum | None] = relationship()


class ClockMark(Model):
    """When what had expired was last marked as ended."""

    __tablename__ = "clock_mark"

    id: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    at: Mapped[datetime]


_AGENT, _ADDRESS = 300, 64  # characters that are kept


class Device(Struct, frozen=True):
    """The browser or program that asks, as it calls itself, and the address that it asks from.

    `last_token` is that of its last whole sign-in, "" where it has none, or says nothing of it.
    """

    agent: str = ""
    address: str = ""
    last_token: str = ""

    @property
    def kept_agent(self) -> str:
        return _printable(self.agent)[:_AGENT]

    @property
    def kept_address(self) -> str:
        return _printable(self.address)[:_ADDRESS]


class IssuedSignIn(Struct, frozen=True):
    """A new sign-in. `token` is for the cookie and is told only here.

    Not `is_full`: the code of the second factor is still to come. `must_enrol`: the person has
    a role that needs a second factor, and none yet; until then the role does not count.
    """

    token: str
    sign_in_id: UUID
    person_id: UUID
    is_full: bool
    must_enrol: bool
    expires_at: datetime


class AccountProfile(Struct, frozen=True):
    """What a person sees of their own account."""

    person: Person
    account: Account
    factor_since: datetime | None
    recovery_codes_left: int
    must_enrol: bool
    notices: Mapping[str, bool]


def _printable(text: str) -> str:
    return "".join(character for character in text if character.isprintable())


LONGEST = 254
_SHAPE = re.compile(r"[^@\s\"(),:;<>\[\\\]]+@[^@\s\"(),:;<>\[\\\]]+")


def fold_email(email: str) -> str:
    """The address as it is compared: without spaces around it, in small letters."""
    return unicodedata.normalize("NFC", email.strip()).casefold()


def check_email(email: str) -> str:
    """The address as it is kept; raises `Invalid` for what no letter could reach."""
    address = fold_email(email)
    local, _, domain = address.partition("@")
    is_address = _SHAPE.fullmatch(address) and address.isprintable() and len(address) <= LONGEST
    if not is_address or local.startswith(".") or ".." in address or not all(domain.split(".")):
        raise Invalid(field="email", reason="bad_email")
    return address
