"""Finding conversations: those of a paragraph, an amendment, a recommendation, or of a whole declaration."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from functools import cache
from typing import Literal
from uuid import UUID

import sqlalchemy as sa
from msgspec import Struct
from sqlalchemy.orm import joinedload, selectinload

from drafts.merge.anchors import AnchorState
from drafts.text.blocks import Language
from workspace.amendments.domain.models import Amendment
from workspace.amendments.domain.policy import may_read as may_read_amendment
from workspace.comments import policy, remark_text
from workspace.comments.models import (
    Comment,
    CommentPlace,
    CommentState,
    CommentThread,
    CommentUse,
    CommentVersion,
    Mention,
    SubjectKind,
)
from workspace.comments.policy import ThreadContext
from workspace.comments.quotes import shown_words
from workspace.core.actor import Actor
from workspace.core.errors import NotFound, existing
from workspace.core.shapes import filled
from workspace.core.storage import search_index
from workspace.core.storage.db import Db
from workspace.core.storage.search_index import DOCUMENTS, Searchable, selected
from workspace.declarations.domain import queries
from workspace.declarations.domain.models import Declaration
from workspace.declarations.domain.policy import ensure_may_read, may_do, may_read
from workspace.declarations.domain.service import ServiceOnDeclarations
from workspace.people.models import Forum
from workspace.recommendations.models import Recommendation
from workspace.recommendations.policy import may_read_recommendation
from workspace.recommendations.search import readable_ids


class CommentView(Struct, frozen=True):
    """One remark. One that was removed has neither words nor reason, but for its author and the moderators.

    `text` has people's names, `kept` their ids in the place of them, and `names` says whose they are.
    `language` stays, so that the place it left can be told apart from the interface.
    """

    id: UUID
    author: str
    author_id: UUID
    is_own: bool
    language: Language
    text: str
    kept: str
    names: Mapping[UUID, str]
    written_at: datetime
    edited_at: datetime | None
    state: CommentState
    reason: str
    may_edit: bool
    recommendation: int | None = None  # the numbers of what was made of it, where the reader may read that
    amendment: int | None = None


class DiscussedWords(Struct, frozen=True):
    """The words, or the paragraph, that a conversation is about, as the last revision left them.

    `chosen` is what was quoted, as a reader sees it, and `now` what stands there; both are empty for a
    whole paragraph, unless it is gone: then they hold its last words. `text_version_id` is where `starts_at`
    and `ends_at` count.
    """

    language: Language
    chosen: str
    now: str
    block_id: UUID
    text_version_id: UUID
    starts_at: int
    ends_at: int
    written: str  # what stands there, with its marks
    content: str  # the whole text in which it stands
    is_whole: bool
    is_lost: bool
    has_moved: bool

    @property
    def state(self) -> Literal["kept", "edited", "moved", "lost"]:
        """What became of the words, in one word."""
        if self.is_lost:
            return "lost"
        if self.now != self.chosen:
            return "edited"
        return "moved" if self.has_moved else "kept"

    @classmethod
    def of(cls, places: Sequence[CommentPlace]) -> "DiscussedWords | None":
        if not places:
            return None
        first, last = places[0], places[-1]
        is_whole = not first.quote
        quote = first.text.content if is_whole and last.is_lost else first.quote
        return filled(
            cls,
            last,
            language=first.language,
            chosen=shown_words(quote) if quote else "",
            now="" if last.is_lost else shown_words(last.quote),
            written=last.quote,
            content=last.text.content,
            is_whole=is_whole,
            has_moved=not last.is_lost
            and (last.state is AnchorState.MOVED if is_whole else last.block_id != first.block_id),
        )


class VisibleThread(Struct, frozen=True):
    """A conversation, oldest remark first. `block_id` is the paragraph beside which it is shown."""

    id: UUID
    kind: SubjectKind
    subject_id: UUID
    number: int | None  # of the amendment or recommendation
    block_id: UUID | None
    revision_id: UUID | None
    words: DiscussedWords | None
    opened_at: datetime
    resolved_at: datetime | None
    resolved_by: str
    is_internal: bool
    may_answer: bool
    may_close: bool
    comments: Sequence[CommentView]


class HeldRemark(Struct, frozen=True, kw_only=True):
    """A remark that waits for a moderator, or was removed by one.

    `email` is the address a guest declared, null for who may not learn it; `email_checked` says that
    somebody opened the letter sent there.
    """

    id: UUID
    thread_id: UUID
    block_id: UUID | None
    author: str
    is_guest: bool
    email: str | None
    email_checked: bool
    language: Language
    text: str
    written_at: datetime
    edited_at: datetime | None
    state: CommentState
    reason: str


class ThreadReader:
    """Shows the conversations on one declaration, or about the recommendations of one forum, to one reader."""

    def __init__(self, actor: Actor, ground: ThreadContext) -> None:
        self.actor, self.ground = actor, ground
        self.moderates = policy.may_moderate(actor, ground)
        self.discusses = policy.may_discuss_internally(actor, ground)

    def thread(self, thread: CommentThread) -> VisibleThread:
        return filled(
            VisibleThread,
            thread,
            number=numbered.number if (numbered := thread.amendment or thread.recommendation) else None,
            words=DiscussedWords.of(thread.places),
            resolved_by=thread.resolved_by.name if thread.resolved_by else "",
            may_answer=policy.may_answer(self.actor, thread, self.ground),
            may_close=policy.may_close(self.actor, thread, self.ground),
            comments=[self.comment(comment) for comment in thread.comments if self.sees(comment)],
        )

    def sees(self, comment: Comment) -> bool:
        """A remark that waits for a moderator is there for them and its author alone."""
        return comment.state is not CommentState.HELD or self.moderates or self._is_own(comment)

    def comment(self, comment: Comment) -> CommentView:
        is_own = self._is_own(comment)
        has_words = comment.state is not CommentState.HIDDEN or self.moderates or is_own
        names = {mention.person_id: mention.person.name for mention in comment.mentions}
        return filled(
            CommentView,
            comment,
            author=comment.author.name,
            is_own=is_own,
            text=remark_text.readable_text(comment.text, names) if has_words else "",
            kept=comment.text if has_words else "",
            names=names if has_words else {},
            reason=comment.reason if has_words else "",
            may_edit=is_own
            and comment.state is not CommentState.HIDDEN
            and policy.may_edit(self.actor, comment, self.ground),
            **self._used(comment),
        )

    def _used(self, comment: Comment) -> Mapping[str, int | None]:
        """The numbers of what was made of a remark."""
        made, proposed = (comment.use.recommendation, comment.use.amendment) if comment.use else (None, None)
        reads = made is not None and may_read_recommendation(self.actor, policy.forum_of(self.ground), made)
        return {
            "recommendation": made.number if made and reads else None,
            "amendment": proposed.number if proposed and may_read_amendment(self.actor, proposed) else None,
        }

    def _is_own(self, comment: Comment) -> bool:
        return self.actor.person_id is not None and comment.author_id == self.actor.person_id


class Conversations(ServiceOnDeclarations):
    """The conversations that somebody may read."""

    def threads(
        self, declaration: Declaration, *, actor: Actor, block_id: UUID | None = None
    ) -> dict[UUID, list[VisibleThread]]:
        """The conversations about paragraphs that `actor` sees, by block, oldest first: a fixed number of queries."""
        ensure_may_read(actor, declaration)
        reader = ThreadReader(actor, declaration)
        statement = _on(reader, declaration).where(CommentThread.block_id.is_not(None))
        if block_id is not None:
            statement = statement.where(CommentThread.block_id == block_id)
        found: dict[UUID, list[VisibleThread]] = {}
        for thread in self.db.scalars(statement.order_by(CommentThread.opened_at, CommentThread.id)):
            if thread.block_id is not None:
                found.setdefault(thread.block_id, []).append(reader.thread(thread))
        return found

    def listed(
        self,
        declaration: Declaration,
        *,
        actor: Actor,
        limit: int,
        block_id: UUID | None = None,
        kind: SubjectKind | None = None,
        is_open: bool | None = None,
        with_person: UUID | None = None,
        after: UUID | None = None,
    ) -> list[VisibleThread]:
        """At most `limit` conversations in the order of their opening, from beyond `after`.

        `with_person` leaves those in which somebody wrote or was named.
        """
        ensure_may_read(actor, declaration)
        reader = ThreadReader(actor, declaration)
        statement = _on(reader, declaration).order_by(CommentThread.id).limit(limit)
        if after is not None:
            statement = statement.where(CommentThread.id > after)
        if block_id is not None:
            statement = statement.where(CommentThread.block_id == block_id)
        if kind is not None:
            statement = statement.where(_OF_KIND[kind])
        if is_open is not None:
            statement = statement.where(CommentThread.resolved_at.is_(None) == is_open)
        if with_person is not None:
            statement = statement.where(CommentThread.comments.any(_takes_part(with_person)))
        return [reader.thread(thread) for thread in self.db.scalars(statement)]

    def about_amendment(self, amendment: Amendment, *, actor: Actor) -> list[VisibleThread]:
        """The conversations about an amendment that `actor` has been shown, oldest first."""
        reader = ThreadReader(actor, amendment.declaration)
        statement = _on(reader, amendment.declaration).where(CommentThread.amendment_id == amendment.id)
        return [reader.thread(thread) for thread in self.db.scalars(statement.order_by(CommentThread.id))]

    def about_recommendation(self, recommendation: Recommendation, *, actor: Actor) -> list[VisibleThread]:
        """The conversations about a recommendation, oldest first; raises `NotFound` where it is not open to them."""
        forum = recommendation.forum
        if not may_read_recommendation(actor, forum, recommendation):
            raise NotFound(what="recommendation", id=str(recommendation.number))
        reader = ThreadReader(actor, forum)
        statement = _seen_by(reader).where(CommentThread.recommendation_id == recommendation.id)
        return [reader.thread(thread) for thread in self.db.scalars(statement.order_by(CommentThread.id))]

    def found(self, thread_id: UUID, *, actor: Actor) -> tuple[CommentThread, ThreadContext]:
        """A conversation that `actor` may read, and what it stands on; raises `NotFound`."""
        thread = existing(self.db.scalar(whole_threads().where(CommentThread.id == thread_id)), "thread", thread_id)
        ground = self.ground_of(thread)
        reader = ThreadReader(actor, ground)
        is_there = any(reader.sees(comment) for comment in thread.comments)
        if not is_there or not policy.may_read_thread(actor, thread, ground):
            raise NotFound(what="thread", id=str(thread_id))
        return thread, ground

    def among(self, ids: Sequence[UUID], *, actor: Actor) -> dict[UUID, VisibleThread]:
        """Those of these conversations that are there for `actor`, by id: as many queries for all as for one."""
        found: dict[UUID, VisibleThread] = {}
        for thread in self.db.scalars(whole_threads().where(CommentThread.id.in_(ids))) if ids else ():
            ground = self.ground_of(thread)
            if policy.may_read_thread(actor, thread, ground):
                found[thread.id] = ThreadReader(actor, ground).thread(thread)
        return found

    def ground_of(self, thread: CommentThread) -> ThreadContext:
        """The declaration that a conversation belongs to, or the forum whose recommendation it is about."""
        if thread.recommendation is not None:
            forum: Forum = thread.recommendation.forum
            return forum
        if thread.declaration_id is None:
            raise NotFound(what="thread", id=str(thread.id))
        return self.declarations.get(thread.declaration_id)

    def seen(self, thread: CommentThread, *, actor: Actor) -> VisibleThread:
        """A conversation as `actor` sees it."""
        return ThreadReader(actor, self.ground_of(thread)).thread(thread)

    def counts(self, declaration: Declaration) -> dict[UUID, int]:
        """How many comments that everybody sees the open conversations about each block have."""
        statement = (
            sa.select(CommentThread.block_id, sa.func.count().label("comments"))
            .join(Comment)
            .where(CommentThread.declaration_id == declaration.id, CommentThread.resolved_at.is_(None))
            .where(Comment.state == CommentState.SHOWN, CommentThread.is_internal.is_(False))
            .where(CommentThread.block_id.is_not(None))
            .group_by(CommentThread.block_id)
        )
        return {row.block_id: row.comments for row in self.db.execute(statement)}

    def versions(self, comment_id: UUID, *, actor: Actor) -> list[CommentVersion]:
        """What a remark said before, oldest first, for its author and the moderators."""
        comment = self.comment_with_id(comment_id)
        ground = self.ground_of(comment.thread)
        is_own = actor.person_id is not None and comment.author_id == actor.person_id
        if not is_own and not policy.may_moderate(actor, ground):
            raise NotFound(what="comment", id=str(comment_id))
        if comment.thread.is_internal and not policy.may_discuss_internally(actor, ground):
            raise NotFound(what="comment", id=str(comment_id))
        statement = sa.select(CommentVersion).where(CommentVersion.comment_id == comment.id)
        return list(self.db.scalars(statement.order_by(CommentVersion.number)))

    def made_by(self, person_id: UUID) -> list[Comment]:
        """The remarks that somebody made, oldest first."""
        theirs = sa.select(Comment).where(Comment.author_id == person_id).order_by(Comment.written_at, Comment.id)
        used = joinedload(Comment.use).joinedload(CommentUse.recommendation)
        return list(self.db.scalars(theirs.options(used)))

    def comment_with_id(self, comment_id: UUID) -> Comment:
        return existing(self.db.get(Comment, comment_id), "comment", comment_id)


_OF_KIND: dict[SubjectKind, sa.ColumnElement[bool]] = {
    SubjectKind.PARAGRAPH: CommentThread.block_id.is_not(None),
    SubjectKind.AMENDMENT: CommentThread.amendment_id.is_not(None),
    SubjectKind.RECOMMENDATION: CommentThread.recommendation_id.is_not(None),
    SubjectKind.DECLARATION: sa.and_(
        CommentThread.block_id.is_(None),
        CommentThread.amendment_id.is_(None),
        CommentThread.recommendation_id.is_(None),
    ),
}


def _takes_part(person_id: UUID) -> sa.ColumnElement[bool]:
    is_named = Comment.mentions.any(Mention.person_id == person_id)
    return sa.and_(Comment.state == CommentState.SHOWN, sa.or_(Comment.author_id == person_id, is_named))


def _readable_documents(db: Db, forum: Forum, actor: Actor) -> sa.ColumnElement[bool]:
    """Those in conversations that they may read, where the remark is shown, their own, or theirs to moderate."""
    declarations = [declaration for declaration in queries.of_forum(db, forum) if may_read(actor, declaration)]
    grounds = [_readable_on(actor, declaration) for declaration in declarations]
    recommended = CommentThread.recommendation_id.in_(readable_ids(forum, actor))
    grounds.append(sa.and_(recommended, _seen_on(actor, forum)))
    seen = sa.select(Comment.id).join(CommentThread, CommentThread.id == Comment.thread_id)
    return sa.exists(seen.where(Comment.id == search_index.C.subject_id, sa.or_(*grounds)).correlate(DOCUMENTS))


def _readable_on(actor: Actor, declaration: Declaration) -> sa.ColumnElement[bool]:
    here = sa.and_(CommentThread.declaration_id == declaration.id, _seen_on(actor, declaration))
    if may_do(actor, "amendment.read_others", declaration):
        return here
    own = CommentThread.amendment.has(Amendment.proposer_id == actor.person_id)
    return sa.and_(here, sa.or_(CommentThread.amendment_id.is_(None), own))


def _seen_on(actor: Actor, ground: ThreadContext) -> sa.ColumnElement[bool]:
    reader = ThreadReader(actor, ground)
    is_open = sa.true() if reader.discusses else CommentThread.is_internal.is_(False)
    if reader.moderates:
        return is_open
    return sa.and_(is_open, sa.or_(Comment.state == CommentState.SHOWN, Comment.author_id == actor.person_id))


_DOCUMENTS = (
    sa.select(Comment.id, sa.func.coalesce(Declaration.forum_id, Recommendation.forum_id), CommentThread.declaration_id)
    .add_columns(Comment.language, Comment.text)
    .join(CommentThread, CommentThread.id == Comment.thread_id)
    .outerjoin(Declaration, Declaration.id == CommentThread.declaration_id)
    .outerjoin(Recommendation, Recommendation.id == CommentThread.recommendation_id)
    .order_by(Comment.written_at)
)
SEARCHED = Searchable(
    kind="comment",
    tables={"comment": ("id", "text", "language")},
    documents=selected(_DOCUMENTS, Comment.id),
    readable=_readable_documents,
)


@cache
def whole_threads() -> sa.Select[CommentThread]:
    """Conversations with all that is shown of them, for `ThreadReader`."""
    return sa.select(CommentThread).options(
        selectinload(CommentThread.comments).options(
            joinedload(Comment.author),
            selectinload(Comment.mentions).joinedload(Mention.person),
            joinedload(Comment.use).options(joinedload(CommentUse.recommendation), joinedload(CommentUse.amendment)),
        ),
        selectinload(CommentThread.places).joinedload(CommentPlace.text),
        joinedload(CommentThread.resolved_by),
        joinedload(CommentThread.amendment),
        joinedload(CommentThread.recommendation),
    )


def _seen_by(reader: ThreadReader) -> sa.Select[CommentThread]:
    statement = whole_threads()
    if not reader.discusses:
        statement = statement.where(CommentThread.is_internal.is_(False))
    if not reader.moderates:
        seen = sa.or_(Comment.state != CommentState.HELD, Comment.author_id == reader.actor.person_id)
        statement = statement.where(CommentThread.comments.any(seen))
    return statement


def _on(reader: ThreadReader, declaration: Declaration) -> sa.Select[CommentThread]:
    """The conversations of a declaration that a reader sees; one about an amendment, if they may read that."""
    statement = _seen_by(reader).where(CommentThread.declaration_id == declaration.id)
    if may_do(reader.actor, "amendment.read_others", declaration):
        return statement
    own = CommentThread.amendment.has(Amendment.proposer_id == reader.actor.person_id)
    return statement.where(sa.or_(CommentThread.amendment_id.is_(None), own))
