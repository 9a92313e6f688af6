"""Networks, forums, organisations, persons and mandates."""

from datetime import date, datetime
from enum import StrEnum
from secrets import token_hex
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column, relationship

from workspace.core.actor import Actor, ActorMandate, EmergencyRight, Role
from workspace.core.security.permissions import Phase
from workspace.core.storage.db import Model, Trilingual, primary_key
from workspace.core.storage.forum_scope import scope


class Registration(StrEnum):
    """How somebody comes to have an account in a forum."""

    INVITATION = "invitation"
    OPEN = "open"


class OrganisationKind(StrEnum):
    """What sort of body an organisation is."""

    CITY = "city"
    REGION = "region"
    NETWORK = "network"
    OTHER = "other"


class Network(Model):
    """The organisation that holds forums."""

    __tablename__ = "network"

    id: Mapped[UUID] = primary_key()
    name: Mapped[Trilingual]


class Forum(Model):
    """One gathering with its whole process, from mandate to publication.

    `phases` holds the letters of the phases its declarations are in: what is open to
    read and do in the forum itself, its sessions and recommendations, follows from them.
    `guest_comments` lets visitors comment without an account; `one_voice` makes amendments
    and support an organisation's, not a person's. With `late_needs_leave` nothing can be done with a late one before
    the chair gives leave.
    `labels` are the names of its instruments, where they are not the first of `instruments.NAMES`.
    `reminder_month` is when reports on commitments are asked for; without one a year after the last, with 0 never.
    """

    __tablename__ = "forum"

    id: Mapped[UUID] = primary_key()
    network_id: Mapped[UUID] = mapped_column(sa.ForeignKey("network.id"))
    slug: Mapped[str] = mapped_column(unique=True)
    name: Mapped[Trilingual]
    description: Mapped[Trilingual] = mapped_column(default=Trilingual())
    place: Mapped[Trilingual] = mapped_column(default=Trilingual())
    timezone: Mapped[str] = mapped_column(default="UTC")
    starts_on: Mapped[date | None]
    ends_on: Mapped[date | None]
    phases: Mapped[str] = mapped_column(default=Phase.SETUP.value)
    registration: Mapped[Registration] = mapped_column(
        default=Registration.INVITATION, server_default=Registration.INVITATION.value
    )
    guest_comments: Mapped[bool] = mapped_column(default=False, server_default=sa.false())
    one_voice: Mapped[bool] = mapped_column(default=False, server_default=sa.false())
    late_needs_leave: Mapped[bool] = mapped_column(default=True, server_default=sa.true())
    is_public_programme: Mapped[bool] = mapped_column(default=True, server_default=sa.true())
    labels: Mapped[dict[str, str]] = mapped_column(sa.JSON, default=dict, server_default="{}")
    reminder_month: Mapped[int | None]

    network: Mapped[Network] = relationship()

    def local(self, moment: datetime) -> datetime:
        """The same moment as the clocks of the forum's place show it, offset included."""
        return moment.astimezone(ZoneInfo(self.timezone))


class Organisation(Model):
    """A city, region, network or other body whose people take part.

    `merged_into_id` names the one that took its place when both turned out to be the same.
    """

    __tablename__ = "organisation"

    id: Mapped[UUID] = primary_key()
    network_id: Mapped[UUID] = mapped_column(sa.ForeignKey("network.id"))
    name: Mapped[str]
    kind: Mapped[OrganisationKind] = mapped_column(default=OrganisationKind.CITY)
    country: Mapped[str] = mapped_column(default="")  # two letters of ISO 3166, or empty
    aliases: Mapped[list[str]] = mapped_column(sa.JSON, default=list)
    merged_into_id: Mapped[UUID | None] = mapped_column(sa.ForeignKey("organisation.id"))


class Person(Model):
    """Somebody who takes part. What they may do follows from their mandates."""

    __tablename__ = "person"

    id: Mapped[UUID] = primary_key()
    name: Mapped[str]
    language: Mapped[str] = mapped_column(sa.String(2), default="en")
    timezone: Mapped[str] = mapped_column(default="", server_default="")  # empty: that of the forum
    erased_at: Mapped[datetime | None]
    salt: Mapped[str] = mapped_column(default=lambda: token_hex(16), server_default="", deferred=True)

    mandates: Mapped[list["Mandate"]] = relationship(back_populates="person")
    lent: Mapped[list["EmergencyAccess"]] = relationship(
        foreign_keys="EmergencyAccess.person_id", back_populates="person"
    )

    def as_actor(self) -> Actor:
        """The person as somebody who acts; only administrators can have been lent anything."""
        is_admin = any(mandate.role is Role.ADMIN for mandate in self.mandates)
        return Actor(
            person_id=self.id,
            name=self.name,
            mandates=tuple(mandate.as_held() for mandate in self.mandates),
            lent=tuple(EmergencyRight(access.forum_id, access.until) for access in self.lent if not access.closed_at)
            if is_admin
            else (),
            timezone=self.timezone,
        )


class Mandate(Model):
    """A role in one forum, for an organisation where there is one, between two dates.

    A deputy's mandate has the role of the mandate it stands in for, `deputy_of_id`, and dates within
    that one's. A steward looks after the people of their own organisation.
    """

    __tablename__ = "mandate"

    id: Mapped[UUID] = primary_key()
    person_id: Mapped[UUID] = mapped_column(sa.ForeignKey("person.id"), index=True)
    forum_id: Mapped[UUID] = mapped_column(sa.ForeignKey("forum.id"), index=True)
    organisation_id: Mapped[UUID | None] = mapped_column(sa.ForeignKey("organisation.id"))
    role: Mapped[Role]
    starts_on: Mapped[date | None]
    ends_on: Mapped[date | None]
    deputy_of_id: Mapped[UUID | None] = mapped_column(sa.ForeignKey("mandate.id"))
    is_steward: Mapped[bool] = mapped_column(default=False, server_default=sa.false())
    languages: Mapped[str] = mapped_column(default="", server_default="")  # of a translator; see `languages_of`

    person: Mapped[Person] = relationship(back_populates="mandates")
    forum: Mapped[Forum] = relationship(lazy="joined", innerjoin=True)  # whose days its dates are
    organisation: Mapped[Organisation | None] = relationship()

    @property
    def is_void(self) -> bool:
        """Whether it counts on no day: it ended before it began, or waits for a second person."""
        return self.starts_on is not None and self.ends_on is not None and self.ends_on < self.starts_on

    def as_held(self) -> ActorMandate:
        return held_of(self, self.forum.timezone)


def held_of(row: Any, zone: str) -> ActorMandate:
    """What a mandate, or a row of its columns, lets its holder do in a forum of this time zone."""
    return ActorMandate(
        row.forum_id,
        Role(row.role),
        row.organisation_id,
        row.starts_on,
        row.ends_on,
        languages=languages_of(row.languages),
        is_steward=row.is_steward,
        zone=zone,
    )


NO_LANGUAGE = "-"


def languages_of(written: str) -> frozenset[str] | None:
    """The languages of a translator's mandate, kept as "es,fr"; empty is every one, "-" is none yet."""
    if not written:
        return None
    return frozenset() if written == NO_LANGUAGE else frozenset(written.split(","))


class EmergencyAccess(Model):
    """The glass somebody broke: why they see the texts of a forum, from when until when. Ends early when closed."""

    __tablename__ = "lent_right"

    id: Mapped[UUID] = primary_key()
    person_id: Mapped[UUID] = mapped_column(sa.ForeignKey("person.id"), index=True)
    forum_id: Mapped[UUID] = mapped_column(sa.ForeignKey("forum.id"), index=True)
    reason: Mapped[str]
    opened_at: Mapped[datetime]
    until: Mapped[datetime]
    closed_at: Mapped[datetime | None]
    closed_by_id: Mapped[UUID | None] = mapped_column(sa.ForeignKey("person.id"))

    person: Mapped[Person] = relationship(foreign_keys=[person_id], back_populates="lent")


class Contact(Model):
    """The address of somebody without an account: a guest, or a person of the register who was not invited yet.

    A guest's browser goes on as the guest by a token (`pass_hash`). A link is sent to the address:
    `check_hash` is that of its token, `checked_at` says when somebody opened it.
    """

    __tablename__ = "contact"

    person_id: Mapped[UUID] = mapped_column(sa.ForeignKey("person.id"), primary_key=True)
    email: Mapped[str] = mapped_column(index=True)
    made_at: Mapped[datetime]
    pass_hash: Mapped[str | None] = mapped_column(unique=True)
    check_hash: Mapped[str | None] = mapped_column(unique=True)
    checked_at: Mapped[datetime | None]

    person: Mapped[Person] = relationship()  # so that people are written before their addresses


class Roster(Model):
    """The rows of a spreadsheet of people, kept between its preview and its being taken in, a day at most."""

    __tablename__ = "roster"

    id: Mapped[UUID] = primary_key()
    forum_id: Mapped[UUID] = mapped_column(sa.ForeignKey("forum.id"), index=True)
    made_by_id: Mapped[UUID | None] = mapped_column(sa.ForeignKey("person.id"))
    made_at: Mapped[datetime]
    source: Mapped[str]
    rows: Mapped[list[dict[str, Any]]] = mapped_column(sa.JSON)


SCOPES = (
    scope(Organisation, Organisation.network_id),
    scope(Mandate, Mandate.forum_id, persons=Mandate.person_id),
    scope(EmergencyAccess, EmergencyAccess.forum_id),
)
