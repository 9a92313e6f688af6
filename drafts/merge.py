"""Any number of amendments onto one base: what nobody disputes lands, what somebody disputes waits for people.

Nothing is decided here. A collision is a cluster with its alternatives, in which
the base text stays; which reading is adopted is a committee's decision.
"""

from collections.abc import Iterator, Sequence
from enum import StrEnum

from msgspec import Struct

from drafts.amendments import Amendment
from drafts.blocks import Document
from drafts.claims import Claim, by_gap, fold, touched_blocks
from drafts.clusters import Alternative, Cluster, ClusterKind, clusters_of
from drafts.collisions import collisions
from drafts.composing import compose
from drafts.diff import canonical_document
from drafts.edits import Insert, Move
from drafts.flags import Flag, FlagKind, flags_of
from drafts.gaps import in_order
from drafts.hunks import ensure_made_for
from drafts.lineage import Branch, Lineage, lineage_of
from drafts.marks import mark_groups

__all__ = [
    "Alternative",
    "Branch",
    "Cluster",
    "ClusterKind",
    "EditFate",
    "Fate",
    "Flag",
    "FlagKind",
    "Lineage",
    "Merged",
    "Outcome",
    "merge",
]


class Outcome(StrEnum):
    """What became of one edit of one amendment."""

    LANDED = "landed"
    FOLDED = "folded"  # landed, under the name of the one who filed it first
    DISPUTED = "disputed"  # waits in a cluster


class EditFate(Struct, frozen=True):
    """One edit of an amendment: its hunk, its place among the hunk's edits, and the cluster if it waits in one."""

    hunk: int
    edit: int
    outcome: Outcome
    cluster: int | None = None


class Fate(Struct, frozen=True):
    """What became of one amendment, edit by edit in the order of its hunks."""

    amendment: int
    edits: tuple[EditFate, ...]

    @property
    def is_whole(self) -> bool:
        """Everything it asks for is in the merged text; true also of one that asks for nothing."""
        return all(edit.outcome is not Outcome.DISPUTED for edit in self.edits)

    @property
    def is_partial(self) -> bool:
        """Some of it is in the text and some waits."""
        return not self.is_whole and any(edit.outcome is not Outcome.DISPUTED for edit in self.edits)

    @property
    def clusters(self) -> tuple[int, ...]:
        """Indexes in `Merged.clusters` of the disputes it is part of."""
        return tuple(sorted({edit.cluster for edit in self.edits if edit.cluster is not None}))


class Merged(Struct, frozen=True):
    """A base with all undisputed edits, the disputes, and what readers should be told about the rest.

    Blocks of `document` keep their ids; new ones have the id their first proposer
    gave. `fates` stand in the order in which the amendments were passed.
    """

    document: Document
    clusters: tuple[Cluster, ...]
    flags: tuple[Flag, ...]
    fates: tuple[Fate, ...]
    lineage: Lineage

    @property
    def is_clean(self) -> bool:
        return not self.clusters

    def fate(self, amendment: int) -> Fate:
        """The fate of the amendment with this filing number; `KeyError` where there was none."""
        for fate in self.fates:
            if fate.amendment == amendment:
                return fate
        raise KeyError(amendment)


def merge(base: Document, amendments: Sequence[Amendment]) -> Merged:
    """Apply every edit that no other amendment disputes; keep the base where some do.

    The result depends on the filing numbers of `amendments` (equal ones count in
    the order given), never on the order in which they are passed. Every edit is
    applied, folded into an identical one, or listed in exactly one cluster; clusters
    stand in the order of the text. Raises `ImpossibleChange` (`other_base`) for
    an amendment to another text.
    """
    base = canonical_document(base)
    for amendment in amendments:
        ensure_made_for(base, amendment.hunks)
    order = sorted(range(len(amendments)), key=lambda index: amendments[index].number)
    filed = [amendments[index] for index in order]
    claims = fold(base, filed)
    indivisible = frozenset(rank for rank, amendment in enumerate(filed) if amendment.is_indivisible)
    found = collisions(base, claims, mark_groups(claims, filed), indivisible)
    disputes = sorted(found, key=lambda members: _position(claims, members))
    disputed = {member for members in disputes for member in members}
    free = _placed(claims, [index for index in range(len(claims)) if index not in disputed])
    blocks = tuple(compose(base, (claims[index].edit for index in free)).blocks())
    numbers = [amendment.number for amendment in filed]
    fates = dict(zip(order, _fates(claims, filed, disputes), strict=True))
    return Merged(
        document=Document(blocks=blocks, language=base.language),
        clusters=clusters_of(base, claims, free=free, disputes=disputes, numbers=numbers),
        flags=flags_of(base, [claims[index] for index in free], numbers=numbers),
        fates=tuple(fates[index] for index in range(len(amendments))),
        lineage=lineage_of(base, blocks, [claims[index].edit for index in free]),
    )


def _position(claims: Sequence[Claim], members: Sequence[int]) -> tuple[int, int]:
    """Where in the base a dispute begins; a gap comes before the block it stands before."""
    places = [(block, 1) for member in members for block in touched_blocks(claims[member])]
    places += [(edit.gap, 0) for member in members if isinstance(edit := claims[member].edit, Insert)]
    return min(places)


def _placed(claims: Sequence[Claim], members: Sequence[int]) -> list[int]:
    """`members` with those of each gap in the order in which they will stand."""
    free = [claims[member] for member in members]
    placed = [member for member in members if not isinstance(claims[member].edit, Insert | Move)]
    for _, gap in sorted(by_gap(free).items()):
        placed += in_order(claims, [members[position] for position in gap])
    return placed


def _fates(claims: Sequence[Claim], filed: Sequence[Amendment], disputes: Sequence[Sequence[int]]) -> Iterator[Fate]:
    cluster_of = {member: number for number, members in enumerate(disputes) for member in members}
    held = {
        rank: number
        for member, number in cluster_of.items()
        for rank in claims[member].owners
        if filed[rank].is_indivisible
    }
    fates: list[list[EditFate]] = [[] for _ in filed]
    for index, claim in enumerate(claims):
        lands_for = next((source.rank for source in claim.sources if source.rank not in held), None)
        for source in claim.sources:
            cluster = cluster_of.get(index, held.get(source.rank))
            outcome = Outcome.LANDED if source.rank == lands_for else Outcome.FOLDED
            outcome = outcome if cluster is None else Outcome.DISPUTED
            fates[source.rank].append(EditFate(source.hunk, source.edit, outcome, cluster))
    for amendment, edits in zip(filed, fates, strict=True):
        yield Fate(amendment.number, tuple(sorted(edits, key=lambda fate: (fate.hunk, fate.edit))))
