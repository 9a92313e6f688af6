"""The agenda of one session: its items with minutes or clock times."""

import re
from collections.abc import Iterator, Mapping, Sequence

from workspace.interchange.notes import headings, tables, times
from workspace.interchange.notes.layout import Kind
from workspace.interchange.notes.rules.columns import Column
from workspace.interchange.notes.sections import Placed
from workspace.interchange.notes.slots import Slot
from workspace.interchange.notes.words import bare_title, unmarked
from workspace.sessions.extraction import AgendaItem

LONGEST_TITLE = 160
NUMBER_ALONE = re.compile(r"^(\d{1,3})(?:\s?(?:min(?:utos|utes|s)?\b\.?|['’′]))?$", re.IGNORECASE)
DURATION_ASIDE = re.compile(
    r"[\s,:|–—-]*[(\[]?\s?\d{1,3}\s?(?:min(?:utos|utes|s)?\b\.?|['’′])\s?[)\]]?[\s:.|–—-]*", re.IGNORECASE
)
DURATION_ALONE = re.compile(r"^\W{0,3}\d{1,3}\s?(?:min(?:utos|utes|s)?\b\.?|['’′])\W{0,3}$", re.IGNORECASE)


def agenda(passages: Sequence[Placed], slots: Sequence[Slot]) -> tuple[AgendaItem, ...]:
    """The items in the order of the source; times as "09:30"."""
    timed = {
        slot.place: AgendaItem(
            title=slot.title.text or None,
            minutes=slot.span.minutes or slot.minutes,
            start=f"{slot.span.start:%H:%M}",
            end=f"{slot.span.end:%H:%M}" if slot.span.end else None,
        )
        for slot in slots
    }
    measured = dict(_measured(passages))
    return tuple(item for _, item in sorted({**measured, **timed}.items()))


def minutes_stand_on(passages: Sequence[Placed]) -> list[tuple[int, str]]:
    """The lines that state an item's minutes, with their words."""
    return [(passages[place].passage.line, passages[place].passage.text) for place, _ in _measured(passages)]


def _measured(passages: Sequence[Placed]) -> Iterator[tuple[int, AgendaItem]]:
    """Items with minutes: a table's cell before the title, or an aside of the title."""
    columns = tables.columns(passages)
    for place, line in enumerate(passages):
        passage = line.passage
        if columns.get(place) == "minutes" and (number := NUMBER_ALONE.match(passage.text)):
            yield place, AgendaItem(title=_beside(passages, columns, place), minutes=int(number[1]))
            continue
        if passage.kind in {Kind.SLOT, Kind.FIELD, Kind.HEADING} or len(passage.text) > LONGEST_TITLE * 2:
            continue
        minutes = times.minutes(passage.text)
        if minutes is None or times.clock_span(passage.text):
            continue
        if DURATION_ALONE.match(passage.text) and (passage.kind is Kind.CELL or line.section.role == "agenda"):
            following = passages[place + 1].passage if place + 1 < len(passages) else None
            yield place, AgendaItem(title=_title(following.text) if following else None, minutes=minutes)
        elif line.section.role == "agenda" and not headings.field(passage.text):
            yield place, AgendaItem(title=_title(DURATION_ASIDE.sub(" ", passage.text, count=1)), minutes=minutes)


def _beside(passages: Sequence[Placed], columns: Mapping[int, Column], place: int) -> str | None:
    """The title in the row of a table whose minutes stand at `place`."""
    line = passages[place].passage.line
    titles = (at for at, column in columns.items() if column == "title" and passages[at].passage.line == line)
    return next((_title(passages[at].passage.text) for at in titles), None)


def _title(text: str) -> str:
    return bare_title(unmarked(text))[:LONGEST_TITLE]
