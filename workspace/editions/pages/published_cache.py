"""What the public asks of published editions, kept in memory."""

from collections.abc import Hashable
from threading import Lock
from uuid import UUID
from weakref import WeakKeyDictionary

from cachetools import LRUCache
from markupsafe import Markup
from msgspec import Struct

from drafts.formats.text_parts import ContentsEntry
from drafts.text.blocks import Language
from workspace.core.storage.db import Store
from workspace.editions.domain.causes import Acts

_MOST_BYTES = 64_000_000
_MOST_OF_ONE = 4_000_000  # a larger file is read each time
_MOST_LEAVES = 64
_MOST_ACTS = 16
_MOST_FEEDS = 16


class CachedFile(Struct, frozen=True):
    """One file of an edition that anybody may read."""

    name: str
    media_type: str
    sha256: str
    content: bytes


class CachedText(Struct, frozen=True):
    """The text of an edition as its page shows it, with its fingerprint, which was found to be the published one."""

    title: Markup
    body: Markup
    fingerprint: str
    numbers: tuple[str, ...] = ()  # of the paragraphs, in their order
    contents: tuple[ContentsEntry, ...] = ()
    opening: str = ""  # how its first paragraph begins


def etag_matches(tags: str, sha256: str) -> bool:
    """Whether an `If-None-Match` names these bytes."""
    named = {tag.strip().removeprefix("W/").strip('"') for tag in tags.split(",")}
    return bool(named & {sha256, "*"})


class PublishedCache:
    """What one database has published. For several threads."""

    def __init__(self) -> None:
        self._files: LRUCache[Hashable, CachedFile] = LRUCache(_MOST_BYTES, getsizeof=lambda file: len(file.content))
        self._leaves: LRUCache[Hashable, CachedText] = LRUCache(_MOST_LEAVES)
        self._acts: LRUCache[Hashable, Acts] = LRUCache(_MOST_ACTS)
        self._feeds: LRUCache[Hashable, bytes] = LRUCache(_MOST_FEEDS)
        self._lock = Lock()

    def file(self, *address: str | int) -> CachedFile | None:
        """The file at this address of the site, if somebody has asked for it lately."""
        with self._lock:
            return self._files.get(address)

    def keep_file(self, file: CachedFile, *address: str | int) -> None:
        if len(file.content) <= _MOST_OF_ONE:
            with self._lock:
                self._files[address] = file

    def leaf(self, edition_id: UUID, languages: tuple[Language, ...]) -> CachedText | None:
        with self._lock:
            return self._leaves.get((edition_id, languages))

    def keep_leaf(self, leaf: CachedText, edition_id: UUID, languages: tuple[Language, ...]) -> None:
        with self._lock:
            self._leaves[edition_id, languages] = leaf

    def acts(self, edition_id: UUID) -> Acts | None:
        with self._lock:
            return self._acts.get(edition_id)

    def keep_acts(self, acts: Acts, edition_id: UUID) -> None:
        with self._lock:
            self._acts[edition_id] = acts

    def feed(self, *of: Hashable) -> bytes | None:
        """The feed as it was written last of these editions under these names."""
        with self._lock:
            return self._feeds.get(of)

    def keep_feed(self, feed: bytes, *of: Hashable) -> None:
        with self._lock:
            self._feeds[of] = feed


_outlets: WeakKeyDictionary[Store, PublishedCache] = WeakKeyDictionary()
_lock = Lock()


def published_cache(store: Store) -> PublishedCache:
    """The outlet of a database; gone with it."""
    with _lock:
        return _outlets.setdefault(store, PublishedCache())
