"""Titles, slots and agendas: what a programme lists under clock times."""

import re
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from itertools import takewhile

from msgspec import Struct, structs

from workspace.interchange.notes import lines, people, sentences, times
from workspace.interchange.notes import people as appearing
from workspace.interchange.notes.layout import NotePassage, PassageKind
from workspace.interchange.notes.lines import bare_title, begins_lower, ends_sentence, folded, single_spaced, unmarked
from workspace.interchange.notes.rules import form_in_any, forms
from workspace.interchange.notes.sections import SectionPassage, stated_value
from workspace.interchange.notes.slots import names_people
from workspace.interchange.notes.times import ClockSpan, WrittenDay
from workspace.sessions.extraction import AgendaItem

FORM = forms("programme")

LONGEST = 300
LONGEST_LEAD = 60
AFTER_KIND = FORM["after_kind"]
FEWEST_WORDS = 2
LAST_OF_A_PAIR = 2
FEWEST_SLOTS = 3
FIRST_LETTERS = "abcdefgh"


def split_type(title: str) -> tuple[str | None, str]:
    """The type a title begins with ("Diálogo de alto nivel. …") and the rest; no type where nothing parts them.

    What kind of paper it is ("Rapporteur's notes — Session 4: …") is left out.
    """
    plain = bare_title(title)[:LONGEST]
    found = FORM["typed"].match(plain) or FORM["quoted"].match(plain)
    if not found:
        lead, dash, rest = FORM["dash"].sub(" — ", plain, count=1).partition(" — ")
        found = FORM["typed"].match(rest) if dash and len(lead) < LONGEST_LEAD else None
    if not found:
        return None, unquoted(plain)
    return single_spaced(found["type"]), unquoted(found["title"].strip(" .:-–—"))


def without_kind(title: str) -> str:
    """A title without the kind of paper before it ("Concept note: …")."""
    plain = bare_title(title)
    parts = AFTER_KIND.split(plain, maxsplit=1)
    lead, rest = parts if len(parts) > 1 and len(parts[1].split()) >= FEWEST_WORDS else (plain, "")
    if rest and is_kind(lead):
        return rest
    named = FORM["kind_of"].match(folded(lead))
    body = lead[named.end() :] if named else ""
    if rest and body:
        return f"{body}: {rest}" if type_alone(body) else title
    if len(body.split()) < FEWEST_WORDS or times.written_days(body):
        return title
    return body[:1].upper() + body[1:]


def is_kind(text: str) -> bool:
    """Whether a line says what kind of paper it heads, and no more."""
    return bool(FORM["kind_alone"].fullmatch(folded(bare_title(text))))


def type_alone(text: str) -> str | None:
    """The type of a line that holds nothing else ("Diálogo", "Taller de Aprendizaje No 10")."""
    found = FORM["alone"].match(bare_title(text)[:LONGEST])
    return single_spaced(found["type"]) if found else None


def type_options(text: str) -> tuple[str, ...]:
    """The types of a form's line on which none was chosen ("Panel / Taller / Mesa redonda")."""
    options = FORM["options"].split(bare_title(text)[:LONGEST])
    if len(options) > 1 and sum(type_alone(option) is not None for option in options) > 1:
        return tuple(options)
    return ()


def unquoted(title: str) -> str:
    """A title without the quotation marks around the whole of it."""
    found = FORM["quotation"].match(title)
    return found[1] if found else title


def without_number(title: str) -> str:
    """A session's title without the number a programme gave it."""
    return unquoted(FORM["numbered_name"].sub("", unmarked(title)))


def mentioned_type(text: str) -> str | None:
    """The type by which a text calls its own session ("Esta mesa redonda …")."""
    found = FORM["mentioned"].search(text)
    return found[1] if found else None


LONGEST_TITLE = 220
LONGEST_ABOVE = 160
MOST_WORDS_OF_A_BREAK = 7
MOST_WORDS_OF_A_QUESTION = 9
MOST_ABOVE = 4
NEAR = 2  # lines
MOST_PARALLEL = 24
MOST_OF_A_ROW = 4
FIRST_LINES = 14
NAMED_FOR = FORM["named_for"]
MINUTES_ASIDE = FORM["minutes_aside"]
OF_A_SLOT = frozenset({"datetime", "date", "time", "place", "room"})
LEAD = " |*_-–—•·:.),>→"


class SlotTitle(Struct, frozen=True):
    """A slot's title, the lines it stands on, and its room."""

    text: str = ""
    lines: tuple[int, ...] = ()
    is_above: bool = False
    room: str | None = None


LONGEST_ZONE = 200
LONGEST_MONTH = 30


class ProgrammeSlot(Struct, frozen=True):
    """A span of clock times with its day and title; `place` is its passage."""

    place: int
    line: int
    span: ClockSpan
    day: WrittenDay | None
    title: SlotTitle
    verbatim: str
    offsets: tuple[str, ...]
    is_in_agenda: bool
    is_dated: bool
    minutes: int | None = None
    cells: tuple[int, ...] = ()  # the places of what stands in its row of a table, or in its column until the next time

    @property
    def is_break(self) -> bool:
        words = FORM["aside_after"].split(folded(self.title.text), maxsplit=1)[0]
        is_short = len(words.split()) < MOST_WORDS_OF_A_BREAK and FORM["break"].search(words)
        return not words.strip() or bool(is_short or FORM["break_first"].match(words))

    @property
    def is_typed(self) -> bool:
        return split_type(self.title.text)[0] is not None or self.title.is_above


def programme_slots(passages: Sequence[SectionPassage]) -> tuple[ProgrammeSlot, ...]:
    """Every slot of the note, with the day it falls on where a line above says so."""
    return _rooms_under(passages, _rooms_first(passages, _told_one_by_one(passages, tuple(_found(passages)))))


def _rooms_under(passages: Sequence[SectionPassage], found: Sequence[ProgrammeSlot]) -> tuple[ProgrammeSlot, ...]:
    """The slots, where the line below some is a name that stands over a column of others: it is their room."""
    named = {slot.title.room for slot in found if slot.cells and slot.title.room}
    below = {slot.place: line.passage for slot in found for line in passages[slot.place + 1 : slot.place + 2]}
    return tuple(
        structs.replace(slot, title=structs.replace(slot.title, room=below[slot.place].text))
        if not (slot.title.room or slot.cells) and slot.place in below and below[slot.place].text in named
        else slot
        for slot in found
    )


def _told_one_by_one(passages: Sequence[SectionPassage], found: Sequence[ProgrammeSlot]) -> tuple[ProgrammeSlot, ...]:
    """The slots, where several lines with a date of their own each stand under a title: what else they say is where."""
    over = {slot.place: title for slot in found if slot.is_dated and (title := _title_above(passages, slot.place)).text}
    near = {place: title for place, title in over.items() if passages[place].passage.line - title.lines[-1] <= NEAR}
    near = {
        place: title
        for place, title in near.items()
        if _begins_block(passages, title.lines[0], is_apart=bool(passages[place].passage.gap))
        and not _has_title_from_above(passages[place].passage)
    }
    bare = [slot.place for slot in found if slot.is_dated and not {slot.line}.intersection(slot.title.lines)]
    below = {at: line.passage for at in bare for line in passages[at + 1 : at + 2] if _may_be_title(line.passage)}
    if len(below) > max(1, len(near)) and len(below) == len(bare):
        near = {at: SlotTitle(_cut(passage.text), (passage.line,)) for at, passage in below.items()}
    return tuple(
        structs.replace(slot, title=near[slot.place]) if len(near) > 1 and slot.place in near else slot
        for slot in found
    )


def _has_title_from_above(passage: NotePassage) -> bool:
    """Whether the title stood on the line before the time, and was read after it."""
    on = [line for _, line in passage.starts]
    return on != sorted(on)


def _begins_block(passages: Sequence[SectionPassage], line: int, *, is_apart: bool) -> bool:
    """Whether a line stands after an empty one, or first, or is no one's name below a slot, if nothing parts them."""
    at = next(at for at, each in enumerate(passages) if each.passage.line == line)
    passage, before = passages[at].passage, passages[max(0, at - 1)].passage
    if not at or passage.gap or passage.kind is PassageKind.HEADING:
        return True
    is_below = passage.bullet or (before.kind is PassageKind.SLOT and not is_apart)
    return bool(is_below) and not people.only_people(passage.text)


def _rooms_first(passages: Sequence[SectionPassage], found: Sequence[ProgrammeSlot]) -> tuple[ProgrammeSlot, ...]:
    """The slots, where the room stands beside the time and the title below it: "9:30 – 10:30 · Main Barn"."""
    beside = Counter(slot.title.text for slot in found if slot.line in slot.title.lines and not slot.is_break)
    beside.update(2 * [slot.title.room for slot in found if slot.title.room])
    candidates = {slot.place: list(_asides(slot.title.text)) for slot in found}
    often = Counter(aside["room"] for every in candidates.values() for aside in every)
    known = {room for room in often if often[room] > 1 or lines.is_room(room)}
    kinds = Counter(aside.re for every in candidates.values() for aside in every if aside["room"] in known)
    real = sum(not slot.is_break for slot in found)
    are_rooms = {kind for kind, number in kinds.items() if number >= FEWEST_SLOTS and 2 * number >= real}
    asides = {
        place: aside
        for place, every in candidates.items()
        for aside in every[::-1]
        if aside["room"] in known or aside.re in are_rooms
    }
    below = {slot.place: line.passage for slot in found for line in passages[slot.place + 1 : slot.place + 2]}
    found = [
        structs.replace(slot, title=structs.replace(slot.title, text=aside["title"], room=aside["room"]))
        if (aside := asides.get(slot.place))
        else slot
        for slot in found
    ]
    return tuple(
        structs.replace(slot, title=SlotTitle(_cut(title.text), (title.line,), room=slot.title.text))
        if not slot.title.room
        and (lines.is_room(slot.title.text) or beside[slot.title.text] > 1)
        and (title := below.get(slot.place))
        and _may_be_title(title)
        else slot
        for slot in found
    )


def _asides(title: str) -> Iterator[re.Match[str]]:
    """What may be a title and its room: "Hall B · Water", "Water (Hall B)", "Water – Hall B", "Water, Hall B"."""
    ahead = FORM["room_ahead"].match(title)
    if ahead and not type_alone(ahead["room"]) and not series_entry(ahead["room"]):
        yield ahead
    yield from filter(None, (FORM[name].match(title) for name in ("room_aside", "room_after_dash", "room_after_comma")))


def _found(passages: Sequence[SectionPassage]) -> Iterator[ProgrammeSlot]:
    by_name, year = named_days(passages), _first_year(passages)
    day, heads = only_day(passages), headed_days(passages)
    of_all: tuple[str, ...] = ()
    zones: tuple[str, ...] = ()  # of the day, where a line of its own says so
    is_head = is_begun = False  # of a day, above its first time; whether any day has begun
    for place, line in enumerate(passages):
        text = unmarked(line.passage.text)
        by_name |= times.days_of_month(text, year) if len(text) < LONGEST_MONTH else {}
        begun = heads.get(place)
        is_head = bool(begun) or (is_head and line.passage.kind is not PassageKind.SLOT)
        said = _zones_said(line, text, is_head=is_head)
        is_begun = is_begun or bool(begun and not begun.last)
        day, of_all = begun or day, said if not is_begun and said else of_all
        zones = said or (of_all if begun else zones)
        span = times.slot_span(text) if line.passage.kind is PassageKind.SLOT else None
        if span is None or form_in_any("next_meeting").match(text) or _is_value(passages, place):
            continue
        own = times.written_days(text[: span.begins]) or _day_in_short(text[: span.begins], by_name)
        day = own[0] if own else day
        rest = FORM["zone_aside"].sub("", text[span.ends :]).lstrip(LEAD).rstrip(" |*_")
        stated = text[: text.rindex(rest)] if rest else text
        apart = FORM["room_then_title"].match(unmarked(text[span.ends :]))
        led, rest = rest, FORM["in_parallel"].sub("", rest)
        lasting = MINUTES_ASIDE.search(rest)
        title = _title(passages, place, MINUTES_ASIDE.sub("", rest), is_dated=bool(own))
        title = SlotTitle(_cut(apart["title"]), title.lines, room=apart["room"]) if apart else title
        row = sum(each.passage.line == line.passage.line for each in passages[place : place + MOST_OF_A_ROW])
        together = () if title.room or row > LAST_OF_A_PAIR else _in_series(passages, place, is_led=led != rest)
        for at, each in together or (() if title.room else _in_rooms(passages, place, rest)) or ((place, title),):
            yield ProgrammeSlot(
                place=at,
                line=line.passage.line,
                span=span,
                day=day,
                title=each,
                verbatim=stated.strip(" |*_•:,–—-"),
                offsets=tuple(times.written_offsets(stated)) or zones,
                is_in_agenda=line.section.role == "agenda",
                is_dated=bool(own) and not (line.passage.column or together),
                minutes=int(lasting[1]) if lasting else None,
                cells=_cells(passages, at) if passages[at].passage.column else (),
            )


def _is_value(passages: Sequence[SectionPassage], place: int) -> bool:
    """Whether a time is what a label in the cell before it says: "Time | 14:00 – 17:00"."""
    stated = stated_value(passages, place - 1) if place and passages[place].passage.column == LAST_OF_A_PAIR else None
    return stated is not None and passages[place - 1].passage.line == passages[place].passage.line


def headed_days(passages: Sequence[SectionPassage]) -> dict[int, WrittenDay]:
    """The places of lines that a day begins with: its date, or in days told above "FRIDAY", "Friday 12", "Day 2"."""
    found: dict[int, WrittenDay] = {}
    by_name, year = named_days(passages), _first_year(passages)
    for place, line in enumerate(passages):
        text = unmarked(line.passage.text)
        by_name |= times.days_of_month(text, year) if len(text) < LONGEST_MONTH else {}
        short = None if line.passage.column else FORM["day_alone"].match(folded(text))
        if day := times.day_line(text) or (_named_so(short, by_name) if short else None):
            found[place] = day
    return found


def named_days(passages: Sequence[SectionPassage]) -> dict[str, WrittenDay]:
    """The days that the first lines give together ("12–14 May 2027"): by number, weekday and place ("13", "2.").

    Those of a month that they give ("May 2027"): by weekday and number.
    """
    texts = [unmarked(line.passage.text) for line in passages[:FIRST_LINES]]
    by_name = {name: day for text in texts for name, day in times.days_of_month(text).items()}
    for several in (day for text in texts for day in times.written_days(text) if day.last and day.year):
        for number in range(several.day, (several.last or 0) + 1):
            each = structs.replace(several, day=number, last=None, weekday=None)
            names = (name for name, at in times.ALL_WEEKDAYS.items() if (on := each.on()) and on.weekday() == at)
            by_name |= dict.fromkeys([*names, str(number)], each)
            by_name[f"{number - several.day + 1}."] = each
    return by_name


def _first_year(passages: Sequence[SectionPassage]) -> int | None:
    found = (FORM["year"].search(line.passage.text[:LONGEST]) for line in passages[:FIRST_LINES])
    return next((int(year[0]) for year in found if year), None)


def _named_so(short: re.Match[str], by_name: Mapping[str, WrittenDay]) -> WrittenDay | None:
    return by_name.get(_name_of_day(short)) or by_name.get(f"{short['weekday']} {short['number']}")


def _name_of_day(short: re.Match[str]) -> str:
    return str(short["number"] or short["weekday"] or f"{_number_of(short['ordinal'] or short['nth'] or '')}.")


def series_entry(text: str) -> tuple[int, str] | None:
    """The number of a session in a series, and its title if the line has it: "Session 2: Water", "Second workshop"."""
    entry = FORM["entry"].match(text)
    if entry and not times.clock_span(entry["title"]):
        return _number_of(entry["number"]), entry["title"]
    alone = FORM["entry_alone"].match(folded(text))
    if alone is None:
        return None
    rest = text[len(text) - len(alone["rest"] or "") :].strip(" ,:()–—-")
    is_when = not rest or times.told_span(rest) or times.written_days(rest) or FORM["part_of_day"].search(folded(rest))
    return (_number_of(alone["number"] or alone["nth"]), "") if is_when else None


def _number_of(written: str) -> int:
    """The number that a digit, a word, a Roman numeral or the place of a letter says; 0 for none."""
    plain = folded(written)
    said = str(times.NUMBERS.get(plain) or lines.ordinal(plain))
    return int(said) if said.isdigit() else FIRST_LETTERS.find(said) + 1


def short_days(text: str, by_name: Mapping[str, WrittenDay]) -> list[WrittenDay]:
    """The days of a line that names one of those told above by its weekday: "Tuesday morning", "jueves 5, 9:00"."""
    named = FORM["weekday_said"].finditer(folded(text))
    days = (by_name.get(found["number"] or "") or by_name.get(found["weekday"]) for found in named)
    return list(filter(None, days))


def _day_in_short(lead: str, by_name: Mapping[str, WrittenDay]) -> list[WrittenDay]:
    """The day that stands before a time without its month: "Friday 13, 9:00"."""
    short = FORM["day_alone"].match(folded(lead))
    day = _named_so(short, by_name) if short else None
    return [day] if day else []


def only_day(passages: Sequence[SectionPassage]) -> WrittenDay | None:
    """The day that the first lines give, where they give one: it holds for all that stands below."""
    heads = [line.passage.text for line in passages[:FIRST_LINES] if line.passage.kind is not PassageKind.SLOT]
    heads = [text for text in heads if not form_in_any("deadline").search(folded(text))]
    days = {(day.month, day.day): day for text in heads for day in times.written_days(text[:LONGEST]) if day.year}
    only = next(iter(days.values()), None)
    return only if only and len(days) == 1 and not only.last else None


def _cells(passages: Sequence[SectionPassage], at: int) -> tuple[int, ...]:
    """The row of a slot, or a cell under its room with what stands below it before the next row of times."""
    line, column = passages[at].passage.line, passages[at].passage.column
    if passages[at].passage.kind is PassageKind.SLOT or not passages[at].room:
        row = [place for place, cell in enumerate(passages) if cell.passage.line == line]
        under = takewhile(lambda place: _goes_with_row(passages[place].passage), range(row[-1] + 1, len(passages)))
        return (*row, *under)
    near = range(at + 1, min(at + 1 + MOST_PARALLEL, len(passages)))
    after = [(place, passages[place].passage) for place in near if passages[place].passage.line != line]
    ends = (place for place, cell in after if cell.kind is PassageKind.SLOT or not cell.column or cell.gap)
    end = next(ends, near.stop)
    return (at, *(place for place, cell in after if place < end and cell.column == column))


def _goes_with_row(passage: NotePassage) -> bool:
    return not (passage.column or passage.gap or passage.level or passage.kind is PassageKind.SLOT)


def _whole_title(passages: Sequence[SectionPassage], at: int) -> str:
    """A cell's title with the line under its row on which it goes on: "Ministers and mayors:" / "a conversation"."""
    cell = passages[at].passage
    under = [line.passage for line in passages[at : at + MOST_PARALLEL] if line.passage.line == cell.line + 1]
    below = next((passage for passage in under if passage.column in {0, cell.column}), None)
    is_open = below is not None and not below.gap and below.kind in {PassageKind.TEXT, PassageKind.CELL}
    is_open = is_open and not any(passage.kind is PassageKind.SLOT for passage in under)
    if below is None or not is_open:
        return cell.text
    if FORM["numbered_alone"].match(cell.text) and _is_words(below.text):
        return f"{cell.text}: {below.text}"
    is_begun = cell.text.endswith(":") or lines.goes_on(cell.text) or begins_lower(below.text)
    is_row = below.column < LAST_OF_A_PAIR or passages[at].head == "title"
    return f"{cell.text} {below.text}" if is_begun or (not is_row and _is_words(below.text)) else cell.text


def _is_words(text: str) -> bool:
    """Whether a line can be part of a title: no sentence, no room, nobody's name."""
    is_apart = people.unlabelled(text) != text or ends_sentence(text) or lines.is_room(text)
    return not (is_apart or people.only_people(text) or people.without_people(text)[1])


def _in_rooms(passages: Sequence[SectionPassage], place: int, rest: str) -> tuple[tuple[int, SlotTitle], ...]:
    """What happens at one time in several rooms: the cells of a row, or titles under the names of their rooms."""
    if under := tuple(_rows_under(passages, place)):
        return under
    line = passages[place].passage.line
    near = range(place + 1, min(place + 1 + MOST_PARALLEL, len(passages)))
    named = list(_under_rooms(passages, near))
    rest = "" if len({room for _, room in named}) > 1 and not passages[place].passage.column else rest
    around = range(max(0, place - MOST_ABOVE), near.stop)
    cells = [at for at in around if at != place and passages[at].passage.line == line]
    row = [at for at in cells if FORM["word"].search(passages[at].passage.text)]
    if lead := _room_before(rest):
        return ((place, SlotTitle(_cut(lead[2]), (line,), room=lead[1])),)
    if rest and not row and not any(_room_before(passages[at].passage.text) for at in near[:1]):
        return ()
    headed = {passages[at].head: at for at in row}
    if "title" in headed:
        room = passages[headed["room"]].passage.text if "room" in headed else None
        title = appearing.item_title(_whole_title(passages, headed["title"]))
        return ((place, SlotTitle(_cut(title), (line,), room=room)),)
    if row:
        rooms = [passages[at].passage.text for at in row if lines.is_room(passages[at].passage.text)]
        others = [at for at in row if at > place and not lines.is_room(passages[at].passage.text)]
        named = [(at, room) for at in row if (room := passages[at].room)] or [
            (at, rooms[0]) for at in others[:1] if rooms
        ]
    return tuple(
        (at, SlotTitle(_cut(title), (passages[at].passage.line,), room=room))
        for at, room in named
        if (title := appearing.item_title(_after_room(_whole_title(passages, at), under=passages[at].room)))
    )


def _in_series(passages: Sequence[SectionPassage], place: int, *, is_led: bool) -> tuple[tuple[int, SlotTitle], ...]:
    """What one time is for, listed below it: "Workshop A: Water", "Workshop B: Light"; bare letters where words led."""
    near = takewhile(
        lambda pair: pair[1].passage.kind is not PassageKind.SLOT and not times.day_line(pair[1].passage.text),
        enumerate(passages[place + 1 : place + 1 + MOST_PARALLEL], start=place + 1),
    )
    found: dict[str, tuple[int, SlotTitle]] = {}
    for at, line in near:
        passage = line.passage
        text = unmarked(passage.text)
        number = FORM["entry"].match(text) or (
            FORM["of_series"].fullmatch(passage.bullet) if is_led and passage.bullet else None
        )
        if number and (passage.bullet or not passage.column) and not ends_sentence(text.rstrip("?!")):
            found.setdefault(number["number"].upper(), (at, SlotTitle(_cut(text), (passage.line,))))
    return tuple(found.values()) if len(found) > 1 and min(found) in {"A", "1"} else ()


def _rows_under(passages: Sequence[SectionPassage], place: int) -> Iterator[tuple[int, SlotTitle]]:
    """The sessions that a table without times lists under a time: a row of it each, or what stands under its room."""
    slot = passages[place].passage
    below = list(takewhile(lambda line: line.passage.kind is not PassageKind.SLOT, passages[place + 1 :]))
    first = below[0].passage if below and not (slot.column or times.written_days(slot.text)) else slot
    if not first.column or first.line == slot.line:
        return
    rows = takewhile(lambda pair: pair[1].passage.column, enumerate(below, start=place + 1))
    for at, cell in rows:
        row = {line.head: line.passage.text for line in below if line.passage.line == cell.passage.line}
        is_other = people.only_people(cell.passage.text) or FORM["numbered_alone"].match(cell.passage.text)
        if (cell.head == "title" or (cell.room and not is_other)) and (
            title := appearing.item_title(cell.passage.text)
        ):
            yield at, SlotTitle(_cut(title), (cell.passage.line,), room=row.get("room") or cell.room)


def _under_rooms(passages: Sequence[SectionPassage], near: Sequence[int]) -> Iterator[tuple[int, str]]:
    room: str | None = None
    for at in near:
        passage = passages[at].passage
        lead = _room_before(passage.text)
        is_inside = room or lead or lines.is_room(passage.text)
        if passage.kind is PassageKind.SLOT or times.day_line(passage.text) or (passage.gap and not is_inside):
            return
        is_beside = passage.column == 1 and at + 1 in near and passages[at + 1].passage.column == LAST_OF_A_PAIR
        if lines.is_room(passage.text) or (is_beside and room is None and at > near[0]):
            room = passage.text
        elif lead:
            yield at, lead[1]
        elif room and (passage.kind is not PassageKind.FIELD or type_alone(passage.text.partition(":")[0])):
            yield at, room
            room = None


def _after_room(text: str, *, under: str | None) -> str:
    lead = None if under else _room_before(text)
    return lead[2] if lead else text


def _room_before(text: str) -> re.Match[str] | None:
    """A room and the title after it ("Hall B: Water for all"), no labelled room ("Room: Hall B")."""
    found = FORM["room_before"].match(unmarked(text))
    return found if found and lines.is_room(found[1]) and not lines.labelled_value(text) else None


def _zones_said(line: SectionPassage, text: str, *, is_head: bool) -> tuple[str, ...]:
    """The offsets that a line states for what follows it: a line of the head of a day, or one that speaks of times."""
    tells = line.passage.kind is not PassageKind.SLOT and len(text) <= LONGEST_ZONE
    tells = tells and (is_head or bool(FORM["tells_of_times"].search(folded(text))))
    return tuple(times.written_offsets(text)) if tells else ()


def _title(passages: Sequence[SectionPassage], place: int, rest: str, *, is_dated: bool) -> SlotTitle:
    """The title on the slot's own line, under it (a programme), or over it (a note)."""
    here = passages[place].passage
    following = [line.passage for line in passages[place + 1 : place + 5]]
    is_numbered = FORM["numbered_alone"].match(rest) and not lines.is_room(rest)
    below = following[0] if rest and following and following[0].kind is PassageKind.TEXT else None
    if below and not is_numbered and _may_be_title(below) and not lines.is_room(below.text):
        is_open = (lines.goes_on(rest) or begins_lower(below.text)) and not names_people(below.text)
        is_open = is_open or (rest.endswith(":") and _is_words(below.text))
        is_led = _room_below(following[1:2]) and not people.only_people(below.text)
        rest += f" {below.text}" if is_open else f": {below.text}" if is_led else ""
    if rest and not (is_numbered and following and _may_be_title(following[0])):
        on = tuple(dict.fromkeys(line for _, line in here.starts))
        return SlotTitle(_cut(rest), on, room=None if here.column else _room_below(following))
    if following and following[0].line == here.line and following[0].kind is not PassageKind.SLOT:
        return SlotTitle(_cut(appearing.item_title(following[0].text)), (here.line,))
    if following and not is_dated and not following[0].column and _may_be_title(following[0]):
        return SlotTitle(_cut(following[0].text), (following[0].line,), room=_room_below(following[1:3]))
    return _title_above(passages, place)


def _room_below(following: Sequence[NotePassage]) -> str | None:
    """The room that one of the lines right below a title is, or ends with: "Hester Quill, broker. Committee Room"."""
    near = takewhile(lambda passage: not (passage.gap or passage.kind is PassageKind.SLOT), following)
    parts = (part for passage in near for part in passage.text.split(". "))
    return next(filter(lines.is_room, (FORM["inside"].sub("", part.strip(" .[]")) for part in parts)), None)


def _title_above(passages: Sequence[SectionPassage], place: int) -> SlotTitle:
    above = _above(passages, place)
    text, on = " ".join(passage.text for passage in above), tuple(passage.line for passage in above)
    return SlotTitle(_cut(text), on, is_above=bool(above))


def _is_label(text: str) -> bool:
    """Whether a line is a label alone, over when or where a session is."""
    return lines.LABELS.get(folded(bare_title(text))) in OF_A_SLOT


def _may_be_title(passage: NotePassage) -> bool:
    if passage.gap or passage.kind in {PassageKind.SLOT, PassageKind.FIELD} or len(passage.text) > LONGEST_TITLE:
        return False
    text = passage.text
    return (
        passage.kind is PassageKind.CELL
        or not (ends_sentence(text) or _is_label(text))
        or (text.endswith("?") and (bool(split_type(text)[0]) or len(text.split()) <= MOST_WORDS_OF_A_QUESTION))
    )


def _above(passages: Sequence[SectionPassage], place: int) -> list[NotePassage]:
    """The heading lines right over a slot; a subtitle between the heading and the slot is left out."""
    above: list[NotePassage] = []
    for line in reversed(passages[max(0, place - MOST_ABOVE) : place]):
        passage = line.passage
        if not above and (times.day_line(passage.text) or _is_label(passage.text)):
            continue
        is_asked = not above and passage.text.endswith("?") and bool(passage.gap or passage.is_indented)
        is_month = times.is_month(passage.text)
        if len(passage.text) > LONGEST_ABOVE or is_month or passage.kind in {PassageKind.SLOT, PassageKind.FIELD}:
            break
        if (ends_sentence(passage.text) and not is_asked) or (above and above[0].kind is PassageKind.ITEM):
            break
        if above and (above[0].gap or above[0].is_indented) and not passage.text.endswith(":"):
            return [passage] if split_type(passage.text)[0] and not split_type(above[0].text)[0] else above
        above.insert(0, passage)
    return above


def _cut(title: str) -> str:
    kept = people.without_people(FORM["person_aside"].sub("", bare_title(title)[:LONGEST_TITLE]))[0]
    kept = f"{kept})" if kept.count("(") > kept.count(")") else kept
    tail = FORM["sentence_behind"].match(kept)
    kept = tail["title"].strip(" .") if tail and lines.says_where(tail["rest"]) else kept
    first = next((said.text for said in sentences.split_sentences(kept)), kept)
    is_whole = len(first.split()) > 1 and not first[-2:-1].isdigit() and split_type(kept)[0] is None
    is_explained = first != kept and first.endswith(".") and is_whole
    return first.strip(" .") if is_explained else kept


LONGEST_ITEM_TITLE = 160


def agenda(passages: Sequence[SectionPassage], slots: Sequence[ProgrammeSlot]) -> dict[int, AgendaItem]:
    """The items by the place of their passage, in the order of the source; times as "09:30"."""
    days = {slot.day.iso for slot in slots if slot.day}
    timed = {
        slot.place: AgendaItem(
            title=slot.title.text or None,
            minutes=slot.span.minutes or slot.minutes,
            start=f"{slot.span.start:%H:%M}",
            end=f"{slot.span.end:%H:%M}" if slot.span.end else None,
            day=slot.day.iso if slot.day and len(days) > 1 else None,
            is_break=slot.is_break,
        )
        for slot in slots
    }
    measured = dict(_measured(passages))
    return dict(sorted({**measured, **timed}.items()))


def minutes_stand_on(passages: Sequence[SectionPassage]) -> list[tuple[int, str]]:
    """The lines that state an item's minutes, with their words."""
    return [(passages[place].passage.line, passages[place].passage.text) for place, _ in _measured(passages)]


def _measured(passages: Sequence[SectionPassage]) -> Iterator[tuple[int, AgendaItem]]:
    """Items with minutes: a table's cell before the title, or an aside of the title."""
    for place, line in enumerate(passages):
        passage = line.passage
        if line.head == "minutes" and (number := FORM["number_alone"].match(passage.text)):
            yield place, AgendaItem(title=_beside(passages, place), minutes=int(number[1]))
            continue
        if (
            passage.kind in {PassageKind.SLOT, PassageKind.FIELD, PassageKind.HEADING}
            or len(passage.text) > LONGEST_ITEM_TITLE * 2
        ):
            continue
        minutes = times.written_minutes(passage.text)
        if minutes is None or times.clock_span(passage.text):
            continue
        if FORM["duration_alone"].match(passage.text) and (
            passage.kind is PassageKind.CELL or line.section.role == "agenda"
        ):
            following = passages[place + 1].passage if place + 1 < len(passages) else None
            yield place, AgendaItem(title=_item_title(following.text) if following else None, minutes=minutes)
        elif line.section.role == "agenda" and not lines.labelled_value(passage.text):
            yield (
                place,
                AgendaItem(title=_item_title(FORM["duration_aside"].sub(" ", passage.text, count=1)), minutes=minutes),
            )


def _beside(passages: Sequence[SectionPassage], place: int) -> str | None:
    """The title in the row of a table whose minutes stand at `place`."""
    row = (line for line in passages if line.passage.line == passages[place].passage.line)
    return next((_item_title(line.passage.text) for line in row if line.head == "title"), None)


def _item_title(text: str) -> str:
    return bare_title(unmarked(text))[:LONGEST_ITEM_TITLE]
