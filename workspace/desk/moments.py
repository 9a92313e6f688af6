"""Moments as the clocks of a forum's place show them, offset included."""

from datetime import datetime
from zoneinfo import ZoneInfo

from workspace.people.models import Forum


def at_place(moment: datetime, forum: Forum) -> datetime:
    """The same moment in the time zone of the forum."""
    return moment.astimezone(ZoneInfo(forum.timezone))
