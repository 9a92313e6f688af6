"""The checks of a trilingual text: what a careful translator looks for, named and located (`docs/trilingual.md`, 2).

Each check is one small function over a `Pair` (or a run of pairs, or the three
texts of a paragraph). It answers what it found, or nothing. The catalogue says
how grave each is; a `House` says by which profile, glossary and acronyms a
forum writes. False alarms kill a checker: whatever a clean translation may do
is allowed for before anything is reported.
"""

from drafts.checks.catalogue import CATALOGUE, Check, Scope, Severity
from drafts.checks.running import Finding, check_alone, check_corpus, check_pair
from drafts.checks.triplets import Triplet, check_triplet
from drafts.checks.values import Acronym, House, Pair, Profile, Term
from drafts.checks.vocabulary import Dictionary

__all__ = [
    "CATALOGUE",
    "Acronym",
    "Check",
    "Dictionary",
    "Finding",
    "House",
    "Pair",
    "Profile",
    "Scope",
    "Severity",
    "Term",
    "Triplet",
    "check_alone",
    "check_corpus",
    "check_pair",
    "check_triplet",
]
