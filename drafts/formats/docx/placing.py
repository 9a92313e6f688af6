"""Which paragraph of a Word file that came back is which of the text it was made from.

Bookmarks speak first, then moves, then the words themselves: an editor that loses
bookmarks loses nothing that cannot be found again. What is found nowhere is new.
"""

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from enum import StrEnum

from drafts.blocks import Block, BlockKind, Document
from drafts.diff import identified
from drafts.errors import TooLarge
from drafts.formats import pieces as parts
from drafts.formats.docx.entries import ChangeKind
from drafts.formats.docx.glyphs import GlyphKind, Piece, Style
from drafts.formats.docx.origin import by_bookmark
from drafts.formats.docx.read_values import Paragraph, Words, WordText
from drafts.formats.docx.views import Line, View
from drafts.formats.docx.writing_back import Back, Difference, code_back, markdown_of, table_back, written_back
from drafts.formats.runs import REFERENCE
from drafts.kinds import COUNTED
from drafts.markup import plain
from drafts.numbering import printed

_TYPED = re.compile(r"\(?(?P<count>\d{1,3}|[a-z]{1,3}|[ivx]{1,5})(?:[.)]|\.\))[ \u00a0]+(?=\S)")
_INVISIBLE = frozenset({BlockKind.NOTE})


class How(StrEnum):
    """How a paragraph was recognised."""

    MARK = "mark"  # by its bookmark
    WORDS = "words"  # by what it says and where it stands
    NEW = "new"


@dataclass(frozen=True, slots=True)
class Placed:
    """A view as a text. `places` say which block each paragraph of the file became, `how` it was recognised;
    `differences` name blocks that differ in looks or typography alone, `words` what each line showed.
    """

    document: Document
    places: Mapping[int, str] = field(default_factory=dict)
    how: Mapping[str, How] = field(default_factory=dict)
    differences: Mapping[str, Difference] = field(default_factory=dict)
    words: Mapping[str, tuple[Piece, ...]] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class _Found:
    """What the lines of one view became."""

    blocks: list[Block]
    places: dict[int, str]
    how: dict[str, How]
    differences: dict[str, Difference]
    words: dict[str, tuple[Piece, ...]]


class Placer:
    """Places views of one file on one base. `numbers` are those that the file printed."""

    def __init__(self, text: WordText, base: Document, numbers: Mapping[str, str]) -> None:
        self.text, self.base, self.numbers = text, base, numbers
        self.known = {block.id: block for block in base}
        self.by_mark = by_bookmark([block.id for block in base])
        self.moves = self._moves()
        self.note_ids = self._note_ids()
        self.labels = self._labels()

    def placed(self, view: View, before: Placed | None = None, *, aligns: bool = True) -> Placed:
        """The view as a text. Where its words are those of the view `before`, so is its Markdown.

        Unless it `aligns`, lines without a mark that were not there before are new.
        """
        ids, how = self._identified(view.lines, before, aligns=aligns)
        found = _Found([], {}, how, {}, {})
        for line, block_id in zip(view.lines, ids, strict=True):
            self._take(line, block_id, found, before)
        blocks = self._with_notes(found.blocks, view, found, before)
        document = Document(tuple(blocks), self.base.language)
        return Placed(document, found.places, found.how, found.differences, found.words)

    # Which is which

    def _identified(
        self, lines: Sequence[Line], before: Placed | None, *, aligns: bool
    ) -> tuple[list[str], dict[str, How]]:
        ids: list[str | None] = []
        how: dict[str, How] = {}
        moves = {name: list(self._moved(places, before)) for name, places in self.moves.items()}
        for line in lines:
            candidates = [self.by_mark[mark] for mark in line.marks if mark in self.by_mark]
            candidates += moves.get(line.move, [])[:1] if line.move else []
            found = next((one for one in candidates if one not in how), None)
            if found in moves.get(line.move, []):
                moves[line.move].remove(found)
            ids.append(found)
            if found is not None:
                how[found] = How.MARK
        self._by_words(lines, ids, how, before, aligns=aligns)
        for place, (line, found) in enumerate(zip(lines, ids, strict=True)):
            if found is None:
                ids[place] = f"new-{line.places[0]}"
                how[f"new-{line.places[0]}"] = How.NEW
        return [one for one in ids if one is not None], how

    def _by_words(
        self, lines: Sequence[Line], ids: list[str | None], how: dict[str, How], before: Placed | None, *, aligns: bool
    ) -> None:
        """Recognise by their words the lines that have no mark; what was recognised before is so again."""
        open_lines = [place for place, found in enumerate(ids) if found is None]
        for place in list(open_lines):
            known = next((before.places[at] for at in lines[place].places if before and at in before.places), None)
            if known in self.known and known not in how:
                ids[place], how[known] = known, How.WORDS
                open_lines.remove(place)
        missing = [block for block in self.base if block.id not in how and block.text and block.kind not in _INVISIBLE]
        if not open_lines or not missing or not aligns:
            return
        new = [self._block(lines[place], f"line {place}") for place in open_lines]
        try:
            answer = identified(Document(tuple(missing), self.base.language), Document(tuple(new), self.base.language))
        except TooLarge:
            return
        for place, block in zip(open_lines, answer, strict=True):
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

    def _moved(self, paragraphs: Sequence[Paragraph], before: Placed | None) -> Iterator[str]:
        """The blocks that paragraphs were before they moved: by their marks, or as they were recognised there."""
        for paragraph in paragraphs:
            marked = [self.by_mark[mark] for mark in paragraph.marks if mark in self.by_mark]
            placed = before.places.get(paragraph.place) if before else None
            found = next(iter(marked), placed)
            if found in self.known:
                yield found

    # Footnotes

    def _note_ids(self) -> Mapping[str, str]:
        """The block of each footnote of the file that is one of the base, by its bookmark or its words."""
        found: dict[str, str] = {}
        notes = [block for block in self.base if block.kind is BlockKind.NOTE]
        for number, paragraph in self.text.notes.items():
            marked = [self.by_mark[mark] for mark in paragraph.marks if mark in self.by_mark]
            said = "".join(words.text for words in paragraph.words).strip()
            alike = [block.id for block in notes if plain(block.text).strip() == said]
            if one := next((one for one in (*marked, *alike) if one not in found.values()), None):
                found[number] = one
        return found

    def _labels(self) -> Mapping[str, str]:
        """The label of each footnote of the file: that of the base, or the next free number."""
        labels = {number: parts.note(self.known[block].text)[0] for number, block in self.note_ids.items()}
        taken = {parts.note(block.text)[0] for block in self.base if block.kind is BlockKind.NOTE} | set(
            labels.values()
        )
        count = 1
        for number in self.text.notes:
            while number not in labels:
                if str(count) not in taken:
                    labels[number] = str(count)
                    taken.add(str(count))
                count += 1
        return labels

    def _with_notes(self, blocks: Sequence[Block], view: View, found: _Found, before: Placed | None) -> list[Block]:
        """The blocks with those that no paragraph of the file shows: footnotes, and what has no words yet."""
        notes: dict[str, Block] = {}
        new: list[Block] = []
        for number, line in view.notes.items():
            block_id = self.note_ids.get(number, f"new-note-{number}")
            block = self._back(block_id, line, found, before, label=self.labels[number])
            if block_id in self.known:
                notes[block_id] = block
            else:
                new.append(block)
            found.places.update(dict.fromkeys(line.places, block_id))
        made = list(blocks)
        here = {block.id for block in made}
        previous: str | None = None
        for block in self.base:
            kept = notes.get(block.id) or (block if not block.text else None)
            if block.id not in here and kept is not None:
                at = next(
                    (at + 1 for at, one in enumerate(made) if one.id == previous), 0 if previous is None else len(made)
                )
                made.insert(at, kept)
                here.add(block.id)
            previous = block.id if block.id in here else previous
        return [*made, *new]

    # What a line says

    def _take(self, line: Line, block_id: str, found: _Found, before: Placed | None) -> None:
        found.places.update(dict.fromkeys(line.places, block_id))
        found.blocks.append(self._back(block_id, line, found, before))

    def _back(self, block_id: str, line: Line, found: _Found, before: Placed | None, label: str = "") -> Block:
        """The block that a line has become; what was recognised keeps its kind and level."""
        base = self.known.get(block_id)
        if base is None:
            block = self._block(line, block_id)
            return Block(block.id, BlockKind.NOTE, f"[^{label}]: {block.text}") if label else block
        words = self._pieces(line.words)
        if base.kind in COUNTED:
            words = self._without_label(words, base)
        found.words[block_id] = words
        if before and block_id in before.words and before.words[block_id] == words and not line.rows:
            return next(block for block in before.document if block.id == block_id)
        back = self._back_of(base, line, words, folds=before is None)
        if back.difference in {Difference.LOOKS, Difference.TYPOGRAPHY}:
            found.differences[block_id] = back.difference
        elif line.is_retyped or self._is_restyled(base, line):
            found.differences.setdefault(block_id, Difference.LOOKS)
        return Block(base.id, base.kind, back.text, base.level)

    def _back_of(self, base: Block, line: Line, words: Sequence[Piece], *, folds: bool) -> Back:
        match base.kind:
            case BlockKind.TABLE if line.rows:
                return table_back(base.text, [[self._pieces(cell) for cell in row] for row in line.rows])
            case BlockKind.CODE:
                return code_back(base, words)
            case BlockKind.RULE:
                return Back(base.text, Difference.NONE)
            case BlockKind.NOTE:
                label, said = parts.note(base.text)
                back = written_back(Block(base.id, BlockKind.PARAGRAPH, said), words, folds=folds)
                return Back(f"[^{label}]: {back.text}", back.difference)
            case _:
                return written_back(base, words, folds=folds)

    def _is_restyled(self, base: Block, line: Line) -> bool:
        """A heading made a paragraph or the like: how it looks, unless somebody says otherwise."""
        return line.kind not in {None, BlockKind.PARAGRAPH, base.kind} and not line.rows

    def _block(self, line: Line, block_id: str) -> Block:
        """A line as a block of its own."""
        if line.rows:
            rows = [[self._pieces(cell) for cell in row] for row in line.rows]
            return Block(block_id, BlockKind.TABLE, table_back("", rows).text)
        kind, level = line.kind or BlockKind.PARAGRAPH, line.level
        if kind is BlockKind.RULE:
            return Block(block_id, kind, "---")
        words = self._pieces(line.words)
        if kind is BlockKind.CODE:
            return Block(block_id, kind, code_back(Block("", kind, ""), words).text)
        if kind is BlockKind.NOTE or (kind is BlockKind.TITLE and self._has_title()):
            kind, level = (BlockKind.PARAGRAPH, 0) if kind is BlockKind.NOTE else (BlockKind.HEADING, 1)
        if kind is BlockKind.PARAGRAPH and (typed := _TYPED.match(line.text)):
            kind = BlockKind.OPERATIVE if typed["count"].isdecimal() else BlockKind.ITEM
            level = 0 if kind is BlockKind.OPERATIVE else 1
            words = _without(words, len(typed[0]))
        return Block(block_id, kind, markdown_of(words), level)

    def _has_title(self) -> bool:
        return any(block.kind is BlockKind.TITLE for block in self.base)

    def _without_label(self, words: tuple[Piece, ...], base: Block) -> tuple[Piece, ...]:
        """The words without a number that an editor has turned from a list into letters."""
        typed = _TYPED.match("".join(piece.text for piece in words))
        if typed is None or _TYPED.match(plain(base.text)):
            return words
        own = self.numbers.get(base.id, "").rpartition("(")[2].removesuffix(")")
        return _without(words, len(typed[0])) if typed["count"] == own else words

    def _pieces(self, words: Sequence[Words]) -> tuple[Piece, ...]:
        return tuple(_joined(self._piece(one) for one in _one_link(words)))

    def _piece(self, words: Words) -> Piece:
        if words.kind is GlyphKind.NOTE:
            return Piece(GlyphKind.NOTE, self.labels.get(words.text, words.text))
        if not words.style.link.startswith(REFERENCE):
            return Piece(words.kind, words.text, words.style)
        block_id = self.by_mark.get(words.style.link.removeprefix(REFERENCE))
        looks = Style(words.style.is_bold, words.style.is_italic, words.style.is_code)
        if block_id is None:
            return Piece(words.kind, words.text, looks)
        if self.known[block_id].kind is BlockKind.NOTE:
            return Piece(GlyphKind.NOTE, parts.note(self.known[block_id].text)[0])
        if words.text in {printed(self.numbers.get(block_id, ""), self.base.language), "¶"}:
            return Piece(GlyphKind.REFERENCE, block_id, looks)
        return Piece(words.kind, words.text, Style(looks.is_bold, looks.is_italic, looks.is_code, REFERENCE + block_id))


def _one_link(words: Sequence[Words]) -> Iterator[Words]:
    """Runs inside one link to a block as one: editors split them anywhere."""
    waiting: list[Words] = []
    for one in words:
        if waiting and not (one.style.link.startswith(REFERENCE) and one.style.link == waiting[-1].style.link):
            yield _whole(waiting)
            waiting = []
        waiting.append(one)
    if waiting:
        yield _whole(waiting)


def _whole(words: Sequence[Words]) -> Words:
    first = words[0]
    return Words(first.kind, "".join(one.text for one in words), first.style) if len(words) > 1 else first


def _joined(found: Iterator[Piece]) -> Iterator[Piece]:
    """Neighbouring words of one look put together, spaces at the ends left out of account."""
    last: Piece | None = None
    for piece in found:
        if last and (last.kind, last.style, piece.kind) == (GlyphKind.TEXT, piece.style, GlyphKind.TEXT):
            last = Piece(last.kind, last.text + piece.text, last.style)
            continue
        if last:
            yield last
        last = piece
    if last:
        yield last


def _without(words: Sequence[Piece], count: int) -> tuple[Piece, ...]:
    """The words from the given character on."""
    left = count
    made: list[Piece] = []
    for piece in words:
        if left >= len(piece.text):
            left -= len(piece.text)
            continue
        made.append(Piece(piece.kind, piece.text[left:], piece.style) if left else piece)
        left = 0
    return tuple(made)
