"""One's own notices and what one follows, in a browser and as JSON."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from datetime import datetime
from functools import cached_property
from typing import Annotated, Literal
from uuid import UUID

import sqlalchemy as sa
from litestar import Controller, Response
from litestar.params import QueryParameter
from msgspec import Struct

from workspace.amendments.domain.models import Amendment
from workspace.comments.models import CommentThread
from workspace.comments.queries import Conversations, VisibleThread
from workspace.core import instruments
from workspace.core.actor import Actor
from workspace.core.errors import NotFound
from workspace.core.shapes import Shape
from workspace.core.storage.db import Db, Model, Trilingual
from workspace.declarations.domain import queries
from workspace.declarations.domain.models import BlockRecord, Declaration
from workspace.declarations.labels import excerpt, name_in
from workspace.notices import policy
from workspace.notices.models import Follow, FollowKind, NoticeKind
from workspace.notices.service import MODELS, FollowService, NoticeService, count_unread
from workspace.notices.views import NoticeDay, NoticeWriter, by_day
from workspace.people.models import Forum
from workspace.recommendations.models import Recommendation
from workspace.sessions.models import Session
from workspace.web.api import DONE, Cursor, Limit, ListOf, id_after, list_page, reads, writes
from workspace.web.http.guards import OWN
from workspace.web.http.request_context import Body, FormBody, FromQuery, PathId, Work
from workspace.web.http.routing import get
from workspace.web.http.sign_ins import require_somebody
from workspace.web.i18n.marking import N_
from workspace.web.pages import Done, Page, redirect, shows, takes

KindWord = Literal["forum", "declaration", "paragraph", "amendment", "recommendation", "session", "thread"]


class FollowIn(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Something to follow, or to follow no more."""

    kind: KindWord
    id: UUID


class FollowOut(Struct, frozen=True, kw_only=True):
    """Something that is followed."""

    kind: KindWord
    id: UUID
    since: datetime

    @classmethod
    def of(cls, follow: Follow) -> "FollowOut":
        return cls(kind=follow.kind.value, id=follow.subject_id, since=follow.since)


class NoticeOut(Shape, frozen=True, kw_only=True):
    """One thing that somebody was told, by ids. `read_at` is null until they have read it.

    `word` is what a kind needs besides: the letter of a phase, the word of a stage of the calendar or of a task.
    """

    id: UUID
    kind: NoticeKind
    word: str
    forum_id: UUID
    declaration_id: UUID | None
    block_id: UUID | None
    revision_id: UUID | None
    amendment_id: UUID | None
    decision_id: UUID | None
    thread_id: UUID | None
    comment_id: UUID | None
    question_id: UUID | None
    recommendation_id: UUID | None
    by_id: UUID | None
    made_at: datetime
    read_at: datetime | None


class NoticesOut(Struct, frozen=True, kw_only=True):
    """A page of notices, the newest first. `unread` counts all; `next` is the cursor of the page after it."""

    items: list[NoticeOut]
    unread: int
    next: str | None = None


class ReadOut(Struct, frozen=True, kw_only=True):
    """How many notices had not been read."""

    read: int


class NoticeApi(Controller):
    """One's own notices, and what one follows."""

    path = "/api"
    tags = ("Notices",)

    @reads("/notices", policy=OWN)
    def list_notices(
        self, db: Db, actor: Actor, *, unread_only: FromQuery[bool] = False, cursor: Cursor = "", limit: Limit = 50
    ) -> NoticesOut:
        """List what one was told, the newest first."""
        found = NoticeService(db).listed(actor=actor, limit=limit + 1, after=id_after(cursor), unread_only=unread_only)
        page = list_page(found, cursor=lambda notice: notice.id, limit=limit)
        items = [NoticeOut.of(notice) for notice in page.items]
        return NoticesOut(items=items, unread=count_unread(db, actor), next=page.next)

    @writes("/notices/{notice_id:uuid}/reading", status=DONE, policy=OWN)
    def read_notice(self, db: Db, actor: Actor, notice_id: PathId) -> NoticeOut:
        """Note that a notice has been read."""
        return NoticeOut.of(NoticeService(db).read(notice_id, actor=actor))

    @writes("/notices/reading", status=DONE, policy=OWN)
    def read_all_notices(self, db: Db, actor: Actor) -> ReadOut:
        """Note that all notices have been read."""
        return ReadOut(read=NoticeService(db).read_all(actor=actor))

    @reads("/following", policy=OWN)
    def list_followed(self, db: Db, actor: Actor) -> ListOf[FollowOut]:
        """List what one follows, the newest first."""
        return ListOf(items=[FollowOut.of(follow) for follow in FollowService(db).followed(actor=actor)])

    @writes("/following", policy=OWN)
    def follow(self, db: Db, actor: Actor, data: Body[FollowIn]) -> FollowOut:
        """Be told of what happens to something from now on."""
        return FollowOut.of(FollowService(db).follow(FollowKind(data.kind), data.id, actor=actor))

    @writes("/following/end", status=DONE, policy=OWN)
    def unfollow(self, db: Db, actor: Actor, data: Body[FollowIn]) -> ListOf[FollowOut]:
        """Be told of something no more; answers with what one still follows."""
        service = FollowService(db)
        service.unfollow(FollowKind(data.kind), data.id, actor=actor)
        return ListOf(items=[FollowOut.of(follow) for follow in service.followed(actor=actor)])


BEGUN = N_("Comments begun by %(who)s")
NO_LONGER_OPEN = N_("No longer open to you.")


class FollowLine(Struct, frozen=True, kw_only=True):
    """One thing that somebody follows. `href` is "" for what is no longer open to them.

    `words` are the first ones of a conversation, in `language`, or "".
    """

    kind: str
    subject_id: UUID
    name: str
    about: str = ""
    href: str = ""
    words: str = ""
    language: str = ""


def follow_lines(db: Db, work: Work, follows: Sequence[Follow]) -> list[FollowLine]:
    """What these lines of the store are called."""
    namer = _Namer(db, work, follows)
    return [namer.line(follow) for follow in follows]


class _Namer:
    """Finds the names of what one reader follows."""

    def __init__(self, db: Db, work: Work, follows: Sequence[Follow]) -> None:
        self.db = db
        self.work = work
        self.follows = follows
        wanted = [follow.subject_id for follow in follows if follow.kind is FollowKind.THREAD]
        self.threads = Conversations(db).among(wanted, actor=work.actor)
        self.say: Callable[..., str] = work.messages.gettext
        self.at: Callable[..., str] = work.url_for

    @cached_property
    def subjects(self) -> Mapping[UUID, Model]:
        """Everything that is followed, by id, and the declarations of it."""
        found: dict[UUID, Model] = {}
        for kind, model in MODELS.items():
            found.update(self._rows(model, [follow.subject_id for follow in self.follows if follow.kind is kind]))
        of = {getattr(row, "declaration_id", None) for row in found.values()}
        found.update(self._rows(Declaration, [declaration_id for declaration_id in of if declaration_id]))
        return found

    def _rows(self, model: type[Model], ids: Sequence[UUID]) -> Mapping[UUID, Model]:
        key = sa.inspect(model).primary_key[0]
        return {row[0]: row[1] for row in self.db.execute(sa.select(key, model).where(key.in_(ids)))} if ids else {}

    def line(self, follow: Follow) -> FollowLine:
        subject = self.subjects.get(follow.subject_id)
        forum = None
        if isinstance(subject, policy.Followable):
            forum = policy.forum_open_to(self.db, self.work.actor, subject)
        gone = FollowLine(kind=follow.kind.value, subject_id=follow.subject_id, name=self.say(NO_LONGER_OPEN))
        if forum is None:
            return gone
        with instruments.named(forum.labels):
            if isinstance(subject, CommentThread):
                seen = self.threads.get(subject.id)
                return self._conversation(subject, seen, forum) if seen else gone
            name, about, href = self._named(forum, subject)
        return FollowLine(kind=follow.kind.value, subject_id=follow.subject_id, name=name, about=about, href=href)

    def _named(self, forum: Forum, subject: object) -> tuple[str, str, str]:
        of_forum = self._said(forum.name)
        match subject:
            case Declaration():
                return self._said(subject.name), of_forum, self._href("reading", subject)
            case BlockRecord():
                declaration = self._declaration(subject.declaration_id)
                name = self._paragraph(declaration, subject.id) or self.say(N_("A removed paragraph"))
                return name, self._said(declaration.name), self._href("paragraph", declaration, block_id=subject.id)
            case Amendment():
                declaration = self._declaration(subject.declaration_id)
                name = self.say(N_("Amendment %(number)s"), number=subject.number)
                return name, self._said(declaration.name), self._href("amendment", declaration, number=subject.number)
            case Recommendation():
                name = self.say(N_("Recommendation %(number)s"), number=subject.number)
                return name, of_forum, self.at("recommendation", forum=forum.slug, number=subject.number)
            case Session():
                return subject.title, of_forum, self.at("session", forum=forum.slug, session_id=subject.id)
            case _:
                return of_forum, "", self.at("forum", forum=forum.slug)

    def _conversation(self, thread: CommentThread, seen: VisibleThread, forum: Forum) -> FollowLine:
        first = next((comment for comment in seen.comments if comment.text), None)
        begun = {"who": first.author} if first and first.author else {}
        return FollowLine(
            kind=FollowKind.THREAD.value,
            subject_id=thread.id,
            name=self.say(BEGUN, **begun) if begun else self.say(N_("Comments")),
            about=" · ".join(part for part in self._where(thread, seen, forum) if part),
            href=self.at("thread", forum=forum.slug, thread_id=thread.id),
            words=excerpt(" ".join(first.text.split())) if first else "",
            language=first.language.value if first else "",
        )

    def _where(self, thread: CommentThread, seen: VisibleThread, forum: Forum) -> Iterator[str]:
        """The declaration, or the forum, and what of it the conversation is about."""
        if thread.declaration_id is None:
            yield self._said(forum.name)
            yield self.say("Recommendation %(number)s", number=seen.number)
            return
        declaration = self._declaration(thread.declaration_id)
        yield self._said(declaration.name)
        if thread.block_id is not None:
            yield self._paragraph(declaration, thread.block_id)
        elif seen.number is not None:
            yield self.say("Amendment %(number)s", number=seen.number)

    def _paragraph(self, declaration: Declaration, block_id: UUID) -> str:
        return name_in(queries.text_in_force(self.db, declaration), block_id, self.work.messages)

    def _declaration(self, declaration_id: UUID) -> Declaration:
        found = self.subjects.get(declaration_id)
        return found if isinstance(found, Declaration) else self.db.get_one(Declaration, declaration_id)

    def _href(self, name: str, declaration: Declaration, **values: object) -> str:
        return self.at(name, forum=declaration.forum.slug, declaration=declaration.slug, **values)

    def _said(self, name: Trilingual) -> str:
        return name.said_in(self.work.language)


SHOWN = 50  # notices on one page


class FollowForm(Struct, frozen=True):
    """What to follow, whether (`act` is "follow" or "end"), and the page to come back to."""

    kind: str = ""
    id: str = ""
    act: str = ""
    back: str = ""

    def subject(self) -> tuple[FollowKind, UUID]:
        """Raises `NotFound` for what cannot be followed."""
        try:
            return FollowKind(self.kind), UUID(self.id)
        except ValueError as error:
            raise NotFound(what=self.kind[:20], id=self.id[:40]) from error


class NoticesPage(Page, frozen=True, kw_only=True):
    unread: int
    days: Sequence[NoticeDay]
    next: str


class FollowingPage(Page, frozen=True, kw_only=True):
    lines: Sequence[FollowLine]


class NoticePages(Controller):
    """What one was told."""

    path = "/notices"

    @shows("notices/list.html", name="notices", policy=OWN)
    def notices(self, db: Db, work: Work, cursor: Annotated[str, QueryParameter(max_length=64)] = "") -> NoticesPage:
        """The newest first."""
        actor = require_somebody(work.actor)
        found = NoticeService(db).listed(actor=actor, limit=SHOWN + 1, after=id_after(cursor))
        teller = NoticeWriter(db, work, found)
        return NoticesPage(
            unread=count_unread(db, actor),
            days=list(by_day(teller.line(notice) for notice in found[:SHOWN])),
            next=str(found[SHOWN - 1].id) if len(found) > SHOWN else "",
        )

    @takes("/reading", name="read_notices", policy=OWN)
    def read_all(self, db: Db, work: Work, actor: Actor) -> Done:
        """Note that all have been read."""
        NoticeService(db).read_all(actor=actor)
        return Done("notices", work.messages.gettext("All notifications marked as read."))

    @get("/{notice_id:uuid}", name="follow_notice", policy=OWN)
    def follow_notice(self, work: Work, notice_id: PathId) -> Response[None]:
        """The link in a letter: where the notice leads. It stays unread, because mail programs follow links, too."""
        actor = require_somebody(work.actor)
        with work.reading() as db:
            notice = NoticeService(db).found(notice_id, actor=actor)
            href = NoticeWriter(db, work, [notice]).line(notice).href
        return redirect(work, href or work.url_for("notices"))

    @takes("/{notice_id:uuid}", name="open_notice", policy=OWN)
    def open(self, db: Db, work: Work, actor: Actor, notice_id: PathId) -> Done:
        """Note that one has been read, and go where it leads."""
        notice = NoticeService(db).read(notice_id, actor=actor)
        return Done("notices", back=NoticeWriter(db, work, [notice]).line(notice).href)


class FollowingPages(Controller):
    """What one follows."""

    path = "/following"

    @shows("notices/following.html", name="following", policy=OWN)
    def following(self, db: Db, work: Work) -> FollowingPage:
        """Everything, the newest first."""
        actor = require_somebody(work.actor)
        return FollowingPage(lines=follow_lines(db, work, FollowService(db).followed(actor=actor)))

    @takes(name="follow", policy=OWN)
    def follow(self, db: Db, work: Work, actor: Actor, data: FormBody[FollowForm]) -> Done:
        """Follow something, or follow it no more."""
        service, (kind, subject_id) = FollowService(db), data.subject()
        if data.act == "end":
            service.unfollow(kind, subject_id, actor=actor)
            return Done("following", work.messages.gettext("No longer followed."), back=data.back)
        service.follow(kind, subject_id, actor=actor)
        return Done("following", work.messages.gettext("Followed."), back=data.back)
