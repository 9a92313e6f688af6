"""Waking the readers of a declaration when something happens to it: one hub for each store, in each process."""

import asyncio
import json
import logging
import time
from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import AbstractContextManager, contextmanager, suppress
from threading import Event, Lock, RLock, Thread
from typing import TYPE_CHECKING, Any
from uuid import UUID
from weakref import WeakKeyDictionary

import sqlalchemy as sa
from msgspec import Struct, field

from workspace.core.storage.change_feed import CHANNEL, MOST_IN_A_WORD
from workspace.core.storage.db import Store, new_id
from workspace.web.http.rate_limits import TooMany

if TYPE_CHECKING:
    import psycopg

LINGERS = 5.0  # seconds that somebody counts as here after their last page closed
NEIGHBOURS_LAST = 60.0  # seconds that the word of another process counts


class Presence(Struct):
    """`clock` counts seconds and never goes back."""

    clock: Callable[[], float] = time.monotonic
    _here: dict[UUID, Counter[UUID]] = field(default_factory=dict)
    _leaving: dict[tuple[UUID, UUID], float] = field(default_factory=dict)
    _elsewhere: dict[tuple[str, UUID], tuple[float, frozenset[UUID]]] = field(default_factory=dict)
    _lock: AbstractContextManager[object] = field(default_factory=RLock)  # what is collected meanwhile goes, too

    def come(self, declaration_id: UUID, person_id: UUID) -> bool:
        """Somebody opens a page; whether they were not here yet."""
        with self._lock:
            people = self._here.setdefault(declaration_id, Counter())
            people[person_id] += 1
            has_lingered = self._leaving.pop((declaration_id, person_id), 0.0) > self.clock()
            return people[person_id] == 1 and not has_lingered

    def go(self, declaration_id: UUID, person_id: UUID) -> None:
        """Somebody closes a page."""
        with self._lock:
            people = self._here.get(declaration_id, Counter())
            people[person_id] -= 1
            if people[person_id] <= 0:
                del people[person_id]
                self._leaving[declaration_id, person_id] = self.clock() + LINGERS
            if not people:
                self._here.pop(declaration_id, None)

    def hear(self, process: str, declaration_id: UUID, people: Sequence[UUID]) -> None:
        """Another process says who is there."""
        with self._lock:
            self._elsewhere[process, declaration_id] = (self.clock() + NEIGHBOURS_LAST, frozenset(people))

    def own(self, declaration_id: UUID) -> frozenset[UUID]:
        """Who is here by way of this process."""
        with self._lock:
            return self._own(declaration_id)

    def declarations(self) -> frozenset[UUID]:
        """Those that somebody reads by way of this process, or has just left."""
        with self._lock:
            return frozenset({*self._here, *(declaration_id for declaration_id, _ in self._leaving)})

    def on(self, declaration_id: UUID) -> frozenset[UUID]:
        """Everybody who is here."""
        now = self.clock()
        with self._lock:
            heard = (
                people
                for (_, where), (until, people) in self._elsewhere.items()
                if where == declaration_id and until > now
            )
            return self._own(declaration_id).union(*heard)

    def _own(self, declaration_id: UUID) -> frozenset[UUID]:
        now = self.clock()
        self._leaving = {key: until for key, until in self._leaving.items() if until > now}
        lingering = (person for where, person in self._leaving if where == declaration_id)
        return frozenset({*self._here.get(declaration_id, ()), *lingering})


MOST_OF_ONE = 12  # streams that one person can have open
MOST_OF_ADDRESS = 40  # that visitors at one address of the net can have open: a house may share one
MOST_OF_HALL = 600  # that follow one screen from one address: a hall full of telephones
MOST_OF_VISITORS = 1_000  # of all visitors, in one process; the rest is for those who take part
MOST = 2_000  # of everybody


class Listener(Struct, eq=False):
    """One open stream. It holds no news, only whether there is some: a slow reader costs no memory."""

    declaration_id: UUID
    person_id: UUID | None
    address: str = ""  # of a visitor
    is_shared: bool = False  # what it sends is made once for many
    loop: asyncio.AbstractEventLoop = field(default_factory=asyncio.get_running_loop)
    news: asyncio.Event = field(default_factory=asyncio.Event)

    def wake(self) -> None:
        """Say that there is news; from any thread."""
        with suppress(RuntimeError):  # the loop has ended, and the stream with it
            self.loop.call_soon_threadsafe(self.news.set)

    async def wait(self, seconds: float) -> bool:
        """Wait for news, at most so long; whether there is some."""
        with suppress(TimeoutError):
            await asyncio.wait_for(self.news.wait(), seconds)
        has_news = self.news.is_set()
        self.news.clear()
        return has_news

    async def settle(self, seconds: float) -> None:
        """Let what happens at the same time come together."""
        await asyncio.sleep(seconds)
        self.news.clear()


class Hub:
    """The open streams of one process."""

    def __init__(self, store: Store) -> None:
        self.process = str(new_id())
        self.presence = Presence()
        self.is_over = False
        self._listeners: set[Listener] = set()
        self._lock = RLock()  # a stream that nobody holds any more ends wherever it is collected, under this lock too
        self._happened: Counter[UUID | None] = Counter()
        self._wire = None if store.is_sqlite else PostgresNotifier(store, self)
        store.news.follow(self.wake)

    @contextmanager
    def listening(
        self, declaration_id: UUID, person_id: UUID | None, address: str = "", *, is_shared: bool = False
    ) -> Iterator[Listener]:
        """Follow one declaration. A person is seen to be here; a visitor, at `address`, is not."""
        listener = Listener(declaration_id, person_id, address, is_shared)
        with self._lock:
            self._listeners.add(listener)
        if self._wire:
            self._wire.start()
        if person_id and self.presence.come(declaration_id, person_id):
            self.wake(frozenset({declaration_id}))
        try:
            yield listener
        finally:
            with self._lock:
                self._listeners.discard(listener)
            if person_id:
                self.presence.go(declaration_id, person_id)

    def wake(self, declarations: frozenset[UUID] | None) -> None:
        """Something happened to these declarations; None is to any of them."""
        with self._lock:
            self._happened.update(declarations or (None,))
            concerned = [
                listener
                for listener in tuple(self._listeners)
                if declarations is None or listener.declaration_id in declarations
            ]
        for listener in concerned:
            listener.wake()

    def happened(self, declaration_id: UUID) -> int:
        """How often something has happened to this declaration: what was made before the last time is out of date."""
        with self._lock:
            return self._happened[declaration_id] + self._happened[None]

    @property
    def count(self) -> int:
        """How many streams are open."""
        with self._lock:
            return len(self._listeners)

    @property
    def looking(self) -> int:
        """How many streams look for themselves."""
        with self._lock:
            return sum(not listener.is_shared for listener in tuple(self._listeners))

    def close(self) -> None:
        """End every stream: the server stops."""
        self.is_over = True
        self.wake(None)
        if self._wire:
            self._wire.stop()

    def ensure_room(self, person_id: UUID | None, address: str = "", *, most: int = MOST_OF_ADDRESS) -> None:
        """Raises `TooMany` when this person, or the visitors, or everybody, has as many open as there can be; `most`
        are those that visitors at one address can have.
        """
        with self._lock:
            visitors = [listener for listener in tuple(self._listeners) if listener.person_id is None]
            if person_id is None:
                own = sum(listener.address == address for listener in visitors)
                is_full = own >= most or len(visitors) >= MOST_OF_VISITORS
            else:
                is_full = sum(listener.person_id == person_id for listener in tuple(self._listeners)) >= MOST_OF_ONE
            if is_full or len(self._listeners) >= MOST:
                raise TooMany(seconds=30)


_HUBS: WeakKeyDictionary[Store, Hub] = WeakKeyDictionary()
_HUBS_LOCK = Lock()


def hub_of(store: Store) -> Hub:
    """The hub of this store, in this process."""
    with _HUBS_LOCK:
        if store not in _HUBS:
            _HUBS[store] = Hub(store)
        return _HUBS[store]


logger = logging.getLogger("workspace.live")

LOOKS_UP_EVERY = 1.0  # seconds
SAYS_EVERY = 20.0
BREATH = 2.0  # before the line is laid anew


class PostgresNotifier:
    """A thread that listens while somebody follows a declaration by way of this process."""

    def __init__(self, store: Store, hub: Hub) -> None:
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
        import psycopg  # noqa: PLC0415  (a fourteenth of the start, which only a server on PostgreSQL needs)

        while not self._stop.is_set():
            try:
                if not self._listen():
                    return
            except (psycopg.Error, sa.exc.SQLAlchemyError) as error:
                logger.warning("The line to the other processes broke, and is laid anew: %s", error)
                self._stop.wait(BREATH)

    def _listen(self) -> bool:
        """Until there is nobody left to tell (False), or the server stops."""
        import psycopg  # noqa: PLC0415  (as above)

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
                    "people": [str(person) for person in sorted(people)[:MOST_IN_A_WORD]],
                }
                _send(line, word)
        self._said = {declaration_id: people for declaration_id, people in here.items() if people}


def _send(line: "psycopg.Connection[Any]", word: Mapping[str, Any]) -> None:
    line.execute("SELECT pg_notify(%s, %s)", (CHANNEL, json.dumps(word)))
