"""Abbreviations that change with the language: SDG, ODS, ODD."""

import re
from functools import cache

from drafts.blocks import Language
from drafts.checks.acronym_table import TABLE
from drafts.checks.sides import Side
from drafts.checks.values import Acronym, Found, Pair
from drafts.patterns import expression

_TOKEN = expression(
    r"(?<!\w)(?:EE\.\s?UU|NN\.\s?UU)\.?|(?<!\w)(?:U\.S|U\.N|E\.U|U\.K)\.(?!\w)"
    r"|(?<![\w/.])[A-Z][A-Za-z]*(?:[+&-][A-Z])?[A-Z][A-Za-z]?(?![\w/]|\s?[$€£])|(?<![\w])(?:I\+D|R&D|R-D)(?!\w)"
)
_PARTICLES = frozenset(
    [
        "de",
        "del",
        "la",
        "las",
        "el",
        "los",
        "y",
        "e",
        "para",
        "a",
        "en",
        "of",
        "the",
        "and",
        "for",
        "on",
        "in",
        "to",
        "le",
        "les",
        "des",
        "du",
        "et",
        "pour",
        "à",
        "d",
        "l",
        "au",
        "aux",
    ]
)


@cache
def _known() -> tuple[tuple[Acronym, tuple[str, ...]], ...]:
    rows = [line.split("|") for line in TABLE.strip().splitlines()]
    return tuple(
        (
            Acronym(*(tuple(cell.split()) for cell in row[:3])),
            tuple(name.strip() for name in row[3].split(";") if name.strip()),
        )
        for row in rows
    )


@cache
def _index(own: tuple[Acronym, ...], language: Language) -> dict[str, list[tuple[Acronym, tuple[str, ...]]]]:
    """What each form means in a language; a forum's own entries stand before the general ones."""
    index: dict[str, list[tuple[Acronym, tuple[str, ...]]]] = {}
    for entry, names in [*((acronym, ()) for acronym in own), *_known()]:
        for form in entry.forms(language):
            known = index.setdefault(form, [])
            if not any(acronym in own for acronym, _ in known):
                known.append((entry, names))
    return index


def acronym_mismatch(pair: Pair) -> Found | None:
    """An abbreviation left in the source's form, replaced by another one, or lost."""
    ours = _tokens(pair.source)
    if not ours:
        return None
    index = _index(pair.house.acronyms, pair.source.language)
    present = _tokens(pair.target)
    lost = [
        form
        for form in ours
        if form in index and not any(_is_there(form, entry, pair, present) for entry in index[form])
    ]
    if not lost:
        return None
    strange = [form for form in present if form in lost or _belongs_elsewhere(form, pair)]
    spans = tuple(found.span() for found in _TOKEN.finditer(pair.target.prose) if _bare(found[0]) in strange)
    return Found(tuple(lost), tuple(strange), spans, _mended(pair, lost))


def _tokens(side: Side) -> dict[str, None]:
    """The abbreviations of a text in their order; those of a text all in capitals cannot be told from words."""
    text = side.prose
    if not re.search(r"[A-Z&+.][A-Za-z]?[A-Z]|U\.", text):
        return {}
    found = dict.fromkeys(_bare(one[0]) for one in _TOKEN.finditer(text))
    return {} if len(side.words) > 2 and text.isupper() else found


def _bare(token: str) -> str:
    return re.sub(r"[.\s]", "", token)


def _is_there(form: str, entry: tuple[Acronym, tuple[str, ...]], pair: Pair, present: dict[str, None]) -> bool:
    acronym, names = entry
    wanted = acronym.forms(pair.target.language)
    if any(
        acronym in present or acronym.rstrip("s") in present or acronym in pair.target.text.split()
        for acronym in wanted
    ):
        return True
    if any(re.search(rf"(?<![\w]){re.escape(acronym)}s?(?![\w])", pair.target.prose) for acronym in wanted):
        return True
    if form in present and form not in wanted:
        return False
    if any(name in pair.target.lower for name in names):
        return True
    return any(_is_spelled_out(acronym, pair.target) for acronym in wanted)


def _is_spelled_out(form: str, side: Side) -> bool:
    """Whether neighbouring words begin with the letters of the abbreviation."""
    letters = [letter.lower() for letter in form if letter.isupper()]
    initials = [word[0] for word in side.lower_words if word not in _PARTICLES]
    folded = "".join(initials).translate(str.maketrans("áéíóúàèâêîôç", "aeiouaeaeioc"))
    return "".join(letters) in folded


def _belongs_elsewhere(form: str, pair: Pair) -> bool:
    return form in _index(pair.house.acronyms, pair.target.language) and form not in _tokens(pair.source)


def _mended(pair: Pair, lost: list[str]) -> str | None:
    """The target with the source's forms replaced; None where nothing of the kind stands there."""
    text = pair.target.text
    index = _index(pair.house.acronyms, pair.source.language)
    for form in lost:
        right = index[form][0][0].forms(pair.target.language)[0]
        text = re.sub(rf"(?<![\w/]){re.escape(form)}(?![\w/])", right, text)
    return text if text != pair.target.text else None
