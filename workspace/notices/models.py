"""What people follow, and what they were told of it: ids alone; the words are found when they are read."""

from datetime import datetime
from enum import StrEnum
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column

from workspace.core.events import PersonErased
from workspace.core.storage.db import Db, Model, primary_key
from workspace.core.storage.forum_scope import scope
from workspace.procedure.models import Question


class FollowKind(StrEnum):
    """What can be followed. Its name is the first half of the key of a `Follow`, an id the second."""

    FORUM = "forum"
    DECLARATION = "declaration"
    PARAGRAPH = "paragraph"
    AMENDMENT = "amendment"
    RECOMMENDATION = "recommendation"
    SESSION = "session"
    THREAD = "thread"


class NoticeKind(StrEnum):
    """What somebody is told."""

    AMENDMENT = "amendment"  # one was proposed to what they follow
    DECISION = "decision"  # on an amendment of theirs, or one that they follow
    REVISION = "revision"  # the text of what they follow has changed
    REMARK = "remark"  # a conversation was begun about what they follow
    COMMENT = "comment"  # of theirs: a moderator let it through or removed it, or it was settled
    RECOMMENDATION = "recommendation"  # what became of one of theirs
    REPLY = "reply"  # in a conversation that they take part in, or follow
    MENTION = "mention"
    PHASE = "phase"
    CLOSING = "closing"  # within a day
    CLOSED = "closed"
    DATES = "dates"
    ASKED = "asked"  # something waits for them
    QUESTION = "question"  # something was put to the room, and waits for their answer
    ENDED = "ended"  # what was put to the room has its answer


class Follow(Model):
    """That somebody follows something. One that is not `is_on` they have ended: it does not begin again by itself."""

    __tablename__ = "follow"
    __table_args__ = (sa.Index("ix_follow_kind_subject_id", "kind", "subject_id"),)

    person_id: Mapped[UUID] = mapped_column(sa.ForeignKey("person.id"), primary_key=True)
    kind: Mapped[FollowKind] = mapped_column(primary_key=True)
    subject_id: Mapped[UUID] = mapped_column(primary_key=True)
    forum_id: Mapped[UUID] = mapped_column(sa.ForeignKey("forum.id"), index=True)
    is_on: Mapped[bool] = mapped_column(default=True)
    since: Mapped[datetime]


class Notice(Model):
    """One thing that somebody was told. `word` is what a kind needs besides ids: a phase, a stage, a task.

    `mailed_at` is None while it may still have to be written about.
    """

    __tablename__ = "notice"
    __table_args__ = (sa.Index("ix_notice_person_id_read_at", "person_id", "read_at"),)

    id: Mapped[UUID] = primary_key()
    person_id: Mapped[UUID] = mapped_column(sa.ForeignKey("person.id"))
    kind: Mapped[NoticeKind]
    word: Mapped[str] = mapped_column(default="", server_default="")
    forum_id: Mapped[UUID] = mapped_column(sa.ForeignKey("forum.id"), index=True)
    declaration_id: Mapped[UUID | None] = mapped_column(sa.ForeignKey("declaration.id"), index=True)
    block_id: Mapped[UUID | None] = mapped_column(sa.ForeignKey("block.id"))
    revision_id: Mapped[UUID | None] = mapped_column(sa.ForeignKey("revision.id"))
    amendment_id: Mapped[UUID | None] = mapped_column(sa.ForeignKey("amendment.id"))
    decision_id: Mapped[UUID | None] = mapped_column(sa.ForeignKey("decision.id"))
    thread_id: Mapped[UUID | None] = mapped_column(sa.ForeignKey("comment_thread.id"))
    comment_id: Mapped[UUID | None] = mapped_column(sa.ForeignKey("comment.id"), index=True)
    question_id: Mapped[UUID | None] = mapped_column(sa.ForeignKey(Question.id))
    recommendation_id: Mapped[UUID | None] = mapped_column(sa.ForeignKey("recommendation.id"))
    by_id: Mapped[UUID | None] = mapped_column(sa.ForeignKey("person.id"))
    made_at: Mapped[datetime]
    read_at: Mapped[datetime | None]
    mailed_at: Mapped[datetime | None] = mapped_column(index=True)


def forget(db: Db, event: PersonErased) -> None:
    """Listener: it goes, because it says what somebody cared about."""
    for model in (Follow, Notice):
        db.execute(sa.delete(model).where(model.person_id == event.person_id))


SCOPES = (
    scope(Follow, Follow.forum_id, persons=Follow.person_id),
    scope(Notice, Notice.forum_id, persons=Notice.person_id),
)
