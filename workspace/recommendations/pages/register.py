"""The register of recommendations: the words of each, where it was said, and where it went."""

from collections.abc import Collection, Mapping, Sequence
from enum import StrEnum
from typing import TypeVar
from uuid import UUID

import sqlalchemy as sa
from litestar import Controller
from msgspec import Struct
from sqlalchemy.orm import joinedload

from workspace.core.actor import Actor
from workspace.core.shapes import filled
from workspace.core.storage.db import Db, Trilingual
from workspace.core.validation import whole_number
from workspace.declarations.domain.models import ProvenanceKind
from workspace.declarations.frame import header
from workspace.people.frame import ForumFrame, FrameInForum, InForum, forum_frame
from workspace.people.models import Forum, Organisation, Person
from workspace.people.policy import sees_everybody
from workspace.recommendations import near_duplicates, policy
from workspace.recommendations.models import (
    Endorsement,
    Recommendation,
    RecommendationStatus,
    RecommendationTheme,
    Resemblance,
    RulingOutcome,
    Taxonomy,
    TaxonomyKind,
)
from workspace.recommendations.pages.usage import RecommendationUsage, Usage, source_address
from workspace.recommendations.search import (
    EVERYTHING,
    RegisterOrder,
    RegisterSearch,
    ViewService,
    search_conditions,
    search_order,
)
from workspace.recommendations.service import RecommendationService
from workspace.recommendations.themes import NAMES, THEMES, ThemeService
from workspace.sessions.models import Session
from workspace.sessions.policy import shown_to
from workspace.web.http.request_context import FormBody, Work
from workspace.web.i18n.marking import N_
from workspace.web.pages import Done, Page, said_at, shows, takes

NOWHERE, SOMEWHERE = "nowhere", "somewhere"
SHOWN = "shown"  # what `select` asks to tick
FILTERS = ("words", "session", "said_in", "standing", "outcome", "theme", "organisation", "went", "sort")
_NOBODY = UUID(int=0)  # what an id that makes no sense finds
_Choice = TypeVar("_Choice", bound=StrEnum)


class RegisterFilters(Struct, frozen=True):
    """Empty for everything, in the order of the numbers."""

    words: str = ""
    session: str = ""
    said_in: str = ""  # a language
    standing: str = ""
    outcome: str = ""
    theme: str = ""
    organisation: str = ""
    went: str = ""
    sort: str = ""

    @classmethod
    def of(cls, given: Mapping[str, str]) -> "RegisterFilters":
        return cls(**{name: given.get(name, "").strip()[:200] for name in FILTERS})

    def query(self) -> dict[str, str]:
        """The filters in use, as the query of an address."""
        every = {name: getattr(self, name) for name in FILTERS}
        return {name: value for name, value in every.items() if value}

    @property
    def order(self) -> RegisterOrder:
        return _choice(RegisterOrder, self.sort) or RegisterOrder.NUMBER

    def wanted(self) -> RegisterSearch:
        """What the database is asked for; where it went is asked of the declarations besides."""
        return RegisterSearch(
            words=self.words,
            session_id=_id(self.session),
            language=self.said_in,
            standing=_choice(RecommendationStatus, self.standing),
            outcome=_choice(RulingOutcome, self.outcome),
            theme_id=_id(self.theme),
            organisation_id=_id(self.organisation),
        )


def _choice(kind: type[_Choice], given: str) -> _Choice | None:
    return kind(given) if given in set(kind) else None


def _id(given: str) -> UUID | None:
    try:
        return UUID(given) if given else None
    except ValueError:
        return _NOBODY


UNPUBLISHED = "unpublished"  # no outcome that the reader may know of, whether there is one or not
PAGE = 50  # recommendations shown at once


class RegisterLine(Struct, frozen=True):
    """One recommendation, verbatim."""

    number: int
    href: str
    text: str
    language: str
    origin: str  # the session, or the organisation that sent it in
    origin_language: str
    origin_href: str
    is_sent_in: bool
    is_taken: bool  # from a forum that came before
    working_group: str
    line: int | None
    line_href: str
    section: str
    standing: RecommendationStatus
    outcome: RulingOutcome
    reason: str
    fate: str  # "taken_up", "partly", "merged", "declined", "dropped", "open", or UNPUBLISHED
    merged_into: int | None
    endorsed: int
    themes: Sequence[str]
    went: Sequence[Usage]


class SimilarRecommendation(Struct, frozen=True):
    number: int
    href: str
    text: str
    language: str
    origin: str


class SimilarPair(Struct, frozen=True):
    """Two that say nearly the same, or in two languages perhaps the same. `likeness` is in hundredths."""

    first: SimilarRecommendation
    second: SimilarRecommendation
    likeness: int

    @property
    def in_two_languages(self) -> bool:
        return self.first.language != self.second.language


class SavedViewLine(Struct, frozen=True):
    id: UUID
    name: str
    href: str
    is_own: bool
    is_shared: bool


class RegisterPage(Page, frozen=True, kw_only=True):
    """`fitting` is how many proposals that fit are the reader's to confirm; `ticked` and `reason` were sent before."""

    total: int
    homeless: int | None  # how many no paragraph has taken up; None where the reader cannot know
    fitting: int
    shown: int
    lines: Sequence[RegisterLine]
    filters: RegisterFilters
    sessions: Sequence[tuple[str, str]]
    languages: Sequence[str]
    organisations: Sequence[tuple[str, str]]
    themes: Sequence[tuple[str, Sequence[tuple[str, str]]]]
    views: Sequence[SavedViewLine]
    pairs: int
    first: int
    before: str
    after: str
    back: str
    spreadsheet: str
    values: str  # address of the same as CSV
    may_settle: bool
    may_take_in: bool  # a spreadsheet, which belongs to no session
    may_submit: bool
    may_keep_views: bool
    may_see_where: bool
    name_declarations: bool
    ticked: Collection[int]
    reason: str
    errors: Mapping[str, str]


def register(
    db: Db,
    forum_slug: str,
    *,
    work: Work,
    settings: Mapping[str, str],
    ticked: Collection[int] = (),
    reason: str = "",
    errors: Mapping[str, str] | None = None,
) -> RegisterPage:
    """The recommendations that fit the filters, a page of them. The number of queries does not depend on theirs."""
    found = forum_frame(db, forum_slug, work=work)
    forum, actor, filters = found.forum, work.actor, RegisterFilters.of(settings)
    may_settle = policy.may_confirm(actor, forum)
    trails = RecommendationUsage.of(db, forum, actor)
    languages = _languages(db, search_conditions(forum, EVERYTHING, actor=actor))
    matching = matching_recommendations(forum, filters, trails, work)
    start = max(0, (whole_number(settings.get("from", "")) or 1) - 1)
    shown = db.scalar(sa.select(sa.func.count()).select_from(Recommendation).where(*matching)) or 0
    numbers = sa.select(Recommendation.id).where(*matching).order_by(*search_order(filters.order))
    ids = list(db.scalars(numbers.offset(start).limit(PAGE)))
    lines = register_rows(db, forum, ids, trails, work)

    def address(first: int) -> str:
        return work.url_for(
            "recommendations", forum=forum_slug, **filters.query(), **({"from": first} if first > 1 else {})
        )

    def file(kind: str) -> str:
        return work.url_for("register_file", forum=forum_slug, kind=kind, **filters.query())

    return RegisterPage(
        place=header(db, found, work=work),
        here="recommendations",
        total=sum(languages.values()),
        homeless=trails.count_homeless(db, forum, actor) if trails.declarations else None,
        fitting=len(fitting_proposals(db, forum, filters, trails, work)) if may_settle else 0,
        shown=shown,
        lines=lines,
        filters=filters,
        sessions=_sessions(db, forum, work.actor),
        languages=sorted(languages),
        organisations=_organisations(db, forum),
        themes=themes_to_choose(db, forum, work),
        views=_views(db, found, work),
        pairs=near_duplicates.open_pairs(db, forum) if may_settle else 0,
        first=start + 1,
        before=address(max(1, start - PAGE + 1)) if start else "",
        after=address(start + PAGE + 1) if start + PAGE < shown else "",
        back=address(start + 1),
        spreadsheet=file("xlsx"),
        values=file("csv"),
        may_settle=may_settle,
        may_take_in=policy.may_settle_all(actor, forum),
        may_submit=policy.may_submit(actor, forum),
        may_keep_views=actor.person_id is not None,
        may_see_where=bool(trails.declarations),
        name_declarations=len(trails.declarations) > 1,
        ticked=ticked or ([line.number for line in lines] if settings.get("select") == SHOWN else ()),
        reason=reason,
        errors=errors or {},
    )


def fitting_proposals(
    db: Db, forum: Forum, filters: RegisterFilters, trails: RecommendationUsage, work: Work
) -> list[int]:
    """The numbers of what fits the filters and is the reader's to confirm."""
    went = _went_where(filters, trails)
    return RecommendationService(db).proposals(forum, filters.wanted(), *went, actor=work.actor)


def matching_recommendations(
    forum: Forum, filters: RegisterFilters, trails: RecommendationUsage, work: Work
) -> list[sa.ColumnElement[bool]]:
    """What a recommendation must be to fit the filters, as the database is asked."""
    return [*search_conditions(forum, filters.wanted(), actor=work.actor), *_went_where(filters, trails)]


def _went_where(filters: RegisterFilters, trails: RecommendationUsage) -> list[sa.ColumnElement[bool]]:
    if filters.went == NOWHERE:
        return [trails.is_homeless()]
    return [Recommendation.id.in_(trails.taken_up())] if filters.went == SOMEWHERE else []


def register_rows(
    db: Db, forum: Forum, ids: Sequence[UUID], trails: RecommendationUsage, work: Work
) -> list[RegisterLine]:
    """These recommendations in this order, with all that the register tells of each. A fixed number of queries."""
    into = sa.orm.aliased(Recommendation)
    is_read = into.standing.in_(sorted(policy.shown_standings(work.actor, forum)))
    statement = (
        sa.select(Recommendation, into.number)
        .outerjoin(into, sa.and_(into.id == Recommendation.merged_into_id, is_read))
        .where(Recommendation.id.in_(ids))
        .options(
            joinedload(Recommendation.session).load_only(Session.title, Session.language),
            joinedload(Recommendation.organisation),
            joinedload(Recommendation.submitted_by).load_only(Person.name),
        )
    )
    found = {recommendation.id: (recommendation, number) for recommendation, number in db.execute(statement)}
    went, themes, endorsed = trails.places(db, ids, work), ThemeService(db).of(ids), _endorsed(db, ids)
    otherwise = "open" if trails.is_whole else UNPUBLISHED
    return [
        _register_line(
            *(found[key][0], forum, work, went.get(key, ()), otherwise),
            merged_into=found[key][1],
            endorsed=endorsed.get(key, 0),
            themes=[theme.name.said_in(work.language) for theme in themes.get(key, ())],
        )
        for key in ids
    ]


def _register_line(
    recommendation: Recommendation, forum: Forum, work: Work, went: Sequence[Usage], otherwise: str, **facts: object
) -> RegisterLine:
    source = source_address(work, forum.slug, recommendation)
    return filled(
        RegisterLine,
        recommendation,
        href=work.url_for("recommendation", forum=forum.slug, number=recommendation.number),
        origin=_origin(recommendation, forum, work),
        origin_language=recommendation.session.language if recommendation.session else "",
        origin_href=source.partition("#")[0],
        is_sent_in=recommendation.session_id is None and recommendation.taken_from is None,
        is_taken=recommendation.taken_from is not None,
        line_href=source,
        reason=recommendation.outcome_reason,
        fate=_fate(recommendation, went, otherwise),
        went=went,
        **facts,
    )


def _fate(recommendation: Recommendation, went: Sequence[Usage], otherwise: str) -> str:
    """In one word; what was decided goes before what the links say."""
    if recommendation.standing in {RecommendationStatus.MERGED, RecommendationStatus.DROPPED}:
        return recommendation.standing.value
    if recommendation.outcome is not RulingOutcome.OPEN:
        return recommendation.outcome.value
    kinds = {usage.kind for usage in went if usage.href}
    linked = (ProvenanceKind.TAKEN_UP, ProvenanceKind.PARTLY, ProvenanceKind.MERGED)
    return next((kind.value for kind in linked if kind in kinds), otherwise)


def similar(recommendation: Recommendation, forum: Forum, work: Work) -> SimilarRecommendation:
    """A recommendation as it is shown beside others."""
    href = work.url_for("recommendation", forum=forum.slug, number=recommendation.number)
    return filled(SimilarRecommendation, recommendation, href=href, origin=_origin(recommendation, forum, work))


def _origin(recommendation: Recommendation, forum: Forum, work: Work) -> str:
    """Where it is from; of who spoke for themselves the name, for whoever looks after people."""
    by = recommendation.submitted_by if sees_everybody(work.actor, forum) else None
    return recommendation.origin_in(work.language) or (by.name if by else "")


def shown_pair(pair: Resemblance, forum: Forum, work: Work) -> SimilarPair:
    first, second = sorted((pair.first, pair.second), key=lambda recommendation: recommendation.number)
    return SimilarPair(similar(first, forum, work), similar(second, forum, work), pair.likeness)


def themes_to_choose(db: Db, forum: Forum, work: Work) -> list[tuple[str, Sequence[tuple[str, str]]]]:
    """The lists of themes and what stands in each, to choose from: (name, [(id, name), …])."""
    return [
        (
            taxonomy.name.said_in(work.language),
            [(str(theme.id), theme.name.said_in(work.language)) for theme in taxonomy.themes],
        )
        for taxonomy in ThemeService(db).taxonomies(forum, actor=work.actor)
        if taxonomy.themes
    ]


def _languages(db: Db, readable: Sequence[sa.ColumnElement[bool]]) -> dict[str, int]:
    """How many of what the reader finds there each language has."""
    statement = sa.select(Recommendation.language, sa.func.count()).where(*readable)
    rows = db.execute(statement.group_by(Recommendation.language))
    return {language: count for language, count in rows}  # noqa: C416  (a row is no pair to a type checker)


def _endorsed(db: Db, ids: Sequence[UUID]) -> dict[UUID, int]:
    counted = sa.select(Endorsement.recommendation_id, sa.func.count()).group_by(Endorsement.recommendation_id)
    rows = db.execute(counted.where(Endorsement.recommendation_id.in_(ids)))
    return {key: count for key, count in rows}  # noqa: C416  (a row is no pair to a type checker)


def _sessions(db: Db, forum: Forum, actor: Actor) -> list[tuple[str, str]]:
    titles = sa.select(Session.id, Session.title).where(Session.forum_id == forum.id, shown_to(actor, forum))
    rows = db.execute(titles.order_by(Session.number))
    return [(str(row.id), row.title) for row in rows]


def _organisations(db: Db, forum: Forum) -> list[tuple[str, str]]:
    """Those that sent a recommendation in or stand behind one."""
    sent = sa.select(Recommendation.organisation_id).where(Recommendation.forum_id == forum.id)
    behind = sa.select(Endorsement.organisation_id)
    behind = behind.join(Recommendation, Recommendation.id == Endorsement.recommendation_id)
    every = sent.union(behind.where(Recommendation.forum_id == forum.id))
    named = sa.select(Organisation.id, Organisation.name).where(Organisation.id.in_(every))
    return [(str(row.id), row.name) for row in db.execute(named.order_by(Organisation.name))]


def _views(db: Db, found: ForumFrame, work: Work) -> list[SavedViewLine]:
    register_page = work.url_for("recommendations", forum=found.forum.slug)
    return [
        SavedViewLine(
            view.id, view.name, f"{register_page}?{view.query}", view.person_id == work.actor.person_id, view.is_shared
        )
        for view in ViewService(db).of(found.forum, actor=work.actor)
    ]


LIST, THEME, REMOVE = "list", "theme", "remove"
KINDS: Mapping[TaxonomyKind, str] = {
    TaxonomyKind.AXES: N_("Axes"),
    TaxonomyKind.OWN: N_("Own themes"),
    TaxonomyKind.SETS: N_("Recommendation sets"),
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

    @shows("recommendations/themes.html", name="themes", policy="recommendation.read")
    def themes(self, db: Db, work: Work, found: FrameInForum) -> ThemesPage:
        """Every list, what stands under each theme, and forms to add to them."""
        lists = ThemeService(db).taxonomies(found.forum, actor=work.actor)
        counts = _theme_counts(db, found.forum)
        present = {taxonomy.kind for taxonomy in lists}
        say = work.messages.gettext
        return ThemesPage(
            place=header(db, found, work=work),
            here="recommendations",
            lists=[_taxonomy_line(taxonomy, counts, found.forum, work) for taxonomy in lists],
            ready=[(kind.value, NAMES[kind].said_in(work.language)) for kind in THEMES if kind not in present],
            kinds=[(kind.value, say(words)) for kind, words in KINDS.items()],
            may_change=policy.may_settle_all(work.actor, found.forum),
        )

    @takes(again=said_at("themes"), name="change_themes", policy="recommendation.confirm_merge")
    def change(self, db: Db, work: Work, actor: Actor, forum: InForum, data: FormBody[ThemeForm]) -> Done:
        """Begin a list, add a theme to one, or take one away."""
        try:
            _change(db, forum, data, actor)
        except ValueError:
            return Done("themes", work.messages.gettext("Nothing was changed."))
        return Done("themes", work.messages.gettext("Themes saved."))


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


def _taxonomy_line(taxonomy: Taxonomy, counts: Mapping[UUID, int], forum: Forum, work: Work) -> ListLine:
    return ListLine(
        id=str(taxonomy.id),
        name=taxonomy.name.said_in(work.language),
        is_ready_made=taxonomy.kind in THEMES,
        is_sets=taxonomy.kind is TaxonomyKind.SETS,
        themes=[
            ThemeLine(
                str(theme.id),
                theme.name.said_in(work.language),
                counts.get(theme.id, 0),
                work.url_for("recommendations", forum=forum.slug, theme=theme.id),
            )
            for theme in taxonomy.themes
        ],
    )


def _theme_counts(db: Db, forum: Forum) -> dict[UUID, int]:
    statement = (
        sa.select(RecommendationTheme.theme_id, sa.func.count())
        .join(Recommendation, Recommendation.id == RecommendationTheme.recommendation_id)
        .where(Recommendation.forum_id == forum.id)
        .group_by(RecommendationTheme.theme_id)
    )
    return {key: count for key, count in db.execute(statement)}  # noqa: C416  (a row is no pair to a type checker)
