"""Browsers at the desk: the whole site on one store, in the hands of whoever is asked for."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import httpx
import sqlalchemy as sa
from litestar import Litestar
from litestar.testing import TestClient

from workspace.app import create_app
from workspace.core.actor import Actor, Role
from workspace.core.db import Store
from workspace.people.service import PeopleService
from workspace.web.services import Persona

FORUM = "/en/third-forum"
DRAFT = f"{FORUM}/declaration"


@contextmanager
def browser(store: Store, actor: Actor | None = None) -> Iterator[TestClient[Litestar]]:
    """A browser in the hands of `actor`, or of a visitor; it has seen a page, and so holds a form token."""
    personas = [Persona(actor.person_id, actor.name, Role.MEMBER)] if actor and actor.person_id else []
    app = create_app(
        store,
        personas=personas,
        load_actor=lambda db, person_id: PeopleService(db).actor(person_id),
        navigation=(),  # what a page offers is in the page
    )
    with TestClient(app) as client:
        client.get("/en/nowhere")
        if personas:
            client.cookies["persona"] = str(personas[0].id)
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
        fields = {"csrf": client.cookies["form"], **fields}
        return client.post(path, data=fields, files=files, follow_redirects=False)


@contextmanager
def queries_counted(store: Store) -> Iterator[list[str]]:
    """The statements that run meanwhile."""
    statements: list[str] = []

    def note(_c: object, _cursor: object, statement: str, *_: object) -> None:
        statements.append(statement)

    sa.event.listen(store.engine, "before_cursor_execute", note)
    yield statements
    sa.event.remove(store.engine, "before_cursor_execute", note)


def queries_for(store: Store, path: str, actor: Actor | None = None) -> int:
    """How many statements it takes to show a page."""
    with browser(store, actor) as client, queries_counted(store) as statements:
        assert client.get(path).status_code == 200
        return len(statements)
