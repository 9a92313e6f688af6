"""The tables of procedure that belong to a forum."""

import sqlalchemy as sa

from workspace.core.actor import Actor
from workspace.core.forum_scope import scope
from workspace.procedure.models import (
    Cast,
    End,
    Floor,
    Question,
    QuestionDecision,
    Receipt,
    Rules,
    Seat,
    SecretCount,
    Weight,
)


def _votes_told(model: type[Cast | SecretCount], actor: Actor) -> sa.ColumnElement[bool]:
    """The votes of what is still open go along when the operator, who has the database anyway, moves the forum.

    Nobody else learns how an open vote stands.
    """
    return sa.true() if actor.is_operator else model.question_id.in_(sa.select(End.question_id))


SCOPES = (
    scope(Weight, Weight.mandate_id),
    scope(Rules),
    scope(Question, order=(Question.declaration_id, Question.number)),
    scope(Seat, Seat.question_id),
    scope(Cast, Cast.question_id, only=lambda actor: _votes_told(Cast, actor)),
    scope(SecretCount, SecretCount.question_id, only=lambda actor: _votes_told(SecretCount, actor)),
    scope(Receipt, Receipt.question_id),
    scope(End, End.question_id),
    scope(QuestionDecision, QuestionDecision.question_id),
    scope(Floor),
)
