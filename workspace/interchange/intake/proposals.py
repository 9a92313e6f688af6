"""What the parsers of mails, Word files and sheets give: proposals for one text, and what is left to a person."""

from datetime import datetime
from enum import StrEnum

from msgspec import Struct

from drafts.diff.amendments import Change
from drafts.text.blocks import Document


class Note(StrEnum):
    """What was inferred for a proposal: whoever confirms it should know, and chooses it themselves."""

    BY_WORDS = "by_words"  # the mail names no paragraph: the words stand in this one alone
    AT_END = "at_end"  # the mail does not say where in the paragraph
    ASSUMED = "assumed"  # the mail gives a text and does not say what for: taken for the whole paragraph
    MORE = "more"  # more is said in the mail: it may speak against this, or go on with its words


class Why(StrEnum):
    """Why something is left to a person."""

    NOT_READ = "not_read"
    NO_PARAGRAPH = "no_paragraph"  # the text has none of that number
    NO_PLACE = "no_place"  # the mail names none, and the words do not say which
    NOT_FOUND = "not_found"  # the words do not stand there
    TWICE = "twice"  # they stand there more than once
    NO_CHANGE = "no_change"
    IMPOSSIBLE = "impossible"


class CellError(StrEnum):
    """What is wrong with a cell of a sheet."""

    NO_KEY = "no_key"
    OTHER_TEXT = "other_text"  # of another revision or language than the rows before it, or of a paragraph not in it
    UNKNOWN_CHANGE = "unknown_change"
    NO_WORDS = "no_words"
    NO_CHANGE = "no_change"
    WORDS_AND_DELETE = "words_and_delete"
    TOO_LONG = "too_long"
    IMPOSSIBLE = "impossible"
    UNKNOWN_SENDER = "unknown_sender"  # the row is taken all the same: somebody chooses the sender


class Proposal(Struct, frozen=True, kw_only=True):
    """What somebody proposes, and the text as it would read; `sources` are the sentences of a mail that say so.

    It amends the amendment of the number `amends`, whose text is its `base`, where that is not 0.
    `sender` is whom a Word file or the `row` of a sheet names. It `is_mixed` where tracked changes stand on others
    that were not tracked and could not be told from them.
    """

    changes: tuple[Change, ...]
    proposed: Document
    sources: tuple[str, ...] = ()
    reason: str = ""
    notes: frozenset[Note] = frozenset()
    row: int = 0
    amends: int = 0
    base: Document | None = None
    sender: str = ""
    made_at: datetime | None = None
    is_mixed: bool = False

    @property
    def is_sure(self) -> bool:
        """Whether all of it was said and nothing inferred."""
        return not self.notes and not self.is_mixed


class Unplaced(Struct, frozen=True):
    """A sentence that is left to a person; `block` is where its words do stand, or the paragraph that it is under."""

    source: str
    why: Why
    block: str = ""


class WrongCell(Struct, frozen=True):
    """A cell as spreadsheets name it ("D7"), what is wrong with it, and what it says."""

    cell: str
    error: CellError
    said: str


class ParsedProposals(Struct, frozen=True):
    """All that came in one mail, Word file or sheet."""

    proposals: tuple[Proposal, ...]
    unplaced: tuple[Unplaced, ...] = ()
    rest: tuple[str, ...] = ()
    wrong: tuple[WrongCell, ...] = ()
