"""Two servers of one PostgreSQL database, as behind a load balancer: what is done at one is so at the other."""

import os
import re
import signal
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from uuid import UUID

import httpx
import pytest
import sqlalchemy as sa

from tests.support import factories
from tests.support.factories import EN
from tests.support.site import token_of
from workspace.accounts.domain.credentials import ApiTokenService
from workspace.accounts.domain.passwords import hash_password
from workspace.accounts.domain.service import AccountService
from workspace.core.actor import OPERATOR, Role
from workspace.core.jobs import JobRun
from workspace.core.storage.db import Store
from workspace.core.storage.log import LogEntry
from workspace.declarations.domain import queries
from workspace.declarations.domain.models import TextVersion
from workspace.people.models import Person

pytestmark = pytest.mark.long
PASSWORD, EMAIL = "nine blue herons at dusk", "ana@example.org"


@dataclass
class Network:
    """A declaration, somebody who translates it, and their token for programs."""

    store: Store
    folder: Path
    declaration: UUID
    block: UUID
    token: str

    @contextmanager
    def serving(self) -> Iterator["Host"]:
        """A server process, as an operator starts it."""
        with socket.socket() as free:
            free.bind(("127.0.0.1", 0))
            port = free.getsockname()[1]
        environment = {
            **os.environ,
            "WORKSPACE_DATABASE_URL": self.store.engine.url.render_as_string(hide_password=False),
            "WORKSPACE_KEYS": str(self.folder / "keys"),
            "WORKSPACE_MAIL_DIR": str(self.folder / "letters"),
        }
        command = [sys.executable, "-m", "workspace", "serve", "--port", str(port)]
        process = subprocess.Popen(command, env=environment, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        host = Host(f"http://127.0.0.1:{port}", process, self)
        try:
            host.wait()
            yield host
        finally:
            process.terminate()
            process.wait(60)


@dataclass
class Host:
    """One of the servers."""

    address: str
    process: "subprocess.Popen[bytes]"
    network: Network

    def wait(self) -> None:
        began = time.monotonic()
        while time.monotonic() - began < 120:
            try:
                if httpx.get(f"{self.address}/ready", timeout=2).status_code == 200:
                    return
            except httpx.HTTPError:
                time.sleep(0.05)
        raise AssertionError("the server does not come up")

    @property
    def text(self) -> str:
        return f"{self.address}/api/declarations/{self.network.declaration}/blocks/{self.network.block}/texts/fr"

    @property
    def headers(self) -> dict[str, str]:
        return {"Authorization": f"Bearer {self.network.token}"}

    def save(self, words: str, tag: str) -> httpx.Response:
        body = {"content": words, "sources": ["en"]}
        return httpx.put(self.text, json=body, headers={**self.headers, "If-Match": tag}, timeout=30)

    def read(self) -> httpx.Response:
        return httpx.get(self.text, headers=self.headers, timeout=30)


@pytest.fixture
def network(postgresql_store: Store, tmp_path: Path) -> Network:
    with postgresql_store.writing() as db:
        actor = factories.person(db, Role.TRANSLATOR, "Ana Ruiz")
        made = factories.declaration(db, {EN: "Towns share wells."})
        block = queries.head_rows(db, made)[0].block_id
        person = db.get_one(Person, actor.person_id)
        AccountService(db).make(person, email=EMAIL, password_hash=hash_password(PASSWORD), actor=OPERATOR)
        token = ApiTokenService(db).create(actor=actor, name="Tests", is_read_only=False).token
    return Network(postgresql_store, tmp_path, made.id, block, token)


@contextmanager
def signed_in(host: Host) -> Iterator[httpx.Client]:
    """A browser that has signed in there."""
    with httpx.Client(base_url=host.address, timeout=30) as browser:
        browser.get("/en/sign-in")
        form = {"csrf": token_of(browser), "email": EMAIL, "password": PASSWORD}
        assert browser.post("/en/sign-in", data=form).status_code == 303
        yield browser


def test_two_servers_are_one_workspace(network: Network):
    with network.serving() as one, network.serving() as other:
        heard: list[str] = []
        listening = threading.Event()

        def listen() -> None:
            address = f"{other.address}/api/declarations/{network.declaration}/events"
            accepts = {**other.headers, "Accept": "text/event-stream"}
            with httpx.stream("GET", address, headers=accepts, timeout=30) as stream:
                listening.set()
                for line in stream.iter_lines():
                    heard.append(line)
                    if "translation" in line:
                        return

        listener = threading.Thread(target=listen)
        listener.start()
        assert listening.wait(30)
        time.sleep(2)  # until the line between the processes stands

        # What is written at one reaches a stream at the other, and is read there at once.
        saved = one.save("Les villes partagent les puits.", one.read().headers["etag"])
        assert saved.status_code == 200
        assert other.read().headers["etag"] == saved.headers["etag"]
        listener.join(20)
        assert not listener.is_alive(), heard

        # Two who replace the same thing at two servers: one is told that somebody else was quicker.
        tag = saved.headers["etag"]
        answers = [one.save("Un.", tag).status_code, other.save("Deux.", tag).status_code]
        assert answers == [200, 412]

        # One signs in at one, is known at the other, and signed out there: out everywhere.
        with signed_in(one) as browser:
            cookies = dict(browser.cookies)
            with httpx.Client(base_url=other.address, cookies=cookies, timeout=30) as elsewhere:
                account = elsewhere.get("/en/account")
                assert account.status_code == 200
                token = re.search(r'name="csrf" value="([^"]+)"', account.text)[1]
                assert elsewhere.post("/en/sign-out", data={"csrf": token}).status_code == 303
            assert browser.get("/en/account").status_code != 200

        # What must not be done twice is done once: the log has no second beginning of a job within its time.
        with network.store.reading() as db:
            runs = db.scalars(sa.select(JobRun)).all()
            numbers = db.scalars(sa.select(LogEntry.sequence).order_by(LogEntry.sequence)).all()
        assert len({run.name for run in runs}) == len(runs) > 0
        assert list(numbers) == list(range(1, len(numbers) + 1))


def test_one_that_is_killed_loses_nothing_and_the_other_goes_on(network: Network):
    kept: list[tuple[UUID, str]] = []
    with network.serving() as one, network.serving() as other:
        stop = threading.Event()

        def write(host: Host, number: int) -> None:
            while not stop.is_set():
                words = f"Texte {time.monotonic_ns()} de {number}."
                try:
                    answer = host.save(words, host.read().headers["etag"])
                except (httpx.HTTPError, KeyError):
                    time.sleep(0.05)
                    continue
                if answer.status_code == 200:
                    kept.append((UUID(answer.headers["etag"].strip('"')), words))
                elif answer.status_code == 429:
                    time.sleep(1)

        writers = [threading.Thread(target=write, args=pair) for pair in ((one, 1), (other, 2))]
        for writer in writers:
            writer.start()
        time.sleep(4)
        one.process.send_signal(signal.SIGKILL)
        one.process.wait()
        before = len(kept)
        time.sleep(4)
        stop.set()
        for writer in writers:
            writer.join()
        assert len(kept) > before, "the other does not go on"
    with network.store.reading() as db:
        every = {version.id: version.content for version in db.scalars(sa.select(TextVersion))}
    assert [words for version, words in kept if every.get(version) != words] == []
    sys.stdout.write(f"{len(kept)} acknowledged by two servers, one killed, 0 lost\n")


def test_tries_at_a_password_are_counted_for_both_together(network: Network):
    with network.serving() as one, network.serving() as other:
        statuses = []
        for number in range(24):
            host = (one, other)[number % 2]
            with httpx.Client(base_url=host.address, timeout=30) as browser:
                browser.get("/en/sign-in")
                form = {"csrf": token_of(browser), "email": EMAIL, "password": f"wrong {number} and long enough"}
                statuses.append(browser.post("/en/sign-in", data=form).status_code)
            if statuses[-1] == 429:
                break
        assert 429 in statuses, statuses
        assert len(statuses) < 24
