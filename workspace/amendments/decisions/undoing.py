"""Taking decisions back: the last round whole, or one decision on which nothing rests."""

from collections.abc import Collection, Mapping, Sequence
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.orm import joinedload

from drafts.diff.hunks import HunkKind
from workspace.amendments.decisions import brackets
from workspace.amendments.decisions.deciding import RecordingMixin
from workspace.amendments.decisions.rebase_open import Carrier
from workspace.amendments.domain import policy
from workspace.amendments.domain import queries as filed
from workspace.amendments.domain.models import (
    Amendment,
    AmendmentVersion,
    Decision,
    DecisionOutcome,
    DecisionRound,
    Disposition,
    RoundEffect,
    Verdict,
    filed_to,
)
from workspace.amendments.domain.stored_amendments import BaseDocuments
from workspace.core.actor import Actor
from workspace.core.errors import Invalid, NotAllowed
from workspace.core.storage.db import Db, new_id
from workspace.core.validation import needed_reason
from workspace.declarations.domain import paragraph_status, queries
from workspace.declarations.domain.models import Declaration, Revision
from workspace.declarations.domain.provenance import out_of_order
from workspace.declarations.domain.revisions import is_as_pinned, restore_revision

_BY_ITSELF = frozenset({Verdict.UNDO, Verdict.ABSENT})  # taken back in no round
_ON_BRACKETS = frozenset({Verdict.BRACKET, Verdict.RESOLVE})


def is_undoable(decision: Decision, declaration: Declaration) -> bool:
    """Whether a decision stands and is of the present phase: then it can be undone, unless another one rests on it."""
    taken, is_over = decision.round, decision.verdict in _BY_ITSELF or decision.undone_by is not None
    return not is_over and taken is not None and taken.phase is declaration.phase and taken.about_id is None


class UndoingMixin(RecordingMixin):
    """Taking decisions back."""

    def undoable(self, declaration: Declaration) -> DecisionRound | None:
        """The decisions that were taken last, if they can still be undone: in the same phase, on the text they left."""
        rounds = self._rounds(declaration)
        undone = {round_.undoes_id: round_.about_id for round_ in rounds}
        stand = [each for each in rounds if each.undoes_id is None and undone.get(each.id, True) is not None]
        last = stand[-1] if stand else None
        if last is None or last.id in undone or last.phase is not declaration.phase:
            return None
        stands_on = _standing(declaration, rounds)
        return last if stands_on == (last.revision_id or last.before_id) else None

    def undo(
        self, declaration_id: UUID, round_number: int, *, reason: str, expected_head: UUID, actor: Actor
    ) -> Decision:
        """Take back all that was decided at once: the text as it was before, in a new revision, and all of it open.

        Decisions are undone from the last one back. Raises `Invalid` (`not_last`)
        for others, and for those that a later phase or another change of the text
        has closed; a reason is needed.
        """
        declaration = self._open_to_undo(declaration_id, reason, expected_head=expected_head, actor=actor)
        last = self.undoable(declaration)
        if last is None or last.number != round_number:
            raise Invalid(field="round", reason="not_last")
        return self._undone(declaration, last, reason=reason.strip(), actor=actor)

    def undo_decision(
        self, declaration_id: UUID, number: int, *, reason: str, expected_head: UUID, actor: Actor
    ) -> Decision:
        """Take back one decision, with those of its round on amendments to it and what fell because of it.

        All others stay as they are. Raises `NotFound`, and `Invalid`: `not_undoable` where it does not stand or is of
        another phase, `goes_with` or `rests_on`, with the `number` of the decision that is undone first, `same_round`
        where that one changed the same paragraph at once, `text_moved` where its paragraphs have changed since.
        """
        declaration = self._open_to_undo(declaration_id, reason, expected_head=expected_head, actor=actor)
        return self._undone(declaration, *self._alone(declaration, number), reason=reason.strip(), actor=actor)

    def undo_obstacle(self, declaration: Declaration, number: int) -> Invalid | None:
        """Why one decision cannot be taken back, as `undo_decision` would say; None where it can."""
        try:
            self._alone(declaration, number)
        except Invalid as refusal:
            return refusal
        return None

    def _alone(
        self, declaration: Declaration, number: int
    ) -> tuple[DecisionRound, Amendment | None, Mapping[UUID, bool] | None]:
        """What `_undone` takes back with one decision; raises as `undo_decision` does."""
        standing = [decision for decision in self.decisions(declaration) if decision.undone_by is None]
        decision = next((decision for decision in standing if decision.number == number), None)
        if decision is None or decision.round is None or not is_undoable(decision, declaration):
            raise Invalid(field="decision", reason="not_undoable")
        round_, about = decision.round, decision.amendment
        here = [other for other in standing if other.round_id == round_.id]
        if led := _led(decision, here):
            raise Invalid(field="decision", reason="goes_with", number=led.number)
        taken = here if about is None else self._taken_with(about, here)
        last = self.undoable(declaration)
        if last is not None and last.id == round_.id and len(taken) == len(here):
            return last, None, None
        is_on_text = decision.revision is not None or decision.verdict in _ON_BRACKETS
        blocks = self._blocks(decision) if is_on_text else {}
        others = [other for other in standing if other not in taken and other.verdict is not Verdict.UNDO]
        self._ensure_free_of(decision, taken, others, blocks)
        self._ensure_untouched(declaration, decision, blocks)
        return round_, about, blocks

    def _taken_with(self, about: Amendment, here: Sequence[Decision]) -> list[Decision]:
        """Of the decisions of one round those on an amendment, because of it, and on what amends either."""
        of_children = set(self.db.scalars(filed_to(about.id)))
        fallen = {other.amendment_id for other in here if other.because_of_id == about.id}
        return [
            other
            for other in here
            if about.id in {other.amendment_id, other.because_of_id}
            or other.amendment_version_id in of_children
            or (other.amendment and other.amendment.parent_id in fallen)
        ]

    def withdrawal(self, amendment: Amendment) -> DecisionRound | None:
        """The withdrawal of an amendment, where it can be undone: in the phase in which it was withdrawn."""
        if amendment.disposition is not Disposition.WITHDRAWN:
            return None
        found = filed.rounds(amendment.declaration, about=amendment).where(DecisionRound.undoes_id.is_(None))
        last = self.db.scalar(found.order_by(None).order_by(DecisionRound.number.desc()).limit(1))
        return last if last and last.phase is amendment.declaration.phase else None

    def _open_to_undo(self, declaration_id: UUID, reason: str, *, expected_head: UUID, actor: Actor) -> Declaration:
        declaration = self.declarations.lock(declaration_id, expected_head=expected_head)
        if not policy.may_decide(actor, declaration):
            raise NotAllowed(action="amendment.decide_adopt_undo")
        needed_reason(reason)
        return declaration

    def _undone(
        self,
        declaration: Declaration,
        round_: DecisionRound,
        about: Amendment | None = None,
        only: Mapping[UUID, bool] | None = None,
        *,
        reason: str,
        actor: Actor,
    ) -> Decision:
        """Take back a round, or of it what is `about` one amendment; of the text it left, `only` what `_blocks` gives.

        What amends an amendment that was withdrawn meanwhile falls with that.
        """
        before, decision_id, revision = declaration.head, new_id(), None
        reopened = self._reopened(round_, about)
        brackets.reopen_brackets(self.db, round_, about)
        if round_.revision is not None and (only is None or only):
            revision = restore_revision(
                self.db,
                declaration,
                round_.revision,
                only=only,
                moved=BaseDocuments(self.db).moved if only else (),
                note=reason,
                decisions=[decision_id],
                actor=actor,
            )
        Carrier(self.db, declaration).carry(reopened, actor=actor)
        undone = self.keep_round(
            declaration,
            language=round_.language,
            before=before,
            revision=revision,
            undoes=round_,
            about=about,
            actor=actor,
        )
        made = self.record(
            declaration,
            Verdict.UNDO,
            DecisionOutcome.APPLIED,
            reason=reason,
            language=round_.language,
            revision=revision,
            decision_id=decision_id,
            taken_in=undone,
            actor=actor,
        )
        for parent in {effect.amendment.parent for effect in round_.effects}:
            if parent and (withdrawal := self.withdrawal(parent)):
                fallen = self.share_fate(declaration, parent, actor=actor)
                self.put_on_record(declaration, self.falls(fallen, withdrawal, actor=actor), actor=actor)
        return made

    def _ensure_free_of(
        self, decision: Decision, taken: Sequence[Decision], others: Sequence[Decision], blocks: Collection[UUID]
    ) -> None:
        """Nothing was decided with it, or later, on what it decided on, what amends that, or its paragraphs."""
        changed = [other.amendment for other in taken if other.amendment]
        above = {amendment.parent_id for amendment in changed} - {None}
        family = above | {kin.id for amendment in changed for kin in (amendment, *amendment.children)}
        for other in others:
            is_at_once = other.round_id == decision.round_id
            if not is_at_once and other.number < decision.number:
                continue
            if other.amendment_id in (above if is_at_once else family) or other.because_of_id in family:
                raise Invalid(field="decision", reason="rests_on", number=other.number)
            is_on_text = other.revision_id is not None or other.verdict in _ON_BRACKETS
            if is_on_text and not self._blocks(other).keys().isdisjoint(blocks):
                reason = "same_round" if is_at_once else "rests_on"
                raise Invalid(field="decision", reason=reason, number=other.number)

    def _ensure_untouched(self, declaration: Declaration, decision: Decision, blocks: Collection[UUID]) -> None:
        """Nothing but decisions that were undone has changed its paragraphs; none of them is closed or in brackets.

        Those of a decision to put them in brackets are, by itself.
        """
        if not blocks or decision.language is None:
            return
        paragraph_status.ensure_open(self.db, declaration, map(str, blocks))
        if decision.verdict is not Verdict.BRACKET:
            brackets.ensure_unbracketed(self.db, declaration, map(str, blocks))
        if decision.revision is None:
            return
        if not is_as_pinned(self.db, declaration, decision.revision, blocks, decision.language):
            raise Invalid(field="decision", reason="text_moved")

    def _blocks(self, decision: Decision) -> dict[UUID, bool]:
        """The paragraphs that a decision has changed, made, moved or taken away, and whether it moved them."""
        if decision.amendment is None or decision.amendment_version_id is None:
            about = {decision.block_id: False} if decision.block_id else {}
            return about | (_changed(self.db, decision.revision) if decision.revision else {})
        children = [child.own for child in decision.amendment.children if child.disposition is Disposition.ADOPTED]
        versions = [self.db.get_one(AmendmentVersion, decision.amendment_version_id), *children]
        hunks = [hunk for version in versions for hunk in version.diff]
        moved = {block.id for hunk in hunks if hunk.kind is HunkKind.MOVE for block in hunk.old}
        return {UUID(block.id): block.id in moved for hunk in hunks for block in (*hunk.old, *hunk.new)}

    def _rounds(self, declaration: Declaration) -> list[DecisionRound]:
        """Those of the committee: a withdrawal, and what undid it, is none."""
        every = list(self.db.scalars(filed.rounds(declaration)))
        withdrawn = {round_.id for round_ in every if round_.about_id and not round_.undoes_id}
        return [round_ for round_ in every if withdrawn.isdisjoint({round_.id, round_.undoes_id})]

    def _reopened(self, round_: DecisionRound, about: Amendment | None = None) -> list[Amendment]:
        """What was decided on, in the state it had; what its author has withdrawn since stays withdrawn.

        Where it is `about` one amendment: that one, those to it, and those that fell because of it.
        """
        reopened: dict[UUID, Amendment] = {}
        effects = sa.select(RoundEffect).where(RoundEffect.round_id == round_.id)
        if about is not None:
            fell = sa.select(Decision.amendment_id).where(Decision.round == round_, Decision.because_of_id == about.id)
            children = sa.select(AmendmentVersion.amendment_id).where(AmendmentVersion.id.in_(filed_to(about.id)))
            kin = (RoundEffect.amendment_id.in_(some) for some in ([about.id], children, fell))
            effects = effects.where(sa.or_(*kin))
        found = self.db.scalars(effects.options(joinedload(RoundEffect.amendment))).all()
        decided = {effect.amendment_id for effect in found}
        for effect in found:
            amendment = effect.amendment
            if amendment.disposition is not effect.after:
                continue
            amendment.disposition = effect.before
            amends = amendment.own.parent_version
            if amendment.parent_id is None and amends is not None and amends.amendment_id in decided:
                amendment.parent = self.db.get(Amendment, amends.amendment_id)
            family = amendment.parent or amendment
            reopened[family.id] = family
        self.db.flush()
        return [amendment for amendment in reopened.values() if amendment.disposition.is_undecided]


def _led(decision: Decision, here: Sequence[Decision]) -> Decision | None:
    """The decision of its round that made an amendment fall: on its cause, or on the bracket behind that."""
    cause = decision.because_of_id
    leading = (other for other in here if other.amendment_id in {cause, None} and other is not decision)
    return next(leading, None) if cause else None


def _changed(db: Db, revision: Revision) -> dict[UUID, bool]:
    """The blocks that a revision changed, made, moved or took away, and whether it moved them."""
    before, after = (
        {place.block_id: place for place in queries.places_in(db, id_)} for id_ in (revision.parent_id, revision.id)
    )
    moved = out_of_order(list(before), list(after))
    return {id_: id_ in moved for id_ in before | after if id_ in moved or before.get(id_) != after.get(id_)}


def _standing(declaration: Declaration, rounds: Sequence[DecisionRound]) -> UUID | None:
    """The revision whose text is in force: one that undoing a last round made stands for the one it went back to."""
    by_id: Mapping[UUID, DecisionRound] = {round_.id: round_ for round_ in rounds}
    went_back: dict[UUID, UUID] = {}

    def stands_for(revision: UUID | None) -> UUID | None:
        while revision in went_back:
            revision = went_back[revision]
        return revision

    for round_ in rounds:
        undone = by_id[round_.undoes_id] if round_.undoes_id else None
        if undone and round_.revision_id and not round_.about_id and stands_for(round_.before_id) == undone.revision_id:
            went_back[round_.revision_id] = undone.before_id
    return stands_for(declaration.head_id)
