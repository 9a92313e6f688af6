"""Medians of runs taken in turn, so that a busy machine slows every candidate alike."""

import gc
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from math import log
from resource import RUSAGE_CHILDREN, getrusage
from statistics import median
from time import process_time

Timed = Callable[[], object]


def medians(candidates: Mapping[str, Timed], *, rounds: int = 5) -> dict[str, float]:
    """Milliseconds of the processor that each candidate takes, without the garbage collector, as `timeit` measures.

    What it costs depends on everything else that the process holds: here, on the texts of all the other measurements.
    """
    taken: dict[str, list[float]] = {name: [] for name in candidates}
    for _ in range(rounds):
        for name, candidate in candidates.items():
            gc.collect()
            gc.disable()
            try:
                started = worked()
                candidate()
                taken[name].append((worked() - started) * 1000)
            finally:
                gc.enable()
    return {name: median(times) for name, times in taken.items()}


def least(candidates: Mapping[str, Timed], *, rounds: int = 4, runs: int = 3) -> dict[str, float]:
    """Milliseconds of the processor that each candidate takes at the least: `runs` at a time, in turn, some `rounds`.

    Nothing makes a run quicker than it is, and much makes it slower: what the machine does beside it, rubbish that
    others left, memory that another candidate filled. The least of several, apart in time, is hardly touched by that.
    """
    taken: dict[str, list[float]] = {name: [] for name in candidates}
    for _ in range(rounds):
        for name, candidate in candidates.items():
            for _ in range(runs):
                started = worked()
                candidate()
                taken[name].append((worked() - started) * 1000)
    return {name: min(times) for name, times in taken.items()}


def worked() -> float:
    """Seconds of the processor that this process took, and those it began that have ended."""
    began = getrusage(RUSAGE_CHILDREN)
    return process_time() + began.ru_utime + began.ru_stime


def exponent(sizes: list[int], times: list[float]) -> float:
    """The power of n by which the time grows from the first size to the last."""
    return log(times[-1] / times[0]) / log(sizes[-1] / sizes[0])


def row(name: str, milliseconds: float, ours: float, quality: str = "") -> str:
    return f"  {name:<42} {milliseconds:>10.1f} ms   {milliseconds / ours:>8.1f} ×   {quality}"


@dataclass(frozen=True)
class Measured:
    """One target: what was wanted and measured, as words, and how much of what it allows was needed (1 is all)."""

    what: str
    wanted: str
    measured: str
    share: float

    @property
    def is_met(self) -> bool:
        return self.share <= 1


@dataclass
class Targets:
    """What the program is meant to reach, and what this run measured."""

    rows: list[Measured] = field(default_factory=list)

    def most(self, what: str, measured: float, limit: float, unit: str) -> None:
        """The measured value may be `limit` at most."""
        self.rows.append(Measured(what, f"≤ {limit:g} {unit}", f"{measured:.3g} {unit}", measured / limit))

    def growth(self, what: str, measured: float, limit: float) -> None:
        self.rows.append(Measured(what, f"≤ n^{limit:g}", f"n^{measured:.2f}", measured / limit))

    def times(self, what: str, measured: float, limit: float) -> None:
        """The peer must take `limit` times as long at least."""
        self.rows.append(Measured(what, f"≥ {limit:g} ×", f"{measured:,.2f} ×", limit / measured))

    def table(self) -> Iterator[str]:
        yield ""
        yield f"  {'target':<72} {'wanted':>10} {'measured':>12}"
        for one in self.rows:
            yield f"  {one.what:<72} {one.wanted:>10} {one.measured:>12}   {'met' if one.is_met else 'MISSED'}"
