"""Anchors: where a comment points, carried to the next revision through the hunks, so that nobody searches for it."""

from bisect import bisect_left, bisect_right
from collections.abc import Iterable, Iterator, Sequence
from enum import StrEnum
from itertools import islice, takewhile

from msgspec import Struct

from drafts.diff.document_diff import comparable
from drafts.diff.hunks import Hunk, HunkKind
from drafts.diff.word_diff import TextPosition
from drafts.text.blocks import Document
from drafts.text.tokens import words

CONTEXT = 32
"""Characters kept on either side of a quote, to tell two equal quotes apart."""

_SEARCH_FROM_WORDS = 3
_MANY = 20


class Anchor(Struct, frozen=True):
    """A range of one block: offsets in its canonical text, what stands there, and what stands around it in the block.

    An empty quote points between two characters, or at the block as a whole.
    """

    block: str
    start: int
    end: int
    quote: str
    before: str = ""
    after: str = ""


class AnchorState(StrEnum):
    """What a revision did to the place a comment speaks of."""

    KEPT = "kept"  # the same words in the same paragraph
    MOVED = "moved"  # the same words elsewhere: the paragraph moved, was split or joined, or the words were
    EDITED = "edited"  # other words now, at least in part
    ORPHANED = "orphaned"  # the words are gone


class CarriedAnchor(Struct, frozen=True):
    """An anchor in the new revision. `beside` is the block to show it at.

    Unless it is orphaned, the quote stands at the place of `anchor`. An orphan keeps
    its old anchor; it is shown beside what is left of its paragraph, or the one that
    stood before it (None in an empty text).
    """

    state: AnchorState
    anchor: Anchor
    beside: str | None


def carry_anchor(
    anchors: Iterable[Anchor], old: Document, new: Document, hunks: Iterable[Hunk]
) -> tuple[CarriedAnchor, ...]:
    """Carry `anchors` on `old` to `new`, in the order given; `hunks` are those of `diff(old, new)`.

    Only a quote whose words the hunks replace or delete, or that is not where its
    anchor says, is searched for, and only in what the hunks brought.
    """
    carrier = _AnchorCarrier(*comparable(old, new), tuple(hunks))
    return tuple(carrier.carried(anchor) for anchor in anchors)


def _anchor(block: str, text: str, start: int, end: int) -> Anchor:
    return Anchor(block, start, end, text[start:end], text[max(0, start - CONTEXT) : start], text[end : end + CONTEXT])


class _AnchorCarrier:
    """Maps ranges of one document to another."""

    def __init__(self, old: Document, new: Document, hunks: Sequence[Hunk]) -> None:
        self.new = new
        self.texts = {block.id: block.text for block in old}
        self.changed: dict[str, tuple[Hunk, int]] = {
            block.id: (hunk, index) for hunk in hunks for block, index in zip(hunk.old, hunk.old_blocks, strict=True)
        }
        self.search = _QuoteSearch(new, hunks)
        self.starts = {hunk.old_blocks: [words.start.key for words in hunk.words] for hunk in hunks}
        self.ends = {hunk.old_blocks: [words.end.key for words in hunk.words] for hunk in hunks}

    def carried(self, anchor: Anchor) -> CarriedAnchor:
        text = self.texts.get(anchor.block)
        if text is None or text[anchor.start : anchor.end] != anchor.quote:
            return self._lost(anchor)
        if anchor.block not in self.changed:
            return CarriedAnchor(AnchorState.KEPT, anchor, anchor.block)
        hunk, index = self.changed[anchor.block]
        if hunk.kind is HunkKind.DELETE:
            return self._lost(anchor)
        start, end = self._mapped(hunk, TextPosition(index, anchor.start), TextPosition(index, anchor.end))
        found = self._range(start, end, anchor.quote)
        if found is None or (anchor.quote and not found.quote):
            return self._lost(anchor)
        return CarriedAnchor(_state(anchor, found, hunk), found, found.block)

    def _mapped(self, hunk: Hunk, start: TextPosition, end: TextPosition) -> tuple[TextPosition, TextPosition]:
        """Where a range comes to stand, without words inserted at its borders, with those that replace its own."""
        starts, ends = self.starts[hunk.old_blocks], self.ends[hunk.old_blocks]
        first = bisect_right(ends, start.key)
        if start == end:
            while first and hunk.words[first - 1].start == start:
                first -= 1
        new_start = _shifted(hunk, first - 1, start)
        if first < len(starts) and starts[first] < start.key:
            new_start = hunk.words[first].new_end
        last = bisect_left(starts, end.key)
        new_end = _shifted(hunk, last - 1, end)
        if last and ends[last - 1] > end.key:
            new_end = hunk.words[last - 1].new_start
        return new_start, new_end

    def _range(self, start: TextPosition, end: TextPosition, quote: str) -> Anchor | None:
        """The anchor from `start` to `end`; of a range that a split divides the longest part."""
        if start.block == end.block and start.offset <= end.offset:
            block = self.new.blocks[start.block]
            is_same = block.text[start.offset : end.offset] == quote
            write = _anchor if is_same else _stripped
            return write(block.id, block.text, start.offset, end.offset)
        parts = []
        for index in range(start.block, end.block + 1):
            block = self.new.blocks[index]
            first = start.offset if index == start.block else 0
            last = end.offset if index == end.block else len(block.text)
            parts.append(_stripped(block.id, block.text, first, last))
        return max(parts, key=lambda anchor: len(anchor.quote), default=None)

    def _lost(self, anchor: Anchor) -> CarriedAnchor:
        found = self.search.place(anchor)
        if found is not None:
            return CarriedAnchor(AnchorState.MOVED, found, found.block)
        return CarriedAnchor(AnchorState.ORPHANED, anchor, self._neighbour(anchor.block))

    def _neighbour(self, block: str) -> str | None:
        """What is left of a block, else what stands where it stood."""
        if not self.new.blocks or block not in self.texts:
            return self.new.blocks[0].id if self.new.blocks else None
        if block not in self.changed:
            return block
        hunk, _ = self.changed[block]
        return hunk.new[0].id if hunk.new else self.new.blocks[max(0, (hunk.new_gap or 0) - 1)].id


def _shifted(hunk: Hunk, index: int, place: TextPosition) -> TextPosition:
    """`place`, which word hunk `index` is the last to precede, in the new document."""
    if index < 0:
        return TextPosition(hunk.new_blocks[0], place.offset)
    words = hunk.words[index]
    return TextPosition(words.new_end.block, words.new_end.offset + place.offset - words.end.offset)


def _stripped(block: str, text: str, start: int, end: int) -> Anchor:
    """The range without spaces at its ends that an edit has left there."""
    while start < end and text[start] == " ":
        start += 1
    while start < end and text[end - 1] == " ":
        end -= 1
    return _anchor(block, text, start, end)


def _state(anchor: Anchor, found: Anchor, hunk: Hunk) -> AnchorState:
    if found.quote != anchor.quote:
        return AnchorState.EDITED
    is_elsewhere = hunk.kind is HunkKind.MOVE or found.block != anchor.block
    return AnchorState.MOVED if is_elsewhere else AnchorState.KEPT


class _QuoteSearch:
    """Looks for a quote in the paragraphs that hunks wrote, for words that were taken out here and put in there."""

    def __init__(self, new: Document, hunks: Sequence[Hunk]) -> None:
        self.blocks = [new.blocks[index] for hunk in hunks for index in hunk.new_blocks]

    def place(self, anchor: Anchor) -> Anchor | None:
        """The one place that fits best; None where none does, or several do equally well."""
        if len(words(anchor.quote)) < _SEARCH_FROM_WORDS:
            return None
        found = list(islice(self._found(anchor.quote), _MANY))
        ranked = sorted((_context(anchor, place) for place in found), reverse=True)
        if len(found) == _MANY or not found or ranked[:1] == ranked[1:2]:
            return None
        return max(found, key=lambda place: _context(anchor, place))

    def _found(self, quote: str) -> Iterator[Anchor]:
        for block in self.blocks:
            start = block.text.find(quote)
            while start >= 0:
                yield _anchor(block.id, block.text, start, start + len(quote))
                start = block.text.find(quote, start + 1)


def _context(anchor: Anchor, place: Anchor) -> int:
    """How many words around the quote are the same."""
    before = _shared(words(anchor.before)[::-1], words(place.before)[::-1])
    return before + _shared(words(anchor.after), words(place.after))


def _shared(first: Sequence[str], second: Sequence[str]) -> int:
    return sum(1 for _ in takewhile(lambda pair: pair[0] == pair[1], zip(first, second, strict=False)))
