"""The list of hashes that an edition is verified by: of every file, and of every paragraph in every language."""

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass, field

import msgspec

from drafts.assembly import EditionText, hashes
from drafts.blocks import BlockKind

FORMAT = "declaration-manifest/1"


@dataclass(frozen=True, slots=True)
class ParagraphHashes:
    """`sha256` has the content hash of each language, null where it is absent by decision."""

    id: str
    kind: BlockKind
    level: int
    number: str
    sha256: Mapping[str, str | None]


@dataclass(frozen=True, slots=True)
class Manifest:
    """`files` has the SHA-256 of each file by name; `fingerprint` is made from `paragraphs` alone."""

    edition: int
    fingerprint: str
    files: Mapping[str, str]
    paragraphs: tuple[ParagraphHashes, ...]
    format: str = field(default=FORMAT)


def manifest(text: EditionText, files: Mapping[str, bytes]) -> bytes:
    """Return the manifest as canonical JSON: keys sorted, no spaces, UTF-8. Its bytes are what is signed."""
    out = Manifest(
        edition=text.imprint.edition,
        fingerprint=text.fingerprint,
        files={name: hashlib.sha256(data).hexdigest() for name, data in files.items()},
        paragraphs=tuple(
            ParagraphHashes(row.id, row.kind, row.level, row.number, sha256=hashes(row)) for row in text.rows
        ),
    )
    return msgspec.json.encode(out, order="sorted")
