"""What the committee keeps beside its decisions: opinions, answers, brackets, tables to cite, choices in the making."""

from datetime import datetime
from enum import StrEnum
from typing import Any
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column, relationship

from workspace.amendments.domain.models import (
    Amendment,
    AmendmentVersion,
    Carrying,
    ChangeRecord,
    Cosponsor,
    Decision,
    DecisionRound,
    Replacement,
    RoundEffect,
    ShownText,
    Support,
)
from workspace.core.actor import Role
from workspace.core.storage.db import Model, Trilingual, primary_key
from workspace.core.storage.forum_scope import scope
from workspace.declarations.domain.models import Revision
from workspace.people.models import Organisation, Person


class Stance(StrEnum):
    """What a rapporteur or the committee would do with an amendment."""

    ACCEPT = "accept"
    REJECT = "reject"
    MODIFY = "modify"


class Reply(StrEnum):
    """What a proposer says to other words for their amendment."""

    ACCEPT = "accept"
    MAINTAIN = "maintain"  # their own words


class BracketState(StrEnum):
    OPEN = "open"
    RESOLVED = "resolved"
    CANCELLED = "cancelled"  # the decision that set it was undone


class Opinion(Model):
    """What somebody of the committee advises, with the reason; `version` holds the words they would put. Never changed.

    A newer one of the same person stands in the place of the older.
    """

    __tablename__ = "amendment_opinion"

    id: Mapped[UUID] = primary_key()
    amendment_id: Mapped[UUID] = mapped_column(sa.ForeignKey("amendment.id"), index=True)
    stance: Mapped[Stance]
    reason: Mapped[str]
    role: Mapped[Role]
    version_id: Mapped[UUID | None] = mapped_column(sa.ForeignKey("amendment_version.id"))
    given_by_id: Mapped[UUID | None] = mapped_column(sa.ForeignKey("person.id"))
    given_at: Mapped[datetime]

    given_by: Mapped[Person | None] = relationship()


class Answer(Model):
    """What the proposer says to a modified wording of their amendment. Never changed; a newer one counts."""

    __tablename__ = "amendment_answer"

    id: Mapped[UUID] = primary_key()
    amendment_id: Mapped[UUID] = mapped_column(sa.ForeignKey("amendment.id"), index=True)
    version_id: Mapped[UUID] = mapped_column(sa.ForeignKey("amendment_version.id"))
    reply: Mapped[Reply]
    word: Mapped[str]
    answered_by_id: Mapped[UUID] = mapped_column(sa.ForeignKey("person.id"))
    answered_at: Mapped[datetime]

    version: Mapped[AmendmentVersion] = relationship()


class TableSnapshot(Model):
    """The amendments table as it stood, so that everybody in the room cites the same. Never changed.

    `content` holds ids instead of names of persons; `sha256` is that of its canonical JSON.
    """

    __tablename__ = "amendment_table"
    __table_args__ = (sa.UniqueConstraint("declaration_id", "number"),)

    id: Mapped[UUID] = primary_key()
    declaration_id: Mapped[UUID] = mapped_column(sa.ForeignKey("declaration.id"), index=True)
    number: Mapped[int]
    revision_id: Mapped[UUID] = mapped_column(sa.ForeignKey("revision.id"))
    content: Mapped[str]
    sha256: Mapped[str]
    taken_by_id: Mapped[UUID | None] = mapped_column(sa.ForeignKey("person.id"))
    taken_at: Mapped[datetime]

    revision: Mapped[Revision] = relationship()


class DeskDraft(Model):
    """What somebody has marked on the desk and not recorded yet: their own, and nobody else's.

    `leading` is the language that leads in a paragraph, by its id.
    """

    __tablename__ = "desk_draft"

    declaration_id: Mapped[UUID] = mapped_column(sa.ForeignKey("declaration.id"), primary_key=True)
    person_id: Mapped[UUID] = mapped_column(sa.ForeignKey("person.id"), primary_key=True)
    choices: Mapped[list[Any]] = mapped_column(sa.JSON)
    leading: Mapped[dict[str, str]] = mapped_column(sa.JSON)
    kept_at: Mapped[datetime]


class Bracket(Model):
    """A paragraph of which some words are contested: its alternatives are data, the same in every language.

    `chosen` is the place of the alternative that became the text, None while it is open or where the
    committee resolved it in words of its own.
    """

    __tablename__ = "bracket"
    __table_args__ = (sa.UniqueConstraint("declaration_id", "number"),)

    id: Mapped[UUID] = primary_key()
    declaration_id: Mapped[UUID] = mapped_column(sa.ForeignKey("declaration.id"), index=True)
    number: Mapped[int]
    block_id: Mapped[UUID] = mapped_column(sa.ForeignKey("block.id"), index=True)
    state: Mapped[BracketState] = mapped_column(default=BracketState.OPEN)
    reason: Mapped[str] = mapped_column(default="")
    opened_by_id: Mapped[UUID | None] = mapped_column(sa.ForeignKey("person.id"))
    opened_at: Mapped[datetime]
    opened_round_id: Mapped[UUID] = mapped_column(sa.ForeignKey("decision_round.id"))
    closed_round_id: Mapped[UUID | None] = mapped_column(sa.ForeignKey("decision_round.id"))
    chosen: Mapped[int | None]

    alternatives: Mapped[list["BracketAlternative"]] = relationship(
        order_by="BracketAlternative.position", cascade="all, delete-orphan"
    )

    @property
    def is_addition(self) -> bool:
        """Whether the paragraph itself is contested: as the text stands, it would not be there."""
        first = self.alternatives[0]
        return first.is_as_it_stands and not any(first.texts.to_dict().values())


class BracketAlternative(Model):
    """One reading of the whole paragraph, in the languages that have it; "" in all of them leaves the paragraph out."""

    __tablename__ = "bracket_alternative"

    bracket_id: Mapped[UUID] = mapped_column(sa.ForeignKey("bracket.id"), primary_key=True)
    position: Mapped[int] = mapped_column(primary_key=True)
    texts: Mapped[Trilingual]
    is_as_it_stands: Mapped[bool] = mapped_column(default=False)
    added_round_id: Mapped[UUID] = mapped_column(sa.ForeignKey("decision_round.id"))

    sponsors: Mapped[list["BracketSponsor"]] = relationship(cascade="all, delete-orphan", order_by="BracketSponsor.id")


class BracketSponsor(Model):
    """Who wants an alternative: the amendment that asks for it, or an organisation that said so."""

    __tablename__ = "bracket_sponsor"
    __table_args__ = (
        sa.ForeignKeyConstraint(
            ["bracket_id", "position"], ["bracket_alternative.bracket_id", "bracket_alternative.position"]
        ),
    )

    id: Mapped[UUID] = primary_key()
    bracket_id: Mapped[UUID]
    position: Mapped[int]
    amendment_id: Mapped[UUID | None] = mapped_column(sa.ForeignKey("amendment.id"), index=True)
    organisation_id: Mapped[UUID | None] = mapped_column(sa.ForeignKey("organisation.id"), index=True)

    amendment: Mapped[Amendment | None] = relationship()
    organisation: Mapped[Organisation | None] = relationship()


SCOPES = (
    scope(Amendment, order=(Amendment.declaration_id, Amendment.number)),
    scope(
        AmendmentVersion, AmendmentVersion.amendment_id, order=(AmendmentVersion.amendment_id, AmendmentVersion.number)
    ),
    scope(ChangeRecord, ChangeRecord.version_id),
    scope(ShownText, ShownText.version_id),
    scope(Carrying, Carrying.amendment_id, order=(Carrying.amendment_id, Carrying.number)),
    scope(Cosponsor, Cosponsor.amendment_id),
    scope(Support, Support.amendment_id),
    scope(Replacement, Replacement.amendment_id),
    scope(DecisionRound, order=(DecisionRound.declaration_id, DecisionRound.number)),
    scope(RoundEffect, RoundEffect.round_id),
    scope(Decision, order=(Decision.declaration_id, Decision.number)),
    scope(Opinion, Opinion.amendment_id),
    scope(Answer, Answer.amendment_id),
    scope(TableSnapshot),
    scope(DeskDraft),
    scope(Bracket),
    scope(BracketAlternative, BracketAlternative.bracket_id),
    scope(BracketSponsor, BracketSponsor.bracket_id),
)
