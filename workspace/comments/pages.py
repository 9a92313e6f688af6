"""What readers say about a paragraph: opening a thread, answering, changing one's words, and closing it.

The threads stand on the paragraph's page. Where guests may comment, a visitor says who they are with their first one.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from uuid import UUID
from zoneinfo import ZoneInfo

from litestar import Controller, Response, get, post
from litestar.di import NamedDependency
from litestar.params import FromPath, URLEncodedBody

from drafts.blocks import Language
from workspace.comments import policy
from workspace.comments.models import Comment, CommentState, CommentThread
from workspace.comments.seen import Reader
from workspace.comments.service import CommentService
from workspace.comments.visitors import go_on_as, reader
from workspace.core.actor import Actor
from workspace.core.conditions import TIME_TO_CORRECT
from workspace.core.db import Db
from workspace.core.errors import Invalid, NotFound
from workspace.declarations.frame import Frame, frame
from workspace.people.guests import GuestService, is_guest
from workspace.web.i18n import LANGUAGES
from workspace.web.pages import Page, field_errors, page, redirect
from workspace.web.services import Work

SHOWN_AGAIN = 422


@dataclass(frozen=True, slots=True)
class CommentForm:
    """A remark, and the language it is written in. A guest adds who they are; `internal` is for those who draft."""

    text: str = ""
    language: str = ""
    name: str = ""
    email: str = ""
    internal: str = ""

    def said_in(self, otherwise: Language) -> Language:
        return Language(self.language) if self.language in LANGUAGES else otherwise


@dataclass(frozen=True, slots=True, kw_only=True)
class CommentPage(Page):
    """A remark that could not be kept, with its words. `action` is where its form leads, `back` the paragraph."""

    form: CommentForm
    errors: Mapping[str, str]
    action: str
    back: str
    as_guest: bool = False


@dataclass(frozen=True, slots=True)
class Version:
    text: str
    language: Language
    at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class EditPage(CommentPage):
    """One's own remark, to change it; `versions` are what it said before, `until` when a guest's time for it ends."""

    versions: Sequence[Version]
    until: datetime | None


class CommentPages(Controller):
    """Threads of a declaration."""

    path = "/{forum:str}/{declaration:str}"

    @post(
        "/paragraphs/{block_id:uuid}/comments",
        name="open_thread",
        sync_to_thread=True,
        policy=("comment.open", "comment.internal"),
    )
    def open_thread(
        self,
        work: NamedDependency[Work],
        forum: FromPath[str],
        declaration: FromPath[str],
        block_id: FromPath[UUID],
        data: URLEncodedBody[CommentForm],
    ) -> Response[str] | Response[None]:
        """Begin a thread on a paragraph."""
        back = _paragraph(work, forum, declaration, block_id)
        with work.reading() as db:
            actor, found = reader(db, work), frame(db, forum, declaration, work=work)
            as_guest = policy.may_come_as_guest(actor, found.declaration)
        token, held = "", False
        try:
            with work.writing() as db:
                where = frame(db, forum, declaration, work=work).declaration
                if as_guest:
                    arrived = GuestService(db).come_in(
                        where.forum, name=data.name, email=data.email, language=work.language.value
                    )
                    actor, token = arrived.person.as_actor(), arrived.token
                thread = CommentService(db).open(
                    where,
                    block_id,
                    text=data.text,
                    language=data.said_in(work.language),
                    is_internal=bool(data.internal),
                    actor=actor,
                )
                held = thread.comments[0].state is CommentState.HELD
        except Invalid as refusal:
            return _again(work, found, data, refusal, back=back, as_guest=as_guest)
        response = redirect(work, back, said=_kept(work, held=held, is_new=bool(token)))
        if token:
            go_on_as(work, response, token)
        return response

    @post(
        "/threads/{thread_id:uuid}/comments",
        name="reply",
        sync_to_thread=True,
        policy=("comment.open", "comment.internal"),
    )
    def reply(
        self,
        work: NamedDependency[Work],
        forum: FromPath[str],
        declaration: FromPath[str],
        thread_id: FromPath[UUID],
        data: URLEncodedBody[CommentForm],
    ) -> Response[str] | Response[None]:
        """Answer in a thread."""
        with work.reading() as db:
            actor, found = reader(db, work), frame(db, forum, declaration, work=work)
            thread = _thread(db, found, thread_id)
            back = _paragraph(work, forum, declaration, thread.block_id)
        try:
            with work.writing() as db:
                answered = CommentService(db).reply(
                    thread_id, text=data.text, language=data.said_in(work.language), actor=actor
                )
                held = answered.comments[-1].state is CommentState.HELD
        except Invalid as refusal:
            return _again(work, found, data, refusal, back=back)
        said = _kept(work, held=True) if held else work.messages.gettext("Your answer is kept.")
        return redirect(work, back, said=said)

    @get("/comments/{comment_id:uuid}/edit", name="edit_comment", sync_to_thread=True, policy="comment.edit_own")
    def edit(
        self,
        work: NamedDependency[Work],
        forum: FromPath[str],
        declaration: FromPath[str],
        comment_id: FromPath[UUID],
    ) -> Response[str]:
        """One's own remark, to change it."""
        with work.reading() as db:
            context = _edit(db, work, forum, declaration, comment_id)
        return page(work, "comments/edit.html", context)

    @post("/comments/{comment_id:uuid}/edit", name="change_comment", sync_to_thread=True, policy="comment.edit_own")
    def change(
        self,
        work: NamedDependency[Work],
        forum: FromPath[str],
        declaration: FromPath[str],
        comment_id: FromPath[UUID],
        data: URLEncodedBody[CommentForm],
    ) -> Response[str] | Response[None]:
        """Put other words in place of one's own."""
        with work.reading() as db:
            actor = reader(db, work)
            context = _edit(db, work, forum, declaration, comment_id)
        try:
            with work.writing() as db:
                comment = CommentService(db).edit(
                    comment_id, text=data.text, language=data.said_in(work.language), actor=actor
                )
                held = comment.state is CommentState.HELD
        except Invalid as refusal:
            again = replace(context, form=data, errors=field_errors(work, refusal))
            return page(work, "comments/edit.html", again, status=SHOWN_AGAIN)
        said = _kept(work, held=True) if held else work.messages.gettext("Your comment is changed.")
        return redirect(work, context.back, said=said)

    @post(
        "/threads/{thread_id:uuid}/resolution",
        name="resolve_thread",
        sync_to_thread=True,
        policy=("comment.open", "comment.internal"),
    )
    def resolve(
        self,
        work: NamedDependency[Work],
        forum: FromPath[str],
        declaration: FromPath[str],
        thread_id: FromPath[UUID],
    ) -> Response[None]:
        """Close a thread that has been dealt with."""
        with work.reading() as db:
            actor = reader(db, work)
        with work.writing() as db:
            thread = _thread(db, frame(db, forum, declaration, work=work), thread_id)
            CommentService(db).resolve(thread_id, actor=actor)
            back = _paragraph(work, forum, declaration, thread.block_id)
        said = work.messages.gettext("The thread is closed. An answer opens it again.")
        return redirect(work, back, said=said)


def _paragraph(work: Work, forum: str, declaration: str, block_id: UUID) -> str:
    return work.url_for("paragraph", forum=forum, declaration=declaration, block_id=block_id) + "#comments"


def _thread(db: Db, found: Frame, thread_id: UUID) -> CommentThread:
    """The thread, if it belongs to the declaration of the address."""
    thread = db.get(CommentThread, thread_id)
    if thread is None or thread.declaration_id != found.declaration.id:
        raise NotFound(what="thread", id=str(thread_id))
    return thread


def _edit(db: Db, work: Work, forum: str, declaration: str, comment_id: UUID) -> EditPage:
    """The page of one's own remark; raises `NotFound` for somebody else's, and for one that may not be changed now."""
    found, actor = frame(db, forum, declaration, work=work), reader(db, work)
    comment = db.get(Comment, comment_id)
    if comment is None or comment.thread.declaration_id != found.declaration.id:
        raise NotFound(what="comment", id=str(comment_id))
    if not Reader(actor, found.declaration).comment(comment).may_edit:
        raise NotFound(what="comment", id=str(comment_id))
    return EditPage(
        place=found.place,
        here="reading",
        form=CommentForm(comment.text, comment.language.value),
        errors={},
        action=work.request.url.path,
        back=_paragraph(work, forum, declaration, comment.thread.block_id),
        versions=[
            Version(one.text, one.language, one.written_at)
            for one in CommentService(db).versions(comment_id, actor=actor)
        ],
        until=_until(comment, actor, found),
    )


def _until(comment: Comment, actor: Actor, found: Frame) -> datetime | None:
    if not is_guest(actor, found.forum.id):
        return None
    return (comment.written_at + TIME_TO_CORRECT).astimezone(ZoneInfo(found.forum.timezone))


def _kept(work: Work, *, held: bool, is_new: bool = False) -> str:
    if not held:
        return work.messages.gettext("Your comment is kept.")
    if is_new:
        return work.messages.gettext(
            "Your comment waits for a moderator. "
            "We have sent you a letter: open its link to show that the address is yours."
        )
    return work.messages.gettext("Your comment waits for a moderator.")


def _again(
    work: Work, found: Frame, form: CommentForm, refusal: Invalid, *, back: str, as_guest: bool = False
) -> Response[str]:
    context = CommentPage(
        place=found.place,
        here="reading",
        form=form,
        errors=field_errors(work, refusal),
        action=work.request.url.path,
        back=back,
        as_guest=as_guest,
    )
    return page(work, "comments/again.html", context, status=SHOWN_AGAIN)
