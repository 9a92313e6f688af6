"""Where a note says things happen, outside its labelled lines: "Córdoba, Argentina", "Madrid, 7 y 8 de septiembre"."""

import re
from collections.abc import Iterable, Sequence
from itertools import pairwise

from workspace.interchange.notes import people, times
from workspace.interchange.notes.words import folded, unmarked

LONGEST = 80
CITY = re.compile(r"^([A-ZÀ-Þ][\w'’.\- ]{1,40}?)\s?[,(]\s?([A-ZÀ-Þ][\w'’.\- ]{2,40}?)\)?\.?$")
TOWN = re.compile(r"^[A-ZÀ-Þ][a-zà-ÿ'’-]{3,24}$")
GATHERING = re.compile(r"\b(?:foro|forum|congreso|congress|congres|cumbre|summit|sommet|assembly|asamblea|assemblee)\b")
CITY_AND_DATE = re.compile(r"^([A-ZÀ-Þ][\w'’.-]{2,24}(?:\s[A-ZÀ-Þ][\w'’.-]{2,24}){0,2}),\s(?=.*\d)")


def place_of(texts: Iterable[str]) -> str | None:
    """The first town a short line names with its country, or before a date."""
    for text in texts:
        plain = unmarked(text)
        if len(plain) > LONGEST:
            continue
        found = CITY.match(plain)
        if found and people.is_country(found[2]):
            return f"{_proper(found[1])}, {_proper(found[2])}" if plain.isupper() else plain.rstrip(".")
        dated = CITY_AND_DATE.match(plain)
        if dated and times.days(plain) and not _is_weekday(dated[1]):
            following = plain[dated.end() :].partition(",")[0]
            return f"{dated[1]}, {following}" if people.is_country(following) else dated[1]
    return None


def town_of_header(running: Sequence[tuple[int, str]]) -> str | None:
    """The town in a gathering's running header: the one word that stands first in a group of its lines."""
    if not any(GATHERING.search(folded(text)) for _, text in running):
        return None
    firsts = {
        unmarked(text)
        for before, (line, text) in pairwise([(-1, ""), *running])
        if line - before[0] > 1 and TOWN.match(unmarked(text))
    }
    return firsts.pop() if len(firsts) == 1 else None


def _proper(name: str) -> str:
    return name.title()


def _is_weekday(word: str) -> bool:
    return folded(word).split()[0] in times.WEEKDAYS or folded(word).split()[0] in times.MONTHS
