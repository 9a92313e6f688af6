"""What the calendar of declarations does by itself, and the letters by which a forum hears that one has moved on."""

from datetime import datetime, timedelta
from uuid import UUID

import sqlalchemy as sa

from workspace.core import clock
from workspace.core.actor import Actor, ActorMandate, Role
from workspace.core.events import DeadlineChanged, PhaseMoved, StageClosed
from workspace.core.jobs import Job, JobContext
from workspace.core.security.permissions import Phase, may
from workspace.core.storage.db import Db, Store, new_id
from workspace.declarations.domain.models import Deadline, Declaration, Stage
from workspace.declarations.domain.phase_changes import PhaseService
from workspace.declarations.domain.policy import ORDER
from workspace.declarations.domain.windows import stage_of
from workspace.letters.service import LetterService
from workspace.people.emergency_access import end_emergency_access
from workspace.people.guests import end_guest_passes

NOTICE = "phases"  # what a person switches off in their profile


def tell_of_phase(db: Db, event: PhaseMoved) -> None:
    """Answer to `PhaseMoved`: a letter to everybody who may know of the declaration in its new phase.

    Where it went back, the letter says so, and why.
    """
    declaration = db.get_one(Declaration, event.declaration_id)
    phase = Phase(event.after)
    is_back = ORDER.index(phase) < ORDER.index(Phase(event.before))
    stage = stage_of(phase)
    deadline = declaration.deadline(stage) if stage else None
    closes_at = deadline.closes_at if deadline and deadline.closed_at is None else None
    LetterService(db).announce(
        declaration.forum,
        "phase_returned" if is_back else "phase_moved",
        notice=NOTICE,
        roles=_who_may_know(declaration.forum_id, phase, clock.now()),
        declaration=declaration.name.to_dict(),
        phase=phase.value,
        until=closes_at.isoformat() if closes_at else None,
        path=_where(declaration, phase),
        **({"reason": event.reason} if is_back else {}),
    )


def _where(declaration: Declaration, phase: Phase) -> str:
    """The text, where everybody who takes part may read it; the page of the forum before."""
    forum = f"/{{language}}/{declaration.forum.slug}"
    return forum if ORDER.index(phase) < ORDER.index(Phase.REVIEW) else f"{forum}/{declaration.slug}"


def _who_may_know(forum_id: UUID, phase: Phase, day: datetime) -> frozenset[Role]:
    """The roles to which a declaration in this phase exists at all."""
    return frozenset(role for role in Role if _may_know(role, forum_id, phase, day))


def _may_know(role: Role, forum_id: UUID, phase: Phase, day: datetime) -> bool:
    anyone = Actor(person_id=new_id(), name="", mandates=(ActorMandate(forum_id, role),))
    return may(anyone, "declaration.exists", forum_id=forum_id, phase=phase, day=day)


def tell_of_closing(db: Db, event: StageClosed) -> None:
    """Answer to `StageClosed`: a letter to everybody who may know of the declaration."""
    _tell_of_stage(db, "phase_closed", event.declaration_id, event.stage)


def tell_of_change(db: Db, event: DeadlineChanged) -> None:
    """Answer to `DeadlineChanged`: the new dates and the reason, to everybody who may know of the declaration."""
    _tell_of_stage(db, "deadline_changed", event.declaration_id, event.stage, reason=event.reason)


def _tell_of_stage(db: Db, kind: str, declaration_id: UUID, word: str, **facts: str) -> None:
    declaration = db.get_one(Declaration, declaration_id)
    stage = Stage(word)
    deadline = declaration.deadline(stage)
    closes_at = deadline.closes_at if deadline else None
    LetterService(db).announce(
        declaration.forum,
        kind,
        notice=NOTICE,
        roles=_who_may_know(declaration.forum_id, declaration.phase, clock.now()),
        declaration=declaration.name.to_dict(),
        phase=stage.phase.value if stage.phase else stage.value,
        until=closes_at.isoformat() if closes_at else None,
        path=f"/{{language}}/{declaration.forum.slug}/{declaration.slug}/calendar",
        **facts,
    )


def move_due_phases(store: Store) -> int:
    """Open and close everything whose date has come, each declaration in a unit of its own; returns how much.

    Safe to run again and by several processes at once: whoever comes second finds it done.
    """
    done = 0
    for declaration_id in _due(store):
        with store.writing() as db:
            done += PhaseService(db).follow_calendar(declaration_id)
    return done


def _due(store: Store) -> list[UUID]:
    now = clock.now()
    opening = sa.and_(Deadline.opens_at <= now, Deadline.opened_at.is_(None))
    closing = sa.and_(Deadline.closes_at <= now, Deadline.closed_at.is_(None))
    with store.reading() as db:
        return list(db.scalars(sa.select(Deadline.declaration_id).where(sa.or_(opening, closing)).distinct()))


def _run(shift: JobContext) -> None:
    move_due_phases(shift.store)
    end_emergency_access(shift.store)
    end_guest_passes(shift.store)


MOVE_DUE_PHASES = Job("move_due_phases", every=timedelta(seconds=15), run=_run)
