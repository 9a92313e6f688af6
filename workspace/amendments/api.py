"""Amendments, edits and decisions, as JSON."""

from typing import Annotated
from uuid import UUID

from litestar import Controller, Response
from litestar.di import NamedDependency
from litestar.params import QueryParameter

from drafts.blocks import Language
from workspace.amendments.models import Amendment, Decision, Verdict
from workspace.amendments.schemas import (
    AdoptionOut,
    AmendmentOut,
    AmendmentsOut,
    ChildIn,
    CollisionsOut,
    DecisionOut,
    DecisionsOut,
    EditIn,
    ProposalIn,
    RevisionIn,
    RulingIn,
    RulingsIn,
    to_changes,
)
from workspace.amendments.service import AmendmentService, Ruling
from workspace.core.actor import Actor
from workspace.declarations.api import held, opened
from workspace.declarations.models import Declaration
from workspace.declarations.policy import may_do
from workspace.declarations.schemas import RevisionLine
from workspace.web.api import DONE, Cursor, Limit, answer, reads, writes
from workspace.web.conditional import IfMatch, named
from workspace.web.paging import number_after, sliced
from workspace.web.params import FromPath, JSONBody
from workspace.web.route_policies import READ_THE_TEXT
from workspace.web.services import Work


class AmendmentApi(Controller):
    """Amendments, one by one."""

    path = "/api/amendments/{amendment_id:uuid}"
    tags = ("Amendments",)

    @reads("/", policy="amendment.read_others")
    def read_amendment(self, work: NamedDependency[Work], amendment_id: FromPath[UUID]) -> Response[AmendmentOut]:
        """Read an amendment with every version of its words and their diff."""
        actor = work.actor
        with work.reading() as db:
            amendment = AmendmentService(db).get(amendment_id, actor=actor)
            return answer(AmendmentOut.of(amendment, reader=actor.person_id), etag=str(amendment.own.id))

    @writes("/withdrawal", 409, status=DONE, policy="amendment.withdraw_revise")
    def withdraw_amendment(self, work: NamedDependency[Work], amendment_id: FromPath[UUID]) -> Response[AmendmentOut]:
        """Take one's own amendment back while it is undecided."""
        actor = work.actor
        with work.writing() as db:
            withdrawn = AmendmentOut.of(AmendmentService(db).withdraw(amendment_id, actor=actor))
        return answer(withdrawn)

    @writes("/amendments", 409, 412, 428, policy="amendment.propose")
    def amend_amendment(
        self,
        work: NamedDependency[Work],
        amendment_id: FromPath[UUID],
        data: JSONBody[ChildIn],
        if_match: IfMatch = None,
    ) -> Response[AmendmentOut]:
        """File an amendment to an amendment, against the text that it proposes.

        `If-Match` names the version of its author's words that was read (its `ETag`).
        """
        actor = work.actor
        with work.writing() as db:
            amendment = AmendmentService(db).amend(
                amendment_id,
                to_changes(data.changes),
                reason=data.reason,
                is_indivisible=data.is_indivisible,
                expected_version=named(if_match),
                actor=actor,
            )
            filed = AmendmentOut.of(amendment)
        return answer(filed, location=f"/api/amendments/{filed.amendment.id}")

    @writes("/versions", 409, 412, 428, status=DONE, policy="amendment.withdraw_revise")
    def revise_amendment(
        self,
        work: NamedDependency[Work],
        amendment_id: FromPath[UUID],
        data: JSONBody[RevisionIn],
        if_match: IfMatch = None,
    ) -> Response[AmendmentOut]:
        """Write one's own amendment anew on the text in force; the words before it stay on record.

        `If-Match` names the version that it replaces (its `ETag`).
        """
        actor = work.actor
        with work.writing() as db:
            amendment = AmendmentService(db).revise(
                amendment_id,
                to_changes(data.changes),
                reason=data.reason,
                expected_version=named(if_match),
                stands_beside=data.stands_beside,
                actor=actor,
            )
            revised, etag = AmendmentOut.of(amendment), str(amendment.own.id)
        return answer(revised, etag=etag)


class CommitteeApi(Controller):
    """The amendments to one declaration, and what is decided on them."""

    path = "/api/declarations/{declaration_id:uuid}"
    tags = ("Amendments",)

    @reads("/amendments", 422, policy=READ_THE_TEXT)
    def list_amendments(
        self,
        work: NamedDependency[Work],
        declaration_id: FromPath[UUID],
        cursor: Cursor = "",
        limit: Limit = 50,
    ) -> Response[AmendmentsOut]:
        """List the amendments that the actor may read, by number."""
        actor = work.actor
        with work.reading() as db:
            declaration = opened(db, declaration_id, actor=actor)
            found = AmendmentService(db).of_declaration(
                declaration, actor=actor, after=number_after(cursor), limit=limit + 1
            )
            page = sliced(found, cursor=_number, limit=limit)
            return answer(AmendmentsOut.of(page.items, page.next))

    @writes("/amendments", policy="amendment.propose")
    def propose_amendment(
        self, work: NamedDependency[Work], declaration_id: FromPath[UUID], data: JSONBody[ProposalIn]
    ) -> Response[AmendmentOut]:
        """File an amendment against a numbered revision."""
        actor = work.actor
        with work.writing() as db:
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

    @reads("/collisions", policy="amendment.decide_adopt_undo")
    def read_collisions(
        self,
        work: NamedDependency[Work],
        declaration_id: FromPath[UUID],
        text: Annotated[Language, QueryParameter(description="The language of the amendments.")],
    ) -> Response[CollisionsOut]:
        """Read which undecided amendments of one language collide, with one alternative for each reading."""
        actor = work.actor
        with work.reading() as db:
            declaration = opened(db, declaration_id, actor=actor)
            return answer(CollisionsOut.of(AmendmentService(db).collisions(declaration, text, actor=actor)))

    @reads("/decisions", 422, policy="history.read")
    def list_decisions(
        self,
        work: NamedDependency[Work],
        declaration_id: FromPath[UUID],
        cursor: Cursor = "",
        limit: Limit = 50,
    ) -> Response[DecisionsOut]:
        """List the decisions, in order."""
        actor = work.actor
        with work.reading() as db:
            declaration = opened(db, declaration_id, actor=actor, may=_may_read_history)
            found = AmendmentService(db).decisions(declaration, after=number_after(cursor), limit=limit + 1)
            page = sliced(found, cursor=_number, limit=limit)
            return answer(DecisionsOut(items=[DecisionOut.of(decision) for decision in page.items], next=page.next))

    @writes("/decisions", 409, 412, 428, policy="amendment.decide_adopt_undo")
    def decide_amendments(
        self,
        work: NamedDependency[Work],
        declaration_id: FromPath[UUID],
        data: JSONBody[RulingsIn],
        if_match: IfMatch = None,
    ) -> Response[AdoptionOut]:
        """Rule on several amendments of one language at once: at most one new revision.

        What collides stays open and comes back in `clusters`. `If-Match` names the head revision.
        """
        actor = work.actor
        with work.writing() as db:
            head = held(db, declaration_id, if_match, actor=actor)
            adoption = AmendmentService(db).decide(
                declaration_id,
                [_ruling(ruling) for ruling in data.rulings],
                language=data.language,
                expected_head=head,
                actor=actor,
            )
            made = AdoptionOut.of(adoption.revision, adoption.decisions, adoption.clusters)
        return answer(made, etag=str(made.revision.id if made.revision else head))

    @writes("/edits", 412, 428, policy="block.edit")
    def edit_text(
        self,
        work: NamedDependency[Work],
        declaration_id: FromPath[UUID],
        data: JSONBody[EditIn],
        if_match: IfMatch = None,
    ) -> Response[RevisionLine]:
        """Change the text directly, as the committee: one decision and one new revision.

        `If-Match` names the head revision.
        """
        actor = work.actor
        with work.writing() as db:
            head = held(db, declaration_id, if_match, actor=actor)
            revision = AmendmentService(db).edit(
                declaration_id,
                to_changes(data.changes),
                language=data.language,
                reason=data.reason,
                expected_head=head,
                actor=actor,
            )
            made = RevisionLine.of(revision)
        return answer(made, etag=str(made.id))


def _number(one: Amendment | Decision) -> int:
    return one.number


def _ruling(ruling: RulingIn) -> Ruling:
    return Ruling(
        ruling.amendment_id,
        Verdict(ruling.verdict),
        ruling.reason,
        to_changes(ruling.changes),
        pieces=tuple(ruling.pieces),
        keeps_rest_open=ruling.keeps_rest_open,
        because_of=ruling.because_of,
    )


def _may_read_history(actor: Actor, declaration: Declaration) -> bool:
    return may_do(actor, "history.read", declaration)
