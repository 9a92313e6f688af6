"""Session notes, texts in several languages and whole forums, as pages and as JSON."""

from collections.abc import Mapping, Sequence
from typing import Annotated, Literal
from uuid import UUID

from litestar import Controller, Response
from litestar.datastructures import UploadFile
from msgspec import Meta, Struct, field

from drafts.base.errors import DraftsError
from drafts.languages.alignment import AlignedRow, Doubt, RowDecision, doubtful, row_choices
from drafts.languages.staleness import State
from drafts.text.blocks import Language
from workspace.core.actor import Actor
from workspace.core.errors import BadFile, Invalid, WorkspaceError
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
from workspace.interchange.notes import read_note
from workspace.interchange.uploads import LARGEST, uploaded
from workspace.people.frame import forum_frame
from workspace.people.service import PeopleService
from workspace.sessions.policy import ensure_may_import_notes
from workspace.translations.domain.queries import standings
from workspace.web.api import DONE, NO_STORE, ListOf, answer, reads, writes
from workspace.web.http.request_context import CurrentWork, JSONBody, MultipartBody, Slug, Work
from workspace.web.http.routing import post
from workspace.web.i18n.messages import LANGUAGES
from workspace.web.pages import Page, page
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
    """Session notes: text, Markdown, Word, OpenDocument or PDF, in Spanish, English or French."""

    files: Annotated[list[UploadFile], Meta(min_length=1, max_length=MOST_FILES)]


class RefusalOut(Struct, frozen=True, kw_only=True):
    """Why a file was refused: a stable code, and a sentence in the reader's language."""

    code: str
    detail: str
    facts: Mapping[str, str | int]


class NoteOut(Struct, frozen=True, kw_only=True):
    """What became of one file. `known`: the forum had this very text already, and nothing was added."""

    name: str
    result: Literal["taken_in", "known", "refused"]
    sessions: list[UUID] = []
    recommendations: list[int] = []
    refusal: RefusalOut | None = None

    @classmethod
    def of(cls, name: str, taken: ImportedDocument) -> "NoteOut":
        return cls(
            name=name,
            result="taken_in" if taken.document else "known",
            sessions=[session.id for session in taken.sessions],
            recommendations=[recommendation.number for recommendation in taken.recommendations],
        )


class InterchangeApi(Controller):
    """Files in and out of a forum."""

    path = "/api/forums/{forum:str}"
    tags = ("Files",)

    @writes("/notes", status=DONE, largest=LARGEST, policy="notes.import")
    def import_notes(self, work: CurrentWork, forum: Slug, data: MultipartBody[NotesIn]) -> Response[ListOf[NoteOut]]:
        """Take in session notes: sessions, and recommendations as proposals to confirm.

        Where every file is refused, the answer is the same with status 422.
        """
        actor = work.actor
        with work.reading() as db:
            ensure_may_import_notes(actor, PeopleService(db).forum(forum))
        items = [_note(work, forum, file, actor=actor) for file in data.files]
        made = answer(ListOf(items=items))
        made.status_code = REFUSED if all(item.refusal for item in items) else DONE
        return made

    @writes("/declarations/from-texts", policy="document.import")
    def create_declaration(self, work: CurrentWork, forum: Slug, data: JSONBody[AlignedIn]) -> Response[MadeOut]:
        """Create a declaration from its texts in two or three languages.

        Paragraphs are aligned by what they say; one that a language lacks is missing there and shifts nothing.
        `decided` says what becomes of doubtful rows, which the same texts put side by side beforehand tell of.
        """
        actor, texts = work.actor, data.to_texts()
        with work.writing() as db:
            where = PeopleService(db).forum(forum)
            ensure_may_create(actor, where)  # before texts are read and aligned, which takes a while
            declaration, gaps = import_declaration_texts(
                db,
                where,
                slug=data.slug,
                texts=texts,
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
            where_it_is = address(declaration)
        return answer(made, etag=made.declaration.etag, location=where_it_is)

    @writes("/declarations/from-texts/rows", status=DONE, policy="document.import")
    def put_side_by_side(self, work: CurrentWork, forum: Slug, data: JSONBody[SideBySideIn]) -> Response[SideBySideOut]:
        """Put texts side by side and answer with the rows that somebody should look at; nothing is kept."""
        actor = work.actor
        with work.reading() as db:
            ensure_may_create(actor, PeopleService(db).forum(forum))
        return answer(SideBySideOut.of(side_by_side(data.texts.to_sources())))

    @reads("/export", media_type="application/json", policy="forum.export_all")
    def export_whole_forum(self, work: CurrentWork, forum: Slug) -> Response[bytes]:
        """Write the whole forum as one JSON file that another workspace takes back with identical hashes."""
        actor = work.actor
        with work.reading() as db:
            found = PeopleService(db).forum(forum)
            data, name = export_forum(db, found, actor=actor), f"{found.slug}.json"
        headers = {**NO_STORE, "Content-Disposition": f'attachment; filename="{name}"'}
        return Response(data, media_type="application/json", headers=headers)


def _note(work: Work, forum: str, file: UploadFile, *, actor: Actor) -> NoteOut:
    sent = uploaded(file)
    name = sent.name or "?"
    try:
        note = read_note(sent.content, source=name)
        with work.writing() as db:
            where = PeopleService(db).forum(forum)
            return NoteOut.of(
                name, NoteImportService(db).take_in(where, note.extraction, note.file.text, file=note.file, actor=actor)
            )
    except (BadFile, Invalid, DraftsError) as refusal:
        return NoteOut(name=name, result="refused", refusal=_refusal(refusal, work))


def _refusal(refusal: WorkspaceError | DraftsError, work: Work) -> RefusalOut:
    return RefusalOut(code=refusal.code, detail=sentence(refusal, work.messages), facts=refusal.facts)


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
        policy="notes.import",
    )
    def import_notes(self, work: CurrentWork, forum: Slug, data: MultipartBody[NotesForm]) -> Response[str]:
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
            taken_in=sum(bool(result.sessions) for result in results),
            sessions_href=work.url_for("sessions", forum=forum),
            register_href=work.url_for("recommendations", forum=forum, standing="proposed"),
        )
        is_refused = not results or all(result.refusal for result in results)
        return page(work, "sessions/imported.html", context, status=REFUSED if is_refused else DONE)


def _taken_in(work: Work, forum: str, file: UploadFile, actor: Actor) -> FileResult:
    sent = uploaded(file)
    name = sent.name
    try:
        note = read_note(sent.content, source=name)
        with work.writing() as db:
            where = PeopleService(db).forum(forum)
            taken = NoteImportService(db).take_in(where, note.extraction, note.file.text, file=note.file, actor=actor)
            return _result(work, forum, name, taken)
    except (BadFile, Invalid, DraftsError) as refusal:
        return FileResult(name, refusal=sentence(refusal, work.messages))


def _result(work: Work, forum: str, name: str, taken: ImportedDocument) -> FileResult:
    sessions = [
        (
            session.title,
            work.url_for("session", forum=forum, session_id=session.id),
            session.language if session.language in LANGUAGES else "und",
        )
        for session in taken.sessions
    ]
    review = work.url_for("review", forum=forum, document_id=taken.document.id) if taken.document else ""
    return FileResult(name, sessions, len(taken.recommendations), is_known=taken.document is None, review=review)
