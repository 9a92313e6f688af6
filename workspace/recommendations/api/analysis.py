"""Themes, near-duplicates and saved searches of the register, as JSON."""

from uuid import UUID

from litestar import Controller, Response
from msgspec import Struct

from workspace.core.actor import Actor
from workspace.core.shapes import filled
from workspace.core.storage.db import Db
from workspace.declarations.api import opened
from workspace.people.frame import InForum
from workspace.recommendations import near_duplicates
from workspace.recommendations.api.register import (
    CommonGroundOut,
    CommonPairIn,
    DismissalIn,
    RecommendationsOut,
    ResemblanceOut,
    TaxonomyIn,
    TaxonomyOut,
    ThemeNameIn,
    ThemeOut,
    ThemingIn,
    ViewIn,
    ViewOut,
)
from workspace.recommendations.pages.contributions import (
    Contribution,
    ContributionPage,
    organisation_contributions,
    person_contributions,
    session_contributions,
    speaker_contributions,
)
from workspace.recommendations.pages.register import FILTERS
from workspace.recommendations.pages.spreadsheets import LARGEST, AnswersIn, import_answers, register_file
from workspace.recommendations.pages.traceability import CoveragePage, coverage
from workspace.recommendations.search import ViewService
from workspace.recommendations.service import RecommendationService
from workspace.recommendations.themes import THEMES, ThemeService
from workspace.web.api import DONE, Limit, ListOf, reads, removes, writes
from workspace.web.http.request_context import Body, FromPath, FromQuery, MultipartBody, PathId, Slug, Work


class ThemeApi(Controller):
    """Lists of themes, and what stands under each."""

    path = "/api"
    tags = ("Themes",)

    @reads("/forums/{forum:str}/taxonomies", policy="recommendation.read")
    def list_taxonomies(self, db: Db, actor: Actor, forum: InForum) -> ListOf[TaxonomyOut]:
        """List a forum's lists of themes, with their themes."""
        found = ThemeService(db).taxonomies(forum, actor=actor)
        return ListOf(items=[TaxonomyOut.of(taxonomy) for taxonomy in found])

    @writes("/forums/{forum:str}/taxonomies", policy="recommendation.confirm_merge")
    def add_taxonomy(self, db: Db, actor: Actor, forum: InForum, data: Body[TaxonomyIn]) -> TaxonomyOut:
        """Begin a list of themes, ready made or one's own."""
        service = ThemeService(db)
        if data.kind in THEMES:
            made = service.add_ready_made(forum, data.kind, actor=actor)
        else:
            made = service.add(forum, data.kind, data.name.to_trilingual(), actor=actor)
        return TaxonomyOut.of(made)

    @writes("/taxonomies/{taxonomy_id:uuid}/themes", policy="recommendation.confirm_merge")
    def add_theme(self, db: Db, actor: Actor, taxonomy_id: PathId, data: Body[ThemeNameIn]) -> ThemeOut:
        """Add a theme, or a set, at the end of a list."""
        return ThemeOut.of(ThemeService(db).add_theme(taxonomy_id, data.to_trilingual(), actor=actor))

    @removes("/themes/{theme_id:uuid}", 422, policy="recommendation.confirm_merge")
    def remove_theme(self, db: Db, actor: Actor, theme_id: PathId) -> None:
        """Take a theme of one's own out of its list."""
        ThemeService(db).remove_theme(theme_id, actor=actor)

    @writes("/forums/{forum:str}/recommendations/themes", status=DONE, policy="recommendation.confirm_merge")
    def theme_recommendations(self, db: Db, actor: Actor, forum: InForum, data: Body[ThemingIn]) -> RecommendationsOut:
        """Put recommendations under themes, or take them away from there."""
        service = ThemeService(db)
        chosen = service.assign(forum, data.numbers, data.themes, is_on=data.is_on, actor=actor)
        return RecommendationsOut.of(chosen, themes=service.of([recommendation.id for recommendation in chosen]))


class CommonGroundApi(Controller):
    """What two sets of recommendations have in common."""

    path = "/api/forums/{forum:str}/common-ground"
    tags = ("Themes",)

    @reads("", policy="recommendation.read")
    def read_common_ground(
        self, db: Db, actor: Actor, forum: InForum, first: FromQuery[UUID], second: FromQuery[UUID]
    ) -> CommonGroundOut:
        """Read what two themes or sets share, and for who confirms recommendations what may belong to it."""
        return CommonGroundOut.of(near_duplicates.common_ground(db, forum, first, second, actor=actor))


class ResemblanceApi(Controller):
    """Recommendations that say nearly the same."""

    path = "/api/forums/{forum:str}/recommendations/resemblances"
    tags = ("Recommendations",)

    @reads("", policy="recommendation.confirm_merge")
    def list_resemblances(self, db: Db, actor: Actor, forum: InForum, limit: Limit = 50) -> ListOf[ResemblanceOut]:
        """List pairs of recommendations that say nearly the same, the likest first."""
        found = near_duplicates.resemblances(db, forum, actor=actor, limit=limit)
        return ListOf(items=[ResemblanceOut.of(pair) for pair in found])

    @writes("/dismissal", status=204, policy="recommendation.confirm_merge")
    def dismiss_resemblance(self, db: Db, actor: Actor, forum: InForum, data: Body[DismissalIn]) -> None:
        """Say that two recommendations are not the same."""
        near_duplicates.dismiss_pair(db, forum, data.one_id, data.other_id, actor=actor)

    @writes("/common", status=204, policy="recommendation.confirm_merge")
    def settle_common_pair(self, db: Db, actor: Actor, forum: InForum, data: Body[CommonPairIn]) -> None:
        """Add two recommendations that say the same to the common ground, or take them out of it."""
        service = RecommendationService(db)
        pair = [service.get(key, actor=actor) for key in (data.one_id, data.other_id)]
        if data.is_common:
            near_duplicates.agree_pair(db, forum, pair, actor=actor)
        else:
            near_duplicates.reopen_pair(db, forum, pair, actor=actor)


class ViewApi(Controller):
    """Searches of the register that somebody keeps."""

    path = "/api"
    tags = ("Recommendations",)

    @reads("/forums/{forum:str}/views", policy="recommendation.read")
    def list_views(self, db: Db, actor: Actor, forum: InForum) -> ListOf[ViewOut]:
        """List one's own saved searches, and those that are shared."""
        found = ViewService(db).of(forum, actor=actor)
        return ListOf(items=[ViewOut.of(view) for view in found])

    @writes("/forums/{forum:str}/views", policy="recommendation.read")
    def save_view(self, db: Db, actor: Actor, forum: InForum, data: Body[ViewIn]) -> ViewOut:
        """Keep a search under a name, in place of the one that had it."""
        return ViewOut.of(
            ViewService(db).save(forum, name=data.name, query=data.query, is_shared=data.is_shared, actor=actor)
        )

    @removes("/views/{view_id:uuid}", policy="recommendation.read")
    def remove_view(self, db: Db, actor: Actor, view_id: PathId) -> None:
        """Forget one of one's own searches."""
        ViewService(db).remove(view_id, actor=actor)


class CoveredOut(Struct, frozen=True, kw_only=True):
    """A paragraph, the recommendations it came from, and how many of those stand under each theme."""

    block_id: str
    number: str
    sources: int
    under: list[int]


class CoverageOut(Struct, frozen=True, kw_only=True):
    """Paragraphs against themes. `placed` and `wanted` count the recommendations under each theme."""

    themes: list[str]
    placed: list[int]
    wanted: list[int]
    paragraphs: list[CoveredOut]
    without_source: int
    without_place: int
    to_look_at: list[UUID]

    @classmethod
    def of(cls, shown: CoveragePage) -> "CoverageOut":
        return filled(
            cls,
            shown,
            placed=shown.counts,
            paragraphs=shown.rows,
            without_place=shown.homeless,
            to_look_at=[recommendation.id for recommendation in shown.looks],
        )


class BecameOut(Struct, frozen=True, kw_only=True):
    """A paragraph that a recommendation went into, as it reads now."""

    number: str
    address: str
    language: str
    text: str


class ContributionOut(Struct, frozen=True, kw_only=True):
    """One recommendation and its fate: taken_up, partly, merged, declined, dropped, open, or unpublished."""

    number: int
    text: str
    language: str
    fate: str
    reason: str
    merged_into: int | None
    became: list[BecameOut]

    @classmethod
    def of(cls, contribution: Contribution) -> "ContributionOut":
        became = [
            BecameOut(number=number, address=href, language=language, text=text)
            for number, href, text, language in contribution.texts
        ]
        return filled(cls, contribution.line, fate=contribution.fate, became=became)


class ContributionsOut(Struct, frozen=True, kw_only=True):
    """What became of what somebody said, and of what they stand behind."""

    who: str
    said: list[ContributionOut]
    endorsed: list[ContributionOut]

    @classmethod
    def of(cls, shown: ContributionPage) -> "ContributionsOut":
        return cls(
            who=shown.who,
            said=[ContributionOut.of(contribution) for contribution in shown.contributions],
            endorsed=[ContributionOut.of(contribution) for contribution in shown.endorsed],
        )


class ImportedAnswersOut(Struct, frozen=True, kw_only=True):
    """How many recommendations a file held; they wait to be confirmed."""

    recommendations: int
    unknown_columns: list[str]  # headings of columns that were passed over


class RegisterFileApi(Controller):
    """The register as a spreadsheet, out and in."""

    path = "/api/forums/{forum:str}/recommendations"
    tags = ("Recommendations",)

    @reads("/file", policy="recommendation.read", media_type="application/octet-stream")
    def read_register_file(
        self,
        *,
        work: Work,
        forum: Slug,
        kind: FromQuery[str] = "xlsx",
        words: FromQuery[str] = "",
        session: FromQuery[str] = "",
        said_in: FromQuery[str] = "",
        standing: FromQuery[str] = "",
        outcome: FromQuery[str] = "",
        theme: FromQuery[str] = "",
        organisation: FromQuery[str] = "",
        went: FromQuery[str] = "",
        sort: FromQuery[str] = "",
    ) -> Response[bytes]:
        """Read what fits the filters of the register's page as `xlsx` or `csv`."""
        given = (words, session, said_in, standing, outcome, theme, organisation, went, sort)
        with work.reading() as db:
            return register_file(db, forum, kind, work=work, settings=dict(zip(FILTERS, given, strict=True)))

    @writes("/answers", policy="recommendation.confirm_merge", largest=LARGEST + 100_000)
    def take_in_answers(
        self, db: Db, actor: Actor, forum: InForum, data: MultipartBody[AnswersIn]
    ) -> ImportedAnswersOut:
        """Take in a spreadsheet: a list of recommendations, or the answers to a questionnaire.

        Organisations that the register does not know are asked about, not dropped.
        """
        count, unknown = import_answers(db, forum, data, actor=actor)
        return ImportedAnswersOut(recommendations=count, unknown_columns=list(unknown))


class CoverageApi(Controller):
    """What a text covers of what was recommended."""

    path = "/api"
    tags = ("Provenance",)

    @reads("/declarations/{declaration_id:uuid}/coverage", policy="provenance.read")
    def read_coverage(
        self, work: Work, db: Db, actor: Actor, declaration_id: PathId, taxonomy: FromQuery[str] = ""
    ) -> CoverageOut:
        """Count, paragraph by paragraph, what each came from, under the themes of one list."""
        declaration = opened(db, declaration_id, actor=actor)
        shown = coverage(db, declaration.forum.slug, declaration.slug, taxonomy, work=work)
        return CoverageOut.of(shown)

    @reads("/forums/{forum:str}/contributions/sessions/{session_id:uuid}", policy="recommendation.read")
    def read_session_contribution(self, work: Work, db: Db, forum: Slug, session_id: PathId) -> ContributionsOut:
        """Read what became of what a session said."""
        return ContributionsOut.of(session_contributions(db, forum, session_id, work=work))

    @reads("/forums/{forum:str}/contributions/people/{person_id:uuid}", policy="recommendation.read")
    def read_person_contribution(self, work: Work, db: Db, forum: Slug, person_id: PathId) -> ContributionsOut:
        """Read what became of what somebody sent in for themselves: for themselves, and who looks after people."""
        return ContributionsOut.of(person_contributions(db, forum, person_id, work=work))

    @reads("/forums/{forum:str}/contributions/speakers/{speaker:str}", policy="recommendation.read")
    def read_speaker_contribution(self, work: Work, db: Db, forum: Slug, speaker: FromPath[str]) -> ContributionsOut:
        """Read what became of what was said where somebody spoke; their name is as in the address of their page."""
        return ContributionsOut.of(speaker_contributions(db, forum, speaker, work=work))

    @reads("/forums/{forum:str}/contributions/organisations/{organisation_id:uuid}", policy="recommendation.read")
    def read_organisation_contribution(
        self, work: Work, db: Db, forum: Slug, organisation_id: PathId
    ) -> ContributionsOut:
        """Read what became of what an organisation sent in or stands behind."""
        return ContributionsOut.of(organisation_contributions(db, forum, organisation_id, work=work))
