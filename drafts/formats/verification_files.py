"""The list of hashes that an edition is verified by: of every file, and of every paragraph in every language."""

import hashlib
from collections.abc import Iterable, Mapping

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


def manifest(text: EditionText, files: Mapping[str, bytes]) -> bytes:
    """Return the manifest as canonical JSON: keys sorted, no spaces, UTF-8. Its bytes are what is signed."""
    out = Manifest(
        edition=text.imprint.edition,
        fingerprint=text.fingerprint,
        files={name: hashlib.sha256(data).hexdigest() for name, data in files.items()},
        paragraphs=tuple(map(_hashed, text.rows)),
        added=tuple(map(_hashed, apparatus_rows.every_added_row(text))),
        corrects=text.imprint.corrects,
    )
    return msgspec.json.encode(out, order="sorted")


def _hashed(row: EditionRow) -> ParagraphHashes:
    return ParagraphHashes(row.id, row.kind, row.level, row.number, sha256=hashes(row))


GUIDE = "HOW-TO-VERIFY.txt"

_COMMANDS = r"""
    (1)  openssl pkeyutl -verify -pubin -inkey key.pem -rawin -in manifest.json -sigfile manifest.json.sig

    (2)  grep -oE '"[^"]+":"[0-9a-f]{64}"' manifest.json | sed -E 's/"([^"]+)":"([0-9a-f]+)"/\2  \1/' \
           | grep -vE '  (es|en|fr|fingerprint|manifest)$' | sha256sum -c

    (3)  tail -n 3 key.pem
"""

_TEXT = """ES  Cómo verificar esta edición
--------------------------------
Hacen falta el archivo bundle.zip, descomprimido en una carpeta, y dos programas públicos: openssl (3 o posterior) y
sha256sum. Los mandatos están al final.
(1) dice si la lista de archivos, manifest.json, lleva la firma de la llave de key.pem.
(2) dice si cada archivo es el que nombra esa lista; la última línea de cada uno debe ser OK.
(3) muestra la llave. La firma solo prueba algo si esa llave es la que la secretaría ha publicado en otro lugar: un
sitio, un acta, un correo. Compárela.
En un navegador, la página «verificar» del sitio hace lo mismo y más, sin enviar nada.

EN  How to verify this edition
------------------------------
You need the file bundle.zip, unpacked in a folder, and two public programs: openssl (3 or later) and sha256sum.
The commands are at the end.
(1) says whether the list of files, manifest.json, is signed by the key in key.pem.
(2) says whether each file is the one that the list names; every line must end in OK.
(3) shows the key. The signature proves something only if that key is the one the secretariat has published
elsewhere: on a site, in minutes, in a letter. Compare it.
In a browser, the site's verify page does the same and more, and sends nothing anywhere.

FR  Comment vérifier cette édition
----------------------------------
Il faut le fichier bundle.zip, décompressé dans un dossier, et deux programmes publics\u00a0: openssl (3 ou plus récent)
et sha256sum. Les commandes se trouvent à la fin.
(1) dit si la liste des fichiers, manifest.json, est signée par la clé de key.pem.
(2) dit si chaque fichier est bien celui que nomme cette liste\u00a0; chaque ligne doit finir par OK.
(3) montre la clé. La signature ne prouve quelque chose que si cette clé est celle que le secrétariat a publiée
ailleurs\u00a0: sur un site, dans un procès-verbal, dans un courrier. Comparez-la.
Dans un navigateur, la page «\u00a0vérifier\u00a0» du site fait la même chose et plus, sans rien envoyer.
"""


def guide() -> bytes:
    """The file, the same for every edition."""
    return (_TEXT + _COMMANDS).encode()
