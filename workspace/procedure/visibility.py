"""A question as one reader may see it: words for those who may read the text, numbers once the vote is closed."""

from collections.abc import Sequence
from datetime import date, datetime
from uuid import UUID

from msgspec import Struct

from drafts.text.blocks import Language
from workspace.amendments.decisions.committee_edits import may_bracket
from workspace.amendments.domain.committee_models import BracketState
from workspace.amendments.domain.models import Decision, DecisionOutcome
from workspace.amendments.domain.policy import may_decide
from workspace.approvals.views import RequestView, request_view
from workspace.core.actor import Actor
from workspace.core.shapes import filled
from workspace.declarations.domain.policy import may_read
from workspace.people.models import Person
from workspace.procedure import policy
from workspace.procedure.electorate import (
    CarryingRule,
    VoteTally,
    base,
    has_quorum,
    needed,
    present_votes,
    quorum_votes,
)
from workspace.procedure.models import End, Ending, Majority, Means, Question, Subject, VoteChoice
from workspace.procedure.service import ANSWERED, QuestionService
from workspace.procedure.store import all_votes
from workspace.procedure.voting.proxies import ProxyService


class VoteView(Struct, frozen=True):
    """What one seat answered in a roll call, and how often that counts; null: it did not answer."""

    organisation: str
    person: str
    weight: int
    choice: VoteChoice | None
    by_proxy: str  # who voted for it; "" where it did so itself


class ProxyToVote(Struct, frozen=True):
    """A vote that the reader has by proxy: whose it is, and whether it has been cast."""

    proxy: UUID
    giver: str
    is_cast: bool


class ReceiptView(Struct, frozen=True):
    """Who has confirmed having read the text of a silence procedure, and when."""

    organisation: str
    person: str
    at: datetime


class UndoneView(Struct, frozen=True):
    """The `decision` that carried a question out and was undone: by which one, by whom, when, why."""

    decision: int
    undoing: int
    by: str
    at: datetime
    reason: str


class EndView(Struct, frozen=True):
    """How it ended. `tally`, `needed` and `base` are None where there are none, or they are not open to the reader."""

    ending: Ending
    at: datetime
    by: str
    reason: str
    organisation: str  # that broke a silence
    block_id: UUID | None
    tally: VoteTally | None
    needed: int | None
    base: int | None  # what those needed are a share of
    has_quorum: bool
    roll_call: Sequence[VoteView]
    decision: int | None  # the number of the one that carried it out and stands
    is_waiting: bool  # for what collides: that decision left the text as it was
    undone: UndoneView | None  # that one, where it does not
    decision_revision: int | None
    again: int | None  # the number of the vote by which it was taken again
    reversed_at: datetime | None  # it was taken back since
    reversed_by: str
    reversed_reason: str


class QuestionView(Struct, frozen=True):
    """A question. `part` is "" for who may not read the text; `may_…` say what the reader could do now."""

    id: UUID
    number: int
    means: Means
    subject: Subject
    amendment: int | None
    block_id: UUID | None
    language: Language | None
    part: str
    alternative: int | None
    revision: int
    record_date: date
    majority: Majority
    quorum: int
    abstentions_count: bool
    is_roll_call: bool
    one_voice: bool
    is_weighted: bool
    put_at: datetime
    put_by: str
    closes_at: datetime | None
    zone: str
    eligible: int  # who may answer
    votes: int  # that they have among them
    cast: int
    votes_cast: int  # that they have used
    quorum_votes: int  # that have to be used
    needed: int | None  # the yes that carry it, where that is known before the votes are counted
    end: EndView | None
    receipts: Sequence[ReceiptView]
    own_seats: int
    may_answer: bool
    proxies: Sequence[ProxyToVote]  # with which the reader votes
    given_to: str  # who votes for the reader, by proxy
    owes_receipt: bool
    lacks_quorum: bool  # closed now, the vote would decide nothing
    request: RequestView | None  # of consensus on the whole text, which waits for a second person
    retakes: int | None  # the number of the vote that it takes again
    retake_reason: str
    not_voted: Sequence[str]  # to whom may know, while it is open: never how the others did
    may_retake: bool
    may_end: bool
    may_take_back: bool
    may_carry_out: bool
    may_take_part: bool  # of an amendment, on the committee's desk, after a separate vote

    @property
    def is_open(self) -> bool:
        return self.end is None


def visible_question(service: QuestionService, question: Question, *, actor: Actor) -> QuestionView:
    """What `actor` may see of a question."""
    declaration = question.declaration
    reads = may_read(actor, declaration)
    own = service.seats_of(question, actor=actor)
    taken = {vote.seat for vote in question.casts}
    free = [seat for seat in own if seat.number not in taken]
    is_answerable, voters = question.is_open and policy.may_answer(actor, question), {seat.voter for seat in own}
    is_vote = is_answerable and question.means is Means.VOTE and bool(own)
    standing = ProxyService(service.db).standing(question) if is_vote else []
    return filled(
        QuestionView,
        question,
        amendment=question.amendment.number if question.amendment and reads else None,
        block_id=question.block_id if reads else None,
        part=question.part if reads else "",
        revision=question.revision.number,
        put_by=question.put_by.name if question.put_by else "",
        eligible=len(question.seats),
        votes=all_votes(question),
        cast=len(question.casts),
        votes_cast=_votes_cast(question),
        quorum_votes=quorum_votes(all_votes(question), question.quorum),
        needed=_known_to_be_needed(service, question),
        end=_end(question, question.end or service.moot_end(question), actor, reads=reads),
        receipts=[ReceiptView(of.organisation.name, of.person.name, of.opened_at) for of in question.receipts if reads],
        own_seats=len(own),
        may_answer=is_answerable and bool(free),
        proxies=[
            ProxyToVote(proxy.id, proxy.giver_name, seat.number in taken)
            for proxy, seat in standing
            if proxy.holder in voters
        ],
        given_to=next((proxy.holder_name for proxy, _ in standing if proxy.giver in voters), ""),
        owes_receipt=service.owes_receipt(question, actor=actor),
        lacks_quorum=lacks_quorum(question),
        request=_request(service, question, actor),
        retakes=question.retakes.question.number if question.retakes else None,
        retake_reason=question.retakes.reason if question.retakes and reads else "",
        not_voted=_not_voted(question) if policy.may_read_turnout(actor, question) else (),
        may_retake=policy.may_retake(actor, question),
        may_end=question.is_open and policy.may_put(actor, declaration, Means.VOTE),
        may_take_back=policy.may_take_back(actor, question),
        may_carry_out=may_carry_out(question, actor),
        may_take_part=_may_take_part(question, actor),
    )


def lacks_quorum(question: Question) -> bool:
    """Whether a vote would decide nothing, were it closed now."""
    if question.means is not Means.VOTE or not question.is_open:
        return False
    return _votes_cast(question) < quorum_votes(all_votes(question), question.quorum)


def _known_to_be_needed(service: QuestionService, question: Question) -> int | None:
    if question.majority not in {Majority.PRESENT, Majority.MEMBERS} or question.means is not Means.VOTE:
        return None
    present = present_votes(service.db, question) if question.end is None else question.end.present or 0
    tally = VoteTally(0, 0, 0, all_votes(question), present)
    return needed(tally, CarryingRule(question.majority, question.quorum))


def _votes_cast(question: Question) -> int:
    taken = {vote.seat for vote in question.casts}
    return sum(seat.votes for seat in question.seats if seat.number in taken)


def _not_voted(question: Question) -> list[str]:
    taken = {vote.seat for vote in question.casts}
    return [seat.name for seat in question.seats if seat.number not in taken]


def _request(service: QuestionService, question: Question, actor: Actor) -> RequestView | None:
    request, declaration = service.request_of(question), question.declaration
    local = declaration.forum.local
    return request_view(policy.CONSENSUS, declaration, request, actor=actor, local=local) if request else None


class DelegationVoice(Struct, frozen=True):
    """The one voice of the reader's delegation. `voted_by` has cast it: "" where nobody has, or the reader did."""

    organisation: str
    voted_by: str


def voice_of(service: QuestionService, question: Question, *, actor: Actor) -> DelegationVoice | None:
    """In whose name somebody votes, where it is not in their own: what they have not cast yet comes first."""
    own = service.seats_of(question, actor=actor) if question.one_voice and question.means is Means.VOTE else []
    taken = {vote.seat: vote.person_id for vote in question.casts}
    seat = next((seat for seat in own if seat.number not in taken), own[0] if own else None)
    if seat is None:
        return None
    voter = taken.get(seat.number)
    others = service.db.get(Person, voter) if voter and voter != actor.person_id else None
    return DelegationVoice(seat.organisation.name, others.name if others else "")


def is_barred(question: Question, actor: Actor) -> bool:
    """Whether they could decide as the room has answered, had their own delegation not filed the amendment."""
    amendment = question.amendment
    if amendment is None or question.ending not in ANSWERED or not amendment.disposition.is_undecided:
        return False
    is_judge = may_decide(actor, question.declaration)
    return is_judge and not question.is_carried_out and not policy.may_decide(actor, amendment)


def may_carry_out(question: Question, actor: Actor) -> bool:
    """Whether they may decide now as the room has answered."""
    how = question.ending
    if how not in ANSWERED or question.is_carried_out or not question.is_on_words_in_force:
        return False
    if question.bracket is not None:
        is_open = question.bracket.state is BracketState.OPEN
        return is_open and how.is_agreed and may_bracket(actor, question.declaration)
    if question.amendment is None or question.part or not question.amendment.disposition.is_undecided:
        return False
    return policy.may_decide(actor, question.amendment)


def _may_take_part(question: Question, actor: Actor) -> bool:
    """After a separate vote on words of an amendment: the rest of it is decided with it, on the desk."""
    if question.ending not in ANSWERED or not question.part or question.amendment is None:
        return False
    return question.amendment.disposition.is_undecided and policy.may_decide(actor, question.amendment)


def _end(question: Question, end: End | None, actor: Actor, *, reads: bool) -> EndView | None:
    if end is None:
        return None
    is_counted = question.means is Means.VOTE and end.ending in {Ending.CARRIED, Ending.LOST, Ending.NO_QUORUM}
    opens = is_counted and policy.may_read_tally(actor, question)
    tally = VoteTally(end.yes, end.no, end.abstain, end.eligible, end.present or 0) if opens else None
    rule = CarryingRule(question.majority, question.quorum, question.abstentions_count)
    decision, back = question.decided.decision if question.decided else None, question.reversal
    undone = _undone(decision) if decision and reads else None
    return EndView(
        ending=question.ending or end.ending,
        at=end.ended_at,
        by=end.ended_by.name if end.ended_by else "",
        reason=end.reason if reads else "",
        organisation=end.organisation.name if end.organisation else "",
        block_id=end.block_id if reads else None,
        tally=tally,
        needed=needed(tally, rule) if tally else None,
        base=base(tally, rule) if tally else None,
        has_quorum=has_quorum(tally, rule) if tally else False,
        roll_call=_roll_call(question) if tally and question.is_roll_call else (),
        decision=decision.number if decision and reads and not undone else None,
        is_waiting=bool(decision and decision.outcome is DecisionOutcome.WAITS),
        undone=undone,
        decision_revision=decision.revision.number if decision and decision.revision and reads else None,
        again=back.again.number if back and back.again else None,
        reversed_at=back.reversed_at if back else None,
        reversed_by=back.reversed_by.name if back and back.reversed_by else "",
        reversed_reason=back.reason if back and reads else "",
    )


def _undone(decision: Decision) -> UndoneView | None:
    by = decision.undone_by
    if by is None:
        return None
    return UndoneView(decision.number, by.number, by.decided_by.name if by.decided_by else "", by.decided_at, by.reason)


def _roll_call(question: Question) -> list[VoteView]:
    made = {vote.seat: vote for vote in question.casts}
    return [
        VoteView(
            seat.organisation.name,
            seat.person.name if seat.person else "",
            seat.votes,
            vote.choice if (vote := made.get(seat.number)) else None,
            vote.proxy.holder_name if vote and vote.proxy else "",
        )
        for seat in question.seats
    ]
