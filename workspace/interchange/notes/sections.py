"""The section of every passage, and the tables of a note by their headed columns."""

import re
from collections.abc import Collection, Iterator, Mapping, Sequence
from itertools import groupby, zip_longest

from msgspec import Struct
from msgspec.structs import replace

from workspace.interchange.notes import lines, people, times
from workspace.interchange.notes.layout import NotePassage, PassageKind
from workspace.interchange.notes.lines import ENUMERATION, bare_title, counted, ends_sentence, folded, unmarked
from workspace.interchange.notes.rules import ALL, form
from workspace.sessions.extraction import Statement, TemplateSection

SAID = frozenset({PassageKind.TEXT, PassageKind.HEADING, PassageKind.SLOT})
PAIR = 2  # cells: a label and its value
LISTING = frozenset({"recommendations", "key_messages", "objectives", "questions", "participants"})
MOST_WORDS_OF_A_HEADING = 9
LONGEST_OVER = 80
WHAT = re.compile(r"(?:what|points|puntos|lo que|ce qu[e'’])\b", re.IGNORECASE)
LABEL = re.compile(r"[A-Z]{0,2}\d{1,2}[.)]\s")
NUMBER = re.compile(r"^(?:#{1,6}\s+)?(?:\d{1,2}|[IVX]{1,4})[.)]\s")


class NoteSection(Struct, frozen=True):
    """The heading a passage stands under, and what such a section is for."""

    name: str | None = None
    role: str | None = None
    level: int = 0
    has_items: bool = False


class SectionPassage(Struct, frozen=True):
    """A passage in its section; `is_heading` where it only announces what follows."""

    passage: NotePassage
    section: NoteSection
    is_heading: bool = False
    head: str | None = None  # of a table's cell: what its column is for, or the name over it

    @property
    def room(self) -> str | None:
        """The room over a cell."""
        return self.head if self.head not in lines.ROLES_OF_COLUMNS else None


def passages_in_sections(
    passages: Sequence[NotePassage], *, titles: Collection[int] = ()
) -> tuple[SectionPassage, ...]:
    """Every passage with its section, in order; a session's title, on one of the lines `titles`, ends a section."""
    return _headed(tuple(_placed(passages, titles)))


def _placed(passages: Sequence[NotePassage], titles: Collection[int]) -> Iterator[SectionPassage]:
    section = NoteSection()
    for read, following in zip_longest(passages, passages[1:]):
        passage = replace(read, kind=PassageKind.HEADING) if _announces_list(read, following) else read
        is_named = passage.line in titles and passage.kind not in {PassageKind.SLOT, PassageKind.FIELD}
        if is_named and lines.section_role(passage.text) != "recommendations":  # the title of those opens theirs
            section = NoteSection(level=passage.level)
            yield SectionPassage(passage, section, is_heading=True)
            continue
        if passage.kind is PassageKind.HEADING:
            opened = _opened(passage, section)
            yield SectionPassage(passage, opened or section, is_heading=opened is not None)
            section = opened or section
            continue
        if passage.kind is PassageKind.SLOT and section.role != "agenda":
            section = NoteSection()
        elif passage.kind is PassageKind.ITEM:
            section = replace(section, has_items=True)
        elif LABEL.match(passage.text) and LABEL.match(section.name or ""):
            section = NoteSection()
        yield SectionPassage(passage, section)


def _announces_list(passage: NotePassage, following: NotePassage | None) -> bool:
    """Whether a line of its own over a list says that its items were agreed: "Agreed", "What it recommends"."""
    is_over = following is not None and following.kind is PassageKind.ITEM
    is_over = is_over and (not (following and following.gap) or passage.text.endswith(":"))
    is_over = is_over and passage.kind is PassageKind.TEXT
    is_said = bool(WHAT.match(passage.text) or LABEL.match(passage.text)) or len(passage.text.split()) == 1
    is_alone = passage.text.isupper() or (passage.gap > 0 and passage.text.islower() and counted(passage.text) < 4)
    if is_over and is_alone and not passage.column:
        return len(passage.text) < LONGEST_OVER
    is_apart = bool(passage.gap) or passage.text.isupper() or "(" in passage.text
    return is_over and is_said and is_apart and announces_agreement(passage.text)


def _opened(heading: NotePassage, section: NoteSection) -> NoteSection | None:
    """The section a heading opens; None for a line that only looks like a heading, inside a list of such lines."""
    name = lines.heading_name(heading.text)
    role = lines.section_role(heading.text) or ("recommendations" if announces_agreement(name) else None)
    if role or lines.word_limit(heading.text):
        return NoteSection(name, role, heading.level)
    if heading.level > section.level > 0 or (section.role == "agenda" and times.written_days(heading.text)):
        return NoteSection(name, section.role, section.level)
    if not heading.level and times.day_line(heading.text) and section.role != "recommendations":
        return None
    is_shouted = heading.text.isupper() and (section.name or "").isupper()
    if section.role in LISTING and not (is_shouted or NUMBER.match(heading.text)):
        if not heading.level and heading.text.endswith(":") and not WHAT.match(name):
            return replace(section, has_items=False)
        if not heading.level and not section.has_items and not heading.text.startswith(("**", "__")):
            return None
    return NoteSection(name, None, heading.level)


def announces_agreement(heading: str) -> bool:
    """Whether a heading says that what stands under it was agreed or is asked for."""
    plain = lines.PARENTHESIS.sub("", unmarked(ENUMERATION.sub("", heading))).strip()
    is_subject = folded(plain).startswith(("subject", "asunto", "objet"))
    if is_subject or counted(plain) > MOST_WORDS_OF_A_HEADING or ends_sentence(plain.rstrip("?")):
        return False
    return any(form(code, "agreed").search(plain) and not form(code, "not_agreed").search(plain) for code in ALL)


def template_sections(passages: Sequence[SectionPassage]) -> tuple[TemplateSection, ...]:
    """The sections a form limits, with their numbered neighbours; empty where nothing is limited."""
    limits = [lines.word_limit(line.passage.text) for line in passages]
    if not any(limits):
        return ()
    numbers = any(limit and NUMBER.match(line.passage.text) for limit, line in zip(limits, passages, strict=True))
    found = []
    for place, (limit, line) in enumerate(zip(limits, passages, strict=True)):
        if limit or (numbers and line.is_heading and NUMBER.match(line.passage.text)):
            words = sum(counted(body.passage.text) for body in _body(passages[place + 1 :]))
            found.append(
                TemplateSection(name=lines.heading_name(line.passage.text), limit_words=limit, counted_words=words)
            )
    return tuple(found)


def _body(passages: Sequence[SectionPassage]) -> Iterator[SectionPassage]:
    for line in passages:
        if line.is_heading and (line.section.role or lines.word_limit(line.passage.text) or line.passage.level):
            return
        yield line


FEWEST_HEADED = 2
MOST_OF_A_COLUMN = 0.6
FEWEST_OF_A_PROPOSAL = 4  # words
MOST_WORDS_OF_A_ROOM = 5


def _headed(passages: Sequence[SectionPassage]) -> tuple[SectionPassage, ...]:
    """Each cell with what its column is for, or with the room that stands over it."""
    headed = list(passages)
    rows = table_rows(passages)
    heads: Mapping[int, str] = {}
    last = 0
    for (line, row), (_, following) in zip_longest(rows, rows[1:], fillvalue=(0, [])):
        found = _heads(row, following, is_first=line - last > 1)
        has_rooms = line - last == 1 and "room" in heads.values()
        found = {} if has_rooms and "room" not in found.values() else found  # "Sail Loft", "Night trains", "Ana Ruiz"
        if found:
            heads = found
        elif row[0][1].gap and line - last > FEWEST_HEADED and row[0][1].kind is not PassageKind.SLOT:
            heads = {}
        else:
            for place, passage in row:
                other = "" if "recommendation" in heads.values() else None
                headed[place] = replace(passages[place], head=heads.get(passage.column, other))
        last = line
    return tuple(_with_inferred(headed))


def _with_inferred(headed: Sequence[SectionPassage]) -> Iterator[SectionPassage]:
    """The cells beside times that have no heads, with what their columns are for, as most of their words tell."""
    timed = {line.passage.line for line in headed if line.passage.column and line.passage.kind is PassageKind.SLOT}
    texts: dict[int, list[str]] = {}
    for passage in (line.passage for line in headed if line.passage.line in timed and line.head is None):
        if passage.column and passage.kind is not PassageKind.SLOT:
            texts.setdefault(passage.column, []).append(passage.text)
    roles = dict(_roles(texts)) if len(texts) >= FEWEST_HEADED else {}
    for line in headed:
        role = roles.get(line.passage.column) if line.head is None and line.passage.line in timed else None
        yield replace(line, head=role) if role else line


def _roles(texts: Mapping[int, Sequence[str]]) -> Iterator[tuple[int, str]]:
    """What columns are for, by what they hold: the first of names who speaks, the next who chairs."""
    found: dict[int, str] = {}
    for column, cells in sorted(texts.items()):
        named = sum(bool(people.only_people(people.parted(text)[0])) for text in cells)
        rooms = sum(lines.is_room(text) or cells.count(text) > 1 for text in cells)
        is_known = len(cells) >= FEWEST_HEADED and MOST_OF_A_COLUMN * len(cells) <= max(named, rooms)
        role = ("moderators" if "speakers" in found.values() else "speakers") if named > rooms else "room"
        role = role if is_known else "title" if "title" not in found.values() else ""
        if role and role not in found.values():
            found[column] = role
    if "title" in found.values() and len(found) > 1:
        yield from found.items()


def _heads(
    row: Sequence[tuple[int, NotePassage]], following: Sequence[tuple[int, NotePassage]], *, is_first: bool
) -> dict[int, str]:
    """What the columns under a row are for, if it is the head of a table: known words, or rooms over times."""
    names = {passage.column: _name(passage) for _, passage in row}
    named = {
        column: lines.COLUMNS.get(name) or ("title" if name in lines.TYPES else None) for column, name in names.items()
    }
    known = [column for column in named.values() if column]
    is_known = len(known) == len(row) or {"recommendation", "time", "title"} & set(known)
    are_names = all(counted(passage.text) < FEWEST_OF_A_PROPOSAL for _, passage in row)
    if (len(known) >= FEWEST_HEADED and is_known) or (is_first and "recommendation" in known and are_names):
        return {column: role for column, role in named.items() if role}
    first, below = row[0][1], following[0][1] if following else None
    is_pair = len(row) == PAIR and first.column == 1 and not lines.is_room(row[1][1].text)  # a room and its title
    is_pair = is_pair and below is not None and below.line - first.line > 1 and not below.gap
    if lines.are_rooms([passage.text for _, passage in row]) and not is_pair:
        return {passage.column: bare_title(passage.text) for _, passage in row}
    over = is_first and below is not None and below.kind is PassageKind.SLOT and below.column == 1
    rooms = row[1:] if known == ["time"] and named[first.column] == "time" else row if over and not known else []
    is_short = all(len(passage.text.split()) <= MOST_WORDS_OF_A_ROOM for _, passage in rooms)
    if not is_short or any(passage.kind is PassageKind.SLOT or passage.column == 1 for _, passage in rooms):
        return {}
    return {passage.column: bare_title(passage.text) for _, passage in rooms}


def stated_value(passages: Sequence[SectionPassage], place: int) -> lines.LabelledValue | None:
    """What a labelled line states; or a label alone on its line or in the first of two cells, with what follows it."""
    passage, below = (line.passage for line in (passages[place], passages[min(place + 1, len(passages) - 1)]))
    if passage.kind is PassageKind.FIELD:
        return lines.labelled_value(passage.text)
    label = folded(bare_title(passage.text)) if len(passage.text) < LONGEST_OVER else ""
    after = passages[place + 2].passage if place + 2 < len(passages) else None
    is_over_value = after is None or after.gap > 0 or _name(after) in lines.LABELS  # as in a form
    is_over_value = is_over_value and not ends_sentence(below.text)
    is_over_people = lines.LABELS.get(label) in people.ROLES and bool(lines.FORM["begins_person"].match(below.text))
    is_alone = (
        below.line - passage.line == 1
        and not passage.column
        and (passage.text.isupper() or passage.level or " " in label or is_over_value or is_over_people)
        and below.kind in SAID
    )
    row = [line.passage for line in passages[place : place + 3] if line.passage.line == passage.line]
    is_pair = passage.column == 1 and len(row) == PAIR and _name(below) not in lines.LABELS
    is_stated = label in lines.LABELS and (is_alone or is_pair)
    return lines.LabelledValue(lines.LABELS[label], below.text) if is_stated else None


def table_rows(passages: Sequence[SectionPassage]) -> list[tuple[int, list[tuple[int, NotePassage]]]]:
    """The lines of tables, each with its cells and their places."""
    cells = [(place, line.passage) for place, line in enumerate(passages) if line.passage.column]
    return [(line, list(row)) for line, row in groupby(cells, key=lambda cell: cell[1].line)]


def _name(passage: NotePassage) -> str:
    return folded(bare_title(passage.text))


def said_in(line: SectionPassage, begins: int, text: str, marker: str | None = None) -> Statement:
    """Words of a passage, from the character at which they begin, as a statement with its line and section."""
    at, name = line.passage.line_at(begins), line.section.name
    return Statement(text=text, line=at, page=line.passage.page, section=name, marker=marker)
