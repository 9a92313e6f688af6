"""What only shows over a whole text: one wording translated in two ways, a defined term that drifts."""

import re
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence

from drafts.blocks import Language, folded_hash
from drafts.checks.glossary import stretches
from drafts.checks.running import Finding
from drafts.checks.sides import Side
from drafts.checks.values import Found, Pair
from drafts.patterns import expression

_LEAST_WORDS = 2
_REUSED_FROM = 4
_DEFINED = {
    Language.EN: expression(
        r"(?:hereinafter|hereafter|referred to as|collectively)[^()“”\"]{0,40}[“\"](?:the )?([^”\"]{2,60})[”\"]",
        re.IGNORECASE,
    ),
    Language.ES: expression(
        r"(?:en adelante|en lo sucesivo|denominad\w+)[^()«»“”\"]{0,40}[«“\"](?:el |la |los "
        r"|las )?([^»”\"]{2,60})[»”\"]",
        re.IGNORECASE,
    ),
    Language.FR: expression(
        r"(?:ci-après|dénommée?s?)[^()«»“”\"]{0,40}[«“\"]\s?(?:le |la |les |l[’'])?([^»”\"]{2,60}?)\s?[»”\"]",
        re.IGNORECASE,
    ),
}


def check_corpus(pairs: Sequence[Pair]) -> Mapping[int, tuple[Finding, ...]]:
    """What the pairs of one text, in order, show together; by the index of the pair it is said of."""
    found: dict[int, list[Finding]] = defaultdict(list)
    for index, check, what in (*_inconsistent(pairs), *_reused(pairs), *_drifting(pairs)):
        found[index].append(Finding.of(check, what, pairs[index].house))
    return {index: tuple(sorted(findings, key=lambda one: one.check)) for index, findings in found.items()}


def _key(side: Side) -> str:
    return folded_hash(side.text.casefold().strip())


def _inconsistent(pairs: Sequence[Pair]) -> Iterator[tuple[int, str, Found]]:
    """The same source translated otherwise than the first time."""
    first: dict[str, Pair] = {}
    for index, pair in enumerate(pairs):
        if len(pair.source.words) < _LEAST_WORDS or not pair.target.words:
            continue
        known = first.setdefault(_key(pair.source), pair)
        if _key(known.target) != _key(pair.target):
            yield index, "inconsistent_translation", Found((known.target.text,), (pair.target.text,))


def _reused(pairs: Sequence[Pair]) -> Iterator[tuple[int, str, Found]]:
    """One translation for two sources."""
    first: dict[str, Pair] = {}
    for index, pair in enumerate(pairs):
        if len(pair.target.words) < _REUSED_FROM:
            continue
        known = first.setdefault(_key(pair.target), pair)
        if _key(known.source) != _key(pair.source):
            yield index, "reused_translation", Found((known.source.text, pair.source.text), (pair.target.text,))


def _drifting(pairs: Sequence[Pair]) -> Iterator[tuple[int, str, Found]]:
    """A term defined in both languages whose translation is another one further on."""
    defined: list[tuple[str, str]] = []
    for index, pair in enumerate(pairs):
        for ours, theirs in defined:
            if ours in pair.source.text and not stretches([theirs], pair.target) and pair.target.words:
                yield index, "defined_term_drift", Found((ours,), (theirs,))
        source, target = (_DEFINED[side.language].findall(side.text) for side in (pair.source, pair.target))
        if len(source) == len(target):
            defined += zip(source, target, strict=True)
