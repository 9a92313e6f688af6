"""Pairs of marks: what opens must close, so the edits that make or unmake one pair stand or fall together."""

import re
from bisect import bisect_right
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import lru_cache
from typing import NamedTuple

from drafts.amendments import Amendment
from drafts.blocks import Block
from drafts.claims import Claim
from drafts.edits import edits
from drafts.hunks import Hunk
from drafts.tokens import PARAGRAPH_START, Token, TokenKind, tokenize
from drafts.words import Place, WordHunk

_CLOSED_BY = {"(": ")", "«": "»", "“": "”", "[": "]", "![": "]"}
_CLOSING = frozenset(_CLOSED_BY.values())
_ANY = re.compile(r"[()\[\]«»“”*_~`]")

Spot = tuple[Place, Place]
"""Where a mark stands among the edits of a base: the range of the edit that writes it, or its own."""


class Pair(NamedTuple):
    """Offsets of two marks that belong together; `sign` is what closes, the same as what opens for ** and the like."""

    start: int
    end: int
    sign: str


class Made(NamedTuple):
    """A pair of marks among the edits of a base, or the start of a paragraph, which no pair may enclose."""

    start: Spot
    end: Spot
    sign: str

    def crosses(self, later: "Made") -> bool:
        """Tell whether `later`, which begins inside this pair, could not be told apart from it once both are made."""
        if not self.start < later.start < self.end:
            return False
        is_same_mark = later.sign == self.sign and self.sign not in _CLOSING
        return self.end < later.end or is_same_mark or later.sign == PARAGRAPH_START


@dataclass(frozen=True, slots=True)
class Group:
    """The claims by which an amendment makes or unmakes pairs of marks that hang together.

    `made` are the pairs it leaves behind, `marks` those of the base that it takes
    away or pairs anew. It `needs` the joins that its pairs reach across, and the claims that take
    away a pair its own would cross; `needed_by` are the splits inside a pair that it
    takes away.
    """

    claims: frozenset[int]
    owners: frozenset[int]
    made: frozenset[Made]
    marks: frozenset[Place] = frozenset()
    needs: frozenset[int] = frozenset()
    needed_by: frozenset[int] = frozenset()

    def united(self, other: "Group") -> "Group":
        """The same claims, asked for by the owners of both."""
        return replace(
            self,
            owners=self.owners | other.owners,
            made=self.made | other.made,
            marks=self.marks | other.marks,
            needs=self.needs | other.needs,
            needed_by=self.needed_by | other.needed_by,
        )


@lru_cache(maxsize=1024)
def pairs(text: str) -> tuple[tuple[Pair, ...], int]:
    """The pairs of marks in the text of a block, and how many marks have no partner: none in a balanced text."""
    found: list[Pair] = []
    opened: list[Pair] = []
    waiting: Counter[str] = Counter()
    single = 0
    for at, sign in _marks(text):
        if waiting[sign]:
            while (mark := opened.pop()).sign != sign:
                waiting[mark.sign] -= 1
                single += 1
            waiting[sign] -= 1
            found.append(Pair(mark.start, at, sign))
        elif sign in _CLOSING:
            single += 1
        else:
            opened.append(Pair(at, at, _CLOSED_BY.get(sign, sign)))
            waiting[opened[-1].sign] += 1
    return tuple(found), single + len(opened)


def _marks(text: str) -> Iterator[tuple[int, str]]:
    if not _ANY.search(text):
        return
    at = 0
    for token in tokenize(text):
        if sign := _sign(token):
            yield at, sign
        at += len(token.text)


def _sign(token: Token) -> str:
    """What a token opens or closes; "" for all that is no mark."""
    if token.kind is TokenKind.LINK:
        return "]" if token.text.startswith("](") else ""
    is_quoting = token.kind is TokenKind.PUNCTUATION and (token.text in _CLOSED_BY or token.text in _CLOSING)
    return token.text if is_quoting or token.kind is TokenKind.MARK else ""


def mark_groups(claims: Sequence[Claim], amendments: Sequence[Amendment]) -> tuple[Group, ...]:
    """The groups of all `amendments`, given in filing order; the same group of several once, with all its owners."""
    marked = [
        (rank, index, hunk)
        for rank, amendment in enumerate(amendments)
        for index, hunk in enumerate(amendment.hunks)
        if any(_ANY.search(words.old) or _ANY.search(words.new) for words in hunk.words)
    ]
    if not marked:
        return ()
    claim_of = {
        (source.rank, source.hunk, source.edit): index for index, claim in enumerate(claims) for source in claim.sources
    }
    found: dict[frozenset[int], Group] = {}
    for rank, index, hunk in marked:
        before = len(edits(hunk)) - len(hunk.words)
        spots = {
            (words.start, words.end): claim_of[rank, index, before + number] for number, words in enumerate(hunk.words)
        }
        for group in _groups(hunk, spots, rank):
            found[group.claims] = group.united(found.get(group.claims, group))
    return tuple(found.values())


def _groups(hunk: Hunk, spots: Mapping[Spot, int], rank: int) -> Iterator[Group]:
    """The groups of one hunk; `spots` are the claims of its word hunks."""
    old = [pair for block, at in zip(hunk.old, hunk.old_blocks, strict=True) for pair in _placed(block, at, _Old(hunk))]
    new = [pair for block, at in zip(hunk.new, hunk.new_blocks, strict=True) for pair in _placed(block, at, _New(hunk))]
    starts = [(words.start, words.end) for words in hunk.words if PARAGRAPH_START in words.old + words.new]
    marks: dict[Spot, list[Place]] = defaultdict(list)
    for block, at in zip(hunk.old, hunk.old_blocks, strict=True):
        for offset, _ in _marks(block.text):
            marks[_Old(hunk).spot(Place(at, offset))].append(Place(at, offset))
    joins = [spot for spot in starts if spot[0].block != spot[1].block]
    for part in _connected((*old, *new)):
        claims = frozenset(spots[spot] for spot in part if spot in spots)
        if claims:
            made = frozenset(pair for pair in new if pair.start in part)
            unmade = frozenset(pair for pair in old if pair.start in part)
            crossed = {pair for pair in old if pair.start not in part and any(_cross(pair, mine) for mine in made)}
            taken = frozenset(spots[spot] for pair in crossed for spot in pair[:2] if spot in spots)
            yield Group(
                claims=claims,
                owners=frozenset([rank]),
                made=made,
                marks=frozenset(place for spot in part for place in marks.get(spot, ())),
                needs=(_inside(made, joins, spots) | taken) - claims,
                needed_by=_inside(unmade, starts, spots) - claims,
            )


def _cross(one: Made, other: Made) -> bool:
    return one.crosses(other) or other.crosses(one)


def _inside(enclosing: Iterable[Made], starts: Iterable[Spot], spots: Mapping[Spot, int]) -> frozenset[int]:
    """The claims among `starts` that stand inside one of the pairs."""
    within = tuple(enclosing)
    return frozenset(spots[spot] for spot in starts if any(pair.start < spot < pair.end for pair in within))


def _placed(block: Block, index: int, side: "_Old | _New") -> Iterator[Made]:
    for pair in pairs(block.text)[0]:
        yield Made(side.spot(Place(index, pair.start)), side.spot(Place(index, pair.end)), pair.sign)


class _Old:
    """Finds the spots of marks in the old text."""

    def __init__(self, hunk: Hunk) -> None:
        self.words = hunk.words
        self.starts = [words.start for words in hunk.words]

    def spot(self, place: Place) -> Spot:
        index = bisect_right(self.starts, place) - 1
        while index >= 0 and self.words[index].start == self.words[index].end == place:
            index -= 1
        if index >= 0 and place < self.words[index].end:
            return self.words[index].start, self.words[index].end
        return _kept(place)


class _New:
    """Finds the spots of marks in the new text; a kept mark has the spot it has in the old text."""

    def __init__(self, hunk: Hunk) -> None:
        self.words = hunk.words
        self.first = hunk.old_blocks[0]
        self.starts = [words.new_start for words in hunk.words]

    def spot(self, place: Place) -> Spot:
        index = bisect_right(self.starts, place) - 1
        words: WordHunk | None = self.words[index] if index >= 0 else None
        if words is None:
            return _kept(Place(self.first, place.offset))
        if place < words.new_end:
            return words.start, words.end
        return _kept(Place(words.end.block, words.end.offset + place.offset - words.new_end.offset))


def _kept(place: Place) -> Spot:
    return place, Place(place.block, place.offset + 1)


def _connected(links: Iterable[Made]) -> Iterator[set[Spot]]:
    """The spots that pairs, old and new, tie together."""
    of: dict[Spot, set[Spot]] = {}
    for one, other, _ in links:
        smaller, larger = sorted((of.get(one, {one}), of.get(other, {other})), key=len)
        larger |= smaller
        of.update((spot, larger) for spot in smaller)
        of[one] = of[other] = larger
    yield from {id(part): part for part in of.values()}.values()
