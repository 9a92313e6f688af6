"""Programme and deadlines as an iCalendar file. It names no person: whoever may read them may keep it in a calendar."""

from collections.abc import Callable, Sequence
from datetime import UTC, date, datetime, timedelta
from typing import TYPE_CHECKING

from msgspec import Struct

from workspace.core import clock
from workspace.sessions.extraction import SessionDetails
from workspace.sessions.models import Session

if TYPE_CHECKING:
    from icalendar import Event

MEDIA_TYPE = "text/calendar"
ASK_AGAIN = timedelta(hours=1)  # how often a calendar program should come back
AHEAD = timedelta(days=1)  # when it should remind of what closes
_SEQUENCES_BEGIN = datetime(2026, 1, 1, tzinfo=UTC)
Told = tuple[Session, SessionDetails]


class Moment(Struct, frozen=True):
    """A deadline. `uid` stays the same when its date is changed, so that a calendar moves it.

    `set_at` says when this was its date from. One that closes something reminds its reader a day before.
    """

    uid: str
    summary: str
    at: datetime
    address: str
    set_at: datetime
    closes: bool = False


def calendar_of(
    sessions: Sequence[Told], moments: Sequence[Moment], *, name: str, address: Callable[[Session], str]
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


def _deadline(moment: Moment) -> "Event":
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
        event.add("dtend", ends)
    place = ", ".join(part for part in (found.room, found.place, found.platform) if part)
    if place:
        event.add("location", place)
    theme = " · ".join(part for part in (found.thematic_line, found.subtheme) if part)
    if theme:
        event.add("description", theme)
    event.add("url", address)
    return event


def _at(told: str | None) -> datetime | date | None:
    try:
        moment = datetime.fromisoformat(told or "")
    except ValueError:
        return None
    if told and len(told) <= len("2027-03-04"):
        return moment.date()
    return moment.astimezone(UTC) if moment.tzinfo else moment


def _is_after(ends: datetime | date, starts: datetime | date) -> bool:
    if isinstance(ends, datetime) and isinstance(starts, datetime):
        return bool(ends.tzinfo) == bool(starts.tzinfo) and ends > starts
    return ends > starts
