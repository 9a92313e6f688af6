"""Sessions of a forum and the documents they were read from."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column, relationship

from workspace.core.storage.db import Model, primary_key
from workspace.core.storage.forum_scope import scope
from workspace.people.models import Forum

Awaiting = Mapping[int, Mapping[str, Any]]  # statements that await their session, by number


class SourceDocument(Model):
    """A document as it came in, kept whole, so that every line cited can be shown.

    `text` is what was read from it, line by line; `original` the file itself, where it was no plain text.
    One that tells of no session `awaits_session` for whatever it says beside its statements. `awaiting` are the
    statements (text, line, section…) of which nobody knows in which session they were made, each in its place for good:
    null where it awaits none any more. None for no list: all where the document awaits its session, else none.
    """

    __tablename__ = "source_document"
    __table_args__ = (sa.UniqueConstraint("forum_id", "sha256"),)

    id: Mapped[UUID] = primary_key()
    forum_id: Mapped[UUID] = mapped_column(sa.ForeignKey("forum.id"), index=True)
    name: Mapped[str]
    language: Mapped[str] = mapped_column(sa.String(3))
    sha256: Mapped[str]
    text: Mapped[str]
    media_type: Mapped[str] = mapped_column(default="text/plain", server_default="text/plain")
    original: Mapped[bytes | None] = mapped_column(deferred=True)
    original_sha256: Mapped[str | None]
    imported_by_id: Mapped[UUID | None] = mapped_column(sa.ForeignKey("person.id"))
    imported_at: Mapped[datetime]
    awaits_session: Mapped[bool] = mapped_column(default=False, server_default=sa.false())
    awaiting: Mapped[list[dict[str, Any] | None] | None] = mapped_column(sa.JSON(none_as_null=True))

    @property
    def is_awaiting(self) -> bool:
        """Whether anything it says awaits a session."""
        return self.awaits_session or self.awaiting is not None

    @property
    def awaiting_statements(self) -> Awaiting:
        """The statements that await their session, by their numbers from 1, which stay when others are taken out."""
        return {number: said for number, said in enumerate(self.awaiting or (), start=1) if said}


class Session(Model):
    """One sitting of a forum. Times are kept as the document gives them, with offset only where it gives one.

    `details` holds what else was found (speakers, agenda, objectives, questions…)
    in the shape `workspace.sessions.extraction.SessionDetails`. `as_read` is what it was before somebody
    corrected it; `confirmed_at` says that somebody looked through what was read. One that was joined with another is
    removed, and `moved` says what went to that one: `lines` that stand before its note there, and ids by kind.
    """

    __tablename__ = "session"
    __table_args__ = (sa.UniqueConstraint("forum_id", "number"),)

    id: Mapped[UUID] = primary_key()
    forum_id: Mapped[UUID] = mapped_column(sa.ForeignKey("forum.id"), index=True)
    document_id: Mapped[UUID | None] = mapped_column(sa.ForeignKey("source_document.id"), index=True)
    number: Mapped[int]
    title: Mapped[str]
    language: Mapped[str] = mapped_column(sa.String(3))
    starts: Mapped[str | None]
    ends: Mapped[str | None]
    place: Mapped[str | None]
    rapporteur_id: Mapped[UUID | None] = mapped_column(sa.ForeignKey("person.id"))  # whose session it is to note down
    details: Mapped[dict[str, Any]] = mapped_column(sa.JSON, default=dict)
    as_read: Mapped[dict[str, Any] | None] = mapped_column(sa.JSON(none_as_null=True))
    confirmed_by_id: Mapped[UUID | None] = mapped_column(sa.ForeignKey("person.id"))
    confirmed_at: Mapped[datetime | None]
    removed_at: Mapped[datetime | None]  # from the programme; it can be restored
    joined_into_id: Mapped[UUID | None] = mapped_column(sa.ForeignKey("session.id"))
    moved: Mapped[dict[str, Any] | None] = mapped_column(sa.JSON(none_as_null=True))

    forum: Mapped[Forum] = relationship()
    document: Mapped[SourceDocument | None] = relationship()


class SessionFile(Model):
    """A document that somebody attached to a session, kept byte for byte, also once it is removed."""

    __tablename__ = "session_file"
    __table_args__ = (sa.UniqueConstraint("session_id", "sha256"),)

    id: Mapped[UUID] = primary_key()
    session_id: Mapped[UUID] = mapped_column(sa.ForeignKey("session.id"), index=True)
    name: Mapped[str]
    size: Mapped[int]  # in bytes
    sha256: Mapped[str] = mapped_column(sa.String(64))
    content: Mapped[bytes] = mapped_column(sa.LargeBinary, deferred=True)
    added_by_id: Mapped[UUID | None] = mapped_column(sa.ForeignKey("person.id"))
    added_at: Mapped[datetime]
    removed_at: Mapped[datetime | None]  # it can be restored

    session: Mapped[Session] = relationship()


class CalendarFeed(Model):
    """A calendar address of somebody's own: `digest` is the SHA-256 of the secret in it."""

    __tablename__ = "calendar_feed"
    __table_args__ = (sa.UniqueConstraint("forum_id", "person_id"),)

    id: Mapped[UUID] = primary_key()
    forum_id: Mapped[UUID] = mapped_column(sa.ForeignKey("forum.id"))
    person_id: Mapped[UUID] = mapped_column(sa.ForeignKey("person.id"), index=True)
    digest: Mapped[str] = mapped_column(sa.String(64), unique=True)
    made_at: Mapped[datetime]


SCOPES = (
    scope(SourceDocument, SourceDocument.forum_id),
    scope(Session, Session.forum_id, order=(Session.number,)),
    scope(SessionFile, SessionFile.session_id),
)
