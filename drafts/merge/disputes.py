"""Disputes: which claims wait together, whatever the reason; the reasons are in the modules that call this."""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from enum import StrEnum
from functools import cached_property

from msgspec import Struct

from drafts.diff.edits import Edit, Insert, Move, Rewrite, compose
from drafts.merge.claims import Claim, touched_blocks
from drafts.text.blocks import COUNTED, Block, Document
from drafts.text.markup import block_markdown
from drafts.text.numbering import numbers as paragraph_numbers

Party = tuple[frozenset[int], Sequence[int]]
"""Claims that stand together in a dispute, and the filing ranks of those who want all of them."""


class Disputes:
    """Claims in connected components: united by a dispute, or only tied.

    Tied claims stand or fall together, and are no dispute of their own; once a dispute
    takes in one of them it takes in all. Union-find, so that clusters grow without
    ever listing pairs (rule 3.7).
    """

    def __init__(self, claims: Sequence[Claim]) -> None:
        self.claims = claims
        self.parents = list(range(len(claims)))
        self.disputed = [False] * len(claims)  # meaningful for roots
        self._has_news = True

    def root(self, member: int) -> int:
        while self.parents[member] != member:
            self.parents[member] = self.parents[self.parents[member]]
            member = self.parents[member]
        return member

    def is_disputed(self, member: int) -> bool:
        return self.disputed[self.root(member)]

    def has_news(self) -> bool:
        """Whether anything was tied or disputed since this was last asked."""
        had_news, self._has_news = self._has_news, False
        return had_news

    def tie(self, members: Iterable[int]) -> None:
        first, *others = members
        for member in others:
            lower, higher = sorted((self.root(first), self.root(member)))
            if lower != higher:
                self.parents[higher] = lower
                self.disputed[lower] |= self.disputed[higher]
                self._has_news = True

    def unite(self, members: Sequence[int]) -> None:
        """Make one dispute of the claims; of nothing there is none."""
        if members:
            self.tie(members)
            self._has_news |= not self.is_disputed(members[0])
            self.disputed[self.root(members[0])] = True

    def dispute(self, first: int, second: int) -> None:
        """Unite two claims unless somebody wants both."""
        if self.claims[first].may_dispute(self.claims[second]):
            self.unite([first, second])

    def dispute_across(self, some: Iterable[int], others: Iterable[int]) -> None:
        """The same for every one of `some` with every one of `others`; what is united already is passed over."""
        parts, other_parts = self._by_root(some), self._by_root(others)
        for root, members in parts.items():
            for other_root, opposed in other_parts.items():
                if root != other_root:
                    self._dispute_once(members, opposed)

    def _by_root(self, members: Iterable[int]) -> Mapping[int, Sequence[int]]:
        parts: dict[int, list[int]] = defaultdict(list)
        for member in members:
            parts[self.root(member)].append(member)
        return parts

    def _dispute_once(self, some: Sequence[int], others: Sequence[int]) -> None:
        """Two united parts become one by any one dispute between them."""
        for member in some:
            for other in others:
                if self.claims[member].may_dispute(self.claims[other]):
                    self.unite([member, other])
                    return

    def dispute_all(self, members: Sequence[int]) -> None:
        """The same for every two of `members`."""
        if len(members) > 1:
            self.dispute_parties((self.claims[member].owners, [member]) for member in members)

    def dispute_parties(self, parties: Iterable[Party]) -> None:
        """The same for every two parties; those with the same owners are looked at once."""
        same: dict[frozenset[int], list[int]] = defaultdict(list)
        for owners, members in parties:
            same[owners] += members
        groups: list[list[Party]] = []
        for party in same.items():
            apart = [group for group in groups if not any(_may_dispute(party[0], other) for other, _ in group)]
            touched = [group for group in groups if group not in apart]
            first = touched[0] if touched else []
            first.append(party)
            first.extend(other for group in touched[1:] for other in group)
            groups = [*apart, first]
        for group in groups:
            if len(group) > 1:
                self.unite([member for _, members in group for member in members])

    def clusters(self) -> list[list[int]]:
        components: dict[int, list[int]] = defaultdict(list)
        for member in range(len(self.parents)):
            if self.is_disputed(member):
                components[self.root(member)].append(member)
        return list(components.values())


def _may_dispute(owners: frozenset[int], others: frozenset[int]) -> bool:
    return not (owners <= others or others <= owners)


class ClusterKind(StrEnum):
    """What a dispute is about."""

    WORDS = "words"  # or the places of paragraphs: what one merge finds
    LANGUAGES = "languages"  # the same paragraph changed in languages that share no text: nothing merges them


class Alternative(Struct, frozen=True):
    """How the disputed place would read with these amendments: their disputed edits and all that nobody disputes.

    `text` is Markdown, whole blocks with an empty line between; "" means that
    nothing is left. `gaps` tells where moved blocks would go (before which base
    block), since their text is the same in either place.
    """

    amendments: tuple[int, ...]
    text: str
    blocks: tuple[Block, ...]
    gaps: tuple[int, ...] = ()


class Cluster(Struct, frozen=True):
    """A dispute: its base blocks (ascending indexes), who takes part by filing number, the base text, the readings.

    A dispute about what stands in a gap has no base blocks; `gap` is then the
    base block it stands before (the number of blocks: at the end). One of
    languages is told by those who know several of them; a merge knows one.
    """

    base_blocks: tuple[int, ...]
    gap: int | None
    amendments: tuple[int, ...]
    base: str
    alternatives: tuple[Alternative, ...]
    kind: ClusterKind = ClusterKind.WORDS


def clusters_of(
    base: Document,
    claims: Sequence[Claim],
    *,
    free: Sequence[int],
    disputes: Sequence[Sequence[int]],
    numbers: Sequence[int],
) -> tuple[Cluster, ...]:
    """Each dispute with its alternatives; `numbers` are the filing numbers by rank."""
    if not disputes:
        return ()
    writer = _AlternativeWriter(base, claims, free, numbers)
    return tuple(writer.cluster(members) for members in disputes)


class _AlternativeWriter:
    """Reads out disputed places of one merge."""

    def __init__(self, base: Document, claims: Sequence[Claim], free: Sequence[int], numbers: Sequence[int]) -> None:
        self.base, self.claims, self.numbers = base, claims, numbers
        self.free: Mapping[int, list[int]] = defaultdict(list)
        for index in free:
            for block in touched_blocks(claims[index]):
                self.free[block].append(index)

    @cached_property
    def printed(self) -> Mapping[str, str]:
        return paragraph_numbers(self.base)

    def cluster(self, members: Sequence[int]) -> Cluster:
        blocks = self._region(members)
        gaps = sorted({edit.gap for edit in self._edits(members) if isinstance(edit, Insert | Move)})
        ranks = sorted({rank for member in members for rank in self.claims[member].owners})
        return Cluster(
            base_blocks=tuple(blocks),
            gap=None if blocks else gaps[0],
            amendments=tuple(self.numbers[rank] for rank in ranks),
            base=self._markdown([self.base.blocks[index] for index in blocks], {}),
            alternatives=tuple(self._alternatives(members, blocks, ranks)),
        )

    def _alternatives(
        self, members: Sequence[int], region: Sequence[int], ranks: Sequence[int]
    ) -> Iterator[Alternative]:
        readings: dict[tuple[object, ...], tuple[list[int], tuple[Block, ...], tuple[int, ...]]] = {}
        wanted: dict[int, list[int]] = defaultdict(list)
        for member in members:
            for rank in self.claims[member].owners:
                wanted[rank].append(member)
        for rank in ranks:
            mine = wanted[rank]
            blocks = tuple(self._reading(mine, region, rank))
            gaps = tuple(edit.gap for edit in self._edits(mine) if isinstance(edit, Move))
            key = (gaps, *((block.kind, block.level, block.text) for block in blocks))
            readings.setdefault(key, ([], blocks, gaps))[0].append(self.numbers[rank])
        for amendments, blocks, gaps in readings.values():
            yield Alternative(
                tuple(amendments), self._markdown(blocks, self._new_numbers(blocks, region, members)), blocks, gaps
            )

    def _reading(self, mine: Sequence[int], region: Sequence[int], rank: int) -> Iterator[Block]:
        """The blocks of the region, and what `mine` puts into gaps in its own order, as they would be read."""
        free = {index for block in region for index in self.free[block]}
        own_order = sorted(mine, key=lambda member: self.claims[member].ordinal_of(rank))
        composition = compose(self.base, self._edits([*sorted(free), *own_order]))
        inside = set(region)
        for index in sorted(inside | composition.gaps.keys()):
            yield from composition.in_gap(index)
            if index in inside and index not in composition.gone:
                yield from composition.parts(index)

    def _region(self, members: Sequence[int]) -> list[int]:
        """The base blocks of the dispute, with those that undisputed joins tie to them."""
        region = {block for member in members for block in touched_blocks(self.claims[member])}
        queue = list(region)
        while queue:
            for edit in self._edits(self.free.get(queue.pop(), ())):
                if isinstance(edit, Rewrite) and edit.is_join:
                    new = set(range(edit.start.block, edit.end.block + 1)) - region
                    region |= new
                    queue += sorted(new)
        return sorted(region)

    def _edits(self, members: Sequence[int]) -> list[Edit]:
        return [self.claims[member].edit for member in members]

    def _new_numbers(self, blocks: Sequence[Block], region: Sequence[int], members: Sequence[int]) -> Mapping[str, str]:
        """What only this reading has gets the number of an insertion beside the numbers that the base keeps: 12 bis.

        They depend on the numbered paragraphs around the place, and on nothing further away.
        """
        if all(block.kind not in COUNTED or block.id in self.printed for block in blocks):
            return {}
        gaps = [edit.gap for edit in self._edits(members) if isinstance(edit, Insert | Move)]
        start, end = (region[0], region[-1] + 1) if region else (gaps[0], gaps[0])
        above = next((at for at in range(start - 1, -1, -1) if self._is_top(at)), 0)
        below = next((at for at in range(end, len(self.base)) if self._is_top(at)), len(self.base) - 1)
        around = (*self.base.blocks[above:start], *blocks, *self.base.blocks[end : below + 1])
        frozen = {block.id: self.printed[block.id] for block in around if block.id in self.printed}
        return paragraph_numbers(Document(around, self.base.language), frozen)

    def _is_top(self, index: int) -> bool:
        block = self.base.blocks[index]
        return block.kind in COUNTED and block.level == 0

    def _markdown(self, blocks: Sequence[Block], new: Mapping[str, str]) -> str:
        printed = {**new, **{block.id: self.printed[block.id] for block in blocks if block.id in self.printed}}
        numbered = ((block, printed.get(block.id, "") if block.kind in COUNTED else "") for block in blocks)
        return "\n\n".join(block_markdown(block, number) for block, number in numbered)
