"""Filing amendments, amending them, revising them and taking them back; deciding on them comes from `deciding.py`."""

from collections.abc import Mapping, Sequence
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.orm import aliased

from drafts.diff.amendments import Change
from drafts.text.blocks import Document, Language
from workspace.amendments.decisions import brackets
from workspace.amendments.decisions.committee_edits import BracketingMixin, EditingMixin
from workspace.amendments.decisions.deciding import DecidingMixin, as_in_force
from workspace.amendments.decisions.rebase_open import Carrier
from workspace.amendments.decisions.undoing import UndoingMixin
from workspace.amendments.domain import policy, stored_amendments
from workspace.amendments.domain import queries as filed
from workspace.amendments.domain.conflicts import find_duplicate
from workspace.amendments.domain.models import (
    Amendment,
    AmendmentVersion,
    Decision,
    DecisionOutcome,
    DecisionRound,
    Disposition,
    Replacement,
    RoundEffect,
    Verdict,
)
from workspace.amendments.domain.outcomes import Adoption, Ruling
from workspace.amendments.domain.sponsors import sponsors, supporters_of
from workspace.amendments.domain.stored_amendments import affected_blocks, changes_of
from workspace.core import clock
from workspace.core.actor import Actor
from workspace.core.errors import AlreadyProposed, Invalid, NotAllowed, Stale, Undecidable
from workspace.core.events import AmendmentFiled, AmendmentRevised, TaskGiven, publish
from workspace.core.storage import log
from workspace.core.storage.db import Db, new_id
from workspace.core.validation import ensure_short, needed_reason
from workspace.declarations.domain import paragraph_status, queries
from workspace.declarations.domain.models import Declaration

__all__ = ["Adoption", "AmendmentService", "Ruling"]


class AmendmentService(DecidingMixin, EditingMixin, BracketingMixin, UndoingMixin):
    """Amendments and decisions of a declaration."""

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

        What is stored is the proposal itself and its diff; filed against an older
        revision, it is carried to the head at once. Raises `NotFound` for a
        revision that does not exist, `UnknownBlock` and `ImpossibleChange` for
        changes the text cannot take, `Invalid` where nothing would change, and
        `AlreadyProposed` where an amendment that waits asks for the very same.
        """
        declaration = self.declarations.lock(declaration_id)
        policy.ensure_may_propose(actor, declaration)
        return self.file(
            declaration,
            base_revision=base_revision,
            language=language,
            changes=changes,
            reason=reason,
            is_indivisible=is_indivisible,
            actor=actor,
        )

    def file(
        self,
        declaration: Declaration,
        *,
        base_revision: int,
        language: Language,
        changes: Sequence[Change],
        reason: str,
        is_indivisible: bool,
        actor: Actor,
        recorder: Actor | None = None,
        replaced: Sequence[Amendment] = (),
    ) -> Amendment:
        """The same behind the lock, for who has asked whether `actor` may; `recorder` writes down what they moved.

        A compromise names those `replaced`, and is never late either.
        """
        stored_amendments.ensure_sensible(changes, reason)
        paragraph_status.ensure_open(self.db, declaration, stored_amendments.affected_blocks(changes))
        revision = self.declarations.revision(declaration, base_revision)
        rows = self.shown_rows(declaration, revision)
        version = stored_amendments.version_of(
            1,
            rows,
            stored_amendments.with_new_ids(changes),
            language=language,
            revision_id=revision.id,
            actor=actor,
            is_indivisible=is_indivisible,
        )
        amendment = self._filed(
            declaration,
            version,
            base=queries.document(rows, language),
            reason=reason,
            is_indivisible=is_indivisible,
            actor=actor,
            recorder=recorder,
            replaced=replaced,
        )
        if revision.id != declaration.head_id:
            Carrier(self.db, declaration).carry([amendment], actor=actor)
        return amendment

    def amend(
        self,
        parent_id: UUID,
        changes: Sequence[Change],
        *,
        reason: str,
        actor: Actor,
        expected_version: UUID | None = None,
        is_indivisible: bool = False,
    ) -> Amendment:
        """File an amendment to an amendment: its base is the text that the other one proposes, in its language.

        Raises `Undecidable` for one that is decided, and for one that amends an
        amendment itself; `Stale` when its author has written another version than
        `expected_version`; otherwise what `propose` does.
        """
        declaration, parent = self._behind_lock(parent_id, actor=actor)
        policy.ensure_may_propose(actor, declaration)
        _ensure_current(parent, expected_version)
        return self.file_amending(parent, changes, reason=reason, is_indivisible=is_indivisible, actor=actor)

    def file_amending(
        self,
        parent: Amendment,
        changes: Sequence[Change],
        *,
        reason: str,
        is_indivisible: bool,
        actor: Actor,
        recorder: Actor | None = None,
    ) -> Amendment:
        """The same behind the lock, for who has asked whether `actor` may; `recorder` writes down what they moved."""
        declaration = parent.declaration
        policy.ensure_amendable(parent)
        stored_amendments.ensure_sensible(changes, reason)
        paragraph_status.ensure_open(self.db, declaration, stored_amendments.affected_blocks(changes))
        proposed = self.bases.written(parent).proposed
        version = stored_amendments.version_of_parent(
            1,
            proposed,
            stored_amendments.with_new_ids(changes),
            parent=parent.own,
            actor=actor,
            is_indivisible=is_indivisible,
        )
        return self._filed(
            declaration,
            version,
            base=proposed,
            reason=reason,
            is_indivisible=is_indivisible,
            parent=parent,
            actor=actor,
            recorder=recorder,
        )

    def revise(
        self,
        amendment_id: UUID,
        changes: Sequence[Change],
        *,
        actor: Actor,
        reason: str | None = None,
        expected_version: UUID | None = None,
        stands_beside: bool = False,
    ) -> Amendment:
        """Write one's own amendment anew on the text in force; the words before it stay on record.

        Raises what `propose` does, and `Undecidable` once it is decided or the
        committee has accepted an amendment to it. One that `stands_beside` may ask
        for the very same as another person's: its author knows of it, and keeps their own.
        """
        declaration, amendment = self._behind_lock(amendment_id, actor=actor)
        policy.ensure_may_revise(actor, amendment)
        _ensure_current(amendment, expected_version)
        stored_amendments.ensure_sensible(changes, reason or "")
        paragraph_status.ensure_open(self.db, declaration, stored_amendments.affected_blocks(changes))
        version = self._written_anew(declaration, amendment, stored_amendments.with_new_ids(changes), actor=actor)
        if not version.hunks:
            raise Invalid(field="changes", reason="nothing_changes")
        if not stands_beside:
            self._ensure_unasked(declaration, amendment, version, self._amended(declaration, amendment), actor=actor)
        amendment.versions.append(version)
        if amendment.is_oral:
            amendment.certified_at, amendment.dispute = clock.now(), ""  # in their own hand
        if reason is not None:
            amendment.reason = reason.strip()
        self.db.flush()
        log.record_in(
            self.db,
            "amendment.revised",
            declaration,
            actor=actor,
            amendment=str(amendment.id),
            version=str(version.id),
            base=str(version.base_revision_id),
            shown=_shown(self.db, version),
        )
        self._ask_again(amendment, actor)
        publish(self.db, AmendmentRevised(declaration.id, amendment.id, actor))
        return amendment

    def withdraw(self, amendment_id: UUID, *, actor: Actor) -> Amendment:
        """Take one's own amendment back while it is undecided; what amends it falls with it. `reinstate` undoes it.

        One that stands in brackets can be taken back, too. Its words stay in the bracket, with the name of who once
        wanted them: they are before the committee, which resolves the bracket as if nobody had filed them.
        """
        declaration, amendment = self._behind_lock(amendment_id, actor=actor)
        policy.ensure_may_withdraw(actor, amendment)
        were = as_in_force([amendment])
        amendment.disposition = Disposition.WITHDRAWN
        fallen = self.share_fate(declaration, amendment, actor=actor)
        taken_in = self._keep_withdrawal(amendment, were=were, actor=actor)
        log.record_in(self.db, "amendment.withdrawn", declaration, actor=actor, amendment=str(amendment.id))
        self.put_on_record(declaration, self.falls(fallen, taken_in, actor=actor), actor=actor)
        return amendment

    def reinstate(self, amendment_id: UUID, *, actor: Actor) -> Amendment:
        """Undo a withdrawal within its phase: the amendment and what fell with it are what they were before.

        Raises `Undecidable` (`not_withdrawn`) where there is none to undo, or the text, the bracket or the amendment
        that it was about are decided by now; `AlreadyProposed` where somebody else asks for the same meanwhile.
        """
        declaration, amendment = self._behind_lock(amendment_id, actor=actor)
        policy.ensure_may_reinstate(actor, amendment)
        withdrawal = self.withdrawal(amendment)
        if withdrawal is None or (amendment.parent and not amendment.parent.disposition.is_undecided):
            raise Undecidable(number=amendment.number, reason="not_withdrawn")
        paragraph_status.ensure_open(self.db, declaration, affected_blocks(changes_of(amendment.own)))
        base = self.bases.base(amendment.own, amendment.language)
        self._ensure_unasked(declaration, amendment, amendment.own, base, actor=actor)
        self._reopened(withdrawal)
        fell = set(self.db.scalars(sa.select(Decision.amendment_id).where(Decision.round_id == withdrawal.id)))
        for effect in withdrawal.effects:
            if effect.amendment_id in fell and effect.amendment.disposition is Disposition.FALLEN:
                effect.amendment.disposition = effect.before  # it fell later than its parent was withdrawn
            self._without_undone(effect.amendment, withdrawal)
        if amendment.disposition is Disposition.BRACKETED and not brackets.has_open(self.db, amendment):
            raise Undecidable(number=amendment.number, reason="not_withdrawn")
        undone = self._keep_withdrawal(amendment, undoes=withdrawal, actor=actor)
        log.record_in(self.db, "amendment.reinstated", declaration, actor=actor, amendment=str(amendment.id))
        if fell:
            self.record(declaration, Verdict.UNDO, DecisionOutcome.APPLIED, reason="", taken_in=undone, actor=actor)
        if amendment.disposition.is_undecided and amendment.parent_id is None:
            Carrier(self.db, declaration).carry([amendment], actor=actor)
        return amendment

    def rule_on_leave(self, amendment_id: UUID, *, is_given: bool, reason: str = "", actor: Actor) -> Decision:
        """Give leave to file an amendment late, or refuse it with a reason: a decision, which can be undone.

        Raises `Undecidable` for one's own, and for one that does not wait for leave.
        """
        declaration, amendment = self._behind_lock(amendment_id, actor=actor)
        policy.ensure_may_give_leave(actor, amendment)
        (ensure_short if is_given else needed_reason)(reason)
        were = as_in_force([amendment])
        amendment.disposition = Disposition.OPEN if is_given else Disposition.INADMISSIBLE
        fallen = self.share_fate(declaration, amendment, actor=actor)
        language, before = amendment.language, declaration.head
        taken_in = self.keep_round(declaration, language=language, before=before, revision=None, were=were, actor=actor)
        decision = Decision(
            id=new_id(),
            declaration_id=declaration.id,
            number=self.next_number(declaration.id, Decision),
            verdict=Verdict.GIVE_LEAVE if is_given else Verdict.REFUSE_LEAVE,
            outcome=DecisionOutcome.NONE,
            reason=reason.strip(),
            amendment=amendment,
            amendment_version_id=amendment.own.id,
            language=language,
            decided_by_id=actor.person_id,
            decided_at=clock.now(),
            round_id=taken_in.id,
        )
        falls = self.falls(fallen, taken_in, actor=actor, beside=[decision])
        self.put_on_record(declaration, [decision, *falls], actor=actor)
        if is_given and amendment.parent_id is None:
            Carrier(self.db, declaration).carry([amendment], actor=actor)
        return decision

    def _without_undone(self, amendment: Amendment, withdrawal: DecisionRound) -> None:
        """Give it the state it had before the rounds that gave it this one, as far back as they have been undone."""
        undoing = aliased(DecisionRound)
        whom = sa.or_(undoing.about_id.is_(None), undoing.about_id.in_([amendment.id, amendment.parent_id]))
        is_undone = sa.exists().where(undoing.undoes_id == RoundEffect.round_id, whom)
        effects = (
            sa.select(RoundEffect.before, RoundEffect.after, is_undone)
            .join(DecisionRound, DecisionRound.id == RoundEffect.round_id)
            .where(RoundEffect.amendment_id == amendment.id, DecisionRound.number < withdrawal.number)
            .order_by(DecisionRound.number.desc())
        )
        for before, after, is_past in self.db.execute(effects):
            if not is_past:
                break
            if amendment.disposition is after:
                amendment.disposition = before

    def _keep_withdrawal(
        self,
        amendment: Amendment,
        *,
        actor: Actor,
        were: Mapping[Amendment, Disposition] | None = None,
        undoes: DecisionRound | None = None,
    ) -> DecisionRound:
        declaration, about = amendment.declaration, None if undoes else amendment
        return self.keep_round(
            declaration,
            language=amendment.language,
            before=declaration.head,
            revision=None,
            were=were,
            undoes=undoes,
            about=about,
            actor=actor,
        )

    def already(
        self,
        declaration: Declaration,
        version: AmendmentVersion,
        base: Document,
        *,
        is_indivisible: bool,
        actor: Actor,
        parent: Amendment | None = None,
        apart_from: Amendment | None = None,
    ) -> Amendment | None:
        """The pending amendment, of those that `actor` may read, that asks for the very same on the same words."""
        undecided = filed.select_undecided(declaration, base.language, actor=actor)
        at = filed.where_about(undecided, version.changes[0].block_id)
        others = [
            amendment
            for amendment in (parent.children if parent else self.db.scalars(at))
            if amendment is not apart_from
            and amendment.disposition.is_pending
            and amendment.is_indivisible == is_indivisible
            and (parent is None or policy.may_read(actor, amendment))
        ]
        return find_duplicate(version, base, others, self.bases)

    def _amended(self, declaration: Declaration, amendment: Amendment) -> Document:
        """The text that is amended now: that in force, or what the parent asks for."""
        if amendment.parent is not None:
            return self.bases.written(amendment.parent).proposed
        return queries.document(queries.head_rows(self.db, declaration), amendment.language)

    def _ensure_unasked(
        self, declaration: Declaration, amendment: Amendment, version: AmendmentVersion, base: Document, *, actor: Actor
    ) -> None:
        """Raise `AlreadyProposed` where new words are those of another amendment: support would weigh more."""
        first = self.already(
            declaration,
            version,
            base,
            parent=amendment.parent,
            is_indivisible=amendment.is_indivisible,
            actor=actor,
            apart_from=amendment,
        )
        if first is not None and first.proposer_id != actor.person_id:
            raise AlreadyProposed(number=first.number, reason=_ownership(first, actor))

    def _behind_lock(self, amendment_id: UUID, *, actor: Actor) -> tuple[Declaration, Amendment]:
        """The same with its declaration."""
        found = self.behind_lock(amendment_id, actor=actor)
        return found.declaration, found

    def _filed(
        self,
        declaration: Declaration,
        version: AmendmentVersion,
        *,
        base: Document,
        reason: str,
        is_indivisible: bool,
        actor: Actor,
        parent: Amendment | None = None,
        recorder: Actor | None = None,
        replaced: Sequence[Amendment] = (),
    ) -> Amendment:
        by = recorder or actor
        if actor.person_id is None:
            raise NotAllowed(action="amendment.propose")
        if not version.hunks:
            raise Invalid(field="changes", reason="nothing_changes")
        first = self.already(declaration, version, base, parent=parent, is_indivisible=is_indivisible, actor=actor)
        if first is not None:
            raise AlreadyProposed(number=first.number, reason=_ownership(first, by))
        is_late = not (recorder or replaced) and policy.comes_late(declaration)
        waits = is_late and declaration.forum.late_needs_leave
        amendment = Amendment(
            id=new_id(),
            declaration=declaration,
            parent=parent,
            number=self.next_number(declaration.id, Amendment),
            language=base.language,
            reason=reason.strip(),
            is_indivisible=is_indivisible,
            is_late=is_late,
            is_oral=recorder is not None,
            recorded_by_id=recorder.person_id if recorder else None,
            certified_at=clock.now() if recorder and recorder.person_id == actor.person_id else None,
            dispute="",
            disposition=Disposition.LATE if waits else Disposition.OPEN,
            proposer_id=actor.person_id,
            organisation_id=policy.organisation_of(actor, declaration),
            filed_at=clock.now(),
            versions=[version],
            carryings=[],
            children=[],
            cosponsors=[],
            supports=[],
            replaces=[Replacement(replaced=each) for each in replaced],
        )
        self.db.add(amendment)
        self.db.flush()
        log.record_in(
            self.db,
            "amendment.proposed",
            declaration,
            actor=by,
            amendment=str(amendment.id),
            number=amendment.number,
            base=str(version.base_revision_id),
            amends=str(parent.id) if parent else None,
            shown=_shown(self.db, version),
            **({"means": "oral", "mover": str(actor.person_id)} if recorder else {}),
            **({"means": "late"} if waits else {}),
            **({"means": "compromise", "replaces": [str(each.id) for each in replaced]} if replaced else {}),
        )
        publish(self.db, AmendmentFiled(declaration.id, amendment.id, by))
        for person in policy.deciders(self.db, declaration) if waits else ():
            publish(self.db, TaskGiven(person.id, "leave", declaration.forum_id, by, declaration.id, amendment.id))
        return amendment

    def _ask_again(self, amendment: Amendment, actor: Actor) -> None:
        """Tell everybody who stands behind an amendment that its words are others: they may no longer want to."""
        behind = dict.fromkeys(support.person_id for support in supporters_of(amendment))
        behind |= dict.fromkeys(sponsor.person_id for sponsor in sponsors(amendment))
        for person_id in behind:
            about = (amendment.declaration.forum_id, actor, amendment.declaration_id, amendment.id)
            publish(self.db, TaskGiven(person_id, "rewritten", *about))

    def _written_anew(
        self, declaration: Declaration, amendment: Amendment, changes: Sequence[Change], *, actor: Actor
    ) -> AmendmentVersion:
        number = amendment.versions[-1].number + 1
        if amendment.parent is not None:
            return stored_amendments.version_of_parent(
                number,
                self.bases.written(amendment.parent).proposed,
                changes,
                parent=amendment.parent.own,
                actor=actor,
                is_indivisible=amendment.is_indivisible,
                based_on=amendment.own,
            )
        return stored_amendments.version_of(
            number,
            queries.head_rows(self.db, declaration),
            changes,
            language=amendment.language,
            revision_id=declaration.head.id,
            actor=actor,
            is_indivisible=amendment.is_indivisible,
            based_on=amendment.own,
        )


def _ensure_current(amendment: Amendment, expected_version: UUID | None) -> None:
    """Nobody answers words they have not seen."""
    if expected_version is not None and amendment.own.id != expected_version:
        raise Stale(expected=str(expected_version), head=str(amendment.own.id))


def _ownership(amendment: Amendment, actor: Actor) -> str:
    """Whose amendment it is that asks for the same already, as the word of a refusal."""
    if amendment.proposer_id == actor.person_id:
        return "own"
    return "own_delegation" if policy.is_of_delegation(actor, amendment) else "other"


def _shown(db: Db, version: AmendmentVersion) -> list[log.Fact]:
    ids = [wording.text_version_id for wording in version.shown]
    texts = queries.texts_of(db, ids)
    return [{"id": str(text_id), "hash": texts[text_id].content_hash} for text_id in ids]
