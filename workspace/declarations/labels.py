"""What the phases of a declaration are called, and what each means for its readers."""

from collections.abc import Mapping, Sequence
from functools import lru_cache
from uuid import UUID

from msgspec import Struct

from drafts.text.blocks import BlockKind, Language
from drafts.text.markup import plain
from drafts.text.numbering import label, printed
from workspace.core.security.permissions import Phase
from workspace.declarations.domain.calendar import opening_moment, written_moment
from workspace.declarations.domain.models import Deadline, Declaration, Stage
from workspace.declarations.domain.queries import BlockRow, TextInForce, counts_of, numbers_of
from workspace.web.i18n.command_line import say
from workspace.web.i18n.marking import N_
from workspace.web.i18n.messages import LANGUAGES, PHASE_NAMES, Messages

PHASE_STATES: Mapping[Phase, str] = {
    Phase.SETUP: N_("In setup"),
    Phase.DRAFTING: N_("In drafting"),
    Phase.REVIEW: N_("In review"),
    Phase.CONSULTATION: N_("In consultation"),
    Phase.ADOPTION: N_("Before the plenary"),
    Phase.PUBLISHED: N_("Published"),
    Phase.ARCHIVED: N_("Archived"),
}
PHASE_MEANINGS: Mapping[Phase, str] = {
    Phase.SETUP: N_("The chair and the secretariat prepare the first text."),
    Phase.DRAFTING: N_("The committee writes; translators follow."),
    Phase.REVIEW: N_("Members comment and submit amendments; the chair decides."),
    Phase.CONSULTATION: N_("The text is public; members may still submit amendments."),
    Phase.ADOPTION: N_("No new amendments; the last are decided and the text adopted."),
    Phase.PUBLISHED: N_("The text is final; its edition is public."),
    Phase.ARCHIVED: N_("The text and its history are kept."),
}


class PhaseStep(Struct, frozen=True):
    """One phase on the way of a declaration."""

    name: str
    is_done: bool
    is_current: bool


def phase_steps(now: Phase) -> list[PhaseStep]:
    """The phases in order, those behind `now` done."""
    order = list(Phase)
    return [PhaseStep(PHASE_NAMES[phase], order.index(phase) < order.index(now), phase is now) for phase in order]


_EXCERPT = 90  # characters of a paragraph that stand for it in a list
_QUOTED = 140  # of one that is quoted beside something else


def paragraph_name(kind: BlockKind, number: str, count: int, messages: Messages) -> str:
    """What a paragraph is called everywhere: "Paragraph 12(a)" by its number, "Preambular paragraph 5" without one.

    `count` is its place among those of its kind; 0 for one of which that is not known.
    """
    if number:
        return messages.gettext(N_("Paragraph %(number)s"), number=printed(number, messages.language))
    if not count:
        return messages.gettext(N_("A paragraph"))
    if count == 1 and kind in ONLY_ONE:
        return messages.gettext(ONLY_ONE[kind][1])
    return messages.gettext(COUNTED[kind][1], number=count)


@lru_cache(maxsize=8_192)
def first_words(text: str, most: int) -> str:
    """The beginning of a text in whole words, at most so many characters, without marks."""
    words = plain(text)
    if len(words) <= most:
        return words
    return words[:most].rsplit(" ", 1)[0].rstrip(" ,;:.") + "…"


class Spot(Struct, frozen=True):
    """A block by name, with its original text, in `language`."""

    block_id: UUID
    short: str
    name: str
    text: str
    language: Language

    @property
    def excerpt(self) -> str:
        """How its original begins."""
        return excerpt(self.text)


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


def name_in(text: TextInForce, block_id: UUID | None, messages: Messages) -> str:
    """What a paragraph of a text is called; "" for one that it does not have."""
    row = text.by_block.get(block_id) if block_id else None
    return paragraph_name(row.kind, text.numbers.get(row.id, ""), text.counts[row.id], messages) if row else ""


def spots(rows: Sequence[BlockRow], messages: Messages, only: Sequence[BlockRow] | None = None) -> list[Spot]:
    """A name for every block, or for `only` these, by its number or by its kind, in the order of the text."""
    numbered, counted = numbers_of(rows), counts_of(rows)
    found = []
    for row in rows if only is None else only:
        number, count = numbered.get(row.id, ""), counted[row.id]
        short, name = _short(row, number, count, messages), paragraph_name(row.kind, number, count, messages)
        found.append(Spot(row.block_id, short, name, row.content(row.original_language), row.original_language))
    return found


def names_of(
    rows: Sequence[BlockRow], messages: Messages, only: Sequence[BlockRow] | None = None
) -> Mapping[UUID, str]:
    """The names alone, by block; of all, or of `only` these."""
    return {spot.block_id: spot.name for spot in spots(rows, messages, only)}


def excerpt(text: str) -> str:
    """The first words of a text, without marks."""
    return first_words(text, _EXCERPT)


def row_excerpt(row: BlockRow, language: Language) -> tuple[str, Language]:
    """The first words of a paragraph in the reader's language, or in the one it has."""
    said_in = next(
        (language for language in (language, row.original_language, *LANGUAGES) if row.content(language)),
        row.original_language,
    )
    return _quoted(row.content(said_in)), said_in


@lru_cache(maxsize=8_192)
def _quoted(text: str) -> str:
    words = " ".join(plain(text).split())
    return words if len(words) <= _QUOTED else f"{words[: _QUOTED - 1]}…"


def _short(row: BlockRow, number: str, count: int, messages: Messages) -> str:
    if number:
        return label(row.original(), number, messages.language)
    if count == 1 and row.kind in ONLY_ONE:
        return messages.gettext(ONLY_ONE[row.kind][0])
    return messages.gettext(COUNTED[row.kind][0], number=count)


def calendar_lines(declaration: Declaration) -> list[str]:
    """A line for each stage that has dates, with the offsets they were given with; stages as they are typed."""
    lines = [_line(declaration, deadline) for stage in Stage if (deadline := declaration.deadline(stage))]
    phase = say(
        "%(declaration)s is now in %(phase)s.", declaration=declaration.slug, phase=declaration.phase.name.lower()
    )
    return [phase, *(lines or [say("No dates yet.")])]


def _line(declaration: Declaration, deadline: Deadline) -> str:
    said = say(
        "opens %(opens)s, closes %(closes)s",
        opens=written_moment(opening_moment(declaration, deadline), deadline.opens_offset) or "-",
        closes=written_moment(deadline.closes_at, deadline.closes_offset) or "-",
    )
    state = say("closed") if deadline.closed_at else say("open") if deadline.opened_at else ""
    return f"{deadline.stage.value:12} {said} ({deadline.zone}){'; ' if state else ''}{state}"
