"""Between the processes that share one PostgreSQL database: what changed, and who is here, by LISTEN and NOTIFY.

A notification carries ids and nothing else. When the line breaks, it is laid anew and every
reader looks for themselves: nothing is lost, because what happened is in the log.
"""

import json
import logging
import time
from collections.abc import Mapping
from threading import Event, Lock, Thread
from typing import Any, Protocol
from uuid import UUID

import psycopg
import sqlalchemy as sa

from workspace.core.db import Store
from workspace.core.news import CHANNEL, MOST_IN_A_WORD
from workspace.live.presence import Presence

logger = logging.getLogger("workspace.live")

LOOKS_UP_EVERY = 1.0  # seconds
SAYS_EVERY = 20.0
BREATH = 2.0  # before the line is laid anew


class Streams(Protocol):
    """The open streams of this process, which the wire wakes."""

    process: str
    presence: Presence
    is_over: bool

    @property
    def count(self) -> int:
        """How many streams are open."""

    def wake(self, declarations: frozenset[UUID] | None) -> None:
        """Something happened to these declarations; None is to any of them."""


class Wire:
    """A thread that listens while somebody follows a declaration by way of this process."""

    def __init__(self, store: Store, hub: Streams) -> None:
        self.store = store
        self.hub = hub
        self._thread: Thread | None = None
        self._stop = Event()
        self._lock = Lock()
        self._said: dict[UUID, frozenset[UUID]] = {}
        self._due = 0.0  # when to say everything again

    def start(self) -> None:
        with self._lock:
            if self._thread is None and not self.hub.is_over:
                self._thread = Thread(target=self._run, name="live", daemon=True)
                self._thread.start()

    def stop(self) -> None:
        """Hang up, and wait until it is done."""
        self._stop.set()
        thread = self._thread
        if thread is not None:
            thread.join(LOOKS_UP_EVERY * 3)

    def _run(self) -> None:
        while not self._stop.is_set():
            try:
                if not self._listen():
                    return
            except (psycopg.Error, sa.exc.SQLAlchemyError) as error:
                logger.warning("The line to the other processes broke, and is laid anew: %s", error)
                self._stop.wait(BREATH)

    def _listen(self) -> bool:
        """Until there is nobody left to tell (False), or the server stops."""
        _, given = self.store.engine.dialect.create_connect_args(self.store.engine.url)
        with psycopg.connect(**given, autocommit=True) as line:
            line.execute(f"LISTEN {CHANNEL}")
            _send(line, {"hello": self.hub.process})
            self.hub.wake(None)  # what happened before the line stood
            while not self._stop.is_set():
                for word in line.notifies(timeout=LOOKS_UP_EVERY, stop_after=1):
                    self._hear(json.loads(word.payload))
                is_due = time.monotonic() >= self._due
                if is_due:
                    self._due = time.monotonic() + SAYS_EVERY
                self._say(line, everything=is_due)
                if self._is_idle():
                    return False
        return True

    def _is_idle(self) -> bool:
        with self._lock:
            if self.hub.count or self.hub.presence.declarations():
                return False
            self._thread = None
            return True

    def _hear(self, word: Mapping[str, Any]) -> None:
        if "changed" in word:
            self.hub.wake(frozenset(map(UUID, word["changed"])))
        elif "hello" in word:
            self._due = 0.0  # somebody new does not know yet who is here
        elif word.get("process") != self.hub.process and "declaration" in word:
            declaration_id = UUID(word["declaration"])
            self.hub.presence.hear(word["process"], declaration_id, [UUID(person_id) for person_id in word["people"]])
            self.hub.wake(frozenset({declaration_id}))

    def _say(self, line: "psycopg.Connection[Any]", *, everything: bool) -> None:
        """Tell the others who is here: at once where that changed, everything now and then."""
        here = {
            declaration_id: self.hub.presence.own(declaration_id)
            for declaration_id in {*self.hub.presence.declarations(), *self._said}
        }
        for declaration_id, people in here.items():
            if everything or people != self._said.get(declaration_id, frozenset()):
                word = {
                    "process": self.hub.process,
                    "declaration": str(declaration_id),
                    "people": [str(one) for one in sorted(people)[:MOST_IN_A_WORD]],
                }
                _send(line, word)
        self._said = {declaration_id: people for declaration_id, people in here.items() if people}


def _send(line: "psycopg.Connection[Any]", word: Mapping[str, Any]) -> None:
    line.execute("SELECT pg_notify(%s, %s)", (CHANNEL, json.dumps(word)))
