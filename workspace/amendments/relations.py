"""How what somebody is writing stands to what others propose in the same place: the same, compatible, or in the way."""

from collections.abc import Mapping, Sequence
from enum import StrEnum

from drafts.amendments import Amendment as Proposal
from drafts.blocks import Document
from drafts.merge import merge
from workspace.amendments.bases import Bases
from workspace.amendments.models import Amendment
from workspace.amendments.sameness import asks_for, wished

MOST_COMPARED = 200
_MINE = 0


class Relation(StrEnum):
    """Of an amendment that is filed already to one that is being written."""

    SAME = "same"
    COLLIDES = "collides"
    COMPATIBLE = "compatible"


def relations(mine: Proposal, others: Sequence[Amendment], bases: Bases, head: Document) -> Mapping[int, Relation]:
    """What each of `others` in the language of `mine` is to it, by number, on the text `head`.

    One that collides with the text in force itself is compared as its author wrote it.
    """
    others = [one for one in others if one.language is mine.base.language][:MOST_COMPARED]
    asked = asks_for(mine.hunks, mine.base)
    found = {
        one.number: Relation.SAME
        for one in others
        if one.is_indivisible == mine.is_indivisible and wished(one, bases) == asked
    }
    here = bases.carried(mine, head).proposal
    if here is None:
        return found
    rest = {one.number: bases.carried(bases.written(one), head).proposal for one in others if one.number not in found}
    merged = merge(head, [here, *(proposal for proposal in rest.values() if proposal)])
    against = {number for one in merged.clusters if _MINE in one.amendments for number in one.amendments}
    for number, proposal in rest.items():
        is_against = proposal is None or number in against
        found[number] = Relation.COLLIDES if is_against else Relation.COMPATIBLE
    return found
