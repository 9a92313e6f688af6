"""What a diff counts in: words, whole numbers, elided articles, marks and links, never letters."""

import re
from dataclasses import dataclass
from enum import StrEnum
from functools import lru_cache

from drafts.graphemes import extends, is_joined


class TokenKind(StrEnum):
    """What a token is to a reader."""

    WORD = "word"
    NUMBER = "number"  # with its separators: 1,250,000
    ELISION = "elision"  # l’ d’ qu’
    LINK = "link"  # "](target)", an address, a mail address
    FOOTNOTE = "footnote"  # "[^label]"
    REFERENCE = "reference"  # "[](#b-ID)", printed as a paragraph's number
    SPACE = "space"
    PUNCTUATION = "punctuation"
    MARK = "mark"  # Markdown: "**", "_", "`", "["
    LINE = "line"  # a hard break, a row of a table, a line of code
    START = "start"  # the start of a paragraph


WORDS = frozenset(
    {
        TokenKind.WORD,
        TokenKind.NUMBER,
        TokenKind.ELISION,
        TokenKind.LINK,
        TokenKind.FOOTNOTE,
        TokenKind.REFERENCE,
    }
)
"""The kinds that carry meaning of their own: two edits of neighbouring ones may not be combined unseen."""

PARAGRAPH_START = "\n\n"
"""Between the texts of two paragraphs, when several are compared as one. Canonical prose never contains it."""


@dataclass(frozen=True, slots=True)
class Token:
    kind: TokenKind
    text: str

    @property
    def is_word(self) -> bool:
        return self.kind in WORDS


_PATTERN = re.compile(
    r"""
      (?P<start>\n\n)
    | (?P<line>\\\n|\n)
    | (?P<space>[^\S\n]+)
    | (?P<reference>\[\]\(\#b-[^()\s]+\))
    | (?P<footnote>\[\^[^\[\]\s]+\])
    | (?P<link>
          \]\((?:<[^<>\n]*>|(?:[^()\s]|\([^()\s]*\))*)(?:[ ]"[^"]*")?\)
        | <(?:https?://|mailto:)[^<>\s]+>
        | (?:https?://|www\.)[^\s<>\[\]()|«»“”"]*[^\s<>\[\]()|«»“”"*_.,;:!?'’]
        | [\w.+-]{1,64}@[\w-]+(?:\.[\w-]+)+
      )
    | (?P<elision>(?:jusqu|lorsqu|puisqu|quoiqu|qu|[ldjnsmtcç])['’](?=[^\W\d_]))
    | (?P<number>(?:\d{1,3}(?:[ ]\d{3}(?!\d))+|\d+)(?:[.,]\d+|[\u00a0\u202f'’]\d{3}(?!\d))*[^\W\d_]*)
    | (?P<word>[^\W_]+(?:['’][^\W_]+)*)
    | (?P<punctuation>\\[!-/:-@\[-`{-~] | &\#?\w+; | \.\.\.)
    | (?P<mark>\*+|_+|~~|`+|!?\[)
    | (?P<other>[\U0001F1E6-\U0001F1FF]{2}|.)
    """,
    re.VERBOSE | re.IGNORECASE,
)
_KINDS: dict[str | None, TokenKind] = {"other": TokenKind.PUNCTUATION, **{kind.value: kind for kind in TokenKind}}
_NEEDS_GLUE = re.compile(r"[^\x00-\u02ff\u0370-\u03ff\u2010-\u203f\u20a0-\u20cf\u2190-\u22ff]")


@lru_cache(maxsize=1024)
def tokenize(text: str) -> tuple[Token, ...]:
    """Split `text` into tokens; joining their texts gives `text` again, byte for byte.

    No token cuts a grapheme cluster, a number, a link target or a footnote
    reference. A hyphen, like every punctuation mark, is a token of its own; an
    apostrophe inside a word is not (aujourd’hui, city’s).
    """
    tokens = [Token(_KINDS[match.lastgroup], match.group()) for match in _PATTERN.finditer(text)]
    return tuple(_glued(tokens) if _NEEDS_GLUE.search(text) else tokens)


def words(text: str) -> tuple[str, ...]:
    """The word tokens of `text` alone, as similarity counts them."""
    return tuple(token.text for token in tokenize(text) if token.is_word)


def has_words(text: str) -> bool:
    return any(token.is_word for token in tokenize(text))


def _glued(tokens: list[Token]) -> list[Token]:
    """Put marks, joiners and what they join back onto the token they belong to."""
    glued: list[Token] = []
    was_extended = False
    for token in tokens:
        extending = extends(token.text[0])
        if glued and _belongs(glued[-1], token, was_extended=was_extended, extending=extending):
            before = glued.pop()
            kind = TokenKind.PUNCTUATION if before.kind is TokenKind.SPACE else before.kind
            glued.append(Token(kind, before.text + token.text))
            was_extended = True
        else:
            glued.append(token)
            was_extended = False
    return glued


def _belongs(before: Token, token: Token, *, was_extended: bool, extending: bool) -> bool:
    if before.kind in (TokenKind.START, TokenKind.LINE):
        return False
    if extending or is_joined(before.text, token.text[0]):
        return True
    return was_extended and before.kind is TokenKind.WORD and token.kind is TokenKind.WORD
