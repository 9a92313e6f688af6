"""The whole site on a store, and browsers in the hands of people; built once, because building it is the slow part."""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from functools import cache

import httpx
import sqlalchemy as sa
from litestar import Litestar
from litestar.testing import TestClient
from msgspec.structs import replace

from workspace.amendments.domain.queries import CONFLICTS
from workspace.amendments.views import amendment
from workspace.app import NAVIGATION, create_app
from workspace.core.actor import Actor, Role
from workspace.core.settings import Settings
from workspace.core.storage import log
from workspace.core.storage.db import Store
from workspace.declarations.domain import queries
from workspace.desk.pages import block_html, draft, paragraph
from workspace.desk.pages.reading import ARTICLES, SHEETS
from workspace.interchange.intake.domain import word_files
from workspace.interchange.intake.sheets.tables import FILES
from workspace.people.service import load_actor
from workspace.procedure.agenda import ASKS
from workspace.web.http.rate_limits import RateLimiter
from workspace.web.http.request_context import NavItem, Persona
from workspace.web.http.request_log import RequestCounter
from workspace.web.http.security import LOOPBACK, masked


@cache
def _built(hosts: frozenset[str] | None = None, _door: str = "") -> Litestar:
    return create_app(Store(Settings(database_url="sqlite://")), personas=[], load_actor=load_actor, hosts=hosts)


def site(
    store: Store,
    *people: Actor,
    navigation: Sequence[NavItem] = NAVIGATION,
    pace: RateLimiter | None = None,
    door: str = "",
) -> Litestar:
    """The site on `store`, where a browser may be any of `people`, or any that were named before for the same store.

    Another `door` is another site, open at the same time.
    """
    app = _built(None, door)
    known = replace(app.state.site, load_actor=load_actor, limits=pace)
    before = tuple(known.personas or ()) if known.store is store else ()
    personas = [Persona(actor.person_id, actor.name, Role.MEMBER) for actor in people if actor.person_id]
    app.state.site = replace(known, store=store, personas=[*before, *personas], navigation=navigation)
    app.state.counts = None
    return app


def with_accounts(
    store: Store,
    *,
    hosts: frozenset[str] | None = None,
    pace: RateLimiter | None = None,
    counts: RequestCounter | None = None,
) -> Litestar:
    """The site on `store`, where people sign in; what else is given is for whoever asks last."""
    app = _built(hosts)
    known = replace(app.state.site, personas=None, load_actor=None, navigation=NAVIGATION, limits=pace)
    app.state.site = replace(known, store=store)
    app.state.counts = counts
    return app


def on_loopback(store: Store, personas: Sequence[Persona] | None, *, door: str) -> Litestar:
    """The site on `store` for a browser of this machine; another `door` is another one, open at the same time."""
    app = _built(LOOPBACK, door)
    load = load_actor if personas is not None else None
    app.state.site = replace(app.state.site, store=store, personas=personas, load_actor=load)
    return app


@contextmanager
def browser(
    store: Store, actor: Actor | None = None, *, navigation: Sequence[NavItem] = NAVIGATION, door: str = ""
) -> Iterator[TestClient[Litestar]]:
    """A browser in the hands of `actor`, or of a visitor; it has seen a page, and so holds a form token."""
    people = [actor] if actor and actor.person_id else []
    with TestClient(site(store, *people, navigation=navigation, door=door)) as client:
        client.event_hooks["response"] = [_ensure_refusal_is_said]
        client.get("/en/nowhere")
        if people:
            client.cookies["persona"] = str(people[0].person_id)
        yield client


def _ensure_refusal_is_said(answer: httpx.Response) -> None:
    """No page comes back as refused that does not say why."""
    if answer.status_code == 422 and answer.headers.get("content-type", "").startswith("text/html"):
        said = answer.read().decode()
        told = ("data-refusal=", 'data-kind="bad"', 'class="error"', "data-unknown=")
        assert any(mark in said for mark in told), f"refused without a word: {answer.request.url}"


def token_of(client: TestClient[Litestar]) -> str:
    """What the forms on a page of this browser carry, while nobody has signed in there."""
    return masked(client.cookies["form"])


def forget_all() -> None:
    """Have nothing of any page in memory but the compiled templates."""
    block_html._made.cache_clear()
    draft._compared.cache_clear()
    word_files.compared_file.cache_clear()
    paragraph._rows.cache_clear()
    paragraph._runs.cache_clear()
    amendment.forget()
    texts = queries._KNOWN, queries._TEXTS, queries._ROWS, queries._PLACES, queries._BARE
    for kept in (CONFLICTS, ASKS, FILES, SHEETS, ARTICLES, draft.COMPARISONS, log.READINGS, *texts):
        kept.clear()


@contextmanager
def counted(store: Store) -> Iterator[list[str]]:
    """The statements that are sent to the database meanwhile."""
    sent: list[str] = []

    def note(_connection: object, _cursor: object, statement: str, *_: object) -> None:
        sent.append(statement)

    sa.event.listen(store.engine, "before_cursor_execute", note)
    yield sent
    sa.event.remove(store.engine, "before_cursor_execute", note)


def get_scope(path: str, **headers: str) -> dict[str, object]:
    """What a server hands an ASGI application of a GET request to itself."""
    return {
        "type": "http",
        "asgi": {"version": "3.0"},
        "http_version": "1.1",
        "method": "GET",
        "scheme": "http",
        "path": path,
        "raw_path": path.encode(),
        "root_path": "",
        "query_string": b"",
        "headers": [(b"host", b"localhost"), *((name.encode(), value.encode()) for name, value in headers.items())],
        "client": ("127.0.0.1", 50_000),
        "server": ("127.0.0.1", 80),
    }
