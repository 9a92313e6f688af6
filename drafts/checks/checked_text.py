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
    """The rows of a file of expressions: what each names, and what says it in English, Spanish and French."""
    lines = Path(__file__).with_name(name).read_text(encoding="utf-8").splitlines()
    rows = (line.split(" | ") for line in lines)
    return tuple((row[0], dict(zip((Language.EN, Language.ES, Language.FR), row[1:], strict=True))) for row in rows)


_EXPRESSIONS = dict(table("expressions.txt"))
expressions = _EXPRESSIONS.__getitem__
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
_MARKS = r"""
      (?P<code>`[^`\n]+`)
    | (?P<reference>\[\]\(\#b-[^()\s]+\))
    | (?P<footnote>\[\^[^\[\]\s]+\]:?)
    | (?P<label>\]\[[^\[\]\n]*\])
    | (?P<link>\]\((?:<[^<>\n]*>|(?:[^()\s]|\([^()\s]*\))*)(?:[ ]"[^"]*")?\))
"""
_ADDRESSES = r"""
      (?P<url>(?i:https?://|www\.)[^\s<>\[\]()|«»“”"]*[^\s<>\[\]()|«»“”"*_.,;:!?'’])
    | (?P<mail>[\w.+-]{1,64}@[\w-]+(?:\.[\w-]+)+)
"""
_PLACEHOLDERS = r"""
      (?P<placeholder>
        \{\{?[\w. ]{0,40}\}?\}|\$\{\w+\}|%\(\w+\)[sd]|(?<![\d\s\u00a0\u202f]\s)(?<!\d)%[sd](?!\w)|<[a-z_]+/?>)
"""
_SYMBOLS = r"""
      (?P<symbol>
        (?<![\w/])(?:[A-Z][A-Z.]{0,9}(?:-[A-Z]+)?)(?:\([IVXLC\d]+\))?
            (?:/(?:[A-Z\d][\w.\-]*\w|[A-Z\d]|\([A-Z\d.]+\)))+
            (?:\s\(\d{4}\))?(?!\w)
      | (?<![\w/])(?:(?<=resolution\s)|(?<=resolución\s)|(?<=résolution\s)|(?<=decision\s)
        |(?<=decisión\s)|(?<=décision\s)
        |(?<=\(EU\)\s)|(?<=\(UE\)\s)|(?<=\(EC\)\s)|(?<=\(CE\)\s)
        |(?<=resolutions\s)|(?<=resoluciones\s)|(?<=résolutions\s))\d{1,4}/\d{1,4}(?:\s[A-Z](?!\w))?
      | (?<![\w/])\d{2,4}/\d{1,4}/(?:EU|UE|E?EC|CE?E)(?!\w)
      )
"""
_PIECES = lazy_regex(f"{_MARKS}|{_ADDRESSES}|{_PLACEHOLDERS}|{_SYMBOLS}", re.VERBOSE)
_PLAIN = lazy_regex(f"{_MARKS}|{_PLACEHOLDERS}", re.VERBOSE)  # where nothing else can be, much the quicker
_WORD = lazy_regex(r"[^\W\d_]+")
_LEADING = lazy_regex(
    r"\s*(?:\#{1,6}\s+|[-+•]\s+|>\s+)?(?P<all>\(?(?P<value>[a-zñ]|[ivx]{1,5}|\d{1,3})\)(?=\s)"
    r"|(?P<number>\d{1,3})\.(?=\s)"
    r"|(?P<letter>[a-z])\.(?=\s))"
)


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
