"""The pages of the static site: a front page, a shelf for each language, and each edition in one language or three."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from datetime import UTC, datetime
from functools import partial
from html import escape
from pathlib import Path, PurePosixPath
from posixpath import relpath

from babel.dates import format_date
from msgspec import Struct

from drafts.formats import html
from drafts.formats.assembly import EditionText
from drafts.formats.bundle import BUNDLE
from drafts.formats.edition import THREE
from drafts.formats.html import LanguageView, choice, colophon, contents, row, title_page, upright, wide
from drafts.formats.labels import WORDS as PRINTED
from drafts.formats.labels import adopted
from drafts.render.wording import wording
from drafts.text.blocks import Language


class SiteWords(Struct, frozen=True):
    """Labels of one language. Sentences hold {named} places."""

    declarations: str
    edition: str
    later: str
    open_latest: str
    editions: str
    search: str
    hits: str
    no_hit: str
    next: str
    previous: str
    files: str
    cite: str
    cite_hint: str
    bundle: str
    side_by_side: str
    languages: str
    about: str


WORDS = wording("site", SiteWords)


STYLE, SCRIPT = "assets/site.css", "assets/site.js"
_KILOBYTE = 1_000


class SiteEdition(Struct, frozen=True):
    """One edition to put on the site. `address` is the declaration's, FORUM/DECLARATION; `sizes` in bytes by file name.

    `id` is permanent and opaque; `published_at` is in UTC.
    """

    address: str
    number: int
    id: str
    text: EditionText
    published_at: datetime
    sizes: Mapping[str, int]
    is_latest: bool

    def path(self, shown: str) -> str:
        """Where its page stands; `shown` is a language, or all three."""
        return f"{shown}/{self.address}/{self.number}/index.html"

    def file(self, name: str) -> str:
        return f"files/{self.address}/{self.number}/{name}"

    def name(self, language: Language) -> str:
        return self.text.imprint.declaration[language]


def front(editions: Sequence[SiteEdition]) -> tuple[str, bytes]:
    """The first page, in all languages at once."""
    latest = [edition for edition in editions if edition.is_latest]
    links = "".join(
        f'<li><a class="title" lang="{language}" hreflang="{language}" href="{language}/index.html">'
        f'{escape(WORDS[language].declarations)}</a> <span class="meta">{len(latest)}</span></li>'
        for language in Language
    )
    title = " · ".join(WORDS[language].declarations for language in Language)
    body = f'<main class="shelf" id="text"><h1>{escape(title)}</h1><ul>{links}</ul></main>'
    return "index.html", _page("index.html", title, "mul", body)


def shelf(editions: Sequence[SiteEdition], language: Language, *, has_feed: bool) -> tuple[str, bytes]:
    """Every declaration in its latest edition, newest first."""
    path, words = f"{language}/index.html", WORDS[language]
    latest = sorted(
        (edition for edition in editions if edition.is_latest), key=lambda edition: edition.published_at, reverse=True
    )
    lines = "".join(_line(path, edition, language) for edition in latest)
    title = escape(words.declarations)
    body = f'{_bar(path, language)}<main class="shelf" id="text"><h1>{title}</h1><ul>{lines}</ul></main>'
    feed = f'<link rel="alternate" type="application/atom+xml" href="feed.xml" title="{title}">\n'
    return path, _page(path, words.declarations, language, body, head=feed if has_feed else "")


def book(edition: SiteEdition, others: Sequence[SiteEdition], shown: str) -> tuple[str, bytes]:
    """One edition in the language `shown`, or in three columns; `others` are the editions of its declaration."""
    path = edition.path(shown)
    language = Language.EN if shown == THREE else Language(shown)
    if shown == THREE:
        leaves = [LanguageView(edition.text, each, prefix=f"{each}-") for each in Language]
        heads = row("head", "", [(leaf, title_page(leaf)) for leaf in leaves])
        columns = row("head col-heads", "", [(leaf, escape(PRINTED[leaf.language].name)) for leaf in leaves])
        inside = f"{heads}{choice()}{columns}{''.join(wide(leaves))}"
        text = f'<main class="parallel"><div class="rows" id="text" tabindex="-1">{inside}</div>'
        languages = tuple(Language)
    else:
        leaf = LanguageView(edition.text, language)
        text = (
            f'<main class="leaf">{title_page(leaf)}{contents(leaf)}'
            f'<div class="text" id="text" tabindex="-1">{"".join(upright(leaf))}</div>'
        )
        languages = (language,)
    body = (
        f"{_bar(path, language, edition, shown)}{_find(WORDS[language])}{_later(path, edition, others, shown)}"
        f"{text}{colophon(edition.text, languages)}</main>{_beside(path, edition, others, shown)}"
    )
    return path, _page(path, edition.name(language), language, body, head=_alternates(path, edition), has_script=True)


def _line(path: str, edition: SiteEdition, language: Language) -> str:
    imprint = edition.text.imprint
    tongues = "".join(
        f'<a lang="{other}" hreflang="{other}" href="{_to(path, edition.path(other))}">'
        f"{escape(PRINTED[other].name)}</a>"
        for other in Language
    )
    return (
        f'<li><a class="title" href="{_to(path, edition.path(language))}">{escape(edition.name(language))}</a>'
        f'<p class="meta">{escape(imprint.forum[language])}. {escape(adopted(imprint, language))}</p>'
        f'<p class="tongues">{tongues}</p></li>'
    )


def _bar(path: str, language: Language, edition: SiteEdition | None = None, shown: str = "") -> str:
    words = WORDS[language]
    home = f'<a href="{_to(path, f"{language}/index.html")}">{escape(words.declarations)}</a>'
    pages = {other: edition.path(other) if edition else f"{other}/index.html" for other in Language}
    links = [
        f'<a lang="{other}" hreflang="{other}" href="{_to(path, where)}"{_current(shown or language, other)}>'
        f"{escape(PRINTED[other].name)}</a>"
        for other, where in pages.items()
    ]
    if edition:
        links.append(
            f'<a href="{_to(path, edition.path(THREE))}"{_current(shown, THREE)}>{escape(words.side_by_side)}</a>'
        )
    return f'<header class="bar">{home}<nav aria-label="{escape(words.languages)}">{"".join(links)}</nav></header>'


def _current(shown: str, other: str) -> str:
    return ' aria-current="page"' if shown == other else ""


def _find(words: SiteWords) -> str:
    """Search needs the script, which shows the form."""
    label = escape(words.search)
    return (
        f'<form class="find" role="search" hidden data-hits="{escape(words.hits)}" data-none="{escape(words.no_hit)}">'
        f'<input type="search" aria-label="{label}" placeholder="{label}" maxlength="100">'
        f'<button name="next">{escape(words.next)}</button><button name="previous">{escape(words.previous)}</button>'
        f'<output role="status"></output></form>'
    )


def _later(path: str, edition: SiteEdition, others: Sequence[SiteEdition], shown: str) -> str:
    words = WORDS[Language.EN if shown == THREE else Language(shown)]
    latest = next((other for other in others if other.is_latest), edition)
    if latest.number == edition.number:
        return ""
    link = f'<a href="{_to(path, latest.path(shown))}">{escape(words.open_latest)}</a>'
    return f'<p class="later">{escape(words.later)} {link}</p>'


def _beside(path: str, edition: SiteEdition, others: Sequence[SiteEdition], shown: str) -> str:
    language = Language.EN if shown == THREE else Language(shown)
    words = WORDS[language]
    files = "".join(
        f'<li><a href="{_to(path, edition.file(name))}" download>{escape(words.bundle if name == BUNDLE else name)}</a>'
        f'<span class="size">{_size(size)}</span></li>'
        for name, size in sorted(edition.sizes.items(), key=lambda file: _rank(file[0], shown))
    )
    editions = "".join(
        f'<li><a href="{_to(path, other.path(shown))}"{_current(str(other.number), str(edition.number))}>'
        f"{escape(words.edition.format(number=other.number))}</a>"
        f'<span class="size">{escape(format_date(other.published_at, "long", locale=language))}</span></li>'
        for other in others
    )
    imprint = edition.text.imprint
    cited = f"{imprint.forum[language]}, {edition.name(language)}, {format_date(imprint.date, 'long', locale=language)}"
    return (
        f'<aside class="beside" aria-label="{escape(words.about)}">'
        f"<h2>{escape(words.cite)}</h2><p>{escape(cited)}, {escape(words.edition.format(number=edition.number))}.</p>"
        f"<p>{escape(words.cite_hint)}</p>"
        f"<h2>{escape(words.files)}</h2><ul>{files}</ul><h2>{escape(words.editions)}</h2><ul>{editions}</ul></aside>"
    )


def _rank(name: str, shown: str) -> tuple[bool, bool, str]:
    """First the bundle, then what is in the language shown."""
    return name != BUNDLE, f".{shown}." not in name, name


def _size(size: int) -> str:
    return f"{max(1, round(size / _KILOBYTE))}\u00a0kB"


def _alternates(path: str, edition: SiteEdition) -> str:
    return "".join(
        f'<link rel="alternate" hreflang="{other}" href="{_to(path, edition.path(other))}">\n' for other in Language
    )


def _to(path: str, target: str) -> str:
    return escape(relpath(target, PurePosixPath(path).parent.as_posix()))


def _page(path: str, title: str, language: str, body: str, *, head: str = "", has_script: bool = False) -> bytes:
    script = f'<script defer src="{_to(path, SCRIPT)}"></script>\n' if has_script else ""
    skips = PRINTED[Language(language) if language in set(Language) else Language.EN].skip
    return (
        f'<!doctype html>\n<html lang="{language}">\n<head>\n<meta charset="utf-8">\n'
        '<meta name="viewport" content="width=device-width, initial-scale=1">\n'
        f'<meta name="color-scheme" content="light dark">\n<title>{escape(title)}</title>\n'
        f'<link rel="stylesheet" href="{_to(path, STYLE)}">\n{head}{script}</head>\n<body>\n'
        f'<a class="skip" href="#text">{escape(skips)}</a>\n{body}\n</body>\n</html>\n'
    ).encode()


def every_page(editions: Sequence[SiteEdition], *, has_feed: bool) -> Iterator[tuple[str, bytes]]:
    """Each page with its path; the same editions give the same bytes. `has_feed`: the shelves name a feed."""
    yield front(editions)
    for language in Language:
        yield shelf(editions, language, has_feed=has_feed)
    for edition in editions:
        others = sorted(
            (other for other in editions if other.address == edition.address), key=lambda other: -other.number
        )
        for shown in (*Language, THREE):
            yield book(edition, others, shown)


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
    oldest_first = sorted(editions, key=lambda edition: (edition.published_at, edition.id))
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
