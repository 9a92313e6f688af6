"""Phases, their dates, and what takes two people, as JSON."""

from collections.abc import Callable
from uuid import UUID

from litestar import Controller, Response
from litestar.di import NamedDependency

from workspace.approvals.models import Matter
from workspace.core.actor import Actor
from workspace.core.errors import NotFound
from workspace.declarations import policy
from workspace.declarations.api import held, opened
from workspace.declarations.calendar_schemas import (
    CalendarOut,
    DeadlineIn,
    DeadlineOut,
    HistoryIn,
    PhaseIn,
    PhaseMatter,
    RequestIn,
    RequestOut,
    RequestsOut,
)
from workspace.declarations.deadlines import CalendarService
from workspace.declarations.models import Declaration, Stage
from workspace.declarations.moving import RULES, PhaseService
from workspace.declarations.schemas import DeclarationOut
from workspace.declarations.service import DeclarationService
from workspace.web.api import DONE, answer, reads, writes
from workspace.web.conditional import IfMatch
from workspace.web.declining import RefusalIn
from workspace.web.params import FromPath, JSONBody
from workspace.web.services import Work


class PhaseApi(Controller):
    """Phases and their dates."""

    path = "/api/declarations/{declaration_id:uuid}"
    tags = ("Phases",)

    @writes("/phase", 412, 428, status=DONE, policy=("phase.forward", "phase.back"))
    def move_phase(
        self,
        work: NamedDependency[Work],
        declaration_id: FromPath[UUID],
        data: JSONBody[PhaseIn],
        if_match: IfMatch = None,
    ) -> Response[DeclarationOut]:
        """Go one phase forward, or back with a reason.

        `If-Match` names the head revision. The step to adoption takes two people and is asked for and confirmed at
        `requests`; publication is asked for and confirmed at `publication`.
        """
        actor = work.actor
        with work.writing() as db:
            held(db, declaration_id, if_match, actor=actor)
            declaration = DeclarationService(db).get(declaration_id)
            PhaseService(db).move(declaration, data.to_phase(), actor=actor, reason=data.reason)
            moved = DeclarationOut.of(declaration)
        return answer(moved, etag=str(moved.head.id))

    @reads("/calendar", policy="declaration.exists")
    def read_calendar(self, work: NamedDependency[Work], declaration_id: FromPath[UUID]) -> Response[CalendarOut]:
        """Read when each phase, and the window for amendments, opens and closes."""
        actor = work.actor
        with work.reading() as db:
            return answer(CalendarOut.of(opened(db, declaration_id, actor=actor, may=_may_know)))

    @writes("/calendar/{stage:str}", status=DONE, policy=("deadline.set", "deadline.change"))
    def set_dates(
        self,
        work: NamedDependency[Work],
        declaration_id: FromPath[UUID],
        stage: FromPath[Stage],
        data: JSONBody[DeadlineIn],
    ) -> Response[DeadlineOut]:
        """Say when a stage opens and closes.

        A time without an offset is read in `zone`. One that the clock skips is refused; of one that it shows twice,
        an opening takes the first and a closing the second.
        """
        actor = work.actor
        with work.writing() as db:
            declaration = opened(db, declaration_id, actor=actor, may=_may_know)
            deadline = CalendarService(db).set_dates(
                declaration,
                stage,
                opens=data.opens,
                closes=data.closes,
                zone=data.zone,
                reason=data.reason,
                actor=actor,
            )
            made = DeadlineOut.of(deadline)
        return answer(made)

    @writes("/history-opening", status=DONE, policy="history.open")
    def open_history(
        self, work: NamedDependency[Work], declaration_id: FromPath[UUID], data: JSONBody[HistoryIn]
    ) -> Response[DeclarationOut]:
        """Let everybody read the history of a published declaration, or no longer."""
        actor = work.actor
        with work.writing() as db:
            declaration = opened(db, declaration_id, actor=actor, may=_may_know)
            PhaseService(db).open_history(declaration, is_open=data.is_open, reason=data.reason, actor=actor)
            changed = DeclarationOut.of(declaration)
        return answer(changed, etag=str(changed.head.id))


class RequestApi(Controller):
    """What takes two people: the step to adoption, and an embargo."""

    path = "/api/declarations/{declaration_id:uuid}/requests"
    tags = ("Phases",)

    @reads("", policy="request.confirm")
    def list_requests(self, work: NamedDependency[Work], declaration_id: FromPath[UUID]) -> Response[RequestsOut]:
        """List what waits for a second person."""
        actor = work.actor
        with work.reading() as db:
            declaration = opened(db, declaration_id, actor=actor, may=_may_be_one_of_two)
            waiting = (PhaseService(db).pending(declaration, matter) for matter in RULES)
            return answer(RequestsOut(items=[RequestOut.of(one) for one in waiting if one]))

    @writes("", 412, 428, policy=("phase.to_adoption_or_published", "embargo.change"))
    def ask_for_confirmation(
        self,
        work: NamedDependency[Work],
        declaration_id: FromPath[UUID],
        data: JSONBody[RequestIn],
        if_match: IfMatch = None,
    ) -> Response[RequestOut]:
        """Ask a second person to confirm the step to adoption, or an embargo.

        `If-Match` names the head revision. For the adoption, a later text voids what was asked.
        """
        actor = work.actor
        with work.writing() as db:
            held(db, declaration_id, if_match, actor=actor)
            declaration = DeclarationService(db).get(declaration_id)
            made = RequestOut.of(
                PhaseService(db).ask(declaration, Matter(data.matter), wanted=data.wanted, actor=actor)
            )
        return answer(made)

    @writes("/{matter:str}/confirmation", status=DONE, policy="request.confirm")
    def confirm_request(
        self, work: NamedDependency[Work], declaration_id: FromPath[UUID], matter: FromPath[PhaseMatter]
    ) -> Response[DeclarationOut]:
        """Confirm what somebody else has asked for; it is done at once, or on its date where the adoption has one."""
        return _done(work, declaration_id, lambda phases, one: phases.confirm(one, Matter(matter), actor=work.actor))

    @writes("/{matter:str}/withdrawal", status=DONE, policy=("request.confirm", "embargo.change"))
    def drop_request(
        self, work: NamedDependency[Work], declaration_id: FromPath[UUID], matter: FromPath[PhaseMatter]
    ) -> Response[DeclarationOut]:
        """Take back a request of your own."""
        return _withdrawn(work, declaration_id, matter)

    @writes("/{matter:str}/refusal", status=DONE, policy=("request.confirm", "embargo.change"))
    def decline_request(
        self,
        work: NamedDependency[Work],
        declaration_id: FromPath[UUID],
        matter: FromPath[PhaseMatter],
        data: JSONBody[RefusalIn],
    ) -> Response[DeclarationOut]:
        """Decline a request with a reason, which whoever asked is told."""
        return _withdrawn(work, declaration_id, matter, data.reason)


def _withdrawn(work: Work, declaration_id: UUID, matter: PhaseMatter, reason: str = "") -> Response[DeclarationOut]:
    rule = RULES[Matter(matter)]
    return _done(
        work,
        declaration_id,
        lambda phases, one: phases.approvals.withdraw(rule, one, actor=work.actor, reason=reason),
    )


def _done(
    work: Work, declaration_id: UUID, act: Callable[[PhaseService, Declaration], object]
) -> Response[DeclarationOut]:
    actor = work.actor
    with work.writing() as db:
        declaration = opened(db, declaration_id, actor=actor)
        if not _may_be_one_of_two(actor, declaration):
            raise NotFound(what="declaration", id=str(declaration_id))
        act(PhaseService(db), declaration)
        changed = DeclarationOut.of(declaration)
    return answer(changed, etag=str(changed.head.id))


def _may_know(actor: Actor, declaration: Declaration) -> bool:
    return policy.may_do(actor, "declaration.exists", declaration)


def _may_be_one_of_two(actor: Actor, declaration: Declaration) -> bool:
    return policy.may_be_one_of_two(actor, declaration)
