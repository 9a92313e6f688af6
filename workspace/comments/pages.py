"""What readers say: beginning a conversation on a paragraph, answering, changing one's words, closing and opening.

Conversations about paragraphs stand on the paragraph's page, the others on pages of their own
(`conversation_pages`). Where guests may comment, a visitor says who they are with their first remark.
"""

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

from litestar import Controller, Response, get, post
from litestar.di import NamedDependency
from msgspec import Struct
from msgspec.structs import replace

from drafts.blocks import Language
from workspace.comments import policy
from workspace.comments.forms import SHOWN_AGAIN, CommentForm, CommentPage, Speaker, again, kept
from workspace.comments.models import Comment, CommentState, CommentThread
from workspace.comments.policy import Ground
from workspace.comments.seen import Reader
from workspace.comments.service import CommentService
from workspace.comments.views import href_of
from workspace.comments.visitors import reader
from workspace.core import clock
from workspace.core.actor import Actor
from workspace.core.conditions import TIME_TO_CORRECT
from workspace.core.db import Db
from workspace.core.errors import Invalid, NotFound, TooLate
from workspace.declarations.frame import frame, header
from workspace.declarations.models import Declaration
from workspace.people.frame import forum_frame
from workspace.people.guests import is_guest
from workspace.web.pages import Place, field_errors, page, redirect
from workspace.web.params import FromPath, URLEncodedBody
from workspace.web.route_policies import READ_THE_TEXT
from workspace.web.services import Work

SPEAKING = ("comment.open", "comment.internal")


class Version(Struct, frozen=True):
    text: str
    language: Language
    at: datetime


class EditPage(CommentPage, frozen=True, kw_only=True):
    """One's own remark, to change it; `versions` are what it said before, `until` when a guest's time for it ends."""

    versions: Sequence[Version]
    until: datetime | None


class CommentPages(Controller):
    """Beginning on a paragraph."""

    path = "/{forum:str}/{declaration:str}"

    @post("/paragraphs/{block_id:uuid}/comments", name="open_thread", sync_to_thread=True, policy=SPEAKING)
    def open_thread(
        self,
        work: NamedDependency[Work],
        forum: FromPath[str],
        declaration: FromPath[str],
        block_id: FromPath[UUID],
        data: URLEncodedBody[CommentForm],
    ) -> Response[str] | Response[None]:
        """Begin a conversation on a paragraph, or on some words of it."""
        back = work.url_for("paragraph", forum=forum, declaration=declaration, block_id=block_id) + "#comments"
        with work.reading() as db:
            found = frame(db, forum, declaration, work=work)
            speaker = Speaker(reader(db, work), policy.may_come_as_guest(reader(db, work), found.declaration))

        def begin(db: Db, actor: Actor) -> CommentThread:
            return CommentService(db).open(
                frame(db, forum, declaration, work=work).declaration,
                block_id,
                text=data.text,
                language=data.said_in(work.language),
                is_internal=bool(data.internal),
                phrase=data.phrase(work.language),
                actor=actor,
            )

        try:
            return speaker.begun(work, data, begin, forum=forum, back=back)
        except Invalid as refusal:
            return again(work, found.place, data, refusal, back=back, as_guest=speaker.as_guest)


class ThreadPages(Controller):
    """A conversation, wherever it stands."""

    path = "/{forum:str}"

    @get(
        "/threads/{thread_id:uuid}",
        name="thread",
        sync_to_thread=True,
        policy=(*READ_THE_TEXT, "recommendation.read"),
    )
    def thread(self, work: NamedDependency[Work], forum: FromPath[str], thread_id: FromPath[UUID]) -> Response[None]:
        """Where a conversation stands now."""
        with work.reading() as db:
            there = _Standing.of(db, work, forum, thread_id)
        return redirect(work, there.href)

    @post("/threads/{thread_id:uuid}/comments", name="reply", sync_to_thread=True, policy=SPEAKING)
    def reply(
        self,
        work: NamedDependency[Work],
        forum: FromPath[str],
        thread_id: FromPath[UUID],
        data: URLEncodedBody[CommentForm],
    ) -> Response[str] | Response[None]:
        """Answer in a conversation."""
        with work.reading() as db:
            actor, there = reader(db, work), _Standing.of(db, work, forum, thread_id)
        try:
            with work.writing() as db:
                answered = CommentService(db).reply(
                    thread_id, text=data.text, language=data.said_in(work.language), actor=actor
                )
                held = answered.comments[-1].state is CommentState.HELD
        except Invalid as refusal:
            return again(work, there.place, data, refusal, back=there.href)
        said = kept(work, held=True) if held else work.messages.gettext("Your answer is kept.")
        return redirect(work, there.href, said=said)

    @post("/threads/{thread_id:uuid}/resolution", name="resolve_thread", sync_to_thread=True, policy=SPEAKING)
    def resolve(self, work: NamedDependency[Work], forum: FromPath[str], thread_id: FromPath[UUID]) -> Response[None]:
        """Close a conversation that has been dealt with."""
        with work.reading() as db:
            actor, there = reader(db, work), _Standing.of(db, work, forum, thread_id)
        with work.writing() as db:
            CommentService(db).resolve(thread_id, actor=actor)
        said = work.messages.gettext("The thread is closed. An answer opens it again.")
        return redirect(work, there.href, said=said)

    @post("/threads/{thread_id:uuid}/reopening", name="reopen_thread", sync_to_thread=True, policy=SPEAKING)
    def reopen(self, work: NamedDependency[Work], forum: FromPath[str], thread_id: FromPath[UUID]) -> Response[None]:
        """Open a conversation again without a word."""
        with work.reading() as db:
            actor, there = reader(db, work), _Standing.of(db, work, forum, thread_id)
        with work.writing() as db:
            CommentService(db).reopen(thread_id, actor=actor)
        return redirect(work, there.href, said=work.messages.gettext("The conversation is open again."))

    @get("/comments/{comment_id:uuid}/edit", name="edit_comment", sync_to_thread=True, policy="comment.edit_own")
    def edit(self, work: NamedDependency[Work], forum: FromPath[str], comment_id: FromPath[UUID]) -> Response[str]:
        """One's own remark, to change it."""
        with work.reading() as db:
            context = _edit(db, work, forum, comment_id)
        return page(work, "comments/edit.html", context)

    @post("/comments/{comment_id:uuid}/edit", name="change_comment", sync_to_thread=True, policy="comment.edit_own")
    def change(
        self,
        work: NamedDependency[Work],
        forum: FromPath[str],
        comment_id: FromPath[UUID],
        data: URLEncodedBody[CommentForm],
    ) -> Response[str] | Response[None]:
        """Put other words in place of one's own."""
        with work.reading() as db:
            actor = reader(db, work)
            context = _edit(db, work, forum, comment_id)
        try:
            with work.writing() as db:
                comment = CommentService(db).edit(
                    comment_id, text=data.text, language=data.said_in(work.language), actor=actor
                )
                held = comment.state is CommentState.HELD
        except Invalid as refusal:
            once_more = replace(context, form=data, errors=field_errors(work, refusal))
            return page(work, "comments/edit.html", once_more, status=SHOWN_AGAIN)
        said = kept(work, held=True) if held else work.messages.gettext("Your comment is changed.")
        return redirect(work, context.back, said=said)


class _Standing(Struct, frozen=True):
    """Where a conversation stands: the page's place and its address there."""

    place: Place
    href: str

    @classmethod
    def of(cls, db: Db, work: Work, forum: str, thread_id: UUID) -> "_Standing":
        """Raises `NotFound`, also for a conversation of another forum."""
        service = CommentService(db)
        actor = reader(db, work)
        thread, ground = service.found(thread_id, actor=actor)
        slug = ground.slug if isinstance(ground, Declaration) else ""
        href = href_of(work, service.seen(thread, actor=actor), forum=forum, declaration=slug)
        return cls(_place(db, work, forum, ground), href)


def _place(db: Db, work: Work, forum: str, ground: Ground) -> Place:
    if policy.forum_of(ground).slug != forum:
        raise NotFound(what="thread", id=forum)
    if isinstance(ground, Declaration):
        return frame(db, forum, ground.slug, work=work).place
    return header(db, forum_frame(db, forum, work=work), work=work)


def _edit(db: Db, work: Work, forum: str, comment_id: UUID) -> EditPage:
    """The page of one's own remark. Raises `NotFound` for somebody else's, and for one that may not be changed now.

    A guest whose quarter of an hour is over is told so: `TooLate`.
    """
    service, actor = CommentService(db), reader(db, work)
    comment = db.get(Comment, comment_id)
    if comment is None:
        raise NotFound(what="comment", id=str(comment_id))
    there, ground = _Standing.of(db, work, forum, comment.thread_id), service.ground_of(comment.thread)
    seen = Reader(actor, ground).comment(comment)
    if (
        not seen.may_edit
        and seen.is_own
        and comment.state is not CommentState.HIDDEN
        and _is_over(comment, actor, ground)
    ):
        raise TooLate
    if not seen.may_edit:
        raise NotFound(what="comment", id=str(comment_id))
    return EditPage(
        place=there.place,
        here="reading",
        form=CommentForm(seen.text, seen.language.value),
        errors={},
        action=work.request.url.path,
        back=there.href,
        versions=[Version(one.text, one.language, one.written_at) for one in service.versions(comment_id, actor=actor)],
        until=_until(comment, actor, ground),
    )


def _is_over(comment: Comment, actor: Actor, ground: Ground) -> bool:
    until = _until(comment, actor, ground)
    return until is not None and until < clock.now()


def _until(comment: Comment, actor: Actor, ground: Ground) -> datetime | None:
    forum = policy.forum_of(ground)
    if not is_guest(actor, forum.id):
        return None
    return forum.local(comment.written_at + TIME_TO_CORRECT)
