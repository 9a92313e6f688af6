"""Bringing session notes in from the browser: several files at once, each whole or not at all."""

from collections.abc import Sequence

from litestar import Controller, Response, post
from litestar.datastructures import UploadFile
from litestar.di import NamedDependency
from msgspec import Struct, field

from drafts.errors import DraftsError
from workspace.core.actor import Actor
from workspace.core.errors import BadFile, Invalid
from workspace.declarations.frame import header
from workspace.interchange.notes import read_note
from workspace.interchange.service import NotesService, TakenIn
from workspace.interchange.uploads import uploaded
from workspace.people.frame import forum_frame
from workspace.people.service import PeopleService
from workspace.sessions.policy import ensure_may_import_notes
from workspace.web.i18n import LANGUAGES
from workspace.web.pages import Page, page
from workspace.web.params import FromPath, MultipartBody
from workspace.web.sentences import sentence
from workspace.web.services import Work

LARGEST = 10_000_000  # bytes of all files together
MOST_FILES = 50


class FileResult(Struct, frozen=True):
    """What became of one file: its sessions (title, address, language), or why it was refused."""

    name: str
    sessions: Sequence[tuple[str, str, str]] = ()
    statements: int = 0
    is_known: bool = False
    refusal: str = ""
    review: str = ""  # address of the screen on which it is looked through


class ImportedPage(Page, frozen=True, kw_only=True):
    results: Sequence[FileResult]
    taken_in: int
    sessions_href: str
    register_href: str


class NotesForm(Struct, frozen=True):
    files: list[UploadFile] = field(default_factory=list)


class NotesPages(Controller):
    """Where the form of the programme leads."""

    @post(
        "/{forum:str}/sessions",
        name="import_notes",
        status_code=200,
        request_max_body_size=LARGEST,
        sync_to_thread=True,
        policy="notes.import",
    )
    def import_notes(
        self, work: NamedDependency[Work], forum: FromPath[str], data: MultipartBody[NotesForm]
    ) -> Response[str]:
        """Take each file in, and say of each what became of it."""
        actor = work.actor
        with work.reading() as db:
            found = forum_frame(db, forum, work=work)
            ensure_may_import_notes(actor, found.forum)
            place = header(db, found, work=work)
        files = [file for file in data.files if file.filename]
        results = [_taken_in(work, forum, file, actor) for file in files[:MOST_FILES]]
        context = ImportedPage(
            place=place,
            here="sessions",
            results=results,
            taken_in=sum(bool(one.sessions) for one in results),
            sessions_href=work.url_for("sessions", forum=forum),
            register_href=work.url_for("recommendations", forum=forum, standing="proposed"),
        )
        is_refused = not results or all(one.refusal for one in results)
        return page(work, "sessions/imported.html", context, status=422 if is_refused else 200)


def _taken_in(work: Work, forum: str, file: UploadFile, actor: Actor) -> FileResult:
    sent = uploaded(file)
    name = sent.name
    try:
        note = read_note(sent.content, source=name)
        with work.writing() as db:
            where = PeopleService(db).forum(forum)
            taken = NotesService(db).take_in(where, note.extraction, note.file.text, file=note.file, actor=actor)
            return _result(work, forum, name, taken)
    except (BadFile, Invalid, DraftsError) as refusal:
        return FileResult(name, refusal=sentence(refusal, work.messages))


def _result(work: Work, forum: str, name: str, taken: TakenIn) -> FileResult:
    sessions = [
        (
            one.title,
            work.url_for("session", forum=forum, session_id=one.id),
            one.language if one.language in LANGUAGES else "und",
        )
        for one in taken.sessions
    ]
    review = work.url_for("review", forum=forum, document_id=taken.document.id) if taken.document else ""
    return FileResult(name, sessions, len(taken.recommendations), is_known=taken.document is None, review=review)
