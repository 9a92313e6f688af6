"""Themes, near-duplicates and saved searches of the register, as JSON."""

from uuid import UUID

from litestar import Controller, Response
from litestar.di import NamedDependency

from workspace.people.service import PeopleService
from workspace.recommendations import resembling
from workspace.recommendations.ready_made import THEMES
from workspace.recommendations.schemas import (
    DismissalIn,
    NameIn,
    RecommendationsOut,
    ResemblanceOut,
    ResemblancesOut,
    TaxonomiesOut,
    TaxonomyIn,
    TaxonomyOut,
    ThemeOut,
    ThemingIn,
    ViewIn,
    ViewOut,
    ViewsOut,
)
from workspace.recommendations.themes import ThemeService
from workspace.recommendations.views import ViewService
from workspace.web.api import DONE, Limit, answer, reads, removes, writes
from workspace.web.params import FromPath, JSONBody
from workspace.web.services import Work


class ThemeApi(Controller):
    """Lists of themes, and what stands under each."""

    path = "/api"
    tags = ("Themes",)

    @reads("/forums/{forum:str}/taxonomies", policy="recommendation.read")
    def list_taxonomies(self, work: NamedDependency[Work], forum: FromPath[str]) -> Response[TaxonomiesOut]:
        """List a forum's lists of themes, with their themes."""
        actor = work.actor
        with work.reading() as db:
            found = ThemeService(db).taxonomies(PeopleService(db).forum(forum), actor=actor)
            return answer(TaxonomiesOut(items=[TaxonomyOut.of(one) for one in found]))

    @writes("/forums/{forum:str}/taxonomies", policy="recommendation.confirm_merge")
    def add_taxonomy(
        self, work: NamedDependency[Work], forum: FromPath[str], data: JSONBody[TaxonomyIn]
    ) -> Response[TaxonomyOut]:
        """Begin a list of themes, ready made or one's own."""
        actor = work.actor
        with work.writing() as db:
            service, where = ThemeService(db), PeopleService(db).forum(forum)
            if data.kind in THEMES:
                made = service.add_ready_made(where, data.kind, actor=actor)
            else:
                made = service.add(where, data.kind, data.name.to_trilingual(), actor=actor)
            shown = TaxonomyOut.of(made)
        return answer(shown)

    @writes("/taxonomies/{taxonomy_id:uuid}/themes", policy="recommendation.confirm_merge")
    def add_theme(
        self, work: NamedDependency[Work], taxonomy_id: FromPath[UUID], data: JSONBody[NameIn]
    ) -> Response[ThemeOut]:
        """Add a theme, or a set, at the end of a list."""
        actor = work.actor
        with work.writing() as db:
            made = ThemeOut.of(ThemeService(db).add_theme(taxonomy_id, data.to_trilingual(), actor=actor))
        return answer(made)

    @removes("/themes/{theme_id:uuid}", 422, policy="recommendation.confirm_merge")
    def remove_theme(self, work: NamedDependency[Work], theme_id: FromPath[UUID]) -> None:
        """Take a theme of one's own out of its list."""
        actor = work.actor
        with work.writing() as db:
            ThemeService(db).remove_theme(theme_id, actor=actor)

    @writes("/forums/{forum:str}/recommendations/themes", status=DONE, policy="recommendation.confirm_merge")
    def theme_recommendations(
        self, work: NamedDependency[Work], forum: FromPath[str], data: JSONBody[ThemingIn]
    ) -> Response[RecommendationsOut]:
        """Put recommendations under themes, or take them away from there."""
        actor = work.actor
        with work.writing() as db:
            service = ThemeService(db)
            chosen = service.assign(
                PeopleService(db).forum(forum), data.numbers, data.themes, is_on=data.is_on, actor=actor
            )
            shown = RecommendationsOut.of(chosen, themes=service.of([one.id for one in chosen]))
        return answer(shown)


class ResemblanceApi(Controller):
    """Recommendations that say nearly the same."""

    path = "/api/forums/{forum:str}/recommendations/resemblances"
    tags = ("Recommendations",)

    @reads("", policy="recommendation.confirm_merge")
    def list_resemblances(
        self, work: NamedDependency[Work], forum: FromPath[str], limit: Limit = 50
    ) -> Response[ResemblancesOut]:
        """List pairs of recommendations that say nearly the same, the likest first."""
        actor = work.actor
        with work.reading() as db:
            found = resembling.resemblances(db, PeopleService(db).forum(forum), actor=actor, limit=limit)
            return answer(ResemblancesOut(items=[ResemblanceOut.of(pair) for pair in found]))

    @writes("/dismissal", status=204, policy="recommendation.confirm_merge")
    def dismiss_resemblance(
        self, work: NamedDependency[Work], forum: FromPath[str], data: JSONBody[DismissalIn]
    ) -> None:
        """Say that two recommendations are not the same."""
        actor = work.actor
        with work.writing() as db:
            resembling.dismiss(db, PeopleService(db).forum(forum), data.one_id, data.other_id, actor=actor)


class ViewApi(Controller):
    """Searches of the register that somebody keeps."""

    path = "/api"
    tags = ("Recommendations",)

    @reads("/forums/{forum:str}/views", policy="recommendation.read")
    def list_views(self, work: NamedDependency[Work], forum: FromPath[str]) -> Response[ViewsOut]:
        """List one's own saved searches, and those that are shared."""
        actor = work.actor
        with work.reading() as db:
            found = ViewService(db).of(PeopleService(db).forum(forum), actor=actor)
            return answer(ViewsOut(items=[ViewOut.of(view) for view in found]))

    @writes("/forums/{forum:str}/views", policy="recommendation.read")
    def save_view(self, work: NamedDependency[Work], forum: FromPath[str], data: JSONBody[ViewIn]) -> Response[ViewOut]:
        """Keep a search under a name, in place of the one that had it."""
        actor = work.actor
        with work.writing() as db:
            made = ViewOut.of(
                ViewService(db).save(
                    PeopleService(db).forum(forum),
                    name=data.name,
                    query=data.query,
                    is_shared=data.is_shared,
                    actor=actor,
                )
            )
        return answer(made)

    @removes("/views/{view_id:uuid}", policy="recommendation.read")
    def remove_view(self, work: NamedDependency[Work], view_id: FromPath[UUID]) -> None:
        """Forget one of one's own searches."""
        actor = work.actor
        with work.writing() as db:
            ViewService(db).remove(view_id, actor=actor)
