"""XLIFF 2.1 and 1.2: a declaration on its way to a translator's own tool, and back.

One file for each pair of languages and one unit for each block, under the block's id, not to be divided. Every
unit names the versions that its texts are, so that whoever takes the file back can tell what has moved since.
"""

import re
from collections.abc import Iterator, Sequence
from enum import StrEnum
from typing import cast

from lxml import etree
from msgspec import Struct

from drafts.blocks import Language
from drafts.errors import BadExchange, TooLarge
from drafts.formats.elements import Element
from drafts.formats.xliff_codes import Code, Edge, Piece, matched, pieces

XLIFF = "application/xliff+xml"
LARGEST = 20_000_000
MOST_UNITS = 20_000
_TWO = "urn:oasis:names:tc:xliff:document:2.0"
_ONE = "urn:oasis:names:tc:xliff:document:1.2"
_OWN = "urn:declaration-workspace:exchange"
_XML = "http://www.w3.org/XML/1998/namespace"
_PREFIX = "b-"


class Form(StrEnum):
    """The versions of the format: older desktop tools read only the older one."""

    TWO = "2.1"
    ONE = "1.2"


class Progress(StrEnum):
    """How far a unit is, as XLIFF 2 says it."""

    INITIAL = "initial"
    TRANSLATED = "translated"
    REVIEWED = "reviewed"
    FINAL = "final"


_OLDER = {
    Progress.INITIAL: "needs-translation",
    Progress.TRANSLATED: "translated",
    Progress.REVIEWED: "signed-off",
    Progress.FINAL: "final",
}


class Unit(Struct, frozen=True):
    """One block out: its texts, the versions these are (`target_version` "" without a text), and notes."""

    block: str
    name: str
    source: str
    target: str
    source_version: str
    target_version: str
    progress: Progress
    notes: tuple[str, ...] = ()


class Exchange(Struct, frozen=True):
    """What is sent out: of which declaration, at which revision, in which pair of languages."""

    declaration: str
    name: str
    revision: int
    source: Language
    target: Language
    units: tuple[Unit, ...]


class ReturnedUnit(Struct, frozen=True):
    """One unit that came back. `target` is None where it has none; codes are as the tool left them."""

    block: str
    line: int
    source_version: str
    target_version: str
    target: tuple[Piece, ...] | None
    notes: tuple[str, ...] = ()


class Returned(Struct, frozen=True):
    """A file that came back."""

    declaration: str
    source: Language
    target: Language
    units: tuple[ReturnedUnit, ...]


def write(exchange: Exchange, form: Form = Form.TWO) -> bytes:
    """The file, the same bytes for the same texts."""
    root = _written_two(exchange) if form is Form.TWO else _written_one(exchange)
    return etree.tostring(root, encoding="UTF-8", xml_declaration=True, pretty_print=False)


def read(data: bytes) -> Returned:
    """A file of either version. Raises `BadExchange` (with its line) for what is none, or is none of ours."""
    root = _parsed(data)
    name = etree.QName(root)
    if name.localname != "xliff" or name.namespace not in {_ONE, _TWO}:
        raise BadExchange("not XLIFF", reason="not_xliff", line=1)
    files = list(root.iterchildren(f"{{{name.namespace}}}file"))
    if not files:
        raise BadExchange("no file in it", reason="not_xliff", line=1)
    return _read_two(root, files) if name.namespace == _TWO else _read_one(files)


def _parsed(data: bytes) -> Element:
    if len(data) > LARGEST:
        raise TooLarge("too large", what="file", size=len(data), limit=LARGEST)
    parser = etree.XMLParser(resolve_entities=False, no_network=True, load_dtd=False, huge_tree=False, recover=False)
    try:
        root = etree.fromstring(_declared(data), parser)
    except etree.XMLSyntaxError as error:
        raise BadExchange("not XML", reason="not_xml", line=error.lineno or 1) from error
    if root.getroottree().docinfo.doctype:  # type: ignore[union-attr]  # a parsed tree has it
        raise BadExchange("a document type", reason="not_xliff", line=1)
    return root


def _declared(data: bytes) -> bytes:
    """Some tools keep our attributes and drop the declaration of their namespace: it is put back."""
    if b" dw:" not in data or b"xmlns:dw=" in data:
        return data
    return re.sub(rb"<xliff(?=\s)", f'<xliff xmlns:dw="{_OWN}"'.encode(), data, count=1)


# Out: version 2.1


def _written_two(exchange: Exchange) -> Element:
    root = etree.Element(_two("xliff"), nsmap=cast("dict[str, str]", {None: _TWO, "dw": _OWN}), version="2.1")
    root.set("srcLang", exchange.source)
    root.set("trgLang", exchange.target)
    file = etree.SubElement(root, _two("file"), id="f1", original=exchange.name, canResegment="no")
    file.set(f"{{{_OWN}}}declaration", exchange.declaration)
    file.set(f"{{{_OWN}}}revision", str(exchange.revision))
    for unit in exchange.units:
        _unit_two(file, unit)
    return root


def _unit_two(file: Element, unit: Unit) -> None:
    made = etree.SubElement(file, _two("unit"), id=_PREFIX + unit.block, name=unit.name, canResegment="no")
    _set_versions(made, unit)
    source, target = pieces(unit.source), pieces(unit.target)
    if unit.notes:
        notes = etree.SubElement(made, _two("notes"))
        for place, note in enumerate(unit.notes, start=1):
            etree.SubElement(notes, _two("note"), id=f"n{place}").text = note
    own = matched(source, target)
    data = _data([*source, *own])
    if data:
        originals = etree.SubElement(made, _two("originalData"))
        for mark, name in data.items():
            one = etree.SubElement(originals, _two("data"), id=name)
            one.set(f"{{{_XML}}}space", "preserve")
            one.text = mark
    segment = etree.SubElement(made, _two("segment"), id="s1", state=unit.progress)
    _fill_two(etree.SubElement(segment, _two("source")), source, data)
    if unit.target:
        _fill_two(etree.SubElement(segment, _two("target")), own, data)


def _data(of: Sequence[Piece]) -> dict[str, str]:
    marks = dict.fromkeys(piece.mark for piece in of if isinstance(piece, Code))
    return {mark: f"d{place}" for place, mark in enumerate(marks, start=1)}


def _fill_two(element: Element, of: Sequence[Piece], data: dict[str, str]) -> None:
    element.set(f"{{{_XML}}}space", "preserve")
    open_ones = [element]
    for place, piece in enumerate(of):
        if isinstance(piece, str):
            _append(open_ones[-1], piece)
        elif piece.edge is Edge.ALONE:
            etree.SubElement(open_ones[-1], _two("ph"), id=piece.number, dataRef=data[piece.mark], equiv=piece.mark)
        elif piece.edge is Edge.OPENS:
            end = next(
                code
                for code in of[place:]
                if isinstance(code, Code) and code.number == piece.number and code is not piece
            )
            span = etree.SubElement(open_ones[-1], _two("pc"), id=piece.number)
            span.set("dataRefStart", data[piece.mark])
            span.set("dataRefEnd", data[end.mark])
            open_ones.append(span)
        else:
            open_ones.pop()


# Out: version 1.2


def _written_one(exchange: Exchange) -> Element:
    root = etree.Element(_one("xliff"), nsmap=cast("dict[str, str]", {None: _ONE, "dw": _OWN}), version="1.2")
    file = etree.SubElement(root, _one("file"), original=exchange.name, datatype="x-markdown")
    file.set("source-language", exchange.source)
    file.set("target-language", exchange.target)
    file.set(f"{{{_OWN}}}declaration", exchange.declaration)
    file.set(f"{{{_OWN}}}revision", str(exchange.revision))
    body = etree.SubElement(file, _one("body"))
    for unit in exchange.units:
        _unit_one(body, unit)
    return root


def _unit_one(body: Element, unit: Unit) -> None:
    made = etree.SubElement(body, _one("trans-unit"), id=_PREFIX + unit.block, resname=unit.name)
    made.set(f"{{{_XML}}}space", "preserve")
    _set_versions(made, unit)
    source = pieces(unit.source)
    _fill_one(etree.SubElement(made, _one("source")), source)
    if unit.target:
        target = etree.SubElement(made, _one("target"), state=_OLDER[unit.progress])
        _fill_one(target, matched(source, pieces(unit.target)))
    for note in unit.notes:
        etree.SubElement(made, _one("note")).text = note


def _fill_one(element: Element, of: Sequence[Piece]) -> None:
    open_ones = [element]
    for piece in of:
        if isinstance(piece, str):
            _append(open_ones[-1], piece)
        elif piece.edge is Edge.ALONE:
            etree.SubElement(open_ones[-1], _one("x"), id=piece.number).set("equiv-text", piece.mark)
        elif piece.edge is Edge.OPENS:
            open_ones.append(etree.SubElement(open_ones[-1], _one("g"), id=piece.number))
        else:
            open_ones.pop()


def _set_versions(element: Element, unit: Unit) -> None:
    element.set(f"{{{_OWN}}}source", unit.source_version)
    element.set(f"{{{_OWN}}}target", unit.target_version)


def _append(element: Element, words: str) -> None:
    if len(element):
        element[-1].tail = (element[-1].tail or "") + words
    else:
        element.text = (element.text or "") + words


# In


def _read_two(root: Element, files: Sequence[Element]) -> Returned:
    units = [unit for file in files for unit in file.iter(_two("unit"))]
    return _returned(
        files[0],
        root.get("srcLang", ""),
        root.get("trgLang", ""),
        tuple(_unit_back(unit, list(_targets_two(unit)), unit.iter(_two("note"))) for unit in _bounded(units)),
    )


def _targets_two(unit: Element) -> Iterator[Element]:
    """The target of each segment, and what stands between segments where a tool has divided a unit all the same."""
    for part in unit.iterchildren(_two("segment"), _two("ignorable")):
        target = part.find(_two("target"))
        if target is None and etree.QName(part).localname == "ignorable":
            target = part.find(_two("source"))
        if target is not None:
            yield target


def _read_one(files: Sequence[Element]) -> Returned:
    units = [unit for file in files for unit in file.iter(_one("trans-unit"))]
    return _returned(
        files[0],
        files[0].get("source-language", ""),
        files[0].get("target-language", ""),
        tuple(
            _unit_back(unit, list(unit.iterchildren(_one("target"))), unit.iterchildren(_one("note")))
            for unit in _bounded(units)
        ),
    )


def _bounded(units: Sequence[Element]) -> Sequence[Element]:
    if len(units) > MOST_UNITS:
        raise TooLarge("too many units", what="file", size=len(units), limit=MOST_UNITS)
    return units


def _returned(file: Element, source: str, target: str, units: tuple[ReturnedUnit, ...]) -> Returned:
    return Returned(file.get(f"{{{_OWN}}}declaration", ""), _language(source), _language(target), units)


def _language(tag: str) -> Language:
    plain = tag.partition("-")[0].lower()
    if plain not in set(Language):
        raise BadExchange(f"a language that is not ours: {tag}", reason="unknown_language", line=1)
    return Language(plain)


def _unit_back(unit: Element, targets: Sequence[Element], notes: Iterator[Element]) -> ReturnedUnit:
    found = tuple(piece for target in targets for piece in _pieces_back(target))
    return ReturnedUnit(
        block=(unit.get("id") or "").removeprefix(_PREFIX),
        line=cast("int | None", unit.sourceline) or 0,
        source_version=unit.get(f"{{{_OWN}}}source", ""),
        target_version=unit.get(f"{{{_OWN}}}target", ""),
        target=found if any(isinstance(piece, Code) or piece.strip() for piece in found) else None,
        notes=tuple(text for one in notes if (text := "".join(map(str, one.itertext())).strip())),
    )


_SPANS = frozenset({"pc", "g"})
_OPENING = frozenset({"sc", "bpt", "bx"})
_CLOSING = frozenset({"ec", "ept", "ex"})
_ALONE = frozenset({"ph", "x", "it", "cp"})


def _pieces_back(element: Element) -> Iterator[Piece]:
    """Words and codes of a target; marks of a tool's own (remarks, segments) are left out, their words kept."""
    if element.text:
        yield element.text
    for child in element:
        yield from _code_back(child)
        if child.tail:
            yield child.tail


def _code_back(child: Element) -> Iterator[Piece]:
    if not isinstance(child.tag, str):
        return  # a comment
    kind = etree.QName(child).localname
    number = child.get("rid") or child.get("startRef") or child.get("id") or ""
    if kind in _SPANS:
        yield Code(number, Edge.OPENS)
        yield from _pieces_back(child)
        yield Code(number, Edge.CLOSES)
    elif kind in _OPENING:
        yield Code(number, Edge.OPENS)
    elif kind in _CLOSING:
        yield Code(number, Edge.CLOSES)
    elif kind in _ALONE:
        yield Code(number, Edge.ALONE)
    else:
        yield from _pieces_back(child)


def _two(tag: str) -> str:
    return f"{{{_TWO}}}{tag}"


def _one(tag: str) -> str:
    return f"{{{_ONE}}}{tag}"
