"""How much two paragraphs share: words kept in order, counted the same way everywhere."""

from collections.abc import Sequence

from rapidfuzz.distance import LCSseq

from drafts.tokens import words
from drafts.words import encoded


def ratio(one: str, other: str) -> float:
    """2 · kept words ÷ words of both: 0 for nothing in common, 1 for the same words in the same order."""
    total = len(one) + len(other)
    return 2 * kept(one, other) / total if total else 0.0


def kept(one: str, other: str) -> int:
    """How many encoded words the two share in order."""
    return LCSseq.similarity(one, other)


def encoded_words(texts: Sequence[str]) -> tuple[str, ...]:
    """The words of each text, encoded together so that they can be compared with each other."""
    return encoded(*(words(text) for text in texts))
