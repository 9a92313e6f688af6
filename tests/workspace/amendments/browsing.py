"""Browsers on the pages about amendments, paragraphs and comments, with the other slices' addresses in place."""

import re
from collections.abc import Iterator
from contextlib import contextmanager

import httpx
import sqlalchemy as sa
from litestar import Litestar, get
from litestar.handlers import BaseRouteHandler
from litestar.testing import TestClient

from workspace.amendments.change_pages import ChangePages
from workspace.amendments.pages import AmendmentPages
from workspace.app import create_app
from workspace.comments.pages import CommentPages
from workspace.core.actor import Actor, Role
from workspace.core.db import Store
from workspace.desk.pages import DraftPages, HomePages
from workspace.desk.paragraph import ParagraphPages
from workspace.people.service import PeopleService
from workspace.web.personas import choose_persona
from workspace.web.services import Persona

DRAFT = "/en/third-forum/declaration"
OF_DRAFT = "/{forum:str}/{declaration:str}"
ELSEWHERE = {
    "forums": "/",
    "sessions": "/{forum:str}/sessions",
    "session": "/{forum:str}/sessions/{session_id:uuid}",
    "recommendations": "/{forum:str}/recommendations",
    "new_declaration": "/{forum:str}/declarations/new",
    "phase": OF_DRAFT + "/phase",
    "translation": OF_DRAFT + "/translation",
    "translate": OF_DRAFT + "/translation/{block_id:uuid}/{text:str}",
    "readiness": OF_DRAFT + "/readiness",
    "edition": OF_DRAFT + "/editions/{number:int}",
}


def _elsewhere(name: str, path: str) -> BaseRouteHandler:
    @get(path, name=name, sync_to_thread=False)
    def page_of_another_slice() -> str:
        return name

    return page_of_another_slice


class Browser:
    """One person's browser; it has seen a page, and so holds a form token."""

    def __init__(self, client: TestClient[Litestar], store: Store) -> None:
        self.client = client
        self.store = store

    def see(self, path: str) -> httpx.Response:
        return self.client.get(path)

    def send(self, path: str, **fields: str) -> httpx.Response:
        """Send a form, without following where it leads."""
        token = {"csrf": self.client.cookies["form"]}
        return self.client.post(path, data={**token, **fields}, follow_redirects=False)

    def fill(self, page: httpx.Response, path: str, **fields: str) -> httpx.Response:
        """Send the form of a page to `path`: with its hidden fields, and these for the others."""
        hidden = re.findall(r'<input type="hidden" name="([^"]+)" value="([^"]*)"', page.text)
        return self.send(path, **{name: value for name, value in hidden if name != "csrf"} | fields)

    def queries(self, path: str) -> int:
        """How many statements it takes to show a page, the actor's own left out."""
        statements: list[str] = []

        def note(_c: object, _cursor: object, statement: str, *_: object) -> None:
            statements.append(statement)

        sa.event.listen(self.store.engine, "before_cursor_execute", note)
        assert self.see(path).status_code == 200
        sa.event.remove(self.store.engine, "before_cursor_execute", note)
        return len(statements)


@contextmanager
def browsing(store: Store, actor: Actor | None = None) -> Iterator[Browser]:
    """A browser in the hands of `actor`, or of a visitor."""
    personas = [Persona(actor.person_id, actor.name, Role.MEMBER)] if actor and actor.person_id else []
    app = create_app(
        store,
        personas=personas,
        load_actor=lambda db, person_id: PeopleService(db).actor(person_id),
        pages=[
            choose_persona,
            AmendmentPages,
            ChangePages,
            CommentPages,
            ParagraphPages,
            DraftPages,
            HomePages,
            *(_elsewhere(name, path) for name, path in ELSEWHERE.items()),
        ],
    )
    with TestClient(app) as client:
        client.get("/en/nowhere")
        if personas:
            client.cookies["persona"] = str(personas[0].id)
        yield Browser(client, store)
