"""What was read of a Word file, before anything is made of it."""

from collections import Counter
from collections.abc import Container, Iterable, Iterator, Mapping, Sequence
from collections.abc import Set as AbstractSet
from enum import StrEnum
from itertools import groupby, takewhile

from msgspec import Struct, field
from msgspec.structs import replace

from drafts.formats.docx.entries import TAKES_AWAY, ChangeAuthor, ChangeKind, TrackedChange
from drafts.formats.docx.glyphs import PLAIN, GlyphKind, Style
from drafts.formats.docx.origin import OF_A_BLOCK, FileOrigin
from drafts.formats.docx.style_meanings import RunLook
from drafts.text.blocks import BlockKind


def stands(changes: Iterable[TrackedChange], accepted: frozenset[ChangeAuthor]) -> bool:
    """Whether what is under these changes is there once those of some hands are accepted and all others rejected."""
    return all((change.hand in accepted) is (change.kind not in TAKES_AWAY) for change in changes)


class ReadRun(Struct, frozen=True):
    """A stretch of one look under the same changes; `restyled_by` changed only its look."""

    kind: GlyphKind
    text: str
    style: Style = PLAIN
    changes: tuple[TrackedChange, ...] = ()
    restyled_by: ChangeAuthor | None = None

    def stands(self, accepted: frozenset[ChangeAuthor]) -> bool:
        """Whether it is there once the changes of these hands are accepted and all others rejected."""
        return stands(self.changes, accepted)


CELL_JOINT = ReadRun(GlyphKind.TEXT, " ")
"""This very run parts the paragraphs of a cell."""


def with_signs(runs: Iterable[ReadRun], look: RunLook) -> list[ReadRun]:
    """What was read under one look, raised and lowered words with the signs that there are for them."""
    return [replace(run, text=look.shown(run.text)) if run.kind is GlyphKind.TEXT else run for run in runs]


class ReadCell(Struct, frozen=True):
    """A cell: all its words, paragraphs parted by spaces, and what happened to it as a whole."""

    words: tuple[ReadRun, ...] = ()
    changes: tuple[TrackedChange, ...] = ()


class ReadRow(Struct, frozen=True):
    """A row of a table."""

    cells: tuple[ReadCell, ...]
    changes: tuple[TrackedChange, ...] = ()


class ReadParagraph(Struct, frozen=True):
    """A paragraph or a table as it stands in the file.

    `marks` are bookmarks that begin in it, `mark` what happened to its end, `kind` what its style says (None where
    it says nothing), `label` a number or bullet that its list prints, `remarks` the comments that begin in it.
    """

    place: int
    words: tuple[ReadRun, ...] = ()
    marks: tuple[str, ...] = ()
    mark: tuple[TrackedChange, ...] = ()
    kind: BlockKind | None = None
    level: int = 0
    rows: tuple[ReadRow, ...] = ()
    remarks: tuple[str, ...] = ()
    retyped_by: ChangeAuthor | None = None


class OpenParagraph(Struct):
    """Where a reader stands inside a paragraph, and what it has found there."""

    place: int
    style: str = ""
    words: list[ReadRun] = field(default_factory=list)
    marks: list[str] = field(default_factory=list)
    remarks: list[str] = field(default_factory=list)


class ReadComment(Struct, frozen=True):
    """A comment as it stands in the file: where it begins (None: nowhere), the words it is about, what it answers."""

    id: str
    hand: ChangeAuthor
    text: str
    place: int | None = None
    about: str = ""
    parent: str = ""
    is_resolved: bool = False


class Oddity(StrEnum):
    """What a file holds that no block can: told, never dropped in silence."""

    TEXT_BOX = "text_box"
    PICTURE = "picture"
    NESTED_TABLE = "nested_table"
    EMBEDDED = "embedded"  # another file, a chart, an equation
    HEADER = "header"  # words that were changed in a header or footer
    CONTENTS = "contents"  # a table of contents
    HIDDEN = "hidden"  # words that nobody sees
    STRUCK = "struck"  # words struck through by hand: read as taken out
    NO_CHANGE = "no_change"  # a paragraph taken apart that somebody else inserts


class FoundOddity(Struct, frozen=True):
    """One oddity: where it stood, and the words it has."""

    what: Oddity
    place: int
    text: str = ""


class WordText(Struct, frozen=True):
    """A Word file as it was read. `notes` are the footnotes by their number in the file."""

    paragraphs: tuple[ReadParagraph, ...] = ()
    notes: dict[str, ReadParagraph] = field(default_factory=dict)
    comments: tuple[ReadComment, ...] = ()
    oddities: tuple[FoundOddity, ...] = ()
    origin: FileOrigin | None = None


class ViewLine(Struct, frozen=True):
    """One paragraph or table of a view. `places` are the paragraphs of the file that it was made of."""

    places: tuple[int, ...]
    words: tuple[ReadRun, ...]
    marks: tuple[str, ...]
    kind: BlockKind | None
    level: int
    rows: tuple[tuple[tuple[ReadRun, ...], ...], ...] = ()
    move: str = ""  # the name of the move that brought it here
    is_retyped: bool = False

    @property
    def text(self) -> str:
        """Its words as a reader sees them."""
        return "".join(words.text for words in self.words if words.kind is GlyphKind.TEXT)


class AcceptedView(Struct, frozen=True):
    """The lines of the text, and of the footnotes by their number in the file."""

    lines: tuple[ViewLine, ...]
    notes: dict[str, ViewLine]


def accepted_view(text: WordText, accepted: frozenset[ChangeAuthor]) -> AcceptedView:
    """The file with the changes of these hands accepted and all others rejected; empty paragraphs are left out."""
    called = {
        words.text
        for paragraph in text.paragraphs
        for words in (
            *paragraph.words,
            *(read_run for row in paragraph.rows for cell in row.cells for read_run in cell.words),
        )
        if words.kind is GlyphKind.NOTE and words.stands(accepted)
    }
    notes = {number: _line([paragraph], accepted) for number, paragraph in text.notes.items() if number in called}
    return AcceptedView(tuple(_lines(text.paragraphs, accepted)), notes)


def hands(text: WordText) -> tuple[ChangeAuthor, ...]:
    """Everybody who changed words, in the order of the text."""
    found: dict[ChangeAuthor, None] = {}
    for paragraph in (*text.paragraphs, *text.notes.values()):
        for words in paragraph.words:
            found |= dict.fromkeys(change.hand for change in words.changes)
        found |= dict.fromkeys(change.hand for change in paragraph.mark)
        for row in paragraph.rows:
            found |= dict.fromkeys(change.hand for change in row.changes)
            for cell in row.cells:
                found |= dict.fromkeys(change.hand for change in cell.changes)
                found |= dict.fromkeys(change.hand for words in cell.words for change in words.changes)
    return tuple(found)


def _lines(paragraphs: tuple[ReadParagraph, ...], accepted: frozenset[ChangeAuthor]) -> Iterator[ViewLine]:
    pending: list[ReadParagraph] = []
    for paragraph in paragraphs:
        if paragraph.rows:
            yield from _shown(pending, accepted)
            pending = []
            if table := _table(paragraph, accepted):
                yield table
            continue
        pending.append(paragraph)
        if stands(paragraph.mark, accepted):
            yield from _shown(pending, accepted)
            pending = []
    yield from _shown(pending, accepted)


def _shown(paragraphs: list[ReadParagraph], accepted: frozenset[ChangeAuthor]) -> Iterator[ViewLine]:
    """Several paragraphs whose ends went, as one; nothing where nothing is left."""
    if not paragraphs:
        return
    line = _line(paragraphs, accepted)
    if line.words or line.kind is BlockKind.RULE:
        yield line


def _line(paragraphs: list[ReadParagraph], accepted: frozenset[ChangeAuthor]) -> ViewLine:
    with_words = [
        (paragraph, words)
        for paragraph in paragraphs
        if (words := tuple(read_run for read_run in paragraph.words if read_run.stands(accepted)))
    ]
    kept = [paragraph for paragraph, _ in with_words] or paragraphs[-1:]
    first = kept[0]
    return ViewLine(
        places=tuple(paragraph.place for paragraph in kept),
        words=tuple(word for _, words in with_words for word in words),
        marks=tuple(mark for paragraph in kept for mark in paragraph.marks),
        kind=first.kind,
        level=first.level,
        move=_move(first),
        is_retyped=first.retyped_by is not None,
    )


def _move(paragraph: ReadParagraph) -> str:
    changes = [*paragraph.mark, *(change for words in paragraph.words for change in words.changes)]
    return next((change.move for change in changes if change.kind is ChangeKind.MOVED_TO), "")


def _table(paragraph: ReadParagraph, accepted: frozenset[ChangeAuthor]) -> ViewLine | None:
    rows = tuple(
        tuple(
            tuple(read_run for read_run in cell.words if read_run.stands(accepted))
            for cell in row.cells
            if stands(cell.changes, accepted)
        )
        for row in paragraph.rows
        if stands(row.changes, accepted)
    )
    if not rows or not stands(paragraph.mark, accepted):
        return None
    return ViewLine((paragraph.place,), (), paragraph.marks, BlockKind.TABLE, 0, rows=rows)


class StruckWords(Struct, frozen=True):
    """Words of another's proposal that somebody strikes out, in the paragraph of the file at `place`."""

    place: int
    text: str


def with_whole_insertions(text: WordText, said: Mapping[str, str], hands: Container[ChangeAuthor]) -> WordText:
    """The file in which words that nobody tracked, typed into what one of these hands inserts, are inserted with it.

    A word processor writes between or beside tracked runs what is typed there while tracking is off. `said` are the
    words of the base by bookmark: what stands beside an insertion belongs to it where the base is all the rest, and
    everything in a paragraph that somebody inserts and whose bookmark the base has not.
    """
    text = _with_own_ends(text, hands)
    return replace(text, paragraphs=tuple(_inserted_whole(paragraph, said, hands) for paragraph in text.paragraphs))


def _with_own_ends(text: WordText, hands: Container[ChangeAuthor]) -> WordText:
    """The same where each inserted paragraph has its own end, which a program leaves to what is typed after it.

    One that somebody took apart is whole, which is told.
    """
    found, oddities = list(text.paragraphs), list(text.oddities)
    for place, paragraph in enumerate(text.paragraphs):
        own = {change for run in paragraph.words for change in _by(run.changes, hands)}
        after = _up_to_own_end(text.paragraphs, place, own)
        if any(own & {*run.changes} for further in after for run in further.words):
            found[place] = replace(paragraph, mark=(TrackedChange(ChangeKind.INSERTED, _NOBODY),))
            oddities.append(FoundOddity(Oddity.NO_CHANGE, place, "".join(run.text for run in paragraph.words)))
        elif after:
            found[place] = replace(paragraph, mark=after[-1].mark)
            found[place + len(after)] = replace(after[-1], mark=paragraph.mark)
    return replace(text, paragraphs=tuple(found), oddities=tuple(oddities))


def _up_to_own_end(
    paragraphs: Sequence[ReadParagraph], place: int, own: AbstractSet[TrackedChange]
) -> Sequence[ReadParagraph]:
    """What stands between a paragraph that is all inserted and its own end; () where it has that itself."""
    if own & {*paragraphs[place].mark} or not all(run.changes for run in paragraphs[place].words):
        return ()
    after = list(takewhile(lambda further: not further.marks, paragraphs[place + 1 :]))
    last = next((at for at, further in enumerate(after) if own & {*further.mark}), -1)
    return after[: last + 1]


def _inserted_whole(paragraph: ReadParagraph, said: Mapping[str, str], hands: Container[ChangeAuthor]) -> ReadParagraph:
    own = [mark for mark in paragraph.marks if mark.startswith(OF_A_BLOCK)]
    base = next((said[mark] for mark in own if mark in said), None)
    if base is not None:
        beside = list(_beside_insertions(paragraph.words, hands))
        return _under_insertions(paragraph, beside) if _rest(paragraph, beside) == base else paragraph
    return _under_insertions(paragraph, [_by(paragraph.mark, hands)] * len(paragraph.words)) if own else paragraph


def _beside_insertions(words: Sequence[ReadRun], hands: Container[ChangeAuthor]) -> Iterator[tuple[TrackedChange, ...]]:
    """For each run, the insertion by one of these hands right before it, or else right after it; () without one."""
    inserted = [_by(run.changes, hands) for run in words]
    for before, _, after in zip([(), *inserted], inserted, [*inserted[1:], ()], strict=False):
        yield before or after


def _by(changes: Sequence[TrackedChange], hands: Container[ChangeAuthor]) -> tuple[TrackedChange, ...]:
    """The changes, where all are insertions by these hands."""
    return tuple(changes) if all(each.kind is ChangeKind.INSERTED and each.hand in hands for each in changes) else ()


def _rest(paragraph: ReadParagraph, beside: Sequence[tuple[TrackedChange, ...]]) -> str:
    """What stands without any change, and beside no insertion."""
    parts = zip(paragraph.words, beside, strict=True)
    return "".join(run.text for run, near in parts if run.stands(frozenset()) and (run.changes or not near))


def _under_insertions(paragraph: ReadParagraph, beside: Sequence[tuple[TrackedChange, ...]]) -> ReadParagraph:
    parts = zip(paragraph.words, beside, strict=True)
    return replace(paragraph, words=tuple(replace(run, changes=run.changes or near) for run, near in parts))


def with_own_words(text: WordText, mine: AbstractSet[ChangeAuthor]) -> WordText:
    """The file in which what others propose is `mine` too wherever these hands worked upon it."""
    paragraphs = list(text.paragraphs)
    for place, paragraph in enumerate(text.paragraphs):
        if not (own := _hands(paragraph.words) & mine):
            continue
        hand = min(own, key=lambda hand: (hand.author, str(hand.date)))
        paragraphs[place] = replace(paragraph, words=tuple(_taken(paragraph.words, mine, hand)))
        if others := _whole(paragraph, mine):
            paragraphs[place] = replace(
                paragraph,
                words=tuple(_under(words, others, hand) for words in paragraph.words),
                mark=_marks(paragraph.mark, others, hand),
            )
            if place:
                before = paragraphs[place - 1]
                paragraphs[place - 1] = replace(before, mark=_marks(before.mark, others, hand))
    return replace(text, paragraphs=tuple(paragraphs))


def without_changes(text: WordText, mine: AbstractSet[ChangeAuthor], places: AbstractSet[int]) -> WordText:
    """The file in which what these hands did to the paragraphs in these places is nobody's, whom no view accepts."""
    paragraphs = tuple(
        replace(
            paragraph,
            words=tuple(_under(words, mine, _NOBODY) for words in paragraph.words),
            mark=_marks(paragraph.mark, mine, _NOBODY),
        )
        if place in places
        else paragraph
        for place, paragraph in enumerate(text.paragraphs)
    )
    return replace(text, paragraphs=paragraphs)


_NOBODY = ChangeAuthor("\0")


def worked_upon(paragraph: ReadParagraph, mine: AbstractSet[ChangeAuthor]) -> set[ChangeAuthor]:
    """Whose changes in a paragraph these hands changed in turn."""
    if mine.isdisjoint(_hands(paragraph.words)):
        return set()
    stretches = groupby(paragraph.words, key=lambda read_run: bool(read_run.changes))
    beneath = (_beneath(list(stretch), mine) for is_changed, stretch in stretches if is_changed)
    return _whole(paragraph, mine).union(*beneath)


def struck(text: WordText, author: str) -> Iterator[StruckWords]:
    """What `author` strikes out of the proposals of others, paragraph by paragraph."""
    for paragraph in text.paragraphs:
        words = [read_run for read_run in paragraph.words if _is_struck(read_run, author)]
        if said := "".join(read_run.text for read_run in words).strip():
            yield StruckWords(paragraph.place, said)


def _is_struck(words: ReadRun, author: str) -> bool:
    takes = any(change.kind in TAKES_AWAY and change.hand.author == author for change in words.changes)
    return takes and any(change.kind not in TAKES_AWAY and change.hand.author != author for change in words.changes)


def _hands(words: Sequence[ReadRun]) -> set[ChangeAuthor]:
    return {change.hand for read_run in words for change in read_run.changes}


def _taken(words: Sequence[ReadRun], mine: AbstractSet[ChangeAuthor], hand: ChangeAuthor) -> Iterator[ReadRun]:
    """The words, with what others changed right there as mine where I worked upon it."""
    for is_changed, stretch in groupby(words, key=lambda read_run: bool(read_run.changes)):
        group = list(stretch)
        others = _beneath(group, mine) if is_changed else set()
        yield from (_under(run, others, hand) for run in group)


def _beneath(group: Sequence[ReadRun], mine: AbstractSet[ChangeAuthor]) -> set[ChangeAuthor]:
    """Whose changes I worked upon, and upon whose they worked in turn."""
    found: set[ChangeAuthor] = set()
    new = set(_upon(group, mine))
    while new:
        found |= new
        new = {foreign for hand in new for foreign in _upon(group, {hand}) if foreign not in mine} - found
    return found


def _upon(group: Sequence[ReadRun], mine: AbstractSet[ChangeAuthor]) -> Iterator[ChangeAuthor]:
    """Whose changes mine stand in: words of others struck out, or a place between halves of one insertion."""
    for run in group:
        first = next((place for place, change in enumerate(run.changes) if change.hand in mine), 0)
        yield from (change.hand for change in run.changes[:first] if change.kind not in TAKES_AWAY)
    inserted = [_inserting(run) for run in group]
    for place in (place for place, hand in enumerate(inserted) if hand in mine):
        before = {hand for hand in inserted[:place] if hand and hand not in mine}
        yield from before & set(inserted[place + 1 :])


def _inserting(words: ReadRun) -> ChangeAuthor | None:
    return next((change.hand for change in words.changes if change.kind not in TAKES_AWAY), None)


def _whole(paragraph: ReadParagraph, mine: AbstractSet[ChangeAuthor]) -> set[ChangeAuthor]:
    """Who inserted the whole paragraph in which these hands changed something, if that is somebody else."""
    if not paragraph.words or not all(words.changes for words in paragraph.words):
        return set()
    sizes: Counter[ChangeAuthor] = Counter()
    for words in paragraph.words:
        if hand := _inserting(words):
            sizes[hand] += len(words.text)
    return {hand for hand, _ in sizes.most_common(1) if hand not in mine}


def _under(words: ReadRun, others: AbstractSet[ChangeAuthor], mine: ChangeAuthor) -> ReadRun:
    if not any(change.hand in others for change in words.changes):
        return words
    return replace(words, changes=_marks(words.changes, others, mine))


def _marks(
    changes: Sequence[TrackedChange], others: AbstractSet[ChangeAuthor], mine: ChangeAuthor
) -> tuple[TrackedChange, ...]:
    return tuple(replace(change, hand=mine) if change.hand in others else change for change in changes)
