"""Numbered lines for print: a text broken every so many letters, alike on every machine, so that they can be cited."""

import re
from collections.abc import Iterator

from markupsafe import Markup

LONGEST = 68  # letters of a line; what a printed page holds beside its margin
EVERY = 5  # which lines show their number
_PIECE = re.compile(r"<[^>]*>|\s+|(?:[^\s<&]|&[^;\s]*;)+")
_SIGN = re.compile(r"&[^;\s]*;")


def numbered(html: Markup, first: int) -> tuple[Markup, int]:
    """The same words with a mark where each line begins, the first being line `first`; and the number of the next."""
    lines = list(_lines(str(html)))
    marked = (f"{_mark(first + place)}{line}" for place, line in enumerate(lines))
    return Markup("<br>".join(marked)), first + len(lines)  # noqa: S704  (safe HTML, cut between its words)


def _lines(html: str) -> Iterator[str]:
    line, length = "", 0
    for piece in _PIECE.findall(html):
        if piece.startswith("<"):
            line += piece
            continue
        size = len(_SIGN.sub("x", piece))
        if length + size > LONGEST and length and not piece.isspace():
            yield line.rstrip()
            line, length = "", 0
        if length or not piece.isspace():
            line += piece
            length += size
    yield line.rstrip()


def _mark(line: int) -> str:
    """The beginning of a line; its number stands in the margin and is no part of the words."""
    shown = f' data-line="{line}"' if line % EVERY == 0 else ""
    return f'<span class="line"{shown}></span>'
