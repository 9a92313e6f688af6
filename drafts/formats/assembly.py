"""A revision in three languages becomes the text of an edition: final numbers, printed references, hashes.

What every file of an edition is printed from. Nothing here knows a format.
"""

import hashlib
import json
import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import date
from enum import StrEnum
from functools import cached_property, wraps

from msgspec import Struct

from drafts.base.errors import DraftsError, UnknownBlock
from drafts.formats.apparatus import NOTHING, Apparatus
from drafts.text.blocks import Block, BlockKind, Document, Language, content_hash
from drafts.text.numbering import numbers, references, resolve

_REFERENCE = re.compile(r"\[\]\(#b-([^)]*)\)")


class MissingText(DraftsError):
    """A paragraph has no text in a language, and nobody decided that. Facts: `block`, `language`."""

    code = "drafts.missing_text"


class Authenticity(StrEnum):
    """How the three texts stand to each other; the closing clause says it."""

    EQUAL = "equal"
    PREVAILING = "prevailing"  # the authoritative language prevails where they diverge
    INFORMATION = "information"  # only the authoritative language was adopted; the others inform


class CorrectedEdition(Struct, frozen=True):
    """The edition that another one corrects and follows; `manifest` is the SHA-256 of its manifest."""

    edition: int
    manifest: str


class Imprint(Struct, frozen=True):
    """What a title page says. Names and place are given in every language; `date` is the day of adoption."""

    forum: Mapping[Language, str]
    declaration: Mapping[Language, str]
    place: Mapping[Language, str]
    date: date
    edition: int = 1
    authenticity: Authenticity = Authenticity.EQUAL
    authoritative: Language | None = None
    corrects: CorrectedEdition | None = None
    original: Language | None = None  # in which it was drafted

    def __post_init__(self) -> None:
        if (self.authoritative is None) != (self.authenticity is Authenticity.EQUAL):
            raise ValueError("one language is authoritative exactly when the texts are not equally authentic")


class RevisionRow(Struct, frozen=True):
    """One block of a revision with its texts. A language without text needs its reason in `absent`."""

    id: str
    kind: BlockKind
    texts: Mapping[Language, str]
    level: int = 0
    absent: Mapping[Language, str] | None = None


class EditionWording(Struct, frozen=True, tag=True):
    """A block in one language: `text` is what was adopted and what `content_hash` hashes.

    `printed` is the same with every reference to a paragraph put as its number. `spoken` is the language of words
    that stand in a text of another one.
    """

    text: str
    printed: str
    content_hash: str
    spoken: str = ""


class Absence(Struct, frozen=True, tag=True):
    """A block deliberately without text in one language; readers are told why."""

    reason: str


class RowPart(StrEnum):
    """What a row of an edition is: of the adopted text, or of what is printed around it."""

    TEXT = "text"
    RESERVATION = "reservation"
    SIGNATORY = "signatory"
    ORIGIN = "origin"
    BACK = "back"  # headings and annexes


class EditionRow(Struct, frozen=True):
    """One block of an edition. Each of the three languages has a wording or an absence."""

    id: str
    kind: BlockKind
    level: int
    number: str  # the same in every language; empty where a block has none
    cells: Mapping[Language, EditionWording | Absence]
    part: RowPart = RowPart.TEXT


class EditionText(Struct, frozen=True, dict=True):
    """One revision, complete in three languages and final: what every file of an edition prints.

    `rows` are the adopted text, and all that its fingerprint stands for; `apparatus` is printed around it.
    A paper about a text, such as a corrigendum's sheet, is printed like one and `stands_for` the fingerprint of that.
    Side by side, lists have one order for all languages, that of the `leading` one.
    """

    imprint: Imprint
    rows: tuple[EditionRow, ...]
    apparatus: Apparatus = NOTHING
    stands_for: str = ""
    leading: Language | None = None

    @cached_property
    def numbers(self) -> Mapping[str, str]:
        """Block id to language-neutral number, for the blocks that have one."""
        return {row.id: row.number for row in self.rows if row.number}

    @property
    def has_closing(self) -> bool:
        """Whether the text brings its own closing clause. If not, a file prints one from the imprint."""
        return bool(self.stands_for) or any(row.kind is BlockKind.CLOSING for row in self.rows)

    @cached_property
    def fingerprint(self) -> str:
        return self.stands_for or fingerprint((row.id, row.kind, row.level, hashes(row)) for row in self.rows)


_Rows = tuple[EditionRow, ...]


def once(make: Callable[[EditionText], _Rows]) -> Callable[[EditionText], _Rows]:
    """The same function, which every form of an edition asks: what it returns is kept with the text."""

    def made(text: EditionText) -> _Rows:
        held: dict[str, _Rows] = text.__dict__
        return held[name] if (name := make.__name__) in held else held.setdefault(name, make(text))

    return wraps(make)(made)


def fingerprint(lines: Iterable[tuple[str, BlockKind, int, Mapping[str, str | None]]]) -> str:
    """SHA-256 that stands for a whole text: order, kinds, levels and every wording in three languages.

    Made from canonical JSON (sorted keys, no spaces) of
    `[[id, kind, level, {language: content hash, or null}], …]`, so that anyone can make it again.
    """
    written = json.dumps([*map(list, lines)], ensure_ascii=False, sort_keys=True, separators=(",", ":"))
    return hashlib.sha256(written.encode()).hexdigest()


def hashes(row: EditionRow) -> dict[str, str | None]:
    """Return the content hash of each language, None where it is absent by decision."""
    cells = sorted(row.cells.items())
    return {language: cell.content_hash if isinstance(cell, EditionWording) else None for language, cell in cells}


def edition_text(rows: Sequence[RevisionRow], imprint: Imprint, apparatus: Apparatus = NOTHING) -> EditionText:
    """Return the revision as an edition prints it, numbered once for all languages.

    Raises `MissingText` when a language has neither a text nor a decision to
    leave it out, and `UnknownBlock` when a text refers to what is not there or, by number, to what has none.
    """
    final = final_numbers(rows)
    ensure_references_hold(rows)
    return EditionText(imprint, tuple(edition_row(row, final) for row in rows), apparatus)


def ensure_references_hold(rows: Sequence[RevisionRow]) -> None:
    known = {row.id for row in rows}
    for row in rows:
        for text in row.texts.values() if row.kind is not BlockKind.CODE else ():
            for target in references(text):
                if target not in known:
                    raise UnknownBlock("reference to a paragraph that is not there", block=target)


def final_numbers(rows: Sequence[RevisionRow]) -> Mapping[str, str]:
    """Number the whole tree, also where a language lacks a paragraph, so that 12 is 12 in all three."""
    blocks = (Block(row.id, row.kind, next(iter(row.texts.values()), ""), row.level) for row in rows)
    return numbers(Document(blocks=tuple(blocks), language=Language.EN))


def edition_row(row: RevisionRow, final: Mapping[str, str]) -> EditionRow:
    cells = {language: edition_cell(row, language, final) for language in Language}
    return EditionRow(id=row.id, kind=row.kind, level=row.level, number=final.get(row.id, ""), cells=cells)


def edition_cell(row: RevisionRow, language: Language, final: Mapping[str, str]) -> EditionWording | Absence:
    text = row.texts.get(language)
    if text:
        return EditionWording(text=text, printed=printed(row, text, language, final), content_hash=content_hash(text))
    if row.absent and language in row.absent:
        return Absence(reason=row.absent[language])
    raise MissingText("paragraph without text", block=row.id, language=language)


def printed(row: RevisionRow, text: str, language: Language, final: Mapping[str, str]) -> str:
    """Put every reference of a text as a number; code is printed as it stands."""
    if row.kind is BlockKind.CODE:
        return text
    made = resolve(text, final, language)
    if dangling := _REFERENCE.search(made):
        raise UnknownBlock("reference to a paragraph without number", block=dangling[1])
    return made
