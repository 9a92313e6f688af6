"""Taking recommendations in as proposals, and confirming or dropping them."""

from collections.abc import Sequence
from dataclasses import dataclass
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.orm import joinedload

from workspace.core import clock, log
from workspace.core.actor import Actor
from workspace.core.db import Db
from workspace.core.errors import NotFound
from workspace.people.models import Forum
from workspace.recommendations import policy
from workspace.recommendations.models import Recommendation, Standing
from workspace.sessions.models import Session

_WITH_SESSION = joinedload(Recommendation.session).defer(Session.details)  # all that a note tells of it is large


@dataclass(frozen=True, slots=True)
class Said:
    """A recommendation-like statement, verbatim, with the line (from 1) and section it stands in."""

    text: str
    language: str
    section: str = ""
    line: int | None = None
    marker: str = ""


class RecommendationService:
    """The register of recommendations."""

    def __init__(self, db: Db) -> None:
        self.db = db

    def propose(self, session: Session, said: Sequence[Said], *, actor: Actor) -> list[Recommendation]:
        """Add statements to the register as proposals; a rapporteur confirms or drops each."""
        policy.ensure_may_confirm(actor, session.forum)
        last = self.db.scalar(
            sa.select(sa.func.max(Recommendation.number)).where(Recommendation.forum_id == session.forum_id)
        )
        found = [
            Recommendation(
                forum_id=session.forum_id,
                session=session,
                number=number,
                language=one.language,
                text=one.text,
                section=one.section,
                line=one.line,
                marker=one.marker,
            )
            for number, one in enumerate(said, start=(last or 0) + 1)
        ]
        self.db.add_all(found)
        self.db.flush()
        return found

    def settle(self, forum: Forum, numbers: Sequence[int], standing: Standing, *, actor: Actor) -> list[Recommendation]:
        """Confirm or drop recommendations by their numbers; raises `NotFound` for a number that does not exist.

        Nothing is recorded when there are none.
        """
        policy.ensure_may_confirm(actor, forum)
        wanted = list(dict.fromkeys(numbers))
        if not wanted:
            return []
        rows = sa.select(Recommendation).where(Recommendation.forum_id == forum.id, Recommendation.number.in_(wanted))
        found = {one.number: one for one in self.db.scalars(rows.options(_WITH_SESSION))}
        if unknown := [number for number in wanted if number not in found]:
            raise NotFound(what="recommendation", id=str(unknown[0]))
        chosen = [found[number] for number in wanted]
        for one in chosen:
            one.standing, one.decided_by_id, one.decided_at = standing, actor.person_id, clock.now()
        log.record(
            self.db,
            "recommendations.settled",
            actor=actor,
            forum_id=forum.id,
            standing=standing.value,
            recommendations=[str(one.id) for one in chosen],
        )
        return chosen

    def confirm_all(self, forum: Forum, *, actor: Actor) -> list[Recommendation]:
        """Confirm every proposal that is still open."""
        numbers = [one.number for one in self.register(forum, actor=actor, standing=Standing.PROPOSED)]
        return self.settle(forum, numbers, Standing.CONFIRMED, actor=actor)

    def register(
        self,
        forum: Forum,
        *,
        actor: Actor,
        session_id: UUID | None = None,
        standing: Standing | None = None,
        after: int = 0,
        limit: int | None = None,
    ) -> list[Recommendation]:
        """Recommendations of a forum in the order of their numbers, each with its session.

        With `limit`, that many at most, and those whose numbers come `after`.
        """
        policy.ensure_may_read(actor, forum)
        statement = (
            sa.select(Recommendation)
            .where(Recommendation.forum_id == forum.id, Recommendation.number > after)
            .options(_WITH_SESSION)
            .order_by(Recommendation.number)
            .limit(limit)
        )
        if session_id is not None:
            statement = statement.where(Recommendation.session_id == session_id)
        if standing is not None:
            statement = statement.where(Recommendation.standing == standing)
        return list(self.db.scalars(statement))

    def get(self, recommendation_id: UUID, *, actor: Actor) -> Recommendation:
        """One recommendation with its session; raises `NotFound`."""
        found = self.db.get(Recommendation, recommendation_id, options=[joinedload(Recommendation.session)])
        if found is None or not policy.may_read(actor, found.session.forum):
            raise NotFound(what="recommendation", id=str(recommendation_id))
        return found
