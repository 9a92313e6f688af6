"""Published editions and their files, frozen."""

from datetime import date, datetime
from enum import StrEnum
from typing import Any
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column, relationship

from drafts.checks.changes import Correction
from drafts.formats.apparatus import AnnexKind, Position
from drafts.text.blocks import Language
from workspace.approvals.models import ApprovalRequest
from workspace.core.storage.db import Model, Trilingual, primary_key
from workspace.core.storage.forum_scope import scope
from workspace.declarations.domain.models import Declaration, Revision
from workspace.people.models import Forum, Organisation, Person


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


class CorrigendumState(StrEnum):
    """Where a corrigendum stands."""

    PREPARED = "prepared"  # being written; it can be dropped without a trace in the text
    ASKED = "asked"  # waits for a second person
    SILENT = "silent"  # stands unless somebody objects before its time is up
    MADE = "made"  # its edition has come out
    BROKEN = "broken"  # somebody objected
    WITHDRAWN = "withdrawn"  # taken back, or declined by the second person

    @property
    def is_over(self) -> bool:
        return self in {CorrigendumState.MADE, CorrigendumState.BROKEN, CorrigendumState.WITHDRAWN}

    @property
    def waits(self) -> bool:
        """Whether its words can change no longer, because somebody is asked about them."""
        return self in {CorrigendumState.ASKED, CorrigendumState.SILENT}


class Corrigendum(Model):
    """Corrections to edition `edition_id`; once it stands, `made_id` is the edition that has them.

    While a silence lasts, `closes_at` says until when somebody may object; `objection` is what they said.
    """

    __tablename__ = "corrigendum"
    __table_args__ = (sa.UniqueConstraint("declaration_id", "number"),)

    id: Mapped[UUID] = primary_key()
    declaration_id: Mapped[UUID] = mapped_column(sa.ForeignKey("declaration.id"), index=True)
    number: Mapped[int]
    edition_id: Mapped[UUID] = mapped_column(sa.ForeignKey("edition.id"))
    reason: Mapped[str] = mapped_column(default="")
    reasons: Mapped[Trilingual | None]  # by language, where whoever asked said in which
    state: Mapped[CorrigendumState] = mapped_column(default=CorrigendumState.PREPARED)
    prepared_by_id: Mapped[UUID] = mapped_column(sa.ForeignKey("person.id"))
    prepared_at: Mapped[datetime]
    asked_by_id: Mapped[UUID | None] = mapped_column(sa.ForeignKey("person.id"))
    asked_at: Mapped[datetime | None]
    closes_at: Mapped[datetime | None] = mapped_column(index=True)
    closes_offset: Mapped[int | None]
    zone: Mapped[str] = mapped_column(default="")
    ended_by_id: Mapped[UUID | None] = mapped_column(sa.ForeignKey("person.id"))
    ended_at: Mapped[datetime | None]
    objection: Mapped[str] = mapped_column(default="")
    organisation_id: Mapped[UUID | None] = mapped_column(sa.ForeignKey("organisation.id"))
    request_id: Mapped[UUID | None] = mapped_column(sa.ForeignKey("approval_request.id"))  # to a second person
    made_id: Mapped[UUID | None] = mapped_column(sa.ForeignKey("edition.id"), index=True)

    declaration: Mapped[Declaration] = relationship()
    edition: Mapped[Edition] = relationship(foreign_keys=[edition_id])
    made: Mapped[Edition | None] = relationship(foreign_keys=[made_id])
    asked_by: Mapped[Person | None] = relationship(foreign_keys=[asked_by_id])
    organisation: Mapped[Organisation | None] = relationship()
    request: Mapped[ApprovalRequest | None] = relationship()
    changes: Mapped[list["CorrigendumChange"]] = relationship(
        order_by="CorrigendumChange.made_at", cascade="all, delete-orphan", lazy="selectin"
    )


class CorrigendumChange(Model):
    """One paragraph in one language as it ought to read; `before_id` is the text that was published."""

    __tablename__ = "corrigendum_change"

    corrigendum_id: Mapped[UUID] = mapped_column(sa.ForeignKey("corrigendum.id"), primary_key=True)
    block_id: Mapped[UUID] = mapped_column(sa.ForeignKey("block.id"), primary_key=True)
    language: Mapped[Language] = mapped_column(primary_key=True)
    before_id: Mapped[UUID] = mapped_column(sa.ForeignKey("text_version.id"))
    text: Mapped[str]
    kind: Mapped[Correction]
    is_proved: Mapped[bool] = mapped_column(default=False)
    made_by_id: Mapped[UUID] = mapped_column(sa.ForeignKey("person.id"))
    made_at: Mapped[datetime]


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


class SignatoryRecord(Model):
    """Who signs for whom, as it is printed. A name or capacity that one language lacks is printed as another has it."""

    __tablename__ = "signatory"

    id: Mapped[UUID] = primary_key()
    declaration_id: Mapped[UUID] = mapped_column(sa.ForeignKey("declaration.id"), index=True)
    organisation: Mapped[Trilingual]
    person: Mapped[str] = mapped_column(default="")
    capacity: Mapped[Trilingual] = mapped_column(default=Trilingual())
    signed_on: Mapped[date | None]
    entered_by_id: Mapped[UUID | None] = mapped_column(sa.ForeignKey("person.id"))
    entered_at: Mapped[datetime]

    declaration: Mapped[Declaration] = relationship()


class ReservationWindow(Model):
    """From when until when members may put reservations on record."""

    __tablename__ = "reservation_window"

    declaration_id: Mapped[UUID] = mapped_column(sa.ForeignKey("declaration.id"), primary_key=True)
    opens_at: Mapped[datetime]
    closes_at: Mapped[datetime]
    set_by_id: Mapped[UUID | None] = mapped_column(sa.ForeignKey("person.id"))
    set_at: Mapped[datetime]


class ReservationRecord(Model):
    """What an organisation put on record about a paragraph, or without one about the whole text.

    `text` is as it was filed in `language`; the other languages are translations. Withdrawn ones stay on record.
    """

    __tablename__ = "reservation"
    __table_args__ = (sa.UniqueConstraint("declaration_id", "number"),)

    id: Mapped[UUID] = primary_key()
    declaration_id: Mapped[UUID] = mapped_column(sa.ForeignKey("declaration.id"), index=True)
    number: Mapped[int]
    position: Mapped[Position]
    organisation_id: Mapped[UUID] = mapped_column(sa.ForeignKey("organisation.id"))
    block_id: Mapped[UUID | None] = mapped_column(sa.ForeignKey("block.id"))
    language: Mapped[Language]
    text: Mapped[Trilingual]
    filed_by_id: Mapped[UUID | None] = mapped_column(sa.ForeignKey("person.id"))
    filed_at: Mapped[datetime]
    withdrawn_at: Mapped[datetime | None]

    declaration: Mapped[Declaration] = relationship()
    organisation: Mapped[Organisation] = relationship()


class AnnexRecord(Model):
    """An annex of the next edition: words of its own in Markdown, or what the forum has made (`kind`).

    `version` is the annex's own, such as that of a code of conduct; `theme_id` the set whose recommendations it holds,
    or with `other_theme_id` one of two, of which it holds what they have in common.
    """

    __tablename__ = "annex"

    id: Mapped[UUID] = primary_key()
    declaration_id: Mapped[UUID] = mapped_column(sa.ForeignKey("declaration.id"), index=True)
    position: Mapped[int]
    kind: Mapped[AnnexKind]
    title: Mapped[Trilingual]
    text: Mapped[Trilingual] = mapped_column(default=Trilingual())
    version: Mapped[str] = mapped_column(default="")
    theme_id: Mapped[UUID | None]  # no foreign key: a set can be removed, and the annex is then unfinished
    other_theme_id: Mapped[UUID | None] = mapped_column(default=None)
    entered_by_id: Mapped[UUID | None] = mapped_column(sa.ForeignKey("person.id"))
    entered_at: Mapped[datetime]

    declaration: Mapped[Declaration] = relationship()


class ParentKind(StrEnum):
    """How a forum comes before another."""

    REGIONAL = "regional"  # held before a world forum
    EARLIER = "earlier"  # the one before this


class ForumParent(Model):
    """A forum whose published text is a source of this one: on this server, or an edition read from a verified bundle.

    `parent_id` is a forum here, if it is still here: no row of another forum is bound by it. Of a bundle, `paragraphs`
    are what was read from it, `content` its bytes, and `key` is the key that the edition was verified with.
    """

    __tablename__ = "forum_parent"

    id: Mapped[UUID] = primary_key()
    forum_id: Mapped[UUID] = mapped_column(sa.ForeignKey("forum.id"), index=True)
    kind: Mapped[ParentKind]
    parent_id: Mapped[UUID | None]
    name: Mapped[Trilingual]
    title: Mapped[Trilingual] = mapped_column(default=Trilingual())
    edition: Mapped[int] = mapped_column(default=0)
    manifest_sha256: Mapped[str] = mapped_column(default="")
    key: Mapped[str] = mapped_column(default="")
    paragraphs: Mapped[list[dict[str, Any]]] = mapped_column(sa.JSON, default=list)
    content: Mapped[bytes | None] = mapped_column(deferred=True)
    made_by_id: Mapped[UUID | None] = mapped_column(sa.ForeignKey("person.id"))
    made_at: Mapped[datetime]

    forum: Mapped[Forum] = relationship()


class CircularKind(StrEnum):
    """What is written to the members."""

    CIRCULAR = "circular"
    REPORT = "report"  # of a year


class Circular(Model):
    """What the secretariat writes to everybody who takes part. Once it is sent it never changes."""

    __tablename__ = "circular"
    __table_args__ = (sa.UniqueConstraint("forum_id", "number"),)

    id: Mapped[UUID] = primary_key()
    forum_id: Mapped[UUID] = mapped_column(sa.ForeignKey("forum.id"), index=True)
    number: Mapped[int]
    kind: Mapped[CircularKind]
    subject: Mapped[Trilingual]
    text: Mapped[Trilingual]
    wants_answer: Mapped[bool] = mapped_column(default=False)
    written_by_id: Mapped[UUID | None] = mapped_column(sa.ForeignKey("person.id"))
    written_at: Mapped[datetime]
    sent_by_id: Mapped[UUID | None] = mapped_column(sa.ForeignKey("person.id"))
    sent_at: Mapped[datetime | None]
    sent_to: Mapped[int] = mapped_column(default=0)

    forum: Mapped[Forum] = relationship()
    answers: Mapped[list["CircularAnswer"]] = relationship(order_by="CircularAnswer.answered_at")


class CircularAnswer(Model):
    """What an organisation answered to a circular, or a person who speaks for none; answering again replaces it."""

    __tablename__ = "circular_answer"

    id: Mapped[UUID] = primary_key()
    circular_id: Mapped[UUID] = mapped_column(sa.ForeignKey("circular.id"), index=True)
    organisation_id: Mapped[UUID | None] = mapped_column(sa.ForeignKey("organisation.id"))
    person_id: Mapped[UUID] = mapped_column(sa.ForeignKey("person.id"))
    text: Mapped[str]
    answered_at: Mapped[datetime]

    organisation: Mapped[Organisation | None] = relationship()
    person: Mapped[Person] = relationship()


SCOPES = (
    scope(Circular, Circular.forum_id),
    scope(CircularAnswer, CircularAnswer.circular_id),
    scope(ForumParent, ForumParent.forum_id),
    scope(Edition),
    scope(EditionFile, EditionFile.edition_id),
    scope(SealedEdition),
    scope(SealedFile),
    scope(Corrigendum),
    scope(CorrigendumChange, CorrigendumChange.corrigendum_id),
    scope(SignatoryRecord),
    scope(ReservationWindow),
    scope(ReservationRecord, order=(ReservationRecord.declaration_id, ReservationRecord.number)),
    scope(AnnexRecord),
)
