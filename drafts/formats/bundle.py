"""A bundle: an edition with everything that is needed to verify it offline, in one archive with the same bytes always.

Beside the files of the edition it holds `decisions.json` (which entry of the log put each
paragraph of each language in force, with those entries word for word and the proofs that they are
in the log), `checkpoint.txt` (the signed checkpoint that the proofs lead to), `manifest.json.sig` (the Ed25519
signature over the bytes of the manifest) and `key.pem` (the public key: its one line, then the same as PEM).

Nothing is packed smaller: what compression gives differs from one library to the next.
"""

import io
import zipfile
import zlib
from collections.abc import Mapping

from msgspec import Struct, field

from drafts.base.errors import DraftsError

BUNDLE = "bundle.zip"
DECISIONS, CHECKPOINT, SIGNATURE, KEY = "decisions.json", "checkpoint.txt", "manifest.json.sig", "key.pem"
ADDED = frozenset({DECISIONS, CHECKPOINT, SIGNATURE, KEY})  # what a bundle holds beyond the files of its manifest
FORMAT = "declaration-decisions/1"

MOST_MEMBERS = 200
MOST_BYTES = 50_000_000  # of all members together, and of the archive itself
MOST_RATIO = 100
_STEP = 65_536
_FIRST, _LAST, _LOCATOR = b"PK\x03\x04", b"PK\x05\x06", b"PK\x06\x07"  # of a member, the end, an end of 64 bits
_ENCRYPTED = 0x1
_KIND_OF_FILE, _LINK = 0o170000, 0o120000
_PLAIN = 0o100644 << 16
_BEGINNING = (1980, 1, 1, 0, 0, 0)


class BadBundle(DraftsError):
    """An archive that cannot be read safely. Facts: `reason` (a stable word), `member`."""

    code = "drafts.bad_bundle"

    def __init__(self, reason: str, member: str = "") -> None:
        super().__init__(f"not a bundle: {reason}", reason=reason, member=member)


class BundledEntry(Struct, frozen=True):
    """An entry of the log: its words as they were hashed, and the path that leads from it to the checkpoint's root.

    `entry` is null where the words are not public; `leaf`, its hash, is there always.
    """

    sequence: int
    leaf: str
    path: tuple[str, ...]
    entry: str | None


class TextCause(Struct, frozen=True):
    """What put a text in force: the `entry` of the log that says so, and what kind of act it was.

    `decisions` are the entries of the decisions it carried out, `amendments` the numbers of those adopted by them
    (only where the decisions are public).
    """

    entry: int
    kind: str
    decisions: tuple[int, ...] = ()
    amendments: tuple[int, ...] = ()


class ParagraphCauses(Struct, frozen=True):
    """One paragraph. A cause is null where the log of this workspace does not tell it: the text came from another."""

    id: str
    number: str
    texts: Mapping[str, TextCause | None]


class BundledDecisions(Struct, frozen=True):
    """`decisions.json`. `publication` is the entry that names the manifest; null where this log has none.

    `rows` has the public ones of those that `record.json` lists, each as it was hashed.
    """

    publication: int | None
    paragraphs: tuple[ParagraphCauses, ...]
    entries: tuple[BundledEntry, ...]
    rows: Mapping[str, tuple[str, ...]] = {}
    format: str = field(default=FORMAT)


def pack(files: Mapping[str, bytes]) -> bytes:
    """Return the files as one archive: sorted by name, without dates, the same bytes for the same files."""
    made = io.BytesIO()
    with zipfile.ZipFile(made, "w", zipfile.ZIP_STORED) as archive:
        for name in sorted(files):
            member = zipfile.ZipInfo(name, date_time=_BEGINNING)
            member.external_attr, member.create_system = _PLAIN, 3
            archive.writestr(member, files[name])
    return made.getvalue()


def unpack(data: bytes) -> dict[str, bytes]:
    """Return the files of an archive by name; raises `BadBundle` for one that is broken, too large or not plain.

    Other programs must find the same files in it: no bytes before or after it, nothing said twice in two ways.
    """
    if len(data) > MOST_BYTES:
        raise BadBundle("too_large")
    if not _is_bare(data):
        raise BadBundle("not_an_archive")
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            _ensure_plain(archive.infolist())
            files: dict[str, bytes] = {}
            left = MOST_BYTES
            for member in archive.infolist():
                files[member.filename] = _inflated(archive, member, left)
                left -= len(files[member.filename])
            return files
    except (zipfile.BadZipFile, NotImplementedError, EOFError, RuntimeError, ValueError, OverflowError) as error:
        raise BadBundle("not_an_archive") from error
    except zlib.error as error:
        raise BadBundle("not_an_archive") from error


def _is_bare(data: bytes) -> bool:
    """Whether it begins with its first member and ends with its list of members, which says where it begins itself."""
    size, start = (int.from_bytes(data[at : at + 4], "little") for at in (len(data) - 10, len(data) - 6))
    return (
        data.startswith((_FIRST, _LAST))
        and data[-22:-18] == _LAST
        and data[-2:] == b"\0\0"
        and size + start == len(data) - 22
        and data[-42:-38] != _LOCATOR
    )


def _ensure_plain(members: list[zipfile.ZipInfo]) -> None:
    if len(members) > MOST_MEMBERS:
        raise BadBundle("too_many_members")
    seen: set[str] = set()
    for member in members:
        name = member.filename
        if name.casefold() in seen:
            raise BadBundle("twice", name[:100])
        seen.add(name.casefold())
        is_link = (member.external_attr >> 16) & _KIND_OF_FILE == _LINK
        is_packed = member.compress_type not in {zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED}
        if is_link or is_packed or not name or name.startswith(".") or any(sign in name for sign in "/\\:"):
            raise BadBundle("not_plain", name[:100])
        if member.flag_bits & _ENCRYPTED:
            raise BadBundle("encrypted", name[:100])


def _inflated(archive: zipfile.ZipFile, member: zipfile.ZipInfo, left: int) -> bytes:
    """The bytes of one member. What it claims of its own size is not believed, and must be true."""
    allowed = min(left, max(MOST_RATIO * member.compress_size, _STEP))
    pieces, size = [], 0
    with archive.open(member) as stream:
        while piece := stream.read(_STEP):
            size += len(piece)
            if size > allowed:
                raise BadBundle("too_large", member.filename[:100])
            pieces.append(piece)
    if size != member.file_size:
        raise BadBundle("not_an_archive")
    return b"".join(pieces)
