"""Members request how a vote is taken before it is opened, and the rules say how many of them it takes."""

from tests.support import site
from tests.support.page import Page
from tests.support.site import token_of
from tests.workspace.procedure.conftest import Room
from workspace.core.actor import Role

HERE = "/en/third-forum/declaration/questions"


def ask(room: Room, name: str, kind: str, part: str = ""):
    about = {"subject": "amendment", "amendment": 1, "part": part}
    return room[name].post(f"{room.table.path}/ballot-requests", {"kind": kind, "about": about})


def test_a_roll_call_is_held_at_the_request_of_one_organisation_and_says_whose(room: Room):
    room.rules(is_roll_call=False)
    [line] = ask(room, "Alta", "roll_call").json()["items"]
    assert (line["amendment"], line["organisations"], line["needed"]) == (1, ["Town of Alta"], 1)
    again = ask(room, "Alta", "roll_call")
    assert (again.status_code, again.json()["facts"]["reason"]) == (422, "requested")
    assert room.put().json()["rules"]["is_roll_call"] is True
    assert room.chair.get(f"{room.table.path}/ballot-requests").json()["items"] == []
    with site.browser(room.house.store, room.people["Baja"]) as browser:
        assert len(Page(browser.get(f"{HERE}/1")).data("requested")) == 1


def test_a_secret_vote_takes_as_many_requests_as_the_rules_say_and_goes_before_a_roll_call(room: Room):
    room.rules(secret_requests=2)
    ask(room, "Costa", "roll_call")
    ask(room, "Alta", "secret")
    assert room.put().json()["rules"]["is_roll_call"] is True
    for name in ("Alta", "Baja"):
        ask(room, name, "secret")
    assert room.put().json()["rules"]["is_roll_call"] is False


def test_a_request_that_is_withdrawn_counts_no_more(room: Room):
    room.rules(is_roll_call=False)
    [line] = ask(room, "Alta", "roll_call").json()["items"]
    own = room["Alta"].get(f"{room.table.path}/ballot-requests").json()["items"][0]["own"]
    path = f"{room.table.path}/ballot-requests/{own}/withdrawal"
    assert line["own"] == own
    assert room["Baja"].post(path).status_code == 404
    assert room["Alta"].post(path).json()["items"] == []
    assert room.put().json()["rules"]["is_roll_call"] is False


def test_a_separate_vote_names_words_that_are_there(room: Room):
    room.rules()
    assert ask(room, "Alta", "separate").json()["facts"]["reason"] == "empty"
    assert ask(room, "Alta", "separate", "dirty").json()["facts"]["reason"] == "not_in_the_text"
    assert ask(room, "Alta", "separate", "clean").status_code == 201
    assert ask(room, "observer", "separate", "clean").status_code == 404
    room.put()  # on all of it
    assert len(room.chair.get(f"{room.table.path}/ballot-requests").json()["items"]) == 1
    room.put(about={"subject": "amendment", "amendment": 1, "part": "clean"})
    assert room.chair.get(f"{room.table.path}/ballot-requests").json()["items"] == []


def test_requests_are_made_and_seen_by_the_forms(room: Room):
    room.rules(is_roll_call=False)
    alta, chair = room.people["Alta"], room.house.people[Role.CHAIR]

    def page(who, path: str = "", **fields: str) -> Page:
        with site.browser(room.house.store, who) as browser:
            if fields:
                return Page(browser.post(f"{HERE}{path}", data={"csrf": token_of(browser), **fields}))
            return Page(browser.get(f"{HERE}{path}"))

    refused = page(alta, "/requests", kind="separate", about="amendment:1")
    assert refused.refusal == "workspace.invalid:empty"
    assert page(alta, "/requests", kind="roll_call", about="amendment:1").data("request") == ["roll_call"]
    assert page(chair).data("reached") == ["True"]
    links = [link for link in page(chair).links if "about=amendment" in link]
    assert len(links) == 1
    assert page(chair, links[0].removeprefix(HERE)).form("/questions", means="vote").values["about"] == "amendment:1"
