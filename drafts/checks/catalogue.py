"""Every check there is: what it is called, how grave it is, and what it looks at."""

from collections.abc import Callable, Mapping
from enum import StrEnum
from functools import partial

from msgspec import Struct

from drafts.checks import characters, glossary, invariants, languages, numbers, orthography, punctuation, sentences
from drafts.checks import punctuation as spacing
from drafts.checks.orthography import acronym_mismatch, spelling
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


_E, _W, _I = Severity.ERROR, Severity.WARNING, Severity.INFO

_PAIR: tuple[tuple[Severity, PairCheck], ...] = (
    (_E, languages.empty),
    (_E, languages.same_as_source),
    (_E, languages.wrong_language),
    (_W, languages.untranslated_fragment),
    (_E, numbers.number_mismatch),
    (_W, numbers.number_format),
    (_E, numbers.date_mismatch),
    (_W, numbers.date_format),
    (_W, numbers.month_case),
    (_E, invariants.url_mismatch),
    (_E, invariants.ref_mismatch),
    (_E, invariants.placeholder_mismatch),
    (_E, invariants.md_link_mismatch),
    (_E, invariants.md_syntax_mismatch),
    (_E, invariants.footnote_mismatch),
    (_E, invariants.enumerator_mismatch),
    (_E, punctuation.end_punct),
    (_E, punctuation.bracket_mismatch),
    (_W, punctuation.quote_style),
    (_W, punctuation.quote_mismatch),
    (_W, spacing.fr_spacing),
    (_W, punctuation.es_inverted),
    (_W, spacing.space_before_punct),
    (_W, spacing.percent_spacing),
    (_W, orthography.ordinal_format),
    (_I, spacing.double_space),
    (_I, spacing.edge_space),
    (_W, sentences.repeated_word),
    (_E, characters.invisible_char),
    (_E, characters.mixed_script),
    (_I, orthography.not_nfc),
    (_W, acronym_mismatch),
    (_W, glossary.glossary_mismatch),
    (_E, glossary.glossary_forbidden),
    (_W, sentences.modal_mismatch),
    (_W, sentences.length_ratio),
    (_I, spelling),
    (_I, orthography.heading_case),
    (_I, spacing.nbsp_missing),
    (_I, sentences.sentence_count),
    (_W, sentences.negation),
)

_OTHERS = (
    ("inconsistent_translation", _W, Scope.CORPUS),
    ("reused_translation", _I, Scope.CORPUS),
    ("defined_term_drift", _W, Scope.CORPUS),
    ("missing", _E, Scope.TRIPLET),
    ("stale_source", _E, Scope.TRIPLET),
    ("structure_mismatch", _E, Scope.TRIPLET),
    ("xref_dangling", _E, Scope.TRIPLET),
    ("tri_number_mismatch", _E, Scope.TRIPLET),
    ("tri_ref_mismatch", _E, Scope.TRIPLET),
    ("not_concorded", _E, Scope.TRIPLET),
    ("authentic_clause", _E, Scope.TRIPLET),
    ("list_order", _I, Scope.TRIPLET),
)

_EXCHANGED = ("limit", "meaning", "name", "unit")  # words of these kinds must not stand for each other

_CHECKS = [
    *(Check(function.__name__, severity, Scope.PAIR, function) for severity, function in _PAIR),
    *(Check(f"{kind}_mismatch", _W, Scope.PAIR, partial(sentences.exchanged, kind)) for kind in _EXCHANGED),
    *(Check(name, severity, scope) for name, severity, scope in _OTHERS),
]
CATALOGUE: Mapping[str, Check] = {check.id: check for check in sorted(_CHECKS, key=lambda check: check.id)}
"""By id, in alphabetical order."""
