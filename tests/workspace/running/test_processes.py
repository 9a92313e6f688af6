"""`workspace serve --processes`: several processes at one address, with one database and one count of requests."""

import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import httpx
import pytest

from tests.support import factories
from tests.support.site import token_of
from workspace.core.storage.db import Store
from workspace.web.http.rate_limits import RATE_LIMITS, SIGNING_IN, RateLimiter, SharedBuckets

COUNT = 2
pytestmark = pytest.mark.skipif(not Path("/proc/self/task").exists(), reason="reads who is whose child")


@contextmanager
def served(store: Store, folder: Path) -> Iterator[tuple[str, int]]:
    """The address, and the process that was started."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    environment = {
        **os.environ,
        "WORKSPACE_DATABASE_URL": store.engine.url.render_as_string(hide_password=False),
        "WORKSPACE_KEYS": str(folder / "keys"),
        "WORKSPACE_MAIL_DIR": str(folder / "letters"),
    }
    command = [sys.executable, "-m", "workspace", "serve", "--port", str(port), "--processes", str(COUNT)]
    process = subprocess.Popen(command, env=environment, stdout=subprocess.DEVNULL)
    try:
        eventually(lambda: answers(f"http://127.0.0.1:{port}/health"))
        yield f"http://127.0.0.1:{port}", process.pid
    finally:
        process.terminate()
        process.wait(60)


def eventually(holds: Callable[[], bool]) -> None:
    until = time.monotonic() + 60
    while not holds():
        assert time.monotonic() < until
        time.sleep(0.05)


def answers(address: str) -> bool:
    try:
        return httpx.get(address).status_code == 200
    except httpx.TransportError:
        return False


def children(process: int) -> list[int]:
    return [int(child) for child in Path(f"/proc/{process}/task/{process}/children").read_text().split()]


def test_they_serve_one_database_and_count_together(store: Store, tmp_path: Path) -> None:
    with store.writing() as db:
        factories.forum(db)
    with served(store, tmp_path) as (address, parent):
        eventually(lambda: len(children(parent)) == COUNT)
        forum = [httpx.get(f"{address}/en/third-forum").status_code for _ in range(10)]
        pace, began = RATE_LIMITS[SIGNING_IN], time.monotonic()
        with httpx.Client(base_url=address) as browser:
            browser.get("/en/sign-in")
            sent = {"data": {"csrf": token_of(browser)}, "cookies": dict(browser.cookies)}
        tries = [httpx.post(f"{address}/en/sign-in", **sent).status_code for _ in range(pace.burst + 30)]  # anew each
        filled = 1 + (time.monotonic() - began) * pace.a_second
        assert set(forum) <= {200, 303, 404}
        assert len(set(forum)) == 1
        assert pace.burst <= len(tries) - tries.count(429) <= pace.burst + filled
        first = children(parent)
        time.sleep(5.5)  # one that dies sooner could not begin
        os.kill(first[0], signal.SIGKILL)
        eventually(lambda: len(children(parent)) == COUNT and first[0] not in children(parent))
        assert all(answers(f"{address}/health") for _ in range(10))
        last = children(parent)
    assert not any(Path(f"/proc/{child}").exists() for child in last)


COUNTED = f"""
import os
from workspace.web.http.rate_limits import RATE_LIMITS, RateLimiter, TooMany
limiter = RateLimiter.shared()
limiter.clock = lambda: 0.0
child = os.fork()
for _ in range(RATE_LIMITS["{SIGNING_IN}"].burst - 100 if child else 100):
    limiter.take("{SIGNING_IN}", "192.0.2.1")
if child:
    os.waitpid(child, 0)
    limiter.take("{SIGNING_IN}", "192.0.2.2")
    try:
        limiter.take("{SIGNING_IN}", "192.0.2.1")
    except TooMany:
        print("together")
"""


def test_a_forked_process_counts_with_the_one_it_came_from() -> None:
    forking = subprocess.run([sys.executable, "-c", COUNTED], capture_output=True, text=True, timeout=60, check=True)
    assert forking.stdout == "together\n"


def test_a_full_table_forgets_what_was_used_longest_ago(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("workspace.web.http.rate_limits._SLOTS", 1)
    clock = iter(range(1_000))
    buckets = SharedBuckets()
    limiter = RateLimiter(clock=lambda: float(next(clock)), buckets=buckets, _lock=buckets)
    for address in range(9):
        limiter.take("writing", str(address))
    assert [buckets.get(("writing", str(address))) is not None for address in range(9)] == [False] + [True] * 8
