"""What the pages about Word files show: files to take away, and what a file that came back proposes and says."""

from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime
from types import MappingProxyType
from uuid import UUID

from msgspec import Struct

from drafts.base.errors import DraftsError
from drafts.diff.amendments import amendment_of
from drafts.formats.docx.inline_markdown import WordingDifference
from drafts.formats.docx.returned import UNTRACKED, ReturnedComment, UnplacedReason, UnplacedWords
from drafts.text.blocks import Language
from workspace.amendments.labels import ParagraphLabels
from workspace.amendments.views.amendment import AmendmentViewBuilder, ChangedPlace, passages_in
from workspace.core.actor import Actor
from workspace.core.errors import WorkspaceError
from workspace.core.shapes import filled
from workspace.core.storage.db import Db
from workspace.declarations.domain import queries
from workspace.declarations.domain.policy import may_do
from workspace.declarations.domain.service import DeclarationService
from workspace.declarations.frame import Frame
from workspace.interchange.intake.domain.intake import Examined, languages_of
from workspace.interchange.intake.domain.policy import PROPOSERS, may_bring_in, may_file_for_others
from workspace.interchange.intake.domain.word_returns import ExaminedWord, WordIntake
from workspace.interchange.intake.proposals import Note, Proposal
from workspace.interchange.intake.sheets.tables import may_have_tables
from workspace.interchange.models import DocumentIn, MailIn
from workspace.people.service import PeopleService
from workspace.translations.domain.policy import may_translate
from workspace.web.http.request_context import Work
from workspace.web.i18n.marking import N_
from workspace.web.pages import Page
from workspace.web.refusals.sentences import sentence

NOTES: Mapping[Note, str] = MappingProxyType(
    {
        Note.BY_WORDS: N_("The e-mail names no paragraph; only this one contains its text."),
        Note.AT_END: N_("The e-mail does not say where: added at the end."),
        Note.ASSUMED: N_("The e-mail gives a text only: taken for the whole paragraph."),
        Note.MORE: N_("The e-mail says more: read it first."),
    }
)
_DIFFERENCES: Mapping[WordingDifference, str] = MappingProxyType(
    {
        WordingDifference.LOOKS: N_("only formatting differs"),
        WordingDifference.TYPOGRAPHY: N_("only spaces, quotation marks or dashes differ"),
    }
)
_UNPLACED: Mapping[UnplacedReason, str] = MappingProxyType(
    {
        UnplacedReason.TEXT_BOX: N_("Text in a text box"),
        UnplacedReason.PICTURE: N_("A picture"),
        UnplacedReason.NESTED_TABLE: N_("A table inside a table: read as part of the outer cell"),
        UnplacedReason.EMBEDDED: N_("An embedded file or an equation"),
        UnplacedReason.HEADER: N_("Changes in a header or footer"),
        UnplacedReason.CONTENTS: N_("A table of contents: rebuilt from the headings"),
        UnplacedReason.HIDDEN: N_("Hidden text"),
        UnplacedReason.STRUCK: N_("Text struck through by hand: read as deleted"),
        UnplacedReason.AROUND: N_("Text before the title: not part of the declaration"),
        UnplacedReason.ANOTHER: N_("Struck out of another person’s proposal: this opposes it"),
        UnplacedReason.NO_CHANGE: N_("Changes that the text cannot take"),
    }
)


class FileLink(Struct, frozen=True):
    """A file to take away."""

    label: str
    href: str
    language: Language


class DocumentLine(Struct, frozen=True):
    """A file that came back."""

    name: str
    href: str
    received_at: datetime
    received_by: str
    revision: int
    language: Language
    is_settled: bool
    amendments: Sequence[tuple[int, str]]  # number and address


class WordPage(Page, frozen=True, kw_only=True):
    """`clean`, `tracked` and `columns` are files; `documents` is None for who cannot bring anything in.

    `mails` is the address of the side door, `sheets` that of the spreadsheets; "" for those whom it is not for.
    """

    clean: Sequence[FileLink]
    tracked: Sequence[FileLink]
    columns: Sequence[FileLink]
    documents: Sequence[DocumentLine] | None
    mails: str
    sheets: str
    may_translate: bool
    revisions: Sequence[int]
    languages: Sequence[Language]
    errors: Mapping[str, str]


class ProposalCard(Struct, frozen=True):
    """What one person proposes. `author` is whom a Word file names, "" for changes that nobody tracked.

    `row` is its row where it came in a sheet, or 0; `same` the amendment that asks for it already, or 0; `amends` the
    one that it amends, or 0; `person` whom it is to be filed for, "" where nobody is known; `is_taken` whether it is
    ticked beforehand: nothing inferred is.
    """

    place: int
    parts: Sequence[ChangedPlace]
    person: str
    is_taken: bool
    author: str = ""
    made_at: datetime | None = None
    is_mixed: bool = False
    sources: Sequence[str] = ()
    notes: Sequence[str] = ()
    reason: str = ""
    row: int = 0
    same: int = 0
    same_href: str = ""
    amends: int = 0
    amends_href: str = ""


class AnswerLine(Struct, frozen=True):
    author: str
    text: str


class RemarkCard(Struct, frozen=True):
    """A comment. `name` is the paragraph it is about, "" for one that must be chosen; `block` its id."""

    place: int
    author: str
    made_at: datetime | None
    text: str
    about: str
    name: str
    block: str
    is_answer: bool
    answers: Sequence[AnswerLine]
    person: str


class NotFiledLine(Struct, frozen=True):
    """Something that is not filed: where it stands, what it is, its words, whose it is."""

    name: str
    said: str
    text: str = ""
    author: str = ""


class ReturnedDocumentPage(Page, frozen=True, kw_only=True):
    """`persons` are those in whose name something can be filed; `refusal` says why nothing was."""

    document: DocumentLine
    download: str
    proposals: Sequence[ProposalCard]
    remarks: Sequence[RemarkCard]
    apart: Sequence[NotFiledLine]
    unplaced: Sequence[NotFiledLine]
    on_record: Sequence[tuple[int, str]]
    recognised: Sequence[str]
    persons: Sequence[tuple[str, str]]
    paragraphs: Sequence[tuple[str, str]]
    language: Language
    languages: Sequence[Language]
    seen: str
    refusal: str


def word_page(db: Db, found: Frame, *, work: Work, refusal: WorkspaceError | None = None) -> WordPage:
    """What can be taken away, and what came back."""
    declaration, here = found.declaration, {"forum": found.forum.slug, "declaration": found.declaration.slug}
    rows = queries.head_rows(db, declaration)
    languages = languages_of(rows)

    def link(language: Language, form: str, text: str = "") -> FileLink:
        label = work.messages.language_name(language)
        return FileLink(label, f"{work.url_for('word_file', **here)}?form={form}&text={text or language}", language)

    pairs = [(language, other) for language in languages for other in languages if language is not other]
    columns = [
        FileLink(
            f"{work.messages.language_name(language)} → {work.messages.language_name(other)}",
            link(language, "columns", f"{language},{other}").href,
            other,
        )
        for language, other in pairs
    ]
    if len(languages) > 2:  # noqa: PLR2004 - two languages are a pair already
        label = work.messages.gettext(N_("All languages"))
        columns.insert(0, FileLink(label, link(work.language, "columns", ",".join(languages)).href, work.language))
    may_see = may_do(work.actor, "amendment.read_others", declaration)
    is_open = may_bring_in(work.actor, declaration)
    documents = WordIntake(db).of_declaration(declaration, actor=work.actor) if is_open else None
    return WordPage(
        place=found.place,
        here="reading",
        clean=[link(language, "clean") for language in languages],
        tracked=[link(language, "amendments") for language in languages] if may_see else [],
        columns=columns,
        documents=None if documents is None else [_line(document, found, work) for document in documents],
        may_translate=may_translate(work.actor, declaration),
        mails=work.url_for("side_door", **here) if may_file_for_others(work.actor, declaration) else "",
        sheets=work.url_for("sheets", **here) if may_have_tables(work.actor, declaration) else "",
        revisions=[revision.number for revision in DeclarationService(db).revisions(declaration)] if is_open else [],
        languages=languages,
        errors={"file": sentence(refusal, work.messages)} if refusal else {},
    )


def returned_document_page(
    db: Db, found: Frame, document_id: UUID, *, work: Work, refusal: WorkspaceError | DraftsError | None = None
) -> ReturnedDocumentPage:
    """What a file says, as its preview shows it."""
    service = WordIntake(db)
    document = service.get(found.declaration, document_id, actor=work.actor)
    examined = service.examine(document, actor=work.actor)
    builder = _ReturnedPageBuilder(db, found, examined, work)
    here = {"forum": found.forum.slug, "declaration": found.declaration.slug}
    return ReturnedDocumentPage(
        place=found.place,
        here="reading",
        document=_line(document, found, work),
        download=work.url_for("returned_word_file", document_id=document.id, **here),
        proposals=[builder.proposal(place, proposal) for place, proposal in enumerate(examined.parsed.proposals)],
        remarks=[
            builder.remark(place, returned_comment) for place, returned_comment in enumerate(examined.returned.remarks)
        ],
        apart=[
            NotFiledLine(
                builder.passages.name_of(cosmetic_difference.block),
                work.messages.gettext(_DIFFERENCES[cosmetic_difference.difference]),
            )
            for cosmetic_difference in examined.returned.apart
        ],
        unplaced=[builder.unplaced(unplaced_words) for unplaced_words in examined.returned.unplaced],
        on_record=[
            (int(number), work.url_for("amendment", number=number, **here)) for number in examined.returned.on_record
        ],
        recognised=list(builder.recognised()),
        persons=[(str(person_id), name) for person_id, name in builder.persons.items()],
        paragraphs=[(row.id, builder.passages.name_of(row.id)) for row in examined.rows],
        language=document.language,
        languages=examined.languages,
        seen=examined.seen,
        refusal=sentence(refusal, work.messages) if refusal else "",
    )


def proposers(db: Db, found: Frame, actor: Actor) -> Iterator[tuple[UUID, str]]:
    """Those who may propose; for who files nothing in another's name, only they themselves."""
    if not may_file_for_others(actor, found.declaration):
        if actor.person_id:
            yield actor.person_id, actor.name
        return
    for person, mandate in PeopleService(db).people(found.forum):
        if mandate.role in PROPOSERS:
            where = mandate.organisation.name if mandate.organisation else ""
            yield person.id, f"{person.name} ({where})" if where else person.name


class CardBuilder:
    """Builds the cards of what one mail, file or sheet proposes."""

    def __init__(self, found: Frame, examined: Examined[MailIn] | Examined[DocumentIn], work: Work) -> None:
        self.base, self.work = examined.base, work
        self.here = {"forum": found.forum.slug, "declaration": found.declaration.slug}
        self.forum = found.forum
        self.passages: ParagraphLabels = passages_in(examined.rows, examined.came.language, work, found)
        self.lines = AmendmentViewBuilder(work, found, self.passages)

    def card(self, place: int, proposal: Proposal, *, person: str, same: int = 0) -> ProposalCard:
        """One proposal, as whoever files it sees it; `person` is whom it is filed for, `same` an amendment like it."""
        amendment = amendment_of(0, proposal.base or self.base, proposal.proposed)
        return filled(
            ProposalCard,
            proposal,
            place=place,
            parts=list(self.lines.parts(amendment.hunks, proposal.changes, self.passages)),
            person=person,
            is_taken=proposal.is_sure and not same,
            author=proposal.sender,
            made_at=self.at_place(proposal.made_at),
            notes=[self.work.messages.gettext(NOTES[note]) for note in Note if note in proposal.notes],
            same=same,
            same_href=self._href(same),
            amends_href=self._href(proposal.amends),
        )

    def _href(self, number: int) -> str:
        return self.work.url_for("amendment", number=number, **self.here) if number else ""

    def at_place(self, moment: datetime | None) -> datetime | None:
        return self.forum.local(moment) if moment and moment.tzinfo else None


class _ReturnedPageBuilder(CardBuilder):
    """Builds the cards of one Word file."""

    def __init__(self, db: Db, found: Frame, examined: ExaminedWord, work: Work) -> None:
        super().__init__(found, examined, work)
        self.examined = examined
        self.persons = dict(proposers(db, found, work.actor))

    def proposal(self, place: int, proposal: Proposal) -> ProposalCard:
        same = self.examined.same.get(place, 0)
        return self.card(place, proposal, person=self._person(proposal.sender), same=same)

    def remark(self, place: int, remark: ReturnedComment) -> RemarkCard:
        return RemarkCard(
            place=place,
            author=remark.author,
            made_at=self.at_place(remark.made_at),
            text=remark.text,
            about=remark.about,
            name=self.passages.name_of(remark.block) if remark.block else "",
            block=remark.block or "",
            is_answer=bool(remark.thread),
            answers=[AnswerLine(returned_comment.author, returned_comment.text) for returned_comment in remark.replies],
            person=self._person(remark.author),
        )

    def unplaced(self, unplaced: UnplacedWords) -> NotFiledLine:
        name = self.passages.name_of(unplaced.block) if unplaced.block else ""
        return NotFiledLine(
            name, self.work.messages.gettext(_UNPLACED[unplaced.reason]), unplaced.text, unplaced.author
        )

    def recognised(self) -> Iterator[str]:
        """How the paragraphs of the file were recognised, in sentences."""
        census, say_count = self.examined.returned.census, self.work.messages.ngettext
        if census.by_mark:
            yield say_count(
                "One paragraph recognised by its mark.", "%(n)s paragraphs recognised by their marks.", census.by_mark
            )
        if census.by_words:
            yield say_count(
                "One paragraph recognised by its text.", "%(n)s paragraphs recognised by their text.", census.by_words
            )
        if census.moved:
            yield say_count("One moved.", "%(n)s moved.", census.moved)
        if census.new:
            yield say_count("One new.", "%(n)s new.", census.new)
        if census.gone:
            yield say_count("One missing.", "%(n)s missing.", census.gone)
        if census.is_part and not census.by_mark + census.by_words:
            yield self.work.messages.gettext(N_("Nothing of the text is in this file: import a message as an e-mail."))
        elif census.is_part:
            yield self.work.messages.gettext(N_("The file contains only a part of the text."))

    def _person(self, author: str) -> str:
        """Whom Word means by an author: the one person of that name; for changes nobody tracked, whoever sent them."""
        if len(self.persons) == 1:
            return str(next(iter(self.persons)))
        if author == UNTRACKED:
            return ""
        wanted = author.casefold()
        found = [
            id_ for id_, name in self.persons.items() if wanted in {name.casefold(), name.partition(" (")[0].casefold()}
        ]
        return str(found[0]) if len(found) == 1 else ""


def amendments_filed(came: MailIn | DocumentIn, found: Frame, work: Work) -> list[tuple[int, str]]:
    """The numbers and addresses of what was filed from something."""
    here = {"forum": found.forum.slug, "declaration": found.declaration.slug}
    numbers = [amendment.amendment.number for amendment in came.filed]
    return [(number, work.url_for("amendment", number=number, **here)) for number in numbers]


def _line(document: DocumentIn, found: Frame, work: Work) -> DocumentLine:
    here = {"forum": found.forum.slug, "declaration": found.declaration.slug}
    return DocumentLine(
        name=document.name,
        href=work.url_for("returned_word", document_id=document.id, **here),
        received_at=found.forum.local(document.received_at),
        received_by=document.received_by.name if document.received_by else "",
        revision=document.revision.number,
        language=document.language,
        is_settled=document.settled_at is not None,
        amendments=amendments_filed(document, found, work),
    )
