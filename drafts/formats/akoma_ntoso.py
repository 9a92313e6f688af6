"""An edition in one language as Akoma Ntoso 3.0 (OASIS LegalDocML), for parliaments, archives and their tools.

A declaration is a `statement`, the sheet of a corrigendum a `doc`. Every block keeps its permanent id as `eId`
("b-" and the id), the same in every language, so that the three expressions can be read side by side.
Numbers stand in `num`, references are links to the `eId` of their paragraph, footnotes
stand where they are called. A paragraph absent by decision keeps its place and says why.
"""

from collections.abc import Mapping, Sequence
from datetime import date
from itertools import takewhile
from typing import Final, cast

from lxml import etree
from msgspec import Struct
from slugify import slugify

from drafts.formats import apparatus_rows, text_parts
from drafts.formats.assembly import Absence, EditionRow, EditionText, EditionWording, RowPart
from drafts.formats.corrigendum import SHEET_WORDS
from drafts.formats.inline_runs import InlineRun, runs
from drafts.formats.labels import WORDS, closing
from drafts.formats.xml_elements import Element
from drafts.text.blocks import BlockKind, Language

NAMESPACE: Final = "http://docs.oasis-open.org/legaldocml/ns/akn/3.0"
ISO_639_2: Final = {Language.ES: "spa", Language.EN: "eng", Language.FR: "fra"}
SOURCE: Final = "workspace"
_AUTHOR: Final = "#forum"


class DocumentType(Struct, frozen=True):
    """What kind of document the standard has for it, and what it is called there."""

    tag: str
    name: str


STATEMENT: Final = DocumentType("statement", "declaration")
SHEET: Final = DocumentType("doc", "corrigendum")


def document_type(text: EditionText) -> DocumentType:
    """A declaration is a statement; a paper about one is a document."""
    return SHEET if text.stands_for else STATEMENT


def named(tag: str) -> str:
    return f"{{{NAMESPACE}}}{tag}"


def append_element(parent: Element, tag: str, words: str = "", **attributes: str) -> Element:
    """Add an element of the standard with its words; a name that Python keeps for itself is written `class_`."""
    made = etree.SubElement(parent, named(tag), {name.rstrip("_"): value for name, value in attributes.items()})
    if words:
        made.text = words
    return made


class _Work(Struct, frozen=True):
    """The addresses of a work and of one language of it, the day it bears, and what it is called."""

    address: str
    version: str
    day: str
    name: str


def meta(document: Element, text: EditionText, language: Language, part: str = "main") -> None:
    """Say which work, expression and file this is, or which part of them."""
    work = _sheet(text, language) or _declaration(text, language, text.imprint.edition)
    above = append_element(document, "meta")
    identification = append_element(above, "identification", source=f"#{SOURCE}")
    event = "publication" if text.stands_for else "adoption"
    of_work = _level(identification, "FRBRWork", work.address, (work.day, event), part)
    append_element(of_work, "FRBRcountry", value="xx")  # user-assigned in ISO 3166: a network of cities is no country
    append_element(of_work, "FRBRname", value=work.name)
    of_expression = _level(identification, "FRBRExpression", work.version, (work.day, "publication"), part)
    append_element(of_expression, "FRBRlanguage", language=ISO_639_2[language])
    of_file = _level(identification, "FRBRManifestation", f"{work.version}.xml", (work.day, "publication"), part)
    append_element(of_file, "FRBRformat", value="application/akn+xml")
    if part == "main":
        _references(above, text, language)


def _declaration(text: EditionText, language: Language, edition: int) -> _Work:
    imprint = text.imprint
    day = imprint.date.isoformat()
    address = f"/akn/xx/statement/{day}/{_slug(text)}"
    return _Work(address, f"{address}/{ISO_639_2[language]}@{day}!{edition}", day, imprint.declaration[language])


def _sheet(text: EditionText, language: Language) -> _Work | None:
    corrigendum = text.apparatus.corrigendum
    if not text.stands_for or corrigendum is None:
        return None
    on: date = corrigendum.on
    address = f"/akn/xx/doc/{on.isoformat()}/{_slug(text)}-corrigendum-{corrigendum.number}"
    title = SHEET_WORDS[language].title.format(number=corrigendum.number)
    name = f"{title}. {text.imprint.declaration[language]}"
    return _Work(address, f"{address}/{ISO_639_2[language]}@{on.isoformat()}", on.isoformat(), name)


def _slug(text: EditionText) -> str:
    return slugify(text.imprint.declaration[Language.EN]) or "declaration"


def _references(above: Element, text: EditionText, language: Language) -> None:
    references = append_element(above, "references", source=f"#{SOURCE}")
    corrigendum = text.apparatus.corrigendum if text.stands_for else None
    if corrigendum is not None:
        corrected = _declaration(text, language, corrigendum.corrects)
        edition = WORDS[language].edition.format(number=corrigendum.corrects)
        append_element(
            references, "activeRef", eId="corrected", href=corrected.version, showAs=f"{corrected.name}. {edition}"
        )
    forum = text.imprint.forum[language]
    append_element(references, "TLCOrganization", eId="forum", href="/ontology/organization/forum", showAs=forum)
    append_element(
        references,
        "TLCObject",
        eId=SOURCE,
        href="/ontology/software/declaration-workspace",
        showAs="Declaration Workspace",
    )


def _level(identification: Element, tag: str, address: str, dated: tuple[str, str], part: str) -> Element:
    day, event = dated
    level = append_element(identification, tag)
    append_element(level, "FRBRthis", value=f"{address}/!{part}")
    append_element(level, "FRBRuri", value=address)
    append_element(level, "FRBRdate", date=day, name=event)
    append_element(level, "FRBRauthor", href=_AUTHOR)
    return level


_LISTED = frozenset({BlockKind.ITEM, BlockKind.BULLET})
_OPENING = frozenset({BlockKind.CHAPEAU, BlockKind.PREAMBLE})
_INLINE = {"emph": "i", "strong": "b"}
_SPOKEN = "{http://www.w3.org/XML/1998/namespace}lang"


def expression(text: EditionText, language: Language) -> bytes:
    """Return the edition in one language as XML (UTF-8), the same bytes for the same text."""
    root = etree.Element(named("akomaNtoso"), nsmap=cast("dict[str, str]", {None: NAMESPACE}))
    kind = document_type(text)
    statement = append_element(root, kind.tag, name=kind.name, contains="originalVersion")
    leaf = _Leaf(text, language, text_parts.notes(text, language))
    meta(statement, text, language)
    _preface(statement, leaf)
    body = tuple(row for row in text_parts.body(text) if row.kind not in {BlockKind.PLACE_DATE, BlockKind.NOTE})
    opening = tuple(takewhile(lambda row: row.kind in _OPENING or row.part is not RowPart.TEXT, body))
    closing_rows = tuple(row for row in body if row.kind is BlockKind.CLOSING)
    _preamble(statement, opening, leaf)
    _hierarchy(
        append_element(statement, "mainBody"), [row for row in body[len(opening) :] if row not in closing_rows], leaf
    )
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
    head, rest = text_parts.title(leaf.text, leaf.language)
    preface = append_element(statement, "preface")
    title = append_element(append_element(preface, "p"), "docTitle")
    _runs(title, runs(head), leaf)
    if rest:
        _paragraph(preface, rest, leaf)
    for row in text_parts.body(leaf.text):
        if row.kind is BlockKind.PLACE_DATE and (words := text_parts.wording(row, leaf.language)):
            _paragraph(preface, words, leaf, eId=_eid(row))
    _contents(preface, leaf)


def _contents(preface: Element, leaf: _Leaf) -> None:
    entries = text_parts.contents(leaf.text, leaf.language)
    if not entries:
        return
    toc = append_element(preface, "toc")
    for entry in entries:
        append_element(toc, "tocItem", entry.words, level=str(entry.depth), href=f"#b-{entry.id}")


def _preamble(statement: Element, rows: Sequence[EditionRow], leaf: _Leaf) -> None:
    if not rows:
        return
    preamble = append_element(statement, "preamble")
    recitals = None
    for row in rows:
        if row.kind is BlockKind.CHAPEAU or row.part is not RowPart.TEXT:
            recitals = None
            _matter(preamble, row, leaf, eId=_eid(row))
            continue
        if recitals is None:
            recitals = append_element(preamble, "recitals", eId=f"recitals-{row.id}")
        _matter(append_element(recitals, "recital", eId=_eid(row)), row, leaf)


def _conclusions(statement: Element, rows: Sequence[EditionRow], leaf: _Leaf) -> None:
    implied, after = closing(leaf.text, leaf.language), apparatus_rows.signatory_rows(leaf.text)
    if not (rows or implied or after):
        return
    conclusions = append_element(statement, "conclusions")
    for row in rows:
        _matter(conclusions, row, leaf, eId=_eid(row))
    if implied:
        append_element(conclusions, "p", implied)
    for row in after:
        if row.part is RowPart.SIGNATORY:
            signature = append_element(append_element(conclusions, "p", eId=_eid(row)), "signature")
            _runs(signature, runs(text_parts.wording(row, leaf.language) or ""), leaf)
        else:
            _matter(conclusions, row, leaf, eId=_eid(row))


def _attachments(statement: Element, leaf: _Leaf) -> None:
    """Each annex is a document of its own, as the standard has it."""
    rows = [row for row in text_parts.annexes(leaf.text) if row.kind is not BlockKind.NOTE]
    starts = [place for place, row in enumerate(rows) if row.kind is BlockKind.ANNEX]
    if not starts:
        return
    attachments = append_element(statement, "attachments")
    for number, (start, end) in enumerate(zip(starts, [*starts[1:], len(rows)], strict=True), 1):
        attachment = append_element(attachments, "attachment", eId=_eid(rows[start]))
        if heading := text_parts.wording(rows[start], leaf.language):
            _runs(append_element(attachment, "heading"), runs(heading), leaf)
        document = append_element(attachment, "doc", name="annex")
        meta(document, leaf.text, leaf.language, part=f"annex_{number}")
        main = append_element(document, "mainBody")
        _hierarchy(main, rows[start + 1 : end], leaf)


# The hierarchy of the text


def _hierarchy(parent: Element, rows: Sequence[EditionRow], leaf: _Leaf) -> None:
    """Nest sections by their headings and items under what they belong to."""
    depths = text_parts.depths(leaf.text, (leaf.language,))
    sections: list[tuple[int, Element]] = [(0, parent)]
    items: list[tuple[int, Element]] = []
    for row in rows:
        if row.kind is BlockKind.HEADING:
            depth = depths.get(row.id, sections[-1][0] + 1)
            sections = [section for section in sections if section[0] < depth] or sections[:1]
            sections.append((depth, _section(sections[-1][1], row, leaf)))
            items = []
        elif row.part not in {RowPart.TEXT, RowPart.BACK}:
            beside = append_element(sections[-1][1], "hcontainer", name=row.part.value, eId=_eid(row))
            _matter(append_element(beside, "content"), row, leaf)
            items = []
        elif row.kind in _LISTED:
            items = [item for item in items if item[0] < max(row.level, 1)]
            holder = items[-1][1] if items else _unit(sections[-1][1], f"list-{row.id}")
            items.append((max(row.level, 1), _point(holder, row, leaf)))
        else:
            unit = _unit(sections[-1][1], _eid(row), row.number)
            _matter(append_element(unit, "content"), row, leaf)
            items = [(0, unit)] if row.kind is BlockKind.OPERATIVE else []
    _settle(parent)


def _section(parent: Element, row: EditionRow, leaf: _Leaf) -> Element:
    section = append_element(parent, "section", eId=_eid(row))
    heading = append_element(section, "heading")
    _runs(heading, runs(text_parts.wording(row, leaf.language) or _absent(row, leaf)), leaf)
    return section


def _unit(parent: Element, eid: str, number: str = "") -> Element:
    unit = append_element(parent, "paragraph", eId=eid)
    if number:
        append_element(unit, "num", number)
    return unit


def _point(holder: Element, row: EditionRow, leaf: _Leaf) -> Element:
    """Put an item under its holder, whose own words thereby become an introduction to the list."""
    own = holder.find(named("content"))
    if own is not None:
        own.tag = named("intro")
    point = append_element(holder, "point" if row.kind is BlockKind.ITEM else "indent", eId=_eid(row))
    append_element(point, "num", text_parts.mark(row, leaf.language))
    _matter(append_element(point, "content"), row, leaf)
    return point


def _settle(parent: Element) -> None:
    """Give a section or body without text its empty content, which the schema asks for."""
    for section in [parent, *parent.iter(named("section"))]:
        if section.tag == named("section") and len(section) == 1:
            append_element(append_element(section, "content"), "p")
    if len(parent) == 0:
        append_element(parent, "p")


# What stands inside a unit


def _matter(parent: Element, row: EditionRow, leaf: _Leaf, **attributes: str) -> None:
    words = text_parts.wording(row, leaf.language)
    cell = row.cells[leaf.language]
    if isinstance(cell, EditionWording) and cell.spoken:
        attributes[_SPOKEN] = cell.spoken
    if row.part not in {RowPart.TEXT, RowPart.BACK}:
        attributes["class_"] = row.part.value
    if words is None:
        append_element(parent, "p", _absent(row, leaf), class_="absent", **attributes)
    elif row.kind is BlockKind.TABLE and (cells := text_parts.table(words)):
        _table(parent, cells, leaf, **attributes)
    elif row.kind is BlockKind.CODE:
        append_element(append_element(parent, "p", **attributes), "span", text_parts.code(words), class_="code")
    elif row.kind is BlockKind.QUOTATION:
        _paragraph(parent, words, leaf, **{"class_": "quotation", **attributes})
    elif row.kind is BlockKind.RULE:
        append_element(parent, "p", **attributes)
    else:
        _paragraph(parent, words, leaf, **attributes)


def _absent(row: EditionRow, leaf: _Leaf) -> str:
    cell = row.cells[leaf.language]
    return WORDS[leaf.language].absent.format(reason=cell.reason) if isinstance(cell, Absence) else ""


def _table(parent: Element, rows: Sequence[Sequence[str]], leaf: _Leaf, **attributes: str) -> None:
    table = append_element(parent, "table", **attributes)
    for place, cells in enumerate(rows):
        line = append_element(table, "tr")
        for cell in cells:
            _paragraph(append_element(line, "td" if place else "th"), cell, leaf)


def _paragraph(parent: Element, words: str, leaf: _Leaf, **attributes: str) -> None:
    _runs(append_element(parent, "p", **attributes), runs(words), leaf)


def _runs(parent: Element, parts: Sequence[InlineRun], leaf: _Leaf) -> None:
    for run in parts:
        if run.kind == "text":
            _say(parent, run.value)
        else:
            _span(parent, run, leaf)


def _span(parent: Element, run: InlineRun, leaf: _Leaf) -> None:
    match run.kind:
        case "emph" | "strong":
            _runs(append_element(parent, _INLINE[run.kind]), run.body, leaf)
        case "code":
            append_element(parent, "span", run.value, class_="code")
        case "link":
            _runs(append_element(parent, "a", href=run.value), run.body, leaf)
        case "ref":
            reference = append_element(parent, "ref", href=f"#b-{run.value}")
            _runs(reference, run.body, leaf)
        case "note" | "footnote" | "again":
            note = append_element(parent, "authorialNote", marker=run.value, placement="bottom")
            _paragraph(note, leaf.notes.get(run.value, run.value), _Leaf(leaf.text, leaf.language, {}))
        case "break":
            append_element(parent, "br")


def _say(parent: Element, words: str) -> None:
    """Add words after what the element holds already."""
    if len(parent):
        parent[-1].tail = (parent[-1].tail or "") + words
    else:
        parent.text = (parent.text or "") + words
