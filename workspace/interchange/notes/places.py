"""Where a note says things happen, outside its labelled lines: "Córdoba, Argentina", "Madrid, 7 y 8 de septiembre"."""

import re
from collections.abc import Iterable, Sequence
from functools import cache
from itertools import pairwise

from workspace.interchange.notes import people, times
from workspace.interchange.notes.lines import folded, unmarked
from workspace.interchange.notes.rules.table import ALL

LONGEST = 80
LONGEST_VENUE = 160
MOST_WORDS_OF_A_VENUE = 6
CLOCK = re.compile(r"\d{1,2}\s?(?:[:h.]\s?\d{2}|h\b|[ap]\.?m\b)", re.IGNORECASE)
VENUE_PARTS = re.compile(
    r",\s+|\s[–—|-]\s|\s?\([^()]*\)(?:,\s)?|(?<=h)\.\s(?=[A-ZÀ-Þ])|(?<=[\dm])\.\s(?=[A-ZÀ-Þ])|(?<=\d{4})\s(?=[A-ZÀ-Þ])"
)
MOST_WORDS_OF_A_ROOM = 5
CITY = re.compile(r"^([A-ZÀ-Þ][\w'’.\- ]{1,40}?)\s?[,(]\s?([A-ZÀ-Þ][\w'’.\- ]{2,40}?)\)?\.?$")
STREET = re.compile(
    r"^(?:calle|plaza|avenida|paseo|ronda|carrera|av\.|c/|rue|avenue|boulevard|bd|place|quai|\d{1,4}(?: bis)?,? rue|"
    r"\d{1,4} [A-Z]\w+ (?:street|road|avenue|square|lane))\b",
    re.IGNORECASE,
)
QUOTE = re.compile(r"[\"“”«»]")
AT_PLACE = re.compile(
    r"\s(?:à l['’]|à la |à |au |en el |en la |en |in the |in |at the |at )"
    r"(?P<place>[A-ZÀ-Þ][\w'’-]+(?:,?\s(?:de\s|del\s|du\s|des\s|d['’]|la\s|of\s)*[A-ZÀ-Þ\d][\w'’-]*){0,8})"
)
TOWN = re.compile(r"^[A-ZÀ-Þ][a-zà-ÿ'’-]{3,24}$")
GATHERING = re.compile(r"\b(?:foro|forum|congreso|congress|congres|cumbre|summit|sommet|assembly|asamblea|assemblee)\b")
CITY_AND_DATE = re.compile(
    r"^([A-ZÀ-Þ][\w'’.-]{2,24}(?:\s(?:d[aeu]s?\s|del\s|la\s|le\s|les\s)*[A-ZÀ-Þ][\w'’.-]{2,24}){0,2}),\s(?=.*\d)"
)


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
        if dated and times.written_days(plain) and not _is_weekday(dated[1]):
            following = plain[dated.end() :].partition(",")[0]
            return f"{dated[1]}, {following}" if people.is_country(following) else dated[1]
    return None


def split_room(place: str) -> tuple[str | None, str | None]:
    """A room and the rest of a place that names both: "Room 2, Lindholm"; "Auditorio Norte / Valdemora, España"."""
    parts = re.split(r",\s+", place)
    inside = next((part for part in parts if folded(part).split()[:1] and folded(part).split()[0] in _rooms()), None)
    if inside is None:
        return None, place
    rest = [part for part in parts if part is not inside]
    room, stroke, town = inside.partition(" / ")
    if stroke and rest and all(map(people.is_country, rest)):
        return room, ", ".join([town, *rest])
    return inside, ", ".join(rest) or None


def address(texts: Sequence[str]) -> str | None:
    """A house and its address on two of the first lines: "Media Lab Prado / Plaza de las Letras, 28014 Madrid"."""
    for before, text in pairwise(["", *texts]):
        plain = unmarked(text).strip(" .")
        if len(plain) <= LONGEST and STREET.match(plain) and re.search(r"\d", plain):
            house = unmarked(before).strip(" .")
            named = (
                0 < len(house) <= LONGEST and house[0].isupper() and not times.written_days(house) and ":" not in house
            )
            return f"{house}, {plain}" if named and not QUOTE.search(house) else plain
    return None


def place_after_time(text: str) -> str | None:
    """Where a sentence says a meeting was, after its time: "… de 9h30 à 12h15 à l'Hôtel de Ville de Bukara"."""
    span = times.clock_span(text)
    found = AT_PLACE.search(text, span.ends) if span else None
    return found["place"].strip(" .,") if found else None


def venue(text: str) -> str | None:
    """The house that a short line, or a line with a date, names: "Lundi 22 mars 2027 – Palais des congrès, Nérac"."""
    plain = unmarked(text)
    if len(plain) > LONGEST_VENUE or ":" in CLOCK.sub("", plain):
        return None
    parts = [part for part in VENUE_PARTS.split(plain) if part]
    for number, part in enumerate(parts):
        if set(folded(part).replace("'", " ").split()[:MOST_WORDS_OF_A_VENUE]) & _venues() and part[:1].isupper():
            kept = [other for other in parts[number:] if not (times.written_days(other) or CLOCK.search(other))]
            return ", ".join(kept).rstrip(".") or None
    return None


def is_room(text: str) -> bool:
    """Whether a short line names a room and nothing else ("Sala Marina", "Room 2.14")."""
    plain = folded(unmarked(text)).split()
    return (
        ":" not in text and 1 <= len(plain) <= MOST_WORDS_OF_A_ROOM and (plain[0] in _rooms() or plain[-1] in _rooms())
    )


@cache
def _venues() -> frozenset[str]:
    return _rooms() | {word for cues in ALL.values() for word in cues.venues}


@cache
def _rooms() -> frozenset[str]:
    return frozenset(word for cues in ALL.values() for word in cues.rooms)


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
