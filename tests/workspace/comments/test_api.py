"""Comment threads through the API."""

import pytest

from workspace.core.actor import Role
from workspace.core.security.permissions import Phase
from workspace.core.storage.db import new_id

SAID = {"text": " And who pays? ", "language": "en"}


@pytest.fixture
def table(house):
    return house.declaration("Towns share water.", "Towns light paths.")


def begun(table, place=0):
    answer = table.house.member.post(f"{table.path}/threads", {"block_id": table.block(place), **SAID})
    assert answer.status_code == 201, answer.text
    return answer.json()


def test_a_thread_is_opened_answered_resolved_and_opened_again(house, table):
    thread = begun(table)
    replied = house.chair.post(
        f"/threads/{thread['id']}/comments", {"text": "Die Städte? No: las ciudades.", "language": "es"}
    )
    resolved = house.chair.post(f"/threads/{thread['id']}/resolution")
    again = house.member.post(f"/threads/{thread['id']}/comments", SAID)

    assert [thread["block_id"], thread["resolved_at"]] == [table.block(), None]
    assert [(one["author"], one["text"], one["language"]) for one in replied.json()["comments"]] == [
        ("A member", "And who pays?", "en"),
        ("A chair", "Die Städte? No: las ciudades.", "es"),
    ]
    assert [replied.status_code, resolved.status_code, again.status_code] == [201, 200, 201]
    assert resolved.json()["resolved_at"] is not None
    assert again.json()["resolved_at"] is None


def test_threads_are_listed_by_paragraph_and_page_by_page(house, table):
    threads = [begun(table), begun(table, 1), begun(table)]
    every = house[Role.OBSERVER].get(f"{table.path}/threads").json()["items"]
    of_one = house.member.get(f"{table.path}/threads?block_id={table.block()}").json()["items"]
    first = house.member.get(f"{table.path}/threads?limit=2").json()
    second = house.member.get(f"{table.path}/threads?limit=2&cursor={first['next']}").json()

    assert sorted(one["id"] for one in every) == sorted(one["id"] for one in threads)
    assert {one["id"] for one in of_one} == {threads[0]["id"], threads[2]["id"]}
    assert first["items"] + second["items"] == every


@pytest.mark.parametrize(
    ("change", "status"),
    [
        ({"text": " "}, 422),
        ({"text": "a\x00b"}, 422),
        ({"text": "x" * 10_001}, 400),
        ({"language": "de"}, 400),
        ({"block_id": str(new_id())}, 404),
        ({"block_id": "first"}, 400),
        ({"colour": "red"}, 400),
    ],
)
def test_what_cannot_be_said(house, table, change, status):
    answer = house.member.post(f"{table.path}/threads", {"block_id": table.block(), **SAID} | change)
    assert answer.status_code == status, answer.text
    assert house.member.get(f"{table.path}/threads").json()["items"] == []


def test_visitors_neither_comment_nor_resolve(house, table):
    thread = begun(table)
    body = {"block_id": table.block(), **SAID}
    for answer in (
        house.nobody.post(f"{table.path}/threads", body),
        house.nobody.post(f"/threads/{thread['id']}/comments", SAID),
        house.nobody.post(f"/threads/{thread['id']}/resolution"),
        house.chair.post(f"/threads/{new_id()}/comments", SAID),
        house.chair.post(f"/threads/{new_id()}/resolution"),
    ):
        assert answer.status_code == 404


def test_nobody_comments_once_the_text_is_before_the_plenary(house):
    table = house.declaration(phase=Phase.ADOPTION)
    assert house.member.post(f"{table.path}/threads", {"block_id": table.block(), **SAID}).status_code == 404


def test_more_threads_need_no_more_queries(house, table):
    begun(table)
    alone = house.queries(f"{table.path}/threads")
    begun(table)
    thread = begun(table, 1)
    house.chair.post(f"/threads/{thread['id']}/comments", SAID)
    assert house.queries(f"{table.path}/threads") == alone
