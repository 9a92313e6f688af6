"""Where the text lives: blocks without text, immutable text versions, revisions that pin them, heads that move."""

from datetime import datetime
from enum import StrEnum
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column, relationship

from drafts.formats.assembly import Authenticity
from drafts.languages.staleness import ChangeClass, EdgeKind
from drafts.text.blocks import BlockKind, Language
from workspace.core.security.permissions import Phase
from workspace.core.storage.db import Model, Trilingual, primary_key
from workspace.core.storage.forum_scope import scope
from workspace.people.models import Forum, Person
from workspace.recommendations.models import Recommendation


class RevisionCause(StrEnum):
    """Why a revision was made."""

    IMPORT = "import"
    EDITORIAL = "editorial"
    ADOPTION = "adoption"
    FREEZE = "freeze"
    UNDO = "undo"
    CORRIGENDUM = "corrigendum"


class LineageKind(StrEnum):
    """How one block came out of another, or went into it."""

    SPLIT = "split"
    JOIN = "join"


class ProvenanceKind(StrEnum):
    """What a paragraph did with a recommendation."""

    TAKEN_UP = "taken_up"
    PARTLY = "partly"
    MERGED = "merged"  # with others, into what the paragraph says of its own accord
    DECLINED = "declined"  # it was weighed for this paragraph, and left out


class Declaration(Model):
    """The text as a whole. `sequence` counts text versions, edges and lineage, in the order they were made."""

    __tablename__ = "declaration"
    __table_args__ = (sa.UniqueConstraint("forum_id", "slug"),)

    id: Mapped[UUID] = primary_key()
    forum_id: Mapped[UUID] = mapped_column(sa.ForeignKey("forum.id"), index=True)
    slug: Mapped[str]
    name: Mapped[Trilingual]
    original_language: Mapped[Language]
    authenticity: Mapped[Authenticity] = mapped_column(default=Authenticity.EQUAL)
    prevailing_language: Mapped[Language | None]
    phase: Mapped[Phase] = mapped_column(default=Phase.SETUP)
    head_id: Mapped[UUID | None] = mapped_column(sa.ForeignKey("revision.id", use_alter=True))
    sequence: Mapped[int] = mapped_column(default=0)
    is_embargoed: Mapped[bool] = mapped_column(default=False, server_default=sa.false())
    is_history_open: Mapped[bool] = mapped_column(default=False, server_default=sa.false())
    releases_at: Mapped[datetime | None]  # a sealed edition of it comes out then; until then no word can change

    forum: Mapped[Forum] = relationship()
    head: Mapped["Revision"] = relationship(foreign_keys=[head_id], post_update=True)
    deadlines: Mapped[list["Deadline"]] = relationship(lazy="selectin")  # every rule on dates asks for them

    def deadline(self, stage: "Stage") -> "Deadline | None":
        return next((deadline for deadline in self.deadlines if deadline.stage is stage), None)


class Stage(StrEnum):
    """What can have dates: the phases that a calendar opens, and the window for amendments inside them."""

    DRAFTING = "drafting"
    REVIEW = "review"
    CONSULTATION = "consultation"
    ADOPTION = "adoption"
    AMENDMENTS = "amendments"

    @property
    def phase(self) -> Phase | None:
        """The phase that is dated; None for the window, which is none."""
        return None if self is Stage.AMENDMENTS else Phase[self.name]


class Deadline(Model):
    """When a stage opens and closes, as it was given: the moment, its offset in minutes, and the zone it was meant in.

    `opened_at` and `closed_at` say when that was done; what was done is never done again, whatever the clock says.
    """

    __tablename__ = "deadline"
    __table_args__ = (sa.UniqueConstraint("declaration_id", "stage"),)

    id: Mapped[UUID] = primary_key()
    declaration_id: Mapped[UUID] = mapped_column(sa.ForeignKey("declaration.id"))
    stage: Mapped[Stage]
    zone: Mapped[str]
    opens_at: Mapped[datetime | None] = mapped_column(index=True)
    opens_offset: Mapped[int | None]
    closes_at: Mapped[datetime | None] = mapped_column(index=True)
    closes_offset: Mapped[int | None]
    opened_at: Mapped[datetime | None]
    closed_at: Mapped[datetime | None]
    set_by_id: Mapped[UUID | None] = mapped_column(sa.ForeignKey("person.id"))
    set_at: Mapped[datetime]


class Revision(Model):
    """One immutable state of a whole declaration. Never changed, only followed."""

    __tablename__ = "revision"
    __table_args__ = (
        sa.UniqueConstraint("declaration_id", "parent_id"),  # two people deciding at once: the second is refused
        sa.UniqueConstraint("declaration_id", "number"),
    )

    id: Mapped[UUID] = primary_key()
    declaration_id: Mapped[UUID] = mapped_column(sa.ForeignKey("declaration.id"), index=True)
    number: Mapped[int]
    parent_id: Mapped[UUID | None] = mapped_column(sa.ForeignKey("revision.id"))
    cause: Mapped[RevisionCause]
    note: Mapped[str] = mapped_column(default="")
    made_by_id: Mapped[UUID | None] = mapped_column(sa.ForeignKey("person.id"))
    made_at: Mapped[datetime]

    declaration: Mapped[Declaration] = relationship(foreign_keys=[declaration_id])
    rows: Mapped[list["RevisionBlock"]] = relationship(order_by="RevisionBlock.position")
    made_by: Mapped[Person | None] = relationship()


class BlockRecord(Model):
    """A block's identity: permanent, opaque and without text."""

    __tablename__ = "block"

    id: Mapped[UUID] = primary_key()
    declaration_id: Mapped[UUID] = mapped_column(sa.ForeignKey("declaration.id"), index=True)


class TextVersion(Model):
    """One block in one language, immutable.

    `sequence` orders the declaration's text versions, edges and lineage.
    `predecessor_id` is the version whose words it changes: the head before it or, where a change was undone, the one
    that is in force again; `started_from_id` the version its author had before them.
    """

    __tablename__ = "text_version"

    id: Mapped[UUID] = primary_key()
    declaration_id: Mapped[UUID] = mapped_column(sa.ForeignKey("declaration.id"), index=True)
    block_id: Mapped[UUID] = mapped_column(sa.ForeignKey("block.id"), index=True)
    language: Mapped[Language]
    sequence: Mapped[int]
    content: Mapped[str]
    content_hash: Mapped[str]
    folded_hash: Mapped[str]
    change_class: Mapped[ChangeClass]
    predecessor_id: Mapped[UUID | None] = mapped_column(sa.ForeignKey("text_version.id"))
    started_from_id: Mapped[UUID | None] = mapped_column(sa.ForeignKey("text_version.id"))
    author_id: Mapped[UUID | None] = mapped_column(sa.ForeignKey("person.id"), index=True)
    made_at: Mapped[datetime]

    author: Mapped[Person | None] = relationship()


class RevisionBlock(Model):
    """One block's place in one revision, and the text version of each language pinned there.

    Found by its revision: an index by block would have every decision write a page for each paragraph.
    """

    __tablename__ = "revision_block"
    __table_args__ = (sa.UniqueConstraint("revision_id", "position"),)

    revision_id: Mapped[UUID] = mapped_column(sa.ForeignKey("revision.id"), primary_key=True)
    block_id: Mapped[UUID] = mapped_column(sa.ForeignKey("block.id"), primary_key=True)
    position: Mapped[int]
    kind: Mapped[BlockKind]
    level: Mapped[int]
    original_language: Mapped[Language]
    es_id: Mapped[UUID | None] = mapped_column(sa.ForeignKey("text_version.id"))
    en_id: Mapped[UUID | None] = mapped_column(sa.ForeignKey("text_version.id"))
    fr_id: Mapped[UUID | None] = mapped_column(sa.ForeignKey("text_version.id"))

    def pinned(self, language: Language) -> UUID | None:
        """Id of the text version this revision shows in `language`, or None."""
        return {Language.ES: self.es_id, Language.EN: self.en_id, Language.FR: self.fr_id}[language]


class Head(Model):
    """The text version in force for one block in one language. The only row of the text that moves."""

    __tablename__ = "head"

    block_id: Mapped[UUID] = mapped_column(sa.ForeignKey("block.id"), primary_key=True)
    language: Mapped[Language] = mapped_column(primary_key=True)
    text_version_id: Mapped[UUID] = mapped_column(sa.ForeignKey("text_version.id"))


class Edge(Model):
    """Two text versions of different languages that answer each other; `source_id` was the one shown as source."""

    __tablename__ = "edge"

    id: Mapped[UUID] = primary_key()
    declaration_id: Mapped[UUID] = mapped_column(sa.ForeignKey("declaration.id"), index=True)
    block_id: Mapped[UUID] = mapped_column(sa.ForeignKey("block.id"), index=True)
    kind: Mapped[EdgeKind]
    source_id: Mapped[UUID] = mapped_column(sa.ForeignKey("text_version.id"), index=True)
    target_id: Mapped[UUID] = mapped_column(sa.ForeignKey("text_version.id"))
    sequence: Mapped[int]
    made_by_id: Mapped[UUID | None] = mapped_column(sa.ForeignKey("person.id"), index=True)
    made_at: Mapped[datetime]


class Lineage(Model):
    """A split (`block_id` gave `other_id`) or a join (`other_id` went into `block_id`), led in one language."""

    __tablename__ = "lineage"

    id: Mapped[UUID] = primary_key()
    declaration_id: Mapped[UUID] = mapped_column(sa.ForeignKey("declaration.id"), index=True)
    revision_id: Mapped[UUID] = mapped_column(sa.ForeignKey("revision.id"))
    kind: Mapped[LineageKind]
    block_id: Mapped[UUID] = mapped_column(sa.ForeignKey("block.id"), index=True)
    other_id: Mapped[UUID] = mapped_column(sa.ForeignKey("block.id"), index=True)
    language: Mapped[Language]
    sequence: Mapped[int]


class Absence(Model):
    """A block that has no text in one language by decision, with its reason. Saving a text ends it."""

    __tablename__ = "absence"

    block_id: Mapped[UUID] = mapped_column(sa.ForeignKey("block.id"), primary_key=True)
    language: Mapped[Language] = mapped_column(primary_key=True)
    declaration_id: Mapped[UUID] = mapped_column(sa.ForeignKey("declaration.id"), index=True)
    reason: Mapped[str]
    decided_by_id: Mapped[UUID | None] = mapped_column(sa.ForeignKey("person.id"))
    decided_at: Mapped[datetime]


class Provenance(Model):
    """A paragraph and a recommendation it came from, or was weighed for.

    `wants_look`: the link was taken over when paragraphs were split, joined or moved, and nobody has looked since.
    """

    __tablename__ = "provenance"
    __table_args__ = (sa.UniqueConstraint("block_id", "recommendation_id"),)

    id: Mapped[UUID] = primary_key()
    declaration_id: Mapped[UUID] = mapped_column(sa.ForeignKey("declaration.id"), index=True)
    block_id: Mapped[UUID] = mapped_column(sa.ForeignKey("block.id"), index=True)
    recommendation_id: Mapped[UUID] = mapped_column(sa.ForeignKey("recommendation.id"), index=True)
    kind: Mapped[ProvenanceKind]
    note: Mapped[str] = mapped_column(default="")
    wants_look: Mapped[bool] = mapped_column(default=False, server_default=sa.false())
    made_by_id: Mapped[UUID | None] = mapped_column(sa.ForeignKey("person.id"))
    made_at: Mapped[datetime]

    recommendation: Mapped[Recommendation] = relationship()


class ParagraphStatus(StrEnum):
    """How far the committee has come with a paragraph. Brackets are data of their own, and stand beside it."""

    OPEN = "open"
    PROVISIONAL = "provisional"  # agreed for the time being
    AD_REFERENDUM = "ad_referendum"  # agreed, once those who sent the delegates have confirmed it
    CLOSED = "closed"  # agreed: it takes no amendment without the chair's leave


class ParagraphState(Model):
    """That a paragraph was given a status, by whom and why. Never changed; the one with the highest number counts."""

    __tablename__ = "paragraph_state"
    __table_args__ = (sa.UniqueConstraint("declaration_id", "number"),)

    id: Mapped[UUID] = primary_key()
    declaration_id: Mapped[UUID] = mapped_column(sa.ForeignKey("declaration.id"), index=True)
    number: Mapped[int]
    block_id: Mapped[UUID] = mapped_column(sa.ForeignKey("block.id"), index=True)
    status: Mapped[ParagraphStatus]
    reason: Mapped[str] = mapped_column(default="")
    set_by_id: Mapped[UUID | None] = mapped_column(sa.ForeignKey("person.id"))
    set_at: Mapped[datetime]

    set_by: Mapped[Person | None] = relationship()


SCOPES = (
    scope(Declaration, Declaration.forum_id),
    scope(BlockRecord),
    scope(Revision, order=(Revision.declaration_id, Revision.number)),
    scope(TextVersion, order=(TextVersion.declaration_id, TextVersion.sequence)),
    scope(RevisionBlock, RevisionBlock.revision_id, order=(RevisionBlock.revision_id, RevisionBlock.position)),
    scope(Head, Head.block_id),
    scope(Edge),
    scope(Lineage),
    scope(Absence),
    scope(Provenance),
    scope(ParagraphState, order=(ParagraphState.declaration_id, ParagraphState.number)),
    scope(Deadline),
)
