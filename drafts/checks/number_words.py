"""Numbers in words, in three languages: cardinals, ordinals, scales, and words that imply a number."""

import re
from collections import defaultdict
from collections.abc import Iterable, Mapping
from functools import cache
from pathlib import Path

from drafts.base.lazy_regex import lazy_regex
from drafts.checks.checked_text import expressions
from drafts.text.blocks import Language

_PERCENT = expressions("hundredths")


def _known(kind: str) -> Mapping[Language, Mapping[str, int]]:
    """By language, the words of one kind and what they are worth."""
    found: dict[Language, dict[str, int]] = {language: {} for language in Language}
    for line in _FILE.read_text(encoding="utf-8").splitlines():
        head, *cells = line.split(" | ")
        if head.startswith(f"{kind} "):
            for language, words in zip((Language.EN, Language.ES, Language.FR), cells, strict=True):
                found[language].update(dict.fromkeys(filter(None, words.strip().split("; ")), int(head.split(" ")[1])))
    return found


_FILE = Path(__file__).with_suffix(".txt")
CARDINALS, ORDINALS, SCALES = _known("cardinal"), _known("ordinal"), _known("scale")
"""What counts, what orders, and what multiplies the number before it: "two dozen", "dos mil millones"."""
DAYS, PERIODS, MINUTES = _known("day"), _known("period"), _known("minutes")
"""Feasts, as month and day (1225); parts of the year, as first and last month (709); how long a time lasts."""


@cache
def cardinal_pattern(language: Language) -> re.Pattern[str]:
    words = _alternatives(CARDINALS[language])
    return re.compile(rf"(?<![\w-])(?!{_PERCENT[language]})(?:{words})(?![\w])")


@cache
def ordinal_pattern(language: Language) -> re.Pattern[str]:
    return re.compile(rf"(?<![\w])(?:{_alternatives(ORDINALS[language])})(?![\w])")


def _alternatives(known: Iterable[str]) -> str:
    """The longest first, by their first two letters; spaces and hyphens inside a number stand for each other."""
    rest: dict[str, list[str]] = defaultdict(list)
    for word in sorted(known, key=len, reverse=True):
        rest[word[:2]].append(re.escape(word[2:]).replace(r"\-", "[-‑ ]").replace(r"\ ", r"[\s-]"))
    return "|".join(f"{opening}(?:{'|'.join(rests)})" for opening, rests in rest.items())


def cardinal(word: str, language: Language) -> int:
    return _looked_up(word, CARDINALS[language])


def ordinal(word: str, language: Language) -> int:
    return _looked_up(word, ORDINALS[language])


def _looked_up(word: str, known: Mapping[str, int]) -> int:
    spaced = re.sub(r"[\s‑]", " ", word)
    return known.get(spaced, known.get(spaced.replace(" ", "-"), known.get(spaced.replace("-", " "), 0)))


@cache
def _implying() -> list[tuple[int, re.Pattern[str]]]:
    """What implies each number: a number and an expression in each line of the file."""
    lines = Path(__file__).with_name("implied_numbers.txt").read_text(encoding="utf-8").splitlines()
    implied = [line.split(" ", 1) for line in lines]
    return [(int(value), lazy_regex(rf"(?<![\w])(?:{words})(?![\w])")) for value, words in implied]


def implies(text: str, value: int) -> bool:
    """Whether words of a text in lower case, of any language, may stand for a number: "decade", "ambos"."""
    return any(pattern.search(text) for known, pattern in _implying() if known == value)
