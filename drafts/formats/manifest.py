"""The list of hashes that an edition is verified by: of every file, and of every paragraph in every language."""

import hashlib
from collections.abc import Mapping

import msgspec
from msgspec import Struct, field

from drafts.assembly import Corrected, EditionRow, EditionText, hashes
from drafts.blocks import BlockKind
from drafts.formats import added

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
    corrects: Corrected | None = None
    format: str = field(default=FORMAT)


def manifest(text: EditionText, files: Mapping[str, bytes]) -> bytes:
    """Return the manifest as canonical JSON: keys sorted, no spaces, UTF-8. Its bytes are what is signed."""
    out = Manifest(
        edition=text.imprint.edition,
        fingerprint=text.fingerprint,
        files={name: hashlib.sha256(data).hexdigest() for name, data in files.items()},
        paragraphs=tuple(map(_hashed, text.rows)),
        added=tuple(map(_hashed, added.every(text))),
        corrects=text.imprint.corrects,
    )
    return msgspec.json.encode(out, order="sorted")


def _hashed(row: EditionRow) -> ParagraphHashes:
    return ParagraphHashes(row.id, row.kind, row.level, row.number, sha256=hashes(row))
