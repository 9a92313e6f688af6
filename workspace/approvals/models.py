"""What one person has asked for and a second one approves."""

from datetime import datetime
from enum import StrEnum
from typing import Any
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column, relationship

from workspace.core.storage.db import Model, primary_key
from workspace.core.storage.forum_scope import scope
from workspace.people.models import Person


class Matter(StrEnum):
    """What takes two people. The values are stored, and name the notices that are sent."""

    ADOPTION = "adoption"
    CONSENSUS = "consensus"  # that nobody objects to the whole text
    EMBARGO = "embargo"
    PUBLICATION = "publication"
    RELEASE = "release"  # when a sealed edition comes out, or that it does not
    OVERRIDE = "override"
    CORRIGENDUM = "corrigendum"
    ERASURE = "erasure"
    SIGNING_KEY = "signing_key"
    ROLE = "role"  # that confirms what others ask for


class Outcome(StrEnum):
    """How a request ended."""

    CONFIRMED = "confirmed"  # and carried out
    TAKEN_BACK = "taken_back"
    DECLINED = "declined"
    VOID = "void"  # asked anew, or overtaken by what happened meanwhile


class ApprovalRequest(Model):
    """A request to approve `matter`, for a declaration or a person; open until it has an `outcome`.

    `revision_id` is the text that is asked about, `details` what is asked for in the terms of the matter, and
    `edition_id` the edition that came out with it. What is confirmed before it can be carried out stays open.
    `answer` is why it was declined. A declaration's tables are above this one, so that no key leads to them.
    """

    __tablename__ = "approval_request"

    id: Mapped[UUID] = primary_key()
    matter: Mapped[Matter]
    forum_id: Mapped[UUID | None] = mapped_column(sa.ForeignKey("forum.id"), index=True)
    declaration_id: Mapped[UUID | None] = mapped_column(index=True)
    person_id: Mapped[UUID | None] = mapped_column(sa.ForeignKey("person.id"), index=True)
    revision_id: Mapped[UUID | None]
    edition_id: Mapped[UUID | None] = mapped_column(index=True)
    details: Mapped[dict[str, Any]] = mapped_column(sa.JSON)
    reason: Mapped[str] = mapped_column(default="")
    requested_by_id: Mapped[UUID | None] = mapped_column(sa.ForeignKey("person.id"))  # None for the operator
    requested_at: Mapped[datetime]
    confirmed_by_id: Mapped[UUID | None] = mapped_column(sa.ForeignKey("person.id"))
    confirmed_at: Mapped[datetime | None]
    ended_by_id: Mapped[UUID | None] = mapped_column(sa.ForeignKey("person.id"))
    ended_at: Mapped[datetime | None]
    outcome: Mapped[Outcome | None]
    answer: Mapped[str] = mapped_column(default="")

    requested_by: Mapped[Person | None] = relationship(foreign_keys=[requested_by_id])
    confirmed_by: Mapped[Person | None] = relationship(foreign_keys=[confirmed_by_id])

    @property
    def is_waiting(self) -> bool:
        """Whether a second person has still to answer it."""
        return self.outcome is None and self.confirmed_by_id is None


SCOPES = (scope(ApprovalRequest, ApprovalRequest.forum_id),)
