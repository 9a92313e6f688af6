"""An edition as one JSON file, for programs: everything that was adopted, with a hash for every wording.

`paragraphs` are in order. Of a paragraph, `number` is the same in every language
and empty where it has none; `texts` has for each language either `text` (as
adopted, in Markdown, references as `[](#b-id)`), `printed` (references as numbers)
and `sha256` (of the UTF-8 bytes of `text`), or `absent` (the reason why there is
none). `fingerprint` is explained at `drafts.assembly.fingerprint`. `closing` is the clause
that the imprint implies, per language, or null where the text brings its own.

What stands around the adopted text comes twice: `apparatus` says what it is (signatories, reservations,
annexes, changed numbers), `added` how it is printed, row by row, each with its hashes like a paragraph; `part` says of
which kind a row is. Nothing of it counts for the fingerprint.
"""

from collections.abc import Mapping
from datetime import date

import msgspec
from msgspec import Struct, field

from drafts.apparatus import NOTHING, Apparatus
from drafts.assembly import Absence, Authenticity, EditionRow, EditionText, Part, Wording
from drafts.blocks import BlockKind, Language
from drafts.formats import added
from drafts.formats.words import closing

FORMAT = "declaration-edition/1"


class WordingOut(Struct, frozen=True):
    text: str
    printed: str
    sha256: str


class AbsenceOut(Struct, frozen=True):
    absent: str


class ParagraphOut(Struct, frozen=True):
    id: str
    kind: BlockKind
    level: int
    number: str
    texts: Mapping[Language, WordingOut | AbsenceOut]


class AddedOut(Struct, frozen=True):
    """A row that is printed around the text."""

    id: str
    part: Part
    kind: BlockKind
    level: int
    number: str
    texts: Mapping[Language, WordingOut | AbsenceOut]


class EditionOut(Struct, frozen=True):
    forum: Mapping[Language, str]
    declaration: Mapping[Language, str]
    place: Mapping[Language, str]
    date: date
    edition: int
    authenticity: Authenticity
    authoritative: Language | None
    fingerprint: str
    closing: Mapping[Language, str] | None
    paragraphs: tuple[ParagraphOut, ...]
    apparatus: Apparatus
    added: tuple[AddedOut, ...]
    format: str = field(default=FORMAT)


def whole(text: EditionText) -> bytes:
    """Return the edition in the three languages as indented JSON, keys sorted."""
    imprint = text.imprint
    out = EditionOut(
        forum=imprint.forum,
        declaration=imprint.declaration,
        place=imprint.place,
        date=imprint.date,
        edition=imprint.edition,
        authenticity=imprint.authenticity,
        authoritative=imprint.authoritative,
        fingerprint=text.fingerprint,
        closing=None if text.has_closing else {language: closing(text, language) for language in Language},
        paragraphs=tuple(map(_paragraph, text.rows)),
        apparatus=text.apparatus,
        added=tuple(map(_added, added.every(text))),
    )
    return msgspec.json.format(msgspec.json.encode(out, order="sorted")) + b"\n"


def apparatus_in(data: bytes) -> Apparatus:
    """What stood around the text when this file was made; nothing, for a file that was made before there was such."""
    return msgspec.json.decode(data, type=_Around).apparatus


class _Around(msgspec.Struct):
    apparatus: Apparatus = NOTHING


def _added(row: EditionRow) -> AddedOut:
    texts = {language: _cell(cell) for language, cell in row.cells.items()}
    return AddedOut(row.id, row.part, row.kind, row.level, row.number, texts)


def _paragraph(row: EditionRow) -> ParagraphOut:
    texts = {language: _cell(cell) for language, cell in row.cells.items()}
    return ParagraphOut(id=row.id, kind=row.kind, level=row.level, number=row.number, texts=texts)


def _cell(cell: Wording | Absence) -> WordingOut | AbsenceOut:
    if isinstance(cell, Absence):
        return AbsenceOut(absent=cell.reason)
    return WordingOut(text=cell.text, printed=cell.printed, sha256=cell.content_hash)
