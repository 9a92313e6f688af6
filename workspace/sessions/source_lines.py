"""Where words stand in a document, line by line, so that what was read can be shown in its place.

White space and hyphens are left aside on both sides, because a sentence runs over the ends of lines
and a word may be broken there.
"""

from bisect import bisect_right
from collections.abc import Mapping

_LEFT_ASIDE = frozenset("-\u2010\u2011\u00ad\u200b\ufeff")  # hyphens, and signs that nobody sees

Span = tuple[int, int]  # of a line: first and last character, the last one not included


def source_lines(text: str) -> list[str]:
    """The lines of a document as they are counted, from 1."""
    return text.replace("\r\n", "\n").replace("\r", "\n").removesuffix("\n").split("\n")


class SourceLines:
    """The lines of one document, to look words up in."""

    def __init__(self, text: str) -> None:
        self.lines = source_lines(text)
        self._begins: list[int] = []  # where each line begins in the signs that count
        self._columns: list[int] = []  # of each sign that counts
        signs: list[str] = []
        for line in self.lines:
            self._begins.append(len(signs))
            for column, sign in enumerate(line):
                if _counts(sign):
                    signs.append(sign)
                    self._columns.append(column)
        self._signs = "".join(signs)

    def find(self, words: str, *, near: int | None = None) -> Mapping[int, Span]:
        """The lines (from 1) that hold `words`, and where in each; nothing where they are not in the document.

        The first place from line `near` on, or else the first of all.
        """
        wanted = "".join(filter(_counts, words))
        if not wanted:
            return {}
        start = self._signs.find(wanted, self._begins[near - 1]) if near and near <= len(self.lines) else -1
        start = self._signs.find(wanted) if start < 0 else start
        return {} if start < 0 else self._spans(start, start + len(wanted))

    def between(self, first: int, last: int) -> str:
        """The words of these lines as running text."""
        return " ".join(" ".join(self.lines[first - 1 : last]).split())

    def _spans(self, start: int, end: int) -> Mapping[int, Span]:
        found: dict[int, Span] = {}
        line = bisect_right(self._begins, start) - 1
        while line < len(self.lines) and self._begins[line] < end:
            until = self._begins[line + 1] if line + 1 < len(self.lines) else len(self._signs)
            begin, stop = max(start, self._begins[line]), min(end, until)
            if begin < stop:
                found[line + 1] = (self._columns[begin], self._columns[stop - 1] + 1)
            line += 1
        return found


def _counts(sign: str) -> bool:
    return not sign.isspace() and sign not in _LEFT_ASIDE
