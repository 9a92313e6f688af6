"""The cues that make a sentence a recommendation, found in the tables of the languages it may be in."""

import re
from functools import cache

from msgspec import Struct

from workspace.interchange.notes.rules import ALL, Cues
from workspace.interchange.notes.words import ENUMERATION, unmarked

SAYS_WHAT_IT_IS = re.compile(  # "To care is also to lend" asks for nothing
    r"(?:to )?[^\s,]+(?: (?!que\b|that\b)[^\s,:]+){0,3},? (?:no |n['’])?"
    r"(?:es|significa|supone|is|means|est|signifie|c['’]est)\s",
    re.IGNORECASE,
)
BEFORE_A_VERB = re.compile(r"^(?:de |d['’]|à |a )(?=\w)", re.IGNORECASE)
REPORTS = re.compile(r"\b(?:que|that|qu['’])$", re.IGNORECASE)


class Cue(Struct, frozen=True):
    """The words that make a sentence a recommendation."""

    marker: str
    begins: int
    ends: int
    language: str


class Forms(Struct, frozen=True):
    """The cues of one language, ready to be searched for."""

    cues: Cues
    requirements: re.Pattern[str]
    hedges: re.Pattern[str]
    refusals: re.Pattern[str]
    logistics: re.Pattern[str]
    openings: re.Pattern[str]
    inline: re.Pattern[str]
    means: re.Pattern[str]
    infinitive: re.Pattern[str]
    coordination: re.Pattern[str]
    relative: re.Pattern[str]


def find_cue(text: str, order: tuple[str, ...]) -> Cue | None:
    """The first cue of a sentence, in the tables of the languages given, firmer cues before cautious ones."""
    for code in order:
        forms = forms_of(code)
        clear = forms.refusals.sub(lambda match: "\x00" * len(match[0]), text)
        firm, hedged = forms.requirements.search(clear), forms.hedges.search(clear)
        if hedged and (firm is None or hedged.start() <= firm.start()):
            return Cue("hedged", hedged.start(), hedged.end(), code)
        if firm:
            inner = forms.requirements.match(clear, firm.end() + 1) if REPORTS.search(firm[0]) else None
            firm = inner or firm
            return Cue(firm[0].strip(" .,;:").lower(), firm.start(), firm.end(), code)
    return None


def begins_with_verb(text: str, order: tuple[str, ...]) -> bool:
    """Whether a text begins with an infinitive (in English: with a verb that asks for action)."""
    written = ENUMERATION.sub("", unmarked(text)).lstrip("\"“«'( ")
    plain = BEFORE_A_VERB.sub("", written)
    for code in order:
        forms = forms_of(code)
        found = forms.infinitive.match(plain)
        if found and plain.split(None, 1)[0].lower() not in forms.cues.not_infinitives:
            return not SAYS_WHAT_IT_IS.match(plain)
    return False


def is_logistic(text: str, order: tuple[str, ...]) -> bool:
    """Whether a sentence is about attending, not about policy."""
    return any(forms_of(code).logistics.search(text) for code in order)


@cache
def forms_of(code: str) -> Forms:
    """The cues of `es`, `en` or `fr`."""
    cues = ALL[code]
    infinitive = cues.infinitive
    return Forms(
        cues=cues,
        requirements=_any(cues.requirements, infinitive),
        hedges=_any(cues.hedges, infinitive),
        refusals=_any(cues.refusals, infinitive),
        logistics=_any(cues.logistics, infinitive),
        openings=re.compile(rf"(?<!\w)(?:{'|'.join(cues.list_openings)})\s?:$", re.IGNORECASE),
        inline=re.compile(rf"(?<!\w)(?:{'|'.join(cues.list_openings)})\s?:\s", re.IGNORECASE),
        means=_any(cues.means, infinitive),
        infinitive=re.compile(rf"(?:{infinitive})(?!\w)", re.IGNORECASE),
        coordination=re.compile(rf"(?:{cues.coordination})(?=(?:{infinitive})(?!\w))", re.IGNORECASE),
        relative=re.compile("|".join(cues.relative), re.IGNORECASE),
    )


def _any(pieces: tuple[str, ...], infinitive: str) -> re.Pattern[str]:
    whole = "|".join(piece.replace("{inf}", f"(?:{infinitive})") for piece in pieces)
    return re.compile(rf"(?<!\w)(?:{whole})(?:(?<=['’])|(?!\w))", re.IGNORECASE)
