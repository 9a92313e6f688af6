"""What carries: whole numbers, ties, abstentions, two thirds and the quorum at their edges."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from workspace.procedure.electorate import CarryingRule, VoteTally, ending, needed
from workspace.procedure.models import Ending, Majority

SIMPLE, TWO_THIRDS = Majority.SIMPLE, Majority.TWO_THIRDS
CARRIED, LOST, NO_QUORUM = Ending.CARRIED, Ending.LOST, Ending.NO_QUORUM


@pytest.mark.parametrize(
    ("votes", "majority", "counts", "expected"),
    [
        ((1, 0, 0), SIMPLE, False, CARRIED),
        ((0, 0, 5), SIMPLE, False, LOST),  # nobody was for it
        ((3, 3, 0), SIMPLE, False, LOST),  # equal votes carry nothing
        ((4, 3, 0), SIMPLE, False, CARRIED),
        ((2, 1, 9), SIMPLE, False, CARRIED),  # abstentions are no votes
        ((2, 1, 9), SIMPLE, True, LOST),  # unless the rules say so
        ((7, 2, 5), SIMPLE, True, LOST),  # half is not more than half
        ((8, 2, 5), SIMPLE, True, CARRIED),
        ((2, 1, 0), TWO_THIRDS, False, CARRIED),  # exactly two thirds
        ((5, 3, 0), TWO_THIRDS, False, LOST),
        ((6, 3, 4), TWO_THIRDS, False, CARRIED),
        ((6, 3, 1), TWO_THIRDS, True, LOST),
        ((0, 0, 3), TWO_THIRDS, False, LOST),
        ((3, 1, 5), Majority.THREE_QUARTERS, False, CARRIED),  # exactly three quarters
        ((8, 3, 0), Majority.THREE_QUARTERS, False, LOST),
        ((3, 1, 1), Majority.THREE_QUARTERS, True, LOST),
        ((2, 0, 9), Majority.UNANIMITY, False, CARRIED),  # nobody was against it
        ((2, 0, 9), Majority.UNANIMITY, True, LOST),
        ((9, 1, 0), Majority.UNANIMITY, False, LOST),
        ((0, 0, 9), Majority.UNANIMITY, False, LOST),
    ],
)
def test_a_majority_is_counted_exactly(votes, majority, counts, expected):
    rule = CarryingRule(majority, quorum=0, abstentions_count=counts)
    assert ending(VoteTally(*votes, eligible=sum(votes)), rule) is expected


@pytest.mark.parametrize(
    ("votes", "majority", "present", "expected"),
    [
        ((6, 0, 0), Majority.MEMBERS, 6, CARRIED),  # of eleven
        ((5, 0, 0), Majority.MEMBERS, 11, LOST),
        ((4, 3, 0), Majority.PRESENT, 7, CARRIED),
        ((4, 3, 0), Majority.PRESENT, 8, LOST),  # somebody was there and did not vote
        ((4, 3, 1), Majority.PRESENT, 8, LOST),  # or abstained
        ((5, 3, 0), Majority.PRESENT, 0, CARRIED),  # whoever has voted was there
    ],
)
def test_a_majority_of_those_present_or_of_all_counts_those_who_did_not_vote(votes, majority, present, expected):
    tally = VoteTally(*votes, eligible=11, present=present)
    assert ending(tally, CarryingRule(majority, quorum=0)) is expected


@pytest.mark.parametrize(
    ("cast", "eligible", "quorum", "expected"),
    [(5, 10, 50, CARRIED), (4, 10, 50, NO_QUORUM), (5, 11, 50, NO_QUORUM), (1, 3, 33, CARRIED), (1, 3, 34, NO_QUORUM)],
)
def test_a_quorum_is_a_share_of_all_who_may_vote(cast, eligible, quorum, expected):
    assert ending(VoteTally(cast, 0, 0, eligible), CarryingRule(SIMPLE, quorum)) is expected


def test_abstaining_helps_to_make_the_quorum():
    assert ending(VoteTally(1, 0, 4, 10), CarryingRule(SIMPLE, 50)) is CARRIED


@given(st.integers(0, 300), st.integers(0, 300), st.integers(0, 300), st.sampled_from(Majority), st.booleans())
def test_what_is_said_to_be_needed_is_exactly_what_carries(yes, no, abstain, majority, counts):
    everybody = yes + no + abstain
    tally, rule = VoteTally(yes, no, abstain, everybody + 3, everybody + 1), CarryingRule(majority, 0, counts)
    base = everybody if counts else yes + no
    share = {
        SIMPLE: 2 * yes > base,
        Majority.PRESENT: 2 * yes > everybody + 1,
        Majority.MEMBERS: 2 * yes > everybody + 3,
        TWO_THIRDS: 3 * yes >= 2 * base,
        Majority.THREE_QUARTERS: 4 * yes >= 3 * base,
        Majority.UNANIMITY: yes == base,
    }[majority]
    assert (ending(tally, rule) is CARRIED) == (share and yes > 0) == (yes >= needed(tally, rule))
