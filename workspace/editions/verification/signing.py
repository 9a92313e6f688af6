"""Sealing: the signature of an edition's manifest, and the checkpoint that vouches for its publication.

Signatures are entries of the log, as the keys are, so that they can never change. They are made
right after publication by whoever holds the key: a command at the machine itself, or the worker. The web
pages and the API never touch a private key.
"""

import base64
import json
from collections.abc import Mapping
from uuid import UUID

import sqlalchemy as sa
from msgspec import Struct

from drafts.base.transparency_log import PublicKey
from drafts.formats.edition import MANIFEST
from workspace.core.actor import NOBODY
from workspace.core.storage import log
from workspace.core.storage.db import Db
from workspace.core.storage.log import LogEntry
from workspace.editions.domain.models import EditionFile
from workspace.history.checkpoints import CheckpointService
from workspace.history.signing_keys import KeyService, known_keys

PUBLISHED, SIGNED = "edition.published", "edition.signed"


class EditionSignature(Struct, frozen=True):
    """The signature over a manifest, the key that made it, and the entry of the log that holds it."""

    signature: bytes
    key: PublicKey
    sequence: int


def sign_editions(db: Db, service: KeyService) -> int:
    """Sign every edition that was published here and is not signed, and make a checkpoint; how many were signed.

    Raises `NoKey` where there is something to sign and no key, and `HistoryAltered` as a checkpoint does.
    """
    log.lock_log(db)  # or two processes that release and seal at one moment would both sign
    unsigned = unsigned_editions(db)
    if not unsigned:
        return 0
    key = service.in_force()
    private = service.folder.open(key.hint)
    for published, edition_id in unsigned:
        manifest = db.get_one(EditionFile, (edition_id, MANIFEST)).content
        log.record(
            db,
            SIGNED,
            actor=NOBODY,
            forum_id=published.forum_id,
            declaration_id=published.declaration_id,
            edition=str(edition_id),
            key=key.hint,
            signature=base64.b64encode(private.sign(manifest)).decode(),
        )
    CheckpointService(db).make(service)
    return len(unsigned)


def unsigned_editions(db: Db) -> list[tuple[LogEntry, UUID]]:
    """The editions that were published here and are not signed yet, with the entry that says so."""
    entries = db.scalars(sa.select(LogEntry).where(LogEntry.kind == PUBLISHED).order_by(LogEntry.sequence))
    published = [(entry, UUID(json.loads(entry.entry)["facts"]["edition"])) for entry in entries]
    signed = edition_signatures(db) if published else {}
    return [(entry, edition_id) for entry, edition_id in published if edition_id not in signed]


def edition_signatures(db: Db, declaration_id: UUID | None = None) -> Mapping[UUID, EditionSignature]:
    """The signatures that the log holds, by edition."""
    statement = sa.select(LogEntry.sequence, LogEntry.entry).where(LogEntry.kind == SIGNED)
    if declaration_id is not None:
        statement = statement.where(LogEntry.declaration_id == declaration_id)
    found = [(sequence, json.loads(entry)["facts"]) for sequence, entry in db.execute(statement)]
    known = {key.hint: key.public for key in known_keys(db)} if found else {}
    return {
        UUID(facts["edition"]): EditionSignature(base64.b64decode(facts["signature"]), known[facts["key"]], sequence)
        for sequence, facts in found
    }
