"""Letters composed of two, capitals, abbreviations and spelling."""

import re
import unicodedata
from collections.abc import Mapping, Sequence
from functools import cache, lru_cache
from pathlib import Path

from drafts.base.lazy_regex import lazy_regex
from drafts.base.words import word_set
from drafts.checks.checked_text import CheckedText, filled, pattern, patterns
from drafts.checks.languages import FUNCTION
from drafts.checks.values import Acronym, CheckHit, Pair
from drafts.checks.vocabulary import Dictionary
from drafts.text.blocks import Language


def not_nfc(pair: Pair) -> CheckHit | None:
    """Letters and accents that should be one character."""
    text = pair.target.raw
    if unicodedata.is_normalized("NFC", text):
        return None
    composed = unicodedata.normalize("NFC", text)
    wrong = tuple(word for word in re.findall(r"\S+", text) if not unicodedata.is_normalized("NFC", word))
    return CheckHit((), wrong[:5], (), composed)


_CONTENT = 4


def heading_case(pair: Pair) -> CheckHit | None:
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
        return CheckHit((), tuple(small)) if small else None
    return CheckHit((), tuple(small or capitals)) if small or is_titled else None


def _is_raised(word: str) -> bool:
    """Whether a small word has a capital; one letter may be a label: "Anexo A"."""
    return (word[0].isupper() and not word.isupper()) or word in ("Y", "À")


_SEVERAL = 2
_NAMED = pattern("names_in_capitals", re.IGNORECASE)


_SMALL = word_set("de la el los las del y e o en a al con por un una le les des du et ou en au aux par un à")
_ORDINALS = patterns("wrong_ordinals")


def ordinal_format(pair: Pair) -> CheckHit | None:
    """Ordinals written as another language does, or wrongly: 1ème, 2th, 1º for 1.º."""
    side = pair.target
    if side.language is Language.ES and not any(map(str.isdigit, side.prose)):
        return None
    wrong = list(_ORDINALS[side.language].finditer(side.prose))
    if not wrong:
        return None
    text: str | None = side.text
    for found in reversed(wrong):
        mended = _ordinal(found[0], side.language)
        text = text[: found.start()] + mended + text[found.end() :] if text and mended else None
    return CheckHit((), tuple(match[0] for match in wrong), tuple(match.span() for match in wrong), text)


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


_ACRONYMS = Path(__file__).with_name("acronyms.txt")
"""In each line the forms in Spanish, English and French, and what betrays that one of them is meant."""
_TOKEN = pattern("abbreviations")
_QUICK_TOKEN = lazy_regex(r"[A-Z&+.][A-Za-z]?[A-Z]|U\.")
_PARTICLES = word_set("de del la las el los y e para a en of the and for on in to le les des du et pour à d l au aux")


@cache
def _known() -> tuple[tuple[Acronym, tuple[str, ...]], ...]:
    rows = [line.split("|") for line in _ACRONYMS.read_text(encoding="utf-8").splitlines()]
    return tuple(
        (
            Acronym(*(tuple(cell.split()) for cell in row[:3])),
            tuple(name.strip() for name in row[3].split(";") if name.strip()),
        )
        for row in rows
    )


_Index = dict[str, list[tuple[Acronym, tuple[str, ...]]]]


@cache
def _index(own: tuple[Acronym, ...], language: Language) -> _Index:
    """What each form means in a language; a forum's own entries stand before the general ones."""
    index: _Index = {}
    for entry, names in [*((acronym, ()) for acronym in own), *_known()]:
        for form in entry.forms(language):
            known = index.setdefault(form, [])
            if not any(acronym in own for acronym, _ in known):
                known.append((entry, names))
    return index


def acronym_mismatch(pair: Pair) -> CheckHit | None:
    """An abbreviation left in the source's form, replaced by another one, or lost."""
    ours = _tokens(pair.source)
    if not ours:
        return None
    present, language = _tokens(pair.target), pair.target.language
    known, others = (_index(pair.house.acronyms, side.language) for side in (pair.source, pair.target))
    lost = [form for form in ours if form in known and not any(_is_there(form, of, pair.target) for of in known[form])]
    strange = [form for form in present if form in lost or _is_uncalled(form, others, pair.source)]
    if strange and not lost:  # the name is there in words, and what stands beside it is another's abbreviation
        named = {
            form for form in ours for of in known.get(form, ()) if not present.keys().isdisjoint(of[0].forms(language))
        }
        lost = [form for form in ours if form in known and form not in named]
    if not lost:
        return None
    spans = tuple(found.span() for found in _TOKEN.finditer(pair.target.prose) if _bare(found[0]) in strange)
    return CheckHit(tuple(lost), tuple(strange), spans, _mended(pair, lost))


@lru_cache(maxsize=8192)
def _tokens(side: CheckedText) -> Mapping[str, None]:
    """The abbreviations of a text in their order; those of a text all in capitals cannot be told from words."""
    text = side.prose
    if not _QUICK_TOKEN.search(text) or (len(side.words) > 2 and text.isupper()):
        return {}
    return dict.fromkeys(_bare(match[0]) for match in _TOKEN.finditer(text))


def _bare(token: str) -> str:
    return re.sub(r"[.\s]", "", token)


def _is_there(form: str, entry: tuple[Acronym, tuple[str, ...]], side: CheckedText) -> bool:
    """Whether a text says in its language what `form` stands for in another: abbreviated, or in words."""
    acronym, names = entry
    wanted, present = acronym.forms(side.language), _tokens(side)
    if any(acronym in present or acronym.rstrip("s") in present or acronym in side.text.split() for acronym in wanted):
        return True
    if any(re.search(rf"(?<![\w]){re.escape(acronym)}s?(?![\w])", side.prose) for acronym in wanted):
        return True
    if form in present and form not in wanted:
        return False
    return any(name in side.lower for name in names) or any(_is_spelled_out(acronym, side) for acronym in wanted)


def _is_spelled_out(form: str, side: CheckedText) -> bool:
    """Whether neighbouring words begin with the letters of the abbreviation."""
    letters = [letter.lower() for letter in form if letter.isupper()]
    initials = [word[0] for word in side.lower_words if word not in _PARTICLES]
    folded = "".join(initials).translate(str.maketrans("áéíóúàèâêîôç", "aeiouaeaeioc"))
    return "".join(letters) in folded


def _is_uncalled(form: str, known: _Index, source: CheckedText) -> bool:
    """Whether an abbreviation that is known in its language stands for nothing that the source says."""
    return form in known and form not in _tokens(source) and not any(_is_there(form, of, source) for of in known[form])


def _mended(pair: Pair, lost: list[str]) -> str | None:
    """The target with the source's forms replaced; None where nothing of the kind stands there."""
    text = pair.target.text
    index = _index(pair.house.acronyms, pair.source.language)
    for form in lost:
        right = index[form][0][0].forms(pair.target.language)[0]
        text = re.sub(rf"(?<![\w/]){re.escape(form)}(?![\w/])", right, text)
    return text if text != pair.target.text else None


_SHORTEST = 4  # letters of a word whose misspelling is more likely than its being an abbreviation
_WORD = lazy_regex(r"(?<![\w·•(-])[^\W\d_]+(?:['’][^\W\d_]+)*(?![\w·•(-])")
_QUOTED = pattern("quotations")
_ELIDED = lazy_regex(r"^(?:[cdjlmnst]|qu|jusqu|lorsqu|puisqu|quoiqu|quelqu|presqu)['’]|['’]s$", re.IGNORECASE)
_BEGINNINGS = pattern("beginnings")


def spelling(pair: Pair) -> CheckHit | None:
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
    return CheckHit((), tuple(dict.fromkeys(found[0] for found in strange)), tuple(found.span() for found in strange))


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
    return any(len(form) < _SHORTEST or dictionary.knows(form) for form in forms for dictionary in dictionaries)
