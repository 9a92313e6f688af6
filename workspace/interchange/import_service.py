"""Taking files in: notes become sessions and proposals, texts become a declaration; whole or not at all."""

from collections.abc import Collection, Mapping, Sequence

from msgspec import Struct, convert, to_builtins
from msgspec.structs import replace

from drafts.languages.alignment import AlignedRow, RowDecision, align
from drafts.text.block_roles import read_declaration
from drafts.text.blocks import Document, Language
from drafts.text.markup import plain
from workspace.core.actor import Actor
from workspace.core.detection import TEXT
from workspace.core.errors import Invalid, NotFound
from workspace.core.storage import log
from workspace.core.storage.db import Db, lock_for_writing, new_id
from workspace.declarations.domain import queries
from workspace.declarations.domain.models import Declaration
from workspace.declarations.domain.service import NOTHING_DECIDED, DeclarationService
from workspace.interchange.readers import FileRead
from workspace.people.models import Forum
from workspace.recommendations.models import Recommendation
from workspace.recommendations.near_duplicates import note_resemblances_incrementally
from workspace.recommendations.service import RecommendationService, VerbatimStatement
from workspace.recommendations.similarity import KnownTexts
from workspace.sessions.corrections import further_down
from workspace.sessions.extraction import Extraction, SessionDetails, SessionFound, Statement
from workspace.sessions.models import Session, SourceDocument
from workspace.sessions.policy import ensure_may_place
from workspace.sessions.service import SessionService
from workspace.sessions.source_lines import without_marks

STATED = ("objectives", "key_messages", "discussion_questions")
_EXCERPT = 60  # characters of a paragraph that a message quotes


class ImportedDocument(Struct, frozen=True):
    """What one document gave; no document when the forum had this very text already.

    `awaiting` statements are proposed once somebody says in which session they were made.
    """

    document: SourceDocument | None
    sessions: tuple[Session, ...] = ()
    recommendations: tuple[Recommendation, ...] = ()
    awaiting: int = 0


class MissingLanguage(Struct, frozen=True):
    """A paragraph that one language lacks, told by how it begins in another."""

    language: Language
    excerpt: str


class NoteImportService:
    """Session notes of a forum."""

    def __init__(self, db: Db, *, known: KnownTexts | None = None) -> None:
        """`known`: what notes taken in just before were compared with; many in a row are faster with it."""
        self.db = db
        self.sessions = SessionService(db)
        self.recommendations = RecommendationService(db)
        if known is not None:
            note_resemblances_incrementally(db, known)

    def take_in(
        self,
        forum: Forum,
        extraction: Extraction,
        text: str,
        *,
        actor: Actor,
        file: FileRead | None = None,
        into: Session | None = None,
    ) -> ImportedDocument:
        """Store a document, the sessions it tells of, and its statements as proposals to confirm.

        `text` is what was read, `file` what it was read from. All of it belongs to the session `into` where that is
        given, or else to the document's only session. Where it tells of none, or does not say in which of several
        something was said, the document awaits that somebody says so.
        """
        document = self.sessions.keep_document(
            forum,
            name=extraction.source,
            language=extraction.language,
            text=text,
            media_type=file.media_type if file else TEXT,
            original=file.original if file else None,
            actor=actor,
        )
        if document is None:
            return ImportedDocument(None)
        if into is not None:
            said = _verbatim(extraction.recommendations, extraction)
            return ImportedDocument(document, (into,), self._brought(into, document, extraction, said, actor=actor))
        sessions: list[Session] = []
        recommendations: list[Recommendation] = []
        for details, statements in _shared_out(extraction):
            session = self.sessions.add(forum, details, language=extraction.language, document=document, actor=actor)
            sessions.append(session)
            said = _verbatim(statements, extraction)
            recommendations += self.recommendations.propose(session, said, actor=actor)
        awaiting = [] if len(sessions) == 1 else _verbatim(_loose(extraction), extraction)
        document.awaits_session = not sessions
        document.awaiting = to_builtins(awaiting) or None
        return ImportedDocument(document, tuple(sessions), tuple(recommendations), len(awaiting))

    def place(
        self,
        document: SourceDocument,
        session: Session,
        extraction: Extraction,
        numbers: Collection[int] = (),
        *,
        actor: Actor,
    ) -> tuple[Recommendation, ...]:
        """Say to which session what awaits one in a document belongs, all or these statements; what it proposes.

        `extraction` is what its text says; of a document without any session, what it tells beside its recommendations
        is of the first that is named. Raises `Invalid` for a document that awaits no session.
        """
        ensure_may_place(actor, session.forum, document)
        lock_for_writing(self.db, SourceDocument, document.id)
        if not document.is_awaiting or document.forum_id != session.forum_id:
            raise Invalid(field="session", reason="has_session")
        is_first = document.awaits_session and not self.sessions.of_document(document)
        if document.awaiting is None:
            document.awaiting = to_builtins(_verbatim(_loose(extraction), extraction))
        document.awaits_session = False
        said = _take_out(document, numbers)
        return self._brought(session, document, extraction, said, is_first=is_first, actor=actor)

    def leave(self, forum: Forum, document: SourceDocument, numbers: Collection[int] = (), *, actor: Actor) -> None:
        """Let a document await no session for these statements, or for all: they are not proposed."""
        ensure_may_place(actor, forum, document)
        lock_for_writing(self.db, SourceDocument, document.id)
        document.awaits_session = document.awaits_session and bool(numbers)
        _take_out(document, numbers)
        log.record(self.db, "notes.left", actor=actor, forum_id=forum.id, document=str(document.id))

    def _brought(
        self,
        session: Session,
        document: SourceDocument,
        extraction: Extraction,
        said: Sequence[VerbatimStatement],
        *,
        is_first: bool = True,
        actor: Actor,
    ) -> tuple[Recommendation, ...]:
        """What a document proposes in a session; the `is_first` one also has what else it tells."""
        found = extraction.sessions[0] if len(extraction.sessions) == 1 else SessionFound(title=session.title)
        places = (None, *range(len(extraction.sessions)))
        of_all = replace(SessionDetails.of(extraction, found), **_stated(extraction, places))
        details = of_all if is_first else SessionDetails(found=found)
        lines = self.sessions.bring(session, document, details, actor=actor)
        return tuple(
            self.recommendations.propose(session, [further_down(statement, lines) for statement in said], actor=actor)
        )


def import_declaration_texts(
    db: Db,
    forum: Forum,
    *,
    slug: str,
    texts: Mapping[Language, str],
    language: Language,
    actor: Actor,
    accept_gaps: bool = False,
    decided: Mapping[int, RowDecision] = NOTHING_DECIDED,
) -> tuple[Declaration, tuple[MissingLanguage, ...]]:
    """Create a declaration from Markdown texts of it in two or three languages, and tell what each language lacks.

    Raises `BadMarkdown` or `TooLarge` for a text that cannot be kept, `Misaligned`
    for texts that can hardly be the same, `Invalid` for a slug that is taken.
    `decided` says what becomes of rows that are doubtful, by their index in `side_by_side`.
    """
    made = DeclarationService(db).import_texts(
        forum,
        slug=slug,
        documents=_documents(texts),
        language=language,
        actor=actor,
        accept_gaps=accept_gaps,
        decided=decided,
    )
    gaps = [
        MissingLanguage(which, plain(row.original().text)[:_EXCERPT])
        for row in queries.head_rows(db, made)
        for which in texts
        if which not in row.texts
    ]
    return made, tuple(gaps)


def side_by_side(texts: Mapping[Language, str]) -> tuple[AlignedRow, ...]:
    """The rows that Markdown texts of one declaration make, as for `import_declaration_texts`; nothing is kept."""
    return align(_documents(texts))


def _documents(texts: Mapping[Language, str]) -> dict[Language, Document]:
    return {
        which: read_declaration(source, language=which, new_id=lambda: str(new_id())) for which, source in texts.items()
    }


def _shared_out(extraction: Extraction) -> list[tuple[SessionDetails, Sequence[Statement]]]:
    """Each session with its statements; what is said of the document as a whole goes with its first entry.

    A document without a session that has a title is a session of that title; one without gives nothing.
    """
    shares: list[tuple[SessionFound, list[Statement]]] = [
        (found, [statement for statement in extraction.recommendations if statement.session == place])
        for place, found in enumerate(extraction.sessions)
    ]
    if not shares and extraction.title:
        shares = [(SessionFound(title=extraction.title), [])]
    if len(shares) == 1:
        said = [*_loose(extraction), *shares[0][1]]
        shares = [(shares[0][0], sorted(said, key=lambda statement: statement.line or 0))]
    return [(_details(extraction, found, place), statements) for place, (found, statements) in enumerate(shares)]


def _details(extraction: Extraction, found: SessionFound, place: int) -> SessionDetails:
    """What is kept of a session: what is said in it, and with the first one what is said of the whole document."""
    places = (place,) if place > 0 else (place, None)
    findings = [finding for at in places[::-1] for finding in extraction.inconsistencies if finding.session == at]
    kept = SessionDetails(found=found) if place > 0 else SessionDetails.of(extraction, found)
    return replace(kept, inconsistencies=tuple(findings), **_stated(extraction, places))


def _stated(extraction: Extraction, places: Collection[int | None]) -> dict[str, tuple[Statement, ...]]:
    """The statements of these sessions, `None` for those of none, in words as whoever reads the note sees them."""
    return {
        name: tuple(_as_seen(said) for said in getattr(extraction, name) if said.session in places) for name in STATED
    }


def _as_seen(statement: Statement) -> Statement:
    return replace(statement, text=without_marks(statement.text).strip() or statement.text)


def _loose(extraction: Extraction) -> list[Statement]:
    """What is said in no session that is told."""
    return [statement for statement in extraction.recommendations if statement.session is None]


def _verbatim(statements: Sequence[Statement], extraction: Extraction) -> list[VerbatimStatement]:
    """Their words as whoever reads the note sees them."""
    return [
        VerbatimStatement(
            text=_as_seen(statement).text,
            language=extraction.language,
            section=statement.section or "",
            line=statement.line,
            marker=statement.marker or "",
        )
        for statement in statements
    ]


def _take_out(document: SourceDocument, numbers: Collection[int]) -> list[VerbatimStatement]:
    """These statements of what awaits a session, or everything for none; they await one no longer."""
    statements = document.awaiting_statements
    if unknown := set(numbers) - set(statements):
        raise NotFound(what="suggestion", id=str(min(unknown)))
    taken = set(numbers or statements)
    left = [None if number in taken else said for number, said in enumerate(document.awaiting or (), start=1)]
    document.awaiting = left if any(left) or document.awaits_session else None
    return [convert(statements[number], VerbatimStatement) for number in sorted(taken)]
