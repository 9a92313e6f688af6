"""How many things wait, for several declarations at once: each question is one query, whatever the answer."""

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

import sqlalchemy as sa

from workspace.amendments.domain.models import Amendment, Disposition
from workspace.comments.models import Comment, CommentState, CommentThread
from workspace.core import clock
from workspace.core.actor import Actor
from workspace.core.storage.db import Db
from workspace.declarations.domain.models import Declaration, Provenance, ProvenanceKind, RevisionBlock
from workspace.declarations.domain.policy import may_do
from workspace.declarations.domain.windows import open_until
from workspace.editions.domain.models import Edition
from workspace.people.models import Forum
from workspace.people.policy import delegation
from workspace.recommendations.models import Recommendation, RecommendationStatus

_PENDING = [disposition for disposition in Disposition if disposition.is_pending]
Counts = dict[UUID, int]


def closes_on(declaration: Declaration, forum: Forum) -> datetime | None:
    """When what is open now closes, as the clock stands at the place of the forum; None without a date."""
    deadline = open_until(declaration, clock.now())
    return forum.local(deadline.closes_at) if deadline and deadline.closes_at else None


def open_amendments(db: Db, declarations: Sequence[Declaration], *, actor: Actor) -> Counts:
    """Pending amendments that `actor` may read, by declaration; those to amendments count like any, on every page."""
    return _on_the_table(db, _PENDING_NOW, declarations, actor)


def amendments_of_others(db: Db, declarations: Sequence[Declaration], *, forum: Forum, actor: Actor) -> Counts:
    """Those of them that neither `actor` has filed nor the delegation for which they speak with one voice."""
    statement = _PENDING_NOW.where(_AMENDMENT.proposer_id != actor.person_id)
    if own := delegation(actor, forum, clock.now()):
        statement = statement.where(_AMENDMENT.organisation_id.is_distinct_from(own))
    return _on_the_table(db, statement, declarations, actor)


_AMENDMENT = Amendment.__table__.c
_PENDING_NOW = (
    sa.select(_AMENDMENT.declaration_id, sa.func.count())
    .where(_AMENDMENT.declaration_id.in_(sa.bindparam("every", expanding=True)))
    .where(_AMENDMENT.disposition.in_(_PENDING))
    .where(
        sa.or_(
            _AMENDMENT.declaration_id.in_(sa.bindparam("open_to_all", expanding=True)),
            _AMENDMENT.proposer_id == sa.bindparam("reader"),
        )
    )
    .group_by(_AMENDMENT.declaration_id)
)


def _on_the_table(db: Db, statement: sa.Select[UUID, int], declarations: Sequence[Declaration], actor: Actor) -> Counts:
    open_to_all = [each.id for each in declarations if may_do(actor, "amendment.read_others", each)]
    known = {"every": _ids(declarations), "open_to_all": open_to_all, "reader": actor.person_id}
    return {row[0]: row[1] for row in db.execute(statement, known)}


def own_open_amendments(
    db: Db, declarations: Sequence[Declaration], *, actor: Actor
) -> dict[UUID, tuple[int, datetime]]:
    """Pending amendments that `actor` has filed, and when the first of them was, by declaration."""
    statement = (
        sa.select(Amendment.declaration_id, sa.func.count(), sa.func.min(Amendment.filed_at))
        .where(Amendment.declaration_id.in_(_ids(declarations)), Amendment.disposition.in_(_PENDING))
        .where(Amendment.proposer_id == actor.person_id)
        .group_by(Amendment.declaration_id)
    )
    return {declaration: (count, since) for declaration, count, since in db.execute(statement)}


def open_comments(db: Db, declarations: Sequence[Declaration]) -> Counts:
    """Comments that everybody sees, of threads that nobody has closed, by declaration."""
    statement = (
        sa.select(CommentThread.declaration_id, sa.func.count())
        .join(Comment)
        .where(CommentThread.declaration_id.in_(_ids(declarations)), CommentThread.resolved_at.is_(None))
        .where(CommentThread.is_internal.is_(False), Comment.state == CommentState.SHOWN)
        .group_by(CommentThread.declaration_id)
    )
    return _counts(db, statement)


def held_comments(db: Db, declarations: Sequence[Declaration], *, actor: Actor) -> Counts:
    """Comments that wait for `actor` to let them through, by declaration."""
    moderated = [declaration for declaration in declarations if may_do(actor, "comment.moderate", declaration)]
    statement = (
        sa.select(CommentThread.declaration_id, sa.func.count())
        .join(Comment, Comment.thread_id == CommentThread.id)
        .where(CommentThread.declaration_id.in_(_ids(moderated)), Comment.state == CommentState.HELD)
        .group_by(CommentThread.declaration_id)
    )
    return _counts(db, statement)


def count_blocks(db: Db, declarations: Sequence[Declaration]) -> Counts:
    """Blocks of the head revision, by declaration."""
    statement = (
        sa.select(Declaration.id, sa.func.count())
        .join(RevisionBlock, RevisionBlock.revision_id == Declaration.head_id)
        .where(Declaration.id.in_(_ids(declarations)))
        .group_by(Declaration.id)
    )
    return _counts(db, statement)


def sources_by_block(db: Db, declaration: Declaration) -> Counts:
    """Recommendations that each block came from, by block; not those it declined."""
    statement = (
        sa.select(Provenance.block_id, sa.func.count())
        .where(Provenance.declaration_id == declaration.id, Provenance.kind != ProvenanceKind.DECLINED)
        .group_by(Provenance.block_id)
    )
    return _counts(db, statement)


def count_recommendations(db: Db, forum: Forum) -> dict[RecommendationStatus, int]:
    """Recommendations of the forum by how far they got."""
    statement = (
        sa.select(Recommendation.standing, sa.func.count())
        .where(Recommendation.forum_id == forum.id)
        .group_by(Recommendation.standing)
    )
    return {row[0]: row[1] for row in db.execute(statement)}


def editions_by_declaration(db: Db, declarations: Sequence[Declaration]) -> dict[UUID, list[Edition]]:
    """Published editions, newest first, by declaration."""
    found: dict[UUID, list[Edition]] = {}
    statement = sa.select(Edition).where(Edition.declaration_id.in_(_ids(declarations)))
    for edition in db.scalars(statement.order_by(Edition.number.desc())):
        found.setdefault(edition.declaration_id, []).append(edition)
    return found


def _ids(declarations: Sequence[Declaration]) -> list[UUID]:
    return [declaration.id for declaration in declarations]


def _counts(db: Db, statement: sa.Select[UUID, int] | sa.Select[UUID | None, int]) -> Counts:
    return {row[0]: row[1] for row in db.execute(statement) if row[0] is not None}
