"""Comment threads, as JSON."""

from typing import Annotated
from uuid import UUID

from litestar import Controller, Response
from litestar.di import NamedDependency
from litestar.params import QueryParameter

from workspace.amendments.service import AmendmentService
from workspace.comments import policy
from workspace.comments.models import Comment, CommentState, CommentThread
from workspace.comments.moderation import ModerationService
from workspace.comments.queries import ThreadReader, VisibleThread
from workspace.comments.remark_text import MentionService
from workspace.comments.schemas import (
    BeginningIn,
    CommentIn,
    CommentOut,
    CommentVersionOut,
    GuestThreadIn,
    ModerationIn,
    ModerationQueueOut,
    PeopleOut,
    StateWord,
    ThreadIn,
    ThreadOut,
    ThreadsOut,
    VersionsOut,
    WaitingOut,
)
from workspace.comments.service import CommentService
from workspace.core.actor import Actor
from workspace.core.errors import Invalid
from workspace.core.storage.db import Db
from workspace.declarations.api import opened
from workspace.declarations.domain.models import Declaration
from workspace.people.guests import GuestService
from workspace.people.service import PeopleService
from workspace.recommendations.service import RecommendationService
from workspace.web.api import DONE, Cursor, Limit, Number, answer, id_after, list_page, reads, writes
from workspace.web.http.guards import READ_THE_TEXT
from workspace.web.http.request_context import FromPath, FromQuery, JSONBody, Work

READ_AMENDMENTS = ("amendment.read_others", "amendment.propose")


class CommentApi(Controller):
    """Comment threads: on paragraphs and words of them, on amendments, recommendations and whole drafts."""

    path = "/api"
    tags = ("Comments",)

    @reads("/declarations/{declaration_id:uuid}/threads", 422, policy=READ_THE_TEXT)
    def list_threads(
        self,
        work: NamedDependency[Work],
        declaration_id: FromPath[UUID],
        block_id: FromQuery[UUID | None] = None,
        cursor: Cursor = "",
        limit: Limit = 50,
    ) -> Response[ThreadsOut]:
        """List the threads of a declaration, or of one paragraph, in the order in which they were opened."""
        actor = work.actor
        with work.reading() as db:
            declaration = opened(db, declaration_id, actor=actor)
            found = CommentService(db).listed(
                declaration, actor=actor, block_id=block_id, after=id_after(cursor), limit=limit + 1
            )
            page = list_page(found, cursor=_id, limit=limit)
            return answer(ThreadsOut.of(page.items, page.next))

    @writes("/declarations/{declaration_id:uuid}/threads", policy=("comment.open", "comment.internal"))
    def open_thread(
        self, work: NamedDependency[Work], declaration_id: FromPath[UUID], data: JSONBody[ThreadIn]
    ) -> Response[ThreadOut]:
        """Begin a thread on a paragraph of the text, on some words of it, or on the whole draft."""
        actor = work.actor
        with work.writing() as db:
            declaration = opened(db, declaration_id, actor=actor)
            comments = CommentService(db)
            begun = ThreadOut.of(comments.seen(_begun(comments, declaration, data, actor), actor=actor))
        return answer(begun)

    @reads("/amendments/{amendment_id:uuid}/threads", policy=READ_AMENDMENTS)
    def list_amendment_threads(self, work: NamedDependency[Work], amendment_id: FromPath[UUID]) -> Response[ThreadsOut]:
        """List the threads about an amendment, in the order in which they were opened."""
        actor = work.actor
        with work.reading() as db:
            amendment = AmendmentService(db).get(amendment_id, actor=actor)
            found = CommentService(db).about_amendment(amendment, actor=actor)
            return answer(ThreadsOut.of(found, None))

    @writes("/amendments/{amendment_id:uuid}/threads", policy=("comment.open", "comment.internal"))
    def open_amendment_thread(
        self, work: NamedDependency[Work], amendment_id: FromPath[UUID], data: JSONBody[BeginningIn]
    ) -> Response[ThreadOut]:
        """Begin a thread on an amendment."""
        actor = work.actor
        with work.writing() as db:
            comments, amendment = CommentService(db), AmendmentService(db).get(amendment_id, actor=actor)
            thread = comments.open_on_amendment(
                amendment, text=data.text, language=data.language, is_internal=data.is_internal, actor=actor
            )
            begun = ThreadOut.of(comments.seen(thread, actor=actor))
        return answer(begun)

    @reads("/forums/{forum:str}/recommendations/{number:int}/threads", policy="recommendation.read")
    def list_recommendation_threads(
        self, work: NamedDependency[Work], forum: FromPath[str], number: Number
    ) -> Response[ThreadsOut]:
        """List the threads about a recommendation, in the order in which they were opened."""
        actor = work.actor
        with work.reading() as db:
            recommendation = RecommendationService(db).numbered(PeopleService(db).forum(forum), number, actor=actor)
            found = CommentService(db).about_recommendation(recommendation, actor=actor)
            return answer(ThreadsOut.of(found, None))

    @writes("/forums/{forum:str}/recommendations/{number:int}/threads", policy=("comment.open", "comment.internal"))
    def open_recommendation_thread(
        self, work: NamedDependency[Work], forum: FromPath[str], number: Number, data: JSONBody[BeginningIn]
    ) -> Response[ThreadOut]:
        """Begin a thread on a recommendation."""
        actor = work.actor
        with work.writing() as db:
            comments = CommentService(db)
            recommendation = RecommendationService(db).numbered(PeopleService(db).forum(forum), number, actor=actor)
            thread = comments.open_on_recommendation(
                recommendation, text=data.text, language=data.language, is_internal=data.is_internal, actor=actor
            )
            begun = ThreadOut.of(comments.seen(thread, actor=actor))
        return answer(begun)

    @writes("/declarations/{declaration_id:uuid}/guest-threads", policy="public")
    def comment_as_guest(
        self, work: NamedDependency[Work], declaration_id: FromPath[UUID], data: JSONBody[GuestThreadIn]
    ) -> Response[ThreadOut]:
        """Begin a thread without an account, where the forum lets guests comment during the consultation.

        The remark waits for a moderator, and a letter with a link goes to the address.
        """
        actor = work.actor
        with work.writing() as db:
            declaration = opened(db, declaration_id, actor=actor)
            policy.ensure_may_come_as_guest(actor, declaration)
            guests = GuestService(db)
            arrived = guests.come_in(declaration.forum, name=data.name, email=data.email, language=work.language)
            guest = arrived.person.as_actor()
            comments = CommentService(db)
            thread = comments.open(declaration, data.block_id, text=data.text, language=data.language, actor=guest)
            begun = ThreadOut.of(comments.seen(thread, actor=guest))
        return answer(begun)

    @writes("/threads/{thread_id:uuid}/comments", policy=("comment.open", "comment.internal"))
    def reply_to_thread(
        self, work: NamedDependency[Work], thread_id: FromPath[UUID], data: JSONBody[CommentIn]
    ) -> Response[ThreadOut]:
        """Add a remark at the end of a thread; a resolved one opens again."""
        actor = work.actor
        with work.writing() as db:
            service = CommentService(db)
            thread = service.reply(thread_id, text=data.text, language=data.language, actor=actor)
            said = ThreadOut.of(service.seen(thread, actor=actor))
        return answer(said)

    @writes("/threads/{thread_id:uuid}/resolution", status=DONE, policy=("comment.open", "comment.internal"))
    def resolve_thread(self, work: NamedDependency[Work], thread_id: FromPath[UUID]) -> Response[ThreadOut]:
        """Mark a thread as dealt with."""
        actor = work.actor
        with work.writing() as db:
            service = CommentService(db)
            resolved = ThreadOut.of(service.seen(service.resolve(thread_id, actor=actor), actor=actor))
        return answer(resolved)

    @writes("/threads/{thread_id:uuid}/reopening", status=DONE, policy=("comment.open", "comment.internal"))
    def reopen_thread(self, work: NamedDependency[Work], thread_id: FromPath[UUID]) -> Response[ThreadOut]:
        """Open a thread again that was marked as dealt with."""
        actor = work.actor
        with work.writing() as db:
            service = CommentService(db)
            opened_again = ThreadOut.of(service.seen(service.reopen(thread_id, actor=actor), actor=actor))
        return answer(opened_again)

    @reads("/threads/{thread_id:uuid}", policy=(*READ_THE_TEXT, "recommendation.read"))
    def get_thread(self, work: NamedDependency[Work], thread_id: FromPath[UUID]) -> Response[ThreadOut]:
        """One thread."""
        actor = work.actor
        with work.reading() as db:
            service = CommentService(db)
            thread, _ = service.found(thread_id, actor=actor)
            return answer(ThreadOut.of(service.seen(thread, actor=actor)))

    @reads("/declarations/{declaration_id:uuid}/nameable", policy=("comment.open", "comment.internal"))
    def list_nameable_people(
        self,
        work: NamedDependency[Work],
        declaration_id: FromPath[UUID],
        starts: Annotated[str, QueryParameter(max_length=100)] = "",
        is_internal: FromQuery[bool] = False,  # noqa: FBT002  (litestar passes it by name)
    ) -> Response[PeopleOut]:
        """List a few names that begin so, of people who can read a thread on this declaration."""
        actor = work.actor
        with work.reading() as db:
            declaration = opened(db, declaration_id, actor=actor)
            names = MentionService(db).offered(declaration, starts=starts, is_internal=is_internal, actor=actor)
            return answer(PeopleOut(items=names))

    @writes("/comments/{comment_id:uuid}/words", status=DONE, policy="comment.edit_own")
    def edit_comment(
        self, work: NamedDependency[Work], comment_id: FromPath[UUID], data: JSONBody[CommentIn]
    ) -> Response[CommentOut]:
        """Put other words in place of one's own; the ones before are kept."""
        actor = work.actor
        with work.writing() as db:
            comment = CommentService(db).edit(comment_id, text=data.text, language=data.language, actor=actor)
            edited = _shown(db, comment, actor)
        return answer(edited)

    @reads("/comments/{comment_id:uuid}/versions", policy=("comment.edit_own", "comment.moderate"))
    def list_comment_versions(self, work: NamedDependency[Work], comment_id: FromPath[UUID]) -> Response[VersionsOut]:
        """List what a remark said before it was changed, for its author and the moderators."""
        actor = work.actor
        with work.reading() as db:
            found = CommentService(db).versions(comment_id, actor=actor)
            return answer(VersionsOut(items=[CommentVersionOut.of(version) for version in found]))

    @reads("/declarations/{declaration_id:uuid}/moderation", 422, policy="comment.moderate")
    def list_comments_to_moderate(
        self,
        work: NamedDependency[Work],
        declaration_id: FromPath[UUID],
        standing: Annotated[StateWord, QueryParameter(name="state")] = "held",  # litestar keeps `state` for itself
        cursor: Cursor = "",
        limit: Limit = 50,
    ) -> Response[ModerationQueueOut]:
        """List the remarks that wait for a moderator, or those that were removed."""
        actor = work.actor
        with work.reading() as db:
            declaration = opened(db, declaration_id, actor=actor)
            found = ModerationService(db).queue(
                declaration, actor=actor, state=CommentState(standing), after=id_after(cursor), limit=limit + 1
            )
            page = list_page(found, cursor=lambda comment: comment.id, limit=limit)
            return answer(ModerationQueueOut(items=[WaitingOut.of(comment) for comment in page.items], next=page.next))

    @writes("/comments/{comment_id:uuid}/moderation", status=DONE, policy="comment.moderate")
    def moderate_comment(
        self, work: NamedDependency[Work], comment_id: FromPath[UUID], data: JSONBody[ModerationIn]
    ) -> Response[CommentOut]:
        """Let a remark be read by everybody, or remove it from view with a reason; its words stay in the record."""
        actor = work.actor
        with work.writing() as db:
            moderation = ModerationService(db)
            if data.state == "shown":
                comment = moderation.show(comment_id, actor=actor)
            else:
                comment = moderation.hide(comment_id, reason=data.reason, actor=actor)
            moderated = _shown(db, comment, actor)
        return answer(moderated)


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


def _id(thread: VisibleThread) -> UUID:
    return thread.id
