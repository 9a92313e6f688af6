"""What somebody says of a session after looking through what was read of it."""

import re
from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Annotated, Any, Literal, TypeVar, get_args

import msgspec
from msgspec import Meta, Struct

from workspace.core.errors import Invalid
from workspace.core.validation import ensure_short
from workspace.sessions.extraction import (
    AgendaItem,
    Confirmation,
    Person,
    Region,
    SessionDetails,
    SessionFormat,
    SessionFound,
    Statement,
)

Details = TypeVar("Details", bound=Struct)
LONGEST = 300  # characters of one line
MOST_LANGUAGES = 20
DAY_FIRST = re.compile(  # 3/2027, 4/3/2027, 4/3/2027 10:00, 4.3.2027 10h00 +01:00
    r"(?:(\d{1,2})[/.-])?(\d{1,2})[/.-](\d{4})(?:,? (\d{1,2})[:.h](\d\d)(?: ?(Z|[+-]\d\d:\d\d))?)?"
)
YEAR_FIRST = re.compile(r"(\d{4})-(\d\d)(?:-(\d\d))?(?:T(\d\d:\d\d)(?::00)?(Z|[+-]\d\d:\d\d)?)?")
PERIOD = re.compile(r"([1-9]\d{3})(?:-(0[1-9]|1[0-2]))?", re.ASCII)
MOST_LINES, LONGEST_LINE = 200, 2_000
_Lines = Annotated[tuple[Annotated[str, Meta(min_length=1, max_length=LONGEST_LINE)], ...], Meta(max_length=MOST_LINES)]
_People = Annotated[tuple[Person, ...], Meta(max_length=MOST_LINES)]
_BODIES = ("organisers", "co_organisers", "supporters", "funders")
GIVEN = (*_BODIES, "agenda", "format", "capacity", "members_only", "regions", "working_languages")
FOR_MEMBERS = re.compile(r"\b(?:members only|s[oó]lo para (?:los )?miembros|réservée? aux membres)\b", re.IGNORECASE)
OFFSET = re.compile(r"(?<=:\d\d)(?:Z|[+-]\d\d:\d\d)$")
_SHARED = ("thematic_line", "subtheme", "place", "room", "platform", "format", "working_languages", "members_only")
Field = Literal["title", "starts", "ends", "place", "room", "platform", "kind", "theme", "subtheme"]
FIELDS: tuple[Field, ...] = get_args(Field)
FOUND: Mapping[str, str] = {"starts": "start", "ends": "end", "kind": "type", "theme": "thematic_line"}


class SessionCorrectionIn(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """The facts of a session as they are to stand; a field that is None is left as it is, "" or 0 empties it.

    `starts` and `ends` are ISO 8601, with an offset where it is known, or days first as in 4/3/2027 10:00. `speakers`
    and `moderators` say, in the order in which the session has them, who has confirmed; `speaking` and `moderating` say
    who they are, in their place. `regions` say which participants are of each region or kind, or how many. A list
    replaces the one there was.
    """

    title: str | None = None
    starts: str | None = None
    ends: str | None = None
    place: str | None = None
    room: str | None = None
    platform: str | None = None
    kind: str | None = None
    theme: str | None = None
    subtheme: str | None = None
    working_languages: tuple[str, ...] | None = None
    moderators: tuple[Confirmation, ...] | None = None
    speakers: tuple[Confirmation, ...] | None = None
    moderating: _People | None = None
    speaking: _People | None = None
    organisers: _Lines | None = None
    co_organisers: _Lines | None = None
    agenda: Annotated[tuple[AgendaItem, ...], Meta(max_length=MOST_LINES)] | None = None
    objectives: _Lines | None = None
    key_messages: _Lines | None = None
    questions: _Lines | None = None
    format: SessionFormat | Literal[""] | None = None
    capacity: Annotated[int, Meta(ge=0, le=1_000_000)] | None = None
    supporters: _Lines | None = None
    funders: _Lines | None = None
    links: _Lines | None = None
    participants: tuple[str, ...] | None = None
    regions: Annotated[tuple[Region, ...], Meta(max_length=MOST_LINES)] | None = None
    members_only: bool | None = None


def corrected_details(details: SessionDetails, correction: SessionCorrectionIn) -> SessionDetails:
    """The details with what was corrected. Raises `Invalid`, naming the field."""
    found = details.found
    said = {name: _said(name, getattr(correction, name), getattr(found, FOUND.get(name, name))) for name in FIELDS}
    _ensure_order(said["starts"], said["ends"])
    if len(correction.working_languages or ()) > MOST_LANGUAGES:
        raise Invalid(field="working_languages", reason="too_long", most=MOST_LANGUAGES)
    if not said["title"]:
        raise Invalid(field="title", reason="required")
    return msgspec.structs.replace(
        details,
        found=msgspec.structs.replace(
            found,
            **{FOUND.get(name, name): words for name, words in said.items()},
            moderators=_people("moderators", correction.moderators, correction.moderating, found.moderators),
            speakers=_people("speakers", correction.speakers, correction.speaking, found.speakers),
            **_given(correction, *GIVEN),
        ),
        **_given(correction, "links", "participants"),
        objectives=_statements(correction.objectives, details.objectives),
        key_messages=_statements(correction.key_messages, details.key_messages),
        discussion_questions=_statements(correction.questions, details.discussion_questions),
    )


def _given(correction: SessionCorrectionIn, *names: str) -> dict[str, object]:
    """What it says of these, where it says something."""
    return {
        name: said or (None if name in {"format", "capacity"} else said)
        for name in names
        if (said := getattr(correction, name)) is not None
    }


def _statements(said: Sequence[str] | None, known: tuple[Statement, ...]) -> tuple[Statement, ...]:
    """These words in their order; those that are known keep the line where they stand."""
    here = {statement.text: statement for statement in known}
    return known if said is None else tuple(here.get(words, Statement(text=words)) for words in said)


def joined_details(kept: SessionDetails, other: SessionDetails, lines: int) -> SessionDetails:
    """What two sessions tell: where one is silent the other speaks, whose lines stand `lines` further down."""
    return _together(kept, further_down(other, lines))


class SessionPart(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """What a new session takes from one that is divided: items of its agenda by place, from 1, and recommendations.

    Without a title it has that of its first item.
    """

    title: str = ""
    items: Annotated[tuple[int, ...], Meta(max_length=MOST_LINES)] = ()
    recommendations: Annotated[tuple[int, ...], Meta(max_length=10_000)] = ()


def divided_details(
    details: SessionDetails, parts: Sequence[SessionPart]
) -> tuple[SessionDetails, list[SessionDetails]]:
    """What stays, and what each part has: place and theme are those of the whole, its hours those of its items.

    Raises `Invalid` for an item that the agenda does not have, or that two parts want.
    """
    left = dict(enumerate(details.found.agenda, start=1))
    made = []
    for part in parts:
        if unknown := [place for place in part.items if place not in left]:
            raise Invalid(field="items", reason="no_such_item", given=str(unknown[0]))
        made.append(_part_details(details.found, part.title, [left.pop(place) for place in part.items]))
    kept = msgspec.structs.replace(details.found, agenda=tuple(left.values()))
    return msgspec.structs.replace(details, found=kept), made


def _part_details(whole: SessionFound, title: str, items: Sequence[AgendaItem]) -> SessionDetails:
    known = {person.name: person for person in (*whole.moderators, *whole.speakers)}
    names = dict.fromkeys(name for item in items for name in item.speakers)
    first, last = (items[0], items[-1]) if items else (AgendaItem(), AgendaItem())
    said = _line("title", title or first.title, None)
    if not said:
        raise Invalid(field="title", reason="required")
    starts = _item_moment(whole, first.day, first.start) if items else whole.start
    found = SessionFound(
        title=said,
        start=starts,
        end=_item_moment(whole, last.day, last.end) if items else whole.end,
        time_verbatim=None if starts else "–".join(filter(None, (first.start, last.end))) or None,
        speakers=tuple(known.get(name, Person(name=name)) for name in names),
        agenda=tuple(items) if len(items) > 1 else (),
        **{name: getattr(whole, name) for name in _SHARED},
    )
    if any(FOR_MEMBERS.search(text) for text in (said, *(item.title or "" for item in items))):
        found = msgspec.structs.replace(found, members_only=True)  # until somebody says otherwise
    return SessionDetails(found=found)


def _item_moment(whole: SessionFound, day: str | None, clock: str | None) -> str | None:
    """The moment of an item, with the offset of the session; its day alone where it has no hour."""
    begun = whole.start or ""
    day, offset = day or begun[:10], OFFSET.search(begun)
    day = f"{begun[:4]}{day[1:]}" if begun and day.startswith("--") else day
    if day.startswith("--"):
        return None
    if not clock or not day:
        return day or None
    return f"{day}T{clock}{offset[0] if offset else ''}"


def further_down(details: Details, lines: int) -> Details:
    """The same words, each `lines` further down in its document."""
    return msgspec.convert(_moved(msgspec.to_builtins(details), lines), type(details))


def _moved(details: Any, lines: int) -> Any:
    if isinstance(details, Mapping):
        return {
            name: said + lines if name == "line" and said is not None else _moved(said, lines)
            for name, said in details.items()
        }
    return [_moved(each, lines) for each in details] if isinstance(details, list | tuple) else details


def _together(kept: Details, other: Details) -> Details:
    pairs = {name: (getattr(kept, name), getattr(other, name)) for name in kept.__struct_fields__}
    return msgspec.structs.replace(kept, **{name: _either(*pair) for name, pair in pairs.items()})


def _either(kept: Any, other: Any) -> Any:
    if isinstance(kept, Struct):
        return _together(kept, other)
    if isinstance(kept, dict):
        return other | kept
    if isinstance(kept, tuple):
        return (*kept, *(each for each in other if _named(each) not in map(_named, kept)))
    if isinstance(kept, bool):
        return kept or other
    return other if kept in {None, "", "other"} else kept


def _named(entry: Any) -> Any:
    """What tells an entry of a list from others: its words or its name, without the line where it stands."""
    return getattr(entry, "text", None) or getattr(entry, "name", None) or entry


def changed_fields(before: SessionFound, after: SessionFound) -> dict[Field, str]:
    """What was read, for each field of which something else is said now."""
    names = {field: FOUND.get(field, field) for field in FIELDS}
    pairs = {field: (getattr(before, name) or "", getattr(after, name) or "") for field, name in names.items()}
    return {field: was for field, (was, now) in pairs.items() if was != now}


def _line(field: Field, said: str | None, known: str | None) -> str | None:
    if said is None:
        return known
    words = " ".join(said.split())
    ensure_short(words, LONGEST, field)
    return words or None


def _said(field: Field, said: str | None, known: str | None) -> str | None:
    words = _line(field, said, known)
    if field not in {"starts", "ends"} or words is None or words == known:  # what the note gives may name no moment
        return words
    words = day_last(words)
    if PERIOD.fullmatch(words) or (known and words == day_last(day_first(known))):
        return words if PERIOD.fullmatch(words) else known
    try:
        datetime.fromisoformat(words)
    except ValueError:
        raise _no_moment(field, words) from None
    return words


def _no_moment(field: str, words: str) -> Invalid:
    """Which part of what should be a moment is none: its day or its time."""
    day, _, clock = words.partition("T")
    is_day = "-" in day
    try:
        datetime.fromisoformat(day)
    except ValueError:
        return Invalid(field=field, reason="not_a_day" if is_day else "not_a_time", given=day[:80])
    return Invalid(field=field, reason="not_a_time", given=clock[:80])


def day_last(words: str) -> str:
    """A moment or a month written with the day first, as ISO 8601; anything else as it is."""
    if not (typed := DAY_FIRST.fullmatch(words)):
        return words
    day, month, year, hour, minute, offset = typed.groups("")
    when = f"{year}-{month:0>2}-{day:0>2}" if day else f"{year}-{month:0>2}"
    return f"{when}T{hour:0>2}:{minute}{offset}" if hour else when


def day_first(moment: str) -> str:
    """The same the other way round, as people type it: "4/3/2027 10:00 +01:00", "3/2027"."""
    if not (stated := YEAR_FIRST.fullmatch(moment)):
        return moment
    year, month, day, *clock = stated.groups("")
    return " ".join(filter(None, ["/".join(part.lstrip("0") for part in (day, month, year) if part), *clock]))


def _ensure_order(starts: str | None, ends: str | None) -> None:
    if not starts or not ends:
        return
    try:
        first, last = datetime.fromisoformat(starts), datetime.fromisoformat(ends)
    except ValueError:
        return
    if bool(first.tzinfo) == bool(last.tzinfo) and last < first:
        raise Invalid(field="ends", reason="ends_before_it_starts")


def _people(
    field: str, said: tuple[Confirmation, ...] | None, others: tuple[Person, ...] | None, known: tuple[Person, ...]
) -> tuple[Person, ...]:
    known = known if others is None else others
    if said is None:
        return known
    if len(said) != len(known):
        raise Invalid(field=field, reason="not_as_many", most=len(known))
    return tuple(msgspec.structs.replace(person, confirmed=state) for person, state in zip(known, said, strict=True))
