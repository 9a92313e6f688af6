"""Where words stand in a document, line by line, so that what was read can be shown in its place.

White space, hyphens and the marks of a text's form (`**`, `##`, tags, bullets) are left aside on both sides, because a
sentence runs over the ends of lines, a word may be broken there, and whoever reads the page sees no marks.
"""

import re
from bisect import bisect_right
from collections.abc import Mapping

_LEFT_ASIDE = frozenset("-\u2010\u2011\u00ad\u200b\ufeff|")  # hyphens, signs that nobody sees, edges of cells
_MARKS = re.compile(
    r"^\s*(?:#{1,6}\s+|>\s?|[-*+•●▪◦‣·]\s+)"
    r"|<sup>[^<>]{0,20}</sup>|</?[a-zA-Z][^<>]{0,200}>"
    r"|[*`]+|(?<!\w)_{1,3}(?=\S)|(?<=\S)_{1,3}(?!\w)"
    r"|\[(?=[^\[\]]{1,300}\]\()|(?<=[^\s\[])\]\([^()\s]{1,300}\)"
)

_BROKEN = re.compile(r"[^\W\d_]{2}-$")

Span = tuple[int, int]  # of a line: first and last character, the last one not included
Range = tuple[int, int]  # of a document: first and last sign that counts, the last one not included


def source_lines(text: str) -> list[str]:
    """The lines of a document as they are counted, from 1."""
    return text.replace("\r\n", "\n").replace("\r", "\n").removesuffix("\n").split("\n")


def marks_of_form(line: str) -> list[Span]:
    """The parts of a line that say how it looks, and are no words."""
    return [found.span() for found in _MARKS.finditer(line)]


def without_marks(line: str, span: Span | None = None) -> str:
    """The words of a line, or of a part of it, without the marks of its form."""
    begin, end = span or (0, len(line))
    parts = []
    for first, last in marks_of_form(line):
        if last > begin and first < end:
            parts.append(line[begin : max(begin, first)])
            begin = max(begin, last)
    parts.append(line[begin : max(begin, end)])
    return "".join(parts)


class SourceLines:
    """The lines of one document, to look words up in."""

    def __init__(self, text: str) -> None:
        self.lines = source_lines(text)
        self._begins: list[int] = []  # where each line begins in the signs that count
        self._columns: list[int] = []  # of each sign that counts
        signs: list[str] = []
        for line in self.lines:
            self._begins.append(len(signs))
            hidden = {column for span in marks_of_form(line) for column in range(*span)}
            for column, sign in enumerate(line):
                if _counts(sign) and column not in hidden:
                    signs.append(sign)
                    self._columns.append(column)
        self._signs = "".join(signs)

    def range(self, words: str, *, near: int | None = None) -> Range | None:
        """Where `words` stand among all signs; None where they are not in the document.

        The first place from line `near` on, or else the first of all.
        """
        wanted = "".join(sign for line in source_lines(words) for sign in without_marks(line) if _counts(sign))
        if not wanted:
            return None
        start = self._signs.find(wanted, self._begins[near - 1]) if near and near <= len(self.lines) else -1
        start = self._signs.find(wanted) if start < 0 else start
        return None if start < 0 else (start, start + len(wanted))

    def find(self, words: str, *, near: int | None = None) -> Mapping[int, Span]:
        """The lines (from 1) that hold `words`, and where in each; nothing where they are not in the document."""
        place = self.range(words, near=near)
        return self.spans(place) if place else {}

    def between(self, first: int, last: int) -> str:
        """The words of these lines as running text."""
        return " ".join(" ".join(map(without_marks, self.lines[first - 1 : last])).split())

    def words(self, place: Range) -> str:
        """What stands there, as running text; a word that is broken at the end of a line is whole again."""
        text = ""
        for line, (begin, end) in self.spans(place).items():
            words = without_marks(self.lines[line - 1], (begin, end))
            is_broken = _BROKEN.search(self.lines[line - 1][:end] + self.lines[line - 1][end:].rstrip())
            text += words if is_broken and end < len(self.lines[line - 1]) else f"{words} "
        return " ".join(text.split())

    def spans(self, place: Range) -> Mapping[int, Span]:
        """The lines (from 1) of this place, and what of each belongs to it."""
        start, end = place
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
