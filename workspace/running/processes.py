"""Several processes of one server: forked from one that has all it needs, begun again when one dies, ended together."""

import os
import signal
import time
from itertools import chain

SOON = 5.0  # seconds: one that ends sooner could not begin


def divide(count: int) -> int | None:
    """Go on in `count` processes: returns in each with its number from 0 on, and here, with None, when all have ended.

    SIGTERM and Ctrl-C end them all. One that dies otherwise is begun again, unless it could not even begin: then all
    are ended, and `SystemExit` is raised.
    """
    group = _Group()
    were = {number: signal.signal(number, group.end) for number in (signal.SIGTERM, signal.SIGINT)}
    try:
        for number in chain(range(count), iter(group.wait, None)):
            if group.begin(number):
                return number
    finally:
        for received, handler in were.items():
            signal.signal(received, handler)
    if group.has_failed:
        raise SystemExit(1)
    return None


class _Group:
    """The processes that were forked from this one: each with its number, and when it began."""

    def __init__(self) -> None:
        self.parent = os.getpid()
        self.running: dict[int, tuple[int, float]] = {}
        self.is_ending = False
        self.has_failed = False

    def begin(self, number: int) -> bool:
        """Fork one; whether this is it."""
        process = os.fork()
        if process:
            self.running[process] = number, time.monotonic()
        return not process

    def end(self, *_: object) -> None:
        """End them all."""
        if os.getpid() != self.parent:  # one that has not begun yet
            raise SystemExit
        self.is_ending = True
        for process in self.running:
            os.kill(process, signal.SIGTERM)

    def wait(self) -> int | None:
        """The number of one that died and is to begin again; None when all have ended."""
        while self.running:
            if self.is_ending:
                self.end()  # also one that was just beginning
            process, _ = os.wait()
            number, since = self.running.pop(process, (None, 0.0))
            if number is None or self.is_ending:
                continue
            if time.monotonic() - since >= SOON:
                return number
            self.has_failed = True
            self.end()
        return None
