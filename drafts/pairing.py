"""Which paragraph of one text is which of another, when they share no ids: texts that come as files.

Exact texts first, then inside each gap an order-preserving alignment by the words
kept (dynamic programming, never enumeration), then moves among what is left.
"""

from collections import defaultdict, deque
from collections.abc import Iterator, Sequence
from dataclasses import replace
from itertools import pairwise
from typing import NamedTuple

from drafts.blocks import Block, BlockKind, Document
from drafts.constants import BORDER_FROM, GAP_LIMIT, MOVE_FROM, MOVE_FROM_WORDS, PAIR_FROM
from drafts.errors import TooLarge
from drafts.similarity import encoded_words, kept, ratio
from drafts.words import matches

WHOLE_KINDS = frozenset({BlockKind.TABLE, BlockKind.CODE, BlockKind.RULE, BlockKind.NOTE})
"""Kinds that are never split or joined, and never the same block as one of another kind."""


def identified(old: Document, new: Document) -> Document:
    """Return `new` with the ids of the paragraphs of `old` that it keeps, rewords, splits, joins or moves.

    A split keeps the id on its first part, a join the first id. What is new keeps
    its own id; one that `old` uses for something else gets "+" added.
    """
    pairs = _pairs(old.blocks, new.blocks)
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


class _Step(NamedTuple):
    """One step of an alignment: so many old paragraphs answer so many new ones."""

    old: int
    new: int


_SAME, _SPLIT, _JOIN, _GONE, _ADDED = _Step(1, 1), _Step(1, 2), _Step(2, 1), _Step(1, 0), _Step(0, 1)


def _pairs(old: Sequence[Block], new: Sequence[Block]) -> dict[int, int]:
    """New index → old index of every paragraph that continues one."""
    pairs: dict[int, int] = {}
    used_old: set[int] = set()
    used_new: set[int] = set()
    exact = list(matches([block.text for block in old], [block.text for block in new]))
    for (i, j), (next_i, next_j) in pairwise([(-1, -1), *exact, (len(old), len(new))]):
        for step, at_old, at_new in _gap_steps(old[i + 1 : next_i], new[j + 1 : next_j]):
            if step.old and step.new:
                pairs[j + 1 + at_new] = i + 1 + at_old
                used_old.update(range(i + 1 + at_old, i + 1 + at_old + step.old))
                used_new.update(range(j + 1 + at_new, j + 1 + at_new + step.new))
    pairs.update((j, i) for i, j in exact)
    used_old.update(i for i, _ in exact)
    used_new.update(j for _, j in exact)
    left_old = [index for index in range(len(old)) if index not in used_old]
    left_new = [index for index in range(len(new)) if index not in used_new]
    pairs.update(_moves(old, new, left_old, left_new))
    return pairs


def _gap_steps(old: Sequence[Block], new: Sequence[Block]) -> Iterator[tuple[_Step, int, int]]:
    """The steps of the alignment that keeps most words, with the old and new index at which each begins."""
    if not old or not new:
        return
    _ensure_bounded(len(old), len(new))
    best = _Gap(old, new).best_steps()
    at_old = at_new = 0
    while at_old < len(old) or at_new < len(new):
        step = best[at_old][at_new]
        yield step, at_old, at_new
        at_old, at_new = at_old + step.old, at_new + step.new


def _ensure_bounded(old: int, new: int) -> None:
    if old * new > GAP_LIMIT:
        raise TooLarge("too many changed paragraphs", what="paragraphs", size=old * new, limit=GAP_LIMIT)


class _Gap:
    """The paragraphs between two that are the same on both sides, and the words each pair keeps."""

    def __init__(self, old: Sequence[Block], new: Sequence[Block]) -> None:
        encoded = encoded_words([block.text for block in (*old, *new)])
        self.old, self.new = old, new
        self.old_words, self.new_words = encoded[: len(old)], encoded[len(old) :]
        self.kept = [[kept(one, other) for other in self.new_words] for one in self.old_words]

    def best_steps(self) -> list[list[_Step]]:
        """For each old and new index the step to take there; earlier steps in the list win a tie."""
        rows, columns = len(self.old), len(self.new)
        below = [0] * (columns + 2)
        second_below = below
        steps: list[list[_Step]] = [[]] * rows + [[_ADDED] * (columns + 1)]
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
        if not is_same_kind and not WHOLE_KINDS.isdisjoint((self.old[i].kind, self.new[j].kind)):
            return 0
        return 4 * self.kept[i][j] + is_same_kind

    def _split(self, i: int, j: int) -> int:
        if j + 1 >= len(self.new):
            return 0
        singles = self.kept[i][j], self.kept[i][j + 1]
        blocks = self.old[i], self.new[j], self.new[j + 1]
        return _border_gain(self.old_words[i], (self.new_words[j], self.new_words[j + 1]), singles, blocks)

    def _join(self, i: int, j: int) -> int:
        if i + 1 >= len(self.old):
            return 0
        singles = self.kept[i][j], self.kept[i + 1][j]
        blocks = self.new[j], self.old[i], self.old[i + 1]
        return _border_gain(self.new_words[j], (self.old_words[i], self.old_words[i + 1]), singles, blocks)


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


def may_divide(block: Block) -> bool:
    """Tell whether a block can be split, or joined to its neighbour."""
    return block.kind not in WHOLE_KINDS


def _moves(
    old: Sequence[Block], new: Sequence[Block], left_old: Sequence[int], left_new: Sequence[int]
) -> Iterator[tuple[int, int]]:
    """Pairs (new, old) among what no alignment in order could pair: equal texts, then nearly equal ones."""
    waiting: dict[str, deque[int]] = defaultdict(deque)
    for i in left_old:
        waiting[old[i].text].append(i)
    rest_new = []
    for j in left_new:
        if waiting[new[j].text]:
            yield j, waiting[new[j].text].popleft()
        else:
            rest_new.append(j)
    rest_old = sorted(i for indexes in waiting.values() for i in indexes)
    yield from _near_moves(old, new, rest_old, rest_new)


def _near_moves(
    old: Sequence[Block], new: Sequence[Block], left_old: Sequence[int], left_new: Sequence[int]
) -> Iterator[tuple[int, int]]:
    _ensure_bounded(len(left_old), len(left_new))
    encoded = encoded_words([old[i].text for i in left_old] + [new[j].text for j in left_new])
    old_words = dict(zip(left_old, encoded, strict=False))
    new_words = dict(zip(left_new, encoded[len(left_old) :], strict=True))
    found = []
    for i, one in old_words.items():
        for j, other in new_words.items():
            shorter, longer = sorted((len(one), len(other)))
            if shorter >= MOVE_FROM_WORDS and 2 * shorter >= MOVE_FROM * (shorter + longer):
                share = ratio(one, other)
                if share >= MOVE_FROM and may_divide(old[i]) and may_divide(new[j]):
                    found.append((-share, i, j))
    used_old: set[int] = set()
    used_new: set[int] = set()
    for _, i, j in sorted(found):
        if i not in used_old and j not in used_new:
            used_old.add(i)
            used_new.add(j)
            yield j, i
