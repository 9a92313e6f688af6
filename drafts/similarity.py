"""How much two paragraphs share: words kept in order, counted the same way everywhere."""

from collections.abc import Sequence

from rapidfuzz.distance import LCSseq

from drafts.constants import LIKENESS_LIMIT
from drafts.errors import TooLarge
from drafts.tokens import words
from drafts.words import differing_cells, encoded


def ratio(first: str, second: str) -> float:
    """2 · kept words ÷ words of both: 0 for nothing in common, 1 for the same words in the same order."""
    total = len(first) + len(second)
    return 2 * kept(first, second) / total if total else 0.0


def kept(first: str, second: str) -> int:
    """How many encoded words the two share in order."""
    return LCSseq.similarity(first, second)


def ensure_comparable(some: Sequence[str], others: Sequence[str]) -> None:
    """Refuse to compare the encoded words of each of `some` with those of each of `others` where there are too many."""
    if sum(map(len, some)) * sum(map(len, others)) <= LIKENESS_LIMIT:
        return
    size = sum(differing_cells(cell, other) for cell in some for other in others)
    if size > LIKENESS_LIMIT:
        raise TooLarge("too much to compare", what="comparison", size=size, limit=LIKENESS_LIMIT)


def encoded_words(texts: Sequence[str]) -> tuple[str, ...]:
    """The words of each text, encoded together so that they can be compared with each other."""
    return encoded(*(words(text) for text in texts))
