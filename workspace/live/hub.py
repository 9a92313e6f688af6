"""Waking the readers of a declaration when something happens to it: one hub for each store, in each process."""

import asyncio
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from threading import Lock
from typing import TYPE_CHECKING
from uuid import UUID
from weakref import WeakKeyDictionary

from msgspec import Struct, field

from workspace.core.db import Store, new_id
from workspace.live.presence import Presence
from workspace.web.limits import TooMany

if TYPE_CHECKING:
    from workspace.live.wire import Wire

MOST_OF_ONE = 12  # streams that one person can have open
MOST_OF_ADDRESS = 40  # that visitors at one address of the net can have open: a house may share one
MOST_OF_VISITORS = 1_000  # of all visitors, in one process; the rest is for those who take part
MOST = 2_000  # of everybody


class Listener(Struct, eq=False):
    """One open stream. It holds no news, only whether there is some: a slow reader costs no memory."""

    declaration_id: UUID
    person_id: UUID | None
    address: str = ""  # of a visitor
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
        self._lock = Lock()
        self._wire = None if store.is_sqlite else _wire(store, self)
        store.news.follow(self.wake)

    @contextmanager
    def listening(self, declaration_id: UUID, person_id: UUID | None, address: str = "") -> Iterator[Listener]:
        """Follow one declaration. A person is seen to be here; a visitor, at `address`, is not."""
        listener = Listener(declaration_id, person_id, address)
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
            concerned = [one for one in self._listeners if declarations is None or one.declaration_id in declarations]
        for one in concerned:
            one.wake()

    @property
    def count(self) -> int:
        """How many streams are open."""
        with self._lock:
            return len(self._listeners)

    def close(self) -> None:
        """End every stream: the server stops."""
        self.is_over = True
        self.wake(None)
        if self._wire:
            self._wire.stop()

    def ensure_room(self, person_id: UUID | None, address: str = "") -> None:
        """Raises `TooMany` when this person, or the visitors, or everybody, has as many open as there can be."""
        with self._lock:
            visitors = [one for one in self._listeners if one.person_id is None]
            if person_id is None:
                own = sum(one.address == address for one in visitors)
                is_full = own >= MOST_OF_ADDRESS or len(visitors) >= MOST_OF_VISITORS
            else:
                is_full = sum(one.person_id == person_id for one in self._listeners) >= MOST_OF_ONE
            if is_full or len(self._listeners) >= MOST:
                raise TooMany(seconds=30)


def _wire(store: Store, hub: Hub) -> "Wire":
    from workspace.live.wire import Wire  # noqa: PLC0415  (loads a driver that SQLite has no use for)

    return Wire(store, hub)


_HUBS: WeakKeyDictionary[Store, Hub] = WeakKeyDictionary()
_HUBS_LOCK = Lock()


def hub_of(store: Store) -> Hub:
    """The hub of this store, in this process."""
    with _HUBS_LOCK:
        if store not in _HUBS:
            _HUBS[store] = Hub(store)
        return _HUBS[store]
