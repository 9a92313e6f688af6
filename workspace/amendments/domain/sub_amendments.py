"""Decisions on amendments to amendments, and how they share the fate of the amendment they amend."""

from collections import defaultdict
from collections.abc import Collection, Mapping, Sequence

from msgspec import Struct, field

from drafts.diff.amendments import Amendment as Proposal
from drafts.merge.disputes import Cluster
from drafts.merge.merge import modified_parent
from drafts.merge.rebase import RebaseStatus
from workspace.amendments.domain.models import Amendment, DecisionOutcome, Disposition, Verdict
from workspace.amendments.domain.stored_amendments import BaseDocuments


class AcceptedSubAmendments(Struct):
    """What is taken into each parent, by its number; what became of each child, and what they dispute."""

    into: dict[int, list[Amendment]] = field(default_factory=lambda: defaultdict(list))
    outcomes: dict[int, DecisionOutcome] = field(default_factory=dict)
    clusters: list[Cluster] = field(default_factory=list)


def accept_sub_amendments(children: Sequence[Amendment], bases: BaseDocuments) -> AcceptedSubAmendments:
    """Take these into the amendments they amend, except those that dispute each other or what was accepted before.

    One that is disputed waits whole: half of it is not what its author asked for.
    """
    found = AcceptedSubAmendments()
    parents = {child.parent.number: child.parent for child in children if child.parent}
    for number, parent in parents.items():
        proposed = bases.written(parent).proposed
        own = [child for child in children if child.parent is parent]
        stands = {child.number: bases.of_parent(child, proposed) for child in own}
        able = [child for child in own if not stands[child.number].clusters]
        merged = bases.modified(parent, able).merged
        fates = {fate.amendment: fate for fate in merged.fates}
        for child in own:
            fate = fates.get(child.number)
            is_taken = child in able and (fate is None or fate.is_whole)
            found.outcomes[child.number] = DecisionOutcome.TAKEN if is_taken else DecisionOutcome.WAITS
            if is_taken:
                found.into[number].append(child)
        found.clusters += [*(cluster for each in stands.values() for cluster in each.clusters), *merged.clusters]
    return found


_WITH_ITS_PARENT: Mapping[Disposition, Mapping[Disposition, Disposition]] = {
    Disposition.ADOPTED: {Disposition.ACCEPTED: Disposition.ADOPTED, Disposition.LATE: Disposition.FALLEN},
    Disposition.PART_ADOPTED: {
        Disposition.ACCEPTED: Disposition.ADOPTED,
        Disposition.OPEN: Disposition.FALLEN,
        Disposition.REFERRED: Disposition.FALLEN,
        Disposition.LATE: Disposition.FALLEN,
    },
    Disposition.REJECTED: dict.fromkeys(
        (Disposition.ACCEPTED, Disposition.OPEN, Disposition.REFERRED, Disposition.LATE), Disposition.FALLEN
    ),
}
_FALLING = {
    Disposition.REJECTED,
    Disposition.WITHDRAWN,
    Disposition.HANDED_OVER,
    Disposition.FALLEN,
    Disposition.INADMISSIBLE,
}


def close_sub_amendments(parent: Amendment, *, verdict: Verdict | None = None) -> list[Amendment]:
    """Give the children of a decided amendment what follows for them; those that changed.

    What was accepted is adopted with it. Everything falls with one that is
    rejected or withdrawn, and where the committee's own wording was adopted instead.
    What a compromise replaces by consent falls once that is adopted, with what amends it.
    """
    decided = parent.disposition
    if decided in _FALLING or (decided is Disposition.ADOPTED and verdict is Verdict.ADOPT_MODIFIED):
        decided = Disposition.REJECTED
    after = _WITH_ITS_PARENT.get(decided, {})
    changed = [child for child in parent.children if child.disposition in after]
    for child in changed:
        child.disposition = after[child.disposition]
    for replaced in parent.lapsing if parent.disposition is Disposition.ADOPTED else ():
        replaced.disposition = Disposition.FALLEN
        changed += [replaced, *close_sub_amendments(replaced)]
    return changed


def falling_with(parent: Amendment) -> list[Amendment]:
    """The children that would fall, were it rejected or withdrawn now."""
    return [child for child in parent.children if child.disposition in _WITH_ITS_PARENT[Disposition.REJECTED]]


_HOLDS = {RebaseStatus.STILL_APPLIES, RebaseStatus.PARTLY_INCLUDED}


class SubAmendmentsAfterRewording(Struct, frozen=True):
    """`proposal` is the new wording with what had been accepted to the old one; `taken` went into it.

    `still_open` were open, and are amendments to the new wording from now on.
    """

    proposal: Proposal
    taken: Sequence[Amendment]
    still_open: Sequence[Amendment]


def carry_sub_amendments(
    parent: Amendment, reworded: Proposal, bases: BaseDocuments, more: Collection[Amendment] = ()
) -> SubAmendmentsAfterRewording:
    """What the children of `parent` come to where `reworded` is adopted in its place, and `more` were taken at once."""
    stands = {
        child.number: bases.carried(bases.written(child), reworded.proposed)
        for child in parent.children
        if child.disposition is Disposition.ACCEPTED or child.disposition.is_undecided
    }
    holding = [child for child in parent.children if child.number in stands and stands[child.number].status in _HOLDS]
    accepted = [child for child in holding if child.disposition is Disposition.ACCEPTED or child in more]
    found = modified_parent(reworded, [amendment for child in accepted if (amendment := stands[child.number].proposal)])
    disputed = {number for cluster in found.merged.clusters for number in cluster.amendments}
    return SubAmendmentsAfterRewording(
        proposal=found.amendment,
        taken=[child for child in accepted if child.number not in disputed],
        still_open=[child for child in holding if child not in accepted],
    )


def place_sub_amendments(inheritance: SubAmendmentsAfterRewording) -> None:
    """Give the children their new place once the new wording is in the text.

    One that waits stands on its own from now on: what it amends is the text. One that was decided at once does not.
    """
    for child in inheritance.taken:
        child.disposition = Disposition.ADOPTED
    for child in inheritance.still_open:
        if child.disposition.is_undecided:
            child.parent = None
