"""Words of a paragraph found and changed as a reader sees them, with its marks and links left where they are."""

import re
from collections.abc import Iterator, Sequence

from msgspec import Struct

from drafts.blocks import Block, BlockKind
from drafts.formats.docx.glyphs import PLAIN, Glyph, GlyphKind, Piece, Style, glyphs, joined, verbatim
from drafts.formats.docx.writing_back import markdown_of, written_back
from drafts.patterns import expression
from workspace.interchange.side_door.asked import EVERY, ONLY
from workspace.interchange.side_door.signs import Quote

_VERBATIM = frozenset({BlockKind.TABLE, BlockKind.CODE})
_NO_WORDS = "\ufffc"
_TYPOGRAPHY = str.maketrans(
    dict.fromkeys(map(ord, '«»“”„‟‹›"‘’‚‛`´'), "'")
    | dict.fromkeys(map(ord, "‐‑‒–—―−"), "-")
    | dict.fromkeys(map(ord, "\u00a0\u202f\u2009\n"), " ")
)
_ELLIPSIS = expression(r"\s*[\[(]?\s*(?:\.{3,}|…)\s*[\])]?\s*")
_SENTENCE_END = expression(r"(?<=[.!?…])[)»”\"]?\s+(?=[«“\"(]?\s?[A-ZÀ-ÝŒ¿¡0-9])")
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

    def all_of(self, quote: Quote) -> Sequence[Span]:
        """Where these words stand, as they are or in other typography."""
        if quote.sentence:
            return self._sentence(quote.sentence)
        for needle in _needles(quote.text):
            for pattern in _patterns(needle):
                if found := [Span(*match.span()) for match in pattern.finditer(self.shown.translate(_TYPOGRAPHY))]:
                    return found
        return ()

    def find(self, quote: Quote, nth: int = ONLY) -> Sequence[Span]:
        """The occurrence that is meant; raises `NotThere`."""
        found = self.all_of(quote)
        if not found:
            raise NotThere
        if nth == EVERY:
            return found
        if nth == ONLY:
            if len(found) > 1:
                raise NotThere(len(found))
            return found
        if nth > len(found):
            raise NotThere(len(found))
        return [found[nth - 1 if nth > 0 else nth]]

    def between(self, first: Quote, last: Quote) -> Span:
        """Where the first words end and the last begin; raises `NotThere` where they are not neighbours."""
        for one in self.all_of(first):
            for other in self.all_of(last):
                if one.end <= other.start and not self.shown[one.end : other.start].strip(" ,"):
                    return Span(one.end, other.start)
        raise NotThere

    def through(self, first: Quote, last: Quote) -> Span:
        """From the first words through the last; raises `NotThere`."""
        for one in self.all_of(first):
            for other in self.all_of(last):
                if one.start < other.end and one.end <= other.start:
                    return Span(one.start, other.end)
        raise NotThere

    def replaced(self, spans: Sequence[Span], new: str, *, old: str = "") -> str:
        """The paragraph with other words in these places."""
        new = " ".join(new.split())
        edits = [(span, self._fitting(span, new, old)) for span in spans]
        return self._written([(span, words) if words else self._without(span) for span, words in edits])

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
        return self._written([(Span(at, at), f"{lead}{new}{tail}")])

    def ended_at(self, at: int) -> str:
        """The paragraph up to here, with the mark at its end."""
        stripped = self.shown.rstrip()
        final = 1 if stripped[-1:] in _FINAL else 0
        kept = len(self.shown[:at].rstrip(f" {_FINAL}"))
        return self._written([(Span(kept, max(len(stripped) - final, kept)), "")])

    def ended(self, new: str) -> str:
        """The paragraph with words at its end: before its last mark, unless they are a sentence of their own."""
        new, stripped = " ".join(new.split()), self.shown.rstrip()
        final = stripped[-1:] if stripped[-1:] in _FINAL else ""
        is_sentence = new[:1].isupper() and final in {".", "!", "?"}
        if not final or is_sentence:
            return self.put(len(stripped), new)
        words = new.rstrip(_FINAL) if new[-1:] in _FINAL else new
        return self.put(len(stripped) - 1, words)

    def cut(self, at: int) -> tuple[str, str]:
        """The two texts of which the first ends here."""
        head = self._written([(Span(at, len(self.shown)), "")])
        return head, self._written([(Span(0, at), "")])

    def whole(self, new: str) -> str:
        """The paragraph in other words altogether; what stays keeps its looks."""
        if self.block.kind in _VERBATIM:
            return new
        return written_back(self.block, [Piece(GlyphKind.TEXT, " ".join(new.split()))], folds=False).text

    def _sentence(self, count: int) -> Sequence[Span]:
        starts = [0, *(match.end() for match in _SENTENCE_END.finditer(self.shown))]
        spans = [Span(start, end) for start, end in zip(starts, [*starts[1:], len(self.shown)], strict=True)]
        place = count - 1 if count > 0 else len(spans) + count
        if not 0 <= place < len(spans):
            return ()
        span = spans[place]
        return [Span(span.start, span.start + len(self.shown[span.start : span.end].rstrip()))]

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

    def _written(self, edits: Sequence[tuple[Span, str]]) -> str:
        if self.block.kind in _VERBATIM:
            return self._spliced(edits)
        return written_back(self.block, joined(self._pieces(edits)), folds=False).text

    def _spliced(self, edits: Sequence[tuple[Span, str]]) -> str:
        text = self.block.text
        for span, words in sorted(edits, key=lambda edit: -edit[0].start):
            text = f"{text[: span.start]}{words}{text[span.end :]}"
        return text

    def _pieces(self, edits: Sequence[tuple[Span, str]]) -> Iterator[Piece]:
        at = 0
        for span, words in sorted(edits, key=lambda edit: edit[0].start):
            yield from (Piece(one.kind, one.text, one.style) for one in self.glyphs[at : span.start])
            if words:
                yield Piece(GlyphKind.TEXT, words, self._style(span))
            at = span.end
        yield from (Piece(one.kind, one.text, one.style) for one in self.glyphs[at:])

    def _style(self, span: Span) -> Style:
        """The look of what is replaced, if it has one look; new words have none."""
        looks = {one.style for one in self.glyphs[span.start : span.end]}
        return looks.pop() if len(looks) == 1 else PLAIN


def markdown(words: str) -> str:
    """The words of a new paragraph, in which nothing is a mark."""
    return markdown_of([Piece(GlyphKind.TEXT, " ".join(words.split()))])


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
