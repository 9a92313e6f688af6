"""The programme of a forum: its sessions in order, and what each has recommended."""

from collections.abc import Mapping, Sequence
from datetime import date, datetime
from typing import Any
from uuid import UUID

import msgspec
import sqlalchemy as sa
from msgspec import Struct

from workspace.consultation.policy import may_settle_of
from workspace.core.db import Db
from workspace.declarations.frame import header
from workspace.people.frame import forum_frame
from workspace.people.models import Forum
from workspace.recommendations.models import Recommendation, Standing
from workspace.recommendations.policy import may_read
from workspace.sessions.extraction import SessionFound
from workspace.sessions.models import Session
from workspace.sessions.policy import ensure_may_read, may_import_notes
from workspace.web.pages import Page
from workspace.web.services import Work


class SessionLine(Struct, frozen=True):
    """One session of the programme. `starts` is a moment, a day, or whatever the note says."""

    number: int
    title: str
    language: str
    href: str
    starts: datetime | date | str | None
    place: str
    confirmed: int
    proposed: int
    theme: str
    languages: Sequence[str]  # their names, in the reader's language
    unconfirmed_speakers: int
    review: str  # where its document is looked through, for whoever does


class ProgrammePage(Page, frozen=True, kw_only=True):
    sessions: Sequence[SessionLine]
    recommendations: int
    may_read_recommendations: bool
    may_import: bool
    may_have_address: bool  # of their own, for a calendar program


def programme(db: Db, forum_slug: str, *, work: Work) -> ProgrammePage:
    """Two queries beside the forum's own, whatever the number of sessions."""
    found = forum_frame(db, forum_slug, work=work)
    ensure_may_read(work.actor, found.forum)
    is_open = may_read(work.actor, found.forum)
    counts = _counts(db, found.forum) if is_open else {}
    lines = [_line(row, counts, found.forum, work) for row in _rows(db, found.forum)]
    return ProgrammePage(
        place=header(db, found, work=work),
        here="sessions",
        sessions=lines,
        recommendations=sum(line.confirmed + line.proposed for line in lines),
        may_read_recommendations=is_open,
        may_import=may_import_notes(work.actor, found.forum),
        may_have_address=work.actor.person_id is not None,
    )


def when(told: str | None) -> datetime | date | str | None:
    """What a note says, as a moment if it names one with its offset, as a day if it names that."""
    if not told:
        return None
    try:
        moment = datetime.fromisoformat(told)
    except ValueError:
        return told
    return moment if moment.tzinfo else moment.date()


_Row = sa.Row[UUID, int, str, str, str | None, str | None, UUID | None, UUID | None, Any]
_Counts = Mapping[tuple[UUID, Standing], int]


def _rows(db: Db, forum: Forum) -> Sequence[_Row]:
    columns = sa.select(
        Session.id,
        Session.number,
        Session.title,
        Session.language,
        Session.starts,
        Session.place,
        Session.document_id,
        Session.rapporteur_id,
        Session.details["found"].label("found"),
    )
    return db.execute(columns.where(Session.forum_id == forum.id).order_by(Session.number)).all()


def _counts(db: Db, forum: Forum) -> _Counts:
    statement = (
        sa.select(Recommendation.session_id, Recommendation.standing, sa.func.count())
        .where(Recommendation.forum_id == forum.id, Recommendation.session_id.is_not(None))
        .group_by(Recommendation.session_id, Recommendation.standing)
    )
    return {(session_id, standing): count for session_id, standing, count in db.execute(statement) if session_id}


def _line(row: _Row, counts: _Counts, forum: Forum, work: Work) -> SessionLine:
    found = msgspec.convert(row.found, SessionFound)
    may_review = row.document_id and may_settle_of(work.actor, forum, row.rapporteur_id)
    return SessionLine(
        number=row.number,
        title=row.title,
        language=row.language,
        href=work.url_for("session", forum=forum.slug, session_id=row.id),
        starts=when(row.starts),
        place=row.place or "",
        confirmed=counts.get((row.id, Standing.CONFIRMED), 0),
        proposed=counts.get((row.id, Standing.PROPOSED), 0),
        theme=" · ".join(part for part in (found.thematic_line, found.subtheme) if part),
        languages=[str(work.messages.locale.languages.get(one, one)) for one in found.working_languages],
        unconfirmed_speakers=sum(one.confirmed == "no" for one in (*found.moderators, *found.speakers)),
        review=work.url_for("review", forum=forum.slug, document_id=row.document_id) if may_review else "",
    )
