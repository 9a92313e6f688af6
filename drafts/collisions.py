"""Which claims collide: clusters as connected components, found by sorting and sweeping, never by listing pairs."""

from bisect import bisect_left
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from itertools import accumulate
from operator import itemgetter

from drafts.blocks import Document
from drafts.claims import Claim, by_gap
from drafts.edits import Delete, Move, Retype, Rewrite
from drafts.gaps import contradicting
from drafts.marks import Group, Made
from drafts.tokens import PARAGRAPH_START, has_words


def collisions(
    base: Document, claims: Sequence[Claim], groups: Sequence[Group] = (), indivisible: frozenset[int] = frozenset()
) -> list[list[int]]:
    """The clusters, each as ascending indexes of `claims`, in the order of their first claim.

    `groups` are the claims that make or unmake pairs of marks. `indivisible` are the
    filing ranks of amendments that are taken whole: once one of their claims
    collides, all that are nobody else's enter the same cluster.
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
    if groups:
        _paired_marks(claims, groups, found)
    while found.has_news():
        _follow(groups, found)
        _hold_together(claims, found, indivisible)
    return found.clusters()


def _paired_marks(claims: Sequence[Claim], groups: Sequence[Group], found: "_Components") -> None:
    """A group stands or falls as one; groups that cross collide, and so do those that share some of their marks.

    The start of a paragraph inside a pair that another makes would leave each half in a paragraph of its own.
    """
    shared: dict[object, list[Party]] = defaultdict(list)
    for group in groups:
        found.tie(sorted(group.claims))
        for part in (*group.claims, *group.marks):
            shared[part].append((group.owners, sorted(group.claims)))
    for parties in shared.values():
        found.dispute_parties(parties)
    made = [(pair, (group.owners, sorted(group.claims))) for group in groups for pair in group.made]
    opened: list[tuple[Made, Party]] = []
    for pair, party in sorted((*made, *_paragraph_starts(claims)), key=itemgetter(0)):
        opened = [(other, its) for other, its in opened if pair.start < other.end]
        for other, its in opened:
            if other.crosses(pair):
                found.dispute_parties((its, party))
        opened.append((pair, party))


def _paragraph_starts(claims: Sequence[Claim]) -> Iterator[tuple[Made, "Party"]]:
    """Splits, as marks that no pair may enclose."""
    for index, claim in enumerate(claims):
        if isinstance(claim.edit, Rewrite) and claim.edit.is_split:
            spot = claim.edit.start, claim.edit.end
            yield Made(spot, spot, PARAGRAPH_START), (claim.owners, [index])


def _follow(groups: Sequence[Group], found: "_Components") -> None:
    """Pairs wait with a join they need; a split waits with the pair whose end it presupposes."""
    for group in groups:
        for needed in group.needs:
            if found.is_disputed(needed):
                found.unite([needed, *group.claims])
        first = min(group.claims)
        if group.needed_by and found.is_disputed(first):
            found.unite([first, *group.needed_by])


def _hold_together(claims: Sequence[Claim], found: "_Components", indivisible: frozenset[int]) -> None:
    """Unite all that an indivisible amendment in a cluster asks for; what others ask for too still lands for them."""
    disputed = [member for member in range(len(claims)) if found.is_disputed(member)]
    anchor = {rank: member for member in disputed for rank in claims[member].owners & indivisible}
    for member in disputed:
        found.unite([member, *(anchor[rank] for rank in claims[member].owners & anchor.keys())])
    for index, claim in enumerate(claims):
        if claim.owners <= anchor.keys():
            found.unite([index, *(anchor[rank] for rank in claim.owners)])


Party = tuple[frozenset[int], Sequence[int]]
"""Claims that stand together in a dispute, and the filing ranks of those who want all of them."""


class _Components:
    """Claims united by collisions (union-find); those merely tied wait together once one of them is disputed."""

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
            one, other = sorted((self.root(first), self.root(member)))
            if one != other:
                self.parents[other] = one
                self.disputed[one] |= self.disputed[other]
                self._has_news = True

    def unite(self, members: Sequence[int]) -> None:
        """Make one dispute of the claims; of nothing there is none."""
        if members:
            self.tie(members)
            self._has_news |= not self.is_disputed(members[0])
            self.disputed[self.root(members[0])] = True

    def dispute(self, one: int, other: int) -> None:
        """Unite two claims unless somebody wants both."""
        if self.claims[one].may_dispute(self.claims[other]):
            self.unite([one, other])

    def dispute_all(self, members: Iterable[int]) -> None:
        """The same for every two of `members`."""
        self.dispute_parties((self.claims[member].owners, [member]) for member in members)

    def dispute_parties(self, parties: Iterable[Party]) -> None:
        """The same for every two parties; those with the same owners are looked at once."""
        same: dict[frozenset[int], list[int]] = defaultdict(list)
        for owners, members in parties:
            same[owners] += members
        groups: list[list[Party]] = []
        for party in same.items():
            touched = [group for group in groups if any(_may_dispute(party[0], other) for other, _ in group)]
            groups = [group for group in groups if group not in touched]
            groups.append([party, *(other for group in touched for other in group)])
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
        """Two claims that touch and would make one word, or one mark, of two, as neither does alone.

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
            for one in ending[place]:
                for other in starting[place]:
                    if _sticks(self._last(one), self._first(other)):
                        found.dispute(one, other)

    def _last(self, index: int) -> str:
        """How the text up to the end of this claim ends, once it is made."""
        edit = self.rewrites[index]
        kept = "" if edit.is_split else self.base.blocks[edit.start.block].text[: edit.start.offset][-1:]
        return (kept + edit.pieces[-1])[-1:]

    def _first(self, index: int) -> str:
        edit = self.rewrites[index]
        kept = "" if edit.is_split else self.base.blocks[edit.end.block].text[edit.end.offset :][:1]
        return (edit.pieces[0] + kept)[:1]


def _sticks(last: str, first: str) -> bool:
    """Two letters make one word, and two asterisks one mark."""
    return (last.isalnum() and first.isalnum()) or (last == first and last in "*_~`" and last != "")


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
