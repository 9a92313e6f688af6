"""Conversations as pages show them: plain values, with the words as safe HTML and every address made."""

from collections.abc import Callable, Collection, Mapping, Sequence
from datetime import datetime
from typing import Any, Self, TypedDict
from uuid import UUID

from litestar import Request, Response
from markupsafe import Markup
from msgspec import Struct

from drafts.text.blocks import Language
from workspace.amendments.domain.policy import may_propose, may_record_oral
from workspace.comments import policy, remark_text
from workspace.comments.anchors import discussed_ranges, up_to_date
from workspace.comments.models import CommentState, CommentThread, SubjectKind
from workspace.comments.queries import CommentView, VisibleThread
from workspace.comments.quotes import DiscussedRange, QuotedPhrase
from workspace.comments.service import CommentService
from workspace.core.actor import Actor
from workspace.core.errors import Invalid
from workspace.core.shapes import filled
from workspace.core.storage.db import Db
from workspace.declarations.domain.models import Declaration
from workspace.declarations.domain.queries import BlockRow
from workspace.declarations.frame import Frame
from workspace.people.guests import PASS_LASTS, GuestService
from workspace.people.models import Forum
from workspace.people.service import PeopleService
from workspace.recommendations.policy import may_settle_all
from workspace.web.http import security
from workspace.web.http.request_context import Work
from workspace.web.i18n.messages import LANGUAGES
from workspace.web.pages import SHOWN_AGAIN, Page, PageOrRedirect, PagePlace, field_errors, page, redirect

_LONGEST = 100  # more than any token of ours


def reading_actor(db: Db, work: Work) -> Actor:
    """Who asks, as far as comments go. Ask `work.actor` before `writing()`."""
    token = work.request.cookies.get(_cookie(work.request), "")
    if work.actor.person_id is not None or work.actor.is_operator or not token or len(token) > _LONGEST:
        return work.actor
    return GuestService(db).actor(token)


def remember_guest(work: Work, response: Response[None], token: str) -> None:
    """Give the browser the token of the guest it has just become."""
    security.set_preference_cookie(work.request, response, _cookie(work.request), token, days=PASS_LASTS.days)


def _cookie(request: Request[Any, Any, Any]) -> str:
    return "__Host-guest" if request.url.scheme == "https" else "guest"


class RemarkView(Struct, frozen=True):
    """`state` and `reason` are told as far as the reader may know them; `edit` is the address to change one's own."""

    id: UUID
    author: str
    is_guest: bool
    language: Language
    html: Markup
    at: datetime
    is_edited: bool
    state: CommentState
    reason: str
    is_own: bool
    edit: str
    recommend: str  # address to make a recommendation of it, or ""
    propose: str  # address of the form to make an amendment of it, or ""
    made: Sequence[tuple[str, int, str]]  # what was made of it: kind, number, address


class QuotedWordsView(Struct, frozen=True):
    """The words that a conversation is about; `state` says what became of them: kept, edited, moved or lost."""

    language: Language
    chosen: str
    now: str
    state: str
    is_whole: bool


class ThreadView(Struct, frozen=True):
    """One conversation; `number` is its place on the page."""

    id: UUID
    number: int
    words: QuotedWordsView | None
    remarks: Sequence[RemarkView]
    is_internal: bool
    may_answer: bool
    may_close: bool
    is_resolved: bool
    resolved_at: datetime | None
    resolved_by: str


class Discussion(Struct, frozen=True):
    """The conversations about one thing, and what this reader may do. `names` is where names are offered, or ""."""

    open: Sequence[ThreadView]
    resolved: Sequence[ThreadView]
    may_comment: bool
    may_come_as_guest: bool
    may_discuss: bool  # among those who draft
    may_moderate: bool
    names: str
    subject: tuple[str, str]  # its kind and its id
    is_followed: bool | None  # by this reader; None for nobody in particular
    spoken: Mapping[Language, Sequence[DiscussedRange]]
    form: "QuoteForm"

    @property
    def may_speak(self) -> bool:
        return self.may_comment or self.may_come_as_guest or self.may_discuss


class QuoteForm(Struct, frozen=True):
    """Words that were chosen on another page, to begin a conversation about them."""

    quote: str = ""
    before: str = ""
    quoted_in: str = ""


class ThreadBuilder:
    """Makes conversations of one forum ready for a page; `guests` are those who came without an account."""

    def __init__(
        self, work: Work, forum: Forum, declaration: Declaration | None, *, guests: Collection[UUID] = ()
    ) -> None:
        self.work = work
        self.forum = forum
        self.declaration = declaration
        self.guests = guests
        self.settles = may_settle_all(work.actor, forum)
        self.proposes = declaration is not None and may_propose(work.actor, declaration)
        self.records = declaration is not None and may_record_oral(work.actor, declaration)

    def threads(self, seen: Sequence[VisibleThread]) -> list[ThreadView]:
        return [self.thread(thread, number) for number, thread in enumerate(seen, start=1)]

    def thread(self, seen: VisibleThread, number: int = 0) -> ThreadView:
        return filled(
            ThreadView,
            seen,
            number=number,
            remarks=[self._remark(comment, seen) for comment in seen.comments],
            is_resolved=seen.resolved_at is not None,
            resolved_at=self.forum.local(seen.resolved_at) if seen.resolved_at else None,
        )

    def _remark(self, comment_view: CommentView, seen: VisibleThread) -> RemarkView:
        is_open = comment_view.state is CommentState.SHOWN and not seen.is_internal
        return filled(
            RemarkView,
            comment_view,
            recommend=self._recommend(comment_view) if is_open else "",
            propose=self._propose(comment_view, seen) if is_open and self.declaration else "",
            made=self._made(comment_view),
            is_guest=comment_view.author_id in self.guests,
            html=remark_text.html(comment_view.kept, comment_view.names, self._person)
            if comment_view.kept
            else Markup(),
            at=self.forum.local(comment_view.written_at),
            is_edited=comment_view.edited_at is not None,
            edit=self.work.url_for("edit_comment", forum=self.forum.slug, comment_id=comment_view.id)
            if comment_view.may_edit
            else "",
        )

    def _recommend(self, comment_view: CommentView) -> str:
        if comment_view.recommendation is not None or not self.settles:
            return ""
        return self.work.url_for("recommend_comment", forum=self.forum.slug, comment_id=comment_view.id)

    def _propose(self, comment_view: CommentView, seen: VisibleThread) -> str:
        """For its author the form to amend; for who records what members move, the form to do so for them."""
        declaration, is_settled = self.declaration, comment_view.amendment or comment_view.author_id in self.guests
        if declaration is None or seen.block_id is None or is_settled:
            return ""
        may, route = (self.proposes, "new_amendment") if comment_view.is_own else (self.records, "record_oral")
        if not may:
            return ""
        names = {"forum": self.forum.slug, "declaration": declaration.slug}
        return self.work.url_for(route, **names, block=seen.block_id, comment=comment_view.id)

    def _made(self, comment_view: CommentView) -> list[tuple[str, int, str]]:
        found, url, forum = [], self.work.url_for, self.forum.slug
        if number := comment_view.recommendation:
            found.append(("recommendation", number, url("recommendation", forum=forum, number=number)))
        if (number := comment_view.amendment) and self.declaration:
            href = url("amendment", forum=forum, declaration=self.declaration.slug, number=number)
            found.append(("amendment", number, href))
        return found

    def _person(self, person_id: UUID) -> str:
        """What somebody said and was told about a declaration; about recommendations there is no such page."""
        if self.declaration is None:
            return ""
        names = {"forum": self.forum.slug, "declaration": self.declaration.slug}
        return self.work.url_for("conversations", **names, person=person_id)


def guests_in(db: Db, seen: Sequence[VisibleThread]) -> Collection[UUID]:
    """Who of those who speak there came as a guest: their names are as they gave them."""
    return GuestService(db).among({comment.author_id for thread in seen for comment in thread.comments}).keys()


def discussion_of(
    db: Db,
    seen: Sequence[VisibleThread],
    *,
    about: tuple[SubjectKind, UUID],
    forum: Forum,
    declaration: Declaration | None,
    work: Work,
    spoken: Mapping[Language, Sequence[DiscussedRange]] | None = None,
) -> Discussion:
    """Conversations about one thing for a page; `declaration` is None for a recommendation."""
    ground = declaration or forum
    speaker = reading_actor(db, work)
    lines = ThreadBuilder(work, forum, declaration, guests=guests_in(db, seen)).threads(seen)
    names = work.url_for("nameable", forum=forum.slug, declaration=declaration.slug) if declaration else ""
    query = work.request.query_params
    return Discussion(
        open=[thread_view for thread_view in lines if not thread_view.is_resolved],
        resolved=[thread_view for thread_view in lines if thread_view.is_resolved],
        may_comment=policy.may_comment(speaker, ground),
        may_come_as_guest=declaration is not None and policy.may_come_as_guest(speaker, declaration),
        may_discuss=policy.may_discuss_internally(speaker, ground),
        may_moderate=policy.may_moderate(speaker, ground),
        names=names,
        subject=(about[0].value, str(about[1])),
        is_followed=work.follows(db, about[0].value, about[1]),
        spoken=spoken or {},
        form=QuoteForm(query.get("quote", "")[:2_000], query.get("before", "")[:200], query.get("quoted_in", "")),
    )


def paragraph_discussion(db: Db, found: Frame, row: BlockRow, *, work: Work) -> Discussion:
    """The conversations about one paragraph of the text in force, numbered as its marked words are."""
    service = CommentService(db)
    threads = service.threads(found.declaration, actor=reading_actor(db, work), block_id=row.block_id)
    seen = [up_to_date(thread, row) for thread in threads.get(row.block_id, ())]
    seen.sort(key=lambda thread: thread.resolved_at is not None)  # open ones first, as they are numbered on the page
    return discussion_of(
        db,
        seen,
        about=(SubjectKind.PARAGRAPH, row.block_id),
        forum=found.forum,
        declaration=found.declaration,
        work=work,
        spoken=discussed_ranges(seen, row),
    )


def href_of(work: Work, seen: VisibleThread, *, forum: str, declaration: str) -> str:
    """Where a conversation is shown; `declaration` is "" for one about a recommendation."""
    routes: Mapping[SubjectKind, tuple[str, Mapping[str, object]]] = {
        SubjectKind.PARAGRAPH: ("paragraph", {"declaration": declaration, "block_id": seen.block_id}),
        SubjectKind.AMENDMENT: ("amendment_comments", {"declaration": declaration, "number": seen.number}),
        SubjectKind.RECOMMENDATION: ("recommendation_comments", {"number": seen.number}),
        SubjectKind.DECLARATION: ("conversations", {"declaration": declaration}),
    }
    route, values = routes[seen.kind]
    return f"{work.url_for(route, forum=forum, **values)}#thread-{seen.id}"


class Saying(TypedDict):
    """What a service takes that begins a conversation."""

    text: str
    language: Language
    is_internal: bool
    actor: Actor


class CommentForm(Struct, frozen=True):
    """A remark, and the language it is written in. A guest adds who they are; `internal` is for those who draft.

    `quote` are words of the text in the language `quoted_in`, `before` those in front of them.
    """

    text: str = ""
    language: str = ""
    name: str = ""
    email: str = ""
    internal: str = ""
    quote: str = ""
    before: str = ""
    quoted_in: str = ""

    def said_in(self, otherwise: Language) -> Language:
        return Language(self.language) if self.language in LANGUAGES else otherwise

    def said(self, otherwise: Language, actor: Actor) -> Saying:
        """What is said, as the service takes it; in `otherwise` where no language is named."""
        language = self.said_in(otherwise)
        return {"text": self.text, "language": language, "is_internal": bool(self.internal), "actor": actor}

    def phrase(self, otherwise: Language) -> QuotedPhrase | None:
        """The words it is about; None for a remark on the whole."""
        if not self.quote.strip():
            return None
        language = Language(self.quoted_in) if self.quoted_in in LANGUAGES else otherwise
        return QuotedPhrase(self.quote, language, self.before)


class CommentPage(Page, frozen=True, kw_only=True):
    """A remark that could not be kept, with its words. `action` is where its form leads, `back` where it came from."""

    form: CommentForm
    errors: Mapping[str, str]
    action: str
    back: str
    as_guest: bool = False


def show_form_again(
    work: Work, place: PagePlace, form: CommentForm, refusal: Invalid, *, back: str, as_guest: bool = False
) -> Response[str]:
    """The form with what was written, and why it could not be kept."""
    context = CommentPage(
        place=place,
        here="reading",
        form=form,
        errors=field_errors(work, refusal),
        action=work.request.url.path,
        back=back,
        as_guest=as_guest,
    )
    return page(work, "comments/again.html", context, status=SHOWN_AGAIN)


class Speaker(Struct, frozen=True):
    """Who speaks: `actor`, or a visitor who becomes a guest with what the form says of them."""

    actor: Actor
    as_guest: bool = False

    @classmethod
    def on(cls, db: Db, work: Work, declaration: Declaration) -> Self:
        """Who speaks about a text."""
        actor = reading_actor(db, work)
        return cls(actor, policy.may_come_as_guest(actor, declaration))

    def begun(
        self,
        work: Work,
        place: PagePlace,
        form: CommentForm,
        begin: Callable[[Db, Saying], CommentThread],
        *,
        forum: str,
        back: str,
    ) -> PageOrRedirect:
        """Begin a conversation and go `back`; the form again, where that is refused."""
        try:
            return self._begun(work, form, begin, forum=forum, back=back)
        except Invalid as refusal:
            return show_form_again(work, place, form, refusal, back=back, as_guest=self.as_guest)

    def _begun(
        self, work: Work, form: CommentForm, begin: Callable[[Db, Saying], CommentThread], *, forum: str, back: str
    ) -> Response[None]:
        actor, token = self.actor, ""
        with work.writing() as db:
            if self.as_guest:
                where = PeopleService(db).forum(forum)
                guests = GuestService(db)
                arrived = guests.come_in(where, name=form.name, email=form.email, language=work.language.value)
                actor, token = arrived.person.as_actor(), arrived.token
            held = begin(db, form.said(work.language, actor)).comments[0].state is CommentState.HELD
        response = redirect(work, back, said=after_saving(work, held=held, is_new=bool(token)))
        if token:
            remember_guest(work, response, token)
        return response


def after_saving(work: Work, *, held: bool, is_new: bool = False) -> str:
    """What to say of a remark that was taken."""
    if not held:
        return work.messages.gettext("Comment posted.")
    if is_new:
        return work.messages.gettext("Follow the link we e-mailed; then a moderator reads your comment.")
    return work.messages.gettext("Your comment will appear after moderation.")
