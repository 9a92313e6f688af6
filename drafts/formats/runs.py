"""Inline Markdown as a list of runs: what the PDF template sets, so that no text is ever read as its source."""

import re
from collections.abc import Iterator, Sequence
from functools import lru_cache
from typing import Final, Literal

from markdown_it.token import Token
from msgspec import Struct

from drafts import dialect

RunKind = Literal["text", "emph", "strong", "code", "link", "ref", "note", "footnote", "again", "column", "break"]

SAFE_TARGET = re.compile(r"(?:https?://|mailto:)", re.IGNORECASE)
REFERENCE = "#b-"
DEEPEST = 12  # spans within spans; what is deeper keeps its words only, because typst bounds its own recursion
LONGEST_TARGET = 2_000  # of a link, in characters
_KEPT: Final = 4_096  # texts at hand: several forms of an edition need the same, and a preview nearly the same again
SPANS: dict[str, RunKind] = {"em_open": "emph", "strong_open": "strong"}


class Run(Struct, frozen=True):
    """A stretch of text of one kind. `value` is the words, a target or a label; `body` what stands inside.

    "note" is the bare mark of a footnote; "footnote" is its first mark together
    with what the note says, "again" a later mark of the same note; where languages
    stand side by side, what the note says is a "column" for each.
    """

    kind: RunKind
    value: str = ""
    body: tuple["Run", ...] = ()


@lru_cache(maxsize=_KEPT)
def runs(text: str) -> tuple[Run, ...]:
    """Return canonical inline Markdown as runs.

    A link that is neither http, https nor mailto is left as its words; an image
    as its description; HTML as the characters it is written with.
    """
    return tuple(_runs(iter(dialect.inline(text))))


def _runs(tokens: Iterator[Token], closing: str = "", depth: int = 0) -> Iterator[Run]:
    for token in tokens:
        if token.type == closing:
            return
        if token.type.endswith("_open"):
            inside = tuple(_runs(tokens, token.type.replace("_open", "_close"), depth + 1))
            yield from _span(token, inside) if depth < DEEPEST else inside
        else:
            yield from _single(token)


def _span(opening: Token, body: tuple[Run, ...]) -> Sequence[Run]:
    if opening.type in SPANS:
        return (Run(SPANS[opening.type], body=body),)
    target = str(opening.attrs["href"])
    if target.startswith(REFERENCE):
        return (Run("ref", target.removeprefix(REFERENCE), body),)
    is_kept = SAFE_TARGET.match(target) and len(target) <= LONGEST_TARGET
    return (Run("link", target, body or (Run("text", target),)),) if is_kept else body


def _single(token: Token) -> Sequence[Run]:
    match token.type:
        case "hardbreak":
            return (Run("break"),)
        case "softbreak":
            return (Run("text", " "),)
        case "code_inline":
            return (Run("code", token.content),)
        case "footnote_ref":
            return (Run("note", str(token.meta["label"])),)
    return (Run("text", token.content),) if token.content else ()
