"""The home of a forum: where its declarations are, what awaits the reader, and what is there to read."""

from collections.abc import Sequence
from datetime import date, datetime
from typing import TypeAlias
from uuid import UUID

import sqlalchemy as sa
from litestar import Controller, Response
from msgspec import Struct

from workspace.amendments.decisions import brackets
from workspace.core.actor import Actor
from workspace.core.security.permissions import Phase
from workspace.core.storage.db import Db
from workspace.declarations import labels
from workspace.declarations.domain.models import Declaration, Revision
from workspace.declarations.domain.policy import may_create
from workspace.declarations.frame import forum_place, known_declarations
from workspace.declarations.labels import PhaseStep, phase_steps
from workspace.desk import counts
from workspace.desk.pages.reading import RevisionChoice
from workspace.desk.pages.tasks import Task, pending_elsewhere, tasks
from workspace.desk.pending import PendingCounts, pending_counts
from workspace.desk.rights import Rights
from workspace.editions.domain.models import Edition
from workspace.forms.service import FormService
from workspace.people.emergency_access import may_open_emergency_access
from workspace.people.frame import ForumFrame, forum_frame
from workspace.people.models import Forum, Registration
from workspace.people.pages.emergency_access import EmergencyAccessLine, emergency_access_lines
from workspace.recommendations.models import RecommendationStatus
from workspace.recommendations.policy import may_read as may_read_recommendations
from workspace.sessions.models import Session
from workspace.sessions.policy import may_read as may_read_sessions
from workspace.sessions.policy import shown_to
from workspace.sessions.service import by_date
from workspace.web.http.request_context import CurrentWork, Slug, Work
from workspace.web.http.routing import get
from workspace.web.pages import Page, page

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
    steps: Sequence[PhaseStep]
    head: RevisionChoice
    blocks: int
    amendments: int
    brackets: int
    threads: int
    editions: Sequence[EditionLine]
    may: Rights


class SessionCard(Struct, frozen=True):
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
    elsewhere: Sequence[Task]
    sessions: Sequence[SessionCard]
    session_count: int
    confirmed: int  # recommendations
    proposed: int
    may_read_recommendations: bool
    may_create: bool
    lent: Sequence[EmergencyAccessLine]
    may_break_glass: bool
    forum_id: UUID
    is_followed: bool | None  # None for nobody in particular
    is_open: bool  # to everybody who registers
    forms: Sequence[tuple[str, str]]  # those that can be answered now: title and address


def home(db: Db, forum_slug: str, *, work: Work) -> HomePage:
    """Everything the home shows. The number of queries does not depend on how much there is to show."""
    found = forum_frame(db, forum_slug, work=work)
    forum, actor = found.forum, work.actor
    declarations = known_declarations(db, found, work=work)
    sessions = _sessions(db, found, actor) if may_read_sessions(actor, forum) else []
    wait = pending_counts(db, forum, declarations, session_count=len(sessions), actor=actor)
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
        elsewhere=pending_elsewhere(wait, forum, work=work),
        sessions=[_session(session) for session in sessions[:SESSIONS_SHOWN]],
        session_count=len(sessions),
        confirmed=wait.recommendations.get(RecommendationStatus.CONFIRMED, 0),
        proposed=wait.recommendations.get(RecommendationStatus.PROPOSED, 0),
        may_read_recommendations=may_read_recommendations(actor, forum),
        may_create=may_create(actor, forum),
        lent=emergency_access_lines(db, found, work=work),
        may_break_glass=may_open_emergency_access(actor, forum),
        forum_id=forum.id,
        is_followed=work.follows(db, "forum", forum.id),
        is_open=forum.registration is Registration.OPEN,
        forms=[
            (form.title.said_in(work.language), work.url_for("form", forum=forum.slug, number=form.number))
            for form, _ in FormService(db).forms(forum, actor=actor)
            if form.is_open
        ],
    )


def _cards(
    db: Db, declarations: Sequence[Declaration], wait: PendingCounts, *, forum: Forum, work: Work
) -> list[DeclarationCard]:
    heads = _heads(db, declarations, forum)
    blocks, threads = counts.count_blocks(db, declarations), counts.open_threads(db, declarations)
    editions = counts.editions_by_declaration(db, declarations)
    contested = brackets.count_open(db, [declaration.id for declaration in declarations])
    return [
        DeclarationCard(
            slug=declaration.slug,
            name=declaration.name.said_in(work.language),
            phase=declaration.phase,
            state=labels.PHASE_STATES[declaration.phase],
            meaning=labels.PHASE_MEANINGS[declaration.phase],
            until=counts.closes_on(declaration, forum),
            steps=phase_steps(declaration.phase),
            head=heads[declaration.id],
            blocks=blocks.get(declaration.id, 0),
            amendments=wait.amendments.get(declaration.id, 0),
            brackets=contested.get(declaration.id, 0),
            threads=threads.get(declaration.id, 0),
            editions=_edition_lines(editions.get(declaration.id, ()), wait.rights[declaration.id]),
            may=wait.rights[declaration.id],
        )
        for declaration in declarations
    ]


def _edition_lines(editions: Sequence[Edition], may: Rights) -> list[EditionLine]:
    return [EditionLine(edition.number, edition.adopted_on) for edition in editions] if may.read_editions else []


def _heads(db: Db, declarations: Sequence[Declaration], forum: Forum) -> dict[UUID, RevisionChoice]:
    statement = sa.select(Revision).where(Revision.id.in_([declaration.head_id for declaration in declarations]))
    return {
        revision.declaration_id: RevisionChoice(revision.number, forum.local(revision.made_at))
        for revision in db.scalars(statement)
    }


def _sessions(db: Db, found: ForumFrame, actor: Actor) -> Sequence[_Programmed]:
    """The programme, without what the notes tell of each session."""
    statement = sa.select(
        Session.id, Session.number, Session.title, Session.language, Session.starts, Session.place
    ).where(Session.forum_id == found.forum.id, shown_to(actor, found.forum))
    return by_date(db.execute(statement).all(), found.forum)


def _session(row: _Programmed) -> SessionCard:
    return SessionCard(row.id, row.number, row.title, row.language, _moment(row.starts), row.place or "")


def _moment(text: str | None) -> datetime | date | str | None:
    """What the notes say, as a moment if it names one with its offset, as a day if it names that."""
    if not text:
        return None
    try:
        moment = datetime.fromisoformat(text)
    except ValueError:
        return text
    return moment if moment.tzinfo else moment.date()


class HomePages(Controller):
    """The home of a forum."""

    @get("/{forum:str}", name="forum", policy="public")
    def forum(self, work: CurrentWork, forum: Slug) -> Response[str]:
        """Where its declarations are, and what awaits the reader."""
        with work.reading() as db:
            context = home(db, forum, work=work)
        return page(work, "desk/home.html", context)
