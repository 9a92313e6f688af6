"""Words of a paragraph found and changed as a reader sees them, with its marks and links left where they are."""

import re
from collections.abc import Iterator, Sequence

from msgspec import Struct

from drafts.blocks import Block, BlockKind
from drafts.formats.docx.glyphs import PLAIN, Glyph, GlyphKind, Piece, Style, glyphs, joined, verbatim
from drafts.formats.docx.writing_back import markdown_of, written_back
from drafts.patterns import expression

_VERBATIM = frozenset({BlockKind.TABLE, BlockKind.CODE})
_NO_WORDS = "\ufffc"
_TYPOGRAPHY = str.maketrans(
    dict.fromkeys(map(ord, '«»“”„‟‹›"‘’‚‛`´'), "'")
    | dict.fromkeys(map(ord, "‐‑‒–—―−"), "-")
    | dict.fromkeys(map(ord, "\u00a0\u202f\u2009\n"), " ")
)
_ELLIPSIS = expression(r"\s*[\[(]?\s*(?:\.{3,}|…)\s*[\])]?\s*")
_FINAL = ".;:,!?"
_FEWEST = 4  # letters of words that may be a part of a word


class Span(Struct, frozen=True):
    """From one visible character of a paragraph to before another."""

    start: int
    end: int


class NotThere(Exception):
    """The words do not stand in the paragraph, or stand there more than once (`times`)."""

    def __init__(self, times: int = 0) -> None:
        super().__init__(times)
        self.times = times


class Wording:
    """The visible words of one paragraph, and how it reads once some of them are changed."""

    def __init__(self, block: Block) -> None:
        self.block = block
        self.glyphs: tuple[Glyph, ...] = verbatim(block.text) if block.kind in _VERBATIM else glyphs(block.text)
        self.shown = "".join(one.text if one.kind is GlyphKind.TEXT else _sign(one) for one in self.glyphs)

    def all_of(self, words: str) -> Sequence[Span]:
        """Where these words stand, as they are or in other typography."""
        for needle in _needles(words):
            for pattern in _patterns(needle):
                if found := [Span(*match.span()) for match in pattern.finditer(self.shown.translate(_TYPOGRAPHY))]:
                    return found
        return ()

    def find(self, words: str) -> Span:
        """The only place where the words stand; raises `NotThere`."""
        found = self.all_of(words)
        if len(found) != 1:
            raise NotThere(len(found))
        return found[0]

    def replaced(self, span: Span, new: str, *, old: str = "") -> str:
        """The paragraph with other words in this place."""
        words = self._fitting(span, " ".join(new.split()), old)
        return self._written(*((span, words) if words else self._without(span)))

    def put(self, at: int, new: str) -> str:
        """The paragraph with words put in, spaces around them."""
        new = " ".join(new.split())
        before, after = self.shown[:at], self.shown[at:]
        lead = (
            " "
            if before and not before[-1].isspace() and before[-1] not in "(«“" and new[:1] not in f"{_FINAL})"
            else ""
        )
        tail = " " if after and not after[0].isspace() and after[0] not in f"{_FINAL})»”" else ""
        if lead and after[:1] == " " and before[-1:] == " ":
            lead = ""
        return self._written(Span(at, at), f"{lead}{new}{tail}")

    def ended(self, new: str) -> str:
        """The paragraph with words at its end: before its last mark, unless they are a sentence of their own."""
        new, stripped = " ".join(new.split()), self.shown.rstrip()
        final = stripped[-1:] if stripped[-1:] in _FINAL else ""
        is_sentence = new[:1].isupper() and final in {".", "!", "?"}
        if not final or is_sentence:
            return self.put(len(stripped), new)
        words = new.rstrip(_FINAL) if new[-1:] in _FINAL else new
        return self.put(len(stripped) - 1, words)

    def whole(self, new: str) -> str:
        """The paragraph in other words altogether; what stays keeps its looks."""
        if self.block.kind in _VERBATIM:
            return new
        return written_back(self.block, [Piece(GlyphKind.TEXT, " ".join(new.split()))], folds=False).text

    def _fitting(self, span: Span, new: str, old: str) -> str:
        """The new words as they fit there: a capital where one stood, no stop that only ended the mail's quotation."""
        there = self.shown[span.start : span.end]
        if old[:1].islower() and there[:1].isupper() and new:
            new = new[0].upper() + new[1:]
        elif old[:1].isupper() and there[:1].islower() and new:
            new = new[0].lower() + new[1:]
        if new[-1:] in {".", ","} and there[-1:] not in _FINAL and span.end < len(self.shown):
            new = new[:-1]
        return new

    def _without(self, span: Span) -> tuple[Span, str]:
        """A place without its words; what follows the first words of a paragraph begins it with a capital."""
        gone = self._widened(span)
        following = self.shown[gone.end : gone.end + 1]
        if gone.start or not following.islower() or not self.shown[:1].isupper():
            return gone, ""
        return Span(0, gone.end + 1), following.upper()

    def _widened(self, span: Span) -> Span:
        """A place with the space that would be left over once its words are gone."""
        before, after = self.shown[: span.start], self.shown[span.end :]
        if before.endswith(", ") and after[:1] in {*_FINAL}:
            return Span(span.start - 2, span.end)
        if before.rstrip()[-1:] in {".", "!", "?"} and after[:1] == ".":
            return Span(len(before.rstrip()), span.end + 1)
        if before.endswith(" ") and (not after or after[0] in f" {_FINAL})»”"):
            return Span(span.start - 1, span.end)
        if not before and after.startswith(" "):
            return Span(span.start, span.end + 1)
        return span

    def _written(self, span: Span, words: str) -> str:
        if self.block.kind in _VERBATIM:
            return f"{self.block.text[: span.start]}{words}{self.block.text[span.end :]}"
        before, after = self.glyphs[: span.start], self.glyphs[span.end :]
        new = [Piece(GlyphKind.TEXT, words, self._style(span))] if words else []
        pieces = [*map(_piece, before), *new, *map(_piece, after)]
        return written_back(self.block, joined(pieces), folds=False).text

    def _style(self, span: Span) -> Style:
        """The look of what is replaced, if it has one look; new words have none."""
        looks = {one.style for one in self.glyphs[span.start : span.end]}
        return looks.pop() if len(looks) == 1 else PLAIN


def markdown(words: str) -> str:
    """The words of a new paragraph, in which nothing is a mark."""
    return markdown_of([Piece(GlyphKind.TEXT, " ".join(words.split()))])


def _piece(glyph: Glyph) -> Piece:
    return Piece(glyph.kind, glyph.text, glyph.style)


def _sign(glyph: Glyph) -> str:
    return " " if glyph.kind is GlyphKind.BREAK else _NO_WORDS


def _needles(words: str) -> Iterator[str]:
    """The words as they were quoted, then without the stop that a habit of typing puts inside the quotation."""
    yield words
    if (bare := words.strip(_FINAL + " ")) and bare != words:
        yield bare


def _patterns(words: str) -> Iterator[re.Pattern[str]]:
    """Ways to look for words: with their own capitals or others, then within words."""
    parts = [part for part in _ELLIPSIS.split(" ".join(words.translate(_TYPOGRAPHY).split())) if part]
    if not parts:
        return
    spaced = [re.escape(part).replace(r"\ ", r"\s*\s").replace("'", r"\s?'\s?") for part in parts]
    body = ".*?".join(spaced)
    start = r"(?<![^\W_])" if parts[0][0].isalnum() else ""
    end = r"(?![^\W_])" if parts[-1][-1].isalnum() else ""
    yield re.compile(f"{start}{body}{end}")
    yield re.compile(f"{start}{body}{end}", re.IGNORECASE)
    if sum(map(len, parts)) >= _FEWEST:
        yield re.compile(body, re.IGNORECASE)
