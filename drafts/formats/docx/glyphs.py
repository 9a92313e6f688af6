"""Inline Markdown as single characters with their looks, each knowing where it stands in its source.

Word keeps looks apart from words; a diff of Markdown sees both in one line of
signs. Between the two stand these glyphs: what a reader sees, character by character.
"""

import re
from collections.abc import Iterable, Iterator, Sequence
from enum import StrEnum
from itertools import groupby

from msgspec import Struct
from msgspec.structs import replace

from drafts.formats.inline_runs import REFERENCE, InlineRun, runs

_TARGET = r"\]\((?:<[^<>\n]*>|(?:[^()\s]|\([^()\s]*\))*)(?: \"[^\"]*\")?\)"
_MARKUP = re.compile(rf"{_TARGET}|\*+|_+|`+|!?\[|\\(?=[!-/:-@\[-`{{-~\n])|<(?=https?:|mailto:)|>", re.IGNORECASE)
_ENTITY = re.compile(r"&#?\w+;")


class GlyphKind(StrEnum):
    """What a glyph is."""

    TEXT = "text"
    BREAK = "break"
    NOTE = "note"  # the mark of a footnote; its text is the label
    REFERENCE = "reference"  # the number of a paragraph; its text is the id of that block


class Style(Struct, frozen=True):
    """How words look, and where they lead. A `link` to a block of the text begins with "#b-"."""

    is_bold: bool = False
    is_italic: bool = False
    is_code: bool = False
    link: str = ""


PLAIN = Style()


class StyledPiece(Struct, frozen=True):
    """Words of one look; a break, a note or a reference stands alone."""

    kind: GlyphKind
    text: str
    style: Style = PLAIN


class Glyph(Struct, frozen=True):
    """One character, or a break, note or reference, at its offset in the source; of `located`, several characters."""

    kind: GlyphKind
    text: str
    style: Style
    start: int
    end: int

    @property
    def shown(self) -> tuple[GlyphKind, str]:
        """What makes two glyphs the same whatever they look like."""
        return self.kind, self.text


def styled_pieces(source: str) -> tuple[StyledPiece, ...]:
    """What a reader sees of inline Markdown, as the fewest pieces."""
    return join_pieces(_pieces(runs(source), PLAIN)) if source else ()


def join_pieces(found: Iterable[StyledPiece]) -> tuple[StyledPiece, ...]:
    """The same with neighbouring words of one look put together."""
    made: list[StyledPiece] = []
    for (kind, style), group in groupby(found, key=lambda piece: (piece.kind, piece.style)):
        if kind is GlyphKind.TEXT:
            made.append(StyledPiece(kind, "".join(piece.text for piece in group), style))
        else:
            made.extend(group)
    return tuple(made)


def _pieces(parts: Sequence[InlineRun], style: Style) -> Iterator[StyledPiece]:
    for run in parts:
        match run.kind:
            case "text":
                yield StyledPiece(GlyphKind.TEXT, run.value, style)
            case "code":
                yield StyledPiece(GlyphKind.TEXT, run.value, replace(style, is_code=True))
            case "emph":
                yield from _pieces(run.body, replace(style, is_italic=True))
            case "strong":
                yield from _pieces(run.body, replace(style, is_bold=True))
            case "link":
                yield from _pieces(run.body, replace(style, link=run.value))
            case "ref" if run.body:
                yield from _pieces(run.body, replace(style, link=REFERENCE + run.value))
            case "ref":
                yield StyledPiece(GlyphKind.REFERENCE, run.value, style)
            case "break":
                yield StyledPiece(GlyphKind.BREAK, "\n", PLAIN)
            case _:
                yield StyledPiece(GlyphKind.NOTE, run.value, PLAIN)


def glyphs(source: str) -> tuple[Glyph, ...]:
    """What a reader sees, character by character, each with the place in `source` where it was found.

    Places never go back. Where an escape or an entity hides the place it is the nearest one before.
    """
    return tuple(sign for stretch in located(source) for sign in signs(stretch))


def signs(stretch: Glyph) -> Iterator[Glyph]:
    """The characters of a stretch; anything else as it is."""
    if len(stretch.text) == 1 or stretch.kind is not GlyphKind.TEXT:
        yield stretch
    else:
        for at, sign in enumerate(stretch.text, stretch.start):
            yield Glyph(stretch.kind, sign, stretch.style, at, at + 1)


def verbatim(source: str) -> tuple[Glyph, ...]:
    """The same for text without marks, as in code."""
    return tuple(
        Glyph(GlyphKind.BREAK if sign == "\n" else GlyphKind.TEXT, sign, PLAIN, at, at + 1)
        for at, sign in enumerate(source)
    )


def located(source: str) -> Iterator[Glyph]:
    """The same, with words that stand in the source as they are shown in one stretch: most do."""
    at = 0
    for piece in styled_pieces(source):
        if source.startswith(piece.text, at) and piece.kind is GlyphKind.TEXT:
            start, at = at, at + len(piece.text)
            yield Glyph(piece.kind, piece.text, piece.style, start, at)
        elif piece.kind is GlyphKind.TEXT:
            for sign in piece.text:
                start, at = (at, at + 1) if source.startswith(sign, at) else _found(source, sign, at)
                yield Glyph(piece.kind, sign, piece.style, start, at)
        else:
            start, end = _span(source, piece, at)
            at = end
            yield Glyph(piece.kind, piece.text, piece.style, start, end)


def _found(source: str, sign: str, at: int) -> tuple[int, int]:
    """Where `sign` stands from `at` on, past the marks before it: the place, and that after it."""
    first = at
    while at < len(source):
        if source[at] == sign:
            return at, at + 1
        if source[at] == "&" and (entity := _ENTITY.match(source, at)):
            return at, entity.end()
        mark = _MARKUP.match(source, at)
        at = mark.end() if mark else at + 1
    return first, min(first + 1, len(source))


_SIGN_OF = {GlyphKind.BREAK: "\\\n", GlyphKind.NOTE: "[^{}]", GlyphKind.REFERENCE: "[](#b-{})"}


def _span(source: str, piece: StyledPiece, at: int) -> tuple[int, int]:
    sign = _SIGN_OF[piece.kind].format(piece.text)
    start = source.find(sign, at)
    return (at, at) if start < 0 else (start, start + len(sign))


def shown(found: Iterable[Glyph]) -> str:
    """The visible words of glyphs; notes and references as they are written in the source."""
    return "".join(
        glyph.text if glyph.kind is GlyphKind.TEXT else _SIGN_OF[glyph.kind].format(glyph.text) for glyph in found
    )
