"""Inline Markdown as a list of runs: what the PDF template sets, so that no text is ever read as its source."""

import re
from collections.abc import Iterator, Sequence
from functools import lru_cache
from types import MappingProxyType
from typing import Final, Literal

from markdown_it.token import Token
from msgspec import Struct

from drafts.base.lazy_regex import lazy_regex
from drafts.formats.labels import NBSP
from drafts.text import markdown_parser
from drafts.text.blocks import Language

RunKind = Literal["text", "emph", "strong", "code", "link", "ref", "note", "footnote", "again", "column", "break"]

SAFE_TARGET = re.compile(r"(?:https?://|mailto:)", re.IGNORECASE)
REFERENCE = "#b-"
DEEPEST = 12  # spans within spans; what is deeper keeps its words only, because typst bounds its own recursion
LONGEST_TARGET = 2_000  # of a link, in characters
_KEPT: Final = 4_096  # texts at hand: several forms of an edition need the same, and a preview nearly the same again
SPANS: dict[str, RunKind] = {"em_open": "emph", "strong_open": "strong"}


class InlineRun(Struct, frozen=True):
    """A stretch of text of one kind. `value` is the words, a target or a label; `body` what stands inside.

    "note" is the bare mark of a footnote; "footnote" is its first mark together
    with what the note says, "again" a later mark of the same note; where languages
    stand side by side, what the note says is a "column" for each.
    """

    kind: RunKind
    value: str = ""
    body: tuple["InlineRun", ...] = ()


@lru_cache(maxsize=_KEPT)
def runs(text: str) -> tuple[InlineRun, ...]:
    """Return canonical inline Markdown as runs.

    A link that is neither http, https nor mailto is left as its words; an image
    as its description; HTML as the characters it is written with.
    """
    return tuple(_runs(iter(markdown_parser.inline(text))))


def _runs(tokens: Iterator[Token], closing: str = "", depth: int = 0) -> Iterator[InlineRun]:
    for token in tokens:
        if token.type == closing:
            return
        if token.type.endswith("_open"):
            inside = tuple(_runs(tokens, token.type.replace("_open", "_close"), depth + 1))
            yield from _span(token, inside) if depth < DEEPEST else inside
        else:
            yield from _single(token)


def _span(opening: Token, body: tuple[InlineRun, ...]) -> Sequence[InlineRun]:
    if opening.type in SPANS:
        return (InlineRun(SPANS[opening.type], body=body),)
    target = str(opening.attrs["href"])
    if target.startswith(REFERENCE):
        return (InlineRun("ref", target.removeprefix(REFERENCE), body),)
    is_kept = SAFE_TARGET.match(target) and len(target) <= LONGEST_TARGET
    return (InlineRun("link", target, body or (InlineRun("text", target),)),) if is_kept else body


def _single(token: Token) -> Sequence[InlineRun]:
    match token.type:
        case "hardbreak":
            return (InlineRun("break"),)
        case "softbreak":
            return (InlineRun("text", " "),)
        case "code_inline":
            return (InlineRun("code", token.content),)
        case "footnote_ref":
            return (InlineRun("note", str(token.meta["label"])),)
    return (InlineRun("text", token.content),) if token.content else ()


_NUMBER: Final = lazy_regex(r"(?<![\d.,])(\d{1,3}) (?=\d{3}(?!\d))|(?<=\d) (?=[%‰€$])")
_ON_ONE_LINE: Final = 16  # characters, in the large type of a title
_SIGNS: Final = MappingProxyType({Language.FR: lazy_regex(r" (?=[;:?!»])|(?<=«) ")})
_REFERENCE: Final = r" (?=\d|\[\]\(#b-)"  # a number, or the place where that of a paragraph is printed
_HELD: Final = MappingProxyType(  # what stands before a space that goes on with it
    {
        Language.ES: lazy_regex(
            r"\b(\d{1,2}|1\.º) de (?=(?:enero|febrero|marzo|abril|mayo|junio|julio|agosto|sep?tiembre|octubre|noviembre"
            rf"|diciembre)\b)|\b(párrafos?|artículos?|anexos?|apartados?|secci[oó]n(?:es)?){_REFERENCE}",
            re.IGNORECASE,
        ),
        Language.EN: lazy_regex(
            r"\b(\d{1,2}) (?=(?:January|February|March|April|May|June|July|August|September|October|November"
            rf"|December)\b)|\b(paragraphs?|articles?|annex(?:es)?|sections?){_REFERENCE}",
            re.IGNORECASE,
        ),
        Language.FR: lazy_regex(
            r"\b(\d{1,2}|1er) (?=(?:janvier|février|mars|avril|mai|juin|juillet|août|septembre|octobre|novembre"
            rf"|décembre)\b)|\b(paragraphes?|articles?|annexes?|sections?){_REFERENCE}",
            re.IGNORECASE,
        ),
    }
)


@lru_cache(maxsize=_KEPT)
def unbroken(words: str, language: Language) -> str:
    """Return the same words; a space at which a line may not end is a no-break one."""
    kept = _NUMBER.sub(rf"\1{NBSP}", words)
    kept = _HELD[language].sub(lambda held: held[0].replace(" ", NBSP), kept)
    return signs.sub(NBSP, kept) if (signs := _SIGNS.get(language)) else kept


def together(words: str, name: str) -> str:
    """Return the words with every mention of a name on one line, unless it is too long for one."""
    return words.replace(name, name.replace(" ", NBSP)) if name.strip() and len(name) <= _ON_ONE_LINE else words
