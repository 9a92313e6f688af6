"""Recommendations that say nearly the same: noting them as they come in, showing them, and telling them apart.

What two sets have in common: recommendations in both, and pairs of which somebody has said so.
"""

from collections.abc import Iterable, Sequence
from typing import Any
from uuid import UUID

import sqlalchemy as sa
from msgspec import Struct

from workspace.core import clock
from workspace.core.actor import Actor
from workspace.core.errors import Invalid, NotFound
from workspace.core.storage import log
from workspace.core.storage.db import Db, lock_for_writing
from workspace.people.models import Forum
from workspace.recommendations import policy
from workspace.recommendations.models import (
    Endorsement,
    Recommendation,
    RecommendationStatus,
    RecommendationTheme,
    Resemblance,
    Taxonomy,
    Theme,
)
from workspace.recommendations.similarity import KnownTexts

_KNOWN = "texts that recommendations were compared with"
_OF = (Recommendation.session, Recommendation.organisation, Recommendation.submitted_by)
_ORIGIN = tuple(map(sa.orm.joinedload, _OF))
_BOTH_SIDES = tuple(sa.orm.joinedload(side).options(*_ORIGIN) for side in (Resemblance.first, Resemblance.second))
_COUNTED = [standing for standing in RecommendationStatus if standing.is_counted]
_MOST_OPEN = 50  # pairs across two sets that are shown to be looked at


class CommonPair(Struct, frozen=True):
    """A recommendation of the first set and one of the second. `likeness` is in hundredths, 0 where people found it."""

    first: Recommendation
    second: Recommendation
    likeness: int


class CommonGround(Struct, frozen=True):
    """What two sets share. `shared` stand in both, each with those merged into it; `open` nobody has settled."""

    shared: Sequence[tuple[Recommendation, Sequence[Recommendation]]]
    agreed: Sequence[CommonPair]
    open: Sequence[CommonPair] = ()


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
    """Pairs that nobody has settled and of which both are still in the register, the likest first."""
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
    return list(db.scalars(statement.options(*_BOTH_SIDES)))


def open_pairs(db: Db, forum: Forum) -> int:
    """How many pairs wait for somebody to look at them."""
    left, right, pairs = _open_pairs(forum)
    count = sa.select(sa.func.count()).select_from(Resemblance).join(left, left.id == Resemblance.one_id)
    return db.scalar(count.join(right, right.id == Resemblance.other_id).where(*pairs)) or 0


def _open_pairs(forum: Forum) -> tuple[Any, Any, list[sa.ColumnElement[bool]]]:
    """Both sides of a pair, and what it is that nobody has settled."""
    left, right = sa.orm.aliased(Recommendation), sa.orm.aliased(Recommendation)
    is_open = [Resemblance.forum_id == forum.id, Resemblance.dismissed_at.is_(None), Resemblance.common_at.is_(None)]
    return left, right, [*is_open, left.standing.in_(_COUNTED), right.standing.in_(_COUNTED)]


def dismiss_pair(db: Db, forum: Forum, one_id: UUID, other_id: UUID, *, actor: Actor) -> None:
    """Say that two recommendations are not the same, so that they are no longer shown together."""
    policy.ensure_may_confirm_any(actor, forum)
    found = db.get(Resemblance, (min(one_id, other_id), max(one_id, other_id)))
    if found is None or found.forum_id != forum.id:
        raise NotFound(what="resemblance", id=f"{one_id} {other_id}")
    policy.ensure_may_settle(actor, forum, [found.first, found.second])
    _settle_common(db, found, is_common=False, actor=actor)
    found.dismissed_by_id, found.dismissed_at = actor.person_id, clock.now()


def agree_pair(
    db: Db, forum: Forum, pair: Sequence[Recommendation], *, actor: Actor, sets: Sequence[UUID] = ()
) -> None:
    """Say that two recommendations say the same and both stay, whether or not they were found to be alike.

    Raises `Invalid` for one alone, for what is set aside or merged and, where `sets` are given, for two that are not
    one of each.
    """
    policy.ensure_may_settle(actor, forum, pair)
    ids = sorted({recommendation.id for recommendation in pair if recommendation.forum_id == forum.id})
    is_open = len(ids) == len(_BOTH_SIDES) and all(row.standing in _COUNTED for row in pair)
    if not is_open or (sets and not _is_across(db, pair, sets)):
        raise Invalid(field="other", reason="not_of_both_sets")
    lock_for_writing(db, Forum, forum.id)
    known = db.get(Resemblance, (ids[0], ids[1]))
    if known is None:
        known = Resemblance(one_id=ids[0], other_id=ids[1], forum_id=forum.id, likeness=0)
        db.add(known)
    known.dismissed_by_id = known.dismissed_at = None
    _settle_common(db, known, is_common=True, actor=actor)


def reopen_pair(db: Db, forum: Forum, pair: Sequence[Recommendation], *, actor: Actor) -> None:
    """Take two out of the common ground, to be looked at again. Raises `NotFound` for no such pair."""
    policy.ensure_may_settle(actor, forum, pair)
    ids = sorted(recommendation.id for recommendation in pair)
    found = db.get(Resemblance, (ids[0], ids[-1]))
    if found is None or found.forum_id != forum.id:
        raise NotFound(what="resemblance", id=" ".join(map(str, ids)))
    _settle_common(db, found, is_common=False, actor=actor)


def _settle_common(db: Db, pair: Resemblance, *, is_common: bool, actor: Actor) -> None:
    if is_common == (pair.common_at is not None):
        return
    pair.common_by_id, pair.common_at = (actor.person_id, clock.now()) if is_common else (None, None)
    db.flush()
    kind = "recommendations.common" if is_common else "recommendations.uncommon"
    ids = [str(pair.one_id), str(pair.other_id)]
    log.record(db, kind, actor=actor, forum_id=pair.forum_id, declaration_id=None, recommendations=ids)


def common_ground(db: Db, forum: Forum, first: UUID, second: UUID, *, actor: Actor) -> CommonGround:
    """What two sets share; who only reads finds what is confirmed. Raises `NotFound` for a set of another forum."""
    policy.ensure_may_read(actor, forum)
    here = sa.select(Theme.id).join(Theme.taxonomy).where(Taxonomy.forum_id == forum.id)
    for theme_id in {first, second} - set(db.scalars(here.where(Theme.id.in_([first, second])))):
        raise NotFound(what="theme", id=str(theme_id))
    if first == second:
        return CommonGround((), ())
    if not policy.may_confirm(actor, forum):
        return confirmed_common_ground(db, first, second)
    unsettled = Resemblance.common_at.is_(None), Resemblance.dismissed_at.is_(None)
    return CommonGround(
        _in_both(db, first, second, _COUNTED),
        _pairs_across(db, first, second, _COUNTED, Resemblance.common_at.is_not(None)),
        _pairs_across(db, first, second, _COUNTED, *unsettled, limit=_MOST_OPEN),
    )


def confirmed_common_ground(db: Db, first: UUID, second: UUID) -> CommonGround:
    """What two sets share as it is published. The caller has asked who may know."""
    confirmed = [RecommendationStatus.CONFIRMED]
    agreed = _pairs_across(db, first, second, confirmed, Resemblance.common_at.is_not(None))
    return CommonGround(_in_both(db, first, second, confirmed), agreed)


def _under(theme_id: UUID) -> sa.Select[Any]:
    return sa.select(RecommendationTheme.recommendation_id).where(RecommendationTheme.theme_id == theme_id)


def _is_across(db: Db, pair: Sequence[Recommendation], sets: Sequence[UUID]) -> bool:
    held = [set(db.scalars(_under(theme_id))) for theme_id in sets]
    ids = [recommendation.id for recommendation in pair]
    return any(ids[0] in first and ids[1] in second for first, second in (held, held[::-1]))


def _in_both(
    db: Db, first: UUID, second: UUID, standings: Sequence[RecommendationStatus]
) -> list[tuple[Recommendation, Sequence[Recommendation]]]:
    statement = sa.select(Recommendation).where(
        Recommendation.id.in_(_under(first)),
        Recommendation.id.in_(_under(second)),
        Recommendation.standing.in_(standings),
    )
    shared = list(db.scalars(statement.options(*_ORIGIN).order_by(Recommendation.number)))
    inside = sa.select(Recommendation).where(Recommendation.merged_into_id.in_([row.id for row in shared]))
    merged: dict[UUID | None, list[Recommendation]] = {}
    for row in db.scalars(inside.options(*_ORIGIN).order_by(Recommendation.number)):
        merged.setdefault(row.merged_into_id, []).append(row)
    return [(row, merged.get(row.id, ())) for row in shared]


def _pairs_across(
    db: Db,
    first: UUID,
    second: UUID,
    standings: Sequence[RecommendationStatus],
    *wanted: sa.ColumnElement[bool],
    limit: int | None = None,
) -> list[CommonPair]:
    """Pairs of which one stands in the first set alone and the other in the second alone, the likest first."""
    left, right = sa.orm.aliased(Recommendation), sa.orm.aliased(Recommendation)
    statement = (
        sa.select(Resemblance, left.id.in_(_under(first)))
        .join(left, left.id == Resemblance.one_id)
        .join(right, right.id == Resemblance.other_id)
        .where(*wanted, left.standing.in_(standings), right.standing.in_(standings))
        .where(
            sa.or_(
                sa.and_(_alone(left.id, first, second), _alone(right.id, second, first)),
                sa.and_(_alone(left.id, second, first), _alone(right.id, first, second)),
            )
        )
        .order_by(Resemblance.likeness.desc(), left.number, right.number)
        .limit(limit)
    )
    found = db.execute(statement.options(*_BOTH_SIDES))
    return [
        CommonPair(row.first, row.second, row.likeness) if in_order else CommonPair(row.second, row.first, row.likeness)
        for row, in_order in found
    ]


def _alone(key: Any, inside: UUID, outside: UUID) -> sa.ColumnElement[bool]:
    return sa.and_(key.in_(_under(inside)), key.not_in(_under(outside)))


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
