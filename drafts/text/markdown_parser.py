"""The Markdown that declarations are written in, as a parser.

CommonMark with pipe tables and footnotes, with these differences, because the
sources are prose pasted from elsewhere: markup in angle brackets is text; an
indented line is prose, never code; `a)`, `(a)` and `ii)` begin list items; and
the definition of a reference link leaves a token where it stood.
"""

import re
from collections.abc import Callable, Sequence

from markdown_it import MarkdownIt
from markdown_it.common.utils import normalizeReference
from markdown_it.rules_block import StateBlock, reference, table
from markdown_it.rules_inline import StateInline, escape, image, link, newline
from markdown_it.token import Token
from mdit_py_plugins.footnote.index import footnote_def
from msgspec import Struct, field

from drafts.base.lazy_regex import lazy_regex
from drafts.text.blocks import HARD_BREAK

_NESTING = 120  # beyond any depth that is accepted, so that the parser never skips what it finds too deep
_BLANK = " \t\f\v"
_LETTERED = re.compile(r"(\(?)([a-z]{1,6})\)(?=[ \t]|$)")
_ROMAN = re.compile(r"x{0,3}(?:ix|iv|v?i{0,3})")
_FOOTNOTE = re.compile(r"\[\^([^\[\]\s]+)\]")
_MAY_MEAN_MORE = re.compile(r"[\\`*_\[\]!<&\n\x00]")  # without one of these, a text is nothing but its words


def is_letter(marker: str) -> bool:
    """Whether `marker` can count an item: a letter, that letter again (aa), or a small Roman number."""
    return len(set(marker)) == 1 or _ROMAN.fullmatch(marker) is not None


def is_roman(marker: str) -> bool:
    return _ROMAN.fullmatch(marker) is not None


class InlineMarks(Struct):
    """Where the inline parser found what block text cannot keep as written: places in the source of one block."""

    source: str
    breaks: list[tuple[int, int, str]] = field(default_factory=list)
    links: list[tuple[int, int, str]] = field(default_factory=list)  # reference tails and what replaces them
    labels: set[str] = field(default_factory=set)


def blocks(source: str) -> tuple[Sequence[Token], dict[str, object]]:
    """Parse the block structure; inline tokens keep their source. The second value holds the link definitions."""
    env: dict[str, object] = {}
    tokens: list[Token] = []
    _BLOCKS.block.parse(source, _BLOCKS, env, tokens)
    return tokens, env


def marks(source: str, env: dict[str, object]) -> InlineMarks:
    """Find hard breaks and reference links in the inline source of one block."""
    found = InlineMarks(source)
    _MARKS.inline.parse(source, _MARKS, {**env, "marks": found}, [])
    return found


def inline(text: str) -> Sequence[Token]:
    """Parse the text of one block; footnote references are tokens of type `footnote_ref`, with `meta["label"]`."""
    if not _MAY_MEAN_MORE.search(text):
        return [Token("text", "", 0, content=text)] if text else []  # most texts, and a hundred times faster
    tokens: list[Token] = []
    _INLINE.inline.parse(text, _INLINE, {}, tokens)
    return tokens


def ready(parser: MarkdownIt) -> MarkdownIt:
    """The same parser with its rules put together. It would do so at its first text, and two threads at once would
    then have one of them read with only some of the rules.
    """
    for ruler in (parser.core.ruler, parser.block.ruler, parser.inline.ruler, parser.inline.ruler2):
        ruler.getRules("")
    return parser


def _new_parser() -> MarkdownIt:
    parser = MarkdownIt("commonmark", {"html": False, "maxNesting": _NESTING}).enable("table").disable("code")
    parser.block.ruler.before("reference", "footnote_def", footnote_def, {"alt": ["paragraph", "reference"]})
    parser.block.ruler.before(
        "reference", "lettered", _lettered, {"alt": ["paragraph", "reference", "blockquote", "list"]}
    )
    parser.block.ruler.at("reference", _definition)
    parser.block.ruler.at("table", _table, {"alt": ["paragraph", "reference"]})
    parser.inline.ruler.before("link", "footnote_ref", _footnote_ref)
    parser.inline.terminator_re = _MAY_MEAN_MORE
    return parser


def _definition(state: StateBlock, start: int, end: int, silent: bool) -> bool:  # noqa: FBT001 - the parser's protocol
    """A link definition, kept as a token: nothing says yet whether any text uses it."""
    if not reference(state, start, end, silent):
        return False
    token = state.push("definition", "", 0)
    token.map = [start, state.line]
    token.content = state.getLines(start, state.line, state.blkIndent, False).strip()  # noqa: FBT003 - as above
    return True


def _table(state: StateBlock, start: int, end: int, silent: bool) -> bool:  # noqa: FBT001 - the parser's protocol
    """A table that keeps its rows as written: the parser drops cells beyond the width of the head."""
    count = len(state.tokens)
    if not table(state, start, end, silent):
        return False
    if not silent:
        state.tokens[count].content = state.getLines(start, state.line, state.blkIndent, False)  # noqa: FBT003 - as above
    return True


def _lettered(state: StateBlock, start: int, end: int, silent: bool) -> bool:  # noqa: FBT001 - the parser's protocol
    """A list item begun by `a)`, `(a)` or `ii)`: a container like any list item."""
    begin, limit = state.bMarks[start] + state.tShift[start], state.eMarks[start]
    found = _LETTERED.match(state.src, begin, limit)
    if found is None or not is_letter(found[2]):
        return False
    after = state.skipSpaces(found.end())
    if silent:  # may it interrupt a paragraph? Only as a first item, or where it ends the item above
        return state.sCount[start] < state.blkIndent or (after < limit and found[2] in ("a", "i"))
    _contain(state, start, end, marker=found[2], width=max(after, found.end() + 1) - begin)
    return True


def _contain(state: StateBlock, start: int, end: int, *, marker: str, width: int) -> None:
    before = (state.tShift[start], state.sCount[start], state.blkIndent, state.parentType, state.tight)
    opening = state.push("lettered_open", "li", 1)
    opening.info, opening.markup = marker, state.src[state.bMarks[start] + state.tShift[start]].strip(marker[0])
    state.tShift[start] += width
    state.sCount[start] += width
    state.blkIndent = state.sCount[start]
    state.parentType = "list"
    state.line = start + 1
    first = start + 1 if state.bMarks[start] + state.tShift[start] >= state.eMarks[start] else start
    if first == start or not state.isEmpty(start + 1):
        state.md.block.tokenize(state, first, end)
    opening.map = [start, state.line]
    state.tShift[start], state.sCount[start], state.blkIndent, state.parentType, state.tight = before
    state.push("lettered_close", "li", -1)


def _footnote_ref(state: StateInline, silent: bool) -> bool:  # noqa: FBT001 - the parser's protocol
    found = _FOOTNOTE.match(state.src, state.pos, state.posMax)
    if found is None:
        return False
    if not silent:
        state.push("footnote_ref", "", 0).meta = {"label": found[1]}
    state.pos = found.end()
    return True


_Rule = Callable[[StateInline, bool], bool]


def _noting_breaks(rule: _Rule) -> _Rule:
    def noted(state: StateInline, silent: bool) -> bool:  # noqa: FBT001 - the parser's protocol
        start, count = state.pos, len(state.tokens)
        if not rule(state, silent):
            return False
        found = _marks_of(state, silent=silent)
        if found and any(token.type == "hardbreak" for token in state.tokens[count:]):
            line_end = _line_end(state.src, start)
            found.breaks.append((line_end, state.pos, _hard_break(state.src, line_end, start)))
        return True

    return noted


def _line_end(source: str, at: int) -> int:
    """Where the words before `at` end, without the spaces that break the line."""
    while at and source[at - 1] in _BLANK:
        at -= 1
    return at


def _hard_break(source: str, line_end: int, at: int) -> str:
    """A backslash before the spaces that break a line stood for itself, and is doubled to go on doing so."""
    first = line_end
    while first and source[first - 1] == "\\":
        first -= 1
    stands_alone = source[at] == "\n" and (line_end - first) % 2 == 1
    return "\\" + HARD_BREAK if stands_alone else HARD_BREAK


def _noting_links(rule: _Rule) -> _Rule:
    def noted(state: StateInline, silent: bool) -> bool:  # noqa: FBT001 - the parser's protocol
        start, count = state.pos, len(state.tokens)
        if not rule(state, silent):
            return False
        if found := _marks_of(state, silent=silent):
            opening = next(token for token in state.tokens[count:] if token.type in ("link_open", "image"))
            _note_link(found, state, state.src.index("[", start), opening)
        return True

    return noted


def _marks_of(state: StateInline, *, silent: bool) -> InlineMarks | None:
    """Nothing is noted while the parser only looks ahead, nor inside the label of an image (other places)."""
    found = state.env["marks"]
    return found if not silent and isinstance(found, InlineMarks) and found.source is state.src else None


def _note_link(found: InlineMarks, state: StateInline, bracket: int, opening: Token) -> None:
    label_end = state.md.helpers.parseLinkLabel(state, bracket, True)  # noqa: FBT003 - the parser's protocol
    tail = state.src[label_end + 1 : state.pos]
    if tail.startswith("("):
        return
    found.labels.add(normalizeReference(tail[1:-1] or state.src[bracket + 1 : label_end]))
    found.links.append((label_end + 1, state.pos, _target(opening)))


def _target(opening: Token) -> str:
    address = str(opening.attrs.get("href") or opening.attrs.get("src") or "")
    address = f"<{address}>" if re.search(r"[()\s]", address) or not address else address
    title = str(opening.attrs.get("title") or "").replace("\\", "\\\\").replace('"', '\\"')
    return f'({address} "{title}")' if title else f"({address})"


def settled(found: InlineMarks) -> str:
    """The source on one line: hard breaks canonical, reference links with their address, the rest as written."""
    pieces, at = [], 0
    for start, end, replacement in sorted(found.breaks + found.links):
        pieces += [found.source[at:start].replace("\n", " "), replacement]
        at = end
    return "".join([*pieces, found.source[at:].replace("\n", " ")])


_INLINE = _new_parser()
_BLOCKS = _new_parser()
_MARKS = _new_parser()
_MARKS.inline.ruler.at("newline", _noting_breaks(newline))
_MARKS.inline.ruler.at("escape", _noting_breaks(escape))
_MARKS.inline.ruler.at("link", _noting_links(link))
_MARKS.inline.ruler.at("image", _noting_links(image))
for _parser in (_INLINE, _BLOCKS, _MARKS):
    ready(_parser)


_BLOCK_MARK = lazy_regex(
    r"""[-+*](?:\ |$) | \#{1,6}(?:\ |$) | > | ([-*_])(?:\ *\1){2,}$ | [=|:-][=|:\ -]*$ | ~~~""", re.VERBOSE
)
_NUMBER = lazy_regex(r"(\d{1,9}(?=[.)])|[a-z]{1,6}(?=\)))[.)](?= |$)")
_PARENTHESISED = lazy_regex(r"\(([a-z]{1,6})\)(?= |$)")
_ESCAPED_NUMBER = lazy_regex(r"(\d{1,9}|[a-z]{1,6})\\([.)])(?= |$)")
_KEPT_ESCAPE = lazy_regex(r"`{3,}[^`]*$|\[\^[^\[\]\s]+\]:")


def escaped(line: str) -> str:
    """A line of prose so that it does not begin a block of another kind."""
    if _BLOCK_MARK.match(line) or _KEPT_ESCAPE.match(line):
        return "\\" + line
    if (number := _NUMBER.match(line)) and (number[1].isdigit() or is_letter(number[1])):
        return f"{number[1]}\\{line[number.end(1) :]}"
    if (item := _PARENTHESISED.match(line)) and is_letter(item[1]):
        return "\\" + line
    return line


def unescaped(line: str) -> str:
    """Undo `escaped`, but for the two marks that also mean something inside a line."""
    number = _ESCAPED_NUMBER.match(line)
    plain_line = f"{number[1]}{line[number.end(1) + 1 :]}" if number else line.removeprefix("\\")
    return plain_line if _KEPT_ESCAPE.match(plain_line) is None and escaped(plain_line) == line else line


def settled_line(line: str) -> str:
    """A line as block text holds it. A mark that a form feed or the like hid from the parser is escaped at once."""
    line = unescaped(line)
    return "\\" + line if _KEPT_ESCAPE.match(line) else line
