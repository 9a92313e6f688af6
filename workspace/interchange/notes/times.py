"""Dates and clock times as notes write them, and the start and end of a session made ISO 8601."""

import re
from collections.abc import Iterable, Sequence
from datetime import date, datetime, time, timedelta
from functools import lru_cache

from msgspec import Struct, field

from workspace.interchange.notes.lines import ends_sentence, folded
from workspace.interchange.notes.rules import ALL, forms
from workspace.sessions.extraction import Guess, SpokenLanguage

FORM = forms("times")

SPAN = FORM["span"]
ONE_CLOCK = FORM["one_clock"]
ZONE = FORM["zone"]
ZONES = {"CET": 60, "CEST": 120, "WET": 0, "WEST": 60, "EET": 120, "EEST": 180, "BST": 60, "EST": -300, "EDT": -240}
ZONES |= {"PST": -480, "PDT": -420, "ART": -180, "BRT": -180, "COT": -300, "PET": -300}
NUMBERS = {folded(word): number for cues in ALL.values() for word, number in cues.numbers.items()}
MONTHS = {month: number for cues in ALL.values() for number, month in enumerate(cues.months, start=1)}
WEEKDAYS = {day: number for cues in ALL.values() for number, day in enumerate(cues.weekdays)}
SHORT_MONTHS = {month: number for cues in ALL.values() for month, number in cues.short_months.items()}
SHORT_WEEKDAYS = {day: number for cues in ALL.values() for day, number in cues.short_weekdays.items()}
ALL_MONTHS, ALL_WEEKDAYS = SHORT_MONTHS | MONTHS, SHORT_WEEKDAYS | WEEKDAYS
BY_TWO_LETTERS = {day[:2]: number for day, number in WEEKDAYS.items()}
FIRST, THOUSANDS = frozenset({"premier", "primero", "first"}), (" mil", "thousand")
DAY_FIRST = FORM["day_first"]
MONTH_FIRST = FORM["month_first"]
ISO = FORM["iso"]
SLASHED = FORM["slashed"]
WITHOUT_YEAR = FORM["without_year"]
LAST_MONTH = 12
LONGEST_OPENING = 400
FIRST_HOUR = 7  # before which nobody meets
EARLY = 8  # until when a session of the evening before may last
LONGEST_DAY = 90
MOST_OTHER_WORDS = 4
MOST_WORDS_AFTER = 9


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

    @property
    def iso(self) -> str:
        """As "2027-03-04", or "--03-04" where the text has no year."""
        return f"{self.year or '-'}-{self.month:02}-{self.day:02}"


class ClockSpan(Struct, frozen=True):
    """Clock times from one to another; where in the text they stand."""

    start: time
    end: time | None
    verbatim: str
    begins: int
    ends: int
    days: int = 0  # from the day on which it begins to that on which it ends

    @property
    def minutes(self) -> int | None:
        if self.end is None:
            return None
        return ((self.end.hour - self.start.hour) * 60 + self.end.minute - self.start.minute) % (24 * 60)


@lru_cache(maxsize=4096)
def clock_span(text: str) -> ClockSpan | None:
    """The first pair of clock times in a text ("de 12:00 a 13:30")."""
    return next(iter(clock_spans(text)), None)


def worded_span(text: str) -> ClockSpan | None:
    """Times from one to another where words tell them: "from 10 to half past twelve"."""
    found = FORM["worded_span"].search(folded(text[:LONGEST_OPENING]))
    if not found:
        return None
    start, end = (_worded(found[name]) for name in ("start", "end"))
    is_late = bool(start and start.hour < FIRST_HOUR and not any(map(str.isdigit, found[0])))  # "half five till seven"
    if start and end and (is_late or FORM["afternoon"].match(folded(text[:LONGEST_OPENING]), found.end())):
        start, end = (each.replace(hour=each.hour + 12) if each.hour < 12 else each for each in (start, end))  # noon
    if start and end and end < start and start.hour < end.hour + 12 < 24:  # "from eleven to one"
        end = end.replace(hour=end.hour + 12)
    return ClockSpan(start, end, found[0], found.start(), found.end()) if start and end and start < end else None


def told_span(text: str) -> ClockSpan | None:
    """The times that a sentence tells, in digits or in words, at least when something begins."""
    if span := clock_span(text) or over_days(text) or worded_span(text) or first_clock_span(text):
        return span
    found = FORM["worded_clock"].search(folded(text[:LONGEST_OPENING]))
    start = _worded(found["start"]) if found else None
    if found is None or start is None:
        return None
    is_early = start.hour < FIRST_HOUR and not any(map(str.isdigit, found["start"]))
    is_late = is_early or (FORM["afternoon"].match(folded(text[:LONGEST_OPENING]), found.end()) and start.hour < 12)
    start = start.replace(hour=start.hour + 12) if is_late else start
    return ClockSpan(start, None, found[0], found.start(), found.end())


def _worded(text: str) -> time | None:
    if FORM["noon"].match(text):
        return time(12, 30 if FORM["half_past"].search(text[len("midi") :]) else 0)
    found = FORM["worded"].fullmatch(text)
    hour = _count(found["hour"] or found["past"]) if found else 24
    if hour > 23 or not found:  # a clock
        return None
    after = found["part"] or found["part_past"] or ""
    minute = _count(found["minute"] or found["minutes"])
    minute = 30 if FORM["half_past"].search(after) else 15 if FORM["quarter"].search(after) else minute
    if minute == 15 and FORM["quarter_to"].search(text):
        return time(hour - 1, 45) if hour else time(23, 45)
    return time(hour, minute) if minute < 60 else None  # a clock


@lru_cache(maxsize=4096)
def clock_spans(text: str) -> Sequence[ClockSpan]:
    """Every pair of clock times, in order."""
    found = []
    for match in SPAN.finditer(text[:LONGEST_OPENING]):
        if match["bare"]:
            start, end = _clock(match["bare"] + match["half"]), _clock(match["bare_end"] + match["half"])
        elif match["four"]:
            start, end = (_clock(f"{match[name][:2]}:{match[name][2:]}") for name in ("four", "four_end"))
        else:
            start, end = _clock(match["start"]), _clock(match["end"])
            start = _same_half(match["start"], start, match["end"], end)
        if start and end:
            found.append(ClockSpan(start, end, match[0].strip(), match.start(), match.end()))
    return found


def is_clock(text: str) -> bool:
    """Whether a text is one clock time and nothing else."""
    return bool(ONE_CLOCK.fullmatch(text.strip()))


def first_clock_span(text: str) -> ClockSpan | None:
    """The first pair of clock times, of which words may tell one ("from 9 to 10:30"), or else the first single one."""
    if span := clock_span(text) or over_days(text):
        return span
    if (half := worded_span(text)) and ONE_CLOCK.search(half.verbatim):
        return half
    match = ONE_CLOCK.search(text[:LONGEST_OPENING])
    start = _clock(match["start"]) if match else None
    return ClockSpan(start, None, match[0].strip(), match.start(), match.end()) if match and start else None


def slot_span(text: str) -> ClockSpan | None:
    """The times with which a line of a programme begins, in digits or in words: "From nine to half past ten"."""
    if span := first_clock_span(text):
        return span
    span = worded_span(text)
    if span is None or span.begins or len(text) > LONGEST_DAY or ends_sentence(text):
        return None
    after = FORM["afternoon"].match(folded(text), span.ends)
    ends = after.end() if after else span.ends
    return ClockSpan(span.start, span.end, text[:ends], 0, ends) if FORM["after_worded"].match(text[ends:]) else None


def over_days(text: str) -> ClockSpan | None:
    """From a time of one day to a time of another: "Thursday 10 June 2027 at 9.30, to Friday 11 June at 16.00"."""
    days = [day for day in written_days(text) if day.month]
    clocks = [
        (clock, match) for match in ONE_CLOCK.finditer(text[:LONGEST_OPENING]) if (clock := _clock(match["start"]))
    ]
    if len(days) != 2 or len(clocks) != 2:  # the first of each and the last
        return None
    first, last = (day.on(days[1].year or days[0].year) for day in days)
    (start, begins), (end, ends) = clocks
    between = folded(text[begins.end() : ends.start()])
    if not (first and last and first < last and days[1].verbatim in between):
        return None
    stated = text[begins.start() : ends.end()]
    return ClockSpan(start, end, stated, begins.start(), ends.end(), (last - first).days)


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
    if found := FORM["minutes"].search(text[:LONGEST_OPENING]):
        return int(found[1])
    if found := FORM["hours"].search(text[:LONGEST_OPENING]):
        return int(found[1]) * 60 + (30 if re.search(r"media|demie|half", found[0]) else 0)
    return None


def length(text: str) -> int | None:
    """The minutes that a text states as a length, with numbers in words or digits: "1 h 45 min", "trois heures"."""
    if found := FORM["length"].search(folded(text[:LONGEST_OPENING])):
        return _count(found["hours"]) * 60 + _count(found["minutes"]) + (30 if found["half"] else 0)
    alone = FORM["minutes"].search(text[:LONGEST_OPENING])
    return int(alone[1]) if alone else None


def _count(text: str | None) -> int:
    """The number that digits or words say: "26", "veintiséis", "deux mille vingt-six", "twenty twenty-six"."""
    if text is None or text.isdigit() or text in NUMBERS:
        return 0 if text is None else int(text) if text.isdigit() else NUMBERS[text]
    *more, last = [NUMBERS.get(word, word[:2] == "un" or word in FIRST) for word in re.split(r"[\s-]", text)]
    is_of_thousands = any(word in text for word in THOUSANDS) or more[:1] == [20]
    return sum(more[1:]) + last + 2000 if is_of_thousands else sum(more) + last


@lru_cache(maxsize=4096)
def written_days(text: str) -> Sequence[WrittenDay]:
    """Every date in a text, in order; numbers alone count as day, month, year."""
    plain = folded(text[:LONGEST_OPENING])
    found: dict[int, WrittenDay] = {}
    may_be_named = any(month in plain for month in ALL_MONTHS)
    named = (DAY_FIRST, MONTH_FIRST, FORM["worded_day"]) if may_be_named else ()
    for form in (ISO, *named, SLASHED, WITHOUT_YEAR) if may_be_named or any(map(str.isdigit, plain)) else ():
        for match in form.finditer(plain):
            day = _day(match)
            if day and not any(start <= match.start() < start + len(other.verbatim) for start, other in found.items()):
                found[match.start()] = day
    return [found[start] for start in sorted(found)]


def _day(match: re.Match[str]) -> WrittenDay | None:
    parts = match.groupdict()
    written = parts["month"]
    day, month = _count(parts["day"]), ALL_MONTHS.get(written) or int(written)
    is_ambiguous = match.re is SLASHED and day <= LAST_MONTH and day != month
    if month > LAST_MONTH and match.re is SLASHED:
        day, month = month, day
    named = parts.get("weekday") or ""
    weekday = ALL_WEEKDAYS.get(named, BY_TWO_LETTERS.get(named))
    is_number = match.re is WITHOUT_YEAR and weekday is None  # "version 3.2"
    if is_number or not (1 <= month <= LAST_MONTH and 1 <= day <= 31):  # a calendar
        return None
    year = _count(parts.get("year") or parts.get("before")) or None
    last = int(parts["last"]) if parts.get("last") else None
    return WrittenDay(
        day=day,
        month=month,
        year=year + 2000 if year is not None and year < 100 else year,  # two digits
        last=last if last and day < last <= 31 else None,  # a calendar
        weekday=weekday,
        verbatim=match[0].strip(),
        is_ambiguous=is_ambiguous,
    )


@lru_cache(maxsize=4096)
def opens_slot(text: str) -> bool:
    """Whether a line begins with clock times, or is a date and clock times and little else."""
    text = text[:LONGEST_OPENING]
    span = slot_span(text)
    if span is None:
        return False
    lead = text[: span.begins].strip(" *_|-–—•([").lower()
    if span.begins == 0 and span.verbatim[0].isalpha():
        return True
    if span.end is None and not lead:
        return bool(re.match(r"[\s*_|•\[(-]{0,4}\d", text))
    if not lead or lead in {"de", "from", "de las", "desde las"}:
        return True
    dated = written_days(text[: span.begins])
    house = FORM["house_first"].match(text)
    more = 16 if span.end else 4  # letters of "from", "de las"
    if dated and span.end and FORM["place_between"].fullmatch(lead.partition(dated[0].verbatim)[2]):
        return True
    return bool(dated) and len(lead) - (house.end() if house and span.end else 0) < len(dated[0].verbatim) + more


def offset_minutes(offset: str) -> int:
    """Minutes ahead of UTC of an offset such as "-03:00"."""
    ahead = int(offset[1:3]) * 60 + int(offset[4:6])
    return -ahead if offset.startswith("-") else ahead


def is_month(text: str) -> bool:
    """Whether all that a line says is a month, with or without its year."""
    return bool(FORM["month_alone"].match(folded(text[:LONGEST_DAY])))


def days_of_month(text: str, year: int | None = None) -> dict[str, WrittenDay]:
    """The days of the month that is all a line says, or that it gives with its year, by name: "friday 6"."""
    plain = folded(text[:LONGEST_DAY])
    found = FORM["month_alone"].match(plain) or (None if written_days(text) else FORM["month_of_year"].search(plain))
    stated = found["year"] if found else None
    if found is None or not (stated or year):
        return {}
    days = (WrittenDay(day, ALL_MONTHS[found["month"]], int(stated or year or 0)) for day in range(1, 32))
    dated = [(day, on.weekday()) for day in days if (on := day.on())]
    return {f"{name} {day.day}": day for day, at in dated for name, number in ALL_WEEKDAYS.items() if number == at}


def day_line(text: str) -> WrittenDay | None:
    """The day a line announces, if it holds a date and little else ("VIERNES 7 DE SEPTIEMBRE", "Day 2: 4 May")."""
    if len(text) > LONGEST_DAY or clock_span(text):
        return None
    stated = written_days(text)
    if not stated:
        return None
    before, _, after = folded(text).partition(folded(stated[0].verbatim))
    is_headed = not before.strip(" *_#|") and not after[:1].isalpha() and bool(FORM["parted"].match(after))
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
    dated = day.on(_stated_year(day, known) or _fitting_year(day, known))
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


def _fitting_year(day: WrittenDay, known: Sequence[WrittenDay]) -> int | None:
    """The one year of the note's dates in which the day falls on the day of the week that is named."""
    years = {other.year for other in known if other.year}
    fitting = [year for year in years if (on := day.on(year)) and on.weekday() == day.weekday]
    return fitting[0] if len(fitting) == 1 else None


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
    end = datetime.combine(dated, span.end) + timedelta(days=span.days)
    if end < start and end.hour < EARLY:
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
