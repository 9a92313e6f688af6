"""Recommendations that say nearly the same: noting them as they come in, showing them, and telling them apart."""

from collections.abc import Iterable, Sequence
from typing import Any
from uuid import UUID

import sqlalchemy as sa

from workspace.core import clock
from workspace.core.actor import Actor
from workspace.core.errors import NotFound
from workspace.core.storage.db import Db
from workspace.people.models import Forum
from workspace.recommendations import policy
from workspace.recommendations.models import (
    Endorsement,
    Recommendation,
    RecommendationStatus,
    RecommendationTheme,
    Resemblance,
)
from workspace.recommendations.similarity import KnownTexts

_KNOWN = "texts that recommendations were compared with"


def note_resemblances(db: Db, forum_id: UUID, fresh: Sequence[Recommendation]) -> int:
    """Note which others each of these resembles; returns how many pairs were found. They are flushed already."""
    if not fresh:
        return 0
    known: KnownTexts = db.info.setdefault(_KNOWN, KnownTexts())
    found: dict[frozenset[UUID], int] = {}
    for first, second, likeness in known.alike(db, forum_id, [recommendation.id for recommendation in fresh]):
        pair = frozenset((first, second))
        found[pair] = max(likeness, found.get(pair, 0))
    rows = [
        {"one_id": min(pair), "other_id": max(pair), "forum_id": forum_id, "likeness": likeness}
        for pair, likeness in found.items()
    ]
    if rows:
        db.execute(sa.insert(Resemblance), rows)
    return len(rows)


def note_resemblances_incrementally(db: Db, known: KnownTexts) -> None:
    """Compare what comes in with what was read in earlier units of work, instead of reading it all again."""
    db.info[_KNOWN] = known


def resemblances(
    db: Db, forum: Forum, *, actor: Actor, of: UUID | None = None, first: int = 0, limit: int = 50
) -> list[Resemblance]:
    """Pairs that nobody has dismissed and of which both are still in the register, the likest first."""
    policy.ensure_may_confirm_any(actor, forum)
    left, right, pairs = _open_pairs(forum)
    statement = (
        sa.select(Resemblance)
        .join_from(Resemblance, left, left.id == Resemblance.one_id)
        .join(right, right.id == Resemblance.other_id)
        .where(*pairs)
        .order_by(Resemblance.likeness.desc(), left.number, right.number)
        .offset(first)
        .limit(limit)
    )
    if of is not None:
        statement = statement.where(sa.or_(Resemblance.one_id == of, Resemblance.other_id == of))
    options = [
        sa.orm.joinedload(side).options(
            sa.orm.joinedload(Recommendation.session), sa.orm.joinedload(Recommendation.organisation)
        )
        for side in (Resemblance.first, Resemblance.second)
    ]
    return list(db.scalars(statement.options(*options)))


def open_pairs(db: Db, forum: Forum) -> int:
    """How many pairs wait for somebody to look at them."""
    left, right, pairs = _open_pairs(forum)
    count = sa.select(sa.func.count()).select_from(Resemblance).join(left, left.id == Resemblance.one_id)
    return db.scalar(count.join(right, right.id == Resemblance.other_id).where(*pairs)) or 0


def _open_pairs(forum: Forum) -> tuple[Any, Any, list[sa.ColumnElement[bool]]]:
    """Both sides of a pair, and what it is that nobody has settled."""
    left, right = sa.orm.aliased(Recommendation), sa.orm.aliased(Recommendation)
    counted = [standing for standing in RecommendationStatus if standing.is_counted]
    is_open = [Resemblance.forum_id == forum.id, Resemblance.dismissed_at.is_(None)]
    return left, right, [*is_open, left.standing.in_(counted), right.standing.in_(counted)]


def dismiss_pair(db: Db, forum: Forum, one_id: UUID, other_id: UUID, *, actor: Actor) -> None:
    """Say that two recommendations are not the same, so that they are no longer shown together."""
    policy.ensure_may_confirm_any(actor, forum)
    found = db.get(Resemblance, (min(one_id, other_id), max(one_id, other_id)))
    if found is None or found.forum_id != forum.id:
        raise NotFound(what="resemblance", id=f"{one_id} {other_id}")
    policy.ensure_may_settle(actor, forum, [found.first, found.second])
    found.dismissed_by_id, found.dismissed_at = actor.person_id, clock.now()


def return_endorsements(db: Db, into: UUID, separated: Recommendation) -> None:
    """Take back from a recommendation the endorsements that it has only of one that was merged into it.

    Where another one that is merged into it has the same organisation behind it, that one lends it from now on.
    """
    inside = sa.select(Recommendation.id).where(Recommendation.merged_into_id == into)
    lent = sa.select(Endorsement).where(Endorsement.recommendation_id == separated.id)
    kept = sa.select(Endorsement).where(Endorsement.recommendation_id.in_(inside))
    others = {row.organisation_id: row for row in db.scalars(kept)}
    for row in db.scalars(lent).all():
        copy, heir = db.get(Endorsement, (into, row.organisation_id)), others.get(row.organisation_id)
        if copy is None or copy.endorsed_at != row.endorsed_at:
            continue
        if heir is None:
            db.delete(copy)
        else:
            copy.endorsed_by_id, copy.endorsed_at = heir.endorsed_by_id, heir.endorsed_at


def transfer_endorsements(db: Db, into: UUID, others: Iterable[Recommendation]) -> None:
    """Give what stands behind some recommendations to the one they go into as well."""
    ids = [*(recommendation.id for recommendation in others), into]
    behind = db.scalars(sa.select(Endorsement).where(Endorsement.recommendation_id.in_(ids))).all()
    held = {endorsement.organisation_id for endorsement in behind if endorsement.recommendation_id == into}
    for endorsement in behind:
        if endorsement.organisation_id not in held:
            held.add(endorsement.organisation_id)
            db.add(
                Endorsement(
                    recommendation_id=into,
                    organisation_id=endorsement.organisation_id,
                    endorsed_by_id=endorsement.endorsed_by_id,
                    endorsed_at=endorsement.endorsed_at,
                )
            )


def transfer_themes(db: Db, into: Recommendation, others: Iterable[Recommendation]) -> None:
    """Put a recommendation under the themes of those that go into it as well."""
    ids = [recommendation.id for recommendation in others]
    under = RecommendationTheme.recommendation_id
    themes = set(db.scalars(sa.select(RecommendationTheme.theme_id).where(under.in_(ids))))
    themes -= set(db.scalars(sa.select(RecommendationTheme.theme_id).where(under == into.id)))
    db.add_all(RecommendationTheme(recommendation_id=into.id, theme_id=theme) for theme in themes)
