"""The register of recommendations through the API."""

import pytest

from workspace.core.actor import Role
from workspace.core.storage.db import new_id

REGISTER = "/forums/third-forum/recommendations"


def numbers(answer):
    assert answer.status_code == 200, answer.text
    return [one["number"] for one in answer.json()["items"]]


@pytest.fixture(autouse=True)
def water(house):
    """A session with three recommendations."""
    return house.session("Water", "Repair fountains.", "Lend pumps.", "Open the records.")


def test_the_register_can_be_read_whole_and_by_session_and_standing(house, water):
    light = house.session("Light", "Light every path.")
    house.chair.post(f"{REGISTER}/settlement", {"standing": "dropped", "numbers": [2], "reason": "Said twice."})

    assert numbers(house.chair.get(REGISTER)) == [1, 2, 3, 4]
    assert numbers(house.chair.get(f"{REGISTER}?session_id={light}")) == [4]
    assert numbers(house.chair.get(f"{REGISTER}?standing=dropped")) == [2]
    assert numbers(house.chair.get(f"{REGISTER}?standing=proposed&session_id={water}")) == [1, 3]


def test_the_register_is_read_page_by_page(house):
    first = house.chair.get(f"{REGISTER}?limit=2")
    second = house.chair.get(f"{REGISTER}?limit=2&cursor={first.json()['next']}")
    assert numbers(first) + numbers(second) == [1, 2, 3]
    assert second.json()["next"] is None


def test_a_page_goes_on_although_its_cursor_has_left_the_list(house):
    cursor = house.chair.get(f"{REGISTER}?standing=proposed&limit=1").json()["next"]
    house.chair.post(f"{REGISTER}/settlement", {"standing": "confirmed", "numbers": [1]})
    assert numbers(house.chair.get(f"{REGISTER}?standing=proposed&cursor={cursor}")) == [2, 3]


def test_one_recommendation_says_who_said_it(house):
    one = house.chair.get(REGISTER).json()["items"][0]
    assert house.chair.get(f"/recommendations/{one['id']}").json() == one
    assert [one["text"], one["session_title"], one["standing"]] == ["Repair fountains.", "Water", "proposed"]


def test_a_rapporteur_settles_some_and_then_all_that_are_open(house):
    some = house[Role.RAPPORTEUR].post(
        f"{REGISTER}/settlement", {"standing": "dropped", "numbers": [3, 3], "reason": "No."}
    )
    rest = house[Role.RAPPORTEUR].post(f"{REGISTER}/settlement", {"standing": "confirmed"})
    assert [numbers(some), numbers(rest)] == [[3], [1, 2]]
    assert {one["standing"] for one in rest.json()["items"]} == {"confirmed"}


@pytest.mark.parametrize(
    ("role", "body", "status"),
    [
        (Role.MEMBER, {"standing": "confirmed"}, 404),
        (Role.RAPPORTEUR, {"standing": "confirmed", "numbers": [9]}, 404),
        (Role.RAPPORTEUR, {"standing": "merged"}, 400),
        (Role.RAPPORTEUR, {"standing": "confirmed", "numbers": [2**70]}, 400),
        (Role.RAPPORTEUR, {"standing": "confirmed", "number": [1]}, 400),
    ],
)
def test_what_cannot_be_settled(house, role, body, status):
    assert house[role].post(f"{REGISTER}/settlement", body).status_code == status


@pytest.mark.parametrize(
    ("query", "status"), [("cursor=x", 422), ("limit=0", 400), ("limit=1000", 400), ("standing=x", 400)]
)
def test_a_query_that_makes_no_sense_is_refused(house, query, status):
    answer = house.chair.get(f"{REGISTER}?{query}")
    assert answer.status_code == status
    assert query.split("=")[0] in str(answer.json())


def test_nobody_in_particular_does_not_see_the_register_yet(house):
    assert house.nobody.get(REGISTER).status_code == 404
    assert house.chair.get(f"/recommendations/{new_id()}").status_code == 404


def test_more_recommendations_need_no_more_queries(house):
    alone = house.queries(f"{REGISTER}?limit=1")
    house.session("Light", "Light every path.", "Mend the lamps.")
    assert house.queries(f"{REGISTER}?limit=3") == alone
