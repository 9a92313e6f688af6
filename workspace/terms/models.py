"""Agreed wording, how a forum writes, and the segments of its translation memory."""

from datetime import datetime
from enum import StrEnum
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column

from drafts.checks import Profile
from drafts.text.blocks import Language
from workspace.core.storage.db import Model, new_id, primary_key
from workspace.core.storage.forum_scope import scope


class TermRecord(Model):
    """One notion: the wordings agreed in each language, and those that are ruled out.

    Without a declaration it holds in the whole forum. `version_id` names its present state.
    """

    __tablename__ = "term"

    id: Mapped[UUID] = primary_key()
    forum_id: Mapped[UUID] = mapped_column(sa.ForeignKey("forum.id"), index=True)
    declaration_id: Mapped[UUID | None] = mapped_column(sa.ForeignKey("declaration.id"), index=True)
    es: Mapped[list[str]] = mapped_column(sa.JSON)
    en: Mapped[list[str]] = mapped_column(sa.JSON)
    fr: Mapped[list[str]] = mapped_column(sa.JSON)
    forbidden: Mapped[dict[str, list[str]]] = mapped_column(sa.JSON, default=dict)
    domain: Mapped[str] = mapped_column(default="", server_default="")
    note: Mapped[str] = mapped_column(default="", server_default="")
    is_kept: Mapped[bool] = mapped_column(default=False, server_default=sa.false())  # a name: never translated
    version_id: Mapped[UUID] = mapped_column(default=new_id)
    changed_by_id: Mapped[UUID | None] = mapped_column(sa.ForeignKey("person.id"))
    changed_at: Mapped[datetime]

    def wordings(self, language: Language) -> list[str]:
        return {Language.ES: self.es, Language.EN: self.en, Language.FR: self.fr}[language]


class HouseStyle(Model):
    """By whose guide a forum, or one declaration of it, writes; `severities` weighs single checks otherwise."""

    __tablename__ = "house_style"

    id: Mapped[UUID] = primary_key()
    forum_id: Mapped[UUID] = mapped_column(sa.ForeignKey("forum.id"), index=True)
    declaration_id: Mapped[UUID | None] = mapped_column(sa.ForeignKey("declaration.id"), index=True)
    profile: Mapped[Profile]
    severities: Mapped[dict[str, str]] = mapped_column(sa.JSON, default=dict)
    version_id: Mapped[UUID] = mapped_column(default=new_id)
    changed_by_id: Mapped[UUID | None] = mapped_column(sa.ForeignKey("person.id"))
    changed_at: Mapped[datetime]


class Trust(StrEnum):
    """How a segment came into the memory, from least to most to be relied on."""

    IMPORTED = "imported"  # from a file of another memory
    SAVED = "saved"  # a translation that was up to date when it was saved
    APPROVED = "approved"  # by a second translator
    CONCORDED = "concorded"  # signed in three languages


class SegmentRecord(Model):
    """One unit of the translation memory in up to three languages.

    `key` is the same for one wording of a paragraph's original, whatever becomes of its translations, and for
    the same texts out of a file. `before` holds per language the hash of the text that stood before it.
    `position` grows whenever a segment is added or changed, so that an index can catch up.
    """

    __tablename__ = "segment"
    __table_args__ = (sa.UniqueConstraint("forum_id", "key"), sa.Index(None, "forum_id", "position"))

    id: Mapped[UUID] = primary_key()
    forum_id: Mapped[UUID] = mapped_column(sa.ForeignKey("forum.id"))
    key: Mapped[str] = mapped_column(sa.String(64))
    position: Mapped[int]
    es: Mapped[str | None]
    en: Mapped[str | None]
    fr: Mapped[str | None]
    before: Mapped[dict[str, str]] = mapped_column(sa.JSON, default=dict)
    trust: Mapped[Trust]
    origin: Mapped[str] = mapped_column(default="", server_default="")  # the file it came in
    declaration_id: Mapped[UUID | None] = mapped_column(sa.ForeignKey("declaration.id"), index=True)
    block_id: Mapped[UUID | None] = mapped_column(sa.ForeignKey("block.id"), index=True)
    made_by_id: Mapped[UUID | None] = mapped_column(sa.ForeignKey("person.id"))
    made_at: Mapped[datetime]

    def text(self, language: Language) -> str | None:
        return {Language.ES: self.es, Language.EN: self.en, Language.FR: self.fr}[language]


SCOPES = (
    scope(TermRecord, TermRecord.forum_id),
    scope(HouseStyle, HouseStyle.forum_id),
    scope(SegmentRecord, SegmentRecord.forum_id),
)
