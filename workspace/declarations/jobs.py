"""What the calendar of declarations does by itself."""

from datetime import timedelta
from uuid import UUID

import sqlalchemy as sa

from workspace.core import clock
from workspace.core.jobs import Job, JobContext
from workspace.core.storage.db import Store
from workspace.declarations.domain.models import Deadline
from workspace.declarations.domain.phase_changes import PhaseService
from workspace.people.emergency_access import end_emergency_access
from workspace.people.guests import end_guest_passes


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
