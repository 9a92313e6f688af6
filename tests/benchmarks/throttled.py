"""Pages in a browser on a slow line and a slow processor: `python -m tests.benchmarks throttled`.

The browser is as empty as on a first visit. The line is the slow third generation of the browser's own tools (2 s
until an answer begins, 50 kB a second), the processor four times slower than this one. Bytes are those on the wire,
with their heads. Style and layout are all that the browser spent on them until the page was loaded.
"""

import tempfile
from collections.abc import Iterator
from pathlib import Path
from statistics import median
from typing import Any, NamedTuple

from playwright.sync_api import Browser

from tests.benchmarks import large
from tests.benchmarks.measuring import Targets
from tests.benchmarks.pages import DRAFT, chair_of
from tests.support import site
from tests.support.chromium import launched
from tests.support.served import served
from workspace.core.actor import Role
from workspace.serving import let_grow_old
from workspace.web.http.compression import Compressed
from workspace.web.http.request_context import Persona

LINE = {"offline": False, "latency": 2_000, "downloadThroughput": 50_000, "uploadThroughput": 50_000}
SLOWER, ROUNDS = 4, 3
DESK = {"width": 1280, "height": 900}
PHONE = {"width": 390, "height": 844}
KILOBYTES, READY, STYLED = 130, 8.0, 1.5  # seconds, the last two
PAGES = {
    "three languages": (DRAFT, DESK),
    "three languages, phone": (DRAFT, PHONE),
    "one language": (f"{DRAFT}?text=fr", DESK),
}


class Seen(NamedTuple):
    """One visit: kilobytes on the wire of the page itself and of all, and seconds."""

    page: float
    whole: float
    painted: float
    ready: float
    styled: float


def report(targets: Targets, place: str = "") -> Iterator[str]:
    """What a reader with a phone waits for."""
    with tempfile.TemporaryDirectory() as folder:
        store = large.made(place or str(Path(folder) / "large.sqlite3"))
        chair = chair_of(store)
        assert chair.person_id
        app = site.on_loopback(store, [Persona(chair.person_id, chair.name, Role.CHAIR)], door="throttled")
        yield "\nA slow line and a slow processor"
        with served(Compressed(app), store) as address, launched() as browser:
            let_grow_old()
            for name, (path, size) in PAGES.items():
                _visit(browser, address, path, size, str(chair.person_id))  # warms the server, not the browser
                visits = [_visit(browser, address, path, size, str(chair.person_id)) for _ in range(ROUNDS)]
                seen = Seen(*map(median, zip(*visits, strict=True)))
                yield (
                    f"  {name:<24} page {seen.page:>5.0f} kB, all {seen.whole:>5.0f} kB   "
                    f"first words {seen.painted:.1f} s   ready {seen.ready:.1f} s   "
                    f"style and layout {seen.styled:.2f} s"
                )
                targets.most(f"slow line: {name}, on the wire", seen.whole, KILOBYTES, "kB")
                targets.most(f"slow line: {name}, ready", seen.ready, READY, "s")
                targets.most(f"slow line: {name}, style and layout", seen.styled, STYLED, "s")
        store.close()


def _visit(browser: Browser, address: str, path: str, size: Any, person: str) -> Seen:
    context = browser.new_context(viewport=size)
    try:
        context.add_cookies([{"name": "persona", "value": person, "url": address}])
        shown = context.new_page()
        tools = context.new_cdp_session(shown)
        sizes: dict[str, float] = {}
        tools.on("Network.loadingFinished", lambda each: sizes.update({each["requestId"]: each["encodedDataLength"]}))
        tools.send("Network.enable")
        tools.send("Performance.enable")
        tools.send("Network.emulateNetworkConditions", LINE)
        tools.send("Emulation.setCPUThrottlingRate", {"rate": SLOWER})
        documents: list[str] = []
        tools.on(
            "Network.responseReceived",
            lambda each: documents.append(each["requestId"]) if each["type"] == "Document" else None,
        )
        shown.goto(address + path, wait_until="load", timeout=240_000)
        ready = shown.evaluate("performance.getEntriesByType('navigation')[0].domContentLoadedEventEnd / 1000")
        painted = shown.evaluate("(performance.getEntriesByName('first-contentful-paint')[0]?.startTime ?? 0) / 1000")
        spent = {each["name"]: each["value"] for each in tools.send("Performance.getMetrics")["metrics"]}
        styled = spent["LayoutDuration"] + spent["RecalcStyleDuration"]
        return Seen(sizes.get(documents[0], 0) / 1000, sum(sizes.values()) / 1000, painted, ready, styled)
    finally:
        context.close()
