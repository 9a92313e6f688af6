"""Notices and what is followed, as programs read and write them."""

from datetime import datetime
from typing import Literal
from uuid import UUID

from msgspec import Struct

from workspace.core.shapes import Shape
from workspace.notices.models import Follow

KindWord = Literal["forum", "declaration", "paragraph", "amendment", "recommendation", "session", "thread"]
NoticeWord = Literal[
    "amendment",
    "decision",
    "revision",
    "remark",
    "reply",
    "mention",
    "question",
    "ended",
    "phase",
    "closing",
    "closed",
    "dates",
    "asked",
]


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


class FollowsOut(Struct, frozen=True, kw_only=True):
    """What is followed, the newest first."""

    items: list[FollowOut]


class NoticeOut(Shape, frozen=True, kw_only=True):
    """One thing that somebody was told, by ids. `read_at` is null until they have read it.

    `word` is what a kind needs besides: the letter of a phase, the word of a stage of the calendar or of a task.
    """

    id: UUID
    kind: NoticeWord
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
