"""One language of the whole text in step with its source, each paragraph to be written in its place."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from functools import lru_cache, partial
from uuid import UUID

from litestar import Controller, Response
from markupsafe import Markup
from msgspec import Struct, field

from drafts.formats.assembly import Authenticity
from drafts.text.blocks import Block, BlockKind, Language
from drafts.text.numbering import references
from workspace.core.actor import Actor
from workspace.core.errors import Invalid, NotFound, Stale
from workspace.core.storage.db import Db
from workspace.declarations.domain import queries
from workspace.declarations.domain.models import Declaration
from workspace.declarations.domain.queries import BlockRow
from workspace.declarations.frame import heading
from workspace.declarations.labels import Spot, excerpt, spots
from workspace.translations.domain import policy
from workspace.translations.domain.checks import TextCheckService, TextFinding
from workspace.translations.domain.concordance import (
    Answers,
    ConcordanceService,
    ParagraphConcordance,
    Seen,
    may_sign_off,
    texts_hash,
    to_sign,
)
from workspace.translations.domain.models import Concordance, SignOff
from workspace.translations.domain.queries import BlockStanding
from workspace.translations.domain.service import TranslationService
from workspace.translations.domain.work import ReviewService
from workspace.translations.labels import STATE_LABELS, TextStateLabel
from workspace.translations.views.editor import FindingView, finding_views
from workspace.translations.views.overview import TranslationLinks, Ways, language_named
from workspace.web.error_responses import STATUS
from workspace.web.http.guards import FOLLOW_THE_WORK
from workspace.web.http.request_context import FormBody, FromPath, FromQuery
from workspace.web.http.routing import get, post
from workspace.web.i18n.marking import N_
from workspace.web.pages import Page, PageOrRedirect, page, redirect, shows
from workspace.web.refusals.sentences import worded
from workspace.web.text_html import paragraph_html


class TextStep(Struct, frozen=True):
    """A paragraph beside its source. `told` only where something is to be done; `save` "" where nothing is written.

    `version` is the text that a new one replaces, `source` the one that it is made from.
    """

    spot: Spot
    source_language: Language
    source: str
    source_html: Markup
    words: str
    html: Markup
    version: str
    state_label: TextStateLabel | None
    is_original: bool
    is_approved: bool
    findings: Sequence[FindingView]
    bench: str
    save: str
    confirm: str


class WholePage(Page, frozen=True, kw_only=True):
    name: str
    reading: str
    overview: str
    text_language: Language
    steps: Sequence[TextStep]
    unfinished: int
    total: int
    only_unfinished: bool
    others: Sequence[tuple[Language, str]]


class WholeTextPages(Controller):
    """The whole text of one language beside what it is made from."""

    path = "/{forum:str}/{declaration:str}/translation/text"

    @shows("translations/whole.html", "/{text:str}", name="translation_text", policy=FOLLOW_THE_WORK)
    def whole(self, db: Db, ways: Ways, text: FromPath[str], only: FromQuery[str] = "") -> WholePage:
        """Every paragraph with its source; those that wait for a translator alone, with `?only=waiting`."""
        work, language = ways.work, language_named(text)
        found = ways.frame(db)
        standings = TranslationService(db).standings(found.declaration)
        rows = [standing.row for standing in standings]
        approved = ReviewService(db).approved(found.declaration, rows)
        side = _TargetSide(
            ways,
            language,
            queries.numbers_of(rows),
            TextCheckService(db).shown(found.declaration),
            may_write=policy.may_translate(work.actor, found.declaration, language),
        )
        named = {spot.block_id: spot for spot in spots(rows, work.messages)}
        steps = [
            side.step(standing, named[standing.row.block_id], is_approved=(standing.row.block_id, language) in approved)
            for standing in standings
        ]
        unfinished = [step for step in steps if step.state_label]
        return WholePage(
            **heading(found, "translation", work=work),
            reading=ways.reading(),
            overview=ways.overview(),
            text_language=language,
            steps=unfinished if only else steps,
            unfinished=len(unfinished),
            total=len(steps),
            only_unfinished=bool(only),
            others=[(choice, ways.whole(choice)) for choice in Language if choice is not language],
        )


class _TargetSide(Struct, frozen=True):
    """The language that is written, and how its paragraphs are shown."""

    ways: TranslationLinks
    language: Language
    numbers: Mapping[str, str]
    findings: Mapping[UUID, Sequence[TextFinding]]
    may_write: bool

    def step(self, standing: BlockStanding, spot: Spot, *, is_approved: bool) -> TextStep:
        row, state, language = standing.row, standing.states[self.language], self.language
        original, head = row.texts.get(row.original_language), row.texts.get(language)
        is_original = language is row.original_language
        may_write = self.may_write and not is_original and original is not None
        bench = self.ways.paragraph(row.block_id) if is_original else self.ways.translate(row.block_id, self.language)
        return TextStep(
            spot=spot,
            source_language=row.original_language,
            source=str(original.id) if original else "",
            source_html=paragraph_html(row.original(), row.original_language, self.numbers, "source"),
            words=head.content if head else "",
            html=paragraph_html(row.block(language), language, self.numbers, "target") if head else Markup(),
            version=str(head.id) if head else "",
            state_label=STATE_LABELS[state] if state.stops_publication else None,
            is_original=is_original,
            is_approved=is_approved,
            findings=finding_views(
                [finding for finding in self.findings.get(row.block_id, ()) if finding.concerns(language)],
                row,
                self.ways,
            ),
            bench=bench,
            save=bench if may_write else "",
            confirm=f"{bench}/confirmation" if may_write and head and state.stops_publication else "",
        )


_PARTS = frozenset({BlockKind.HEADING, BlockKind.ANNEX})
_NONE = "-"  # where a language has no text


class SigningColumn(Struct, frozen=True):
    """One language of a paragraph. `told` only where something is to be said; `href` leads to where it is mended."""

    language: Language
    html: Markup
    is_original: bool
    state_label: TextStateLabel | None
    href: str


class SignedBy(Struct, frozen=True):
    """Who signed, when, and for which languages; `name` is "" for somebody without one."""

    name: str
    at: datetime
    languages: Sequence[Language] = ()


class SigningParagraph(Struct, frozen=True):
    """A paragraph in three languages. `seen` is what its form sends: the block and the versions compared.

    `unsigned` are the languages that nobody answers for yet, where others are answered for.
    """

    spot: Spot
    columns: Sequence[SigningColumn]
    findings: Sequence[FindingView]
    signed: Sequence[SignedBy]
    unsigned: Sequence[Language]
    seen: str
    may_sign: bool


class SigningSection(Struct, frozen=True):
    """The paragraphs under one heading; `caption` is "" for the opening."""

    caption: str
    language: Language | None
    paragraphs: Sequence[SigningParagraph]

    @property
    def ready(self) -> Sequence[SigningParagraph]:
        """Those that the reader can sign now."""
        return [paragraph for paragraph in self.paragraphs if paragraph.may_sign]


class LanguageSignOff(Struct, frozen=True):
    """A language of the whole text: who answers for it, or how many texts of it still wait."""

    language: Language
    signed: SignedBy | None
    unanswered: int
    texts: str
    may_sign: bool


class SigningView(Struct, frozen=True):
    """Everything on the page of concordance."""

    sections: Sequence[SigningSection]
    answers: Sequence[LanguageSignOff]
    signed: int
    total: int


def signing_view(
    service: ConcordanceService, declaration: Declaration, ways: TranslationLinks, *, actor: Actor
) -> SigningView:
    """The whole text with its signatures, in a fixed number of queries."""
    every = service.review(declaration)
    rows = queries.head_rows(service.db, declaration)
    named = {spot.block_id: spot for spot in spots(rows, ways.work.messages)}
    shown = _SigningText(ways, declaration, queries.numbers_of(rows), actor)
    sections: list[tuple[BlockRow | None, list[SigningParagraph]]] = [(None, [])]
    for paragraph in every:
        if paragraph.row.kind in _PARTS:
            sections.append((paragraph.row, []))
        sections[-1][1].append(shown.paragraph(paragraph, named[paragraph.row.block_id]))
    return SigningView(
        sections=[_section(row, paragraphs) for row, paragraphs in sections if paragraphs],
        answers=_answers(service, declaration, rows, every, actor),
        signed=sum(not paragraph.signatures.unsigned for paragraph in every),
        total=len(every),
    )


def seen_in(values: Sequence[str]) -> Mapping[UUID, Seen]:
    """What a form says was compared; raises `NotFound` for what no form of ours sends."""
    try:
        return {UUID(block): dict(zip(Language, map(_version, texts.split(",")), strict=True))
                for block, texts in (value.split(":") for value in values)}  # fmt: skip
    except ValueError as error:
        raise NotFound(what="text", id="") from error


def _version(value: str) -> UUID | None:
    return None if value == _NONE else UUID(value)


class _SigningText(Struct, frozen=True):
    ways: TranslationLinks
    declaration: Declaration
    numbers: Mapping[str, str]
    actor: Actor
    known: Answers = field(default_factory=dict)

    def paragraph(self, paragraph: ParagraphConcordance, spot: Spot) -> SigningParagraph:
        row = paragraph.row
        versions = ",".join(str(row.texts[language].id) if language in row.texts else _NONE for language in Language)
        return SigningParagraph(
            spot=spot,
            columns=[self._column(paragraph, language) for language in Language],
            findings=finding_views(paragraph.remarks, row, self.ways),
            signed=[_signed_by(self.declaration, part, part.answered) for part in paragraph.signatures.parts],
            unsigned=paragraph.signatures.unsigned if paragraph.signatures.parts else (),
            seen=f"{row.block_id}:{versions}",
            may_sign=paragraph.is_ready and bool(to_sign(self.actor, self.declaration, paragraph, self.known)),
        )

    def _column(self, paragraph: ParagraphConcordance, language: Language) -> SigningColumn:
        row, state = paragraph.row, paragraph.standing.states[language]
        is_original, is_there = language is row.original_language, language in row.texts
        is_told = state.stops_publication or not is_there
        address = self.ways.paragraph if is_original else partial(self.ways.translate, language=language)
        return SigningColumn(
            language=language,
            html=_html(row.block(language), language, self.numbers) if is_there else Markup(),
            is_original=is_original,
            state_label=STATE_LABELS[state] if is_told else None,
            href=address(row.block_id) if is_told else "",
        )


def _html(block: Block, language: Language, numbers: Mapping[str, str]) -> Markup:
    return paragraph_html(block, language, numbers, language) if references(block.text) else _kept(block, language)


@lru_cache(maxsize=4_096)
def _kept(block: Block, language: Language) -> Markup:
    """A paragraph that names no other: the same whatever their numbers."""
    return paragraph_html(block, language, {}, language)


def _signed_by(declaration: Declaration, made: Concordance | SignOff, languages: Sequence[Language] = ()) -> SignedBy:
    """By the clocks of the forum."""
    return SignedBy(made.signed_by.name if made.signed_by else "", declaration.forum.local(made.signed_at), languages)


def _section(row: BlockRow | None, paragraphs: Sequence[SigningParagraph]) -> SigningSection:
    if row is None:
        return SigningSection("", None, paragraphs)
    return SigningSection(excerpt(row.original().text), row.original_language, paragraphs)


def _answers(
    service: ConcordanceService,
    declaration: Declaration,
    rows: Sequence[BlockRow],
    every: Sequence[ParagraphConcordance],
    actor: Actor,
) -> list[LanguageSignOff]:
    signed = service.signed_off(declaration, rows)
    found = []
    for language in Language:
        unanswered = sum(paragraph.waits(language) for paragraph in every)
        by = signed.get(language)
        can_sign = by is None and not unanswered and may_sign_off(actor, declaration, rows, language)
        found.append(
            LanguageSignOff(
                language=language,
                signed=_signed_by(declaration, by) if by else None,
                unanswered=unanswered,
                texts=texts_hash(rows, language),
                may_sign=can_sign,
            )
        )
    return found


_REFUSED: Mapping[type[Exception], str] = {
    Stale: N_("Not signed: a text has changed since. Compare again."),
    Invalid: N_("Choose paragraphs up to date in every language and without errors."),
}


class ConcordancePage(Page, frozen=True, kw_only=True):
    name: str
    reading: str
    overview: str
    review: SigningView
    is_needed: bool
    refused: str


class SignatureForm(Struct, frozen=True):
    """The paragraphs that are signed; those of a whole section come in `every`, and count where `all` is pressed."""

    paragraphs: list[str] | str = field(default_factory=list)
    every: list[str] | str = field(default_factory=list)
    all: str = ""

    def chosen(self) -> Sequence[str]:
        given = self.every if self.all else self.paragraphs
        return [given] if isinstance(given, str) else given


class SignOffForm(Struct, frozen=True):
    language: str = ""
    texts: str = ""


class SigningPages(Controller):
    """Concordance: three columns, signed paragraph by paragraph and language by language."""

    path = "/{forum:str}/{declaration:str}/translation/concordance"

    @get("/", name="concordance", policy=FOLLOW_THE_WORK)
    def concordance(self, ways: Ways) -> Response[str]:
        """The three texts side by side, what the checks say of them, and who has signed."""
        return _page(ways)

    @post("/", name="sign_concordance", policy="concordance.sign")
    def sign(self, ways: Ways, data: FormBody[SignatureForm]) -> PageOrRedirect:
        """Answer for it that the chosen paragraphs say the same in every language."""
        work, actor = ways.work, ways.work.actor
        try:
            with work.writing() as db:
                found = ways.frame(db).declaration
                signed = ConcordanceService(db).sign(found.id, seen_in(data.chosen()), actor=actor)
        except (Stale, Invalid) as refusal:
            return _page(ways, refusal)
        said = work.messages.ngettext("One paragraph signed.", "%(n)s paragraphs signed.", len(signed))
        return redirect(work, ways.concordance(), said=said)

    @post("/languages", name="sign_off", policy="concordance.sign")
    def sign_off(self, ways: Ways, data: FormBody[SignOffForm]) -> PageOrRedirect:
        """Answer for the whole text in one language."""
        work, actor = ways.work, ways.work.actor
        language = language_named(data.language)
        try:
            with work.writing() as db:
                found = ways.frame(db).declaration
                ConcordanceService(db).sign_off(found.id, language, expected=data.texts, actor=actor)
        except (Stale, Invalid) as refusal:
            return _page(ways, refusal)
        said = work.messages.gettext("You signed for %(language)s.", language=work.messages.language_name(language))
        return redirect(work, ways.concordance(), said=said)


def _page(ways: TranslationLinks, refusal: Stale | Invalid | None = None) -> Response[str]:
    work = ways.work
    with work.reading() as db:
        context = _context(db, ways, refusal)
    return page(work, "translations/concordance.html", context, status=STATUS[type(refusal)] if refusal else 200)


def _context(db: Db, ways: TranslationLinks, refusal: Stale | Invalid | None) -> ConcordancePage:
    work = ways.work
    found = ways.frame(db)
    shown = signing_view(ConcordanceService(db), found.declaration, ways, actor=work.actor)
    return ConcordancePage(
        **heading(found, "translation", work=work),
        reading=ways.reading(),
        overview=ways.overview(),
        review=shown,
        is_needed=found.declaration.authenticity is Authenticity.EQUAL,
        refused=worded(refusal, work.messages.gettext(_REFUSED[type(refusal)])) if refusal else "",
    )
