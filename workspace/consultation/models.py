"""What is known of the way from a session to the register, and of what follows a declaration."""

from datetime import date, datetime
from enum import StrEnum
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column, relationship, validates

from drafts.base.words import fold_text
from workspace.core.storage.db import Model, Trilingual, primary_key
from workspace.core.storage.forum_scope import scope
from workspace.people.models import Forum, Organisation
from workspace.recommendations.models import Recommendation, RecommendationStatus
from workspace.sessions.models import Session


class WorkingGroup(Model):
    """A group that a session split into. Its recommendations carry its name."""

    __tablename__ = "working_group"
    __table_args__ = (sa.UniqueConstraint("session_id", "name"),)

    id: Mapped[UUID] = primary_key()
    session_id: Mapped[UUID] = mapped_column(sa.ForeignKey("session.id"), index=True)
    number: Mapped[int]
    name: Mapped[str]
    language: Mapped[str] = mapped_column(sa.String(3))

    session: Mapped[Session] = relationship()


class Trace(Model):
    """What review did to a recommendation: the words as they were read, and what it was split off from.

    `reason` is why version 0.2 set it aside there; the recommendation itself has it since.
    """

    __tablename__ = "recommendation_trace"

    recommendation_id: Mapped[UUID] = mapped_column(sa.ForeignKey("recommendation.id"), primary_key=True)
    original: Mapped[str]
    reason: Mapped[str] = mapped_column(default="", server_default="")
    came_from_id: Mapped[UUID | None] = mapped_column(sa.ForeignKey("recommendation.id"), index=True)

    recommendation: Mapped[Recommendation] = relationship(foreign_keys=[recommendation_id])


def why_set_aside(row: Recommendation, trace: Trace | None) -> str:
    """The reason of a recommendation that is set aside, "" for every other."""
    is_out = row.standing is RecommendationStatus.DROPPED
    return (row.outcome_reason or (trace.reason if trace else "")) if is_out else ""


class ReviewedFinding(Model):
    """An inconsistency of a session's document that somebody has looked at; `digest` names it by what it says."""

    __tablename__ = "seen_finding"

    session_id: Mapped[UUID] = mapped_column(sa.ForeignKey("session.id"), primary_key=True)
    digest: Mapped[str] = mapped_column(sa.String(64), primary_key=True)
    seen_by_id: Mapped[UUID | None] = mapped_column(sa.ForeignKey("person.id"))
    seen_at: Mapped[datetime]


class MarkKind(StrEnum):
    """What a person says that words of a note are."""

    RECOMMENDATION = "recommendation"
    OBJECTIVE = "objective"
    KEY_MESSAGE = "key_message"
    QUESTION = "question"
    SPEAKER = "speaker"
    DATE = "date"
    DECISION = "decision"
    NOTHING = "nothing"


class NoteMark(Model):
    """What somebody said that words of a note are; `suggested` is what they had been read as, "" for nothing.

    Recommendations are in the register and have no mark. Marks go with their note.
    """

    __tablename__ = "note_mark"

    id: Mapped[UUID] = primary_key()
    session_id: Mapped[UUID] = mapped_column(sa.ForeignKey("session.id"), index=True)
    kind: Mapped[MarkKind]
    suggested: Mapped[str] = mapped_column(sa.String(16), default="")
    text: Mapped[str]
    language: Mapped[str] = mapped_column(sa.String(3))
    line: Mapped[int | None]
    made_by_id: Mapped[UUID | None] = mapped_column(sa.ForeignKey("person.id"))
    made_at: Mapped[datetime]


class SuggestionOrder(Model):
    """What a network's marks say of the order of suggestions: a weight for each hashed word, and how well it does."""

    __tablename__ = "suggestion_order"

    network_id: Mapped[UUID] = mapped_column(sa.ForeignKey("network.id"), primary_key=True)
    weights: Mapped[dict[str, float]] = mapped_column(sa.JSON)
    trained_on: Mapped[int]
    trained_at: Mapped[datetime]


class CommitmentStatus(StrEnum):
    """How far somebody got with what they promised."""

    PROMISED = "promised"
    UNDER_WAY = "under_way"
    KEPT = "kept"
    GIVEN_UP = "given_up"


class Commitment(Model):
    """What somebody promised to do, until when, and how far they got.

    `block_id` is the published paragraph that it carries out, where it is tied to one. `status`, `note` and `due` are
    those of the last report. `reminded_at` is when its organisation was last asked for a report.
    """

    __tablename__ = "commitment"
    __table_args__ = (sa.UniqueConstraint("forum_id", "number"),)

    id: Mapped[UUID] = primary_key()
    forum_id: Mapped[UUID] = mapped_column(sa.ForeignKey("forum.id"), index=True)
    number: Mapped[int]
    organisation_id: Mapped[UUID] = mapped_column(sa.ForeignKey("organisation.id"), index=True)
    text: Mapped[str]
    language: Mapped[str] = mapped_column(sa.String(3))
    due: Mapped[date | None]
    status: Mapped[CommitmentStatus] = mapped_column(default=CommitmentStatus.PROMISED)
    note: Mapped[str] = mapped_column(default="")
    made_by_id: Mapped[UUID | None] = mapped_column(sa.ForeignKey("person.id"))
    made_at: Mapped[datetime]
    declaration_id: Mapped[UUID | None] = mapped_column(sa.ForeignKey("declaration.id"), index=True)
    block_id: Mapped[UUID | None] = mapped_column(sa.ForeignKey("block.id"), index=True)
    reminded_at: Mapped[datetime | None]

    forum: Mapped[Forum] = relationship()
    organisation: Mapped[Organisation] = relationship()
    reports: Mapped[list["CommitmentReport"]] = relationship(
        order_by="[CommitmentReport.reported_on, CommitmentReport.number]", back_populates="commitment"
    )


class CommitmentReport(Model):
    """How far a commitment was on a day, with its evidence: a link, a file, or both. Never changed."""

    __tablename__ = "commitment_report"
    __table_args__ = (sa.UniqueConstraint("commitment_id", "number"),)

    id: Mapped[UUID] = primary_key()
    commitment_id: Mapped[UUID] = mapped_column(sa.ForeignKey("commitment.id"), index=True)
    number: Mapped[int]
    status: Mapped[CommitmentStatus]
    reported_on: Mapped[date]
    note: Mapped[str] = mapped_column(default="")
    language: Mapped[str] = mapped_column(sa.String(3), default="", server_default="")  # of the note
    link: Mapped[str] = mapped_column(default="")
    file_name: Mapped[str] = mapped_column(default="")
    content: Mapped[bytes | None] = mapped_column(deferred=True)
    made_by_id: Mapped[UUID | None] = mapped_column(sa.ForeignKey("person.id"))
    made_at: Mapped[datetime]

    commitment: Mapped[Commitment] = relationship(back_populates="reports")


class ProjectState(StrEnum):
    """How far a project is."""

    PLANNED = "planned"
    UNDER_WAY = "under_way"
    DONE = "done"
    STOPPED = "stopped"


class Project(Model):
    """A project that members can join, as a document tells of it or somebody entered it.

    `interested` are partners by name; members who joined here are `ProjectInterest`.
    """

    __tablename__ = "project"
    __table_args__ = (sa.UniqueConstraint("forum_id", "number"),)

    id: Mapped[UUID] = primary_key()
    forum_id: Mapped[UUID] = mapped_column(sa.ForeignKey("forum.id"), index=True)
    session_id: Mapped[UUID | None] = mapped_column(sa.ForeignKey("session.id"), index=True)
    number: Mapped[int]
    title: Mapped[str]
    promoter: Mapped[str] = mapped_column(default="")
    language: Mapped[str] = mapped_column(sa.String(3))
    actions: Mapped[list[str]] = mapped_column(sa.JSON, default=list)
    interested: Mapped[list[str]] = mapped_column(sa.JSON, default=list)
    state: Mapped[ProjectState] = mapped_column(default=ProjectState.PLANNED, server_default=ProjectState.PLANNED.value)
    starts_on: Mapped[date | None]
    ends_on: Mapped[date | None]

    forum: Mapped[Forum] = relationship()
    joined: Mapped[list["ProjectInterest"]] = relationship(order_by="ProjectInterest.joined_at")


class ProjectInterest(Model):
    """An organisation that wants to take part in a project."""

    __tablename__ = "project_interest"

    project_id: Mapped[UUID] = mapped_column(sa.ForeignKey("project.id"), primary_key=True)
    organisation_id: Mapped[UUID] = mapped_column(sa.ForeignKey("organisation.id"), primary_key=True, index=True)
    joined_at: Mapped[datetime]

    organisation: Mapped[Organisation] = relationship()


class AdoptedText(Model):
    """A whole text that was adopted somewhere; its paragraphs are passages. `symbol` is such as "A/RES/71/256"."""

    __tablename__ = "adopted_text"

    id: Mapped[UUID] = primary_key()
    forum_id: Mapped[UUID] = mapped_column(sa.ForeignKey("forum.id"), index=True)
    title: Mapped[Trilingual]
    symbol: Mapped[str] = mapped_column(default="", server_default="")
    adopted_on: Mapped[date | None]
    added_by_id: Mapped[UUID | None] = mapped_column(sa.ForeignKey("person.id"))
    added_at: Mapped[datetime]


class Passage(Model):
    """Words of a text that was adopted somewhere, with where exactly they stand, to quote while drafting.

    Those of a whole text have its id; of one paragraph in several languages each has the same `position`, and is
    doubtful where nobody has looked at a pairing that little speaks for. `kind` is that of the paragraph.
    """

    __tablename__ = "passage"
    __table_args__ = (sa.Index(None, "text_id", "position"),)

    id: Mapped[UUID] = primary_key()
    forum_id: Mapped[UUID] = mapped_column(sa.ForeignKey("forum.id"), index=True)
    source: Mapped[str]  # the title of the text, as it was adopted
    citation: Mapped[str]  # such as "A/RES/71/256, para. 34"
    language: Mapped[str] = mapped_column(sa.String(3))
    text: Mapped[str]
    folded: Mapped[str]
    added_by_id: Mapped[UUID | None] = mapped_column(sa.ForeignKey("person.id"))
    added_at: Mapped[datetime]
    text_id: Mapped[UUID | None] = mapped_column(sa.ForeignKey("adopted_text.id"))
    position: Mapped[int | None]
    kind: Mapped[str] = mapped_column(sa.String(16), default="", server_default="")
    is_doubtful: Mapped[bool] = mapped_column(default=False, server_default=sa.false())

    forum: Mapped[Forum] = relationship()

    @property
    def cited(self) -> str:
        """The title of the text, and where in it the words stand."""
        return ", ".join(part for part in (self.source, self.citation) if part)

    @validates("source", "citation", "text")
    def _fold(self, name: str, value: str) -> str:
        parts = {field: getattr(self, field) or "" for field in ("source", "citation", "text")} | {name: value}
        self.folded = fold_text(" ".join(parts.values()))
        return value


SCOPES = (
    scope(Trace, Trace.recommendation_id),
    scope(WorkingGroup, WorkingGroup.session_id, order=(WorkingGroup.session_id, WorkingGroup.number)),
    scope(ReviewedFinding, ReviewedFinding.session_id),
    scope(NoteMark, NoteMark.session_id),
    scope(Project, Project.forum_id, order=(Project.number,)),
    scope(ProjectInterest, ProjectInterest.project_id),
    scope(Commitment, Commitment.forum_id, order=(Commitment.number,)),
    scope(CommitmentReport, CommitmentReport.commitment_id),
    scope(AdoptedText, AdoptedText.forum_id),
    scope(Passage, Passage.forum_id),
)
