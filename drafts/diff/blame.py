"""Who put this word here: the words of a text, each with the version that brought it."""

from collections.abc import Iterator, Sequence
from itertools import groupby

from msgspec import Struct

from drafts.diff.word_diff import word_diff


class BlamedRun(Struct, frozen=True):
    """Neighbouring words that one version brought; `version` is its place in the sequence."""

    text: str
    version: int


def blame(versions: Sequence[str]) -> tuple[BlamedRun, ...]:
    """The last of `versions`, one text over time from the oldest on, in runs that together are that text.

    What a version keeps stays with the one that brought it. A version that says what an earlier one said,
    as after an undo, gives every word back to where it had been. O(sum of the lengths of changed versions).
    """
    known: dict[str, tuple[BlamedRun, ...]] = {}
    runs: tuple[BlamedRun, ...] = ()
    for version, text in enumerate(versions):
        if text not in known:
            known[text] = _merged(_taken_over(runs, text, version)) if runs else _merged([BlamedRun(text, version)])
        runs = known[text]
    return runs


def _taken_over(runs: Sequence[BlamedRun], text: str, version: int) -> Iterator[BlamedRun]:
    """The runs of the version before, cut where `text` differs from it, and its own words in between."""
    old = "".join(run.text for run in runs)
    at = 0
    for hunk in word_diff(old, text):
        yield from _between(runs, at, hunk.start.offset)
        yield BlamedRun(hunk.new, version)
        at = hunk.end.offset
    yield from _between(runs, at, len(old))


def _between(runs: Sequence[BlamedRun], start: int, end: int) -> Iterator[BlamedRun]:
    at = 0
    for run in runs:
        first, last = max(start, at), min(end, at + len(run.text))
        if first < last:
            yield BlamedRun(run.text[first - at : last - at], run.version)
        at += len(run.text)


def _merged(runs: Sequence[BlamedRun] | Iterator[BlamedRun]) -> tuple[BlamedRun, ...]:
    said = (run for run in runs if run.text)
    return tuple(
        BlamedRun("".join(run.text for run in same), version)
        for version, same in groupby(said, key=lambda blamed_run: blamed_run.version)
    )
