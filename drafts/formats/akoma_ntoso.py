"""An edition in one language as Akoma Ntoso 3.0 (OASIS LegalDocML), for parliaments, archives and their tools.

A declaration is a `statement`. Every block keeps its permanent id as `eId` ("b-" and the
id), the same in every language, so that the three expressions can be read side by side.
Numbers stand in `num`, references are links to the `eId` of their paragraph, footnotes
stand where they are called. A paragraph absent by decision keeps its place and says why.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import takewhile
from typing import cast

from lxml import etree
from slugify import slugify

from drafts.assembly import Absence, EditionRow, EditionText, Part, Wording
from drafts.blocks import BlockKind, Language
from drafts.formats import added, pieces
from drafts.formats.elements import Element
from drafts.formats.runs import Run, runs
from drafts.formats.words import WORDS, closing

NAMESPACE = "http://docs.oasis-open.org/legaldocml/ns/akn/3.0"
ISO_639_2 = {Language.ES: "spa", Language.EN: "eng", Language.FR: "fra"}
SOURCE = "workspace"
_AUTHOR = "#forum"
_LISTED = frozenset({BlockKind.ITEM, BlockKind.BULLET})
_OPENING = frozenset({BlockKind.CHAPEAU, BlockKind.PREAMBLE})
_INLINE = {"emph": "i", "strong": "b"}
_SPOKEN = "{http://www.w3.org/XML/1998/namespace}lang"


def expression(text: EditionText, language: Language) -> bytes:
    """Return the edition in one language as XML (UTF-8), the same bytes for the same text."""
    root = etree.Element(_name("akomaNtoso"), nsmap=cast("dict[str, str]", {None: NAMESPACE}))
    statement = _in(root, "statement", name="declaration", contains="originalVersion")
    leaf = _Leaf(text, language, pieces.notes(text, language))
    _meta(statement, leaf)
    _preface(statement, leaf)
    body = tuple(row for row in pieces.body(text) if row.kind not in {BlockKind.PLACE_DATE, BlockKind.NOTE})
    opening = tuple(takewhile(lambda row: row.kind in _OPENING or row.part is not Part.TEXT, body))
    closing_rows = tuple(row for row in body if row.kind is BlockKind.CLOSING)
    _preamble(statement, opening, leaf)
    _hierarchy(_in(statement, "mainBody"), [row for row in body[len(opening) :] if row not in closing_rows], leaf)
    _conclusions(statement, closing_rows, leaf)
    _attachments(statement, leaf)
    return etree.tostring(root, encoding="UTF-8", xml_declaration=True)


@dataclass(frozen=True, slots=True)
class _Leaf:
    """One language of an edition, and what its footnotes say."""

    text: EditionText
    language: Language
    notes: Mapping[str, str]


def _name(tag: str) -> str:
    return f"{{{NAMESPACE}}}{tag}"


def _in(parent: Element, tag: str, words: str = "", **attributes: str) -> Element:
    made = etree.SubElement(parent, _name(tag), {name.rstrip("_"): value for name, value in attributes.items()})
    if words:
        made.text = words
    return made


def _eid(row: EditionRow) -> str:
    return f"b-{row.id}"


# Metadata


def _meta(document: Element, leaf: _Leaf, part: str = "main") -> None:
    """Say which work, expression and file this is (the three FRBR levels), or which part of them."""
    imprint, language = leaf.text.imprint, leaf.language
    day = imprint.date.isoformat()
    name = slugify(imprint.declaration[Language.EN]) or "declaration"
    work = f"/akn/xx/statement/{day}/{name}"
    version = f"{work}/{ISO_639_2[language]}@{day}!{imprint.edition}"
    meta = _in(document, "meta")
    identification = _in(meta, "identification", source=f"#{SOURCE}")
    _level(identification, "FRBRWork", work, (day, "adoption"), part)
    of_work = identification[0]
    _in(of_work, "FRBRcountry", value="xx")  # user-assigned in ISO 3166: a network of cities is no country
    _in(of_work, "FRBRname", value=imprint.declaration[language])
    of_expression = _level(identification, "FRBRExpression", version, (day, "publication"), part)
    _in(of_expression, "FRBRlanguage", language=ISO_639_2[language])
    of_manifestation = _level(identification, "FRBRManifestation", f"{version}.xml", (day, "publication"), part)
    _in(of_manifestation, "FRBRformat", value="application/akn+xml")
    if part != "main":
        return
    references = _in(meta, "references", source=f"#{SOURCE}")
    _in(references, "TLCOrganization", eId="forum", href="/ontology/organization/forum", showAs=imprint.forum[language])
    _in(
        references,
        "TLCObject",
        eId=SOURCE,
        href="/ontology/software/declaration-workspace",
        showAs="Declaration Workspace",
    )


def _level(identification: Element, tag: str, address: str, dated: tuple[str, str], part: str) -> Element:
    day, event = dated
    level = _in(identification, tag)
    _in(level, "FRBRthis", value=f"{address}/!{part}")
    _in(level, "FRBRuri", value=address)
    _in(level, "FRBRdate", date=day, name=event)
    _in(level, "FRBRauthor", href=_AUTHOR)
    return level


# The parts of a statement


def _preface(statement: Element, leaf: _Leaf) -> None:
    head, rest = pieces.title(leaf.text, leaf.language)
    preface = _in(statement, "preface")
    title = _in(_in(preface, "p"), "docTitle")
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
    toc = _in(preface, "toc")
    for entry in entries:
        _in(toc, "tocItem", entry.words, level=str(entry.depth), href=f"#b-{entry.id}")


def _preamble(statement: Element, rows: Sequence[EditionRow], leaf: _Leaf) -> None:
    if not rows:
        return
    preamble = _in(statement, "preamble")
    recitals = None
    for row in rows:
        if row.kind is BlockKind.CHAPEAU or row.part is not Part.TEXT:
            recitals = None
            _matter(preamble, row, leaf, eId=_eid(row))
            continue
        if recitals is None:
            recitals = _in(preamble, "recitals", eId=f"recitals-{row.id}")
        _matter(_in(recitals, "recital", eId=_eid(row)), row, leaf)


def _conclusions(statement: Element, rows: Sequence[EditionRow], leaf: _Leaf) -> None:
    implied, after = closing(leaf.text, leaf.language), added.signed(leaf.text)
    if not (rows or implied or after):
        return
    conclusions = _in(statement, "conclusions")
    for row in rows:
        _matter(conclusions, row, leaf, eId=_eid(row))
    if implied:
        _in(conclusions, "p", implied)
    for row in after:
        if row.part is Part.SIGNATORY:
            signature = _in(_in(conclusions, "p", eId=_eid(row)), "signature")
            _runs(signature, runs(pieces.wording(row, leaf.language) or ""), leaf)
        else:
            _matter(conclusions, row, leaf, eId=_eid(row))


def _attachments(statement: Element, leaf: _Leaf) -> None:
    """Each annex is a document of its own, as the standard has it."""
    rows = [row for row in pieces.annexes(leaf.text) if row.kind is not BlockKind.NOTE]
    starts = [place for place, row in enumerate(rows) if row.kind is BlockKind.ANNEX]
    if not starts:
        return
    attachments = _in(statement, "attachments")
    for number, (start, end) in enumerate(zip(starts, [*starts[1:], len(rows)], strict=True), 1):
        attachment = _in(attachments, "attachment", eId=_eid(rows[start]))
        if heading := pieces.wording(rows[start], leaf.language):
            _runs(_in(attachment, "heading"), runs(heading), leaf)
        document = _in(attachment, "doc", name="annex")
        _meta(document, leaf, part=f"annex_{number}")
        main = _in(document, "mainBody")
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
            beside = _in(sections[-1][1], "hcontainer", name=row.part.value, eId=_eid(row))
            _matter(_in(beside, "content"), row, leaf)
            items = []
        elif row.kind in _LISTED:
            items = [one for one in items if one[0] < max(row.level, 1)]
            holder = items[-1][1] if items else _unit(sections[-1][1], f"list-{row.id}")
            items.append((max(row.level, 1), _point(holder, row, leaf)))
        else:
            unit = _unit(sections[-1][1], _eid(row), row.number)
            _matter(_in(unit, "content"), row, leaf)
            items = [(0, unit)] if row.kind is BlockKind.OPERATIVE else []
    _settle(parent)


def _section(parent: Element, row: EditionRow, leaf: _Leaf) -> Element:
    section = _in(parent, "section", eId=_eid(row))
    heading = _in(section, "heading")
    _runs(heading, runs(pieces.wording(row, leaf.language) or _absent(row, leaf)), leaf)
    return section


def _unit(parent: Element, eid: str, number: str = "") -> Element:
    unit = _in(parent, "paragraph", eId=eid)
    if number:
        _in(unit, "num", number)
    return unit


def _point(holder: Element, row: EditionRow, leaf: _Leaf) -> Element:
    """Put an item under its holder, whose own words thereby become an introduction to the list."""
    own = holder.find(_name("content"))
    if own is not None:
        own.tag = _name("intro")
    point = _in(holder, "point" if row.kind is BlockKind.ITEM else "indent", eId=_eid(row))
    _in(point, "num", pieces.mark(row, leaf.language))
    _matter(_in(point, "content"), row, leaf)
    return point


def _settle(parent: Element) -> None:
    """Give a section or body without text its empty content, which the schema asks for."""
    for section in [parent, *parent.iter(_name("section"))]:
        if section.tag == _name("section") and len(section) == 1:
            _in(_in(section, "content"), "p")
    if len(parent) == 0:
        _in(parent, "p")


# What stands inside a unit


def _matter(parent: Element, row: EditionRow, leaf: _Leaf, **attributes: str) -> None:
    words = pieces.wording(row, leaf.language)
    cell = row.cells[leaf.language]
    if isinstance(cell, Wording) and cell.spoken:
        attributes[_SPOKEN] = cell.spoken
    if row.part not in {Part.TEXT, Part.BACK}:
        attributes["class_"] = row.part.value
    if words is None:
        _in(parent, "p", _absent(row, leaf), class_="absent", **attributes)
    elif row.kind is BlockKind.TABLE and (cells := pieces.table(words)):
        _table(parent, cells, leaf, **attributes)
    elif row.kind is BlockKind.CODE:
        _in(_in(parent, "p", **attributes), "span", pieces.code(words), class_="code")
    elif row.kind is BlockKind.QUOTATION:
        _paragraph(parent, words, leaf, **{"class_": "quotation", **attributes})
    elif row.kind is BlockKind.RULE:
        _in(parent, "p", **attributes)
    else:
        _paragraph(parent, words, leaf, **attributes)


def _absent(row: EditionRow, leaf: _Leaf) -> str:
    cell = row.cells[leaf.language]
    return WORDS[leaf.language].absent.format(reason=cell.reason) if isinstance(cell, Absence) else ""


def _table(parent: Element, rows: Sequence[Sequence[str]], leaf: _Leaf, **attributes: str) -> None:
    table = _in(parent, "table", **attributes)
    for place, cells in enumerate(rows):
        line = _in(table, "tr")
        for cell in cells:
            _paragraph(_in(line, "td" if place else "th"), cell, leaf)


def _paragraph(parent: Element, words: str, leaf: _Leaf, **attributes: str) -> None:
    _runs(_in(parent, "p", **attributes), runs(words), leaf)


def _runs(parent: Element, parts: Sequence[Run], leaf: _Leaf) -> None:
    for run in parts:
        if run.kind == "text":
            _say(parent, run.value)
        else:
            _span(parent, run, leaf)


def _span(parent: Element, run: Run, leaf: _Leaf) -> None:
    match run.kind:
        case "emph" | "strong":
            _runs(_in(parent, _INLINE[run.kind]), run.body, leaf)
        case "code":
            _in(parent, "span", run.value, class_="code")
        case "link":
            _runs(_in(parent, "a", href=run.value), run.body, leaf)
        case "ref":
            reference = _in(parent, "ref", href=f"#b-{run.value}")
            _runs(reference, run.body, leaf)
        case "note" | "footnote" | "again":
            note = _in(parent, "authorialNote", marker=run.value, placement="bottom")
            _paragraph(note, leaf.notes.get(run.value, run.value), _Leaf(leaf.text, leaf.language, {}))
        case "break":
            _in(parent, "br")


def _say(parent: Element, words: str) -> None:
    """Add words after what the element holds already."""
    if len(parent):
        parent[-1].tail = (parent[-1].tail or "") + words
    else:
        parent.text = (parent.text or "") + words
