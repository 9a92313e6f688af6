"""Every check there is: what it is called, how grave it is, and what it looks at, as `catalogue.txt` has them."""

from collections.abc import Callable, Mapping
from enum import StrEnum
from functools import partial
from pathlib import Path

from msgspec import Struct

from drafts.checks import characters, glossary, invariants, languages, numbers, orthography, punctuation, sentences
from drafts.checks.values import CheckHit, Pair


class Severity(StrEnum):
    """Errors block approval or publication, warnings warn, information informs."""

    ERROR = "error"
    WARNING = "warning"
    INFO = "info"


class Scope(StrEnum):
    """What a check looks at."""

    PAIR = "pair"
    CORPUS = "corpus"
    TRIPLET = "triplet"


PairCheck = Callable[[Pair], CheckHit | None]


class Check(Struct, frozen=True):
    """One check of the catalogue; those of pairs carry the function that runs them."""

    id: str
    severity: Severity
    scope: Scope = Scope.PAIR
    run: PairCheck | None = None


_MODULES = (characters, glossary, invariants, languages, numbers, orthography, punctuation, sentences)
_EXCHANGED = ("limit", "meaning", "name", "unit")  # words of these kinds must not stand for each other
_RUN: Mapping[str, PairCheck] = {
    **{name: function for module in _MODULES for name, function in vars(module).items() if callable(function)},
    **{f"{kind}_mismatch": partial(sentences.exchanged, kind) for kind in _EXCHANGED},
}
_ROWS = [line.split() for line in Path(__file__).with_suffix(".txt").read_text(encoding="utf-8").splitlines()]
_CHECKS = [
    Check(name, Severity(severity), Scope(scope), _RUN[name] if scope == Scope.PAIR else None)
    for scope, severity, *names in _ROWS
    for name in names
]
CATALOGUE: Mapping[str, Check] = {check.id: check for check in sorted(_CHECKS, key=lambda check: check.id)}
"""By id, in alphabetical order."""
