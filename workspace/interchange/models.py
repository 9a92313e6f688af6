"""What came back and what was sent in, kept byte for byte: Word files, mails, and what was filed from them."""

from datetime import datetime
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column, relationship

from drafts.text.blocks import Language
from workspace.amendments.domain.models import Amendment
from workspace.core.storage.db import Model, primary_key
from workspace.core.storage.forum_scope import scope
from workspace.declarations.domain.models import Declaration, Revision
from workspace.people.models import Person


class DocumentIn(Model):
    """A file that came back: on which revision it stands, and when what it says was settled.

    Its bytes are the record of what came; a file with the same bytes is the same document.
    """

    __tablename__ = "document_in"
    __table_args__ = (sa.UniqueConstraint("declaration_id", "sha256"),)

    id: Mapped[UUID] = primary_key()
    declaration_id: Mapped[UUID] = mapped_column(sa.ForeignKey("declaration.id"), index=True)
    revision_id: Mapped[UUID] = mapped_column(sa.ForeignKey("revision.id"))
    language: Mapped[Language]
    name: Mapped[str]
    sha256: Mapped[str] = mapped_column(sa.String(64))
    content: Mapped[bytes] = mapped_column(sa.LargeBinary, deferred=True)
    received_by_id: Mapped[UUID | None] = mapped_column(sa.ForeignKey("person.id"))
    received_at: Mapped[datetime]
    settled_by_id: Mapped[UUID | None] = mapped_column(sa.ForeignKey("person.id"))
    settled_at: Mapped[datetime | None]

    declaration: Mapped[Declaration] = relationship()
    revision: Mapped[Revision] = relationship()
    received_by: Mapped[Person | None] = relationship(foreign_keys=[received_by_id])
    filed: Mapped[list["DocumentInAmendment"]] = relationship(back_populates="document")


class DocumentInAmendment(Model):
    """That an amendment was filed from a document."""

    __tablename__ = "document_in_amendment"

    document_id: Mapped[UUID] = mapped_column(sa.ForeignKey("document_in.id"), primary_key=True)
    amendment_id: Mapped[UUID] = mapped_column(sa.ForeignKey("amendment.id"), primary_key=True)

    document: Mapped[DocumentIn] = relationship(back_populates="filed")
    amendment: Mapped[Amendment] = relationship()


class MailIn(Model):
    """A mail that somebody sent instead of filing an amendment: who sent it, and when what it says was settled.

    `person_id` is whose address it came from, if it is a member's. Bytes and address go when the person is erased.
    """

    __tablename__ = "mail_in"
    __table_args__ = (sa.UniqueConstraint("declaration_id", "sha256"),)

    id: Mapped[UUID] = primary_key()
    declaration_id: Mapped[UUID] = mapped_column(sa.ForeignKey("declaration.id"), index=True)
    revision_id: Mapped[UUID] = mapped_column(sa.ForeignKey("revision.id"))
    language: Mapped[Language]
    name: Mapped[str]
    address: Mapped[str]
    sender: Mapped[str]
    subject: Mapped[str]
    sha256: Mapped[str] = mapped_column(sa.String(64))
    words_sha256: Mapped[str] = mapped_column(sa.String(64))  # of what its writer says, however it was sent
    content: Mapped[bytes] = mapped_column(sa.LargeBinary, deferred=True)
    person_id: Mapped[UUID | None] = mapped_column(sa.ForeignKey("person.id"), index=True)
    received_by_id: Mapped[UUID | None] = mapped_column(sa.ForeignKey("person.id"))
    received_at: Mapped[datetime]
    settled_by_id: Mapped[UUID | None] = mapped_column(sa.ForeignKey("person.id"))
    settled_at: Mapped[datetime | None]

    declaration: Mapped[Declaration] = relationship()
    revision: Mapped[Revision] = relationship()
    person: Mapped[Person | None] = relationship(foreign_keys=[person_id])
    received_by: Mapped[Person | None] = relationship(foreign_keys=[received_by_id])
    filed: Mapped[list["MailInAmendment"]] = relationship(back_populates="mail")
    enclosed: Mapped[list["MailInDocument"]] = relationship(back_populates="mail")


class MailInAmendment(Model):
    """That an amendment was filed from a mail."""

    __tablename__ = "mail_in_amendment"

    mail_id: Mapped[UUID] = mapped_column(sa.ForeignKey("mail_in.id"), primary_key=True)
    amendment_id: Mapped[UUID] = mapped_column(sa.ForeignKey("amendment.id"), primary_key=True)

    mail: Mapped[MailIn] = relationship(back_populates="filed")
    amendment: Mapped[Amendment] = relationship()


class MailInDocument(Model):
    """That a Word file came with a mail."""

    __tablename__ = "mail_in_document"

    mail_id: Mapped[UUID] = mapped_column(sa.ForeignKey("mail_in.id"), primary_key=True)
    document_id: Mapped[UUID] = mapped_column(sa.ForeignKey("document_in.id"), primary_key=True)

    mail: Mapped[MailIn] = relationship(back_populates="enclosed")
    document: Mapped[DocumentIn] = relationship()


SCOPES = (
    scope(DocumentIn),
    scope(DocumentInAmendment, DocumentInAmendment.amendment_id),
    scope(MailIn),
    scope(MailInAmendment, MailInAmendment.amendment_id),
    scope(MailInDocument, MailInDocument.mail_id),
)
