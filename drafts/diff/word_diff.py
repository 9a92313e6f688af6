"""Word hunks: how one text became another, in tokens and exact offsets of canonical text.

Words are aligned first (longest common subsequence, spaces left out), the spaces
between two kept words are then compared byte for byte, and what is purely
inserted or deleted slides to the border a reader would choose.
"""

from bisect import bisect_right
from collections.abc import Callable, Iterator, Sequence
from enum import StrEnum
from functools import partial
from itertools import accumulate, chain, pairwise
from operator import attrgetter
from typing import NamedTuple, TypeAlias

from msgspec import Struct
from rapidfuzz.distance import Indel, Postfix, Prefix

from drafts.base.constants import REPLACED_BELOW, REPLACED_FROM_WORDS, TABLE_LIMIT
from drafts.base.errors import TooLarge
from drafts.text.tokens import PARAGRAPH_START, PieceCodes, Token, TokenKind, piece_codes, tokenize


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


_Place: TypeAlias = Callable[[int], TextPosition]


def word_diff(old: str, new: str) -> tuple[WordHunk, ...]:
    """How the text of one block became another text; both canonical. Places are in block 0."""
    return group_diff((old,), (new,))


def group_diff(
    old: Sequence[str], new: Sequence[str], *, first_old: int = 0, first_new: int = 0
) -> tuple[WordHunk, ...]:
    """The same for neighbouring paragraphs that were split or joined; blocks count from `first_old` and `first_new`."""
    old_text, new_text = PARAGRAPH_START.join(old), PARAGRAPH_START.join(new)
    place, new_place = _places(old, first_old), _places(new, first_new)
    return tuple([_word_hunk(old_text, new_text, span, place, new_place) for span in _spans(old_text, new_text)])


def _word_hunk(old: str, new: str, span: ChangedSpan, place: _Place, new_place: _Place) -> WordHunk:
    i, end, j, new_end = span
    return WordHunk(_op(span), old[i:end], new[j:new_end], place(i), place(end), new_place(j), new_place(new_end))


def _places(texts: Sequence[str], first: int) -> _Place:
    """What makes places of flat offsets in a group of texts joined by paragraph starts."""
    if len(texts) == 1:
        return partial(TextPosition, first)
    starts = tuple(accumulate((len(text) + len(PARAGRAPH_START) for text in texts[:-1]), initial=0))

    def place(offset: int) -> TextPosition:
        index = bisect_right(starts, offset) - 1
        return TextPosition(first + index, offset - starts[index])

    return place


def _op(span: ChangedSpan) -> WordOp:
    if span.start == span.end:
        return WordOp.INSERT
    return WordOp.DELETE if span.new_start == span.new_end else WordOp.REPLACE


def _spans(old: str, new: str) -> list[ChangedSpan]:
    if _has_lines(old) and _has_lines(new):
        return _line_spans(old, new)
    spans = _replaced_pieces(old, new)
    return _token_spans(old, new) if spans is None else spans


def _replaced_pieces(old: str, new: str) -> list[ChangedSpan] | None:
    """The changed stretches where words only gave way to others, the commonest change: these alone are cut into tokens.

    None where more has to be looked at: here nothing could slide, and no other alignment would keep more tokens.
    """
    codes = piece_codes()
    coded, spans = codes.of(old), list[ChangedSpan]()
    gone, came = list[str](), list[str]()
    for at, new_at, before, after in _replacements(codes, coded, codes.of(new)):
        start, end, new_start, new_end = span = _trimmed(ChangedSpan(0, len(before), 0, len(after)), before, after)
        if start == end or new_start == new_end:
            return None
        spans += _offsets([span], before, after, at, new_at)
        gone += before[start:end]
        came += after[new_start:new_end]
    is_mosaic = len(coded) - len(gone) < REPLACED_BELOW * max(len(coded), len(coded) - len(gone) + len(came))
    is_open = is_mosaic or "](" in old or "](" in new or not codes.wordless.isdisjoint(coded)
    return spans if not is_open and {*gone}.difference(_SPACES).isdisjoint(came) else None


_SPACES = frozenset(" \u00a0\u202f")


def _replacements(codes: PieceCodes, old: str, new: str) -> Iterator[tuple[int, int, list[str], list[str]]]:
    """Where in both texts each changed stretch begins, and the tokens of both its sides."""
    at = new_at = kept = 0
    for start, end, new_start, new_end in _changed(old, new):
        run, gone, came = (
            codes.length(old[kept:start]),
            codes.tokens(old[start:end]),
            codes.tokens(new[new_start:new_end]),
        )
        yield at + run, new_at + run, gone, came
        at, new_at, kept = at + run + sum(map(len, gone), 1), new_at + run + sum(map(len, came), 1), end


def _has_lines(text: str) -> bool:
    return "\n" in text and any(token.kind is TokenKind.LINE and token.text == "\n" for token in tokenize(text))


def _line_spans(old: str, new: str) -> list[ChangedSpan]:
    """Rows of a table and lines of code are aligned whole before their words are compared."""
    old_lines, new_lines = old.splitlines(keepends=True), new.splitlines(keepends=True)
    old_at = list(accumulate(map(len, old_lines), initial=0))
    new_at = list(accumulate(map(len, new_lines), initial=0))
    spans: list[ChangedSpan] = []
    for start, end, new_start, new_end in _changed(*encoded(old_lines, new_lines)):
        shift, new_shift = old_at[start], new_at[new_start]
        inner = _token_spans(old[shift : old_at[end]], new[new_shift : new_at[new_end]])
        spans += (
            ChangedSpan(span.start + shift, span.end + shift, span.new_start + new_shift, span.new_end + new_shift)
            for span in inner
        )
    return spans


_text = attrgetter("text")


def _token_spans(old: str, new: str) -> list[ChangedSpan]:
    """Changed stretches as offsets, by tokens."""
    tokens, new_tokens = tokenize(old), tokenize(new)
    texts, new_texts = list(map(_text, tokens)), list(map(_text, new_tokens))
    runs = _kept_tokens(tokens, new_tokens)
    if sum(map(len, runs)) < REPLACED_BELOW * max(len(tokens), len(new_tokens)):
        longer = max(_word_count(tokens), _word_count(new_tokens))
        kept = _word_count([tokens[i] for run in runs for i, _ in run])
        if longer >= REPLACED_FROM_WORDS and kept / longer < REPLACED_BELOW:
            return [ChangedSpan(0, len(old), 0, len(new))]
    spans = list(_between([[(-1, -1)], *runs, [(len(tokens), len(new_tokens))]], texts, new_texts))
    return _offsets(_joined(shift_boundaries(spans, tokens, new_tokens), tokens), texts, new_texts)


def _offsets(
    spans: Sequence[ChangedSpan], old: Sequence[str], new: Sequence[str], start: int = 0, new_start: int = 0
) -> list[ChangedSpan]:
    """Spans of tokens as offsets in the texts, which begin at `start` and `new_start`."""
    at, new_at = list(accumulate(map(len, old), initial=start)), list(accumulate(map(len, new), initial=new_start))
    return [ChangedSpan(at[s.start], at[s.end], new_at[s.new_start], new_at[s.new_end]) for s in spans]


def _kept_tokens(old: Sequence[Token], new: Sequence[Token]) -> list[list[tuple[int, int]]]:
    """Indexes of the tokens other than spaces that both sides have in order, in runs between which one has more."""
    codes, space = piece_codes(), TokenKind.SPACE
    solid = [index for index, token in enumerate(old) if token.kind is not space]
    new_solid = [index for index, token in enumerate(new) if token.kind is not space]
    coded, new_coded = [codes[old[i].text] for i in solid], [codes[new[j].text] for j in new_solid]
    runs = _runs("".join(coded), "".join(new_coded))
    return [list(zip(solid[i : i + size], new_solid[j : j + size], strict=True)) for i, j, size in runs if size]


def _between(
    runs: Sequence[Sequence[tuple[int, int]]], old: Sequence[str], new: Sequence[str]
) -> Iterator[ChangedSpan]:
    """What changed between each two tokens that were kept: inside a run it may be spaces."""
    for run, following in pairwise(runs):
        (i, j), (last, new_last) = run[0], run[-1]
        pairs = run[-1:] if old[i:last] == new[j:new_last] else run
        for (at, new_at), (end, new_end) in pairwise((*pairs, following[0])):
            if old[at + 1 : end] != new[new_at + 1 : new_end]:
                yield _trimmed(ChangedSpan(at + 1, end, new_at + 1, new_end), old, new)


def _trimmed(span: ChangedSpan, old: Sequence[str], new: Sequence[str]) -> ChangedSpan:
    start, end, new_start, new_end = span
    while start < end and new_start < new_end and old[start] == new[new_start]:
        start, new_start = start + 1, new_start + 1
    while start < end and new_start < new_end and old[end - 1] == new[new_end - 1]:
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
    for i, j, size in _runs(*encoded(old, new)):
        yield from zip(range(i, i + size), range(j, j + size), strict=True)


def _runs(old: str, new: str) -> Sequence[tuple[int, int, int]]:
    """The same for what is encoded already, as stretches of neighbours with their lengths; the last is empty."""
    _ensure_bounded(old, new)
    return [(run.a, run.b, run.size) for run in Indel.opcodes(old, new).as_matching_blocks()]


def _ensure_bounded(old: str, new: str) -> None:
    """Refuse two sequences whose table of comparisons, equal beginnings and ends aside, is too large."""
    if len(old) * len(new) > TABLE_LIMIT and (size := differing_cells(old, new)) > TABLE_LIMIT:
        raise TooLarge("too much to compare", what="comparison", size=size, limit=TABLE_LIMIT)


def differing_cells(old: str, new: str) -> int:
    """The size of the table in which two sequences are compared: their equal beginnings and ends are not in it."""
    same = Prefix.similarity(old, new)
    same += Postfix.similarity(old[same:], new[same:])
    return (len(old) - same) * (len(new) - same)


def _changed(old: str, new: str) -> Iterator[ChangedSpan]:
    """What lies between such stretches."""
    at = new_at = 0
    for i, j, size in _runs(old, new):
        if at < i or new_at < j:
            yield ChangedSpan(at, i, new_at, j)
        at, new_at = i + size, j + size


def encoded(*sequences: Sequence[str]) -> tuple[str, ...]:
    """Each sequence of texts as a string of one character per text, the same text always the same character.

    What the fast engine compares best, and without hashes whose collisions would change a result.
    """
    alphabet = {text: chr(index) for index, text in enumerate(dict.fromkeys(chain.from_iterable(sequences)))}
    return tuple("".join(map(alphabet.__getitem__, sequence)) for sequence in sequences)
