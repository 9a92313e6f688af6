"""What will stand in a Word file: paragraphs with their words, and what was done to them by whom."""

from datetime import datetime
from enum import StrEnum

from msgspec import Struct

from drafts.formats.docx.glyphs import PLAIN, GlyphKind, Style
from drafts.text.blocks import Block


class ChangeAuthor(Struct, frozen=True):
    """Who changed something or said something, as Word names them, and when."""

    author: str
    date: datetime | None = None


class ChangeKind(StrEnum):
    """What a tracked change does, by the name of its element."""

    INSERTED = "ins"
    DELETED = "del"
    MOVED_FROM = "moveFrom"
    MOVED_TO = "moveTo"


TAKES_AWAY = frozenset({ChangeKind.DELETED, ChangeKind.MOVED_FROM})


class TrackedChange(Struct, frozen=True):
    """A tracked change; `move` names the pair of places between which something moved."""

    kind: ChangeKind
    hand: ChangeAuthor
    move: str = ""


class TextSpan(Struct, frozen=True):
    """Words of one look under one change. `old_style` is the look before, where `restyled_by` changed only that."""

    kind: GlyphKind
    text: str
    style: Style = PLAIN
    change: TrackedChange | None = None
    old_style: Style | None = None
    restyled_by: ChangeAuthor | None = None


Cell = tuple[TextSpan, ...]


class TableRow(Struct, frozen=True):
    """A row of a table; `change` inserts or deletes it whole."""

    cells: tuple[Cell, ...]
    change: TrackedChange | None = None


class BodyEntry(Struct, frozen=True):
    """One paragraph or table. `mark` is what happened to the end of the paragraph (a paragraph that came, went, was
    split off or joined); `was` the block before its kind or level changed. Only the first entry of a block `is_head`.
    """

    block: Block
    spans: tuple[TextSpan, ...] = ()
    mark: TrackedChange | None = None
    was: Block | None = None
    retyped_by: ChangeAuthor | None = None
    rows: tuple[TableRow, ...] = ()
    is_head: bool = True


class CommentEntry(Struct, frozen=True):
    """A comment on a paragraph; `replies` follow it in the same thread."""

    block: str
    hand: ChangeAuthor
    text: str
    language: str = ""
    is_resolved: bool = False
    replies: tuple["CommentEntry", ...] = ()
