"""Forums, as JSON."""

import sqlalchemy as sa
from litestar import Controller, Response
from litestar.di import NamedDependency
from litestar.params import FromPath

from workspace.people.models import Network
from workspace.people.schemas import ForumOut, ForumsOut
from workspace.people.service import PeopleService
from workspace.web.api import answer, reads
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
