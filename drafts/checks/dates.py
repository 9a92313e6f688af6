"""Dates and times of a text, each read as its own language writes it."""

import re
from collections.abc import Iterator
from functools import cache

from msgspec import Struct

from drafts.base.lazy_regex import lazy_regex
from drafts.checks.checked_text import CheckedText, expressions, filled
from drafts.text.blocks import Language

_MONTHS = expressions("months")
_SHORT = {language: names.split() for language, names in expressions("short_months").items()}
_MORE = {
    Language.EN: {"sept": 9},
    Language.ES: {"setiembre": 9, "sept": 9, "set": 9},
    Language.FR: {"fevrier": 2, "aout": 8, "decembre": 12, "juill": 7, "fév": 2},
}
_WEEK = expressions("weekdays")
WEEKDAYS = {language: {name: place for place, name in enumerate(names.split())} for language, names in _WEEK.items()}
_NAMED_DAYS = {language: days | {f"{name}s": days[name] for name in days} for language, days in WEEKDAYS.items()}
MONTHS = {language: {name: place for place, name in enumerate(names.split(), 1)} for language, names in _MONTHS.items()}
_ALL = {
    language: MONTHS[language]
    | {name: place for place, name in enumerate(_SHORT[language], 1) if name not in MONTHS[language]}
    | _MORE[language]
    for language in Language
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
        date = Date(
            days, month, int(year) if year else None, *found.span(), found[0].strip(), _is_own(found, side), name
        )
        if all(1 <= day <= 31 for day in days):  # the days of a month
            yield date


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


class Time(Struct, frozen=True):
    """A time of day in minutes."""

    minutes: int
    start: int
    end: int
    text: str


_TIMES = {language: lazy_regex(written) for language, written in expressions("times").items()}
_QUICK_TIME = lazy_regex(r"\d(?:[:.]\d\d|\s?h|\s?[ap]\.?\s?m)")


def times(side: CheckedText) -> tuple[Time, ...]:
    """Every time of day: 1.30 p.m., 13.30 h, 13 h 30."""
    if not side.has_digits or not _QUICK_TIME.search(side.body):
        return ()
    masked = filled(side.body, sorted((date.start, date.end) for date in dates(side)))
    return tuple(time for found in _TIMES[side.language].finditer(masked) if (time := _time(found)))


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
