"""Comment threads, as JSON."""

from typing import Annotated
from uuid import UUID

from litestar import Controller, Response
from litestar.di import NamedDependency
from litestar.params import FromPath, FromQuery, JSONBody, QueryParameter

from workspace.comments import policy
from workspace.comments.models import Comment, CommentState
from workspace.comments.moderation import ModerationService
from workspace.comments.schemas import (
    CommentIn,
    CommentOut,
    GuestThreadIn,
    ModerationIn,
    QueueOut,
    StateWord,
    ThreadIn,
    ThreadOut,
    ThreadsOut,
    VersionOut,
    VersionsOut,
    WaitingOut,
)
from workspace.comments.seen import Reader, SeenThread
from workspace.comments.service import CommentService
from workspace.core.actor import Actor
from workspace.core.db import Db
from workspace.declarations.api import opened
from workspace.declarations.service import DeclarationService
from workspace.people.guests import GuestService
from workspace.web.api import DONE, Cursor, Limit, answer, reads, writes
from workspace.web.paging import id_after, sliced
from workspace.web.route_policies import READ_THE_TEXT
from workspace.web.services import Work


class CommentApi(Controller):
    """Comment threads on paragraphs."""

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
            page = sliced(found, cursor=_id, limit=limit)
            return answer(ThreadsOut.of(page.items, page.next))

    @writes("/declarations/{declaration_id:uuid}/threads", policy=("comment.open", "comment.internal"))
    def open_thread(
        self, work: NamedDependency[Work], declaration_id: FromPath[UUID], data: JSONBody[ThreadIn]
    ) -> Response[ThreadOut]:
        """Begin a thread on a paragraph of the text."""
        actor = work.actor
        with work.writing() as db:
            declaration = opened(db, declaration_id, actor=actor)
            comments = CommentService(db)
            thread = comments.open(
                declaration,
                data.block_id,
                text=data.text,
                language=data.language,
                actor=actor,
                is_internal=data.is_internal,
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
            return answer(VersionsOut(items=[VersionOut.of(one) for one in found]))

    @reads("/declarations/{declaration_id:uuid}/moderation", 422, policy="comment.moderate")
    def list_comments_to_moderate(
        self,
        work: NamedDependency[Work],
        declaration_id: FromPath[UUID],
        standing: Annotated[StateWord, QueryParameter(name="state")] = "held",  # litestar keeps `state` for itself
        cursor: Cursor = "",
        limit: Limit = 50,
    ) -> Response[QueueOut]:
        """List the remarks that wait for a moderator, or those that were removed."""
        actor = work.actor
        with work.reading() as db:
            declaration = opened(db, declaration_id, actor=actor)
            found = ModerationService(db).queue(
                declaration, actor=actor, state=CommentState(standing), after=id_after(cursor), limit=limit + 1
            )
            page = sliced(found, cursor=lambda one: one.id, limit=limit)
            return answer(QueueOut(items=[WaitingOut.of(one) for one in page.items], next=page.next))

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


def _shown(db: Db, comment: Comment, actor: Actor) -> CommentOut:
    declaration = DeclarationService(db).get(comment.thread.declaration_id)
    return CommentOut.of(Reader(actor, declaration).comment(comment))


def _id(thread: SeenThread) -> UUID:
    return thread.id
