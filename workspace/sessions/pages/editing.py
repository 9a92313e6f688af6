"""A session made, corrected in all its facts, or removed, in the browser: lists have a line for each entry."""

import re
from collections.abc import Mapping, Sequence
from datetime import datetime
from uuid import UUID

from litestar import Controller, Response, get, post
from msgspec import Struct, convert
from msgspec.structs import replace

from workspace.core.errors import Invalid, NotFound
from workspace.core.storage.db import Db
from workspace.core.validation import known_zone
from workspace.declarations.frame import header
from workspace.people.frame import ForumFrame, forum_frame
from workspace.sessions.corrections import LONGEST_LINE, MOST_LINES, SessionCorrectionIn
from workspace.sessions.extraction import Person
from workspace.sessions.models import Session
from workspace.sessions.policy import ensure_may_edit, ensure_may_import_notes, may_edit
from workspace.sessions.service import SessionService
from workspace.web.http.request_context import CurrentWork, FromPath, Slug, URLEncodedBody, Work
from workspace.web.pages import Page, field_errors, page, redirect

LOCAL = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d")  # what a picker of moments shows and sends
LISTS = ("organisers", "objectives", "key_messages", "questions")


class SessionEditForm(Struct, frozen=True):
    """The facts as they are typed; people as "name; role; organisation". A moment without an offset is of `zone`."""

    title: str = ""
    starts: str = ""
    ends: str = ""
    zone: str = ""
    place: str = ""
    room: str = ""
    kind: str = ""
    moderators: str = ""
    speakers: str = ""
    organisers: str = ""
    objectives: str = ""
    key_messages: str = ""
    questions: str = ""
    reason: str = ""
    into: str = ""

    def correction(self, known: Mapping[str, Person]) -> SessionCorrectionIn:
        """What is corrected; whoever is `known` by name goes on having confirmed or not."""
        lists = {name: _lines(name, getattr(self, name)) for name in LISTS}
        people = {"moderating": _people("moderators", self.moderators, known)}
        people["speaking"] = _people("speakers", self.speakers, known)
        facts = {name: getattr(self, name) for name in ("title", "place", "room", "kind")}
        moments = {name: _in_zone(getattr(self, name), self.zone.strip()) for name in ("starts", "ends")}
        return convert({**facts, **moments, **lists, **people}, SessionCorrectionIn)

    @property
    def is_picked(self) -> bool:
        """Whether pickers can show both moments."""
        return all(LOCAL.fullmatch(moment) for moment in (self.starts, self.ends) if moment)


class SessionEditPage(Page, frozen=True, kw_only=True):
    """`session` is the address of the one that is edited, "" for a new one."""

    sent: SessionEditForm
    session: str
    language: str
    others: Sequence[tuple[str, str]]
    errors: Mapping[str, str]


class SessionEditPages(Controller):
    """Sessions by hand."""

    path = "/{forum:str}/sessions"

    @get("/new", name="new_session", sync_to_thread=True, policy="notes.import")
    def new(self, work: CurrentWork, forum: Slug) -> Response[str]:
        """The form for a new one."""
        with work.reading() as db:
            found = forum_frame(db, forum, work=work)
            ensure_may_import_notes(work.actor, found.forum)
            return _page(db, found, work, SessionEditForm(zone=found.forum.timezone))

    @post("/new", name="make_session", sync_to_thread=True, policy="notes.import")
    def make(
        self, work: CurrentWork, forum: Slug, data: URLEncodedBody[SessionEditForm]
    ) -> Response[str] | Response[None]:
        """Add it to the programme."""
        try:
            with work.writing() as db:
                service, where = SessionService(db), forum_frame(db, forum, work=work).forum
                made = service.make(where, data.correction({}), language=work.language, actor=work.actor)
                return redirect(work, work.url_for("session", forum=forum, session_id=made.id))
        except Invalid as refusal:
            with work.reading() as db:
                return _page(db, forum_frame(db, forum, work=work), work, data, refusal=refusal)

    @get("/{session_id:uuid}/edit", name="edit_session", sync_to_thread=True, policy="session.edit")
    def edit(self, work: CurrentWork, forum: Slug, session_id: FromPath[UUID]) -> Response[str]:
        """The facts of one session, to correct."""
        with work.reading() as db:
            found = forum_frame(db, forum, work=work)
            session = _session(db, found, session_id, work)
            return _page(db, found, work, _as_typed(SessionService(db), session), session)

    @post("/{session_id:uuid}/edit", name="change_session", sync_to_thread=True, policy="session.edit")
    def change(
        self, work: CurrentWork, forum: Slug, session_id: FromPath[UUID], data: URLEncodedBody[SessionEditForm]
    ) -> Response[str] | Response[None]:
        """Correct them."""
        return _done(work, forum, session_id, data, is_removal=False)

    @post("/{session_id:uuid}/removal", name="remove_session", sync_to_thread=True, policy="session.edit")
    def remove(
        self, work: CurrentWork, forum: Slug, session_id: FromPath[UUID], data: URLEncodedBody[SessionEditForm]
    ) -> Response[str] | Response[None]:
        """Take it out of the programme."""
        return _done(work, forum, session_id, data, is_removal=True)

    @post("/{session_id:uuid}/joining", name="join_sessions", sync_to_thread=True, policy="session.edit")
    def join(
        self, work: CurrentWork, forum: Slug, session_id: FromPath[UUID], data: URLEncodedBody[SessionEditForm]
    ) -> Response[str] | Response[None]:
        """Join it with another that is the same."""
        return _done(work, forum, session_id, data, is_removal=False, into=data.into)


def _done(
    work: Work, forum: str, session_id: UUID, data: SessionEditForm, *, is_removal: bool, into: str | None = None
) -> Response[str] | Response[None]:
    """Correct, remove or join a session; where that is refused, its form with the refusal."""
    try:
        with work.writing() as db:
            service, session = SessionService(db), _session(db, forum_frame(db, forum, work=work), session_id, work)
            if is_removal:
                service.remove(session, data.reason, actor=work.actor)
                return redirect(work, work.url_for("sessions", forum=forum))
            if into is not None:
                kept = service.join(session, _chosen(db, session, into, work), data.reason, actor=work.actor)
                return redirect(work, work.url_for("session", forum=forum, session_id=kept.id))
            found = service.details(session).found
            known = {person.name: person for person in (*found.moderators, *found.speakers) if person.name}
            service.correct(session, data.correction(known), actor=work.actor)
            return redirect(work, work.url_for("session", forum=forum, session_id=session_id))
    except Invalid as refusal:
        with work.reading() as db:
            where = forum_frame(db, forum, work=work)
            session = _session(db, where, session_id, work)
            typed = data if into is None and not is_removal else _as_typed(SessionService(db), session)
            typed = replace(typed, reason=data.reason, into=data.into)
            return _page(db, where, work, typed, session, refusal=refusal)


def _session(db: Db, found: ForumFrame, session_id: UUID, work: Work) -> Session:
    session = SessionService(db).get(session_id, actor=work.actor)
    if session.forum_id != found.forum.id:
        raise NotFound(what="session", id=str(session_id))
    ensure_may_edit(work.actor, session)
    return session


def _chosen(db: Db, session: Session, into: str, work: Work) -> Session:
    others = {str(other.id): other for other in _others(db, session, work)}
    if into not in others:
        raise Invalid(field="into", reason="same_session")
    return others[into]


def _others(db: Db, session: Session, work: Work) -> list[Session]:
    """The sessions that it can be joined with."""
    programme = SessionService(db).programme(session.forum, actor=work.actor)
    return [other for other in programme if other.id != session.id and may_edit(work.actor, other)]


def _page(
    db: Db,
    found: ForumFrame,
    work: Work,
    sent: SessionEditForm,
    session: Session | None = None,
    *,
    refusal: Invalid | None = None,
) -> Response[str]:
    here = work.url_for("session", forum=found.forum.slug, session_id=session.id) if session else ""
    context = SessionEditPage(
        place=header(db, found, work=work),
        here="sessions",
        sent=sent,
        session=here,
        language=session.language if session else work.language,
        others=[(str(other.id), other.title) for other in _others(db, session, work)] if session else [],
        errors=field_errors(work, refusal) if refusal else {},
    )
    return page(work, "sessions/edit.html", context, status=422 if refusal else 200)


def _as_typed(service: SessionService, session: Session) -> SessionEditForm:
    details = service.details(session)
    found = details.found
    starts, ends, zone = _in_home_zone(session)
    return SessionEditForm(
        title=session.title,
        starts=starts,
        ends=ends,
        zone=zone,
        place=session.place or "",
        room=found.room or "",
        kind=found.type or "",
        moderators=_typed(found.moderators),
        speakers=_typed(found.speakers),
        organisers="\n".join(found.organisers),
        objectives="\n".join(statement.text for statement in details.objectives),
        key_messages="\n".join(statement.text for statement in details.key_messages),
        questions="\n".join(statement.text for statement in details.discussion_questions),
    )


def _in_home_zone(session: Session) -> tuple[str, str, str]:
    """When it starts and ends, and the forum's zone where both have its offset; else as they stand, and no zone."""
    zone, given = session.forum.timezone, (session.starts or "", session.ends or "")
    starts, ends = (moment[:16] for moment in given)
    is_home = given == (_in_zone(starts, zone), _in_zone(ends, zone))
    return (starts, ends, zone) if is_home else (*given, "")


def _in_zone(typed: str, zone: str) -> str:
    """What a picker sent, with the offset of the zone; anything else, and where no zone is given, as it is."""
    if not zone or not LOCAL.fullmatch(typed):
        return typed
    return datetime.fromisoformat(typed).replace(tzinfo=known_zone(zone, "zone")).isoformat("T", "minutes")


def _typed(people: Sequence[Person]) -> str:
    parts = ((person.name or "", person.role or "", person.organisation or "") for person in people)
    return "\n".join("; ".join(each).rstrip("; ") for each in parts)


def _people(field: str, typed: str, known: Mapping[str, Person]) -> tuple[Person, ...]:
    found = []
    for line in _lines(field, typed):
        name, role, organisation, *_ = (*(part.strip() or None for part in line.split(";", 2)), None, None)
        confirmed = known[name].confirmed if name and name in known else "unknown"
        found.append(Person(name=name, role=role, organisation=organisation, confirmed=confirmed))
    return tuple(found)


def _lines(field: str, typed: str) -> tuple[str, ...]:
    lines = tuple(" ".join(line.split()) for line in typed.splitlines() if line.strip())
    if len(lines) > MOST_LINES or any(len(line) > LONGEST_LINE for line in lines):
        raise Invalid(field=field, reason="too_long", most=LONGEST_LINE)
    return lines
