"""Serving the workspace on this machine, and the people a reader can be there."""

from collections.abc import Sequence
from uuid import UUID

import click
import uvicorn

from workspace.app import create_app
from workspace.core.actor import Actor
from workspace.core.db import Db, Store
from workspace.people.service import PeopleService
from workspace.web.security import LOOPBACK
from workspace.web.services import Persona


def personas_of(store: Store, forum: str) -> list[Persona]:
    """Everyone who takes part in a forum, as somebody the reader can be."""
    with store.reading() as db:
        people = PeopleService(db)
        return [
            Persona(person.id, person.name, mandate.role, mandate.organisation.name if mandate.organisation else "")
            for person, mandate in people.people(people.forum(forum))
        ]


def run_server(store: Store, *, port: int, personas: Sequence[Persona] | None) -> None:
    """Serve on 127.0.0.1 until somebody stops it."""
    app = create_app(store, personas=personas, load_actor=load_actor, hosts=LOOPBACK)
    click.echo(f"Serving on http://127.0.0.1:{port}/ (Ctrl-C stops it)")
    uvicorn.run(app, host="127.0.0.1", port=port, log_level="warning", timeout_graceful_shutdown=3)


def load_actor(db: Db, person_id: UUID) -> Actor:
    """The persona as somebody who acts."""
    return PeopleService(db).actor(person_id)
