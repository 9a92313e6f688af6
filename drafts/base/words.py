"""Words: written as readable lines in the source, and folded so that accents and capitals make no difference."""

import re
from unicodedata import combining, normalize

_NOT_A_WORD = re.compile(r"[\W_]+")
_LETTERS = str.maketrans({"œ": "oe", "æ": "ae", "ø": "o", "ł": "l", "đ": "d", "ı": "i"})
_FORMULA = r'(?="*[=+\-@\t\r\n＝＋－＠])'  # what a spreadsheet program takes for the beginning of one
_PART = r"(^|[;\t\r\n])"  # one begins there too, where these part them and quotation marks do not hold


def without_formulas(cell: str) -> str:
    """A cell of a CSV file with an apostrophe before whatever some spreadsheet program may take for a formula."""
    return re.sub(_PART + _FORMULA, r"\1'", cell)


def with_formulas(cell: str) -> str:
    """The cell as it was before `without_formulas`."""
    return re.sub(f"{_PART}'{_FORMULA}", r"\1", cell)


def word_set(spaced: str) -> frozenset[str]:
    """The words as a set."""
    return frozenset(spaced.split())


def word_count(text: str) -> int:
    """How many words there are, as people count: runs without white space that hold a letter or digit."""
    return sum(any(character.isalnum() for character in word) for word in text.split())


def without_accents(text: str) -> str:
    """`text` in small letters, without accents and other marks."""
    return "".join(sign for sign in normalize("NFKD", text.casefold()) if not combining(sign))


def fold_text(text: str) -> str:
    """`text` in small letters without accents or marks, one space before, between and after its words."""
    return f" {_NOT_A_WORD.sub(' ', without_accents(text).translate(_LETTERS)).strip()} "
