"""The calendar file of a forum: its sessions, and when the phases of its declarations open and close."""

from collections.abc import Iterator, Mapping

from litestar import Controller, Response
from litestar.di import NamedDependency

from workspace.core.actor import Actor
from workspace.core.db import Db
from workspace.declarations.calendar_pages import NAMES
from workspace.declarations.models import Declaration
from workspace.declarations.service import DeclarationService
from workspace.people.models import Forum
from workspace.people.service import PeopleService
from workspace.sessions.calendar import MEDIA_TYPE, Moment, calendar_of
from workspace.sessions.service import SessionService
from workspace.web.api import NO_STORE, reads
from workspace.web.params import FromPath
from workspace.web.services import Work


class CalendarFileApi(Controller):
    """The calendar file, for programs."""

    path = "/api/forums/{forum:str}/calendar"
    tags = ("Sessions",)

    @reads("/", policy="session.read", media_type=MEDIA_TYPE)
    def read_programme_calendar(self, work: NamedDependency[Work], forum: FromPath[str]) -> Response[bytes]:
        """Read programme and deadlines as an iCalendar file.

        It has the sessions whose day is known, when each phase and window of the declarations opens and closes, and no
        names of people.
        """
        with work.reading() as db:
            return calendar_answer(db, PeopleService(db).forum(forum), work, headers=NO_STORE)


def calendar_answer(
    db: Db, forum: Forum, work: Work, *, headers: Mapping[str, str] | None = None, reader: Actor | None = None
) -> Response[bytes]:
    """The calendar of a forum as a file, for whoever may read it: who asks, or `reader`."""
    actor = reader or work.actor
    service = SessionService(db)
    sessions = service.programme(forum, actor=actor)
    base = str(work.request.base_url).rstrip("/")
    moments = [
        moment
        for declaration in DeclarationService(db).of_forum(forum, actor=actor)
        for moment in _moments(declaration, work, base)
    ]
    data = calendar_of(
        [(one, service.details(one)) for one in sessions],
        moments,
        name=forum.name.said_in(work.language),
        address=lambda one: base + work.url_for("session", forum=forum.slug, session_id=one.id),
    )
    kept = {"Cache-Control": "no-cache", "Content-Disposition": f'attachment; filename="{forum.slug}.ics"'}
    return Response(data, media_type=MEDIA_TYPE, headers=headers or kept)


def _moments(declaration: Declaration, work: Work, base: str) -> Iterator[Moment]:
    say = work.messages.gettext
    address = base + work.url_for("calendar", forum=declaration.forum.slug, declaration=declaration.slug)
    about = declaration.name.said_in(work.language)
    for one in declaration.deadlines:
        stage = say(NAMES[one.stage])
        if one.opens_at is not None:
            opens = say("Opens: %(stage)s (%(declaration)s)", stage=stage, declaration=about)
            yield Moment(f"{one.id}-opens", opens, one.opens_at, address, one.set_at)
        if one.closes_at is not None:
            closes = say("Closes: %(stage)s (%(declaration)s)", stage=stage, declaration=about)
            yield Moment(f"{one.id}-closes", closes, one.closes_at, address, one.set_at, closes=True)
