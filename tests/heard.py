"""What a screen reader meets on the main pages and in five journeys: `python -m tests.heard` compares it with what is
kept under tests/golden/heard and fails where it differs; `--write` keeps what is heard now, to be read as a change.

Of a page it is the accessibility tree of its main part, as far as `MOST_LINES`; of a journey, what each press was
called and what was announced after it. Days and hours are left out, because they are others tomorrow.
"""

import difflib
import re
import sys
import tempfile
from collections.abc import Iterator, Mapping
from pathlib import Path

from playwright.sync_api import Browser

from tests.pictures import demonstration, page_of
from tests.support.chromium import launched
from tests.surface import PAGES, PEOPLE, Main
from tests.tasks import SIZE, TASKS, Hand, Task
from workspace import registration

FOLDER = Path(__file__).parent / "golden" / "heard"
MOST_LINES = 120
JOURNEYS = (
    "comment on a paragraph",
    "suggest other words for a passage",
    "adopt an amendment",
    "translate the first text that waits",
    "sign what can be signed in a language",
)
MONTHS = "January|February|March|April|May|June|July|August|September|October|November|December"
PASSING = re.compile(
    rf"\b(?:today|yesterday|tomorrow)\b,? ?|\b\d{{1,2}}(?:[–-]\d{{1,2}})? (?:{MONTHS})(?: \d{{4}})?,? ?|\b\d\d:\d\d\b ?"
    r"|\bUTC\b|\b(?:in )?\d+ (?:days?|hours?|minutes?|seconds?)(?: ago| left)?\b"
)


def heard(browser: Browser, address: str, forum: str) -> Iterator[tuple[str, str]]:
    """The name of each page and journey, and what is heard of it."""
    for main in PAGES:
        yield _file_name(main.label), _page_heard(browser, address, forum, main)
    for task in TASKS:
        if task.name in JOURNEYS:
            yield _file_name(f"journey {task.name}"), _journey_heard(browser, address, forum, task)


def _page_heard(browser: Browser, address: str, forum: str, main: Main) -> str:
    with browser.new_context(viewport=SIZE, base_url=address) as context:
        page = page_of(context, PEOPLE[main.role]) if main.role else context.new_page()
        page.goto(f"/en/{forum}{main.path}")
        if main.link:
            links = page.eval_on_selector_all("a[href]", "links => links.map((link) => link.getAttribute('href'))")
            page.goto(next(link for link in links if re.search(main.link, link)))
        page.wait_for_timeout(300)
        return _settled(page.title(), page.locator("main").aria_snapshot())


def _journey_heard(browser: Browser, address: str, forum: str, task: Task) -> str:
    with browser.new_context(viewport=SIZE, base_url=address) as context:
        page = page_of(context, task.who)
        page.goto(f"/en/{forum}{task.path}")
        hand = Hand(page)
        task.act(hand)
        return _settled(task.name, "\n".join(hand.heard))


def _settled(title: str, tree: str) -> str:
    """Without addresses, which are not heard, and without what passes."""
    lines = [line for line in tree.splitlines() if "/url:" not in line]
    kept = [PASSING.sub("", line).rstrip() for line in lines[:MOST_LINES]]
    return "\n".join([PASSING.sub("", title), *kept, *(["…"] if len(lines) > MOST_LINES else [])]) + "\n"


def _file_name(label: str) -> str:
    return re.sub(r"\W+", "-", label) + ".txt"


def measure() -> Mapping[str, str]:
    """What is heard in a fresh demonstration, by the name of its file."""
    registration.install()
    with (
        tempfile.TemporaryDirectory() as folder,
        demonstration(Path(folder)) as (address, forum),
        launched() as browser,
    ):
        return dict(heard(browser, address, forum))


def differences(found: Mapping[str, str]) -> list[str]:
    """The lines that are heard otherwise than is kept, each with its sign, below the name of its file."""
    kept = {path.name: path.read_text(encoding="utf-8") for path in FOLDER.glob("*.txt")}
    lines = []
    for name in sorted(kept.keys() | found.keys()):
        before, after = kept.get(name, "").splitlines(), found.get(name, "").splitlines()
        lines += difflib.unified_diff(before, after, name, name, n=0, lineterm="")
    return lines


def main() -> None:
    """Print what is heard otherwise, or keep it."""
    found = measure()
    if "--write" in sys.argv:
        FOLDER.mkdir(exist_ok=True)
        for path in FOLDER.glob("*.txt"):
            path.unlink()
        for name, words in found.items():
            (FOLDER / name).write_text(words, encoding="utf-8")
    lines = differences(found)
    sys.stdout.write("".join(f"{line}\n" for line in lines))
    sys.exit(bool(lines))


if __name__ == "__main__":
    main()
