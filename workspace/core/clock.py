"""The only place that asks what time it is."""

from datetime import UTC, date, datetime
from zoneinfo import ZoneInfo


def now() -> datetime:
    """The present moment, in UTC, to the microsecond."""
    return datetime.now(UTC)


def today(zone: str) -> date:
    """The day that it is now in this time zone: of a forum, the day on which its mandates begin and end."""
    return now().astimezone(ZoneInfo(zone)).date()
