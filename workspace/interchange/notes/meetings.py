"""The sessions and meetings that sentences tell of, in minutes, reports and letters: "Water" was held on 3 May."""

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from datetime import date
from itertools import takewhile, zip_longest

from msgspec import structs
from rapidfuzz import fuzz
from rapidfuzz.utils import default_process

from workspace.interchange.notes import lines, people, places, programme, sentences, session_details, sessions, times
from workspace.interchange.notes import session_details as said
from workspace.interchange.notes.layout import Layout, NotePassage, PassageKind
from workspace.interchange.notes.lines import aligned, bare_title, ends_sentence, folded, unmarked
from workspace.interchange.notes.rules import ALL, form_in_any, forms
from workspace.interchange.notes.sections import SectionPassage
from workspace.interchange.notes.sessions import FoundSessions, NoteGround, SessionMention
from workspace.interchange.notes.times import MONTHS
from workspace.interchange.notes.titles import stated_kind_of
from workspace.sessions.extraction import SessionFound, SpokenLanguage

FORM = forms("sessions")

LONGEST_NAME = 140
TOLD = frozenset({PassageKind.TEXT, PassageKind.HEADING, PassageKind.ITEM, PassageKind.FIELD})
TURNS = TOLD - {PassageKind.ITEM, PassageKind.FIELD} | {PassageKind.SLOT}
MOST_WORDS_OF_A_NAME = 12
NEARLY = 80  # of a title beside words that lead to it
MOST_MEETINGS = 60
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
    ground = NoteGround(sessions.dated_days(passages), None, language)
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
    if sum(bool(FORM["in_turn"].search(line.passage.text)) for line in passages) < sessions.FEWEST_OF_A_PROGRAMME:
        return FoundSessions()
    ground = NoteGround(sessions.dated_days(passages), None, language)
    _, house = session_details.where_all_are(layout, passages, passages[: sessions.FIRST_LINES])
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
            session = sessions.whereabouts(
                structs.replace(session, room=where), [], structs.replace(ground, place=house)
            )
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
    closed = None if session.end or "T" not in (session.start or "") else sessions.told_clock([first, *after], "closed")
    session = sessions.ended(session, closed) if closed else session
    return structs.replace(session, moderators=details.moderators, speakers=speakers, place=place)


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
        days = times.written_days(text) or (sessions.day_before(text, ground) if span else [])
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


def _entries(line: SectionPassage, ground: NoteGround, kinds: Sequence[str]) -> Iterator[tuple[SessionFound, int]]:
    """What a report lists with day and place: "Water (Cali, 3 May)", "3 May, Cali: Water", "On 3 May «Water»"."""
    begun = [at for at, _ in line.passage.starts]
    apart = [(at, line.passage.text[at:end].strip()) for at, end in zip_longest(begun, begun[1:])]
    is_list = all(times.written_days(text) for _, text in apart)
    for begins, words in apart if is_list else _quotations_whole(line.passage):
        text = lines.ENUMERATION.sub("", unmarked(words))
        day = next(iter(times.written_days(text[: sessions.LONGEST_LINE])), None)
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
    day = next(iter(times.written_days(text[: sessions.LONGEST_LINE])), None)
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


def _plain(name: str, moment: times.SessionTime, place: str | None) -> SessionFound:
    """A session of which a sentence tells."""
    kind, title = programme.split_type(name)
    ground = NoteGround((), place, "und")
    return sessions.built_session(
        said.LabelledDetails(), ground, name=title, kind=kind, moment=moment, form=moment.verbatim
    )


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
        session = _plain(name, times.SessionTime(start, end, None, told), _where(told))
        session = structs.replace(session, title=name, type=kind or session.type)
        yield session, line.passage.line_at(sentence.begins)


def _is_only_announced(line: SectionPassage, name: str, *, looks_back: bool) -> bool:
    if form_in_any("next_meeting").match(name):
        return True
    over = line.passage.text if line.passage.kind is PassageKind.HEADING else line.section.name or ""
    return looks_back and fuzz.token_set_ratio(folded(over), folded(name)) < sessions.SAME_TITLE


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
