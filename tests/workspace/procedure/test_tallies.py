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
    ],
)
def test_a_majority_is_counted_exactly(votes, majority, counts, expected):
    rule = CarryingRule(majority, quorum=0, abstentions_count=counts)
    assert ending(VoteTally(*votes, eligible=sum(votes)), rule) is expected


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
    tally, rule = VoteTally(yes, no, abstain, yes + no + abstain), CarryingRule(majority, 0, counts)
    base = yes + no + (abstain if counts else 0)
    share = 2 * yes > base if majority is SIMPLE else 3 * yes >= 2 * base and yes > 0
    assert (ending(tally, rule) is CARRIED) == share == (yes >= needed(tally, rule))
