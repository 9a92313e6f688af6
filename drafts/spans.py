"""A changed stretch on both sides of a comparison: the small value the diff passes around inside."""

from typing import NamedTuple


class Span(NamedTuple):
    """Old `start` to `end` became new `new_start` to `new_end`; offsets or token indexes, as the function says."""

    start: int
    end: int
    new_start: int
    new_end: int
