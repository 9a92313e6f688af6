"""The register of recommendations: the words of each, where it was said, and where it went."""

import unicodedata
from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.orm import joinedload

from drafts.numbering import numbers, printed
from workspace.core.actor import Actor
from workspace.core.db import Db
from workspace.declarations import queries
from workspace.declarations.frame import header
from workspace.declarations.models import Declaration, Provenance, ProvenanceKind
from workspace.declarations.policy import may_do, may_read
from workspace.people.frame import forum_frame
from workspace.people.models import Forum
from workspace.recommendations import policy
from workspace.recommendations.models import Recommendation, Standing
from workspace.sessions.models import Session
from workspace.web.pages import Page
from workspace.web.services import Work

PAGE = 50  # recommendations shown at once
NOWHERE, SOMEWHERE = "nowhere", "somewhere"
_GONE = (-1, "")  # position and number of a block that is no longer in the text
_NAMES = ("words", "session", "said_in", "standing", "went")


@dataclass(frozen=True, slots=True)
class Filters:
    """What a reader asks the register for; empty for everything."""

    words: str = ""
    session: str = ""
    said_in: str = ""  # a language
    standing: str = ""
    went: str = ""

    @classmethod
    def of(cls, given: Mapping[str, str]) -> "Filters":
        return cls(**{name: given.get(name, "").strip() for name in _NAMES})

    def query(self) -> dict[str, str]:
        """The filters in use, as the query of an address."""
        every = {name: getattr(self, name) for name in _NAMES}
        return {name: value for name, value in every.items() if value}


@dataclass(frozen=True, slots=True)
class Went:
    """A paragraph that took a recommendation up. `href` is empty where it has since been removed."""

    number: str
    declaration: str
    href: str
    is_partly: bool
    note: str


@dataclass(frozen=True, slots=True)
class Line:
    """One recommendation, verbatim."""

    number: int
    text: str
    language: str
    session: str
    session_language: str
    session_href: str
    line: int | None
    section: str
    standing: Standing
    went: Sequence[Went]


@dataclass(frozen=True, slots=True, kw_only=True)
class RegisterPage(Page):
    total: int
    homeless: int | None  # how many no paragraph has taken up; None where the reader cannot know
    proposed: int
    shown: int
    lines: Sequence[Line]
    filters: Filters
    sessions: Sequence[tuple[str, str]]
    languages: Sequence[str]
    first: int
    before: str
    after: str
    back: str
    may_settle: bool
    may_see_where: bool
    name_declarations: bool


def register(db: Db, forum_slug: str, *, work: Work, settings: Mapping[str, str]) -> RegisterPage:
    """The recommendations that fit the filters, a page of them. The number of queries does not depend on theirs."""
    found = forum_frame(db, forum_slug, work=work)
    forum, actor, filters = found.forum, work.actor, Filters.of(settings)
    policy.ensure_may_read(actor, forum)
    trails = _Trails.of(db, forum, actor)
    facts = _facts(db, forum)
    matching = [fact for fact in facts if _fits(fact, filters, trails)]
    start = max(0, int(settings["from"]) - 1) if settings.get("from", "").isdecimal() else 0
    lines = _lines(db, forum, [fact.number for fact in matching[start : start + PAGE]], trails, work)

    def address(first: int) -> str:
        return work.url_for(
            "recommendations", forum=forum_slug, **filters.query(), **({"from": first} if first > 1 else {})
        )

    return RegisterPage(
        place=header(db, found, work=work),
        here="recommendations",
        total=sum(fact.standing is not Standing.DROPPED for fact in facts),
        homeless=trails.homeless(facts) if trails.declarations else None,
        proposed=sum(fact.standing is Standing.PROPOSED for fact in facts),
        shown=len(matching),
        lines=lines,
        filters=filters,
        sessions=_sessions(db, forum),
        languages=sorted({fact.language for fact in facts}),
        first=start + 1,
        before=address(max(1, start - PAGE + 1)) if start else "",
        after=address(start + PAGE + 1) if start + PAGE < len(matching) else "",
        back=address(start + 1),
        may_settle=policy.may_confirm(actor, forum),
        may_see_where=bool(trails.declarations),
        name_declarations=len(trails.declarations) > 1,
    )


def folded(text: str) -> str:
    """`text` in small letters without accents, so that "sombra" is found in "Sómbra"."""
    return "".join(sign for sign in unicodedata.normalize("NFKD", text.casefold()) if not unicodedata.combining(sign))


@dataclass(frozen=True, slots=True)
class _Trails:
    """Where recommendations went, in the declarations whose sources the reader may see."""

    declarations: Mapping[UUID, Declaration]
    taken_up: frozenset[UUID]  # recommendations

    @classmethod
    def of(cls, db: Db, forum: Forum, actor: Actor) -> "_Trails":
        every = db.scalars(sa.select(Declaration).where(Declaration.forum_id == forum.id).order_by(Declaration.slug))
        open_ones = {one.id: one for one in every if may_do(actor, "provenance.read", one) and may_read(actor, one)}
        taken = sa.select(Provenance.recommendation_id).where(Provenance.declaration_id.in_(open_ones))
        return cls(open_ones, frozenset(db.scalars(taken)) if open_ones else frozenset())

    def homeless(self, facts: Sequence["_Fact"]) -> int:
        return sum(fact.standing is not Standing.DROPPED and fact.id not in self.taken_up for fact in facts)


@dataclass(frozen=True, slots=True)
class _Fact:
    id: UUID
    number: int
    session_id: UUID
    language: str
    standing: Standing
    text: str


def _facts(db: Db, forum: Forum) -> list[_Fact]:
    columns = (Recommendation.id, Recommendation.number, Recommendation.session_id, Recommendation.language)
    statement = sa.select(*columns, Recommendation.standing, Recommendation.text)
    rows = db.execute(statement.where(Recommendation.forum_id == forum.id).order_by(Recommendation.number))
    return [_Fact(*row) for row in rows]


def _fits(fact: _Fact, filters: Filters, trails: _Trails) -> bool:
    has_place = fact.id in trails.taken_up
    return (
        (not filters.session or str(fact.session_id) == filters.session)
        and (not filters.said_in or fact.language == filters.said_in)
        and (not filters.standing or fact.standing.value == filters.standing)
        and (filters.went != NOWHERE or not has_place)
        and (filters.went != SOMEWHERE or has_place)
        and all(word in folded(fact.text) for word in folded(filters.words).split())
    )


def _sessions(db: Db, forum: Forum) -> list[tuple[str, str]]:
    rows = db.execute(sa.select(Session.id, Session.title).where(Session.forum_id == forum.id).order_by(Session.number))
    return [(str(row.id), row.title) for row in rows]


def _lines(db: Db, forum: Forum, chosen: Sequence[int], trails: _Trails, work: Work) -> list[Line]:
    statement = (
        sa.select(Recommendation)
        .where(Recommendation.forum_id == forum.id, Recommendation.number.in_(chosen))
        .options(joinedload(Recommendation.session).defer(Session.details))
        .order_by(Recommendation.number)
    )
    found = db.scalars(statement).all()
    went = places(db, [one.id for one in found], trails.declarations, work) if trails.declarations else {}
    return [
        Line(
            number=one.number,
            text=one.text,
            language=one.language,
            session=one.session.title,
            session_language=one.session.language,
            session_href=work.url_for("session", forum=forum.slug, session_id=one.session_id),
            line=one.line,
            section=one.section,
            standing=one.standing,
            went=went.get(one.id, ()),
        )
        for one in found
    ]


def places(
    db: Db, recommendations: Sequence[UUID], declarations: Mapping[UUID, Declaration], work: Work
) -> Mapping[UUID, Sequence[Went]]:
    """The paragraphs that took each of these recommendations up, by recommendation."""
    links = db.scalars(
        sa.select(Provenance).where(
            Provenance.recommendation_id.in_(recommendations), Provenance.declaration_id.in_(declarations)
        )
    ).all()
    numbered = {key: _numbers(db, declarations[key]) for key in {link.declaration_id for link in links}}
    order = list(declarations)

    def place(link: Provenance) -> tuple[int, int]:
        position, _ = numbered[link.declaration_id].get(str(link.block_id), _GONE)
        return order.index(link.declaration_id), position

    found: dict[UUID, list[Went]] = defaultdict(list)
    for link in sorted(links, key=place):
        position, number = numbered[link.declaration_id].get(str(link.block_id), _GONE)
        went = _went(link, declarations[link.declaration_id], printed(number, work.language), work)
        found[link.recommendation_id].append(went if position >= 0 else replace(went, href=""))
    return found


def _numbers(db: Db, declaration: Declaration) -> dict[str, tuple[int, str]]:
    """Position and number of every block in the text now in force; the number is "" where it has none."""
    rows = queries.head_rows(db, declaration)
    numbered = numbers(queries.structure(rows))
    return {str(row.block_id): (place, numbered.get(str(row.block_id), "")) for place, row in enumerate(rows)}


def _went(link: Provenance, declaration: Declaration, number: str, work: Work) -> Went:
    return Went(
        number=number,
        declaration=declaration.name.said_in(work.language),
        href=work.url_for(
            "paragraph", forum=declaration.forum.slug, declaration=declaration.slug, block_id=link.block_id
        ),
        is_partly=link.kind is ProvenanceKind.PARTLY,
        note=link.note,
    )
