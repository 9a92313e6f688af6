"""Opening threads on a paragraph, answering, and closing them."""

from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.orm import selectinload

from drafts.blocks import Language
from workspace.comments import policy
from workspace.comments.models import Comment, CommentThread
from workspace.core import clock, log
from workspace.core.actor import Actor
from workspace.core.db import Db, new_id
from workspace.core.errors import Invalid, NotAllowed, NotFound
from workspace.declarations.models import Declaration, RevisionBlock
from workspace.declarations.service import DeclarationService

LONGEST = 10_000  # characters of one comment


class CommentService:
    """Comment threads of a declaration."""

    def __init__(self, db: Db) -> None:
        self.db = db
        self.declarations = DeclarationService(db)

    def open(
        self, declaration: Declaration, block_id: UUID, *, text: str, language: Language, actor: Actor
    ) -> CommentThread:
        """Begin a thread on a paragraph of the head revision; raises `NotFound` for a block that is not in it."""
        declaration = self.declarations.lock(declaration.id)
        policy.ensure_may_comment(actor, declaration)
        if self.db.get(RevisionBlock, (declaration.head_id, block_id)) is None:
            raise NotFound(what="block", id=str(block_id))
        thread = CommentThread(
            id=new_id(),
            declaration_id=declaration.id,
            block_id=block_id,
            revision_id=declaration.head_id,
            opened_at=clock.now(),
        )
        thread.comments = [self._comment(text, language, actor)]
        self.db.add(thread)
        self._record("comment.opened", thread, actor=actor)
        return thread

    def reply(self, thread_id: UUID, *, text: str, language: Language, actor: Actor) -> CommentThread:
        """Add a comment at the end of a thread; a resolved thread opens again."""
        thread = self._open_to(thread_id, actor)
        thread.comments.append(self._comment(text, language, actor))
        thread.resolved_at = thread.resolved_by_id = None
        self._record("comment.replied", thread, actor=actor)
        return thread

    def resolve(self, thread_id: UUID, *, actor: Actor) -> CommentThread:
        """Mark a thread as dealt with."""
        thread = self._open_to(thread_id, actor)
        thread.resolved_at, thread.resolved_by_id = clock.now(), actor.person_id
        self._record("comment.resolved", thread, actor=actor)
        return thread

    def threads(
        self, declaration: Declaration, *, actor: Actor, block_id: UUID | None = None
    ) -> dict[UUID, list[CommentThread]]:
        """Threads by block, oldest first, with their comments and authors. Three queries, whatever their number."""
        policy.ensure_may_read_comments(actor, declaration)
        found: dict[UUID, list[CommentThread]] = {}
        for thread in self.db.scalars(_threads(declaration, block_id).order_by(CommentThread.opened_at)):
            found.setdefault(thread.block_id, []).append(thread)
        return found

    def listed(
        self,
        declaration: Declaration,
        *,
        actor: Actor,
        limit: int,
        block_id: UUID | None = None,
        after: UUID | None = None,
    ) -> list[CommentThread]:
        """At most `limit` threads in the order of their ids, which is that of their opening, from beyond `after`."""
        policy.ensure_may_read_comments(actor, declaration)
        statement = _threads(declaration, block_id).order_by(CommentThread.id).limit(limit)
        if after is not None:
            statement = statement.where(CommentThread.id > after)
        return list(self.db.scalars(statement))

    def counts(self, declaration: Declaration) -> dict[UUID, int]:
        """How many comments in open threads each block has."""
        statement = (
            sa.select(CommentThread.block_id, sa.func.count(Comment.id).label("comments"))
            .join(Comment)
            .where(CommentThread.declaration_id == declaration.id, CommentThread.resolved_at.is_(None))
            .group_by(CommentThread.block_id)
        )
        return {row.block_id: row.comments for row in self.db.execute(statement)}

    def _open_to(self, thread_id: UUID, actor: Actor) -> CommentThread:
        """A thread that `actor` may write in, with its declaration locked."""
        thread = self.db.get(CommentThread, thread_id, options=[selectinload(CommentThread.comments)])
        if thread is None:
            raise NotFound(what="thread", id=str(thread_id))
        policy.ensure_may_comment(actor, self.declarations.lock(thread.declaration_id))
        return thread

    def _record(self, kind: str, thread: CommentThread, *, actor: Actor) -> None:
        self.db.flush()
        declaration = self.declarations.get(thread.declaration_id)
        log.record(
            self.db,
            kind,
            actor=actor,
            forum_id=declaration.forum_id,
            declaration_id=declaration.id,
            thread=str(thread.id),
        )

    def _comment(self, text: str, language: Language, actor: Actor) -> Comment:
        if actor.person_id is None:
            raise NotAllowed(action="comment.open")
        if not text.strip():
            raise Invalid(field="text", reason="empty")
        if len(text) > LONGEST:
            raise Invalid(field="text", reason="too_long", limit=LONGEST)
        return Comment(
            id=new_id(), author_id=actor.person_id, language=language, text=text.strip(), written_at=clock.now()
        )


def _threads(declaration: Declaration, block_id: UUID | None) -> sa.Select[CommentThread]:
    """Threads of a declaration, or of one of its blocks, with their comments and authors."""
    statement = (
        sa.select(CommentThread)
        .where(CommentThread.declaration_id == declaration.id)
        .options(selectinload(CommentThread.comments).joinedload(Comment.author))
    )
    return statement if block_id is None else statement.where(CommentThread.block_id == block_id)
