"""What a file takes apart in a text: the title and what stands under it, the cells of a table, notes, code."""

import re
from collections.abc import Collection, Mapping
from functools import lru_cache
from itertools import dropwhile, takewhile

from markdown_it import MarkdownIt
from msgspec import Struct

from drafts.assembly import EditionRow, EditionText, Wording
from drafts.blocks import HARD_BREAK, Block, BlockKind, Language
from drafts.dialect import ready
from drafts.formats import added
from drafts.formats.added_words import ADDED_WORDS
from drafts.formats.words import WORDS
from drafts.markup import plain
from drafts.numbering import label

HEADINGS = frozenset({BlockKind.HEADING, BlockKind.ANNEX})
BULLET = "–"
_NOTE = re.compile(r"\[\^([^\]\s]+)\]: ?")
_BLOCKS = ready(MarkdownIt("commonmark", {"html": False}).enable("table"))


def wording(row: EditionRow, language: Language) -> str | None:
    """Return what is printed of a row in one language; None where it is absent by decision."""
    cell = row.cells[language]
    return cell.printed if isinstance(cell, Wording) else None


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


def body(text: EditionText) -> tuple[EditionRow, ...]:
    """Return the rows of the declaration itself: below the title page, before the annexes.

    What is printed beside a paragraph, such as a reservation, follows it.
    """
    title_row = _title_row(text)
    own = (row for row in takewhile(_is_not_annex, text.rows) if row is not title_row)
    return tuple(added.with_beside(text, own))


def back(text: EditionText) -> tuple[EditionRow, ...]:
    """Return what follows the closing clause: signatories and reservations, then the annexes."""
    return (*added.signed(text), *annexes(text))


def annexes(text: EditionText) -> tuple[EditionRow, ...]:
    """Return the rows from the first annex on: the text's own, then those that are added to it."""
    own = dropwhile(_is_not_annex, text.rows)
    return (*added.with_beside(text, own), *added.annexed(text))


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


class Entry(Struct, frozen=True):
    """A line of the table of contents: the block it leads to, how deep it stands, its words without marks."""

    id: str
    depth: int
    words: str


def contents(text: EditionText, language: Language) -> tuple[Entry, ...]:
    """Return the table of contents; nothing where a text has fewer than two headings, or is a paper of a page."""
    if text.stands_for:
        return ()
    found = depths(text, (language,))
    rows = [row for row in every(text) if row.id in found]
    if len(rows) < 2:  # noqa: PLR2004 - one heading needs no list of headings
        return ()
    return tuple(Entry(row.id, found[row.id], plain(wording(row, language) or "").replace("\n", " ")) for row in rows)


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
