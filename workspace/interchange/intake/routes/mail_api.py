"""Mails and filled-in sheets, as JSON."""

from typing import Annotated
from uuid import UUID

from litestar import Controller, Response
from litestar.datastructures import UploadFile
from msgspec import Meta, Struct

from drafts.text.blocks import Language
from workspace.core.actor import Actor
from workspace.core.detection import TEXT
from workspace.core.shapes import filled
from workspace.core.storage.db import Db
from workspace.core.validation import known_word
from workspace.declarations.api import declared
from workspace.declarations.domain.models import Declaration
from workspace.declarations.domain.service import DeclarationService
from workspace.interchange.intake.domain.intake import Filing, LanguageIn
from workspace.interchange.intake.domain.mail_intake import ExaminedMail, MailIntake
from workspace.interchange.intake.domain.parsing import ensure_sheet
from workspace.interchange.intake.domain.policy import FILE_FOR_OTHERS
from workspace.interchange.intake.proposals import Note, Proposal, Why, WrongCell
from workspace.interchange.intake.routes.sheet_pages import TEMPLATE
from workspace.interchange.intake.routes.word_api import ChangeOut
from workspace.interchange.intake.routes.word_pages import original_file
from workspace.interchange.intake.sheets.tables import (
    ANY_TABLE,
    DeclarationTables,
    SheetFormat,
    TableKind,
    may_have_tables,
)
from workspace.interchange.models import MailIn
from workspace.web.api import CREATED, DONE, ListOf, answer, reads, writes
from workspace.web.http.files import LARGEST, attachment, uploaded
from workspace.web.http.preconditions import IfMatch, expected_tag
from workspace.web.http.request_context import Body, FromPath, Loads, MultipartBody, PathId
from workspace.web.i18n import messages

_MOST = 400


class MailFiledIn(Struct, frozen=True, kw_only=True):
    """A mail: its words with or without its first lines, or a whole saved mail (RFC 5322).

    `address` is whose it is where it does not say so itself; `language` that of the text it speaks of.
    """

    words: Annotated[str, Meta(min_length=1, max_length=LARGEST)]
    address: Annotated[str, Meta(max_length=254)] = ""
    language: Language | None = None


class MailDraftOut(Struct, frozen=True, kw_only=True):
    """What a mail proposes for one paragraph, and the sentences that say so; `same` is an amendment that asks for it.

    `notes` say what was inferred; a draft without any is sure. What came in a sheet has its `row` there, the `sender`
    that it names, and the `person` who is meant, if it is clear.
    """

    changes: list[ChangeOut]
    sources: list[str]
    reason: str
    notes: list[Note]
    same: int | None
    row: int | None
    sender: str
    person: UUID | None

    @classmethod
    def of(cls, draft: Proposal, same: int | None, person: UUID | None) -> "MailDraftOut":
        notes = [note for note in Note if note in draft.notes]
        return filled(cls, draft, notes=notes, same=same, row=draft.row or None, person=person)


class NotPlacedOut(Struct, frozen=True, kw_only=True):
    """A sentence that is left to a person, and why; `block` is where its words do stand, or what it stands under."""

    source: str
    why: Why
    block: str | None


class MailOut(Struct, frozen=True, kw_only=True):
    """A mail that came. `person` is the member whose address it came from; `documents` are Word files it brought."""

    id: UUID
    address: str
    sender: str
    subject: str
    sha256: str
    revision: int
    language: Language
    person: UUID | None
    is_settled: bool
    amendments: list[int]
    documents: list[UUID]

    @classmethod
    def of(cls, mail: MailIn) -> "MailOut":
        return filled(
            cls,
            mail,
            revision=mail.revision.number,
            person=mail.person_id,
            is_settled=mail.settled_at is not None,
            amendments=sorted(amendment.amendment.number for amendment in mail.filed),
            documents=[document.document_id for document in mail.enclosed],
        )


class OverheardOut(Struct, frozen=True, kw_only=True):
    """What a mail says: its drafts, what could not be placed, and all the rest of its words.

    `mails_along` are letters, mails and sheets that came along with it.
    """

    mail: MailOut
    said: str
    drafts: list[MailDraftOut]
    not_placed: list[NotPlacedOut]
    rest: list[str]
    apart: list[str]
    mails_along: list[UUID]
    files_not_taken: list[str]
    wrong_cells: list[WrongCell]

    @classmethod
    def of(cls, examined: ExaminedMail) -> "OverheardOut":
        parsed = examined.parsed
        return cls(
            mail=MailOut.of(examined.came),
            said=examined.heard.mail.said,
            drafts=[
                MailDraftOut.of(proposal, examined.same.get(place), examined.senders.get(place))
                for place, proposal in enumerate(parsed.proposals)
            ],
            not_placed=[filled(NotPlacedOut, unplaced, block=unplaced.block or None) for unplaced in parsed.unplaced],
            rest=list(parsed.rest),
            apart=list(examined.heard.mail.apart),
            mails_along=[mail_in.id for _, mail_in in examined.along],
            files_not_taken=list(examined.not_taken),
            wrong_cells=list(parsed.wrong),
        )


class MailSettlingIn(Struct, frozen=True, kw_only=True):
    """What of a mail is filed: all of it or nothing."""

    drafts: Annotated[list[Filing], Meta(max_length=_MOST)] = []


class MailSettledOut(Struct, frozen=True, kw_only=True):
    """The numbers of what was filed; how many receipts are on their way, and to whom none can be sent."""

    amendments: list[int]
    receipts: int
    without_address: list[str]


def _mail(db: Db, declaration_id: PathId, mail_id: PathId, *, actor: Actor) -> MailIn:
    return MailIntake(db).at(declaration_id, mail_id, actor=actor)


_Mail = Annotated[MailIn, Loads(_mail)]
_WithTables = Annotated[Declaration, declared(may_have_tables)]


class MailIntakeApi(Controller):
    """Proposals that came by mail."""

    path = "/api/declarations/{declaration_id:uuid}/mails"
    tags = ("Files",)

    @reads("", policy=FILE_FOR_OTHERS)
    def list_mails(self, db: Db, actor: Actor, declaration_id: PathId) -> ListOf[MailOut]:
        """List the mails that came."""
        found = MailIntake(db).of_declaration(DeclarationService(db).get(declaration_id), actor=actor)
        return ListOf(items=[MailOut.of(mail_in) for mail_in in found])

    @writes("", status=CREATED, largest=LARGEST, policy=FILE_FOR_OTHERS)
    def receive_mail(
        self, db: Db, actor: Actor, declaration_id: PathId, data: Body[MailFiledIn]
    ) -> Response[OverheardOut]:
        """Keep a mail, and answer with what it proposes. Nothing is filed by it."""
        door, declaration = MailIntake(db), DeclarationService(db).get(declaration_id)
        mail = door.receive(declaration, data.words.encode(), address=data.address, language=data.language, actor=actor)
        return _preview(door.examine(mail, actor=actor))

    @reads("/{mail_id:uuid}", policy=FILE_FOR_OTHERS)
    def get_mail(self, db: Db, actor: Actor, mail: _Mail) -> Response[OverheardOut]:
        """Show what a mail proposes and says."""
        return _preview(MailIntake(db).examine(mail, actor=actor))

    @reads("/{mail_id:uuid}/file", media_type=TEXT, policy=FILE_FOR_OTHERS)
    def get_mail_file(self, mail: _Mail) -> Response[bytes]:
        """Give back the mail itself, byte for byte as it came."""
        return original_file(mail.content, mail.sha256[:12])

    @writes("/{mail_id:uuid}/language", status=DONE, policy=FILE_FOR_OTHERS)
    def read_mail_in(self, db: Db, actor: Actor, mail: _Mail, data: Body[LanguageIn]) -> Response[OverheardOut]:
        """Read a mail for another language of the text, and answer with what it proposes there."""
        door = MailIntake(db)
        door.read_in(mail, data.language, actor=actor)
        return _preview(door.examine(mail, actor=actor))

    @writes("/{mail_id:uuid}/settlement", 409, 412, 428, status=DONE, policy=FILE_FOR_OTHERS)
    def settle_mail(
        self, db: Db, actor: Actor, mail: _Mail, data: Body[MailSettlingIn], if_match: IfMatch = None
    ) -> MailSettledOut:
        """File what a mail proposes, each draft in the name of its sender, who gets a receipt.

        `If-Match` names the preview that was looked at.
        """
        settled = MailIntake(db).settle(mail, data.drafts, seen=expected_tag(if_match), actor=actor)
        return filled(MailSettledOut, settled.sent, amendments=settled.numbers)


def _preview(examined: ExaminedMail) -> Response[OverheardOut]:
    return answer(OverheardOut.of(examined), etag=examined.seen)


class AmendmentSheetIn(Struct, frozen=True, kw_only=True):
    """A sheet that was filled in; `address` is whose it is where its rows do not say so."""

    file: UploadFile
    address: Annotated[str, Meta(max_length=254)] = ""


class SheetApi(Controller):
    """Spreadsheets of a declaration."""

    path = "/api/declarations/{declaration_id:uuid}/sheets"
    tags = ("Files",)

    @reads("/{kind:str}/{language:str}/{form:str}", media_type="application/octet-stream", policy=ANY_TABLE)
    def get_sheet(
        self,
        *,
        db: Db,
        actor: Actor,
        declaration: _WithTables,
        kind: FromPath[str],
        language: FromPath[Language],
        form: FromPath[str],
    ) -> Response[bytes]:
        """Make a table: `amendments`, `decisions`, `votes`, `roll-calls` or `coverage`, as `xlsx` or `csv`."""
        tables = DeclarationTables(db, messages.messages(language))
        which, ending = known_word(TableKind, kind, "table"), known_word(SheetFormat, form, "form")
        return attachment(tables.file(declaration, which, ending, actor=actor))

    @reads("/template/{language:str}", media_type="application/octet-stream", policy=TEMPLATE)
    def get_amendment_template(
        self, db: Db, actor: Actor, declaration: _WithTables, language: FromPath[Language]
    ) -> Response[bytes]:
        """Make the sheet in which members write what they propose, a row for each paragraph, as `xlsx`."""
        made = DeclarationTables(db, messages.messages(language)).template(declaration, language, actor=actor)
        return attachment(made)

    @writes("/filled", status=CREATED, largest=LARGEST, policy=FILE_FOR_OTHERS)
    def receive_filled_sheet(
        self, db: Db, actor: Actor, declaration_id: PathId, data: MultipartBody[AmendmentSheetIn]
    ) -> Response[OverheardOut]:
        """Keep a sheet that was filled in, and answer with what its rows propose. It is settled as a mail is."""
        sent, door = uploaded(data.file), MailIntake(db)
        ensure_sheet(sent.content, source=sent.name)
        declaration = DeclarationService(db).get(declaration_id)
        mail = door.receive(declaration, sent.content, name=sent.name, address=data.address, actor=actor)
        return _preview(door.examine(mail, actor=actor))
