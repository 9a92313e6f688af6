"""The register of recommendations: the words of each, where it was said, and where it went."""

from collections.abc import Mapping, Sequence
from uuid import UUID

import sqlalchemy as sa
from msgspec import Struct
from sqlalchemy.orm import joinedload

from workspace.core.db import Db
from workspace.declarations.frame import header
from workspace.desk.origins import where_said
from workspace.desk.register_filters import NOWHERE, SOMEWHERE, Filters
from workspace.desk.trails import Trails, Went
from workspace.people.frame import ForumFrame, forum_frame
from workspace.people.models import Forum, Organisation
from workspace.recommendations import policy, resembling
from workspace.recommendations.finding import conditions, sorted_by
from workspace.recommendations.models import Endorsement, Outcome, Recommendation, Resemblance, Standing, Theme
from workspace.recommendations.themes import ThemeService
from workspace.recommendations.views import ViewService
from workspace.sessions.models import Session
from workspace.web.pages import Page
from workspace.web.services import Work

PAGE = 50  # recommendations shown at once


class Line(Struct, frozen=True):
    """One recommendation, verbatim."""

    number: int
    href: str
    text: str
    language: str
    origin: str  # the session, or the organisation that sent it in
    origin_language: str
    origin_href: str
    is_sent_in: bool
    working_group: str
    line: int | None
    line_href: str
    section: str
    standing: Standing
    outcome: Outcome
    reason: str
    merged_into: int | None
    endorsed: int
    themes: Sequence[str]
    went: Sequence[Went]


class Twin(Struct, frozen=True):
    number: int
    href: str
    text: str
    language: str
    origin: str


class Pair(Struct, frozen=True):
    """Two that say nearly the same, or in two languages perhaps the same. `likeness` is in hundredths."""

    first: Twin
    second: Twin
    likeness: int

    @property
    def in_two_languages(self) -> bool:
        return self.first.language != self.second.language


class View(Struct, frozen=True):
    id: UUID
    name: str
    href: str
    is_own: bool
    is_shared: bool


class RegisterPage(Page, frozen=True, kw_only=True):
    total: int
    homeless: int | None  # how many no paragraph has taken up; None where the reader cannot know
    proposed: int
    shown: int
    lines: Sequence[Line]
    filters: Filters
    sessions: Sequence[tuple[str, str]]
    languages: Sequence[str]
    organisations: Sequence[tuple[str, str]]
    themes: Sequence[tuple[str, Sequence[tuple[str, str]]]]
    views: Sequence[View]
    pair: Pair | None
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


def register(db: Db, forum_slug: str, *, work: Work, settings: Mapping[str, str]) -> RegisterPage:
    """The recommendations that fit the filters, a page of them. The number of queries does not depend on theirs."""
    found = forum_frame(db, forum_slug, work=work)
    forum, actor, filters = found.forum, work.actor, Filters.of(settings)
    may_settle = policy.may_confirm(actor, forum)
    trails = Trails.of(db, forum, actor)
    counts = _counts(db, forum)
    matching = fitting(forum, filters, trails, work)
    start = max(0, int(settings["from"][:9]) - 1) if settings.get("from", "").isdecimal() else 0
    shown = db.scalar(sa.select(sa.func.count()).select_from(Recommendation).where(*matching)) or 0
    numbers = sa.select(Recommendation.id).where(*matching).order_by(*sorted_by(filters.order))
    ids = list(db.scalars(numbers.offset(start).limit(PAGE)))
    pairs = resembling.resemblances(db, forum, actor=actor, limit=1) if may_settle else []

    def address(first: int) -> str:
        return work.url_for(
            "recommendations", forum=forum_slug, **filters.query(), **({"from": first} if first > 1 else {})
        )

    def file(kind: str) -> str:
        return work.url_for("register_file", forum=forum_slug, kind=kind, **filters.query())

    return RegisterPage(
        place=header(db, found, work=work),
        here="recommendations",
        total=sum(count for (standing, _), count in counts.items() if standing.is_counted),
        homeless=_homeless(db, forum, trails) if trails.declarations else None,
        proposed=sum(count for (standing, _), count in counts.items() if standing is Standing.PROPOSED),
        shown=shown,
        lines=lines(db, forum, ids, trails, work),
        filters=filters,
        sessions=_sessions(db, forum),
        languages=sorted({language for _, language in counts}),
        organisations=_organisations(db, forum),
        themes=themes_to_choose(db, forum, work),
        views=_views(db, found, work),
        pair=shown_pair(pairs[0], forum, work) if pairs else None,
        pairs=resembling.open_pairs(db, forum) if pairs else 0,
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
    )


def fitting(forum: Forum, filters: Filters, trails: Trails, work: Work) -> list[sa.ColumnElement[bool]]:
    """What a recommendation must be to fit the filters, as the database is asked."""
    found = conditions(forum, filters.wanted(), actor=work.actor)
    if filters.went == NOWHERE:
        found.append(trails.is_homeless())
    elif filters.went == SOMEWHERE:
        found.append(Recommendation.id.in_(trails.taken_up()))
    return found


def lines(db: Db, forum: Forum, ids: Sequence[UUID], trails: Trails, work: Work) -> list[Line]:
    """These recommendations in this order, with all that the register tells of each. A fixed number of queries."""
    into = sa.orm.aliased(Recommendation)
    statement = (
        sa.select(Recommendation, into.number)
        .outerjoin(into, into.id == Recommendation.merged_into_id)
        .where(Recommendation.id.in_(ids))
        .options(
            joinedload(Recommendation.session).load_only(Session.title, Session.language),
            joinedload(Recommendation.organisation),
        )
    )
    found = {one.id: (one, number) for one, number in db.execute(statement)}
    went = trails.places(db, ids, work)
    themes, endorsed = ThemeService(db).of(ids), _endorsed(db, ids)
    return [
        _line(
            one, number, forum, work, went=went.get(key, ()), themes=themes.get(key, ()), endorsed=endorsed.get(key, 0)
        )
        for key in ids
        for one, number in (found[key],)
    ]


def _line(
    one: Recommendation,
    merged_into: int | None,
    forum: Forum,
    work: Work,
    *,
    went: Sequence[Went],
    themes: Sequence[Theme],
    endorsed: int,
) -> Line:
    own = work.url_for("recommendation", forum=forum.slug, number=one.number)
    session = work.url_for("session", forum=forum.slug, session_id=one.session_id) if one.session_id else own
    return Line(
        number=one.number,
        href=own,
        text=one.text,
        language=one.language,
        origin=one.origin,
        origin_language=one.session.language if one.session else "",
        origin_href=session,
        is_sent_in=one.session_id is None,
        working_group=one.working_group,
        line=one.line,
        line_href=where_said(work, forum.slug, one),
        section=one.section,
        standing=one.standing,
        outcome=one.outcome,
        reason=one.outcome_reason,
        merged_into=merged_into,
        endorsed=endorsed,
        themes=[theme.name.said_in(work.language) for theme in themes],
        went=went,
    )


def shown_pair(pair: Resemblance, forum: Forum, work: Work) -> Pair:
    def twin(one: Recommendation) -> Twin:
        href = work.url_for("recommendation", forum=forum.slug, number=one.number)
        return Twin(one.number, href, one.text, one.language, one.origin)

    first, second = sorted((pair.first, pair.second), key=lambda one: one.number)
    return Pair(twin(first), twin(second), pair.likeness)


def themes_to_choose(db: Db, forum: Forum, work: Work) -> list[tuple[str, Sequence[tuple[str, str]]]]:
    """The lists of themes and what stands in each, to choose from: (name, [(id, name), …])."""
    return [
        (
            one.name.said_in(work.language),
            [(str(theme.id), theme.name.said_in(work.language)) for theme in one.themes],
        )
        for one in ThemeService(db).taxonomies(forum, actor=work.actor)
        if one.themes
    ]


def _counts(db: Db, forum: Forum) -> dict[tuple[Standing, str], int]:
    statement = (
        sa.select(Recommendation.standing, Recommendation.language, sa.func.count())
        .where(Recommendation.forum_id == forum.id)
        .group_by(Recommendation.standing, Recommendation.language)
    )
    return {(standing, language): count for standing, language, count in db.execute(statement)}


def _homeless(db: Db, forum: Forum, trails: Trails) -> int:
    statement = sa.select(sa.func.count()).select_from(Recommendation)
    return db.scalar(statement.where(Recommendation.forum_id == forum.id, trails.is_homeless())) or 0


def _endorsed(db: Db, ids: Sequence[UUID]) -> dict[UUID, int]:
    statement = (
        sa.select(Endorsement.recommendation_id, sa.func.count())
        .where(Endorsement.recommendation_id.in_(ids))
        .group_by(Endorsement.recommendation_id)
    )
    return {key: count for key, count in db.execute(statement)}  # noqa: C416  (a row is no pair to a type checker)


def _sessions(db: Db, forum: Forum) -> list[tuple[str, str]]:
    rows = db.execute(sa.select(Session.id, Session.title).where(Session.forum_id == forum.id).order_by(Session.number))
    return [(str(row.id), row.title) for row in rows]


def _organisations(db: Db, forum: Forum) -> list[tuple[str, str]]:
    """Those that sent a recommendation in or stand behind one."""
    sent = sa.select(Recommendation.organisation_id).where(Recommendation.forum_id == forum.id)
    behind = (
        sa.select(Endorsement.organisation_id)
        .join(Recommendation, Recommendation.id == Endorsement.recommendation_id)
        .where(Recommendation.forum_id == forum.id)
    )
    statement = sa.select(Organisation.id, Organisation.name).where(
        sa.or_(Organisation.id.in_(sent), Organisation.id.in_(behind))
    )
    return [(str(row.id), row.name) for row in db.execute(statement.order_by(Organisation.name))]


def _views(db: Db, found: ForumFrame, work: Work) -> list[View]:
    register_page = work.url_for("recommendations", forum=found.forum.slug)
    return [
        View(
            view.id, view.name, f"{register_page}?{view.query}", view.person_id == work.actor.person_id, view.is_shared
        )
        for view in ViewService(db).of(found.forum, actor=work.actor)
    ]
