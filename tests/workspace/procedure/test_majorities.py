"""What carries a vote, as the API and the pages say it: the majority, what it is a share of, and the quorum."""

import pytest

from tests.support import site
from tests.support.page import Page
from tests.workspace.procedure.conftest import Room
from workspace.core.actor import Role
from workspace.core.provided import PRESENT


def page(room: Room, name: str = "", path: str = "/questions/1") -> Page:
    who = room.people[name] if name else room.house.people[Role.CHAIR]
    with site.browser(room.house.store, who) as browser:
        return Page(browser.get(f"/en/third-forum/declaration{path}"))


@pytest.mark.parametrize(
    ("majority", "votes", "result"),
    [
        ("simple", ("yes", "abstain"), (1, 1, "carried")),
        ("present", ("yes", "abstain"), (2, 2, "lost")),
        ("members", ("yes", "abstain"), (2, 3, "lost")),
        ("members", ("yes", "yes"), (2, 3, "carried")),
        ("three_quarters", ("yes", "yes", "no"), (3, 3, "lost")),
        ("unanimity", ("yes", "yes", "abstain"), (2, 2, "carried")),
    ],
)
def test_a_majority_is_said_with_what_it_is_a_share_of(room: Room, majority, votes, result):
    room.rules(majority=majority)
    room.put()
    for name, choice in zip(("Alta", "Baja", "Costa"), votes, strict=False):
        room.vote(name, choice)
    end = room.act("closing").json()["end"]

    assert (end["needed"], end["base"], end["ending"]) == result


def test_who_is_recorded_as_present_counts_for_a_majority_of_those_present(room: Room):
    room.rules(majority="present")
    room.put()
    room.vote("Alta", "yes")
    assert room.question()["needed"] == 1
    organisation = room.people["Baja"].mandates[0].organisation_id
    present = PRESENT.get()
    PRESENT.provide(lambda: lambda _db, _declaration: frozenset({organisation}))
    try:
        assert room.question()["needed"] == 2
        end = room.act("closing").json()["end"]
    finally:
        PRESENT.provide(lambda: present)
    assert (end["needed"], end["base"], end["ending"]) == (2, 2, "lost")
    assert room.question()["end"]["base"] == 2  # it is kept with the result


def test_the_quorum_is_shown_while_a_vote_is_open(room: Room):
    room.rules(quorum=50, majority="members")
    room.put()
    room.vote("Alta", "yes")
    said = room.question()
    assert (said["votes_cast"], said["quorum_votes"], said["needed"]) == (1, 2, 2)
    shown = page(room)
    assert (shown.data("votes"), shown.data("quorum"), shown.data("required")) == (["1"], ["2"], ["2"])
    assert shown.data("lacks-quorum")
    room.vote("Baja", "no")
    assert not page(room).data("lacks-quorum")
