"""The lines of a programme with every time first: "Water (9:30)", or a time under its title, as "9:30 Water"."""

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from operator import attrgetter

from msgspec import Struct
from msgspec.structs import replace

from workspace.interchange.notes import lines, people, times
from workspace.interchange.notes.lines import ends_sentence, folded
from workspace.interchange.notes.rules import form_in_any, forms

FORM = forms("slots")
ZONE = forms("programme")["zone_aside"]
DAY_ALONE = forms("programme")["day_alone"]
TYPE = forms("programme")["alone"]

FEWEST = 3
LONGEST = 200
CLOSING = "»”\"'"
OPENING = " *_([{.,;:–—-·|@/…"
MARKS = " *_()[]{}.,;:–—-·|@/"


class LinePiece(Struct, frozen=True):
    """A line, or one cell of it, without its bullet; `gap` counts the empty lines before.

    One that `is_slot` is a time that its title follows; one that `is_joined` goes on with what stands before it.
    """

    number: int
    text: str
    page: int | None = None
    gap: int = 0
    is_indented: bool = False
    bullet: str = ""
    level: int = 0
    is_cell: bool = False
    width: int = 0
    column: int = 0
    is_slot: bool = False
    is_joined: bool = False


class TimedLine(Struct, frozen=True):
    """A line with clock times, and the words before and after them; `is_parted` where a mark stands after the times."""

    clock: str
    lead: str
    rest: str
    is_parted: bool
    kind: str = ""  # "workshop", where no more stands before the times
    is_day: bool = False  # whether its day stands before the times


def times_first(pieces: Sequence[LinePiece]) -> list[LinePiece]:
    """The pieces; where three or more have their time at the end, or on its own line, it comes before the title."""
    pieces = _unwrapped(pieces)
    timed = {at: found for at, piece in enumerate(pieces) if (found := _timed(piece))}
    pieces = [
        replace(piece, is_slot=True) if at in timed and timed[at].is_day else piece for at, piece in enumerate(pieces)
    ]
    ahead = {at: found for at, found in timed.items() if not found.lead}
    behind = {at: found for at, found in timed.items() if found.lead}
    if len(behind) >= max(FEWEST, len(ahead)):
        return [part for at, piece in enumerate(pieces) for part in _joined(piece, behind.get(at), piece)]
    often = Counter(found.rest for found in ahead.values())
    alone = [at for at, found in ahead.items() if not found.rest or often[found.rest] > 1 or lines.is_room(found.rest)]
    if len(alone) < FEWEST or 2 * len(alone) < len(ahead):
        return list(pieces)
    alone = [at for at, found in ahead.items() if not found.rest or found.is_parted]
    return list(_with_titles(pieces, timed, alone))


def _unwrapped(pieces: Sequence[LinePiece]) -> list[LinePiece]:
    """The pieces; a title whose second line dots lead to its time is one: "Water / for all ...... 9:30"."""
    kept: list[LinePiece] = []
    for piece in pieces:
        over = kept[-1] if kept and FORM["leader"].search(piece.text) and not (piece.gap or piece.is_cell) else None
        is_first = over and (over.gap or len(kept) == 1 or kept[-2].is_indented or _timed(kept[-2]))
        is_whole = over and (
            over.is_indented or over.is_cell or over.level or _timed(over) or times.day_line(over.text)
        )
        if over and is_first and not (is_whole or ends_sentence(over.text)):
            kept[-1] = replace(over, text=f"{over.text} {piece.text}")
        else:
            kept.append(piece)
    return kept


def _timed(piece: LinePiece) -> TimedLine | None:
    """The line as one of a programme: times with a title before or after them, and no sentence around them."""
    text = lines.unmarked(piece.text)
    stated = lines.labelled_value(text)
    if piece.is_cell or len(text) > LONGEST or form_in_any("deadline").search(folded(text)):
        return None
    if stated is None and times.day_line(text):
        return None
    if stated:
        text = stated.value if stated.role in {"time", "datetime"} else ""
    span = times.first_clock_span(text)
    if span is None:
        return None
    ends = span.ends + (zone.end() if (zone := ZONE.match(text[span.ends :])) else 0)
    lead, rest = FORM["begun"].sub("", text[: span.begins]), text[ends:]
    bare = lead.rstrip(OPENING)
    is_parted = bool(FORM["parted"].match(rest))
    is_day = bool(bare) and _is_day(bare, is_stated=stated is not None)
    if is_day:
        bare, lead = "", ""
    if TYPE.match(bare):
        return TimedLine(text[len(lead) : ends].strip(MARKS), "", rest.strip(MARKS), is_parted, bare)
    is_apart = not bare or FORM["apart"].search(lead)
    if not is_apart or (bare and rest.strip(MARKS) and not is_parted) or times.written_days(bare):
        return None
    return TimedLine(text[len(lead) : ends].strip(MARKS), bare, rest.strip(MARKS), is_parted, is_day=is_day)


def _is_day(lead: str, *, is_stated: bool) -> bool:
    """Whether all before a time is its day: "Friday 13", "the same day", and after a label "Friday 13 May 2028"."""
    if is_stated and times.written_days(lead):
        return times.opens_slot(f"{lead}, 10:00")
    return bool(DAY_ALONE.match(folded(lead)))


def _with_titles(
    pieces: Sequence[LinePiece], timed: Mapping[int, TimedLine], alone: Sequence[int]
) -> Iterator[LinePiece]:
    """The pieces with the line under or over each time beside it: on that side of it where titles mostly are."""
    edges = [None, *pieces, None]
    over = {at for at in alone if not pieces[at].gap and at - 1 not in timed and _may_be_title(edges[at])}
    under = {at for at in alone if at + 1 not in timed and (below := edges[at + 2]) and not below.gap}
    under = {at for at in under if _may_be_title(edges[at + 2])}
    votes = len(over) - len(under)
    votes += sum(_begins(pieces, at - 1) for at in over) - sum(_begins(pieces, at) for at in under)
    titles = {at: at - 1 for at in over} if votes > 0 else {at: at + 1 for at in under}
    moved = frozenset(titles.values())
    for at, piece in enumerate(pieces):
        if at in titles:
            title = pieces[titles[at]]
            yield from _joined(replace(piece, gap=min(piece, title, key=attrgetter("number")).gap), timed[at], title)
        elif at in timed and timed[at].lead and FORM["aside_at_end"].search(lines.unmarked(piece.text)):
            yield from _joined(piece, timed[at], piece)
        elif at not in moved:
            yield piece


def names_people(text: str) -> bool:
    """Whether a line begins with what leads to people: "with", "moderated by"."""
    return bool(FORM["of_people"].match(folded(text)))


def _begins(pieces: Sequence[LinePiece], at: int) -> bool:
    """Whether a line stands first in a block: after an empty line or a day's name."""
    return bool(pieces[at].gap or pieces[at].bullet or not at or times.day_line(pieces[at - 1].text))


def _may_be_title(piece: LinePiece | None) -> bool:
    if piece is None or piece.is_cell or len(piece.text) > LONGEST or times.day_line(piece.text):
        return False
    text = lines.unmarked(piece.text)
    is_told = ends_sentence(text) and not text.rstrip(CLOSING).endswith(("?", "!", "…"))
    is_apart = is_told or lines.labelled_value(text) or lines.is_room(text) or names_people(text)
    return not (is_apart or people.only_people(text))


def _joined(piece: LinePiece, found: TimedLine | None, title: LinePiece) -> Iterator[LinePiece]:
    """The pieces that a time, its title and what else stands beside it make together."""
    if found is None:
        yield piece
        return
    words = f"{found.kind}: {title.text}" if found.kind else found.lead or title.text
    item = FORM["item"].match(words)
    yield replace(piece, text=found.clock, bullet=item[0].strip() if item else title.bullet, level=0, is_slot=True)
    words = words[item.end() :] if item else words
    for each, text in ((title, words), (piece, f"({found.rest})" if found.rest else "")):
        if text:
            yield replace(each, text=text, gap=0, bullet="", level=0, is_joined=True)
