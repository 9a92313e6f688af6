"""Session notes, texts in several languages and whole forums, as pages and as JSON."""

from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from datetime import datetime
from typing import Annotated, Literal
from uuid import UUID

from litestar import Controller, Response
from litestar.datastructures import UploadFile
from msgspec import Meta, Struct, field
from msgspec.structs import replace

from drafts.base.errors import DraftsError
from drafts.languages.alignment import AlignedRow, Doubt, RowDecision, doubtful, row_choices
from drafts.languages.staleness import State
from drafts.text.blocks import Language
from workspace.core.actor import Actor
from workspace.core.errors import BadFile, Invalid, existing
from workspace.core.shapes import MadeFile, filled
from workspace.core.storage.db import Db, row_of
from workspace.core.validation import known_id
from workspace.declarations.api import address
from workspace.declarations.domain.policy import ensure_may_create
from workspace.declarations.frame import header
from workspace.declarations.schemas import DeclarationIn, DeclarationOut, GapOut, MadeOut, TextsIn
from workspace.interchange.forum_archive import export_forum
from workspace.interchange.import_service import (
    ImportedDocument,
    NoteImportService,
    import_declaration_texts,
    side_by_side,
)
from workspace.interchange.notes import extract, read_note
from workspace.people.frame import InForum, forum_frame
from workspace.people.service import PeopleService
from workspace.sessions.models import Awaiting, SourceDocument
from workspace.sessions.pages.programme import session_choices
from workspace.sessions.policy import ensure_may_import_notes
from workspace.sessions.service import SessionService
from workspace.translations.domain.queries import standings
from workspace.web.api import DONE, ListOf, answer, reads, writes
from workspace.web.http.files import LARGEST, attachment, uploaded
from workspace.web.http.request_context import Body, FormBody, MultipartBody, PathId, Slug, Work
from workspace.web.http.routing import post
from workspace.web.i18n.messages import LANGUAGES
from workspace.web.pages import Page, page, redirect
from workspace.web.refusals.sentences import sentence


class RowChoiceIn(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """What becomes of one doubtful row, by its `row` in the answer that told of it."""

    row: Annotated[int, Meta(ge=0, le=100_000)]
    choice: RowDecision


class AlignedIn(DeclarationIn, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A declaration to take in, with what was decided about doubtful rows; the texts of the others are unverified."""

    decided: Annotated[tuple[RowChoiceIn, ...], Meta(max_length=20_000)] = ()

    def to_decided(self) -> Mapping[int, RowDecision]:
        return {choice.row: choice.choice for choice in self.decided}


class SideBySideIn(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Texts to put side by side, without keeping anything."""

    texts: TextsIn


class AlignedRowOut(Struct, frozen=True, kw_only=True):
    """A row that somebody should look at: its texts, why, for which language the least speaks, and what can be done."""

    row: int
    es: str | None
    en: str | None
    fr: str | None
    confidence: float
    doubt: Doubt
    odd: Language | None
    choices: list[RowDecision]


class SideBySideOut(Struct, frozen=True, kw_only=True):
    """How many rows there are, and the doubtful ones among them."""

    total: int
    doubtful: list[AlignedRowOut]

    @classmethod
    def of(cls, rows: Sequence[AlignedRow]) -> "SideBySideOut":
        return cls(total=len(rows), doubtful=[_row(rows, index) for index in doubtful(rows)])


def _row(rows: Sequence[AlignedRow], index: int) -> AlignedRowOut:
    row = rows[index]
    es, en, fr = (block.text if (block := row.block(language)) else None for language in Language)
    return AlignedRowOut(
        row=index,
        es=es,
        en=en,
        fr=fr,
        confidence=row.confidence,
        doubt=row.doubt or Doubt.WEAK,
        odd=row.odd,
        choices=list(row_choices(rows, index)),
    )


MOST_FILES = 50
REFUSED = 422


class NotesIn(Struct, frozen=True, kw_only=True):
    """Session notes: text, Markdown, Word, OpenDocument or PDF, in Spanish, English or French.

    With `session`, all that they say belongs to that session.
    """

    files: Annotated[list[UploadFile], Meta(min_length=1, max_length=MOST_FILES)]
    session: UUID | None = None


class AwaitingStatementOut(Struct, frozen=True, kw_only=True):
    """What a note says of which nobody knows in which session it was said, by number, with its line from 1 if known."""

    number: int
    text: str
    line: int | None


class AwaitingNoteOut(Struct, frozen=True, kw_only=True):
    """A note of which nobody knows, in part or as a whole, in which session it was said."""

    id: UUID
    name: str
    language: str
    imported_at: datetime
    statements: list[AwaitingStatementOut]


class PlaceIn(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """The session that a note belongs to; null for none, and what it says is not proposed.

    With `statements`, by number, this is said of them alone; the others go on awaiting theirs.
    """

    session: UUID | None
    statements: Annotated[tuple[int, ...], Meta(max_length=10_000)] = ()


class PlacedOut(Struct, frozen=True, kw_only=True):
    """The numbers of what a note proposes in its session."""

    recommendations: list[int]


class RefusalOut(Struct, frozen=True, kw_only=True):
    """Why a file was refused: a stable code, and a sentence in the reader's language."""

    code: str
    detail: str
    facts: Mapping[str, str | int]


class NoteOut(Struct, frozen=True, kw_only=True):
    """What became of one file. `known`: the forum had this very text already, and nothing was added.

    One that `awaits_session` says something of which nobody knows in which session that was.
    """

    name: str
    result: Literal["taken_in", "known", "refused"]
    sessions: list[UUID] = []
    recommendations: list[int] = []
    refusal: RefusalOut | None = None
    document: UUID | None = None
    awaits_session: bool = False

    @classmethod
    def of(cls, name: str, taken: ImportedDocument) -> "NoteOut":
        return cls(
            name=name,
            result="taken_in" if taken.document else "known",
            sessions=[session.id for session in taken.sessions],
            recommendations=[recommendation.number for recommendation in taken.recommendations],
            document=taken.document.id if taken.document else None,
            awaits_session=taken.document is not None and taken.document.is_awaiting,
        )


class InterchangeApi(Controller):
    """Files in and out of a forum."""

    path = "/api/forums/{forum:str}"
    tags = ("Files",)

    @writes("/notes", status=DONE, largest=LARGEST, policy="notes.import")
    def import_notes(self, work: Work, forum: Slug, data: MultipartBody[NotesIn]) -> Response[ListOf[NoteOut]]:
        """Take in session notes: sessions, and recommendations as proposals to confirm.

        Where every file is refused, the answer is the same with status 422.
        """
        actor = work.actor
        with work.reading() as db:
            ensure_may_import_notes(actor, PeopleService(db).forum(forum))
        items = [_note(work, forum, file, data.session, actor=actor) for file in data.files]
        made = answer(ListOf(items=items))
        made.status_code = REFUSED if all(item.refusal for item in items) else DONE
        return made

    @reads("/notes", policy="notes.import")
    def list_awaiting_notes(self, db: Db, actor: Actor, forum: InForum) -> ListOf[AwaitingNoteOut]:
        """List the notes of which nobody knows, in part or as a whole, in which session it was said."""
        ensure_may_import_notes(actor, forum)
        awaiting = SessionService(db).awaiting(forum, actor=actor)
        return ListOf(items=[_awaiting_note(document) for document in awaiting])

    @writes("/notes/{document_id:uuid}/session", status=DONE, policy="notes.import")
    def place_note(self, work: Work, forum: Slug, document_id: PathId, data: Body[PlaceIn]) -> Response[PlacedOut]:
        """Say to which session a note belongs that awaits one."""
        return answer(PlacedOut(recommendations=_placed(work, forum, document_id, data.session, data.statements)))

    @writes("/declarations/from-texts", policy="document.import")
    def create_declaration(self, db: Db, actor: Actor, forum: InForum, data: Body[AlignedIn]) -> Response[MadeOut]:
        """Create a declaration from its texts in two or three languages.

        Paragraphs are aligned by what they say; one that a language lacks is missing there and shifts nothing.
        `decided` says what becomes of doubtful rows, which the same texts put side by side beforehand tell of.
        """
        ensure_may_create(actor, forum)  # before texts are read and aligned, which takes a while
        declaration, gaps = import_declaration_texts(
            db,
            forum,
            slug=data.slug,
            texts=data.to_texts(),
            language=data.language,
            actor=actor,
            accept_gaps=data.accept_gaps,
            decided=data.to_decided(),
        )
        made = MadeOut(
            declaration=DeclarationOut.of(declaration),
            gaps=[GapOut(language=gap.language, excerpt=gap.excerpt) for gap in gaps],
            unverified=[
                standing.row.block_id
                for standing in standings(db, declaration)
                if State.UNVERIFIED in standing.states.values()
            ],
        )
        return answer(made, etag=made.declaration.etag, location=address(declaration))

    @writes("/declarations/from-texts/rows", status=DONE, policy="document.import")
    def put_side_by_side(self, work: Work, forum: Slug, data: Body[SideBySideIn]) -> Response[SideBySideOut]:
        """Put texts side by side and answer with the rows that somebody should look at; nothing is kept."""
        actor = work.actor
        with work.reading() as db:
            ensure_may_create(actor, PeopleService(db).forum(forum))
        return answer(SideBySideOut.of(side_by_side(data.texts.to_sources())))

    @reads("/export", media_type="application/json", policy="forum.export_all")
    def export_whole_forum(self, db: Db, actor: Actor, forum: InForum) -> Response[bytes]:
        """Write the whole forum as one JSON file that another workspace takes back with identical hashes."""
        data = export_forum(db, forum, actor=actor)
        return attachment(MadeFile(f"{forum.slug}.json", data, "application/json"))


def _awaiting_note(document: SourceDocument) -> AwaitingNoteOut:
    statements = [
        AwaitingStatementOut(number=number, text=said["text"], line=said["line"])
        for number, said in document.awaiting_statements.items()
    ]
    return filled(AwaitingNoteOut, document, statements=statements)


def _placed(work: Work, forum: str, document_id: UUID, session_id: UUID | None, numbers: Sequence[int]) -> list[int]:
    """Read a note that awaits its session once more, outside of any writing, and put it there."""
    if session_id is None:
        with work.writing() as db:
            where, document = PeopleService(db).forum(forum), _document(db, forum, document_id)
            NoteImportService(db).leave(where, document, numbers, actor=work.actor)
            return []
    with work.reading() as db:
        ensure_may_import_notes(work.actor, PeopleService(db).forum(forum))
        document = _document(db, forum, document_id)
        text, name = document.text, document.name
    extraction = extract(text.encode(), source=name)
    with work.writing() as db:
        document, session = _document(db, forum, document_id), SessionService(db).get(session_id, actor=work.actor)
        said = NoteImportService(db).place(document, session, extraction, numbers, actor=work.actor)
        return [recommendation.number for recommendation in said]


def _document(db: Db, forum: str, document_id: UUID) -> SourceDocument:
    return existing(
        row_of(db, SourceDocument, document_id, forum_id=PeopleService(db).forum(forum).id), "document", document_id
    )


def _note(work: Work, forum: str, file: UploadFile, session_id: UUID | None, *, actor: Actor) -> NoteOut:
    sent = uploaded(file)
    name = sent.name or "?"
    try:
        with _taken(work, forum, sent.content, name, session_id, actor=actor) as taken:
            return NoteOut.of(name, taken)
    except (BadFile, Invalid, DraftsError) as refusal:
        why = RefusalOut(code=refusal.code, detail=sentence(refusal, work.messages), facts=refusal.facts)
        return NoteOut(name=name, result="refused", refusal=why)


@contextmanager
def _taken(
    work: Work, forum: str, content: bytes, name: str, session_id: UUID | None, *, actor: Actor
) -> Iterator[ImportedDocument]:
    """What a note gave, in the unit of work that takes it in: read before it opens."""
    note = read_note(content, source=name)
    with work.writing() as db:
        where = PeopleService(db).forum(forum)
        service, sessions = NoteImportService(db), SessionService(db)
        into = sessions.get(session_id, actor=actor, forum=where) if session_id else None
        yield service.take_in(where, note.extraction, note.file.text, file=note.file, into=into, actor=actor)


class FileResult(Struct, frozen=True):
    """What became of one file: its sessions (title, address, language), or why it was refused."""

    name: str
    sessions: Sequence[tuple[str, str, str]] = ()
    statements: int = 0
    is_known: bool = False
    refusal: str = ""
    review: str = ""  # address of the screen on which it is looked through
    awaits: str = ""  # address that takes its session, where nobody knows it
    awaiting: Awaiting = field(default_factory=dict)  # what is said in none


class ImportedPage(Page, frozen=True, kw_only=True):
    results: Sequence[FileResult]
    choices: Sequence[tuple[str, str]]  # the sessions that a note can be added to
    taken_in: int
    sessions_href: str
    register_href: str


class NotesForm(Struct, frozen=True):
    files: list[UploadFile] = field(default_factory=list)
    session: str = ""


NONE = "none"


class PlaceForm(Struct, frozen=True):
    session: str = ""
    statement: list[int] | int = field(default_factory=list)  # one that is ticked alone comes as a number

    @property
    def statements(self) -> list[int]:
        return [self.statement] if isinstance(self.statement, int) else self.statement


class NotesPages(Controller):
    """Where the form of the programme leads."""

    @post(
        "/{forum:str}/sessions",
        name="import_notes",
        status_code=200,
        request_max_body_size=LARGEST,
        policy="notes.import",
    )
    def import_notes(self, work: Work, forum: Slug, data: MultipartBody[NotesForm]) -> Response[str]:
        """Take each file in, and say of each what became of it."""
        actor = work.actor
        with work.reading() as db:
            found = forum_frame(db, forum, work=work)
            ensure_may_import_notes(actor, found.forum)
            place = header(db, found, work=work)
        files = [file for file in data.files if file.filename]
        into = known_id(data.session, "session") if data.session else None
        results = [_taken_in(work, forum, file, into, actor) for file in files[:MOST_FILES]]
        with work.reading() as db:
            choices = session_choices(db, forum, work)
        context = ImportedPage(
            place=place,
            here="sessions",
            results=results,
            choices=choices,
            taken_in=sum(bool(result.sessions or result.awaits) for result in results),
            sessions_href=work.url_for("sessions", forum=forum),
            register_href=work.url_for("recommendations", forum=forum, standing="proposed"),
        )
        is_refused = not results or all(result.refusal for result in results)
        return page(work, "sessions/imported.html", context, status=REFUSED if is_refused else DONE)

    @post("/{forum:str}/sessions/documents/{document_id:uuid}/session", name="place_note", policy="notes.import")
    def place_note(self, work: Work, forum: Slug, document_id: PathId, data: FormBody[PlaceForm]) -> Response[None]:
        """Say to which session a note belongs that awaits one."""
        session_id = None if data.session == NONE else known_id(data.session, "session")
        with work.reading() as db:
            tells_of_sessions = bool(SessionService(db).of_document(_document(db, forum, document_id)))
        _placed(work, forum, document_id, session_id, data.statements)
        if tells_of_sessions:
            return redirect(work, work.url_for("review", forum=forum, document_id=document_id))
        if session_id is None or data.statements:
            return redirect(work, work.url_for("sessions", forum=forum))
        return redirect(work, work.url_for("session", forum=forum, session_id=session_id))


def _taken_in(work: Work, forum: str, file: UploadFile, session_id: UUID | None, actor: Actor) -> FileResult:
    sent = uploaded(file)
    try:
        with _taken(work, forum, sent.content, sent.name, session_id, actor=actor) as taken:
            return _result(work, forum, sent.name, taken)
    except (BadFile, Invalid, DraftsError) as refusal:
        return FileResult(sent.name, refusal=sentence(refusal, work.messages))


def _result(work: Work, forum: str, name: str, taken: ImportedDocument) -> FileResult:
    sessions = [
        (
            session.title,
            work.url_for("session", forum=forum, session_id=session.id),
            session.language if session.language in LANGUAGES else "und",
        )
        for session in taken.sessions
    ]
    made = FileResult(name, sessions, len(taken.recommendations) + taken.awaiting, is_known=taken.document is None)
    if taken.document is None:
        return made
    here = {"forum": forum, "document_id": taken.document.id}
    reviewed = taken.sessions[0].document_id if taken.sessions else None
    review = work.url_for("review", **{**here, "document_id": reviewed}) if reviewed else ""
    awaits = work.url_for("place_note", **here) if taken.document.is_awaiting else ""
    return replace(made, review=review, awaits=awaits, awaiting=taken.document.awaiting_statements)
