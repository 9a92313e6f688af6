"""Phases, dates and what waits for a second person, as programs read and write them."""

from datetime import datetime
from typing import Annotated, Literal
from uuid import UUID

from msgspec import Meta, Struct, convert

from workspace.approvals.models import ApprovalRequest
from workspace.core import clock
from workspace.core.permissions import Phase
from workspace.declarations.deadlines import as_given
from workspace.declarations.models import Deadline, Declaration, Stage
from workspace.declarations.schemas import Reason
from workspace.declarations.windows import window
from workspace.people.schemas import PhaseWord, phase_word

PhaseMatter = Literal["adoption", "embargo"]
Moment = Annotated[str, Meta(max_length=40, examples=["2027-06-12T18:00", "2027-06-12T18:00-03:00"])]


class PhaseIn(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """The phase to go to: one forward, or back with a reason."""

    phase: PhaseWord
    reason: Reason = ""

    def to_phase(self) -> Phase:
        return Phase[self.phase.upper()]


class DeadlineIn(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """When a stage opens and closes, as its zone's clock shows it, or with an offset of its own; empty for no date.

    `zone` is that of the forum where it is empty. `reason` is needed to change dates that were known already.
    """

    opens: Moment = ""
    closes: Moment = ""
    zone: Annotated[str, Meta(max_length=80)] = ""
    reason: Reason = ""


class DeadlineOut(Struct, frozen=True, kw_only=True):
    """The dates of a stage with the offsets they were given with, and when it did open and close."""

    stage: Stage
    zone: str
    opens_at: datetime | None
    closes_at: datetime | None
    opened_at: datetime | None
    closed_at: datetime | None

    @classmethod
    def of(cls, deadline: Deadline) -> "DeadlineOut":
        return cls(
            stage=deadline.stage,
            zone=deadline.zone,
            opens_at=as_given(deadline.opens_at, deadline.opens_offset),
            closes_at=as_given(deadline.closes_at, deadline.closes_offset),
            opened_at=deadline.opened_at,
            closed_at=deadline.closed_at,
        )


class CalendarOut(Struct, frozen=True, kw_only=True):
    """The phase of a declaration and the dates of its stages. After `has_window_closed`, amendments are marked late."""

    phase: PhaseWord
    has_window_opened: bool
    has_window_closed: bool
    items: list[DeadlineOut]

    @classmethod
    def of(cls, declaration: Declaration) -> "CalendarOut":
        filing = window(declaration, clock.now())
        order = list(Stage)
        dated = sorted(declaration.deadlines, key=lambda one: order.index(one.stage))
        return cls(
            phase=phase_word(declaration.phase),
            has_window_opened=filing.has_opened,
            has_window_closed=filing.has_closed,
            items=[DeadlineOut.of(one) for one in dated],
        )


class RequestIn(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """What to ask a second person for. `wanted` is whether there is to be an embargo; for the adoption it is true."""

    matter: PhaseMatter
    wanted: bool = True


class RequestOut(Struct, frozen=True, kw_only=True):
    """What waits for a second person; confirmed already, if it waits for its date only."""

    matter: PhaseMatter
    wanted: bool
    requested_by: UUID
    requested_at: datetime
    is_confirmed: bool

    @classmethod
    def of(cls, request: ApprovalRequest) -> "RequestOut":
        return cls(
            matter=convert(request.matter.value, PhaseMatter),
            wanted=request.details["wanted"],
            requested_by=convert(request.requested_by_id, UUID),
            requested_at=request.requested_at,
            is_confirmed=not request.is_waiting,
        )


class RequestsOut(Struct, frozen=True, kw_only=True):
    """Everything about a declaration that waits for a second person."""

    items: list[RequestOut]


class HistoryIn(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Whether everybody may read the history of a published declaration, and why."""

    is_open: bool
    reason: Reason
