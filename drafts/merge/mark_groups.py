"""Which claims of an amendment make or unmake pairs of marks, or columns, and so stand or fall together (rule 3.5).

An edit may write the mark that opens while another writes the one that closes. To
tell that they belong together, each mark gets a *spot* among the edits: the range of the edit that writes or
deletes it, or its own place in the base where no edit does. The pairs of the old text and those of the new one tie
spots together; the claims whose spots are tied form a group.
"""

from bisect import bisect_left, bisect_right, insort
from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from typing import NamedTuple

from msgspec import Struct
from msgspec.structs import replace

from drafts.diff.amendments import Amendment
from drafts.diff.edits import Rewrite, edits
from drafts.diff.hunks import Hunk
from drafts.diff.word_diff import TextPosition, WordHunk
from drafts.merge.claims import Claim
from drafts.text.blocks import Block, BlockKind
from drafts.text.mark_pairs import CLOSING, has_marks, marks_in, pairs_of_marks
from drafts.text.tokens import PARAGRAPH_START

Spot = tuple[TextPosition, TextPosition]
"""Where a mark stands among the edits of a base: the range of the edit that writes it, or its own."""


class PlacedPair(NamedTuple):
    """A pair of marks among the edits of a base, or the start of a paragraph, which no pair may enclose."""

    start: Spot
    end: Spot
    sign: str


def crossings(made: Sequence[PlacedPair]) -> Iterator[tuple[int, int]]:
    """Indexes of pairs that could not be told apart once both are made, the one that begins first in front.

    Of two such pairs the later begins inside the earlier and ends outside it, or is
    made of the same marks, or is the start of a paragraph. One sweep, with what is still open sorted
    by its end: O(n log n + crossings).
    """
    spots = sorted({spot for pair in made for spot in pair[:2]}, key=lambda spot: (spot[0].key, spot[1].key))
    rank = {spot: number for number, spot in enumerate(spots)}
    spans = [(rank[pair.start], rank[pair.end]) for pair in made]
    opened: list[tuple[int, int]] = []  # end and index
    alike: dict[str, list[tuple[int, int]]] = defaultdict(list)  # the same, by signs that close as they open
    for index in sorted(range(len(made)), key=spans.__getitem__):
        (start, end), sign = spans[index], made[index].sign
        _forget_closed(opened, start)
        _forget_closed(alike[sign], start)
        inside = opened if sign == PARAGRAPH_START else opened[: bisect_left(opened, (end, -1))]
        for _, other in {*inside, *alike[sign]}:
            if spans[other][0] < start:
                yield other, index
        insort(opened, (end, index))
        if sign not in CLOSING:
            insort(alike[sign], (end, index))


def _forget_closed(opened: list[tuple[int, int]], start: int) -> None:
    del opened[: bisect_left(opened, (start + 1, -1))]


class MarkGroup(Struct, frozen=True):
    """The claims by which an amendment makes or unmakes pairs of marks, or columns of a table, that hang together.

    `made` are the pairs it leaves behind, `marks` those of the base that it takes
    away or pairs anew. It `needs` the joins that its pairs reach across, and the claims that take
    away or pair anew what its own pairs would cross; `needed_by` are the splits inside a pair that it
    takes away.
    """

    claims: frozenset[int]
    owners: frozenset[int]
    made: frozenset[PlacedPair]
    marks: frozenset[TextPosition] = frozenset()
    needs: frozenset[int] = frozenset()
    needed_by: frozenset[int] = frozenset()

    def united(self, other: "MarkGroup") -> "MarkGroup":
        """The same claims, asked for by the owners of both."""
        return replace(
            self,
            owners=self.owners | other.owners,
            made=self.made | other.made,
            marks=self.marks | other.marks,
            needs=self.needs | other.needs,
            needed_by=self.needed_by | other.needed_by,
        )


def mark_groups(claims: Sequence[Claim], amendments: Sequence[Amendment]) -> tuple[MarkGroup, ...]:
    """The groups of all `amendments`, given in filing order; the same group of several once, with all its owners."""
    marked, widened = list[_FiledHunk](), list[_FiledHunk]()
    for rank, amendment in enumerate(amendments):
        for index, hunk in enumerate(amendment.hunks):
            if any(has_marks(words.old) or has_marks(words.new) for words in hunk.words):
                marked.append(_FiledHunk(rank, index, hunk))
            if _changes_columns(hunk):
                widened.append(_FiledHunk(rank, index, hunk))
    if not marked and not widened:
        return ()
    claim_of = {
        (source.rank, source.hunk, source.edit): index for index, claim in enumerate(claims) for source in claim.sources
    }
    found: dict[frozenset[int], MarkGroup] = {}
    paired = (group for filed in marked for group in _MarkedHunk(filed.hunk, filed.claims(claim_of)).groups(filed.rank))
    for group in (*paired, *_column_groups(claims, widened, claim_of)):
        found[group.claims] = group.united(found.get(group.claims, group))
    return tuple(found.values())


class _FiledHunk(NamedTuple):
    rank: int
    number: int
    hunk: Hunk

    def claims(self, claim_of: Mapping[tuple[int, int, int], int]) -> Mapping[Spot, int]:
        """The claims of its word hunks by their spots."""
        before = len(edits(self.hunk)) - len(self.hunk.words)
        return {
            (words.start, words.end): claim_of[self.rank, self.number, before + number]
            for number, words in enumerate(self.hunk.words)
        }


def _changes_columns(hunk: Hunk) -> bool:
    """Whether the line below the headings of a table has more cells or fewer."""
    if not (hunk.old and hunk.new) or hunk.old[0].kind is not BlockKind.TABLE:
        return False
    before, after = (block.text.split("\n")[1:2] for block in (hunk.old[0], hunk.new[0]))
    return [line.count("|") for line in before] != [line.count("|") for line in after]


def _column_groups(
    claims: Sequence[Claim], widened: Sequence[_FiledHunk], claim_of: Mapping[tuple[int, int, int], int]
) -> Iterator[MarkGroup]:
    """What changes the columns of a table stands or falls as one, and collides with all else that changes its lines."""
    tables = {filed.hunk.old_blocks[0]: filed.hunk.old[0] for filed in widened}
    drawing: dict[int, TextPosition] = {
        index: TextPosition(block, len(tables[block].text))
        for index, claim in enumerate(claims)
        if isinstance(claim.edit, Rewrite) and (block := claim.edit.start.block) in tables and _draws(claim.edit)
    }
    for filed in widened:
        own = frozenset(index for index in filed.claims(claim_of).values() if index in drawing)
        yield MarkGroup(own, frozenset([filed.rank]), frozenset(), frozenset(drawing[index] for index in own))
    for index, place in drawing.items():
        yield MarkGroup(frozenset([index]), claims[index].owners, frozenset(), frozenset([place]))


def _draws(edit: Rewrite) -> bool:
    return any(sign in text for sign in "|\n" for text in (edit.old, *edit.pieces))


class _MarkedHunk:
    """One hunk, the claims of its word hunks by their spots, and all pairs of marks before and after."""

    def __init__(self, hunk: Hunk, claim_at: Mapping[Spot, int]) -> None:
        self.claim_at = claim_at
        self.old_spots, new_spots = _OldSpots(hunk), _NewSpots(hunk)
        self.old_blocks = list(zip(hunk.old, hunk.old_blocks, strict=True))
        self.old = [pair for block, index in self.old_blocks for pair in _placed(block, index, self.old_spots)]
        self.new = [
            pair
            for block, index in zip(hunk.new, hunk.new_blocks, strict=True)
            for pair in _placed(block, index, new_spots)
        ]
        self.starts = [(words.start, words.end) for words in hunk.words if PARAGRAPH_START in words.old + words.new]
        self.joins = [spot for spot in self.starts if spot[0].block != spot[1].block]
        self.crossed = _crossings(self.old, self.new)

    def groups(self, rank: int) -> Iterator[MarkGroup]:
        """A group for each set of spots that pairs tie together and that some claim touches."""
        made, unmade = _by_start(self.new), _by_start(self.old)
        marks = self._marks()
        parts = tuple(_connected((*self.old, *self.new)))
        part_of = {spot: part for part in parts for spot in part}
        for part in parts:
            claims = self._claims(part)
            if claims:
                mine = frozenset(pair for spot in part for pair in made.get(spot, ()))
                gone = frozenset(pair for spot in part for pair in unmade.get(spot, ()))
                crossed = {pair for pair in mine for pair in self.crossed.get(pair, ()) if pair.start not in part}
                taken = self._claims(spot for pair in crossed for spot in part_of[pair.start])
                yield MarkGroup(
                    claims=claims,
                    owners=frozenset([rank]),
                    made=mine,
                    marks=frozenset(place for spot in part for place in marks.get(spot, ())),
                    needs=(self._inside(mine, self.joins) | taken) - claims,
                    needed_by=self._inside(gone, self.starts) - claims,
                )

    def _claims(self, spots: Iterable[Spot]) -> frozenset[int]:
        return frozenset(self.claim_at[spot] for spot in spots if spot in self.claim_at)

    def _marks(self) -> Mapping[Spot, Sequence[TextPosition]]:
        """The marks of the base at each spot."""
        marks: dict[Spot, list[TextPosition]] = defaultdict(list)
        for block, index in self.old_blocks:
            for offset, _ in marks_in(block.text):
                place = TextPosition(index, offset)
                marks[self.old_spots.spot(place)].append(place)
        return marks

    def _inside(self, enclosing: Collection[PlacedPair], starts: Iterable[Spot]) -> frozenset[int]:
        """The claims among `starts` that stand inside one of the pairs."""
        return self._claims(spot for spot in starts if any(pair.start < spot < pair.end for pair in enclosing))


def _by_start(made: Iterable[PlacedPair]) -> Mapping[Spot, Sequence[PlacedPair]]:
    found: dict[Spot, list[PlacedPair]] = defaultdict(list)
    for pair in made:
        found[pair.start].append(pair)
    return found


def _crossings(old: Sequence[PlacedPair], new: Sequence[PlacedPair]) -> Mapping[PlacedPair, Sequence[PlacedPair]]:
    """The old pairs that each new one crosses; those of one side never cross each other."""
    found: dict[PlacedPair, list[PlacedPair]] = defaultdict(list)
    kept = frozenset(old)
    both = [*old, *(pair for pair in new if pair not in kept)]
    for first, second in crossings(both):
        made, crossed = max(first, second), min(first, second)
        if crossed < len(old) <= made:
            found[both[made]].append(both[crossed])
    return found


def _placed(block: Block, index: int, side: "_OldSpots | _NewSpots") -> Iterator[PlacedPair]:
    for pair in pairs_of_marks(block.text)[0]:
        yield PlacedPair(
            side.spot(TextPosition(index, pair.start)), side.spot(TextPosition(index, pair.end)), pair.sign
        )


class _OldSpots:
    """Finds the spots of marks in the old text."""

    def __init__(self, hunk: Hunk) -> None:
        self.words = hunk.words
        self.starts = [words.start for words in hunk.words]

    def spot(self, place: TextPosition) -> Spot:
        index = bisect_right(self.starts, place) - 1
        while index >= 0 and self.words[index].start == self.words[index].end == place:
            index -= 1
        if index >= 0 and place < self.words[index].end:
            return self.words[index].start, self.words[index].end
        return _kept(place)


class _NewSpots:
    """Finds the spots of marks in the new text; a kept mark has the spot it has in the old text."""

    def __init__(self, hunk: Hunk) -> None:
        self.words = hunk.words
        self.first = hunk.old_blocks[0]
        self.starts = [words.new_start for words in hunk.words]

    def spot(self, place: TextPosition) -> Spot:
        index = bisect_right(self.starts, place) - 1
        words: WordHunk | None = self.words[index] if index >= 0 else None
        if words is None:
            return _kept(TextPosition(self.first, place.offset))
        if place < words.new_end:
            return words.start, words.end
        return _kept(TextPosition(words.end.block, words.end.offset + place.offset - words.new_end.offset))


def _kept(place: TextPosition) -> Spot:
    return place, TextPosition(place.block, place.offset + 1)


def _connected(links: Iterable[PlacedPair]) -> Iterator[set[Spot]]:
    """The spots that pairs, old and new, tie together."""
    of: dict[Spot, set[Spot]] = {}
    for first, second, _ in links:
        smaller, larger = sorted((of.get(first, {first}), of.get(second, {second})), key=len)
        larger |= smaller
        of.update((spot, larger) for spot in smaller)
        of[first] = of[second] = larger
    yield from {id(part): part for part in of.values()}.values()
