"""Markdown marks as the inline codes of translators' tools, and back again, byte for byte.

Marks that come in pairs (** **, [ ](…)) are spans with a number; what stands alone (a reference, a footnote, a
hard break) is a placeholder. A tool moves codes about; what each stands for is known from the source text.
"""

from collections.abc import Iterator, Sequence
from enum import StrEnum
from itertools import pairwise

from msgspec import Struct

from drafts.mark_pairs import pairs
from drafts.tokens import TokenKind, tokenize

_ALONE = frozenset({TokenKind.FOOTNOTE, TokenKind.REFERENCE, TokenKind.LINE})
_SPANNING = "*_~`]"


class Edge(StrEnum):
    """What a code does."""

    OPENS = "opens"
    CLOSES = "closes"
    ALONE = "alone"


class Code(Struct, frozen=True):
    """An inline code: its number, what it does, and the Markdown it stands for ("" where only a tool knows)."""

    number: str
    edge: Edge
    mark: str = ""


Piece = str | Code


class Spelled(Struct, frozen=True):
    """A text put together again; `unknown` numbers of codes are not the source's, `lost` ones were left out."""

    text: str
    unknown: tuple[str, ...] = ()
    lost: tuple[str, ...] = ()


def pieces(text: str) -> tuple[Piece, ...]:
    """Markdown as words and codes; the words and marks in their order are the text again."""
    marks = dict(_marks(text))
    edges = sorted({0, len(text), *marks, *(at + len(code.mark) for at, code in marks.items())})
    found: list[Piece] = []
    for start, end in pairwise(edges):
        found.append(marks.get(start) or text[start:end])
    return tuple(found)


def spelled(given: Sequence[Piece], source: str, target: str = "") -> Spelled:
    """What a tool gave back, as Markdown: each code is what it was in the `target` sent out, or else in `source`."""
    asked = pieces(source)
    wanted = {(piece.number, piece.edge): piece.mark for piece in asked if isinstance(piece, Code)}
    had = {(one.number, one.edge): one.mark for one in matched(asked, pieces(target)) if isinstance(one, Code)}
    known = {**wanted, **had}
    used: set[tuple[str, Edge]] = set()
    words, unknown = [], []
    for piece in given:
        if isinstance(piece, str):
            words.append(piece)
            continue
        used.add((piece.number, piece.edge))
        mark = known.get((piece.number, piece.edge), piece.mark)
        if not mark:
            unknown.append(piece.number)
        words.append(mark)
    lost = [number for number, edge in wanted if (number, edge) not in used]
    return Spelled("".join(words), tuple(dict.fromkeys(unknown)), tuple(dict.fromkeys(lost)))


def matched(source: Sequence[Piece], target: Sequence[Piece]) -> tuple[Piece, ...]:
    """The pieces of a translation with the numbers that the source gives the same marks, in their order."""
    free: dict[tuple[str, Edge], list[str]] = {}
    for piece in source:
        if isinstance(piece, Code) and piece.edge is not Edge.CLOSES:
            free.setdefault((_sort(piece.mark), piece.edge), []).append(piece.number)
    numbers: dict[str, str] = {}
    for piece in target:
        if isinstance(piece, Code) and piece.number not in numbers:
            same = free.get((_sort(piece.mark), piece.edge), [])
            numbers[piece.number] = same.pop(0) if same else f"t{piece.number}"
    return tuple(
        piece if isinstance(piece, str) else Code(numbers[piece.number], piece.edge, piece.mark) for piece in target
    )


def _sort(mark: str) -> str:
    """What makes two marks the same in two languages: links may lead elsewhere."""
    return mark if mark.startswith("[") else mark[0]


def _marks(text: str) -> Iterator[tuple[int, Code]]:
    """Every mark of a text by its place, numbered as they come; the two of a pair have one number."""
    opening = {one.start: one.end for one in pairs(text)[0] if one.sign[0] in _SPANNING}
    closing: dict[int, str] = {}
    at = number = 0
    for token in tokenize(text):
        if at in closing:
            yield at, Code(closing[at], Edge.CLOSES, token.text)
        elif at in opening:
            number += 1
            closing[opening[at]] = str(number)
            yield at, Code(str(number), Edge.OPENS, token.text)
        elif token.kind in _ALONE or (token.kind is TokenKind.MARK):
            number += 1
            yield at, Code(str(number), Edge.ALONE, token.text)
        at += len(token.text)
