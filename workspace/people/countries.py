"""Countries: the two letters of ISO 3166, and their names in the languages of the interface."""

from collections.abc import Mapping
from functools import cache

from babel import Locale

from drafts.blocks import Language
from workspace.people.words import folded

LETTERS = 2


def is_country(code: str) -> bool:
    return code in names("en")


def name(code: str, language: str) -> str:
    """What the country is called; the code itself when nobody knows it."""
    return names(language).get(code, code)


@cache
def names(language: str) -> Mapping[str, str]:
    """Every country by its two letters, in the order of its name in `language`."""
    called = {str(code): str(name) for code, name in Locale(str(language)).territories.items()}
    codes = [code for code in called if len(code) == LETTERS and code.isalpha() and code not in _NOT_COUNTRIES]
    return {code: called[code] for code in sorted(codes, key=lambda code: folded(called[code]))}


@cache
def by_name() -> Mapping[str, str]:
    """The two letters for a country's name in any of the three languages, or for the letters themselves."""
    found = {folded(name): code for language in Language for code, name in names(language.value).items()}
    return {**found, **{folded(code): code for code in names("en")}, **_ALSO}


_NOT_COUNTRIES = frozenset({"EU", "EZ", "UN", "XA", "XB", "ZZ", "QO", "CQ", "AC", "CP", "DG", "EA", "IC", "TA"})
_ALSO = {"uk": "GB", "usa": "US", "eeuu": "US", "ee uu": "US"}
