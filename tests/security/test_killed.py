"""The server is killed while people write, again and again: what it acknowledged is there, and it is back at once."""

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
from workspace.core.db import Store
from workspace.core.log import LogEntry
from workspace.core.settings import Settings
from workspace.declarations import queries
from workspace.declarations.models import Declaration, TextVersion
from workspace.history.auditing import audit

CLIENTS, READY = 4, 3.0


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

    def serve(self) -> "tuple[subprocess.Popen[bytes], float]":
        """Start the server as an operator does; the process, and the seconds until it answered."""
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
            try:
                if httpx.get(f"{self.address}/health", timeout=1).status_code == 200:
                    return process, time.monotonic() - began
            except httpx.HTTPError:
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

    def round(self, seconds: float) -> float:
        """Serve, let everybody write, kill; how long the server took to come up."""
        process, took = self.serve()
        stop = threading.Event()
        writers = [threading.Thread(target=self.write, args=(number, stop)) for number in range(CLIENTS)]
        for one in writers:
            one.start()
        time.sleep(seconds)
        process.send_signal(signal.SIGKILL)
        process.wait()
        stop.set()
        for one in writers:
            one.join()
        return took


def town_in(store: Store, folder: Path) -> Town:
    with store.writing() as db:
        writers = [factories.person(db, Role.TRANSLATOR, f"T{number}").person_id for number in range(CLIENTS)]
        made = factories.declaration(db, *({EN: f"Towns share well {number}."} for number in range(CLIENTS)))
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


def kill(store: Store, town: Town, *, rounds: int) -> list[float]:
    took = [town.round(seconds=0.5 + 0.37 * (number % 3)) for number in range(rounds)]
    assert len(town.kept) > rounds
    assert lost(store, town) == []
    with store.reading() as db:
        numbers = db.scalars(sa.select(LogEntry.sequence).order_by(LogEntry.sequence)).all()
        assert list(numbers) == list(range(1, len(numbers) + 1))
        assert audit(db).findings == ()
    sys.stdout.write(f"{rounds} rounds, {len(town.kept)} acknowledged, 0 lost, ready after {max(took):.2f} s at most\n")
    return took


@pytest.mark.parametrize("any_store", ["sqlite", pytest.param("postgresql", marks=pytest.mark.long)], indirect=True)
def test_a_server_that_is_killed_has_lost_nothing(town: Town, any_store: Store):
    assert kill(any_store, town, rounds=3)


@pytest.mark.long
def test_it_is_killed_two_hundred_times_and_is_back_in_time(town: Town, any_store: Store):
    took = sorted(kill(any_store, town, rounds=200))
    assert took[len(took) * 95 // 100] < READY
