"""Several things that one letter tells of, as a fact of the letter: words and the page that each leads to."""

from collections.abc import Mapping, Sequence
from typing import Any

import msgspec

ITEMS = "items"
FIRST = "first"  # what the first of them is called, for the subject
CHOICE = "choice"  # the kind of letter that its receiver can end


class Item(msgspec.Struct, frozen=True):
    """One of them. `path` is a page of ours, `/{language}/…` where it is not in one language."""

    title: str
    about: str
    path: str


def as_fact(items: Sequence[Item]) -> str:
    return msgspec.json.encode(items).decode()


def items_of(facts: Mapping[str, Any]) -> Sequence[Item]:
    """What a letter tells of, in its order; nothing for one that tells of one thing alone."""
    return msgspec.json.decode(facts.get(ITEMS) or "[]", type=list[Item])
