"""Published editions and their files, frozen."""

from datetime import date, datetime
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column, relationship

from workspace.core.db import Model, primary_key
from workspace.declarations.models import Declaration, Revision


class Edition(Model):
    """A published, frozen revision. `manifest_sha256` names every byte of it."""

    __tablename__ = "edition"
    __table_args__ = (sa.UniqueConstraint("declaration_id", "number"),)

    id: Mapped[UUID] = primary_key()
    declaration_id: Mapped[UUID] = mapped_column(sa.ForeignKey("declaration.id"), index=True)
    revision_id: Mapped[UUID] = mapped_column(sa.ForeignKey("revision.id"))
    number: Mapped[int]
    adopted_on: Mapped[date]
    manifest_sha256: Mapped[str]
    requested_by_id: Mapped[UUID] = mapped_column(sa.ForeignKey("person.id"))
    published_by_id: Mapped[UUID] = mapped_column(sa.ForeignKey("person.id"))
    published_at: Mapped[datetime]

    declaration: Mapped[Declaration] = relationship()
    revision: Mapped[Revision] = relationship()
    files: Mapped[list["EditionFile"]] = relationship(order_by="EditionFile.name")


class EditionFile(Model):
    """One file of an edition, byte for byte."""

    __tablename__ = "edition_file"

    edition_id: Mapped[UUID] = mapped_column(sa.ForeignKey("edition.id"), primary_key=True)
    name: Mapped[str] = mapped_column(sa.String(120), primary_key=True)
    media_type: Mapped[str]
    sha256: Mapped[str]
    content: Mapped[bytes] = mapped_column(deferred=True)
