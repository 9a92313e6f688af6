"""What a name, a language, a country and a pair of dates must be before they are kept."""

import json
import re
import unicodedata
from collections.abc import Callable, Iterable, Mapping
from datetime import date
from functools import cache
from pathlib import Path

from babel import Locale
from slugify import slugify

from drafts.base.words import without_accents
from drafts.text.blocks import Language
from workspace.core.errors import Invalid
from workspace.core.storage.db import Trilingual
from workspace.core.validation import ensure_short

_BETWEEN = re.compile(r"[\W_]+")
_REGIONS: Mapping[str, str] = json.loads(Path(__file__).with_name("regions.json").read_text(encoding="utf-8"))


def folded(text: str) -> str:
    """`text` in a form in which "Málaga", "MALAGA" and " málaga" are equal."""
    return _BETWEEN.sub(" ", without_accents(text)).strip()


COUNTRY_CODE_LENGTH = 2


def is_country(code: str) -> bool:
    return code in country_names("en")


def country_name(code: str, language: str) -> str:
    """What the country is called; the code itself when nobody knows it."""
    return country_names(language).get(code, code)


def region_of(code: str) -> str:
    """The code of the region of the world that a country lies in, by the United Nations; "" where nobody knows it."""
    return next((region for region, codes in _REGIONS.items() if code and code in codes.split()), "")


def region_name(code: str, language: str) -> str:
    """What the region is called."""
    return str(Locale(str(language)).territories[code])


@cache
def country_names(language: str) -> Mapping[str, str]:
    """Every country by its two letters, in the order of its name in `language`."""
    called = {str(code): str(name) for code, name in Locale(str(language)).territories.items()}
    codes = [
        code for code in called if len(code) == COUNTRY_CODE_LENGTH and code.isalpha() and code not in _NOT_COUNTRIES
    ]
    return {code: called[code] for code in sorted(codes, key=lambda code: folded(called[code]))}


@cache
def country_codes_by_name() -> Mapping[str, str]:
    """The two letters for a country's name in any of the three languages, or for the letters themselves."""
    found = {folded(name): code for language in Language for code, name in country_names(language.value).items()}
    return {**found, **{folded(code): code for code in country_names("en")}, **_ALSO}


_NOT_COUNTRIES = frozenset({"EU", "EZ", "UN", "XA", "XB", "ZZ", "QO", "CQ", "AC", "CP", "DG", "EA", "IC", "TA"})
_ALSO = {"uk": "GB", "usa": "US", "eeuu": "US", "ee uu": "US"}


LONGEST_NAME = 200  # characters
LONGEST_TITLE = 300  # of a forum or a network, in one language
MOST_ALIASES = 50


def short_line(field: str, text: str) -> str:
    """One line of at most 200 characters with something in it."""
    line = " ".join(text.split())
    if not line:
        raise Invalid(field=field, reason="empty")
    ensure_short(line, LONGEST_NAME, field)
    if not line.isprintable():
        raise Invalid(field=field, reason="not_printable")
    return line


def person_name(text: str) -> str:
    return short_line("name", text)


def known_language(language: str) -> str:
    if language not in {language.value for language in Language}:
        raise Invalid(field="language", reason="unknown_language", given=language[:LONGEST_NAME])
    return language


def known_country(code: str) -> str:
    if code and not is_country(code):
        raise Invalid(field="country", reason="unknown_country", given=code[:LONGEST_NAME])
    return code


def valid_slug(slug: str) -> str:
    """A word that can stand in an address: small letters, digits and hyphens."""
    if not slug or slugify(slug) != slug:
        raise Invalid(field="slug", reason="not_a_slug", given=slug[:LONGEST_NAME])
    return slug


def collect_refusals(checks: Iterable[Callable[[], object]]) -> list[Invalid]:
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


def bounded_text(field: str, said: Trilingual) -> Trilingual:
    """The same without spaces around it; raises `Invalid` where one language is too long."""
    trimmed = Trilingual.of({language: words.strip() for language, words in said.to_dict().items()})
    for words in trimmed.to_dict().values():
        ensure_short(words, LONGEST_TITLE, field)
    return trimmed


def required_name(field: str, said: Trilingual) -> Trilingual:
    """The same for a name, which there must be in one language at least."""
    trimmed = bounded_text(field, said)
    if not any(trimmed.to_dict().values()):
        raise Invalid(field=field, reason="required")
    return trimmed


LONGEST_EMAIL = 254


_EMAIL = re.compile(r"[^\s@<>,;:\"()\[\]\\]+@[^\s@<>,;:\"()\[\]\\]+\.[^\s@.<>,;:\"()\[\]\\]{2,}")


def email_address(text: str) -> str:
    """An address that looks like one, in small letters; raises `Invalid`."""
    address = text.strip().removeprefix("mailto:").casefold()
    if len(address) > LONGEST_EMAIL or not address.isprintable() or not _EMAIL.fullmatch(address):
        raise Invalid(field="email", reason="bad_email", given=text[:LONGEST_EMAIL])
    return address


_LINES = frozenset("\n\r\t")
_JOINERS = frozenset("\u200c\u200d\u00ad")  # inside words and emoji; a soft hyphen is dropped in print
_UNSEEN = frozenset({"Cc", "Cf", "Co", "Cs", "Cn"})


def ensure_printable(field: str, words: Trilingual) -> None:
    """Raise `Invalid` for control signs and invisible or bidirectional ones in any language."""
    for sign in "".join(words.to_dict().values()):
        if sign not in _LINES and sign not in _JOINERS and unicodedata.category(sign) in _UNSEEN:
            raise Invalid(field=field, reason="not_printable")
