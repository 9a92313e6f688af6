"""The front page: the forums of this workspace."""

from collections.abc import Sequence
from datetime import date
from uuid import UUID

import sqlalchemy as sa
from litestar import Controller, Response, get
from litestar.di import NamedDependency
from msgspec import Struct

from workspace.core.db import Db
from workspace.people.models import Forum, Network
from workspace.people.service import PeopleService
from workspace.web.pages import Page, page
from workspace.web.services import Work


class ForumLine(Struct, frozen=True):
    """One forum in the list. Its words are in the reader's language where it has them."""

    slug: str
    name: str
    network: str
    place: str
    description: str
    starts_on: date | None
    ends_on: date | None

    @classmethod
    def of(cls, forum: Forum, network: Network, language: str) -> "ForumLine":
        return cls(
            slug=forum.slug,
            name=forum.name.said_in(language),
            network=network.name.said_in(language),
            place=forum.place.said_in(language),
            description=forum.description.said_in(language),
            starts_on=forum.starts_on,
            ends_on=forum.ends_on,
        )


class ForumsPage(Page, frozen=True, kw_only=True):
    forums: Sequence[ForumLine]


class ForumPages(Controller):
    """What does not belong to one forum."""

    @get("/", name="forums", sync_to_thread=True, policy="public")
    def forums(self, work: NamedDependency[Work]) -> Response[str]:
        """Every forum, newest first."""
        with work.reading() as db:
            networks = _networks(db)
            lines = [
                ForumLine.of(forum, networks[forum.network_id], work.language) for forum in PeopleService(db).forums()
            ]
        return page(work, "people/forums.html", ForumsPage(forums=lines))


def _networks(db: Db) -> dict[UUID, Network]:
    return {network.id: network for network in db.scalars(sa.select(Network))}
