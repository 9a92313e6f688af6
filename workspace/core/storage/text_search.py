"""Finding words in what is stored, whatever their accents and capitals, in any language and on both databases.

A table that can be searched keeps, beside its text, the same text `folded`: small letters
without accents, one space around every word. What somebody looks for is folded alike, so one
plain comparison finds it. Over 10,000 recommendations that takes some milliseconds, fewer than
an index of words would be worth with what it asks of each database: SQLite and PostgreSQL
tell words apart by rules of their own, and both have to answer the same.
"""

import re
import unicodedata
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import InstrumentedAttribute

MOST_WORDS = 20  # of a question; the others are left out
_PART = re.compile(r'"([^"]*)"|([^"\s]+)')
_NOT_A_WORD = re.compile(r"[\W_]+")
_LETTERS = str.maketrans({"œ": "oe", "æ": "ae", "ø": "o", "ł": "l", "đ": "d", "ı": "i"})


def fold_text(text: str) -> str:
    """`text` in small letters without accents or marks, one space before, between and after its words."""
    signs = unicodedata.normalize("NFKD", text.casefold())
    bare = "".join(sign for sign in signs if not unicodedata.combining(sign)).translate(_LETTERS)
    return f" {_NOT_A_WORD.sub(' ', bare).strip()} "


def query_terms(question: str) -> tuple[str, ...]:
    """The parts of a question, folded: each word as the beginning of one, what stands in quotes whole."""
    found = []
    for phrase, word in _PART.findall(question):
        part = fold_text(phrase) if phrase else fold_text(word).rstrip()
        if part.strip():
            found.append(part)
    return tuple(found[:MOST_WORDS])


def has_words(column: InstrumentedAttribute[str], question: str) -> sa.ColumnElement[bool]:
    """Whether a folded column has every part of the question, in any order; everything has none at all."""
    parts: list[Any] = [column.contains(part) for part in query_terms(question)]  # no sign in them needs escaping
    return sa.and_(sa.true(), *parts)
