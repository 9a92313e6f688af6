"""Where recommendations went: the paragraphs that took each up, as far as the reader may see."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from uuid import UUID

import sqlalchemy as sa
from msgspec import Struct

from drafts.text.numbering import printed
from workspace.core.actor import Actor
from workspace.core.security.conditions import Case
from workspace.core.security.permissions import Phase
from workspace.core.shapes import filled
from workspace.core.storage.db import Db
from workspace.declarations.domain import queries
from workspace.declarations.domain.models import Declaration, Provenance, ProvenanceKind, RevisionBlock
from workspace.declarations.domain.policy import may_do, may_read
from workspace.declarations.domain.queries import BlockRow
from workspace.editions.domain.commitments import newest_editions
from workspace.editions.domain.models import Edition
from workspace.people.models import Forum
from workspace.people.policy import own_rapporteurs
from workspace.recommendations.models import Recommendation, RecommendationStatus, RulingOutcome
from workspace.recommendations.policy import may_read_all, shown_to
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
    """The declarations whose sources the reader may see; in those that are `linkable` they may make links.

    Of those that have `editions` they read no draft, but what was published last.
    """

    declarations: Mapping[UUID, Declaration]
    linkable: frozenset[UUID] = frozenset()
    editions: Mapping[UUID, Edition] = {}
    is_whole: bool = True  # whether there is no place that they may not know of

    @classmethod
    def of(cls, db: Db, forum: Forum, actor: Actor, *, is_own: bool = False) -> "RecommendationUsage":
        """Of what the actor said, where it `is_own`, every text that they may read is known."""
        here = sa.select(Declaration).where(Declaration.forum_id == forum.id)
        every = db.scalars(here.order_by(Declaration.slug)).all()
        known = {
            each.id: each
            for each in every
            if may_do(actor, "provenance.read", each) or (is_own and may_read(actor, each))
        }
        drafts = {key for key, declaration in known.items() if may_read(actor, declaration)}
        published = newest_editions(db, forum, actor=actor) if known.keys() - drafts else ()
        editions = {each.declaration_id: each for each in published if each.declaration_id in known.keys() - drafts}
        own = Case(rapporteurs=own_rapporteurs(actor))
        linkable = {key for key in drafts if may_do(actor, "provenance.link", known[key], own)}
        readable = {key: each for key, each in known.items() if key in drafts or key in editions}
        hidden = [each for each in every if each.id not in readable and each.phase is not Phase.SETUP]
        return cls(readable, frozenset(linkable), editions, may_read_all(actor, forum) and not hidden)

    def rows(self, db: Db, declaration: Declaration) -> Sequence[BlockRow]:
        """The text of one of them, as the reader has it."""
        edition = self.editions.get(declaration.id)
        return queries.pinned_rows(db, edition.revision_id) if edition else queries.head_rows(db, declaration)

    def taken_up(self) -> sa.Select[UUID]:
        """The recommendations that a paragraph of the text as the reader has it came from."""
        heads = [self._revision(declaration) for declaration in self.declarations.values()]
        here = sa.select(RevisionBlock.block_id).where(RevisionBlock.revision_id.in_(heads))
        return sa.select(Provenance.recommendation_id).where(
            Provenance.declaration_id.in_(list(self.declarations)),
            Provenance.kind != ProvenanceKind.DECLINED,
            Provenance.block_id.in_(here),
        )

    def count_homeless(self, db: Db, forum: Forum, actor: Actor) -> int:
        """How many recommendations of the forum that open to them still want a place."""
        return db.scalar(sa.select(sa.func.count()).where(shown_to(actor, forum), self.is_homeless())) or 0

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
        linked = {link.declaration_id for link in links}
        numbered = {key: _numbers(db, self._revision(self.declarations[key])) for key in linked}
        order = list(self.declarations)

        def place(link: Provenance) -> tuple[int, int]:
            position, _ = numbered[link.declaration_id].get(str(link.block_id), _GONE)
            return order.index(link.declaration_id), position

        found: dict[UUID, list[Usage]] = defaultdict(list)
        for link in sorted(links, key=place):
            position, number = numbered[link.declaration_id].get(str(link.block_id), _GONE)
            found[link.recommendation_id].append(
                filled(
                    Usage,
                    link,
                    number=printed(number, work.language),
                    declaration=self.declarations[link.declaration_id].name.said_in(work.language),
                    href=self._address(link, work) if position >= 0 else "",
                    wants_look=link.wants_look and link.declaration_id in self.linkable,
                )
            )
        return found

    def _revision(self, declaration: Declaration) -> UUID | None:
        edition = self.editions.get(declaration.id)
        return edition.revision_id if edition else declaration.head_id

    def _address(self, link: Provenance, work: Work) -> str:
        declaration, edition = self.declarations[link.declaration_id], self.editions.get(link.declaration_id)
        at = {"forum": declaration.forum.slug, "declaration": declaration.slug}
        if edition:
            return f"{work.url_for('edition', **at, number=edition.number)}#b-{link.block_id}"
        return work.url_for("paragraph", **at, block_id=link.block_id)


def _numbers(db: Db, revision_id: UUID | None) -> dict[str, tuple[int, str]]:
    """Position and number of every block of a text; the number is "" where it has none."""
    rows = queries.bare_rows(db, revision_id)
    numbered = queries.numbers_of(rows)
    return {row.id: (place, numbered.get(row.id, "")) for place, row in enumerate(rows)}


def source_address(work: Work, forum: str, recommendation: Recommendation) -> str:
    """The address of the sentence that somebody said in a room, as near as it is known."""
    if recommendation.taken_from is not None:
        return work.url_for("recommendation_source", forum=forum, number=recommendation.number)
    if recommendation.session_id is None:
        return work.url_for("recommendation", forum=forum, number=recommendation.number)
    session = work.url_for("session", forum=forum, session_id=recommendation.session_id)
    return f"{session}#line-{recommendation.line}" if recommendation.line else session
