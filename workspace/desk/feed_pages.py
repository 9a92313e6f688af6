"""One's own address of the programme for a calendar program: made, revoked, and answered to whoever knows it."""

from datetime import datetime

from litestar import Controller, Response, get, post
from litestar.di import NamedDependency
from msgspec import Struct

from workspace.core.db import Db
from workspace.core.errors import NotFound
from workspace.declarations.frame import header
from workspace.desk.calendars import calendar_answer
from workspace.people.frame import forum_frame
from workspace.people.service import PeopleService
from workspace.sessions import policy
from workspace.sessions.feeds import FeedService
from workspace.web.pages import Page, page, redirect
from workspace.web.params import FromPath, URLEncodedBody
from workspace.web.route_policies import PUBLIC
from workspace.web.services import Work


class FeedPage(Page, frozen=True, kw_only=True):
    """`address` is there once, right after it was made; `made_at` says since when there is one."""

    address: str
    made_at: datetime | None


class FeedForm(Struct, frozen=True):
    act: str = ""


class FeedPages(Controller):
    """The calendar address of a reader."""

    path = "/{forum:str}/calendar-address"

    @get(name="calendar_address", sync_to_thread=True, policy="session.read")
    def show(self, work: NamedDependency[Work], forum: FromPath[str]) -> Response[str]:
        """Whether one has an address, and what it is for."""
        with work.reading() as db:
            context = _page(db, forum, "", work)
        return page(work, "sessions/calendar_address.html", context)

    @post(name="change_calendar_address", sync_to_thread=True, policy="session.read", status_code=200)
    def change(
        self, work: NamedDependency[Work], forum: FromPath[str], data: URLEncodedBody[FeedForm]
    ) -> Response[str] | Response[None]:
        """Make a new address, which is shown this once, or revoke the one there is."""
        actor = work.actor
        if data.act == "revoke":
            with work.writing() as db:
                FeedService(db).revoke(PeopleService(db).forum(forum), actor=actor)
            said = work.messages.gettext("The address opens nothing any more.")
            return redirect(work, work.url_for("calendar_address", forum=forum), said=said)
        with work.writing() as db:
            secret = FeedService(db).make(PeopleService(db).forum(forum), actor=actor)
        with work.reading() as db:
            context = _page(db, forum, secret, work)
        return page(work, "sessions/calendar_address.html", context)

    @get("/{secret:str}", name="own_calendar", sync_to_thread=True, policy=PUBLIC)
    def calendar(self, work: NamedDependency[Work], forum: FromPath[str], secret: FromPath[str]) -> Response[bytes]:
        """The programme as the owner of the address may read it now; whoever has the address is the owner."""
        with work.reading() as db:
            where = PeopleService(db).forum(forum)
            return calendar_answer(db, where, work, reader=FeedService(db).owner(where, secret))


def _page(db: Db, forum: str, secret: str, work: Work) -> FeedPage:
    found = forum_frame(db, forum, work=work)
    if work.actor.person_id is None or not policy.may_read(work.actor, found.forum):
        raise NotFound(what="calendar", id="")
    feed = FeedService(db).of(found.forum, actor=work.actor)
    base = str(work.request.base_url).rstrip("/")
    return FeedPage(
        place=header(db, found, work=work),
        here="sessions",
        address=base + work.url_for("own_calendar", forum=forum, secret=secret) if secret else "",
        made_at=feed.made_at if feed else None,
    )
