"""What a person decides about rows that could not be aligned with confidence, and the rows that come of it."""

from collections.abc import Mapping, Sequence
from enum import StrEnum

from msgspec.structs import replace

from drafts.alignment import Row


class Choice(StrEnum):
    """What becomes of a doubtful row."""

    KEEP = "keep"  # it stands as it is; what a language lacks is missing there
    APART = "apart"  # the odd language says something else: a row of its own
    ABOVE = "above"  # it belongs to the paragraph above, or answers it
    BELOW = "below"  # the same of the one below


def choices(rows: Sequence[Row], index: int) -> tuple[Choice, ...]:
    """What can become of a row, given its neighbours."""
    row = rows[index]
    found = [Choice.KEEP]
    if row.odd is not None and len(row.blocks) > 1:
        found.append(Choice.APART)
    if index and _is_like(rows[index - 1], row):
        found.append(Choice.ABOVE)
    if index + 1 < len(rows) and _is_like(row, rows[index + 1]):
        found.append(Choice.BELOW)
    return tuple(found)


def settled(rows: Sequence[Row], decided: Mapping[int, Choice]) -> tuple[Row, ...]:
    """The rows as decided, by the index of a row; a choice that its neighbours rule out leaves it as it is."""
    found: list[Row] = []
    waiting: Row | None = None  # for the row below, of which it is the beginning
    for index, given in enumerate(rows):
        choice = decided.get(index, Choice.KEEP)
        choice = choice if choice in choices(rows, index) else Choice.KEEP
        row, waiting = given if waiting is None else _joined(waiting, given), None
        if choice is Choice.BELOW:
            waiting = row
        elif choice is Choice.ABOVE:
            found[-1] = _joined(found[-1], row)
        elif choice is Choice.APART and row.odd is not None:
            rest = {language: block for language, block in row.blocks.items() if language is not row.odd}
            found += [Row.of(rest), Row.of({row.odd: row.blocks[row.odd]})]
        else:
            found.append(row)
    return tuple(found)


def _is_like(above: Row, row: Row) -> bool:
    """Whether two rows are of one kind, so that one may go on in the other."""
    kinds = {(block.kind, block.level) for one in (above, row) for block in one.blocks.values()}
    return len(kinds) == 1


def _joined(above: Row, row: Row) -> Row:
    """The texts of both, one after the other; a language that one of them lacks has the other."""
    blocks = above.blocks
    for language, block in row.blocks.items():
        before = blocks.get(language)
        blocks[language] = replace(before, text=f"{before.text} {block.text}") if before else block
    return Row.of(blocks)
