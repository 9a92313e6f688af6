"""What a note says in two ways or leaves open: reported with its lines, never corrected."""

import re
from collections.abc import Iterator, Sequence
from itertools import pairwise

from msgspec import Struct

from workspace.interchange.notes import agenda, headings, times, titles, when
from workspace.interchange.notes.citations import citations
from workspace.interchange.notes.cities import cities
from workspace.interchange.notes.layout import Kind, Layout
from workspace.interchange.notes.loose_ends import loose_ends
from workspace.interchange.notes.reading import Line
from workspace.interchange.notes.reckoning import panels, reckoning
from workspace.interchange.notes.rules import ALL
from workspace.interchange.notes.rules.slips import NUMBERS
from workspace.interchange.notes.sections import Placed
from workspace.interchange.notes.sessions import Mention, Sessions
from workspace.interchange.notes.slips import slips
from workspace.interchange.notes.slots import Slot
from workspace.interchange.notes.variants import variants
from workspace.interchange.notes.words import folded, unmarked
from workspace.interchange.notes.zones import zones
from workspace.sessions.extraction import (
    Evidence,
    Inconsistency,
    SessionFound,
    Severity,
    SpokenLanguage,
    TemplateSection,
)

LONGEST_QUOTE = 200
SESSION_OF_MINUTES = re.compile(
    r"\b(?:est[ea]|this|cette?|ce)\s\w{3,20}(?:\s\w{3,20})?\s(?:de|of|d['’]une durée de)\s"
    r"(\d{2,3})\s(?:minutos|minutes)\b"
    r"|\bthis\s(\d{2,3})-minute\b"
    r"|\b(?:durará|durar[aá]|will last|lasts|durera|dure)\s(\d{2,3})\s(?:minutos|minutes)\b",
    re.IGNORECASE,
)
LASTED_HOURS = re.compile(
    r"\b(?:met for|lasted|se reunió durante|duró|durará|will last|s['’]est réunie? pendant|a duré|durera)\s"
    rf"(?P<hours>\d|{'|'.join(NUMBERS)})\s(?:hours?|horas?|heures?)\b(?!\s(?:y|and|et)\b)",
    re.IGNORECASE,
)


class _Note(Struct, frozen=True):
    passages: Sequence[Placed]
    sessions: Sessions
    template: Sequence[TemplateSection]


def inconsistencies(
    passages: Sequence[Placed],
    sessions: Sessions,
    template: Sequence[TemplateSection],
    *,
    lines: Sequence[Line],
    layout: Layout,
    language: SpokenLanguage,
    projects: int,
) -> tuple[Inconsistency, ...]:
    """Every inconsistency that can be shown by lines of the note."""
    note = _Note(passages, sessions, template)
    every = (
        _durations,
        _agenda_sum,
        _agenda_end,
        _schedule,
        _word_limits,
        _days,
        _zones,
        _type,
        _speakers,
        _registration,
        _programme,
    )
    found = [found for check in every for found in check(note)]
    found += citations(passages)
    found += variants(passages)
    found += cities(passages)
    found += reckoning(layout, passages, sessions, projects=projects)
    found += panels(passages)
    found += zones(passages, sessions.found)
    found += loose_ends(passages, sessions)
    found += slips(lines, layout, passages, language=language)
    return tuple(dict.fromkeys(found))


def _flag(kind: str, severity: Severity, description: str, *evidence: Evidence) -> Inconsistency:
    return Inconsistency(type=kind, severity=severity, description=description, evidence=evidence)


def _quote(line: Placed) -> Evidence:
    return Evidence(quote=line.passage.text[:LONGEST_QUOTE], line=line.passage.line, page=line.passage.page)


def _slot(slot: Slot) -> Evidence:
    return Evidence(quote=f"{slot.verbatim} {slot.title.text}"[:LONGEST_QUOTE], line=slot.line)


def _only(note: _Note) -> SessionFound | None:
    return note.sessions.found[0] if len(note.sessions.found) == 1 else None


def _labelled(note: _Note, *roles: str) -> Iterator[Placed]:
    for line in note.passages:
        stated = headings.field(line.passage.text) if line.passage.kind is Kind.FIELD else None
        if stated and stated.role in roles:
            yield line


def _lengths(note: _Note) -> Iterator[tuple[int, str, Evidence]]:
    """Every statement of how long the session lasts."""
    for line in _labelled(note, "duration"):
        if minutes := times.minutes(line.passage.text):
            yield minutes, "stated", _quote(line)
    for line in note.passages:
        if found := SESSION_OF_MINUTES.search(line.passage.text):
            begins = found.start()
            minutes = next(int(number) for number in found.groups() if number)
            yield minutes, "in the text", Evidence(quote=found[0], line=line.passage.line_at(begins))
        elif lasted := LASTED_HOURS.search(line.passage.text):
            hours = int(lasted["hours"]) if lasted["hours"].isdigit() else NUMBERS[lasted["hours"].lower()]
            quote = Evidence(quote=lasted[0], line=line.passage.line_at(lasted.start()))
            yield hours * 60, "in the text", quote
    for line in _labelled(note, "datetime", "time"):
        span = times.clock_span(unmarked(line.passage.text))
        if span and span.minutes:
            yield span.minutes, "by the clock", _quote(line)


def _durations(note: _Note) -> Iterator[Inconsistency]:
    lengths = list(_lengths(note)) if _only(note) else []
    if len({minutes for minutes, _, _ in lengths}) > 1:
        told = ", ".join(f"{minutes} minutes {where}" for minutes, where, _ in lengths)
        yield _flag("duration", "error", f"Different durations: {told}.", *(evidence for *_, evidence in lengths))


def _agenda_sum(note: _Note) -> Iterator[Inconsistency]:
    session = _only(note)
    if session is None:
        return
    items = [item.minutes for item in session.agenda if item.minutes and item.end is None]
    lengths = {minutes for minutes, _, _ in _lengths(note)}
    if len(items) > 1 and lengths and sum(items) not in lengths:
        against = " or ".join(str(minutes) for minutes in sorted(lengths))
        evidence = [
            Evidence(quote=text[:LONGEST_QUOTE], line=line) for line, text in agenda.minutes_stand_on(note.passages)
        ]
        evidence += [_slot(slot) for slot in note.sessions.agenda_slots if slot.minutes]
        yield _flag("agenda_sum", "error", f"The agenda adds up to {sum(items)} minutes, not {against}.", *evidence)


def _agenda_end(note: _Note) -> Iterator[Inconsistency]:
    """An agenda of one day that goes on when its session is over, or begins before it."""
    session = _only(note)
    slots = [slot for slot in note.sessions.agenda_slots if slot.span.end]
    if session is None or not (slots and session.start and session.end) or len({slot.day for slot in slots}) > 1:
        return
    begins, ends = session.start[11:16], session.end[11:16]
    if not (begins and ends) or session.start[:10] != session.end[:10]:
        return
    last, first = slots[-1], slots[0]
    evidence = [_slot(first), _slot(last)]
    if last.span.end and f"{last.span.end:%H:%M}" > ends:
        told = f"The agenda goes on until {last.span.end:%H:%M}, the session ends at {ends}."
        yield _flag("agenda_sum", "error", told, evidence[1])
    if f"{first.span.start:%H:%M}" < begins:
        told = f"The agenda begins at {first.span.start:%H:%M}, the session at {begins}."
        yield _flag("agenda_sum", "warning", told, evidence[0])


def _schedule(note: _Note) -> Iterator[Inconsistency]:
    timed = [slot for slot in note.sessions.agenda_slots if slot.span.end]
    for before, after in pairwise(timed):
        if before.day != after.day or before.span.end is None:
            continue
        evidence = [_slot(before), _slot(after)]
        if after.span.start > before.span.end:
            gap = f"Nothing stands between {before.span.end:%H:%M} and {after.span.start:%H:%M}."
            yield _flag("schedule_gap", "warning", gap, *evidence)
        elif after.span.start < before.span.end:
            overlap = f"One item ends at {before.span.end:%H:%M}, the next begins at {after.span.start:%H:%M}."
            yield _flag("schedule_overlap", "error", overlap, *evidence)


def _word_limits(note: _Note) -> Iterator[Inconsistency]:
    if not note.template:
        return
    named = {headings.name(line.passage.text): line for line in reversed(note.passages)}  # the first of each name
    for section in note.template:
        heading = named[section.name]
        if section.limit_words and section.counted_words > section.limit_words:
            told = f"{section.name}: {section.counted_words} words for a limit of {section.limit_words}."
            yield _flag("word_limit", "error", told, _quote(heading))
        elif not section.counted_words:
            yield _flag("empty_section", "warning", f"{section.name}: nothing stands in this section.", _quote(heading))


def _days(note: _Note) -> Iterator[Inconsistency]:
    lines = [
        (line, times.days(unmarked(line.passage.text)))
        for line in note.passages
        if len(line.passage.text) < LONGEST_QUOTE
    ]
    for passage, days in lines:
        for day in days:
            dated = day.on()
            if dated and day.weekday is not None and dated.weekday() != day.weekday:
                told = f"{day.verbatim} is not the day of the week that is named."
                yield _flag("weekday_mismatch", "error", told, _quote(passage))
    undated = [session for session in note.sessions.found if session.time_verbatim and session.start is None]
    first = next(((line, days) for line, days in lines if days and all(day.year is None for day in days)), None)
    if undated and first and "start" not in undated[0].inferred:
        yield _flag("missing_year", "warning", "The date has no year.", _quote(first[0]))


def _zones(note: _Note) -> Iterator[Inconsistency]:
    local = {cues.local_time for cues in ALL.values()}
    for line in note.passages:
        text = unmarked(line.passage.text)
        if line.passage.kind not in {Kind.FIELD, Kind.SLOT} or len(text) > LONGEST_QUOTE:
            continue
        offsets = times.offsets(text)
        if any(words in folded(text) for words in local) and not offsets:
            yield _flag("timezone", "info", "Local time without an offset from UTC.", _quote(line))
        elif when.offset_disagreement(times.clock_spans(text), offsets):
            yield _flag("timezone", "error", "The same time in two zones is two different moments.", _quote(line))


def _type(note: _Note) -> Iterator[Inconsistency]:
    for line in note.passages[:14]:
        stated = headings.field(line.passage.text)
        if titles.type_options(stated.value if stated and stated.role == "type" else line.passage.text):
            yield _flag("type_not_selected", "warning", "The form's list of types stands as it was.", _quote(line))


def _speakers(note: _Note) -> Iterator[Inconsistency]:
    marks = [mark for cues in ALL.values() for mark in cues.unconfirmed]
    for session in note.sessions.found:
        still = [person for person in session.speakers if person.confirmed == "no"]
        if still:
            evidence = [
                _quote(line)
                for line in note.passages
                if len(line.passage.text) < LONGEST_QUOTE * 2
                and any(mark in line.passage.text.lower() for mark in marks)
            ]
            told = f"{len(still)} of {len(session.speakers)} speakers are still to be confirmed."
            yield _flag("unconfirmed_speakers", "warning", told, *evidence)


def _registration(note: _Note) -> Iterator[Inconsistency]:
    session = _only(note)
    if session is None or session.registration != "required":
        return
    evidence = [_quote(passage) for passage in _labelled(note, "registration")]
    says_when = any(times.days(one.quote) for one in evidence)
    says_where = any(mark in line.passage.text for line in note.passages for mark in ("http", "www.", "@"))
    if not (says_when or says_where):
        yield _flag(
            "missing_field", "warning", "Registration is required, but nothing says where or until when.", *evidence
        )


def _programme(note: _Note) -> Iterator[Inconsistency]:
    """A programme against the notes of its sessions: names, notes that are missing, days out of order."""
    if not note.sessions.is_programme:
        return
    mentions = [list(group) for group in note.sessions.mentions]
    has_notes = any(mention.is_note for group in mentions for mention in group)
    for group in mentions:
        listed, noted = [m for m in group if not m.is_note], [m for m in group if m.is_note]
        if listed and noted and _differ(listed[0], noted[0]):
            told = "The programme and the note call the session by different titles."
            yield _flag("title_variant", "warning", told, _cited(listed[0]), _cited(noted[0]))
        elif listed and not noted and has_notes:
            yield _flag(
                "missing_note", "info", "The programme lists a session that no note describes.", _cited(listed[0])
            )
    yield from _order(mentions)


def _order(mentions: Sequence[Sequence[Mention]]) -> Iterator[Inconsistency]:
    listed = sorted((m for group in mentions for m in group if not m.is_note and m.moment), key=lambda m: m.place)
    for before, after in pairwise(listed):
        if before.moment and after.moment and after.moment[:2] < before.moment[:2]:
            told = "A day of the programme stands after a later one."
            yield _flag("order_mismatch", "info", told, _cited(before), _cited(after))


def _differ(listed: Mention, noted: Mention) -> bool:
    (kind, name), (other, called) = titles.parted(listed.title), titles.parted(noted.title)
    both = (listed.title, noted.title) if kind and other else (name, called)
    return len({re.sub(r"\W+", " ", folded(title)).strip() for title in both}) > 1


def _cited(mention: Mention) -> Evidence:
    line = min(mention.slot.title.lines, default=mention.line) if mention.slot else mention.line
    return Evidence(quote=mention.title[:LONGEST_QUOTE], line=line)
