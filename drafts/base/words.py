"""Words: written as readable lines in the source, and folded so that accents and capitals make no difference."""

import re
from unicodedata import combining, normalize

_NOT_A_WORD = re.compile(r"[\W_]+")
_LETTERS = str.maketrans({"œ": "oe", "æ": "ae", "ø": "o", "ł": "l", "đ": "d", "ı": "i"})


def word_set(spaced: str) -> frozenset[str]:
    """The words as a set."""
    return frozenset(spaced.split())


def without_accents(text: str) -> str:
    """`text` in small letters, without accents and other marks."""
    return "".join(sign for sign in normalize("NFKD", text.casefold()) if not combining(sign))


def fold_text(text: str) -> str:
    """`text` in small letters without accents or marks, one space before, between and after its words."""
    return f" {_NOT_A_WORD.sub(' ', without_accents(text).translate(_LETTERS)).strip()} "
