"""A Word file that came back as a text again: what each of its paragraphs says, in the block that it is."""

import re
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from enum import StrEnum

from msgspec import Struct, field
from msgspec.structs import replace

from drafts.base.errors import TooLarge
from drafts.diff.block_matching import match_blocks
from drafts.formats import text_parts as parts
from drafts.formats.docx.document_model import AcceptedView, ReadParagraph, ReadRun, ViewLine, WordText
from drafts.formats.docx.entries import ChangeKind
from drafts.formats.docx.glyphs import GlyphKind, Style, StyledPiece, join_pieces, styled_pieces
from drafts.formats.docx.inline_markdown import (
    RestoredMarkdown,
    WordingDifference,
    code_back,
    markdown_of,
    restore_markdown,
    table_back,
)
from drafts.formats.docx.origin import by_bookmark
from drafts.formats.inline_runs import REFERENCE
from drafts.text.blocks import COUNTED, Block, BlockKind, Document, folded_hash
from drafts.text.markup import plain
from drafts.text.numbering import printed

_WORD = re.compile(r"\w+")
_ALIKE, _STRANGE = 0.6, 0.3  # shares of a paragraph's words


class RecognitionMethod(StrEnum):
    """How a paragraph was recognised."""

    MARK = "mark"  # by its bookmark
    WORDS = "words"  # by what it says and where it stands
    NEW = "new"


class ParagraphRecogniser:
    """Recognises the lines of the views of one file. `by_mark` are the blocks of the base by their bookmarks."""

    def __init__(self, text: WordText, base: Document, by_mark: Mapping[str, str]) -> None:
        self.text, self.base, self.by_mark = text, base, by_mark
        self.known = {block.id: block for block in base}
        hashes = {block.id: folded_hash(plain(block.text)) for block in base if block.text}
        counts = Counter(hashes.values())
        self.by_words = {said: block_id for block_id, said in hashes.items() if counts[said] == 1}
        self.moves = self._moves()

    def identified(
        self, lines: Sequence[ViewLine], before: Mapping[int, str] | None, blocks: Sequence[Block]
    ) -> tuple[list[str], dict[str, RecognitionMethod]]:
        """The block that each line is, and how it was recognised; a new one has an id that begins with "new-".

        `before` says which block each paragraph of the file was in another view. `blocks` are the lines as blocks,
        by whose words those without a mark are recognised; unless they are given, such a line is new.
        """
        ids: list[str | None] = []
        how: dict[str, RecognitionMethod] = {}
        moves = {name: list(self._moved(places, before)) for name, places in self.moves.items()}
        for line in lines:
            found = self._by_mark(line, before, how, moves.get(line.move, []))
            ids.append(found)
            if found is not None:
                how[found] = RecognitionMethod.MARK
        self._by_place(lines, ids, how, before)
        self._by_words(ids, how, blocks)
        made = [found or f"new-{line.places[0]}" for line, found in zip(lines, ids, strict=True)]
        how |= {block_id: RecognitionMethod.NEW for block_id in made if block_id not in how}
        return made, how

    def _by_mark(
        self, line: ViewLine, before: Mapping[int, str] | None, taken: Mapping[str, RecognitionMethod], moved: list[str]
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

    def _as_its_words_say(
        self, line: ViewLine, found: str, others: Sequence[str], taken: Mapping[str, RecognitionMethod]
    ) -> str:
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
        self,
        lines: Sequence[ViewLine],
        ids: list[str | None],
        how: dict[str, RecognitionMethod],
        before: Mapping[int, str] | None,
    ) -> None:
        """What was recognised in another view is so again."""
        for place, line in enumerate(lines):
            if ids[place] is None and before is not None:
                known = next((before[at] for at in line.places if at in before), "")
                if known in self.known and known not in how:
                    ids[place], how[known] = known, RecognitionMethod.WORDS

    def _by_words(self, ids: list[str | None], how: dict[str, RecognitionMethod], blocks: Sequence[Block]) -> None:
        new = [blocks[place] for place, found in enumerate(ids) if found is None and blocks]
        missing = [
            block for block in self.base if block.id not in how and block.text and block.kind is not BlockKind.NOTE
        ]
        if not new or not missing:
            return
        try:
            sides = (Document(tuple(missing), self.base.language), Document(tuple(new), self.base.language))
            answer = match_blocks(*sides, are_whole=False)
        except TooLarge:
            return
        open_lines = (place for place, found in enumerate(ids) if found is None)
        for place, block in zip(list(open_lines), answer, strict=True):
            if block.id in self.known and block.id not in how:
                ids[place], how[block.id] = block.id, RecognitionMethod.WORDS

    def _moves(self) -> Mapping[str, Sequence[ReadParagraph]]:
        """By the name of a move, the paragraphs that it took away, in order."""
        found: dict[str, list[ReadParagraph]] = {}
        for paragraph in self.text.paragraphs:
            changes = [*paragraph.mark, *(change for words in paragraph.words for change in words.changes)]
            for name in {change.move for change in changes if change.kind is ChangeKind.MOVED_FROM and change.move}:
                found.setdefault(name, []).append(paragraph)
        return found

    def _moved(self, paragraphs: Sequence[ReadParagraph], before: Mapping[int, str] | None) -> Iterator[str]:
        """The blocks that paragraphs were before they moved: by their marks, or as they were recognised there."""
        for paragraph in paragraphs:
            marked = [self.by_mark[mark] for mark in paragraph.marks if mark in self.by_mark]
            placed = before.get(paragraph.place, "") if before else ""
            found = placed if placed in self.known else next(iter(marked), "")
            if found:
                yield found


_DASH = re.compile(r"[-–—•·▪*][ \u00a0\t]+(?=\S)")
_TYPED = re.compile(r"\(?(?P<count>\d{1,3}|[a-z]{1,3}|[ivx]{1,5})(?:[.)]|\.\))[ \u00a0]+(?=\S)")
_SHORTEST = 4  # paragraphs of a text of which a file may hold only a part
_FEWEST_LABELS = 3
_HEADINGS = frozenset({BlockKind.TITLE, BlockKind.HEADING})


class PlacedView(Struct, frozen=True):
    """A view as a text. `places` say which block each paragraph of the file became, `how` it was recognised;
    `differences` name blocks that differ in looks or typography alone, `words` what each line showed. What stands
    `around` the text is in no block, by place; what is `lacking` in a file that holds only a part stays as it was.
    """

    document: Document
    places: Mapping[int, str] = field(default_factory=dict)
    how: Mapping[str, RecognitionMethod] = field(default_factory=dict)
    differences: Mapping[str, WordingDifference] = field(default_factory=dict)
    words: Mapping[str, tuple[StyledPiece, ...]] = field(default_factory=dict)
    around: Mapping[int, str] = field(default_factory=dict)
    lacking: frozenset[str] = frozenset()


class _Found(Struct, frozen=True):
    """What the lines of one view became."""

    blocks: list[Block]
    places: dict[int, str]
    how: dict[str, RecognitionMethod]
    differences: dict[str, WordingDifference]
    words: dict[str, tuple[StyledPiece, ...]]


class ViewPlacer:
    """Places views of one file on one base. `numbers` are those that the file printed."""

    def __init__(self, text: WordText, base: Document, numbers: Mapping[str, str]) -> None:
        self.text, self.base, self.numbers = text, base, numbers
        self.known = {block.id: block for block in base}
        self.by_mark = by_bookmark([block.id for block in base])
        self.recogniser = ParagraphRecogniser(text, base, self.by_mark)
        self.is_typed = _is_typed(text)
        self.has_headings = any(paragraph.kind in _HEADINGS for paragraph in text.paragraphs)
        self.note_ids = self._note_ids()
        self.labels = self._labels()

    def placed(self, view: AcceptedView, before: PlacedView | None = None, *, aligns: bool = True) -> PlacedView:
        """The view as a text. Where its words are those of the view `before`, so is its Markdown.

        Unless it `aligns`, lines without a mark that were not there before are new.
        """
        blocks = [self._block(line, f"line {place}") for place, line in enumerate(view.lines)] if aligns else ()
        ids, how = self.recogniser.identified(view.lines, before.places if before else None, blocks)
        lines = list(zip(view.lines, ids, strict=True))
        around = before.around if before else self._before_the_title(lines, how)
        lacking = before.lacking if before else self._lacking(how)
        found = _Found([], {}, how, {}, {})
        for line, block_id in lines:
            if line.places[0] in around:
                how.pop(block_id, None)
            else:
                self._take(line, block_id, found, before)
        made = self._with_hidden(found.blocks, view, found, before, lacking)
        document = Document(tuple(made), self.base.language)
        return PlacedView(document, found.places, found.how, found.differences, found.words, around, lacking)

    def _before_the_title(
        self, lines: Sequence[tuple[ViewLine, str]], how: Mapping[str, RecognitionMethod]
    ) -> Mapping[int, str]:
        """What stands before the title, as letterheads do: no part of the text. Their words, by their places."""
        first = self.base.blocks[0] if self.base.blocks else None
        if first is None or first.kind is not BlockKind.TITLE or first.id not in how:
            return {}
        found: dict[int, str] = {}
        for line, block_id in lines:
            if block_id == first.id:
                break
            if how.get(block_id) is not RecognitionMethod.NEW:
                return {}
            found[line.places[0]] = line.text
        return found

    def _lacking(self, how: Mapping[str, RecognitionMethod]) -> frozenset[str]:
        """What the file lacks of the text if it holds only a part of it: nobody means all the rest to go."""
        shown = [block.id for block in self.base if block.text and block.kind is not BlockKind.NOTE]
        here = sum(block_id in how for block_id in shown)
        if len(shown) < _SHORTEST or 2 * here >= len(shown):
            return frozenset()
        return frozenset(block.id for block in self.base if block.id not in how)

    # Footnotes

    def _note_ids(self) -> Mapping[str, str]:
        """The block of each footnote of the file that is one of the base, by its bookmark or its words."""
        found: dict[str, str] = {}
        notes = [block for block in self.base if block.kind is BlockKind.NOTE]
        for number, paragraph in self.text.notes.items():
            marked = [self.by_mark[mark] for mark in paragraph.marks if mark in self.by_mark]
            said = "".join(words.text for words in paragraph.words).strip()
            alike = [block.id for block in notes if plain(block.text).strip() == said]
            if block_id := next(
                (candidate for candidate in (*marked, *alike) if candidate not in found.values()), None
            ):
                found[number] = block_id
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

    def _with_hidden(
        self,
        blocks: Sequence[Block],
        view: AcceptedView,
        found: _Found,
        before: PlacedView | None,
        lacking: frozenset[str],
    ) -> list[Block]:
        """The blocks with those that no paragraph of the file shows: footnotes, what has no words yet or is lacking."""
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
            kept = notes.get(block.id) or (block if not block.text or block.id in lacking else None)
            if block.id not in here and kept is not None:
                at = next(
                    (at + 1 for at, block in enumerate(made) if block.id == previous),
                    0 if previous is None else len(made),
                )
                while previous and at < len(made) and made[at].id not in self.known:
                    at += 1  # what is new goes on with what stands before it
                made.insert(at, kept)
                here.add(block.id)
            previous = block.id if block.id in here else previous
        return [*made, *new]

    # What a line says

    def _take(self, line: ViewLine, block_id: str, found: _Found, before: PlacedView | None) -> None:
        found.places.update(dict.fromkeys(line.places, block_id))
        found.blocks.append(self._back(block_id, line, found, before))

    def _back(self, block_id: str, line: ViewLine, found: _Found, before: PlacedView | None, label: str = "") -> Block:
        """The block that a line has become; what was recognised keeps its kind and level."""
        base = self.known.get(block_id)
        if base is None:
            block = self._block(line, block_id)
            return Block(block.id, BlockKind.NOTE, f"[^{label}]: {block.text}") if label else block
        words = self._with_references(self._pieces(line.words), base)
        if base.kind in COUNTED:
            words = self._without_label(words, base)
        found.words[block_id] = words
        if before and block_id in before.words and before.words[block_id] == words and not line.rows:
            return next(block for block in before.document if block.id == block_id)
        back = self._back_of(base, line, words, folds=before is None)
        if back.difference in {WordingDifference.LOOKS, WordingDifference.TYPOGRAPHY}:
            found.differences[block_id] = back.difference
        elif line.is_retyped or self._is_restyled(base, line):
            found.differences.setdefault(block_id, WordingDifference.LOOKS)
        return Block(base.id, base.kind, back.text, base.level)

    def _back_of(self, base: Block, line: ViewLine, words: Sequence[StyledPiece], *, folds: bool) -> RestoredMarkdown:
        match base.kind:
            case BlockKind.TABLE if line.rows:
                return table_back(base.text, [[self._pieces(cell) for cell in row] for row in line.rows])
            case BlockKind.CODE:
                return code_back(base, words)
            case BlockKind.RULE:
                return RestoredMarkdown(base.text, WordingDifference.NONE)
            case BlockKind.NOTE:
                label, said = parts.note(base.text)
                back = restore_markdown(Block(base.id, BlockKind.PARAGRAPH, said), words, folds=folds)
                return RestoredMarkdown(f"[^{label}]: {back.text}", back.difference)
            case _:
                return restore_markdown(base, words, folds=folds)

    def _is_restyled(self, base: Block, line: ViewLine) -> bool:
        """A heading made a paragraph or the like: how it looks, unless somebody says otherwise."""
        if line.kind is BlockKind.PARAGRAPH:
            return self.has_headings and base.kind in _HEADINGS
        is_counted = line.kind in COUNTED and base.kind in COUNTED
        return line.kind not in {None, base.kind} and not line.rows and not is_counted

    def _block(self, line: ViewLine, block_id: str) -> Block:
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
        elif kind is BlockKind.PARAGRAPH and (dash := _DASH.match(line.text)):
            kind, words = BlockKind.BULLET, _without(words, len(dash[0]))
        return Block(block_id, kind, markdown_of(words), level)

    def _has_title(self) -> bool:
        return any(block.kind is BlockKind.TITLE for block in self.base)

    def _without_label(self, words: tuple[StyledPiece, ...], base: Block) -> tuple[StyledPiece, ...]:
        """The words without a number that an editor has turned from a list into letters."""
        typed = _TYPED.match("".join(piece.text for piece in words))
        if typed is None or _TYPED.match(plain(base.text)):
            return words
        own = self.numbers.get(base.id, "").rpartition("(")[2].removesuffix(")")
        count: str = typed["count"]
        is_label = count == own or (self.is_typed and count.isdecimal() is own.isdecimal())
        return _without(words, len(typed[0])) if is_label else words

    def _with_references(self, words: tuple[StyledPiece, ...], base: Block) -> tuple[StyledPiece, ...]:
        """The words, with references to paragraphs where an editor has left only their numbers."""
        before = ""
        for piece in styled_pieces(base.text) if REFERENCE in base.text else ():
            if piece.kind is GlyphKind.REFERENCE and piece.text not in {styled_piece.text for styled_piece in words}:
                number = printed(self.numbers.get(piece.text, ""), self.base.language)
                lead = re.search(r"\w+[ \u00a0]$", before)
                words = _referring(words, lead[0], number, piece.text) if lead and number else words
            before = piece.text if piece.kind is GlyphKind.TEXT else ""
        return words

    def _pieces(self, words: Sequence[ReadRun]) -> tuple[StyledPiece, ...]:
        return join_pieces(self._piece(run) for run in _joined_link(words))

    def _piece(self, words: ReadRun) -> StyledPiece:
        if words.kind is GlyphKind.NOTE:
            return StyledPiece(GlyphKind.NOTE, self.labels.get(words.text, words.text))
        if not words.style.link.startswith(REFERENCE):
            return StyledPiece(words.kind, words.text, words.style)
        block_id = self.by_mark.get(words.style.link.removeprefix(REFERENCE))
        looks = Style(words.style.is_bold, words.style.is_italic, words.style.is_code)
        if block_id is None:
            return StyledPiece(words.kind, words.text, looks)
        if self.known[block_id].kind is BlockKind.NOTE:
            return StyledPiece(GlyphKind.NOTE, parts.note(self.known[block_id].text)[0])
        if words.text in {printed(self.numbers.get(block_id, ""), self.base.language), "¶"}:
            return StyledPiece(GlyphKind.REFERENCE, block_id, looks)
        return StyledPiece(
            words.kind, words.text, Style(looks.is_bold, looks.is_italic, looks.is_code, REFERENCE + block_id)
        )


def _is_typed(text: WordText) -> bool:
    """Whether the numbers of this file are letters, which nobody counts when a paragraph comes or goes."""
    starts = ("".join(read_run.text for read_run in paragraph.words[:4]) for paragraph in text.paragraphs)
    labels: list[str] = [typed["count"] for start in starts if (typed := _TYPED.match(start))]
    return sum(label.isdecimal() for label in labels) >= _FEWEST_LABELS


def _referring(words: tuple[StyledPiece, ...], lead: str, number: str, block_id: str) -> tuple[StyledPiece, ...]:
    """The words with one number, right after others, as a reference."""
    expression = re.compile(rf"{re.escape(lead.rstrip())}[ \u00a0]({re.escape(number)})(?!\w)")
    for place, piece in enumerate(words):
        if piece.kind is GlyphKind.TEXT and (found := expression.search(piece.text)):
            start, end = found.span(1)
            middle = StyledPiece(GlyphKind.REFERENCE, block_id, piece.style)
            parted = (replace(piece, text=piece.text[:start]), middle, replace(piece, text=piece.text[end:]))
            return (
                *words[:place],
                *(styled_piece for styled_piece in parted if styled_piece.text),
                *words[place + 1 :],
            )
    return words


def _joined_link(words: Sequence[ReadRun]) -> Iterator[ReadRun]:
    """Runs inside one link to a block as one: editors split them anywhere."""
    pending: list[ReadRun] = []
    for read_run in words:
        if pending and not (
            read_run.style.link.startswith(REFERENCE) and read_run.style.link == pending[-1].style.link
        ):
            yield _whole(pending)
            pending = []
        pending.append(read_run)
    if pending:
        yield _whole(pending)


def _whole(words: Sequence[ReadRun]) -> ReadRun:
    first = words[0]
    return ReadRun(first.kind, "".join(read_run.text for read_run in words), first.style) if len(words) > 1 else first


def _without(words: Sequence[StyledPiece], count: int) -> tuple[StyledPiece, ...]:
    """The words from the given character on."""
    left = count
    made: list[StyledPiece] = []
    for piece in words:
        if left >= len(piece.text):
            left -= len(piece.text)
            continue
        made.append(StyledPiece(piece.kind, piece.text[left:], piece.style) if left else piece)
        left = 0
    return tuple(made)
