"""A request for approval as pages show it; its forms are in `macros/requests.html`."""

from collections.abc import Callable
from datetime import datetime
from uuid import UUID

from msgspec import Struct

from workspace.approvals.models import ApprovalRequest
from workspace.approvals.service import Rule, Subject
from workspace.core.actor import Actor


class RequestView(Struct, frozen=True):
    """Who asked ("" for the operator), when, who has confirmed it (""), and what the reader can do about it."""

    id: UUID
    asked_by: str
    asked_at: datetime
    confirmed_by: str
    is_mine: bool
    may_confirm: bool
    may_end: bool  # take it back, or decline it where that `declines` it
    declines: bool


def request_view(
    rule: Rule[Subject],
    subject: Subject,
    request: ApprovalRequest,
    *,
    actor: Actor,
    local: Callable[[datetime], datetime],
) -> RequestView:
    """One request for one reader; moments as `local` has them, the clock of the forum's place."""
    return RequestView(
        id=request.id,
        asked_by=request.requested_by.name if request.requested_by else "",
        asked_at=local(request.requested_at),
        confirmed_by=request.confirmed_by.name if request.confirmed_by else "",
        is_mine=request.requested_by_id is not None and request.requested_by_id == actor.person_id,
        may_confirm=request.is_waiting and rule.may_confirm(actor, subject, request),
        may_end=rule.may_end(actor, subject, request),
        declines=rule.declines(actor, request),
    )
