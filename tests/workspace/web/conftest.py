"""A small workspace to knock at: one reading page, one form, and two people to be."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from uuid import UUID

import pytest
from litestar import Response, get, post
from litestar.di import NamedDependency
from litestar.params import FromPath, FromQuery, JSONBody, URLEncodedBody
from litestar.response import Redirect
from litestar.testing import TestClient
from sqlalchemy.exc import IntegrityError

from tests.support.site import token_of
from workspace.app import choose_persona, create_app
from workspace.core.actor import Actor, Role
from workspace.core.errors import Invalid, NotAllowed, NotFound, NotReady, Stale
from workspace.core.storage.db import Store
from workspace.web.http.request_context import NavItem, Persona, Work
from workspace.web.i18n.marking import N_
from workspace.web.pages import Page, PagePlace, page, redirect

MARTA = Persona(UUID(int=1), "Marta Olivar", Role.RAPPORTEUR, "Villanueva del Fanal")
NGOZI = Persona(UUID(int=2), "Ngozi Adeleke-Roux", Role.CHAIR)
OVERTAKEN = 99
PLACE = PagePlace("Liga Ribera", "ribera", "Tercer Foro Ribera", "alondra")


@dataclass(frozen=True, slots=True)
class Wording:
    wording: str = ""


@dataclass(frozen=True, slots=True)
class Numbered:
    number: int
    tags: list[str] = field(default_factory=list)


@get("/{forum:str}", name="forum_home", sync_to_thread=True, policy="public")
def forum_home(work: NamedDependency[Work], forum: FromPath[str]) -> Response[str]:
    return page(work, "base.html", Page(place=PLACE if forum == "ribera" else None, here="forum_home"))


@get("/{forum:str}/{declaration:str}", name="reading", sync_to_thread=True, policy="public")
def reading(work: NamedDependency[Work], forum: FromPath[str], declaration: FromPath[str]) -> Response[str]:
    if declaration == "closed":
        raise NotAllowed(action="head.read")
    if declaration == "broken":
        raise ZeroDivisionError
    if declaration != "alondra":
        raise NotFound(what="declaration", id=declaration)
    return page(work, "base.html", Page(place=PagePlace("Liga Ribera", forum, "Tercer Foro Ribera"), here="reading"))


@post("/{forum:str}/{declaration:str}/wording", name="wording", sync_to_thread=True, policy="public")
def wording(
    work: NamedDependency[Work], forum: FromPath[str], declaration: FromPath[str], data: URLEncodedBody[Wording]
) -> Redirect:
    to = work.url_for("reading", forum=forum, declaration=declaration)
    return redirect(work, to, said=f"Kept: {data.wording}")


@get("/api/numbers/{number:int}", sync_to_thread=True, policy="public")
def read_number(number: FromPath[int], most: FromQuery[int | None] = None) -> dict[str, int | None]:
    if number == 0:
        raise Stale(expected="r1", head="r2")
    if number == 1:
        raise Invalid(field="number", reason="taken", given="1")
    if number == 2:
        raise NotAllowed(action="number.read")
    if number == 4:
        raise NotReady([Wording("no French text")])
    if number == OVERTAKEN:
        raise IntegrityError("INSERT", {}, Exception("unique"))
    return {"number": number, "most": most}


@post("/api/numbers", sync_to_thread=True, policy="public")
def add_number(data: JSONBody[Numbered]) -> dict[str, int]:
    return {"number": data.number}


def load_actor(_: object, person_id: UUID) -> Actor:
    return Actor(person_id, next(one.name for one in (MARTA, NGOZI) if one.id == person_id))


@pytest.fixture
def client(store: Store) -> Iterator[TestClient]:
    app = create_app(
        store,
        load_actor=load_actor,
        personas=(MARTA, NGOZI),
        pages=(choose_persona, forum_home, reading, wording),
        api=(read_number, add_number),
        navigation=(NavItem("forum_home", N_("Forum")), NavItem("reading", N_("Menu"))),
    )
    with TestClient(app) as client:
        yield client


@pytest.fixture
def token(client: TestClient) -> str:
    """The form token of this browser, which has opened a page."""
    client.get("/en/ribera")
    return token_of(client)
