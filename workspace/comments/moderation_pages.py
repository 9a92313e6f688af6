"""The moderators' desk: what guests wrote and nobody sees yet, what was removed, and the link in a guest's letter."""

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

from litestar import Controller, Response, get, post
from litestar.di import NamedDependency
from msgspec import Struct

from drafts.blocks import Language
from workspace.comments import policy
from workspace.comments.forms import SHOWN_AGAIN
from workspace.comments.models import CommentState
from workspace.comments.moderation import ModerationService
from workspace.comments.seen import Waiting
from workspace.comments.service import CommentService
from workspace.comments.visitors import reader
from workspace.core.actor import Actor
from workspace.core.db import Db
from workspace.core.errors import Invalid, NotAllowed, NotFound
from workspace.core.shapes import filled
from workspace.declarations.frame import Frame, frame, header
from workspace.declarations.models import Declaration
from workspace.people.frame import forum_frame
from workspace.people.guests import GuestService
from workspace.people.service import PeopleService
from workspace.web.i18n import N_
from workspace.web.pages import Page, page, redirect
from workspace.web.params import FromPath, URLEncodedBody
from workspace.web.sentences import sentence
from workspace.web.services import Work


class WaitingLine(Struct, frozen=True):
    """A remark in the queue, and the address of its paragraph."""

    id: str
    author: str
    is_guest: bool
    email: str
    is_checked: bool
    language: Language
    text: str
    at: datetime
    is_edited: bool
    reason: str
    href: str

    @classmethod
    def of(cls, one: Waiting, found: Frame, work: Work) -> "WaitingLine":
        thread = work.url_for("thread", forum=found.forum.slug, thread_id=one.thread_id)
        return filled(
            cls,
            one,
            id=str(one.id),
            at=found.forum.local(one.written_at),
            is_edited=one.edited_at is not None,
            href=thread,
        )


class ModerationForm(Struct, frozen=True):
    """`act` is the button that was pressed, show or hide; `back` where to go afterwards."""

    act: str = ""
    reason: str = ""
    back: str = ""


class ModerationPage(Page, frozen=True, kw_only=True):
    name: str
    reading: str
    waiting: Sequence[WaitingLine]
    hidden: Sequence[WaitingLine]
    refused: str = ""  # the remark that a refusal is about
    error: str = ""
    form: ModerationForm


class CheckPage(Page, frozen=True, kw_only=True):
    """`lede` says what happens to the comment; `comment` is its address, "" for whom it does not open."""

    is_checked: bool
    state: str = ""  # of the comment, once the address is theirs
    lede: str = ""
    comment: str = ""


BECAME = {
    CommentState.HELD: N_("A moderator reads your comment before it can be seen."),
    CommentState.SHOWN: N_("A moderator has let your comment through: everybody can read it."),
    CommentState.HIDDEN: N_("A moderator has read your comment and removed it."),
}


class ModerationPages(Controller):
    """The remarks of one declaration."""

    path = "/{forum:str}/{declaration:str}"

    @get("/moderation", name="moderation", sync_to_thread=True, policy="comment.moderate")
    def moderation(
        self, work: NamedDependency[Work], forum: FromPath[str], declaration: FromPath[str]
    ) -> Response[str]:
        """What waits, oldest first, and what was removed."""
        with work.reading() as db:
            context = _page(db, work, forum, declaration)
        return page(work, "comments/moderation.html", context)


class RemarkPages(Controller):
    """One remark, as a moderator sees it."""

    path = "/{forum:str}/comments"

    @post("/{comment_id:uuid}/moderation", name="moderate", sync_to_thread=True, policy="comment.moderate")
    def moderate(
        self,
        work: NamedDependency[Work],
        forum: FromPath[str],
        comment_id: FromPath[UUID],
        data: URLEncodedBody[ModerationForm],
    ) -> Response[str] | Response[None]:
        """Let a remark through, or remove it from view."""
        actor = work.actor
        with work.reading() as db:
            declaration = _declaration(db, forum, comment_id)
        queue = work.url_for("moderation", forum=forum, declaration=declaration) if declaration else ""
        back = data.back or queue or work.url_for("recommendations", forum=forum)
        try:
            with work.writing() as db:
                _moderate(db, comment_id, data, actor)
        except Invalid as refusal:
            error = sentence(refusal, work.messages)
            if not declaration:
                return redirect(work, back, said=error)
            with work.reading() as db:
                context = _page(db, work, forum, declaration, refused=str(comment_id), error=error, form=data)
            return page(work, "comments/moderation.html", context, status=SHOWN_AGAIN)
        said = N_("The comment can be read by everybody.") if data.act == "show" else N_("The comment is removed.")
        return redirect(work, back, said=work.messages.gettext(said))


class GuestPages(Controller):
    """Where the link in a guest's letter leads."""

    path = "/{forum:str}/guests"

    @get("/{token:str}", name="guest_check", sync_to_thread=True, policy="public")
    def look(self, work: NamedDependency[Work], forum: FromPath[str], token: FromPath[str]) -> Response[str]:
        """A button: programs that look at letters open links, and press nothing."""
        with work.reading() as db:
            found = forum_frame(db, forum, work=work)
            guest = GuestService(db).at(found.forum, token)
            state, comment = _way_back(db, forum, guest.person_id, work=work)
            context = CheckPage(
                place=header(db, found, work=work),
                is_checked=guest.checked_at is not None,
                state=state.value if guest.checked_at is not None else "",
                lede=BECAME[state],
                comment=comment,
            )
        return page(work, "comments/check.html", context)

    @post("/{token:str}", name="confirm_guest", sync_to_thread=True, policy="public")
    def confirm(self, work: NamedDependency[Work], forum: FromPath[str], token: FromPath[str]) -> Response[None]:
        """The address is the guest's."""
        with work.writing() as db:
            GuestService(db).confirm(PeopleService(db).forum(forum), token)
        said = work.messages.gettext("Thank you. A moderator reads your comment next.")
        return redirect(work, work.url_for("guest_check", forum=forum, token=token), said=said)


def _way_back(db: Db, forum: str, guest_id: UUID, *, work: Work) -> tuple[CommentState, str]:
    """What became of a guest's comment, and its address where whoever asks can read it."""
    service = CommentService(db)
    comment = service.first_of(guest_id)
    if comment is None:
        return CommentState.HELD, ""
    state, actor = CommentState(comment.state), reader(db, work)
    is_seen = state is CommentState.SHOWN or actor.person_id == guest_id
    is_open = is_seen and policy.may_read_subject(actor, comment.thread, service.ground_of(comment.thread))
    return state, work.url_for("thread", forum=forum, thread_id=comment.thread_id) if is_open else ""


def _declaration(db: Db, forum: str, comment_id: UUID) -> str:
    """The slug of the declaration that a remark speaks of, "" for a recommendation; raises `NotFound` elsewhere."""
    service = CommentService(db)
    ground = service.ground_of(service.comment_with_id(comment_id).thread)
    if policy.forum_of(ground).slug != forum:
        raise NotFound(what="comment", id=str(comment_id))
    return ground.slug if isinstance(ground, Declaration) else ""


def _moderate(db: Db, comment_id: UUID, data: ModerationForm, actor: Actor) -> None:
    moderation = ModerationService(db)
    if data.act == "show":
        moderation.show(comment_id, actor=actor)
    else:
        moderation.hide(comment_id, reason=data.reason, actor=actor)


def _page(
    db: Db,
    work: Work,
    forum: str,
    declaration: str,
    *,
    refused: str = "",
    error: str = "",
    form: ModerationForm | None = None,
) -> ModerationPage:
    found = frame(db, forum, declaration, work=work)
    if not policy.may_moderate(work.actor, found.declaration):
        raise NotAllowed(action="comment.moderate")
    moderation = ModerationService(db)
    waiting = moderation.queue(found.declaration, actor=work.actor)
    hidden = moderation.queue(found.declaration, actor=work.actor, state=CommentState.HIDDEN)
    return ModerationPage(
        place=found.place,
        here="moderation",
        name=found.declaration.name.said_in(work.language),
        reading=work.url_for("reading", forum=forum, declaration=declaration),
        waiting=[WaitingLine.of(one, found, work) for one in waiting],
        hidden=[WaitingLine.of(one, found, work) for one in hidden],
        refused=refused,
        error=error,
        form=form or ModerationForm(),
    )
