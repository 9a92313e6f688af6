"""All checks of a pair run together, and which of them silence others."""

from collections.abc import Iterator

from msgspec import Struct

from drafts.blocks import Language
from drafts.checks.catalogue import CATALOGUE, Check, Scope, Severity
from drafts.checks.values import Found, House, Pair

_SILENCED_BY_SAME = frozenset({"wrong_language", "untranslated_fragment"})
_SILENCED_BY_WRONG = frozenset({"untranslated_fragment"})
_PAIR_CHECKS = [check for check in CATALOGUE.values() if check.scope is Scope.PAIR]


class Finding(Struct, frozen=True):
    """What one check found in one pair; `fix` is the whole target mended, where that is mechanical."""

    check: str
    severity: Severity
    source: tuple[str, ...] = ()
    target: tuple[str, ...] = ()
    spans: tuple[tuple[int, int], ...] = ()
    fix: str | None = None
    odd: Language | None = None

    @classmethod
    def of(cls, check: str, found: Found, house: House) -> "Finding":
        severity = Severity(house.severities.get(check, CATALOGUE[check].severity))
        return cls(check, severity, found.source, found.target, found.spans, found.fix, found.odd)


def check_pair(pair: Pair) -> tuple[Finding, ...]:
    """Everything that is the matter with a translation, in the alphabetical order of the checks.

    An empty target is nothing but empty. What was left as the source is not also
    in a wrong language.
    """
    found = dict(_found(pair))
    if "empty" in found:
        found = {"empty": found["empty"]}
    silenced = _SILENCED_BY_SAME if "same_as_source" in found else frozenset()
    if "wrong_language" in found:
        silenced |= _SILENCED_BY_WRONG
    return tuple(Finding.of(check, finding, pair.house) for check, finding in found.items() if check not in silenced)


def _found(pair: Pair) -> Iterator[tuple[str, Found]]:
    for check in _PAIR_CHECKS:
        found = _run(check, pair)
        if found is not None:
            yield check.id, found


def _run(check: Check, pair: Pair) -> Found | None:
    return check.run(pair) if check.run else None
