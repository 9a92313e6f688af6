"""What the program does by itself, every so often: a list of jobs, and the worker that runs them one after another.

A job opens its own units of work and can be run again at any moment, by any process: one that
must not run in two places at once (`is_alone`) is claimed in the database first, and the claim
renewed while it runs. What goes wrong in one job is logged and keeps no other from running.
"""

import logging
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from datetime import datetime, timedelta
from threading import Event, Thread

import sqlalchemy as sa
from msgspec import Struct, field
from sqlalchemy.orm import Mapped, mapped_column

from workspace.core import clock
from workspace.core.errors import UnderMaintenance
from workspace.core.settings import Settings
from workspace.core.storage.db import Model, Store

logger = logging.getLogger("workspace.jobs")

LEASE = timedelta(minutes=3)  # after that, whoever claimed a job and was never heard of again is taken for dead
BEAT = 30.0  # seconds from one sign of life to the next
LOOKS_EVERY = timedelta(seconds=60)  # how often a job that several processes share is looked at


class JobRun(Model):
    """When a job that runs alone was begun last, and until when its process keeps it from the others."""

    __tablename__ = "job_run"

    name: Mapped[str] = mapped_column(primary_key=True)
    began_at: Mapped[datetime]
    held_until: Mapped[datetime | None]


class JobContext(Struct, frozen=True):
    """What a job works with. A long job asks `is_over()` between two steps, and leaves the rest for the next time."""

    store: Store
    settings: Settings
    stop: Event = field(default_factory=Event)

    def is_over(self) -> bool:
        return self.stop.is_set()


class Job(Struct, frozen=True):
    """Something to do every so often.

    `is_alone`: by one process at a time, and not sooner than `every` after the last time, whichever process that
    was. Otherwise every process runs it, and it is safe for several at once by itself.
    """

    name: str
    every: timedelta
    run: Callable[[JobContext], object]
    is_alone: bool = False


class Worker:
    """Runs jobs in the thread that calls it."""

    def __init__(self, shift: JobContext, jobs: Sequence[Job]) -> None:
        self.shift = shift
        self.jobs = jobs

    def work(self) -> None:
        """Run each job whenever it is due, until the shift is over; what is in hand then is finished."""
        due = {job.name: 0.0 for job in self.jobs}
        while not self.shift.is_over():
            for job in self.jobs:
                if due[job.name] <= time.monotonic() and not self.shift.is_over():
                    self._run(job)
                    pause = min(job.every, LOOKS_EVERY) if job.is_alone else job.every
                    due[job.name] = time.monotonic() + pause.total_seconds()
            self.shift.stop.wait(max(0.0, min(due.values()) - time.monotonic()))

    def work_once(self) -> bool:
        """Run each job that is due, once; whether all of them ended well."""
        ended_well = [self._run(job) for job in self.jobs]
        return all(ended_well)

    def _run(self, job: Job) -> bool:
        try:
            if not job.is_alone:
                job.run(self.shift)
            elif began := _claim(self.shift.store, job):
                with _keep_lease(self.shift.store, job, began):
                    job.run(self.shift)
        except UnderMaintenance:
            return True
        except Exception:
            logger.exception("The job %s failed; it is tried again later.", job.name)
            return False
        return True


@contextmanager
def _keep_lease(store: Store, job: Job, began: datetime) -> Iterator[None]:
    """Keep a claimed job from the other processes for as long as it takes, and let it go at its end."""
    is_over = Event()

    def live() -> None:
        while not is_over.wait(BEAT):
            try:
                _extend_lease(store, job, began, clock.now() + LEASE)
            except (UnderMaintenance, sa.exc.SQLAlchemyError) as reason:
                logger.warning("The job %s could not say that it goes on (%s).", job.name, type(reason).__name__)

    beats = Thread(target=live, name=f"{job.name} lives", daemon=True)
    beats.start()
    try:
        yield
    finally:
        is_over.set()
        beats.join()
        _extend_lease(store, job, began, None)


def _claim(store: Store, job: Job) -> datetime | None:
    """When the job was begun, which is now, if it was due and is ours; else None.

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
            return None  # the usual case, and it writes nothing
    ours = {"began_at": now, "held_until": now + LEASE}
    with store.writing() as db:
        claimed = sa.update(JobRun).where(JobRun.name == job.name, free, due).values(ours).returning(JobRun.name)
        is_ours = db.scalar(claimed.execution_options(synchronize_session=False)) is not None
    return now if is_ours else None


def _claim_first(store: Store, job: Job, now: datetime) -> datetime | None:
    try:
        with store.writing() as db:
            db.add(JobRun(name=job.name, began_at=now, held_until=now + LEASE))
    except sa.exc.IntegrityError:
        return None  # another process was first
    return now


def _extend_lease(store: Store, job: Job, began: datetime, held_until: datetime | None) -> None:
    """Say until when the job is kept; nothing where another process has begun it since."""
    ours = (JobRun.name == job.name, JobRun.began_at == began)
    with store.writing() as db:
        db.execute(sa.update(JobRun).where(*ours).values(held_until=held_until))
