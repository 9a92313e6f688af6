"""Open amendments, or the way from one revision to another, as paragraphs with tracked changes.

To accept every change gives the merged text (the later revision), to reject every
change gives the base (the earlier one). Where amendments dispute the same words the
base stands, and each reading is a comment of its own.
"""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from difflib import SequenceMatcher
from itertools import accumulate, groupby
from operator import attrgetter

from msgspec import Struct
from msgspec.structs import replace

from drafts.diff.amendments import Amendment
from drafts.diff.document_diff import canonical_document, comparable, diff
from drafts.diff.edits import Delete, Edit, Insert, Move, Retype, Rewrite, compose, edits
from drafts.diff.word_diff import group_diff, word_diff
from drafts.formats import text_parts
from drafts.formats.docx.entries import BodyEntry, ChangeAuthor, ChangeKind, TableRow, TextSpan, TrackedChange
from drafts.formats.docx.glyphs import PLAIN, Glyph, GlyphKind, located, signs, styled_pieces, verbatim
from drafts.merge.merge import EditOutcome, Merged, merge
from drafts.text.blocks import Block, BlockKind, Document, canonical
from drafts.text.tokens import PARAGRAPH_START

_SHOWN = attrgetter("kind", "text")  # of a glyph, whatever it looks like
_LOOKS = attrgetter("kind", "style", "change", "old_style", "restyled_by")  # of a span
_START = Glyph(GlyphKind.BREAK, PARAGRAPH_START, PLAIN, 0, 0)  # stands for the start of a paragraph


class MarkdownStretch(Struct, frozen=True):
    """A stretch of Markdown; without a kind it was kept."""

    text: str
    kind: ChangeKind | None = None
    hand: ChangeAuthor | None = None


class GroupParagraph(Struct, frozen=True):
    """One paragraph of a group, and what happened to its end."""

    spans: tuple[TextSpan, ...]
    mark: TrackedChange | None = None


def whole(stretches: Sequence[MarkdownStretch], kind: ChangeKind) -> str:
    """What was kept together with what one kind of change took or put."""
    return "".join(stretch.text for stretch in stretches if stretch.kind in {None, kind})


def plain_spans(block: Block, change: TrackedChange | None = None) -> tuple[TextSpan, ...]:
    """The spans of a whole block."""
    if block.kind is BlockKind.CODE:
        return joined(
            TextSpan(glyph.kind, glyph.text, change=change) for glyph in verbatim(text_parts.code(block.text))
        )
    if block.kind is BlockKind.RULE:
        return ()
    return inline_spans(block.text, change)


def inline_spans(text: str, change: TrackedChange | None = None) -> tuple[TextSpan, ...]:
    """Inline Markdown as spans under one change."""
    return tuple(TextSpan(piece.kind, piece.text, piece.style, change) for piece in styled_pieces(text))


def spans_between(
    old: Sequence[str], new: Sequence[str], stretches: Sequence[MarkdownStretch], *, is_verbatim: bool = False
) -> list[GroupParagraph]:
    """The paragraphs of a group: to reject every change gives `old`, to accept every change gives `new`."""
    read = verbatim if is_verbatim else located
    before, after = _Queue(old, read), _Queue(new, read)
    made: list[GroupParagraph] = []
    spans: list[TextSpan] = []
    last: ChangeAuthor | None = next((stretch.hand for stretch in stretches if stretch.hand), None)
    for stretch in stretches:
        last = stretch.hand or last
        for span in _spans(stretch, before, after, last or ChangeAuthor("")):
            if span.text == PARAGRAPH_START:
                made.append(GroupParagraph(joined(spans), span.change))
                spans = []
            else:
                spans.append(span)
    return [*made, GroupParagraph(joined(spans))]


class _Queue:
    """The glyphs of one side of a group, given out as the walk over the stretches passes their places."""

    def __init__(self, texts: Sequence[str], read: Callable[[str], Iterable[Glyph]]) -> None:
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
        taken: list[Glyph] = []
        while self.next < len(self.glyphs) and self.glyphs[self.next][0] < self.at:
            start, glyph = self.glyphs[self.next]
            room = self.at - start
            if glyph.kind is GlyphKind.TEXT and len(glyph.text) > room:
                self.glyphs[self.next] = self.at, replace(glyph, text=glyph.text[room:])
                glyph = replace(glyph, text=glyph.text[:room])
            else:
                self.next += 1
            taken.append(glyph)
        return taken


def _spans(stretch: MarkdownStretch, before: _Queue, after: _Queue, hand: ChangeAuthor) -> Iterator[TextSpan]:
    size = len(stretch.text)
    old = before.take(size) if stretch.kind is not ChangeKind.INSERTED else []
    new = after.take(size) if stretch.kind is not ChangeKind.DELETED else []
    deleted, inserted = (TrackedChange(kind, hand) for kind in (ChangeKind.DELETED, ChangeKind.INSERTED))
    if stretch.kind is None and not _is_same(old, new):  # their looks may begin and end at other places
        old, new = ([sign for glyph in side for sign in signs(glyph)] for side in (old, new))
    if stretch.kind is None and _is_same(old, new):
        for earlier, later in zip(old, new, strict=True):
            is_restyled = earlier.style != later.style and earlier.style.link == later.style.link
            if is_restyled or earlier.style == later.style:
                old_style = earlier.style if is_restyled else None
                yield TextSpan(later.kind, later.text, later.style, None, old_style, hand if is_restyled else None)
            else:
                yield from (_changed(earlier, deleted), _changed(later, inserted))
        return
    yield from (_changed(glyph, deleted) for glyph in old)
    yield from (_changed(glyph, inserted) for glyph in new)


def _is_same(old: Sequence[Glyph], new: Sequence[Glyph]) -> bool:
    return list(map(_SHOWN, old)) == list(map(_SHOWN, new))


def _changed(glyph: Glyph, change: TrackedChange) -> TextSpan:
    return TextSpan(glyph.kind, glyph.text, glyph.style, change)


def joined(spans: Iterable[TextSpan]) -> tuple[TextSpan, ...]:
    """The same with neighbouring words of one look under one change put together."""
    made: list[TextSpan] = []
    for _, group in groupby(spans, key=_LOOKS):
        first, *others = group
        if first.kind is GlyphKind.TEXT and others:
            text = first.text + "".join(text_span.text for text_span in others)
            made.append(TextSpan(first.kind, text, first.style, first.change, first.old_style, first.restyled_by))
        else:
            made += [first, *others]
    return tuple(made)


Line = tuple[str, ...]


def plain_rows(text: str, change: TrackedChange | None = None) -> tuple[TableRow, ...]:
    """The rows of a table; nothing where the text is none."""
    return tuple(_row(line, change) for line in text_parts.table(text))


def rows_between(old: str, new: str, hand: ChangeAuthor) -> tuple[TableRow, ...]:
    """The rows of both tables: to reject every change gives the old one, to accept every change the new one.

    Nothing where one of the two is no table.
    """
    before, after = text_parts.table(old), text_parts.table(new)
    return tuple(_rows_between(before, after, hand)) if before and after else ()


def _rows_between(before: Sequence[Line], after: Sequence[Line], hand: ChangeAuthor) -> Iterator[TableRow]:
    gone, came = TrackedChange(ChangeKind.DELETED, hand), TrackedChange(ChangeKind.INSERTED, hand)
    matcher = SequenceMatcher(None, before, after, autojunk=False)
    for tag, start, end, new_start, new_end in matcher.get_opcodes():
        olds, news = before[start:end], after[new_start:new_end]
        if tag == "equal":
            yield from (_row(line, None) for line in olds)
        elif len(olds) == len(news) and all(
            len(earlier) == len(later) for earlier, later in zip(olds, news, strict=True)
        ):
            yield from (_row_between(earlier, later, hand) for earlier, later in zip(olds, news, strict=True))
        else:
            yield from (_row(line, gone) for line in olds)
            yield from (_row(line, came) for line in news)


def _row(line: Line, change: TrackedChange | None) -> TableRow:
    return TableRow(tuple(inline_spans(cell, change) for cell in line), change)


def _row_between(old: Line, new: Line, hand: ChangeAuthor) -> TableRow:
    cells = []
    for before, after in zip(map(canonical, old), map(canonical, new), strict=True):
        changes = ((words.start.offset, words.end.offset, words.new, hand) for words in word_diff(before, after))
        cells.append(spans_between([before], [after], _stretches(before, changes))[0].spans)
    return TableRow(tuple(cells))


_VERBATIM = frozenset({BlockKind.CODE, BlockKind.TABLE, BlockKind.RULE})


class TrackedText(Struct, frozen=True):
    """Paragraphs with tracked changes, and what became of the amendments."""

    entries: tuple[BodyEntry, ...]
    merged: Merged


def track_amendments(base: Document, amendments: Sequence[Amendment], hands: Mapping[int, ChangeAuthor]) -> TrackedText:
    """`amendments` to `base` as tracked changes under the hands of those who filed them, by filing number."""
    base = canonical_document(base)
    merged = merge(base, amendments)
    made = [
        (edits(amendment.hunks[edit.hunk])[edit.edit], hands[amendment.number])
        for amendment, fate in zip(amendments, merged.fates, strict=True)
        for edit in fate.edits
        if edit.outcome is EditOutcome.LANDED
    ]
    places = {block.id: place for place, block in enumerate(merged.document)}
    return TrackedText(tuple(_Tracker(base, made, places).entries()), merged)


def track_revisions(old: Document, new: Document, hand: ChangeAuthor) -> tuple[BodyEntry, ...]:
    """What leads from `old` to `new` as tracked changes under one hand."""
    old, new = comparable(old, new)
    made = [(edit, hand) for hunk in diff(old, new) for edit in edits(hunk)]
    places = {block.id: place for place, block in enumerate(new)}
    return tuple(_Tracker(old, made, places).entries())


def unchanged(document: Document) -> tuple[BodyEntry, ...]:
    """A text without any change."""
    return tuple(entry_of(block) for block in document)


def entry_of(block: Block, change: TrackedChange | None = None) -> BodyEntry:
    """A whole block that stands, came, went or moved."""
    if block.kind is BlockKind.TABLE and (rows := plain_rows(block.text, change)):
        return BodyEntry(block, mark=change, rows=rows)
    return BodyEntry(block, plain_spans(block, change), mark=change)


class _Tracker:
    """Walks a base and the edits made to it, each under its hand; `places` order what comes into one gap."""

    def __init__(self, base: Document, made: Sequence[tuple[Edit, ChangeAuthor]], places: Mapping[str, int]) -> None:
        self.base, self.places = base, places
        self.composition = compose(base, sorted((edit for edit, _ in made), key=self._place))
        self.hands = {id(edit): hand for edit, hand in made}  # by the identity of an edit
        self.moved = {edit.block: hand for edit, hand in made if isinstance(edit, Move)}
        self.deleted = {edit.block: hand for edit, hand in made if isinstance(edit, Delete)}

    def _place(self, edit: Edit) -> int:
        if isinstance(edit, Insert):
            return self.places.get(edit.new.id, 0)
        return self.places.get(self.base.blocks[edit.block].id, 0) if isinstance(edit, Move) else 0

    def entries(self) -> Iterator[BodyEntry]:
        index = 0
        while index < len(self.base):
            yield from self._came(index)
            if index in self.deleted:
                yield entry_of(self.base.blocks[index], TrackedChange(ChangeKind.DELETED, self.deleted[index]))
            elif index in self.moved:
                yield from self._moved_from(index)
                index = self._last(index)
            else:
                # what comes into a gap inside a join stands before it: one paragraph is left there
                for gap in range(index + 1, self._last(index) + 1):
                    yield from self._came(gap)
                yield from self._standing(index)
                index = self._last(index)
            index += 1
        yield from self._came(len(self.base))

    def _came(self, gap: int) -> Iterator[BodyEntry]:
        for item in self.composition.gaps.get(gap, ()):
            if isinstance(item, Insert):
                yield entry_of(item.new, TrackedChange(ChangeKind.INSERTED, self.hands[id(item)]))
            else:
                change = self._change(item.block, ChangeKind.MOVED_TO)
                for part in self.composition.parts(item.block):
                    made = entry_of(part, change)
                    yield BodyEntry(made.block, made.spans, mark=made.mark, rows=made.rows, is_head=False)

    def _moved_from(self, index: int) -> Iterator[BodyEntry]:
        change = self._change(index, ChangeKind.MOVED_FROM)
        for place in range(index, self._last(index) + 1):
            yield entry_of(self.base.blocks[place], change)

    def _change(self, index: int, kind: ChangeKind) -> TrackedChange:
        return TrackedChange(kind, self.moved[index], move=f"move{index + 1}")

    def _last(self, index: int) -> int:
        """The last of the blocks that are joined to block `index`."""
        last, place = index, index
        while ends := [
            rewrite.end.block for rewrite in self.composition.rewrites.get(place, ()) if rewrite.end.block > place
        ]:
            last = place = ends[-1]
        return last

    def _standing(self, index: int) -> Iterator[BodyEntry]:
        """What became of a block that stands where it stood, with those joined to it."""
        block, retype = self.base.blocks[index], self.composition.retypes.get(index)
        retyped = self.hands[id(retype)] if retype else None
        new = self.composition.parts(index)
        if index not in self.composition.rewrites:
            made = entry_of(new[0])
            yield BodyEntry(made.block, made.spans, rows=made.rows, was=block if retype else None, retyped_by=retyped)
        elif block.kind in _VERBATIM:
            yield self._verbatim(block, new[0], self._hands_of(index)[0])
        else:
            yield from self._rewritten(index, new, retype, retyped)

    def _verbatim(self, old: Block, new: Block, hand: ChangeAuthor) -> BodyEntry:
        if old.kind is BlockKind.TABLE and (rows := rows_between(old.text, new.text, hand)):
            return BodyEntry(new, rows=rows)
        old_text, new_text = text_parts.code(old.text), text_parts.code(new.text)
        stretches = _fresh([old_text], [new_text], hand)
        return BodyEntry(new, spans_between([old_text], [new_text], stretches, is_verbatim=True)[0].spans)

    def _rewritten(
        self, index: int, new: Sequence[Block], retype: Retype | None, retyped: ChangeAuthor | None
    ) -> Iterator[BodyEntry]:
        old = self._group(index)
        before, after = [block.text for block in old], [block.text for block in new]
        stretches = self._stretches(index)
        if not _leads_to(stretches, before, after):
            stretches = _fresh(before, after, self._hands_of(index)[0])
        heads = iter(new)
        joined = iter(old[1:])
        block = next(heads)
        is_head = True
        for part in spans_between(before, after, stretches):
            yield BodyEntry(
                block,
                part.spans,
                mark=part.mark,
                was=old[0] if retype and is_head else None,
                retyped_by=retyped,
                is_head=is_head,
            )
            is_head = False
            if part.mark and part.mark.kind is ChangeKind.INSERTED:
                block = next(heads, block)
            elif part.mark:
                block = next(joined, block)
                is_head = True

    def _group(self, index: int) -> Sequence[Block]:
        """Block `index` and those joined to it."""
        return self.base.blocks[index : self._last(index) + 1]

    def _hands_of(self, index: int) -> list[ChangeAuthor]:
        return [self.hands[id(rewrite)] for rewrite in self._rewrites(index)]

    def _rewrites(self, index: int) -> Iterator[Rewrite]:
        place: int | None = index
        while place is not None:
            here, place = place, None
            for rewrite in self.composition.rewrites.get(here, ()):
                yield rewrite
                if rewrite.end.block != here:
                    place = rewrite.end.block

    def _stretches(self, index: int) -> list[MarkdownStretch]:
        """The words of the group from its beginning to its end: kept, taken away, put there."""
        texts = [block.text for block in self._group(index)]
        starts = _starts(texts)
        changes = (
            (
                starts[rewrite.start.block - index] + rewrite.start.offset,
                starts[rewrite.end.block - index] + rewrite.end.offset,
                PARAGRAPH_START.join(rewrite.pieces),
                self.hands[id(rewrite)],
            )
            for rewrite in self._rewrites(index)
        )
        return _stretches(PARAGRAPH_START.join(texts), changes)


def _fresh(old: Sequence[str], new: Sequence[str], hand: ChangeAuthor) -> list[MarkdownStretch]:
    """The stretches between two groups of texts, found anew, under one hand."""
    starts = _starts(old)
    changes = (
        (starts[words.start.block] + words.start.offset, starts[words.end.block] + words.end.offset, words.new, hand)
        for words in group_diff(old, new)
    )
    return _stretches(PARAGRAPH_START.join(old), changes)


def _starts(texts: Sequence[str]) -> list[int]:
    """Where each text begins in the group that they are."""
    return [0, *accumulate(len(text) + len(PARAGRAPH_START) for text in texts)]


def _stretches(text: str, changes: Iterable[tuple[int, int, str, ChangeAuthor]]) -> list[MarkdownStretch]:
    """A text cut at its changes: from where to where the old words stand, the new ones, and whose they are."""
    found, at = list[MarkdownStretch](), 0
    for start, end, new, hand in changes:
        gone = MarkdownStretch(text[start:end], ChangeKind.DELETED, hand)
        found += (MarkdownStretch(text[at:start]), gone, MarkdownStretch(new, ChangeKind.INSERTED, hand))
        at = end
    return [stretch for stretch in (*found, MarkdownStretch(text[at:])) if stretch.text]


def _leads_to(stretches: Sequence[MarkdownStretch], old: Sequence[str], new: Sequence[str]) -> bool:
    """Whether the stretches tell both texts exactly: trimmed spaces may stand between them."""
    return whole(stretches, ChangeKind.DELETED) == PARAGRAPH_START.join(old) and whole(
        stretches, ChangeKind.INSERTED
    ) == PARAGRAPH_START.join(new)
