"""The programme of a forum, as JSON."""

from datetime import datetime
from typing import Annotated
from uuid import UUID

from litestar import Controller, Response
from litestar.datastructures import UploadFile
from msgspec import Meta, Struct
from msgspec.structs import replace

from drafts.text.blocks import Language
from workspace.core.actor import Actor
from workspace.core.shapes import Shape
from workspace.core.sheets import XLSX
from workspace.core.spreadsheets import MOST_BYTES
from workspace.core.storage.db import Db
from workspace.people.frame import InForum
from workspace.people.service import PeopleService
from workspace.sessions import policy
from workspace.sessions.calendar_feeds import FeedService
from workspace.sessions.corrections import LONGEST, MOST_LINES, SessionCorrectionIn, SessionPart
from workspace.sessions.extraction import SessionDetails
from workspace.sessions.files import LARGEST_FILE, FileService
from workspace.sessions.models import Session
from workspace.sessions.service import SessionService
from workspace.sessions.spreadsheets import ProgrammeImport, ProgrammeSheets, problem_sentence, read_programme
from workspace.web.api import DONE, NO_STORE, ListOf, answer, reads, removes, writes
from workspace.web.http.files import stored_file
from workspace.web.http.request_context import Body, MultipartBody, PathId, Slug, Work
from workspace.web.i18n.messages import Messages


class RapporteurIn(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Whose session it is to note down: a rapporteur of the forum."""

    person_id: UUID


class SessionIn(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A session that no document tells of: its facts, a title at least, and the language they are in."""

    facts: SessionCorrectionIn
    language: Language


class SessionRemovalIn(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Why a session is taken out of the programme."""

    reason: Annotated[str, Meta(max_length=LONGEST)]


class SessionDivisionIn(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """The parts that become sessions of their own, and why."""

    parts: Annotated[tuple[SessionPart, ...], Meta(min_length=1, max_length=MOST_LINES)]
    reason: Annotated[str, Meta(max_length=LONGEST)] = ""


class JoiningIn(SessionRemovalIn, frozen=True, kw_only=True):
    """The session that is kept, and why the other is the same."""

    into: UUID


class ProgrammeSheetIn(Struct, frozen=True, kw_only=True):
    """The programme as a spreadsheet (XLSX, ODS or CSV), and the language in which new sessions are."""

    file: UploadFile
    language: Language


class RowProblemOut(Struct, frozen=True, kw_only=True):
    """What is wrong in a row of a spreadsheet, counted from 1; nothing was imported."""

    line: int
    detail: str


class ProgrammeSheetOut(Struct, frozen=True, kw_only=True):
    """The sessions that were added and changed, or what is wrong in which rows."""

    added: list[UUID]
    changed: list[UUID]
    problems: list[RowProblemOut]
    unknown_columns: list[str]  # headings of columns that were passed over

    @classmethod
    def of(cls, done: ProgrammeImport, messages: Messages) -> "ProgrammeSheetOut":
        problems = [RowProblemOut(line=each.line, detail=problem_sentence(each, messages)) for each in done.problems]
        added, changed = ([session.id for session in sessions] for sessions in (done.added, done.changed))
        return cls(added=added, changed=changed, problems=problems, unknown_columns=list(done.unread))


class SessionLine(Shape, frozen=True, kw_only=True):
    """A session in the programme. `starts` and `ends` are ISO 8601, with an offset where the source gives one."""

    id: UUID
    number: int
    title: str
    language: str
    starts: str | None
    ends: str | None
    place: str | None


class SessionsMadeOut(Struct, frozen=True, kw_only=True):
    """The sessions that were made of parts of one."""

    made: list[SessionLine]


class SessionDocumentOut(Shape, frozen=True, kw_only=True):
    """The document a session was read from, named by its hash."""

    id: UUID
    name: str
    language: str
    sha256: str


class SessionOut(Struct, frozen=True, kw_only=True):
    """A session with what its document tells of it.

    To whoever sees only the programme the document is not named, nor what does not add up in it.
    """

    session: SessionLine
    document: SessionDocumentOut | None
    details: SessionDetails

    @classmethod
    def of(cls, session: Session, details: SessionDetails, *, is_open: bool) -> "SessionOut":
        line = SessionLine.of(session)
        if not is_open:
            return cls(session=line, document=None, details=replace(details, inconsistencies=(), template_sections=()))
        document = SessionDocumentOut.of(session.document) if session.document else None
        return cls(session=line, document=document, details=details)


class SessionFileIn(Struct, frozen=True, kw_only=True):
    """A document of at most 10 MB: PDF, Word, OpenDocument, Excel, PowerPoint, picture or text."""

    file: UploadFile


class SessionFileOut(Shape, frozen=True, kw_only=True):
    """A document attached to a session, with its size in bytes."""

    id: UUID
    name: str
    size: int
    sha256: str
    added_at: datetime


class CalendarAddressOut(Struct, frozen=True, kw_only=True):
    """The address of one's own calendar: it is told this once, and whoever knows it reads the programme."""

    address: str


class SessionApi(Controller):
    """Sessions."""

    path = "/api"
    tags = ("Sessions",)

    @reads("/forums/{forum:str}/sessions", policy="session.read")
    def list_sessions(self, db: Db, actor: Actor, forum: InForum) -> ListOf[SessionLine]:
        """List the sessions of a forum."""
        programme = SessionService(db).programme(forum, actor=actor)
        return ListOf(items=[SessionLine.of(session) for session in programme])

    @writes("/forums/{forum:str}/sessions", policy="notes.import")
    def make_session(self, db: Db, actor: Actor, forum: InForum, data: Body[SessionIn]) -> SessionLine:
        """Add a session to the programme."""
        return SessionLine.of(SessionService(db).make(forum, data.facts, language=data.language, actor=actor))

    @reads("/forums/{forum:str}/sessions/sheet", policy="notes.import", media_type=XLSX)
    def read_programme_sheet(self, work: Work, db: Db, actor: Actor, forum: InForum) -> Response[bytes]:
        """Read the programme as a spreadsheet, or its headings to fill in."""
        content = ProgrammeSheets(db, forum, work.messages, actor=actor).file()
        return Response(content, media_type=XLSX, headers=NO_STORE)

    @writes("/forums/{forum:str}/sessions/sheet", status=DONE, largest=MOST_BYTES + 100_000, policy="notes.import")
    def import_programme_sheet(
        self, work: Work, forum: Slug, data: MultipartBody[ProgrammeSheetIn]
    ) -> Response[ProgrammeSheetOut]:
        """Add and change sessions as a spreadsheet says, all or none.

        Rows with the number of a session change it where they differ; the others are new. Where a row has a problem,
        the answer names it with status 422.
        """
        with work.reading() as db:
            policy.ensure_may_import_notes(work.actor, PeopleService(db).forum(forum))
        source = data.file.filename.replace("\\", "/").rpartition("/")[2][-120:] or "?"
        read = read_programme(data.file.file.read(), source=source)
        with work.writing() as db:
            sheets = ProgrammeSheets(db, PeopleService(db).forum(forum), work.messages, actor=work.actor)
            done = sheets.take_in(read, language=data.language)
            made = answer(ProgrammeSheetOut.of(done, work.messages))
        made.status_code = 422 if done.problems else DONE
        return made

    @writes("/sessions/{session_id:uuid}/removal", status=DONE, policy="session.edit")
    def remove_session(self, db: Db, actor: Actor, session_id: PathId, data: Body[SessionRemovalIn]) -> SessionLine:
        """Take a session out of the programme, as long as nothing hangs on it; what it was."""
        service = SessionService(db)
        session = service.get(session_id, actor=actor)
        line = SessionLine.of(session)
        service.remove(session, data.reason, actor=actor)
        return line

    @writes("/sessions/{session_id:uuid}/removal/undoing", status=DONE, policy="session.edit")
    def restore_session(self, db: Db, actor: Actor, session_id: PathId) -> SessionLine:
        """Put a session that was removed into the programme again, as it was."""
        return SessionLine.of(SessionService(db).restore(session_id, actor=actor))

    @writes("/sessions/{session_id:uuid}/joining", status=DONE, policy="session.edit")
    def join_sessions(self, db: Db, actor: Actor, session_id: PathId, data: Body[JoiningIn]) -> SessionLine:
        """Join a session with another that is the same, which has then all that hung on either; what that is."""
        service = SessionService(db)
        session, into = (service.get(id_, actor=actor) for id_ in (session_id, data.into))
        return SessionLine.of(service.join(session, into, data.reason, actor=actor))

    @writes("/sessions/{session_id:uuid}/division", status=DONE, policy="session.edit")
    def divide_session(
        self, db: Db, actor: Actor, session_id: PathId, data: Body[SessionDivisionIn]
    ) -> SessionsMadeOut:
        """Make new sessions of parts of one: of items of its agenda, with recommendations that were said there."""
        service = SessionService(db)
        made = service.divide(service.get(session_id, actor=actor), data.parts, data.reason, actor=actor)
        return SessionsMadeOut(made=[SessionLine.of(session) for session in made])

    @reads("/sessions/{session_id:uuid}", policy="session.read")
    def read_session(self, db: Db, actor: Actor, session_id: PathId) -> SessionOut:
        """Read one session with what its document tells of it."""
        service = SessionService(db)
        session = service.get(session_id, actor=actor)
        is_open = policy.may_read_note(actor, session.forum)
        return SessionOut.of(session, service.details(session), is_open=is_open)

    @writes("/sessions/{session_id:uuid}/facts", status=DONE, policy="session.edit")
    def correct_session(self, db: Db, actor: Actor, session_id: PathId, data: Body[SessionCorrectionIn]) -> SessionOut:
        """Confirm or correct what was read of a session; what was read stays beside it."""
        service = SessionService(db)
        session = service.get(session_id, actor=actor)
        service.correct(session, data, actor=actor)
        return SessionOut.of(session, service.details(session), is_open=True)

    @reads("/sessions/{session_id:uuid}/files", policy="session.read")
    def list_session_files(self, db: Db, actor: Actor, session_id: PathId) -> ListOf[SessionFileOut]:
        """List the documents attached to a session."""
        session = SessionService(db).get(session_id, actor=actor)
        return ListOf(items=[SessionFileOut.of(file) for file in FileService(db).files(session)])

    @writes("/sessions/{session_id:uuid}/files", largest=LARGEST_FILE + 100_000, policy="session.edit")
    def attach_session_file(
        self, db: Db, actor: Actor, session_id: PathId, data: MultipartBody[SessionFileIn]
    ) -> SessionFileOut:
        """Attach a document to a session; one that it has already is answered as it is."""
        session = SessionService(db).get(session_id, actor=actor)
        name, content = data.file.filename or "", data.file.file.read()
        return SessionFileOut.of(FileService(db).attach(session, name, content, actor=actor))

    @reads("/sessions/{session_id:uuid}/files/{file_id:uuid}", policy="session.read")
    def read_session_file(self, db: Db, actor: Actor, session_id: PathId, file_id: PathId) -> Response[bytes]:
        """Read a document of a session."""
        found = FileService(db).get(SessionService(db).get(session_id, actor=actor), file_id)
        return stored_file(found.name, found.content)

    @writes("/sessions/{session_id:uuid}/files/{file_id:uuid}/removal", status=DONE, policy="session.edit")
    def remove_session_file(self, db: Db, actor: Actor, session_id: PathId, file_id: PathId) -> SessionFileOut:
        """Remove a document of a session; what it was."""
        session = SessionService(db).get(session_id, actor=actor)
        return SessionFileOut.of(FileService(db).remove(session, file_id, actor=actor))

    @writes("/sessions/{session_id:uuid}/files/{file_id:uuid}/removal/undoing", status=DONE, policy="session.edit")
    def restore_session_file(self, db: Db, actor: Actor, session_id: PathId, file_id: PathId) -> SessionFileOut:
        """Restore a document of a session that was removed."""
        session = SessionService(db).get(session_id, actor=actor)
        return SessionFileOut.of(FileService(db).restore(session, file_id, actor=actor))

    @writes("/forums/{forum:str}/calendar-address", policy="session.read")
    def make_calendar_address(self, work: Work, db: Db, actor: Actor, forum: InForum) -> CalendarAddressOut:
        """Make an address of one's own for a calendar program; an earlier one opens nothing from now on."""
        secret = FeedService(db).make(forum, actor=actor)
        address = work.url_for("own_calendar", forum=forum.slug, secret=secret)
        return CalendarAddressOut(address=str(work.request.base_url).rstrip("/") + address)

    @removes("/forums/{forum:str}/calendar-address", policy="session.read")
    def revoke_calendar_address(self, db: Db, actor: Actor, forum: InForum) -> None:
        """Let one's own address open nothing any more."""
        FeedService(db).revoke(forum, actor=actor)

    @writes("/sessions/{session_id:uuid}/rapporteur", status=DONE, policy="session.edit")
    def give_session(self, db: Db, actor: Actor, session_id: PathId, data: Body[RapporteurIn]) -> SessionLine:
        """Say whose session it is to note down."""
        service = SessionService(db)
        session = service.get(session_id, actor=actor)
        service.give_to(session, data.person_id, actor=actor)
        return SessionLine.of(session)
