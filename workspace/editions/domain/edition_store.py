"""Putting an edition out: its row, its files and its entry in the log, whichever way it came about."""

import hashlib
import mimetypes
from collections.abc import Mapping, Sequence
from datetime import date
from uuid import UUID

import sqlalchemy as sa
from msgspec import Struct

from drafts.formats.edition import MANIFEST
from workspace.amendments.domain.models import Decision, DecisionRound
from workspace.consultation.models import Trace as RecommendationTrace
from workspace.core import clock
from workspace.core.actor import Actor
from workspace.core.storage import log
from workspace.core.storage.db import Db, Model, new_id
from workspace.core.storage.row_digests import row_bytes
from workspace.declarations.domain.models import Declaration, Provenance
from workspace.editions.domain.models import Edition, EditionFile
from workspace.editions.domain.queries import bind_overrides
from workspace.recommendations.models import Recommendation, RecommendationStatus, RulingOnRecommendation


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
        files=[
            EditionFile(name=name, media_type=media_type(name), sha256=sha256(content), content=content)
            for name, content in what.files.items()
        ],
    )
    db.add(edition)
    db.flush()
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


def media_type(name: str) -> str:
    """What a file of this name is served as."""
    if name.endswith(".md"):
        return "text/markdown"  # the registry of the machine may not know it
    if name.endswith(".akn.xml"):
        return "application/akn+xml"
    if name.endswith(".docx"):
        return "application/vnd.openxmlformats-officedocument.wordprocessingml.document"
    return mimetypes.guess_type(name)[0] or "application/octet-stream"


def sha256(content: bytes) -> str:
    return hashlib.sha256(content).hexdigest()
