"""Spaces at which no line may break, where a text is set: between the groups of a number, before a French colon.

Only what is printed is touched: an adopted text, and its hash, keep the spaces they were written with.
"""

import re
from types import MappingProxyType
from typing import Final

from drafts.blocks import Language
from drafts.formats.words import NBSP

_NUMBER: Final = re.compile(r"(?<![\d.,])(\d{1,3}) (?=\d{3}(?!\d))|(?<=\d) (?=[%‰€$])")
_ON_ONE_LINE: Final = 16  # characters, in the large type of a title
_SIGNS: Final = MappingProxyType({Language.FR: re.compile(r" (?=[;:?!»])|(?<=«) ")})


def unbroken(words: str, language: Language) -> str:
    """Return the same words; a space at which a line may not end is a no-break one."""
    kept = _NUMBER.sub(rf"\1{NBSP}", words)
    return signs.sub(NBSP, kept) if (signs := _SIGNS.get(language)) else kept


def together(words: str, name: str) -> str:
    """Return the words with every mention of a name on one line, unless it is too long for one."""
    return words.replace(name, name.replace(" ", NBSP)) if name.strip() and len(name) <= _ON_ONE_LINE else words
