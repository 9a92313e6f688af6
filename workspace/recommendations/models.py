"""Recommendations as they were said: where each came from, who stands behind it, and what became of it."""

from datetime import datetime
from enum import StrEnum
from typing import Any
from uuid import UUID

import sqlalchemy as sa
from msgspec import Struct
from sqlalchemy.orm import Mapped, mapped_column, relationship, validates

from drafts.base.words import fold_text
from workspace.core.storage.db import Model, Trilingual, primary_key
from workspace.core.storage.forum_scope import scope
from workspace.people.models import Forum, Organisation, Person
from workspace.sessions.models import Session

LONGEST_TEXT = 4_000  # characters of one recommendation that is sent in
LONGEST_REASON = 2_000


class RecommendationStatus(StrEnum):
    """How far a recommendation got into the register: found or sent in, confirmed, dropped, or merged with another."""

    PROPOSED = "proposed"
    CONFIRMED = "confirmed"
    DROPPED = "dropped"
    MERGED = "merged"

    @property
    def is_counted(self) -> bool:
        """Whether it is one of those that want a place in the text."""
        return self in {RecommendationStatus.PROPOSED, RecommendationStatus.CONFIRMED}


class RulingOutcome(StrEnum):
    """What those who draft decided about a recommendation; the last four stand only in a ruling, which names them."""

    OPEN = "open"
    TAKEN_UP = "taken_up"
    PARTLY = "partly"
    DECLINED = "declined"
    MERGED = "merged"
    PROPOSED = "proposed"
    CONFIRMED = "confirmed"
    DROPPED = "dropped"


class Taken(Struct, frozen=True):
    """Where a recommendation stands in a forum that came before: a published paragraph, or what was recommended there.

    `parent_id` is the link between the two forums, `edition_id` the edition, None where it was read from a bundle.
    `cited` is how it is cited, by language.
    """

    parent_id: UUID
    edition_id: UUID | None = None
    block_id: UUID | None = None
    recommendation_id: UUID | None = None
    cited: dict[str, str] = {}


class Recommendation(Model):
    """What a session hands to the drafters, or somebody sends in on their own.

    `text` is verbatim; `line` counts from 1 in the source document. What was sent in has no session, but the
    organisation it speaks for, where there is one, or in `said_by` the name of one outside the register. What comes
    from an earlier forum has in `taken_from` where it stands there, a `Taken`, and is cited in `said_by`. `outcome` is
    that of the last ruling; `outcome_reason` is its reason, or why the recommendation was set aside.
    """

    __tablename__ = "recommendation"
    __table_args__ = (
        sa.UniqueConstraint("forum_id", "number"),
        sa.Index("ix_recommendation_forum_id_standing", "forum_id", "standing", "outcome", "id"),
        sa.Index("ix_recommendation_forum_id", "forum_id", "language", "organisation_id", "id"),
    )

    id: Mapped[UUID] = primary_key()
    forum_id: Mapped[UUID] = mapped_column(sa.ForeignKey("forum.id"))
    session_id: Mapped[UUID | None] = mapped_column(sa.ForeignKey("session.id"), index=True)
    number: Mapped[int]
    language: Mapped[str] = mapped_column(sa.String(3))
    text: Mapped[str]
    section: Mapped[str] = mapped_column(default="")
    line: Mapped[int | None]
    marker: Mapped[str] = mapped_column(default="")
    standing: Mapped[RecommendationStatus] = mapped_column(default=RecommendationStatus.PROPOSED)
    decided_by_id: Mapped[UUID | None] = mapped_column(sa.ForeignKey("person.id"))
    decided_at: Mapped[datetime | None]
    working_group: Mapped[str] = mapped_column(default="", server_default="")
    organisation_id: Mapped[UUID | None] = mapped_column(sa.ForeignKey("organisation.id"), index=True)
    said_by: Mapped[str] = mapped_column(default="", server_default="")
    submitted_by_id: Mapped[UUID | None] = mapped_column(sa.ForeignKey("person.id"), index=True)
    submitted_at: Mapped[datetime | None]
    merged_into_id: Mapped[UUID | None] = mapped_column(sa.ForeignKey("recommendation.id"), index=True)
    outcome: Mapped[RulingOutcome] = mapped_column(default=RulingOutcome.OPEN, server_default=RulingOutcome.OPEN.value)
    outcome_reason: Mapped[str] = mapped_column(default="", server_default="")
    taken_from: Mapped[dict[str, Any] | None] = mapped_column(sa.JSON(none_as_null=True))
    folded: Mapped[str] = mapped_column(
        default="", server_default=""
    )  # `text` as workspace.core.storage.text_search wants it

    forum: Mapped[Forum] = relationship()
    session: Mapped[Session | None] = relationship()
    organisation: Mapped[Organisation | None] = relationship()
    submitted_by: Mapped[Person | None] = relationship(foreign_keys=[submitted_by_id])

    @validates("text")
    def _fold(self, _name: str, text: str) -> str:
        self.folded = fold_text(text)
        return text

    def reason_of(self, word: str) -> str:
        """Why it was dropped or ruled on, for a notice of just that step; "" for any other."""
        step = self.standing if self.standing is RecommendationStatus.DROPPED else self.outcome
        return self.outcome_reason if word == step.value else ""

    @property
    def origin(self) -> str:
        """The title of the session it was said in, or the name of who sent it; "" without either."""
        if self.session is not None:
            return self.session.title
        return self.organisation.name if self.organisation else self.said_by

    def origin_in(self, language: str) -> str:
        """The same to a reader of this language: what was taken from an earlier forum is cited in it."""
        return (self.taken_from or {}).get("cited", {}).get(language) or self.origin

    @property
    def rapporteur_id(self) -> UUID | None:
        """Whose recommendation it is to settle, besides the secretariat's; nobody's where no session said it."""
        return self.session.rapporteur_id if self.session else None


class RulingOnRecommendation(Model):
    """One decision about a recommendation and its reason; the last one counts, and none is ever taken back.

    Where it changed how the recommendation stands, `standing_before` is how it stood. What was settled at once
    has one `settlement_id`, by which it is undone.
    """

    __tablename__ = "recommendation_ruling"

    id: Mapped[UUID] = primary_key()
    recommendation_id: Mapped[UUID] = mapped_column(sa.ForeignKey("recommendation.id"), index=True)
    outcome: Mapped[RulingOutcome]
    reason: Mapped[str] = mapped_column(default="")
    into_id: Mapped[UUID | None] = mapped_column(sa.ForeignKey("recommendation.id"))
    ruled_by_id: Mapped[UUID | None] = mapped_column(sa.ForeignKey("person.id"))
    ruled_at: Mapped[datetime]
    standing_before: Mapped[RecommendationStatus | None]
    settlement_id: Mapped[UUID | None] = mapped_column(index=True)


class TaxonomyKind(StrEnum):
    """What a list of themes is for. `SETS` are what a forum publishes beside its declaration."""

    AXES = "axes"
    CAPITALS = "capitals"
    COMPONENTS = "components"
    GOALS = "goals"
    SETS = "sets"
    OWN = "own"


class Taxonomy(Model):
    """A list of themes of one forum."""

    __tablename__ = "taxonomy"

    id: Mapped[UUID] = primary_key()
    forum_id: Mapped[UUID] = mapped_column(sa.ForeignKey("forum.id"), index=True)
    kind: Mapped[TaxonomyKind]
    name: Mapped[Trilingual]
    position: Mapped[int]

    themes: Mapped[list["Theme"]] = relationship(order_by="Theme.position", back_populates="taxonomy")


class Theme(Model):
    """What a recommendation can be about, or a set that it can belong to. `key` is its short name in files."""

    __tablename__ = "theme"
    __table_args__ = (sa.UniqueConstraint("taxonomy_id", "key"),)

    id: Mapped[UUID] = primary_key()
    taxonomy_id: Mapped[UUID] = mapped_column(sa.ForeignKey("taxonomy.id"), index=True)
    key: Mapped[str]
    name: Mapped[Trilingual]
    position: Mapped[int]

    taxonomy: Mapped[Taxonomy] = relationship(back_populates="themes")


class RecommendationTheme(Model):
    """A recommendation under a theme."""

    __tablename__ = "recommendation_theme"

    recommendation_id: Mapped[UUID] = mapped_column(sa.ForeignKey("recommendation.id"), primary_key=True)
    theme_id: Mapped[UUID] = mapped_column(sa.ForeignKey("theme.id"), primary_key=True, index=True)


class Endorsement(Model):
    """An organisation that stands behind a recommendation, and who said so for it."""

    __tablename__ = "endorsement"

    recommendation_id: Mapped[UUID] = mapped_column(sa.ForeignKey("recommendation.id"), primary_key=True)
    organisation_id: Mapped[UUID] = mapped_column(sa.ForeignKey("organisation.id"), primary_key=True, index=True)
    endorsed_by_id: Mapped[UUID | None] = mapped_column(sa.ForeignKey("person.id"))
    endorsed_at: Mapped[datetime]

    organisation: Mapped[Organisation] = relationship()


class Resemblance(Model):
    """Two recommendations that say nearly the same, or in two languages perhaps the same.

    `dismissed_at`: somebody saw that they do not. `common_at`: that they do, and that both stay.
    """

    __tablename__ = "resemblance"

    one_id: Mapped[UUID] = mapped_column(sa.ForeignKey("recommendation.id"), primary_key=True)
    other_id: Mapped[UUID] = mapped_column(sa.ForeignKey("recommendation.id"), primary_key=True, index=True)
    forum_id: Mapped[UUID] = mapped_column(sa.ForeignKey("forum.id"), index=True)
    likeness: Mapped[int]  # in hundredths
    dismissed_by_id: Mapped[UUID | None] = mapped_column(sa.ForeignKey("person.id"))
    dismissed_at: Mapped[datetime | None]
    common_by_id: Mapped[UUID | None] = mapped_column(sa.ForeignKey("person.id"))
    common_at: Mapped[datetime | None]

    first: Mapped[Recommendation] = relationship(foreign_keys=[one_id])
    second: Mapped[Recommendation] = relationship(foreign_keys=[other_id])


class SavedView(Model):
    """What somebody looks for in the register again and again; `query` is that of the page's address."""

    __tablename__ = "saved_view"
    __table_args__ = (sa.UniqueConstraint("forum_id", "person_id", "name"),)

    id: Mapped[UUID] = primary_key()
    forum_id: Mapped[UUID] = mapped_column(sa.ForeignKey("forum.id"))
    person_id: Mapped[UUID] = mapped_column(sa.ForeignKey("person.id"), index=True)
    name: Mapped[str]
    query: Mapped[str]
    is_shared: Mapped[bool] = mapped_column(default=False)


SCOPES = (
    scope(Recommendation, Recommendation.forum_id, order=(Recommendation.number,)),
    scope(RulingOnRecommendation, RulingOnRecommendation.recommendation_id),
    scope(Endorsement, Endorsement.recommendation_id),
    scope(Resemblance, Resemblance.forum_id),
    scope(SavedView, SavedView.forum_id),
    scope(Taxonomy, Taxonomy.forum_id),
    scope(Theme, Theme.taxonomy_id),
    scope(RecommendationTheme, RecommendationTheme.recommendation_id),
)
