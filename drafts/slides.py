"""Where a pure insertion or deletion stands, when the same text results from several places."""

from collections.abc import Sequence

from drafts.spans import Span
from drafts.tokens import Token, TokenKind

_SENTENCE_ENDS = frozenset(".!?…")
_CLAUSE_ENDS = frozenset(";:—–")
_CLOSERS = frozenset("»”’\"')]*_")

_AT_PARAGRAPH, _AT_SENTENCE, _AT_CLAUSE, _AT_COMMA, _AT_SPACE, _NOWHERE = 10, 8, 6, 4, 2, 0


def slid(spans: Sequence[Span], old: Sequence[Token], new: Sequence[Token]) -> list[Span]:
    """Slide pure insertions and deletions to the best border: paragraph, sentence, clause, comma, space.

    Spans are token indexes, and the texts they describe stay the same; of equally
    good borders the last wins, so that equal edits get equal hunks.
    """
    result: list[Span] = []
    for index, span in enumerate(spans):
        lower = result[-1].end if result else 0
        upper = spans[index + 1].start if index + 1 < len(spans) else len(old)
        result.append(_best(span, old, new, lower=lower, upper=upper) if _may_slide(span, old, new) else span)
    return result


def _may_slide(span: Span, old: Sequence[Token], new: Sequence[Token]) -> bool:
    if (span.start == span.end) == (span.new_start == span.new_end):
        return False
    changed = (*old[span.start : span.end], *new[span.new_start : span.new_end])
    return all(token.kind is not TokenKind.START for token in changed)


def _best(span: Span, old: Sequence[Token], new: Sequence[Token], *, lower: int, upper: int) -> Span:
    """The best place between the old token indexes `lower` and `upper`."""
    tokens, start, end = _sliding(span, old, new)
    left, right = _left(span, tokens, start, end, lower), _right(span, tokens, start, end, upper)
    shift = max(
        range(-left, right + 1),
        key=lambda shift: (_border(tokens, start + shift) + _border(tokens, end + shift), shift),
    )
    return Span(*(index + shift for index in span))


def reaches_an_end(spans: Sequence[Span], old: Sequence[Token], new: Sequence[Token]) -> bool:
    """Tell whether the first of `spans` could slide to the beginning of the tokens, or the last to their end."""
    first, last = spans[0], spans[-1]
    if _may_slide(first, old, new) and _left(first, *_sliding(first, old, new), 0) == first.start:
        return True
    return _may_slide(last, old, new) and last.end + _right(last, *_sliding(last, old, new), len(old)) == len(old)


def _sliding(span: Span, old: Sequence[Token], new: Sequence[Token]) -> tuple[Sequence[Token], int, int]:
    """The side that has the tokens of a pure insertion or deletion, and where they begin and end there."""
    is_insertion = span.start == span.end
    return (new, span.new_start, span.new_end) if is_insertion else (old, span.start, span.end)


def _left(span: Span, tokens: Sequence[Token], start: int, end: int, lower: int) -> int:
    left = 0
    while span.start - left > lower and tokens[start - left - 1].text == tokens[end - left - 1].text:
        left += 1
    return left


def _right(span: Span, tokens: Sequence[Token], start: int, end: int, upper: int) -> int:
    right = 0
    while span.end + right < upper and tokens[start + right].text == tokens[end + right].text:
        right += 1
    return right


def _border(tokens: Sequence[Token], index: int) -> int:
    """How good a border lies before token `index`; after the space is better than before it."""
    if index in (0, len(tokens)):
        return _AT_PARAGRAPH
    before, after = tokens[index - 1], tokens[index]
    if TokenKind.LINE in (before.kind, after.kind) or TokenKind.START in (before.kind, after.kind):
        return _AT_PARAGRAPH
    if before.kind is TokenKind.SPACE:
        return _ended(tokens, index - 1)
    return _ended(tokens, index) - 1 if after.kind is TokenKind.SPACE else _NOWHERE


def _ended(tokens: Sequence[Token], space: int) -> int:
    """What ends before the space at index `space`."""
    index = space - 1
    while index > 0 and tokens[index].text[0] in _CLOSERS:
        index -= 1
    mark = tokens[index].text[-1] if index >= 0 else ""
    if mark in _SENTENCE_ENDS:
        return _AT_SENTENCE
    if mark in _CLAUSE_ENDS:
        return _AT_CLAUSE
    return _AT_COMMA if mark == "," else _AT_SPACE
