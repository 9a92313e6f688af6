"""What translators have decided, taken on, suggested and signed."""

from collections.abc import Sequence
from datetime import date, datetime
from enum import StrEnum
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column, relationship

from drafts.text.blocks import Language
from workspace.core.storage.db import Model, primary_key
from workspace.core.storage.forum_scope import scope
from workspace.declarations.domain.models import TextVersion
from workspace.declarations.domain.personal_drafts import PersonalDraft
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


class ReviewVerdict(StrEnum):
    """What a second translator says of a text."""

    APPROVED = "approved"
    RETURNED = "returned"  # with a word on what is wrong with it


class Review(Model):
    """What a second translator said of one text version; append-only, and the last word counts."""

    __tablename__ = "text_review"

    id: Mapped[UUID] = primary_key()
    declaration_id: Mapped[UUID] = mapped_column(sa.ForeignKey("declaration.id"), index=True)
    version_id: Mapped[UUID] = mapped_column(sa.ForeignKey("text_version.id"), index=True)
    verdict: Mapped[ReviewVerdict]
    note: Mapped[str] = mapped_column(default="", server_default="")
    reviewed_by_id: Mapped[UUID | None] = mapped_column(sa.ForeignKey("person.id"))
    reviewed_at: Mapped[datetime]

    version: Mapped[TextVersion] = relationship()
    reviewed_by: Mapped[Person | None] = relationship()


class Concordance(Model):
    """A signed triple: the three texts of a paragraph say the same. No text where a decision left a language out.

    Append-only. Each signer answers for the `languages` they are entered for; the triple is concorded once every
    language is answered for. It holds as long as every text in force is the signed one, typography aside.
    """

    __tablename__ = "concordance"

    id: Mapped[UUID] = primary_key()
    declaration_id: Mapped[UUID] = mapped_column(sa.ForeignKey("declaration.id"), index=True)
    block_id: Mapped[UUID] = mapped_column(sa.ForeignKey("block.id"), index=True)
    es_id: Mapped[UUID | None] = mapped_column(sa.ForeignKey("text_version.id"))
    en_id: Mapped[UUID | None] = mapped_column(sa.ForeignKey("text_version.id"))
    fr_id: Mapped[UUID | None] = mapped_column(sa.ForeignKey("text_version.id"))
    languages: Mapped[str] = mapped_column(default="es,en,fr", server_default="es,en,fr")
    note: Mapped[str] = mapped_column(default="", server_default="")
    signed_by_id: Mapped[UUID | None] = mapped_column(sa.ForeignKey("person.id"))
    signed_at: Mapped[datetime]

    signed_by: Mapped[Person | None] = relationship()

    @property
    def answered(self) -> Sequence[Language]:
        """The languages that its signer answers for."""
        return [Language(language) for language in self.languages.split(",")]

    def signed(self, language: Language) -> UUID | None:
        """The text version that was signed in `language`."""
        return {Language.ES: self.es_id, Language.EN: self.en_id, Language.FR: self.fr_id}[language]


class SignOff(Model):
    """A reviser answers for one language of the whole text; append-only.

    `texts_hash` stands for its words in their order, typography aside: the signature dies when they change.
    """

    __tablename__ = "sign_off"

    id: Mapped[UUID] = primary_key()
    declaration_id: Mapped[UUID] = mapped_column(sa.ForeignKey("declaration.id"), index=True)
    language: Mapped[Language]
    texts_hash: Mapped[str] = mapped_column(sa.String(64))
    signed_by_id: Mapped[UUID | None] = mapped_column(sa.ForeignKey("person.id"))
    signed_at: Mapped[datetime]

    signed_by: Mapped[Person | None] = relationship()


class TranslationDraft(PersonalDraft):
    """A translation that somebody is still writing; `content` holds `drafts.DraftContent`."""

    __tablename__ = "translation_draft"


class TextClaim(Model):
    """Somebody is at work on this text until a moment; advice to the others, and no lock."""

    __tablename__ = "text_claim"

    block_id: Mapped[UUID] = mapped_column(sa.ForeignKey("block.id"), primary_key=True)
    language: Mapped[Language] = mapped_column(primary_key=True)
    declaration_id: Mapped[UUID] = mapped_column(sa.ForeignKey("declaration.id"), index=True)
    person_id: Mapped[UUID] = mapped_column(sa.ForeignKey("person.id"))
    until: Mapped[datetime]

    person: Mapped[Person] = relationship()


class Assignment(Model):
    """Whose work a language is, or one paragraph in it, and until when."""

    __tablename__ = "assignment"

    id: Mapped[UUID] = primary_key()
    declaration_id: Mapped[UUID] = mapped_column(sa.ForeignKey("declaration.id"), index=True)
    language: Mapped[Language]
    block_id: Mapped[UUID | None] = mapped_column(sa.ForeignKey("block.id"))
    person_id: Mapped[UUID] = mapped_column(sa.ForeignKey("person.id"), index=True)
    due_on: Mapped[date | None]
    made_by_id: Mapped[UUID | None] = mapped_column(sa.ForeignKey("person.id"))
    made_at: Mapped[datetime]

    person: Mapped[Person] = relationship(foreign_keys=[person_id])


class SuggestionSource(StrEnum):
    """Where a suggested text comes from."""

    FILE = "file"  # a translator's own tool, whose file came back when the text had moved on
    AMENDMENT = "amendment"  # a tabled amendment, translated beforehand


class Suggestion(Model):
    """Words for a text that nobody has put in force. `outcome` is None while it waits.

    `started_from_id` is the text that it would replace, `source_id` the one that it was made from. One that
    belongs to an amendment waits for its decision: `amended` is what the original would say.
    """

    __tablename__ = "suggestion"

    id: Mapped[UUID] = primary_key()
    declaration_id: Mapped[UUID] = mapped_column(sa.ForeignKey("declaration.id"), index=True)
    block_id: Mapped[UUID] = mapped_column(sa.ForeignKey("block.id"), index=True)
    language: Mapped[Language]
    content: Mapped[str]
    came_from: Mapped[SuggestionSource]
    origin: Mapped[str] = mapped_column(default="", server_default="")  # the name of the file
    amendment_id: Mapped[UUID | None] = mapped_column(sa.ForeignKey("amendment.id"), index=True)
    amended: Mapped[str] = mapped_column(default="", server_default="")
    started_from_id: Mapped[UUID | None] = mapped_column(sa.ForeignKey("text_version.id"))
    source_id: Mapped[UUID | None] = mapped_column(sa.ForeignKey("text_version.id"))
    made_by_id: Mapped[UUID | None] = mapped_column(sa.ForeignKey("person.id"))
    made_at: Mapped[datetime]
    is_taken: Mapped[bool | None]
    settled_by_id: Mapped[UUID | None] = mapped_column(sa.ForeignKey("person.id"))
    settled_at: Mapped[datetime | None]

    made_by: Mapped[Person | None] = relationship(foreign_keys=[made_by_id])


SCOPES = (
    scope(Waiver),
    scope(Review),
    scope(Concordance),
    scope(SignOff),
    scope(TextClaim),
    scope(Assignment),
    scope(Suggestion),
)
