"""Rules of procedure, questions put to the room, and how each ended: silence procedures, votes and consensus.

A question, who could answer it, what was answered and how it ended are never changed. What
is counted of a secret vote is kept without voter, order or time.
"""

from datetime import date, datetime
from enum import StrEnum
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column, relationship

from drafts.text.blocks import Language
from workspace.amendments.domain.committee_models import Bracket
from workspace.amendments.domain.models import Amendment, Decision, DecisionOutcome
from workspace.core.actor import Actor
from workspace.core.security.permissions import Phase
from workspace.core.storage.db import Model, primary_key
from workspace.core.storage.forum_scope import scope
from workspace.declarations.domain.models import Declaration, Revision
from workspace.people.models import Organisation, Person


class Means(StrEnum):
    """How the room agrees."""

    CONSENSUS = "consensus"
    SILENCE = "silence"
    VOTE = "vote"


class Majority(StrEnum):
    """What share carries a proposal, and of what."""

    SIMPLE = "simple"  # more than half of the votes cast
    PRESENT = "present"  # more than half of those present
    MEMBERS = "members"  # more than half of all who may vote
    TWO_THIRDS = "two_thirds"  # of the votes cast, at least
    THREE_QUARTERS = "three_quarters"  # of the votes cast, at least
    UNANIMITY = "unanimity"  # every vote cast


class Subject(StrEnum):
    """What a question is about."""

    TEXT = "text"
    PARAGRAPH = "paragraph"
    AMENDMENT = "amendment"
    ALTERNATIVE = "alternative"  # of what stands in brackets


class VoteChoice(StrEnum):
    """A vote."""

    YES = "yes"
    NO = "no"
    ABSTAIN = "abstain"


class Ending(StrEnum):
    """How a question ended."""

    ADOPTED = "adopted"  # nobody objected
    CARRIED = "carried"
    LOST = "lost"
    NO_QUORUM = "no_quorum"
    BROKEN = "broken"  # somebody broke the silence
    WITHDRAWN = "withdrawn"
    OVERTAKEN = "overtaken"  # the text has changed meanwhile
    TAKEN_BACK = "taken_back"  # after it was agreed; stored as a reversal
    RETAKEN = "retaken"  # the vote was taken again: stored as a reversal
    MOOT = "moot"  # its amendment was withdrawn or decided: never stored, it is open again with that

    @property
    def is_agreed(self) -> bool:
        return self in {Ending.ADOPTED, Ending.CARRIED}


class BallotKind(StrEnum):
    """What members request before a vote is opened."""

    ROLL_CALL = "roll_call"
    SECRET = "secret"  # noqa: S105  (a kind of vote)
    SEPARATE = "separate"  # on some of the words


class Rules(Model):
    """The switches of one declaration. `quorum` is the share of those who may vote, in hundredths.

    `…_requests` is how many organisations make a vote a roll call, or secret.
    """

    __tablename__ = "procedure_rules"

    declaration_id: Mapped[UUID] = mapped_column(sa.ForeignKey("declaration.id"), primary_key=True)
    means: Mapped[Means] = mapped_column(default=Means.CONSENSUS)
    majority: Mapped[Majority] = mapped_column(default=Majority.SIMPLE)
    quorum: Mapped[int] = mapped_column(default=50)
    abstentions_count: Mapped[bool] = mapped_column(default=False)
    is_roll_call: Mapped[bool] = mapped_column(default=True)
    one_voice: Mapped[bool] = mapped_column(default=True)
    is_weighted: Mapped[bool] = mapped_column(default=False, server_default=sa.false())
    roll_call_requests: Mapped[int] = mapped_column(default=1, server_default="1")
    secret_requests: Mapped[int] = mapped_column(default=3, server_default="3")
    set_by_id: Mapped[UUID | None] = mapped_column(sa.ForeignKey("person.id"))
    set_at: Mapped[datetime]


class Weight(Model):
    """How often the vote of a mandate counts where votes are weighed; a mandate that is not here, once."""

    __tablename__ = "vote_weight"

    mandate_id: Mapped[UUID] = mapped_column(sa.ForeignKey("mandate.id"), primary_key=True)
    weight: Mapped[int]
    set_by_id: Mapped[UUID | None] = mapped_column(sa.ForeignKey("person.id"))
    set_at: Mapped[datetime]


class Question(Model):
    """Something that was put to the room, on a frozen revision, with the rules of that moment. Never changed.

    `part` has the words that a separate vote is about, or those of the `alternative` in a bracket (its place there);
    `record_date` is the day whose mandates count.
    """

    __tablename__ = "question"
    __table_args__ = (sa.UniqueConstraint("declaration_id", "number"),)

    id: Mapped[UUID] = primary_key()
    declaration_id: Mapped[UUID] = mapped_column(sa.ForeignKey("declaration.id"), index=True)
    number: Mapped[int]
    means: Mapped[Means]
    subject: Mapped[Subject]
    amendment_id: Mapped[UUID | None] = mapped_column(sa.ForeignKey("amendment.id"), index=True)
    amendment_version_id: Mapped[UUID | None] = mapped_column(sa.ForeignKey("amendment_version.id"))
    block_id: Mapped[UUID | None] = mapped_column(sa.ForeignKey("block.id"), index=True)
    language: Mapped[Language | None]
    part: Mapped[str] = mapped_column(default="")
    bracket_id: Mapped[UUID | None] = mapped_column(sa.ForeignKey("bracket.id"))
    alternative: Mapped[int | None]
    revision_id: Mapped[UUID] = mapped_column(sa.ForeignKey("revision.id"))
    record_date: Mapped[date]
    majority: Mapped[Majority]
    quorum: Mapped[int]
    abstentions_count: Mapped[bool]
    is_roll_call: Mapped[bool]
    one_voice: Mapped[bool]
    is_weighted: Mapped[bool] = mapped_column(default=False, server_default=sa.false())
    put_by_id: Mapped[UUID | None] = mapped_column(sa.ForeignKey("person.id"))
    put_at: Mapped[datetime]
    closes_at: Mapped[datetime | None] = mapped_column(index=True)
    closes_offset: Mapped[int | None]
    zone: Mapped[str] = mapped_column(default="")

    declaration: Mapped[Declaration] = relationship()
    revision: Mapped[Revision] = relationship()
    amendment: Mapped[Amendment | None] = relationship()
    bracket: Mapped[Bracket | None] = relationship(lazy="joined")
    put_by: Mapped[Person | None] = relationship()
    seats: Mapped[list["Seat"]] = relationship(order_by="Seat.number", lazy="selectin")
    casts: Mapped[list["Cast"]] = relationship(lazy="selectin")
    receipts: Mapped[list["Receipt"]] = relationship(order_by="Receipt.opened_at")
    end: Mapped["End | None"] = relationship(back_populates="question", lazy="selectin")
    decided: Mapped["QuestionDecision | None"] = relationship(lazy="selectin")
    reversal: Mapped["QuestionReversal | None"] = relationship(
        foreign_keys="QuestionReversal.question_id", back_populates="question", lazy="selectin"
    )
    retakes: Mapped["QuestionReversal | None"] = relationship(
        foreign_keys="QuestionReversal.again_id", back_populates="again", lazy="selectin"
    )

    @property
    def is_open(self) -> bool:
        return self.end is None and not self.is_moot

    @property
    def is_moot(self) -> bool:
        """Whether what it is about was withdrawn, fell, or was decided otherwise before it ended."""
        return self.end is None and self.amendment is not None and not self.amendment.disposition.is_undecided

    @property
    def is_carried_out(self) -> bool:
        """Whether a decision that stands has carried out the answer."""
        return self.decided is not None and self.decided.decision.undone_by is None

    @property
    def is_on_words_in_force(self) -> bool:
        """Whether its amendment still has the words that were put to the room, with what had been accepted into it."""
        if self.amendment is None or self.amendment.own.id != self.amendment_version_id:
            return self.amendment is None
        decisions = (decision for child in self.amendment.children for decision in child.decisions)
        taken = (decision for decision in decisions if decision.outcome is DecisionOutcome.TAKEN)
        return all(decision.stood(self.put_at) == (decision.undone_by is None) for decision in taken)

    @property
    def ending(self) -> Ending | None:
        """How it stands: as it ended, unless that was taken back since; None while it is open."""
        if self.end is None:
            return Ending.MOOT if self.is_moot else None
        if self.reversal is None:
            return self.end.ending
        return Ending.RETAKEN if self.reversal.again_id else Ending.TAKEN_BACK


class Seat(Model):
    """Somebody who may answer a question: an organisation where it has one voice, else one person of it.

    `weight` is how often its vote counts; None is once.
    """

    __tablename__ = "question_seat"

    question_id: Mapped[UUID] = mapped_column(sa.ForeignKey("question.id"), primary_key=True)
    number: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    organisation_id: Mapped[UUID] = mapped_column(sa.ForeignKey("organisation.id"))
    person_id: Mapped[UUID | None] = mapped_column(sa.ForeignKey("person.id"))
    weight: Mapped[int | None]

    organisation: Mapped[Organisation] = relationship()
    person: Mapped[Person | None] = relationship()

    @property
    def votes(self) -> int:
        """How often its vote counts."""
        return self.weight or 1

    @property
    def voter(self) -> UUID:
        """Whose vote it is: the id of the person, or of the organisation where that has one voice."""
        return self.person_id or self.organisation_id

    @property
    def name(self) -> str:
        return _voter_name(self.organisation, self.person)


class Proxy(Model):
    """That an organisation, or one person of it, gives its vote to another for some days. Revoked, it stays.

    `question_id` is the only vote it is for. The persons are None where an organisation has one voice.
    """

    __tablename__ = "vote_proxy"

    id: Mapped[UUID] = primary_key()
    declaration_id: Mapped[UUID] = mapped_column(sa.ForeignKey("declaration.id"), index=True)
    question_id: Mapped[UUID | None] = mapped_column(sa.ForeignKey("question.id"))
    organisation_id: Mapped[UUID] = mapped_column(sa.ForeignKey("organisation.id"))
    person_id: Mapped[UUID | None] = mapped_column(sa.ForeignKey("person.id"))
    holder_organisation_id: Mapped[UUID] = mapped_column(sa.ForeignKey("organisation.id"))
    holder_person_id: Mapped[UUID | None] = mapped_column(sa.ForeignKey("person.id"))
    starts_on: Mapped[date]
    ends_on: Mapped[date | None]
    note: Mapped[str] = mapped_column(default="")
    given_by_id: Mapped[UUID | None] = mapped_column(sa.ForeignKey("person.id"))
    given_at: Mapped[datetime]
    revoked_by_id: Mapped[UUID | None] = mapped_column(sa.ForeignKey("person.id"))
    revoked_at: Mapped[datetime | None]

    question: Mapped[Question | None] = relationship()
    organisation: Mapped[Organisation] = relationship(foreign_keys=organisation_id, lazy="joined")
    person: Mapped[Person | None] = relationship(foreign_keys=person_id, lazy="joined")
    holder_organisation: Mapped[Organisation] = relationship(foreign_keys=holder_organisation_id, lazy="joined")
    holder_person: Mapped[Person | None] = relationship(foreign_keys=holder_person_id, lazy="joined")
    given_by: Mapped[Person | None] = relationship(foreign_keys=given_by_id, lazy="joined")

    @property
    def giver(self) -> UUID:
        return self.person_id or self.organisation_id

    @property
    def holder(self) -> UUID:
        return self.holder_person_id or self.holder_organisation_id

    @property
    def giver_name(self) -> str:
        return _voter_name(self.organisation, self.person)

    @property
    def holder_name(self) -> str:
        return _voter_name(self.holder_organisation, self.holder_person)


class BallotRequest(Model):
    """That an organisation requests how a vote is taken: on an amendment, a paragraph or the text, or some words of it.

    `question_id` is the vote that was opened since.
    """

    __tablename__ = "ballot_request"

    id: Mapped[UUID] = primary_key()
    declaration_id: Mapped[UUID] = mapped_column(sa.ForeignKey("declaration.id"), index=True)
    kind: Mapped[BallotKind]
    amendment_id: Mapped[UUID | None] = mapped_column(sa.ForeignKey("amendment.id"))
    block_id: Mapped[UUID | None] = mapped_column(sa.ForeignKey("block.id"))
    part: Mapped[str] = mapped_column(default="")
    organisation_id: Mapped[UUID] = mapped_column(sa.ForeignKey("organisation.id"))
    requested_by_id: Mapped[UUID | None] = mapped_column(sa.ForeignKey("person.id"))
    requested_at: Mapped[datetime]
    withdrawn_at: Mapped[datetime | None]
    question_id: Mapped[UUID | None] = mapped_column(sa.ForeignKey("question.id"), index=True)

    organisation: Mapped[Organisation] = relationship(lazy="joined")
    amendment: Mapped[Amendment | None] = relationship()


def _voter_name(organisation: Organisation, person: Person | None) -> str:
    return f"{organisation.name}, {person.name}" if person else organisation.name


class Cast(Model):
    """That a seat has voted, by whom, and by which proxy; and how, where the vote is by roll call."""

    __tablename__ = "question_cast"

    question_id: Mapped[UUID] = mapped_column(sa.ForeignKey("question.id"), primary_key=True)
    seat: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    person_id: Mapped[UUID] = mapped_column(sa.ForeignKey("person.id"))
    choice: Mapped[VoteChoice | None]
    cast_at: Mapped[datetime]
    proxy_id: Mapped[UUID | None] = mapped_column(sa.ForeignKey("vote_proxy.id"))

    proxy: Mapped[Proxy | None] = relationship(lazy="selectin")


class SecretCount(Model):
    """How often a choice was made in a secret vote. A mere number, so that it cannot be told whose vote came when."""

    __tablename__ = "secret_count"

    question_id: Mapped[UUID] = mapped_column(sa.ForeignKey("question.id"), primary_key=True)
    choice: Mapped[VoteChoice] = mapped_column(primary_key=True)
    votes: Mapped[int] = mapped_column(default=0)


class Receipt(Model):
    """That somebody who can break a silence says that they have read the frozen text, and when."""

    __tablename__ = "silence_receipt"

    question_id: Mapped[UUID] = mapped_column(sa.ForeignKey("question.id"), primary_key=True)
    person_id: Mapped[UUID] = mapped_column(sa.ForeignKey("person.id"), primary_key=True)
    organisation_id: Mapped[UUID] = mapped_column(sa.ForeignKey("organisation.id"))
    opened_at: Mapped[datetime]

    person: Mapped[Person] = relationship()
    organisation: Mapped[Organisation] = relationship()


class End(Model):
    """How a question ended, once: with the numbers of a vote, or the objection that broke a silence."""

    __tablename__ = "question_end"

    question_id: Mapped[UUID] = mapped_column(sa.ForeignKey("question.id"), primary_key=True)
    ending: Mapped[Ending]
    yes: Mapped[int] = mapped_column(default=0)
    no: Mapped[int] = mapped_column(default=0)
    abstain: Mapped[int] = mapped_column(default=0)
    eligible: Mapped[int] = mapped_column(default=0)
    present: Mapped[int | None]  # of a vote; None in those that ended before it was counted
    reason: Mapped[str] = mapped_column(default="")
    block_id: Mapped[UUID | None] = mapped_column(sa.ForeignKey("block.id"))
    organisation_id: Mapped[UUID | None] = mapped_column(sa.ForeignKey("organisation.id"))
    ended_by_id: Mapped[UUID | None] = mapped_column(sa.ForeignKey("person.id"))
    ended_at: Mapped[datetime]

    question: Mapped[Question] = relationship(back_populates="end")
    organisation: Mapped[Organisation | None] = relationship(lazy="joined")
    ended_by: Mapped[Person | None] = relationship(lazy="joined")


class QuestionDecision(Model):
    """The decision that carried out what the room had answered: the last one, where earlier ones were undone."""

    __tablename__ = "question_decision"

    question_id: Mapped[UUID] = mapped_column(sa.ForeignKey("question.id"), primary_key=True)
    decision_id: Mapped[UUID] = mapped_column(sa.ForeignKey("decision.id"))

    decision: Mapped[Decision] = relationship(lazy="joined")


class QuestionReversal(Model):
    """That an answer no longer stands, and why: it was taken back, the declaration left the adoption, or the vote was
    taken `again`.
    """

    __tablename__ = "question_reversal"

    question_id: Mapped[UUID] = mapped_column(sa.ForeignKey("question.id"), primary_key=True)
    reason: Mapped[str]
    reversed_by_id: Mapped[UUID | None] = mapped_column(sa.ForeignKey("person.id"))
    reversed_at: Mapped[datetime]
    again_id: Mapped[UUID | None] = mapped_column(sa.ForeignKey("question.id"), index=True)

    question: Mapped[Question] = relationship(foreign_keys=question_id, back_populates="reversal")
    again: Mapped[Question | None] = relationship(foreign_keys=again_id, back_populates="retakes")
    reversed_by: Mapped[Person | None] = relationship(lazy="joined")


class Floor(Model):
    """What is on the table now, for everybody in the room to see: an amendment, or a paragraph."""

    __tablename__ = "floor"

    declaration_id: Mapped[UUID] = mapped_column(sa.ForeignKey("declaration.id"), primary_key=True)
    amendment_id: Mapped[UUID | None] = mapped_column(sa.ForeignKey("amendment.id"))
    block_id: Mapped[UUID | None] = mapped_column(sa.ForeignKey("block.id"))
    given_by_id: Mapped[UUID | None] = mapped_column(sa.ForeignKey("person.id"))
    given_at: Mapped[datetime]


class OrderAct(StrEnum):
    """What the chair does to an item of the running order."""

    BEFORE = "before"
    AFTER = "after"
    WITH = "with"  # they stand or fall together
    ALONE = "alone"
    PARTS = "parts"
    WHOLE = "whole"


class OrderChange(Model):
    """A change of the running order by the chair, never changed: the order is that of the rules after all of them.

    `anchor` is the amendment before, after or with which it comes; `group_name` that of the group that they make.
    """

    __tablename__ = "order_change"

    declaration_id: Mapped[UUID] = mapped_column(sa.ForeignKey("declaration.id"), primary_key=True)
    number: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    act: Mapped[OrderAct]
    amendment_id: Mapped[UUID] = mapped_column(sa.ForeignKey("amendment.id"))
    anchor_id: Mapped[UUID | None] = mapped_column(sa.ForeignKey("amendment.id"))
    group_name: Mapped[str] = mapped_column(default="")
    reason: Mapped[str]
    made_by_id: Mapped[UUID | None] = mapped_column(sa.ForeignKey("person.id"))
    made_at: Mapped[datetime]

    amendment: Mapped[Amendment] = relationship(foreign_keys=[amendment_id])
    anchor: Mapped[Amendment | None] = relationship(foreign_keys=[anchor_id])
    made_by: Mapped[Person | None] = relationship()


class SeparateVote(Model):
    """That a delegation wants an amendment voted on by itself; taken back, it stays."""

    __tablename__ = "separate_vote"

    amendment_id: Mapped[UUID] = mapped_column(sa.ForeignKey("amendment.id"), primary_key=True)
    organisation_id: Mapped[UUID] = mapped_column(sa.ForeignKey("organisation.id"), primary_key=True)
    asked_by_id: Mapped[UUID] = mapped_column(sa.ForeignKey("person.id"))
    asked_at: Mapped[datetime]
    withdrawn_at: Mapped[datetime | None]

    organisation: Mapped[Organisation] = relationship(lazy="joined")


class PublicScreen(Model):
    """What visitors see of the sitting: `public_in` is the phase in which it was opened to them; it counts in no other.
    `clock_ends_at` is the end of the count-down that the chair has set.
    """

    __tablename__ = "public_screen"

    declaration_id: Mapped[UUID] = mapped_column(sa.ForeignKey("declaration.id"), primary_key=True)
    public_in: Mapped[Phase | None]
    opened_at: Mapped[datetime | None]
    clock_ends_at: Mapped[datetime | None]


def _open_votes(model: type[Cast | SecretCount], actor: Actor) -> sa.ColumnElement[bool]:
    """The votes of what is still open go along when the operator, who has the database anyway, moves the forum.

    Nobody else learns how an open vote stands.
    """
    return sa.true() if actor.is_operator else model.question_id.in_(sa.select(End.question_id))


SCOPES = (
    scope(Weight, Weight.mandate_id),
    scope(Rules),
    scope(Question, order=(Question.declaration_id, Question.number)),
    scope(Seat, Seat.question_id),
    scope(Proxy, order=(Proxy.declaration_id, Proxy.id)),
    scope(BallotRequest, order=(BallotRequest.declaration_id, BallotRequest.id)),
    scope(Cast, Cast.question_id, only=lambda actor: _open_votes(Cast, actor)),
    scope(SecretCount, SecretCount.question_id, only=lambda actor: _open_votes(SecretCount, actor)),
    scope(Receipt, Receipt.question_id),
    scope(End, End.question_id),
    scope(QuestionDecision, QuestionDecision.question_id),
    scope(QuestionReversal, QuestionReversal.question_id),
    scope(Floor),
    scope(OrderChange, order=(OrderChange.declaration_id, OrderChange.number)),
    scope(SeparateVote, SeparateVote.amendment_id),
    scope(PublicScreen),
)
