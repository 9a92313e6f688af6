"""The text of Word and OpenDocument files line by line, out of what their readers find in them."""

from collections import Counter
from collections.abc import Callable, Iterator, Sequence

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
