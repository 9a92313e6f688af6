"""Amendments as their authors wrote them, how they were carried to newer texts, and the decisions taken on them."""

from collections.abc import Callable
from datetime import datetime
from enum import StrEnum
from functools import cached_property
from typing import Any
from uuid import UUID

import msgspec
import sqlalchemy as sa
from sqlalchemy.orm import Mapped, aliased, foreign, mapped_column, relationship, remote

from drafts.diff.amendments import ChangeOp
from drafts.diff.hunks import Hunk
from drafts.merge.rebase import RebaseStatus
from drafts.text.blocks import Language
from workspace.core.security.permissions import Phase
from workspace.core.storage.db import Model, primary_key
from workspace.declarations.domain.models import Declaration, Revision, TextVersion
from workspace.declarations.domain.personal_drafts import PersonalDraft
from workspace.people.models import Organisation, Person


class Disposition(StrEnum):
    """What became of an amendment."""

    OPEN = "open"
    ADOPTED = "adopted"
    PARTLY = "partly"  # some of its changes are in the text, the rest waits
    REJECTED = "rejected"
    REFERRED = "referred"
    WITHDRAWN = "withdrawn"
    ACCEPTED = "accepted"  # into the amendment it amends; in the text once that one is adopted
    FALLEN = "fallen"  # with the amendment it amends, because another one was adopted, or with the adoption
    HANDED_OVER = "handed_over"  # another language's words were taken; the translators bring it into its own
    PART_ADOPTED = "part_adopted"  # some of its changes are in the text, the rest was rejected
    BRACKETED = "bracketed"  # one of the alternatives that stand in brackets
    LATE = "late"  # nothing can be done with it until the chair gives leave to file it late
    INADMISSIBLE = "inadmissible"  # not receivable, or without that leave

    @property
    def is_undecided(self) -> bool:
        return self in {Disposition.OPEN, Disposition.PARTLY, Disposition.REFERRED}

    @property
    def is_pending(self) -> bool:
        """Whether it waits for the chair: for a decision, or for leave."""
        return self.is_undecided or self is Disposition.LATE


class Verdict(StrEnum):
    """What a decision says."""

    ADOPT = "adopt"
    ADOPT_MODIFIED = "adopt_modified"
    ADOPT_PARTLY = "adopt_partly"  # some of its changes, and not the others
    REJECT = "reject"
    REFER = "refer"
    HAND_OVER = "hand_over"  # to the translators, because the words of another language were taken
    EDIT = "edit"  # by the committee itself, with a reason
    ABSENT = "absent"  # a paragraph has no text in one language
    FALL = "fall"  # because of another amendment, or as the text is adopted without it
    BRACKET = "bracket"  # the words stay contested, with their alternatives
    INADMISSIBLE = "inadmissible"  # not receivable, on a ground
    GIVE_LEAVE = "give_leave"  # to file it late
    REFUSE_LEAVE = "refuse_leave"
    RESOLVE = "resolve"  # a bracket: one of its alternatives is the text
    UNDO = "undo"  # of everything that was decided at once before


class DecisionOutcome(StrEnum):
    """What a verdict did to the text."""

    APPLIED = "applied"
    PARTLY = "partly"
    WAITS = "waits"  # it collides with another; the text stays as it was
    INCLUDED = "included"  # the text says it already
    TAKEN = "taken"  # into the amendment it amends
    NONE = "none"


class Cosponsoring(StrEnum):
    """How somebody stands to an invitation to sponsor an amendment with its proposer."""

    INVITED = "invited"
    CONFIRMED = "confirmed"
    DECLINED = "declined"
    TAKEN_BACK = "taken_back"  # by who had invited them


class Amendment(Model):
    """A proposal on a named revision, in one language. Its words are in its versions and never change.

    One with a `parent` amends that amendment: its base is the text its parent proposes.
    """

    __tablename__ = "amendment"
    __table_args__ = (
        sa.UniqueConstraint("declaration_id", "number"),
        sa.Index("ix_amendment_declaration_id_disposition", "declaration_id", "disposition", "parent_id"),
        sa.Index("ix_amendment_declaration_id_proposer_id", "declaration_id", "proposer_id"),
        sa.Index("ix_amendment_declaration_id_organisation_id", "declaration_id", "organisation_id"),
    )

    id: Mapped[UUID] = primary_key()
    declaration_id: Mapped[UUID] = mapped_column(sa.ForeignKey("declaration.id"))
    parent_id: Mapped[UUID | None] = mapped_column(sa.ForeignKey("amendment.id"), index=True)
    number: Mapped[int]
    language: Mapped[Language]
    reason: Mapped[str] = mapped_column(default="")
    is_indivisible: Mapped[bool] = mapped_column(default=False)
    disposition: Mapped[Disposition] = mapped_column(default=Disposition.OPEN)
    proposer_id: Mapped[UUID] = mapped_column(sa.ForeignKey("person.id"), index=True)
    organisation_id: Mapped[UUID | None] = mapped_column(sa.ForeignKey("organisation.id"))
    filed_at: Mapped[datetime]
    is_late: Mapped[bool] = mapped_column(default=False, server_default=sa.false())  # after the window had closed
    is_oral: Mapped[bool] = mapped_column(default=False, server_default=sa.false())  # moved from the floor
    recorded_by_id: Mapped[UUID | None] = mapped_column(sa.ForeignKey("person.id"), index=True)
    certified_at: Mapped[datetime | None]  # when its mover said that these are their words
    dispute: Mapped[str] = mapped_column(default="", server_default="")  # what its mover says is wrong with them

    declaration: Mapped[Declaration] = relationship()
    proposer: Mapped[Person] = relationship(foreign_keys=[proposer_id])
    recorded_by: Mapped[Person | None] = relationship(foreign_keys=[recorded_by_id])
    organisation: Mapped[Organisation | None] = relationship()
    versions: Mapped[list["AmendmentVersion"]] = relationship(
        order_by="AmendmentVersion.number", back_populates="amendment"
    )
    carryings: Mapped[list["Carrying"]] = relationship(order_by="Carrying.number", back_populates="amendment")
    parent: Mapped["Amendment | None"] = relationship(remote_side="Amendment.id", back_populates="children")
    children: Mapped[list["Amendment"]] = relationship(order_by="Amendment.number", back_populates="parent")
    cosponsors: Mapped[list["Cosponsor"]] = relationship(order_by="Cosponsor.id", back_populates="amendment")
    supports: Mapped[list["Support"]] = relationship(order_by="Support.id", back_populates="amendment")
    decisions: Mapped[list["Decision"]] = relationship(foreign_keys="Decision.amendment_id", viewonly=True)
    replaces: Mapped[list["Replacement"]] = relationship(
        foreign_keys="Replacement.amendment_id", order_by="Replacement.replaced_id", back_populates="amendment"
    )
    replaced_by: Mapped[list["Replacement"]] = relationship(
        foreign_keys="Replacement.replaced_id", back_populates="replaced", viewonly=True
    )

    @property
    def lapsing(self) -> "list[Amendment]":
        """What lapses once this compromise is adopted: undecided amendments whose proposers agree to it."""
        return [
            each.replaced
            for each in self.replaces
            if each.answer is Cosponsoring.CONFIRMED and each.replaced.disposition.is_undecided
        ]

    @property
    def is_modified(self) -> bool:
        """Whether it was adopted in words of the committee's own."""
        modified = (decision for decision in self.decisions if decision.verdict is Verdict.ADOPT_MODIFIED)
        return any(decision.undone_by is None for decision in modified)

    @property
    def own(self) -> "AmendmentVersion":
        """What its proposer asks for, in their own words: never the committee's wording beside it."""
        theirs = (version for version in reversed(self.versions) if version.made_by_id == self.proposer_id)
        return next(theirs, self.versions[0])

    @property
    def certification(self) -> str:
        """How an oral one stands to its mover: "uncertified", "disputed" or "certified"; "" for one in writing."""
        if not self.is_oral:
            return ""
        if self.certified_at is not None:
            return "certified"
        return "disputed" if self.dispute else "uncertified"

    @property
    def carrying(self) -> "Carrying | None":
        """How its own version stands to the text in force; None where no revision has touched what it is about."""
        last = self.carryings[-1] if self.carryings else None
        return last if last and last.version_id == self.own.id else None

    @property
    def status(self) -> RebaseStatus:
        """How it stands to the text in force."""
        return self.carrying.status if self.carrying else RebaseStatus.STILL_APPLIES


class Cosponsor(Model):
    """Somebody whom the proposer has invited to stand behind an amendment, and what they answered."""

    __tablename__ = "cosponsor"
    __table_args__ = (sa.UniqueConstraint("amendment_id", "person_id"),)

    id: Mapped[UUID] = primary_key()
    amendment_id: Mapped[UUID] = mapped_column(sa.ForeignKey("amendment.id"))
    person_id: Mapped[UUID] = mapped_column(sa.ForeignKey("person.id"), index=True)
    organisation_id: Mapped[UUID | None] = mapped_column(sa.ForeignKey("organisation.id"))
    standing: Mapped[Cosponsoring] = mapped_column(default=Cosponsoring.INVITED)
    invited_at: Mapped[datetime]
    answered_at: Mapped[datetime | None]

    amendment: Mapped[Amendment] = relationship(back_populates="cosponsors")
    person: Mapped[Person] = relationship()
    organisation: Mapped[Organisation | None] = relationship()


class Replacement(Model):
    """That a compromise amendment stands for another one, whose proposer is asked to sponsor it. Never changed."""

    __tablename__ = "amendment_replacement"

    amendment_id: Mapped[UUID] = mapped_column(sa.ForeignKey("amendment.id"), primary_key=True)
    replaced_id: Mapped[UUID] = mapped_column(sa.ForeignKey("amendment.id"), primary_key=True, index=True)

    amendment: Mapped[Amendment] = relationship(foreign_keys=[amendment_id], back_populates="replaces")
    replaced: Mapped[Amendment] = relationship(foreign_keys=[replaced_id])

    @property
    def answer(self) -> Cosponsoring:
        """What the proposer of the one replaced says to the compromise; who drafted it agrees."""
        proposer = self.replaced.proposer_id
        if proposer == self.amendment.proposer_id:
            return Cosponsoring.CONFIRMED
        asked = (cosponsor for cosponsor in self.amendment.cosponsors if cosponsor.person_id == proposer)
        return next((cosponsor.standing for cosponsor in asked), Cosponsoring.TAKEN_BACK)


class Support(Model):
    """That somebody asks for the very same as an amendment, instead of filing it a second time."""

    __tablename__ = "amendment_support"
    __table_args__ = (sa.UniqueConstraint("amendment_id", "person_id"),)

    id: Mapped[UUID] = primary_key()
    amendment_id: Mapped[UUID] = mapped_column(sa.ForeignKey("amendment.id"))
    person_id: Mapped[UUID] = mapped_column(sa.ForeignKey("person.id"), index=True)
    organisation_id: Mapped[UUID | None] = mapped_column(sa.ForeignKey("organisation.id"))
    supported_at: Mapped[datetime]
    withdrawn_at: Mapped[datetime | None]

    amendment: Mapped[Amendment] = relationship(back_populates="supports")
    person: Mapped[Person] = relationship()
    organisation: Mapped[Organisation | None] = relationship()


class AmendmentDraft(PersonalDraft):
    """An amendment that somebody is still writing; `content` holds `change_form.drafts.DraftContent`."""

    __tablename__ = "amendment_draft"


class AmendmentVersion(Model):
    """The proposal at one time: base revision, changes, and their diff with the engine that made it.

    A committee's modified wording is a sibling version of the member's own; an
    automatic one says the same about a newer text, and nobody made it. The base
    of a version of an amendment to an amendment is what `parent_version_id` proposes.
    """

    __tablename__ = "amendment_version"
    __table_args__ = (
        sa.UniqueConstraint("amendment_id", "number"),
        sa.Index("ix_amendment_version_amendment_id", "amendment_id", "id"),
    )

    id: Mapped[UUID] = primary_key()
    amendment_id: Mapped[UUID] = mapped_column(sa.ForeignKey("amendment.id"))
    number: Mapped[int]
    base_revision_id: Mapped[UUID] = mapped_column(sa.ForeignKey("revision.id"))
    based_on_id: Mapped[UUID | None] = mapped_column(sa.ForeignKey("amendment_version.id"))
    parent_version_id: Mapped[UUID | None] = mapped_column(sa.ForeignKey("amendment_version.id"))
    is_automatic: Mapped[bool] = mapped_column(default=False)
    engine_version: Mapped[str]
    hunks: Mapped[list[Any]] = mapped_column(sa.JSON)  # drafts.diff.hunks.Hunk, encoded
    made_by_id: Mapped[UUID | None] = mapped_column(sa.ForeignKey("person.id"), index=True)
    made_at: Mapped[datetime]

    amendment: Mapped[Amendment] = relationship(back_populates="versions")
    parent_version: Mapped["AmendmentVersion | None"] = relationship(
        foreign_keys=[parent_version_id], remote_side="AmendmentVersion.id"
    )
    base_revision: Mapped[Revision] = relationship()
    changes: Mapped[list["ChangeRecord"]] = relationship(order_by="ChangeRecord.position")
    shown: Mapped[list["ShownText"]] = relationship()
    decisions: Mapped[list["Decision"]] = relationship(viewonly=True)  # that took these words

    @cached_property
    def diff(self) -> tuple[Hunk, ...]:
        """As it was stored when the version was made."""
        return msgspec.convert(self.hunks, tuple[Hunk, ...])

    @property
    def is_of_committee(self) -> bool:
        """Whether the committee puts these words in the place of its proposer's: not those of an undone decision."""
        is_theirs = not self.is_automatic and self.made_by_id != self.amendment.proposer_id
        return is_theirs and not any(
            decision.undone_by or decision.verdict is Verdict.ADOPT_PARTLY for decision in self.decisions
        )


class ChangeRecord(Model):
    """One change of a proposal with the full new words: `change` holds `drafts.diff.amendments.Change`, encoded.

    `block_id` is the block it concerns: the one changed, or the one that something
    new is to follow (None: the beginning of the text).
    """

    __tablename__ = "amendment_change"
    __table_args__ = (sa.Index("ix_amendment_change_version_id", "version_id", "block_id"),)

    version_id: Mapped[UUID] = mapped_column(sa.ForeignKey("amendment_version.id"), primary_key=True)
    position: Mapped[int] = mapped_column(primary_key=True)
    op: Mapped[ChangeOp] = mapped_column(index=True)
    block_id: Mapped[UUID | None] = mapped_column(sa.ForeignKey("block.id"), index=True)
    change: Mapped[dict[str, Any]] = mapped_column(sa.JSON)


class ShownText(Model):
    """The very text version of a touched block that its proposer was shown."""

    __tablename__ = "amendment_shown_text"

    version_id: Mapped[UUID] = mapped_column(sa.ForeignKey("amendment_version.id"), primary_key=True)
    text_version_id: Mapped[UUID] = mapped_column(sa.ForeignKey("text_version.id"), primary_key=True, index=True)

    text: Mapped[TextVersion] = relationship()


class Carrying(Model):
    """That an amendment was brought before a newer text, and how it stood there. Never changed.

    A record of its own because an amendment that collides, or has nothing left to
    ask for, gets no version; `made` is the automatic version of one that applies.
    There is one for each revision that touched what the amendment is about: where
    there is none, it still applies as it was filed.
    """

    __tablename__ = "amendment_carrying"
    __table_args__ = (sa.UniqueConstraint("amendment_id", "number"),)

    id: Mapped[UUID] = primary_key()
    amendment_id: Mapped[UUID] = mapped_column(sa.ForeignKey("amendment.id"), index=True)
    number: Mapped[int]
    version_id: Mapped[UUID] = mapped_column(sa.ForeignKey("amendment_version.id"))
    revision_id: Mapped[UUID] = mapped_column(sa.ForeignKey("revision.id"))
    status: Mapped[RebaseStatus]
    made_id: Mapped[UUID | None] = mapped_column(sa.ForeignKey("amendment_version.id"))
    engine_version: Mapped[str]
    carried_at: Mapped[datetime]

    amendment: Mapped[Amendment] = relationship(back_populates="carryings")
    version: Mapped[AmendmentVersion] = relationship(foreign_keys=[version_id])
    made: Mapped[AmendmentVersion | None] = relationship(foreign_keys=[made_id])
    revision: Mapped[Revision] = relationship()


class Decision(Model):
    """One decision of the committee, with its reason and what it did. Never changed, and stands until it is undone.

    What a round undoes is said once, by the round: `undone_by` and `undoes` are read from it.
    """

    __tablename__ = "decision"
    __table_args__ = (sa.UniqueConstraint("declaration_id", "number"),)

    id: Mapped[UUID] = primary_key()
    declaration_id: Mapped[UUID] = mapped_column(sa.ForeignKey("declaration.id"), index=True)
    number: Mapped[int]
    verdict: Mapped[Verdict]
    outcome: Mapped[DecisionOutcome]
    reason: Mapped[str] = mapped_column(default="")
    amendment_id: Mapped[UUID | None] = mapped_column(sa.ForeignKey("amendment.id"), index=True)
    amendment_version_id: Mapped[UUID | None] = mapped_column(sa.ForeignKey("amendment_version.id"), index=True)
    block_id: Mapped[UUID | None] = mapped_column(sa.ForeignKey("block.id"))
    language: Mapped[Language | None]
    revision_id: Mapped[UUID | None] = mapped_column(sa.ForeignKey("revision.id"), index=True)
    decided_by_id: Mapped[UUID | None] = mapped_column(sa.ForeignKey("person.id"), index=True)
    decided_at: Mapped[datetime]
    round_id: Mapped[UUID | None] = mapped_column(sa.ForeignKey("decision_round.id"), index=True)
    because_of_id: Mapped[UUID | None] = mapped_column(sa.ForeignKey("amendment.id"))
    mover_id: Mapped[UUID | None] = mapped_column(sa.ForeignKey("person.id"), index=True)  # whose proposal an edit is
    mover_organisation_id: Mapped[UUID | None] = mapped_column(sa.ForeignKey("organisation.id"))

    amendment: Mapped[Amendment | None] = relationship(foreign_keys=[amendment_id])
    because_of: Mapped[Amendment | None] = relationship(foreign_keys=[because_of_id])
    revision: Mapped[Revision | None] = relationship()
    decided_by: Mapped[Person | None] = relationship(foreign_keys=[decided_by_id])
    mover: Mapped[Person | None] = relationship(foreign_keys=[mover_id])
    mover_organisation: Mapped[Organisation | None] = relationship()
    round: Mapped["DecisionRound | None"] = relationship(viewonly=True)
    undone_by: Mapped["Decision | None"] = relationship(
        secondary="decision_round",
        primaryjoin=lambda: sa.and_(foreign(DecisionRound.undoes_id) == Decision.round_id, _is_named(lambda of: of)),
        secondaryjoin=lambda: sa.and_(
            remote(Decision.round_id) == foreign(DecisionRound.id), remote(Decision.verdict) == Verdict.UNDO
        ),
        uselist=False,
        viewonly=True,
        lazy="selectin",
        join_depth=1,
    )
    undoes: Mapped[list["Decision"]] = relationship(
        secondary="decision_round",
        primaryjoin=lambda: sa.and_(foreign(DecisionRound.id) == Decision.round_id, Decision.verdict == Verdict.UNDO),
        secondaryjoin=lambda: sa.and_(foreign(DecisionRound.undoes_id) == remote(Decision.round_id), _is_named(remote)),
        order_by="Decision.number",
        viewonly=True,
    )

    @property
    def moved_by(self) -> str:
        """Whose proposal an edit is, by organisation or else by name; "" where nobody is named."""
        named = self.mover_organisation or self.mover
        return named.name if named else ""

    def stood(self, at: datetime) -> bool:
        """Whether it was taken by then, and not yet undone."""
        return self.decided_at <= at and (self.undone_by is None or self.undone_by.decided_at > at)


def _is_named(of: Callable[[Any], Any]) -> sa.ColumnElement[bool]:
    """Whether a round that undoes the round of a decision takes back this one, too."""
    about, fallen, child = DecisionRound.about_id, aliased(Decision), aliased(Amendment)
    is_of_child = of(Decision.amendment_version_id).in_(filed_to(about))
    of_fallen = sa.select(child.id).join(fallen, fallen.amendment_id == child.parent_id)
    of_fallen = of_fallen.where(fallen.round_id == DecisionRound.undoes_id, fallen.because_of_id == about)
    is_with_fallen = of(Decision.amendment_id).in_(of_fallen)
    named = about == of(Decision.amendment_id), about == of(Decision.because_of_id), is_of_child, is_with_fallen
    return sa.or_(about.is_(None), *named)


def filed_to(amendment_id: Any) -> sa.Select[UUID]:
    """Ids of the versions of what was ever filed to amend this amendment."""
    version, amended = aliased(AmendmentVersion), aliased(AmendmentVersion)
    made = sa.select(version.id).join(amended, amended.id == version.parent_version_id)
    return made.where(amended.amendment_id == amendment_id)


class DecisionRound(Model):
    """Decisions taken at once, and what they left: they land together. Never changed.

    `before_id` is the text they were taken on, `revision_id` the one they made, if they made one; `undoes_id` the
    round that this one undid: all of it, or what was decided on the amendment `about_id`, on those to it, because of
    it, and on those to what fell because of it. A withdrawal is a round `about_id`, with what falls because of it.
    """

    __tablename__ = "decision_round"
    __table_args__ = (sa.UniqueConstraint("declaration_id", "number"),)

    id: Mapped[UUID] = primary_key()
    declaration_id: Mapped[UUID] = mapped_column(sa.ForeignKey("declaration.id"), index=True)
    number: Mapped[int]
    language: Mapped[Language | None]  # none where amendments of several were decided
    phase: Mapped[Phase]
    before_id: Mapped[UUID] = mapped_column(sa.ForeignKey("revision.id"))
    revision_id: Mapped[UUID | None] = mapped_column(sa.ForeignKey("revision.id"))
    undoes_id: Mapped[UUID | None] = mapped_column(sa.ForeignKey("decision_round.id"), index=True)
    about_id: Mapped[UUID | None] = mapped_column(sa.ForeignKey("amendment.id"))
    taken_by_id: Mapped[UUID | None] = mapped_column(sa.ForeignKey("person.id"))
    taken_at: Mapped[datetime]

    before: Mapped[Revision] = relationship(foreign_keys=[before_id])
    revision: Mapped[Revision | None] = relationship(foreign_keys=[revision_id])
    effects: Mapped[list["RoundEffect"]] = relationship()


class RoundEffect(Model):
    """What one round made of one amendment, decided in it or carried along. Never changed."""

    __tablename__ = "round_effect"

    round_id: Mapped[UUID] = mapped_column(sa.ForeignKey("decision_round.id"), primary_key=True)
    amendment_id: Mapped[UUID] = mapped_column(sa.ForeignKey("amendment.id"), primary_key=True, index=True)
    before: Mapped[Disposition]
    after: Mapped[Disposition]

    amendment: Mapped[Amendment] = relationship()
