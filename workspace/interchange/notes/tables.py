"""The tables of a note by their headed columns: "Minutes | Item | Speakers", and what stands in each of them."""

from collections.abc import Mapping, Sequence
from itertools import groupby

from workspace.interchange.notes.layout import Passage
from workspace.interchange.notes.rules.columns import COLUMNS, Column
from workspace.interchange.notes.sections import Placed
from workspace.interchange.notes.words import bare_title, folded

FEWEST_HEADED = 2
NAMES: Mapping[str, Column] = {name: column for column, names in COLUMNS.items() for name in names}


def columns(passages: Sequence[Placed]) -> Mapping[int, Column]:
    """What each cell is for, by its place among the passages; empty where no table has a head that is known."""
    found: dict[int, Column] = {}
    heads: Mapping[int, Column] = {}
    last = 0
    for line, row in _rows(passages):
        named = {passage.column: NAMES[_name(passage)] for _, passage in row if _name(passage) in NAMES}
        if len(named) >= FEWEST_HEADED and len(named) == len(row):
            heads = named
        elif row[0][1].gap and line - last > FEWEST_HEADED:
            heads = {}
        else:
            found |= {place: heads[passage.column] for place, passage in row if passage.column in heads}
        last = line
    return found


def _rows(passages: Sequence[Placed]) -> list[tuple[int, list[tuple[int, Passage]]]]:
    """The lines of tables, each with its cells and their places."""
    cells = [(place, line.passage) for place, line in enumerate(passages) if line.passage.column]
    return [(line, list(row)) for line, row in groupby(cells, key=lambda cell: cell[1].line)]


def _name(passage: Passage) -> str:
    return folded(bare_title(passage.text))
