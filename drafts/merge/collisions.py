"""Which claims collide: the rules of merging, each found by one sweep, never by listing pairs (rules 3.2 to 3.7).

Words and whole blocks are looked at first (`WordCollisions`, `BlockCollisions`),
then pairs of marks. Last comes what follows from a dispute: who needs something that is disputed waits
with it, and an indivisible amendment waits whole.
"""

from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from itertools import accumulate

from drafts.diff.edits import Delete, Move, Retype, Rewrite
from drafts.diff.word_diff import TextPosition
from drafts.merge.claims import Claim, by_gap, contradicting, touched_blocks
from drafts.merge.disputes import Disputes, Party
from drafts.merge.mark_groups import MarkGroup, PlacedPair, crossings
from drafts.text.blocks import Document
from drafts.text.tokens import PARAGRAPH_START, has_words


class BlockCollisions:
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

    def find(self, found: Disputes) -> None:
        """Unite what collides: the table of rule 3.3, and the orders of rule 3.4."""
        self._whole_blocks(found)
        self._joins(found)
        for members in self.gaps.values():
            found.unite(contradicting(self.claims, members))

    def _whole_blocks(self, found: Disputes) -> None:
        """A deletion disputes every other claim on its block; so do moves to two gaps, and two kinds or levels."""
        for members in self.touching.values():
            by_type = self._by_type(members)
            found.dispute_across(by_type[Delete], members)
            found.dispute_all(by_type[Move])
            found.dispute_all(by_type[Retype])

    def _joins(self, found: Disputes) -> None:
        """A join disputes what comes between its blocks, what moves one of them, what retypes the one that vanishes."""
        for block, joins in self.borders.items():
            before, vanishing = self._by_type(self.touching[block - 1]), self._by_type(self.touching[block])
            others = (*self.gaps.get(block, ()), *before[Move], *vanishing[Move], *vanishing[Retype])
            found.dispute_across(joins, others)

    def _by_type(self, members: Iterable[int]) -> Mapping[type, list[int]]:
        found: dict[type, list[int]] = defaultdict(list)
        for member in members:
            found[type(self.claims[member].edit)].append(member)
        return found


class WordCollisions:
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
        self.order = sorted(edits, key=self.ranges.__getitem__)

    def find(self, found: Disputes) -> None:
        """Unite what collides, rule by rule; one sweep each, O(n log n) for the order."""
        self._overlaps(found)
        self._neighbours(found)
        self._split_points(found)
        self._glued_words(found)

    def _overlaps(self, found: Disputes) -> None:
        """Rules 3.2 (a), (b), (c): both cover one token, one inserts inside the other, both insert at one point."""
        reach, reaching, point, inserting = -1, -1, -1, -1
        begun = {edit.end for edit in self.rewrites.values() if edit.is_split}
        for index in self.order:
            start, end = self.ranges[index]
            if start < reach and not _cuts_behind(self.rewrites[index], self.rewrites[reaching], begun):
                found.unite([reaching, index])
            elif start == end == point:
                found.unite([inserting, index])
            if start == end:
                point, inserting = start, index
            if end >= reach:
                reach, reaching = end, index

    def _neighbours(self, found: Disputes) -> None:
        """Rule 3.2 (d): both touch words and no unchanged token other than space lies between.

        Rule 3.3: the start of a paragraph keeps them apart unless a claim deletes it.
        """
        run: list[int] = []
        reach = 0
        for index in self.order:
            start, end = self.ranges[index]
            if run and not self._is_blank(index, start - reach):
                found.dispute_all(run)
                run = []
            reach = max(reach, end)
            if self._touches_words(index):
                run.append(index)
        found.dispute_all(run)

    def _is_blank(self, index: int, length: int) -> bool:
        """Nothing but spaces stands so far before this claim, in its paragraph."""
        block, offset = self.rewrites[index].start.key
        return length <= 0 or (length <= offset and self.base.blocks[block].text[offset - length : offset].isspace())

    def _touches_words(self, index: int) -> bool:
        edit = self.rewrites[index]
        return has_words(edit.old) or any(map(has_words, edit.pieces))

    def _split_points(self, found: Disputes) -> None:
        """Rule 3.3: words inserted at the very point of a split, and a split at a border that somebody joins."""
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
                    found.dispute_across([index], [*inserted[place], *joined[place]])

    def _glued_words(self, found: Disputes) -> None:
        """Two claims that touch and would make one word, or one mark, of two, as neither does alone (rule 3.2 (d)).

        Where one takes ". " away and another adds a word before it, the added word
        would otherwise stick to the next one. What leaves nothing behind lets its two sides touch: "**" added
        before it and "**" added after it would make one mark.
        """
        ending: dict[tuple[int, str], list[int]] = defaultdict(list)
        starting: dict[tuple[int, str], list[int]] = defaultdict(list)
        touched = {end for _, end in self.ranges.values()}.intersection(start for start, _ in self.ranges.values())
        for index in self.order:
            start, end = self.ranges[index]
            if start not in touched and end not in touched:
                continue
            ending[end, _sticky(self._last(index))].append(index)
            if start < end and self.rewrites[index].pieces == ("",):
                for sign in _STICKY:
                    if before := ending.get((start, sign)):
                        ending[end, sign] += [*before, index]
            starting[start, _sticky(self._first(index))].append(index)
        for place, sign in sorted(ending.keys() & starting.keys()):
            if sign:
                found.dispute_across(ending[place, sign], starting[place, sign])

    def _last(self, index: int) -> str:
        """How the text up to the end of this claim ends, once it is made."""
        edit = self.rewrites[index]
        kept = "" if edit.is_split else self.base.blocks[edit.start.block].text[: edit.start.offset][-1:]
        return (kept + edit.pieces[-1])[-1:]

    def _first(self, index: int) -> str:
        edit = self.rewrites[index]
        kept = "" if edit.is_split else self.base.blocks[edit.end.block].text[edit.end.offset :][:1]
        return (edit.pieces[0] + kept)[:1]


def _cuts_behind(split: Rewrite, gone: Rewrite, begun: Collection[TextPosition]) -> bool:
    """A paragraph starts in the space behind words that go, and some are left between it and the last start `begun`."""
    is_cut = split.is_split and split.old.isspace() and not any(split.pieces)
    goes_before = gone.pieces == ("",) and gone.end == split.end and not gone.is_join
    return is_cut and goes_before and gone.start.offset > 0 and gone.start not in begun


_LETTER, _STICKY = "a", ("a", "*", "_", "~", "`")


def _sticky(character: str) -> str:
    """What a character grows together with: any letter with any other, an asterisk with an asterisk."""
    if character.isalnum():
        return _LETTER
    return character if character in _STICKY else ""


def apply_collisions(
    base: Document, claims: Sequence[Claim], groups: Sequence[MarkGroup] = (), indivisible: frozenset[int] = frozenset()
) -> list[list[int]]:
    """The clusters, each as ascending indexes of `claims`, in the order of their first claim.

    `groups` are the claims that make or unmake pairs of marks. `indivisible` are the
    filing ranks of amendments that are taken whole: once one of their claims
    collides, all that are nobody else's enter the same cluster.
    """
    found = Disputes(claims)
    WordCollisions(base, claims).find(found)
    BlockCollisions(claims).find(found)
    if groups:
        _paired_marks(claims, groups, found)
    while found.has_news():
        _wait_with_needed(groups, found)
        _hold_together(claims, found, indivisible)
    return found.clusters()


def _paired_marks(claims: Sequence[Claim], groups: Sequence[MarkGroup], found: Disputes) -> None:
    """Rule 3.5: a group stands or falls as one; groups that cross collide, and so do those that share marks.

    The start of a paragraph inside a pair that another makes would leave each half in a paragraph of its own.
    """
    shared: dict[object, list[Party]] = defaultdict(list)
    for group in groups:
        found.tie(sorted(group.claims))
        for part in (*group.claims, *group.marks):
            shared[part].append((group.owners, sorted(group.claims)))
    for parties in shared.values():
        found.dispute_parties(parties)
    _crossing_pairs(claims, groups, found)


def _crossing_pairs(claims: Sequence[Claim], groups: Sequence[MarkGroup], found: Disputes) -> None:
    made: list[tuple[PlacedPair, Party]] = list(_paragraph_starts(claims))
    made += ((pair, (group.owners, sorted(group.claims))) for group in groups for pair in group.made)
    for first, second in crossings([pair for pair, _ in made]):
        found.dispute_parties((made[first][1], made[second][1]))


def _paragraph_starts(claims: Sequence[Claim]) -> Iterator[tuple[PlacedPair, Party]]:
    """Splits, as marks that no pair may enclose."""
    for index, claim in enumerate(claims):
        if isinstance(claim.edit, Rewrite) and claim.edit.is_split:
            spot = claim.edit.start, claim.edit.end
            yield PlacedPair(spot, spot, PARAGRAPH_START), (claim.owners, [index])


def _wait_with_needed(groups: Sequence[MarkGroup], found: Disputes) -> None:
    """Rule 3.5: pairs wait with a join they need; a split waits with the pair whose end it presupposes."""
    for group in groups:
        for needed in group.needs:
            if found.is_disputed(needed):
                found.unite([needed, *group.claims])
        first = min(group.claims)
        if group.needed_by and found.is_disputed(first):
            found.unite([first, *group.needed_by])


def _hold_together(claims: Sequence[Claim], found: Disputes, indivisible: frozenset[int]) -> None:
    """Rule 3.6: an indivisible amendment waits whole; what others ask for too still lands for them."""
    disputed = [member for member in range(len(claims)) if indivisible and found.is_disputed(member)]
    anchor = {rank: member for member in disputed for rank in claims[member].owners & indivisible}
    for member in disputed:
        found.unite([member, *(anchor[rank] for rank in claims[member].owners & anchor.keys())])
    for index, claim in enumerate(claims if anchor else ()):
        if claim.owners <= anchor.keys():
            found.unite([index, *(anchor[rank] for rank in claim.owners)])
