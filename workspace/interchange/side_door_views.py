"""What the pages of the side door show: the mails that came, and what each proposes beside its own words."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from types import MappingProxyType
from uuid import UUID

from msgspec import Struct

from drafts.blocks import Language
from drafts.errors import DraftsError
from workspace.core.db import Db
from workspace.core.errors import WorkspaceError
from workspace.declarations import queries
from workspace.declarations.frame import Frame
from workspace.interchange.intake.proposals import CellError, Proposal, Unplaced, Why
from workspace.interchange.models import MailIn
from workspace.interchange.side_door_service import ExaminedMail, MailIntake
from workspace.interchange.word_views import CardBuilder, ProposalCard, amendments_filed, proposers
from workspace.web.i18n import N_
from workspace.web.pages import Page
from workspace.web.sentences import sentence
from workspace.web.services import Work

REASONS: Mapping[Why, str] = MappingProxyType(
    {
        Why.NOT_READ: N_("It is left to you to read."),
        Why.NO_PARAGRAPH: N_("The text has no paragraph of that number."),
        Why.NO_PLACE: N_("It does not say which paragraph is meant."),
        Why.NOT_FOUND: N_("The words do not stand in that paragraph."),
        Why.TWICE: N_("The words stand there more than once, and it does not say which are meant."),
        Why.NO_CHANGE: N_("The text says so already."),
        Why.IMPOSSIBLE: N_("The text cannot take this change."),
    }
)


CELLS: Mapping[CellError, str] = MappingProxyType(
    {
        CellError.NO_KEY: N_("The key of the row is gone: copy it from a row of the same paragraph."),
        CellError.OTHER_TEXT: N_("This row was made from another revision or another language than the others."),
        CellError.UNKNOWN_CHANGE: N_("This is none of the changes that the list in the cell offers."),
        CellError.NO_WORDS: N_("The new words are missing."),
        CellError.NO_CHANGE: N_("The text says so already."),
        CellError.WORDS_AND_DELETE: N_("The row asks to delete the paragraph and gives new words for it."),
        CellError.TOO_LONG: N_("This is too long."),
        CellError.IMPOSSIBLE: N_("The text cannot take this change."),
        CellError.UNKNOWN_SENDER: N_("Nobody who may propose is known by this: choose who is meant."),
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


class SideDoorPage(Page, frozen=True, kw_only=True):
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
    refusal: str


def side_door_page(
    db: Db, found: Frame, *, work: Work, words: str = "", address: str = "", refusal: WorkspaceError | None = None
) -> SideDoorPage:
    """The mails that came, and where to paste another."""
    rows = queries.head_rows(db, found.declaration)
    mails = MailIntake(db).of_declaration(found.declaration, actor=work.actor)
    return SideDoorPage(
        place=found.place,
        here="amendments",
        mails=[_line(one, found, work) for one in mails],
        languages=[one for one in Language if any(one in row.texts for row in rows)],
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
    builder = _Builder(found, examined, work)
    said = examined.heard.mail
    return MailPage(
        place=found.place,
        here="amendments",
        mail=_line(mail, found, work),
        download=work.url_for("mail_as_it_came", mail_id=mail.id, **builder.here),
        words=said.said.split("\n"),
        apart=said.apart,
        rest=examined.parsed.rest,
        drafts=[builder.draft(place, one) for place, one in enumerate(examined.parsed.proposals)],
        unplaced=[builder.unplaced(one) for one in examined.parsed.unplaced],
        along=[(name, work.url_for("mail", mail_id=one.id, **builder.here)) for name, one in examined.along],
        not_taken=examined.not_taken,
        cells=[
            CellLine(one.cell, one.error, work.messages.gettext(CELLS[one.error]), one.said)
            for one in examined.parsed.wrong
        ],
        is_sheet=examined.heard.sheet is not None,
        persons=[(str(one), name) for one, name in dict(proposers(db, found, work.actor)).items()],
        text_language=mail.language,
        refusal=sentence(refusal, work.messages) if refusal else "",
    )


class _Builder(CardBuilder):
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
            (one.document.name, work.url_for("returned_word", document_id=one.document.id, **here))
            for one in mail.enclosed
        ],
    )
