"""The committee at work: deciding on several amendments at once, and editing the text by its own hand."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from uuid import UUID

import sqlalchemy as sa

from drafts.amendments import Change, amend
from drafts.blocks import Language
from drafts.merge import Cluster, merge
from workspace.amendments import families, languages, policy, proposals
from workspace.amendments import queries as filed
from workspace.amendments.carrying import Carrier
from workspace.amendments.models import (
    Amendment,
    AmendmentVersion,
    Decision,
    Disposition,
    Outcome,
    Verdict,
)
from workspace.amendments.prospects import Prospect, descents, prospect_of
from workspace.amendments.reading import AmendmentReading
from workspace.core import clock, log
from workspace.core.actor import Actor
from workspace.core.db import new_id
from workspace.core.errors import Invalid, NotFound, Undecidable
from workspace.declarations import queries
from workspace.declarations.models import Declaration, Revision, RevisionCause
from workspace.declarations.queries import BlockRow

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


@dataclass(frozen=True, slots=True)
class _Round:
    """What a round of rulings comes to, before anything is written."""

    amendments: Mapping[UUID, Amendment]
    versions: Mapping[UUID, AmendmentVersion]
    accepted: families.Accepted
    prospect: Prospect
    apart: tuple[Cluster, ...]

    def outcome(self, amendment: Amendment) -> Outcome:
        waits = {number for cluster in self.apart for number in cluster.amendments}
        if amendment.number in waits:
            return Outcome.WAITS
        within = self.accepted.outcomes if amendment.parent_id else self.prospect.outcomes
        return within.get(amendment.number, Outcome.NONE)

    @property
    def clusters(self) -> tuple[Cluster, ...]:
        return (*self.accepted.clusters, *self.prospect.overtaken, *self.prospect.merged.clusters, *self.apart)


class Deciding(AmendmentReading):
    """Decisions on the amendments of a declaration."""

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

        Amendments to amendments are taken first, then those they amend, as
        modified. What collides stays open, the text stays as it was there, and the
        clusters come back in `Adoption.clusters`; everything else lands. Raises
        `Stale` when the head has moved, `Undecidable` for one's own, a decided one,
        one in another language, or one with an undecided amendment to it.
        """
        declaration = self.declarations.lock(declaration_id, expected_head=expected_head)
        ruled = self._ruled(declaration, rulings)
        rows = queries.head_rows(self.db, declaration)
        self._ensure_decidable(declaration, rulings, ruled, rows, language=language, actor=actor)
        versions = {
            ruling.amendment_id: self._version_ruled_on(declaration, ruled[ruling.amendment_id], ruling, actor=actor)
            for ruling in rulings
        }
        found = self._round(rulings, ruled, versions, rows, language=language)
        waiting = self._settle(rulings, found, declaration=declaration, actor=actor)
        head, merged = found.prospect.head, found.prospect.merged
        ids = [new_id() for _ in rulings]
        revision = None
        if merged.document != head:
            revision = self.declarations.commit(
                declaration,
                merged.document,
                cause=RevisionCause.ADOPTION,
                decisions=ids,
                descents=descents(merged),
                actor=actor,
            )
        Carrier(self.db, declaration).carry(waiting, actor=actor)
        decisions = tuple(
            self._decided(ruled[ruling.amendment_id], ruling, found, revision, decision_id, actor=actor)
            for ruling, decision_id in zip(rulings, ids, strict=True)
        )
        return Adoption(revision, decisions, found.clusters)

    def foresee(
        self, declaration: Declaration, rulings: Sequence[Ruling], *, language: Language, actor: Actor
    ) -> Prospect:
        """What these decisions would do to the text, without taking them. Raises what `decide` would."""
        ruled = self._ruled(declaration, rulings)
        rows = queries.head_rows(self.db, declaration)
        self._ensure_decidable(declaration, rulings, ruled, rows, language=language, actor=actor)
        found = self._round(rulings, ruled, {}, rows, language=language)
        return found.prospect.with_languages(found.apart, waiting=found.accepted.outcomes)

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
        policy.ensure_may_edit(actor, declaration, reason)
        ensure_sensible(changes, reason)
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
            number=self.next_number(Decision, declaration),
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

    # How a decision comes about

    def _ruled(self, declaration: Declaration, rulings: Sequence[Ruling]) -> dict[UUID, Amendment]:
        _ensure_complete(rulings)
        ids = [ruling.amendment_id for ruling in rulings]
        statement = filed.every(declaration).where(Amendment.id.in_(ids))
        found = self.db.scalars(statement.execution_options(populate_existing=True))  # as they are behind the lock
        ruled = {amendment.id: amendment for amendment in found}
        for amendment_id in ids:
            if amendment_id not in ruled:
                raise NotFound(what="amendment", id=str(amendment_id))
        return ruled

    def _ensure_decidable(
        self,
        declaration: Declaration,
        rulings: Sequence[Ruling],
        ruled: Mapping[UUID, Amendment],
        rows: Sequence[BlockRow],
        *,
        language: Language,
        actor: Actor,
    ) -> None:
        policy.ensure_may_decide(actor, declaration, ruled.values())
        adopting = [ruled[one.amendment_id] for one in rulings if one.verdict in ADOPTING]
        shared = languages.in_other_words(adopting, language)
        beside = languages.in_other_words(
            [*adopting, *(ruled[one.amendment_id] for one in rulings if one.verdict is Verdict.HAND_OVER)], language
        )
        for ruling in rulings:
            amendment, verdict = ruled[ruling.amendment_id], ruling.verdict
            is_shared = verdict is Verdict.ADOPT and amendment in shared
            if verdict in ADOPTING and amendment.language is not language and not is_shared:
                raise Undecidable(number=amendment.number, reason="other_language")
            is_led = verdict is Verdict.HAND_OVER and (amendment in beside or self.led_elsewhere(amendment, rows))
            if verdict is Verdict.HAND_OVER and not is_led:
                raise Undecidable(number=amendment.number, reason="nothing_leads")
            _ensure_in_family(amendment, verdict, ruled)

    def _round(
        self,
        rulings: Sequence[Ruling],
        ruled: Mapping[UUID, Amendment],
        versions: Mapping[UUID, AmendmentVersion],
        rows: Sequence[BlockRow],
        *,
        language: Language,
    ) -> _Round:
        adopting = {ruled[one.amendment_id].number: one for one in rulings if one.verdict in ADOPTING}
        amendments = {number: ruled[one.amendment_id] for number, one in adopting.items()}
        accepted = families.accept([one for one in amendments.values() if one.parent_id], self.bases)
        filed_here = [one for one in amendments.values() if one.parent_id is None]
        as_written = [one for one in filed_here if adopting[one.number].verdict is Verdict.ADOPT]
        apart = tuple(self.apart(as_written, rows))
        waits = {number for cluster in apart for number in cluster.amendments}
        head = queries.document(rows, language)
        asked = []
        for one in filed_here:
            if one.number in waits:
                continue
            ruling = adopting[one.number]
            if ruling.verdict is Verdict.ADOPT:
                asked.append(self.bases.modified(one, accepted.into.get(one.number, ())).amendment)
            elif one.id in versions:
                asked.append(self.asked(one, versions[one.id]))
            else:
                asked.append(amend(one.number, head, proposals.with_new_ids(ruling.changes)))
        return _Round(ruled, versions, accepted, prospect_of(head, asked, self.bases), apart)

    def _settle(
        self, rulings: Sequence[Ruling], found: _Round, *, declaration: Declaration, actor: Actor
    ) -> list[Amendment]:
        """Give every amendment its new state, and its children what follows; those that wait in another form now.

        Done before the revision is made, so that what is decided is not carried to it.
        """
        verdicts = {ruling.amendment_id: ruling.verdict for ruling in rulings}
        ruled = sorted((found.amendments[one] for one in verdicts), key=lambda one: one.parent_id is None)
        for amendment in ruled:
            verdict = verdicts[amendment.id]
            amendment.disposition = _disposition(verdict, found.outcome(amendment), amendment.disposition)
            if amendment.parent_id is None:
                self._share_fate(declaration, amendment, verdict=verdict, actor=actor)
        self.db.flush()
        parents = {one.parent.id: one.parent for one in ruled if one.parent}
        return [parent for parent in parents.values() if parent.disposition.is_undecided]

    def _share_fate(
        self, declaration: Declaration, parent: Amendment, *, actor: Actor, verdict: Verdict | None = None
    ) -> None:
        changed = families.share_fate(parent, verdict=verdict)
        if not changed:
            return
        log.record(
            self.db,
            "amendments.followed",
            actor=actor,
            forum_id=declaration.forum_id,
            declaration_id=declaration.id,
            because_of=str(parent.id),
            amendments=[{"amendment": str(one.id), "now": one.disposition.value} for one in changed],
        )

    def _version_ruled_on(
        self, declaration: Declaration, amendment: Amendment, ruling: Ruling, *, actor: Actor
    ) -> AmendmentVersion:
        """The member's own words; for a modified adoption the committee's wording, put beside them as a sibling."""
        if ruling.verdict is not Verdict.ADOPT_MODIFIED:
            return amendment.own
        version = proposals.version_of(
            amendment.versions[-1].number + 1,
            queries.head_rows(self.db, declaration),
            proposals.with_new_ids(ruling.changes),
            language=amendment.language,
            revision_id=declaration.head.id,
            actor=actor,
            is_indivisible=amendment.is_indivisible,
            based_on=amendment.own,
        )
        amendment.versions.append(version)
        self.db.flush()
        return version

    def _decided(
        self,
        amendment: Amendment,
        ruling: Ruling,
        found: _Round,
        revision: Revision | None,
        decision_id: UUID,
        *,
        actor: Actor,
    ) -> Decision:
        outcome = found.outcome(amendment)
        return self.record(
            amendment.declaration,
            ruling.verdict,
            outcome,
            reason=ruling.reason.strip(),
            version=found.versions[amendment.id],
            language=amendment.language,
            revision=revision if outcome in {Outcome.APPLIED, Outcome.PARTLY} else None,
            decision_id=decision_id,
            actor=actor,
        )

    def next_number(self, model: type[Amendment] | type[Decision], declaration: Declaration) -> int:
        last = self.db.scalar(sa.select(sa.func.max(model.number)).where(model.declaration_id == declaration.id))
        return (last or 0) + 1


ADOPTING = (Verdict.ADOPT, Verdict.ADOPT_MODIFIED)


def _ensure_in_family(amendment: Amendment, verdict: Verdict, ruled: Mapping[UUID, Amendment]) -> None:
    """Children are decided before their parent, and in the words of their authors."""
    if amendment.parent is not None and verdict in {Verdict.ADOPT_MODIFIED, Verdict.HAND_OVER}:
        raise Undecidable(number=amendment.number, reason="modify_parent")
    waiting = [child for child in amendment.children if child.disposition.is_undecided and child.id not in ruled]
    if verdict is Verdict.ADOPT and waiting:
        raise Undecidable(number=amendment.number, reason="children_first")


def ensure_sensible(changes: Sequence[Change], reason: str) -> None:
    if not changes:
        raise Invalid(field="changes", reason="empty")
    if len(reason) > LONGEST_REASON:
        raise Invalid(field="reason", reason="too_long", limit=LONGEST_REASON)


def _ensure_complete(rulings: Sequence[Ruling]) -> None:
    ids = [ruling.amendment_id for ruling in rulings]
    if not ids or len(set(ids)) < len(ids):
        raise Invalid(field="decisions", reason="each_once")
    for ruling in rulings:
        if len(ruling.reason) > LONGEST_REASON:
            raise Invalid(field="reason", reason="too_long", limit=LONGEST_REASON)
        if ruling.verdict is Verdict.ADOPT_MODIFIED and not ruling.changes:
            raise Invalid(field="changes", reason="empty")


def _disposition(verdict: Verdict, outcome: Outcome, before: Disposition) -> Disposition:
    decided = {
        Verdict.REJECT: Disposition.REJECTED,
        Verdict.REFER: Disposition.REFERRED,
        Verdict.HAND_OVER: Disposition.HANDED_OVER,
    }
    if verdict in decided:
        return decided[verdict]
    return {
        Outcome.APPLIED: Disposition.ADOPTED,
        Outcome.INCLUDED: Disposition.ADOPTED,
        Outcome.PARTLY: Disposition.PARTLY,
        Outcome.TAKEN: Disposition.ACCEPTED,
    }.get(outcome, before)
