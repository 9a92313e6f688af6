"""Hostile words in every field that holds words: no page makes a script of them, with the CSP or without it."""

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from itertools import groupby
from typing import Any

import pytest
import sqlalchemy as sa
from playwright.sync_api import Browser, Page

from tests.support import site
from tests.support.chromium import launched
from tests.support.prepared import everything
from tests.support.served import served
from tests.support.touring import Map, Sight, tour
from tests.workspace.history.rooms import tamper
from workspace.comments.models import CommentThread
from workspace.core.actor import Role
from workspace.core.storage.db import Model, Store, Trilingual, TrilingualText
from workspace.serving import personas_of

pytestmark = pytest.mark.browser
SCRIPT = (
    "\"'></title></textarea></script><script>pwned()</script><img src=x onerror=pwned()><svg onload=pwned()>"
    '<a href=javascript:pwned()>x</a> [x](javascript:pwned()) ![x](x"onerror="pwned()) {{7*7}}${pwned()}'
)
LOG = {"job_run", "log_entry", "imported_log_entry", "log_node", "checkpoint"}
WORDS = {  # columns, and keys inside JSON, that somebody fills with words
    *("name", "title", "text", "content", "reason", "note", "label", "source", "origin", "place", "summary", "words"),
    *("citation", "section", "marker", "working_group", "outcome_reason", "original", "promoter", "domain", "person"),
    *("quote", "words_before", "words_after", "part", "agent", "sender", "subject", "amended", "objection", "query"),
    *("description", "interested", "actions", "aliases", "es", "en", "fr", "forbidden", "old", "new", "last_error"),
}
NOT_WORDS = {"amendment_table.content", "edition_file.name", "sealed_file.name"}  # JSON with a digest; file names
ROLES = (Role.CHAIR, Role.ADMIN, Role.TRANSLATOR, Role.MEMBER)
LIVE = """() => [...document.querySelectorAll('*')].filter(one => [...one.attributes].some(
    given => (given.name.startsWith('on') || /^\\s*javascript:/i.test(given.value)) && given.value.includes('pwned')
) || (
    one.tagName === 'SCRIPT' && one.type !== 'application/ld+json' && one.textContent.includes('pwned')
)).map(one => one.outerHTML.slice(0, 200))"""


def poison(connection: sa.Connection) -> None:
    """Put the script into every field of words, past everything that looks at what comes in."""
    for table in Model.metadata.sorted_tables:
        if table.name in LOG:
            continue
        for column in table.columns:
            if isinstance(column.type, TrilingualText):
                connection.execute(sa.update(table).values({column: Trilingual(es=SCRIPT, en=SCRIPT, fr=SCRIPT)}))
            elif isinstance(column.type, sa.JSON):
                _poison_json(connection, table, column)
            elif isinstance(column.type, sa.Text) and not column.unique and _holds_words(column):
                connection.execute(sa.update(table).values({column: SCRIPT}))


def _holds_words(column: sa.Column[Any]) -> bool:
    return column.name in WORDS and str(column) not in NOT_WORDS


def _poison_json(connection: sa.Connection, table: sa.Table, column: sa.Column[Any]) -> None:
    for row in connection.execute(sa.select(*table.primary_key, column)).mappings():
        itself = sa.and_(*(one == row[one.name] for one in table.primary_key))
        value = _poisoned(row[column.name], is_words=column.name in WORDS)
        connection.execute(sa.update(table).where(itself).values({column: value}))


def _poisoned(value: Any, *, is_words: bool) -> Any:
    if isinstance(value, str):
        return SCRIPT if is_words and value else value
    if isinstance(value, list):
        return [_poisoned(one, is_words=is_words) for one in value]
    if isinstance(value, Mapping):
        return {key: _poisoned(one, is_words=key in WORDS) for key, one in value.items()}
    return value


@dataclass(frozen=True)
class Town:
    address: str
    sights: list[Sight]


@pytest.fixture
def town(store: Store) -> Iterator[Town]:
    """A forum with something of everything, all of it hostile, and the way of every role to every page of theirs."""
    everything(store)
    with store.reading() as db:
        thread = db.scalars(sa.select(CommentThread.id)).first()
    people = personas_of(store, "third-forum")
    tamper(store, poison)
    app = site.on_loopback(store, people, door="town")
    cookies = [{"persona": str(next(one.id for one in people if one.role is role))} for role in ROLES]
    with served(app, store) as address:
        starts = ("/en", "/en/third-forum", f"/en/third-forum/threads/{thread}")
        yield Town(address, list(tour(Map(app), address, [*cookies, {}], starts=starts)))


@pytest.fixture
def chromium() -> Iterator[Browser]:
    with launched() as browser:
        yield browser


@pytest.mark.long
@pytest.mark.parametrize("without_csp", [pytest.param(True, id="everybody"), pytest.param(False, id="everybody-csp")])
def test_no_page_runs_what_somebody_wrote(town: Town, chromium: Browser, *, without_csp: bool):
    ran: list[str] = []
    live: dict[str, list[str]] = {}
    shown = set[str]()
    for cookies, sights in groupby(town.sights, key=lambda one: one.cookies):
        context = chromium.new_context(bypass_csp=without_csp)
        context.add_cookies([{"name": name, "value": value, "url": town.address} for name, value in cookies.items()])
        page = context.new_page()
        page.expose_binding("pwned", lambda source: ran.append(source["frame"].url))
        for sight in sights:
            if found := _run(page, town.address, sight, shown):
                live[sight.path] = found
        context.close()
    assert ran == []
    assert live == {}, json.dumps(live, indent=1)
    assert len(shown) > 40, sorted(shown)


def _run(page: Page, address: str, sight: Sight, shown: set[str]) -> list[str]:
    """Open a page; answer with the parts of it that would run what somebody wrote."""
    page.goto(address + sight.path, wait_until="load")
    if "pwned" in page.content():
        shown.add(sight.route)
    found: list[str] = page.evaluate(LIVE)
    return found
