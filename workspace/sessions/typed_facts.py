"""The facts of a session as people type them, line by line, and back: on the page and in a spreadsheet alike."""

import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from datetime import date, datetime
from functools import cache, partial
from pathlib import Path
from typing import TypeVar, get_args

from msgspec import Struct, convert, json, structs

from drafts.base.words import fold_text
from workspace.core.errors import Invalid, required
from workspace.core.validation import known_zone, whole_number
from workspace.sessions.corrections import FOUND, LONGEST_LINE, MOST_LINES, SessionCorrectionIn, day_last
from workspace.sessions.extraction import AgendaItem, Confirmation, Person, Region, SessionDetails, SessionFormat
from workspace.web.i18n.marking import N_
from workspace.web.i18n.messages import LANGUAGES, Messages
from workspace.web.i18n.messages import messages as of

Meaning = TypeVar("Meaning", bound=str)
LINES = ("title", "place", "room", "kind", "theme", "subtheme", "platform")
LISTS = (
    *("organisers", "co_organisers", "supporters", "funders"),
    *("objectives", "key_messages", "questions", "links"),
)
PEOPLE = ("moderators", "speakers")
_FIELDS = {"moderators": "moderating", "speakers": "speaking", "languages": "working_languages"}
LOCAL = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d")  # what a picker of moments shows and sends
_OFFSET = re.compile(r"Z|[+-]\d\d:\d\d", re.ASCII)
_SPAN = re.compile(r"(\d{1,2})[:.h](\d\d)?(?:\s*[-–—]\s*(\d{1,2})[:.h](\d\d)?)?", re.ASCII)
_MINUTES = re.compile(r"(\d{1,4})\s*(?:'|′|min\.?|minutes?|minutos?)?", re.ASCII)
_DAY = re.compile(r"(\d{4}|-)-(\d\d)-(\d\d)|(\d{1,2})[/.](\d{1,2})[/.](\d{4})", re.ASCII)
LEAP_YEAR = 2000
FORMATS: Mapping[str, str] = {"in_person": N_("in person"), "online": N_("online"), "hybrid": N_("hybrid")}
STATES: Mapping[Confirmation, str] = {"yes": N_("attendance confirmed"), "no": N_("to be confirmed")}


class _Words(Struct, frozen=True):
    states: Mapping[Confirmation, Sequence[str]]
    breaks: Sequence[str]
    formats: Mapping[SessionFormat, Sequence[str]]
    yes: Sequence[str]
    no: Sequence[str]
    languages: Mapping[str, Sequence[str]]
    headings: Mapping[str, Sequence[str]]


_WORDS = json.decode(Path(__file__).with_name("programme_words.json").read_bytes(), type=_Words)


def _by_word(meanings: Mapping[Meaning, Sequence[str]]) -> dict[str, Meaning]:
    return {fold_text(word): meaning for meaning, words in meanings.items() for word in words}


HEADINGS, FORMATS_BY_WORD = _by_word(_WORDS.headings), _by_word(_WORDS.formats)
_STATES = _by_word(_WORDS.states)
_BREAKS = frozenset(fold_text(word).strip() for word in _WORDS.breaks)
_YES, _NO = frozenset(map(fold_text, _WORDS.yes)), frozenset(map(fold_text, _WORDS.no))


def correction_of(typed: Mapping[str, str], known: Sequence[AgendaItem] = ()) -> SessionCorrectionIn:
    """What is corrected by these fields, and no others; a moment without an offset is of the field `zone`.

    An item of the agenda that is `known` as a break goes on being one. Raises `Invalid`, naming the field.
    """
    zone = typed.get("zone", "").strip()
    readers: dict[str, Callable[[str], object]] = {name: partial(lines_of, name) for name in LISTS}
    readers |= dict.fromkeys(LINES, str) | dict.fromkeys(("starts", "ends"), lambda words: in_zone(words, zone))
    readers |= {name: partial(people_of, name) for name in PEOPLE}
    readers |= {"agenda": lambda words: agenda_of(words, known), "format": format_of, "capacity": capacity_of}
    readers |= {"languages": languages_of, "members_only": says_yes}
    said = {name: read(typed[name]) for name, read in readers.items() if name in typed}
    said |= participants_of(typed["participants"]) if "participants" in typed else {}
    return convert({_FIELDS.get(name, name): value for name, value in said.items()}, SessionCorrectionIn)


def typed_of(details: SessionDetails, messages: Messages) -> dict[str, str]:
    """Every fact of a session as it would be typed, in the reader's words."""
    found = details.found
    statements = {"objectives": details.objectives, "key_messages": details.key_messages}
    statements["questions"] = details.discussion_questions
    typed = {name: "\n".join(getattr(found, name)) for name in LISTS if hasattr(found, name)}
    typed |= {name: "\n".join(statement.text for statement in said) for name, said in statements.items()}
    typed |= {name: getattr(found, FOUND.get(name, name)) or "" for name in LINES}
    typed |= {name: people_typed(getattr(found, name), messages) for name in PEOPLE}
    return typed | {
        "starts": found.start or "",
        "ends": found.end or "",
        "format": found.format or "",
        "capacity": str(found.capacity or ""),
        "languages": ", ".join(messages.locale.languages.get(code, code) for code in found.working_languages),
        "members_only": "x" if found.members_only else "",
        "agenda": "\n".join(_agenda_lines(found.agenda)),
        "links": "\n".join(details.links),
        "participants": "\n".join(": ".join(filter(None, (of, "; ".join(names)))) for of, names in by_region(details)),
    }


def by_region(details: SessionDetails) -> list[tuple[str, Sequence[str]]]:
    """Who took part of each region or kind; those of none first, under ""."""
    placed = {name for region in details.found.regions for name in region.participants}
    others = [name for name in details.participants if name not in placed]
    return [("", others)] * bool(others) + [(region.name, region.participants) for region in details.found.regions]


def participants_of(typed: str) -> dict[str, tuple[object, ...]]:
    """Participants and regions of lines "region or kind: name; name", or names alone; a number may stand for names."""
    lines = [line.rpartition(": ") for line in lines_of("participants", typed, longest=LONGEST_LINE * MOST_LINES)]
    named = [(of, tuple(filter(None, map(str.strip, names.split(";"))))) for of, _, names in lines]
    return {
        "participants": tuple(name for of, names in named if not of for name in names),
        "regions": tuple(Region(name=of, participants=names) for of, names in named if of),
    }


def lines_of(field: str, typed: str, *, longest: int = LONGEST_LINE) -> tuple[str, ...]:
    """The lines that say something, not only where one thing ends; raises `Invalid` for more than a session holds."""
    lines = tuple(" ".join(line.split()) for line in typed.splitlines() if line.strip("; \t"))
    if len(lines) > MOST_LINES or any(len(line) > longest for line in lines):
        raise Invalid(field=field, reason="too_long", limit=longest)
    return lines


def people_of(field: str, typed: str) -> tuple[Person, ...]:
    """People as "name; role; organisation; whether they have confirmed", one a line; the last three may be missing."""
    return tuple(_person([part.strip() for part in line.split(";")]) for line in lines_of(field, typed))


def _person(parts: list[str]) -> Person:
    state = _STATES.get(fold_text(parts[-1])) if len(parts) > 1 else None
    name, role, organisation = (*(parts[:-1] if state else parts), "", "")[:3]
    rest = parts[3:-1] if state else parts[3:]
    organisation = "; ".join(part for part in (organisation, *rest) if part)
    found = Person(name=name or None, role=role or None, organisation=organisation or None)
    return structs.replace(found, confirmed=state) if state in get_args(Confirmation) else found


def people_typed(people: Sequence[Person], messages: Messages) -> str:
    """The same people as lines, in the reader's words."""

    def line(person: Person) -> str:
        state = messages.gettext(STATES[person.confirmed]) if person.confirmed in STATES else ""
        parts = "; ".join((person.name or "", person.role or "", person.organisation or "")).rstrip("; ")
        return f"{parts}; {state}" if state else parts

    return "\n".join(map(line, people))


def agenda_of(typed: str, known: Sequence[AgendaItem] = ()) -> tuple[AgendaItem, ...]:
    """An agenda as lines "09:30–09:45; item; speaker, speaker" or "15 min; item", each day's below its date.

    A line of a `known` item leaves that as it is, and what was a break goes on being one. Raises `Invalid` for a time
    or a day that does not exist.
    """
    kept = {_agenda_line(item): item for item in known}
    breaks = {item.title for item in known if item.is_break}
    day: str | None = None
    found = []
    for line in lines_of("agenda", typed):
        if date_line := _DAY.fullmatch(line):
            day = _day(date_line, line)
            continue
        item = kept.get(line) or _agenda_item([part.strip() for part in line.split(";")], line)
        found.append(structs.replace(item, day=day, is_break=item.is_break or item.title in breaks))
    return tuple(found)


def _agenda_lines(agenda: Sequence[AgendaItem]) -> Iterator[str]:
    day = None
    for item in agenda:
        if item.day and item.day != day:
            yield item.day
        day = item.day
        yield _agenda_line(item)


def _agenda_line(item: AgendaItem) -> str:
    time = "–".join(filter(None, (item.start, item.end))) or (f"{item.minutes} min" if item.minutes else "")
    return " ".join("; ".join(filter(None, (time, item.title, ", ".join(item.speakers)))).split())


def _agenda_item(parts: list[str], line: str) -> AgendaItem:
    start = end = minutes = None
    if len(parts) > 1 and (span := _SPAN.fullmatch(parts[0])):
        hours = span.groups("00")
        start, end = _clock(hours[0], hours[1], line), _clock(hours[2], hours[3], line) if span[3] else None
    elif len(parts) > 1 and (length := _MINUTES.fullmatch(parts[0])):
        minutes = int(length[1])
    rest = parts[1:] if start or minutes is not None else parts
    if start and end and end < start:
        raise Invalid(field="agenda", reason="ends_before_it_starts")
    speakers = tuple(name.strip() for name in ", ".join(rest[1:]).split(",") if name.strip())
    first = fold_text(rest[0]).split()[:2]
    is_break = bool(_BREAKS.intersection(first)) and not speakers
    return AgendaItem(title=rest[0], minutes=minutes, start=start, end=end, speakers=speakers, is_break=is_break)


def _clock(hour: str, minute: str, line: str) -> str:
    if int(hour) > 23 or int(minute) > 59:  # noqa: PLR2004  (the last hour of a day, the last minute of an hour)
        raise Invalid(field="agenda", reason="not_a_time", given=line[:80])
    return f"{hour:0>2}:{minute}"


def _day(found: re.Match[str], line: str) -> str:
    year, month, day = (found[1], found[2], found[3]) if found[1] else (found[6], found[5], found[4])
    try:
        dated = date(LEAP_YEAR if year == "-" else int(year), int(month), int(day))
        return f"--{dated:%m-%d}" if year == "-" else dated.isoformat()
    except ValueError:
        raise Invalid(field="agenda", reason="not_a_day", given=line) from None


def in_zone(typed: str, zone: str) -> str:
    """A moment as a picker sends it or with the day first, with the offset of the zone; anything else as it is.

    A zone may be an offset. Raises `Invalid` for one that is neither.
    """
    words = day_last(" ".join(typed.split()))
    if not zone or not LOCAL.fullmatch(words):
        return typed
    if _OFFSET.fullmatch(zone):
        return words + zone
    try:
        moment = datetime.fromisoformat(words)
    except ValueError:
        return typed
    return moment.replace(tzinfo=known_zone(zone, "zone")).isoformat("T", "minutes")


def format_of(typed: str) -> str:
    """One of the formats, in three languages; raises `Invalid`. "" for nothing."""
    if not typed.strip():
        return ""
    known: str = FORMATS_BY_WORD.get(fold_text(typed)) or typed.strip()
    if known not in _WORDS.formats:
        raise Invalid(field="format", reason="unknown_format", given=typed[:80])
    return known


def capacity_of(typed: str) -> int:
    """How many places; 0 for nothing. Raises `Invalid` for what is no number."""
    digits = re.sub(r"[\s.,]", "", typed)
    found = whole_number(digits, most=1_000_000) if digits else 0
    return required(found, Invalid(field="capacity", reason="not_a_number", given=typed[:80]))


def languages_of(typed: str) -> tuple[str, ...]:
    """Languages by code or name, parted by commas, semicolons or lines."""
    said = (part.strip() for part in re.split(r"[,;/\n]", typed))
    return tuple(dict.fromkeys(_language_codes().get(fold_text(part), part) for part in said if part))


@cache
def _language_codes() -> Mapping[str, str]:
    """The code of every language by its names in three languages."""
    named = (of(language).locale.languages.items() for language in LANGUAGES)
    return {fold_text(str(name)): str(code) for pairs in named for code, name in pairs} | _by_word(_WORDS.languages)


def says_yes(typed: str) -> bool:
    """Yes or no, in three languages; no for nothing. Raises `Invalid`: who may read it is not to be guessed."""
    said = fold_text(typed)
    if typed.strip() and said not in _YES | _NO:
        raise Invalid(field="members_only", reason="neither_yes_nor_no", given=typed[:80])
    return said in _YES
