"""The order of suggestions that the marks of a network teach: an operator trains it, and nothing leaves the machine.

What is kept are weights of hashed words: no words of a note, and nothing that reading them would need a library for.
"""

import math
import re
from collections.abc import Mapping, Sequence
from itertools import pairwise
from typing import Any
from uuid import UUID
from zlib import crc32

import sqlalchemy as sa
from msgspec import Struct

from workspace.consultation.models import MarkKind, NoteMark, SuggestionOrder
from workspace.core import clock
from workspace.core.actor import Actor
from workspace.core.errors import Invalid
from workspace.core.storage import log
from workspace.core.storage.db import Db
from workspace.people.models import Forum
from workspace.recommendations.models import Recommendation, RecommendationStatus
from workspace.sessions.models import Session

FEWEST_MARKS = 1_000
_BUCKETS = 2**15
_FOLDS = 5
_WORD = re.compile(r"\w+|[?!:]")
_SETTLED = (RecommendationStatus.CONFIRMED, RecommendationStatus.MERGED, RecommendationStatus.DROPPED)


class MarkedText(Struct, frozen=True):
    """Words that somebody settled, and whether they are a recommendation. `was_suggested`: the rules said so."""

    session_id: UUID
    text: str
    language: str
    is_recommendation: bool
    was_suggested: bool


class TrainingFigures(Struct, frozen=True):
    """How many marks there are, and the average precision of the rules and of what was learned, by cross-validation."""

    marks: int
    rules: float
    learned: float

    @property
    def is_better(self) -> bool:
        return self.learned > self.rules


def marked_texts(db: Db, forum: Forum) -> list[MarkedText]:
    """Every mark of the network of a forum, each sentence of a session once."""
    is_there = Session.document_id.is_not(None), Session.removed_at.is_(None)
    here = sa.select(Session.id).join(Forum).where(Forum.network_id == forum.network_id, *is_there)
    marks = list(db.scalars(sa.select(NoteMark).where(NoteMark.session_id.in_(here)).order_by(NoteMark.id)))
    by_hand = {(mark.session_id, mark.text) for mark in marks if not mark.suggested}
    settled = Recommendation.session_id.in_(here), Recommendation.standing.in_(_SETTLED)
    found = {
        (row.session_id, row.text): MarkedText(
            row.session_id,
            row.text,
            row.language,
            row.standing is not RecommendationStatus.DROPPED,
            (row.session_id, row.text) not in by_hand,
        )
        for row in db.scalars(sa.select(Recommendation).where(*settled).order_by(Recommendation.id))
        if row.session_id
    }
    for mark in marks:
        if mark.kind is not MarkKind.RECOMMENDATION:
            was_suggested = mark.suggested == MarkKind.RECOMMENDATION
            known = MarkedText(mark.session_id, mark.text, mark.language, False, was_suggested)  # noqa: FBT003  (a field)
            found.setdefault((mark.session_id, mark.text), known)
    return list(found.values())


def train(texts: Sequence[MarkedText]) -> tuple[TrainingFigures, dict[str, float]]:
    """Learn what is a recommendation, and measure it beside the rules.

    Raises `Invalid` for fewer than `FEWEST_MARKS`, for marks that are all alike or of too few sessions, and without
    scikit-learn.
    """
    if len(texts) < FEWEST_MARKS:
        raise Invalid(field="marks", reason="too_few_marks", count=len(texts), least=FEWEST_MARKS)
    answers = [text.is_recommendation for text in texts]
    sessions = [str(text.session_id) for text in texts]
    if len(set(answers)) < 2 or len(set(sessions)) < _FOLDS:  # noqa: PLR2004  (both kinds)
        raise Invalid(field="marks", reason="marks_too_alike")
    try:
        from sklearn.linear_model import LogisticRegression  # noqa: PLC0415  (optional)
        from sklearn.metrics import average_precision_score  # noqa: PLC0415  (optional)
        from sklearn.model_selection import StratifiedGroupKFold, cross_val_predict  # noqa: PLC0415  (optional)
    except ImportError as error:
        raise Invalid(field="marks", reason="no_learning") from error
    model = LogisticRegression(class_weight="balanced", max_iter=1_000)
    rows, folds = _matrix(texts), StratifiedGroupKFold(_FOLDS)
    scores = cross_val_predict(model, rows, answers, groups=sessions, cv=folds, method="decision_function")
    learned = average_precision_score(answers, scores)
    rules = average_precision_score(answers, [float(text.was_suggested) for text in texts])
    model.fit(rows, answers)
    weights = {str(place): round(float(weight), 4) for place, weight in enumerate(model.coef_[0]) if weight}
    return TrainingFigures(len(texts), float(rules), float(learned)), weights


def likelihood(weights: Mapping[str, float], text: str, language: str) -> float:
    """How much like a recommendation these words are; the more the higher."""
    return sum(weights.get(str(place), 0.0) * share for place, share in _features(text, language).items())


def order_of(db: Db, forum: Forum) -> Mapping[str, float]:
    """The weights that order the suggestions of a forum; none where the rules do."""
    kept = db.get(SuggestionOrder, forum.network_id)
    return kept.weights if kept else {}


def keep_order(db: Db, forum: Forum, weights: Mapping[str, float] | None, *, count: int = 0, actor: Actor) -> None:
    """Let these weights order the suggestions of a network, or none of them."""
    db.execute(sa.delete(SuggestionOrder).where(SuggestionOrder.network_id == forum.network_id))
    if weights is not None:
        db.add(
            SuggestionOrder(
                network_id=forum.network_id, weights=dict(weights), trained_on=count, trained_at=clock.now()
            )
        )
    db.flush()
    log.record(db, "notes.order_changed", actor=actor, forum_id=forum.id, marks=str(count))


def _features(text: str, language: str) -> dict[int, float]:
    words = [word.lower() for word in _WORD.findall(text)]
    found = {f"{language} {word}" for word in words} | {f"{language} {a} {b}" for a, b in pairwise(words)}
    places = {crc32(each.encode()) % _BUCKETS for each in found}
    return dict.fromkeys(places, 1 / math.sqrt(len(places) or 1))


def _matrix(texts: Sequence[MarkedText]) -> Any:
    from scipy.sparse import lil_matrix  # noqa: PLC0415  (optional)

    rows = lil_matrix((len(texts), _BUCKETS))
    for at, text in enumerate(texts):
        for place, share in _features(text.text, text.language).items():
            rows[at, place] = share
    return rows.tocsr()
