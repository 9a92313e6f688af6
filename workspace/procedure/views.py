"""What the pages of questions show: the list with the rules, and one question."""

from collections.abc import Mapping, Sequence
from datetime import date, datetime
from uuid import UUID

from msgspec import Struct, field

from workspace.core.errors import Invalid, NotFound, required
from workspace.core.validation import known_id, parse_day, whole_number
from workspace.procedure.electorate import MOST, WeightedMandate
from workspace.procedure.models import BallotKind, Majority, Means, Subject, VoteChoice
from workspace.procedure.service import QuestionSubject
from workspace.procedure.store import VotingRules
from workspace.procedure.subjects import QuestionStateLabel, SubjectChoices, VoteSubject
from workspace.procedure.visibility import DelegationVoice, QuestionView
from workspace.procedure.voting.proxies import ProxyIn, ProxyList
from workspace.procedure.voting.requests import BallotLine
from workspace.web.i18n.marking import N_
from workspace.web.i18n.messages import Messages
from workspace.web.pages import Page, PageNumbers


class RulesForm(Struct, frozen=True):
    """The switches, as they were chosen."""

    means: str = Means.CONSENSUS.value
    majority: str = Majority.SIMPLE.value
    quorum: str = "50"
    abstentions_count: str = ""
    is_roll_call: str = ""
    one_voice: str = ""
    is_weighted: str = ""
    roll_call_requests: str = "1"
    secret_requests: str = "3"  # noqa: S105  (a number)

    def switches(self) -> VotingRules:
        if self.means not in set(Means) or self.majority not in set(Majority):
            raise NotFound(what="means", id=self.means)
        quorum = required(whole_number(self.quorum), Invalid(field="quorum", reason="not_a_share"))
        flags = ("abstentions_count", "is_roll_call", "one_voice", "is_weighted")
        return VotingRules(
            means=Means(self.means),
            majority=Majority(self.majority),
            quorum=quorum,
            roll_call_requests=whole_number(self.roll_call_requests) or 0,
            secret_requests=whole_number(self.secret_requests) or 0,
            **{name: bool(getattr(self, name)) for name in flags},
        )


class WeightsForm(Struct, frozen=True):
    """How often votes count: the mandates in a row, and the weight of each in the same order."""

    mandate: list[str] | str = field(default_factory=list)  # what comes alone comes as a string
    weight: list[str] | str = field(default_factory=list)

    def weights(self) -> dict[UUID, int]:
        mandates, weights = _several(self.mandate), _several(self.weight)
        if len(mandates) != len(weights):
            raise NotFound(what="mandate", id="")
        read = {
            known_id(mandate_id, "id"): whole_number(said, most=MOST)
            for mandate_id, said in zip(mandates, weights, strict=True)
        }
        if None in read.values():
            raise Invalid(field="weight", reason="not_a_weight", limit=MOST)
        return {mandate_id: weight for mandate_id, weight in read.items() if weight is not None}


class OpenQuestionForm(Struct, frozen=True):
    """What to put to the room. `about` is "text", "amendment:7", "paragraph:" with an id, or "alternative:" with
    the id of its paragraph and its place, "…/2"; the `number` of an amendment, where one is typed, goes before it.
    """

    means: str = ""
    about: str = ""
    number: str = ""
    part: str = ""
    record_date: str = ""
    closes: str = ""
    zone: str = ""

    def what(self) -> QuestionSubject:
        kind, _, which = self.about.partition(":")
        part = self.part
        if kind == Subject.AMENDMENT.value and (number := whole_number(which)) is not None:
            return QuestionSubject(Subject.AMENDMENT, amendment=number, part=part)
        if kind == Subject.PARAGRAPH.value:
            return QuestionSubject(Subject.PARAGRAPH, block_id=known_id(which, "id"), part=part)
        if kind == Subject.ALTERNATIVE.value:
            block, _, place = which.partition("/")
            return QuestionSubject(
                Subject.ALTERNATIVE, block_id=known_id(block, "id"), alternative=whole_number(place) or 0
            )
        if kind != Subject.TEXT.value and self.means != Means.SILENCE.value:
            raise Invalid(field="about", reason="empty")
        return QuestionSubject(Subject.TEXT, part=part)

    def day(self) -> date | None:
        return parse_day("record_date", self.record_date)


class BallotForm(Struct, frozen=True):
    """How a vote is to be taken, or the request that is `withdrawn`; `about` as in the form that puts a vote."""

    withdrawn: str = ""
    kind: str = ""
    about: str = ""
    part: str = ""

    def chosen(self) -> BallotKind:
        if self.kind not in set(BallotKind):
            raise Invalid(field="kind", reason="empty")
        return BallotKind(self.kind)


class ProxyForm(Struct, frozen=True):
    """A proxy to give, or the `revoked` one. Who records it for others names the giver."""

    revoked: str = ""
    giver: str = ""
    holder: str = ""
    question: str = ""
    starts_on: str = ""
    ends_on: str = ""
    note: str = ""

    def to_terms(self) -> ProxyIn:
        return ProxyIn(
            giver=known_id(self.giver, "id") if self.giver else None,
            holder=known_id(self.holder, "id") if self.holder else None,
            question=whole_number(self.question) or 0,
            starts_on=parse_day("starts_on", self.starts_on),
            ends_on=parse_day("ends_on", self.ends_on),
            note=self.note,
        )


class AnswerForm(Struct, frozen=True):
    """One's answer: a choice, or the reason of an objection and the paragraph it is about.

    `act` is "read" to confirm that one has read the text of a silence procedure; `proxy` that by which one votes.
    """

    act: str = ""
    choice: str = ""
    proxy: str = ""
    reason: str = ""
    block: str = ""

    def chosen(self) -> VoteChoice:
        if self.choice not in set(VoteChoice):
            raise Invalid(field="choice", reason="empty")
        return VoteChoice(self.choice)

    def block_id(self) -> UUID | None:
        return known_id(self.block, "id") if self.block else None


class EndForm(Struct, frozen=True):
    """What is done with a question: "close", "withdraw" or "retake" with a reason, "confirm" or "take_back" consensus,
    "decide" on what was answered. Who closes a vote without a quorum is `sure`.
    """

    act: str = ""
    reason: str = ""
    head: str = ""
    sure: str = ""


def _several(given: list[str] | str) -> list[str]:
    return [given] if isinstance(given, str) else given


MEANS: Mapping[Means, str] = {
    Means.CONSENSUS: N_("Consensus"),
    Means.SILENCE: N_("Silence procedure"),
    Means.VOTE: N_("Vote"),
}
MAJORITIES: Mapping[Majority, str] = {
    Majority.SIMPLE: N_("more than half of the votes cast"),
    Majority.PRESENT: N_("more than half of those present"),
    Majority.MEMBERS: N_("more than half of those entitled to vote"),
    Majority.TWO_THIRDS: N_("two thirds of the votes cast"),
    Majority.THREE_QUARTERS: N_("three quarters of the votes cast"),
    Majority.UNANIMITY: N_("unanimity of the votes cast"),
}
BALLOTS: Mapping[BallotKind, str] = {
    BallotKind.ROLL_CALL: N_("Roll call"),
    BallotKind.SECRET: N_("Secret ballot"),
    BallotKind.SEPARATE: N_("Split vote"),
}
CHOICES: Mapping[VoteChoice, str] = {
    VoteChoice.YES: N_("Yes"),
    VoteChoice.NO: N_("No"),
    VoteChoice.ABSTAIN: N_("Abstain"),
}


class QuestionLine(Struct, frozen=True):
    """A question in the list."""

    title: str
    href: str
    state: QuestionStateLabel
    put_at: datetime
    result: str


class QuestionsPage(Page, frozen=True, kw_only=True):
    """What was put to the room, page by page, and how it agrees. `choices` is what can be put."""

    name: str
    lines: Sequence[QuestionLine]
    pages: PageNumbers
    means: Mapping[Means, str]
    majorities: Mapping[Majority, str]
    is_any_open: bool
    switches: VotingRules
    form: OpenQuestionForm
    choices: SubjectChoices
    open_matters: Sequence[str]  # what stops agreeing on the whole text
    revision: int
    may_put: bool
    may_note: bool
    has_plenary: bool
    requests: Sequence[tuple[BallotLine, str, str]]  # with what the vote is about, in words and for the form
    ballots: Mapping[BallotKind, str]
    ballot: BallotForm
    may_request: bool
    errors: Mapping[str, str]


class RulesPage(Page, frozen=True, kw_only=True):
    """By which rules the room agrees, as they are and as they are being changed, and how votes weigh."""

    name: str
    means: Mapping[Means, str]
    majorities: Mapping[Majority, str]
    switches: VotingRules
    rules: RulesForm
    weights: Sequence[WeightedMandate]
    may_set: bool
    errors: Mapping[str, str]


class QuestionPage(Page, frozen=True, kw_only=True):
    """One question. `result` are the numbers in a sentence, "" while they are not open."""

    name: str
    title: str
    state: QuestionStateLabel
    seen: QuestionView
    choices: Mapping[VoteChoice, str]
    majorities: Mapping[Majority, str]
    topic: VoteSubject
    result: str
    closes: datetime | None
    closes_utc: datetime | None
    put_at: datetime
    ended_at: datetime | None
    reversed_at: datetime | None
    undone_at: datetime | None
    objected_to: str
    paragraphs: Sequence[tuple[str, str]]
    may_object: bool
    head: str
    reason: str
    form: AnswerForm
    voice: DelegationVoice | None
    requested_by: Sequence[str]  # the organisations at whose request it is taken so
    own_page: str  # where the reader appoints a deputy, whose it is to decide; "" where it is not needed
    errors: Mapping[str, str] = field(default_factory=dict)


class ProxiesPage(Page, frozen=True, kw_only=True):
    """Who votes for whom, and the open votes by their numbers."""

    name: str
    proxies: ProxyList
    votes: Sequence[tuple[str, str]]
    may_give: bool
    may_record: bool
    form: ProxyForm
    errors: Mapping[str, str]


def result(seen: QuestionView, messages: Messages) -> str:
    """The numbers of a closed vote in a sentence; "" where there are none that the reader may know."""
    if seen.end is None or seen.end.tally is None:
        return ""
    tally = seen.end.tally
    told: dict[str, object] = {"yes": tally.yes, "no": tally.no, "needed": seen.end.needed, "eligible": tally.eligible}
    told |= {"majority": messages.gettext(MAJORITIES[seen.majority]), "base": seen.end.base}
    if seen.is_weighted:
        return messages.gettext(
            "Weighted: %(yes)s yes, %(no)s no, %(abstain)s abstentions; %(needed)s required (%(majority)s: %(base)s), "
            "of %(eligible)s.",
            **told,
            abstain=tally.abstain,
        )
    counted = messages.ngettext("%(count)s abstention", "%(count)s abstentions", tally.abstain, count=tally.abstain)
    return messages.gettext(
        "%(yes)s yes, %(no)s no, %(abstentions)s; %(needed)s required (%(majority)s: %(base)s), %(eligible)s entitled "
        "to vote.",
        **told,
        abstentions=counted,
    )
