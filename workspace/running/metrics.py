"""Figures for Prometheus, on an address of their own: never on the one that the public knows.

Requests are counted by the pattern of their address. What is waiting is read from the database when somebody asks.
"""

from collections.abc import Iterator
from contextlib import contextmanager

import sqlalchemy as sa
from prometheus_client import CollectorRegistry, Counter, Histogram, ProcessCollector, start_http_server
from prometheus_client.core import GaugeMetricFamily
from prometheus_client.registry import Collector

from workspace.core import clock
from workspace.core.environment import BadSetting
from workspace.core.jobs import JobRun
from workspace.core.outbox import Letter
from workspace.core.storage import maintenance
from workspace.core.storage.db import Store
from workspace.core.storage.log import LogEntry
from workspace.live.hub import hub_of

BUCKETS = (0.01, 0.025, 0.05, 0.1, 0.15, 0.25, 0.5, 1.0, 2.5, 5.0)


class ServerMetrics:
    """The counts of one process."""

    def __init__(self, store: Store) -> None:
        self.registry = CollectorRegistry()
        self._requests = Counter(
            "workspace_requests", "Requests answered.", ["method", "route", "status"], registry=self.registry
        )
        self._seconds = Histogram(
            "workspace_request_seconds", "Seconds to answer.", ["route"], buckets=BUCKETS, registry=self.registry
        )
        ProcessCollector(registry=self.registry)
        self.registry.register(_BacklogCollector(store))

    def request(self, *, method: str, route: str, status: int, seconds: float) -> None:
        """Count one request; a stream that stays open is not timed."""
        self._requests.labels(method, route, str(status)).inc()
        if not route.endswith("/events"):
            self._seconds.labels(route).observe(seconds)


class _BacklogCollector(Collector):
    """What the database says of itself at the moment somebody asks."""

    def __init__(self, store: Store) -> None:
        self.store = store

    def describe(self) -> Iterator[GaugeMetricFamily]:
        return iter(())  # so that nothing is asked before somebody reads

    def collect(self) -> Iterator[GaugeMetricFamily]:
        with self.store.reading() as db:
            unsent = sa.select(sa.func.count(), sa.func.min(Letter.due_at)).where(Letter.next_try_at.is_not(None))
            letters, oldest = db.execute(unsent).one()
            entries = db.scalar(sa.select(sa.func.max(LogEntry.sequence))) or 0
            jobs = db.execute(sa.select(JobRun.name, JobRun.began_at)).all()
            is_read_only = maintenance.current(db) is not None
        yield GaugeMetricFamily("workspace_letters_waiting", "Letters not yet sent.", letters)
        age = (clock.now() - oldest).total_seconds() if oldest else 0
        yield GaugeMetricFamily("workspace_letters_oldest_seconds", "How long the oldest of them has been due.", age)
        yield GaugeMetricFamily("workspace_log_entries", "Entries of the log.", entries)
        yield GaugeMetricFamily("workspace_streams_open", "Open streams of live events.", hub_of(self.store).count)
        yield GaugeMetricFamily("workspace_maintenance", "1 while nothing can be written.", int(is_read_only))
        begun = GaugeMetricFamily("workspace_job_began_seconds", "Seconds since a job was begun.", labels=["job"])
        for name, began in jobs:
            begun.add_metric([name], (clock.now() - began).total_seconds())
        yield begun


@contextmanager
def serve_metrics(figures: ServerMetrics, address: str) -> Iterator[None]:
    """Let Prometheus read the figures at `address` ("127.0.0.1:9100") meanwhile.

    Raises `BadSetting` for an address that cannot be listened on.
    """
    host, _, port = address.rpartition(":")
    try:
        server, thread = start_http_server(int(port), host or "127.0.0.1", figures.registry)
    except (OSError, ValueError) as error:
        reason = getattr(error, "strerror", None) or error
        raise BadSetting(
            "WORKSPACE_METRICS is “%(given)s” (%(reason)s). Write for example 127.0.0.1:9100.",
            given=address,
            reason=str(reason),
        ) from error
    try:
        yield
    finally:
        server.shutdown()
        server.server_close()
        thread.join()
