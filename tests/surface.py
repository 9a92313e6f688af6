"""What people meet on the main pages of the demonstration: `python -m tests.surface` prints each figure beside its
limit and its goal, and fails past a limit; `--write` keeps the table in docs/benchmarks.md.

What is drawn counts: nothing hidden, transparent, or clipped away for screen readers. A limit is what a page came to
last, so that it only gets better.
"""

import re
import sys
import tempfile
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any, NamedTuple

from playwright.sync_api import Browser

from tests.house import Figure
from tests.pictures import CHAIR, MEMBER, TRANSLATOR, demonstration
from tests.support.chromium import launched
from tests.tasks import presses
from workspace import registration
from workspace.core.actor import Role
from workspace.demo.story import PRACTICE

DOCUMENT = Path(__file__).parents[1] / "docs" / "benchmarks.md"
HEADING = "\n## What stands on a page: the last run of `python -m tests.surface --write`\n"
WIDE, PHONE = {"width": 1440, "height": 900}, {"width": 390, "height": 844}
NEWS = re.compile(r"\d|[.!?]$|\b(?:one|two|nothing|no|none)\b", re.IGNORECASE)
LOOK = r"""() => {
    const isCut = (element) => {
        if (!element || element === document.documentElement) return false;
        const box = element.getBoundingClientRect(), style = getComputedStyle(element);
        const clips = style.overflow !== "visible" || style.clip !== "auto" || style.clipPath !== "none";
        return (box.width <= 1.5 && box.height <= 1.5 && clips) || box.right < 0 || isCut(element.parentElement);
    };
    const isDrawn = (element) =>
        element.checkVisibility({checkOpacity: true, checkVisibilityCSS: true}) && !isCut(element);
    const hasSize = (element) => {
        const box = element.getBoundingClientRect();
        return box.width > 1 && box.height > 1;
    };
    const isSeen = (element) => isDrawn(element) ? hasSize(element) : [...(element.labels || [])].some(isDrawn);
    const kinds = "a[href], button, input:not([type=hidden]), select, textarea, summary, [role=button], [role=tab]," +
        " [role=link], [contenteditable=true]";
    const main = document.querySelector("main") || document.body;
    const controls = [...document.querySelectorAll(kinds)].filter(isSeen);
    const texts = [], walker = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
    while (walker.nextNode()) {
        const element = walker.currentNode.parentElement;
        if (!element.closest("script, style, noscript, template, option") && walker.currentNode.data.trim() &&
            isDrawn(element)) texts.push(walker.currentNode.data);
    }
    const shown = [...main.querySelectorAll(".parallel [lang]")];
    const first = shown.find((element) => element.innerText.trim().split(/\s+/).length > 2 && isDrawn(element));
    const isBefore = (element) => first.compareDocumentPosition(element) & Node.DOCUMENT_POSITION_PRECEDING;
    const range = document.createRange();
    if (first) range.selectNodeContents(first);
    const title = document.querySelector("h1");
    return {
        controls: controls.length,
        links: controls.filter((element) => element.matches("a[href]")).length,
        words: (texts.join(" ").match(/[\p{L}\p{N}_]+(?:[’'.,-][\p{L}\p{N}_]+)*/gu) || []).length,
        before: first ? controls.filter((element) => main.contains(element) && isBefore(element)).length : null,
        top: first ? Math.round(range.getClientRects()[0].top + scrollY) : null,
        title: title ? title.innerText : document.title,
        sideways: Math.max(document.documentElement.scrollWidth, document.body.scrollWidth) -
            Math.min(innerWidth, screen.width),
    };
}"""


class Main(NamedTuple):
    """A main page as a role meets it; a `link` is followed from `path`. `is_text` says that its text is its content."""

    name: str
    role: Role | None
    path: str
    link: str = ""
    is_text: bool = False

    @property
    def label(self) -> str:
        return f"{self.name}, {self.role.value if self.role else 'visitor'}"


DRAFT = f"/{PRACTICE}"
PAGES: Sequence[Main] = (
    Main("home", None, ""),
    Main("home", Role.MEMBER, ""),
    Main("home", Role.CHAIR, ""),
    Main("draft", Role.MEMBER, DRAFT, is_text=True),
    Main("draft", Role.CHAIR, DRAFT, is_text=True),
    Main("amendments", Role.MEMBER, f"{DRAFT}/amendments"),
    Main("committee", Role.CHAIR, f"{DRAFT}/desk"),
    Main("translation", Role.TRANSLATOR, f"{DRAFT}/translation"),
    Main("editor", Role.TRANSLATOR, f"{DRAFT}/translation", r"/translation/[^/?]+/(?:es|en|fr)(?:\?|$)"),
    Main("before publication", Role.CHAIR, f"{DRAFT}/readiness"),
    Main("history", Role.MEMBER, f"{DRAFT}/history"),
    Main("recommendations", Role.MEMBER, "/recommendations"),
    Main("recommendation", Role.MEMBER, "/recommendations/1"),
    Main("session", None, "/sessions", r"/sessions/[0-9a-f-]{36}$"),
)
STABLE = {"amendments", "committee", "translation", "before publication", "history", "recommendations"}
PEOPLE = {Role.CHAIR: CHAIR, Role.MEMBER: MEMBER, Role.TRANSLATOR: TRANSLATOR}
LACKING = 1_000_000
GOALS = {
    "committee, chair: controls": 45,
    "committee, chair: words": 450,
    "draft, member: controls before the text": 9,
    "draft, chair: controls before the text": 9,
    "draft, member: first words on a phone, px": 300,
    "draft, chair: first words on a phone, px": 300,
}
FIGURES = ("controls", "words", "links", "controls before the text", "first words on a phone, px")
LIMITS: Mapping[str, Sequence[int]] = {  # of `FIGURES`; words and heights in tens, because days are said otherwise
    "home, visitor": (19, 200, 15),
    "home, member": (34, 230, 28),
    "home, chair": (35, 230, 30),
    "draft, member": (116, 3_100, 107, 9, 280),
    "draft, chair": (116, 3_100, 107, 9, 280),
    "amendments, member": (53, 1_260, 44),
    "committee, chair": (34, 260, 18),
    "translation, translator": (193, 730, 179),
    "editor, translator": (71, 1_250, 65),
    "before publication, chair": (123, 660, 119),
    "history, member": (51, 450, 37),
    "recommendations, member": (156, 1_470, 149),
    "recommendation, member": (30, 200, 24),
    "session, visitor": (15, 380, 12),
}


def look(browser: Browser, address: str, cookies: Sequence[Any] = ()) -> tuple[dict[str, Any], dict[str, Any]]:
    """What is drawn at an address, on a desktop and on a phone."""
    return _seen(browser, address, cookies, WIDE), _seen(browser, address, cookies, PHONE)


def _seen(browser: Browser, address: str, cookies: Sequence[Any], size: Any) -> dict[str, Any]:
    with browser.new_context(viewport=size, is_mobile=size is PHONE, bypass_csp=True) as context:
        context.add_cookies(cookies)
        page = context.new_page()
        page.goto(address)
        page.add_style_tag(content="* { content-visibility: visible !important; animation: none !important }")
        page.wait_for_timeout(80)
        seen: dict[str, Any] = page.evaluate(LOOK)
        return seen


def figures(
    label: str, wide: Mapping[str, Any], phone: Mapping[str, Any], *, is_text: bool, is_stable: bool
) -> Iterator[Figure]:
    """The figures of one page; a page without limits is past them, and so is a text that is not there."""
    values = [wide["controls"], wide["words"], wide["links"]]
    if is_text:
        values += [LACKING if phone[what] is None else phone[what] for what in ("before", "top")]
    limits = LIMITS.get(label, [0] * len(values))
    for what, value, limit in zip(FIGURES, values, limits, strict=False):
        name = f"{label}: {what}"
        yield Figure(name, value, limit, GOALS.get(name, limit))
    sideways = max(0, wide["sideways"], phone["sideways"])
    yield Figure(f"{label}: sideways scroll, px", sideways, 0, 0)
    if is_stable:
        yield Figure(f"{label}: named by news", int(bool(NEWS.search(wide["title"]))), 0, 0, wide["title"])


def measure() -> Iterator[Figure]:
    """Every figure of every main page, and the presses of every task, in the demonstration."""
    registration.install()
    with (
        tempfile.TemporaryDirectory() as folder,
        demonstration(Path(folder)) as (address, forum),
        launched() as browser,
    ):
        personas = _personas(browser, address)
        for main in PAGES:
            cookies = [{"name": "persona", "value": personas[main.role], "url": address}] if main.role else []
            place = f"{address}/en/{forum}{main.path}"
            if main.link:
                place = address + _followed(browser, place, cookies, main.link)
            seen = look(browser, place, cookies)
            yield from figures(main.label, *seen, is_text=main.is_text, is_stable=main.name in STABLE)
    with (
        tempfile.TemporaryDirectory() as folder,
        demonstration(Path(folder), is_whole=True) as (address, forum),
        launched() as browser,
    ):
        yield from presses(browser, address, forum)


def _personas(browser: Browser, address: str) -> dict[Role | None, str]:
    with browser.new_context() as context:
        page = context.new_page()
        page.goto(f"{address}/en")
        return {
            role: page.locator(f"#personas button:has-text('{name}')").first.get_attribute("value") or ""
            for role, name in PEOPLE.items()
        }


def _followed(browser: Browser, address: str, cookies: Sequence[Any], pattern: str) -> str:
    with browser.new_context() as context:
        context.add_cookies(cookies)
        page = context.new_page()
        page.goto(address)
        links = page.eval_on_selector_all("a[href]", "links => links.map((link) => link.getAttribute('href'))")
        return next(str(link) for link in links if re.search(pattern, link))


def written(measured: Sequence[Figure]) -> str:
    """The table of the document."""
    rows = "".join(
        f"| {figure.what} | {figure.value:g} | {figure.limit:g} | {figure.goal:g} |\n" for figure in measured
    )
    return f"{HEADING}\n| page, role: figure | measured | limit | goal |\n|---|---:|---:|---:|\n{rows}"


def main() -> None:
    """Print every figure, keep the table where it is asked for, and fail past a limit."""
    measured = list(measure())
    sys.stdout.write("".join(f"{figure}\n" for figure in measured))
    if "--write" in sys.argv:
        before = DOCUMENT.read_text(encoding="utf-8").partition(HEADING)[0]
        DOCUMENT.write_text(before + written(measured), encoding="utf-8")
    sys.exit(not all(figure.is_within for figure in measured))


if __name__ == "__main__":
    main()
