"""What a language's table of requests holds, and what the signs in its sentences mean.

A sentence is written with single spaces, in small letters without accents:

* `{name}` stands for any of the words listed under that name; `{name}?` may be left out.
* `OLD`, `NEW`, `MARK`, `TO` are words of the text, quoted or bare; `'OLD'` with marks only where quoted.
* `#OLD` and `#NEW` are quoted words, or a number that stands there without marks.
* `PLACE` is a paragraph by its number; `TEXT` a whole paragraph, quoted or after a colon to the end of it.
* `~` may skip a few words and a paragraph's number, `_` words only; neither goes past the end of a sentence.
* `LEADS` may be "the words"; `END` is the end of a request; `STOP` may be the end of a sentence in the middle of one.
"""

from collections.abc import Mapping, Sequence
from enum import StrEnum
from typing import Literal

from msgspec import Struct

Around = Literal["negations", "reasons", "everywhere", "occurrence", "here", "in_all", "leads", "in_", "and_"]


class Kind(StrEnum):
    """What a request asks for."""

    REPLACE = "replace"  # OLD by NEW
    DELETE = "delete"  # OLD, or from OLD to TO
    AFTER = "after"  # NEW comes after MARK
    BEFORE = "before"
    AT_END = "at_end"  # NEW comes at the end of the paragraph
    AT_START = "at_start"
    SOMEWHERE = "somewhere"  # NEW, nobody said where in the paragraph
    REWORD = "reword"  # the whole paragraph reads TEXT
    DELETE_PARAGRAPH = "delete_paragraph"
    NEW_AFTER = "new_after"  # a paragraph TEXT after PLACE
    NEW_BEFORE = "new_before"
    NEW_AT = "new_at"  # a paragraph TEXT that is to be PLACE
    NEW_ITEM = "new_item"  # an item TEXT under PLACE
    NEW_AT_END = "new_at_end"  # of the whole text
    NEW_AT_START = "new_at_start"
    MOVE_AFTER = "move_after"  # PLACE comes after the one named second
    MOVE_BEFORE = "move_before"
    MOVE_TO_END = "move_to_end"
    MOVE_TO_START = "move_to_start"
    JOIN = "join"
    SPLIT = "split"  # PLACE ends after MARK
    DELETE_FROM = "delete_from"  # OLD and all that follows it in the paragraph
    DELETE_AFTER = "delete_after"  # all that follows MARK
    WHOLE = "whole"  # TEXT beside a paragraph's number, and no word of what it is for
    SWAP = "swap"  # two paragraphs change places
    MORE = "more"  # OLD by NEW once more, right after a replacement


class Table(Struct, frozen=True):
    """The requests of one language."""

    words: Mapping[str, str]
    """Names to pieces of regular expressions."""
    requests: Sequence[tuple[Kind, str]]
    """Sentences; of those that begin at the same place the first counts."""
    negations: str
    """What makes of a request, right before it, none."""
    reasons: str
    """How the line begins that says why."""
    everywhere: str
    """That every occurrence of the words is meant."""
    nth: Mapping[int, str]
    """Which occurrence is meant, by its number; -1 is the last."""
    occurrence: str
    """The word for an occurrence."""
    here: str
    """That the paragraph named last is meant: "in the same paragraph"."""
    in_all: str
    """That the whole text is meant: "throughout the declaration"."""
    leads: str
    """What may stand before bare words and belongs to the request: "the words"."""
    in_: str
    """The preposition before a place that follows a request."""
    and_: str
    """What joins a second quotation to the first."""
