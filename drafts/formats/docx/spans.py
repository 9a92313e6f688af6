"""Words kept, taken away and put there, from Markdown to spans that keep looks apart from words."""

from collections.abc import Callable, Iterable, Iterator, Sequence
from itertools import groupby

from msgspec import Struct

from drafts.blocks import Block, BlockKind
from drafts.formats import pieces as parts
from drafts.formats.docx.entries import Change, ChangeKind, Hand, Span
from drafts.formats.docx.glyphs import PLAIN, Glyph, GlyphKind, glyphs, pieces, verbatim
from drafts.tokens import PARAGRAPH_START

_START = Glyph(GlyphKind.TEXT, PARAGRAPH_START, PLAIN, 0, 0)  # stands for the start of a paragraph


class Stretch(Struct, frozen=True):
    """A stretch of Markdown; without a kind it was kept."""

    text: str
    kind: ChangeKind | None = None
    hand: Hand | None = None


class Part(Struct, frozen=True):
    """One paragraph of a group, and what happened to its end."""

    spans: tuple[Span, ...]
    mark: Change | None = None


def whole(stretches: Sequence[Stretch], kind: ChangeKind) -> str:
    """What was kept together with what one kind of change took or put."""
    return "".join(stretch.text for stretch in stretches if stretch.kind in {None, kind})


def plain_spans(block: Block, change: Change | None = None) -> tuple[Span, ...]:
    """The spans of a whole block."""
    if block.kind is BlockKind.CODE:
        return joined(Span(one.kind, one.text, change=change) for one in verbatim(parts.code(block.text)))
    if block.kind is BlockKind.RULE:
        return ()
    return inline_spans(block.text, change)


def inline_spans(text: str, change: Change | None = None) -> tuple[Span, ...]:
    """Inline Markdown as spans under one change."""
    return tuple(Span(piece.kind, piece.text, piece.style, change) for piece in pieces(text))


def spans_between(
    old: Sequence[str], new: Sequence[str], stretches: Sequence[Stretch], *, is_verbatim: bool = False
) -> list[Part]:
    """The paragraphs of a group: to reject every change gives `old`, to accept every change gives `new`."""
    read = verbatim if is_verbatim else glyphs
    before, after = _Queue(old, read), _Queue(new, read)
    made: list[Part] = []
    spans: list[Span] = []
    last: Hand | None = next((stretch.hand for stretch in stretches if stretch.hand), None)
    for stretch in stretches:
        last = stretch.hand or last
        for span in _spans(stretch, before, after, last or Hand("")):
            if span.text == PARAGRAPH_START:
                made.append(Part(joined(spans), span.change))
                spans = []
            else:
                spans.append(span)
    return [*made, Part(joined(spans))]


class _Queue:
    """The glyphs of one side of a group, given out as the walk over the stretches passes their places."""

    def __init__(self, texts: Sequence[str], read: Callable[[str], Sequence[Glyph]]) -> None:
        self.glyphs: list[tuple[int, Glyph]] = []
        self.next = self.at = 0
        start = 0
        for place, text in enumerate(texts):
            if place:
                self.glyphs.append((start - len(PARAGRAPH_START), _START))
            self.glyphs += [(start + glyph.start, glyph) for glyph in read(text)]
            start += len(text) + len(PARAGRAPH_START)

    def take(self, length: int) -> list[Glyph]:
        self.at += length
        first = self.next
        while self.next < len(self.glyphs) and self.glyphs[self.next][0] < self.at:
            self.next += 1
        return [glyph for _, glyph in self.glyphs[first : self.next]]


def _spans(stretch: Stretch, before: _Queue, after: _Queue, hand: Hand) -> Iterator[Span]:
    size = len(stretch.text)
    old = before.take(size) if stretch.kind is not ChangeKind.INSERTED else []
    new = after.take(size) if stretch.kind is not ChangeKind.DELETED else []
    if stretch.kind is None and [one.shown for one in old] == [one.shown for one in new]:
        for earlier, later in zip(old, new, strict=True):
            is_restyled = earlier.style != later.style and earlier.style.link == later.style.link
            if is_restyled or earlier.style == later.style:
                old_style = earlier.style if is_restyled else None
                yield Span(later.kind, later.text, later.style, None, old_style, hand if is_restyled else None)
            else:
                yield from (_changed(earlier, ChangeKind.DELETED, hand), _changed(later, ChangeKind.INSERTED, hand))
        return
    yield from (_changed(one, ChangeKind.DELETED, hand) for one in old)
    yield from (_changed(one, ChangeKind.INSERTED, hand) for one in new)


def _changed(glyph: Glyph, kind: ChangeKind, hand: Hand) -> Span:
    return Span(glyph.kind, glyph.text, glyph.style, Change(kind, hand))


def joined(spans: Iterable[Span]) -> tuple[Span, ...]:
    """The same with neighbouring words of one look under one change put together."""
    made: list[Span] = []
    for _, group in groupby(spans, key=lambda one: (one.kind, one.style, one.change, one.old_style, one.restyled_by)):
        first, *others = group
        if first.kind is GlyphKind.TEXT and others:
            text = first.text + "".join(one.text for one in others)
            made.append(Span(first.kind, text, first.style, first.change, first.old_style, first.restyled_by))
        else:
            made += [first, *others]
    return tuple(made)
