"""A sheet that came back filled in: what each row proposes, and cell by cell what cannot be taken as it is."""

import re
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence

from msgspec import Struct

from drafts.base.errors import DraftsError
from drafts.diff.amendments import Change, ChangeOp, propose
from drafts.diff.document_diff import canonical_document
from drafts.text.blocks import Block, Document
from drafts.text.numbering import numbers
from workspace.core.errors import BadFile
from workspace.interchange.intake.mail_reader.paragraph_text import ParagraphFinder, ParagraphWording, escaped_paragraph
from workspace.interchange.intake.proposals import CellError, ParsedProposals, Proposal, WrongCell
from workspace.interchange.intake.sheets.template import RowKey, RowVerb, SheetField, headings_of, row_key, verb_of

MOST = 400  # rows that propose something
LONGEST = 20_000  # characters of new words
LONGEST_REASON = 5_000
_HEADING_WITHIN = 20  # rows: a title may stand above the headings
_GAPS = re.compile(r"\n\s*\n")


class FilledRow(Struct, frozen=True):
    """A row in which somebody wrote something; its number in the sheet, and its cells by field."""

    number: int
    cells: Mapping[SheetField, str]


class FilledSheet(Struct, frozen=True):
    """The rows that somebody filled in, and in which column each field stands."""

    rows: Sequence[FilledRow]
    columns: Mapping[SheetField, int]

    @property
    def key(self) -> RowKey | None:
        """The key of the first row that has one: of which text the sheet was made."""
        return next((key for row in self.rows if (key := row_key(row.cells.get(SheetField.KEY, "")))), None)

    def cell(self, row: FilledRow, field: SheetField) -> str:
        """The name of a cell: "D7"."""
        return f"{chr(ord('A') + self.columns.get(field, 0))}{row.number}"

    @property
    def said(self) -> str:
        """What was filled in, row by row."""
        kept = (SheetField.PARAGRAPH, SheetField.CHANGE, SheetField.NEW, SheetField.REASON, SheetField.SENDER)
        return "\n".join(
            f"{row.number}: " + " · ".join(value for field in kept if (value := row.cells.get(field)))
            for row in self.rows
        )


def read_filled_sheet(lines: Iterable[Sequence[str]], *, source: str) -> FilledSheet:
    """What a sheet says. Raises `BadFile`: `not_our_sheet`, `nothing_filled_in`, `too_many_rows`."""
    numbered = iter(enumerate(lines, start=1))
    columns = _columns(numbered, source)
    rows: list[FilledRow] = []
    for number, cells in numbered:
        found = {field: cells[place].strip() for field, place in columns.items() if place < len(cells)}
        if any(found.get(field) for field in (SheetField.CHANGE, SheetField.NEW)):
            rows.append(FilledRow(number, {field: value for field, value in found.items() if value}))
    if not rows:
        raise BadFile(source=source, reason="nothing_filled_in")
    if len(rows) > MOST:
        raise BadFile(source=source, reason="too_many_rows", most=MOST)
    return FilledSheet(rows, columns)


def proposals_of(filled: FilledSheet, base: Document, new_id: Callable[[], str]) -> ParsedProposals:
    """What each row proposes for the text that the sheet was made from, and what is wrong with the others."""
    reader = _RowReader(filled, canonical_document(base), new_id)
    proposals = tuple(proposal for row in filled.rows for proposal in reader.proposals(row))
    return ParsedProposals(proposals, wrong=tuple(reader.wrong))


class _CellRefused(Exception):
    def __init__(self, field: SheetField, error: CellError) -> None:
        super().__init__(error)
        self.field, self.error = field, error


class _RowReader:
    def __init__(self, filled: FilledSheet, base: Document, new_id: Callable[[], str]) -> None:
        self.filled, self.base, self.new_id = filled, base, new_id
        self.places, self.numbers = ParagraphFinder(base, {}), numbers(base)
        self.wrong: list[WrongCell] = []
        key = filled.key
        self.revision = key.revision if key else 0

    def proposals(self, row: FilledRow) -> Iterator[Proposal]:
        try:
            changes = tuple(self._changes(row))
            proposed = propose(self.base, changes)
        except _CellRefused as refusal:
            self._tell(row, refusal.field, refusal.error)
            return
        except DraftsError:
            self._tell(row, SheetField.NEW, CellError.IMPOSSIBLE)
            return
        if proposed == self.base:
            self._tell(row, SheetField.NEW, CellError.NO_CHANGE)
            return
        yield Proposal(
            changes=changes,
            proposed=proposed,
            reason=row.cells.get(SheetField.REASON, ""),
            row=row.number,
            sender=row.cells.get(SheetField.SENDER, ""),
        )

    def _changes(self, row: FilledRow) -> Iterator[Change]:
        block, verb, words = self._block(row), self._verb(row), row.cells.get(SheetField.NEW, "")
        if len(words) > LONGEST:
            raise _CellRefused(SheetField.NEW, CellError.TOO_LONG)
        if len(row.cells.get(SheetField.REASON, "")) > LONGEST_REASON:
            raise _CellRefused(SheetField.REASON, CellError.TOO_LONG)
        if verb is RowVerb.DELETE:
            if words and words != self._wording(block).written_out:
                raise _CellRefused(SheetField.NEW, CellError.WORDS_AND_DELETE)
            yield from (Change(ChangeOp.DELETE, block.id) for block in self.places.with_items(block))
            return
        texts = [text for text in (" ".join(part.split()) for part in _GAPS.split(words)) if text]
        if not texts:
            raise _CellRefused(SheetField.NEW, CellError.NO_WORDS)
        if verb is RowVerb.REWORD:
            yield Change(ChangeOp.REWORD, block.id, text=self._wording(block).whole(texts.pop(0)))
        after = self.places.before(block) if verb is RowVerb.BEFORE else self.places.with_items(block)[-1].id
        yield from self._inserted(texts, after, block)

    def _wording(self, block: Block) -> ParagraphWording:
        return ParagraphWording(block, self.numbers)

    def _inserted(self, texts: Sequence[str], after: str | None, like: Block) -> Iterator[Change]:
        for text in texts:
            new = self.new_id()
            yield Change(
                ChangeOp.INSERT, new, text=escaped_paragraph(text), kind=like.kind, level=like.level, after=after
            )
            after = new

    def _block(self, row: FilledRow) -> Block:
        key = row_key(row.cells.get(SheetField.KEY, ""))
        if key is None:
            raise _CellRefused(SheetField.KEY, CellError.NO_KEY)
        block = self.base.block(str(key.block))
        if block is None or (key.revision, key.language) != (self.revision, self.base.language):
            raise _CellRefused(SheetField.KEY, CellError.OTHER_TEXT)
        return block

    def _verb(self, row: FilledRow) -> RowVerb:
        given = row.cells.get(SheetField.CHANGE, "")
        verb = verb_of(given) if given else RowVerb.REWORD
        if verb is None:
            raise _CellRefused(SheetField.CHANGE, CellError.UNKNOWN_CHANGE)
        return verb

    def _tell(self, row: FilledRow, field: SheetField, error: CellError) -> None:
        self.wrong.append(WrongCell(self.filled.cell(row, field), error, row.cells.get(field, "")))


def _columns(lines: Iterator[tuple[int, Sequence[str]]], source: str) -> Mapping[SheetField, int]:
    for number, cells in lines:
        columns = headings_of(cells)
        if {SheetField.NEW, SheetField.KEY} <= set(columns):
            return columns
        if number >= _HEADING_WITHIN:
            break
    raise BadFile(source=source, reason="not_our_sheet")
