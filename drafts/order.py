"""Which paragraphs stayed in order: the rest is what moved."""

from collections.abc import Sequence
from itertools import pairwise


def is_increasing(values: Sequence[int]) -> bool:
    return all(first < second for first, second in pairwise(values))


def heaviest_increasing(values: Sequence[int], weights: Sequence[int]) -> frozenset[int]:
    """The values of the increasing subsequence with the greatest total weight; `values` are distinct and ≥ 0.

    O(n log n). Of equally heavy ones the choice is always the same.
    """
    ranks = {value: rank for rank, value in enumerate(sorted(values), start=1)}
    best = [(0, -1)] * (len(values) + 1)
    before: list[int] = []
    top = (0, -1)
    for position, (value, weight) in enumerate(zip(values, weights, strict=True)):
        total, last = _highest(best, ranks[value] - 1)
        before.append(last)
        candidate = (total + weight, position)
        _raise(best, ranks[value], candidate)
        top = max(top, candidate)
    chosen = []
    position = top[1]
    while position >= 0:
        chosen.append(values[position])
        position = before[position]
    return frozenset(chosen)


def _highest(best: Sequence[tuple[int, int]], rank: int) -> tuple[int, int]:
    """The best total among ranks 1 to `rank` (a Fenwick tree)."""
    found = (0, -1)
    while rank > 0:
        found = max(found, best[rank])
        rank -= rank & -rank
    return found


def _raise(best: list[tuple[int, int]], rank: int, candidate: tuple[int, int]) -> None:
    while rank < len(best):
        best[rank] = max(best[rank], candidate)
        rank += rank & -rank
