"""An edition is out and everybody looks at once, while five people go on editing; and memory stays where it was."""

import os
import subprocess
import sys
import threading
import time
from datetime import date
from pathlib import Path
from statistics import quantiles

import httpx
import pytest

from drafts.text.blocks import Language
from tests.conftest import missing
from tests.security.test_killed import Town, town_in, worked
from tests.support import factories
from workspace.core.actor import Role
from workspace.core.security.permissions import Phase
from workspace.core.storage.db import Store
from workspace.declarations.domain.models import Declaration
from workspace.editions.domain.publication import EditionService

pytestmark = pytest.mark.long
EDITORS, EDITORS_P95 = 5, 0.5  # people; seconds
READERS, FOR = 8, 12.0  # threads that read as fast as they are answered; seconds
SOAK = 120.0
READS, RUSH = 500, 30.0  # of files, a second; seconds
READ = (
    "declaration.en.html",
    "declaration.es.pdf",
    "declaration.fr.txt",
    "declaration.en.md",
    "declaration.fr.akn.xml",
    "manifest.json",
)
PARAGRAPHS = {
    Language.ES: "Las ciudades compartirán su agua, su sombra y lo que saben de ambas con quien lo pida.",
    Language.EN: "Cities shall share their water, their shade and what they know of both with whoever asks.",
    Language.FR: "Les villes partageront leur eau, leur ombre et ce qu’elles en savent avec qui le demande.",
}


@pytest.fixture
def town(store: Store, tmp_path: Path) -> Town:
    return town_in(store, tmp_path, EDITORS)


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
    people = [threading.Thread(target=edit, args=(town, number, stop, waits)) for number in range(EDITORS)]
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


def publish(store: Store) -> list[str]:
    """Put an edition of forty paragraphs out, beside what is edited; the addresses of its files."""
    with store.writing() as db:
        texts = ({one: f"{number} {PARAGRAPHS[one]}" for one in Language} for number in range(40))
        made = factories.declaration(db, *texts, slug="published", phase=Phase.ADOPTION)
        asks, confirms = factories.person(db, Role.SECRETARIAT, "S"), factories.chair(db)
        EditionService(db).request(made, actor=asks, adopted_on=date(2026, 6, 12))
        declaration_id = made.id
    with store.reading() as db:
        declaration = db.get_one(Declaration, declaration_id)
        prepared = EditionService(db).prepare(declaration, adopted_on=date(2026, 6, 12), actor=confirms)
    with store.writing() as db:
        EditionService(db).publish(declaration_id, prepared, actor=confirms)
    return [f"/en/third-forum/published/editions/1/{name}" for name in READ]


def test_five_people_edit_while_what_is_published_is_read_five_hundred_times_a_second(town: Town, store: Store):
    paths = publish(store)
    process, _ = town.serve()
    stop, waits = threading.Event(), list[float]()
    before, began = worked(process.pid), time.monotonic()
    people = [threading.Thread(target=edit, args=(town, number, stop, waits)) for number in range(EDITORS)]
    command = [sys.executable, "-m", "tests.security.readers", str(town.port), str(READS), str(RUSH), *paths]
    for one in people:
        one.start()
    told = subprocess.run(command, check=True, capture_output=True, text=True, timeout=RUSH * 20)
    stop.set()
    for one in people:
        one.join()
    share = (worked(process.pid) - before) / (time.monotonic() - began)
    process.terminate()
    process.wait()
    rate, *answers, megabytes, read_p95 = told.stdout.split()
    p95 = quantiles(waits, n=20)[-1]
    sys.stdout.write(
        f"{rate} reads a second ({' '.join(answers)}; {megabytes} MB/s; p95 {read_p95} ms); editors waited "
        f"{p95 * 1000:.0f} ms (p95 of {len(waits)}); the server had {share:.2f} of a processor; "
        f"load {os.getloadavg()[0]:.1f}\n"
    )
    assert [one.partition(":")[0] for one in answers] == ["200"]
    assert float(rate) > READS * 0.95
    assert p95 < EDITORS_P95


def test_memory_stays_where_it_was_after_warming_up(town: Town):
    if sys.platform != "linux":
        missing("The system’s account of how much memory a process has")
    process, _ = town.serve()
    stop, waits, counted = threading.Event(), list[float](), list[int]()
    people = [threading.Thread(target=edit, args=(town, number, stop, waits)) for number in range(EDITORS)]
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
