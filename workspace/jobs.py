"""What the program does by itself: every slice's jobs listed once, for `workspace worker` and `workspace serve`."""

import signal
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from datetime import timedelta
from threading import Event, Thread

from workspace.accounts.domain.sign_ins import expire_credentials_job
from workspace.approvals.roles import LAPSE_REQUESTS
from workspace.core import program_log
from workspace.core.jobs import Job, JobContext, Worker
from workspace.core.settings import Settings
from workspace.core.storage import request_records
from workspace.core.storage.db import Store
from workspace.declarations.due_dates import MOVE_DUE_PHASES
from workspace.editions.jobs import ASK_FOR_REPORTS, CORRECT_EDITIONS, RELEASE_EDITIONS, SEAL_EDITIONS
from workspace.history.backups import KEEP_BACKUPS
from workspace.history.checkpoints import MAKE_CHECKPOINT
from workspace.letters.delivery import FORGET_LETTERS, SEND_LETTERS, ensure_sendable
from workspace.live import claims
from workspace.notices.jobs import TELL_OF_CLOSING, WRITE_OF_NOTICES
from workspace.people import rosters
from workspace.procedure.service import END_SILENCES
from workspace.webhooks.delivery import FORGET_DELIVERIES, TELL_WEBHOOKS

FINISHES_WITHIN = 30.0  # seconds for what is in hand when the server stops
END_EXPIRED = Job("accounts.expired", timedelta(minutes=1), lambda shift: expire_credentials_job(shift.store))


def _forget_requests(shift: JobContext) -> None:
    """Take out what is kept for a day, and is over: answers, counts of tries, lists nobody took in, claims."""
    with shift.store.writing() as db:
        request_records.purge_responses(db)
        request_records.purge_counters(db)
        rosters.purge_rosters(db)
        claims.purge_claims(db)


FORGET_REQUESTS = Job("web.requests", timedelta(hours=1), _forget_requests)

JOBS: Sequence[Job] = (
    SEND_LETTERS,
    FORGET_LETTERS,
    END_EXPIRED,
    LAPSE_REQUESTS,
    FORGET_REQUESTS,
    MOVE_DUE_PHASES,
    END_SILENCES,
    TELL_OF_CLOSING,
    WRITE_OF_NOTICES,
    TELL_WEBHOOKS,
    FORGET_DELIVERIES,
    RELEASE_EDITIONS,
    CORRECT_EDITIONS,
    SEAL_EDITIONS,
    ASK_FOR_REPORTS,
    MAKE_CHECKPOINT,
    KEEP_BACKUPS,
)


def work(store: Store, settings: Settings, *, once: bool = False) -> int:
    """Run every job in this thread until Ctrl-C or SIGTERM, or only once; returns an exit code."""
    ensure_sendable(settings)
    program_log.configure_logging(settings.log)
    shift = JobContext(store, settings)
    worker = Worker(shift, JOBS)
    if once:
        return 0 if worker.work_once() else 1
    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, lambda *_: shift.stop.set())
    worker.work()
    return 0


@contextmanager
def working(store: Store, settings: Settings, *, after: Event) -> Iterator[None]:
    """Run every job in a thread of its own from `after` on; at the end, what is in hand is finished."""
    ensure_sendable(settings)
    shift = JobContext(store, settings)

    def begin() -> None:
        after.wait()
        Worker(shift, JOBS).work()  # nothing at all once it has been told to stop

    thread = Thread(target=begin, name="worker", daemon=True)
    thread.start()
    try:
        yield
    finally:
        shift.stop.set()
        after.set()
        thread.join(FINISHES_WITHIN)
