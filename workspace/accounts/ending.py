"""How what was lent comes to an end: because rights changed, because time is up, or because the clock was put back.

A clock that goes back must not bring to life what had expired. So what has expired is marked as
ended, every minute and whenever somebody shows it; what is marked stays ended whatever the clock says.
"""

from datetime import datetime, timedelta

import sqlalchemy as sa

from workspace.accounts.models import Account, ApiToken, ClockMark, SignIn, Ticket
from workspace.core import clock, log
from workspace.core.actor import Actor
from workspace.core.db import Db, Store, lock_for_writing
from workspace.core.events import RightsChanged

IDLE = timedelta(days=14)  # a sign-in that nobody uses for so long ends
KEPT = timedelta(days=30)  # how long a row stays after its end, for the list of sign-ins and for questions
_MARKED_EVERY = timedelta(minutes=1)
_LENT = (SignIn, ApiToken, Ticket)


def end_what_was_lent(db: Db, event: RightsChanged) -> None:
    """Listener: every sign-in, API token, link and invitation of the person ends in this unit of work."""
    account = lock_for_writing(db, Account, event.person_id)  # nobody signs in meanwhile
    tickets = Ticket.person_id == event.person_id
    if account is not None:
        tickets = sa.or_(tickets, Ticket.email == account.email)
    now = clock.now()
    ended = {
        "sign_ins": _end(db, SignIn, SignIn.person_id == event.person_id, at=now),
        "tokens": _end(db, ApiToken, ApiToken.person_id == event.person_id, at=now),
        "links": _end(db, Ticket, tickets, at=now),
    }
    if any(ended.values()):
        log.record(db, "account.lent_ended", actor=event.actor, person=str(event.person_id), ended=ended)


def end_expired(store: Store) -> None:
    """Job: end what has expired, note the time, and forget what ended long ago."""
    with store.writing() as db:
        keep_time(db)
        old = clock.now() - KEPT
        for kind in _LENT:
            db.execute(sa.delete(kind).where(kind.ended_at <= old))


def keep_time(db: Db) -> None:
    """Mark as ended what has expired by now, and note when that was done."""
    now = clock.now()
    mark = db.get(ClockMark, 1, with_for_update=True)
    for kind in _LENT:
        expired = kind.expires_at <= now
        if kind is SignIn:
            expired = sa.or_(expired, SignIn.seen_at <= now - IDLE)
        _end(db, kind, expired, at=now)
    if mark is not None:
        mark.at = now
    else:
        _first_mark(db, now)


def watch(store: Store) -> None:
    """`keep_time`, where it is due: in a unit of its own, before one that may be rolled back."""
    with store.reading() as db:
        mark = db.scalar(sa.select(ClockMark.at))
    if is_due(mark):
        with store.writing() as db:
            keep_time(db)


def is_due(mark: datetime | None) -> bool:
    """Whether it was last done a minute ago, or, because the clock was put back, in the future."""
    return mark is None or not timedelta() <= clock.now() - mark < _MARKED_EVERY


def end_all(db: Db, person: Account, *, actor: Actor) -> None:
    """End everything that is lent to this person, although nothing about them changed."""
    end_what_was_lent(db, RightsChanged(person_id=person.person_id, actor=actor))


def _end(db: Db, kind: type[SignIn | ApiToken | Ticket], which: sa.ColumnElement[bool], *, at: datetime) -> int:
    statement = sa.update(kind).where(kind.ended_at.is_(None), which).values(ended_at=at)
    ended = db.execute(statement.returning(kind.id), execution_options={"synchronize_session": "fetch"})
    return len(ended.all())


def _first_mark(db: Db, now: datetime) -> None:
    try:
        with db.begin_nested():
            db.add(ClockMark(id=1, at=now))
    except sa.exc.IntegrityError:
        pass  # another process was a moment faster, and noted the same
