"""How often one may knock: so that nobody guesses passwords, fills the outbox, or takes the server from the others.

Two kinds of counting. Addresses and people have a bucket that fills up again, in a table in memory that cannot grow:
that of this process, or one that the processes of a server share. What must hold for several servers together
(tries at one address's password, letters to one address) is counted in the database, by
`workspace.core.storage.request_records`.
"""

import asyncio
import hashlib
import math
import mmap
import os
import struct
import tempfile
import threading
import time
import weakref
from collections import deque
from collections.abc import Callable, Mapping
from contextlib import AbstractContextManager
from pathlib import Path
from types import MappingProxyType
from typing import Any

from cachetools import LRUCache
from litestar.connection import ASGIConnection
from litestar.handlers import BaseRouteHandler
from msgspec import Struct, field

from workspace.core.errors import TooBusy, WorkspaceError

RATE = "rate"  # in the state of a request: the headers that say what is left
MOST_SIGNING_IN, MOST_WAITING = 3, 60  # sign-ins at work, and in the queue
PATIENCE = 10  # seconds in the queue
MOST_KEPT = 20_000  # buckets in memory; the one that was used longest ago goes first
SAFE_METHODS = frozenset({"GET", "HEAD", "OPTIONS"})
UNLIMITED = "unlimited"  # `opt={"pace": UNLIMITED}`: what any cache may keep
SIGNING_IN = "signing_in"  # `opt={"pace": SIGNING_IN}`: whatever takes a password, a code or an address


class TooMany(WorkspaceError):
    """More requests than one address or one person may send. Facts: `seconds` after which it can be tried again."""

    code = "web.too_many"


class RateLimit(Struct, frozen=True):
    """`burst` requests at once, and then `a_second` more in every second."""

    burst: int
    a_second: float


# Forty people behind one address who all work, and all sign in at nine, stay far below each of these.
RATE_LIMITS: Mapping[str, RateLimit] = MappingProxyType(
    {
        "reading": RateLimit(burst=1_500, a_second=60),
        "writing": RateLimit(burst=400, a_second=10),
        "person": RateLimit(burst=120, a_second=2),
        SIGNING_IN: RateLimit(burst=120, a_second=0.5),
    }
)


class _TokenBucket(Struct):
    level: float
    at: float


_SLOT, _SLOTS, _NEAR = struct.Struct("16sdd"), 65_536, 8


class SharedBuckets:
    """Buckets that processes forked from this one share. Of several keys in one place the one used last stays.

    `with` it nobody else changes them; a process that is killed meanwhile lets the others go on.
    """

    def __init__(self) -> None:
        import fcntl  # noqa: PLC0415  (not everywhere, as forking is not)

        self._fcntl = fcntl
        self._table = mmap.mmap(-1, _SLOT.size * (_SLOTS + _NEAR))
        self._secret = os.urandom(16)  # nobody can choose an address that pushes another out
        self._guard, place = tempfile.mkstemp()
        Path(place).unlink()
        weakref.finalize(self, os.close, self._guard)
        self._threads = threading.Lock()

    def __enter__(self) -> None:
        self._threads.acquire()
        self._fcntl.lockf(self._guard, self._fcntl.LOCK_EX)

    def __exit__(self, *_: object) -> None:
        self._fcntl.lockf(self._guard, self._fcntl.LOCK_UN)
        self._threads.release()

    def get(self, key: tuple[str, str]) -> _TokenBucket | None:
        name, place = self._place(key)
        found, level, at = _SLOT.unpack_from(self._table, place)
        return _TokenBucket(level, at) if found == name else None

    def __getitem__(self, key: tuple[str, str]) -> _TokenBucket:
        if (bucket := self.get(key)) is None:
            raise KeyError(key)
        return bucket

    def __setitem__(self, key: tuple[str, str], bucket: _TokenBucket) -> None:
        name, place = self._place(key)
        _SLOT.pack_into(self._table, place, name, bucket.level, bucket.at)

    def _place(self, key: tuple[str, str]) -> tuple[bytes, int]:
        """What stands for the key, and where it is, or the bucket that has not been used for longest."""
        name = hashlib.blake2b("\0".join(key).encode(), digest_size=16, key=self._secret).digest()
        first = int.from_bytes(name[:4]) % _SLOTS
        places = [_SLOT.size * (first + step) for step in range(_NEAR)]
        slots = [_SLOT.unpack_from(self._table, place) for place in places]
        chosen = min(range(_NEAR), key=lambda step: (slots[step][0] != name, slots[step][2]))
        return name, places[chosen]


class RateLimiter(Struct):
    """Counts what comes. `buckets` bounds its memory; `clock` counts seconds and never goes back."""

    paces: Mapping[str, RateLimit] = field(default_factory=lambda: RATE_LIMITS)
    clock: Callable[[], float] = time.monotonic
    buckets: "LRUCache[tuple[str, str], _TokenBucket] | SharedBuckets" = field(
        default_factory=lambda: LRUCache(MOST_KEPT)
    )
    _lock: AbstractContextManager[object] = field(default_factory=threading.Lock)

    @classmethod
    def shared(cls) -> "RateLimiter":
        """One that counts together in all processes that are forked from this one."""
        buckets = SharedBuckets()
        return cls(buckets=buckets, _lock=buckets)

    def take(self, kind: str, who: str) -> str:
        """Count one request of this kind by `who`; raises `TooMany` with the seconds to wait.

        Returns what is left, as the header `RateLimit` says it; "" where the kind has no limit.
        """
        pace = self.paces.get(kind)
        if pace is None:
            return ""
        with self._lock:
            wait = self._take(pace, (kind, who))
            left = int(self.buckets[kind, who].level)
        if wait > 0:
            raise TooMany(seconds=math.ceil(wait))
        return f'"{kind}";r={left};t={math.ceil((pace.burst - left) / pace.a_second)}'

    def policy(self, kind: str) -> str:
        """The limit of a kind, as the header `RateLimit-Policy` says it."""
        pace = self.paces[kind]
        return f'"{kind}";q={pace.burst};w={math.ceil(pace.burst / pace.a_second)}'

    def _take(self, pace: RateLimit, key: tuple[str, str]) -> float:
        now = self.clock()
        bucket = self.buckets.get(key) or _TokenBucket(level=pace.burst, at=now)
        bucket.level = min(float(pace.burst), bucket.level + (now - bucket.at) * pace.a_second)
        bucket.at = now
        wait = max(0.0, 1 - bucket.level) / pace.a_second
        bucket.level -= not wait
        self.buckets[key] = bucket
        return wait


def address_of(connection: ASGIConnection[Any, Any, Any, Any]) -> str:
    """Where a request comes from. Of an IPv6 address the network, because one customer has all of it."""
    host = connection.client.host if connection.client else ""
    return ":".join(host.split(":")[:4]) if ":" in host else host


class SignInTurns:
    """Sign-ins at work at once, and those that wait for a turn: without a thread, in a bounded queue.

    A password takes a tenth of a second and 64 MiB to check. Whoever comes when the queue is full, or has waited too
    long, is refused at once: readers have their threads to themselves.
    """

    def __init__(self) -> None:
        self.running = 0
        self.queue: deque[asyncio.Future[None]] = deque()

    async def take(self) -> None:
        """Wait for a turn, to be given back by `give_back`. Raises `TooBusy`."""
        if self.running < MOST_SIGNING_IN and not self.queue:
            self.running += 1
            return
        if len(self.queue) >= MOST_WAITING:
            raise TooBusy(seconds=PATIENCE)
        turn = asyncio.get_running_loop().create_future()
        self.queue.append(turn)
        try:
            async with asyncio.timeout(PATIENCE):
                await turn
        except (TimeoutError, asyncio.CancelledError) as error:
            if turn.done() and not turn.cancelled():
                self.give_back()
            if isinstance(error, TimeoutError):
                raise TooBusy(seconds=PATIENCE) from error
            raise
        finally:
            if turn in self.queue:
                self.queue.remove(turn)

    def give_back(self) -> None:
        """The next one that still waits takes over the turn; without one it is free."""
        while self.queue:
            turn = self.queue.popleft()
            if not turn.done():
                turn.set_result(None)
                return
        self.running -= 1


async def limit_rate(connection: ASGIConnection[Any, Any, Any, Any], handler: BaseRouteHandler) -> None:
    """Guard of everything: counts the request for its address. Raises `TooMany`.

    It waits for nothing; as a coroutine it needs no thread of its own, which would cost more than what it does.
    """
    limits: RateLimiter | None = connection.app.state.site.limits
    pace = handler.opt.get("pace", "")
    if limits is None or pace == UNLIMITED:
        return
    address = address_of(connection)
    is_reading = connection.scope.get("method", "GET") in SAFE_METHODS
    kind = "reading" if is_reading else "writing"
    if left := limits.take(kind, address):
        connection.scope["state"][RATE] = (
            (b"ratelimit-policy", limits.policy(kind).encode()),
            (b"ratelimit", left.encode()),
        )
    if pace == SIGNING_IN and not is_reading:
        limits.take(SIGNING_IN, address)
