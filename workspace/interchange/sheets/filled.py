"""A sheet that came back filled in: what each row proposes, and cell by cell what cannot be taken as it is."""

import re
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence

from msgspec import Struct

from drafts.amendments import Change, ChangeOp, propose
from drafts.blocks import Block, Document
from drafts.diff import canonical_document
from drafts.errors import DraftsError
from workspace.core.errors import BadFile
from workspace.interchange.intake.proposals import CellError, ParsedProposals, Proposal, WrongCell
from workspace.interchange.sheets.template import Field, Key, Verb, headings_of, key_in, shown, verb_of
from workspace.interchange.side_door.text_places import TextPlaces
from workspace.interchange.side_door.wording import Wording, markdown

MOST = 400  # rows that propose something
LONGEST = 20_000  # characters of new words
LONGEST_REASON = 5_000
_HEADING_WITHIN = 20  # rows: a title may stand above the headings
_GAPS = re.compile(r"\n\s*\n")


class Row(Struct, frozen=True):
    """A row in which somebody wrote something; its number in the sheet, and its cells by field."""

    number: int
    cells: Mapping[Field, str]


class Filled(Struct, frozen=True):
    """The rows that somebody filled in, and in which column each field stands."""

    rows: Sequence[Row]
    columns: Mapping[Field, int]

    @property
    def key(self) -> Key | None:
        """The key of the first row that has one: of which text the sheet was made."""
        return next((key for row in self.rows if (key := key_in(row.cells.get(Field.KEY, "")))), None)

    def cell(self, row: Row, field: Field) -> str:
        """The name of a cell: "D7"."""
        return f"{chr(ord('A') + self.columns.get(field, 0))}{row.number}"

    @property
    def said(self) -> str:
        """What was filled in, row by row."""
        kept = (Field.PARAGRAPH, Field.CHANGE, Field.NEW, Field.REASON, Field.SENDER)
        return "\n".join(
            f"{row.number}: " + " · ".join(value for field in kept if (value := row.cells.get(field)))
            for row in self.rows
        )


def filled_of(lines: Iterable[Sequence[str]], *, source: str) -> Filled:
    """What a sheet says. Raises `BadFile`: `not_our_sheet`, `nothing_filled_in`, `too_many_rows`."""
    numbered = iter(enumerate(lines, start=1))
    columns = _columns(numbered, source)
    rows: list[Row] = []
    for number, cells in numbered:
        found = {field: cells[place].strip() for field, place in columns.items() if place < len(cells)}
        if any(found.get(field) for field in (Field.CHANGE, Field.NEW)):
            rows.append(Row(number, {field: value for field, value in found.items() if value}))
    if not rows:
        raise BadFile(source=source, reason="nothing_filled_in")
    if len(rows) > MOST:
        raise BadFile(source=source, reason="too_many_rows", most=MOST)
    return Filled(rows, columns)


def proposals_of(filled: Filled, base: Document, new_id: Callable[[], str]) -> ParsedProposals:
    """What each row proposes for the text that the sheet was made from, and what is wrong with the others."""
    reader = _Reader(filled, canonical_document(base), new_id)
    proposals = tuple(proposal for row in filled.rows for proposal in reader.proposals(row))
    return ParsedProposals(proposals, wrong=tuple(reader.wrong))


class _Refused(Exception):
    def __init__(self, field: Field, error: CellError) -> None:
        super().__init__(error)
        self.field, self.error = field, error


class _Reader:
    def __init__(self, filled: Filled, base: Document, new_id: Callable[[], str]) -> None:
        self.filled, self.base, self.new_id = filled, base, new_id
        self.places = TextPlaces(base, {})
        self.wrong: list[WrongCell] = []
        key = filled.key
        self.revision = key.revision if key else 0

    def proposals(self, row: Row) -> Iterator[Proposal]:
        try:
            changes = tuple(self._changes(row))
            proposed = propose(self.base, changes)
        except _Refused as refusal:
            self._tell(row, refusal.field, refusal.error)
            return
        except DraftsError:
            self._tell(row, Field.NEW, CellError.IMPOSSIBLE)
            return
        if proposed == self.base:
            self._tell(row, Field.NEW, CellError.NO_CHANGE)
            return
        yield Proposal(
            changes=changes,
            proposed=proposed,
            reason=row.cells.get(Field.REASON, ""),
            row=row.number,
            sender=row.cells.get(Field.SENDER, ""),
        )

    def _changes(self, row: Row) -> Iterator[Change]:
        block, verb, words = self._block(row), self._verb(row), row.cells.get(Field.NEW, "")
        if len(words) > LONGEST:
            raise _Refused(Field.NEW, CellError.TOO_LONG)
        if len(row.cells.get(Field.REASON, "")) > LONGEST_REASON:
            raise _Refused(Field.REASON, CellError.TOO_LONG)
        if verb is Verb.DELETE:
            if words and words != shown(block):
                raise _Refused(Field.NEW, CellError.WORDS_AND_DELETE)
            yield from (Change(ChangeOp.DELETE, one.id) for one in self.places.with_items(block))
            return
        texts = [text for text in (" ".join(part.split()) for part in _GAPS.split(words)) if text]
        if not texts:
            raise _Refused(Field.NEW, CellError.NO_WORDS)
        if verb is Verb.REWORD:
            yield Change(ChangeOp.REWORD, block.id, text=Wording(block).whole(texts.pop(0)))
        after = self.places.before(block) if verb is Verb.BEFORE else self.places.with_items(block)[-1].id
        yield from self._inserted(texts, after, block)

    def _inserted(self, texts: Sequence[str], after: str | None, like: Block) -> Iterator[Change]:
        for text in texts:
            new = self.new_id()
            yield Change(ChangeOp.INSERT, new, text=markdown(text), kind=like.kind, level=like.level, after=after)
            after = new

    def _block(self, row: Row) -> Block:
        key = key_in(row.cells.get(Field.KEY, ""))
        if key is None:
            raise _Refused(Field.KEY, CellError.NO_KEY)
        block = self.base.block(str(key.block))
        if block is None or (key.revision, key.language) != (self.revision, self.base.language):
            raise _Refused(Field.KEY, CellError.OTHER_TEXT)
        return block

    def _verb(self, row: Row) -> Verb:
        given = row.cells.get(Field.CHANGE, "")
        verb = verb_of(given) if given else Verb.REWORD
        if verb is None:
            raise _Refused(Field.CHANGE, CellError.UNKNOWN_CHANGE)
        return verb

    def _tell(self, row: Row, field: Field, error: CellError) -> None:
        self.wrong.append(WrongCell(self.filled.cell(row, field), error, row.cells.get(field, "")))


def _columns(lines: Iterator[tuple[int, Sequence[str]]], source: str) -> Mapping[Field, int]:
    for number, cells in lines:
        columns = headings_of(cells)
        if {Field.NEW, Field.KEY} <= set(columns):
            return columns
        if number >= _HEADING_WITHIN:
            break
    raise BadFile(source=source, reason="not_our_sheet")
