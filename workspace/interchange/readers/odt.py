"""The text of an OpenDocument text file; deletions kept by change tracking and notes are left out."""

from collections.abc import Iterator

from lxml import etree

from workspace.interchange.readers.xml import archive, joined, member

TEXT = "{urn:oasis:names:tc:opendocument:xmlns:text:1.0}"
TABLE = "{urn:oasis:names:tc:opendocument:xmlns:table:1.0}"
OFFICE = "{urn:oasis:names:tc:opendocument:xmlns:office:1.0}"
LEFT_OUT = frozenset({f"{TEXT}tracked-changes", f"{OFFICE}annotation", f"{TEXT}note", f"{OFFICE}forms"})
SIGNS = {f"{TEXT}tab": "\t", f"{TEXT}line-break": " ", f"{TEXT}soft-page-break": ""}
MOST_SPACES = 100
DEEPEST_HEADING = 6


def read(data: bytes, source: str) -> bytes:
    """The text as UTF-8; an empty line between paragraphs, list items together."""
    with archive(data, source) as files:
        content = member(files, "content.xml", source)
        body = None if content is None else content.find(f"{OFFICE}body/{OFFICE}text")
        return b"" if body is None else joined(list(_lines(body)), source)


def _lines(parent: etree._Element) -> Iterator[str]:
    for child in parent:
        if not isinstance(child.tag, str) or child.tag in LEFT_OUT:
            continue
        if child.tag == f"{TEXT}h":
            level = child.get(f"{TEXT}outline-level", "1")
            yield from (
                "",
                "#" * min(int(level) if level.isdigit() else 1, DEEPEST_HEADING) + " " + _text(child).strip(),
            )
        elif child.tag == f"{TEXT}p":
            yield from ("", _text(child).strip())
        elif child.tag == f"{TEXT}list":
            yield ""
            yield from _items(child)
        elif child.tag == f"{TABLE}table":
            yield ""
            yield from _rows(child)
        else:
            yield from _lines(child)


def _items(parent: etree._Element) -> Iterator[str]:
    for item in parent.iter(f"{TEXT}p", f"{TEXT}h"):
        if text := _text(item).strip():
            yield f"- {text}"


def _rows(table: etree._Element) -> Iterator[str]:
    for row in table.iter(f"{TABLE}table-row"):
        cells = [
            " ● ".join(text for part in cell.iter(f"{TEXT}p", f"{TEXT}h") if (text := " ".join(_text(part).split())))
            for cell in row.iterchildren(f"{TABLE}table-cell")
        ]
        if any(cells):
            yield "| " + " | ".join(cell.replace("|", "/") for cell in cells) + " |"


def _text(element: etree._Element) -> str:
    if element.tag in LEFT_OUT:
        return ""
    if element.tag == f"{TEXT}s":
        count = element.get(f"{TEXT}c", "1")
        return " " * min(int(count) if count.isdigit() else 1, MOST_SPACES)
    if element.tag in SIGNS:
        return SIGNS[element.tag]
    parts = [element.text or ""]
    for child in element:
        if isinstance(child.tag, str):
            parts.append(_text(child))
        parts.append(child.tail or "")
    return "".join(parts)
