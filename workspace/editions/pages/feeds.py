"""What programs ask of published editions (the feed, the sitemap), and what is kept of them in memory."""

from collections.abc import Hashable, Iterator
from datetime import UTC, datetime
from email.utils import format_datetime, parsedate_to_datetime
from threading import Lock
from uuid import UUID
from weakref import WeakKeyDictionary
from xml.sax.saxutils import escape

from cachetools import LRUCache
from litestar import Controller, Response
from litestar.response import Redirect
from markupsafe import Markup
from msgspec import Struct

from drafts.formats.static_site import Home, SiteEdition, feed
from drafts.formats.text_parts import ContentsEntry
from drafts.text.blocks import Language
from workspace.core.storage.db import Store
from workspace.editions.domain.causes import Acts
from workspace.editions.domain.edition_store import sha256
from workspace.editions.domain.models import Edition
from workspace.editions.site import public_editions, site_entries
from workspace.web.assets import Assets
from workspace.web.http.request_context import Work
from workspace.web.http.routing import get

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


_FOR_AN_HOUR = {"Cache-Control": "public, max-age=3600"}


@get("/robots.txt", include_in_schema=False, sync_to_thread=False, policy="public")
def robots(work: Work) -> Response[str]:
    """Robots read what is published, and no answers for programs."""
    written = f"User-agent: *\nDisallow: /api/\nSitemap: {_origin(work)}/sitemap.xml\n"
    return Response(written, media_type="text/plain", headers=_FOR_AN_HOUR)


@get("/favicon.ico", include_in_schema=False, sync_to_thread=False, policy="public")
def favicon(work: Work) -> Redirect:
    """The mark of the site, for programs that ask for it under this name."""
    assets: Assets = work.request.app.state.assets
    return Redirect(assets.address("icons/mark.svg"), headers=_FOR_AN_HOUR)


@get("/sitemap.xml", include_in_schema=False, policy="public")
def sitemap(work: Work) -> Response[str]:
    """Every edition that anybody may read, in each language."""
    with work.reading() as db:
        entries = "".join(line for edition in public_editions(db) for line in _entries(work, edition))
    names = 'xmlns="http://www.sitemaps.org/schemas/sitemap/0.9" xmlns:xhtml="http://www.w3.org/1999/xhtml"'
    written = f'<?xml version="1.0" encoding="UTF-8"?>\n<urlset {names}>\n{entries}</urlset>\n'
    return Response(written, media_type="application/xml", headers=_FOR_AN_HOUR)


def _entries(work: Work, edition: Edition) -> Iterator[str]:
    declaration = edition.declaration
    at = {"forum": declaration.forum.slug, "declaration": declaration.slug, "number": edition.number}
    addresses = {
        language: escape(_origin(work) + work.url_for("edition", **at, language=language)) for language in Language
    }
    others = "".join(
        f'<xhtml:link rel="alternate" hreflang="{language}" href="{address}"/>'
        for language, address in addresses.items()
    )
    for address in addresses.values():
        yield f"<url><loc>{address}</loc><lastmod>{edition.published_at:%Y-%m-%d}</lastmod>{others}</url>\n"


def _origin(work: Work) -> str:
    return str(work.request.base_url).rstrip("/")


_MOST = 50


class EditionFeed(Controller):
    """What was published, for programs that watch."""

    @get("/editions.atom", name="editions_feed", policy="public")
    def editions(self, work: Work) -> Response[bytes]:
        """The last editions that anybody may read, newest first; who asks again learns whether there are more.

        They are written anew only when there is another one, or somebody has renamed what they are of.
        """
        here = str(work.request.base_url).rstrip("/")

        def address(edition: SiteEdition) -> str:
            forum, declaration = edition.address.split("/")
            return here + work.url_for("edition", forum=forum, declaration=declaration, number=edition.number)

        home = Home(here + work.url_for("editions_feed"), here + work.url_for("forums"), address)
        known = published_cache(work.site.store)
        with work.reading() as db:
            editions = public_editions(db)[-_MOST:]
            of = (here, work.language, *map(_edition_state, editions))
            made = known.feed(*of) or feed(site_entries(db, editions), work.language, home=home)
        known.keep_feed(made, *of)
        return _feed_unless_known(work, made, editions[-1].published_at if editions else None)


def _edition_state(edition: Edition) -> Hashable:
    """All that an entry of the feed is made from and may change."""
    declaration = edition.declaration
    forum = declaration.forum
    names = [*declaration.name.to_dict().values(), *forum.name.to_dict().values(), *forum.place.to_dict().values()]
    return edition.id, declaration.slug, forum.slug, *names


def _feed_unless_known(work: Work, made: bytes, changed: datetime | None) -> Response[bytes]:
    """The feed with what a program asks again by; 304 without it, where it has the same."""
    digest = sha256(made)
    headers = {"Cache-Control": "public, no-cache", "ETag": f'"{digest}"'}
    if changed is not None:
        headers["Last-Modified"] = format_datetime(changed.astimezone(UTC), usegmt=True)
    conditions = work.request.headers
    if (tags := conditions.get("If-None-Match")) is not None:
        is_known = etag_matches(tags, digest)
    else:
        is_known = changed is not None and _is_since(conditions.get("If-Modified-Since", ""), changed)
    return Response(
        b"" if is_known else made,
        status_code=304 if is_known else 200,
        media_type="application/atom+xml",
        headers=headers,
    )


def _is_since(said: str, changed: datetime) -> bool:
    try:
        return parsedate_to_datetime(said) >= changed.replace(microsecond=0)
    except (ValueError, TypeError):
        return False
