"""The Atom feed of everything that was published, in one language."""

from collections.abc import Hashable
from datetime import UTC, datetime
from email.utils import format_datetime, parsedate_to_datetime

from litestar import Controller, Response, get
from litestar.di import NamedDependency

from drafts.formats.static_site.pages import SiteEdition
from drafts.formats.static_site.site import Home, feed
from workspace.editions.issuing import sha256
from workspace.editions.models import Edition
from workspace.editions.outlet import knows, outlet
from workspace.editions.site import on_the_site, public_editions
from workspace.web.services import Work

_MOST = 50


class EditionFeed(Controller):
    """What was published, for programs that watch."""

    @get("/editions.atom", name="editions_feed", sync_to_thread=True, policy="public")
    def editions(self, work: NamedDependency[Work]) -> Response[bytes]:
        """The last editions that anybody may read, newest first; who asks again learns whether there are more.

        They are written anew only when there is another one, or somebody has renamed what they are of.
        """
        here = str(work.request.base_url).rstrip("/")

        def address(edition: SiteEdition) -> str:
            forum, declaration = edition.address.split("/")
            return here + work.url_for("edition", forum=forum, declaration=declaration, number=edition.number)

        home = Home(here + work.url_for("editions_feed"), here + work.url_for("forums"), address)
        known = outlet(work.site.store)
        with work.reading() as db:
            editions = public_editions(db)[-_MOST:]
            of = (here, work.language, *map(_told_of, editions))
            made = known.feed(*of) or feed(on_the_site(db, editions), work.language, home=home)
        known.keep_feed(made, *of)
        return _unless_known(work, made, editions[-1].published_at if editions else None)


def _told_of(edition: Edition) -> Hashable:
    """All that an entry of the feed is made from and may change."""
    declaration = edition.declaration
    forum = declaration.forum
    names = [*declaration.name.to_dict().values(), *forum.name.to_dict().values(), *forum.place.to_dict().values()]
    return edition.id, declaration.slug, forum.slug, *names


def _unless_known(work: Work, made: bytes, changed: datetime | None) -> Response[bytes]:
    """The feed with what a program asks again by; 304 without it, where it has the same."""
    digest = sha256(made)
    headers = {"Cache-Control": "public, no-cache", "ETag": f'"{digest}"'}
    if changed is not None:
        headers["Last-Modified"] = format_datetime(changed.astimezone(UTC), usegmt=True)
    asked = work.request.headers
    if (tags := asked.get("If-None-Match")) is not None:
        is_known = knows(tags, digest)
    else:
        is_known = changed is not None and _is_since(asked.get("If-Modified-Since", ""), changed)
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
