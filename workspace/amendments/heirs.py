"""Amendments to an amendment that is adopted in other words: what holds for these, too, does not fall."""

from collections.abc import Sequence

from msgspec import Struct

from drafts.amendments import Amendment as Proposal
from drafts.children import modified
from drafts.rebase import RebaseStatus
from workspace.amendments.bases import Bases
from workspace.amendments.models import Amendment, Disposition

_HOLDS = {RebaseStatus.STILL_APPLIES, RebaseStatus.PARTLY_INCLUDED}


class Inheritance(Struct, frozen=True):
    """`proposal` is the new wording with what had been accepted to the old one; `taken` went into it.

    `waiting` were open, and are amendments to the new wording from now on.
    """

    proposal: Proposal
    taken: Sequence[Amendment]
    waiting: Sequence[Amendment]


def inherited(parent: Amendment, reworded: Proposal, bases: Bases) -> Inheritance:
    """What the children of `parent` come to where `reworded` is adopted in its place."""
    stands = {
        child.number: bases.carried(bases.written(child), reworded.proposed)
        for child in parent.children
        if child.disposition is Disposition.ACCEPTED or child.disposition.is_undecided
    }
    holding = [child for child in parent.children if child.number in stands and stands[child.number].status in _HOLDS]
    accepted = [child for child in holding if child.disposition is Disposition.ACCEPTED]
    found = modified(reworded, [one for child in accepted if (one := stands[child.number].proposal)])
    disputed = {number for cluster in found.merged.clusters for number in cluster.amendments}
    return Inheritance(
        proposal=found.amendment,
        taken=[child for child in accepted if child.number not in disputed],
        waiting=[child for child in holding if child.disposition.is_undecided],
    )


def settle(inheritance: Inheritance) -> None:
    """Give the children their new place once the new wording is in the text.

    One that waits stands on its own from now on: what it amends is the text.
    """
    for child in inheritance.taken:
        child.disposition = Disposition.ADOPTED
    for child in inheritance.waiting:
        child.parent = None
