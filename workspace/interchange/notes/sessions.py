"""The sessions and meetings that a note tells of."""

import re
from collections.abc import Iterator, Sequence
from datetime import date

from msgspec import Struct, structs
from rapidfuzz import fuzz

from workspace.core.shapes import filled
from workspace.interchange.notes import lines, programme, sentences, session_details, times
from workspace.interchange.notes import session_details as said
from workspace.interchange.notes import times as when
from workspace.interchange.notes.layout import Layout, PassageKind
from workspace.interchange.notes.lines import bare_title, folded, unmarked
from workspace.interchange.notes.programme import ProgrammeSlot
from workspace.interchange.notes.rules.table import form_in_any
from workspace.interchange.notes.sections import SectionPassage
from workspace.interchange.notes.session_details import hosts
from workspace.interchange.notes.times import MONTHS, WrittenDay
from workspace.sessions.extraction import AgendaItem, Guess, SessionFound, SpokenLanguage

FEWEST_OF_A_PROGRAMME = 2
SAME_TITLE = 88
NEAR = 8
FIRST_LINES = 14
MOST_SESSIONS = 300
LONGEST_LINE = 160
TELLING = frozenset({"date", "time", "datetime", "place", "room", "moderators", "speakers", "platform"})


class SessionMention(Struct, frozen=True):
    """A place where the note announces a session: a slot, a heading, a labelled title."""

    place: int
    line: int
    title: str
    slot: ProgrammeSlot | None = None
    is_note: bool = True
    day: WrittenDay | None = None

    @property
    def moment(self) -> tuple[int, int, int, int] | None:
        if self.slot is None or self.slot.day is None:
            return None
        return self.slot.day.month, self.slot.day.day, self.slot.span.start.hour, self.slot.span.start.minute


class FoundSessions(Struct, frozen=True):
    """The sessions, the mentions each was read from, and the lines that are their titles."""

    found: tuple[SessionFound, ...] = ()
    mentions: tuple[tuple[SessionMention, ...], ...] = ()
    title_lines: frozenset[int] = frozenset()
    owners: tuple[tuple[int, int | None], ...] = ()
    agenda_slots: tuple[ProgrammeSlot, ...] = ()

    @property
    def is_programme(self) -> bool:
        return len(self.found) >= FEWEST_OF_A_PROGRAMME

    def of(self, line: int) -> int | None:
        """Which session a line belongs to, as its place in `found`."""
        if len(self.found) == 1:
            return 0
        owner = None
        for begins, session in self.owners:
            if begins > line:
                break
            owner = session
        return owner


def sessions(
    layout: Layout, passages: Sequence[SectionPassage], *, title: str | None, language: SpokenLanguage, tells_one: bool
) -> FoundSessions:
    """Every session of the note; `tells_one` where the note as a whole is about a session (not a report)."""
    slotted = programme.programme_slots(passages)
    mentions = _mentions(passages, slotted)
    place = session_details.place_of_all(layout, passages)
    known = _dated_days(passages)
    if len(mentions) >= FEWEST_OF_A_PROGRAMME:
        return _programme(passages, mentions[:MOST_SESSIONS], known=known, place=place, language=language)
    only = mentions[0] if mentions else None
    name = only.title if only else title
    if name is None or not (tells_one or only):
        return FoundSessions()
    return _single(passages, slotted, name=name, known=known, place=place, language=language, mention=only)


def _dated_days(passages: Sequence[SectionPassage]) -> list[WrittenDay]:
    return [day for line in passages for day in times.written_days(line.passage.text) if day.year]


def _mentions(passages: Sequence[SectionPassage], slotted: Sequence[ProgrammeSlot]) -> list[SessionMention]:
    labelled = [
        SessionMention(place, line.passage.line, programme.without_number(stated.value))
        for place, line in enumerate(passages)
        if line.passage.kind is PassageKind.FIELD
        and (stated := lines.labelled_value(line.passage.text))
        and stated.role == "title"
        and stated.value
    ]
    if labelled:
        return labelled
    slot_mentions = _slot_mentions(passages, slotted)
    taken = {line for mention in slot_mentions if mention.slot for line in mention.slot.title.lines}
    headed = [mention for mention in _headed(passages) if mention.line not in taken]
    return sorted([*slot_mentions, *headed], key=lambda mention: mention.place)


def _slot_mentions(passages: Sequence[SectionPassage], slotted: Sequence[ProgrammeSlot]) -> list[SessionMention]:
    """The slots of a programme; none where they are the agenda of one session."""
    real = [slot for slot in slotted if not slot.is_break and slot.title.text]
    typed = len(real) if _is_in_rooms(real) else sum(slot.is_typed for slot in real)
    first = min((slot.place for slot in real), default=0)
    has_one_date = any(
        (stated := lines.labelled_value(line.passage.text))
        and (stated.role in {"datetime", "duration"} or (stated.role == "time" and times.clock_span(stated.value)))
        for line in passages[:first]
    )
    if has_one_date or typed < FEWEST_OF_A_PROGRAMME or typed * 2 < len(real):
        return []
    mentions = []
    for slot in real:
        mentions.append(SessionMention(slot.place, slot.line, slot.title.text, slot, is_note=slot.title.is_above))
        if slot.title.also:
            mentions.append(SessionMention(slot.place, slot.line, slot.title.also, is_note=False, day=slot.day))
    return mentions


def _is_in_rooms(slots: Sequence[ProgrammeSlot]) -> bool:
    """Whether the slots stand in several rooms, or several at one time: what only a programme has."""
    rooms = {slot.title.room for slot in slots if slot.title.room}
    at_once = {(slot.day, slot.span.start, slot.span.end) for slot in slots if slot.day}
    is_parallel = len(at_once) < sum(slot.day is not None for slot in slots)
    return len(rooms) >= FEWEST_OF_A_PROGRAMME or is_parallel


def _headed(passages: Sequence[SectionPassage]) -> list[SessionMention]:
    """Headings that name a session by its type, or that labelled lines about one follow."""
    found = []
    for place, line in enumerate(passages):
        passage = line.passage
        if (
            passage.kind is not PassageKind.HEADING
            or lines.section_role(passage.text)
            or lines.word_limit(passage.text)
        ):
            continue
        kind, _ = programme.split_type(passage.text)
        if (kind or passage.level > 1) and (_is_told(passages, place) or (kind and passage.level > 1)):
            found.append(SessionMention(place, passage.line, unmarked(passage.text).lstrip("# ")))
    return found if len(found) >= FEWEST_OF_A_PROGRAMME else []


def _is_told(passages: Sequence[SectionPassage], place: int) -> bool:
    for line in passages[place + 1 : place + NEAR]:
        if line.passage.kind is PassageKind.HEADING:
            return False
        stated = lines.labelled_value(line.passage.text) if line.passage.kind is PassageKind.FIELD else None
        if stated and stated.role in TELLING:
            return True
    return False


def _programme(
    passages: Sequence[SectionPassage],
    mentions: Sequence[SessionMention],
    *,
    known: Sequence[WrittenDay],
    place: str | None,
    language: SpokenLanguage,
) -> FoundSessions:
    groups: list[list[SessionMention]] = []
    owners: list[tuple[int, int | None]] = []
    for mention in mentions:
        group = next((number for number, group in enumerate(groups) if _is_same(group[0], mention)), None)
        if group is None:
            group = len(groups)
            groups.append([])
        groups[group].append(mention)
        first = min(mention.slot.title.lines, default=mention.line) if mention.slot else mention.line
        owners.append((min(first, mention.line), group))
    forms, where = session_details.formats_by_passage(passages), session_details.places_by_passage(passages)
    ends = [mention.place for mention in mentions[1:]] + [len(passages)]
    days_begin = [place for place, line in enumerate(passages) if times.day_line(line.passage.text)]
    ends = [
        end if mention.is_note else min([end, *(day for day in days_begin if day > mention.place)])
        for mention, end in zip(mentions, ends, strict=True)
    ]
    reach = dict(zip((id(mention) for mention in mentions), ends, strict=True))
    found = tuple(
        _session(
            group,
            [passage for mention in group for passage in passages[mention.place : reach[id(mention)]]],
            known=known,
            place=where.get(group[0].place, place),
            language=language,
            form=forms.get(group[0].place),
        )
        for group in groups
    )
    if all(session.start is None and not session.inferred for session in found):
        found = tuple(_with(session, session_details.guessed_year(passages)) for session in found)
    days = [
        (placed.passage.line, None)
        for placed in passages
        if placed.passage.kind is not PassageKind.FIELD
        and times.day_line(placed.passage.text)
        and not any(line == placed.passage.line for line, _ in owners)
        and not _is_inside_note(placed, mentions)
    ]
    return FoundSessions(
        found=found,
        mentions=tuple(map(tuple, groups)),
        title_lines=frozenset(line for m in mentions if m.slot for line in m.slot.title.lines)
        | {mention.line for mention in mentions},
        owners=tuple(sorted([*owners, *days], key=lambda owner: owner[0])),
    )


def _is_inside_note(line: SectionPassage, mentions: Sequence[SessionMention]) -> bool:
    """A note's own date stands between its title and its times."""
    return any(
        mention.slot
        and mention.slot.title.is_above
        and min(mention.slot.title.lines) <= line.passage.line <= mention.line
        for mention in mentions
    )


def _is_same(first: SessionMention, other: SessionMention) -> bool:
    if first.moment and first.moment == other.moment and first.is_note != other.is_note:
        return True
    if first.is_note == other.is_note:
        return False
    if first.moment and other.moment:
        return folded(programme.split_type(first.title)[1]) == folded(programme.split_type(other.title)[1])
    return fuzz.token_set_ratio(folded(first.title), folded(other.title)) >= SAME_TITLE


def _session(
    group: Sequence[SessionMention],
    passages: Sequence[SectionPassage],
    *,
    known: Sequence[WrittenDay],
    place: str | None,
    language: SpokenLanguage,
    form: str | None,
) -> SessionFound:
    first = group[0]
    kind, name = programme.split_type(first.title)
    slot = next((mention.slot for mention in group if mention.slot), None)
    return _built(
        said.labelled_details(passages),
        name=name,
        kind=kind,
        moment=_of_slot(slot, known, language) if slot else _of_day(first.day, known, language),
        known=known,
        place=place,
        language=language,
        form=form,
        items=(),
        room=slot.title.room if slot else None,
    )


def _of_slot(slot: ProgrammeSlot, known: Sequence[WrittenDay], language: SpokenLanguage) -> when.SessionTime:
    return when.stated_time(
        day=slot.day, span=slot.span, offsets=slot.offsets, verbatim=slot.verbatim, known=known, language=language
    )


def _of_day(day: WrittenDay | None, known: Sequence[WrittenDay], language: SpokenLanguage) -> when.SessionTime | None:
    if day is None:
        return None
    return when.stated_time(day=day, span=None, offsets=(), verbatim=None, known=known, language=language)


def _single(
    passages: Sequence[SectionPassage],
    slotted: Sequence[ProgrammeSlot],
    *,
    name: str,
    known: Sequence[WrittenDay],
    place: str | None,
    language: SpokenLanguage,
    mention: SessionMention | None,
) -> FoundSessions:
    dated = next((slot for slot in slotted if slot.is_dated), None) or session_details.lone_slot(passages, slotted)
    items = tuple(slot for slot in slotted if not slot.is_dated and slot is not dated)
    kind, title = programme.split_type(programme.without_kind(name))
    kind = kind or next(
        (found for line in passages[:FIRST_LINES] if (found := programme.type_alone(line.passage.text))), None
    )
    moment = _of_slot(dated, known, language) if dated else None
    told = said.labelled_details(passages)
    built = _built(
        told,
        name=title,
        kind=kind,
        moment=moment or _undated(passages, known, language),
        known=known,
        place=place,
        language=language,
        form=dated.title.text if dated else None,
        items=said.agenda(passages, items),
    )
    built = _with_place(
        built, session_details.room_and_place_in_text(passages, told, dated, verbatim=built.time_verbatim)
    )
    if built.place is None and not told.first("place"):
        built = _with_place(built, session_details.venue_in_text(passages))
    if not built.organisers:
        organisers, others, funders = hosts(passages)
        others = built.co_organisers or others
        built = structs.replace(built, organisers=organisers, co_organisers=others, funders=funders)
    guessed = session_details.type_in_text(passages) if built.type is None else {}
    if built.time_verbatim and built.start is None and not built.inferred:
        guessed |= session_details.guessed_year(passages)
    lines = {mention.line} if mention else set()
    return FoundSessions(
        found=(_with(built, guessed),),
        mentions=((mention,) if mention else (),),
        title_lines=frozenset(lines),
        agenda_slots=items,
    )


def _with_place(session: SessionFound, told: tuple[str | None, str | None]) -> SessionFound:
    room, place = told
    return structs.replace(session, room=session.room or room, place=place or session.place)


def _with(session: SessionFound, guessed: dict[str, Guess]) -> SessionFound:
    session.inferred.update(guessed)
    return session


def _undated(
    passages: Sequence[SectionPassage], known: Sequence[WrittenDay], language: SpokenLanguage
) -> when.SessionTime | None:
    """The date among a note's first lines, where no labelled line holds it."""
    texts = [
        text
        for line in passages[:FIRST_LINES]
        if line.passage.kind is not PassageKind.FIELD and len(text := unmarked(line.passage.text)) <= LONGEST_LINE
    ]
    for text in sorted(texts, key=lambda text: times.clock_span(text) is None):
        if days := times.written_days(text):
            return when.stated_time(
                day=days[0],
                span=times.first_clock_span(text),
                offsets=times.written_offsets(text),
                verbatim=text.rstrip("."),
                known=known,
                language=language,
            )
    return None


def _built(
    details: said.LabelledDetails,
    *,
    name: str,
    kind: str | None,
    moment: when.SessionTime | None,
    known: Sequence[WrittenDay],
    place: str | None,
    language: SpokenLanguage,
    form: str | None,
    items: tuple[AgendaItem, ...],
    room: str | None = None,
) -> SessionFound:
    labelled = _labelled_moment(details, known, language)
    moment = labelled or moment or when.SessionTime()
    stated_room, stated_place = said.room_and_place(details)
    room = stated_room or room
    if room is None:
        name, room = said.room_aside(name)
    name, aside = said.format_aside(name)
    form_words = details.first("format") or aside or form
    platform = said.platform(details.first("platform"), name, form_words, details.first("place"))
    return filled(
        SessionFound,
        moment,
        title=name or "",
        type=said.session_type(details) or kind,
        thematic_line=said.thematic(details.first("thematic_line")),
        subtheme=said.thematic(details.first("subtheme")),
        time_verbatim=moment.verbatim,
        place=stated_place or place,
        room=room,
        platform=platform or details.first("platform"),
        format=said.session_format(form_words) or ("online" if platform and not room else None),
        capacity=said.capacity(details.first("capacity")) or said.seats(details.first("registration")),
        registration=said.registration(details.first("registration")),
        working_languages=said.languages(details.first("languages")),
        organisers=said.organisers(details, "organisers"),
        co_organisers=said.organisers(details, "co_organisers"),
        supporters=(),
        funders=(),
        members_only=False,
        regions=(),
        moderators=details.moderators,
        speakers=details.speakers,
        agenda=items,
        stated_duration_minutes=said.duration(details),
        inferred=dict(moment.inferred),
    )


def _labelled_moment(
    details: said.LabelledDetails, known: Sequence[WrittenDay], language: SpokenLanguage
) -> when.SessionTime | None:
    """Date and time from labelled lines, whether on one line or on two."""
    both, day_text, time_text = details.first("datetime"), details.first("date"), details.first("time")
    day_text, time_text = both or day_text, time_text or both or day_text
    days = times.written_days(day_text or "")
    if not days and not (time_text and times.first_clock_span(time_text)):
        return None
    verbatim = both or " ".join(dict.fromkeys(filter(None, [day_text, time_text])))
    return when.stated_time(
        day=days[0] if days else None,
        span=times.first_clock_span(time_text or ""),
        offsets=times.written_offsets(time_text or ""),
        verbatim=verbatim,
        known=known,
        language=language,
    )


LONGEST_NAME = 140
MOST_MEETINGS = 60
HELD = re.compile(
    r"\s(?:(?:que )?tuvo lugar|(?:que )?se (?:celebró|realizó|desarrolló)|(?:celebrad|realizad)[oa]s?|"
    r"took place|(?:was|were) held|held|a eu lieu|s['’]est (?:tenue?|déroulée?)|tenue?|organisée?s?)\s",
    re.IGNORECASE,
)
GATHERING = re.compile(
    r"\b(?:reunion|encuentro|seminario|conferencia|taller|asamblea|congreso|cumbre|foro|jornadas?|mesa redonda|"
    r"panel|dialogo|sesion|"
    r"meeting|seminar|conference|workshop|assembly|congress|summit|forum|webinar|round ?table|session|dialogue|"
    r"seminaire|atelier|assemblee|congres|sommet|rencontre|colloque|journees?)\b"
)
SECOND_HAND = re.compile(r"\b(?:desde|durante|tras|despues de|since|during|after|depuis|durant|lors d|apres)\b")
MONTH_OF_YEAR = re.compile(
    rf"\b(?P<month>{'|'.join(sorted(MONTHS, key=len, reverse=True))})(?: de(?:l)?| of)? (?P<year>(?:19|20)\d\d)\b"
)
YEAR = re.compile(r"\b(?:en|in|de|para|for) (?P<year>(?:19|20)\d\d)\b")
TOWN = r"[A-ZÀ-Þ][\w'’.-]+(?:\s(?:de\s|del\s|la\s)?[A-ZÀ-Þ][\w'’.-]+){0,3}"
PLACE = re.compile(
    rf"\b(?:en|in|à|au|aux)\s(?:la ciudad de |the city of |la ville de |l['’])?"
    rf"(?P<town>{TOWN})(?:\s\((?P<aside>{TOWN})\)|,\s(?P<country>{TOWN}))?"
)
FURTHER = re.compile(r",?\s(?:y|and|et)\s(?=[a-zà-ÿ])|;\s")
ARTICLE = re.compile(r"^(?:el|la|los|las|the|le|les|l['’]|un|una|une|an?)\s?(?=\w)", re.IGNORECASE)
QUOTED = re.compile(r"[«“\"]\s?(?P<title>[^«»“”\"]{4,160}?)\s?[»”\"]")


def meetings(passages: Sequence[SectionPassage], *, looks_back: bool) -> FoundSessions:
    """Every meeting with its date, in the order of the document; each once.

    One that is merely announced is left out: the next one, and in a report, which `looks_back`, one still to come that
    its section is not about.
    """
    found: dict[tuple[str | None, str], tuple[SessionFound, SessionMention]] = {}
    for place, placed in enumerate(passages):
        if (
            placed.passage.kind not in {PassageKind.TEXT, PassageKind.HEADING, PassageKind.ITEM}
            or len(found) >= MOST_MEETINGS
        ):
            continue
        for session, line in _told(placed, looks_back=looks_back):
            found.setdefault(
                (session.start, session.place or ""), (session, SessionMention(place, line, session.title))
            )
    pairs = list(found.values())
    return FoundSessions(
        found=tuple(session for session, _ in pairs), mentions=tuple((mention,) for _, mention in pairs)
    )


def _told(line: SectionPassage, *, looks_back: bool) -> Iterator[tuple[SessionFound, int]]:
    for sentence in sentences.split_sentences(line.passage.text):
        text = unmarked(sentence.text)
        ahead, past = form_in_any("to_come").search(text), HELD.search(text)
        held = min(filter(None, (ahead, past)), key=lambda verb: verb.start(), default=None)
        if held is None or held.start() > LONGEST_NAME or not GATHERING.search(folded(text[: held.start()])):
            continue
        if SECOND_HAND.search(folded(text[: held.start()])):
            continue
        told = FURTHER.split(text[held.start() :].strip()[: 2 * LONGEST_NAME], maxsplit=1)[0].rstrip(" .,;")
        start, end = _when(told)
        if start is None:
            continue
        kind, name = _named(text[: held.start()])
        if held is ahead and _is_only_announced(line, name, looks_back=looks_back):
            continue
        session = SessionFound(
            title=name,
            type=kind,
            start=start,
            end=end,
            time_verbatim=told,
            place=_where(told),
            format=said.session_format(told),
        )
        yield session, line.passage.line_at(sentence.begins)


def _is_only_announced(line: SectionPassage, name: str, *, looks_back: bool) -> bool:
    if form_in_any("next_meeting").match(name):
        return True
    over = line.passage.text if line.passage.kind is PassageKind.HEADING else line.section.name or ""
    return looks_back and fuzz.token_set_ratio(folded(over), folded(name)) < SAME_TITLE


def _named(lead: str) -> tuple[str | None, str]:
    """The type and the name in what stands before the verb."""
    plain = ARTICLE.sub("", bare_title(lead))
    quoted = QUOTED.search(plain)
    kind = programme.type_alone(plain[: quoted.start()].strip()) if quoted else None
    return kind, quoted["title"] if quoted else plain[:1].upper() + plain[1:]


def _when(text: str) -> tuple[str | None, str | None]:
    """A day, a month or a year, as exactly as the text has it."""
    if days := [day for day in times.written_days(text[:LONGEST_NAME]) if day.year]:
        first: date | None = days[0].on()
        last = first.replace(day=days[0].last) if first and days[0].last and days[0].last > first.day else None
        return (first.isoformat() if first else None), (last.isoformat() if last else None)
    plain = folded(text[:LONGEST_NAME])
    if found := MONTH_OF_YEAR.search(plain):
        return f"{found['year']}-{MONTHS[found['month']]:02}", None
    found = YEAR.search(plain)
    return (found["year"] if found else None), None


def _where(text: str) -> str | None:
    """The town, and the country beside it."""
    for found in PLACE.finditer(text):
        if folded(found["town"]).split()[0] not in {*MONTHS, "la", "el", "los", "las", "le", "les", "the"}:
            country = found["aside"] or found["country"]
            return (f"{found['town']}, {country}" if country else found["town"]).rstrip(".")
    return None
