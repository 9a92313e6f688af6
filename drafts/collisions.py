"""Which claims collide: clusters as connected components, found by sorting and sweeping, never by listing pairs."""

from bisect import bisect_left
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from itertools import accumulate

from drafts.blocks import Document
from drafts.claims import Claim, by_gap
from drafts.edits import Delete, Move, Retype, Rewrite
from drafts.gaps import contradicting
from drafts.tokens import has_words


def collisions(base: Document, claims: Sequence[Claim], indivisible: frozenset[int] = frozenset()) -> list[list[int]]:
    """The clusters, each as ascending indexes of `claims`, in the order of their first claim.

    `indivisible` are the filing ranks of amendments that are taken whole: once one
    of their claims collides, all that are nobody else's enter the same cluster.
    """
    found = _Components(claims)
    text = _Text(base, claims)
    text.overlaps(found)
    text.neighbours(found)
    text.split_points(found)
    text.glued_words(found)
    structure = _Structure(claims)
    structure.whole_blocks(found)
    structure.joins(found)
    for members in by_gap(claims).values():
        found.unite(contradicting(claims, members))
    _hold_together(claims, found, indivisible)
    return found.clusters()


def _hold_together(claims: Sequence[Claim], found: "_Components", indivisible: frozenset[int]) -> None:
    """Unite all that an indivisible amendment in a cluster asks for; what others ask for too still lands for them."""
    disputed = [member for cluster in found.clusters() for member in cluster]
    anchor = {rank: member for member in disputed for rank in claims[member].owners & indivisible}
    for member in disputed:
        found.unite([member, *(anchor[rank] for rank in claims[member].owners & anchor.keys())])
    for index, claim in enumerate(claims):
        if claim.owners <= anchor.keys():
            found.unite([index, *(anchor[rank] for rank in claim.owners)])


class _Components:
    """Claims united by collisions (union-find)."""

    def __init__(self, claims: Sequence[Claim]) -> None:
        self.claims = claims
        self.parents = list(range(len(claims)))

    def root(self, member: int) -> int:
        while self.parents[member] != member:
            self.parents[member] = self.parents[self.parents[member]]
            member = self.parents[member]
        return member

    def unite(self, members: Sequence[int]) -> None:
        for member in members[1:]:
            one, other = self.root(members[0]), self.root(member)
            self.parents[max(one, other)] = min(one, other)

    def dispute(self, one: int, other: int) -> None:
        """Unite two claims unless somebody wants both."""
        if self.claims[one].may_dispute(self.claims[other]):
            self.unite([one, other])

    def dispute_all(self, members: Iterable[int]) -> None:
        """The same for every two of `members`; claims with the same owners are looked at once."""
        same: dict[frozenset[int], list[int]] = defaultdict(list)
        for member in members:
            same[self.claims[member].owners].append(member)
        groups: list[list[list[int]]] = []
        for equals in same.values():
            touched = [group for group in groups if self._disputes(equals[0], group)]
            for group in touched:
                groups.remove(group)
            groups.append([equals, *(other for group in touched for other in group)])
        for group in groups:
            if len(group) > 1:
                self.unite([member for equals in group for member in equals])

    def _disputes(self, member: int, group: Sequence[Sequence[int]]) -> bool:
        return any(self.claims[member].may_dispute(self.claims[equals[0]]) for equals in group)

    def clusters(self) -> list[list[int]]:
        components: dict[int, list[int]] = defaultdict(list)
        for member in range(len(self.parents)):
            components[self.root(member)].append(member)
        return [members for members in components.values() if len(members) > 1]


class _Text:
    """Claims on words, in the order of the text; flat places give the start of each paragraph a place of its own."""

    def __init__(self, base: Document, claims: Sequence[Claim]) -> None:
        self.base = base
        self.block_starts = list(accumulate((len(block.text) + 1 for block in base), initial=0))
        self.claims = claims
        edits = {index: claim.edit for index, claim in enumerate(claims) if isinstance(claim.edit, Rewrite)}
        self.rewrites = edits
        self.ranges = {
            index: (
                self.block_starts[edit.start.block] + edit.start.offset,
                self.block_starts[edit.end.block] + edit.end.offset,
            )
            for index, edit in edits.items()
        }
        self.order = sorted(edits, key=lambda index: (self.ranges[index], index))

    def overlaps(self, found: _Components) -> None:
        """Both cover one token, one inserts strictly inside the other, or both insert at one point."""
        reach, reaching, point, inserting = -1, -1, -1, -1
        for index in self.order:
            start, end = self.ranges[index]
            if start < reach:
                found.unite([reaching, index])
            elif start == end == point:
                found.unite([inserting, index])
            if start == end:
                point, inserting = start, index
            if end > reach:
                reach, reaching = end, index

    def neighbours(self, found: _Components) -> None:
        """Both touch words and no unchanged token other than space lies between.

        The start of a paragraph keeps them apart unless a claim deletes it.
        """
        run: list[int] = []
        reach = 0
        for index in self.order:
            start, end = self.ranges[index]
            if not self._is_blank(reach, start):
                found.dispute_all(run)
                run = []
            reach = max(reach, end)
            if self._touches_words(index):
                run.append(index)
        found.dispute_all(run)

    def _is_blank(self, start: int, end: int) -> bool:
        """Nothing but spaces stands between two flat places."""
        if start >= end:
            return True
        block = bisect_left(self.block_starts, start + 1) - 1
        first = self.block_starts[block]
        between = self.base.blocks[block].text[start - first : end - first]
        return len(between) == end - start and between.isspace()

    def _touches_words(self, index: int) -> bool:
        edit = self.rewrites[index]
        return has_words(edit.old) or any(has_words(piece) for piece in edit.pieces)

    def split_points(self, found: _Components) -> None:
        """Words inserted at the very point of a split, and a split at a border that somebody joins."""
        inserted: dict[int, list[int]] = defaultdict(list)
        joined: dict[int, list[int]] = defaultdict(list)
        for index, edit in self.rewrites.items():
            if edit.is_insertion and self._touches_words(index):
                inserted[self.ranges[index][0]].append(index)
            for block in range(edit.start.block, edit.end.block):
                joined[self.block_starts[block + 1] - 1].append(index)
                joined[self.block_starts[block + 1]].append(index)
        for index, edit in self.rewrites.items():
            if edit.is_split:
                for place in set(self.ranges[index]):
                    for other in (*inserted[place], *joined[place]):
                        found.dispute(index, other)

    def glued_words(self, found: _Components) -> None:
        """Two claims that touch and would make one word of two, as neither does alone.

        Where one takes ". " away and another adds a word before it, the added word
        would otherwise stick to the next one.
        """
        ending: dict[int, list[int]] = defaultdict(list)
        starting: dict[int, list[int]] = defaultdict(list)
        for index in self.order:
            start, end = self.ranges[index]
            starting[start].append(index)
            ending[end].append(index)
        for place in sorted(ending.keys() & starting.keys()):
            before = [index for index in ending[place] if self._letter_before(index)]
            after = [index for index in starting[place] if self._letter_after(index)]
            for one in before:
                for other in after:
                    found.dispute(one, other)

    def _letter_before(self, index: int) -> bool:
        """Whether the text up to the end of this claim, once made, ends in a letter or figure."""
        edit = self.rewrites[index]
        kept = "" if edit.is_split else self.base.blocks[edit.start.block].text[: edit.start.offset][-1:]
        return (kept + edit.pieces[-1])[-1:].isalnum()

    def _letter_after(self, index: int) -> bool:
        edit = self.rewrites[index]
        kept = "" if edit.is_split else self.base.blocks[edit.end.block].text[edit.end.offset :][:1]
        return (edit.pieces[0] + kept)[:1].isalnum()


class _Structure:
    """Claims on whole blocks, against each other and against claims on their words."""

    def __init__(self, claims: Sequence[Claim]) -> None:
        self.claims = claims
        self.touching: dict[int, list[int]] = defaultdict(list)  # by base block
        self.borders: dict[int, list[int]] = defaultdict(list)  # joins, by the block whose start they delete
        self.gaps = by_gap(claims)
        for index, claim in enumerate(claims):
            for block in touched_blocks(claim):
                self.touching[block].append(index)
            if isinstance(claim.edit, Rewrite):
                for block in range(claim.edit.start.block + 1, claim.edit.end.block + 1):
                    self.borders[block].append(index)

    def whole_blocks(self, found: _Components) -> None:
        """A deletion disputes every other claim on its block; so do moves to two gaps, and two kinds or levels."""
        for members in self.touching.values():
            by_type = self._by_type(members)
            for deletion in by_type[Delete]:
                for other in members:
                    found.dispute(deletion, other)
            found.dispute_all(by_type[Move])
            found.dispute_all(by_type[Retype])

    def joins(self, found: _Components) -> None:
        """A join disputes what comes between its blocks, what moves one of them, what retypes the one that vanishes."""
        for block, joins in self.borders.items():
            before, vanishing = self._by_type(self.touching[block - 1]), self._by_type(self.touching[block])
            others = (*self.gaps.get(block, ()), *before[Move], *vanishing[Move], *vanishing[Retype])
            for join in joins:
                for other in others:
                    found.dispute(join, other)

    def _by_type(self, members: Iterable[int]) -> Mapping[type, list[int]]:
        found: dict[type, list[int]] = defaultdict(list)
        for member in members:
            found[type(self.claims[member].edit)].append(member)
        return found


def touched_blocks(claim: Claim) -> Sequence[int]:
    """The base blocks an edit changes; none for a new paragraph."""
    edit = claim.edit
    match edit:
        case Rewrite():
            return range(edit.start.block, edit.end.block + 1)
        case Delete() | Move() | Retype():
            return (edit.block,)
        case _:
            return ()
