"""One text as the checks see it: what is not prose set aside, words and digits found once."""

import re
import unicodedata
from collections.abc import Iterator, Mapping
from functools import lru_cache
from pathlib import Path
from typing import NamedTuple

from drafts.base.lazy_regex import lazy_regex
from drafts.text.blocks import Language


def table(name: str) -> tuple[tuple[str, Mapping[Language, str]], ...]:
    """The rows of a file of expressions: what each names, and what says it in English, Spanish, French, or all."""
    lines = Path(__file__).with_name(name).read_text(encoding="utf-8").splitlines()
    rows = (line.split(" | ") for line in lines)
    languages = (Language.EN, Language.ES, Language.FR)
    return tuple((name, dict(zip(languages, cells if cells[1:] else cells * 3, strict=True))) for name, *cells in rows)


_EXPRESSIONS = dict(table("expressions.txt"))
expressions = _EXPRESSIONS.__getitem__


def patterns(name: str, flags: int = 0) -> Mapping[Language, re.Pattern[str]]:
    """The expressions of one name, to be compiled."""
    return {language: lazy_regex(written, flags) for language, written in expressions(name).items()}


def pattern(name: str, flags: int = 0) -> re.Pattern[str]:
    """An expression for texts of any language, to be compiled."""
    return patterns(name, flags)[Language.EN]


FILLER = "\ue000"
"""Stands for each character that is not prose, so that offsets stay those of the text."""

NO_BREAK = "\u00a0\u202f"


class ComparedItem(NamedTuple):
    """Something in a text that is compared as a whole: an address, a symbol, a footnote."""

    kind: str
    text: str
    start: int
    end: int


_QUICK = lazy_regex(r"[`@{<]|\[\^|\][(\[]|//|[wW]{3}\.|%[\w(]|[A-Z)]/|\d/\d")
_KINDS = [_EXPRESSIONS[kind][Language.EN] for kind in ("marks", "placeholders", "addresses", "symbols")]
_PIECES, _PLAIN = lazy_regex("|".join(_KINDS)), lazy_regex("|".join(_KINDS[:2]))  # nothing else: much the quicker
_WORD = lazy_regex(r"[^\W\d_]+")
_LEADING = pattern("enumerators")


class CheckedText:
    """A text in one language, composed, and what nearly every check reads of it; `raw` is as it came.

    `prose` is the text with everything that is not prose filled, offset by offset; `lower` that in lower case,
    apostrophes straight. `enumerator` is what it opens with ("(a)", "a)", "12."), and `body` the prose without.
    """

    def __init__(self, text: str, language: Language) -> None:
        self.raw, self.language = text, language
        self.text = text = unicodedata.normalize("NFC", text)
        self.pieces = tuple(_kept(text)) if _QUICK.search(text) else ()
        self.prose = prose = filled(text, [(piece.start, piece.end) for piece in self.pieces])
        self.enumerator = opening = _LEADING.match(prose)
        self.body = filled(prose, [opening.span("all")]) if opening else prose
        self.words = words = tuple(_WORD.findall(prose))
        self.lower_words = tuple(map(str.lower, words))
        self.lower = prose.lower().replace("’", "'")
        self.has_digits = any(map(str.isdigit, text))

    def of_kind(self, *kinds: str) -> tuple[ComparedItem, ...]:
        return tuple(piece for piece in self.pieces if piece.kind in kinds)


@lru_cache(maxsize=8192)
def checked_text(text: str, language: Language) -> CheckedText:
    """The same text is read once, however many pairs it stands in."""
    return CheckedText(text, language)


def filled(text: str, spans: Iterator[tuple[int, int]] | list[tuple[int, int]]) -> str:
    parts: list[str] = []
    at = 0
    for start, end in spans:
        parts += (text[at:start], FILLER * (end - start))
        at = end
    return "".join((*parts, text[at:])) if parts else text


def _kept(text: str) -> Iterator[ComparedItem]:
    has_names = "/" in text or "@" in text or "www." in text.lower()
    for found in (_PIECES if has_names else _PLAIN).finditer(text):
        kind = found.lastgroup or ""
        if kind != "symbol" or any(map(str.isdigit, found[0])):
            yield ComparedItem(kind, found[0], *found.span())
