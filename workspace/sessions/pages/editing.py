"""A session made, corrected in all its facts, or removed, in the browser: lists have a line for each entry."""

from collections.abc import Mapping, Sequence
from typing import Annotated

from litestar import Controller, Response
from litestar.datastructures import UploadFile
from msgspec import Struct, field
from msgspec.structs import asdict, replace

from workspace.core.actor import Actor
from workspace.core.errors import BadFile, Invalid
from workspace.core.shapes import MadeFile
from workspace.core.sheets import XLSX
from workspace.core.storage.db import Db
from workspace.core.validation import whole_number
from workspace.declarations.frame import header
from workspace.people.frame import ForumFrame, FrameInForum, InForum, forum_frame, forum_named
from workspace.recommendations.policy import may_read
from workspace.recommendations.service import RecommendationService
from workspace.sessions import typed_facts
from workspace.sessions.corrections import SessionCorrectionIn, SessionPart, day_first
from workspace.sessions.extraction import AgendaItem
from workspace.sessions.files import FileService
from workspace.sessions.models import Session
from workspace.sessions.pages.programme import SourcePages, programme
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
from workspace.web.http.request_context import FormBody, Loads, MultipartBody, PathId, Slug, Work
from workspace.web.http.routing import post
from workspace.web.pages import (
    Done,
    Page,
    PageOrRedirect,
    field_errors,
    gives,
    page,
    redirect,
    shows,
    takes,
)
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


def _readable(db: Db, forum: Slug, session_id: PathId, *, actor: Actor) -> Session:
    return SessionService(db).get(session_id, actor=actor, forum=forum_named(db, forum))


def _edited(db: Db, forum: Slug, session_id: PathId, *, actor: Actor) -> Session:
    session = _readable(db, forum, session_id, actor=actor)
    ensure_may_edit(actor, session)
    return session


EditedSession = Annotated[Session, Loads(_edited)]


class SessionEditPages(Controller):
    """Sessions by hand."""

    path = "/{forum:str}/sessions"

    @gives("/sheet", name="programme_sheet", policy="notes.import")
    def sheet(self, db: Db, work: Work, forum: InForum) -> Response[bytes]:
        """The programme as a spreadsheet, or its headings to fill in."""
        content = ProgrammeSheets(db, forum, work.messages, actor=work.actor).file()
        return attachment(MadeFile(f"{forum.slug}-sessions.xlsx", content, XLSX))

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

    @shows("sessions/edit.html", "/new", name="new_session", policy="notes.import")
    def new(
        self,
        db: Db,
        work: Work,
        found: FrameInForum,
        form: SessionEditForm | None = None,
        refusal: Invalid | None = None,
    ) -> SessionEditPage:
        """The form for a new one."""
        ensure_may_import_notes(work.actor, found.forum)
        return _page(db, found, work, form or SessionEditForm(zone=found.forum.timezone), refusal=refusal)

    @takes("/new", again=new, name="make_session", policy="notes.import")
    def make(self, db: Db, work: Work, actor: Actor, forum: InForum, data: FormBody[SessionEditForm]) -> Done:
        """Add it to the programme."""
        made = SessionService(db).make(forum, data.correction(), language=work.language, actor=actor)
        return Done("session", work.messages.gettext("Saved."), at={"session_id": made.id})

    @shows("sessions/edit.html", "/{session_id:uuid}/edit", name="edit_session", policy="session.edit")
    def edit(
        self,
        *,
        db: Db,
        work: Work,
        found: FrameInForum,
        session: EditedSession,
        form: SessionEditForm | None = None,
        refusal: Invalid | None = None,
    ) -> SessionEditPage:
        """The facts of one session, to correct; as they were typed, where that was refused."""
        sent = _as_typed(SessionService(db), session, work)
        if form and work.request.url.path == work.url_from_here("change_session"):
            sent = form
        elif form:
            sent = replace(sent, reason=form.reason, into=form.into, act=form.act)
        return _page(db, found, work, sent, session, refusal=refusal)

    @takes("/{session_id:uuid}/edit", again=edit, name="change_session", policy="session.edit")
    def change(self, db: Db, work: Work, actor: Actor, session: EditedSession, data: FormBody[SessionEditForm]) -> Done:
        """Correct them."""
        service = SessionService(db)
        service.correct(session, data.correction(service.details(session).found.agenda), actor=actor)
        return Done("session", work.messages.gettext("Saved."))

    @takes("/{session_id:uuid}/removal", again=edit, name="remove_session", policy="session.edit")
    def remove(self, db: Db, work: Work, actor: Actor, session: EditedSession, data: FormBody[SessionEditForm]) -> Done:
        """Take it out of the programme."""
        SessionService(db).remove(session, data.reason, actor=actor)
        return Done("sessions", work.messages.gettext("Session removed."), undo="restore_session")

    @takes("/{session_id:uuid}/removal/undoing", name="restore_session", policy="session.edit")
    def restore(self, db: Db, actor: Actor, session_id: PathId) -> Done:
        """Put it into the programme again."""
        SessionService(db).restore(session_id, actor=actor)
        return Done("session")

    @gives("/{session_id:uuid}/files/{file_id:uuid}", name="session_file", policy="session.read")
    def file(self, db: Db, session: Annotated[Session, Loads(_readable)], file_id: PathId) -> Response[bytes]:
        """A document of it, to keep."""
        found = FileService(db).get(session, file_id)
        return stored_file(found.name, found.content)

    @takes(
        "/{session_id:uuid}/files",
        again=SourcePages.session,
        refusals=(BadFile,),
        name="attach_session_file",
        request_max_body_size=LARGEST,
        policy="session.edit",
    )
    def attach(self, db: Db, actor: Actor, session: EditedSession, data: MultipartBody[ProgrammeFileForm]) -> Done:
        """Attach a document to it."""
        sent = uploaded(data.file)
        FileService(db).attach(session, sent.name, sent.content, actor=actor)
        return Done("session", anchor="documents")

    @takes("/{session_id:uuid}/files/{file_id:uuid}/removal", name="remove_session_file", policy="session.edit")
    def remove_file(self, db: Db, work: Work, actor: Actor, session: EditedSession, file_id: PathId) -> Done:
        """Remove a document of it."""
        FileService(db).remove(session, file_id, actor=actor)
        said = work.messages.gettext("Document removed.")
        return Done("session", said, anchor="documents", undo="restore_session_file")

    @takes(
        "/{session_id:uuid}/files/{file_id:uuid}/removal/undoing", name="restore_session_file", policy="session.edit"
    )
    def restore_file(self, db: Db, actor: Actor, session: EditedSession, file_id: PathId) -> Done:
        """Restore a document that was removed."""
        FileService(db).restore(session, file_id, actor=actor)
        return Done("session", anchor="documents")

    @takes("/{session_id:uuid}/joining", again=edit, name="join_sessions", policy="session.edit")
    def join(self, db: Db, work: Work, actor: Actor, session: EditedSession, data: FormBody[SessionEditForm]) -> Done:
        """Join it with another that is the same."""
        kept = SessionService(db).join(session, _chosen(db, session, data.into, work), data.reason, actor=actor)
        said = work.messages.gettext("Sessions joined.")
        return Done("session", said, at={"session_id": kept.id}, undo="restore_session")

    @takes("/{session_id:uuid}/division", again=edit, name="divide_session", policy="session.edit")
    def divide(self, db: Db, work: Work, actor: Actor, session: EditedSession, data: FormBody[SessionEditForm]) -> Done:
        """Make new sessions of parts of it: on to the new one, or to the programme where there are several."""
        made = SessionService(db).divide(session, data.parts(), data.reason, actor=actor)
        said = programme_sentence(ProgrammeImport(made, [session]), work.messages)
        return Done("sessions", said) if len(made) > 1 else Done("session", said, at={"session_id": made[0].id})


def _numbers(ticked: list[str] | str) -> tuple[int, ...]:
    every = [ticked] if isinstance(ticked, str) else ticked
    return tuple(number for words in every if (number := whole_number(words)) is not None)


def _unimported(work: Work, forum: str, problems: Sequence[str]) -> Response[str]:
    with work.reading() as db:
        context = replace(programme(db, forum, work=work), problems=problems)
    return page(work, "sessions/programme.html", context, status=422)


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
    refusal: Invalid | None,
) -> SessionEditPage:
    here = work.url_for("session", forum=found.forum.slug, session_id=session.id) if session else ""
    return SessionEditPage(
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
