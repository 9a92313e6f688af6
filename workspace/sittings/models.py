"""Sittings on a declaration, who was there, who spoke, and the minutes that were signed.

An item is named by a key: "amendment:" or "paragraph:" with an id for what is about the text, "item:" with the number
of a free one. What was signed never changes; the rest is named by the log after every change.
"""

from datetime import datetime
from enum import StrEnum
from typing import Any
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column, relationship

from workspace.core.events import PersonErased
from workspace.core.storage.db import Db, Model, primary_key
from workspace.core.storage.forum_scope import scope
from workspace.declarations.domain.models import Declaration
from workspace.people.models import Organisation, Person


class SittingKind(StrEnum):
    """Whose sitting it is: of the delegations, or of the drafting committee."""

    PLENARY = "plenary"
    COMMITTEE = "committee"


class SittingStage(StrEnum):
    """How far a sitting is."""

    PLANNED = "planned"
    OPEN = "open"
    ENDED = "ended"
    SIGNED = "signed"


class Standing(StrEnum):
    """How a seat attends; one of which nothing is noted is absent."""

    PRESENT = "present"
    REPRESENTED = "represented"
    ABSENT = "absent"


class SpeakingOrder(StrEnum):
    """In which order those who asked for the floor are given it."""

    REQUEST = "request"
    GROUPS = "groups"  # of the forum, in turns
    FIRST_TIME = "first_time"  # who has not spoken at this sitting comes first


class Sitting(Model):
    """One sitting, and its list of speakers: on which item, in minutes for each, in which order, open or closed."""

    __tablename__ = "sitting"
    __table_args__ = (sa.UniqueConstraint("declaration_id", "number"),)

    id: Mapped[UUID] = primary_key()
    declaration_id: Mapped[UUID] = mapped_column(sa.ForeignKey("declaration.id"), index=True)
    number: Mapped[int]
    kind: Mapped[SittingKind]
    place: Mapped[str]
    planned_at: Mapped[datetime]
    began_at: Mapped[datetime | None]
    ended_at: Mapped[datetime | None]
    list_item: Mapped[str] = mapped_column(default="")
    list_minutes: Mapped[int] = mapped_column(default=3)
    list_order: Mapped[SpeakingOrder] = mapped_column(default=SpeakingOrder.REQUEST)
    list_is_open: Mapped[bool | None]  # None: there was none yet

    declaration: Mapped[Declaration] = relationship()
    items: Mapped[list["SittingItem"]] = relationship(order_by="SittingItem.number", lazy="selectin")
    seats: Mapped[list["SittingSeat"]] = relationship(order_by="SittingSeat.number", lazy="selectin")
    speakers: Mapped[list["Speaker"]] = relationship(order_by="Speaker.number", lazy="selectin")
    minutes: Mapped["Minutes | None"] = relationship(lazy="selectin")
    corrections: Mapped[list["MinutesCorrection"]] = relationship(order_by="MinutesCorrection.number", lazy="selectin")

    @property
    def stage(self) -> SittingStage:
        if self.began_at is None:
            return SittingStage.PLANNED
        return SittingStage.SIGNED if self.minutes else SittingStage.ENDED if self.ended_at else SittingStage.OPEN

    @property
    def speaking(self) -> "Speaker | None":
        """Who has the floor now."""
        return next((speaker for speaker in self.speakers if speaker.began_at and not speaker.ended_at), None)


class SittingItem(Model):
    """A free item of the agenda, with a title, or the note on an item that is about the text."""

    __tablename__ = "sitting_item"

    sitting_id: Mapped[UUID] = mapped_column(sa.ForeignKey("sitting.id"), primary_key=True)
    key: Mapped[str] = mapped_column(primary_key=True)
    number: Mapped[int]
    title: Mapped[str] = mapped_column(default="")
    taken_up_at: Mapped[datetime | None]
    note: Mapped[str] = mapped_column(default="")


class SittingSeat(Model):
    """Who is entitled to attend: an organisation, or a person. `standing` is None until somebody notes it."""

    __tablename__ = "sitting_seat"

    sitting_id: Mapped[UUID] = mapped_column(sa.ForeignKey("sitting.id"), primary_key=True)
    number: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    organisation_id: Mapped[UUID | None] = mapped_column(sa.ForeignKey("organisation.id"))
    person_id: Mapped[UUID | None] = mapped_column(sa.ForeignKey("person.id"))
    standing: Mapped[Standing | None]
    noted_by_id: Mapped[UUID | None] = mapped_column(sa.ForeignKey("person.id"))
    noted_at: Mapped[datetime | None]

    organisation: Mapped[Organisation | None] = relationship(lazy="joined")
    person: Mapped[Person | None] = relationship(foreign_keys=[person_id], lazy="joined")


class Speaker(Model):
    """A request for the floor, and what became of it. `entered_by_id` is the secretariat's, where they entered it."""

    __tablename__ = "speaker"
    __table_args__ = (sa.UniqueConstraint("sitting_id", "number"),)

    id: Mapped[UUID] = primary_key()
    sitting_id: Mapped[UUID] = mapped_column(sa.ForeignKey("sitting.id"), index=True)
    number: Mapped[int]
    item: Mapped[str]
    person_id: Mapped[UUID] = mapped_column(sa.ForeignKey("person.id"))
    organisation_id: Mapped[UUID | None] = mapped_column(sa.ForeignKey("organisation.id"))
    is_point_of_order: Mapped[bool]
    requested_at: Mapped[datetime]
    entered_by_id: Mapped[UUID | None] = mapped_column(sa.ForeignKey("person.id"))
    withdrawn_at: Mapped[datetime | None]
    began_at: Mapped[datetime | None]
    until: Mapped[datetime | None]  # as long as their time lasts
    ended_at: Mapped[datetime | None]

    person: Mapped[Person] = relationship(foreign_keys=[person_id], lazy="joined")
    organisation: Mapped[Organisation | None] = relationship(lazy="joined")

    @property
    def is_waiting(self) -> bool:
        return self.began_at is None and self.withdrawn_at is None

    @property
    def delegation(self) -> str:
        """The name under which their speaking time is counted."""
        return self.organisation.name if self.organisation else self.person.name


class SpeakerGroup(Model):
    """The group of a forum with which an organisation, or a person, speaks in turns."""

    __tablename__ = "speaker_group"

    id: Mapped[UUID] = primary_key()
    forum_id: Mapped[UUID] = mapped_column(sa.ForeignKey("forum.id"), index=True)
    name: Mapped[str]
    organisation_id: Mapped[UUID | None] = mapped_column(sa.ForeignKey("organisation.id"))
    person_id: Mapped[UUID | None] = mapped_column(sa.ForeignKey("person.id"))


class Minutes(Model):
    """The record of a sitting as the chair has signed it; `sha256` is over its canonical JSON."""

    __tablename__ = "minutes"

    sitting_id: Mapped[UUID] = mapped_column(sa.ForeignKey("sitting.id"), primary_key=True)
    record: Mapped[dict[str, Any]] = mapped_column(sa.JSON)
    sha256: Mapped[str]
    signed_by_id: Mapped[UUID | None] = mapped_column(sa.ForeignKey("person.id"))
    signed_at: Mapped[datetime]
    correct_until: Mapped[datetime]

    signed_by: Mapped[Person | None] = relationship(lazy="joined")


class MinutesCorrection(Model):
    """A correction of signed minutes that a member proposed; `is_accepted` is None until the chair has answered."""

    __tablename__ = "minutes_correction"

    sitting_id: Mapped[UUID] = mapped_column(sa.ForeignKey("sitting.id"), primary_key=True)
    number: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    item: Mapped[str]
    text: Mapped[str]
    language: Mapped[str]
    proposed_by_id: Mapped[UUID | None] = mapped_column(sa.ForeignKey("person.id"))
    proposed_at: Mapped[datetime]
    is_accepted: Mapped[bool | None]
    reason: Mapped[str] = mapped_column(default="")
    answered_by_id: Mapped[UUID | None] = mapped_column(sa.ForeignKey("person.id"))
    answered_at: Mapped[datetime | None]

    proposed_by: Mapped[Person | None] = relationship(foreign_keys=[proposed_by_id], lazy="joined")


def forget(db: Db, event: PersonErased) -> None:
    """Somebody was erased: the group in which they spoke is forgotten."""
    db.execute(sa.delete(SpeakerGroup).where(SpeakerGroup.person_id == event.person_id))


SCOPES = (
    scope(Sitting, order=(Sitting.declaration_id, Sitting.number)),
    scope(SittingItem, SittingItem.sitting_id),
    scope(SittingSeat, SittingSeat.sitting_id),
    scope(Speaker, Speaker.sitting_id),
    scope(SpeakerGroup, SpeakerGroup.forum_id),
    scope(Minutes, Minutes.sitting_id),
    scope(MinutesCorrection, MinutesCorrection.sitting_id),
)
