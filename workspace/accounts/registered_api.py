"""Those who registered by themselves and wait for a role, as JSON."""

from collections.abc import Sequence
from uuid import UUID

from litestar import Controller, Response
from litestar.di import NamedDependency
from msgspec import Struct

from workspace.accounts.registered import Registered, RegisteredService
from workspace.core.actor import Role
from workspace.people import policy
from workspace.people.organisations import OrganisationService
from workspace.people.schemas import MandateOut, RoleWord
from workspace.people.service import PeopleService
from workspace.web.api import CREATED, answer, reads, writes
from workspace.web.params import FromPath, JSONBody
from workspace.web.services import Work

POLICY = ("organisation.manage_people", "roles.assign")


class EveryRegisteredOut(Struct, frozen=True, kw_only=True):
    """Everybody who waits for a role, the longest first."""

    items: Sequence[Registered]


class FirstRoleIn(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """The first role of somebody who registered, for an organisation where there is one."""

    role: RoleWord
    organisation_id: UUID | None = None


class RegisteredApi(Controller):
    """Those who came in by themselves."""

    path = "/api/forums/{forum:str}/registered"
    tags = ("People",)

    @reads("/", policy=POLICY)
    def list_registered(self, work: NamedDependency[Work], forum: FromPath[str]) -> Response[EveryRegisteredOut]:
        """List who registered and waits for a role; their addresses are not told."""
        actor = work.actor
        with work.reading() as db:
            where = PeopleService(db).forum(forum)
            policy.ensure_may_give_roles(actor, where)
            waiting = RegisteredService(db).waiting(where, actor=actor)
        return answer(EveryRegisteredOut(items=waiting))

    @writes("/{person_id:uuid}/mandates", status=CREATED, policy=POLICY)
    def give_first_mandate(
        self, work: NamedDependency[Work], forum: FromPath[str], person_id: FromPath[UUID], data: JSONBody[FirstRoleIn]
    ) -> Response[MandateOut]:
        """Give somebody who registered their first role."""
        actor = work.actor
        with work.writing() as db:
            where, of = PeopleService(db).forum(forum), data.organisation_id
            policy.ensure_may_give_roles(actor, where)
            mandate = RegisteredService(db).give_role(
                where,
                person_id,
                role=Role(data.role),
                organisation=OrganisationService(db).get(where, of) if of else None,
                actor=actor,
            )
            given = MandateOut.of(mandate)
        return answer(given)
