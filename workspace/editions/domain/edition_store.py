"""Putting an edition out: its row, its files and its entry in the log, whichever way it came about."""

import hashlib
import mimetypes
import shutil
import weakref
from collections.abc import Iterator, Mapping, Sequence
from datetime import date
from pathlib import Path
from tempfile import mkdtemp
from uuid import UUID

import msgspec
import sqlalchemy as sa
from msgspec import Struct

from drafts.formats.assembly import EditionText
from drafts.formats.docx.package import MEDIA_TYPE as WORD
from drafts.formats.edition import MANIFEST, FilesWanted, edition_file, write_files
from drafts.formats.pdf import LONG
from workspace.amendments.domain.models import Decision, DecisionRound
from workspace.consultation.models import Trace as RecommendationTrace
from workspace.core import clock
from workspace.core.actor import Actor
from workspace.core.errors import BadFile
from workspace.core.security.sandbox import run_bounded
from workspace.core.storage import log
from workspace.core.storage.db import Db, Model, new_id
from workspace.core.storage.readings import keep, read_once
from workspace.core.storage.row_digests import row_bytes
from workspace.declarations.domain.models import Declaration, Provenance
from workspace.editions.domain.models import Edition, EditionFile
from workspace.editions.domain.queries import bind_overrides
from workspace.recommendations.models import Recommendation, RecommendationStatus, RulingOnRecommendation

MEMORY, HEAP = 8_000_000_000, 4_000_000_000  # bytes: some 10,000 paragraphs
SECONDS, LARGEST = 300, 1_000_000_000  # of the processor; bytes of one file
AT_ONCE = 4_000_000  # bytes of files that go to the database together, and one file more


class FilesMade(Mapping[str, bytes]):
    """The files of an edition, on the disk: each is read when it is asked for, and all go when this does."""

    def __init__(self) -> None:
        self.folder = Path(mkdtemp(prefix="edition-"))
        weakref.finalize(self, shutil.rmtree, self.folder, ignore_errors=True)

    def __getitem__(self, name: str) -> bytes:
        return self._paths()[name].read_bytes()

    def __iter__(self) -> Iterator[str]:
        return iter(self._paths())

    def __len__(self) -> int:
        return len(self._paths())

    def _paths(self) -> Mapping[str, Path]:
        return {path.name: path for path in sorted(self.folder.iterdir())}


def files_of(text: EditionText, others: Mapping[str, bytes], name: str = "") -> FilesMade:
    """Make every file of an edition, or the one of this `name` if there is such, in a process of its own."""
    made = FilesMade()
    wanted = msgspec.msgpack.encode(FilesWanted(text, str(made.folder), others, name))
    bounds = {"memory": MEMORY, "heap": HEAP, "seconds": SECONDS, "files": LARGEST}
    try:
        run_bounded(write_files, wanted, source=text.fingerprint, **bounds)
    except BadFile as error:  # it is no file that somebody sent
        raise RuntimeError(f"the edition is not made: {error.facts['reason']}") from error
    return made


def file_of(text: EditionText, name: str) -> bytes | None:
    """One file that is kept nowhere, None for an unknown name: all but long books are made here, the sooner."""
    is_apart = name.endswith(".pdf") and len(text.rows) >= LONG
    return files_of(text, {}, name).get(name) if is_apart else edition_file(text, name)


class FileFacts(Struct, frozen=True):
    """A file of an edition without its content; `size` in bytes."""

    name: str
    media_type: str
    sha256: str
    size: int


class EditionIssue(Struct, frozen=True):
    """What is put out, and the two people who answer for it.

    `corrects` is the hash of the manifest that the edition follows, where it corrects one.
    """

    revision_id: UUID
    number: int
    adopted_on: date
    fingerprint: str
    files: Mapping[str, bytes]
    requested_by_id: UUID
    published_by_id: UUID
    id: UUID | None = None  # where it was given beforehand
    corrects: str = ""

    @property
    def manifest_sha256(self) -> str:
        return sha256(self.files[MANIFEST])


def recorded_rows(db: Db, declaration: Declaration, *, is_public: bool = False) -> Mapping[str, list[bytes]]:
    """The decisions on a text with their reasons, its forum's recommendations with their outcomes, and which paragraph
    came from which, as they are hashed. With `is_public`, the released recommendations alone.
    """
    here = Recommendation.forum_id == declaration.forum_id
    released = sa.and_(here, Recommendation.standing == RecommendationStatus.CONFIRMED) if is_public else here
    theirs = sa.select(Recommendation.id).where(released)
    tables: Sequence[tuple[type[Model], sa.ColumnElement[bool]]] = (
        (Decision, Decision.declaration_id == declaration.id),
        (DecisionRound, DecisionRound.declaration_id == declaration.id),
        (Recommendation, released),
        (RulingOnRecommendation, RulingOnRecommendation.recommendation_id.in_(theirs)),
        (RecommendationTrace, RecommendationTrace.recommendation_id.in_(theirs)),
        (Provenance, sa.and_(Provenance.declaration_id == declaration.id, Provenance.recommendation_id.in_(theirs))),
    )
    found: dict[str, list[bytes]] = {}
    for model, which in tables:
        table = model.metadata.tables[model.__tablename__]
        rows = map(dict, db.execute(sa.select(table).where(which)).mappings())
        found[table.name] = sorted(row_bytes(table, row) for row in rows)
    return found


def issue_edition(db: Db, declaration: Declaration, what: EditionIssue, *, actor: Actor) -> Edition:
    """Keep the edition and its files, and say so on the log. The caller holds the lock, and moves the phase."""
    edition = Edition(
        id=what.id or new_id(),
        declaration=declaration,
        revision_id=what.revision_id,
        number=what.number,
        adopted_on=what.adopted_on,
        manifest_sha256=what.manifest_sha256,
        requested_by_id=what.requested_by_id,
        published_by_id=what.published_by_id,
        published_at=clock.now(),
    )
    db.add(edition)
    _keep_files(db, edition.id, what.files)
    overrides = bind_overrides(db, declaration, edition)
    log.record_in(
        db,
        "edition.published",
        declaration,
        actor=actor,
        edition=str(edition.id),
        revision=str(edition.revision_id),
        fingerprint=what.fingerprint,
        manifest=edition.manifest_sha256,
        **({"overrides": [str(approval_request.id) for approval_request in overrides]} if overrides else {}),
        **({"corrects": what.corrects} if what.corrects else {}),
    )
    return edition


def _keep_files(db: Db, edition_id: UUID, files: Mapping[str, bytes]) -> None:
    """Write them in few statements and hold few at once; what they are called and how large they are is known then."""
    made, unsent = list[FileFacts](), 0
    for name in sorted(files):
        content = files[name]
        made.append(FileFacts(name, kind := media_type(name), digest := sha256(content), len(content)))
        db.add(EditionFile(edition_id=edition_id, name=name, media_type=kind, sha256=digest, content=content))
        if (unsent := unsent + len(content)) > AT_ONCE:
            db.flush()
            unsent = 0
    db.flush()
    keep(db, (EditionFile, edition_id), (EditionFile,), made)


def files_kept(db: Db, edition_id: UUID) -> list[FileFacts]:
    """What the files of an edition are called and how large they are, without reading them."""
    columns = (EditionFile.name, EditionFile.media_type, EditionFile.sha256, sa.func.length(EditionFile.content))
    statement = sa.select(*columns).where(EditionFile.edition_id == edition_id).order_by(EditionFile.name)
    key = EditionFile, edition_id
    return read_once(db, key, (EditionFile,), lambda: [FileFacts(*row) for row in db.execute(statement)])


_TYPES = {".md": "text/markdown", ".akn.xml": "application/akn+xml", ".docx": WORD}  # a machine may not know them


def media_type(name: str) -> str:
    """What a file of this name is served as."""
    known = next((kind for ending, kind in _TYPES.items() if name.endswith(ending)), None)
    return known or mimetypes.guess_type(name)[0] or "application/octet-stream"


def sha256(content: bytes) -> str:
    return hashlib.sha256(content).hexdigest()
