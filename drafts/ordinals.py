"""What a block counts as among its own: numbers, letters and small Roman numbers, derived from order."""

from collections.abc import Sequence

from drafts.blocks import Block
from drafts.kinds import ASIDE, COUNTED, HEADINGS


def counts(blocks: Sequence[Block]) -> tuple[int, ...]:
    """How many of its own stand before each block, itself included: 0 for what is not counted.

    Numbered paragraphs count through the whole text; items restart under each
    paragraph. A quotation, table or note between items does not restart them.
    """
    open_counts = [0]
    found = []
    for block in blocks:
        is_counted = block.kind in COUNTED
        depth = nesting(block)
        if depth is not None:
            open_counts = open_counts[: depth + 1] + [0] * (depth + 1 - len(open_counts))
            open_counts[depth] += is_counted
        found.append(open_counts[-1] if is_counted else 0)
    return tuple(found)


def nesting(block: Block) -> int | None:
    """How deep a block stands among those that items count under; None for what counts pass over."""
    if block.kind in ASIDE:
        return None
    return 0 if block.kind in HEADINGS else block.level


def ordinals(blocks: Sequence[Block]) -> tuple[str, ...]:
    """What each block counts as among its own: "12", "a", "ii", or "" for what is not counted."""
    counted = zip(blocks, counts(blocks), strict=True)
    return tuple(ordinal(count, block.level) if count else "" for block, count in counted)


def ordinal(count: int, level: int) -> str:
    """Numbers for paragraphs, letters for items under them, small Roman numbers under those, and so on in turn."""
    if level == 0:
        return str(count)
    return roman(count) if level % 2 == 0 else _letter(count)


def _letter(count: int) -> str:
    """a to z, then aa to zz, as the letters are doubled in resolutions."""
    return chr(ord("a") + (count - 1) % 26) * ((count - 1) // 26 + 1)


def roman(count: int) -> str:
    return "x" * (count // 10) + ["", "i", "ii", "iii", "iv", "v", "vi", "vii", "viii", "ix"][count % 10]


def roman_value(numeral: str) -> int:
    return next(count for count in range(1, 50) if roman(count) == numeral)
