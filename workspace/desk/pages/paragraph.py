"""One paragraph with all that is known about it: its languages, where it came from, how it changed, what is said."""

from collections.abc import Collection, Iterator, Mapping, Sequence
from datetime import datetime
from functools import cached_property, lru_cache
from itertools import pairwise
from uuid import UUID

import sqlalchemy as sa
from litestar import Controller
from markupsafe import Markup
from msgspec import Struct
from msgspec.structs import replace
from sqlalchemy.orm import joinedload

from drafts.diff.blame import BlamedRun, blame
from drafts.diff.side_by_side import DiffRow, diff_rows
from drafts.languages.staleness import EdgeKind
from drafts.render.inline_html import inline_html
from drafts.text.blocks import Block, BlockKind, Document, Language
from workspace.amendments.domain import queries as filed
from workspace.amendments.domain.models import Amendment, Decision
from workspace.amendments.labels import ParagraphLabels
from workspace.amendments.service import AmendmentService
from workspace.amendments.views.amendment import (
    AmendmentView,
    AmendmentViewBuilder,
    DispositionLabel,
    compared,
    label_of,
    passages_in,
)
from workspace.amendments.views.decisions import decision_with_undoing
from workspace.comments.quotes import marked
from workspace.comments.views import Discussion, paragraph_discussion
from workspace.consultation.pages.adopted_texts import Misquote, misquotes
from workspace.core.errors import NotFound, existing
from workspace.core.shapes import filled
from workspace.core.storage.db import Db
from workspace.core.validation import id_or_none
from workspace.declarations.domain import queries
from workspace.declarations.domain.models import (
    Edge,
    Head,
    Provenance,
    ProvenanceKind,
    Revision,
    RevisionBlock,
    RevisionCause,
    TextVersion,
)
from workspace.declarations.domain.queries import BlockRow
from workspace.declarations.frame import Frame, ReadableFrame
from workspace.desk.pages import block_html
from workspace.desk.pages.history import CAUSES
from workspace.desk.pages.parallel_text import ParagraphLink, ParagraphRow, RowBuilder, TextCell
from workspace.desk.rights import Rights, rights
from workspace.recommendations.pages.usage import source_address
from workspace.translations.domain.suggestions import SuggestionService
from workspace.web.http.guards import READ_THE_TEXT
from workspace.web.http.request_context import FromPath, Work
from workspace.web.i18n.marking import N_
from workspace.web.i18n.messages import LANGUAGES
from workspace.web.pages import Page, shows
from workspace.web.text_html import VERBATIM, rendered

ANSWERED: Mapping[EdgeKind, str] = {
    EdgeKind.TRANSLATED: N_("Translated from the text in %(languages)s"),
    EdgeKind.CONFIRMED: N_("Confirmed beside the text in %(languages)s"),
}
LETTERS = "abcdefghijklmnopqrstuvwxyz"
KEPT = 1_024  # comparisons of two texts that stay in memory
NEWEST = 6  # texts of a language that a page shows unless it is asked for all


class WordingVersion(Struct, frozen=True):
    """One text of the paragraph: who wrote it when, why, and how it differs from the one before.

    `cause` is a verdict's name, "answer" for a translation, or the cause of its first revision.
    """

    language: Language
    html: Markup
    by: str
    at: datetime
    cause: str
    why: Sequence[str]
    reasons: Sequence[str]
    revision: int | None
    is_in_force: bool


class WordingHistory(Struct, frozen=True):
    """The texts of one language, newest first; `older` are not among them."""

    texts: Sequence[WordingVersion]
    older: int


class Phrase(Struct, frozen=True):
    """Neighbouring words that one text brought; `key` names its `PhraseSource`."""

    key: str
    html: Markup


class PhraseSource(Struct, frozen=True):
    """A text that some words of the last one came with: when, by which decision, at whose proposal."""

    key: str
    why: Sequence[str]
    by: str
    proposed_by: str
    at: datetime
    revision: int | None


class Blame(Struct, frozen=True):
    """The text in force in one language, phrase by phrase."""

    language: Language
    phrases: Sequence[Phrase]
    sources: Sequence[PhraseSource]


class _First(Struct, frozen=True):
    """The revision in which a text stood for the first time."""

    id: UUID
    number: int
    cause: RevisionCause


class WordingHistoryBuilder:
    """Reads how one paragraph came about, in a fixed number of queries."""

    def __init__(self, db: Db, found: Frame, work: Work, block_id: UUID, amendments: Sequence[Amendment]) -> None:
        self.db = db
        self.found = found
        self.work = work
        self.block_id = block_id
        self.amendments = {amendment.id: amendment for amendment in amendments}  # those that the reader may read

    def wordings(self, kind: BlockKind, passages: ParagraphLabels, *, every: bool) -> Mapping[Language, WordingHistory]:
        """The texts of the paragraph by language."""
        found = {}
        for language, versions in self._by_language.items():
            newest = list(reversed(versions))
            chosen = newest if every else newest[:NEWEST]
            labels = passages.in_language(language)
            before = dict(pairwise(newest))
            texts = [self._wording(version, before.get(version), kind, labels) for version in chosen]
            found[language] = WordingHistory(texts, len(newest) - len(texts))
        return found

    def blame(self, kind: BlockKind, languages: Collection[Language]) -> Sequence[Blame]:
        """Who put each phrase there, for each of these languages that has words in a row.

        Of a paragraph that is no longer in the text, those it had last.
        """
        if kind in VERBATIM:  # no words in a row, and so no phrases
            return ()
        last = {language: versions[-1] for language, versions in self._by_language.items()}
        in_force = {version.language: version for key in self._in_force if (version := self._versions.get(key))}
        return [
            self._blamed(language, self._steps(step))
            for language, step in sorted((in_force or last).items(), key=lambda found: LANGUAGES.index(found[0]))
            if language in languages
        ]

    def _steps(self, step: TextVersion) -> Sequence[TextVersion]:
        """How these words came about, oldest first: without what was undone meanwhile."""
        found = [step]
        while step.predecessor_id is not None:
            step = self._versions[step.predecessor_id]
            found.append(step)
        return found[::-1]

    def _blamed(self, language: Language, versions: Sequence[TextVersion]) -> Blame:
        runs = _runs(tuple(version.content for version in versions))
        brought = sorted({run.version for run in runs})
        keys = {version: LETTERS[at % 26] * (at // 26 + 1) for at, version in enumerate(brought)}  # a to z, aa, bb …
        phrases = [Phrase(keys[run.version], rendered(inline_html(run.text, language=language))) for run in runs]
        return Blame(language, phrases, [self._source(keys[place], versions[place]) for place in brought])

    def _source(self, key: str, version: TextVersion) -> PhraseSource:
        first = self._pinned.get(version.id)
        movers = filter(None, map(self._proposer, self._behind(version)))
        return PhraseSource(
            key=key,
            why=self._why(version),
            by=version.author.name if version.author else "",
            proposed_by=self.work.messages.listed(dict.fromkeys(movers)),
            at=self.found.forum.local(version.made_at),
            revision=first.number if first else None,
        )

    def _proposer(self, decision: Decision) -> str:
        """Whose proposal a decision took, as far as the reader may know."""
        amendment = self.amendments.get(decision.amendment_id) if decision.amendment_id else None
        if amendment is None:
            return decision.moved_by
        return amendment.organisation.name if amendment.organisation else amendment.proposer.name

    def _wording(
        self, version: TextVersion, before: TextVersion | None, kind: BlockKind, passages: ParagraphLabels
    ) -> WordingVersion:
        first = self._pinned.get(version.id)
        return WordingVersion(
            language=version.language,
            html=_difference(version, before, kind, passages),
            by=version.author.name if version.author else "",
            at=self.found.forum.local(version.made_at),
            cause=self._cause(version),
            why=self._why(version),
            reasons=[decision.reason for decision in self._behind(version) if decision.reason],
            revision=first.number if first else None,
            is_in_force=version.id in self._in_force,
        )

    def _why(self, version: TextVersion) -> Sequence[str]:
        """The decisions that gave the paragraph these words, or what the revision was made for."""
        say = self.work.messages.gettext
        if version.id in self._answers:
            return self._answers[version.id]
        decided = [decision_with_undoing(decision, self.work.messages) for decision in self._behind(version)]
        first = self._pinned.get(version.id)
        return decided or ([say(CAUSES[first.cause])] if first else [])

    def _cause(self, version: TextVersion) -> str:
        if version.id in self._answers:
            return "answer"
        verdicts = [decision.verdict.value for decision in self._behind(version)]
        first = self._pinned.get(version.id)
        return next(iter(verdicts), first.cause.value if first else "")

    def _behind(self, version: TextVersion) -> Sequence[Decision]:
        first = self._pinned.get(version.id)
        behind = self._decisions.get(first.id, ()) if first and version.id not in self._answers else ()
        return [decision for decision in behind if decision.language is version.language] or behind

    @cached_property
    def _versions(self) -> Mapping[UUID | None, TextVersion]:
        here = sa.select(TextVersion).where(TextVersion.block_id == self.block_id).order_by(TextVersion.sequence)
        return {version.id: version for version in self.db.scalars(here.options(joinedload(TextVersion.author)))}

    @cached_property
    def _in_force(self) -> Collection[UUID]:
        return self.db.scalars(sa.select(Head.text_version_id).where(Head.block_id == self.block_id)).all()

    @cached_property
    def _by_language(self) -> Mapping[Language, Sequence[TextVersion]]:
        versions = self._versions.values()
        found = {language: [version for version in versions if version.language is language] for language in LANGUAGES}
        return {language: texts for language, texts in found.items() if texts}

    @cached_property
    def _pinned(self) -> Mapping[UUID, _First]:
        """The first revision in which each text stood."""
        rows = self.db.execute(
            sa.select(Revision.id, Revision.number, Revision.cause)
            .add_columns(RevisionBlock.es_id, RevisionBlock.en_id, RevisionBlock.fr_id)
            .join(Revision, Revision.id == RevisionBlock.revision_id)
            .where(Revision.declaration_id == self.found.declaration.id, RevisionBlock.block_id == self.block_id)
            .order_by(Revision.number)
        )
        found: dict[UUID, _First] = {}
        for revision, number, cause, *texts in rows:
            for text in texts:
                if text is not None:
                    found.setdefault(text, _First(revision, number, cause))
        return found

    @cached_property
    def _answers(self) -> Mapping[UUID, list[str]]:
        """What each text was made from, as sentences."""
        made: dict[tuple[UUID, EdgeKind], list[Language]] = {}
        statement = sa.select(Edge.kind, Edge.source_id, Edge.target_id).where(Edge.block_id == self.block_id)
        for kind, source, target in self.db.execute(statement.order_by(Edge.sequence)):
            if kind in ANSWERED:
                made.setdefault((target, kind), []).append(self._versions[source].language)
        found: dict[UUID, list[str]] = {}
        for (target, kind), sources in made.items():
            names = self.work.messages.listed(map(self.work.messages.language_name, dict.fromkeys(sources)))
            found.setdefault(target, []).append(self.work.messages.gettext(ANSWERED[kind], languages=names))
        return found

    @cached_property
    def _decisions(self) -> Mapping[UUID | None, Sequence[Decision]]:
        """The decisions on the paragraph that gave words to a revision, by revision."""
        on_none = sa.and_(Decision.amendment_id.is_(None), Decision.block_id == self.block_id)
        is_here = sa.or_(on_none, Decision.amendment_id.in_(list(self.amendments)))
        every = filed.select_decisions(self.found.declaration, is_sought=False)
        taken = filed.landed_later(self.db, self.found.declaration.id)
        statement = every.where(sa.or_(Decision.revision_id.is_not(None), Decision.number.in_(taken)), is_here)
        found: dict[UUID | None, list[Decision]] = {}
        for decision in self.db.scalars(statement).unique():
            for revision_id in taken.get(decision.number) or [decision.revision_id]:
                found.setdefault(revision_id, []).append(decision)
        return found


def _difference(version: TextVersion, before: TextVersion | None, kind: BlockKind, labels: ParagraphLabels) -> Markup:
    """A text compared with the one before it, or as it is if it is the first."""
    new = Block(str(version.block_id), kind, version.content)
    if before is None:
        return labels.html(new)
    return compared(_rows(Block(new.id, kind, before.content), new, version.language), labels)


@lru_cache(maxsize=KEPT)
def _rows(old: Block, new: Block, language: Language) -> tuple[DiffRow, ...]:
    """How one text differs from the other: neither ever changes, so it is found out once."""
    return diff_rows(Document((old,), language), Document((new,), language))


@lru_cache(maxsize=KEPT)
def _runs(texts: tuple[str, ...]) -> tuple[BlamedRun, ...]:
    """Who put each word there; the same."""
    return blame(texts)


class ParagraphOrigin(Struct, frozen=True):
    """A recommendation that the paragraph came from, and where it stands in the notes of its session."""

    number: int
    text: str
    language: str
    session: str  # or the organisation that sent it in
    is_sent_in: bool
    href: str
    register: str  # its own page
    section: str
    line: int | None
    is_partly: bool
    note: str


def paragraph_origin(link: Provenance, work: Work, forum: str) -> ParagraphOrigin:
    said = link.recommendation
    return filled(
        ParagraphOrigin,
        said,
        session=said.origin_in(work.language),
        is_sent_in=said.session_id is None and said.taken_from is None,
        href=source_address(work, forum, said),
        register=work.url_for("recommendation", forum=forum, number=said.number),
        is_partly=link.kind is ProvenanceKind.PARTLY,
        note=link.note,
    )


class DecidedAmendment(Struct, frozen=True):
    """An amendment that is decided: its number, whose it was, and what became of it."""

    number: int
    href: str
    who: str
    state: DispositionLabel


class ParagraphPage(Page, frozen=True, kw_only=True):
    paragraph: ParagraphRow
    may: Rights
    origins: Sequence[ParagraphOrigin]
    misquotes: Sequence[Misquote]
    wordings: Mapping[Language, WordingHistory]
    blame: Sequence[Blame]
    open_amendments: Sequence[AmendmentView]
    decided_amendments: Sequence[DecidedAmendment]
    talk: Discussion
    before: ParagraphLink | None
    after: ParagraphLink | None


class BesidePage(Page, frozen=True, kw_only=True):
    """What stands beside a paragraph of the text, as a part of the page that is being read."""

    paragraph: ParagraphRow
    may: Rights
    origins: Sequence[ParagraphOrigin]
    blame: Sequence[Blame]
    open_amendments: Sequence[AmendmentView]
    talk: Discussion
    link: str  # to the paragraph, whatever becomes of it
    revision: int
    pinned: str  # to what it says in this revision; "" for whoever may not read those


class ParagraphPages(Controller):
    """Paragraphs, one by one."""

    path = "/{forum:str}/{declaration:str}/paragraphs"

    @shows("desk/paragraph.html", "/{block_id:str}", name="paragraph", policy=READ_THE_TEXT)
    def paragraph(self, db: Db, work: Work, found: ReadableFrame, block_id: FromPath[str]) -> ParagraphPage:
        """A paragraph of the text in force; with `?texts=all`, every text that it ever had."""
        every = work.request.query_params.get("texts") == "all"
        return _Builder(db, found, work, block_id).page(every=every)

    @shows("desk/beside.html", "/{block_id:str}/beside", name="beside", policy=READ_THE_TEXT)
    def beside(self, db: Db, work: Work, found: ReadableFrame, block_id: FromPath[str]) -> BesidePage:
        """The same for the margin of the text: no page of its own, and only the languages in `?text=`."""
        return _Builder(db, found, work, block_id, work.texts(*LANGUAGES)).beside()


class _Builder:
    """Reads everything about one paragraph, in a fixed number of queries. Raises `NotFound`."""

    def __init__(
        self, db: Db, found: Frame, work: Work, block_id: str, languages: Sequence[Language] = LANGUAGES
    ) -> None:
        key = existing(id_or_none(block_id), "block", block_id)
        self.db = db
        self.found = found
        self.work = work
        self.key = key
        self.may = rights(work.actor, found.declaration)
        service = AmendmentService(db)
        self.amendments = service.at_block(found.declaration, key, actor=work.actor)
        self.settled = service.settled_at_block(found.declaration, key, actor=work.actor)
        texts = {key, *_concerned(self.amendments)}
        self.rows = queries.shown_rows(db, found.declaration, only=texts)
        self.at = next((place for place, row in enumerate(self.rows) if row.block_id == key), -1)
        if self.at < 0:
            raise NotFound(what="block", id=block_id)
        self.builder = RowBuilder(work, found.declaration, forum=found.forum.slug, languages=languages, may=self.may)
        self.passages = passages_in(self.rows, self.row.original_language, work, found)
        self.wording = WordingHistoryBuilder(db, found, work, key, [*self.amendments, *self.settled])

    @property
    def row(self) -> BlockRow:
        return self.rows[self.at]

    def page(self, *, every: bool) -> ParagraphPage:
        talk = paragraph_discussion(self.db, self.found, self.row, work=self.work)
        reads = self.may.read_history
        return ParagraphPage(
            place=self.found.place,
            here="reading",
            paragraph=self._with_words_marked(self._paragraph(), talk),
            may=self.may,
            origins=self._origins(self.key),
            misquotes=misquotes(self.db, self.found.forum, [self.row]),
            wordings=self.wording.wordings(self.row.kind, self.passages, every=every) if reads else {},
            blame=self.wording.blame(self.row.kind, LANGUAGES) if reads else (),
            open_amendments=self._open(),
            decided_amendments=[self._settled(amendment) for amendment in self.settled],
            talk=talk,
            before=self.builder.link(self.rows, self.at - 1),
            after=self.builder.link(self.rows, self.at + 1),
        )

    def beside(self) -> BesidePage:
        shown = self.builder.languages
        return BesidePage(
            place=self.found.place,
            paragraph=self._paragraph(),
            may=self.may,
            origins=self._origins(self.key),
            blame=self.wording.blame(self.row.kind, shown) if self.may.read_history else (),
            open_amendments=self._open(),
            talk=paragraph_discussion(self.db, self.found, self.row, work=self.work),
            link=self._link(None),
            revision=self.found.declaration.head.number,
            pinned=self._link(self.found.declaration.head.number) if self.may.read_history else "",
        )

    def _paragraph(self) -> ParagraphRow:
        return self.builder.single(self.db, self.rows, self.at)

    def _link(self, revision: int | None) -> str:
        """The paragraph in the text, now or in one revision."""
        here = {"forum": self.found.forum.slug, "declaration": self.found.declaration.slug}
        return f"{self.work.url_for('reading', **here, revision=revision)}#b-{self.key}"

    def _open(self) -> Sequence[AmendmentView]:
        prepared = SuggestionService(self.db).prepared(self.found.declaration, actor=self.work.actor)
        builder = AmendmentViewBuilder(self.work, self.found, self.passages, prepared=prepared)
        return [builder.line(amendment) for amendment in self.amendments]

    def _settled(self, amendment: Amendment) -> DecidedAmendment:
        standing = label_of(amendment.disposition, is_modified=amendment.is_modified)
        here = {"forum": self.found.forum.slug, "declaration": self.found.declaration.slug}
        return DecidedAmendment(
            number=amendment.number,
            href=self.work.url_for("amendment", **here, number=amendment.number),
            who=amendment.organisation.name if amendment.organisation else amendment.proposer.name,
            state=replace(standing, words=self.work.messages.gettext(standing.words), name=amendment.disposition.value),
        )

    def _origins(self, block_id: UUID) -> Sequence[ParagraphOrigin]:
        if not self.may.read_sources:
            return ()
        links = queries.sources(self.db, self.found.declaration, block_id).get(block_id, ())
        return [paragraph_origin(link, self.work, self.found.forum.slug) for link in links]

    def _with_words_marked(self, paragraph: ParagraphRow, talk: Discussion) -> ParagraphRow:
        """The paragraph with the words marked that open conversations are about."""
        row, numbered = self.row, self.passages.numbers

        def label(number: int) -> str:
            return self.work.messages.gettext("comment %(number)s", number=number)

        def shown_in(cell: TextCell) -> TextCell:
            def write(text: str) -> Markup:
                return block_html.block_text_html(replace(row.block(cell.language), text=text), cell.language, numbered)

            spoken = talk.spoken.get(cell.language, ())
            return replace(cell, html=marked(row.content(cell.language), spoken, write, label)) if spoken else cell

        return replace(paragraph, cells=[shown_in(cell) for cell in paragraph.cells])


def _concerned(amendments: Sequence[Amendment]) -> Iterator[UUID]:
    """The blocks that these amendments speak of, which may be others than the one they were found by."""
    for amendment in amendments:
        for version in amendment.versions:
            for record in version.changes:
                yield from filter(None, (record.block_id, id_or_none(record.change.get("after") or "")))
