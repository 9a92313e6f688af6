"""Recommendations of one language that say nearly the same, found without comparing each with each.

Two texts are only compared when they share one of the rarest words of either, and of those
only the few that share most. So ten thousand recommendations are gone through in seconds,
and one new recommendation in the time it takes to read the others.
"""

from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from uuid import UUID

import sqlalchemy as sa

from drafts.similarity import ratio
from workspace.core import clock
from workspace.core.actor import Actor
from workspace.core.db import Db
from workspace.core.errors import NotFound
from workspace.people.models import Forum
from workspace.recommendations import policy
from workspace.recommendations.models import (
    Endorsement,
    Recommendation,
    RecommendationTheme,
    Resemblance,
    Standing,
)

NEARLY = 70  # hundredths of likeness from which two are shown side by side
_RAREST = 6  # words of a text by which others are looked up
_MOST_HOLDERS = 60  # texts that hold a word; one that more hold says nothing
_MOST_COMPARED = 12  # texts that one is compared with
_SHORTEST = 4  # words, below which likeness means little


@dataclass(frozen=True, slots=True)
class _Text:
    id: UUID
    language: str
    words: tuple[str, ...]


def compare(db: Db, forum_id: UUID, fresh: Sequence[Recommendation]) -> int:
    """Note which others each of these resembles; returns how many pairs were found. They are flushed already."""
    if not fresh:
        return 0
    statement = sa.select(Recommendation.id, Recommendation.language, Recommendation.folded).where(
        Recommendation.forum_id == forum_id,
        Recommendation.language.in_({one.language for one in fresh}),
        Recommendation.standing.in_([one for one in Standing if one.is_counted]),
    )
    texts = [_Text(row.id, row.language, tuple(row.folded.split())) for row in db.execute(statement)]
    new = {one.id for one in fresh}
    found = {frozenset((one, other)): likeness for one, other, likeness in _pairs(texts, new)}
    known = {frozenset(row) for row in _known(db, new)}
    rows = [
        {"one_id": min(pair), "other_id": max(pair), "forum_id": forum_id, "likeness": likeness}
        for pair, likeness in found.items()
        if pair not in known
    ]
    if rows:
        db.execute(sa.insert(Resemblance), rows)
    return len(rows)


def resemblances(
    db: Db, forum: Forum, *, actor: Actor, of: UUID | None = None, first: int = 0, limit: int = 50
) -> list[Resemblance]:
    """Pairs that nobody has dismissed and of which both are still in the register, the likest first."""
    policy.ensure_may_confirm_any(actor, forum)
    one, other = sa.orm.aliased(Recommendation), sa.orm.aliased(Recommendation)
    counted = [standing for standing in Standing if standing.is_counted]
    statement = (
        sa.select(Resemblance)
        .join(one, one.id == Resemblance.one_id)
        .join(other, other.id == Resemblance.other_id)
        .where(Resemblance.forum_id == forum.id, Resemblance.dismissed_at.is_(None))
        .where(one.standing.in_(counted), other.standing.in_(counted))
        .order_by(Resemblance.likeness.desc(), one.number, other.number)
        .offset(first)
        .limit(limit)
    )
    if of is not None:
        statement = statement.where(sa.or_(Resemblance.one_id == of, Resemblance.other_id == of))
    options = [
        sa.orm.joinedload(side).options(
            sa.orm.joinedload(Recommendation.session), sa.orm.joinedload(Recommendation.organisation)
        )
        for side in (Resemblance.one, Resemblance.other)
    ]
    return list(db.scalars(statement.options(*options)))


def open_pairs(db: Db, forum: Forum) -> int:
    """How many pairs wait for somebody to look at them."""
    one, other = sa.orm.aliased(Recommendation), sa.orm.aliased(Recommendation)
    counted = [standing for standing in Standing if standing.is_counted]
    statement = (
        sa.select(sa.func.count())
        .select_from(Resemblance)
        .join(one, one.id == Resemblance.one_id)
        .join(other, other.id == Resemblance.other_id)
        .where(Resemblance.forum_id == forum.id, Resemblance.dismissed_at.is_(None))
        .where(one.standing.in_(counted), other.standing.in_(counted))
    )
    return db.scalar(statement) or 0


def dismiss(db: Db, forum: Forum, one_id: UUID, other_id: UUID, *, actor: Actor) -> None:
    """Say that two recommendations are not the same, so that they are no longer shown together."""
    policy.ensure_may_confirm_any(actor, forum)
    found = db.get(Resemblance, (min(one_id, other_id), max(one_id, other_id)))
    if found is None or found.forum_id != forum.id:
        raise NotFound(what="resemblance", id=f"{one_id} {other_id}")
    policy.ensure_may_settle(actor, forum, [found.one, found.other])
    found.dismissed_by_id, found.dismissed_at = actor.person_id, clock.now()


def hand_over(db: Db, into: Recommendation, others: Iterable[Recommendation]) -> None:
    """Give what stands behind some recommendations, and what they are about, to the one they go into as well."""
    ids = [one.id for one in others]
    behind = db.scalars(sa.select(Endorsement).where(Endorsement.recommendation_id.in_([*ids, into.id]))).all()
    held = {one.organisation_id for one in behind if one.recommendation_id == into.id}
    for one in behind:
        if one.organisation_id not in held:
            held.add(one.organisation_id)
            db.add(
                Endorsement(
                    recommendation_id=into.id,
                    organisation_id=one.organisation_id,
                    endorsed_by_id=one.endorsed_by_id,
                    endorsed_at=one.endorsed_at,
                )
            )
    under = RecommendationTheme.recommendation_id
    themes = set(db.scalars(sa.select(RecommendationTheme.theme_id).where(under.in_(ids))))
    themes -= set(db.scalars(sa.select(RecommendationTheme.theme_id).where(under == into.id)))
    db.add_all(RecommendationTheme(recommendation_id=into.id, theme_id=one) for one in themes)


def _known(db: Db, new: set[UUID]) -> Iterator[tuple[UUID, UUID]]:
    if len(new) > 500:  # noqa: PLR2004  (as many parameters as every database takes; so many at once are all new)
        return
    touching = sa.or_(Resemblance.one_id.in_(new), Resemblance.other_id.in_(new))
    for row in db.execute(sa.select(Resemblance.one_id, Resemblance.other_id).where(touching)):
        yield row.one_id, row.other_id


def _pairs(texts: Sequence[_Text], new: set[UUID]) -> Iterator[tuple[UUID, UUID, int]]:
    asked = {word for text in texts if text.id in new for word in text.words}  # no others are looked up
    holders: dict[tuple[str, str], list[int]] = defaultdict(list)
    for place, text in enumerate(texts):
        for word in asked.intersection(text.words):
            holders[text.language, word].append(place)
    codes = _Codes()
    for place, text in enumerate(texts):
        if text.id not in new or len(text.words) < _SHORTEST:
            continue
        for other in _candidates(place, text, holders):
            likeness = round(100 * ratio(codes.of(text.words), codes.of(texts[other].words)))
            if likeness >= NEARLY:
                yield text.id, texts[other].id, likeness


def _candidates(place: int, text: _Text, holders: Mapping[tuple[str, str], Sequence[int]]) -> list[int]:
    """The texts that share most of this one's rarest words."""
    held = sorted((holders[text.language, word] for word in set(text.words)), key=len)
    telling = [places for places in held if 1 < len(places) <= _MOST_HOLDERS][:_RAREST]
    shared = Counter(other for places in telling for other in places if other != place)
    if not shared and held and len(held[0]) > _MOST_HOLDERS:  # of common words only: the same text many times over
        shared = Counter(other for other in held[0][:_MOST_HOLDERS] if other != place)
    return [other for other, _ in shared.most_common(_MOST_COMPARED)]


class _Codes:
    """Words as characters of a string, so that texts can be compared word by word and fast."""

    def __init__(self) -> None:
        self._known: dict[str, str] = {}

    def of(self, words: Sequence[str]) -> str:
        return "".join(self._known.setdefault(word, chr(0x1_0000 + len(self._known))) for word in words)
