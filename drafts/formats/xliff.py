"""XLIFF 2.1 and 1.2: a declaration on its way to a translator's own tool, and back.

One file for each pair of languages and one unit for each block, under the block's id, not to be divided. Every
unit names the versions that its texts are, so that whoever takes the file back can tell what has moved since.
"""

import re
from collections.abc import Iterator, Sequence
from enum import StrEnum
from itertools import pairwise
from typing import cast

from lxml import etree
from msgspec import Struct

from drafts.base.errors import BadExchange, TooLarge
from drafts.checks.characters import is_blank
from drafts.formats.xml_elements import Element
from drafts.text.blocks import Language
from drafts.text.mark_pairs import pairs_of_marks
from drafts.text.tokens import TokenKind, tokenize

_LONE_KINDS = frozenset({TokenKind.FOOTNOTE, TokenKind.REFERENCE, TokenKind.LINE})
_SPANNING = "*_~`]"


class CodeEdge(StrEnum):
    """What a code does."""

    OPENS = "opens"
    CLOSES = "closes"
    ALONE = "alone"


class InlineCode(Struct, frozen=True):
    """An inline code: its number, what it does, and the Markdown it stands for ("" where only a tool knows)."""

    number: str
    edge: CodeEdge
    mark: str = ""


Piece = str | InlineCode


class RestoredText(Struct, frozen=True):
    """A text put together again; `unknown` numbers of codes are not the source's, `lost` ones were left out."""

    text: str
    unknown: tuple[str, ...] = ()
    lost: tuple[str, ...] = ()


def coded_pieces(text: str) -> tuple[Piece, ...]:
    """Markdown as words and codes; the words and marks in their order are the text again."""
    marks = dict(_marks(text))
    edges = sorted({0, len(text), *marks, *(at + len(code.mark) for at, code in marks.items())})
    found: list[Piece] = []
    for start, end in pairwise(edges):
        found.append(marks.get(start) or text[start:end])
    return tuple(found)


def restore_codes(given: Sequence[Piece], source: str, target: str = "") -> RestoredText:
    """What a tool gave back, as Markdown: each code is what it was in the `target` sent out, or else in `source`."""
    codes = coded_pieces(source)
    wanted = {(piece.number, piece.edge): piece.mark for piece in codes if isinstance(piece, InlineCode)}
    had = {
        (inline_code.number, inline_code.edge): inline_code.mark
        for inline_code in matched(codes, coded_pieces(target))
        if isinstance(inline_code, InlineCode)
    }
    known = {**wanted, **had}
    used: set[tuple[str, CodeEdge]] = set()
    words, unknown = [], []
    for piece in given:
        if isinstance(piece, str):
            words.append(piece)
            continue
        used.add((piece.number, piece.edge))
        mark = known.get((piece.number, piece.edge), piece.mark)
        if not mark:
            unknown.append(piece.number)
        words.append(mark)
    lost = [number for number, edge in wanted if (number, edge) not in used]
    return RestoredText("".join(words), tuple(dict.fromkeys(unknown)), tuple(dict.fromkeys(lost)))


def matched(source: Sequence[Piece], target: Sequence[Piece]) -> tuple[Piece, ...]:
    """The pieces of a translation with the numbers that the source gives the same marks, in their order."""
    free: dict[tuple[str, CodeEdge], list[str]] = {}
    for piece in source:
        if isinstance(piece, InlineCode) and piece.edge is not CodeEdge.CLOSES:
            free.setdefault((_sort(piece.mark), piece.edge), []).append(piece.number)
    numbers: dict[str, str] = {}
    for piece in target:
        if isinstance(piece, InlineCode) and piece.number not in numbers:
            same = free.get((_sort(piece.mark), piece.edge), [])
            numbers[piece.number] = same.pop(0) if same else f"t{piece.number}"
    return tuple(
        piece if isinstance(piece, str) else InlineCode(numbers[piece.number], piece.edge, piece.mark)
        for piece in target
    )


def _sort(mark: str) -> str:
    """What makes two marks the same in two languages: links may lead elsewhere."""
    return mark if mark.startswith("[") else mark[0]


def _marks(text: str) -> Iterator[tuple[int, InlineCode]]:
    """Every mark of a text by its place, numbered as they come; the two of a pair have one number."""
    opening = {mark.start: mark.end for mark in pairs_of_marks(text)[0] if mark.sign[0] in _SPANNING}
    closing: dict[int, str] = {}
    at = number = 0
    for token in tokenize(text):
        if at in closing:
            yield at, InlineCode(closing[at], CodeEdge.CLOSES, token.text)
        elif at in opening:
            number += 1
            closing[opening[at]] = str(number)
            yield at, InlineCode(str(number), CodeEdge.OPENS, token.text)
        elif token.kind in _LONE_KINDS or (token.kind is TokenKind.MARK):
            number += 1
            yield at, InlineCode(str(number), CodeEdge.ALONE, token.text)
        at += len(token.text)


XLIFF = "application/xliff+xml"
LARGEST = 20_000_000
MOST_UNITS = 20_000
_TWO = "urn:oasis:names:tc:xliff:document:2.0"
_ONE = "urn:oasis:names:tc:xliff:document:1.2"
_OWN = "urn:declaration-workspace:exchange"
_XML = "http://www.w3.org/XML/1998/namespace"
_PREFIX = "b-"
_MATCH = "{urn:oasis:names:tc:xliff:matches:2.0}match"
_MT_CONFIDENCE = "{http://www.w3.org/2005/11/its}mtConfidence"
_BY_MACHINE = re.compile(r"(?<![a-z])mt(?![a-z])|machine", re.IGNORECASE)
_KNOWN = {_ONE: {"1.2"}, _TWO: {"2.0", "2.1"}}  # versions that are read, by namespace


class XliffVersion(StrEnum):
    """The versions of the format: older desktop tools read only the older one."""

    TWO = "2.1"
    ONE = "1.2"


class UnitProgress(StrEnum):
    """How far a unit is, as XLIFF 2 says it."""

    INITIAL = "initial"
    TRANSLATED = "translated"
    REVIEWED = "reviewed"
    FINAL = "final"


_LOOKED_AT = frozenset({UnitProgress.REVIEWED, UnitProgress.FINAL})
_OLDER = {
    UnitProgress.INITIAL: "needs-translation",
    UnitProgress.TRANSLATED: "translated",
    UnitProgress.REVIEWED: "signed-off",
    UnitProgress.FINAL: "final",
}


class XliffUnit(Struct, frozen=True):
    """One block out: its texts, the versions these are (`target_version` "" without a text), and notes."""

    block: str
    name: str
    source: str
    target: str
    source_version: str
    target_version: str
    progress: UnitProgress
    notes: tuple[str, ...] = ()


class XliffDocument(Struct, frozen=True):
    """What is sent out: of which declaration, at which revision, in which pair of languages."""

    declaration: str
    name: str
    revision: int
    source: Language
    target: Language
    units: tuple[XliffUnit, ...]


class ReturnedUnit(Struct, frozen=True):
    """One unit that came back. `target` is None where it has none; codes are as the tool left them.

    `source` is what the file holds as the source; `progress` is how far a tool says that the translation is, None
    where it does not. `is_unsure`: by what the file says a machine wrote it, or somebody has yet to look at it.
    """

    block: str
    line: int
    source_version: str
    target_version: str
    target: tuple[Piece, ...] | None
    notes: tuple[str, ...] = ()
    source: tuple[Piece, ...] = ()
    progress: UnitProgress | None = None
    is_unsure: bool = False


class ReturnedXliff(Struct, frozen=True):
    """A file that came back."""

    declaration: str
    source: Language
    target: Language
    units: tuple[ReturnedUnit, ...]


def write(exchange: XliffDocument, form: XliffVersion = XliffVersion.TWO) -> bytes:
    """The file, the same bytes for the same texts."""
    root = _written_two(exchange) if form is XliffVersion.TWO else _written_xliff_1(exchange)
    return etree.tostring(root, encoding="UTF-8", xml_declaration=True, pretty_print=False)


def read(data: bytes) -> ReturnedXliff:
    """A file of either version. Raises `BadExchange` (with its line) for what is none, or is none of ours."""
    root = _parsed(data)
    name = etree.QName(root)
    if name.localname != "xliff" or root.get("version") not in _KNOWN.get(name.namespace or "", ()):
        raise BadExchange("not XLIFF", reason="not_xliff", line=1)
    files = list(root.iterchildren(f"{{{name.namespace}}}file"))
    if not files:
        raise BadExchange("no file in it", reason="not_xliff", line=1)
    source, target = ("source-language", "target-language") if name.namespace == _ONE else ("srcLang", "trgLang")
    says = files[0] if name.namespace == _ONE else root
    return _read(files, says.get(source, ""), says.get(target, ""))


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


def _written_two(exchange: XliffDocument) -> Element:
    root = etree.Element(_two("xliff"), nsmap=cast("dict[str, str]", {None: _TWO, "dw": _OWN}), version="2.1")
    root.set("srcLang", exchange.source)
    root.set("trgLang", exchange.target)
    file = etree.SubElement(root, _two("file"), id="f1", original=exchange.name, canResegment="no")
    file.set(f"{{{_OWN}}}declaration", exchange.declaration)
    file.set(f"{{{_OWN}}}revision", str(exchange.revision))
    for unit in exchange.units:
        _unit_two(file, unit)
    return root


def _unit_two(file: Element, unit: XliffUnit) -> None:
    made = etree.SubElement(file, _two("unit"), id=_PREFIX + unit.block, name=unit.name, canResegment="no")
    _set_versions(made, unit)
    source, target = coded_pieces(unit.source), coded_pieces(unit.target)
    if unit.notes:
        notes = etree.SubElement(made, _two("notes"))
        for place, note in enumerate(unit.notes, start=1):
            etree.SubElement(notes, _two("note"), id=f"n{place}").text = note
    own = matched(source, target)
    data = _data([*source, *own])
    if data:
        originals = etree.SubElement(made, _two("originalData"))
        for mark, name in data.items():
            element = etree.SubElement(originals, _two("data"), id=name)
            element.set(f"{{{_XML}}}space", "preserve")
            element.text = mark
    segment = etree.SubElement(made, _two("segment"), id="s1", state=unit.progress)
    _fill_two(etree.SubElement(segment, _two("source")), source, data)
    if unit.target:
        _fill_two(etree.SubElement(segment, _two("target")), own, data)


def _data(of: Sequence[Piece]) -> dict[str, str]:
    marks = dict.fromkeys(piece.mark for piece in of if isinstance(piece, InlineCode))
    return {mark: f"d{place}" for place, mark in enumerate(marks, start=1)}


def _fill_two(element: Element, of: Sequence[Piece], data: dict[str, str]) -> None:
    element.set(f"{{{_XML}}}space", "preserve")
    open_ones = [element]
    for place, piece in enumerate(of):
        if isinstance(piece, str):
            _append(open_ones[-1], piece)
        elif piece.edge is CodeEdge.ALONE:
            etree.SubElement(open_ones[-1], _two("ph"), id=piece.number, dataRef=data[piece.mark], equiv=piece.mark)
        elif piece.edge is CodeEdge.OPENS:
            end = next(
                code
                for code in of[place:]
                if isinstance(code, InlineCode) and code.number == piece.number and code is not piece
            )
            span = etree.SubElement(open_ones[-1], _two("pc"), id=piece.number)
            span.set("dataRefStart", data[piece.mark])
            span.set("dataRefEnd", data[end.mark])
            open_ones.append(span)
        else:
            open_ones.pop()


# Out: version 1.2


def _written_xliff_1(exchange: XliffDocument) -> Element:
    root = etree.Element(_xliff_1("xliff"), nsmap=cast("dict[str, str]", {None: _ONE, "dw": _OWN}), version="1.2")
    file = etree.SubElement(root, _xliff_1("file"), original=exchange.name, datatype="x-markdown")
    file.set("source-language", exchange.source)
    file.set("target-language", exchange.target)
    file.set(f"{{{_OWN}}}declaration", exchange.declaration)
    file.set(f"{{{_OWN}}}revision", str(exchange.revision))
    body = etree.SubElement(file, _xliff_1("body"))
    for unit in exchange.units:
        _unit_xliff_1(body, unit)
    return root


def _unit_xliff_1(body: Element, unit: XliffUnit) -> None:
    made = etree.SubElement(body, _xliff_1("trans-unit"), id=_PREFIX + unit.block, resname=unit.name)
    made.set(f"{{{_XML}}}space", "preserve")
    _set_versions(made, unit)
    source = coded_pieces(unit.source)
    _fill_xliff_1(etree.SubElement(made, _xliff_1("source")), source)
    if unit.target:
        target = etree.SubElement(made, _xliff_1("target"), state=_OLDER[unit.progress])
        _fill_xliff_1(target, matched(source, coded_pieces(unit.target)))
    for note in unit.notes:
        etree.SubElement(made, _xliff_1("note")).text = note


def _fill_xliff_1(element: Element, of: Sequence[Piece]) -> None:
    open_ones = [element]
    for piece in of:
        if isinstance(piece, str):
            _append(open_ones[-1], piece)
        elif piece.edge is CodeEdge.ALONE:
            etree.SubElement(open_ones[-1], _xliff_1("x"), id=piece.number).set("equiv-text", piece.mark)
        elif piece.edge is CodeEdge.OPENS:
            open_ones.append(etree.SubElement(open_ones[-1], _xliff_1("g"), id=piece.number))
        else:
            open_ones.pop()


def _set_versions(element: Element, unit: XliffUnit) -> None:
    element.set(f"{{{_OWN}}}source", unit.source_version)
    element.set(f"{{{_OWN}}}target", unit.target_version)


def _append(element: Element, words: str) -> None:
    if len(element):
        element[-1].tail = (element[-1].tail or "") + words
    else:
        element.text = (element.text or "") + words


# In


def _read(files: Sequence[Element], source: str, target: str) -> ReturnedXliff:
    units = [unit for file in files for unit in file.iter(_two("unit"), _xliff_1("trans-unit"))]
    if len(units) > MOST_UNITS:
        raise TooLarge("too many units", what="file", size=len(units), limit=MOST_UNITS)
    declaration = files[0].get(f"{{{_OWN}}}declaration", "")
    return ReturnedXliff(declaration, _language(source), _language(target), tuple(map(_unit_back, units)))


def _sides(unit: Element, side: str) -> Iterator[Piece]:
    """A unit in one language, with what stands between segments where a tool has divided it all the same."""
    for part in (unit, *unit.iterchildren(_two("segment"), _two("ignorable"))):
        found = part.find(f"{{*}}{side}")
        if found is None and etree.QName(part).localname == "ignorable":
            found = part.find("{*}source")
        if found is not None:
            yield from _pieces_back(found)


def _progress(unit: Element) -> UnitProgress | None:
    """That of the segment which is least far."""
    known = {**{older: progress for progress, older in _OLDER.items()}, **{each.value: each for each in UnitProgress}}
    states = [part.get("state") for part in unit.iterchildren(_two("segment"), _xliff_1("target"))]
    order = list(UnitProgress)
    return min((known[state] for state in states if state in known), key=order.index, default=None)


def _is_unsure(unit: Element, words: Sequence[Piece], progress: UnitProgress | None) -> bool:
    """Whether the file says that a machine wrote the words, and not that a person has looked at them."""
    parts = [part for own in unit.iterchildren(_two("segment"), _xliff_1("target")) for part in own.iter(etree.Element)]
    said = " ".join(part.get(name, "") for part in parts for name in ("subState", "state-qualifier"))
    is_marked = any(part.get(_MT_CONFIDENCE) for part in parts) or bool(_BY_MACHINE.search(said))
    if any(part.get("state", "").startswith("needs-review") for part in parts):
        return True
    if is_marked or progress in {UnitProgress.TRANSLATED, *_LOOKED_AT}:
        return is_marked and progress not in _LOOKED_AT
    offered = [match for match in unit.iter(_MATCH) if match.get("type") == "mt"]
    targets = (target for match in offered for target in match.iter(_two("target")))
    return any(tuple(_pieces_back(target)) == tuple(words) for target in targets)


def _language(tag: str) -> Language:
    plain = tag.partition("-")[0].lower()
    if plain not in set(Language):
        raise BadExchange(f"a language that is not ours: {tag}", reason="unknown_language", line=1)
    return Language(plain)


def _unit_back(unit: Element) -> ReturnedUnit:
    found = tuple(_sides(unit, "target"))
    notes = unit.iter(_two("note"), _xliff_1("note"))
    progress = _progress(unit)
    return ReturnedUnit(
        block=(unit.get("id") or "").removeprefix(_PREFIX),
        line=cast("int | None", unit.sourceline) or 0,
        source_version=unit.get(f"{{{_OWN}}}source", ""),
        target_version=unit.get(f"{{{_OWN}}}target", ""),
        target=found if any(isinstance(piece, InlineCode) or not is_blank(piece) for piece in found) else None,
        notes=tuple(text for note in notes if (text := "".join(map(str, note.itertext())).strip())),
        source=tuple(_sides(unit, "source")),
        progress=progress,
        is_unsure=_is_unsure(unit, found, progress),
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
        yield InlineCode(number, CodeEdge.OPENS)
        yield from _pieces_back(child)
        yield InlineCode(number, CodeEdge.CLOSES)
    elif kind in _OPENING:
        yield InlineCode(number, CodeEdge.OPENS)
    elif kind in _CLOSING:
        yield InlineCode(number, CodeEdge.CLOSES)
    elif kind in _ALONE:
        yield InlineCode(number, CodeEdge.ALONE)
    else:
        yield from _pieces_back(child)


def _two(tag: str) -> str:
    return f"{{{_TWO}}}{tag}"


def _xliff_1(tag: str) -> str:
    return f"{{{_ONE}}}{tag}"
