"""Lines that open with clock times: the sessions of a programme, or the agenda of one session."""

import re
from collections.abc import Iterator, Sequence
from itertools import pairwise

from msgspec import Struct

from workspace.interchange.notes import appearing, people, places, times, titles
from workspace.interchange.notes.layout import Kind, Passage
from workspace.interchange.notes.sections import Placed
from workspace.interchange.notes.times import Day, Span
from workspace.interchange.notes.words import bare_title, ends_sentence, folded, unmarked

LONGEST_TITLE = 220
LONGEST_ABOVE = 160
MOST_WORDS_OF_A_BREAK = 7
MOST_ABOVE = 4
BREAK = re.compile(
    r"\b(?:pausa|cafe|almuerzo|comida|receso|registro|acreditacion|lunch|coffee|break|registration|arrival|dejeuner|"
    r"pause|accueil|inscription|enregistrement|cocktail|cena|dinner|diner|recepcion|reception)\b"
)
ANOTHER_MEETING = re.compile(
    r"^\W*(?:(?:el |la |le |the |notre |our )?(?:proxim[oa]|siguiente|next|following|prochaine?) "
    r"(?:\w+ )?(?:reunion|sesion|cita|encuentro|taller|meeting|session|workshop|seance|rencontre|atelier))\b"
)
ZONE_ASIDE = re.compile(
    r"^\W{0,3}(?:(?:CES?T|WES?T|EES?T|BST|UTC|GMT|hora local|local time|heure locale)\b\s?[+\-−–]?\s?\d{0,2}(?::?\d\d)?"
    r"[\s)\],|.:–—-]{0,3})+",
    re.IGNORECASE,
)
MINUTES_ASIDE = re.compile(r"\s?[(\[]\s?(\d{1,3})\s?(?:min(?:utos|utes|s)?\b\.?|['’′])\s?[)\]]", re.IGNORECASE)
LEAD = " |*_-–—•:.),"


class Title(Struct, frozen=True):
    """A slot's title, the lines it stands on, and what else the slot announces."""

    text: str = ""
    lines: tuple[int, ...] = ()
    is_above: bool = False
    also: str = ""
    room: str | None = None


class Slot(Struct, frozen=True):
    """A span of clock times with its day and title; `place` is its passage."""

    place: int
    line: int
    span: Span
    day: Day | None
    title: Title
    verbatim: str
    offsets: tuple[str, ...]
    is_in_agenda: bool
    is_dated: bool
    minutes: int | None = None

    @property
    def is_break(self) -> bool:
        words = folded(self.title.text)
        return bool(BREAK.search(words)) and len(words.split()) < MOST_WORDS_OF_A_BREAK

    @property
    def is_typed(self) -> bool:
        return titles.parted(self.title.text)[0] is not None or self.title.is_above


def found(passages: Sequence[Placed]) -> tuple[Slot, ...]:
    """Every slot of the note, with the day it falls on where a line above says so."""
    return tuple(_found(passages))


def _found(passages: Sequence[Placed]) -> Iterator[Slot]:
    day: Day | None = None
    for place, line in enumerate(passages):
        text = unmarked(line.passage.text)
        day = times.day_line(text) or day
        span = times.clock(text) if line.passage.kind is Kind.SLOT else None
        if span is None or ANOTHER_MEETING.match(folded(text)):
            continue
        own = times.days(text[: span.begins])
        day = own[0] if own else day
        rest = ZONE_ASIDE.sub("", text[span.ends :]).lstrip(LEAD).rstrip(" |*_")
        stated = text[: text.rindex(rest)] if rest else text
        lasting = MINUTES_ASIDE.search(rest)
        yield Slot(
            place=place,
            line=line.passage.line,
            span=span,
            day=day,
            title=_title(passages, place, MINUTES_ASIDE.sub("", rest), is_dated=bool(own)),
            verbatim=stated.strip(" |*_•:,–—-"),
            offsets=tuple(times.offsets(stated)),
            is_in_agenda=line.section.role == "agenda",
            is_dated=bool(own),
            minutes=int(lasting[1]) if lasting else None,
        )


def _title(passages: Sequence[Placed], place: int, rest: str, *, is_dated: bool) -> Title:
    """The title on the slot's own line, under it (a programme), or over it (a note)."""
    here = passages[place].passage
    if rest:
        return Title(_cut(rest), (here.line,))
    following = [line.passage for line in passages[place + 1 : place + 5]]
    if following and following[0].line == here.line and following[0].kind is not Kind.SLOT:
        return Title(_cut(appearing.title(following[0].text)), (here.line,))
    if following and not is_dated and _may_be_title(following[0]):
        rooms = (one.text for one in following[1:3] if not one.gap and places.is_room(one.text))
        return Title(_cut(following[0].text), (following[0].line,), also=_also(following), room=next(rooms, None))
    above = _above(passages, place)
    return Title(_cut(" ".join(one.text for one in above)), tuple(one.line for one in above), is_above=bool(above))


def _may_be_title(passage: Passage) -> bool:
    if passage.gap or passage.kind in {Kind.SLOT, Kind.FIELD} or len(passage.text) > LONGEST_TITLE:
        return False
    text = passage.text
    return passage.kind is Kind.CELL or not ends_sentence(text) or (text.endswith("?") and bool(titles.parted(text)[0]))


def _also(following: Sequence[Passage]) -> str:
    """Further lines of a slot: what happens beside the session, under no time of its own."""
    lines = []
    for before, passage in pairwise(following):
        follows = passage.kind is Kind.TEXT and not passage.gap and passage.line - before.line == 1
        if not follows or times.day_line(passage.text) or passage.is_indented or _opens_day(passage, following):
            break
        if not (places.is_room(passage.text) or people.is_speaker(passage.text)):
            lines.append(passage.text)
    return " / ".join(lines)


def _opens_day(passage: Passage, following: Sequence[Passage]) -> bool:
    after = [later for later in following if later.line > passage.line]
    return bool(after) and times.day_line(after[0].text) is not None


def _above(passages: Sequence[Placed], place: int) -> list[Passage]:
    """The heading lines right over a slot; a subtitle between the heading and the slot is left out."""
    lines: list[Passage] = []
    for line in reversed(passages[max(0, place - MOST_ABOVE) : place]):
        passage = line.passage
        if times.day_line(passage.text) and not lines:
            continue
        is_asked = not lines and passage.text.endswith("?") and bool(passage.gap or passage.is_indented)
        if len(passage.text) > LONGEST_ABOVE or passage.kind in {Kind.SLOT, Kind.FIELD}:
            break
        if ends_sentence(passage.text) and not is_asked:
            break
        if lines and (lines[0].gap or lines[0].is_indented) and not passage.text.endswith(":"):
            return [passage] if titles.parted(passage.text)[0] and not titles.parted(lines[0].text)[0] else lines
        lines.insert(0, passage)
    return lines


def _cut(title: str) -> str:
    kept = bare_title(title)[:LONGEST_TITLE]
    return f"{kept})" if kept.count("(") > kept.count(")") else kept
