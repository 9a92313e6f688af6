"""Where a note says things happen, outside its labelled lines: "Córdoba, Argentina", "Madrid, 7 y 8 de septiembre"."""

import re
from collections.abc import Iterable, Sequence
from itertools import pairwise

from workspace.interchange.notes import lines, people, times
from workspace.interchange.notes.lines import aligned, folded, unmarked
from workspace.interchange.notes.rules.table import ALL, forms

FORM = forms("places")
VENUES = lines.ROOMS | {word for cues in ALL.values() for word in cues.venues}
NETWORKS = frozenset(folded(word) for cues in ALL.values() for word in cues.networks)
GATHERINGS = frozenset(folded(name).split()[0] for cues in ALL.values() for name in cues.session_types)

LONGEST = 80
LONGEST_VENUE = 160
SHORTEST_WRITTEN_OUT = 5
MOST_WORDS_OF_A_VENUE = 6
MOST_WORDS_OF_A_PLACE = 10
MOST_WORDS_BESIDE = 12
STATED_TIME = re.compile(rf"{times.SPAN.pattern}|{times.ONE_CLOCK.pattern.replace('?P<start>', '')}", re.IGNORECASE)


def place_of(texts: Iterable[str]) -> str | None:
    """The first town a short line names with its country, or before a date."""
    for text in texts:
        plain = unmarked(text)
        if len(plain) > LONGEST:
            continue
        found = FORM["city"].match(plain)
        if found and people.is_country(found[2]):
            return f"{proper(found[1])}, {proper(found[2])}" if plain.isupper() else plain.rstrip(".")
        dated = FORM["city_and_date"].match(plain)
        said = folded(dated[1] if dated else "").split()
        is_town = dated and not (said[0] in {*times.WEEKDAYS, *times.MONTHS} or VENUES.intersection(said))
        if dated and is_town and times.written_days(plain):
            following = plain[dated.end() :].partition(",")[0]
            return f"{dated[1]}, {following}" if people.is_country(following) else dated[1]
    return None


def split_room(place: str) -> tuple[str | None, str | None]:
    """A room and the rest of a place that names both: "Room 2, Lindholm"; "Auditorio Norte / Valdemora, España"."""
    parts = re.split(r",\s+", place)
    inside = next((part for part in parts if _names_room(folded(part).split())), None)
    if inside is None:
        return None, place
    rest = [part for part in parts if part is not inside]
    room, stroke, town = inside.partition(" / ")
    if stroke and rest and all(map(people.is_country, rest)):
        return room, ", ".join([town, *rest])
    return inside, ", ".join(rest) or None


def _names_room(spelled: list[str]) -> bool:
    """ "Room 2", "Lecture Room 2"; not "Guildhall Room of Westerby"."""
    return bool(spelled) and (spelled[0] in lines.ROOMS or (len(spelled) > 2 and spelled[-2] in lines.ROOMS))


def is_address(text: str) -> bool:
    """Whether a line is a street with its number: "Plaza de las Letras, 28014 Madrid"."""
    return bool(FORM["street"].match(text)) and any(map(str.isdigit, text))


def told_place(text: str) -> str | None:
    """Where a line or a sentence with a date says something is: after a preposition, or between commas beside it."""
    plain, written = unmarked(text), aligned(unmarked(text))
    for day in times.written_days(plain):
        if day.verbatim in written:
            begins, ends = written.index(day.verbatim), written.index(day.verbatim) + len(day.verbatim)
            plain = plain[:begins] + "\x00" * (ends - begins) + plain[ends:]
    dated = next((aside[0] for aside in lines.PARENTHESIS.finditer(plain) if "\x00" in aside[0]), None)
    plain = dated.strip("()") if dated else FORM["aside"].sub("", plain)
    plain = times.ZONE.sub("\x00", STATED_TIME.sub("\x00", plain))
    if found := FORM["at_place"].search(plain):
        where, comma, subject = found["place"].rpartition(", ")
        is_told = comma and FORM["does"].match(plain, found.end()) and people.is_bare_name(subject)
        return (where if is_told else found["place"]).strip(" .,")
    before, stop, rest = plain.rpartition("\x00")
    plain = before + stop + rest.partition(". ")[0]
    if len(plain.replace("\x00", "").split()) > MOST_WORDS_BESIDE or "\x00" not in plain:
        return _nowhere(text)
    first, last = plain.index("\x00"), plain.rindex("\x00")
    sides = [plain[first:last].strip("\x00"), plain[last + 1 :], plain[:first]]
    for side in sides:
        parts = [part.strip(" .,") for part in FORM["beside_parts"].split(side)]
        if any(may_be_place(part, is_part=True) for part in parts):
            return ", ".join(part for part in parts if may_be_place(part, is_part=True) or people.is_bare_name(part))
    return _nowhere(text)


def _nowhere(text: str) -> str | None:
    found = FORM["nowhere"].search(unmarked(text))
    return found[0] if found else None


def may_be_place(text: str, *, is_part: bool = False) -> bool:
    """Whether a short line beside a date, or a part of one, can be the name of a place."""
    plain = unmarked(text)
    spelled = folded(plain).replace("'", " ").split()
    if not 1 <= len(spelled) <= MOST_WORDS_OF_A_PLACE or plain[-1:] in ".?!:;" or lines.goes_on(plain):
        return False
    if ":" in plain or times.written_days(plain) or FORM["clock"].search(plain):
        return False
    is_begun = plain[:1].isupper() or spelled[0] in VENUES or is_address(plain)
    is_gathering = FORM["gathering"].search(folded(plain)) or set(spelled) & GATHERINGS
    if not is_begun or (spelled[0] not in VENUES and is_gathering):
        return False
    if spelled[0] in times.WEEKDAYS or set(spelled) & NETWORKS:
        return False
    if set(spelled) & VENUES:
        return True
    words = [word for word in plain.replace("’", " ").replace("'", " ").split() if len(word) > 3]  # no joints
    is_proper = bool(words) and 2 * sum(word[:1].isupper() for word in words) >= len(words)
    return is_proper and not people.is_bare_name(plain) and (is_part or "," in plain)


def is_place_alone(text: str) -> bool:
    """Whether a line is the name of a place with its town: "Café Le Marteau, Lormont"."""
    return (
        "," in text
        and bool({*folded(text).replace(",", "").split()} & VENUES)
        and may_be_place(text[:1].upper() + text[1:])
    )


def venue(text: str) -> str | None:
    """The house that a short line, or a line with a date, names: "Lundi 22 mars 2027 – Palais des congrès, Nérac"."""
    plain = unmarked(text)
    if len(plain) > LONGEST_VENUE or ":" in FORM["clock"].sub("", plain):
        return None
    parts = [part for part in FORM["venue_parts"].split(plain) if part]
    for number, part in enumerate(parts):
        if set(folded(part).replace("'", " ").split()[:MOST_WORDS_OF_A_VENUE]) & VENUES and part[:1].isupper():
            kept = [other for other in parts[number:] if not (times.written_days(other) or FORM["clock"].search(other))]
            return ", ".join(kept).rstrip(".") or None
    return None


def town_of_header(running: Sequence[tuple[int, str]]) -> str | None:
    """The town in a gathering's running header: the one word that stands first in a group of its lines."""
    if not any(FORM["gathering"].search(folded(text)) for _, text in running):
        return None
    firsts = {
        unmarked(text)
        for before, (line, text) in pairwise([(-1, ""), *running])
        if line - before[0] > 1 and FORM["town"].match(unmarked(text))
    }
    return firsts.pop() if len(firsts) == 1 else None


def proper(name: str) -> str:
    """The name of a place that may be all in capitals: "SALA DE LOS PASOS" is "Sala de los Pasos"."""
    if not name.isupper() or len(name) < SHORTEST_WRITTEN_OUT:
        return name
    return " ".join(
        word.lower() if at and folded(word) in people.PARTICLES else word.title()
        for at, word in enumerate(name.split())
    )
