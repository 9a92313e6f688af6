"""The three texts side by side before whoever signs them."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from uuid import UUID

from markupsafe import Markup
from msgspec import Struct

from drafts.blocks import Block, BlockKind, Language
from drafts.render import block_html
from workspace.core.actor import Actor
from workspace.core.errors import NotFound
from workspace.declarations import queries
from workspace.declarations.models import Declaration
from workspace.declarations.naming import Spot, excerpt, spots
from workspace.declarations.queries import BlockRow
from workspace.translations.concordance import (
    Agreed,
    ConcordanceService,
    Seen,
    is_grave,
    may_sign,
    may_sign_off,
    texts_hash,
)
from workspace.translations.overview import Ways
from workspace.translations.standing import TOLD, Told
from workspace.web.check_sentences import said

_PARTS = frozenset({BlockKind.HEADING, BlockKind.ANNEX})
_VERBATIM = frozenset({BlockKind.TABLE, BlockKind.CODE})
_NONE = "-"  # where a language has no text


class Column(Struct, frozen=True):
    """One language of a paragraph. `told` only where something is to be said; `href` leads to where it is mended."""

    language: Language
    html: Markup
    is_original: bool
    told: Told | None
    href: str


class Signed(Struct, frozen=True):
    """Who signed, and when; `name` is "" for somebody without one."""

    name: str
    at: datetime


class Paragraph(Struct, frozen=True):
    """A paragraph in three languages. `seen` is what its form sends: the block and the versions compared."""

    spot: Spot
    columns: Sequence[Column]
    remarks: Sequence[tuple[str, bool]]  # what the checks say, and whether that stands in the way
    signed: Signed | None
    seen: str
    may_sign: bool


class Section(Struct, frozen=True):
    """The paragraphs under one heading; `caption` is "" for the opening."""

    caption: str
    language: Language | None
    paragraphs: Sequence[Paragraph]

    @property
    def ready(self) -> Sequence[Paragraph]:
        """Those that the reader can sign now."""
        return [one for one in self.paragraphs if one.may_sign]


class Answer(Struct, frozen=True):
    """A language of the whole text: who answers for it, or how many texts of it still wait."""

    language: Language
    signed: Signed | None
    waiting: int
    texts: str
    may_sign: bool


class Review(Struct, frozen=True):
    """Everything on the page of concordance."""

    sections: Sequence[Section]
    answers: Sequence[Answer]
    signed: int
    total: int


def review(service: ConcordanceService, declaration: Declaration, ways: Ways, *, actor: Actor) -> Review:
    """The whole text with its signatures, in a fixed number of queries."""
    every = service.review(declaration)
    rows = queries.head_rows(service.db, declaration)
    named = {one.block_id: one for one in spots(rows, ways.work.messages)}
    shown = _Shown(ways, declaration, queries.numbers_of(rows), actor)
    sections: list[tuple[BlockRow | None, list[Paragraph]]] = [(None, [])]
    for paragraph in every:
        if paragraph.row.kind in _PARTS:
            sections.append((paragraph.row, []))
        sections[-1][1].append(shown.paragraph(paragraph, named[paragraph.row.block_id]))
    return Review(
        sections=[_section(row, paragraphs) for row, paragraphs in sections if paragraphs],
        answers=_answers(service, declaration, rows, every, actor),
        signed=sum(paragraph.signed is not None for paragraph in every),
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


class _Shown(Struct, frozen=True):
    ways: Ways
    declaration: Declaration
    numbers: Mapping[str, str]
    actor: Actor

    def paragraph(self, paragraph: Agreed, spot: Spot) -> Paragraph:
        row = paragraph.row
        versions = ",".join(str(row.texts[language].id) if language in row.texts else _NONE for language in Language)
        is_open = paragraph.is_ready and paragraph.signed is None
        return Paragraph(
            spot=spot,
            columns=[self._column(paragraph, language) for language in Language],
            remarks=[(said(remark.finding, self.ways.work.messages), is_grave(remark)) for remark in paragraph.remarks],
            signed=Signed(
                paragraph.signed.signed_by.name if paragraph.signed.signed_by else "", paragraph.signed.signed_at
            )
            if paragraph.signed
            else None,
            seen=f"{row.block_id}:{versions}",
            may_sign=is_open and may_sign(self.actor, self.declaration, row),
        )

    def _column(self, paragraph: Agreed, language: Language) -> Column:
        row, state = paragraph.row, paragraph.standing.states[language]
        is_original = language is row.original_language
        href = self.ways.paragraph(row.block_id) if is_original else self.ways.translate(row.block_id, language)
        return Column(
            language=language,
            html=self._html(row, language),
            is_original=is_original,
            told=TOLD[state] if state.stops_publication or language not in row.texts else None,
            href=href,
        )

    def _html(self, row: BlockRow, language: Language) -> Markup:
        if language not in row.texts:
            return Markup()
        kind = row.kind if row.kind in _VERBATIM else BlockKind.PARAGRAPH
        block = Block(f"{language}-{row.block_id}", kind, row.content(language))
        html = block_html(block, language=language, numbers=self.numbers, anchor="side-")
        return Markup(html)  # noqa: S704  (drafts.render promises safe HTML)


def _section(row: BlockRow | None, paragraphs: Sequence[Paragraph]) -> Section:
    if row is None:
        return Section("", None, paragraphs)
    return Section(excerpt(row.original().text), row.original_language, paragraphs)


def _answers(
    service: ConcordanceService,
    declaration: Declaration,
    rows: Sequence[BlockRow],
    every: Sequence[Agreed],
    actor: Actor,
) -> list[Answer]:
    signed = service.signed_off(declaration, rows)
    found = []
    for language in Language:
        waiting = sum(paragraph.standing.states[language].stops_publication for paragraph in every)
        by = signed.get(language)
        can_sign = by is None and not waiting and may_sign_off(actor, declaration, rows, language)
        found.append(
            Answer(
                language=language,
                signed=Signed(by.signed_by.name if by.signed_by else "", by.signed_at) if by else None,
                waiting=waiting,
                texts=texts_hash(rows, language),
                may_sign=can_sign,
            )
        )
    return found
