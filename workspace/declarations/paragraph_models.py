"""How far a paragraph is agreed: every change of it is a line of its own, and the last one counts."""

from datetime import datetime
from enum import StrEnum
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column, relationship

from workspace.core.db import Model, primary_key
from workspace.people.models import Person


class ParagraphStatus(StrEnum):
    """How far the committee has come with a paragraph. Brackets are data of their own, and stand beside it."""

    OPEN = "open"
    PROVISIONAL = "provisional"  # agreed for the time being
    AD_REFERENDUM = "ad_referendum"  # agreed, once those who sent the delegates have confirmed it
    CLOSED = "closed"  # agreed: it takes no amendment without the chair's leave


class ParagraphState(Model):
    """That a paragraph was given a status, by whom and why. Never changed; the one with the highest number counts."""

    __tablename__ = "paragraph_state"
    __table_args__ = (sa.UniqueConstraint("declaration_id", "number"),)

    id: Mapped[UUID] = primary_key()
    declaration_id: Mapped[UUID] = mapped_column(sa.ForeignKey("declaration.id"), index=True)
    number: Mapped[int]
    block_id: Mapped[UUID] = mapped_column(sa.ForeignKey("block.id"), index=True)
    status: Mapped[ParagraphStatus]
    reason: Mapped[str] = mapped_column(default="")
    set_by_id: Mapped[UUID | None] = mapped_column(sa.ForeignKey("person.id"))
    set_at: Mapped[datetime]

    set_by: Mapped[Person | None] = relationship()
