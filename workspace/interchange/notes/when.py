"""When a session is: a day, clock times and offsets made ISO 8601, with what had to be guessed kept apart."""

from collections.abc import Iterable, Sequence
from datetime import date, datetime, timedelta

from msgspec import Struct, field

from workspace.interchange.notes import times
from workspace.interchange.notes.times import Day, Span
from workspace.sessions.extraction import Guess, SpokenLanguage


class When(Struct, frozen=True):
    """Start and end as ISO 8601; null where the text has no year, or no time."""

    start: str | None = None
    end: str | None = None
    utc_offset: str | None = None
    verbatim: str | None = None
    inferred: dict[str, Guess] = field(default_factory=dict)


def stated(
    *,
    day: Day | None,
    span: Span | None,
    offsets: Sequence[str],
    verbatim: str | None,
    known: Iterable[Day],
    language: SpokenLanguage,
) -> When:
    """The facts about a session's time; a year that no line states for that day is a guess."""
    offset = " / ".join(dict.fromkeys(offsets)) or None
    if day is None:
        return When(utc_offset=offset, verbatim=verbatim)
    known = list(known)
    dated = day.on(_stated_year(day, known))
    if dated is None:
        return When(utc_offset=offset, verbatim=verbatim, inferred=_guessed_year(day, span, offsets, known))
    start, end = _moments(dated, day, span, offsets)
    if day.is_ambiguous and language == "en":
        reason = f'"{day.verbatim}" is read as day before month; it could be the other way round'
        return When(utc_offset=offset, verbatim=verbatim, inferred={"start": Guess(value=start, reason=reason)})
    return When(start, end, offset, verbatim)


def _stated_year(day: Day, known: Sequence[Day]) -> int | None:
    """The one year that dates and ranges of the note give to this day of this month."""
    years = {
        other.year
        for other in known
        if other.year and other.month == day.month and other.day <= day.day <= (other.last or other.day)
    }
    return years.pop() if len(years) == 1 else None


def _guessed_year(day: Day, span: Span | None, offsets: Sequence[str], known: Sequence[Day]) -> dict[str, Guess]:
    years = {other.year for other in known if other.year}
    if len(years) != 1:
        return {}
    dated = day.on(years.pop())
    if dated is None:
        return {}
    start, _ = _moments(dated, day, span, offsets)
    return {"start": Guess(value=start, reason=f"{dated.year} is the only year that a date of this note states")}


def _moments(dated: date, day: Day, span: Span | None, offsets: Sequence[str]) -> tuple[str, str | None]:
    if span is None:
        last = dated + timedelta(days=day.last - day.day) if day.last else None
        return dated.isoformat(), last.isoformat() if last else None
    zone = offsets[0] if offsets else ""
    start = datetime.combine(dated, span.start)
    if span.end is None:
        return start.isoformat() + zone, None
    end = datetime.combine(dated, span.end)
    if end < start:
        end += timedelta(days=1)
    return start.isoformat() + zone, end.isoformat() + zone


def offset_disagreement(spans: Sequence[Span], offsets: Sequence[str]) -> bool:
    """Whether one time given in two zones is two different moments."""
    if len(spans) != len(offsets) or len(spans) < 2:  # two to compare
        return False
    moments = {
        (span.start.hour * 60 + span.start.minute - times.offset_minutes(offset)) % (24 * 60)
        for span, offset in zip(spans, offsets, strict=True)
    }
    return len(moments) > 1
