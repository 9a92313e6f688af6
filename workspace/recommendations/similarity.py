"""Which recommendations say nearly the same, found without comparing each with each.

Two texts are only compared when they share one of the rarest words of either, and of those only the few that share
most. In one language the words are compared in their order. Across languages it is what needs no translation:
figures, names, words of one root, a few everyday words that are known in each, and what the forum's glossary agrees on.
A text that the forum's memory has translated before is also compared in those words, as if it had been said in them.

What has been read once is kept for the next that come in, so a thousand notes in a row cost little more than one.
"""

import math
from collections import Counter, defaultdict
from collections.abc import Collection, Iterator, Mapping, Sequence
from functools import cache
from pathlib import Path
from typing import Final
from uuid import UUID

import sqlalchemy as sa
from msgspec import Struct

from drafts.base.words import fold_text
from drafts.diff.block_matching import ratio
from drafts.languages.cross_language_similarity import roots
from workspace.core.storage.db import Db
from workspace.recommendations.models import Recommendation, RecommendationStatus
from workspace.recommendations.terminology import TERMINOLOGY

_LEAST = 3  # letters that are left of a word without its ending
_MOST_MORE = 2  # letters that an inflected word has beyond the agreed one
FoldedWording = tuple[str, ...]


class AgreedNotions:
    """The wordings of a glossary, folded; a notion is known by its place in it."""

    def __init__(self, notions: Sequence[Sequence[str]]) -> None:
        self._by_opening: dict[str, list[tuple[FoldedWording, str]]] = {}
        for place, wordings in enumerate(notions):
            for wording in {tuple(fold_text(wording).split()) for wording in wordings} - {()}:
                self._by_opening.setdefault(wording[0][:_LEAST], []).append((wording, f"agreed-{place}"))

    def found(self, words: Sequence[str]) -> Iterator[tuple[str, range]]:
        """The notions that stand in a text, and the places of their words."""
        for at, word in enumerate(words):
            for wording, notion in self._by_opening.get(word[:_LEAST], ()):
                here = words[at : at + len(wording)]
                if len(here) == len(wording) and all(map(_is_form, here, wording)):
                    yield notion, range(at, at + len(wording))


NOTHING_AGREED = AgreedNotions(())


def _is_form(word: str, wanted: str) -> bool:
    """Whether a word is the agreed one in another number or gender."""
    trunk = wanted.rstrip("aeosx")
    trunk = trunk if len(trunk) >= _LEAST else wanted
    return word.startswith(trunk) and len(word) <= len(wanted) + _MOST_MORE


def notions_of(words: Sequence[str], agreed: AgreedNotions) -> Mapping[int, str]:
    """For each word that belongs to an agreed wording, its notion."""
    return {place: notion for notion, places in agreed.found(words) for place in places}


_CONCEPTS: Final = Path(__file__).with_name("concepts.txt")
"""A concept in each line, and its words in three languages, which are told by their beginnings."""
_ENDINGS: Final = ("", "s", "es", "ies", "x", "al", "aux")


@cache
def _concept_of() -> Mapping[str, str]:
    """The concept of each word."""
    concepts = [line.split() for line in _CONCEPTS.read_text(encoding="utf-8").splitlines()]
    return {word: concept for concept, *words in concepts for word in words}


def shared_concept(word: str) -> str | None:
    """What a folded word stands for in every language; None for one that is not known."""
    for ending in _ENDINGS:
        if word.endswith(ending):
            found = _concept_of().get(word[: len(word) - len(ending)] if ending else word)
            if found:
                return found
    return None


NEARLY_ALIKE = 70  # hundredths of likeness from which two of one language are shown side by side
PERHAPS_ALIKE = 40  # the same for two of different languages, which never come near a hundred
_RAREST = 6  # words of a text by which others are looked up
_MOST_HOLDERS = 60  # texts that hold a word; one that more hold says nothing
_MOST_COMPARED = 12  # texts that one is compared with
_MOST_ACROSS, _FEWEST_SHARED = 5, 2  # the same across languages, where one rare root in common is a chance
_MOST_REMEMBERED = 200  # texts of one arrival that are looked up in the memory
_SHORTEST = 4  # words, below which likeness means little
_FIGURE, _CONCEPT, _SKELETON = 2.0, 1.5, 0.6  # what they weigh beside a root of letters

Likeness = tuple[UUID, UUID, int]


class _Text(Struct, frozen=True):
    """`encoded` has a character for each word; `roots` is what is left of it in any language."""

    id: UUID
    language: str
    words: tuple[str, ...]
    encoded: str
    roots: frozenset[str]
    weight: float  # of its roots


class KnownTexts:
    """The texts of registers, each read once; a row that is no longer where it was has everything read again."""

    def __init__(self) -> None:
        self._forums: dict[UUID, _Register] = {}

    def alike(self, db: Db, forum_id: UUID, fresh: Collection[UUID]) -> Iterator[Likeness]:
        """Every pair that says nearly the same, of which one is among `fresh`, which the database has already."""
        register = self._forums.get(forum_id)
        if register is None or not register.still_stands(db, forum_id):
            register = self._forums[forum_id] = _Register()
        register.read_on(db, forum_id)
        yield from register.pairs(fresh)
        for key, language, text in _remembered(db, forum_id, list(fresh)[:_MOST_REMEMBERED]):
            yield from register.said_as(key, language, text)


class _Register:
    """What is known of one register, by words and by roots."""

    def __init__(self) -> None:
        self._texts: list[_Text] = []
        self._places: dict[UUID, int] = {}
        self._by_word: dict[tuple[str, str], list[int]] = defaultdict(list)
        self._by_root: dict[str, dict[str, list[int]]] = defaultdict(lambda: defaultdict(list))
        self._signs: dict[str, str] = {}
        self._last: tuple[int, UUID] | None = None
        self._agreed = NOTHING_AGREED

    def still_stands(self, db: Db, forum_id: UUID) -> bool:
        """Whether what was read last is there: a unit of work that came to nothing takes its rows away."""
        if self._last is None:
            return True
        number, key = self._last
        there = sa.select(Recommendation.id).where(Recommendation.forum_id == forum_id, Recommendation.number == number)
        return db.scalar(there) == key

    def read_on(self, db: Db, forum_id: UUID) -> None:
        """Read what has come in since."""
        if self._last is None:
            self._agreed = AgreedNotions(TERMINOLOGY.get().agreed_wordings(db, forum_id))
        after = self._last[0] if self._last else 0
        columns = Recommendation.number, Recommendation.id, Recommendation.language, Recommendation.folded
        rows = sa.select(*columns).where(
            Recommendation.forum_id == forum_id,
            Recommendation.number > after,
            Recommendation.standing.in_([status for status in RecommendationStatus if status.is_counted]),
        )
        for number, key, language, words in db.execute(rows.order_by(Recommendation.number)):
            self._add(key, language, words)
            self._last = number, key

    def pairs(self, fresh: Collection[UUID]) -> Iterator[Likeness]:
        for key in fresh:
            place = self._places.get(key)
            if place is None or len(self._texts[place].words) < _SHORTEST:
                continue
            yield from self._of_its_language(place)
            yield from self._of_others(place)

    def said_as(self, key: UUID, language: str, text: str) -> Iterator[Likeness]:
        """The texts in `language` that say nearly what a text of another language was translated with before."""
        words = fold_text(text).split()
        if key not in self._places or len(words) < _SHORTEST:
            return
        encoded = "".join(self._signs.setdefault(word, chr(0x1_0000 + len(self._signs))) for word in words)
        held = [self._by_word.get((language, word), []) for word in set(words)]
        for other in _candidates(self._places[key], held, fewest=1):
            likeness = round(100 * ratio(encoded, self._texts[other].encoded))
            if likeness >= NEARLY_ALIKE:
                yield key, self._texts[other].id, likeness

    def _add(self, key: UUID, language: str, said: str) -> None:
        words = tuple(said.split())
        encoded = "".join(self._signs.setdefault(word, chr(0x1_0000 + len(self._signs))) for word in words)
        place = len(self._texts)
        roots_held = frozenset(shared_roots(words, self._agreed))
        text = _Text(key, language, words, encoded, roots_held, sum(map(root_weight, roots_held)))
        self._texts.append(text)
        self._places[key] = place
        for word in set(words):
            self._by_word[language, word].append(place)
        for root in roots_held:
            self._by_root[root][language].append(place)

    def _of_its_language(self, place: int) -> Iterator[Likeness]:
        text = self._texts[place]
        held = [self._by_word[text.language, word] for word in set(text.words)]
        for other in _candidates(place, held):
            likeness = round(100 * ratio(text.encoded, self._texts[other].encoded))
            if likeness >= NEARLY_ALIKE:
                yield text.id, self._texts[other].id, likeness

    def _of_others(self, place: int) -> Iterator[Likeness]:
        text = self._texts[place]
        shared = Counter(
            other
            for root in text.roots
            for language, holders in self._by_root[root].items()
            if language != text.language and len(holders) <= _MOST_HOLDERS
            for other in holders
        )
        for other, count in shared.most_common(_MOST_ACROSS):
            if count < _FEWEST_SHARED:
                return
            likeness = round(100 * _across(text, self._texts[other]))
            if likeness >= PERHAPS_ALIKE:
                yield text.id, self._texts[other].id, likeness


def _remembered(db: Db, forum_id: UUID, fresh: Sequence[UUID]) -> Sequence[tuple[UUID, str, str]]:
    """How these were translated before, if anybody remembers: what each would be in another language."""
    rows = sa.select(Recommendation.id, Recommendation.language, Recommendation.text)
    texts = {key: (language, text) for key, language, text in db.execute(rows.where(Recommendation.id.in_(fresh)))}
    return TERMINOLOGY.get().translations(db, forum_id, texts)


def _candidates(place: int, held: Sequence[Sequence[int]], *, fewest: int = 2) -> list[int]:
    """The texts that share most of one's rarest words; `held` says for each word which have it."""
    by_rarity = sorted(held, key=len)
    telling = [places for places in by_rarity if fewest <= len(places) <= _MOST_HOLDERS][:_RAREST]
    shared = Counter(other for places in telling for other in places if other != place)
    if not shared and by_rarity and len(by_rarity[0]) > _MOST_HOLDERS:  # common words only: one text many times over
        shared = Counter(other for other in by_rarity[0][:_MOST_HOLDERS] if other != place)
    return [other for other, _ in shared.most_common(_MOST_COMPARED)]


def _across(first: _Text, second: _Text) -> float:
    """How much of what needs no translation two texts share: the cosine of their roots."""
    shared = sum(map(root_weight, first.roots & second.roots))
    return shared / math.sqrt(first.weight * second.weight) if shared else 0.0


def shared_roots(words: Sequence[str], agreed: AgreedNotions) -> Iterator[str]:
    """What a text says that needs no translation. A word that is known says its notion, and not its letters too."""
    notions = notions_of(words, agreed)
    yield from (f"={found}" for found in notions.values())
    concepts = {word: shared_concept(word) for place, word in enumerate(words) if place not in notions}
    yield from (f"={found}" for found in concepts.values() if found)
    yield from roots(" ".join(word for word, found in concepts.items() if not found))


def root_weight(root: str) -> float:
    """How much a root says: a figure most, then what is known in every language, a skeleton of letters least."""
    if root[0].isdigit():
        return _FIGURE
    if root[0] == "=":
        return _CONCEPT
    return _SKELETON if root[0] == "~" else 1.0
