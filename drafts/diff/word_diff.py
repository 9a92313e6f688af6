"""Word hunks: how one text became another, in tokens and exact offsets of canonical text.

Words are aligned first (longest common subsequence, spaces left out), the spaces
between two kept words are then compared byte for byte, and what is purely
inserted or deleted slides to the border a reader would choose.
"""

from bisect import bisect_right
from collections.abc import Iterator, Sequence
from enum import StrEnum
from itertools import accumulate, chain, pairwise
from operator import attrgetter
from typing import NamedTuple

from msgspec import Struct
from rapidfuzz.distance import Indel, Postfix, Prefix

from drafts.base.constants import REPLACED_BELOW, REPLACED_FROM_WORDS, TABLE_LIMIT
from drafts.base.errors import TooLarge
from drafts.text.tokens import PARAGRAPH_START, Token, TokenKind, is_known, tokenize, words


class ChangedSpan(NamedTuple):
    """Old `start` to `end` became new `new_start` to `new_end`; offsets or token indexes, as the function says."""

    start: int
    end: int
    new_start: int
    new_end: int


_SENTENCE_ENDS = frozenset(".!?…")
_CLAUSE_ENDS = frozenset(";:—–")
_CLOSERS = frozenset("»”’\"')]*_")

_AT_PARAGRAPH, _AT_SENTENCE, _AT_CLAUSE, _AT_COMMA, _AT_SPACE, _NOWHERE = 10, 8, 6, 4, 2, 0


def shift_boundaries(spans: Sequence[ChangedSpan], old: Sequence[Token], new: Sequence[Token]) -> list[ChangedSpan]:
    """Slide pure insertions and deletions to the best border: paragraph, sentence, clause, comma, space.

    Spans are token indexes, and the texts they describe stay the same; of equally
    good borders the last wins, so that equal edits get equal hunks.
    """
    result: list[ChangedSpan] = []
    for index, span in enumerate(spans):
        lower = result[-1].end if result else 0
        upper = spans[index + 1].start if index + 1 < len(spans) else len(old)
        result.append(_best(span, old, new, lower=lower, upper=upper) if _may_slide(span, old, new) else span)
    return result


def _may_slide(span: ChangedSpan, old: Sequence[Token], new: Sequence[Token]) -> bool:
    if (span.start == span.end) == (span.new_start == span.new_end):
        return False
    changed = (*old[span.start : span.end], *new[span.new_start : span.new_end])
    return all(token.kind is not TokenKind.START for token in changed)


def _best(span: ChangedSpan, old: Sequence[Token], new: Sequence[Token], *, lower: int, upper: int) -> ChangedSpan:
    """The best place between the old token indexes `lower` and `upper`."""
    tokens, start, end = _sliding(span, old, new)
    left, right = _left(span, tokens, start, end, lower), _right(span, tokens, start, end, upper)
    shift = max(
        range(-left, right + 1),
        key=lambda shift: (_border(tokens, start + shift) + _border(tokens, end + shift), shift),
    )
    return ChangedSpan(*(index + shift for index in span))


def reaches_an_end(spans: Sequence[ChangedSpan], old: Sequence[Token], new: Sequence[Token]) -> bool:
    """Tell whether the first of `spans` could slide to the beginning of the tokens, or the last to their end."""
    first, last = spans[0], spans[-1]
    if _may_slide(first, old, new) and _left(first, *_sliding(first, old, new), 0) == first.start:
        return True
    return _may_slide(last, old, new) and last.end + _right(last, *_sliding(last, old, new), len(old)) == len(old)


def _sliding(span: ChangedSpan, old: Sequence[Token], new: Sequence[Token]) -> tuple[Sequence[Token], int, int]:
    """The side that has the tokens of a pure insertion or deletion, and where they begin and end there."""
    is_insertion = span.start == span.end
    return (new, span.new_start, span.new_end) if is_insertion else (old, span.start, span.end)


def _left(span: ChangedSpan, tokens: Sequence[Token], start: int, end: int, lower: int) -> int:
    left = 0
    while span.start - left > lower and tokens[start - left - 1].text == tokens[end - left - 1].text:
        left += 1
    return left


def _right(span: ChangedSpan, tokens: Sequence[Token], start: int, end: int, upper: int) -> int:
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


class WordOp(StrEnum):
    REPLACE = "replace"
    INSERT = "insert"
    DELETE = "delete"


class TextPosition(Struct, frozen=True, order=True):
    """A place in a document: a block's index and an offset in its canonical text.

    The end of block i is (i, its length); the start of the next is (i + 1, 0):
    two places, which no flat offset could tell apart.
    """

    block: int
    offset: int

    @property
    def key(self) -> tuple[int, int]:
        """What is sorted and looked up much faster than the place itself."""
        return self.block, self.offset


class WordHunk(Struct, frozen=True):
    """`old`, from `start` to `end`, became `new`, from `new_start` to `new_end`.

    `start` and `end` are places in the old document, the others in the new one.
    In a hunk of several old or new blocks the start of a paragraph is written as
    an empty line; `start` and `end` then lie in different blocks.
    """

    op: WordOp
    old: str
    new: str
    start: TextPosition
    end: TextPosition
    new_start: TextPosition
    new_end: TextPosition


def word_diff(old: str, new: str) -> tuple[WordHunk, ...]:
    """How the text of one block became another text; both canonical. Places are in block 0."""
    return group_diff((old,), (new,))


def group_diff(
    old: Sequence[str], new: Sequence[str], *, first_old: int = 0, first_new: int = 0
) -> tuple[WordHunk, ...]:
    """The same for neighbouring paragraphs that were split or joined; blocks count from `first_old` and `first_new`."""
    old_text, new_text = PARAGRAPH_START.join(old), PARAGRAPH_START.join(new)
    old_places, new_places = _Places.of(old, first_old), _Places.of(new, first_new)
    return tuple([_word_hunk(span, old_text, new_text, old_places, new_places) for span in _spans(old_text, new_text)])


def _word_hunk(span: ChangedSpan, old: str, new: str, old_places: "_Places", new_places: "_Places") -> WordHunk:
    start, end, new_start, new_end = span
    return WordHunk(
        _op(span),
        old[start:end],
        new[new_start:new_end],
        old_places.place(start),
        old_places.place(end),
        new_places.place(new_start),
        new_places.place(new_end),
    )


class _Places(NamedTuple):
    """Flat offsets of a group of texts joined by paragraph starts, as places."""

    starts: tuple[int, ...]
    first: int

    @classmethod
    def of(cls, texts: Sequence[str], first: int) -> "_Places":
        if len(texts) == 1:
            return cls((0,), first)
        lengths = (len(text) + len(PARAGRAPH_START) for text in texts[:-1])
        return cls(tuple(accumulate(lengths, initial=0)), first)

    def place(self, offset: int) -> TextPosition:
        if len(self.starts) == 1:
            return TextPosition(self.first, offset)
        index = bisect_right(self.starts, offset) - 1
        return TextPosition(self.first + index, offset - self.starts[index])


def _op(span: ChangedSpan) -> WordOp:
    if span.start == span.end:
        return WordOp.INSERT
    return WordOp.DELETE if span.new_start == span.new_end else WordOp.REPLACE


def _spans(old: str, new: str) -> list[ChangedSpan]:
    if old == new:
        return []
    if _has_lines(old) and _has_lines(new):
        return _line_spans(old, new)
    return _token_spans(old, new)


def _has_lines(text: str) -> bool:
    return "\n" in text and any(token.kind is TokenKind.LINE and token.text == "\n" for token in tokenize(text))


def _line_spans(old: str, new: str) -> list[ChangedSpan]:
    """Rows of a table and lines of code are aligned whole before their words are compared."""
    old_lines, new_lines = old.splitlines(keepends=True), new.splitlines(keepends=True)
    old_at = list(accumulate(map(len, old_lines), initial=0))
    new_at = list(accumulate(map(len, new_lines), initial=0))
    spans: list[ChangedSpan] = []
    for start, end, new_start, new_end in _changed(old_lines, new_lines):
        shift, new_shift = old_at[start], new_at[new_start]
        inner = _token_spans(old[shift : old_at[end]], new[new_shift : new_at[new_end]])
        spans += (
            ChangedSpan(span.start + shift, span.end + shift, span.new_start + new_shift, span.new_end + new_shift)
            for span in inner
        )
    return spans


_text = attrgetter("text")
_CONTEXT = 24
"""Equal characters left standing on either side of a change, so that it can slide there."""


def _token_spans(old: str, new: str) -> list[ChangedSpan]:
    """Changed stretches as offsets. Only what lies between the equal ends is cut into tokens, where that is enough."""
    start, end = _frame(old, new)
    if start or end:
        aside = old[:start], old[len(old) - end :]
        inner = _inner_spans(old[start : len(old) - end], new[start : len(new) - end], aside)
        if inner is not None:
            return [ChangedSpan(*(offset + start for offset in span)) for span in inner]
    return _inner_spans(old, new) or []


def _frame(old: str, new: str) -> tuple[int, int]:
    """How many characters at the beginning and at the end can be left aside: whole tokens, equal on both sides.

    A word after a space begins a token whatever stands before it, unless that is a link.
    """
    if "](" in old or "](" in new or (is_known(old) and is_known(new)):
        return 0, 0
    start = old.rfind(" ", 0, max(0, Prefix.similarity(old, new) - _CONTEXT)) + 1
    if not old[start : start + 1].isalpha():
        start = 0
    end = old.find(" ", len(old) - max(0, Postfix.similarity(old[start:], new[start:]) - _CONTEXT)) + 1
    return start, len(old) - end if end and old[end : end + 1].isalpha() else 0


def _inner_spans(old: str, new: str, aside: Sequence[str] = ()) -> list[ChangedSpan] | None:
    """The same by tokens, of texts with the same words `aside`; None where the answer hangs on what stands there."""
    old_tokens, new_tokens = tokenize(old), tokenize(new)
    if (index := _only_difference(old_tokens, new_tokens)) is not None:
        start = sum([len(token.text) for token in old_tokens[:index]])
        return [ChangedSpan(start, start + len(old_tokens[index].text), start, start + len(new_tokens[index].text))]
    spans, kept = _raw_spans(old_tokens, new_tokens)
    if kept < REPLACED_BELOW * max(len(old_tokens), len(new_tokens)):
        more = sum(len(words(part)) for part in aside)
        longer = more + max(_word_count(old_tokens), _word_count(new_tokens))
        if longer >= REPLACED_FROM_WORDS and (kept + more) / longer < REPLACED_BELOW:
            return None if aside else [ChangedSpan(0, len(old), 0, len(new))]
    if aside and (not spans or reaches_an_end(spans, old_tokens, new_tokens)):
        return None
    return _offsets(_joined(shift_boundaries(spans, old_tokens, new_tokens), old_tokens), old_tokens, new_tokens)


def _only_difference(old: Sequence[Token], new: Sequence[Token]) -> int | None:
    """Where two texts differ in a single token: the commonest amendment, whose answer needs no search."""
    if len(old) != len(new):
        return None
    pairs = enumerate(zip(old, new, strict=True))
    differing = [index for index, (before, after) in pairs if before is not after and before != after]
    return differing[0] if len(differing) == 1 else None


def _offsets(spans: Sequence[ChangedSpan], old: Sequence[Token], new: Sequence[Token]) -> list[ChangedSpan]:
    """Spans of tokens as offsets in the texts."""
    old_at = list(accumulate(map(len, map(_text, old)), initial=0))
    new_at = list(accumulate(map(len, map(_text, new)), initial=0))
    return [ChangedSpan(old_at[s.start], old_at[s.end], new_at[s.new_start], new_at[s.new_end]) for s in spans]


def _raw_spans(old: Sequence[Token], new: Sequence[Token]) -> tuple[list[ChangedSpan], int]:
    """Changed stretches as token indexes, and how many word tokens were kept."""
    space = TokenKind.SPACE
    old_solid = [index for index, token in enumerate(old) if token.kind is not space]
    new_solid = [index for index, token in enumerate(new) if token.kind is not space]
    old_texts, new_texts = list(map(_text, old)), list(map(_text, new))
    spans: list[ChangedSpan] = []
    before, kept = (-1, -1), 0
    for run in _runs([old_texts[i] for i in old_solid], [new_texts[j] for j in new_solid]):
        pairs = [(old_solid[run.start], new_solid[run.new_start]), (old_solid[run.end - 1], new_solid[run.new_end - 1])]
        (first, new_first), (last, new_last) = pairs
        if (
            old_texts[first : last + 1] != new_texts[new_first : new_last + 1]
        ):  # the spaces between the same words differ
            pairs = list(zip(old_solid[run.start : run.end], new_solid[run.new_start : run.new_end], strict=True))
            spans += _between([before, *pairs], old, new)
        else:
            spans += _between([before, pairs[0]], old, new)
        before = pairs[-1]
        kept += sum(old[i].is_word for i in old_solid[run.start : run.end])
    spans += _between([before, (len(old), len(new))], old, new)
    return spans, kept


def _between(kept: Sequence[tuple[int, int]], old: Sequence[Token], new: Sequence[Token]) -> Iterator[ChangedSpan]:
    """What changed between each two tokens that were kept."""
    for (i, j), (next_i, next_j) in pairwise(kept):
        span = _trimmed(ChangedSpan(i + 1, next_i, j + 1, next_j), old, new)
        if span.start < span.end or span.new_start < span.new_end:
            yield span


def _trimmed(span: ChangedSpan, old: Sequence[Token], new: Sequence[Token]) -> ChangedSpan:
    start, end, new_start, new_end = span
    while start < end and new_start < new_end and old[start].text == new[new_start].text:
        start, new_start = start + 1, new_start + 1
    while start < end and new_start < new_end and old[end - 1].text == new[new_end - 1].text:
        end, new_end = end - 1, new_end - 1
    return ChangedSpan(start, end, new_start, new_end)


def _joined(spans: Sequence[ChangedSpan], old: Sequence[Token]) -> list[ChangedSpan]:
    """Make one of spans that only spaces, or nothing, separate."""
    joined: list[ChangedSpan] = []
    for span in spans:
        if joined and all(token.kind is TokenKind.SPACE for token in old[joined[-1].end : span.start]):
            before = joined.pop()
            joined.append(ChangedSpan(before.start, span.end, before.new_start, span.new_end))
        else:
            joined.append(span)
    return joined


def _word_count(tokens: Sequence[Token]) -> int:
    return sum(token.is_word for token in tokens)


def matches(old: Sequence[str], new: Sequence[str]) -> Iterator[tuple[int, int]]:
    """Indexes of a longest common subsequence, in order. Raises `TooLarge` where it would take too long."""
    for run in _runs(old, new):
        yield from zip(range(run.start, run.end), range(run.new_start, run.new_end), strict=True)


def _runs(old: Sequence[str], new: Sequence[str]) -> Iterator[ChangedSpan]:
    """The same as stretches of neighbours."""
    codes = encoded(old, new)
    _ensure_bounded(*codes)
    for operation in Indel.opcodes(*codes):
        if operation.tag == "equal":
            yield ChangedSpan(operation.src_start, operation.src_end, operation.dest_start, operation.dest_end)


def _ensure_bounded(old: str, new: str) -> None:
    """Refuse two sequences whose table of comparisons, equal beginnings and ends aside, is too large."""
    if len(old) * len(new) > TABLE_LIMIT and (size := differing_cells(old, new)) > TABLE_LIMIT:
        raise TooLarge("too much to compare", what="comparison", size=size, limit=TABLE_LIMIT)


def differing_cells(old: str, new: str) -> int:
    """The size of the table in which two sequences are compared: their equal beginnings and ends are not in it."""
    same = Prefix.similarity(old, new)
    same += Postfix.similarity(old[same:], new[same:])
    return (len(old) - same) * (len(new) - same)


def _changed(old: Sequence[str], new: Sequence[str]) -> Iterator[ChangedSpan]:
    """The stretches of `old` and `new` between the members of a longest common subsequence."""
    for (i, j), (next_i, next_j) in pairwise([(-1, -1), *matches(old, new), (len(old), len(new))]):
        if i + 1 < next_i or j + 1 < next_j:
            yield ChangedSpan(i + 1, next_i, j + 1, next_j)


def encoded(*sequences: Sequence[str]) -> tuple[str, ...]:
    """Each sequence of texts as a string of one character per text, the same text always the same character.

    What the fast engine compares best, and without hashes whose collisions would change a result.
    """
    alphabet = {text: chr(index) for index, text in enumerate(dict.fromkeys(chain.from_iterable(sequences)))}
    return tuple("".join(map(alphabet.__getitem__, sequence)) for sequence in sequences)
