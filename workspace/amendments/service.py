"""Proposing amendments, withdrawing them, and deciding on several at once."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.orm import joinedload, selectinload

from drafts.amendments import Amendment as Proposal
from drafts.amendments import Change, amend
from drafts.blocks import Language
from drafts.merge import Cluster, Merged, merge
from workspace.amendments import policy, proposals
from workspace.amendments import queries as filed
from workspace.amendments.models import (
    Amendment,
    AmendmentVersion,
    Decision,
    Disposition,
    Outcome,
    Verdict,
)
from workspace.amendments.prospects import Prospect, descents, prospect_of
from workspace.core import clock, log
from workspace.core.actor import Actor
from workspace.core.db import Db, new_id
from workspace.core.errors import Invalid, NotAllowed, NotFound, Undecidable
from workspace.declarations import queries
from workspace.declarations.models import Declaration, Revision, RevisionCause
from workspace.declarations.service import DeclarationService

LONGEST_REASON = 5_000  # characters


@dataclass(frozen=True, slots=True)
class Ruling:
    """What the committee says of one amendment. `changes` are its own wording, for `ADOPT_MODIFIED`."""

    amendment_id: UUID
    verdict: Verdict
    reason: str = ""
    changes: tuple[Change, ...] = ()


@dataclass(frozen=True, slots=True)
class Adoption:
    """What came of a round of decisions: a revision if the text changed, and what still collides."""

    revision: Revision | None
    decisions: tuple[Decision, ...]
    clusters: tuple[Cluster, ...]


class AmendmentService:
    """Amendments and decisions of a declaration."""

    def __init__(self, db: Db) -> None:
        self.db = db
        self.declarations = DeclarationService(db)
        self.bases = proposals.Bases(db)

    def propose(
        self,
        declaration_id: UUID,
        *,
        base_revision: int,
        language: Language,
        changes: Sequence[Change],
        reason: str,
        actor: Actor,
        is_indivisible: bool = False,
    ) -> Amendment:
        """File an amendment against a numbered revision, in one language.

        What is stored is the proposal itself and its diff. Raises `NotFound` for a
        revision that does not exist, `UnknownBlock` and `ImpossibleChange` for
        changes the text cannot take, `Invalid` where nothing would change.
        """
        declaration = self.declarations.lock(declaration_id)
        policy.ensure_may_propose(actor, declaration)
        if actor.person_id is None:
            raise NotAllowed(action="amendment.propose")
        _ensure_sensible(changes, reason)
        revision = self.declarations.revision(declaration, base_revision)
        amendment = Amendment(
            id=new_id(),
            declaration=declaration,
            number=self._next(Amendment, declaration),
            language=language,
            reason=reason.strip(),
            is_indivisible=is_indivisible,
            disposition=Disposition.OPEN,
            proposer_id=actor.person_id,
            organisation_id=_organisation(actor, declaration),
            filed_at=clock.now(),
        )
        version = proposals.version_of(
            1,
            self.shown_rows(declaration, revision),
            proposals.with_new_ids(changes),
            language=language,
            revision_id=revision.id,
            actor=actor,
            is_indivisible=is_indivisible,
        )
        if not version.hunks:
            raise Invalid(field="changes", reason="nothing_changes")
        amendment.versions = [version]
        self.db.add(amendment)
        self.db.flush()
        log.record(
            self.db,
            "amendment.proposed",
            actor=actor,
            forum_id=declaration.forum_id,
            declaration_id=declaration.id,
            amendment=str(amendment.id),
            number=amendment.number,
            base=str(revision.id),
            shown=[{"id": str(one.text.id), "hash": one.text.content_hash} for one in version.shown],
        )
        return amendment

    def withdraw(self, amendment_id: UUID, *, actor: Actor) -> Amendment:
        """Take one's own amendment back while it is undecided."""
        amendment = self.get(amendment_id, actor=actor)
        self.declarations.lock(amendment.declaration_id)
        self.db.refresh(amendment, ["disposition"])  # somebody may have decided while this waited for the lock
        policy.ensure_may_withdraw(actor, amendment)
        amendment.disposition = Disposition.WITHDRAWN
        log.record(
            self.db,
            "amendment.withdrawn",
            actor=actor,
            forum_id=amendment.declaration.forum_id,
            declaration_id=amendment.declaration_id,
            amendment=str(amendment.id),
        )
        return amendment

    def decide(
        self,
        declaration_id: UUID,
        rulings: Sequence[Ruling],
        *,
        language: Language,
        expected_head: UUID,
        actor: Actor,
    ) -> Adoption:
        """Rule on several amendments of one language at once: at most one new revision.

        What collides stays open, the text stays as it was there, and the clusters
        come back in `Adoption.clusters`; everything else lands. Raises `Stale` when
        the head has moved, `Undecidable` for one's own, a decided one, or one in
        another language.
        """
        declaration = self.declarations.lock(declaration_id, expected_head=expected_head)
        ruled = self._ruled(declaration, rulings)
        _ensure_decidable(declaration, rulings, ruled, language=language, actor=actor)
        versions = {
            ruling.amendment_id: self._version_ruled_on(declaration, ruled[ruling.amendment_id], ruling, actor=actor)
            for ruling in rulings
        }
        adopted = [versions[ruling.amendment_id] for ruling in rulings if ruling.verdict in _ADOPTING]
        head = queries.document(queries.head_rows(self.db, declaration), language)
        prospect = prospect_of(head, [self.bases.proposal(version.amendment, version) for version in adopted])
        ids = [new_id() for _ in rulings]
        revision = None
        if prospect.merged.document != head:
            revision = self.declarations.commit(
                declaration,
                prospect.merged.document,
                cause=RevisionCause.ADOPTION,
                decisions=ids,
                descents=descents(prospect.merged),
                actor=actor,
            )
        decisions = tuple(
            self._decided(versions[ruling.amendment_id], ruling, prospect, revision, decision_id, actor=actor)
            for ruling, decision_id in zip(rulings, ids, strict=True)
        )
        return Adoption(revision, decisions, prospect.overtaken + prospect.merged.clusters)

    def edit(
        self,
        declaration_id: UUID,
        changes: Sequence[Change],
        *,
        language: Language,
        reason: str,
        expected_head: UUID,
        actor: Actor,
    ) -> Revision:
        """Change the text directly, as the committee: a decision too, with its reason, and one new revision."""
        declaration = self.declarations.lock(declaration_id, expected_head=expected_head)
        policy.ensure_may_edit(actor, declaration)
        _ensure_sensible(changes, reason)
        if not reason.strip():
            raise Invalid(field="reason", reason="empty")
        rows = queries.head_rows(self.db, declaration)
        proposals.ensure_known(changes, rows, language)
        head = queries.document(rows, language)
        merged = merge(head, [amend(0, head, proposals.with_new_ids(changes))])
        if merged.document == head:
            raise Invalid(field="changes", reason="nothing_changes")
        decision_id = new_id()
        revision = self.declarations.commit(
            declaration,
            merged.document,
            cause=RevisionCause.EDITORIAL,
            note=reason.strip(),
            decisions=[decision_id],
            descents=descents(merged),
            actor=actor,
        )
        self.record(
            declaration,
            Verdict.EDIT,
            Outcome.APPLIED,
            reason=reason.strip(),
            block_id=proposals.concerned(changes[0], rows),
            language=language,
            revision=revision,
            decision_id=decision_id,
            actor=actor,
        )
        return revision

    def record(
        self,
        declaration: Declaration,
        verdict: Verdict,
        outcome: Outcome,
        *,
        reason: str,
        actor: Actor,
        version: AmendmentVersion | None = None,
        block_id: UUID | None = None,
        language: Language | None = None,
        revision: Revision | None = None,
        decision_id: UUID | None = None,
    ) -> Decision:
        """Put a decision on record; the caller has asked whether it may be taken.

        `version` is the wording of the amendment that was decided on.
        """
        amendment = version.amendment if version else None
        decision = Decision(
            id=decision_id or new_id(),
            declaration_id=declaration.id,
            number=self._next(Decision, declaration),
            verdict=verdict,
            outcome=outcome,
            reason=reason,
            amendment=amendment,
            amendment_version_id=version.id if version else None,
            block_id=block_id,
            language=language,
            revision=revision,
            decided_by_id=actor.person_id,
            decided_at=clock.now(),
        )
        self.db.add(decision)
        self.db.flush()
        log.record(
            self.db,
            "decision.taken",
            actor=actor,
            forum_id=declaration.forum_id,
            declaration_id=declaration.id,
            decision=str(decision.id),
            number=decision.number,
            verdict=verdict.value,
            outcome=outcome.value,
            amendment=str(amendment.id) if amendment else None,
            block=str(block_id) if block_id else None,
            language=language.value if language else None,
            revision=str(revision.id) if revision else None,
            reason=reason,
        )
        return decision

    # Finding

    def get(self, amendment_id: UUID, *, actor: Actor) -> Amendment:
        """One amendment with its versions; raises `NotFound`."""
        found = self.db.get(
            Amendment, amendment_id, options=[joinedload(Amendment.declaration), selectinload(Amendment.versions)]
        )
        if found is None or not policy.may_read(actor, found):
            raise NotFound(what="amendment", id=str(amendment_id))
        return found

    def numbered(self, declaration: Declaration, number: int, *, actor: Actor) -> Amendment:
        """One amendment by its number, with proposer and changes; raises `NotFound`."""
        found = self.db.scalar(filed.readable(declaration, actor=actor).where(Amendment.number == number))
        if found is None:
            raise NotFound(what="amendment", id=str(number))
        return found

    def of_declaration(
        self, declaration: Declaration, *, actor: Actor, after: int = 0, limit: int | None = None
    ) -> list[Amendment]:
        """The amendments that `actor` may read, by number, with proposers and changes. A fixed number of queries.

        With `limit`, that many at most, and those whose numbers come `after`.
        """
        statement = filed.readable(declaration, actor=actor).where(Amendment.number > after)
        return list(self.db.scalars(statement.limit(limit)))

    def at_block(self, declaration: Declaration, block_id: UUID, *, actor: Actor) -> list[Amendment]:
        """The same for those that concern one block: that change it, or put something new after it."""
        return list(self.db.scalars(filed.about(filed.readable(declaration, actor=actor), block_id)))

    def counts(self, declaration: Declaration, *, actor: Actor) -> dict[UUID, int]:
        """How many undecided amendments concern each block."""
        rows = self.db.execute(filed.counted(declaration, actor=actor))
        return {row.block_id: row.amendments for row in rows}

    def decisions(self, declaration: Declaration) -> list[Decision]:
        """Every decision in order, with its amendment and who took it."""
        return list(self.db.scalars(filed.decided(declaration)))

    def proposal(self, amendment: Amendment) -> Proposal:
        """The amendment as its proposer wrote it and the engine knows it: base, proposed text and stored hunks."""
        return self.bases.proposal(amendment, proposals.own_version(amendment))

    def collisions(self, declaration: Declaration, language: Language, *, actor: Actor) -> Merged:
        """What the undecided amendments of one language would come to if all were adopted now."""
        every = self.of_declaration(declaration, actor=actor)
        return self.prospect(declaration, language, [one for one in every if one.disposition.is_undecided]).merged

    def prospect(self, declaration: Declaration, language: Language, amendments: Sequence[Amendment]) -> Prospect:
        """What those of these amendments that are in `language` would come to, adopted now as they were written."""
        head = queries.document(queries.head_rows(self.db, declaration), language)
        return prospect_of(head, [self.proposal(one) for one in amendments if one.language is language])

    def foresee(
        self, declaration: Declaration, rulings: Sequence[Ruling], *, language: Language, actor: Actor
    ) -> Prospect:
        """What these decisions would do to the text, without taking them. Raises what `decide` would."""
        ruled = self._ruled(declaration, rulings)
        _ensure_decidable(declaration, rulings, ruled, language=language, actor=actor)
        head = queries.document(queries.head_rows(self.db, declaration), language)
        adopted = [
            amend(ruled[one.amendment_id].number, head, proposals.with_new_ids(one.changes))
            if one.verdict is Verdict.ADOPT_MODIFIED
            else self.proposal(ruled[one.amendment_id])
            for one in rulings
            if one.verdict in _ADOPTING
        ]
        return prospect_of(head, adopted)

    def shown_rows(self, declaration: Declaration, revision: Revision) -> list[queries.BlockRow]:
        """What a proposer sees: the heads on the head revision, what is pinned on an older one."""
        if revision.id == declaration.head_id:
            return queries.head_rows(self.db, declaration)
        return queries.pinned_rows(self.db, revision.id)

    # How a decision comes about

    def _ruled(self, declaration: Declaration, rulings: Sequence[Ruling]) -> dict[UUID, Amendment]:
        _ensure_complete(rulings)
        ids = [ruling.amendment_id for ruling in rulings]
        statement = sa.select(Amendment).where(Amendment.declaration_id == declaration.id, Amendment.id.in_(ids))
        found = self.db.scalars(statement.execution_options(populate_existing=True))  # as they are behind the lock
        ruled = {amendment.id: amendment for amendment in found}
        for amendment_id in ids:
            if amendment_id not in ruled:
                raise NotFound(what="amendment", id=str(amendment_id))
        return ruled

    def _version_ruled_on(
        self, declaration: Declaration, amendment: Amendment, ruling: Ruling, *, actor: Actor
    ) -> AmendmentVersion:
        """The member's own words; for a modified adoption the committee's wording, put beside them as a sibling."""
        own = proposals.own_version(amendment)
        if ruling.verdict is not Verdict.ADOPT_MODIFIED:
            return own
        version = proposals.version_of(
            amendment.latest.number + 1,
            queries.head_rows(self.db, declaration),
            proposals.with_new_ids(ruling.changes),
            language=amendment.language,
            revision_id=declaration.head.id,
            actor=actor,
            is_indivisible=amendment.is_indivisible,
            based_on=own,
        )
        amendment.versions.append(version)
        self.db.flush()
        return version

    def _decided(
        self,
        version: AmendmentVersion,
        ruling: Ruling,
        prospect: Prospect,
        revision: Revision | None,
        decision_id: UUID,
        *,
        actor: Actor,
    ) -> Decision:
        amendment = version.amendment
        outcome = prospect.outcomes.get(amendment.number, Outcome.NONE)
        amendment.disposition = _disposition(ruling.verdict, outcome, amendment.disposition)
        return self.record(
            amendment.declaration,
            ruling.verdict,
            outcome,
            reason=ruling.reason.strip(),
            version=version,
            language=amendment.language,
            revision=revision if outcome in {Outcome.APPLIED, Outcome.PARTLY} else None,
            decision_id=decision_id,
            actor=actor,
        )

    def _next(self, model: type[Amendment] | type[Decision], declaration: Declaration) -> int:
        last = self.db.scalar(sa.select(sa.func.max(model.number)).where(model.declaration_id == declaration.id))
        return (last or 0) + 1


_ADOPTING = (Verdict.ADOPT, Verdict.ADOPT_MODIFIED)


def _ensure_sensible(changes: Sequence[Change], reason: str) -> None:
    if not changes:
        raise Invalid(field="changes", reason="empty")
    if len(reason) > LONGEST_REASON:
        raise Invalid(field="reason", reason="too_long", limit=LONGEST_REASON)


def _ensure_decidable(
    declaration: Declaration,
    rulings: Sequence[Ruling],
    ruled: Mapping[UUID, Amendment],
    *,
    language: Language,
    actor: Actor,
) -> None:
    policy.ensure_may_decide(actor, declaration, ruled.values())
    for ruling in rulings:
        if ruling.verdict in _ADOPTING and ruled[ruling.amendment_id].language is not language:
            raise Undecidable(number=ruled[ruling.amendment_id].number, reason="other_language")


def _ensure_complete(rulings: Sequence[Ruling]) -> None:
    ids = [ruling.amendment_id for ruling in rulings]
    if not ids or len(set(ids)) < len(ids):
        raise Invalid(field="decisions", reason="each_once")
    for ruling in rulings:
        if len(ruling.reason) > LONGEST_REASON:
            raise Invalid(field="reason", reason="too_long", limit=LONGEST_REASON)
        if ruling.verdict is Verdict.ADOPT_MODIFIED and not ruling.changes:
            raise Invalid(field="changes", reason="empty")


def _organisation(actor: Actor, declaration: Declaration) -> UUID | None:
    held = actor.mandates_in(declaration.forum_id, clock.now().date())
    return next((one.organisation_id for one in held if one.organisation_id), None)


def _disposition(verdict: Verdict, outcome: Outcome, before: Disposition) -> Disposition:
    if verdict is Verdict.REJECT:
        return Disposition.REJECTED
    if verdict is Verdict.REFER:
        return Disposition.REFERRED
    return {
        Outcome.APPLIED: Disposition.ADOPTED,
        Outcome.INCLUDED: Disposition.ADOPTED,
        Outcome.PARTLY: Disposition.PARTLY,
    }.get(outcome, before)
