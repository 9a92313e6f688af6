"""What put each paragraph of an edition there, as a page shows it to one reader."""

from collections.abc import Iterator, Mapping, Sequence
from datetime import date, datetime
from functools import lru_cache
from uuid import UUID

from markupsafe import Markup
from msgspec import Struct

from drafts.diff.side_by_side import DiffRow, diff_rows
from drafts.render.document_html import diff_html
from drafts.text.blocks import Block, BlockKind, Document, Language
from workspace.amendments.views.decisions import VERDICTS
from workspace.consultation.models import Commitment, CommitmentReport
from workspace.consultation.pages.follow_up import STATUSES
from workspace.core.actor import Actor
from workspace.core.shapes import filled
from workspace.core.storage.db import Db
from workspace.declarations.domain import queries
from workspace.declarations.domain.models import Declaration, RevisionCause
from workspace.declarations.domain.policy import may_do
from workspace.declarations.frame import Frame
from workspace.declarations.labels import names_of
from workspace.desk.pages.history import CAUSES
from workspace.desk.pages.paragraph import ParagraphOrigin, paragraph_origin
from workspace.editions.domain.causes import Acts, CauseDecision, TextAct, VoteFigures
from workspace.editions.domain.commitments import CommitmentService
from workspace.editions.domain.models import Edition
from workspace.people.models import Forum
from workspace.recommendations.policy import may_read_recommendation
from workspace.web.http.request_context import Work
from workspace.web.i18n.marking import N_
from workspace.web.i18n.messages import Messages
from workspace.web.text_html import rendered

KINDS_WITH_CAUSES = frozenset(
    {BlockKind.PREAMBLE, BlockKind.OPERATIVE, BlockKind.PARAGRAPH, BlockKind.ITEM, BlockKind.CHAPEAU}
)
_LABELS: Mapping[RevisionCause, str] = {
    RevisionCause.IMPORT: N_("First draft"),
    RevisionCause.CORRIGENDUM: N_("Corrigendum"),
}


def may_read_provenance(actor: Actor, declaration: Declaration) -> bool:
    return may_do(actor, "provenance.read", declaration) and may_do(actor, "edition.read_verify", declaration)


def readable_acts(acts: Acts, declaration: Declaration, *, actor: Actor) -> Acts:
    """As far as they are open to the reader: amendments and decisions with the history."""
    if may_do(actor, "history.read", declaration):
        return acts
    return {block: [act.outline() for act in of_block] for block, of_block in acts.items()}


class DecisionView(Struct, frozen=True):
    """One decision with its amendment; `href` leads to that, for who may read it."""

    cause: CauseDecision
    said: str
    at: datetime
    filed_at: datetime | None
    vote: str
    href: str


class ActView(Struct, frozen=True):
    """One act. `said` is a sentence where no decision says it."""

    cause: str
    said: str
    at: datetime
    revision: str  # its address, for who may read it
    number: int
    decisions: Sequence[DecisionView]
    diffs: Sequence[tuple[Language, Markup]]


class ReportLine(Struct, frozen=True):
    """One report. `file` is where its file is, "" without one."""

    state: str
    reported_on: date
    note: str
    language: str
    link: str
    file_name: str
    file: str


class PromiseView(Struct, frozen=True):
    """What somebody promised for a paragraph. `status` is a stable word, `state` the same in the reader's language.

    `reports` has the last one, if there is one.
    """

    organisation: str
    text: str
    language: str
    status: str
    state: str
    note: str
    reports: Sequence[ReportLine]
    href: str


class ParagraphCause(Struct, frozen=True):
    """What put one paragraph there, in short (`label`) and in full; `href` is its own page."""

    id: str
    name: str
    label: str
    acts: Sequence[ActView]
    origins: Sequence[ParagraphOrigin]
    href: str
    commitments: Sequence["PromiseView"]


class CauseViewBuilder:
    """Writes the causes of one edition for one reader. Asks the database for recommendations alone, once."""

    def __init__(self, db: Db, work: Work, found: Frame, edition: Edition, acts: Acts) -> None:
        self.work, self.found, self.edition = work, found, edition
        self.acts = readable_acts(acts, found.declaration, actor=work.actor)
        self.origins = queries.sources(db, found.declaration)
        self.commitments = CommitmentService(db).by_paragraph(found.declaration, actor=work.actor)
        self.at = {"forum": found.place.forum, "declaration": found.place.declaration}
        self.rows = queries.pinned_rows(db, edition.revision_id)
        self.numbers, self.names = queries.numbers_of(self.rows), names_of(self.rows, work.messages)
        self.is_open = may_do(work.actor, "history.read", found.declaration)
        self.reads_amendments = may_do(work.actor, "amendment.read_others", found.declaration)

    def paragraphs(self) -> Mapping[str, ParagraphCause]:
        """Every paragraph, by the id of its block."""
        return {row.id: self.paragraph(row.block_id) for row in self.rows if row.kind in KINDS_WITH_CAUSES}

    def paragraph(self, block: UUID) -> ParagraphCause:
        acts = self.acts.get(block, ())
        return ParagraphCause(
            id=str(block),
            name=self.names[block],
            label=_label(acts, self.work.messages),
            acts=[self._act(act) for act in reversed(acts)],
            origins=list(self._origins(block)),
            href=self.work.url_for("edition_paragraph", **self.at, number=self.edition.number, block_id=block),
            commitments=[self._promise(commitment) for commitment in self.commitments.get(block, ())],
        )

    def words(self, text: str, language: Language) -> Markup:
        """Words of the edition, with paragraphs referred to by their numbers."""
        return _difference(text, text, language, self.numbers)

    def _act(self, act: TextAct) -> ActView:
        is_first = act.cause is RevisionCause.IMPORT
        return ActView(
            cause=act.cause.value,
            said=self.work.messages.gettext(CAUSES[act.cause]),
            at=self.found.forum.local(act.at),
            revision=self.work.url_for("reading", **self.at, revision=act.revision) if self.is_open else "",
            number=act.revision,
            decisions=[self._decision(decision) for decision in act.decisions],
            diffs=[
                (change.language, _difference(change.before, change.after, change.language, self.numbers))
                for change in (() if is_first else act.changes)
            ],
        )

    def _decision(self, cause: CauseDecision) -> DecisionView:
        local = self.found.forum.local
        is_linked = self.reads_amendments and cause.amendment
        return DecisionView(
            cause=cause,
            said=self.work.messages.gettext(VERDICTS[cause.verdict], number=cause.amendment or "", cause=""),
            at=local(cause.decided_at),
            filed_at=local(cause.filed_at) if cause.filed_at else None,
            vote=_vote(cause.vote, self.work.messages) if cause.vote else "",
            href=self.work.url_for("amendment", **self.at, number=cause.amendment) if is_linked else "",
        )

    def _promise(self, commitment: Commitment) -> PromiseView:
        return filled(
            PromiseView,
            commitment,
            organisation=commitment.organisation.name,
            status=commitment.status.value,
            state=self.work.messages.gettext(STATUSES[commitment.status]),
            reports=[report_line(report, self.found.forum, self.work) for report in commitment.reports[-1:]],
            href=self.work.url_for("commitments", forum=self.found.place.forum) + f"#c-{commitment.number}",
        )

    def _origins(self, block: UUID) -> Iterator[ParagraphOrigin]:
        """The recommendations that the reader may read."""
        for link in self.origins.get(block, ()):
            if may_read_recommendation(self.work.actor, self.found.forum, link.recommendation):
                yield paragraph_origin(link, self.work, self.found.forum.slug)


def report_line(report: CommitmentReport, forum: Forum, work: Work) -> ReportLine:
    """A report as pages show it."""
    at = {"forum": forum.slug, "commitment_id": report.commitment_id, "number": report.number}
    return filled(
        ReportLine,
        report,
        state=work.messages.gettext(STATUSES[report.status]),
        file=work.url_for("commitment_evidence", **at) if report.file_name else "",
    )


def _label(acts: Sequence[TextAct], messages: Messages) -> str:
    """What the paragraph stands on last, in a few words."""
    if not acts:
        return messages.gettext(N_("Where it comes from"))
    last = acts[-1]
    numbers = [str(decision.amendment) for decision in last.decisions if decision.amendment]
    if numbers:
        named = messages.ngettext(
            "Amendment %(numbers)s", "Amendments %(numbers)s", len(numbers), numbers="%(numbers)s"
        )
        return named % {"numbers": messages.listed(numbers)}
    return messages.gettext(_LABELS.get(last.cause, CAUSES[last.cause]))


def _vote(vote: VoteFigures, messages: Messages) -> str:
    abstentions = messages.ngettext("%(count)s abstention", "%(count)s abstentions", vote.abstain, count=vote.abstain)
    return messages.gettext(
        "%(yes)s yes, %(no)s no, %(abstentions)s", yes=vote.yes, no=vote.no, abstentions=abstentions
    )


def _difference(before: str, after: str, language: Language, numbers: Mapping[str, str]) -> Markup:
    """The new words with what came and what went marked."""
    return rendered(diff_html(_rows(before, after, language), language=language, numbers=numbers))


@lru_cache(maxsize=1_024)
def _rows(before: str, after: str, language: Language) -> tuple[DiffRow, ...]:
    def document(words: str) -> Document:
        return Document((Block("", BlockKind.PARAGRAPH, words),) if words else (), language)

    return diff_rows(document(before), document(after))
