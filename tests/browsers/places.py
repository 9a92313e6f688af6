"""What the browser tests are about: the demonstration's forum, a room that amends, and a chamber that votes."""

from collections.abc import Mapping
from dataclasses import dataclass
from time import sleep

import pytest
from playwright.sync_api import Browser, BrowserContext, Page, Route

from drafts.text.blocks import Language
from tests.support import factories
from tests.workspace.amendments.room import LIGHT, WATER, Room
from workspace.core.actor import Actor
from workspace.core.storage.db import Store

FORUM = "paso-del-farol-2026"
CHAIR, MEMBER = "Lezcano", "Urbina"
TRANSLATOR = "Léa Durand"
HERE = "/en/third-forum"
OK = 200
MOST_SHIFT = 0.05
LAYOUT_SHIFT = """async () => {
    await document.fonts.ready;
    const shifts = await new Promise((done) => {
        const found = [];
        const observer = new PerformanceObserver((list) => found.push(...list.getEntries()));
        observer.observe({type: "layout-shift", buffered: true});
        setTimeout(() => done(found), 50);
    });
    return shifts.filter((one) => !one.hadRecentInput).reduce((all, one) => all + one.value, 0);
}"""
A_MOMENT = "new Promise((over) => setTimeout(over, 100))"  # of the page, whose editor takes its time


def comes_late(route: Route) -> None:
    """Handles requests for files that come when the page is laid out already."""
    sleep(0.1)
    route.continue_()


class Reader:
    """Somebody at a browser, in the demonstration's forum; `troubles` is what the browser complained of."""

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


@dataclass
class Hall:
    """A room with browsers: every test has a declaration of its own."""

    room: Room
    address: str
    chromium: Browser
    count: int = 0

    def draft(self, *texts: str | Mapping[Language, str]) -> str:
        """The path of a new declaration under review."""
        self.count += 1
        slug = f"text-{self.count}"
        with self.room.store.writing() as db:
            self.room.declaration = factories.declaration(db, *(texts or (WATER, LIGHT)), slug=slug)
        return f"{HERE}/{slug}"

    def reader(self, *, width: int = 1280, **options: object) -> BrowserContext:
        return self._browser(self.room.member, width, options)

    def another(self, *, width: int = 1280, **options: object) -> BrowserContext:
        """The other member."""
        return self._browser(self.room.other, width, options)

    def chair(self, *, width: int = 1280, **options: object) -> BrowserContext:
        return self._browser(self.room.chair, width, options)

    def visit(self, context: BrowserContext, path: str) -> Page:
        """A page at a path of this site; what goes wrong in it fails the test."""
        page = context.new_page()
        page.on("pageerror", lambda error: pytest.fail(str(error)))
        answer = page.goto(self.address + path)
        assert answer is not None
        assert answer.status == OK, path
        return page

    def open(self, context: BrowserContext, path: str, place: int = 0, more: str = "") -> Page:
        """The page where a paragraph is amended."""
        page = context.new_page()
        page.goto(f"{self.address}{path}/amendments/new?block={self.room.block(place)}&text=en{more}")
        return page

    def desk(self, context: BrowserContext, path: str) -> Page:
        """The committee's desk."""
        page = context.new_page()
        page.goto(f"{self.address}{path}/desk?text=en")
        return page

    def _browser(self, who: Actor, width: int, options: dict[str, object]) -> BrowserContext:
        context = self.chromium.new_context(viewport={"width": width, "height": 900}, **options)
        context.set_default_timeout(30_000)
        context.add_cookies([{"name": "persona", "value": str(who.person_id), "url": self.address}])
        return context


@dataclass
class Chamber:
    """A served forum: one text in adoption with an open amendment, one under review."""

    address: str
    store: Store
    chair: Actor
    alta: Actor
    baja: Actor

    def page(self, chromium: Browser, who: Actor | None, path: str, *, width: int = 1440) -> Page:
        context: BrowserContext = chromium.new_context(viewport={"width": width, "height": 844}, has_touch=width < 500)
        if who is not None:
            context.add_cookies([{"name": "persona", "value": str(who.person_id), "url": self.address}])
        page = context.new_page()
        page.on("pageerror", lambda error: pytest.fail(str(error)))
        answer = page.goto(f"{self.address}{HERE}{path}")
        assert answer is not None
        assert answer.status == 200
        return page
