"""The pictures of the guide and of the README, taken of the demonstration: `python -m tests.pictures` makes them anew.

Each of the guide is 1200 by 750, light, in the language of the pages that show it, and stays below `MOST_BYTES`.
"""

import base64
import shutil
import sys
import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import parse_qsl, urlsplit

from playwright.sync_api import Browser, BrowserContext, Page, sync_playwright

from tests.support.served import served
from workspace.app import create_app
from workspace.core.db import Store
from workspace.core.schema import migrate
from workspace.core.settings import Settings
from workspace.demo.story import PRACTICE, Story
from workspace.paths import STATIC
from workspace.serving import load_actor, personas_of
from workspace.web.i18n import LANGUAGES

WIDTH, HEIGHT = 1200, 750
FRONT = Path(__file__).parents[1] / "docs" / "reading.png"
MOST_BYTES = 60_000
QUALITIES = (80, 65, 50, 35)
FLAGS = ["--no-sandbox", "--disable-gpu", "--disable-background-networking", "--disable-sync", "--no-first-run"]
CHAIR, MEMBER, TRANSLATOR, RAPPORTEUR = "Lezcano", "Urbina", "Vasseur", "Montalb"


@dataclass(frozen=True, slots=True)
class Picture:
    """A page as somebody sees it. `path` follows the language and the forum; `ready` brings it to what is shown."""

    name: str
    who: str
    path: str
    ready: Callable[[Page], None]


def _as_it_is(page: Page) -> None:
    page.wait_for_timeout(300)


def _up_to(selector: str) -> Callable[[Page], None]:
    def ready(page: Page) -> None:
        page.wait_for_timeout(300)
        page.locator(selector).first.evaluate("one => scrollTo(0, one.getBoundingClientRect().top + scrollY - 120)")
        page.wait_for_timeout(200)

    return ready


def _write(page: Page) -> None:
    """Open the form of a paragraph in the language of the page, and change its words a little."""
    language = page.locator("html").get_attribute("lang") or "en"
    form = urlsplit(page.locator("a[href*='/amendments/new?']").nth(12).get_attribute("href") or "")
    block = dict(parse_qsl(form.query))["block"]
    page.goto(f"{form.path}?block={block}&text={language}&fresh=yes")
    words = {"es": " Y con los puertos.", "en": " And with the ports.", "fr": " Et avec les ports."}
    page.locator(".rich .editor").first.click()
    page.keyboard.press("Control+End")
    page.keyboard.type(words[language])
    page.wait_for_timeout(800)
    page.evaluate("scrollTo(0, 230)")
    page.wait_for_timeout(200)


def _first(selector: str) -> Callable[[Page], None]:
    def ready(page: Page) -> None:
        page.goto(page.locator(selector).first.get_attribute("href") or "")
        page.wait_for_timeout(300)

    return ready


TO_TRANSLATE = "a[href$='/fr']:not([href*='/text/']):not([href*='/review/']):not([href*='/xliff/'])"
PICTURES = (
    Picture("home", CHAIR, "", _as_it_is),
    Picture("reading", MEMBER, f"/{PRACTICE}?text=es,en,fr", _up_to(".parallel")),
    Picture("amend", MEMBER, f"/{PRACTICE}", _write),
    Picture("desk", CHAIR, f"/{PRACTICE}/desk?text=en", _up_to(".alts:has(.card ~ .card)")),
    Picture("review", RAPPORTEUR, "/sessions", _first("a[href*='/sessions/documents/']")),
    Picture("translate", TRANSLATOR, f"/{PRACTICE}/translation", _first(TO_TRANSLATE)),
    Picture("readiness", CHAIR, f"/{PRACTICE}/readiness", _as_it_is),
)


@contextmanager
def demonstration(folder: Path) -> Iterator[tuple[str, str]]:
    """The demonstration's forum with a draft half-way, served on loopback: its address, and the forum's."""
    store = Store(Settings.for_file(folder / "workspace.sqlite3"))
    migrate(store)
    story = Story(store)
    for step in (story.found, story.take_notes_in, story.settle_recommendations, story.leave_practice):
        step()
    app = create_app(store, personas=personas_of(store, story.slug), load_actor=load_actor)
    with served(app, store) as address:
        yield address, story.slug
    store.close()


def take(browser: Browser, address: str, forum: str, folder: Path = STATIC / "help") -> dict[str, int]:
    """Take every picture in every language; answers with how many bytes each has."""
    sizes = {}
    for language in LANGUAGES:
        for picture in PICTURES:
            with browser.new_context(viewport={"width": WIDTH, "height": HEIGHT}, base_url=address) as context:
                content = _taken(context, picture, f"/{language}/{forum}{picture.path}")
            target = folder / language / f"{picture.name}.webp"
            target.parent.mkdir(parents=True, exist_ok=True)
            target.write_bytes(content)
            sizes[f"{language}/{picture.name}"] = len(content)
    return sizes


def take_front(browser: Browser, address: str, forum: str, path: Path = FRONT) -> None:
    """Take the picture of the README: the draft in three languages, as the chair sees it."""
    with browser.new_context(viewport={"width": 1440, "height": 900}, base_url=address) as context:
        page = _as(context, CHAIR)
        page.goto(f"/en/{forum}/{PRACTICE}?text=es,en,fr")
        _as_it_is(page)
        page.screenshot(path=path)


def _as(context: BrowserContext, who: str) -> Page:
    """A page in the hands of one of the people."""
    page = context.new_page()
    page.goto("/en")
    persona = page.locator(f"#personas button:has-text('{who}')").first.get_attribute("value") or ""
    context.add_cookies([{"name": "persona", "value": persona, "url": page.url}])
    return page


def _taken(context: BrowserContext, picture: Picture, path: str) -> bytes:
    page = _as(context, picture.who)
    page.goto(path)
    picture.ready(page)
    browser = context.new_cdp_session(page)
    for quality in QUALITIES:
        said = browser.send("Page.captureScreenshot", {"format": "webp", "quality": quality})
        content = base64.b64decode(said["data"])
        if len(content) <= MOST_BYTES:
            return content
    raise SystemExit(f"The picture {picture.name} has {len(content)} bytes, however coarse it is.")


def main() -> None:
    """Make every picture of the guide anew."""
    path = shutil.which("chromium") or shutil.which("chromium-browser") or shutil.which("google-chrome")
    with (
        tempfile.TemporaryDirectory() as folder,
        demonstration(Path(folder)) as (address, forum),
        sync_playwright() as playwright,
    ):
        browser = playwright.chromium.launch(executable_path=path, args=FLAGS)
        take_front(browser, address, forum)
        sizes = take(browser, address, forum)
    for name, size in sizes.items():
        sys.stdout.write(f"{name}: {size} bytes\n")


if __name__ == "__main__":
    main()
