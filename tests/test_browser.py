"""The workspace in a real browser: every page in three languages, two widths, both themes, and journeys through it."""

import shutil
import socket
import threading
import time
from collections.abc import Iterator
from pathlib import Path

import pytest
import uvicorn
from playwright.sync_api import Browser, Page, expect, sync_playwright

from tests.conftest import missing
from workspace.app import create_app
from workspace.core.db import Store
from workspace.core.settings import Settings
from workspace.demo.story import PRACTICE, Story
from workspace.serving import Server, load_actor, personas_of
from workspace.web.security import LOOPBACK

pytestmark = pytest.mark.browser
FLAGS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--no-first-run",
]
CHAIR, MEMBER, TRANSLATOR = "Lezcano", "Urbina", "Vasseur"


@pytest.fixture(scope="module")
def chromium() -> Iterator[Browser]:
    path = shutil.which("chromium") or shutil.which("chromium-browser") or shutil.which("google-chrome")
    if path is None:
        missing("Chromium")
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=path, args=FLAGS)
        yield browser
        browser.close()


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory, empty_database: Path) -> Iterator[str]:
    """The demonstration's forum with a draft half-way, served on loopback."""
    path = tmp_path_factory.mktemp("site") / "workspace.sqlite3"
    shutil.copyfile(empty_database, path)
    store = Store(Settings.for_file(path))
    story = Story(store)
    story.found()
    story.take_notes_in()
    story.settle_recommendations()
    story.leave_practice()
    app = create_app(store, personas=personas_of(store, story.slug), load_actor=load_actor, hosts=LOOPBACK)
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    server = Server(uvicorn.Config(app, host="127.0.0.1", port=port, log_level="warning"), store)
    thread = threading.Thread(target=server.run)
    thread.start()
    while not server.started:
        time.sleep(0.05)
    yield f"http://127.0.0.1:{port}"
    server.should_exit = True
    thread.join()
    store.close()


class Reader:
    """Somebody at a browser; `troubles` is what the browser complained of."""

    def __init__(self, browser: Browser, site: str, name: str, *, width: int = 1440, **options: object) -> None:
        self.context = browser.new_context(viewport={"width": width, "height": 900}, **options)
        self.page: Page = self.context.new_page()
        self.site = site
        self.troubles: list[str] = []
        self.page.on("console", lambda said: self.troubles.append(said.text) if said.type == "error" else None)
        self.page.on("pageerror", lambda error: self.troubles.append(str(error)))
        self.be(name)

    def be(self, name: str) -> None:
        self.page.goto(self.site + "/en")
        value = self.page.locator(f"#personas button:has-text('{name}')").first.get_attribute("value")
        self.context.add_cookies([{"name": "persona", "value": value or "", "url": self.site}])

    def go(self, path: str) -> None:
        answer = self.page.goto(self.site + path)
        assert answer is not None
        assert answer.status == 200, path

    def first_link(self, pattern: str) -> str:
        """The path of the first link on the page whose address contains `pattern`."""
        return self.page.locator(f"a[href*='{pattern}']").first.get_attribute("href") or ""


FORUM = "paso-del-farol-2027"


@pytest.mark.parametrize("language", ["es", "en", "fr"])
@pytest.mark.parametrize(("width", "scheme"), [(1440, "light"), (390, "dark")])
def test_every_page_stands_without_errors_or_sideways_scroll(
    chromium: Browser, site: str, language: str, width: int, scheme: str
):
    reader = Reader(chromium, site, CHAIR, width=width, color_scheme=scheme)
    draft = f"/{language}/{FORUM}/{PRACTICE}"
    reader.go(draft)
    paragraph = reader.first_link("/paragraphs/")
    block = paragraph.split("/paragraphs/")[1].split("?")[0].split("#")[0]
    reader.go(f"/{language}/{FORUM}/sessions")
    session = reader.first_link("/sessions/0")  # ids begin with the time they were made at
    pages = [
        f"/{language}",
        f"/{language}/{FORUM}",
        session.split("#")[0],
        f"/{language}/{FORUM}/recommendations",
        f"/{language}/{FORUM}/declarations/new",
        *(f"{draft}?text={text}" for text in ("es", "en,fr", "es,en,fr")),
        f"{draft}?revision=1",
        f"{draft}/history",
        f"{draft}/compare?from=1&to=2&text=es",
        f"{draft}/paragraphs/{block}",
        f"{draft}/amendments",
        f"{draft}/amendments/7",
        f"{draft}/translation",
        f"{draft}/translation/{block}/fr",
        f"{draft}/readiness",
        f"{draft}/calendar",
        f"{draft}/coverage",
        f"/{language}/{FORUM}/people",
        f"/{language}/{FORUM}/log",
        f"/{language}/{FORUM}/recommendations/pairs",
        f"/{language}/{FORUM}/recommendations/1",
        f"/{language}/{FORUM}/sessions/commitments",
        f"/{language}/{FORUM}/sessions/adopted-texts",
        f"/{language}/verify",
    ]

    for path in pages:
        reader.go(path)
        overflow = reader.page.evaluate("document.documentElement.scrollWidth - innerWidth")
        assert overflow <= 0, f"{path} is {overflow} px too wide"
        assert reader.page.locator("html").get_attribute("lang") == language
        assert reader.page.locator("h1").count() == 1, path
        assert reader.troubles == [], path
    reader.context.close()


def test_a_translator_brings_a_paragraph_up_to_date(chromium: Browser, site: str):
    reader = Reader(chromium, site, TRANSLATOR, width=390)
    page = reader.page
    reader.go(f"/fr/{FORUM}/{PRACTICE}/translation")
    stale = page.locator("a[href*='/translation/0'][href$='/fr']")  # a paragraph's id begins with 0
    reader.go(stale.first.get_attribute("href") or "")
    page.locator("textarea[name=words]").fill("Un texte tout neuf, relu sur un téléphone.")
    page.locator("form:has(textarea[name=words]) button.btn-primary").first.click()

    reader.go(f"/fr/{FORUM}/{PRACTICE}?text=fr")
    expect(page.locator("main")).to_contain_text("Un texte tout neuf, relu sur un téléphone.")
    assert reader.troubles == []
    reader.context.close()


def test_text_that_looks_like_a_script_is_shown_and_never_run(chromium: Browser, site: str):
    reader = Reader(chromium, site, MEMBER)
    page = reader.page
    payload = "<img src=x onerror=\"document.title='owned'\"><script>document.title='owned'</script>"
    reader.go(f"/en/{FORUM}/{PRACTICE}?text=es")
    reader.go(reader.first_link("/paragraphs/").split("#")[0])
    page.locator("textarea[name=text]").last.fill(payload)
    page.locator("form:has(textarea[name=text]) button").last.click()

    expect(page.locator("main")).to_contain_text("onerror=")
    assert "owned" not in page.title()
    assert reader.troubles == []
    reader.context.close()
