"""Where recommendations went: the paragraphs that took each up, as far as the reader may see."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from uuid import UUID

import sqlalchemy as sa
from msgspec import Struct
from msgspec.structs import replace

from drafts.text.numbering import printed
from workspace.core.actor import Actor
from workspace.core.security.conditions import Case
from workspace.core.shapes import filled
from workspace.core.storage.db import Db
from workspace.declarations.domain import queries
from workspace.declarations.domain.models import Declaration, Provenance, ProvenanceKind, RevisionBlock
from workspace.declarations.domain.policy import may_do, may_read
from workspace.people.models import Forum
from workspace.people.policy import own_rapporteurs
from workspace.recommendations.models import Recommendation, RecommendationStatus, RulingOutcome
from workspace.web.http.request_context import Work

_GONE = (-1, "")  # position and number of a block that is no longer in the text


class Usage(Struct, frozen=True):
    """A paragraph and what it did with a recommendation. `href` is empty where it has since been removed."""

    block_id: UUID
    number: str
    declaration: str
    href: str
    kind: ProvenanceKind
    note: str
    wants_look: bool

    @property
    def is_partly(self) -> bool:
        return self.kind is ProvenanceKind.PARTLY


class RecommendationUsage(Struct, frozen=True):
    """The declarations whose sources the reader may see; in those that are `linkable` they may make links."""

    declarations: Mapping[UUID, Declaration]
    linkable: frozenset[UUID] = frozenset()

    @classmethod
    def of(cls, db: Db, forum: Forum, actor: Actor) -> "RecommendationUsage":
        every = db.scalars(sa.select(Declaration).where(Declaration.forum_id == forum.id).order_by(Declaration.slug))
        readable = {
            declaration.id: declaration
            for declaration in every
            if may_do(actor, "provenance.read", declaration) and may_read(actor, declaration)
        }
        own = Case(rapporteurs=own_rapporteurs(actor))
        linkable = (key for key, declaration in readable.items() if may_do(actor, "provenance.link", declaration, own))
        return cls(readable, frozenset(linkable))

    def taken_up(self) -> sa.Select[UUID]:
        """The recommendations that a paragraph of the text as it is now came from."""
        heads = [declaration.head_id for declaration in self.declarations.values()]
        here = sa.select(RevisionBlock.block_id).where(RevisionBlock.revision_id.in_(heads))
        return sa.select(Provenance.recommendation_id).where(
            Provenance.declaration_id.in_(list(self.declarations)),
            Provenance.kind != ProvenanceKind.DECLINED,
            Provenance.block_id.in_(here),
        )

    def count_homeless(self, db: Db, forum: Forum) -> int:
        """How many recommendations of the forum still want a place."""
        here = sa.select(sa.func.count()).where(Recommendation.forum_id == forum.id, self.is_homeless())
        return db.scalar(here) or 0

    def is_homeless(self) -> sa.ColumnElement[bool]:
        """Whether a recommendation still wants a place: none has taken it up, and nobody has decided that none will."""
        return sa.and_(
            Recommendation.standing.in_([status for status in RecommendationStatus if status.is_counted]),
            Recommendation.outcome != RulingOutcome.DECLINED,
            Recommendation.id.not_in(self.taken_up()),
        )

    def places(self, db: Db, recommendations: Sequence[UUID], work: Work) -> Mapping[UUID, Sequence[Usage]]:
        """What each paragraph did with these recommendations, by recommendation and in the order of the texts."""
        if not self.declarations:
            return {}
        links = db.scalars(
            sa.select(Provenance).where(
                Provenance.recommendation_id.in_(recommendations),
                Provenance.declaration_id.in_(list(self.declarations)),
            )
        ).all()
        numbered = {key: _numbers(db, self.declarations[key]) for key in {link.declaration_id for link in links}}
        order = list(self.declarations)

        def place(link: Provenance) -> tuple[int, int]:
            position, _ = numbered[link.declaration_id].get(str(link.block_id), _GONE)
            return order.index(link.declaration_id), position

        found: dict[UUID, list[Usage]] = defaultdict(list)
        for link in sorted(links, key=place):
            position, number = numbered[link.declaration_id].get(str(link.block_id), _GONE)
            went = _went(link, self.declarations[link.declaration_id], printed(number, work.language), work)
            went = replace(went, wants_look=link.wants_look and link.declaration_id in self.linkable)
            found[link.recommendation_id].append(went if position >= 0 else replace(went, href=""))
        return found


def _numbers(db: Db, declaration: Declaration) -> dict[str, tuple[int, str]]:
    """Position and number of every block in the text now in force; the number is "" where it has none."""
    rows = queries.bare_rows(db, declaration.head_id)
    numbered = queries.numbers_of(rows)
    return {row.id: (place, numbered.get(row.id, "")) for place, row in enumerate(rows)}


def _went(link: Provenance, declaration: Declaration, number: str, work: Work) -> Usage:
    return filled(
        Usage,
        link,
        number=number,
        declaration=declaration.name.said_in(work.language),
        href=work.url_for(
            "paragraph", forum=declaration.forum.slug, declaration=declaration.slug, block_id=link.block_id
        ),
    )


def source_address(work: Work, forum: str, recommendation: Recommendation) -> str:
    """The address of the sentence that somebody said in a room, as near as it is known."""
    if recommendation.taken_from is not None:
        return work.url_for("recommendation_source", forum=forum, number=recommendation.number)
    if recommendation.session_id is None:
        return work.url_for("recommendation", forum=forum, number=recommendation.number)
    session = work.url_for("session", forum=forum, session_id=recommendation.session_id)
    return f"{session}#line-{recommendation.line}" if recommendation.line else session
