"""What somebody looks for in the register, as conditions that the database answers."""

from enum import StrEnum
from typing import Any
from uuid import UUID

import sqlalchemy as sa
from msgspec import Struct

from workspace.core.actor import Actor
from workspace.core.search import has_words
from workspace.people.models import Forum
from workspace.recommendations import policy
from workspace.recommendations.models import (
    Endorsement,
    Outcome,
    Recommendation,
    RecommendationTheme,
    Standing,
)


class Order(StrEnum):
    """How the register is sorted; ties by number."""

    NUMBER = "number"
    NEWEST = "newest"
    SESSION = "session"
    LANGUAGE = "language"
    ENDORSED = "endorsed"


class Wanted(Struct, frozen=True, kw_only=True):
    """Everything, where nothing is said."""

    words: str = ""
    session_id: UUID | None = None
    language: str = ""
    standing: Standing | None = None
    outcome: Outcome | None = None
    theme_id: UUID | None = None
    organisation_id: UUID | None = None  # that sent it in or stands behind it


def conditions(forum: Forum, wanted: Wanted, *, actor: Actor) -> list[sa.ColumnElement[bool]]:
    """What a recommendation must be for `actor` to find it there; raises `NotAllowed` for who may not read any."""
    policy.ensure_may_read(actor, forum)
    found: list[sa.ColumnElement[bool]] = [Recommendation.forum_id == forum.id]
    if not policy.may_read_all(actor, forum):
        found.append(Recommendation.standing == Standing.CONFIRMED)
    plain: tuple[tuple[Any, Any], ...] = (
        (Recommendation.session_id, wanted.session_id),
        (Recommendation.language, wanted.language),
        (Recommendation.standing, wanted.standing),
        (Recommendation.outcome, wanted.outcome),
    )
    found += [column == value for column, value in plain if value]
    if wanted.words:
        found.append(has_words(Recommendation.folded, wanted.words))
    if wanted.theme_id:
        under = sa.select(RecommendationTheme.recommendation_id).where(RecommendationTheme.theme_id == wanted.theme_id)
        found.append(Recommendation.id.in_(under))
    if wanted.organisation_id:
        behind = sa.select(Endorsement.recommendation_id).where(Endorsement.organisation_id == wanted.organisation_id)
        sent_in = Recommendation.organisation_id == wanted.organisation_id
        found.append(sa.or_(sent_in, Recommendation.id.in_(behind)))
    return found


def sorted_by(order: Order) -> tuple[Any, ...]:
    """The columns to sort by."""
    endorsed = (
        sa.select(sa.func.count())
        .where(Endorsement.recommendation_id == Recommendation.id)
        .correlate(Recommendation)
        .scalar_subquery()
    )
    leading: dict[Order, tuple[Any, ...]] = {
        Order.NUMBER: (),
        Order.NEWEST: (Recommendation.number.desc(),),
        Order.SESSION: (Recommendation.session_id.is_(None), Recommendation.session_id),
        Order.LANGUAGE: (Recommendation.language,),
        Order.ENDORSED: (endorsed.desc(),),
    }
    return (*leading[order], Recommendation.number)
