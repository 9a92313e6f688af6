"""A paper about a text (a compilation, a circular, a table) as PDF, set by typst from `report.typ`.

The words travel as JSON, never as source; the fonts are the shipped ones.
"""

from collections.abc import Mapping
from datetime import date
from pathlib import Path

import msgspec
import typst
from msgspec import Struct

from drafts.blocks import Block, BlockKind, Document, Language
from drafts.formats import columns, pieces
from drafts.formats.pdf import fonts, numbered_runs
from drafts.formats.runs import Run, runs
from drafts.numbering import label

HERE = Path(__file__).parent


class Report(Struct, frozen=True):
    """A paper: its blocks, the numbers they are printed with, and the line at the head of every page."""

    document: Document
    numbers: Mapping[str, str]
    header: str
    made_on: date
    is_landscape: bool = False

    @property
    def title(self) -> str:
        first = next(iter(self.document), None)
        return first.text if first else self.header


class _Line(Struct, frozen=True):
    kind: BlockKind
    level: int
    mark: str
    runs: tuple[Run, ...]
    table: tuple[tuple[tuple[Run, ...], ...], ...] = ()
    shares: tuple[float, ...] = ()  # of the page, for each column of the table


class _Paper(Struct, frozen=True):
    language: Language
    title: str
    header: str
    is_landscape: bool
    date: tuple[int, int, int]
    lines: tuple[_Line, ...]


def pdf(report: Report) -> bytes:
    """The paper as PDF: the same paper gives the same bytes."""
    day = report.made_on
    paper = _Paper(
        language=report.document.language,
        title=report.title,
        header=report.header,
        is_landscape=report.is_landscape,
        date=(day.year, day.month, day.day),
        lines=tuple(_line(block, report) for block in report.document),
    )
    made = typst.compile(
        HERE / "report.typ", font_paths=fonts(), sys_inputs={"report": msgspec.json.encode(paper).decode()}
    )
    if not isinstance(made, bytes):
        raise TypeError(type(made))
    return made


def _line(block: Block, report: Report) -> _Line:
    language = report.document.language
    if block.kind is BlockKind.TABLE and (rows := pieces.table(block.text)):
        cells = tuple(tuple(runs(words) for words in row) for row in rows)
        return _Line(block.kind, block.level, "", (), cells, tuple(columns.shares(rows)))
    if block.kind is BlockKind.CODE:
        return _Line(block.kind, block.level, "", (Run("text", pieces.code(block.text)),))
    mark = pieces.BULLET if block.kind is BlockKind.BULLET else label(block, report.numbers.get(block.id, ""), language)
    return _Line(block.kind, block.level, mark, numbered_runs(runs(block.text), report.numbers, language))
