"""Questions as they stand: finding them, counting them, and writing down how one ended; with the rules in force."""

from collections.abc import Collection
from datetime import datetime
from typing import Any
from uuid import UUID

import sqlalchemy as sa
from msgspec import Struct, structs
from sqlalchemy.orm import joinedload, selectinload

from workspace.amendments.domain.models import Amendment, AmendmentVersion, Decision, DecisionRound, RoundEffect
from workspace.approvals.models import ApprovalRequest, Outcome
from workspace.approvals.service import ApprovalService
from workspace.core import clock
from workspace.core.actor import Actor
from workspace.core.errors import Invalid, existing
from workspace.core.events import QuestionEnded, publish
from workspace.core.shapes import filled
from workspace.core.storage import log
from workspace.core.storage.db import Db
from workspace.core.storage.held_writes import as_before
from workspace.core.storage.readings import read_once
from workspace.declarations.domain.models import Declaration, Revision
from workspace.declarations.domain.service import ServiceOnDeclarations
from workspace.people.models import Person
from workspace.procedure import policy
from workspace.procedure.electorate import HUNDRED, VoteTally, present_votes
from workspace.procedure.models import (
    End,
    Ending,
    Majority,
    Means,
    Question,
    QuestionDecision,
    QuestionReversal,
    Receipt,
    Rules,
    Seat,
    SecretCount,
    Subject,
    VoteChoice,
)

_WORDS = (AmendmentVersion.amendment_id, AmendmentVersion.number, AmendmentVersion.made_by_id)  # whose, and which


MOST_REQUESTS = 1_000


class VotingRules(Struct, frozen=True):
    """The rules of procedure of a declaration, as the chair sets them."""

    means: Means = Means.CONSENSUS
    majority: Majority = Majority.SIMPLE
    quorum: int = 50
    abstentions_count: bool = False
    is_roll_call: bool = True
    one_voice: bool = True
    is_weighted: bool = False
    roll_call_requests: int = 1
    secret_requests: int = 3


def ensure_sound(switches: VotingRules) -> None:
    """Raises `Invalid` for a quorum that is none, and for a secret vote by weight: a weight would name its voter."""
    for name in ("roll_call_requests", "secret_requests"):
        if not 1 <= getattr(switches, name) <= MOST_REQUESTS:
            raise Invalid(field=name, reason="not_a_count", limit=MOST_REQUESTS)
    if not 0 <= switches.quorum <= HUNDRED:
        raise Invalid(field="quorum", reason="not_a_share")
    if switches.is_weighted and not switches.is_roll_call:
        raise Invalid(field="is_weighted", reason="secret_by_weight")


def all_votes(question: Question) -> int:
    """How many votes could be cast in all."""
    return sum(seat.votes for seat in question.seats)


def record(db: Db, kind: str, declaration: Declaration, *, actor: Actor, **facts: Any) -> None:
    """Write down in the log what was done about the votes of a declaration."""
    log.record_in(db, kind, declaration, actor=actor, **facts)


class QuestionStore(ServiceOnDeclarations):
    """The questions of declarations, and their rules of procedure."""

    def __init__(self, db: Db) -> None:
        super().__init__(db)
        self.approvals = ApprovalService(db)

    # Rules

    def rules(self, declaration: Declaration) -> VotingRules:
        """The rules in force: those that were set, or the usual ones."""
        known = self.db.get(Rules, declaration.id)
        if known is None:
            return VotingRules()
        return filled(VotingRules, known)

    def set_rules(self, declaration: Declaration, switches: VotingRules, *, actor: Actor) -> None:
        """Change the rules; questions that were put keep theirs. Raises `Invalid` for what is no rule."""
        declaration = self.declarations.lock(declaration.id)
        policy.ensure_may_set_rules(actor, declaration)
        ensure_sound(switches)
        known = self.db.get(Rules, declaration.id) or Rules(declaration_id=declaration.id)
        rules = structs.asdict(switches)
        for name, value in rules.items():
            setattr(known, name, value)
        known.set_by_id, known.set_at = actor.person_id, clock.now()
        self.db.add(known)
        self.db.flush()
        record(self.db, "procedure.set", declaration, actor=actor, **rules)

    # Finding

    def of_declaration(
        self, declaration: Declaration, *, actor: Actor, before: int = 0, offset: int = 0, limit: int | None = None
    ) -> list[Question]:
        """The questions, newest first; raises `NotFound` for who may not know of them.

        With `limit`, that many at most: after `offset` others, and of those whose numbers come `before` one.
        """
        policy.ensure_may_know(actor, declaration)
        statement = self.every().where(Question.declaration_id == declaration.id).order_by(Question.number.desc())
        if before:
            statement = statement.where(Question.number < before)
        return list(self.db.scalars(statement.offset(offset).limit(limit)))

    def how_many(self, declaration: Declaration) -> int:
        """How many questions there are."""
        statement = sa.select(sa.func.count()).select_from(Question).where(Question.declaration_id == declaration.id)
        return self.db.scalar(statement) or 0

    def numbered(self, declaration: Declaration, number: int, *, actor: Actor) -> Question:
        """One question; raises `NotFound`."""
        policy.ensure_may_know(actor, declaration)
        statement = self.every().where(Question.declaration_id == declaration.id, Question.number == number)
        return existing(self.db.scalar(statement.execution_options(populate_existing=True)), "question", number)

    def last_about(self, declaration: Declaration, what: sa.ColumnElement[bool]) -> Question | None:
        """The question that was put last about something."""
        statement = self.every().where(Question.declaration_id == declaration.id, what)
        return self.db.scalar(statement.order_by(Question.number.desc()).limit(1))

    def every(self) -> sa.Select[Question]:
        """With all that is shown of them: a fixed number of queries for any number of questions."""
        seats, receipts = selectinload(Question.seats), selectinload(Question.receipts)
        decision = joinedload(Question.decided).joinedload(QuestionDecision.decision)
        undone = decision.selectinload(Decision.undone_by).joinedload(Decision.decided_by)
        return sa.select(Question).options(
            joinedload(Question.revision),
            joinedload(Question.amendment).selectinload(Amendment.versions).load_only(*_WORDS),
            joinedload(Question.put_by),
            seats.options(joinedload(Seat.organisation), joinedload(Seat.person)),
            receipts.options(joinedload(Receipt.organisation), joinedload(Receipt.person)),
            decision.joinedload(Decision.revision),
            undone,
        )

    # Ending

    def tally(self, question: Question) -> VoteTally:
        """The numbers as they are; whoever shows them asks whether they may be known."""
        if question.is_roll_call:
            votes = {seat.number: seat.votes for seat in question.seats}
            counts = dict.fromkeys(VoteChoice, 0)
            for vote in question.casts:
                if vote.choice is not None:
                    counts[vote.choice] += votes[vote.seat]
        else:
            found = self.db.scalars(sa.select(SecretCount).where(SecretCount.question_id == question.id))
            counts = dict.fromkeys(VoteChoice, 0) | {count.choice: count.votes for count in found}
        yes, no, abstain = (counts[choice] for choice in VoteChoice)
        return VoteTally(yes, no, abstain, all_votes(question), present_votes(self.db, question))

    def finish(
        self,
        question: Question,
        how: Ending,
        *,
        actor: Actor,
        tally: VoteTally | None = None,
        reason: str = "",
        block_id: UUID | None = None,
        organisation_id: UUID | None = None,
    ) -> End:
        """Write down how a question ended. The caller holds the lock and has asked whether it may."""
        tally = tally or VoteTally(0, 0, 0, all_votes(question))
        if request := self.request_of(question):
            self.approvals.end(request, Outcome.CONFIRMED if how.is_agreed else Outcome.VOID)
        end = End(
            question_id=question.id,
            ending=how,
            yes=tally.yes,
            no=tally.no,
            abstain=tally.abstain,
            eligible=tally.eligible,
            present=tally.present if question.means is Means.VOTE else None,
            reason=reason,
            block_id=block_id,
            organisation_id=organisation_id,
            ended_by_id=actor.person_id,
            ended_at=clock.now(),
        )
        question.end = end
        self.db.flush()
        self.record("question.ended", question, actor=actor, outcome=how.value)
        publish(self.db, QuestionEnded(question.declaration_id, question.id, actor))
        return end

    def moot_end(self, question: Question) -> End | None:
        """When and by whom it was closed with its amendment; not stored."""
        rounds = sa.select(DecisionRound).join(DecisionRound.effects)
        of = rounds.where(RoundEffect.amendment_id == question.amendment_id).order_by(DecisionRound.number.desc())
        last = self.db.scalar(of.limit(1)) if question.is_moot else None
        by = self.db.get(Person, last.taken_by_id) if last and last.taken_by_id else None
        return End(ending=Ending.MOOT, reason="", ended_by=by, ended_at=last.taken_at) if last else None

    def open_in(self, declarations: Collection[UUID]) -> list[Question]:
        """The questions of these declarations that wait for their end, oldest first."""
        statement = self.every().where(Question.declaration_id.in_(declarations), ~Question.end.has())
        found = self.db.scalars(statement.order_by(Question.put_at, Question.id)) if declarations else ()
        return [question for question in found if question.is_open]

    def open_ones(self, declaration: Declaration) -> list[Question]:
        """The questions that wait for their end."""
        return [question for question in self.unended(declaration) if question.is_open]

    def unended(self, declaration: Declaration) -> list[Question]:
        """Those, and the ones that only wait for their amendment to be open again."""
        statement = self.every().where(Question.declaration_id == declaration.id, ~Question.end.has())
        key, read = ("unended", declaration.id), lambda: self.db.scalars(statement).all()
        with as_before(self.db, Amendment, AmendmentVersion, Declaration, Revision):
            return list(read_once(self.db, key, (Question, End), read))

    def ended_last(self, declaration: Declaration, since: datetime | None) -> Question | None:
        """The question that the room has answered last, after a moment if one is named."""
        answered: list[sa.ColumnElement[bool]] = [End.ending.not_in((Ending.WITHDRAWN, Ending.OVERTAKEN))]
        answered += [End.ended_at > since] if since else []
        statement = self.every().where(Question.declaration_id == declaration.id).join(Question.end).where(*answered)
        return self.db.scalar(statement.order_by(End.ended_at.desc()).limit(1))

    def adoptions(self, declaration: Declaration) -> list[Question]:
        """The questions by which the whole text was adopted, of any revision, and which stand; newest first."""
        agreed = (End.ending.in_((Ending.ADOPTED, Ending.CARRIED)), ~Question.reversal.has(), Question.part == "")
        about = (Question.declaration_id == declaration.id, Question.subject == Subject.TEXT)
        statement = self.every().join(Question.end).where(*about, *agreed)
        return list(self.db.scalars(statement.order_by(Question.number.desc())))

    def adopted_by(self, declaration: Declaration) -> Question | None:
        """How the whole text in force was adopted; None where it was not, or has changed since."""
        of_head = (found for found in self.adoptions(declaration) if found.revision_id == declaration.head_id)
        return next(of_head, None) if self.declarations.is_pinned(declaration) else None

    def reverse(self, question: Question, *, reason: str, actor: Actor, again: Question | None = None) -> None:
        """Write down that an answer no longer stands, or that it was asked `again`.

        The caller holds the lock and has asked whether it may.
        """
        now = clock.now()
        question.reversal = QuestionReversal(
            reason=reason, reversed_by_id=actor.person_id, reversed_at=now, again=again
        )
        self.db.flush()
        facts: dict[str, str | int] = {"again": again.number} if again else {}
        kind = "question.retaken" if again else "question.reversed"
        self.record(kind, question, actor=actor, reason=reason, **facts)
        publish(self.db, QuestionEnded(question.declaration_id, question.id, actor))

    def request_of(self, question: Question) -> ApprovalRequest | None:
        """What waits for a second person: that nobody objects to the whole text."""
        if question.means is not Means.CONSENSUS or not question.is_open:
            return None
        return self.approvals.open_request(policy.CONSENSUS, question.declaration)

    # Parts

    def behind_lock(self, question: Question) -> Question:
        """The question as it is once nobody else can answer or end it."""
        self.declarations.lock(question.declaration_id)
        statement = self.every().where(Question.id == question.id)
        return existing(
            self.db.scalar(statement.execution_options(populate_existing=True)), "question", question.number
        )

    def ensure_open(self, question: Question) -> None:
        is_past = question.closes_at is not None and question.closes_at <= clock.now()
        if not question.is_open or is_past:
            raise Invalid(field="question", reason="closed", number=question.number)

    def record(self, kind: str, question: Question, *, actor: Actor, **facts: str | int) -> None:
        facts |= {"question": str(question.id), "number": question.number}
        record(self.db, kind, question.declaration, actor=actor, **facts)
