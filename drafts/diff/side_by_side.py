"""What a page needs to show a diff: rows in reading order, and inside them runs of words kept, inserted and deleted."""

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from enum import StrEnum

from diff_match_patch import diff_match_patch
from msgspec import Struct
from msgspec.structs import replace

from drafts.base.constants import DETAIL_FROM
from drafts.diff.document_diff import comparable, diff
from drafts.diff.hunks import Hunk, HunkKind
from drafts.diff.word_diff import WordHunk
from drafts.text.blocks import Block, Document
from drafts.text.tokens import PARAGRAPH_START, Token, TokenKind, graphemes, tokenize


class Detail(Struct, frozen=True):
    """A piece of an inserted or deleted word: what differs from the word it replaces, or what they share."""

    text: str
    is_changed: bool


def character_details(old: str, new: str) -> tuple[tuple[Detail, ...], tuple[Detail, ...]]:
    """`old` and `new` in pieces that are shared or changed, cut between grapheme clusters.

    Both are empty unless word answers word and some of them are nearly alike:
    letters that two different words happen to share help nobody.
    """
    old_tokens, new_tokens = tokenize(old), tokenize(new)
    if [token.kind for token in old_tokens] != [token.kind for token in new_tokens]:
        return (), ()
    pairs = [_pair(before, after) for before, after in zip(old_tokens, new_tokens, strict=True)]
    sides = (_merged([d for pair in pairs for d in pair[0]]), _merged([d for pair in pairs for d in pair[1]]))
    has_shared_letters = any(not d.is_changed and d.text.strip() for d in sides[0])
    return sides if has_shared_letters else ((), ())


def _pair(old: Token, new: Token) -> tuple[list[Detail], list[Detail]]:
    if old.text == new.text:
        return [Detail(old.text, is_changed=False)], [Detail(new.text, is_changed=False)]
    enough = DETAIL_FROM * (len(old.text) + len(new.text)) / 2
    is_like = old.kind is TokenKind.WORD and min(len(old.text), len(new.text)) >= enough
    if is_like and _most_shared(old.text, new.text) >= enough:
        old_pieces, new_pieces = _letters(graphemes(old.text), graphemes(new.text))
        if sum(len(piece.text) for piece in old_pieces if not piece.is_changed) >= enough:
            return old_pieces, new_pieces
    return [Detail(old.text, is_changed=True)], [Detail(new.text, is_changed=True)]


def _most_shared(old: str, new: str) -> int:
    """How many letters two words share in any order: never fewer than in the order in which they stand."""
    letters = set(old)
    return sum(map(min, map(old.count, letters), map(new.count, letters)))


def _letters(old: tuple[str, ...], new: tuple[str, ...]) -> tuple[list[Detail], list[Detail]]:
    clusters = sorted({*old, *new})
    codes = {cluster: chr(index) for index, cluster in enumerate(clusters)}
    engine = diff_match_patch()
    engine.Diff_Timeout = 0  # the default limit of one second would make the result depend on the machine's load
    sides: tuple[list[Detail], list[Detail]] = ([], [])
    coded = ("".join(codes[cluster] for cluster in side) for side in (old, new))
    for operation, piece in engine.diff_main(*coded, checklines=False):
        text = "".join(clusters[ord(code)] for code in piece)
        if operation <= 0:
            sides[0].append(Detail(text, is_changed=operation != 0))
        if operation >= 0:
            sides[1].append(Detail(text, is_changed=operation != 0))
    return sides


def _merged(pieces: list[Detail]) -> tuple[Detail, ...]:
    merged: list[Detail] = []
    for piece in pieces:
        if merged and merged[-1].is_changed == piece.is_changed:
            merged[-1] = Detail(merged[-1].text + piece.text, piece.is_changed)
        else:
            merged.append(piece)
    return tuple(merged)


class RowKind(StrEnum):
    """What happened to the paragraph or paragraphs of a row."""

    SAME = "same"
    REWORD = "reword"  # its words, its kind or its level changed
    INSERT = "insert"
    DELETE = "delete"
    MOVED_FROM = "moved_from"  # stood here; `MOVED` shows it where it is now
    MOVED = "moved"  # came here, perhaps reworded, split or joined on the way
    SPLIT = "split"
    JOIN = "join"


class RunOp(StrEnum):
    """What happened to a stretch of text."""

    EQUAL = "equal"
    INSERT = "insert"
    DELETE = "delete"
    START_INSERTED = "start_inserted"  # a paragraph starts here now (split); the run has no text
    START_DELETED = "start_deleted"  # a paragraph started here (join); the run has no text


class DiffRun(Struct, frozen=True):
    """A stretch of inline Markdown that was kept, inserted or deleted as one.

    `details` is empty, or spells `text` again in pieces (whole grapheme clusters)
    so that a page can stress the letters that differ: decisi[ón→on].
    """

    op: RunOp
    text: str
    details: tuple[Detail, ...] = ()


class SignedRun(DiffRun, frozen=True):
    """A run that the proposals of these numbers ask for; deleted words that each of them replaces have none."""

    numbers: tuple[int, ...] = ()


class DiffRow(Struct, frozen=True):
    """One line of a comparison, in reading order.

    `old` and `new` are the blocks on either side, `old_blocks` and `new_blocks`
    their places; a row that came has no old ones, a row that went (`DELETE`,
    `MOVED_FROM`) no new ones. `runs` tell the text of the row in order, deleted
    ones before the inserted ones that replace them; a text without words has none.
    Joining the equal and deleted runs gives the old texts, the equal and inserted
    ones the new (starts of paragraphs aside).
    """

    kind: RowKind
    old: tuple[Block, ...]
    new: tuple[Block, ...]
    old_blocks: tuple[int, ...]
    new_blocks: tuple[int, ...]
    runs: tuple[DiffRun, ...] = ()


class PlacedRow(Struct, frozen=True):
    """A row whose words are not told yet, if it has a hunk: letters that differ take longer to find than the words."""

    row: DiffRow
    hunk: Hunk | None = None

    def told(self) -> DiffRow:
        """The row with its words."""
        return replace(self.row, runs=tuple(_runs(self.hunk))) if self.hunk else self.row


def diff_rows(old: Document, new: Document) -> tuple[DiffRow, ...]:
    """Compare `old` and `new` row by row, in the reading order of `new`; what went stands where it used to."""
    return tuple(placed.told() for placed in placed_rows(old, new))


def placed_rows(old: Document, new: Document) -> Sequence[PlacedRow]:
    """The same, for whoever shows some of the rows."""
    old, new = comparable(old, new)
    hunks = diff(old, new)
    old_at = {block.id: index for index, block in enumerate(old.blocks)}
    came = {index: hunk for hunk in hunks for index in hunk.new_blocks}
    went = _went(hunks)
    rows: list[PlacedRow] = []
    for index, block in enumerate(new.blocks):
        rows += went[index]
        hunk = came.get(index)
        if hunk is None:
            runs = _whole(block, RunOp.EQUAL)
            rows.append(PlacedRow(DiffRow(RowKind.SAME, (block,), (block,), (old_at[block.id],), (index,), runs)))
        elif hunk.new_blocks[0] == index:
            rows.append(_row(hunk))
    return (*rows, *went[len(new)])


def overlaid(base: str, proposals: Mapping[int, Sequence[WordHunk]]) -> Iterator[DiffRun]:
    """Several rewordings of one text in one line, each change where it belongs and signed by those who ask for it.

    Where they overlap, the words are followed by what each would make of them; the same wording stands once.
    """
    kept = 0
    for start, end in _stretches(proposals):
        if text := base[kept:start]:
            yield DiffRun(RunOp.EQUAL, text)
        yield from _proposed(base, start, end, proposals)
        kept = end
    if text := base[kept:]:
        yield DiffRun(RunOp.EQUAL, text)


def _stretches(proposals: Mapping[int, Sequence[WordHunk]]) -> Sequence[tuple[int, int]]:
    """Where the text is changed; changes that overlap are one stretch, and so is what is put in at its end."""
    found: list[tuple[int, int]] = []
    for start, end in sorted((words.start.offset, words.end.offset) for made in proposals.values() for words in made):
        if found and (start < found[-1][1] or start == end == found[-1][1]):
            found[-1] = found[-1][0], max(end, found[-1][1])
        else:
            found.append((start, end))
    return found


def _proposed(base: str, start: int, end: int, proposals: Mapping[int, Sequence[WordHunk]]) -> Iterator[SignedRun]:
    answers: dict[str, tuple[int, ...]] = {}
    for number, made in proposals.items():
        text, place = "", start
        for words in made:
            first, last = words.start.offset, words.end.offset
            if start < last <= end or first == last == end:
                text, place = text + base[place:first] + words.new, last
        text += base[place:end]
        if text != base[start:end]:
            answers[text] = (*answers.get(text, ()), number)
    if old := base[start:end]:
        yield SignedRun(RunOp.DELETE, old, numbers=answers.pop("", ()))
    yield from (SignedRun(RunOp.INSERT, text, numbers=numbers) for text, numbers in answers.items())


_ROW_KINDS = {
    HunkKind.REWORD: RowKind.REWORD,
    HunkKind.INSERT: RowKind.INSERT,
    HunkKind.DELETE: RowKind.DELETE,
    HunkKind.MOVE: RowKind.MOVED,
    HunkKind.SPLIT: RowKind.SPLIT,
    HunkKind.JOIN: RowKind.JOIN,
}


def _went(hunks: Sequence[Hunk]) -> Mapping[int, Sequence[PlacedRow]]:
    """Rows for what no longer stands in its place, by the new block they stand before."""
    rows: dict[int, list[PlacedRow]] = defaultdict(list)
    for hunk in hunks:
        if hunk.new_gap is not None:
            kind = RowKind.DELETE if hunk.kind is HunkKind.DELETE else RowKind.MOVED_FROM
            runs = tuple(_joined([_whole(block, RunOp.DELETE) for block in hunk.old], RunOp.START_DELETED))
            rows[hunk.new_gap].append(PlacedRow(DiffRow(kind, hunk.old, (), hunk.old_blocks, (), runs)))
    return rows


def _row(hunk: Hunk) -> PlacedRow:
    is_new = hunk.kind is HunkKind.INSERT
    runs = _whole(hunk.new[0], RunOp.INSERT) if is_new else ()
    row = DiffRow(_ROW_KINDS[hunk.kind], hunk.old, hunk.new, hunk.old_blocks, hunk.new_blocks, runs)
    return PlacedRow(row, None if is_new else hunk)


def _whole(block: Block, op: RunOp) -> tuple[DiffRun, ...]:
    return (DiffRun(op, block.text),) if block.text else ()


def _runs(hunk: Hunk) -> Iterator[DiffRun]:
    block, offset = 0, 0
    first = hunk.old_blocks[0]
    for words in hunk.words:
        if kept := hunk.old[block].text[offset : words.start.offset]:
            yield DiffRun(RunOp.EQUAL, kept)
        yield from _changed(words, hunk)
        block, offset = words.end.block - first, words.end.offset
    if kept := hunk.old[block].text[offset:]:
        yield DiffRun(RunOp.EQUAL, kept)


def _changed(words: WordHunk, hunk: Hunk) -> Iterator[DiffRun]:
    old = words.old.split(PARAGRAPH_START) if len(hunk.old) > 1 else [words.old]
    new = words.new.split(PARAGRAPH_START) if len(hunk.new) > 1 else [words.new]
    old_details, new_details = character_details(words.old, words.new) if len(old) == len(new) == 1 else ((), ())
    yield from _joined([_run(RunOp.DELETE, text, old_details) for text in old], RunOp.START_DELETED)
    yield from _joined([_run(RunOp.INSERT, text, new_details) for text in new], RunOp.START_INSERTED)


def _run(op: RunOp, text: str, pieces: tuple[Detail, ...]) -> tuple[DiffRun, ...]:
    return (DiffRun(op, text, pieces),) if text else ()


def _joined(pieces: Sequence[tuple[DiffRun, ...]], start: RunOp) -> Iterator[DiffRun]:
    """The runs of several pieces with a start of a paragraph between them."""
    for index, piece in enumerate(pieces):
        if index:
            yield DiffRun(start, "")
        yield from piece
