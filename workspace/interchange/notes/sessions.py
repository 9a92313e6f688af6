"""The sessions and meetings that a note tells of."""

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import date, timedelta
from itertools import pairwise, takewhile, zip_longest
from statistics import median

from msgspec import Struct, field, structs
from rapidfuzz import fuzz
from rapidfuzz.utils import default_process

from workspace.interchange.notes import lines, people, places, programme, sentences, session_details, times
from workspace.interchange.notes import session_details as said
from workspace.interchange.notes import times as when
from workspace.interchange.notes.layout import Layout, NotePassage, PassageKind
from workspace.interchange.notes.lines import aligned, bare_title, ends_sentence, folded, unmarked
from workspace.interchange.notes.programme import ProgrammeSlot
from workspace.interchange.notes.rules.table import ALL, RuleKind, form_in_any, forms
from workspace.interchange.notes.sections import SectionPassage, stated_value
from workspace.interchange.notes.session_details import hosts
from workspace.interchange.notes.times import MONTHS, WrittenDay
from workspace.interchange.notes.titles import is_letter, letter_head, stated_kind_of
from workspace.sessions.extraction import AgendaItem, Guess, Person, SessionFound, SpokenLanguage

FORM = forms("sessions")

FEWEST_OF_A_PROGRAMME = 2
FEWEST_LONG = 3
LASTING = 40  # minutes
SAME_TITLE = 88
NEARLY = 80  # of a title beside words that lead to it
SURELY = 95
FEWEST_LETTERS = 5
NEAR = 8
NEAR_TITLE_LINES = 3
FIRST_LINES = 14
NEAR_WHERE = 5
NEAR_CLOCK = 40  # letters from the verb to the time
MOST_SESSIONS = 300
MOST_WORDS_OF_A_NAME = 12
LONGEST_LINE = 160
TELLING = frozenset({"date", "time", "datetime", "place", "room", "moderators", "speakers", "platform"})


class SessionMention(Struct, frozen=True):
    """A place where the note announces a session: a slot, a heading, a labelled title."""

    place: int
    line: int
    title: str
    slot: ProgrammeSlot | None = None
    is_note: bool = True

    @property
    def moment(self) -> tuple[int, int, int, int] | None:
        if self.slot is None or self.slot.day is None:
            return None
        return self.slot.day.month, self.slot.day.day, self.slot.span.start.hour, self.slot.span.start.minute


class NoteGround(Struct, frozen=True):
    """What holds for every session of a note: the dates it states, where it is if nothing else is said."""

    known: Sequence[WrittenDay]
    place: str | None
    language: SpokenLanguage
    room: str | None = None
    last: WrittenDay | None = None  # of the session told before: "the same day"
    day: WrittenDay | None = None  # of all, where the first lines give one
    by_name: Mapping[str, WrittenDay] = field(default_factory=dict)  # days by name, where the first lines give several

    def time(
        self,
        day: WrittenDay | None,
        span: times.ClockSpan | None = None,
        offsets: Sequence[str] = (),
        verbatim: str | None = None,
    ) -> when.SessionTime:
        return when.stated_time(
            day=day, span=span, offsets=offsets, verbatim=verbatim, known=self.known, language=self.language
        )

    def dated(self, day: WrittenDay) -> WrittenDay:
        """A day with its year, or with the only one that the note has."""
        years = {known.year for known in self.known if known.year}
        return structs.replace(day, year=day.year or (years.pop() if len(years) == 1 else None))

    def on(self, where: str | None) -> "NoteGround":
        """The same on a day of which is told where its sessions are."""
        room, place = places.split_room(where) if where else (None, None)
        return structs.replace(self, room=room or self.room, place=place or self.place)

    def of(self, slot: ProgrammeSlot) -> when.SessionTime:
        return self.time(slot.day, slot.span, slot.offsets, slot.verbatim)


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
    place = session_details.place_of_all(layout, passages) or session_details.place_beside_date(passages)
    ground = NoteGround(_dated_days(passages), place, language)
    ground = structs.replace(ground, day=programme.only_day(passages), by_name=programme.named_days(passages))
    if len(mentions) >= FEWEST_OF_A_PROGRAMME:
        head = passages[: min(mention.place for mention in mentions)]
        room, place = session_details.where_all_are(layout, passages, head)
        ground = structs.replace(ground, place=place, room=room)
        return _programme(passages, mentions[:MOST_SESSIONS], ground)
    only = mentions[0] if mentions else None
    name = only.title if only else title
    if name is None or not (tells_one or only):
        return FoundSessions()
    near = passages[max(0, only.place - NEAR) : only.place + NEAR] if only and not tells_one else passages
    return _single(near, slotted, ground, name=name, mention=only)


def _dated_days(passages: Sequence[SectionPassage]) -> list[WrittenDay]:
    """The dates with their years, and for a year alone in the first lines a date of no day."""
    dated = [day for line in passages for day in times.written_days(line.passage.text) if day.year]
    bare = (
        found
        for line in passages[:FIRST_LINES]
        for found in FORM["bare_year"].findall(line.passage.text[:LONGEST_LINE])
    )
    return [*dated, *(WrittenDay(day=0, month=0, year=int(year)) for year in bare if not dated)]


def _mentions(passages: Sequence[SectionPassage], slotted: Sequence[ProgrammeSlot]) -> list[SessionMention]:
    labelled = [
        SessionMention(place, line.passage.line, programme.without_number(stated.value))
        for place, line in enumerate(passages)
        if (stated := stated_value(passages, place)) and stated.role == "title" and stated.value
    ]
    if labelled and not (len(labelled) == 1 and passages[labelled[0].place].passage.column):
        return labelled
    slot_mentions = _slot_mentions(passages, slotted)
    taken = {line for mention in slot_mentions if mention.slot for line in mention.slot.title.lines}
    headed = [mention for mention in _headed(passages) if mention.line not in taken]
    return sorted([*slot_mentions, *headed], key=lambda mention: mention.place) or labelled


def _slot_mentions(passages: Sequence[SectionPassage], slotted: Sequence[ProgrammeSlot]) -> list[SessionMention]:
    """The slots of a programme; none where they are the agenda of one session."""
    timed = [slot for slot in slotted if slot.span.end]
    are_timed = len(timed) >= FEWEST_LONG and len(timed) * 2 > len(slotted)  # what has no end there is no session
    real = [slot for slot in (timed if are_timed else slotted) if not slot.is_break and slot.title.text]
    above = passages[: min((slot.place for slot in real if not slot.is_dated), default=0)]
    is_business = any(_is_business(line) for place, line in enumerate(above) if line.is_heading or not place)
    is_long = _is_long(real, slotted)
    is_programme = _is_in_rooms(real) or (is_long and not is_business)
    typed = len(real) if is_programme else sum(slot.is_typed for slot in real)
    first = min((slot.place for slot in real), default=0)
    stated = [lines.labelled_value(line.passage.text) for line in (passages if is_long else passages[:first])]
    dates = sum(each.role in {"datetime", "duration"} or _is_span(each) for each in stated if each)
    has_one_date = 0 < 2 * dates < len(real)
    if has_one_date or typed < FEWEST_OF_A_PROGRAMME or typed * 2 < len(real):
        return []
    return [SessionMention(slot.place, slot.line, slot.title.text, slot, is_note=slot.title.is_above) for slot in real]


def _is_span(stated: lines.LabelledValue) -> bool:
    return stated.role == "time" and times.clock_span(stated.value) is not None


def _is_business(line: SectionPassage) -> bool:
    """Whether a line, if it heads anything, heads the order of business of one meeting."""
    plain = folded(bare_title(line.passage.text))
    return any(plain.startswith(name) for cues in ALL.values() for name in cues.kinds["agenda"])


def _is_long(slots: Sequence[ProgrammeSlot], every: Sequence[ProgrammeSlot]) -> bool:
    """Whether the slots last as sessions do, or fall on several days: those of an agenda are short and of one day.

    One without an end lasts until the next one of its day.
    """
    until = {id(slot): _minutes_until(slot, after) for slot, after in pairwise(every)}
    lengths = (slot.span.minutes or until.get(id(slot)) for slot in slots if not slot.minutes)
    lasting = [minutes for minutes in lengths if minutes]
    days = {(slot.day.month, slot.day.day) for slot in slots if slot.day}
    return len(lasting) >= FEWEST_LONG and (median(lasting) >= LASTING or len(days) > 1)


def _minutes_until(slot: ProgrammeSlot, after: ProgrammeSlot) -> int | None:
    minutes = structs.replace(slot.span, end=after.span.start).minutes
    return minutes if slot.day == after.day and slot.span.start < after.span.start else None


def _is_in_rooms(slots: Sequence[ProgrammeSlot]) -> bool:
    """Whether the slots stand in several rooms, or several at one time: what only a programme has."""
    rooms = {slot.title.room for slot in slots if slot.title.room}
    lasting = [(slot.day, slot.span.start, slot.span.end) for slot in slots if slot.day and slot.span.end]
    return len(rooms) >= FEWEST_OF_A_PROGRAMME or len({*lasting}) < len(lasting)


def _headed(passages: Sequence[SectionPassage]) -> list[SessionMention]:
    """Headings that labelled lines about a session follow."""
    found = []
    for place, passage in enumerate(line.passage for line in passages):
        is_section = lines.section_role(passage.text) or lines.word_limit(passage.text)
        is_named = passage.kind is PassageKind.HEADING and (passage.level > 1 or programme.split_type(passage.text)[0])
        if is_named and not is_section and not times.day_line(passage.text) and _is_told(passages, place):
            found.append(SessionMention(place, passage.line, unmarked(passage.text).lstrip("# ")))
    return found if len(found) >= FEWEST_OF_A_PROGRAMME else _in_series(passages)


def _in_series(passages: Sequence[SectionPassage]) -> list[SessionMention]:
    """Headings that count sessions: "Session 1: Water", "Second workshop" over its title."""
    found: dict[int, SessionMention] = {}
    for place, line in enumerate(passages):
        text = unmarked(line.passage.text).strip("# ")
        entry = programme.series_entry(text)
        is_apart = line.passage.column or line.passage.kind is PassageKind.SLOT or ends_sentence(text.rstrip("?!"))
        if entry is None or is_apart or len(text) > LONGEST_LINE:
            continue
        number, name = entry
        below = passages[place + 1].passage if place + 1 < len(passages) else None
        title = name or (_title_below(below.text) if below else None)
        if title and not (below and below.column) and number == len(found) + 1:
            found[number] = SessionMention(place, line.passage.line, title)
    return list(found.values()) if len(found) >= FEWEST_OF_A_PROGRAMME else []


def _title_below(text: str) -> str | None:
    """A title on a line of its own, or the first one in quotation marks."""
    if quoted := FORM["quoted"].match(text):
        return quoted["title"]
    return text if not ends_sentence(text.rstrip("?!")) and len(text) <= LONGEST_LINE else None


def _is_told(passages: Sequence[SectionPassage], place: int) -> bool:
    below = takewhile(lambda line: line.passage.kind is not PassageKind.HEADING, passages[place + 1 : place + NEAR])
    fields = (lines.labelled_value(line.passage.text) for line in below if line.passage.kind is PassageKind.FIELD)
    return any(stated is not None and stated.role in TELLING for stated in fields)


def _programme(
    passages: Sequence[SectionPassage], mentions: Sequence[SessionMention], ground: NoteGround
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
    days_begin = programme.headed_days(passages)
    ends = [
        end if mention.is_note else min([end, *(day for day in days_begin if day > mention.place)])
        for mention, end in zip(mentions, ends, strict=True)
    ]
    reach = dict(zip((id(mention) for mention in mentions), ends, strict=True))
    found = tuple(
        _session(
            group,
            [line for mention in group for line in _of(mention, passages, reach[id(mention)])],
            ground.on(where.get(group[0].place)),
            form=forms.get(group[0].place),
        )
        for group in groups
    )
    houses = [ground.on(where.get(group[0].place)).place for group in groups]
    found = tuple(_with_legend(list(_in_house(found, houses)), passages))
    if all(session.start is None and not session.inferred for session in found):
        found = tuple(_with(session, session_details.guessed_year(passages)) for session in found)
    days = [
        (placed.passage.line, None)
        for placed in (passages[place] for place in days_begin)
        if placed.passage.kind is not PassageKind.FIELD and not any(line == placed.passage.line for line, _ in owners)
    ]
    return FoundSessions(
        found=found,
        mentions=tuple(map(tuple, groups)),
        title_lines=frozenset(line for m in mentions if m.slot for line in m.slot.title.lines)
        | {mention.line for mention in mentions},
        owners=tuple(sorted([*owners, *days], key=lambda owner: owner[0])),
    )


def _in_house(found: Sequence[SessionFound], houses: Sequence[str | None]) -> Iterator[SessionFound]:
    """The sessions, where a house is told for all: what several say, or is called a room, is a room of it.

    So is what others say, where it is short and most say nothing else.
    """
    often = Counter(session.place for session in found)
    own = [
        session.place if house and session.place != house else None
        for session, house in zip(found, houses, strict=True)
    ]
    inside = {place for place in own if place and (lines.is_room(place) or lines.is_space(place) or often[place] > 1)}
    most = 2 * sum(place in inside for place in own) > sum(place is not None for place in own)
    for session, house, place in zip(found, houses, own, strict=True):
        is_short = place and most and "," not in place and not places.is_visit(session.title)
        is_inside = place and not session.room and (place in inside or is_short)
        yield structs.replace(session, place=house, room=place) if is_inside else session


def _with_legend(found: Sequence[SessionFound], passages: Sequence[SectionPassage]) -> Iterator[SessionFound]:
    """The sessions with the people whom lines elsewhere name after their titles: "School farms: Teresa Monleón"."""
    named: dict[int, list[Person]] = {}
    moderating: set[int] = set()
    for line in passages:
        told = None if line.passage.column else programme.NAMED_FOR.match(unmarked(line.passage.text))
        who = [person for person in people.people(told["who"]) if person.name] if told else []
        for part in {told["what"], *FORM["and"].split(told["what"])} if told and who else ():
            for number, session in enumerate(found):
                names = (session.title, f"{session.type or ''} {session.title}".strip())
                alike = [fuzz.token_set_ratio(folded(part), folded(name)) for name in names]
                if len(part) > FEWEST_LETTERS and max(alike) > SURELY:
                    named.setdefault(number, []).extend(who)
                    moderating |= {number} if form_in_any("moderates").search(line.section.name or "") else set()
    for number, session in enumerate(found):
        role = "moderators" if number in moderating else "speakers"
        is_new = number in named and not getattr(session, role)
        yield structs.replace(session, **{role: people.distinct(named[number])}) if is_new else session


def _of(mention: SessionMention, passages: Sequence[SectionPassage], end: int) -> list[SectionPassage]:
    """The passages that tell of a mention: its cells in a table, or all until the next one."""
    if mention.slot and mention.slot.cells:
        return [passages[place] for place in mention.slot.cells]
    return list(passages[mention.place : end])


def _is_same(first: SessionMention, other: SessionMention) -> bool:
    if first.moment and first.moment == other.moment and first.is_note != other.is_note:
        return True
    if first.is_note == other.is_note:
        return False
    if first.moment and other.moment:
        return folded(programme.split_type(first.title)[1]) == folded(programme.split_type(other.title)[1])
    return fuzz.token_set_ratio(folded(first.title), folded(other.title)) >= SAME_TITLE


def _session(
    group: Sequence[SessionMention], passages: Sequence[SectionPassage], ground: NoteGround, *, form: str | None
) -> SessionFound:
    first = group[0]
    kind, name = programme.split_type(first.title)
    head = [*passages[:1], *takewhile(lambda line: not line.is_heading, passages[1:])]
    place = (session_details.place_beside_date(head) if first.is_note else None) or ground.place
    slot = next((mention.slot for mention in group if mention.slot), None)
    moment = ground.of(slot) if slot else _headed_moment(passages, ground)
    told, room = said.labelled_details(passages, slot), slot.title.room if slot else None
    ground = structs.replace(ground, place=place)
    built = _built(told, ground, name=name, kind=kind, moment=moment, form=form, room=room)
    return _whereabouts(built, passages, ground)


def _whereabouts(session: SessionFound, passages: Sequence[SectionPassage], ground: NoteGround) -> SessionFound:
    """The session with the room and the house it is in: what is told beside it or below it, else those of all."""
    is_own = session.place != ground.place
    if is_own and session.room:
        return session
    where, is_away = session.room or (session.place if is_own else None), places.is_visit(session.title)
    if where is None or places.STATED_TIME.search(where):
        where, is_met = next(filter(None, map(places.told_below, _below(session.title, passages))), (None, False))
        is_away = is_away or is_met
    where = where or (places.visited(session.title) if is_away else None)
    if where is None:
        return structs.replace(session, room=ground.room if session.format != "online" else None)
    room, place = places.split_room(where)
    if room is None and is_away:
        return structs.replace(session, room=None, place=place)
    if room is None and not is_own:
        room, place = place, None
    return structs.replace(session, room=room and places.proper(room), place=place or ground.place)


def _below(title: str, passages: Sequence[SectionPassage]) -> Iterator[str]:
    """What follows the title of a session on its line, and the lines under it."""
    for line in passages[:NEAR_WHERE]:
        is_slot = line.passage.kind is PassageKind.SLOT
        if line.passage.column or (is_slot and line is not passages[0]):
            return
        before, _, after = line.passage.text.partition(title)
        if after or not (is_slot or before == title):
            yield after.lstrip(" .!?»”*") if after else before


def _headed_moment(passages: Sequence[SectionPassage], ground: NoteGround) -> when.SessionTime | None:
    """When a session is that only a heading names: what it says, or the next lines, and else the day of all."""
    texts = (unmarked(line.passage.text) for line in passages[:NEAR_TITLE_LINES])
    for text in (text for text in texts if len(text) <= LONGEST_LINE):
        span, days = times.told_span(text), [*times.written_days(text), *programme.short_days(text, ground.by_name)]
        if span or days:
            return ground.time(ground.dated(days[0]) if days else ground.day, span, times.written_offsets(text), text)
    return ground.time(ground.day) if ground.day else None


def _single(
    passages: Sequence[SectionPassage],
    slotted: Sequence[ProgrammeSlot],
    ground: NoteGround,
    *,
    name: str,
    mention: SessionMention | None,
) -> FoundSessions:
    dated = next((slot for slot in slotted if slot.is_dated), None) or session_details.lone_slot(slotted)
    items = tuple(slot for slot in slotted if not slot.is_dated and slot is not dated)
    kind, title = programme.split_type(programme.without_kind(name))
    first = (programme.type_alone(line.passage.text) for line in passages[:FIRST_LINES] if not line.passage.column)
    kind = kind or next(filter(None, first), None)
    moment = ground.of(dated) if dated else _undated(passages, ground)
    labelled, form = said.labelled_details(passages), dated.title.text if dated else None
    if dated and dated.place < FIRST_LINES:
        labelled = labelled.between(0, dated.line)
    elif head := letter_head(passages):  # which says when it was sent
        labelled = labelled.between(head, passages[-1].passage.line)
    agenda = said.agenda(passages, items)
    built = _built(labelled, ground, name=title, kind=kind, moment=moment, form=form, items=agenda)
    room, place = session_details.room_and_place_in_text(passages, labelled, dated, verbatim=built.time_verbatim)
    closed = None if built.end or "T" not in (built.start or "") else _told_clock(passages, "closed")
    built = _ending(built, closed) if closed else built
    built = structs.replace(built, room=built.room or room, place=place or built.place)
    if not built.organisers:
        organisers, others, funders = hosts(passages)
        others = built.co_organisers or others
        built = structs.replace(built, organisers=organisers, co_organisers=others, funders=funders)
    guessed = session_details.type_in_text(passages) if built.type is None else {}
    if built.time_verbatim and built.start is None and not built.inferred:
        guessed |= session_details.guessed_year(passages)
    return FoundSessions(
        found=(_with(built, guessed),),
        mentions=((mention,) if mention else (),),
        title_lines=frozenset({mention.line} if mention else ()),
        agenda_slots=items,
    )


def _with(session: SessionFound, guessed: dict[str, Guess]) -> SessionFound:
    session.inferred.update(guessed)
    return session


def _undated(passages: Sequence[SectionPassage], ground: NoteGround) -> when.SessionTime | None:
    """The date among a note's first lines, with its times: those beside it, or those of opening and closing."""
    is_sent = is_letter(passages)
    texts = [
        sentence.text
        for line in passages[:FIRST_LINES]
        if line.passage.kind is not PassageKind.FIELD
        and not (is_sent and FORM["sent"].match(folded(line.passage.text)))
        for sentence in sentences.split_sentences(unmarked(line.passage.text))
        if len(sentence.text) <= 3 * LONGEST_LINE
    ]
    days = {text: times.written_days(text) or (_day_before(text, ground) if is_sent else []) for text in texts}
    dated = [text for text in days if days[text] and not form_in_any("deadline").search(folded(text))]
    dated = [text for text in dated if not form_in_any("next_meeting").match(text)]
    for text in sorted(dated, key=lambda text: (times.clock_span(text) is None, not (is_sent or days[text][0].year))):
        begun, ended = (_told_clock(passages, kind) for kind in ("opened", "closed"))
        span = times.told_span(text)
        if begun and (span is None or span.end is None):
            span = structs.replace(begun, end=ended.start if ended and ended.start > begun.start else None)
        return ground.time(days[text][0], span, times.written_offsets(text), text.rstrip("."))
    return None


def _told_clock(passages: Sequence[SectionPassage], kind: RuleKind) -> times.ClockSpan | None:
    """The time at which a sentence says that a meeting was first opened, or last closed."""
    for line in passages if kind == "opened" else reversed(passages):
        if kind == "opened" and line.passage.text[:1] in "([" and times.is_clock(line.passage.text.strip("()[]")):
            return times.first_clock_span(line.passage.text)
        for found in form_in_any(kind).finditer(line.passage.text):
            near = line.passage.text[: found.end() + NEAR_CLOCK][max(0, found.end() - len(" a horas")) :]
            if clock := times.told_span(near):
                return clock
        for text in (aligned(each.text) for each in sentences.split_sentences(line.passage.text)):
            for found in FORM[kind].finditer(text):  # "At 8.05 the chair closed the meeting"
                parts = (text[found.end() :][:NEAR_CLOCK], text[: found.start()][-NEAR_CLOCK:])
                if clock := next(filter(None, map(times.told_span, parts)), None):
                    return clock
    return None


def _built(
    details: said.LabelledDetails,
    ground: NoteGround,
    *,
    name: str,
    kind: str | None,
    moment: when.SessionTime | None,
    form: str | None,
    items: tuple[AgendaItem, ...] = (),
    room: str | None = None,
) -> SessionFound:
    labelled = _labelled_moment(details, ground)
    moment = labelled or moment or when.SessionTime()
    stated_room, stated_place = said.room_and_place(details)
    room = stated_room or room
    if room is None:
        name, room = said.room_aside(name)
    name, aside = said.format_aside(name)
    form_words = details.first("format") or aside or form
    platform = said.platform(details.first("platform"), name, form_words, details.first("place"))
    return SessionFound(
        title=name or "",
        start=moment.start,
        end=moment.end,
        utc_offset=moment.utc_offset,
        type=said.session_type(details) or kind,
        thematic_line=said.thematic(details.first("thematic_line")),
        subtheme=said.thematic(details.first("subtheme")),
        time_verbatim=moment.verbatim,
        place=stated_place or ground.place,
        room=places.proper(room) if room else None,
        platform=platform or details.first("platform"),
        format=said.session_format(form_words) or ("online" if platform and not room else None),
        capacity=said.capacity(details.first("capacity")) or said.seats(details.first("registration")),
        registration=said.registration(details.first("registration")),
        working_languages=said.languages(details.first("languages")),
        organisers=said.organisers(details, "organisers"),
        co_organisers=said.organisers(details, "co_organisers"),
        moderators=details.moderators,
        speakers=details.speakers,
        agenda=items,
        stated_duration_minutes=said.duration(details),
        inferred=dict(moment.inferred),
    )


def _labelled_moment(details: said.LabelledDetails, ground: NoteGround) -> when.SessionTime | None:
    """Date and time from labelled lines, whether on one line or on two."""
    both, day_text, time_text = details.first("datetime"), details.first("date"), details.first("time")
    begun, ended = details.first("start"), details.first("end")
    if begun and not (time_text or both) and times.first_clock_span(begun):
        clocks = map(times.first_clock_span, filter(None, [begun, ended]))
        time_text = " – ".join(clock.verbatim for clock in clocks if clock)
    day_text, time_text = both or day_text, time_text or both or day_text
    days = times.written_days(day_text or "")
    if not days and not (time_text and times.first_clock_span(time_text)):
        return None
    verbatim = both or " ".join(dict.fromkeys(filter(None, [day_text, time_text])))
    span = times.first_clock_span(time_text or "")
    return ground.time(days[0] if days else None, span, times.written_offsets(time_text or ""), verbatim)


LONGEST_NAME = 140
TOLD = frozenset({PassageKind.TEXT, PassageKind.HEADING, PassageKind.ITEM, PassageKind.FIELD})
TURNS = TOLD - {PassageKind.ITEM, PassageKind.FIELD} | {PassageKind.SLOT}
MOST_MEETINGS = 60
FORTNIGHT = 14  # days
APART = tuple(word for cues in ALL.values() for word in (*cues.apart, *cues.kinds["circular"], *cues.kinds["report"]))
NEAR_TITLE = 2  # passages
SHORT = 60  # letters of a line
FEWEST_OF_A_TITLE = 3  # words


def meetings(
    passages: Sequence[SectionPassage], *, title: str | None, looks_back: bool, is_exact: bool, language: SpokenLanguage
) -> FoundSessions:
    """Every meeting that a sentence tells of with its date, in the order of the document; each once.

    One that is merely announced is left out: the next one, and in a report, which `looks_back`, one still to come that
    its section is not about. Where it `is_exact`, only those with their times count.
    """
    found: list[tuple[SessionFound, SessionMention]] = []
    ground = NoteGround(_dated_days(passages), None, language)
    about = None if is_exact or looks_back else title or ""
    series = _series(passages, ground, looks_back=looks_back)
    over, begun, leads = "", 0, ""
    for place, placed in enumerate(passages):
        if placed.is_heading or _may_be_over(placed.passage.text):
            over, begun = placed.passage.text, place
        if placed.passage.kind not in {*TOLD, PassageKind.SLOT} or len(found) >= MOST_MEETINGS:
            continue
        over = quoted["title"] if (quoted := FORM["quoted"].search(over)) and quoted["title"] == title else over
        is_far = over == title and place - begun > NEAR_TITLE
        over = "" if is_far or folded(bare_title(over)).startswith(APART) else over
        before = passages[place - 1] if looks_back and place else None
        is_first = before is not None and (before.is_heading or before.passage.text == over)
        led, leads = leads, placed.passage.text if placed.passage.kind is not PassageKind.ITEM else leads
        near = f"{placed.section.name} {before.passage.text if before else ''} {leads}" if looks_back else ""
        is_listed = bool(FORM["gathering"].search(folded(near)))
        told = list(_entries(placed, ground, ("entry", "dated_entry"))) if is_listed else []
        told = told or [
            *_exactly_told(placed, ground, over=over, about=about, is_past=not is_exact, is_first=is_first, led=led),
            *(() if is_exact else _told(placed, looks_back=looks_back)),
        ]
        told = told or (list(_entries(placed, ground, ("quoted_entry",))) if is_listed else [])
        told = told or ([(series[place], placed.passage.line)] if place in series else [])
        is_itself = title and not stated_kind_of(title) and FORM["itself"].search(placed.passage.text)
        for told_of, line in told:
            session = structs.replace(told_of, title=title) if is_itself and " " not in told_of.title else told_of
            days = times.written_days((session.start or "")[: len("2027-03-04")])
            ground = structs.replace(ground, last=days[0] if days else ground.last)
            if not any(_is_that(session, other) for other, _ in found):
                found.append((session, SessionMention(place, line, session.title)))
    return _with_all_people(found, passages)


def told_in_turn(layout: Layout, passages: Sequence[SectionPassage], *, language: SpokenLanguage) -> FoundSessions:
    """The sessions that paragraphs tell of one after another: "At 4 pm the workshop «Water» met in the Blue Room".

    Each has its sort and its title in quotation marks, and its time, or that of those told together before it.
    """
    if sum(bool(FORM["in_turn"].search(line.passage.text)) for line in passages) < FEWEST_OF_A_PROGRAMME:
        return FoundSessions()
    ground = NoteGround(_dated_days(passages), None, language)
    _, house = session_details.where_all_are(layout, passages, passages[:FIRST_LINES])
    span: times.ClockSpan | None = None
    found: list[tuple[SessionFound, SessionMention]] = []
    for place, placed in enumerate(passages):
        for begins, text in _quotations_whole(placed.passage) if placed.passage.kind in TURNS else ():
            day = next((day for day in times.written_days(text) if not day.last), None)
            own, named = times.told_span(text), FORM["in_turn"].search(text)
            span = own or (span if day is None else None)
            ground = structs.replace(ground, last=ground.dated(day) if day else ground.last)
            if named is None or span is None or ground.last is None:
                continue
            room = FORM["named_room"].search(text)
            where = places.told_place(text) or (room[0] if room else None)
            session = _plain(named["title"] or named["typed"], ground.time(ground.last, span, verbatim=text), house)
            session = _whereabouts(structs.replace(session, room=where), [], structs.replace(ground, place=house))
            found.append((session, SessionMention(place, placed.passage.line_at(begins), session.title)))
    return _with_all_people(found, passages)


def _with_all_people(
    found: Sequence[tuple[SessionFound, SessionMention]], passages: Sequence[SectionPassage]
) -> FoundSessions:
    mentions = [mention for _, mention in found]
    pairs = zip(found, [*mentions[1:], None], strict=False)
    whole = tuple(_with_people(session, passages, own, following) for (session, own), following in pairs)
    return FoundSessions(found=whole, mentions=tuple((mention,) for mention in mentions))


def _may_be_over(text: str) -> bool:
    is_short = 1 < len(text.split()) <= MOST_WORDS_OF_A_NAME and not (ends_sentence(text) or times.written_days(text))
    is_short = is_short and not FORM["addressed"].match(folded(text))
    return is_short and bool(FORM["gathering"].search(folded(text)))


def _is_that(session: SessionFound, other: SessionFound) -> bool:
    is_called = fuzz.token_set_ratio(session.title, other.title, processor=default_process) >= NEARLY
    return is_called and (session.start or "")[:10] == (other.start or "")[:10]


def _with_people(
    session: SessionFound, passages: Sequence[SectionPassage], own: SessionMention, following: SessionMention | None
) -> SessionFound:
    """The session with whoever its passages name: until the next heading or session, or all that is left."""
    first = passages[own.place]
    begins = max((at for at, line in first.passage.starts if line <= own.line), default=0)
    after = passages[own.place + 1 : following.place if following else None]
    if following or (own.place and any(line.is_heading for line in passages[: own.place])):
        after = list(takewhile(lambda line: not line.is_heading, after))
    first = SectionPassage(structs.replace(first.passage, text=first.passage.text[begins:]), first.section)
    details = said.labelled_details([first, *after])
    near = passages[max(0, own.place - 1) : own.place + 2]
    place = session.place or (session_details.place_beside_date(near) if "T" in (session.start or "") else None)
    speakers = session.speakers or details.speakers
    closed = None if session.end or "T" not in (session.start or "") else _told_clock([first, *after], "closed")
    session = _ending(session, closed) if closed else session
    return structs.replace(session, moderators=details.moderators, speakers=speakers, place=place)


def _ending(session: SessionFound, closed: times.ClockSpan) -> SessionFound:
    """The session with its end on the day of its start."""
    start = session.start or ""
    return structs.replace(session, end=f"{start[:11]}{closed.start:%H:%M:%S}{start[19:]}")


def _exactly_told(
    line: SectionPassage, ground: NoteGround, *, over: str, about: str | None, is_past: bool, is_first: bool, led: str
) -> Iterator[tuple[SessionFound, int]]:
    """ "The session «Water» was held on 3 May 2027 from 10:00 to 12:00 in the Old Mill, moderated by Ana Ruiz.".

    What is to come counts where it is what the note is `about`, by its title; a day without a time where it stands
    `first` under a heading that names a gathering. The words that `led` to it may name it.
    """
    apart = _said_apart(line.passage)
    every = [(begins, unmarked(text)) for begins, text in apart if not FORM["sent"].match(folded(text))]
    for number, (begins, text) in enumerate(every):
        span = times.told_span(text)
        days = times.written_days(text) or (_day_before(text, ground) if span else [])
        is_entry = is_first and number == 0 and _may_be_over(over) and len(bare_title(over).split()) > 1
        is_closing = form_in_any("deadline").search(folded(text)) and not (span and span.days)
        if not days or (span is None and not is_entry) or is_closing:
            continue
        chosen = next((day for day in days[::-1] if span and aligned(text).find(day.verbatim) < span.begins), days[0])
        at = max(0, aligned(text).find(chosen.verbatim))
        lead, before = text[: min(span.begins if span else at, at)], every[number - 1][1] if number else ""
        is_bare = is_entry and not lead.strip(" (")
        name = over if is_bare else _title_told(lead, text[at + len(chosen.verbatim) :], before, over)
        name = name or _gathering_in(said.text for said in sentences.split_sentences(led) if span and not is_past)
        is_ahead = form_in_any("next_meeting").match(lead) or (is_past and form_in_any("to_come").search(text))
        alike = fuzz.token_set_ratio(folded(about or ""), folded(name or ""), processor=default_process)
        is_about = about is not None and (alike >= NEARLY or bool(FORM["convenes"].search(folded(lead))))
        if name is None or (is_ahead and not is_about):
            continue
        moment = ground.time(ground.dated(chosen), span, times.written_offsets(text), text)
        below = (said for _, said in every[number + 1 : number + 2] if places.is_place_alone(said))
        where = places.told_place(text) or next(below, None)
        yield _plain(name, moment, where), line.passage.line_at(begins)


def _day_before(text: str, ground: NoteGround) -> list[WrittenDay]:
    """The day of the session before ("the same day"), or one shortly before the first date ("Tuesday 16")."""
    if ground.last and (same := FORM["same_day"].search(aligned(text))):
        return [structs.replace(ground.last, verbatim=same[0])]
    found, sent = FORM["yesterday"].search(aligned(text)), next((day.on() for day in ground.known), None)
    week = [sent - timedelta(days=days) for days in range(1, FORTNIGHT)] if found and sent else []
    if found and (name := found["weekday"]) is not None:
        day, number = times.WEEKDAYS.get(name), found["day"]
        week = [each for each in week if each.weekday() == day and number in {None, str(each.day)}]
    return [WrittenDay(told.day, told.month, told.year, verbatim=found[0]) for told in week[:1] if found]


def _entries(line: SectionPassage, ground: NoteGround, kinds: Sequence[str]) -> Iterator[tuple[SessionFound, int]]:
    """What a report lists with day and place: "Water (Cali, 3 May)", "3 May, Cali: Water", "On 3 May «Water»"."""
    begun = [at for at, _ in line.passage.starts]
    apart = [(at, line.passage.text[at:end].strip()) for at, end in zip_longest(begun, begun[1:])]
    is_list = all(times.written_days(text) for _, text in apart)
    for begins, words in apart if is_list else _quotations_whole(line.passage):
        text = lines.ENUMERATION.sub("", unmarked(words))
        day = next(iter(times.written_days(text[:LONGEST_LINE])), None)
        if day is None or times.told_span(text) or form_in_any("to_come").search(text):
            continue
        at = max(0, aligned(text).find(day.verbatim))
        plain = f"{text[:at]}\x00{text[at + len(day.verbatim) :]}"
        found = next(filter(None, (FORM[kind].match(plain) for kind in kinds)), None)
        if found and (name := found["name"].strip(" ,–—-")):
            where = next((part for part in map(str.strip, filter(None, found.group("before", "after"))) if part), None)
            asides = (aside for aside in lines.PARENTHESIS.findall(plain) if "\x00" not in aside)
            speakers = [each for aside in asides for each in people.only_people(aside)]
            session = _plain(name, ground.time(ground.dated(day), verbatim=text), where or places.told_place(text))
            yield structs.replace(session, speakers=tuple(speakers)), line.passage.line_at(begins)


def _series(passages: Sequence[SectionPassage], ground: NoteGround, *, looks_back: bool) -> dict[int, SessionFound]:
    """What several passages tell of in one shape, by place: "Whose square? — 12 March 2030, 18:00, Tannery"."""
    topics = {at: _topic(line, ground, looks_back=looks_back) for at, line in enumerate(passages)}
    often = Counter(topic[0] for topic in topics.values() if topic)
    return {at: topic[1] for at, topic in topics.items() if topic and often[topic[0]] > 1}


def _topic(line: SectionPassage, ground: NoteGround, *, looks_back: bool) -> tuple[str, SessionFound] | None:
    """The shape in which a passage begins with a title and what it tells, with the session."""
    text = unmarked(line.passage.text) if line.passage.kind in {*TOLD, PassageKind.SLOT} else ""
    day = next(iter(times.written_days(text[:LONGEST_LINE])), None)
    lead = text[: aligned(text).find(day.verbatim)] if day else ""
    found = FORM["topic"].fullmatch(lead) or (FORM["run_in"].match(text) if looks_back else None)
    if found is None or places.is_place_alone(found["name"] or ""):
        return None
    sentence = next((said.text for said in sentences.split_sentences(text[found.start("rest") :])), "")
    day, span, where = (
        next(iter(times.written_days(sentence)), None),
        times.told_span(sentence),
        places.told_place(sentence),
    )
    is_apart = form_in_any("to_come").search(sentence) or form_in_any("deadline").search(folded(sentence))
    if day is None or is_apart or not (where or span or looks_back):
        return None
    session = _plain(found["name"] or found["quoted"], ground.time(ground.dated(day), span, verbatim=sentence), where)
    return (found["joint"] or "").strip() or '"', session


def _quotations_whole(passage: NotePassage) -> Iterator[tuple[int, str]]:
    """The sentences, those together that one quotation holds: "«Papers, please? Five years on» took place"."""
    begins, text = 0, ""
    for each in sentences.split_sentences(passage.text):
        begins, text = (begins, f"{text} {each.text}") if text else (each.begins, each.text)
        if text.count('"') % 2 == 0 and text.count("«") == text.count("»") and text.count("“") == text.count("”"):
            yield begins, text
            text = ""


def _plain(name: str, moment: when.SessionTime, place: str | None) -> SessionFound:
    """A session of which a sentence tells."""
    kind, title = programme.split_type(name)
    ground = NoteGround((), place, "und")
    return _built(said.LabelledDetails(), ground, name=title, kind=kind, moment=moment, form=moment.verbatim)


def _said_apart(passage: NotePassage) -> Iterator[tuple[int, str]]:
    """The sentences; where the lines are short, as in a hasty mail, the lines."""
    begins = [at for at, _ in passage.starts]
    if len(begins) > 1 and len(passage.text) / len(begins) < SHORT:
        yield from ((at, passage.text[at:end].strip()) for at, end in zip_longest(begins, begins[1:]))
    else:
        yield from ((said.begins, said.text) for said in sentences.split_sentences(passage.text))


def _title_told(lead: str, tail: str, before: str, over: str) -> str | None:
    """What a session is called around its date: a quoted title, its own name, its section's, or the words before it."""
    for words in (lead, before):
        if quoted := list(FORM["quoted"].finditer(words)):
            return quoted[-1]["title"]
    label = bare_title(lead) if lead.rstrip().endswith(":") else ""
    if len(label.split()) > 1 and FORM["gathering"].search(folded(label)):
        return label
    verbs = [found.start() for form in (FORM["held"], form_in_any("to_come")) if (found := form.search(lead))]
    name = _gathering_in([*FORM["named"].split(lead[: min(verbs, default=None)])][::-1])
    is_called = FORM["gathering"].search(folded(over)) and not FORM["several"].fullmatch(folded(bare_title(over)))
    if is_called and len((name or "").split()) < FEWEST_OF_A_TITLE:
        return quoted[-1]["title"] if (quoted := list(FORM["quoted"].finditer(over))) else bare_title(over)
    return name or _gathering_in(FORM["named"].split(tail))


def _gathering_in(parts: Iterable[str]) -> str | None:
    """The name of a gathering in the first part of a sentence that has one."""
    part = next((part for part in parts if FORM["gathering"].search(folded(part))), "")
    noun = FORM["gathering"].search(aligned(part))
    before = part[: noun.start() + 1] if noun else ""
    begins = max((found.end() for found in FORM["before_name"].finditer(before)), default=0)
    return _named(FORM["where"].split(part[min(begins, len(before) - 1) :])[0])[1] if noun else None


def _told(line: SectionPassage, *, looks_back: bool) -> Iterator[tuple[SessionFound, int]]:
    for sentence in sentences.split_sentences(line.passage.text):
        text = unmarked(sentence.text)
        ahead, past = form_in_any("to_come").search(text), FORM["held"].search(text)
        held = min(filter(None, (ahead, past)), key=lambda verb: verb.start(), default=None)
        if held is None or held.start() > LONGEST_NAME or not FORM["gathering"].search(folded(text[: held.start()])):
            continue
        if FORM["second_hand"].search(folded(text[: held.start()])):
            continue
        told = FORM["further"].split(text[held.start() :].strip()[: 2 * LONGEST_NAME], maxsplit=1)[0].rstrip(" .,;")
        start, end = _when(told)
        if start is None:
            continue
        kind, name = _named(text[: held.start()])
        if held is ahead and _is_only_announced(line, name, looks_back=looks_back):
            continue
        session = _plain(name, when.SessionTime(start, end, None, told), _where(told))
        session = structs.replace(session, title=name, type=kind or session.type)
        yield session, line.passage.line_at(sentence.begins)


def _is_only_announced(line: SectionPassage, name: str, *, looks_back: bool) -> bool:
    if form_in_any("next_meeting").match(name):
        return True
    over = line.passage.text if line.passage.kind is PassageKind.HEADING else line.section.name or ""
    return looks_back and fuzz.token_set_ratio(folded(over), folded(name)) < SAME_TITLE


def _named(lead: str) -> tuple[str | None, str]:
    """The type and the name in what stands before the verb."""
    plain = FORM["article"].sub("", bare_title(lead))
    quoted = FORM["quoted"].search(plain)
    kind = programme.type_alone(plain[: quoted.start()].strip()) if quoted else None
    return kind, quoted["title"] if quoted else plain[:1].upper() + plain[1:]


def _when(text: str) -> tuple[str | None, str | None]:
    """A day, a month or a year, as exactly as the text has it."""
    if days := [day for day in times.written_days(text[:LONGEST_NAME]) if day.year]:
        first: date | None = days[0].on()
        last = first.replace(day=days[0].last) if first and days[0].last and days[0].last > first.day else None
        return (first.isoformat() if first else None), (last.isoformat() if last else None)
    plain = folded(text[:LONGEST_NAME])
    if found := FORM["month_of_year"].search(plain):
        return f"{found['year']}-{MONTHS[found['month']]:02}", None
    found = FORM["year"].search(plain)
    return (found["year"] if found else None), None


def _where(text: str) -> str | None:
    """The town, and the country beside it."""
    for found in FORM["place"].finditer(text):
        if folded(found["town"]).split()[0] not in {*MONTHS, "la", "el", "los", "las", "le", "les", "the"}:
            country = found["aside"] or found["country"]
            return (f"{found['town']}, {country}" if country else found["town"]).rstrip(".")
    return None
