"""What was read of a Word file, before anything is made of it."""

from collections.abc import Iterable
from enum import StrEnum

from msgspec import Struct, field

from drafts.blocks import BlockKind
from drafts.formats.docx.entries import TAKES_AWAY, Change, Hand
from drafts.formats.docx.glyphs import PLAIN, GlyphKind, Style
from drafts.formats.docx.origin import Origin


def stands(changes: Iterable[Change], accepted: frozenset[Hand]) -> bool:
    """Whether what is under these changes is there once those of some hands are accepted and all others rejected."""
    return all((change.hand in accepted) is (change.kind not in TAKES_AWAY) for change in changes)


class Words(Struct, frozen=True):
    """A stretch of one look under the same changes; `restyled_by` changed only its look."""

    kind: GlyphKind
    text: str
    style: Style = PLAIN
    changes: tuple[Change, ...] = ()
    restyled_by: Hand | None = None

    def stands(self, accepted: frozenset[Hand]) -> bool:
        """Whether it is there once the changes of these hands are accepted and all others rejected."""
        return stands(self.changes, accepted)


class Cell(Struct, frozen=True):
    """A cell: all its words, paragraphs parted by spaces, and what happened to it as a whole."""

    words: tuple[Words, ...] = ()
    changes: tuple[Change, ...] = ()


class Row(Struct, frozen=True):
    """A row of a table."""

    cells: tuple[Cell, ...]
    changes: tuple[Change, ...] = ()


class Paragraph(Struct, frozen=True):
    """A paragraph or a table as it stands in the file.

    `marks` are bookmarks that begin in it, `mark` what happened to its end, `kind` what its style says (None where
    it says nothing), `label` a number or bullet that its list prints, `remarks` the comments that begin in it.
    """

    place: int
    words: tuple[Words, ...] = ()
    marks: tuple[str, ...] = ()
    mark: tuple[Change, ...] = ()
    kind: BlockKind | None = None
    level: int = 0
    rows: tuple[Row, ...] = ()
    remarks: tuple[str, ...] = ()
    retyped_by: Hand | None = None


class Comment(Struct, frozen=True):
    """A comment as it stands in the file: where it begins (None: nowhere), the words it is about, what it answers."""

    id: str
    hand: Hand
    text: str
    place: int | None = None
    about: str = ""
    parent: str = ""
    is_resolved: bool = False


class Oddity(StrEnum):
    """What a file holds that no block can: told, never dropped in silence."""

    TEXT_BOX = "text_box"
    PICTURE = "picture"
    NESTED_TABLE = "nested_table"
    EMBEDDED = "embedded"  # another file, a chart, an equation
    HEADER = "header"  # words that were changed in a header or footer
    CONTENTS = "contents"  # a table of contents
    HIDDEN = "hidden"  # words that nobody sees
    STRUCK = "struck"  # words struck through by hand: read as taken out


class Odd(Struct, frozen=True):
    """One oddity: where it stood, and the words it has."""

    what: Oddity
    place: int
    text: str = ""


class WordText(Struct, frozen=True):
    """A Word file as it was read. `notes` are the footnotes by their number in the file."""

    paragraphs: tuple[Paragraph, ...] = ()
    notes: dict[str, Paragraph] = field(default_factory=dict)
    comments: tuple[Comment, ...] = ()
    oddities: tuple[Odd, ...] = ()
    origin: Origin | None = None
