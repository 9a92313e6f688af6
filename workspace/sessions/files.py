"""Documents attached to a session: whoever sees the session reads them, whoever edits it adds and removes them."""

import hashlib
from collections.abc import Mapping
from pathlib import PurePath
from typing import Any
from uuid import UUID

import sqlalchemy as sa

from workspace.core import clock
from workspace.core.actor import Actor
from workspace.core.detection import ensure_unlocked
from workspace.core.errors import BadFile, NotFound, existing, required
from workspace.core.events import SessionRestored, SessionsJoined
from workspace.core.storage import log
from workspace.core.storage.db import Db, Service, row_of
from workspace.sessions import policy
from workspace.sessions.models import Session, SessionFile

LARGEST_FILE = 10_000_000  # bytes
MOST_FILES = 30  # of one session
_LONGEST_NAME = 120
_ARCHIVE = b"PK\x03\x04"
KINDS: Mapping[str, bytes] = {  # endings, and how such a file begins
    ".pdf": b"%PDF-",
    **dict.fromkeys((".docx", ".xlsx", ".pptx", ".odt", ".ods", ".odp"), _ARCHIVE),
    ".png": b"\x89PNG",
    **dict.fromkeys((".jpg", ".jpeg"), b"\xff\xd8\xff"),
    **dict.fromkeys((".txt", ".md", ".csv"), b""),
}


class FileService(Service):
    """The files of sessions."""

    def files(self, session: Session) -> list[SessionFile]:
        """The files of a session that the reader has got, in the order in which they were attached."""
        rows = sa.select(SessionFile).filter_by(session_id=session.id, removed_at=None)
        return list(self.db.scalars(rows.order_by(SessionFile.added_at, SessionFile.id)))

    def get(self, session: Session, file_id: UUID) -> SessionFile:
        """One of them; raises `NotFound`."""
        found = self._any(session, file_id)
        if found.removed_at is not None:
            raise NotFound(what="file", id=str(file_id))
        return found

    def attach(self, session: Session, name: str, content: bytes, *, actor: Actor) -> SessionFile:
        """Add a document to a session; one that it has already is that one.

        Raises `BadFile` for a file that is empty, too large, of no kind that is taken or not what its name says, and
        where there are too many.
        """
        policy.ensure_may_edit(actor, session)
        name = _safe_name(name)
        _ensure_fit(name, content)
        digest = hashlib.sha256(content).hexdigest()
        known = self.db.scalar(sa.select(SessionFile).filter_by(session_id=session.id, sha256=digest))
        if known is not None:
            return known if known.removed_at is None else self.restore(session, known.id, actor=actor)
        if len(self.files(session)) >= MOST_FILES:
            raise BadFile(source=name, reason="too_many_files", limit=MOST_FILES)
        added = SessionFile(
            session_id=session.id,
            name=name,
            size=len(content),
            sha256=digest,
            content=content,
            added_by_id=actor.person_id,
            added_at=clock.now(),
        )
        self.db.add(added)
        self._record("session.file_added", session, added, actor, sha256=digest)
        return added

    def remove(self, session: Session, file_id: UUID, *, actor: Actor) -> SessionFile:
        """Take a document away from a session; it can be restored. Raises `NotFound`."""
        policy.ensure_may_edit(actor, session)
        removed = self.get(session, file_id)
        removed.removed_at = clock.now()
        self._record("session.file_removed", session, removed, actor)
        return removed

    def restore(self, session: Session, file_id: UUID, *, actor: Actor) -> SessionFile:
        """Give a document back to its session; raises `NotFound`."""
        policy.ensure_may_edit(actor, session)
        restored = self._any(session, file_id)
        if restored.removed_at is not None:
            restored.removed_at = None
            self._record("session.file_restored", session, restored, actor)
        return restored

    def _any(self, session: Session, file_id: UUID) -> SessionFile:
        return existing(row_of(self.db, SessionFile, file_id, session_id=session.id), "file", file_id)

    def _record(self, kind: str, session: Session, file: SessionFile, actor: Actor, **more: str) -> None:
        self.db.flush()
        facts: dict[str, Any] = {"session": str(session.id), "file": str(file.id), **more}
        log.record(self.db, kind, actor=actor, forum_id=session.forum_id, **facts)


def follow(db: Db, event: SessionsJoined) -> None:
    """Answer to `SessionsJoined`: the files of the one are of the other, those that both had once."""
    kept = {file.sha256: file for file in db.scalars(sa.select(SessionFile).filter_by(session_id=event.kept_id))}
    moved = []
    for file in db.scalars(sa.select(SessionFile).filter_by(session_id=event.other_id)):
        twin = kept.get(file.sha256)
        if twin is not None:
            twin.removed_at = twin.removed_at and file.removed_at
            continue
        file.session_id = event.kept_id
        moved.append(str(file.id))
    joined = db.get_one(Session, event.other_id)
    joined.moved = {**(joined.moved or {}), "files": moved}


def give_back(db: Db, event: SessionRestored) -> None:
    """Answer to `SessionRestored`: its files are its own again."""
    ids = [UUID(id_) for id_ in (db.get_one(Session, event.session_id).moved or {}).get("files", ())]
    for file in db.scalars(sa.select(SessionFile).where(SessionFile.id.in_(ids))):
        file.session_id = event.session_id


def _safe_name(name: str) -> str:
    """The last part of a path without signs that show nothing, short enough, its ending kept."""
    last = name.replace("\\", "/").rpartition("/")[2]
    plain = PurePath("".join(sign for sign in last if sign.isprintable()).strip(" .") or "document")
    return plain.stem[: _LONGEST_NAME - len(plain.suffix)] + plain.suffix


def _ensure_fit(name: str, content: bytes) -> None:
    begins = required(KINDS.get(PurePath(name).suffix.lower()), BadFile(source=name, reason="not_attachable"))
    if not content:
        raise BadFile(source=name, reason="empty")
    if len(content) > LARGEST_FILE:
        raise BadFile(source=name, reason="too_large", bytes=len(content), most=LARGEST_FILE)
    ensure_unlocked(content, source=name)
    if not content.startswith(begins):
        raise BadFile(source=name, reason="damaged_file")
