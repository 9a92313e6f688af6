"""Beginning conversations, answering, changing one's words, closing them and opening them again.

What a moderator does is in `moderation`; how a conversation follows the text, in `carrying`.
"""

import hashlib
from uuid import UUID

import sqlalchemy as sa

from drafts.merge.anchors import Anchor, AnchorState
from drafts.text.blocks import Language
from workspace.amendments.domain.models import Amendment
from workspace.amendments.domain.policy import may_read as may_read_amendment
from workspace.comments import policy
from workspace.comments.models import Comment, CommentPlace, CommentState, CommentThread, CommentUse, CommentVersion
from workspace.comments.policy import ThreadContext
from workspace.comments.queries import Conversations
from workspace.comments.quotes import QuotedPhrase, anchor_of
from workspace.comments.remark_text import MentionService, readable_text
from workspace.core import clock
from workspace.core.actor import Actor
from workspace.core.errors import Invalid, NotAllowed, NotFound
from workspace.core.events import RecommendationsSettled, RemarkMade, RemarkModerated, publish
from workspace.core.storage import log
from workspace.core.storage.db import Db, lock_for_writing, new_id, next_number
from workspace.core.validation import ensure_short
from workspace.declarations.domain import queries
from workspace.declarations.domain.models import Declaration, Head, RevisionBlock
from workspace.declarations.domain.policy import ensure_may_read
from workspace.people.guests import is_guest
from workspace.recommendations.models import Recommendation
from workspace.recommendations.policy import ensure_may_settle, may_read_recommendation
from workspace.recommendations.service import RecommendationService, VerbatimStatement

LONGEST = 10_000  # characters of one comment
MOST_HELD = 10  # remarks of one guest that may wait for a moderator


class CommentService(Conversations):
    """Conversations, and who says what in them."""

    def __init__(self, db: Db) -> None:
        super().__init__(db)
        self.naming = MentionService(db)

    # Beginning

    def open(
        self,
        declaration: Declaration,
        block_id: UUID,
        *,
        text: str,
        language: Language,
        actor: Actor,
        is_internal: bool = False,
        phrase: QuotedPhrase | None = None,
    ) -> CommentThread:
        """Begin a conversation on a paragraph of the head revision, or on some words of it.

        Raises `NotFound` for a block that is not in the text, and `Invalid` for words that are not in the paragraph.
        What a guest writes is held until a moderator lets it through. An internal one is for those who draft.
        """
        declaration = self.declarations.lock(declaration.id)
        policy.ensure_may_begin(actor, declaration, is_internal=is_internal)
        if self.db.get(RevisionBlock, (declaration.head_id, block_id)) is None:
            raise NotFound(what="block", id=str(block_id))
        thread = _thread(is_internal=is_internal)
        thread.declaration_id, thread.revision_id, thread.block_id = declaration.id, declaration.head_id, block_id
        if phrase is not None:
            thread.places = [self._place(declaration, block_id, phrase)]
        return self._begun(thread, declaration, text, language, actor)

    def open_on_draft(
        self, declaration: Declaration, *, text: str, language: Language, actor: Actor, is_internal: bool = False
    ) -> CommentThread:
        """Begin a conversation on a whole draft."""
        declaration = self.declarations.lock(declaration.id)
        ensure_may_read(actor, declaration)
        policy.ensure_may_begin(actor, declaration, is_internal=is_internal)
        thread = _thread(is_internal=is_internal)
        thread.declaration_id, thread.revision_id = declaration.id, declaration.head_id
        return self._begun(thread, declaration, text, language, actor)

    def open_on_amendment(
        self, amendment: Amendment, *, text: str, language: Language, actor: Actor, is_internal: bool = False
    ) -> CommentThread:
        """Begin a conversation on an amendment; raises `NotFound` for one that is not open to them."""
        declaration = self.declarations.lock(amendment.declaration_id)
        if not may_read_amendment(actor, amendment):
            raise NotFound(what="amendment", id=str(amendment.id))
        policy.ensure_may_begin(actor, declaration, is_internal=is_internal)
        thread = _thread(is_internal=is_internal)
        thread.declaration_id, thread.revision_id = declaration.id, declaration.head_id
        thread.amendment = amendment
        return self._begun(thread, declaration, text, language, actor)

    def open_on_recommendation(
        self, recommendation: Recommendation, *, text: str, language: Language, actor: Actor, is_internal: bool = False
    ) -> CommentThread:
        """Begin a conversation on a recommendation; raises `NotFound` for one that is not open to them."""
        forum = recommendation.forum
        if not may_read_recommendation(actor, forum, recommendation):
            raise NotFound(what="recommendation", id=str(recommendation.id))
        policy.ensure_may_begin(actor, forum, is_internal=is_internal)
        thread = _thread(is_internal=is_internal)
        thread.recommendation = recommendation
        return self._begun(thread, forum, text, language, actor)

    # Going on

    def reply(self, thread_id: UUID, *, text: str, language: Language, actor: Actor) -> CommentThread:
        """Add a comment at the end of a thread; a resolved thread opens again once the answer can be read."""
        thread, ground = self._open_to(thread_id, actor)
        comment = self._comment(text, language, thread, ground, actor)
        thread.comments.append(comment)
        if comment.state is CommentState.SHOWN:
            thread.resolved_at = thread.resolved_by = None
        self.record("comment.replied", comment, ground, actor=actor)
        self._tell(comment, actor)
        return thread

    def edit(self, comment_id: UUID, *, text: str, language: Language, actor: Actor) -> Comment:
        """Put other words in place of one's own; the ones before are kept. A guest has a quarter of an hour.

        What a guest changes waits for a moderator again. Raises `Invalid` when nothing would change.
        """
        comment, ground = self.locked(comment_id)
        if comment.author_id != actor.person_id or comment.state is CommentState.HIDDEN:
            raise NotFound(what="comment", id=str(comment_id))
        policy.ensure_may_edit(actor, comment, ground)
        kept = self.naming.kept(_words(text), comment.thread, ground)
        if (kept.text, language) == (comment.text, comment.language):
            raise Invalid(field="text", reason="nothing_changes")
        self._keep_version(comment)
        comment.text, comment.language, comment.edited_at = kept.text, language, clock.now()
        newly_named = self.naming.note(comment, kept.people)
        if is_guest(actor, policy.forum_of(ground).id):
            comment.state = CommentState.HELD
        self.record("comment.edited", comment, ground, actor=actor)
        if newly_named:
            self._tell(comment, actor)
        return comment

    def resolve(self, thread_id: UUID, *, actor: Actor) -> CommentThread:
        """Mark a thread as dealt with; who did so, and when, is kept with it."""
        thread, ground = self._open_to(thread_id, actor)
        policy.ensure_may_close(actor, thread, ground)
        thread.resolved_at, thread.resolved_by_id = clock.now(), actor.person_id
        self._note("comment.resolved", thread, ground, actor)
        publish(self.db, RemarkModerated(thread.id, None, "resolved", actor))
        return thread

    def reopen(self, thread_id: UUID, *, actor: Actor) -> CommentThread:
        """Open a thread again without a word; nothing happens to one that is open."""
        thread, ground = self._open_to(thread_id, actor)
        policy.ensure_may_close(actor, thread, ground)
        if thread.resolved_at is not None:
            thread.resolved_at = thread.resolved_by_id = None
            self._note("comment.reopened", thread, ground, actor)
        return thread

    # What is made of a remark

    def recommend(self, comment_id: UUID, *, actor: Actor) -> Recommendation:
        """Make a recommendation of a remark, in its author's name, to be confirmed as any other; they are told.

        Raises `Invalid` for one of which that was done before, `NotFound` for one that not everybody reads.
        """
        comment, ground, use = self._usable(comment_id, actor)
        forum = policy.forum_of(ground)
        ensure_may_settle(actor, forum, ())
        if use.recommendation_id is not None:
            raise Invalid(field="comment", reason="comment_used")
        said = VerbatimStatement(" ".join(words_of(comment).split()), comment.language.value)
        register = RecommendationService(self.db)
        use.recommendation = register.submit_for(forum, said, sender=comment.author.as_actor(), actor=actor)
        self._used(use, comment, ground, "comment.recommended", actor)
        publish(self.db, RecommendationsSettled(forum.id, {use.recommendation.id: "made"}, actor))
        return use.recommendation

    def link_amendment(self, comment_id: UUID, amendment: Amendment, *, actor: Actor) -> None:
        """Say that an amendment was made of a remark of its proposer, who says so, or who recorded it for them.

        Raises `Invalid` for an amendment of another person or declaration, and where there is one already.
        """
        comment, ground, use = self._usable(comment_id, actor)
        is_theirs = (
            amendment.proposer_id == comment.author_id and amendment.declaration_id == comment.thread.declaration_id
        )
        if not is_theirs or actor.person_id not in {amendment.proposer_id, amendment.recorded_by_id}:
            raise Invalid(field="amendment", reason="not_its_author")
        if use.amendment_id not in {None, amendment.id}:
            raise Invalid(field="comment", reason="comment_used")
        use.amendment = amendment
        self._used(use, comment, ground, "comment.proposed", actor)

    def usable(self, comment_id: UUID, *, actor: Actor) -> Comment:
        """A remark of which something can be made: everybody who reads there reads it. Raises `NotFound` for others."""
        comment = self.comment_with_id(comment_id)
        self.found(comment.thread_id, actor=actor)
        if comment.state is not CommentState.SHOWN or comment.thread.is_internal:
            raise NotFound(what="comment", id=str(comment_id))
        return comment

    def _usable(self, comment_id: UUID, actor: Actor) -> tuple[Comment, ThreadContext, CommentUse]:
        """The same, kept from every other writer, and what was made of it before."""
        comment, ground = self.locked(comment_id)
        self.usable(comment_id, actor=actor)
        return comment, ground, comment.use or CommentUse(comment_id=comment.id)

    def _used(self, use: CommentUse, comment: Comment, ground: ThreadContext, kind: str, actor: Actor) -> None:
        use.used_by_id, use.used_at = actor.person_id, clock.now()
        self.db.add(use)
        self.record(kind, comment, ground, actor=actor)

    def locked(self, comment_id: UUID) -> tuple[Comment, ThreadContext]:
        """A remark and what its conversation stands on, kept from every other writer."""
        comment = self.comment_with_id(comment_id)
        ground = self._lock(comment.thread)
        self.db.refresh(comment)
        return comment, ground

    def record(self, kind: str, comment: Comment, ground: ThreadContext, *, actor: Actor) -> None:
        """Write down that a remark was made or changed: by ids and the hash of its words."""
        self.db.flush()
        log.record(
            self.db,
            kind,
            actor=actor,
            forum_id=policy.forum_of(ground).id,
            declaration_id=comment.thread.declaration_id,
            thread=str(comment.thread_id),
            comment=str(comment.id),
            state=comment.state.value,
            is_internal=comment.thread.is_internal,
            about=comment.thread.kind.value,
            sha256=hashlib.sha256(f"{comment.id}\n{comment.language}\n{comment.text}".encode()).hexdigest(),
        )

    # How it is done

    def _begun(
        self, thread: CommentThread, ground: ThreadContext, text: str, language: Language, actor: Actor
    ) -> CommentThread:
        comment = self._comment(text, language, thread, ground, actor)
        thread.comments = [comment]
        self.db.add(thread)
        self.record("comment.opened", comment, ground, actor=actor)
        self._tell(comment, actor)
        return thread

    def _place(self, declaration: Declaration, block_id: UUID, phrase: QuotedPhrase) -> CommentPlace:
        """Where the chosen words stand in the text in force."""
        text_id = self.db.scalar(sa.select(Head.text_version_id).filter_by(block_id=block_id, language=phrase.language))
        text = queries.text_of(self.db, text_id) if text_id else None
        if text is None:
            raise Invalid(field="quote", reason="not_in_text")
        numbered = queries.numbers_of(queries.bare_rows(self.db, declaration.head_id))
        anchor = anchor_of(phrase, text.content, str(block_id), numbered)
        return place_of(anchor, text, AnchorState.KEPT, number=1, revision_id=declaration.head.id)

    def _open_to(self, thread_id: UUID, actor: Actor) -> tuple[CommentThread, ThreadContext]:
        """A conversation that `actor` may write in, kept from every other writer."""
        thread, _ = self.found(thread_id, actor=actor)
        ground = self._lock(thread)
        policy.ensure_may_write_in(actor, thread, ground)
        return thread, ground

    def _lock(self, thread: CommentThread) -> ThreadContext:
        if thread.declaration_id is not None:
            return self.declarations.lock(thread.declaration_id)
        lock_for_writing(self.db, CommentThread, thread.id)
        return self.ground_of(thread)

    def _note(self, kind: str, thread: CommentThread, ground: ThreadContext, actor: Actor) -> None:
        self.db.flush()
        self.db.refresh(thread, ["resolved_by"])
        log.record(
            self.db,
            kind,
            actor=actor,
            forum_id=policy.forum_of(ground).id,
            declaration_id=thread.declaration_id,
            thread=str(thread.id),
            is_internal=thread.is_internal,
        )

    def _tell(self, comment: Comment, actor: Actor) -> None:
        """A remark that waits for a moderator is told of once it is let through."""
        if comment.state is CommentState.SHOWN:
            publish(self.db, RemarkMade(comment.thread_id, comment.id, actor))

    def _keep_version(self, comment: Comment) -> None:
        version = CommentVersion(
            comment_id=comment.id,
            number=next_number(self.db, CommentVersion.number, CommentVersion.comment_id == comment.id),
            language=comment.language,
            text=comment.text,
            written_at=comment.edited_at or comment.written_at,
        )
        self.db.add(version)

    def _comment(
        self, text: str, language: Language, thread: CommentThread, ground: ThreadContext, actor: Actor
    ) -> Comment:
        if actor.person_id is None:
            raise NotAllowed(action="comment.open")
        kept, state = self.naming.kept(_words(text), thread, ground), CommentState.SHOWN
        if is_guest(actor, policy.forum_of(ground).id):
            self._ensure_not_too_many_wait(actor.person_id)
            state = CommentState.HELD
        comment = Comment(
            id=new_id(),
            author_id=actor.person_id,
            language=language,
            text=kept.text,
            written_at=clock.now(),
            state=state,
        )
        self.naming.note(comment, kept.people)
        return comment

    def _ensure_not_too_many_wait(self, person_id: UUID) -> None:
        statement = sa.select(sa.func.count()).where(Comment.author_id == person_id, Comment.state == CommentState.HELD)
        if (self.db.scalar(statement) or 0) >= MOST_HELD:
            raise Invalid(field="text", reason="too_many_held", most=MOST_HELD)


def words_of(comment: Comment) -> str:
    """What a remark says, with people's names."""
    return readable_text(comment.text, {mention.person_id: mention.person.name for mention in comment.mentions})


def place_of(
    anchor: Anchor, text: queries.TextValue, state: AnchorState, *, number: int, revision_id: UUID
) -> CommentPlace:
    """The record of where some words stand in one text."""
    return CommentPlace(
        number=number,
        revision_id=revision_id,
        state=state,
        block_id=UUID(anchor.block),
        language=text.language,
        text_version_id=text.id,
        starts_at=anchor.start,
        ends_at=anchor.end,
        quote=anchor.quote,
        words_before=anchor.before,
        words_after=anchor.after,
    )


def _thread(*, is_internal: bool) -> CommentThread:
    return CommentThread(id=new_id(), opened_at=clock.now(), is_internal=is_internal, places=[])


def _words(text: str) -> str:
    if not text.strip():
        raise Invalid(field="text", reason="empty")
    ensure_short(text, LONGEST, "text")
    return text.strip()
