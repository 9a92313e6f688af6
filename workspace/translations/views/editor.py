"""One text on the translator's bench: its sources, what changed since, and a save that came too late."""

from collections.abc import Mapping, Sequence
from datetime import date, datetime
from uuid import UUID

import sqlalchemy as sa
from markupsafe import Markup
from msgspec import Struct

from drafts.checks import Severity, Term
from drafts.checks.changes import SubstanceKind, substance_changes
from drafts.checks.checked_text import checked_text
from drafts.checks.glossary import stretches
from drafts.languages.staleness import State
from drafts.languages.translation_memory import Match, MatchKind
from drafts.text.blocks import BlockKind, Language, canonical
from drafts.text.numbering import printed, references
from workspace.amendments.domain.models import Amendment, Decision, Disposition, Verdict
from workspace.amendments.domain.policy import may_read
from workspace.amendments.domain.queries import select_changing
from workspace.core.actor import Actor
from workspace.core.shapes import filled
from workspace.core.storage.db import Db
from workspace.declarations.domain import queries
from workspace.declarations.domain.models import Declaration
from workspace.declarations.domain.queries import BlockRow, TextValue
from workspace.declarations.labels import names_of
from workspace.translations.domain import policy
from workspace.translations.domain.changes_since import ChangesSince, ChangesSinceService, ParagraphShape
from workspace.translations.domain.checks import OF_ONE_TEXT, TextCheckService, TextFinding
from workspace.translations.domain.memories import MemoryRecorder, RecalledSegment, SegmentCitation
from workspace.translations.domain.models import ReviewVerdict
from workspace.translations.domain.queries import BlockStanding
from workspace.translations.domain.service import TranslationService
from workspace.translations.domain.suggestions import SuggestionService, wording_of
from workspace.translations.domain.work import ReviewService, TaskService, whose
from workspace.translations.labels import STATE_LABELS, TextStateLabel
from workspace.translations.views.overview import TranslationLinks
from workspace.web.i18n.marking import N_
from workspace.web.i18n.messages import Messages
from workspace.web.refusals.check_sentences import SEVERITIES, said
from workspace.web.text_html import compared_html

_SENTENCES: Mapping[Verdict, str] = {
    Verdict.ADOPT: N_("Amendment %(number)s by %(proposer)s, adopted on %(day)s"),
    Verdict.ADOPT_MODIFIED: N_("Amendment %(number)s by %(proposer)s, adopted as modified on %(day)s"),
}
_WEIGHTY: Mapping[SubstanceKind, str] = {
    SubstanceKind.NUMBERS: N_("Numbers"),
    SubstanceKind.DATES: N_("Dates"),
    SubstanceKind.MODALS: N_("Obligations and permissions"),
    SubstanceKind.TERMS: N_("Agreed terms"),
}
_RENUMBERED = N_("Renumbered: %(before)s, now %(now)s.")
_SPLIT_FROM = N_("Split from: %(paragraph)s")
_SPLIT_INTO = N_("Its end is now: %(paragraph)s")
_JOINED = N_("Joined with: %(paragraph)s")
_EDITED = N_("Edited by the committee on %(day)s: %(reason)s")


class SourceText(Struct, frozen=True):
    """A text beside the translation. `html` shows its changes since the translation agreed with it, if any."""

    language: Language
    html: Markup
    state_label: TextStateLabel
    version: UUID
    is_original: bool
    is_chosen: bool


class SaveConflict(Struct, frozen=True):
    """Three views of one text: what was written here, what is in force by now, and what both started from."""

    yours: Markup
    now: Markup
    started: Markup
    by: str
    at: datetime


class PlaceChange(Struct, frozen=True):
    """What became of the paragraph's place, in a sentence; the other paragraph it names, if that is still there."""

    kind: str
    said: str
    other: UUID | None = None


class EditorModel(Struct, frozen=True):
    """Everything that is known of one text and its sources."""

    kind: BlockKind
    source: Language
    state: State
    state_label: TextStateLabel
    text: str
    html: Markup
    expected: str
    sources: Sequence[SourceText]
    since: datetime | None
    before: UUID | None  # the original that the translation agreed with, where it is another by now
    decisions: Sequence[str]
    shape: Sequence[PlaceChange]  # what became of its place: another number, a split, a join
    weighty: Sequence[tuple[str, Sequence[str], Sequence[str]]]  # what changed in substance, by kind: before, after
    has_references: bool
    absent: str


class EditorModelBuilder:
    """Lays one block out for one language, in a fixed number of queries."""

    def __init__(
        self, translations: TranslationService, declaration: Declaration, block_id: UUID, language: Language
    ) -> None:
        self.translations = translations
        self.declaration = declaration
        self.language = language
        self.standing: BlockStanding = translations.standing(declaration, block_id)
        self.row: BlockRow = self.standing.row
        self.text = queries.text_in_force(translations.db, declaration)

    def bench(self, messages: Messages, *, chosen: Sequence[Language] = ()) -> EditorModel:
        """`chosen` are the sources that the translator has ticked; at first the original alone."""
        state = self.standing.states[self.language]
        head = self.row.texts.get(self.language)
        since = ChangesSinceService(self.translations.db).since(self.declaration, self.row, self.language, state)
        before = since.before
        absence = queries.absences(self.translations.db, self.declaration).get((self.row.block_id, self.language))
        return EditorModel(
            kind=self.row.kind,
            source=self.row.original_language,
            state=state,
            state_label=STATE_LABELS[state],
            text=head.content if head else "",
            html=self._shown(self.row.content(self.language), "text"),
            expected=str(head.id) if head else "",
            sources=self._sources(since, chosen or [self.row.original_language]),
            since=before.made_at if before else None,
            before=before.id if before else None,
            decisions=[_decision_sentence(decision, messages) for decision in since.decisions],
            shape=self._shaped(since.shape, messages),
            weighty=self._weighty(before, messages),
            has_references=bool(references(self.row.original().text)),
            absent=absence.reason if absence else "",
        )

    def clash(self, words: str, started: UUID | None) -> SaveConflict | None:
        """What `words`, written over `started`, meet; None when nobody else has saved meanwhile."""
        head = self.row.texts.get(self.language)
        if head is None or head.id == started:
            return None
        before = self.translations.version(self.row, self.language, started).content if started else ""
        yours = canonical(words, kind=self.row.kind)
        return SaveConflict(
            yours=self._compared(before, yours, self.language, "yours"),
            now=self._compared(before, head.content, self.language, "now"),
            started=self._shown(before, "started"),
            by=queries.author_name(self.translations.db, head),
            at=head.made_at,
        )

    def _shaped(self, shape: ParagraphShape, messages: Messages) -> list[PlaceChange]:
        now = names_of(self.text.rows, messages)
        names = {**names_of(shape.then, messages), **now}
        turns = []
        if shape.is_renumbered:
            before, after = (printed(number, messages.language) for number in (shape.number_then, shape.number_now))
            turns.append(PlaceChange("renumbered", messages.gettext(_RENUMBERED, before=before, now=after)))
        branches = (
            ("split_from", _SPLIT_FROM, [shape.split_from] if shape.split_from else []),
            ("split_into", _SPLIT_INTO, shape.split_into),
            ("joined", _JOINED, shape.joined),
        )
        for kind, sentence, blocks in branches:
            turns += [
                PlaceChange(kind, messages.gettext(sentence, paragraph=names[block]), block if block in now else None)
                for block in blocks
                if block in names
            ]
        return turns

    def _weighty(self, before: TextValue | None, messages: Messages) -> list[tuple[str, Sequence[str], Sequence[str]]]:
        if before is None:
            return []
        language = self.row.original_language
        terms = TextCheckService(self.translations.db).rules(self.declaration).house.terms
        found = substance_changes(before.content, self.row.content(language), language, terms)
        return [(messages.gettext(_WEIGHTY[change.weight]), change.before, change.after) for change in found]

    def _sources(self, since: ChangesSince, chosen: Sequence[Language]) -> list[SourceText]:
        original = self.row.original_language
        earlier = {**since.counterparts, **({original: since.before} if since.before else {})}
        others = sorted(
            self.row.texts.keys() - {self.language}, key=lambda language: (language is not original, language)
        )
        return [
            SourceText(
                language=language,
                html=self._compared(
                    earlier[language].content if language in earlier else self.row.content(language),
                    self.row.content(language),
                    language,
                    f"source-{language}",
                ),
                state_label=STATE_LABELS[self.standing.states[language]],
                version=self.row.texts[language].id,
                is_original=language is original,
                is_chosen=language in chosen,
            )
            for language in others
        ]

    def _shown(self, text: str, name: str) -> Markup:
        return self._compared(text, text, self.language, name)

    def _compared(self, old: str, new: str, language: Language, name: str) -> Markup:
        """`new` with what it changes against `old`, as safe HTML without number or mark."""
        numbers, kind = self.text.numbers, self.row.kind
        return compared_html((old, new), language, numbers, anchor="on-bench-", name=name, kind=kind)


def _decision_sentence(decision: Decision, messages: Messages) -> str:
    day = messages.date(decision.decided_at.date())
    amendment = decision.amendment
    if amendment is None:
        return messages.gettext(_EDITED, day=day, reason=decision.reason)
    sponsor = amendment.organisation.name if amendment.organisation else amendment.proposer.name
    sentence = _SENTENCES.get(decision.verdict, _SENTENCES[Verdict.ADOPT])
    return messages.gettext(sentence, number=amendment.number, proposer=sponsor, day=day)


_KINDS: Mapping[MatchKind, str] = {MatchKind.CONTEXT: N_("identical, same place"), MatchKind.EXACT: N_("identical")}
_CITED = N_("%(declaration)s, paragraph %(number)s")
_UNDECIDED = frozenset({Disposition.OPEN, Disposition.PARTLY, Disposition.REFERRED})


class MemoryLine(Struct, frozen=True):
    """A segment of the memory: how alike, its source with what differs marked, its translation, where it is from."""

    alike: str
    source: Markup
    target: str
    cited: str


class TermLine(Struct, frozen=True):
    """A term of the paragraph: its wordings by language, those ruled out in this one, and how the source has it."""

    wordings: Mapping[Language, Sequence[str]]
    forbidden: Sequence[str]


class PendingSuggestion(Struct, frozen=True):
    """Words that wait beside the text: by whom, out of which file, for which amendment ("" and 0 for none)."""

    id: UUID
    content: str
    by: str
    origin: str
    amendment: int


class RelatedAmendment(Struct, frozen=True):
    """An amendment that the bench has to do with: one left to the translators, or one that is tabled."""

    number: int
    language: Language
    wording: str
    href: str


class ReviewOpinion(Struct, frozen=True):
    """What a second translator said of the text."""

    is_approved: bool
    by: str
    at: datetime
    note: str


class EditorSidebar(Struct, frozen=True):
    """Everything beside the text; `task` and `claimed_by` are names, "" for nobody."""

    memory: Sequence[MemoryLine]
    terms: Sequence[TermLine]
    suggestions: Sequence[PendingSuggestion]
    handed_over: Sequence[RelatedAmendment]
    tabled: Sequence[RelatedAmendment]
    opinion: ReviewOpinion | None
    may_review: bool
    task: str
    due_on: date | None
    claimed_by: str


def editor_sidebar(
    db: Db, declaration: Declaration, row: BlockRow, language: Language, ways: TranslationLinks
) -> EditorSidebar:
    """A fixed number of queries. What is for translators only stays empty for others."""
    actor, messages = ways.work.actor, ways.work.messages
    is_translator = policy.may_translate(actor, declaration, language)
    tasks = TaskService(db)
    task = whose(tasks.assignments(declaration), row.block_id, language)
    claim = tasks.claims(declaration).get((row.block_id, language))
    said = ReviewService(db).reviews(declaration, [row]).get((row.block_id, language))
    head = row.texts.get(language)
    wishes = _wishes(db, declaration, row, ways) if is_translator else []
    pending = SuggestionService(db).pending(declaration).get((row.block_id, language), ()) if is_translator else ()
    numbers = _numbers(db, [suggestion.amendment_id for suggestion in pending if suggestion.amendment_id])
    return EditorSidebar(
        memory=_memory(db, declaration, row, language, messages) if is_translator else (),
        terms=_terms(db, declaration, row, language),
        suggestions=[
            filled(
                PendingSuggestion,
                suggestion,
                by=suggestion.made_by.name if suggestion.made_by else "",
                amendment=numbers.get(suggestion.amendment_id, 0) if suggestion.amendment_id else 0,
            )
            for suggestion in pending
        ],
        handed_over=[wish for wish, of in wishes if of is Disposition.HANDED_OVER and wish.language is language],
        tabled=[wish for wish, of in wishes if of in _UNDECIDED and wish.language is not language],
        opinion=ReviewOpinion(
            is_approved=said.verdict is ReviewVerdict.APPROVED,
            by=said.reviewed_by.name if said.reviewed_by else "",
            at=said.reviewed_at,
            note=said.note,
        )
        if said
        else None,
        may_review=head is not None and policy.may_review(actor, declaration, language, head.author_id),
        task=task.person.name if task else "",
        due_on=task.due_on if task else None,
        claimed_by=claim.person.name if claim and claim.person_id != actor.person_id else "",
    )


def _numbers(db: Db, amendments: Sequence[UUID]) -> Mapping[UUID, int]:
    if not amendments:
        return {}
    return {
        amendment.id: amendment.number
        for amendment in db.scalars(sa.select(Amendment).where(Amendment.id.in_(amendments)))
    }


def _memory(
    db: Db, declaration: Declaration, row: BlockRow, language: Language, messages: Messages
) -> list[MemoryLine]:
    found = MemoryRecorder(db, declaration).matches(row, language)
    return [_line(segment, row, language, messages, place) for place, segment in enumerate(found)]


def _line(hit: RecalledSegment, row: BlockRow, language: Language, messages: Messages, place: int) -> MemoryLine:
    source = row.original_language
    match: Match | None = hit.match
    alike = ""
    if match is not None:
        kind = _KINDS.get(match.kind)
        alike = messages.gettext(kind) if kind else messages.percent(match.score)
    texts = hit.segment.texts[source], row.content(source)
    return MemoryLine(
        alike=alike,
        source=compared_html(texts, source, {}, anchor=f"memory-{place}-", name="m"),
        target=hit.segment.texts[language],
        cited=cited(hit.citation, messages),
    )


def cited(citation: SegmentCitation, messages: Messages) -> str:
    """Where a segment comes from, in a few words."""
    if not citation.declaration:
        return citation.origin
    name = citation.name[messages.language]
    if not citation.number:
        return name
    return messages.gettext(_CITED, declaration=name, number=printed(citation.number, messages.language))


def _terms(db: Db, declaration: Declaration, row: BlockRow, language: Language) -> list[TermLine]:
    source = row.original_language
    text = checked_text(row.content(source), source)
    used: list[Term] = [
        term
        for term in TextCheckService(db).rules(declaration).house.terms
        if term.wordings(language) and stretches(term.wordings(source), text)
    ]
    return [
        TermLine({language: term.wordings(language) for language in Language}, term.forbidden.get(language, ()))
        for term in used
    ]


def _wishes(
    db: Db, declaration: Declaration, row: BlockRow, ways: TranslationLinks
) -> list[tuple[RelatedAmendment, Disposition]]:
    """The amendments that reword this paragraph and are open, or were left to the translators."""
    actor: Actor = ways.work.actor
    statement = (
        sa.select(Amendment)
        .where(
            Amendment.declaration_id == declaration.id,
            Amendment.id.in_(select_changing(row.block_id)),
            Amendment.disposition.in_((*_UNDECIDED, Disposition.HANDED_OVER)),
        )
        .order_by(Amendment.number)
    )
    found = []
    for amendment in db.scalars(statement):
        wording = wording_of(amendment, row.block_id) if may_read(actor, amendment) else None
        if wording is not None:
            href = ways.amendment(amendment.number)
            found.append((RelatedAmendment(amendment.number, amendment.language, wording, href), amendment.disposition))
    return found


_SEVERITY_MARKS = {Severity.ERROR: "bad", Severity.WARNING: "warn", Severity.INFO: ""}
_ORDER = list(Severity)
_WAIVED = N_("Accepted by %(name)s, %(day)s: %(reason)s")
_WAIVED_BY_NOBODY = N_("Accepted %(day)s: %(reason)s")


class FindingView(Struct, frozen=True):
    """One finding: how grave, what is the matter, the text mended where that is mechanical, who let it stand.

    `language` is that of the text it is said of, None where it is said of all three; `href` leads to where it is
    mended or let stand.
    """

    check: str
    severity: str
    kind: str
    message: str
    mended: str
    waived: str
    language: Language | None
    href: str
    is_in_original: bool = False


def finding_views(remarks: Sequence[TextFinding], row: BlockRow, ways: TranslationLinks) -> list[FindingView]:
    """The findings of one paragraph, the gravest first; what somebody let stand at the end."""
    messages = ways.work.messages
    ordered = sorted(
        remarks, key=lambda found: (found.is_waived, _ORDER.index(found.finding.severity), found.finding.check)
    )
    return [
        FindingView(
            check=found.finding.check,
            severity=messages.gettext(SEVERITIES[found.finding.severity]),
            kind=_SEVERITY_MARKS[found.finding.severity],
            message=said(found.finding, messages),
            mended=found.finding.fix or "" if found.source else "",
            waived=_waived(found, messages),
            language=found.language if found.source else None,
            href=ways.mend(row, found.language),
            is_in_original=found.source is None and found.finding.check in OF_ONE_TEXT,
        )
        for found in ordered
    ]


def _waived(remark: TextFinding, messages: Messages) -> str:
    waiver = remark.waiver
    if waiver is None:
        return ""
    day = messages.date(waiver.waived_at.date())
    if waiver.waived_by is None:
        return messages.gettext(_WAIVED_BY_NOBODY, day=day, reason=waiver.reason)
    return messages.gettext(_WAIVED, day=day, name=waiver.waived_by.name, reason=waiver.reason)
