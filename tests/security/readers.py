"""Readers of published files, so many a second, from a process of their own: `python -m tests.security.readers`.

Arguments: port, requests a second, seconds, then paths, which are asked for in turn. Prints what was answered.
"""

import asyncio
import sys
import time
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field
from itertools import cycle
from statistics import quantiles

CONNECTIONS = 32


@dataclass
class Told:
    """What came of it: answers by status, bytes, and how long each took."""

    answers: Counter[int] = field(default_factory=Counter)
    size: int = 0
    waits: list[float] = field(default_factory=list)


async def reader(port: int, turns: "asyncio.Queue[tuple[float, str] | None]", told: Told, cookie: str) -> None:
    """One connection that is kept open; opened again, as browsers do, where the server has closed it unused."""
    read, write = await asyncio.open_connection("127.0.0.1", port)
    while (turn := await turns.get()) is not None:
        due, path = turn
        request = f"GET {path} HTTP/1.1\r\nHost: 127.0.0.1:{port}\r\nCookie: {cookie}\r\n\r\n".encode()
        try:
            write.write(request)
            head = await read.readuntil(b"\r\n\r\n")
        except (ConnectionError, asyncio.IncompleteReadError):
            read, write = await asyncio.open_connection("127.0.0.1", port)
            write.write(request)
            head = await read.readuntil(b"\r\n\r\n")
        length = next(
            (int(line.split(b":")[1]) for line in head.lower().split(b"\r\n") if line.startswith(b"content-length")), 0
        )
        await read.readexactly(length)
        told.answers[int(head.split(b" ", 2)[1])] += 1
        told.size += length
        told.waits.append(time.perf_counter() - due)
    write.close()


async def ask(port: int, rate: float, seconds: float, paths: Sequence[str], cookie: str = "") -> tuple[Told, float]:
    """Ask at an even pace, whether answers come or not; what was told, and how long it took until the last answer."""
    turns: asyncio.Queue[tuple[float, str] | None] = asyncio.Queue()
    told = Told()
    readers = [asyncio.create_task(reader(port, turns, told, cookie)) for _ in range(CONNECTIONS)]
    began, names = time.perf_counter(), cycle(paths)
    for number in range(int(rate * seconds)):
        due = began + number / rate
        if (early := due - time.perf_counter()) > 0:
            await asyncio.sleep(early)
        turns.put_nowait((due, next(names)))
    for _ in readers:
        turns.put_nowait(None)
    await asyncio.gather(*readers)
    return told, time.perf_counter() - began


def main(port: str, rate: str, seconds: str, *paths: str) -> None:
    """Print one line: answers a second, by status, megabytes a second, and the 95th percentile of the waits in ms."""
    told, took = asyncio.run(ask(int(port), float(rate), float(seconds), paths))
    count = sum(told.answers.values())
    p95 = quantiles(told.waits, n=20)[-1] * 1000
    by_status = " ".join(f"{status}:{number}" for status, number in sorted(told.answers.items()))
    sys.stdout.write(f"{count / took:.0f} {by_status} {told.size / took / 1e6:.0f} {p95:.0f}\n")


if __name__ == "__main__":
    main(*sys.argv[1:])
