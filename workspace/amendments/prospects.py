"""What adopting amendments would do to the text in force: merged, overtaken, and the fate of each."""

from collections.abc import Mapping, Sequence
from uuid import UUID

from msgspec import Struct
from msgspec.structs import replace

from drafts.amendments import Amendment as Proposal
from drafts.blocks import Document
from drafts.merge import Cluster, Merged, merge
from workspace.amendments.bases import Bases, Carried
from workspace.amendments.models import Outcome
from workspace.declarations.models import LineageKind
from workspace.declarations.service import Descent


class Prospect(Struct, frozen=True):
    """What adopting amendments does to the text in force, and what becomes of each by number.

    `overtaken` are the disputes with what was adopted after an amendment was
    filed; such an amendment takes no part in `merged`. `apart` are those of
    amendments that share no language. `in_brackets` are the paragraphs that would
    be set into the text as a whole in brackets, and `text` all that would be there.
    """

    head: Document
    merged: Merged
    overtaken: tuple[Cluster, ...]
    outcomes: Mapping[int, Outcome]
    apart: tuple[Cluster, ...] = ()
    with_brackets: Document | None = None
    in_brackets: frozenset[str] = frozenset()

    @property
    def text(self) -> Document:
        return self.with_brackets or self.merged.document

    @property
    def clusters(self) -> tuple[Cluster, ...]:
        return (*self.merged.clusters, *self.apart)

    def with_languages(self, apart: tuple[Cluster, ...], *, waiting: Mapping[int, Outcome] | None = None) -> "Prospect":
        """The same with disputes between languages, whose amendments wait, and with what else has an outcome."""
        waits = {number: Outcome.WAITS for cluster in apart for number in cluster.amendments}
        return replace(self, apart=apart, outcomes={**self.outcomes, **(waiting or {}), **waits})


def prospect_of(head: Document, adopted: Sequence[Proposal], bases: Bases) -> Prospect:
    carried = {proposal.number: bases.carried(proposal, head) for proposal in adopted}
    merged = merge(head, [carrying.proposal for carrying in carried.values() if carrying.proposal])
    overtaken = tuple(cluster for carrying in carried.values() for cluster in carrying.clusters)
    outcomes = {number: _outcome(merged, number, carrying) for number, carrying in carried.items()}
    return Prospect(head, merged, overtaken, outcomes)


def descents(merged: Merged) -> list[Descent]:
    kinds = ((LineageKind.SPLIT, merged.lineage.splits), (LineageKind.JOIN, merged.lineage.joins))
    return [
        Descent(kind, UUID(branch.block), UUID(other))
        for kind, branches in kinds
        for branch in branches
        for other in branch.others
    ]


def _outcome(merged: Merged, number: int, carried: Carried) -> Outcome:
    if carried.proposal is None:
        return Outcome.WAITS if carried.clusters else Outcome.INCLUDED
    fate = merged.fate(number)
    if fate.is_whole:
        return Outcome.APPLIED
    return Outcome.PARTLY if fate.is_partial else Outcome.WAITS
