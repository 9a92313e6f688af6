"""Comment threads as programs read and write them."""

from collections.abc import Sequence
from datetime import datetime
from typing import Annotated
from uuid import UUID

from msgspec import Meta, Struct

from drafts.blocks import Language
from workspace.comments.models import Comment, CommentThread

Remark = Annotated[str, Meta(max_length=10_000)]


class CommentIn(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A remark, in the language it is written in."""

    text: Remark
    language: Language


class ThreadIn(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A first remark on a paragraph."""

    block_id: UUID
    text: Remark
    language: Language


class CommentOut(Struct, frozen=True, kw_only=True):
    """One remark in a thread."""

    id: UUID
    author: str
    language: Language
    text: str
    written_at: datetime

    @classmethod
    def of(cls, comment: Comment) -> "CommentOut":
        return cls(
            id=comment.id,
            author=comment.author.name,
            language=comment.language,
            text=comment.text,
            written_at=comment.written_at,
        )


class ThreadOut(Struct, frozen=True, kw_only=True):
    """A conversation about one paragraph, oldest remark first. `resolved_at` is null while it is open."""

    id: UUID
    block_id: UUID
    revision_id: UUID
    opened_at: datetime
    resolved_at: datetime | None
    comments: list[CommentOut]

    @classmethod
    def of(cls, thread: CommentThread) -> "ThreadOut":
        return cls(
            id=thread.id,
            block_id=thread.block_id,
            revision_id=thread.revision_id,
            opened_at=thread.opened_at,
            resolved_at=thread.resolved_at,
            comments=[CommentOut.of(comment) for comment in thread.comments],
        )


class ThreadsOut(Struct, frozen=True, kw_only=True):
    """A page of threads in the order in which they were opened. `next` is the cursor of the page after it."""

    items: list[ThreadOut]
    next: str | None = None

    @classmethod
    def of(cls, found: Sequence[CommentThread], cursor: str | None) -> "ThreadsOut":
        return cls(items=[ThreadOut.of(thread) for thread in found], next=cursor)
