"""Moving a declaration from phase to phase: alone, with a second person, or because its date has come."""

from collections.abc import Callable, Iterator
from datetime import datetime
from functools import partial
from uuid import UUID

from workspace.approvals.models import ApprovalRequest, Matter, Outcome
from workspace.approvals.service import ApprovalService
from workspace.core import clock
from workspace.core.actor import CALENDAR, Actor
from workspace.core.errors import Invalid
from workspace.core.events import StageClosed, publish
from workspace.core.security.conditions import Case
from workspace.core.security.permissions import Phase
from workspace.core.storage import log
from workspace.core.storage.db import Db
from workspace.declarations.domain import policy
from workspace.declarations.domain.approvals import ADOPTION, EMBARGO
from workspace.declarations.domain.models import Deadline, Declaration, Stage
from workspace.declarations.domain.policy import ensure_not_sealed
from workspace.declarations.domain.service import ServiceOnDeclarations

RULES = {rule.matter: rule for rule in (ADOPTION, EMBARGO)}


class PhaseService(ServiceOnDeclarations):
    """Phases, and what takes two people."""

    def __init__(self, db: Db) -> None:
        super().__init__(db)
        self.approvals = ApprovalService(db)

    # Alone

    def move(self, declaration: Declaration, phase: Phase, *, actor: Actor, reason: str = "") -> None:
        """Go one phase forward, or back with a reason: what two people agreed on for the adoption is void then.

        Raises `Invalid` for the step to adoption, which one person asks for and a second one confirms.
        """
        declaration = self.declarations.lock(declaration.id)
        policy.ensure_may_move(actor, declaration, phase, Case(reason=reason))
        if policy.ORDER.index(phase) < policy.ORDER.index(declaration.phase):
            self._forget_adoption(declaration, actor=actor)
        self.declarations.enter(declaration, phase, actor=actor, reason=reason)

    def open_history(self, declaration: Declaration, *, is_open: bool, reason: str, actor: Actor) -> None:
        """Let everybody read the history of a published declaration, or no longer."""
        declaration = self.declarations.lock(declaration.id)
        policy.ensure_may(actor, "history.open", declaration, Case(reason=reason))
        declaration.is_history_open = is_open
        self._record("history.opened" if is_open else "history.closed", declaration, actor=actor, reason=reason)

    # With a second person

    def ask(self, declaration: Declaration, matter: Matter, *, actor: Actor, wanted: bool = True) -> ApprovalRequest:
        """Ask a second person to confirm: the step to adoption, or that an embargo is laid (`wanted`) or lifted.

        The text is pinned as it stands: for the adoption, another text voids what was asked.
        """
        declaration, rule = self.declarations.lock(declaration.id), RULES[matter]
        rule.ensure_may_ask(actor, declaration)
        _ensure_makes_sense(declaration, matter, wanted=wanted)
        revision = self.declarations.freeze(declaration, actor=actor, note=matter.value)
        return self.approvals.ask(rule, declaration, actor=actor, revision_id=revision.id, details={"wanted": wanted})

    def pending(self, declaration: Declaration, matter: Matter) -> ApprovalRequest | None:
        """What waits for a second person; None also when another text has voided it."""
        return self.approvals.valid_request(RULES[matter], declaration)

    def confirm(self, declaration: Declaration, matter: Matter, *, actor: Actor) -> ApprovalRequest:
        """Confirm, as the second person, what somebody has asked for; it is done at once.

        An adoption that has a date waits for it. Raises `NotFound` when nobody has asked.
        """
        declaration = self.declarations.lock(declaration.id)
        request = self.approvals.confirm(RULES[matter], declaration, actor=actor)
        if matter is Matter.EMBARGO:
            ensure_not_sealed(declaration)
            declaration.is_embargoed = request.details["wanted"]
            self.approvals.end(request, Outcome.CONFIRMED, actor=actor)
        elif date_of_adoption(declaration) is None:
            self._adopt(declaration, request, actor=actor, by_itself=False)
        return request

    # Because its date has come

    def follow_calendar(self, declaration_id: UUID) -> int:
        """Open and close what is due, in the order of the dates; returns how much that was.

        What was done once is marked in the calendar, so that neither a second process nor a
        clock that was put back does it again.
        """
        declaration = self.declarations.lock(declaration_id)
        now = clock.now()
        done = 0
        while act := next(self._due(declaration, now), None):
            act()
            done += 1
        return done

    def _due(self, declaration: Declaration, now: datetime) -> Iterator[Callable[[], None]]:
        """What is due, the earliest first; where two things have one moment, closing comes before opening."""
        found: list[tuple[datetime, int, Callable[[], None]]] = []
        for deadline in declaration.deadlines:
            if deadline.closes_at and deadline.closes_at <= now and deadline.closed_at is None:
                found.append((deadline.closes_at, 0, partial(self._close, declaration, deadline, now)))
            if (
                deadline.opens_at
                and deadline.opens_at <= now
                and deadline.opened_at is None
                and self._can_open(declaration, deadline)
            ):
                found.append((deadline.opens_at, 1, partial(self._open, declaration, deadline, now)))
        return (act for _, _, act in sorted(found, key=lambda due: due[:2]))

    def _can_open(self, declaration: Declaration, deadline: Deadline) -> bool:
        """The adoption opens by itself only if two people have agreed on the text that is there now."""
        if deadline.stage is not Stage.ADOPTION or declaration.phase is not Phase.CONSULTATION:
            return True
        request = self.pending(declaration, Matter.ADOPTION)
        return request is not None and request.confirmed_by_id is not None

    def _open(self, declaration: Declaration, deadline: Deadline, now: datetime) -> None:
        """Enter the phase that is dated, and those before it that were left out; one that was passed stays passed."""
        deadline.opened_at = now
        wanted = deadline.stage.phase
        if wanted is None:
            self._record("amendments.opened", declaration, actor=CALENDAR)
            return
        if wanted is Phase.ADOPTION:
            request = self.pending(declaration, Matter.ADOPTION)
            if request is not None and request.confirmed_by_id is not None:
                self._adopt(declaration, request, actor=CALENDAR, by_itself=True)
            return
        here, there = policy.ORDER.index(declaration.phase), policy.ORDER.index(wanted)
        for phase in policy.ORDER[here + 1 : there + 1]:
            self.declarations.enter(declaration, phase, actor=CALENDAR, by_itself=True)

    def _close(self, declaration: Declaration, deadline: Deadline, now: datetime) -> None:
        """Pin the text as it stood when the stage closed. The declaration stays in its phase until the next opens."""
        deadline.closed_at = now
        is_now = deadline.stage.phase in {None, declaration.phase}
        if is_now:
            self.declarations.freeze(declaration, actor=CALENDAR, note=f"{deadline.stage.value}_closed")
        self._record("stage.closed", declaration, actor=CALENDAR, stage=deadline.stage.value)
        if is_now:
            publish(self.db, StageClosed(declaration.id, deadline.stage.value))

    # Parts

    def _adopt(self, declaration: Declaration, request: ApprovalRequest, *, actor: Actor, by_itself: bool) -> None:
        self.approvals.end(request, Outcome.CONFIRMED, actor=actor)
        self.declarations.enter(declaration, Phase.ADOPTION, actor=actor, by_itself=by_itself)

    def _forget_adoption(self, declaration: Declaration, *, actor: Actor) -> None:
        """Or the calendar would open the adoption of a text that the chair has just sent back."""
        request = self.approvals.open_request(ADOPTION, declaration)
        if request is not None:
            self.approvals.end(request, Outcome.VOID, actor=actor)
            self._record("adoption.voided", declaration, actor=actor)

    def _record(self, kind: str, declaration: Declaration, *, actor: Actor, **facts: str | bool) -> None:
        self.db.flush()
        log.record_in(self.db, kind, declaration, actor=actor, **facts)


def date_of_adoption(declaration: Declaration) -> datetime | None:
    """When an adoption that two people agree on now begins; None for at once."""
    dated = declaration.deadline(Stage.ADOPTION)
    if dated is None or dated.opens_at is None or dated.opened_at is not None:
        return None
    return dated.opens_at if dated.opens_at > clock.now() else None


def _ensure_makes_sense(declaration: Declaration, matter: Matter, *, wanted: bool) -> None:
    if matter is Matter.ADOPTION and declaration.phase is not Phase.CONSULTATION:
        now = declaration.phase.name.lower()
        raise Invalid(field="phase", reason="not_next", given=Phase.ADOPTION.name.lower(), now=now)
    if matter is Matter.EMBARGO:
        ensure_not_sealed(declaration)  # a sealed edition keeps its own embargo
    if matter is Matter.EMBARGO and declaration.is_embargoed is wanted:
        raise Invalid(field="wanted", reason="is_so_already")
