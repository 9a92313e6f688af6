"""Telling people in time that something closes."""

from collections.abc import Sequence
from datetime import datetime, timedelta

import sqlalchemy as sa

from workspace.core import clock
from workspace.core.db import Db, Store
from workspace.core.jobs import Job, Shift
from workspace.declarations.models import Deadline, Declaration
from workspace.notices import asking
from workspace.notices.models import Notice, NoticeKind
from workspace.notices.telling import tell_that_it_closes
from workspace.procedure.models import Means, Question

AHEAD = timedelta(days=1)
_ROOM = timedelta(hours=1)  # between two runs of the job, whatever the clock does


def tell_of_closing(store: Store) -> int:
    """Tell of everything that closes within a day, once for each date; returns how many there were."""
    now = clock.now()
    with store.writing() as db:
        statement = sa.select(Deadline).where(
            Deadline.closes_at > now,
            Deadline.closes_at <= now + AHEAD,
            Deadline.closed_at.is_(None),
            sa.or_(Deadline.opens_at.is_(None), Deadline.opens_at <= now),
        )
        count = sum(_tell(db, one, now) for one in db.scalars(statement).all())
        return count + sum(_tell_of_silence(db, one) for one in _ending_silences(db, now))


def _tell(db: Db, deadline: Deadline, now: datetime) -> bool:
    """Whether this is open now, and nobody was told yet that it closes at this date."""
    declaration = db.get_one(Declaration, deadline.declaration_id)
    told = sa.select(Notice.id).where(
        Notice.kind == NoticeKind.CLOSING,
        Notice.declaration_id == declaration.id,
        Notice.word == deadline.stage.value,
        Notice.made_at > (deadline.closes_at or now) - AHEAD - _ROOM,
    )
    is_open = deadline.stage.phase in {None, declaration.phase}
    if not is_open or db.scalar(told.limit(1)) is not None:
        return False
    tell_that_it_closes(db, declaration, deadline.stage.value)
    return True


def _ending_silences(db: Db, now: datetime) -> Sequence[Question]:
    """Those that end within a day, and of whose end nobody was told; each was opened more than a day before it."""
    told = sa.select(Notice.id).where(Notice.kind == NoticeKind.CLOSING, Notice.question_id == Question.id)
    statement = sa.select(Question).where(
        Question.means == Means.SILENCE,
        Question.closes_at > now,
        Question.closes_at <= now + AHEAD,
        ~Question.end.has(),
        ~told.exists(),
    )
    return [one for one in db.scalars(statement) if one.closes_at and one.closes_at - one.put_at > AHEAD]


def _tell_of_silence(db: Db, question: Question) -> bool:
    asking.that_silence_ends(db, question)
    return True


def _run(shift: Shift) -> None:
    tell_of_closing(shift.store)


TELL_OF_CLOSING = Job("notices.closing", every=timedelta(minutes=10), run=_run, is_alone=True)
