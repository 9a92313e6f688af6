"""Numbers in words, in three languages: cardinals, ordinals, scales, and words that imply a number."""

import re
from collections.abc import Iterable, Mapping
from functools import cache
from pathlib import Path

from drafts.base.lazy_regex import lazy_regex
from drafts.base.words import word_list
from drafts.text.blocks import Language

_EN_UNITS = word_list(
    "zero one two three four five six seven eight nine ten eleven twelve thirteen fourteen fifteen sixteen seventeen "
    "eighteen nineteen"
)
_EN_TENS = dict(
    zip(["twenty", "thirty", "forty", "fifty", "sixty", "seventy", "eighty", "ninety"], range(20, 100, 10), strict=True)
)
_ES_UNITS = word_list(
    "cero uno dos tres cuatro cinco seis siete ocho nueve diez once doce trece catorce quince dieciséis diecisiete "
    "dieciocho diecinueve veinte veintiuno veintidós veintitrés veinticuatro veinticinco veintiséis veintisiete "
    "veintiocho veintinueve"
)
_ES_TENS = dict(
    zip(
        ["treinta", "cuarenta", "cincuenta", "sesenta", "setenta", "ochenta", "noventa"],
        range(30, 100, 10),
        strict=True,
    )
)
_ES_HUNDREDS = ["doscient", "trescient", "cuatrocient", "quinient", "seiscient", "setecient", "ochocient", "novecient"]
_FR_UNITS = word_list(
    "zéro un deux trois quatre cinq six sept huit neuf dix onze douze treize quatorze quinze seize dix-sept dix-huit "
    "dix-neuf"
)
_FR_TENS = {"vingt": 20, "trente": 30, "quarante": 40, "cinquante": 50, "soixante": 60, "quatre-vingt": 80}
_FR_TENS |= {"septante": 70, "huitante": 80, "nonante": 90}


def _english() -> dict[str, int]:
    found = {word: value for value, word in enumerate(_EN_UNITS) if value != 1}
    for tens, value in _EN_TENS.items():
        found[tens] = value
        found |= {f"{tens}-{_EN_UNITS[unit]}": value + unit for unit in range(1, 10)}
    for value in range(1, 10):
        found[f"{_EN_UNITS[value]} hundred"] = 100 * value
    return found


def _spanish() -> dict[str, int]:
    found = {word: value for value, word in enumerate(_ES_UNITS) if value != 1}
    for tens, value in _ES_TENS.items():
        found[tens] = value
        found |= {f"{tens} y {_ES_UNITS[unit]}": value + unit for unit in range(1, 10)}
        found |= {f"{tens} y {unit}": value + 1 for unit in ("un", "una")}
    found |= {"veintiún": 21, "veintiuna": 21, "cien": 100, "ciento": 100}
    for value, stem in enumerate(_ES_HUNDREDS, 2):
        found |= {f"{stem}os": 100 * value, f"{stem}as": 100 * value}
    return found


def _french() -> dict[str, int]:
    found = {word: value for value, word in enumerate(_FR_UNITS) if value != 1}
    for tens, value in _FR_TENS.items():
        found[tens] = value
        last = 19 if value in (60, 80) else 9
        found |= {f"{tens}-{_FR_UNITS[unit]}": value + unit for unit in range(2, last + 1)}
        found |= {f"{tens} et un": value + 1, f"{tens} et une": value + 1, f"{tens}-et-un": value + 1}
        found |= {f"{tens}-un": value + 1, f"{tens}-une": value + 1}
    found |= {"soixante et onze": 71, "quatre-vingts": 80, "cent": 100}
    for value in range(2, 10):
        found |= {f"{_FR_UNITS[value]} cents": 100 * value, f"{_FR_UNITS[value]} cent": 100 * value}
    return found


_PERCENT = {
    Language.EN: r"(?<=per )(?:cent|hundred)\b",
    Language.ES: r"(?<=por )cien(?:to)?\b",
    Language.FR: r"(?<=pour )cent\b",
}
CARDINALS = {Language.EN: _english(), Language.ES: _spanish(), Language.FR: _french()}


@cache
def cardinal_pattern(language: Language) -> re.Pattern[str]:
    words = _alternatives(CARDINALS[language])
    return re.compile(rf"(?<![\w-])(?!{_PERCENT[language]})(?:{words})(?![\w])")


@cache
def ordinal_pattern(language: Language) -> re.Pattern[str]:
    return re.compile(rf"(?<![\w])(?:{_alternatives(ORDINALS[language])})(?![\w])")


def _alternatives(known: Iterable[str]) -> str:
    """The longest first; spaces and hyphens inside a number stand for each other."""
    longest_first = sorted(known, key=len, reverse=True)
    return "|".join(re.escape(word).replace(r"\-", "[-‑ ]").replace(r"\ ", r"[\s-]") for word in longest_first)


def cardinal(word: str, language: Language) -> int:
    return _looked_up(word, CARDINALS[language])


def ordinal(word: str, language: Language) -> int:
    return _looked_up(word, ORDINALS[language])


def _looked_up(word: str, known: Mapping[str, int]) -> int:
    spaced = re.sub(r"[\s‑]", " ", word)
    return known.get(spaced, known.get(spaced.replace(" ", "-"), known.get(spaced.replace("-", " "), 0)))


SCALES: dict[Language, dict[str, int]] = {language: {} for language in Language}
"""What multiplies the number before it: "two dozen", "dos mil millones"."""
_LEAST_SCALES = (12, 100)
for _line in Path(__file__).with_name("collective_numbers.txt").read_text(encoding="utf-8").splitlines():
    _value, *_words = _line.split("|")
    for _language, _names in zip((Language.EN, Language.ES, Language.FR), _words, strict=True):
        _known = SCALES if int(_value) == _LEAST_SCALES[0] or int(_value) >= _LEAST_SCALES[1] else CARDINALS
        _known[_language] |= dict.fromkeys(filter(None, _names.strip().split(";")), int(_value))

_EN_ORDINALS = word_list(
    "first second third fourth fifth sixth seventh eighth ninth tenth eleventh twelfth thirteenth fourteenth "
    "fifteenth sixteenth seventeenth eighteenth nineteenth twentieth"
)
_FR_ORDINALS = word_list(
    "deuxième troisième quatrième cinquième sixième septième huitième neuvième dixième onzième douzième treizième "
    "quatorzième quinzième seizième dix-septième dix-huitième dix-neuvième vingtième"
)
_ES_ORDINALS = word_list(
    "segund tercer cuart quint sext séptim octav noven décim undécim duodécim decimotercer decimocuart decimoquint "
    "decimosext decimoséptim decimoctav decimonoven vigésim"
)

ORDINALS: dict[Language, dict[str, int]] = {
    Language.EN: {word: place for place, word in enumerate(_EN_ORDINALS, 1)}
    | {f"{word}s": place for place, word in enumerate(_EN_ORDINALS, 1)}
    | {"firstly": 1, "secondly": 2, "thirdly": 3, "fourthly": 4, "thirtieth": 30, "fiftieth": 50, "hundredth": 100}
    | {"quarter": 4, "quarters": 4},
    Language.ES: {
        f"{stem}{end}": place for place, stem in enumerate(_ES_ORDINALS, 2) for end in ("o", "a", "os", "as", "")
    }
    | {"primer": 1, "primero": 1, "primera": 1, "primeros": 1, "primeras": 1, "tercio": 3, "tercios": 3}
    | {"decimotercer": 13, "trigésimo": 30, "quincuagésimo": 50, "centésimo": 100, "séptimo": 7},
    Language.FR: {f"{word}{end}": place for place, word in enumerate(_FR_ORDINALS, 2) for end in ("", "s")}
    | {"premier": 1, "première": 1, "premiers": 1, "premières": 1, "second": 2, "seconde": 2, "tiers": 3, "tierce": 3}
    | {"quart": 4, "quarts": 4, "trentième": 30, "cinquantième": 50, "centième": 100, "seconds": 2, "secondes": 2}
    | {"primo": 1, "secundo": 2, "tertio": 3},
}
ORDINALS[Language.EN] |= {
    f"{tens}-{unit}": value + place
    for tens, value in _EN_TENS.items()
    for place, unit in enumerate(_EN_ORDINALS[:9], 1)
}
ORDINALS[Language.FR] |= {
    f"{tens}-{unit}": value + place
    for tens, value in _FR_TENS.items()
    for place, unit in enumerate(_FR_ORDINALS, 2)
    if place < 10 or (place < 20 and value in (60, 80))  # soixante-dixième, quatre-vingt-onzième
} | {f"{tens} et unième": value + 1 for tens, value in _FR_TENS.items()}
ORDINALS[Language.FR] |= {"soixante et onzième": 71}
_ES_PLACED_TENS = {"vigésim": 20, "trigésim": 30, "cuadragésim": 40, "quincuagésim": 50, "sexagésim": 60}
_ES_PLACED_TENS |= {"septuagésim": 70, "octogésim": 80, "nonagésim": 90}
ORDINALS[Language.ES] |= {
    f"{tens}{end}": value for tens, value in _ES_PLACED_TENS.items() for end in ("o", "a", "os", "as")
} | {
    f"{tens}{end} {unit}": value + ORDINALS[Language.ES][unit]
    for tens, value in _ES_PLACED_TENS.items()
    for end in ("o", "a")
    for unit in [f"{stem}{last}" for stem in ("primer", *_ES_ORDINALS[:8]) for last in ("o", "a", "")]
    if unit in ORDINALS[Language.ES]
}


@cache
def _implying() -> list[tuple[int, re.Pattern[str]]]:
    """What implies each number: a number and an expression in each line of the file."""
    lines = Path(__file__).with_name("implied_numbers.txt").read_text(encoding="utf-8").splitlines()
    implied = [line.split(" ", 1) for line in lines]
    return [(int(value), lazy_regex(rf"(?<![\w])(?:{words})(?![\w])")) for value, words in implied]


def implies(text: str, value: int) -> bool:
    """Whether words of a text in lower case, of any language, may stand for a number: "decade", "ambos"."""
    return any(pattern.search(text) for known, pattern in _implying() if known == value)
