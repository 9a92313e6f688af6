"""Corrigenda: slips of a published edition that are put right, by two people or because nobody objects."""

from datetime import datetime
from enum import StrEnum
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column, relationship

from drafts.blocks import Language
from drafts.checks.correcting import Correction
from workspace.approvals.models import ApprovalRequest
from workspace.core.db import Model, primary_key
from workspace.declarations.models import Declaration
from workspace.editions.models import Edition
from workspace.people.models import Organisation, Person


class CorrigendumState(StrEnum):
    """Where a corrigendum stands."""

    PREPARED = "prepared"  # being written; it can be dropped without a trace in the text
    ASKED = "asked"  # waits for a second person
    SILENT = "silent"  # stands unless somebody objects before its time is up
    MADE = "made"  # its edition has come out
    BROKEN = "broken"  # somebody objected
    WITHDRAWN = "withdrawn"  # taken back, or declined by the second person

    @property
    def is_over(self) -> bool:
        return self in {CorrigendumState.MADE, CorrigendumState.BROKEN, CorrigendumState.WITHDRAWN}

    @property
    def waits(self) -> bool:
        """Whether its words can change no longer, because somebody is asked about them."""
        return self in {CorrigendumState.ASKED, CorrigendumState.SILENT}


class Corrigendum(Model):
    """Corrections to edition `edition_id`; once it stands, `made_id` is the edition that has them.

    While a silence lasts, `closes_at` says until when somebody may object; `objection` is what they said.
    """

    __tablename__ = "corrigendum"
    __table_args__ = (sa.UniqueConstraint("declaration_id", "number"),)

    id: Mapped[UUID] = primary_key()
    declaration_id: Mapped[UUID] = mapped_column(sa.ForeignKey("declaration.id"), index=True)
    number: Mapped[int]
    edition_id: Mapped[UUID] = mapped_column(sa.ForeignKey("edition.id"))
    reason: Mapped[str] = mapped_column(default="")
    state: Mapped[CorrigendumState] = mapped_column(default=CorrigendumState.PREPARED)
    prepared_by_id: Mapped[UUID] = mapped_column(sa.ForeignKey("person.id"))
    prepared_at: Mapped[datetime]
    asked_by_id: Mapped[UUID | None] = mapped_column(sa.ForeignKey("person.id"))
    asked_at: Mapped[datetime | None]
    closes_at: Mapped[datetime | None] = mapped_column(index=True)
    closes_offset: Mapped[int | None]
    zone: Mapped[str] = mapped_column(default="")
    ended_by_id: Mapped[UUID | None] = mapped_column(sa.ForeignKey("person.id"))
    ended_at: Mapped[datetime | None]
    objection: Mapped[str] = mapped_column(default="")
    organisation_id: Mapped[UUID | None] = mapped_column(sa.ForeignKey("organisation.id"))
    request_id: Mapped[UUID | None] = mapped_column(sa.ForeignKey("approval_request.id"))  # to a second person
    made_id: Mapped[UUID | None] = mapped_column(sa.ForeignKey("edition.id"), index=True)

    declaration: Mapped[Declaration] = relationship()
    edition: Mapped[Edition] = relationship(foreign_keys=[edition_id])
    made: Mapped[Edition | None] = relationship(foreign_keys=[made_id])
    asked_by: Mapped[Person | None] = relationship(foreign_keys=[asked_by_id])
    organisation: Mapped[Organisation | None] = relationship()
    request: Mapped[ApprovalRequest | None] = relationship()
    changes: Mapped[list["CorrigendumChange"]] = relationship(
        order_by="CorrigendumChange.made_at", cascade="all, delete-orphan", lazy="selectin"
    )


class CorrigendumChange(Model):
    """One paragraph in one language as it ought to read; `before_id` is the text that was published."""

    __tablename__ = "corrigendum_change"

    corrigendum_id: Mapped[UUID] = mapped_column(sa.ForeignKey("corrigendum.id"), primary_key=True)
    block_id: Mapped[UUID] = mapped_column(sa.ForeignKey("block.id"), primary_key=True)
    language: Mapped[Language] = mapped_column(primary_key=True)
    before_id: Mapped[UUID] = mapped_column(sa.ForeignKey("text_version.id"))
    text: Mapped[str]
    kind: Mapped[Correction]
    is_proved: Mapped[bool] = mapped_column(default=False)
    made_by_id: Mapped[UUID] = mapped_column(sa.ForeignKey("person.id"))
    made_at: Mapped[datetime]
