"""Browsers at the desk: the whole site on one store, in the hands of whoever is asked for."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import httpx
from litestar import Litestar
from litestar.testing import TestClient

from tests.support import site
from tests.support.site import token_of
from workspace.core.actor import Actor
from workspace.core.db import Store

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
