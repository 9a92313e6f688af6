"""What a vote comes to, by one exact rule in whole numbers.

The votes of those present and voting decide: yes against no. Abstentions are counted and printed; they
make up the quorum, because who abstains is there, but are no votes, unless the rules of the
declaration say that they count. Then they stand with the no. Equal votes carry nothing. The quorum is the share
of all who may vote that has voted or abstained.
"""

from msgspec import Struct

from workspace.procedure.models import Ending, Majority

HUNDRED = 100


class Tally(Struct, frozen=True):
    """The numbers of a vote; `eligible` is how many could have voted."""

    yes: int
    no: int
    abstain: int
    eligible: int

    @property
    def cast(self) -> int:
        return self.yes + self.no + self.abstain


class Rule(Struct, frozen=True):
    """What carries a proposal. `quorum` in hundredths of those eligible; 0 is none."""

    majority: Majority
    quorum: int
    abstentions_count: bool = False


def needed(tally: Tally, rule: Rule) -> int:
    """The least number of yes that carries the proposal with so many votes; it is never none."""
    base = tally.cast if rule.abstentions_count else tally.yes + tally.no
    if rule.majority is Majority.SIMPLE:
        return base // 2 + 1
    return max(1, -(-2 * base // 3))


def has_quorum(tally: Tally, rule: Rule) -> bool:
    """Whether enough have voted or abstained."""
    return tally.cast * HUNDRED >= rule.quorum * tally.eligible


def ending(tally: Tally, rule: Rule) -> Ending:
    """How the vote ends."""
    if not has_quorum(tally, rule):
        return Ending.NO_QUORUM
    return Ending.CARRIED if tally.yes >= needed(tally, rule) else Ending.LOST
