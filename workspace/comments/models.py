"""Comment threads on a paragraph."""

from datetime import datetime
from enum import StrEnum
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column, relationship

from drafts.blocks import Language
from workspace.core.db import Model, primary_key
from workspace.people.models import Person


class CommentState(StrEnum):
    """Who sees a remark: everybody; its author and the moderators until they let it through; the moderators alone."""

    SHOWN = "shown"
    HELD = "held"
    HIDDEN = "hidden"


class CommentThread(Model):
    """A conversation about one paragraph, opened on a named revision; it follows the block from then on.

    An internal one is for those who draft, and nobody else learns that it is there.
    """

    __tablename__ = "comment_thread"

    id: Mapped[UUID] = primary_key()
    declaration_id: Mapped[UUID] = mapped_column(sa.ForeignKey("declaration.id"), index=True)
    block_id: Mapped[UUID] = mapped_column(sa.ForeignKey("block.id"), index=True)
    revision_id: Mapped[UUID] = mapped_column(sa.ForeignKey("revision.id"))
    opened_at: Mapped[datetime]
    is_internal: Mapped[bool] = mapped_column(default=False, server_default=sa.false())
    resolved_at: Mapped[datetime | None]
    resolved_by_id: Mapped[UUID | None] = mapped_column(sa.ForeignKey("person.id"))

    comments: Mapped[list["Comment"]] = relationship(order_by="Comment.written_at", back_populates="thread")


class Comment(Model):
    """One remark in a thread, in the language its author wrote it in. `reason` is why a moderator hid it."""

    __tablename__ = "comment"

    id: Mapped[UUID] = primary_key()
    thread_id: Mapped[UUID] = mapped_column(sa.ForeignKey("comment_thread.id"), index=True)
    author_id: Mapped[UUID] = mapped_column(sa.ForeignKey("person.id"), index=True)
    language: Mapped[Language]
    text: Mapped[str]
    written_at: Mapped[datetime]
    edited_at: Mapped[datetime | None]
    state: Mapped[CommentState] = mapped_column(default=CommentState.SHOWN, server_default=CommentState.SHOWN.value)
    moderated_at: Mapped[datetime | None]
    moderated_by_id: Mapped[UUID | None] = mapped_column(sa.ForeignKey("person.id"))
    reason: Mapped[str] = mapped_column(default="", server_default="")

    thread: Mapped[CommentThread] = relationship(back_populates="comments")
    author: Mapped[Person] = relationship(foreign_keys=[author_id])


class CommentVersion(Model):
    """What a remark said before its author changed it; the first is number 1. Its hash stands in the log."""

    __tablename__ = "comment_version"

    comment_id: Mapped[UUID] = mapped_column(sa.ForeignKey("comment.id"), primary_key=True)
    number: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    language: Mapped[Language]
    text: Mapped[str]
    written_at: Mapped[datetime]
