"""Counts, time zones, announced ends and blanks that do not add up."""

import re
from collections import Counter, defaultdict
from collections.abc import Iterator, Mapping, Sequence
from datetime import date, datetime, timedelta
from functools import cache
from itertools import combinations
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from babel import Locale
from babel.core import get_global
from rapidfuzz import fuzz

from workspace.interchange.notes import lines, people, times
from workspace.interchange.notes.inconsistencies.arithmetic import number_of
from workspace.interchange.notes.inconsistencies.naming import each_once, flag, found_at
from workspace.interchange.notes.layout import Layout, PassageKind
from workspace.interchange.notes.lines import folded, unmarked
from workspace.interchange.notes.rules import ALL, form_in_any, forms
from workspace.interchange.notes.sections import SectionPassage
from workspace.interchange.notes.sessions import FoundSessions, SessionMention
from workspace.sessions.extraction import Evidence, Inconsistency, Person, SessionFound

FORM = forms("figures")
MOST_EVIDENCE = 8
LONG_STRETCH = 180
MINUTES_FOR_ONE = 6
FEWEST_PANELLISTS = 4
SAME = 85


def count_findings(
    layout: Layout, passages: Sequence[SectionPassage], sessions: FoundSessions, *, is_undated: bool
) -> Iterator[Inconsistency]:
    """Everything a reader with a pencil would find; "last year" is a riddle in concept notes, which go on undated."""
    yield from _both(passages)
    yield from _relative_dates(passages) if is_undated else ()
    yield from _breaks(sessions)
    yield from _double_booked(passages, sessions)
    yield from _outside(layout, passages)
    yield from _opening(passages, sessions)
    yield from _organisers(passages, sessions)
    yield from _participants(passages, sessions)


def _both(passages: Sequence[SectionPassage]) -> Iterator[Inconsistency]:
    """ "Both documents", and then "these four documents"."""
    counted: dict[str, dict[int, Evidence]] = defaultdict(dict)
    for line in passages:
        for found in FORM["definite"].finditer(unmarked(line.passage.text)):
            noun = folded(found["noun"] or found["of_both"] or found["of_whole"]).rstrip("s")
            number = 2 if found["both"] else number_of(found["number"] or found["whole"])
            counted[noun].setdefault(number, found_at(line, found))
    for noun, numbers in counted.items():
        if len(numbers) > 1:
            told = f"“{noun}” is counted as {' and as '.join(map(str, numbers))}."
            yield flag("count_mismatch", "warning", told, *numbers.values())


def _relative_dates(passages: Sequence[SectionPassage]) -> Iterator[Inconsistency]:
    evidence = [
        found_at(line, found) for line in passages for found in FORM["relative_date"].finditer(line.passage.text)
    ]
    if evidence:
        yield flag("relative_date", "info", "Date relative to the day of writing.", *evidence[:MOST_EVIDENCE])


def _breaks(sessions: FoundSessions) -> Iterator[Inconsistency]:
    """Three hours without a pause, and a session that begins in its room before another ends."""
    for slot in sessions.agenda_slots:
        if not (slot.is_break or slot.is_dated) and (slot.span.minutes or 0) >= LONG_STRETCH:
            told = f"{slot.span.minutes} minutes without a break."
            yield flag("no_break", "info", told, Evidence(quote=f"{slot.verbatim} {slot.title.text}", line=slot.line))
    if not sessions.is_programme:
        return
    timed = [
        (found, next((m for m in group if m.slot), None))
        for found, group in zip(sessions.found, sessions.mentions, strict=True)
    ]
    for (before, first), (after, second) in combinations(timed, 2):
        if not (before.room == after.room and before.room and first and second and before.end and after.start):
            continue
        both = [Evidence(quote=mention.title, line=mention.line) for mention in (first, second)]
        if (before.start or "") < after.start < before.end:
            told = f"One item ends at {before.end[11:16]}, the next begins at {after.start[11:16]}."
            yield flag("schedule_overlap", "error", told, *both)


def _double_booked(passages: Sequence[SectionPassage], sessions: FoundSessions) -> Iterator[Inconsistency]:
    """Who speaks or moderates in two rooms at once, by the lines that name them under the titles."""
    placed = [
        (found, group[0], {_surname(person) for person in (*found.speakers, *found.moderators) if person.name})
        for found, group in zip(sessions.found, sessions.mentions, strict=True)
        if group and "T" in (found.start or "")
    ]
    for (before, first, here), (after, second, there) in combinations(placed, 2):
        both = min(before.end or "", after.end or "") > max(before.start or "", after.start or "")
        if (before.room != after.room or not before.room) and (before.start == after.start or both):
            for _, name in sorted(here & there):
                named = [_naming(name, mention, sessions.passages or passages) for mention in (first, second)]
                yield flag("double_role", "warning", "One person in two agenda items.", *named)


def _surname(person: Person) -> tuple[str, str]:
    """The first letter and the last word of a name, which "L. Marchetti" has as well."""
    name = _name(person)
    return name[:1], name.rpartition(" ")[2]


def _naming(name: str, mention: SessionMention, passages: Sequence[SectionPassage]) -> Evidence:
    cells = mention.slot.cells[1:] if mention.slot else ()
    places = cells or range(mention.place, min(mention.place + MOST_EVIDENCE, len(passages)))
    near = (passages[place].passage for place in places)
    at = next((passage for passage in near if name in folded(passage.text)), None)
    return Evidence(quote=at.text, line=at.line) if at else Evidence(quote=mention.title, line=mention.line)


def _outside(layout: Layout, passages: Sequence[SectionPassage]) -> Iterator[Inconsistency]:
    """A day of the agenda outside the days that the note gives for the whole gathering."""
    stated = [
        (day, Evidence(quote=text[:200], line=line))
        for line, text in [
            *((line.passage.line, unmarked(line.passage.text)) for line in passages if len(line.passage.text) < 120),
            *layout.running,
        ]
        for day in times.written_days(text)
        if day.last
    ]
    if not stated:
        return
    day, where = stated[0]
    for placed in (line for line in passages if line.passage.kind is not PassageKind.CELL):
        text = unmarked(placed.passage.text)
        other = times.day_line(text)
        bare = re.match(r"^(\w+)\s(\d{1,2})\b(?!\s?(?:de|of|\d))", folded(text)) if len(text) < 60 else None
        number = other.day if other and other.month == day.month else None
        if not any(each.month for each in times.written_days(text)) and bare and bare[1] in times.WEEKDAYS:
            number = int(bare[2])
        if number is not None and day.last and not day.day <= number <= day.last:
            told = f"A day of the agenda lies outside {day.verbatim}."
            yield flag("date_range_mismatch", "warning", told, where, Evidence(quote=text, line=placed.passage.line))


def _day(start: str | None) -> date | None:
    """The day of a start; None where the note knows no more than a month or a year."""
    return datetime.fromisoformat(start).date() if start and len(start) >= len("2027-03-04") else None


def _name(person: Person) -> str:
    return folded(person.name or "")


def panels(passages: Sequence[SectionPassage]) -> Iterator[Inconsistency]:
    """An item of the agenda with more people than its minutes allow, and people who stand under two items."""
    item: tuple[int, SectionPassage] | None = None
    here: list[Person] = []
    seen: Counter[str] = Counter()
    lines: dict[str, Evidence] = {}
    for line in [*passages, None]:
        minutes = times.written_minutes(line.passage.text) if line and len(line.passage.text) < 40 else None
        if line is None or (minutes and line.passage.kind is not PassageKind.FIELD):
            if item and len(here) >= FEWEST_PANELLISTS and item[0] / len(here) < MINUTES_FOR_ONE:
                told = f"{len(here)} speakers in {item[0]} minutes."
                yield flag("feasibility", "info", told, Evidence(quote=item[1].passage.text, line=item[1].passage.line))
            item, here = (minutes, line) if line and minutes else None, []
        elif (
            item
            and line.section.role == "agenda"
            and line.passage.kind is PassageKind.ITEM
            and people.is_speaker(line.passage.text)
        ):
            person = people.person(line.passage.text)
            if person:
                here.append(person)
                seen[_name(person)] += bool(person.name)
                lines.setdefault(_name(person), Evidence(quote=line.passage.text[:200], line=line.passage.line))
    for name, count in seen.items():
        if count > 1:
            yield flag("double_role", "info", "One person in two agenda items.", lines[name])


def _opening(passages: Sequence[SectionPassage], sessions: FoundSessions) -> Iterator[Inconsistency]:
    """What the text says comes first, against the agenda; and an opening that is not the first session."""
    for line in passages:
        for found in FORM["opens_with"].finditer(line.passage.text):
            titles = [item.title or "" for session in sessions.found for item in session.agenda]
            alike = [fuzz.token_set_ratio(folded(found["what"]), folded(title)) >= SAME for title in titles]
            if len(titles) > 1 and titles[0] and not alike[0] and any(alike):
                place = next((each.passage.line for each in passages if titles[0] in unmarked(each.passage.text)), None)
                told = "Text and agenda begin differently."
                yield flag(
                    "order_mismatch", "warning", told, found_at(line, found), Evidence(quote=titles[0], line=place)
                )
    dated = [
        (begins, found, group)
        for found, group in zip(sessions.found, sessions.mentions, strict=False)
        if sessions.is_programme and (begins := _day(found.start))
    ]
    for day, session, group in dated:
        is_opening = FORM["opening"].search(session.type or "")
        if is_opening and any(other < day for other, _, _ in dated):
            told = "Opening not on the first day."
            yield flag("order_mismatch", "info", told, Evidence(quote=group[0].title, line=group[0].line))


def _organisers(passages: Sequence[SectionPassage], sessions: FoundSessions) -> Iterator[Inconsistency]:
    """A partner that the text names beside an organiser, and that is not among the organisers."""
    if len(sessions.found) != 1:
        return
    only = sessions.found[0]
    named = folded(" ".join((*only.organisers, *only.co_organisers)))
    for line in passages:
        for found in FORM["partnership"].finditer(line.passage.text):
            given = [found["one"], found["two"]]
            missing = [name for name in given if folded(name) not in named]
            labelled = [p for p in passages if (f := lines.labelled_value(p.passage.text)) and "organisers" in f.role]
            if len(missing) == 1 and named:
                told = f"{missing[0]} is named as a partner and is not among the organisers."
                listed = [Evidence(quote=p.passage.text[:200], line=p.passage.line) for p in labelled]
                yield flag("organiser_mismatch", "info", told, found_at(line, found), *listed)
                return


def _participants(passages: Sequence[SectionPassage], sessions: FoundSessions) -> Iterator[Inconsistency]:
    """Those who moderate and are not in the list of participants."""
    listed = [
        line for line in passages if line.section.role == "participants" and line.passage.kind is PassageKind.ITEM
    ]
    names = folded(" / ".join(unmarked(line.passage.text) for line in listed))
    if not listed:
        return
    for session in sessions.found:
        for person in session.moderators:
            body = person.organisation or ""
            if person.name is None and body and not _is_listed(body, names):
                told = f"{body} moderates and is not in the list of participants."
                where = next((p for p in passages if body in unmarked(p.passage.text)), None)
                yield flag(
                    "list_mismatch", "info", told, Evidence(quote=body, line=where.passage.line if where else None)
                )


def _is_listed(body: str, names: str) -> bool:
    if folded(body) in names or fuzz.partial_ratio(folded(body), names) >= SAME:
        return True
    return any(f"{folded(short)} " in f"{names} " for short in _shortened(body))


def _shortened(body: str) -> Iterator[str]:
    """A name whose first words stand as their initials: "CG AL-LAs" for "Coordinación General AL-LAs"."""
    parts = body.split()
    for count in range(2, len(parts) + 1):
        initials = "".join(word[0] for word in parts[:count] if word[0].isupper())
        if len(initials) > 1:
            yield " ".join([initials, *parts[count:]])


LONGEST = 300


def zone_findings(passages: Sequence[SectionPassage], sessions: Sequence[SessionFound]) -> Iterator[Inconsistency]:
    """The first session whose stated offset no clock of its country shows on that day."""
    for session in sessions:
        country = (session.place or "").rpartition(",")[2].strip(" .")
        offsets = _offsets(country, session.start)
        stated = {times.offset_minutes(part) for part in (session.utc_offset or "").split(" / ") if part}
        if not offsets or not stated or stated & offsets:
            continue
        clocks = _zone_message(offsets)
        told = f"Times are given at {session.utc_offset}, while clocks in {country} stand at {clocks} then."
        yield flag("timezone", "info", told, *_evidence(passages, country))
        return


def _evidence(passages: Sequence[SectionPassage], country: str) -> Iterator[Evidence]:
    """The first line with an offset, and the first that names the country."""
    timed = next((line for line in passages if times.written_offsets(line.passage.text[:LONGEST])), None)
    placed = next((line for line in passages if folded(country) in folded(line.passage.text[:LONGEST])), None)
    for line in (timed, placed):
        if line is not None:
            yield Evidence(quote=line.passage.text[:LONGEST], line=line.passage.line, page=line.passage.page)


def _offsets(country: str, start: str | None) -> frozenset[int]:
    """The minutes from UTC of every clock of a country at that moment; none for what is no country."""
    if not start or "T" not in start:
        return frozenset()
    moment = datetime.fromisoformat(start).replace(tzinfo=None)
    found = (_offset(name, moment) for name in _zones_of().get(folded(country), ()))
    return frozenset(round(offset.total_seconds() / 60) for offset in found if offset is not None)


def _offset(zone: str, moment: datetime) -> timedelta | None:
    try:
        return moment.replace(tzinfo=ZoneInfo(zone)).utcoffset()
    except (ZoneInfoNotFoundError, ValueError):
        return None


@cache
def _zones_of() -> Mapping[str, tuple[str, ...]]:
    """Country, in any of the languages, to the names of its zones."""
    known = get_global("territory_zones")
    return {
        folded(name): tuple(known[code])
        for language in ALL
        for code, name in Locale.parse(language).territories.items()
        if code in known
    }


def _zone_message(offsets: frozenset[int]) -> str:
    signs = (f"{'-' if offset < 0 else '+'}{abs(offset) // 60:02}:{abs(offset) % 60:02}" for offset in sorted(offsets))
    return " or ".join(signs)


LONGEST_LOOSE_END = 400
NEAR = 24  # letters from "closed at" to the time
MOST_WORDS_OF_A_LINK = 6


def loose_end_findings(passages: Sequence[SectionPassage], sessions: FoundSessions) -> Iterator[Inconsistency]:
    """Each sort once, with its places."""
    yield from _closing(passages, sessions)
    yield from _times_of_notes(sessions)
    undone = (_found(passage, FORM["open"]) for passage in passages)
    yield from each_once("missing_field", "warning", "Something is not filled in.", undone)
    links = (_whole(passage) for passage in passages)
    yield from each_once("extraction_artifact", "info", "Link without address.", links)


def _found(line: SectionPassage, form: re.Pattern[str]) -> Evidence | None:
    text = line.passage.text[:LONGEST_LOOSE_END]
    match = form.search(text)
    if match is None:
        return None
    begins = max(0, match.start() - MOST_EVIDENCE * 5)
    return Evidence(quote=text[begins : match.end()], line=line.passage.line_at(match.start()), page=line.passage.page)


def _whole(line: SectionPassage) -> Evidence | None:
    text = unmarked(line.passage.text)
    spelled = folded(text).rstrip(".:").split()
    is_link = len(spelled) <= MOST_WORDS_OF_A_LINK and FORM["linked"].search(" ".join(spelled))
    is_link = is_link and FORM["link"].fullmatch(text)
    return Evidence(quote=text, line=line.passage.line, page=line.passage.page) if is_link else None


def _closing(passages: Sequence[SectionPassage], sessions: FoundSessions) -> Iterator[Inconsistency]:
    """ "The meeting closed at 11:45", and it was announced until 11:30."""
    only = sessions.found[0] if len(sessions.found) == 1 else None
    if only is None or not only.end or "T" not in only.end:
        return
    announced = only.end[11:16]
    for line in passages:
        text = line.passage.text[:LONGEST_LOOSE_END]
        closed = form_in_any("closed").search(text)
        clock = times.first_clock_span(text[closed.end() :][:NEAR]) if closed else None
        if closed and clock and f"{clock.start:%H:%M}" != announced:
            told = f"The session was to end at {announced}, and ended at {clock.start:%H:%M}."
            where = line.passage.line_at(closed.start())
            yield flag("duration", "warning", told, Evidence(quote=text[closed.start() :], line=where))
            return


def _times_of_notes(sessions: FoundSessions) -> Iterator[Inconsistency]:
    """A session whose note gives another time than the programme."""
    for group in sessions.mentions if sessions.is_programme else ():
        listed = next((mention for mention in group if not mention.is_note and mention.slot), None)
        noted = next((mention for mention in group if mention.is_note and mention.slot), None)
        if listed and noted and listed.slot and noted.slot and _times(listed) != _times(noted):
            both = [Evidence(quote=slot.verbatim, line=slot.line) for slot in (listed.slot, noted.slot)]
            yield flag("date_mismatch", "error", "Times in programme and note differ.", *both)


def _times(mention: SessionMention) -> tuple[object, ...]:
    slot = mention.slot
    return (mention.moment, slot.span.end) if slot else ()
