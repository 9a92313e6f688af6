"""Rules of procedure, questions put to the room, and the table of the plenary, as JSON."""

from typing import Annotated

from litestar import Controller, Response

from workspace.core.actor import Actor
from workspace.core.storage.db import Db
from workspace.declarations.api import declared, held, opened
from workspace.declarations.domain.models import Declaration
from workspace.declarations.domain.policy import ensure_may
from workspace.declarations.frame import Frame
from workspace.procedure import policy
from workspace.procedure.agenda import CurrentItemService
from workspace.procedure.electorate import WeightedMandate, WeightService
from workspace.procedure.entailment import Entailment, ensure_as_confirmed, of_closing, of_consensus
from workspace.procedure.models import Means, Question, Subject
from workspace.procedure.policy import KNOW
from workspace.procedure.running_order import RunningOrderService, SeparateVoteService
from workspace.procedure.schemas import (
    BallotRequestIn,
    CarryingOutIn,
    CastIn,
    ConsensusIn,
    FloorIn,
    FloorOut,
    OrderChangeIn,
    OrderChangeOut,
    OrderItemOut,
    OrderOut,
    QuestionOut,
    RetakingIn,
    RulesIn,
    RulesOut,
    ScreenIn,
    ScreenOut,
    ScreenTextOut,
    SeparateVoteIn,
    SeparateVoteOut,
    SilenceIn,
    SilenceObjectionIn,
    StepIn,
    VoteIn,
    WeightsIn,
    WithdrawalIn,
)
from workspace.procedure.screen import WATCH, Screen, ScreenService, eyes, watching
from workspace.procedure.service import QuestionService
from workspace.procedure.visibility import visible_question
from workspace.procedure.voting.proxies import ProxyIn, ProxyList, ProxyService
from workspace.procedure.voting.requests import BallotLine, BallotService
from workspace.web.api import (
    DONE,
    Cursor,
    Limit,
    ListOf,
    Number,
    PageOf,
    answer,
    list_page,
    number_after,
    reads,
    writes,
)
from workspace.web.approvals import RefusalIn
from workspace.web.http.preconditions import IfMatch
from workspace.web.http.request_context import Body, FromQuery, Loads, PathId, Work
from workspace.web.pages import PagePlace

Followed = Annotated[Declaration, declared(policy.may_follow)]
Known = Annotated[Declaration, declared(policy.may_know)]


def _asked(db: Db, declaration_id: PathId, question: Number, *, actor: Actor) -> Question:
    declaration = opened(db, declaration_id, actor=actor, may=policy.may_know)
    return QuestionService(db).numbered(declaration, question, actor=actor)


Asked = Annotated[Question, Loads(_asked)]


class QuestionApi(Controller):
    """What is put to the room."""

    path = "/api/declarations/{declaration_id:uuid}"
    tags = ("Procedure",)

    @reads("/procedure", policy=KNOW)
    def read_procedure(self, db: Db, declaration: Known) -> RulesOut:
        """Read the rules by which the room agrees."""
        return RulesOut.of(QuestionService(db).rules(declaration))

    @writes("/procedure", status=DONE, policy="procedure.set")
    def set_procedure(self, db: Db, actor: Actor, declaration: Known, data: Body[RulesIn]) -> RulesOut:
        """Change the rules by which the room agrees; what was put to it before keeps its own."""
        service = QuestionService(db)
        service.set_rules(declaration, data.to_switches(), actor=actor)
        return RulesOut.of(service.rules(declaration))

    @reads("/procedure/weights", policy="procedure.set")
    def list_weights(self, db: Db, actor: Actor, declaration: Known) -> ListOf[WeightedMandate]:
        """List how often each vote counts where votes are weighed: the mandates with a vote today."""
        return ListOf(items=WeightService(db).listed(declaration, actor=actor))

    @writes("/procedure/weights", status=DONE, policy="procedure.set")
    def set_weights(self, db: Db, actor: Actor, declaration: Known, data: Body[WeightsIn]) -> ListOf[WeightedMandate]:
        """Say how often votes count, in the whole forum; what was put to the room before keeps its weights."""
        service = WeightService(db)
        service.set(declaration, data.to_weights(), actor=actor)
        return ListOf(items=service.listed(declaration, actor=actor))

    @reads("/questions", policy=KNOW)
    def list_questions(
        self, db: Db, actor: Actor, declaration: Known, cursor: Cursor = "", limit: Limit = 50
    ) -> PageOf[QuestionOut]:
        """List what was put to the room, newest first."""
        service = QuestionService(db)
        found = service.of_declaration(declaration, actor=actor, before=number_after(cursor), limit=limit + 1)
        page = list_page(found, cursor=lambda question: question.number, limit=limit)
        items = [QuestionOut.of(visible_question(service, question, actor=actor)) for question in page.items]
        return PageOf(items=items, next=page.next)

    @reads("/questions/{question:int}", policy=KNOW)
    def read_question(self, db: Db, actor: Actor, question: Asked) -> QuestionOut:
        """Read a question: what it is about, who has answered, and how it ended."""
        return QuestionOut.of(visible_question(QuestionService(db), question, actor=actor))

    @writes("/votes", policy="question.put")
    def put_vote(self, db: Db, actor: Actor, declaration: Known, data: Body[VoteIn]) -> Response[QuestionOut]:
        """Open a vote, for those who held a mandate on the day of record."""
        switches, about = data.rules.to_switches() if data.rules else None, data.about.to_about()
        put = QuestionService(db).put_vote(
            declaration, about, record_date=data.record_date, switches=switches, actor=actor
        )
        return _put(db, put, actor)

    @writes("/silences", policy="question.put")
    def put_silence(self, db: Db, actor: Actor, declaration: Known, data: Body[SilenceIn]) -> Response[QuestionOut]:
        """Open a silence procedure on the text, frozen in all languages: adopted unless somebody objects in time."""
        return _put(db, QuestionService(db).put_silence(declaration, data.closes, data.zone, actor=actor), actor)

    @reads("/consensus", policy="question.put")
    def foresee_consensus(self, db: Db, actor: Actor, declaration: Known) -> Entailment:
        """Read what noting consensus on the whole text would do now."""
        policy.ensure_may_put(actor, declaration, Means.CONSENSUS, Subject.TEXT)
        return of_consensus(db, declaration)

    @writes("/consensus", policy="consensus.declare")
    def note_consensus(
        self, db: Db, actor: Actor, declaration: Known, data: Body[ConsensusIn], confirms: FromQuery[str] = ""
    ) -> Response[QuestionOut]:
        """Note that nobody objected: adopted without a vote; the whole text once a second person confirms it.

        `confirms` is the digest of what the reader expects of consensus on the whole text.
        """
        ensure_as_confirmed(db, declaration, lambda: of_consensus(db, declaration), confirms)
        return _put(db, QuestionService(db).note_consensus(declaration, data.about.to_about(), actor=actor), actor)


class AnswerApi(Controller):
    """One question: answering it, and ending it."""

    path = "/api/declarations/{declaration_id:uuid}/questions/{question:int}"
    tags = ("Procedure",)

    @writes("/votes", policy="vote.cast")
    def cast_vote(self, db: Db, actor: Actor, question: Asked, data: Body[CastIn]) -> QuestionOut:
        """Vote, once, for one's delegation, or by a proxy."""
        QuestionService(db).cast(question, choice=data.choice, proxy=data.proxy, actor=actor)
        return _seen(db, question, actor)

    @writes("/receipt", status=DONE, policy="silence.object")
    def confirm_receipt(self, db: Db, actor: Actor, question: Asked) -> QuestionOut:
        """Confirm that one has read the text of a silence procedure."""
        QuestionService(db).receive(question, actor=actor)
        return _seen(db, question, actor)

    @writes("/objection", status=DONE, policy="silence.object")
    def object_to_silence(self, db: Db, actor: Actor, question: Asked, data: Body[SilenceObjectionIn]) -> QuestionOut:
        """Break the silence, with a reason: nothing is adopted."""
        QuestionService(db).object(question, reason=data.reason, block_id=data.block_id, actor=actor)
        return _seen(db, question, actor)

    @reads("/closing", policy="question.put")
    def foresee_closing(self, db: Db, actor: Actor, declaration: Known, question: Number) -> Entailment:
        """Read what closing a vote would do now."""
        policy.ensure_may_end(actor, declaration)
        return of_closing(QuestionService(db).numbered(declaration, question, actor=actor))

    @writes("/closing", status=DONE, policy="question.put")
    def close_vote(self, db: Db, actor: Actor, question: Asked, confirms: FromQuery[str] = "") -> QuestionOut:
        """Close a vote, and count it. `confirms` is the digest of what the reader expects of it."""
        ensure_as_confirmed(db, question.declaration, lambda: of_closing(question), confirms)
        QuestionService(db).close(question, actor=actor)
        return _seen(db, question, actor)

    @writes("/withdrawal", status=DONE, policy=("question.put", "request.confirm"))
    def withdraw_question(
        self, db: Db, actor: Actor, question: Asked, data: Body[WithdrawalIn | None] = None
    ) -> QuestionOut:
        """Take a question back, with a reason."""
        QuestionService(db).withdraw(question, reason=data.reason if data else "", actor=actor)
        return _seen(db, question, actor)

    @writes("/retaking", policy="question.put")
    def retake_vote(self, db: Db, actor: Actor, question: Asked, data: Body[RetakingIn]) -> Response[QuestionOut]:
        """Have a vote taken again, with a reason; the result of the first stays on record."""
        return _put(db, QuestionService(db).retake(question, data.reason, actor=actor), actor)

    @writes("/refusal", status=DONE, policy="request.confirm")
    def decline_consensus(self, db: Db, actor: Actor, question: Asked, data: Body[RefusalIn]) -> QuestionOut:
        """Decline, as the second person, to confirm consensus on the whole text, with a reason."""
        QuestionService(db).withdraw(question, reason=data.reason, actor=actor)
        return _seen(db, question, actor)

    @writes("/decision", 409, 412, 428, status=DONE, policy="amendment.decide_adopt_undo")
    def carry_out_question(
        self,
        *,
        db: Db,
        actor: Actor,
        declaration_id: PathId,
        question: Number,
        data: Body[CarryingOutIn],
        if_match: IfMatch = None,
    ) -> Response[QuestionOut]:
        """Decide an amendment as the room has answered. `If-Match` names the head revision."""
        head = held(db, declaration_id, if_match, actor=actor)
        service = QuestionService(db)
        declaration = opened(db, declaration_id, actor=actor, may=policy.may_know)
        found = service.numbered(declaration, question, actor=actor)
        service.carry_out(found, reason=data.reason, expected_head=head, actor=actor)
        return answer(_seen(db, found, actor), etag=str(declaration.head_id))

    @writes("/confirmation", status=DONE, policy="request.confirm")
    def confirm_consensus(self, db: Db, actor: Actor, question: Asked) -> QuestionOut:
        """Confirm, as the second person, that nobody objects to the whole text: it is adopted."""
        QuestionService(db).confirm(question, actor=actor)
        return _seen(db, question, actor)

    @writes("/reversal", status=DONE, policy=("question.put", "consensus.declare"))
    def take_back_consensus(self, db: Db, actor: Actor, question: Asked, data: Body[WithdrawalIn]) -> QuestionOut:
        """Take back, with a reason, that nobody objected, unless it was decided on. It stays on record."""
        QuestionService(db).take_back(question, reason=data.reason, actor=actor)
        return _seen(db, question, actor)


class ProxyApi(Controller):
    """Who votes for whom."""

    path = "/api/declarations/{declaration_id:uuid}/proxies"
    tags = ("Procedure",)

    @reads("/", policy=KNOW)
    def list_proxies(self, db: Db, actor: Actor, declaration: Known) -> ProxyList:
        """List the proxies, the last one first, and who can give and hold them."""
        return ProxyService(db).listed(declaration, actor=actor)

    @writes("/", policy=("proxy.give", "proxy.record"))
    def give_proxy(self, db: Db, actor: Actor, declaration: Known, data: Body[ProxyIn]) -> ProxyList:
        """Give one's vote to another voter, or record with a note that somebody has."""
        ProxyService(db).give(declaration, data, actor=actor)
        return ProxyService(db).listed(declaration, actor=actor)

    @writes("/{proxy:uuid}/revocation", status=DONE, policy=("proxy.give", "proxy.record"))
    def revoke_proxy(self, db: Db, actor: Actor, declaration: Known, proxy: PathId) -> ProxyList:
        """End a proxy; votes that were cast by it stand."""
        ProxyService(db).revoke(declaration, proxy, actor=actor)
        return ProxyService(db).listed(declaration, actor=actor)


class BallotRequestApi(Controller):
    """How members request that votes are taken."""

    path = "/api/declarations/{declaration_id:uuid}/ballot-requests"
    tags = ("Procedure",)

    @reads("/", policy=KNOW)
    def list_ballot_requests(self, db: Db, actor: Actor, declaration: Known) -> ListOf[BallotLine]:
        """List what is requested of votes that are not open yet."""
        return ListOf(items=BallotService(db).pending(declaration, actor=actor))

    @writes("/", policy="ballot.request")
    def request_ballot(
        self, db: Db, actor: Actor, declaration: Known, data: Body[BallotRequestIn]
    ) -> ListOf[BallotLine]:
        """Request a roll call, a secret vote or a separate one before the vote is opened."""
        QuestionService(db).request_ballot(declaration, data.kind, data.about.to_about(), actor=actor)
        return ListOf(items=BallotService(db).pending(declaration, actor=actor))

    @writes("/{ballot_request:uuid}/withdrawal", status=DONE, policy="ballot.request")
    def withdraw_ballot_request(
        self, db: Db, actor: Actor, declaration: Known, ballot_request: PathId
    ) -> ListOf[BallotLine]:
        """Take a request of one's organisation back."""
        BallotService(db).withdraw(declaration, ballot_request, actor=actor)
        return ListOf(items=BallotService(db).pending(declaration, actor=actor))


class FloorApi(Controller):
    """What is on the table of the plenary."""

    path = "/api/declarations/{declaration_id:uuid}/floor"
    tags = ("Procedure",)

    @reads("/", policy="head.read")
    def read_floor(self, db: Db, actor: Actor, declaration: Followed) -> FloorOut:
        """Read what is on the table now."""
        return FloorOut.of(CurrentItemService(db).now(declaration, actor=actor))

    @reads("/order", policy="head.read")
    def read_order(
        self, db: Db, actor: Actor, declaration: Followed, cursor: Cursor = "", limit: Limit = 50
    ) -> OrderOut:
        """List the open amendments in the order in which they come before the plenary."""
        order = CurrentItemService(db).order(declaration, actor=actor)
        after = number_after(cursor)
        found = order.items(after, limit)
        lapses = order.lapses(order.amendments(found))
        separate = SeparateVoteService(db).named([plenary_item.id for plenary_item in found])
        items = [
            OrderItemOut(
                amendment=plenary_item.number,
                block_id=plenary_item.block_id,
                who=plenary_item.who,
                group=plenary_item.group,
                by_parts=plenary_item.is_by_parts,
                lapses=sorted(lapses.get(plenary_item.number, ())),
                separate=list(separate.get(plenary_item.id, ())),
            )
            for plenary_item in found
        ]
        goes_on = after + limit < len(order)
        return OrderOut(items=items, total=len(order), next=str(after + limit) if goes_on else None)

    @reads("/order/changes", policy="head.read")
    def list_order_changes(self, db: Db, actor: Actor, declaration: Followed) -> ListOf[OrderChangeOut]:
        """List how the chair has changed the running order, and why, the oldest change first."""
        changes = RunningOrderService(db).changes(declaration, actor=actor)
        return ListOf(items=[OrderChangeOut.of(change) for change in changes])

    @writes("/order/changes", policy="order.change")
    def change_order(self, db: Db, actor: Actor, declaration: Followed, data: Body[OrderChangeIn]) -> OrderChangeOut:
        """Move an amendment in the running order, group it, or take it by parts, with a reason."""
        made = RunningOrderService(db).change(
            declaration, data.amendment, data.act, anchor=data.anchor, group=data.group, reason=data.reason, actor=actor
        )
        return OrderChangeOut.of(made)

    @writes("/order/separate-votes", policy="vote.ask_separate")
    def ask_separate_vote(
        self, db: Db, actor: Actor, declaration: Followed, data: Body[SeparateVoteIn]
    ) -> SeparateVoteOut:
        """Ask, for one’s delegation, that an amendment is voted on by itself, or no longer."""
        service = SeparateVoteService(db)
        names = service.ask(declaration, data.amendment, is_wanted=data.is_wanted, actor=actor)
        return SeparateVoteOut(amendment=data.amendment, separate=list(names))

    @writes("/", status=DONE, policy="floor.give")
    def give_floor(self, db: Db, actor: Actor, declaration: Followed, data: Body[FloorIn]) -> FloorOut:
        """Put an amendment, a paragraph or nothing on the table."""
        table = CurrentItemService(db).give(declaration, amendment=data.amendment, block_id=data.block_id, actor=actor)
        return FloorOut.of(table)

    @writes("/step", status=DONE, policy="floor.give")
    def step_floor(self, db: Db, actor: Actor, declaration: Followed, data: Body[StepIn]) -> FloorOut:
        """Go on to the next open amendment of the order, or back to the one before."""
        table = CurrentItemService(db).step(declaration, 1 if data.to == "next" else -1, actor=actor)
        return FloorOut.of(table)

    @reads("/screen", policy=WATCH)
    def read_screen(self, db: Db, work: Work, declaration_id: PathId) -> ScreenOut:
        """Read what stands on the screen of the sitting: in every language as it would read."""
        return _screen(db, work, opened(db, declaration_id, actor=work.actor, may=watching(db)))

    @writes("/screen", status=DONE, policy="floor.give")
    def set_screen(self, db: Db, work: Work, declaration_id: PathId, data: Body[ScreenIn]) -> ScreenOut:
        """Let visitors see the screen of the sitting, or no longer; start its clock, or take it away."""
        declaration = opened(db, declaration_id, actor=work.actor, may=policy.may_follow)
        ensure_may(work.actor, "floor.give", declaration)
        service = ScreenService(db)
        if data.is_public is not None:
            service.open(declaration, is_public=data.is_public, actor=work.actor)
        if data.minutes is not None:
            service.time(declaration, data.minutes, actor=work.actor)
        return _screen(db, work, declaration)


def _screen(db: Db, work: Work, declaration: Declaration) -> ScreenOut:
    found = Frame(declaration.forum, declaration, PagePlace("", declaration.forum.slug, ""))
    actor = eyes(work.actor, declaration)
    view, table = Screen(db, found, work, actor=actor).view(), CurrentItemService(db).now(declaration, actor=actor)
    return ScreenOut(
        is_public=ScreenService(db).is_public(declaration),
        amendment=view.number or None,
        block_id=table.block_id,
        texts=[ScreenTextOut(language=text.language, text=text.words, note=text.note) for text in view.texts],
        conflicts=view.conflicts,
        clock_ends_at=view.clock_ends_at,
    )


def _put(db: Db, put: Question, actor: Actor) -> Response[QuestionOut]:
    made = _seen(db, put, actor)
    return answer(made, location=f"/api/declarations/{put.declaration_id}/questions/{made.number}")


def _seen(db: Db, question: Question, actor: Actor) -> QuestionOut:
    """The question as it stands now."""
    service = QuestionService(db)
    found = service.numbered(question.declaration, question.number, actor=actor)
    return QuestionOut.of(visible_question(service, found, actor=actor))
