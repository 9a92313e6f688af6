"""Letting one obstacle to publication be: the chair asks with a reason, and a second person confirms.

What can be overridden is a text that is there but that nobody vouches for (stale, unverified, contradicting another
language, not signed), and a name with characters that deceive. A missing text, an open bracket and a reference that
leads nowhere cannot: there would be nothing whole to print. (A paragraph without a text in one language is left out by
a decision of its own.)
"""

from collections.abc import Sequence
from uuid import UUID

from drafts.languages.staleness import State
from workspace.approvals.models import ApprovalRequest
from workspace.approvals.service import ApprovalService
from workspace.core.actor import Actor
from workspace.core.errors import Invalid, NotFound
from workspace.core.storage.db import Db
from workspace.core.validation import needed_reason
from workspace.declarations.domain.models import Declaration
from workspace.declarations.domain.service import ServiceOnDeclarations
from workspace.editions.domain.models import Edition
from workspace.editions.domain.publication import EditionService
from workspace.editions.domain.queries import (
    OVERRIDE,
    Obstacle,
    ObstacleRef,
    details,
    edition_overrides,
    name_obstacle,
    obstacle_ref,
)

LONGEST_OVERRIDE_REASON = 2_000


class OverrideService(ServiceOnDeclarations):
    """Overrides of one declaration."""

    def __init__(self, db: Db) -> None:
        super().__init__(db)
        self.approvals = ApprovalService(db)

    def obstacles(self, declaration: Declaration) -> list[ObstacleRef]:
        """What stops publication now and can be overridden, in the order of the text."""
        service = EditionService(self.db)
        return [
            *(
                ObstacleRef(Obstacle.STATE, blocker.block_id, blocker.language, blocker.state.value)
                for blocker in service.blockers(declaration)
                if blocker.state is not State.MISSING
            ),
            *(
                ObstacleRef(
                    Obstacle.CONTRADICTION, text_finding.block_id, text_finding.language, text_finding.finding.check
                )
                for text_finding in service.contradictions(declaration)
            ),
            *(
                ObstacleRef(Obstacle.SIGNATURE, unsigned.block_id, unsigned.language)
                for unsigned in service.unsigned(declaration)
            ),
            *dict.fromkeys(map(name_obstacle, service.deceiving(declaration))),
        ]

    def open_ones(self, declaration: Declaration) -> list[ApprovalRequest]:
        """Those that wait for a second person or were confirmed, and are not void, in the order of asking."""
        return self.approvals.valid_requests(OVERRIDE, declaration)

    def of_edition(self, edition: Edition) -> Sequence[ApprovalRequest]:
        """Those with which an edition went out: part of its record, open to whoever reads it."""
        return edition_overrides(self.db, edition)

    def ask(self, declaration_id: UUID, obstacle: ObstacleRef, *, reason: str, actor: Actor) -> ApprovalRequest:
        """Ask a second person to let this go out as it is.

        Raises `NotFound` where it does not stop publication (any more), or cannot be overridden, and `Invalid`
        without a reason, or where it has been asked already.
        """
        declaration = self.declarations.lock(declaration_id)
        OVERRIDE.ensure_may_ask(actor, declaration)
        why = needed_reason(reason, LONGEST_OVERRIDE_REASON)
        if any(obstacle_ref(approval_request) == obstacle for approval_request in self.open_ones(declaration)):
            raise Invalid(field="obstacle", reason="asked_already")
        if obstacle not in self.obstacles(declaration):
            raise NotFound(what="obstacle", id=str(obstacle))
        kept = details(self.db, declaration, obstacle)
        return self.approvals.ask(OVERRIDE, declaration, actor=actor, reason=why, details=kept)

    def confirm(self, declaration_id: UUID, override_id: UUID, *, actor: Actor) -> ApprovalRequest:
        """Confirm as the second person: from now on this does not stop publication, as long as the text stays so.

        Raises `NotFound`, and `Invalid` for the one who asked.
        """
        declaration = self.declarations.lock(declaration_id)
        return self.approvals.confirm(OVERRIDE, declaration, actor=actor, request_id=override_id)
