"""Kinds of blocks that are treated alike."""

from typing import Final

from drafts.blocks import Block, BlockKind

HEADINGS: Final = frozenset({BlockKind.TITLE, BlockKind.HEADING, BlockKind.ANNEX})
COUNTED: Final = frozenset({BlockKind.OPERATIVE, BlockKind.ITEM})
ASIDE: Final = frozenset({BlockKind.NOTE, BlockKind.QUOTATION, BlockKind.TABLE, BlockKind.CODE, BlockKind.RULE})
CONTAINERS: Final = COUNTED | {BlockKind.BULLET, BlockKind.NOTE}
AS_IS: Final = frozenset({BlockKind.CODE, BlockKind.RULE})
WHOLE: Final = frozenset({BlockKind.TABLE, BlockKind.CODE, BlockKind.RULE, BlockKind.NOTE})
"""Never split or joined, and never the same block as one of another kind."""


def may_divide(block: Block) -> bool:
    """Tell whether a block can be split, or joined to its neighbour."""
    return block.kind not in WHOLE
