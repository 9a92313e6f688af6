"""What is printed around a declaration: signatories, reservations and when they may be filed, annexes."""

from datetime import date, datetime
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column, relationship

from drafts.apparatus import AnnexKind, Position
from drafts.blocks import Language
from workspace.core.db import Model, Trilingual, primary_key
from workspace.declarations.models import Declaration
from workspace.people.models import Organisation


class SignatoryRecord(Model):
    """Who signs for whom, as it is printed. A name or capacity that one language lacks is printed as another has it."""

    __tablename__ = "signatory"

    id: Mapped[UUID] = primary_key()
    declaration_id: Mapped[UUID] = mapped_column(sa.ForeignKey("declaration.id"), index=True)
    organisation: Mapped[Trilingual]
    person: Mapped[str] = mapped_column(default="")
    capacity: Mapped[Trilingual] = mapped_column(default=Trilingual())
    signed_on: Mapped[date | None]
    entered_by_id: Mapped[UUID | None] = mapped_column(sa.ForeignKey("person.id"))
    entered_at: Mapped[datetime]

    declaration: Mapped[Declaration] = relationship()


class ReservationWindow(Model):
    """From when until when members may put reservations on record."""

    __tablename__ = "reservation_window"

    declaration_id: Mapped[UUID] = mapped_column(sa.ForeignKey("declaration.id"), primary_key=True)
    opens_at: Mapped[datetime]
    closes_at: Mapped[datetime]
    set_by_id: Mapped[UUID | None] = mapped_column(sa.ForeignKey("person.id"))
    set_at: Mapped[datetime]


class ReservationRecord(Model):
    """What an organisation put on record about a paragraph, or without one about the whole text.

    `text` is as it was filed in `language`; the other languages are translations. Withdrawn ones stay on record.
    """

    __tablename__ = "reservation"
    __table_args__ = (sa.UniqueConstraint("declaration_id", "number"),)

    id: Mapped[UUID] = primary_key()
    declaration_id: Mapped[UUID] = mapped_column(sa.ForeignKey("declaration.id"), index=True)
    number: Mapped[int]
    position: Mapped[Position]
    organisation_id: Mapped[UUID] = mapped_column(sa.ForeignKey("organisation.id"))
    block_id: Mapped[UUID | None] = mapped_column(sa.ForeignKey("block.id"))
    language: Mapped[Language]
    text: Mapped[Trilingual]
    filed_by_id: Mapped[UUID | None] = mapped_column(sa.ForeignKey("person.id"))
    filed_at: Mapped[datetime]
    withdrawn_at: Mapped[datetime | None]

    declaration: Mapped[Declaration] = relationship()
    organisation: Mapped[Organisation] = relationship()


class AnnexRecord(Model):
    """An annex of the next edition: words of its own in Markdown, or what the forum has made (`kind`).

    `version` is the annex's own, such as that of a code of conduct; `theme_id` the set whose recommendations it holds.
    """

    __tablename__ = "annex"

    id: Mapped[UUID] = primary_key()
    declaration_id: Mapped[UUID] = mapped_column(sa.ForeignKey("declaration.id"), index=True)
    position: Mapped[int]
    kind: Mapped[AnnexKind]
    title: Mapped[Trilingual]
    text: Mapped[Trilingual] = mapped_column(default=Trilingual())
    version: Mapped[str] = mapped_column(default="")
    theme_id: Mapped[UUID | None]  # no foreign key: a set can be removed, and the annex is then unfinished
    entered_by_id: Mapped[UUID | None] = mapped_column(sa.ForeignKey("person.id"))
    entered_at: Mapped[datetime]

    declaration: Mapped[Declaration] = relationship()
