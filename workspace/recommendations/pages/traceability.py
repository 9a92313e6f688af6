"""Where a text comes from and what became of what was said: coverage, links, contributions."""

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from uuid import UUID

import sqlalchemy as sa
from litestar import Controller
from msgspec import Struct

from drafts.text.blocks import BlockKind, Language
from drafts.text.numbering import printed
from workspace.accounts.form_support import OWN_ROUTE, require_sign_in
from workspace.amendments.domain.models import Amendment
from workspace.comments.models import Comment, CommentThread
from workspace.core.actor import Actor
from workspace.core.security.conditions import Case
from workspace.core.storage.db import Db
from workspace.core.validation import id_or_none
from workspace.declarations.domain import policy as declaring
from workspace.declarations.domain import provenance, queries
from workspace.declarations.domain.models import Declaration, Provenance, ProvenanceKind
from workspace.declarations.domain.queries import BlockRow
from workspace.declarations.domain.service import DeclarationService
from workspace.declarations.frame import frame
from workspace.declarations.labels import row_excerpt
from workspace.forms.service import FormService
from workspace.people.frame import InForum
from workspace.people.models import Forum, Mandate, Organisation
from workspace.recommendations.models import (
    Endorsement,
    Recommendation,
    RecommendationStatus,
    RecommendationTheme,
    Taxonomy,
    Theme,
)
from workspace.recommendations.pages.contributions import (
    ContributionPage,
    Contributor,
    ContributorsPage,
    contributors,
    organisation_contributions,
    person_contributions,
    sent_in_by,
    session_contributions,
    speaker_contributions,
)
from workspace.recommendations.pages.usage import RecommendationUsage
from workspace.recommendations.policy import may_read, shown_to
from workspace.recommendations.policy import may_read as may_read_register
from workspace.recommendations.service import RecommendationService
from workspace.recommendations.themes import ThemeService
from workspace.sessions.models import Session
from workspace.web.http.request_context import FormBody, FromPath, PathId, Slug, Work
from workspace.web.i18n.marking import N_
from workspace.web.pages import Done, Page, said_at, shows, takes

CARRIES = frozenset(  # kinds of blocks that say something, and so can come from somewhere
    {BlockKind.OPERATIVE, BlockKind.PARAGRAPH, BlockKind.ITEM, BlockKind.BULLET, BlockKind.QUOTATION, BlockKind.TABLE}
)
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
    taken = _taken(db, declaration)
    every = [said for some in taken.values() for said in some]
    about = ThemeService(db).of(every) if themes else {}
    called = {key: printed(number, work.language) for key, number in queries.numbers_of(rows).items()}
    lines = [
        CoverageRow(
            row.id,
            called.get(row.id, ""),
            *row_excerpt(row, work.language),
            _paragraph(work, declaration, row.block_id),
            len(some),
            [under[theme.id] for theme in themes],
        )
        for row in rows
        if row.kind in CARRIES
        for some in (taken.get(row.block_id, ()),)
        for under in (Counter(theme.id for said in some for theme in about.get(said, ())),)
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
        looks=_looks(db, rows, called, work, declaration),
    )


def _lists(db: Db, forum: Forum, work: Work) -> list[Taxonomy]:
    if not may_read_register(work.actor, forum):
        return []
    return [taxonomy for taxonomy in ThemeService(db).taxonomies(forum, actor=work.actor) if taxonomy.themes]


def _taken(db: Db, declaration: Declaration) -> Mapping[UUID, Sequence[UUID]]:
    """The recommendations that each block took up."""
    taken: dict[UUID, list[UUID]] = {}
    links = sa.select(Provenance.block_id, Provenance.recommendation_id).where(
        Provenance.declaration_id == declaration.id, Provenance.kind != ProvenanceKind.DECLINED
    )
    for block_id, said in db.execute(links):
        taken.setdefault(block_id, []).append(said)
    return taken


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
        .where(shown_to(work.actor, forum), trails.is_homeless())
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
            recommendation.origin_in(work.language),
        )
        for recommendation in db.scalars(statement)
    ], trails.count_homeless(db, forum, work.actor)


def _looks(
    db: Db, rows: Sequence[BlockRow], called: Mapping[str, str], work: Work, declaration: Declaration
) -> list[ProvenanceReview]:
    statement = (
        sa.select(Provenance)
        .where(Provenance.declaration_id == declaration.id, Provenance.wants_look)
        .join(Provenance.recommendation)
        .options(sa.orm.contains_eager(Provenance.recommendation).joinedload(Recommendation.session))
        .order_by(Recommendation.number)
    )
    every, found = db.scalars(statement).all(), []
    for row, link in ((row, link) for row in rows for link in every if link.block_id == row.block_id):
        said = link.recommendation
        case = Case(rapporteurs=frozenset({said.rapporteur_id}))
        if declaring.may_do(work.actor, "provenance.link", declaration, case):
            words, language = row_excerpt(row, work.language)
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
                    kind=link.kind,
                )
            )
    return found


_LOOKED = {"": (provenance.confirm_link, N_("Link kept.")), "remove": (provenance.unlink, N_("Link removed."))}
CONTRIBUTION = "recommendations/contribution.html"
READ = "recommendation.read"


class LinkForm(Struct, frozen=True):
    """A recommendation and the paragraph that took it up: `place` is the declaration's slug and the block's id."""

    number: int
    place: str = ""
    kind: str = ""
    note: str = ""


class LookForm(Struct, frozen=True):
    link: UUID
    act: str = ""
    back: str = ""


class ProvenancePages(Controller):
    """Coverage, links, and what became of contributions."""

    path = "/{forum:str}"

    @shows("desk/coverage.html", "/{declaration:str}/coverage", name="coverage", policy="provenance.read")
    def show_coverage(self, db: Db, work: Work, forum: Slug, declaration: Slug) -> CoveragePage:
        """Paragraphs against the themes of `?list=`, and what is orphaned on either side."""
        return coverage(db, forum, declaration, work.request.query_params.get("list", ""), work=work)

    @takes("/{declaration:str}/coverage", name="settle_link", policy="provenance.link")
    def settle_link(self, db: Db, work: Work, actor: Actor, data: FormBody[LookForm]) -> Done:
        """Say that a link is still right, or take it away."""
        act, said = _LOOKED.get(data.act, _LOOKED[""])
        act(db, data.link, actor=actor)
        return Done("coverage", work.messages.gettext(said), back=data.back)

    @takes(
        "/recommendations/places",
        again=said_at("recommendation", "number"),
        name="link_recommendation",
        policy="provenance.link",
    )
    def link(self, db: Db, work: Work, actor: Actor, forum: InForum, data: FormBody[LinkForm]) -> Done:
        """Say that a paragraph comes from a recommendation, or was weighed for it."""
        say, at, declarations = work.messages.gettext, {"number": data.number}, DeclarationService(db)
        slug, _, block = data.place.partition(" ")
        block_id, kind = id_or_none(block), data.kind or "taken_up"
        if block_id is None or kind not in set(ProvenanceKind):
            return Done("recommendation", say("Choose a paragraph first."), at)
        recommendation = RecommendationService(db).numbered(forum, data.number, actor=actor)
        text, note = declarations.at(forum, slug), data.note.strip()
        declarations.link(text, block_id, recommendation, kind=ProvenanceKind(kind), note=note, actor=actor)
        return Done("recommendation", say("Link created."), at)

    @shows("recommendations/contributors.html", "/contributions", name="contributors", policy=READ)
    def list_contributors(self, db: Db, work: Work, forum: Slug) -> ContributorsPage:
        """Everybody who said something, to read what became of it."""
        return contributors(db, forum, work=work)

    @shows(CONTRIBUTION, "/contributions/people/{person_id:uuid}", name="person_contribution", policy=READ)
    def person_contribution(self, db: Db, work: Work, forum: Slug, person_id: PathId) -> ContributionPage:
        """What became of what somebody sent in for themselves."""
        return person_contributions(db, forum, person_id, work=work)

    @shows(CONTRIBUTION, "/contributions/speakers/{speaker:str}", name="speaker_contribution", policy=READ)
    def speaker_contribution(self, db: Db, work: Work, forum: Slug, speaker: FromPath[str]) -> ContributionPage:
        """What became of what was said where somebody spoke."""
        return speaker_contributions(db, forum, speaker, work=work)

    @shows(CONTRIBUTION, "/contributions/sessions/{session_id:uuid}", name="session_contribution", policy=READ)
    def session_contribution(self, db: Db, work: Work, forum: Slug, session_id: PathId) -> ContributionPage:
        """What became of what a session said."""
        return session_contributions(db, forum, session_id, work=work)

    @shows(
        CONTRIBUTION,
        "/contributions/organisations/{organisation_id:uuid}",
        name="organisation_contribution",
        policy=READ,
    )
    def organisation_contribution(self, db: Db, work: Work, forum: Slug, organisation_id: PathId) -> ContributionPage:
        """What became of what an organisation sent in or stands behind."""
        return organisation_contributions(db, forum, organisation_id, work=work)


class OwnForum(Struct, frozen=True):
    """A forum, and the pages that say what became of one's words there."""

    name: str
    pages: Sequence[Contributor]
    deeds: Sequence[tuple[str, str, str]]  # the declaration, how many amendments or comments, and where they are


class OwnContributionsPage(Page, frozen=True, kw_only=True):
    forums: Sequence[OwnForum]


class OwnContributionPages(Controller):
    """What became of what I said."""

    path = "/account/contributions"

    @shows("accounts/contributions.html", name="own_contributions", opt=OWN_ROUTE)
    def own_contributions(self, db: Db, work: Work) -> OwnContributionsPage:
        """Each forum with the pages about oneself, one's organisation, and the sessions one reported from."""
        actor = work.actor if work.actor.person_id else require_sign_in(work).actor
        found = [
            OwnForum(forum.name.said_in(work.language), pages, deeds)
            for forum in db.scalars(sa.select(Forum).order_by(Forum.slug))
            for pages in [list(_pages(db, forum, work)) if may_read(actor, forum) else []]
            for deeds in [list(_deeds(db, forum, work))]
            if pages or deeds
        ]
        return OwnContributionsPage(forums=found)


def _deeds(db: Db, forum: Forum, work: Work) -> Iterator[tuple[str, str, str]]:
    """One's own amendments and comments, by declaration."""
    person_id, messages = work.actor.person_id, work.messages
    filed = sa.select(Amendment.declaration_id).where(Amendment.proposer_id == person_id)
    said = sa.select(CommentThread.declaration_id).join(Comment.thread).where(Comment.author_id == person_id)
    amendments, comments = Counter(db.scalars(filed)), Counter(db.scalars(said))
    for declaration in db.scalars(sa.select(Declaration).filter_by(forum_id=forum.id).order_by(Declaration.slug)):
        name, at = declaration.name.said_in(work.language), {"forum": forum.slug, "declaration": declaration.slug}
        if not declaring.may_read(work.actor, declaration):
            continue
        if count := amendments[declaration.id]:
            words = messages.ngettext("1 amendment", "%(n)s amendments", count)
            yield name, words, work.url_for("amendments", **at, state="own")
        if count := comments[declaration.id]:
            words = messages.ngettext("One comment", "%(count)s comments", count, count=count)
            yield name, words, work.url_for("conversations", **at, person=person_id)


def _pages(db: Db, forum: Forum, work: Work) -> Iterator[Contributor]:
    """One's own page first, then those of one's organisations and of the sessions one reported from."""
    person_id = work.actor.person_id
    if person_id is None:
        return
    here = Recommendation.forum_id == forum.id
    mine = db.scalar(sa.select(sa.func.count()).where(here, sent_in_by(person_id))) or 0
    if mine or FormService(db).answers_of(forum, person_id):
        yield Contributor("", "", work.url_for("person_contribution", forum=forum.slug, person_id=person_id), mine)
    mandates = sa.select(Mandate.organisation_id).where(Mandate.forum_id == forum.id, Mandate.person_id == person_id)
    for organisation in db.scalars(
        sa.select(Organisation).where(Organisation.id.in_(mandates)).order_by(Organisation.name)
    ):
        behind = sa.select(Endorsement.recommendation_id).where(Endorsement.organisation_id == organisation.id)
        said = sa.or_(Recommendation.organisation_id == organisation.id, Recommendation.id.in_(behind))
        released = Recommendation.standing == RecommendationStatus.CONFIRMED
        count = db.scalar(sa.select(sa.func.count()).where(here, said, released)) or 0
        if count:
            href = work.url_for("organisation_contribution", forum=forum.slug, organisation_id=organisation.id)
            yield Contributor(organisation.name, "", href, count)
    counted = sa.select(Session, sa.func.count()).join(Recommendation, Recommendation.session_id == Session.id)
    reported = counted.where(here, Session.rapporteur_id == person_id).group_by(Session.id).order_by(Session.number)
    for session, count in db.execute(reported):
        href = work.url_for("session_contribution", forum=forum.slug, session_id=session.id)
        yield Contributor(session.title, session.language, href, count)
