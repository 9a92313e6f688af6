"""One recommendation and its whole way: where it was said, who stands behind it, what was decided, what it became."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from uuid import UUID

import sqlalchemy as sa
from msgspec import Struct
from sqlalchemy.orm import joinedload

from drafts.markup import plain
from drafts.numbering import printed
from workspace.amendments.models import Amendment, AmendmentVersion, ChangeRecord, Decision
from workspace.core.conditions import Case
from workspace.core.db import Db
from workspace.declarations import queries
from workspace.declarations.frame import header
from workspace.declarations.models import Declaration, ProvenanceKind
from workspace.declarations.policy import may_do
from workspace.declarations.queries import BlockRow
from workspace.desk.coverage import CARRIES, excerpt
from workspace.desk.register import Line as RegisterLine
from workspace.desk.register import Pair, lines, shown_pair, themes_to_choose
from workspace.desk.trails import Trails, Went
from workspace.people.frame import forum_frame
from workspace.people.models import Forum, Organisation
from workspace.people.policy import sees_everybody
from workspace.recommendations import policy, resembling
from workspace.recommendations.models import Endorsement, Outcome, Recommendation
from workspace.recommendations.service import RecommendationService
from workspace.recommendations.themes import ThemeService
from workspace.web.i18n import LANGUAGES
from workspace.web.pages import Page
from workspace.web.services import Work


class Became(Struct, frozen=True):
    """A paragraph that took it up, as it reads now in every language, and the amendments that changed it since."""

    went: Went
    texts: Sequence[tuple[str, str]]  # language, words
    amendments: Sequence[tuple[int, str, str]]  # number, address, disposition


class Ruled(Struct, frozen=True):
    outcome: Outcome
    reason: str
    at: datetime
    into: int | None


class RecommendationPage(Page, frozen=True, kw_only=True):
    line: RegisterLine
    theme_ids: Sequence[str]
    became: Sequence[Became]
    rulings: Sequence[Ruled]
    merged: Sequence[tuple[int, str, str, str]]  # number, address, words, language: those that went into this one
    endorsers: Sequence[str]
    voices: Sequence[tuple[str, str, bool]]  # one's own organisations: id, name, whether it endorses
    pairs: Sequence[Pair]
    themes: Sequence[tuple[str, Sequence[tuple[str, str]]]]
    places: Sequence[tuple[str, Sequence[tuple[str, str, str]]]]  # declaration: [(value, words, language)]
    contribution: str  # address of the page for whoever said it
    may_settle: bool
    may_see_where: bool
    name_declarations: bool


def recommendation_page(db: Db, forum_slug: str, number: int, *, work: Work) -> RecommendationPage:
    """Everything about one recommendation; raises `NotFound`."""
    found = forum_frame(db, forum_slug, work=work)
    forum, actor = found.forum, work.actor
    policy.ensure_may_read(actor, forum)
    service = RecommendationService(db)
    one = service.numbered(forum, number, actor=actor)
    trails = Trails.of(db, forum, actor)
    [line] = lines(db, forum, [one.id], trails, work)
    may_settle = policy.may_settle(actor, forum, one)
    pairs = resembling.resemblances(db, forum, actor=actor, of=one.id, limit=5) if may_settle else []
    return RecommendationPage(
        place=header(db, found, work=work),
        here="recommendations",
        line=line,
        theme_ids=[str(theme.id) for theme in ThemeService(db).of([one.id]).get(one.id, ())],
        became=_became(db, line.went, trails, work),
        rulings=_rulings(db, service, one, forum),
        merged=_merged(db, one, work),
        endorsers=_endorsers(db, one),
        voices=_voices(db, one, forum, work),
        pairs=[shown_pair(pair, forum, work) for pair in pairs],
        themes=themes_to_choose(db, forum, work) if may_settle else (),
        places=_places(db, one, trails, work),
        contribution=_contribution(one, forum, work),
        may_settle=may_settle,
        may_see_where=bool(trails.declarations),
        name_declarations=len(trails.declarations) > 1,
    )


def _places(
    db: Db, one: Recommendation, trails: Trails, work: Work
) -> list[tuple[str, Sequence[tuple[str, str, str]]]]:
    """The paragraphs that it can be linked to, by declaration."""
    case = Case(rapporteurs=frozenset({one.rapporteur_id}))
    found: list[tuple[str, Sequence[tuple[str, str, str]]]] = []
    for declaration in trails.declarations.values():
        if one.standing.is_counted and may_do(work.actor, "provenance.link", declaration, case):
            rows = queries.head_rows(db, declaration)
            numbered = queries.numbers_of(rows)
            some = [
                _place(row, declaration, printed(numbered.get(row.id, ""), work.language), work)
                for row in rows
                if row.kind in CARRIES
            ]
            found.append((declaration.name.said_in(work.language), some))
    return found


def _place(row: BlockRow, declaration: Declaration, number: str, work: Work) -> tuple[str, str, str]:
    words, language = excerpt(row, work.language)
    return f"{declaration.slug} {row.block_id}", f"{number} {words}".strip(), language.value


def _became(db: Db, went: Sequence[Went], trails: Trails, work: Work) -> list[Became]:
    kept = [destination for destination in went if destination.href and destination.kind is not ProvenanceKind.DECLINED]
    blocks = [destination.block_id for destination in kept]
    texts: dict[UUID, list[tuple[str, str]]] = {}
    for declaration in trails.declarations.values():
        for row in queries.head_rows(db, declaration) if kept else ():
            if row.block_id in blocks:
                texts[row.block_id] = [(one.value, plain(row.content(one))) for one in LANGUAGES if one in row.texts]
    amendments = _amendments(db, blocks, trails.declarations, work)
    return [
        Became(destination, texts.get(destination.block_id, ()), amendments.get(destination.block_id, ()))
        for destination in kept
    ]


def _amendments(
    db: Db, blocks: Sequence[UUID], declarations: Mapping[UUID, Declaration], work: Work
) -> Mapping[UUID, Sequence[tuple[int, str, str]]]:
    """The amendments that were decided on these paragraphs, where the reader may read them."""
    if not blocks:
        return {}
    readable = [key for key, one in declarations.items() if may_do(work.actor, "amendment.read_others", one)]
    statement = (
        sa.select(ChangeRecord.block_id, Amendment)
        .join(AmendmentVersion, AmendmentVersion.id == ChangeRecord.version_id)
        .join(Amendment, Amendment.id == AmendmentVersion.amendment_id)
        .join(Decision, Decision.amendment_id == Amendment.id)
        .where(ChangeRecord.block_id.in_(blocks), Amendment.declaration_id.in_(readable))
        .order_by(Amendment.number)
    )
    found: dict[UUID, dict[int, tuple[int, str, str]]] = {}
    for block_id, amendment in db.execute(statement):
        if block_id is None:
            continue
        declaration = declarations[amendment.declaration_id]
        href = work.url_for(
            "amendment", forum=declaration.forum.slug, declaration=declaration.slug, number=amendment.number
        )
        entry = (amendment.number, href, amendment.disposition.value)
        found.setdefault(block_id, {})[amendment.number] = entry
    return {block: list(entries.values()) for block, entries in found.items()}


def _rulings(db: Db, service: RecommendationService, one: Recommendation, forum: Forum) -> list[Ruled]:
    rulings = service.rulings(one)
    wanted = [ruling.into_id for ruling in rulings if ruling.into_id]
    rows = db.execute(sa.select(Recommendation.id, Recommendation.number).where(Recommendation.id.in_(wanted)))
    into = {row.id: row.number for row in rows}
    return [
        Ruled(
            ruling.outcome,
            ruling.reason,
            forum.local(ruling.ruled_at),
            into.get(ruling.into_id) if ruling.into_id else None,
        )
        for ruling in rulings
    ]


def _merged(db: Db, one: Recommendation, work: Work) -> list[tuple[int, str, str, str]]:
    statement = sa.select(Recommendation).where(Recommendation.merged_into_id == one.id)
    return [
        (
            other.number,
            work.url_for("recommendation", forum=one.forum.slug, number=other.number),
            other.text,
            other.language,
        )
        for other in db.scalars(statement.order_by(Recommendation.number))
    ]


def _endorsers(db: Db, one: Recommendation) -> list[str]:
    statement = sa.select(Endorsement).where(Endorsement.recommendation_id == one.id)
    found = db.scalars(statement.options(joinedload(Endorsement.organisation)))
    return sorted(endorsement.organisation.name for endorsement in found)


def _voices(db: Db, one: Recommendation, forum: Forum, work: Work) -> list[tuple[str, str, bool]]:
    if not policy.may_endorse(work.actor, forum):
        return []
    own = policy.spoken_for(work.actor, forum)
    names = {row.id: row for row in db.scalars(sa.select(Organisation).where(Organisation.id.in_(own)))}
    behind = set(db.scalars(sa.select(Endorsement.organisation_id).where(Endorsement.recommendation_id == one.id)))
    return [(str(key), names[key].name, key in behind) for key in own if key in names]


def _contribution(one: Recommendation, forum: Forum, work: Work) -> str:
    if one.session_id is not None:
        return work.url_for("session_contribution", forum=forum.slug, session_id=one.session_id)
    if one.organisation_id is not None:
        return work.url_for("organisation_contribution", forum=forum.slug, organisation_id=one.organisation_id)
    by = one.submitted_by_id
    if by is not None and (by == work.actor.person_id or sees_everybody(work.actor, forum)):
        return work.url_for("person_contribution", forum=forum.slug, person_id=by)
    return ""
