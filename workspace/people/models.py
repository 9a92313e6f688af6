"""Networks, forums, organisations, persons and mandates."""

from datetime import date
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column, relationship

from workspace.core.actor import Actor, Held, Role
from workspace.core.db import Model, Trilingual, primary_key
from workspace.core.permissions import Phase


class Network(Model):
    """The organisation that holds forums."""

    __tablename__ = "network"

    id: Mapped[UUID] = primary_key()
    name: Mapped[Trilingual]


class Forum(Model):
    """One gathering with its whole process, from mandate to publication.

    `phases` holds the letters of the phases its declarations are in: what is open to
    read and do in the forum itself, its sessions and recommendations, follows from them.
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

    network: Mapped[Network] = relationship()


class Organisation(Model):
    """A city, region, network or other body whose people take part."""

    __tablename__ = "organisation"

    id: Mapped[UUID] = primary_key()
    network_id: Mapped[UUID] = mapped_column(sa.ForeignKey("network.id"))
    name: Mapped[str]
    kind: Mapped[str] = mapped_column(default="city")
    country: Mapped[str] = mapped_column(default="")
    aliases: Mapped[list[str]] = mapped_column(sa.JSON, default=list)


class Person(Model):
    """Somebody who takes part. What they may do follows from their mandates."""

    __tablename__ = "person"

    id: Mapped[UUID] = primary_key()
    name: Mapped[str]
    language: Mapped[str] = mapped_column(sa.String(2), default="en")

    mandates: Mapped[list["Mandate"]] = relationship(back_populates="person")

    def as_actor(self) -> Actor:
        return Actor(person_id=self.id, name=self.name, mandates=tuple(mandate.as_held() for mandate in self.mandates))


class Mandate(Model):
    """A role in one forum, for an organisation where there is one, between two dates."""

    __tablename__ = "mandate"

    id: Mapped[UUID] = primary_key()
    person_id: Mapped[UUID] = mapped_column(sa.ForeignKey("person.id"), index=True)
    forum_id: Mapped[UUID] = mapped_column(sa.ForeignKey("forum.id"), index=True)
    organisation_id: Mapped[UUID | None] = mapped_column(sa.ForeignKey("organisation.id"))
    role: Mapped[Role]
    starts_on: Mapped[date | None]
    ends_on: Mapped[date | None]

    person: Mapped[Person] = relationship(back_populates="mandates")
    organisation: Mapped[Organisation | None] = relationship()

    def as_held(self) -> Held:
        return Held(self.forum_id, Role(self.role), self.organisation_id, self.starts_on, self.ends_on)
