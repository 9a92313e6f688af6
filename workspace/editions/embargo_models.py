"""An edition that is finished and sealed, and comes out at an appointed time; nobody can read it before."""

from datetime import date, datetime
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column, relationship

from workspace.core.db import Model
from workspace.declarations.models import Declaration


class SealedEdition(Model):
    """Everything of an edition to be, kept apart from those that are out, so that no door can show it by mistake.

    `was_embargoed`: whether the text was under embargo without it.
    """

    __tablename__ = "sealed_edition"

    declaration_id: Mapped[UUID] = mapped_column(sa.ForeignKey("declaration.id"), primary_key=True)
    edition_id: Mapped[UUID]
    revision_id: Mapped[UUID] = mapped_column(sa.ForeignKey("revision.id"))
    number: Mapped[int]
    adopted_on: Mapped[date]
    fingerprint: Mapped[str]
    manifest_sha256: Mapped[str]
    requested_by_id: Mapped[UUID] = mapped_column(sa.ForeignKey("person.id"))
    confirmed_by_id: Mapped[UUID] = mapped_column(sa.ForeignKey("person.id"))
    sealed_at: Mapped[datetime]
    release_at: Mapped[datetime] = mapped_column(index=True)
    release_offset: Mapped[int]
    zone: Mapped[str]
    was_embargoed: Mapped[bool]

    declaration: Mapped[Declaration] = relationship()
    files: Mapped[list["SealedFile"]] = relationship(order_by="SealedFile.name", cascade="all, delete-orphan")


class SealedFile(Model):
    """One file of it, byte for byte."""

    __tablename__ = "sealed_file"

    declaration_id: Mapped[UUID] = mapped_column(sa.ForeignKey("sealed_edition.declaration_id"), primary_key=True)
    name: Mapped[str] = mapped_column(sa.String(120), primary_key=True)
    media_type: Mapped[str]
    sha256: Mapped[str]
    content: Mapped[bytes]
