"""Recommendations as they were said, and what became of the proposal to register them."""

from datetime import datetime
from enum import StrEnum
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column, relationship

from workspace.core.db import Model, primary_key
from workspace.sessions.models import Session


class Standing(StrEnum):
    """How far a recommendation got: found by the importer, confirmed by a rapporteur, or dropped."""

    PROPOSED = "proposed"
    CONFIRMED = "confirmed"
    DROPPED = "dropped"


class Recommendation(Model):
    """What a session hands to the drafters. `text` is verbatim; `line` counts from 1 in the source document."""

    __tablename__ = "recommendation"
    __table_args__ = (sa.UniqueConstraint("forum_id", "number"),)

    id: Mapped[UUID] = primary_key()
    forum_id: Mapped[UUID] = mapped_column(sa.ForeignKey("forum.id"), index=True)
    session_id: Mapped[UUID] = mapped_column(sa.ForeignKey("session.id"), index=True)
    number: Mapped[int]
    language: Mapped[str] = mapped_column(sa.String(3))
    text: Mapped[str]
    section: Mapped[str] = mapped_column(default="")
    line: Mapped[int | None]
    marker: Mapped[str] = mapped_column(default="")
    standing: Mapped[Standing] = mapped_column(default=Standing.PROPOSED)
    decided_by_id: Mapped[UUID | None] = mapped_column(sa.ForeignKey("person.id"))
    decided_at: Mapped[datetime | None]

    session: Mapped[Session] = relationship()
