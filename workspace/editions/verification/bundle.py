"""The bundle of an edition: its files, and what the log says of them, with the proofs.

It is made when somebody asks for it, and the same each time: its checkpoint is the first one that
was made after the edition was published and signed. Until then it has fewer proofs, and says so.

What members filed and what was decided, with the reasons, is word for word in it only once the history of the
declaration has been opened to everybody; before, the hashes of those entries stand there. Opening it, or closing it
again, therefore makes another bundle, with a later checkpoint; its signature is the same.
"""

import hashlib
import json
from collections.abc import Iterable, Mapping
from pathlib import Path
from threading import Lock
from typing import Any
from uuid import UUID

import msgspec
import sqlalchemy as sa
from msgspec import Struct

from drafts.formats.bundle import (
    CHECKPOINT,
    DECISIONS,
    KEY,
    SIGNATURE,
    BundledDecisions,
    BundledEntry,
    ParagraphCauses,
    TextCause,
    pack,
)
from drafts.formats.edition import MANIFEST
from drafts.formats.verification_files import RECORD, Manifest, ParagraphHashes, Record
from drafts.text.blocks import Language
from workspace.core.storage.db import Db
from workspace.core.storage.log import LogEntry
from workspace.editions.domain.edition_store import recorded_rows
from workspace.editions.domain.models import Edition, EditionFile
from workspace.editions.verification.signing import PUBLISHED, EditionSignature, edition_signatures
from workspace.history.checkpoints import LogMerkleTree
from workspace.history.models import SignedCheckpoint

_MOST_KEPT = 4
_kept: dict[tuple[UUID, str, bool], bytes] = {}
_lock = Lock()
AGREED = "corrigendum.agreed"  # decides, as a decision of the committee does, on the words that it corrects
_OVERRIDES = frozenset({"override.requested", "override.confirmed"})  # public with their edition, reasons too
_HISTORY = {"history.opened": True, "history.closed": False}


def bundle_of(db: Db, edition: Edition) -> bytes:
    """The bundle as an archive. One that is complete is kept at hand, because many people ask for it at once."""
    stand = _stand(db, edition)
    if stand.seal is None or stand.checkpoint is None:
        return pack(_files(db, edition, stand))
    key = (edition.id, stand.checkpoint.root, stand.is_open)
    with _lock:
        if key in _kept:
            return _kept[key]
    made = pack(_files(db, edition, stand))
    with _lock:
        while len(_kept) >= _MOST_KEPT:
            _kept.pop(next(iter(_kept)))
        _kept[key] = made
    return made


class _Stand(Struct, frozen=True):
    """How things stand with an edition: its seal, the checkpoint that vouches for it, who may read its history."""

    seal: EditionSignature | None
    checkpoint: SignedCheckpoint | None
    is_open: bool


def _stand(db: Db, edition: Edition) -> _Stand:
    of_declaration = sa.select(LogEntry.sequence, LogEntry.kind, LogEntry.entry).where(
        LogEntry.declaration_id == edition.declaration_id, LogEntry.kind.in_((*_HISTORY, PUBLISHED))
    )
    rows = db.execute(of_declaration.order_by(LogEntry.sequence.desc())).all()
    published = next((row.sequence for row in rows if _publishes(json.loads(row.entry), edition)), None)
    turn = next((row for row in rows if row.kind in _HISTORY), None)
    seal = edition_signatures(db, edition.declaration_id).get(edition.id)
    since = seal.sequence if seal else published
    latest = max(since, turn.sequence) if since and turn else since
    return _Stand(
        seal, _checkpoint(db, latest) or _checkpoint(db, since), is_open=turn is not None and _HISTORY[turn.kind]
    )


def _files(db: Db, edition: Edition, stand: _Stand) -> Mapping[str, bytes]:
    statement = sa.select(EditionFile.name, EditionFile.content).where(EditionFile.edition_id == edition.id)
    files = {row.name: row.content for row in db.execute(statement)}
    said = _Said(db, edition, stand)
    if stand.seal is not None:
        files |= {SIGNATURE: stand.seal.signature, KEY: stand.seal.key.file}
    if stand.checkpoint is not None:
        files[CHECKPOINT] = stand.checkpoint.note.encode()
    manifest = msgspec.json.decode(files[MANIFEST], type=Manifest)
    files[DECISIONS] = msgspec.json.format(msgspec.json.encode(said.decisions(manifest), order="sorted")) + b"\n"
    return files


class _Said:
    """What the log says about one edition."""

    def __init__(self, db: Db, edition: Edition, stand: _Stand) -> None:
        self.db, self.edition, self.stand = db, edition, stand
        statement = sa.select(LogEntry).where(LogEntry.declaration_id == edition.declaration_id)
        lines = db.scalars(statement.order_by(LogEntry.sequence)).all()
        read = [(line, json.loads(line.entry)) for line in lines]
        self.published = next((line.sequence for line, said in read if _publishes(said, edition)), None)
        self.read = [(line, said) for line, said in read if line.sequence <= (self.published or 0)]
        self.lines = {line.sequence: line for line, _ in self.read}
        self.said = {line.sequence: said for line, said in self.read}
        self.tree = LogMerkleTree(db)

    def decisions(self, manifest: Manifest) -> BundledDecisions:
        moves, absences = self._moves()
        paragraphs = tuple(
            ParagraphCauses(
                paragraph.id,
                paragraph.number,
                {language.value: _cause_of(paragraph, language, moves, absences) for language in Language},
            )
            for paragraph in manifest.paragraphs
        )
        causes = [cause for paragraph in paragraphs for cause in paragraph.texts.values() if cause]
        wanted = {cause.entry for cause in causes} | {number for cause in causes for number in cause.decisions}
        filed = {said["facts"]["number"]: line.sequence for line, said in self.read if _is_filed(said)}
        wanted |= {filed[number] for cause in causes for number in cause.amendments}
        if self.published is not None:
            wanted |= {self.published, *self._let_go(self.published)}
        entries = tuple(self._entry(sequence) for sequence in sorted(wanted))
        return BundledDecisions(self.published, paragraphs, entries, self._rows() if self.stand.is_open else {})

    def _rows(self) -> Mapping[str, tuple[str, ...]]:
        """What was decided and recommended, word for word, where it is still what the edition lists."""
        file = self.db.get(EditionFile, (self.edition.id, RECORD))
        if file is None:
            return {}
        listed = msgspec.json.decode(file.content, type=Record).rows
        rows = recorded_rows(self.db, self.edition.declaration, is_public=True)
        return {
            name: tuple(row.decode() for row in of if hashlib.sha256(row).hexdigest() in listed.get(name, ()))
            for name, of in rows.items()
        }

    def _let_go(self, published: int) -> Iterable[int]:
        """Where two people let something out as it is, although it stopped publication: that they did, and why."""
        used = set(self.said[published]["facts"].get("overrides", ()))
        of_overrides = ((line, said) for line, said in self.read if line.kind in _OVERRIDES)
        return (line.sequence for line, said in of_overrides if said["facts"]["override"] in used)

    def _moves(self) -> tuple[Mapping[tuple[str, str, str], TextCause], Mapping[tuple[str, str], TextCause]]:
        """By block, language and hash, what put a wording in force last; by block and language, what left it out."""
        moves: dict[tuple[str, str, str], TextCause] = {}
        absences: dict[tuple[str, str], TextCause] = {}
        decided = self._decided()
        for line, said in self.read:
            facts = said["facts"]
            if facts.get("heads"):
                taken = [decided[fact] for fact in facts.get("decisions", ()) if fact in decided]
                cause = TextCause(
                    line.sequence,
                    facts.get("cause", line.kind),
                    tuple(sorted(sequence for sequence, _ in taken)),
                    tuple(sorted(number for _, number in taken if number)) if self.stand.is_open else (),
                )
                for move in facts["heads"]:
                    if not move["to"]:
                        continue
                    moves[move["block"], move["language"], move["to"]["hash"]] = cause
            elif facts.get("verdict") == "absent":
                absences[facts["block"], facts["language"]] = TextCause(line.sequence, "absent")
        return moves, absences

    def _decided(self) -> Mapping[str, tuple[int, int]]:
        """The entry of every decision, and the number of the amendment that it adopted (0 for none), by its id."""
        filed = {said["facts"]["amendment"]: said["facts"]["number"] for _, said in self.read if _is_filed(said)}
        return {
            said["facts"]["decision"]: (line.sequence, filed.get(said["facts"].get("amendment"), 0))
            for line, said in self.read
            if line.kind in {"decision.taken", AGREED}
        }

    def _entry(self, sequence: int) -> BundledEntry:
        line, said = self.lines[sequence], self.said[sequence]
        is_public = self.stand.is_open or not (
            said["kind"].startswith(("decision.", "amendment.")) or bool(said["facts"].get("note"))
        )
        size = self.stand.checkpoint.size if self.stand.checkpoint else 0
        path = self.tree.inclusion(sequence, size) if size else []
        words = line.entry if is_public else None
        return BundledEntry(sequence, line.leaf_hash, tuple(digest.hex() for digest in path), words)


def _checkpoint(db: Db, sequence: int | None) -> SignedCheckpoint | None:
    """The first checkpoint that covers this entry."""
    if sequence is None:
        return None
    statement = sa.select(SignedCheckpoint).where(SignedCheckpoint.size >= sequence)
    return db.scalar(statement.order_by(SignedCheckpoint.size).limit(1))


def _cause_of(
    paragraph: ParagraphHashes,
    language: Language,
    moves: Mapping[tuple[str, str, str], TextCause],
    absences: Mapping[tuple[str, str], TextCause],
) -> TextCause | None:
    digest = paragraph.sha256[language]
    if digest is None:
        return absences.get((paragraph.id, language))
    return moves.get((paragraph.id, language, digest))


def _publishes(said: Mapping[str, Any], edition: Edition) -> bool:
    return bool(said["kind"] == PUBLISHED and said["facts"].get("edition") == str(edition.id))


def _is_filed(said: Mapping[str, Any]) -> bool:
    return bool(said["kind"] == "amendment.proposed")


def write_edition_files(files: Mapping[str, bytes], folder: Path) -> list[Path]:
    """Write every file and return the paths; each stands whole or not at all."""
    folder.mkdir(parents=True, exist_ok=True)
    written = []
    for name, content in files.items():
        unfinished, path = folder / f".{name}.part", folder / name
        unfinished.write_bytes(content)
        unfinished.replace(path)
        written.append(path)
    return written
