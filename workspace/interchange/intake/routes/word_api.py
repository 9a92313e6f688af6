"""Word out and in, as JSON: files to take away, what came back, and the filing of it."""

from collections.abc import Sequence
from typing import Annotated
from uuid import UUID

from litestar import Controller, Response
from litestar.datastructures import UploadFile
from litestar.params import QueryParameter
from msgspec import Meta, Struct

from drafts.formats.docx.package import MEDIA_TYPE
from drafts.formats.docx.returned import ReturnedComment, ReturnedFile
from drafts.text.blocks import Language
from workspace.core.actor import Actor
from workspace.core.errors import Invalid
from workspace.core.shapes import Shape, filled
from workspace.core.storage.db import Db
from workspace.core.validation import MOST_NUMBER
from workspace.declarations.api import Readable
from workspace.declarations.domain.service import DeclarationService
from workspace.interchange.intake.domain.intake import MOST_COMMENTS, MOST_PLACES, Filing, LanguageIn, Saying
from workspace.interchange.intake.domain.word_files import WordFiles
from workspace.interchange.intake.domain.word_returns import ExaminedWord, WordIntake
from workspace.interchange.intake.proposals import Proposal
from workspace.interchange.intake.routes.word_pages import BRING_IN, original_file
from workspace.interchange.models import DocumentIn
from workspace.web.api import CREATED, DONE, ListOf, Number, answer, reads, writes
from workspace.web.http.files import LARGEST, attachment, uploaded
from workspace.web.http.guards import READ_THE_TEXT
from workspace.web.http.preconditions import IfMatch, expected_tag
from workspace.web.http.request_context import Body, FromPath, Loads, MultipartBody, PathId, Work


class ReturnIn(Struct, frozen=True, kw_only=True):
    """A Word file that came back. `revision` and `language` count where the file does not say what it was made from."""

    file: UploadFile
    revision: Annotated[int, Meta(ge=1, le=MOST_NUMBER)] | None = None
    language: Language | None = None


class SettlingIn(Struct, frozen=True, kw_only=True):
    """What of a document is filed: all of it or nothing."""

    proposals: Annotated[list[Filing], Meta(max_length=MOST_PLACES)] = []
    comments: Annotated[list[Saying], Meta(max_length=MOST_COMMENTS)] = []


class ChangeOut(Struct, frozen=True, kw_only=True):
    """One change of a proposal: `op` as amendments have it, the block, and its new words."""

    op: str
    block: str
    text: str | None
    after: str | None

    @classmethod
    def all_of(cls, proposal: Proposal) -> list["ChangeOut"]:
        return [
            cls(op=change.op.value, block=change.block, text=change.text, after=change.after)
            for change in proposal.changes
        ]


class ProposalOut(Struct, frozen=True, kw_only=True):
    """What one person proposes of one paragraph; `author` is "" for changes that nobody tracked.

    `amends` is the amendment that it amends, `same` an open one that asks for it already: their numbers, or null.
    """

    author: str
    changes: list[ChangeOut]
    is_mixed: bool
    amends: int | None
    same: int | None

    @classmethod
    def of(cls, proposal: Proposal, same: int | None) -> "ProposalOut":
        changes = ChangeOut.all_of(proposal)
        amends = proposal.amends or None
        return cls(author=proposal.sender, changes=changes, is_mixed=proposal.is_mixed, amends=amends, same=same)


class RemarkOut(Struct, frozen=True, kw_only=True):
    """A comment, the words and the block it is about (null: not found), and the thread it answers ("": none)."""

    author: str
    text: str
    about: str
    block: str | None
    thread: str
    answers: list["RemarkOut"]

    @classmethod
    def of(cls, remark: ReturnedComment) -> "RemarkOut":
        return filled(cls, remark, answers=[cls.of(reply) for reply in remark.replies])


class ApartOut(Shape, frozen=True, kw_only=True):
    """A paragraph that differs in nothing but its looks or its typography."""

    block: str
    difference: str


class UnplacedOut(Shape, frozen=True, kw_only=True):
    """What no paragraph can hold."""

    reason: str
    text: str
    author: str
    block: str | None


class WordDocumentOut(Struct, frozen=True, kw_only=True):
    """A file that came back."""

    id: UUID
    name: str
    sha256: str
    revision: int
    language: Language
    is_settled: bool
    amendments: list[int]

    @classmethod
    def of(cls, document: DocumentIn) -> "WordDocumentOut":
        return filled(
            cls,
            document,
            revision=document.revision.number,
            is_settled=document.settled_at is not None,
            amendments=sorted(amendment.amendment.number for amendment in document.filed),
        )


class ExaminedOut(Struct, frozen=True, kw_only=True):
    """What a file says. `on_record` are amendments it held when it was made."""

    document: WordDocumentOut
    proposals: list[ProposalOut]
    comments: list[RemarkOut]
    apart: list[ApartOut]
    unplaced: list[UnplacedOut]
    on_record: list[int]

    @classmethod
    def of(cls, examined: ExaminedWord) -> "ExaminedOut":
        found: ReturnedFile = examined.returned
        return cls(
            document=WordDocumentOut.of(examined.came),
            proposals=[
                ProposalOut.of(proposal, examined.same.get(place))
                for place, proposal in enumerate(examined.parsed.proposals)
            ],
            comments=[RemarkOut.of(returned_comment) for returned_comment in found.remarks],
            apart=[ApartOut.of(difference) for difference in found.apart],
            unplaced=[UnplacedOut.of(words) for words in found.unplaced],
            on_record=[int(number) for number in found.on_record],
        )


class SettledOut(Struct, frozen=True, kw_only=True):
    """The numbers of the amendments that were filed, and how many comments were taken over."""

    amendments: list[int]
    comments: int


def _returned(db: Db, declaration_id: PathId, document_id: PathId, *, actor: Actor) -> DocumentIn:
    return WordIntake(db).at(declaration_id, document_id, actor=actor)


_Returned = Annotated[DocumentIn, Loads(_returned)]


class WordApi(Controller):
    """Word files of a declaration."""

    path = "/api/declarations/{declaration_id:uuid}/word"
    tags = ("Files",)

    @reads("/text/{language:str}", media_type=MEDIA_TYPE, policy=READ_THE_TEXT)
    def word_of_text(
        self,
        *,
        work: Work,
        db: Db,
        actor: Actor,
        declaration: Readable,
        language: FromPath[Language],
        revision: Annotated[int | None, QueryParameter(ge=1, le=MOST_NUMBER)] = None,
    ) -> Response[bytes]:
        """Write a revision, or the text in force, as a Word file without any change."""
        return attachment(WordFiles(db, work.messages).clean(declaration, language, actor=actor, revision=revision))

    @reads("/amendments/{language:str}", media_type=MEDIA_TYPE, policy=READ_THE_TEXT)
    def word_of_amendments(
        self, work: Work, db: Db, actor: Actor, declaration: Readable, language: FromPath[Language]
    ) -> Response[bytes]:
        """Write the text in force with its open amendments as tracked changes, and with its comments."""
        return attachment(WordFiles(db, work.messages).tracked(declaration, language, actor=actor))

    @reads("/changes/{language:str}/{before:int}/{after:int}", media_type=MEDIA_TYPE, policy="history.read")
    def word_of_changes(
        self,
        *,
        work: Work,
        db: Db,
        actor: Actor,
        declaration: Readable,
        language: FromPath[Language],
        before: Number,
        after: Number,
    ) -> Response[bytes]:
        """Write what changed from one revision to another as tracked changes."""
        files = WordFiles(db, work.messages)
        return attachment(files.compared(declaration, language, before=before, after=after, actor=actor))

    @reads("/columns/{languages:str}", media_type=MEDIA_TYPE, policy=READ_THE_TEXT)
    def word_of_columns(
        self, work: Work, db: Db, actor: Actor, declaration: Readable, languages: FromPath[str]
    ) -> Response[bytes]:
        """Write the text in two or three languages side by side ("es,en")."""
        return attachment(WordFiles(db, work.messages).columns(declaration, _languages(languages), actor=actor))

    @reads("/returned", policy=BRING_IN)
    def list_returned_word(self, db: Db, actor: Actor, declaration_id: PathId) -> ListOf[WordDocumentOut]:
        """List the Word files that came back."""
        found = WordIntake(db).of_declaration(DeclarationService(db).get(declaration_id), actor=actor)
        return ListOf(items=[WordDocumentOut.of(document_in) for document_in in found])

    @writes("/returned", status=CREATED, largest=LARGEST, policy=BRING_IN)
    def receive_returned_word(
        self, db: Db, actor: Actor, declaration: Readable, data: MultipartBody[ReturnIn]
    ) -> Response[ExaminedOut]:
        """Keep a Word file that came back, and answer with what it proposes. Nothing is filed by it."""
        sent, door = uploaded(data.file), WordIntake(db)
        document = door.receive(
            declaration, sent.content, name=sent.name, actor=actor, language=data.language, revision=data.revision
        )
        return _preview(door.examine(document, actor=actor))

    @reads("/returned/{document_id:uuid}", policy=BRING_IN)
    def get_returned_word(self, db: Db, actor: Actor, document: _Returned) -> Response[ExaminedOut]:
        """Show what a Word file that came back proposes and says."""
        return _preview(WordIntake(db).examine(document, actor=actor))

    @reads("/returned/{document_id:uuid}/file", media_type=MEDIA_TYPE, policy=BRING_IN)
    def get_returned_word_file(self, document: _Returned) -> Response[bytes]:
        """Give back the Word file itself, byte for byte as it came."""
        return original_file(document.content, document.sha256[:12])

    @writes("/returned/{document_id:uuid}/language", status=DONE, policy=BRING_IN)
    def read_returned_word_in(
        self, db: Db, actor: Actor, document: _Returned, data: Body[LanguageIn]
    ) -> Response[ExaminedOut]:
        """Read a Word file for another language of the text, where it does not say itself what it was made from."""
        door = WordIntake(db)
        door.read_in(document, data.language, actor=actor)
        return _preview(door.examine(document, actor=actor))

    @writes("/returned/{document_id:uuid}/settlement", 409, 412, 428, status=DONE, policy=BRING_IN)
    def settle_returned_word(
        self, db: Db, actor: Actor, document: _Returned, data: Body[SettlingIn], if_match: IfMatch = None
    ) -> SettledOut:
        """File what a Word file proposes, each proposal and comment in the name of whoever sent it.

        `If-Match` names the preview that was looked at.
        """
        settled = WordIntake(db).settle(
            document, data.proposals, data.comments, seen=expected_tag(if_match), actor=actor
        )
        return filled(SettledOut, settled, amendments=settled.numbers)


def _preview(examined: ExaminedWord) -> Response[ExaminedOut]:
    return answer(ExaminedOut.of(examined), etag=examined.seen)


def _languages(given: str) -> Sequence[Language]:
    tags = list(dict.fromkeys(given.split(",")))
    if any(tag not in set(Language) for tag in tags):
        raise Invalid(field="languages", reason="unknown_language", given=given[:40])
    return [Language(tag) for tag in tags]
