"""What recommendations are about: lists of themes, ready made or a forum's own, and the sets it publishes."""

from collections.abc import Mapping, Sequence
from pathlib import Path
from uuid import UUID

import sqlalchemy as sa
from msgspec import Struct, json
from slugify import slugify
from sqlalchemy.orm import joinedload, selectinload

from workspace.core.actor import Actor
from workspace.core.errors import Invalid, NotFound, existing
from workspace.core.storage import log
from workspace.core.storage.db import Service, Trilingual
from workspace.people.models import Forum
from workspace.recommendations import policy
from workspace.recommendations.models import Recommendation, RecommendationTheme, Taxonomy, TaxonomyKind, Theme
from workspace.recommendations.service import RecommendationService

NamedTheme = tuple[str, Trilingual]


class _ReadyMade(Struct, frozen=True):
    names: Mapping[TaxonomyKind, Trilingual]
    themes: Mapping[TaxonomyKind, Sequence[NamedTheme]]


_READY_MADE = json.decode(Path(__file__).with_suffix(".json").read_bytes(), type=_ReadyMade)
NAMES, THEMES = _READY_MADE.names, _READY_MADE.themes
MOST_THEMES = 100  # of one list
LONGEST_NAME = 120
_LONGEST_KEY = 40


class ThemeService(Service):
    """Lists of themes, and what stands under each theme."""

    def taxonomies(self, forum: Forum, *, actor: Actor) -> list[Taxonomy]:
        """The lists of a forum with their themes, in order. Two queries."""
        policy.ensure_may_read(actor, forum)
        statement = sa.select(Taxonomy).where(Taxonomy.forum_id == forum.id).options(selectinload(Taxonomy.themes))
        return list(self.db.scalars(statement.order_by(Taxonomy.position, Taxonomy.id)))

    def add_ready_made(self, forum: Forum, kind: TaxonomyKind, *, actor: Actor) -> Taxonomy:
        """Give a forum one of the lists that come with the program; asking again gives the one it has."""
        policy.ensure_may_settle(actor, forum, ())
        if kind not in THEMES:
            raise Invalid(field="kind", reason="not_ready_made", given=kind.value)
        known = sa.select(Taxonomy).where(Taxonomy.forum_id == forum.id, Taxonomy.kind == kind)
        return self.db.scalar(known) or self._add(forum, kind, NAMES[kind], THEMES[kind], actor=actor)

    def add(self, forum: Forum, kind: TaxonomyKind, name: Trilingual, *, actor: Actor) -> Taxonomy:
        """Begin a list of the forum's own: axes, sets, or themes of any other kind. Raises `Invalid` without a name."""
        policy.ensure_may_settle(actor, forum, ())
        return self._add(forum, kind, _named(name, otherwise=NAMES[kind]), (), actor=actor)

    def add_theme(self, taxonomy_id: UUID, name: Trilingual, *, actor: Actor) -> Theme:
        """Add a theme, or a set, at the end of a list. Raises `NotFound`, and `Invalid` for no name or one too many."""
        taxonomy = self._taxonomy(taxonomy_id, actor=actor)
        known = {theme.key for theme in taxonomy.themes}
        if len(known) >= MOST_THEMES:
            raise Invalid(field="name", reason="too_many", limit=MOST_THEMES)
        name = _named(name)
        theme = Theme(taxonomy_id=taxonomy.id, key=_free(name, known), name=name, position=len(taxonomy.themes) + 1)
        self.db.add(theme)
        self.db.flush()
        self.db.refresh(taxonomy, ["themes"])
        self._record("theme.added", taxonomy.forum_id, actor=actor, theme=str(theme.id))
        return theme

    def remove_theme(self, theme_id: UUID, *, actor: Actor) -> None:
        """Take a theme out of its list, and from under every recommendation; `Invalid` for one that came ready made."""
        theme = existing(self.db.get(Theme, theme_id), "theme", theme_id)
        taxonomy = self._taxonomy(theme.taxonomy_id, actor=actor)
        if taxonomy.kind in THEMES:
            raise Invalid(field="theme", reason="ready_made")
        self.db.execute(sa.delete(RecommendationTheme).where(RecommendationTheme.theme_id == theme.id))
        self.db.delete(theme)
        self.db.flush()
        self.db.refresh(taxonomy, ["themes"])
        self._record("theme.removed", taxonomy.forum_id, actor=actor, theme=str(theme_id))

    def assign(
        self, forum: Forum, numbers: Sequence[int], themes: Sequence[UUID], *, actor: Actor, is_on: bool = True
    ) -> list[Recommendation]:
        """Put recommendations under themes, or (`is_on` False) take them away from there; what is so already stays."""
        policy.ensure_may_confirm_any(actor, forum)
        chosen = RecommendationService(self.db).chosen(forum, numbers)
        policy.ensure_may_settle(actor, forum, chosen)
        known = set(self.db.scalars(sa.select(Theme.id).join(Theme.taxonomy).where(Taxonomy.forum_id == forum.id)))
        if unknown := [theme for theme in themes if theme not in known]:
            raise NotFound(what="theme", id=str(unknown[0]))
        ids = [recommendation.id for recommendation in chosen]
        pairs = sa.select(RecommendationTheme.recommendation_id, RecommendationTheme.theme_id)
        under = RecommendationTheme.recommendation_id.in_(ids), RecommendationTheme.theme_id.in_(themes)
        present = {(row.recommendation_id, row.theme_id) for row in self.db.execute(pairs.where(*under))}
        if is_on:
            wanted = {(recommendation_id, theme) for recommendation_id in ids for theme in themes} - present
            self.db.add_all(
                RecommendationTheme(recommendation_id=recommendation_id, theme_id=theme)
                for recommendation_id, theme in wanted
            )
        else:
            self.db.execute(sa.delete(RecommendationTheme).where(*under))
        self._record(
            "recommendations.themed" if is_on else "recommendations.unthemed",
            forum.id,
            actor=actor,
            recommendations=[str(recommendation_id) for recommendation_id in ids],
            themes=[str(theme) for theme in themes],
        )
        return chosen

    def of(self, recommendations: Sequence[UUID]) -> Mapping[UUID, Sequence[Theme]]:
        """The themes of each of these, in the order of the lists. One query."""
        statement = (
            sa.select(RecommendationTheme.recommendation_id, Theme)
            .join(Theme, Theme.id == RecommendationTheme.theme_id)
            .join(Theme.taxonomy)
            .where(RecommendationTheme.recommendation_id.in_(recommendations))
            .options(joinedload(Theme.taxonomy))
            .order_by(Taxonomy.position, Theme.position)
        )
        found: dict[UUID, list[Theme]] = {}
        for recommendation_id, theme in self.db.execute(statement):
            found.setdefault(recommendation_id, []).append(theme)
        return found

    def grouped(
        self, forum: Forum, recommendations: Sequence[Recommendation], taxonomy_id: UUID, *, actor: Actor
    ) -> list[tuple[Theme, Sequence[Recommendation]]]:
        """These under the themes of one list, in its order, each under its first theme; `NotFound` for no such list."""
        taxonomy = next((known for known in self.taxonomies(forum, actor=actor) if known.id == taxonomy_id), None)
        if taxonomy is None:
            raise NotFound(what="taxonomy", id=str(taxonomy_id))
        themes = self.of([recommendation.id for recommendation in recommendations])
        under: dict[UUID, list[Recommendation]] = {}
        for recommendation in recommendations:
            own = (theme.id for theme in themes.get(recommendation.id, ()) if theme.taxonomy_id == taxonomy_id)
            under.setdefault(next(own, taxonomy_id), []).append(recommendation)
        return [(theme, under[theme.id]) for theme in taxonomy.themes if theme.id in under]

    # Parts

    def _add(
        self,
        forum: Forum,
        kind: TaxonomyKind,
        name: Trilingual,
        themes: Sequence[tuple[str, Trilingual]],
        *,
        actor: Actor,
    ) -> Taxonomy:
        last = self.db.scalar(sa.select(sa.func.max(Taxonomy.position)).where(Taxonomy.forum_id == forum.id))
        made = Taxonomy(
            forum_id=forum.id,
            kind=kind,
            name=name,
            position=(last or 0) + 1,
            themes=[Theme(key=key, name=called, position=at) for at, (key, called) in enumerate(themes, start=1)],
        )
        self.db.add(made)
        self.db.flush()
        self._record("taxonomy.added", forum.id, actor=actor, taxonomy=str(made.id), kind_of_list=kind.value)
        return made

    def _taxonomy(self, taxonomy_id: UUID, *, actor: Actor) -> Taxonomy:
        found = self.db.get(Taxonomy, taxonomy_id)
        forum = self.db.get(Forum, found.forum_id) if found else None
        if found is None or forum is None or not policy.may_read(actor, forum):
            raise NotFound(what="taxonomy", id=str(taxonomy_id))
        policy.ensure_may_settle(actor, forum, ())
        return found

    def _record(self, kind: str, forum_id: UUID, *, actor: Actor, **facts: str | list[str]) -> None:
        self.db.flush()
        log.record(self.db, kind, actor=actor, forum_id=forum_id, declaration_id=None, **facts)


def _named(name: Trilingual, *, otherwise: Trilingual | None = None) -> Trilingual:
    texts = {language: text.strip() for language, text in name.to_dict().items()}
    if not any(texts.values()):
        if otherwise is not None:
            return otherwise
        raise Invalid(field="name", reason="required")
    if max(map(len, texts.values())) > LONGEST_NAME:
        raise Invalid(field="name", reason="too_long", most=LONGEST_NAME)
    return Trilingual.of(texts)


def _free(name: Trilingual, known: set[str]) -> str:
    base = slugify(name.said_in("en"), max_length=_LONGEST_KEY, word_boundary=True) or "theme"
    return next(key for key in (base, *(f"{base}-{count}" for count in range(2, MOST_THEMES + 2))) if key not in known)
