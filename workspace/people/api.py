"""Forums, as JSON."""

import sqlalchemy as sa
from litestar import Controller, Response
from litestar.di import NamedDependency

from workspace.people.models import Network
from workspace.people.schemas import ForumIn, ForumOut, ForumsOut
from workspace.people.service import PeopleService
from workspace.web.api import DONE, answer, reads, writes
from workspace.web.params import FromPath, JSONBody
from workspace.web.services import Work


class ForumApi(Controller):
    """Forums."""

    path = "/api/forums"
    tags = ("Forums",)

    @reads("/", policy="public")
    def list_forums(self, work: NamedDependency[Work]) -> Response[ForumsOut]:
        """List the forums, newest first."""
        with work.reading() as db:
            networks = {network.id: network for network in db.scalars(sa.select(Network))}
            forums = [ForumOut.of(forum, networks[forum.network_id]) for forum in PeopleService(db).forums()]
        return answer(ForumsOut(items=forums))

    @reads("/{forum:str}", policy="public")
    def read_forum(self, work: NamedDependency[Work], forum: FromPath[str]) -> Response[ForumOut]:
        """Read one forum."""
        with work.reading() as db:
            found = PeopleService(db).forum(forum)
            return answer(ForumOut.of(found, found.network))

    @writes("/{forum:str}/description", status=DONE, policy="settings.manage")
    def describe_forum(
        self, work: NamedDependency[Work], forum: FromPath[str], data: JSONBody[ForumIn]
    ) -> Response[ForumOut]:
        """Say anew what the forum is called, where it meets and when; its address stays."""
        actor = work.actor
        with work.writing() as db:
            people = PeopleService(db)
            changed = people.describe(
                people.forum(forum),
                name=data.name,
                description=data.description,
                place=data.place,
                timezone=data.timezone,
                starts_on=data.starts_on,
                ends_on=data.ends_on,
                actor=actor,
            )
            described = ForumOut.of(changed, changed.network)
        return answer(described)
