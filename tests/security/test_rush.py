"""An edition is out and everybody looks at once, while four people go on editing; and memory stays where it was."""

import sys
import threading
import time
from pathlib import Path
from statistics import quantiles

import httpx
import pytest

from tests.conftest import missing
from tests.security.test_killed import CLIENTS, Town, town_in
from workspace.core.db import Store

pytestmark = pytest.mark.long
EDITORS_P95 = 0.5  # seconds
READERS, FOR = 8, 12.0  # threads that read as fast as they are answered; seconds
SOAK = 120.0


@pytest.fixture
def town(store: Store, tmp_path: Path) -> Town:
    return town_in(store, tmp_path)


def edit(town: Town, number: int, stop: threading.Event, waits: list[float]) -> None:
    """One translator who saves twice a second."""
    path = f"/api/declarations/{town.declaration}/blocks/{town.blocks[number]}/texts/fr"
    with httpx.Client(base_url=town.address, headers=town.headers(number), timeout=60) as client:
        tag = client.get(path).headers["etag"]
        while not stop.wait(0.5):
            began = time.perf_counter()
            body = {"content": f"Texte {time.monotonic_ns()} de {number}.", "sources": ["en"]}
            answer = client.put(path, json=body, headers={"If-Match": tag})
            assert answer.status_code in {200, 429}, answer.text[:300]
            if answer.status_code == 200:
                waits.append(time.perf_counter() - began)
                tag = answer.headers["etag"]


def read(town: Town, stop: threading.Event, counted: list[int]) -> None:
    """Readers of what is public, one after another."""
    with httpx.Client(base_url=town.address, timeout=60) as client:
        while not stop.is_set():
            status = client.get("/en/editions.atom").status_code
            assert status in {200, 429}
            if status == 200:
                counted.append(status)


def memory(pid: int) -> int:
    """Resident kilobytes of a process."""
    for line in Path(f"/proc/{pid}/status").read_text(encoding="utf-8").splitlines():
        if line.startswith("VmRSS"):
            return int(line.split()[1])
    raise AssertionError("the process says nothing of its memory")


def test_editors_are_not_kept_waiting_by_a_rush(town: Town):
    process, _ = town.serve()
    stop, waits, counted = threading.Event(), list[float](), list[int]()
    people = [threading.Thread(target=edit, args=(town, number, stop, waits)) for number in range(CLIENTS)]
    people += [threading.Thread(target=read, args=(town, stop, counted)) for _ in range(READERS)]
    for one in people:
        one.start()
    time.sleep(FOR)
    stop.set()
    for one in people:
        one.join()
    process.terminate()
    process.wait()
    p95 = quantiles(waits, n=20)[-1]
    sys.stdout.write(
        f"{len(counted) / FOR:.0f} reads a second; editors waited {p95 * 1000:.0f} ms (p95 of {len(waits)})\n"
    )
    assert p95 < EDITORS_P95


def test_memory_stays_where_it_was_after_warming_up(town: Town):
    if sys.platform != "linux":
        missing("The system’s account of how much memory a process has")
    process, _ = town.serve()
    stop, waits, counted = threading.Event(), list[float](), list[int]()
    people = [threading.Thread(target=edit, args=(town, number, stop, waits)) for number in range(CLIENTS)]
    people += [threading.Thread(target=read, args=(town, stop, counted)) for _ in range(2)]
    for one in people:
        one.start()
    time.sleep(SOAK / 3)
    warm = memory(process.pid)
    time.sleep(SOAK * 2 / 3)
    late = memory(process.pid)
    stop.set()
    for one in people:
        one.join()
    process.terminate()
    process.wait()
    sys.stdout.write(f"{warm / 1000:.0f} MB after {SOAK / 3:.0f} s, {late / 1000:.0f} MB after {SOAK:.0f} s\n")
    assert late < warm * 1.15
