"""The text of Word, OpenDocument and PDF files, line by line: their parsers are loaded in the bounded child only."""

from collections import Counter
from collections.abc import Callable, Iterator, Sequence

import pypdfium2 as pdfium
from lxml import etree

from drafts.formats import odt
from drafts.formats.docx.document_model import (
    CELL_JOINT,
    Oddity,
    ReadParagraph,
    ReadRow,
    ReadRun,
    WordText,
    hands,
    stands,
)
from drafts.formats.docx.entries import TAKES_AWAY, ChangeAuthor
from drafts.formats.docx.glyphs import GlyphKind
from drafts.formats.docx.reader import read as read_word
from drafts.text.blocks import BlockKind
from workspace.core.errors import BadFile
from workspace.core.security.sandbox import ensure_bounded

MOST_CHARACTERS = 8_000_000
_LETTERS = 26


def docx_text(data: bytes, source: str) -> bytes:
    """The text as UTF-8; an empty line between paragraphs, list items together. Raises `BadFile`."""
    return _text(lambda: read_word(data, keeps_struck=True), data, source)


def odt_text(data: bytes, source: str) -> bytes:
    """The same of an OpenDocument text."""
    return _text(lambda: odt.read(data, keeps_struck=True), data, source)


def _text(read: Callable[[], WordText], data: bytes, source: str) -> bytes:
    ensure_bounded(data, source=source)
    try:
        found = read()
    except etree.XMLSyntaxError as error:
        raise BadFile(source=source, reason="not_xml") from error
    except (ValueError, KeyError):  # nothing in it is a text
        return b""
    text = "\n".join(_Lines(found).lines())
    if len(text) > MOST_CHARACTERS:
        raise BadFile(source=source, reason="too_large_inflated", limit=MOST_CHARACTERS)
    return text.encode("utf-8", "replace")


class _Lines:
    """A file with all its changes accepted; words that were put in stand between \\x02 and \\x03."""

    def __init__(self, text: WordText) -> None:
        self.text, self.accepted = text, frozenset[ChangeAuthor](hands(text))
        self.counts = Counter[tuple[BlockKind, int]]()

    def lines(self) -> Iterator[str]:
        boxes = [odd for odd in self.text.oddities if odd.what is Oddity.TEXT_BOX]
        was_item = False
        for paragraph in self.text.paragraphs:
            words = self._words(paragraph.words).strip()
            mark = self._mark(paragraph) if words else ""
            is_item = bool(mark) and not mark.startswith("#")
            if not (is_item and was_item):
                yield ""
            yield from self._rows(paragraph.rows) if paragraph.rows else [mark + words]
            yield from (odd.text for odd in boxes if odd.place == paragraph.place)
            was_item = is_item

    def _mark(self, paragraph: ReadParagraph) -> str:
        """The mark of a heading or an item; items are counted from one heading to the next."""
        match paragraph.kind:
            case BlockKind.TITLE | BlockKind.HEADING:
                self.counts.clear()
                return "#" * max(paragraph.level, 1) + " "
            case BlockKind.BULLET:
                return "- "
            case BlockKind.OPERATIVE | BlockKind.ITEM as kind:
                self.counts[kind, paragraph.level] += 1
                count = self.counts[kind, paragraph.level]
                is_letter = kind is BlockKind.ITEM and count <= _LETTERS
                return f"{chr(ord('a') + count - 1)}) " if is_letter else f"{count}. "
            case _:
                return ""

    def _rows(self, rows: Sequence[ReadRow]) -> Iterator[str]:
        for row in rows:
            cells = [self._cell(cell.words) for cell in row.cells if stands(cell.changes, self.accepted)]
            if stands(row.changes, self.accepted) and any(cells):
                yield "| " + " | ".join(cells) + " |"

    def _cell(self, words: Sequence[ReadRun]) -> str:
        """A cell, its paragraphs parted by a bullet; one that a paragraph begins with itself goes."""
        parts: list[list[ReadRun]] = [[]]
        for run in words:
            parts.append([]) if run is CELL_JOINT else parts[-1].append(run)
        texts = [text for part in parts if (text := " ".join(self._words(part).split()))]
        return " ● ".join(text.lstrip("•●- ") if place else text for place, text in enumerate(texts)).replace("|", "/")

    def _words(self, words: Sequence[ReadRun]) -> str:
        said: list[str] = []
        for run in words:
            if run.kind is GlyphKind.NOTE or not run.stands(self.accepted):
                continue
            text = " " if run.kind is GlyphKind.BREAK else run.text
            is_new = any(change.kind not in TAKES_AWAY for change in run.changes)
            said.append(f"\x02{text}\x03" if is_new else text)
        return "".join(said)


MOST_PAGES = 600
MOST_CHARACTERS = 8_000_000
GAP = 1.75  # line heights from one line to the next that make an empty line
BROKEN_HYPHENS = ("\ufffe", "\x02", "\u00ad")


def pdf_text(data: bytes, source: str) -> bytes:
    """The text as UTF-8. Raises `BadFile`: `encrypted`, `damaged_file`, `too_many_pages`, or `no_text` for a scan."""
    try:
        document = pdfium.PdfDocument(data)
        pages = len(document)
    except pdfium.PdfiumError as error:
        is_locked = "password" in str(error).lower() or "security" in str(error).lower()
        raise BadFile(source=source, reason="encrypted" if is_locked else "damaged_file") from error
    if pages > MOST_PAGES:
        raise BadFile(source=source, reason="too_many_pages", most=MOST_PAGES)
    texts = []
    size = 0
    for number in range(pages):
        texts.append(_page(document, number))
        size += len(texts[-1])
        if size > MOST_CHARACTERS:
            raise BadFile(source=source, reason="too_large_inflated", limit=MOST_CHARACTERS)
    if not any(text.strip() for text in texts):
        raise BadFile(source=source, reason="no_text")
    return "\n\f".join(texts).encode("utf-8", "replace")


def _page(document: pdfium.PdfDocument, number: int) -> str:
    """The lines of one page; a page that cannot be read is empty, as its readers see it."""
    try:
        page = document[number]
        text = page.get_textpage()
    except pdfium.PdfiumError:
        return ""
    return "\n".join(_lines(text))


def _lines(text: pdfium.PdfTextPage) -> Iterator[str]:
    begins = 0
    before: tuple[float, float] | None = None
    for line in text.get_text_range(errors="replace").split("\n"):
        plain = line.rstrip("\r").replace("\f", " ")
        for mark in BROKEN_HYPHENS:
            plain = plain.replace(mark, "-" if plain.rstrip().endswith(mark) else "")
        if plain.strip():
            place = _place(text, begins + len(line) - len(line.lstrip()))
            if before and place and _is_gap(before, place):
                yield ""
            before = place or before
        yield plain.rstrip()
        begins += len(line) + 1


def _is_gap(before: tuple[float, float], now: tuple[float, float]) -> bool:
    """Whether two lines stand further apart than the lines of a paragraph, or the second begins a new column."""
    step, height = before[0] - now[0], max(before[1], now[1], 1.0)
    return step > GAP * height or step < -GAP * height


def _place(text: pdfium.PdfTextPage, index: int) -> tuple[float, float] | None:
    """The foot of a line and the height of its letters."""
    try:
        _, bottom, _, top = text.get_charbox(index, loose=True)
    except (pdfium.PdfiumError, IndexError):
        return None
    return bottom, top - bottom
