"""Who replaces something says what; who is too late, or does not say it, learns what is there and where."""

from tests.workspace.house import opened
from workspace.core.actor import Role


def move(table, **headers):
    return table.house.client.post(
        f"/api{table.path}/phase",
        json={"phase": "consultation", "reason": ""},
        headers={"Cookie": f"persona={table.house.people[Role.CHAIR].person_id}", **headers},
    )


def test_who_is_too_late_gets_the_tag_of_what_is_there_now_and_its_address(store):
    with opened(store) as house:
        table = house.declaration()
        answer = move(table, **{"If-Match": '"0192f0c1-7a51-7c1e-9a3b-0c4b6a1f2d3e"'})
        assert answer.status_code == 412
        assert answer.headers["etag"] == f'"{table.head}"'
        assert answer.headers["link"] == f'</api{table.path}>; rel="latest-version"'
        current = house.chair.get(table.path)
        assert current.headers["etag"].startswith(answer.headers["etag"].rstrip('"'))
        assert move(table, **{"If-Match": current.headers["etag"]}).status_code == 200


def test_who_does_not_say_what_they_replace_is_told_where_to_read_it(store):
    with opened(store) as house:
        table = house.declaration()
        answer = move(table)
        assert answer.status_code == 428
        assert answer.headers["link"] == f'</api{table.path}>; rel="latest-version"'


def test_of_one_text_it_is_the_text_that_is_named(store):
    with opened(store) as house:
        table = house.declaration()
        path = f"{table.path}/blocks/{table.block()}/texts/fr"
        answer = house[Role.TRANSLATOR].put(path, {"content": "L’eau.", "sources": ["en"]})
        assert answer.status_code == 428
        assert answer.headers["link"] == f'</api{path}>; rel="latest-version"'
