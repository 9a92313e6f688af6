"""A note as its reader sees it: headings, lists, tables, sentences, and what was read from it over the words."""

import re
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from itertools import groupby

from msgspec import Struct
from msgspec.structs import replace

from workspace.consultation.marks import Suggestion
from workspace.interchange.notes.sentences import split_sentences
from workspace.recommendations.models import RecommendationStatus
from workspace.sessions.source_lines import SourceLines, Span, marks_of_form

HEADING = re.compile(r"^\s*(#{1,6})\s+\S")
BOLD_LINE = re.compile(r"^\s*(?:\*\*[^*]{2,100}\*\*|__[^_]{2,100}__):?\s*$")
ROMAN = re.compile(r"^\s*[IVX]{1,5}\.\s+[^\W\d_a-zà-ÿ][^.;]{2,100}$")
ITEM = re.compile(
    r"^(\s*)(?:(?P<dot>[-*+•●▪◦‣·]\s+)|o\s{2,}|\(?(?:\d{1,3}|[a-zA-Z]|[ivx]{1,4})[.)]\s+)\S", re.IGNORECASE
)
RULE = re.compile(r"^\s*(?:(?:[-*_=]\s?){3,}|\|?[\s:|-]*-{3}[\s:|-]*\|?)\s*$")
CELL_END = re.compile(r"\t+|\||</t[dh]>", re.IGNORECASE)
BREAK = re.compile(r"</?(?:ul|li|p|tr|br|div|table|tbody|thead)\b[^<>]{0,200}>", re.IGNORECASE)
WRAPPED = 60  # characters of a line that the next one may go on with
MOST_IN_SECTION = 12

Segment = tuple[int, int, int]  # a line, its first and last character, the last one not included
Placed = tuple[str, int, int]  # a character with its line and column; line 0 for what only parts two lines


class NotePiece(Struct, frozen=True):
    """Words of one sentence, and of one suggestion or none. `line` is told where a line begins."""

    words: str
    sentence: int
    line: int = 0
    suggestion: Suggestion | None = None


class NoteBlock(Struct, frozen=True):
    """A heading, item, table or paragraph: rows of cells of pieces. `pending` are the suggestions of the section that
    ends with it which nobody has settled.
    """

    kind: str
    level: int
    line: int
    rows: Sequence[Sequence[Sequence[NotePiece]]]
    has_finding: bool
    pending: Sequence[str] = ()
    is_recommended: bool = False  # whether recommendations are among what waits


class _Part(Struct):
    kind: str
    level: int
    rows: list[list[list[Segment]]]


def note_blocks(
    lines: Sequence[str],
    marks: Mapping[int, list[Suggestion | None]] | None = None,
    *,
    named: Collection[int],
    open_keys: Collection[str] = (),
) -> list[NoteBlock]:
    """The note in blocks: its lines as pieces, or, with `marks`, sentences and suggestions also.

    `named` are the lines of inconsistencies, `open_keys` what its reader can settle.
    """
    blocks, sentences = [], 0
    for part in _parts(lines):
        rows = []
        for row in part.rows:
            cells = []
            for cell in row:
                pieces = list(_pieces(lines, cell, marks, sentences))
                sentences = max((piece.sentence for piece in pieces), default=sentences)
                cells.append(pieces)
            rows.append(cells)
        numbers = {segment[0] for row in part.rows for cell in row for segment in cell}
        blocks.append(NoteBlock(part.kind, part.level, min(numbers), rows, not numbers.isdisjoint(named)))
    return list(_with_sections(blocks, open_keys))


def _with_sections(blocks: Sequence[NoteBlock], open_keys: Collection[str]) -> Iterator[NoteBlock]:
    pending: dict[str, Suggestion] = {}
    for at, block in enumerate(blocks):
        found = (piece.suggestion for row in block.rows for cell in row for piece in cell if piece.suggestion)
        pending |= {each.key: each for each in found if each.key in open_keys}
        is_last = at + 1 == len(blocks) or blocks[at + 1].kind == "heading" or len(pending) >= MOST_IN_SECTION
        is_recommended = any(each.number for each in pending.values())
        yield replace(block, pending=tuple(pending), is_recommended=is_recommended) if is_last else block
        if is_last:
            pending = {}


def marks_of(lines: SourceLines, suggestions: Iterable[Suggestion]) -> Mapping[int, list[Suggestion | None]]:
    """What each character of a line was read as; what is set aside gives way."""
    found: dict[int, list[Suggestion | None]] = {}
    for suggestion in sorted(suggestions, key=lambda each: each.standing is RecommendationStatus.DROPPED):
        for line, (begin, end) in _place(lines, suggestion).items():
            characters = found.setdefault(line, [None] * len(lines.lines[line - 1]))
            characters[begin:end] = [known or suggestion for known in characters[begin:end]]
    return found


def _place(lines: SourceLines, suggestion: Suggestion) -> Mapping[int, Span]:
    spans = lines.find(suggestion.text, near=suggestion.line)
    if not spans and suggestion.line and suggestion.line <= len(lines.lines):
        return {suggestion.line: (0, len(lines.lines[suggestion.line - 1]))}
    return spans


def _parts(lines: Sequence[str]) -> Iterator[_Part]:
    """The lines, put together to what they look like."""
    part: _Part | None = None
    before, level = "", 0
    for number, line in enumerate(lines, start=1):
        if not line.strip() or RULE.match(line):
            if part and not (part.kind == "table" and line.strip()):
                yield part
                part = None
        elif part and part.kind == "table" and _is_row(line):
            part.rows.append(_cells(line, number))
        elif part and part.kind in {"item", "text"} and _goes_on(before, line):
            part.rows[0][0] += _segments(line, number)
        else:
            if part:
                yield part
            part = _part(line, number, level)
            level = part.level if part.kind == "heading" else level
        before = line
    if part:
        yield part


def _part(line: str, number: int, level: int) -> _Part:
    if heading := HEADING.match(line):
        return _Part("heading", min(len(heading[1]), level + 1), [[_segments(line, number)]])
    if BOLD_LINE.match(line) or ROMAN.match(line):
        return _Part("heading", max(1, min(4, level + 1)), [[_segments(line, number)]])
    if _is_row(line):
        return _Part("table", 0, [_cells(line, number)])
    if item := ITEM.match(line):
        return _Part("item", 1 + bool(item[1]) + 2 * bool(not item["dot"]), [[_segments(line, number)]])
    return _Part("text", 0, [[_segments(line, number)]])


def _is_row(line: str) -> bool:
    return line.lstrip().startswith("|") or "\t" in line.strip() or "</td>" in line.lower()


def _goes_on(before: str, line: str) -> bool:
    if HEADING.match(line) or BOLD_LINE.match(line) or _is_row(line) or ITEM.match(line) or BOLD_LINE.match(before):
        return False
    return len(before.strip()) >= WRAPPED or line[:2].isspace() or line.lstrip()[:1].islower()


def _cells(line: str, number: int) -> list[list[Segment]]:
    """The cells of a row; nothing stands before the first bar and after the last."""
    cells: list[list[Segment]] = []
    for begin, end in _between(line, CELL_END):
        segments = _segments(line[:end], number, begin)
        if segments or (cells and end < len(line)):
            cells.append(segments)
    return cells or [[(number, 0, len(line))]]


def _segments(line: str, number: int, begin: int = 0) -> list[Segment]:
    parts = _between(line, BREAK, begin)
    return [(number, first, last) for first, last in parts if line[first:last].strip()]


def _between(line: str, edge: re.Pattern[str], begin: int = 0) -> Iterator[Span]:
    for found in edge.finditer(line, begin):
        yield begin, found.start()
        begin = found.end()
    yield begin, len(line)


def _pieces(
    lines: Sequence[str], segments: Sequence[Segment], marks: Mapping[int, list[Suggestion | None]] | None, before: int
) -> Iterator[NotePiece]:
    """The words of a cell, cut where a sentence ends, a suggestion begins or ends, and a line begins."""
    placed = list(_characters(lines, segments))
    text = "".join(character for character, _, _ in placed)
    begins = {0, *(sentence.begins for sentence in (split_sentences(text) if marks is not None else ()))}
    numbered, sentence = [], before
    for at, (character, line, column) in enumerate(placed):
        sentence += at in begins
        found = marks[line][column] if marks and line in marks else None
        numbered.append((character, sentence, found, line))
    seen: set[int] = set()
    for (number, found, line), run in groupby(_bridged(numbered), key=lambda each: each[1:]):
        words = "".join(each[0] for each in run)
        yield NotePiece(words, number, 0 if line in seen else line, found)
        seen.add(line)


def _bridged(
    characters: Sequence[tuple[str, int, Suggestion | None, int]],
) -> Iterator[tuple[str, int, Suggestion | None, int]]:
    """The same, with the space that parts two lines on the line before it, in the suggestion that goes on over it."""
    last = 0
    for at, (character, sentence, found, line) in enumerate(characters):
        if line:
            last = line
            yield character, sentence, found, line
            continue
        before = characters[at - 1][2] if at else None
        after = characters[at + 1][2] if at + 1 < len(characters) else None
        yield character, sentence, before if before == after else None, last


def _characters(lines: Sequence[str], segments: Sequence[Segment]) -> Iterator[Placed]:
    """What a reader sees of these segments: without marks, spaces of one width, a space between two lines."""
    last, line_before = " ", 0
    for line, begin, end in segments:
        if line_before and not last.isspace():
            yield "\n" if line == line_before else " ", 0, 0
            last = " "
        hidden = {column for span in marks_of_form(lines[line - 1]) for column in range(*span)}
        for column in range(begin, end):
            character = lines[line - 1][column]
            if column in hidden or (character.isspace() and last.isspace()):
                continue
            last = " " if character.isspace() else character
            yield last, line, column
        line_before = line
