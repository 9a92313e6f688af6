"""Marks that come in pairs, ** ** or « » or [ ](), as they stand in the text of one block."""

import re
from collections import Counter
from collections.abc import Iterator
from functools import lru_cache
from typing import NamedTuple

from drafts.text.tokens import Token, TokenKind, tokenize

CLOSED_BY = {"(": ")", "«": "»", "“": "”", "[": "]", "![": "]"}
CLOSING = frozenset(CLOSED_BY.values())
_ANY = re.compile(r"[()\[\]«»“”*_~`]")


class MarkPair(NamedTuple):
    """Offsets of two marks that belong together; `sign` is what closes, the same as what opens for ** and the like."""

    start: int
    end: int
    sign: str


def has_marks(text: str) -> bool:
    return not text.isalnum() and _ANY.search(text) is not None


@lru_cache(maxsize=1024)
def pairs_of_marks(text: str) -> tuple[tuple[MarkPair, ...], int]:
    """The pairs of marks in the text of a block, and how many marks have no partner: none in a balanced text."""
    found: list[MarkPair] = []
    opened: list[MarkPair] = []
    unpaired: Counter[str] = Counter()
    single = 0
    for at, sign in marks_in(text):
        if unpaired[sign]:
            while (mark := opened.pop()).sign != sign:
                unpaired[mark.sign] -= 1
                single += 1
            unpaired[sign] -= 1
            found.append(MarkPair(mark.start, at, sign))
        elif sign in CLOSING:
            single += 1
        else:
            opened.append(MarkPair(at, at, CLOSED_BY.get(sign, sign)))
            unpaired[opened[-1].sign] += 1
    return tuple(found), single + len(opened)


def marks_in(text: str) -> Iterator[tuple[int, str]]:
    """Every mark of `text` that may belong to a pair: where it stands, and what it opens or closes."""
    if not has_marks(text):
        return
    at = 0
    for token in tokenize(text):
        if sign := _sign(token):
            yield at, sign
        at += len(token.text)


def _sign(token: Token) -> str:
    """What a token opens or closes; "" for all that is no mark."""
    if token.kind is TokenKind.LINK:
        return "]" if token.text.startswith("](") else ""
    is_quoting = token.kind is TokenKind.PUNCTUATION and (token.text in CLOSED_BY or token.text in CLOSING)
    return token.text if is_quoting or token.kind is TokenKind.MARK else ""
