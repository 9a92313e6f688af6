"""When changes stand in each other's way, one of them is told to come again; nothing is a failure."""

import threading

import pytest
import sqlalchemy as sa
from litestar import get
from litestar.di import NamedDependency
from litestar.params import FromPath
from litestar.testing import TestClient

from tests.support import factories
from workspace.app import create_app
from workspace.people.models import Forum
from workspace.web.services import Work


def test_of_two_changes_that_wait_for_each_other_one_is_told_to_come_again(postgresql_store):
    with postgresql_store.writing() as db:
        ids = [factories.forum(db, slug).id for slug in ("first", "second")]
    both_hold_one = threading.Barrier(2)

    @get("/api/swap/{first:str}", policy="public", sync_to_thread=True)
    def swap(work: NamedDependency[Work], first: FromPath[str]) -> dict[str, str]:
        order = ids if first == "1" else ids[::-1]
        with work.writing() as db:
            db.execute(sa.update(Forum).where(Forum.id == order[0]).values(timezone="UTC"))
            both_hold_one.wait(10)
            db.execute(sa.update(Forum).where(Forum.id == order[1]).values(timezone="UTC"))
        return {}

    answers = []
    with TestClient(create_app(postgresql_store, api=[swap], pages=[])) as client:
        threads = [
            threading.Thread(target=lambda one=one: answers.append(client.get(f"/api/swap/{one}"))) for one in "12"
        ]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()

    refused, done = sorted(answers, key=lambda answer: -answer.status_code)
    assert (done.status_code, refused.status_code) == (200, 503)
    assert refused.json()["code"] == "web.busy"
    assert refused.headers["retry-after"] == "2"


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
    import sqlite3  # noqa: PLC0415

    error = sqlite3.OperationalError("database is locked")
    error.sqlite_errorcode = sqlite3.SQLITE_BUSY
    return error
