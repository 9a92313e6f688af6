"""What pages call a paragraph, so that every slice that speaks of one says it alike."""

from collections import Counter
from collections.abc import Mapping, Sequence
from uuid import UUID

from msgspec import Struct

from drafts.blocks import Block, BlockKind, Language
from drafts.markup import plain
from drafts.numbering import label, printed
from workspace.declarations.queries import BlockRow, numbers_of
from workspace.web.i18n import N_, Messages

NUMBERED = N_("Paragraph %(number)s")
_EXCERPT = 90  # characters of a paragraph that stand for it in a list


def numbered_name(number: str, messages: Messages) -> str:
    """What a paragraph with a number is called: "Paragraph 12(a)"."""
    return messages.gettext(NUMBERED, number=printed(number, messages.language))


def first_words(text: str, most: int) -> str:
    """The beginning of a text in whole words, at most so many characters, without marks."""
    words = plain(text)
    if len(words) <= most:
        return words
    return words[:most].rsplit(" ", 1)[0].rstrip(" ,;:.") + "…"


class Spot(Struct, frozen=True):
    """A block by name. `excerpt` is how its original begins, in `language`."""

    block_id: UUID
    short: str
    name: str
    excerpt: str
    language: Language


# Translators: the short forms are the heads of very narrow columns: one to three letters.
ONLY_ONE: Mapping[BlockKind, tuple[str, str]] = {
    BlockKind.TITLE: (N_("T"), N_("Title")),
    BlockKind.PLACE_DATE: (N_("D"), N_("Place and date")),
    BlockKind.CHAPEAU: (N_("Ch"), N_("Chapeau")),
    BlockKind.CLOSING: (N_("End"), N_("Closing clause")),
}
COUNTED: Mapping[BlockKind, tuple[str, str]] = {
    BlockKind.TITLE: (N_("T%(number)s"), N_("Title %(number)s")),
    BlockKind.HEADING: (N_("H%(number)s"), N_("Heading %(number)s")),
    BlockKind.PLACE_DATE: (N_("D%(number)s"), N_("Place and date %(number)s")),
    BlockKind.CHAPEAU: (N_("Ch%(number)s"), N_("Chapeau %(number)s")),
    BlockKind.PREAMBLE: (N_("P%(number)s"), N_("Preambular paragraph %(number)s")),
    BlockKind.OPERATIVE: (N_("§%(number)s"), N_("Unnumbered paragraph %(number)s")),
    BlockKind.PARAGRAPH: (N_("§%(number)s"), N_("Unnumbered paragraph %(number)s")),
    BlockKind.ITEM: (N_("I%(number)s"), N_("Item %(number)s")),
    BlockKind.BULLET: (N_("B%(number)s"), N_("Bullet %(number)s")),
    BlockKind.QUOTATION: (N_("Q%(number)s"), N_("Quotation %(number)s")),
    BlockKind.NOTE: (N_("N%(number)s"), N_("Footnote %(number)s")),
    BlockKind.TABLE: (N_("Tb%(number)s"), N_("Table %(number)s")),
    BlockKind.CODE: (N_("C%(number)s"), N_("Fixed text %(number)s")),
    BlockKind.RULE: (N_("R%(number)s"), N_("Rule %(number)s")),
    BlockKind.CLOSING: (N_("E%(number)s"), N_("Closing clause %(number)s")),
    BlockKind.ANNEX: (N_("A%(number)s"), N_("Annex %(number)s")),
}


def spots(rows: Sequence[BlockRow], messages: Messages) -> list[Spot]:
    """A name for every block, by its number or by its kind, in the order of the text."""
    numbered = numbers_of(rows)
    counted: Counter[BlockKind] = Counter()
    found = []
    for row in rows:
        counted[row.kind] += 1
        short, name = _names(row.original(), numbered.get(row.id, ""), counted[row.kind], messages)
        found.append(Spot(row.block_id, short, name, excerpt(row.original().text), row.original_language))
    return found


def names_of(rows: Sequence[BlockRow], messages: Messages) -> Mapping[UUID, str]:
    """The names alone, by block."""
    return {spot.block_id: spot.name for spot in spots(rows, messages)}


def excerpt(text: str) -> str:
    """The first words of a text, without marks."""
    return first_words(text, _EXCERPT)


def _names(block: Block, number: str, count: int, messages: Messages) -> tuple[str, str]:
    if number:
        return label(block, number, messages.language), numbered_name(number, messages)
    if count == 1 and block.kind in ONLY_ONE:
        short, name = ONLY_ONE[block.kind]
        return messages.gettext(short), messages.gettext(name)
    short, name = COUNTED[block.kind]
    return messages.gettext(short, number=count), messages.gettext(name, number=count)
