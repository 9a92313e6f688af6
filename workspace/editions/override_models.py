"""What two people have let go out as it is, although it would stop publication."""

from datetime import datetime
from enum import StrEnum
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column, relationship

from drafts.blocks import Language
from workspace.core.db import Model, primary_key
from workspace.people.models import Person


class Obstacle(StrEnum):
    """What kind of thing stops publication, of those that can be overridden: the text is there, but not vouched for."""

    STATE = "state"
    CONTRADICTION = "contradiction"
    SIGNATURE = "signature"


class ReadinessOverride(Model):
    """One obstacle that one person has asked to override, with a reason, and a second one has confirmed.

    `seen` stands for the very texts that were looked at: when one of them changes, the override is void.
    `check` is the check that found a contradiction, or the state of a text. `edition_id` is the edition that
    went out with it.
    """

    __tablename__ = "readiness_override"

    id: Mapped[UUID] = primary_key()
    declaration_id: Mapped[UUID] = mapped_column(sa.ForeignKey("declaration.id"), index=True)
    obstacle: Mapped[Obstacle]
    block_id: Mapped[UUID | None] = mapped_column(sa.ForeignKey("block.id"))
    language: Mapped[Language | None]
    check: Mapped[str] = mapped_column(default="")
    seen: Mapped[str]
    reason: Mapped[str]
    requested_by_id: Mapped[UUID] = mapped_column(sa.ForeignKey("person.id"))
    requested_at: Mapped[datetime]
    confirmed_by_id: Mapped[UUID | None] = mapped_column(sa.ForeignKey("person.id"))
    confirmed_at: Mapped[datetime | None]
    dropped_at: Mapped[datetime | None]
    edition_id: Mapped[UUID | None] = mapped_column(sa.ForeignKey("edition.id"))

    requested_by: Mapped[Person] = relationship(foreign_keys=[requested_by_id])
    confirmed_by: Mapped[Person | None] = relationship(foreign_keys=[confirmed_by_id])
