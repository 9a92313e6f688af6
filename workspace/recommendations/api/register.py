"""The register of recommendations, as JSON."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Annotated, Literal
from uuid import UUID

from litestar import Controller, Response
from litestar.params import QueryParameter
from msgspec import Meta, Struct, field
from msgspec.structs import replace

from workspace.core.actor import Actor
from workspace.core.shapes import Shape, filled
from workspace.core.storage.db import Db, Trilingual
from workspace.people.frame import InForum
from workspace.people.service import PeopleService
from workspace.recommendations.models import (
    LONGEST_REASON,
    LONGEST_TEXT,
    Recommendation,
    RecommendationStatus,
    Resemblance,
    RulingOutcome,
    Taken,
    Taxonomy,
    TaxonomyKind,
    Theme,
)
from workspace.recommendations.near_duplicates import CommonGround, CommonPair
from workspace.recommendations.search import RegisterSearch
from workspace.recommendations.service import RecommendationService, VerbatimStatement
from workspace.recommendations.themes import ThemeService
from workspace.web.api import DONE, Cursor, Limit, ListOf, answer, list_page, number_after, reads, writes
from workspace.web.http.request_context import Body, FromQuery, PathId, Slug, Work

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
    def of(cls, theme: Theme) -> "ThemeOut":
        return filled(cls, theme, name=theme.name.to_dict())


class RecommendationOut(Struct, frozen=True, kw_only=True):
    """What a session hands to the drafters, or somebody sent in: `text` is verbatim, `line` counts from 1.

    `said_by` is the name of an organisation outside the register.
    """

    id: UUID
    number: int
    session_id: UUID | None
    session_title: str
    organisation_id: UUID | None
    organisation: str
    said_by: str
    working_group: str
    language: str
    text: str
    section: str
    line: int | None
    marker: str
    standing: RecommendationStatus
    decided_at: datetime | None
    submitted_at: datetime | None
    merged_into_id: UUID | None
    outcome: RulingOutcome
    outcome_reason: str
    themes: list[ThemeOut]
    settlement_id: UUID | None = None
    taken_from: Taken | None = None

    @classmethod
    def of(cls, recommendation: Recommendation, themes: Sequence[Theme] = ()) -> "RecommendationOut":
        return filled(
            cls,
            recommendation,
            session_title=recommendation.session.title if recommendation.session else "",
            organisation=recommendation.organisation.name if recommendation.organisation else "",
            settlement_id=None,
            themes=[ThemeOut.of(theme) for theme in themes],
        )


class RecommendationsOut(Struct, frozen=True, kw_only=True):
    """A page of the register in the order of the numbers. `next` is the cursor of the page after it.

    `settlement_id` names what was settled just now, to undo it.
    """

    items: list[RecommendationOut]
    next: str | None = None
    settlement_id: UUID | None = None

    @classmethod
    def of(
        cls,
        found: Sequence[Recommendation],
        cursor: str | None = None,
        *,
        themes: Mapping[UUID, Sequence[Theme]] | None = None,
        settlement_id: UUID | None = None,
    ) -> "RecommendationsOut":
        about = themes or {}
        return cls(
            items=[RecommendationOut.of(recommendation, about.get(recommendation.id, ())) for recommendation in found],
            next=cursor,
            settlement_id=settlement_id,
        )


class SearchIn(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """What of the register is meant: everything, where nothing is said."""

    words: Annotated[str, Meta(max_length=200)] = ""
    session_id: UUID | None = None
    language: Code | None = None
    theme_id: UUID | None = None
    organisation_id: UUID | None = None

    def to_search(self) -> RegisterSearch:
        return filled(RegisterSearch, self, standing=None, outcome=None, language=self.language or "")


class RecommendationSettlementIn(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Which proposals to confirm or set aside, by number; without numbers, every open one that fits the search.

    Setting aside needs a reason. What is merged stays merged. `proposed` opens again what was settled.
    """

    standing: Literal["confirmed", "dropped", "proposed"]
    numbers: Annotated[list[Number], Meta(max_length=1_000)] | None = None
    search: SearchIn = SearchIn()
    reason: Reason = ""

    def to_standing(self) -> RecommendationStatus:
        return RecommendationStatus(self.standing)


class SubmittedIn(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """One recommendation in the sender's own words; `section` says what it is about or which question it answers."""

    text: Annotated[str, Meta(max_length=LONGEST_TEXT)]
    language: Code
    section: Annotated[str, Meta(max_length=200)] = ""


class SubmissionIn(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Recommendations sent in without a session, for an organisation that one speaks for."""

    recommendations: Annotated[list[SubmittedIn], Meta(min_length=1, max_length=100)]
    organisation_id: UUID | None = None


class RecommendationRulingIn(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """What became of recommendations. Declining and taking up in part need a reason."""

    numbers: Numbers
    outcome: Literal["open", "taken_up", "partly", "declined"]
    reason: Reason = ""

    def to_outcome(self) -> RulingOutcome:
        return RulingOutcome(self.outcome)


class RulingOut(Shape, frozen=True, kw_only=True):
    """One decision about a recommendation; `into_id` is the one it was merged into.

    `standing_before` is how it stood, where the decision changed that.
    """

    outcome: RulingOutcome
    reason: str
    into_id: UUID | None
    ruled_at: datetime
    standing_before: RecommendationStatus | None
    settlement_id: UUID | None


class MergerIn(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Which recommendations go into the one numbered `kept`."""

    kept: Number
    numbers: Numbers
    reason: Reason = ""


class EndorsementIn(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
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
    def of(cls, pair: Resemblance | CommonPair) -> "ResemblanceOut":
        return cls(
            first=RecommendationOut.of(pair.first), second=RecommendationOut.of(pair.second), likeness=pair.likeness
        )


class CommonPairIn(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Two recommendations that say the same, one of each set; `is_common` false takes them out of the common ground."""

    one_id: UUID
    other_id: UUID
    is_common: bool = True


class CommonGroundOut(Struct, frozen=True, kw_only=True):
    """What two sets share: `shared` stand in both, `agreed` are pairs of one of each, `open` nobody has settled."""

    shared: list[RecommendationOut]
    agreed: list[ResemblanceOut]
    open: list[ResemblanceOut]

    @classmethod
    def of(cls, ground: CommonGround) -> "CommonGroundOut":
        return cls(
            shared=[RecommendationOut.of(row) for row, _ in ground.shared],
            agreed=[ResemblanceOut.of(pair) for pair in ground.agreed],
            open=[ResemblanceOut.of(pair) for pair in ground.open],
        )


class DismissalIn(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Two recommendations that are not the same."""

    one_id: UUID
    other_id: UUID


class ThemeNameIn(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A name in the languages that have one."""

    es: Annotated[str, Meta(max_length=120)] = ""
    en: Annotated[str, Meta(max_length=120)] = ""
    fr: Annotated[str, Meta(max_length=120)] = ""

    def to_trilingual(self) -> Trilingual:
        return Trilingual(self.es, self.en, self.fr)


class TaxonomyIn(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A list of themes to begin. `capitals`, `components` and `goals` come with their themes, and need no name."""

    kind: TaxonomyKind
    name: ThemeNameIn = ThemeNameIn()


class TaxonomyOut(Struct, frozen=True, kw_only=True):
    """A list of themes; one of the kind `sets` holds what the forum publishes beside its declaration."""

    id: UUID
    kind: TaxonomyKind
    name: dict[str, str]
    themes: list[ThemeOut]

    @classmethod
    def of(cls, taxonomy: Taxonomy) -> "TaxonomyOut":
        return filled(
            cls, taxonomy, name=taxonomy.name.to_dict(), themes=[ThemeOut.of(theme) for theme in taxonomy.themes]
        )


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


Words = Annotated[str, QueryParameter(max_length=200, description="Beginnings of words, or a phrase in quotes.")]


class RecommendationApi(Controller):
    """Recommendations."""

    path = "/api"
    tags = ("Recommendations",)

    @reads("/forums/{forum:str}/recommendations", policy="recommendation.read")
    def list_recommendations(
        self,
        *,
        work: Work,
        forum: Slug,
        words: Words = "",
        session_id: FromQuery[UUID | None] = None,
        language: FromQuery[str] = "",
        standing: FromQuery[RecommendationStatus | None] = None,
        outcome: FromQuery[RulingOutcome | None] = None,
        theme_id: FromQuery[UUID | None] = None,
        organisation_id: FromQuery[UUID | None] = None,
        cursor: Cursor = "",
        limit: Limit = 50,
    ) -> Response[RecommendationsOut]:
        """List the recommendations of a forum, in the order of their numbers."""
        actor = work.actor
        wanted = RegisterSearch(
            words=words,
            session_id=session_id,
            language=language,
            standing=standing,
            outcome=outcome,
            theme_id=theme_id,
            organisation_id=organisation_id,
        )
        with work.reading() as db:
            register = RecommendationService(db).register(
                PeopleService(db).forum(forum), actor=actor, wanted=wanted, after=number_after(cursor), limit=limit + 1
            )
            page = list_page(register, cursor=lambda recommendation: recommendation.number, limit=limit)
            themes = ThemeService(db).of([recommendation.id for recommendation in page.items])
            return answer(RecommendationsOut.of(page.items, page.next, themes=themes))

    @writes("/forums/{forum:str}/recommendations", policy="recommendation.submit")
    def submit_recommendations(
        self, db: Db, actor: Actor, forum: InForum, data: Body[SubmissionIn]
    ) -> RecommendationsOut:
        """Send in recommendations of one's own; the secretariat confirms or drops each."""
        made = RecommendationService(db).submit(
            forum,
            [
                VerbatimStatement(recommendation.text, recommendation.language, recommendation.section.strip())
                for recommendation in data.recommendations
            ],
            organisation_id=data.organisation_id,
            actor=actor,
        )
        for proposed in made:
            db.refresh(proposed, ["session", "organisation"])
        return RecommendationsOut.of(made)

    @reads("/recommendations/{recommendation_id:uuid}", policy="recommendation.read")
    def read_recommendation(self, db: Db, actor: Actor, recommendation_id: PathId) -> RecommendationOut:
        """Read one recommendation."""
        found = RecommendationService(db).get(recommendation_id, actor=actor)
        return RecommendationOut.of(found, ThemeService(db).of([found.id]).get(found.id, ()))

    @reads("/recommendations/{recommendation_id:uuid}/rulings", policy="recommendation.read")
    def list_recommendation_rulings(self, db: Db, actor: Actor, recommendation_id: PathId) -> ListOf[RulingOut]:
        """List what was decided about one recommendation, the first decision first."""
        service = RecommendationService(db)
        rulings = service.rulings(service.get(recommendation_id, actor=actor))
        return ListOf(items=[RulingOut.of(recommendation) for recommendation in rulings])

    @writes("/recommendations/{recommendation_id:uuid}/endorsements", policy="recommendation.submit")
    def endorse_recommendation(
        self, db: Db, actor: Actor, recommendation_id: PathId, data: Body[EndorsementIn]
    ) -> EndorserOut:
        """Stand behind a recommendation for one's organisation."""
        service = RecommendationService(db)
        found = service.get(recommendation_id, actor=actor)
        made = service.endorse(found, organisation_id=data.organisation_id, actor=actor)
        return EndorserOut(organisation_id=made.organisation_id, endorsed_at=made.endorsed_at)

    @writes(
        "/recommendations/{recommendation_id:uuid}/endorsement-withdrawal", status=DONE, policy="recommendation.submit"
    )
    def withdraw_endorsement(
        self, db: Db, actor: Actor, recommendation_id: PathId, data: Body[EndorsementIn]
    ) -> RecommendationOut:
        """No longer stand behind a recommendation."""
        service = RecommendationService(db)
        found = service.get(recommendation_id, actor=actor)
        service.withdraw_endorsement(found, organisation_id=data.organisation_id, actor=actor)
        return RecommendationOut.of(found, ThemeService(db).of([found.id]).get(found.id, ()))

    @writes("/forums/{forum:str}/recommendations/settlement", status=DONE, policy="recommendation.confirm_merge")
    def settle_recommendations(
        self, db: Db, actor: Actor, forum: InForum, data: Body[RecommendationSettlementIn]
    ) -> RecommendationsOut:
        """Confirm, set aside or reopen recommendations, and answer with those that were changed by it."""
        service = RecommendationService(db)
        numbers = data.numbers
        if numbers is None:
            numbers = service.proposals(forum, data.search.to_search(), actor=actor)
        settled = service.settle(forum, numbers, data.to_standing(), reason=data.reason, actor=actor)
        return RecommendationsOut.of(settled, settlement_id=service.settlement_id)

    @writes(
        "/forums/{forum:str}/recommendations/settlements/{settlement_id:uuid}/undoing",
        status=DONE,
        policy="recommendation.confirm_merge",
    )
    def undo_settlement(self, db: Db, actor: Actor, forum: InForum, settlement_id: PathId) -> RecommendationsOut:
        """Let what was settled at once stand as before, except what somebody has decided on since."""
        undone = RecommendationService(db).undo(forum, settlement_id, actor=actor)
        return RecommendationsOut.of(undone)

    @writes("/recommendations/{recommendation_id:uuid}/separation", status=DONE, policy="recommendation.confirm_merge")
    def separate_recommendation(self, db: Db, actor: Actor, recommendation_id: PathId) -> RecommendationOut:
        """Let a merged recommendation stand alone again, as it stood before."""
        service = RecommendationService(db)
        found = service.get(recommendation_id, actor=actor)
        service.separate(found, actor=actor)
        return RecommendationOut.of(found, ThemeService(db).of([found.id]).get(found.id, ()))

    @writes("/forums/{forum:str}/recommendations/rulings", status=DONE, policy="recommendation.confirm_merge")
    def rule_on_recommendations(
        self, db: Db, actor: Actor, forum: InForum, data: Body[RecommendationRulingIn]
    ) -> RecommendationsOut:
        """Say what became of confirmed recommendations, with the reason."""
        ruled = RecommendationService(db).rule(forum, data.numbers, data.to_outcome(), reason=data.reason, actor=actor)
        return RecommendationsOut.of(ruled)

    @writes("/forums/{forum:str}/recommendations/merger", status=DONE, policy="recommendation.confirm_merge")
    def merge_recommendations(self, db: Db, actor: Actor, forum: InForum, data: Body[MergerIn]) -> RecommendationOut:
        """Let recommendations go into one of them. Their words, and where each was said, are kept."""
        service = RecommendationService(db)
        kept = service.merge(forum, data.kept, data.numbers, reason=data.reason, actor=actor)
        made = RecommendationOut.of(kept, ThemeService(db).of([kept.id]).get(kept.id, ()))
        return replace(made, settlement_id=service.settlement_id)
