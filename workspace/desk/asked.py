"""What was put to the room and waits for one reader: their voice, their reading, or the chair's next step."""

from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime
from enum import Enum, auto
from uuid import UUID

import sqlalchemy as sa
from msgspec import Struct

from workspace.core.actor import Actor
from workspace.core.db import Db
from workspace.declarations.models import Declaration
from workspace.procedure import question_policy
from workspace.procedure.models import End, Means, Question
from workspace.procedure.questions import ANSWERED, QuestionService
from workspace.procedure.seen import may_carry_out


class Wanted(Enum):
    """What a question wants of the reader."""

    VOICE = auto()
    READING = auto()
    CLOSING = auto()
    DECISION = auto()


class Asked(Struct, frozen=True):
    """A question that wants something of the reader, and until when."""

    number: int
    wanted: Wanted
    cast: int
    eligible: int
    closes: datetime | None


def asked_of(db: Db, declarations: Sequence[Declaration], *, actor: Actor) -> Mapping[UUID, Sequence[Asked]]:
    """By declaration, in the order in which they were put."""
    known = [one.id for one in declarations if question_policy.may_know(actor, one)]
    if actor.person_id is None or not known:
        return {}
    service, found = QuestionService(db), dict[UUID, list[Asked]]()
    for question in (*service.open_in(known), *_answered(service, known)):
        for wanted in _wanted(service, question, actor):
            asked = Asked(question.number, wanted, len(question.casts), len(question.seats), question.closes_at)
            found.setdefault(question.declaration_id, []).append(asked)
    return found


def _answered(service: QuestionService, declarations: Sequence[UUID]) -> Sequence[Question]:
    """What has its answer and was not carried out."""
    has_answer = Question.end.has(End.ending.in_(ANSWERED))
    statement = service.every().where(Question.declaration_id.in_(declarations), has_answer, ~Question.decided.has())
    is_about_words = sa.or_(Question.amendment_id.is_not(None), Question.bracket_id.is_not(None))
    return service.db.scalars(statement.where(is_about_words).order_by(Question.put_at, Question.id)).all()


def _wanted(service: QuestionService, question: Question, actor: Actor) -> Iterator[Wanted]:
    if question.end is not None:
        if may_carry_out(question, actor):
            yield Wanted.DECISION
        return
    if question.means is Means.SILENCE and service.owes_receipt(question, actor=actor):
        yield Wanted.READING
    if question.means is not Means.VOTE:
        return
    taken = {vote.seat for vote in question.casts}
    seats = service.seats_of(question, actor=actor) if question_policy.may_answer(actor, question) else []
    if any(one.number not in taken for one in seats):
        yield Wanted.VOICE
    if question_policy.may_put(actor, question.declaration, Means.VOTE):
        yield Wanted.CLOSING
