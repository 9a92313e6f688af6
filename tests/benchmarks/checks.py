"""Checking a declaration of 400 paragraphs in three languages, beside the same checks that share nothing they read."""

import re
from collections.abc import Iterator, Sequence
from pathlib import Path

from drafts.checks import CATALOGUE, House, Pair, Triplet, check_pair, check_triplet
from drafts.checks.checked_text import CheckedText
from drafts.text.blocks import Language
from tests.benchmarks.measuring import Targets, medians, row

PARAGRAPHS = 400
_ROUNDS, _SAVED = 3, 25
EN, ES, FR = Language.EN, Language.ES, Language.FR
Text = dict[Language, str]
_CLEAN = Path(__file__).parent.parent / "drafts" / "checks" / "clean.txt"
_turn = iter(range(10**9))


def report(targets: Targets) -> Iterator[str]:
    ready = [_texts() for _ in range(2 * _ROUNDS)]
    saved = [_texts()[place : place + 1] for place in range(_SAVED)]
    _ours(_texts()[:20])  # expressions are compiled once
    times = medians({"ours": lambda: _ours(ready.pop()), "alone": lambda: _alone(ready.pop())}, rounds=_ROUNDS)
    one = medians({"one": lambda: _pairs(saved.pop())}, rounds=_SAVED)["one"]
    yield f"checks, {PARAGRAPHS} paragraphs, two pairs and three ways each, every text new"
    yield row("drafts.checks", times["ours"], times["ours"])
    yield row("the pair checks, each reading anew", times["alone"], times["ours"])
    yield row("one saved paragraph, both pairs", one, times["ours"])
    targets.most("checks of 400 paragraphs in three languages", times["ours"], 250, "ms")
    targets.most("checks of one saved paragraph", one, 5, "ms")


def _texts() -> list[Text]:
    """Clean paragraphs, each made new by a number at its end, so that nothing is remembered from before."""
    rows = [part.split("\n") for part in _CLEAN.read_text().strip().split("\n\n")[1:]]
    clean = [
        {Language(line[:2]): line[4:].replace("~", "\u00a0").replace("¬", "\u202f") for line in one} for one in rows
    ]
    turn = next(_turn)
    return [
        {
            language: re.sub(r"\W*$", "", text) + f" [{turn}{place}]"
            for language, text in clean[place % len(clean)].items()
        }
        for place in range(PARAGRAPHS)
    ]


def _pairs(texts: Sequence[Text]) -> None:
    house = House()
    for text in texts:
        for language in (ES, FR):
            check_pair(Pair.of(text[EN], text[language], languages=(EN, language), house=house))


def _ours(texts: Sequence[Text]) -> None:
    _pairs(texts)
    for text in texts:
        check_triplet(Triplet(text))


def _alone(texts: Sequence[Text]) -> None:
    house = House()
    for text in texts:
        for language in (ES, FR):
            for check in CATALOGUE.values():
                if check.run:
                    check.run(Pair(CheckedText(text[EN], EN), CheckedText(text[language], language), house))
