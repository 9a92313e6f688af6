"""One's own notices in a browser, and what one follows."""

from collections.abc import Sequence
from typing import Annotated
from uuid import UUID

from litestar import Controller, Response, get, post
from litestar.di import NamedDependency
from litestar.params import QueryParameter
from msgspec import Struct

from workspace.core.actor import Actor
from workspace.core.errors import NotFound
from workspace.notices.following import FollowLine, follow_lines
from workspace.notices.models import FollowKind
from workspace.notices.service import FollowService, NoticeService, count_unread
from workspace.notices.views import NoticeLine, Teller
from workspace.web.i18n import N_
from workspace.web.pages import Page, page, redirect
from workspace.web.paging import id_after
from workspace.web.params import FromPath, URLEncodedBody
from workspace.web.route_policies import OWN
from workspace.web.services import Work
from workspace.web.sign_ins import SignInNeeded

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
    lines: Sequence[NoticeLine]
    next: str


class FollowingPage(Page, frozen=True, kw_only=True):
    lines: Sequence[FollowLine]


class NoticePages(Controller):
    """What one was told."""

    path = "/notices"

    @get(name="notices", sync_to_thread=True, policy=OWN)
    def notices(
        self, work: NamedDependency[Work], cursor: Annotated[str, QueryParameter(max_length=64)] = ""
    ) -> Response[str]:
        """The newest first."""
        actor = _somebody(work)
        with work.reading() as db:
            found = NoticeService(db).listed(actor=actor, limit=SHOWN + 1, after=id_after(cursor))
            teller = Teller(db, work, found)
            context = NoticesPage(
                unread=count_unread(db, actor),
                lines=[teller.line(one) for one in found[:SHOWN]],
                next=str(found[SHOWN - 1].id) if len(found) > SHOWN else "",
            )
        return page(work, "notices/list.html", context)

    @post("/reading", name="read_notices", sync_to_thread=True, policy=OWN)
    def read_all(self, work: NamedDependency[Work]) -> Response[None]:
        """Note that all have been read."""
        actor = work.actor
        with work.writing() as db:
            NoticeService(db).read_all(actor=actor)
        return redirect(work, work.url_for("notices"), said=work.messages.gettext("All notices are marked as read."))

    @get("/{notice_id:uuid}", name="follow_notice", sync_to_thread=True, policy=OWN)
    def follow_notice(self, work: NamedDependency[Work], notice_id: FromPath[UUID]) -> Response[None]:
        """The link in a letter: where the notice leads. It stays unread, because mail programs follow links, too."""
        actor = _somebody(work)
        with work.reading() as db:
            notice = NoticeService(db).found(notice_id, actor=actor)
            href = Teller(db, work, [notice]).line(notice).href
        return redirect(work, href or work.url_for("notices"))

    @post("/{notice_id:uuid}", name="open_notice", sync_to_thread=True, policy=OWN)
    def open(self, work: NamedDependency[Work], notice_id: FromPath[UUID]) -> Response[None]:
        """Note that one has been read, and go where it leads."""
        actor = work.actor
        with work.writing() as db:
            notice = NoticeService(db).read(notice_id, actor=actor)
            href = Teller(db, work, [notice]).line(notice).href
        return redirect(work, href or work.url_for("notices"))


class FollowingPages(Controller):
    """What one follows."""

    path = "/following"

    @get(name="following", sync_to_thread=True, policy=OWN)
    def following(self, work: NamedDependency[Work]) -> Response[str]:
        """Everything, the newest first."""
        actor = _somebody(work)
        with work.reading() as db:
            context = FollowingPage(lines=follow_lines(db, work, FollowService(db).followed(actor=actor)))
        return page(work, "notices/following.html", context)

    @post(name="follow", sync_to_thread=True, policy=OWN)
    def follow(self, work: NamedDependency[Work], data: URLEncodedBody[FollowForm]) -> Response[None]:
        """Follow something, or follow it no more."""
        actor, (kind, subject_id) = work.actor, data.subject()
        with work.writing() as db:
            service = FollowService(db)
            if data.act == "end":
                service.unfollow(kind, subject_id, actor=actor)
            else:
                service.follow(kind, subject_id, actor=actor)
        say = work.messages.gettext
        said = (
            say(N_("You follow it no more.")) if data.act == "end" else say(N_("You are told of what happens to it."))
        )
        return redirect(work, data.back or work.url_for("following"), said=said)


def _somebody(work: Work) -> Actor:
    """Whoever has signed in; raises `SignInNeeded`: letters lead here, and a sign-in may have ended meanwhile."""
    if work.actor.person_id is None:
        raise SignInNeeded
    return work.actor
