"""Hostile words in every field that holds words: no page makes a script of them, with the CSP or without it."""

import shutil
import socket
import threading
import time
from collections.abc import Iterator

import pytest
import sqlalchemy as sa
import uvicorn
from playwright.sync_api import sync_playwright

from tests.conftest import missing
from tests.security.walking import Quarter
from tests.test_browser import FLAGS
from tests.workspace.history.rooms import tamper
from workspace.app import create_app
from workspace.core.actor import Role
from workspace.core.db import Model, Store, Trilingual, TrilingualText
from workspace.core.permissions import Phase
from workspace.serving import Server, load_actor, personas_of

pytestmark = pytest.mark.browser
SCRIPT = (
    "\"'></title></textarea></script><script>pwned()</script><img src=x onerror=pwned()><svg onload=pwned()>"
    '<a href=javascript:pwned()>x</a> [x](javascript:pwned()) ![x](x"onerror="pwned()) {{7*7}}${pwned()}'
)
WORDS = {"name", "title", "text", "content", "reason", "note", "label", "source", "origin", "place", "summary", "words"}


def poison(connection: sa.Connection) -> None:
    """Put the script into every field of words, past everything that looks at what comes in."""
    for table in Model.metadata.sorted_tables:
        if table.name in {"job_run", "log_entry"}:
            continue
        for column in table.columns:
            if isinstance(column.type, TrilingualText):
                connection.execute(sa.update(table).values({column: Trilingual(es=SCRIPT, en=SCRIPT, fr=SCRIPT)}))
            elif column.name in WORDS and isinstance(column.type, sa.Text) and not column.unique:
                connection.execute(sa.update(table).values({column: SCRIPT}))


@pytest.fixture
def served(store: Store) -> Iterator[tuple[Quarter, str]]:
    quarter = Quarter(store, Phase.CONSULTATION)
    people = personas_of(store, quarter.known["forum"])
    tamper(store, poison)
    listener = socket.socket()
    listener.bind(("127.0.0.1", 0))
    app = create_app(store, personas=people, load_actor=load_actor)
    server = Server(uvicorn.Config(app, log_level="critical", ws="none"), store)
    thread = threading.Thread(target=server.run, kwargs={"sockets": [listener]})
    thread.start()
    while not server.started:
        time.sleep(0.05)
    yield quarter, f"http://127.0.0.1:{listener.getsockname()[1]}"
    server.should_exit = True
    thread.join()
    listener.close()


LIVE = """() => [...document.querySelectorAll('*')].filter(one => [...one.attributes].some(
    given => (given.name.startsWith('on') || /^\\s*javascript:/i.test(given.value)) && given.value.includes('pwned')
) || (one.tagName === 'SCRIPT' && one.textContent.includes('pwned'))).map(one => one.outerHTML.slice(0, 200))"""


@pytest.mark.parametrize("without_csp", [True, pytest.param(False, marks=pytest.mark.long)])
def test_no_page_runs_what_somebody_wrote(served: tuple[Quarter, str], *, without_csp: bool):
    quarter, address = served
    path = shutil.which("chromium") or shutil.which("chromium-browser") or shutil.which("google-chrome")
    if path is None:
        missing("Chromium")
    ran: list[str] = []
    live: dict[str, list[str]] = {}
    seen = 0
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=path, args=FLAGS)
        context = browser.new_context(bypass_csp=without_csp)
        value = str(quarter.people[Role.CHAIR].person_id)
        context.add_cookies([{"name": "persona", "value": value, "url": address}])
        page = context.new_page()
        page.expose_function("pwned", lambda: ran.append(page.url))
        for door in quarter.doors():
            if door.method != "GET" or not door.route.startswith("/{language}") or not door.is_real:
                continue
            answer = context.request.get(address + door.path, max_redirects=0)
            if not answer.headers.get("content-type", "text/html").startswith("text/html"):
                continue  # a file, which no page shows
            page.goto(address + door.path, wait_until="load")
            seen += "pwned" in page.content()
            if found := page.evaluate(LIVE):
                live[door.route] = found
        browser.close()
    assert ran == []
    assert live == {}
    assert seen > 10
