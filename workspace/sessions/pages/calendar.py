"""Programme and deadlines as an iCalendar file. It names no person: whoever may read them may keep it in a calendar."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from datetime import UTC, date, datetime, timedelta
from typing import TYPE_CHECKING

from litestar import Controller, Response
from msgspec import Struct

from workspace.core import clock
from workspace.core.actor import Actor
from workspace.core.errors import NotFound
from workspace.core.storage.db import Db
from workspace.declarations.domain.calendar import opening_moment
from workspace.declarations.domain.models import Declaration
from workspace.declarations.domain.service import DeclarationService
from workspace.declarations.frame import header
from workspace.declarations.pages.phases import NAMES
from workspace.people.frame import InForum, forum_frame
from workspace.people.models import Forum
from workspace.people.service import PeopleService
from workspace.sessions import policy
from workspace.sessions.calendar_feeds import FeedService
from workspace.sessions.extraction import SessionDetails
from workspace.sessions.models import Session
from workspace.sessions.service import SessionService
from workspace.web.api import NO_STORE, reads
from workspace.web.http.guards import PUBLIC
from workspace.web.http.request_context import FormBody, FromPath, Slug, Work
from workspace.web.http.routing import get, post
from workspace.web.pages import Page, PageOrRedirect, page, redirect, shows

if TYPE_CHECKING:
    from icalendar import Event

MEDIA_TYPE = "text/calendar"
ASK_AGAIN = timedelta(hours=1)  # how often a calendar program should come back
AHEAD = timedelta(days=1)  # when it should remind of what closes
_SEQUENCES_BEGIN = datetime(2026, 1, 1, tzinfo=UTC)
CalendarEntry = tuple[Session, SessionDetails]


class CalendarDeadline(Struct, frozen=True):
    """A deadline. `uid` stays the same when its date is changed, so that a calendar moves it.

    `set_at` says when this was its date from. One that closes something reminds its reader a day before.
    """

    uid: str
    summary: str
    at: datetime
    address: str
    set_at: datetime
    closes: bool = False


def icalendar_file(
    sessions: Sequence[CalendarEntry],
    moments: Sequence[CalendarDeadline],
    *,
    name: str,
    address: Callable[[Session], str],
) -> bytes:
    """The deadlines, and the sessions whose day is known.

    A time of a session without offset stays one without: whose clock it is, nobody said.
    """
    from icalendar import Calendar  # noqa: PLC0415  (eighty files that a server needs for its first calendar, not to start)

    calendar = Calendar()
    calendar.add("prodid", "-//Declaration Workspace//programme//EN")
    calendar.add("version", "2.0")
    calendar.add("method", "PUBLISH")
    calendar.add("name", name)
    calendar.add("x-wr-calname", name)
    calendar.add("refresh-interval", ASK_AGAIN, parameters={"VALUE": "DURATION"})
    calendar.add("x-published-ttl", "PT1H")  # the same, for the programs that came before RFC 7986
    for session, details in sessions:
        starts = _at(session.starts)
        if starts is not None:
            calendar.add_component(_event(session, details, starts, address(session)))
    for moment in moments:
        calendar.add_component(_deadline(moment))
    return bytes(calendar.to_ical())


def _deadline(moment: CalendarDeadline) -> "Event":
    from icalendar import Alarm, Event  # noqa: PLC0415  (as above)

    event = Event()
    event.add("uid", f"{moment.uid}@declaration-workspace")
    _date(event, moment.set_at)
    event.add("summary", moment.summary)
    event.add("dtstart", moment.at.astimezone(UTC))
    event.add("transp", "TRANSPARENT")  # nobody is busy because a window closes
    event.add("url", moment.address)
    if moment.closes:
        alarm = Alarm()
        alarm.add("action", "DISPLAY")
        alarm.add("description", moment.summary)
        alarm.add("trigger", -AHEAD)
        event.add_component(alarm)
    return event


def _date(event: "Event", set_at: datetime) -> None:
    """Say from when it is as it is: of two, a calendar takes the one of the higher sequence (RFC 5545, 3.8.7.4)."""
    event.add("dtstamp", set_at)
    event.add("last-modified", set_at)
    event.add("sequence", max(0, int((set_at - _SEQUENCES_BEGIN).total_seconds())))


def _event(session: Session, details: SessionDetails, starts: datetime | date, address: str) -> "Event":
    found = details.found
    from icalendar import Event  # noqa: PLC0415  (as above)

    event = Event()
    event.add("uid", f"{session.id}@declaration-workspace")
    if session.confirmed_at:
        _date(event, session.confirmed_at)
    else:
        event.add("dtstamp", clock.now())
    event.add("summary", session.title)
    event.add("dtstart", starts)
    ends = _at(session.ends)
    if ends is not None and type(ends) is type(starts) and _is_after(ends, starts):
        event.add("dtend", ends if isinstance(ends, datetime) else ends + timedelta(days=1))  # its first day outside
    place = ", ".join(part for part in (found.room, found.place, found.platform) if part)
    if place:
        event.add("location", place)
    theme = " · ".join(part for part in (found.thematic_line, found.subtheme) if part)
    if theme:
        event.add("description", theme)
    event.add("url", address)
    return event


def _at(text: str | None) -> datetime | date | None:
    try:
        moment = datetime.fromisoformat(text or "")
    except ValueError:
        return None
    if text and len(text) <= len("2027-03-04"):
        return moment.date()
    return moment.astimezone(UTC) if moment.tzinfo else moment


def _is_after(ends: datetime | date, starts: datetime | date) -> bool:
    if isinstance(ends, datetime) and isinstance(starts, datetime):
        return bool(ends.tzinfo) == bool(starts.tzinfo) and ends > starts
    return ends > starts


class CalendarFileApi(Controller):
    """The calendar file, for programs."""

    path = "/api/forums/{forum:str}/calendar"
    tags = ("Sessions",)

    @reads("/", policy="session.read", media_type=MEDIA_TYPE)
    def read_programme_calendar(self, work: Work, db: Db, forum: InForum) -> Response[bytes]:
        """Read programme and deadlines as an iCalendar file.

        It has the sessions whose day is known, when each phase and window of the declarations opens and closes, and no
        names of people.
        """
        return calendar_answer(db, forum, work, headers=NO_STORE)


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
    data = icalendar_file(
        [(session, service.details(session)) for session in sessions],
        moments,
        name=forum.name.said_in(work.language),
        address=lambda session: base + work.url_for("session", forum=forum.slug, session_id=session.id),
    )
    kept = {"Cache-Control": "no-cache", "Content-Disposition": f'attachment; filename="{forum.slug}.ics"'}
    return Response(data, media_type=MEDIA_TYPE, headers=headers or kept)


def _moments(declaration: Declaration, work: Work, base: str) -> Iterator[CalendarDeadline]:
    say = work.messages.gettext
    address = base + work.url_for("calendar", forum=declaration.forum.slug, declaration=declaration.slug)
    about = declaration.name.said_in(work.language)
    for deadline in declaration.deadlines:
        stage = say(NAMES[deadline.stage])
        opening = opening_moment(declaration, deadline)
        if opening is not None:
            opens = say("Opens: %(stage)s (%(declaration)s)", stage=stage, declaration=about)
            yield CalendarDeadline(f"{deadline.id}-opens", opens, opening, address, deadline.set_at)
        if deadline.closes_at is not None:
            closes = say("Closes: %(stage)s (%(declaration)s)", stage=stage, declaration=about)
            yield CalendarDeadline(
                f"{deadline.id}-closes", closes, deadline.closes_at, address, deadline.set_at, closes=True
            )


class FeedPage(Page, frozen=True, kw_only=True):
    """`address` is there once, right after it was made; `made_at` says since when there is one."""

    address: str
    made_at: datetime | None


class FeedForm(Struct, frozen=True):
    act: str = ""


class FeedPages(Controller):
    """The calendar address of a reader."""

    path = "/{forum:str}/calendar-address"

    @shows("sessions/calendar_address.html", name="calendar_address", policy="session.read")
    def show(self, db: Db, work: Work, forum: Slug) -> FeedPage:
        """Whether one has an address, and what it is for."""
        return _page(db, forum, "", work)

    @post(name="change_calendar_address", policy="session.read", status_code=200)
    def change(self, work: Work, forum: Slug, data: FormBody[FeedForm]) -> PageOrRedirect:
        """Make a new address, which is shown this once, or revoke the one there is."""
        actor = work.actor
        if data.act == "revoke":
            with work.writing() as db:
                FeedService(db).revoke(PeopleService(db).forum(forum), actor=actor)
            said = work.messages.gettext("Calendar address revoked.")
            return redirect(work, work.url_for("calendar_address", forum=forum), said=said)
        with work.writing() as db:
            secret = FeedService(db).make(PeopleService(db).forum(forum), actor=actor)
        with work.reading() as db:
            context = _page(db, forum, secret, work)
        return page(work, "sessions/calendar_address.html", context)

    @get("/{secret:str}", name="own_calendar", policy=PUBLIC)
    def calendar(self, work: Work, forum: Slug, secret: FromPath[str]) -> Response[bytes]:
        """The programme as the owner of the address may read it now; whoever has the address is the owner."""
        with work.reading() as db:
            where = PeopleService(db).forum(forum)
            return calendar_answer(db, where, work, reader=FeedService(db).owner(where, secret))


def _page(db: Db, forum: str, secret: str, work: Work) -> FeedPage:
    found = forum_frame(db, forum, work=work)
    if work.actor.person_id is None or not policy.may_read(work.actor, found.forum):
        raise NotFound(what="calendar", id="")
    feed = FeedService(db).of(found.forum, actor=work.actor)
    base = str(work.request.base_url).rstrip("/")
    return FeedPage(
        place=header(db, found, work=work),
        here="sessions",
        address=base + work.url_for("own_calendar", forum=forum, secret=secret) if secret else "",
        made_at=feed.made_at if feed else None,
    )
