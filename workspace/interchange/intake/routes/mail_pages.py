"""Mails in the browser: paste one, look at what it proposes, file it for its sender."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from types import MappingProxyType
from typing import Annotated
from uuid import UUID

from litestar import Controller, Response
from litestar.datastructures import UploadFile
from msgspec import Struct

from drafts.base.errors import DraftsError
from drafts.text.blocks import Language
from workspace.core.actor import Actor
from workspace.core.errors import BadFile, Invalid, WorkspaceError
from workspace.core.storage.db import Db
from workspace.declarations.domain import queries
from workspace.declarations.frame import Frame, frame, framed
from workspace.interchange.intake.domain.intake import languages_of
from workspace.interchange.intake.domain.mail_intake import ExaminedMail, MailIntake
from workspace.interchange.intake.domain.policy import FILE_FOR_OTHERS, may_file_for_others
from workspace.interchange.intake.domain.word_returns import WordIntake, is_word_text
from workspace.interchange.intake.proposals import CellError, Proposal, Unplaced, Why
from workspace.interchange.intake.routes.word_pages import (
    DocumentFilingForm,
    original_file,
    receipts_said,
    settled_or_shown,
)
from workspace.interchange.intake.routes.word_views import CardBuilder, ProposalCard, amendments_filed, proposers
from workspace.interchange.models import MailIn
from workspace.web.http.files import LARGEST, uploaded
from workspace.web.http.request_context import FormBody, MultipartBody, PathId, Slug, Work
from workspace.web.http.routing import post
from workspace.web.i18n.marking import N_
from workspace.web.pages import Page, PageOrRedirect, gives, page, redirect, shows
from workspace.web.refusals.sentences import sentence

REASONS: Mapping[Why, str] = MappingProxyType(
    {
        Why.NOT_READ: N_("Left for you to read."),
        Why.NO_PARAGRAPH: N_("The text has no such paragraph."),
        Why.NO_PLACE: N_("It names no paragraph."),
        Why.NOT_FOUND: N_("That paragraph does not contain this text."),
        Why.TWICE: N_("That paragraph contains this text more than once."),
        Why.NO_CHANGE: N_("The text says so already."),
        Why.IMPOSSIBLE: N_("The text cannot take this change."),
    }
)


CELLS: Mapping[CellError, str] = MappingProxyType(
    {
        CellError.NO_KEY: N_("The key of the row is missing: copy it from another row."),
        CellError.OTHER_TEXT: N_("This row is of another revision or language than the others."),
        CellError.UNKNOWN_CHANGE: N_("Choose a change from the list in the cell."),
        CellError.NO_WORDS: N_("The new text is missing."),
        CellError.NO_CHANGE: N_("The text says so already."),
        CellError.WORDS_AND_DELETE: N_("The row deletes the paragraph and gives a new text for it."),
        CellError.TOO_LONG: N_("This is too long."),
        CellError.IMPOSSIBLE: N_("The text cannot take this change."),
        CellError.UNKNOWN_SENDER: N_("No proposer is known by this name or address: choose one."),
    }
)


class MailLine(Struct, frozen=True):
    """A mail that came. `who` is a member by name, else the address or name it came with."""

    href: str
    who: str
    is_known: bool
    subject: str
    received_at: datetime
    received_by: str
    is_settled: bool
    is_empty: bool
    language: Language
    revision: int
    amendments: Sequence[tuple[int, str]]
    documents: Sequence[tuple[str, str]]


class MailIntakePage(Page, frozen=True, kw_only=True):
    """`words` and `address` are what somebody has just written, where it was refused."""

    mails: Sequence[MailLine]
    languages: Sequence[Language]
    words: str
    address: str
    errors: Mapping[str, str]


class CellLine(Struct, frozen=True):
    """A cell of a sheet that cannot be taken as it is."""

    cell: str
    error: str
    why: str
    said: str


class UnplacedLine(Struct, frozen=True):
    """Something that is left to a person: the paragraph it stands under, or `elsewhere`, where its words do stand."""

    source: str
    reason: str
    why: str
    under: str
    elsewhere: str


class MailPage(Page, frozen=True, kw_only=True):
    """One mail beside what it proposes; `refusal` says why nothing was filed."""

    mail: MailLine
    download: str
    words: Sequence[str]
    apart: Sequence[str]
    rest: Sequence[str]
    drafts: Sequence[ProposalCard]
    unplaced: Sequence[UnplacedLine]
    along: Sequence[tuple[str, str]]
    not_taken: Sequence[str]
    cells: Sequence[CellLine]
    is_sheet: bool
    persons: Sequence[tuple[str, str]]
    text_language: Language
    languages: Sequence[Language]
    seen: str
    refusal: str


def mail_intake_page(
    db: Db, found: Frame, *, work: Work, words: str = "", address: str = "", refusal: WorkspaceError | None = None
) -> MailIntakePage:
    """The mails that came, and where to paste another."""
    rows = queries.head_rows(db, found.declaration)
    mails = MailIntake(db).of_declaration(found.declaration, actor=work.actor)
    return MailIntakePage(
        place=found.place,
        here="amendments",
        mails=[_line(mail, found, work) for mail in mails],
        languages=languages_of(rows),
        words=words,
        address=address,
        errors={"words": sentence(refusal, work.messages)} if refusal else {},
    )


def mail_page(
    db: Db, found: Frame, mail_id: UUID, *, work: Work, refusal: WorkspaceError | DraftsError | None = None
) -> MailPage:
    """What one mail says and proposes."""
    door = MailIntake(db)
    mail = door.get(found.declaration, mail_id, actor=work.actor)
    examined = door.examine(mail, actor=work.actor)
    builder = _MailPageBuilder(found, examined, work)
    said = examined.heard.mail
    return MailPage(
        place=found.place,
        here="amendments",
        mail=_line(mail, found, work),
        download=work.url_for("mail_as_it_came", mail_id=mail.id, **builder.here),
        words=said.said.split("\n"),
        apart=said.apart,
        rest=examined.parsed.rest,
        drafts=[builder.draft(place, proposal) for place, proposal in enumerate(examined.parsed.proposals)],
        unplaced=[builder.unplaced(unplaced) for unplaced in examined.parsed.unplaced],
        along=[(name, work.url_for("mail", mail_id=mail_in.id, **builder.here)) for name, mail_in in examined.along],
        not_taken=examined.not_taken,
        cells=[
            CellLine(wrong_cell.cell, wrong_cell.error, work.messages.gettext(CELLS[wrong_cell.error]), wrong_cell.said)
            for wrong_cell in examined.parsed.wrong
        ],
        is_sheet=examined.heard.sheet is not None,
        persons=[(str(id_), name) for id_, name in dict(proposers(db, found, work.actor)).items()],
        text_language=mail.language,
        languages=examined.languages,
        seen=examined.seen,
        refusal=sentence(refusal, work.messages) if refusal else "",
    )


class _MailPageBuilder(CardBuilder):
    """Builds the cards of one mail or sheet."""

    def __init__(self, found: Frame, examined: ExaminedMail, work: Work) -> None:
        super().__init__(found, examined, work)
        self.examined = examined

    def draft(self, place: int, proposal: Proposal) -> ProposalCard:
        person = self.examined.senders.get(place) or (None if proposal.sender else self.examined.came.person_id)
        return self.card(place, proposal, person=str(person or ""), same=self.examined.same.get(place, 0))

    def unplaced(self, unplaced: Unplaced) -> UnplacedLine:
        why = self.work.messages.gettext(REASONS[unplaced.why])
        name = self.passages.name_of(unplaced.block) if unplaced.block else ""
        is_elsewhere = unplaced.why is Why.NOT_FOUND
        under, elsewhere = ("", name) if is_elsewhere else (name, "")
        return UnplacedLine(unplaced.source, unplaced.why.value, why, under, elsewhere)


def _line(mail: MailIn, found: Frame, work: Work) -> MailLine:
    here = {"forum": found.forum.slug, "declaration": found.declaration.slug}
    return MailLine(
        href=work.url_for("mail", mail_id=mail.id, **here),
        who=mail.person.name if mail.person else mail.sender or mail.address,
        is_known=mail.person is not None,
        subject=mail.subject or mail.name,
        received_at=found.forum.local(mail.received_at),
        received_by=mail.received_by.name if mail.received_by else "",
        is_settled=mail.settled_at is not None,
        is_empty=not mail.sha256 or bool(mail.person and mail.person.erased_at),
        language=mail.language,
        revision=mail.revision.number,
        amendments=amendments_filed(mail, found, work),
        documents=[
            (document.document.name, work.url_for("returned_word", document_id=document.document.id, **here))
            for document in mail.enclosed
        ],
    )


FilingFrame = Annotated[Frame, framed(may_file_for_others)]


class MailForm(Struct, frozen=True):
    """A mail: its words, or a file. `address` is whose it is where it does not say so itself."""

    words: str = ""
    file: UploadFile | None = None
    address: str = ""
    text: str = ""


class MailIntakePages(Controller):
    """What came by mail to a declaration."""

    path = "/{forum:str}/{declaration:str}/mails"

    @shows("interchange/side_door.html", name="side_door", policy=FILE_FOR_OTHERS)
    def side_door(self, db: Db, work: Work, found: FilingFrame) -> MailIntakePage:
        """Where to paste a mail, and those that came."""
        return mail_intake_page(db, found, work=work)

    @post(name="receive_mail", policy=FILE_FOR_OTHERS, request_max_body_size=LARGEST, status_code=200)
    def receive(self, work: Work, forum: Slug, declaration: Slug, data: MultipartBody[MailForm]) -> PageOrRedirect:
        """Keep a mail or a letter and go on to what it proposes; the text itself in Word goes the way of such files."""
        actor = work.actor
        language = Language(data.text) if data.text in set(Language) else None
        here = {"forum": forum, "declaration": declaration}
        try:
            content, name = _sent(data)
            with work.writing() as db:
                found = frame(db, forum, declaration, work=work, may=may_file_for_others)
                if is_word_text(db, found.declaration, content, source=name):
                    document = WordIntake(db).receive(
                        found.declaration, content, name=name, actor=actor, language=language
                    )
                    return redirect(work, work.url_for("returned_word", document_id=document.id, **here))
                mail = MailIntake(db).receive(
                    found.declaration, content, name=name, actor=actor, address=data.address, language=language
                )
                to = work.url_for("mail", mail_id=mail.id, **here)
        except (BadFile, Invalid) as refusal:
            with work.reading() as db:
                found = frame(db, forum, declaration, work=work, may=may_file_for_others)
                context = mail_intake_page(
                    db, found, work=work, words=data.words, address=data.address, refusal=refusal
                )
            return page(work, "interchange/side_door.html", context, status=422)
        return redirect(work, to)

    @shows("interchange/mail.html", "/{mail_id:uuid}", name="mail", policy=FILE_FOR_OTHERS)
    def mail(self, db: Db, work: Work, found: FilingFrame, mail_id: PathId) -> MailPage:
        """A mail beside what it proposes, before anything of it is filed."""
        return mail_page(db, found, mail_id, work=work)

    @gives("/{mail_id:uuid}/file", name="mail_as_it_came", policy=FILE_FOR_OTHERS)
    def mail_as_it_came(self, db: Db, actor: Actor, found: FilingFrame, mail_id: PathId) -> Response[bytes]:
        """The mail itself, byte for byte as it came."""
        mail = MailIntake(db).get(found.declaration, mail_id, actor=actor)
        return original_file(mail.content, mail.sha256[:12])

    @post("/{mail_id:uuid}", name="settle_mail", policy=FILE_FOR_OTHERS, status_code=200)
    def settle(
        self, work: Work, forum: Slug, declaration: Slug, mail_id: PathId, data: FormBody[DocumentFilingForm]
    ) -> PageOrRedirect:
        """File what was chosen, or read the mail in another language; a refusal shows the page again."""
        shown = (MailIntake, may_file_for_others, mail_page, "interchange/mail.html")
        settled = settled_or_shown(work, (forum, declaration, mail_id), data, shown)
        if isinstance(settled, Response):
            return settled
        to = work.url_for("side_door", forum=forum, declaration=declaration)
        said = " ".join([_filed_said(settled.numbers, work), *receipts_said(settled.sent, work)])
        return redirect(work, to, said=said)


def _filed_said(numbers: Sequence[int], work: Work) -> str:
    if not numbers:
        return work.messages.gettext(N_("E-mail set aside; nothing was submitted."))
    return work.messages.ngettext(
        "Submitted as amendment %(numbers)s.",
        "Submitted as amendments %(numbers)s.",
        len(numbers),
        numbers=", ".join(map(str, numbers)),
    )


def _sent(data: MailForm) -> tuple[bytes, str]:
    """What was sent, and the name of its file: a file goes before pasted words."""
    sent = uploaded(data.file)
    if not sent.content and not data.words.strip():
        if sent.name:
            raise BadFile(source=sent.name, reason="empty")
        raise Invalid(field="words", reason="empty")
    return (sent.content, sent.name) if sent.content else (data.words.encode(), "")
