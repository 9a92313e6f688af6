"""Whether something can still be filed: the window for amendments, read from the dates of a declaration."""

from datetime import datetime
from functools import cache

from msgspec import Struct

from workspace.core.security.permissions import Phase
from workspace.declarations.domain.models import Deadline, Declaration, Stage


class Window(Struct, frozen=True):
    """Before it opens nothing is taken; after it has closed, what comes is taken and marked late."""

    has_opened: bool
    has_closed: bool

    @property
    def is_open(self) -> bool:
        return self.has_opened and not self.has_closed


def window(declaration: Declaration, now: datetime) -> Window:
    """The window for amendments at `now`: its own dates, or else the closing of the phase; without any it is open.

    What was opened or closed once stays so when a clock is put back.
    """
    planned = declaration.deadline(Stage.AMENDMENTS)
    if planned is not None:
        return Window(_has_opened(planned, now), _has_closed(planned, now))
    stage = stage_of(declaration.phase)
    of_phase = declaration.deadline(stage) if stage else None
    return Window(has_opened=True, has_closed=of_phase is not None and _has_closed(of_phase, now))


@cache
def stage_of(phase: Phase) -> Stage | None:
    """The stage that dates this phase, if it is one that can have dates."""
    return next((stage for stage in Stage if stage.phase is phase), None)


def open_until(declaration: Declaration, now: datetime) -> Deadline | None:
    """The next closing of what is open now: the phase, or the window inside it."""
    found = [
        deadline
        for deadline in declaration.deadlines
        if deadline.closes_at
        and deadline.closes_at > now
        and deadline.closed_at is None
        and (
            deadline.stage.phase is declaration.phase
            or (deadline.stage is Stage.AMENDMENTS and is_filing(declaration.phase) and _has_opened(deadline, now))
        )
    ]
    return min(found, key=lambda deadline: deadline.closes_at or now, default=None)


def is_filing(phase: Phase) -> bool:
    """Whether the window for amendments matters in this phase; its dates may lie around others, too."""
    return phase in {Phase.REVIEW, Phase.CONSULTATION}


def note_move(declaration: Declaration, before: Phase, now: datetime) -> None:
    """Note in the calendar that one phase was left and another entered, whoever did it, and by whatever date.

    Going back opens what has not reached its closing date; what has reached it stays closed until it is extended.
    """
    order = list(Phase)
    left, entered = stage_of(before), stage_of(declaration.phase)
    is_forward = order.index(before) < order.index(declaration.phase)
    if left and is_forward and (deadline := declaration.deadline(left)):
        deadline.closed_at = deadline.closed_at or now
    if entered and (deadline := declaration.deadline(entered)):
        deadline.opened_at = deadline.opened_at or now
        if not is_forward and (deadline.closes_at is None or now < deadline.closes_at):
            deadline.closed_at = None


def _has_opened(deadline: Deadline, now: datetime) -> bool:
    return deadline.opened_at is not None or deadline.opens_at is None or deadline.opens_at <= now


def _has_closed(deadline: Deadline, now: datetime) -> bool:
    return deadline.closed_at is not None or (deadline.closes_at is not None and deadline.closes_at <= now)
