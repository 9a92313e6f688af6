"""Akoma Ntoso read as a first draft: our own editions block by block, those of others as far as they are built alike.

What our editions print around the adopted text (signatories, reservations, annexes and the table of numbers
that were added to it, the implied closing clause) is no part of it and is left out, as is what is absent by decision.
The parser is the caller's: one that touches neither entities nor the network.
"""

import re
from collections.abc import Iterator
from itertools import chain

from msgspec import Struct, field
from msgspec.structs import replace

from drafts.base.errors import TooLarge
from drafts.formats.akoma_ntoso import NAMESPACE
from drafts.formats.docx.glyphs import PLAIN, GlyphKind, Style, StyledPiece
from drafts.formats.docx.inline_markdown import markdown_of, table_back
from drafts.formats.inline_runs import SAFE_TARGET
from drafts.formats.xml_elements import Element
from drafts.text.blocks import HARD_BREAK, Block, BlockKind, Document, Language
from drafts.text.markup import write_markdown

MOST_BLOCKS = 20_000
_DEEPEST_HEADING = 5
_DEEPEST = 60  # elements within elements
_SPACES = re.compile(r"[ \t\r\n]+")
_OURS = "/ontology/software/declaration-workspace"
_AROUND = re.compile(r"b-(?:signator|reservation|origin-|annex-|renumbered)")
_PARTS_AROUND = frozenset({"reservation", "signatory", "origin"})
_SECTIONS = frozenset({"section", "part", "chapter", "book", "title", "tome", "article", "division", "subsection"}) | {
    "subchapter",
    "subtitle",
    "subpart",
    "clause",
    "rule",
    "hcontainer",
}
_UNITS = frozenset({"paragraph", "subparagraph", "alinea", "proviso", "tblock"})
_LISTED = frozenset({"point", "indent", "item"})
_PASSED_OVER = frozenset({"meta", "num", "heading", "subheading", "authorialNote", "remark", "docTitle"})


def is_akoma_ntoso(data: bytes) -> bool:
    """Whether a file says of itself that it is one."""
    return NAMESPACE.encode() in data[:2_000] and b"<" in data[:100]


def first_text(root: Element) -> str:
    """The text as Markdown. Raises `TooLarge` for what no declaration is."""
    reader = _AkomaNtosoReader(is_ours=any(element.get("href") == _OURS for element in root.iter(_name("TLCObject"))))
    blocks = [*reader.blocks(root, depth=0), *reader.note_blocks()]
    return write_markdown(Document(tuple(blocks), Language.EN))  # Markdown is the same in every language


def _name(tag: str) -> str:
    return f"{{{NAMESPACE}}}{tag}"


def _tag(element: Element) -> str:
    return element.tag.rpartition("}")[2] if isinstance(element.tag, str) else ""


def _is_empty(line: Element) -> bool:
    """Whether there is but one element in it, without words: what a rule is written as."""
    return len(line) == 1 and not len(line[0]) and not "".join(map(str, line.itertext())).strip()


class _AkomaNtosoReader(Struct):
    """Walks one document; footnotes are gathered where they are called."""

    is_ours: bool
    notes: dict[str, str] = field(default_factory=dict)
    count: int = 0

    # Blocks

    def blocks(self, parent: Element, *, depth: int, level: int = 0) -> Iterator[Block]:
        """The blocks inside an element: `depth` headings and `level` lists stand above them."""
        for element in parent:
            if not self._is_left_out(element):
                yield from self._block(element, depth, level)

    def _block(self, element: Element, depth: int, level: int) -> Iterator[Block]:
        match _tag(element):
            case "preface":
                yield from self._preface(element)
            case "p" | "longTitle" | "formula" | "block":
                yield from self._paragraph(element, BlockKind.PARAGRAPH)
            case "table":
                yield self._table(element)
            case "attachment":
                yield from self._headed(element, BlockKind.ANNEX, depth=0)
            case tag if tag in _SECTIONS:
                yield from self._headed(element, BlockKind.HEADING, depth=depth + 1)
            case tag if tag in _UNITS:
                yield from self._unit(element, depth, level)
            case tag if tag in _LISTED:
                yield from self._item(element, depth, level + 1)
            case tag if tag in _PASSED_OVER or not tag:
                return
            case _:
                yield from self.blocks(element, depth=depth, level=level)

    def _is_left_out(self, element: Element) -> bool:
        if element.get("class") == "absent":
            return True
        if not self.is_ours:
            return False
        is_around = _AROUND.match(element.get("eId", "")) or element.get("class") in _PARTS_AROUND
        parent = element.getparent()
        is_closing = parent is not None and _tag(parent) == "conclusions"
        return bool(is_around) or (is_closing and _tag(element) == "p" and not element.get("eId"))

    def _preface(self, preface: Element) -> Iterator[Block]:
        """The title with what stands under it, then place and date."""
        title = next(preface.iter(_name("docTitle")), None)
        lines = [element for element in preface.iter(_name("p")) if title is None or title not in element.iter()]
        under = [element for element in lines if self.is_ours and not element.get("eId")]
        if title is not None:
            words = [self.words(title), *(self.words(element) for element in under)]
            yield self._made(BlockKind.TITLE, HARD_BREAK.join(word for word in words if word))
        for element in lines:
            if element not in under:
                yield from self._paragraph(element, BlockKind.PARAGRAPH)

    def _headed(self, element: Element, kind: BlockKind, *, depth: int) -> Iterator[Block]:
        """A part with its heading; one that has none is no part."""
        titles = [
            self.words(child) for tag in ("num", "heading", "subheading") for child in element.iterchildren(_name(tag))
        ]
        words = " ".join(word for word in titles if word)
        if words:
            yield self._made(kind, words, min(max(depth, 1), _DEEPEST_HEADING))
        yield from self.blocks(element, depth=depth if words else max(depth - 1, 0))

    def _unit(self, element: Element, depth: int, level: int) -> Iterator[Block]:
        """A paragraph: numbered if it has a number; only the first of its lines is."""
        number = element.find(_name("num"))
        own = [element for element in element if _tag(element) in {"content", "intro"}]
        kind = BlockKind.PARAGRAPH if number is None or level else BlockKind.OPERATIVE
        for line in own:
            for block in self.blocks(line, depth=depth):
                is_first = kind is BlockKind.OPERATIVE and block.kind is BlockKind.PARAGRAPH
                yield replace(block, kind=kind) if is_first else block
                kind = BlockKind.PARAGRAPH if is_first else kind
            if self.is_ours and _is_empty(line):
                yield self._made(BlockKind.RULE, "---")
        is_loose = self.is_ours and not own
        for rest in element:
            if rest not in own and not self._is_left_out(rest):
                yield from self._loose(rest, depth) if is_loose else self._block(rest, depth, level)

    def _loose(self, element: Element, depth: int) -> Iterator[Block]:
        """An item of a list that no paragraph introduces: bullets of such a list stand at the margin."""
        for block in self._block(element, depth, 0):
            yield replace(block, level=block.level - 1) if block.kind is BlockKind.BULLET else block

    def _item(self, element: Element, depth: int, level: int) -> Iterator[Block]:
        is_bullet = _tag(element) == "indent"
        kind = BlockKind.BULLET if is_bullet else BlockKind.ITEM
        lines = chain.from_iterable(
            self.blocks(element, depth=depth) for element in element if _tag(element) in {"content", "intro"}
        )
        for block in lines:
            is_own = block.kind is BlockKind.PARAGRAPH
            yield replace(block, kind=kind, level=level) if is_own else block
            kind = BlockKind.PARAGRAPH if is_own else kind
        for child in element:
            if _tag(child) not in {"content", "intro", "num"} and not self._is_left_out(child):
                yield from self._block(child, depth, level)

    def _paragraph(self, element: Element, kind: BlockKind) -> Iterator[Block]:
        only = element[0] if len(element) == 1 and not (element.text or "").strip() else None
        if only is not None and only.get("class") == "code" and not (only.tail or "").strip():
            code = "".join(str(words) for words in only.itertext()).strip("\n")
            yield self._made(BlockKind.CODE, f"```\n{code}\n```")
        elif words := self.words(element):
            is_quoted = element.get("class") == "quotation"
            yield self._made(BlockKind.QUOTATION if is_quoted else kind, words)

    def _table(self, table: Element) -> Block:
        rows = [
            [list(self._trimmed(self._inside(cell, PLAIN, 0))) for cell in row if _tag(cell) in {"td", "th"}]
            for row in table.iter(_name("tr"))
        ]
        head, rule, *lines = table_back("", rows).text.split("\n")
        return self._made(BlockKind.TABLE, "\n".join([head, rule.replace("---|", " --- |"), *lines]))

    def _made(self, kind: BlockKind, words: str, level: int = 0) -> Block:
        self.count += 1
        if self.count > MOST_BLOCKS:
            raise TooLarge("too many blocks", what="blocks", size=self.count, limit=MOST_BLOCKS)
        return Block(f"a{self.count}", kind, words, level)

    def note_blocks(self) -> Iterator[Block]:
        for label, words in self.notes.items():
            yield self._made(BlockKind.NOTE, f"[^{label}]: {words}")

    # Words

    def words(self, element: Element) -> str:
        """What an element says, as inline Markdown."""
        return markdown_of(list(self._trimmed(self._inside(element, PLAIN, 0))))

    def _trimmed(self, pieces: Iterator[StyledPiece]) -> list[StyledPiece]:
        """The pieces without the spaces by which files are laid out: none at the ends, one between words."""
        made: list[StyledPiece] = []
        is_spaced = True
        for given in pieces:
            piece = given
            if given.kind is GlyphKind.TEXT and not given.style.is_code:
                text = _SPACES.sub(" ", given.text)
                text = text.removeprefix(" ") if is_spaced else text
                if not text:
                    continue
                piece = replace(given, text=text)
            is_spaced = piece.kind is GlyphKind.BREAK or piece.text.endswith(" ")
            made.append(piece)
        if made and made[-1].kind is GlyphKind.TEXT:
            made[-1] = replace(made[-1], text=made[-1].text.rstrip(" "))
        return [piece for piece in made if piece.text]

    def _inside(self, element: Element, style: Style, depth: int) -> Iterator[StyledPiece]:
        if depth > _DEEPEST:
            raise TooLarge("too deep", what="depth", size=depth, limit=_DEEPEST)
        if element.text:
            yield StyledPiece(GlyphKind.TEXT, element.text, style)
        for child in element:
            if isinstance(child.tag, str):
                yield from self._inline(child, style, depth + 1)
            if child.tail:
                yield StyledPiece(GlyphKind.TEXT, child.tail, style)

    def _inline(self, element: Element, style: Style, depth: int) -> Iterator[StyledPiece]:
        match _tag(element):
            case "i":
                yield from self._inside(element, replace(style, is_italic=True), depth)
            case "b":
                yield from self._inside(element, replace(style, is_bold=True), depth)
            case "span" if element.get("class") == "code":
                yield from self._inside(element, replace(style, is_code=True), depth)
            case "a":
                target = element.get("href", "")
                is_kept = SAFE_TARGET.match(target) is not None
                yield from self._inside(element, replace(style, link=target) if is_kept else style, depth)
            case "br" | "eol":
                yield StyledPiece(GlyphKind.BREAK, "\n")
            case "authorialNote":
                yield self._note(element, depth)
            case "p":  # paragraphs within a cell
                yield from self._inside(element, style, depth)
                yield StyledPiece(GlyphKind.TEXT, " ", style)
            case _:
                yield from self._inside(element, style, depth)

    def _note(self, element: Element, depth: int) -> StyledPiece:
        """The mark of a footnote; a later one with the same mark and words is the same footnote."""
        words = markdown_of(self._trimmed(self._inside(element, PLAIN, depth)))
        label = re.sub(r"[\[\]\s^]", "", element.get("marker", "")) or str(len(self.notes) + 1)
        if self.notes.setdefault(label, words) != words:
            label = str(len(self.notes) + 1)
            self.notes[label] = words
        return StyledPiece(GlyphKind.NOTE, label)
