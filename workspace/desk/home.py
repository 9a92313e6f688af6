"""The home of a forum: where its declarations are, what awaits the reader, and what is there to read."""

from collections.abc import Sequence
from datetime import date, datetime
from typing import TypeAlias
from uuid import UUID

import sqlalchemy as sa
from msgspec import Struct

from workspace.amendments import brackets
from workspace.core import clock
from workspace.core.db import Db
from workspace.core.permissions import Phase
from workspace.declarations import phases
from workspace.declarations.frame import forum_place, known_declarations
from workspace.declarations.models import Declaration, Revision
from workspace.declarations.next_steps import may_create
from workspace.declarations.phases import Step, steps
from workspace.declarations.windows import open_until
from workspace.desk import counting
from workspace.desk.reading import RevisionChoice
from workspace.desk.rights import Rights
from workspace.desk.tasks import Task, tasks
from workspace.desk.waiting import Waiting, waiting
from workspace.editions.models import Edition
from workspace.people.frame import ForumFrame, forum_frame
from workspace.people.glass import may_open
from workspace.people.glass_pages import LentLine, lent_lines
from workspace.people.models import Forum, Registration
from workspace.recommendations.models import Standing
from workspace.recommendations.policy import may_read as may_read_recommendations
from workspace.sessions.models import Session
from workspace.sessions.policy import may_read as may_read_sessions
from workspace.web.pages import Page
from workspace.web.services import Work

SESSIONS_SHOWN = 5
TASKS_SHOWN = 6
_Programmed: TypeAlias = "sa.Row[UUID, int, str, str, str | None, str | None]"


class EditionLine(Struct, frozen=True):
    number: int
    adopted_on: date


class DeclarationCard(Struct, frozen=True):
    """A declaration as the home shows it: its state in words, its way, and what is in it."""

    slug: str
    name: str
    phase: Phase
    state: str
    meaning: str
    until: datetime | None  # when what is open now closes, at the place of the forum
    steps: Sequence[Step]
    head: RevisionChoice
    blocks: int
    amendments: int
    brackets: int
    threads: int
    editions: Sequence[EditionLine]
    may: Rights


class SessionLine(Struct, frozen=True):
    """A session of the programme; `starts` is a moment, a day, or what the notes say."""

    id: UUID
    number: int
    title: str
    language: str
    starts: datetime | date | str | None
    place: str


class HomePage(Page, frozen=True, kw_only=True):
    name: str
    where: str
    description: str
    starts_on: date | None
    ends_on: date | None
    cards: Sequence[DeclarationCard]
    tasks: Sequence[Task]  # the first of them
    task_count: int
    sessions: Sequence[SessionLine]
    session_count: int
    confirmed: int  # recommendations
    proposed: int
    may_read_recommendations: bool
    may_create: bool
    lent: Sequence[LentLine]
    may_break_glass: bool
    forum_id: UUID
    is_followed: bool | None  # None for nobody in particular
    is_open: bool  # to everybody who registers


def home(db: Db, forum_slug: str, *, work: Work) -> HomePage:
    """Everything the home shows. The number of queries does not depend on how much there is to show."""
    found = forum_frame(db, forum_slug, work=work)
    forum, actor = found.forum, work.actor
    declarations = known_declarations(db, found, work=work)
    sessions = _sessions(db, found) if may_read_sessions(actor, forum) else []
    wait = waiting(db, forum, declarations, session_count=len(sessions), actor=actor)
    mine = tasks(wait, forum, work=work)
    return HomePage(
        place=forum_place(found, declarations, work=work),
        here="forum",
        name=forum.name.said_in(work.language),
        where=forum.place.said_in(work.language),
        description=forum.description.said_in(work.language),
        starts_on=forum.starts_on,
        ends_on=forum.ends_on,
        cards=_cards(db, declarations, wait, forum=forum, work=work),
        tasks=mine[:TASKS_SHOWN],
        task_count=len(mine),
        sessions=[_session(one) for one in sessions[:SESSIONS_SHOWN]],
        session_count=len(sessions),
        confirmed=wait.recommendations.get(Standing.CONFIRMED, 0),
        proposed=wait.recommendations.get(Standing.PROPOSED, 0),
        may_read_recommendations=may_read_recommendations(actor, forum),
        may_create=may_create(actor, forum),
        lent=lent_lines(db, found, work=work),
        may_break_glass=may_open(actor, forum),
        forum_id=forum.id,
        is_followed=work.follows(db, "forum", forum.id),
        is_open=forum.registration is Registration.OPEN,
    )


def _cards(
    db: Db, declarations: Sequence[Declaration], wait: Waiting, *, forum: Forum, work: Work
) -> list[DeclarationCard]:
    heads = _heads(db, declarations, forum)
    blocks, threads = counting.blocks(db, declarations), counting.open_threads(db, declarations)
    editions = counting.editions(db, declarations)
    contested = brackets.counted(db, [one.id for one in declarations])
    return [
        DeclarationCard(
            slug=one.slug,
            name=one.name.said_in(work.language),
            phase=one.phase,
            state=phases.STATES[one.phase],
            meaning=phases.MEANINGS[one.phase],
            until=_until(one, forum),
            steps=steps(one.phase),
            head=heads[one.id],
            blocks=blocks.get(one.id, 0),
            amendments=wait.amendments.get(one.id, 0),
            brackets=contested.get(one.id, 0),
            threads=threads.get(one.id, 0),
            editions=_edition_lines(editions.get(one.id, ()), wait.rights[one.id]),
            may=wait.rights[one.id],
        )
        for one in declarations
    ]


def _until(declaration: Declaration, forum: Forum) -> datetime | None:
    deadline = open_until(declaration, clock.now())
    return forum.local(deadline.closes_at) if deadline and deadline.closes_at else None


def _edition_lines(editions: Sequence[Edition], may: Rights) -> list[EditionLine]:
    return [EditionLine(one.number, one.adopted_on) for one in editions] if may.read_editions else []


def _heads(db: Db, declarations: Sequence[Declaration], forum: Forum) -> dict[UUID, RevisionChoice]:
    statement = sa.select(Revision).where(Revision.id.in_([one.head_id for one in declarations]))
    return {one.declaration_id: RevisionChoice(one.number, forum.local(one.made_at)) for one in db.scalars(statement)}


def _sessions(db: Db, found: ForumFrame) -> Sequence[_Programmed]:
    """The programme, without what the notes tell of each session."""
    statement = sa.select(
        Session.id, Session.number, Session.title, Session.language, Session.starts, Session.place
    ).where(Session.forum_id == found.forum.id)
    return db.execute(statement.order_by(Session.number)).all()


def _session(row: _Programmed) -> SessionLine:
    return SessionLine(row.id, row.number, row.title, row.language, _moment(row.starts), row.place or "")


def _moment(told: str | None) -> datetime | date | str | None:
    """What the notes say, as a moment if it names one with its offset, as a day if it names that."""
    if not told:
        return None
    try:
        moment = datetime.fromisoformat(told)
    except ValueError:
        return told
    return moment if moment.tzinfo else moment.date()
