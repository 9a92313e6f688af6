"""What the pages of the side door show: the mails that came, and what each proposes beside its own words."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from types import MappingProxyType
from uuid import UUID

from msgspec import Struct

from drafts.amendments import amendment_of
from drafts.blocks import Language
from drafts.errors import DraftsError
from workspace.amendments.views import LineBuilder, Part, passages_in
from workspace.core.db import Db
from workspace.core.errors import WorkspaceError
from workspace.declarations import queries
from workspace.declarations.frame import Frame
from workspace.interchange.models import MailIn
from workspace.interchange.sheets.filled import CellError
from workspace.interchange.side_door.placing import Draft, Note, Unplaced, Why
from workspace.interchange.side_door_service import Overheard, SideDoor
from workspace.interchange.word_views import proposers
from workspace.web.i18n import N_
from workspace.web.pages import Page
from workspace.web.sentences import sentence
from workspace.web.services import Work

NOTES: Mapping[Note, str] = MappingProxyType(
    {
        Note.BY_WORDS: N_("The mail names no paragraph of ours: its words stand in this one alone."),
        Note.AT_END: N_("The mail does not say where in the paragraph: it was put at the end."),
        Note.ASSUMED: N_("The mail gives a text and does not say what for: it was taken for the whole paragraph."),
        Note.PARENT: N_("The paragraph has no such item: the words stand in the paragraph itself."),
    }
)
REASONS: Mapping[Why, str] = MappingProxyType(
    {
        Why.NOT_READ: N_("It was not understood."),
        Why.NO_PARAGRAPH: N_("The text has no paragraph of that number."),
        Why.NO_PLACE: N_("It does not say which paragraph is meant."),
        Why.NOT_FOUND: N_("The words do not stand in that paragraph."),
        Why.TWICE: N_("The words stand there more than once, and it does not say which are meant."),
        Why.WHERE: N_("It does not say where in the paragraph."),
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


class DraftCard(Struct, frozen=True):
    """What a mail proposes for one paragraph. `same` is the amendment that asks for it already, or 0.

    `row` is its row where it came in a sheet, or 0; `person` whom it is to be filed for, "" where nobody is known.
    """

    place: int
    sources: Sequence[str]
    parts: Sequence[Part]
    notes: Sequence[str]
    reason: str
    same: int
    same_href: str
    row: int
    person: str


class CellLine(Struct, frozen=True):
    """A cell of a sheet that cannot be taken as it is."""

    cell: str
    error: str
    why: str
    said: str


class UnplacedLine(Struct, frozen=True):
    """Something that could not be placed; `elsewhere` is the paragraph in which its words do stand."""

    source: str
    reason: str
    why: str
    elsewhere: str


class MailPage(Page, frozen=True, kw_only=True):
    """One mail beside what it proposes; `refusal` says why nothing was filed."""

    mail: MailLine
    download: str
    words: Sequence[str]
    apart: Sequence[str]
    rest: Sequence[str]
    drafts: Sequence[DraftCard]
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
    mails = SideDoor(db).of_declaration(found.declaration, actor=work.actor)
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
    door = SideDoor(db)
    mail = door.get(found.declaration, mail_id, actor=work.actor)
    overheard = door.examine(mail, actor=work.actor)
    builder = _Builder(found, overheard, work)
    said = overheard.heard.mail
    return MailPage(
        place=found.place,
        here="amendments",
        mail=_line(mail, found, work),
        download=work.url_for("mail_as_it_came", mail_id=mail.id, **builder.here),
        words=said.said.split("\n"),
        apart=said.apart,
        rest=overheard.placed.rest,
        drafts=[builder.draft(place, one) for place, one in enumerate(overheard.placed.drafts)],
        unplaced=[builder.unplaced(one) for one in overheard.placed.unplaced],
        along=[(name, work.url_for("mail", mail_id=one.id, **builder.here)) for name, one in overheard.along],
        not_taken=overheard.not_taken,
        cells=[
            CellLine(one.cell, one.error, work.messages.gettext(CELLS[one.error]), one.said) for one in overheard.wrong
        ],
        is_sheet=overheard.heard.sheet is not None,
        persons=[(str(one), name) for one, name in dict(proposers(db, found, work.actor)).items()],
        text_language=mail.language,
        refusal=sentence(refusal, work.messages) if refusal else "",
    )


class _Builder:
    """Builds the cards of one mail."""

    def __init__(self, found: Frame, overheard: Overheard, work: Work) -> None:
        self.overheard, self.work = overheard, work
        self.here = {"forum": found.forum.slug, "declaration": found.declaration.slug}
        self.passages = passages_in(overheard.rows, overheard.mail.language, work, found)
        self.lines = LineBuilder(work, found, self.passages)

    def draft(self, place: int, draft: Draft) -> DraftCard:
        hunks = amendment_of(0, self.overheard.base, draft.proposed).hunks
        same = self.overheard.same.get(place, 0)
        return DraftCard(
            place=place,
            sources=draft.sources,
            parts=list(self.lines.parts(hunks, draft.changes, self.passages)),
            notes=[self.work.messages.gettext(NOTES[one]) for one in Note if one in draft.notes],
            reason=draft.reason,
            same=same,
            same_href=self.work.url_for("amendment", number=same, **self.here) if same else "",
            row=draft.row,
            person=str(
                self.overheard.senders.get(place) or ("" if draft.sender else self.overheard.mail.person_id) or ""
            ),
        )

    def unplaced(self, unplaced: Unplaced) -> UnplacedLine:
        why = self.work.messages.gettext(REASONS[unplaced.why])
        is_elsewhere = unplaced.why is Why.NOT_FOUND and unplaced.block
        elsewhere = self.passages.name_of(unplaced.block) if is_elsewhere else ""
        return UnplacedLine(unplaced.source, unplaced.why.value, why, elsewhere)


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
        amendments=[
            (one.amendment.number, work.url_for("amendment", number=one.amendment.number, **here)) for one in mail.filed
        ],
        documents=[
            (one.document.name, work.url_for("returned_word", document_id=one.document.id, **here))
            for one in mail.enclosed
        ],
    )
