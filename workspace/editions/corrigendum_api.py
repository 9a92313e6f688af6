"""Corrigenda, and the time of a sealed edition, as JSON."""

from uuid import UUID

from litestar import Controller, Response
from litestar.di import NamedDependency

from workspace.core.actor import Actor
from workspace.core.db import Db
from workspace.core.errors import NotFound
from workspace.declarations.api import opened, withdraw_request
from workspace.editions import corrigendum_policy as policy
from workspace.editions.approvals import PUBLICATION, RELEASE
from workspace.editions.corrigenda import CorrigendumService
from workspace.editions.corrigendum_models import Corrigendum
from workspace.editions.corrigendum_schemas import (
    AskIn,
    CorrectionIn,
    CorrigendaOut,
    CorrigendumOut,
    DropIn,
    ObjectionIn,
    ReleaseIn,
    SealedOut,
    SealIn,
)
from workspace.editions.embargo import EmbargoService
from workspace.editions.policy import may_preview, may_publish
from workspace.editions.service import EditionService
from workspace.web.api import DONE, GONE, Number, answer, reads, writes
from workspace.web.declining import RefusalIn
from workspace.web.params import FromPath, JSONBody
from workspace.web.services import Work


class CorrigendumApi(Controller):
    """Slips of what is published, put right."""

    path = "/api/declarations/{declaration_id:uuid}/corrigenda"
    tags = ("Editions",)

    @reads("/", policy=policy.KNOW)
    def list_corrigenda(self, work: NamedDependency[Work], declaration_id: FromPath[UUID]) -> Response[CorrigendaOut]:
        """List the corrigenda that you may see, newest first."""
        actor = work.actor
        with work.reading() as db:
            declaration = opened(db, declaration_id, actor=actor, may=policy.may_know)
            every = CorrigendumService(db).every(declaration, actor=actor)
            return answer(CorrigendaOut(items=[CorrigendumOut.of(one) for one in every]))

    @reads("/{number:str}", policy=policy.KNOW)
    def read_corrigendum(
        self, work: NamedDependency[Work], declaration_id: FromPath[UUID], number: Number
    ) -> Response[CorrigendumOut]:
        """Read one corrigendum."""
        actor = work.actor
        with work.reading() as db:
            return answer(CorrigendumOut.of(_found(db, declaration_id, number, actor)))

    @writes("/corrections", policy=policy.CORRECT)
    def correct_paragraph(
        self, work: NamedDependency[Work], declaration_id: FromPath[UUID], data: JSONBody[CorrectionIn]
    ) -> Response[CorrigendumOut]:
        """Put one paragraph in one language right, in the corrigendum that is being prepared, or in a new one.

        Refused, with the reason, for what would change the meaning. A second correction of the same text takes the
        place of the first.
        """
        actor = work.actor
        with work.writing() as db:
            declaration = opened(db, declaration_id, actor=actor, may=policy.may_know)
            service = CorrigendumService(db)
            made = service.correct(declaration, data.block_id, data.language, data.text, actor=actor)
            told = CorrigendumOut.of(made)
        return answer(told)

    @writes("/{number:str}/corrections/removal", status=DONE, policy=policy.CORRECT)
    def drop_correction(
        self, work: NamedDependency[Work], declaration_id: FromPath[UUID], number: Number, data: JSONBody[DropIn]
    ) -> Response[CorrigendumOut]:
        """Leave a paragraph as it was published after all."""
        actor = work.actor
        with work.writing() as db:
            found = _found(db, declaration_id, number, actor)
            CorrigendumService(db).drop(found, data.block_id, data.language, actor=actor)
            told = CorrigendumOut.of(found)
        return answer(told)

    @writes("/{number:str}/request", 412, status=DONE, policy=policy.CORRECT)
    def ask_for_corrigendum(
        self, work: NamedDependency[Work], declaration_id: FromPath[UUID], number: Number, data: JSONBody[AskIn]
    ) -> Response[CorrigendumOut]:
        """Ask a second person to confirm; or, with a time, put it before the members, who may object until then."""
        actor = work.actor
        with work.writing() as db:
            service, found = CorrigendumService(db), _found(db, declaration_id, number, actor)
            if data.closes.strip():
                service.open_silence(found, data.reason, data.closes, data.zone, actor=actor)
            else:
                service.ask(found, data.reason, actor=actor)
            told = CorrigendumOut.of(found)
        return answer(told)

    @writes("/{number:str}/confirmation", 412, status=DONE, policy=policy.CORRECT)
    def confirm_corrigendum(
        self, work: NamedDependency[Work], declaration_id: FromPath[UUID], number: Number
    ) -> Response[CorrigendumOut]:
        """Confirm as the second person: the edition with the corrections comes out."""
        actor = work.actor
        with work.reading() as db:
            found = _found(db, declaration_id, number, actor)
            service = CorrigendumService(db)
            service.ensure_may_confirm(found, actor=actor)
            prepared = service.prepare(found)
        with work.writing() as db:
            found = _found(db, declaration_id, number, actor)
            CorrigendumService(db).confirm(found, prepared, actor=actor)
            told = CorrigendumOut.of(found)
        return answer(told)

    @writes("/{number:str}/objection", status=DONE, policy=policy.OBJECT)
    def object_to_corrigendum(
        self, work: NamedDependency[Work], declaration_id: FromPath[UUID], number: Number, data: JSONBody[ObjectionIn]
    ) -> Response[CorrigendumOut]:
        """Break the silence on behalf of your organisation: nothing is corrected."""
        actor = work.actor
        with work.writing() as db:
            found = _found(db, declaration_id, number, actor)
            CorrigendumService(db).object(found, data.reason, actor=actor)
            told = CorrigendumOut.of(found)
        return answer(told)

    @writes("/{number:str}/withdrawal", status=DONE, policy=policy.CORRECT)
    def withdraw_corrigendum(
        self, work: NamedDependency[Work], declaration_id: FromPath[UUID], number: Number
    ) -> Response[CorrigendumOut]:
        """Take it back, unless it waits for you as the second person."""
        return _withdrawn(work, declaration_id, number)

    @writes("/{number:str}/refusal", status=DONE, policy=policy.CORRECT)
    def decline_corrigendum(
        self, work: NamedDependency[Work], declaration_id: FromPath[UUID], number: Number, data: JSONBody[RefusalIn]
    ) -> Response[CorrigendumOut]:
        """Decline it as the second person, with a reason, which whoever asked is told."""
        return _withdrawn(work, declaration_id, number, data.reason)


class SealedApi(Controller):
    """The edition that waits for its time."""

    path = "/api/declarations/{declaration_id:uuid}/sealed-edition"
    tags = ("Editions",)

    @reads("/", policy="edition.preview")
    def read_sealed(self, work: NamedDependency[Work], declaration_id: FromPath[UUID]) -> Response[SealedOut]:
        """Read when the sealed edition comes out, and what is asked about it."""
        actor = work.actor
        with work.reading() as db:
            declaration = opened(db, declaration_id, actor=actor, may=may_preview)
            service = EmbargoService(db)
            sealed = service.sealed(declaration)
            if sealed is None:
                raise NotFound(what="sealed_edition", id=str(declaration_id))
            return answer(SealedOut.of(sealed, service.asked(declaration)))

    @writes("/", 409, 412, policy="edition.publish")
    def seal_edition(
        self, work: NamedDependency[Work], declaration_id: FromPath[UUID], data: JSONBody[SealIn]
    ) -> Response[SealedOut]:
        """Confirm another person's request, to come out at a time to come. One of the two is a chair."""
        actor = work.actor
        with work.reading() as db:
            declaration = opened(db, declaration_id, actor=actor, may=may_publish)
            service = EditionService(db)
            service.approvals.ensure_may_confirm(
                PUBLICATION, declaration, actor=actor
            )  # before the files are made, which takes seconds
            prepared = service.prepare(declaration, adopted_on=data.adopted_on, actor=actor)
        with work.writing() as db:
            sealed = EmbargoService(db).seal(
                declaration_id, prepared, release=data.release, zone=data.zone, actor=actor
            )
            told = SealedOut.of(sealed, None)
        return answer(told)

    @writes("/release", status=DONE, policy=RELEASE.action)
    def ask_for_release(
        self, work: NamedDependency[Work], declaration_id: FromPath[UUID], data: JSONBody[ReleaseIn]
    ) -> Response[SealedOut]:
        """Ask a second person for another time; without one, that the seal be broken and nothing come out."""
        actor = work.actor
        with work.writing() as db:
            declaration = opened(db, declaration_id, actor=actor)
            service = EmbargoService(db)
            sealed = service.ask(declaration, release=data.release, zone=data.zone, actor=actor)
            told = SealedOut.of(sealed, service.asked(declaration))
        return answer(told)

    @writes("/release/confirmation", status=GONE, policy="request.confirm")
    def confirm_release(self, work: NamedDependency[Work], declaration_id: FromPath[UUID]) -> None:
        """Confirm, as the second person, what was asked about the time."""
        actor = work.actor
        with work.writing() as db:
            EmbargoService(db).confirm(opened(db, declaration_id, actor=actor), actor=actor)

    @writes("/release/withdrawal", status=GONE, policy=(RELEASE.action, "request.confirm"))
    def drop_release(self, work: NamedDependency[Work], declaration_id: FromPath[UUID]) -> None:
        """Take back what you asked about the time."""
        withdraw_request(work, declaration_id, RELEASE)

    @writes("/release/refusal", status=GONE, policy=(RELEASE.action, "request.confirm"))
    def decline_release(
        self, work: NamedDependency[Work], declaration_id: FromPath[UUID], data: JSONBody[RefusalIn]
    ) -> None:
        """Decline what was asked about the time with a reason, which whoever asked is told."""
        withdraw_request(work, declaration_id, RELEASE, reason=data.reason)


def _withdrawn(work: Work, declaration_id: UUID, number: int, reason: str = "") -> Response[CorrigendumOut]:
    actor = work.actor
    with work.writing() as db:
        found = _found(db, declaration_id, number, actor)
        CorrigendumService(db).withdraw(found, actor=actor, reason=reason)
        told = CorrigendumOut.of(found)
    return answer(told)


def _found(db: Db, declaration_id: UUID, number: int, actor: Actor) -> Corrigendum:
    declaration = opened(db, declaration_id, actor=actor, may=policy.may_know)
    return CorrigendumService(db).numbered(declaration, number, actor=actor)
