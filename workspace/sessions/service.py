"""Keeping the documents of a forum and the sessions they tell of."""

import hashlib
from uuid import UUID

import msgspec
import sqlalchemy as sa
from sqlalchemy.orm import joinedload

from workspace.core import clock, log
from workspace.core.actor import Actor
from workspace.core.db import Db
from workspace.core.errors import NotFound
from workspace.people.models import Forum
from workspace.sessions import policy
from workspace.sessions.extraction import SessionDetails
from workspace.sessions.models import Session, SourceDocument


class SessionService:
    """Sessions and their documents."""

    def __init__(self, db: Db) -> None:
        self.db = db

    def keep_document(
        self, forum: Forum, *, name: str, language: str, text: str, actor: Actor
    ) -> SourceDocument | None:
        """Store a document whole. None if the forum has this very text already: nothing is taken in twice."""
        policy.ensure_may_import_notes(actor, forum)
        digest = hashlib.sha256(text.encode()).hexdigest()
        known = sa.select(SourceDocument.id).where(SourceDocument.forum_id == forum.id, SourceDocument.sha256 == digest)
        if self.db.scalar(known):
            return None
        document = SourceDocument(
            forum_id=forum.id,
            name=name,
            language=language,
            sha256=digest,
            text=text,
            imported_by_id=actor.person_id,
            imported_at=clock.now(),
        )
        self.db.add(document)
        self.db.flush()
        log.record(self.db, "notes.imported", actor=actor, forum_id=forum.id, document=str(document.id), sha256=digest)
        return document

    def add(
        self, forum: Forum, details: SessionDetails, *, language: str, document: SourceDocument | None, actor: Actor
    ) -> Session:
        """Add a session at the end of the programme, as a document tells of it."""
        policy.ensure_may_import_notes(actor, forum)
        last = self.db.scalar(sa.select(sa.func.max(Session.number)).where(Session.forum_id == forum.id))
        session = Session(
            forum_id=forum.id,
            document=document,
            number=(last or 0) + 1,
            title=details.found.title,
            language=language,
            starts=details.found.start,
            ends=details.found.end,
            place=details.found.place,
            details=msgspec.to_builtins(details),
        )
        self.db.add(session)
        self.db.flush()
        return session

    def programme(self, forum: Forum) -> list[Session]:
        """The sessions of a forum in the order of their numbers."""
        return list(self.db.scalars(sa.select(Session).where(Session.forum_id == forum.id).order_by(Session.number)))

    def get(self, session_id: UUID) -> Session:
        """One session with its document; raises `NotFound`."""
        session = self.db.scalar(
            sa.select(Session)
            .where(Session.id == session_id)
            .options(joinedload(Session.document), joinedload(Session.forum))
        )
        if session is None:
            raise NotFound(what="session", id=str(session_id))
        return session

    def details(self, session: Session) -> SessionDetails:
        return msgspec.convert(session.details, SessionDetails)
