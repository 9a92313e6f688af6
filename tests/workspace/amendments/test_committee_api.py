"""The committee's desk over the API: opinions, answers, brackets, undoing, the status of paragraphs, tables."""

import pytest

from workspace.core.storage.db import new_id

WATER = "Towns share water."
CLEAN = "Towns share clean water."
COLD = "Towns share cold water."


@pytest.fixture
def table(house):
    return house.declaration(WATER, "Towns light paths.")


def test_an_opinion_is_given_answered_and_read(house, table):
    filed = table.propose(CLEAN)["amendment"]
    path = f"/amendments/{filed['id']}"
    changes = table.proposal(COLD)["changes"]
    opinion = {"stance": "modify", "reason": "Colder.", "changes": changes}

    assert house.member.post(f"{path}/opinions", opinion).status_code == 404
    assert house.chair.post(f"{path}/opinions", opinion).status_code == 201
    assert house.chair.post(f"{path}/opinions", opinion | {"reason": " "}).status_code == 422
    [read] = house.member.get(f"{path}/opinions").json()["items"]
    assert [read["stance"], read["reason"], read["role"]] == ["modify", "Colder.", "chair"]
    assert house.member.post(f"{path}/answers", {"reply": "accept", "word": "Yes."}).json()["reply"] == "accept"
    assert house.chair.post(f"{path}/answers", {"reply": "accept"}).status_code == 404


def test_brackets_are_set_counted_resolved_and_undone(house, table):
    wanted = {"texts": {"en": COLD}, "organisations": []}
    body = {"block_id": table.block(), "language": "en", "alternatives": [wanted], "reason": "Two views."}
    assert house.chair.post(f"{table.path}/brackets", body).status_code == 428
    assert house.member.post(f"{table.path}/brackets", body, if_match=table.head).status_code == 404
    made = house.chair.post(f"{table.path}/brackets", body, if_match=table.head)
    assert made.status_code == 201, made.text
    assert [one["en"] for one in made.json()["alternatives"]] == [WATER, COLD]
    assert house.member.get(f"{table.path}/brackets").json()["open"] == 1

    choice = {"alternative": 1, "language": "en", "reason": "So decided."}
    resolved = house.chair.post(f"{table.path}/brackets/1/resolution", choice, if_match=table.head)
    assert resolved.status_code == 201, resolved.text
    assert resolved.json()["revision"] == 2
    assert table.words()[0] == COLD
    back = {"round": 2, "reason": "We miscounted."}
    undone = house.chair.post(f"{table.path}/undoings", back, if_match=resolved.headers["etag"].strip('"'))
    assert (undone.status_code, undone.json()["verdict"]) == (201, "undo")
    assert table.words()[0] == WATER
    assert house.chair.post(f"{table.path}/undoings", back, if_match=table.head).status_code == 422


def test_a_paragraph_is_closed_and_takes_no_amendment(house, table):
    path = f"{table.path}/paragraphs/{table.block()}/status"
    assert house.member.post(path, {"status": "closed"}).status_code == 404
    assert house.chair.post(path, {"status": "closed"}).json()["status"] == "closed"
    refused = house.member.post(f"{table.path}/amendments", table.proposal(CLEAN))
    assert (refused.status_code, refused.json()["facts"]["reason"]) == (422, "paragraph_closed")
    [state] = house.member.get(f"{table.path}/paragraphs/statuses").json()["items"]
    assert state["block_id"] == table.block()
    assert house.chair.post(f"{table.path}/paragraphs/{new_id()}/status", {"status": "closed"}).status_code == 404


def test_a_table_is_taken_and_read_again_as_it_was(house, table):
    table.propose(CLEAN)
    taken = house.chair.post(f"{table.path}/amendment-tables")
    assert taken.status_code == 201, taken.text
    table.propose(COLD)
    again = house.chair.get(taken.headers["location"].removeprefix("/api"))
    assert again.json() == taken.json()
    assert [row["number"] for row in again.json()["rows"]] == [1]


def test_an_amendment_is_taken_in_part_and_another_falls(house, table):
    filed = [table.propose("Cities share clean water.")["amendment"]["id"], table.propose(COLD)["amendment"]["id"]]
    rulings = [
        {"amendment_id": filed[0], "verdict": "adopt_partly", "pieces": [1]},
        {"amendment_id": filed[1], "verdict": "fall", "because_of": filed[0]},
    ]
    ruled = house.chair.post(f"{table.path}/decisions", {"language": "en", "rulings": rulings}, if_match=table.head)
    assert ruled.status_code == 201, ruled.text
    assert [one["because_of"] for one in ruled.json()["decisions"]] == [None, 1]
    assert table.words()[0] == CLEAN


def test_one_decision_is_undone_and_the_list_says_so(house, table):
    filed = [table.propose(CLEAN)["amendment"]["id"], table.propose(COLD)["amendment"]["id"]]
    rulings = [{"amendment_id": filed[0], "verdict": "adopt"}, {"amendment_id": filed[1], "verdict": "reject"}]
    house.chair.post(f"{table.path}/decisions", {"language": "en", "rulings": rulings}, if_match=table.head)
    path, why = f"{table.path}/decisions/1/undoing", {"reason": "We miscounted."}

    assert house.chair.post(path, why).status_code == 428
    assert house.member.post(path, why, if_match=table.head).status_code == 404
    undone = house.chair.post(path, why, if_match=table.head)
    assert (undone.status_code, undone.json()["undoes"]) == (201, [1]), undone.text
    assert table.words()[0] == WATER
    listed = house.chair.get(f"{table.path}/decisions").json()["items"]
    assert [(item["number"], item["undone_by"]) for item in listed] == [(1, 3), (2, None), (3, None)]
    refused = house.chair.post(path, why, if_match=table.head)
    assert (refused.status_code, refused.json()["facts"]["reason"]) == (422, "not_undoable")
