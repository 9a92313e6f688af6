"""The whole static site as paths and bytes: pages, feeds, style and fonts. The files of the editions come beside it."""

from collections.abc import Callable, Iterator, Sequence
from datetime import UTC, datetime
from functools import partial
from pathlib import Path

from msgspec import Struct

from drafts.blocks import Language
from drafts.formats import html
from drafts.formats.static_site.pages import SCRIPT, STYLE, SiteEdition, every_page
from drafts.formats.static_site.words import WORDS
from drafts.formats.words import adopted

HERE = Path(__file__).parent


class Home(Struct, frozen=True):
    """Where a feed stands: whole addresses of itself, of the page it goes with, and of each edition."""

    feed: str
    page: str
    edition: Callable[[SiteEdition], str]


def site(editions: Sequence[SiteEdition], *, url: str = "") -> Iterator[tuple[str, bytes]]:
    """Every file of the site but those of the editions themselves, as relative path and content.

    All links are relative, so that the site works below any address and from a folder. With `url`, the address it will
    have, each language also has an Atom feed (RFC 4287), whose links must be whole.
    """
    yield from every_page(editions, has_feed=bool(url))
    yield STYLE, _style()
    yield SCRIPT, (HERE / "site.js").read_bytes()
    for _, _, _, file in html.FACES:
        yield f"assets/{file}", (html.HERE / "fonts" / file).read_bytes()
    for name in ("LICENSE-newsreader.txt", "LICENSE-source-sans-3.txt"):
        yield f"assets/{name}", (html.HERE / "fonts" / name).read_bytes()
    if url:
        base = url.rstrip("/")
        for language in Language:
            home = Home(
                feed=f"{base}/{language}/feed.xml",
                page=f"{base}/{language}/index.html",
                edition=partial(_page_below, f"{base}/", language),
            )
            yield f"{language}/feed.xml", feed(editions, language, home=home)


def feed(editions: Sequence[SiteEdition], language: Language, *, home: Home) -> bytes:
    """An Atom feed (RFC 4287) of the editions in one language, newest first; `home` has whole addresses."""
    from feedgen.feed import FeedGenerator  # noqa: PLC0415  (twenty files that a server needs for its first feed, not to start)

    words = WORDS[language]
    made = FeedGenerator()
    made.id(home.feed)
    made.title(words.declarations)
    made.language(language.value)
    made.link(href=home.feed, rel="self")
    made.link(href=home.page, rel="alternate")
    oldest_first = sorted(editions, key=lambda one: (one.published_at, one.id))
    made.updated(oldest_first[-1].published_at if oldest_first else datetime(1970, 1, 1, tzinfo=UTC))
    for edition in oldest_first:
        entry = made.add_entry()  # feedgen puts the last one first
        entry.id(f"urn:uuid:{edition.id}")
        entry.title(f"{edition.name(language)} ({words.edition.format(number=edition.number)})")
        entry.updated(edition.published_at)
        entry.published(edition.published_at)
        entry.author(name=edition.text.imprint.forum[language])
        entry.summary(adopted(edition.text.imprint, language))
        entry.link(href=home.edition(edition), rel="alternate", hreflang=language.value)
    return bytes(made.atom_str(pretty=True))


def _page_below(base: str, language: Language, edition: SiteEdition) -> str:
    return base + edition.path(language)


def _style() -> bytes:
    faces = "".join(
        f'@font-face {{ font-family: "{family}"; font-weight: {weight}; font-style: {style}; '
        f'src: url("{file}") format("woff2"); }}\n'
        for family, weight, style, file in html.FACES
    )
    edition = (html.HERE / "edition.css").read_text("utf-8")
    return (faces + edition + (HERE / "site.css").read_text("utf-8")).encode()
