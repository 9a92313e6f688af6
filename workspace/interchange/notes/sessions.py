"""The sessions a note tells of: one by its labelled lines, or several by headings or by the slots of a programme."""

from collections.abc import Sequence

from msgspec import Struct, structs
from rapidfuzz import fuzz

from workspace.interchange.notes import details as said
from workspace.interchange.notes import headings, slots, standing, times, titles, when, years
from workspace.interchange.notes.agenda import agenda
from workspace.interchange.notes.hosts import hosts
from workspace.interchange.notes.layout import Kind, Layout
from workspace.interchange.notes.sections import Placed
from workspace.interchange.notes.slots import Slot
from workspace.interchange.notes.times import Day
from workspace.interchange.notes.words import folded, unmarked
from workspace.sessions.extraction import AgendaItem, Guess, SessionFound, SpokenLanguage

FEWEST_OF_A_PROGRAMME = 2
SAME_TITLE = 88
NEAR = 8
FIRST_LINES = 14
MOST_SESSIONS = 300
LONGEST_LINE = 160
TELLING = frozenset({"date", "time", "datetime", "place", "room", "moderators", "speakers", "platform"})


class Mention(Struct, frozen=True):
    """A place where the note announces a session: a slot, a heading, a labelled title."""

    place: int
    line: int
    title: str
    slot: Slot | None = None
    is_note: bool = True
    day: Day | None = None

    @property
    def moment(self) -> tuple[int, int, int, int] | None:
        if self.slot is None or self.slot.day is None:
            return None
        return self.slot.day.month, self.slot.day.day, self.slot.span.start.hour, self.slot.span.start.minute


class Sessions(Struct, frozen=True):
    """The sessions, the mentions each was read from, and the lines that are their titles."""

    found: tuple[SessionFound, ...] = ()
    mentions: tuple[tuple[Mention, ...], ...] = ()
    title_lines: frozenset[int] = frozenset()
    owners: tuple[tuple[int, int | None], ...] = ()
    agenda_slots: tuple[Slot, ...] = ()

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
    layout: Layout, passages: Sequence[Placed], *, title: str | None, language: SpokenLanguage, tells_one: bool
) -> Sessions:
    """Every session of the note; `tells_one` where the note as a whole is about a session (not a report)."""
    slotted = slots.found(passages)
    mentions = _mentions(passages, slotted)
    place = standing.place_of_all(layout, passages)
    known = _dated_days(passages)
    if len(mentions) >= FEWEST_OF_A_PROGRAMME:
        return _programme(passages, mentions[:MOST_SESSIONS], known=known, place=place, language=language)
    only = mentions[0] if mentions else None
    name = only.title if only else title
    if name is None or not (tells_one or only):
        return Sessions()
    return _single(passages, slotted, name=name, known=known, place=place, language=language, mention=only)


def _dated_days(passages: Sequence[Placed]) -> list[Day]:
    return [day for line in passages for day in times.days(line.passage.text) if day.year]


def _mentions(passages: Sequence[Placed], slotted: Sequence[Slot]) -> list[Mention]:
    labelled = [
        Mention(place, line.passage.line, titles.named(stated.value))
        for place, line in enumerate(passages)
        if line.passage.kind is Kind.FIELD
        and (stated := headings.field(line.passage.text))
        and stated.role == "title"
        and stated.value
    ]
    if labelled:
        return labelled
    slot_mentions = _slot_mentions(passages, slotted)
    taken = {line for mention in slot_mentions if mention.slot for line in mention.slot.title.lines}
    headed = [mention for mention in _headed(passages) if mention.line not in taken]
    return sorted([*slot_mentions, *headed], key=lambda mention: mention.place)


def _slot_mentions(passages: Sequence[Placed], slotted: Sequence[Slot]) -> list[Mention]:
    """The slots of a programme; none where they are the agenda of one session."""
    real = [slot for slot in slotted if not slot.is_break and slot.title.text]
    typed = sum(slot.is_typed for slot in real)
    first = min((slot.place for slot in real), default=0)
    has_one_date = any(
        (stated := headings.field(line.passage.text)) and stated.role in {"datetime", "time", "duration"}
        for line in passages[:first]
    )
    if has_one_date or typed < FEWEST_OF_A_PROGRAMME or typed * 2 < len(real):
        return []
    mentions = []
    for slot in real:
        mentions.append(Mention(slot.place, slot.line, slot.title.text, slot, is_note=slot.title.is_above))
        if slot.title.also:
            mentions.append(Mention(slot.place, slot.line, slot.title.also, is_note=False, day=slot.day))
    return mentions


def _headed(passages: Sequence[Placed]) -> list[Mention]:
    """Headings that name a session by its type, or that labelled lines about one follow."""
    found = []
    for place, line in enumerate(passages):
        passage = line.passage
        if passage.kind is not Kind.HEADING or headings.role(passage.text) or headings.limit(passage.text):
            continue
        kind, _ = titles.parted(passage.text)
        if (kind or passage.level > 1) and (_is_told(passages, place) or (kind and passage.level > 1)):
            found.append(Mention(place, passage.line, unmarked(passage.text).lstrip("# ")))
    return found if len(found) >= FEWEST_OF_A_PROGRAMME else []


def _is_told(passages: Sequence[Placed], place: int) -> bool:
    for line in passages[place + 1 : place + NEAR]:
        if line.passage.kind is Kind.HEADING:
            return False
        stated = headings.field(line.passage.text) if line.passage.kind is Kind.FIELD else None
        if stated and stated.role in TELLING:
            return True
    return False


def _programme(
    passages: Sequence[Placed],
    mentions: Sequence[Mention],
    *,
    known: Sequence[Day],
    place: str | None,
    language: SpokenLanguage,
) -> Sessions:
    groups: list[list[Mention]] = []
    owners: list[tuple[int, int | None]] = []
    for mention in mentions:
        group = next((number for number, group in enumerate(groups) if _is_same(group[0], mention)), None)
        if group is None:
            group = len(groups)
            groups.append([])
        groups[group].append(mention)
        first = min(mention.slot.title.lines, default=mention.line) if mention.slot else mention.line
        owners.append((min(first, mention.line), group))
    forms = standing.forms(passages)
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
            place=place,
            language=language,
            form=forms.get(group[0].place),
        )
        for group in groups
    )
    if all(session.start is None and not session.inferred for session in found):
        found = tuple(_with(session, years.guessed(passages)) for session in found)
    days = [
        (placed.passage.line, None)
        for placed in passages
        if placed.passage.kind is not Kind.FIELD
        and times.day_line(placed.passage.text)
        and not any(line == placed.passage.line for line, _ in owners)
        and not _is_inside_note(placed, mentions)
    ]
    return Sessions(
        found=found,
        mentions=tuple(map(tuple, groups)),
        title_lines=frozenset(line for m in mentions if m.slot for line in m.slot.title.lines)
        | {mention.line for mention in mentions},
        owners=tuple(sorted([*owners, *days], key=lambda owner: owner[0])),
    )


def _is_inside_note(line: Placed, mentions: Sequence[Mention]) -> bool:
    """A note's own date stands between its title and its times."""
    return any(
        mention.slot
        and mention.slot.title.is_above
        and min(mention.slot.title.lines) <= line.passage.line <= mention.line
        for mention in mentions
    )


def _is_same(first: Mention, other: Mention) -> bool:
    if first.moment and other.moment and first.moment == other.moment:
        return True
    if first.is_note == other.is_note:
        return False
    if first.moment and other.moment:
        return folded(titles.parted(first.title)[1]) == folded(titles.parted(other.title)[1])
    return fuzz.token_set_ratio(folded(first.title), folded(other.title)) >= SAME_TITLE


def _session(
    group: Sequence[Mention],
    passages: Sequence[Placed],
    *,
    known: Sequence[Day],
    place: str | None,
    language: SpokenLanguage,
    form: str | None,
) -> SessionFound:
    first = group[0]
    kind, name = titles.parted(first.title)
    slot = next((mention.slot for mention in group if mention.slot), None)
    return _built(
        said.details(passages),
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


def _of_slot(slot: Slot, known: Sequence[Day], language: SpokenLanguage) -> when.When:
    return when.stated(
        day=slot.day, span=slot.span, offsets=slot.offsets, verbatim=slot.verbatim, known=known, language=language
    )


def _of_day(day: Day | None, known: Sequence[Day], language: SpokenLanguage) -> when.When | None:
    if day is None:
        return None
    return when.stated(day=day, span=None, offsets=(), verbatim=None, known=known, language=language)


def _single(
    passages: Sequence[Placed],
    slotted: Sequence[Slot],
    *,
    name: str,
    known: Sequence[Day],
    place: str | None,
    language: SpokenLanguage,
    mention: Mention | None,
) -> Sessions:
    dated = next((slot for slot in slotted if slot.is_dated), None) or standing.slot(passages, slotted)
    items = tuple(slot for slot in slotted if not slot.is_dated and slot is not dated)
    kind, title = titles.parted(titles.without_kind(name))
    kind = kind or next(
        (found for line in passages[:FIRST_LINES] if (found := titles.type_alone(line.passage.text))), None
    )
    moment = _of_slot(dated, known, language) if dated else None
    told = said.details(passages)
    built = _built(
        told,
        name=title,
        kind=kind,
        moment=moment or _undated(passages, known, language),
        known=known,
        place=place,
        language=language,
        form=None,
        items=agenda(passages, items),
    )
    built = _with_place(built, standing.room_and_place(passages, told, dated, verbatim=built.time_verbatim))
    if not built.organisers:
        organisers, others = hosts(passages)
        built = structs.replace(built, organisers=organisers, co_organisers=built.co_organisers or others)
    guessed = standing.type_in_text(passages) if built.type is None else {}
    if built.time_verbatim and built.start is None and not built.inferred:
        guessed |= years.guessed(passages)
    lines = {mention.line} if mention else set()
    return Sessions(
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


def _undated(passages: Sequence[Placed], known: Sequence[Day], language: SpokenLanguage) -> when.When | None:
    """The date among a note's first lines, where no labelled line holds it."""
    texts = [
        text
        for line in passages[:FIRST_LINES]
        if line.passage.kind is not Kind.FIELD and len(text := unmarked(line.passage.text)) <= LONGEST_LINE
    ]
    for text in sorted(texts, key=lambda text: times.clock_span(text) is None):
        if days := times.days(text):
            return when.stated(
                day=days[0],
                span=times.clock_span(text),
                offsets=times.offsets(text),
                verbatim=text.rstrip("."),
                known=known,
                language=language,
            )
    return None


def _built(
    details: said.Details,
    *,
    name: str,
    kind: str | None,
    moment: when.When | None,
    known: Sequence[Day],
    place: str | None,
    language: SpokenLanguage,
    form: str | None,
    items: tuple[AgendaItem, ...],
    room: str | None = None,
) -> SessionFound:
    labelled = _labelled_moment(details, known, language)
    moment = labelled or moment or when.When()
    stated_room, stated_place = said.room_and_place(details)
    room = stated_room or room
    if room is None:
        name, room = said.room_aside(name)
    form_words = details.first("format") or form
    platform = said.platform(details.first("platform"), name, form_words, details.first("place"))
    return SessionFound(
        title=name or "",
        type=said.session_type(details) or kind,
        thematic_line=said.thematic(details.first("thematic_line")),
        subtheme=said.thematic(details.first("subtheme")),
        start=moment.start,
        end=moment.end,
        utc_offset=moment.utc_offset,
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
        moderators=details.moderators,
        speakers=details.speakers,
        agenda=items,
        stated_duration_minutes=said.duration(details),
        inferred=dict(moment.inferred),
    )


def _labelled_moment(details: said.Details, known: Sequence[Day], language: SpokenLanguage) -> when.When | None:
    """Date and time from labelled lines, whether on one line or on two."""
    both, day_text, time_text = details.first("datetime"), details.first("date"), details.first("time")
    day_text, time_text = both or day_text, time_text or both or day_text
    days = times.days(day_text or "")
    if not days and not (time_text and times.clock(time_text)):
        return None
    verbatim = both or " ".join(dict.fromkeys(filter(None, [day_text, time_text])))
    return when.stated(
        day=days[0] if days else None,
        span=times.clock(time_text or ""),
        offsets=times.offsets(time_text or ""),
        verbatim=verbatim,
        known=known,
        language=language,
    )
