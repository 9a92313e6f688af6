"""The text of a PDF, line by line, with empty lines where its page leaves a gap; a form feed begins every new page."""

from collections.abc import Iterator

import pypdfium2 as pdfium

from workspace.core.errors import BadFile

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
