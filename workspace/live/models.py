"""Claims: that somebody is at work on a paragraph. Advice to others, which ends by itself."""

from datetime import datetime
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column, relationship

from workspace.core.storage.db import Model
from workspace.people.models import Person


class ParagraphClaim(Model):
    """Somebody is at work on a block since a moment. It counts until `until`, and is renewed while they are."""

    __tablename__ = "paragraph_claim"

    block_id: Mapped[UUID] = mapped_column(sa.ForeignKey("block.id"), primary_key=True)
    person_id: Mapped[UUID] = mapped_column(sa.ForeignKey("person.id"), primary_key=True, index=True)
    declaration_id: Mapped[UUID] = mapped_column(sa.ForeignKey("declaration.id"), index=True)
    since: Mapped[datetime]
    until: Mapped[datetime]

    person: Mapped[Person] = relationship()
