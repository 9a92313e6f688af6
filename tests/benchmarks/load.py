"""Load for ten minutes at 80 % of what one process bears: `python -m tests.benchmarks.load [SECONDS [FILE]]`.

The large database (FILE is filled where it is not there yet) is served as an operator does. Each minute begins with a
burst that says how many pages a second the process gives at that moment; the rest of it asks for four fifths of that,
evenly, while two translators save. Fails where anything but a page is answered, or memory does not stay where it was.
"""

import socket
import sys
import tempfile
import threading
import time
from asyncio import run
from collections import Counter
from collections.abc import Sequence
from pathlib import Path
from statistics import quantiles

import sqlalchemy as sa

from tests.benchmarks import large
from tests.benchmarks.pages import DRAFT, addresses, chair_of
from tests.security.readers import ask
from tests.security.test_killed import Town, worked
from tests.security.test_rush import edit, memory
from workspace import registration
from workspace.core.actor import Role
from workspace.core.settings import Settings
from workspace.core.storage.db import Store
from workspace.declarations.domain import queries
from workspace.declarations.domain.models import Declaration
from workspace.people.models import Mandate

SECONDS, MINUTE, SHARE, BURST = 600, 60, 0.8, 40  # the last in requests
EDITORS, WARM = 2, 2  # minutes until everything that is kept is there
MOST = 1.15  # times the memory after them
LEFT_OUT = ("compare 2 to 200", "search")  # what nobody does every second


def main(seconds: float = SECONDS, place: str = "") -> None:
    registration.install()
    with tempfile.TemporaryDirectory() as folder:
        store = large.made(place or str(Path(folder) / "load.sqlite3"))
        town, paths = _town(store, Path(folder)), _paths(store)
        cookie = f"persona={chair_of(store).person_id}"
        store.close()
        process, _ = town.serve()
        stop, waits = threading.Event(), list[float]()
        people = [threading.Thread(target=edit, args=(town, number, stop, waits)) for number in range(EDITORS)]
        for person in people:
            person.start()
        try:
            sizes = [_minute(town, process.pid, paths, cookie) for _ in range(max(WARM + 1, int(seconds) // MINUTE))]
        finally:
            stop.set()
            for person in people:
                person.join()
            process.terminate()
            process.wait()
    sys.stdout.write(f"{len(waits)} texts saved, 19 of 20 within {quantiles(waits, n=20)[-1] * 1000:.0f} ms\n")
    if max(sizes[WARM:]) > sizes[WARM - 1] * MOST:
        sys.exit(f"memory grew: {sizes}")


def _minute(town: Town, pid: int, paths: Sequence[str], cookie: str) -> int:
    """The memory at its end, in kilobytes; raises where something else than a page was answered."""
    began, had = time.perf_counter(), worked(pid)
    burst, took = run(ask(town.port, 1e6, BURST / 1e6, paths, cookie))
    rate = BURST / took * SHARE
    steady, _ = run(ask(town.port, rate, max(1.0, MINUTE - took), paths, cookie))
    answers: Counter[int] = burst.answers + steady.answers
    size, passed = memory(pid), time.perf_counter() - began
    half, most = (quantiles(steady.waits, n=20)[part] * 1000 for part in (9, 18))
    sys.stdout.write(
        f"{rate / SHARE:.1f} pages a second at most, {rate:.1f} asked for; {dict(answers)}; half within "
        f"{half:.0f} ms, 19 of 20 within {most:.0f}; "
        f"{(worked(pid) - had) / passed:.2f} of a processor; {size / 1000:.0f} MB\n"
    )
    sys.stdout.flush()
    if set(answers) != {200}:
        raise RuntimeError(f"answered {dict(answers)}")
    return size


def _paths(store: Store) -> list[str]:
    with store.reading() as db:
        declaration = db.scalars(sa.select(Declaration.id)).one()
    lists = [f"/api/declarations/{declaration}/{name}" for name in ("amendments", "decisions", "threads")]
    pages = [address for name, (address, _, _) in addresses(store).items() if name not in LEFT_OUT]
    return [*pages, DRAFT, DRAFT, *lists, f"{DRAFT}/amendments?state=all&page=300", "/en/third-forum/log"]


def _town(store: Store, folder: Path) -> Town:
    with store.reading() as db:
        declaration = db.scalars(sa.select(Declaration)).one()
        blocks = [row.block_id for row in queries.head_rows(db, declaration)[1 : 1 + EDITORS]]
        people = sa.select(Mandate.person_id).where(Mandate.role == Role.TRANSLATOR).limit(EDITORS)
        writers = list(db.scalars(people))
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    settings = Settings(database_url=store.engine.url.render_as_string(hide_password=False))
    return Town(settings, declaration.id, blocks, writers, folder, port)


if __name__ == "__main__":
    main(*map(float, sys.argv[1:2]), *sys.argv[2:3])
