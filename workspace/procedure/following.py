"""What becomes of open questions when the text they were put on changes, when its phase ends, and when time is up."""

from uuid import UUID

import sqlalchemy as sa

from workspace.core import clock
from workspace.core.actor import CALENDAR
from workspace.core.db import Db
from workspace.core.events import PhaseMoved, RevisionMade
from workspace.core.permissions import Phase
from workspace.declarations import queries
from workspace.procedure.asked import Asked
from workspace.procedure.models import Ending, Means, Question, Subject


def text_moved(db: Db, event: RevisionMade) -> None:
    """A question on words that are no longer there is overtaken: nobody answers what they have not read."""
    asked = Asked(db)
    for question in asked.open_ones(asked.declarations.get(event.declaration_id)):
        if question.revision_id != event.revision_id and _is_overtaken(db, question, event.revision_id):
            asked.finish(question, Ending.OVERTAKEN, actor=event.actor)


def phase_moved(db: Db, event: PhaseMoved) -> None:
    """Votes and silence belong to the adoption, and end with it."""
    if event.after == Phase.ADOPTION.value:
        return
    asked = Asked(db)
    for question in asked.open_ones(asked.declarations.get(event.declaration_id)):
        asked.finish(question, Ending.WITHDRAWN, actor=event.actor)


def due(db: Db) -> list[UUID]:
    """The silence procedures whose time is up."""
    statement = sa.select(Question.id).where(Question.closes_at <= clock.now(), ~Question.end.has())
    return list(db.scalars(statement))


def end_silence(db: Db, question_id: UUID) -> None:
    """Adopt what nobody objected to; unless a word of the frozen text has changed since, in any language."""
    asked = Asked(db)
    question = asked.behind_lock(db.get_one(Question, question_id))
    if not question.is_open or question.closes_at is None or question.closes_at > clock.now():
        return
    declaration = question.declaration
    is_frozen = declaration.head_id == question.revision_id and asked.declarations.is_pinned(declaration)
    asked.finish(question, Ending.ADOPTED if is_frozen else Ending.OVERTAKEN, actor=CALENDAR)


def _is_overtaken(db: Db, question: Question, revision_id: UUID) -> bool:
    if question.means is Means.SILENCE or question.subject is Subject.TEXT:
        return True
    if question.block_id is None:
        return False  # an amendment keeps its own words
    return _words(db, question.revision_id, question.block_id) != _words(db, revision_id, question.block_id)


def _words(db: Db, revision_id: UUID, block_id: UUID) -> dict[str, str]:
    row = next((one for one in queries.pinned_rows(db, revision_id) if one.block_id == block_id), None)
    return {language.value: text.content for language, text in row.texts.items()} if row else {}
