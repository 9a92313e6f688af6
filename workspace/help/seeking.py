"""Finding a page of the guide by the words that people have for things, which are not always the program's.

Accents, capitals and the ends of words do not matter, nor does one wrong letter; small words are passed over. What
people call a thing that the guide calls otherwise stands in `other-words.txt` of each language, topic by topic.
Pages that have more of what is looked for, and rarer words of it, come first; not every word has to be there.
"""

import math
import re
import unicodedata
from collections.abc import Callable, Mapping, Sequence
from functools import cache, lru_cache

from msgspec import Struct

from drafts.blocks import Language
from workspace.help.texts import Topic, topics
from workspace.help.topics import FOLDER

MOST_WORDS = 12
AROUND = 90  # letters of the text before and after what was found
IN_TITLE, IN_OTHER_WORDS, IN_LEDE, IN_TEXT = 10, 8, 3, 1
ENOUGH = 0.3  # of what is looked for, rare words counting for more
SHORTEST_BEGINNING, SHORTEST_MISSPELT = 3, 5  # letters
OTHER_WORDS = "other-words.txt"
_WORD = re.compile(r"\w+")
_STEMMERS = {Language.ES: "spanish", Language.EN: "english", Language.FR: "french"}
_SMALL: Mapping[Language, str] = {  # as people ask: "how do I …"
    Language.ES: (
        "a al algo como con cual cuando de del donde el ella en es esta este hace hacer hago hay la las lo los me "
        "mi mis no o para pero por porque puede puedo que quien se ser si sin son su sus tengo un una uno y ya yo"
    ),
    Language.EN: (
        "a am an and are at be by can cannot do does for from get have how i if in into is it me my no not of on "
        "or our so that the there this to us was we what when where which who why will with you your"
    ),
    Language.FR: (
        "a ai au aux avec c ce ces cet cette comment d dans de des du elle en es est et faire fait il j je l la "
        "le les leur m ma mais me mes mon n ne nos notre on ou par pas peut peux plus pour pourquoi puis qu quand "
        "que quel quelle qui quoi s sa sans se ses si son sont sur t un une vos votre vous y"
    ),
}


class Found(Struct, frozen=True):
    """A topic that has what was looked for, and some of its text around the first of it."""

    slug: str
    title: str
    excerpt: str


class _Indexed(Struct, frozen=True):
    topic: Topic
    weights: Mapping[str, int]  # of each stem, by where it stands


def seek(wanted: str, language: Language) -> Sequence[Found]:
    """The topics that tell about this, the best first; none where nothing of it is known."""
    asked = [known for word in _asked(wanted, language) if (known := _known(word, language))]
    if not asked:
        return ()
    scored = [(_score(page, asked, language), page) for page in _index(language)]
    best = sorted((pair for pair in scored if pair[0]), key=lambda pair: -pair[0])
    stems = frozenset[str]().union(*asked)
    return tuple(Found(page.topic.slug, page.topic.title, _excerpt(page.topic, stems, language)) for _, page in best)


def _asked(wanted: str, language: Language) -> Sequence[str]:
    """The words that are looked for; the small ones only where there are no others."""
    words, small = _words(wanted), _SMALL[language].split()
    return [one for one in words if one not in small and len(one) > 1][:MOST_WORDS] or words[:MOST_WORDS]


def _known(word: str, language: Language) -> frozenset[str]:
    """The stems of the guide that a word may mean: its own, else those it begins, else those of words like it."""
    stem, vocabulary = _stem(word, language), _vocabulary(language)
    stems = vocabulary.values()
    if stem in stems:
        return frozenset((stem,))
    if len(stem) >= SHORTEST_BEGINNING and (
        begun := frozenset(known_stem for known_stem in stems if known_stem.startswith(stem))
    ):
        return begun
    if len(word) < SHORTEST_MISSPELT:
        return frozenset()
    return frozenset(
        known_stem
        for known, known_stem in vocabulary.items()
        if _differ_by_one(word, known) or _differ_by_one(stem, known_stem)
    )


def _score(page: _Indexed, asked: Sequence[frozenset[str]], language: Language) -> float:
    """0 where too much of what is looked for is missing."""
    rarity = [max(_rarity(stem, language) for stem in stems) for stems in asked]
    found = [max(page.weights.get(stem, 0) for stem in stems) for stems in asked]
    share = sum(rare for rare, weight in zip(rarity, found, strict=True) if weight) / sum(rarity)
    if share < ENOUGH:
        return 0.0
    return share * share * sum(rare * weight for rare, weight in zip(rarity, found, strict=True))


def _rarity(stem: str, language: Language) -> float:
    index = _index(language)
    return 0.5 + math.log(len(index) / (1 + sum(stem in page.weights for page in index)) + 1)


@cache
def _index(language: Language) -> Sequence[_Indexed]:
    others = _other_words(language)
    return tuple(_Indexed(one, _weights(one, others.get(one.slug, ""), language)) for one in topics(language).values())


def _weights(one: Topic, others: str, language: Language) -> Mapping[str, int]:
    """The heaviest place of each stem."""
    found: dict[str, int] = {}
    for text, weight in ((one.plain, IN_TEXT), (one.lede, IN_LEDE), (others, IN_OTHER_WORDS), (one.title, IN_TITLE)):
        found.update(dict.fromkeys(_stems(text, language), weight))
    return found


@cache
def _vocabulary(language: Language) -> Mapping[str, str]:
    """Every word of the guide, with its stem."""
    others = " ".join(_other_words(language).values())
    texts = [others, *(f"{one.title} {one.plain}" for one in topics(language).values())]
    return {word: _stem(word, language) for text in texts for word in _words(text)}


@cache
def _other_words(language: Language) -> Mapping[str, str]:
    """What people call the things that a topic tells about, by topic."""
    lines = (FOLDER / language / OTHER_WORDS).read_text(encoding="utf-8").splitlines()
    return {slug: words for slug, mark, words in (line.partition(": ") for line in lines) if mark}


def _differ_by_one(first: str, second: str) -> bool:
    """Whether one letter too many, too few, another one, or two that changed places is all that is between them."""
    if (
        abs(len(first) - len(second)) > 1
        or min(len(first), len(second)) < SHORTEST_MISSPELT - 1
        or first[0] != second[0]
    ):
        return False
    begin = next(
        (at for at, (a, b) in enumerate(zip(first, second, strict=False)) if a != b), min(len(first), len(second))
    )
    left, right = first[begin:], second[begin:]
    swapped = left[:2] == right[:2][::-1] and left[2:] == right[2:]
    return left[1:] == right[1:] or left[1:] == right or left == right[1:] or swapped


def _excerpt(topic: Topic, stems: frozenset[str], language: Language) -> str:
    for match in _WORD.finditer(topic.plain):
        if _stem(_folded(match[0]), language) in stems:
            begin, end = max(0, match.start() - AROUND), match.end() + AROUND
            head = "…" if begin else ""
            tail = "…" if end < len(topic.plain) else ""
            return head + topic.plain[begin:end].strip() + tail
    return topic.lede


def _stems(text: str, language: Language) -> frozenset[str]:
    return frozenset(_stem(word, language) for word in _words(text))


def _words(text: str) -> list[str]:
    return _WORD.findall(_folded(text))


def _folded(text: str) -> str:
    apart = unicodedata.normalize("NFKD", text.casefold())
    return "".join(character for character in apart if not unicodedata.combining(character))


@cache
def _stemmer(language: Language) -> Callable[[str], str]:
    import snowballstemmer  # noqa: PLC0415  (forty files that a server needs when somebody looks for help, not to start)

    stem: Callable[[str], str] = snowballstemmer.stemmer(_STEMMERS[language]).stemWord
    return stem


@lru_cache(maxsize=20_000)  # the words of the guide, and some of those that are looked for
def _stem(word: str, language: Language) -> str:
    return _stemmer(language)(word)
