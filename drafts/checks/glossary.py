"""Agreed wording per language, found in a text whatever its inflection."""

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cache, lru_cache
from typing import TYPE_CHECKING

from drafts.blocks import Language
from drafts.checks.sides import Side

if TYPE_CHECKING:
    from drafts.checks.values import Found, Pair

_WORD = re.compile(r"[^\W_]+")
_NAMES = {Language.ES: "spanish", Language.EN: "english", Language.FR: "french"}
Stretch = tuple[int, int]
_PLURAL = {Language.ES: re.compile(r"(?<=[^aeiouáéíóús])es$|(?<=[aeiouáéíóú])s$"), Language.FR: re.compile(r"s$")}
_SHORTEST = 3  # letters of a word that has no plural s to lose


@dataclass(frozen=True, slots=True)
class Term:
    """One notion: the wordings agreed in each language, and those that are not to be used."""

    es: tuple[str, ...] = ()
    en: tuple[str, ...] = ()
    fr: tuple[str, ...] = ()
    forbidden: Mapping[Language, tuple[str, ...]] = field(default_factory=dict, hash=False)

    def wordings(self, language: Language) -> tuple[str, ...]:
        return {Language.ES: self.es, Language.EN: self.en, Language.FR: self.fr}[language]


@cache
def _stemmer(language: Language) -> object:
    import snowballstemmer  # noqa: PLC0415  (most checks need no stems, and a command starts at once)

    return snowballstemmer.stemmer(_NAMES[language])


@lru_cache(maxsize=65_536)
def _stem(word: str, language: Language) -> str:
    """A word without its inflection; accents go, since stems lose and gain them (región, regiones).

    The s of a plural goes first: the stemmer takes "gobiernos" for a form of a verb.
    """
    if language is not Language.EN and len(word) > _SHORTEST:
        word = _PLURAL[language].sub("", word)
    stemmed: str = _stemmer(language).stemWord(word)  # type: ignore[attr-defined]
    return stemmed.translate(_UNACCENTED)


_UNACCENTED = str.maketrans("áéíóúàèùâêîôûëïüç", "aeiouaeuaeioueiuc")


@lru_cache(maxsize=4096)
def _stems(text: str, language: Language) -> tuple[str, ...]:
    return tuple(_stem(word, language) for word in _WORD.findall(text.lower()))


@lru_cache(maxsize=8192)
def _wording(wording: str, language: Language) -> tuple[str, ...]:
    return _stems(wording, language)


def stretches(wordings: Sequence[str], side: Side) -> list[Stretch]:
    """Where any of the wordings stands, as places among the words of the text."""
    stems = _stems(side.prose, side.language)
    found = []
    for wording in wordings:
        wanted = _wording(wording, side.language)
        if not wanted or wanted[0] not in stems:
            continue
        width = len(wanted)
        found += [(at, at + width) for at in range(len(stems) - width + 1) if stems[at : at + width] == wanted]
    return found


def glossary_mismatch(pair: "Pair") -> "Found | None":
    """A term of the source whose agreed wording the target does not use."""
    from drafts.checks.values import Found  # noqa: PLC0415  (values name Term)

    if not pair.house.terms:
        return None
    lost = [
        term
        for term in _used(pair)
        if term.wordings(pair.target.language)
        and not stretches(term.wordings(pair.target.language), pair.target)
        and not _forbidden(term, pair.target)
    ]
    if not lost:
        return None
    source = tuple(wording for term in lost for wording in term.wordings(pair.source.language)[:1])
    return Found(source, tuple(term.wordings(pair.target.language)[0] for term in lost))


def _used(pair: "Pair") -> Iterator[Term]:
    """The terms that stand in the source on their own, not merely inside a longer term."""
    language = pair.source.language
    places = [(term, found) for term in pair.house.terms if (found := stretches(term.wordings(language), pair.source))]
    for term, found in places:
        longer = [stretch for other, theirs in places if other is not term for stretch in theirs]
        if any(not any(_is_inside(stretch, other) for other in longer) for stretch in found):
            yield term


def _is_inside(one: Stretch, other: Stretch) -> bool:
    return other[0] <= one[0] and one[1] <= other[1] and one != other


def glossary_forbidden(pair: "Pair") -> "Found | None":
    """A wording that the glossary rules out."""
    from drafts.checks.values import Found  # noqa: PLC0415  (values name Term)

    wrong = [wording for term in pair.house.terms for wording in _forbidden(term, pair.target)]
    if not wrong:
        return None
    words = [found.span() for found in _WORD.finditer(pair.target.prose)]
    spans = [(words[start][0], words[end - 1][1]) for start, end in stretches(wrong, pair.target)]
    return Found((), tuple(pair.target.text[start:end] for start, end in spans), tuple(spans))


def _forbidden(term: Term, side: Side) -> list[str]:
    """The ruled-out wordings that stand in a text other than inside an agreed one."""
    ruled_out = term.forbidden.get(side.language, ())
    if not ruled_out:
        return []
    agreed = stretches(term.wordings(side.language), side)
    return [
        wording
        for wording in ruled_out
        if any(not any(_is_inside(one, other) for other in agreed) for one in stretches([wording], side))
    ]
