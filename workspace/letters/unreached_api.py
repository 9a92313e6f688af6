"""Who cannot be reached by mail, as JSON."""

from datetime import datetime
from uuid import UUID

from litestar import Controller, Response
from litestar.di import NamedDependency
from msgspec import Struct

from workspace.core.shapes import filled
from workspace.letters.unreached import Cause, Unreached, UnreachedService
from workspace.people.service import PeopleService
from workspace.web.api import GONE, answer, reads, writes
from workspace.web.params import FromPath
from workspace.web.services import Work


class UnreachedOut(Struct, frozen=True, kw_only=True):
    """An address from which a letter came back for good. `letter` is that letter, and stands for the address here."""

    letter: UUID
    address: str
    person_id: UUID | None
    name: str
    organisation: str
    since: datetime
    code: str
    cause: Cause
    has_account: bool

    @classmethod
    def of(cls, one: Unreached) -> "UnreachedOut":
        return filled(cls, one, letter=one.letter_id)


class UnreachedListOut(Struct, frozen=True):
    """Everybody of a forum who cannot be reached, the latest first."""

    items: list[UnreachedOut]


class UnreachedApi(Controller):
    """Addresses that letters came back from."""

    path = "/api/forums/{forum:str}/letters/unreached"
    tags = ("Letters",)

    @reads("/", policy="organisation.manage_people")
    def list_unreached(self, work: NamedDependency[Work], forum: FromPath[str]) -> Response[UnreachedListOut]:
        """List who of a forum cannot be reached by mail, since when and why.

        For those who look after its people. Such an address gets nothing but links to sign in.
        """
        actor = work.actor
        with work.reading() as db:
            found = UnreachedService(db).listed(forum=PeopleService(db).forum(forum), actor=actor)
        return answer(UnreachedListOut([UnreachedOut.of(one) for one in found]))

    @writes("/{letter_id:uuid}/clearing", status=GONE, policy="organisation.manage_people")
    def write_to_address(
        self, work: NamedDependency[Work], forum: FromPath[str], letter_id: FromPath[UUID]
    ) -> Response[None]:
        """Write to an address again, which is named by the letter that came back from it."""
        actor = work.actor
        with work.writing() as db:
            UnreachedService(db).write_again(letter_id, forum=PeopleService(db).forum(forum), actor=actor)
        return Response(None, status_code=GONE)
