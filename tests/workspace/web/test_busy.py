"""When changes stand in each other's way, the one that gave way is carried out again; nothing is a failure."""

import sqlite3
import threading
from dataclasses import dataclass
from uuid import UUID

import pytest
import sqlalchemy as sa
from httpx import Response
from litestar import get, post
from litestar.di import NamedDependency
from litestar.params import FromPath, JSONBody
from litestar.testing import TestClient

from tests.support import factories
from workspace.app import create_app
from workspace.core.storage.db import Db, Store
from workspace.people.models import Forum
from workspace.web.http.request_context import Work
from workspace.web.http.retry import TRIES


@dataclass
class Change:
    """What a request of the tests asks for: the forums to change, in this order."""

    slugs: list[str]


def test_of_two_changes_that_wait_for_each_other_both_are_carried_out_and_each_once(postgresql_store):
    ids = forums_in(postgresql_store)
    both_hold_one, begun = threading.Barrier(2), list[str]()

    @post("/api/renaming", policy="public", sync_to_thread=True, status_code=200)
    def rename(work: NamedDependency[Work], data: JSONBody[Change]) -> dict[str, str]:
        first, second = data.slugs
        with work.writing() as db:
            begun.append(first)
            rename_further(db, ids[first])
            if len(begun) <= 2:
                both_hold_one.wait(10)
            rename_further(db, ids[second])
        return {"began_with": first}

    slugs = list(ids)
    with TestClient(create_app(postgresql_store, api=[rename], pages=[])) as client:
        answers = at_once(client, "/api/renaming", [{"slugs": slugs}, {"slugs": slugs[::-1]}])

    assert [one.status_code for one in answers] == [200, 200]
    assert {one.json()["began_with"] for one in answers} == set(slugs)
    assert len(begun) == 3  # or there was no deadlock, and this proves nothing
    with postgresql_store.reading() as db:
        assert [len(db.get_one(Forum, one).timezone) for one in ids.values()] == [2, 2]


def test_a_change_that_always_gives_way_is_told_to_come_again(postgresql_store):
    tries = []

    @post("/api/never", policy="public", sync_to_thread=True)
    def never(work: NamedDependency[Work]) -> None:
        with work.writing() as db:
            tries.append(1)
            give_way(db)

    with TestClient(create_app(postgresql_store, api=[never], pages=[])) as client:
        answer = client.post("/api/never")
    assert (answer.status_code, answer.json()["code"], answer.headers["retry-after"]) == (503, "web.busy", "2")
    assert len(tries) == TRIES


def test_what_has_been_done_in_part_is_not_done_again(postgresql_store):
    ids = forums_in(postgresql_store)

    @post("/api/half", policy="public", sync_to_thread=True)
    def half(work: NamedDependency[Work]) -> None:
        with work.writing() as db:
            rename_further(db, ids["first"])
        with work.writing() as db:
            give_way(db)

    with TestClient(create_app(postgresql_store, api=[half], pages=[])) as client:
        assert client.post("/api/half").status_code == 503
    with postgresql_store.reading() as db:
        assert len(db.get_one(Forum, ids["first"]).timezone) == 1


def forums_in(store: Store) -> dict[str, UUID]:
    with store.writing() as db:
        made = {slug: factories.forum(db, slug) for slug in ("first", "second")}
        for one in made.values():
            one.timezone = ""
        return {slug: one.id for slug, one in made.items()}


def rename_further(db: Db, forum_id: UUID) -> None:
    """One letter more for every time that this is carried out."""
    db.execute(sa.update(Forum).where(Forum.id == forum_id).values(timezone=Forum.timezone + "x"))


def give_way(db: Db) -> None:
    db.execute(sa.text("DO $$ BEGIN RAISE EXCEPTION 'deadlock' USING ERRCODE = '40P01'; END $$"))


def at_once(client: TestClient, path: str, bodies: list[object]) -> list[Response]:
    answers: list[Response] = []
    threads = [
        threading.Thread(target=lambda body=body: answers.append(client.post(path, json=body))) for body in bodies
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return answers


@pytest.mark.parametrize("language", ["es", "en", "fr"])
def test_a_database_that_is_occupied_is_told_in_the_readers_language(store, language):
    @get("/{forum:str}", name="held", policy="public", sync_to_thread=True)
    def held(forum: FromPath[str]) -> str:
        raise sa.exc.OperationalError(f"BEGIN {forum}", {}, _locked())

    with TestClient(create_app(store, pages=[held], api=[])) as client:
        answer = client.get(f"/{language}/x")
    assert answer.status_code == 503
    assert answer.headers["retry-after"] == "2"


def _locked():
    error = sqlite3.OperationalError("database is locked")
    error.sqlite_errorcode = sqlite3.SQLITE_BUSY
    return error
