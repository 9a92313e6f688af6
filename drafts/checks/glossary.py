"""Agreed wording per language, found in a text whatever its inflection."""

from collections.abc import Iterator, Sequence
from functools import cache, lru_cache

from drafts.base.lazy_regex import lazy_regex
from drafts.base.words import word_set
from drafts.checks.checked_text import CheckedText, expressions
from drafts.checks.languages import FUNCTION
from drafts.checks.values import CheckHit, Pair, Term
from drafts.text.blocks import Language

_WORD = lazy_regex(r"[^\W_]+")
_NAMES = {Language.ES: "spanish", Language.EN: "english", Language.FR: "french"}
Stretch = tuple[int, int]
_PLURAL = {Language.ES: lazy_regex(r"(?<=[^aeiouáéíóús])es$|(?<=[aeiouáéíóú])s$"), Language.FR: lazy_regex(r"s$")}
_SHORTEST = 3  # letters of a word that has no plural s to lose


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


_INFLECTIONS = {  # pairs of endings, accents taken off, that leave a word the same word; all else makes another of it
    language: tuple(map(lazy_regex, endings.split(" / "))) for language, endings in expressions("inflections").items()
}


@lru_cache(maxsize=4096)
def _words(text: str, language: Language) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """The words of a text without accents, and their stems."""
    words = tuple(_WORD.findall(text.lower()))
    return tuple(word.translate(_UNACCENTED) for word in words), tuple(_stem(word, language) for word in words)


def stretches(wordings: Sequence[str], side: CheckedText, *, is_strict: bool = False) -> list[Stretch]:
    """Where any of the wordings stands, as places among the words of the text.

    By their stems, which takes kindred words for the same ("objection", "objectif"); strictly, by inflection alone.
    """
    words, stems = _words(side.prose, side.language)
    found = []
    for wording in wordings:
        wanted_words, wanted = _words(wording, side.language)
        if not wanted or wanted[0] not in stems:
            continue
        width = len(wanted)
        for at in range(len(stems) - width + 1):
            is_there = stems[at : at + width] == wanted
            if is_there and (not is_strict or _inflect(words[at : at + width], wanted_words, side.language)):
                found.append((at, at + width))
    return found


def _inflect(words: Sequence[str], wanted: Sequence[str], language: Language) -> bool:
    return all(_is_inflected(word, form, language) for word, form in zip(words, wanted, strict=True))


@lru_cache(maxsize=65_536)
def _is_inflected(word: str, form: str, language: Language) -> bool:
    """Whether two words differ by nothing but number, gender, person or tense; "para" is no form of "parada"."""
    if word == form:
        return True
    if word in FUNCTION[language.value] or form in FUNCTION[language.value]:
        return False
    length = next((at for at, (ours, theirs) in enumerate(zip(word, form, strict=False)) if ours != theirs), None)
    length = min(len(word), len(form)) if length is None else length
    endings = word[length:], form[length:]
    return any(all(pattern.fullmatch(ending) for ending in endings) for pattern in _INFLECTIONS[language])


def glossary_mismatch(pair: Pair) -> CheckHit | None:
    """A term of the source whose agreed wording the target does not use."""
    if not pair.house.terms:
        return None
    lost = [
        term
        for term in _used(pair)
        if term.wordings(pair.target.language)
        and not _stands(term.wordings(pair.target.language), pair.target)
        and not _forbidden(term, pair.target)
    ]
    if not lost:
        return None
    source = tuple(wording for term in lost for wording in term.wordings(pair.source.language)[:1])
    return CheckHit(source, tuple(term.wordings(pair.target.language)[0] for term in lost))


_CONJUNCTIONS = {language: word_set(words) for language, words in expressions("conjunctions").items()}
_SUBJECTS = frozenset({"we", "nous", "nos"})
_MOST_BETWEEN = 4  # words


def _stands(wordings: Sequence[str], side: CheckedText) -> bool:
    """Whether one of the wordings stands in a text, a conjunction allowed for.

    It may part a wording ("local and regional governments") and save its subject ("and commit to").
    """
    if stretches(wordings, side):
        return True
    words, stems = _words(side.prose, side.language)
    joins = _CONJUNCTIONS[side.language]
    if joins.isdisjoint(words):
        return False
    for wording in wordings:
        spelled, wanted = _words(wording, side.language)
        wanted = wanted[1:] if spelled[0] in _SUBJECTS else wanted
        if any(_goes_on(wanted, words, stems, at, joins) for at, stem in enumerate(stems) if stem == wanted[0]):
            return True
    return False


def _goes_on(wanted: Sequence[str], words: Sequence[str], stems: Sequence[str], at: int, joins: frozenset[str]) -> bool:
    for stem in wanted[1:]:
        between = stems[at + 1 : at + 2 + _MOST_BETWEEN]
        if stem not in between:
            return False
        skipped = between.index(stem)
        if skipped and joins.isdisjoint(words[at + 1 : at + 1 + skipped]):
            return False
        at += skipped + 1
    return True


def _used(pair: Pair) -> Iterator[Term]:
    """The terms that stand in the source on their own, not merely inside a longer term."""
    language = pair.source.language
    places = [
        (term, found)
        for term in pair.house.terms
        if (found := stretches(term.wordings(language), pair.source, is_strict=True))
    ]
    for term, found in places:
        longer = [stretch for other, theirs in places if other is not term for stretch in theirs]
        if any(not any(_is_inside(stretch, other) for other in longer) for stretch in found):
            yield term


def _is_inside(first: Stretch, second: Stretch) -> bool:
    return second[0] <= first[0] and first[1] <= second[1] and first != second


def glossary_forbidden(pair: Pair) -> CheckHit | None:
    """A wording that the glossary rules out."""
    wrong = [wording for term in pair.house.terms for wording in _forbidden(term, pair.target)]
    if not wrong:
        return None
    words = [found.span() for found in _WORD.finditer(pair.target.prose)]
    spans = [(words[start][0], words[end - 1][1]) for start, end in stretches(wrong, pair.target, is_strict=True)]
    return CheckHit((), tuple(pair.target.text[start:end] for start, end in spans), tuple(spans))


def _forbidden(term: Term, side: CheckedText) -> list[str]:
    """The ruled-out wordings that stand in a text other than inside an agreed one."""
    ruled_out = term.forbidden.get(side.language, ())
    if not ruled_out:
        return []
    agreed = stretches(term.wordings(side.language), side)
    return [
        wording
        for wording in ruled_out
        if any(
            not any(_is_inside(span, other) for other in agreed) for span in stretches([wording], side, is_strict=True)
        )
    ]
