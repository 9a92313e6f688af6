"""Dates and times of a text, each read as its own language writes it."""

import re
from collections.abc import Iterator
from functools import cache

from msgspec import Struct

from drafts.base.lazy_regex import lazy_regex
from drafts.base.words import word_set
from drafts.checks.checked_text import CheckedText, expressions, filled, patterns
from drafts.checks.number_words import DAYS, PERIODS, cardinal
from drafts.text.blocks import Language

_MONTHS = expressions("months")
_WEEK = expressions("weekdays")
WEEKDAYS = {language: {name: place for place, name in enumerate(names.split())} for language, names in _WEEK.items()}
_NAMED_DAYS = {language: days | {f"{name}s": days[name] for name in days} for language, days in WEEKDAYS.items()}
MONTHS = {language: {name: place for place, name in enumerate(names.split(), 1)} for language, names in _MONTHS.items()}
_ALL = {  # short and other forms too
    language: {name: place for place, names in enumerate(cell.split(), 1) for name in names.split("/")}
    for language, cell in expressions("all_months").items()
}
_DAY = expressions("day")
_JOIN = expressions("day_join")
_LINK = expressions("day_link")
_YEAR = expressions("year")
_BEFORE_MAY = lazy_regex(
    r"(?:in|of|since|until|till|by|from|to|last|next|early|late|mid-?|every|and|between|before|after)\s*$"
)
_NUMERIC = lazy_regex(r"(?<![\d./-])(\d{1,2})([/.-])(\d{1,2})\2(\d{4})(?![\d/-])")
_ISO = lazy_regex(r"(?<![\d./-])(\d{4})-(\d{2})-(\d{2})(?![\d/-])")


class Date(Struct, frozen=True):
    """Days of a month of a year, as far as the text names them."""

    days: tuple[int, ...]
    month: int
    year: int | None
    start: int
    end: int
    text: str
    is_own: bool = True  # written as its language writes dates
    name: str = ""  # of the month, as it stands

    @property
    def numbers(self) -> set[int]:
        return {*self.days, *([self.year] if self.year else [])}


@cache
def _pattern(language: Language) -> re.Pattern[str]:
    day, join = _DAY[language], _JOIN[language]
    names = sorted(_ALL[language], key=len, reverse=True)
    return re.compile(
        rf"(?:(?P<days>{day}(?:{join}{day})*)(?P<link>{_LINK[language]}))?"
        rf"(?<![^\W\d_])(?P<month>{'|'.join(names)})(?![^\W_])\.?"
        rf"(?:(?P<ylink>{_YEAR[language]})(?P<year>[12]\d{{3}})(?!\d)"
        rf"|\s+(?P<after>{day}(?:{join}{day})*)(?:,?\s+(?:de\s+)?(?P<year2>[12]\d{{3}})(?!\d))?)?",
        re.IGNORECASE,
    )


def weekdays(side: CheckedText) -> dict[int, str]:
    """The days of the week that a text names, from Monday as 0, each as it is written in small letters."""
    days = _NAMED_DAYS[side.language]
    return {days[word]: word for word in days.keys() & side.lower_words}


_NAMES = {language: frozenset(names) for language, names in _ALL.items()}
_ANY_NAME = frozenset().union(*_NAMES.values())
_QUICK_NUMERIC = lazy_regex(r"\d[./-]\d")


def dates(side: CheckedText) -> tuple[Date, ...]:
    """Every date, in the order of the text."""
    has_month = not _ANY_NAME.isdisjoint(side.lower_words)
    found = [*_worded(side), *_numeric(side), *_foreign(side)] if has_month else [*_numeric(side)]
    return tuple(sorted(found, key=lambda date: date.start))


def _worded(side: CheckedText) -> Iterator[Date]:
    if _NAMES[side.language].isdisjoint(side.lower_words):
        return
    for found in _pattern(side.language).finditer(side.body):
        name = found["month"]
        if found["days"] is None and not _is_month(found, side):
            continue
        year = found["year"] or found["year2"]
        spelled = found["days"] or found["after"] or ""
        days = tuple(int(day) for day in re.findall(r"\d+", spelled))
        month = _ALL[side.language][name.lower()]
        if all(1 <= day <= 31 for day in days):  # the days of a month
            dated, is_own = int(year) if year else None, _is_own(found, side)
            yield Date(days, month, dated, *found.span(), found[0].strip(), is_own, name)


def _foreign(side: CheckedText) -> Iterator[Date]:
    """Dates left in another of the three languages: a day, a month that is no word here, a year."""
    for language in Language:
        if language is side.language or _NAMES[language].isdisjoint(side.lower_words):
            continue
        for found in _pattern(language).finditer(side.body):
            days, year = found["days"] or found["after"], found["year"] or found["year2"]
            name = found["month"]
            if not (days and year) or name.lower() in _NAMES[side.language] or name.lower() not in MONTHS[language]:
                continue
            numbers = tuple(int(day) for day in re.findall(r"\d+", days))
            if all(1 <= day <= 31 for day in numbers):  # the days of a month
                month = MONTHS[language][name.lower()]
                yield Date(numbers, month, int(year), *found.span(), found[0].strip(), is_own=False)


def _is_month(found: re.Match[str], side: CheckedText) -> bool:
    """Whether a name without a day before it is a month: English "may" and "march", French "mars" are words as well."""
    name, language = found["month"], side.language
    has_number = found["year"] or found["after"]
    if name.lower() not in MONTHS[language]:
        return bool(has_number) and name[:1].isupper() is (language is Language.EN) and len(name) > 2
    if language is Language.EN and name.lower() in ("may", "march", "august"):
        before = side.body[max(0, found.start() - 12) : found.start()]
        return name[0].isupper() and bool(has_number or _BEFORE_MAY.search(before))
    if language is Language.FR and name.lower() == "mars":
        return not name[0].isupper() or bool(has_number)
    return True


def _is_own(found: re.Match[str], side: CheckedText) -> bool:
    """Whether the date is written as its language does: 24 June 2026, 24 de junio de 2026, 1er juillet."""
    days, link, language = found["days"], found["link"] or "", side.language
    if found["after"]:
        return False
    if language is Language.EN:
        is_plain = days is None or not re.search(r"\d(?:st|nd|rd|th)", days)
        return is_plain and "of" not in link and "," not in (found["ylink"] or "") if days else True
    if language is Language.ES:
        has_year_link = found["year"] is None or re.search(r"de", found["ylink"] or "") is not None
        return (days is None or "de" in link) and (has_year_link or days is None)
    if days is None:
        return True
    is_first_right = not re.search(r"(?<!\d)1(?!\d|er|ᵉʳ)", days) and not re.search(
        r"(?:[2-9]|\d\d)(?:e|er|ème|eme)(?!\w)", days
    )
    return is_first_right and "de" not in link


def _numeric(side: CheckedText) -> Iterator[Date]:
    if not side.has_digits or not _QUICK_NUMERIC.search(side.body):
        return
    for found in _NUMERIC.finditer(side.body):
        first, second, year = int(found[1]), int(found[3]), int(found[4])
        is_own = second <= 12 and found[2] != "-"  # months
        day, month = (first, second) if second <= 12 else (second, first)
        if 1 <= month <= 12 and 1 <= day <= 31:
            yield Date((day,), month, year, *found.span(), found[0], is_own)
    for found in _ISO.finditer(side.body):
        year, month, day = (int(found[place]) for place in (1, 2, 3))
        if 1 <= month <= 12 and 1 <= day <= 31:
            yield Date((day,), month, year, *found.span(), found[0])


def feasts(side: CheckedText) -> set[tuple[int, int]]:
    """The days that a text calls by a name, each as month and day."""
    return {divmod(known, 100) for phrase, known in DAYS[side.language].items() if phrase in side.lower}


def months_said(side: CheckedText) -> set[int]:
    """The months that a text names otherwise: by a feast, a quarter of the year, a season, or by nothing but a name."""
    found = {month for month, _ in feasts(side)}
    is_said = str.capitalize if side.language is Language.EN else str.lower  # "may" is a verb
    found |= {month for name, month in MONTHS[side.language].items() if is_said(name) in side.words}
    for phrase, known in PERIODS[side.language].items():
        if phrase in side.lower:
            first, last = divmod(known, 100)
            found |= {(first + more - 1) % 12 + 1 for more in range((last - first) % 12 + 1)}
    return found


class Time(Struct, frozen=True):
    """A time of day in minutes; `is_spoken` in words, `is_exact` where it says which half of the day."""

    minutes: int
    start: int
    end: int
    text: str
    is_spoken: bool = False
    is_exact: bool = True

    def is_same(self, other: "Time") -> bool:
        day = 1440 if self.is_exact and other.is_exact else 720
        return (self.minutes - other.minutes) % day == 0


_TIMES = patterns("times")
_SPOKEN = patterns("spoken_times")
_SIGNS = {language: word_set(written) for language, written in expressions("spoken_signs").items()}
_PARTS = {"half": 30, "media": 30, "demi": 30, "demie": 30, "quarter": 15, "cuarto": 15, "quart": 15}
_NOON = word_set("noon midday mediodía midi")
_AFTER_NOON = word_set("afternoon evening night p tarde noche soir après-midi")
_MORNING = word_set("afternoon p morning mañana matin tarde après-midi")  # of twelve o'clock: noon
_MIDNIGHT = word_set("midnight medianoche minuit")
_QUICK_TIME = lazy_regex(r"\d(?:[:.]\d\d|\s?h|\s?[ap]\.?\s?m)")


def times(side: CheckedText) -> tuple[Time, ...]:
    """Every time of day: 1.30 p.m., 13.30 h, 13 h 30, half past one."""
    written: list[Time] = []
    if side.has_digits and _QUICK_TIME.search(side.body):
        masked = filled(side.body, sorted((date.start, date.end) for date in dates(side)))
        written = [time for found in _TIMES[side.language].finditer(masked) if (time := _time(found))]
    if _SIGNS[side.language].isdisjoint(side.lower_words):
        return tuple(written)
    masked = filled(side.body.lower().replace("’", "'"), [(time.start, time.end) for time in written])
    return (*written, *(_spoken(found, side.language) for found in _SPOKEN[side.language].finditer(masked)))


def _spoken(found: re.Match[str], language: Language) -> Time:
    said = {name.rstrip("23456789"): word for name, word in found.groupdict().items() if word}
    hour, part, half = said["hour"], said.get("part", ""), said.get("half", "")
    minutes = 60 * (12 if hour in _NOON else 0 if hour in _MIDNIGHT else _worth(hour, language))
    minutes += (_PARTS.get(part) or _worth(part, language)) * (-1 if "less" in said else 1)
    if half:
        is_late = half in (_MORNING if minutes // 60 == 12 else _AFTER_NOON)
        minutes = minutes % 720 + (720 if is_late else 0)
    is_exact = bool(half) or hour in _NOON | _MIDNIGHT or minutes >= 780
    return Time(minutes % 1440, *found.span(), found[0], is_spoken=True, is_exact=is_exact)


def _worth(word: str, language: Language) -> int:
    return int(word) if word.isdecimal() else 1 if word in ("one", "una", "une") else cardinal(word, language)


def _time(found: re.Match[str]) -> Time | None:
    groups = found.groupdict()
    hour = next(int(value) for name, value in groups.items() if name.startswith("hour") and value)
    minute = next((int(value) for name, value in groups.items() if name.startswith("minute") and value), 0)
    half = groups.get("half")
    if half:
        if not 1 <= hour <= 12:  # a half day has twelve hours
            return None
        hour = hour % 12 + (12 if half == "p" else 0)
    return Time(60 * hour + minute, *found.span(), found[0])
