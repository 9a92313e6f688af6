"""Lines into passages: running headers out, broken lines rejoined, table cells parted, every word's line kept."""

import re
from bisect import bisect_right
from collections import Counter
from collections.abc import Iterator, Sequence
from enum import Enum
from itertools import pairwise

from msgspec import Struct
from msgspec.structs import replace

from workspace.core.shapes import filled
from workspace.interchange.notes import lines, people, times
from workspace.interchange.notes.lines import NoteLine, begins_lower, ends_sentence, folded, goes_on, single_spaced
from workspace.interchange.notes.rules import ALL, RuleKind, form, forms
from workspace.interchange.notes.slots import LinePiece, names_people, times_first

FORM = forms("layout")
ENTRY = forms("programme")["entry"]

CLAUSES: tuple[RuleKind, ...] = ("operative", "preamble")
PAGE_GAP = 3
HEADER_LINES = 12
LONGEST_HEADER = 70
HEADED = 120
NEIGHBOURS = 15
UNWRAPPED = 160
RAGGED = 0.7
HALF = 0.5
FULL = 56  # letters of a line
NARROWEST = 64
NARROW = 0.95
MOST_CELLS = 200
MARGIN = 8  # columns more, where an end is put beside its start
NEAR = 2  # columns of a fixed width, between where a column begins in two rows
REGION = 3  # lines from one row of a table to the next
FEWEST_COLUMNS = 3
FEWEST_WRAPPED = 4  # words that a sentence goes on with, over a list
FEWEST_HEADINGS = 2
LONGEST_LINE_OF_WORDS = 2000


class PassageKind(Enum):
    """What a passage is to a reader's eye."""

    HEADING = "heading"
    FIELD = "field"
    ITEM = "item"
    CELL = "cell"
    SLOT = "slot"
    TEXT = "text"


class NotePassage(Struct, frozen=True):
    """What belongs together: a heading, a labelled line, a list item, a paragraph."""

    kind: PassageKind
    text: str
    starts: tuple[tuple[int, int], ...]
    page: int | None = None
    bullet: str = ""
    level: int = 0
    gap: int = 0
    is_indented: bool = False
    column: int = 0  # of a table's cell: which one of its row it is, from one; 0 for what is no cell

    @property
    def line(self) -> int:
        return self.starts[0][1]

    def line_at(self, offset: int) -> int:
        """The line of the source on which the character at `offset` stands."""
        return self.starts[bisect_right(self.starts, (offset, 1 << 60)) - 1][1]


class Layout(Struct, frozen=True):
    """The passages of a note, and the running headers that were set aside, as (line, text)."""

    passages: tuple[NotePassage, ...]
    running: tuple[tuple[int, str], ...]


def lay_out(lines: Sequence[NoteLine]) -> Layout:
    """The note as passages in the order of the source."""
    lines = list(_unframed(list(_unbarred(list(_restacked(list(_unstacked(lines))))))))
    running = _running(lines)
    kept = [NoteLine(line.number, "", line.page) if line.number in running else line for line in lines]
    pieces = _measured(times_first(list(_pieces(kept, running))))
    words = frozenset(
        word.lower() for line in lines for word in FORM["word"].findall(line.text[:LONGEST_LINE_OF_WORDS])
    )
    texts = {line.number: single_spaced(line.text) for line in lines}
    passages = _numbered_headings(list(_passages(pieces, words)))
    return Layout(passages, tuple((number, texts[number]) for number in sorted(running)))


def _unstacked(written: Sequence[NoteLine]) -> Iterator[NoteLine]:
    """The lines with columns that spaces alone keep apart; where an end stands under its start, both on one line."""
    bars = {line.number: line.text.index("|") for line in written if FORM["bar"].match(line.text)}
    bars = {at: bar for at, bar in bars.items() if bar in (bars.get(at - 1), bars.get(at + 1))}
    clocks = {line.number: found for line in written if (found := FORM["margin_clock"].match(line.text))}
    again = {first - 1 for first, then in pairwise(clocks) if clocks[first]["clock"] == clocks[then]["clock"]}
    again = {at for at in again if at in clocks and clocks[at]["clock"] != clocks[at + 1]["clock"]}
    runs = [at for at in clocks if at + 1 in clocks and at + 2 not in clocks and (at - 1 not in clocks or at in again)]
    runs = runs if len(runs) >= FEWEST_HEADINGS and 2 * len(again.intersection(runs)) >= len(runs) else []
    for line in written:
        text = line.text
        text = f"{text[: bars[line.number]]} {text[bars[line.number] + 1 :]}" if line.number in bars else text
        if runs and (found := clocks.get(line.number)):
            span = f"–{clocks[line.number + 1]['clock']}" if line.number in runs else ""
            stated = "" if line.number - 1 in runs else f"{found['clock']}{span}"
            text = f"{stated:{found.end() + MARGIN}}{text[found.end() :]}".rstrip()
        elif runs and text[:1] == " ":
            text = " " * MARGIN + text
        yield replace(line, text=text) if text != line.text else line


def _restacked(written: Sequence[NoteLine]) -> Iterator[NoteLine]:
    """The lines; where the cells of a table stand one below the other, after the names of its columns, its rows."""
    cells = [line for line in written if line.text.strip() and not FORM["page_number"].match(line.text)]
    roles = [_role_of_column(line.text) for line in cells]
    clocks = [at for at, line in enumerate(cells) if not roles[at] and times.opens_slot(line.text)]
    tables = (
        _rows_below(cells, clocks, first, at - first)
        for at in range(len(cells))
        if roles[at] == "time" and clocks and at < clocks[0]
        for first in range(max(0, at - REGION), at + 1)
        if all(roles[first:at]) and "title" in roles[first : clocks[0]]
    )
    rows = next(filter(None, tables), {})
    gone = {cell.number for row in rows.values() for cell in row}
    for line in written:
        row = rows.get(line.number)
        text = f"| {' | '.join(cell.text.strip() for cell in row)} |" if row else line.text
        if row or line.number not in gone:
            yield replace(line, text=text) if row else line


def _role_of_column(text: str) -> str:
    name = folded(text.strip("*_ :"))
    return lines.COLUMNS.get(name) or lines.LABELS.get(name, "")


def _rows_below(
    cells: Sequence[NoteLine], clocks: Sequence[int], first: int, clock: int
) -> dict[int, Sequence[NoteLine]]:
    """The rows of a table by the number of their first line, each with its time before all but a date.

    `clocks` are the places of times in `cells`, `first` is that of the first column's name, and `clock` counts the
    columns before the time. Empty where the cells make no table of several rows as wide as its head.
    """
    width = clocks[0] - first - clock
    if not FEWEST_COLUMNS <= width <= NEAR * FEWEST_COLUMNS:
        return {}
    begins = [first, *(at - clock for at in clocks)]
    are_whole = all(end - at >= width for at, end in pairwise([*begins, len(cells)]))
    if not are_whole or len(begins) <= FEWEST_HEADINGS:
        return {}
    rows = [cells[at : at + width] for at in begins]
    dated = sum(_role_of_column(cell.text) == "date" for cell in rows[0][:clock])
    return {row[0].number: [*row[:dated], row[clock], *row[dated:clock], *row[clock + 1 :]] for row in rows}


def _unbarred(written: Sequence[NoteLine]) -> Iterator[NoteLine]:
    """The lines; bars between words of a line that has none of a table beside it are dashes: "Friday 2 May | Hall"."""
    bars = [line.text.count("|") for line in written if line.text.strip() and not FORM["rule"].match(line.text)]
    near = iter(zip([0, *bars], bars, [*bars[1:], 0], strict=False))
    for line in written:
        is_counted = bool(line.text.strip()) and not FORM["rule"].match(line.text)
        before, own, below = next(near) if is_counted else (0, 0, 0)
        is_row = own in (before, below) or line.text.strip()[:1] == "|" or line.text.rstrip()[-1:] == "|"
        yield line if not own or is_row else replace(line, text=FORM["bars"].sub(" – ", line.text))


def _unframed(lines: Sequence[NoteLine]) -> Iterator[NoteLine]:
    """The lines without boxes, leaders and the margins of quotations; underlined ones marked as headings."""
    is_boxed = any(line.text.strip()[:2] in {"+-", "+=", "┌─", "╔═"} for line in lines)
    is_list = any(FORM["margin_list"].match(line.text) for line in lines)
    is_mail = True  # what margins of quotations mean, unless a line that ends with a colon leads to them
    texts = ["", *(line.text for line in lines), ""]
    for line, before, below in zip(lines, texts, texts[2:], strict=False):
        framed = FORM["framed"].match(line.text) if is_boxed else None
        text = FORM["leaders"].sub(_led_to, framed[1] if framed else line.text)
        text = FORM["wide_span"].sub(r" \g<end>\g<wide>", text)
        if not FORM["margin"].match(text):
            is_mail = not text.rstrip().endswith(":") if text.strip() else is_mail
        begun = "‣ " if not is_list and not (FORM["margin"].match(before) and before[-1:] not in ".;") else ""
        text = text if is_mail and not is_list else FORM["margin"].sub(begun, text)
        text = FORM["equals"].sub(r"\1: ", FORM["sheet"].sub("## ", text))
        if text[:1] == " " or ">>" in (before[:2], below[:2]):
            text = FORM["pointer"].sub("‣ ", text)
        mark = _underlined(before.strip(), text, below)
        yield replace(line, text=f"{mark}{text}") if mark or text != line.text else line


def _led_to(leader: re.Match[str]) -> str:
    """What stands for dots: a mark between a title and its time, else the space between columns."""
    before, following = leader.string[: leader.start()].strip(), leader.string[leader.end() :].strip()
    span = None if folded(before) in lines.LABELS else times.first_clock_span(following)
    return " … " if span and span.verbatim == following else "    "


def _underlined(before: str, text: str, below: str) -> str:
    """The mark of a heading, for a line with a rule under it."""
    rule = below.rstrip()
    if len(set(rule)) != 1 or rule[0] not in "=-_~─━═" or len(rule) < FEWEST_COLUMNS or text[:1] in " |+#":
        return ""
    bare = text.strip()
    is_close = (
        rule[0] in "=═" or (not before and abs(len(rule) - len(bare)) <= 2 * NEAR) or bool(FORM["rule"].match(before))
    )
    if not bare or FORM["rule"].match(bare) or len(bare) > HEADED or not is_close or lines.labelled_value(bare):
        return ""
    return "# " if rule[0] in "=═" else "## "


def _gridded(written: Sequence[NoteLine]) -> dict[int, list[tuple[int, str]]]:
    """The cells of tables whose columns only spaces keep apart: number of the line to its cells with their columns."""
    rows = [
        (line, parts)
        for line in written
        if "|" not in line.text and len(parts := list(FORM["part"].finditer(line.text))) > 1
    ]
    found: dict[int, list[tuple[int, str]]] = {}
    region: list[tuple[NoteLine, list[re.Match[str]]]] = []
    for line, parts in [*rows, (NoteLine(1 << 60, ""), [])]:
        if region and line.number - region[-1][0].number > REGION and not _is_under(written, region, line.number):
            if len(region) > 1:
                grid = dict(_grid(region))
                _alone(written, grid, [part.start() for part in max((parts for _, parts in region), key=len)])
                found |= grid
            region = []
        region.append((line, parts))
    return found


def _is_under(written: Sequence[NoteLine], region: Sequence[tuple[NoteLine, list[re.Match[str]]]], end: int) -> bool:
    """Whether all between a row and the line at `end` is empty or begins where a column does."""
    starts = {part.start() for _, parts in region for part in parts[1:]}
    between = [line.text for line in written[region[-1][0].number : end - 1] if line.text.strip()]
    return len(written) >= end and all(len(text) - len(text.lstrip()) in starts for text in between)


def _alone(written: Sequence[NoteLine], grid: dict[int, list[tuple[int, str]]], starts: Sequence[int]) -> None:
    """Add to the rows of a grid a lone cell under one that has no time: it begins where a column does."""
    for line in written[min(grid, default=1) : max(grid, default=0)]:
        begins = len(line.text) - len(line.text.lstrip())
        if (
            line.number not in grid
            and line.text
            and begins in starts
            and grid.get(line.number - 1, [(1, "")])[0][0] > 1
        ):
            grid[line.number] = [(starts.index(begins) + 1, line.text.strip())]


def _grid(region: Sequence[tuple[NoteLine, list[re.Match[str]]]]) -> Iterator[tuple[int, list[tuple[int, str]]]]:
    widest = max((parts for _, parts in region), key=len)
    sums = sum(bool(FORM["amount"].match(parts[-1][0])) for _, parts in region)
    in_rooms = any(lines.are_rooms([part[0] for part in parts]) for _, parts in region)
    beside = [len(parts) > 2 and times.opens_slot(parts[0][0]) for _, parts in region]  # titles in columns, at one time
    for number, (line, parts) in enumerate(region):
        is_sum = (
            sums > 1 and (FORM["amount"].match(parts[-1][0]) or len(parts) == len(widest)) and len(parts) <= len(widest)
        )
        is_row = (in_rooms or len(widest) >= FEWEST_COLUMNS) and (len(parts) > 2 or not times.opens_slot(parts[0][0]))
        is_pair = len(parts) == len(widest) == 2
        columns = [1, 2] if is_pair else [_column(part, widest) for part in parts]
        labelled = [bool(lines.labelled_value(part[0])) for part in parts]
        is_apart = any(labelled) and not (number and in_rooms) and not (all(labelled) and any(beside[:number]))
        if (is_sum or is_row) and not is_apart and None not in columns and len(set(columns)) == len(columns):
            yield line.number, [(place or 0, part[0]) for place, part in zip(columns, parts, strict=True)]


def _column(part: re.Match[str], widest: Sequence[re.Match[str]]) -> int | None:
    """The column, counted from one, that a part begins or ends with, or alone stands over."""
    near = [
        place
        for place, column in enumerate(widest, start=1)
        if min(abs(part.start() - column.start()), abs(part.end() - column.end())) <= NEAR
    ]
    touched = [column for column in widest if part.start() < column.end() and column.start() < part.end()]
    over = [place for place, column in enumerate(widest, start=1) if column in touched]
    return near[0] if near else over[0] if len(over) == 1 else None


def _key(text: str) -> str:
    return re.sub(r"\d", "#", folded(text).strip("*_ #-|"))


def _pages(lines: Sequence[NoteLine]) -> Iterator[list[NoteLine]]:
    page: list[NoteLine] = []
    empty = 0
    for line in lines:
        broken = empty >= PAGE_GAP or (page and line.page != page[-1].page)
        if line.text.strip():
            if broken and page:
                yield page
                page = []
            page.append(line)
        empty = 0 if line.text else empty + 1
    if page:
        yield page


def _may_run(line: NoteLine) -> bool:
    text = line.text.strip()
    return (
        len(text) <= LONGEST_HEADER
        and not text.endswith((".", ":", ";", "?", ","))
        and not FORM["bullet"].match(text)
        and not FORM["markdown_heading"].match(text)
        and not lines.section_role(text)
        and not times.clock_span(text)
    )


def _running(lines: Sequence[NoteLine]) -> frozenset[int]:
    """Lines that begin or end several pages alike, and page numbers."""
    pages = list(_pages(lines))
    edges = [[*page[:HEADER_LINES], *page[-2:]] for page in pages]
    seen = Counter(key for edge in edges for key in {_key(line.text) for line in edge if _may_run(line)})
    running = {
        line.number for line in lines if FORM["page_number"].match(line.text) and any(c in line.text for c in "-–—pP/")
    }
    for page in pages:
        for ordered in (page[:HEADER_LINES], page[:-3:-1]):
            for line in ordered:
                if line.number not in running and not (_may_run(line) and seen[_key(line.text)] > 1):
                    break
                running.add(line.number)
    while found := _beside_numbers(lines, running):
        running |= found
    bare = {line.number for page in pages for line in (page[0], page[-1]) if FORM["page_number"].match(line.text)}
    return frozenset(running | (bare if len(pages) > 1 else set()))


def _beside_numbers(lines: Sequence[NoteLine], running: set[int]) -> set[int]:
    """Lines that stand alike next to several page numbers."""
    written = [line for line in lines if line.text.strip()]
    numbered = {
        place for place, line in enumerate(written) if line.number in running and FORM["page_number"].match(line.text)
    }
    beside = []
    for place in numbered:
        for step in (-1, 1):
            at = place + step
            while 0 <= at < len(written) and written[at].number in running:
                at += step
            if 0 <= at < len(written) and _may_run(written[at]):
                beside.append(written[at])
    seen = Counter(_key(near.text) for near in beside)
    return {near.number for near in beside if seen[_key(near.text)] > 1}


def _pieces(written: Sequence[NoteLine], running: frozenset[int]) -> Iterator[LinePiece]:
    gap = 0
    has_second = sum(bool(FORM["second_level"].match(line.text)) for line in written) >= FEWEST_HEADINGS
    indented = sum(line.text[:1] == " " for line in written if line.text.strip())
    counts_indents = indented * 4 < sum(bool(line.text.strip()) for line in written)
    grid = _gridded(written)
    is_sheet = any(line.text[:1] != "\t" and line.text.count("\t") >= FEWEST_COLUMNS for line in written)
    for line, following in zip(written, [*written[1:], NoteLine(0, "")], strict=True):
        stripped = line.text.strip()
        if not stripped or FORM["rule"].match(stripped):
            gap += line.number not in running
            continue
        is_indented = counts_indents and line.text[:1] == " "
        if line.number in grid or FORM["tabular"].search(line.text):
            stripped = line.text.rstrip() if is_sheet and line.text[0] == "\t" else stripped
            cells = map(_without_tags, FORM["cells"].split(stripped.replace("●", "\t● "), maxsplit=MOST_CELLS))
            is_framed = line.text[0] == "|" or (line.text[: REGION + 1].strip() and stripped[-1] == "|")
            named = enumerate(cells, start=0 if stripped[0] == "|" and is_framed else 1)
            filled = _with_spans(grid.get(line.number) or [(column, text) for column, text in named if text])
            for first, (column, text) in enumerate(filled):
                yield _piece(line, text, gap=gap if first == 0 else 0, column=column)
        elif has_second and (second := FORM["second_level"].match(line.text)):
            piece = _piece(line, _without_tags(line.text[second.end() :]), gap=gap, is_indented=is_indented)
            yield replace(piece, bullet="o")
        else:
            label = _in_margin(line.text, following.text)
            stripped = f"{label}: {stripped[len(label) :].strip()}" if lines.is_room(label) else stripped
            for first, text in enumerate(_side_by_side(stripped)):
                piece = _piece(line, _without_tags(text), gap=0 if first else gap, is_indented=is_indented)
                yield replace(piece, is_cell=True) if label else piece
        gap = 0


def _in_margin(text: str, following: str) -> str:
    """The label or the room left of a title under which the next line begins."""
    begins = len(following) - len(following.lstrip())
    label, title = text[:begins], text[begins:]
    is_two = label[-1:] == " " and title[:1].strip() and not FORM["wide_gap"].search(f"{label.strip()} {title}")
    is_label = label[-2:] == "  " and following[begins : begins + 1].isupper() and not FORM["bullet"].match(label)
    return label.strip() if is_two and begins > NEAR and (is_label or lines.is_room(label)) else ""


def _with_spans(cells: list[tuple[int, str]]) -> list[tuple[int, str]]:
    """The cells of a row, the beginning and the end of a slot made one: "09:00", "09:45"."""
    if len(cells) < FEWEST_COLUMNS or not all(times.is_clock(text) for _, text in cells[:2]):
        return cells
    return [(cells[0][0], f"{cells[0][1]}–{cells[1][1]}"), *cells[2:]]


def _side_by_side(text: str) -> list[str]:
    """What stands side by side on one line: labelled values in columns, a place before people."""
    parts = FORM["wide_gap"].split(text)
    if len(parts) == 2 and not lines.labelled_value(text) and lines.labelled_value(f"{parts[0]}: {parts[1]}"):
        return [f"{parts[0]}: {parts[1]}"]
    if len(parts) > 1 and all(lines.labelled_value(part) for part in parts):
        return parts
    where, stop, rest = text.partition(". ")  # "Blue Room. With Ana Ruiz"
    return [where, rest] if stop and lines.says_where(where) and not times.opens_slot(text) else [text]


def _without_tags(text: str) -> str:
    return single_spaced(FORM["inline_tags"].sub("", text)) if "<" in text else single_spaced(text)


def _piece(line: NoteLine, text: str, *, gap: int, is_indented: bool = False, column: int = 0) -> LinePiece:
    framed = FORM["ornament"].fullmatch(text)
    text = framed["text"] if framed else text
    heading = FORM["markdown_heading"].match(text)
    bullet = None if heading or lines.section_role(text) or lines.word_limit(text) else FORM["bullet"].match(text)
    mark = bullet["mark"] if bullet else ""
    level, body = len(heading[1]) if heading else 0, text[len(mark) :].strip()
    return LinePiece(line.number, body, line.page, gap, is_indented, mark, level, column > 0, len(text), column)


def _measured(pieces: list[LinePiece]) -> list[tuple[LinePiece, int]]:
    """Each piece with the width of the column it stands in: that of its paragraph, where several lines are as wide."""
    widths = [0 if piece.is_cell else piece.width for piece in pieces]
    begins = [place for place, piece in enumerate(pieces) if piece.gap or piece.bullet or not place]
    found = []
    for begin, end in pairwise([*begins, len(pieces)]):
        *_, second, first = [0, 0, *sorted(widths[begin:end])]
        is_own = end - begin >= REGION and second > max(NARROWEST, NARROW * first)
        for place in range(begin, end):
            column = first if is_own else max(widths[max(0, place - NEIGHBOURS) : place + NEIGHBOURS + 1])
            found.append((pieces[place], column))
    return found


def _is_barrier(piece: LinePiece, following: LinePiece | None) -> bool:
    """Whether a line stands for itself whatever comes next: a heading, a labelled line."""
    if piece.level or lines.word_limit(piece.text) or piece.is_cell:
        return True
    wraps = following is not None and following.gap == 0 and begins_lower(following.text) and not following.bullet
    return not wraps and bool(lines.section_role(piece.text)) and not piece.bullet


def _continues(before: LinePiece, now: LinePiece, column: int, *, after_barrier: bool, is_first: bool) -> bool:
    """Whether `now` goes on with what `before` began."""
    opens_clause = before.text[-1:] in ",;:" and (now.gap or not begins_lower(now.text)) and begins_clause(now.text)
    opens_clause = opens_clause or bool(FORM["clause"].match(f"{before.text}\n{now.text}"))
    is_open = goes_on(before.text) and not now.gap and before.width > RAGGED * column
    stands_first = _stands_first(now) and not (is_open and times.opens_slot(now.text))
    is_told = is_open or (begins_lower(now.text) and before.width > RAGGED * column)  # prose that begins with a date
    is_slot = is_first and times.opens_slot(before.text) and not is_told
    is_apart = after_barrier or before.is_cell or before.level or is_slot
    is_title = bool(ENTRY.match(before.text)) and before.width < RAGGED * column and not goes_on(before.text)
    is_title = is_title or (
        before.is_joined and (names_people(now.text) or not (goes_on(before.text) or begins_lower(now.text)))
    )
    is_where = (
        lines.says_where(now.text) and not goes_on(before.text) and before.width < RAGGED * max(column, NARROWEST)
    )
    if (
        is_title
        or opens_clause
        or is_apart
        or stands_first
        or is_where
        or (ends_sentence(before.text) and FORM["label"].match(now.text))
    ):
        return False
    if now.gap:
        return _continues_over_gap(before, now, column)
    if _is_line_of_head(before, now, column):
        return False
    is_out = bool(before.bullet) and before.is_indented and not now.is_indented
    if goes_on(before.text) or (not is_out and begins_lower(now.text) and before.width > min(HALF * column, FULL)):
        return True
    if is_out or (now.is_indented and not before.bullet) or column > UNWRAPPED or lines.section_role(now.text):
        return False
    return _is_wrapped(before, now, column)


def _is_line_of_head(before: LinePiece, now: LinePiece, column: int) -> bool:
    """Whether one of two lines is a whole of its own, though no stop ends it: a date, a labelled value."""
    if before.width < RAGGED * column and (times.day_line(before.text) or times.day_line(now.text)):
        return True
    if goes_on(before.text):
        return False
    text = lines.PARENTHESIS.sub("", now.text).rstrip()
    if (day := times.day_line(text)) and len(day.verbatim) + NEAR >= len(text):
        return True
    stated = lines.labelled_value(before.text)
    is_stated = stated is not None and bool(stated.value) and before.width < RAGGED * column and not now.is_indented
    is_dated = bool(times.written_days(now.text) and times.clock_span(now.text)) and now.text[:1].isupper()
    is_of_people = stated is not None and stated.role in lines.QUALIFIED_LABELS
    is_list = is_of_people and bool(lines.FORM["begins_person"].match(now.text))
    return is_stated or is_list or (is_dated and now.width < min(HEADED, NARROW * column))


def begins_clause(text: str) -> bool:
    """Whether a line begins as a paragraph of a resolution does: "Recalling …", "décide …"."""
    return any(form(code, kind).match(text.lstrip("*_ ")) for code in ALL for kind in CLAUSES)


def _stands_first(now: LinePiece) -> bool:
    """Whether a line can only begin something: a bullet, a heading, a cell, a label, a time."""
    if now.bullet or now.level or now.is_cell or now.is_slot or FORM["speaks"].match(now.text):
        return True
    is_month = times.is_month(now.text) and not any(map(str.isdigit, now.text))
    return is_month or lines.labelled_value(now.text) is not None or times.opens_slot(now.text)


def _continues_over_gap(before: LinePiece, now: LinePiece, column: int) -> bool:
    """An empty line, or a page's end, inside a sentence."""
    if (
        before.text.endswith(":")
        or ends_sentence(before.text)
        or times.day_line(now.text)
        or (lines.labelled_value(before.text) and now.gap > 1)
        or (now.text.isupper() and not before.text.isupper())
    ):
        return False
    is_open = before.text.rsplit(None, 1)[-1] in lines.CONTINUING or before.width > min(HALF * column, FULL)
    is_broken = begins_lower(now.text) and (is_open or now.gap >= PAGE_GAP)
    return is_broken or (goes_on(before.text) and before.width > min(HALF * column, FULL))


def _is_wrapped(before: LinePiece, now: LinePiece, column: int) -> bool:
    """Whether the line before is as full as its column allows, so that its end is only the margin's."""
    if people.only_people(now.text) and not (goes_on(before.text) or ends_sentence(before.text)):
        return False
    is_full = before.width > RAGGED * max(column, NARROWEST)
    is_open = is_full and not (ends_sentence(before.text) or before.text.endswith(":"))
    return is_open or before.width + 1 + len(now.text.split(None, 1)[0]) > column


def _passages(measured: list[tuple[LinePiece, int]], words: frozenset[str]) -> Iterator[NotePassage]:
    group: list[LinePiece] = []
    after_barrier = False
    for place, (piece, column) in enumerate(measured):
        following = measured[place + 1][0] if place + 1 < len(measured) else None
        goes = bool(group) and _continues(
            group[-1], piece, column, after_barrier=after_barrier, is_first=len(group) == 1
        )
        if piece.is_joined:
            group.append(piece)
            continue
        is_listed = bool(following and following.bullet and not following.gap)
        is_over = is_listed and len(piece.text.split()) < FEWEST_WRAPPED
        is_after = bool(group and (group[0].bullet or is_over)) and 0 < piece.gap < PAGE_GAP
        is_after = is_after and not goes_on(group[-1].text)
        if goes and not is_after and not (_is_barrier(piece, following) and ends_sentence(group[-1].text)):
            group.append(piece)
            continue
        if group:
            yield _passage(group, words, following=piece)
        group = [piece]
        after_barrier = _is_barrier(piece, following)
    if group:
        yield _passage(group, words, following=None)


def _passage(group: list[LinePiece], words: frozenset[str], *, following: LinePiece | None) -> NotePassage:
    first = group[0]
    text, starts = _joined(group, words)
    return filled(NotePassage, first, kind=_kind(group, text, following=following), text=text, starts=starts)


def _joined(group: list[LinePiece], words: frozenset[str]) -> tuple[str, tuple[tuple[int, int], ...]]:
    text = ""
    starts = []
    for piece in group:
        if _is_broken_word(text, piece.text, words):
            text = text[:-1]
        elif text and not text.endswith("-"):
            text += " "
        starts.append((len(text), piece.number))
        text += piece.text
    return text, tuple(starts)


def _is_broken_word(before: str, after: str, words: frozenset[str]) -> bool:
    """Whether the hyphen at the end of a line only breaks a word: its halves are no words that the note uses alone."""
    if not FORM["broken"].search(before[-40:]) or not after[:1].islower():
        return False
    halves = (FORM["broken"].findall(before[-40:])[0], FORM["word"].findall(after[:40])[0])
    return not all(half.lower() in words for half in halves)


def _kind(group: list[LinePiece], text: str, *, following: LinePiece | None) -> PassageKind:
    first = group[0]
    if first.level or lines.word_limit(text) or times.is_month(text):
        return PassageKind.HEADING
    if labelled := lines.labelled_value(text):
        return PassageKind.FIELD if labelled.value or not lines.section_role(text) else PassageKind.HEADING
    if first.is_slot or times.opens_slot(text):
        return PassageKind.SLOT
    if first.bullet:
        return PassageKind.ITEM if not lines.section_role(text) or first.is_cell else PassageKind.HEADING
    if first.is_cell:
        return PassageKind.CELL
    is_indented = first.is_indented and not lines.FORM["begins_person"].match(text)
    is_alone = (first.gap > 0 or is_indented) and (following is None or following.gap > 0)
    is_heading = lines.section_role(text) or lines.stands_out(text, is_alone=is_alone)
    return PassageKind.HEADING if is_heading else PassageKind.TEXT


def _numbered_headings(passages: list[NotePassage]) -> tuple[NotePassage, ...]:
    """Short numbered lines with something else between them are headings, not a list: "2. Debate", "3. Agreements"."""
    edges: list[NotePassage | None] = [None, *passages, None]
    near = [(before, now, after) for before, now, after in zip(edges, edges[1:], edges[2:], strict=False) if now]
    found = [now for before, now, after in near if _may_head(now, before, after)]
    roman = [now for before, now, after in near if _may_head_in_roman(now, before, after)]
    is_sure = len(roman) >= FEWEST_HEADINGS or any(len(now.bullet) > len("I.") for now in roman)
    heads = {id(now) for now in (*(found if len(found) >= FEWEST_HEADINGS else ()), *(roman if is_sure else ()))}
    return tuple(
        replace(passage, kind=PassageKind.HEADING, text=f"{passage.bullet} {passage.text}", bullet="")
        if id(passage) in heads
        else passage
        for passage in passages
    )


def _may_head_in_roman(now: NotePassage, before: NotePassage | None, after: NotePassage | None) -> bool:
    """ "II. Debate", with no other such line beside it: those are a list."""
    is_roman = now.kind is PassageKind.ITEM and bool(FORM["roman_number"].match(now.bullet)) and not now.column
    in_list = any(near is not None and FORM["roman_number"].match(near.bullet) for near in (before, after))
    return is_roman and after is not None and not in_list and _stands_out(now)


def _stands_out(now: NotePassage) -> bool:
    return lines.stands_out(now.text, is_alone=True) and not now.text.endswith(":")


def _may_head(now: NotePassage, before: NotePassage | None, after: NotePassage | None) -> bool:
    if now.kind is not PassageKind.ITEM or not FORM["numbered"].match(now.bullet) or after is None or now.column:
        return False
    near = (before, after)
    in_list = any(p is not None and p.kind is PassageKind.ITEM and FORM["numbered"].match(p.bullet) for p in near)
    is_parent = after.bullet.startswith(f"{now.bullet.strip('().')}.") and after.bullet != now.bullet
    is_told = after.kind is PassageKind.TEXT and ends_sentence(after.text) and not ends_sentence(now.text)
    is_apart = not in_list and (bool(after.gap) or is_told or "." in now.bullet.strip("()."))
    is_alone = bool(now.gap) and (is_parent or now.text.isupper() or is_apart)
    return is_alone and _stands_out(now)
