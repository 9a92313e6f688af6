"""A read by id at our API, beside FastAPI and Flask on the same data layer and raw SQL; and how the program starts.

Each framework is called at its own door, in this process and without a network: who asks is loaded, their right is
asked, the same object is read and answered as JSON. Ours does all that every route of ours does: its guards, its
headers, its name for the request, the token of a program. Raw SQL is one query of one row: what nobody can go below.
All of it happens on one core, as it does where each core has a server process of its own: on two, half of what is
measured is how long a thread takes to wake on the other one, where nothing of the request is near.
"""

import asyncio
import json
import os
import subprocess
import sys
import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import partial
from pathlib import Path
from typing import Any
from uuid import UUID

import fastapi
import flask
import msgspec
import sqlalchemy as sa
from werkzeug.test import Client

from tests.benchmarks.measuring import Targets, medians, row
from tests.support import factories, site
from workspace.accounts.domain.authentication import authenticate
from workspace.accounts.domain.credentials import ApiTokenService
from workspace.accounts.domain.service import AccountService
from workspace.app import create_app
from workspace.core.actor import OPERATOR, Role
from workspace.core.settings import Settings
from workspace.core.storage.db import Store
from workspace.core.storage.schema import migrate
from workspace.declarations.domain import policy
from workspace.declarations.domain.service import DeclarationService
from workspace.declarations.schemas import DeclarationOut
from workspace.people.models import Person
from workspace.serving import let_grow_old

READS, ROUNDS, STARTS = 30, 15, 7
MOST_OF_BARE = 4.0  # times bare Python, for `workspace --help`
GOOD = 200


def report(targets: Targets) -> Iterator[str]:
    with tempfile.TemporaryDirectory() as folder:
        store = Store(Settings.for_file(Path(folder) / "doors.sqlite3"))
        migrate(store)
        declaration, token = _filled(store)
        asking = f"Bearer {token}"
        candidates = {
            "ours": _asgi(create_app(store), f"/api/declarations/{declaration}", asking),
            "FastAPI": _asgi(_fastapi(store), f"/declarations/{declaration}", asking),
            "Flask": _wsgi(_flask(store), f"/declarations/{declaration}", asking),
            "raw": partial(_raw, store, declaration),
        }
        with _one_core():
            for one in candidates.values():
                one()  # compiles statements and opens connections
            let_grow_old()  # as a server does once it has been made; the peers gain by it as well
            times = {name: taken / READS for name, taken in medians(candidates, rounds=ROUNDS).items()}
        store.close()
    yield f"a declaration read by id, median of {ROUNDS} × {READS}"
    for name, label in (("ours", "our API"), ("FastAPI", "FastAPI"), ("Flask", "Flask"), ("raw", "raw SQL, one query")):
        yield row(label, times[name], times["ours"])
    targets.times("read by id: FastAPI on the same data layer", times["FastAPI"] / times["ours"], 1.0)
    targets.times("read by id: Flask on the same data layer", times["Flask"] / times["ours"], 1.0)
    starts = medians(
        {"ours": partial(_start, "-m", "workspace", "--help"), "bare": partial(_start, "-c", "")}, rounds=STARTS
    )
    yield "starting"
    yield row("workspace --help", starts["ours"], starts["ours"])
    yield row("bare Python", starts["bare"], starts["ours"])
    targets.most("workspace --help, in times bare Python", starts["ours"] / starts["bare"], MOST_OF_BARE, "×")


@contextmanager
def _one_core() -> Iterator[None]:
    """Keep this thread, and those that begin meanwhile, to one core, where the system can."""
    if not hasattr(os, "sched_setaffinity"):
        yield
        return
    every = os.sched_getaffinity(0)
    os.sched_setaffinity(0, {min(every)})
    try:
        yield
    finally:
        os.sched_setaffinity(0, every)


def _filled(store: Store) -> tuple[UUID, str]:
    with store.writing() as db:
        actor = factories.person(db, Role.SECRETARIAT, "Ana Ruiz")
        declaration = factories.declaration(db, "Towns share water.")
        person = db.get_one(Person, actor.person_id)
        AccountService(db).make(person, email="ana@town.example", password_hash=None, actor=OPERATOR)
        token = ApiTokenService(db).create(actor=actor, name="Measuring", is_read_only=True).token
        return declaration.id, token


def _read(store: Store, declaration_id: UUID, authorization: str) -> DeclarationOut:
    """The data layer that the peers share with us: who asks, whether they may, and what they asked for."""
    signed_in = authenticate(store, authorization.removeprefix("Bearer "))
    if signed_in is None:
        raise LookupError
    with store.reading() as db:
        declaration = DeclarationService(db).get(declaration_id)
        if not policy.may_do(signed_in.actor, "declaration.exists", declaration):
            raise LookupError
        return DeclarationOut.of(declaration)


def _fastapi(store: Store) -> fastapi.FastAPI:
    app = fastapi.FastAPI(openapi_url=None)

    @app.get("/declarations/{declaration_id}")
    def read(declaration_id: UUID, request: fastapi.Request) -> fastapi.Response:
        found = _read(store, declaration_id, request.headers["authorization"])
        return fastapi.Response(msgspec.json.encode(found), media_type="application/json")

    return app


def _flask(store: Store) -> flask.Flask:
    app = flask.Flask(__name__)

    @app.get("/declarations/<uuid:declaration_id>")
    def read(declaration_id: UUID) -> flask.Response:
        found = _read(store, declaration_id, flask.request.headers["Authorization"])
        return flask.Response(msgspec.json.encode(found), mimetype="application/json")

    return app


def _raw(store: Store, declaration_id: UUID) -> None:
    for _ in range(READS):
        with store.engine.connect() as connection:
            found = connection.execute(
                sa.text("SELECT id, slug FROM declaration WHERE id = :id"), {"id": declaration_id.hex}
            )
            json.dumps(dict(found.mappings().one()))


def _asgi(app: Any, path: str, authorization: str) -> Callable[[], None]:
    """Ask an ASGI application `READS` times, one after another, as a server would: in one loop that goes on."""
    loop = asyncio.Runner()
    scope = site.get_scope(path, authorization=authorization)

    async def receive() -> dict[str, Any]:
        return {"type": "http.request", "body": b"", "more_body": False}

    async def ask() -> None:
        for _ in range(READS):
            statuses: list[int] = []

            async def send(message: dict[str, Any], told: list[int] = statuses) -> None:
                if message["type"] == "http.response.start":
                    told.append(message["status"])

            await app({**scope, "state": {}}, receive, send)
            if statuses != [GOOD]:
                raise RuntimeError(f"{path}: {statuses}")

    return lambda: loop.run(ask())


def _wsgi(app: flask.Flask, path: str, authorization: str) -> Callable[[], None]:
    client = Client(app)

    def ask() -> None:
        for _ in range(READS):
            answer = client.get(path, headers={"Authorization": authorization})
            if answer.status_code != GOOD:
                raise RuntimeError(f"{path}: {answer.status_code}")

    return ask


def _start(*arguments: str) -> None:
    subprocess.run([sys.executable, *arguments], check=True, capture_output=True)
