"""The programme as an iCalendar file. It names no person: whoever may read the programme may keep it in a calendar."""

from collections.abc import Callable, Sequence
from datetime import UTC, date, datetime
from typing import TYPE_CHECKING

from workspace.core import clock
from workspace.sessions.extraction import SessionDetails
from workspace.sessions.models import Session

if TYPE_CHECKING:
    from icalendar import Event

MEDIA_TYPE = "text/calendar; charset=utf-8"
Told = tuple[Session, SessionDetails]


def calendar_of(sessions: Sequence[Told], *, name: str, address: Callable[[Session], str]) -> bytes:
    """The sessions whose day is known. A time without offset stays one without: whose clock it is, nobody said."""
    from icalendar import Calendar  # noqa: PLC0415  (eighty files that a server needs for its first calendar, not to start)

    calendar = Calendar()
    calendar.add("prodid", "-//Declaration Workspace//programme//EN")
    calendar.add("version", "2.0")
    calendar.add("name", name)
    calendar.add("x-wr-calname", name)
    for session, details in sessions:
        starts = _at(session.starts)
        if starts is not None:
            calendar.add_component(_event(session, details, starts, address(session)))
    return bytes(calendar.to_ical())


def _event(session: Session, details: SessionDetails, starts: datetime | date, address: str) -> "Event":
    found = details.found
    from icalendar import Event  # noqa: PLC0415  (as above)

    event = Event()
    event.add("uid", f"{session.id}@declaration-workspace")
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
