"""How much two paragraphs of different languages look like the same paragraph."""

import math
import re
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from functools import cached_property

from msgspec import Struct

from drafts.base.lazy_regex import lazy_regex
from drafts.base.words import without_accents
from drafts.text.blocks import Block, BlockKind
from drafts.text.markup import plain

_SAME_KIND = 0.3
_SAME_SORT = 0.12  # both headings, or both paragraphs, but of another kind or level
_OTHER_SORT = -0.1  # a list item against a paragraph
_NEVER = -9.0  # a heading against a paragraph, a table against anything else
_SAME_OPENING = 0.7
_OTHER_OPENING = -0.7
_ONE_OPENING = -0.15
_WORDS = 1.0
_LENGTH = 0.35
_LENGTH_TOLERANCE = 0.3  # the logarithm of a ratio that means nothing
_RATIO_LIMIT = 0.2  # a larger difference between two whole texts comes from what one of them lacks
_ROOT = 4  # letters by which words of one root are known: libe-rtad, libe-rty, libe-rté
_SKELETON = 3  # and consonants: f-ue-nt-es, f-ou-nt-ains, f-on-t-aines
_SKELETON_WEIGHT = 0.6
_FIGURE = 2.0  # a figure weighs as much as two words
_TELLING = 100  # characters of a paragraph that shares words with every translation of it
_SETTLED_LENGTH = 12.0  # characters added to both lengths, so that short texts may differ

_SORTS = (
    frozenset({BlockKind.TITLE, BlockKind.HEADING, BlockKind.ANNEX}),
    frozenset({BlockKind.OPERATIVE, BlockKind.ITEM, BlockKind.BULLET}),
    frozenset({BlockKind.NOTE}),
    frozenset({BlockKind.TABLE}),
    frozenset({BlockKind.CODE}),
    frozenset({BlockKind.RULE}),
)
_PROSE = len(_SORTS)
_HEADINGS, _ITEMS = 0, 1

_FIRST = {
    **dict.fromkeys(("primero", "primera", "first", "premier", "premiere", "uno", "one", "unique", "unico"), "1"),
    **dict.fromkeys(("segundo", "segunda", "second", "deuxieme", "seconde", "two", "deux"), "2"),
    **dict.fromkeys(("tercero", "tercera", "third", "troisieme", "three", "trois"), "3"),
    **dict.fromkeys(("cuarto", "cuarta", "fourth", "quatrieme", "four", "quatre"), "4"),
    **dict.fromkeys(("quinto", "quinta", "fifth", "cinquieme", "five", "cinq"), "5"),
}
_COUNTED = lazy_regex(r"\(?(\d+(?:[.\-]\w{1,3})*)(?![^\W_])")
_NAMED = lazy_regex(
    r"(?:[^\W\d_]+\.? ){0,2}(\d+(?:[.\-]\w{1,3})*|(?=[ivx])x{0,3}(?:ix|iv|v?i{0,3})(?=[.):\- ]|$)|"
    + "|".join(_FIRST)
    + r")(?![^\W_])"
)
_WORD = lazy_regex(r"[^\W\d_]{4,}|\d+(?:[.,\u00a0\u202f ]\d{3}(?!\d))*(?:[.,]\d+)?")


class _Traits(Struct, frozen=True):
    """What a unit shows of itself whatever its language; a unit is one paragraph in one or two languages."""

    kind: BlockKind
    level: int
    sort: int
    opening: str | None
    length: float
    roots: Mapping[str, int]


class CrossLanguageSimilarity:
    """Scores every pair of two lists of units, each unit being a paragraph in one language or already in two."""

    def __init__(self, lefts: Sequence[Sequence[Block]], rights: Sequence[Sequence[Block]]) -> None:
        self.sizes = len(lefts), len(rights)
        self._lefts = [_traits(unit) for unit in lefts]
        self._rights = [_traits(unit) for unit in rights]
        ratio = math.log(max(1.0, _total(self._lefts)) / max(1.0, _total(self._rights)))
        self._ratio = max(-_RATIO_LIMIT, min(_RATIO_LIMIT, ratio))
        self._weight = _weights([*self._lefts, *self._rights])
        self._left_vectors = [self._vector(traits) for traits in self._lefts]
        self._right_vectors = [self._vector(traits) for traits in self._rights]

    def of(self, left: int, right: int) -> float:
        """How much one unit resembles another: about 1 for the same paragraph, below 0 for strangers."""
        a, b = self._lefts[left], self._rights[right]
        structure = _structure(a, b)
        if structure <= _NEVER:
            return _NEVER
        return structure + self._substance(left, left + 1, right, right + 1)

    def joined(self, left: int, left_end: int, right: int, right_end: int) -> float:
        """How much the units of one range, put together, resemble those of the other."""
        if left_end - left == right_end - right == 1:
            return self.of(left, right)
        pairs = [(i, j) for i in range(left, left_end) for j in range(right, right_end)]
        structure = min(_structure(self._lefts[i], self._rights[j]) for i, j in pairs)
        return structure + self._substance(left, left_end, right, right_end)

    def are_strangers(self, left: int, right: int) -> bool:
        """Whether two units that are long, or name a figure, have not one word in common: only their place speaks."""
        a, b = self._lefts[left], self._rights[right]
        is_telling = min(a.length, b.length) >= _TELLING or any(map(str.isdigit, (*a.roots, *b.roots)))
        return is_telling and (left, right) not in self._dots

    def may_join(self, left: int, left_end: int, right: int, right_end: int) -> bool:
        """Whether two units on one side could be one on the other: running text, none with a number of its own."""
        units = self._lefts[left:left_end] + self._rights[right:right_end]
        return all(unit.sort in (_PROSE, _ITEMS) and unit.opening is None for unit in units)

    def _substance(self, left: int, left_end: int, right: int, right_end: int) -> float:
        """What words and length say."""
        dot = sum(self._dots.get((i, j), 0.0) for i in range(left, left_end) for j in range(right, right_end))
        norms = self._left_norms[left, left_end] * self._right_norms[right, right_end]
        lengths = _total(self._lefts[left:left_end]), _total(self._rights[right:right_end])
        ratio = math.log((lengths[0] + _SETTLED_LENGTH) / (lengths[1] + _SETTLED_LENGTH)) - self._ratio
        strangeness = max(0.0, abs(ratio) - _LENGTH_TOLERANCE)
        return (_WORDS * dot / norms if norms else 0.0) - _LENGTH * strangeness

    @cached_property
    def _left_norms(self) -> Mapping[tuple[int, int], float]:
        return _norms(self._left_vectors)

    @cached_property
    def _right_norms(self) -> Mapping[tuple[int, int], float]:
        return _norms(self._right_vectors)

    @cached_property
    def _dots(self) -> Mapping[tuple[int, int], float]:
        """Products of the vectors of every pair that has a root in common, by way of the roots."""
        postings: dict[str, list[tuple[int, float]]] = defaultdict(list)
        for right, vector in enumerate(self._right_vectors):
            for root, value in vector.items():
                postings[root].append((right, value))
        dots: dict[tuple[int, int], float] = defaultdict(float)
        for left, vector in enumerate(self._left_vectors):
            for root, value in vector.items():
                for right, other in postings.get(root, ()):
                    dots[left, right] += value * other
        return dots

    def _vector(self, traits: _Traits) -> Mapping[str, float]:
        return {root: self._weight[root] * (1 + math.log(count)) for root, count in traits.roots.items()}


def _traits(unit: Sequence[Block]) -> _Traits:
    texts = [without_accents(plain(block.text)) for block in unit]
    found: Counter[str] = Counter()
    for text in texts:
        found |= Counter(roots(text))
    first = unit[0]
    pattern = _NAMED if _sort(first.kind) == _HEADINGS else _COUNTED
    opening = next((number for number in (_opening(text, pattern) for text in texts) if number), None)
    length = sum(map(len, texts)) / len(texts)
    return _Traits(first.kind, first.level, _sort(first.kind), opening, length, found)


def _sort(kind: BlockKind) -> int:
    return next((index for index, kinds in enumerate(_SORTS) if kind in kinds), _PROSE)


def _structure(a: _Traits, b: _Traits) -> float:
    """What kinds and opening numbers say."""
    if a.sort != b.sort:
        return _OTHER_SORT if {a.sort, b.sort} == {_PROSE, _ITEMS} else _NEVER
    score = _SAME_KIND if (a.kind, a.level) == (b.kind, b.level) else _SAME_SORT
    if a.opening is None and b.opening is None:
        return score
    if a.opening is None or b.opening is None:
        return score + _ONE_OPENING
    return score + (_SAME_OPENING if a.opening == b.opening else _OTHER_OPENING)


def _opening(text: str, pattern: re.Pattern[str]) -> str | None:
    """The number that a heading or a paragraph opens with: "Article 5", "Part one", "III. Water", "1.a By 2030"."""
    found = pattern.match(text)
    return _FIRST.get(found[1], found[1]) if found else None


def roots(text: str) -> Iterator[str]:
    """What words of one origin share across the languages, and figures; `text` in small letters without accents."""
    for word in _WORD.findall(text):
        if word[0].isdigit():
            yield re.sub(r"\D", "", word)
            continue
        yield word[:_ROOT]
        skeleton = re.sub(r"[aeiouyh]|(.)(?=\1)", "", word).translate(_SOUNDS)
        if len(skeleton) >= _SKELETON:
            yield "~" + skeleton[:_SKELETON]


_SOUNDS = str.maketrans("kqgzvj", "cccsbi")
"""Letters that trade places between the languages: mar-k-et, mer-c-ado; pla-z-a, pla-c-e after its own fashion."""


def _weights(units: Iterable[_Traits]) -> Mapping[str, float]:
    """Rare roots say more than common ones, figures more than words, skeletons less."""
    counted = Counter(root for unit in units for root in unit.roots)
    total = 1 + max(counted.values(), default=0)
    return {root: _importance(root) * (0.1 + math.log(total / count)) for root, count in counted.items()}


def _importance(root: str) -> float:
    if root[0].isdigit():
        return _FIGURE
    return _SKELETON_WEIGHT if root.startswith("~") else 1.0


def _norms(vectors: Sequence[Mapping[str, float]]) -> Mapping[tuple[int, int], float]:
    """Lengths of every vector and of every sum of two neighbours, by the range they cover."""
    ranges = [(at, at + count) for count in (1, 2) for at in range(len(vectors) + 1 - count)]
    return {(start, end): _norm(vectors[start:end]) for start, end in ranges}


def _norm(vectors: Sequence[Mapping[str, float]]) -> float:
    summed: dict[str, float] = defaultdict(float)
    for vector in vectors:
        for root, value in vector.items():
            summed[root] += value
    return math.sqrt(sum(value * value for value in summed.values()))


def _total(units: Iterable[_Traits]) -> float:
    return sum(unit.length for unit in units)
