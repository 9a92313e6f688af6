"""An edition as Markdown, one file per language: the text, its closing clause, and what is printed around it."""

import re
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from datetime import date
from textwrap import wrap

import msgspec
from msgspec import Struct, field

from drafts.formats import apparatus_rows, text_parts
from drafts.formats.apparatus import NOTHING, Apparatus
from drafts.formats.assembly import Absence, Authenticity, EditionRow, EditionText, EditionWording, RowPart
from drafts.formats.inline_runs import InlineRun, runs
from drafts.formats.labels import WORDS, closing, imprint_line, literal
from drafts.text.blocks import Block, BlockKind, Document, Language
from drafts.text.markup import write_markdown

_NOT_IN_ADDRESS = re.compile(r"[^\w\- ]")
WITHOUT_WORDS = frozenset({BlockKind.NOTE, BlockKind.TABLE, BlockKind.CODE, BlockKind.RULE})


def markdown_page(text: EditionText, language: Language) -> bytes:
    """Return the text of one language, numbers and references printed.

    A paragraph absent by decision keeps its place and number and says why it is empty.
    """
    head, under = text_parts.title(text, language)
    blocks = [Block("title", BlockKind.TITLE, head)]
    if under:
        blocks.append(Block("subtitle", BlockKind.PARAGRAPH, under))
    blocks.append(Block("imprint", BlockKind.PARAGRAPH, literal(imprint_line(text, language))))
    blocks += _contents(text, language)
    blocks += [block_of(row, language) for row in text_parts.body(text)]
    if clause := closing(text, language):
        blocks.append(Block("closing", BlockKind.CLOSING, literal(clause)))
    blocks += [block_of(row, language) for row in text_parts.back(text)]
    blocks = [block for block in blocks if block.text]
    return write_markdown(Document(blocks=tuple(blocks), language=language)).encode()


def _contents(text: EditionText, language: Language) -> Iterator[Block]:
    """The table of contents; a line leads to its heading where readers give headings an address from their words."""
    entries = text_parts.contents(text, language)
    if entries:
        yield Block("contents", BlockKind.PARAGRAPH, f"**{literal(WORDS[language].contents)}**")
    seen: Counter[str] = Counter()
    for entry in entries:
        address = _NOT_IN_ADDRESS.sub("", entry.words.lower()).replace(" ", "-")
        again = f"-{seen[address]}" if seen[address] else ""
        seen[address] += 1
        yield Block(f"to-{entry.id}", BlockKind.BULLET, f"[{literal(entry.words)}](#{address}{again})", entry.depth)


def block_of(row: EditionRow, language: Language) -> Block:
    """What is printed of a row, or why it is absent."""
    cell = row.cells[language]
    if isinstance(cell, EditionWording):
        return Block(row.id, row.kind, cell.printed, row.level)
    kind = BlockKind.PARAGRAPH if row.kind in WITHOUT_WORDS else row.kind
    return Block(row.id, kind, f"*{literal(WORDS[language].absent.format(reason=cell.reason))}*", row.level)


WIDTH = 72
_STEP = 4
_UNDER_TITLE, _UNDER_HEADING = "=", "-"
_LISTED = frozenset({BlockKind.ITEM, BlockKind.BULLET})


def plain_text_page(text: EditionText, language: Language) -> bytes:
    """Return the text of one language (UTF-8). A paragraph absent by decision keeps its place and says why."""
    head, under = text_parts.title(text, language)
    parts = [_underlined(_said(head), _UNDER_TITLE)]
    if under:
        parts.append(_wrapped(_said(under)))
    parts.append(_wrapped(imprint_line(text, language)))
    if entries := text_parts.contents(text, language):
        lines = [" " * _STEP * (entry.depth - 1) + entry.words for entry in entries]
        parts.append("\n".join([WORDS[language].contents, "", *lines]))
    parts += [_plain_block(row, language) for row in text_parts.body(text) if row.kind is not BlockKind.NOTE]
    if clause := closing(text, language):
        parts.append(_wrapped(clause))
    parts += [_plain_block(row, language) for row in text_parts.back(text) if row.kind is not BlockKind.NOTE]
    if notes := text_parts.notes(text, language):
        parts.append("-" * (WIDTH // 3))
        parts += [_hung(f"[{label}]", _said(words)) for label, words in notes.items()]
    return ("\n\n".join(part for part in parts if part) + "\n").encode()


def _plain_block(row: EditionRow, language: Language) -> str:
    words = text_parts.wording(row, language)
    mark = text_parts.mark(row, language)
    if words is None:
        cell = row.cells[language]
        reason = cell.reason if isinstance(cell, Absence) else ""
        return _hung(f"{mark}." if mark else "", f"[{WORDS[language].absent.format(reason=reason)}]")
    return _set_apart(row.kind, words) or _running(row, words, mark)


def _set_apart(kind: BlockKind, words: str) -> str:
    """What is not running text; empty for what is."""
    if kind in text_parts.HEADINGS:
        return _underlined(_said(words), _UNDER_HEADING)
    if kind is BlockKind.TABLE and (cells := text_parts.table(words)):
        return "\n".join(_row(line) for line in cells)
    if kind is BlockKind.CODE:
        return "\n".join(" " * _STEP + line for line in text_parts.code(words).rstrip("\n").split("\n"))
    return "* * *".center(WIDTH).rstrip() if kind is BlockKind.RULE else ""


def _running(row: EditionRow, words: str, mark: str) -> str:
    if row.kind is BlockKind.QUOTATION:
        return _wrapped(_said(words), indent=_STEP)
    if row.kind in _LISTED:
        return _hung(mark, _said(words), indent=_STEP * max(row.level, 1))
    return _hung(f"{mark}." if mark else "", _said(words), indent=_STEP * row.level)


def _hung(mark: str, words: str, *, indent: int = 0) -> str:
    """Words with a mark before the first line and as much space before the others."""
    if not mark:
        return _wrapped(words, indent=indent)
    wide = max(_STEP, len(mark) + 1)
    lines = _wrapped(words, indent=indent + wide)
    return " " * indent + mark.ljust(wide) + lines[indent + wide :]


def _wrapped(words: str, *, indent: int = 0) -> str:
    """Lines of at most `WIDTH` characters where the words allow; they break at ordinary spaces alone."""
    before = " " * indent
    lines: list[str] = []
    for line in words.split("\n"):
        lines += wrap(
            line, WIDTH, initial_indent=before, subsequent_indent=before, break_long_words=False, break_on_hyphens=False
        ) or [before]
    return "\n".join(lines)


def _underlined(words: str, sign: str) -> str:
    lines = _wrapped(words)
    return f"{lines}\n{sign * max(map(len, lines.split(chr(10))))}"


def _row(cells: Sequence[str]) -> str:
    return " | ".join(" ".join(_said(cell).split("\n")) for cell in cells)


def _said(words: str) -> str:
    return "".join(_pieces(runs(words)))


def _pieces(parts: Sequence[InlineRun]) -> Iterator[str]:
    for run in parts:
        match run.kind:
            case "emph" | "strong" | "ref":
                yield from _pieces(run.body)
            case "link":
                words = "".join(_pieces(run.body))
                yield words if words == run.value else f"{words} <{run.value}>"
            case "break":
                yield "\n"
            case "note" | "footnote" | "again":
                yield f"[{run.value}]"
            case _:
                yield run.value


FORMAT = "declaration-edition/1"


class WordingOut(Struct, frozen=True):
    text: str
    printed: str
    sha256: str


class AbsenceOut(Struct, frozen=True):
    absent: str


class ParagraphOut(Struct, frozen=True):
    id: str
    kind: BlockKind
    level: int
    number: str
    texts: Mapping[Language, WordingOut | AbsenceOut]


class AddedOut(ParagraphOut, frozen=True):
    """A row that is printed around the text."""

    part: RowPart


class EditionOut(Struct, frozen=True):
    forum: Mapping[Language, str]
    declaration: Mapping[Language, str]
    place: Mapping[Language, str]
    date: date
    edition: int
    authenticity: Authenticity
    authoritative: Language | None
    fingerprint: str
    closing: Mapping[Language, str] | None
    paragraphs: tuple[ParagraphOut, ...]
    apparatus: Apparatus
    added: tuple[AddedOut, ...]
    format: str = field(default=FORMAT)


def edition_json(text: EditionText) -> bytes:
    """Return the edition in the three languages as indented JSON, keys sorted."""
    imprint = text.imprint
    out = EditionOut(
        forum=imprint.forum,
        declaration=imprint.declaration,
        place=imprint.place,
        date=imprint.date,
        edition=imprint.edition,
        authenticity=imprint.authenticity,
        authoritative=imprint.authoritative,
        fingerprint=text.fingerprint,
        closing=None if text.has_closing else {language: closing(text, language) for language in Language},
        paragraphs=tuple(map(_paragraph, text.rows)),
        apparatus=text.apparatus,
        added=tuple(map(_added, apparatus_rows.every_added_row(text))),
    )
    return msgspec.json.format(msgspec.json.encode(out, order="sorted")) + b"\n"


def apparatus_in(data: bytes) -> Apparatus:
    """What stood around the text when this file was made; nothing, for a file that was made before there was such."""
    return msgspec.json.decode(data, type=_Around).apparatus


class _Around(msgspec.Struct):
    apparatus: Apparatus = NOTHING


def _added(row: EditionRow) -> AddedOut:
    texts = {language: _cell(cell) for language, cell in row.cells.items()}
    return AddedOut(row.id, row.kind, row.level, row.number, texts, row.part)


def _paragraph(row: EditionRow) -> ParagraphOut:
    texts = {language: _cell(cell) for language, cell in row.cells.items()}
    return ParagraphOut(row.id, row.kind, row.level, row.number, texts)


def _cell(cell: EditionWording | Absence) -> WordingOut | AbsenceOut:
    if isinstance(cell, Absence):
        return AbsenceOut(absent=cell.reason)
    return WordingOut(text=cell.text, printed=cell.printed, sha256=cell.content_hash)
