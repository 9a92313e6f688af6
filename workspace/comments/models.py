"""Comment threads on a paragraph."""

from datetime import datetime
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column, relationship

from drafts.blocks import Language
from workspace.core.db import Model, primary_key
from workspace.people.models import Person


class CommentThread(Model):
    """A conversation about one paragraph, opened on a named revision; it follows the block from then on."""

    __tablename__ = "comment_thread"

    id: Mapped[UUID] = primary_key()
    declaration_id: Mapped[UUID] = mapped_column(sa.ForeignKey("declaration.id"), index=True)
    block_id: Mapped[UUID] = mapped_column(sa.ForeignKey("block.id"), index=True)
    revision_id: Mapped[UUID] = mapped_column(sa.ForeignKey("revision.id"))
    opened_at: Mapped[datetime]
    resolved_at: Mapped[datetime | None]
    resolved_by_id: Mapped[UUID | None] = mapped_column(sa.ForeignKey("person.id"))

    comments: Mapped[list["Comment"]] = relationship(order_by="Comment.written_at", back_populates="thread")


class Comment(Model):
    """One remark in a thread, in the language its author wrote it in."""

    __tablename__ = "comment"

    id: Mapped[UUID] = primary_key()
    thread_id: Mapped[UUID] = mapped_column(sa.ForeignKey("comment_thread.id"), index=True)
    author_id: Mapped[UUID] = mapped_column(sa.ForeignKey("person.id"))
    language: Mapped[Language]
    text: Mapped[str]
    written_at: Mapped[datetime]

    thread: Mapped[CommentThread] = relationship(back_populates="comments")
    author: Mapped[Person] = relationship()
