"""The register of recommendations, as JSON."""

from uuid import UUID

from litestar import Controller, Response
from litestar.di import NamedDependency
from litestar.params import FromPath, FromQuery, JSONBody

from workspace.people.service import PeopleService
from workspace.recommendations.models import Recommendation, Standing
from workspace.recommendations.schemas import RecommendationOut, RecommendationsOut, SettlementIn
from workspace.recommendations.service import RecommendationService
from workspace.web.api import DONE, Cursor, Limit, answer, reads, writes
from workspace.web.paging import number_after, sliced
from workspace.web.services import Work


def _number(one: Recommendation) -> int:
    return one.number


class RecommendationApi(Controller):
    """Recommendations."""

    path = "/api"
    tags = ("Recommendations",)

    @reads("/forums/{forum:str}/recommendations", 422)
    def list_recommendations(
        self,
        *,
        work: NamedDependency[Work],
        forum: FromPath[str],
        session_id: FromQuery[UUID | None] = None,
        standing: FromQuery[Standing | None] = None,
        cursor: Cursor = "",
        limit: Limit = 50,
    ) -> Response[RecommendationsOut]:
        """List the recommendations of a forum, in the order of their numbers."""
        actor = work.actor
        with work.reading() as db:
            register = RecommendationService(db).register(
                PeopleService(db).forum(forum),
                actor=actor,
                session_id=session_id,
                standing=standing,
                after=number_after(cursor),
                limit=limit + 1,
            )
            page = sliced(register, cursor=_number, limit=limit)
            return answer(RecommendationsOut.of(page.items, page.next))

    @reads("/recommendations/{recommendation_id:uuid}")
    def read_recommendation(
        self, work: NamedDependency[Work], recommendation_id: FromPath[UUID]
    ) -> Response[RecommendationOut]:
        """Read one recommendation."""
        actor = work.actor
        with work.reading() as db:
            return answer(RecommendationOut.of(RecommendationService(db).get(recommendation_id, actor=actor)))

    @writes("/forums/{forum:str}/recommendations/settlement", status=DONE)
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
