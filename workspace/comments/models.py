"""Conversations: what each is about, where the words it speaks of stand, its remarks, and whom they name."""

from datetime import datetime
from enum import StrEnum
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column, relationship

from drafts.merge.anchors import Anchor, AnchorState
from drafts.text.blocks import Language
from workspace.amendments.domain.models import Amendment
from workspace.core.actor import WITHDRAWN
from workspace.core.events import PersonErased
from workspace.core.storage.db import Db, Model, primary_key
from workspace.core.storage.forum_scope import scope
from workspace.declarations.domain.models import Declaration, TextVersion
from workspace.people.models import Person
from workspace.recommendations.models import Recommendation


class CommentState(StrEnum):
    """Who sees a remark: everybody; its author and the moderators until they let it through; the moderators alone."""

    SHOWN = "shown"
    HELD = "held"
    HIDDEN = "hidden"


class SubjectKind(StrEnum):
    """What a conversation is about. One about some words of a paragraph is about the paragraph."""

    PARAGRAPH = "paragraph"
    AMENDMENT = "amendment"
    RECOMMENDATION = "recommendation"
    DECLARATION = "declaration"


class CommentThread(Model):
    """A conversation about a paragraph, an amendment, a whole draft or a recommendation.

    One about a paragraph was opened on a named revision and follows the text: `block_id` is where it is
    shown now, `places` say how it came there. A recommendation belongs to no declaration. An internal
    conversation is for those who draft, and nobody else learns that it is there.
    """

    __tablename__ = "comment_thread"
    __table_args__ = (
        sa.CheckConstraint("(declaration_id IS NULL) <> (recommendation_id IS NULL)", name="one_ground"),
        sa.Index("ix_comment_thread_declaration_id", "declaration_id", "resolved_at", "is_internal", "id"),
    )

    id: Mapped[UUID] = primary_key()
    declaration_id: Mapped[UUID | None] = mapped_column(sa.ForeignKey("declaration.id"))
    block_id: Mapped[UUID | None] = mapped_column(sa.ForeignKey("block.id"), index=True)
    revision_id: Mapped[UUID | None] = mapped_column(sa.ForeignKey("revision.id"))
    amendment_id: Mapped[UUID | None] = mapped_column(sa.ForeignKey("amendment.id"), index=True)
    recommendation_id: Mapped[UUID | None] = mapped_column(sa.ForeignKey("recommendation.id"), index=True)
    opened_at: Mapped[datetime]
    is_internal: Mapped[bool] = mapped_column(default=False, server_default=sa.false())
    resolved_at: Mapped[datetime | None]
    resolved_by_id: Mapped[UUID | None] = mapped_column(sa.ForeignKey("person.id"))

    declaration: Mapped[Declaration | None] = relationship()
    amendment: Mapped[Amendment | None] = relationship()
    recommendation: Mapped[Recommendation | None] = relationship()
    resolved_by: Mapped[Person | None] = relationship()
    comments: Mapped[list["Comment"]] = relationship(order_by="Comment.written_at", back_populates="thread")
    places: Mapped[list["CommentPlace"]] = relationship(order_by="CommentPlace.number", back_populates="thread")

    @property
    def kind(self) -> SubjectKind:
        if self.block_id is not None:
            return SubjectKind.PARAGRAPH
        if self.amendment_id is not None:
            return SubjectKind.AMENDMENT
        return SubjectKind.RECOMMENDATION if self.recommendation_id is not None else SubjectKind.DECLARATION

    @property
    def subject_id(self) -> UUID:
        """Id of the paragraph, amendment, recommendation or declaration."""
        ids = (self.block_id, self.amendment_id, self.recommendation_id, self.declaration_id)
        return next(subject_id for subject_id in ids if subject_id is not None)


class CommentPlace(Model):
    """Where a conversation stood in one revision: the words it is about, or its whole paragraph (an empty quote).

    The first is what was chosen; each revision that changed the paragraph's words, or took them away,
    adds one. One that is orphaned keeps the words as they last were, which `text_version_id` has whole.
    """

    __tablename__ = "comment_place"

    thread_id: Mapped[UUID] = mapped_column(sa.ForeignKey("comment_thread.id"), primary_key=True)
    number: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    revision_id: Mapped[UUID] = mapped_column(sa.ForeignKey("revision.id"))
    state: Mapped[AnchorState]
    block_id: Mapped[UUID] = mapped_column(sa.ForeignKey("block.id"), index=True)
    language: Mapped[Language]
    text_version_id: Mapped[UUID] = mapped_column(sa.ForeignKey("text_version.id"))
    starts_at: Mapped[int]
    ends_at: Mapped[int]
    quote: Mapped[str]
    words_before: Mapped[str]
    words_after: Mapped[str]

    thread: Mapped[CommentThread] = relationship(back_populates="places")
    text: Mapped[TextVersion] = relationship()

    @property
    def is_lost(self) -> bool:
        return self.state is AnchorState.ORPHANED

    @property
    def anchor(self) -> Anchor:
        """The place as the engine knows it."""
        ends = (self.starts_at, self.ends_at)
        return Anchor(str(self.block_id), *ends, self.quote, self.words_before, self.words_after)


class Comment(Model):
    """One remark in a thread, in the language its author wrote it in. `reason` is why a moderator hid it."""

    __tablename__ = "comment"
    __table_args__ = (sa.Index("ix_comment_thread_id_state", "thread_id", "state"),)

    id: Mapped[UUID] = primary_key()
    thread_id: Mapped[UUID] = mapped_column(sa.ForeignKey("comment_thread.id"))
    author_id: Mapped[UUID] = mapped_column(sa.ForeignKey("person.id"), index=True)
    language: Mapped[Language]
    text: Mapped[str]
    written_at: Mapped[datetime]
    edited_at: Mapped[datetime | None]
    state: Mapped[CommentState] = mapped_column(default=CommentState.SHOWN, server_default=CommentState.SHOWN.value)
    moderated_at: Mapped[datetime | None]
    moderated_by_id: Mapped[UUID | None] = mapped_column(sa.ForeignKey("person.id"), index=True)
    reason: Mapped[str] = mapped_column(default="", server_default="")

    thread: Mapped[CommentThread] = relationship(back_populates="comments")
    author: Mapped[Person] = relationship(foreign_keys=[author_id])
    mentions: Mapped[list["Mention"]] = relationship(back_populates="comment")
    use: Mapped["CommentUse | None"] = relationship(back_populates="comment")


class Mention(Model):
    """Somebody named in a remark, whose words have their id in the place of the name."""

    __tablename__ = "comment_mention"

    comment_id: Mapped[UUID] = mapped_column(sa.ForeignKey("comment.id"), primary_key=True)
    person_id: Mapped[UUID] = mapped_column(sa.ForeignKey("person.id"), primary_key=True, index=True)

    comment: Mapped[Comment] = relationship(back_populates="mentions")
    person: Mapped[Person] = relationship()


class CommentUse(Model):
    """What was made of a remark, with its author: a recommendation, an amendment, or both."""

    __tablename__ = "comment_use"

    comment_id: Mapped[UUID] = mapped_column(sa.ForeignKey("comment.id"), primary_key=True)
    recommendation_id: Mapped[UUID | None] = mapped_column(sa.ForeignKey("recommendation.id"))
    amendment_id: Mapped[UUID | None] = mapped_column(sa.ForeignKey("amendment.id"))
    used_by_id: Mapped[UUID | None] = mapped_column(sa.ForeignKey("person.id"))
    used_at: Mapped[datetime]

    comment: Mapped[Comment] = relationship(back_populates="use")
    recommendation: Mapped[Recommendation | None] = relationship()
    amendment: Mapped[Amendment | None] = relationship()


class CommentVersion(Model):
    """What a remark said before its author changed it; the first is number 1. Its hash stands in the log."""

    __tablename__ = "comment_version"

    comment_id: Mapped[UUID] = mapped_column(sa.ForeignKey("comment.id"), primary_key=True)
    number: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    language: Mapped[Language]
    text: Mapped[str]
    written_at: Mapped[datetime]


def withdraw_words(db: Db, event: PersonErased) -> None:
    """Listener: where they wished so, a line stands in the place of their words, and earlier versions go."""
    if not event.withdraws_comments:
        return
    theirs = db.scalars(sa.select(Comment).where(Comment.author_id == event.person_id)).all()
    ids = [comment.id for comment in theirs]
    db.execute(sa.delete(CommentVersion).where(CommentVersion.comment_id.in_(ids)))
    for comment in theirs:
        comment.text = WITHDRAWN[comment.language.value]


SCOPES = (
    scope(CommentThread, CommentThread.declaration_id, CommentThread.recommendation_id),
    scope(Comment, Comment.thread_id, persons=Comment.author_id),
    scope(CommentVersion, CommentVersion.comment_id),
    scope(CommentPlace, CommentPlace.thread_id),
    scope(Mention, Mention.comment_id),
    scope(CommentUse, CommentUse.comment_id),
)
