"""Following things, and reading what one was told of them."""

from collections.abc import Collection, Mapping, Sequence
from uuid import UUID

import sqlalchemy as sa

from workspace.amendments.domain.models import Amendment
from workspace.comments.models import CommentThread
from workspace.core import clock
from workspace.core.actor import Actor
from workspace.core.errors import existing
from workspace.core.events import SessionsJoined
from workspace.core.storage.db import Db, Model, Service, row_of
from workspace.declarations.domain.models import BlockRecord, Declaration
from workspace.notices import policy
from workspace.notices.models import Follow, FollowKind, Notice
from workspace.people.models import Forum
from workspace.recommendations.models import Recommendation
from workspace.sessions.models import Session

MODELS: Mapping[FollowKind, type[Model]] = {
    FollowKind.FORUM: Forum,
    FollowKind.DECLARATION: Declaration,
    FollowKind.PARAGRAPH: BlockRecord,
    FollowKind.AMENDMENT: Amendment,
    FollowKind.RECOMMENDATION: Recommendation,
    FollowKind.SESSION: Session,
    FollowKind.THREAD: CommentThread,
}


class FollowService(Service):
    """What people follow. It is nobody else's business, and so in no log."""

    def follow(self, kind: FollowKind, subject_id: UUID, *, actor: Actor) -> Follow:
        """Be told of what happens to something from now on; raises `NotFound` for what they may not read."""
        policy.ensure_is_somebody(actor)
        forum = existing(self._forum_of(kind, subject_id, actor), kind.value, subject_id)
        return self._set(kind, subject_id, forum, actor, is_on=True)

    def unfollow(self, kind: FollowKind, subject_id: UUID, *, actor: Actor) -> None:
        """Be told of it no more, whatever one does there later; raises `NotFound` for what they may not read."""
        policy.ensure_is_somebody(actor)
        known = self.db.get(Follow, (actor.person_id, kind, subject_id))
        if known is not None:
            known.is_on = False
            return
        forum = existing(self._forum_of(kind, subject_id, actor), kind.value, subject_id)
        self._set(kind, subject_id, forum, actor, is_on=False)

    def is_followed(self, kind: FollowKind, subject_id: UUID, *, actor: Actor) -> bool:
        if actor.person_id is None:
            return False
        known = self.db.get(Follow, (actor.person_id, kind, subject_id))
        return known.is_on if known is not None else kind is FollowKind.FORUM

    def followed(self, *, actor: Actor, limit: int = 500) -> Sequence[Follow]:
        """What they follow, the newest first."""
        policy.ensure_is_somebody(actor)
        statement = sa.select(Follow).where(Follow.person_id == actor.person_id, Follow.is_on)
        return self.db.scalars(statement.order_by(Follow.since.desc(), Follow.subject_id).limit(limit)).all()

    def follow_own(self, kind: FollowKind, subject_id: UUID, *, forum_id: UUID, person_id: UUID | None) -> None:
        """Whoever wrote something follows it, unless they have ended that."""
        if person_id is not None and self.db.get(Follow, (person_id, kind, subject_id)) is None:
            self.db.add(_follow(kind, subject_id, forum_id, person_id, is_on=True))
            self.db.flush()

    def follow_new(self, kind: FollowKind, subject_id: UUID, *, forum_id: UUID, person_id: UUID) -> None:
        """The same for what was not there before."""
        self.db.add(_follow(kind, subject_id, forum_id, person_id, is_on=True))

    def followers(self, subjects: Mapping[FollowKind, Collection[UUID]]) -> set[UUID]:
        """Everybody who follows any of these."""
        rows = self.db.scalars(sa.select(Follow.person_id).where(Follow.is_on, _any_of(subjects)))
        return set(rows)

    def standings(self, kind: FollowKind, subject_ids: Collection[UUID]) -> Mapping[UUID, Mapping[UUID, bool]]:
        """Who has said of each of these whether they follow it (True) or want to hear no more of it."""
        some = sa.select(Follow).where(Follow.kind == kind, Follow.subject_id.in_(subject_ids))
        found: Mapping[UUID, dict[UUID, bool]] = {subject_id: {} for subject_id in subject_ids}
        for follow in self.db.scalars(some):
            found[follow.subject_id][follow.person_id] = follow.is_on
        return found

    def _forum_of(self, kind: FollowKind, subject_id: UUID, actor: Actor) -> Forum | None:
        subject = self.db.get(MODELS[kind], subject_id)
        if not isinstance(subject, policy.Followable):
            return None
        return policy.forum_open_to(self.db, actor, subject)

    def _set(self, kind: FollowKind, subject_id: UUID, forum: Forum, actor: Actor, *, is_on: bool) -> Follow:
        policy.ensure_is_somebody(actor)
        known = self.db.get(Follow, (actor.person_id, kind, subject_id))
        if known is None:
            known = _follow(kind, subject_id, forum.id, actor.person_id, is_on=is_on)
            self.db.add(known)
        elif known.is_on != is_on:
            known.is_on, known.since = is_on, clock.now()
        self.db.flush()
        return known


class NoticeService(Service):
    """What one person was told."""

    def listed(
        self, *, actor: Actor, limit: int, after: UUID | None = None, unread_only: bool = False
    ) -> Sequence[Notice]:
        """At most `limit` notices, the newest first, from beyond `after`."""
        policy.ensure_is_somebody(actor)
        statement = sa.select(Notice).where(Notice.person_id == actor.person_id).order_by(Notice.id.desc())
        if after is not None:
            statement = statement.where(Notice.id < after)
        if unread_only:
            statement = statement.where(Notice.read_at.is_(None))
        return self.db.scalars(statement.limit(limit)).all()

    def read(self, notice_id: UUID, *, actor: Actor) -> Notice:
        """Note that one of them has been read; raises `NotFound` for somebody else's."""
        notice = self.found(notice_id, actor=actor)
        if notice.read_at is None:
            notice.read_at = clock.now()
        return notice

    def found(self, notice_id: UUID, *, actor: Actor) -> Notice:
        """One of one's own; raises `NotFound` for somebody else's."""
        policy.ensure_is_somebody(actor)
        return existing(row_of(self.db, Notice, notice_id, person_id=actor.person_id), "notice", notice_id)

    def read_all(self, *, actor: Actor) -> int:
        """Note that all of them have been read; returns how many had not."""
        policy.ensure_is_somebody(actor)
        to_read = sa.update(Notice).where(Notice.person_id == actor.person_id, Notice.read_at.is_(None))
        unread = count_unread(self.db, actor)
        self.db.execute(to_read.values(read_at=clock.now()))
        return unread


def count_unread(db: Db, actor: Actor) -> int:
    """How many notices somebody has not read; one query on an index."""
    if actor.person_id is None:
        return 0
    return db.scalar(_UNREAD, {"person": actor.person_id}) or 0


_NOTICE = Notice.__table__
_UNREAD = sa.select(sa.func.count()).where(_NOTICE.c.person_id == sa.bindparam("person"), _NOTICE.c.read_at.is_(None))


def follow_kept(db: Db, event: SessionsJoined) -> None:
    """Answer to `SessionsJoined`: whoever follows the one follows the other, unless they have ended that."""
    follows = FollowService(db)
    for follow in db.scalars(sa.select(Follow).filter_by(kind=FollowKind.SESSION, subject_id=event.other_id)):
        if follow.is_on:
            follows.follow_own(FollowKind.SESSION, event.kept_id, forum_id=follow.forum_id, person_id=follow.person_id)
        db.delete(follow)


def is_followed(db: Db, actor: Actor, kind: str, subject_id: UUID) -> bool:
    """Whether somebody follows something; for pages of slices that know nothing of notices."""
    return FollowService(db).is_followed(FollowKind(kind), subject_id, actor=actor)


def _follow(kind: FollowKind, subject_id: UUID, forum_id: UUID, person_id: UUID | None, *, is_on: bool) -> Follow:
    return Follow(
        person_id=person_id, kind=kind, subject_id=subject_id, forum_id=forum_id, is_on=is_on, since=clock.now()
    )


def select_muted(subjects: Mapping[FollowKind, Collection[UUID]]) -> sa.Select[UUID]:
    """Everybody who wants to hear no more of one of these."""
    return sa.select(Follow.person_id).where(Follow.is_on.is_(False), _any_of(subjects))


def _any_of(subjects: Mapping[FollowKind, Collection[UUID]]) -> sa.ColumnElement[bool]:
    each = [sa.and_(Follow.kind == kind, Follow.subject_id.in_(ids)) for kind, ids in subjects.items() if ids]
    return sa.or_(*each) if each else sa.false()
