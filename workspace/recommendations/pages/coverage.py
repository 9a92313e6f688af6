"""What a text covers of what was recommended: paragraphs against themes, and what is orphaned on either side."""

from collections import Counter
from collections.abc import Mapping, Sequence
from uuid import UUID

import sqlalchemy as sa
from msgspec import Struct

from drafts.text.blocks import BlockKind, Language
from drafts.text.markup import plain
from drafts.text.numbering import printed
from workspace.core.security.conditions import Case
from workspace.core.storage.db import Db
from workspace.declarations.domain import policy as declaring
from workspace.declarations.domain import queries
from workspace.declarations.domain.models import Declaration, Provenance, ProvenanceKind
from workspace.declarations.domain.queries import BlockRow
from workspace.declarations.frame import frame
from workspace.people.models import Forum
from workspace.recommendations.models import Recommendation, RecommendationStatus, RecommendationTheme, Taxonomy, Theme
from workspace.recommendations.pages.usage import RecommendationUsage, source_address
from workspace.recommendations.policy import may_read as may_read_register
from workspace.recommendations.themes import ThemeService
from workspace.sessions.models import Session
from workspace.web.http.request_context import Work
from workspace.web.i18n.messages import LANGUAGES
from workspace.web.pages import Page

CARRIES = frozenset(  # kinds of blocks that say something, and so can come from somewhere
    {BlockKind.OPERATIVE, BlockKind.PARAGRAPH, BlockKind.ITEM, BlockKind.BULLET, BlockKind.QUOTATION, BlockKind.TABLE}
)
_EXCERPT = 140  # characters
_ORPHANS = 30  # recommendations without a place that are shown


class CoverageRow(Struct, frozen=True):
    """A paragraph, how many recommendations it came from, and how many of those stand under each theme."""

    block_id: str
    number: str
    words: str
    language: Language
    href: str
    sources: int
    under: Sequence[int]


class CoverageOrphan(Struct, frozen=True):
    number: int
    href: str
    text: str
    language: str
    origin: str


class ProvenanceReview(Struct, frozen=True):
    """A link that was taken over when paragraphs were split, joined or moved, and that the reader may settle."""

    id: UUID
    paragraph: str
    paragraph_href: str
    words: str
    language: Language
    recommendation: int
    text: str
    text_language: str
    said_href: str
    kind: ProvenanceKind


class CoveragePage(Page, frozen=True, kw_only=True):
    name: str
    reading: str
    rows: Sequence[CoverageRow]
    themes: Sequence[str]
    counts: Sequence[int]  # recommendations with a place here, by theme
    wanted: Sequence[int]  # recommendations in the register, by theme
    lists: Sequence[tuple[str, str, bool]]  # address, name, whether it is the one shown
    without_source: int
    orphans: Sequence[CoverageOrphan]
    homeless: int
    homeless_href: str
    looks: Sequence[ProvenanceReview]


def coverage(db: Db, forum_slug: str, declaration_slug: str, chosen: str, *, work: Work) -> CoveragePage:
    """The coverage of the text now in force. The number of queries does not depend on how much there is."""
    found = frame(db, forum_slug, declaration_slug, work=work)
    forum, declaration = found.forum, found.declaration
    declaring.ensure_may(work.actor, "provenance.read", declaration)
    lists = _lists(db, forum, work)
    shown = next((taxonomy for taxonomy in lists if str(taxonomy.id) == chosen), lists[0] if lists else None)
    themes = list(shown.themes) if shown else []
    rows = queries.head_rows(db, declaration)
    links = queries.links(db, declaration)
    about = _themes_of(db, links, themes)
    called = _numbers(rows, work)
    lines = [
        _row(
            row,
            links.get(row.block_id, ()),
            about,
            themes,
            number=called.get(row.id, ""),
            work=work,
            declaration=declaration,
        )
        for row in rows
        if row.kind in CARRIES
    ]
    trails = RecommendationUsage({declaration.id: declaration})
    orphans, homeless = _orphans(db, forum, trails, work)
    return CoveragePage(
        place=found.place,
        here="coverage",
        name=declaration.name.said_in(work.language),
        reading=work.url_for("reading", forum=forum.slug, declaration=declaration.slug),
        rows=lines,
        themes=[theme.name.said_in(work.language) for theme in themes],
        counts=_counted(db, themes, trails.taken_up()),
        wanted=_counted(db, themes, None),
        lists=[
            (
                work.url_for("coverage", forum=forum.slug, declaration=declaration.slug, list=taxonomy.id),
                taxonomy.name.said_in(work.language),
                taxonomy is shown,
            )
            for taxonomy in lists
        ],
        without_source=sum(not line.sources for line in lines),
        orphans=orphans,
        homeless=homeless,
        homeless_href=work.url_for("recommendations", forum=forum.slug, went="nowhere"),
        looks=_looks(rows, links, called, work, declaration),
    )


def excerpt(row: BlockRow, language: Language) -> tuple[str, Language]:
    """The first words of a paragraph in the reader's language, or in the one it has."""
    said_in = next(
        (language for language in (language, row.original_language, *LANGUAGES) if row.content(language)),
        row.original_language,
    )
    words = " ".join(plain(row.content(said_in)).split())
    return (words if len(words) <= _EXCERPT else f"{words[: _EXCERPT - 1]}…"), said_in


def _numbers(rows: Sequence[BlockRow], work: Work) -> Mapping[str, str]:
    return {key: printed(number, work.language) for key, number in queries.numbers_of(rows).items()}


def _lists(db: Db, forum: Forum, work: Work) -> list[Taxonomy]:
    if not may_read_register(work.actor, forum):
        return []
    return [taxonomy for taxonomy in ThemeService(db).taxonomies(forum, actor=work.actor) if taxonomy.themes]


def _themes_of(
    db: Db, links: Mapping[UUID, Sequence[Provenance]], themes: Sequence[Theme]
) -> Mapping[UUID, Sequence[UUID]]:
    if not themes:
        return {}
    every = [link.recommendation_id for some in links.values() for link in some]
    return {key: [theme.id for theme in found] for key, found in ThemeService(db).of(every).items()}


def _row(
    row: BlockRow,
    links: Sequence[Provenance],
    about: Mapping[UUID, Sequence[UUID]],
    themes: Sequence[Theme],
    *,
    number: str,
    work: Work,
    declaration: Declaration,
) -> CoverageRow:
    taken = [provenance for provenance in links if provenance.kind is not ProvenanceKind.DECLINED]
    under = Counter(theme for provenance in taken for theme in about.get(provenance.recommendation_id, ()))
    words, language = excerpt(row, work.language)
    return CoverageRow(
        block_id=row.id,
        number=number,
        words=words,
        language=language,
        href=_paragraph(work, declaration, row.block_id),
        sources=len(taken),
        under=[under[theme.id] for theme in themes],
    )


def _paragraph(work: Work, declaration: Declaration, block_id: UUID) -> str:
    return work.url_for("paragraph", forum=declaration.forum.slug, declaration=declaration.slug, block_id=block_id)


def _counted(db: Db, themes: Sequence[Theme], among: sa.Select[UUID] | None) -> list[int]:
    """Recommendations that want a place under each theme: all of them, or those `among` which they are."""
    statement = (
        sa.select(RecommendationTheme.theme_id, sa.func.count())
        .join(Recommendation, Recommendation.id == RecommendationTheme.recommendation_id)
        .where(RecommendationTheme.theme_id.in_([theme.id for theme in themes]))
        .where(Recommendation.standing.in_([status for status in RecommendationStatus if status.is_counted]))
        .group_by(RecommendationTheme.theme_id)
    )
    if among is not None:
        statement = statement.where(Recommendation.id.in_(among))
    found: dict[UUID, int] = {key: count for key, count in db.execute(statement)}  # noqa: C416  (a row is no pair)
    return [found.get(theme.id, 0) for theme in themes]


def _orphans(db: Db, forum: Forum, trails: RecommendationUsage, work: Work) -> tuple[list[CoverageOrphan], int]:
    if not may_read_register(work.actor, forum):
        return [], 0
    statement = (
        sa.select(Recommendation)
        .where(Recommendation.forum_id == forum.id, trails.is_homeless())
        .options(
            sa.orm.joinedload(Recommendation.session).load_only(Session.title),
            sa.orm.joinedload(Recommendation.organisation),
        )
        .order_by(Recommendation.number)
        .limit(_ORPHANS)
    )
    return [
        CoverageOrphan(
            recommendation.number,
            work.url_for("recommendation", forum=forum.slug, number=recommendation.number),
            recommendation.text,
            recommendation.language,
            recommendation.origin,
        )
        for recommendation in db.scalars(statement)
    ], trails.count_homeless(db, forum)


def _looks(
    rows: Sequence[BlockRow],
    links: Mapping[UUID, Sequence[Provenance]],
    called: Mapping[str, str],
    work: Work,
    declaration: Declaration,
) -> list[ProvenanceReview]:
    found = []
    for row in rows:
        for link in links.get(row.block_id, ()):
            said = link.recommendation
            case = Case(rapporteurs=frozenset({said.rapporteur_id}))
            if link.wants_look and declaring.may_do(work.actor, "provenance.link", declaration, case):
                words, language = excerpt(row, work.language)
                found.append(
                    ProvenanceReview(
                        id=link.id,
                        paragraph=called.get(row.id, ""),
                        paragraph_href=_paragraph(work, declaration, row.block_id),
                        words=words,
                        language=language,
                        recommendation=said.number,
                        text=said.text,
                        text_language=said.language,
                        said_href=source_address(work, declaration.forum.slug, said),
                        kind=link.kind,
                    )
                )
    return found
