"""Any number of amendments onto one base: what nobody disputes lands, what somebody disputes waits for people.

Nothing is decided here. A collision is a cluster with its alternatives, in which
the base text stays; which reading is adopted is a committee's decision.
"""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from enum import StrEnum
from functools import cached_property
from itertools import combinations, islice

from msgspec import Struct
from msgspec.structs import replace

from drafts.base.constants import NEAR_DUPLICATE_FROM
from drafts.diff.amendments import Amendment, intent_of
from drafts.diff.block_matching import encoded_words, ratio
from drafts.diff.document_diff import canonical_document, diff_by_id
from drafts.diff.edits import Delete, Edit, Insert, Move, Rewrite, compose
from drafts.diff.hunks import ensure_made_for
from drafts.merge.claims import Claim, by_gap, fold_claims, in_order, touched_blocks
from drafts.merge.collisions import apply_collisions
from drafts.merge.disputes import Cluster, Disputes, clusters_of
from drafts.merge.mark_groups import mark_groups
from drafts.text.blocks import Block, Document


class FlagKind(StrEnum):
    """Why a place is worth a look."""

    SAME_POINT = "same_point"  # several amendments put paragraphs into one gap: filing order
    IDENTICAL = "identical"  # several amendments ask for the same: support, counted once
    NEAR_DUPLICATE = "near_duplicate"  # new paragraphs in one gap say nearly the same
    NEIGHBOUR_DELETED = "neighbour_deleted"  # what a new paragraph stood beside is gone
    NEIGHBOUR_MOVED = "neighbour_moved"  # the same, moved away


class Flag(Struct, frozen=True):
    """A remark on a place: base blocks, or a gap where there are none, and filing numbers."""

    kind: FlagKind
    base_blocks: tuple[int, ...]
    amendments: tuple[int, ...]
    gap: int | None = None


def flags_of(base: Document, claims: Sequence[Claim], *, numbers: Sequence[int]) -> tuple[Flag, ...]:
    """The flags of the `claims` that landed, in the order of the text; `numbers` are the filing numbers by rank."""
    found = {*_gap_flags(base, claims), *_neighbour_flags(claims), *_identical(claims)}
    named = (replace(flag, amendments=tuple(numbers[rank] for rank in flag.amendments)) for flag in found)
    return tuple(sorted(named, key=_reading_order))


def _reading_order(flag: Flag) -> tuple[int, str, tuple[int, ...], tuple[int, ...]]:
    place = flag.base_blocks[0] if flag.base_blocks else flag.gap or 0
    return place, flag.kind.value, flag.amendments, flag.base_blocks


def _ranks(claims: Iterable[Claim]) -> tuple[int, ...]:
    return tuple(sorted({rank for claim in claims for rank in claim.owners}))


def _gap_flags(base: Document, claims: Sequence[Claim]) -> Iterator[Flag]:
    for gap, members in by_gap(claims).items():
        placed = [claims[member] for member in members]
        if any(first.may_dispute(second) for first, second in combinations(placed, 2)):
            yield Flag(FlagKind.SAME_POINT, (), _ranks(placed), gap)
            for family in _near_duplicates(base, placed):
                yield Flag(FlagKind.NEAR_DUPLICATE, (), _ranks(placed[index] for index in family), gap)


def _near_duplicates(base: Document, placed: Sequence[Claim]) -> Sequence[Sequence[int]]:
    """Indexes of what says nearly the same, each family once and never as a list of pairs.

    Shorter texts first, so that each is compared only with those long enough to be near it and not too long.
    """
    families = Disputes(placed)
    encoded = encoded_words([_text(base, claim) for claim in placed])
    by_length = sorted(range(len(placed)), key=lambda index: (len(encoded[index]), placed[index].first))
    for position, number in enumerate(by_length):
        for other in islice(by_length, position + 1, None):
            if 2 * len(encoded[number]) < NEAR_DUPLICATE_FROM * (len(encoded[number]) + len(encoded[other])):
                break
            is_new = families.root(number) != families.root(other) and placed[number].may_dispute(placed[other])
            if is_new and ratio(encoded[number], encoded[other]) >= NEAR_DUPLICATE_FROM:
                families.unite([number, other])
    return families.clusters()


def _text(base: Document, claim: Claim) -> str:
    if isinstance(claim.edit, Insert):
        return claim.edit.new.text
    return base.blocks[touched_blocks(claim)[0]].text


def _neighbour_flags(claims: Sequence[Claim]) -> Iterator[Flag]:
    gaps = by_gap(claims)
    for claim in claims:
        if not isinstance(claim.edit, Delete | Move):
            continue
        kind = FlagKind.NEIGHBOUR_DELETED if isinstance(claim.edit, Delete) else FlagKind.NEIGHBOUR_MOVED
        block = claim.edit.block
        for member in (*gaps.get(block, ()), *gaps.get(block + 1, ())):
            if claim.may_dispute(claims[member]):
                yield Flag(kind, (block,), _ranks((claim, claims[member])))


def _identical(claims: Sequence[Claim]) -> Iterator[Flag]:
    for claim in claims:
        if len(claim.owners) > 1:
            blocks = tuple(touched_blocks(claim))
            gap = claim.edit.gap if isinstance(claim.edit, Insert) else None
            yield Flag(FlagKind.IDENTICAL, blocks, _ranks([claim]), gap)


class Branch(Struct, frozen=True):
    """A block, and the others that were split off it or joined into it, by id."""

    block: str
    others: tuple[str, ...]


class Lineage(Struct, frozen=True):
    """What happened to whole blocks, by id.

    `reworded` are blocks of the base that live on with another text; `retyped`
    those with another kind or level. Blocks split off are not among `inserted`,
    blocks joined not among `deleted`. A block both joined to one and split again
    stands in both lists.
    """

    reworded: tuple[str, ...] = ()
    retyped: tuple[str, ...] = ()
    inserted: tuple[str, ...] = ()
    deleted: tuple[str, ...] = ()
    moved: tuple[str, ...] = ()
    splits: tuple[Branch, ...] = ()
    joins: tuple[Branch, ...] = ()


def lineage_of(base: Document, blocks: Sequence[Block], edits: Sequence[Edit]) -> Lineage:
    """Read the lineage off the merged `blocks` and the `edits` that made them."""
    before = {block.id: block for block in base.blocks}
    lives_on = {block.id for block in blocks}
    changed = [(old, block) for block in blocks if (old := before.get(block.id)) is not None and old is not block]
    splits, joins = _branches(base, edits)
    joined = {block_id for branch in joins for block_id in branch.others}
    placed = {edit.new.id for edit in edits if isinstance(edit, Insert)}
    carried = {base.blocks[edit.block].id for edit in edits if isinstance(edit, Move)}
    return Lineage(
        reworded=tuple(block.id for old, block in changed if block.text != old.text),
        retyped=tuple(block.id for old, block in changed if (block.kind, block.level) != (old.kind, old.level)),
        inserted=tuple(block.id for block in blocks if block.id in placed),
        deleted=tuple(block.id for block in base if block.id not in lives_on and block.id not in joined),
        moved=tuple(block.id for block in blocks if block.id in carried),
        splits=splits,
        joins=joins,
    )


def _branches(base: Document, edits: Sequence[Edit]) -> tuple[tuple[Branch, ...], tuple[Branch, ...]]:
    """Splits and joins, each under the block that heads the paragraph; a chain of joins has one head."""
    heads: dict[int, int] = {}
    splits: dict[int, list[str]] = defaultdict(list)
    joins: dict[int, list[str]] = defaultdict(list)
    borders = [edit for edit in edits if isinstance(edit, Rewrite) and (edit.is_split or edit.is_join)]
    for edit in sorted(borders, key=lambda edit: (edit.start, edit.end)):
        head = heads.get(edit.start.block, edit.start.block)
        splits[head] += (start.id for start in edit.starts)
        for block in range(edit.start.block + 1, edit.end.block + 1):
            heads[block] = head
            joins[head].append(base.blocks[block].id)
    return _named(base, splits), _named(base, joins)


def _named(base: Document, branches: Mapping[int, Sequence[str]]) -> tuple[Branch, ...]:
    return tuple(Branch(base.blocks[head].id, tuple(others)) for head, others in branches.items() if others)


class EditOutcome(StrEnum):
    """What became of one edit of one amendment."""

    LANDED = "landed"
    FOLDED = "folded"  # landed, under the name of the one who filed it first
    DISPUTED = "disputed"  # waits in a cluster


class EditFate(Struct, frozen=True):
    """One edit of an amendment: its hunk, its place among the hunk's edits, and the cluster if it waits in one."""

    hunk: int
    edit: int
    outcome: EditOutcome
    cluster: int | None = None


class AmendmentFate(Struct, frozen=True):
    """What became of one amendment, edit by edit in the order of its hunks."""

    amendment: int
    edits: tuple[EditFate, ...]

    @property
    def is_whole(self) -> bool:
        """Everything it asks for is in the merged text; true also of one that asks for nothing."""
        return all(edit.outcome is not EditOutcome.DISPUTED for edit in self.edits)

    @property
    def is_partial(self) -> bool:
        """Some of it is in the text and some waits."""
        return not self.is_whole and any(edit.outcome is not EditOutcome.DISPUTED for edit in self.edits)

    @property
    def clusters(self) -> tuple[int, ...]:
        """Indexes in `Merged.clusters` of the disputes it is part of."""
        return tuple(sorted({edit.cluster for edit in self.edits if edit.cluster is not None}))


class Merged(Struct, frozen=True, dict=True):
    """A base with all undisputed edits, the disputes, and what readers should be told about the rest.

    Blocks of `document` keep their ids; new ones have the id their first proposer
    gave. `fates` stand in the order in which the amendments were passed.
    """

    document: Document
    clusters: tuple[Cluster, ...]
    flags: tuple[Flag, ...]
    fates: tuple[AmendmentFate, ...]
    lineage: Lineage

    @property
    def is_clean(self) -> bool:
        return not self.clusters

    def fate(self, amendment: int) -> AmendmentFate:
        """The fate of the amendment with this filing number; `KeyError` where there was none."""
        return self._by_number[amendment]

    @cached_property
    def _by_number(self) -> Mapping[int, AmendmentFate]:
        return {fate.amendment: fate for fate in reversed(self.fates)}


def merge(base: Document, amendments: Sequence[Amendment]) -> Merged:
    """Apply every edit that no other amendment disputes; keep the base where some do.

    The result depends on the filing numbers of `amendments` (equal ones count in
    the order given), never on the order in which they are passed. Every edit is
    applied, folded into an identical one, or listed in exactly one cluster; clusters
    stand in the order of the text. Raises `ImpossibleChange` (`other_base`) for
    an amendment to another text.
    """
    base = canonical_document(base)
    ensure_made_for(base, (hunk for amendment in amendments for hunk in amendment.hunks))
    order = sorted(range(len(amendments)), key=lambda index: amendments[index].number)
    filed = [amendments[index] for index in order]
    claims = fold_claims(base, filed)
    indivisible = frozenset(rank for rank, amendment in enumerate(filed) if amendment.is_indivisible)
    found = apply_collisions(base, claims, mark_groups(claims, filed), indivisible)
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


def _fates(
    claims: Sequence[Claim], filed: Sequence[Amendment], disputes: Sequence[Sequence[int]]
) -> Iterator[AmendmentFate]:
    cluster_of = {member: number for number, members in enumerate(disputes) for member in members}
    held = {
        rank: number
        for member, number in cluster_of.items()
        for rank in claims[member].owners
        if filed[rank].is_indivisible
    }
    fates: list[list[EditFate]] = [[] for _ in filed]
    for index, claim in enumerate(claims):
        outcome = EditOutcome.LANDED
        for rank, hunk, edit, _ in claim.sources:
            cluster = cluster_of.get(index, held.get(rank))
            fates[rank].append(EditFate(hunk, edit, outcome if cluster is None else EditOutcome.DISPUTED, cluster))
            if rank not in held:
                outcome = EditOutcome.FOLDED
    for amendment, edits in zip(filed, fates, strict=True):
        if len(edits) > 1:
            edits.sort(key=lambda fate: (fate.hunk, fate.edit))
        yield AmendmentFate(amendment.number, tuple(edits))


class ModifiedParent(Struct, frozen=True):
    """An amendment with those that amend it: `amendment` stands in for it, `merged` says what became of each child.

    An amendment without hunks asks for nothing any more: its children undid it.
    """

    amendment: Amendment
    merged: Merged


def modified_parent(parent: Amendment, children: Sequence[Amendment]) -> ModifiedParent:
    """`parent` as its `children` change it; without children it is the parent itself.

    A child's base is the text that its parent proposes. Children dispute each other as amendments to a text do, and
    what they dispute keeps the parent's words. What comes of it is tracked against the parent's own base, so that it
    is merged, carried and decided as one amendment. Raises `ImpossibleChange` (`other_base`) for a child of
    another text.
    """
    merged = merge(parent.proposed, children)
    intent = intent_of(hunk for amendment in (parent, *children) for hunk in amendment.hunks)
    hunks = diff_by_id(parent.base, merged.document, intent)
    return ModifiedParent(replace(parent, hunks=hunks), merged)
