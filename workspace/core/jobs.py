"""What the program does by itself, every so often: a list of jobs, and the worker that runs them one after another.

A job opens its own units of work and can be run again at any moment, by any process: one that
must not run in two places at once (`is_alone`) is claimed in the database first. What goes
wrong in one job is logged and keeps no other from running.
"""

import logging
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from threading import Event

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column

from workspace.core import clock
from workspace.core.db import Model, Store
from workspace.core.errors import UnderMaintenance
from workspace.core.settings import Settings

logger = logging.getLogger("workspace.jobs")

LEASE = timedelta(minutes=10)  # after that, whoever claimed a job and was never heard of again is taken for dead
LOOKS_EVERY = timedelta(seconds=60)  # how often a job that several processes share is looked at


class JobRun(Model):
    """When a job that runs alone was begun last, and until when its process keeps it from the others."""

    __tablename__ = "job_run"

    name: Mapped[str] = mapped_column(primary_key=True)
    began_at: Mapped[datetime]
    held_until: Mapped[datetime | None]


@dataclass(frozen=True, slots=True)
class Shift:
    """What a job works with. A long job asks `is_over()` between two steps, and leaves the rest for the next time."""

    store: Store
    settings: Settings
    stop: Event = field(default_factory=Event)

    def is_over(self) -> bool:
        return self.stop.is_set()


@dataclass(frozen=True, slots=True)
class Job:
    """Something to do every so often.

    `is_alone`: by one process at a time, and not sooner than `every` after the last time, whichever process that
    was. Otherwise every process runs it, and it is safe for several at once by itself.
    """

    name: str
    every: timedelta
    run: Callable[[Shift], object]
    is_alone: bool = False


class Worker:
    """Runs jobs in the thread that calls it."""

    def __init__(self, shift: Shift, jobs: Sequence[Job]) -> None:
        self.shift = shift
        self.jobs = jobs

    def work(self) -> None:
        """Run each job whenever it is due, until the shift is over; what is in hand then is finished."""
        due = {job.name: 0.0 for job in self.jobs}
        while not self.shift.is_over():
            for job in self.jobs:
                if due[job.name] <= time.monotonic() and not self.shift.is_over():
                    self._run(job)
                    due[job.name] = time.monotonic() + _pause(job)
            self.shift.stop.wait(max(0.0, min(due.values()) - time.monotonic()))

    def work_once(self) -> bool:
        """Run each job that is due, once; whether all of them ended well."""
        ended_well = [self._run(job) for job in self.jobs]
        return all(ended_well)

    def _run(self, job: Job) -> bool:
        try:
            if not job.is_alone:
                job.run(self.shift)
            elif _claim(self.shift.store, job):
                try:
                    job.run(self.shift)
                finally:
                    _release(self.shift.store, job)
        except UnderMaintenance:
            return True
        except Exception:
            logger.exception("The job %s failed; it is tried again later.", job.name)
            return False
        return True


def _pause(job: Job) -> float:
    return (min(job.every, LOOKS_EVERY) if job.is_alone else job.every).total_seconds()


def _claim(store: Store, job: Job) -> bool:
    """Whether the job is due and now ours.

    A beginning well in the future was written by a clock that has been put right since.
    """
    now = clock.now()
    with store.reading() as db:
        known = db.get(JobRun, job.name)
    if known is None:
        return _claim_first(store, job, now)
    free = sa.or_(JobRun.held_until.is_(None), JobRun.held_until <= now)
    due = sa.or_(JobRun.began_at <= now - job.every, JobRun.began_at > now + LOOKS_EVERY)
    with store.reading() as db:
        if not db.scalar(sa.select(JobRun.name).where(JobRun.name == job.name, free, due)):
            return False  # the usual case, and it writes nothing
    ours = {"began_at": now, "held_until": now + LEASE}
    with store.writing() as db:
        claimed = sa.update(JobRun).where(JobRun.name == job.name, free, due).values(ours).returning(JobRun.name)
        return db.scalar(claimed.execution_options(synchronize_session=False)) is not None


def _claim_first(store: Store, job: Job, now: datetime) -> bool:
    try:
        with store.writing() as db:
            db.add(JobRun(name=job.name, began_at=now, held_until=now + LEASE))
    except sa.exc.IntegrityError:
        return False  # another process was first
    return True


def _release(store: Store, job: Job) -> None:
    with store.writing() as db:
        db.execute(sa.update(JobRun).where(JobRun.name == job.name).values(held_until=None))
