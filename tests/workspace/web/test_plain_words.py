"""The door at which texts come in: controls that nobody types are gone, and what is not seen is nothing."""

import pytest

from workspace.core.actor import Role

HIDDEN = ["\u200b\u200b", "\u202e \u2066", "\u3164", "\u2800", "\u0301\u0301", "\ufeff\u00ad"]


@pytest.fixture
def thread(house):
    table = house.declaration("One.")
    said = {"block_id": table.block(), "text": "Who pays?", "language": "en"}
    return house.member.post(f"{table.path}/threads", said).json()


@pytest.mark.parametrize("text", HIDDEN)
def test_a_comment_of_which_nothing_is_seen_is_refused(house, thread, text):
    answer = house.chair.post(f"/threads/{thread['id']}/comments", {"text": text, "language": "en"})
    assert (answer.status_code, answer.json()["code"]) == (422, "workspace.invalid")
    assert answer.json()["facts"]["reason"] == "empty"


@pytest.mark.parametrize("name", HIDDEN)
def test_a_name_of_which_nothing_is_seen_is_refused(house, name):
    answer = house[Role.SECRETARIAT].post("/forums/third-forum/organisations", {"name": name, "kind": "city"})
    assert (answer.status_code, answer.json()["facts"]["reason"]) == (422, "empty")


def test_ends_of_lines_are_those_of_everybody_and_controls_are_gone(house, thread):
    said = {"text": "One\u0085two\u2028three\u0007 fo\u009cur\x0bfive", "language": "en"}
    answer = house.chair.post(f"/threads/{thread['id']}/comments", said)
    assert answer.status_code == 201, answer.text
    kept = house.chair.get(f"/threads/{thread['id']}").json()["comments"][-1]["text"]
    assert kept == "One\ntwo\nthree four\nfive"
