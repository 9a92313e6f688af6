"""What the styles and lists of somebody's Word file mean: kinds of blocks, and bold, italic, code."""

import re
from collections.abc import Iterator, Mapping

from msgspec import Struct

from drafts.formats.docx.glyphs import PLAIN, Style
from drafts.formats.docx.styles import KIND_OF_NAME
from drafts.formats.xml_elements import Element, child, q, value
from drafts.text.blocks import BlockKind

_MONO = ("consolas", "courier", "menlo", "monaco", "mono")
_OFF = frozenset({"0", "false", "off", "none"})
_DEEPEST_STYLE = 20
_DEEPEST_HEADING = 5
_CONTENTS = re.compile(r"toc ?(?:[1-9]|heading)")
_BY_NAME: Mapping[str, tuple[BlockKind, int | None]] = {
    **KIND_OF_NAME,
    "intense quote": (BlockKind.QUOTATION, None),
    "block text": (BlockKind.QUOTATION, None),
    "quotations": (BlockKind.QUOTATION, None),
    "preformatted text": (BlockKind.CODE, None),
    "html preformatted": (BlockKind.CODE, None),
    "plain text": (BlockKind.PARAGRAPH, None),
    "list number": (BlockKind.OPERATIVE, None),
    **{f"list bullet {depth}": (BlockKind.BULLET, depth - 1) for depth in range(2, 6)},
    **{f"list number {depth}": (BlockKind.ITEM, depth - 1) for depth in range(2, 6)},
    "normal": (BlockKind.PARAGRAPH, None),
}


class ParagraphLook(Struct, frozen=True):
    """What a paragraph is by its look; no kind where the look says nothing in particular."""

    kind: BlockKind | None
    level: int = 0


class RunLook(Struct, frozen=True):
    """How some words look; struck ones are taken out by somebody who knows no other way, hidden ones nobody sees.

    Raised or lowered words (`is_raised` is None for others) are written with the signs that Unicode has for them.
    """

    style: Style = PLAIN
    is_struck: bool = False
    is_hidden: bool = False
    is_raised: bool | None = None

    def shown(self, words: str) -> str:
        """The words, small signs where all of them have one: m², CO₂, but 1st."""
        signs = _RAISED if self.is_raised else _LOWERED
        return words if self.is_raised is None or {*map(ord, words)} - signs.keys() else words.translate(signs)


_RAISED, _LOWERED = (
    str.maketrans("0123456789+-=()n", "⁰¹²³⁴⁵⁶⁷⁸⁹⁺⁻⁼⁽⁾ⁿ"),
    str.maketrans("0123456789+-=()", "₀₁₂₃₄₅₆₇₈₉₊₋₌₍₎"),
)


_PLAIN_RUN = RunLook()


class DocxStyles:
    """The styles and lists of one file."""

    def __init__(self, styles: Element | None, numbering: Element | None) -> None:
        self.styles = {
            value(style, "styleId"): style
            for style in (styles if styles is not None else ())
            if style.tag == q("style")
        }
        self.formats = dict(_formats(numbering)) if numbering is not None else {}

    def of(self, properties: Element | None) -> ParagraphLook:
        """What a paragraph with these properties is."""
        if properties is None:
            return ParagraphLook(None)
        style = value(properties.find(q("pStyle")))
        listed = self._listed(properties, style)
        named = next(
            filter(None, (self._named(name, element, properties) for name, element in self._line(style))), None
        )
        if named is None or (named.kind is BlockKind.PARAGRAPH and listed):
            return _outlined(properties) or listed or named or ParagraphLook(None)
        return named

    def _named(self, name: str, style: Element, properties: Element) -> ParagraphLook | None:
        """What the name of a style says, or its place in the outline."""
        kind, level = _BY_NAME.get(name, (None, None))
        if kind in {BlockKind.ITEM, BlockKind.BULLET} and level is None:
            level = self._level(properties, kind)
        return ParagraphLook(kind, level or 0) if kind else _outlined(style.find(q("pPr")))

    def _listed(self, properties: Element, style: str) -> ParagraphLook | None:
        """What a list makes of a paragraph: numbers at the margin count paragraphs, deeper ones items."""
        number, level = value(child(properties, "numPr/numId")), value(child(properties, "numPr/ilvl")) or "0"
        if not number:
            styles = [element for _, element in self._line(style)]
            number = next((found for style in styles if (found := value(child(style, "pPr/numPr/numId")))), "")
        form = self.formats.get((number, level), "")
        depth = min(int(level), 8) if level.isdecimal() else 0
        if not number or number == "0" or form == "none":
            return None
        if form in {"bullet", ""}:
            return ParagraphLook(BlockKind.BULLET, depth)
        if depth == 0 and form in {"decimal", "decimalZero"}:
            return ParagraphLook(BlockKind.OPERATIVE)
        return ParagraphLook(BlockKind.ITEM, max(depth, 1))

    def _level(self, properties: Element, kind: BlockKind | None) -> int:
        level = value(child(properties, "numPr/ilvl"))
        depth = int(level) if level.isdecimal() else 0
        return depth + 1 if kind is BlockKind.ITEM else depth

    def _line(self, style: str) -> Iterator[tuple[str, Element]]:
        """A style and those it is based on: their names in lower case."""
        for _ in range(_DEEPEST_STYLE):
            element = self.styles.get(style)
            if element is None:
                return
            yield value(element.find(q("name"))).casefold(), element
            style = value(element.find(q("basedOn")))

    def is_contents(self, properties: Element | None) -> bool:
        """Whether a paragraph stands in a table of contents."""
        style = value(properties.find(q("pStyle"))) if properties is not None else ""
        names = (name for name, _ in self._line(style)) if style in self.styles else (style.casefold(),)
        return any(_CONTENTS.fullmatch(name) for name in names)

    def _looks(self, style: str) -> list[Element]:
        return [found for _, element in self._line(style) if (found := element.find(q("rPr"))) is not None]

    def run(self, properties: Element | None, paragraph: str = "") -> RunLook:
        """The look of a run, from its own properties and its character style; that of its `paragraph` may hide it."""
        beneath = self._looks(paragraph)
        if properties is None:
            return RunLook(_PLAIN_RUN.style, is_hidden=True) if _is_on(beneath, "vanish") else _PLAIN_RUN
        line = [properties, *self._looks(value(properties.find(q("rStyle"))))]
        style = Style(
            is_bold=_is_on(line, "b"), is_italic=_is_on(line, "i"), is_code=any(_is_mono(element) for element in line)
        )
        position = next(filter(None, (value(part.find(q("vertAlign"))) for part in line)), "")
        return RunLook(
            style,
            is_struck=_is_on(line, "strike") or _is_on(line, "dstrike"),
            is_hidden=_is_on([*line, *beneath], "vanish"),
            is_raised={"superscript": True, "subscript": False}.get(position),
        )


def _outlined(properties: Element | None) -> ParagraphLook | None:
    """A heading by its place in the outline."""
    outline = value(properties.find(q("outlineLvl"))) if properties is not None else ""
    return (
        ParagraphLook(BlockKind.HEADING, int(outline) + 1)
        if outline.isdecimal() and int(outline) < _DEEPEST_HEADING
        else None
    )


def _is_on(line: list[Element], tag: str) -> bool:
    for properties in line:
        found = properties.find(q(tag))
        if found is not None:
            return value(found).lower() not in _OFF
    return False


def _is_mono(properties: Element) -> bool:
    fonts = properties.find(q("rFonts"))
    name = value(fonts, "ascii").lower() if fonts is not None else ""
    return any(mono in name for mono in _MONO)


def _formats(numbering: Element) -> Iterator[tuple[tuple[str, str], str]]:
    """The form of every level of every list."""
    abstract: dict[str, dict[str, str]] = {}
    for element in numbering.iter(q("abstractNum")):
        levels = {value(level, "ilvl"): value(level.find(q("numFmt"))) for level in element.iter(q("lvl"))}
        abstract[value(element, "abstractNumId")] = levels
    for number in numbering.iter(q("num")):
        base = abstract.get(value(number.find(q("abstractNumId"))), {})
        for level, form in base.items():
            yield (value(number, "numId"), level), form
