"""Whether the times of a note are those of the country it names: "CEST" in Kütahya, where clocks stand at UTC+3."""

from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime, timedelta
from functools import cache
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from babel import Locale
from babel.core import get_global

from workspace.interchange.notes import times
from workspace.interchange.notes.rules import ALL
from workspace.interchange.notes.sections import Placed
from workspace.interchange.notes.words import folded
from workspace.sessions.extraction import Evidence, Inconsistency, SessionFound

LONGEST = 300


def zones(passages: Sequence[Placed], sessions: Sequence[SessionFound]) -> Iterator[Inconsistency]:
    """The first session whose stated offset no clock of its country shows on that day."""
    for session in sessions:
        country = (session.place or "").rpartition(",")[2].strip(" .")
        offsets = _offsets(country, session.start)
        stated = {times.offset_minutes(one) for one in (session.utc_offset or "").split(" / ") if one}
        if not offsets or not stated or stated & offsets:
            continue
        told = f"Times are given at {session.utc_offset}, while clocks in {country} stand at {_told(offsets)} then."
        yield Inconsistency(
            type="timezone", severity="info", description=told, evidence=tuple(_evidence(passages, country))
        )
        return


def _evidence(passages: Sequence[Placed], country: str) -> Iterator[Evidence]:
    """The first line with an offset, and the first that names the country."""
    timed = next((line for line in passages if times.offsets(line.passage.text[:LONGEST])), None)
    placed = next((line for line in passages if folded(country) in folded(line.passage.text[:LONGEST])), None)
    for line in (timed, placed):
        if line is not None:
            yield Evidence(quote=line.passage.text[:LONGEST], line=line.passage.line, page=line.passage.page)


def _offsets(country: str, start: str | None) -> frozenset[int]:
    """The minutes from UTC of every clock of a country at that moment; none for what is no country."""
    if not start or "T" not in start:
        return frozenset()
    moment = datetime.fromisoformat(start).replace(tzinfo=None)
    found = (_offset(name, moment) for name in _zones_of().get(folded(country), ()))
    return frozenset(round(offset.total_seconds() / 60) for offset in found if offset is not None)


def _offset(zone: str, moment: datetime) -> timedelta | None:
    try:
        return moment.replace(tzinfo=ZoneInfo(zone)).utcoffset()
    except (ZoneInfoNotFoundError, ValueError):
        return None


@cache
def _zones_of() -> Mapping[str, tuple[str, ...]]:
    """Country, in any of the languages, to the names of its zones."""
    known = get_global("territory_zones")
    return {
        folded(name): tuple(known[code])
        for language in ALL
        for code, name in Locale.parse(language).territories.items()
        if code in known
    }


def _told(offsets: frozenset[int]) -> str:
    signs = (f"{'-' if one < 0 else '+'}{abs(one) // 60:02}:{abs(one) % 60:02}" for one in sorted(offsets))
    return " or ".join(signs)
