"""Corrigenda, and the time of a sealed edition, as JSON."""

from datetime import date, datetime
from typing import Annotated
from uuid import UUID

from litestar import Controller, Response
from msgspec import Meta, Struct, field
from msgspec.structs import asdict

from drafts.checks.changes import Correction
from drafts.text.blocks import Language
from workspace.approvals.models import ApprovalRequest
from workspace.core.actor import Actor
from workspace.core.errors import existing
from workspace.core.shapes import Shape, filled
from workspace.core.storage.db import Db, Trilingual
from workspace.core.validation import LONGEST_REASON
from workspace.declarations.api import May, Readable, declared, opened, withdraw_request
from workspace.declarations.domain.models import Declaration
from workspace.declarations.domain.policy import may_read
from workspace.editions.domain import policy
from workspace.editions.domain.corrigenda import LONGEST_TEXT, CorrigendumService, is_proved_by_rule
from workspace.editions.domain.embargo import EmbargoService, requested_moment
from workspace.editions.domain.models import Corrigendum, CorrigendumChange, CorrigendumState, SealedEdition
from workspace.editions.domain.overrides import LONGEST_OVERRIDE_REASON, OverrideService
from workspace.editions.domain.policy import RELEASE, may_preview, may_publish
from workspace.editions.domain.publication import EditionService
from workspace.editions.domain.queries import OVERRIDE, Obstacle, ObstacleRef, obstacle_ref
from workspace.web.api import DONE, GONE, ListOf, Number, answer, reads, writes
from workspace.web.approvals import RefusalIn
from workspace.web.http.request_context import Body, Loads, PathId, Work

Previewed = Annotated[Declaration, declared(may_preview)]
WithEditions = Annotated[Declaration, declared(policy.may_read_editions)]
WithCorrigenda = Annotated[Declaration, declared(policy.may_know_corrigenda)]


class CorrigendumChangeIn(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """One paragraph in one language as it ought to read."""

    block_id: UUID
    language: Language
    text: Annotated[str, Meta(max_length=LONGEST_TEXT)]


class CorrectionOut(Struct, frozen=True, kw_only=True):
    """A correction. Where `needs_silence`, no rule can tell it from a change: only the members' silence carries it."""

    block_id: UUID
    language: Language
    text: str
    kind: Correction
    needs_silence: bool

    @classmethod
    def of(cls, corrigendum_change: CorrigendumChange) -> "CorrectionOut":
        return filled(cls, corrigendum_change, needs_silence=not is_proved_by_rule(corrigendum_change))


class CorrigendumOut(Struct, frozen=True, kw_only=True):
    """Corrections to `edition`; once they stand, `made` is the edition that has them.

    `reasons` is the reason by language, where it is known in which it was given.
    """

    id: UUID
    number: int
    state: CorrigendumState
    edition: int
    reason: str
    reasons: dict[str, str]
    corrections: list[CorrectionOut]
    asked_at: datetime | None
    closes_at: datetime | None
    objection: str
    made: int | None

    @classmethod
    def of(cls, corrigendum: Corrigendum) -> "CorrigendumOut":
        return filled(
            cls,
            corrigendum,
            edition=corrigendum.edition.number,
            reasons={key: said for key, said in (corrigendum.reasons or Trilingual()).to_dict().items() if said},
            corrections=[*map(CorrectionOut.of, corrigendum.changes)],
            made=corrigendum.made.number if corrigendum.made else None,
        )


class AskIn(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """How the corrections are agreed: by a second person, or, with a time, because nobody objects until then.

    The `reasons` by language are shown instead of `reason`, where there are any.
    """

    reason: Annotated[str, Meta(max_length=LONGEST_REASON)] = ""
    reasons: dict[Language, Annotated[str, Meta(max_length=LONGEST_REASON)]] = field(default_factory=dict)
    closes: Annotated[str, Meta(max_length=40)] = ""
    zone: Annotated[str, Meta(max_length=60)] = ""


class ApprovalObjectionIn(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Why an organisation objects."""

    reason: Annotated[str, Meta(max_length=LONGEST_REASON)]


class DropIn(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Which paragraph stays as it was published after all, in which language."""

    block_id: UUID
    language: Language


class SealedOut(Struct, frozen=True, kw_only=True):
    """A finished edition that comes out at `release_at`. `asked_release_at` waits for a second person.

    Where somebody has asked and there is no such time, the seal is to be broken.
    """

    edition_id: UUID
    number: int
    manifest_sha256: str
    release_at: datetime
    asked_at: datetime | None
    asked_release_at: datetime | None

    @classmethod
    def of(cls, sealed_edition: SealedEdition, request: ApprovalRequest | None) -> "SealedOut":
        moment = requested_moment(request) if request else None
        asked_at = request.requested_at if request else None
        return filled(cls, sealed_edition, asked_at=asked_at, asked_release_at=moment.at if moment else None)


class SealIn(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """The second person's word: publish as adopted on this day, but only at the time, both as they were asked for."""

    adopted_on: date
    release: Annotated[str, Meta(max_length=40)]
    zone: Annotated[str, Meta(max_length=60)] = ""


class ReleaseIn(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Another time for a sealed edition, as the clock shows it in `zone`; without one, the seal is to be broken."""

    release: Annotated[str, Meta(max_length=40)] = ""
    zone: Annotated[str, Meta(max_length=60)] = ""


def _found(db: Db, declaration_id: PathId, number: Number, *, actor: Actor) -> Corrigendum:
    declaration = opened(db, declaration_id, actor=actor, may=policy.may_know_corrigenda)
    return CorrigendumService(db).numbered(declaration, number, actor=actor)


Known = Annotated[Corrigendum, Loads(_found)]


class CorrigendumApi(Controller):
    """Slips of what is published, put right."""

    path = "/api/declarations/{declaration_id:uuid}/corrigenda"
    tags = ("Editions",)

    @reads("/", policy=policy.KNOW_CORRIGENDA)
    def list_corrigenda(self, db: Db, actor: Actor, declaration: WithCorrigenda) -> ListOf[CorrigendumOut]:
        """List the corrigenda that you may see, newest first."""
        every = CorrigendumService(db).every(declaration, actor=actor)
        return ListOf(items=[CorrigendumOut.of(corrigendum) for corrigendum in every])

    @reads("/{number:str}", policy=policy.KNOW_CORRIGENDA)
    def read_corrigendum(self, corrigendum: Known) -> CorrigendumOut:
        """Read one corrigendum."""
        return CorrigendumOut.of(corrigendum)

    @writes("/corrections", policy=policy.CORRECT)
    def correct_paragraph(
        self, db: Db, actor: Actor, declaration: WithCorrigenda, data: Body[CorrigendumChangeIn]
    ) -> CorrigendumOut:
        """Put one paragraph in one language right, in the corrigendum that is being prepared, or in a new one.

        Refused, with the reason, for what would change the meaning. A second correction of the same text takes the
        place of the first.
        """
        service = CorrigendumService(db)
        return CorrigendumOut.of(service.correct(declaration, data.block_id, data.language, data.text, actor=actor))

    @writes("/{number:str}/corrections/removal", status=DONE, policy=policy.CORRECT)
    def drop_correction(self, db: Db, actor: Actor, corrigendum: Known, data: Body[DropIn]) -> CorrigendumOut:
        """Leave a paragraph as it was published after all."""
        CorrigendumService(db).drop(corrigendum, data.block_id, data.language, actor=actor)
        return CorrigendumOut.of(corrigendum)

    @writes("/{number:str}/request", 412, status=DONE, policy=policy.CORRECT)
    def ask_for_corrigendum(self, db: Db, actor: Actor, corrigendum: Known, data: Body[AskIn]) -> CorrigendumOut:
        """Ask a second person to confirm; or, with a time, put it before the members, who may object until then."""
        service, given = CorrigendumService(db), {language.value: said for language, said in data.reasons.items()}
        reason = Trilingual.of(given) if given else data.reason
        if data.closes.strip():
            service.open_silence(corrigendum, reason, data.closes, data.zone, actor=actor)
        else:
            service.ask(corrigendum, reason, actor=actor)
        return CorrigendumOut.of(corrigendum)

    @writes("/{number:str}/confirmation", 412, status=DONE, policy=policy.CORRECT)
    def confirm_corrigendum(self, work: Work, declaration_id: PathId, number: Number) -> Response[CorrigendumOut]:
        """Confirm as the second person: the edition with the corrections comes out."""
        actor = work.actor
        with work.reading() as db:
            found = _found(db, declaration_id, number, actor=actor)
            service = CorrigendumService(db)
            service.ensure_may_confirm(found, actor=actor)
            prepared = service.prepare(found)
        with work.writing() as db:
            found = _found(db, declaration_id, number, actor=actor)
            CorrigendumService(db).confirm(found, prepared, actor=actor)
            return answer(CorrigendumOut.of(found))

    @writes("/{number:str}/objection", status=DONE, policy=policy.OBJECT)
    def object_to_corrigendum(
        self, db: Db, actor: Actor, corrigendum: Known, data: Body[ApprovalObjectionIn]
    ) -> CorrigendumOut:
        """Break the silence on behalf of your organisation: nothing is corrected."""
        CorrigendumService(db).object(corrigendum, data.reason, actor=actor)
        return CorrigendumOut.of(corrigendum)

    @writes("/{number:str}/withdrawal", status=DONE, policy=policy.CORRECT)
    def withdraw_corrigendum(self, db: Db, actor: Actor, corrigendum: Known) -> CorrigendumOut:
        """Take it back, unless it waits for you as the second person."""
        CorrigendumService(db).withdraw(corrigendum, actor=actor)
        return CorrigendumOut.of(corrigendum)

    @writes("/{number:str}/refusal", status=DONE, policy=policy.CORRECT)
    def decline_corrigendum(self, db: Db, actor: Actor, corrigendum: Known, data: Body[RefusalIn]) -> CorrigendumOut:
        """Decline it as the second person, with a reason, which whoever asked is told."""
        CorrigendumService(db).withdraw(corrigendum, actor=actor, reason=data.reason)
        return CorrigendumOut.of(corrigendum)


class SealedApi(Controller):
    """The edition that waits for its time."""

    path = "/api/declarations/{declaration_id:uuid}/sealed-edition"
    tags = ("Editions",)

    @reads("/", policy="edition.preview")
    def read_sealed(self, db: Db, declaration: Previewed) -> SealedOut:
        """Read when the sealed edition comes out, and what is asked about it."""
        service = EmbargoService(db)
        sealed = existing(service.sealed(declaration), "sealed_edition", declaration.id)
        return SealedOut.of(sealed, service.release_request(declaration))

    @writes("/", 409, 412, policy="edition.publish")
    def seal_edition(self, work: Work, declaration_id: PathId, data: Body[SealIn]) -> Response[SealedOut]:
        """Confirm another person's request, to come out at the time it names. One of the two is a chair."""
        with work.reading() as db:
            actor = work.actor
            declaration = opened(db, declaration_id, actor=actor, may=may_publish)
            prepared = EditionService(db).prepare_requested(declaration, adopted_on=data.adopted_on, actor=actor)
        with work.writing() as db:
            sealed = EmbargoService(db).seal(
                declaration_id, prepared, actor=actor, release=data.release, zone=data.zone
            )
            return answer(SealedOut.of(sealed, None))

    @writes("/release", status=DONE, policy=RELEASE.action)
    def ask_for_release(self, db: Db, actor: Actor, declaration: Readable, data: Body[ReleaseIn]) -> SealedOut:
        """Ask a second person for another time; without one, that the seal be broken and nothing come out."""
        service = EmbargoService(db)
        sealed = service.ask(declaration, release=data.release, zone=data.zone, actor=actor)
        return SealedOut.of(sealed, service.release_request(declaration))

    @writes("/release/confirmation", status=GONE, policy="request.confirm")
    def confirm_release(self, db: Db, actor: Actor, declaration_id: PathId) -> None:
        """Confirm, as the second person, what was asked about the time."""
        EmbargoService(db).confirm(opened(db, declaration_id, actor=actor), actor=actor)

    @writes("/release/withdrawal", status=GONE, policy=(RELEASE.action, "request.confirm"))
    def drop_release(self, work: Work, declaration_id: PathId) -> None:
        """Take back what you asked about the time."""
        withdraw_request(work, declaration_id, RELEASE)

    @writes("/release/refusal", status=GONE, policy=(RELEASE.action, "request.confirm"))
    def decline_release(self, work: Work, declaration_id: PathId, data: Body[RefusalIn]) -> None:
        """Decline what was asked about the time with a reason, which whoever asked is told."""
        withdraw_request(work, declaration_id, RELEASE, reason=data.reason)


class OverrideIn(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """One obstacle, named as readiness names it, and the reason for letting it be.

    `check` is the check of a contradiction, or the state of a text; `block_id` is null for the signature of a
    whole language. The reason becomes part of the edition's public record.
    """

    obstacle: Obstacle
    reason: Annotated[str, Meta(max_length=LONGEST_OVERRIDE_REASON)]
    block_id: UUID | None = None
    language: Language | None = None
    check: Annotated[str, Meta(max_length=60)] = ""

    def named(self) -> ObstacleRef:
        return ObstacleRef(self.obstacle, self.block_id, self.language, self.check)


class ObstacleOut(Shape, frozen=True, kw_only=True):
    """One obstacle as a program names it to have it overridden."""

    obstacle: Obstacle
    block_id: UUID | None
    language: Language | None
    check: str


class OverrideOut(Struct, frozen=True, kw_only=True):
    """An obstacle that one person asked to override; once `confirmed_at` is there it stops publication no longer."""

    id: UUID
    obstacle: Obstacle
    block_id: UUID | None
    language: Language | None
    check: str
    reason: str
    requested_at: datetime
    confirmed_at: datetime | None

    @classmethod
    def of(cls, approval_request: ApprovalRequest) -> "OverrideOut":
        return filled(cls, approval_request, **asdict(obstacle_ref(approval_request)))


class OverridesOut(Struct, frozen=True, kw_only=True):
    """What waits or is confirmed, and what could be overridden; void ones are left out."""

    items: list[OverrideOut]
    obstacles: list[ObstacleOut]


class OverrideApi(Controller):
    """What two people let go out as it is."""

    path = "/api/declarations/{declaration_id:uuid}"
    tags = ("Editions",)

    @reads("/overrides", policy="edition.preview")
    def list_overrides(self, work: Work, declaration_id: PathId) -> Response[OverridesOut]:
        """List the overrides that wait for a second person or are confirmed, and what could be overridden."""
        return _listed(work, declaration_id, may=policy.may_preview)

    @writes("/overrides", policy="readiness.override")
    def ask_for_override(self, db: Db, actor: Actor, declaration: Readable, data: Body[OverrideIn]) -> OverrideOut:
        """Ask a second person to let one thing go out as it is, with a reason that will be public."""
        service = OverrideService(db)
        return OverrideOut.of(service.ask(declaration.id, data.named(), reason=data.reason, actor=actor))

    @writes("/overrides/{override_id:uuid}/confirmation", status=DONE, policy="request.confirm")
    def confirm_override(self, db: Db, actor: Actor, declaration: Readable, override_id: PathId) -> OverrideOut:
        """Confirm as the second person: it stops publication no longer, as long as its texts stay as they are."""
        return OverrideOut.of(OverrideService(db).confirm(declaration.id, override_id, actor=actor))

    @writes("/overrides/{override_id:uuid}/withdrawal", status=DONE, policy=("readiness.override", "request.confirm"))
    def drop_override(self, work: Work, declaration_id: PathId, override_id: PathId) -> Response[OverridesOut]:
        """Take back an override of your own, or end one that was confirmed."""
        withdraw_request(work, declaration_id, OVERRIDE, request_id=override_id)
        return _listed(work, declaration_id)

    @writes("/overrides/{override_id:uuid}/refusal", status=DONE, policy=("readiness.override", "request.confirm"))
    def decline_override(
        self, work: Work, declaration_id: PathId, override_id: PathId, data: Body[RefusalIn]
    ) -> Response[OverridesOut]:
        """Decline an override with a reason, which whoever asked is told."""
        withdraw_request(work, declaration_id, OVERRIDE, reason=data.reason, request_id=override_id)
        return _listed(work, declaration_id)

    @reads("/editions/{number:str}/overrides", policy="edition.read_verify")
    def list_edition_overrides(
        self, db: Db, actor: Actor, declaration: WithEditions, number: Number
    ) -> ListOf[OverrideOut]:
        """List with what an edition went out although it would have stopped publication, and why."""
        edition = EditionService(db).edition(declaration, number, actor=actor)
        return ListOf(items=[OverrideOut.of(request) for request in OverrideService(db).of_edition(edition)])


def _listed(work: Work, declaration_id: UUID, *, may: May = may_read) -> Response[OverridesOut]:
    actor = work.actor
    with work.reading() as db:
        declaration, service = opened(db, declaration_id, actor=actor, may=may), OverrideService(db)
        items = [OverrideOut.of(approval_request) for approval_request in service.open_ones(declaration)]
        return answer(
            OverridesOut(
                items=items, obstacles=[ObstacleOut.of(obstacle) for obstacle in service.obstacles(declaration)]
            )
        )
