"""Finding a page of the guide by its words: accents, capitals and the ends of words do not matter."""

import re
import unicodedata
from collections.abc import Sequence
from functools import cache

from msgspec import Struct

from drafts.blocks import Language
from workspace.help.texts import Topic, topics

MOST_WORDS = 12
AROUND = 90  # letters of the text before and after what was found
IN_TITLE, IN_LEDE = 10, 3
_WORD = re.compile(r"\w+")
_STEMMERS = {Language.ES: "spanish", Language.EN: "english", Language.FR: "french"}


class Found(Struct, frozen=True):
    """A topic that has every word, and some of its text around the first of them."""

    slug: str
    title: str
    excerpt: str


class _Indexed(Struct, frozen=True):
    topic: Topic
    title: frozenset[str]
    lede: frozenset[str]
    words: frozenset[str]


def seek(wanted: str, language: Language) -> Sequence[Found]:
    """The topics that have all of these words, those first that have them in their title."""
    stems = [_stem(word, language) for word in _words(wanted)[:MOST_WORDS]]
    if not stems:
        return ()
    scored = [(_score(one, stems), one) for one in _index(language)]
    best = sorted((pair for pair in scored if pair[0]), key=lambda pair: -pair[0])
    return tuple(Found(one.topic.slug, one.topic.title, _excerpt(one.topic, stems, language)) for _, one in best)


@cache
def _index(language: Language) -> Sequence[_Indexed]:
    return tuple(
        _Indexed(
            topic=one,
            title=_stems(one.title, language),
            lede=_stems(one.lede, language),
            words=_stems(f"{one.title} {one.plain}", language),
        )
        for one in topics(language).values()
    )


def _score(one: _Indexed, stems: Sequence[str]) -> int:
    """0 where a word is missing."""
    if not all(_has(one.words, stem) for stem in stems):
        return 0
    return 1 + sum(IN_TITLE * _has(one.title, stem) + IN_LEDE * _has(one.lede, stem) for stem in stems)


def _has(words: frozenset[str], stem: str) -> bool:
    return stem in words or any(word.startswith(stem) for word in words)


def _excerpt(topic: Topic, stems: Sequence[str], language: Language) -> str:
    for match in _WORD.finditer(topic.plain):
        if any(_stem(_folded(match[0]), language).startswith(stem) for stem in stems):
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
    return "".join(one for one in apart if not unicodedata.combining(one))


def _stem(word: str, language: Language) -> str:
    import snowballstemmer  # noqa: PLC0415  (forty files that a server needs when somebody looks for help, not to start)

    return str(snowballstemmer.stemmer(_STEMMERS[language]).stemWord(word))
