"""The thresholds of the engine, in one file, because a committee may have to be told them."""

from typing import Final

ENGINE_VERSION: Final = "1"
"""Stored beside every diff, so that a later engine knows which diffs to make again."""

REPLACED_BELOW: Final = 0.35
"""Kept words ÷ words of the longer side: below this a paragraph is shown as replaced, not as a mosaic."""

REPLACED_FROM_WORDS: Final = 10
"""Shorter paragraphs are never declared replaced: a word or two decides nothing."""

PAIR_FROM: Final = 0.45
"""Similarity from which two paragraphs without a common id are the same paragraph, reworded."""

CROSSING_FROM: Final = 0.60
"""Share of its words that a reworded paragraph must keep to stay in place where an unchanged one of the same length,
which has changed sides with it, could stay instead."""

MOVE_FROM: Final = 0.85
"""Similarity from which a paragraph that left one place and one that came to another are a move."""

MOVE_FROM_WORDS: Final = 5
"""A reworded move needs this many words; an exact move may be of any length."""

NEAR_DUPLICATE_FROM: Final = 0.80
"""Similarity from which two new paragraphs in one gap are flagged as saying nearly the same."""

BORDER_FROM: Final = 0.70
"""Similarity with the parts joined by a space from which a change is a split or a join."""

DETAIL_FROM: Final = 0.50
"""Share of equal letters from which the display marks letters inside a replaced word."""

TEXT_LIMIT: Final = 2_000_000
"""Characters of one paragraph beyond which no comparison is begun."""

TABLE_LIMIT: Final = 400_000_000
"""Cells (words of one side times words of the other) of the largest comparison: 50 megabytes, a few seconds."""

LIKENESS_LIMIT: Final = 4_000_000_000
"""Words of one side times words of the other, where paragraphs without common ids are compared: about two seconds."""

ALONE_LIMIT: Final = 1_600_000_000
"""Paragraphs that only one text has times those that only the other has, without common ids: 40,000 by 40,000."""

GAP_LIMIT: Final = 40_000
"""Pairs of paragraphs, both changed and without common ids, that are compared with each other: 200 by 200."""

ANCHOR_ABOVE: Final = 16
"""Pairs of paragraphs above which a gap is divided by those that only each other can answer: 4 by 4."""

ANCHOR_FROM: Final = 0.80
"""Similarity from which two paragraphs that share rare words with no other divide a gap."""
