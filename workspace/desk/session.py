"""One session as its note tells of it, with what it recommended and the note itself, line by line."""

from collections.abc import Mapping, Sequence
from datetime import date, datetime
from uuid import UUID

from msgspec import Struct

from workspace.consultation import policy as consultation
from workspace.core.db import Db
from workspace.core.errors import NotFound
from workspace.declarations.frame import header
from workspace.desk.contributors import key_of
from workspace.desk.findings_said import said
from workspace.desk.programme import when
from workspace.people.frame import forum_frame
from workspace.recommendations.models import Standing
from workspace.recommendations.policy import may_read
from workspace.recommendations.service import RecommendationService
from workspace.sessions.extraction import Inconsistency, Person, SessionDetails, TemplateSection
from workspace.sessions.lines import lines_of
from workspace.sessions.models import Session
from workspace.sessions.service import SessionService
from workspace.web.i18n import LANGUAGES, N_
from workspace.web.pages import Page
from workspace.web.services import Work

FORMATS: Mapping[str, str] = {"in_person": N_("in person"), "online": N_("online"), "hybrid": N_("hybrid")}
REGISTRATIONS: Mapping[str, str] = {"required": N_("registration required"), "open": N_("open to everyone")}
SEVERITIES: Mapping[str, str] = {"error": "bad", "warning": "warn", "info": ""}


class Speaker(Struct, frozen=True):
    """Somebody who speaks or moderates; `confirmed` is yes, no or unknown."""

    name: str
    about: str
    confirmed: str
    is_moderator: bool
    href: str  # what became of what they said, where the reader may read that


class Item(Struct, frozen=True):
    """One line of the agenda. `time` is "09:30–09:45" or empty."""

    title: str
    time: str
    minutes: int | None


class WordCount(Struct, frozen=True):
    """A section of the template: the words it has, and those it may have."""

    name: str
    counted: int
    limit: int | None

    @property
    def is_exceeded(self) -> bool:
        return self.limit is not None and self.counted > self.limit


class Finding(Struct, frozen=True):
    """Something the note says in two ways; told in English, with the places where it can be read."""

    words: str
    kind: str
    evidence: Sequence[tuple[str, int | None]]


class Said(Struct, frozen=True):
    """A recommendation in the words of the note."""

    number: int
    text: str
    language: str
    line: int | None
    section: str
    standing: Standing


class Facts(Struct, frozen=True):
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
    guesses: Sequence[tuple[str, str]]


class SessionPage(Page, frozen=True, kw_only=True):
    id: UUID
    is_followed: bool | None  # None for nobody in particular
    number: int
    title: str
    language: str
    programme: str
    register: str
    facts: Facts
    speakers: Sequence[Speaker]
    agenda: Sequence[Item]
    agenda_minutes: int
    stated_minutes: int | None
    objectives: Sequence[str]
    messages_of_note: Sequence[str]
    questions: Sequence[str]
    participants: Sequence[str]
    links: Sequence[str]
    word_counts: Sequence[WordCount]
    findings: Sequence[Finding]
    recommendations: Sequence[Said]
    document: str  # name of the file
    document_language: str
    lines: Sequence[str]
    may_read_note: bool
    review: str  # addresses of what its rapporteur does, empty for everybody else
    entry: str
    wrap_up: str
    unconfirmed: int


def session_page(db: Db, forum_slug: str, session_id: UUID, *, work: Work) -> SessionPage:
    """Everything about one session; raises `NotFound`, also for one of another forum.

    What the note recommends, the note itself and its slips are for those who may read recommendations.
    """
    found = forum_frame(db, forum_slug, work=work)
    service = SessionService(db)
    session = service.get(session_id, actor=work.actor)
    if session.forum_id != found.forum.id:
        raise NotFound(what="session", id=str(session_id))
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
        facts=_facts(session, details, work),
        speakers=_speakers(details, forum_slug if recommendations else "", work),
        agenda=[Item(one.title or "", _time(one.start, one.end), one.minutes) for one in details.found.agenda],
        agenda_minutes=sum(one.minutes or 0 for one in details.found.agenda),
        stated_minutes=details.found.stated_duration_minutes,
        objectives=[one.text for one in details.objectives],
        messages_of_note=[one.text for one in details.key_messages],
        questions=[one.text for one in details.discussion_questions],
        participants=details.participants,
        links=details.links,
        word_counts=[_word_count(one) for one in details.template_sections] if is_open else (),
        findings=[_finding(one, work) for one in details.inconsistencies] if is_open else (),
        recommendations=recommendations,
        document=session.document.name if session.document and is_open else "",
        document_language=_tag(session.document.language) if session.document else "",
        lines=lines_of(session.document.text) if session.document and is_open else (),
        may_read_note=is_open,
        review=work.url_for("review", forum=forum_slug, document_id=session.document_id) if may_review else "",
        entry=work.url_for("write_down", forum=forum_slug, session_id=session.id) if enters else "",
        wrap_up=work.url_for("wrap_up", forum=forum_slug, session_id=session.id) if enters else "",
        unconfirmed=sum(recommendation.standing is Standing.PROPOSED for recommendation in recommendations),
    )


def _tag(language: str) -> str:
    return language if language in LANGUAGES else "und"


def _facts(session: Session, details: SessionDetails, work: Work) -> Facts:
    found, say = details.found, work.messages.gettext
    return Facts(
        kind=found.type or "",
        theme=" · ".join(part for part in (found.thematic_line, found.subtheme) if part),
        starts=when(session.starts),
        ends=when(session.ends),
        verbatim=found.time_verbatim or "",
        place=", ".join(part for part in (found.room, found.place) if part),
        form=", ".join(part for part in (say(FORMATS[found.format]) if found.format else "", found.platform) if part),
        capacity=found.capacity,
        registration=say(REGISTRATIONS[found.registration]) if found.registration else "",
        languages=[work.messages.language_name(one) if one in LANGUAGES else one for one in found.working_languages],
        organisers=[*found.organisers, *found.co_organisers],
        guesses=[(f"{name}: {guess.value}", guess.reason) for name, guess in found.inferred.items()],
    )


def _speakers(details: SessionDetails, forum: str, work: Work) -> list[Speaker]:
    """Who moderates and who speaks; with links to what became of their words where a forum is named."""
    people = [(one, True) for one in details.found.moderators] + [(one, False) for one in details.found.speakers]
    return [
        _speaker(
            one,
            is_moderator=moderates,
            href=work.url_for("speaker_contribution", forum=forum, speaker=key_of(one.name))
            if forum and one.name
            else "",
        )
        for one, moderates in people
    ]


def _speaker(person: Person, *, is_moderator: bool, href: str) -> Speaker:
    parts = [part for part in (person.name, person.role, person.organisation) if part]
    return Speaker(parts[0] if parts else "", ", ".join(parts[1:]), person.confirmed, is_moderator, href)


def _time(start: str | None, end: str | None) -> str:
    return "–".join(part for part in (start, end) if part)


def _word_count(section: TemplateSection) -> WordCount:
    return WordCount(section.name, section.counted_words, section.limit_words)


def _finding(found: Inconsistency, work: Work) -> Finding:
    told = said(found.description, work.messages)
    return Finding(told, SEVERITIES[found.severity], [(one.quote, one.line) for one in found.evidence])


def _said(db: Db, session: Session, work: Work) -> list[Said]:
    register = RecommendationService(db).register(session.forum, actor=work.actor, session_id=session.id)
    return [Said(one.number, one.text, _tag(one.language), one.line, one.section, one.standing) for one in register]
