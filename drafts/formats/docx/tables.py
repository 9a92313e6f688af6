"""Tables: rows that came and went, and the words that changed inside the cells of the others."""

from collections.abc import Iterator, Sequence
from difflib import SequenceMatcher

from drafts.blocks import canonical
from drafts.formats import pieces
from drafts.formats.docx.entries import Change, ChangeKind, Hand, TableRow
from drafts.formats.docx.spans import Stretch, inline_spans, spans_between
from drafts.words import word_diff

Line = tuple[str, ...]


def plain_rows(text: str, change: Change | None = None) -> tuple[TableRow, ...]:
    """The rows of a table; nothing where the text is none."""
    return tuple(_row(line, change) for line in pieces.table(text))


def rows_between(old: str, new: str, hand: Hand) -> tuple[TableRow, ...]:
    """The rows of both tables: to reject every change gives the old one, to accept every change the new one.

    Nothing where one of the two is no table.
    """
    before, after = pieces.table(old), pieces.table(new)
    return tuple(_rows_between(before, after, hand)) if before and after else ()


def _rows_between(before: Sequence[Line], after: Sequence[Line], hand: Hand) -> Iterator[TableRow]:
    gone, came = Change(ChangeKind.DELETED, hand), Change(ChangeKind.INSERTED, hand)
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


def _row(line: Line, change: Change | None) -> TableRow:
    return TableRow(tuple(inline_spans(cell, change) for cell in line), change)


def _row_between(old: Line, new: Line, hand: Hand) -> TableRow:
    cells = []
    for before, after in zip(map(canonical, old), map(canonical, new), strict=True):
        at = 0
        stretches: list[Stretch] = []
        for words in word_diff(before, after):
            stretches.append(Stretch(before[at : words.start.offset]))
            stretches.append(Stretch(words.old, ChangeKind.DELETED, hand))
            stretches.append(Stretch(words.new, ChangeKind.INSERTED, hand))
            at = words.end.offset
        stretches.append(Stretch(before[at:]))
        kept = [stretch for stretch in stretches if stretch.text]
        cells.append(spans_between([before], [after], kept)[0].spans)
    return TableRow(tuple(cells))
