"""Browsers at the desk: the whole site on one store, in the hands of whoever is asked for."""

import re
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import httpx
from litestar import Litestar
from litestar.testing import TestClient

from tests.support import site
from tests.support.page import Page
from tests.support.site import token_of
from workspace.core.actor import Actor
from workspace.core.storage.db import Store

FORUM = "/en/third-forum"
DRAFT = f"{FORUM}/declaration"


@contextmanager
def browser(store: Store, actor: Actor | None = None) -> Iterator[TestClient[Litestar]]:
    """A browser that is offered what the page itself offers: without the header's links."""
    with site.browser(store, actor, navigation=()) as client:
        yield client


def seen(store: Store, path: str, actor: Actor | None = None) -> httpx.Response:
    """What `actor` gets at `path`."""
    with browser(store, actor) as client:
        return client.get(path)


def read(store: Store, path: str, actor: Actor | None = None) -> Page:
    """The page that `actor` gets at `path`."""
    return Page(seen(store, path, actor))


def tasks(page: Page) -> list[tuple[str, str, str]]:
    """What awaits the reader: in which part of theirs, the number that is told, and the page it is done on."""
    return [
        (
            task.root.get("data-task", ""),
            "".join(re.findall(r"\d+", task.headings(3)[0])),
            task.links[0].partition(f"{FORUM}/")[2],
        )
        for task in page.rows("task")
    ]


def elsewhere(page: Page) -> list[str]:
    """The pages of what stands behind others."""
    return [line.links[0].partition(f"{FORUM}/")[2] for line in page.rows("elsewhere")]


def sent(
    store: Store, path: str, fields: dict[str, Any], actor: Actor, *, files: dict[str, Any] | None = None
) -> httpx.Response:
    """What `actor` gets for a form, without following where it leads."""
    with browser(store, actor) as client:
        fields = {"csrf": token_of(client), **fields}
        return client.post(path, data=fields, files=files, follow_redirects=False)


queries_counted = site.counted


def queries_for(store: Store, path: str, actor: Actor | None = None) -> int:
    """How many statements it takes to show a page."""
    with browser(store, actor) as client, queries_counted(store) as statements:
        assert client.get(path).status_code == 200
        return len(statements)
