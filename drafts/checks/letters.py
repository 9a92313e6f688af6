"""Capitals and ordinals: how a heading, and a place in an order, are written."""

import re

from drafts.blocks import Language
from drafts.checks.language_words import FUNCTION
from drafts.checks.values import Found, Pair
from drafts.patterns import expression

_CONTENT = 4


def heading_case(pair: Pair) -> Found | None:
    """English capitals in a Spanish or French heading."""
    side = pair.target
    is_heading = pair.is_heading or re.match(r"\s*#{1,6}\s", side.text)
    if side.language is Language.EN or not is_heading or side.text.isupper():
        return None
    words, little = re.findall(r"[^\W\d_]+", side.prose), FUNCTION[side.language.value]
    small = [word for word in words[1:] if _is_raised(word) and word.lower() in _SMALL]
    content = [word for word in words[1:] if len(word) >= _CONTENT and not word.isupper() and word not in little]
    kept = set(pair.source.words)  # names stay as they are
    capitals = [word for word in content if word[0].isupper() and word not in kept]
    is_titled = len(capitals) >= _SEVERAL and len(capitals) == len([word for word in content if word not in kept])
    if is_titled and any(_NAMED.match(word) for word in words if word[0].isupper()):
        return Found((), tuple(small)) if small else None
    return Found((), tuple(small or capitals)) if small or is_titled else None


def _is_raised(word: str) -> bool:
    """Whether a small word has a capital; one letter may be a label: "Anexo A"."""
    return (word[0].isupper() and not word.isupper()) or word in ("Y", "À")


_SEVERAL = 2
_NAMED = expression(  # what opens the name of a text, a body, a place or a day, all of it in capitals by right
    r"(?:declarac|déclarat|carta|charte|agenda|programa|programme|convenc|convent|conveni|pacto|pacte|acuerdo|accord"
    r"|objetiv|objecti|plan|marco|cadre|red|réseau|foro|forum|asamblea|assemblée|organiza|organisa|comi[ts]|alian|allian"
    r"|consejo|conseil|ley|loi|día|journée|ministe|ministè|secretar|secrétar|naci|nations|unid|unies|unis|états|estad"
    r"|reino|royaume|nuev|nouve|países|pays|améri|unión|union|europ|áfri|afri|asi|protocol|manifiest|manifest|cumbre"
    r"|sommet|confer|confér|congre|congrè|banco|banque|fond|univers|institu|centro|centre|corte|cour|tribun|parlam"
    r"|parlem|feder|fédér|asocia|associa|mundial|mondial|internac|internat|santo?|saint|san|sur|sud|norte|nord|mar|mer"
    r"|señor|monsieur|alcald|maire)\w*$",
    re.IGNORECASE,
)


_SMALL = frozenset(
    [
        "de",
        "la",
        "el",
        "los",
        "las",
        "del",
        "y",
        "e",
        "o",
        "en",
        "a",
        "al",
        "con",
        "por",
        "un",
        "una",
        "le",
        "les",
        "des",
        "du",
        "et",
        "ou",
        "en",
        "au",
        "aux",
        "par",
        "un",
        "à",
    ]
)
_ORDINALS = {
    Language.EN: expression(
        r"(?<![\w.])(?:\d*(?:(?<!1)1(?:nd|rd|th)|(?<!1)2(?:st|rd|th)|(?<!1)3(?:st|nd|th)|[4-90](?:st|nd|rd)"
        r"|1[123](?:st|nd|rd))"
        r"|\d+(?:\.?[ºª]|ers?|ère|ème|\.er)|[XVI]{2,}(?:e|ème)|\d{1,2}e)(?!\w)"
    ),
    Language.ES: expression(
        r"(?<![\w.,])\d+(?:[ºª](?!\s?[CFNSEO\d])|st|nd|rd|th|(?<=\d)er|[rdtmnv]o|[rdtmnv]a|er[oa]|ème|re"
        r"|°(?=\s[a-zñ]{3}))(?!\w)"
    ),
    Language.FR: expression(
        r"(?<![\w.,])(?:\d+|[XVI]+)(?:ème|eme|ième|ieme|ère|ière|st|nd|rd|th|\.?[ºª](?!\s?[CF])|èmes|emes)(?!\w)"
    ),
}


def ordinal_format(pair: Pair) -> Found | None:
    """Ordinals written as another language does, or wrongly: 1ème, 2th, 1º for 1.º."""
    side = pair.target
    if not any(map(str.isdigit, side.prose)) and side.language is Language.ES:
        return None
    wrong = list(_ORDINALS[side.language].finditer(side.prose))
    if not wrong:
        return None
    text = side.text
    for found in reversed(wrong):
        mended = _ordinal(found[0], side.language)
        if mended is None:
            return Found((), tuple(one[0] for one in wrong), tuple(one.span() for one in wrong))
        text = text[: found.start()] + mended + text[found.end() :]
    return Found((), tuple(one[0] for one in wrong), tuple(one.span() for one in wrong), text)


def _ordinal(text: str, language: Language) -> str | None:
    number = re.match(r"\d+|[XVI]+", text)
    if number is None or (language is Language.EN and not number[0].isdecimal()):
        return None
    value, ending = number[0], text[number.end() :]
    if language is Language.FR:
        if value in ("1", "I"):
            return value + ("re" if "re" in ending or "ª" in ending else "er")
        return value + "e" + ("s" if ending.endswith("s") and ending != "st" else "")
    if language is Language.ES:
        return value + (
            ".ª" if ending in ("ª", "ra", "da", "ta", "ma", "va", "re") else ".er" if ending == "er" else ".º"
        )
    last = "th" if value[-2:] in ("11", "12", "13") else {"1": "st", "2": "nd", "3": "rd"}.get(value[-1], "th")
    return value + last
