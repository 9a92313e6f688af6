"""Where a note says things happen, outside its labelled lines: "Córdoba, Argentina", "Madrid, 7 y 8 de septiembre"."""

import re
from collections.abc import Iterable, Iterator, Sequence
from itertools import pairwise, takewhile

from workspace.interchange.notes import lines, people, times
from workspace.interchange.notes.lines import aligned, folded, unmarked
from workspace.interchange.notes.rules import ALL, forms

FORM = forms("places")
VENUES = lines.ROOMS | {word for cues in ALL.values() for word in cues.venues}
HOUSES = VENUES - {"square", "plaza", "parque", "campus"}
LANGUAGES = frozenset(name for cues in ALL.values() for name in cues.languages)
NETWORKS = frozenset(folded(word) for cues in ALL.values() for word in cues.networks)
GATHERINGS = frozenset(folded(name).split()[0] for cues in ALL.values() for name in cues.session_types)

LONGEST = 80
LONGEST_VENUE = 160
SHORTEST_WRITTEN_OUT = 5
MOST_WORDS_OF_A_VENUE = 6
MOST_WORDS_OF_A_PLACE = 10
MOST_WORDS_BESIDE = 12
MOST_WORDS_OF_A_ROOM = 7
PAIR = 2
SURELY = 3
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


def split_room(words: str) -> tuple[str | None, str | None]:
    """The room and the rest of words for where something is: "Room 2, Lindholm"; "Casa Azul, Lago – Sala 3".

    What is said beside them ("(unless otherwise stated)", "Closed shoes are needed.") is left out.
    """
    room, stroke, rest = words.partition(" / ")
    town, *countries = rest.split(", ")
    if stroke and _room_rank(room) and town and countries and all(map(people.is_country, countries)):
        return room, rest
    parts = list(_parts(words))
    ranks = [_room_rank(part, others=[*parts[:at], *parts[at + 1 :]]) for at, part in enumerate(parts)]
    may_be_room = lines.is_space(parts[0]) or (len(parts) > PAIR and parts[0][:1].isupper()) if parts else False
    if not any(ranks) and may_be_room and is_house(", ".join(parts[1:2])):
        ranks[0] = 1  # "Library, Migration House, Lago"
    if max(ranks, default=0) < SURELY and len(parts) > PAIR and parts[-1][:1].islower() and lines.is_space(parts[-1]):
        ranks[-1] = SURELY  # "Corrie Hall, Port Wrayburn, library"
    if not any(ranks):
        is_town_first = (
            len(parts) == PAIR and is_house(parts[1]) and not is_house(parts[0]) and not is_address(parts[0])
        )
        return None, ", ".join(parts[::-1] if is_town_first else parts) or None
    at = ranks.index(max(ranks))
    end = at + 1 + len(list(takewhile(FORM["floor"].search, parts[at + 1 :])))
    begin = at - 1 if at and FORM["floor"].search(parts[at]) and len(parts[at - 1].split()) == 1 else at
    named = parts[at : at + 1] if max(ranks) == SURELY and begin == at else parts[begin:end]
    return ", ".join(named), ", ".join([*parts[:begin], *parts[end:]]) or None


def _parts(words: str) -> Iterator[str]:
    """What stands between commas, dashes, full stops and brackets, without asides and sentences about other things."""
    first, *others = FORM["stop"].split(FORM["other_aside"].sub("", words))
    others = [other for other in others if len(other.split()) <= MOST_WORDS_OF_A_ROOM]
    for sentence in (first, *(other for other in others if _room_rank(other) or is_house(other))):
        for part in FORM["where_parts"].split(sentence):
            if plain := part.strip(" .:;()[]"):
                yield plain


def _room_rank(text: str, *, others: Sequence[str] = ()) -> int:
    """How surely words name a room: 3 for "Room 2", "Lecture Room 2", "Sail Loft", 2 for "Great Hall" in a house."""
    spelled = folded(text).split()
    if not 1 <= len(spelled) <= MOST_WORDS_OF_A_ROOM:
        return 0
    is_first = spelled[0] in lines.ROOMS or (len(spelled) > 2 and spelled[-2] in lines.ROOMS)
    if is_first or (spelled[-1] in lines.ROOMS and spelled[-1] != "hall"):
        return SURELY
    return 2 if spelled[-1] == "hall" and any(map(is_house, others)) else 0


def is_house(text: str) -> bool:
    """Whether words name a building and no street or square: "Civic House", "Maison des Associations"."""
    return bool({*FORM["words"].findall(folded(text))} & HOUSES) and not is_address(text)


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
    plain = dated.strip("()") if dated else FORM["aside"].sub("", FORM["any_aside"].sub(_told_aside, plain))
    plain = times.ZONE.sub("\x00", STATED_TIME.sub("\x00", plain))
    every = FORM["at_place"].finditer(plain)
    if found := next((each for each in every if not VENUES & {*folded(plain[: each.start()]).split()[-1:]}), None):
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


def told_of_all(text: str) -> str | None:
    """Where a sentence says that all sessions, or the plenary ones, are: "Unless otherwise stated, in the Hall"."""
    found = FORM["held"].search(FORM["exception"].sub("", text)) if FORM["of_all"].search(text) else None
    where = found["place"].strip(" .") if found else ""
    return where if where and may_be_place(where[:1].upper() + where[1:]) else None


def told_below(text: str) -> tuple[str, bool] | None:
    """Where a line under a title says it is, and whether that is away: "Great Hall. With Ana Ruiz", "meet at Weir"."""
    plain = FORM["clock_aside"].sub("", unmarked(text)).strip("()[]")
    first = FORM["stop"].split(FORM["other_aside"].sub("", plain))[0].rstrip(" .")
    met = lines.FORM["where_met"].match(first)
    inside = met or lines.FORM["where_inside"].match(first)
    where = inside["place"] if inside else first
    is_long = len(where.split()) > MOST_WORDS_OF_A_PLACE or STATED_TIME.search(where) or times.written_days(where)
    if is_long or folded(where) in LANGUAGES or ":" in where:
        return None
    is_named = is_house(where.partition(",")[0]) and may_be_place(where) and not people.only_people(where)
    return (where, bool(met)) if inside or lines.is_room(where) or lines.is_space(where) or is_named else None


def is_visit(title: str) -> bool:
    """Whether a session by its title goes elsewhere: "Visit to the lock", "Paseo por el dique"."""
    return bool(FORM["visit"].match(folded(title)))


def visited(title: str) -> str | None:
    """Where a visit goes by its title: "Visit to the landfill at Old Battery: what the night shift does"."""
    goal = FORM["visit_to"].search(title)
    where = goal and (FORM["visit_at"].search(goal["place"]) or goal)["place"]
    return where if where and len(where.split()) <= MOST_WORDS_OF_A_ROOM else None


def _told_aside(aside: re.Match[str]) -> str:
    """An aside that names a room or a house, as what follows a comma."""
    inner = aside[0].strip(" ()")
    return f", {inner}" if _room_rank(inner) or (is_house(inner) and inner[:1].isupper()) else aside[0]


def _nowhere(text: str) -> str | None:
    found = FORM["nowhere"].search(unmarked(text))
    return found[0] if found else None


def may_be_place(text: str, *, is_part: bool = False) -> bool:
    """Whether a short line beside a date, or a part of one, can be the name of a place."""
    plain = unmarked(text)
    spelled = folded(plain).replace("'", " ").split()
    if not 1 <= len(spelled) <= MOST_WORDS_OF_A_PLACE or plain[-1:] in ".?!:;" or lines.goes_on(plain):
        return False
    if ":" in plain or times.written_days(plain) or FORM["clock"].search(plain) or FORM["held"].search(plain):
        return False
    is_begun = plain[:1].isupper() or spelled[0] in VENUES or is_address(plain)
    is_gathering = FORM["gathering"].search(folded(plain)) or set(spelled) & GATHERINGS
    if not is_begun or FORM["numbered"].search(plain) or (is_gathering and not VENUES & {spelled[0], spelled[-1]}):
        return False
    if spelled[0] in times.WEEKDAYS or set(spelled) & NETWORKS or " ".join(spelled) in lines.LABELS:
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
        and not any(map(str.isdigit, text))
        and bool({*folded(text).replace(",", "").split()} & VENUES)
        and may_be_place(text[:1].upper() + text[1:])
    )


def venue(text: str) -> str | None:
    """The house that a short line, or a line with a date, names: "Lundi 22 mars 2027 – Palais des congrès, Nérac"."""
    plain = unmarked(text)
    if len(plain) > LONGEST_VENUE or ":" in FORM["clock"].sub("", plain) or FORM["held"].search(plain):
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
