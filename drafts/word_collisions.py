"""Collisions of words: claims on the text of blocks, swept once in its order (rules 3.2 and 3.3)."""

from bisect import bisect_left
from collections import defaultdict
from collections.abc import Sequence
from itertools import accumulate

from drafts.blocks import Document
from drafts.claims import Claim
from drafts.disputes import Disputes
from drafts.edits import Rewrite
from drafts.tokens import has_words


class WordCollisions:
    """Claims on words, in the order of the text; flat places give the start of each paragraph a place of its own."""

    def __init__(self, base: Document, claims: Sequence[Claim]) -> None:
        self.base = base
        self.block_starts = list(accumulate((len(block.text) + 1 for block in base), initial=0))
        self.claims = claims
        edits = {index: claim.edit for index, claim in enumerate(claims) if isinstance(claim.edit, Rewrite)}
        self.rewrites = edits
        self.ranges = {
            index: (
                self.block_starts[edit.start.block] + edit.start.offset,
                self.block_starts[edit.end.block] + edit.end.offset,
            )
            for index, edit in edits.items()
        }
        self.order = sorted(edits, key=lambda index: (self.ranges[index], index))

    def find(self, found: Disputes) -> None:
        """Unite what collides, rule by rule; one sweep each, O(n log n) for the order."""
        self._overlaps(found)
        self._neighbours(found)
        self._split_points(found)
        self._glued_words(found)

    def _overlaps(self, found: Disputes) -> None:
        """Rules 3.2 (a), (b), (c): both cover one token, one inserts inside the other, both insert at one point."""
        reach, reaching, point, inserting = -1, -1, -1, -1
        for index in self.order:
            start, end = self.ranges[index]
            if start < reach:
                found.unite([reaching, index])
            elif start == end == point:
                found.unite([inserting, index])
            if start == end:
                point, inserting = start, index
            if end > reach:
                reach, reaching = end, index

    def _neighbours(self, found: Disputes) -> None:
        """Rule 3.2 (d): both touch words and no unchanged token other than space lies between.

        Rule 3.3: the start of a paragraph keeps them apart unless a claim deletes it.
        """
        run: list[int] = []
        reach = 0
        for index in self.order:
            start, end = self.ranges[index]
            if run and not self._is_blank(reach, start):
                found.dispute_all(run)
                run = []
            reach = max(reach, end)
            if self._touches_words(index):
                run.append(index)
        found.dispute_all(run)

    def _is_blank(self, start: int, end: int) -> bool:
        """Nothing but spaces stands between two flat places."""
        if start >= end:
            return True
        block = bisect_left(self.block_starts, start + 1) - 1
        first = self.block_starts[block]
        between = self.base.blocks[block].text[start - first : end - first]
        return len(between) == end - start and between.isspace()

    def _touches_words(self, index: int) -> bool:
        edit = self.rewrites[index]
        return has_words(edit.old) or any(has_words(piece) for piece in edit.pieces)

    def _split_points(self, found: Disputes) -> None:
        """Rule 3.3: words inserted at the very point of a split, and a split at a border that somebody joins."""
        inserted: dict[int, list[int]] = defaultdict(list)
        joined: dict[int, list[int]] = defaultdict(list)
        for index, edit in self.rewrites.items():
            if edit.is_insertion and self._touches_words(index):
                inserted[self.ranges[index][0]].append(index)
            for block in range(edit.start.block, edit.end.block):
                joined[self.block_starts[block + 1] - 1].append(index)
                joined[self.block_starts[block + 1]].append(index)
        for index, edit in self.rewrites.items():
            if edit.is_split:
                for place in set(self.ranges[index]):
                    for other in (*inserted[place], *joined[place]):
                        found.dispute(index, other)

    def _glued_words(self, found: Disputes) -> None:
        """Two claims that touch and would make one word, or one mark, of two, as neither does alone (rule 3.2 (d)).

        Where one takes ". " away and another adds a word before it, the added word
        would otherwise stick to the next one. What leaves nothing behind lets its two sides touch: "**" added
        before it and "**" added after it would make one mark.
        """
        ending: dict[tuple[int, str], list[int]] = defaultdict(list)
        starting: dict[tuple[int, str], list[int]] = defaultdict(list)
        for index in self.order:
            start, end = self.ranges[index]
            ending[end, _sticky(self._last(index))].append(index)
            if start < end and self.rewrites[index].pieces == ("",):
                for sign in _STICKY:
                    if before := ending.get((start, sign)):
                        ending[end, sign] += [*before, index]
            starting[start, _sticky(self._first(index))].append(index)
        for place, sign in sorted(ending.keys() & starting.keys()):
            if sign:
                found.dispute_across(ending[place, sign], starting[place, sign])

    def _last(self, index: int) -> str:
        """How the text up to the end of this claim ends, once it is made."""
        edit = self.rewrites[index]
        kept = "" if edit.is_split else self.base.blocks[edit.start.block].text[: edit.start.offset][-1:]
        return (kept + edit.pieces[-1])[-1:]

    def _first(self, index: int) -> str:
        edit = self.rewrites[index]
        kept = "" if edit.is_split else self.base.blocks[edit.end.block].text[edit.end.offset :][:1]
        return (edit.pieces[0] + kept)[:1]


_LETTER, _STICKY = "a", ("a", "*", "_", "~", "`")


def _sticky(character: str) -> str:
    """What a character grows together with: any letter with any other, an asterisk with an asterisk."""
    if character.isalnum():
        return _LETTER
    return character if character in _STICKY else ""
