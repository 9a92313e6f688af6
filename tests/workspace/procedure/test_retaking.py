"""A vote is taken again with a reason, and who has not voted yet is known to those who call them."""

from tests.support import site
from tests.support.page import Page
from tests.support.site import token_of
from tests.workspace.house import Caller
from tests.workspace.procedure.conftest import Room
from workspace.core.actor import Role

HERE = "/en/third-forum/declaration/questions"


def shown(room: Room, role: Role = Role.CHAIR, path: str = "/1", **fields: str) -> Page:
    with site.browser(room.house.store, room.house.people[role]) as browser:
        if fields:
            return Page(browser.post(f"{HERE}{path}", data={"csrf": token_of(browser), **fields}))
        return Page(browser.get(f"{HERE}{path}"))


def closed(room: Room) -> None:
    room.rules(majority="two_thirds")
    room.put()
    room.vote("Alta", "yes")
    room.act("closing")


def test_a_vote_taken_again_keeps_the_first_result_and_both_name_each_other(room: Room):
    closed(room)
    again = room.act("retaking", {"reason": "A device failed."})
    assert again.status_code == 201
    said = again.json()
    assert (said["number"], said["retakes"], said["retake_reason"]) == (2, 1, "A device failed.")
    assert (said["amendment"], said["rules"]["majority"], said["end"]) == (1, "two_thirds", None)
    end = room.question()["end"]
    assert (end["ending"], end["again"], end["yes"], end["reversed_reason"]) == ("retaken", 2, 1, "A device failed.")
    assert (shown(room).state, shown(room).data("again")) == ("retaken", ["2"])
    assert shown(room, path="/2").data("retakes") == ["1"]
    assert room.act("decision", {"reason": "So."}, if_match=room.table.head).status_code == 422

    for name in ("Alta", "Baja"):
        room.vote(name, "no", number=2)
    assert room.act("closing", number=2).json()["end"]["ending"] == "lost"
    assert room.act("retaking", {"reason": "Again."}).json()["facts"]["reason"] == "not_counted"


def test_a_vote_is_taken_again_only_once_its_decision_is_undone(room: Room):
    closed(room)
    assert room.act("retaking", {"reason": " "}).json()["facts"]["reason"] == "empty"
    room.act("decision", {"reason": "Vote 1."}, if_match=room.table.head)
    refused = room.act("retaking", {"reason": "A device failed."})
    assert (refused.status_code, refused.json()["facts"]["reason"]) == (422, "carried_out")
    assert not shown(room).offers("/questions/1/end", act="retake")
    path = f"{room.table.path}/decisions/1/undoing"
    assert room.chair.post(path, {"reason": "Wrong."}, if_match=room.table.head).status_code == 201
    assert shown(room).offers("/questions/1/end", act="retake")
    assert shown(room, path="/1/end", act="retake", reason="A device failed.").data("retakes") == ["1"]


def test_nobody_else_has_a_vote_taken_again_and_no_open_vote_is(room: Room):
    room.rules()
    room.put()
    assert room.act("retaking", {"reason": "So."}).json()["facts"]["reason"] == "not_counted"
    room.act("closing")
    assert room.act("retaking", {"reason": "So."}, by=room["Alta"]).status_code == 404


def test_who_has_not_voted_yet_is_shown_to_the_chair_and_the_secretariat_while_the_vote_is_open(room: Room):
    room.rules(is_roll_call=False)
    room.put()
    room.vote("Baja", "no")
    office = Caller(room.house.client, room.house.people[Role.SECRETARIAT].person_id)
    waits = ["Town of Alta", "Town of Costa"]
    assert room.question()["not_voted"] == room.question(caller=office)["not_voted"] == waits
    assert shown(room).data("not-voted") == shown(room, Role.SECRETARIAT).data("not-voted") == waits
    assert room.question(caller=room["Alta"])["not_voted"] == []
    room.act("closing")
    assert room.question()["not_voted"] == []
