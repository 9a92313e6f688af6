"""Dates and clock times as notes write them, and the start and end of a session made ISO 8601."""

import re
from collections.abc import Iterable, Sequence
from datetime import date, datetime, time, timedelta
from functools import lru_cache

from msgspec import Struct, field

from workspace.interchange.notes.lines import ends_sentence, folded
from workspace.interchange.notes.rules.table import ALL
from workspace.sessions.extraction import Guess, SpokenLanguage

HALF = r"(?:\s?[ap]\.?\s?m\b\.?)"
FULL_CLOCK = (
    r"(?:[01]?\d|2[0-4])(?:\s?[h:]\s?[0-5]\d|\.[0-5]\d(?![.\d/])|\s?h\b|\s(?:heures?|horas)\b(?:\s[0-5]\d\b)?|(?=\s?[ap]\.?m\b))"
    rf"{HALF}?(?:\s?h(?:rs|s)?\b\.?)?"
)
TO = r"\s?(?:-|–|—|−|→|>|\ba las\b|\ba\b|\bà\b|\bto\b|\buntil\b|\bhasta(?: las)?\b|\by las\b|\band\b|\bet\b)\s?"
SPAN = re.compile(
    rf"(?<![\d.:/-])(?P<start>{FULL_CLOCK})(?:{TO}|\s)(?P<end>{FULL_CLOCK})(?![\d:/])"
    rf"|(?<![\d.:/-])(?P<bare>[01]?\d|2[0-4])\s?[-–—]\s?(?P<bare_end>[01]?\d|2[0-4])\s?(?P<half>[ap]\.?m\b)",
    re.IGNORECASE,
)
ONE_CLOCK = re.compile(rf"(?<![\d.:/-])(?P<start>{FULL_CLOCK})(?![\d:/])", re.IGNORECASE)
ZONE = re.compile(
    r"\b(?:(?:UTC|GMT)\s?([+\-−–±]?)\s?(\d{1,2})?(?::?(\d{2}))?|(CEST|CET|WEST|WET|EEST|EET|BST|EST|EDT|PST|PDT|ART|BRT|COT|PET))\b"
)
ZONES = {
    "CET": 60,
    "CEST": 120,
    "WET": 0,
    "WEST": 60,
    "EET": 120,
    "EEST": 180,
    "BST": 60,
    "EST": -300,
    "EDT": -240,
    "PST": -480,
    "PDT": -420,
    "ART": -180,
    "BRT": -180,
    "COT": -300,
    "PET": -300,
}
MINUTES = re.compile(r"(?<![\d.:])(\d{1,3})\s?(?:min(?:utos|utes|s)?\b\.?|['’′](?![\w]))", re.IGNORECASE)
HOURS = re.compile(
    r"(?<![\d.:])(\d{1,2})\s?(?:horas?|hours?|heures?)(?:\s(?:y|and|et)\s(?:media|demie|a half))?\b", re.IGNORECASE
)
MONTHS = {month: number for cues in ALL.values() for number, month in enumerate(cues.months, start=1)}
WEEKDAYS = {day: number for cues in ALL.values() for number, day in enumerate(cues.weekdays)}
_MONTH = "(?P<month>" + "|".join(sorted(MONTHS, key=len, reverse=True)) + ")"
_WEEKDAY = "(?:(?P<weekday>" + "|".join(WEEKDAYS) + r"),?\s)?"
_YEAR = r"(?:(?:,|\s(?:de|del))?\s(?P<year>(?:19|20)\d\d))?"
_TO_DAY = r"(?:\s?(?:-|–|—|>|\bal?\b|\band\b|\by\b|\bet\b|\bto\b|\bau\b)\s?(?P<last>[0-3]?\d)(?:st|nd|rd|th|er)?)?"
DAY_FIRST = re.compile(
    rf"\b{_WEEKDAY}(?:(?:el|le|the|dia)\s)?(?P<day>[0-3]?\d)(?:st|nd|rd|th|er|º)?{_TO_DAY}\s(?:de\s|of\s)?{_MONTH}\b{_YEAR}"
)
MONTH_FIRST = re.compile(rf"\b{_WEEKDAY}{_MONTH}\s(?P<day>[0-3]?\d)(?:st|nd|rd|th)?{_TO_DAY}\b(?![:.h]\d){_YEAR}")
ISO = re.compile(r"\b(?P<year>(?:19|20)\d\d)-(?P<month>[01]\d)-(?P<day>[0-3]\d)\b")
SLASHED = re.compile(r"(?<![\d/.])(?P<day>[0-3]?\d)[/.](?P<month>[0-3]?\d)[/.](?P<year>(?:20)?\d\d)(?![\d/])")
LAST_MONTH = 12
LONGEST_OPENING = 400
LONGEST_DAY = 90
MOST_OTHER_WORDS = 4
MOST_WORDS_AFTER = 9
PARTED = re.compile(r"\s?[–—|,(-]\s?")


class WrittenDay(Struct, frozen=True):
    """A day as written; `year` is None where the text has none, `last` the last day of a range in one month."""

    day: int
    month: int
    year: int | None = None
    last: int | None = None
    weekday: int | None = None
    verbatim: str = ""
    is_ambiguous: bool = False

    def on(self, year: int | None = None) -> date | None:
        """The date, with the year given when the text has none; None when there is no such day."""
        chosen = self.year or year
        if chosen is None:
            return None
        try:
            return date(chosen, self.month, self.day)
        except ValueError:
            return None


class ClockSpan(Struct, frozen=True):
    """Clock times from one to another; where in the text they stand."""

    start: time
    end: time | None
    verbatim: str
    begins: int
    ends: int

    @property
    def minutes(self) -> int | None:
        if self.end is None:
            return None
        return ((self.end.hour - self.start.hour) * 60 + self.end.minute - self.start.minute) % (24 * 60)


@lru_cache(maxsize=4096)
def clock_span(text: str) -> ClockSpan | None:
    """The first pair of clock times in a text ("de 12:00 a 13:30")."""
    return next(iter(clock_spans(text)), None)


def clock_spans(text: str) -> list[ClockSpan]:
    """Every pair of clock times, in order."""
    found = []
    for match in SPAN.finditer(text[:LONGEST_OPENING]):
        if match["bare"]:
            start, end = _clock(match["bare"] + match["half"]), _clock(match["bare_end"] + match["half"])
        else:
            start, end = _clock(match["start"]), _clock(match["end"])
            start = _same_half(match["start"], start, match["end"], end)
        if start and end:
            found.append(ClockSpan(start, end, match[0].strip(), match.start(), match.end()))
    return found


def first_clock_span(text: str) -> ClockSpan | None:
    """The first pair of clock times, or else the first single one."""
    if span := clock_span(text):
        return span
    match = ONE_CLOCK.search(text[:LONGEST_OPENING])
    start = _clock(match["start"]) if match else None
    return ClockSpan(start, None, match[0].strip(), match.start(), match.end()) if match and start else None


def _same_half(first: str, start: time | None, second: str, end: time | None) -> time | None:
    """In "1:30 - 3:00 pm" the first time is in the afternoon too."""
    afternoon = re.search(r"p\.?\s?m", second, re.IGNORECASE) and not re.search(r"[ap]\.?\s?m", first, re.IGNORECASE)
    if start and end and afternoon and start.hour < 12 and start.hour + 12 <= end.hour:  # noon
        return start.replace(hour=start.hour + 12)
    return start


def _clock(text: str) -> time | None:
    found = re.match(r"\s?(\d{1,2})(?:\s?(?:heures?|horas|[h:.])\s?(\d{2}))?", text, re.IGNORECASE)
    if not found:
        return None
    hour, minute = int(found[1]), int(found[2] or 0)
    half = re.search(r"([ap])\.?\s?m", text, re.IGNORECASE)
    if half and hour <= LAST_MONTH:
        hour = hour % 12 + (12 if half[1].lower() == "p" else 0)
    if hour > 23 or minute > 59:  # a clock
        return None
    return time(hour, minute)


def written_offsets(text: str) -> list[str]:
    """The offsets from UTC a text names, as "+02:00", in order."""
    found = []
    for match in ZONE.finditer(text[:LONGEST_OPENING]):
        if match[4]:
            minutes = ZONES[match[4]]
        else:
            minutes = int(match[2] or 0) * 60 + int(match[3] or 0)
            minutes = -minutes if match[1] in {"-", "−", "–"} else minutes
        if abs(minutes) <= 14 * 60:
            sign = "-" if minutes < 0 else "+"
            found.append(f"{sign}{abs(minutes) // 60:02}:{abs(minutes) % 60:02}")
    return found


def written_minutes(text: str) -> int | None:
    """A duration in minutes ("70 min", "1 hora y media", "1h30" only where a label says it is a duration)."""
    if found := MINUTES.search(text[:LONGEST_OPENING]):
        return int(found[1])
    if found := HOURS.search(text[:LONGEST_OPENING]):
        return int(found[1]) * 60 + (30 if re.search(r"media|demie|half", found[0]) else 0)
    return None


def written_days(text: str) -> list[WrittenDay]:
    """Every date in a text, in order; numbers alone count as day, month, year."""
    plain = folded(text[:LONGEST_OPENING])
    found: dict[int, WrittenDay] = {}
    for form in (ISO, DAY_FIRST, MONTH_FIRST, SLASHED):
        for match in form.finditer(plain):
            day = _day(match)
            if day and not any(start <= match.start() < start + len(other.verbatim) for start, other in found.items()):
                found[match.start()] = day
    return [found[start] for start in sorted(found)]


def _day(match: re.Match[str]) -> WrittenDay | None:
    parts = match.groupdict()
    written = parts["month"]
    day, month = int(parts["day"]), MONTHS.get(written) or int(written)
    is_ambiguous = match.re is SLASHED and day <= LAST_MONTH and day != month
    if month > LAST_MONTH and match.re is SLASHED:
        day, month = month, day
    if not (1 <= month <= LAST_MONTH and 1 <= day <= 31):  # a calendar
        return None
    year = int(parts["year"]) if parts.get("year") else None
    last = int(parts["last"]) if parts.get("last") else None
    return WrittenDay(
        day=day,
        month=month,
        year=year + 2000 if year is not None and year < 100 else year,  # two digits
        last=last if last and day < last <= 31 else None,  # a calendar
        weekday=WEEKDAYS.get(parts.get("weekday") or ""),
        verbatim=match[0].strip(),
        is_ambiguous=is_ambiguous,
    )


@lru_cache(maxsize=4096)
def opens_slot(text: str) -> bool:
    """Whether a line begins with clock times, or is a date and clock times and little else."""
    text = text[:LONGEST_OPENING]
    span = first_clock_span(text)
    if span is None:
        return False
    lead = text[: span.begins].strip(" *_|-–—•([").lower()
    if span.end is None:
        return not lead and bool(re.match(r"[\s*_|•\[(-]{0,4}\d", text))
    if not lead or lead in {"de", "from", "de las", "desde las"}:
        return True
    dated = written_days(text[: span.begins])
    return bool(dated) and len(lead) < len(dated[0].verbatim) + 16


def offset_minutes(offset: str) -> int:
    """Minutes ahead of UTC of an offset such as "-03:00"."""
    ahead = int(offset[1:3]) * 60 + int(offset[4:6])
    return -ahead if offset.startswith("-") else ahead


def day_line(text: str) -> WrittenDay | None:
    """The day a line announces, if it holds a date and little else ("VIERNES 7 DE SEPTIEMBRE", "Day 2: 4 May")."""
    if len(text) > LONGEST_DAY or clock_span(text):
        return None
    stated = written_days(text)
    if not stated:
        return None
    before, _, after = folded(text).partition(folded(stated[0].verbatim))
    is_headed = not before.strip(" *_#|") and not after[:1].isalpha() and bool(PARTED.match(after))
    most = MOST_WORDS_AFTER if is_headed else MOST_OTHER_WORDS
    return stated[0] if len([*before.split(), *after.split()]) <= most and not ends_sentence(text) else None


class SessionTime(Struct, frozen=True):
    """Start and end as ISO 8601; null where the text has no year, or no time."""

    start: str | None = None
    end: str | None = None
    utc_offset: str | None = None
    verbatim: str | None = None
    inferred: dict[str, Guess] = field(default_factory=dict)


def stated_time(
    *,
    day: WrittenDay | None,
    span: ClockSpan | None,
    offsets: Sequence[str],
    verbatim: str | None,
    known: Iterable[WrittenDay],
    language: SpokenLanguage,
) -> SessionTime:
    """The facts about a session's time; a year that no line states for that day is a guess."""
    offset = " / ".join(dict.fromkeys(offsets)) or None
    if day is None:
        return SessionTime(utc_offset=offset, verbatim=verbatim)
    known = list(known)
    dated = day.on(_stated_year(day, known))
    if dated is None:
        return SessionTime(utc_offset=offset, verbatim=verbatim, inferred=_guessed_year(day, span, offsets, known))
    start, end = _moments(dated, day, span, offsets)
    if day.is_ambiguous and language == "en":
        reason = f'"{day.verbatim}" is read as day before month; it could be the other way round'
        return SessionTime(utc_offset=offset, verbatim=verbatim, inferred={"start": Guess(value=start, reason=reason)})
    return SessionTime(start, end, offset, verbatim)


def _stated_year(day: WrittenDay, known: Sequence[WrittenDay]) -> int | None:
    """The one year that dates and ranges of the note give to this day of this month."""
    years = {
        other.year
        for other in known
        if other.year and other.month == day.month and other.day <= day.day <= (other.last or other.day)
    }
    return years.pop() if len(years) == 1 else None


def _guessed_year(
    day: WrittenDay, span: ClockSpan | None, offsets: Sequence[str], known: Sequence[WrittenDay]
) -> dict[str, Guess]:
    years = {other.year for other in known if other.year}
    if len(years) != 1:
        return {}
    dated = day.on(years.pop())
    if dated is None:
        return {}
    start, _ = _moments(dated, day, span, offsets)
    return {"start": Guess(value=start, reason=f"{dated.year} is the only year that a date of this note states")}


def _moments(dated: date, day: WrittenDay, span: ClockSpan | None, offsets: Sequence[str]) -> tuple[str, str | None]:
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


def offset_disagreement(spans: Sequence[ClockSpan], offsets: Sequence[str]) -> bool:
    """Whether one time given in two zones is two different moments."""
    if len(spans) != len(offsets) or len(spans) < 2:  # two to compare
        return False
    moments = {
        (span.start.hour * 60 + span.start.minute - offset_minutes(offset)) % (24 * 60)
        for span, offset in zip(spans, offsets, strict=True)
    }
    return len(moments) > 1


def times_said(text: str, language: str) -> dict[str, str]:
    """When a session begins and ends, as far as these words say."""
    found = stated_time(
        day=next(iter(written_days(text)), None),
        span=first_clock_span(text),
        offsets=written_offsets(text),
        verbatim=text,
        known=(),
        language="en" if language == "en" else "und",
    )
    said = {"start": found.start, "end": found.end, "utc_offset": found.utc_offset}
    return {name: value for name, value in said.items() if value}
