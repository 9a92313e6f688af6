"""Whether the target is in the language it says: all of it, and each stretch of it."""

import re
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from functools import lru_cache
from itertools import takewhile
from operator import eq
from pathlib import Path

from drafts.base.lazy_regex import lazy_regex
from drafts.base.words import word_set
from drafts.checks.checked_text import CheckedText, expressions, pattern
from drafts.checks.values import CheckHit, Pair
from drafts.text.blocks import Language, folded_hash


def _words_by_language(name: str) -> dict[str, frozenset[str]]:
    lines = Path(__file__).with_name(name).read_text(encoding="utf-8").splitlines()
    return {language: frozenset(words.split()) for language, words in (line.split(" ", 1) for line in lines)}


FUNCTION = _words_by_language("function_words.txt")
_OWN: dict[str, frozenset[str]] = {
    name: words - frozenset().union(*(FUNCTION[other] for other in ("es", "en", "fr") if other != name))
    for name, words in FUNCTION.items()
}
"""Words of one language that are no function words of another: the others lean on those of the three alone."""

_SHARED = word_set(expressions("shared_words")[Language.EN])
EXCLUSIVE = {name: words - _SHARED for name, words in _OWN.items()}

_CONTENT = _words_by_language("content_words.txt")
CONTENT = {
    name: words - frozenset().union(*(others for other, others in _CONTENT.items() if other != name))
    for name, words in _CONTENT.items()
}
"""Words of the field that look otherwise in the two other languages."""

_SHAPELESS = 3  # letters of a word whose shape says nothing

_SHAPES = {language.value: lazy_regex(written) for language, written in expressions("shapes").items()}


@lru_cache(maxsize=65_536)
def shape(word: str) -> str | None:
    """The one of the three languages that a word looks like, where it looks like one only."""
    known = [name for name, words in CONTENT.items() if word in words]
    found = known[:1] or [name for name, pattern in _SHAPES.items() if pattern.fullmatch(word)]
    return found[0] if len(found) == 1 else None


@lru_cache(maxsize=16384)
def evidence(words: tuple[str, ...]) -> dict[str, float]:
    """How much a run of words in lower case speaks for each language, on no particular scale."""
    counted = Counter(words)
    scores = {name: float(sum(counted[word] for word in own if word in counted)) for name, own in EXCLUSIVE.items()}
    scores["pt"] += 1.5 * sum(count for word, count in counted.items() if "ã" in word or "õ" in word)
    for name in _SHAPES:
        scores[name] += 0.9 * sum(count for word, count in counted.items() if word in CONTENT[name])
        scores[name] += 0.4 * sum(
            count
            for word, count in counted.items()
            if len(word) > _SHAPELESS and word not in CONTENT[name] and shape(word) == name
        )
        scores[name] += 0.25 * sum(
            count for word, count in counted.items() if word in FUNCTION[name] and word not in EXCLUSIVE[name]
        )
    return scores


def function_words(words: Iterable[str], language: Language) -> int:
    """How many of the words are function words of this language and of no other of the three."""
    own = EXCLUSIVE[language.value]
    return sum(map(own.__contains__, words))


_LEAST_WORDS = 3
_STRONG = 2.6
_SHORT, _SEVERAL = 3, 2
_A_LINE = 8  # words of a heading or a short line
_PLAINLY_OWN = 5  # one word in so many that only this language has: nothing more is asked
_PARTICLES = word_set("de del la el los las le les des du y e i et and of da do dos das von van di d l al the")
_LETTER = lazy_regex(r"[^\W\d_]")


def empty(pair: Pair) -> CheckHit | None:
    """A source with words and a target without any."""
    if not _LETTER.search(pair.source.prose) and not any(map(str.isalnum, pair.source.text)):
        return None
    return None if any(map(str.isalnum, pair.target.text)) else CheckHit()


def same_as_source(pair: Pair) -> CheckHit | None:
    """The source left as it was: three words or more that are not names, symbols, acronyms or cognates."""
    source, target = pair.source, pair.target
    if len(source.words) < _LEAST_WORDS or source.lower_words != target.lower_words:
        return None
    if folded_hash(source.text.casefold()) != folded_hash(target.text.casefold()):
        return None
    return CheckHit((source.text,), (target.text,), ((0, len(target.text)),)) if _says_something(source) else None


def _says_something(source: CheckedText) -> bool:
    """Whether words of the source's own language stand in the text, other than in names."""
    plain = _plain_words(source)
    own = function_words(plain, source.language)
    if source.language is Language.EN and not plain:
        words = [word.lower() for word in source.words]
        return bool(function_words(words, source.language)) and any(word not in FUNCTION["en"] for word in words)
    if own:
        return True
    telling = [word for word in plain if len(word) > _SHORT and word not in _PARTICLES]
    shaped = [word for word in telling if shape(word) == source.language.value]
    return (
        (len(shaped) >= 1 and len(telling) >= _SEVERAL)
        or (bool(shaped) and len(shaped) == len(telling))
        or (len(telling) >= _SEVERAL and not _are_cognates(telling))
    )


_COGNATE = pattern("cognates")


def _are_cognates(words: Sequence[str]) -> bool:
    return sum(bool(_COGNATE.fullmatch(word)) for word in words) >= len(words) - 1


def _plain_words(side: CheckedText) -> tuple[str, ...]:
    """The words that are no part of a name: those in lower case, particles between two capitals left out."""
    words = side.words
    kept = []
    for place, word in enumerate(words):
        word = word.lower() if place == 0 and words[1:2] and words[1][0].islower() else word  # noqa: PLW2901
        if not word[0].islower():
            continue
        if word in _PARTICLES and _is_in_a_name(words, place):
            continue
        kept.append(word)
    if (
        side.language is not Language.EN
        and all(w in FUNCTION[side.language.value] for w in kept)
        and _is_all_name(side)
    ):
        return ()
    if side.language is Language.EN and all(word in _PARTICLES or word in FUNCTION["en"] for word in kept):
        return tuple(word for word in kept if word not in ("of", "and", "the") or len(words) <= 4)
    return tuple(kept)


def _is_in_a_name(words: Sequence[str], place: int) -> bool:
    after = next((word for word in words[place + 1 :] if word not in _PARTICLES), "")
    before = next((word for word in reversed(words[:place]) if word not in _PARTICLES), "")
    return before[:1].isupper() and after[:1].isupper()


def _is_all_name(side: CheckedText) -> bool:
    content = [word for word in side.words if word.lower() not in FUNCTION[side.language.value]]
    return bool(content) and all(word[0].isupper() for word in content)


def wrong_language(pair: Pair) -> CheckHit | None:
    """A target that is, as a whole, in another language; names and quotations do not count."""
    words = _counted_words(pair.target)
    if len(words) < _LEAST_WORDS:
        return None
    if _PLAINLY_OWN * function_words(words, pair.target.language) >= len(words):
        return None
    scores = evidence(words)
    own = scores[pair.target.language.value]
    others = {name: score for name, score in scores.items() if name != pair.target.language.value}
    name, best = max(others.items(), key=lambda item: item[1] * (1.0 if item[0] in ("es", "en", "fr") else 0.6))
    least = _STRONG if name in ("es", "en", "fr") else 1.3 * _STRONG
    if len(words) <= _A_LINE:
        least *= 0.55
        if _is_foreign_line(words, name, pair):
            return CheckHit((), (pair.target.text[:80],), ((0, len(pair.target.text)),))
    if best < least or best < 2.5 * own + 0.5 or (name not in ("es", "en", "fr") and best < 4 * own):
        return None
    return CheckHit((), (pair.target.text[:80],), ((0, len(pair.target.text)),))


def _is_foreign_line(words: Sequence[str], name: str, pair: Pair) -> bool:
    """Whether a heading without a word of its own language has one of another's grammar and one of its shape."""
    own = pair.target.language.value
    if name not in ("es", "en", "fr") or any(word in EXCLUSIVE[own] or shape(word) == own for word in words):
        return False
    grammar = [word for word in words if word in FUNCTION[name]]
    alone = [word for word in grammar if word not in FUNCTION[own]]
    content = [word for word in words if len(word) > _SHORT and word not in FUNCTION[name]]
    shaped = [word for word in content if shape(word) == name and word not in pair.source.lower_words]
    if name == pair.source.language.value:
        shaped = [word for word in content if shape(word) == name]
    if any(len(word) > _SHORT and word in EXCLUSIVE[name] - _ABBREVIATED for word in alone):
        return True
    return bool(shaped and (alone or (grammar and len(content) > 1)))


_ABBREVIATED = frozenset({"para"})  # a paragraph, in English


_ASIDE = lazy_regex(
    r"\[[^\[\]\n]*(?=\ue000)|«[^«»]*»|“[^“”]*”|\"[^\"]*\"|(?<![*\w])\*[^*]+\*(?!\*)|(?<![_\w])_[^_]+_(?!\w)"
)
_MARKED = lazy_regex('[«“"*_\ue000]')  # without any of them nothing stands aside


def _counted_words(side: CheckedText) -> tuple[str, ...]:
    """The words outside quotations and italics, without names: those speak another language by right."""
    words = re.findall(r"[^\W\d_]+", _ASIDE.sub(" ", side.prose)) if _MARKED.search(side.prose) else side.words
    return tuple(word.lower() for place, word in enumerate(words) if word[0].islower() or place == 0 or _is_known(word))


def _is_known(word: str) -> bool:
    return any(word.lower() in own for own in EXCLUSIVE.values()) and not word.isupper()


def untranslated_fragment(pair: Pair) -> CheckHit | None:
    """A stretch of the source's language inside the target."""
    if not _shares_two(pair) and function_words(pair.target.lower_words, pair.source.language) < _LEAST_WORDS:
        return None
    source = pair.source.language.value
    prose = pair.target.prose
    if _MARKED.search(prose):
        prose = _ASIDE.sub(lambda found: " " + "\ue000" * (len(found[0]) - 1), prose)
    words = [(found[0], found.start(), found.end()) for found in re.finditer(r"[^\W\d_]+", prose)]
    for start, end in [*_copied(pair, words), *_foreign_runs(words, source, pair.target.language.value)]:
        first, last = words[start][1], words[end - 1][2]
        return CheckHit((), (pair.target.text[first:last],), ((first, last),))
    return None


def _copied(pair: Pair, words: Sequence[tuple[str, int, int]]) -> Iterator[tuple[int, int]]:
    """Runs of words that stand in the source in the same order, and say something there."""
    if not _shares_two(pair):
        return
    ours, lower = pair.source.lower_words, tuple(word.lower() for word, _, _ in words)
    places: dict[str, list[int]] = {}
    for place, word in enumerate(ours):
        places.setdefault(word, []).append(place)
    at = 0
    while at < len(words):
        length = max(
            (sum(takewhile(bool, map(eq, ours[other:], lower[at:]))) for other in places.get(lower[at], ())), default=0
        )
        if length >= 2 and _is_spaced(pair, words[at : at + length]) and _is_foreign(words[at : at + length], pair):
            yield at, at + length
        at += max(1, length)


def _shares_two(pair: Pair) -> bool:
    """Whether two words stand in both texts, as many as make a stretch."""
    return len(set(pair.source.lower_words).intersection(pair.target.lower_words)) >= _SEVERAL


def _is_spaced(pair: Pair, run: Sequence[tuple[str, int, int]]) -> bool:
    """Whether more than one word is copied: "non-violence" is one."""
    return " " in pair.target.prose[run[0][1] : run[-1][2]]


_ALIEN = {  # letters and endings that the second language does not have
    (language.value, *cell.split(" ", 1)[:1]): lazy_regex(cell.split(" ", 1)[1])
    for language, cells in expressions("alien_to").items()
    for cell in cells.split(" / ")
}


def _is_foreign(run: Sequence[tuple[str, int, int]], pair: Pair) -> bool:
    """Whether a copied run belongs to the source's language and is neither a name nor common to both."""
    source, target = pair.source.language.value, pair.target.language.value
    lower = [word.lower() for word, _, _ in run if word[0].islower()]
    own = [word for word in lower if word in EXCLUSIVE[source] and word not in FUNCTION[target]]
    theirs = [word for word in lower if word in FUNCTION[target] and word not in FUNCTION[source]]
    content = [word for word in lower if word not in FUNCTION[source] and len(word) > 2]
    shaped = [word for word in content if shape(word) == source or _ALIEN[source, target].search(word)]
    if theirs:
        return False
    if own and content:
        return len(run) >= _LEAST_WORDS
    return len(content) >= 2 and len(shaped) >= 1 and len(shaped) >= len(content) / 2


def _foreign_runs(words: Sequence[tuple[str, int, int]], source: str, target: str) -> Iterator[tuple[int, int]]:
    """Stretches of five words or more whose function words are the source's alone."""
    lower = [word.lower() if word[0].islower() else "" for word, _, _ in words]
    width = 6
    own = [word in EXCLUSIVE[source] for word in lower]
    if sum(own) < _LEAST_WORDS:
        return
    theirs = [word in FUNCTION[target] or shape(word) == target for word in lower]
    for start in range(max(0, len(words) - width + 1)):
        if sum(own[start : start + width]) >= _LEAST_WORDS and not any(theirs[start : start + width]):
            yield start, start + width
