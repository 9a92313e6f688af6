"""The compilation: the text with every open proposal under its paragraph, attributed, in brackets.

Proposals stand in the order of the text, and under one paragraph the one furthest from it comes first: that is the
order in which rules of procedure put them to the vote.
"""

from collections.abc import Iterator, Mapping, Sequence
from types import MappingProxyType

from msgspec import Struct

from drafts.blocks import BlockKind, Language
from drafts.diff import HunkKind
from drafts.formats.docx.glyphs import GlyphKind, Piece, Style
from drafts.formats.docx.writing_back import markdown_of
from drafts.formats.report import Report
from drafts.markup import plain
from drafts.similarity import ratio
from drafts.words import word_diff
from workspace.amendments.snapshots import Place, TableRow
from workspace.declarations import queries
from workspace.interchange.taken_tables import Taken, Writing, escaped
from workspace.web.i18n import N_, Messages

_GONE = 2.0  # further from the text than any other wording of it
_BOLD = Style(is_bold=True)
_BEFORE: Mapping[HunkKind, str] = MappingProxyType(
    {
        HunkKind.INSERT: N_("New paragraph:"),
        HunkKind.MOVE: N_("Moved elsewhere:"),
        HunkKind.SPLIT: N_("Split:"),
        HunkKind.JOIN: N_("Joined with what follows:"),
    }
)
_UNDER = frozenset({BlockKind.OPERATIVE, BlockKind.ITEM, BlockKind.BULLET})


class Proposal(Struct, frozen=True):
    """What one amendment asks for at one place. `distance` is 0 for the words of the text."""

    row: TableRow
    place: Place
    distance: float


def compilation(found: Taken, messages: Messages) -> Report:
    """The compilation of a table, in the language of the messages."""
    language, say = messages.language, messages.gettext
    numbered = queries.numbers_of(found.text)
    by_place = dict(_by_place(found, numbered))
    made = Writing(messages)
    name = found.declaration.name.said_in(language)
    made.add(BlockKind.TITLE, escaped(say(N_("Compilation of the proposals on %(declaration)s"), declaration=name)))
    made.add(BlockKind.PARAGRAPH, escaped(_about(found, messages)))
    for proposal in by_place.get(-1, ()):
        made.add(BlockKind.PARAGRAPH, _said(proposal, found, messages), 1)
    for place, row in enumerate(found.text):
        block = row.block(language) if language in row.texts else row.original()
        kind = BlockKind.HEADING if block.kind is BlockKind.TITLE else block.kind
        made.add(kind, block.text, max(block.level, int(block.kind is BlockKind.TITLE)), block.id)
        level = row.level + 1 if row.kind in _UNDER else 1
        for proposal in by_place.get(place, ()):
            made.add(BlockKind.PARAGRAPH, _said(proposal, found, messages), level)
    return made.report(found, numbered)


def _about(found: Taken, messages: Messages) -> str:
    count = len([row for row in found.open if row.amends is None])
    return messages.ngettext(
        "One open amendment, as it stood on %(at)s. Each proposal is in brackets under the paragraph it is about, the "
        "one furthest from the text first; words that are new stand in bold.",
        "%(n)s open amendments, as they stood on %(at)s. Each proposal is in brackets under the paragraph it is about, "
        "the one furthest from the text first; words that are new stand in bold.",
        count,
        at=messages.moment(found.at),
    )


def _by_place(found: Taken, numbered: Mapping[str, str]) -> Iterator[tuple[int, Sequence[Proposal]]]:
    """The proposals by the place of their paragraph in the text; -1 for what is to stand before all of it."""
    gathered: dict[int, list[Proposal]] = {}
    where = _Where(found, numbered)
    for row in found.open:
        for place in row.places:
            gathered.setdefault(where.of(row, place), []).append(Proposal(row, place, _distance(place)))
    for at, proposals in gathered.items():
        yield at, sorted(proposals, key=_rank)


def _rank(proposal: Proposal) -> tuple[bool, float, int]:
    """What is furthest from the text first; a new paragraph, which has no text to be far from, last."""
    return proposal.place.kind is HunkKind.INSERT, -proposal.distance, proposal.row.number


class _Where:
    """Finds the paragraph of the text that a place of a table is about: by its words, then by its number."""

    def __init__(self, found: Taken, numbered: Mapping[str, str]) -> None:
        self.by_words: dict[tuple[Language, str], int] = {}
        self.by_number: dict[str, int] = {}
        for at, row in enumerate(found.text):
            for language in row.texts:
                self.by_words.setdefault((language, row.content(language)), at)
            if number := numbered.get(row.id):
                self.by_number.setdefault(number, at)
        self.last = len(found.text) - 1

    def of(self, row: TableRow, place: Place) -> int:
        first = place.old.split("\n\n")[0]
        if first and (row.language, first) in self.by_words:
            return self.by_words[row.language, first]
        if place.number in self.by_number:
            return self.by_number[place.number]
        at_start = place.kind is HunkKind.INSERT and row.order == 0
        return -1 if at_start else min(row.order, self.last)


def _distance(place: Place) -> float:
    if place.kind is HunkKind.INSERT:
        return 0.0
    return 1.0 - ratio(plain(place.old), plain(place.new)) if place.new else _GONE


def _said(proposal: Proposal, found: Taken, messages: Messages) -> str:
    """One proposal: its words in brackets, what is new in bold, and whose it is."""
    row, say = proposal.row, messages.gettext
    words = _words(proposal.place, messages)
    facts = {"number": row.number, "who": found.who(row)}
    whose = say(N_("Amendment %(number)s, %(who)s"), **facts)
    if row.amends:
        whose = say(N_("Amendment %(number)s, %(who)s, to amendment %(amends)s"), amends=row.amends, **facts)
    if row.language is not messages.language:
        whose = f"{whose}; {messages.language_name(row.language)}"
    return f"\\[{words}\\] *{escaped(whose)}*"


def _words(place: Place, messages: Messages) -> str:
    if not place.new:
        return escaped(messages.gettext(N_("The paragraph is deleted.")))
    new = marked(plain(place.old), plain(place.new))
    return f"{escaped(messages.gettext(_BEFORE[place.kind]))} {new}" if place.kind in _BEFORE else new


def marked(old: str, new: str) -> str:
    """The new words, those that the text does not have in bold."""
    old, new = " ".join(old.split()), " ".join(new.split())
    pieces, at = [], 0
    for hunk in word_diff(old, new):
        pieces.append(Piece(GlyphKind.TEXT, old[at : hunk.start.offset]))
        pieces.append(Piece(GlyphKind.TEXT, hunk.new, _BOLD))
        at = hunk.end.offset
    pieces.append(Piece(GlyphKind.TEXT, old[at:]))
    return markdown_of([piece for piece in pieces if piece.text])
