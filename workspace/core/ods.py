"""Spreadsheets of OpenDocument, as LibreOffice writes them: a table of plain values out, and the first sheet in."""

import io
import zipfile
from collections.abc import Iterable, Iterator, Sequence
from datetime import UTC, date, datetime

from lxml import etree

from workspace.core.errors import BadFile
from workspace.core.sheets import Column, Value, name_of_sheet

MEDIA_TYPE = "application/vnd.oasis.opendocument.spreadsheet"
_SPACES = {
    prefix: f"urn:oasis:names:tc:opendocument:xmlns:{name}:1.0"
    for prefix, name in {
        "office": "office",
        "table": "table",
        "text": "text",
        "style": "style",
        "fo": "xsl-fo-compatible",
        "config": "config",
        "manifest": "manifest",
    }.items()
}
_VALUES = {"date": "office:date-value", "boolean": "office:boolean-value", "time": "office:time-value"}
_MOST_COLUMNS = 200
_DIGITS = 8  # of a count of cells or rows
_MOST_EMPTY = 5_000  # rows between two that say something
_LETTER = "0.2cm"  # of a column, for each character of its width
_EARLIEST = (1980, 1, 1, 0, 0, 0)  # a file must not depend on the moment it was made
_FORBIDDEN = dict.fromkeys((*range(9), 11, 12, *range(14, 32), 65534, 65535), "�")


def is_ods(data: bytes) -> bool:
    """Whether these bytes begin as such a file does."""
    return data.startswith(b"PK\x03\x04") and MEDIA_TYPE.encode() in data[:120]


def rows(data: bytes, *, source: str) -> Iterator[Sequence[str]]:
    """The rows of the first sheet as texts; the archive must have been bounded before. Raises `BadFile`."""
    parser = etree.XMLParser(resolve_entities=False, no_network=True, load_dtd=False, huge_tree=False)
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            content = etree.fromstring(archive.read("content.xml"), parser)
    except (zipfile.BadZipFile, KeyError, etree.XMLSyntaxError, ValueError) as error:
        raise BadFile(source=source, reason="damaged_file") from error
    table = content.find(f".//{_name('table:table')}")
    empty = 0
    for row in table.iter(_name("table:table-row")) if table is not None else ():
        cells, times = list(_cells(row)), _count(row, "table:number-rows-repeated")
        if not any(cells):
            empty += times
            continue
        if empty > _MOST_EMPTY or times > _MOST_EMPTY:
            raise BadFile(source=source, reason="too_many_rows", most=_MOST_EMPTY)
        yield from [()] * empty
        empty = 0
        yield from [cells] * times


def _cells(row: etree._Element) -> Iterator[str]:
    left = _MOST_COLUMNS
    for cell in row.iterchildren(_name("table:table-cell"), _name("table:covered-table-cell")):
        times = min(_count(cell, "table:number-columns-repeated"), left)
        left -= times
        yield from [_said(cell)] * times


def _said(cell: etree._Element) -> str:
    """What a cell says: a number or a day as it is kept, not as it is shown."""
    kind = cell.get(_name("office:value-type"), "")
    value = cell.get(_name(_VALUES.get(kind, "office:value")), "")
    if value and kind != "string":
        return value.removesuffix(".0")
    lines = ("".join(map(str, one.itertext())) for one in cell.iterchildren(_name("text:p")))
    return "\n".join(lines)


def _count(element: etree._Element, name: str) -> int:
    given = element.get(_name(name), "1")
    return int(given) if given.isdecimal() and len(given) <= _DIGITS else 1


def ods(name: str, columns: Sequence[Column], lines: Iterable[Sequence[Value]]) -> bytes:
    """A spreadsheet of one sheet: values of their own types, a heading that stays in sight, filters, no formula."""
    title = name_of_sheet(name)
    table = _element("table:table", {"table:name": title})
    for place, _ in enumerate(columns):
        table.append(_element("table:table-column", {"table:style-name": f"c{place}"}))
    headings = _row([column.heading for column in columns], style="head")
    header = _element("table:table-header-rows")
    header.append(headings)
    table.append(header)
    made = [_row(line) for line in lines]
    table.extend(made)
    range_of_all = f"'{title}'.A1:{_letters(max(len(columns), 1))}{len(made) + 1}"
    filters = {"table:name": "all", "table:target-range-address": range_of_all, "table:display-filter-buttons": "true"}
    ranges = _element("table:database-ranges")
    ranges.append(_element("table:database-range", filters))
    sheet = _element("office:spreadsheet")
    sheet.extend((table, ranges))
    body = _element("office:body")
    body.append(sheet)
    content = _element("office:document-content", {"office:version": "1.3"})
    content.extend((_styles(columns), body))
    return _archive({"content.xml": content, "settings.xml": _settings(title)})


def _row(values: Sequence[Value], style: str = "cell") -> etree._Element:
    made = _element("table:table-row")
    made.extend(_cell(value, style) for value in values)
    return made


def _cell(value: Value, style: str) -> etree._Element:
    match value:
        case None | "":
            return _element("table:table-cell")
        case bool():
            given = {"office:value-type": "boolean", "office:boolean-value": str(value).lower()}
        case datetime():
            moment = value.astimezone(UTC).replace(tzinfo=None, microsecond=0).isoformat()
            given = {"office:value-type": "date", "office:date-value": moment, "table:style-name": "moment"}
        case date():
            given = {"office:value-type": "date", "office:date-value": value.isoformat(), "table:style-name": "day"}
        case int() | float():
            given = {"office:value-type": "float", "office:value": str(value)}
        case _:
            given = {"office:value-type": "string"}
    made = _element("table:table-cell", {"table:style-name": style} | given)
    for line in str(value).split("\n") if given["office:value-type"] == "string" else ():
        paragraph = _element("text:p")
        paragraph.text = line.translate(_FORBIDDEN)
        made.append(paragraph)
    return made


def _styles(columns: Sequence[Column]) -> etree._Element:
    made = _element("office:automatic-styles")
    for place, column in enumerate(columns):
        style = _element("style:style", {"style:name": f"c{place}", "style:family": "table-column"})
        width = f"{column.width * float(_LETTER.removesuffix('cm')):.1f}cm"
        style.append(_element("style:table-column-properties", {"style:column-width": width}))
        made.append(style)
    made.extend(_cell_style(name, is_bold=name == "head") for name in ("cell", "head", "day", "moment"))
    return made


def _cell_style(name: str, *, is_bold: bool) -> etree._Element:
    style = _element("style:style", {"style:name": name, "style:family": "table-cell"})
    style.append(_element("style:table-cell-properties", {"fo:wrap-option": "wrap", "style:vertical-align": "top"}))
    if is_bold:
        style.append(_element("style:text-properties", {"fo:font-weight": "bold"}))
    return style


def _settings(title: str) -> etree._Element:
    """That the first row stays in sight."""
    made = _element("office:document-settings", {"office:version": "1.3"})
    views = _nested(made, ("office:settings", ""), ("config:config-item-set", "ooo:view-settings"))
    entry = _nested(views, ("config:config-item-map-indexed", "Views"), ("config:config-item-map-entry", ""))
    of_sheet = _nested(entry, ("config:config-item-map-named", "Tables"), ("config:config-item-map-entry", title))
    for name, value in (("VerticalSplitMode", "2"), ("VerticalSplitPosition", "1"), ("PositionBottom", "1")):
        kind = {"config:name": name, "config:type": "int" if name != "VerticalSplitMode" else "short"}
        item = _element("config:config-item", kind)
        item.text = value
        of_sheet.append(item)
    return made


def _nested(parent: etree._Element, *path: tuple[str, str]) -> etree._Element:
    for tag, name in path:
        made = _element(tag, {"config:name": name} if name else {})
        parent.append(made)
        parent = made
    return parent


def _archive(parts: dict[str, etree._Element]) -> bytes:
    manifest = _element("manifest:manifest", {"manifest:version": "1.3"})
    for path, kind in (("/", MEDIA_TYPE), *((name, "text/xml") for name in parts)):
        manifest.append(_element("manifest:file-entry", {"manifest:full-path": path, "manifest:media-type": kind}))
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr(zipfile.ZipInfo("mimetype", _EARLIEST), MEDIA_TYPE, zipfile.ZIP_STORED)
        for name, root in {**parts, "META-INF/manifest.xml": manifest}.items():
            data = etree.tostring(root, encoding="UTF-8", xml_declaration=True)
            archive.writestr(zipfile.ZipInfo(name, _EARLIEST), data, zipfile.ZIP_DEFLATED)
    return buffer.getvalue()


def _element(tag: str, attributes: dict[str, str] | None = None) -> etree._Element:
    given = {_name(name): value.translate(_FORBIDDEN) for name, value in (attributes or {}).items()}
    return etree.Element(_name(tag), given, nsmap=_SPACES)


def _name(prefixed: str) -> str:
    prefix, _, name = prefixed.partition(":")
    return f"{{{_SPACES[prefix]}}}{name}"


def _letters(count: int) -> str:
    """The letters of a column by its number."""
    letters = ""
    while count:
        count, rest = divmod(count - 1, 26)
        letters = chr(65 + rest) + letters
    return letters
