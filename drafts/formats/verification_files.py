"""The list of hashes that an edition is verified by: of every file, and of every paragraph in every language."""

import hashlib
from collections.abc import Iterable, Mapping
from pathlib import Path

import msgspec
from msgspec import Struct, field

from drafts.formats import apparatus_rows
from drafts.formats.assembly import CorrectedEdition, EditionRow, EditionText, hashes
from drafts.text.blocks import BlockKind

FORMAT = "declaration-manifest/1"


class ParagraphHashes(Struct, frozen=True):
    """`sha256` has the content hash of each language, null where it is absent by decision."""

    id: str
    kind: BlockKind
    level: int
    number: str
    sha256: Mapping[str, str | None]


class Manifest(Struct, frozen=True):
    """`files` has the SHA-256 of each file by name; `fingerprint` is made from `paragraphs` alone.

    `added` are the rows that are printed around the text: signatories, reservations, annexes.
    `corrects` names the edition that this one follows because slips in it were put right; null for the first.
    """

    edition: int
    fingerprint: str
    files: Mapping[str, str]
    paragraphs: tuple[ParagraphHashes, ...]
    added: tuple[ParagraphHashes, ...] = ()
    corrects: CorrectedEdition | None = None
    format: str = field(default=FORMAT)


RECORD = "record.json"


class Record(Struct, frozen=True):
    """`record.json`: of each kind of row, SHA-256 of the rows as they were when the edition was made, in order.

    The rows are the decisions with their reasons and the recommendations with their outcomes; the words of those
    that are public stand in `decisions.json`.
    """

    rows: Mapping[str, tuple[str, ...]]
    format: str = field(default="declaration-record/1")


def record(rows: Mapping[str, Iterable[bytes]]) -> bytes:
    """Return the file, the same for the same rows in any order."""
    digests = {name: tuple(sorted(hashlib.sha256(row).hexdigest() for row in of)) for name, of in rows.items()}
    return msgspec.json.format(msgspec.json.encode(Record(digests), order="sorted")) + b"\n"


def manifest(text: EditionText, files: Mapping[str, str]) -> bytes:
    """Return the manifest as canonical JSON: keys sorted, no spaces, UTF-8. Its bytes are what is signed.

    `files` has the SHA-256 of each file by name.
    """
    out = Manifest(
        edition=text.imprint.edition,
        fingerprint=text.fingerprint,
        files=files,
        paragraphs=tuple(map(_hashed, text.rows)),
        added=tuple(map(_hashed, apparatus_rows.every_added_row(text))),
        corrects=text.imprint.corrects,
    )
    return msgspec.json.encode(out, order="sorted")


def _hashed(row: EditionRow) -> ParagraphHashes:
    return ParagraphHashes(row.id, row.kind, row.level, row.number, sha256=hashes(row))


GUIDE = "HOW-TO-VERIFY.txt"


def guide() -> bytes:
    """The file, the same for every edition."""
    return Path(__file__).with_name("verify.txt").read_bytes()
