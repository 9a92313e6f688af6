"""What every page of a forum stands in: the forum of its address, and the place for its header."""

from typing import Annotated

from msgspec import Struct

from workspace.core.storage.db import Db
from workspace.people import policy
from workspace.people.models import Forum
from workspace.people.service import PeopleService
from workspace.web.http.request_context import Loads, Slug, Work
from workspace.web.pages import PagePlace


def forum_named(db: Db, forum: Slug) -> Forum:
    """The forum of a route; raises `NotFound`."""
    return PeopleService(db).forum(forum)


InForum = Annotated[Forum, Loads(forum_named)]


class ForumFrame(Struct, frozen=True):
    """The forum of a page. `forum` lives as long as the unit of work; `place` is a plain value for the page."""

    forum: Forum
    place: PagePlace


def forum_frame(db: Db, forum: Slug, *, work: Work) -> ForumFrame:
    """Find the forum of a page; raises `NotFound`. Its header leads to no declaration."""
    found = PeopleService(db).forum(forum)
    work.use_clocks(found.timezone)
    place = PagePlace(
        network=found.network.name.said_in(work.language),
        forum=found.slug,
        forum_name=found.name.said_in(work.language),
        may_in_forum=policy.opened_in(work.actor, found),
    )
    return ForumFrame(found, place)


FrameInForum = Annotated[ForumFrame, Loads(forum_frame)]


def header_place(db: Db, found: ForumFrame, *, work: Work) -> PagePlace:
    """The place of a page of a slice below the declarations: its header leads to the forum's declaration all the same.

    The application says how, as `Site.lead`; without it the header leads to no declaration.
    """
    place: PagePlace = work.site.lead(db, found, work) if work.site.lead else found.place
    return place
