"""Where a declaration comes from: the programme, and each session."""

import json
import re
from collections.abc import Iterator, Mapping, Sequence
from datetime import date, datetime, timedelta
from functools import cache, partial
from itertools import groupby
from pathlib import Path
from typing import Any
from uuid import UUID

import msgspec
import sqlalchemy as sa
from babel.dates import format_skeleton
from litestar import Controller
from litestar.response import Redirect
from msgspec import Struct

from workspace.consultation import policy as consultation
from workspace.consultation.pages.note_page import NoteBlock, note_blocks
from workspace.core.actor import Actor
from workspace.core.errors import BadFile, NotFound
from workspace.core.shapes import filled
from workspace.core.storage.db import Db
from workspace.declarations.frame import header
from workspace.forms.service import FormService
from workspace.interchange.notes.rules import ADOPTED_TEXTS
from workspace.people.frame import forum_frame
from workspace.people.models import Forum
from workspace.recommendations.models import Recommendation, RecommendationStatus
from workspace.recommendations.pages.contributions import speaker_key
from workspace.recommendations.policy import may_read, may_settle_of
from workspace.recommendations.service import RecommendationService
from workspace.sessions.extraction import AgendaItem, Inconsistency, Person, SessionDetails, SessionFound
from workspace.sessions.files import KINDS, FileService
from workspace.sessions.models import Awaiting, Session
from workspace.sessions.policy import ensure_may_read, may_edit, may_import_notes, shown_to
from workspace.sessions.service import SessionService, by_date, moment_of, period_of
from workspace.sessions.source_lines import source_lines, without_marks
from workspace.sessions.typed_facts import FORMATS, LEAP_YEAR, by_region
from workspace.web.http.request_context import PathId, Slug, Work
from workspace.web.i18n.marking import N_
from workspace.web.i18n.messages import LANGUAGES, Messages
from workspace.web.pages import Page, redirect, shows
from workspace.web.refusals.sentences import sentence

A_MOMENT = timedelta(minutes=1)  # two that begin at once are parallel, though nobody says when either ends


class ProgrammeLine(Struct, frozen=True):
    """One session of the programme. `starts` is a moment on the clocks of the place, a day, or whatever the note says;
    `ends` a moment, where one is told."""

    number: int
    title: str
    language: str
    href: str
    starts: datetime | date | str | None
    ends: datetime | None
    room: str
    place: str
    members_only: bool
    confirmed: int
    proposed: int
    theme: str
    languages: Sequence[str]  # their names, in the reader's language
    unconfirmed_speakers: int
    review: str  # where its document is looked through, for whoever does
    is_settled: bool  # whether nothing of it waits there


class ProgrammeDay(Struct, frozen=True):
    """A day with what is held on it, those at the same time together.

    It is words for a month or a year of which no more is known, and None for sessions whose day nobody knows.
    """

    day: date | str | None
    slots: Sequence[Sequence[ProgrammeLine]]


class ProgrammePage(Page, frozen=True, kw_only=True):
    sessions: Sequence[ProgrammeLine]
    days: Sequence[ProgrammeDay]
    zone: str
    awaiting: Sequence[tuple[str, str, Awaiting]]  # notes: name, address that takes the session, statements
    choices: Sequence[tuple[str, str]]
    removed: Sequence[tuple[str, str]]  # title, and the address that restores it
    problems: Sequence[str] = ()  # of a spreadsheet that was not imported
    recommendations: int
    may_read_recommendations: bool
    may_import: bool
    may_have_address: bool  # of their own, for a calendar program


def programme(db: Db, forum_slug: str, *, work: Work) -> ProgrammePage:
    """Two queries beside the forum's own, whatever the number of sessions."""
    found = forum_frame(db, forum_slug, work=work)
    ensure_may_read(work.actor, found.forum)
    is_open = may_read(work.actor, found.forum)
    counts = _counts(db, found.forum) if is_open else {}
    lines = [_line(row, counts, found.forum, work) for row in _rows(db, found.forum, work.actor)]
    may_import = may_import_notes(work.actor, found.forum)
    return ProgrammePage(
        place=header(db, found, work=work),
        here="sessions",
        sessions=lines,
        days=list(_days(lines, work)),
        zone=found.forum.timezone,
        awaiting=_awaiting(db, found.forum, work) if may_import else (),
        choices=session_choices(db, forum_slug, work) if may_import else (),
        removed=_removed(db, found.forum, work) if may_import else (),
        recommendations=sum(line.confirmed + line.proposed for line in lines),
        may_read_recommendations=is_open,
        may_import=may_import,
        may_have_address=work.actor.person_id is not None,
    )


def _awaiting(db: Db, forum: Forum, work: Work) -> list[tuple[str, str, Awaiting]]:
    at = partial(work.url_for, "place_note", forum=forum.slug)
    awaiting = SessionService(db).awaiting(forum, actor=work.actor)
    return [(each.name, at(document_id=each.id), each.awaiting_statements) for each in awaiting]


def _removed(db: Db, forum: Forum, work: Work) -> list[tuple[str, str]]:
    at = partial(work.url_for, "restore_session", forum=forum.slug)
    return [(each.title, at(session_id=each.id)) for each in SessionService(db).removed(forum, actor=work.actor)]


def session_choices(db: Db, forum_slug: str, work: Work) -> list[tuple[str, str]]:
    """The sessions that the reader may work on, to choose one of them: id, and number with title."""
    where = forum_frame(db, forum_slug, work=work).forum
    sessions = [each for each in SessionService(db).programme(where, actor=work.actor) if may_edit(work.actor, each)]
    return [(str(session.id), f"{session.number}. {session.title}") for session in sessions]


def _days(lines: Sequence[ProgrammeLine], work: Work) -> Iterator[ProgrammeDay]:
    """Lines in the order of time, by day; parallel sessions in one slot."""
    for day, held in groupby(lines, lambda line: _day_of(line.starts, work)):
        slots: list[list[ProgrammeLine]] = []
        until: datetime | None = None
        for line in held:
            starts = line.starts if isinstance(line.starts, datetime) else None
            if starts and until and starts < until:
                slots[-1].append(line)
            else:
                slots.append([line])
                until = None
            ends = line.ends if starts and line.ends and line.ends.date() == starts.date() else None
            until = max(filter(None, (until, ends, starts and starts + A_MOMENT)), default=None)
        yield ProgrammeDay(day, slots)


def _day_of(starts: datetime | date | str | None, work: Work) -> date | str | None:
    if isinstance(starts, datetime):
        return starts.date()
    return period(starts, work) if isinstance(starts, str) else starts


def period(text: str | None, work: Work) -> str | None:
    """March 2013 for "2013-03", the year for a year; None for anything else."""
    first = period_of(text or "")
    if first is None:
        return None
    return format_skeleton("yMMMM" if "-" in (text or "") else "y", first, locale=work.messages.locale)


def on_clocks_of(forum: Forum, text: str | None) -> datetime | date | str | None:
    """What a note says, on the clocks of the place of the forum; a time without offset is of those clocks already."""
    moment = moment_of(text)
    if moment is None or not text:
        return text or None
    if len(text) <= len("2027-03-04"):
        return moment.date()
    return forum.local(moment).replace(tzinfo=None) if moment.tzinfo else moment


def session_times(text: str | None) -> datetime | date | str | None:
    """What a note says, as a moment if it names one, with its offset or without, as a day if it names that."""
    if not text:
        return None
    try:
        moment = datetime.fromisoformat(text)
    except ValueError:
        return text
    return moment if "T" in text else moment.date()


_Row = sa.Row[UUID, int, str, str, str | None, str | None, str | None, UUID | None, UUID | None, Any]
_Counts = Mapping[tuple[UUID, RecommendationStatus], int]


def _rows(db: Db, forum: Forum, actor: Actor) -> Sequence[_Row]:
    columns = sa.select(
        Session.id,
        Session.number,
        Session.title,
        Session.language,
        Session.starts,
        Session.ends,
        Session.place,
        Session.document_id,
        Session.rapporteur_id,
        Session.confirmed_at,
        Session.details["found"].label("found"),
    )
    return by_date(db.execute(columns.where(Session.forum_id == forum.id, shown_to(actor, forum))).all(), forum)


def _counts(db: Db, forum: Forum) -> _Counts:
    statement = (
        sa.select(Recommendation.session_id, Recommendation.standing, sa.func.count())
        .where(Recommendation.forum_id == forum.id, Recommendation.session_id.is_not(None))
        .group_by(Recommendation.session_id, Recommendation.standing)
    )
    return {(session_id, standing): count for session_id, standing, count in db.execute(statement) if session_id}


def _line(row: _Row, counts: _Counts, forum: Forum, work: Work) -> ProgrammeLine:
    found = msgspec.convert(row.found, SessionFound)
    may_review = row.document_id and may_settle_of(work.actor, forum, row.rapporteur_id)
    return ProgrammeLine(
        number=row.number,
        title=row.title,
        language=row.language,
        href=work.url_for("session", forum=forum.slug, session_id=row.id),
        starts=on_clocks_of(forum, row.starts),
        ends=ends if isinstance(ends := on_clocks_of(forum, row.ends), datetime) else None,
        room=found.room or "",
        place=row.place or "",
        members_only=found.members_only,
        confirmed=counts.get((row.id, RecommendationStatus.CONFIRMED), 0),
        proposed=counts.get((row.id, RecommendationStatus.PROPOSED), 0),
        theme=" · ".join(part for part in (found.thematic_line, found.subtheme) if part),
        languages=[str(work.messages.locale.languages.get(language, language)) for language in found.working_languages],
        unconfirmed_speakers=sum(person.confirmed == "no" for person in (*found.moderators, *found.speakers)),
        review=work.url_for("review", forum=forum.slug, document_id=row.document_id) if may_review else "",
        is_settled=bool(row.confirmed_at) and not counts.get((row.id, RecommendationStatus.PROPOSED)),
    )


FINDINGS = (
    N_("Different durations: %(lengths)s."),
    N_("Agenda: %(sum)s minutes, not %(lengths)s."),
    N_("Agenda until %(last)s, session until %(end)s."),
    N_("Agenda from %(first)s, session from %(start)s."),
    N_("Nothing between %(before)s and %(after)s."),
    N_("One item until %(before)s, the next from %(after)s."),
    N_("%(section)s: %(count)s words, limit %(most)s."),
    N_("%(section)s: empty."),
    N_("%(day)s is another weekday."),
    N_("%(total)s stated; the parts make %(sum)s."),
    N_("Percentages make %(sum)s."),
    N_("%(day)s does not exist."),
    N_("The deadline %(day)s is after %(end)s."),
    N_("%(last)s is before %(first)s."),
    N_("%(reference)s is not in the note."),
    N_("The date has no year."),
    N_("Local time without UTC offset."),
    N_("Same time in two zones: different moments."),
    N_("Times at %(offset)s; clocks in %(country)s are then at %(clocks)s."),
    N_("No type chosen in the form."),
    N_("%(open)s of %(every)s speakers to be confirmed."),
    N_("Registration required, without place or deadline."),
    N_("Titles in programme and note differ."),
    N_("Session of the programme without a note."),
    N_("Times in programme and note differ."),
    N_("Days of the programme out of order."),
    N_("Planned end %(end)s, actual end %(closed)s."),
    N_("Something is not filled in."),
    N_("Link without address."),
    N_("Unknown: %(title)s. Perhaps the 2030 Agenda."),
    N_("There are %(number)s of them."),
    N_("“%(cited)s”: the title is “%(title)s” (%(year)s)."),
    N_("“%(title)s” was adopted in %(year)s."),
    N_("Years of “%(title)s”: %(years)s."),
    N_("One title in two wordings: “%(one)s” and “%(other)s”."),
    N_("%(label)s has several titles."),
    N_("One name in several forms: %(forms)s."),
    N_("One name with and without accents: %(forms)s."),
    N_("One name with capitals and without."),
    N_("One city under several names: %(forms)s."),
    N_("%(count)s names with “%(name)s”."),
    N_("%(name)s is spelled out differently."),
    N_("One word in several spellings: %(forms)s."),
    N_("One sentence in two versions."),
    N_("Same words in several places."),
    N_("“%(noun)s” is counted as %(numbers)s."),
    N_("%(number)s %(noun)s announced, %(found)s listed."),
    N_("%(number)s %(noun)s announced, %(found)s follow."),
    N_("Date relative to the day of writing."),
    N_("%(minutes)s minutes without a break."),
    N_("No time between two sessions."),
    N_("Agenda outside %(days)s."),
    N_("Moderator %(name)s is not among the participants."),
    N_("%(count)s speakers in %(minutes)s minutes."),
    N_("One person in two agenda items."),
    N_("Text and agenda begin differently."),
    N_("Opening not on the first day."),
    N_("Partner %(name)s is not among the organisers."),
    N_("Words probably spoiled by scanning."),
    N_("Typing errors."),
    N_("Form in another language here."),
    N_("Year of two digits."),
    N_("Language codes of different kinds."),
    N_("Remains of a lost table or page."),
    N_("Address probably misspelled."),
    N_("Insertions not accepted yet."),
)
GUESSED: Mapping[str, str] = {"year": N_("Year"), "start": N_("Starts"), "type": N_("Kind")}
REASONS = (  # why something is only guessed
    N_("%(day)s occurs in %(years)s; the note speaks of %(known)s, so not before that"),
    N_("%(day)s occurs in %(years)s"),
    N_("%(year)s is the only year that a date of this note states"),
    N_("line %(line)s calls the session so"),
    N_('"%(day)s" is read as day before month; it could be the other way round'),
)
LENGTHS = (
    N_("%(minutes)s minutes stated"),
    N_("%(minutes)s minutes in the text"),
    N_("%(minutes)s minutes by the clock"),
)
PLACE = re.compile(r"%\((\w+)\)s")
JOINTS = re.compile(r" or | and as ")  # between numbers


_EARLIER: Mapping[str, str] = json.loads(  # other wordings, of the reader and of what it read before
    Path(__file__).parents[1].joinpath("earlier_findings.json").read_text(encoding="utf-8")
)


def finding_sentence(description: str, messages: Messages) -> str:
    """A finding in the language of `messages`; a sentence that no version of the reader wrote stays as it is."""
    for message, form in _forms(FINDINGS + REASONS):
        if found := form.fullmatch(description):
            return messages.gettext(message, **_finding_facts(found.groupdict(), messages))
    return description


def is_known_finding(description: str) -> bool:
    """Whether a page can say this finding in every language."""
    return any(form.fullmatch(description) for _, form in _forms(FINDINGS))


def _finding_facts(facts: Mapping[str, str], messages: Messages) -> dict[str, str]:
    said: dict[str, str] = {}
    for name, fact in facts.items():
        shown = JOINTS.sub(" / ", fact) if name in {"numbers", "clocks"} else fact
        said[name] = ", ".join(_lengths(fact, messages)) if name == "lengths" else shown
        if name == "title":
            said[name] = next((t.titles[messages.language] for t in ADOPTED_TEXTS if t.titles["en"] == fact), fact)
    return said


def _lengths(text: str, messages: Messages) -> Iterator[str]:
    """The parts of "70 minutes stated, 90 minutes by the clock", each said; numbers alone as they are."""
    for part in JOINTS.sub(" / ", text).split(", "):
        pairs = ((message, form.fullmatch(part)) for message, form in _forms(LENGTHS))
        yield next((messages.gettext(message, **found.groupdict()) for message, found in pairs if found), part)


@cache
def _forms(every: tuple[str, ...]) -> tuple[tuple[str, re.Pattern[str]], ...]:
    """Each sentence with the pattern that finds its facts again."""
    said = [(message, wording) for message in every for wording in (message, _EARLIER.get(message)) if wording]
    patterns = [(message, PLACE.sub(r"(?P<\1>.+?)", _escaped(wording))) for message, wording in said]
    return tuple((message, re.compile(pattern, re.DOTALL)) for message, pattern in patterns)


def _escaped(message: str) -> str:
    """The sentence as a pattern, its places for facts left as they are."""
    parts = PLACE.split(message)
    return "".join(re.escape(part) if number % 2 == 0 else f"%({part})s" for number, part in enumerate(parts))


REGISTRATIONS: Mapping[str, str] = {"required": N_("registration required"), "open": N_("open to everyone")}
SEVERITIES: Mapping[str, str] = {"error": "bad", "warning": "warn", "info": ""}


class SessionSpeaker(Struct, frozen=True):
    """Somebody who speaks or moderates; `confirmed` is yes, no or unknown."""

    name: str
    about: str
    confirmed: str
    is_moderator: bool
    href: str  # what became of what they said, where the reader may read that


class AgendaLine(Struct, frozen=True):
    """One line of the agenda. `time` is "09:30–09:45" or empty, `day` that of the first one of a day."""

    title: str
    time: str
    minutes: int | None
    speakers: Sequence[str] = ()
    is_break: bool = False
    day: date | str | None = None


class WordCount(Struct, frozen=True):
    """A section of the template: the words it has, and those it may have."""

    name: str
    counted: int
    limit: int | None

    @property
    def is_exceeded(self) -> bool:
        return self.limit is not None and self.counted > self.limit


class SessionFinding(Struct, frozen=True):
    """Something the note says in two ways, told in a language, with the places where it can be read."""

    words: str
    language: str
    kind: str
    evidence: Sequence[tuple[str, int | None]]


class RecommendedStatement(Struct, frozen=True):
    """A recommendation in the words of the note."""

    number: int
    text: str
    language: str
    line: int | None
    section: str
    standing: RecommendationStatus


class SessionFacts(Struct, frozen=True):
    """When, where and how, as the note says."""

    kind: str
    theme: str
    starts: datetime | date | str | None
    ends: datetime | date | str | None
    verbatim: str
    place: str
    form: str
    capacity: int | None
    registration: str
    languages: Sequence[str]
    organisers: Sequence[str]
    supporters: Sequence[str]
    funders: Sequence[str]
    members_only: bool
    guesses: Sequence[tuple[str, str, str]]  # of what, what, and why


class SessionFileLine(Struct, frozen=True):
    """A document of the session, its size in kilobytes, and where it is."""

    name: str
    kilobytes: int
    href: str


class SessionPage(Page, frozen=True, kw_only=True):
    id: UUID
    is_followed: bool | None  # None for nobody in particular
    number: int
    title: str
    language: str
    programme: str
    register: str
    facts: SessionFacts
    speakers: Sequence[SessionSpeaker]
    agenda: Sequence[AgendaLine]
    agenda_minutes: int
    stated_minutes: int | None
    summaries: Sequence[tuple[str, str]]  # of notes and reports that came in by forms, each with its language
    decisions: Sequence[str]
    objectives: Sequence[str]
    messages_of_note: Sequence[str]
    questions: Sequence[str]
    participants: Sequence[tuple[str, Sequence[str]]]  # by region, "" for those of none
    links: Sequence[str]
    files: Sequence[SessionFileLine]
    accepted_files: str
    errors: Mapping[str, str]
    word_counts: Sequence[WordCount]
    findings: Sequence[SessionFinding]
    recommendations: Sequence[RecommendedStatement]
    document: str  # name of the file
    document_language: str
    note: Sequence[NoteBlock]
    may_read_note: bool
    edit: str  # addresses of what its rapporteur does, empty for everybody else
    review: str
    entry: str
    wrap_up: str
    unconfirmed: int


def _session_page(db: Db, forum_slug: str, session_id: UUID, *, work: Work, errors: Mapping[str, str]) -> SessionPage:
    """Everything about one session; raises `NotFound`, also for one of another forum.

    What the note recommends, the note itself and its slips are for those who may read recommendations.
    """
    found = forum_frame(db, forum_slug, work=work)
    service = SessionService(db)
    session = service.get(session_id, actor=work.actor, forum=found.forum)
    details, is_open = service.details(session), may_read(work.actor, found.forum)
    recommendations = _said(db, session, work) if is_open else []
    may_review = session.document_id and consultation.may_review(work.actor, found.forum, [session])
    enters = consultation.may_enter(work.actor, found.forum, session)
    return SessionPage(
        place=header(db, found, work=work),
        here="sessions",
        id=session.id,
        is_followed=work.follows(db, "session", session.id),
        number=session.number,
        title=session.title,
        language=_tag(session.language),
        programme=work.url_for("sessions", forum=forum_slug),
        register=work.url_for("recommendations", forum=forum_slug, session=session_id),
        facts=_session_facts(session, details, work),
        speakers=_speakers(details, forum_slug if recommendations else "", work),
        agenda=list(_agenda(details.found.agenda, work)),
        agenda_minutes=sum(agenda_item.minutes or 0 for agenda_item in details.found.agenda),
        stated_minutes=details.found.stated_duration_minutes,
        summaries=FormService(db).summaries(session.id),
        objectives=[without_marks(statement.text) for statement in details.objectives],
        messages_of_note=[without_marks(statement.text) for statement in details.key_messages],
        questions=[without_marks(statement.text) for statement in details.discussion_questions],
        decisions=[without_marks(statement.text) for statement in details.decisions],
        participants=by_region(details),
        links=details.links,
        files=_files(db, session, forum_slug, work),
        accepted_files=",".join(KINDS),
        errors=errors,
        word_counts=[WordCount(of.name, of.counted_words, of.limit_words) for of in details.template_sections]
        if is_open
        else (),
        findings=[_finding(inconsistency, work) for inconsistency in details.inconsistencies] if is_open else (),
        recommendations=recommendations,
        document=session.document.name if session.document and is_open else "",
        document_language=_tag(session.document.language) if session.document else "",
        note=_note(session.document.text, details) if session.document and is_open else (),
        may_read_note=is_open,
        edit=work.url_for("edit_session", forum=forum_slug, session_id=session.id)
        if consultation.may_edit(work.actor, session)
        else "",
        review=work.url_for("review", forum=forum_slug, document_id=session.document_id) if may_review else "",
        entry=work.url_for("write_down", forum=forum_slug, session_id=session.id) if enters else "",
        wrap_up=work.url_for("wrap_up", forum=forum_slug, session_id=session.id) if enters else "",
        unconfirmed=sum(recommendation.standing is RecommendationStatus.PROPOSED for recommendation in recommendations),
    )


def _note(text: str, details: SessionDetails) -> list[NoteBlock]:
    named = {evidence.line for found in details.inconsistencies for evidence in found.evidence if evidence.line}
    return note_blocks(source_lines(text), named=named)


def _files(db: Db, session: Session, forum: str, work: Work) -> list[SessionFileLine]:
    at = {"forum": forum, "session_id": session.id}
    return [
        SessionFileLine(file.name, -(-file.size // 1000), work.url_for("session_file", **at, file_id=file.id))
        for file in FileService(db).files(session)
    ]


def _tag(language: str) -> str:
    return language if language in LANGUAGES else "und"


def _session_facts(session: Session, details: SessionDetails, work: Work) -> SessionFacts:
    found, say = details.found, work.messages.gettext
    return SessionFacts(
        kind=found.type or "",
        theme=" · ".join(part for part in (found.thematic_line, found.subtheme) if part),
        starts=period(session.starts, work) or session_times(session.starts),
        ends=period(session.ends, work) or session_times(session.ends),
        verbatim=found.time_verbatim or "",
        place=", ".join(part for part in (found.room, found.place) if part),
        form=", ".join(part for part in (say(FORMATS[found.format]) if found.format else "", found.platform) if part),
        capacity=found.capacity,
        registration=say(REGISTRATIONS[found.registration]) if found.registration else "",
        languages=[
            work.messages.language_name(language) if language in LANGUAGES else language
            for language in found.working_languages
        ],
        organisers=[*found.organisers, *found.co_organisers],
        supporters=found.supporters,
        funders=found.funders,
        members_only=found.members_only,
        guesses=[
            (say(GUESSED[name]), guess.value, finding_sentence(guess.reason, work.messages))
            for name, guess in found.inferred.items()
        ],
    )


def _speakers(details: SessionDetails, forum: str, work: Work) -> list[SessionSpeaker]:
    """Who moderates and who speaks; with links to what became of their words where a forum is named."""
    found = details.found
    people = [(each, True) for each in found.moderators] + [(each, False) for each in found.speakers]
    at = partial(work.url_for, "speaker_contribution", forum=forum)
    return [
        _speaker(person, at(speaker=speaker_key(person.name)) if forum and person.name else "", is_moderator=moderates)
        for person, moderates in people
    ]


def _speaker(person: Person, href: str, *, is_moderator: bool) -> SessionSpeaker:
    parts = [part for part in (person.name, person.role, person.organisation) if part]
    return SessionSpeaker(parts[0] if parts else "", ", ".join(parts[1:]), person.confirmed, is_moderator, href)


def _agenda(items: Sequence[AgendaItem], work: Work) -> Iterator[AgendaLine]:
    before = None
    for item in items:
        day = session_times(item.day) if item.day != before else None
        before = item.day
        if isinstance(day, str):
            day = format_skeleton("MMMMd", date.fromisoformat(f"{LEAP_YEAR}{day[1:]}"), locale=work.messages.locale)
        time = "–".join(part for part in (item.start, item.end) if part)
        yield AgendaLine(item.title or "", time, item.minutes, item.speakers, item.is_break, day)


def _finding(found: Inconsistency, work: Work) -> SessionFinding:
    sentence = finding_sentence(found.description, work.messages)
    language = work.language if is_known_finding(found.description) else "en"
    evidence = list(dict.fromkeys((each.quote, each.line) for each in found.evidence))
    return SessionFinding(sentence, language, SEVERITIES[found.severity], evidence)


def _said(db: Db, session: Session, work: Work) -> list[RecommendedStatement]:
    register = RecommendationService(db).register(session.forum, actor=work.actor, session_id=session.id)
    return [filled(RecommendedStatement, each, language=_tag(each.language)) for each in register]


class SourcePages(Controller):
    """Sessions of a forum."""

    path = "/{forum:str}"

    @shows("sessions/programme.html", "/sessions", name="sessions", policy="session.read")
    def sessions(self, db: Db, work: Work, forum: Slug) -> ProgrammePage:
        """The programme."""
        return programme(db, forum, work=work)

    @shows("sessions/session.html", "/sessions/{session_id:uuid}", name="session", policy="session.read")
    def session(
        self, db: Db, work: Work, forum: Slug, session_id: PathId, refusal: BadFile | None = None
    ) -> SessionPage | Redirect:
        """One session with its note; the address of one that was joined with another leads to that."""
        errors = {"file": sentence(refusal, work.messages)} if refusal else {}
        try:
            return _session_page(db, forum, session_id, work=work, errors=errors)
        except NotFound:
            kept = SessionService(db).kept_for(session_id, actor=work.actor)
            return redirect(work, work.url_from_here("session", session_id=kept.id))
