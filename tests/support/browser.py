"""A browser in the hands of somebody: the whole site on one store, and the form token that a visit gives."""

from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager

from litestar import Litestar
from litestar.testing import TestClient

from workspace.app import create_app
from workspace.core.actor import Actor, Role
from workspace.core.db import Store
from workspace.people.service import PeopleService
from workspace.web.services import Persona

Visit = Callable[[Actor], TestClient[Litestar]]


@contextmanager
def browsers(store: Store) -> Iterator[Visit]:
    """Open browsers as whoever is asked for; each has seen a page, so that it holds a form token."""
    with ExitStack() as opened:

        def visit(actor: Actor) -> TestClient[Litestar]:
            client = opened.enter_context(TestClient(site(store, actor)))
            if actor.person_id:
                client.cookies["persona"] = str(actor.person_id)
            client.get("/en/nowhere")
            return client

        yield visit


def site(store: Store, actor: Actor) -> Litestar:
    """The whole site, where one may be this person, or nobody in particular."""
    personas = [Persona(actor.person_id, actor.name, Role.MEMBER)] if actor.person_id else []
    return create_app(
        store,
        personas=personas,
        load_actor=lambda db, person_id: PeopleService(db).actor(person_id),
    )
