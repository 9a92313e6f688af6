"""Declarations, revisions, phases and provenance, as JSON."""

from collections.abc import Callable
from functools import partial
from typing import Annotated
from uuid import UUID

from litestar import Controller, Response
from litestar.params import QueryParameter

from drafts.diff.side_by_side import diff_rows
from drafts.text.blocks import Language
from workspace.approvals.models import Matter
from workspace.approvals.service import ApprovalService
from workspace.core.actor import Actor
from workspace.core.errors import NotFound, Stale
from workspace.core.security.permissions import Phase
from workspace.core.storage.db import Db
from workspace.core.validation import MOST_NUMBER
from workspace.declarations.domain import policy, provenance, queries
from workspace.declarations.domain.approvals import DeclarationRule
from workspace.declarations.domain.calendar import CalendarService
from workspace.declarations.domain.models import Declaration, Stage
from workspace.declarations.domain.phase_changes import RULES, PhaseService
from workspace.declarations.domain.service import DeclarationService
from workspace.declarations.schemas import (
    CalendarOut,
    ComparisonOut,
    DeadlineIn,
    DeadlineOut,
    DeclarationDraftIn,
    DeclarationLine,
    DeclarationOut,
    HistoryIn,
    LinkIn,
    LinkOut,
    MadeOut,
    PhaseIn,
    PhaseMatter,
    PhaseRequestOut,
    ProvenanceOut,
    RequestIn,
    RevisionLine,
    RevisionOut,
)
from workspace.people.frame import InForum
from workspace.people.schemas import PhaseWord
from workspace.procedure.entailment import Entailment, ensure_as_confirmed, of_phase
from workspace.recommendations.service import RecommendationService
from workspace.web.api import DONE, ListOf, Number, answer, reads, removes, writes
from workspace.web.approvals import RefusalIn
from workspace.web.http.preconditions import IfMatch, expected_version
from workspace.web.http.request_context import Body, FromPath, FromQuery, Loads, PathId, Work

May = Callable[[Actor, Declaration], bool]


def address(declaration: Declaration) -> str:
    return f"/api/declarations/{declaration.id}"


def opened(
    db: Db, declaration_id: PathId, *, actor: Actor, may: May = policy.may_read, is_to_change: bool = False
) -> Declaration:
    """The declaration of a route, for somebody who may: by default, who may read the text. Raises `NotFound`.

    One that `is_to_change` is read behind its lock.
    """
    declarations = DeclarationService(db)
    declaration = declarations.lock(declaration_id) if is_to_change else declarations.get(declaration_id)
    if not may(actor, declaration):
        raise NotFound(what="declaration", id=str(declaration_id))
    return declaration


def declared(may: May) -> Loads:
    """The declaration in the address of a route, for somebody who `may`."""
    return Loads(partial(opened, may=may))


Readable = Annotated[Declaration, Loads(opened)]
Known = Annotated[Declaration, declared(policy.may_know)]
WithHistory = Annotated[Declaration, declared(policy.may_read_history)]


def withdraw_request(
    work: Work, declaration_id: UUID, rule: DeclarationRule, *, reason: str = "", request_id: UUID | None = None
) -> None:
    """Take a request for approval back, or decline it with a reason."""
    actor = work.actor
    with work.writing() as db:
        declaration = opened(db, declaration_id, actor=actor)
        ApprovalService(db).withdraw(rule, declaration, actor=actor, reason=reason, request_id=request_id)


def held(db: Db, declaration_id: UUID, if_match: str | None, *, actor: Actor) -> UUID:
    """Keep others from the declaration until this unit ends, and answer with the head revision that is replaced.

    Raises `MissingPrecondition`, `NotFound`, or `Stale` with the id and the number of the head as it is now.
    """
    expected = expected_version(if_match)
    declaration = DeclarationService(db).lock(declaration_id)
    if not policy.may_read(actor, declaration):
        raise NotFound(what="declaration", id=str(declaration_id))
    if declaration.head_id != expected:
        raise Stale(expected=str(expected), head=str(declaration.head_id), number=declaration.head.number)
    return expected


class DeclarationApi(Controller):
    """Declarations, and what each came from."""

    path = "/api"
    tags = ("Declarations",)

    @reads("/forums/{forum:str}/declarations", policy="declaration.exists")
    def list_declarations(self, db: Db, actor: Actor, forum: InForum) -> ListOf[DeclarationLine]:
        """List the declarations of a forum."""
        found = DeclarationService(db).of_forum(forum, actor=actor)
        return ListOf(items=[DeclarationLine.of(declaration) for declaration in found])

    @writes("/forums/{forum:str}/declarations/from-recommendations", policy="document.import")
    def draft_declaration(
        self, db: Db, actor: Actor, forum: InForum, data: Body[DeclarationDraftIn]
    ) -> Response[MadeOut]:
        """Make a first draft out of recommendations.

        A part for each session or theme and a numbered paragraph for each recommendation, in the language it was
        said in.
        """
        policy.ensure_may_create(actor, forum)
        register = {
            recommendation.number: recommendation
            for recommendation in RecommendationService(db).register(forum, actor=actor)
        }
        if unknown := [number for number in data.recommendations if number not in register]:
            raise NotFound(what="recommendation", id=str(unknown[0]))
        declaration = DeclarationService(db).draft(
            forum,
            slug=data.slug,
            name=data.name.to_name(),
            language=data.language,
            recommendations=[register[number] for number in dict.fromkeys(data.recommendations)],
            taxonomy_id=data.taxonomy_id,
            opening_id=data.opening_id,
            actor=actor,
        )
        made = MadeOut(declaration=DeclarationOut.of(declaration))
        return answer(made, etag=made.declaration.etag, location=address(declaration))

    @reads("/declarations/{declaration_id:uuid}", policy="declaration.exists")
    def read_declaration(self, db: Db, actor: Actor, declaration_id: PathId) -> Response[DeclarationOut]:
        """Read what a declaration is, where it stands and which revision is its head."""
        found = DeclarationOut.of(opened(db, declaration_id, actor=actor, may=policy.may_know))
        return answer(found, etag=found.etag)

    @reads("/declarations/{declaration_id:uuid}/provenance", policy="provenance.read")
    def list_provenance(self, db: Db, actor: Actor, declaration_id: PathId) -> ProvenanceOut:
        """List which paragraph came from which recommendation."""
        declaration = opened(
            db, declaration_id, actor=actor, may=lambda actor, work: policy.may_do(actor, "provenance.read", work)
        )
        return ProvenanceOut.of(db.execute(queries.shown_links(declaration)))

    @writes("/declarations/{declaration_id:uuid}/provenance", policy="provenance.link")
    def link_recommendation(self, db: Db, actor: Actor, declaration: Readable, data: Body[LinkIn]) -> LinkOut:
        """Say that a paragraph of the text comes from a recommendation."""
        recommendation = RecommendationService(db).get(data.recommendation_id, actor=actor)
        DeclarationService(db).link(
            declaration, data.block_id, recommendation, actor=actor, kind=data.kind, note=data.note.strip()
        )
        links = queries.links(db, declaration)[data.block_id]
        return next(LinkOut.of(link) for link in links if link.recommendation_id == recommendation.id)

    @writes("/provenance/{link_id:uuid}/look", status=DONE, policy="provenance.link")
    def confirm_link(self, db: Db, actor: Actor, link_id: PathId) -> LinkOut:
        """Say that a link is still right, after paragraphs were split, joined or moved."""
        return LinkOut.of(provenance.confirm_link(db, link_id, actor=actor))

    @removes("/provenance/{link_id:uuid}", policy="provenance.link")
    def unlink_recommendation(self, db: Db, actor: Actor, link_id: PathId) -> None:
        """Say that a paragraph does not come from a recommendation after all."""
        provenance.unlink(db, link_id, actor=actor)


class RevisionApi(Controller):
    """Revisions: immutable states of a whole declaration."""

    path = "/api/declarations/{declaration_id:uuid}"
    tags = ("Revisions",)

    @reads("/revisions", policy="history.read")
    def list_revisions(self, db: Db, declaration: WithHistory) -> ListOf[RevisionLine]:
        """List the revisions, oldest first."""
        every = DeclarationService(db).revisions(declaration)
        return ListOf(items=[RevisionLine.of(revision) for revision in every])

    @reads("/revisions/{number:str}", policy="history.read")
    def read_revision(self, db: Db, declaration: WithHistory, number: Number) -> Response[RevisionOut]:
        """Read a revision with every text it pins."""
        revision = DeclarationService(db).revision(declaration, number)
        found = RevisionOut.of(revision, queries.pinned_rows(db, revision.id))
        return answer(found, etag=str(found.revision.id))

    @reads("/comparison", policy="history.read")
    def compare_revisions(
        self,
        db: Db,
        declaration: WithHistory,
        before: Annotated[int, QueryParameter(name="from", ge=1, le=MOST_NUMBER)],
        after: Annotated[int, QueryParameter(name="to", ge=1, le=MOST_NUMBER)],
        text: Annotated[Language, QueryParameter(description="The language of the text to compare.")],
    ) -> ComparisonOut:
        """Compare two revisions in one language, word by word."""
        old, new = (DeclarationService(db).revision(declaration, number) for number in (before, after))
        was, became = (queries.document(queries.pinned_rows(db, revision.id), text) for revision in (old, new))
        return ComparisonOut.of(old, new, text, diff_rows(was, became))


class PhaseApi(Controller):
    """Phases and their dates."""

    path = "/api/declarations/{declaration_id:uuid}"
    tags = ("Phases",)

    @reads("/phase", policy=("phase.forward", "phase.back", "request.confirm"))
    def foresee_phase(self, db: Db, actor: Actor, declaration_id: PathId, phase: FromQuery[PhaseWord]) -> Entailment:
        """Read what going to a phase would do now."""
        declaration = opened(db, declaration_id, actor=actor, may=_may_foresee)
        wanted = Phase[phase.upper()]
        if not policy.takes_two(declaration, wanted):
            policy.ensure_may_move(actor, declaration, wanted, policy.ANY_REASON)
        elif not policy.may_be_among_two(actor, declaration):
            RULES[Matter.ADOPTION].ensure_may_ask(actor, declaration)
        return of_phase(db, declaration, wanted)

    @writes("/phase", 412, 428, status=DONE, policy=("phase.forward", "phase.back"))
    def move_phase(
        self,
        *,
        db: Db,
        actor: Actor,
        declaration_id: PathId,
        data: Body[PhaseIn],
        if_match: IfMatch = None,
        confirms: FromQuery[str] = "",
    ) -> Response[DeclarationOut]:
        """Go one phase forward, or back with a reason.

        `If-Match` names the head revision, and `confirms` the digest of what the reader expects of it. The step
        to adoption takes two people and is asked for and confirmed at `requests`; publication at `publication`.
        """
        held(db, declaration_id, if_match, actor=actor)
        declaration = DeclarationService(db).get(declaration_id)
        ensure_as_confirmed(db, declaration, lambda: of_phase(db, declaration, data.to_phase()), confirms)
        PhaseService(db).move(declaration, data.to_phase(), actor=actor, reason=data.reason)
        moved = DeclarationOut.of(declaration)
        return answer(moved, etag=moved.etag)

    @reads("/calendar", policy="declaration.exists")
    def read_calendar(self, db: Db, actor: Actor, declaration_id: PathId) -> CalendarOut:
        """Read when each phase, and the window for amendments, opens and closes."""
        return CalendarOut.of(opened(db, declaration_id, actor=actor, may=policy.may_know))

    @writes("/calendar/{stage:str}", status=DONE, policy=("deadline.set", "deadline.change"))
    def set_dates(
        self, db: Db, actor: Actor, declaration: Known, stage: FromPath[Stage], data: Body[DeadlineIn]
    ) -> DeadlineOut:
        """Say when a stage opens and closes.

        A time without an offset is read in `zone`. One that the clock skips is refused; of one that it shows twice,
        an opening takes the first and a closing the second.
        """
        deadline = CalendarService(db).set_dates(
            declaration, stage, opens=data.opens, closes=data.closes, zone=data.zone, reason=data.reason, actor=actor
        )
        return DeadlineOut.of(declaration, deadline)

    @writes("/history-opening", status=DONE, policy="history.open")
    def open_history(self, db: Db, actor: Actor, declaration: Known, data: Body[HistoryIn]) -> Response[DeclarationOut]:
        """Let everybody read the history of a published declaration, or no longer."""
        PhaseService(db).open_history(declaration, is_open=data.is_open, reason=data.reason, actor=actor)
        changed = DeclarationOut.of(declaration)
        return answer(changed, etag=changed.etag)


def _may_be_among_two(actor: Actor, declaration: Declaration) -> bool:
    return policy.may_read(actor, declaration) and policy.may_be_among_two(actor, declaration)


AmongTwo = Annotated[Declaration, declared(_may_be_among_two)]


class RequestApi(Controller):
    """What takes two people: the step to adoption, and an embargo."""

    path = "/api/declarations/{declaration_id:uuid}/requests"
    tags = ("Phases",)

    @reads("", policy="request.confirm")
    def list_requests(self, db: Db, actor: Actor, declaration_id: PathId) -> ListOf[PhaseRequestOut]:
        """List what waits for a second person."""
        declaration = opened(db, declaration_id, actor=actor, may=policy.may_be_among_two)
        pending = (PhaseService(db).pending(declaration, matter) for matter in RULES)
        return ListOf(items=[PhaseRequestOut.of(request) for request in pending if request])

    @writes("", 412, 428, policy=("phase.to_adoption_or_published", "embargo.change"))
    def ask_for_confirmation(
        self,
        db: Db,
        actor: Actor,
        declaration_id: PathId,
        data: Body[RequestIn],
        *,
        if_match: IfMatch = None,
        confirms: FromQuery[str] = "",
    ) -> PhaseRequestOut:
        """Ask a second person to confirm the step to adoption, or an embargo.

        `If-Match` names the head revision. For the adoption, a later text voids what was asked, and `confirms` is
        the digest of what `phase` says of it; nothing is said of an embargo.
        """
        held(db, declaration_id, if_match, actor=actor)
        declaration = DeclarationService(db).get(declaration_id)
        _ensure_as_confirmed(db, declaration, Matter(data.matter), confirms)
        return PhaseRequestOut.of(
            PhaseService(db).ask(declaration, Matter(data.matter), wanted=data.wanted, actor=actor)
        )

    @writes("/{matter:str}/confirmation", status=DONE, policy="request.confirm")
    def confirm_request(
        self, db: Db, actor: Actor, declaration: AmongTwo, matter: FromPath[PhaseMatter], confirms: FromQuery[str] = ""
    ) -> Response[DeclarationOut]:
        """Confirm what somebody else has asked for; it is done at once, or on its date where the adoption has one.

        `confirms` is as for asking.
        """
        _ensure_as_confirmed(db, declaration, Matter(matter), confirms)
        PhaseService(db).confirm(declaration, Matter(matter), actor=actor)
        return _changed(declaration)

    @writes("/{matter:str}/withdrawal", status=DONE, policy=("request.confirm", "embargo.change"))
    def drop_request(
        self, db: Db, actor: Actor, declaration: AmongTwo, matter: FromPath[PhaseMatter]
    ) -> Response[DeclarationOut]:
        """Take back a request of your own."""
        ApprovalService(db).withdraw(RULES[Matter(matter)], declaration, actor=actor)
        return _changed(declaration)

    @writes("/{matter:str}/refusal", status=DONE, policy=("request.confirm", "embargo.change"))
    def decline_request(
        self, db: Db, actor: Actor, declaration: AmongTwo, matter: FromPath[PhaseMatter], data: Body[RefusalIn]
    ) -> Response[DeclarationOut]:
        """Decline a request with a reason, which whoever asked is told."""
        ApprovalService(db).withdraw(RULES[Matter(matter)], declaration, actor=actor, reason=data.reason)
        return _changed(declaration)


def _may_foresee(actor: Actor, declaration: Declaration) -> bool:
    return policy.may_move(actor, declaration) or policy.may_be_among_two(actor, declaration)


def _ensure_as_confirmed(db: Db, declaration: Declaration, matter: Matter, confirms: str) -> None:
    def find() -> Entailment:
        if matter is Matter.ADOPTION:
            return of_phase(db, declaration, Phase.ADOPTION)
        return Entailment(act=matter.value, revision=declaration.head.number)

    ensure_as_confirmed(db, declaration, find, confirms)


def _changed(declaration: Declaration) -> Response[DeclarationOut]:
    changed = DeclarationOut.of(declaration)
    return answer(changed, etag=changed.etag)
