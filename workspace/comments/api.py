"""Comment threads, as JSON."""

from uuid import UUID

from litestar import Controller, Response
from litestar.di import NamedDependency
from litestar.params import FromPath, FromQuery, JSONBody

from workspace.comments.models import CommentThread
from workspace.comments.schemas import CommentIn, ThreadIn, ThreadOut, ThreadsOut
from workspace.comments.service import CommentService
from workspace.declarations.api import opened
from workspace.web.api import DONE, Cursor, Limit, answer, reads, writes
from workspace.web.paging import id_after, sliced
from workspace.web.services import Work


class CommentApi(Controller):
    """Comment threads on paragraphs."""

    path = "/api"
    tags = ("Comments",)

    @reads("/declarations/{declaration_id:uuid}/threads", 422)
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

    @writes("/declarations/{declaration_id:uuid}/threads")
    def open_thread(
        self, work: NamedDependency[Work], declaration_id: FromPath[UUID], data: JSONBody[ThreadIn]
    ) -> Response[ThreadOut]:
        """Begin a thread on a paragraph of the text."""
        actor = work.actor
        with work.writing() as db:
            declaration = opened(db, declaration_id, actor=actor)
            thread = CommentService(db).open(
                declaration, data.block_id, text=data.text, language=data.language, actor=actor
            )
            begun = ThreadOut.of(thread)
        return answer(begun)

    @writes("/threads/{thread_id:uuid}/comments")
    def reply_to_thread(
        self, work: NamedDependency[Work], thread_id: FromPath[UUID], data: JSONBody[CommentIn]
    ) -> Response[ThreadOut]:
        """Add a remark at the end of a thread; a resolved one opens again."""
        actor = work.actor
        with work.writing() as db:
            service = CommentService(db)
            said = ThreadOut.of(service.reply(thread_id, text=data.text, language=data.language, actor=actor))
        return answer(said)

    @writes("/threads/{thread_id:uuid}/resolution", status=DONE)
    def resolve_thread(self, work: NamedDependency[Work], thread_id: FromPath[UUID]) -> Response[ThreadOut]:
        """Mark a thread as dealt with."""
        actor = work.actor
        with work.writing() as db:
            resolved = ThreadOut.of(CommentService(db).resolve(thread_id, actor=actor))
        return answer(resolved)


def _id(thread: CommentThread) -> UUID:
    return thread.id
