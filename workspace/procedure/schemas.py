"""Questions put to the room, as programs put, answer and read them."""

from collections.abc import Sequence
from datetime import date, datetime
from typing import Annotated, Literal, Self
from uuid import UUID

from msgspec import Meta, Struct

from drafts.text.blocks import Language
from workspace.core.shapes import Shape, filled
from workspace.declarations.schemas import Reason
from workspace.procedure.agenda import CurrentItem
from workspace.procedure.electorate import MOST
from workspace.procedure.models import BallotKind, Ending, Majority, Means, OrderAct, OrderChange, Subject, VoteChoice
from workspace.procedure.running_order import LONGEST_NAME
from workspace.procedure.service import QuestionSubject
from workspace.procedure.store import MOST_REQUESTS, VotingRules
from workspace.procedure.visibility import EndView, ProxyToVote, QuestionView, ReceiptView, UndoneView, VoteView

Written = Annotated[str, Meta(max_length=64)]
AmendmentNumber = Annotated[int, Meta(ge=0, le=2_000_000_000)]


class RulesIn(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """The rules of procedure. `quorum` in hundredths of those who may vote; 0 for none."""

    means: Means
    majority: Majority = Majority.SIMPLE
    quorum: Annotated[int, Meta(ge=0, le=100)] = 50
    abstentions_count: bool = False
    is_roll_call: bool = True
    one_voice: bool = True
    is_weighted: bool = False
    roll_call_requests: Annotated[int, Meta(ge=1, le=MOST_REQUESTS)] = 1
    secret_requests: Annotated[int, Meta(ge=1, le=MOST_REQUESTS)] = 3

    def to_switches(self) -> VotingRules:
        return filled(VotingRules, self)


class RulesOut(Shape, frozen=True, kw_only=True):
    """The rules of procedure in force. `…_requests`: how many organisations make a vote so; null for a single vote."""

    means: Means
    majority: Majority
    quorum: int
    abstentions_count: bool
    is_roll_call: bool
    one_voice: bool
    is_weighted: bool
    roll_call_requests: int | None = None
    secret_requests: int | None = None


class WeightIn(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """How often the vote of one mandate counts."""

    mandate_id: UUID
    weight: Annotated[int, Meta(ge=1, le=MOST)]


class WeightsIn(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """How often votes count; mandates that are not named keep their weight."""

    items: Annotated[list[WeightIn], Meta(min_length=1, max_length=2_000)]

    def to_weights(self) -> dict[UUID, int]:
        return {weight_in.mandate_id: weight_in.weight for weight_in in self.items}


class AboutIn(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """What is put to the room. `part`: words of it that a separate vote is about.

    `alternative`: the place of a reading in the open bracket of the paragraph.
    """

    subject: Subject
    amendment: AmendmentNumber = 0
    block_id: UUID | None = None
    language: Language | None = None
    part: Annotated[str, Meta(max_length=2_000)] = ""
    alternative: Annotated[int, Meta(ge=0, le=1_000)] | None = None

    def to_about(self) -> QuestionSubject:
        return QuestionSubject(self.subject, self.amendment, self.block_id, self.language, self.part, self.alternative)


class VoteIn(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A vote to open. `record_date` is the day whose mandates count; today without one. Rules not given: those set."""

    about: AboutIn
    record_date: date | None = None
    rules: RulesIn | None = None


class SilenceIn(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A silence procedure to open. `closes` as the clock shows it in `zone`, or with an offset of its own."""

    closes: Written
    zone: Written = ""


class ConsensusIn(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Something that nobody objected to."""

    about: AboutIn


class CastIn(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A vote: one's own, or that of the `proxy` one holds."""

    choice: VoteChoice
    proxy: UUID | None = None


class BallotRequestIn(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """How a vote on something is to be taken; a separate one on its `part`."""

    kind: BallotKind
    about: AboutIn


class SilenceObjectionIn(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Why the silence is broken, and for the sake of which paragraph."""

    reason: Reason
    block_id: UUID | None = None


class WithdrawalIn(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Why a question is taken back; nobody need say so of consensus that waits for a second person."""

    reason: Reason = ""


class RetakingIn(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Why a vote is taken again."""

    reason: Reason


class CarryingOutIn(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """What the decision says as its reason."""

    reason: Reason


class FloorIn(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """What to put on the table: an amendment, a paragraph, or nothing."""

    amendment: AmendmentNumber = 0
    block_id: UUID | None = None


class StepIn(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Which of the open amendments comes: the next one, or the one before."""

    to: Literal["next", "previous"]


class FloorOut(Struct, frozen=True, kw_only=True):
    """What is on the table."""

    amendment: int | None
    block_id: UUID | None

    @classmethod
    def of(cls, table: CurrentItem) -> Self:
        return cls(amendment=table.amendment.number if table.amendment else None, block_id=table.block_id)


class ScreenIn(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """What to change: whether visitors see the screen; its clock, in minutes, 0 for none."""

    is_public: bool | None = None
    minutes: int | None = None


class ScreenTextOut(Struct, frozen=True, kw_only=True):
    """The words in one language as they would be; `note` says where they are not those that would be adopted."""

    language: Language
    text: str
    note: str


class ScreenOut(Struct, frozen=True, kw_only=True):
    """What stands on the screen. `conflicts` are amendments that could not stand with this one."""

    is_public: bool
    amendment: int | None
    block_id: UUID | None
    texts: Sequence[ScreenTextOut]
    conflicts: Sequence[int]
    clock_ends_at: datetime | None


class EndOut(Struct, frozen=True, kw_only=True):
    """How a question ended. `needed` yes of `base` votes would have carried it; null: not open, or no vote.

    `decision` carried it out, and stands; `undone` did, and does not. `again` is the vote by which it was taken again.
    """

    ending: Ending
    at: datetime
    reason: str
    organisation: str
    block_id: UUID | None
    yes: int | None
    no: int | None
    abstain: int | None
    needed: int | None
    base: int | None
    roll_call: list[VoteView]
    decision: int | None
    undone: UndoneView | None
    again: int | None
    reversed_at: datetime | None
    reversed_reason: str

    @classmethod
    def of(cls, end: EndView) -> Self:
        tally = end.tally
        return filled(
            cls,
            end,
            yes=tally.yes if tally else None,
            no=tally.no if tally else None,
            abstain=tally.abstain if tally else None,
        )


class QuestionOut(Struct, frozen=True, kw_only=True):
    """A question put to the room. `cast` says how many of the `eligible` have answered, never how.

    `quorum_votes` is how many votes make the quorum, `votes_cast` how many there are. `retakes` is the vote that it
    takes again. `not_voted` is for the chair and the secretariat.
    """

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
    rules: RulesOut
    put_at: datetime
    closes_at: datetime | None
    zone: str
    eligible: int
    cast: int
    votes_cast: int
    quorum_votes: int
    needed: int | None
    may_answer: bool
    proxies: list[ProxyToVote]
    given_to: str
    retakes: int | None
    retake_reason: str
    not_voted: list[str]
    receipts: list[ReceiptView]
    end: EndOut | None

    @classmethod
    def of(cls, seen: QuestionView) -> Self:
        return filled(cls, seen, rules=seen, end=EndOut.of(seen.end) if seen.end else None)


class OrderItemOut(Struct, frozen=True, kw_only=True):
    """An open amendment with the paragraph that it touches first; null: the beginning of the text.

    It stands or falls with those of its `group`; `lapses` could not stand beside it. The delegations `separate`
    want it voted on by itself.
    """

    amendment: int
    block_id: UUID | None
    who: str
    group: str
    by_parts: bool
    lapses: list[int]
    separate: list[str]


class OrderOut(Struct, frozen=True, kw_only=True):
    """A page of the open amendments as they come before the plenary, of `total`; `next` is the cursor of the page
    after it.
    """

    items: list[OrderItemOut]
    total: int
    next: str | None = None


class OrderChangeIn(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """What to do with an item of the running order; `anchor` is the amendment before, after or with which it comes.

    A new group without a name gets the next letter.
    """

    amendment: AmendmentNumber
    act: OrderAct
    anchor: AmendmentNumber = 0
    group: Annotated[str, Meta(max_length=LONGEST_NAME)] = ""
    reason: Reason


class OrderChangeOut(Struct, frozen=True, kw_only=True):
    """A change of the running order, with its reason."""

    number: int
    amendment: int
    act: OrderAct
    anchor: int | None
    group: str
    reason: str
    by: str
    at: datetime

    @classmethod
    def of(cls, made: OrderChange) -> Self:
        return cls(
            number=made.number,
            amendment=made.amendment.number,
            act=made.act,
            anchor=made.anchor.number if made.anchor else None,
            group=made.group_name,
            reason=made.reason,
            by=made.made_by.name if made.made_by else "",
            at=made.made_at,
        )


class SeparateVoteIn(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """On which amendment one's delegation wants a vote of its own, or no longer."""

    amendment: AmendmentNumber
    is_wanted: bool = True


class SeparateVoteOut(Struct, frozen=True, kw_only=True):
    """The delegations that want an amendment voted on by itself."""

    amendment: int
    separate: list[str]
