"""Recommendations as programs send them in, read and settle them."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Annotated, Literal
from uuid import UUID

from msgspec import Meta, Struct, field

from workspace.core.db import Trilingual
from workspace.core.shapes import Shape, filled
from workspace.recommendations.models import (
    LONGEST_REASON,
    LONGEST_TEXT,
    Outcome,
    Recommendation,
    Resemblance,
    Standing,
    Taxonomy,
    TaxonomyKind,
    Theme,
)

Number = Annotated[int, Meta(ge=1, le=2_000_000_000)]
Numbers = Annotated[list[Number], Meta(min_length=1, max_length=1_000)]
Reason = Annotated[str, Meta(max_length=LONGEST_REASON)]
Code = Annotated[str, Meta(pattern="^(es|en|fr)$")]


class ThemeOut(Struct, frozen=True, kw_only=True):
    """What recommendations can be about, or a set they can belong to."""

    id: UUID
    key: str
    name: dict[str, str]

    @classmethod
    def of(cls, one: Theme) -> "ThemeOut":
        return filled(cls, one, name=one.name.to_dict())


class RecommendationOut(Struct, frozen=True, kw_only=True):
    """What a session hands to the drafters, or somebody sent in: `text` is verbatim, `line` counts from 1."""

    id: UUID
    number: int
    session_id: UUID | None
    session_title: str
    organisation_id: UUID | None
    organisation: str
    working_group: str
    language: str
    text: str
    section: str
    line: int | None
    marker: str
    standing: Standing
    decided_at: datetime | None
    submitted_at: datetime | None
    merged_into_id: UUID | None
    outcome: Outcome
    outcome_reason: str
    themes: list[ThemeOut]

    @classmethod
    def of(cls, one: Recommendation, themes: Sequence[Theme] = ()) -> "RecommendationOut":
        return filled(
            cls,
            one,
            session_title=one.session.title if one.session else "",
            organisation=one.organisation.name if one.organisation else "",
            themes=[ThemeOut.of(theme) for theme in themes],
        )


class RecommendationsOut(Struct, frozen=True, kw_only=True):
    """A page of the register in the order of the numbers. `next` is the cursor of the page after it."""

    items: list[RecommendationOut]
    next: str | None = None

    @classmethod
    def of(
        cls,
        found: Sequence[Recommendation],
        cursor: str | None = None,
        *,
        themes: Mapping[UUID, Sequence[Theme]] | None = None,
    ) -> "RecommendationsOut":
        about = themes or {}
        return cls(items=[RecommendationOut.of(one, about.get(one.id, ())) for one in found], next=cursor)


class SettlementIn(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Which proposals to confirm or drop, by number; no numbers means every proposal that is still open."""

    standing: Literal["confirmed", "dropped"]
    numbers: Annotated[list[Number], Meta(max_length=1_000)] | None = None

    def to_standing(self) -> Standing:
        return Standing(self.standing)


class SubmittedIn(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """One recommendation in the sender's own words; `section` says what it is about or which question it answers."""

    text: Annotated[str, Meta(max_length=LONGEST_TEXT)]
    language: Code
    section: Annotated[str, Meta(max_length=200)] = ""


class SubmissionIn(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Recommendations sent in without a session, for an organisation that one speaks for."""

    recommendations: Annotated[list[SubmittedIn], Meta(min_length=1, max_length=100)]
    organisation_id: UUID | None = None


class RulingIn(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """What became of recommendations. Declining and taking up in part need a reason."""

    numbers: Numbers
    outcome: Literal["open", "taken_up", "partly", "declined"]
    reason: Reason = ""

    def to_outcome(self) -> Outcome:
        return Outcome(self.outcome)


class RulingOut(Shape, frozen=True, kw_only=True):
    """One decision about a recommendation; `into_id` is the one it was merged into."""

    outcome: Outcome
    reason: str
    into_id: UUID | None
    ruled_at: datetime


class RulingsOut(Struct, frozen=True, kw_only=True):
    """Every decision about a recommendation, the first one first."""

    items: list[RulingOut]


class MergerIn(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Which recommendations go into the one numbered `kept`."""

    kept: Number
    numbers: Numbers
    reason: Reason = ""


class VoiceIn(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """For which of one's organisations; without, the first one that one speaks for."""

    organisation_id: UUID | None = None


class EndorserOut(Struct, frozen=True, kw_only=True):
    """An organisation that stands behind a recommendation."""

    organisation_id: UUID
    endorsed_at: datetime


class ResemblanceOut(Struct, frozen=True, kw_only=True):
    """Two recommendations that say nearly the same; `likeness` is in hundredths."""

    first: RecommendationOut = field(name="one")
    second: RecommendationOut = field(name="other")
    likeness: int

    @classmethod
    def of(cls, pair: Resemblance) -> "ResemblanceOut":
        return cls(
            first=RecommendationOut.of(pair.first), second=RecommendationOut.of(pair.second), likeness=pair.likeness
        )


class ResemblancesOut(Struct, frozen=True, kw_only=True):
    """Pairs that nobody has settled, the likest first."""

    items: list[ResemblanceOut]


class DismissalIn(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Two recommendations that are not the same."""

    one_id: UUID
    other_id: UUID


class NameIn(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A name in the languages that have one."""

    es: Annotated[str, Meta(max_length=120)] = ""
    en: Annotated[str, Meta(max_length=120)] = ""
    fr: Annotated[str, Meta(max_length=120)] = ""

    def to_trilingual(self) -> Trilingual:
        return Trilingual(self.es, self.en, self.fr)


class TaxonomyIn(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A list of themes to begin. `capitals`, `components` and `goals` come with their themes, and need no name."""

    kind: TaxonomyKind
    name: NameIn = NameIn()


class TaxonomyOut(Struct, frozen=True, kw_only=True):
    """A list of themes; one of the kind `sets` holds what the forum publishes beside its declaration."""

    id: UUID
    kind: TaxonomyKind
    name: dict[str, str]
    themes: list[ThemeOut]

    @classmethod
    def of(cls, one: Taxonomy) -> "TaxonomyOut":
        return filled(cls, one, name=one.name.to_dict(), themes=[ThemeOut.of(theme) for theme in one.themes])


class TaxonomiesOut(Struct, frozen=True, kw_only=True):
    """The lists of a forum, in their order."""

    items: list[TaxonomyOut]


class ThemingIn(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Recommendations by number, and the themes to put them under or to take them away from."""

    numbers: Numbers
    themes: Annotated[list[UUID], Meta(min_length=1, max_length=200)]
    is_on: bool = True


class ViewIn(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A search of the register to keep: the query of its page's address."""

    name: Annotated[str, Meta(min_length=1, max_length=80)]
    query: Annotated[str, Meta(max_length=1_000)]
    is_shared: bool = False


class ViewOut(Shape, frozen=True, kw_only=True):
    """A search that was kept."""

    id: UUID
    name: str
    query: str
    is_shared: bool


class ViewsOut(Struct, frozen=True, kw_only=True):
    """The searches that somebody kept, and those shared with them."""

    items: list[ViewOut]
