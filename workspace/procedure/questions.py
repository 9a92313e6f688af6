"""Answering questions and ending them: votes are cast and counted, a silence is broken, an answer is carried out.

Each question ends once. Nothing changes the text by itself: the chair decides, naming the question.
"""

from uuid import UUID

from workspace.amendments.models import Decision, Verdict
from workspace.amendments.service import AmendmentService, Ruling
from workspace.core import clock
from workspace.core.actor import Actor
from workspace.core.errors import Invalid, NotFound
from workspace.declarations import queries
from workspace.procedure import question_policy as policy
from workspace.procedure.models import (
    Cast,
    Choice,
    End,
    Ending,
    Means,
    Question,
    QuestionDecision,
    Receipt,
    Seat,
    SecretCount,
)
from workspace.procedure.putting import Putting
from workspace.procedure.tallies import Rule, ending

LONGEST_REASON = 5_000  # characters
ANSWERED = frozenset({Ending.ADOPTED, Ending.CARRIED, Ending.LOST})


class QuestionService(Putting):
    """Questions of a declaration, and its rules of procedure."""

    # Answering

    def cast(self, question: Question, choice: Choice, *, actor: Actor) -> Cast:
        """Vote, once, for the seat that one has; raises `NotFound` for who has none, `Invalid` for a second vote."""
        question = self.behind_lock(question)
        policy.ensure_may_answer(actor, question)
        if question.means is not Means.VOTE:
            raise NotFound(what="question", id=str(question.number))
        self.ensure_open(question)
        own = self.seats_of(question, actor=actor)
        if not own:
            raise NotFound(what="seat", id=str(question.number))
        taken = {vote.seat for vote in question.casts}
        seat = next((one for one in own if one.number not in taken), None)
        if seat is None or actor.person_id is None:
            is_mine = any(vote.person_id == actor.person_id for vote in self.casts_of(question, actor=actor))
            raise Invalid(field="choice", reason="voted_already" if is_mine else "delegation_voted")
        cast = Cast(
            question_id=question.id,
            seat=seat.number,
            person_id=actor.person_id,
            choice=choice if question.is_roll_call else None,
            cast_at=clock.now(),
        )
        question.casts.append(cast)
        if not question.is_roll_call:
            self._count_secretly(question, choice)
        self.db.flush()
        self.record("question.answered", question, actor=actor, cast=len(question.casts), eligible=len(question.seats))
        return cast

    def _count_secretly(self, question: Question, choice: Choice) -> None:
        known = self.db.get(SecretCount, (question.id, choice))
        if known is None:
            known = SecretCount(question_id=question.id, choice=choice, votes=0)
            self.db.add(known)
        known.votes += 1

    def seats_of(self, question: Question, *, actor: Actor) -> list[Seat]:
        """The seats for which somebody may answer."""
        voices = policy.voices(actor, question, question.declaration.forum_id)
        organisations = {mandate.organisation_id for mandate in voices}
        if not question.one_voice:
            return [one for one in question.seats if one.person_id == actor.person_id and organisations]
        return [one for one in question.seats if one.organisation_id in organisations]

    def casts_of(self, question: Question, *, actor: Actor) -> list[Cast]:
        """The votes that were cast for the seats of somebody, by them or by others of their delegation."""
        own = {one.number for one in self.seats_of(question, actor=actor)}
        return [vote for vote in question.casts if vote.seat in own]

    def owes_receipt(self, question: Question, *, actor: Actor) -> bool:
        """Whether they could still confirm that they have read the text of a silence procedure that lasts."""
        if question.means is not Means.SILENCE or not question.is_open or not policy.may_answer(actor, question):
            return False
        has_read = any(one.person_id == actor.person_id for one in question.receipts)
        return not has_read and bool(self.seats_of(question, actor=actor))

    def receive(self, question: Question, *, actor: Actor) -> None:
        """Somebody who can break a silence says that they have read its text; once, and while it lasts."""
        question = self.behind_lock(question)
        if not self.owes_receipt(question, actor=actor):
            return
        seats = self.seats_of(question, actor=actor)
        receipt = Receipt(
            person_id=actor.person_id,
            organisation_id=seats[0].organisation_id,
            opened_at=clock.now(),
        )
        question.receipts.append(receipt)
        self.db.flush()
        self.record("question.received", question, actor=actor)

    def object(self, question: Question, reason: str, *, actor: Actor, block_id: UUID | None = None) -> End:
        """Break a silence: one objection with a reason ends it, and nothing is adopted."""
        question = self.behind_lock(question)
        policy.ensure_may_answer(actor, question)
        if question.means is not Means.SILENCE:
            raise NotFound(what="question", id=str(question.number))
        self.ensure_open(question)
        seats = self.seats_of(question, actor=actor)
        if not seats:
            raise NotFound(what="seat", id=str(question.number))
        return self.finish(
            question,
            Ending.BROKEN,
            actor=actor,
            reason=_reason(reason),
            block_id=self._known_block(question, block_id),
            organisation_id=seats[0].organisation_id,
        )

    def _known_block(self, question: Question, block_id: UUID | None) -> UUID | None:
        if block_id is None:
            return None
        if block_id not in {row.block_id for row in queries.pinned_rows(self.db, question.revision_id)}:
            raise NotFound(what="block", id=str(block_id))
        return block_id

    # Ending

    def close(self, question: Question, *, actor: Actor) -> End:
        """Close a vote and count it; raises `Invalid` when it is closed, or is none."""
        question = self.behind_lock(question)
        policy.ensure_may_end(actor, question.declaration)
        self.ensure_open(question)
        if question.means is not Means.VOTE:
            raise Invalid(field="question", reason="no_vote")
        tally = self.tally(question)
        rule = Rule(question.majority, question.quorum, question.abstentions_count)
        return self.finish(question, ending(tally, rule), actor=actor, tally=tally)

    def withdraw(self, question: Question, reason: str, *, actor: Actor) -> End:
        """Take a question back before it is answered to the end; raises `Invalid` without a reason."""
        question = self.behind_lock(question)
        policy.ensure_may_end(actor, question.declaration)
        self.ensure_open(question)
        return self.finish(question, Ending.WITHDRAWN, actor=actor, reason=_reason(reason))

    # Carrying out

    def carry_out(self, question: Question, *, reason: str, expected_head: UUID, actor: Actor) -> Decision:
        """Decide as the room has answered: an amendment, or the bracket of an alternative that was carried.

        The decision gives `reason`, and the question keeps its name. Raises `Invalid` for a question that ended
        without an answer, or was carried out, and what deciding raises.
        """
        question = self.behind_lock(question)
        if question.end is None or question.end.ending not in ANSWERED or question.decided is not None:
            raise Invalid(field="question", reason="nothing_to_decide")
        decision = self._decided(question, question.end.ending, reason, expected_head, actor)
        question.decided = QuestionDecision(decision=decision)
        self.db.flush()
        self.record("question.carried_out", question, actor=actor, decision=str(decision.id))
        return decision

    def _decided(self, question: Question, how: Ending, reason: str, expected_head: UUID, actor: Actor) -> Decision:
        service = AmendmentService(self.db)
        if question.bracket is not None and question.alternative is not None and how.is_agreed:
            return service.resolve(
                question.declaration_id,
                question.bracket.number,
                question.alternative,
                language=question.declaration.original_language,
                reason=reason,
                expected_head=expected_head,
                actor=actor,
            )
        if question.amendment is None or question.part:
            raise Invalid(field="question", reason="nothing_to_decide")
        adoption = service.decide(
            question.declaration_id,
            [Ruling(question.amendment.id, Verdict.ADOPT if how.is_agreed else Verdict.REJECT, reason)],
            language=question.amendment.language,
            expected_head=expected_head,
            actor=actor,
        )
        return adoption.decisions[0]


def _reason(reason: str) -> str:
    if not reason.strip():
        raise Invalid(field="reason", reason="empty")
    if len(reason) > LONGEST_REASON:
        raise Invalid(field="reason", reason="too_long", limit=LONGEST_REASON)
    return reason.strip()
