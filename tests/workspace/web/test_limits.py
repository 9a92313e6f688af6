"""Who knocks too often waits, and a committee at work never does."""

from datetime import timedelta

import pytest
from cachetools import LRUCache
from litestar.testing import TestClient

from tests.support import factories, site
from workspace.core import clock
from workspace.core.storage import request_records
from workspace.web.http.rate_limits import RATE_LIMITS, RateLimit, RateLimiter, TooMany, address_of


class Watch:
    """Seconds that pass when a test says so."""

    def __init__(self):
        self.seconds = 0.0

    def __call__(self):
        return self.seconds


def test_a_burst_is_free_and_then_the_bucket_fills_with_time():
    watch = Watch()
    limits = RateLimiter({"writing": RateLimit(burst=3, a_second=0.5)}, clock=watch)
    for _ in range(3):
        limits.take("writing", "a")
    with pytest.raises(TooMany) as refused:
        limits.take("writing", "a")
    assert refused.value.facts == {"seconds": 2}
    limits.take("writing", "b")
    watch.seconds = 2.0
    limits.take("writing", "a")
    with pytest.raises(TooMany):
        limits.take("writing", "a")


def test_the_table_never_grows_beyond_its_size():
    limits = RateLimiter({"writing": RateLimit(burst=1, a_second=1)}, buckets=LRUCache(100), clock=Watch())
    for number in range(10_000):
        limits.take("writing", str(number))
    assert len(limits.buckets) == 100


def test_forty_people_behind_one_address_are_never_kept_waiting():
    watch = Watch()
    limits = RateLimiter(clock=watch)
    for minute in range(60):
        watch.seconds = minute * 60.0
        for person in range(40):
            for _ in range(30):
                limits.take("reading", "office")
            for _ in range(5):
                limits.take("writing", "office")
                limits.take("person", str(person))
    for _ in range(40 * 3):
        limits.take("signing_in", "office")


def test_of_ipv6_the_network_counts_and_of_ipv4_the_address():
    class At:
        def __init__(self, host):
            self.client = type("Client", (), {"host": host})()

    assert address_of(At("2001:db8:1:2:3:4:5:6")) == address_of(At("2001:db8:1:2:ffff::1"))
    assert address_of(At("192.0.2.1")) != address_of(At("192.0.2.2"))


def pages_of(client, path):
    return [client.get(path) for _ in range(4)]


@pytest.mark.parametrize("path", ["/en/nothing/here/at/all", "/en", "/api/forums"])
def test_who_reads_too_fast_is_told_when_to_come_back(any_store, path):
    app = site.with_accounts(any_store, pace=RateLimiter({"reading": RateLimit(burst=3, a_second=0.1)}))
    with TestClient(app) as client:
        answers = pages_of(client, path)
    if path != "/en/nothing/here/at/all":  # what leads nowhere costs nothing
        assert [answer.status_code for answer in answers] == [200, 200, 200, 429]
        assert answers[-1].headers["retry-after"] == "10"
        is_api = path.startswith("/api")
        assert (answers[-1].json()["code"] == "web.too_many") if is_api else "in 10 seconds" in answers[-1].text


def test_files_that_any_cache_may_keep_are_not_counted(store):
    app = site.with_accounts(store, pace=RateLimiter({"reading": RateLimit(burst=1, a_second=0.1)}))
    with TestClient(app) as client:
        style = next(iter(app.state.assets.files))
        assert [client.get(style).status_code for _ in range(3)] == [200, 200, 200]
        file = "/en/forum/declaration/editions/1/declaration.en.pdf"
        assert [client.get(file).status_code for _ in range(3)] == [404, 404, 404]


def test_a_person_who_writes_faster_than_people_can_waits(store):
    with store.writing() as db:
        member = factories.person(db, factories.Role.MEMBER)
    app = site.site(store, member, pace=RateLimiter({**RATE_LIMITS, "person": RateLimit(burst=2, a_second=0.1)}))
    with TestClient(app) as client:
        client.cookies.set("persona", str(member.person_id), domain="testserver.local")
        statuses = [client.post(f"/api/amendments/{member.person_id}/withdrawal").status_code for _ in range(3)]
    assert statuses == [404, 404, 429]


def test_tries_are_counted_for_all_processes_and_forgotten_in_time(any_store, monkeypatch):
    quarter = timedelta(minutes=15)
    for expected in (0, 0, 900):
        with any_store.writing() as db:
            wait = request_records.count_attempt(db, "password", "a@b.example", most=2, within=quarter)
        assert wait == pytest.approx(expected, abs=5)
    with any_store.writing() as db:
        assert request_records.count_attempt(db, "password", "c@d.example", most=2, within=quarter) == 0
    later = clock.now() + quarter
    monkeypatch.setattr(clock, "now", lambda: later)
    with any_store.writing() as db:
        assert request_records.count_attempt(db, "password", "a@b.example", most=2, within=quarter) == 0
        assert "a@b.example" not in db.scalar(factories.sa.select(request_records.RateCounter.key))
