"""Who may read the register, send a recommendation in, stand behind one, and settle what becomes of it."""

from collections.abc import Collection, Iterable
from uuid import UUID

import sqlalchemy as sa

from workspace.core import clock
from workspace.core.actor import Actor
from workspace.core.security.conditions import Case
from workspace.people.models import Forum
from workspace.people.policy import ensure_may_in, may_in, own_rapporteurs
from workspace.recommendations.models import Recommendation, RecommendationStatus
from workspace.sessions.models import Session


def may_confirm(actor: Actor, forum: Forum) -> bool:
    """Whether they settle any recommendations: a rapporteur, those of their own sessions."""
    return may_in(actor, "recommendation.confirm_merge", forum, Case(rapporteurs=own_rapporteurs(actor)))


def ensure_may_confirm_any(actor: Actor, forum: Forum) -> None:
    ensure_may_in(actor, "recommendation.confirm_merge", forum, Case(rapporteurs=own_rapporteurs(actor)))


def ensure_may_confirm(actor: Actor, forum: Forum, sessions: Iterable[Session]) -> None:
    """Whether they settle the recommendations of all these sessions."""
    case = Case(rapporteurs=frozenset(session.rapporteur_id for session in sessions))
    ensure_may_in(actor, "recommendation.confirm_merge", forum, case)


def may_settle(actor: Actor, forum: Forum, recommendation: Recommendation) -> bool:
    return may_in(actor, "recommendation.confirm_merge", forum, _of_these([recommendation]))


def may_settle_of(actor: Actor, forum: Forum, rapporteur_id: UUID | None) -> bool:
    """Whether they settle what a session gave whose rapporteur this is; None for what no session said."""
    return may_in(actor, "recommendation.confirm_merge", forum, Case(rapporteurs=frozenset({rapporteur_id})))


def ensure_may_settle(actor: Actor, forum: Forum, recommendations: Iterable[Recommendation]) -> None:
    """Whether they settle all of these; what no session said is the secretariat's and the chair's."""
    ensure_may_in(actor, "recommendation.confirm_merge", forum, _of_these(recommendations))


def may_settle_all(actor: Actor, forum: Forum) -> bool:
    """Whether they settle what belongs to no session, and keep the lists of themes."""
    return may_in(actor, "recommendation.confirm_merge", forum, _of_these(()))


def may_submit(actor: Actor, forum: Forum) -> bool:
    return may_in(actor, "recommendation.submit", forum)


def ensure_may_submit(actor: Actor, forum: Forum) -> None:
    ensure_may_in(actor, "recommendation.submit", forum)


def may_endorse(actor: Actor, forum: Forum) -> bool:
    """Whoever may send a recommendation in on behalf of an organisation may also stand behind one for it."""
    return may_submit(actor, forum) and bool(spoken_for(actor, forum))


def spoken_for(actor: Actor, forum: Forum) -> tuple[UUID, ...]:
    """The organisations that they speak for today, each once."""
    held = actor.mandates_in(forum.id, clock.now())
    return tuple(dict.fromkeys(mandate.organisation_id for mandate in held if mandate.organisation_id))


def may_read(actor: Actor, forum: Forum) -> bool:
    """Whether the register opens to them; the public sees what has been released, that is confirmed."""
    return may_in(actor, "recommendation.read", forum, Case(is_released=True))


def may_read_all(actor: Actor, forum: Forum) -> bool:
    return may_in(actor, "recommendation.read", forum)


def shown_standings(actor: Actor, forum: Forum) -> Collection[RecommendationStatus]:
    """How a recommendation of the forum must stand for them to read it."""
    if may_read_all(actor, forum):
        return frozenset(RecommendationStatus)
    return frozenset({RecommendationStatus.CONFIRMED} if may_read(actor, forum) else ())


def shown_to(actor: Actor, forum: Forum) -> sa.ColumnElement[bool]:
    """Which recommendations of the forum they read."""
    return sa.and_(
        Recommendation.forum_id == forum.id, Recommendation.standing.in_(sorted(shown_standings(actor, forum)))
    )


def may_read_recommendation(actor: Actor, forum: Forum, recommendation: Recommendation) -> bool:
    is_released = recommendation.standing is RecommendationStatus.CONFIRMED
    return may_in(actor, "recommendation.read", forum, Case(is_released=is_released))


def ensure_may_read(actor: Actor, forum: Forum) -> None:
    ensure_may_in(actor, "recommendation.read", forum, Case(is_released=True))


def _of_these(recommendations: Iterable[Recommendation]) -> Case:
    return Case(rapporteurs=frozenset(recommendation.rapporteur_id for recommendation in recommendations))
