"""Which paragraph of one language answers which of another, when texts were written apart.

Structure speaks first (kinds, levels, the numbers that headings and paragraphs
open with), then figures, names and words of one root, then length. A text may
lack a paragraph that the others have: the rows after it must not shift.
"""

import math
from collections.abc import Mapping, Sequence
from enum import StrEnum

from msgspec import Struct
from msgspec.structs import replace

from drafts.languages.cross_language_similarity import CrossLanguageSimilarity
from drafts.text.blocks import Block, Document, Language

_GAP = -0.12  # what a paragraph without partner costs
_SPLIT = -0.18  # and one that answers two
_WEAK = 0.25  # a pairing below this rests on its place alone
_BAND = 120  # how far two long texts may drift apart


class Doubt(StrEnum):
    """Why a person should look at a row."""

    WEAK = "weak"  # little but its place speaks for the pairing
    SPLIT = "split"  # one paragraph here seems to be two there
    ALONE = "alone"  # a paragraph that another language lacks


class AlignedRow(Struct, frozen=True):
    """One paragraph in up to three languages; None where a language lacks it. `confidence` from 0 to 1.

    `odd` is the language for which the least speaks, where the row has several.
    """

    es: Block | None
    en: Block | None
    fr: Block | None
    confidence: float
    doubt: Doubt | None = None
    odd: Language | None = None

    @classmethod
    def of(cls, blocks: Mapping[Language, Block], confidence: float = 1.0) -> "AlignedRow":
        return cls(blocks.get(Language.ES), blocks.get(Language.EN), blocks.get(Language.FR), confidence)

    @property
    def blocks(self) -> dict[Language, Block]:
        return {language: block for language in Language if (block := self.block(language))}

    def block(self, language: Language) -> Block | None:
        return {Language.ES: self.es, Language.EN: self.en, Language.FR: self.fr}[language]


class _Pair(Struct, frozen=True):
    """Places of two blocks that answer each other."""

    left: int
    right: int
    score: float
    is_split: bool = False


class _RowDraft(Struct):
    """A row being put together: the place of its block in each language, and what speaks for it."""

    places: dict[Language, int]
    scores: list[float]
    is_split: bool = False


def align(documents: Mapping[Language, Document]) -> tuple[AlignedRow, ...]:
    """Put two or three texts into rows; every block stands in exactly one row, in the order of its own text.

    The longest text leads; the others are aligned to it, and what they have beyond
    it to each other. A row with a doubt is one that a person should look at; a text alone leaves none.
    """
    languages = sorted(documents, key=lambda language: -len(documents[language]))
    if not languages:
        return ()
    rows = [_RowDraft({languages[0]: place}, []) for place in range(len(documents[languages[0]]))]
    for language in languages[1:]:
        rows = _with_language(rows, language, documents)
    return tuple(_row(draft, documents) for draft in rows)


def doubtful(rows: Sequence[AlignedRow]) -> tuple[int, ...]:
    """Indexes of the rows that a person should look at."""
    return tuple(index for index, row in enumerate(rows) if row.doubt)


def _with_language(
    rows: list[_RowDraft], language: Language, documents: Mapping[Language, Document]
) -> list[_RowDraft]:
    """Align one more text to the rows that stand; a row is compared by all the languages it has."""
    blocks = documents[language].blocks
    known = [[documents[other].blocks[place] for other, place in row.places.items()] for row in rows]
    pairs = _pairs(CrossLanguageSimilarity(known, [[block] for block in blocks]))
    answered = {pair.left: pair for pair in pairs}
    merged: list[_RowDraft] = []
    at = 0
    for index, row in enumerate(rows):
        pair = answered.get(index)
        if pair is not None:
            merged += [_RowDraft({language: place}, []) for place in range(at, pair.right)]
            at = pair.right + 1
            row.places[language] = pair.right
            row.scores.append(pair.score)
            row.is_split = row.is_split or pair.is_split
        merged.append(row)
    return merged + [_RowDraft({language: place}, []) for place in range(at, len(blocks))]


def _row(draft: _RowDraft, documents: Mapping[Language, Document]) -> AlignedRow:
    blocks = {language: documents[language].blocks[place] for language, place in draft.places.items()}
    confidence = min(draft.scores, default=float(len(documents) == 1))
    doubt = Doubt.WEAK if confidence < _WEAK else None
    doubt = Doubt.SPLIT if draft.is_split else doubt
    doubt = Doubt.ALONE if len(blocks) < len(documents) else doubt
    es, en, fr = (blocks.get(language) for language in (Language.ES, Language.EN, Language.FR))
    odd = list(draft.places)[1 + draft.scores.index(confidence)] if draft.scores else None
    return AlignedRow(es, en, fr, round(min(1.0, max(0.0, confidence)), 3), doubt, odd)


class _AlignmentStep(StrEnum):
    """How two texts go on together at a place: one to one, one alone, or one to two."""

    BOTH = "both"
    LEFT = "left"
    RIGHT = "right"
    SPLIT = "split"  # one on the left answers two on the right
    JOIN = "join"


_MOVES = {
    _AlignmentStep.BOTH: (1, 1),
    _AlignmentStep.LEFT: (1, 0),
    _AlignmentStep.RIGHT: (0, 1),
    _AlignmentStep.SPLIT: (1, 2),
    _AlignmentStep.JOIN: (2, 1),
}


def _pairs(likeness: CrossLanguageSimilarity) -> list[_Pair]:
    """The best way through both texts, by dynamic programming in a band around the diagonal."""
    steps = _best_steps(likeness)
    left, right = likeness.sizes
    pairs = []
    while left or right:
        step = steps[left, right]
        before, other = left - _MOVES[step][0], right - _MOVES[step][1]
        if before < left and other < right:
            is_split = step is not _AlignmentStep.BOTH
            score = likeness.joined(before, left, other, right)
            if not is_split and likeness.are_strangers(before, other):
                score = min(score, 0.0)
            pairs.append(_Pair(before, other, score, is_split))
        left, right = before, other
    return pairs[::-1]


def _best_steps(likeness: CrossLanguageSimilarity) -> dict[tuple[int, int], _AlignmentStep]:
    """For each pair of places in the band, the step by which the best way reaches it."""
    lefts, rights = likeness.sizes
    width = _BAND + abs(lefts - rights)
    best: dict[tuple[int, int], float] = {(0, 0): 0.0}
    steps: dict[tuple[int, int], _AlignmentStep] = {}
    for left in range(lefts + 1):
        centre = left * rights // max(1, lefts)
        for right in range(max(0, centre - width), min(rights, centre + width) + 1):
            if not (left or right):
                continue
            score, step = max(_ways(likeness, best, left, right), key=lambda way: way[0])
            best[left, right], steps[left, right] = score, step
    return steps


def _ways(
    likeness: CrossLanguageSimilarity, best: Mapping[tuple[int, int], float], left: int, right: int
) -> Sequence[tuple[float, _AlignmentStep]]:
    ways = []
    for step, (lefts, rights) in _MOVES.items():
        before = best.get((left - lefts, right - rights))
        if before is not None:
            ways.append((before + _gain(likeness, step, left, right), step))
    return ways or [(-math.inf, _AlignmentStep.LEFT if left else _AlignmentStep.RIGHT)]


def _gain(likeness: CrossLanguageSimilarity, step: _AlignmentStep, left: int, right: int) -> float:
    if step in (_AlignmentStep.LEFT, _AlignmentStep.RIGHT):
        return _GAP
    if step is _AlignmentStep.BOTH:
        return likeness.of(left - 1, right - 1)
    lefts, rights = _MOVES[step]
    if not likeness.may_join(left - lefts, left, right - rights, right):
        return -math.inf
    return likeness.joined(left - lefts, left, right - rights, right) + _SPLIT


class RowDecision(StrEnum):
    """What becomes of a doubtful row."""

    KEEP = "keep"  # it stands as it is; what a language lacks is missing there
    APART = "apart"  # the odd language says something else: a row of its own
    ABOVE = "above"  # it belongs to the paragraph above, or answers it
    BELOW = "below"  # the same of the one below


def row_choices(rows: Sequence[AlignedRow], index: int) -> tuple[RowDecision, ...]:
    """What can become of a row, given its neighbours."""
    row = rows[index]
    found = [RowDecision.KEEP]
    if row.odd is not None and len(row.blocks) > 1:
        found.append(RowDecision.APART)
    if index and _is_like(rows[index - 1], row):
        found.append(RowDecision.ABOVE)
    if index + 1 < len(rows) and _is_like(row, rows[index + 1]):
        found.append(RowDecision.BELOW)
    return tuple(found)


def settle_rows(rows: Sequence[AlignedRow], decided: Mapping[int, RowDecision]) -> tuple[AlignedRow, ...]:
    """The rows as decided, by the index of a row; one that nobody decided about keeps its doubt.

    A choice that its neighbours rule out leaves a row as it is.
    """
    found: list[AlignedRow] = []
    beginning: AlignedRow | None = None  # for the row below, of which it is the beginning
    for index, given in enumerate(rows):
        choice = decided.get(index) if decided.get(index) in row_choices(rows, index) else RowDecision.KEEP
        row = given if beginning is None else _joined(beginning, given)
        row, beginning = replace(row, doubt=None if index in decided else given.doubt), None
        if choice is RowDecision.BELOW:
            beginning = row
        elif choice is RowDecision.ABOVE:
            found[-1] = _joined(found[-1], row)
        elif choice is RowDecision.APART and row.odd is not None:
            rest = {language: block for language, block in row.blocks.items() if language is not row.odd}
            found += [AlignedRow.of(rest), AlignedRow.of({row.odd: row.blocks[row.odd]})]
        else:
            found.append(row)
    return tuple(found)


def _is_like(above: AlignedRow, row: AlignedRow) -> bool:
    """Whether two rows are of one kind, so that one may go on in the other."""
    kinds = {(block.kind, block.level) for aligned_row in (above, row) for block in aligned_row.blocks.values()}
    return len(kinds) == 1


def _joined(above: AlignedRow, row: AlignedRow) -> AlignedRow:
    """The texts of both, one after the other; a language that one of them lacks has the other."""
    blocks = above.blocks
    for language, block in row.blocks.items():
        before = blocks.get(language)
        blocks[language] = replace(before, text=f"{before.text} {block.text}") if before else block
    return replace(AlignedRow.of(blocks), doubt=above.doubt)
