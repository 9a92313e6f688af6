"""A server that is told to stop, with fifty readers on open streams: they go on at another, and miss nothing."""

import asyncio
import signal
import sys
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field

import httpx
import pytest

from tests.security.test_two_servers import Host, Network, network
from tests.support import factories
from workspace.accounts.domain.credentials import ApiTokenService
from workspace.accounts.domain.service import AccountService
from workspace.core.actor import OPERATOR, Role
from workspace.core.storage.db import Db
from workspace.people.models import Person

__all__ = ["network"]
pytestmark = pytest.mark.long
READERS, OF_ONE = 50, 5  # streams; of one person
STOPS, RETRY = 10.0, 0.2  # seconds


@dataclass
class Reader:
    """Somebody whose stream is opened again whenever it ends, at the next host: so it is behind a balancer."""

    token: str
    hosts: Sequence[Host]
    heard: list[str] = field(default_factory=list)  # ids of events
    opened: int = 0

    async def follow(self, client: httpx.AsyncClient) -> None:
        while True:
            for host in self.hosts:
                try:
                    await self._listen(client, host)
                except httpx.HTTPError:
                    await asyncio.sleep(RETRY)

    async def _listen(self, client: httpx.AsyncClient, host: Host) -> None:
        address = f"{host.address}/api/declarations/{host.network.declaration}/events"
        headers = {"Authorization": f"Bearer {self.token}", "Accept": "text/event-stream"}
        if self.heard:
            headers["Last-Event-ID"] = self.heard[-1]
        async with client.stream("GET", address, headers=headers) as stream:
            self.opened += stream.status_code == 200
            async for line in stream.aiter_lines():
                if line.startswith("id: "):
                    self.heard.append(line.removeprefix("id: "))


def tokens_of(network: Network) -> list[str]:
    """Of ten people, so that nobody has more streams than one may have."""
    with network.store.writing() as db:
        return [token_of(db, number) for number in range(READERS // OF_ONE)]


def token_of(db: Db, number: int) -> str:
    actor = factories.person(db, Role.TRANSLATOR, f"Reader {number}")
    person = db.get_one(Person, actor.person_id)
    AccountService(db).make(person, email=f"r{number}@example.org", password_hash=None, actor=OPERATOR)
    return ApiTokenService(db).create(actor=actor, name="Tests", is_read_only=True).token


async def until(is_so: Callable[[], bool], seconds: float) -> None:
    began = time.monotonic()
    while not is_so():
        assert time.monotonic() - began < seconds, "it did not happen in time"
        await asyncio.sleep(0.05)


async def stop_one(one: Host, other: Host, readers: Sequence[Reader]) -> tuple[float, float]:
    """How long the server took to end, and how long until everybody had heard what happened after it was told to."""
    limits = httpx.Limits(max_connections=None, max_keepalive_connections=0)
    async with httpx.AsyncClient(timeout=httpx.Timeout(60), limits=limits) as client:
        following = [asyncio.create_task(reader.follow(client)) for reader in readers]
        await until(lambda: all(reader.opened for reader in readers), 60)
        await asyncio.to_thread(save, one, "Avant l’arrêt.")
        await until(lambda: all(reader.heard for reader in readers), 30)
        before = {reader.heard[-1] for reader in readers}
        one.process.send_signal(signal.SIGTERM)
        began = time.monotonic()
        await asyncio.to_thread(save, other, "Pendant l’arrêt.")
        ended = asyncio.create_task(asyncio.to_thread(ending_of, one, began))
        await until(lambda: all(reader.heard[-1] not in before for reader in readers), 60)
        heard, took = time.monotonic() - began, await ended
        for task in following:
            task.cancel()
        await asyncio.gather(*following, return_exceptions=True)
    return took, heard


def ending_of(one: Host, began: float) -> float:
    one.process.wait(60)
    return time.monotonic() - began


def save(host: Host, words: str) -> None:
    assert host.save(words, host.read().headers["etag"]).status_code == 200


def test_fifty_readers_go_on_at_another_server_when_one_stops(network: Network):
    tokens = tokens_of(network)
    with network.serving() as one, network.serving() as other:
        readers = [Reader(tokens[number // OF_ONE], (one, other)) for number in range(READERS)]
        took, heard = asyncio.run(stop_one(one, other, readers))
    sys.stdout.write(f"{READERS} streams: the server ended after {took:.1f} s, everybody heard after {heard:.1f} s\n")
    assert took < STOPS
    assert {len(set(reader.heard)) for reader in readers} == {len(set(readers[0].heard))}
    assert all(len(set(reader.heard)) == len(reader.heard) for reader in readers)
