"""Who is told of what is put to the room: those who have a vote in it, and what came of it to those it concerns."""

from workspace.core.actor import CALENDAR, Actor
from workspace.core.db import Db
from workspace.core.events import QuestionEnded, QuestionPut
from workspace.notices import telling
from workspace.notices.models import FollowKind, NoticeKind
from workspace.notices.service import FollowService
from workspace.procedure import question_policy as policy
from workspace.procedure.models import Means, Question
from workspace.procedure.questions import QuestionService


def of_question(db: Db, event: QuestionPut) -> None:
    """A vote or a silence procedure was opened: everybody who can answer it, whatever they follow."""
    question = db.get_one(Question, event.question_id)
    if question.means is not Means.CONSENSUS:
        _tell_voices(db, NoticeKind.QUESTION, question, by=event.actor)


def that_silence_ends(db: Db, question: Question) -> None:
    """A silence procedure ends within a day: everybody who can still break it."""
    _tell_voices(db, NoticeKind.CLOSING, question, by=CALENDAR)


def _tell_voices(db: Db, kind: NoticeKind, question: Question, *, by: Actor) -> None:
    service = QuestionService(db)

    def has_a_voice(actor: Actor) -> bool:
        return policy.may_answer(actor, question) and bool(service.seats_of(question, actor=actor))

    people = telling.people_of(db, question.declaration.forum)
    telling.tell(db, kind, people - {by.person_id}, has_a_voice, _about(question, by))


def of_ending(db: Db, event: QuestionEnded) -> None:
    """A question has its answer: those who could give it, those who follow the text, and the amendment's proposer."""
    question = db.get_one(Question, event.question_id)
    follows = FollowService(db)
    amendments = [question.amendment_id] if question.amendment_id else []
    concerned = follows.followers({FollowKind.DECLARATION: [question.declaration_id], FollowKind.AMENDMENT: amendments})
    if question.amendment is not None:
        concerned.add(question.amendment.proposer_id)

    def may(actor: Actor) -> bool:
        has_a_voice = bool(policy.voices(actor, question, question.declaration.forum_id))
        is_concerned = has_a_voice or actor.person_id in concerned
        return is_concerned and policy.may_know(actor, question.declaration)

    people = concerned | telling.people_of(db, question.declaration.forum)
    telling.tell(db, NoticeKind.ENDED, people - {event.actor.person_id}, may, _about(question, event.actor))


def _about(question: Question, by: Actor) -> telling.About:
    return telling.subject_of(question.declaration, by=by, question_id=question.id, amendment_id=question.amendment_id)
