"""The translation memory: segments in up to three languages, and those that are most like a text.

An index of words makes the search short: whatever is alike enough shares one of the rarer words of a text.
Those that share most are then compared word by word and letter by letter.
"""

import re
from array import array
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from enum import StrEnum
from itertools import islice
from math import ceil

from msgspec import Struct, field
from rapidfuzz import fuzz, process
from rapidfuzz.distance import LCSseq

from drafts.base.words import without_accents
from drafts.text.blocks import Language, folded_hash

LEAST = 0.6  # a match below this helps nobody
_MOST_POSTINGS = 30_000  # places in the index that one search looks at
_MOST_COMPARED = 250  # segments compared word by word
_MOST_REFINED = 24  # and letter by letter
_NEARLY = 0.99  # what is not the same is never shown as the same
_WORD = re.compile(r"[^\W_]+")


class MatchKind(StrEnum):
    """How a segment answers a text."""

    CONTEXT = "context"  # the same words, after the same words
    EXACT = "exact"
    FUZZY = "fuzzy"


class Segment(Struct, frozen=True):
    """One unit of the memory. `before` holds per language the folded hash of the text that stood before it.

    Of two that answer a text alike, the one with the higher `rank` comes first.
    """

    id: str
    texts: Mapping[Language, str]
    before: Mapping[Language, str] = field(default_factory=dict)
    rank: tuple[int, ...] = ()


class Match(Struct, frozen=True):
    """A segment that answers a text; `score` from 0 to 1."""

    segment: Segment
    kind: MatchKind
    score: float


class TranslationMemory:
    """Segments as they are searched in one source language at a time. Adding one with a known id replaces it."""

    def __init__(self, segments: Iterable[Segment] = ()) -> None:
        self._segments: dict[str, Segment] = {}
        self._sides: dict[Language, _LanguageIndex] = {}  # of the languages that somebody has searched in
        for segment in segments:
            self.add(segment)

    def __len__(self) -> int:
        return len(self._segments)

    def add(self, segment: Segment) -> None:
        self.remove(segment.id)
        self._segments[segment.id] = segment
        for language, side in self._sides.items():
            if language in segment.texts:
                side.add(segment.id, segment.texts[language])

    def remove(self, segment_id: str) -> None:
        """Forget a segment, if it is known."""
        if segment := self._segments.pop(segment_id, None):
            for language, side in self._sides.items():
                if language in segment.texts:
                    side.remove(segment_id)

    def matches(
        self, text: str, *, source: Language, target: Language, before: str = "", least: float = LEAST, limit: int = 5
    ) -> tuple[Match, ...]:
        """The segments that answer `text` best and have a text in `target`, the best first.

        `before` is the folded hash of what stands before it: the same words after the same words are a match of
        context. Of segments with one and the same translation only the best is answered.
        """
        side, wanted = self._side(source), folded_hash(text)
        found = []
        for segment_id in side.same(text):
            segment = self._segments[segment_id]
            is_there = before and segment.before.get(source) == before
            kind = MatchKind.CONTEXT if is_there else MatchKind.EXACT
            if folded_hash(segment.texts[source]) == wanted:
                found.append(Match(segment, kind, 1.0))
        known = {match.segment.id for match in found}
        found += [
            Match(self._segments[segment_id], MatchKind.FUZZY, score)
            for segment_id, score in side.alike(text, least)
            if segment_id not in known
        ]
        found = [match for match in found if target in match.segment.texts]
        found.sort(key=lambda match: (match.kind is MatchKind.CONTEXT, match.score, match.segment.rank), reverse=True)
        return tuple(_distinct(found, target))[:limit]

    def containing(self, words: str, *, language: Language, limit: int = 50) -> tuple[Segment, ...]:
        """The segments whose text in `language` has these words one after the other, accents and case aside."""
        wanted = _folded(words)
        if not wanted:
            return ()
        named = [self._segments[word] for word in self._side(language).with_words(wanted)]
        found = [segment for segment in named if f" {wanted}" in f" {_folded(segment.texts[language])}"]
        return tuple(sorted(found, key=lambda segment: segment.rank, reverse=True)[:limit])

    def _side(self, language: Language) -> "_LanguageIndex":
        if language not in self._sides:
            side = self._sides[language] = _LanguageIndex()
            for segment in self._segments.values():
                if language in segment.texts:
                    side.add(segment.id, segment.texts[language])
        return self._sides[language]


def _distinct(matches: Sequence[Match], target: Language) -> Iterator[Match]:
    seen: set[str] = set()
    for match in matches:
        translation = match.segment.texts[target]
        if translation not in seen:
            seen.add(translation)
            yield match


def _words(text: str) -> list[str]:
    return _WORD.findall(text.casefold())


def _folded(text: str) -> str:
    """A text as it is searched: words without accents and case, one space between."""
    return " ".join(_WORD.findall(without_accents(text)))


class _WordAlphabet(dict[str, str]):
    """One letter for each word, given out as words come, so that texts can be compared word by word as strings."""

    def __missing__(self, word: str) -> str:
        letter = self[word] = chr(_FIRST + len(self))
        return letter


class _LanguageIndex:
    """One language of the memory: its texts as strings with one letter for each word, and which have a word."""

    def __init__(self) -> None:
        self._letters = _WordAlphabet()
        self._spellings: defaultdict[str, set[str]] = defaultdict(set)  # letters of a word without accents
        self._texts: list[str] = []  # by place
        self._raw: list[str] = []
        self._ids: list[str | None] = []  # None for what was removed
        self._places: dict[str, int] = {}  # of a segment
        self._having: defaultdict[str, array[int]] = defaultdict(_places)
        self._whole: defaultdict[str, list[int]] = defaultdict(list)  # places by all their words

    def add(self, segment_id: str, text: str) -> None:
        place, letters = len(self._texts), self._letters
        encoded = "".join([letters[word] for word in _words(text)])
        self._texts.append(encoded)
        self._raw.append(text)
        self._ids.append(segment_id)
        self._places[segment_id] = place
        self._whole[encoded].append(place)
        for letter in set(encoded):
            self._having[letter].append(place)

    def remove(self, segment_id: str) -> None:
        self._ids[self._places.pop(segment_id)] = None

    def same(self, text: str) -> list[str]:
        """The segments that have the same words in the same order."""
        return self._known(self._whole.get(self._encoded(text), ()))

    def alike(self, text: str, least: float) -> list[tuple[str, float]]:
        """The segments that are at least so much like `text`, some of which may say the same."""
        encoded = self._encoded(text)
        ranked = process.extract(
            encoded,
            {place: self._texts[place] for place in self._candidates(encoded, least)},
            scorer=LCSseq.normalized_similarity,
            score_cutoff=least / 2,
            limit=_MOST_REFINED,
        )
        found = []
        for _, by_words, place in ranked:
            score = min((by_words + fuzz.ratio(text, self._raw[place]) / 100) / 2, _NEARLY)
            if score >= least:
                found.append((str(self._ids[place]), round(score, 3)))
        return found

    def with_words(self, folded: str) -> list[str]:
        """The segments that have all of these words, the last one perhaps longer than it is written here."""
        self._spell()
        *whole, last = folded.split()
        wanted = [self._spellings.get(word, set()) for word in whole]
        wanted.append(
            {spelling for word, some in self._spellings.items() if word.startswith(last) for spelling in some}
        )
        sets = [set().union(*(self._having[letter] for letter in letters)) for letters in wanted]
        return self._known(sorted(set.intersection(*sets)))

    def _spell(self) -> None:
        """Words that came since the last search for words are put under what they are without accents."""
        known = sum(map(len, self._spellings.values()))
        for word, letter in islice(self._letters.items(), known, None):
            self._spellings[_folded(word)].add(letter)

    def _encoded(self, text: str) -> str:
        return "".join([self._letters.get(word, _UNKNOWN) for word in _words(text)])

    def _known(self, places: Iterable[int]) -> list[str]:
        return [found for place in places if (found := self._ids[place]) is not None]

    def _candidates(self, encoded: str, least: float) -> list[int]:
        """The places that share most with a text, found by its rarer words.

        What shares the part `least` of a text's words has at least one of any others that are one more than
        the rest: so the commoner words need not be looked up.
        """
        having = sorted((self._having[word] for word in set(encoded) if word in self._having), key=len)
        enough = ceil((1 - least) * len(set(encoded))) + 2
        shared: Counter[int] = Counter()
        looked_at = 0
        for count, places in enumerate(having):
            looked_at += len(places)
            if count and (count >= enough or looked_at > _MOST_POSTINGS):
                break
            shared.update(places[-_MOST_POSTINGS:])
        return [place for place, _ in shared.most_common(_MOST_COMPARED) if self._ids[place] is not None]


def _places() -> "array[int]":
    return array("I")


_FIRST = 0xE000  # letters of words are above the surrogates
_UNKNOWN = chr(_FIRST - 1)  # the letter of a word that the memory does not know
