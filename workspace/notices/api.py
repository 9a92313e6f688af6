"""Notices and following, as JSON: each person's own, and nobody else's."""

from datetime import datetime
from typing import Literal
from uuid import UUID

from litestar import Controller
from msgspec import Struct

from workspace.core.actor import Actor
from workspace.core.shapes import Shape
from workspace.core.storage.db import Db
from workspace.notices.models import Follow, FollowKind, NoticeKind
from workspace.notices.service import FollowService, NoticeService, count_unread
from workspace.web.api import DONE, Cursor, Limit, ListOf, id_after, list_page, reads, writes
from workspace.web.http.guards import OWN
from workspace.web.http.request_context import FromPath, FromQuery, JSONBody

KindWord = Literal["forum", "declaration", "paragraph", "amendment", "recommendation", "session", "thread"]


class FollowIn(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Something to follow, or to follow no more."""

    kind: KindWord
    id: UUID


class FollowOut(Struct, frozen=True, kw_only=True):
    """Something that is followed."""

    kind: KindWord
    id: UUID
    since: datetime

    @classmethod
    def of(cls, follow: Follow) -> "FollowOut":
        return cls(kind=follow.kind.value, id=follow.subject_id, since=follow.since)


class NoticeOut(Shape, frozen=True, kw_only=True):
    """One thing that somebody was told, by ids. `read_at` is null until they have read it.

    `word` is what a kind needs besides: the letter of a phase, the word of a stage of the calendar or of a task.
    """

    id: UUID
    kind: NoticeKind
    word: str
    forum_id: UUID
    declaration_id: UUID | None
    block_id: UUID | None
    revision_id: UUID | None
    amendment_id: UUID | None
    decision_id: UUID | None
    thread_id: UUID | None
    comment_id: UUID | None
    question_id: UUID | None
    recommendation_id: UUID | None
    by_id: UUID | None
    made_at: datetime
    read_at: datetime | None


class NoticesOut(Struct, frozen=True, kw_only=True):
    """A page of notices, the newest first. `unread` counts all; `next` is the cursor of the page after it."""

    items: list[NoticeOut]
    unread: int
    next: str | None = None


class ReadOut(Struct, frozen=True, kw_only=True):
    """How many notices had not been read."""

    read: int


class NoticeApi(Controller):
    """One's own notices, and what one follows."""

    path = "/api"
    tags = ("Notices",)

    @reads("/notices", 422, policy=OWN)
    def list_notices(
        self,
        db: Db,
        actor: Actor,
        unread_only: FromQuery[bool] = False,  # noqa: FBT002  (litestar passes it by name)
        cursor: Cursor = "",
        limit: Limit = 50,
    ) -> NoticesOut:
        """List what one was told, the newest first."""
        found = NoticeService(db).listed(actor=actor, limit=limit + 1, after=id_after(cursor), unread_only=unread_only)
        page = list_page(found, cursor=lambda notice: notice.id, limit=limit)
        items = [NoticeOut.of(notice) for notice in page.items]
        return NoticesOut(items=items, unread=count_unread(db, actor), next=page.next)

    @writes("/notices/{notice_id:uuid}/reading", status=DONE, policy=OWN)
    def read_notice(self, db: Db, actor: Actor, notice_id: FromPath[UUID]) -> NoticeOut:
        """Note that a notice has been read."""
        return NoticeOut.of(NoticeService(db).read(notice_id, actor=actor))

    @writes("/notices/reading", status=DONE, policy=OWN)
    def read_all_notices(self, db: Db, actor: Actor) -> ReadOut:
        """Note that all notices have been read."""
        return ReadOut(read=NoticeService(db).read_all(actor=actor))

    @reads("/following", policy=OWN)
    def list_followed(self, db: Db, actor: Actor) -> ListOf[FollowOut]:
        """List what one follows, the newest first."""
        return ListOf(items=[FollowOut.of(follow) for follow in FollowService(db).followed(actor=actor)])

    @writes("/following", policy=OWN)
    def follow(self, db: Db, actor: Actor, data: JSONBody[FollowIn]) -> FollowOut:
        """Be told of what happens to something from now on."""
        return FollowOut.of(FollowService(db).follow(FollowKind(data.kind), data.id, actor=actor))

    @writes("/following/end", status=DONE, policy=OWN)
    def unfollow(self, db: Db, actor: Actor, data: JSONBody[FollowIn]) -> ListOf[FollowOut]:
        """Be told of something no more; answers with what one still follows."""
        service = FollowService(db)
        service.unfollow(FollowKind(data.kind), data.id, actor=actor)
        return ListOf(items=[FollowOut.of(follow) for follow in service.followed(actor=actor)])
