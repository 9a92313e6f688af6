"""Browsers on the pages about amendments, paragraphs and comments."""

from collections.abc import Iterator
from contextlib import contextmanager

import httpx
from litestar import Litestar
from litestar.testing import TestClient

from tests.support import site
from tests.support.page import Page
from tests.support.site import token_of
from workspace.core.actor import Actor
from workspace.core.storage.db import Store

DRAFT = "/en/third-forum/declaration"


class Browser:
    """One person's browser; it has seen a page, and so holds a form token."""

    def __init__(self, client: TestClient[Litestar], store: Store) -> None:
        self.client = client
        self.store = store

    def see(self, path: str) -> httpx.Response:
        return self.client.get(path)

    def page(self, path: str) -> Page:
        """What is seen there, to be read by what it carries for programs."""
        return Page(self.see(path))

    def send(self, path: str, **fields: str) -> httpx.Response:
        """Send a form, without following where it leads."""
        token = {"csrf": token_of(self.client)}
        return self.client.post(path, data={**token, **fields}, follow_redirects=False)

    def fill(self, page: httpx.Response, path: str, **fields: str) -> httpx.Response:
        """Send the form of a page to `path`: with its hidden fields and what is chosen, and these for the others."""
        kinds = "@type='hidden' or @inputmode='numeric' or (@type='radio' and @checked)"
        hidden = Page(page).root.xpath(f"//input[{kinds}][not(@name='csrf')]")
        return self.send(path, **{field.get("name"): field.get("value", "") for field in hidden} | fields)

    def queries(self, path: str) -> int:
        """How many statements it takes to show a page for the first time, the actor's own left out."""
        site.forget_all()
        with site.counted(self.store) as sent:
            assert self.see(path).status_code == 200
        return len(sent)


@contextmanager
def browsing(store: Store, actor: Actor | None = None) -> Iterator[Browser]:
    """A browser in the hands of `actor`, or of a visitor."""
    with site.browser(store, actor) as client:
        yield Browser(client, store)
