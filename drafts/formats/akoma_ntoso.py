"""An edition in one language as Akoma Ntoso 3.0 (OASIS LegalDocML), for parliaments, archives and their tools.

A declaration is a `statement`, the sheet of a corrigendum a `doc`. Every block keeps its permanent id as `eId`
("b-" and the id), the same in every language, so that the three expressions can be read side by side.
Numbers stand in `num`, references are links to the `eId` of their paragraph, footnotes
stand where they are called. A paragraph absent by decision keeps its place and says why.
"""

from collections.abc import Mapping, Sequence
from itertools import takewhile
from typing import cast

from lxml import etree
from msgspec import Struct

from drafts.assembly import Absence, EditionRow, EditionText, Part, Wording
from drafts.blocks import BlockKind, Language
from drafts.formats import added, pieces
from drafts.formats.akoma_ntoso_meta import NAMESPACE, kind_of, meta, named, put
from drafts.formats.elements import Element
from drafts.formats.runs import Run, runs
from drafts.formats.words import WORDS, closing

_LISTED = frozenset({BlockKind.ITEM, BlockKind.BULLET})
_OPENING = frozenset({BlockKind.CHAPEAU, BlockKind.PREAMBLE})
_INLINE = {"emph": "i", "strong": "b"}
_SPOKEN = "{http://www.w3.org/XML/1998/namespace}lang"


def expression(text: EditionText, language: Language) -> bytes:
    """Return the edition in one language as XML (UTF-8), the same bytes for the same text."""
    root = etree.Element(named("akomaNtoso"), nsmap=cast("dict[str, str]", {None: NAMESPACE}))
    kind = kind_of(text)
    statement = put(root, kind.tag, name=kind.name, contains="originalVersion")
    leaf = _Leaf(text, language, pieces.notes(text, language))
    meta(statement, text, language)
    _preface(statement, leaf)
    body = tuple(row for row in pieces.body(text) if row.kind not in {BlockKind.PLACE_DATE, BlockKind.NOTE})
    opening = tuple(takewhile(lambda row: row.kind in _OPENING or row.part is not Part.TEXT, body))
    closing_rows = tuple(row for row in body if row.kind is BlockKind.CLOSING)
    _preamble(statement, opening, leaf)
    _hierarchy(put(statement, "mainBody"), [row for row in body[len(opening) :] if row not in closing_rows], leaf)
    _conclusions(statement, closing_rows, leaf)
    _attachments(statement, leaf)
    return etree.tostring(root, encoding="UTF-8", xml_declaration=True)


class _Leaf(Struct, frozen=True):
    """One language of an edition, and what its footnotes say."""

    text: EditionText
    language: Language
    notes: Mapping[str, str]


def _eid(row: EditionRow) -> str:
    return f"b-{row.id}"


# The parts of a statement


def _preface(statement: Element, leaf: _Leaf) -> None:
    head, rest = pieces.title(leaf.text, leaf.language)
    preface = put(statement, "preface")
    title = put(put(preface, "p"), "docTitle")
    _runs(title, runs(head), leaf)
    if rest:
        _paragraph(preface, rest, leaf)
    for row in pieces.body(leaf.text):
        if row.kind is BlockKind.PLACE_DATE and (words := pieces.wording(row, leaf.language)):
            _paragraph(preface, words, leaf, eId=_eid(row))
    _contents(preface, leaf)


def _contents(preface: Element, leaf: _Leaf) -> None:
    entries = pieces.contents(leaf.text, leaf.language)
    if not entries:
        return
    toc = put(preface, "toc")
    for entry in entries:
        put(toc, "tocItem", entry.words, level=str(entry.depth), href=f"#b-{entry.id}")


def _preamble(statement: Element, rows: Sequence[EditionRow], leaf: _Leaf) -> None:
    if not rows:
        return
    preamble = put(statement, "preamble")
    recitals = None
    for row in rows:
        if row.kind is BlockKind.CHAPEAU or row.part is not Part.TEXT:
            recitals = None
            _matter(preamble, row, leaf, eId=_eid(row))
            continue
        if recitals is None:
            recitals = put(preamble, "recitals", eId=f"recitals-{row.id}")
        _matter(put(recitals, "recital", eId=_eid(row)), row, leaf)


def _conclusions(statement: Element, rows: Sequence[EditionRow], leaf: _Leaf) -> None:
    implied, after = closing(leaf.text, leaf.language), added.signed(leaf.text)
    if not (rows or implied or after):
        return
    conclusions = put(statement, "conclusions")
    for row in rows:
        _matter(conclusions, row, leaf, eId=_eid(row))
    if implied:
        put(conclusions, "p", implied)
    for row in after:
        if row.part is Part.SIGNATORY:
            signature = put(put(conclusions, "p", eId=_eid(row)), "signature")
            _runs(signature, runs(pieces.wording(row, leaf.language) or ""), leaf)
        else:
            _matter(conclusions, row, leaf, eId=_eid(row))


def _attachments(statement: Element, leaf: _Leaf) -> None:
    """Each annex is a document of its own, as the standard has it."""
    rows = [row for row in pieces.annexes(leaf.text) if row.kind is not BlockKind.NOTE]
    starts = [place for place, row in enumerate(rows) if row.kind is BlockKind.ANNEX]
    if not starts:
        return
    attachments = put(statement, "attachments")
    for number, (start, end) in enumerate(zip(starts, [*starts[1:], len(rows)], strict=True), 1):
        attachment = put(attachments, "attachment", eId=_eid(rows[start]))
        if heading := pieces.wording(rows[start], leaf.language):
            _runs(put(attachment, "heading"), runs(heading), leaf)
        document = put(attachment, "doc", name="annex")
        meta(document, leaf.text, leaf.language, part=f"annex_{number}")
        main = put(document, "mainBody")
        _hierarchy(main, rows[start + 1 : end], leaf)


# The hierarchy of the text


def _hierarchy(parent: Element, rows: Sequence[EditionRow], leaf: _Leaf) -> None:
    """Nest sections by their headings and items under what they belong to."""
    depths = pieces.depths(leaf.text, (leaf.language,))
    sections: list[tuple[int, Element]] = [(0, parent)]
    items: list[tuple[int, Element]] = []
    for row in rows:
        if row.kind is BlockKind.HEADING:
            depth = depths.get(row.id, sections[-1][0] + 1)
            sections = [one for one in sections if one[0] < depth] or sections[:1]
            sections.append((depth, _section(sections[-1][1], row, leaf)))
            items = []
        elif row.part not in {Part.TEXT, Part.BACK}:
            beside = put(sections[-1][1], "hcontainer", name=row.part.value, eId=_eid(row))
            _matter(put(beside, "content"), row, leaf)
            items = []
        elif row.kind in _LISTED:
            items = [item for item in items if item[0] < max(row.level, 1)]
            holder = items[-1][1] if items else _unit(sections[-1][1], f"list-{row.id}")
            items.append((max(row.level, 1), _point(holder, row, leaf)))
        else:
            unit = _unit(sections[-1][1], _eid(row), row.number)
            _matter(put(unit, "content"), row, leaf)
            items = [(0, unit)] if row.kind is BlockKind.OPERATIVE else []
    _settle(parent)


def _section(parent: Element, row: EditionRow, leaf: _Leaf) -> Element:
    section = put(parent, "section", eId=_eid(row))
    heading = put(section, "heading")
    _runs(heading, runs(pieces.wording(row, leaf.language) or _absent(row, leaf)), leaf)
    return section


def _unit(parent: Element, eid: str, number: str = "") -> Element:
    unit = put(parent, "paragraph", eId=eid)
    if number:
        put(unit, "num", number)
    return unit


def _point(holder: Element, row: EditionRow, leaf: _Leaf) -> Element:
    """Put an item under its holder, whose own words thereby become an introduction to the list."""
    own = holder.find(named("content"))
    if own is not None:
        own.tag = named("intro")
    point = put(holder, "point" if row.kind is BlockKind.ITEM else "indent", eId=_eid(row))
    put(point, "num", pieces.mark(row, leaf.language))
    _matter(put(point, "content"), row, leaf)
    return point


def _settle(parent: Element) -> None:
    """Give a section or body without text its empty content, which the schema asks for."""
    for section in [parent, *parent.iter(named("section"))]:
        if section.tag == named("section") and len(section) == 1:
            put(put(section, "content"), "p")
    if len(parent) == 0:
        put(parent, "p")


# What stands inside a unit


def _matter(parent: Element, row: EditionRow, leaf: _Leaf, **attributes: str) -> None:
    words = pieces.wording(row, leaf.language)
    cell = row.cells[leaf.language]
    if isinstance(cell, Wording) and cell.spoken:
        attributes[_SPOKEN] = cell.spoken
    if row.part not in {Part.TEXT, Part.BACK}:
        attributes["class_"] = row.part.value
    if words is None:
        put(parent, "p", _absent(row, leaf), class_="absent", **attributes)
    elif row.kind is BlockKind.TABLE and (cells := pieces.table(words)):
        _table(parent, cells, leaf, **attributes)
    elif row.kind is BlockKind.CODE:
        put(put(parent, "p", **attributes), "span", pieces.code(words), class_="code")
    elif row.kind is BlockKind.QUOTATION:
        _paragraph(parent, words, leaf, **{"class_": "quotation", **attributes})
    elif row.kind is BlockKind.RULE:
        put(parent, "p", **attributes)
    else:
        _paragraph(parent, words, leaf, **attributes)


def _absent(row: EditionRow, leaf: _Leaf) -> str:
    cell = row.cells[leaf.language]
    return WORDS[leaf.language].absent.format(reason=cell.reason) if isinstance(cell, Absence) else ""


def _table(parent: Element, rows: Sequence[Sequence[str]], leaf: _Leaf, **attributes: str) -> None:
    table = put(parent, "table", **attributes)
    for place, cells in enumerate(rows):
        line = put(table, "tr")
        for cell in cells:
            _paragraph(put(line, "td" if place else "th"), cell, leaf)


def _paragraph(parent: Element, words: str, leaf: _Leaf, **attributes: str) -> None:
    _runs(put(parent, "p", **attributes), runs(words), leaf)


def _runs(parent: Element, parts: Sequence[Run], leaf: _Leaf) -> None:
    for run in parts:
        if run.kind == "text":
            _say(parent, run.value)
        else:
            _span(parent, run, leaf)


def _span(parent: Element, run: Run, leaf: _Leaf) -> None:
    match run.kind:
        case "emph" | "strong":
            _runs(put(parent, _INLINE[run.kind]), run.body, leaf)
        case "code":
            put(parent, "span", run.value, class_="code")
        case "link":
            _runs(put(parent, "a", href=run.value), run.body, leaf)
        case "ref":
            reference = put(parent, "ref", href=f"#b-{run.value}")
            _runs(reference, run.body, leaf)
        case "note" | "footnote" | "again":
            note = put(parent, "authorialNote", marker=run.value, placement="bottom")
            _paragraph(note, leaf.notes.get(run.value, run.value), _Leaf(leaf.text, leaf.language, {}))
        case "break":
            put(parent, "br")


def _say(parent: Element, words: str) -> None:
    """Add words after what the element holds already."""
    if len(parent):
        parent[-1].tail = (parent[-1].tail or "") + words
    else:
        parent.text = (parent.text or "") + words
