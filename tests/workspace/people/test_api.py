"""Forums through the API."""

from tests.support import factories
from workspace.core.storage.db import Trilingual


def test_anybody_can_list_the_forums_and_read_one(house):
    [listed] = house.nobody.get("/forums").json()["items"]
    read = house.nobody.get("/forums/third-forum")
    assert read.status_code == 200
    assert read.json() == listed
    assert listed["name"] == {"es": "Third Forum", "en": "Third Forum", "fr": "Third Forum"}
    assert [listed["phases"], listed["timezone"], listed["starts_on"]] == [["setup"], "UTC", None]
    assert Trilingual(**listed["network"]).en == "Network of Towns"


def test_a_forum_that_is_not_there_is_not_found(house):
    assert house.chair.get("/forums/fourth-forum").status_code == 404


def test_more_forums_need_no_more_queries(house):
    alone = house.queries("/forums")
    with house.store.writing() as db:
        factories.forum(db, "fourth-forum")
        factories.forum(db, "fifth-forum")
    assert len(house.chair.get("/forums").json()["items"]) == 3
    assert house.queries("/forums") == alone


def test_no_cache_keeps_an_answer(house):
    assert house.chair.get("/forums").headers["cache-control"] == "no-store"
