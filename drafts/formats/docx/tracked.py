"""Open amendments, or the way from one revision to another, as paragraphs with tracked changes.

To accept every change gives the merged text (the later revision), to reject every
change gives the base (the earlier one). Where amendments dispute the same words the
base stands, and each reading is a comment of its own.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field

from msgspec import Struct

from drafts.amendments import Amendment
from drafts.blocks import Block, BlockKind, Document
from drafts.composing import Composition, compose
from drafts.diff import canonical_document, comparable, diff
from drafts.edits import Delete, Edit, Insert, Move, Retype, Rewrite, edits
from drafts.formats import pieces
from drafts.formats.docx.entries import Change, ChangeKind, Entry, Hand
from drafts.formats.docx.spans import Stretch, plain_spans, spans_between, whole
from drafts.formats.docx.tables import plain_rows, rows_between
from drafts.merge import Merged, Outcome, merge
from drafts.tokens import PARAGRAPH_START
from drafts.words import group_diff

_VERBATIM = frozenset({BlockKind.CODE, BlockKind.TABLE, BlockKind.RULE})


class Tracked(Struct, frozen=True):
    """Paragraphs with tracked changes, and what became of the amendments."""

    entries: tuple[Entry, ...]
    merged: Merged


def tracked(base: Document, amendments: Sequence[Amendment], hands: Mapping[int, Hand]) -> Tracked:
    """`amendments` to `base` as tracked changes under the hands of those who filed them, by filing number."""
    base = canonical_document(base)
    merged = merge(base, amendments)
    made = [
        (edits(amendment.hunks[one.hunk])[one.edit], hands[amendment.number])
        for amendment, fate in zip(amendments, merged.fates, strict=True)
        for one in fate.edits
        if one.outcome is Outcome.LANDED
    ]
    places = {block.id: place for place, block in enumerate(merged.document)}
    return Tracked(tuple(_Tracker(base, made, places).entries()), merged)


def compared(old: Document, new: Document, hand: Hand) -> tuple[Entry, ...]:
    """What leads from `old` to `new` as tracked changes under one hand."""
    old, new = comparable(old, new)
    made = [(edit, hand) for hunk in diff(old, new) for edit in edits(hunk)]
    places = {block.id: place for place, block in enumerate(new)}
    return tuple(_Tracker(old, made, places).entries())


def unchanged(document: Document) -> tuple[Entry, ...]:
    """A text without any change."""
    return tuple(entry_of(block) for block in document)


def entry_of(block: Block, change: Change | None = None) -> Entry:
    """A whole block that stands, came, went or moved."""
    if block.kind is BlockKind.TABLE and (rows := plain_rows(block.text, change)):
        return Entry(block, mark=change, rows=rows)
    return Entry(block, plain_spans(block, change), mark=change)


@dataclass(slots=True)
class _Tracker:
    """Walks a base and the edits made to it, each under its hand; `places` order what comes into one gap."""

    base: Document
    made: Sequence[tuple[Edit, Hand]]
    places: Mapping[str, int]
    composition: Composition = field(init=False)
    hands: Mapping[int, Hand] = field(init=False)  # by the identity of an edit
    moved: Mapping[int, tuple[Move, Hand]] = field(init=False)
    deleted: Mapping[int, Hand] = field(init=False)

    def __post_init__(self) -> None:
        self.composition = compose(self.base, sorted((edit for edit, _ in self.made), key=self._place))
        self.hands = {id(edit): hand for edit, hand in self.made}
        self.moved = {edit.block: (edit, hand) for edit, hand in self.made if isinstance(edit, Move)}
        self.deleted = {edit.block: hand for edit, hand in self.made if isinstance(edit, Delete)}

    def _place(self, edit: Edit) -> int:
        if isinstance(edit, Insert):
            return self.places.get(edit.new.id, 0)
        return self.places.get(self.base.blocks[edit.block].id, 0) if isinstance(edit, Move) else 0

    def entries(self) -> Iterator[Entry]:
        index = 0
        while index < len(self.base):
            yield from self._came(index)
            if index in self.deleted:
                yield entry_of(self.base.blocks[index], Change(ChangeKind.DELETED, self.deleted[index]))
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

    def _came(self, gap: int) -> Iterator[Entry]:
        for item in self.composition.gaps.get(gap, ()):
            if isinstance(item, Insert):
                yield entry_of(item.new, Change(ChangeKind.INSERTED, self.hands[id(item)]))
            else:
                change = self._change(item.block, ChangeKind.MOVED_TO)
                for part in self.composition.parts(item.block):
                    made = entry_of(part, change)
                    yield Entry(made.block, made.spans, mark=made.mark, rows=made.rows, is_head=False)

    def _moved_from(self, index: int) -> Iterator[Entry]:
        change = self._change(index, ChangeKind.MOVED_FROM)
        for place in range(index, self._last(index) + 1):
            yield entry_of(self.base.blocks[place], change)

    def _change(self, index: int, kind: ChangeKind) -> Change:
        return Change(kind, self.moved[index][1], move=f"move{index + 1}")

    def _last(self, index: int) -> int:
        """The last of the blocks that are joined to block `index`."""
        last, place = index, index
        while ends := [one.end.block for one in self.composition.rewrites.get(place, ()) if one.end.block > place]:
            last = place = ends[-1]
        return last

    def _standing(self, index: int) -> Iterator[Entry]:
        """What became of a block that stands where it stood, with those joined to it."""
        block, retype = self.base.blocks[index], self.composition.retypes.get(index)
        retyped = self.hands[id(retype)] if retype else None
        new = self.composition.parts(index)
        if index not in self.composition.rewrites:
            made = entry_of(new[0])
            yield Entry(made.block, made.spans, rows=made.rows, was=block if retype else None, retyped_by=retyped)
        elif block.kind in _VERBATIM:
            yield self._verbatim(block, new[0], self._hands_of(index)[0])
        else:
            yield from self._rewritten(index, new, retype, retyped)

    def _verbatim(self, old: Block, new: Block, hand: Hand) -> Entry:
        if old.kind is BlockKind.TABLE and (rows := rows_between(old.text, new.text, hand)):
            return Entry(new, rows=rows)
        old_text, new_text = pieces.code(old.text), pieces.code(new.text)
        stretches = _fresh([old_text], [new_text], hand)
        return Entry(new, spans_between([old_text], [new_text], stretches, is_verbatim=True)[0].spans)

    def _rewritten(
        self, index: int, new: Sequence[Block], retype: Retype | None, retyped: Hand | None
    ) -> Iterator[Entry]:
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
            yield Entry(
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

    def _hands_of(self, index: int) -> list[Hand]:
        return [self.hands[id(one)] for one in self._rewrites(index)]

    def _rewrites(self, index: int) -> Iterator[Rewrite]:
        place: int | None = index
        while place is not None:
            here, place = place, None
            for rewrite in self.composition.rewrites.get(here, ()):
                yield rewrite
                if rewrite.end.block != here:
                    place = rewrite.end.block

    def _stretches(self, index: int) -> list[Stretch]:
        """The words of the group from its beginning to its end: kept, taken away, put there."""
        texts = [block.text for block in self._group(index)]
        starts = [sum(len(text) + len(PARAGRAPH_START) for text in texts[:place]) for place in range(len(texts))]
        whole_text = PARAGRAPH_START.join(texts)
        found: list[Stretch] = []
        at = 0
        for rewrite in self._rewrites(index):
            start = starts[rewrite.start.block - index] + rewrite.start.offset
            end = starts[rewrite.end.block - index] + rewrite.end.offset
            hand = self.hands[id(rewrite)]
            found.append(Stretch(whole_text[at:start]))
            found.append(Stretch(whole_text[start:end], ChangeKind.DELETED, hand))
            found.append(Stretch(PARAGRAPH_START.join(rewrite.pieces), ChangeKind.INSERTED, hand))
            at = end
        found.append(Stretch(whole_text[at:]))
        return [stretch for stretch in found if stretch.text]


def _fresh(old: Sequence[str], new: Sequence[str], hand: Hand) -> list[Stretch]:
    """The stretches between two groups of texts, found anew, under one hand."""
    old_text, at = PARAGRAPH_START.join(old), 0
    starts = [sum(len(text) + len(PARAGRAPH_START) for text in old[:place]) for place in range(len(old))]
    found: list[Stretch] = []
    for words in group_diff(old, new):
        start = starts[words.start.block] + words.start.offset
        end = starts[words.end.block] + words.end.offset
        found.append(Stretch(old_text[at:start]))
        found.append(Stretch(old_text[start:end], ChangeKind.DELETED, hand))
        found.append(Stretch(words.new, ChangeKind.INSERTED, hand))
        at = end
    found.append(Stretch(old_text[at:]))
    return [stretch for stretch in found if stretch.text]


def _leads_to(stretches: Sequence[Stretch], old: Sequence[str], new: Sequence[str]) -> bool:
    """Whether the stretches tell both texts exactly: trimmed spaces may stand between them."""
    return whole(stretches, ChangeKind.DELETED) == PARAGRAPH_START.join(old) and whole(
        stretches, ChangeKind.INSERTED
    ) == PARAGRAPH_START.join(new)
