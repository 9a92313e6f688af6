"""All checks of a pair run together, and which of them silence others."""

import re
import unicodedata
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence

from msgspec import Struct

from drafts.checks import characters
from drafts.checks.catalogue import CATALOGUE, Severity
from drafts.checks.checked_text import CheckedText, patterns
from drafts.checks.glossary import stretches
from drafts.checks.values import CheckHit, House, Pair
from drafts.text.blocks import Language, folded_hash

_SILENCED_BY_SAME = frozenset({"wrong_language", "untranslated_fragment"})
_SILENCED_BY_WRONG = frozenset({"untranslated_fragment"})
_PAIR_CHECKS = [(check.id, check.run) for check in CATALOGUE.values() if check.run]


class Finding(Struct, frozen=True):
    """What one check found in one pair; `fix` is the whole target mended, where that is mechanical."""

    check: str
    severity: Severity
    source: tuple[str, ...] = ()
    target: tuple[str, ...] = ()
    spans: tuple[tuple[int, int], ...] = ()
    fix: str | None = None
    odd: Language | None = None
    behind: tuple[Language, ...] = ()

    @classmethod
    def of(cls, check: str, found: CheckHit, house: House) -> "Finding":
        severity = Severity(house.severities.get(check, CATALOGUE[check].severity))
        return cls(check, severity, found.source, found.target, found.spans, found.fix, found.odd, found.behind)


def check_pair(pair: Pair) -> tuple[Finding, ...]:
    """Everything that is the matter with a translation, in the alphabetical order of the checks.

    An empty target is nothing but empty. What was left as the source is not also
    in a wrong language.
    """
    found = {name: hit for name, check in _PAIR_CHECKS if (hit := check(pair))}
    if "empty" in found:
        found = {"empty": found["empty"]}
    silenced = _SILENCED_BY_SAME if "same_as_source" in found else frozenset()
    if "wrong_language" in found:
        silenced |= _SILENCED_BY_WRONG
    return tuple(Finding.of(check, finding, pair.house) for check, finding in found.items() if check not in silenced)


def check_alone(text: str, language: Language, house: House) -> tuple[Finding, ...]:
    """What is the matter with a text by itself, an original too: characters that deceive its readers."""
    if not characters.deceiving_signs(unicodedata.normalize("NFC", text)):
        return ()
    pair = Pair.of(text, text, languages=(language, language), house=house)
    hits = ((check.__name__, check(pair)) for check in (characters.invisible_char, characters.mixed_script))
    return tuple(Finding.of(name, hit, house) for name, hit in hits if hit)


_LEAST_WORDS = 2
_REUSED_FROM = 4
_DEFINED = patterns("definitions", re.IGNORECASE)


def check_corpus(pairs: Sequence[Pair]) -> Mapping[int, tuple[Finding, ...]]:
    """What the pairs of one text, in order, show together; by the index of the pair it is said of."""
    found: dict[int, list[Finding]] = defaultdict(list)
    for index, check, what in (*_inconsistent(pairs), *_reused(pairs), *_drifting(pairs)):
        found[index].append(Finding.of(check, what, pairs[index].house))
    return {index: tuple(sorted(findings, key=lambda finding: finding.check)) for index, findings in found.items()}


def _key(side: CheckedText) -> str:
    return folded_hash(side.text.casefold().strip())


def _inconsistent(pairs: Sequence[Pair]) -> Iterator[tuple[int, str, CheckHit]]:
    """The same source translated otherwise than the first time."""
    first: dict[str, Pair] = {}
    for index, pair in enumerate(pairs):
        if len(pair.source.words) < _LEAST_WORDS or not pair.target.words:
            continue
        known = first.setdefault(_key(pair.source), pair)
        if _key(known.target) != _key(pair.target):
            yield index, "inconsistent_translation", CheckHit((known.target.text,), (pair.target.text,))


def _reused(pairs: Sequence[Pair]) -> Iterator[tuple[int, str, CheckHit]]:
    """One translation for two sources."""
    first: dict[str, Pair] = {}
    for index, pair in enumerate(pairs):
        if len(pair.target.words) < _REUSED_FROM:
            continue
        known = first.setdefault(_key(pair.target), pair)
        if _key(known.source) != _key(pair.source):
            yield index, "reused_translation", CheckHit((known.source.text, pair.source.text), (pair.target.text,))


def _drifting(pairs: Sequence[Pair]) -> Iterator[tuple[int, str, CheckHit]]:
    """A term defined in both languages whose translation is another one further on."""
    defined: list[tuple[str, str]] = []
    for index, pair in enumerate(pairs):
        for ours, theirs in defined:
            if ours in pair.source.text and not stretches([theirs], pair.target) and pair.target.words:
                yield index, "defined_term_drift", CheckHit((ours,), (theirs,))
        source, target = (_DEFINED[side.language].findall(side.text) for side in (pair.source, pair.target))
        if len(source) == len(target):
            defined += zip(source, target, strict=True)
