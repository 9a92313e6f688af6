"""Medians of runs taken in turn, so that a busy machine slows every candidate alike."""

from collections.abc import Callable, Mapping
from math import log
from statistics import median
from time import perf_counter

Timed = Callable[[], object]


def medians(candidates: Mapping[str, Timed], *, rounds: int = 5) -> dict[str, float]:
    """Milliseconds of each candidate."""
    taken: dict[str, list[float]] = {name: [] for name in candidates}
    for _ in range(rounds):
        for name, candidate in candidates.items():
            started = perf_counter()
            candidate()
            taken[name].append((perf_counter() - started) * 1000)
    return {name: median(times) for name, times in taken.items()}


def exponent(sizes: list[int], times: list[float]) -> float:
    """The power of n by which the time grows from the first size to the last."""
    return log(times[-1] / times[0]) / log(sizes[-1] / sizes[0])


def row(name: str, milliseconds: float, ours: float, quality: str = "") -> str:
    return f"  {name:<42} {milliseconds:>10.1f} ms   {milliseconds / ours:>8.1f} ×   {quality}"
