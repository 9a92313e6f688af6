"""Which paragraph of a Word file that came back is which of the text it was made from.

Bookmarks speak first, then moves, then the words themselves: an editor that loses
bookmarks loses nothing that cannot be found again. What is found nowhere is new.
"""

import re
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from enum import StrEnum

from drafts.blocks import Block, BlockKind, Document, folded_hash
from drafts.diff import identified
from drafts.errors import TooLarge
from drafts.formats.docx.entries import ChangeKind
from drafts.formats.docx.read_values import Paragraph, WordText
from drafts.formats.docx.views import Line
from drafts.markup import plain

_WORD = re.compile(r"\w+")
_ALIKE, _STRANGE = 0.6, 0.3  # shares of a paragraph's words


class How(StrEnum):
    """How a paragraph was recognised."""

    MARK = "mark"  # by its bookmark
    WORDS = "words"  # by what it says and where it stands
    NEW = "new"


@dataclass(slots=True)
class Recogniser:
    """Recognises the lines of the views of one file. `by_mark` are the blocks of the base by their bookmarks."""

    text: WordText
    base: Document
    by_mark: Mapping[str, str]
    known: Mapping[str, Block] = field(init=False)
    by_words: Mapping[str, str] = field(init=False)
    moves: Mapping[str, Sequence[Paragraph]] = field(init=False)

    def __post_init__(self) -> None:
        self.known = {block.id: block for block in self.base}
        hashes = {block.id: folded_hash(plain(block.text)) for block in self.base if block.text}
        counts = Counter(hashes.values())
        self.by_words = {said: block_id for block_id, said in hashes.items() if counts[said] == 1}
        self.moves = self._moves()

    def identified(
        self, lines: Sequence[Line], before: Mapping[int, str] | None, blocks: Sequence[Block]
    ) -> tuple[list[str], dict[str, How]]:
        """The block that each line is, and how it was recognised; a new one has an id that begins with "new-".

        `before` says which block each paragraph of the file was in another view. `blocks` are the lines as blocks,
        by whose words those without a mark are recognised; unless they are given, such a line is new.
        """
        ids: list[str | None] = []
        how: dict[str, How] = {}
        moves = {name: list(self._moved(places, before)) for name, places in self.moves.items()}
        for line in lines:
            found = self._by_mark(line, before, how, moves.get(line.move, []))
            ids.append(found)
            if found is not None:
                how[found] = How.MARK
        self._by_place(lines, ids, how, before)
        self._by_words(ids, how, blocks)
        made = [found or f"new-{line.places[0]}" for line, found in zip(lines, ids, strict=True)]
        how |= {block_id: How.NEW for block_id in made if block_id not in how}
        return made, how

    def _by_mark(
        self, line: Line, before: Mapping[int, str] | None, taken: Mapping[str, How], moved: list[str]
    ) -> str | None:
        marked = [self.by_mark[mark] for mark in line.marks if mark in self.by_mark]
        if marked and before is not None and before.get(line.places[0]) in self.known:
            marked.insert(0, before[line.places[0]])
        candidates = [candidate for candidate in (*marked, *(moved[:1] if line.move else ())) if candidate not in taken]
        found = next(iter(candidates), None)
        if found is not None and before is None:
            found = self._as_its_words_say(line, found, candidates, taken)
        if found in moved:
            moved.remove(found)
        return found

    def _as_its_words_say(self, line: Line, found: str, others: Sequence[str], taken: Mapping[str, How]) -> str:
        """The block of a line's bookmark, unless the bookmark got there from elsewhere, as cutting and pasting does."""
        words = set(_WORD.findall(line.text.casefold()))
        if not words or self._share(found, words) >= _STRANGE:
            return found
        same = self.by_words.get(folded_hash(line.text), found)
        if same != found and same not in taken:
            return same
        return next((block_id for block_id in others if self._share(block_id, words) >= _ALIKE), found)

    def _share(self, block_id: str, words: set[str]) -> float:
        own = set(_WORD.findall(plain(self.known[block_id].text).casefold()))
        return len(own & words) / len(own) if own else 0

    def _by_place(
        self, lines: Sequence[Line], ids: list[str | None], how: dict[str, How], before: Mapping[int, str] | None
    ) -> None:
        """What was recognised in another view is so again."""
        for place, line in enumerate(lines):
            if ids[place] is None and before is not None:
                known = next((before[at] for at in line.places if at in before), "")
                if known in self.known and known not in how:
                    ids[place], how[known] = known, How.WORDS

    def _by_words(self, ids: list[str | None], how: dict[str, How], blocks: Sequence[Block]) -> None:
        new = [blocks[place] for place, found in enumerate(ids) if found is None and blocks]
        missing = [
            block for block in self.base if block.id not in how and block.text and block.kind is not BlockKind.NOTE
        ]
        if not new or not missing:
            return
        try:
            answer = identified(Document(tuple(missing), self.base.language), Document(tuple(new), self.base.language))
        except TooLarge:
            return
        open_lines = (place for place, found in enumerate(ids) if found is None)
        for place, block in zip(list(open_lines), answer, strict=True):
            if block.id in self.known and block.id not in how:
                ids[place], how[block.id] = block.id, How.WORDS

    def _moves(self) -> Mapping[str, Sequence[Paragraph]]:
        """By the name of a move, the paragraphs that it took away, in order."""
        found: dict[str, list[Paragraph]] = {}
        for paragraph in self.text.paragraphs:
            changes = [*paragraph.mark, *(change for words in paragraph.words for change in words.changes)]
            for name in {one.move for one in changes if one.kind is ChangeKind.MOVED_FROM and one.move}:
                found.setdefault(name, []).append(paragraph)
        return found

    def _moved(self, paragraphs: Sequence[Paragraph], before: Mapping[int, str] | None) -> Iterator[str]:
        """The blocks that paragraphs were before they moved: by their marks, or as they were recognised there."""
        for paragraph in paragraphs:
            marked = [self.by_mark[mark] for mark in paragraph.marks if mark in self.by_mark]
            placed = before.get(paragraph.place, "") if before else ""
            found = placed if placed in self.known else next(iter(marked), "")
            if found:
                yield found
