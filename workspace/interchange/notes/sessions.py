"""The sessions and meetings that a note tells of."""

from collections import Counter
from collections.abc import Collection, Iterator, Mapping, Sequence
from datetime import timedelta
from itertools import pairwise, takewhile
from statistics import median

from msgspec import Struct, field, structs
from rapidfuzz import fuzz

from workspace.interchange.notes import (
    houses,
    lines,
    people,
    places,
    programme,
    sentences,
    session_details,
    session_titles,
    times,
)
from workspace.interchange.notes import session_details as said
from workspace.interchange.notes.layout import Layout, PassageKind
from workspace.interchange.notes.lines import aligned, bare_title, ends_sentence, folded, unmarked
from workspace.interchange.notes.programme import ProgrammeSlot, SlotTitle
from workspace.interchange.notes.rules import ALL, RuleKind, form_in_any, forms
from workspace.interchange.notes.sections import SectionPassage, stated_value
from workspace.interchange.notes.session_details import hosts
from workspace.interchange.notes.session_titles import TitlePiece
from workspace.interchange.notes.times import WrittenDay
from workspace.interchange.notes.titles import is_letter, letter_head
from workspace.sessions.extraction import AgendaItem, DocumentKind, Guess, Person, SessionFound, SpokenLanguage

FORM = forms("sessions")

FEWEST_OF_A_PROGRAMME = 2
FEWEST_LONG = 3
LASTING = 40  # minutes
SAME_TITLE = 88
SURELY = 95
FEWEST_LETTERS = 5
NEAR = 8
NEAR_TITLE_LINES = 3
MOST_OF_A_BLOCK = 4
FIRST_LINES = 14
OF_SEVERAL = frozenset({"programme", "report"})
NEAR_WHERE = 5
NEAR_CLOCK = 40  # letters from the verb to the time
MOST_SESSIONS = 300
FORTNIGHT = 14  # days
LONGEST_LINE = 160
LONGEST_TIMED = 400
NOWHERE = -1


class SessionMention(Struct, frozen=True):
    """A place where the note announces a session: a slot, a heading, a labelled title."""

    place: int
    line: int
    title: str
    slot: ProgrammeSlot | None = None
    is_note: bool = True
    is_guessed: bool = False

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
    span: times.ClockSpan | None = None  # of each of a series, where the first lines give it
    last: WrittenDay | None = None  # of the session told before: "the same day"
    day: WrittenDay | None = None  # of all, where the first lines give one
    by_name: Mapping[str, WrittenDay] = field(default_factory=dict)  # days by name, where the first lines give several

    def time(
        self,
        day: WrittenDay | None,
        span: times.ClockSpan | None = None,
        offsets: Sequence[str] = (),
        verbatim: str | None = None,
    ) -> times.SessionTime:
        return times.stated_time(
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

    def of(self, slot: ProgrammeSlot) -> times.SessionTime:
        return self.time(slot.day, slot.span, slot.offsets, slot.verbatim)


class FoundSessions(Struct, frozen=True):
    """The sessions, the mentions each was read from, and the lines that are their titles."""

    found: tuple[SessionFound, ...] = ()
    mentions: tuple[tuple[SessionMention, ...], ...] = ()
    title_lines: frozenset[int] = frozenset()
    owners: tuple[tuple[int, int | None], ...] = ()
    agenda_slots: tuple[ProgrammeSlot, ...] = ()
    passages: tuple[SectionPassage, ...] = ()  # of which the places of mentions are

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
    layout: Layout,
    passages: Sequence[SectionPassage],
    *,
    title: str | None,
    language: SpokenLanguage,
    tells_one: bool,
    kind: DocumentKind,
) -> FoundSessions:
    """Every session of the note; `tells_one` where the note as a whole is about a session (not a report)."""
    slotted = programme.programme_slots(passages)
    mentions = _mentions(passages, slotted, kind)
    told, pieces = session_titles.rated_titles(passages, language=language, kind=kind)
    likely, is_whole = _likely(pieces, told), len(told) == len(passages)
    is_surer = (is_whole or len(likely) > len(mentions)) and len(likely) >= FEWEST_OF_A_PROGRAMME
    is_of_one = tells_one and _has_one_date(passages)
    if is_surer and not (is_of_one or any(_is_labelled(passages, mention) for mention in mentions)):
        passages, slotted = told, slotted if is_whole else programme.programme_slots(told)
        mentions = _with_likely(mentions if is_whole else _mentions(told, slotted, kind), pieces, likely, told)
    place = session_details.place_of_all(layout, passages) or session_details.place_beside_date(passages)
    ground = NoteGround(dated_days(passages), place, language)
    ground = structs.replace(ground, day=programme.only_day(passages), by_name=programme.named_days(passages))
    if len(mentions) >= FEWEST_OF_A_PROGRAMME:
        head = passages[: min(mention.place for mention in mentions)]
        room, place = session_details.where_all_are(layout, passages, head)
        place = houses.house_of(passages, place)
        spans = {span.verbatim: span for line in head for span in times.clock_spans(line.passage.text)}
        of_all = next(iter(spans.values())) if len(spans) == 1 else None
        ground = structs.replace(ground, place=place, room=room, span=of_all)
        return _programme(passages, mentions[:MOST_SESSIONS], ground)
    only = mentions[0] if mentions else None
    name = only.title if only else title
    if name is None or not (tells_one or only):
        return FoundSessions()
    begin = max(0, only.place - NEAR) if only and not tells_one else 0
    near = passages[begin : only.place + NEAR] if only and not tells_one else passages
    inside = [slot for slot in slotted if 0 <= slot.place - begin < len(near)]
    inside = [structs.replace(slot, place=slot.place - begin) for slot in inside]
    return _single(near, inside, ground, name=name, mention=only)


def dated_days(passages: Sequence[SectionPassage]) -> list[WrittenDay]:
    """The dates with their years, and for a year alone in the first lines a date of no day."""
    dated = [day for line in passages for day in times.written_days(line.passage.text) if day.year]
    bare = (
        found
        for line in passages[:FIRST_LINES]
        for found in FORM["bare_year"].findall(line.passage.text[:LONGEST_LINE])
    )
    return [*dated, *(WrittenDay(day=0, month=0, year=int(year)) for year in bare if not dated)]


def _mentions(
    passages: Sequence[SectionPassage], slotted: Sequence[ProgrammeSlot], kind: DocumentKind
) -> list[SessionMention]:
    labelled = [
        SessionMention(place, line.passage.line, programme.without_number(stated.value))
        for place, line in enumerate(passages)
        if (stated := stated_value(passages, place)) and stated.role == "title" and stated.value
    ]
    if labelled and not (len(labelled) == 1 and passages[labelled[0].place].passage.column):
        return labelled
    slot_mentions = _slot_mentions(passages, slotted, is_programme=kind == "programme")
    taken = {line for mention in slot_mentions if mention.slot for line in mention.slot.title.lines}
    headed = [mention for mention in _in_series(passages) if mention.line not in taken]
    found = sorted([*slot_mentions, *headed], key=lambda mention: mention.place) or labelled
    return found or (_in_blocks(passages) if kind in OF_SEVERAL else [])


def _has_one_date(passages: Sequence[SectionPassage]) -> bool:
    """Whether one labelled line says when all was, as the form of a session does."""
    stated = (lines.labelled_value(line.passage.text) for line in passages if line.passage.kind is PassageKind.FIELD)
    return sum(each is not None and each.role in {"datetime", "date"} for each in stated) == 1


def _is_labelled(passages: Sequence[SectionPassage], mention: SessionMention) -> bool:
    stated = stated_value(passages, mention.place) if mention.slot is None else None
    return stated is not None and stated.role == "title"


def _with_likely(
    mentions: Sequence[SessionMention],
    pieces: Sequence[TitlePiece],
    likely: Sequence[TitlePiece],
    passages: Sequence[SectionPassage],
) -> list[SessionMention]:
    """The mentions but for the most unlikely, and what is likely a title and none of theirs."""
    rated: dict[int, float] = {}
    for piece in pieces:
        on = passages[piece.place].passage.line
        rated[on] = max(rated.get(on, 0.0), piece.likelihood)
    kept = [each for each in mentions if max(rated.get(on, 1.0) for on in _lines(each)) > session_titles.UNLIKELY]
    taken = {on for mention in kept for on in (mention.line, *_lines(mention))}
    names = [folded(mention.title) for mention in kept]
    new = [
        piece
        for piece in likely
        if passages[piece.place].passage.line not in taken and not _is_named(piece.text, names)
    ]
    is_note = not kept or any(mention.is_note for mention in kept)
    places = {mention.place for mention in kept}
    told = (structs.replace(mention, is_note=is_note) for mention in _timed(new, passages, places))
    return sorted([*kept, *told], key=lambda mention: mention.place)


def _lines(mention: SessionMention) -> Sequence[int]:
    """Those of its title."""
    return (mention.slot.title.lines if mention.slot else ()) or (mention.line,)


def _likely(pieces: Sequence[TitlePiece], passages: Sequence[SectionPassage]) -> list[TitlePiece]:
    """Those that are likely titles, each title once and none of an agenda's items."""
    found: list[TitlePiece] = []
    names: list[str] = []
    for piece in pieces:
        is_item = passages[piece.place].section.role == "agenda"
        if piece.is_likely and not is_item and len(found) < MOST_SESSIONS and not _is_named(piece.text, names):
            found.append(piece)
            names.append(folded(piece.text))
    return found


def _is_named(title: str, names: Sequence[str]) -> bool:
    plain = folded(title)
    return any(fuzz.token_set_ratio(plain, name) >= SAME_TITLE for name in names)


def _timed(
    pieces: Sequence[TitlePiece], passages: Sequence[SectionPassage], others: Collection[int]
) -> Iterator[SessionMention]:
    """The titles with their times: on the same line, or else on one over or under each of them.

    `others` are the places of other mentions, beyond which no time is looked for.
    """
    texts = [unmarked(line.passage.text) for line in passages]
    by_name, headed = programme.named_days(passages), programme.headed_days(passages)
    told = {at: times.told_span(text) for at, text in enumerate(texts) if len(text) <= LONGEST_TIMED}
    spans = {at: span for at, span in told.items() if span}
    whens = {*spans, *(at for at, text in enumerate(texts) if len(text) <= LONGEST_LINE and _days(text, by_name))}
    bounds = sorted({NOWHERE, len(passages), *others, *(piece.place for piece in pieces)})
    nearest = {at: (before, after) for before, at, after in zip(bounds, bounds[1:], bounds[2:], strict=False)}
    over, under = [], []
    for piece in pieces:
        before, after = nearest[piece.place]
        above = (at for at in range(piece.place - 1, before, -1) if at in whens and not ends_sentence(texts[at]))
        over.append(next(above, None))
        under.append(next((at for at in range(piece.place + 1, after) if at in whens), None))
    alone = [number for number, piece in enumerate(pieces) if piece.place not in spans]
    is_over = sum(over[number] in spans for number in alone) > sum(under[number] in whens for number in alone)
    rows = {passages[at].passage.line: at for at in reversed(spans) if passages[at].passage.column}
    begun, only = sorted(headed, reverse=True), programme.only_day(passages)
    last: int | None = None  # of which the next title may be as well: two at one time
    for number, piece in enumerate(pieces):
        line = passages[piece.place].passage.line
        at = piece.place if piece.place in spans else rows.get(line, over[number] if is_over else under[number])
        at = last if at is None and is_over else at
        if at is None or at not in spans:
            yield SessionMention(piece.place, line, piece.text, is_guessed=True)
            continue
        own = [day for each in (at, piece.place) for day in _days(texts[each], by_name)]
        day = next((headed[each] for each in begun if each <= at), only)
        slot = ProgrammeSlot(
            place=min(at, piece.place) if at != last else piece.place,
            line=line,
            span=spans[at],
            day=own[0] if own else day,
            title=SlotTitle(piece.text, (line,), is_above=at > piece.place),
            verbatim=texts[at][:LONGEST_LINE],
            offsets=tuple(times.written_offsets(texts[at])),
            is_in_agenda=False,
            is_dated=bool(own),
        )
        last = at
        yield SessionMention(slot.place, line, piece.text, slot, is_guessed=True)


def _days(text: str, by_name: Mapping[str, WrittenDay]) -> Sequence[WrittenDay]:
    return times.written_days(text) or programme.short_days(text[:NEAR_CLOCK], by_name)


def _in_blocks(passages: Sequence[SectionPassage]) -> list[SessionMention]:
    """The titles of blocks that empty lines part, each with its day or its time: "Water" / "(Tuesday 25)"."""
    by_name, found = programme.named_days(passages), []
    begins = [place for place, line in enumerate(passages) if place and (line.passage.gap or line.passage.level)]
    for begin, end in pairwise([*begins, len(passages)]):
        block = passages[begin : min(end, begin + MOST_OF_A_BLOCK)]
        texts = [unmarked(line.passage.text) for line in block]
        run_in = FORM["run_in_title"].match(texts[0])
        if run_in and times.told_span(texts[0][run_in.end() :]):
            title = (run_in["quoted"] or run_in["capitals"]).strip(" ,.:")
            found.append(SessionMention(begin, block[0].passage.line, title, is_guessed=True))
        elif any(_says_when(text, by_name) for text in texts):
            pairs = zip(block, texts, strict=True)
            if line := next((line for line, text in pairs if _may_be_of_block(line, text, by_name)), None):
                name = FORM["quoted"].fullmatch(unmarked(line.passage.text))
                title = name["title"] if name else programme.without_number(line.passage.text).strip("# ")
                found.append(SessionMention(begin, line.passage.line, title, is_guessed=True))
    return found if len(found) >= FEWEST_OF_A_PROGRAMME else []


def _may_be_of_block(line: SectionPassage, text: str, by_name: Mapping[str, WrittenDay]) -> bool:
    is_said = line.passage.kind in {PassageKind.TEXT, PassageKind.HEADING} and not line.passage.column
    is_title = bool(_title_below(text)) and len(text.split()) > 1 and text[:1] not in "(["
    is_other = _says_when(text, by_name) or people.only_people(text) or places.is_place_alone(text)
    return is_said and is_title and not (is_other or lines.section_role(text) or lines.says_where(text))


def _says_when(text: str, by_name: Mapping[str, WrittenDay]) -> bool:
    """Whether a short line begins with a day or a time."""
    text = lines.PARENTHESIS.sub("", text).rstrip() or text
    if len(text) > LONGEST_LINE or ends_sentence(text.rstrip(")")):
        return False
    days = times.written_days(text) or programme.short_days(text[:NEAR_CLOCK], by_name)
    is_led = FORM["begins_day"].match(aligned(text))
    return bool(times.day_line(text) or (is_led and (days or times.told_span(text))))


def _slot_mentions(
    passages: Sequence[SectionPassage], slotted: Sequence[ProgrammeSlot], *, is_programme: bool
) -> list[SessionMention]:
    """The slots of a programme; none where they are the agenda of one session."""
    timed = [slot for slot in slotted if slot.span.end]
    are_timed = len(timed) >= FEWEST_LONG and len(timed) * 2 > len(slotted)  # what has no end there is no session
    real = [slot for slot in (timed if are_timed else slotted) if not slot.is_break and slot.title.text]
    above = passages[: min((slot.place for slot in real if not slot.is_dated), default=0)]
    is_business = any(_is_business(line) for place, line in enumerate(above) if line.is_heading or not place)
    is_long = _is_long(real, slotted)
    is_programme = is_programme and not any(slot.is_in_agenda for slot in real)
    is_programme = is_programme or _is_in_rooms(real) or (is_long and not is_business)
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
    is_lasting = len(lasting) >= FEWEST_LONG and (median(lasting) >= LASTING or len(days) > 1)
    return is_lasting or len(days) >= FEWEST_LONG


def _minutes_until(slot: ProgrammeSlot, after: ProgrammeSlot) -> int | None:
    minutes = structs.replace(slot.span, end=after.span.start).minutes
    return minutes if slot.day == after.day and slot.span.start < after.span.start else None


def _is_in_rooms(slots: Sequence[ProgrammeSlot]) -> bool:
    """Whether the slots stand in several rooms, or several at one time: what only a programme has."""
    rooms = {slot.title.room for slot in slots if slot.title.room}
    lasting = [(slot.day, slot.span.start, slot.span.end) for slot in slots if slot.day and slot.span.end]
    return len(rooms) >= FEWEST_OF_A_PROGRAMME or len({*lasting}) < len(lasting)


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
            found[number] = SessionMention(place, line.passage.line if name or below is None else below.line, title)
    return list(found.values()) if len(found) >= FEWEST_OF_A_PROGRAMME else []


def _title_below(text: str) -> str | None:
    """A title on a line of its own, or the first one in quotation marks."""
    if quoted := FORM["quoted"].match(text):
        return quoted["title"]
    return text if not ends_sentence(text.rstrip("?!")) and len(text) <= LONGEST_LINE else None


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
        passages=tuple(passages),
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
    if first.is_note == other.is_note or first.is_guessed or other.is_guessed:
        return False
    if first.moment and first.moment == other.moment:
        return True
    if first.moment and other.moment:
        return folded(programme.split_type(first.title)[1]) == folded(programme.split_type(other.title)[1])
    return fuzz.token_set_ratio(folded(first.title), folded(other.title)) >= SAME_TITLE


def _session(
    group: Sequence[SessionMention], passages: Sequence[SectionPassage], ground: NoteGround, *, form: str | None
) -> SessionFound:
    first = group[0]
    kind, name = programme.split_type(first.title)
    head = [*passages[:1], *takewhile(lambda line: not line.is_heading, passages[1:])]
    is_beside = first.is_note and not first.is_guessed
    place = (session_details.place_beside_date(head) if is_beside else None) or ground.place
    slot = next((mention.slot for mention in group if mention.slot), None)
    moment = ground.of(slot) if slot else _headed_moment(passages, ground)
    entry = slot.title if slot else SlotTitle(lines=(first.line,)) if first.is_guessed else None
    told, room = said.labelled_details(passages, entry), slot.title.room if slot else None
    ground = structs.replace(ground, place=place)
    built = built_session(told, ground, name=name, kind=kind, moment=moment, form=form, room=room)
    return whereabouts(built, passages, ground)


def whereabouts(session: SessionFound, passages: Sequence[SectionPassage], ground: NoteGround) -> SessionFound:
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


def _headed_moment(passages: Sequence[SectionPassage], ground: NoteGround) -> times.SessionTime | None:
    """When a session is that only a heading names: what it says, or the next lines, and else the day of all."""
    near = (unmarked(line.passage.text) for line in passages[:NEAR_TITLE_LINES])
    texts = (said.text for text in near for said in sentences.split_sentences(text))
    for text in (text for text in texts if len(text) <= LONGEST_LINE):
        span, days = times.told_span(text), [*times.written_days(text), *programme.short_days(text, ground.by_name)]
        if span or days:
            opened, closed = (told_clock(passages, kind) for kind in ("opened", "closed"))
            if opened and span is None:
                span = structs.replace(opened, end=closed.start if closed and closed.start > opened.start else None)
            day, span = ground.dated(days[0]) if days else ground.day, span or ground.span
            return ground.time(day, span, times.written_offsets(text), text)
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
    built = built_session(labelled, ground, name=title, kind=kind, moment=moment, form=form, items=agenda)
    room, place = session_details.room_and_place_in_text(passages, labelled, dated, verbatim=built.time_verbatim)
    closed = None if built.end or "T" not in (built.start or "") else told_clock(passages, "closed")
    built = ended(built, closed) if closed else built
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


def _undated(passages: Sequence[SectionPassage], ground: NoteGround) -> times.SessionTime | None:
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
    days = {text: times.written_days(text) or (day_before(text, ground) if is_sent else []) for text in texts}
    dated = [text for text in days if days[text] and not form_in_any("deadline").search(folded(text))]
    dated = [text for text in dated if not form_in_any("next_meeting").match(text)]
    for text in sorted(dated, key=lambda text: (times.clock_span(text) is None, not (is_sent or days[text][0].year))):
        begun, ended = (told_clock(passages, kind) for kind in ("opened", "closed"))
        span = times.told_span(text)
        if begun and (span is None or span.end is None):
            span = structs.replace(begun, end=ended.start if ended and ended.start > begun.start else None)
        return ground.time(days[text][0], span, times.written_offsets(text), text.rstrip("."))
    return None


def told_clock(passages: Sequence[SectionPassage], kind: RuleKind) -> times.ClockSpan | None:
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


def built_session(
    details: said.LabelledDetails,
    ground: NoteGround,
    *,
    name: str,
    kind: str | None,
    moment: times.SessionTime | None,
    form: str | None,
    items: tuple[AgendaItem, ...] = (),
    room: str | None = None,
) -> SessionFound:
    labelled = _labelled_moment(details, ground)
    moment = labelled or moment or times.SessionTime()
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


def _labelled_moment(details: said.LabelledDetails, ground: NoteGround) -> times.SessionTime | None:
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


def ended(session: SessionFound, closed: times.ClockSpan) -> SessionFound:
    """The session with its end on the day of its start."""
    start = session.start or ""
    return structs.replace(session, end=f"{start[:11]}{closed.start:%H:%M:%S}{start[19:]}")


def day_before(text: str, ground: NoteGround) -> list[WrittenDay]:
    """The day of the session before ("the same day"), or one shortly before the first date ("Tuesday 16")."""
    if ground.last and (same := FORM["same_day"].search(aligned(text))):
        return [structs.replace(ground.last, verbatim=same[0])]
    found, sent = FORM["yesterday"].search(aligned(text)), next((day.on() for day in ground.known), None)
    week = [sent - timedelta(days=days) for days in range(1, FORTNIGHT)] if found and sent else []
    if found and (name := found["weekday"]) is not None:
        day, number = times.WEEKDAYS.get(name), found["day"]
        week = [each for each in week if each.weekday() == day and number in {None, str(each.day)}]
    return [WrittenDay(told.day, told.month, told.year, verbatim=found[0]) for told in week[:1] if found]
