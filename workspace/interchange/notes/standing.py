"""What stands over a whole note rather than in a labelled line: its times, its place, its form, its type."""

from collections.abc import Sequence

from workspace.interchange.notes import details as said
from workspace.interchange.notes import headings, places, times, titles
from workspace.interchange.notes.layout import Kind, Layout
from workspace.interchange.notes.sections import Placed
from workspace.interchange.notes.slots import Slot
from workspace.interchange.notes.words import folded
from workspace.sessions.extraction import Guess

FIRST_LINES = 14
FIRST_HEADS = 5
LONGEST_LINE = 160


def _heads(passages: Sequence[Placed]) -> list[tuple[int, str]]:
    """The lines over the title, where a header stands once and so is no running one."""
    return [
        (line.passage.line, line.passage.text)
        for line in passages[:FIRST_HEADS]
        if not (headings.role(line.passage.text) or titles.type_alone(line.passage.text))
    ]


def room_and_place(
    passages: Sequence[Placed], told: said.Details, dated: Slot | None, *, verbatim: str | None
) -> tuple[str | None, str | None]:
    """Where one session is, if no labelled line says so: an address, or words after its time."""
    if told.first("place"):
        return None, None
    heads = [line.passage.text for line in passages[:FIRST_LINES] if line.passage.kind in {Kind.TEXT, Kind.HEADING}]
    if house := places.address(heads):
        return None, house
    if dated is not None:
        room, place = places.parted(dated.title.text) if dated.line in dated.title.lines else (None, None)
        return room, place if room else None
    return None, places.told_after_time(verbatim or "")


def slot(passages: Sequence[Placed], slotted: Sequence[Slot]) -> Slot | None:
    """The times of the session itself, alone on a line under its date: "From 2.30 to 5 pm (UTC-3)"."""
    first = slotted[0] if slotted else None
    if first is None or first.place >= FIRST_LINES or first.day is None or first.span.end is None or first.is_in_agenda:
        return None
    before = passages[first.place - 1].passage if first.place else None
    is_under_date = before is not None and bool(times.days(before.text)) and len(before.text) < LONGEST_LINE
    return first if is_under_date and first.title.is_above else None


def type_in_text(passages: Sequence[Placed]) -> dict[str, Guess]:
    """The type by which the text calls its own session, where no line states one."""
    for line in passages:
        if len(line.passage.text) > LONGEST_LINE // 2 and (found := titles.mentioned_type(line.passage.text)):
            return {"type": Guess(value=found, reason=f"line {line.passage.line} calls the session so")}
    return {}


def place_of_all(layout: Layout, passages: Sequence[Placed]) -> str | None:
    lines = [text for _, text in layout.running]
    bodies = (line.passage.text for line in passages if line.passage.kind is not Kind.ITEM)
    return places.place_of([*lines, *bodies]) or (
        places.town_of_header(layout.running) or places.town_of_header(_heads(passages))
    )


def forms(passages: Sequence[Placed]) -> dict[int, str]:
    """The form (in person, online) a programme states for a day, for each passage of that day."""
    standing: str | None = None
    forms: dict[int, str] = {}
    for place, line in enumerate(passages):
        text = line.passage.text
        if times.day_line(text):
            standing = None
        if (
            folded(text).startswith(("formato", "format ", "format:", "modalidad", "modalite"))
            and len(text) < LONGEST_LINE
        ):
            following = passages[place + 1].passage if place + 1 < len(passages) else None
            goes_on = following is not None and text.rstrip("* ").endswith(":") and following.kind is not Kind.SLOT
            standing = f"{text} {following.text}" if goes_on and following else text
        if standing:
            forms[place] = standing
    return forms
