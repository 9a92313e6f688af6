"""Finding words in what is stored, whatever their accents and capitals, in any language and on both databases.

A table that can be searched keeps, beside its text, the same text `folded`: small letters
without accents, one space around every word. What somebody looks for is folded alike, so one
plain comparison finds it. Over 10,000 recommendations that takes some milliseconds, fewer than
an index of words would be worth with what it asks of each database: SQLite and PostgreSQL
tell words apart by rules of their own, and both have to answer the same.
"""

import re
from collections.abc import Iterable, Sequence
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import InstrumentedAttribute

from drafts.base.words import fold_text

MOST_WORDS = 20  # of a question; the others are left out
_PART = re.compile(r'"([^"]*)"|([^"\s]+)')
_WORD = re.compile(r"\w+")


def query_terms(question: str) -> tuple[str, ...]:
    """The parts of a question, folded: each word as the beginning of one, what stands in quotes whole."""
    found = []
    for phrase, word in _PART.findall(question):
        part = fold_text(phrase) if phrase else fold_text(word).rstrip()
        if part.strip():
            found.append(part)
    return tuple(found[:MOST_WORDS])


def phrases(question: str) -> list[tuple[list[str], bool]]:
    """The words of each part of a question, and whether its last is the beginning of one."""
    return [(term.split(), not term.endswith(" ")) for term in query_terms(question)]


def highlighted(text: str, wanted: Iterable[tuple[Sequence[str], bool]]) -> list[tuple[str, bool]]:
    """A text in pieces, each with whether it was looked for: `wanted` is as `phrases` has it."""
    places = [(fold_text(found[0]).strip(), found.start(), found.end()) for found in _WORD.finditer(text)]
    wanted = list(wanted)
    pieces: list[tuple[str, bool]] = []
    at = 0
    for index, (_, starts_at, _) in enumerate(places):
        for words, is_open in wanted if starts_at >= at else ():
            run = [word for word, _, _ in places[index : index + len(words)]]
            if run == words or (is_open and run[:-1] == words[:-1] and run and run[-1].startswith(words[-1])):
                ends_at = places[index + len(words) - 1][2]
                pieces += [(text[at:starts_at], False), (text[starts_at:ends_at], True)]
                at = ends_at
                break
    return [piece for piece in (*pieces, (text[at:], False)) if piece[0]]


def has_words(column: InstrumentedAttribute[str], question: str) -> sa.ColumnElement[bool]:
    """Whether a folded column has every part of the question, in any order; everything has none at all."""
    parts: list[Any] = [column.contains(part) for part in query_terms(question)]  # no sign in them needs escaping
    return sa.and_(sa.true(), *parts)
