"""Markdown to blocks and back, losing nothing: numbers, bullets and indentation become structure and return.

How nesting is told. A numbered item at the margin is OPERATIVE (level 0); an
ordered or lettered item anywhere else is ITEM with the level of its nesting, at
least 1; a BULLET has level 0 at the margin and n inside n other items. A further
paragraph of an item, or a quotation, table, code or rule inside it, stands one
level deeper than the item. HEADING level 0 is a `# ` after the title.

A number is what an author's count left, so it is computed again on writing. An
"item" numbered 1000 or more that does not continue a count is a sentence that
begins with a year: it stays a paragraph, with its number.

A mark at the start of a line that was escaped (`1900\\. The year`, `\\- a dash`)
is kept without the backslash and escaped again on writing. An address given by a
reference link is written into the link; a definition that nothing uses stays a
paragraph.
"""

import re
import unicodedata
from collections.abc import Callable, Iterator, Sequence

from markdown_it.tree import SyntaxTreeNode
from msgspec import Struct

from drafts.base.errors import BadMarkdown, NotText, TooLarge
from drafts.text import markdown_parser
from drafts.text.blocks import (
    AS_IS,
    CONTAINERS,
    HARD_BREAK,
    HEADINGS,
    Block,
    BlockKind,
    Document,
    Language,
    canonical,
    ordinals,
    roman,
    roman_value,
)
from drafts.text.markdown_parser import escaped, settled_line, unescaped

SOURCE_LIMIT = 2_000_000  # bytes
BLOCK_LIMIT = 20_000
BEGINNING_LIMIT = 2 * BLOCK_LIMIT  # lines that look like the beginning of a block; those of code are none
DEPTH_LIMIT = 20
BRACKET_LIMIT = 5_000  # each may open a link, and looking for its end costs far more than reading a word
_YEARS_FROM = 1000

_BEGINNING = re.compile(r"^[ >]*(?:[-*+]|\d{1,9}[.)]|#{1,6})(?=[ \t]|$)|(?:\A|(?<=\n\n))[^\n]", re.MULTILINE)
_HEADING_MARK = re.compile(r"(?<![^ ])\\(#+)$")


def decode(data: bytes, source: str) -> str:
    """Return the UTF-8 text of a file named `source`. Raises `NotText`, or `TooLarge` beyond 2 MB."""
    if len(data) > SOURCE_LIMIT:
        raise TooLarge(f"{source} is too large", what="source", size=len(data), limit=SOURCE_LIMIT)
    wrong = data.find(b"\0")
    if wrong < 0:
        try:
            return data.decode()
        except UnicodeDecodeError as error:
            wrong = error.start
    raise NotText(f"{source} is not UTF-8 text", source=source, line=data.count(b"\n", 0, wrong) + 1)


def read_blocks(source: str, *, language: Language, new_id: Callable[[], str]) -> Document:
    """Read Markdown. Raises `BadMarkdown` for what cannot be kept, `TooLarge` beyond the bounds.

    The text of a block is its Markdown source in canonical form. Parts of a
    declaration (preamble, closing) are not told apart here; see `drafts.text.block_roles`.
    """
    if (size := len(source.encode(errors="surrogatepass"))) > SOURCE_LIMIT:
        raise TooLarge("the text is too large", what="source", size=size, limit=SOURCE_LIMIT)
    if (size := source.count("[")) > BRACKET_LIMIT:
        raise TooLarge("the text has too many brackets", what="brackets", size=size, limit=BRACKET_LIMIT)
    source = source.removeprefix("\ufeff").replace("\r\n", "\n").replace("\r", "\n")
    if "\0" in source:
        raise BadMarkdown("a NUL is no text", line=source[: source.index("\0")].count("\n") + 1, reason="nul")
    if (size := sum(1 for _ in _BEGINNING.finditer(source))) > BEGINNING_LIMIT:
        raise TooLarge("the text has too many blocks", what="blocks", size=size, limit=BLOCK_LIMIT)
    tokens, env = markdown_parser.blocks(_visible(source).translate(_SHIELD))
    reader = _BlockReader(source.split("\n"))
    reader.read_all(SyntaxTreeNode(tokens), _Nesting(inner=0))
    made = [Block(id="", kind=found.kind, text=text, level=found.level) for found, text in _texts(reader.found, env)]
    if len(made) > BLOCK_LIMIT:
        raise TooLarge("the text has too many blocks", what="blocks", size=len(made), limit=BLOCK_LIMIT)
    return Document(tuple(Block(new_id(), block.kind, block.text, block.level) for block in made), language)


_SHIELDED = "\x1c\x1d\x1e\x1f\x85\xa0\u1680\u2028\u2029\u202f\u205f\u3000" + "".join(map(chr, range(0x2000, 0x200B)))
_SHIELD = {ord(a): b for n, s in enumerate(_SHIELDED) for a, b in ((s, chr(0xFDD0 + n)), (chr(0xFDD0 + n), s))}
"""Swaps what Python would strip as white space with noncharacters while blocks are found: no-break spaces stay."""


_INVISIBLE = str.maketrans("", "", "\ufeff\u200b\u00ad")


def _visible(source: str) -> str:
    """The source in the characters of canonical text, so that marks are found where the text will have them."""
    return unicodedata.normalize("NFC", source.translate(_INVISIBLE))


class _Nesting(Struct, frozen=True):
    """Where the reader stands: how many items it is inside of, and whether in a quotation."""

    inner: int
    is_quoted: bool = False
    is_note: bool = False  # directly in a footnote, whose items stand one deeper than those of the text


class _Found(Struct, frozen=True):
    """A block with its text still as in the source."""

    kind: BlockKind
    level: int
    content: str
    line: int
    prefix: str = ""
    is_definition: bool = False


class _BlockReader:
    """Walks the parsed blocks and lists them in order."""

    def __init__(self, lines: Sequence[str]) -> None:
        self.found: list[_Found] = []
        self._lines = lines  # before any character was folded: code keeps every byte
        self._count = 0
        self._has_title = False

    def read_all(self, parent: SyntaxTreeNode, place: _Nesting) -> None:
        flat = _FlatRoman()
        for node in parent.children:
            deeper = flat.level_of(node.info) if node.type == "lettered" else flat.reset()
            self._read(node, place, deeper=deeper)

    def _read(self, node: SyntaxTreeNode, place: _Nesting, *, deeper: int) -> None:
        _ensure_kept(node, place)
        match node.type:
            case "paragraph" | "definition":
                self._paragraph(node, place)
            case "heading":
                self._heading(node)
            case "bullet_list" | "ordered_list":
                for item in node.children:
                    self._list_item(item, place, is_ordered=node.type == "ordered_list")
            case "lettered":
                self._lettered(node, place, deeper=deeper)
            case "footnote_reference":
                self._item(node, place, BlockKind.NOTE, place.inner, prefix=f"[^{node.meta['label']}]: ")
            case "blockquote":
                self.read_all(node, _Nesting(place.inner, is_quoted=True))
            case _:
                self._verbatim(node, place)

    def _paragraph(self, node: SyntaxTreeNode, place: _Nesting) -> None:
        kind = BlockKind.QUOTATION if place.is_quoted else BlockKind.PARAGRAPH
        self._add(kind, place.inner, node)

    def _heading(self, node: SyntaxTreeNode) -> None:
        level = int(node.tag[1]) - 1
        kind = BlockKind.TITLE if level == 0 and not self._has_title else BlockKind.HEADING
        self._has_title = self._has_title or kind is BlockKind.TITLE
        self._add(kind, level, node)

    def _list_item(self, node: SyntaxTreeNode, place: _Nesting, *, is_ordered: bool) -> None:
        if not is_ordered:
            self._item(node, place, BlockKind.BULLET, place.inner)
            return
        number = int(node.info)
        if number >= _YEARS_FROM and number != self._count + 1:
            self._year(node, place, f"{number}{node.markup} ")
        elif place.inner == 0:
            self._count = number
            self._item(node, place, BlockKind.OPERATIVE, 0)
        else:
            self._item(node, place, BlockKind.ITEM, place.inner + place.is_note)

    def _year(self, node: SyntaxTreeNode, place: _Nesting, year: str) -> None:
        """A sentence that begins with a year: a paragraph, or the very text of the item it opens."""
        kind, level, prefix = BlockKind.PARAGRAPH, place.inner, year
        if self.found and _is_empty_holder(self.found[-1], place):
            holder = self.found.pop()
            kind, level, prefix = holder.kind, holder.level, holder.prefix + year
        self._item(node, place, kind, level, prefix=prefix)

    def _lettered(self, node: SyntaxTreeNode, place: _Nesting, *, deeper: int) -> None:
        if place.is_quoted:
            marker = f"{node.markup}{node.info}) "
            self._item(node, place, BlockKind.QUOTATION, place.inner, prefix=marker)
        else:
            self._item(node, place, BlockKind.ITEM, max(1, place.inner) + place.is_note + deeper)

    def _item(self, node: SyntaxTreeNode, place: _Nesting, kind: BlockKind, level: int, prefix: str = "") -> None:
        """An item's first paragraph is its own text; what follows stands inside it."""
        children = node.children
        first = children[0] if children and children[0].type in ("paragraph", "definition") else None
        self._add(kind, level, first or node, prefix=prefix)
        rest = SyntaxTreeNode()
        rest.children = children[1:] if first else children
        inside = _Nesting(level + 1, is_note=kind is BlockKind.NOTE)
        self.read_all(rest, inside if kind in CONTAINERS else place)

    def _verbatim(self, node: SyntaxTreeNode, place: _Nesting) -> None:
        if node.type == "hr":
            self.found.append(_Found(BlockKind.RULE, place.inner, "---", _line(node)))
        elif node.type == "fence":
            content = "\n".join([node.markup + node.info.translate(_SHIELD), *self._code(node), node.markup])
            self.found.append(_Found(BlockKind.CODE, place.inner, content, _line(node)))
        elif node.type == "table" and node.nester_tokens:
            content = node.nester_tokens.opening.content.translate(_SHIELD).strip("\n")
            self.found.append(_Found(BlockKind.TABLE, place.inner, content, _line(node)))
        else:
            raise BadMarkdown(f"cannot keep {node.type}", line=_line(node), reason=node.type)

    def _code(self, node: SyntaxTreeNode) -> Iterator[str]:
        lines = node.content.translate(_SHIELD).removesuffix("\n").split("\n") if node.content else []
        for line, raw in zip(lines, self._lines[_line(node) :], strict=False):
            kept = raw[max(0, len(_visible(raw)) - len(line)) :]
            yield kept if _visible(kept) == line else line

    def _add(self, kind: BlockKind, level: int, node: SyntaxTreeNode, prefix: str = "") -> None:
        is_definition = node.type == "definition"
        content = node.content if is_definition else "".join(c.content for c in node.children if c.type == "inline")
        content = content.translate(_SHIELD)
        self.found.append(_Found(kind, level, content, _line(node), prefix, is_definition))


class _FlatRoman:
    """Tells `i)` under `a)` from the ninth letter, where an author did not indent the lower level."""

    def __init__(self) -> None:
        self._letter = self._roman = ""

    def reset(self) -> int:
        self._letter = self._roman = ""
        return 0

    def level_of(self, marker: str) -> int:
        starts = marker == "i" and self._letter not in ("", "h")
        continues = self._roman and markdown_parser.is_roman(marker) and roman(roman_value(self._roman) + 1) == marker
        self._roman = marker if starts or continues else ""
        self._letter = self._letter if self._roman else marker
        return 1 if self._roman else 0


def _ensure_kept(node: SyntaxTreeNode, place: _Nesting) -> None:
    """Refuse what blocks have no form for."""
    if place.inner > DEPTH_LIMIT:
        raise TooLarge("lists are nested too deep", what="depth", size=place.inner, limit=DEPTH_LIMIT)
    if place.is_quoted and node.type not in ("paragraph", "definition", "lettered"):
        raise BadMarkdown("a quotation holds paragraphs only", line=_line(node), reason="in_quotation")
    if place.inner and node.type == "heading":
        raise BadMarkdown("a heading inside a list", line=_line(node), reason="heading_in_list")


def _is_empty_holder(found: _Found, place: _Nesting) -> bool:
    return found.kind in CONTAINERS and not found.content and found.level + 1 == place.inner


def _line(node: SyntaxTreeNode) -> int:
    while node.map is None and node.children:
        node = node.children[0]
    return node.map[0] + 1 if node.map else 1


def _texts(found: Sequence[_Found], env: dict[str, object]) -> Iterator[tuple[_Found, str]]:
    """Settle the texts, then leave out the definitions whose address has gone into the links that use them."""
    definitions = env.get("references")
    known = definitions if isinstance(definitions, dict) else {}
    settled = [(block, *_settled(block, env, has_links=bool(known))) for block in found]
    used = {label for _, _, labels in settled for label in labels}
    lines = {known[label]["map"][0] + 1 for label in used if label in known}
    for block, text, _ in settled:
        kept = canonical(block.prefix) if block.is_definition and block.line in lines else text
        if kept or block.kind in CONTAINERS | HEADINGS:
            yield block, kept


def _settled(block: _Found, env: dict[str, object], *, has_links: bool) -> tuple[str, set[str]]:
    """The canonical text of a block, and the labels of the definitions it uses."""
    if block.kind in AS_IS:
        return block.content, set()
    if block.kind is BlockKind.TABLE:
        return _table(block.content, env)
    content, labels = _inline(block.content, env, has_links=has_links and not block.is_definition)
    text = canonical(content)
    if block.kind in HEADINGS and HARD_BREAK not in text:
        return _HEADING_MARK.sub(r"\1", text), labels
    text = HARD_BREAK.join(map(settled_line, text.split(HARD_BREAK)))
    return canonical(block.prefix + text), labels


def _inline(content: str, env: dict[str, object], *, has_links: bool) -> tuple[str, set[str]]:
    if not (has_links and "[" in content) and "  \n" not in content and "\\\n" not in content:
        return content.replace("\n", " "), set()
    found = markdown_parser.marks(content, env)
    return markdown_parser.settled(found), found.labels


def _table(content: str, env: dict[str, object]) -> tuple[str, set[str]]:
    rows = [_inline(row, env, has_links="references" in env) for row in content.split("\n")]
    lines = canonical("\n".join(row for row, _ in rows), kind=BlockKind.TABLE).split("\n")
    return "\n".join(lines[:2] + [unescaped(line) for line in lines[2:]]), {n for _, labels in rows for n in labels}


def write_markdown(document: Document) -> str:
    """Write Markdown, numbers printed from order; reading it again gives the same kinds, levels and texts.

    Parts of a declaration come back as paragraphs, for `drafts.text.block_roles` to tell. A
    block whose level hangs on nothing (its item is gone) is written one level up.
    """
    pieces: list[str] = []
    holders = [_Container(0)]
    before: Block | None = None
    for block, number in zip(document.blocks, ordinals(document.blocks), strict=True):
        if before is not None:
            pieces.append("\n" if _is_tight(before, block) else "\n\n")
        holders = _still_open(block, holders)
        pieces.append(_indented(block_markdown(block, number), holders[-1].column))
        holders += _opened(block, number, holders)
        before = block
    return "".join(pieces) + "\n" if pieces else ""


class _Container(Struct, frozen=True):
    """What a block stands in while the text is written: where its contents begin, and whether it is a footnote."""

    column: int
    is_note: bool = False


def _is_tight(before: Block, block: Block) -> bool:
    if not before.text and before.kind in CONTAINERS and block.level > before.level:
        return True  # nothing may come between an empty item and what it holds
    return before.kind is block.kind is BlockKind.BULLET and bool(before.text and block.text)


def _still_open(block: Block, holders: list[_Container]) -> list[_Container]:
    """The holders that `block` is inside of."""
    level = 0 if block.kind in HEADINGS or block.kind is BlockKind.OPERATIVE else block.level
    if block.kind is BlockKind.ITEM and level < len(holders) and holders[level].is_note:
        level -= 1  # it goes on with the list above the footnote: a footnote's own items stand deeper
    return holders[: level + 1]


def _opened(block: Block, number: str, holders: list[_Container]) -> list[_Container]:
    """What `block` opens for the blocks inside it."""
    if block.kind not in CONTAINERS:
        return []
    here = holders[-1].column
    width = {BlockKind.BULLET: 2, BlockKind.NOTE: 4}.get(block.kind, len(number) + 2)
    skipped = [_Container(here)] * (block.level + 1 - len(holders))
    return [*skipped, _Container(here + width, is_note=block.kind is BlockKind.NOTE)]


def _indented(markdown: str, column: int) -> str:
    margin = " " * column
    return "\n".join(margin + line if line else line for line in markdown.split("\n"))


def block_markdown(block: Block, number: str = "") -> str:
    """One block with its marks ("- ", "## ", "12. ", "a) "), without the indentation of its level.

    `number` may be a block's whole number ("12(a)"); without one an item counts as the first.
    """
    if block.kind in AS_IS:
        return block.text
    if block.kind in HEADINGS:
        return _heading_markdown(block)
    if block.kind is BlockKind.TABLE:
        rows = block.text.split("\n")
        return "\n".join(rows[:2] + [escaped(row) for row in rows[2:]])
    if block.kind is BlockKind.NOTE:
        return _note_markdown(block.text)
    further = "> " if block.kind is BlockKind.QUOTATION else None
    return _marked(_mark(block.kind, number), block.text, further=further)


def _mark(kind: BlockKind, number: str) -> str:
    item = number.removesuffix(")").rpartition("(")[2]
    marks = {BlockKind.OPERATIVE: f"{number or 1}. ", BlockKind.ITEM: f"{item or 'a'}) "}
    return marks.get(kind) or {BlockKind.BULLET: "- ", BlockKind.QUOTATION: "> "}.get(kind, "")


def _marked(mark: str, text: str, further: str | None = None) -> str:
    indent = " " * len(mark) if further is None else further
    lines = [escaped(line) for line in text.split(HARD_BREAK)]
    return (mark + f"\\\n{indent}".join(lines)).rstrip(" ")


def _note_markdown(text: str) -> str:
    label = re.match(r"\[\^[^\[\]\s]+\]: ?", text)
    return _marked(label[0], text[label.end() :], further="    ") if label else _marked("", text)


def _heading_markdown(block: Block) -> str:
    level = 0 if block.kind is BlockKind.TITLE else block.level
    if HARD_BREAK in block.text and level <= 1:  # only an underlined heading can have two lines
        return _marked("", block.text) + ("\n===" if level == 0 else "\n---")
    text = re.sub(r"(?<![^ ])(#+)$", r"\\\1", block.text.replace(HARD_BREAK, " "))
    return f"{'#' * (level + 1)} {text}".rstrip(" ")


def plain(text: str) -> str:
    """Inline Markdown as plain text: marks, link targets and footnote references dropped, a hard break a new line."""
    note = re.match(r"\[\^[^\[\]\s]+\]:", text)
    return "".join(_plain_pieces(text[note.end() :] if note else text)).strip(" ")


def _plain_pieces(text: str) -> Iterator[str]:
    for token in markdown_parser.inline(text):
        if token.type in ("text", "text_special", "code_inline", "image"):
            yield token.content
        elif token.type in ("softbreak", "hardbreak"):
            yield "\n" if token.type == "hardbreak" else " "
