"""Moderating: letting through what guests write, and removing from view, with a reason, what must not stand there."""

from collections.abc import Sequence
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.orm import joinedload, selectinload

from workspace.comments import policy, remark_text
from workspace.comments.models import Comment, CommentState, CommentThread, Mention
from workspace.comments.policy import ThreadContext
from workspace.comments.queries import HeldRemark
from workspace.comments.service import CommentService
from workspace.core import clock
from workspace.core.actor import Actor
from workspace.core.errors import NotFound
from workspace.core.events import RemarkMade, RemarkModerated, publish
from workspace.core.shapes import filled
from workspace.core.storage.db import Db
from workspace.core.validation import needed_reason
from workspace.declarations.domain.models import Declaration
from workspace.people.guests import GuestService
from workspace.people.models import Person

LONGEST_REASON = 1_000
_WHOLE = (
    joinedload(Comment.author),
    joinedload(Comment.thread),
    selectinload(Comment.mentions).joinedload(Mention.person),
)


class ModerationService:
    """The remarks of one declaration that wait for a moderator, or were removed by one."""

    def __init__(self, db: Db) -> None:
        self.db = db
        self.comments = CommentService(db)

    def queue(
        self,
        declaration: Declaration,
        *,
        actor: Actor,
        state: CommentState = CommentState.HELD,
        limit: int = 200,
        after: UUID | None = None,
    ) -> list[HeldRemark]:
        """At most `limit` remarks in this state, in the order in which they were written, from beyond `after`."""
        policy.ensure_may_moderate(actor, declaration)
        statement = _comments(declaration, actor, state).order_by(Comment.id).limit(limit)
        if after is not None:
            statement = statement.where(Comment.id > after)
        found = self.db.scalars(statement.options(*_WHOLE)).all()
        return self._queued(found, declaration, actor)

    def count(self, declaration: Declaration, *, actor: Actor) -> int:
        """How many remarks wait; 0 for who may not let them through."""
        if not policy.may_moderate(actor, declaration):
            return 0
        held = _comments(declaration, actor, CommentState.HELD).subquery()
        return self.db.scalar(sa.select(sa.func.count()).select_from(held)) or 0

    def show(self, comment_id: UUID, *, actor: Actor) -> Comment:
        """Let a remark be read by everybody: one that waits, or one that was removed. Its thread opens again."""
        comment, ground = self._moderated(comment_id, actor)
        if comment.state is CommentState.SHOWN:
            return comment
        was_held = comment.state is CommentState.HELD
        comment.state, comment.reason = CommentState.SHOWN, ""
        comment.thread.resolved_at = comment.thread.resolved_by_id = None
        self._note("comment.shown", comment, ground, actor)
        publish(self.db, RemarkModerated(comment.thread_id, comment.id, "shown", actor))
        if was_held:
            author = self.db.get_one(Person, comment.author_id).as_actor()
            publish(self.db, RemarkMade(comment.thread_id, comment.id, author))
        return comment

    def hide(self, comment_id: UUID, *, reason: str, actor: Actor) -> Comment:
        """Remove a remark from view; its words stay in the record, with the reason. Raises `Invalid` without one."""
        comment, ground = self._moderated(comment_id, actor)
        comment.state, comment.reason = CommentState.HIDDEN, needed_reason(reason, LONGEST_REASON)
        self._note("comment.hidden", comment, ground, actor)
        publish(self.db, RemarkModerated(comment.thread_id, comment.id, "hidden", actor))
        return comment

    def _moderated(self, comment_id: UUID, actor: Actor) -> tuple[Comment, ThreadContext]:
        comment, ground = self.comments.locked(comment_id)
        policy.ensure_may_moderate(actor, ground)
        if not policy.may_read_thread(actor, comment.thread, ground):
            raise NotFound(what="comment", id=str(comment_id))
        return comment, ground

    def _note(self, kind: str, comment: Comment, ground: ThreadContext, actor: Actor) -> None:
        comment.moderated_at, comment.moderated_by_id = clock.now(), actor.person_id
        self.comments.record(kind, comment, ground, actor=actor)

    def _queued(self, found: Sequence[Comment], declaration: Declaration, actor: Actor) -> list[HeldRemark]:
        guests = GuestService(self.db).among({comment.author_id for comment in found})
        return [
            filled(
                HeldRemark,
                comment,
                block_id=comment.thread.block_id,
                author=comment.author.name,
                is_guest=comment.author_id in guests,
                email=guests[comment.author_id].email
                if comment.author_id in guests and policy.may_read_identity(actor, comment, declaration)
                else None,
                email_checked=comment.author_id in guests and guests[comment.author_id].checked_at is not None,
                text=remark_text.readable_text(
                    comment.text, {named.person_id: named.person.name for named in comment.mentions}
                ),
            )
            for comment in found
        ]


def _comments(declaration: Declaration, actor: Actor, state: CommentState) -> sa.Select[Comment]:
    statement = (
        sa.select(Comment)
        .join(CommentThread)
        .where(CommentThread.declaration_id == declaration.id, Comment.state == state)
    )
    if not policy.may_discuss_internally(actor, declaration):
        statement = statement.where(CommentThread.is_internal.is_(False))
    return statement
