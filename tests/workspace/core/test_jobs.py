"""Jobs run when they are due, whatever the others do, and where it matters in one place at a time."""

import logging
import threading
import time
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

import pytest

from workspace.core import clock
from workspace.core.jobs import Job, JobContext, Worker
from workspace.core.settings import Settings
from workspace.core.storage.db import Store
from workspace.jobs import JOBS

DAY = timedelta(days=1)
OFTEN = timedelta(milliseconds=5)


def shift(store: Store) -> JobContext:
    return JobContext(store, Settings())


def test_a_job_that_fails_keeps_no_other_from_running_and_is_tried_again(store, caplog):
    caplog.set_level(logging.CRITICAL, "workspace.jobs")
    tries, done = [], threading.Event()

    def fail(_: JobContext) -> None:
        tries.append(1)
        raise ValueError("of no use")

    def end(ours: JobContext) -> None:
        if len(tries) > 2:
            done.set()
            ours.stop.set()

    Worker(shift(store), [Job("fails", OFTEN, fail), Job("ends", OFTEN, end)]).work()

    assert done.is_set()


@pytest.mark.parametrize("rare_is_first", [True, False])
def test_each_job_waits_for_its_own_time(store, *, rare_is_first: bool):
    begun: list[str] = []

    def often(ours: JobContext) -> None:
        begun.append("often")
        if begun.count("often") > 4:
            ours.stop.set()

    jobs = [Job("rare", DAY, lambda _: begun.append("rare")), Job("often", timedelta(milliseconds=50), often)]
    began = time.monotonic()
    Worker(shift(store), jobs if rare_is_first else jobs[::-1]).work()

    assert begun.count("rare") == 1
    assert time.monotonic() - began > 0.2, "it was not waited for"


def test_what_goes_wrong_is_in_the_log(store, caplog):
    def fail(_: JobContext) -> None:
        raise ValueError("of no use")

    assert not Worker(shift(store), [Job("counting", OFTEN, fail)]).work_once()

    [line] = caplog.records
    assert "counting" in line.getMessage()
    assert line.exc_info


def test_a_worker_that_is_told_to_stop_begins_no_other_job(store):
    begun = []

    def stop(ours: JobContext) -> None:
        begun.append("first")
        ours.stop.set()

    Worker(shift(store), [Job("first", OFTEN, stop), Job("second", OFTEN, lambda _: begun.append("second"))]).work()

    assert begun == ["first"]


def test_a_job_that_runs_alone_runs_once_among_many_processes(any_store):
    runs, together = [], threading.Barrier(6)
    job = Job("alone", DAY, lambda _: runs.append(1), is_alone=True)

    def work(_: int) -> bool:
        together.wait()
        return Worker(shift(any_store), [job]).work_once()

    for expected in (1, 1):
        with ThreadPoolExecutor(6) as workers:
            assert all(workers.map(work, range(6)))
        assert len(runs) == expected


@pytest.fixture
def at(monkeypatch):
    """Put the clock of the program forward or back."""
    really = clock.now

    def move(by: timedelta) -> None:
        monkeypatch.setattr(clock, "now", lambda: really() + by)

    return move


def test_a_job_that_runs_alone_is_due_again_after_its_time_and_after_a_clock_is_put_right(store, at):
    runs = []
    worker = Worker(shift(store), [Job("alone", DAY, lambda _: runs.append(1), is_alone=True)])
    for by, expected in ((0, 1), (23, 1), (25, 2), (48, 2), (-5, 3), (-4, 3)):
        at(timedelta(hours=by))
        assert worker.work_once()
        assert len(runs) == expected, by


def test_a_job_whose_process_died_is_free_again_after_its_lease(store, at):
    def die(_: JobContext) -> None:
        raise KeyboardInterrupt

    runs = []
    dying = Worker(shift(store), [Job("alone", timedelta(minutes=1), die, is_alone=True)])
    other = Worker(shift(store), [Job("alone", timedelta(minutes=1), lambda _: runs.append(1), is_alone=True)])
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("workspace.core.jobs._extend_lease", lambda *_: None)  # nobody lives to do it
        with pytest.raises(KeyboardInterrupt):
            dying.work_once()

    at(timedelta(minutes=2))
    assert other.work_once()
    assert runs == []
    at(timedelta(minutes=11))
    assert other.work_once()
    assert runs == [1]


def test_the_jobs_of_the_program_have_names_of_their_own_and_end_well_with_nothing_to_do(store, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)

    assert len({job.name for job in JOBS}) == len(JOBS)
    assert Worker(shift(store), JOBS).work_once()


def test_a_job_that_takes_longer_than_its_lease_is_not_begun_twice(any_store, monkeypatch):
    monkeypatch.setattr("workspace.core.jobs.LEASE", timedelta(seconds=1.5))
    monkeypatch.setattr("workspace.core.jobs.BEAT", 0.1)
    begun, is_over = [], threading.Event()

    def take_long(_: JobContext) -> None:
        begun.append(1)
        is_over.wait(60)

    job = Job("alone", timedelta(0), take_long, is_alone=True)
    long = threading.Thread(target=Worker(shift(any_store), [job]).work_once)
    long.start()
    until = time.monotonic() + 2.5
    while time.monotonic() < until:
        is_over.wait(0.1)
        assert Worker(shift(any_store), [job]).work_once()
        assert len(begun) <= 1
    is_over.set()
    long.join()

    assert Worker(shift(any_store), [job]).work_once()
    assert len(begun) == 2


def test_a_process_that_was_taken_for_dead_does_not_let_go_of_what_another_has_begun(store, at):
    began, may_end, runs = threading.Event(), threading.Event(), []

    def work(_: JobContext) -> None:
        runs.append(1)
        began.set()
        assert may_end.wait(10)

    other = threading.Thread(target=Worker(shift(store), [Job("alone", OFTEN, work, is_alone=True)]).work_once)

    def sleep_long(_: JobContext) -> None:
        at(timedelta(hours=1))  # the machine was asleep
        other.start()
        assert began.wait(10)

    assert Worker(shift(store), [Job("alone", OFTEN, sleep_long, is_alone=True)]).work_once()
    assert Worker(shift(store), [Job("alone", OFTEN, work, is_alone=True)]).work_once()
    may_end.set()
    other.join()

    assert runs == [1]
