"""Word files that came back, what they propose and what is said in their comments."""

import hashlib
from collections.abc import Callable, Mapping, Sequence
from functools import partial
from uuid import UUID

import sqlalchemy as sa
from msgspec.structs import replace

from drafts.blocks import Document, Language
from drafts.formats.docx.origin import Origin
from drafts.formats.docx.returned import Remarked, Returned, returned
from workspace.amendments.queries import every
from workspace.comments.models import CommentThread
from workspace.comments.phrases import LONGEST_QUOTE, Phrase
from workspace.comments.service import LONGEST as LONGEST_COMMENT
from workspace.comments.service import CommentService
from workspace.core import clock
from workspace.core.actor import Actor
from workspace.core.db import new_id
from workspace.core.errors import BadFile, Invalid, NotFound
from workspace.declarations import queries
from workspace.declarations.models import Declaration, TextVersion
from workspace.declarations.policy import may_do
from workspace.interchange.intake.domain.intake import LONGEST_NAME, Examined, Intake, Saying, chosen
from workspace.interchange.intake.proposals import ParsedProposals, Proposal
from workspace.interchange.models import DocumentIn, DocumentInAmendment
from workspace.interchange.word_child import word_text
from workspace.interchange.word_known import amendments_on_record, remarks_on_record
from workspace.interchange.word_policy import ensure_may_bring_in, may_file_for_others


class ExaminedWord(Examined[DocumentIn], frozen=True, kw_only=True):
    """What a document says beside its proposals: comments, and what no paragraph can hold."""

    returned: Returned


class WordIntake(Intake[DocumentIn]):
    """The Word files that came back to declarations."""

    what = "document"

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
        if known := self.same(DocumentIn, declaration, sha256=sha256):
            return self.get(declaration, known, actor=actor)
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
        self.record("received", document, declaration, actor=actor, sha256=sha256, base=made_from)
        return document

    def examine(self, came: DocumentIn, *, actor: Actor) -> ExaminedWord:
        """Read a document and compare it with the text it was made from, and with what is on record of it."""
        text = word_text(came.content, source=came.name)
        declaration = self.declarations.get(came.declaration_id)
        rows = self.rows(declaration, came.revision)
        base = self._as_made(queries.document(rows, came.language), text.origin, came.language)
        remarks = remarks_on_record(self.db, text, declaration, actor=actor)
        filed = amendments_on_record(self.db, text, base, list(self.db.scalars(every(declaration))))
        found = returned(text, base, queries.numbers_of(rows), filed, remarks)
        proposals = tuple(
            Proposal(
                changes=one.changes,
                proposed=one.proposed,
                sender=one.author,
                made_at=one.made_at,
                is_mixed=one.is_mixed,
            )
            for one in found.proposals
        )
        return ExaminedWord(came=came, base=base, rows=rows, parsed=ParsedProposals(proposals), returned=found)

    def say(
        self, examined: Examined[DocumentIn], sayings: Sequence[Saying], declaration: Declaration, *, actor: Actor
    ) -> Mapping[str, int]:
        """Make the comments that were chosen, with their answers; how many there are."""
        remarks = examined.returned.remarks if isinstance(examined, ExaminedWord) else ()
        language = examined.came.language
        return {
            "comments": sum(
                self._say(chosen(remarks, saying.place), saying, language, declaration, actor=actor)
                for saying in sayings
            )
        }

    def _say(
        self, remark: Remarked, saying: Saying, language: Language, declaration: Declaration, *, actor: Actor
    ) -> int:
        """Make a comment with its answers; those of others are said in their words, under the name of who files."""
        person = self.named(saying.person, declaration, actor=actor)
        service = CommentService(self.db)
        if remark.thread:
            service.reply(UUID(remark.thread), text=_said(remark), language=language, actor=person)
            return 1
        block_id = saying.block or (UUID(remark.block) if remark.block else None)
        if block_id is None:
            raise Invalid(field="block", reason="required")
        begin = partial(service.open, declaration, block_id, text=_said(remark), language=language, actor=person)
        thread_id = _begun(begin, Phrase(remark.about, language))
        for answer in remark.replies:
            words = _said(answer) if answer.author == remark.author else f"{answer.author}: {_said(answer)}"
            service.reply(thread_id, text=words[:LONGEST_COMMENT], language=language, actor=person)
        return 1 + len(remark.replies)

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


def _made_from(
    origin: Origin | None, revision: int | None, language: Language | None, declaration: Declaration
) -> tuple[int, Language]:
    """Revision and language that a file was made from; what it says itself goes before what it is said to be."""
    if origin is not None:
        return origin.revision, origin.language
    return revision or declaration.head.number, language or declaration.original_language


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
