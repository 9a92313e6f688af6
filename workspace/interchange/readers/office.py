"""The text of Word and OpenDocument files."""

import io
import zipfile
from collections import defaultdict
from collections.abc import Iterator

from lxml import etree
from msgspec import Struct, field

from workspace.core.errors import BadFile
from workspace.core.security.sandbox import ensure_bounded
from workspace.interchange.readers.detection import MAIN

MOST_CHARACTERS = 8_000_000


def open_bounded_archive(data: bytes, source: str) -> zipfile.ZipFile:
    """The archive, once it is within bounds. Raises `BadFile`."""
    ensure_bounded(data, source=source)
    return zipfile.ZipFile(io.BytesIO(data))


def xml_member(files: zipfile.ZipFile, name: str, source: str) -> etree._Element | None:
    """The root of a member, None where there is none. Raises `BadFile` for what is not XML."""
    if name not in files.namelist():
        return None
    parser = etree.XMLParser(resolve_entities=False, no_network=True, load_dtd=False, huge_tree=False)
    try:
        return etree.fromstring(files.read(name), parser)
    except (etree.XMLSyntaxError, ValueError) as error:
        raise BadFile(source=source, reason="not_xml") from error


def joined_lines(lines: list[str], source: str) -> bytes:
    """The lines as one text, refused where there is more than anybody writes."""
    text = "\n".join(lines)
    if len(text) > MOST_CHARACTERS:
        raise BadFile(source=source, reason="too_large_inflated", limit=MOST_CHARACTERS)
    return text.encode("utf-8", "replace")


W = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
MC = "{http://schemas.openxmlformats.org/markup-compatibility/2006}"
DOCX_LEFT_OUT = frozenset(
    {f"{W}del", f"{W}moveFrom", f"{W}instrText", f"{W}rPr", f"{W}pPr", f"{MC}Fallback", f"{W}sdtPr", f"{W}tblPr"}
)
DOCX_INSERTED = frozenset({f"{W}ins", f"{W}moveTo"})
DOCX_SIGNS = {f"{W}tab": "\t", f"{W}br": " ", f"{W}cr": " ", f"{W}noBreakHyphen": "-", f"{W}softHyphen": ""}
DEEPEST_HEADING = 6
LETTERS = {"lowerLetter": "a", "upperLetter": "A"}


class _Lists(Struct):
    """The bullet or number of every list item, counted as Word counts."""

    formats: dict[tuple[str, str], str]
    counts: dict[tuple[str, str], int] = field(default_factory=lambda: defaultdict(int))

    def mark(self, number: str, level: str) -> str:
        kind = self.formats.get((number, level), "bullet")
        if kind in {"bullet", "none"}:
            return "- "
        self.counts[number, level] += 1
        count = self.counts[number, level]
        if kind in LETTERS and count <= 26:  # noqa: PLR2004 - letters of the alphabet
            return f"{chr(ord(LETTERS[kind]) + count - 1)}) "
        return f"{count}. "


def docx_text(data: bytes, source: str) -> bytes:
    """The text as UTF-8; an empty line between paragraphs, list items together."""
    with open_bounded_archive(data, source) as files:
        main = next((name for name in files.namelist() if MAIN.fullmatch(name)), "")
        document = xml_member(files, main, source)
        body = None if document is None else document.find(f"{W}body")
        if body is None:
            return b""
        _leave_out_hidden(body, files, source)
        lists, headings = _Lists(_formats(files, source)), _headings(files, source)
        return joined_lines(list(_docx_lines(body, lists, headings)), source)


def _leave_out_hidden(body: etree._Element, files: zipfile.ZipFile, source: str) -> None:
    """Take out what a reader of the file does not see: hidden runs, and rows of tables that were deleted."""
    styles = xml_member(files, "word/styles.xml", source)
    every = [] if styles is None else styles.iter(f"{W}style")
    hidden = {style.get(f"{W}styleId") for style in every if _is_on(style.find(f"{W}rPr/{W}vanish"))}
    for run in list(body.iter(f"{W}r")):
        own, style = run.find(f"{W}rPr/{W}vanish"), run.find(f"{W}rPr/{W}rStyle")
        by_style = style is not None and style.get(f"{W}val") in hidden
        if _is_on(own) if own is not None else by_style:
            _take_out(run)
    for row in list(body.iter(f"{W}tr")):
        if row.find(f"{W}trPr/{W}del") is not None:
            _take_out(row)


def _take_out(element: etree._Element) -> None:
    if (parent := element.getparent()) is not None:
        parent.remove(element)


def _is_on(switch: etree._Element | None) -> bool:
    return switch is not None and switch.get(f"{W}val", "1") not in {"0", "false", "off"}


def _docx_lines(parent: etree._Element, lists: _Lists, headings: dict[str, int]) -> Iterator[str]:
    was_item = False
    for child in parent:
        if child.tag == f"{W}p":
            text = _docx_paragraph_text(child).strip()
            mark = _mark(child, lists, headings) if text else ""
            is_item = bool(mark) and not mark.startswith("#")
            if not (is_item and was_item):
                yield ""
            yield mark + text
            was_item = is_item
        elif child.tag == f"{W}tbl":
            yield ""
            yield from _table(child)
            was_item = False
        elif child.tag in {f"{W}sdt", f"{W}sdtContent", f"{W}ins", f"{W}moveTo", f"{W}customXml", f"{W}smartTag"}:
            yield from _docx_lines(child, lists, headings)


def _docx_paragraph_text(element: etree._Element) -> str:
    if element.tag in DOCX_LEFT_OUT:
        return ""
    if element.tag == f"{W}t":
        return element.text or ""
    if element.tag in DOCX_INSERTED:
        inside = "".join(_docx_paragraph_text(child) for child in element)
        return f"\x02{inside}\x03" if inside else ""
    if element.tag in DOCX_SIGNS:
        page = element.get(f"{W}type") == "page"
        return "\f" if page else DOCX_SIGNS[element.tag]
    return "".join(_docx_paragraph_text(child) for child in element if isinstance(child.tag, str))


def _mark(paragraph: etree._Element, lists: _Lists, headings: dict[str, int]) -> str:
    style = paragraph.find(f"{W}pPr/{W}pStyle")
    outline = paragraph.find(f"{W}pPr/{W}outlineLvl")
    name = style.get(f"{W}val", "") if style is not None else ""
    if outline is not None and (depth := outline.get(f"{W}val", "")).isdigit() and int(depth) < DEEPEST_HEADING:
        return "#" * (int(depth) + 1) + " "
    if name in headings:
        return "#" * headings[name] + " "
    numbered = paragraph.find(f"{W}pPr/{W}numPr")
    if numbered is not None:
        number, level = numbered.find(f"{W}numId"), numbered.find(f"{W}ilvl")
        which = number.get(f"{W}val", "0") if number is not None else "0"
        if which != "0":
            return lists.mark(which, level.get(f"{W}val", "0") if level is not None else "0")
    if "bullet" in name.lower():
        return "- "
    return lists.mark(f"style {name}", "0") if name.lower().startswith("listnumber") else ""


def _table(table: etree._Element) -> Iterator[str]:
    for row in table.iter(f"{W}tr"):
        if any(isinstance(parent.tag, str) and parent.tag == f"{W}tc" for parent in row.iterancestors()):
            continue  # a table inside a cell is read with its cell
        cells = [_cell(cell) for cell in row.iter(f"{W}tc") if next(cell.iterancestors(f"{W}tr")) is row]
        if any(cells):
            yield "| " + " | ".join(cells) + " |"


def _cell(cell: etree._Element) -> str:
    paragraphs = [text for part in cell.iter(f"{W}p") if (text := " ".join(_docx_paragraph_text(part).split()))]
    return " ● ".join(text.lstrip("•●- ") if place else text for place, text in enumerate(paragraphs)).replace("|", "/")


def _headings(files: zipfile.ZipFile, source: str) -> dict[str, int]:
    """Id of every style that is a heading, whatever language Word speaks: by its built-in name or outline level."""
    styles = xml_member(files, "word/styles.xml", source)
    found: dict[str, int] = {}
    for style in [] if styles is None else styles.iter(f"{W}style"):
        name, outline = style.find(f"{W}name"), style.find(f"{W}pPr/{W}outlineLvl")
        called = name.get(f"{W}val", "").lower() if name is not None else ""
        level = outline.get(f"{W}val", "") if outline is not None else ""
        if called == "title":
            found[style.get(f"{W}styleId", "")] = 1
        elif called.startswith("heading ") and called[8:].isdigit():
            found[style.get(f"{W}styleId", "")] = min(int(called[8:]), DEEPEST_HEADING)
        elif level.isdigit() and int(level) < DEEPEST_HEADING:
            found[style.get(f"{W}styleId", "")] = int(level) + 1
    return found


def _formats(files: zipfile.ZipFile, source: str) -> dict[tuple[str, str], str]:
    """The format of every level of every list."""
    numbering = xml_member(files, "word/numbering.xml", source)
    if numbering is None:
        return {}
    abstract = {
        (element.get(f"{W}abstractNumId", ""), level.get(f"{W}ilvl", "")): form.get(f"{W}val", "")
        for element in numbering.iter(f"{W}abstractNum")
        for level in element.iter(f"{W}lvl")
        if (form := level.find(f"{W}numFmt")) is not None
    }
    formats: dict[tuple[str, str], str] = {}
    for number in numbering.iter(f"{W}num"):
        pointed = number.find(f"{W}abstractNumId")
        base = pointed.get(f"{W}val", "") if pointed is not None else ""
        formats |= {
            (number.get(f"{W}numId", ""), level): form for (which, level), form in abstract.items() if which == base
        }
    return formats


TEXT = "{urn:oasis:names:tc:opendocument:xmlns:text:1.0}"
TABLE = "{urn:oasis:names:tc:opendocument:xmlns:table:1.0}"
OFFICE = "{urn:oasis:names:tc:opendocument:xmlns:office:1.0}"
ODT_LEFT_OUT = frozenset({f"{TEXT}tracked-changes", f"{OFFICE}annotation", f"{TEXT}note", f"{OFFICE}forms"})
ODT_SIGNS = {f"{TEXT}tab": "\t", f"{TEXT}line-break": " ", f"{TEXT}soft-page-break": ""}
MOST_SPACES = 100


def odt_text(data: bytes, source: str) -> bytes:
    """The text as UTF-8; an empty line between paragraphs, list items together."""
    with open_bounded_archive(data, source) as files:
        content = xml_member(files, "content.xml", source)
        body = None if content is None else content.find(f"{OFFICE}body/{OFFICE}text")
        return b"" if body is None else joined_lines(list(_odt_lines(body)), source)


def _odt_lines(parent: etree._Element) -> Iterator[str]:
    for child in parent:
        if not isinstance(child.tag, str) or child.tag in ODT_LEFT_OUT:
            continue
        if child.tag == f"{TEXT}h":
            level = child.get(f"{TEXT}outline-level", "1")
            yield from (
                "",
                "#" * min(int(level) if level.isdigit() else 1, DEEPEST_HEADING)
                + " "
                + _odt_paragraph_text(child).strip(),
            )
        elif child.tag == f"{TEXT}p":
            yield from ("", _odt_paragraph_text(child).strip())
        elif child.tag == f"{TEXT}list":
            yield ""
            yield from _items(child)
        elif child.tag == f"{TABLE}table":
            yield ""
            yield from _rows(child)
        else:
            yield from _odt_lines(child)


def _items(parent: etree._Element) -> Iterator[str]:
    for item in parent.iter(f"{TEXT}p", f"{TEXT}h"):
        if text := _odt_paragraph_text(item).strip():
            yield f"- {text}"


def _rows(table: etree._Element) -> Iterator[str]:
    for row in table.iter(f"{TABLE}table-row"):
        cells = [
            " ● ".join(
                text
                for part in cell.iter(f"{TEXT}p", f"{TEXT}h")
                if (text := " ".join(_odt_paragraph_text(part).split()))
            )
            for cell in row.iterchildren(f"{TABLE}table-cell")
        ]
        if any(cells):
            yield "| " + " | ".join(cell.replace("|", "/") for cell in cells) + " |"


def _odt_paragraph_text(element: etree._Element) -> str:
    if element.tag in ODT_LEFT_OUT:
        return ""
    if element.tag == f"{TEXT}s":
        count = element.get(f"{TEXT}c", "1")
        return " " * min(int(count) if count.isdigit() else 1, MOST_SPACES)
    if element.tag in ODT_SIGNS:
        return ODT_SIGNS[element.tag]
    parts = [element.text or ""]
    for child in element:
        if isinstance(child.tag, str):
            parts.append(_odt_paragraph_text(child))
        parts.append(child.tail or "")
    return "".join(parts)
