"""Spaces at which no line may break, where a text is set: in a number or a date, before a French colon.

Only what is printed is touched: an adopted text, and its hash, keep the spaces they were written with.
"""

import re
from types import MappingProxyType
from typing import Final

from drafts.blocks import Language
from drafts.formats.words import NBSP
from drafts.patterns import expression

_NUMBER: Final = expression(r"(?<![\d.,])(\d{1,3}) (?=\d{3}(?!\d))|(?<=\d) (?=[%‰€$])")
_ON_ONE_LINE: Final = 16  # characters, in the large type of a title
_SIGNS: Final = MappingProxyType({Language.FR: expression(r" (?=[;:?!»])|(?<=«) ")})
_REFERENCE: Final = r" (?=\d|\[\]\(#b-)"  # a number, or the place where that of a paragraph is printed
_HELD: Final = MappingProxyType(  # what stands before a space that goes on with it
    {
        Language.ES: expression(
            r"\b(\d{1,2}|1\.º) de (?=(?:enero|febrero|marzo|abril|mayo|junio|julio|agosto|sep?tiembre|octubre|noviembre"
            rf"|diciembre)\b)|\b(párrafos?|artículos?|anexos?|apartados?|secci[oó]n(?:es)?){_REFERENCE}",
            re.IGNORECASE,
        ),
        Language.EN: expression(
            r"\b(\d{1,2}) (?=(?:January|February|March|April|May|June|July|August|September|October|November"
            rf"|December)\b)|\b(paragraphs?|articles?|annex(?:es)?|sections?){_REFERENCE}",
            re.IGNORECASE,
        ),
        Language.FR: expression(
            r"\b(\d{1,2}|1er) (?=(?:janvier|février|mars|avril|mai|juin|juillet|août|septembre|octobre|novembre"
            rf"|décembre)\b)|\b(paragraphes?|articles?|annexes?|sections?){_REFERENCE}",
            re.IGNORECASE,
        ),
    }
)


def unbroken(words: str, language: Language) -> str:
    """Return the same words; a space at which a line may not end is a no-break one."""
    kept = _NUMBER.sub(rf"\1{NBSP}", words)
    kept = _HELD[language].sub(_held, kept)
    return signs.sub(NBSP, kept) if (signs := _SIGNS.get(language)) else kept


def _held(found: re.Match[str]) -> str:
    return found[0].replace(" ", NBSP)


def together(words: str, name: str) -> str:
    """Return the words with every mention of a name on one line, unless it is too long for one."""
    return words.replace(name, name.replace(" ", NBSP)) if name.strip() and len(name) <= _ON_ONE_LINE else words
