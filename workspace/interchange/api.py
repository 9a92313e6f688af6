"""Files in and out, as JSON: session notes, texts in several languages, a whole forum."""

from collections.abc import Mapping
from typing import Annotated, Literal
from uuid import UUID

from litestar import Controller, Response
from litestar.datastructures import UploadFile
from litestar.di import NamedDependency
from msgspec import Meta, Struct

from drafts.errors import DraftsError
from workspace.core.actor import Actor
from workspace.core.errors import BadFile, Invalid, WorkspaceError
from workspace.declarations.api import address
from workspace.declarations.policy import ensure_may_create
from workspace.declarations.schemas import DeclarationOut, GapOut, MadeOut
from workspace.interchange.aligning_schemas import AlignedIn, SideBySideIn, SideBySideOut
from workspace.interchange.forum_file import export_forum
from workspace.interchange.notes import read_note
from workspace.interchange.service import NotesService, TakenIn, side_by_side, take_in_texts
from workspace.people.service import PeopleService
from workspace.sessions.policy import ensure_may_import_notes
from workspace.web.api import DONE, NO_STORE, answer, reads, writes
from workspace.web.params import FromPath, JSONBody, MultipartBody
from workspace.web.sentences import sentence
from workspace.web.services import Work

LARGEST = 10_000_000  # bytes of all files together
MOST_FILES = 50
LONGEST_NAME = 200


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
    def of(cls, name: str, taken: TakenIn) -> "NoteOut":
        return cls(
            name=name,
            result="taken_in" if taken.document else "known",
            sessions=[session.id for session in taken.sessions],
            recommendations=[one.number for one in taken.recommendations],
        )


class NotesOut(Struct, frozen=True, kw_only=True):
    """What became of each file, in the order in which they were sent. Each is taken in whole or not at all."""

    items: list[NoteOut]


class InterchangeApi(Controller):
    """Files in and out of a forum."""

    path = "/api/forums/{forum:str}"
    tags = ("Files",)

    @writes("/notes", status=DONE, largest=LARGEST, policy="notes.import")
    def import_notes(
        self, work: NamedDependency[Work], forum: FromPath[str], data: MultipartBody[NotesIn]
    ) -> Response[NotesOut]:
        """Take in session notes: sessions, and recommendations as proposals to confirm."""
        actor = work.actor
        with work.reading() as db:
            ensure_may_import_notes(actor, PeopleService(db).forum(forum))
        return answer(NotesOut(items=[_note(work, forum, file, actor=actor) for file in data.files]))

    @writes("/declarations/from-texts", policy="document.import")
    def create_declaration(
        self, work: NamedDependency[Work], forum: FromPath[str], data: JSONBody[AlignedIn]
    ) -> Response[MadeOut]:
        """Create a declaration from its texts in two or three languages.

        Paragraphs are aligned by what they say; one that a language lacks is missing there and shifts nothing.
        `decided` says what becomes of doubtful rows, which the same texts put side by side beforehand tell of.
        """
        actor, texts = work.actor, data.to_texts()
        with work.writing() as db:
            where = PeopleService(db).forum(forum)
            ensure_may_create(actor, where)  # before texts are read and aligned, which takes a while
            declaration, gaps = take_in_texts(
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
            )
            where_it_is = address(declaration)
        return answer(made, etag=str(made.declaration.head.id), location=where_it_is)

    @writes("/declarations/from-texts/rows", status=DONE, policy="document.import")
    def put_side_by_side(
        self, work: NamedDependency[Work], forum: FromPath[str], data: JSONBody[SideBySideIn]
    ) -> Response[SideBySideOut]:
        """Put texts side by side and answer with the rows that somebody should look at; nothing is kept."""
        actor = work.actor
        with work.reading() as db:
            ensure_may_create(actor, PeopleService(db).forum(forum))
        return answer(SideBySideOut.of(side_by_side(data.texts.to_sources())))

    @reads("/export", media_type="application/json", policy="forum.export_all")
    def export_whole_forum(self, work: NamedDependency[Work], forum: FromPath[str]) -> Response[bytes]:
        """Write the whole forum as one JSON file that another workspace takes back with identical hashes."""
        actor = work.actor
        with work.reading() as db:
            found = PeopleService(db).forum(forum)
            data, name = export_forum(db, found, actor=actor), f"{found.slug}.json"
        headers = {**NO_STORE, "Content-Disposition": f'attachment; filename="{name}"'}
        return Response(data, media_type="application/json", headers=headers)


def _note(work: Work, forum: str, file: UploadFile, *, actor: Actor) -> NoteOut:
    name = _name(file.filename)
    try:
        data = file.file.read()
        note = read_note(data, source=name)
        with work.writing() as db:
            where = PeopleService(db).forum(forum)
            return NoteOut.of(
                name, NotesService(db).take_in(where, note.extraction, note.file.text, file=note.file, actor=actor)
            )
    except (BadFile, Invalid, DraftsError) as refusal:
        return NoteOut(name=name, result="refused", refusal=_refusal(refusal, work))


def _name(given: str) -> str:
    """The name a file was sent under, without folders and what cannot be printed."""
    last = given.replace("\\", "/").rpartition("/")[2]
    return "".join(letter for letter in last if letter.isprintable())[-LONGEST_NAME:] or "?"


def _refusal(refusal: WorkspaceError | DraftsError, work: Work) -> RefusalOut:
    return RefusalOut(code=refusal.code, detail=sentence(refusal, work.messages), facts=refusal.facts)
