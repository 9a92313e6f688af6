"""What a diff counts in: words, whole numbers, elided articles, marks and links, never letters."""

import re
import unicodedata
from collections.abc import Sequence
from enum import StrEnum
from functools import lru_cache
from itertools import count

from msgspec import Struct
from msgspec.structs import replace

from drafts.base.constants import TEXT_LIMIT
from drafts.base.errors import TooLarge

ZERO_WIDTH_JOINER = "\u200d"
_EMOJI_MODIFIERS = range(0x1F3FB, 0x1F400)
_TAGS = range(0xE0020, 0xE0080)
_REGIONAL = range(0x1F1E6, 0x1F200)
_FIRST_PICTOGRAPH = "\u203c"


def extends(character: str) -> bool:
    """Tell whether `character` belongs to the cluster before it: a combining mark, a joiner, a skin tone, a tag."""
    if character < "\u0300":
        return False
    point = ord(character)
    is_modifier = character == ZERO_WIDTH_JOINER or point in _EMOJI_MODIFIERS or point in _TAGS
    return is_modifier or unicodedata.category(character).startswith("M")


def graphemes(text: str) -> tuple[str, ...]:
    """Split `text` into clusters; joining them gives `text` again."""
    clusters: list[str] = []
    for character in text:
        if clusters and _continues(clusters[-1], character):
            clusters[-1] += character
        else:
            clusters.append(character)
    return tuple(clusters)


def is_joined(before: str, character: str) -> bool:
    """Tell whether a joiner at the end of `before` ties the pictograph `character` to it; it ties no half of a flag."""
    is_tied = before.endswith(ZERO_WIDTH_JOINER) and character >= _FIRST_PICTOGRAPH
    return is_tied and ord(character) not in _REGIONAL


def _continues(cluster: str, character: str) -> bool:
    if cluster == "\n":
        return False
    if extends(character) or is_joined(cluster, character):
        return True
    return len(cluster) == 1 and ord(cluster) in _REGIONAL and ord(character) in _REGIONAL


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
    {TokenKind.WORD, TokenKind.NUMBER, TokenKind.ELISION, TokenKind.LINK, TokenKind.FOOTNOTE, TokenKind.REFERENCE}
)
"""The kinds that carry meaning of their own: two edits of neighbouring ones may not be combined unseen."""

PARAGRAPH_START = "\n\n"
"""Between the texts of two paragraphs, when several are compared as one. Canonical prose never contains it."""


class Token(Struct, frozen=True):
    kind: TokenKind
    text: str
    is_word: bool


_START = r"\n\n"
_LINE = r"\\\n|\n"
_REFERENCE = r"\[\]\(\#b-[^()\s]+\)"
_FOOTNOTE = r"\[\^[^\[\]\s]+\]"
_LINK = r"""
      \]\((?:<[^<>\n]*>|(?:[^()\s]|\([^()\s]*\))*)(?:[ ]"[^"]*")?\)
    | (?i:<(?:https?://|mailto:)[^<>\s]+>)
    | (?i:https?://|www\.)[^\s<>\[\]()|«»“”"]*[^\s<>\[\]()|«»“”"*_.,;:!?'’]
    | [\w.+-]{1,64}@[\w-]+(?:\.[\w-]+)+
"""
_ELISION = r"(?i:jusqu|lorsqu|puisqu|quoiqu|qu|[ldjnsmtcç])['’](?=[^\W\d_])"
_NUMBER = r"(?:\d{1,3}(?:[ ]\d{3}(?!\d))+|\d+)(?:[.,]\d+|[\u00a0\u202f'’]\d{3}(?!\d))*[^\W\d_]*"
_WORD = r"[^\W_]+(?:['’][^\W_]+)*"
_PUNCTUATION = r"\\[!-/:-@\[-`{-~] | &\#?\w+; | \.\.\."
_MARK = r"\*+|_+|~~|`+|!?\["
_OTHER = r"[\U0001F1E6-\U0001F1FF]{2}|(?s:.)"
_ORDINARY = r"[^\W\d_]+(?=[ ,;)]|\.[ ]|\.?\Z)|[ ](?=\S)"  # most of a text: tried first, and what the rest would find

_KINDS = {
    TokenKind.START: _START,
    TokenKind.LINE: _LINE,
    TokenKind.SPACE: r"[^\S\n]+",
    TokenKind.REFERENCE: _REFERENCE,
    TokenKind.FOOTNOTE: _FOOTNOTE,
    TokenKind.LINK: _LINK,
    TokenKind.ELISION: _ELISION,
    TokenKind.NUMBER: _NUMBER,
    TokenKind.WORD: _WORD,
    TokenKind.PUNCTUATION: _PUNCTUATION,
    TokenKind.MARK: _MARK,
}
_PIECES = re.compile("|".join((_ORDINARY, *_KINDS.values(), _OTHER)), re.VERBOSE)
_NAMED = re.compile("|".join(f"(?P<{kind.value}>{pattern})" for kind, pattern in _KINDS.items()), re.VERBOSE)
_LETTERS = re.compile("[A-Za-zÀ-ÖØ-öø-ſ][A-Za-zÀ-ÖØ-öø-ſ0-9]*+")
_LETTERS_ALONE = re.compile(rf"(?:{_LETTERS.pattern}|[ ,;:!?()«»\u00a0\u202f-]|\.(?= |\Z))*+")  # these are its words
_NEEDS_GLUE = re.compile(r"[^\x00-\u02ff\u0370-\u03ff\u2010-\u203f\u20a0-\u20cf\u2190-\u22ff]")

_known: dict[str, tuple[Token, ...]] = {}
"""Tokens of the paragraphs seen last; dropped all at once, because a diff looks at each a few times in a row."""

_KNOWN_TEXTS, _KNOWN_LENGTH = 8192, 10_000


def tokenize(text: str) -> tuple[Token, ...]:
    """Split `text` into tokens; joining their texts gives `text` again, byte for byte.

    No token cuts a grapheme cluster, a number, a link target or a footnote
    reference. A hyphen, like every punctuation mark, is a token of its own; an
    apostrophe inside a word is not (aujourd’hui, city’s). Raises `TooLarge` beyond
    two million characters.
    """
    _ensure_short(text)
    if (tokens := _known.get(text)) is None:
        pieces = tuple(map(_token, _PIECES.findall(text)))
        tokens = tuple(_glued(pieces)) if _NEEDS_GLUE.search(text) else pieces
        if len(text) <= _KNOWN_LENGTH:
            if len(_known) >= _KNOWN_TEXTS:
                _known.clear()
            _known[text] = tokens
    return tokens


def _ensure_short(text: str) -> None:
    if len(text) > TEXT_LIMIT:
        raise TooLarge("the text is too large", what="text", size=len(text), limit=TEXT_LIMIT)


class PieceCodes(dict[str, str]):
    """A character for each piece of text between two spaces, given when it is first looked up.

    What is compared by it is coded by the same `PieceCodes`: the same piece has the same character only there.
    """

    def __init__(self) -> None:
        self.pieces: dict[str, str] = {}  # by character
        self.wordless: set[str] = set()  # characters
        self._given = count()
        self._coded: dict[str, str] = {}
        self._tokens: dict[str, tuple[str, ...]] = {}

    def __missing__(self, piece: str) -> str:
        code = chr(next(self._given))
        self.pieces[code] = piece
        if not has_words(piece):
            self.wordless.add(code)
        return self.setdefault(piece, code)  # the first one stays, where several threads meet a piece

    def of(self, text: str) -> str:
        """`text`, one character for each of its pieces."""
        if (coded := self._coded.get(text)) is None:
            _ensure_short(text)
            coded = "".join(map(self.__getitem__, text.split(" ")))
            if len(text) <= _KNOWN_LENGTH:
                self._coded[text] = coded
        return coded

    def length(self, coded: str) -> int:
        """How many characters these pieces have, each with the space after it."""
        return sum(map(len, map(self.pieces.__getitem__, coded)), len(coded))

    def tokens(self, coded: str) -> list[str]:
        """The tokens of these pieces and of the spaces between; empty where one may reach across a space."""
        tokens: list[str] = []
        for code in coded:
            if not (found := self._tokens.get(code) or self._cut(code)):
                return []
            tokens += (" ", *found) if tokens else found
        return tokens

    def _cut(self, code: str) -> tuple[str, ...]:
        """The tokens of a piece that neither begins nor ends in what tokens with spaces have there: digits, marks."""
        piece = self.pieces[code]
        if piece.isalnum() and piece[0].isalpha():
            self._tokens[code] = (piece,)
        elif piece and "\n" not in piece and _is_border(piece[0]) and _is_border(piece[-1]):
            self._tokens[code] = tuple(token.text for token in tokenize(piece))
        return self._tokens.get(code, ())

    def is_full(self) -> bool:
        return len(self) >= _KNOWN_PIECES or len(self._coded) >= _KNOWN_TEXTS


def _is_border(character: str) -> bool:
    return character.isalpha() or character in ",.;:!?…()«»“”’"


_KNOWN_PIECES = 50_000  # characters above these take twice the memory, and longer to compare
_codes = [PieceCodes()]


def piece_codes() -> PieceCodes:
    """The codes in use, for one comparison: never emptied, because somebody else may be comparing."""
    if _codes[0].is_full():
        _codes[0] = PieceCodes()
    return _codes[0]


def forget() -> None:
    """Begin as a new process would: for measuring."""
    _known.clear()
    _token.cache_clear()
    _codes[0] = PieceCodes()


@lru_cache(maxsize=65_536)
def _token(piece: str) -> Token:
    """The token of one piece of text; only an elided article ends in an apostrophe."""
    if piece.isalpha():
        return Token(TokenKind.WORD, piece, is_word=True)
    if len(piece) > 1 and piece[-1] in "'’" and piece[0].isalpha():
        return Token(TokenKind.ELISION, piece, is_word=True)
    match = _NAMED.fullmatch(piece)
    kind = TokenKind(match.lastgroup) if match and match.lastgroup else TokenKind.PUNCTUATION
    return Token(kind, piece, kind in WORDS)


def words(text: str) -> tuple[str, ...]:
    """The word tokens of `text` alone, as similarity counts them."""
    if len(text) <= _KNOWN_LENGTH and _LETTERS_ALONE.fullmatch(text):
        return tuple(_LETTERS.findall(text))
    return tuple(token.text for token in tokenize(text) if token.is_word)


def has_words(text: str) -> bool:
    return text[:1].isalnum() or any(token.is_word for token in tokenize(text))


def _glued(tokens: Sequence[Token]) -> list[Token]:
    """Put marks, joiners and what they join back onto the token they belong to."""
    glued: list[Token] = []
    parts: list[str] = []  # of the last token: a text may be nothing but joiners, and is put together once
    for token in tokens:
        if glued and _belongs(glued[-1], token, parts):
            if not parts:
                parts = [glued[-1].text]
                if glued[-1].kind is TokenKind.SPACE:
                    glued[-1] = Token(TokenKind.PUNCTUATION, "", is_word=False)
            parts.append(token.text)
        else:
            _close(glued, parts)
            glued.append(token)
            parts = []
    _close(glued, parts)
    return glued


def _close(glued: list[Token], parts: Sequence[str]) -> None:
    if parts:
        glued[-1] = replace(glued[-1], text="".join(parts))


def _belongs(before: Token, token: Token, parts: Sequence[str]) -> bool:
    """Tell whether `token` goes on with the one before it, of which `parts` have been glued so far."""
    if before.kind in (TokenKind.START, TokenKind.LINE):
        return False
    if extends(token.text[0]) or is_joined(parts[-1] if parts else before.text, token.text[0]):
        return True
    return bool(parts) and before.kind is TokenKind.WORD and token.kind is TokenKind.WORD
