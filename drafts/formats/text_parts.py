"""What a file takes apart in a text: the title and what stands under it, the cells of a table, notes, code."""

import re
from collections.abc import Collection, Mapping, Sequence
from functools import lru_cache
from itertools import dropwhile, takewhile

from markdown_it import MarkdownIt
from msgspec import Struct

from drafts.formats import apparatus_rows
from drafts.formats.apparatus_rows import ADDED_WORDS
from drafts.formats.assembly import EditionRow, EditionText, EditionWording, once
from drafts.formats.labels import WORDS
from drafts.text.blocks import HARD_BREAK, Block, BlockKind, Language
from drafts.text.markdown_parser import ready
from drafts.text.markup import plain
from drafts.text.numbering import label

HEADINGS = frozenset({BlockKind.HEADING, BlockKind.ANNEX})
BULLET = "–"
_NOTE = re.compile(r"\[\^([^\]\s]+)\]: ?")
_BLOCKS = ready(MarkdownIt("commonmark", {"html": False}).enable("table"))


def wording(row: EditionRow, language: Language) -> str | None:
    """Return what is printed of a row in one language; None where it is absent by decision."""
    cell = row.cells[language]
    return cell.printed if isinstance(cell, EditionWording) else None


def title(text: EditionText, language: Language) -> tuple[str, str]:
    """Return the title and, after a hard break, what stands under it; the declaration's name where there is none."""
    row = _title_row(text)
    printed = (wording(row, language) if row else None) or text.imprint.declaration[language]
    head, _, rest = printed.partition(HARD_BREAK)
    return head, rest


def _title_row(text: EditionText) -> EditionRow | None:
    return next((row for row in takewhile(_is_not_annex, text.rows) if row.kind is BlockKind.TITLE), None)


def edition_named(text: EditionText, language: Language) -> tuple[str, ...]:
    """Return what this edition is called: its number, and that it tells where each paragraph came from, if it does."""
    number = WORDS[language].edition.format(number=text.imprint.edition)
    return (number, ADDED_WORDS[language].provenance) if text.apparatus.origins else (number,)


@once
def body(text: EditionText) -> tuple[EditionRow, ...]:
    """Return the rows of the declaration itself: below the title page, before the annexes.

    What is printed beside a paragraph, such as a reservation, follows it.
    """
    title_row = _title_row(text)
    own = (row for row in takewhile(_is_not_annex, text.rows) if row is not title_row)
    return tuple(apparatus_rows.with_margin_rows(text, own))


def back(text: EditionText) -> tuple[EditionRow, ...]:
    """Return what follows the closing clause: signatories and reservations, then the annexes."""
    return (*apparatus_rows.signatory_rows(text), *annexes(text))


@once
def annexes(text: EditionText) -> tuple[EditionRow, ...]:
    """Return the rows from the first annex on: the text's own, then those that are added to it."""
    own = dropwhile(_is_not_annex, text.rows)
    return (*apparatus_rows.with_margin_rows(text, own), *apparatus_rows.annex_rows(text))


@once
def every(text: EditionText) -> tuple[EditionRow, ...]:
    """Return all rows below the title page, in the order in which they are printed."""
    return (*body(text), *back(text))


def _is_not_annex(row: EditionRow) -> bool:
    return row.kind is not BlockKind.ANNEX


def depths(text: EditionText, languages: Collection[Language]) -> Mapping[str, int]:
    """Return how deep each heading stands, from 1 and without gaps, among those that `languages` have.

    Readers by ear move from heading to heading and PDF/UA refuses a third level under a first; an annex starts anew.
    """
    open_levels: list[int] = []
    found: dict[str, int] = {}
    for row in every(text):
        if row.kind not in HEADINGS or all(wording(row, language) is None for language in languages):
            continue
        level = 0 if row.kind is BlockKind.ANNEX else row.level
        open_levels = [*(upper for upper in open_levels if upper < level), level]
        found[row.id] = len(open_levels)
    return found


class ContentsEntry(Struct, frozen=True):
    """A line of the table of contents: the block it leads to, how deep it stands, its words without marks."""

    id: str
    depth: int
    words: str


def contents(text: EditionText, language: Language) -> tuple[ContentsEntry, ...]:
    """Return the table of contents; nothing where a text has fewer than two headings, or is a paper of a page."""
    if text.stands_for:
        return ()
    found = depths(text, (language,))
    rows = [row for row in every(text) if row.id in found]
    if len(rows) < 2:  # noqa: PLR2004 - one heading needs no list of headings
        return ()
    return tuple(
        ContentsEntry(row.id, found[row.id], plain(wording(row, language) or "").replace("\n", " ")) for row in rows
    )


def mark(row: EditionRow, language: Language) -> str:
    """Return what stands before a block: "12" in the margin, "(a)" or "a)" beside an item, a dash at a bullet."""
    if row.kind is BlockKind.BULLET:
        return BULLET
    return label(Block(row.id, row.kind, "", row.level), row.number, language)


def note(printed: str) -> tuple[str, str]:
    """Return the label of a footnote and what it says."""
    found = _NOTE.match(printed)
    return (found[1], printed[found.end() :]) if found else ("", printed)


def notes(text: EditionText, language: Language) -> Mapping[str, str]:
    """Return what every footnote of one language says, by label; the first where two have the same label."""
    printed = (wording(row, language) for row in (*body(text), *annexes(text)) if row.kind is BlockKind.NOTE)
    return dict(reversed([note(words) for words in printed if words is not None]))


@lru_cache(maxsize=512)  # several forms of an edition need the same, and a preview the same again
def table(printed: str) -> tuple[tuple[str, ...], ...]:
    """Return the cells of a pipe table as inline Markdown, the heading row first; nothing where it is no table."""
    lines: list[list[str]] = []
    for token in _BLOCKS.parse(printed):
        if token.type == "tr_open":
            lines.append([])
        elif token.type == "inline" and lines:
            lines[-1].append(token.content)
    return tuple(tuple(line) for line in lines)


def code(printed: str) -> str:
    """Return what a fenced block holds, without its fences."""
    return next((token.content for token in _BLOCKS.parse(printed) if token.type == "fence"), printed)


_LONGEST_WORD, _ON_A_LINE = 14, 105  # characters: of words that no column breaks, and of a line of small ones


def column_widths(rows: Sequence[Sequence[str]]) -> Sequence[float]:
    """How much of the page each column takes: its longest word at least, and of the rest more for longer texts.

    The shares add up to 1; there are as many as the longest row has cells, at least one.
    """
    least, lengths = [], []
    for place in range(max(map(len, rows))):
        said = [row[place] for row in rows if place < len(row)]
        longest = max((len(word) for words in said for word in words.split()), default=0)
        least.append((min(longest, _LONGEST_WORD) + 3) / _ON_A_LINE)
        lengths.append(1 + sum(map(len, said)) / len(said))
    rest = max(1 - sum(least), 0)
    found = [width + rest * length / sum(lengths) for width, length in zip(least, lengths, strict=True)]
    return [share / sum(found) for share in found]
