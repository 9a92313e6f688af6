"""What a name, a language, a country and a pair of dates must be before they are kept."""

from collections.abc import Callable, Iterable
from datetime import date
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from slugify import slugify

from drafts.blocks import Language
from workspace.core.db import Trilingual
from workspace.core.errors import Invalid
from workspace.people import countries
from workspace.people.words import folded

LONGEST_NAME = 200  # characters
LONGEST_TITLE = 300  # of a forum or a network, in one language
MOST_ALIASES = 50


def short_line(field: str, text: str) -> str:
    """One line of at most 200 characters with something in it."""
    line = " ".join(text.split())
    if not line:
        raise Invalid(field=field, reason="empty")
    if len(line) > LONGEST_NAME:
        raise Invalid(field=field, reason="too_long", limit=LONGEST_NAME)
    if not line.isprintable():
        raise Invalid(field=field, reason="not_printable")
    return line


def person_name(text: str) -> str:
    return short_line("name", text)


def known_language(language: str) -> str:
    if language not in {one.value for one in Language}:
        raise Invalid(field="language", reason="unknown_language", given=language[:LONGEST_NAME])
    return language


def known_country(code: str) -> str:
    if code and not countries.is_country(code):
        raise Invalid(field="country", reason="unknown_country", given=code[:LONGEST_NAME])
    return code


def known_timezone(name: str) -> str:
    try:
        return ZoneInfo(name).key
    except (ZoneInfoNotFoundError, ValueError) as error:
        raise Invalid(field="timezone", reason="unknown_timezone", given=name[:LONGEST_NAME]) from error


def address_word(slug: str) -> str:
    """A word that can stand in an address: small letters, digits and hyphens."""
    if not slug or slugify(slug) != slug:
        raise Invalid(field="slug", reason="not_a_slug", given=slug[:LONGEST_NAME])
    return slug


def all_wrong(checks: Iterable[Callable[[], object]]) -> list[Invalid]:
    """What each of these checks refuses, so that a form says everything at once."""
    found = []
    for check in checks:
        try:
            check()
        except Invalid as refusal:
            found.append(refusal)
    return found


def other_names(aliases: Iterable[str], *, than: str) -> list[str]:
    """The aliases that say something: each once, and none that is the name itself."""
    found = {folded(alias): short_line("aliases", alias) for alias in aliases if alias.strip()}
    found.pop(folded(than), None)
    if len(found) > MOST_ALIASES:
        raise Invalid(field="aliases", reason="too_many", limit=MOST_ALIASES)
    return list(found.values())


def ensure_in_order(starts_on: date | None, ends_on: date | None) -> None:
    if starts_on and ends_on and ends_on < starts_on:
        raise Invalid(field="ends_on", reason="before_start")


def day(field: str, written: str) -> date | None:
    """A day as 2027-06-10; None for nothing. Raises `Invalid` for what is no day."""
    try:
        return date.fromisoformat(written.strip()) if written.strip() else None
    except ValueError as error:
        raise Invalid(field=field, reason="not_a_day", given=written[:LONGEST_NAME]) from error


def bounded(field: str, said: Trilingual) -> Trilingual:
    """The same without spaces around it; raises `Invalid` where one language is too long."""
    trimmed = Trilingual.of({language: words.strip() for language, words in said.to_dict().items()})
    if any(len(words) > LONGEST_TITLE for words in trimmed.to_dict().values()):
        raise Invalid(field=field, reason="too_long", limit=LONGEST_TITLE)
    return trimmed


def named_somehow(field: str, said: Trilingual) -> Trilingual:
    """The same for a name, which there must be in one language at least."""
    trimmed = bounded(field, said)
    if not any(trimmed.to_dict().values()):
        raise Invalid(field=field, reason="required")
    return trimmed
