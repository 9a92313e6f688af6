"""What a note says in two ways or leaves open, and slips of writing: reported with its lines, never corrected."""

import re
from collections import Counter
from collections.abc import Iterator, Sequence
from itertools import pairwise

from msgspec import Struct
from rapidfuzz.distance import OSA

from workspace.interchange.notes import lines, programme, times
from workspace.interchange.notes import times as when
from workspace.interchange.notes.inconsistencies.arithmetic import arithmetic_findings
from workspace.interchange.notes.inconsistencies.figures import (
    count_findings,
    loose_end_findings,
    panels,
    zone_findings,
)
from workspace.interchange.notes.inconsistencies.naming import (
    citation_findings,
    city_findings,
    each_once,
    flag,
    found_at,
    variant_findings,
)
from workspace.interchange.notes.layout import Layout, PassageKind
from workspace.interchange.notes.lines import NoteLine, folded, unmarked
from workspace.interchange.notes.programme import ProgrammeSlot
from workspace.interchange.notes.rules import ALL, form_in_any, forms, word_set
from workspace.interchange.notes.sections import SectionPassage
from workspace.interchange.notes.sessions import FoundSessions, SessionMention
from workspace.sessions.extraction import (
    DocumentKind,
    Evidence,
    Inconsistency,
    SessionFound,
    SpokenLanguage,
    TemplateSection,
)

FORM = forms("report")

LONGEST = 5000
WORDS_OF_ADDRESSES = word_set(
    "international regional government municipality association network council secretariat communication commission "
    "ayuntamiento ciudades gobierno internacional asociacion secretaria collectivites gouvernement participation"
)
WORDS_OF_LIMITS = {"en": "words", "es": "palabras", "fr": "mots"}
FEWEST_STUCK = 3


def slip_findings(
    lines: Sequence[NoteLine], layout: Layout, passages: Sequence[SectionPassage], *, language: SpokenLanguage
) -> Iterator[Inconsistency]:
    """Everything of the kind, one entry for each sort with all its places."""
    yield from each_once(
        "ocr", "info", "Words probably spoiled by scanning.", _scanned(lines, layout, passages, language)
    )
    yield from each_once("language_quality", "info", "Typing errors.", _written(passages, language))
    yield from each_once("template_language_mix", "info", "Form in another language here.", _mixed(passages, language))
    yield from each_once("date_format", "info", "Year of two digits.", _short_years(passages))
    yield from each_once("language_codes", "info", "Language codes of different kinds.", _codes(passages))
    yield from each_once("extraction_artifact", "info", "Remains of a lost table or page.", _marks(lines))
    yield from each_once("contact", "warning", "Address probably misspelled.", _contacts(lines))


def _scanned(
    lines: Sequence[NoteLine], layout: Layout, passages: Sequence[SectionPassage], language: SpokenLanguage
) -> Iterator[Evidence]:
    for number, text in layout.running:
        if FORM["header_numeral"].match(text.strip("*_# ")):
            yield Evidence(quote=text, line=number)
    vocabulary = Counter(word.lower() for line in lines for word in FORM["word"].findall(line.text[:LONGEST]))
    impossible = FORM.get(f"impossible_{language}", FORM["nothing"])
    for placed in passages:
        yield from _spoiled_words(placed, vocabulary, impossible)
        for found in FORM["alone"].finditer(placed.passage.text[:LONGEST]) if language == "es" else ():
            quote = placed.passage.text[max(0, found.start() - 20) : found.end() + 20].strip()
            yield Evidence(quote=quote, line=placed.passage.line_at(found.start()))


def _spoiled_words(line: SectionPassage, vocabulary: Counter[str], impossible: re.Pattern[str]) -> Iterator[Evidence]:
    """Words that stand there twice, run together, or have letters no word has."""
    text = line.passage.text[:LONGEST]
    yield from (found_at(line, found) for found in FORM["doubled"].finditer(text))
    for found in FORM["word"].finditer(text):
        word, stuck = found[0], FORM["stuck"].match(found[0])
        is_odd = word.islower() and vocabulary[word] == 1 and bool(impossible.fullmatch(word))
        shorter = (word[:at] + word[at + 1 :] for at in range(len(word)))  # one of them is a word that the note has
        is_stuck = stuck and vocabulary[stuck[1].lower()] >= FEWEST_STUCK and vocabulary[word.lower()] == 1
        if is_stuck or (is_odd and any(vocabulary[each] for each in shorter)):
            yield found_at(line, found)


def _written(passages: Sequence[SectionPassage], language: SpokenLanguage) -> Iterator[Evidence]:
    slips = FORM.get(f"quality_{language}", FORM["nothing"])
    for line in passages:
        yield from (found_at(line, found) for found in slips.finditer(line.passage.text[:LONGEST]))


def _mixed(passages: Sequence[SectionPassage], language: SpokenLanguage) -> Iterator[Evidence]:
    """A limit of words stated in a language that is not the note's."""
    for line in passages:
        aside = lines.PARENTHESIS.search(line.passage.text) if lines.word_limit(line.passage.text) else None
        if aside and any(
            re.search(rf"\b{words}\b", aside[0], re.IGNORECASE)
            for code, words in WORDS_OF_LIMITS.items()
            if code != language
        ):
            yield Evidence(quote=aside[0], line=line.passage.line, page=line.passage.page)


def _short_years(passages: Sequence[SectionPassage]) -> Iterator[Evidence]:
    for line in passages:
        if line.passage.kind in {PassageKind.FIELD, PassageKind.SLOT} and (
            found := FORM["short_year"].search(line.passage.text)
        ):
            yield found_at(line, found)


def _codes(passages: Sequence[SectionPassage]) -> Iterator[Evidence]:
    """Codes of languages that are not all of one kind ("ING - ESP - FR")."""
    for line in passages:
        stated = lines.labelled_value(line.passage.text) if line.passage.kind is PassageKind.FIELD else None
        codes = FORM["code"].findall(stated.value) if stated and stated.role == "languages" else []
        if len({len(code) for code in codes}) > 1:
            yield Evidence(quote=line.passage.text, line=line.passage.line, page=line.passage.page)


def _marks(lines: Sequence[NoteLine]) -> Iterator[Evidence]:
    for line in lines:
        found = FORM["html"].search(line.text[:LONGEST]) or re.search("\N{REPLACEMENT CHARACTER}", line.text[:LONGEST])
        if found:
            yield Evidence(
                quote=line.text[found.start() : found.start() + 60].strip(), line=line.number, page=line.page
            )


def _contacts(lines: Sequence[NoteLine]) -> Iterator[Evidence]:
    for line in lines:
        for found in FORM["email"].finditer(line.text[:LONGEST]):
            if any(_is_nearly(part, known) for part in found[1].split(".") for known in WORDS_OF_ADDRESSES):
                yield Evidence(quote=found[0], line=line.number, page=line.page)


def _is_nearly(part: str, known: str) -> bool:
    """Whether a part of an address holds a usual word with one letter wrong or lost, and not the word itself."""
    plain = folded(part)
    if known in plain or len(plain) < len(known) - 1:
        return False
    return any(
        OSA.distance(plain[begins : begins + length], known, score_cutoff=1) == 1
        for length in (len(known) - 1, len(known))
        for begins in range(len(plain) - length + 1)
    )


LONGEST_QUOTE = 200


class _NoteContext(Struct, frozen=True):
    passages: Sequence[SectionPassage]
    sessions: FoundSessions
    template: Sequence[TemplateSection]


def inconsistencies(
    passages: Sequence[SectionPassage],
    sessions: FoundSessions,
    template: Sequence[TemplateSection],
    *,
    lines: Sequence[NoteLine],
    layout: Layout,
    language: SpokenLanguage,
    kind: DocumentKind,
    is_itself: bool,
    asked: int,
) -> tuple[Inconsistency, ...]:
    """Every inconsistency that can be shown by lines of the note."""
    note = _NoteContext(passages, sessions, template)
    of_one = (_durations, _agenda_sum, _agenda_end, _schedule, _word_limits, _days, _zones)
    is_ahead = kind not in {"minutes", "report"}
    is_compiled = any(mention.is_note for group in sessions.mentions for mention in group)
    is_undated = kind == "concept_note" or (is_ahead and is_compiled)
    found = [found for check in (*of_one, _type, _speakers, _registration, _programme) for found in check(note)]
    found += citation_findings(passages)
    found += variant_findings(passages)
    found += city_findings(passages)
    found += count_findings(layout, passages, sessions, is_undated=is_undated)
    found += arithmetic_findings(passages, sessions, is_ahead=is_ahead, is_itself=is_itself, asked=asked)
    found += panels(passages)
    found += zone_findings(passages, sessions.found)
    found += loose_end_findings(passages, sessions)
    found += slip_findings(lines, layout, passages, language=language)
    return tuple(dict.fromkeys(found))


def _quote(line: SectionPassage) -> Evidence:
    return Evidence(quote=line.passage.text[:LONGEST_QUOTE], line=line.passage.line, page=line.passage.page)


def _slot(slot: ProgrammeSlot) -> Evidence:
    return Evidence(quote=f"{slot.verbatim} {slot.title.text}"[:LONGEST_QUOTE], line=slot.line)


def _only(note: _NoteContext) -> SessionFound | None:
    return note.sessions.found[0] if len(note.sessions.found) == 1 else None


def _labelled(note: _NoteContext, *roles: str) -> Iterator[SectionPassage]:
    for line in note.passages:
        stated = lines.labelled_value(line.passage.text) if line.passage.kind is PassageKind.FIELD else None
        if stated and stated.role in roles:
            yield line


def _lengths(note: _NoteContext) -> Iterator[tuple[int, str, Evidence]]:
    """Every statement of how long the session lasts."""
    for line in _labelled(note, "duration"):
        if minutes := times.written_minutes(line.passage.text):
            yield minutes, "stated", _quote(line)
    for line in note.passages:
        if line.is_heading and line.section.role == "agenda" and (minutes := times.written_minutes(line.passage.text)):
            yield minutes, "stated", _quote(line)
        if found := FORM["session_of_minutes"].search(line.passage.text):
            begins = found.start()
            minutes = next(int(number) for number in found.groups() if number)
            yield minutes, "in the text", Evidence(quote=found[0], line=line.passage.line_at(begins))
        elif lasted := FORM["lasted_hours"].search(line.passage.text):
            quote = Evidence(quote=lasted[0], line=line.passage.line_at(lasted.start()))
            yield times.length(lasted["length"]) or 0, "in the text", quote
    for line in _labelled(note, "datetime", "time"):
        span = times.clock_span(unmarked(line.passage.text))
        if span and span.minutes:
            yield span.minutes, "by the clock", _quote(line)


def _durations(note: _NoteContext) -> Iterator[Inconsistency]:
    lengths = list(_lengths(note)) if _only(note) else []
    if len({minutes for minutes, _, _ in lengths}) > 1:
        told = ", ".join(f"{minutes} minutes {where}" for minutes, where, _ in lengths)
        yield flag("duration", "error", f"Different durations: {told}.", *(evidence for *_, evidence in lengths))


def _agenda_sum(note: _NoteContext) -> Iterator[Inconsistency]:
    session = _only(note)
    if session is None:
        return
    items = [item.minutes for item in session.agenda if item.minutes and item.end is None]
    lengths = {minutes for minutes, _, _ in _lengths(note)}
    every = " ".join(text for _, text in programme.minutes_stand_on(note.passages))
    if len(items) > 1 and lengths and sum(items) not in lengths and not form_in_any("each").search(folded(every)):
        against = " or ".join(str(minutes) for minutes in sorted(lengths))
        evidence = [
            Evidence(quote=text[:LONGEST_QUOTE], line=line) for line, text in programme.minutes_stand_on(note.passages)
        ]
        evidence += [_slot(slot) for slot in note.sessions.agenda_slots if slot.minutes]
        yield flag("agenda_sum", "error", f"The agenda adds up to {sum(items)} minutes, not {against}.", *evidence)


def _agenda_end(note: _NoteContext) -> Iterator[Inconsistency]:
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
        yield flag("agenda_sum", "error", told, evidence[1])
    if f"{first.span.start:%H:%M}" < begins:
        told = f"The agenda begins at {first.span.start:%H:%M}, the session at {begins}."
        yield flag("agenda_sum", "warning", told, evidence[0])


def _schedule(note: _NoteContext) -> Iterator[Inconsistency]:
    timed = [slot for slot in note.sessions.agenda_slots if slot.span.end]
    for before, after in pairwise(timed):
        if before.day != after.day or before.span.end is None:
            continue
        evidence = [_slot(before), _slot(after)]
        if after.span.start > before.span.end:
            gap = f"Nothing stands between {before.span.end:%H:%M} and {after.span.start:%H:%M}."
            yield flag("schedule_gap", "warning", gap, *evidence)
        elif after.span.start < before.span.end:
            overlap = f"One item ends at {before.span.end:%H:%M}, the next begins at {after.span.start:%H:%M}."
            yield flag("schedule_overlap", "error", overlap, *evidence)


def _word_limits(note: _NoteContext) -> Iterator[Inconsistency]:
    if not note.template:
        return
    named = {lines.heading_name(line.passage.text): line for line in reversed(note.passages)}  # the first of each name
    for section in note.template:
        heading = named[section.name]
        if section.limit_words and section.counted_words > section.limit_words:
            told = f"{section.name}: {section.counted_words} words for a limit of {section.limit_words}."
            yield flag("word_limit", "error", told, _quote(heading))
        elif not section.counted_words:
            yield flag("empty_section", "warning", f"{section.name}: nothing stands in this section.", _quote(heading))


def _days(note: _NoteContext) -> Iterator[Inconsistency]:
    lines = [
        (line, times.written_days(unmarked(line.passage.text)))
        for line in note.passages
        if len(line.passage.text) < LONGEST_QUOTE
    ]
    undated = [session for session in note.sessions.found if session.time_verbatim and session.start is None]
    first = next(((line, days) for line, days in lines if days and all(day.year is None for day in days)), None)
    if undated and first and "start" not in undated[0].inferred:
        yield flag("missing_year", "warning", "The date has no year.", _quote(first[0]))


def _zones(note: _NoteContext) -> Iterator[Inconsistency]:
    local = {cues.local_time for cues in ALL.values()}
    for line in note.passages:
        text = unmarked(line.passage.text)
        if line.passage.kind not in {PassageKind.FIELD, PassageKind.SLOT} or len(text) > LONGEST_QUOTE:
            continue
        offsets = times.written_offsets(text)
        if any(words in folded(text) for words in local) and not offsets:
            yield flag("timezone", "info", "Local time without UTC offset.", _quote(line))
        elif when.offset_disagreement(times.clock_spans(text), offsets):
            yield flag("timezone", "error", "Same time in two zones: different moments.", _quote(line))


def _type(note: _NoteContext) -> Iterator[Inconsistency]:
    for line in note.passages[:14]:
        stated = lines.labelled_value(line.passage.text)
        if programme.type_options(stated.value if stated and stated.role == "type" else line.passage.text):
            yield flag("type_not_selected", "warning", "No type chosen in the form.", _quote(line))


def _speakers(note: _NoteContext) -> Iterator[Inconsistency]:
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
            yield flag("unconfirmed_speakers", "warning", told, *evidence)


def _registration(note: _NoteContext) -> Iterator[Inconsistency]:
    session = _only(note)
    if session is None or session.registration != "required":
        return
    evidence = [_quote(passage) for passage in _labelled(note, "registration")]
    says_when = any(times.written_days(evidence.quote) for evidence in evidence)
    says_where = any(mark in line.passage.text for line in note.passages for mark in ("http", "www.", "@"))
    if not (says_when or says_where):
        yield flag("missing_field", "warning", "Registration required, without place or deadline.", *evidence)


def _programme(note: _NoteContext) -> Iterator[Inconsistency]:
    """A programme against the notes of its sessions: names, notes that are missing, days out of order."""
    if not note.sessions.is_programme:
        return
    mentions = [list(group) for group in note.sessions.mentions]
    has_notes = any(mention.is_note for group in mentions for mention in group)
    for group in mentions:
        listed, noted = [m for m in group if not m.is_note], [m for m in group if m.is_note]
        if listed and noted and _differ(listed[0], noted[0]):
            told = "Titles in programme and note differ."
            yield flag("title_variant", "warning", told, _cited(listed[0]), _cited(noted[0]))
        elif listed and not noted and has_notes:
            yield flag("missing_note", "info", "Session of the programme without a note.", _cited(listed[0]))
    yield from _order(mentions)


def _order(mentions: Sequence[Sequence[SessionMention]]) -> Iterator[Inconsistency]:
    listed = sorted((m for group in mentions for m in group if not m.is_note and m.moment), key=lambda m: m.place)
    for before, after in pairwise(listed):
        if before.moment and after.moment and after.moment[:2] < before.moment[:2]:
            told = "Days of the programme out of order."
            yield flag("order_mismatch", "info", told, _cited(before), _cited(after))


def _differ(listed: SessionMention, noted: SessionMention) -> bool:
    (kind, name), (other, called) = programme.split_type(listed.title), programme.split_type(noted.title)
    both = (listed.title, noted.title) if kind and other else (name, called)
    return len({re.sub(r"\W+", " ", folded(title)).strip() for title in both}) > 1


def _cited(mention: SessionMention) -> Evidence:
    line = min(mention.slot.title.lines, default=mention.line) if mention.slot else mention.line
    return Evidence(quote=mention.title[:LONGEST_QUOTE], line=line)
