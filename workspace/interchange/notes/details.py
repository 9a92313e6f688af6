"""What the labelled lines of one session say: place, room, form, languages, organisers, people."""

import re
from collections.abc import Iterator, Mapping, Sequence

from msgspec import Struct, field

from workspace.interchange.notes import appearing, headings, people, places, slots, tables, times, titles
from workspace.interchange.notes.layout import Kind, Passage
from workspace.interchange.notes.rules import ALL
from workspace.interchange.notes.sections import Placed
from workspace.interchange.notes.words import folded, unmarked
from workspace.sessions.extraction import Person, Registration, SessionFormat

PLATFORMS = re.compile(
    r"\b(Zoom|Microsoft Teams|Teams|Webex|Google Meet|Jitsi|BigBlueButton|Hopin|Wonder|YouTube|Skype)\b"
)
LANGUAGE_PARTS = re.compile(r"\s*[,;/·|+()]\s*|\s+[-–—]\s+|\s+(?:y|e|and|et|&)\s+|\s*[-–—]\s*")
NEXT_LABEL = re.compile(r"\s(?=[A-ZÀ-Þ][\w ()]{2,30}:\s)")
INTEGER = re.compile(r"(?<![\d.,])(\d{1,3}(?:[.,  ]\d{3})+|\d{1,6})(?![\d])")
NUMBER_DASH = re.compile(r"^(\d{1,2}(?:\.\d{1,2}){0,3})\s?[-–—.:]\s")
ROOM_ASIDE = re.compile(r"^(?P<title>[^()]+?)\s\((?P<room>[^()]{2,60})\)$")
MODERATED_BY = re.compile(
    r"\b(?i:moderated by|chaired by|moderad[oa] por|presidid[oa] por|modérée? par|animée? par|présidée? par)\s"
    r"(?:the |la |el |M\. |Mme |Sr\. |Sra\. |Dr\.? |Dra\. )?(?P<name>[A-ZÀ-Þ][\w'’-]+(?:\s(?:de |del |van |"
    r"von )?[A-ZÀ-Þ][\w'’-]+){1,3})"
)
SEATS = re.compile(r"\b(\d{2,5})\s(?:plazas|personas|places|seats|people|participants)\b", re.IGNORECASE)
MOST_PEOPLE = 60


class Value(Struct, frozen=True):
    """The value of a labelled line, and the line."""

    text: str
    line: int


class Details(Struct, frozen=True):
    """The labelled values of one session, by the role of their labels, and its people."""

    values: Mapping[str, tuple[Value, ...]] = field(default_factory=dict)
    speakers: tuple[Person, ...] = ()
    moderators: tuple[Person, ...] = ()

    def first(self, role: str) -> str | None:
        return next((value.text for value in self.values.get(role, ()) if value.text), None)


def details(passages: Sequence[Placed]) -> Details:
    """What the passages of one session state; people marked as confirmed or not wherever a mark stands."""
    values: dict[str, list[Value]] = {}
    for role, value in _labelled(passages):
        values.setdefault(role, []).append(value)
    speakers = people.distinct(
        [*_named(values.get("speakers", [])), *_listed(passages), *_in_items(passages, "speakers")]
    )[:MOST_PEOPLE]
    moderators = people.distinct(
        [*_named(values.get("moderators", [])), *_in_items(passages, "moderators"), *_told(passages)]
    )[:MOST_PEOPLE]
    marked = any(person.confirmed != "unknown" for person in (*speakers, *moderators))
    return Details(
        values={role: tuple(found) for role, found in values.items()},
        speakers=_settled(speakers, marked=marked),
        moderators=_settled(moderators, marked=marked),
    )


def _labelled(passages: Sequence[Placed]) -> Iterator[tuple[str, Value]]:
    for place, line in enumerate(passages):
        stated = headings.field(line.passage.text) if line.passage.kind is Kind.FIELD else None
        if stated is None:
            continue
        text = unmarked(NEXT_LABEL.split(stated.value, maxsplit=1)[0])
        if not text and place + 1 < len(passages):
            following = passages[place + 1]
            if following.passage.kind in {Kind.TEXT, Kind.ITEM} and not following.is_heading:
                text = unmarked(following.passage.text)
        yield stated.role, Value(text.strip(), line.passage.line)


def _named(values: Sequence[Value]) -> Iterator[Person]:
    for value in values:
        yield from people.people(value.text)


def _listed(passages: Sequence[Placed]) -> Iterator[Person]:
    """People in a section of speakers, and those an agenda lists under its items."""
    for line in passages:
        passage = line.passage
        if line.is_heading or passage.kind not in {Kind.ITEM, Kind.TEXT, Kind.CELL}:
            continue
        is_list = line.section.role == "speakers" and passage.kind is Kind.ITEM
        in_agenda = line.section.role == "agenda" and passage.kind is Kind.ITEM
        if line.section.role == "speakers" and (each := _one_a_line(passage)):
            yield from each
        elif (is_list or in_agenda or line.section.role == "speakers") and people.is_speaker(passage.text):
            yield from filter(None, [people.person(passage.text)])
        elif is_list and len(passage.text) < people.LONGEST and (found := people.person(passage.text)) and found.name:
            yield found


def _one_a_line(passage: Passage) -> list[Person]:
    """The people of several lines that each begin with a name; empty where one entry only goes on over lines."""
    begins = [offset for offset, _ in passage.starts]
    lines = [passage.text[start:end].strip() for start, end in zip(begins, [*begins[1:], None], strict=True)]
    found = [one for line in lines if (one := people.person(line)) and one.name]
    return found if len(found) == len(lines) > 1 else []


def _in_items(passages: Sequence[Placed], role: str) -> Iterator[Person]:
    """Whom the items of an agenda name themselves: in their row of the table, or on their own line."""
    slot = under = -1
    columns = tables.columns(passages)
    for place, line in enumerate(passages):
        passage = line.passage
        if passage.kind is Kind.SLOT:
            slot = under = passage.line
            text = unmarked(passage.text)
            span = times.clock(text)
            rest = slots.MINUTES_ASIDE.sub("", text[span.ends if span else 0 :])
            yield from appearing.people_in(rest.lstrip(slots.LEAD), role)
        elif columns.get(place) == role and (named := appearing.unlabelled(passage.text)):
            yield from (found for found in people.people(named) if found.name or found.role)
        elif passage.line == slot or (line.section.role == "agenda" and passage.kind is Kind.CELL):
            yield from appearing.people_in(passage.text, role)
        elif under == passage.line - 1 and passage.kind is Kind.TEXT and not passage.gap:
            under = passage.line
            if role == "speakers" and people.is_speaker(passage.text):
                yield from people.people(passage.text)


def _told(passages: Sequence[Placed]) -> Iterator[Person]:
    """Who moderates, where a sentence says so: "Moderated by Joseph Tavares, the plenary …"."""
    for line in passages:
        if line.passage.kind is Kind.TEXT and (found := MODERATED_BY.search(unmarked(line.passage.text))):
            yield from filter(None, [people.person(found["name"])])


def _settled(found: Sequence[Person], *, marked: bool) -> tuple[Person, ...]:
    """Where some people are marked as confirmed or not, the others are the other kind: a list says so by its marks."""
    if not marked:
        return tuple(found)
    return tuple(
        person
        if person.confirmed != "unknown"
        else Person(name=person.name, role=person.role, organisation=person.organisation, confirmed="yes")
        for person in found
    )


def room_and_place(details: Details) -> tuple[str | None, str | None]:
    """The room, and the place; "Sala D / Kasbah" is a room whatever its label says."""
    room, place = details.first("room"), details.first("place")
    return places.parted(place) if place is not None and room is None else (room, place)


def room_aside(title: str) -> tuple[str, str | None]:
    """A title without the room named after it in parentheses, and the room."""
    found = ROOM_ASIDE.match(title)
    rooms = {word for cues in ALL.values() for word in cues.rooms}
    if found and rooms & set(folded(found["room"]).split()):
        return found["title"], found["room"]
    return title, None


def platform(*texts: str | None) -> str | None:
    """The platform a text names."""
    return next((found[1] for text in texts if text and (found := PLATFORMS.search(text))), None)


def session_format(*texts: str | None) -> SessionFormat | None:
    """In person, online or both, as the texts say; a platform alone means online."""
    for text in filter(None, texts):
        plain = folded(text)
        for cues in ALL.values():
            for words, meaning in cues.formats.items():
                if words in plain:
                    return meaning
    return None


def registration(text: str | None) -> Registration | None:
    plain = folded(text or "")
    for cues in ALL.values():
        for words, meaning in cues.registrations.items():
            if words in plain:
                return meaning
    return None


def capacity(text: str | None) -> int | None:
    found = INTEGER.search(text or "")
    return int(re.sub(r"\D", "", found[1])) if found else None


def seats(text: str | None) -> int | None:
    """The places that a line about something else states: "Inscripción: gratuita (120 plazas)"."""
    found = SEATS.search(text or "")
    return int(found[1]) if found else None


def languages(text: str | None) -> tuple[str, ...]:
    """Codes of the languages a line names, by name or by a form's abbreviation."""
    names = {name: code for cues in ALL.values() for name, code in cues.languages.items()}
    found = [names.get(folded(part)) for part in LANGUAGE_PARTS.split(text or "")]
    return tuple(dict.fromkeys(code for code in found if code))


def organisers(details: Details, role: str) -> tuple[str, ...]:
    found = [name for value in details.values.get(role, ()) for name in people.organisations(value.text)]
    return tuple(dict.fromkeys(found))


def duration(details: Details) -> int | None:
    return times.minutes(details.first("duration") or "")


def session_type(details: Details) -> str | None:
    """The type a labelled line states, if it states one and not the form's whole choice."""
    text = details.first("type")
    return text if text and not titles.type_options(text) else None


def thematic(text: str | None) -> str | None:
    """A line or subtheme with its number as a programme cites it: "1.1 El territorio"."""
    return NUMBER_DASH.sub(r"\1 ", text).strip(" .") if text else None
