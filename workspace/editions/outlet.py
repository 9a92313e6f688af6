"""What is published, at hand: files and printed texts that many people ask for at once, kept in memory.

An edition never changes and, once it is out, anybody may read it for good. So what was read once need not be asked
of the database again, nor printed again, while people edit beside it.
"""

from collections import OrderedDict
from collections.abc import Hashable
from threading import Lock
from typing import Generic, TypeVar
from uuid import UUID
from weakref import WeakKeyDictionary

from markupsafe import Markup
from msgspec import Struct

from drafts.blocks import Language
from workspace.core.db import Store

_MOST_BYTES = 64_000_000
_MOST_OF_ONE = 4_000_000  # a larger file is read each time
_MOST_LEAVES = 64
_MOST_FEEDS = 16
_Kept = TypeVar("_Kept")


class KeptFile(Struct, frozen=True):
    """One file of an edition that anybody may read."""

    name: str
    media_type: str
    sha256: str
    content: bytes


class Leaf(Struct, frozen=True):
    """The text of an edition as its page shows it, with its fingerprint, which was found to be the published one."""

    title: Markup
    body: Markup
    fingerprint: str
    numbers: tuple[str, ...] = ()  # of the paragraphs, in their order


def knows(tags: str, sha256: str) -> bool:
    """Whether an `If-None-Match` names these bytes."""
    named = {tag.strip().removeprefix("W/").strip('"') for tag in tags.split(",")}
    return bool(named & {sha256, "*"})


class _Shelf(Generic[_Kept]):
    """Things by name up to a size; what nobody asked for longest goes first. For several threads."""

    def __init__(self, most: int) -> None:
        self.most = most
        self.size = 0
        self.things: OrderedDict[Hashable, tuple[_Kept, int]] = OrderedDict()
        self.lock = Lock()

    def take(self, name: Hashable) -> _Kept | None:
        with self.lock:
            found = self.things.get(name)
            if found is None:
                return None
            self.things.move_to_end(name)
            return found[0]

    def put(self, name: Hashable, thing: _Kept, size: int) -> None:
        with self.lock:
            self.size += size - (self.things.pop(name)[1] if name in self.things else 0)
            self.things[name] = thing, size
            while self.size > self.most:
                self.size -= self.things.popitem(last=False)[1][1]


class Outlet:
    """What one database has published."""

    def __init__(self) -> None:
        self._files: _Shelf[KeptFile] = _Shelf(_MOST_BYTES)
        self._leaves: _Shelf[Leaf] = _Shelf(_MOST_LEAVES)
        self._feeds: _Shelf[bytes] = _Shelf(_MOST_FEEDS)

    def file(self, *address: str | int) -> KeptFile | None:
        """The file at this address of the site, if somebody has asked for it lately."""
        return self._files.take(address)

    def keep_file(self, file: KeptFile, *address: str | int) -> None:
        if len(file.content) <= _MOST_OF_ONE:
            self._files.put(address, file, len(file.content))

    def leaf(self, edition_id: UUID, languages: tuple[Language, ...]) -> Leaf | None:
        return self._leaves.take((edition_id, languages))

    def keep_leaf(self, leaf: Leaf, edition_id: UUID, languages: tuple[Language, ...]) -> None:
        self._leaves.put((edition_id, languages), leaf, 1)

    def feed(self, *of: Hashable) -> bytes | None:
        """The feed as it was written last of these editions under these names."""
        return self._feeds.take(of)

    def keep_feed(self, feed: bytes, *of: Hashable) -> None:
        self._feeds.put(of, feed, 1)


_outlets: WeakKeyDictionary[Store, Outlet] = WeakKeyDictionary()
_lock = Lock()


def outlet(store: Store) -> Outlet:
    """The outlet of a database; gone with it."""
    with _lock:
        return _outlets.setdefault(store, Outlet())
