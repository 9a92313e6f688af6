"""What is published, at hand: files and printed texts that many people ask for at once, kept in memory.

An edition never changes and, once it is out, anybody may read it for good. So what was read once need not be asked
of the database again, nor printed again, while people edit beside it.
"""

from collections.abc import Hashable
from threading import Lock
from uuid import UUID
from weakref import WeakKeyDictionary

from cachetools import LRUCache
from markupsafe import Markup
from msgspec import Struct

from drafts.blocks import Language
from workspace.core.db import Store

_MOST_BYTES = 64_000_000
_MOST_OF_ONE = 4_000_000  # a larger file is read each time
_MOST_LEAVES = 64
_MOST_FEEDS = 16


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


class Outlet:
    """What one database has published. For several threads."""

    def __init__(self) -> None:
        self._files: LRUCache[Hashable, KeptFile] = LRUCache(_MOST_BYTES, getsizeof=lambda file: len(file.content))
        self._leaves: LRUCache[Hashable, Leaf] = LRUCache(_MOST_LEAVES)
        self._feeds: LRUCache[Hashable, bytes] = LRUCache(_MOST_FEEDS)
        self._lock = Lock()

    def file(self, *address: str | int) -> KeptFile | None:
        """The file at this address of the site, if somebody has asked for it lately."""
        with self._lock:
            return self._files.get(address)

    def keep_file(self, file: KeptFile, *address: str | int) -> None:
        if len(file.content) <= _MOST_OF_ONE:
            with self._lock:
                self._files[address] = file

    def leaf(self, edition_id: UUID, languages: tuple[Language, ...]) -> Leaf | None:
        with self._lock:
            return self._leaves.get((edition_id, languages))

    def keep_leaf(self, leaf: Leaf, edition_id: UUID, languages: tuple[Language, ...]) -> None:
        with self._lock:
            self._leaves[edition_id, languages] = leaf

    def feed(self, *of: Hashable) -> bytes | None:
        """The feed as it was written last of these editions under these names."""
        with self._lock:
            return self._feeds.get(of)

    def keep_feed(self, feed: bytes, *of: Hashable) -> None:
        with self._lock:
            self._feeds[of] = feed


_outlets: WeakKeyDictionary[Store, Outlet] = WeakKeyDictionary()
_lock = Lock()


def outlet(store: Store) -> Outlet:
    """The outlet of a database; gone with it."""
    with _lock:
        return _outlets.setdefault(store, Outlet())
