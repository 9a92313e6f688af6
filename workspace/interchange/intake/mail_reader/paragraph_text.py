"""The paragraphs of a text as mails name them, and words of a paragraph found and changed."""

import re
from collections.abc import Iterator, Mapping, Sequence
from functools import cached_property
from types import MappingProxyType

from msgspec import Struct

from drafts.base.lazy_regex import lazy_regex
from drafts.formats.docx.glyphs import (
    PLAIN,
    Glyph,
    GlyphKind,
    Style,
    StyledPiece,
    glyphs,
    join_pieces,
    styled_pieces,
    verbatim,
)
from drafts.formats.docx.inline_markdown import markdown_of, restore_markdown
from drafts.text.blocks import Block, BlockKind, Document
from workspace.interchange.intake.mail_reader.masking import MailPlace

_ITERATIONS = ("bis", "ter", "quater", "quinquies", "sexies", "septies", "octies", "novies", "decies")
_UNDER = frozenset({BlockKind.ITEM, BlockKind.BULLET, BlockKind.PARAGRAPH, BlockKind.QUOTATION})
_PROSE = frozenset({BlockKind.OPERATIVE, BlockKind.PARAGRAPH, BlockKind.PREAMBLE})


class ParagraphFinder:
    """Finds the paragraphs of one text by their numbers; where nothing is numbered they are counted."""

    def __init__(self, base: Document, numbers: Mapping[str, str]) -> None:
        self.base = base
        self.at = {block.id: place for place, block in enumerate(base.blocks)}
        self.by_number = {number: block_id for block_id, number in numbers.items()}
        if not self.by_number:
            prose = (block for block in base if block.kind in _PROSE and block.level == 0)
            self.by_number = {str(count): block.id for count, block in enumerate(prose, start=1)}
        self.new: dict[str, str] = {}

    def find(self, place: MailPlace) -> Block | None:
        """The block that is meant; None where the text has none such."""
        match place.part:
            case "preamble":
                return self._nth(BlockKind.PREAMBLE, place.number)
            case "title":
                return self._nth(BlockKind.TITLE, "1")
            case _:
                number = place.number + "".join(f"({item})" for item in place.items)
                return self.base.block(self.by_number.get(number, ""))

    def remember(self, place: MailPlace, block_id: str) -> None:
        """That a new paragraph is to have this number."""
        self.new[place.number] = block_id

    def iteration_before(self, place: MailPlace) -> str | None:
        """The block after which "6 ter" stands: 6 bis, new or old, or 6."""
        stem, word = place.number.rsplit(" ", 1)
        earlier = [f"{stem} {iteration}" for iteration in _ITERATIONS[: _ITERATIONS.index(word)]]
        for number in [*reversed(earlier), stem]:
            if found := self.new.get(number) or self.by_number.get(number):
                return found
        return None

    def with_items(self, block: Block) -> Sequence[Block]:
        """A block and what hangs under it."""
        start = self.at[block.id]
        family = [block]
        if block.kind not in {BlockKind.OPERATIVE, BlockKind.ITEM, BlockKind.BULLET}:
            return family
        for following in self.base.blocks[start + 1 :]:
            if following.kind not in _UNDER or following.level <= block.level:
                break
            family.append(following)
        return family

    def before(self, block: Block) -> str | None:
        """The block right before this one; None at the beginning of the text."""
        at = self.at[block.id]
        return self.base.blocks[at - 1].id if at else None

    def _nth(self, kind: BlockKind, number: str) -> Block | None:
        found = [block for block in self.base if block.kind is kind]
        place = int(number) - 1
        return found[place] if 0 <= place < len(found) else None


_VERBATIM = frozenset({BlockKind.TABLE, BlockKind.CODE})
_NO_WORDS = "\ufffc"
_MARKS = frozenset({GlyphKind.NOTE, GlyphKind.REFERENCE})
_LEAD = lazy_regex(r"\w*\W*$")
_TYPOGRAPHY = str.maketrans(
    dict.fromkeys(map(ord, '«»“”„‟‹›"‘’‚‛`´'), "'")
    | dict.fromkeys(map(ord, "‐‑‒–—―−"), "-")
    | dict.fromkeys(map(ord, "\u00a0\u202f\u2009\n"), " ")
)
_ELLIPSIS = lazy_regex(r"\s*[\[(]?\s*(?:\.{3,}|…)\s*[\])]?\s*")
_FINAL = ".;:,!?"
_FEWEST = 4  # letters of words that may be a part of a word


class CharacterSpan(Struct, frozen=True):
    """From one visible character of a paragraph to before another."""

    start: int
    end: int


class WordsNotFound(Exception):
    """The words do not stand in the paragraph, or stand there more than once (`times`)."""

    def __init__(self, times: int = 0) -> None:
        super().__init__(times)
        self.times = times


class ParagraphWording:
    """The visible words of one paragraph, and how it reads once some of them are changed.

    `numbers` are those of the paragraphs that it may refer to.
    """

    def __init__(self, block: Block, numbers: Mapping[str, str] = MappingProxyType({})) -> None:
        self.block, self.numbers = block, numbers

    @cached_property
    def glyphs(self) -> tuple[Glyph, ...]:
        return verbatim(self.block.text) if self.block.kind in _VERBATIM else glyphs(self.block.text)

    @cached_property
    def shown(self) -> str:
        return "".join(glyph.text if glyph.kind is GlyphKind.TEXT else _sign(glyph) for glyph in self.glyphs)

    @property
    def written_out(self) -> str:
        """The words with the marks of footnotes and the numbers of paragraphs as letters: what a cell can hold."""
        plain = self.block.kind in _VERBATIM
        pieces = map(_piece, self.glyphs) if plain else styled_pieces(self.block.text)
        return "".join(
            piece.text if piece.kind is GlyphKind.TEXT else self._label(piece) if piece.kind in _MARKS else _sign(piece)
            for piece in pieces
        )

    def all_of(self, words: str) -> Sequence[CharacterSpan]:
        """Where these words stand, as they are or in other typography."""
        for needle in _needles(words):
            for pattern in _patterns(needle):
                if found := [
                    CharacterSpan(*match.span()) for match in pattern.finditer(self.shown.translate(_TYPOGRAPHY))
                ]:
                    return found
        return ()

    def find(self, words: str) -> CharacterSpan:
        """The only place where the words stand; raises `WordsNotFound`."""
        found = self.all_of(words)
        if len(found) != 1:
            raise WordsNotFound(len(found))
        return found[0]

    def is_all(self, span: CharacterSpan) -> bool:
        """Whether nothing but a sign is left of the paragraph without this place."""
        return not (self.shown[: span.start] + self.shown[span.end :]).strip(f"{_FINAL} \u00a0\u202f")

    def replaced(self, span: CharacterSpan, new: str, *, old: str = "") -> str:
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
        return self._written(CharacterSpan(at, at), f"{lead}{new}{tail}")

    def ended(self, new: str) -> str:
        """The paragraph with words at its end: before its last mark, unless they are a sentence of their own."""
        new, stripped = " ".join(new.split()), self.shown.rstrip()
        final = stripped[-1:] if stripped[-1:] in _FINAL else ""
        is_sentence = new[:1].isupper() and final in {".", "!", "?"}
        if not final or is_sentence:
            return self.put(len(stripped), new)
        words = new.rstrip(_FINAL) if new[-1:] in _FINAL else new
        return self.put(len(stripped[:-1].rstrip()), words)

    def whole(self, new: str) -> str:
        """The paragraph in other words altogether; what stays keeps its looks."""
        if self.block.kind in _VERBATIM:
            return new
        return restore_markdown(self.block, list(self._marked(" ".join(new.split()))), folds=False).text

    def _marked(self, new: str) -> Iterator[StyledPiece]:
        """New words, in which what is written out of the paragraph's footnotes and references is so again."""
        at = 0
        for place, glyph in enumerate(self.glyphs):
            if glyph.kind in _MARKS:
                lead = _LEAD.findall(self.shown[:place])[-1] if glyph.kind is GlyphKind.REFERENCE else ""
                label = f"{lead}{self._label(glyph)}"
                if (start := new.find(label, at)) >= 0:
                    yield StyledPiece(GlyphKind.TEXT, new[at : start + len(lead)])
                    yield _piece(glyph)
                    at = start + len(label)
        yield StyledPiece(GlyphKind.TEXT, new[at:])

    def _label(self, glyph: Glyph | StyledPiece) -> str:
        return f"[{glyph.text}]" if glyph.kind is GlyphKind.NOTE else self.numbers.get(glyph.text, "¶")

    def _fitting(self, span: CharacterSpan, new: str, old: str) -> str:
        """The new words as they fit there: a capital where one stood, no stop that only ended the mail's quotation."""
        there = self.shown[span.start : span.end]
        if old[:1].islower() and there[:1].isupper() and new:
            new = new[0].upper() + new[1:]
        elif old[:1].isupper() and there[:1].islower() and new:
            new = new[0].lower() + new[1:]
        if new[-1:] in {".", ","} and there[-1:] not in _FINAL and span.end < len(self.shown):
            new = new[:-1]
        return new

    def _without(self, span: CharacterSpan) -> tuple[CharacterSpan, str]:
        """A place without its words; what follows the first words of a paragraph begins it with a capital."""
        gone = self._widened(span)
        following = self.shown[gone.end : gone.end + 1]
        if gone.start or not following.islower() or not self.shown[:1].isupper():
            return gone, ""
        return CharacterSpan(0, gone.end + 1), following.upper()

    def _widened(self, span: CharacterSpan) -> CharacterSpan:
        """A place with the space that would be left over once its words are gone."""
        before, after = self.shown[: span.start], self.shown[span.end :]
        if before.endswith(", ") and after[:1] in {*_FINAL}:
            return CharacterSpan(span.start - 2, span.end)
        if before.rstrip()[-1:] in {".", "!", "?"} and after[:1] == ".":
            return CharacterSpan(len(before.rstrip()), span.end + 1)
        if before.endswith(" ") and (not after or after[0].isspace() or after[0] in f"{_FINAL})»”"):
            return CharacterSpan(span.start - 1, span.end)
        if not before and after.startswith(" "):
            return CharacterSpan(span.start, span.end + 1)
        return span

    def _written(self, span: CharacterSpan, words: str) -> str:
        if self.block.kind in _VERBATIM:
            return f"{self.block.text[: span.start]}{words}{self.block.text[span.end :]}"
        before, after = self.glyphs[: span.start], self.glyphs[span.end :]
        new = [StyledPiece(GlyphKind.TEXT, words, self._style(span))] if words else []
        pieces = [*map(_piece, before), *new, *map(_piece, after)]
        return restore_markdown(self.block, join_pieces(pieces), folds=False).text

    def _style(self, span: CharacterSpan) -> Style:
        """The look of what is replaced, if it has one look; new words have none."""
        looks = {glyph.style for glyph in self.glyphs[span.start : span.end]}
        return looks.pop() if len(looks) == 1 else PLAIN


def escaped_paragraph(words: str) -> str:
    """The words of a new paragraph, in which nothing is a mark."""
    return markdown_of([StyledPiece(GlyphKind.TEXT, " ".join(words.split()))])


def _piece(glyph: Glyph) -> StyledPiece:
    return StyledPiece(glyph.kind, glyph.text, glyph.style)


def _sign(glyph: Glyph | StyledPiece) -> str:
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
