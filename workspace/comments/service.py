"""Opening threads on a paragraph, answering, changing one's words, and closing them.

What a moderator does is in `moderation`.
"""

import hashlib
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.orm import selectinload

from drafts.blocks import Language
from workspace.comments import policy
from workspace.comments.models import Comment, CommentState, CommentThread, CommentVersion
from workspace.comments.seen import Reader, SeenThread
from workspace.core import clock, log
from workspace.core.actor import Actor
from workspace.core.db import Db, new_id
from workspace.core.errors import Invalid, NotAllowed, NotFound
from workspace.declarations.models import Declaration, RevisionBlock
from workspace.declarations.service import DeclarationService
from workspace.people.guests import is_guest

LONGEST = 10_000  # characters of one comment
MOST_HELD = 10  # remarks of one guest that may wait for a moderator


class CommentService:
    """Comment threads of a declaration."""

    def __init__(self, db: Db) -> None:
        self.db = db
        self.declarations = DeclarationService(db)

    def open(
        self,
        declaration: Declaration,
        block_id: UUID,
        *,
        text: str,
        language: Language,
        actor: Actor,
        is_internal: bool = False,
    ) -> CommentThread:
        """Begin a thread on a paragraph of the head revision; raises `NotFound` for a block that is not in it.

        What a guest writes is held until a moderator lets it through. An internal thread is for those who draft.
        """
        declaration = self.declarations.lock(declaration.id)
        policy.ensure_may_begin(actor, declaration, is_internal=is_internal)
        if self.db.get(RevisionBlock, (declaration.head_id, block_id)) is None:
            raise NotFound(what="block", id=str(block_id))
        thread = CommentThread(
            id=new_id(),
            declaration_id=declaration.id,
            block_id=block_id,
            revision_id=declaration.head_id,
            opened_at=clock.now(),
            is_internal=is_internal,
        )
        comment = self._comment(text, language, declaration, actor)
        thread.comments = [comment]
        self.db.add(thread)
        self.record("comment.opened", comment, declaration, actor=actor)
        return thread

    def reply(self, thread_id: UUID, *, text: str, language: Language, actor: Actor) -> CommentThread:
        """Add a comment at the end of a thread; a resolved thread opens again once the answer can be read."""
        thread, declaration = self._open_to(thread_id, actor)
        comment = self._comment(text, language, declaration, actor)
        thread.comments.append(comment)
        if comment.state is CommentState.SHOWN:
            thread.resolved_at = thread.resolved_by_id = None
        self.record("comment.replied", comment, declaration, actor=actor)
        return thread

    def edit(self, comment_id: UUID, *, text: str, language: Language, actor: Actor) -> Comment:
        """Put other words in place of one's own; the ones before are kept. A guest has a quarter of an hour.

        What a guest changes waits for a moderator again. Raises `Invalid` when nothing would change.
        """
        comment, declaration = self.locked(comment_id)
        if comment.author_id != actor.person_id or comment.state is CommentState.HIDDEN:
            raise NotFound(what="comment", id=str(comment_id))
        policy.ensure_may_edit(actor, comment, declaration)
        text = _words(text)
        if (text, language) == (comment.text, comment.language):
            raise Invalid(field="text", reason="nothing_changes")
        self._keep_version(comment)
        comment.text, comment.language, comment.edited_at = text, language, clock.now()
        if is_guest(actor, declaration.forum_id):
            comment.state = CommentState.HELD
        self.record("comment.edited", comment, declaration, actor=actor)
        return comment

    def resolve(self, thread_id: UUID, *, actor: Actor) -> CommentThread:
        """Mark a thread as dealt with."""
        thread, declaration = self._open_to(thread_id, actor)
        policy.ensure_may_close(actor, thread, declaration)
        thread.resolved_at, thread.resolved_by_id = clock.now(), actor.person_id
        self.db.flush()
        log.record(
            self.db,
            "comment.resolved",
            actor=actor,
            forum_id=declaration.forum_id,
            declaration_id=declaration.id,
            thread=str(thread.id),
        )
        return thread

    def versions(self, comment_id: UUID, *, actor: Actor) -> list[CommentVersion]:
        """What a remark said before, oldest first, for its author and the moderators."""
        comment = self._comment_with_id(comment_id)
        declaration = self.declarations.get(comment.thread.declaration_id)
        is_own = actor.person_id is not None and comment.author_id == actor.person_id
        if not is_own and not policy.may_moderate(actor, declaration):
            raise NotFound(what="comment", id=str(comment_id))
        if comment.thread.is_internal and not policy.may_discuss_internally(actor, declaration):
            raise NotFound(what="comment", id=str(comment_id))
        statement = sa.select(CommentVersion).where(CommentVersion.comment_id == comment.id)
        return list(self.db.scalars(statement.order_by(CommentVersion.number)))

    def threads(
        self, declaration: Declaration, *, actor: Actor, block_id: UUID | None = None
    ) -> dict[UUID, list[SeenThread]]:
        """The threads that `actor` sees, by block, oldest first. Three queries, whatever their number."""
        policy.ensure_may_read_comments(actor, declaration)
        reader = Reader(actor, declaration)
        found: dict[UUID, list[SeenThread]] = {}
        for thread in self.db.scalars(_threads(reader, block_id).order_by(CommentThread.opened_at)):
            found.setdefault(thread.block_id, []).append(reader.thread(thread))
        return found

    def listed(
        self,
        declaration: Declaration,
        *,
        actor: Actor,
        limit: int,
        block_id: UUID | None = None,
        after: UUID | None = None,
    ) -> list[SeenThread]:
        """At most `limit` threads in the order of their ids, which is that of their opening, from beyond `after`."""
        policy.ensure_may_read_comments(actor, declaration)
        reader = Reader(actor, declaration)
        statement = _threads(reader, block_id).order_by(CommentThread.id).limit(limit)
        if after is not None:
            statement = statement.where(CommentThread.id > after)
        return [reader.thread(one) for one in self.db.scalars(statement)]

    def seen(self, thread: CommentThread, *, actor: Actor) -> SeenThread:
        """A thread as `actor` sees it."""
        return Reader(actor, self.declarations.get(thread.declaration_id)).thread(thread)

    def counts(self, declaration: Declaration) -> dict[UUID, int]:
        """How many comments that everybody sees the open threads of each block have."""
        statement = (
            sa.select(CommentThread.block_id, sa.func.count(Comment.id).label("comments"))
            .join(Comment)
            .where(CommentThread.declaration_id == declaration.id, CommentThread.resolved_at.is_(None))
            .where(Comment.state == CommentState.SHOWN, CommentThread.is_internal.is_(False))
            .group_by(CommentThread.block_id)
        )
        return {row.block_id: row.comments for row in self.db.execute(statement)}

    def locked(self, comment_id: UUID) -> tuple[Comment, Declaration]:
        """A remark and its declaration, kept from every other writer."""
        comment = self._comment_with_id(comment_id)
        declaration = self.declarations.lock(comment.thread.declaration_id)
        self.db.refresh(comment)
        return comment, declaration

    def record(self, kind: str, comment: Comment, declaration: Declaration, *, actor: Actor) -> None:
        """Write down that a remark was made or changed: by ids and the hash of its words."""
        self.db.flush()
        log.record(
            self.db,
            kind,
            actor=actor,
            forum_id=declaration.forum_id,
            declaration_id=declaration.id,
            thread=str(comment.thread_id),
            comment=str(comment.id),
            state=comment.state.value,
            sha256=hashlib.sha256(f"{comment.id}\n{comment.language}\n{comment.text}".encode()).hexdigest(),
        )

    def _comment_with_id(self, comment_id: UUID) -> Comment:
        comment = self.db.get(Comment, comment_id)
        if comment is None:
            raise NotFound(what="comment", id=str(comment_id))
        return comment

    def _open_to(self, thread_id: UUID, actor: Actor) -> tuple[CommentThread, Declaration]:
        """A thread that `actor` may write in, with its declaration locked."""
        thread = self.db.get(CommentThread, thread_id, options=[selectinload(CommentThread.comments)])
        if thread is None:
            raise NotFound(what="thread", id=str(thread_id))
        declaration = self.declarations.lock(thread.declaration_id)
        policy.ensure_may_write_in(actor, thread, declaration)
        reader = Reader(actor, declaration)
        if not any(reader.sees(one) for one in thread.comments):
            raise NotFound(what="thread", id=str(thread_id))
        return thread, declaration

    def _keep_version(self, comment: Comment) -> None:
        before = self.db.scalar(
            sa.select(sa.func.max(CommentVersion.number)).where(CommentVersion.comment_id == comment.id)
        )
        version = CommentVersion(
            comment_id=comment.id,
            number=(before or 0) + 1,
            language=comment.language,
            text=comment.text,
            written_at=comment.edited_at or comment.written_at,
        )
        self.db.add(version)

    def _comment(self, text: str, language: Language, declaration: Declaration, actor: Actor) -> Comment:
        if actor.person_id is None:
            raise NotAllowed(action="comment.open")
        words, state = _words(text), CommentState.SHOWN
        if is_guest(actor, declaration.forum_id):
            self._ensure_not_too_many_wait(actor.person_id)
            state = CommentState.HELD
        return Comment(
            id=new_id(),
            author_id=actor.person_id,
            language=language,
            text=words,
            written_at=clock.now(),
            state=state,
        )

    def _ensure_not_too_many_wait(self, person_id: UUID) -> None:
        statement = sa.select(sa.func.count()).where(Comment.author_id == person_id, Comment.state == CommentState.HELD)
        if (self.db.scalar(statement) or 0) >= MOST_HELD:
            raise Invalid(field="text", reason="too_many_held", most=MOST_HELD)


def _words(text: str) -> str:
    if not text.strip():
        raise Invalid(field="text", reason="empty")
    if len(text) > LONGEST:
        raise Invalid(field="text", reason="too_long", limit=LONGEST)
    return text.strip()


def _threads(reader: Reader, block_id: UUID | None) -> sa.Select[CommentThread]:
    """The threads of a declaration, or of one of its blocks, that a reader sees, with their comments and authors."""
    statement = (
        sa.select(CommentThread)
        .where(CommentThread.declaration_id == reader.declaration.id)
        .options(selectinload(CommentThread.comments).joinedload(Comment.author))
    )
    if not reader.discusses:
        statement = statement.where(CommentThread.is_internal.is_(False))
    if not reader.moderates:
        seen = sa.or_(Comment.state != CommentState.HELD, Comment.author_id == reader.actor.person_id)
        statement = statement.where(CommentThread.comments.any(seen))
    return statement if block_id is None else statement.where(CommentThread.block_id == block_id)
