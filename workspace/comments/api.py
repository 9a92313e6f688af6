"""Comment threads as programs read and write them."""

from datetime import datetime
from typing import Annotated, Literal
from uuid import UUID

from litestar import Controller
from litestar.params import QueryParameter
from msgspec import Meta, Struct

from drafts.text.blocks import Language
from workspace.amendments.service import AmendmentService
from workspace.comments import policy
from workspace.comments.models import Comment, CommentState, CommentThread
from workspace.comments.moderation import ModerationService
from workspace.comments.queries import CommentView, DiscussedWords, HeldRemark, ThreadReader, VisibleThread
from workspace.comments.quotes import LONGEST_QUOTE, QuotedPhrase
from workspace.comments.remark_text import MentionService
from workspace.comments.service import CommentService
from workspace.core.actor import Actor
from workspace.core.errors import Invalid
from workspace.core.shapes import Shape, filled
from workspace.core.storage.db import Db
from workspace.declarations.api import Readable
from workspace.declarations.domain.models import Declaration
from workspace.people.frame import InForum
from workspace.people.guests import GuestService
from workspace.recommendations.service import RecommendationService
from workspace.web.api import DONE, Cursor, Limit, ListOf, Number, PageOf, id_after, list_page, reads, writes
from workspace.web.http.guards import READ_THE_TEXT
from workspace.web.http.request_context import Body, FromQuery, PathId, Work

Remark = Annotated[str, Meta(max_length=10_000)]
Quote = Annotated[str, Meta(min_length=1, max_length=LONGEST_QUOTE)]
StateWord = Literal["shown", "held", "hidden"]
AboutWord = Literal["paragraph", "amendment", "recommendation", "declaration"]
WordsState = Literal["kept", "edited", "moved", "lost"]


class CommentIn(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A remark, in the language it is written in."""

    text: Remark
    language: Language


class BeginningIn(CommentIn, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A first remark on an amendment or a recommendation. An internal thread is seen only by those who draft."""

    is_internal: bool = False


class PhraseIn(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Words of a paragraph as they are read in one language.

    Where they stand there twice, `before` are those in front of the ones that are meant.
    """

    quote: Quote
    language: Language
    before: Annotated[str, Meta(max_length=LONGEST_QUOTE)] = ""

    def to_phrase(self) -> QuotedPhrase:
        return QuotedPhrase(self.quote, self.language, self.before)


class ThreadIn(BeginningIn, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A first remark: on the paragraph `block_id`, on the words `phrase` of it, or without it on the whole draft.

    An internal thread is seen only by those who draft. A name after an at sign, such as @Ana Pérez, tells its bearer.
    """

    block_id: UUID | None = None
    phrase: PhraseIn | None = None


class GuestThreadIn(CommentIn, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A first remark on a paragraph by somebody without an account. The address is never shown."""

    name: Annotated[str, Meta(max_length=200)]
    email: Annotated[str, Meta(max_length=254)]
    block_id: UUID


class ModerationIn(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """What becomes of a remark. To hide it takes a reason, which its author is told."""

    state: Literal["shown", "hidden"]
    reason: Annotated[str, Meta(max_length=1_000)] = ""


class NamedOut(Struct, frozen=True, kw_only=True):
    """Somebody whom a remark names."""

    person_id: UUID
    name: str


class CommentOut(Struct, frozen=True, kw_only=True):
    """One remark in a thread, its words in a little Markdown. `mentions` are the people whom it names.

    `state` is held while it waits for a moderator, and then only they and its author see it; what is
    hidden was removed by a moderator, and has words and a reason for the same people alone.
    `recommendation` and `amendment` are the numbers of what was made of it.
    """

    id: UUID
    author: str
    language: Language
    text: str
    written_at: datetime
    edited_at: datetime | None
    state: StateWord
    reason: str
    mentions: list[NamedOut]
    recommendation: int | None
    amendment: int | None

    @classmethod
    def of(cls, comment: CommentView) -> "CommentOut":
        names = sorted(comment.names.items())
        return filled(cls, comment, mentions=[NamedOut(person_id=key, name=name) for key, name in names])


class CommentAmendmentIn(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """The amendment that was made of a remark."""

    amendment_id: UUID


class CommentVersionOut(Shape, frozen=True, kw_only=True):
    """What a remark said before."""

    number: int
    language: Language
    text: str
    written_at: datetime


class WordsOut(Struct, frozen=True, kw_only=True):
    """The words that a thread is about. `quote` are those that were chosen, `now` what stands there.

    `state` says what became of them: kept, edited, moved with the same words to another paragraph, or lost;
    then `now` is empty. A thread about a whole paragraph that is gone has the last words of it.
    """

    language: Language
    quote: str
    now: str
    state: WordsState

    @classmethod
    def of(cls, words: DiscussedWords) -> "WordsOut":
        return filled(cls, words, quote=words.chosen)


class ThreadOut(Struct, frozen=True, kw_only=True):
    """A conversation, oldest remark first. `resolved_at` is null while it is open.

    `about` says of what kind `subject_id` is. One about a paragraph has the `block_id` beside which it is shown.
    """

    id: UUID
    about: AboutWord
    subject_id: UUID
    block_id: UUID | None
    revision_id: UUID | None
    words: WordsOut | None
    opened_at: datetime
    resolved_at: datetime | None
    resolved_by: str
    is_internal: bool
    comments: list[CommentOut]

    @classmethod
    def of(cls, thread: VisibleThread) -> "ThreadOut":
        return filled(
            cls,
            thread,
            about=thread.kind,
            words=WordsOut.of(thread.words) if thread.words else None,
            comments=[CommentOut.of(comment) for comment in thread.comments],
        )


READ_AMENDMENTS = ("amendment.read_others", "amendment.propose")


class CommentApi(Controller):
    """Comment threads: on paragraphs and words of them, on amendments, recommendations and whole drafts."""

    path = "/api"
    tags = ("Comments",)

    @reads("/declarations/{declaration_id:uuid}/threads", policy=READ_THE_TEXT)
    def list_threads(
        self,
        *,
        db: Db,
        actor: Actor,
        declaration: Readable,
        block_id: FromQuery[UUID | None] = None,
        cursor: Cursor = "",
        limit: Limit = 50,
    ) -> PageOf[ThreadOut]:
        """List the threads of a declaration, or of one paragraph, in the order in which they were opened."""
        found = CommentService(db).listed(
            declaration, actor=actor, block_id=block_id, after=id_after(cursor), limit=limit + 1
        )
        page = list_page(found, cursor=lambda thread: thread.id, limit=limit)
        return PageOf(items=[ThreadOut.of(thread) for thread in page.items], next=page.next)

    @writes("/declarations/{declaration_id:uuid}/threads", policy=("comment.open", "comment.internal"))
    def open_thread(self, db: Db, actor: Actor, declaration: Readable, data: Body[ThreadIn]) -> ThreadOut:
        """Begin a thread on a paragraph of the text, on some words of it, or on the whole draft."""
        comments = CommentService(db)
        return ThreadOut.of(comments.seen(_begun(comments, declaration, data, actor), actor=actor))

    @reads("/amendments/{amendment_id:uuid}/threads", policy=READ_AMENDMENTS)
    def list_amendment_threads(self, db: Db, actor: Actor, amendment_id: PathId) -> PageOf[ThreadOut]:
        """List the threads about an amendment, in the order in which they were opened."""
        amendment = AmendmentService(db).get(amendment_id, actor=actor)
        found = CommentService(db).about_amendment(amendment, actor=actor)
        return PageOf(items=[ThreadOut.of(thread) for thread in found])

    @writes("/amendments/{amendment_id:uuid}/threads", policy=("comment.open", "comment.internal"))
    def open_amendment_thread(self, db: Db, actor: Actor, amendment_id: PathId, data: Body[BeginningIn]) -> ThreadOut:
        """Begin a thread on an amendment."""
        comments, amendment = CommentService(db), AmendmentService(db).get(amendment_id, actor=actor)
        thread = comments.open_on_amendment(
            amendment, text=data.text, language=data.language, is_internal=data.is_internal, actor=actor
        )
        return ThreadOut.of(comments.seen(thread, actor=actor))

    @reads("/forums/{forum:str}/recommendations/{number:int}/threads", policy="recommendation.read")
    def list_recommendation_threads(self, db: Db, actor: Actor, forum: InForum, number: Number) -> PageOf[ThreadOut]:
        """List the threads about a recommendation, in the order in which they were opened."""
        recommendation = RecommendationService(db).numbered(forum, number, actor=actor)
        found = CommentService(db).about_recommendation(recommendation, actor=actor)
        return PageOf(items=[ThreadOut.of(thread) for thread in found])

    @writes("/forums/{forum:str}/recommendations/{number:int}/threads", policy=("comment.open", "comment.internal"))
    def open_recommendation_thread(
        self, db: Db, actor: Actor, forum: InForum, number: Number, data: Body[BeginningIn]
    ) -> ThreadOut:
        """Begin a thread on a recommendation."""
        comments = CommentService(db)
        recommendation = RecommendationService(db).numbered(forum, number, actor=actor)
        thread = comments.open_on_recommendation(
            recommendation, text=data.text, language=data.language, is_internal=data.is_internal, actor=actor
        )
        return ThreadOut.of(comments.seen(thread, actor=actor))

    @writes("/declarations/{declaration_id:uuid}/guest-threads", policy="public")
    def comment_as_guest(
        self, work: Work, db: Db, actor: Actor, declaration: Readable, data: Body[GuestThreadIn]
    ) -> ThreadOut:
        """Begin a thread without an account, where the forum lets guests comment during the consultation.

        The remark waits for a moderator, and a letter with a link goes to the address.
        """
        policy.ensure_may_come_as_guest(actor, declaration)
        guests = GuestService(db)
        arrived = guests.come_in(declaration.forum, name=data.name, email=data.email, language=work.language)
        guest = arrived.person.as_actor()
        comments = CommentService(db)
        thread = comments.open(declaration, data.block_id, text=data.text, language=data.language, actor=guest)
        return ThreadOut.of(comments.seen(thread, actor=guest))

    @writes("/threads/{thread_id:uuid}/comments", policy=("comment.open", "comment.internal"))
    def reply_to_thread(self, db: Db, actor: Actor, thread_id: PathId, data: Body[CommentIn]) -> ThreadOut:
        """Add a remark at the end of a thread; a resolved one opens again."""
        service = CommentService(db)
        thread = service.reply(thread_id, text=data.text, language=data.language, actor=actor)
        return ThreadOut.of(service.seen(thread, actor=actor))

    @writes("/threads/{thread_id:uuid}/resolution", status=DONE, policy=("comment.open", "comment.internal"))
    def resolve_thread(self, db: Db, actor: Actor, thread_id: PathId) -> ThreadOut:
        """Mark a thread as dealt with."""
        service = CommentService(db)
        return ThreadOut.of(service.seen(service.resolve(thread_id, actor=actor), actor=actor))

    @writes("/threads/{thread_id:uuid}/reopening", status=DONE, policy=("comment.open", "comment.internal"))
    def reopen_thread(self, db: Db, actor: Actor, thread_id: PathId) -> ThreadOut:
        """Open a thread again that was marked as dealt with."""
        service = CommentService(db)
        return ThreadOut.of(service.seen(service.reopen(thread_id, actor=actor), actor=actor))

    @reads("/threads/{thread_id:uuid}", policy=(*READ_THE_TEXT, "recommendation.read"))
    def get_thread(self, db: Db, actor: Actor, thread_id: PathId) -> ThreadOut:
        """One thread."""
        service = CommentService(db)
        thread, _ = service.found(thread_id, actor=actor)
        return ThreadOut.of(service.seen(thread, actor=actor))

    @reads("/declarations/{declaration_id:uuid}/nameable", policy=("comment.open", "comment.internal"))
    def list_nameable_people(
        self,
        *,
        db: Db,
        actor: Actor,
        declaration: Readable,
        starts: Annotated[str, QueryParameter(max_length=100)] = "",
        is_internal: FromQuery[bool] = False,
    ) -> ListOf[str]:
        """List a few names that begin so, of people who can read a thread on this declaration."""
        names = MentionService(db).offered(declaration, starts=starts, is_internal=is_internal, actor=actor)
        return ListOf(items=names)

    @writes("/comments/{comment_id:uuid}/words", status=DONE, policy="comment.edit_own")
    def edit_comment(self, db: Db, actor: Actor, comment_id: PathId, data: Body[CommentIn]) -> CommentOut:
        """Put other words in place of one's own; the ones before are kept."""
        comment = CommentService(db).edit(comment_id, text=data.text, language=data.language, actor=actor)
        return _shown(db, comment, actor)

    @writes("/comments/{comment_id:uuid}/recommendation", policy="recommendation.confirm_merge")
    def recommend_comment(self, db: Db, actor: Actor, comment_id: PathId) -> CommentOut:
        """Make a recommendation of a remark, in its author's name, to be confirmed as any other."""
        service = CommentService(db)
        service.recommend(comment_id, actor=actor)
        return _shown(db, service.comment_with_id(comment_id), actor)

    @writes("/comments/{comment_id:uuid}/amendment", status=DONE, policy=("amendment.propose", "amendment.record_oral"))
    def link_comment_to_amendment(
        self, db: Db, actor: Actor, comment_id: PathId, data: Body[CommentAmendmentIn]
    ) -> CommentOut:
        """Say that an amendment was made of a remark of its proposer."""
        service = CommentService(db)
        amendment = AmendmentService(db).get(data.amendment_id, actor=actor)
        service.link_amendment(comment_id, amendment, actor=actor)
        return _shown(db, service.comment_with_id(comment_id), actor)

    @reads("/comments/{comment_id:uuid}/versions", policy=("comment.edit_own", "comment.moderate"))
    def list_comment_versions(self, db: Db, actor: Actor, comment_id: PathId) -> ListOf[CommentVersionOut]:
        """List what a remark said before it was changed, for its author and the moderators."""
        found = CommentService(db).versions(comment_id, actor=actor)
        return ListOf(items=[CommentVersionOut.of(version) for version in found])

    @reads("/declarations/{declaration_id:uuid}/moderation", policy="comment.moderate")
    def list_comments_to_moderate(
        self,
        *,
        db: Db,
        actor: Actor,
        declaration: Readable,
        standing: Annotated[StateWord, QueryParameter(name="state")] = "held",
        cursor: Cursor = "",
        limit: Limit = 50,
    ) -> PageOf[HeldRemark]:
        """List the remarks that wait for a moderator, or those that were removed."""
        found = ModerationService(db).queue(
            declaration, actor=actor, state=CommentState(standing), after=id_after(cursor), limit=limit + 1
        )
        return list_page(found, cursor=lambda comment: comment.id, limit=limit)

    @writes("/comments/{comment_id:uuid}/moderation", status=DONE, policy="comment.moderate")
    def moderate_comment(self, db: Db, actor: Actor, comment_id: PathId, data: Body[ModerationIn]) -> CommentOut:
        """Let a remark be read by everybody, or remove it from view with a reason; its words stay in the record."""
        moderation = ModerationService(db)
        if data.state == "shown":
            comment = moderation.show(comment_id, actor=actor)
        else:
            comment = moderation.hide(comment_id, reason=data.reason, actor=actor)
        return _shown(db, comment, actor)


def _begun(comments: CommentService, declaration: Declaration, data: ThreadIn, actor: Actor) -> CommentThread:
    if data.block_id is not None:
        return comments.open(
            declaration,
            data.block_id,
            text=data.text,
            language=data.language,
            actor=actor,
            is_internal=data.is_internal,
            phrase=data.phrase.to_phrase() if data.phrase else None,
        )
    if data.phrase is not None:
        raise Invalid(field="block_id", reason="required")
    return comments.open_on_draft(
        declaration, text=data.text, language=data.language, actor=actor, is_internal=data.is_internal
    )


def _shown(db: Db, comment: Comment, actor: Actor) -> CommentOut:
    ground = CommentService(db).ground_of(comment.thread)
    return CommentOut.of(ThreadReader(actor, ground).comment(comment))
