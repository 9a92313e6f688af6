"""Which paragraph of one text is which of another, when they share no ids: texts that come as files.

Exact texts first; in a large gap then pairs that nothing else can answer, found by
neighbouring words that stand nowhere else; inside each gap an order-preserving
alignment by the words kept (dynamic programming, never enumeration); then moves among
what is left. What gives way to another paragraph in its place is that paragraph,
reworded altogether.
"""

import re
from bisect import bisect_left
from collections import Counter, defaultdict, deque
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from collections.abc import Set as AbstractSet
from functools import cached_property, partial
from itertools import pairwise, product, starmap
from typing import NamedTuple, TypeAlias

from msgspec import Struct
from msgspec.structs import replace
from rapidfuzz.distance import LCSseq

from drafts.base.constants import (
    ALONE_LIMIT,
    ANCHOR_ABOVE,
    ANCHOR_FROM,
    BORDER_FROM,
    CROSSING_FROM,
    GAP_LIMIT,
    LIKENESS_LIMIT,
    MOVE_FROM,
    MOVE_FROM_WORDS,
    PAIR_FROM,
)
from drafts.base.errors import TooLarge
from drafts.diff.word_diff import differing_cells, matches
from drafts.text.blocks import WHOLE, Block, Document, may_divide
from drafts.text.tokens import piece_codes, words


def is_increasing(values: Sequence[int]) -> bool:
    return all(first < second for first, second in pairwise(values))


def heaviest_increasing(values: Sequence[int], weights: Sequence[int]) -> frozenset[int]:
    """The values of the increasing subsequence with the greatest total weight; `values` are distinct and ≥ 0.

    O(n log n). Of equally heavy ones the choice is always the same.
    """
    if is_increasing(values):
        return frozenset(values)
    ends, totals, positions = list[int](), list[int](), list[int]()  # of what can still go on, the greater the heavier
    before: list[int] = []
    for position, (value, weight) in enumerate(zip(values, weights, strict=True)):
        at = end = bisect_left(ends, value)
        total = weight + (totals[at - 1] if at else 0)
        before.append(positions[at - 1] if at else -1)
        while end < len(ends) and totals[end] <= total:
            end += 1
        ends[at:end], totals[at:end], positions[at:end] = [value], [total], [position]
    chosen = []
    position = positions[-1]
    while position >= 0:
        chosen.append(values[position])
        position = before[position]
    return frozenset(chosen)


def ratio(first: str, second: str) -> float:
    """2 · kept words ÷ words of both: 0 for nothing in common, 1 for the same words in the same order."""
    total = len(first) + len(second)
    return 2 * kept(first, second) / total if total else 0.0


def kept(first: str, second: str) -> int:
    """How many encoded words the two share in order."""
    return LCSseq.similarity(first, second)


def ensure_comparable(some: Sequence[str], others: Sequence[str]) -> None:
    """Refuse to compare the encoded words of each of `some` with those of each of `others` where there are too many."""
    if sum(map(len, some)) * sum(map(len, others)) <= LIKENESS_LIMIT:
        return
    size = sum(differing_cells(cell, other) for cell in some for other in others)
    if size > LIKENESS_LIMIT:
        raise TooLarge("too much to compare", what="comparison", size=size, limit=LIKENESS_LIMIT)


def encoded_words(texts: Sequence[str]) -> tuple[str, ...]:
    """The words of each text, encoded together so that they can be compared with each other."""
    codes = piece_codes()
    return tuple("".join(map(codes.__getitem__, words(text))) for text in texts)


def match_blocks(old: Document, new: Document, *, are_whole: bool = True) -> Document:
    """Return `new` with the ids of the paragraphs of `old` that it keeps, rewords, splits, joins or moves.

    A split keeps the id on its first part, a join the first id. What is new keeps
    its own id; one that `old` uses for something else gets "+" added. Only in texts that
    `are_whole` does a place say something of its own: what stands there in other words is a rewording.
    """
    pairs = _pairs(old.blocks, new.blocks, are_whole=are_whole)
    taken = {block.id for block in old}
    blocks = []
    for index, block in enumerate(new.blocks):
        block_id = old.blocks[pairs[index]].id if index in pairs else _free(block.id, taken)
        taken.add(block_id)
        blocks.append(replace(block, id=block_id))
    return Document(blocks=tuple(blocks), language=new.language)


def _free(block_id: str, taken: set[str]) -> str:
    while block_id in taken:
        block_id += "+"
    return block_id


class _MatchStep(NamedTuple):
    """One step of an alignment: so many old paragraphs answer so many new ones."""

    old: int
    new: int


_SAME, _SPLIT, _JOIN, _GONE, _ADDED = starmap(_MatchStep, ((1, 1), (1, 2), (2, 1), (1, 0), (0, 1)))


class _Alignment(Struct, frozen=True):
    """Paragraphs that answer each other: new index → old index, and all indexes that have found their answer."""

    pairs: Mapping[int, int]
    used_old: frozenset[int]
    used_new: frozenset[int]

    def left_old(self, blocks: Sequence[Block]) -> list[int]:
        return [index for index in range(len(blocks)) if index not in self.used_old]

    def left_new(self, blocks: Sequence[Block]) -> list[int]:
        return [index for index in range(len(blocks)) if index not in self.used_new]


def _pairs(old: Sequence[Block], new: Sequence[Block], *, are_whole: bool) -> Mapping[int, int]:
    """New index → old index of every paragraph that continues one."""
    exact = list(_exact([block.text for block in old], [block.text for block in new]))
    aligned = _aligned(old, new, exact, moved=())
    alike = _alike(old, new, aligned.left_old(old), aligned.left_new(new))
    moved = _displaced(old, new, exact, aligned, alike)
    if moved:
        aligned = _aligned(old, new, [pair for pair in exact if pair not in moved], moved=moved)
        alike = _alike(old, new, aligned.left_old(old), aligned.left_new(new))
    elsewhere = dict(_moves(old, new, aligned, alike))
    if not are_whole:
        return {**aligned.pairs, **elsewhere}
    fixed = sorted((i, j) for j, i in aligned.pairs.items() if (i, j) not in moved)
    left_old, left_new = set(aligned.left_old(old)) - {*elsewhere.values()}, set(aligned.left_new(new)) - {*elsewhere}
    return {**aligned.pairs, **elsewhere, **dict(_in_place(old, new, fixed, (left_old, left_new)))}


def _exact(old: Sequence[str], new: Sequence[str]) -> Iterator[tuple[int, int]]:
    """Indexes of as many equal texts as follow each other on both sides; what only one side has is not looked at."""
    common = {*old}.intersection(new)
    old_at, new_at = ([place for place, text in enumerate(texts) if text in common] for texts in (old, new))
    if (size := (len(old) - len(old_at)) * (len(new) - len(new_at))) > ALONE_LIMIT:
        raise TooLarge("too much to compare", what="comparison", size=size, limit=ALONE_LIMIT)
    for i, j in matches([old[place] for place in old_at], [new[place] for place in new_at]):
        yield old_at[i], new_at[j]


def _aligned(
    old: Sequence[Block], new: Sequence[Block], exact: Sequence[tuple[int, int]], *, moved: Collection[tuple[int, int]]
) -> _Alignment:
    """Align what lies between the `exact` pairs in order; the `moved` ones answer each other wherever they stand."""
    pairs = {j: i for i, j in (*exact, *moved)}
    used_old, used_new = set(pairs.values()), set(pairs)
    moved_old, moved_new = {i for i, _ in moved}, {j for _, j in moved}
    for (i, j), (next_i, next_j) in pairwise([(-1, -1), *exact, (len(old), len(new))]):
        old_at = [index for index in range(i + 1, next_i) if index not in moved_old]
        new_at = [index for index in range(j + 1, next_j) if index not in moved_new]
        gap = [old[i] for i in old_at], [new[j] for j in new_at]
        for step, first_old, first_new in _anchored_steps(*gap, *_WAYS):
            if step.old and step.new:
                pairs[new_at[first_new]] = old_at[first_old]
                used_old.update(old_at[first_old : first_old + step.old])
                used_new.update(new_at[first_new : first_new + step.new])
    return _Alignment(pairs, frozenset(used_old), frozenset(used_new))


class _Alike(NamedTuple):
    """Two paragraphs that no alignment in order could pair, and the words they share."""

    old: int
    new: int
    kept: int
    share: float


def _alike(
    old: Sequence[Block], new: Sequence[Block], left_old: Sequence[int], left_new: Sequence[int]
) -> list[_Alike]:
    """The likenesses among what is left over, the greatest first; of very many only those that `_votes` knows."""
    encoded = encoded_words([old[i].text for i in left_old] + [new[j].text for j in left_new])
    old_words, new_words = encoded[: len(left_old)], encoded[len(left_old) :]
    places: Iterable[tuple[int, int]] = product(range(len(left_old)), range(len(left_new)))
    if not _is_bounded(old_words, new_words):
        places = _votes(_neighbours(old_words), _neighbours(new_words))
    found = []
    for place, other_place in places:
        word, other = old_words[place], new_words[other_place]
        i, j, total = left_old[place], left_new[other_place], len(word) + len(other)
        if 2 * min(len(word), len(other)) < PAIR_FROM * total or not may_divide(old[i]) or not may_divide(new[j]):
            continue
        shared = kept(word, other)
        if shared >= PAIR_FROM * total / 2 > 0:
            found.append(_Alike(i, j, shared, 2 * shared / total))
    return sorted(found, key=lambda pair: (-pair.share, pair.old, pair.new))


def _displaced(
    old: Sequence[Block],
    new: Sequence[Block],
    exact: Sequence[tuple[int, int]],
    aligned: _Alignment,
    alike: Sequence[_Alike],
) -> frozenset[tuple[int, int]]:
    """The exact pairs that have moved: what stayed in order across them, reworded, has more words in common.

    Without this one paragraph taken elsewhere unchanged would have all that it passed read as replaced.
    """
    if not alike:
        return frozenset()
    pairs = {**aligned.pairs, **{pair.new: pair.old for pair in _best_pairs(alike)}}
    unchanged, codes = frozenset(exact), piece_codes()
    order = sorted(pairs)
    weights = []
    for j in order:
        coded = codes.of(new[j].text)
        if (pairs[j], j) in unchanged:
            weights.append(int(100 * CROSSING_FROM) * len(coded))
        else:
            weights.append(100 * kept(codes.of(old[pairs[j]].text), coded))
    stays = heaviest_increasing([pairs[j] for j in order], weights)
    return frozenset((i, j) for i, j in exact if i not in stays)


def _best_pairs(alike: Iterable[_Alike]) -> Iterator[_Alike]:
    """Each paragraph with the one most like it that is still free."""
    used_old: set[int] = set()
    used_new: set[int] = set()
    for pair in alike:
        if pair.old not in used_old and pair.new not in used_new:
            used_old.add(pair.old)
            used_new.add(pair.new)
            yield pair


Anchors: TypeAlias = Callable[[Sequence[Block], Sequence[Block]], list[tuple[int, int]]]


def _anchored_steps(
    old: Sequence[Block], new: Sequence[Block], *ways: Anchors
) -> Iterator[tuple[_MatchStep, int, int]]:
    """The steps of an alignment of two gaps, with the old and new index at which each begins; anchors divide it."""
    if not ways or len(old) * len(new) <= ANCHOR_ABOVE:
        yield from _gap_steps(old, new)
        return
    anchors, *others = ways
    for (i, j), (next_i, next_j) in pairwise([(-1, -1), *anchors(old, new), (len(old), len(new))]):
        if i >= 0:
            yield _SAME, i, j
        for step, at_old, at_new in _anchored_steps(old[i + 1 : next_i], new[j + 1 : next_j], *others):
            yield step, i + 1 + at_old, j + 1 + at_new


def _edges(text: str) -> AbstractSet[str]:
    return {text[:_EDGE], text[-_EDGE:]}


def _clauses(text: str) -> AbstractSet[str]:
    return {clause for clause in _CLAUSE.split(text) if len(clause) >= _CLAUSE_LENGTH}


_EDGE, _CLAUSE, _CLAUSE_LENGTH = 30, re.compile("[,;:.] "), 20  # some four words that stand together nowhere else


def _telling(
    cut: Callable[[str], AbstractSet[str]], old: Sequence[Block], new: Sequence[Block]
) -> list[tuple[int, int]]:
    """Pairs in order that keep nearly all their words, and of which neither shares what is `cut` with anything else.

    Most of a long text is found so, and none of it has to be compared with the rest.
    """
    codes, alone = piece_codes(), _alone(_votes(*([cut(block.text) for block in blocks] for blocks in (old, new))))
    return _in_order(old, new, {(i, j): (codes.of(old[i].text), codes.of(new[j].text)) for i, j in alone}, ANCHOR_FROM)


def _anchors(old: Sequence[Block], new: Sequence[Block]) -> list[tuple[int, int]]:
    """Pairs in order that keep nearly all their words, and of which neither shares rare words with anything else.

    Where there are too many paragraphs to compare each with each: those that share most rare words with each other.
    """
    encoded = encoded_words([block.text for block in (*old, *new)])
    old_words, new_words = encoded[: len(old)], encoded[len(old) :]
    votes = _votes(_neighbours(old_words), _neighbours(new_words))
    is_bounded = _is_bounded(old_words, new_words)
    pairs = {(i, j): (old_words[i], new_words[j]) for i, j in (_alone(votes) if is_bounded else _mutual(votes))}
    return _in_order(old, new, pairs, ANCHOR_FROM if is_bounded else PAIR_FROM)


_WAYS: tuple[Anchors, ...] = partial(_telling, _edges), partial(_telling, _clauses), _anchors


def _in_order(
    old: Sequence[Block], new: Sequence[Block], pairs: Mapping[tuple[int, int], Sequence[str]], least: float
) -> list[tuple[int, int]]:
    """Those of the pairs, each with its encoded words, that are alike enough and follow each other on both sides."""
    found = {}
    for (i, j), (word, other) in pairs.items():
        if old[i].kind is new[j].kind and 2 * kept(word, other) >= least * (len(word) + len(other)):
            found[j] = i, len(other)
    order = sorted(found)
    stays = heaviest_increasing([found[j][0] for j in order], [found[j][1] for j in order])
    return [(found[j][0], j) for j in order if found[j][0] in stays]


def _alone(votes: Counter[tuple[int, int]]) -> list[tuple[int, int]]:
    """The pairs of which neither stands in another."""
    old, new = Counter(i for i, _ in votes), Counter(j for _, j in votes)
    return [(i, j) for i, j in votes if old[i] == new[j] == 1]


def _mutual(votes: Counter[tuple[int, int]]) -> list[tuple[int, int]]:
    """The pairs with more votes than any other of either; of several alike, the first."""
    ranked = sorted(votes, key=lambda pair: (-votes[pair], pair))
    old, new = dict(reversed(ranked)), {j: i for i, j in reversed(ranked)}
    return [(i, j) for i, j in old.items() if new[j] == i]


def _votes(old: Iterable[AbstractSet[str]], new: Iterable[AbstractSet[str]]) -> Counter[tuple[int, int]]:
    """How many pieces two paragraphs share that stand in no other paragraph of either side. O(pieces)."""
    sides = [_only_places(old), _only_places(new)]
    return Counter((i, sides[1][piece]) for piece, i in sides[0].items() if i >= 0 and sides[1].get(piece, -1) >= 0)


def _neighbours(texts: Iterable[str]) -> Iterator[AbstractSet[str]]:
    """Each two neighbouring words of each text."""
    return ({text[at : at + 2] for at in range(len(text) - 1)} for text in texts)


def _only_places(texts: Iterable[AbstractSet[str]]) -> dict[str, int]:
    """Where each piece stands: the index of its one text, or -1 where there are several."""
    found: dict[str, int] = {}
    for place, text in enumerate(texts):
        for piece in text:
            found[piece] = -1 if piece in found else place
    return found


def _gap_steps(old: Sequence[Block], new: Sequence[Block]) -> Iterator[tuple[_MatchStep, int, int]]:
    """The steps of the alignment that keeps most words, with the old and new index at which each begins.

    None where the gap is too large for it: what its paragraphs share is found as likenesses and by their place.
    """
    if not old or not new or len(old) * len(new) > GAP_LIMIT:
        return
    gap = _Gap(old, new)
    if _is_bounded(gap.old_words, gap.new_words):
        yield from _steps(gap)


def _steps(gap: "_Gap") -> Iterator[tuple[_MatchStep, int, int]]:
    best = gap.best_steps()
    at_old = at_new = 0
    while at_old < len(gap.old) or at_new < len(gap.new):
        step = best[at_old][at_new]
        yield step, at_old, at_new
        at_old, at_new = at_old + step.old, at_new + step.new


def _is_bounded(old: Sequence[str], new: Sequence[str]) -> bool:
    """Whether the encoded words of all these paragraphs can be compared with each other."""
    return len(old) * len(new) <= GAP_LIMIT and sum(map(len, old)) * sum(map(len, new)) <= LIKENESS_LIMIT


class _Gap:
    """The paragraphs between two that are the same on both sides, and the words each pair keeps."""

    has_borders = True  # whether one paragraph may have become two, or two one

    def __init__(self, old: Sequence[Block], new: Sequence[Block]) -> None:
        encoded = encoded_words([block.text for block in (*old, *new)])
        self.old, self.new = old, new
        self.old_words, self.new_words = encoded[: len(old)], encoded[len(old) :]

    @cached_property
    def kept(self) -> list[list[int]]:
        """How many words each old paragraph shares with each new one."""
        return [[kept(word, other) for other in self.new_words] for word in self.old_words]

    def best_steps(self) -> list[list[_MatchStep]]:
        """For each old and new index the step to take there; earlier steps in the list win a tie."""
        rows, columns = len(self.old), len(self.new)
        below = [0] * (columns + 2)
        second_below = below
        steps: list[list[_MatchStep]] = [[]] * rows + [[_ADDED] * (columns + 1)]
        for i in range(rows - 1, -1, -1):
            values, chosen = [0] * (columns + 2), [_GONE] * (columns + 1)
            for j in range(columns - 1, -1, -1):
                value, step = below[j], _GONE
                if values[j + 1] > value:
                    value, step = values[j + 1], _ADDED
                if (gain := self._join(i, j)) and gain + second_below[j + 1] >= value:
                    value, step = gain + second_below[j + 1], _JOIN
                if (gain := self._split(i, j)) and gain + below[j + 2] >= value:
                    value, step = gain + below[j + 2], _SPLIT
                if (gain := self._same(i, j)) and gain + below[j + 1] >= value:
                    value, step = gain + below[j + 1], _SAME
                values[j], chosen[j] = value, step
            steps[i] = chosen
            below, second_below = values, below
        return steps

    def _same(self, i: int, j: int) -> int:
        total = len(self.old_words[i]) + len(self.new_words[j])
        if not self.kept[i][j] or 2 * self.kept[i][j] < PAIR_FROM * total:
            return 0
        is_same_kind = self.old[i].kind is self.new[j].kind
        if not is_same_kind and not WHOLE.isdisjoint((self.old[i].kind, self.new[j].kind)):
            return 0
        return 4 * self.kept[i][j] + is_same_kind

    def _split(self, i: int, j: int) -> int:
        if not self.has_borders or j + 1 >= len(self.new):
            return 0
        singles = self.kept[i][j], self.kept[i][j + 1]
        blocks = self.old[i], self.new[j], self.new[j + 1]
        return _border_gain(self.old_words[i], (self.new_words[j], self.new_words[j + 1]), singles, blocks)

    def _join(self, i: int, j: int) -> int:
        if not self.has_borders or i + 1 >= len(self.old):
            return 0
        singles = self.kept[i][j], self.kept[i + 1][j]
        blocks = self.new[j], self.old[i], self.old[i + 1]
        return _border_gain(self.new_words[j], (self.old_words[i], self.old_words[i + 1]), singles, blocks)


class _Replacement(_Gap):
    """What has no answer between two paragraphs that have: as many as can be are one another in other words."""

    has_borders = False

    def _same(self, i: int, j: int) -> int:
        if self.old[i].kind is not self.new[j].kind:
            return 0
        return 1 + sum(map(len, self.old_words)) + self.kept[i][j]


def _in_place(
    old: Sequence[Block], new: Sequence[Block], fixed: Sequence[tuple[int, int]], left: tuple[set[int], set[int]]
) -> Iterator[tuple[int, int]]:
    """Pairs (new, old) of what is left over between two `fixed` pairs, which follow each other on both sides."""
    if not all(left):
        return
    for (i, j), (next_i, next_j) in pairwise([(-1, -1), *fixed, (len(old), len(new))]):
        old_at = [index for index in range(i + 1, next_i) if index in left[0]]
        new_at = [index for index in range(j + 1, next_j) if index in left[1]]
        if old_at and new_at:
            for at_old, at_new in _replaced([old[i] for i in old_at], [new[j] for j in new_at]):
                yield new_at[at_new], old_at[at_old]


def _replaced(old: Sequence[Block], new: Sequence[Block]) -> Iterator[tuple[int, int]]:
    """Which answer each other: as many as can be, by the words they keep; of very many, by their kinds alone."""
    if len(old) * len(new) <= GAP_LIMIT:
        gap = _Replacement(old, new)
        if _is_bounded(gap.old_words, gap.new_words):
            return ((at_old, at_new) for step, at_old, at_new in _steps(gap) if step is _SAME)
    return matches([block.kind for block in old], [block.kind for block in new])


def _border_gain(whole: str, parts: tuple[str, str], singles: tuple[int, int], blocks: Sequence[Block]) -> int:
    """What reading `parts` as one paragraph divided is worth: 0 unless both contribute to it."""
    total = len(whole) + sum(map(len, parts))
    if 2 * sum(singles) < BORDER_FROM * total or not all(may_divide(block) for block in blocks):
        return 0
    together = kept(whole, parts[0] + parts[1])
    if 2 * together < BORDER_FROM * total:
        return 0
    contributes = all(
        2 * (together - single) >= len(part) > 0 for single, part in zip(reversed(singles), parts, strict=True)
    )
    return 4 * together if contributes else 0


def _moves(
    old: Sequence[Block], new: Sequence[Block], aligned: _Alignment, alike: Sequence[_Alike]
) -> Iterator[tuple[int, int]]:
    """Pairs (new, old) among what no alignment in order could pair: equal texts, then nearly equal ones."""
    unpaired: dict[str, deque[int]] = defaultdict(deque)
    for i in aligned.left_old(old):
        unpaired[old[i].text].append(i)
    found = {}
    for j in aligned.left_new(new):
        if unpaired[new[j].text]:
            found[j] = unpaired[new[j].text].popleft()
    taken = set(found.values())
    near = (pair for pair in alike if pair.old not in taken and pair.new not in found and _is_move(pair, old, new))
    yield from found.items()
    yield from ((pair.new, pair.old) for pair in _best_pairs(near))


def _is_move(pair: _Alike, old: Sequence[Block], new: Sequence[Block]) -> bool:
    shorter = min(len(words(old[pair.old].text)), len(words(new[pair.new].text)))
    return pair.share >= MOVE_FROM and shorter >= MOVE_FROM_WORDS
