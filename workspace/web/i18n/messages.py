"""The three interface languages: which one a reader gets, its messages, and how it writes dates, numbers and lists."""

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextvars import ContextVar
from datetime import date, datetime, tzinfo
from decimal import Decimal
from functools import cache, cached_property, lru_cache
from gettext import NullTranslations
from operator import itemgetter
from pathlib import Path
from typing import Literal, NamedTuple
from zoneinfo import ZoneInfo

from babel import Locale
from babel.core import negotiate_locale
from babel.dates import format_date, format_skeleton, get_timezone_location
from babel.lists import format_list
from babel.numbers import format_decimal, format_percent

from drafts.text.blocks import Language
from workspace.core import clock
from workspace.core.environment import spoken_language
from workspace.core.security.permissions import Phase
from workspace.paths import LOCALES
from workspace.web.i18n.catalogue import Catalogue, English
from workspace.web.i18n.marking import N_

LANGUAGES = (Language.ES, Language.EN, Language.FR)
TRANSLATED = (Language.ES, Language.FR)  # those with a catalogue
AUTONYMS: Mapping[Language, str] = {Language.ES: "Español", Language.EN: "English", Language.FR: "Français"}
PHASE_NAMES: Mapping[Phase, str] = {
    Phase.SETUP: N_("Setup"),
    Phase.DRAFTING: N_("Drafting"),
    Phase.REVIEW: N_("Review"),
    Phase.CONSULTATION: N_("Consultation"),
    Phase.ADOPTION: N_("Adoption"),
    Phase.PUBLISHED: N_("Publication"),
    Phase.ARCHIVED: N_("Archive"),
}
AMENDMENT_WINDOW = N_("Deadline for amendments")
LOCALE = {Language.ES: Locale("es", "ES"), Language.EN: Locale("en", "GB"), Language.FR: Locale("fr", "FR")}
SPANISH_GROUPS_FROM = 10_000
NARROW_SPACE = "\u202f"
NO_BREAK_SPACE = "\u00a0"

DateStyle = Literal["full", "long", "medium", "short"]


class Clocks(NamedTuple):
    """Whose clocks an answer tells moments by: the reader's, and those of the forum's place."""

    reader: ZoneInfo
    home: ZoneInfo
    is_chosen: bool = False  # by the reader, in their account


CLOCKS: ContextVar[Clocks | None] = ContextVar("CLOCKS", default=None)  # of the page; None: moments as they are given


def reader_zone() -> ZoneInfo | None:
    clocks = CLOCKS.get()
    return clocks.reader if clocks else None


def of_command_line() -> Language:
    """The language that commands answer in: what the settings say, or the terminal."""
    return Language(spoken_language())


_NEAR = {-1: N_("yesterday %(time)s"), 0: N_("today %(time)s"), 1: N_("tomorrow %(time)s")}


@lru_cache(maxsize=2_048)  # a list of revisions says few days many times
def _date(value: date, style: DateStyle, language: Language) -> str:
    return _first(format_date(value, style, locale=LOCALE[language]), language)


@lru_cache(maxsize=512)
def _day_of_year(value: date, language: Language) -> str:
    return _first(format_skeleton("MMMMd", value, locale=LOCALE[language]), language)


@lru_cache(maxsize=4_096, typed=True)
def _number(value: float | Decimal, language: Language) -> str:
    if language is not Language.ES:
        return format_decimal(value, locale=LOCALE[language])
    is_grouped = not -SPANISH_GROUPS_FROM < value < SPANISH_GROUPS_FROM
    return format_decimal(value, locale=LOCALE[language], group_separator=is_grouped).replace(".", NARROW_SPACE)


def _first(written: str, language: Language) -> str:
    return re.sub(r"(?<!\d)1(?= [^\W\d])", "1er", written) if language is Language.FR else written


class Messages:
    """One interface language: its sentences, and its way of writing dates, numbers and lists."""

    def __init__(self, language: Language) -> None:
        self.language = language
        self.locale = LOCALE[language]

    @cached_property
    def catalogue(self) -> NullTranslations:
        """Read when the first sentence is said. The program says everything in English by itself."""
        return Catalogue.read(catalogue_path(self.language)) if self.language in TRANSLATED else English()

    def gettext(self, message: str, **values: object) -> str:
        """Say `message` in this language. A literal percent sign is written `%%`, as in templates."""
        return self.catalogue.gettext(message) % values

    def ngettext(self, singular: str, plural: str, n: int, **values: object) -> str:
        """Say the form of the message that `n` asks for by the catalogue's rule; `%(n)s` is the number, written."""
        said = self.catalogue.ngettext(singular, plural, n)
        return said % {"n": self.number(n) if "%(n)s" in said else n, **values}

    def days(self, first: date, last: date) -> str:
        """10–12 de junio de 2027 · 10–12 June 2027 · 1er–3 juin 2027; the month is said once if it is the same."""
        if first == last:
            return self.date(first)
        if (first.year, first.month) != (last.year, last.month):
            return f"{self.date(first)} – {self.date(last)}"
        begins, _, _ = self.date(first).partition(" ")
        return f"{begins}–{self.date(last)}"

    def date(self, value: date, style: DateStyle = "long") -> str:
        """24 de junio de 2026 · 24 June 2026 · 24 juin 2026, and 1er juillet 2026."""
        return _date(value.date() if isinstance(value, datetime) else value, style, self.language)

    def time(self, value: datetime) -> str:
        """Hours and minutes, as the clock stands in the moment's own zone."""
        return f"{value:%H:%M}"

    def offset(self, value: datetime) -> str:
        """UTC, UTC−3, UTC+5:30. A moment without offset is refused, because it names no moment."""
        ahead = value.utcoffset()
        if ahead is None:
            raise ValueError("a moment needs an offset")
        minutes = round(ahead.total_seconds() / 60)
        if not minutes:
            return "UTC"
        hours, rest = divmod(abs(minutes), 60)
        return f"UTC{'+' if minutes > 0 else '−'}{hours}" + (f":{rest:02}" if rest else "")

    def moment(self, value: datetime, zone: tzinfo | None = None, *, style: DateStyle = "long") -> str:
        """20 November 2026, 18:00 (UTC−3): date, time and offset, in `zone` or as the moment was given."""
        local = value.astimezone(zone) if zone else value
        return f"{self.date(local, style)}, {self.time(local)} ({self.offset(local)})"

    def spoken(self, value: datetime, zone: tzinfo | None = None) -> str:
        """Today 10:30 · 6 December, 18:00 · 6 December 2030, 18:00 UTC: as people say it in `zone`, or as it was given.

        UTC is named, the time of a place is not: the whole stamp is what `moment` says.
        """
        local = value.astimezone(zone) if zone else value
        today, day = clock.now().astimezone(local.tzinfo).date(), local.date()
        time = f"{self.time(local)} UTC" if local.tzname() == "UTC" else self.time(local)
        near = _NEAR.get((day - today).days)
        if near:
            return self.gettext(near, time=time)
        return f"{_day_of_year(day, self.language) if day.year == today.year else self.date(day)}, {time}"

    def deadline(self, value: datetime) -> str:
        """The same by the reader's clocks, and in which city, where the forum's clocks show another time."""
        clocks, spoken = CLOCKS.get(), self.spoken(value, reader_zone())
        if clocks is None or clocks.reader.key == "UTC":
            return spoken
        if value.astimezone(clocks.reader).utcoffset() == value.astimezone(clocks.home).utcoffset():
            return spoken
        return f"{spoken} ({self.city(clocks.reader)})"

    def city(self, zone: ZoneInfo | str) -> str:
        """The city whose clocks a zone goes by, or "UTC"."""
        return get_timezone_location(str(zone), locale=self.locale, return_city=True).rpartition("/")[2]

    def number(self, value: float | Decimal) -> str:
        """12 345,6 · 12,345.6 · 12 345,6; Spanish groups from five digits on."""
        return _number(value or 0, self.language)

    def percent(self, share: float | Decimal) -> str:
        """4 % with a no-break space in Spanish and French, 4% in English; 0.04 is 4 %."""
        return format_percent(share, locale=self.locale).replace(NARROW_SPACE, NO_BREAK_SPACE)

    def listed(self, items: Iterable[str], style: Literal["standard", "or"] = "standard") -> str:
        """Madrid, Lyon and Turin; in Spanish "e Italia", "u Oslo"."""
        names = list(items)
        text = format_list(names, style, locale=self.locale)
        if self.language is not Language.ES or len(names) < 2:  # noqa: PLR2004  (one thing is no list)
            return text
        return _spanish_conjunction(text, last=names[-1])

    def language_name(self, language: Language | str) -> str:
        """français, español, English: in lower case where the language writes it so."""
        return _language_name(str(language), self.language)


@cache
def _language_name(language: str, said_in: Language) -> str:
    return str(messages(said_in).locale.languages[language])


_SOUNDS_LIKE_Y = re.compile(r"h?[ií](?![aeoáéó])", re.IGNORECASE)
_SOUNDS_LIKE_O = re.compile(r"h?[oó]", re.IGNORECASE)


def _spanish_conjunction(text: str, *, last: str) -> str:
    head = text.removesuffix(last)
    if head.endswith(" y ") and _SOUNDS_LIKE_Y.match(last):
        return f"{head[:-2]}e {last}"
    if head.endswith(" o ") and _SOUNDS_LIKE_O.match(last):
        return f"{head[:-2]}u {last}"
    return text


@cache
def messages(language: Language) -> Messages:
    """The messages of one language, read from its catalogue once."""
    return Messages(language)


@lru_cache(maxsize=256)  # most browsers of a place ask alike
def negotiated(accept_language: str) -> Language:
    """The interface language that an Accept-Language header asks for; English when it asks for none of ours."""
    wishes = sorted(_wishes(accept_language), key=itemgetter(1), reverse=True)
    found = negotiate_locale(
        [tag for tag, weight in wishes if weight > 0], [str(language) for language in LANGUAGES], sep="-"
    )
    return Language(found) if found else Language.EN


def _wishes(header: str) -> Iterator[tuple[str, float]]:
    for part in header[:500].split(","):
        tag, _, quality = part.partition(";")
        weight = re.fullmatch(r"\s*q=([01](?:\.\d{0,3})?)\s*", quality)
        yield tag.strip(), float(weight[1]) if weight else 1.0


def in_path(path: str) -> Language | None:
    """The interface language that an address begins with, if it begins with one."""
    first = path.lstrip("/").partition("/")[0]
    return Language(first) if first in LANGUAGES else None


def text_languages(wanted: str | None, *, otherwise: Sequence[Language]) -> tuple[Language, ...]:
    """The text languages that `?text=es,fr` names, in its order; what is not a language of ours is left out."""
    named = dict.fromkeys(Language(part) for part in (wanted or "").split(",") if part in LANGUAGES)
    return tuple(named) or tuple(otherwise)


def catalogue_path(language: Language) -> Path:
    return LOCALES / language / "LC_MESSAGES" / "workspace.po"
