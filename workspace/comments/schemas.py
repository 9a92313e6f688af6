"""Comment threads as programs read and write them."""

from collections.abc import Sequence
from datetime import datetime
from typing import Annotated, Literal
from uuid import UUID

from msgspec import Meta, Struct

from drafts.blocks import Language
from workspace.comments.models import CommentVersion
from workspace.comments.seen import SeenComment, SeenThread, Waiting

Remark = Annotated[str, Meta(max_length=10_000)]
StateWord = Literal["shown", "held", "hidden"]


class CommentIn(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A remark, in the language it is written in."""

    text: Remark
    language: Language


class ThreadIn(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A first remark on a paragraph. An internal thread is seen only by those who draft."""

    block_id: UUID
    text: Remark
    language: Language
    is_internal: bool = False


class GuestThreadIn(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A first remark on a paragraph by somebody without an account. The address is never shown."""

    name: Annotated[str, Meta(max_length=200)]
    email: Annotated[str, Meta(max_length=254)]
    block_id: UUID
    text: Remark
    language: Language


class ModerationIn(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """What becomes of a remark. To hide it takes a reason, which its author is told."""

    state: Literal["shown", "hidden"]
    reason: Annotated[str, Meta(max_length=1_000)] = ""


class CommentOut(Struct, frozen=True, kw_only=True):
    """One remark in a thread.

    `state` is held while it waits for a moderator, and then only they and its author see it; what is
    hidden was removed by a moderator, and has words and a reason for the same people alone.
    """

    id: UUID
    author: str
    language: Language
    text: str
    written_at: datetime
    edited_at: datetime | None
    state: StateWord
    reason: str

    @classmethod
    def of(cls, comment: SeenComment) -> "CommentOut":
        return cls(
            id=comment.id,
            author=comment.author,
            language=comment.language,
            text=comment.text,
            written_at=comment.written_at,
            edited_at=comment.edited_at,
            state=comment.state.value,
            reason=comment.reason,
        )


class VersionOut(Struct, frozen=True, kw_only=True):
    """What a remark said before."""

    number: int
    language: Language
    text: str
    written_at: datetime

    @classmethod
    def of(cls, version: CommentVersion) -> "VersionOut":
        return cls(number=version.number, language=version.language, text=version.text, written_at=version.written_at)


class VersionsOut(Struct, frozen=True, kw_only=True):
    """What a remark said before, oldest first; what it says now is not among them."""

    items: list[VersionOut]


class WaitingOut(Struct, frozen=True, kw_only=True):
    """A remark that waits for a moderator, or was removed by one.

    `email` is the address a guest declared, null for who may not learn it; `email_checked` says that
    somebody opened the letter sent there.
    """

    id: UUID
    thread_id: UUID
    block_id: UUID
    author: str
    is_guest: bool
    email: str | None
    email_checked: bool
    language: Language
    text: str
    written_at: datetime
    edited_at: datetime | None
    state: StateWord
    reason: str

    @classmethod
    def of(cls, one: Waiting) -> "WaitingOut":
        return cls(
            id=one.id,
            thread_id=one.thread_id,
            block_id=one.block_id,
            author=one.author,
            is_guest=one.is_guest,
            email=one.email or None,
            email_checked=one.is_checked,
            language=one.language,
            text=one.text,
            written_at=one.written_at,
            edited_at=one.edited_at,
            state=one.state.value,
            reason=one.reason,
        )


class QueueOut(Struct, frozen=True, kw_only=True):
    """A page of remarks in the order in which they were written. `next` is the cursor of the page after it."""

    items: list[WaitingOut]
    next: str | None = None


class ThreadOut(Struct, frozen=True, kw_only=True):
    """A conversation about one paragraph, oldest remark first. `resolved_at` is null while it is open."""

    id: UUID
    block_id: UUID
    revision_id: UUID
    opened_at: datetime
    resolved_at: datetime | None
    is_internal: bool
    comments: list[CommentOut]

    @classmethod
    def of(cls, thread: SeenThread) -> "ThreadOut":
        return cls(
            id=thread.id,
            block_id=thread.block_id,
            revision_id=thread.revision_id,
            opened_at=thread.opened_at,
            resolved_at=thread.resolved_at,
            is_internal=thread.is_internal,
            comments=[CommentOut.of(comment) for comment in thread.comments],
        )


class ThreadsOut(Struct, frozen=True, kw_only=True):
    """A page of threads in the order in which they were opened. `next` is the cursor of the page after it."""

    items: list[ThreadOut]
    next: str | None = None

    @classmethod
    def of(cls, found: Sequence[SeenThread], cursor: str | None) -> "ThreadsOut":
        return cls(items=[ThreadOut.of(thread) for thread in found], next=cursor)
