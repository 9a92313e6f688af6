"""The Atom feed of everything that was published, in one language."""

from litestar import Controller, Response, get
from litestar.di import NamedDependency

from drafts.formats.static_site.pages import SiteEdition
from drafts.formats.static_site.site import Home, feed
from workspace.editions.site import on_the_site, public_editions
from workspace.web.services import Work

_MOST = 50


class EditionFeed(Controller):
    """What was published, for programs that watch."""

    @get("/editions.atom", name="editions_feed", sync_to_thread=True, policy="public")
    def editions(self, work: NamedDependency[Work]) -> Response[bytes]:
        """The last editions that anybody may read, newest first."""
        here = str(work.request.base_url).rstrip("/")

        def address(one: SiteEdition) -> str:
            forum, declaration = one.address.split("/")
            return here + work.url_for("edition", forum=forum, declaration=declaration, number=one.number)

        with work.reading() as db:
            told = on_the_site(db, public_editions(db)[-_MOST:])
        home = Home(here + work.url_for("editions_feed"), here + work.url_for("forums"), address)
        return Response(feed(told, work.language, home=home), media_type="application/atom+xml")
