"""The register of recommendations, as JSON."""

from typing import Annotated
from uuid import UUID

from litestar import Controller, Response
from litestar.di import NamedDependency
from litestar.params import QueryParameter

from workspace.people.service import PeopleService
from workspace.recommendations.finding import Wanted
from workspace.recommendations.models import Outcome, Recommendation, Standing
from workspace.recommendations.schemas import (
    EndorserOut,
    MergerIn,
    RecommendationOut,
    RecommendationsOut,
    RulingIn,
    RulingOut,
    RulingsOut,
    SettlementIn,
    SubmissionIn,
    VoiceIn,
)
from workspace.recommendations.service import RecommendationService, Said
from workspace.recommendations.themes import ThemeService
from workspace.web.api import DONE, Cursor, Limit, answer, reads, writes
from workspace.web.paging import number_after, sliced
from workspace.web.params import FromPath, FromQuery, JSONBody
from workspace.web.services import Work

Words = Annotated[str, QueryParameter(max_length=200, description="Beginnings of words, or a phrase in quotes.")]


def _number(one: Recommendation) -> int:
    return one.number


class RecommendationApi(Controller):
    """Recommendations."""

    path = "/api"
    tags = ("Recommendations",)

    @reads("/forums/{forum:str}/recommendations", 422, policy="recommendation.read")
    def list_recommendations(
        self,
        *,
        work: NamedDependency[Work],
        forum: FromPath[str],
        words: Words = "",
        session_id: FromQuery[UUID | None] = None,
        language: FromQuery[str] = "",
        standing: FromQuery[Standing | None] = None,
        outcome: FromQuery[Outcome | None] = None,
        theme_id: FromQuery[UUID | None] = None,
        organisation_id: FromQuery[UUID | None] = None,
        cursor: Cursor = "",
        limit: Limit = 50,
    ) -> Response[RecommendationsOut]:
        """List the recommendations of a forum, in the order of their numbers."""
        actor = work.actor
        wanted = Wanted(
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
            page = sliced(register, cursor=_number, limit=limit)
            themes = ThemeService(db).of([one.id for one in page.items])
            return answer(RecommendationsOut.of(page.items, page.next, themes=themes))

    @writes("/forums/{forum:str}/recommendations", policy="recommendation.submit")
    def submit_recommendations(
        self, work: NamedDependency[Work], forum: FromPath[str], data: JSONBody[SubmissionIn]
    ) -> Response[RecommendationsOut]:
        """Send in recommendations of one's own; the secretariat confirms or drops each."""
        actor = work.actor
        with work.writing() as db:
            made = RecommendationService(db).submit(
                PeopleService(db).forum(forum),
                [
                    Said(recommendation.text, recommendation.language, recommendation.section.strip())
                    for recommendation in data.recommendations
                ],
                organisation_id=data.organisation_id,
                actor=actor,
            )
            for one in made:
                db.refresh(one, ["session", "organisation"])
            shown = RecommendationsOut.of(made)
        return answer(shown)

    @reads("/recommendations/{recommendation_id:uuid}", policy="recommendation.read")
    def read_recommendation(
        self, work: NamedDependency[Work], recommendation_id: FromPath[UUID]
    ) -> Response[RecommendationOut]:
        """Read one recommendation."""
        actor = work.actor
        with work.reading() as db:
            found = RecommendationService(db).get(recommendation_id, actor=actor)
            return answer(RecommendationOut.of(found, ThemeService(db).of([found.id]).get(found.id, ())))

    @reads("/recommendations/{recommendation_id:uuid}/rulings", policy="recommendation.read")
    def list_recommendation_rulings(
        self, work: NamedDependency[Work], recommendation_id: FromPath[UUID]
    ) -> Response[RulingsOut]:
        """List what was decided about one recommendation, the first decision first."""
        actor = work.actor
        with work.reading() as db:
            service = RecommendationService(db)
            rulings = service.rulings(service.get(recommendation_id, actor=actor))
            return answer(RulingsOut(items=[RulingOut.of(one) for one in rulings]))

    @writes("/recommendations/{recommendation_id:uuid}/endorsements", policy="recommendation.submit")
    def endorse_recommendation(
        self, work: NamedDependency[Work], recommendation_id: FromPath[UUID], data: JSONBody[VoiceIn]
    ) -> Response[EndorserOut]:
        """Stand behind a recommendation for one's organisation."""
        actor = work.actor
        with work.writing() as db:
            service = RecommendationService(db)
            found = service.get(recommendation_id, actor=actor)
            made = service.endorse(found, organisation_id=data.organisation_id, actor=actor)
            shown = EndorserOut(organisation_id=made.organisation_id, endorsed_at=made.endorsed_at)
        return answer(shown)

    @writes(
        "/recommendations/{recommendation_id:uuid}/endorsement-withdrawal", status=DONE, policy="recommendation.submit"
    )
    def withdraw_endorsement(
        self, work: NamedDependency[Work], recommendation_id: FromPath[UUID], data: JSONBody[VoiceIn]
    ) -> Response[RecommendationOut]:
        """No longer stand behind a recommendation."""
        actor = work.actor
        with work.writing() as db:
            service = RecommendationService(db)
            found = service.get(recommendation_id, actor=actor)
            service.withdraw_endorsement(found, organisation_id=data.organisation_id, actor=actor)
            shown = RecommendationOut.of(found, ThemeService(db).of([found.id]).get(found.id, ()))
        return answer(shown)

    @writes("/forums/{forum:str}/recommendations/settlement", status=DONE, policy="recommendation.confirm_merge")
    def settle_recommendations(
        self, work: NamedDependency[Work], forum: FromPath[str], data: JSONBody[SettlementIn]
    ) -> Response[RecommendationsOut]:
        """Confirm or drop recommendations, and answer with those that were settled."""
        actor = work.actor
        with work.writing() as db:
            service, where = RecommendationService(db), PeopleService(db).forum(forum)
            numbers = data.numbers
            if numbers is None:
                still_open = service.register(where, actor=actor, standing=Standing.PROPOSED)
                numbers = [one.number for one in still_open]
            settled = service.settle(where, numbers, data.to_standing(), actor=actor)
            made = RecommendationsOut.of(settled)
        return answer(made)

    @writes("/forums/{forum:str}/recommendations/rulings", status=DONE, policy="recommendation.confirm_merge")
    def rule_on_recommendations(
        self, work: NamedDependency[Work], forum: FromPath[str], data: JSONBody[RulingIn]
    ) -> Response[RecommendationsOut]:
        """Say what became of confirmed recommendations, with the reason."""
        actor = work.actor
        with work.writing() as db:
            ruled = RecommendationService(db).rule(
                PeopleService(db).forum(forum), data.numbers, data.to_outcome(), reason=data.reason, actor=actor
            )
            made = RecommendationsOut.of(ruled)
        return answer(made)

    @writes("/forums/{forum:str}/recommendations/merger", status=DONE, policy="recommendation.confirm_merge")
    def merge_recommendations(
        self, work: NamedDependency[Work], forum: FromPath[str], data: JSONBody[MergerIn]
    ) -> Response[RecommendationOut]:
        """Let recommendations go into one of them. Their words, and where each was said, are kept."""
        actor = work.actor
        with work.writing() as db:
            kept = RecommendationService(db).merge(
                PeopleService(db).forum(forum), data.kept, data.numbers, reason=data.reason, actor=actor
            )
            made = RecommendationOut.of(kept, ThemeService(db).of([kept.id]).get(kept.id, ()))
        return answer(made)
