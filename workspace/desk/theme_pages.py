"""The lists of themes and the sets of a forum, in a browser."""

from collections.abc import Mapping, Sequence
from uuid import UUID

import sqlalchemy as sa
from litestar import Controller, Response, get, post
from litestar.di import NamedDependency
from litestar.response import Redirect
from msgspec import Struct

from workspace.core.actor import Actor
from workspace.core.db import Db, Trilingual
from workspace.core.errors import Invalid
from workspace.declarations.frame import header
from workspace.people.frame import forum_frame
from workspace.people.models import Forum
from workspace.people.service import PeopleService
from workspace.recommendations import policy
from workspace.recommendations.models import Recommendation, RecommendationTheme, Taxonomy, TaxonomyKind
from workspace.recommendations.ready_made import NAMES, THEMES
from workspace.recommendations.themes import ThemeService
from workspace.web.i18n import N_
from workspace.web.pages import Page, field_errors, page, redirect
from workspace.web.params import FromPath, URLEncodedBody
from workspace.web.services import Work

LIST, THEME, REMOVE = "list", "theme", "remove"
KINDS: Mapping[TaxonomyKind, str] = {
    TaxonomyKind.AXES: N_("Axes"),
    TaxonomyKind.OWN: N_("Themes of your own"),
    TaxonomyKind.SETS: N_("Sets to publish beside the declaration"),
}


class ThemeForm(Struct, frozen=True):
    act: str = ""
    kind: str = ""
    taxonomy: str = ""
    theme: str = ""
    es: str = ""
    en: str = ""
    fr: str = ""

    @property
    def name(self) -> Trilingual:
        return Trilingual(self.es, self.en, self.fr)


class ThemeLine(Struct, frozen=True):
    id: str
    name: str
    count: int
    href: str


class ListLine(Struct, frozen=True):
    id: str
    name: str
    is_ready_made: bool
    is_sets: bool
    themes: Sequence[ThemeLine]


class ThemesPage(Page, frozen=True, kw_only=True):
    lists: Sequence[ListLine]
    ready: Sequence[tuple[str, str]]  # lists that come with the program and are not here yet
    kinds: Sequence[tuple[str, str]]
    may_change: bool


class ThemePages(Controller):
    """Themes and sets."""

    path = "/{forum:str}/recommendations/themes"

    @get(name="themes", sync_to_thread=True, policy="recommendation.read")
    def themes(self, work: NamedDependency[Work], forum: FromPath[str]) -> Response[str]:
        """Every list, what stands under each theme, and forms to add to them."""
        with work.reading() as db:
            context = _themes_page(db, forum, work)
        return page(work, "recommendations/themes.html", context)

    @post(name="change_themes", sync_to_thread=True, policy="recommendation.confirm_merge")
    def change(self, work: NamedDependency[Work], forum: FromPath[str], data: URLEncodedBody[ThemeForm]) -> Redirect:
        """Begin a list, add a theme to one, or take one away."""
        actor, back = work.actor, work.url_for("themes", forum=forum)
        try:
            with work.writing() as db:
                _change(db, PeopleService(db).forum(forum), data, actor)
        except Invalid as refusal:
            return redirect(work, back, said=" ".join(field_errors(work, refusal).values()))
        except ValueError:
            return redirect(work, back, said=work.messages.gettext("Nothing was changed."))
        return redirect(work, back, said=work.messages.gettext("The themes are changed."))


def _change(db: Db, forum: Forum, data: ThemeForm, actor: Actor) -> None:
    service = ThemeService(db)
    if data.act == THEME:
        service.add_theme(UUID(data.taxonomy), data.name, actor=actor)
    elif data.act == REMOVE:
        service.remove_theme(UUID(data.theme), actor=actor)
    elif TaxonomyKind(data.kind) in THEMES:
        service.add_ready_made(forum, TaxonomyKind(data.kind), actor=actor)
    else:
        service.add(forum, TaxonomyKind(data.kind), data.name, actor=actor)


def _themes_page(db: Db, forum_slug: str, work: Work) -> ThemesPage:
    found = forum_frame(db, forum_slug, work=work)
    lists = ThemeService(db).taxonomies(found.forum, actor=work.actor)
    counts = _counts(db, found.forum)
    present = {one.kind for one in lists}
    say = work.messages.gettext
    return ThemesPage(
        place=header(db, found, work=work),
        here="recommendations",
        lists=[_line(one, counts, found.forum, work) for one in lists],
        ready=[(kind.value, NAMES[kind].said_in(work.language)) for kind in THEMES if kind not in present],
        kinds=[(kind.value, say(words)) for kind, words in KINDS.items()],
        may_change=policy.may_settle_all(work.actor, found.forum),
    )


def _line(one: Taxonomy, counts: Mapping[UUID, int], forum: Forum, work: Work) -> ListLine:
    return ListLine(
        id=str(one.id),
        name=one.name.said_in(work.language),
        is_ready_made=one.kind in THEMES,
        is_sets=one.kind is TaxonomyKind.SETS,
        themes=[
            ThemeLine(
                str(theme.id),
                theme.name.said_in(work.language),
                counts.get(theme.id, 0),
                work.url_for("recommendations", forum=forum.slug, theme=theme.id),
            )
            for theme in one.themes
        ],
    )


def _counts(db: Db, forum: Forum) -> dict[UUID, int]:
    statement = (
        sa.select(RecommendationTheme.theme_id, sa.func.count())
        .join(Recommendation, Recommendation.id == RecommendationTheme.recommendation_id)
        .where(Recommendation.forum_id == forum.id)
        .group_by(RecommendationTheme.theme_id)
    )
    return {theme: count for theme, count in db.execute(statement)}  # noqa: C416  (a row is no pair to a type checker)
