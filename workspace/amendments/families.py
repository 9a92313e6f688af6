"""Decisions on amendments to amendments, and how they share the fate of the amendment they amend."""

from collections import defaultdict
from collections.abc import Mapping, Sequence

from msgspec import Struct, field

from drafts.merge import Cluster
from workspace.amendments.bases import Bases
from workspace.amendments.models import Amendment, Disposition, Outcome, Verdict


class Accepted(Struct):
    """What is taken into each parent, by its number; what became of each child, and what they dispute."""

    into: dict[int, list[Amendment]] = field(default_factory=lambda: defaultdict(list))
    outcomes: dict[int, Outcome] = field(default_factory=dict)
    clusters: list[Cluster] = field(default_factory=list)


def accept(children: Sequence[Amendment], bases: Bases) -> Accepted:
    """Take these into the amendments they amend, except those that dispute each other or what was accepted before.

    One that is disputed waits whole: half of it is not what its author asked for.
    """
    found = Accepted()
    parents = {child.parent.number: child.parent for child in children if child.parent}
    for number, parent in parents.items():
        proposed = bases.written(parent).proposed
        asked = [child for child in children if child.parent is parent]
        stands = {child.number: bases.of_parent(child, proposed) for child in asked}
        able = [child for child in asked if not stands[child.number].clusters]
        merged = bases.modified(parent, able).merged
        fates = {fate.amendment: fate for fate in merged.fates}
        for child in asked:
            fate = fates.get(child.number)
            is_taken = child in able and (fate is None or fate.is_whole)
            found.outcomes[child.number] = Outcome.TAKEN if is_taken else Outcome.WAITS
            if is_taken:
                found.into[number].append(child)
        found.clusters += [*(one for each in stands.values() for one in each.clusters), *merged.clusters]
    return found


_WITH_ITS_PARENT: Mapping[Disposition, Mapping[Disposition, Disposition]] = {
    Disposition.ADOPTED: {Disposition.ACCEPTED: Disposition.ADOPTED},
    Disposition.PART_ADOPTED: {
        Disposition.ACCEPTED: Disposition.ADOPTED,
        Disposition.OPEN: Disposition.FALLEN,
        Disposition.REFERRED: Disposition.FALLEN,
    },
    Disposition.REJECTED: dict.fromkeys(
        (Disposition.ACCEPTED, Disposition.OPEN, Disposition.REFERRED), Disposition.FALLEN
    ),
}
_FALLING = {Disposition.REJECTED, Disposition.WITHDRAWN, Disposition.HANDED_OVER, Disposition.FALLEN}


def share_fate(parent: Amendment, *, verdict: Verdict | None = None) -> list[Amendment]:
    """Give the children of a decided amendment what follows for them; those that changed.

    What was accepted is adopted with it. Everything falls with one that is
    rejected or withdrawn, and where the committee's own wording was adopted instead.
    """
    decided = parent.disposition
    if decided in _FALLING or (decided is Disposition.ADOPTED and verdict is Verdict.ADOPT_MODIFIED):
        decided = Disposition.REJECTED
    changed = []
    for child in parent.children:
        after = _WITH_ITS_PARENT.get(decided, {}).get(child.disposition)
        if after is not None:
            child.disposition = after
            changed.append(child)
    return changed
