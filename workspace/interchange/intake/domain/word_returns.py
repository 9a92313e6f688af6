"""Word files that came back: told from letters, compared with what is on record, and filed once somebody has looked."""

import hashlib
import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from functools import partial
from uuid import UUID

import sqlalchemy as sa
from msgspec.structs import replace

from drafts.formats.docx.comments import fingerprint
from drafts.formats.docx.document_model import ReadComment, WordText, hands
from drafts.formats.docx.entries import ChangeAuthor
from drafts.formats.docx.origin import FileOrigin, KnownRemark, by_bookmark
from drafts.formats.docx.returned import FiledAmendment, ReturnedComment, ReturnedFile, by_paragraph, read_returned
from drafts.text.blocks import Document, Language, content_hash
from drafts.text.markup import plain
from workspace.amendments.domain.models import Amendment
from workspace.amendments.domain.queries import select_all
from workspace.amendments.service import AmendmentService
from workspace.comments.models import CommentThread
from workspace.comments.queries import Conversations
from workspace.comments.quotes import LONGEST_QUOTE, QuotedPhrase
from workspace.comments.service import LONGEST as LONGEST_COMMENT
from workspace.comments.service import CommentService
from workspace.core import clock, instruments
from workspace.core.actor import Actor
from workspace.core.detection import DOCX, ODT, media_type
from workspace.core.errors import BadFile, Invalid, NotFound
from workspace.core.storage.db import Db, new_id
from workspace.declarations.domain import queries
from workspace.declarations.domain.models import Declaration, TextVersion
from workspace.declarations.domain.policy import may_do
from workspace.interchange.intake.domain.intake import LONGEST_NAME, Examined, Intake, Saying, chosen, languages_of
from workspace.interchange.intake.domain.parsing import is_sheet, parse_mail, word_text
from workspace.interchange.intake.domain.policy import ensure_may_bring_in, may_file_for_others
from workspace.interchange.intake.domain.word_files import comment_threads, tracked_author
from workspace.interchange.intake.mail_reader.forms import form_requests
from workspace.interchange.intake.proposals import ParsedProposals, Proposal
from workspace.interchange.models import DocumentIn, DocumentInAmendment
from workspace.web.i18n.marking import N_
from workspace.web.i18n.messages import LANGUAGES, messages

_WORD = re.compile(r"\w+")
_ALIKE = 0.6  # of a paragraph's words, for a line to be that paragraph
_EMPTY = content_hash("")
_FEWEST = 4  # words of a paragraph that can be told from others
_MOST_LINES = 400


def is_word_text(db: Db, declaration: Declaration, data: bytes, *, source: str) -> bool:
    """Whether a file is the text itself in Word or OpenDocument: no letter, no sheet, and nothing else."""
    if is_sheet(data) or media_type(data, source=source) not in {DOCX, ODT}:
        return False
    return not is_request_letter(db, declaration, data, source=source)


def is_request_letter(db: Db, declaration: Declaration, data: bytes, *, source: str) -> bool:
    """Whether a file asks for changes in words instead of making them; raises `BadFile` like `word_text`.

    What was made from the text is the text. So is a file in which most of its paragraphs stand, unless old words
    and new ones stand beside each other in it.
    """
    text = word_text(data, source=source)
    rows = queries.head_rows(db, declaration)
    known = by_bookmark([row.id for row in rows])
    if text.origin is not None or any(mark in known for paragraph in text.paragraphs for mark in paragraph.marks):
        return False
    found = parse_mail(data, source=source)
    if not (found.reading.requests or found.reading.not_read):
        return False
    most = max((_share(queries.document(rows, language), text) for language in languages_of(rows)), default=0)
    return most < 1 / 2 or bool(form_requests(found.mail.said).requests)


def _share(document: Document, text: WordText) -> float:
    """How many of the paragraphs stand in the file, more or less in their words."""
    lines = [set(_words("".join(read_run.text for read_run in line.words))) for line in text.paragraphs[:_MOST_LINES]]
    paragraphs = [words for block in document if len(words := set(_words(plain(block.text)))) >= _FEWEST]
    here = sum(any(len(words & line) >= _ALIKE * len(words) for line in lines) for words in paragraphs)
    return here / len(paragraphs) if paragraphs else 0


def _words(text: str) -> list[str]:
    return _WORD.findall(text.casefold())


_NUMBER = N_("Amendment %(number)s")


def amendments_on_record(
    db: Db, text: WordText, base: Document, filed: Sequence[Amendment]
) -> Mapping[ChangeAuthor, Sequence[FiledAmendment]]:
    """The amendments whose hands are in the file, as they would change the text it was made from."""
    everybody, service = set(hands(text)), AmendmentService(db)
    found: dict[ChangeAuthor, list[FiledAmendment]] = {}
    for amendment in filed if everybody else ():
        if (hand := tracked_author(amendment)) in everybody and amendment.language is base.language:
            carried = service.bases.carried(service.bases.proposal(amendment), base).proposal
            own = service.bases.written(amendment).proposed
            proposed = carried.proposed if carried else base
            is_open = (
                amendment.disposition.is_undecided
                and amendment.parent_id is None
                and all(own.block(block.id) == block for block in proposed if base.block(block.id) != block)
            )
            found.setdefault(hand, []).append(FiledAmendment(str(amendment.number), proposed, is_open))
    return found


def remarks_on_record(db: Db, text: WordText, declaration: Declaration, *, actor: Actor) -> tuple[KnownRemark, ...]:
    """The comments of the file that were said before, by whatever the file itself says of them.

    A part of ours that came back names them; without it they are known by who said what, as far as `actor` reads it.
    """
    if not text.comments:
        return ()
    _, known = comment_threads(Conversations(db).threads(declaration, actor=actor))
    on_record = {remark.id for remark in known} | {""}
    named = (remark for remark in (text.origin.remarks if text.origin else ()) if remark.id in on_record)
    return (*named, *known, *_remarks_on_amendments(text.comments, list(db.scalars(select_all(declaration)))))


def _remarks_on_amendments(comments: Sequence[ReadComment], filed: Sequence[Amendment]) -> Iterator[KnownRemark]:
    """The comments in which a file said what an amendment is about, whatever language it was made in."""
    names: dict[str, list[str]] = {}
    for amendment in filed:
        names.setdefault(tracked_author(amendment).author, []).extend(_every_name(amendment.number))
    for comment in comments:
        own = names.get(comment.hand.author, ())
        if any(comment.text == name or comment.text.startswith((f"{name}. ", f"{name}, ")) for name in own):
            yield KnownRemark("", fingerprint(comment.hand.author, comment.text))


def _every_name(number: int) -> list[str]:
    """What an amendment of this number is called in a file, under whichever name of amendments it was made."""
    found: list[str] = []
    for name in instruments.NAMES["amendment"]:
        with instruments.named({"amendment": name}):
            found += [messages(language).gettext(_NUMBER, number=number) for language in LANGUAGES]
    return found


class ExaminedWord(Examined[DocumentIn], frozen=True, kw_only=True):
    """What a document says beside its proposals: comments, and what no paragraph can hold."""

    returned: ReturnedFile

    @property
    def remarks(self) -> Sequence[ReturnedComment]:
        return self.returned.remarks


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
        filed = amendments_on_record(self.db, text, base, list(self.db.scalars(select_all(declaration))))
        found = read_returned(text, base, queries.numbers_of(rows), filed, remarks)
        proposals = tuple(
            Proposal(
                changes=part.changes,
                proposed=part.proposed,
                sender=part.author,
                made_at=part.made_at,
                is_mixed=part.is_mixed,
                amends=int(part.amends or 0),
                base=part.base,
            )
            for proposal in found.proposals
            for part in by_paragraph(proposal.base or base, proposal)
        )
        same = dict(self.already_filed(proposals, base, declaration, actor=actor))
        parsed = ParsedProposals(proposals)
        languages = () if text.origin else languages_of(rows)
        made = ExaminedWord(came=came, base=base, rows=rows, parsed=parsed, returned=found, same=same)
        return replace(made, languages=languages)

    def say(
        self, examined: Examined[DocumentIn], sayings: Sequence[Saying], declaration: Declaration, *, actor: Actor
    ) -> Mapping[str, int]:
        """Make the comments that were chosen, with their answers; how many there are."""
        language = examined.came.language
        return {
            "comments": sum(
                self._say(chosen(examined.remarks, saying.place), saying, language, declaration, actor=actor)
                for saying in sayings
            )
        }

    def _say(
        self, remark: ReturnedComment, saying: Saying, language: Language, declaration: Declaration, *, actor: Actor
    ) -> int:
        """Make a comment with its answers; those of others are said in their words, under the name of who files."""
        person = self.named(saying.person, declaration, actor=actor)
        service = CommentService(self.db)
        if remark.thread:
            service.reply(UUID(remark.thread), text=_made_comments(remark), language=language, actor=person)
            return 1
        block_id = saying.block or (UUID(remark.block) if remark.block else None)
        if block_id is None:
            raise Invalid(field="block", reason="required")
        begin = partial(
            service.open, declaration, block_id, text=_made_comments(remark), language=language, actor=person
        )
        thread_id = _begun(begin, QuotedPhrase(remark.about, language))
        for answer in remark.replies:
            words = (
                _made_comments(answer)
                if answer.author == remark.author
                else f"{answer.author}: {_made_comments(answer)}"
            )
            service.reply(thread_id, text=words[:LONGEST_COMMENT], language=language, actor=person)
        return 1 + len(remark.replies)

    def _as_made(self, document: Document, origin: FileOrigin | None, language: Language) -> Document:
        """The text as the file had it: a language may have gone on since, without a new revision."""
        hashes = dict(origin.blocks) if origin else {}
        if not hashes:
            empty = origin.empty if origin else ()
            blocks = (replace(block, text="") if at in empty else block for at, block in enumerate(document))
            return Document(tuple(blocks), document.language)
        kept = {UUID(block.id): hashes[block.id] for block in document if block.id in hashes}
        statement = sa.select(TextVersion.block_id, TextVersion.content_hash, TextVersion.content)
        known = self.db.execute(statement.where(TextVersion.block_id.in_(kept), TextVersion.language == language)).all()
        texts: Mapping[tuple[UUID, str], str] = {(row.block_id, row.content_hash): row.content for row in known} | {
            (block_id, _EMPTY): "" for block_id in kept
        }
        return Document(
            tuple(
                replace(block, text=texts.get((UUID(block.id), hashes.get(block.id, "")), block.text))
                for block in document
            ),
            document.language,
        )


def _made_from(
    origin: FileOrigin | None, revision: int | None, language: Language | None, declaration: Declaration
) -> tuple[int, Language]:
    """Revision and language that a file was made from; what it says itself goes before what it is said to be."""
    if origin is not None:
        return origin.revision, origin.language
    return revision or declaration.head.number, language or declaration.original_language


def _begun(begin: Callable[..., CommentThread], phrase: QuotedPhrase) -> UUID:
    """Begin a thread on the words that a comment was about, or on the paragraph where they are not found."""
    if phrase.quote and len(phrase.quote) <= LONGEST_QUOTE:
        try:
            return begin(phrase=phrase).id
        except Invalid as refusal:
            if refusal.facts.get("field") != "quote":
                raise
    return begin().id


def _made_comments(remark: ReturnedComment) -> str:
    return remark.text[:LONGEST_COMMENT] or "–"
