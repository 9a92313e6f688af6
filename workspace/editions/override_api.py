"""Overriding what stops publication, as JSON."""

from uuid import UUID

from litestar import Controller, Response
from litestar.di import NamedDependency

from workspace.declarations.api import May, opened, withdraw_request
from workspace.declarations.policy import may_read
from workspace.editions import policy
from workspace.editions.override_rules import OVERRIDE
from workspace.editions.override_schemas import (
    EditionOverridesOut,
    ObstacleOut,
    OverrideIn,
    OverrideOut,
    OverridesOut,
)
from workspace.editions.overriding import OverrideService
from workspace.editions.service import EditionService
from workspace.web.api import DONE, Number, answer, reads, writes
from workspace.web.declining import RefusalIn
from workspace.web.params import FromPath, JSONBody
from workspace.web.services import Work


class OverrideApi(Controller):
    """What two people let go out as it is."""

    path = "/api/declarations/{declaration_id:uuid}"
    tags = ("Editions",)

    @reads("/overrides", policy="edition.preview")
    def list_overrides(self, work: NamedDependency[Work], declaration_id: FromPath[UUID]) -> Response[OverridesOut]:
        """List the overrides that wait for a second person or are confirmed, and what could be overridden."""
        return _listed(work, declaration_id, may=policy.may_preview)

    @writes("/overrides", policy="readiness.override")
    def ask_for_override(
        self, work: NamedDependency[Work], declaration_id: FromPath[UUID], data: JSONBody[OverrideIn]
    ) -> Response[OverrideOut]:
        """Ask a second person to let one thing go out as it is, with a reason that will be public."""
        actor = work.actor
        with work.writing() as db:
            declaration = opened(db, declaration_id, actor=actor)
            service = OverrideService(db)
            made = OverrideOut.of(service.ask(declaration.id, data.named(), reason=data.reason, actor=actor))
        return answer(made)

    @writes("/overrides/{override_id:uuid}/confirmation", status=DONE, policy="request.confirm")
    def confirm_override(
        self, work: NamedDependency[Work], declaration_id: FromPath[UUID], override_id: FromPath[UUID]
    ) -> Response[OverrideOut]:
        """Confirm as the second person: it stops publication no longer, as long as its texts stay as they are."""
        actor = work.actor
        with work.writing() as db:
            declaration = opened(db, declaration_id, actor=actor)
            made = OverrideOut.of(OverrideService(db).confirm(declaration.id, override_id, actor=actor))
        return answer(made)

    @writes("/overrides/{override_id:uuid}/withdrawal", status=DONE, policy=("readiness.override", "request.confirm"))
    def drop_override(
        self, work: NamedDependency[Work], declaration_id: FromPath[UUID], override_id: FromPath[UUID]
    ) -> Response[OverridesOut]:
        """Take back an override of your own, or end one that was confirmed."""
        withdraw_request(work, declaration_id, OVERRIDE, request_id=override_id)
        return _listed(work, declaration_id)

    @writes("/overrides/{override_id:uuid}/refusal", status=DONE, policy=("readiness.override", "request.confirm"))
    def decline_override(
        self,
        work: NamedDependency[Work],
        declaration_id: FromPath[UUID],
        override_id: FromPath[UUID],
        data: JSONBody[RefusalIn],
    ) -> Response[OverridesOut]:
        """Decline an override with a reason, which whoever asked is told."""
        withdraw_request(work, declaration_id, OVERRIDE, reason=data.reason, request_id=override_id)
        return _listed(work, declaration_id)

    @reads("/editions/{number:str}/overrides", policy="edition.read_verify")
    def list_edition_overrides(
        self, work: NamedDependency[Work], declaration_id: FromPath[UUID], number: Number
    ) -> Response[EditionOverridesOut]:
        """List with what an edition went out although it would have stopped publication, and why."""
        actor = work.actor
        with work.reading() as db:
            declaration = opened(db, declaration_id, actor=actor, may=policy.may_read_editions)
            edition = EditionService(db).edition(declaration, number, actor=actor)
            items = [OverrideOut.of(one) for one in OverrideService(db).of_edition(edition)]
            return answer(EditionOverridesOut(items=items))


def _listed(work: Work, declaration_id: UUID, *, may: May = may_read) -> Response[OverridesOut]:
    actor = work.actor
    with work.reading() as db:
        declaration, service = opened(db, declaration_id, actor=actor, may=may), OverrideService(db)
        items = [OverrideOut.of(one) for one in service.open_ones(declaration)]
        return answer(
            OverridesOut(items=items, obstacles=[ObstacleOut.of(one) for one in service.obstacles(declaration)])
        )
