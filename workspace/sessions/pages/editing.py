"""A session made, corrected in all its facts, or removed, in the browser: lists have a line for each entry."""

from collections.abc import Callable, Mapping, Sequence
from uuid import UUID

from litestar import Controller, Response
from litestar.datastructures import UploadFile
from msgspec import Struct, field
from msgspec.structs import asdict, replace

from workspace.core.errors import BadFile, Invalid, NotFound
from workspace.core.shapes import MadeFile
from workspace.core.sheets import XLSX
from workspace.core.storage.db import Db
from workspace.core.validation import whole_number
from workspace.declarations.frame import header
from workspace.people.frame import ForumFrame, forum_frame
from workspace.recommendations.policy import may_read
from workspace.recommendations.service import RecommendationService
from workspace.sessions import typed_facts
from workspace.sessions.corrections import SessionCorrectionIn, SessionPart, day_first
from workspace.sessions.extraction import AgendaItem
from workspace.sessions.files import FileService
from workspace.sessions.models import Session
from workspace.sessions.pages.programme import programme, session_page
from workspace.sessions.policy import ensure_may_edit, ensure_may_import_notes, may_edit
from workspace.sessions.service import SessionService
from workspace.sessions.spreadsheets import (
    ProgrammeImport,
    ProgrammeSheets,
    problem_sentence,
    programme_sentence,
    read_programme,
)
from workspace.web.http.files import LARGEST, attachment, stored_file, uploaded
from workspace.web.http.request_context import FormBody, MultipartBody, PathId, Slug, Work
from workspace.web.http.routing import get, post
from workspace.web.pages import SHOWN_AGAIN, Page, PageOrRedirect, field_errors, page, redirect
from workspace.web.refusals.sentences import sentence


class SessionEditForm(Struct, frozen=True):
    """The facts as they are typed, lists line by line. A moment without an offset is of `zone`."""

    title: str = ""
    starts: str = ""
    ends: str = ""
    zone: str = ""
    place: str = ""
    room: str = ""
    kind: str = ""
    theme: str = ""
    subtheme: str = ""
    format: str = ""
    platform: str = ""
    capacity: str = ""
    languages: str = ""
    members_only: str = ""
    moderators: str = ""
    speakers: str = ""
    organisers: str = ""
    co_organisers: str = ""
    supporters: str = ""
    funders: str = ""
    agenda: str = ""
    objectives: str = ""
    key_messages: str = ""
    questions: str = ""
    links: str = ""
    participants: str = ""
    reason: str = ""
    into: str = ""
    item: list[str] | str = field(default_factory=list)  # what comes alone comes as a string
    said: list[str] | str = field(default_factory=list)
    act: str = ""

    def correction(self, known: Sequence[AgendaItem] = ()) -> SessionCorrectionIn:
        """What is corrected; an item of the agenda that is `known` as a break goes on being one."""
        typed = {name: words for name, words in asdict(self).items() if isinstance(words, str)}
        return typed_facts.correction_of(typed, known)

    def parts(self) -> list[SessionPart]:
        """What becomes sessions: each item that is ticked, or one with all that is ticked."""
        items, said = _numbers(self.item), _numbers(self.said)
        if self.act == "each":
            return [SessionPart(items=(place,)) for place in items]
        return [SessionPart(title=self.title, items=items, recommendations=said)]

    @property
    def is_picked(self) -> bool:
        """Whether pickers can show both moments."""
        return all(typed_facts.LOCAL.fullmatch(moment) for moment in (self.starts, self.ends) if moment)


class SessionEditPage(Page, frozen=True, kw_only=True):
    """`session` is the address of the one that is edited, "" for a new one."""

    sent: SessionEditForm
    session: str
    language: str
    formats: Sequence[tuple[str, str]]
    items: Sequence[AgendaItem]
    recommendations: Sequence[tuple[int, str]]
    others: Sequence[tuple[str, str]]
    errors: Mapping[str, str]


class ProgrammeFileForm(Struct, frozen=True):
    """The file that was chosen."""

    file: UploadFile | None = None


class SessionEditPages(Controller):
    """Sessions by hand."""

    path = "/{forum:str}/sessions"

    @get("/sheet", name="programme_sheet", policy="notes.import")
    def sheet(self, work: Work, forum: Slug) -> Response[bytes]:
        """The programme as a spreadsheet, or its headings to fill in."""
        with work.reading() as db:
            where = forum_frame(db, forum, work=work).forum
            content = ProgrammeSheets(db, where, work.messages, actor=work.actor).file()
        return attachment(MadeFile(f"{forum}-sessions.xlsx", content, XLSX))

    @post("/sheet", name="import_programme", request_max_body_size=LARGEST, policy="notes.import")
    def import_sheet(self, work: Work, forum: Slug, data: MultipartBody[ProgrammeFileForm]) -> PageOrRedirect:
        """Add and change sessions as a spreadsheet says, all or none."""
        sent = uploaded(data.file)
        try:
            with work.reading() as db:
                ensure_may_import_notes(work.actor, forum_frame(db, forum, work=work).forum)
            read = read_programme(sent.content, source=sent.name)
        except BadFile as refusal:
            return _unimported(work, forum, [sentence(refusal, work.messages)])
        with work.writing() as db:
            where = forum_frame(db, forum, work=work).forum
            done = ProgrammeSheets(db, where, work.messages, actor=work.actor).take_in(read, language=work.language)
            said = programme_sentence(done, work.messages)
        if done.problems:
            return _unimported(work, forum, [problem_sentence(problem, work.messages) for problem in done.problems])
        return redirect(work, work.url_for("sessions", forum=forum), said=said)

    @get("/new", name="new_session", policy="notes.import")
    def new(self, work: Work, forum: Slug) -> Response[str]:
        """The form for a new one."""
        with work.reading() as db:
            found = forum_frame(db, forum, work=work)
            ensure_may_import_notes(work.actor, found.forum)
            return _page(db, found, work, SessionEditForm(zone=found.forum.timezone))

    @post("/new", name="make_session", policy="notes.import")
    def make(self, work: Work, forum: Slug, data: FormBody[SessionEditForm]) -> PageOrRedirect:
        """Add it to the programme."""
        try:
            with work.writing() as db:
                service, where = SessionService(db), forum_frame(db, forum, work=work).forum
                made = service.make(where, data.correction(), language=work.language, actor=work.actor)
                to = work.url_for("session", forum=forum, session_id=made.id)
                return redirect(work, to, said=work.messages.gettext("Saved."))
        except Invalid as refusal:
            with work.reading() as db:
                return _page(db, forum_frame(db, forum, work=work), work, data, refusal=refusal)

    @get("/{session_id:uuid}/edit", name="edit_session", policy="session.edit")
    def edit(self, work: Work, forum: Slug, session_id: PathId) -> Response[str]:
        """The facts of one session, to correct."""
        with work.reading() as db:
            found = forum_frame(db, forum, work=work)
            session = _session(db, found, session_id, work)
            return _page(db, found, work, _as_typed(SessionService(db), session, work), session)

    @post("/{session_id:uuid}/edit", name="change_session", policy="session.edit")
    def change(self, work: Work, forum: Slug, session_id: PathId, data: FormBody[SessionEditForm]) -> PageOrRedirect:
        """Correct them."""
        return _done(work, forum, session_id, data, is_removal=False)

    @post("/{session_id:uuid}/removal", name="remove_session", policy="session.edit")
    def remove(self, work: Work, forum: Slug, session_id: PathId, data: FormBody[SessionEditForm]) -> PageOrRedirect:
        """Take it out of the programme."""
        return _done(work, forum, session_id, data, is_removal=True)

    @post("/{session_id:uuid}/removal/undoing", name="restore_session", policy="session.edit")
    def restore(self, work: Work, forum: Slug, session_id: PathId) -> Response[None]:
        """Put it into the programme again."""
        with work.writing() as db:
            SessionService(db).restore(session_id, actor=work.actor)
        return redirect(work, work.url_for("session", forum=forum, session_id=session_id))

    @get("/{session_id:uuid}/files/{file_id:uuid}", name="session_file", policy="session.read")
    def file(self, work: Work, forum: Slug, session_id: PathId, file_id: PathId) -> Response[bytes]:
        """A document of it, to keep."""
        with work.reading() as db:
            session = _readable(db, forum_frame(db, forum, work=work), session_id, work)
            found = FileService(db).get(session, file_id)
            return stored_file(found.name, found.content)

    @post("/{session_id:uuid}/files", name="attach_session_file", request_max_body_size=LARGEST, policy="session.edit")
    def attach(
        self, work: Work, forum: Slug, session_id: PathId, data: MultipartBody[ProgrammeFileForm]
    ) -> PageOrRedirect:
        """Attach a document to it."""
        sent = uploaded(data.file)
        try:
            with work.writing() as db:
                session = _session(db, forum_frame(db, forum, work=work), session_id, work)
                FileService(db).attach(session, sent.name, sent.content, actor=work.actor)
        except BadFile as refusal:
            with work.reading() as db:
                wrong = {"file": sentence(refusal, work.messages)}
                context = session_page(db, forum, session_id, work=work, errors=wrong)
            return page(work, "sessions/session.html", context, status=422)
        return redirect(work, work.url_for("session", forum=forum, session_id=session_id) + "#documents")

    @post("/{session_id:uuid}/files/{file_id:uuid}/removal", name="remove_session_file", policy="session.edit")
    def remove_file(self, work: Work, forum: Slug, session_id: PathId, file_id: PathId) -> Response[None]:
        """Remove a document of it."""
        undo = work.url_for("restore_session_file", forum=forum, session_id=session_id, file_id=file_id)
        said = work.messages.gettext("Document removed.")
        return _with_file(work, forum, session_id, file_id, FileService.remove, said=said, undo=undo)

    @post("/{session_id:uuid}/files/{file_id:uuid}/removal/undoing", name="restore_session_file", policy="session.edit")
    def restore_file(self, work: Work, forum: Slug, session_id: PathId, file_id: PathId) -> Response[None]:
        """Restore a document that was removed."""
        return _with_file(work, forum, session_id, file_id, FileService.restore)

    @post("/{session_id:uuid}/joining", name="join_sessions", policy="session.edit")
    def join(self, work: Work, forum: Slug, session_id: PathId, data: FormBody[SessionEditForm]) -> PageOrRedirect:
        """Join it with another that is the same."""
        return _done(work, forum, session_id, data, is_removal=False, into=data.into)

    @post("/{session_id:uuid}/division", name="divide_session", policy="session.edit")
    def divide(self, work: Work, forum: Slug, session_id: PathId, data: FormBody[SessionEditForm]) -> PageOrRedirect:
        """Make new sessions of parts of it."""
        data = data if data.act else replace(data, act="one")
        return _done(work, forum, session_id, data, is_removal=False)


def _numbers(ticked: list[str] | str) -> tuple[int, ...]:
    every = [ticked] if isinstance(ticked, str) else ticked
    return tuple(number for words in every if (number := whole_number(words)) is not None)


def _divided(db: Db, session: Session, data: SessionEditForm, work: Work) -> Response[None]:
    """On to the new session, or to the programme where there are several."""
    made = SessionService(db).divide(session, data.parts(), data.reason, actor=work.actor)
    at = {"forum": session.forum.slug}
    to = work.url_for("sessions", **at) if len(made) > 1 else work.url_for("session", **at, session_id=made[0].id)
    return redirect(work, to, said=programme_sentence(ProgrammeImport(made, [session]), work.messages))


def _unimported(work: Work, forum: str, problems: Sequence[str]) -> Response[str]:
    with work.reading() as db:
        context = replace(programme(db, forum, work=work), problems=problems)
    return page(work, "sessions/programme.html", context, status=422)


def _done(
    work: Work, forum: str, session_id: UUID, data: SessionEditForm, *, is_removal: bool, into: str | None = None
) -> PageOrRedirect:
    """Correct, remove or join a session; where that is refused, its form with the refusal."""
    try:
        with work.writing() as db:
            service, session = SessionService(db), _session(db, forum_frame(db, forum, work=work), session_id, work)
            if is_removal:
                service.remove(session, data.reason, actor=work.actor)
                said = work.messages.gettext("Session removed.")
                undo = work.url_for("restore_session", forum=forum, session_id=session_id)
                return redirect(work, work.url_for("sessions", forum=forum), said=said, undo=undo)
            if data.act:
                return _divided(db, session, data, work)
            if into is not None:
                kept = service.join(session, _chosen(db, session, into, work), data.reason, actor=work.actor)
                undo = work.url_for("restore_session", forum=forum, session_id=session_id)
                said = work.messages.gettext("Sessions joined.")
                to = work.url_for("session", forum=forum, session_id=kept.id)
                return redirect(work, to, said=said, undo=undo)
            known = service.details(session).found.agenda
            service.correct(session, data.correction(known), actor=work.actor)
            to = work.url_for("session", forum=forum, session_id=session_id)
            return redirect(work, to, said=work.messages.gettext("Saved."))
    except Invalid as refusal:
        with work.reading() as db:
            where = forum_frame(db, forum, work=work)
            session = _session(db, where, session_id, work)
            is_typed = into is None and not is_removal and not data.act
            typed = data if is_typed else _as_typed(SessionService(db), session, work)
            typed = replace(typed, reason=data.reason, into=data.into, act=data.act)
            return _page(db, where, work, typed, session, refusal=refusal)


def _readable(db: Db, found: ForumFrame, session_id: UUID, work: Work) -> Session:
    session = SessionService(db).get(session_id, actor=work.actor)
    if session.forum_id != found.forum.id:
        raise NotFound(what="session", id=str(session_id))
    return session


def _with_file(
    work: Work,
    forum: str,
    session_id: UUID,
    file_id: UUID,
    act: Callable[..., object],
    *,
    said: str = "",
    undo: str = "",
) -> Response[None]:
    """Do this to a document of a session, and go back to its documents."""
    with work.writing() as db:
        session = _session(db, forum_frame(db, forum, work=work), session_id, work)
        act(FileService(db), session, file_id, actor=work.actor)
    to = work.url_for("session", forum=forum, session_id=session_id) + "#documents"
    return redirect(work, to, said=said, undo=undo)


def _session(db: Db, found: ForumFrame, session_id: UUID, work: Work) -> Session:
    session = _readable(db, found, session_id, work)
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
        items=SessionService(db).details(session).found.agenda if session else (),
        recommendations=_said(db, session, work) if session else [],
        formats=[(word, work.messages.gettext(said)) for word, said in typed_facts.FORMATS.items()],
        others=[(str(other.id), other.title) for other in _others(db, session, work)] if session else [],
        errors=field_errors(work, refusal),
    )
    return page(work, "sessions/edit.html", context, status=SHOWN_AGAIN if refusal else 200)


def _said(db: Db, session: Session, work: Work) -> list[tuple[int, str]]:
    """The recommendations that were said in it."""
    if not may_read(work.actor, session.forum):
        return []
    register = RecommendationService(db).register(session.forum, actor=work.actor, session_id=session.id)
    return [(found.number, found.text) for found in register]


def _as_typed(service: SessionService, session: Session, work: Work) -> SessionEditForm:
    starts, ends, zone = _in_a_zone(session)
    typed = typed_facts.typed_of(service.details(session), work.messages)
    return SessionEditForm(**{**typed, "starts": starts, "ends": ends, "zone": zone})


def _in_a_zone(session: Session) -> tuple[str, str, str]:
    """When it starts and ends on the clocks of a zone or an offset, "" where nobody told it; else as they stand."""
    zone, given = session.forum.timezone, (session.starts or "", session.ends or "")
    local = [moment[:16] for moment in given]
    offsets = {moment[16:].removeprefix(":00") for moment in given if moment}
    if given == tuple(typed_facts.in_zone(moment, zone) for moment in local):
        offsets = {zone}
    shown = local if len(offsets) == 1 and all(map(typed_facts.LOCAL.fullmatch, filter(None, local))) else given
    starts, ends = (moment if typed_facts.LOCAL.fullmatch(moment) else day_first(moment) for moment in shown)
    return starts, ends, offsets.pop() if shown is local else ""
