"""Conversations about a whole draft, an amendment or a recommendation, and all those of a declaration at once."""

from collections.abc import Sequence
from typing import Annotated
from uuid import UUID

from litestar import Controller, Response
from litestar.params import QueryParameter
from msgspec import Struct

from workspace.amendments.service import AmendmentService
from workspace.comments.models import CommentThread, SubjectKind
from workspace.comments.pages import SPEAKING
from workspace.comments.queries import VisibleThread
from workspace.comments.remark_text import MentionService
from workspace.comments.service import CommentService
from workspace.comments.views import (
    CommentForm,
    Discussion,
    Saying,
    Speaker,
    ThreadBuilder,
    ThreadView,
    discussion_of,
    guests_in,
    href_of,
    reading_actor,
)
from workspace.core.errors import existing
from workspace.core.storage.db import Db
from workspace.declarations.domain import queries
from workspace.declarations.frame import Frame, ReadableFrame, frame, header, heading
from workspace.declarations.labels import name_in
from workspace.people.frame import forum_frame
from workspace.people.models import Person
from workspace.people.service import PeopleService
from workspace.recommendations.service import RecommendationService
from workspace.web.api import NO_STORE, ListOf, id_after
from workspace.web.http.guards import READ_THE_TEXT
from workspace.web.http.request_context import FormBody, FromPath, FromQuery, Slug, Work
from workspace.web.http.routing import get, post
from workspace.web.pages import Page, PageOrRedirect, page, shows

SHOWN = 30  # conversations on one page of the list
READ_AMENDMENTS = ("amendment.read_others", "amendment.propose")


class ThreadsPage(Page, frozen=True, kw_only=True):
    """The conversations about one thing. `about` is what it is called, `back` its own page; `quoted` its words."""

    talk: Discussion
    about: str
    back: str
    action: str
    quoted: str
    quoted_language: str


class ConversationLine(Struct, frozen=True):
    """A conversation in the list of all: what it is about, and where it stands."""

    thread: ThreadView
    about: str
    href: str


class ConversationsPage(Page, frozen=True, kw_only=True):
    """All conversations of a declaration. `who` is the person whose conversations these are, or ""."""

    name: str
    talk: Discussion
    elsewhere: Sequence[ConversationLine]
    action: str
    who: str
    is_resolved: bool
    next: str


class ConversationPages(Controller):
    """The conversations of a declaration."""

    path = "/{forum:str}/{declaration:str}"

    @shows("comments/conversations.html", "/comments", name="conversations", policy=READ_THE_TEXT)
    def conversations(
        self,
        *,
        db: Db,
        work: Work,
        found: ReadableFrame,
        person: FromQuery[UUID | None] = None,
        shown: FromQuery[str] = "",
        cursor: Annotated[str, QueryParameter(max_length=64)] = "",
    ) -> ConversationsPage:
        """About the whole draft, then about everything in it; `?shown=closed`, or those of one `?person=`."""
        is_resolved = shown == "closed"
        service, actor = CommentService(db), reading_actor(db, work)
        seen = service.listed(
            found.declaration,
            actor=actor,
            limit=SHOWN + 1,
            with_person=person,
            is_open=None if person else not is_resolved,
            after=id_after(cursor),
        )
        some = seen[:SHOWN]
        names = _Names(db, found, work)
        about_all = [
            visible_thread
            for visible_thread in some
            if visible_thread.kind is SubjectKind.DECLARATION and not (person or is_resolved)
        ]
        builder = ThreadBuilder(work, found.forum, found.declaration, guests=guests_in(db, some))
        about = SubjectKind.DECLARATION, found.declaration.id
        return ConversationsPage(
            **heading(found, "reading", work=work),
            talk=discussion_of(db, about_all, about=about, forum=found.forum, declaration=found.declaration, work=work),
            elsewhere=[
                ConversationLine(
                    builder.thread(visible_thread),
                    names.of(visible_thread),
                    href_of(work, visible_thread, forum=found.forum.slug, declaration=found.declaration.slug),
                )
                for visible_thread in some
                if visible_thread not in about_all
            ],
            action=work.url_from_here("open_on_draft"),
            who=_person(db, person, seen),
            is_resolved=is_resolved,
            next=str(some[-1].id) if len(seen) > SHOWN else "",
        )

    @post("/comments", name="open_on_draft", policy=SPEAKING)
    def open_on_draft(self, work: Work, forum: Slug, declaration: Slug, data: FormBody[CommentForm]) -> PageOrRedirect:
        """Begin a conversation on the whole draft."""
        back = work.url_for("conversations", forum=forum, declaration=declaration)
        with work.reading() as db:
            found = frame(db, forum, declaration, work=work)
            speaker = Speaker.on(db, work, found.declaration)

        def begin(db: Db, said: Saying) -> CommentThread:
            return CommentService(db).open_on_draft(frame(db, forum, declaration, work=work).declaration, **said)

        return speaker.begun(work, found.place, data, begin, forum=forum, back=back)

    @get("/amendments/{number:int}/comments", name="amendment_comments", policy=READ_AMENDMENTS)
    def about_amendment(
        self, work: Work, forum: Slug, declaration: Slug, number: FromPath[int], part: FromQuery[str] = ""
    ) -> Response[str]:
        """The conversations about an amendment; `?part=1` without the frame of a page, to be put into its own."""
        with work.reading() as db:
            found = frame(db, forum, declaration, work=work)
            amendment = AmendmentService(db).numbered(found.declaration, number, actor=work.actor)
            seen = CommentService(db).about_amendment(amendment, actor=work.actor)
            about = SubjectKind.AMENDMENT, amendment.id
            context = ThreadsPage(
                place=found.place,
                here="amendments",
                talk=discussion_of(db, seen, about=about, forum=found.forum, declaration=found.declaration, work=work),
                about=work.messages.gettext("Amendment %(number)s", number=number),
                back=work.url_for("amendment", forum=forum, declaration=declaration, number=number),
                action=work.request.url.path,
                quoted=amendment.reason,
                quoted_language=amendment.language.value,
            )
        return page(work, _template(part), context)

    @post("/amendments/{number:int}/comments", name="open_on_amendment", policy=SPEAKING)
    def open_on_amendment(
        self, work: Work, forum: Slug, declaration: Slug, number: FromPath[int], data: FormBody[CommentForm]
    ) -> PageOrRedirect:
        """Begin a conversation on an amendment."""
        back = work.url_for("amendment_comments", forum=forum, declaration=declaration, number=number)
        with work.reading() as db:
            place = frame(db, forum, declaration, work=work).place

        def begin(db: Db, said: Saying) -> CommentThread:
            found = frame(db, forum, declaration, work=work)
            amendment = AmendmentService(db).numbered(found.declaration, number, actor=said["actor"])
            return CommentService(db).open_on_amendment(amendment, **said)

        return Speaker(work.actor).begun(work, place, data, begin, forum=forum, back=back)

    @get("/nameable", name="nameable", policy=SPEAKING)
    def nameable(
        self,
        work: Work,
        forum: Slug,
        declaration: Slug,
        starts: Annotated[str, QueryParameter(max_length=100)] = "",
        internal: FromQuery[str] = "",
    ) -> Response[ListOf[str]]:
        """A few names that begin so, for the list beside the field."""
        with work.reading() as db:
            found, actor = frame(db, forum, declaration, work=work), reading_actor(db, work)
            names = MentionService(db).offered(
                found.declaration, starts=starts, is_internal=bool(internal), actor=actor
            )
        return Response(ListOf(items=names), headers=dict(NO_STORE))


class RecommendationTalkPages(Controller):
    """The conversations about a recommendation."""

    path = "/{forum:str}/recommendations/{number:int}/comments"

    @get(name="recommendation_comments", policy="recommendation.read")
    def about_recommendation(
        self, work: Work, forum: Slug, number: FromPath[int], part: FromQuery[str] = ""
    ) -> Response[str]:
        """What is said about a recommendation; `?part=1` without the frame of a page, to be put into its own."""
        with work.reading() as db:
            found = forum_frame(db, forum, work=work)
            recommendation = RecommendationService(db).numbered(found.forum, number, actor=work.actor)
            seen = CommentService(db).about_recommendation(recommendation, actor=work.actor)
            about = SubjectKind.RECOMMENDATION, recommendation.id
            context = ThreadsPage(
                place=header(db, found, work=work),
                here="recommendations",
                talk=discussion_of(db, seen, about=about, forum=found.forum, declaration=None, work=work),
                about=work.messages.gettext("Recommendation %(number)s", number=number),
                back=work.url_for("recommendation", forum=forum, number=number),
                action=work.request.url.path,
                quoted=recommendation.text,
                quoted_language=recommendation.language,
            )
        return page(work, _template(part), context)

    @post(name="open_on_recommendation", policy=SPEAKING)
    def open_on_recommendation(
        self, work: Work, forum: Slug, number: FromPath[int], data: FormBody[CommentForm]
    ) -> PageOrRedirect:
        """Begin a conversation on a recommendation."""
        back = work.url_for("recommendation_comments", forum=forum, number=number)
        with work.reading() as db:
            place = header(db, forum_frame(db, forum, work=work), work=work)

        def begin(db: Db, said: Saying) -> CommentThread:
            where = PeopleService(db).forum(forum)
            recommendation = RecommendationService(db).numbered(where, number, actor=said["actor"])
            return CommentService(db).open_on_recommendation(recommendation, **said)

        return Speaker(work.actor).begun(work, place, data, begin, forum=forum, back=back)


def _template(part: str) -> str:
    return "comments/part.html" if part else "comments/talk.html"


def _person(db: Db, person: UUID | None, seen: Sequence[VisibleThread]) -> str:
    """Their name, for who sees at least one conversation in which they speak or are named."""
    if person is None:
        return ""
    named = existing(db.get(Person, person) if seen else None, "person", person)
    return named.name


class _Names:
    """What the things are called that conversations of a declaration are about."""

    def __init__(self, db: Db, found: Frame, work: Work) -> None:
        self.text = queries.text_in_force(db, found.declaration)
        self.messages = work.messages

    def of(self, visible_thread: VisibleThread) -> str:
        if visible_thread.kind is SubjectKind.AMENDMENT:
            return self.messages.gettext("Amendment %(number)s", number=visible_thread.number)
        name = name_in(self.text, visible_thread.block_id, self.messages)
        return name or self.messages.gettext("The whole text")
