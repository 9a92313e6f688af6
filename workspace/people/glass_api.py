"""Breaking the glass, as JSON."""

from datetime import datetime
from typing import Annotated
from uuid import UUID

from litestar import Controller, Response
from litestar.di import NamedDependency
from msgspec import Meta, Struct

from workspace.core.shapes import filled
from workspace.people.glass import GlassService
from workspace.people.models import LentRight
from workspace.people.service import PeopleService
from workspace.web.api import DONE, answer, reads, writes
from workspace.web.params import FromPath, JSONBody
from workspace.web.services import Work


class GlassIn(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Why the texts have to be seen."""

    reason: Annotated[str, Meta(max_length=2_000)]


class LentOut(Struct, frozen=True, kw_only=True):
    """A right that is lent now: to whom, why, since when and until when."""

    id: UUID
    person: str
    reason: str
    opened_at: datetime
    until: datetime

    @classmethod
    def of(cls, lent: LentRight) -> "LentOut":
        return filled(cls, lent, person=lent.person.name)


class LentRightsOut(Struct, frozen=True, kw_only=True):
    """What is open in a forum now."""

    items: list[LentOut]


class GlassApi(Controller):
    """Rights that an administrator lends themselves for an hour."""

    path = "/api/forums/{forum:str}/lent-rights"
    tags = ("Forums",)

    @reads("", policy="breakglass.read")
    def list_lent_rights(self, work: NamedDependency[Work], forum: FromPath[str]) -> Response[LentRightsOut]:
        """List who sees the texts of the forum by breaking the glass, and why; empty for whom it does not concern."""
        actor = work.actor
        with work.reading() as db:
            opened = GlassService(db).opened(PeopleService(db).forum(forum), actor=actor)
            return answer(LentRightsOut(items=[LentOut.of(one) for one in opened]))

    @writes("", policy="breakglass.open")
    def break_glass(
        self, work: NamedDependency[Work], forum: FromPath[str], data: JSONBody[GlassIn]
    ) -> Response[LentOut]:
        """See the texts of the forum for an hour. The chair and the secretariat are told."""
        actor = work.actor
        with work.writing() as db:
            lent = GlassService(db).open(PeopleService(db).forum(forum), reason=data.reason, actor=actor)
            made = LentOut.of(lent)
        return answer(made)

    @writes("/{lent_id:uuid}/end", status=DONE, policy="breakglass.close")
    def end_lent_right(
        self, work: NamedDependency[Work], forum: FromPath[str], lent_id: FromPath[UUID]
    ) -> Response[LentRightsOut]:
        """End it now; what is still open comes back."""
        actor = work.actor
        with work.writing() as db:
            service, where = GlassService(db), PeopleService(db).forum(forum)
            service.close(where, lent_id, actor=actor)
            left = LentRightsOut(items=[LentOut.of(one) for one in service.opened(where, actor=actor)])
        return answer(left)
