"""Words that came back from Word as the Markdown of a block, in its own source wherever they were kept.

A reader of Word sees no marks, and changes none: what stands unchanged keeps its
source byte for byte, and a change of nothing but looks is told apart.
"""

import re
import unicodedata
from collections.abc import Callable, Iterable, Iterator, Sequence
from enum import StrEnum
from itertools import groupby

from msgspec import Struct
from msgspec.structs import replace

from drafts.diff.word_diff import word_diff
from drafts.formats import text_parts as parts
from drafts.formats.docx.glyphs import (
    PLAIN,
    Glyph,
    GlyphKind,
    Style,
    StyledPiece,
    glyphs,
    join_pieces,
    shown,
    styled_pieces,
)
from drafts.text.blocks import HARD_BREAK, Block, BlockKind, canonical, folded_hash

_MARKS = re.compile(r"([\\`*_\[\]<])")
_REMOVED = dict.fromkeys(map(ord, "\ufeff\u200b\u00ad"))


class WordingDifference(StrEnum):
    """How words that came back differ from those that went out."""

    NONE = "none"
    LOOKS = "looks"  # bold, italics, links: the words are the same
    TYPOGRAPHY = "typography"  # spaces, quotation marks, dashes
    WORDS = "words"


class RestoredMarkdown(Struct, frozen=True):
    """The Markdown that came back. Where the words are the same it is the one that went out."""

    text: str
    difference: WordingDifference


def restore_markdown(block: Block, found: Sequence[StyledPiece], *, folds: bool) -> RestoredMarkdown:
    """What `found` makes of a block; where it `folds`, a difference in typography alone is none in words."""
    old, new = glyphs(block.text), _settled(found)
    before, after = shown(old), shown(new)
    if before == after:
        is_same = [glyph.style for glyph in old] == [glyph.style for glyph in new]
        return RestoredMarkdown(block.text, WordingDifference.NONE if is_same else WordingDifference.LOOKS)
    if folds and folded_hash(before) == folded_hash(after):
        return RestoredMarkdown(block.text, WordingDifference.TYPOGRAPHY)
    return RestoredMarkdown(canonical(_rewritten(block.text, old, new), kind=block.kind), WordingDifference.WORDS)


def markdown_of(found: Sequence[StyledPiece]) -> str:
    """Inline Markdown that reads as these pieces; without looks where marks would not say them."""
    return canonical(_inline(_pieces(_settled(found))))


def _inline(found: Sequence[StyledPiece]) -> str:
    """The same as written, spaces at the ends included."""
    for escape in (_as_is, _escaped):
        made = _written(found, escape)
        if _same(styled_pieces(made), found):
            return made
    without = [replace(piece, style=PLAIN) if piece.kind is GlyphKind.TEXT else piece for piece in found]
    return _written(join_pieces(without), _escaped)


def code_back(block: Block, found: Sequence[StyledPiece]) -> RestoredMarkdown:
    """The same for a block of code, whose fences Word does not see."""
    said = "".join(piece.text for piece in found)
    first, *_, last = block.text.split("\n") if "\n" in block.text else ("```", "```")
    if said.rstrip("\n") == parts.code(block.text).rstrip("\n"):
        return RestoredMarkdown(block.text, WordingDifference.NONE)
    return RestoredMarkdown("\n".join((first, *said.rstrip("\n").split("\n"), last)), WordingDifference.WORDS)


def table_back(text: str, rows: Sequence[Sequence[Sequence[StyledPiece]]]) -> RestoredMarkdown:
    """The same for a table: cells whose words are the same keep their source. `text` is empty for a new table."""
    before = parts.table(text)
    width = max((len(row) for row in rows), default=0)
    made: list[list[str]] = []
    for at, row in enumerate(rows):
        olds = before[at] if at < len(before) else ()
        cells = [_cell_back(olds[place] if place < len(olds) else None, cell) for place, cell in enumerate(row)]
        made.append([*cells, *[""] * (width - len(cells))])
    if [list(row) for row in before] == made:
        return RestoredMarkdown(text, WordingDifference.NONE)
    lines = ["| " + " | ".join(cell.replace(HARD_BREAK, " ") for cell in row) + " |" for row in made]
    lines.insert(1, "|" + "---|" * width)
    return RestoredMarkdown("\n".join(lines), WordingDifference.WORDS)


def _cell_back(old: str | None, found: Sequence[StyledPiece]) -> str:
    if old is not None:
        back = restore_markdown(Block("", BlockKind.PARAGRAPH, canonical(old)), found, folds=True)
        if back.difference is not WordingDifference.WORDS:
            return old
    return re.sub(r"(?<!\\)\|", r"\\|", markdown_of(found))


# Words kept in their source


def _rewritten(source: str, old: Sequence[Glyph], new: Sequence[Glyph]) -> str:
    """The source with what changed put in place, or everything written anew where marks stand in the way."""
    wanted = list(_wanted(old, new))
    for is_late in (False, True):
        made = _spliced(source, old, wanted, is_late=is_late)
        if [(glyph.shown, glyph.style) for glyph in glyphs(made)] == [
            (glyph.shown, glyph.style) for splice in wanted for glyph in splice.glyphs(old)
        ]:
            return made
    return markdown_of(_pieces([glyph for splice in wanted for glyph in splice.glyphs(old)]))


class _Splice(Struct, frozen=True):
    """A stretch of the old glyphs, kept or replaced by new ones."""

    start: int
    end: int
    new: tuple[Glyph, ...] | None = None

    def glyphs(self, old: Sequence[Glyph]) -> Sequence[Glyph]:
        return old[self.start : self.end] if self.new is None else self.new


def _wanted(old: Sequence[Glyph], new: Sequence[Glyph]) -> Iterator[_Splice]:
    """The way from old to new by whole words; kept words keep their looks."""
    before, after = _Offsets(old), _Offsets(new)
    at = 0
    for hunk in word_diff(before.text, after.text):
        start, end = before.index(hunk.start.offset), before.index(hunk.end.offset)
        if at < start:
            yield _Splice(at, start)
        came = new[after.index(hunk.new_start.offset) : after.index(hunk.new_end.offset)]
        yield _Splice(start, end, tuple(came))
        at = end
    if at < len(old):
        yield _Splice(at, len(old))


class _Offsets:
    """The visible words of glyphs, and which glyph stands at an offset of them."""

    def __init__(self, found: Sequence[Glyph]) -> None:
        sizes = [shown([glyph]) for glyph in found]
        self.text = "".join(sizes)
        self.places: dict[int, int] = {}
        at = 0
        for index, size in enumerate(sizes):
            self.places[at] = index
            at += len(size)
        self.places[at] = len(sizes)

    def index(self, offset: int) -> int:
        while offset not in self.places:  # inside a note or a reference, which is one glyph
            offset -= 1
        return self.places[offset]


def _spliced(source: str, old: Sequence[Glyph], wanted: Sequence[_Splice], *, is_late: bool) -> str:
    """The source with the splices made. What is only inserted stands right after what is before it, or, late, right
    before what follows.
    """
    made: list[str] = []
    at = 0
    for splice in wanted:
        if splice.new is None:
            continue
        start = _source_start(old, splice.start, len(source), is_late=is_late and splice.start == splice.end)
        made += [source[at:start], _inline(_pieces(splice.new))]
        at = max(start, old[splice.end - 1].end) if splice.end > splice.start else start
    return "".join([*made, source[at:]])


def _source_start(old: Sequence[Glyph], index: int, size: int, *, is_late: bool) -> int:
    if is_late or index == 0:
        return old[index].start if index < len(old) else size
    return old[index - 1].end if index == len(old) or old[index - 1].style == PLAIN else old[index].start


# Words written anew


def _settled(found: Iterable[StyledPiece]) -> list[Glyph]:
    """Glyphs in canonical form: composed letters, single spaces, nothing at the ends."""
    made: list[Glyph] = []
    for piece in found:
        if piece.kind is not GlyphKind.TEXT:
            while piece.kind is GlyphKind.BREAK and made and made[-1].text == " ":
                made.pop()
            made.append(Glyph(piece.kind, piece.text, piece.style, 0, 0))
            continue
        for sign in re.sub(r"[ \t\n\f\v]+", " ", unicodedata.normalize("NFC", piece.text).translate(_REMOVED)):
            is_edge = not made or made[-1].text in {" ", "\n"}
            if sign != " " or not is_edge:
                made.append(Glyph(piece.kind, sign, piece.style, 0, 0))
    while made and made[-1].text in {" ", "\n"} and made[-1].kind in {GlyphKind.TEXT, GlyphKind.BREAK}:
        made.pop()
    return made


def _pieces(found: Iterable[Glyph]) -> tuple[StyledPiece, ...]:
    return join_pieces(StyledPiece(glyph.kind, glyph.text, glyph.style) for glyph in found)


def _same(first: Sequence[StyledPiece], second: Sequence[StyledPiece]) -> bool:
    """Spaces may stand on either side of a mark."""

    def readings(found: Sequence[StyledPiece]) -> list[tuple[GlyphKind, str, Style | None]]:
        return [
            (piece.kind, sign, None if sign == " " else piece.style)
            for piece in found
            for sign in (piece.text if piece.kind is GlyphKind.TEXT else [piece.text])
        ]

    return readings(first) == readings(second)


def _written(found: Sequence[StyledPiece], escape: Callable[[str], str]) -> str:
    return "".join(
        _linked(link, "".join(_piece(piece, escape) for piece in group))
        for link, group in groupby(found, key=lambda piece: piece.style.link)
    )


def _linked(link: str, words: str) -> str:
    if not link:
        return words
    target = f"<{link}>" if re.search(r"[()\s]", link) else link
    return f"[{words}]({target})"


def _piece(piece: StyledPiece, escape: Callable[[str], str]) -> str:
    match piece.kind:
        case GlyphKind.BREAK:
            return HARD_BREAK
        case GlyphKind.NOTE:
            return f"[^{piece.text}]"
        case GlyphKind.REFERENCE:
            return f"[](#b-{piece.text})"
    inner = piece.text.strip(" ")
    if not inner:
        return piece.text
    before, after = piece.text[: piece.text.index(inner)], piece.text[piece.text.index(inner) + len(inner) :]
    if piece.style.is_code:
        fence = "``" if "`" in inner else "`"
        words = f"{fence}{inner}{fence}"
    else:
        words = escape(inner)
    mark = "*" * (2 * piece.style.is_bold + piece.style.is_italic)
    return f"{before}{mark}{words}{mark}{after}"


def _as_is(words: str) -> str:
    return words


def _escaped(words: str) -> str:
    return _MARKS.sub(r"\\\1", words)
