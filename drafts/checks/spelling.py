"""Words that no dictionary of their language has; names, quotations and what the glossary says are left alone."""

import re
from collections.abc import Sequence

from drafts.blocks import Language
from drafts.checks.dictionaries import Dictionary
from drafts.checks.sides import filled
from drafts.checks.values import Found, Pair
from drafts.patterns import expression

_SHORTEST = 4  # letters of a word whose misspelling is more likely than its being an abbreviation
_WORD = expression(r"(?<![\w·•(-])[^\W\d_]+(?:['’][^\W\d_]+)*(?![\w·•(-])")
_QUOTED = expression(
    r"«[^«»]*»|“[^“”]*”|\"[^\"]*\"|(?<![*\w])\*[^*]+\*(?!\*)|(?<![_\w])_[^_]+_(?!\w)|\[[^\[\]]*(?=\ue000)"
)
_ELIDED = expression(r"^(?:[cdjlmnst]|qu|jusqu|lorsqu|puisqu|quoiqu|quelqu|presqu)['’]|['’]s$", re.IGNORECASE)
_BEGINNINGS = expression(
    r"^(?:agro|anti|auto|bio|co|contra|des|eco|electro|euro|ex|geo|hidro|hydro|hyper|hiper|in|infra|inter|intra|macro"
    r"|mega|micro|mono|multi|neo|non|over|para|peri|photo|pluri|poli|poly|post|pre|pro|pseudo|radio|re|semi|sobre"
    r"|socio|sub|super|supra|tele|trans|ultra|un|under|video)(?=\w{4})"
)


def spelling(pair: Pair) -> Found | None:
    """Words of the target that are in no dictionary of its language, where one is installed."""
    dictionaries = pair.house.dictionaries.get(pair.target.language, ())
    if not dictionaries:
        return None
    kept = {*pair.source.lower_words, *_agreed(pair)}
    prose = filled(pair.target.prose, [found.span() for found in _QUOTED.finditer(pair.target.prose)])
    strange = [
        found
        for found in _WORD.finditer(prose)
        if found[0].islower()
        and len(found[0]) >= _SHORTEST
        and found[0] not in kept
        and not _is_word(found[0].replace("’", "'"), dictionaries, pair.target.language)
    ]
    if not strange:
        return None
    return Found((), tuple(dict.fromkeys(found[0] for found in strange)), tuple(found.span() for found in strange))


def _agreed(pair: Pair) -> set[str]:
    """The words of agreed wordings."""
    language = pair.target.language
    return {
        word for term in pair.house.terms for wording in term.wordings(language) for word in wording.lower().split()
    }


def _is_word(word: str, dictionaries: Sequence[Dictionary], language: Language) -> bool:
    """Whether a word is known, or one that its language makes freely: "l'eau", "microempresas", "ecológicamente"."""
    bare = _ELIDED.sub("", word)
    forms = [word, bare, _BEGINNINGS.sub("", bare).removeprefix("r") if "rr" in bare else _BEGINNINGS.sub("", bare)]
    if language is Language.ES and bare.endswith("mente"):
        forms += [form.removesuffix("mente") for form in forms[1:]]
    if language is Language.EN:
        forms += [re.sub(r"iz(?=e|ing|ation|able)", "is", form) for form in forms[1:]]
    return any(len(form) < _SHORTEST or one.knows(form) for form in forms for one in dictionaries)
