"""The server is killed while people write, again and again: what it acknowledged is there, and it is back at once."""

import http.client
import os
import signal
import socket
import subprocess
import sys
import threading
import time
from dataclasses import dataclass, field
from http.cookies import SimpleCookie
from pathlib import Path
from uuid import UUID

import httpx
import pytest
import sqlalchemy as sa

from tests.support import factories
from tests.support.factories import EN, FR
from workspace.core.actor import Role
from workspace.core.settings import Settings
from workspace.core.storage.db import Store
from workspace.core.storage.log import LogEntry
from workspace.declarations.domain import queries
from workspace.declarations.domain.models import Declaration, TextVersion
from workspace.history.audit import audit

CLIENTS, READY = 4, 3.0
ENOUGH = 20  # starts that no other program has slowed, to judge by
TICKS = os.sysconf("SC_CLK_TCK")


@dataclass(frozen=True, slots=True)
class Start:
    """How long a server took to answer, and how much of that it had a processor: else it waited for other programs."""

    seconds: float
    worked: float

    @property
    def is_kept_waiting(self) -> bool:
        """Whether the machine was busy with something else for much of it."""
        return self.worked < 0.7 * self.seconds


@dataclass
class Town:
    """A database with a declaration of a paragraph for each writer, and the writers."""

    settings: Settings
    declaration: UUID
    blocks: list[UUID]
    writers: list[UUID]
    folder: Path
    port: int = 0
    kept: list[tuple[UUID, str]] = field(default_factory=list)  # what the server said it had: version, words
    lock: threading.Lock = field(default_factory=threading.Lock)

    @property
    def address(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    def serve(self) -> "tuple[subprocess.Popen[bytes], Start]":
        """Start the server as an operator does; the process, and how long it took until it answered."""
        environment = {
            **os.environ,
            "WORKSPACE_DATABASE_URL": self.settings.database_url,
            "WORKSPACE_KEYS": str(self.folder / "keys"),
            "WORKSPACE_MAIL_DIR": str(self.folder / "letters"),
        }
        began = time.monotonic()
        command = [sys.executable, "-m", "workspace", "serve", "--people-of", "third-forum", "--port", str(self.port)]
        process = subprocess.Popen(command, env=environment, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        while time.monotonic() - began < 300:  # as long as a busy machine takes; how long it may take is asked below
            if is_healthy(self.port):
                return process, Start(time.monotonic() - began, worked(process.pid))
            time.sleep(0.02)
        process.kill()
        raise AssertionError("the server does not come up")

    def headers(self, number: int) -> dict[str, str]:
        return {"Cookie": str(SimpleCookie({"persona": str(self.writers[number])})).partition(" ")[2]}

    def write(self, number: int, stop: threading.Event) -> None:
        """One translator, who saves one text after another until the server is gone."""
        path = f"/api/declarations/{self.declaration}/blocks/{self.blocks[number]}/texts/fr"
        with httpx.Client(base_url=self.address, headers=self.headers(number), timeout=20) as client:
            try:
                tag = client.get(path).headers["etag"]
                while not stop.is_set():
                    words = f"Texte {time.monotonic_ns()} de {number}."
                    answer = client.put(path, json={"content": words, "sources": ["en"]}, headers={"If-Match": tag})
                    if answer.status_code == 429:
                        time.sleep(0.2)
                        continue
                    assert answer.status_code == 200, (answer.status_code, answer.text[:600])
                    tag = answer.headers["etag"]
                    with self.lock:
                        self.kept.append((UUID(tag.strip('"')), words))
            except httpx.HTTPError:
                return

    def round(self, seconds: float) -> Start:
        """Serve, let everybody write, kill so many seconds after the first was served; how the server came up."""
        process, took = self.serve()
        stop, known = threading.Event(), len(self.kept)
        writers = [threading.Thread(target=self.write, args=(number, stop)) for number in range(CLIENTS)]
        for one in writers:
            one.start()
        began = time.monotonic()
        while len(self.kept) == known and time.monotonic() - began < 60:  # as long as a busy machine takes
            time.sleep(0.01)
        time.sleep(seconds)
        process.send_signal(signal.SIGKILL)
        process.wait()
        stop.set()
        for one in writers:
            one.join()
        return took


def is_healthy(port: int) -> bool:
    """Whether a server answers there. It is asked often while one starts, so it costs next to nothing."""
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=1)
    try:
        connection.request("GET", "/health")
        return connection.getresponse().status == 200
    except (OSError, http.client.HTTPException):
        return False
    finally:
        connection.close()


def worked(process: int) -> float:
    """The seconds that a process has had of a processor."""
    fields = Path(f"/proc/{process}/stat").read_text(encoding="utf-8").rpartition(") ")[2].split()
    return (int(fields[11]) + int(fields[12])) / TICKS


def town_in(store: Store, folder: Path, count: int = CLIENTS) -> Town:
    with store.writing() as db:
        writers = [factories.person(db, Role.TRANSLATOR, f"T{number}").person_id for number in range(count)]
        made = factories.declaration(db, *({EN: f"Towns share well {number}."} for number in range(count)))
        blocks = [row.block_id for row in queries.head_rows(db, made)]
    url = store.engine.url.render_as_string(hide_password=False)
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    return Town(Settings(database_url=url), made.id, blocks, [one for one in writers if one], folder, port)


@pytest.fixture
def town(any_store: Store, tmp_path: Path) -> Town:
    return town_in(any_store, tmp_path)


def lost(store: Store, town: Town) -> list[str]:
    """Acknowledged words that the store does not have, or not as the text in force where they were the last."""
    with store.reading() as db:
        every = {one.id: one for one in db.scalars(sa.select(TextVersion))}
        missing = [words for version, words in town.kept if version not in every or every[version].content != words]
        if missing:
            return missing
        rows = queries.head_rows(db, db.get_one(Declaration, town.declaration))
        order = {row.block_id: row.texts[FR].sequence for row in rows if FR in row.texts}
        return [words for version, words in town.kept if every[version].sequence > order[every[version].block_id]]


def kill(store: Store, town: Town, *, rounds: int) -> list[Start]:
    starts = [town.round(seconds=0.1 + 0.23 * (number % 4)) for number in range(rounds)]
    gone = lost(store, town)
    slowest = max(starts, key=lambda one: one.seconds)
    sys.stdout.write(
        f"{store.engine.dialect.name}: {rounds} rounds, {len(town.kept)} acknowledged, {len(gone)} lost; "
        f"ready after {at(95, [one.seconds for one in starts]):.2f} s (95 of 100), {slowest.seconds:.2f} s at most, "
        f"of which it worked {at(50, [one.worked for one in starts]):.2f} s (half), "
        f"{at(95, [one.worked for one in starts]):.2f} s (95 of 100)\n"
    )
    assert len(town.kept) >= rounds
    assert gone == []
    with store.reading() as db:
        numbers = db.scalars(sa.select(LogEntry.sequence).order_by(LogEntry.sequence)).all()
        assert list(numbers) == list(range(1, len(numbers) + 1))
        assert audit(db).findings == ()
    return starts


def at(share: int, seconds: list[float]) -> float:
    """What so many of a hundred stay below."""
    return sorted(seconds)[len(seconds) * share // 100]


@pytest.mark.parametrize("any_store", ["sqlite", pytest.param("postgresql", marks=pytest.mark.long)], indirect=True)
def test_a_server_that_is_killed_has_lost_nothing(town: Town, any_store: Store):
    assert kill(any_store, town, rounds=3)


@pytest.mark.long
def test_it_is_killed_two_hundred_times_and_is_back_in_time(town: Town, any_store: Store):
    starts = kill(any_store, town, rounds=200)
    calm = [one.seconds for one in starts if not one.is_kept_waiting]
    assert len(calm) >= ENOUGH, "nothing was lost; the machine was too busy to say how soon the server is back"
    assert at(95, calm) < READY
