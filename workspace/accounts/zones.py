"""The time zones to choose from, as places: those that the system calls by other names, or by letters, left out."""

from collections.abc import Sequence
from functools import cache
from zoneinfo import available_timezones

_WORLD = ("Africa/", "America/", "Antarctica/", "Asia/", "Atlantic/", "Australia/", "Europe/", "Indian/", "Pacific/")


@cache
def zones() -> Sequence[str]:
    """Every zone that is named after a place, in alphabetical order, and UTC."""
    return ("UTC", *sorted(name for name in available_timezones() if name.startswith(_WORLD)))
