"""What readers say: beginning a conversation on a paragraph, answering, changing one's words, closing and opening.

Conversations about paragraphs stand on the paragraph's page, the others on pages of their own
(`conversation_pages`). Where guests may comment, a visitor says who they are with their first remark.
"""

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

from litestar import Controller, Response
from msgspec import Struct
from msgspec.structs import replace

from drafts.text.blocks import Language
from workspace.comments import policy
from workspace.comments.models import Comment, CommentState, CommentThread
from workspace.comments.moderation import ModerationService
from workspace.comments.policy import ThreadContext
from workspace.comments.queries import HeldRemark, ThreadReader
from workspace.comments.service import CommentService
from workspace.comments.views import (
    CommentForm,
    CommentPage,
    Saying,
    Speaker,
    after_saving,
    href_of,
    reading_actor,
    show_form_again,
)
from workspace.core import clock
from workspace.core.actor import Actor
from workspace.core.errors import Invalid, NotAllowed, NotFound, TooLate, existing
from workspace.core.security.conditions import TIME_TO_CORRECT
from workspace.core.shapes import filled
from workspace.core.storage.db import Db
from workspace.declarations.domain.models import Declaration
from workspace.declarations.frame import frame, header, heading
from workspace.forms.results import OwnAnswer, own_answers
from workspace.people.frame import FrameInForum, InForum, forum_frame
from workspace.people.guests import GuestService, is_guest
from workspace.recommendations.pages.contributions import Contribution, sent_in
from workspace.web.http.guards import READ_THE_TEXT
from workspace.web.http.request_context import FormBody, FromPath, PathId, Slug, Work
from workspace.web.http.routing import get, post
from workspace.web.i18n.marking import N_
from workspace.web.pages import (
    SHOWN_AGAIN,
    Done,
    Page,
    PageOrRedirect,
    PagePlace,
    field_errors,
    page,
    redirect,
    shows,
    takes,
)
from workspace.web.refusals.sentences import sentence

SPEAKING = ("comment.open", "comment.internal")


class EarlierVersion(Struct, frozen=True):
    text: str
    language: Language
    at: datetime


class EditPage(CommentPage, frozen=True, kw_only=True):
    """One's own remark, to change it; `versions` are what it said before, `until` when a guest's time for it ends."""

    versions: Sequence[EarlierVersion]
    until: datetime | None


class CommentPages(Controller):
    """Beginning on a paragraph."""

    path = "/{forum:str}/{declaration:str}"

    @post("/paragraphs/{block_id:uuid}/comments", name="open_thread", policy=SPEAKING)
    def open_thread(
        self, work: Work, forum: Slug, declaration: Slug, block_id: PathId, data: FormBody[CommentForm]
    ) -> PageOrRedirect:
        """Begin a conversation on a paragraph, or on some words of it."""
        back = work.url_for("paragraph", forum=forum, declaration=declaration, block_id=block_id) + "#comments"
        with work.reading() as db:
            found = frame(db, forum, declaration, work=work)
            speaker = Speaker.on(db, work, found.declaration)

        def begin(db: Db, said: Saying) -> CommentThread:
            subject = frame(db, forum, declaration, work=work).declaration
            return CommentService(db).open(subject, block_id, phrase=data.phrase(work.language), **said)

        return speaker.begun(work, found.place, data, begin, forum=forum, back=back)


class ThreadPages(Controller):
    """A conversation, wherever it stands."""

    path = "/{forum:str}"

    @get("/threads/{thread_id:uuid}", name="thread", policy=(*READ_THE_TEXT, "recommendation.read"))
    def thread(self, work: Work, forum: Slug, thread_id: PathId) -> Response[None]:
        """Where a conversation stands now."""
        with work.reading() as db:
            there = _ThreadPlace.of(db, work, forum, thread_id)
        return redirect(work, there.href)

    @post("/threads/{thread_id:uuid}/comments", name="reply", policy=SPEAKING)
    def reply(self, work: Work, forum: Slug, thread_id: PathId, data: FormBody[CommentForm]) -> PageOrRedirect:
        """Answer in a conversation."""
        with work.reading() as db:
            actor, there = reading_actor(db, work), _ThreadPlace.of(db, work, forum, thread_id)
        try:
            with work.writing() as db:
                answered = CommentService(db).reply(
                    thread_id, text=data.text, language=data.said_in(work.language), actor=actor
                )
                held = answered.comments[-1].state is CommentState.HELD
        except Invalid as refusal:
            return show_form_again(work, there.place, data, refusal, back=there.href)
        said = after_saving(work, held=True) if held else work.messages.gettext("Reply posted.")
        return redirect(work, there.href, said=said)

    @takes("/threads/{thread_id:uuid}/resolution", name="resolve_thread", policy=SPEAKING)
    def resolve(self, db: Db, work: Work, forum: Slug, thread_id: PathId) -> Done:
        """Close a conversation that has been dealt with."""
        there = _ThreadPlace.of(db, work, forum, thread_id).href
        CommentService(db).resolve(thread_id, actor=reading_actor(db, work))
        said = work.messages.gettext("Comments closed. A reply reopens them.")
        return Done("thread", said, back=there, undo="reopen_thread")

    @takes("/threads/{thread_id:uuid}/reopening", name="reopen_thread", policy=SPEAKING)
    def reopen(self, db: Db, work: Work, forum: Slug, thread_id: PathId) -> Done:
        """Open a conversation again without a word."""
        there = _ThreadPlace.of(db, work, forum, thread_id).href
        CommentService(db).reopen(thread_id, actor=reading_actor(db, work))
        return Done("thread", work.messages.gettext("Comments reopened."), back=there, undo="resolve_thread")

    @shows("comments/edit.html", "/comments/{comment_id:uuid}/edit", name="edit_comment", policy="comment.edit_own")
    def edit(self, db: Db, work: Work, forum: Slug, comment_id: PathId) -> EditPage:
        """One's own remark, to change it."""
        return _edit(db, work, forum, comment_id)

    @post("/comments/{comment_id:uuid}/edit", name="change_comment", policy="comment.edit_own")
    def change(self, work: Work, forum: Slug, comment_id: PathId, data: FormBody[CommentForm]) -> PageOrRedirect:
        """Put other words in place of one's own."""
        with work.reading() as db:
            actor = reading_actor(db, work)
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
        said = after_saving(work, held=True) if held else work.messages.gettext("Comment changed.")
        return redirect(work, context.back, said=said)

    @post("/comments/{comment_id:uuid}/recommendation", name="recommend_comment", policy="recommendation.confirm_merge")
    def recommend(self, work: Work, forum: Slug, comment_id: PathId) -> Response[None]:
        """Make a recommendation of a remark, in its author's name."""
        actor = work.actor
        with work.reading() as db:
            comment = CommentService(db).comment_with_id(comment_id)
            there = _ThreadPlace.of(db, work, forum, comment.thread_id)
        try:
            with work.writing() as db:
                number = CommentService(db).recommend(comment_id, actor=actor).number
        except Invalid as refusal:
            return redirect(work, there.href, said=sentence(refusal, work.messages))
        to = work.url_for("recommendation", forum=forum, number=number)
        return redirect(work, to, said=work.messages.gettext("Recommendation added, to be confirmed."))


class _ThreadPlace(Struct, frozen=True):
    """Where a conversation stands: the page's place and its address there."""

    place: PagePlace
    href: str

    @classmethod
    def of(cls, db: Db, work: Work, forum: str, thread_id: UUID) -> "_ThreadPlace":
        """Raises `NotFound`, also for a conversation of another forum."""
        service = CommentService(db)
        actor = reading_actor(db, work)
        thread, ground = service.found(thread_id, actor=actor)
        slug = ground.slug if isinstance(ground, Declaration) else ""
        href = href_of(work, service.seen(thread, actor=actor), forum=forum, declaration=slug)
        return cls(_place(db, work, forum, ground), href)


def _place(db: Db, work: Work, forum: str, ground: ThreadContext) -> PagePlace:
    if policy.forum_of(ground).slug != forum:
        raise NotFound(what="thread", id=forum)
    if isinstance(ground, Declaration):
        return frame(db, forum, ground.slug, work=work).place
    return header(db, forum_frame(db, forum, work=work), work=work)


def _edit(db: Db, work: Work, forum: str, comment_id: UUID) -> EditPage:
    """The page of one's own remark. Raises `NotFound` for somebody else's, and for one that may not be changed now.

    A guest whose quarter of an hour is over is told so: `TooLate`.
    """
    service, actor = CommentService(db), reading_actor(db, work)
    comment = existing(db.get(Comment, comment_id), "comment", comment_id)
    there, ground = _ThreadPlace.of(db, work, forum, comment.thread_id), service.ground_of(comment.thread)
    seen = ThreadReader(actor, ground).comment(comment)
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
        versions=[
            EarlierVersion(version.text, version.language, version.written_at)
            for version in service.versions(comment_id, actor=actor)
        ],
        until=_until(comment, actor, ground),
    )


def _is_over(comment: Comment, actor: Actor, ground: ThreadContext) -> bool:
    until = _until(comment, actor, ground)
    return until is not None and until < clock.now()


def _until(comment: Comment, actor: Actor, ground: ThreadContext) -> datetime | None:
    forum = policy.forum_of(ground)
    if not is_guest(actor, forum.id):
        return None
    return forum.local(comment.written_at + TIME_TO_CORRECT)


class ModerationForm(Struct, frozen=True):
    """`act` is the button that was pressed, show or hide; `back` where to go afterwards."""

    act: str = ""
    reason: str = ""
    back: str = ""


class ModerationPage(Page, frozen=True, kw_only=True):
    name: str
    reading: str
    held: Sequence[HeldRemark]
    hidden: Sequence[HeldRemark]
    refused: str = ""  # the remark that a refusal is about
    error: str = ""
    form: ModerationForm


class GuestComment(Struct, frozen=True):
    """What became of a comment. `said` is that in words, `href` its address, "" where it opens not.

    `became` is what became of the recommendation that was made of it.
    """

    state: str
    said: str
    text: str
    language: str
    reason: str
    href: str
    became: Contribution | None


class CheckPage(Page, frozen=True, kw_only=True):
    """A guest’s own page: all that they sent, once the address is theirs."""

    is_checked: bool
    comments: Sequence[GuestComment] = ()
    answers: Sequence[OwnAnswer] = ()
    contributions: Sequence[Contribution] = ()


BECAME = {
    CommentState.HELD: N_("Your comment will appear after moderation."),
    CommentState.SHOWN: N_("Your comment is public."),
    CommentState.HIDDEN: N_("A moderator removed your comment."),
}


class ModerationPages(Controller):
    """The remarks of one declaration."""

    path = "/{forum:str}/{declaration:str}"

    @shows("comments/moderation.html", "/moderation", name="moderation", policy="comment.moderate")
    def moderation(self, db: Db, work: Work, forum: Slug, declaration: Slug) -> ModerationPage:
        """What waits, oldest first, and what was removed."""
        return _page(db, work, forum, declaration)


class RemarkPages(Controller):
    """One remark, as a moderator sees it."""

    path = "/{forum:str}/comments"

    @post("/{comment_id:uuid}/moderation", name="moderate", policy="comment.moderate")
    def moderate(self, work: Work, forum: Slug, comment_id: PathId, data: FormBody[ModerationForm]) -> PageOrRedirect:
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
        said = N_("Comment approved.") if data.act == "show" else N_("Comment removed.")
        return redirect(work, back, said=work.messages.gettext(said))


class GuestPages(Controller):
    """Where the link in a guest's letter leads."""

    path = "/{forum:str}/guests"

    @shows("comments/check.html", "/{token:str}", name="guest_check", policy="public")
    def look(self, db: Db, work: Work, found: FrameInForum, token: FromPath[str]) -> CheckPage:
        """A button: programs that look at letters open links, and press nothing."""
        guest = GuestService(db).at(found.forum, token)
        became = {each.line.number: each for each in sent_in(db, found, guest.person_id, work=work)}
        return CheckPage(
            place=header(db, found, work=work),
            is_checked=guest.checked_at is not None,
            comments=_guest_comments(db, found.forum.slug, guest.person_id, became, work=work),
            answers=own_answers(db, found.forum, guest.person_id, work=work),
            contributions=list(became.values()),
        )

    @takes("/{token:str}", name="confirm_guest", policy="public")
    def confirm(self, db: Db, work: Work, forum: InForum, token: FromPath[str]) -> Done:
        """The address is the guest's."""
        GuestService(db).confirm(forum, token)
        return Done("guest_check", work.messages.gettext("Thank you. Your address is confirmed."))


def _guest_comments(
    db: Db, forum: str, guest_id: UUID, contributions: dict[int, Contribution], *, work: Work
) -> list[GuestComment]:
    """What became of each comment of a guest, with its address where whoever asks can read it.

    What became of a recommendation that was made of one is taken out of their `contributions`.
    """
    service, actor, found = CommentService(db), reading_actor(db, work), []
    for comment in service.made_by(guest_id):
        is_seen = comment.state is CommentState.SHOWN or actor.person_id == guest_id
        is_open = is_seen and policy.may_read_subject(actor, comment.thread, service.ground_of(comment.thread))
        href = work.url_for("thread", forum=forum, thread_id=comment.thread_id) if is_open else ""
        said, made = work.messages.gettext(BECAME[comment.state]), comment.use and comment.use.recommendation
        became = contributions.pop(made.number, None) if made else None
        found.append(filled(GuestComment, comment, said=said, href=href, became=became))
    return found


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
    held = moderation.queue(found.declaration, actor=work.actor)
    hidden = moderation.queue(found.declaration, actor=work.actor, state=CommentState.HIDDEN)
    return ModerationPage(
        **heading(found, "moderation", work=work),
        reading=work.url_for("reading", forum=forum, declaration=declaration),
        held=[replace(remark, written_at=found.forum.local(remark.written_at)) for remark in held],
        hidden=[replace(remark, written_at=found.forum.local(remark.written_at)) for remark in hidden],
        refused=refused,
        error=error,
        form=form or ModerationForm(),
    )
