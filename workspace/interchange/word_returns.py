"""Word files that came back: kept as they are, read for what they propose, and filed once somebody has looked.

Nothing is applied by reading. What a file says is worked out anew from its bytes and from
the text it was made from, which both never change; so the preview and the filing agree.
"""

import hashlib
from collections.abc import Callable, Mapping, Sequence
from functools import partial
from typing import TypeVar
from uuid import UUID

import sqlalchemy as sa
from msgspec import Struct
from msgspec.structs import replace

from drafts.blocks import Document, Language
from drafts.formats.docx.origin import Origin
from drafts.formats.docx.returned import Proposal, Remarked, Returned, returned
from workspace.amendments.models import Amendment
from workspace.amendments.queries import every
from workspace.amendments.service import AmendmentService
from workspace.comments.models import CommentThread
from workspace.comments.phrases import LONGEST_QUOTE, Phrase
from workspace.comments.service import LONGEST as LONGEST_COMMENT
from workspace.comments.service import CommentService
from workspace.core import clock, log
from workspace.core.actor import Actor
from workspace.core.db import Db, new_id
from workspace.core.errors import BadFile, Invalid, NotFound
from workspace.declarations import queries
from workspace.declarations.models import Declaration, Revision, TextVersion
from workspace.declarations.policy import may_do
from workspace.declarations.queries import BlockRow
from workspace.declarations.service import DeclarationService
from workspace.interchange.models import DocumentIn, DocumentInAmendment
from workspace.interchange.receipts import Sent, send_receipts
from workspace.interchange.word_child import word_text
from workspace.interchange.word_known import amendments_on_record, remarks_on_record
from workspace.interchange.word_policy import ensure_may_bring_in, ensure_may_file_as, may_file_for_others
from workspace.people.service import PeopleService

LONGEST_NAME = 200


class Examined(Struct, frozen=True):
    """What a document says, and the text it was made from."""

    document: DocumentIn
    base: Document
    rows: Sequence[BlockRow]
    returned: Returned


class Filing(Struct, frozen=True):
    """That a proposal of the document, by its place among them, is to be filed in somebody's name."""

    place: int
    person_id: UUID
    reason: str = ""


class Saying(Struct, frozen=True):
    """That a comment of the document, by its place, is to be made in somebody's name; on `block_id` if it is given."""

    place: int
    person_id: UUID
    block_id: UUID | None = None


class Settled(Struct, frozen=True):
    """What became of a document."""

    amendments: tuple[Amendment, ...]
    comments: int
    sent: Sent


class WordReturns:
    """The Word files that came back to declarations."""

    def __init__(self, db: Db) -> None:
        self.db = db
        self.declarations = DeclarationService(db)
        self.people = PeopleService(db)

    def of_declaration(self, declaration: Declaration, *, actor: Actor) -> list[DocumentIn]:
        """The files that came, the last first: all of them for who files in the name of others, else one's own."""
        ensure_may_bring_in(actor, declaration)
        statement = sa.select(DocumentIn).where(DocumentIn.declaration_id == declaration.id)
        if not may_file_for_others(actor, declaration):
            statement = statement.where(DocumentIn.received_by_id == actor.person_id)
        options = (
            sa.orm.joinedload(DocumentIn.revision),
            sa.orm.joinedload(DocumentIn.received_by),
            sa.orm.selectinload(DocumentIn.filed).joinedload(DocumentInAmendment.amendment),
        )
        return list(self.db.scalars(statement.options(*options).order_by(DocumentIn.received_at.desc())))

    def get(self, declaration: Declaration, document_id: UUID, *, actor: Actor) -> DocumentIn:
        """One of them; raises `NotFound`."""
        found = next((one for one in self.of_declaration(declaration, actor=actor) if one.id == document_id), None)
        if found is None:
            raise NotFound(what="document", id=str(document_id))
        return found

    def receive(
        self,
        declaration: Declaration,
        data: bytes,
        *,
        name: str,
        actor: Actor,
        language: Language | None = None,
        revision: int | None = None,
    ) -> DocumentIn:
        """Keep a file that came back. The same bytes a second time are the document that is here already.

        The file says which revision and language it was made from; where an editor has lost that, `language` and
        `revision` say it (the text in force, if neither does). Raises `BadFile`, and `Invalid` for a file that was
        made from another declaration.
        """
        ensure_may_bring_in(actor, declaration)
        sha256 = hashlib.sha256(data).hexdigest()
        same = (DocumentIn.declaration_id == declaration.id, DocumentIn.sha256 == sha256)
        if known := self.db.scalar(sa.select(DocumentIn).where(*same)):
            return self.get(declaration, known.id, actor=actor)
        origin = word_text(data, source=name).origin
        if origin is not None and origin.declaration != str(declaration.id):
            raise Invalid(field="file", reason="of_another_text")
        if origin is not None and origin.target is not None:
            raise BadFile(source=name, reason="is_bilingual")
        made_from, said = _made_from(origin, revision, language, declaration)
        if made_from != declaration.head.number and not may_do(actor, "history.read", declaration):
            raise NotFound(what="revision", id=str(made_from))
        document = DocumentIn(
            id=new_id(),
            declaration_id=declaration.id,
            revision_id=self.declarations.revision(declaration, made_from).id,
            language=said,
            name=name[-LONGEST_NAME:],
            sha256=sha256,
            content=data,
            received_by_id=actor.person_id,
            received_at=clock.now(),
            filed=[],
        )
        self.db.add(document)
        self.db.flush()
        self._record("document.received", document, declaration, actor=actor, sha256=sha256, base=made_from)
        return document

    def examine(self, document: DocumentIn, *, actor: Actor) -> Examined:
        """Read a document and compare it with the text it was made from, and with what is on record of it."""
        text = word_text(document.content, source=document.name)
        declaration = self.declarations.get(document.declaration_id)
        rows = self._rows(declaration, document.revision)
        base = self._as_made(queries.document(rows, document.language), text.origin, document.language)
        remarks = remarks_on_record(self.db, text, declaration, actor=actor)
        filed = amendments_on_record(self.db, text, base, list(self.db.scalars(every(declaration))))
        found = returned(text, base, queries.numbers_of(rows), filed, remarks)
        return Examined(document, base, rows, found)

    def settle(
        self, document: DocumentIn, filings: Sequence[Filing], sayings: Sequence[Saying], *, actor: Actor
    ) -> Settled:
        """File what was chosen, each in the name of whoever sent it, who gets a receipt: all or nothing.

        What the amendments and comments themselves refuse is refused here; a document is settled once (`Invalid`).
        """
        declaration = self.declarations.lock(document.declaration_id)
        ensure_may_bring_in(actor, declaration)
        self.db.refresh(document, ["settled_at"])
        if document.settled_at is not None:
            raise Invalid(field="document", reason="settled")
        examined = self.examine(document, actor=actor)
        amendments = [self._file(examined, one, declaration, actor=actor) for one in filings]
        comments = sum(self._say(examined, one, declaration, actor=actor) for one in sayings)
        self.db.add_all(DocumentInAmendment(document_id=document.id, amendment_id=one.id) for one in amendments)
        document.settled_at, document.settled_by_id = clock.now(), actor.person_id
        sent = send_receipts(self.db, declaration, amendments)
        self.db.flush()
        ids = [str(one.id) for one in amendments]
        self._record("document.settled", document, declaration, actor=actor, amendments=ids, comments=comments)
        return Settled(tuple(amendments), comments, sent)

    def _file(self, examined: Examined, filing: Filing, declaration: Declaration, *, actor: Actor) -> Amendment:
        proposal = _chosen(examined.returned.proposals, filing.place)
        return AmendmentService(self.db).propose(
            declaration.id,
            base_revision=examined.document.revision.number,
            language=examined.document.language,
            changes=proposal.changes,
            reason=filing.reason,
            actor=self._name(filing.person_id, declaration, actor=actor),
        )

    def _say(self, examined: Examined, saying: Saying, declaration: Declaration, *, actor: Actor) -> int:
        """Make a comment with its answers; those of others are said in their words, under the name of who files."""
        remark = _chosen(examined.returned.remarks, saying.place)
        person = self._name(saying.person_id, declaration, actor=actor)
        service, language = CommentService(self.db), examined.document.language
        if remark.thread:
            service.reply(UUID(remark.thread), text=_said(remark), language=language, actor=person)
            return 1
        block_id = saying.block_id or (UUID(remark.block) if remark.block else None)
        if block_id is None:
            raise Invalid(field="block", reason="required")
        begin = partial(service.open, declaration, block_id, text=_said(remark), language=language, actor=person)
        thread_id = _begun(begin, Phrase(remark.about, language))
        for answer in remark.replies:
            words = _said(answer) if answer.author == remark.author else f"{answer.author}: {_said(answer)}"
            service.reply(thread_id, text=words[:LONGEST_COMMENT], language=language, actor=person)
        return 1 + len(remark.replies)

    def _name(self, person_id: UUID, declaration: Declaration, *, actor: Actor) -> Actor:
        """The person in whose name something is filed."""
        person = actor if person_id == actor.person_id else self.people.actor(person_id)
        ensure_may_file_as(actor, person, declaration)
        return person

    def _rows(self, declaration: Declaration, revision: Revision) -> Sequence[BlockRow]:
        if revision.id == declaration.head_id:
            return queries.head_rows(self.db, declaration)
        return queries.pinned_rows(self.db, revision.id)

    def _as_made(self, document: Document, origin: Origin | None, language: Language) -> Document:
        """The text as the file had it: a language may have gone on since, without a new revision."""
        hashes = dict(origin.blocks) if origin else {}
        if not hashes:
            return document
        blocks = {UUID(block.id): hashes[block.id] for block in document if block.id in hashes}
        statement = sa.select(TextVersion.block_id, TextVersion.content_hash, TextVersion.content)
        known = self.db.execute(
            statement.where(TextVersion.block_id.in_(blocks), TextVersion.language == language)
        ).all()
        texts: Mapping[tuple[UUID, str], str] = {(row.block_id, row.content_hash): row.content for row in known}
        return Document(
            tuple(
                replace(block, text=texts.get((UUID(block.id), hashes.get(block.id, "")), block.text))
                for block in document
            ),
            document.language,
        )

    def _record(
        self, kind: str, document: DocumentIn, declaration: Declaration, *, actor: Actor, **facts: log.Fact
    ) -> None:
        log.record(
            self.db,
            kind,
            actor=actor,
            forum_id=declaration.forum_id,
            declaration_id=declaration.id,
            document=str(document.id),
            **facts,
        )


def _made_from(
    origin: Origin | None, revision: int | None, language: Language | None, declaration: Declaration
) -> tuple[int, Language]:
    """Revision and language that a file was made from; what it says itself goes before what it is said to be."""
    if origin is not None:
        return origin.revision, origin.language
    return revision or declaration.head.number, language or declaration.original_language


_Found = TypeVar("_Found", Proposal, Remarked)


def _chosen(found: Sequence[_Found], place: int) -> _Found:
    if not 0 <= place < len(found):
        raise Invalid(field="place", reason="unknown", given=str(place))
    return found[place]


def _begun(begin: Callable[..., CommentThread], phrase: Phrase) -> UUID:
    """Begin a thread on the words that a comment was about, or on the paragraph where they are not found."""
    if phrase.quote and len(phrase.quote) <= LONGEST_QUOTE:
        try:
            return begin(phrase=phrase).id
        except Invalid as refusal:
            if refusal.facts.get("field") != "quote":
                raise
    return begin().id


def _said(remark: Remarked) -> str:
    return remark.text[:LONGEST_COMMENT] or "–"
