"""Plain words as Markdown that prints them, for what an edition says itself and what people write as plain text."""

import re

from drafts.blocks import HARD_BREAK

_MARKS = re.compile(r"([\\`*_\[\]<>])")


def literal(words: str) -> str:
    """Return plain words as inline Markdown that prints them."""
    return _MARKS.sub(r"\\\1", words)


def lines(words: str) -> str:
    """The same for words in several lines, which stay lines; empty ones are dropped."""
    return HARD_BREAK.join(literal(line) for line in map(str.strip, words.splitlines()) if line)
