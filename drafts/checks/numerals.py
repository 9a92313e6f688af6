"""The numbers of a text, each with what it is worth in its own locale and in another."""

import re
from collections.abc import Iterator, Sequence
from decimal import Decimal
from enum import StrEnum
from functools import cache, lru_cache
from itertools import pairwise

from msgspec import Struct

from drafts.base.lazy_regex import lazy_regex
from drafts.checks import number_words as known
from drafts.checks.checked_text import FILLER, CheckedText, expressions, filled, pattern, patterns
from drafts.checks.dates import Date, Time, dates, times
from drafts.text.blocks import Language

_SPACES = "[ \u00a0\u202f\u2009]"
_NUMBER = lazy_regex(rf"\d(?:\d{{0,2}}(?:{_SPACES}\d{{3}}(?!\d))+(?:[.,]\d+)*|\d*(?:[.,'’]\d+)*)")
_FRACTION = lazy_regex(r"(?<![\d/])\d{1,3}/\d{1,3}(?![\d/])|[½⅓⅔¼¾⅕⅛]")
_QUICK_FRACTION = lazy_regex(r"\d/|[½⅓⅔¼¾⅕⅛]")
_QUICK_ROMAN = lazy_regex(r"[IVX]")
_ROMAN = lazy_regex(r"(?<![\w'’])(?=[IVX])X{0,3}(?:IX|IV|V?I{0,3})(?=(?:e|er|ᵉ|ème|st|nd|rd|th)?(?![\w'’]))")
_LABEL = pattern("labels")
_UNIT_AFTER = lazy_regex(rf"{_SPACES}?(?:[%‰°€$£]|km|kg|m²|ha\b|mill|milliard|billion|trillion|mil\b)")
_COUNTED = lazy_regex(rf"{_SPACES}(?!(?:las|les|des|los|unos|unas|dans|sus|nos|vos|ses|mes)\b)[a-zñéáíóú]{{3,}}[sx]\b")
_MONEY_BEFORE = lazy_regex(r"[$€£]\s?$")


class NumberSort(StrEnum):
    """How much a number must have an answer on the other side."""

    FIRM = "firm"  # digits
    WORD = "word"  # a cardinal in words
    PLACE = "place"  # an ordinal, in words or in digits
    ROMAN = "roman"
    GLUED = "glued"  # digits that belong to a name: COVID-19, G20
    BARE = "bare"  # a scale alone: "a million"
    HALF = "half"  # half a scale: "half a million"


class Quantity(Struct, frozen=True):
    """A number: `value` as its own language reads it, `foreign` as the language named reads it."""

    value: Decimal
    text: str
    start: int
    end: int
    sort: NumberSort
    digits: str = ""
    scale: int = 1
    is_label: bool = False
    is_own: bool = True  # written as its own language writes numbers

    def as_read_in(self, language: Language) -> Decimal | None:
        read = own_value(self.digits, language) if self.digits else None
        return None if read is None else read * self.scale


@lru_cache(maxsize=4096)
def own_value(digits: str, language: Language) -> Decimal | None:
    """What digits with separators are worth in a language; None where it does not write numbers so."""
    bare = digits if digits.isdecimal() else re.sub(rf"{_SPACES}|['’]", "", digits)
    if bare.isdecimal():
        return Decimal(bare)
    group, decimal = (",", ".") if language is Language.EN else (".", ",")
    grouped = re.fullmatch(rf"\d{{1,3}}(?:\{group}\d{{3}})+(?:\{decimal}\d+)?", bare)
    if grouped and (language is not Language.FR):
        return Decimal(bare.replace(group, "").replace(decimal, "."))
    if re.fullmatch(rf"\d+\{decimal}\d+", bare):
        return Decimal(bare.replace(decimal, "."))
    return None


def read(digits: str, language: Language) -> tuple[Decimal, bool] | None:
    """What digits are worth, and whether that is how the language writes them; else as any of the three would."""
    own = own_value(digits, language)
    if own is not None:
        return own, True
    for other in (Language.EN, Language.ES):
        value = own_value(digits, other)
        if value is not None:
            return value, False
    return None


_NEAR = 8  # characters between two figures that share a scale: " to ", " and "


class Numbers:
    """All numbers of a text, dates and times apart; read once for each text, and the same only as itself.

    `shared` holds by the start of a figure what it is worth with the scale of the figure that follows it closely:
    "2.4 to 3.1 million" may mean that both are millions. `shares` are fractions, in words or in digits.
    """

    def __init__(
        self,
        quantities: Sequence[Quantity],
        fractions: frozenset[str],
        dates: tuple[Date, ...],
        times: tuple[Time, ...],
        stated_shares: Sequence[Quantity] = (),
    ) -> None:
        self.quantities, self.fractions, self.dates, self.times = quantities, fractions, dates, times
        self.stated_shares, self.shares = (
            stated_shares,
            {
                share.value for share in stated_shares if share.sort is not NumberSort.PLACE
            },  # "one in four" may be neither
        )
        self.figures, self.shared = self.of(NumberSort.FIRM), self._shared()
        self.values = {quantity.value for quantity in quantities} | {*self.shared.values()}
        self.named = {Decimal(number) for date in dates for number in date.numbers}
        self.pool = self.values | self.named if dates else self.values

    def _shared(self) -> dict[int, Decimal]:
        return {
            quantity.start: quantity.value * after.scale
            for quantity, after in pairwise(self.of(NumberSort.FIRM, NumberSort.WORD))
            if quantity.scale == 1 and after.scale > 1 and after.start - quantity.end <= _NEAR
        }

    def of(self, *sorts: NumberSort) -> list[Quantity]:
        return [quantity for quantity in self.quantities if quantity.sort in sorts]


_NONE = Numbers((), frozenset(), (), ())


@lru_cache(maxsize=8192)
def numbers(side: CheckedText) -> Numbers:
    """Read a text's numbers after taking out addresses, symbols, enumerators, dates and times."""
    found_dates, found_times = dates(side), times(side)
    spans = [(time.start, time.end) for time in found_times if not time.is_spoken]
    masked = filled(side.body, sorted([*spans, *((date.start, date.end) for date in found_dates)]))
    quantities: list[Quantity] = []
    fractions: frozenset[str] = frozenset()
    if side.has_digits:
        found = list(_FRACTION.finditer(masked)) if _QUICK_FRACTION.search(masked) else []
        fractions = frozenset(match[0] for match in found)
        masked = filled(masked, [match.span() for match in found])
        quantities = list(_in_digits(masked, side.language))
        masked = filled(masked, sorted((quantity.start, quantity.end) for quantity in quantities))
    quantities += _romans(masked)
    if not _any_word(side.language).isdisjoint(side.lower_words):
        has_ordinal = not _ordinal_openings(side.language).isdisjoint(side.lower_words)
        quantities += _in_words(masked.lower().replace("’", "'"), side.language, has_ordinal=has_ordinal)
    if not (quantities or fractions or found_dates or found_times):
        return _NONE
    return Numbers(quantities, fractions, found_dates, found_times, [*_shares(side, fractions)])


class Duration(Struct, frozen=True):
    """How long something lasts, and in minutes the unit that this is counted in."""

    minutes: Decimal
    unit: int
    start: int
    end: int

    def is_same(self, other: "Duration") -> bool:
        """In two units months and weeks are about as long as so many days, and "huit jours" are a week."""
        if self.unit == other.unit:
            return self.minutes == other.minutes
        spans = self.minutes, other.minutes
        return max(spans) <= min(spans) * (_A_WEEK if 10_080 in spans else _ABOUT)  # minutes


_ABOUT, _A_WEEK = Decimal("1.085"), Decimal("1.15")
_LASTING = {
    language: lazy_regex(rf"(?<![^\W_])(?:{'|'.join(words)})(?![^\W_])") for language, words in known.MINUTES.items()
}
_PART_OF = {language: lazy_regex(f"(?:^|.*\\W){written}") for language, written in expressions("parts_of_time").items()}
_BETWEEN = lazy_regex(r"(?P<half>(?: and a half| y medi[oa]| et demie?)?)[\W_]{0,2}(?:(?:of|de|d)\W)?(?:[^\W\d_]+\W)?")
_AND_HALF = lazy_regex(r" (?:and a half|y medi[oa]|et demie?)(?!\w)")
_REACH = 24  # characters before a unit in which its number stands


@lru_cache(maxsize=8192)
def durations(side: CheckedText) -> list[Duration]:
    """Every length of time, one of a unit where no number stands before it: "a week", "dos años y medio"."""
    found, text = numbers(side), side.lower
    counted = sorted((*found.quantities, *found.stated_shares), key=lambda quantity: quantity.end)
    lasting = []
    for unit in _LASTING[side.language].finditer(text):
        worth, start, count = known.MINUTES[side.language][unit[0]], unit.start(), Decimal(1)
        near = [quantity for quantity in counted if start - _REACH <= quantity.end <= start]
        between = _BETWEEN.fullmatch(text, near[-1].end, start) if near else None
        if between:
            start, count = near[-1].start, near[-1].value + (Decimal("0.5") if between["half"] else 0)
        elif part := _PART_OF[side.language].match(text[max(0, start - _REACH) : start]):
            count = Decimal("0.5" if part["half"] else "0.25")
        half = _AND_HALF.match(text, unit.end())
        count += Decimal("0.5") if half else 0
        lasting.append(Duration(count * worth, worth, start, half.end() if half else unit.end()))
    return lasting


def equal_durations(side: CheckedText, other: CheckedText) -> list[Duration]:
    """The lengths of time of a text that the other says as well, be it in another unit: 48 hours are two days."""
    return [lasting for lasting in durations(side) if any(map(lasting.is_same, durations(other)))]


_ORDINAL_END = lazy_regex(
    r"(?:st|nd|rd|th|er|ers|re|ère|res|e|es|ème|èmes|eme|d|de|\.?[ºª]|\.er|ᵉʳ|ᵉ|ro|do|to|mo|vo|no|da|ra|ta|ma|va)(?!\w)"
)


def _in_digits(text: str, language: Language) -> Iterator[Quantity]:
    for found in _NUMBER.finditer(text):
        start, end = found.span()
        digits = found[0]
        known = (Decimal(digits), True) if digits.isdecimal() else read(digits, language)
        if known is None:
            yield from _each(digits, start)
            continue
        value, is_own = known
        before, after = text[max(0, start - 16) : start], text[end : end + 24]
        if _is_glued(before):
            yield Quantity(value, digits, start, end, NumberSort.GLUED, digits)
            continue
        if (ordinal := _ORDINAL_END.match(after)) and digits.isdecimal():
            yield Quantity(value, digits + ordinal[0], start, end + ordinal.end(), NumberSort.PLACE, digits)
            continue
        scale, length = _scale(after, language)
        if before.endswith(("-", "−", "–")) and not before[-2:-1].strip(" (\u00a0") and (len(before) > 1 or start == 1):
            value, scale = -value, -scale
        is_label = _follows_label(before) or _is_label(digits, before, after)
        worth, said, end = abs(scale) * value, text[start : end + length], end + length
        yield Quantity(worth, said, start, end, NumberSort.FIRM, digits, scale, is_label, is_own)


def _each(digits: str, start: int) -> Iterator[Quantity]:
    """A run that no language reads as one number: "1,2,3" or "3.2.1"."""
    for found in re.finditer(r"\d+", digits):
        at, end = found.span()
        yield Quantity(Decimal(found[0]), found[0], start + at, start + end, NumberSort.FIRM, found[0], is_label=True)


def _is_glued(before: str) -> bool:
    """COVID-19, G20, CO2: digits that belong to a name."""
    return before[-1:] not in " [(" and bool(re.search(r"[^\W\d_]$|[A-Z]{2,}[-‑]$|\b[A-Z][-‑]$", before))


def _follows_label(before: str) -> bool:
    last = before.rstrip()[-1:]
    return (last.isalnum() or last in "._°") and bool(_LABEL.search(before.lower()))


def _is_label(digits: str, before: str, after: str) -> bool:
    """ "11.3" as the number of a target or a section rather than a quantity: "2.7 miembros" counts something."""
    if "." not in digits or not re.fullmatch(r"\d{1,2}\.\d{1,2}", digits):
        return False
    return not (counts_something(after) or _MONEY_BEFORE.search(before))


def counts_something(after: str) -> bool:
    """Whether a unit, or a noun in the plural, follows a figure."""
    return bool(_UNIT_AFTER.match(after) or _COUNTED.match(after))


@cache
def _scale_pattern(language: Language) -> re.Pattern[str]:
    words = "|".join(sorted(known.SCALES[language], key=len, reverse=True)).replace(" ", r"\s")
    return re.compile(rf"(?:\s(?:de\s)?|[-‑])?({words})(?!\w)")


def _scale(after: str, language: Language) -> tuple[int, int]:
    """By how much the words after a number multiply it, and how long they are."""
    found = _scale_pattern(language).match(after)
    if not found:
        return 1, 0
    return known.SCALES[language][re.sub(r"\s", " ", found[1])], found.end()


def _romans(text: str) -> Iterator[Quantity]:
    if not _QUICK_ROMAN.search(text):
        return
    for found in _ROMAN.finditer(text):
        is_single = len(found[0]) == 1
        if not found[0] or (is_single and not _LABEL.search(text[max(0, found.start() - 12) : found.start()].lower())):
            continue
        yield Quantity(Decimal(_roman(found[0])), found[0], *found.span(), NumberSort.ROMAN)


def _roman(text: str) -> int:
    values = [{"I": 1, "V": 5, "X": 10}[letter] for letter in text]
    return sum(-v if v < max(values[place:]) else v for place, v in enumerate(values))


@cache
def _bare_pattern(language: Language) -> re.Pattern[str]:
    words = sorted(known.SCALES[language], key=len, reverse=True)
    halves = {Language.EN: "half a ", Language.ES: "medi[oa] ", Language.FR: "(?:une? )?demi-"}[language]
    return re.compile(rf"(?<![\w])(?P<half>{halves})?(?P<scale>{'|'.join(words)})(?![\w])")


@cache
def _any_word(language: Language) -> frozenset[str]:
    """A first word of every number in words: what a text without numbers is passed by."""
    phrases = [*known.CARDINALS[language], *known.ORDINALS[language], *known.SCALES[language]]
    return frozenset(re.split(r"[ -]", phrase)[0] for phrase in phrases)


_SHARED = patterns("shares")
_PARTS = {
    language: {"a", "one", "un", "una", *(word for word, value in known.CARDINALS[language].items() if value < 10)}
    for language in Language
}
_QUICK_SHARE = lazy_regex(r"third|quarter|fifth|[stn]th|terci|tercera|cuart|quint|[mvn][oa]s?\b|tiers|quart|ièmes?\b")


_OF_ALL = lazy_regex(r"\b(?:in|out of|cada|sur)(?: every)? (\d+|[^\W\d_]+)(?!\w)")  # one in four, uno de cada cuatro
_FEW = lazy_regex(r"(?<!\w)(\d+|[^\W\d_]+)(?: (?!de\b)(\d+|[^\W\d_]+))?(?: de)? $")


def _ratios(side: CheckedText) -> Iterator[Quantity]:
    """Shares told by counting: "one in four". They may be a share of nothing: "one meeting in two days"."""
    for found in _OF_ALL.finditer(side.lower):
        before = _FEW.search(side.lower, max(0, found.start() - _NEAR * 4), found.start())
        words = before.groups("") if before else ()
        few, all_of = (
            max([_count(word, side.language) for word in said], default=0) for said in (words, found.groups())
        )
        if before and 0 < few < all_of:
            yield Quantity(Decimal(few) / all_of, found[0], before.start(), found.end(), NumberSort.PLACE)


def _shares(side: CheckedText, fractions: frozenset[str]) -> Iterator[Quantity]:
    """Parts of a whole; "three quarters" may be of an hour, but so it is in every language."""
    for text in sorted(fractions):
        part, _, whole = text.partition("/")
        if whole.isdecimal() and int(whole):
            yield Quantity(Decimal(part) / Decimal(whole), text, 0, 0, NumberSort.FIRM)
    yield from _ratios(side)
    if _PARTS[side.language].isdisjoint(side.lower_words) or not _QUICK_SHARE.search(side.lower):
        return
    for found in _SHARED[side.language].finditer(side.lower):
        divisor = _whole(found["whole"].split(" ")[0], side.language)
        yield Quantity(_count(found["part"], side.language) / divisor, found[0], *found.span(), NumberSort.WORD)


def _count(word: str, language: Language) -> Decimal:
    if word.isdecimal():
        return Decimal(word)
    return Decimal(1 if word in ("a", "one", "un", "una", "uno", "une") else known.cardinal(word, language))


def _whole(word: str, language: Language) -> int:
    return known.ordinal(word, language) or known.ordinal(word.removesuffix("s"), language)


@cache
def _ordinal_openings(language: Language) -> frozenset[str]:
    """A first word of every ordinal."""
    return frozenset(re.split(r"[ -]", phrase)[0] for phrase in known.ORDINALS[language])


def _in_words(text: str, language: Language, *, has_ordinal: bool) -> list[Quantity]:
    """Ordinals, cardinals with their scales, and scales alone, in a text in lower case."""
    text = filled(text, [match.span() for match in _IDLE[language].finditer(text)])
    places = [
        Quantity(Decimal(known.ordinal(match[0], language)), match[0], *match.span(), NumberSort.PLACE)
        for match in (known.ordinal_pattern(language).finditer(text) if has_ordinal else ())
    ]
    text = filled(text, [(quantity.start, quantity.end) for quantity in places])
    counted = list(_cardinals(text, language))
    text = filled(text, [(quantity.start, quantity.end) for quantity in counted])
    for found in _bare_pattern(language).finditer(text):
        value = Decimal(known.SCALES[language][found["scale"]])
        bare = value / 2 if found["half"] else value
        is_counted = text[found.end() + 1 : found.end() + 2] == FILLER and found["scale"] in known.MINUTES[language]
        if (value < _ROUND and found["scale"].endswith("s")) or is_counted:
            continue  # "dozens" are no number, nor is "siglo diecinueve"
        sort = NumberSort.HALF if found["half"] else NumberSort.WORD if value < _ROUND else NumberSort.BARE
        counted.append(Quantity(bare, found[0], *found.span(), sort, scale=int(value)))
    return places + _composed(sorted(counted, key=lambda quantity: quantity.start), text)


def _cardinals(text: str, language: Language) -> Iterator[Quantity]:
    for match in known.cardinal_pattern(language).finditer(text):
        scale, length = _scale(text[match.end() : match.end() + 24], language)
        start, end = match.start(), match.end() + length
        value = Decimal(known.cardinal(match[0], language)) * scale
        is_new = language is Language.FR and match[0] == "neuf" and not re.match(r"\s\w+[sx]\b", text[match.end() :])
        sort = NumberSort.PLACE if is_new else NumberSort.WORD
        is_label = _COUNTED_OFF.search(text[max(0, start - 10) : start]) is not None
        yield Quantity(value, text[start:end], start, end, sort, scale=scale, is_label=is_label)


_IDLE = {
    language: lazy_regex(rf"(?<!\w)(?:{written})(?!\w)") for language, written in expressions("idle_numbers").items()
}
_COUNTED_OFF = lazy_regex(r"(?:\ball|\btous|\btoutes|\bentre l[oa]s)\s$")  # they only count what was named
_JOINED = lazy_regex(r"(?:[\s-]|\sand\s)")
_ROUND = 100


def _composed(words: list[Quantity], text: str) -> list[Quantity]:
    """Number words that make one number: "one hundred and twenty", "dos mil veintiséis", "mille deux cents"."""
    found: list[Quantity] = []
    for quantity in words:
        joined = _sum(found[-1], quantity, text) if found else None
        found[len(found) - bool(joined) :] = [joined or quantity]
    return found


def _sum(first: Quantity, second: Quantity, text: str) -> Quantity | None:
    is_apart = NumberSort.PLACE in (first.sort, second.sort) or second.sort is NumberSort.BARE
    if is_apart or not first.value or first.value % _ROUND or not _JOINED.fullmatch(text, first.end, second.start):
        return None
    value, scale = first.value + second.value, first.scale
    base = second.value / second.scale
    if second.scale > 1 and first.scale == 1 and base < _ROUND:  # "ciento veinte mil"
        value, scale = (first.value + base) * second.scale, second.scale
    elif second.value >= _unit(first.value):
        return None
    whole = f"{first.text}{text[first.end : second.start]}{second.text}"
    return Quantity(value, whole, first.start, second.end, NumberSort.WORD, scale=scale)


def _unit(value: Decimal) -> int:
    """The largest of a hundred, a thousand, a million ... that divides a number."""
    return next(unit for unit in (10**12, 10**9, 10**6, 10**3, 100) if value % unit == 0)
