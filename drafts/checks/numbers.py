"""Whether the numbers and dates of two texts agree: the mistakes that cost most and that nobody sees."""

import re
from collections.abc import Sequence
from decimal import Decimal
from functools import lru_cache
from itertools import chain

from drafts.base.lazy_regex import lazy_regex
from drafts.checks import numerals
from drafts.checks.checked_text import NO_BREAK, CheckedText, pattern
from drafts.checks.dates import MONTHS, WEEKDAYS, Date, Time, feasts, months_said, weekdays
from drafts.checks.number_words import implies
from drafts.checks.numerals import Duration, Numbers, NumberSort, Quantity, equal_durations, numbers
from drafts.checks.sentences import exchanged
from drafts.checks.values import CheckHit, Pair
from drafts.text.blocks import Language

_FRACTION_WORDS = pattern("fraction_words")
_NO_WORD_BELOW, _NO_WORD_ABOVE = 3, 99


def number_mismatch(pair: Pair) -> CheckHit | None:
    """Values that only one side has."""
    lost, added = differing(pair.source, pair.target)
    if not (lost or added):
        return exchanged("number", pair)
    texts = tuple(quantity.text.strip() for quantity in lost), tuple(quantity.text.strip() for quantity in added)
    return CheckHit(*texts, spans=tuple((quantity.start, quantity.end) for quantity in added))


def differing(source: CheckedText, target: CheckedText) -> tuple[list[Quantity], list[Quantity]]:
    """The numbers of each side that the other does not have."""
    ours, theirs = numbers(source), numbers(target)
    if not (ours.quantities or theirs.quantities or ours.fractions or theirs.fractions):
        return [], []
    lost, added = _unanswered(ours, theirs, target), _unanswered(theirs, ours, source)
    if foreign := _foreign(lost, added, source.language):  # right as the source's language reads it: `number_format`
        lost, added = ([each for each in some if each not in chain(*foreign)] for some in (lost, added))
    loose_lost, loose_added = _loose(ours, theirs, target), _loose(theirs, ours, source)
    if not (
        lost or added or loose_lost or loose_added or ours.shares or theirs.shares or ours.fractions or theirs.fractions
    ):
        return [], []
    known = _known_times(source, target), _known_times(target, source)
    lost, loose_lost = _outside(known[0], lost), _outside(known[0], loose_lost)
    added, loose_added = _outside(known[1], added), _outside(known[1], loose_added)
    if not _is_excused(loose_lost, loose_added, lost, added):
        lost, added = lost + loose_lost, added + loose_added
    shares = _fractions(ours, theirs, target), _fractions(theirs, ours, source)
    return lost + _outside(known[0], shares[0]), added + _outside(known[1], shares[1])


def _known_times(side: CheckedText, other: CheckedText) -> list[Duration | Time]:
    """The lengths of time and times of day that the other text says as well."""
    same = [time for time in numbers(side).times if any(map(time.is_same, numbers(other).times))]
    return [*equal_durations(side, other), *same]


def _outside(known: Sequence[Duration | Time], found: list[Quantity]) -> list[Quantity]:
    """The numbers that do not count a time that both texts say."""
    return [number for number in found if not any(it.start <= number.start < it.end for it in known)]


@lru_cache(maxsize=8192)
def _unanswered(ours: Numbers, theirs: Numbers, other: CheckedText) -> list[Quantity]:
    """Figures of one text that nothing in the other answers."""
    values = theirs.pool
    return [
        quantity
        for quantity in ours.figures
        if quantity.value not in values and not _is_answered(quantity, values, ours, theirs, other)
    ]


def _is_answered(  # noqa: PLR0911  (one way of saying the same after another)
    quantity: Quantity, values: set[Decimal], ours: Numbers, theirs: Numbers, other: CheckedText
) -> bool:
    """Whether other words say the same: a decade, the end of a range of years, a part of a figure, a word."""
    if -quantity.value in values and re.search(
        r"\b(?:minus|menos|moins|negativ\w+|négati\w+|below|bajo|dessous)\b", other.lower
    ):
        return True
    if ours.shared.get(quantity.start) in values:
        return True
    if quantity.value != int(quantity.value):
        return False
    value = int(quantity.value)
    if (
        _as_a_year(value, values)
        or (value > 31 and 1900 + value in theirs.named)  # days of a month
        or _is_computed(quantity.value, theirs, other)
        or _by_the_clock(value, values, other)
        or any(value in (t.minutes // 60, t.minutes % 60) for t in theirs.times)
    ):
        return True
    parts = quantity.digits.split(" ")
    if len(parts) > 1 and all(part.isdecimal() and Decimal(part) in values for part in parts):
        return True  # two figures side by side: "the 17 169"
    if any(" " in their.digits and quantity.digits in their.digits.split(" ") for their in theirs.figures):
        return True
    if value == 1 and quantity.is_label:
        return False
    if (ours.stated_shares or theirs.stated_shares) and _is_of_share(quantity, ours, theirs):
        return True
    return implies(other.lower, value)


_FACTORS = {Decimal(factor): pattern(name) for factor, name in (("0.5", "half"), ("2", "double"), ("3", "triple"))}


def _is_computed(value: Decimal, theirs: Numbers, other: CheckedText) -> bool:
    """Whether it is a part or a multiple that the other side leaves to be worked out, one more for a majority."""
    factors = [share.value for share in theirs.stated_shares]
    factors += [factor for factor, words in _FACTORS.items() if words.search(other.lower)]
    known = [number * factor for number in theirs.values if number >= _NO_WORD_BELOW for factor in factors]
    return value in known or value - 1 in known


_LATE = pattern("late")


def _by_the_clock(value: int, values: set[Decimal], other: CheckedText) -> bool:
    """Seven in the evening for 19 h."""
    return (
        1 <= value <= 23 and not values.isdisjoint({value + 12, value - 12}) and _LATE.search(other.lower) is not None
    )


def _as_a_year(value: int, values: set[Decimal]) -> bool:
    """1990s against "años 90", 2021-22 against 2021-2022."""
    if 1800 <= value <= 2199:  # years
        return Decimal(value % 100) in values and (value % 10 == 0 or Decimal(value - 1) in values)
    ends = (year for year in values if 1800 <= year <= 2199 and year % 100 == value)
    return 10 <= value <= 99 and any(value % 10 == 0 or year - 1 in values for year in ends)


def _foreign(lost: list[Quantity], added: list[Quantity], language: Language) -> list[tuple[Quantity, Quantity]]:
    return [(quantity, their) for quantity in lost for their in added if their.as_read_in(language) == quantity.value]


@lru_cache(maxsize=8192)
def _loose(ours: Numbers, theirs: Numbers, other: CheckedText) -> list[Quantity]:
    """Numbers in words, Roman or in names, without an answer."""
    values, decades = theirs.pool, {value for value in theirs.pool if 1900 < value < 2000}
    return [
        quantity
        for quantity in ours.quantities
        if quantity.sort is not NumberSort.FIRM
        and quantity.value not in values
        and not (decades and _as_a_year(int(quantity.value), decades))
        and not implies(other.lower, int(quantity.value))
        and not _is_computed(quantity.value, theirs, other)
        and not _by_the_clock(int(quantity.value), values, other)
        and not _is_of_share(quantity, ours, theirs)
    ]


def _is_of_share(quantity: Quantity, ours: Numbers, theirs: Numbers) -> bool:
    """Whether a number belongs to a share that the other side says as a percentage, or the reverse."""
    shares = (share.value for share in ours.stated_shares if share.start <= quantity.start < share.end)
    return any(_percents(share) & theirs.values for share in shares) or any(
        quantity.value in _percents(share.value) for share in theirs.stated_shares
    )


def _percents(share: Decimal) -> set[Decimal]:
    return {Decimal(int(100 * share)), Decimal(round(100 * share))}


def _is_excused(
    lost: list[Quantity], added: list[Quantity], firm_lost: list[Quantity], firm_added: list[Quantity]
) -> bool:
    """Whether numbers in words may stay without an answer: idioms count where figures do not.

    A word from three to ten that has no answer at all is missing; another word,
    or an ordinal, only where the other side has another one in its place.
    """
    for ours, theirs, firm in ((lost, added, firm_added), (added, lost, firm_lost)):
        for quantity in ours:
            alone = quantity.sort is NumberSort.WORD and _NO_WORD_BELOW <= quantity.value <= _NO_WORD_ABOVE
            alone = (alone and not quantity.is_label) or quantity.sort is NumberSort.HALF
            rivals = [their for their in theirs if _rival(quantity, their)]
            if alone or rivals or (quantity.sort is NumberSort.WORD and firm):
                return False
    return True


def _rival(quantity: Quantity, their: Quantity) -> bool:
    sorts = {quantity.sort, their.sort}
    if sorts == {NumberSort.PLACE} and quantity.digits and their.digits:
        return True
    if NumberSort.BARE in sorts:
        return len(sorts) == 1
    if NumberSort.PLACE in sorts:
        return sorts <= {NumberSort.PLACE, NumberSort.ROMAN} and min(quantity.value, their.value) >= _NO_WORD_BELOW
    return True


def _fractions(ours: Numbers, theirs: Numbers, other: CheckedText) -> list[Quantity]:
    both = {share.value for share in ours.stated_shares} & {share.value for share in theirs.stated_shares}
    apart = {
        share for share in (ours.shares ^ theirs.shares) - both if not _percents(share) & (ours.values | theirs.values)
    }
    if ours.shares and theirs.shares and apart:
        return sorted(ours.stated_shares, key=lambda quantity: quantity.start)
    if ours.fractions <= theirs.fractions or _FRACTION_WORDS.search(other.lower):
        return []
    return [Quantity(Decimal(0), text, 0, 0, NumberSort.FIRM) for text in sorted(ours.fractions - theirs.fractions)]


def number_format(pair: Pair) -> CheckHit | None:
    """A figure that is right only as the source's language reads it, or a year written as an amount."""
    ours, theirs = numbers(pair.source), numbers(pair.target)
    if not theirs.quantities:
        return None
    lost, added = _unanswered(ours, theirs, pair.target), _unanswered(theirs, ours, pair.source)
    wrong = [their for _, their in _foreign(lost, added, pair.source.language)]
    wrong += [it for it in theirs.figures if not it.is_own and not it.is_label and it.value in ours.values]
    wrong += [quantity for quantity in theirs.figures if _is_grouped_year(quantity, ours, pair.target)]
    if not wrong:
        return None
    unique = tuple({quantity.start: quantity for quantity in wrong}.values())
    source = tuple(quantity.text for quantity in ours.figures if quantity.value in {their.value for their in unique})
    said, spans = zip(*((quantity.text, (quantity.start, quantity.end)) for quantity in unique), strict=True)
    return CheckHit(source, said, spans, _rewritten(pair, unique))


def _is_grouped_year(quantity: Quantity, ours: Numbers, target: CheckedText) -> bool:
    if not (1900 <= quantity.value <= 2100 and len(quantity.digits) > 4):  # years have four digits
        return False
    before, after = target.body[: quantity.start], target.body[quantity.end :]
    is_year = any(their.value == quantity.value and their.digits.isdecimal() for their in ours.figures)
    ends = after[:1] in ("", ".", ",", ";", ":", ")", "»", "”")
    return is_year and (ends or (_YEAR_AFTER.search(before) is not None and not numerals.counts_something(after)))


_YEAR_AFTER = lazy_regex(
    r"\b(?:since|in|by|until|before|after|en|desde|hasta|année|año|depuis|dès|avant|après)\s$", re.IGNORECASE
)


def _rewritten(pair: Pair, wrong: tuple[Quantity, ...]) -> str:
    """The target with every such figure written as its language does."""
    text, language = pair.target.text, pair.target.language
    for quantity in sorted(wrong, key=lambda quantity: -quantity.start):
        if 1900 <= quantity.value <= 2100 and len(quantity.digits) > 4 and quantity.is_own:
            mended = str(int(quantity.value))
        else:
            bare = quantity.as_read_in(pair.source.language)
            amount = bare if bare is not None else quantity.value
            mended = written(amount / quantity.scale, language)
        text = text[: quantity.start] + mended + text[quantity.start + len(quantity.digits) :]
    return text


def written(value: Decimal, language: Language) -> str:
    """A number as a language writes it: 1,250.5; 1250,5; 1 250,5."""
    whole, _, part = format(abs(value), "f").partition(".")
    group = {Language.EN: ",", Language.ES: NO_BREAK[0], Language.FR: NO_BREAK[1]}[language]
    least = 5 if language is Language.ES else 4
    grouped = f"{int(whole):,}".replace(",", group) if len(whole) >= least else whole
    sign = "-" if value < 0 else ""
    return f"{sign}{grouped}{('.' if language is Language.EN else ',') + part if part else ''}"


def date_mismatch(pair: Pair) -> CheckHit | None:
    """Dates, days of the week or times of day that differ."""
    days, their_days = weekdays(pair.source), weekdays(pair.target)
    if days.keys() - their_days and their_days.keys() - days:
        return CheckHit(tuple(days.values()), tuple(their_days.values()))
    if hit := exchanged("date", pair):
        return hit
    ours, theirs = numbers(pair.source), numbers(pair.target)
    if not (ours.dates or theirs.dates or ours.times or theirs.times):
        return None
    lost, added = _other_dates(pair.source, pair.target)
    are_other_times = _times_differ(ours, theirs)
    if not (lost or added or are_other_times):
        return None
    source, target = _told(ours), _told(theirs)
    words = tuple(text for text, _ in source), tuple(text for text, _ in target)
    return CheckHit(words[0], words[1], tuple(span for _, span in target))


def _told(found: Numbers) -> list[tuple[str, tuple[int, int]]]:
    dated = [(date.text, (date.start, date.end)) for date in found.dates]
    return dated + [(time.text, (time.start, time.end)) for time in found.times]


def differing_dates(first: CheckedText, second: CheckedText) -> tuple[str, ...]:
    """The dates of both sides where they are not the same days."""
    lost, added = _other_dates(first, second)
    return tuple(date.text for date in (*lost, *added)) if lost and added else ()


_Dates = list[Date]


def _other_dates(first: CheckedText, second: CheckedText) -> tuple[_Dates, _Dates]:
    """The dates of each side that the other does not have; all, where the same days are of other months."""
    ours, theirs = numbers(first), numbers(second)
    if not (ours.dates or theirs.dates):
        return [], []
    lost = [date for date in ours.dates if not _is_said(date, theirs, first, second)]
    added = [date for date in theirs.dates if not _is_said(date, ours, second, first)]
    pairs, their_pairs = _days(ours.dates), _days(theirs.dates)
    if not (lost or added) and len(pairs) == len(their_pairs) and pairs != their_pairs and len({*pairs}) > 1:
        return [*ours.dates], [*theirs.dates]
    return lost, added


_BESIDE, _EDGE = pattern("beside_a_day"), pattern("edges_of_months")


def _is_said(date: Date, theirs: Numbers, own: CheckedText, other: CheckedText) -> bool:
    """Whether the other side has the month and the numbers of a date, or says them otherwise: "May Day", "the eve"."""
    if date.month not in {their.month for their in theirs.dates} | months_said(other):
        return False
    known = theirs.pool | {Decimal(day) for _, day in feasts(other)}
    missing = {number for number in date.numbers if known.isdisjoint({Decimal(number), Decimal(number - 1900)})}
    if missing and (_BESIDE.search(own.lower) or _BESIDE.search(other.lower)):
        missing = {number for number in missing if known.isdisjoint({Decimal(number - 1), Decimal(number + 1)})}
    return not missing or (_EDGE.search(other.lower) is not None and missing <= {1, 15, 28, 29, 30, 31})


def _days(dates: tuple[Date, ...]) -> set[tuple[int, int]]:
    return {(day, date.month) for date in dates for day in date.days}


def _times_differ(ours: Numbers, theirs: Numbers) -> bool:
    lost, added = _other_times(ours, theirs), _other_times(theirs, ours)
    return bool(lost and added) or any(not time.is_spoken for time in (*lost, *added))


def _other_times(ours: Numbers, theirs: Numbers) -> list[Time]:
    """The times of one text that are no times, nor figures, of the other: "from 9 to 11 a.m."."""
    pool = {number.value for number in _outside(theirs.times, [*theirs.quantities])} if ours.times else set()
    return [
        time
        for time in ours.times
        if not any(map(time.is_same, theirs.times))
        and pool.isdisjoint({Decimal(time.minutes // 60), Decimal(time.minutes // 60 % 12)})
        and not any(int(value * 100) == time.minutes // 60 * 100 + time.minutes % 60 for value in pool)
    ]


def date_format(pair: Pair) -> CheckHit | None:
    """A date written as another language does."""
    theirs, ours = numbers(pair.target), numbers(pair.source)
    if pair.source.text == pair.target.text:
        return None
    wrong = [date for date in theirs.dates if not date.is_own]
    if any(date.name for date in ours.dates):
        wrong += [
            date for date in theirs.dates if not date.name and date.text not in pair.source.text and date not in wrong
        ]
    if not wrong:
        return None
    text: str | None = pair.target.text
    for date in sorted(wrong, key=lambda date: -date.start):
        mended = spoken(date, pair.target.language)
        text = text[: date.start] + mended + text[date.end :] if text and mended else None
    return CheckHit((), tuple(date.text for date in wrong), tuple((date.start, date.end) for date in wrong), text)


def spoken(date: Date, language: Language) -> str | None:
    """A date of one day as a language writes it; None for what needs a person."""
    if len(date.days) != 1:
        return None
    month = next(name for name, place in MONTHS[language].items() if place == date.month)
    day, year = str(date.days[0]), str(date.year) if date.year else ""
    if language is Language.EN:
        return " ".join(filter(None, (day, month.capitalize(), year)))
    if language is Language.ES:
        return " de ".join(filter(None, (day, month, year)))
    return " ".join(filter(None, ("1er" if day == "1" else day, month, year)))


def month_case(pair: Pair) -> CheckHit | None:
    """Months and days of the week take a capital in English only."""
    side = pair.target
    places = [(start, name) for start, name in _named_days(side) if _is_wrong_case(side, start, name)]
    if not places:
        return None
    text = side.text
    for start, name in places:
        right = name.capitalize() if side.language is Language.EN else name.lower()
        text = text[:start] + right + text[start + len(name) :]
    spans = tuple((start, start + len(name)) for start, name in places)
    return CheckHit((), tuple(name for _, name in places), spans, text)


def _named_days(side: CheckedText) -> list[tuple[int, str]]:
    places = []
    for date in numbers(side).dates:
        if date.name and (date.numbers or (side.language is not Language.EN and date.name[1:].islower())):
            at = side.body.index(date.name, date.start)
            places.append((at, date.name))
    if not WEEKDAYS[side.language].keys().isdisjoint(side.lower_words):
        words = "|".join(WEEKDAYS[side.language])
        places += [
            (found.start(), found[0]) for found in re.finditer(rf"(?<!\w)(?:{words})(?!\w)", side.body, re.IGNORECASE)
        ]
    return places


_PLACE_NAME = pattern("places_of_months", re.IGNORECASE)


def _is_wrong_case(side: CheckedText, start: int, name: str) -> bool:
    if name.isupper() and len(name) > 1:
        return False
    if side.language is Language.EN:
        return name[0].islower()
    before = side.body[:start]
    is_opening = re.search(r"(?:^|[.:!?…]\s|[«“\"(]\s?|\n|[-–—•]\s)[\s\ue000#*_]*$", before) is not None
    return name[0].isupper() and not is_opening and not _PLACE_NAME.search(before)
