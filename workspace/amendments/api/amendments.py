"""Amendments, edits and decisions, as JSON."""

from datetime import datetime
from typing import Annotated, Literal
from uuid import UUID

from litestar import Controller, Response
from litestar.params import QueryParameter
from msgspec import Meta, Struct
from msgspec.structs import asdict

from drafts.diff.amendments import ChangeOp
from drafts.text.blocks import Language
from workspace.amendments.api.schemas import (
    AdoptionOut,
    AmendmentOut,
    AmendmentRulingIn,
    AmendmentsOut,
    BlockName,
    CertificationIn,
    ChildIn,
    CollisionsOut,
    CompromiseIn,
    CosponsorshipIn,
    DecisionOut,
    EditIn,
    EligibleOut,
    InvitationsIn,
    LeaveIn,
    OralProposalIn,
    ProposalIn,
    ProspectOut,
    RevisionIn,
    RulingsIn,
    WhatIfOut,
    Wording,
    to_changes,
)
from workspace.amendments.change_form.drafts import (
    MOST_CHANGES,
    AmendmentDraftService,
    ChangeEntry,
    DraftContent,
    content_of,
)
from workspace.amendments.compromise import CompromiseService
from workspace.amendments.domain import policy
from workspace.amendments.domain.models import Amendment, AmendmentDraft, Decision, Verdict
from workspace.amendments.domain.outcomes import Ruling
from workspace.amendments.domain.queries import AmendmentSearch, AmendmentState, read_filed
from workspace.amendments.domain.sponsors import BackingService
from workspace.amendments.oral import OralService
from workspace.amendments.pages.what_if import foreseen, numbers_of
from workspace.amendments.service import AmendmentService
from workspace.core.actor import Actor
from workspace.core.shapes import Shape, filled
from workspace.core.storage.db import Db
from workspace.declarations.api import Readable, held, opened
from workspace.declarations.domain.policy import may_read_history
from workspace.declarations.schemas import Reason, RevisionLine
from workspace.people.mandates import Participant
from workspace.procedure.entailment import Entailment, ensure_as_confirmed, of_withdrawal
from workspace.web.api import (
    DONE,
    Cursor,
    Limit,
    ListOf,
    PageOf,
    answer,
    list_page,
    number_after,
    reads,
    removes,
    replaces,
    writes,
)
from workspace.web.http.guards import OWN, READ_THE_TEXT
from workspace.web.http.preconditions import IfMatch, expected_version
from workspace.web.http.request_context import Body, FromQuery, PathId, Work


class AmendmentApi(Controller):
    """Amendments, one by one."""

    path = "/api/amendments/{amendment_id:uuid}"
    tags = ("Amendments",)

    @reads("/", policy="amendment.read_others")
    def read_amendment(self, db: Db, actor: Actor, amendment_id: PathId) -> Response[AmendmentOut]:
        """Read an amendment with every version of its words and their diff."""
        amendment = AmendmentService(db).get(amendment_id, actor=actor)
        return answer(AmendmentOut.of(amendment, reader=actor.person_id), etag=str(amendment.own.id))

    @reads("/withdrawal", 409, policy="amendment.withdraw_revise")
    def foresee_withdrawal(self, db: Db, actor: Actor, amendment_id: PathId) -> Entailment:
        """Read what taking one's own amendment back would do now."""
        amendment = AmendmentService(db).get(amendment_id, actor=actor)
        policy.ensure_may_withdraw(actor, amendment)
        return of_withdrawal(db, amendment)

    @writes("/withdrawal", 409, status=DONE, policy="amendment.withdraw_revise")
    def withdraw_amendment(
        self, db: Db, actor: Actor, amendment_id: PathId, confirms: FromQuery[str] = ""
    ) -> AmendmentOut:
        """Take one's own amendment back while it is undecided. `confirms`: the digest of what is expected of it."""
        amendment = AmendmentService(db).get(amendment_id, actor=actor)
        ensure_as_confirmed(db, amendment.declaration, lambda: of_withdrawal(db, amendment), confirms)
        return AmendmentOut.of(AmendmentService(db).withdraw(amendment_id, actor=actor))

    @writes("/withdrawal/undoing", 409, status=DONE, policy="amendment.withdraw_revise")
    def reinstate_amendment(self, db: Db, actor: Actor, amendment_id: PathId) -> AmendmentOut:
        """Undo the withdrawal of one's own amendment, within the phase of it."""
        return AmendmentOut.of(AmendmentService(db).reinstate(amendment_id, actor=actor))

    @writes("/leave", 409, status=DONE, policy="amendment.decide_adopt_undo")
    def rule_on_leave(self, db: Db, actor: Actor, amendment_id: PathId, data: Body[LeaveIn]) -> DecisionOut:
        """Give leave to file an amendment late, or refuse it: until then nothing else can be done with it."""
        service = AmendmentService(db)
        return DecisionOut.of(
            service.rule_on_leave(amendment_id, is_given=data.is_given, reason=data.reason, actor=actor)
        )

    @writes("/certification", status=DONE, policy="amendment.certify")
    def certify_amendment(
        self, db: Db, actor: Actor, amendment_id: PathId, data: Body[CertificationIn]
    ) -> AmendmentOut:
        """Say of an oral amendment of one's own that the words recorded are right, or what is wrong with them."""
        service = OralService(db)
        found = service.certify(amendment_id, is_correct=data.is_correct, reason=data.reason, actor=actor)
        return AmendmentOut.of(found, reader=actor.person_id)

    @writes("/amendments", 409, 412, 428, policy="amendment.propose")
    def amend_amendment(
        self, db: Db, actor: Actor, amendment_id: PathId, data: Body[ChildIn], if_match: IfMatch = None
    ) -> Response[AmendmentOut]:
        """File an amendment to an amendment, against the text that it proposes.

        `If-Match` names the version of its author's words that was read (its `ETag`).
        """
        amendment = AmendmentService(db).amend(
            amendment_id,
            to_changes(data.changes),
            reason=data.reason,
            is_indivisible=data.is_indivisible,
            expected_version=expected_version(if_match),
            actor=actor,
        )
        filed = AmendmentOut.of(amendment)
        return answer(filed, location=f"/api/amendments/{filed.amendment.id}")

    @writes("/versions", 409, 412, 428, status=DONE, policy="amendment.withdraw_revise")
    def revise_amendment(
        self, db: Db, actor: Actor, amendment_id: PathId, data: Body[RevisionIn], if_match: IfMatch = None
    ) -> Response[AmendmentOut]:
        """Write one's own amendment anew on the text in force; the words before it stay on record.

        `If-Match` names the version that it replaces (its `ETag`).
        """
        amendment = AmendmentService(db).revise(
            amendment_id,
            to_changes(data.changes),
            reason=data.reason,
            expected_version=expected_version(if_match),
            stands_beside=data.stands_beside,
            actor=actor,
        )
        revised, etag = AmendmentOut.of(amendment), str(amendment.own.id)
        return answer(revised, etag=etag)


class CommitteeApi(Controller):
    """The amendments to one declaration, and what is decided on them."""

    path = "/api/declarations/{declaration_id:uuid}"
    tags = ("Amendments",)

    @reads("/amendments", policy=READ_THE_TEXT)
    def list_amendments(
        self,
        *,
        db: Db,
        actor: Actor,
        declaration: Readable,
        shown: Annotated[AmendmentState, QueryParameter(name="state")] = AmendmentState.ALL,
        organisation_id: FromQuery[UUID | None] = None,
        block_id: FromQuery[UUID | None] = None,
        text: FromQuery[Language | None] = None,
        words: Annotated[str, QueryParameter(max_length=400)] = "",
        cursor: Cursor = "",
        limit: Limit = 50,
    ) -> AmendmentsOut:
        """List the amendments that the actor may read, by number.

        `state`, `organisation_id`, `block_id`, the language `text` and `words` narrow the list together.
        """
        wanted = AmendmentSearch(
            state=shown, organisation_id=organisation_id, block_id=block_id, language=text, words=words
        )
        found = AmendmentService(db).of_declaration(
            declaration, wanted, actor=actor, after=number_after(cursor), limit=limit + 1
        )
        page = list_page(found, cursor=_number, limit=limit)
        return AmendmentsOut.of(page.items, page.next)

    @writes("/amendments", policy="amendment.propose")
    def propose_amendment(
        self, db: Db, actor: Actor, declaration_id: PathId, data: Body[ProposalIn]
    ) -> Response[AmendmentOut]:
        """File an amendment against a numbered revision."""
        opened(db, declaration_id, actor=actor, is_to_change=True)
        amendment = AmendmentService(db).propose(
            declaration_id,
            base_revision=data.base_revision,
            language=data.language,
            changes=to_changes(data.changes),
            reason=data.reason,
            is_indivisible=data.is_indivisible,
            actor=actor,
        )
        filed = AmendmentOut.of(amendment)
        return answer(filed, location=f"/api/amendments/{filed.amendment.id}")

    @writes("/oral-amendments", policy="amendment.record_oral")
    def record_oral_amendment(
        self, db: Db, actor: Actor, declaration: Readable, data: Body[OralProposalIn]
    ) -> Response[AmendmentOut]:
        """Record an amendment that somebody moves from the floor."""
        given = {**asdict(data), "changes": to_changes(data.changes)}
        filed = AmendmentOut.of(OralService(db).record_oral(declaration.id, **given, actor=actor))
        return answer(filed, location=f"/api/amendments/{filed.amendment.id}")

    @writes("/compromises", 409, policy="amendment.compromise")
    def draft_compromise(
        self, db: Db, actor: Actor, declaration: Readable, data: Body[CompromiseIn]
    ) -> Response[AmendmentOut]:
        """File an amendment that replaces others; their proposers are asked to sponsor it."""
        given = {**asdict(data), "changes": to_changes(data.changes)}
        filed = AmendmentOut.of(CompromiseService(db).draft(declaration.id, **given, actor=actor))
        return answer(filed, location=f"/api/amendments/{filed.amendment.id}")

    @reads("/possible-movers", policy="amendment.record_oral")
    def list_possible_movers(self, db: Db, actor: Actor, declaration_id: PathId) -> ListOf[EligibleOut]:
        """List those who may move an amendment from the floor, by name; for whoever records it."""
        declaration = opened(db, declaration_id, actor=actor, may=policy.may_record_oral)
        return ListOf(items=[_eligible(person) for person in BackingService(db).movers(declaration)])

    @reads("/collisions", policy="amendment.decide_adopt_undo")
    def read_collisions(
        self,
        db: Db,
        actor: Actor,
        declaration: Readable,
        text: Annotated[Language, QueryParameter(description="The language of the amendments.")],
    ) -> CollisionsOut:
        """Read which undecided amendments of one language collide, with one alternative for each reading."""
        find = AmendmentService(db).collisions
        what = CollisionsOut, text
        return read_filed(db, declaration, actor, what, lambda: CollisionsOut.of(find(declaration, text, actor=actor)))

    @reads("/what-if", policy=READ_THE_TEXT)
    def read_what_if(
        self,
        db: Db,
        actor: Actor,
        declaration: Readable,
        chosen: Annotated[str, QueryParameter(name="with", max_length=1_000, description="Their numbers: `11,14`.")],
    ) -> WhatIfOut:
        """Read what adopting some amendments would make of the text in every language. Nothing is recorded."""
        return WhatIfOut.of(foreseen(db, declaration, numbers_of([chosen]), actor=actor))

    @reads("/decisions", policy="history.read")
    def list_decisions(
        self, db: Db, actor: Actor, declaration_id: PathId, cursor: Cursor = "", limit: Limit = 50
    ) -> PageOf[DecisionOut]:
        """List the decisions, in order."""
        declaration = opened(db, declaration_id, actor=actor, may=may_read_history)
        found = AmendmentService(db).decisions(declaration, after=number_after(cursor), limit=limit + 1)
        page = list_page(found, cursor=_number, limit=limit)
        return PageOf(items=[DecisionOut.of(decision) for decision in page.items], next=page.next)

    @writes("/decisions", 409, 412, 428, policy="amendment.decide_adopt_undo")
    def decide_amendments(
        self, work: Work, declaration_id: PathId, data: Body[RulingsIn], if_match: IfMatch = None
    ) -> Response[AdoptionOut]:
        """Rule on several amendments at once, of any languages: at most one new revision.

        What collides stays open and comes back in `clusters`. `If-Match` names the head revision.
        """
        actor = work.actor

        def decide(db: Db) -> Response[AdoptionOut]:
            head = held(db, declaration_id, if_match, actor=actor)
            adoption = AmendmentService(db).decide(
                declaration_id,
                [_ruling(ruling) for ruling in data.rulings],
                expected_head=head,
                leading=data.leading,
                only=data.language,
                actor=actor,
            )
            made = AdoptionOut.of(adoption.revision, adoption.decisions, adoption.clusters)
            return answer(made, etag=str(made.revision.id if made.revision else head))

        return work.briefly(decide)

    @writes("/decisions/preview", 409, 412, 428, status=DONE, policy="amendment.decide_adopt_undo")
    def foresee_decisions(
        self, db: Db, actor: Actor, declaration_id: PathId, data: Body[RulingsIn], if_match: IfMatch = None
    ) -> ProspectOut:
        """Read what these decisions would do to the text, without taking them; refused as they would be.

        `If-Match` names the head revision.
        """
        held(db, declaration_id, if_match, actor=actor)
        service = AmendmentService(db)
        prospect = service.foresee(
            service.declarations.get(declaration_id),
            [_ruling(ruling) for ruling in data.rulings],
            leading=data.leading,
            only=data.language,
            actor=actor,
        )
        return ProspectOut.of(prospect)

    @writes("/edits", 412, 428, policy="block.edit")
    def edit_text(
        self, db: Db, actor: Actor, declaration_id: PathId, data: Body[EditIn], if_match: IfMatch = None
    ) -> Response[RevisionLine]:
        """Change the text directly, as the committee: one decision and one new revision.

        `If-Match` names the head revision.
        """
        head = held(db, declaration_id, if_match, actor=actor)
        revision = AmendmentService(db).edit(
            declaration_id,
            to_changes(data.changes),
            language=data.language,
            reason=data.reason,
            expected_head=head,
            mover=data.mover,
            actor=actor,
        )
        made = RevisionLine.of(revision)
        return answer(made, etag=str(made.id))


def _number(amendment: Amendment | Decision) -> int:
    return amendment.number


def _ruling(ruling: AmendmentRulingIn) -> Ruling:
    return Ruling(
        ruling.amendment_id,
        Verdict(ruling.verdict),
        ruling.reason,
        to_changes(ruling.changes),
        pieces=tuple(ruling.pieces),
        keeps_rest_open=ruling.keeps_rest_open,
        because_of=ruling.because_of,
    )


class BackingApi(Controller):
    """Who stands behind one amendment."""

    path = "/api/amendments/{amendment_id:uuid}"
    tags = ("Amendments",)

    @writes("/cosponsors", 409, status=DONE, policy="amendment.cosponsor")
    def invite_cosponsors(self, db: Db, actor: Actor, amendment_id: PathId, data: Body[InvitationsIn]) -> AmendmentOut:
        """Ask people to sponsor one's own amendment; whoever was asked already is not asked again."""
        return AmendmentOut.of(
            BackingService(db).invite(amendment_id, data.people, actor=actor), reader=actor.person_id
        )

    @removes("/cosponsors/{person_id:uuid}", 409, policy="amendment.cosponsor")
    def take_back_invitation(self, db: Db, actor: Actor, amendment_id: PathId, person_id: PathId) -> None:
        """Take back an invitation that was not answered yet."""
        BackingService(db).take_back(amendment_id, person_id, actor=actor)

    @writes("/cosponsorship", 409, status=DONE, policy="amendment.answer_invitation")
    def answer_invitation(
        self, db: Db, actor: Actor, amendment_id: PathId, data: Body[CosponsorshipIn]
    ) -> AmendmentOut:
        """Confirm or decline to sponsor an amendment that one was invited to."""
        found = BackingService(db).answer(amendment_id, confirms=data.confirms, actor=actor)
        return AmendmentOut.of(found, reader=actor.person_id)

    @writes("/support", 409, status=DONE, policy="amendment.cosponsor")
    def support_amendment(self, db: Db, actor: Actor, amendment_id: PathId) -> AmendmentOut:
        """Support an amendment of somebody else, instead of filing the same a second time."""
        return AmendmentOut.of(BackingService(db).support(amendment_id, actor=actor), reader=actor.person_id)

    @removes("/support", 409, policy="amendment.cosponsor")
    def withdraw_support(self, db: Db, actor: Actor, amendment_id: PathId) -> None:
        """No longer support an amendment."""
        BackingService(db).withdraw_support(amendment_id, actor=actor)


class EligibleApi(Controller):
    """Who could sponsor amendments to one declaration."""

    path = "/api/declarations/{declaration_id:uuid}"
    tags = ("Amendments",)

    @reads("/possible-cosponsors", policy="amendment.propose")
    def list_possible_cosponsors(self, db: Db, actor: Actor, declaration_id: PathId) -> ListOf[EligibleOut]:
        """List those who may be invited to sponsor an amendment, by name; for whoever may file one."""
        declaration = opened(db, declaration_id, actor=actor, may=policy.may_propose)
        people = BackingService(db).eligible(declaration)
        items = [_eligible(person) for person in people if person.id != actor.person_id]
        return ListOf(items=items)


def _eligible(person: Participant) -> EligibleOut:
    return EligibleOut(person_id=person.id, name=person.name, organisation=person.organisation)


Place = Annotated[int, Meta(ge=0, le=2_000_000_000)]


class DraftedChangeIn(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """What is asked for one paragraph so far: nothing of it need make sense yet.

    `wording` is for rewording and splitting (a blank line divides), `addition` for new paragraphs, `after` where it is
    to stand ("start": at the beginning), `before` ("yes") that what is new comes before it. `shown` is the id of the
    text version, or of the amendment's version, that was shown.
    """

    block: BlockName
    op: ChangeOp = ChangeOp.REWORD
    wording: Wording = ""
    addition: Wording = ""
    after: BlockName = ""
    before: Literal["", "yes"] = ""
    shown: BlockName = ""

    def to_entry(self) -> ChangeEntry:
        return filled(ChangeEntry, self, op=self.op.value)


class AmendmentDraftIn(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """An unfinished amendment. `base_revision` is that which was shown; `amends` and `revises` are amendments'
    numbers, or 0; `place` the entry that its author was at; `cosponsors` who is to be invited once it is filed.
    """

    language: Language
    base_revision: Place
    head: BlockName = ""
    amends: Place = 0
    revises: Place = 0
    entries: Annotated[list[DraftedChangeIn], Meta(min_length=1, max_length=MOST_CHANGES)]
    place: Place = 0
    reason: Reason = ""
    is_indivisible: bool = False
    cosponsors: Annotated[list[UUID], Meta(max_length=50)] = []

    def to_content(self) -> DraftContent:
        return filled(
            DraftContent,
            self,
            language=self.language.value,
            base=self.base_revision,
            entries=[entry.to_entry() for entry in self.entries],
            cosponsors=[str(person) for person in self.cosponsors],
        )


class EntryOut(Shape, frozen=True, kw_only=True):
    """One paragraph of a draft, as its author left it."""

    block: str
    op: str
    wording: str
    addition: str
    after: str
    before: str
    shown: str


class AmendmentDraftOut(Struct, frozen=True, kw_only=True):
    """An unfinished amendment of one's own. `version` is what the next write names in `If-Match`."""

    id: UUID
    version: UUID
    declaration_id: UUID
    begun_at: datetime
    kept_at: datetime
    language: str
    base_revision: int
    amends: int
    revises: int
    entries: list[EntryOut]
    place: int
    reason: str
    is_indivisible: bool
    cosponsors: list[str]

    @classmethod
    def of(cls, draft: AmendmentDraft) -> "AmendmentDraftOut":
        content = asdict(content_of(draft))
        return filled(cls, draft, base_revision=content["base"], **content)


class AmendmentDraftApi(Controller):
    """Unfinished amendments, which nobody but their author ever sees."""

    path = "/api"
    tags = ("Amendments",)

    @reads("/declarations/{declaration_id:uuid}/amendment-drafts", policy=READ_THE_TEXT)
    def list_amendment_drafts(self, db: Db, actor: Actor, declaration: Readable) -> ListOf[AmendmentDraftOut]:
        """List one's own unfinished amendments."""
        every = AmendmentDraftService(db).of(declaration, actor=actor) if actor.person_id else []
        return ListOf(items=[AmendmentDraftOut.of(draft) for draft in every])

    @writes("/declarations/{declaration_id:uuid}/amendment-drafts", policy="amendment.propose")
    def begin_amendment_draft(
        self, db: Db, actor: Actor, declaration: Readable, data: Body[AmendmentDraftIn]
    ) -> Response[AmendmentDraftOut]:
        """Keep an unfinished amendment."""
        made = AmendmentDraftOut.of(AmendmentDraftService(db).begin(declaration, data.to_content(), actor=actor))
        return answer(made, etag=str(made.version), location=f"/api/amendment-drafts/{made.id}")

    @reads("/amendment-drafts/{draft_id:uuid}", policy=OWN)
    def read_amendment_draft(self, db: Db, actor: Actor, draft_id: PathId) -> Response[AmendmentDraftOut]:
        """Read one of one's own unfinished amendments."""
        draft = AmendmentDraftOut.of(AmendmentDraftService(db).get(draft_id, actor=actor))
        return answer(draft, etag=str(draft.version))

    @replaces("/amendment-drafts/{draft_id:uuid}", policy="amendment.propose")
    def keep_amendment_draft(
        self, db: Db, actor: Actor, draft_id: PathId, data: Body[AmendmentDraftIn], if_match: IfMatch = None
    ) -> Response[AmendmentDraftOut]:
        """Put newer words in the place of those that `If-Match` names."""
        expected = expected_version(if_match)
        draft = AmendmentDraftService(db).keep(draft_id, data.to_content(), expected=expected, actor=actor)
        return answer(AmendmentDraftOut.of(draft), etag=str(draft.version))

    @removes("/amendment-drafts/{draft_id:uuid}", policy="amendment.propose")
    def discard_amendment_draft(self, db: Db, actor: Actor, draft_id: PathId) -> None:
        """Throw an unfinished amendment away."""
        AmendmentDraftService(db).discard(draft_id, actor=actor)
