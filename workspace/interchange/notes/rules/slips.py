"""Slips of scanning and writing, ends and blanks, in three languages: the expressions and words of `slips.toml`."""

import re
import tomllib
from collections.abc import Mapping
from pathlib import Path

import msgspec
from msgspec import Struct


class Slips(Struct, frozen=True):
    """Expressions are read without regard to case, and words without accents."""

    language_quality: Mapping[str, tuple[tuple[str, str], ...]]
    """By language: an expression for a slip, and what it is."""
    impossible: Mapping[str, str]
    """Runs of letters that no word of the language has."""
    doubled: str
    """A word that stands there twice."""
    usually_doubled: frozenset[str]
    header_numeral: str
    """A Roman numeral as scanning spoils it."""
    words_of_addresses: tuple[str, ...]
    relative_dates: tuple[str, ...]
    numbers: Mapping[str, int]
    both: str
    these: str
    opens_with: str
    opening: str
    partnership: str
    closed_at: str
    """What stands before the time at which a meeting ended."""
    still_open: str
    """A place that was left for later; people still to be confirmed are told of elsewhere."""
    link_words: str
    """A whole line that was a link, and has lost its address."""
    linked: tuple[str, ...]


_TEXT = Path(__file__).with_suffix(".toml").read_text(encoding="utf-8")
SLIPS = msgspec.convert(tomllib.loads(re.sub(r"\n {4}", "", _TEXT)), Slips)
