"""What translators have decided about findings of the checks."""

from datetime import datetime
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column, relationship

from drafts.blocks import Language
from workspace.core.db import Model, primary_key
from workspace.people.models import Person


class Waiver(Model):
    """A finding that somebody lets stand, with a reason; append-only.

    It holds for these very words: `words_hash` is that of the texts the check
    compared, so the waiver dies by itself when one of them changes.
    """

    __tablename__ = "waiver"
    __table_args__ = (sa.UniqueConstraint("block_id", "language", "check_name", "words_hash"),)

    id: Mapped[UUID] = primary_key()
    declaration_id: Mapped[UUID] = mapped_column(sa.ForeignKey("declaration.id"), index=True)
    block_id: Mapped[UUID] = mapped_column(sa.ForeignKey("block.id"), index=True)
    language: Mapped[Language]
    check_name: Mapped[str]
    words_hash: Mapped[str]
    reason: Mapped[str]
    waived_by_id: Mapped[UUID | None] = mapped_column(sa.ForeignKey("person.id"))
    waived_at: Mapped[datetime]

    waived_by: Mapped[Person | None] = relationship()
