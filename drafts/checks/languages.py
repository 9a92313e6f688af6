"""Whether the target is in the language it says: all of it, and each stretch of it."""

import re
from collections.abc import Iterator, Sequence

from drafts.blocks import Language, folded_hash
from drafts.checks.language_words import EXCLUSIVE, FUNCTION, evidence, function_words, shape
from drafts.checks.sides import Side
from drafts.checks.values import Found, Pair
from drafts.patterns import expression

_LEAST_WORDS = 3
_STRONG = 2.6
_SHORT, _SEVERAL = 3, 2
_A_LINE = 8  # words of a heading or a short line
_PLAINLY_OWN = 5  # one word in so many that only this language has: nothing more is asked
_PARTICLES = frozenset(
    [
        "de",
        "del",
        "la",
        "el",
        "los",
        "las",
        "le",
        "les",
        "des",
        "du",
        "y",
        "e",
        "i",
        "et",
        "and",
        "of",
        "da",
        "do",
        "dos",
        "das",
        "von",
        "van",
        "di",
        "d",
        "l",
        "al",
        "the",
    ]
)
_LETTER = expression(r"[^\W\d_]")


def empty(pair: Pair) -> Found | None:
    """A source with words and a target without any."""
    if not _LETTER.search(pair.source.prose) and not any(map(str.isalnum, pair.source.text)):
        return None
    return None if any(map(str.isalnum, pair.target.text)) else Found()


def same_as_source(pair: Pair) -> Found | None:
    """The source left as it was: three words or more that are not names, symbols, acronyms or cognates."""
    source, target = pair.source, pair.target
    if len(source.words) < _LEAST_WORDS or source.lower_words != target.lower_words:
        return None
    if folded_hash(source.text.casefold()) != folded_hash(target.text.casefold()):
        return None
    return Found((source.text,), (target.text,), ((0, len(target.text)),)) if _says_something(source) else None


def _says_something(source: Side) -> bool:
    """Whether words of the source's own language stand in the text, other than in names."""
    plain = _plain_words(source)
    own = function_words(plain, source.language)
    if source.language is Language.EN and not plain:
        return bool(function_words((w.lower() for w in source.words), source.language) and _has_content(source))
    if own:
        return True
    telling = [word for word in plain if len(word) > _SHORT and word not in _PARTICLES]
    shaped = [word for word in telling if shape(word) == source.language.value]
    return (
        (len(shaped) >= 1 and len(telling) >= _SEVERAL)
        or (bool(shaped) and len(shaped) == len(telling))
        or (len(telling) >= _SEVERAL and not _are_cognates(telling))
    )


_COGNATE = expression(
    r"\w+(?:tion|tions|sion|sions|al|als|able|ible|ables|ibles|ance|ence|age|ure|ant|ent|or|ar|ism|ma|ia|ica|cal|um|us|ist|nt|que)"
)


def _are_cognates(words: Sequence[str]) -> bool:
    return sum(bool(_COGNATE.fullmatch(word)) for word in words) >= len(words) - 1


def _plain_words(side: Side) -> tuple[str, ...]:
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


def _is_all_name(side: Side) -> bool:
    content = [word for word in side.words if word.lower() not in FUNCTION[side.language.value]]
    return bool(content) and all(word[0].isupper() for word in content)


def _has_content(side: Side) -> bool:
    return any(word.lower() not in FUNCTION["en"] for word in side.words)


def wrong_language(pair: Pair) -> Found | None:
    """A target that is, as a whole, in another language; names and quotations do not count."""
    words = _told_words(pair.target)
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
            return Found((), (pair.target.text[:80],), ((0, len(pair.target.text)),))
    if best < least or best < 2.5 * own + 0.5 or (name not in ("es", "en", "fr") and best < 4 * own):
        return None
    return Found((), (pair.target.text[:80],), ((0, len(pair.target.text)),))


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


_ASIDE = expression(
    r"\[[^\[\]\n]*(?=\ue000)|«[^«»]*»|“[^“”]*”|\"[^\"]*\"|(?<![*\w])\*[^*]+\*(?!\*)|(?<![_\w])_[^_]+_(?!\w)"
)


def _told_words(side: Side) -> tuple[str, ...]:
    """The words outside quotations and italics, without names: those speak another language by right."""
    prose = _ASIDE.sub(" ", side.prose)
    words = re.findall(r"[^\W\d_]+", prose)
    return tuple(word.lower() for place, word in enumerate(words) if word[0].islower() or place == 0 or _is_known(word))


def _is_known(word: str) -> bool:
    return any(word.lower() in own for own in EXCLUSIVE.values()) and not word.isupper()


def untranslated_fragment(pair: Pair) -> Found | None:
    """A stretch of the source's language inside the target."""
    source = pair.source.language.value
    prose = _ASIDE.sub(lambda found: " " + "\ue000" * (len(found[0]) - 1), pair.target.prose)
    words = [(found[0], found.start(), found.end()) for found in re.finditer(r"[^\W\d_]+", prose)]
    for start, end in [*_copied(pair, words), *_foreign_runs(words, source, pair.target.language.value)]:
        first, last = words[start][1], words[end - 1][2]
        return Found((), (pair.target.text[first:last],), ((first, last),))
    return None


def _copied(pair: Pair, words: Sequence[tuple[str, int, int]]) -> Iterator[tuple[int, int]]:
    """Runs of words that stand in the source in the same order, and say something there."""
    ours = pair.source.lower_words
    if len(set(ours).intersection(pair.target.lower_words)) < 2:  # two words make a stretch
        return
    places: dict[str, list[int]] = {}
    for place, word in enumerate(ours):
        places.setdefault(word, []).append(place)
    at = 0
    while at < len(words):
        length = max((_length(ours, other, words, at) for other in places.get(words[at][0].lower(), ())), default=0)
        if length >= 2 and _is_spaced(pair, words[at : at + length]) and _is_foreign(words[at : at + length], pair):
            yield at, at + length
        at += max(1, length)


def _is_spaced(pair: Pair, run: Sequence[tuple[str, int, int]]) -> bool:
    """Whether more than one word is copied: "non-violence" is one."""
    return " " in pair.target.prose[run[0][1] : run[-1][2]]


def _length(ours: Sequence[str], other: int, words: Sequence[tuple[str, int, int]], at: int) -> int:
    length = 0
    while (
        at + length < len(words)
        and other + length < len(ours)
        and words[at + length][0].lower() == ours[other + length]
    ):
        length += 1
    return length


_ALIEN = {  # letters and endings that the second language does not have
    ("es", "en"): expression(r"[áéíóúñ]|\w{4}os?$"),
    ("es", "fr"): expression(r"[áíóúñ]|\w{4}os?$"),
    ("fr", "en"): expression(r"[àâçèéêëîïôùûœ]"),
    ("fr", "es"): expression(r"[àâçèêëîïôùûœ]"),
    ("en", "es"): expression(r"[kw]|th|ph|ss|tt|pp|ff"),
    ("en", "fr"): expression(r"[kw]|sh"),
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
