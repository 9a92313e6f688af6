"""Characters that deceive, in every field that holds words: no page shows one unmarked, whatever wrote it there."""

from collections.abc import Iterator
from html.parser import HTMLParser

import httpx
import pytest

from tests.security import test_scripts
from tests.support import site
from tests.support.prepared import everything
from tests.support.served import served
from tests.support.touring import Map, tour
from tests.workspace.history.rooms import tamper
from workspace.core.actor import Role
from workspace.serving import personas_of

TURNED, LOOKALIKE = "\u202e", "p\u0430ge"
SEEN = {"alt", "aria-label", "content", "label", "placeholder", "title"}
APART = {"script", "style"}
TYPED = {"hidden", "radio", "checkbox", "submit", "button"}


class Reader(HTMLParser):
    """What of a page a person sees with a deceptive character in it, and nothing that says so."""

    def __init__(self, page: str) -> None:
        super().__init__()
        self.unmarked, self.marks, self.inside, self.owed = [], 0, "", 0
        self.feed(page)
        self.unmarked += ["a field"] * self.owed

    def handle_starttag(self, tag, attrs):
        given = dict(attrs)
        is_mark = "sign" in (given.get("class") or "").split()
        self.marks += is_mark
        self.owed -= bool(self.owed) and given.get("role") == "note"
        self.unmarked += [(tag, name) for name in SEEN if TURNED in (given.get(name) or "")]
        self.owed += tag == "input" and given.get("type") not in TYPED and TURNED in (given.get("value") or "")
        self.inside = "sign" if is_mark else tag

    def handle_data(self, data):
        if self.inside == "textarea":
            self.owed += TURNED in data
        elif self.inside not in APART and (TURNED in data or LOOKALIKE in data):
            self.unmarked.append((self.inside, data.strip()[:80]))


@pytest.fixture
def pages(store, monkeypatch, roles) -> Iterator[Iterator[tuple[str, str]]]:
    """Every kind of page of a forum with something of everything, all of it deceptive."""
    everything(store)
    people = personas_of(store, "third-forum")
    monkeypatch.setattr(test_scripts, "SCRIPT", f"All {TURNED}that is {LOOKALIKE} 1")
    tamper(store, test_scripts.poison)
    app = site.on_loopback(store, people, door="deceiving")
    cookies = [{"persona": str(next(person.id for person in people if person.role is role))} for role in roles]
    with served(app, store) as address:

        def read():
            for sight in tour(Map(app), address, [*cookies, {}], starts=("/en", "/en/third-forum")):
                if not sight.is_apart:
                    yield sight.path, httpx.get(address + sight.path, cookies=sight.cookies, timeout=60).text

        yield read()


@pytest.mark.parametrize(
    "roles",
    [
        pytest.param([Role.CHAIR], id="chair"),
        pytest.param([Role.SECRETARIAT, Role.TRANSLATOR, Role.MEMBER], id="others", marks=pytest.mark.long),
    ],
)
def test_no_page_shows_what_deceives_unmarked(pages):
    unmarked, marked = {}, 0
    for path, page in pages:
        reader = Reader(page)
        marked += reader.marks > 0
        if reader.unmarked:
            unmarked[path] = reader.unmarked[:3]
    assert unmarked == {}
    assert marked > 40
