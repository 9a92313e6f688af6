"""What readers say about a paragraph: opening a thread, answering, and closing it. The threads stand on its page."""

from collections.abc import Mapping
from dataclasses import dataclass
from uuid import UUID

from litestar import Controller, Response, post
from litestar.di import NamedDependency
from litestar.params import FromPath, URLEncodedBody

from drafts.blocks import Language
from workspace.comments.models import CommentThread
from workspace.comments.service import CommentService
from workspace.core.db import Db
from workspace.core.errors import Invalid, NotFound
from workspace.declarations.frame import Frame, frame
from workspace.web.i18n import LANGUAGES
from workspace.web.pages import Page, field_errors, page, redirect
from workspace.web.services import Work

SHOWN_AGAIN = 422


@dataclass(frozen=True, slots=True)
class CommentForm:
    """A remark, and the language it is written in."""

    text: str = ""
    language: str = ""

    def said_in(self, otherwise: Language) -> Language:
        return Language(self.language) if self.language in LANGUAGES else otherwise


@dataclass(frozen=True, slots=True, kw_only=True)
class CommentPage(Page):
    """A remark that could not be kept, with its words. `action` is where its form leads, `back` the paragraph."""

    form: CommentForm
    errors: Mapping[str, str]
    action: str
    back: str


class CommentPages(Controller):
    """Threads of a declaration."""

    path = "/{forum:str}/{declaration:str}"

    @post("/paragraphs/{block_id:uuid}/comments", name="open_thread", sync_to_thread=True)
    def open_thread(
        self,
        work: NamedDependency[Work],
        forum: FromPath[str],
        declaration: FromPath[str],
        block_id: FromPath[UUID],
        data: URLEncodedBody[CommentForm],
    ) -> Response[str] | Response[None]:
        """Begin a thread on a paragraph."""
        actor, back = work.actor, _paragraph(work, forum, declaration, block_id)
        with work.reading() as db:
            found = frame(db, forum, declaration, work=work)
        try:
            with work.writing() as db:
                CommentService(db).open(
                    found.declaration, block_id, text=data.text, language=data.said_in(work.language), actor=actor
                )
        except Invalid as refusal:
            return _again(work, found, data, refusal, back=back)
        return redirect(work, back, said=work.messages.gettext("Your comment is kept."))

    @post("/threads/{thread_id:uuid}/comments", name="reply", sync_to_thread=True)
    def reply(
        self,
        work: NamedDependency[Work],
        forum: FromPath[str],
        declaration: FromPath[str],
        thread_id: FromPath[UUID],
        data: URLEncodedBody[CommentForm],
    ) -> Response[str] | Response[None]:
        """Answer in a thread."""
        actor = work.actor
        with work.reading() as db:
            found = frame(db, forum, declaration, work=work)
            thread = _thread(db, found, thread_id)
            back = _paragraph(work, forum, declaration, thread.block_id)
        try:
            with work.writing() as db:
                CommentService(db).reply(thread_id, text=data.text, language=data.said_in(work.language), actor=actor)
        except Invalid as refusal:
            return _again(work, found, data, refusal, back=back)
        return redirect(work, back, said=work.messages.gettext("Your answer is kept."))

    @post("/threads/{thread_id:uuid}/resolution", name="resolve_thread", sync_to_thread=True)
    def resolve(
        self,
        work: NamedDependency[Work],
        forum: FromPath[str],
        declaration: FromPath[str],
        thread_id: FromPath[UUID],
    ) -> Response[None]:
        """Close a thread that has been dealt with."""
        actor = work.actor
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


def _again(work: Work, found: Frame, form: CommentForm, refusal: Invalid, *, back: str) -> Response[str]:
    context = CommentPage(
        place=found.place,
        here="reading",
        form=form,
        errors=field_errors(work, refusal),
        action=work.request.url.path,
        back=back,
    )
    return page(work, "comments/again.html", context, status=SHOWN_AGAIN)
